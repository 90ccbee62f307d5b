//! Two stores side by side: what only one has, counted by hand.

use fulgurite_core::gossip::compare::{Comparison, LiveRecords, OneSided, RecordCounts};
use fulgurite_core::gossip::network::{Limits, Network};
use fulgurite_core::gossip::scan::{Batch, Scanner};
use fulgurite_tests::{Built, Direction, Store, T0, nodes};

fn fold(store: &Built) -> (Network, LiveRecords) {
    let (mut scanner, mut batch) = (Scanner::new(), Batch::new());
    let mut network = Network::new(Limits::default(), 1);
    let mut records = LiveRecords::new(2);
    for chunk in [store.as_slice(), &[]] {
        if chunk.is_empty() {
            scanner.finish(&mut batch);
        } else {
            scanner.push(chunk, &mut batch);
        }
        let Some(version) = scanner.version() else { continue };
        network.fold(version, chunk, &batch);
        records.take(chunk, &batch);
    }
    (network, records)
}

fn first() -> Built {
    Store::new(16)
        .announce("1x1x1", nodes(1, 2), 5)
        .update("1x1x1", Direction::One, T0)
        .update("1x1x1", Direction::Two, T0)
        .announce("2x2x2", nodes(2, 3), 6)
        .update("2x2x2", Direction::One, T0)
        .announce("3x3x3", nodes(4, 5), 7)
        .deleted()
        .amount(7)
        .amount(7)
        .build()
}

fn second() -> Built {
    Store::new(16)
        .announce("2x2x2", nodes(2, 3), 6)
        .update("2x2x2", Direction::One, T0 + 1)
        .update("2x2x2", Direction::Two, T0 - 1)
        .announce("4x4x4", nodes(6, 7), 8)
        .announce("1x1x1", nodes(1, 2), 5)
        .update("1x1x1", Direction::One, T0 - 1)
        .update("1x1x1", Direction::Two, T0)
        .announce("0x9x9", nodes(3, 6), 8)
        .amount(7)
        .build()
}

#[test]
fn channels_nodes_and_newer_updates_of_one_side() {
    let (a, b) = (fold(&first()).0, fold(&second()).0);
    let compared = Comparison::of(&a, &b);
    assert_eq!(
        compared,
        Comparison {
            channels_in_both: 2,
            first: OneSided { channels: 0, scids: vec![], nodes: 0, newer_updates: 1 },
            second: OneSided {
                channels: 2,
                scids: vec!["0x9x9".into(), "4x4x4".into()],
                nodes: 2,
                newer_updates: 2,
            },
        }
    );
    let turned = Comparison::of(&b, &a);
    assert_eq!((&turned.first, &turned.second), (&compared.second, &compared.first));
    assert!(!compared.first.is_empty() && !compared.second.is_empty());
    let same = Comparison::of(&a, &a);
    assert!(same.first.is_empty() && same.second.is_empty());
    for one in [
        OneSided { channels: 1, ..OneSided::default() },
        OneSided { nodes: 1, ..OneSided::default() },
        OneSided { newer_updates: 1, ..OneSided::default() },
    ] {
        assert!(!one.is_empty());
    }
}

#[test]
fn no_more_than_a_thousand_channels_are_named() {
    let many = |count: u64| {
        (1..=count)
            .fold(Store::new(16), |store, number| store.announce(number << 40, nodes(1, 2), 5))
    };
    let empty = fold(&Store::new(16).build()).0;
    for (count, named) in [(1_000, 1_000), (1_001, 1_000)] {
        let compared = Comparison::of(&fold(&many(count).build()).0, &empty);
        assert_eq!((compared.first.channels, compared.first.scids.len()), (count, named));
        assert_eq!(compared.first.scids[999], "1000x0x0");
    }
}

#[test]
fn live_records_are_compared_by_their_bodies() {
    let (a, b) = (fold(&first()).1, fold(&second()).1);
    // In both: the uuid, 1x1x1 with its amount and its second update, 2x2x2 with its amount, and
    // one amount of 7. Only in the first: two updates and the other amount of 7; the deleted ones
    // count for nothing. Only in the second: three updates, and two channels with their amounts.
    let counts = a.compare(&b);
    assert_eq!(counts, RecordCounts { both: 7, first: 3, second: 7, limited: false });
    assert_eq!(b.compare(&a), RecordCounts { both: 7, first: 7, second: 3, limited: false });
    assert_eq!(a.compare(&a), RecordCounts { both: 10, first: 0, second: 0, limited: false });
}
