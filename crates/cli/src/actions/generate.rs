//! Completions and manual pages, made from the arguments.

use std::{fs, path::Path};

use clap::CommandFactory;
use clap_complete::Shell;

use crate::{args::Cli, failure::Failure, output::Output};

pub(super) fn completions(shell: Shell, out: Output) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "hanamictl", &mut script);
    out.bytes(&script)
}

pub(super) fn manual(directory: &Path, out: Output) -> Result<(), Failure> {
    let written = fs::create_dir_all(directory)
        .and_then(|()| clap_mangen::generate_to(Cli::command(), directory));
    written.map_err(|error| Failure::file("write into", directory, &error))?;
    out.done(&format!("wrote the manual pages into {}", directory.display()))
}
