//! Arguments for templates.

use std::path::PathBuf;

use clap::Subcommand;

#[derive(Subcommand)]
pub(crate) enum TemplateCommand {
    /// Check a template: show its bricks, or the first mistake and its place
    ///
    /// Makes nothing. The exit code is 1 if no cluster could be made of it.
    #[command(after_help = "Example:\n  hanamictl template check digits.template")]
    Check {
        /// File with the template
        #[arg(value_name = "FILE")]
        template: PathBuf,
    },
}
