//! What cargo itself can check.

use anyhow::Result;

use crate::{
    command::{cargo, succeed},
    step::Verdict,
};

pub(crate) fn format() -> Result<Verdict> {
    passes(&["fmt", "--all", "--check"])
}

pub(crate) fn lint() -> Result<Verdict> {
    passes(&["clippy", "--workspace", "--all-targets", "--locked", "--", "--deny", "warnings"])
}

pub(crate) fn test() -> Result<Verdict> {
    passes(&["test", "--workspace", "--all-targets", "--locked"])
}

pub(crate) fn doctest() -> Result<Verdict> {
    passes(&["test", "--workspace", "--doc", "--locked"])
}

pub(crate) fn doc() -> Result<Verdict> {
    let arguments = ["doc", "--workspace", "--no-deps", "--locked"];
    succeed(cargo(&arguments).env("RUSTDOCFLAGS", "--deny warnings"))?;
    Ok(Verdict::Passed)
}

fn passes(arguments: &[&str]) -> Result<Verdict> {
    succeed(&mut cargo(arguments))?;
    Ok(Verdict::Passed)
}
