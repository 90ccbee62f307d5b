//! `cargo xtask api`: everything that `core` offers, one line each, in `docs/api.txt`. A test step
//! compares, so that no change of it is an accident.
//!
//! Read from the source by syn, not from rustdoc, whose machine-readable form is not stable. Whatever
//! says `pub` is offered: the lint `unreachable_pub` sees to that, also for what a private module
//! holds and another one hands on.

mod item;

use crate::shell;
use crate::steps::Note;
use anyhow::{Context, Result, bail};
use std::path::Path;

const FILE: &str = "docs/api.txt";

const HEAD: &str = "\
# What fulgurite-core offers, by module. Written by `cargo xtask api`; do not edit it by hand.
";

/// Writes the file.
pub(crate) fn run() -> Result<()> {
    std::fs::write(shell::root().join(FILE), text()?).context(FILE)
}

/// The step of `cargo xtask test`.
pub(crate) fn step() -> Result<Note> {
    let (now, then) = (text()?, std::fs::read_to_string(shell::root().join(FILE)).context(FILE)?);
    let only = |of: &str, other: &str, mark: char| {
        let lines = of.lines().filter(|line| !other.lines().any(|other| other == *line));
        lines.fold(String::new(), |text, line| text + &format!("{mark} {line}\n"))
    };
    if now != then {
        let changed = only(&then, &now, '-') + &only(&now, &then, '+');
        bail!(
            "core offers something else than {FILE} says; if it is meant: cargo xtask api\n{changed}"
        );
    }
    Ok(format!("{} lines", now.lines().count()))
}

fn text() -> Result<String> {
    let (mut lines, mut hidden) = (Vec::new(), Vec::new());
    let root = shell::root().join("core/src/lib.rs");
    module(&root, "fulgurite_core", &mut lines, &mut hidden)?;
    // What a hidden type can do is nobody's business.
    lines.retain(|line| {
        let whom = line.split_once(": impl").and_then(|(_, line)| line.split_once(" for "));
        let name = whom.map_or("", |(_, name)| name.split(['<', '\n']).next().unwrap_or_default());
        !hidden.iter().any(|hidden| hidden == name)
    });
    lines.sort();
    Ok(HEAD.to_owned() + &lines.concat())
}

/// Adds what a module's file offers, and the modules that it declares.
fn module(
    file: &Path,
    path: &str,
    lines: &mut Vec<String>,
    hidden: &mut Vec<String>,
) -> Result<()> {
    let source = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let parsed = syn::parse_file(&source).with_context(|| file.display().to_string())?;
    let stem = file.file_stem().unwrap_or_default();
    let folder = if stem == "lib" { file.with_file_name("") } else { file.with_extension("") };
    for item in &parsed.items {
        lines.extend(item::lines(item).into_iter().map(|line| format!("{path}: {line}\n")));
        hidden.extend(item::hidden(item));
        let syn::Item::Mod(inner) = item else { continue };
        if item::is_test(&inner.attrs) {
            continue;
        }
        let name = inner.ident.to_string();
        match &inner.content {
            None => {
                let file = folder.join(&name).with_extension("rs");
                module(&file, &format!("{path}::{name}"), lines, hidden)?;
            }
            Some((_, items)) => {
                for item in items {
                    let inside = item::lines(item).into_iter();
                    lines.extend(inside.map(|line| format!("{path}::{name}: {line}\n")));
                }
            }
        }
    }
    Ok(())
}
