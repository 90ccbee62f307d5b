//! `fulgurite`: what a Lightning node left on disk after a bad day, read in the terminal.
//!
//! The engine decides, this command shows. It opens files read-only, and prints text from files
//! only after it was made visible.
#![forbid(unsafe_code)]

mod args;
mod backup;
mod cancel;
mod channels;
mod check;
mod diff;
mod exit;
mod extras;
mod input;
mod libsecp;
mod live;
mod lnd;
mod log;
mod new_file;
mod nodes;
mod output;
mod progress;
mod records;
mod releases;
mod repair;
mod restore;
mod show;
mod signatures;
mod source;
mod stages;
mod unpack;
mod watch;
mod windows;
mod words;

use std::process::ExitCode;

use args::Command;

fn main() -> ExitCode {
    let arguments = match args::parse() {
        Ok(arguments) => arguments,
        Err(code) => return code.into(),
    };
    cancel::listen();
    let face = output::Face::new(arguments.lang);
    let seed = arguments.seed();
    let done = match &arguments.command {
        Command::Check(check) => check::run(check, face, seed),
        Command::Repair(repair) => repair::run(repair, face, seed),
        Command::Diff(diff) => diff::run(diff, face, seed),
        Command::Records(records) => records::run(records, face),
        Command::Nodes(list) => nodes::run(list, face, seed),
        Command::Channels(list) => channels::run(list, face, seed),
        Command::Show(show) => show::run(show, face, seed),
        Command::Log(log) => log::run(log, face, seed),
        Command::Lnd(lnd) => lnd::run(lnd, face),
        Command::Watch(watch) => watch::run(watch, face),
        Command::Backup(backup) => backup::run(backup, face, seed),
        Command::Restore(restore) => restore::run(restore, face, seed),
        Command::Completions(completions) => extras::completions(completions),
        Command::Man(man) => extras::man(man),
    };
    match done {
        Ok(code) => code.into(),
        Err(trouble) => trouble.tell(face).into(),
    }
}
