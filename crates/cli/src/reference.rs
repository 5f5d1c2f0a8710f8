//! `docs/cli.md`, written from the arguments.

use std::path::Path;

use clap::{Command, CommandFactory};

use crate::args::Cli;

/// Level of the heading of `hanamictl` itself.
const FIRST_LEVEL: usize = 3;
const PATH: &str = "../../docs/cli.md";
/// Ends the part of the page that is written by hand.
const MARK: &str = "<!-- From here on written from the arguments: UPDATE_CLI=1 cargo test -p hanamictl reference -->\n";

#[test]
fn the_page_is_what_the_arguments_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(PATH);
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    let (by_hand, _) = written.split_once(MARK).unwrap_or((&written, ""));
    let page = format!("{by_hand}{MARK}{}", reference());
    if std::env::var_os("UPDATE_CLI").is_some() {
        std::fs::write(&path, &page).unwrap();
        return;
    }
    assert!(
        written == page,
        "docs/cli.md is not what the arguments say; write it anew with\n    \
         UPDATE_CLI=1 cargo test -p hanamictl reference\nand review the difference"
    );
}

fn reference() -> String {
    let mut command = Cli::command().term_width(100);
    command.build();
    let mut page = String::new();
    section(&mut page, &command, FIRST_LEVEL);
    page
}

/// The help of a command, then of those below it. What holds for all is told once.
fn section(page: &mut String, command: &Command, level: usize) {
    let global = |argument: &clap::Arg| argument.is_global_set() || argument.get_id() == "help";
    let mut shown = command.clone().disable_help_subcommand(true);
    if level > FIRST_LEVEL {
        shown = shown
            .mut_args(|argument| if global(&argument) { argument.hide(true) } else { argument });
    }
    let name = shown.get_bin_name().unwrap_or(shown.get_name()).to_owned();
    let help = shown.render_long_help().to_string();
    let lines: Vec<_> = help.lines().map(str::trim_end).collect();
    let (marks, help) = ("#".repeat(level), lines.join("\n"));
    page.push_str(&["\n", &marks, " ", &name, "\n\n```text\n", help.trim(), "\n```\n"].concat());
    for below in command.get_subcommands().filter(|below| below.get_name() != "help") {
        section(page, below, level + 1);
    }
}
