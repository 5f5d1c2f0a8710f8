//! Arguments for clusters.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use hanami_client::Mode;

use crate::args::{One, Rename, Share};

#[derive(Subcommand)]
pub(crate) enum ClusterCommand {
    /// Make a cluster from a template or a checkpoint; without either it is empty
    #[command(after_help = "\
Examples:
  hanamictl cluster create -t digits.template digits
  hanamictl cluster create --checkpoint four_rounds second_reader
  cluster=$(hanamictl -q cluster create -t digits.template digits)")]
    Create(CreateArgs),
    /// List the clusters you may see
    #[command(after_help = "Example:\n  hanamictl cluster list")]
    List,
    /// Show a cluster: its bricks, its template, what has grown in it
    #[command(after_help = "Example:\n  hanamictl cluster get digits")]
    Get(One),
    /// Delete a cluster and its tasks
    #[command(after_help = "Example:\n  hanamictl cluster delete digits")]
    Delete(One),
    /// Rename a cluster
    #[command(after_help = "Example:\n  hanamictl cluster rename digits reader")]
    Rename(Rename),
    /// Say who may see and ask a cluster
    #[command(after_help = "Example:\n  hanamictl cluster share digits --visibility shared")]
    Share(Share),
    /// Show which inputs an answer comes from
    ///
    /// Shares the sum that an output neuron made its answer of out among the inputs of one sample,
    /// which is given as to `hanamictl predict`. Contributions may speak for a high answer or against
    /// it; together with what comes from no input, they make up the sum. That is an account of what
    /// was computed, not of what causes what.
    #[command(after_help = "\
Examples:
  hanamictl cluster explain adder 3 4
  hanamictl cluster explain digits -f seven.csv --output digit --index 7 --most 10")]
    Explain(ExplainArgs),
    /// Queue a task that saves a cluster as a checkpoint
    #[command(after_help = "Example:\n  hanamictl cluster save -n four_rounds digits")]
    Save {
        #[command(flatten)]
        one: One,
        /// Name of the checkpoint to make
        #[arg(short, long)]
        name: String,
    },
    /// Queue a task that gives a cluster the network and the template of a checkpoint
    #[command(after_help = "Example:\n  hanamictl cluster restore -c four_rounds digits")]
    Restore {
        #[command(flatten)]
        one: One,
        /// Name or uuid of the checkpoint
        #[arg(short, long)]
        checkpoint: String,
    },
    /// Let a cluster work through its tasks, or answer direct connections
    #[command(after_help = "Example:\n  hanamictl cluster mode digits direct")]
    Mode {
        #[command(flatten)]
        one: One,
        /// The mode
        mode: ModeArg,
    },
    /// Move a cluster to another host
    #[command(
        after_help = "Example:\n  hanamictl cluster host digits \"$(hanamictl -q host list | head -1)\""
    )]
    Host {
        #[command(flatten)]
        one: One,
        /// Uuid of the host
        host: hanami_client::Uuid,
    },
}

/// A sample, and the value of its answer that is to be explained.
#[derive(Args)]
pub(crate) struct ExplainArgs {
    /// Name or uuid of the cluster
    pub(crate) cluster: String,
    /// The values of the sample; a single `-` reads it from stdin
    #[arg(required_unless_present = "file", allow_negative_numbers = true)]
    pub(crate) values: Vec<String>,
    /// File with the sample; `-` is stdin
    #[arg(short, long, conflicts_with = "values")]
    pub(crate) file: Option<PathBuf>,
    /// The output brick; without it, the first one
    #[arg(short, long, value_name = "BRICK")]
    pub(crate) output: Option<String>,
    /// The value of its answer, from 0; without it, the highest
    #[arg(short, long, value_name = "N")]
    pub(crate) index: Option<u32>,
    /// Most inputs that are shown, those that contributed most first
    #[arg(long, default_value_t = 20, value_name = "N")]
    pub(crate) most: usize,
}

/// What a cluster is made of.
#[derive(Args)]
pub(crate) struct CreateArgs {
    /// Name of the cluster
    pub(crate) name: String,
    /// File with the template
    #[arg(short, long, value_name = "FILE", conflicts_with = "checkpoint")]
    pub(crate) template: Option<PathBuf>,
    /// Name or uuid of the checkpoint to make it from
    #[arg(long)]
    pub(crate) checkpoint: Option<String>,
}

/// How a cluster takes work.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum ModeArg {
    /// From its task queue
    Task,
    /// From a websocket, one sample at a time
    Direct,
}

impl From<ModeArg> for Mode {
    fn from(mode: ModeArg) -> Self {
        match mode {
            ModeArg::Task => Self::Task,
            ModeArg::Direct => Self::Direct,
        }
    }
}
