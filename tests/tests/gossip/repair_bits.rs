//! Two flipped bits: in a signed announcement they have one explanation, which its signatures
//! prove. In flags, length and timestamp nothing is guessed.

use crate::shared;

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};

use fulgurite_core::gossip::salvage::{Options, Plan, salvage};
use fulgurite_core::gossip::signatures::announcement_verifies;
use fulgurite_core::source::Source;
use fulgurite_tests::fake::Rng;
use fulgurite_tests::{Direction, Store, T0, crc, nodes, signed, walk};
use shared::repair::{each_round, rounds};
use shared::signatures::{Library, Memory};

/// Two channels and a node, signed. Record 0 is the announcement (in version 16, record 1).
fn store(version: u8) -> Vec<u8> {
    let store = Store::new(version)
        .announce("103x1x0", nodes(1, 2), 1_000_000)
        .update("103x1x0", Direction::One, T0)
        .update("103x1x0", Direction::Two, T0 + 1)
        .node(1, T0 + 2, "ALICE")
        .announce("104x1x0", nodes(1, 3), 2_000_000)
        .update("104x1x0", Direction::One, T0 + 3);
    signed(&store.build().bytes)
}

/// `None` where nothing is left.
fn repaired(bytes: &[u8], verifies: bool) -> Option<(Plan, Vec<u8>)> {
    let bytes = bytes.to_vec();
    let source: &dyn Source = &bytes;
    let memory = Memory::default();
    let options =
        Options { verifier: if verifies { Some(&memory) } else { None }, ..Options::default() };
    salvage(&[source], options).expect("a slice is read").ok()
}

/// A channel_announcement without features has 432 bytes: its type (2), four signatures (256), the
/// length of the features (2), chain (32), short channel id (8), four keys (132). With the 32 bits
/// of the stored checksum that makes 3,488 bits and 6,081,328 pairs. (6,025,656 are the pairs of
/// 3,472 bits: of the 430 bytes behind the type, and the checksum. They are among them.)
///
/// A pair of flipped bits is unique if no other pair, and no single bit, changes the checksum in
/// the same way.
#[test]
fn every_pair_in_body_and_checksum_of_an_announcement_is_unique() {
    let store = store(14);
    let record = walk(&store).expect("whole")[0];
    assert_eq!((record.record_type, record.body.len()), (256, 432));
    let right = crc(14, record.timestamp, record.body);
    let mut body = record.body.to_vec();
    let mut single: Vec<u32> = (0..32).map(|bit| 1 << bit).collect();
    for at in 0..body.len() {
        for bit in 0..8 {
            body[at] ^= 1 << bit;
            single.push(crc(14, record.timestamp, &body) ^ right);
            body[at] ^= 1 << bit;
        }
    }
    assert_eq!(single.len(), 3_488);
    let mut pairs: Vec<u32> = Vec::with_capacity(6_081_328);
    for (index, first) in single.iter().enumerate() {
        pairs.extend(single[..index].iter().map(|second| first ^ second));
    }
    assert_eq!(pairs.len(), 6_081_328);
    let behind_the_type = 430 * 8 + 32;
    assert_eq!(behind_the_type * (behind_the_type - 1) / 2, 6_025_656);
    pairs.sort_unstable();
    pairs.dedup();
    assert_eq!(pairs.len(), 6_081_328, "two pairs with one syndrome");
    assert!(pairs.binary_search(&0).is_err(), "a pair that the checksum does not see");
    assert!(single.iter().all(|one| pairs.binary_search(one).is_err()), "a pair like a single bit");
    single.sort_unstable();
    single.dedup();
    assert_eq!(single.len(), 3_488);
}

#[test]
fn ten_thousand_pairs_in_a_signed_announcement_are_mended() {
    let whole = store(14);
    let record = walk(&whole).expect("whole")[0];
    // Header bytes 4 to 7 are the checksum, 12 on the body; the record stands at offset 1.
    let places: Vec<usize> = (5..9).chain(13..13 + record.body.len()).collect();
    let bits = 8 * places.len();
    each_round(rounds(10_000), |seed| {
        let mut rng = Rng::new(seed ^ 0x6269_7473);
        let first = rng.index(bits);
        let second = (first + 1 + rng.index(bits - 1)) % bits;
        let mut bytes = whole.clone();
        for bit in [first, second] {
            bytes[places[bit / 8]] ^= 1 << (bit % 8);
        }
        let (plan, output) = repaired(&bytes, true).ok_or("nothing is left")?;
        let said = || format!("bits {first} and {second}: {:?}", plan.mended_by);
        if output != whole || plan.mended != 1 {
            return Err(format!("not restored, {}", said()));
        }
        let verdict = announcement_verifies(walk(&output).expect("whole")[0].body, &Library);
        if verdict.is_valid() { Ok(()) } else { Err(format!("{verdict:?}, {}", said())) }
    });
}

/// Versions 2 and 3 wrap a message in a type and a length; one that comes before its channel is read
/// again when the channel is put out. Whatever bit of it was mended stays mended. (By the checksum
/// alone: nobody signed these messages.)
#[test]
fn a_wrapped_message_that_waits_for_its_channel_is_mended_in_the_right_byte() {
    for version in [2, 3] {
        let store = Store::new(version).node(1, T0 + 2, "ALICE");
        let store = store.announce("103x1x0", nodes(1, 2), 1_000_000);
        let whole = store.update("103x1x0", Direction::One, T0).build().bytes;
        let first = &walk(&whole).expect("whole")[0];
        let (header, message) = (first.whole.len() - first.body.len(), first.body[4..].to_vec());
        for at in 0..first.body.len() {
            let mut bytes = whole.clone();
            bytes[1 + header + at] ^= 0x10;
            let (plan, output) = repaired(&bytes, false).expect("much is left");
            assert_eq!(plan.mended, 1, "version {version}, body byte {at}");
            assert!(bodies(&output).contains(&message), "version {version}, body byte {at}");
        }
    }
}

/// The bodies of a store.
fn bodies(bytes: &[u8]) -> HashSet<Vec<u8>> {
    walk(bytes).expect("whole").iter().map(|record| record.body.to_vec()).collect()
}

/// One bit of flags, length or timestamp of each record, alone and with a bit of its body.
#[test]
fn flips_in_flags_length_and_timestamp_are_never_guessed() {
    let mended = AtomicU64::new(0);
    let silent = AtomicU64::new(0);
    for version in [14, 16] {
        let whole = store(version);
        let originals = bodies(&whole);
        let mut starts = Vec::new();
        let mut at = 1;
        for record in walk(&whole).expect("whole") {
            starts.push((at, record.body.len()));
            at += record.whole.len();
        }
        let header_bits: Vec<usize> = (0..32).chain(64..96).collect();
        let cases = (starts.len() * header_bits.len()) as u64;
        each_round(cases, |case| {
            let case = usize::try_from(case).expect("small");
            let (at, len) = starts[case / header_bits.len()];
            let bit = header_bits[case % header_bits.len()];
            let mut rng = Rng::new(case as u64);
            // Alone, and with twelve different bits of the body.
            for round in 0..13 {
                let mut bytes = whole.clone();
                bytes[at + bit / 8] ^= 0x80 >> (bit % 8);
                let second = rng.index(8 * len);
                // The bit that cancels a timestamp bit out is another test's.
                let timestamp_bit = (64..96).contains(&bit).then(|| 95 - bit);
                let cancels = timestamp_bit == Some(second / 8 * 8 + second % 8) && second < 32;
                if round > 0 && !cancels {
                    bytes[at + 12 + second / 8] ^= 1 << (second % 8);
                }
                // A length may claim all that follows: then no record is proven.
                let Some((plan, output)) = repaired(&bytes, round % 2 == 0) else {
                    if !(16..32).contains(&bit) {
                        return Err(format!("nothing is left: bit {bit} of the record at {at}"));
                    }
                    continue;
                };
                let foreign: Vec<_> =
                    bodies(&output).into_iter().filter(|body| !originals.contains(body)).collect();
                // The uuid of the repaired store is its own.
                let foreign = foreign.iter().filter(|body| body[..2] != [0x10, 0x0b]).count();
                let said = || format!("v{version}, record at {at}, bit {bit}, body bit {second}");
                if foreign > 0 {
                    return Err(format!("{foreign} bodies are new: {}", said()));
                }
                if round > 0 && !cancels && plan.unchanged {
                    return Err(format!("not reported: {}", said()));
                }
                mended.fetch_add(plan.mended.min(1), Ordering::Relaxed);
                silent.fetch_add(u64::from(plan.unchanged), Ordering::Relaxed);
            }
            Ok(())
        });
    }
    println!("mended {}, nothing to do {}", mended.into_inner(), silent.into_inner());
}
