//! `cargo xtask findings`: docs/findings.md, written anew from the catalogue in core.
//!
//! The example `findings` of the tests crate prints the document; this command puts it in place.
//! A test of that crate fails while the two differ.

use crate::shell;
use anyhow::{Context, Result, bail};
use std::process::Stdio;

const DOCUMENT: &str = "docs/findings.md";

/// Prints the catalogue into its place.
pub(crate) fn run() -> Result<()> {
    let mut example = shell::cargo("run --quiet -p fulgurite-tests --example findings");
    shell::echo(&example);
    let output = example.stderr(Stdio::inherit()).output().context("cannot run cargo")?;
    shell::check(&example, output.status)?;
    if output.stdout.is_empty() {
        bail!("the example `findings` printed nothing; {DOCUMENT} is left as it was");
    }
    let path = shell::root().join(DOCUMENT);
    let before = std::fs::read(&path).unwrap_or_default();
    if before == output.stdout {
        eprintln!("{DOCUMENT} is current");
        return Ok(());
    }
    std::fs::write(&path, &output.stdout).with_context(|| format!("cannot write {DOCUMENT}"))?;
    eprintln!("{DOCUMENT} written ({} bytes)", output.stdout.len());
    Ok(())
}
