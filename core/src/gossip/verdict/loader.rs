//! One release's loader, fed by pushing: what it would do with the bytes at start.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use super::frames::{Framer, Tail};
use super::gossmap::{Walk, Walked};
use super::outcome::{Check, Fate, GossipdVerdict, Trouble};
use super::readers::{self, RawReaders, Readers};
use super::releases::Release;
use super::rewritten::Rewritten;
use super::rules::{Load, OtherVersion, Rewrite};
use super::wrapped;
use crate::finding::Values;
use crate::gossip::format::Layout;
use crate::gossip::network::Limits;

/// What a loader came to.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// gossipd at start.
    pub gossipd: GossipdVerdict,
    /// The other readers; `None` where gossipd does not keep the store, so that what they do with
    /// the file itself takes a pass of its own ([`RawReaders`]).
    pub readers: Option<Readers>,
}

/// A loader of one release. Besides what it remembers of channels and nodes it keeps at most a
/// record and what fields can reach behind it, some 260 KB.
#[derive(Debug)]
pub struct Loader {
    release: &'static Release,
    limits: Limits,
    seed: u64,
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    /// No byte yet.
    Start,
    /// gossmap reads the file as it lies.
    AsIs(Box<Walk>),
    /// The file is rewritten first.
    Rewritten(Box<Rewritten>),
    /// Wrapped messages, read as they lie.
    Wrapped(Box<(Framer, wrapped::Tables, Option<Trouble>)>),
    /// A version that the release does not read.
    Other(u8, Box<RawReaders>),
}

impl Loader {
    /// A loader of that release for a file from its first byte. `seed` is for hashing; the outcome
    /// does not depend on it.
    pub fn new(release: &'static Release, limits: Limits, seed: u64) -> Loader {
        Loader { release, limits, seed, stage: Stage::Start }
    }

    /// Takes the next bytes of the file.
    pub fn push(&mut self, chunk: &[u8]) {
        let Some((&first, rest)) = chunk.split_first() else { return };
        if let Stage::Start = self.stage {
            self.stage = self.begin(first);
            match &mut self.stage {
                Stage::AsIs(walk) => walk.push(&[first]),
                Stage::Other(_, readers) => readers.push(&[first]),
                Stage::Start | Stage::Rewritten(_) | Stage::Wrapped(_) => {}
            }
            return self.push_on(rest);
        }
        self.push_on(chunk);
    }

    fn push_on(&mut self, chunk: &[u8]) {
        match &mut self.stage {
            Stage::Start => {}
            Stage::AsIs(walk) => walk.push(chunk),
            Stage::Rewritten(rewritten) => rewritten.push(chunk),
            Stage::Wrapped(wrapped) => {
                let (framer, tables, trouble) = &mut **wrapped;
                if trouble.is_none() {
                    framer.push(chunk, |frame| {
                        *trouble = tables.take(&frame).err();
                        trouble.is_none()
                    });
                }
            }
            Stage::Other(_, readers) => readers.push(chunk),
        }
    }

    fn begin(&self, version: u8) -> Stage {
        let Loader { release, limits, seed, .. } = *self;
        let rules = &release.rules;
        let own = version == release.writes;
        let when = rules.rewriting.when;
        match rules.load {
            Load::Wrapped if own => {
                let framer = Framer::new(Layout::Short, rules.len_mask);
                Stage::Wrapped(Box::new((framer, wrapped::Tables::new(limits, seed), None)))
            }
            Load::Routing(_) | Load::Gossmap | Load::StrictGossmap
                if own && when != Rewrite::ForUpgrade || release.can_upgrade(version) =>
            {
                let rewritten = Rewritten::new(release, version, limits, seed);
                Stage::Rewritten(Box::new(rewritten))
            }
            Load::StrictGossmap if own => match rules.gossmap {
                Some(map) => Stage::AsIs(Box::new(Walk::new(map, true, false, limits, seed))),
                None => Stage::Start,
            },
            _ => Stage::Other(version, Box::new(RawReaders::new(release, limits, seed))),
        }
    }

    /// Says that there are no more bytes.
    pub fn finish(self) -> Outcome {
        let Loader { release, limits, seed, stage } = self;
        match stage {
            Stage::Start => other(release, None, RawReaders::new(release, limits, seed)),
            Stage::Other(version, readers) => other(release, Some(version), *readers),
            Stage::AsIs(walk) => loaded(release, &walk.finish(release.writes), Start::default()),
            Stage::Rewritten(rewritten) => rewritten.finish(),
            Stage::Wrapped(wrapped) => finish_wrapped(release, *wrapped),
        }
    }
}

/// What was settled before the load.
#[derive(Debug, Default)]
pub(super) struct Start {
    /// What became of the file so far; `None` if it was not touched.
    pub(super) fate: Option<Fate>,
    pub(super) check: Option<Check>,
    pub(super) at: Option<u64>,
    pub(super) log: Vec<String>,
    pub(super) values: Values,
}

pub(super) const MOVING: &str = "gossip_store: Moving to gossip_store.corrupt";

/// A version that the release does not read, or none.
fn other(release: &'static Release, version: Option<u8>, readers: RawReaders) -> Outcome {
    let rules = &release.rules;
    let mut log = Vec::new();
    if matches!(rules.rewriting.when, Rewrite::Offline | Rewrite::Always) {
        log.push("gossip_store_compact: bad version".to_string());
    }
    let fate = match rules.other_version {
        OtherVersion::Truncated | OtherVersion::TruncatedWithHole => {
            let writes = release.writes;
            log.extend(
                version.map(|byte| format!("Gossip store version {byte} not {writes}: removing")),
            );
            Fate::Emptied
        }
        OtherVersion::ReplacedThenAborts => {
            log.push("append_msg: Assertion `*len' failed.".to_string());
            Fate::DiesEmptied
        }
        OtherVersion::MovedAside => {
            log.push(match version {
                Some(byte) => format!("Cannot upgrade gossip_store version {byte}"),
                None => "Cannot read gossip_store version".to_string(),
            });
            log.push(MOVING.to_string());
            Fate::Moved
        }
    };
    let check = Some(Check::Version);
    let gossipd = GossipdVerdict { fate, check, at: Some(0), log, values: Values::new() };
    Outcome { gossipd, readers: Some(readers.finish()) }
}

fn finish_wrapped(
    release: &'static Release,
    (framer, tables, trouble): (Framer, wrapped::Tables, Option<Trouble>),
) -> Outcome {
    let trouble = trouble.or_else(|| match framer.tail() {
        Tail::Torn { at, .. } => {
            Some(Trouble::new(Check::Torn, at, "gossip_store: truncated file?"))
        }
        Tail::Clean | Tail::Stray { .. } => None,
    });
    let values = readers::figures(Values::new(), tables.counts(), tables.limited);
    let gossipd = match trouble {
        None => {
            let log = Vec::new();
            GossipdVerdict { fate: Fate::Accepted, check: None, at: None, log, values }
        }
        Some(Trouble { check, at, log, .. }) => GossipdVerdict {
            fate: Fate::Emptied,
            check: Some(check),
            at: Some(at),
            log,
            values: Values::new(),
        },
    };
    Outcome { gossipd, readers: Some(Readers::without_store(release)) }
}

/// The load through gossmap, of what lies there.
pub(super) fn loaded(release: &'static Release, walked: &Walked, start: Start) -> Outcome {
    let strict = release.rules.load == Load::StrictGossmap;
    let trouble = if strict { walked.strict.as_ref() } else { walked.stop.as_ref() };
    let values = start.values.with("size", walked.size);
    let values = readers::figures(values, walked.counts, walked.limited);
    let mut log = start.log;
    let (mut check, mut at) = (start.check, start.at);
    let mut fate = start.fate.unwrap_or(Fate::Accepted);
    if let Some(trouble) = trouble {
        log.extend(trouble.log.iter().cloned());
        let dies = trouble.dies;
        if dies || fate != Fate::NotTruncated {
            (check, at) = (Some(trouble.check), Some(trouble.at));
            fate = match (dies, strict) {
                (true, _) => Fate::Dies,
                (false, true) => Fate::Moved,
                (false, false) => Fate::Part,
            };
        }
        if fate == Fate::Moved {
            log.push(MOVING.to_string());
        }
    }
    let kept = !matches!(fate, Fate::Moved);
    let as_it_lay = release.rules.rewriting.when == Rewrite::ForUpgrade && start.fate.is_none();
    let readers = (kept || as_it_lay).then(|| Readers::of_walk(release, walked));
    let gone = fate == Fate::Moved || fate == Fate::Dies;
    let values = if gone { Values::new() } else { values };
    let values = values.with_some("unsure", walked.unsure.then_some(true));
    Outcome { gossipd: GossipdVerdict { fate, check, at, log, values }, readers }
}
