//! Several stores become one: the newest message wins, deletions win, and what one has lost is taken
//! from another.

use crate::shared;

use std::collections::BTreeSet;

use fulgurite_core::gossip::salvage::{Options, Reason};
use fulgurite_tests::{
    Built, Direction, Network, NodeBuilder, Store, T0, nodes, overlay, scid, walk, wire, wounded,
};
use shared::repair::{Fate, Repaired, conserved, each_round, into_version, law, repair, rounds};
use shared::signatures::Library;

const SCID: &str = "103x1x0";
const OTHER: &str = "104x1x0";

fn merged(inputs: &[&Built]) -> Repaired {
    let bytes: Vec<&[u8]> = inputs.iter().map(|input| input.as_slice()).collect();
    let repaired = repair(&bytes, Options::default()).expect("much is left");
    law(&repaired, Options::default()).expect("the law");
    let known: Vec<(u8, &[u8])> = bytes.iter().map(|bytes| (bytes[0], *bytes)).collect();
    conserved(&known, &repaired).expect("conservation");
    repaired
}

/// Type and body of what lives in the output, without its uuid.
fn content(repaired: &Repaired) -> BTreeSet<Vec<u8>> {
    let records = walk(&repaired.bytes).expect("whole");
    let live = records.iter().filter(|record| record.flags & 0x8000 == 0);
    live.filter(|record| record.record_type != 4107).map(|record| record.body.to_vec()).collect()
}

fn types(repaired: &Repaired) -> Vec<u16> {
    walk(&repaired.bytes).expect("whole").iter().map(|record| record.record_type).collect()
}

fn dropped(repaired: &Repaired) -> Vec<(u8, u16, Reason)> {
    let records = repaired.accounts.records.iter();
    records
        .filter_map(|(item, fate)| match fate {
            Fate::Dropped(why) => Some((item.source, item.record_type.map_or(0, |t| t.0), *why)),
            Fate::Kept { .. } => None,
        })
        .collect()
}

/// A channel with both updates, as old as that.
fn channel(store: Store, scid: &str, timestamp: u32) -> Store {
    store.announce(scid, nodes(1, 2), 1_000_000).update(scid, Direction::One, timestamp).update(
        scid,
        Direction::Two,
        timestamp,
    )
}

#[test]
fn the_newest_update_wins_from_whichever_store() {
    let older = channel(Store::new(14), SCID, T0 - 900).node(1, T0 - 10, "old").build();
    let newer = Store::new(14)
        .announce(SCID, nodes(1, 2), 1_000_000)
        .update(SCID, Direction::One, T0)
        .node(1, T0 - 20, "older still")
        .build();
    for inputs in [[&older, &newer], [&newer, &older]] {
        let repaired = merged(&inputs);
        let live = content(&repaired);
        let update = |direction, timestamp| {
            wire::Update::new(SCID, direction, timestamp).htlc_maximum(1_000_000_000).encode()
        };
        assert!(live.contains(&update(Direction::One, T0)), "the newer one");
        assert!(!live.contains(&update(Direction::One, T0 - 900)), "not the older one");
        assert!(live.contains(&update(Direction::Two, T0 - 900)), "the only one");
        assert_eq!((repaired.plan.channels, repaired.plan.updates), (1, 2));
        assert!(live.iter().any(|body| body.windows(3).any(|name| name == b"old")));
        assert!(dropped(&repaired).iter().any(|row| row.1 == 258 && row.2 == Reason::Superseded));
    }
}

#[test]
fn a_channel_that_the_newer_store_deleted_is_not_revived() {
    let older = channel(channel(Store::new(14), SCID, T0 - 900), OTHER, T0 - 900).build();
    let newer = channel(channel(Store::new(14), OTHER, T0), SCID, T0 - 500).close(SCID).build();
    // The same, compacted: only the tombstone is left of the channel.
    let compacted = channel(Store::new(14), OTHER, T0).delete_chan(SCID).build();
    for newer in [&newer, &compacted] {
        for inputs in [[&older, newer], [newer, &older]] {
            let repaired = merged(&inputs);
            assert_eq!(repaired.plan.channels, 1);
            let old = u8::from(inputs[1] == &older);
            let rows = dropped(&repaired);
            let revived: Vec<_> = rows.iter().filter(|row| row.0 == old).collect();
            for record_type in [256, 4101, 258, 258] {
                assert!(revived.contains(&&(old, record_type, Reason::DeletedInNewer)), "{rows:?}");
            }
        }
    }
}

#[test]
fn a_channel_that_died_in_the_newer_store_is_not_revived() {
    let older = channel(channel(Store::new(14), SCID, T0 - 900), OTHER, T0 - 900).build();
    let newer = channel(Store::new(14), OTHER, T0).dying(SCID, 935_000).build();
    for inputs in [[&older, &newer], [&newer, &older]] {
        let repaired = merged(&inputs);
        assert_eq!(repaired.plan.channels, 1);
        let old = u8::from(inputs[1] == &older);
        assert!(dropped(&repaired).contains(&(old, 256, Reason::DyingInNewer)));
    }
    // Where the newer store still announces it, it lives on there until its time has come.
    let newer = channel(channel(Store::new(14), OTHER, T0), SCID, T0 - 100).dying(SCID, 935_000);
    assert_eq!(merged(&[&older, &newer.build()]).plan.channels, 2);
}

#[test]
fn a_channel_announced_anew_after_its_tombstone_lives() {
    let older = channel(Store::new(14), SCID, T0 - 900).build();
    let newer = channel(Store::new(14).delete_chan(SCID), SCID, T0).build();
    assert_eq!(merged(&[&older, &newer]).plan.channels, 1);
}

#[test]
fn a_lost_amount_is_taken_from_the_other_store() {
    let older = channel(Store::new(14), SCID, T0 - 900).build();
    let whole = channel(Store::new(14), SCID, T0).build();
    let amount = whole.records[1];
    let without = whole.remove(amount.range());
    assert_eq!(repair(&[without.as_slice()], Options::default()).err().map(|_| ()), Some(()));
    for inputs in [[&older, &without], [&without, &older]] {
        let repaired = merged(&inputs);
        assert_eq!((repaired.plan.channels, repaired.plan.updates), (1, 2));
        assert_eq!(types(&repaired), [256, 4101, 258, 258]);
        assert!(content(&repaired).contains(&wire::channel_amount(1_000_000)));
        assert_eq!(repaired.accounts.amounts.len(), 1);
        let mended: Vec<_> =
            repaired.plan.mended_by.iter().map(|row| (row.mend.name(), row.records)).collect();
        assert_eq!((repaired.plan.mended, &mended[..]), (1, &[("amount", 1)][..]));
    }
}

/// A capacity is what it is for good: of two, one is wrong, and the newest store's is taken, whichever
/// comes first.
#[test]
fn of_two_capacities_the_newest_stores_is_lent() {
    let older = channel(Store::new(14), SCID, T0 - 900).build();
    // The newer store announces it twice, first without an amount.
    let newer = Store::new(14).announcement(SCID, nodes(1, 2));
    let newer = newer.announce(SCID, nodes(1, 2), 2_000_000);
    let newer = channel(newer, OTHER, T0).build();
    for inputs in [[&older, &newer], [&newer, &older]] {
        let repaired = merged(&inputs);
        assert_eq!((repaired.plan.channels, repaired.accounts.amounts.len()), (2, 1));
        let own = walk(&repaired.bytes).expect("whole");
        assert_eq!(own[1].body, wire::channel_amount(2_000_000));
    }
}

/// The newer store has lost the amount of a channel, so that whether an update allows too much is
/// known from the older one, where the update stands that is right.
#[test]
fn an_update_that_allows_too_much_replaces_none_in_either_order() {
    let older = channel(Store::new(9), SCID, T0 - 900).build();
    let excess = wire::Update::new(SCID, Direction::Two, T0).htlc_maximum(1_000_000_001);
    let newer = Store::new(9).announcement(SCID, nodes(1, 2));
    let newer = newer.update(SCID, Direction::One, T0).update_with(excess).build();
    for inputs in [[&older, &newer], [&newer, &older]] {
        let repaired = merged(&inputs);
        assert_eq!((repaired.plan.channels, repaired.plan.updates), (1, 2));
        let newer = u8::from(inputs[1] == &newer);
        assert!(dropped(&repaired).contains(&(newer, 258, Reason::Refused)));
    }
}

/// The order in which stores are given decides only between chains with the same newest timestamp:
/// whose copy of a record is taken, and whose tombstones, `chan_dying` and private records are the
/// newest. And the uuid, which is made from the hashes of the inputs in their order.
#[test]
fn the_order_of_the_inputs_does_not_matter() {
    let stores: Vec<Built> = (0u8..3)
        .map(|number| {
            let now = T0 - 100_000 * u32::from(number);
            let shift = Network::new(40, 20).now(now).store();
            channel(shift, ["200x1x0", "201x1x0", "202x1x0"][usize::from(number)], now).build()
        })
        .collect();
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    let contents: Vec<_> =
        orders.iter().map(|order| content(&merged(&order.map(|at| &stores[at])))).collect();
    assert!(contents.iter().all(|found| *found == contents[0]));
    assert!(["200x1x0", "201x1x0", "202x1x0"].iter().all(|text| {
        let packed = scid(text).0.to_be_bytes();
        contents[0].iter().any(|body| body[..2] == [1, 0] && body[292..300] == packed)
    }));
}

#[test]
fn joined_and_overlaid_stores_are_merged_as_files_are() {
    let first = Network::new(50, 20).build();
    let second = Network::new(51, 20).now(T0 + 500).build();
    let joined = first.clone().append_store(&second);
    assert_eq!(content(&merged(&[&joined])), content(&merged(&[&first, &second])));

    // v24.02 to v24.11.2 write a new chain over the start of the old one: five channels again.
    let chain = |numbers: std::ops::Range<u32>, now: u32| {
        numbers.fold(Store::new(14), |store, number| {
            channel(store, &format!("{number}x1x0"), now - 60 * number)
        })
    };
    let old = chain(100..160, T0).build();
    let mut new = chain(150..155, T0 + 86_400);
    while !old.records.iter().any(|span| span.offset < new.len() && new.len() < span.end()) {
        new = new.node_with(NodeBuilder::new(1, T0 + 86_400).alias("grown over"));
    }
    let new = new.build();
    let whole = old.records.iter().filter(|span| span.offset > new.bytes.len());
    let announced = whole.filter(|span| span.record_type == 256).count() as u64;
    let repaired = merged(&[&overlay(&new, old)]);
    assert_eq!(repaired.plan.inputs[0].chains.len(), 2);
    assert_eq!(repaired.plan.channels, announced, "the new ones are among the old ones");
    assert_eq!(repaired.plan.channels_from_older, announced - 5);
    let live = content(&repaired);
    for (now, there) in [(T0 + 86_400, true), (T0, false)] {
        let update = wire::Update::new("150x1x0", Direction::One, now - 60 * 150);
        assert_eq!(live.contains(&update.htlc_maximum(1_000_000_000).encode()), there);
    }
}

/// A damaged store with the backup from before: law and conservation, and no channel is missing
/// that the backup has, unless the damaged store deletes it.
#[test]
fn a_damaged_store_and_its_backup() {
    each_round(rounds(150), |seed| {
        let case = wounded(seed);
        let version = if seed % 2 == 0 { 16 } else { case.version.max(9) };
        let options =
            Options { verifier: case.signed.then_some(&Library), ..into_version(Some(version)) };
        let said =
            |fault: String| format!("{fault}\n   version {}, {:?}", case.version, case.story);
        let alone = repair(&[&case.whole], options).map_err(|error| error.to_string())?;
        for inputs in [[&case.bytes[..], &case.whole], [&case.whole[..], &case.bytes]] {
            let repaired = repair(&inputs, options).map_err(|error| said(error.to_string()))?;
            law(&repaired, options).map_err(said)?;
            let both = inputs.map(|input| (case.version, input));
            conserved(&both, &repaired).map_err(said)?;
            let deleted = dropped(&repaired).iter().any(|row| {
                matches!(row.2, Reason::DeletedInNewer | Reason::DyingInNewer | Reason::Tombstone)
            });
            if repaired.plan.channels < alone.plan.channels && !deleted {
                return Err(said(format!(
                    "{} channels, the backup alone has {}",
                    repaired.plan.channels, alone.plan.channels
                )));
            }
        }
        Ok(())
    });
}

/// What is not carried over replaces nothing: here a newer update of the form that version 14 does not
/// read, where a compacted store is asked for.
#[test]
fn an_update_that_is_left_out_replaces_none_where_it_is_compacted() {
    let older = channel(Store::new(14), SCID, T0 - 900).build();
    let newer = channel(Store::new(9), SCID, T0).build();
    let options = Options { compact: true, ..into_version(Some(14)) };
    for inputs in [[&older, &newer], [&newer, &older]] {
        let repaired = repair(&inputs.map(Built::as_slice), options).expect("much is left");
        law(&repaired, into_version(Some(14))).expect("the law");
        assert_eq!((repaired.plan.channels, repaired.plan.updates), (1, 2));
    }
}

/// The same with a backup from longer before: whichever is given first, the same is written. Round 0
/// is one in which a node's newer announcement stands where a wounded header claims all, and its
/// signature proves it.
#[test]
fn a_damaged_store_and_an_older_backup_in_either_order() {
    each_round(rounds(150), |round| {
        let case = wounded(if round == 0 { 9_353 } else { round });
        let records = walk(&case.whole).expect("whole");
        let kept: usize = records.iter().take(records.len() * 2 / 3).map(|it| it.whole.len()).sum();
        let backup = &case.whole[..=kept];
        let options = Options { verifier: case.signed.then_some(&Library), ..Options::default() };
        let said =
            |fault: String| format!("{fault}\n   version {}, {:?}", case.version, case.story);
        let one =
            repair(&[&case.bytes, backup], options).map_err(|error| said(error.to_string()))?;
        let other =
            repair(&[backup, &case.bytes], options).map_err(|error| said(error.to_string()))?;
        law(&one, options).map_err(said)?;
        let mut newest: Vec<u32> =
            one.plan.inputs.iter().flat_map(|input| &input.chains).map(|chain| chain.1).collect();
        newest.sort_unstable();
        if newest.windows(2).all(|two| two[0] < two[1]) && content(&one) != content(&other) {
            let (one, other) = (content(&one), content(&other));
            let heads: Vec<_> = one.symmetric_difference(&other).map(|body| &body[..12]).collect();
            return Err(said(format!("another order, another store: {heads:02x?}")));
        }
        Ok(())
    });
}
