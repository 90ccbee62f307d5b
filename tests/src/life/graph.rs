//! What lightningd reads out of a store, and what it copies of one (versions 14 to 16).

use std::collections::BTreeMap;

use crate::crc;
use crate::fake::Key;
use crate::flags::{COMPLETED, DELETED};

/// A channel and where its records are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// Offset of its 256.
    pub at: usize,
    /// Its ends.
    pub nodes: [Key; 2],
    /// Offset and timestamp of the newest 258 of each direction.
    pub updates: [Option<(usize, u32)>; 2],
    /// Offset of its 4106.
    pub dying: Option<usize>,
}

impl Channel {
    pub(super) fn new(at: usize, nodes: [Key; 2]) -> Channel {
        Channel { at, nodes, updates: [None, None], dying: None }
    }
}

/// Channels and nodes, as gossmap remembers them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graph {
    /// By short channel id.
    pub channels: BTreeMap<u64, Channel>,
    /// Offset and timestamp of each node's newest 257.
    pub nodes: BTreeMap<Key, (usize, u32)>,
}

impl Graph {
    /// `map_catchup`, as far as records are whole.
    pub fn load(store: &[u8]) -> Graph {
        let mut graph = Graph::default();
        for at in offsets(store) {
            let Some(body) = body(store, at) else { break };
            if flags(store, at) & DELETED == 0 {
                graph.take(at, body);
            }
        }
        graph
    }

    fn take(&mut self, at: usize, body: &[u8]) {
        let be64 =
            |at: usize| u64::from_be_bytes(body[at..at + 8].try_into().expect("eight bytes"));
        let key = |at: usize| -> Key { body[at..at + 33].try_into().expect("a key") };
        match u16::from_be_bytes([body[0], body[1]]) {
            256 => {
                let at_scid = 292 + usize::from(body[259]);
                let pair = [key(at_scid + 8), key(at_scid + 41)];
                self.channels.insert(be64(at_scid), Channel::new(at, pair));
            }
            258 => {
                let timestamp = u32::from_be_bytes(body[106..110].try_into().expect("four"));
                if let Some(channel) = self.channels.get_mut(&be64(98)) {
                    channel.updates[usize::from(body[111] & 1)] = Some((at, timestamp));
                }
            }
            257 => {
                let features = usize::from(body[67]);
                let stamp = body[68 + features..72 + features].try_into().expect("four");
                let id = key(72 + features);
                if self.of_node(id).next().is_some() {
                    self.nodes.insert(id, (at, u32::from_be_bytes(stamp)));
                }
            }
            4103 => {
                if let Some(channel) = self.channels.remove(&be64(2)) {
                    for id in channel.nodes {
                        if self.of_node(id).next().is_none() {
                            self.nodes.remove(&id);
                        }
                    }
                }
            }
            4106 => {
                if let Some(channel) = self.channels.get_mut(&be64(2)) {
                    channel.dying = Some(at);
                }
            }
            _ => {}
        }
    }

    /// The channels of a node.
    pub fn of_node(&self, id: Key) -> impl Iterator<Item = &Channel> {
        self.channels.values().filter(move |channel| channel.nodes.contains(&id))
    }
}

/// The length of the record at `at`, if its header is there.
pub(super) fn record_len(store: &[u8], at: usize) -> Option<usize> {
    let header = store.get(at..at + 12)?;
    Some(12 + usize::from(u16::from_be_bytes([header[2], header[3]])))
}

pub(super) fn flags(store: &[u8], at: usize) -> u16 {
    u16::from_be_bytes([store[at], store[at + 1]])
}

/// The body of the record at `at`, if all of it is there.
pub(super) fn body(store: &[u8], at: usize) -> Option<&[u8]> {
    store.get(at + 12..at + record_len(store, at)?)
}

/// Offsets of the records, header by header, up to the first that the file cuts off.
pub(super) fn offsets(store: &[u8]) -> Vec<usize> {
    let mut all = Vec::new();
    let mut at = 1;
    while let Some(len) = record_len(store, at).filter(|len| at + len <= store.len()) {
        all.push(at);
        at += len;
    }
    all
}

/// Whether the record at `at` is finished, and its checksum holds.
pub fn is_whole(store: &[u8], at: usize) -> bool {
    let Some(body) = body(store, at) else { return false };
    let word = |place: usize| {
        u32::from_be_bytes(store[at + place..at + place + 4].try_into().expect("four bytes"))
    };
    let finished = store[0] < 15 || flags(store, at) & COMPLETED != 0;
    finished && body.len() >= 2 && crc(store[0], word(8), body) == word(4)
}

/// Where the first record is that is not right; `None` if all are, to the end. An announcement at
/// the end without its amount is not.
pub fn first_bad(store: &[u8]) -> Option<usize> {
    let mut at = 1;
    let mut lonely = None;
    while at < store.len() {
        if !is_whole(store, at) {
            return Some(at);
        }
        let record_type = u16::from_be_bytes([store[at + 12], store[at + 13]]);
        let live = flags(store, at) & DELETED == 0;
        if lonely.is_some() && record_type != 4101 {
            return lonely;
        }
        lonely = (record_type == 256 && live).then_some(at);
        at += record_len(store, at)?;
    }
    lonely
}

/// Whether the checksums of all live records hold that the file does not cut off.
pub(super) fn checksums_hold(store: &[u8]) -> bool {
    let live = |at: &usize| flags(store, *at) & DELETED == 0;
    offsets(store).into_iter().filter(live).all(|at| {
        let mut finished = store[at..].to_vec();
        finished[0] |= COMPLETED.to_be_bytes()[0];
        is_whole(&[&store[..1], &finished].concat(), 1)
    })
}

/// Whether the strict load of v26.04 and later comes to the end.
pub(super) fn is_clean(store: &[u8]) -> bool {
    first_bad(store).is_none()
}

/// What compaction copies of the records from `from` on; where it stopped. Tombstones only where
/// they may still be needed.
pub(super) fn copy(
    store: &[u8],
    from: usize,
    until: usize,
    new: &mut Vec<u8>,
    tombstones: bool,
) -> usize {
    let mut at = from;
    while let Some(len) = record_len(store, at).filter(|len| at + len <= until) {
        let record = &store[at..at + len];
        let record_type = u16::from_be_bytes([record[12], record[13]]);
        let dead = flags(store, at) & DELETED != 0;
        if !dead && record_type != 4107 && (tombstones || record_type != 4103) {
            new.extend(record);
        }
        at += len;
    }
    at
}
