//! Programs that try to break a Hanami server: `hanami-trials disk-full`.
//!
//! Each prints what it did and what it found as Markdown, and ends with a failure when a promise is
//! broken.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, Subcommand};
use hanami_trials::{disk_full, process};

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
    /// Fills the disk under a working server
    DiskFull(disk_full::Options),
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let program = process::program(arguments.hanami)?;
    match arguments.trial {
        Trial::DiskFull(options) => print!("{}", disk_full::run(&program, &options).await?),
    }
    Ok(())
}
