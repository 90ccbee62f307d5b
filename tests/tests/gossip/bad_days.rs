//! What bad days leave that no single fault of a disk explains: two writers, closings that were
//! interrupted, copies of several moments. The figures follow from how each store is built here.

use crate::shared;

use fulgurite_core::finding::{Code, Confidence};
use fulgurite_core::gossip::check::{Options as Looking, check};
use fulgurite_core::gossip::salvage::{Item, Mend, Options, Reason};
use fulgurite_core::report::Report;
use fulgurite_tests::{Built, Direction, Network, Store, T0, frame, network, nodes, walk, wire};
use shared::repair::{Fate, Repaired, law, repair};

const DELETED: u8 = 0x80;

fn report(bytes: &[u8]) -> Report {
    check(&bytes, Looking::default()).expect("memory is read")
}

fn mended(inputs: &[&[u8]]) -> Repaired {
    let repaired = repair(inputs, Options::default()).expect("much is left");
    law(&repaired, Options::default()).expect("the law");
    repaired
}

fn found(report: &Report, code: Code) -> Vec<Confidence> {
    let of_code = report.findings.iter().filter(|finding| finding.code == code);
    of_code.map(|finding| finding.confidence).collect()
}

fn live(repaired: &Repaired, record_type: u16) -> usize {
    let records = walk(&repaired.bytes).expect("whole");
    records.iter().filter(|it| it.record_type == record_type && it.flags & 0x8000 == 0).count()
}

/// A wrong length may lead to the beginning of any later record. What stands between is there all
/// the same, and the checksum of the record tells its length.
#[test]
fn records_that_a_wrong_length_claims_are_not_lost() {
    let store = network(7, 100);
    let first = store.of_type(256).nth(20).unwrap();
    let far = store.records.iter().rfind(|it| it.offset < first.offset + 12 + 40_000).unwrap();
    let claimed = u16::try_from(far.offset - first.offset - 12).unwrap();
    assert!((claimed ^ u16::try_from(first.len - 12).unwrap()).count_ones() > 1);
    let mut bytes = store.bytes.clone();
    bytes[first.offset + 2..first.offset + 4].copy_from_slice(&claimed.to_be_bytes());
    let [whole, torn] = [&store.bytes, &bytes].map(|bytes| report(bytes).gossip.unwrap());
    assert_eq!(torn.records, whole.records - 1);
    let repaired = mended(&[&bytes]);
    assert_eq!(repaired.plan.channels, whole.network.channels);
    assert_eq!((repaired.plan.mended, repaired.plan.lost.0), (1, 0));
    let length = |item: &Item| item.mends.iter().any(|(it, _)| it == Mend::Length);
    assert!(repaired.accounts.records.iter().any(|(item, _)| length(item)));
}

/// Two programs write at the same offset: two updates of 150 bytes stand over the end of an
/// announcement of 444, and the next record begins where it ought to.
#[test]
fn what_a_second_writer_put_into_a_record_is_found() {
    let store = Store::new(16)
        .announce("103x1x0", nodes(1, 2), 1_000_000)
        .announce("104x1x0", nodes(3, 4), 1_000_000)
        .update("104x1x0", Direction::One, T0)
        .build();
    let broken = store.of_type(256).next().unwrap();
    let updates: Vec<u8> = [(Direction::One, 1), (Direction::Two, 2)]
        .map(|(direction, later)| {
            let body = wire::Update::new("104x1x0", direction, T0 + later).encode();
            frame(16, 0x2000, T0 + later, &body)
        })
        .concat();
    let at = broken.offset + broken.len - updates.len();
    let bytes = store.overwrite(at, &updates).bytes;
    let report = report(&bytes);
    let marked = report.findings.iter().find(|it| it.code == Code::Resynchronised).unwrap();
    assert_eq!(marked.values.number("count"), Some(2));
    // A peer may have put them there as well: without signatures they are not carried over.
    let unproven = |(_, fate): &&(_, Fate)| *fate == Fate::Dropped(Reason::Unproven);
    let repaired = mended(&[&bytes]);
    assert_eq!(repaired.accounts.records.iter().filter(unproven).count(), 2);
}

/// gossipd marks the announcement and its amount, then the updates, then writes the tombstone: see
/// docs/format, section 8.5. Where the rest never reached the disk, the channel is closed.
#[test]
fn a_closing_that_was_interrupted_is_no_flipped_bit() {
    for version in [14, 15, 16] {
        let store = Network::new(7, 20).version(version).build();
        let first = store.of_type(256).nth(3).unwrap();
        let amount = store.records.iter().find(|it| it.offset == first.end()).unwrap();
        let mut bytes = store.bytes.clone();
        bytes[first.offset] |= DELETED;
        bytes[amount.offset] |= DELETED;
        let whole = report(&store.bytes).gossip.unwrap().network.channels;
        let sure = found(&report(&bytes), Code::DeletedFlip);
        assert!(sure.iter().all(|it| *it == Confidence::Possible), "{version}: {sure:?}");
        let repaired = mended(&[&bytes]);
        assert_eq!(repaired.plan.channels, whole - 1, "{version}");
        // A lone bit is one: the amount lives.
        bytes[amount.offset] &= !DELETED;
        assert_eq!(found(&report(&bytes), Code::DeletedFlip), [Confidence::Certain]);
        assert_eq!(mended(&[&bytes]).plan.channels, whole, "{version}");
    }
}

/// Closing a channel has no timestamp. Of two copies of one store the longer is the newer one.
#[test]
fn what_the_newer_of_two_copies_closed_stays_closed() {
    let older = network(7, 20);
    let whole = report(&older.bytes).gossip.unwrap().network.channels;
    // Any channel, and the one that has the newest message of all.
    let scid_of = |built: &Built, at: usize| {
        let body = built.body(built.of_type(258).nth(at).unwrap());
        body[98..106].to_vec()
    };
    let newest = (0..older.of_type(258).count()).max_by_key(|at| {
        let body = older.body(older.of_type(258).nth(*at).unwrap());
        body[106..110].to_vec()
    });
    for at in [0, newest.unwrap()] {
        let scid = scid_of(&older, at);
        let mut newer = older.bytes.clone();
        let mut closes = false;
        for record in &older.records {
            let body = older.body(*record);
            closes = match u16::from_be_bytes([body[0], body[1]]) {
                256 => body[292..300] == scid[..],
                258 => body[98..106] == scid[..],
                4101 => closes,
                _ => false,
            };
            if closes {
                newer[record.offset] |= DELETED;
            }
        }
        newer.extend(frame(16, 0x2000, 0, &[&[0x10, 0x07][..], &scid].concat()));
        for inputs in [[&older.bytes[..], &newer], [&newer, &older.bytes]] {
            let repaired = mended(&inputs);
            assert_eq!(repaired.plan.channels, whole - 1);
            assert_eq!(live(&repaired, 256) as u64, whole - 1);
        }
    }
}

/// All that read version 16 read 15 too; not the other way round.
#[test]
fn a_lost_version_byte_makes_no_newer_store_of_an_older_one() {
    let store = Network::new(7, 20).version(15).build();
    for byte in [0, 255] {
        let mut bytes = store.bytes.clone();
        bytes[0] = byte;
        assert_eq!(report(&bytes).gossip.unwrap().version.read_as, 15);
        assert_eq!(mended(&[&bytes]).plan.version, 15);
    }
    // A uuid stands only in version 16.
    let mut bytes = Store::new(16).announce("103x1x0", nodes(1, 2), 5).build().bytes;
    if bytes[13..15] == [0x10, 0x0b] {
        bytes[0] = 0;
        assert_eq!(report(&bytes).gossip.unwrap().version.read_as, 16);
    }
}
