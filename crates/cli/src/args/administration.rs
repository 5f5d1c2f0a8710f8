//! Arguments for users, projects, hosts and logs.

use clap::{Args, Subcommand};

#[derive(Subcommand)]
pub(crate) enum UserCommand {
    /// Make a user; the password is asked for, or taken from `HANAMI_NEW_PW`
    #[command(after_help = "\
Examples:
  hanamictl user create anna 'Anna Green'
  HANAMI_NEW_PW='planted in spring' hanamictl user create anna 'Anna Green'")]
    Create {
        /// The id to log in with
        id: String,
        /// Name of the user
        name: String,
        /// The user administrates the whole server
        #[arg(long)]
        admin: bool,
    },
    /// Show a user
    #[command(after_help = "Example:\n  hanamictl user get anna")]
    Get {
        /// Id of the user
        id: String,
    },
    /// List all users
    #[command(after_help = "Example:\n  hanamictl user list")]
    List,
    /// Delete a user
    #[command(after_help = "\
Examples:
  hanamictl user delete anna
  hanamictl user delete --force anna    with all that she owns")]
    Delete {
        /// Id of the user
        id: String,
        /// Delete all that the user owns, too
        #[arg(long)]
        force: bool,
    },
    /// Change a user's name, password or rights
    #[command(after_help = "\
Examples:
  hanamictl user change anna --name 'Anna Brown'
  hanamictl user change anna --password
  hanamictl user change anna --admin true")]
    Change(UserChangeArgs),
    /// Change your own password; the present one is asked for, or taken from `HANAMI_PW`
    #[command(after_help = "Example:\n  hanamictl user password")]
    Password,
    /// The projects that users are in
    #[command(subcommand)]
    Project(MembershipCommand),
    /// Work in another project from now on, with the log-in that is kept
    #[command(after_help = "\
Examples:
  hanamictl user switch garden
  hanamictl --project garden cluster list    for one command only")]
    Switch {
        /// Id of the project
        project: String,
    },
}

/// What to change of a user.
#[derive(Args)]
#[command(group = clap::ArgGroup::new("change").required(true).multiple(true))]
pub(crate) struct UserChangeArgs {
    /// Id of the user
    pub(crate) id: String,
    /// The new name
    #[arg(long, group = "change")]
    pub(crate) name: Option<String>,
    /// Ask for a new password, or take it from `HANAMI_NEW_PW`
    #[arg(long, group = "change")]
    pub(crate) password: bool,
    /// Whether the user administrates the whole server
    #[arg(long, group = "change", value_name = "true|false")]
    pub(crate) admin: Option<bool>,
}

#[derive(Subcommand)]
pub(crate) enum MembershipCommand {
    /// Put a user in a project, or change their role there
    #[command(after_help = "Example:\n  hanamictl user project add anna garden --role member")]
    Add {
        /// Id of the user
        id: String,
        /// Id of the project
        project: String,
        /// What the user may do there; a role of the server's policy
        #[arg(long, default_value = "member")]
        role: String,
        /// The user administrates the project
        #[arg(long)]
        admin: bool,
    },
    /// Take a user out of a project
    #[command(after_help = "Example:\n  hanamictl user project remove anna garden")]
    Remove {
        /// Id of the user
        id: String,
        /// Id of the project
        project: String,
    },
    /// List the projects you are in, or those of another user
    #[command(after_help = "\
Examples:
  hanamictl user project list
  hanamictl user project list anna")]
    List {
        /// Id of another user, for admins
        id: Option<String>,
    },
}

#[derive(Subcommand)]
pub(crate) enum ProjectCommand {
    /// Make a project
    #[command(after_help = "Example:\n  hanamictl project create garden 'The garden'")]
    Create {
        /// The id
        id: String,
        /// Name of the project
        name: String,
    },
    /// Show a project
    #[command(after_help = "Example:\n  hanamictl project get garden")]
    Get {
        /// Id of the project
        id: String,
    },
    /// List all projects
    #[command(after_help = "Example:\n  hanamictl project list")]
    List,
    /// Delete a project
    #[command(after_help = "\
Examples:
  hanamictl project delete garden
  hanamictl project delete --force garden    with all that belongs to it")]
    Delete {
        /// Id of the project
        id: String,
        /// Delete all that belongs to the project, too
        #[arg(long)]
        force: bool,
    },
    /// Show or set what a project may hold
    ///
    /// Limits that are not given when others are set go back to the server's defaults.
    #[command(after_help = "\
Examples:
  hanamictl project quota
  hanamictl project quota garden
  hanamictl project quota garden --clusters 10 --dataset-bytes 5000000000
  hanamictl project quota garden --defaults")]
    Quota(QuotaArgs),
}

/// The limits of a project.
#[derive(Args)]
pub(crate) struct QuotaArgs {
    /// Id of the project, for admins; without it, the project you work in
    #[arg(required_if_eq("defaults", "true"))]
    pub(crate) id: Option<String>,
    /// Most bytes of datasets and request results
    #[arg(long, requires = "id", value_name = "N")]
    pub(crate) dataset_bytes: Option<u64>,
    /// Most bytes of checkpoints
    #[arg(long, requires = "id", value_name = "N")]
    pub(crate) checkpoint_bytes: Option<u64>,
    /// Most bytes of clusters
    #[arg(long, requires = "id", value_name = "N")]
    pub(crate) cluster_bytes: Option<u64>,
    /// Most clusters
    #[arg(long, requires = "id", value_name = "N")]
    pub(crate) clusters: Option<u64>,
    /// Most queued and running tasks
    #[arg(long, requires = "id", value_name = "N")]
    pub(crate) open_tasks: Option<u64>,
    /// Go back to the server's defaults
    #[arg(long, conflicts_with_all = [
        "dataset_bytes", "checkpoint_bytes", "cluster_bytes", "clusters", "open_tasks",
    ])]
    pub(crate) defaults: bool,
}

#[derive(Subcommand)]
pub(crate) enum HostCommand {
    /// List all hosts
    #[command(after_help = "Example:\n  hanamictl host list")]
    List,
}

#[derive(Subcommand)]
pub(crate) enum LogsCommand {
    /// List what users have changed, newest first
    #[command(after_help = "\
Examples:
  hanamictl logs audit
  hanamictl logs audit --of anna --page 1")]
    Audit(LogArgs),
    /// List the server's internal errors, newest first; for admins
    #[command(after_help = "Example:\n  hanamictl --json logs error")]
    Error(LogArgs),
}

/// Which rows of a log.
#[derive(Args)]
pub(crate) struct LogArgs {
    /// Which 100 rows, counted from 0
    #[arg(long, default_value_t = 0)]
    pub(crate) page: u32,
    /// Only the rows of this user, for admins
    #[arg(long, value_name = "ID")]
    pub(crate) of: Option<String>,
}
