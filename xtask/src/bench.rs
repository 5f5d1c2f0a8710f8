//! The benches, `cargo xtask bench`: scripts in `benches/` that measure the network beside others.
//!
//! They run in a Python environment of their own, in which the SDK is built from the sources as they
//! are. Each writes its record, and plots beside it, to `docs/records/`.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use crate::command::succeed;

/// Where the environment is.
const FOLDER: &str = "target/benches";

/// Where the records go.
const RECORDS: &str = "docs/records";

/// A script in `benches/`.
pub(crate) struct Bench {
    /// What the script and its record are called by.
    pub(crate) name: &'static str,
    /// What it measures.
    pub(crate) about: &'static str,
}

/// Every bench, quick ones first.
pub(crate) const BENCHES: &[Bench] = &[
    Bench { name: "memory", about: "bytes of a network, from empty to full" },
    Bench { name: "series", about: "a time series of steps, with and without spiking" },
    Bench { name: "curves", about: "accuracy over samples, time of a step over size" },
    Bench { name: "tables", about: "raw tables, beside scikit-learn's tuned MLP on scaled ones" },
    Bench { name: "streams", about: "drift, forgetting, a late class, an outlier, beside others" },
];

/// Says which benches there are.
pub(crate) fn list() {
    for bench in BENCHES {
        println!("{:<10}{}", bench.name, bench.about);
    }
}

/// Runs the benches named, or all, one after the other.
pub(crate) fn run(names: &[String]) -> Result<()> {
    let python = environment()?;
    for bench in BENCHES {
        if names.is_empty() || names.iter().any(|name| name == bench.name) {
            let script = Path::new("benches").join(bench.name).with_extension("py");
            let mut command = Command::new(&python);
            // One thread, so that the others' times can be compared with the network's.
            succeed(command.arg(script).arg(RECORDS).env("OMP_NUM_THREADS", "1"))?;
        }
    }
    Ok(())
}

/// Makes the environment, or brings it up to date; gives its interpreter.
fn environment() -> Result<PathBuf> {
    let folder = env::current_dir()?.join(FOLDER);
    let environment = folder.join("python");
    let python = environment.join("bin/python");
    succeed(Command::new("python3").args(["-m", "venv"]).arg(&environment))?;
    let install = |arguments: &[&str]| {
        let mut pip = Command::new(&python);
        pip.args(["-m", "pip", "install", "--quiet", "--constraint", "benches/requirements.txt"])
            .args(arguments)
            .env("CARGO_TARGET_DIR", folder.join("rust"));
        succeed(&mut pip)
    };
    install(&["--requirement", "benches/requirements.txt", "./sdk/python"])
        .context("the benches' environment can't be made")?;
    if let Err(error) = install(&["--requirement", "benches/requirements-peers.txt"]) {
        println!("{error:#}; rows of PyTorch or River may be left out");
    }
    Ok(python)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bench_is_a_script() {
        for bench in BENCHES {
            let script = Path::new("../benches").join(bench.name).with_extension("py");
            assert!(script.exists(), "{}", script.display());
        }
    }
}
