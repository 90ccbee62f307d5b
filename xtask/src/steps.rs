//! Named steps: a heading, a time, and at the end one table of all of them.

mod beside;

use anyhow::{Result, bail};
use std::fmt::Write as _;
use std::time::{Duration, Instant};

pub(crate) use beside::{Beside, write};

/// What a step has to say besides that it passed, such as a count of tests.
pub(crate) type Note = String;

/// One step: its name on the command line, its heading, its work.
pub(crate) struct Step {
    /// What the command line calls it.
    pub(crate) name: &'static str,
    /// What is proven if it passes.
    pub(crate) heading: &'static str,
    /// Does it.
    pub(crate) work: fn() -> Result<Note>,
    /// Whether it may run beside the others: it compiles in folders of its own, for the most part.
    pub(crate) beside: bool,
}

/// What came of a step: its note, or why it failed.
pub(crate) struct Outcome {
    name: String,
    time: Duration,
    result: Result<Note, String>,
}

/// Runs every step, also after a failure.
pub(crate) fn run(steps: &[&Step]) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        eprintln!("\n== {}/{} {}: {}", index + 1, steps.len(), step.name, step.heading);
        let start = Instant::now();
        let result = (step.work)().map_err(|error| format!("{error:#}"));
        let outcome = Outcome { name: step.name.to_owned(), time: start.elapsed(), result };
        let seconds = outcome.time.as_secs_f64();
        match &outcome.result {
            Ok(_) => eprintln!("-- {} passed in {seconds:.1} s", step.name),
            Err(error) => eprintln!("-- {} FAILED after {seconds:.1} s: {error}", step.name),
        }
        outcomes.push(outcome);
    }
    outcomes
}

/// Prints the table; any failure is an error.
pub(crate) fn conclude(outcomes: &[Outcome], took: Duration) -> Result<()> {
    eprint!("\n{}", table(outcomes, took));
    let failed: Vec<_> =
        outcomes.iter().filter(|o| o.result.is_err()).map(|o| o.name.as_str()).collect();
    if !failed.is_empty() {
        bail!("{} of {} steps failed: {}", failed.len(), outcomes.len(), failed.join(", "));
    }
    Ok(())
}

fn table(outcomes: &[Outcome], took: Duration) -> String {
    let width = outcomes.iter().map(|o| o.name.len()).max().unwrap_or(0).max("step".len());
    let mut table = format!("{:width$}  seconds  result\n", "step");
    for Outcome { name, time, result } in outcomes {
        let seconds = time.as_secs_f64();
        let result = match result {
            Ok(note) if note.is_empty() => "passed".to_owned(),
            Ok(note) => format!("passed: {note}"),
            Err(_) => "FAILED".to_owned(),
        };
        let _ = writeln!(table, "{name:width$}  {seconds:7.1}  {result}");
    }
    let _ = writeln!(table, "{:width$}  {:7.1}", "all", took.as_secs_f64());
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(name: &str, millis: u64, result: Result<&str, &str>) -> Outcome {
        let result = result.map(str::to_owned).map_err(str::to_owned);
        Outcome { name: name.to_owned(), time: Duration::from_millis(millis), result }
    }

    #[test]
    fn the_table_lines_up() {
        let outcomes = [
            outcome("format", 1_200, Ok("")),
            outcome("t", 120_000, Ok("3 tests")),
            outcome("x", 0, Err("no")),
        ];
        assert_eq!(
            table(&outcomes, Duration::from_secs(90)),
            "step    seconds  result\n\
             format      1.2  passed\n\
             t         120.0  passed: 3 tests\n\
             x           0.0  FAILED\n\
             all        90.0\n"
        );
    }

    #[test]
    fn one_failure_fails_the_run_and_stops_nothing() {
        let good = Step { name: "good", heading: "", work: || Ok(Note::new()), beside: false };
        let bad = Step { name: "bad", heading: "", work: || bail!("broken"), beside: false };
        assert!(conclude(&run(&[&good]), Duration::ZERO).is_ok());
        let outcomes = run(&[&bad, &good]);
        assert_eq!(outcomes.len(), 2);
        let error = conclude(&outcomes, Duration::ZERO).expect_err("a failed step").to_string();
        assert_eq!(error, "1 of 2 steps failed: bad");
    }
}
