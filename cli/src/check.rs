//! `fulgurite check`: the verdict on each gossip_store, and one on all of LND's files together.

mod counts;
pub(crate) mod human;

use std::io::Write;
use std::path::Path;

use fulgurite_core::gossip::check::Options;
use fulgurite_core::lnd::migration::Asked;
use fulgurite_core::report::Report;

use crate::args::Check;
use crate::exit::{Code, Trouble, complain};
use crate::input::Input;
use crate::lnd::{self, files::Gathered};
use crate::log;
use crate::output::{Face, Stdout, stdout};
use crate::stages;
use crate::words::lnd as lnd_words;

/// Checks one file after the other, then all of LND's together; the code is the highest.
pub(crate) fn run(arguments: &Check, face: Face, seed: u64) -> Result<Code, Trouble> {
    let mut printer = Printer::new(arguments.reading.json, arguments.all, face);
    let mut of_lnd = Gathered::default();
    for path in &arguments.files {
        match look(path, &mut of_lnd, arguments, seed, face) {
            Ok(Some((input, report))) => {
                let notes = input.unpacking(face).and_then(Result::ok).into_iter().collect();
                printer.report(&[(input.path(), notes)], &report)?;
            }
            Ok(None) => {}
            Err(trouble) => printer.trouble(trouble)?,
        }
    }
    if !of_lnd.is_empty() && printer.unread {
        let told = lnd_words::SET_NOT_JUDGED.get(face.language);
        printer.trouble(Trouble::Failed(told.to_owned()))?;
    } else if !of_lnd.is_empty() {
        match of_lnd.sets(arguments.reading.max_unpacked, face) {
            Ok(sets) => {
                for set in sets {
                    match lnd::check(&set, arguments.reveal, Asked::default()) {
                        Ok(report) => printer.report(&set.heads(face), &report)?,
                        Err(trouble) => printer.trouble(trouble)?,
                    }
                }
            }
            Err(trouble) => printer.trouble(trouble)?,
        }
    }
    Ok(printer.highest())
}

/// Prints what was found, file by file.
pub(crate) struct Printer {
    json: bool,
    all: bool,
    face: Face,
    out: Stdout,
    index: usize,
    highest: Code,
    /// Whether something could not be read.
    unread: bool,
}

impl Printer {
    /// As JSON or as text; all findings that are kept, or the first of each kind.
    pub(crate) fn new(json: bool, all: bool, face: Face) -> Printer {
        Printer { json, all, face, out: stdout(), index: 0, highest: Code::Fine, unread: false }
    }

    /// The code to end with.
    pub(crate) fn highest(&self) -> Code {
        self.highest
    }

    /// Prints the report on these files.
    pub(crate) fn report(
        &mut self,
        heads: &[human::Head<'_>],
        report: &Report,
    ) -> Result<(), Trouble> {
        self.highest = self.highest.max(Code::of(report));
        let written = if self.json {
            json(&mut self.out, report)
        } else {
            human::print(&mut self.out, self.index, heads, report, self.all, self.face)
        };
        self.index += 1;
        self.flush(written)
    }

    /// What cannot be read keeps its place; anything else ends the run.
    pub(crate) fn trouble(&mut self, trouble: Trouble) -> Result<(), Trouble> {
        let Trouble::Failed(why) = trouble else { return Err(trouble) };
        complain(&why);
        self.unread = true;
        self.highest = self.highest.max(Code::Unreadable);
        self.index += 1;
        // Lines stand for files, in their order.
        let line = if self.json { "null\n" } else { "" };
        let written = self.out.write_all(line.as_bytes()).map_err(Trouble::from);
        self.flush(written)
    }

    fn flush(&mut self, written: Result<(), Trouble>) -> Result<(), Trouble> {
        match written.and_then(|()| Ok(self.out.flush()?)) {
            Err(Trouble::Closed(_)) => Err(Trouble::Closed(self.highest)),
            other => other,
        }
    }
}

/// The report on one file; `None` if it is LND's, and put to the others.
fn look(
    path: &Path,
    of_lnd: &mut Gathered,
    arguments: &Check,
    seed: u64,
    face: Face,
) -> Result<Option<(Input, Report)>, Trouble> {
    let max = arguments.reading.max_unpacked;
    if path.is_dir() && of_lnd.walk(path, max, face)? > 0 {
        return Ok(None);
    }
    let input = Input::open(path, max, face)?;
    if let Some(Err(why)) = input.unpacking(face) {
        complain(&why);
    }
    if input.is_of_lnd()? {
        of_lnd.take(input);
        return Ok(None);
    }
    let options = Options {
        seed,
        now: arguments.now,
        reveal: arguments.reveal,
        own: arguments.own.clone(),
        releases: arguments.choice(),
        ..Options::default()
    };
    if input.kind().is_log() {
        let report = log::look(&input, None, None, seed)?;
        return Ok(Some((input, report)));
    }
    let report = match input.other() {
        Some(report) => report,
        None => stages::check(path, input.source(), options, &arguments.work())?,
    };
    let report = if input.is_still() { report } else { report.not_still() };
    Ok(Some((input, report)))
}

fn json(out: &mut impl Write, report: &Report) -> Result<(), Trouble> {
    let line = report.to_json().map_err(|error| Trouble::Failed(error.to_string()))?;
    writeln!(out, "{line}")?;
    Ok(())
}
