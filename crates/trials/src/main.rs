//! Programs that try to break a Hanami server: `hanami-trials many --clusters 1000`.
//!
//! Each prints what it did and what it found as Markdown, and ends with a failure when a promise is
//! broken.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, Subcommand};
use hanami_trials::{many, process};

#[derive(Parser)]
#[command(about, bin_name = "hanami-trials")]
struct Arguments {
    /// The server's program [default: `hanami` beside this program]
    #[arg(long, global = true, value_name = "PATH")]
    hanami: Option<PathBuf>,
    #[command(subcommand)]
    trial: Trial,
}

#[derive(Subcommand)]
enum Trial {
    /// Uses far more clusters than memory has room for
    Many(many::Options),
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let program = process::program(arguments.hanami)?;
    match arguments.trial {
        Trial::Many(options) => print!("{}", many::run(&program, &options).await?),
    }
    Ok(())
}
