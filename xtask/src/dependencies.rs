//! The dependency audit: cargo-deny, by the rules in `deny.toml`.

use std::{env, fs, path::PathBuf};

use anyhow::{Context, Result};

use crate::{
    command::{cargo, succeed},
    step::Verdict,
};

pub(crate) fn check() -> Result<Verdict> {
    install()?;
    succeed(&mut cargo(&["deny", "--workspace", "check", "bans", "licenses", "sources"]))?;
    // Fetched by itself, so that a missing network can be told from a finding.
    if succeed(&mut cargo(&["deny", "fetch", "db"])).is_ok() {
        succeed(&mut cargo(&["deny", "--workspace", "check", "advisories"]))?;
        return Ok(Verdict::Passed);
    }
    if has_database()? {
        let arguments = ["deny", "--workspace", "--offline", "check", "advisories"];
        succeed(&mut cargo(&arguments))?;
        return Ok(Verdict::Incomplete(
            "the advisory database can't be reached; checked by the copy that is here".to_owned(),
        ));
    }
    Ok(Verdict::Incomplete(
        "NOT CHECKED FOR KNOWN VULNERABILITIES: the advisory database can't be reached and there \
         is no copy of it here"
            .to_owned(),
    ))
}

fn install() -> Result<()> {
    let installed = cargo(&["deny", "--version"]).output();
    if installed.is_ok_and(|output| output.status.success()) {
        return Ok(());
    }
    println!("cargo-deny is missing, installing it; this takes some minutes");
    succeed(&mut cargo(&["install", "cargo-deny", "--locked"]))
}

/// Whether an advisory database was fetched at some time: a directory among cargo-deny's files.
fn has_database() -> Result<bool> {
    let home = match env::var_os("CARGO_HOME") {
        Some(home) => PathBuf::from(home),
        None => PathBuf::from(env::var_os("HOME").context("HOME is not set")?).join(".cargo"),
    };
    let Ok(entries) = fs::read_dir(home.join("advisory-dbs")) else {
        return Ok(false);
    };
    for entry in entries {
        if entry?.path().join("crates").is_dir() {
            return Ok(true);
        }
    }
    Ok(false)
}
