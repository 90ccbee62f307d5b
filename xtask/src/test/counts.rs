//! How many tests ran: libtest's own summary lines, added up while they pass by.

use crate::shell;
use anyhow::{Context, Result};
use std::fmt;
use std::io::{BufRead, BufReader};
use std::ops::AddAssign;
use std::process::{Command, Stdio};

/// Tests, by how they ended.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    passed: u64,
    failed: u64,
    ignored: u64,
}

/// Runs `cargo test`, shows its output as it comes, and adds up its summaries.
pub(crate) fn run(command: &mut Command) -> Result<Counts> {
    shell::echo(command);
    let mut child = command.stdout(Stdio::piped()).spawn().context("cannot run cargo test")?;
    let output = child.stdout.take().context("cargo test has no output")?;
    let mut counts = Counts::default();
    // Split by bytes: what a test prints need not be UTF-8.
    for line in BufReader::new(output).split(b'\n') {
        let line = line?;
        let line = String::from_utf8_lossy(&line);
        println!("{line}");
        if let Some(found) = Counts::read(&line) {
            counts += found;
        }
    }
    let status = child.wait()?;
    eprintln!("{counts}");
    shell::check(command, status)?;
    Ok(counts)
}

impl Counts {
    /// Reads `test result: ok. 12 passed; 0 failed; 1 ignored; …`.
    fn read(line: &str) -> Option<Self> {
        let (_, rest) = line.strip_prefix("test result: ")?.split_once(". ")?;
        let mut counts = Self::default();
        for part in rest.split(';') {
            match part.trim().split_once(' ') {
                Some((n, "passed")) => counts.passed = n.parse().ok()?,
                Some((n, "failed")) => counts.failed = n.parse().ok()?,
                Some((n, "ignored")) => counts.ignored = n.parse().ok()?,
                _ => {}
            }
        }
        Some(counts)
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.ignored += other.ignored;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} tests passed, {} failed", self.passed, self.failed)?;
        if self.ignored > 0 {
            write!(f, ", {} ignored", self.ignored)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summaries_are_read_and_nothing_else() {
        let line = "test result: FAILED. 12 passed; 2 failed; 1 ignored; 0 measured; \
                    3 filtered out; finished in 0.01s";
        assert_eq!(Counts::read(line), Some(Counts { passed: 12, failed: 2, ignored: 1 }));
        assert_eq!(Counts::read("test gossip::crc::tests::tables ... ok"), None);
        assert_eq!(Counts::read(""), None);
    }

    #[test]
    fn ignored_tests_are_named_only_if_there_are_any() {
        assert_eq!(Counts::default().to_string(), "0 tests passed, 0 failed");
        let counts = Counts { passed: 1, failed: 0, ignored: 2 };
        assert_eq!(counts.to_string(), "1 tests passed, 0 failed, 2 ignored");
    }
}
