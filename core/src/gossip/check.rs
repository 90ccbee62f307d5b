//! From bytes to a report: scan, fold, second looks, findings, verdict.
//!
//! Bytes are pushed ([`Check::push`]), then the wounds get their second look through a
//! [`Source`] ([`Check::conclude`]). Two threads are two stages: one owns the [`Scanner`], the
//! other the [`Fold`], and batches go between them; the outcome is the same. Where the whole file
//! is at hand, [`CheckJob`] pulls it through step by step.

mod conclude;
mod judge;
mod redact;

use alloc::vec::Vec;

use super::damage::records::Sightings;
use super::format::{Layout, Version};
use super::network::{Kept, Limits, Network};
use super::scan::{Batch, Scanner, Wound};
use super::tally::Tally;
use crate::job::{Job, Progress, Step, Work};
use crate::report::Report;
use crate::source::{Source, SourceError};

/// What a face may choose.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// How much is remembered.
    pub limits: Limits,
    /// Seed for hashing; the report does not depend on it.
    pub seed: u64,
    /// What counts as now, in seconds since 1970; without it the newest timestamp in the store.
    pub now: Option<u32>,
    /// Names channels and nodes of the operator's own, which are otherwise replaced by ordinals:
    /// those of private and of PUSH records, and those of [`Options::own`].
    pub reveal: bool,
    /// Node ids that the operator calls their own.
    pub own: Vec<[u8; 33]>,
}

/// A check of one store, fed by pushing.
#[derive(Debug)]
pub struct Check {
    scanner: Scanner,
    batch: Batch,
    fold: Fold,
}

impl Check {
    /// A check of a store from its first byte.
    pub fn new(options: Options) -> Check {
        Check { scanner: Scanner::new(), batch: Batch::new(), fold: Fold::new(options) }
    }

    /// Takes the next bytes of the file.
    pub fn push(&mut self, chunk: &[u8]) {
        self.scanner.push(chunk, &mut self.batch);
        self.fold.take(&self.scanner, chunk, &self.batch);
    }

    /// Says that there are no more bytes, looks at the wounds and draws up the report. `source`
    /// must be the file that was pushed.
    ///
    /// # Errors
    /// [`SourceError`] where the source cannot be read.
    pub fn conclude(mut self, source: &dyn Source) -> Result<Report, SourceError> {
        self.scanner.finish(&mut self.batch);
        self.fold.take(&self.scanner, &[], &self.batch);
        self.fold.conclude(source)
    }
}

/// Checks a whole source.
///
/// # Errors
/// [`SourceError`] where the source cannot be read.
pub fn check(source: &dyn Source, options: Options) -> Result<Report, SourceError> {
    CheckJob::new(source, options).run()
}

/// A check that pulls its bytes from a source.
pub struct CheckJob<'a> {
    source: &'a dyn Source,
    check: Option<Check>,
    window: Vec<u8>,
    done: u64,
}

impl<'a> CheckJob<'a> {
    /// Bytes read at a time.
    const WINDOW: usize = 256 * 1024;

    /// A check of this source.
    pub fn new(source: &'a dyn Source, options: Options) -> CheckJob<'a> {
        CheckJob { source, check: Some(Check::new(options)), window: Vec::new(), done: 0 }
    }
}

impl Job for CheckJob<'_> {
    type Out = Report;

    fn step(&mut self, work: Work) -> Result<Step<Report>, SourceError> {
        let total = self.source.len();
        let until = total.min(self.done.saturating_add(work.bytes.max(1)));
        while self.done < until {
            let left = usize::try_from(until - self.done).unwrap_or(usize::MAX);
            let len = Self::WINDOW.min(left);
            self.window.resize(len, 0);
            self.source.read_at(self.done, &mut self.window)?;
            if let Some(check) = &mut self.check {
                check.push(&self.window);
            }
            self.done += len as u64;
        }
        if self.done < total {
            return Ok(Step::More(Progress { done: self.done, total }));
        }
        match self.check.take() {
            Some(check) => check.conclude(self.source).map(Step::Done),
            None => Ok(Step::More(Progress { done: total, total })),
        }
    }
}

/// The second stage: what the records and wounds add up to.
#[derive(Debug)]
pub struct Fold {
    options: Options,
    tally: Tally,
    sightings: Sightings,
    network: Network,
    wounds: Kept<Wound>,
    wounded_bytes: u64,
    version: Option<Version>,
    layout: Layout,
}

impl Fold {
    /// Nothing yet.
    pub fn new(options: Options) -> Fold {
        Fold {
            tally: Tally::default(),
            sightings: Sightings::new(options.limits.findings),
            network: Network::new(options.limits, options.seed),
            wounds: Kept::new(options.limits.findings),
            wounded_bytes: 0,
            version: None,
            layout: Layout::Long,
            options,
        }
    }

    /// What the records add up to so far.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// Takes what one push of this scanner yielded; `chunk` is what was pushed.
    pub fn take(&mut self, scanner: &Scanner, chunk: &[u8], batch: &Batch) {
        if let Some(version) = scanner.version() {
            self.take_as(version, scanner.layout(), chunk, batch);
        }
    }

    /// As [`Fold::take`], where the scanner is on another thread.
    pub fn take_as(&mut self, version: Version, layout: Layout, chunk: &[u8], batch: &Batch) {
        self.version = Some(version);
        self.layout = layout;
        for record in &batch.records {
            self.tally.record(record);
            self.sightings.record(layout, version, record, batch.body(chunk, record));
        }
        for wound in &batch.wounds {
            self.tally.wound(wound);
            self.wounded_bytes += wound.len();
            self.wounds.push(wound.clone());
        }
        self.network.fold(version, chunk, batch);
    }
}
