//! Arguments for checkpoints. They are made by `cluster save`.

use std::path::PathBuf;

use clap::Subcommand;

use crate::args::{One, Rename, Share};

#[derive(Subcommand)]
pub(crate) enum CheckpointCommand {
    /// List the checkpoints you may see
    #[command(after_help = "Example:\n  hanamictl checkpoint list")]
    List,
    /// Show a checkpoint
    #[command(after_help = "Example:\n  hanamictl checkpoint get four_rounds")]
    Get(One),
    /// Delete a checkpoint
    #[command(after_help = "Example:\n  hanamictl checkpoint delete four_rounds")]
    Delete(One),
    /// Rename a checkpoint
    #[command(after_help = "Example:\n  hanamictl checkpoint rename four_rounds best")]
    Rename(Rename),
    /// Say who may see and use a checkpoint
    #[command(after_help = "Example:\n  hanamictl checkpoint share best --visibility public")]
    Share(Share),
    /// Download a checkpoint as a file that any server takes
    #[command(after_help = "Example:\n  hanamictl checkpoint download best -o best.hanami")]
    Download {
        #[command(flatten)]
        one: One,
        /// The file to write; `-` is stdout
        #[arg(short, long, value_name = "FILE")]
        output: PathBuf,
    },
    /// Make a checkpoint of a file that was downloaded
    #[command(after_help = "Example:\n  hanamictl checkpoint upload -i best.hanami best")]
    Upload {
        /// Name of the checkpoint
        name: String,
        /// The file
        #[arg(short, long, value_name = "FILE")]
        input: PathBuf,
    },
}
