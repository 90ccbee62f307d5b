//! `fulgurite check`: the verdict on each file.

mod counts;
mod human;
mod releases;

use std::io::Write;
use std::path::Path;

use fulgurite_core::gossip::check::Options;
use fulgurite_core::report::Report;

use crate::args::Check;
use crate::exit::{Code, Trouble, complain};
use crate::input::Input;
use crate::output::{Face, stdout};
use crate::stages;

/// Checks one file after the other; the code is the highest.
pub(crate) fn run(arguments: &Check, face: Face, seed: u64) -> Result<Code, Trouble> {
    let mut highest = Code::Fine;
    let mut out = stdout();
    for (index, path) in arguments.files.iter().enumerate() {
        let (code, written) = match look(path, arguments, seed, face) {
            Ok((input, report)) => {
                let code = Code::of(&report);
                let written = if arguments.reading.json {
                    json(&mut out, &report)
                } else {
                    human::print(&mut out, index, &input, &report, arguments.all, face)
                };
                (code, written)
            }
            Err(Trouble::Failed(why)) => {
                complain(&why);
                // Lines stand for files, in their order.
                let line = if arguments.reading.json { "null\n" } else { "" };
                (Code::Unreadable, out.write_all(line.as_bytes()).map_err(Trouble::from))
            }
            Err(other) => return Err(other),
        };
        highest = highest.max(code);
        match written.and_then(|()| Ok(out.flush()?)) {
            Ok(()) => {}
            Err(Trouble::Closed(_)) => return Err(Trouble::Closed(highest)),
            Err(other) => return Err(other),
        }
    }
    Ok(highest)
}

fn look(path: &Path, arguments: &Check, seed: u64, face: Face) -> Result<(Input, Report), Trouble> {
    let input = Input::open(path, arguments.reading.max_unpacked, face)?;
    if let Some(Err(why)) = input.unpacking(face) {
        complain(&why);
    }
    let options = Options {
        seed,
        now: arguments.now,
        reveal: arguments.reveal,
        own: arguments.own.clone(),
        releases: arguments.choice(),
        ..Options::default()
    };
    let report = match input.other() {
        Some(report) => report,
        None => stages::check(path, input.source(), options, &arguments.work())?,
    };
    let report = if input.is_still() { report } else { report.not_still() };
    Ok((input, report))
}

fn json(out: &mut impl Write, report: &Report) -> Result<(), Trouble> {
    let line = report.to_json().map_err(|error| Trouble::Failed(error.to_string()))?;
    writeln!(out, "{line}")?;
    Ok(())
}
