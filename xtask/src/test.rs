//! `cargo xtask test`: everything that must hold before a change goes in, as a list of steps.

mod components;
mod counts;

use crate::api;
use crate::browser;
use crate::pkg;
use crate::pyln;
use crate::shell;
use crate::steps::{self, Note, Step};
use crate::supply;
use crate::wasm;
use anyhow::Result;
use clap::builder::PossibleValuesParser;
use std::process::Command;

/// Every step, cheapest answer first.
const STEPS: &[Step] = &[
    Step { name: "format", heading: "rustfmt agrees with every file", work: format },
    Step { name: "supply", heading: "dependencies: source, licence, reason", work: supply::step },
    Step { name: "api", heading: "core offers what docs/api.txt says", work: api::step },
    Step { name: "lint", heading: "clippy has nothing to say", work: lint },
    Step { name: "test", heading: "every test of the workspace", work: test },
    Step { name: "features", heading: "core with no feature, and with each alone", work: features },
    Step { name: "docs", heading: "documentation without warnings", work: docs },
    Step { name: "no-std", heading: "core is no_std, on wasm32-unknown-unknown", work: no_std },
    Step { name: "pkg", heading: "the npm package, installed and used by Node", work: pkg::step },
    Step { name: "pyln", heading: "repaired stores, read by pyln-client", work: pyln::step },
    Step { name: "browser", heading: "the inspector in Chromium and Firefox", work: browser::step },
];

/// Features of core that stand alone; the empty one is core with none.
const FEATURES: &[&str] = &["", "std", "json", "signatures", "words"];

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Run only these steps.
    #[arg(value_name = "STEP", value_parser = names())]
    only: Vec<String>,
}

fn names() -> PossibleValuesParser {
    STEPS.iter().map(|step| step.name).collect::<Vec<_>>().into()
}

/// Runs the steps asked for, or all.
pub(crate) fn run(args: &Args) -> Result<()> {
    let asked = |step: &&Step| args.only.is_empty() || args.only.iter().any(|n| n == step.name);
    let steps: Vec<_> = STEPS.iter().filter(asked).collect();
    steps::run(&steps)
}

fn format() -> Result<Note> {
    components::need("fmt", "rustfmt")?;
    shell::run(&mut shell::cargo("fmt --all --check"))?;
    Ok(Note::new())
}

fn lint() -> Result<Note> {
    components::need("clippy", "clippy")?;
    shell::run(&mut shell::cargo("clippy --workspace --all-targets -- -D warnings"))?;
    Ok(Note::new())
}

fn test() -> Result<Note> {
    let counts = counts::run(&mut shell::cargo("test --workspace --no-fail-fast"))?;
    Ok(counts.to_string())
}

fn features() -> Result<Note> {
    let mut total = counts::Counts::default();
    for feature in FEATURES {
        let mut command = with_feature("test", feature);
        // Compiling is what takes long here, not running.
        command.env("CARGO_PROFILE_TEST_OPT_LEVEL", "0");
        total += counts::run(&mut command)?;
    }
    Ok(format!("{total} in {} sets of features", FEATURES.len()))
}

/// A cargo command on core with one feature, or with none.
fn with_feature(subcommand: &str, feature: &str) -> Command {
    let mut command = shell::cargo(subcommand);
    command.args(["-p", "fulgurite-core", "--no-default-features"]);
    if !feature.is_empty() {
        command.args(["--features", feature]);
    }
    command
}

fn docs() -> Result<Note> {
    let mut command = shell::cargo("doc --workspace --no-deps");
    command.env("RUSTDOCFLAGS", "-D warnings");
    shell::run(&mut command)?;
    Ok(Note::new())
}

fn no_std() -> Result<Note> {
    wasm::no_std()
}
