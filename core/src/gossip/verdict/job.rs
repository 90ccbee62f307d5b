//! The loaders of several releases over one source, in as few passes as memory allows.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::vec::Vec;

use super::loader::{Loader, Outcome};
use super::outcome::{Fate, ReleaseVerdict, Why};
use super::readers::{RawReaders, Readers};
use super::releases::Release;
use super::{Wanted, accepts};
use crate::gossip::network::Limits;
use crate::job::{Job, Progress, Step, Work};
use crate::source::{Source, SourceError};

/// So many loaders share a pass; each remembers channels and nodes of its own.
const TOGETHER: usize = 4;

/// Bytes read at a time.
const WINDOW: usize = 256 * 1024;

/// The loaders of several releases, fed by pushing the file as often as they need it. Releases
/// that do the same share one.
#[derive(Debug)]
pub struct Verdicts {
    size: u64,
    limits: Limits,
    seed: u64,
    wanted: Vec<Wanted>,
    /// One of each kind, and what its loader came to.
    kinds: Vec<(&'static Release, Option<Outcome>)>,
    running: Vec<(usize, Running)>,
    at: u64,
    /// Bytes of the passes that are over.
    before: u64,
}

#[derive(Debug)]
enum Running {
    Loader(Loader),
    Readers(Box<RawReaders>),
}

impl Verdicts {
    /// The verdicts of these releases on a file of that many bytes. `seed` is for hashing; no
    /// verdict depends on it.
    pub fn new(size: u64, wanted: Vec<Wanted>, limits: Limits, seed: u64) -> Verdicts {
        let mut kinds: Vec<(&'static Release, Option<Outcome>)> = Vec::new();
        for one in &wanted {
            if !kinds.iter().any(|(kind, _)| alike(kind, one.release)) {
                kinds.push((one.release, None));
            }
        }
        let running = Vec::new();
        let mut new = Verdicts { size, limits, seed, wanted, kinds, running, at: 0, before: 0 };
        new.settle();
        new
    }

    /// From which offset on bytes are wanted; `None` once everything is known.
    pub fn at(&self) -> Option<u64> {
        (!self.running.is_empty()).then_some(self.at)
    }

    /// Takes the bytes from [`Verdicts::at`] on; beyond the end of the file there are none.
    pub fn push(&mut self, bytes: &[u8]) {
        let left = usize::try_from(self.size - self.at).unwrap_or(usize::MAX);
        let bytes = bytes.get(..left).unwrap_or(bytes);
        for (_, running) in &mut self.running {
            match running {
                Running::Loader(loader) => loader.push(bytes),
                Running::Readers(readers) => readers.push(bytes),
            }
        }
        self.at += bytes.len() as u64;
        self.settle();
    }

    /// Ends a pass that is through, and begins the next one.
    fn settle(&mut self) {
        while self.at >= self.size || self.running.is_empty() {
            self.end();
            if !self.begin() {
                return;
            }
        }
    }

    /// Sets up the next pass; `false` if there is nothing left to do.
    fn begin(&mut self) -> bool {
        let Verdicts { limits, seed, .. } = *self;
        let pending = self.kinds.iter().enumerate().filter_map(|(index, (release, outcome))| {
            let running = match outcome {
                None => Running::Loader(Loader::new(release, limits, seed)),
                Some(outcome) if outcome.readers.is_none() => {
                    Running::Readers(Box::new(RawReaders::new(release, limits, seed)))
                }
                Some(_) => return None,
            };
            Some((index, running))
        });
        self.running = pending.take(TOGETHER).collect();
        !self.running.is_empty()
    }

    fn end(&mut self) {
        self.before += self.at;
        self.at = 0;
        for (index, running) in core::mem::take(&mut self.running) {
            let Some((_, outcome)) = self.kinds.get_mut(index) else { continue };
            match running {
                Running::Loader(loader) => *outcome = Some(loader.finish()),
                Running::Readers(readers) => {
                    if let Some(outcome) = outcome {
                        outcome.readers = Some(readers.finish());
                    }
                }
            }
        }
    }

    /// How far it is. How many passes there will be turns out only at their ends.
    pub fn progress(&self) -> Progress {
        let done = self.before + self.at;
        let passes = self.kinds.len().div_ceil(TOGETHER) as u64;
        Progress { done, total: done.max(self.size.saturating_mul(passes)) }
    }

    /// The verdicts, once everything is known; those that are not are left out.
    pub fn finish(self) -> Vec<ReleaseVerdict> {
        let verdict = |one: &Wanted| {
            let (_, outcome) = self.kinds.iter().find(|(kind, _)| alike(kind, one.release))?;
            let Outcome { gossipd, readers } = outcome.clone()?;
            Some(ReleaseVerdict::new(*one, gossipd, readers?))
        };
        self.wanted.iter().filter_map(verdict).collect()
    }
}

/// [`Verdicts`] on a source.
pub struct VerdictJob<'a> {
    source: &'a dyn Source,
    verdicts: Option<Verdicts>,
    window: Vec<u8>,
}

impl<'a> VerdictJob<'a> {
    /// The verdicts of these releases on this source. `seed` is for hashing; no verdict depends
    /// on it.
    pub fn new(
        source: &'a dyn Source,
        wanted: Vec<Wanted>,
        limits: Limits,
        seed: u64,
    ) -> VerdictJob<'a> {
        let verdicts = Verdicts::new(source.len(), wanted, limits, seed);
        VerdictJob { source, verdicts: Some(verdicts), window: Vec::new() }
    }
}

impl Job for VerdictJob<'_> {
    type Out = Vec<ReleaseVerdict>;

    fn step(&mut self, work: Work) -> Result<Step<Self::Out>, SourceError> {
        let mut left = work.bytes.max(1);
        if let Some(verdicts) = &mut self.verdicts {
            while let Some(at) = verdicts.at() {
                if left == 0 {
                    return Ok(Step::More(verdicts.progress()));
                }
                let len = (self.source.len() - at).min(left).min(WINDOW as u64);
                self.window.resize(usize::try_from(len).unwrap_or(WINDOW), 0);
                self.source.read_at(at, &mut self.window)?;
                verdicts.push(&self.window);
                left -= len;
            }
        }
        Ok(Step::Done(self.verdicts.take().map_or(Vec::new(), Verdicts::finish)))
    }
}

impl ReleaseVerdict {
    pub(super) fn new(
        wanted: Wanted,
        gossipd: super::outcome::GossipdVerdict,
        readers: Readers,
    ) -> ReleaseVerdict {
        let Readers { plugins, connectd } = readers;
        let kept = matches!(gossipd.fate, Fate::Accepted | Fate::Compacted | Fate::Upgraded);
        ReleaseVerdict {
            release: Cow::Borrowed(wanted.release.name),
            last: Cow::Borrowed(wanted.release.last),
            why: wanted.why,
            accepted: kept && plugins.iter().chain([&connectd]).all(accepts),
            gossipd,
            plugins,
            connectd,
        }
    }
}

/// Whether two lines do the same with every file.
fn alike(a: &Release, b: &Release) -> bool {
    a.rules == b.rules && a.writes == b.writes && a.upgrades == b.upgrades
}

/// Why a release is asked, apart from the face's wish.
pub(super) fn why(wrote_it: bool, newest: bool) -> Why {
    match (wrote_it, newest) {
        (true, true) => Why::WroteItNewest,
        (true, false) => Why::WroteIt,
        (false, true) => Why::Newest,
        (false, false) => Why::Asked,
    }
}
