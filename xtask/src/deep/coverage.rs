//! Which lines of core the tests run, by the compiler's own counters and LLVM's tools.
//!
//! Lines of tests are left out: they all run, and would make the share look better than it is.

use crate::shell;
use crate::steps::Note;
use crate::wasm::debian;
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// Everything compiled for it, and what it counted.
const FOLDER: &str = "target/coverage";

/// Whose tests count.
const PACKAGES: &[&str] =
    &["fulgurite-core", "fulgurite-tests", "fulgurite-fuzz", "fulgurite", "fulgurite-wasm"];

/// What is covered.
const COVERED: &str = "core/src/";

/// So many files are named.
const NAMED: usize = 25;

/// Lines of a file: how many can run, and how many did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Lines {
    all: u64,
    run: u64,
}

/// Runs the tests with counters and tells the share, and the files with the most lines that never
/// ran.
pub(super) fn step() -> Result<Note> {
    let (profdata, cov) = (tool("llvm-profdata")?, tool("llvm-cov")?);
    let folder = shell::root().join(FOLDER);
    let raw = folder.join("raw");
    if raw.is_dir() {
        fs::remove_dir_all(&raw)?;
    }
    let test = || {
        let mut test = shell::cargo("test");
        test.args(PACKAGES.iter().flat_map(|package| ["-p", package]));
        test.arg("--target-dir").arg(&folder).env("RUSTFLAGS", "-Cinstrument-coverage");
        test.env("LLVM_PROFILE_FILE", raw.join("%m-%p.profraw"));
        test
    };
    // Built first, to hear which programs there are.
    let mut build = test();
    build.args(["--no-run", "--message-format=json-render-diagnostics"]).stderr(Stdio::inherit());
    shell::echo(&build);
    let built = build.output().context("cannot run cargo")?;
    shell::check(&build, built.status)?;
    shell::run(&mut test())?;
    let merged = folder.join("merged.profdata");
    let mut merge = shell::command(profdata);
    // Some tests kill processes, whose counts are then cut off: those are left out.
    merge
        .args(["merge", "-sparse", "-failure-mode=all", "-o"])
        .arg(&merged)
        .args(files(&raw, "profraw")?);
    // There are hundreds of them; what is run is told in short.
    eprintln!("$ llvm-profdata merge");
    let status = merge.status()?;
    shell::check(&merge, status)?;

    let mut programs = executables(&String::from_utf8_lossy(&built.stdout)).into_iter();
    let first = programs.next().context("no test programs")?;
    let mut export = shell::command(cov);
    export.args(["export", "-format=lcov", "-instr-profile"]).arg(&merged).arg(first);
    export.args(programs.flat_map(|program| ["-object".to_owned(), program]));
    eprintln!("$ llvm-cov export -format=lcov");
    let output = export.stderr(Stdio::inherit()).output().context("cannot run llvm-cov")?;
    shell::check(&export, output.status)?;
    // For whoever asks which lines.
    fs::write(folder.join("lcov"), &output.stdout)?;
    Ok(tell(&lines(&String::from_utf8_lossy(&output.stdout))?))
}

/// One of LLVM's tools, of the version that the compiler is made with: as named by its Debian
/// package, which is installed if that is possible.
fn tool(name: &str) -> Result<PathBuf> {
    let told = shell::quietly(shell::command("rustc").arg("-vV")).context("rustc -vV")?;
    let version = told.lines().find_map(|line| line.strip_prefix("LLVM version: "));
    let major = version.and_then(|version| version.split('.').next()).context("no LLVM version")?;
    let path = PathBuf::from(format!("/usr/lib/llvm-{major}/bin/{name}"));
    if !path.is_file() && debian::possible() {
        debian::install_packages(&[&format!("llvm-{major}")])?;
    }
    if !path.is_file() {
        bail!("{name} of LLVM {major} is missing; on Debian run `apt-get install llvm-{major}`");
    }
    Ok(path)
}

fn files(folder: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    let paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path()));
    let paths: Vec<PathBuf> = paths.collect::<Result<_>>()?;
    Ok(paths.into_iter().filter(|path| path.extension().is_some_and(|e| e == extension)).collect())
}

/// The programs that cargo's messages name.
fn executables(messages: &str) -> Vec<String> {
    let values = messages.lines().filter_map(|line| serde_json::from_str(line).ok());
    let path = |value: serde_json::Value| Some(value.get("executable")?.as_str()?.to_owned());
    values.filter_map(path).collect()
}

/// Lines of core by file, from lcov's text. A line of several counts has run if any of them has.
fn lines(lcov: &str) -> Result<BTreeMap<String, Lines>> {
    let mut files: BTreeMap<String, BTreeMap<usize, bool>> = BTreeMap::new();
    let (mut name, mut until) = (None, usize::MAX);
    for line in lcov.lines() {
        if let Some(path) = line.strip_prefix("SF:") {
            name = path.split_once(COVERED).map(|(_, name)| name.to_owned());
            name = name.filter(|name| !is_test(name));
            if let Some(name) = &name {
                until = tests_from(&fs::read_to_string(path).context(name.clone())?);
            }
        } else if let (Some(name), Some(counted)) = (&name, line.strip_prefix("DA:")) {
            let (number, count) = counted.split_once(',').context("a line of lcov")?;
            let number: usize = number.parse()?;
            if number < until {
                let ran = files.entry(name.clone()).or_default().entry(number).or_default();
                *ran |= count.split(',').next() != Some("0");
            }
        }
    }
    let sum = |lines: BTreeMap<usize, bool>| Lines {
        all: lines.len() as u64,
        run: lines.values().filter(|ran| **ran).count() as u64,
    };
    Ok(files.into_iter().map(|(name, lines)| (name, sum(lines))).collect())
}

/// Whether a file of core is a test.
fn is_test(name: &str) -> bool {
    let mut parts = name.split('/');
    parts.any(|part| matches!(part, "tests" | "tests.rs" | "testing.rs"))
}

/// The line, counted from 1, with which a file's own tests begin.
fn tests_from(text: &str) -> usize {
    let lines: Vec<&str> = text.lines().collect();
    let begins = |pair: &[&str]| pair == ["#[cfg(test)]", "mod tests {"];
    lines.windows(2).position(begins).map_or(usize::MAX, |index| index + 1)
}

/// Prints the files with the most lines that never ran.
fn tell(files: &BTreeMap<String, Lines>) -> Note {
    let missed = |lines: &Lines| lines.all - lines.run;
    let mut most: Vec<_> = files.iter().filter(|(_, lines)| missed(lines) > 0).collect();
    most.sort_by_key(|(_, lines)| std::cmp::Reverse(missed(lines)));
    println!("{:>6} {:>6}  file", "missed", "lines");
    for (name, lines) in most.iter().take(NAMED) {
        println!("{:>6} {:>6}  {COVERED}{name}", missed(lines), lines.all);
    }
    let (all, run) = files.values().fold((0, 0), |(a, r), l| (a + l.all, r + l.run));
    let hundredths = run * 10_000 / all.max(1);
    format!("{run} of {all} lines of core ({}.{:02} %)", hundredths / 100, hundredths % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_tests_are_left_out() {
        let text = "fn a() {\n}\n\n#[cfg(test)]\nmod tests {\n}\n";
        assert_eq!(tests_from(text), 4);
        assert_eq!(tests_from("#[cfg(test)]\nmod tests;\n"), usize::MAX);
        assert!(is_test("log/tests.rs") && is_test("wire/testing.rs") && is_test("a/tests/b.rs"));
        assert!(!is_test("log/tie.rs"));
    }

    #[test]
    fn a_line_has_run_if_any_of_its_counts_says_so() {
        let file = shell::root().join("core/src/sorting.rs");
        let file = file.display();
        let lcov = format!("SF:{file}\nDA:1,0\nDA:2,3\nend_of_record\nSF:{file}\nDA:1,1\nDA:3,0\n");
        let lcov = format!("{lcov}SF:/elsewhere/a.rs\nDA:1,0\n");
        let found = lines(&lcov).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found["sorting.rs"], Lines { all: 3, run: 2 });
        assert!(tell(&found).starts_with("2 of 3 lines of core (66.66 %)"));
    }

    #[test]
    fn programs_are_found_in_the_messages() {
        let messages = "{\"executable\":\"/a/b\"}\nnoise\n{\"executable\":null}\n{\"x\":1}\n";
        assert_eq!(executables(messages), ["/a/b"]);
    }
}
