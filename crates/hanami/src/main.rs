//! The binary `hanami`.

mod backup;
mod demo;
mod doctor;
mod open_files;
mod policy;
mod progress;
mod restore;
mod serve;
mod signal;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

const EXAMPLES: &str = "\
Examples:
  hanami demo                              see it learn, in a few seconds
  hanami serve --data-dir ./hanami-data    run a server
  hanami backup --out monday.tar           copy everything it holds, while it runs
  hanami doctor                            tell whether everything it holds is sound";

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
    /// Tell whether everything in a data directory is sound
    Doctor(doctor::Args),
    /// Write a data directory to one file, also while the server runs
    Backup(backup::Args),
    /// Make a data directory of a backup
    Restore(restore::Args),
    /// Let a server of its own learn to read handwritten digits
    Demo(demo::Args),
}

fn main() -> anyhow::Result<ExitCode> {
    let command = Cli::parse().command;
    let runtime = tokio::runtime::Runtime::new()?;
    let result = runtime.block_on(async {
        match command {
            Command::Serve(args) => serve::run(*args).await.map(|()| ExitCode::SUCCESS),
            Command::Policy(args) => policy::run(args).map(|()| ExitCode::SUCCESS),
            Command::Doctor(args) => doctor::run(args).await,
            Command::Backup(args) => backup::run(args).await.map(|()| ExitCode::SUCCESS),
            Command::Restore(args) => restore::run(args).await.map(|()| ExitCode::SUCCESS),
            Command::Demo(args) => demo::run(args).await.map(|()| ExitCode::SUCCESS),
        }
    });
    // Blocking work that goes on, a large file being read say, holds up no stop; nothing that was
    // acknowledged depends on it.
    runtime.shutdown_background();
    result
}
