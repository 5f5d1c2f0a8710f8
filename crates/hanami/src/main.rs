//! The binary `hanami`.

mod demo;
mod serve;
mod signal;

use clap::{Parser, Subcommand};

/// A self-hosted server that learns
#[derive(Parser)]
#[command(name = "hanami", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server
    Serve(serve::Args),
    /// Let a server of its own learn to read handwritten digits
    Demo(demo::Args),
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    match Cli::parse().command {
        Command::Serve(args) => serve::run(args).await,
        Command::Demo(args) => demo::run(args).await,
    }
}
