//! What the demo says, and where: the story goes to standard output or, beside `--json`, to
//! standard error; progress bars go to standard error, and only if that is a terminal.

use std::{fmt::Display, io::Write};

use anstyle::Style;
use anyhow::Result;
use indicatif::{ProgressBar, ProgressStyle};

const BOLD: Style = Style::new().bold();

/// Speaks to whoever runs the demo.
pub(super) struct Voice {
    /// Whether standard output is kept for the one JSON object.
    pub(super) json: bool,
}

impl Voice {
    /// Says a heading, after an empty line.
    pub(super) fn heading(&self, text: impl Display) -> Result<()> {
        self.say(format_args!("\n{BOLD}{text}{BOLD:#}"))
    }

    /// Says a line, indented below its heading.
    pub(super) fn line(&self, text: impl Display) -> Result<()> {
        self.say(format!("  {text}").trim_end())
    }

    // Both streams leave out styles that nobody would see as such: no terminal, or NO_COLOR.
    fn say(&self, text: impl Display) -> Result<()> {
        if self.json {
            writeln!(anstream::stderr(), "{text}")?;
        } else {
            writeln!(anstream::stdout(), "{text}")?;
        }
        Ok(())
    }
}

/// A bar that fills up as `what` goes from 0 to `total`, and leaves no trace when it is dropped.
pub(super) fn progress(what: String, total: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("  {prefix}  {bar:30}  {percent:>3} %  {msg}")
        .expect("the template is correct")
        .progress_chars("█▉▊▋▌▍▎▏ ");
    ProgressBar::new(total).with_style(style).with_prefix(what)
}
