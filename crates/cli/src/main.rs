//! `hanamictl`, the command line of Hanami.
//!
//! [`args`] says what can be asked for, [`actions`] does it with the SDK, [`output`] prints what came of
//! it, [`failure`] tells what went wrong.

mod actions;
mod args;
mod connect;
mod curve;
mod failure;
mod login_file;
mod output;
#[cfg(test)]
mod reference;
mod samples;

use std::process::ExitCode;

use clap::Parser;

use crate::{
    args::Cli,
    failure::{Exit, Failure},
};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let as_json = cli.globals.json;
    let result = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime.block_on(actions::run(cli)),
        Err(error) => Err(Failure::new(Exit::Other, format!("can't start: {error}"))),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.tell(as_json);
            failure.exit().into()
        }
    }
}
