//! The arguments of `hanamictl`: one module per resource. What they do is in [`crate::actions`].

pub(crate) mod administration;
pub(crate) mod checkpoint;
pub(crate) mod cluster;
pub(crate) mod dataset;
pub(crate) mod request_result;
pub(crate) mod samples;
pub(crate) mod task;
pub(crate) mod template;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use hanami_client::Visibility;

const LONG_ABOUT: &str = "\
The command line of Hanami, the self-hosted server that learns.

Where a command takes a uuid, it takes a name too, if only one thing that you may see has it.
Results go to stdout, as tables or, with --json, as the JSON of the interface. Messages, progress
and errors go to stderr.";

const AFTER_HELP: &str = "\
Examples:
  hanamictl login --address https://hanami.example --user anna
  hanamictl cluster create -t digits.template digits
  hanamictl dataset create mnist -i train-images -l train-labels handwriting
  hanamictl task create -c digits -d handwriting -t train --watch first_epoch
  hanamictl predict digits -f samples.csv

Environment:
  HANAMI_ADDRESS, HANAMI_USER, HANAMI_PROJECT, HANAMI_CA   as the options of these names
  HANAMI_PW        the password; with HANAMI_USER, commands need no `hanamictl login`
  HANAMI_NEW_PW    the new password for `user create`, `user change --password`, `user password`

Exit codes:
  0  done                                4  not logged in, or not allowed
  1  any other failure                   5  in conflict with the present state
  2  the arguments can't be meant so     6  the server can't be reached
  3  not found, or not visible";

/// The command line of Hanami
#[derive(Parser)]
#[command(name = "hanamictl", version, long_about = LONG_ABOUT, after_help = AFTER_HELP)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) globals: Globals,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options of every command.
#[derive(Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Globals {
    /// The server: `host`, `host:port`, `http://…` or `https://…` [default: `http://127.0.0.1:11418`]
    #[arg(long, global = true, env = "HANAMI_ADDRESS", hide_env_values = true)]
    pub(crate) address: Option<String>,
    /// Id of the user
    #[arg(
        long = "user",
        global = true,
        env = "HANAMI_USER",
        hide_env_values = true,
        value_name = "ID"
    )]
    pub(crate) as_user: Option<String>,
    /// Id of the project to work in; without it, that of the log-in or the user's first
    #[arg(
        long = "project",
        global = true,
        env = "HANAMI_PROJECT",
        hide_env_values = true,
        value_name = "ID"
    )]
    pub(crate) in_project: Option<String>,
    /// File with the certificates (PEM) that an https server may show or be vouched for by
    #[arg(long, global = true, env = "HANAMI_CA", hide_env_values = true, value_name = "FILE")]
    pub(crate) ca: Option<PathBuf>,
    /// Take any certificate, whatever --ca says: someone in between could read and change everything
    #[arg(long, global = true)]
    pub(crate) insecure: bool,
    /// Print the JSON of the interface, and errors as JSON too
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// No messages and no bars; of lists and of what was made the uuids or ids alone
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Log in, and keep the token for the commands to come
    ///
    /// The password is asked for without being shown, or taken from `HANAMI_PW`. Kept are
    /// address, user, --ca and a token, in `$XDG_CONFIG_HOME/hanami/login.json`, which only you can
    /// read; the password is not kept. The token ends after an hour, if the server is not set otherwise.
    #[command(
        after_help = "Example:\n  hanamictl login --address https://hanami.example --user anna"
    )]
    Login,
    /// Forget the token
    #[command(after_help = "Example:\n  hanamictl logout")]
    Logout,
    /// Show who you are, in which project, with which role
    #[command(after_help = "Example:\n  hanamictl whoami")]
    Whoami,
    /// Users, and the projects they are in
    #[command(subcommand)]
    User(administration::UserCommand),
    /// Projects, and what they may hold
    #[command(subcommand)]
    Project(administration::ProjectCommand),
    /// Data to learn from and to ask about
    #[command(subcommand)]
    Dataset(dataset::DatasetCommand),
    /// Networks
    #[command(subcommand)]
    Cluster(cluster::ClusterCommand),
    /// Descriptions that clusters are made of
    #[command(subcommand)]
    Template(template::TemplateCommand),
    /// Trainings and requests in the queue of a cluster
    #[command(subcommand)]
    Task(task::TaskCommand),
    /// Saved networks
    #[command(subcommand)]
    Checkpoint(checkpoint::CheckpointCommand),
    /// What request tasks have found
    #[command(subcommand)]
    RequestResult(request_result::RequestResultCommand),
    /// Ask a cluster
    ///
    /// Works in either mode, and while a task runs. A sample is a line of CSV with the values of the
    /// input bricks in the order of the template, or of JSON: an array with the values of the only
    /// input brick, or an object with an array for each brick. An empty cell or `null` is a value
    /// that is not known. A first line of names is skipped.
    #[command(after_help = samples::PREDICT_EXAMPLES)]
    Predict(samples::SampleArgs),
    /// Teach a cluster
    ///
    /// Works in either mode, and while a task runs; when it returns, the samples are durable. A
    /// sample is a line of CSV with the values of the input bricks and then of the output bricks,
    /// both in the order of the template, or of JSON: {"inputs": …, "outputs": …}, each an array with
    /// the values of the only brick or an object with an array for each. An empty cell or `null` is a
    /// value that is not known. A first line of names is skipped.
    #[command(after_help = samples::LEARN_EXAMPLES)]
    Learn(samples::SampleArgs),
    /// What clusters compute on
    #[command(subcommand)]
    Host(administration::HostCommand),
    /// What was done, and what went wrong
    #[command(subcommand)]
    Logs(administration::LogsCommand),
    /// Show the machine that the server runs on: processor, threads, clocks, power, temperatures
    #[command(after_help = "Example:\n  hanamictl --json system")]
    System,
    /// Print what makes a shell complete the arguments of hanamictl
    #[command(after_help = "\
Examples:
  hanamictl completions bash > ~/.local/share/bash-completion/completions/hanamictl
  hanamictl completions fish > ~/.config/fish/completions/hanamictl.fish")]
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Write manual pages into a directory
    #[command(after_help = "Example:\n  hanamictl man ~/.local/share/man/man1")]
    Man {
        /// The directory; it is made if it is not there
        directory: PathBuf,
    },
}

/// One thing that is meant.
#[derive(Args)]
pub(crate) struct One {
    /// Its name or uuid
    #[arg(value_name = "NAME|UUID")]
    pub(crate) which: String,
}

/// A new name for a thing.
#[derive(Args)]
pub(crate) struct Rename {
    #[command(flatten)]
    pub(crate) one: One,
    /// The new name
    pub(crate) new_name: String,
}

/// Who may see a thing.
#[derive(Args)]
pub(crate) struct Share {
    #[command(flatten)]
    pub(crate) one: One,
    /// Who may see and use it, besides its owner and admins
    #[arg(long)]
    pub(crate) visibility: Sharing,
}

/// Who may see a thing, besides its owner and admins.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Sharing {
    /// Nobody
    Private,
    /// Everyone in the project
    Shared,
    /// Every user
    Public,
}

impl From<Sharing> for Visibility {
    fn from(sharing: Sharing) -> Self {
        match sharing {
            Sharing::Private => Self::Private,
            Sharing::Shared => Self::Shared,
            Sharing::Public => Self::Public,
        }
    }
}
