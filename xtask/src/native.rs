//! What tests and builds run of our own: the command, and the examples of `tests`.
//!
//! They are built as `cargo test --workspace` builds them, in its profile and with the features that
//! the workspace together asks of its dependencies, so that nothing is compiled once more for them.

use crate::shell;
use anyhow::{Context, Result};
use std::path::PathBuf;
use std::process::Command;

/// Builds the command, and says where it is.
pub(crate) fn program() -> Result<PathBuf> {
    // With an example, because cargo leaves out what tests ask of dependencies otherwise, and the
    // command would be another than that which `cargo test` builds.
    shell::run(&mut build(&["--bin", "fulgurite", "--example", "sample"]))?;
    built("fulgurite")
}

/// Builds the targets of the fuzzer, without one; what comes back runs them.
pub(crate) fn targets() -> Result<Command> {
    shell::run(&mut build(&["--bin", "fulgurite-fuzz", "--example", "sample"]))?;
    Ok(shell::command(built("fulgurite-fuzz")?))
}

/// Builds an example; what comes back runs it.
pub(crate) fn example(name: &str) -> Result<Command> {
    shell::run(&mut build(&["--example", name]))?;
    Ok(shell::command(built(&format!("examples/{name}"))?))
}

fn build(what: &[&str]) -> Command {
    let mut build = shell::cargo("build --quiet --workspace --profile test");
    build.args(what);
    build
}

/// Beside us, wherever the target folder is: the profile `test` shares it with `dev`.
fn built(name: &str) -> Result<PathBuf> {
    let ours = std::env::current_exe()?;
    let folder = ours.parent().context("we are in no folder")?;
    Ok(folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX)))
}
