//! Named steps: a heading, a time, and at the end one table of all of them.

use anyhow::{Result, bail};
use std::fmt::Write as _;
use std::time::{Duration, Instant};

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
}

struct Outcome {
    name: &'static str,
    time: Duration,
    result: Result<Note>,
}

/// Runs every step, also after a failure, then prints the table; any failure is an error.
pub(crate) fn run(steps: &[&Step]) -> Result<()> {
    let mut outcomes = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        eprintln!("\n== {}/{} {}: {}", index + 1, steps.len(), step.name, step.heading);
        let start = Instant::now();
        let result = (step.work)();
        let outcome = Outcome { name: step.name, time: start.elapsed(), result };
        let seconds = outcome.time.as_secs_f64();
        match &outcome.result {
            Ok(_) => eprintln!("-- {} passed in {seconds:.1} s", step.name),
            Err(error) => eprintln!("-- {} FAILED after {seconds:.1} s: {error:#}", step.name),
        }
        outcomes.push(outcome);
    }
    eprint!("\n{}", table(&outcomes));
    let failed: Vec<_> = outcomes.iter().filter(|o| o.result.is_err()).map(|o| o.name).collect();
    if !failed.is_empty() {
        bail!("{} of {} steps failed: {}", failed.len(), steps.len(), failed.join(", "));
    }
    Ok(())
}

fn table(outcomes: &[Outcome]) -> String {
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
    let total = outcomes.iter().map(|o| o.time).sum::<Duration>().as_secs_f64();
    let _ = writeln!(table, "{:width$}  {total:7.1}", "total");
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_lines_up() {
        let outcomes = [
            Outcome { name: "format", time: Duration::from_millis(1200), result: Ok(Note::new()) },
            Outcome { name: "t", time: Duration::from_mins(2), result: Ok("3 tests".to_owned()) },
            Outcome { name: "x", time: Duration::ZERO, result: Err(anyhow::anyhow!("no")) },
        ];
        assert_eq!(
            table(&outcomes),
            "step    seconds  result\n\
             format      1.2  passed\n\
             t         120.0  passed: 3 tests\n\
             x           0.0  FAILED\n\
             total     121.2\n"
        );
    }

    #[test]
    fn one_failure_fails_the_run_and_stops_nothing() {
        let good = Step { name: "good", heading: "", work: || Ok(Note::new()) };
        let bad = Step { name: "bad", heading: "", work: || bail!("broken") };
        assert!(run(&[&good]).is_ok());
        let error = run(&[&bad, &good]).expect_err("a failed step").to_string();
        assert_eq!(error, "1 of 2 steps failed: bad");
    }
}
