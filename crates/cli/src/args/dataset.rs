//! Arguments for datasets.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use hanami_client::Part;

use crate::args::{One, Rename, Share};

#[derive(Subcommand)]
pub(crate) enum DatasetCommand {
    /// Upload data
    #[command(subcommand)]
    Create(CreateCommand),
    /// List the datasets you may see
    #[command(after_help = "Example:\n  hanamictl dataset list")]
    List,
    /// Show a dataset
    #[command(after_help = "Example:\n  hanamictl dataset get handwriting")]
    Get(One),
    /// Delete a dataset
    #[command(after_help = "Example:\n  hanamictl dataset delete handwriting")]
    Delete(One),
    /// Rename a dataset
    #[command(after_help = "Example:\n  hanamictl dataset rename handwriting digits")]
    Rename(Rename),
    /// Say who may see and use a dataset
    #[command(after_help = "Example:\n  hanamictl dataset share handwriting --visibility shared")]
    Share(Share),
    /// Show how much of an upload has arrived
    #[command(after_help = "Example:\n  hanamictl dataset progress handwriting")]
    Progress(One),
    /// Show some rows: of a table the cells, of images the pixels
    #[command(after_help = "\
Examples:
  hanamictl dataset preview waves
  hanamictl dataset preview handwriting --from 100 --count 3")]
    Preview(PreviewArgs),
    /// Show what the columns hold: types, extremes, means, how often each class occurs
    #[command(after_help = "Example:\n  hanamictl dataset columns waves")]
    Columns(One),
    /// Download a dataset as the file that it could be uploaded from
    #[command(after_help = "\
Examples:
  hanamictl dataset download waves -o waves.csv
  hanamictl dataset download waves -o - | head
  hanamictl dataset download handwriting --part label -o labels")]
    Download(DownloadArgs),
    /// Show how many answers of a request result are right by a dataset
    #[command(after_help = "Example:\n  hanamictl dataset check handwriting_test asked")]
    Check {
        /// Name or uuid of the dataset that holds the right answers
        dataset: String,
        /// Name or uuid of the request result
        result: String,
    },
}

#[derive(Subcommand)]
pub(crate) enum CreateCommand {
    /// Upload images and their labels (a pair of IDX files, like those of MNIST)
    #[command(after_help = "\
Examples:
  hanamictl dataset create mnist -i train-images -l train-labels handwriting
  hanamictl dataset create mnist -i train-images -l train-labels --resume handwriting")]
    Mnist {
        /// File with the images
        #[arg(short, long, value_name = "FILE")]
        inputs: PathBuf,
        /// File with the labels
        #[arg(short, long, value_name = "FILE")]
        labels: PathBuf,
        #[command(flatten)]
        upload: UploadArgs,
    },
    /// Upload a table (comma separated, names of the columns in the first line)
    #[command(after_help = "\
Examples:
  hanamictl dataset create csv -i waves.csv waves
  hanamictl dataset create csv -i waves.csv --resume waves")]
    Csv {
        /// File with the table
        #[arg(short, long, value_name = "FILE")]
        input: PathBuf,
        #[command(flatten)]
        upload: UploadArgs,
    },
}

/// What an upload makes.
#[derive(Args)]
pub(crate) struct UploadArgs {
    /// Name of the dataset; with --resume also its uuid
    pub(crate) name: String,
    /// Go on with an upload that broke off: only what has not arrived yet is sent
    #[arg(long)]
    pub(crate) resume: bool,
}

/// Which rows of a dataset.
#[derive(Args)]
pub(crate) struct PreviewArgs {
    #[command(flatten)]
    pub(crate) one: One,
    /// The first row, counted from 0
    #[arg(long, default_value_t = 0, value_name = "ROW")]
    pub(crate) from: u64,
    /// How many rows
    #[arg(long, default_value_t = 20, value_name = "N",
          value_parser = clap::value_parser!(u32).range(1..=100))]
    pub(crate) count: u32,
}

/// What to download to where.
#[derive(Args)]
pub(crate) struct DownloadArgs {
    #[command(flatten)]
    pub(crate) one: One,
    /// The file to write; `-` is stdout
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,
    /// Which of its files
    #[arg(long, default_value = "input")]
    pub(crate) part: PartArg,
}

/// Which of the files of a dataset.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum PartArg {
    /// The table, or the images
    Input,
    /// The labels
    Label,
}

impl From<PartArg> for Part {
    fn from(part: PartArg) -> Self {
        match part {
            PartArg::Input => Self::Input,
            PartArg::Label => Self::Label,
        }
    }
}
