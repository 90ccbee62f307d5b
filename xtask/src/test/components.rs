//! rustfmt and clippy: there already, or added by rustup, or one line that says what to run.

use crate::shell;
use anyhow::{Context, Result};
use std::time::Duration;

/// How long rustup may take to download a component.
const LIMIT: Duration = Duration::from_mins(2);

/// Makes sure that `cargo <subcommand>`, which is rustup's `component`, can be run.
pub(crate) fn need(subcommand: &str, component: &str) -> Result<()> {
    if shell::quietly(shell::cargo(subcommand).arg("--version")).is_some() {
        return Ok(());
    }
    let mut add = shell::command("rustup");
    add.args(["component", "add", component]);
    shell::run_within(&mut add, LIMIT)
        .with_context(|| format!("{component} is missing: run `rustup component add {component}`"))
}
