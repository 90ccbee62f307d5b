//! Steps that run beside the others, in a process of their own: what they print would be mixed up
//! otherwise. It goes into a file, which is shown when they are done, and what came of them into
//! another.

use super::Outcome;
use crate::shell;
use anyhow::{Context, Result};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::time::Duration;

const FOLDER: &str = "target/steps";

/// Steps under way.
pub(crate) struct Beside {
    child: Child,
    names: Vec<String>,
    printed: PathBuf,
    outcomes: PathBuf,
}

impl Beside {
    /// Starts ourselves once more with these arguments and `--outcomes FILE`; `names` are the steps
    /// that this does.
    pub(crate) fn start(arguments: &[&str], names: &[&str]) -> Result<Beside> {
        let folder = shell::root().join(FOLDER);
        fs::create_dir_all(&folder)?;
        let (printed, outcomes) = (folder.join("beside.log"), folder.join("beside.tsv"));
        // What an earlier run left says nothing of this one.
        fs::write(&outcomes, "")?;
        let log = File::create(&printed)?;
        let mut command = shell::command(std::env::current_exe()?);
        command.args(arguments).arg("--outcomes").arg(&outcomes);
        command.stdout(log.try_clone()?).stderr(log).stdin(std::process::Stdio::null());
        let child = command.spawn().context("cannot run ourselves")?;
        let names = names.iter().map(ToString::to_string).collect();
        Ok(Beside { child, names, printed, outcomes })
    }

    /// Waits for them, shows what they printed, and says what came of each.
    pub(crate) fn finish(mut self) -> Result<Vec<Outcome>> {
        let status = self.child.wait()?;
        eprintln!("\n== beside these: {}", self.names.join(", "));
        io::copy(&mut File::open(&self.printed)?, &mut io::stderr())?;
        let told = fs::read_to_string(&self.outcomes)?;
        let mut outcomes: Vec<Outcome> = told.lines().filter_map(read).collect();
        // Whoever says nothing has failed.
        for name in &self.names {
            if !outcomes.iter().any(|outcome| outcome.name == *name) {
                let result = Err(format!("it ended without an answer ({status})"));
                outcomes.push(Outcome { name: name.clone(), time: Duration::ZERO, result });
            }
        }
        Ok(outcomes)
    }
}

/// Writes outcomes, a line each.
pub(crate) fn write(outcomes: &[Outcome], file: &Path) -> Result<()> {
    let text: String = outcomes.iter().map(line).collect();
    fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))
}

/// Name, milliseconds, how it ended, and the note or the error.
fn line(outcome: &Outcome) -> String {
    let (ended, said) = match &outcome.result {
        Ok(note) => ("passed", note),
        Err(error) => ("failed", error),
    };
    let said = said.replace(['\t', '\n'], " ");
    format!("{}\t{}\t{ended}\t{said}\n", outcome.name, outcome.time.as_millis())
}

fn read(line: &str) -> Option<Outcome> {
    let mut parts = line.splitn(4, '\t');
    let (name, millis) = (parts.next()?.to_owned(), parts.next()?.parse().ok()?);
    let (ended, said) = (parts.next()?, parts.next()?.to_owned());
    let result = match ended {
        "passed" => Ok(said),
        "failed" => Err(said),
        _ => return None,
    };
    Some(Outcome { name, time: Duration::from_millis(millis), result })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_come_back() {
        let good = "pkg\t61500\tpassed\t85 tests in Node\n";
        let bad = "browser\t7\tfailed\tone\n";
        for text in [good, bad] {
            assert_eq!(line(&read(text.trim_end()).unwrap()), text);
        }
        assert!(read("pkg\t1\tperhaps\t").is_none() && read("").is_none());
        let broken = Outcome {
            name: "x".to_owned(),
            time: Duration::ZERO,
            result: Err("a\nb\tc".to_owned()),
        };
        assert_eq!(line(&broken), "x\t0\tfailed\ta b c\n");
    }
}
