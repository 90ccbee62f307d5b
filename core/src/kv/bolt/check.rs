//! What is wrong with the structure of a bbolt file, and what that means for the node.
//!
//! At least what `bbolt check` reports, what bbolt panics on, and what it does not look at: each
//! fault with its page, its place in the file and its bucket, and with what it hits. Each page of
//! the tree is read once; memory follows the pages that were reached.
//!
//! Upstream: bbolt v1.4.3, tx_check.go, and the assertions of internal/common/page.go.

mod bucket;
mod conclude;
mod elements;
mod freelist;
mod inline;
mod map;
mod metas;
mod report;
mod tasks;
mod tree;

use alloc::boxed::Box;
use alloc::rc::Rc;

pub use conclude::{Checked, Figures, HitCount};
pub use map::{PageKind, PageMap, PageRun, TopBucket};

use super::format::Meta;
use super::kind::{BoltKind, identify};
use super::meta::{Found, Metas, find};
use super::owners::Owners;
use super::page::Geometry;
use super::{Bolt, Opened, geometry};
use crate::finding::{Code, Finding, Findings, Place};
use crate::job::{Job, Progress, Step, Work};
use crate::kv::tally::Tallies;
use crate::source::{Source, SourceError};
use bucket::Bucket;
use map::Marks;
use report::Tally;
use tasks::{Task, Tasks};

/// Checks the whole file.
///
/// # Errors
/// [`SourceError`] where the source cannot be read.
pub fn check<S: Source>(source: S) -> Result<Checked, SourceError> {
    CheckJob::new(source).run()
}

/// The check, step by step.
#[derive(Debug)]
pub struct CheckJob<S> {
    source: S,
    phase: Phase,
}

#[derive(Debug)]
enum Phase {
    Start,
    Tree(Box<State>),
    Over,
}

impl<S: Source> CheckJob<S> {
    /// A check of this file; nothing is read yet.
    pub fn new(source: S) -> CheckJob<S> {
        CheckJob { source, phase: Phase::Start }
    }
}

impl<S: Source> Job for CheckJob<S> {
    type Out = Checked;

    fn step(&mut self, work: Work) -> Result<Step<Checked>, SourceError> {
        match core::mem::replace(&mut self.phase, Phase::Over) {
            Phase::Start => match start(&self.source)? {
                Start::Tree(state) => {
                    let progress = state.progress();
                    self.phase = Phase::Tree(state);
                    Ok(Step::More(progress))
                }
                Start::Done(checked) => Ok(Step::Done(*checked)),
            },
            Phase::Tree(mut state) => {
                let mut left = work.bytes;
                while let Some(task) = state.tasks.pop() {
                    let read = state.visit(&self.source, &task)?;
                    state.done = state.done.saturating_add(read);
                    left = left.saturating_sub(read.max(1));
                    if left == 0 {
                        break;
                    }
                }
                if state.tasks.is_empty() {
                    return Ok(Step::Done(state.conclude()));
                }
                let progress = state.progress();
                self.phase = Phase::Tree(state);
                Ok(Step::More(progress))
            }
            Phase::Over => Ok(Step::Done(Checked::default())),
        }
    }
}

/// What the check knows while it goes down the tree.
#[derive(Debug)]
struct State {
    geometry: Geometry,
    metas: Metas,
    meta: Meta,
    kind: BoltKind,
    owners: Owners,
    marks: Marks,
    findings: Findings,
    tally: Tally,
    figures: Figures,
    tasks: Tasks,
    /// Whether the freelist is on disk and could be read.
    freelist: bool,
    /// The tree is damaged: what is beneath that place may seem to belong to nobody.
    cut_off: bool,
    /// Overflow pages of other pages that may still be named one by one.
    conflicts: u64,
    /// Keys of the buckets near the top.
    tallies: Tallies,
    /// Bytes read.
    done: u64,
}

impl State {
    fn progress(&self) -> Progress {
        let total = self.geometry.span(0, self.geometry.hwm).len();
        Progress { done: self.done.min(total), total }
    }
}

enum Start {
    Tree(Box<State>),
    Done(Box<Checked>),
}

/// Meta pages, freelist, and which store it is.
fn start<S: Source>(source: &S) -> Result<Start, SourceError> {
    let len = source.len();
    let mut findings = Findings::default();
    let mut tally = Tally::default();
    let (metas, meta) = match find(source)? {
        Found::Metas(metas) => {
            metas::report(&metas, len, &mut findings, &mut tally);
            let Some(meta) = metas.meta() else {
                return Ok(done(Some(*metas), findings, &tally));
            };
            (*metas, meta)
        }
        Found::BigEndian => {
            findings.push(Finding::new(Code::BoltBigEndian, Place::span(0, len.min(80))));
            return Ok(done(None, findings, &tally));
        }
        Found::NotBolt => return Ok(done(None, findings, &tally)),
    };
    let kind = match Bolt::open(source)? {
        Opened::Bolt(bolt) => identify(&bolt)?,
        _ => BoltKind::Other,
    };
    let geometry = geometry(source, &metas, meta.hwm);
    let mut state = State {
        geometry,
        metas,
        meta,
        kind,
        owners: Owners::default(),
        marks: Marks::default(),
        findings,
        tally,
        figures: Figures::default(),
        tasks: Tasks::default(),
        freelist: false,
        cut_off: false,
        conflicts: geometry.pages().saturating_mul(2),
        tallies: Tallies::default(),
        done: 0,
    };
    state.claim_metas();
    state.read_freelist(source)?;
    let root = Rc::new(Bucket::root());
    state.tasks.push(Task::root(meta.root, root));
    Ok(Start::Tree(Box::new(state)))
}

/// There is no tree to go down.
fn done(metas: Option<Metas>, findings: Findings, tally: &Tally) -> Start {
    Start::Done(Box::new(Checked::without_tree(metas, findings, tally)))
}
