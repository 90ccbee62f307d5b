//! Kinds of damage that the 68 cases do not have, each made on purpose.

use crate::shared;

use fulgurite_core::finding::{Code, Confidence, Finding, Value};
use fulgurite_core::gossip::check::{Options, check};
use fulgurite_core::gossip::network::Limits;
use fulgurite_core::report::{Headline, Report};
use fulgurite_tests::fixtures;
use fulgurite_tests::wire::Direction;
use fulgurite_tests::{NodeBuilder, Store, T0, fake::nodes, network, overlay, scid};

fn only(report: &Report, code: Code) -> Finding {
    let found: Vec<_> = report.findings.iter().filter(|finding| finding.code == code).collect();
    assert_eq!(found.len(), 1, "{}: {:?}", code.name(), report.counts);
    found[0].clone()
}

/// v24.02 to v24.11.2 write a new chain over the beginning of the old one.
#[test]
fn an_overlay_of_two_chains() {
    // The same channels, fetched again: the usual case, for it is the same network. And others,
    // days later: then only time, which runs backwards at the seam, tells.
    let chain = |numbers: std::ops::Range<u32>, now: u32| {
        numbers.fold(Store::new(14), |store, number| {
            let channel = scid(&format!("{number}x1x0"));
            store
                .announce(channel, nodes(number, number + 1), 1_000)
                .update(channel, Direction::One, now - 60 * number)
                .update(channel, Direction::Two, now - 30 * number)
        })
    };
    let overlaid = |numbers, now| {
        let old = chain(100..160, T0).build();
        let mut new = chain(numbers, now);
        while !old.records.iter().any(|span| span.offset < new.len() && new.len() < span.end()) {
            new = new.node_with(NodeBuilder::new(9, now).alias("grown over"));
        }
        overlay(&new.build(), old)
    };
    let again = overlaid(150..155, T0 + 86_400);
    let strangers = overlaid(7..12, T0 + 86_400);
    for (built, sure) in [(strangers, Confidence::Possible), (again, Confidence::Likely)] {
        let report = shared::report(&built.bytes);
        let overlay = only(&report, Code::Overlay);
        assert_eq!(overlay.confidence, sure);
        assert_eq!(report.verdict.headline, Headline::Damaged);
        let span = overlay.place.span;
        // The records on either side of the seam stand whole.
        let ends: Vec<u64> = built.records.iter().map(|span| span.end() as u64).collect();
        let starts: Vec<u64> = built.records.iter().map(|span| span.offset as u64).collect();
        assert!(ends.contains(&span.start) && starts.contains(&span.end), "{span:?}");
        assert_eq!(report.count(Code::DuplicateAnnouncement), 0, "one finding, not one a channel");
    }
}

#[test]
fn two_flipped_bits_are_possible_not_proven() {
    let built = Store::new(16)
        .announce(scid("1x1x1"), nodes(1, 2), 10)
        .update(scid("1x1x1"), Direction::One, T0)
        .build();
    let update = built.last();
    let (one, two) = (update.offset + 40, update.offset + 90);
    let bytes = built.flip(one, 3).flip(two, 6).bytes;
    let report = shared::report(&bytes);
    let flips = only(&report, Code::TwoBitFlip);
    assert_eq!(flips.confidence, Confidence::Possible);
    let Some(Value::List(explanations)) = flips.values.get("explanations") else { panic!() };
    let bits: Vec<(u64, u64)> = explanations
        .iter()
        .flat_map(|explanation| match explanation {
            Value::Group(group) => match group.get("bits") {
                Some(Value::List(bits)) => bits.clone(),
                _ => vec![],
            },
            _ => vec![],
        })
        .map(|bit| match bit {
            Value::Group(bit) => (bit.number("byte").unwrap(), bit.number("bit").unwrap()),
            _ => panic!(),
        })
        .collect();
    assert_eq!(explanations.len(), 1, "one pair explains it");
    assert_eq!(bits, [(one as u64, 3), (two as u64, 6)]);
}

/// Timestamp bit j and bit j mod 8 of body byte j / 8 cancel out in the checksum.
#[test]
fn two_flips_that_cancel_leave_a_contradicting_timestamp() {
    let built = Store::new(16)
        .announce(scid("1x1x1"), nodes(1, 2), 10)
        .update(scid("1x1x1"), Direction::One, T0)
        .build();
    let update = built.last();
    // Bit 19 of the timestamp: byte 9 of the header, bit 3; body byte 2, bit 3 (a signature's).
    let bytes = built.flip(update.offset + 9, 3).flip(update.offset + 12 + 2, 3).bytes;
    let report = shared::report(&bytes);
    let finding = only(&report, Code::TimestampContradiction);
    assert_eq!(finding.place.span.start, update.offset as u64);
    assert_eq!(finding.values.number("message_timestamp"), Some(u64::from(T0)));
    assert_eq!(finding.values.number("header_timestamp"), Some(u64::from(T0 ^ 1 << 19)));
}

#[test]
fn nothing_but_zeros() {
    for len in [1, 2, 13, 100, 5_000, 400_000] {
        let report = shared::report(&vec![0; len]);
        assert_eq!(report.verdict.headline, Headline::AllZero, "{len} zeros");
    }
}

#[test]
fn a_store_of_an_older_version_appended_to_itself() {
    let built = network(5, 20);
    let old = fulgurite_tests::Network::new(5, 20).version(14).build();
    let joined = [&old.bytes[..], &old.bytes[..]].concat();
    let report = shared::report(&joined);
    let second = only(&report, Code::SecondStore);
    assert_eq!(second.place.span.start, old.bytes.len() as u64);
    assert_eq!(second.place.span.len(), 1);
    assert_eq!(report.count(Code::DuplicateAnnouncement), 0);
    assert_eq!(shared::report(&built.bytes).verdict.headline, Headline::Healthy);
}

#[test]
fn an_uncompleted_last_record_is_a_torn_tail() {
    let report = shared::report(&fixtures::uncompleted().bytes);
    let finding = only(&report, Code::UncompletedRecord);
    assert_eq!(finding.values.get("at_tail"), Some(&Value::Flag(true)));
    assert_eq!(report.verdict.headline, Headline::TornTail);
}

#[test]
fn a_marker_of_a_replaced_file() {
    let report = shared::report(&fixtures::left_behind().bytes);
    only(&report, Code::EndedLeft);
    assert_eq!(report.verdict.headline, Headline::TornTail);
}

/// A limit on memory is said, and the rest of the report stands.
#[test]
fn limits_are_findings() {
    let bytes = network(9, 60).bytes;
    let limits = Limits { channels: 10, nodes: 10, findings: 5 };
    let report = check(&bytes, Options { limits, ..Options::default() }).expect("readable");
    assert_eq!(report.count(Code::LimitReached), 2);
    let gossip = report.gossip.as_ref().expect("a store");
    assert!(gossip.network.channels <= 10 && gossip.network.nodes <= 10);
    assert_eq!(gossip.records, shared::report(&bytes).gossip.expect("a store").records);
    assert!(report.findings.iter().filter(|f| f.code == Code::OrphanUpdate).count() <= 5);
}

/// The report does not depend on how hashing is seeded.
#[test]
fn another_seed_gives_the_same_bytes() {
    for fixture in fixtures::HEADLINES {
        let bytes = (fixture.build)().bytes;
        let with = |seed| {
            let options = Options { seed, ..Options::default() };
            check(&bytes, options).expect("readable").to_json().expect("json")
        };
        assert!(with(1) == with(0xdead_beef_0bad_cafe), "{}", fixture.name);
    }
}
