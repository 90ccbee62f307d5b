//! `cargo xtask deep`: what takes too long for every change, one part after the other. What came of
//! it last stands in docs/deep.md, with its date.

use crate::fuzz;
use crate::steps::{self, Step};
use anyhow::Result;
use clap::builder::PossibleValuesParser;

/// Every part. More of them: a row here, and a file in `deep/`.
const PARTS: &[Step] = &[Step {
    name: "fuzz",
    heading: "every target under libFuzzer, half an hour each (FULGURITE_FUZZ_SECONDS for another time)",
    work: fuzz::deep,
}];

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
    let asked = |part: &&Step| args.only.is_empty() || args.only.iter().any(|n| n == part.name);
    let parts: Vec<_> = PARTS.iter().filter(asked).collect();
    steps::run(&parts)
}
