//! Programs that try to break Hanami: `hanami-trials power --losses 1000 --seed 1`.
//!
//! Each prints what it did and what it found as Markdown, and ends with a failure when a promise is
//! broken.

use anyhow::Result;
use clap::{Parser, Subcommand};
use hanami_trials::power;

#[derive(Parser)]
#[command(about, bin_name = "hanami-trials")]
struct Arguments {
    #[command(subcommand)]
    trial: Trial,
}

#[derive(Subcommand)]
enum Trial {
    /// Lets the power fail at any operation of a simulated disk, and compares what is left
    Power(power::Options),
}

fn main() -> Result<()> {
    match Arguments::parse().trial {
        Trial::Power(options) => print!("{}", power::run(&options)?),
    }
    Ok(())
}
