//! The pairs of bits that the checksum cannot see: bit j of a header's timestamp, and bit j mod 8 of
//! body byte j / 8, which it meets as the seed. What finds them, and what comes of them.

use crate::shared;

use fulgurite_core::gossip::check::{CheckJob, Options as Looking};
use fulgurite_core::gossip::salvage::{Options, salvage};
use fulgurite_core::job::Job;
use fulgurite_core::source::Source;
use fulgurite_tests::{Direction, NodeBuilder, Store, T0, nodes, signed, walk};
use shared::repair::wounds;
use shared::signatures::Library;

/// What speaks against the pair, worked out from the format:
///
/// - Bits 0 to 15 meet the type. One bit away from 256, 257, 258 and 4101 are no types but these:
///   256 and 257, 256 and 258, 4101 and 4097, 4100, 4103. Of an update or a `node_announcement` no
///   256 comes, whose length differs; of 256 no 257, whose inner lengths would have to fit by
///   chance; but a 258 of 432 bytes may be one: its timestamp, two bytes of a signature, is not the
///   header's. Of 4101 no 4097 and 4100 come, which have inner lengths; a 4103 may be one, but then
///   the announcement before it has no amount.
/// - Bits 16 to 31 meet the first two bytes of a signature, which says nothing; the header's
///   timestamp is not that of the message (257, 258) or, on an announcement, whatever it likes:
///   only the signatures tell.
/// - In an amount they are bits 48 to 63: from bit 51 on it is more than there will ever be, below
///   it is not. That the header of an amount has no timestamp would tell, and is not looked at.
const BY_HAND: [(u16, &[Bits]); 4] = [
    (256, &[(0, 8, "type"), (9, 9, "timestamp"), (10, 15, "type"), (16, 31, "signature")]),
    (257, &[(0, 15, "type"), (16, 31, "timestamp")]),
    (258, &[(0, 15, "type"), (16, 31, "timestamp")]),
    (
        4101,
        &[
            (0, 8, "type"),
            (9, 9, "order"),
            (10, 15, "type"),
            (16, 23, "amount"),
            (24, 26, "nothing"),
            (27, 31, "amount"),
        ],
    ),
];

/// The first bit, the last, and what finds them.
type Bits = (u32, u32, &'static str);

fn by_hand(record_type: u16, bit: u32) -> &'static str {
    let (_, rows) = BY_HAND.iter().find(|row| row.0 == record_type).expect("in the table");
    rows.iter().find(|row| (row.0..=row.1).contains(&bit)).expect("all 32").2
}

fn store() -> Vec<u8> {
    let store = Store::new(14)
        .announce("103x1x0", nodes(1, 2), 1_000_000)
        .update("103x1x0", Direction::One, T0)
        .update("103x1x0", Direction::Two, T0 + 1)
        .node_with(NodeBuilder::new(1, T0 + 2).alias("ALICE"))
        .announce("104x1x0", nodes(1, 3), 2_000_000);
    signed(&store.build().bytes)
}

/// What the findings speak of.
fn found_by(bytes: &[u8]) -> &'static str {
    let codes: Vec<&str> = wounds(bytes).iter().map(|finding| finding.code.name()).collect();
    let has = |name: &str| codes.iter().any(|code| code.ends_with(name));
    let reason = wounds(bytes)
        .iter()
        .find_map(|finding| finding.values.get("against").map(|against| format!("{against:?}")));
    match reason {
        Some(text) if text.contains("timestamp") => return "timestamp",
        Some(text) if text.contains("amount") => return "amount",
        _ => {}
    }
    if has("unknown_record") || has("malformed_record") {
        return "type";
    }
    if has("timestamp_contradiction") {
        return "timestamp";
    }
    if !codes.is_empty() {
        return "order";
    }
    let bytes = bytes.to_vec();
    let report = CheckJob::new(&bytes, Looking::default()).verifying(&Library).run().expect("read");
    let signatures = report.gossip.and_then(|gossip| gossip.signatures).expect("asked for");
    if signatures.invalid > 0 { "signature" } else { "nothing" }
}

#[test]
fn the_pairs_that_cancel_out() {
    let whole = store();
    let records = walk(&whole).expect("whole");
    let mut wrong = Vec::new();
    let mut at = 1;
    // The second channel is there so that something is left.
    for record in &records[..5] {
        let (start, kind) = (at, record.record_type);
        at += record.whole.len();
        for bit in 0..32 {
            let mut bytes = whole.clone();
            let byte = usize::try_from(bit / 8).expect("small");
            bytes[start + 11 - byte] ^= 1 << (bit % 8);
            bytes[start + 12 + byte] ^= 1 << (bit % 8);
            let damaged = walk(&bytes).expect("the checksum holds");
            assert!(damaged.iter().all(|record| record.crc_ok), "bit {bit} of {kind}");
            let found = found_by(&bytes);
            let mut fates = Vec::new();
            for verifies in [false, true] {
                let source: &dyn Source = &bytes;
                let verifier = if verifies { Some(&Library as _) } else { None };
                let options = Options { verifier, ..Options::default() };
                let (plan, output) = salvage(&[source], options).expect("read").expect("much left");
                let known =
                    |body: &[u8]| records.iter().chain(&damaged).any(|record| record.body == body);
                let guessed = walk(&output).expect("whole").iter().any(|r| !known(r.body));
                let fate = match () {
                    () if guessed => "guessed",
                    () if output == whole => "mended",
                    () if plan.unchanged => "kept",
                    () => "dropped",
                };
                fates.push(fate);
            }
            // Of too large an amount `check` says nothing where the checksum holds; repair does.
            let mended = fates.contains(&"mended") && found == "nothing" && kind == 4101;
            let found = if mended { "amount" } else { found };
            println!("{kind} bit {bit}: {found}; {} (signatures verified: {})", fates[0], fates[1]);
            let hand = by_hand(kind, bit);
            let silent = matches!(hand, "signature" | "nothing");
            let right = |fate: &&str| {
                if silent { *fate == "kept" } else { matches!(*fate, "mended" | "dropped") }
            };
            if found != hand || !fates.iter().all(right) {
                wrong.push(format!("{kind} bit {bit}: {found}, by hand {hand}: {fates:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
