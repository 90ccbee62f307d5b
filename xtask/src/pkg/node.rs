//! Node, and the tests that it runs: pkg/test, on the package as it is in target/pkg.

use crate::steps::Note;
use crate::wasm::debian;
use crate::{native, shell};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::Path;
use std::process::Stdio;

/// Files made from the fixtures by chance, the same in every run: whose, and how many.
const CHANGED: &[(&str, &str)] = &[
    ("scan_chunks", "400"),
    ("bolt", "200"),
    ("sqlite", "200"),
    ("pgdump", "100"),
    ("bucket_dump", "200"),
];

/// Sees that Node and npm are there.
pub(super) fn need() -> Result<()> {
    if ready() {
        return Ok(());
    }
    if !debian::possible() {
        bail!("Node 20 or later with npm is missing; on Debian run `apt-get install nodejs npm`");
    }
    debian::install_packages(&["nodejs", "npm"])?;
    if !ready() {
        bail!("nodejs and npm are installed, but do not run");
    }
    Ok(())
}

fn ready() -> bool {
    let runs = |program| shell::quietly(shell::command(program).arg("--version")).is_some();
    runs("node") && runs("npm")
}

/// Runs the tests against the native command, on every fixture.
pub(super) fn test(folder: &Path) -> Result<Note> {
    let fixtures = folder.join("fixtures");
    shell::run(native::example("fixtures")?.arg(&fixtures))?;
    let native = native::program()?;
    for (target, count) in CHANGED {
        let mut targets = native::targets()?;
        let changed = folder.join("fixtures/changed").join(target);
        shell::run(targets.args(["changed", target, count]).arg(changed))?;
    }

    let mut tests = Vec::new();
    for entry in fs::read_dir(shell::root().join("pkg/test"))? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(".test.mjs") {
            tests.push(path);
        }
    }
    tests.sort();
    let mut node = shell::command("node");
    node.args(["--test", "--test-reporter=tap"]).args(tests);
    node.env("FULGURITE_PKG", folder).env("FULGURITE_NATIVE", native);
    shell::echo(&node);
    let output = node.stderr(Stdio::inherit()).output().context("cannot run node")?;
    let tap = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() {
        eprint!("{tap}");
    }
    shell::check(&node, output.status)?;
    let passed = tap.lines().find_map(|line| line.strip_prefix("# pass ")).unwrap_or("no");
    Ok(format!("{passed} tests in Node"))
}
