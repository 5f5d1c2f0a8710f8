//! The binary `hanami`.

mod demo;
mod open_files;
mod policy;
mod serve;
mod signal;

use clap::{Parser, Subcommand};

const EXAMPLES: &str = "\
Examples:
  hanami demo                              see it learn, in a few seconds
  hanami serve --data-dir ./hanami-data    run a server";

/// A self-hosted server that learns
#[derive(Parser)]
#[command(name = "hanami", version, after_help = EXAMPLES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server
    Serve(Box<serve::Args>),
    /// Print or check what says what each role may do
    Policy(policy::Args),
    /// Let a server of its own learn to read handwritten digits
    Demo(demo::Args),
}

fn main() -> anyhow::Result<()> {
    let command = Cli::parse().command;
    let runtime = tokio::runtime::Runtime::new()?;
    let result = runtime.block_on(async {
        match command {
            Command::Serve(args) => serve::run(*args).await,
            Command::Policy(args) => policy::run(args),
            Command::Demo(args) => demo::run(args).await,
        }
    });
    // Blocking work that goes on, a large file being read say, holds up no stop; nothing that was
    // acknowledged depends on it.
    runtime.shutdown_background();
    result
}
