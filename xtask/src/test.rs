//! `cargo xtask test`: everything that must hold before a change goes in, as a list of steps.

mod components;
pub(crate) mod counts;

use crate::api;
use crate::bench::instructions;
use crate::browser;
use crate::pkg;
use crate::pyln;
use crate::shell;
use crate::steps::{self, Beside, Note, Step};
use crate::supply;
use crate::wasm;
use anyhow::Result;
use clap::builder::PossibleValuesParser;
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

/// Every step, cheapest answer first. The package and the browsers, more than half of the time, run
/// beside the others; so does what may install Debian packages as they do, one after the other.
const STEPS: &[Step] = &[
    here("format", "rustfmt agrees with every file", format),
    here("supply", "dependencies: source, licence, reason", supply::step),
    here("api", "core offers what docs/api.txt says", api::step),
    here("lint", "clippy has nothing to say", lint),
    here("test", "every test of the workspace", test),
    here("instructions", "no more of them than docs/benchmarks.md says", instructions::step),
    here("features", "core with no feature, and with each alone", features),
    here("docs", "documentation without warnings", docs),
    here("no-std", "core is no_std, on wasm32-unknown-unknown", no_std),
    beside("pkg", "the npm package, installed and used by Node", pkg::step),
    beside("pyln", "repaired stores, read by pyln-client", pyln::step),
    beside("browser", "the inspector in Chromium and Firefox", browser::step),
];

const fn here(name: &'static str, heading: &'static str, work: fn() -> Result<Note>) -> Step {
    Step { name, heading, work, beside: false }
}

const fn beside(name: &'static str, heading: &'static str, work: fn() -> Result<Note>) -> Step {
    Step { name, heading, work, beside: true }
}

/// Features of core that stand alone; the empty one is core with none.
const FEATURES: &[&str] = &["", "std", "json", "signatures", "words"];

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Run only these steps.
    #[arg(value_name = "STEP", value_parser = names())]
    only: Vec<String>,
    /// Write what came of them into this file too.
    #[arg(long, value_name = "FILE", hide = true)]
    outcomes: Option<PathBuf>,
}

fn names() -> PossibleValuesParser {
    STEPS.iter().map(|step| step.name).collect::<Vec<_>>().into()
}

/// Runs the steps asked for, or all.
pub(crate) fn run(args: &Args) -> Result<()> {
    let start = Instant::now();
    let asked = |step: &&Step| args.only.is_empty() || args.only.iter().any(|n| n == step.name);
    let (others, mut steps): (Vec<_>, Vec<_>) =
        STEPS.iter().filter(asked).partition(|step| step.beside);
    let mut running = None;
    if steps.is_empty() {
        steps = others;
    } else if !others.is_empty() {
        let names: Vec<&str> = others.iter().map(|step| step.name).collect();
        running = Some(Beside::start(&[&["test"], names.as_slice()].concat(), &names)?);
    }
    let mut outcomes = steps::run(&steps);
    if let Some(running) = running {
        outcomes.extend(running.finish()?);
    }
    if let Some(file) = &args.outcomes {
        steps::write(&outcomes, file)?;
    }
    steps::conclude(&outcomes, start.elapsed())
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
        command.args(["--config", "profile.test.package.fulgurite-core.opt-level=0"]);
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
