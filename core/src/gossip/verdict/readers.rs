//! The other readers of the store: plugins through gossmap, and whoever sends gossip to peers.

use alloc::format;
use alloc::vec::Vec;

use super::frames::{Framer, Tail};
use super::gossmap::{Walk, Walked};
use super::outcome::{Check, ReaderVerdict, Reads, Trouble};
use super::releases::Release;
use super::rules::Sender;
use crate::finding::Values;
use crate::gossip::format::{Flags, Layout};
use crate::gossip::network::Limits;

/// What the other readers do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Readers {
    /// Plugins; none before v0.9.1.
    pub plugins: Option<ReaderVerdict>,
    /// connectd, before v0.11.0 channeld.
    pub connectd: ReaderVerdict,
}

impl Readers {
    /// Of a store that gossipd keeps, whose records are all whole.
    pub(super) fn of_walk(release: &Release, walked: &Walked) -> Readers {
        let connectd = match release.rules.sender {
            Sender::Gossmap => sender_of_walk(walked),
            Sender::Memory => plain(Reads::Memory),
            Sender::Channeld | Sender::Connectd { .. } => plain(Reads::All),
        };
        let plugins = release.rules.gossmap.map(|_| plugin_of_walk(walked));
        Readers { plugins, connectd }
    }

    /// Of releases whose plugins do not read the store.
    pub(super) fn without_store(release: &Release) -> Readers {
        let memory = release.rules.sender == Sender::Memory;
        let reads = if memory { Reads::Memory } else { Reads::All };
        Readers { plugins: None, connectd: plain(reads) }
    }
}

fn plain(reads: Reads) -> ReaderVerdict {
    ReaderVerdict { reads, check: None, at: None, log: Vec::new(), values: Values::new() }
}

fn part(check: Check, at: u64) -> ReaderVerdict {
    ReaderVerdict { check: Some(check), at: Some(at), ..plain(Reads::Part) }
}

/// Channels, updates and nodes as figures.
pub(super) fn figures(values: Values, counts: [u64; 3], limited: bool) -> Values {
    let [channels, updates, nodes] = counts;
    values
        .with("channels", channels)
        .with("updates", updates)
        .with("nodes", nodes)
        .with_some("limited", limited.then_some(true))
}

fn plugin_of_walk(walked: &Walked) -> ReaderVerdict {
    let mut verdict = reader_of_walk(walked);
    match verdict.reads {
        Reads::Dies if verdict.check == Some(Check::Version) && !dies(walked) => {
            verdict.reads = Reads::Refuses;
        }
        Reads::All | Reads::Part => {
            if let Some(Trouble { check, at, log, .. }) = &walked.capacity {
                verdict.reads = Reads::DiesWhenAsked;
                (verdict.check, verdict.at) = (Some(*check), Some(*at));
                verdict.log.extend(log.iter().cloned());
            }
        }
        _ => {}
    }
    verdict
}

fn dies(walked: &Walked) -> bool {
    walked.stop.as_ref().is_some_and(|stop| stop.dies)
}

/// connectd opens the store as plugins do, asks for no capacities, and cannot do without it. It
/// answers queries from its map, but what peers are sent it reads from header to header
/// (`gossmap_stream_next`): up to a record that the end of the file cuts off, whatever the map
/// minds before.
fn sender_of_walk(walked: &Walked) -> ReaderVerdict {
    let mut verdict = reader_of_walk(walked);
    if verdict.reads == Reads::Part && walked.passable {
        verdict.reads = Reads::SendsOn;
    }
    verdict
}

/// What the map has of it.
fn reader_of_walk(walked: &Walked) -> ReaderVerdict {
    let (reads, check, at) = match &walked.stop {
        Some(stop) if stop.dies || stop.check == Check::Version => {
            (Reads::Dies, Some(stop.check), Some(stop.at))
        }
        Some(stop) => (Reads::Part, Some(stop.check), Some(stop.at)),
        None if walked.processed < walked.size => {
            (Reads::Part, Some(Check::Stray), Some(walked.processed))
        }
        None if walked.processed > walked.size => (Reads::Part, Some(Check::Torn), None),
        None => (Reads::All, None, None),
    };
    let log = walked.stop.iter().flat_map(|stop| stop.log.iter().cloned()).collect();
    let values = Values::new().with("processed", walked.processed).with("size", walked.size);
    let values = figures(values, walked.counts, walked.limited);
    let values = values.with_some("unsure", walked.unsure.then_some(true));
    ReaderVerdict { reads, check, at, log, values }
}

/// The other readers on a file that gossipd does not keep: what they do if they open it before
/// gossipd has moved it, or somebody gives it to them.
#[derive(Debug)]
pub struct RawReaders {
    release: &'static Release,
    walk: Option<Walk>,
    sending: Option<(Framer, Option<Trouble>)>,
    begun: bool,
}

impl RawReaders {
    /// Those of that release. `seed` is for hashing; the outcome does not depend on it.
    pub fn new(release: &'static Release, limits: Limits, seed: u64) -> RawReaders {
        let rules = &release.rules;
        let walk = rules.gossmap.map(|map| Walk::new(map, false, false, limits, seed));
        let sending = match rules.sender {
            Sender::Channeld | Sender::Connectd { .. } => {
                Some((Framer::new(Layout::Long, rules.len_mask), None))
            }
            Sender::Memory | Sender::Gossmap => None,
        };
        RawReaders { release, walk, sending, begun: false }
    }

    /// Takes the next bytes of the file.
    pub fn push(&mut self, chunk: &[u8]) {
        let Some((_, rest)) = chunk.split_first() else { return };
        if let Some(walk) = &mut self.walk {
            walk.push(chunk);
        }
        let rest = if self.begun { chunk } else { rest };
        self.begun = true;
        let sender = self.release.rules.sender;
        if let Some((framer, trouble)) = &mut self.sending
            && trouble.is_none()
        {
            framer.push(rest, |frame| {
                if frame.crc != frame.sum && !skipped(sender, frame.flags) {
                    *trouble = Some(bad_checksum(sender, frame.at));
                }
                trouble.is_none()
            });
        }
    }

    /// Says that there are no more bytes.
    pub fn finish(self) -> Readers {
        let RawReaders { release, walk, sending, .. } = self;
        let walked = walk.map(|walk| walk.finish(release.writes));
        let ends = sending.as_ref().map_or(Tail::Clean, |(framer, _)| framer.tail());
        let trouble = sending.and_then(|(_, trouble)| trouble);
        let connectd = match (release.rules.sender, &walked, trouble) {
            (_, _, Some(Trouble { check, at, log, .. })) => {
                let (check, at) = (Some(check), Some(at));
                ReaderVerdict { reads: Reads::Dies, check, at, log, values: Values::new() }
            }
            (Sender::Gossmap, Some(walked), None) => sender_of_walk(walked),
            (Sender::Memory, _, None) => plain(Reads::Memory),
            _ => match ends {
                Tail::Torn { at, .. } => part(Check::Torn, at),
                Tail::Stray { at } => part(Check::Stray, at),
                Tail::Clean => plain(Reads::All),
            },
        };
        Readers { plugins: walked.as_ref().map(plugin_of_walk), connectd }
    }
}

fn skipped(sender: Sender, flags: Flags) -> bool {
    let dying = matches!(sender, Sender::Connectd { skips_dying: true, .. });
    flags.is_deleted() || dying && flags.contains(Flags::DYING)
}

/// Where sending began depends on what the peer had before.
fn bad_checksum(sender: Sender, at: u64) -> Trouble {
    let line = match sender {
        Sender::Connectd { says_start: true, .. } => {
            format!("gossip_store: bad checksum at offset {at}(was at <offset>): <hex>")
        }
        Sender::Connectd { .. } => format!("gossip_store: bad checksum at offset {at}: <hex>"),
        // channeld tells where the body begins.
        _ => format!("gossip_store: bad checksum offset {}: <hex>", at + 12),
    };
    Trouble::new(Check::Checksum, at, line).deadly()
}
