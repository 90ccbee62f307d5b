//! `cargo xtask bench check`: the full check beside its floor, case by case, as a table; with
//! `--save` in docs/benchmarks.md.

use super::Args;
use super::history::{self, Date};
use crate::{demo, shell};
use anyhow::{Context, Result, bail};
use std::process::Command;

const FILE: &str = "docs/benchmarks.md";
const BEGIN: &str = "<!-- cargo xtask bench check --save: from here -->\n";
const END: &str = "<!-- to here -->";
const HEAD: &str = "\
| case | MB | floor, ms | 1 thread | 2 threads | command, 1 thread | command, 2 threads | cat | peak MB, 1 / 2 |
| --- | --: | --: | --: | --: | --: | --: | --: | --: |
";

/// All but `cold`.
const CASES: [&str; 5] = ["unsigned", "signed", "dead", "five", "large"];

/// Makes the inputs that are not there, measures, prints, and writes if asked to.
pub(super) fn run(args: &Args) -> Result<()> {
    shell::run(&mut shell::cargo("build --quiet --release -p fulgurite"))?;
    shell::run(&mut shell::cargo("build --quiet --release -p fulgurite-tests --example bench"))?;
    let chosen: Vec<&str> = if args.cases.is_empty() {
        CASES.to_vec()
    } else {
        args.cases.iter().map(String::as_str).collect()
    };
    // First the inputs, which take a while to make, then nothing but measuring, case by case.
    shell::run(&mut bench(args, &mut [].into_iter(), 0, &chosen))?;
    let mut rows = String::new();
    for case in chosen {
        let mut through = args.through.as_deref().unwrap_or_default().split_whitespace();
        let mut measured = bench(args, &mut through, args.rounds, &[case]);
        shell::echo(&measured);
        let output = measured.output().context("bench")?;
        if !output.status.success() {
            bail!("bench failed: {}", String::from_utf8_lossy(&output.stderr));
        }
        rows += &String::from_utf8_lossy(&output.stdout);
    }
    print!("{HEAD}{rows}");
    if args.save {
        let path = shell::root().join(FILE);
        let document = std::fs::read_to_string(&path).context(FILE)?;
        let mut document = with(&document, &rows)?;
        if let Some(note) = &args.note {
            // All cases, also those that were not measured this time.
            let rest = document.split_once(BEGIN).map_or("", |(_, rest)| rest);
            let table = rest.split_once(END).map_or("", |(table, _)| table).to_owned();
            document = history::with(&document, Date::today()?, note, &table)?;
        }
        std::fs::write(&path, document).context(FILE)?;
    }
    Ok(())
}

/// The program that measures, run by another one where there is one.
fn bench<'a>(
    args: &Args,
    through: &mut impl Iterator<Item = &'a str>,
    rounds: u32,
    cases: &[&str],
) -> Command {
    let program = demo::program().with_file_name("examples").join("bench");
    let mut bench = match through.next() {
        Some(first) => {
            let mut command = shell::command(first);
            command.args(through).arg(program);
            command
        }
        None => shell::command(program),
    };
    bench.env("FULGURITE", demo::program()).arg("target/bench");
    bench.arg(args.gigabytes.to_string()).arg(rounds.to_string()).args(cases);
    bench
}

/// The document with these rows in its table; the rows of other cases stay.
fn with(document: &str, rows: &str) -> Result<String> {
    let (before, rest) = document.split_once(BEGIN).context("no table of times")?;
    let (table, after) = rest.split_once(END).context("no end of the table of times")?;
    let case = |row: &str| row.split('|').nth(1).unwrap_or_default().trim().to_owned();
    let mut all: Vec<&str> = table.lines().skip(2).filter(|row| row.starts_with('|')).collect();
    for row in rows.lines().filter(|row| row.starts_with('|')) {
        match all.iter_mut().find(|known| case(known) == case(row)) {
            Some(known) => *known = row,
            None => all.push(row),
        }
    }
    let rows = all.iter().fold(String::new(), |rows, row| rows + row + "\n");
    Ok(format!("{before}{BEGIN}{HEAD}{rows}{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_replaces_that_of_its_case() {
        let document = format!("# B\n\n{BEGIN}{HEAD}| a | 1 |\n| b | 2 |\n{END}\n\nMore.\n");
        let after = with(&document, "| b | 3 |\nnot a row\n| c | 4 |\n").expect("a table");
        let rows = "| a | 1 |\n| b | 3 |\n| c | 4 |\n";
        assert_eq!(after, format!("# B\n\n{BEGIN}{HEAD}{rows}{END}\n\nMore.\n"));
    }
}
