//! Arguments for request results. They are made by request tasks.

use std::path::PathBuf;

use clap::Subcommand;

use crate::args::{One, Rename, Share};

#[derive(Subcommand)]
pub(crate) enum RequestResultCommand {
    /// List the request results you may see
    #[command(after_help = "Example:\n  hanamictl request-result list")]
    List,
    /// Show a request result
    #[command(after_help = "Example:\n  hanamictl --json request-result get asked")]
    Get(One),
    /// Delete a request result
    #[command(after_help = "Example:\n  hanamictl request-result delete asked")]
    Delete(One),
    /// Rename a request result
    #[command(after_help = "Example:\n  hanamictl request-result rename asked first_answers")]
    Rename(Rename),
    /// Say who may see and score a request result
    #[command(after_help = "Example:\n  hanamictl request-result share asked --visibility shared")]
    Share(Share),
    /// Download a request result as CSV, with all output values if they were kept
    #[command(after_help = "\
Examples:
  hanamictl request-result download asked -o answers.csv
  hanamictl request-result download asked -o - | head")]
    Download {
        #[command(flatten)]
        one: One,
        /// The file to write; `-` is stdout
        #[arg(short, long, value_name = "FILE")]
        output: PathBuf,
    },
    /// Show how many answers are right by a dataset
    #[command(after_help = "Example:\n  hanamictl request-result check asked handwriting_test")]
    Check {
        /// Name or uuid of the request result
        result: String,
        /// Name or uuid of the dataset that holds the right answers
        dataset: String,
    },
}
