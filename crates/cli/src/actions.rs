//! What the commands do: one module per resource.

mod checkpoint;
mod cluster;
mod dataset;
mod download;
mod explain;
mod generate;
mod log_in;
mod machine;
mod project;
mod request_result;
mod resource;
mod samples;
mod score;
mod task;
mod template;
mod upload;
mod user;
mod watch;

use hanami_client::Hanami;
use serde::Serialize;

use crate::{
    args::{Cli, Command},
    connect::connect,
    failure::Failure,
    output::{Output, Record, Rows},
};

/// What an action works with.
pub(crate) struct Context {
    hanami: Hanami,
    out: Output,
}

impl Context {
    /// Shows the answer to a GET request.
    async fn show(&self, path: &str, query: &impl Serialize) -> Result<(), Failure> {
        let record: Record = self.hanami.fetch(path, query).await?;
        self.out.record(&record)
    }

    /// Lists the answer to a GET request.
    async fn list(&self, path: &str, query: &impl Serialize) -> Result<(), Failure> {
        let rows: Rows = self.hanami.fetch(path, query).await?;
        self.out.rows(&rows)
    }
}

/// Does what the arguments ask for.
pub(crate) async fn run(Cli { globals, command }: Cli) -> Result<(), Failure> {
    let out = Output { json: globals.json, quiet: globals.quiet };
    let connected = async || Ok::<_, Failure>(Context { hanami: connect(&globals).await?, out });
    match command {
        Command::Login => log_in::log_in(&globals, out).await,
        Command::Logout => log_in::log_out(out),
        Command::Completions { shell } => generate::completions(shell, out),
        Command::Man { directory } => generate::manual(&directory, out),
        Command::Whoami => connected().await?.show("/auth", &()).await,
        Command::User(command) => user::run(&connected().await?, &globals, command).await,
        Command::Project(command) => project::run(&connected().await?, command).await,
        Command::Dataset(command) => dataset::run(&connected().await?, command).await,
        Command::Cluster(command) => cluster::run(&connected().await?, command).await,
        Command::Template(command) => template::run(&connected().await?, command).await,
        Command::Task(command) => task::run(&connected().await?, command).await,
        Command::Checkpoint(command) => checkpoint::run(&connected().await?, command).await,
        Command::RequestResult(command) => request_result::run(&connected().await?, command).await,
        Command::Predict(args) => samples::predict(&connected().await?, args).await,
        Command::Learn(args) => samples::learn(&connected().await?, args).await,
        Command::Host(command) => machine::hosts(&connected().await?, command).await,
        Command::Logs(command) => machine::logs(&connected().await?, command).await,
        Command::System => machine::system(&connected().await?).await,
    }
}
