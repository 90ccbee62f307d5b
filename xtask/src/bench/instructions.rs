//! `cargo xtask bench instructions`: how many instructions the command takes for fixed inputs, counted
//! by valgrind. Noise cannot touch that figure: the same program and the same input give the same
//! within a thousandth, on a busy machine as well. The figures of the last release stand in
//! docs/benchmarks.md.

use crate::{demo, shell};
use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::Stdio;

const FILE: &str = "docs/benchmarks.md";
const FOLDER: &str = "target/bench/instructions";

/// A rise beyond this, in tenths of a percent, is told as an error.
const TOLERANCE: i64 = 30;

/// What is counted: its name in the table, the input, and how the command is called.
const CASES: &[(&str, &str, &[&str])] = &[
    ("check, sound", "sound.gs", &["check"]),
    ("check, wounded", "wounded.gs", &["check"]),
    ("check, version 9", "old.gs", &["check"]),
    ("check, bomb of claims", "bomb-of-claims.gs", &["check"]),
    ("check, bomb of chains", "bomb-of-chains.gs", &["check"]),
    ("check, bbolt", "buckets.db", &["check"]),
    ("repair, wounded", "wounded.gs", &["repair", "--plan"]),
];

struct Row {
    case: &'static str,
    bytes: u64,
    instructions: u64,
}

/// Counts, compares with the figures of the document, and writes them if asked to.
pub(super) fn run(save: bool) -> Result<()> {
    shell::run(&mut shell::cargo("build --quiet --release -p fulgurite"))?;
    let inputs = "run --quiet -p fulgurite-tests --example bench_inputs --";
    shell::run(shell::cargo(inputs).arg(FOLDER))?;
    let document = std::fs::read_to_string(shell::root().join(FILE)).context(FILE)?;
    let mut rows = Vec::new();
    for (case, input, arguments) in CASES {
        let path = shell::root().join(FOLDER).join(input);
        let bytes = std::fs::metadata(&path)?.len();
        let instructions = count(&path, arguments)?;
        rows.push(Row { case, bytes, instructions });
    }
    let mut risen = Vec::new();
    println!(
        "{:<24} {:>10} {:>14} {:>9} {:>8}",
        "case", "bytes", "instructions", "per byte", "change"
    );
    for Row { case, bytes, instructions } in &rows {
        let change = before(&document, case).map(|before| tenths(before, *instructions));
        let told = change.map_or("new".to_owned(), percent);
        println!(
            "{case:<24} {bytes:>10} {instructions:>14} {:>9} {told:>8}",
            instructions / bytes.max(&1)
        );
        if change.is_some_and(|change| change > TOLERANCE) {
            risen.push(*case);
        }
    }
    if save {
        std::fs::write(shell::root().join(FILE), with(&document, &rows)?).context(FILE)?;
    } else if !risen.is_empty() {
        bail!(
            "more than 3 % above {FILE}: {}; if it is meant, add --save and tell why",
            risen.join(", ")
        );
    }
    Ok(())
}

/// The instructions of one run.
fn count(input: &Path, arguments: &[&str]) -> Result<u64> {
    let mut command = shell::command("valgrind");
    // Cachegrind counts the same instructions as callgrind, in a third of the time.
    command.args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]);
    command.arg(demo::program()).args(["--seed", "7"]).args(arguments).arg(input);
    if arguments.first() == Some(&"check") {
        command.args(["--threads", "1"]);
    }
    command.env("LC_ALL", "C").env("NO_COLOR", "1").stdin(Stdio::null());
    shell::echo(&command);
    let output = command.output().context("valgrind (Debian: apt-get install valgrind)")?;
    let told = String::from_utf8_lossy(&output.stderr);
    let refs =
        told.lines().find_map(|line| line.split_once("I   refs:").or(line.split_once("I refs:")));
    let digits: String =
        refs.map_or("", |(_, rest)| rest).chars().filter(char::is_ascii_digit).collect();
    // 0: nothing wrong; 1: damage was found; 2: nothing can be read of it.
    if !matches!(output.status.code(), Some(0..=2)) || digits.is_empty() {
        bail!("{} failed ({}): {told}", input.display(), output.status);
    }
    Ok(digits.parse()?)
}

/// The figure of that case in the document.
fn before(document: &str, case: &str) -> Option<u64> {
    let line = document.lines().find(|line| line.starts_with(&format!("| {case} |")))?;
    line.split('|').nth(3)?.trim().replace(',', "").parse().ok()
}

/// The change in tenths of a percent.
fn tenths(before: u64, now: u64) -> i64 {
    let (before, now) = (i128::from(before.max(1)), i128::from(now));
    i64::try_from((now - before) * 1_000 / before).unwrap_or(i64::MAX)
}

fn percent(tenths: i64) -> String {
    let sign = if tenths < 0 { '-' } else { '+' };
    let tenths = tenths.unsigned_abs();
    format!("{sign}{}.{} %", tenths / 10, tenths % 10)
}

/// The document with these rows in its table.
fn with(document: &str, rows: &[Row]) -> Result<String> {
    let (head, rest) = document.split_once("| --- | --: | --: | --: |\n").context("no table")?;
    let after = rest.lines().position(|line| !line.starts_with('|')).unwrap_or(usize::MAX);
    let after = rest.lines().skip(after).fold(String::new(), |text, line| text + line + "\n");
    let row = |Row { case, bytes, instructions }: &Row| {
        let each = instructions / (*bytes).max(1);
        format!("| {case} | {} | {} | {each} |\n", grouped(*bytes), grouped(*instructions))
    };
    let rows: String = rows.iter().map(row).collect();
    Ok(format!("{head}| --- | --: | --: | --: |\n{rows}{after}"))
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let first = digits.len() % 3;
    let groups = digits.as_bytes()[first..].chunks(3).map(String::from_utf8_lossy);
    let first = (first > 0).then(|| digits[..first].into());
    first.into_iter().chain(groups).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = "# B\n\n| case | bytes | instructions | per byte |\n\
        | --- | --: | --: | --: |\n| check, sound | 1,000 | 20,000 | 20 |\n\nMore.\n";

    #[test]
    fn figures_are_found_compared_and_replaced() {
        assert_eq!(before(DOCUMENT, "check, sound"), Some(20_000));
        assert_eq!(before(DOCUMENT, "check"), None);
        assert_eq!(percent(tenths(20_000, 20_620)), "+3.1 %");
        assert_eq!(percent(tenths(20_000, 19_900)), "-0.5 %");
        let rows = [Row { case: "check, sound", bytes: 1_000, instructions: 1_234_567 }];
        let after = with(DOCUMENT, &rows).expect("a table");
        assert_eq!(before(&after, "check, sound"), Some(1_234_567));
        assert!(after.contains("| 1,000 | 1,234,567 | 1234 |\n\nMore.\n"), "{after}");
    }
}
