//! `cargo xtask`: the one task runner of the workspace.
//!
//! One file per command (`test`, `demo`, `fuzz`, `api`, …), over two shared ones: [`shell`] runs other
//! programs, [`steps`] runs a list of named steps and tells how each went. Nothing here is
//! shipped; nothing here knows what a gossip_store is.

mod api;
mod bench;
mod browser;
mod deep;
mod demo;
mod dist;
mod findings;
mod fuzz;
mod inspector;
mod native;
mod pkg;
mod publish;
mod pyln;
mod serve;
mod shell;
mod steps;
mod supply;
mod test;
mod wasm;

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Tasks of the Fulgurite workspace.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Check everything: format, lints, tests, features, documentation, the no_std build.
    Test(test::Args),
    /// Make a damaged store and diagnose it in this terminal.
    Demo,
    /// Time a full check beside its floors.
    Bench(bench::Args),
    /// Build the npm package into target/pkg.
    Pkg(pkg::Args),
    /// Build the inspector into dist/fulgurite.html.
    Inspector(inspector::Args),
    /// Serve the inspector on this machine.
    Serve(serve::Args),
    /// Test the inspector in Chromium and Firefox.
    Browser(browser::Args),
    /// Look for inputs for which something does not hold that must: the targets of tests/fuzz.
    Fuzz(fuzz::Args),
    /// What takes hours: coverage, mutants, foreign machines, Miri, long fuzzing.
    Deep(deep::Args),
    /// Build what a release hands out into dist/, with SHA-256 sums.
    Dist(dist::Args),
    /// Pack both crates as for crates.io and build what was packed; nothing is sent.
    Publish,
    /// Write docs/api.txt anew: what core offers.
    Api,
    /// Check where dependencies come from, their licences, and that ours are explained.
    Supply,
    /// Write docs/findings.md and docs/releases.md anew from core's catalogue and table.
    Findings,
}

fn main() -> ExitCode {
    match run(&Args::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: &Command) -> Result<()> {
    match command {
        Command::Test(args) => test::run(args),
        Command::Demo => demo::run(),
        Command::Bench(args) => bench::run(args),
        Command::Pkg(args) => pkg::run(args),
        Command::Inspector(args) => inspector::run(args),
        Command::Serve(args) => serve::run(args),
        Command::Browser(args) => browser::run(args),
        Command::Fuzz(args) => fuzz::run(args),
        Command::Deep(args) => deep::run(args),
        Command::Dist(args) => dist::run(args),
        Command::Publish => publish::run(),
        Command::Api => api::run(),
        Command::Supply => supply::run(),
        Command::Findings => findings::run(),
    }
}
