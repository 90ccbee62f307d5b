//! What only one of two stores has: a `gossip_store.corrupt` beside the current store, or beside a
//! backup.

use crate::sorting::{sort, sort_by_key};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use hashbrown::HashMap;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::format::ShortChannelId;
use super::network::{ChannelRow, Network};
use super::scan::Batch;

/// Lists are cut at this length; the counts are whole.
const KEPT: usize = 1_000;

/// Two stores side by side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// Live channels that both have.
    pub channels_in_both: u64,
    /// What only the first has, or has newer.
    pub first: OneSided,
    /// What only the second has, or has newer.
    pub second: OneSided,
}

/// What only one store has, or has newer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OneSided {
    /// Live channels.
    pub channels: u64,
    /// Their short channel ids, ascending; at most 1,000.
    pub scids: Vec<String>,
    /// Nodes with live channels.
    pub nodes: u64,
    /// Directions of channels of both stores whose update is newer here, or only here.
    pub newer_updates: u64,
}

impl Comparison {
    /// Compares what the records of two stores add up to.
    pub fn of(first: &Network, second: &Network) -> Comparison {
        let (a, b) = (by_scid(first), by_scid(second));
        let mut out = Comparison {
            channels_in_both: 0,
            first: OneSided::default(),
            second: OneSided::default(),
        };
        let (mut left, mut right) = (a.iter().peekable(), b.iter().peekable());
        loop {
            match (left.peek(), right.peek()) {
                (Some(x), Some(y)) if x.scid == y.scid => {
                    out.both(x, y);
                    left.next();
                    right.next();
                }
                (Some(x), y) if y.is_none_or(|y| x.scid < y.scid) => {
                    out.first.only(x.scid);
                    left.next();
                }
                (_, Some(y)) => {
                    out.second.only(y.scid);
                    right.next();
                }
                _ => break,
            }
        }
        let (a, b) = (nodes(first), nodes(second));
        out.first.nodes = missing(&a, &b);
        out.second.nodes = missing(&b, &a);
        out
    }

    fn both(&mut self, x: &ChannelRow, y: &ChannelRow) {
        self.channels_in_both += 1;
        for (x, y) in x.updates.iter().zip(&y.updates) {
            let (x, y) = (x.map(|update| update.timestamp), y.map(|update| update.timestamp));
            self.first.newer_updates += u64::from(x > y);
            self.second.newer_updates += u64::from(y > x);
        }
    }
}

impl OneSided {
    /// Whether it has nothing that the other has not.
    pub fn is_empty(&self) -> bool {
        self.channels + self.nodes + self.newer_updates == 0
    }

    fn only(&mut self, scid: ShortChannelId) {
        self.channels += 1;
        if self.scids.len() < KEPT {
            self.scids.push(scid.to_string());
        }
    }
}

fn by_scid(network: &Network) -> Vec<ChannelRow> {
    let mut rows: Vec<_> = network.channels().collect();
    sort_by_key(&mut rows, |row| row.scid);
    rows
}

fn nodes(network: &Network) -> Vec<[u8; 33]> {
    let mut ids: Vec<_> = network.nodes().map(|row| row.id).collect();
    sort(&mut ids);
    ids
}

/// How many of `have` are not in `other`; both ascending.
fn missing(have: &[[u8; 33]], other: &[[u8; 33]]) -> u64 {
    have.iter().filter(|id| other.binary_search(id).is_err()).count() as u64
}

/// The live records of a store, to be compared by their bodies: a record that was written anew at
/// another place is the same.
#[derive(Debug)]
pub struct LiveRecords {
    /// How often each body is there, by the first half of its SHA-256.
    bodies: HashMap<[u8; 16], u32, foldhash::fast::FixedState>,
    limited: bool,
}

/// What is live in one of two stores, or in both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct RecordCounts {
    /// Live records that both have.
    pub both: u64,
    /// Those that only the first has.
    pub first: u64,
    /// Those that only the second has.
    pub second: u64,
    /// More distinct bodies were seen than are remembered: the counts are not whole.
    pub limited: bool,
}

impl LiveRecords {
    /// At most so many distinct bodies are remembered: 32 bytes each, 128 MB.
    const LIMIT: usize = 4_000_000;

    /// None yet. The seed is for hashing; no count depends on it.
    pub fn new(seed: u64) -> LiveRecords {
        let state = foldhash::fast::FixedState::with_seed(seed);
        LiveRecords { bodies: HashMap::with_hasher(state), limited: false }
    }

    /// Takes the records of one push; `chunk` is what was pushed.
    pub fn take(&mut self, chunk: &[u8], batch: &Batch) {
        for record in batch.records.iter().filter(|record| !record.header.flags.is_deleted()) {
            let digest: [u8; 32] = Sha256::digest(batch.body(chunk, record)).into();
            let mut key = [0; 16];
            key.copy_from_slice(&digest[..16]);
            if self.bodies.len() >= Self::LIMIT && !self.bodies.contains_key(&key) {
                self.limited = true;
                continue;
            }
            *self.bodies.entry(key).or_insert(0) += 1;
        }
    }

    /// Compares two stores.
    pub fn compare(&self, second: &LiveRecords) -> RecordCounts {
        let count = |bodies: &LiveRecords| bodies.bodies.values().map(|&n| u64::from(n)).sum();
        let both = self
            .bodies
            .iter()
            .map(|(key, count)| u64::from(*count.min(second.bodies.get(key).unwrap_or(&0))));
        let both: u64 = both.sum();
        let (first, all): (u64, u64) = (count(self), count(second));
        let limited = self.limited || second.limited;
        RecordCounts { both, first: first - both, second: all - both, limited }
    }
}
