//! Planning, step by step: inspect each input, survey all chains, weave without writing.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

use sha2::{Digest as _, Sha256};

use super::Options;
use super::chains::{CHAINS, Chain, Inspected};
use super::error::{INPUTS, SalvageError};
use super::inspect::Inspector;
use super::passage::{Passage, desk, pass};
use super::plan::{Action, Book, Plan, PlanInput, Reason, Row, SCHEMA};
use super::planned::Planned;
use super::reader::Reader;
use super::survey::{self, Survey, Surveyor};
use super::target::OLDEST_TARGET;
use super::weave::{Admission, Context, Weave};
use crate::finding::{Code, Severity, Span};
use crate::gossip::check;
use crate::gossip::format::Version;
use crate::job::{Progress, Step, Work};
use crate::report::Headline;
use crate::sorting::sort_by_key;
use crate::source::{Source, SourceError};
use crate::text::hex;

/// Draws up the plan of a repair, given the sources anew at each step: for who cannot lend them for
/// as long as that takes. [`PlanJob`](super::PlanJob) is easier where they can be lent.
pub struct Planner<'v> {
    options: Options<'v>,
    /// Lengths of the sources.
    sizes: Vec<u64>,
    inputs: Vec<Inspected>,
    chains: Vec<Chain>,
    survey: Survey,
    waiting: Option<(u64, u64)>,
    order: Vec<u8>,
    weave: Option<Weave>,
    admission: Admission,
    /// It is surveyed or woven, or both, for the second time.
    again: bool,
    book: Book,
    stage: Stage,
}

enum Stage {
    Inspect(Box<Inspector>),
    Survey(Passage),
    Weave(Passage),
    Over,
}

impl<'v> Planner<'v> {
    /// A plan for merging inputs of these lengths, in bytes, or mending the only one.
    ///
    /// # Errors
    /// [`SalvageError`] where inputs or options are not such that anything could come of them.
    pub fn new(sizes: Vec<u64>, options: Options<'v>) -> Result<Planner<'v>, SalvageError> {
        if sizes.is_empty() || sizes.len() > INPUTS {
            return Err(SalvageError::Inputs { found: sizes.len() });
        }
        let target = options.version.filter(|v| *v < OLDEST_TARGET || *v > Version::NEWEST);
        if let Some(version) = target {
            return Err(SalvageError::Target { found: version.0 });
        }
        let stage = Stage::Inspect(Box::new(Inspector::new(check_options(&options))));
        Ok(Planner {
            sizes,
            survey: Survey::new(options.limits, options.seed),
            options,
            inputs: Vec::new(),
            chains: Vec::new(),
            waiting: None,
            order: Vec::new(),
            weave: None,
            admission: Admission::default(),
            again: false,
            book: Book::default(),
            stage,
        })
    }

    fn total(&self) -> u64 {
        // Once to look, once to survey, once to weave.
        3 * self.sizes.iter().sum::<u64>()
    }

    fn done(&self) -> u64 {
        let inspected: u64 = self.inputs.iter().map(|input| input.size).sum();
        let passed =
            |passage: &Passage| passage.behind + passage.reader.as_ref().map_or(0, Reader::done);
        match &self.stage {
            Stage::Inspect(inspector) => inspected + inspector.done(),
            // What is done again is as good as done: progress does not go back.
            Stage::Survey(_) | Stage::Weave(_) if self.again => self.total(),
            Stage::Survey(passage) => inspected + passed(passage),
            Stage::Weave(passage) => 2 * inspected + passed(passage),
            Stage::Over => self.total(),
        }
    }

    fn inspect(
        &mut self,
        sources: &[&dyn Source],
        mut inspector: Box<Inspector>,
        work: Work,
    ) -> Result<(), SourceError> {
        let at = self.inputs.len();
        let Some(source) = sources.get(at) else { return Ok(()) };
        let Some(inspected) = inspector.step(*source, work.bytes)? else {
            self.stage = Stage::Inspect(inspector);
            return Ok(());
        };
        let number = u8::try_from(at).unwrap_or(u8::MAX);
        self.chains.extend(inspected.chains(number));
        self.inputs.push(inspected);
        self.stage = if self.inputs.len() < self.sizes.len() {
            Stage::Inspect(Box::new(Inspector::new(check_options(&self.options))))
        } else {
            self.chains.truncate(CHAINS);
            self.order = (0u8..).take(self.chains.len()).collect();
            Stage::Survey(Passage::new())
        };
        Ok(())
    }

    fn survey(
        &mut self,
        sources: &[&dyn Source],
        mut passage: Passage,
        work: Work,
    ) -> Result<(), SourceError> {
        let number = self.order.get(passage.index).copied();
        let chain = number.and_then(|number| self.chains.get(usize::from(number)).copied());
        let (Some(number), Some(chain)) = (number, chain) else {
            self.surveyed();
            return Ok(());
        };
        let Some(desk) = desk(sources, &self.inputs, chain, &self.options) else {
            return Ok(());
        };
        let reader = passage.reader.get_or_insert_with(|| Reader::new(chain, desk.input.layout));
        let survey = &mut self.survey;
        let mut surveyor = Surveyor::new(survey, sources, desk, (number, chain), &mut self.waiting);
        if !reader.step(desk, work.bytes, &mut surveyor)? {
            self.waiting = None;
            passage.next(chain);
        }
        self.stage = Stage::Survey(passage);
        Ok(())
    }

    /// All chains are surveyed: a second time where the first could not know enough. Where the first
    /// chain that says something of a channel counts, that has to be the newest, not the one that was
    /// given first; and whether an update allows more than its channel has hangs on a capacity that may
    /// stand behind it, or in another chain.
    fn surveyed(&mut self) {
        let before = core::mem::take(&mut self.order);
        self.order_chains();
        let reorders = !self.again && before != self.order && self.survey.depends_on_order();
        if reorders {
            self.survey = Survey::new(self.options.limits, self.options.seed);
        }
        let leaves_out = self.options.compact || survey::is_judged(self.target());
        if reorders || leaves_out && self.survey.knows_better() {
            self.again = true;
            self.stage = Stage::Survey(Passage::new());
        } else {
            self.begin_weaving();
        }
    }

    /// Newest first, by the newest timestamp of any message, also of one marked DELETED since. Closing
    /// a channel has no timestamp, but it makes a store longer: of those that know nothing newer than
    /// each other the longer comes first, then the one with the newest live message, then the one given
    /// first.
    fn order_chains(&mut self) {
        for (chain, newest) in self.chains.iter_mut().zip(&self.survey.newest) {
            chain.newest = *newest;
        }
        let mut order: Vec<u8> = (0u8..).take(self.chains.len()).collect();
        sort_by_key(&mut order, |number| {
            let number = usize::from(*number);
            let latest = self.survey.latest.get(number).copied().unwrap_or(0);
            let chain = self.chains.get(number).map_or((0, 0), |it| (it.span.len(), it.newest));
            core::cmp::Reverse((latest, chain))
        });
        self.order = order;
    }

    fn begin_weaving(&mut self) {
        let bounds = self.options.bounds();
        let weave = Weave::new(self.target(), self.uuid(), bounds, &self.admission, true);
        self.weave = Some(weave);
        self.stage = Stage::Weave(Passage::new());
    }

    /// Whether it must be woven once more: which channels have an update that is accepted is known
    /// at the end only.
    fn begins_again(&mut self, weave: &Weave) -> bool {
        if self.admission.is_known() {
            return false;
        }
        let Some(admission) = weave.refused() else { return false };
        self.again = true;
        self.book = Book::default();
        self.admission = admission;
        self.begin_weaving();
        true
    }

    fn weave(
        &mut self,
        sources: &[&dyn Source],
        mut passage: Passage,
        work: Work,
    ) -> Result<bool, SourceError> {
        let Some(mut weave) = self.weave.take() else { return Ok(true) };
        let context = Context {
            sources,
            inputs: &self.inputs,
            chains: &self.chains,
            order: &self.order,
            survey: &self.survey,
            target: self.target(),
            compact: self.options.compact,
            limits: self.options.limits,
            verifier: self.options.verifier,
            admission: &self.admission,
        };
        let over = pass(&mut weave, context, &mut passage, &self.options, work, &mut self.book)?;
        if over && self.begins_again(&weave) {
            return Ok(false);
        }
        self.weave = Some(weave);
        self.stage = Stage::Weave(passage);
        Ok(over)
    }

    fn target(&self) -> Version {
        let read_as = self
            .order
            .first()
            .and_then(|number| self.chains.get(usize::from(*number)))
            .map_or(Version::NEWEST, |chain| chain.version);
        self.options.version.unwrap_or(read_as.clamp(OLDEST_TARGET, Version::NEWEST))
    }

    /// The same inputs and options give the same uuid.
    fn uuid(&self) -> Option<[u8; 32]> {
        if self.target() != Version(16) {
            return None;
        }
        let mut hash = Sha256::new();
        hash.update(b"fulgurite uuid 1");
        for input in &self.inputs {
            hash.update(input.sha256);
        }
        hash.update([u8::from(self.options.compact)]);
        Some(hash.finalize().into())
    }

    fn finish(&mut self) -> Result<Planned<'v>, SalvageError> {
        let nothing = || SalvageError::Nothing {
            headline: self
                .inputs
                .first()
                .map_or(Headline::Empty, |input| input.report.verdict.headline),
        };
        let Some(weave) = &self.weave else { return Err(nothing()) };
        if self.chains.is_empty() {
            return Err(nothing());
        }
        let newest = self.chains.iter().map(|chain| chain.newest).max().unwrap_or(0);
        let now = self.options.now.unwrap_or(newest);
        let figures = weave.figures(now);
        let (target, uuid) = (self.target(), self.uuid());
        let book = core::mem::take(&mut self.book);
        let mut plan = Plan {
            schema: Cow::Borrowed(SCHEMA),
            inputs: (0u8..)
                .zip(&self.inputs)
                .map(|(at, input)| self.plan_input(at, input))
                .collect(),
            version: target.0,
            unchanged: false,
            size: weave.out.len,
            uuid: uuid.map(|uuid| hex(&uuid)),
            records: weave.records,
            channels: figures.channels,
            updates: figures.updates,
            nodes: figures.nodes,
            announced_nodes: figures.announced_nodes,
            now,
            channels_after_prune: figures.channels_after_prune,
            channels_from_older: weave.from_older,
            kept: book.kept,
            mended: book.mended,
            moved: book.moved,
            dropped: book.dropped,
            lost: book.lost,
            dropped_by: book.dropped_by(),
            mended_by: book.mended_by(),
            rows: Vec::new(),
            rows_left_off: book.rows_left_off,
        };
        let idle = !weave.rewritten && self.is_idle(&book, target);
        if weave.records == 0 && !idle {
            return Err(nothing());
        }
        plan.rows = book.rows;
        if idle {
            self.leave_alone(&mut plan);
        }
        Ok(Planned {
            plan,
            options: self.options,
            inputs: core::mem::take(&mut self.inputs),
            chains: core::mem::take(&mut self.chains),
            order: core::mem::take(&mut self.order),
            survey: core::mem::replace(&mut self.survey, Survey::new(self.options.limits, 0)),
            target,
            uuid,
            admission: core::mem::take(&mut self.admission),
        })
    }

    fn plan_input(&self, at: u8, input: &Inspected) -> PlanInput {
        let own = self.order.iter().filter_map(|number| self.chains.get(usize::from(*number)));
        PlanInput {
            size: input.size,
            sha256: hex(&input.sha256),
            version: input.version.0,
            intact: input.report.gossip.as_ref().map_or(0, |gossip| gossip.records),
            chains: own
                .filter(|chain| chain.source == at)
                .map(|chain| (chain.span, chain.newest))
                .collect(),
        }
    }

    /// Whether the only input is as it ought to be, and of the version wanted.
    fn is_idle(&self, book: &Book, target: Version) -> bool {
        let ([input], [_]) = (&self.inputs[..], &self.chains[..]) else { return false };
        let byte = input.report.gossip.as_ref().map(|gossip| gossip.version.byte);
        // The uuid record would be replaced by another.
        let own_uuid = target == Version(16) && book.uuid_first;
        book.is_idle(own_uuid)
            && !self.options.compact
            && byte == Some(target.0)
            && input.report.findings.iter().all(is_harmless)
    }

    fn leave_alone(&self, plan: &mut Plan) {
        let Some(input) = self.inputs.first() else { return };
        let records = input.report.gossip.as_ref().map_or(0, |gossip| gossip.records);
        let uuids = u64::from(plan.dropped_for(Reason::Uuid) > 0);
        plan.unchanged = true;
        plan.size = input.size;
        plan.uuid = None;
        plan.records = records - uuids;
        plan.kept = records;
        plan.dropped = 0;
        plan.dropped_by.clear();
        plan.rows = alloc::vec![Row {
            source: 0,
            span: Span::new(1, input.size),
            action: Action::Keep,
            reason: None,
            mends: Vec::new(),
            proofs: Vec::new(),
            bits: Vec::new(),
            records,
            record_type: None,
        }];
        plan.rows_left_off = 0;
    }
}

impl<'v> Planner<'v> {
    /// Does at most `work`. The sources are the same at every step, in the same order.
    ///
    /// # Errors
    /// [`SourceError`] where a source cannot be read; the planner must not be stepped again. The
    /// outcome is [`SalvageError`] where nothing can be repaired.
    pub fn step(
        &mut self,
        sources: &[&dyn Source],
        work: Work,
    ) -> Result<Step<Result<Planned<'v>, SalvageError>>, SourceError> {
        match core::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Inspect(inspector) => self.inspect(sources, inspector, work)?,
            Stage::Survey(passage) => self.survey(sources, passage, work)?,
            Stage::Weave(passage) => {
                if self.weave(sources, passage, work)? {
                    self.stage = Stage::Over;
                    return Ok(Step::Done(self.finish()));
                }
            }
            Stage::Over => {}
        }
        Ok(Step::More(Progress { done: self.done(), total: self.total() }))
    }
}

/// Whether repair has nothing to do with a finding: it is no damage, or not of the bytes.
fn is_harmless(finding: &crate::finding::Finding) -> bool {
    finding.severity == Severity::Info
        || matches!(
            finding.code,
            Code::OlderVersion
                | Code::UnsupportedVersion
                | Code::Bloat
                | Code::Readvertising
                | Code::TooOld
                | Code::LimitReached
        )
}

fn check_options(options: &Options<'_>) -> check::Options {
    let limits = crate::gossip::network::Limits { findings: 65_536, ..options.limits };
    check::Options {
        limits,
        seed: options.seed,
        now: options.now,
        // Offsets are all that counts; nothing of it is shown.
        reveal: true,
        own: Vec::new(),
        releases: crate::gossip::verdict::Choice::None,
    }
}

impl fmt::Debug for Planner<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Planner").field("options", &self.options).finish_non_exhaustive()
    }
}
