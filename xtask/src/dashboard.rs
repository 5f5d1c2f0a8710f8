//! The dashboard: what is committed of it is what its source makes, and it works in a browser.

use std::{env, path::Path, process::Command};

use anyhow::{Result, ensure};

use crate::{
    command::{cargo, output, succeed},
    step::Verdict,
};

const FOLDER: &str = "dashboard";

/// What is built into the server.
const BUILT: &str = "dashboard/dist";

/// Lints, types, logic, whether what is committed is up to date and small enough, and everything in
/// a browser with the server built here.
pub(crate) fn check() -> Result<Verdict> {
    build()?;
    let status = output(Command::new("git").args(["status", "--porcelain", "--", BUILT]))?;
    // The second letter tells how the file differs from what is staged.
    let differs = status.lines().any(|line| !line[1..].starts_with(' '));
    ensure!(
        !differs,
        "{BUILT} is not what the source makes; run `cargo xtask dashboard` and commit:\n{status}"
    );
    for script in ["check", "lint", "test", "size"] {
        succeed(&mut npm(&["run", script]))?;
    }
    succeed(&mut cargo(&["build", "--locked", "--package", "hanami"]))?;
    let server = env::current_dir()?.join("target/debug/hanami");
    let mut browser = npm(&["run", "test:browser"]);
    succeed(browser.env("HANAMI_BINARY", server))?;
    Ok(Verdict::Passed)
}

/// Makes what is built into the server, from a clean install.
pub(crate) fn build() -> Result<()> {
    // Only what the lock file names, and no scripts of packages.
    succeed(&mut npm(&["ci", "--no-audit", "--no-fund", "--ignore-scripts"]))?;
    succeed(&mut npm(&["run", "build"]))?;
    ensure!(Path::new(BUILT).join("index.html").exists(), "vite made no {BUILT}/index.html");
    Ok(())
}

fn npm(arguments: &[&str]) -> Command {
    let mut command = Command::new("npm");
    command.args(arguments).current_dir(FOLDER);
    command
}
