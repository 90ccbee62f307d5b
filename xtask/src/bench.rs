//! `cargo xtask bench`: a full check beside its floors, in one run, or the verification of
//! signatures beside the library's bare loop; or instructions, which are the same in every run.

mod history;
pub(crate) mod instructions;
mod times;

use crate::{demo, shell};
use anyhow::Result;
use clap::{Args as ClapArgs, ValueEnum};

/// What to time.
#[derive(ClapArgs)]
pub(crate) struct Args {
    /// What is measured.
    #[arg(value_enum, default_value = "check")]
    what: What,
    /// The cases of `check`: unsigned, signed, dead (four dead records for each live one), five
    /// (five networks), large, cold (large, nothing of it in memory; root). Without any all but
    /// the last. Inputs are made once, in target/bench.
    #[arg(value_name = "CASE")]
    cases: Vec<String>,
    /// The size of `large` in gigabytes.
    #[arg(long, default_value_t = 5)]
    gigabytes: u32,
    /// Rounds of `check`; three times as many for small inputs.
    #[arg(long, default_value_t = 5)]
    rounds: u32,
    /// With `check` or `instructions`: write the figures to docs/benchmarks.md.
    #[arg(long)]
    save: bool,
    /// With `check`: what runs each case, such as "chrt -r 10".
    #[arg(long, value_name = "COMMAND")]
    through: Option<String>,
    /// With `check --save`: what has changed, for the row of today in the history.
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum What {
    /// The full check of large stores.
    Check,
    /// All signatures of a store of mainnet's size.
    Signatures,
    /// The instructions of the command for fixed inputs, beside those of docs/benchmarks.md.
    Instructions,
}

/// Builds the command and times it.
pub(crate) fn run(args: &Args) -> Result<()> {
    match args.what {
        What::Check => times::run(args),
        What::Instructions => instructions::run(args.save),
        What::Signatures => {
            shell::run(&mut shell::cargo("build --quiet --release -p fulgurite"))?;
            let run = "run --quiet --release -p fulgurite-tests --example bench_signatures --";
            let mut bench = shell::cargo(run);
            shell::run(bench.env("FULGURITE", demo::program()).arg("target/bench"))
        }
    }
}
