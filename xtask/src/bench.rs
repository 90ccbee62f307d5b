//! `cargo xtask bench`: a full check beside its floors, in one run.

use crate::{demo, shell};
use anyhow::Result;
use clap::Args as ClapArgs;

/// What to time.
#[derive(ClapArgs)]
pub(crate) struct Args {
    /// The size of the input in gigabytes; it is made once, in target/bench.
    #[arg(long, default_value_t = 5)]
    gigabytes: u32,
}

/// Builds the command and times it.
pub(crate) fn run(args: &Args) -> Result<()> {
    shell::run(&mut shell::cargo("build --quiet --release -p fulgurite"))?;
    let mut bench = shell::cargo("run --quiet --release -p fulgurite-tests --example bench --");
    bench.env("FULGURITE", demo::program());
    shell::run(bench.arg("target/bench").arg(args.gigabytes.to_string()))
}
