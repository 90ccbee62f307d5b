//! The targets without a fuzzer: lists them, writes their seeds or changed ones into a folder, runs
//! files through one. `cargo xtask fuzz` and `cargo xtask pkg --test` call it.

use std::path::Path;
use std::process::ExitCode;

use fulgurite_fuzz::{TARGETS, kept, mutate, named};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["list"] => {
            for target in TARGETS {
                println!("{} {}", target.name, target.longest);
            }
            Ok(())
        }
        ["seeds", name, folder] => seeds(name, Path::new(folder)),
        ["changed", name, count, folder] => changed(name, count, Path::new(folder)),
        ["run", name, files @ ..] => run(name, files),
        _ => Err("usage: list | seeds TARGET FOLDER | changed TARGET COUNT FOLDER | \
            run TARGET FILE..."
            .into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn seeds(name: &str, folder: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let target = named(name).ok_or("no such target")?;
    std::fs::create_dir_all(folder)?;
    let seeds = (target.seeds)();
    for (number, seed) in seeds.iter().filter(|seed| seed.len() <= target.longest).enumerate() {
        std::fs::write(folder.join(format!("seed-{number:03}")), seed)?;
    }
    for (number, input) in kept(name).iter().enumerate() {
        std::fs::write(folder.join(format!("kept-{number:04}")), input)?;
    }
    Ok(())
}

/// The changed seeds of the first rounds, as the ordinary test runs them.
fn changed(name: &str, count: &str, folder: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let target = named(name).ok_or("no such target")?;
    std::fs::create_dir_all(folder)?;
    let seeds = (target.seeds)();
    for round in 0..count.parse()? {
        std::fs::write(folder.join(format!("round-{round:04}")), mutate::changed(&seeds, round))?;
    }
    Ok(())
}

fn run(name: &str, files: &[&str]) -> Result<(), Box<dyn std::error::Error>> {
    let target = named(name).ok_or("no such target")?;
    for file in files {
        (target.run)(&std::fs::read(file)?);
        println!("{file}: holds");
    }
    Ok(())
}
