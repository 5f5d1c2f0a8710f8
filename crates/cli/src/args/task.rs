//! Arguments for tasks.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use hanami_client::{TaskType, Uuid};

#[derive(Subcommand)]
pub(crate) enum TaskCommand {
    /// Queue a task: a cluster is to learn, or to answer, every sample of a dataset
    #[command(after_help = "\
Examples:
  hanamictl task create -c digits -d handwriting -t train first_epoch
  hanamictl task create -c digits -d handwriting -t train --epochs 10 --shuffle --watch ten_rounds
  hanamictl task create -c digits -d handwriting_test -t request asked")]
    Create(CreateArgs),
    /// List the tasks of a cluster
    #[command(after_help = "Example:\n  hanamictl task list -c digits")]
    List {
        /// Name or uuid of the cluster
        #[arg(short, long)]
        cluster: String,
    },
    /// Show how far a task has come
    #[command(after_help = "Example:\n  hanamictl task get -c digits 0197f1…")]
    Get(TaskArgs),
    /// Delete a task; one that runs is aborted
    #[command(
        visible_alias = "abort",
        after_help = "Example:\n  hanamictl task delete -c digits 0197f1…"
    )]
    Delete(TaskArgs),
    /// Follow a task to its end, with accuracy or loss and the learning curve
    ///
    /// Shows a bar while it runs and the task at its end; with --json one line for every change.
    /// Goes on after a connection that broke, and when the server starts anew. Fails if the task is
    /// aborted. An interrupt ends the watching, not the task.
    #[command(after_help = "Example:\n  hanamictl task watch -c digits 0197f1…")]
    Watch(TaskArgs),
}

/// One task.
#[derive(Args)]
pub(crate) struct TaskArgs {
    /// Uuid of the task
    pub(crate) uuid: Uuid,
    /// Name or uuid of the cluster; without it, the task is looked for in all
    #[arg(short, long)]
    pub(crate) cluster: Option<String>,
}

/// What a task is to do.
#[derive(Args)]
pub(crate) struct CreateArgs {
    /// Name of the task, and of the result of a request
    pub(crate) name: String,
    /// Name or uuid of the cluster
    #[arg(short, long)]
    pub(crate) cluster: String,
    /// Name or uuid of the dataset
    #[arg(short, long)]
    pub(crate) dataset: String,
    /// What to do
    #[arg(short, long = "type", value_name = "TYPE")]
    pub(crate) task_type: TypeArg,
    /// How often a training goes through the dataset
    #[arg(long, value_name = "N")]
    pub(crate) epochs: Option<u32>,
    /// Take the samples in another, random order in each epoch
    #[arg(long)]
    pub(crate) shuffle: bool,
    /// What the random order depends on
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// File (JSON) that says which columns of a table which brick reads
    #[arg(long, value_name = "FILE")]
    pub(crate) mapping: Option<PathBuf>,
    /// Share of the samples that is not learned, but judged by after each epoch: 0 to 0.5
    #[arg(long, value_name = "SHARE")]
    pub(crate) validation_share: Option<f64>,
    /// Keep all output values of a request
    #[arg(long)]
    pub(crate) full_outputs: bool,
    /// Follow the task to its end
    #[arg(long)]
    pub(crate) watch: bool,
}

/// What a task does with its dataset.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum TypeArg {
    /// Learn every sample
    Train,
    /// Answer every sample
    Request,
}

impl From<TypeArg> for TaskType {
    fn from(task_type: TypeArg) -> Self {
        match task_type {
            TypeArg::Train => Self::Train,
            TypeArg::Request => Self::Request,
        }
    }
}
