//! What a store of each version becomes in each version that repair writes, record by record,
//! after the rules that stand here a second time (`docs/format/gossip_store.md`).

use crate::shared;

use std::collections::{HashMap, HashSet};

use fulgurite_core::gossip::salvage::{Options, Reason};
use fulgurite_tests::flags::{COMPLETED, DELETED, DYING, PUSH, RATELIMIT, ZOMBIE};
use fulgurite_tests::{Direction, Network, NodeBuilder, Store, T0, nodes, walk};
use shared::repair::{inner, into_version, law, repair};

/// Flags, header timestamp, body.
type Row = (u16, u32, Vec<u8>);

/// A healthy store with something of all that its version has.
fn store(version: u8) -> Vec<u8> {
    let mut store = Network::new(7, 25).version(version).store();
    if version >= 7 {
        store = store.announce("650000x1x0", nodes(1, 2), 1_077_000).push();
        store = store.update("650000x1x0", Direction::One, T0 - 500).push();
        store = store.replace_node(NodeBuilder::new(2, T0 - 400).alias("pushed")).push();
    }
    if version <= 12 {
        store = store.private_channel("650001x1x0", 1, 2, 1_088_000);
    }
    if (5..=12).contains(&version) {
        store = store.private_update("650001x1x0", Direction::Two, T0 - 300);
    }
    if matches!(version, 12 | 13) {
        store = store.announce("650002x1x0", nodes(1, 3), 1_099_000);
        store = store.update("650002x1x0", Direction::One, T0 - 90_000);
        store = store.mark_channel("650002x1x0", ZOMBIE);
    }
    if (10..=13).contains(&version) {
        store = store.announce("650003x1x0", nodes(2, 3), 1_011_000);
        store = store.update("650003x1x0", Direction::One, T0 - 80_000).flags(RATELIMIT);
    }
    if version >= 12 {
        store = store.announce("650004x1x0", nodes(2, 3), 1_012_000);
        store = store.update("650004x1x0", Direction::Two, T0 - 70_000);
        store = store.dying("650004x1x0", 935_001).mark_channel("650004x1x0", DYING);
    }
    store.build().bytes
}

/// The flags of a live record.
fn flags(flags: u16, from: u8, to: u8) -> u16 {
    // PUSH survives every upgrade.
    let mut kept = flags & PUSH;
    kept |= if to >= 12 { flags & DYING } else { 0 };
    kept |= if matches!(to, 12 | 13) { flags & ZOMBIE } else { 0 };
    // Nobody reads RATELIMIT in version 14; the bit becomes COMPLETED in 15.
    kept |= if from < 15 && (10..=14).contains(&to) { flags & RATELIMIT } else { 0 };
    kept | if to >= 15 { COMPLETED } else { 0 }
}

/// What the store ought to become.
fn expected(bytes: &[u8], to: u8) -> Vec<Row> {
    let from = bytes[0];
    let records = walk(bytes).expect("whole");
    let number = |body: &[u8], at: usize| u32::from_be_bytes(*body[at..].first_chunk().expect("4"));
    let scid_of = |message: &[u8]| match message[1] {
        0 => message[260 + usize::from(message[259]) + 32..][..8].to_vec(),
        _ => message[98..106].to_vec(),
    };
    // Of versions without timestamps: an announcement takes that of its channel's first update.
    let mut first: HashMap<Vec<u8>, u32> = HashMap::new();
    // Channels that a tombstone of versions 2 to 4 ends.
    let mut ended: HashSet<Vec<u8>> = HashSet::new();
    for record in &records {
        let message = inner(record.body).map_or(record.body, |(message, _)| message);
        if message[..2] == [1, 2] {
            first.entry(scid_of(message)).or_insert(number(message, 106));
        }
        if record.record_type == 4099 {
            ended.insert(record.body[2..].to_vec());
        }
    }
    // Whoever writes 9 to 12 throws a store away over an update or a node_announcement that a newer
    // one replaces and that is not deleted; versions 2 to 4 never delete. From 11 on none of those
    // updates goes over.
    let stays = from >= 5 || !matches!(to, 9 | 10);
    // And over a channel without any update: of these some have the old form only.
    let loses = matches!((from, to), (7..=10, 11 | 12));
    let mut updated: HashSet<Vec<u8>> = HashSet::new();
    let mut connected: HashSet<Vec<u8>> = HashSet::new();
    let live = || records.iter().filter(|record| record.flags & DELETED == 0);
    for record in live().filter(|record| record.record_type == 258 && record.body.len() >= 138) {
        updated.insert(scid_of(record.body));
    }
    for record in live().filter(|record| record.record_type == 256) {
        let at = 268 + usize::from(record.body[259]) + 32;
        for key in [at, at + 33] {
            if updated.contains(&scid_of(record.body)) {
                connected.insert(record.body[key..][..33].to_vec());
            }
        }
    }
    let subject = |message: &[u8]| match message[1] {
        1 => message[72 + usize::from(message[67])..][..33].to_vec(),
        _ => [&message[98..106], &[message[111] & 1]].concat(),
    };
    let when = |message: &[u8]| match message[1] {
        1 => number(message, 68 + usize::from(message[67])),
        _ => number(message, 106),
    };
    let mut newest: HashMap<Vec<u8>, u32> = HashMap::new();
    for record in &records {
        let message = inner(record.body).map_or(record.body, |(message, _)| message);
        if matches!(message[..2], [1, 1 | 2]) {
            let newest = newest.entry(subject(message)).or_default();
            *newest = when(message).max(*newest);
        }
    }
    let mut rows = Vec::new();
    // Whether the announcement before went over: its amount does as it does.
    let mut before = false;
    for record in &records {
        if record.flags & DELETED != 0 {
            continue;
        }
        let (message, amount) = inner(record.body).unwrap_or((record.body, None));
        let message_type = u16::from_be_bytes([message[0], message[1]]);
        let zombie = matches!(from, 12 | 13) && record.flags & ZOMBIE != 0;
        let over = match message_type {
            256 | 257 if zombie => matches!(to, 12 | 13),
            256 => !ended.contains(&scid_of(message)),
            258 if zombie => matches!(to, 12 | 13),
            258 => (message.len() >= 138 || to <= 10) && !ended.contains(&scid_of(message)),
            4101 => before,
            // Up to version 8 its channel is a 3503, which does not go over; from 11 on its update of
            // the old form would be refused. Where nothing would be left that is accepted, all is.
            4102 => match to {
                9 | 10 => from >= 9,
                11 | 12 => from >= 11 || matches!(from, 5 | 6),
                _ => false,
            },
            4104 => to <= 12,
            257 | 4103 => true,
            4106 => to >= 11,
            // 3503 and 4100 are older than any version written; 4099 has done its work; a repaired
            // store has a uuid of its own.
            _ => false,
        };
        let replaced = matches!(message_type, 257 | 258)
            && !stays
            && newest[&subject(message)] > when(message);
        let lost = loses
            && match message_type {
                256 => !updated.contains(&scid_of(message)),
                257 => !connected.contains(&subject(message)),
                _ => false,
            };
        let over = over && !replaced && !lost;
        before = over;
        if !over {
            continue;
        }
        let timestamp = match message_type {
            _ if from >= 5 => record.timestamp,
            256 => first.get(&scid_of(message)).copied().unwrap_or(0),
            257 => number(message, 68 + usize::from(message[67])),
            258 => number(message, 106),
            _ => 0,
        };
        rows.push((flags(record.flags, from, to), timestamp, message.to_vec()));
        if let Some(amount) = amount {
            rows.push((flags(0, from, to), 0, [&[0x10, 0x05][..], amount].concat()));
        }
    }
    rows
}

#[test]
fn every_version_into_every_other() {
    let mut faults = Vec::new();
    for from in 2..=16 {
        let bytes = store(from);
        for to in 9..=16 {
            let options = into_version(Some(to));
            let repaired = repair(&[&bytes], options).expect("much is left");
            if let Err(fault) = law(&repaired, options) {
                faults.push(format!("{from} to {to}: {fault}"));
            }
            if from == to {
                assert!(repaired.plan.unchanged, "version {from}: {:?}", repaired.plan.rows);
                continue;
            }
            let records = walk(&repaired.bytes).expect("a whole chain");
            assert!(records.iter().all(|record| record.crc_ok), "{from} to {to}");
            assert_eq!(repaired.bytes[0], to);
            let uuid = records.first().filter(|record| record.record_type == 4107);
            assert_eq!(uuid.map(|uuid| uuid.flags), (to == 16).then_some(COMPLETED), "{from}");
            let mut rows: Vec<Row> = records
                .iter()
                .skip(usize::from(to == 16))
                .map(|record| (record.flags, record.timestamp, record.body.to_vec()))
                .collect();
            let mut wanted = expected(&bytes, to);
            if matches!((from, to), (7..=10, 11 | 12)) {
                // An announcement of a node waits for the first channel that goes over.
                rows.sort();
                wanted.sort();
            }
            let brief = |row: Option<&Row>| {
                row.map(|(flags, timestamp, body)| {
                    format!(
                        "{:02x?} of {} bytes, flags {flags:04x}, {timestamp}",
                        &body[..2],
                        body.len()
                    )
                })
            };
            if let Some(at) =
                (0..rows.len().max(wanted.len())).find(|at| rows.get(*at) != wanted.get(*at))
            {
                let (have, want) = (brief(rows.get(at)), brief(wanted.get(at)));
                faults.push(format!(
                    "{from} to {to}: {} records, expected {}; record {at} is {have:?}, expected {want:?}",
                    rows.len(),
                    wanted.len()
                ));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What only versions 2 and 3 wrap, in a store whose headers are today's: the message leaves its
/// wrapper, so it needs another checksum than the one it came with.
#[test]
fn a_wrapped_message_in_a_later_store_gets_a_checksum_of_its_own() {
    let old = Network::new(7, 5).version(3).store().build().bytes;
    let wrapped =
        |record: &fulgurite_tests::Record<'_>| (4096..=4098).contains(&record.record_type);
    for version in [9, 12, 16] {
        let flags = if version < 15 { 0 } else { COMPLETED };
        let mut store = Store::new(version);
        for record in walk(&old).expect("whole").iter().filter(|record| wrapped(record)) {
            store = store.raw_record(flags, 0, record.body);
        }
        let store = store.build().bytes;
        // Left alone otherwise: readers pass over such records.
        let options = Options { compact: true, ..Options::default() };
        let repaired = repair(&[&store], options).expect("much is left");
        let again = repair(&[&repaired.bytes], Options::default()).expect("all is left");
        assert!(again.plan.unchanged, "version {version}");
        let records = walk(&repaired.bytes).expect("whole");
        assert!(records.iter().all(|record| record.crc_ok), "version {version}");
        let of = |wanted: u16| records.iter().filter(|one| one.record_type == wanted).count();
        let before = |wanted: u16| {
            let records = walk(&store).expect("whole");
            records.iter().filter(|one| one.record_type == wanted).count()
        };
        let wrapped = (before(4096), before(4096), before(4097), before(4098));
        assert!(wrapped.0 > 1 && wrapped.2 > 1 && wrapped.3 > 1);
        // From version 11 on, updates without a greatest amount (all of those) are not loaded.
        let updates = if version < 11 { wrapped.2 } else { 0 };
        let left = (wrapped.0, wrapped.1, updates, wrapped.3);
        assert_eq!((of(256), of(4101), of(258), of(257)), left, "version {version}");
    }
}

/// Versions 2 and 3 keep a channel's amount in front of its announcement: one that is more than all
/// bitcoin is as wrong there as in a record of its own.
#[test]
fn an_impossible_amount_in_a_wrapper_is_not_carried_over() {
    let scid = "650000x1x0";
    for (satoshis, kept) in [(2_100_000_000_000_000, 1), (2_100_000_000_000_001, 0)] {
        let store = Store::new(3).announce("640000x1x0", nodes(1, 3), 5_000_000);
        let store = store.update("640000x1x0", Direction::One, T0);
        let store = store.announce(scid, nodes(1, 2), satoshis);
        let store = store.update(scid, Direction::One, T0).build().bytes;
        let repaired = repair(&[&store], Options::default()).expect("much is left");
        law(&repaired, Options::default()).expect("the law");
        assert_eq!(repaired.plan.channels, 1 + kept);
        assert_eq!(repaired.plan.dropped_for(Reason::Contradiction), 1 - kept);
    }
}
