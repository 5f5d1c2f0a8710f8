//! Rules of the source tree that no compiler checks.

use std::{fs, process::Command};

use anyhow::{Context, Result, ensure};

use crate::{command::output, step::Verdict};

/// A Rust file longer than this has more than one purpose.
const MAX_LINES: usize = 500;

/// The one package that may hold unsafe code: its kernels use the processor's vector units.
const UNSAFE_PACKAGE: &str = "crates/network/Cargo.toml";

/// What makes a package take the workspace's lints.
const TAKES_LINTS: &str = "[lints]\nworkspace = true\n";

/// The lint that a package takes with them.
const FORBIDS_UNSAFE: &str = "unsafe_code = \"forbid\"\n";

/// Packages whose files are on a `Disk`, so that a simulated one can take its place.
const ON_A_DISK: [&str; 3] = ["crates/dataset/src/", "crates/engine/src/", "crates/store/src/"];

/// Their sources that go to the operating system all the same: for locks, for the database and its
/// reserve, and for what is done to a data directory from outside.
const BESIDE_THE_DISK: [&str; 10] = [
    "crates/store/src/archive.rs",
    "crates/store/src/backup.rs",
    "crates/store/src/database_copy.rs",
    "crates/store/src/doubts.rs",
    "crates/store/src/files.rs",
    "crates/store/src/hold.rs",
    "crates/store/src/inspection.rs",
    "crates/store/src/placing.rs",
    "crates/store/src/reserve.rs",
    "crates/store/src/restore.rs",
];

pub(crate) fn check() -> Result<Verdict> {
    let mut findings = long_files()?;
    findings.extend(ways_around_the_disk()?);
    findings.extend(packages_that_allow_unsafe()?);
    for finding in &findings {
        println!("{finding}");
    }
    ensure!(findings.is_empty(), "findings: {}", findings.len());
    Ok(Verdict::Passed)
}

fn long_files() -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for path in files("*.rs")? {
        let lines = read(&path)?.lines().count();
        if lines > MAX_LINES {
            findings.push(format!("{path} has {lines} lines; split it"));
        }
    }
    Ok(findings)
}

fn ways_around_the_disk() -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for path in files("*.rs")? {
        let on_a_disk = ON_A_DISK.iter().any(|package| path.starts_with(package));
        let excepted = BESIDE_THE_DISK.contains(&path.as_str());
        if on_a_disk && !excepted && read(&path)?.contains("std::fs") {
            findings.push(format!("{path} uses std::fs; go through hanami_disk::Disk"));
        }
    }
    Ok(findings)
}

fn packages_that_allow_unsafe() -> Result<Vec<String>> {
    let mut findings = Vec::new();
    if !read("Cargo.toml")?.contains(FORBIDS_UNSAFE) {
        findings.push("the lints in Cargo.toml do not forbid unsafe code".to_owned());
    }
    for path in files("Cargo.toml")? {
        let is_package = path != "Cargo.toml" && path != UNSAFE_PACKAGE;
        let text = read(&path)?;
        // A package outside of the workspace has lints of its own.
        if is_package && !text.contains(TAKES_LINTS) && !text.contains(FORBIDS_UNSAFE) {
            findings.push(format!("{path} does not take the workspace's lints"));
        }
    }
    Ok(findings)
}

/// Files of the repository, also new ones, that match a pattern.
fn files(pattern: &str) -> Result<Vec<String>> {
    let glob = format!(":(glob)**/{pattern}");
    let listed = output(Command::new("git").args([
        "ls-files",
        "--cached",
        "--others",
        "--exclude-standard",
        "--deduplicate",
        &glob,
    ]))?;
    Ok(listed.lines().map(str::to_owned).collect())
}

fn read(path: &str) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("can't read {path}"))
}
