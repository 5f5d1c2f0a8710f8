//! Other programs.

use std::{
    env,
    io::{self, IsTerminal, Read, Write},
    process::{Command, ExitStatus, Stdio},
    thread,
};

use anyhow::{Context, Result, anyhow};

/// Bytes of what a program has written that are kept, at least.
const KEPT: usize = 32 << 10;

/// Lines of it that are told when it has failed.
const TOLD: usize = 60;

/// A program did not end well.
#[derive(Debug)]
pub(crate) struct Failed {
    /// The program and its arguments.
    pub(crate) command: String,
    /// How it ended.
    status: ExitStatus,
    /// The last lines that it has written.
    pub(crate) last_lines: String,
}

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}` ended with {}", self.command, self.status)
    }
}

impl std::error::Error for Failed {}

/// The cargo that runs this.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).stdin(Stdio::null());
    command
}

/// Runs a command to its end; an error if it does not end well. All that it writes goes to standard
/// output.
pub(crate) fn succeed(command: &mut Command) -> Result<()> {
    let shown = announce(command);
    let cant = || format!("can't run `{shown}`");
    let (reader, writer) = io::pipe().with_context(cant)?;
    command.stdout(writer.try_clone().with_context(cant)?).stderr(writer);
    colour(command);
    let child = command.spawn();
    // The pipe ends when nobody can write to it any more.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = child.with_context(cant)?;
    let last_lines = pass_on(reader, io::stdout()).with_context(cant)?;
    check(shown.clone(), child.wait().with_context(cant)?, last_lines)
}

/// Runs a command to its end and returns what it wrote to standard output.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let shown = announce(command);
    let cant = || format!("can't run `{shown}`");
    let (reader, writer) = io::pipe().with_context(cant)?;
    let child = command.stdout(Stdio::piped()).stderr(writer).spawn();
    command.stderr(Stdio::null());
    let child = child.with_context(cant)?;
    let errors = thread::spawn(|| pass_on(reader, io::stderr()));
    let output = child.wait_with_output().with_context(cant)?;
    let last_lines = errors.join().map_err(|_| anyhow!("{}", cant()))?.with_context(cant)?;
    check(shown.clone(), output.status, last_lines)?;
    String::from_utf8(output.stdout).with_context(|| format!("`{shown}` printed no text"))
}

/// Writes on what comes out of `reader` as it comes, and returns the last lines.
fn pass_on(mut reader: impl Read, mut to: impl Write) -> io::Result<String> {
    let mut kept = Vec::new();
    let mut piece = [0; 8192];
    loop {
        let length = reader.read(&mut piece)?;
        if length == 0 {
            return Ok(last_lines(&kept));
        }
        to.write_all(&piece[..length])?;
        to.flush()?;
        kept.extend_from_slice(&piece[..length]);
        if kept.len() > 2 * KEPT {
            kept.drain(..kept.len() - KEPT);
        }
    }
}

/// The last lines of what was written. Of a line that was written over, what it was in the end.
fn last_lines(written: &[u8]) -> String {
    let text = String::from_utf8_lossy(written);
    let lines: Vec<&str> =
        text.lines().map(|line| line.rsplit('\r').next().unwrap_or_default()).collect();
    lines[lines.len().saturating_sub(TOLD)..].join("\n")
}

fn check(command: String, status: ExitStatus, last_lines: String) -> Result<()> {
    if status.success() { Ok(()) } else { Err(Failed { command, status, last_lines }.into()) }
}

/// Lets a program write in colours if someone looks on: it can't see that itself.
fn colour(command: &mut Command) {
    if io::stdout().is_terminal() {
        command.env("CARGO_TERM_COLOR", "always").env("FORCE_COLOR", "1");
    }
}

/// Says what will be run.
fn announce(command: &Command) -> String {
    let arguments = command.get_args().map(|word| word.to_string_lossy());
    let program = command.get_program().to_string_lossy();
    let name = program.rsplit('/').next().unwrap_or_default().to_owned();
    let shown = [name.into()].into_iter().chain(arguments).collect::<Vec<_>>().join(" ");
    println!("$ {shown}");
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    fn failure(error: &anyhow::Error) -> &Failed {
        error.downcast_ref().unwrap()
    }

    #[test]
    fn a_failure_keeps_the_last_lines_of_both_outputs_in_their_order() {
        let script = "seq 100; echo why >&2; printf '1%%\\r99%%\\n'; exit 3";
        let error = succeed(&mut shell(script)).unwrap_err();
        let lines: Vec<&str> = failure(&error).last_lines.lines().collect();
        assert_eq!(lines.len(), TOLD);
        assert_eq!((lines[0], &lines[57..]), ("43", &["100", "why", "99%"][..]));
        assert!(error.to_string().ends_with("exit status: 3"), "{error}");
    }

    #[test]
    fn of_long_outputs_only_the_end_is_kept() {
        let written = format!("{}end\n", "a line\n".repeat(100_000));
        let told = pass_on(written.as_bytes(), io::sink()).unwrap();
        assert!(told.ends_with("a line\nend") && told.lines().count() == TOLD, "{told}");
    }

    #[test]
    fn what_was_printed_is_returned_and_what_went_wrong_is_kept() {
        assert_eq!(output(&mut shell("echo printed; echo told >&2")).unwrap(), "printed\n");
        let error = output(&mut shell("echo printed; echo why >&2; exit 1")).unwrap_err();
        assert_eq!(failure(&error).last_lines, "why");
    }

    #[test]
    fn a_program_that_is_not_there_is_an_error() {
        let error = succeed(&mut Command::new("/no/such/program")).unwrap_err();
        assert!(error.to_string().contains("can't run `program`"), "{error}");
    }
}
