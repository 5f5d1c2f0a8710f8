//! Steps: run one after the other, timed, with a summary at the end.

use std::time::{Duration, Instant};

use anyhow::Result;

/// One thing that is checked.
pub(crate) struct Step {
    /// What to call it by.
    pub(crate) name: &'static str,
    /// What holds if it passes.
    pub(crate) about: &'static str,
    /// Checks it.
    pub(crate) run: fn() -> Result<Verdict>,
}

/// What a step that did not fail found.
pub(crate) enum Verdict {
    /// All is well.
    Passed,
    /// A part could not be checked here; why, and what that means.
    Incomplete(String),
}

struct Report {
    name: &'static str,
    outcome: Result<Verdict>,
    time: Duration,
}

/// Runs `steps`, all of them even if one fails; says whether none failed.
pub(crate) fn run_all<'a>(steps: impl Iterator<Item = &'a Step>) -> bool {
    let reports: Vec<Report> = steps.map(run).collect();
    println!("\n==== summary");
    for report in &reports {
        let (word, detail) = match &report.outcome {
            Ok(Verdict::Passed) => ("ok", String::new()),
            Ok(Verdict::Incomplete(reason)) => ("INCOMPLETE", reason.clone()),
            Err(error) => ("FAILED", format!("{error:#}")),
        };
        let seconds = report.time.as_secs_f64();
        let line = format!("{word:<11}{:<14}{seconds:>7.1} s  {detail}", report.name);
        println!("{}", line.trim_end());
    }
    let failed = reports.iter().filter(|report| report.outcome.is_err()).count();
    println!("steps: {} passed, {failed} failed", reports.len() - failed);
    failed == 0
}

fn run(step: &Step) -> Report {
    println!("\n==== {}: {}", step.name, step.about);
    let start = Instant::now();
    let outcome = (step.run)();
    let time = start.elapsed();
    match &outcome {
        Ok(Verdict::Passed) => println!("---- ok, {:.1} s", time.as_secs_f64()),
        Ok(Verdict::Incomplete(reason)) => println!("---- INCOMPLETE: {reason}"),
        Err(error) => println!("---- FAILED: {error:#}"),
    }
    Report { name: step.name, outcome, time }
}
