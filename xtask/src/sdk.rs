//! The SDKs, each by its own tools and tests, against a server built here.

use std::{env, process::Command};

use anyhow::{Context, Result};

use crate::{
    command::{cargo, succeed},
    step::Verdict,
};

/// Python: generated code, lints, types, tests, and a wheel built from the source distribution.
pub(crate) fn python() -> Result<Verdict> {
    run("sdk/python", &[&["bash", "test.sh"]])
}

/// Go: formatting, vet, linter, reference and tests, with the race detector.
pub(crate) fn go() -> Result<Verdict> {
    // Go keeps results of tests, and does not see that the server is another one.
    run("sdk/go", &[&["go", "test", "-count=1", "-race", "./..."]])
}

/// JavaScript: types, lints, tests and the size of the bundle.
pub(crate) fn javascript() -> Result<Verdict> {
    run("sdk/javascript", &[&["npm", "ci", "--no-audit", "--no-fund"], &["npm", "test"]])
}

/// Runs `commands` in `folder`, with a server for them to start.
fn run(folder: &str, commands: &[&[&str]]) -> Result<Verdict> {
    succeed(&mut cargo(&["build", "--locked", "--package", "hanami"]))?;
    let server = env::current_dir()?.join("target/debug/hanami");
    for words in commands {
        let (program, arguments) = words.split_first().context("a command has a program")?;
        let mut command = Command::new(program);
        succeed(command.args(arguments).current_dir(folder).env("HANAMI_BINARY", &server))?;
    }
    Ok(Verdict::Passed)
}
