//! From bytes to a report: scan, fold, second looks, findings, verdict.
//!
//! Bytes are pushed ([`Check::push`]), then the wounds get their second look through a
//! [`Source`] ([`Check::conclude`]). Two threads are two stages: one owns the [`Scanner`] and what
//! is [`Counted`], the other the [`Network`], and batches go between them; the outcome is the same
//! ([`Fold::of`]). Where the whole file is at hand, [`CheckJob`] pulls it through step by step.

mod conclude;
mod counted;
mod judge;
mod redact;

use alloc::boxed::Box;
use alloc::vec::Vec;

pub use counted::Counted;

use super::format::{Layout, Version};
use super::network::{Limits, Network};
use super::scan::{Batch, Scanner};
use super::signatures::{Ledger, Verification, VerifySignature};
use super::verdict::{Choice, VerdictJob, Verdicts, Wanted};
use crate::detect::Kind;
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
    /// For which releases of lightningd verdicts are given.
    pub releases: Choice,
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
    pub fn conclude(self, source: &dyn Source) -> Result<Report, SourceError> {
        let fold = self.finish();
        let mut report = fold.conclude(source)?;
        if let Some(job) = fold.verdicts(&report, source) {
            report.releases = job.run()?;
        }
        Ok(report)
    }

    /// Says that there are no more bytes.
    fn finish(mut self) -> Fold {
        self.scanner.finish(&mut self.batch);
        self.fold.take(&self.scanner, &[], &self.batch);
        self.fold
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
    verifier: Option<&'a dyn VerifySignature>,
    stage: Stage<'a>,
    window: Vec<u8>,
    done: u64,
}

/// How far a [`CheckJob`] is.
enum Stage<'a> {
    /// Bytes are pushed.
    Push(Box<Check>),
    /// All are; signatures are verified.
    Verify(Box<(Fold, Verification)>),
    /// The report is drawn up, and the file is read again for verdicts.
    Releases(Box<Report>, Box<VerdictJob<'a>>),
    /// The report was given out.
    Over,
}

impl<'a> CheckJob<'a> {
    /// Bytes read at a time.
    const WINDOW: usize = 256 * 1024;

    /// A check of this source.
    pub fn new(source: &'a dyn Source, options: Options) -> CheckJob<'a> {
        let stage = Stage::Push(Box::new(Check::new(options)));
        CheckJob { source, verifier: None, stage, window: Vec::new(), done: 0 }
    }

    /// The same, and the signatures of the live records are verified, for which the source is
    /// read a second time.
    #[must_use]
    pub fn verifying(mut self, verifier: &'a dyn VerifySignature) -> CheckJob<'a> {
        self.verifier = Some(verifier);
        self
    }

    fn verify(
        &mut self,
        mut both: Box<(Fold, Verification)>,
        work: Work,
    ) -> Result<Step<Report>, SourceError> {
        let Some(verifier) = self.verifier else { return self.draw_up(&both.0) };
        let (fold, verification) = &mut *both;
        match verification.step(work, self.source, &fold.network, verifier)? {
            Step::More(progress) => {
                self.stage = Stage::Verify(both);
                Ok(Step::More(self.progress(self.done.saturating_add(progress.done))))
            }
            Step::Done(ledger) => {
                fold.set_signatures(ledger);
                self.draw_up(fold)
            }
        }
    }

    fn draw_up(&mut self, fold: &Fold) -> Result<Step<Report>, SourceError> {
        let report = fold.conclude(self.source)?;
        match fold.verdicts(&report, self.source) {
            Some(job) => {
                self.stage = Stage::Releases(Box::new(report), Box::new(job));
                let done = self.source.len().saturating_mul(self.passes());
                Ok(Step::More(Progress { done, total: done }))
            }
            None => Ok(Step::Done(report)),
        }
    }

    /// The verdicts of releases, for which the file is read again.
    fn releases(
        &mut self,
        mut report: Box<Report>,
        mut job: Box<VerdictJob<'a>>,
        work: Work,
    ) -> Result<Step<Report>, SourceError> {
        match job.step(work)? {
            Step::Done(releases) => {
                report.releases = releases;
                Ok(Step::Done(*report))
            }
            Step::More(Progress { done, total }) => {
                self.stage = Stage::Releases(report, job);
                let before = self.source.len().saturating_mul(self.passes());
                let progress = Progress { done: before + done, total: before + total };
                Ok(Step::More(progress))
            }
        }
    }

    fn passes(&self) -> u64 {
        if self.verifier.is_some() { 2 } else { 1 }
    }

    fn progress(&self, done: u64) -> Progress {
        Progress { done, total: self.source.len().saturating_mul(self.passes()) }
    }
}

impl Job for CheckJob<'_> {
    type Out = Report;

    fn step(&mut self, work: Work) -> Result<Step<Report>, SourceError> {
        let total = self.source.len();
        if let Stage::Push(check) = &mut self.stage {
            let until = total.min(self.done.saturating_add(work.bytes.max(1)));
            while self.done < until {
                let left = usize::try_from(until - self.done).unwrap_or(usize::MAX);
                let len = Self::WINDOW.min(left);
                self.window.resize(len, 0);
                self.source.read_at(self.done, &mut self.window)?;
                check.push(&self.window);
                self.done += len as u64;
            }
            if self.done < total {
                return Ok(Step::More(self.progress(self.done)));
            }
        }
        match core::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Push(check) => {
                let fold = check.finish();
                if self.verifier.is_none() {
                    return self.draw_up(&fold);
                }
                let verification = Verification::new(fold.options.limits.findings);
                self.stage = Stage::Verify(Box::new((fold, verification)));
                Ok(Step::More(self.progress(total)))
            }
            Stage::Verify(both) => self.verify(both, work),
            Stage::Releases(report, job) => self.releases(report, job, work),
            Stage::Over => Ok(Step::More(self.progress(total))),
        }
    }
}

/// The second stage: what the records and wounds add up to.
#[derive(Debug)]
pub struct Fold {
    options: Options,
    counted: Counted,
    network: Network,
    signatures: Option<Ledger>,
}

impl Fold {
    /// Nothing yet.
    pub fn new(options: Options) -> Fold {
        let counted = Counted::new(&options);
        let network = Network::new(options.limits, options.seed);
        Fold::of(options, counted, network)
    }

    /// Of two halves that took the same batches, on whatever threads.
    pub fn of(options: Options, counted: Counted, network: Network) -> Fold {
        Fold { options, counted, network, signatures: None }
    }

    /// What the records add up to so far.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// Adds the verdicts on the signatures of the same file, which the report then tells. The
    /// network must be complete before they are made.
    pub fn set_signatures(&mut self, ledger: Ledger) {
        self.signatures = Some(ledger);
    }

    /// The releases whose verdicts this report lacks: the file must be read again for them.
    pub fn pending(&self, report: &Report) -> Vec<Wanted> {
        if report.input.kind != Kind::GossipStore || !report.releases.is_empty() {
            return Vec::new();
        }
        self.options.releases.wanted(self.counted.version.map(|version| version.0))
    }

    /// The job that finds them, if there are any. `source` must be the file that was folded.
    pub fn verdicts<'a>(&self, report: &Report, source: &'a dyn Source) -> Option<VerdictJob<'a>> {
        let wanted = self.pending(report);
        let Options { limits, seed, .. } = self.options;
        (!wanted.is_empty()).then(|| VerdictJob::new(source, wanted, limits, seed))
    }

    /// The same for who pushes the file again.
    pub fn verdicts_by_pushing(&self, report: &Report, size: u64) -> Option<Verdicts> {
        self.pushed(self.pending(report), size)
    }

    /// The same for who can spare the time while the file is pushed for the first time, where the
    /// version is known and the report is not: if it turns out to lack the verdicts
    /// ([`Fold::pending`]), they need no second pass.
    pub fn verdicts_beforehand(&self, version: Version, size: u64) -> Option<Verdicts> {
        self.pushed(self.options.releases.wanted(Some(version.0)), size)
    }

    fn pushed(&self, wanted: Vec<Wanted>, size: u64) -> Option<Verdicts> {
        let Options { limits, seed, .. } = self.options;
        (!wanted.is_empty()).then(|| Verdicts::new(size, wanted, limits, seed))
    }

    /// Takes what one push of this scanner yielded; `chunk` is what was pushed.
    pub fn take(&mut self, scanner: &Scanner, chunk: &[u8], batch: &Batch) {
        if let Some(version) = scanner.version() {
            self.take_as(version, scanner.layout(), chunk, batch);
        }
    }

    /// As [`Fold::take`], where the scanner is on another thread.
    pub fn take_as(&mut self, version: Version, layout: Layout, chunk: &[u8], batch: &Batch) {
        self.counted.take(version, layout, chunk, batch);
        self.network.fold(version, chunk, batch);
    }
}
