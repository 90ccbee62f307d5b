//! The named stores: one for each verdict an operator may be given, and a few beside them.
//!
//! Each function builds its store anew, the same every time. [`HEADLINES`] lists those whose
//! first verdict is fixed by what they are.

mod hostile;
mod signatures;
#[cfg(test)]
mod tests;

use crate::T0;
use crate::built::Built;
use crate::damage;
use crate::fake::{Rng, Signature, nodes};
use crate::flags::DELETED;
use crate::network::{Network, network};
use crate::node::NodeBuilder;
use crate::store::Store;
use crate::wire::{Direction, Scid};

pub use hostile::{HOSTILE_TEXTS, hostile_host, malicious_aliases};
pub use signatures::{badly_signed, well_signed};

/// A store whose headline is known.
#[derive(Clone, Copy, Debug)]
pub struct Headline {
    /// The verdict that must stand first: `V1` to `V11`.
    pub verdict: &'static str,
    /// The name of the function.
    pub name: &'static str,
    /// The function.
    pub build: fn() -> Built,
}

/// At least one store for each verdict.
pub const HEADLINES: &[Headline] = &[
    headline("V1", "healthy", healthy),
    headline("V2", "torn_tail", torn_tail),
    headline("V2", "torn_header", torn_header),
    headline("V3", "zero_run", zero_run),
    headline("V4", "overwritten", overwritten),
    headline("V5", "second_store", second_store),
    headline("V5", "second_store_same_channels", second_store_same_channels),
    headline("V6", "duplicate_announcement", duplicate_announcement),
    headline("V7", "orphans", orphans),
    headline("V8", "hidden_alias", hidden_alias),
    headline("V9", "bloat", bloat),
    headline("V10", "readvertise", readvertise),
    headline("V11", "unsupported_v17", unsupported_v17),
    headline("V11", "unsupported_v8", unsupported_v8),
    headline("V11", "unsupported_v3", unsupported_v3),
];

const fn headline(verdict: &'static str, name: &'static str, build: fn() -> Built) -> Headline {
    Headline { verdict, name, build }
}

/// V1: 60 channels, some closed, nothing wrong.
pub fn healthy() -> Built {
    network(1, 60)
}

/// V2: [`healthy`], whose last record lost its second half.
pub fn torn_tail() -> Built {
    let store = healthy();
    let last = store.last();
    store.cut(last.offset + last.len / 2)
}

/// V2: [`healthy`], cut seven bytes into the header of its last record.
pub fn torn_header() -> Built {
    let store = healthy();
    let last = store.last();
    store.cut(last.offset + 7)
}

/// V3: a store of some 50 kB with one page of zeros, on a page boundary, in its middle.
pub fn zero_run() -> Built {
    network(3, 60).zero(5 * 4096..6 * 4096)
}

/// V4: [`healthy`] with 700 bytes of noise in its middle.
pub fn overwritten() -> Built {
    let store = healthy();
    let middle = store.records[store.records.len() / 2].offset + 5;
    store.overwrite(middle, &Rng::new(4).bytes(700))
}

/// V5: a whole second store behind the first, version byte and uuid included, with channels of
/// its own.
pub fn second_store() -> Built {
    healthy().append_store(&network(5, 25))
}

/// V5: a store rewritten onto the end of its old copy (issue #2750 upstream): every live record
/// is there twice.
pub fn second_store_same_channels() -> Built {
    let old = Network::new(6, 25).version(14).build();
    let kept = old.records.iter().filter(|span| old.flags(**span) & DELETED == 0);
    let mut rewritten = Store::new(14);
    for span in kept.filter(|span| span.record_type != 4103) {
        let timestamp = old.record(*span)[8..12].first_chunk().copied().map(u32::from_be_bytes);
        rewritten =
            rewritten.raw_record(old.flags(*span), timestamp.expect("four bytes"), old.body(*span));
    }
    let rewritten = rewritten.build();
    old.append_store(&rewritten)
}

/// V6: one channel announced twice, both live. Other records surround each, and each took the
/// timestamp of another first update, so that no block of bytes is there twice.
pub fn duplicate_announcement() -> Built {
    let scid = "690001x7x0";
    Network::new(7, 30)
        .store()
        .announce(scid, nodes(1, 2), 4_000_000)
        .update(scid, Direction::One, T0 - 50_000)
        .update(scid, Direction::Two, T0 - 49_000)
        .announce("690002x8x1", nodes(2, 4), 900_000)
        .update("690002x8x1", Direction::Two, T0 - 40_000)
        .replace_node(NodeBuilder::new(2, T0 - 30_000).alias("between the two"))
        .announce(scid, nodes(1, 2), 4_000_000)
        .replace_update(scid, Direction::Two, T0 - 20_000)
        .announce("690003x9x1", nodes(1, 5), 700_000)
        .update("690003x9x1", Direction::One, T0 - 10_000)
        .build()
}

/// V7: updates of 25 channels, and announcements of three nodes, that no channel_announcement
/// precedes or follows.
pub fn orphans() -> Built {
    let mut store = Network::new(8, 40).store();
    for orphan in 0..25 {
        let scid = Scid((899_494 + orphan) << 40 | 897 << 16 | 1);
        store = store.update(scid, Direction::One, T0 - 9000);
        if orphan % 2 == 0 {
            store = store.update(scid, Direction::Two, T0 - 8000);
        }
    }
    for node in 5001..5004 {
        store = store.node(node, T0 - 7000, format!("stranger {node}"));
    }
    store.build()
}

/// V8: four nodes announced before their first channel: their aliases are in the file, and
/// releases up to v25.12 do not show them.
pub fn hidden_alias() -> Built {
    let mut store = Network::new(9, 40).store();
    for node in 7001..7005 {
        store = store.node(node, T0 - 9000, format!("early bird {node}"));
    }
    for node in 7001..7005u32 {
        let scid = Scid((700_000 + u64::from(node)) << 40 | 3 << 16);
        store = store
            .announce(scid, nodes(node, 1), 2_000_000)
            .update(scid, Direction::One, T0 - 5000)
            .update(scid, Direction::Two, T0 - 5000);
    }
    store.build()
}

/// V9: over ten million bytes, in which updates of 400 channels were replaced again and again:
/// far more than four dead records for a live one, and nothing compacted them.
pub fn bloat() -> Built {
    let mut store = Store::new(16);
    let scid = |channel: u32| Scid(u64::from(650_000 + channel) << 40 | 1 << 16);
    for channel in 0..400 {
        store = store
            .announce(scid(channel), nodes(channel % 90, 90 + channel % 89), 1_000_000)
            .update(scid(channel), Direction::One, T0 - 900_000)
            .update(scid(channel), Direction::Two, T0 - 900_000);
    }
    for round in 0..170 {
        for channel in 0..400 {
            let direction = Direction::BOTH[usize::from(round % 2 == 0)];
            let timestamp = T0 - 850_000 + round * 5000 + channel;
            store = store.replace_update(scid(channel), direction, timestamp);
        }
    }
    store.build()
}

/// V10: every gossip message carries PUSH and a timestamp of the last hour, every channel is the
/// node's own, and its node_announcement was renewed with each.
pub fn readvertise() -> Built {
    let mut store = Store::new(14);
    for peer in 2..82u32 {
        let scid = Scid(u64::from(760_000 + peer) << 40 | 5 << 16 | 1);
        let now = T0 - 3600 + peer * 40;
        store = store
            .announce(scid, nodes(1, peer), 3_000_000)
            .push()
            .update(scid, Direction::One, now)
            .push()
            .update(scid, Direction::Two, now + 1)
            .push()
            .replace_node(NodeBuilder::new(1, now + 2).alias("our own node"))
            .push()
            .node(peer, now + 3, format!("peer {peer}"))
            .push();
    }
    store.build()
}

/// V11: a version that no release writes yet, laid out as version 16.
pub fn unsupported_v17() -> Built {
    Network::new(11, 30).version(17).build()
}

/// V11: a version that releases after v0.12.1 throw away, with a private channel.
pub fn unsupported_v8() -> Built {
    Network::new(12, 30)
        .version(8)
        .now(1_600_000_000)
        .store()
        .private_channel("640001x2x0", 1, 2, 250_000)
        .private_update("640001x2x0", Direction::One, 1_600_000_000)
        .build()
}

/// V11: the 8-byte headers, wrapped messages and first CRC of v0.6.2 to v0.7.0.
pub fn unsupported_v3() -> Built {
    Network::new(13, 30).version(3).now(1_555_000_000).build()
}

/// What v24.02 to v24.11.2 leave of a store that they gave up and did not truncate: a new chain
/// from offset 1, one torn record, then the old chain.
pub fn overlaid() -> Built {
    let old = Network::new(14, 60).version(14).build();
    let mut new = Network::new(15, 8).version(14).now(T0 + 9000).store();
    // The new chain must end inside an old record, not between two.
    while !old.records.iter().any(|span| span.offset < new.len() && new.len() < span.end()) {
        new = new.replace_node(NodeBuilder::new(1, T0 + 9000).alias("grown over"));
    }
    damage::overlay(&new.build(), old)
}

/// A store that another has replaced: [`healthy`] with an ended record behind it.
pub fn left_behind() -> Built {
    Network::new(1, 60).store().ended(4711).build()
}

/// [`healthy`] with one more record, whole and with the right CRC, whose COMPLETED flag is not yet
/// set: what a crash leaves between the two writes.
pub fn uncompleted() -> Built {
    Network::new(1, 60).store().node(1, T0, "being written").flags(0).build()
}

/// The demonstration, small because the page carries it, packed: 100 channels, a 4 KiB hole of zeros in the middle and a torn tail.
pub fn sample() -> Built {
    let store = Network::new(2026, 100).signed(Signature::Short).build();
    let page = store.bytes.len() / 2 / 4096 * 4096;
    let last = store.last();
    store.zero(page..page + 4096).cut(last.end() - last.len / 3)
}
