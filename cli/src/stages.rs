//! The check of a file that may be a store: its windows go through the two stages, in one thread or
//! in two, and what they found becomes the report.

mod pair;
mod reading;

use std::path::Path;

use fulgurite_core::detect::Kind;
use fulgurite_core::finding::{Findings, Values};
use fulgurite_core::gossip::check::{Fold, Options};
use fulgurite_core::job::{self, Job as _, Step};
use fulgurite_core::report::{Headline, Input, Report};
use fulgurite_core::source::{Source as _, SourceError, SourceErrorKind};

use crate::args::Work;
use crate::cancel;
use crate::exit::Trouble;
use crate::progress::Progress;
use crate::signatures;
use crate::source::FileSource;
use crate::windows::{WINDOW, Windows};
use pair::{Front, one_thread, two_threads};

/// Checks a file that may be a store. If it turns out shorter than it was, the report says that
/// it is not a still copy.
pub(crate) fn check(
    path: &Path,
    source: FileSource<'_>,
    options: Options,
    work: &Work,
) -> Result<Report, Trouble> {
    let mut windows = Windows::new(path, source, Progress::of(path, source.len()));
    let limit = options.limits.findings;
    let mut fold = if work.walk_in_two {
        two_threads(&mut windows, source, WINDOW, options)?
    } else {
        one_thread(&mut windows, options)?
    };
    let mut read = windows.source();
    if let Some(threads) = work.verifiers {
        let ledger;
        (ledger, read) = signatures::verify(path, read, fold.network(), limit, threads)?;
        fold.set_signatures(ledger);
    }
    let shrank = read.len() < source.len();
    match fold.conclude(&read).and_then(|report| releases(path, &fold, report, &read)) {
        Ok(report) if shrank => Ok(report.not_still()),
        Ok(report) => Ok(report),
        // It became shorter between the first look and the second.
        Err(error) if matches!(error.kind, SourceErrorKind::PastEnd { .. }) => {
            let input = Input { kind: Kind::GossipStore, size: source.len() };
            let (headline, none) = (Headline::NotStill, Findings::default());
            Ok(Report::new(input, headline, Values::new(), none, None).not_still())
        }
        Err(error) => Err(Trouble::source(path, &error)),
    }
}

/// Verdicts that do not follow from the report: the file is read again for them.
fn releases(
    path: &Path,
    fold: &Fold,
    mut report: Report,
    source: &FileSource<'_>,
) -> Result<Report, SourceError> {
    let Some(mut job) = fold.verdicts(&report, source) else { return Ok(report) };
    let mut progress = Progress::of(path, source.len());
    loop {
        match job.step(job::Work::default())? {
            Step::More(so_far) => progress.at(so_far.done.min(source.len())),
            Step::Done(releases) => {
                report.releases = releases;
                return Ok(report);
            }
        }
        if cancel::check().is_err() {
            // Whoever asks next is told.
            return Ok(report);
        }
    }
}

impl Front for Windows<'_> {
    type Trouble = Trouble;

    fn next(&mut self, chunk: &mut Vec<u8>) -> Result<bool, Trouble> {
        Windows::next(self, chunk)
    }

    fn at(&self) -> u64 {
        Windows::at(self)
    }

    fn pass(&mut self, len: u64) -> Result<(), Trouble> {
        Windows::pass(self, len)
    }
}

#[cfg(test)]
mod tests;
