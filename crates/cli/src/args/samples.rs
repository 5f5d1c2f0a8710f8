//! Arguments for asking and teaching a cluster.

use std::path::PathBuf;

use clap::Args;

/// Ask a cluster
///
/// Works in either mode, and while a task runs. A sample is a line of CSV with the values of the
/// input bricks in the order of the template, or of JSON: an array with the values of the only input
/// brick, or an object with an array for each brick. An empty cell or `null` is a value that is not
/// known. A first line of names is skipped.
#[derive(Args)]
#[command(after_help = "\
Examples:
  hanamictl predict adder 3 4
  hanamictl predict digits -f samples.csv
  echo '{\"left\": [1], \"right\": [0]}' | hanamictl --json predict hands -")]
pub(crate) struct PredictArgs {
    #[command(flatten)]
    pub(crate) samples: SampleArgs,
}

/// Teach a cluster
///
/// Works in either mode, and while a task runs; when it returns, the samples are durable. A sample
/// is a line of CSV with the values of the input bricks and then of the output bricks, both in the
/// order of the template, or of JSON: {"inputs": …, "outputs": …}, each an array with the values of
/// the only brick or an object with an array for each. A first line of names is skipped.
#[derive(Args)]
#[command(after_help = "\
Examples:
  hanamictl learn adder 3 4 7
  hanamictl learn adder -f sums.csv
  echo '{\"inputs\": [3, 4], \"outputs\": [7]}' | hanamictl learn adder -")]
pub(crate) struct LearnArgs {
    #[command(flatten)]
    pub(crate) samples: SampleArgs,
}

/// A cluster, and where samples for it come from.
#[derive(Args)]
pub(crate) struct SampleArgs {
    /// Name or uuid of the cluster
    pub(crate) cluster: String,
    /// The values of one sample; a single `-` reads samples from stdin
    #[arg(required_unless_present = "file", allow_negative_numbers = true)]
    pub(crate) values: Vec<String>,
    /// File with samples; `-` is stdin
    #[arg(short, long, conflicts_with = "values")]
    pub(crate) file: Option<PathBuf>,
    /// Most samples that are sent at once
    #[arg(long, default_value_t = 500, value_name = "N",
          value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) batch: u32,
}
