//! The project's chores: `cargo xtask test` runs every check and test there is.

mod bench;
mod command;
mod contract;
mod dashboard;
mod demo;
mod dependencies;
mod fuzz;
mod measure;
mod measure_sdks;
mod rust;
mod sanitize;
mod sdk;
mod server;
mod step;
mod tree;
mod trial;

use std::{env, path::Path, process::ExitCode};

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};

use step::Step;

/// Every check and test, cheap ones first.
const STEPS: &[Step] = &[
    Step {
        name: "tree",
        about: "short source files; unsafe code in the network only; files through the disk only",
        run: tree::check,
    },
    Step { name: "format", about: "rustfmt has nothing to change", run: rust::format },
    Step { name: "lint", about: "clippy has nothing to say about any target", run: rust::lint },
    Step {
        name: "test",
        about: "unit and integration tests; builds examples and benchmarks too",
        run: rust::test,
    },
    Step { name: "doctest", about: "the examples in the documentation", run: rust::doctest },
    Step { name: "doc", about: "the documentation builds without a warning", run: rust::doc },
    Step {
        name: "contract",
        about: "a server against its OpenAPI document, by schemathesis",
        run: contract::check,
    },
    Step { name: "python", about: "the Python SDK: lints, types, tests", run: sdk::python },
    Step { name: "go", about: "the Go SDK: lints and tests", run: sdk::go },
    Step {
        name: "javascript",
        about: "the JavaScript SDK: types, lints, tests, size",
        run: sdk::javascript,
    },
    Step {
        name: "dashboard",
        about: "the dashboard: lints, types, size, what is built in is up to date; all in Chromium",
        run: dashboard::check,
    },
    Step {
        name: "dependencies",
        about: "licences, sources, bans and known vulnerabilities, by cargo-deny",
        run: dependencies::check,
    },
    Step {
        name: "demo",
        about: "`hanami demo`, optimised: it learns to read digits",
        run: demo::check,
    },
];

#[derive(Parser)]
#[command(about, bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Runs checks and tests: all of them, or those that are named
    Test {
        /// Names of the steps to run
        #[arg(value_name = "STEP", value_parser = STEPS.iter().map(|step| step.name).collect::<Vec<_>>())]
        steps: Vec<String>,
        /// Only says which steps there are
        #[arg(long)]
        list: bool,
    },
    /// Builds the dashboard anew, for the server to have it built in; takes Node
    Dashboard,
    /// Tries a server against its OpenAPI document, longer than `test` does
    Contract {
        /// How long
        #[arg(long, default_value_t = 3600)]
        seconds: u32,
        /// What the random choices begin with
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Looks for memory errors and undefined behaviour in the network: Miri, if there is one, and the
    /// address sanitizer; takes a nightly compiler
    Sanitize,
    /// Gives the readers of bytes random ones, as the fuzzer finds them, and prints what it took as
    /// Markdown; takes a nightly compiler and cargo-fuzz
    Fuzz {
        /// Names of the targets (`fuzz/fuzz_targets`); all of them if none is named
        #[arg(value_name = "TARGET")]
        targets: Vec<String>,
        /// Cases for each target
        #[arg(long, default_value_t = 10_000_000)]
        cases: u64,
        /// With the address sanitizer: several times slower
        #[arg(long)]
        sanitized: bool,
    },
    /// Measures what the README says of speed and accuracy, and prints it as Markdown
    Measure {
        /// Runs of the bare network (seeds 1, 2, 3...) and of the demo, in turn
        #[arg(long, default_value_t = 3)]
        runs: u32,
        /// Epochs of the bare network
        #[arg(long, default_value_t = 1)]
        epochs: u32,
    },
    /// Measures how many requests the server answers and how fast, and what many websockets and
    /// many trainings at once do to it, and prints it as Markdown
    MeasureServer,
    /// Runs the benches, all of them or those that are named, and keeps their records and plots in
    /// docs/records; takes Python
    Bench {
        /// Names of the benches to run
        #[arg(value_name = "NAME", value_parser = bench::BENCHES.iter().map(|bench| bench.name).collect::<Vec<_>>())]
        names: Vec<String>,
        /// Only says which benches there are
        #[arg(long)]
        list: bool,
    },
    /// Runs a program that tries to break a server; docs/trials.md says which there are
    Trial {
        /// Keeps what it prints in docs/records
        #[arg(long)]
        record: bool,
        /// The trial
        name: String,
        /// What it is told besides
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Measures the SDKs beside each other, and prints it as Markdown; takes Go, Node and Python
    MeasureSdks {
        /// Runs of each SDK's program, in turn
        #[arg(long, default_value_t = 3)]
        runs: u32,
    },
}

fn main() -> Result<ExitCode> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    env::set_current_dir(root.context("xtask lies in the workspace's root")?)?;
    match Arguments::parse().chore {
        Chore::Test { list: true, .. } => {
            for step in STEPS {
                println!("{:<14}{}", step.name, step.about);
            }
            Ok(ExitCode::SUCCESS)
        }
        Chore::Test { steps, list: false } => Ok(test(&steps)),
        Chore::Dashboard => {
            dashboard::build()?;
            Ok(ExitCode::SUCCESS)
        }
        Chore::Contract { seconds, seed } => {
            contract::run(seconds, seed)?;
            Ok(ExitCode::SUCCESS)
        }
        Chore::Sanitize => {
            sanitize::run()?;
            Ok(ExitCode::SUCCESS)
        }
        Chore::Fuzz { targets, cases, sanitized } => {
            let build = if sanitized { fuzz::Build::Sanitized } else { fuzz::Build::Plain };
            fuzz::run(&targets, cases, build)?;
            Ok(ExitCode::SUCCESS)
        }
        Chore::Measure { runs, epochs } => {
            measure::measure(runs, epochs)?;
            Ok(ExitCode::SUCCESS)
        }
        Chore::MeasureServer => {
            measure::measure_server()?;
            Ok(ExitCode::SUCCESS)
        }
        Chore::Bench { list: true, .. } => {
            bench::list();
            Ok(ExitCode::SUCCESS)
        }
        Chore::Bench { names, list: false } => {
            bench::run(&names)?;
            Ok(ExitCode::SUCCESS)
        }
        Chore::Trial { record, name, arguments } => {
            trial::run(&name, &arguments, record)?;
            Ok(ExitCode::SUCCESS)
        }
        Chore::MeasureSdks { runs } => {
            measure_sdks::measure(runs)?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Runs the steps named, or all.
fn test(names: &[String]) -> ExitCode {
    let chosen = |step: &&Step| names.is_empty() || names.iter().any(|name| name == step.name);
    let all_passed = step::run_all(STEPS.iter().filter(chosen));
    if all_passed { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
