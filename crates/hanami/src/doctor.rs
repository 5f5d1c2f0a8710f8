//! `hanami doctor`: whether everything in a data directory is sound.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use hanami_engine::{Examination, Finding, Severity};
use indicatif::HumanBytes;
use serde_json::json;

use crate::progress;

const EXAMPLES: &str = "\
Examples:
  hanami doctor
      Look at everything in ./hanami-data.
  hanami doctor --data-dir /var/lib/hanami --json
      The same for a program.

Nothing is changed. Beside a running server, leftover files and torn ends of journals are not told, as
they come and go then.

Exit codes:
  0  everything is sound
  1  something is wrong
  2  the directory can't be looked at";

/// What the process ends with when something is wrong.
const WRONG: u8 = 1;
/// What it ends with when it could not look.
const NO_LOOK: u8 = 2;

/// Arguments of `hanami doctor`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The data directory
    #[arg(long, value_name = "DIR", env = "HANAMI_DATA_DIR", default_value = "hanami-data")]
    data_dir: PathBuf,
    /// Print the report as one JSON object
    #[arg(long)]
    json: bool,
}

/// Looks, and prints the report.
pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let bar = progress::bytes("Doctor");
    let looked =
        hanami_engine::examine(&args.data_dir, |done, total| progress::show(&bar, done, total));
    let looked = looked.await;
    bar.finish_and_clear();
    match looked {
        Ok(report) => {
            if print(&args, &report).is_err() {
                // Nobody has seen what was found.
                return Ok(NO_LOOK.into());
            }
            Ok(if report.is_sound() { ExitCode::SUCCESS } else { WRONG.into() })
        }
        Err(error) if args.json => {
            let error = error.to_string();
            writeln!(std::io::stdout(), "{}", json!({"sound": false, "error": error}))?;
            Ok(NO_LOOK.into())
        }
        Err(error) => {
            let directory = args.data_dir.display();
            writeln!(std::io::stderr(), "Error: {directory} can't be looked at: {error}")?;
            Ok(NO_LOOK.into())
        }
    }
}

fn print(args: &Args, report: &Examination) -> anyhow::Result<()> {
    if args.json {
        let mut object = serde_json::to_value(report)?;
        object["sound"] = report.is_sound().into();
        writeln!(std::io::stdout(), "{object}")?;
        return Ok(());
    }
    let mut out = anstream::stdout();
    writeln!(out, "{}", args.data_dir.display())?;
    if report.in_use {
        writeln!(out, "  a server runs on it: leftover files are not looked for")?;
    }
    for (kind, count) in &report.counts {
        writeln!(out, "  {kind:<16}{count:>8}")?;
    }
    writeln!(out, "  {:<16}{:>8}", "looked at", HumanBytes(report.bytes))?;
    writeln!(out, "  {:<16}{:>8}", "free on disk", HumanBytes(report.free_bytes))?;
    for finding in &report.findings {
        print_finding(&mut out, finding)?;
    }
    let problems =
        report.findings.iter().filter(|finding| finding.severity == Severity::Problem).count();
    match problems {
        0 => writeln!(out, "\nEverything is sound.")?,
        1 => writeln!(out, "\n1 problem was found.")?,
        _ => writeln!(out, "\n{problems} problems were found.")?,
    }
    Ok(())
}

fn print_finding(out: &mut impl Write, finding: &Finding) -> anyhow::Result<()> {
    let (word, colour) = match finding.severity {
        Severity::Problem => ("problem", AnsiColor::Red),
        Severity::Note => ("note", AnsiColor::Yellow),
    };
    let style = Style::new().bold().fg_color(Some(colour.into()));
    writeln!(out, "\n{style}{word}{style:#}: {}", finding.what)?;
    if let Some(thing) = &finding.subject {
        writeln!(out, "  in      {} '{}' ({})", thing.kind, thing.name, thing.uuid)?;
        writeln!(out, "  of      {} in the project {}", thing.owner, thing.project)?;
    }
    if let Some(file) = &finding.file {
        writeln!(out, "  file    {}", file.display())?;
    }
    writeln!(out, "  do      {}", finding.advice)?;
    Ok(())
}
