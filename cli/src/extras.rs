//! Completions and man pages, from the definitions of the command line.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use clap::{Command, CommandFactory as _};

use crate::args::{Arguments, Completions, Man};
use crate::exit::{Code, Trouble};

/// Prints the completions for a shell.
pub(crate) fn completions(arguments: &Completions) -> Result<Code, Trouble> {
    // To memory first: the generator panics where it cannot write.
    let mut text = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "fulgurite", &mut text);
    io::stdout().write_all(&text)?;
    Ok(Code::Fine)
}

/// Writes one page for the command and one for each of its subcommands and theirs, or none at all
/// if one of the files is there already or cannot be written.
pub(crate) fn man(arguments: &Man) -> Result<Code, Trouble> {
    let mut command = Arguments::command();
    command.build();
    let mut pages = vec![("fulgurite".to_owned(), command.clone())];
    let mut next = 0;
    // Those of subcommands stand behind them.
    while let Some((_, page)) = pages.get(next).cloned() {
        let subcommands = page.get_subcommands().filter(|command| !command.is_hide_set());
        for subcommand in subcommands.filter(|subcommand| subcommand.get_name() != "help") {
            // Building gave each its full name, joined by a hyphen.
            let name = subcommand.get_display_name().unwrap_or_default().to_owned();
            pages.push((name, subcommand.clone()));
        }
        next += 1;
    }
    let folder = &arguments.folder;
    std::fs::create_dir_all(folder).map_err(|error| Trouble::with(folder, error))?;
    let paths = pages.iter().map(|(name, _)| folder.join(format!("{name}.1")));
    if let Some(path) = paths.clone().find(|path| path.symlink_metadata().is_ok()) {
        return Err(Trouble::with(&path, "is there already, and is left alone"));
    }
    let mut made = Vec::new();
    for (path, (_, page)) in paths.zip(&pages) {
        if let Err(error) = write_page(&path, page, &mut made) {
            // Half of them would stand in the way of the next try.
            for path in &made {
                let _ = std::fs::remove_file(path);
            }
            return Err(Trouble::with(&path, error));
        }
    }
    Ok(Code::Fine)
}

/// Writes a page to a new file, and adds it to those that were made.
fn write_page(path: &Path, page: &Command, made: &mut Vec<PathBuf>) -> io::Result<()> {
    let mut text = Vec::new();
    clap_mangen::Man::new(page.clone()).render(&mut text)?;
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    made.push(path.to_owned());
    file.write_all(&text)
}
