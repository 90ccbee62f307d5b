//! `cargo xtask bench`: a full check beside its floors, in one run, or the verification of
//! signatures beside the library's bare loop; or instructions, which are the same in every run.

mod instructions;

use crate::{demo, shell};
use anyhow::Result;
use clap::{Args as ClapArgs, ValueEnum};

/// What to time.
#[derive(ClapArgs)]
pub(crate) struct Args {
    /// The case.
    #[arg(value_enum, default_value = "check")]
    case: Case,
    /// The size of the input of `check` in gigabytes; it is made once, in target/bench.
    #[arg(long, default_value_t = 5)]
    gigabytes: u32,
    /// With `instructions`: write the figures to docs/benchmarks.md.
    #[arg(long)]
    save: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Case {
    /// A full check of a large store.
    Check,
    /// All signatures of a store of mainnet's size.
    Signatures,
    /// The instructions of the command for fixed inputs, beside those of docs/benchmarks.md.
    Instructions,
}

/// Builds the command and times it.
pub(crate) fn run(args: &Args) -> Result<()> {
    let example = match args.case {
        Case::Check => "bench",
        Case::Signatures => "bench_signatures",
        Case::Instructions => return instructions::run(args.save),
    };
    shell::run(&mut shell::cargo("build --quiet --release -p fulgurite"))?;
    let run = format!("run --quiet --release -p fulgurite-tests --example {example} --");
    let mut bench = shell::cargo(&run);
    bench.env("FULGURITE", demo::program()).arg("target/bench");
    if matches!(args.case, Case::Check) {
        bench.arg(args.gigabytes.to_string());
    }
    shell::run(&mut bench)
}
