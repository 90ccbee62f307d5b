//! A plan that is drawn up, and writing what it says.

use alloc::vec::Vec;
use core::fmt;

use super::Options;
use super::chains::{Chain, Inspected};
use super::error::SalvageError;
use super::item::Item;
use super::passage::{Passage, pass};
use super::plan::{Ledger, Plan, Reason};
use super::planner::Planner;
use super::reader::Reader;
use super::segments::Segment;
use super::survey::Survey;
use super::weave::{Admission, Context, Weave};
use crate::finding::Span;
use crate::gossip::format::Version;
use crate::job::{Job, Progress, Step, Work};
use crate::report::Report;
use crate::source::{Source, SourceError};

/// A plan, and all that is needed to carry it out but the sources.
pub struct Planned<'v> {
    /// What will be done.
    pub plan: Plan,
    pub(super) options: Options<'v>,
    pub(super) inputs: Vec<Inspected>,
    pub(super) chains: Vec<Chain>,
    pub(super) order: Vec<u8>,
    pub(super) survey: Survey,
    pub(super) target: Version,
    pub(super) uuid: Option<[u8; 32]>,
    pub(super) admission: Admission,
}

impl Planned<'_> {
    /// What there is to say about an input, node ids and channels of the operator's own included.
    pub fn report(&self, input: usize) -> Option<&Report> {
        self.inputs.get(input).map(|input| &input.report)
    }

    /// Carries the plan out.
    pub fn writer(&self) -> Writer {
        let weave = (!self.plan.unchanged).then(|| {
            Weave::new(self.target, self.uuid, self.options.bounds(), &self.admission, false)
        });
        Writer { weave, passage: Passage::new(), over: false }
    }

    /// Tells a ledger what becomes of every single record.
    ///
    /// # Errors
    /// [`SourceError`] where a source cannot be read.
    pub fn account(
        &self,
        sources: &[&dyn Source],
        ledger: &mut dyn Ledger,
    ) -> Result<(), SourceError> {
        let mut weave =
            Weave::new(self.target, self.uuid, self.options.bounds(), &self.admission, true);
        let mut passage = Passage::new();
        let context = self.context(sources);
        while !pass(&mut weave, context, &mut passage, &self.options, Work::default(), ledger)? {}
        Ok(())
    }

    fn context<'c>(&'c self, sources: &'c [&'c dyn Source]) -> Context<'c> {
        Context {
            sources,
            inputs: &self.inputs,
            chains: &self.chains,
            order: &self.order,
            survey: &self.survey,
            target: self.target,
            compact: self.options.compact,
            limits: self.options.limits,
            verifier: self.options.verifier,
            admission: &self.admission,
        }
    }
}

/// Draws up the plan of a repair. See [`Planner`].
#[derive(Debug)]
pub struct PlanJob<'a> {
    sources: Lent<'a>,
    planner: Planner<'a>,
}

/// Sources that are lent.
#[derive(Clone, Copy)]
struct Lent<'a>(&'a [&'a dyn Source]);

impl<'a> PlanJob<'a> {
    /// A plan for merging these inputs, or mending the only one.
    ///
    /// # Errors
    /// As [`Planner::new`].
    pub fn new(
        sources: &'a [&'a dyn Source],
        options: Options<'a>,
    ) -> Result<PlanJob<'a>, SalvageError> {
        let sizes = sources.iter().copied().map(Source::len).collect();
        Ok(PlanJob { sources: Lent(sources), planner: Planner::new(sizes, options)? })
    }
}

impl<'a> Job for PlanJob<'a> {
    type Out = Result<Planned<'a>, SalvageError>;

    fn step(&mut self, work: Work) -> Result<Step<Self::Out>, SourceError> {
        self.planner.step(self.sources.0, work)
    }
}

/// Yields the repaired store. Each step gives the pieces that follow those of the step before.
pub struct Writer {
    /// None where the input is handed back as it is.
    weave: Option<Weave>,
    passage: Passage,
    over: bool,
}

impl Writer {
    /// The next pieces, and how far it is; `None` once there are no more. Plan and sources are those
    /// that it was made of.
    ///
    /// # Errors
    /// [`SourceError`] where a source cannot be read; the writer must not be stepped again.
    pub fn step(
        &mut self,
        planned: &Planned<'_>,
        sources: &[&dyn Source],
        work: Work,
    ) -> Result<Option<(Vec<Segment>, Progress)>, SourceError> {
        let total: u64 = planned.inputs.iter().map(|input| input.size).sum();
        if self.over {
            return Ok(None);
        }
        let Some(weave) = &mut self.weave else {
            self.over = true;
            let whole = Segment::Copy { source: 0, at: 0, len: total };
            return Ok(Some((alloc::vec![whole], Progress { done: total, total })));
        };
        let context = planned.context(sources);
        let options = &planned.options;
        self.over = pass(weave, context, &mut self.passage, options, work, &mut NoLedger)?;
        let inside = self.passage.reader.as_ref().map_or(0, Reader::done);
        let done = if self.over { total } else { self.passage.behind + inside };
        Ok(Some((weave.out.take(), Progress { done, total })))
    }
}

/// Repairs in memory: the plan, and the repaired store.
///
/// # Errors
/// [`SourceError`] where a source cannot be read; inside, [`SalvageError`] where nothing can be
/// repaired.
pub fn salvage(
    sources: &[&dyn Source],
    options: Options<'_>,
) -> Result<Result<(Plan, Vec<u8>), SalvageError>, SourceError> {
    let job = match PlanJob::new(sources, options) {
        Ok(job) => job,
        Err(error) => return Ok(Err(error)),
    };
    let planned = match job.run()? {
        Ok(planned) => planned,
        Err(error) => return Ok(Err(error)),
    };
    let mut bytes = Vec::new();
    let mut writer = planned.writer();
    while let Some((segments, _)) = writer.step(&planned, sources, Work::default())? {
        for segment in segments {
            match segment {
                Segment::Bytes(more) => bytes.extend_from_slice(&more),
                Segment::Copy { source, at, len } => {
                    let Some(source) = sources.get(usize::from(source)) else { continue };
                    let len = usize::try_from(len).unwrap_or(usize::MAX);
                    bytes.extend(crate::source::read_span(*source, at, len)?);
                }
            }
        }
    }
    Ok(Ok((planned.plan, bytes)))
}

/// Nobody is told.
struct NoLedger;

impl Ledger for NoLedger {
    fn kept(&mut self, _: &Item, _: bool) {}
    fn dropped(&mut self, _: &Item, _: Reason) {}
    fn amount_made(&mut self, _: &Item) {}
    fn lost(&mut self, _: u8, _: Span) {}
}

impl fmt::Debug for Lent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().copied().map(Source::len)).finish()
    }
}

impl fmt::Debug for Planned<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Planned").field("plan", &self.plan).finish_non_exhaustive()
    }
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").field("over", &self.over).finish_non_exhaustive()
    }
}
