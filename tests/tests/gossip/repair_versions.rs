//! What a store of each version becomes in each version that repair writes, record by record,
//! after the rules that stand here a second time (`docs/format/gossip_store.md`).

use crate::shared;

use std::collections::{HashMap, HashSet};

use fulgurite_tests::flags::{COMPLETED, DELETED, DYING, PUSH, RATELIMIT, ZOMBIE};
use fulgurite_tests::{Direction, Network, NodeBuilder, T0, nodes, walk};
use shared::repair::{inner, into_version, law, repair};

/// Flags, header timestamp, body.
type Row = (u16, u32, Vec<u8>);

/// A healthy store with something of all that its version has.
fn store(version: u8) -> Vec<u8> {
    let mut store = Network::new(7, 25).version(version).store();
    if version >= 7 {
        store = store.announce("650000x1x0", nodes(1, 2), 77_000).push();
        store = store.update("650000x1x0", Direction::One, T0 - 500).push();
        store = store.replace_node(NodeBuilder::new(2, T0 - 400).alias("pushed")).push();
    }
    if version <= 12 {
        store = store.private_channel("650001x1x0", 1, 2, 88_000);
    }
    if (5..=12).contains(&version) {
        store = store.private_update("650001x1x0", Direction::Two, T0 - 300);
    }
    if matches!(version, 12 | 13) {
        store = store.announce("650002x1x0", nodes(1, 3), 99_000);
        store = store.update("650002x1x0", Direction::One, T0 - 90_000);
        store = store.mark_channel("650002x1x0", ZOMBIE);
    }
    if (10..=13).contains(&version) {
        store = store.announce("650003x1x0", nodes(2, 3), 11_000);
        store = store.update("650003x1x0", Direction::One, T0 - 80_000).flags(RATELIMIT);
    }
    if version >= 12 {
        store = store.announce("650004x1x0", nodes(2, 3), 12_000);
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
            4102 | 4104 => to <= 12,
            257 | 4103 => true,
            4106 => to >= 11,
            // 3503 and 4100 are older than any version written; 4099 has done its work; a repaired
            // store has a uuid of its own.
            _ => false,
        };
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
            let rows: Vec<Row> = records
                .iter()
                .skip(usize::from(to == 16))
                .map(|record| (record.flags, record.timestamp, record.body.to_vec()))
                .collect();
            let wanted = expected(&bytes, to);
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
