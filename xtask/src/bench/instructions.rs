//! `cargo xtask bench instructions`: how many instructions the command takes for fixed inputs, counted
//! by valgrind. Noise cannot touch that figure: the same program and the same input give the same
//! within a thousandth, on a busy machine as well. The figures stand in docs/benchmarks.md, those of
//! the release and those of the command as tests compile it, which is there without being built:
//! every change is held to the latter.

use crate::steps::Note;
use crate::wasm::debian;
use crate::{demo, native, shell};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
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

/// Counted for a release only: nine of ten instructions of all are its.
const LONG: &str = "check, bomb of claims";

struct Row {
    case: &'static str,
    bytes: u64,
    /// Of the release, and of the command as tests compile it.
    release: u64,
    tested: Option<u64>,
}

/// Columns of the document's table that hold instructions.
#[derive(Clone, Copy)]
enum Column {
    Release = 3,
    Tested = 5,
}

/// Counts both, compares with the figures of the document, and writes them if asked to.
pub(super) fn run(save: bool) -> Result<()> {
    shell::run(&mut shell::cargo("build --quiet --release -p fulgurite"))?;
    let folder = inputs()?;
    let tested = native::program()?;
    let document = document()?;
    let mut rows = Vec::new();
    for (case, input, arguments) in CASES {
        let path = folder.join(input);
        let bytes = std::fs::metadata(&path)?.len();
        let release = count(&demo::program(), &path, arguments)?;
        let tested = (*case != LONG).then(|| count(&tested, &path, arguments)).transpose()?;
        rows.push(Row { case, bytes, release, tested });
    }
    if save {
        let document = with(&document, &compiler()?, &rows)?;
        return std::fs::write(shell::root().join(FILE), document).context(FILE);
    }
    let counted = rows.iter().map(|row| (row.case, row.release)).collect::<Vec<_>>();
    compare(&document, Column::Release, &counted)
}

/// The step of `cargo xtask test`: the command as tests compile it.
pub(crate) fn step() -> Result<Note> {
    let compiler = compiler()?;
    let document = document()?;
    if !document.contains(&compiler) {
        return Ok(format!("left out: {FILE} has no figures of {compiler}"));
    }
    // Smaller units of compilation, other instructions.
    if std::env::var("CARGO_INCREMENTAL").as_deref() != Ok("0") {
        return Ok("left out: only with CARGO_INCREMENTAL=0, as in .ci/run".to_owned());
    }
    if let Err(missing) = need() {
        return Ok(format!("left out: {missing:#}"));
    }
    let (folder, program) = (inputs()?, native::program()?);
    let mut counted = Vec::new();
    for (case, input, arguments) in CASES.iter().filter(|(case, ..)| *case != LONG) {
        counted.push((*case, count(&program, &folder.join(input), arguments)?));
    }
    compare(&document, Column::Tested, &counted)?;
    Ok(format!("{} cases, none more than 3 % above {FILE}", counted.len()))
}

/// Sees that valgrind is there.
fn need() -> Result<()> {
    let there = || shell::quietly(shell::command("valgrind").arg("--version")).is_some();
    if !there() && debian::possible() {
        debian::install_packages(&["valgrind"])?;
    }
    if !there() {
        bail!("valgrind is missing; on Debian run `apt-get install valgrind`");
    }
    Ok(())
}

/// Makes the inputs; where they are.
fn inputs() -> Result<PathBuf> {
    shell::run(native::example("bench_inputs")?.arg(FOLDER))?;
    Ok(shell::root().join(FOLDER))
}

fn document() -> Result<String> {
    std::fs::read_to_string(shell::root().join(FILE)).context(FILE)
}

/// The compiler to which figures belong, as the document names it.
fn compiler() -> Result<String> {
    let told = shell::quietly(shell::command("rustc").arg("-vV")).context("rustc -vV")?;
    let field = |name| told.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    let (release, host) = (field("release:"), field("host:"));
    Ok(format!("rustc {} for {}", release.context("no release")?, host.context("no host")?))
}

/// Prints what was counted beside the document's figures; a rise is an error.
fn compare(document: &str, column: Column, counted: &[(&str, u64)]) -> Result<()> {
    let mut risen = Vec::new();
    println!("{:<24} {:>14} {:>8}", "case", "instructions", "change");
    for (case, instructions) in counted {
        let change = before(document, case, column).map(|before| tenths(before, *instructions));
        let told = change.map_or("new".to_owned(), percent);
        println!("{case:<24} {instructions:>14} {told:>8}");
        if change.is_none_or(|change| change > TOLERANCE) {
            risen.push(*case);
        }
    }
    if !risen.is_empty() {
        bail!(
            "more than 3 % above {FILE}, or not there: {}; if it is meant, run `cargo xtask bench \
             instructions --save` and tell why in CHANGELOG.md",
            risen.join(", ")
        );
    }
    Ok(())
}

/// The instructions of one run.
fn count(program: &Path, input: &Path, arguments: &[&str]) -> Result<u64> {
    let mut command = shell::command("valgrind");
    // Cachegrind counts the same instructions as callgrind, in a third of the time.
    command.args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]);
    command.arg(program).args(["--seed", "7"]).args(arguments).arg(input);
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
fn before(document: &str, case: &str, column: Column) -> Option<u64> {
    let line = document.lines().find(|line| line.starts_with(&format!("| {case} |")))?;
    line.split('|').nth(column as usize)?.trim().replace(',', "").parse().ok()
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

/// The line under the table's heads.
const UNDER: &str = "| --- | --: | --: | --: | --: |\n";

/// The document with these rows in its table, and the compiler's name.
fn with(document: &str, compiler: &str, rows: &[Row]) -> Result<String> {
    let (head, rest) = document.split_once(UNDER).context("no table")?;
    let (before, named) = head.split_once("one compiler (").context("no compiler")?;
    let (_, named) = named.split_once(')').context("no compiler")?;
    let after = rest.lines().position(|line| !line.starts_with('|')).unwrap_or(usize::MAX);
    let after = rest.lines().skip(after).fold(String::new(), |text, line| text + line + "\n");
    let row = |Row { case, bytes, release, tested }: &Row| {
        let each = release / (*bytes).max(1);
        let tested = tested.map(grouped).unwrap_or_default();
        format!("| {case} | {} | {} | {each} | {tested} |\n", grouped(*bytes), grouped(*release))
    };
    let rows: String = rows.iter().map(row).collect();
    Ok(format!("{before}one compiler ({compiler}){named}{UNDER}{rows}{after}"))
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

    const DOCUMENT: &str = "# B\n\nof one compiler (rustc 1.0).\n\n\
        | case | bytes | instructions | per byte | as tested |\n\
        | --- | --: | --: | --: | --: |\n| check, sound | 1,000 | 20,000 | 20 | 90,000 |\n\nMore.\n";

    #[test]
    fn figures_are_found_and_replaced() {
        assert_eq!(before(DOCUMENT, "check, sound", Column::Release), Some(20_000));
        assert_eq!(before(DOCUMENT, "check, sound", Column::Tested), Some(90_000));
        assert_eq!(before(DOCUMENT, "check", Column::Release), None);
        assert_eq!(percent(tenths(20_000, 20_620)), "+3.1 %");
        assert_eq!(percent(tenths(20_000, 19_900)), "-0.5 %");
        let row =
            Row { case: "check, sound", bytes: 1_000, release: 1_234_567, tested: Some(7_000) };
        let after = with(DOCUMENT, "rustc 2.0 for a machine", &[row]).expect("a table");
        assert_eq!(before(&after, "check, sound", Column::Release), Some(1_234_567));
        assert!(after.contains("| 1,000 | 1,234,567 | 1234 | 7,000 |\n\nMore.\n"), "{after}");
        assert!(after.contains("one compiler (rustc 2.0 for a machine).\n"), "{after}");
    }

    #[test]
    fn a_rise_is_an_error_and_so_is_a_case_without_a_figure() {
        let of =
            |instructions| compare(DOCUMENT, Column::Tested, &[("check, sound", instructions)]);
        assert!(of(92_000).is_ok() && of(10).is_ok());
        assert!(of(93_000).is_err_and(|error| error.to_string().contains("check, sound")));
        assert!(compare(DOCUMENT, Column::Tested, &[("repair", 1)]).is_err());
    }
}
