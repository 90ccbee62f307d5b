//! `cargo xtask fuzz`: the targets of `tests/fuzz` driven by libFuzzer, with what a stable compiler
//! has. libFuzzer itself comes with the crate libfuzzer-sys, which compiles it; cargo-fuzz is not
//! needed.

mod keep;

use crate::shell;
use crate::steps::Note;
use anyhow::{Context, Result, bail};
use clap::Args as ClapArgs;
use std::path::Path;
use std::process::Stdio;

/// Which targets, and how long.
#[derive(ClapArgs)]
pub(crate) struct Args {
    /// The targets; without one, all of them in turn.
    #[arg(value_name = "TARGET")]
    targets: Vec<String>,
    /// Seconds for each target.
    #[arg(long, default_value_t = 10)]
    seconds: u32,
    /// Megabytes of memory above which an input counts as a fault.
    #[arg(long, default_value_t = 1024)]
    memory: u32,
    /// Keeps afterwards, of all inputs so far, what it takes to reach every edge that they reach:
    /// `tests/fuzz/kept`, with which the next run begins and which every change replays.
    #[arg(long)]
    keep: bool,
}

/// What cargo-fuzz tells the compiler, but for the sanitizers, which need no unsafe code to find
/// nothing: counters at each edge of the code. Without a look at what each comparison compares
/// (`-sanitizer-coverage-trace-compares`): that took 60 % of the time and found no more, for the seeds
/// have every magic word of the formats, and the checksums are put right (`tests/fuzz/src/records.rs`).
const COVERAGE: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table --cfg fuzzing";

/// Where seeds, what the fuzzer added to them, and what it found are.
const FOLDER: &str = "target/fuzz";

/// What one target came to.
struct Row {
    target: String,
    executions: u64,
    /// The execution that came upon a new edge last.
    newest: u64,
    coverage: u64,
    corpus: u64,
    found: bool,
}

/// The part of `cargo xtask deep`: all targets, half an hour each or as long as is asked for.
pub(crate) fn deep() -> Result<Note> {
    let asked = std::env::var("FULGURITE_FUZZ_SECONDS").ok();
    let seconds = asked.map_or(Ok(1_800), |text| text.parse()).context("FULGURITE_FUZZ_SECONDS")?;
    let rows = all(&Args { targets: Vec::new(), seconds, memory: 1_024, keep: false })?;
    let executions: u64 = rows.iter().map(|row| row.executions).sum();
    Ok(format!("{} targets, {executions} executions", rows.len()))
}

/// Builds the program and runs the targets.
pub(crate) fn run(args: &Args) -> Result<()> {
    all(args).map(drop)
}

fn all(args: &Args) -> Result<Vec<Row>> {
    let host = host()?;
    let plain = "run --quiet -p fulgurite-fuzz --bin fulgurite-fuzz --";
    let list = shell::quietly(shell::cargo(plain).arg("list")).context("the list of targets")?;
    let known: Vec<(&str, &str)> = list.lines().filter_map(|line| line.split_once(' ')).collect();
    if let Some(other) =
        args.targets.iter().find(|name| !known.iter().any(|(known, _)| known == name))
    {
        let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
        bail!("no target {other}; there are {}", names.join(", "));
    }
    // With --target the flags are for the program alone, not for build scripts. A folder of its
    // own, or every change between the two would compile all dependencies anew.
    let mut build = shell::cargo("build --quiet --profile fuzz -p fulgurite-fuzz --bin libfuzzer");
    build.args(["--features", "libfuzzer", "--target", &host, "--target-dir", FOLDER]);
    shell::run(build.env("RUSTFLAGS", COVERAGE))?;
    let program = shell::root().join(FOLDER).join(&host).join("fuzz/libfuzzer");

    let mut rows = Vec::new();
    for (name, longest) in known {
        if !args.targets.is_empty() && !args.targets.iter().any(|target| target == name) {
            continue;
        }
        let folder = shell::root().join(FOLDER).join("corpus").join(name);
        let mut seeds = shell::cargo(plain);
        shell::run(seeds.args(["seeds", name]).arg(&folder))?;
        rows.push(fuzz(args, &program, name, longest, &folder)?);
        if args.keep {
            keep::keep(&program, name, longest, &folder)?;
        }
    }
    println!(
        "{:<16} {:>10} {:>10} {:>8} {:>7}  found",
        "target", "runs", "new at", "edges", "corpus"
    );
    for row in &rows {
        let found = if row.found { "a fault" } else { "nothing" };
        println!(
            "{:<16} {:>10} {:>10} {:>8} {:>7}  {found}",
            row.target, row.executions, row.newest, row.coverage, row.corpus
        );
    }
    let found: Vec<&str> =
        rows.iter().filter(|row| row.found).map(|row| row.target.as_str()).collect();
    if !found.is_empty() {
        bail!("a fault in {}; see {FOLDER}/found", found.join(", "));
    }
    Ok(rows)
}

/// Runs one target.
fn fuzz(args: &Args, program: &Path, name: &str, longest: &str, corpus: &Path) -> Result<Row> {
    let found = shell::root().join(FOLDER).join("found");
    std::fs::create_dir_all(&found)?;
    let mut command = shell::command(program);
    command.env("FULGURITE_FUZZ", name).arg(corpus);
    command.arg(format!("-max_total_time={}", args.seconds));
    command.arg(format!("-rss_limit_mb={}", args.memory));
    command.arg(format!("-max_len={longest}"));
    command.arg(format!("-artifact_prefix={}/{name}-", found.display()));
    // Weighing the corpus anew after every find took half of the time of the slower targets.
    command.args(["-entropic=0", "-timeout=60", "-print_final_stats=1"]).stderr(Stdio::piped());
    shell::echo(&command);
    let output = command.output().with_context(|| format!("cannot run {}", program.display()))?;
    let told = String::from_utf8_lossy(&output.stderr);
    let failed = !output.status.success();
    if failed {
        let lines: Vec<&str> = told.lines().collect();
        let from = lines.iter().position(|line| line.contains("panicked")).unwrap_or(0);
        lines[from..].iter().take(30).for_each(|line| eprintln!("{line}"));
    }
    let after = |mark: &str| {
        let rest = told.rsplit_once(mark).map_or("", |(_, rest)| rest).trim_start();
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        rest[..digits].parse().unwrap_or(0)
    };
    Ok(Row {
        target: name.to_owned(),
        executions: after("stat::number_of_executed_units:"),
        newest: newest(&told),
        coverage: after(" cov:"),
        corpus: after(" corp:"),
        found: failed,
    })
}

/// The execution that came upon a new edge last: `#1234<tab>NEW    cov: 567 …`.
fn newest(told: &str) -> u64 {
    let (mut most, mut at) = (0, 0);
    for line in told.lines().filter_map(|line| line.strip_prefix('#')) {
        let number = |text: &str| text.split_whitespace().next()?.parse::<u64>().ok();
        let edges = line.split_once("cov: ").and_then(|(_, rest)| number(rest));
        if let (Some(execution), Some(edges)) = (number(line), edges)
            && edges > most
        {
            (most, at) = (edges, execution);
        }
    }
    at
}

/// The machine's own target, as rustc calls it.
fn host() -> Result<String> {
    let told = shell::quietly(shell::command("rustc").arg("-vV")).context("rustc -vV")?;
    let host = told.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc -vV names no host")?.to_owned())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_newest_edge_is_that_of_the_last_rise() {
        let told = "INFO: seed corpus\n#9\tINITED cov: 10 ft: 12\n#20\tNEW    cov: 11 ft: 14\n\
            #30\tREDUCE cov: 11 ft: 15\nDone 40 runs";
        assert_eq!((super::newest(told), super::newest("")), (20, 0));
    }
}
