//! Which mistakes the tests would notice: cargo-mutants puts one after the other into a room of
//! core, and the tests that hold the room run each time.
//!
//! First those in core itself, which are built and run in seconds; what they let through is tried
//! again with the rooms' programs in `tests/`. Both run in a copy of the tree with a folder of its
//! own for what is compiled, incrementally and without optimisation. All mutants take hours:
//! `FULGURITE_MUTANTS=lnd::migration` picks a room, `FULGURITE_MUTANTS_SHARD=3/16` every sixteenth
//! mutant from the fourth on.

use crate::shell;
use crate::steps::Note;
use anyhow::{Context, Result, bail};
use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Everything that comes of it; what is missed stands in `mutants.out/missed.txt` of each room.
const FOLDER: &str = "target/mutants";

/// A test that takes longer than this, in seconds, runs in a circle. A machine may be busy.
const LIMIT: &str = "120";

/// A room, and what holds it.
struct Room {
    name: &'static str,
    files: &'static [&'static str],
    /// Arguments of `cargo test` for the tests in core.
    near: &'static str,
    /// And for those in `tests/`.
    far: &'static str,
}

const ROOMS: &[Room] = &[
    Room {
        name: "gossip",
        files: &["core/src/gossip/**/*.rs"],
        near: "--lib gossip::",
        far: "--test gossip",
    },
    Room {
        name: "lnd::migration",
        files: &["core/src/lnd/migration.rs", "core/src/lnd/migration/**/*.rs"],
        near: "--lib lnd::migration",
        far: "--test lnd",
    },
];

/// What became of the mutants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Count {
    caught: usize,
    missed: usize,
    /// Ran longer than the limit: somebody would notice.
    timeout: usize,
    /// Did not compile.
    unviable: usize,
}

/// Runs the rooms asked for, or all.
pub(super) fn step() -> Result<Note> {
    let found = shell::quietly(&mut shell::cargo("mutants --version"));
    if found.is_none() {
        bail!("cargo-mutants is missing: run `cargo install cargo-mutants --locked`");
    }
    let asked = env::var("FULGURITE_MUTANTS").ok();
    let rooms = ROOMS.iter().filter(|room| asked.as_ref().is_none_or(|name| name == room.name));
    let notes: Vec<String> = rooms.map(run).collect::<Result<_>>()?;
    if notes.is_empty() {
        bail!(
            "FULGURITE_MUTANTS is none of {}",
            ROOMS.iter().map(|room| room.name).collect::<Vec<_>>().join(", ")
        );
    }
    Ok(notes.join("; "))
}

fn run(room: &Room) -> Result<String> {
    let folder = shell::root().join(FOLDER).join(room.name.replace("::", "-"));
    fs::create_dir_all(&folder)?;
    let out = folder.join("mutants.out");
    pass(room, &folder, &["--test-package=fulgurite-core"], room.near)?;
    let mut sum = read(&out)?;
    if sum.missed > 0 {
        // What was caught before is skipped.
        pass(room, &folder, &["--iterate", "--test-package=fulgurite-tests"], room.far)?;
        sum = together(sum, read(&out)?);
    }
    for missed in lines(&out, "missed.txt")? {
        println!("missed: {missed}");
    }
    Ok(told(room.name, sum))
}

/// One run of cargo-mutants. It fails where something was missed, which is not ours to mind.
fn pass(room: &Room, folder: &Path, options: &[&str], tests: &str) -> Result<()> {
    let mut mutants = shell::cargo("mutants --package=fulgurite-core --no-shuffle --colors=never");
    mutants.args(room.files.iter().map(|file| format!("--file={file}")));
    mutants.arg(format!("--timeout={LIMIT}")).arg("--output").arg(folder).args(options);
    if let Ok(shard) = env::var("FULGURITE_MUTANTS_SHARD") {
        mutants.args(["--sharding=round-robin", "--shard", &shard]);
    }
    mutants.arg("--").args(tests.split(' '));
    cheap(&mut mutants);
    let status = shell::status(&mut mutants)?;
    match status.code() {
        // All were caught; some were missed; some took too long.
        Some(0 | 2 | 3) => Ok(()),
        _ => bail!("cargo-mutants failed ({status})"),
    }
}

/// What is compiled is kept from run to run, and only what a mutant changes is compiled anew.
fn cheap(command: &mut Command) {
    command.env("CARGO_TARGET_DIR", shell::root().join(FOLDER).join("build"));
    command.env("CARGO_INCREMENTAL", "1");
    for profile in ["DEV", "TEST"] {
        command.env(format!("CARGO_PROFILE_{profile}_OPT_LEVEL"), "0");
        command.env(format!("CARGO_PROFILE_{profile}_DEBUG"), "0");
    }
}

fn lines(out: &Path, name: &str) -> Result<Vec<String>> {
    let text = fs::read_to_string(out.join(name)).with_context(|| format!("{name} of mutants"))?;
    Ok(text.lines().map(str::to_owned).collect())
}

fn read(out: &Path) -> Result<Count> {
    let count = |name| lines(out, name).map(|lines| lines.len());
    Ok(Count {
        caught: count("caught.txt")?,
        missed: count("missed.txt")?,
        timeout: count("timeout.txt")?,
        unviable: count("unviable.txt")?,
    })
}

/// Both passes: what the first missed, or what ran too long in it, the second decided.
fn together(first: Count, second: Count) -> Count {
    Count {
        caught: first.caught + second.caught,
        missed: second.missed,
        timeout: second.timeout,
        unviable: first.unviable + second.unviable,
    }
}

/// Whoever runs in a circle is caught; whoever does not compile does not count.
fn told(name: &str, count: Count) -> String {
    let Count { caught, missed, timeout, unviable } = count;
    let (noticed, all) = (caught + timeout, caught + timeout + missed);
    let hundredths = noticed * 10_000 / all.max(1);
    format!(
        "{name}: {noticed} of {all} mutants caught ({}.{:02} %), {timeout} of them by time; \
         {missed} missed, {unviable} do not compile",
        hundredths / 100,
        hundredths % 100,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_passes_are_one_count() {
        let first = Count { caught: 80, missed: 18, timeout: 2, unviable: 5 };
        let second = Count { caught: 12, missed: 6, timeout: 2, unviable: 0 };
        let both = together(first, second);
        assert_eq!(both, Count { caught: 92, missed: 6, timeout: 2, unviable: 5 });
        assert_eq!(
            told("gossip", both),
            "gossip: 94 of 100 mutants caught (94.00 %), 2 of them by time; 6 missed, 5 do not \
             compile",
        );
        assert_eq!(
            told("none", Count::default()),
            "none: 0 of 0 mutants caught (0.00 %), 0 of them by time; 0 missed, 0 do not compile",
        );
    }
}
