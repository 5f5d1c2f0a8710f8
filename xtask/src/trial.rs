//! Trials: programs that try to break a server. They live in `crates/trials`.

use std::{fs, process::Command};

use anyhow::{Context, Result};

use crate::command::{cargo, output, succeed};

/// Where the records go.
const RECORDS: &str = "docs/records";

/// Builds server and trials, optimised, and runs the trial that the arguments begin with. With
/// `record`, what it prints is kept.
pub(crate) fn run(name: &str, arguments: &[String], record: bool) -> Result<()> {
    let packages = ["--package", "hanami", "--package", "hanami-trials"];
    succeed(&mut cargo(&[&["build", "--release", "--locked"][..], &packages].concat()))?;
    let run = ["run", "--release", "--locked", "--package", "hanami-trials", "--", name];
    let mut trial = cargo(&run);
    trial.args(arguments);
    if !record {
        return succeed(&mut trial);
    }
    let printed = output(&mut trial)?;
    print!("{printed}");
    let date = output(Command::new("date").args(["--utc", "+%F"]))?;
    let path = format!("{RECORDS}/{}-{name}.md", date.trim());
    fs::write(&path, printed.trim_end().to_owned() + "\n")
        .with_context(|| format!("can't write {path}"))?;
    println!("kept in {path}");
    Ok(())
}
