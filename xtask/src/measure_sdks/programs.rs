//! The program of each SDK: how it is built and run, and what the SDK depends on.

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use crate::command::{cargo, output, succeed};

/// A program that measures an SDK, ready to run.
pub(super) struct Program {
    /// Name of the SDK.
    pub(super) sdk: &'static str,
    /// The language's compiler or interpreter.
    pub(super) version: String,
    /// Packages of others that the SDK takes to run, and what they take.
    pub(super) dependencies: usize,
    /// The interpreter, if it needs one.
    interpreter: Option<PathBuf>,
    file: PathBuf,
    empty_file: PathBuf,
}

impl Program {
    /// The whole measurement.
    pub(super) fn measuring(&self) -> Command {
        self.command(&self.file)
    }

    /// A program that imports the SDK and ends.
    pub(super) fn importing(&self) -> Command {
        let mut command = self.command(&self.file);
        command.arg("import-only");
        command
    }

    /// A program in the same language that does nothing.
    pub(super) fn empty(&self) -> Command {
        self.command(&self.empty_file)
    }

    fn command(&self, file: &Path) -> Command {
        match &self.interpreter {
            None => Command::new(file),
            Some(interpreter) => {
                let mut command = Command::new(interpreter);
                command.arg(file);
                command
            }
        }
    }
}

/// Builds all of them in `folder`, which has to be an absolute path.
pub(super) fn build(folder: &Path) -> Result<Vec<Program>> {
    Ok(vec![rust(folder)?, python(folder)?, go(folder)?, javascript(folder)?])
}

fn rust(folder: &Path) -> Result<Program> {
    let package = ["--locked", "--package", "hanami-client"];
    let build = [&["build", "--release", "--example", "measure"], &package[..]].concat();
    succeed(&mut cargo(&build))?;
    let compiler = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let (source, empty) = (folder.join("empty.rs"), folder.join("empty-rust"));
    fs::write(&source, "fn main() {}\n")?;
    succeed(Command::new(&compiler).args(["-O", "-o"]).arg(&empty).arg(source))?;
    let edges = ["tree", "--edges", "normal,no-proc-macro", "--prefix", "none"];
    let tree = output(&mut cargo(&[&edges[..], &package].concat()))?;
    Ok(Program {
        sdk: "rust",
        version: first_words(&output(Command::new(compiler).arg("--version"))?, 2),
        dependencies: crates(&tree),
        interpreter: None,
        file: "target/release/examples/measure".into(),
        empty_file: empty,
    })
}

fn python(folder: &Path) -> Result<Program> {
    let (environment, empty) = (folder.join("python"), folder.join("empty.py"));
    fs::write(&empty, "")?;
    succeed(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment))?;
    let pip = environment.join("bin/pip");
    let mut install = Command::new(&pip);
    install
        .args(["install", "--quiet", "--constraint", "sdk/python/requirements-test.txt"])
        .arg("./sdk/python")
        .env("CARGO_TARGET_DIR", folder.join("python-target"));
    succeed(&mut install)?;
    let frozen = output(Command::new(&pip).args(["freeze", "--exclude", "hanami-sdk"]))?;
    let interpreter = environment.join("bin/python");
    Ok(Program {
        sdk: "python",
        version: output(Command::new(&interpreter).arg("--version"))?.trim().to_owned(),
        dependencies: distinct(frozen.lines()),
        interpreter: Some(interpreter),
        file: "sdk/python/measure.py".into(),
        empty_file: empty,
    })
}

fn go(folder: &Path) -> Result<Program> {
    const SDK: &str = "sdk/go";
    let (program, source) = (folder.join("measure-go"), folder.join("empty.go"));
    let mut build = Command::new("go");
    succeed(build.args(["build", "-o"]).arg(&program).arg("./internal/measure").current_dir(SDK))?;
    let empty = folder.join("empty-go");
    fs::write(&source, "package main\n\nfunc main() {}\n")?;
    succeed(Command::new("go").args(["build", "-o"]).arg(&empty).arg(source))?;
    let format = "{{with .Module}}{{if not .Main}}{{.Path}}{{end}}{{end}}";
    let mut list = Command::new("go");
    let modules = output(list.args(["list", "-deps", "-f", format, "."]).current_dir(SDK))?;
    Ok(Program {
        sdk: "go",
        version: output(Command::new("go").args(["env", "GOVERSION"]))?.trim().to_owned(),
        dependencies: distinct(modules.lines()),
        interpreter: None,
        file: program,
        empty_file: empty,
    })
}

fn javascript(folder: &Path) -> Result<Program> {
    const SDK: &str = "sdk/javascript";
    let npm = |arguments: &[&str]| {
        let mut npm = Command::new("npm");
        npm.args(arguments).current_dir(SDK);
        npm
    };
    succeed(&mut npm(&["ci", "--no-audit", "--no-fund"]))?;
    succeed(&mut npm(&["run", "build"]))?;
    let empty = folder.join("empty.mjs");
    fs::write(&empty, "")?;
    let tree = output(&mut npm(&["ls", "--omit=dev", "--all", "--parseable"]))?;
    // The first one is the SDK itself.
    let (_, others) = tree.split_once('\n').context("npm listed nothing")?;
    Ok(Program {
        sdk: "javascript",
        version: format!("Node.js {}", output(Command::new("node").arg("--version"))?.trim()),
        dependencies: distinct(others.lines()),
        interpreter: Some("node".into()),
        file: Path::new(SDK).join("measure.js"),
        empty_file: empty,
    })
}

/// Crates in what `cargo tree` printed; without those of this repository, which have a path.
fn crates(tree: &str) -> usize {
    let lines = tree.lines().map(|line| line.trim_end_matches(" (*)"));
    distinct(lines.filter(|line| !line.ends_with(')')))
}

/// Different lines, without empty ones.
fn distinct<'a>(lines: impl Iterator<Item = &'a str>) -> usize {
    lines.filter(|line| !line.is_empty()).collect::<BTreeSet<_>>().len()
}

fn first_words(text: &str, count: usize) -> String {
    text.split_whitespace().take(count).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crates_of_others_are_counted_once() {
        let tree = "\
hanami-client v0.1.0 (/home/anna/hanami/crates/client)
base64 v0.22.1
hanami-api v0.1.0 (/home/anna/hanami/crates/api)
base64 v0.22.1
bytes v1.11.0
hanami-api v0.1.0 (/home/anna/hanami/crates/api) (*)
http v1.4.0
bytes v1.11.0 (*)
";
        assert_eq!(crates(tree), 3);
    }

    #[test]
    fn two_versions_of_a_crate_are_two() {
        assert_eq!(crates("itoa v1.0.15\nitoa v2.0.0\n"), 2);
    }

    #[test]
    fn packages_of_one_module_are_one_dependency() {
        // The standard library's packages have no module, which makes empty lines.
        let modules = "\n\ngithub.com/coder/websocket\n\ngithub.com/coder/websocket\n";
        assert_eq!(distinct(modules.lines()), 1);
        assert_eq!(distinct("".lines()), 0);
    }

    #[test]
    fn a_version_has_no_more_than_it_needs() {
        assert_eq!(first_words("rustc 1.95.0 (59807616e 2026-04-14)\n", 2), "rustc 1.95.0");
    }
}
