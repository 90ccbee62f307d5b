//! A store that is rewritten before it is loaded, and what comes of it: the rewriting may fail, the
//! load may fail, and before v24.02 a rewriting that fails leaves the file to be loaded as it lies.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::convert::{Converter, Copied};
use super::frames::{Frame, Framer, Tail};
use super::gossmap::Walk;
use super::loader::{MOVING, Outcome, Start, loaded};
use super::outcome::{Check, Fate, GossipdVerdict, Trouble};
use super::readers::{self, Readers};
use super::releases::Release;
use super::routing;
use super::rules::{Corrupt, Load, Rewrite};
use crate::finding::Values;
use crate::gossip::format::{Layout, Version};
use crate::gossip::network::Limits;

/// A store on its way through `gossip_store_compact` or its like.
#[derive(Debug)]
pub(super) struct Rewritten {
    release: &'static Release,
    from: u8,
    framer: Framer,
    converter: Converter,
    walk: Option<Walk>,
    routing: Option<Routed>,
    /// What ended the rewriting.
    failed: Option<Trouble>,
}

#[derive(Debug)]
struct Routed {
    tables: routing::Tables,
    /// Whether the release tells both checksums.
    of_2022: bool,
    drops_tombstones: bool,
    /// What the load of the rewritten file minds first.
    trouble: Option<Trouble>,
    /// What the load of the file as it lay would mind first, and the rewritten one has no more.
    raw: Option<Trouble>,
    at: u64,
}

impl Rewritten {
    pub(super) fn new(release: &'static Release, from: u8, limits: Limits, seed: u64) -> Rewritten {
        let rules = &release.rules;
        let routing = match rules.load {
            Load::Routing(habits) => Some(Routed {
                tables: routing::Tables::new(habits, limits, seed),
                of_2022: habits.of_2022,
                drops_tombstones: rules.rewriting.drops_tombstones,
                trouble: None,
                raw: None,
                at: 1,
            }),
            _ => None,
        };
        let gossipd = routing.is_none();
        let mut walk = rules.gossmap.map(|map| Walk::new(map, gossipd, true, limits, seed));
        if let Some(walk) = &mut walk {
            walk.mark(0);
            walk.push(&[release.writes]);
            if rules.rewriting.uuid {
                walk.mark(1);
                walk.push(&uuid_record());
            }
        }
        Rewritten {
            release,
            from,
            framer: Framer::new(Layout::Long, rules.len_mask),
            converter: Converter::new(release, from),
            walk,
            routing,
            failed: None,
        }
    }

    pub(super) fn push(&mut self, chunk: &[u8]) {
        if self.failed.is_some() {
            return;
        }
        let Rewritten { release, from, framer, converter, walk, routing, failed } = self;
        let upgraded = *from != release.writes;
        framer.push(chunk, |frame| {
            if let Some(routed) = routing.as_mut() {
                routed.as_it_lay(&frame);
            }
            match converter.take(&frame) {
                Ok(None) => {}
                Ok(Some(copied)) => {
                    if let Some(routed) = routing.as_mut() {
                        routed.take(release.writes, &frame, &copied, upgraded);
                    }
                    if let Some(walk) = walk.as_mut() {
                        walk.mark(frame.at);
                        walk.push(&copied.header());
                        walk.push(&copied.body);
                    }
                }
                Err(trouble) => *failed = Some(trouble),
            }
            failed.is_none()
        });
    }

    pub(super) fn finish(self) -> Outcome {
        match self.routing {
            Some(_) => self.finish_routing(),
            None => self.finish_gossmap(),
        }
    }

    /// v24.02 and later.
    fn finish_gossmap(self) -> Outcome {
        let Rewritten { release, from, framer, converter, walk, mut failed, .. } = self;
        let rules = &release.rules;
        let tail = framer.tail();
        let mut start = Start::default();
        let early = |at: u64| format!("gossip_store_compact: store ends early at {at}");
        match tail {
            _ if failed.is_some() => {}
            Tail::Torn { at, .. } if rules.rewriting.when == Rewrite::ForUpgrade => {
                start.log = alloc::vec![early(at), MOVING.to_string()];
                return moved(Check::Torn, at, start.log);
            }
            Tail::Torn { at, .. } => {
                start.log.push(early(at));
                (start.check, start.at) = (Some(Check::Torn), Some(at));
            }
            Tail::Stray { at } => (start.check, start.at) = (Some(Check::Stray), Some(at)),
            Tail::Clean => {}
        }
        // A store that ends early is not looked at any further.
        if failed.is_none() && !matches!(tail, Tail::Torn { .. }) {
            failed = converter.finish().err();
        }
        if let Some(Trouble { check, at, log, .. }) = failed {
            let bad = log.first().map_or("", String::as_str);
            if rules.corrupt == Corrupt::MovedAsideNotTruncated {
                start.log.push(format!(
                    "gossip_store: {bad} (offset {at}). Moving to gossip_store.corrupt and \
                     truncating"
                ));
                (start.fate, start.check, start.at) =
                    (Some(Fate::NotTruncated), Some(check), Some(at));
            } else {
                start.log.push(format!("gossip_store: {bad} (offset {at})."));
                start.log.push(MOVING.to_string());
                return moved(check, at, start.log);
            }
        } else {
            start.fate = Some(match tail {
                Tail::Torn { .. } | Tail::Stray { .. } => Fate::Prefix,
                Tail::Clean if from != release.writes => Fate::Upgraded,
                Tail::Clean if converter.dropped.is_nothing() => Fate::Accepted,
                Tail::Clean => Fate::Compacted,
            });
        }
        start.values = converter.dropped.figures(Values::new());
        match walk {
            Some(walk) => loaded(release, &walk.finish(release.writes), start),
            // Every release that rewrites for gossmap has one.
            None => moved(Check::Version, 0, Vec::new()),
        }
    }

    /// v0.7.1 to v23.11.2.
    fn finish_routing(self) -> Outcome {
        let Rewritten { release, from, framer, converter, walk, routing, failed } = self;
        let Some(routed) = routing else { return moved(Check::Version, 0, Vec::new()) };
        let tail = framer.tail();
        let mut log = Vec::new();
        let failed = match (failed, tail) {
            (Some(trouble), _) => {
                let lines = trouble.log.iter();
                log.extend(lines.map(|bad| format!("gossip_store_compact_offline: {bad}")));
                Some(trouble)
            }
            (None, Tail::Torn { at, len }) => {
                log.push(format!(
                    "gossip_store_compact_offline: reading msg len {len} from store: <errno>"
                ));
                Some(Trouble::new(Check::Torn, at, "gossip_store: truncated file?"))
            }
            (None, Tail::Clean | Tail::Stray { .. }) => None,
        };
        let trouble = match failed {
            Some(failed) if from != release.writes => {
                let writes = release.writes;
                log.push(format!("Gossip store version {from} not {writes}: removing"));
                let (check, at) = (Some(failed.check), Some(failed.at));
                let values = Values::new();
                let gossipd = GossipdVerdict { fate: Fate::Emptied, check, at, log, values };
                return Outcome { gossipd, readers: None };
            }
            // Not rewritten, the file is loaded as it lies.
            Some(failed) => {
                let first = [routed.raw, routed.trouble].into_iter().flatten();
                Some(first.min_by_key(|trouble| trouble.at).unwrap_or(failed))
            }
            None => routed.trouble.or_else(|| routed.tables.finish().err()),
        };
        log.extend(routed.tables.says.map(String::from));
        if let Some(Trouble { check, at, log: bad, .. }) = trouble {
            let bad = bad.first().map_or("", String::as_str);
            log.push(format!("gossip_store: {bad}. Moving to gossip_store.corrupt and truncating"));
            return moved(check, at, log);
        }
        let (fate, check, at) = match tail {
            Tail::Stray { at } => (Fate::Prefix, Some(Check::Stray), Some(at)),
            _ if from != release.writes => (Fate::Upgraded, None, None),
            _ if converter.dropped.is_nothing() => (Fate::Accepted, None, None),
            _ => (Fate::Compacted, None, None),
        };
        let values = converter.dropped.figures(Values::new()).with("size", routed.at);
        let values = readers::figures(values, routed.tables.counts(), routed.tables.limited);
        let readers = match walk {
            Some(walk) => Readers::of_walk(release, &walk.finish(release.writes)),
            None => Readers::without_store(release),
        };
        let gossipd = GossipdVerdict { fate, check, at, log, values };
        Outcome { gossipd, readers: Some(readers) }
    }
}

/// The record that a rewritten store begins with. The real one holds a random uuid; of this one
/// only place and length count, and that no `ended` record names it.
fn uuid_record() -> [u8; 46] {
    let mut record = *b"............\x10\x0bin place of a random uuid of 32B";
    let (header, body) = record.split_at_mut(12);
    let crc = crate::gossip::crc::crc32c(0, body);
    header[..4].copy_from_slice(&[0x20, 0, 0, 34]);
    header[4..8].copy_from_slice(&crc.to_be_bytes());
    header[8..].fill(0);
    record
}

/// Moved aside; what other readers do with the file is another question.
fn moved(check: Check, at: u64, log: Vec<String>) -> Outcome {
    let (fate, check, at) = (Fate::Moved, Some(check), Some(at));
    let gossipd = GossipdVerdict { fate, check, at, log, values: Values::new() };
    Outcome { gossipd, readers: None }
}

impl Routed {
    /// Notes what a load of the file as it lies would mind, and one of the rewritten would not.
    fn as_it_lay(&mut self, frame: &Frame<'_>) {
        if self.raw.is_some() || self.trouble.is_some() {
            return;
        }
        let tombstone = self.drops_tombstones && frame.kind() == Some(4103);
        if frame.crc != frame.sum {
            self.raw = Some(self.checksum(frame));
        } else if tombstone && !frame.flags.is_deleted() {
            self.raw = Some(Trouble::new(Check::Type, frame.at, "Unknown message (<hex>)"));
        }
    }

    fn checksum(&self, frame: &Frame<'_>) -> Trouble {
        let (stored, sum) = (frame.crc, frame.sum);
        let bad = if self.of_2022 {
            format!("Checksum verification failed: {stored:08x} should be {sum:08x} (<hex>)")
        } else {
            "Checksum verification failed (<hex>)".to_string()
        };
        Trouble::new(Check::Checksum, frame.at, bad)
    }

    /// A record of the rewritten file.
    fn take(&mut self, version: u8, frame: &Frame<'_>, copied: &Copied<'_>, upgraded: bool) {
        let at = self.at;
        self.at += 12 + copied.body.len() as u64;
        if self.trouble.is_some() {
            return;
        }
        // An upgrade writes a new checksum, whatever the old one was.
        self.trouble = if !upgraded && frame.crc != frame.sum {
            Some(self.checksum(frame))
        } else {
            let place = (at, frame.at);
            self.tables.take(Version(version), copied.flags, &copied.body, place).err()
        };
    }
}
