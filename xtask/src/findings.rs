//! `cargo xtask findings`: docs/findings.md and docs/releases.md, written anew from the catalogue
//! and the table of releases in core.
//!
//! Examples of the tests crate print the documents; this command puts them in place. A test of
//! that crate fails while they differ.

use crate::{native, shell};
use anyhow::{Context, Result, bail};
use std::process::Stdio;

/// Which example prints which document.
const DOCUMENTS: &[(&str, &str)] =
    &[("findings", "docs/findings.md"), ("releases", "docs/releases.md")];

/// Prints each into its place.
pub(crate) fn run() -> Result<()> {
    DOCUMENTS.iter().try_for_each(|(example, document)| write(example, document))
}

fn write(name: &str, document: &str) -> Result<()> {
    let mut example = native::example(name)?;
    shell::echo(&example);
    let output = example.stderr(Stdio::inherit()).output().context("cannot run it")?;
    shell::check(&example, output.status)?;
    if output.stdout.is_empty() {
        bail!("the example `{name}` printed nothing; {document} is left as it was");
    }
    let path = shell::root().join(document);
    let before = std::fs::read(&path).unwrap_or_default();
    if before == output.stdout {
        eprintln!("{document} is current");
        return Ok(());
    }
    std::fs::write(&path, &output.stdout).with_context(|| format!("cannot write {document}"))?;
    eprintln!("{document} written ({} bytes)", output.stdout.len());
    Ok(())
}
