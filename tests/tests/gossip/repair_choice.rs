//! What an operator chooses: compacting, and how much is remembered; and that a saved plan reads
//! as it was written.

use crate::shared;

use fulgurite_core::gossip::network::Limits;
use fulgurite_core::gossip::salvage::{Options, Plan, Reason};
use fulgurite_tests::{Built, Direction, Store, T0, nodes, walk};
use shared::repair::{Fate, Repaired, law, repair};

const ONE: &str = "103x1x0";
const TWO: &str = "104x1x0";

fn with(store: &Built, options: Options<'_>) -> Repaired {
    let repaired = repair(&[&store.bytes], options).expect("something is left");
    // Whoever asks for compacting again gets a store with another uuid.
    law(&repaired, Options::default()).expect("the law");
    repaired
}

fn compacted(store: &Built) -> Repaired {
    with(store, Options { compact: true, ..Options::default() })
}

/// Place, type and reason of what is dropped.
fn dropped(store: &Built, repaired: &Repaired) -> Vec<(usize, u16, Reason)> {
    let records = repaired.accounts.records.iter();
    let mut rows: Vec<_> = records
        .filter_map(|(item, fate)| match fate {
            Fate::Dropped(why) => {
                let at = store.records.iter().position(|span| span.offset as u64 == item.at);
                Some((at.expect("a record"), item.record_type.map_or(0, |t| t.0), *why))
            }
            Fate::Kept { .. } => None,
        })
        .collect();
    rows.sort_unstable_by_key(|row| row.0);
    rows
}

fn types(repaired: &Repaired) -> Vec<u16> {
    walk(&repaired.bytes).expect("whole").iter().map(|record| record.record_type).collect()
}

#[test]
fn compacting_leaves_what_counts() {
    let store = Store::new(16)
        .announce(ONE, nodes(1, 2), 5)
        .update(ONE, Direction::One, T0 - 9)
        .update(ONE, Direction::One, T0)
        .update(ONE, Direction::Two, T0 - 9)
        .node(1, T0 - 9, "old")
        .node(1, T0, "new")
        .delete_chan(TWO)
        .build();
    let repaired = compacted(&store);
    assert_eq!(
        dropped(&store, &repaired),
        [
            (0, 4107, Reason::Uuid),
            (3, 258, Reason::Superseded),
            (6, 257, Reason::Superseded),
            (8, 4103, Reason::Applied),
        ]
    );
    assert_eq!(types(&repaired), [4107, 256, 4101, 258, 258, 257]);
    let plan = &repaired.plan;
    assert_eq!((plan.channels, plan.updates, plan.nodes, plan.announced_nodes), (1, 2, 2, 1));
    assert_eq!((plan.dropped_for(Reason::Superseded), plan.dropped_for(Reason::Applied)), (2, 1));
    assert_eq!(plan.dropped_for(Reason::Limit), 0);
}

#[test]
fn compacting_holds_of_what_comes_before_its_channel_too() {
    let store = Store::new(16)
        .update(ONE, Direction::One, T0 - 9)
        .update(ONE, Direction::Two, T0)
        .node(1, T0 - 9, "old")
        .announce(ONE, nodes(1, 2), 5)
        .update(ONE, Direction::One, T0)
        .node(1, T0, "new")
        .build();
    let repaired = compacted(&store);
    let gone: Vec<_> =
        dropped(&store, &repaired).into_iter().filter(|row| row.2 != Reason::Uuid).collect();
    assert_eq!(gone, [(1, 258, Reason::Superseded), (3, 257, Reason::Superseded)]);
    assert_eq!(types(&repaired), [4107, 256, 4101, 258, 258, 257]);
}

#[test]
fn what_does_not_fit_is_dropped_and_told() {
    let store = Store::new(16)
        .announce(ONE, nodes(1, 2), 5)
        .announce(TWO, nodes(2, 3), 6)
        .update(ONE, Direction::One, T0)
        .node(1, T0, "one")
        .node(3, T0, "three")
        .delete_chan("5x5x5")
        .delete_chan("6x6x6")
        .build();
    let gone = |channels, nodes| {
        let limits = Limits { channels, nodes, ..Limits::default() };
        let repaired = repair(&[&store.bytes], Options { limits, ..Options::default() });
        let repaired = repaired.expect("something is left");
        let all = dropped(&store, &repaired).into_iter().map(|(at, _, why)| (at, why));
        all.filter(|(_, why)| !matches!(why, Reason::Uuid)).collect::<Vec<_>>()
    };
    assert_eq!(gone(2, 3), []);
    let limit = Reason::Limit;
    assert_eq!(gone(1, 3), [(3, limit), (4, limit), (7, Reason::NoChannel), (9, limit)]);
    assert_eq!(gone(2, 2), [(3, limit), (4, limit), (7, limit)]);
}

/// A channel that waits has room for its other direction.
#[test]
fn both_updates_wait_for_their_channel_at_the_limit() {
    let store = Store::new(16)
        .update(ONE, Direction::One, T0)
        .update(ONE, Direction::Two, T0)
        .announce(ONE, nodes(1, 2), 5)
        .build();
    let limits = Limits { channels: 1, ..Limits::default() };
    let repaired = with(&store, Options { limits, ..Options::default() });
    assert_eq!(types(&repaired), [4107, 256, 4101, 258, 258]);
    assert_eq!(repaired.plan.dropped_for(Reason::Limit), 0);
}

#[test]
fn a_plan_reads_as_it_was_written() {
    let store = Store::new(16)
        .announce(ONE, nodes(1, 2), 5)
        .update(ONE, Direction::One, T0)
        .build()
        .append(&[7; 40]);
    let plan = with(&store, Options::default()).plan;
    assert_eq!(plan.lost, (1, 40));
    let text = plan.to_json().expect("it is JSON");
    assert!(text.starts_with('{') && !text.contains('\n'));
    assert_eq!(Plan::from_json(&text).expect("the same"), plan);
    let other = text.replacen(&*plan.schema, "another/1", 1);
    assert!(Plan::from_json(&other).is_err());
}
