//! Stores with several wounds at once, drawn from a seed.

use crate::fake::{Rng, nodes};
use crate::flags::{DELETED, RATELIMIT, ZOMBIE};
use crate::network::Network;
use crate::node::NodeBuilder;
use crate::store::Store;
use crate::walk::intact;
use crate::wire::Direction;
use crate::{T0, signed};

/// A damaged store, and what was done to it.
#[derive(Clone, Debug)]
pub struct Wounded {
    /// The version that wrote its records, whatever the version byte says now.
    pub version: u8,
    /// Whether its signatures are real.
    pub signed: bool,
    /// The store before.
    pub whole: Vec<u8>,
    /// The store now.
    pub bytes: Vec<u8>,
    /// Each wound, in words.
    pub story: Vec<String>,
}

/// A network of 5 to 60 channels with 1 to 6 wounds. The same seed, the same bytes. Most are of
/// version 16; all versions from 2 occur.
pub fn wounded(seed: u64) -> Wounded {
    let mut rng = Rng::new(seed ^ 0x776f_756e_6473);
    let version = match rng.below(10) {
        0..4 => 16,
        4..9 => 9 + u8::try_from(rng.below(7)).expect("small"),
        _ => 2 + u8::try_from(rng.below(7)).expect("small"),
    };
    let is_signed = rng.percent(30) && version >= 4;
    let whole = store(&mut rng, version, is_signed);
    let mut bytes = whole.clone();
    let mut story = Vec::new();
    for _ in 0..=rng.below(6) {
        if bytes.len() > 1 {
            story.push(wound(&mut rng, version, &mut bytes));
        }
    }
    Wounded { version, signed: is_signed, whole, bytes, story }
}

/// A network with something of all that its version has.
fn store(rng: &mut Rng, version: u8, is_signed: bool) -> Vec<u8> {
    let channels = 5 + rng.below(56);
    let mut store = Network::new(rng.draw(), channels).version(version).store();
    if rng.percent(50) {
        let scid = "650000x1x0";
        store = store.announce(scid, nodes(1, 2), 77_000);
        store = if version >= 7 { store.push() } else { store };
        store = store.update(scid, Direction::One, T0 - 500);
        store = if version >= 7 { store.push() } else { store };
        store = store.node_with(NodeBuilder::new(2, T0 - 400).alias("pushed"));
    }
    if version <= 12 && rng.percent(60) {
        store = store.private_channel("650001x1x0", 1, 2, 88_000);
        store = store.private_update("650001x1x0", Direction::Two, T0 - 300);
    }
    if matches!(version, 12 | 13) && rng.percent(60) {
        let scid = "650002x1x0";
        store = store.announce(scid, nodes(1, 3), 99_000).update(scid, Direction::One, T0 - 90_000);
        store = store.mark_channel(scid, ZOMBIE);
    }
    if (10..=13).contains(&version) && rng.percent(60) {
        let scid = "650003x1x0";
        store = store.announce(scid, nodes(2, 3), 11_000).update(scid, Direction::One, T0 - 80_000);
        store = store.flags(RATELIMIT);
    }
    if version >= 8 && rng.percent(20) {
        // A tombstone whose DELETED bits were never set: a crash.
        store = store.announce("650004x1x0", nodes(1, 4), 12_000).delete_chan("650004x1x0");
    }
    let bytes = orphaned(rng, store).build().bytes;
    if is_signed { signed(&bytes) } else { bytes }
}

/// Now and then with records that wait for nothing.
fn orphaned(rng: &mut Rng, store: Store) -> Store {
    if store.version() < 4 || !rng.percent(10) {
        return store;
    }
    store.update("650005x1x0", Direction::One, T0 - 70_000).node(9_999, T0 - 60_000, "alone")
}

/// One wound; what it was.
fn wound(rng: &mut Rng, version: u8, bytes: &mut Vec<u8>) -> String {
    let at = rng.index(bytes.len());
    match rng.below(16) {
        0..3 => {
            let bit = rng.below(8);
            bytes[at] ^= 1 << bit;
            format!("byte {at} bit {bit} flipped")
        }
        3 => {
            let (from, to) = range(rng, version, bytes);
            bytes[from..to].fill(0);
            format!("{from}..{to} zeroed")
        }
        4 => {
            let (from, to) = range(rng, version, bytes);
            rng.fill(&mut bytes[from..to]);
            format!("{from}..{to} overwritten")
        }
        5 => {
            let (from, to) = range(rng, version, bytes);
            bytes.drain(from..to);
            format!("{from}..{to} removed")
        }
        6 => {
            let len = 1 + rng.index(400);
            let more = rng.bytes(len);
            let place = boundary(rng, version, bytes).unwrap_or(at);
            bytes.splice(place..place, more);
            format!("{len} random bytes inserted at {place}")
        }
        7 => {
            let (from, to) = range(rng, version, bytes);
            let copy = bytes[from..to].to_vec();
            let place = if rng.percent(50) { to } else { at.max(1) };
            bytes.splice(place..place, copy);
            format!("{from}..{to} repeated at {place}")
        }
        8 => {
            let (from, to) = range(rng, version, bytes);
            let middle = from + rng.index(to - from);
            bytes[from..to].rotate_left(middle - from);
            format!("{from}..{middle} and {middle}..{to} swapped")
        }
        9 => {
            let end = 1 + rng.index(bytes.len());
            // Mostly near the end, or little is left.
            let end =
                if rng.percent(80) { bytes.len() - rng.index(bytes.len().min(600)) } else { end };
            bytes.truncate(end.max(1));
            format!("cut at {end}")
        }
        10 => {
            let len = 1 + rng.index(900);
            bytes.extend(if rng.percent(40) { vec![0; len] } else { rng.bytes(len) });
            format!("{len} bytes appended")
        }
        11 => {
            let other = Network::new(rng.draw(), 3 + rng.below(12)).version(version).build().bytes;
            let from = usize::from(rng.percent(50));
            bytes.extend(&other[from..]);
            format!("a store of {} bytes appended from its byte {from} on", other.len())
        }
        12 => {
            let byte = [0, 8, 14, 15, 16, 17, 48, 255][rng.index(8)];
            bytes[0] = byte;
            format!("version byte {byte}")
        }
        other => record(rng, other, version, bytes).unwrap_or_else(|| {
            bytes[at] ^= 0x80;
            format!("byte {at} bit 7 flipped")
        }),
    }
}

/// A wound of one whole record.
fn record(rng: &mut Rng, kind: u32, version: u8, bytes: &mut Vec<u8>) -> Option<String> {
    let (at, end) = some_record(rng, version, bytes)?;
    Some(match kind {
        13 if version >= 5 => {
            let flags = [DELETED, 0x4000, 0x2000, 0x1000, 0x0800, 1][rng.index(6)].to_be_bytes();
            bytes[at] ^= flags[0];
            bytes[at + 1] ^= flags[1];
            format!("flags {flags:02x?} of the record at {at} turned")
        }
        14 => {
            let moved: Vec<u8> = bytes.drain(at..end).collect();
            let place = boundary(rng, version, bytes).unwrap_or(bytes.len());
            bytes.splice(place..place, moved);
            format!("record {at}..{end} moved to {place}")
        }
        _ => {
            let copy = bytes[at..end].to_vec();
            let place = boundary(rng, version, bytes).unwrap_or(bytes.len());
            bytes.splice(place..place, copy);
            format!("record {at}..{end} repeated at {place}")
        }
    })
}

fn some_record(rng: &mut Rng, version: u8, bytes: &[u8]) -> Option<(usize, usize)> {
    let records = intact(version, bytes);
    if records.is_empty() {
        return None;
    }
    let (at, record) = records[rng.index(records.len())];
    Some((at, at + record.whole.len()))
}

fn boundary(rng: &mut Rng, version: u8, bytes: &[u8]) -> Option<usize> {
    some_record(rng, version, bytes).map(|(at, _)| at)
}

/// A range to damage: a page, whole records, or any bytes.
fn range(rng: &mut Rng, version: u8, bytes: &[u8]) -> (usize, usize) {
    let most = 1 + rng.index(3000);
    let any = (rng.index(bytes.len()), 1 + rng.index(most));
    let (from, len) = match rng.below(3) {
        0 => {
            let page = [512, 1024, 4096][rng.index(3)];
            (any.0 / page * page, page)
        }
        1 => {
            let from = boundary(rng, version, bytes).unwrap_or(any.0);
            let to = boundary(rng, version, &bytes[..bytes.len().min(from + 3000)]);
            (from, to.and_then(|to| to.checked_sub(from)).filter(|len| *len > 0).unwrap_or(any.1))
        }
        _ => any,
    };
    (from, bytes.len().min(from + len).max(from + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_wounds() {
        for seed in 0..20 {
            let (first, second) = (wounded(seed), wounded(seed));
            assert_eq!((first.bytes, first.story), (second.bytes, second.story));
        }
    }

    #[test]
    fn the_store_before_is_whole() {
        for seed in 0..20 {
            let case = wounded(seed);
            let records = crate::walk(&case.whole).expect("a whole chain");
            assert_eq!(records.len(), intact(case.version, &case.whole).len(), "seed {seed}");
        }
    }
}
