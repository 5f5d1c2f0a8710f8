//! Programs that try to break Hanami: `hanami-trials kill --rounds 100 --seed 1`.
//!
//! Each prints what it did and what it found as Markdown, and ends with a failure when a promise is
//! broken.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, Subcommand};
use hanami_trials::disk::{faults, power};
use hanami_trials::{disk_full, kill, many, model, process, soak};

#[derive(Parser)]
#[command(about, bin_name = "hanami-trials")]
struct Arguments {
    /// The server's program, for trials that start one [default: `hanami` beside this program]
    #[arg(long, global = true, value_name = "PATH")]
    hanami: Option<PathBuf>,
    #[command(subcommand)]
    trial: Trial,
}

#[derive(Subcommand)]
enum Trial {
    /// Lets the power fail at any operation of a simulated disk, and compares what is left
    Power(power::Options),
    /// Lets each call to a simulated disk fail once, and compares
    Faults(faults::Options),
    /// Kills a working server again and again, and compares what it acknowledged with what is there
    Kill(kill::Options),
    /// Asks at random, and compares each answer with that of a model of the server
    Model(model::Options),
    /// Fills the disk under a working server
    DiskFull(disk_full::Options),
    /// Uses far more clusters than memory has room for
    Many(many::Options),
    /// Uses a server for a long time, and watches whether what it holds grows
    Soak(soak::Options),
}

#[tokio::main]
async fn main() -> Result<()> {
    let Arguments { hanami, trial } = Arguments::parse();
    let program = || process::program(hanami);
    let report = match trial {
        Trial::Power(options) => power::run(&options)?,
        Trial::Faults(options) => faults::run(&options)?,
        Trial::Kill(options) => kill::run(&program()?, &options).await?.to_string(),
        Trial::Model(options) => model::run(&program()?, &options).await?.to_string(),
        Trial::DiskFull(options) => disk_full::run(&program()?, &options).await?,
        Trial::Many(options) => many::run(&program()?, &options).await?.to_string(),
        Trial::Soak(options) => soak::run(&program()?, &options).await?.to_string(),
    };
    print!("{report}");
    Ok(())
}
