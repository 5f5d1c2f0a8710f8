//! Arguments for asking and teaching a cluster.

use std::path::PathBuf;

use clap::Args;

/// Ends the help of `predict`.
pub(crate) const PREDICT_EXAMPLES: &str = "\
Examples:
  hanamictl predict adder 3 4
  hanamictl predict digits -f samples.csv
  echo '{\"left\": [1], \"right\": [0]}' | hanamictl --json predict hands -";

/// Ends the help of `learn`.
pub(crate) const LEARN_EXAMPLES: &str = "\
Examples:
  hanamictl learn adder 3 4 7
  hanamictl learn adder -f sums.csv
  echo '{\"inputs\": [3, 4], \"outputs\": [7]}' | hanamictl learn adder -";

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
