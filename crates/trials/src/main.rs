//! Programs that try to break a Hanami server: `hanami-trials kill --rounds 100 --seed 1`.
//!
//! Each prints what it did and what it found as Markdown, and ends with a failure when a promise is
//! broken.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, Subcommand};
use hanami_trials::{kill, model, process, soak};

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
    /// Kills a working server again and again, and compares what it acknowledged with what is there
    Kill(kill::Options),
    /// Asks at random, and compares each answer with that of a model of the server
    Model(model::Options),
    /// Uses a server for a long time, and watches whether what it holds grows
    Soak(soak::Options),
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let program = process::program(arguments.hanami)?;
    match arguments.trial {
        Trial::Soak(options) => print!("{}", soak::run(&program, &options).await?),
        Trial::Model(options) => print!("{}", model::run(&program, &options).await?),
        Trial::Kill(options) => print!("{}", kill::run(&program, &options).await?),
    }
    Ok(())
}
