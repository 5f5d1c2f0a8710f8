//! The binary `hanami`.

mod serve;

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
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    match Cli::parse().command {
        Command::Serve(args) => serve::run(args).await,
    }
}
