//! Steps: run one after the other, timed; at the end, what the commands that failed wrote last, and a
//! summary. Whoever only sees the end of a log sees why it failed.

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::command::Failed;

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
    for report in &reports {
        if let Some(text) = why(report) {
            println!("\n{text}");
        }
    }
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

/// What the command wrote last that made a step fail; nothing if no command did.
fn why(report: &Report) -> Option<String> {
    let error = report.outcome.as_ref().err()?;
    let failed = error.chain().find_map(|cause| cause.downcast_ref::<Failed>())?;
    let Failed { command, last_lines, .. } = failed;
    Some(format!("==== {} failed; the last lines of `{command}`\n{last_lines}", report.name))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use anyhow::{Context, bail};

    use super::*;
    use crate::command::succeed;

    fn told(check: fn() -> Result<Verdict>) -> Option<String> {
        why(&run(&Step { name: "weather", about: "it is dry", run: check }))
    }

    #[test]
    fn a_step_that_failed_tells_what_its_command_wrote_last() {
        let told = told(|| {
            succeed(Command::new("sh").args(["-c", "echo rain >&2; exit 1"])).context("outside")?;
            Ok(Verdict::Passed)
        });
        let expected = "==== weather failed; the last lines of `sh -c echo rain >&2; exit 1`\nrain";
        assert_eq!(told.as_deref(), Some(expected));
    }

    #[test]
    fn without_a_command_that_failed_there_is_nothing_to_tell() {
        assert_eq!(told(|| Ok(Verdict::Passed)), None);
        assert_eq!(told(|| bail!("it rains")), None);
    }
}
