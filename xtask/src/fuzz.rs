//! The fuzzer: each target of `fuzz/` for so many cases, and what it took, as Markdown.
//!
//! First comes the target `planted`, whose bug has to be found: where it is not, the search is broken,
//! and what else it does not find means nothing.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::command::{nightly, output};

/// The folder of the fuzzer's own workspace.
const FOLDER: &str = "fuzz";
/// The target with a bug, and the cases in which it has to be found.
const PLANTED: &str = "planted";
const PLANTED_CASES: u64 = 1_000_000;
/// Seconds that a case may take, and MiB that it may hold.
const LIMITS: [&str; 3] = ["-timeout=1", "-rss_limit_mb=512", "-print_final_stats=1"];

/// How the targets are built.
#[derive(Clone, Copy)]
pub(crate) enum Build {
    /// As fast as they can be.
    Plain,
    /// With the address sanitizer, which is several times slower.
    Sanitized,
}

/// Runs the targets named, or all, with so many cases each.
pub(crate) fn run(names: &[String], cases: u64, build: Build) -> Result<()> {
    output(&mut nightly(&["fuzz", "--version"]))
        .context("install it: `rustup toolchain install nightly`, `cargo install cargo-fuzz`")?;
    fs::create_dir_all(log(PLANTED).parent().context("logs have a folder")?)?;
    ensure!(
        !stands(PLANTED, PLANTED_CASES, build)?,
        "the planted bug was not found: see fuzz/logs"
    );
    println!("The planted bug was found.\n");
    println!("| target | cases | a second | slowest | peak memory | result |");
    println!("|---|---|---|---|---|---|");
    let mut failed = Vec::new();
    for name in targets()?.into_iter().filter(|name| names.is_empty() || names.contains(name)) {
        let stands = stands(&name, cases, build)?;
        println!("{}", row(&name, stands)?);
        if !stands {
            failed.push(name);
        }
    }
    ensure!(failed.is_empty(), "cases were found, see fuzz/artifacts: {}", failed.join(", "));
    Ok(())
}

/// The names of all targets but the one with the bug.
fn targets() -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(Path::new(FOLDER).join("fuzz_targets"))? {
        let path = entry?.path();
        let name = path.file_stem().and_then(|stem| stem.to_str()).context("a name")?;
        if name != PLANTED {
            names.push(name.to_owned());
        }
    }
    names.sort();
    Ok(names)
}

/// Whether a target stands so many cases; what the fuzzer says goes to its log.
fn stands(name: &str, cases: u64, build: Build) -> Result<bool> {
    let sanitizer = match build {
        Build::Plain => "--sanitizer=none",
        Build::Sanitized => "--sanitizer=address",
    };
    let mut compiler = nightly(&["fuzz", "build", sanitizer, name]);
    ensure!(compiler.status()?.success(), "the target {name} can't be built");
    let folder = Path::new(FOLDER).join("corpus").join(name);
    // The planted bug is to be found anew each time.
    if name == PLANTED && folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let (corpus, seeds) = (format!("{FOLDER}/corpus/{name}"), format!("{FOLDER}/seeds/{name}"));
    let mut run = nightly(&["fuzz", "run", sanitizer, name, &corpus, &seeds, "--"]);
    run.args(LIMITS).arg(format!("-runs={cases}"));
    // What the address sanitizer keeps back, to see it used, counts as held.
    run.env("ASAN_OPTIONS", "quarantine_size_mb=32");
    let log = File::create(log(name))?;
    let status = run.stdout(log.try_clone()?).stderr(log).status()?;
    Ok(status.success())
}

/// What a run took.
fn row(name: &str, stands: bool) -> Result<String> {
    let log = fs::read_to_string(log(name))?;
    let stat = |stat: &str| {
        let line = log.lines().find_map(|line| line.strip_prefix("stat::")?.strip_prefix(stat));
        line.and_then(|line| line.strip_prefix(':')).map_or("?", str::trim).to_owned()
    };
    let cases = stat("number_of_executed_units");
    let (rate, memory) = (stat("average_exec_per_sec"), stat("peak_rss_mb"));
    // Told in whole seconds.
    let slowest = match stat("slowest_unit_time_sec").as_str() {
        "0" => "below 1 s".to_owned(),
        seconds => format!("{seconds} s"),
    };
    let result = if stands { "stands" } else { "FAILS" };
    Ok(format!("| `{name}` | {cases} | {rate} | {slowest} | {memory} MiB | {result} |"))
}

fn log(name: &str) -> PathBuf {
    Path::new(FOLDER).join("logs").join(format!("{name}.log"))
}
