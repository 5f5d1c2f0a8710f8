//! What the commands do: one module per resource.

mod checkpoint;
mod cluster;
mod dataset;
mod download;
mod generate;
mod log_in;
mod machine;
mod project;
mod request_result;
mod resource;
mod samples;
mod score;
mod task;
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
    match command {
        Command::Login => return log_in::log_in(&globals, out).await,
        Command::Logout => return log_in::log_out(out),
        Command::Completions { shell } => return generate::completions(shell, out),
        Command::Man { directory } => return generate::manual(&directory, out),
        _ => {}
    }
    let context = Context { hanami: connect(&globals).await?, out };
    match command {
        Command::User(command) => user::run(&context, &globals, command).await,
        Command::Project(command) => project::run(&context, command).await,
        Command::Dataset(command) => dataset::run(&context, command).await,
        Command::Cluster(command) => cluster::run(&context, command).await,
        Command::Task(command) => task::run(&context, command).await,
        Command::Checkpoint(command) => checkpoint::run(&context, command).await,
        Command::RequestResult(command) => request_result::run(&context, command).await,
        Command::Predict(args) => samples::predict(&context, args).await,
        Command::Learn(args) => samples::learn(&context, args).await,
        Command::Host(command) => machine::hosts(&context, command).await,
        Command::Logs(command) => machine::logs(&context, command).await,
        Command::System => machine::system(&context).await,
        Command::Whoami => context.show("/auth", &()).await,
        Command::Login | Command::Logout | Command::Completions { .. } | Command::Man { .. } => {
            Ok(())
        }
    }
}
