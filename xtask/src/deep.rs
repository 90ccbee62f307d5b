//! `cargo xtask deep`: what takes too long for every change, one part after the other. What came of
//! it last stands in docs/deep.md, with its date.

mod coverage;
mod foreign;
mod miri;
mod mutants;

use crate::fuzz;
use crate::steps::{self, Note, Step};
use anyhow::Result;
use clap::builder::PossibleValuesParser;
use std::time::Instant;

/// Every part. More of them: a row here, and a file in `deep/`.
const PARTS: &[Step] = &[
    part("coverage", "the lines of core that tests run", coverage::step),
    part("foreign", "core's tests on a machine of 32 bits and a big-endian one", foreign::step),
    part("miri", "core's tests under Miri", miri::step),
    part(
        "fuzz",
        "every target under libFuzzer, half an hour each (FULGURITE_FUZZ_SECONDS for another time)",
        fuzz::deep,
    ),
    part(
        "mutants",
        "which mistakes the tests would notice (hours; FULGURITE_MUTANTS, FULGURITE_MUTANTS_SHARD)",
        mutants::step,
    ),
];

const fn part(name: &'static str, heading: &'static str, work: fn() -> Result<Note>) -> Step {
    Step { name, heading, work, beside: false }
}

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Run only these parts.
    #[arg(value_name = "PART", value_parser = names())]
    only: Vec<String>,
}

fn names() -> PossibleValuesParser {
    PARTS.iter().map(|part| part.name).collect::<Vec<_>>().into()
}

/// Runs the parts asked for, or all.
pub(crate) fn run(args: &Args) -> Result<()> {
    let start = Instant::now();
    let asked = |part: &&Step| args.only.is_empty() || args.only.iter().any(|n| n == part.name);
    let parts: Vec<_> = PARTS.iter().filter(asked).collect();
    steps::conclude(&steps::run(&parts), start.elapsed())
}
