//! What releases up to v23.11 throw a whole store away for is not in what repair writes for them.

use crate::shared;

use fulgurite_core::gossip::salvage::{Options, Reason};
use fulgurite_tests::flags::RATELIMIT;
use fulgurite_tests::{Built, Direction, Store, T0, Update, nodes};
use shared::repair::{Repaired, into_version, law, repair};

const ONE: &str = "103x1x0";
const TWO: &str = "104x1x0";

/// A channel with both updates.
fn channel(store: Store, scid: &str) -> Store {
    let store = store.announce(scid, nodes(1, 2), 1_000_000);
    store.update(scid, Direction::One, T0).update(scid, Direction::Two, T0)
}

/// As repair leaves it: it obeys the law, so that the release that writes its version takes it.
fn repaired(store: &Built, options: Options<'static>) -> Repaired {
    let repaired = repair(&[&store.bytes], options).expect("much is left");
    law(&repaired, options).expect("the law");
    repaired
}

/// Why records are dropped, and how many.
fn dropped(repaired: &Repaired) -> Vec<(Reason, u64)> {
    repaired.plan.dropped_by.iter().map(|dropped| (dropped.reason, dropped.records)).collect()
}

#[test]
fn of_two_updates_the_newer_one_is_left() {
    let store = channel(Store::new(12), ONE).update(ONE, Direction::One, T0 + 9).build();
    let left = repaired(&store, Options::default());
    assert_eq!(dropped(&left), [(Reason::Superseded, 1)]);
    assert_eq!((left.plan.channels, left.plan.updates), (1, 2));
    // Newer releases read it as it is.
    let newer = repaired(&store, into_version(Some(14)));
    assert_eq!(dropped(&newer), []);
}

#[test]
fn one_that_is_rate_limited_may_stand_beside_the_other() {
    let store = channel(Store::new(12), ONE).update(ONE, Direction::One, T0 + 9);
    let store = store.flags(RATELIMIT).build();
    assert!(repaired(&store, Options::default()).plan.unchanged);
    // But one of them only.
    let two = channel(Store::new(12), ONE).update(ONE, Direction::One, T0 + 9).flags(RATELIMIT);
    let two = two.update(ONE, Direction::One, T0 + 10).flags(RATELIMIT).build();
    assert_eq!(dropped(&repaired(&two, Options::default())), [(Reason::Refused, 1)]);
}

/// Version 9 has no rate limit: there the bit goes, and the newer one counts like any other.
#[test]
fn into_version_9_only_the_newer_goes() {
    for version in [9, 12] {
        let store = channel(Store::new(version), ONE).update(ONE, Direction::One, T0 + 9);
        let store = store.flags(RATELIMIT).node(1, T0, "older").node(1, T0 + 9, "newer");
        let store = store.flags(RATELIMIT).build();
        let left = repaired(&store, into_version(Some(9)));
        assert_eq!(dropped(&left), [(Reason::Superseded, 2)], "from version {version}");
        assert_eq!((left.plan.updates, left.plan.announced_nodes), (2, 1));
    }
}

#[test]
fn a_channel_without_an_update_is_left_out() {
    let store = channel(Store::new(12), ONE).announce(TWO, nodes(1, 3), 5_000_000);
    let store = store.node(3, T0, "of that channel alone").build();
    let left = repaired(&store, Options::default());
    assert_eq!(dropped(&left), [(Reason::NoChannel, 1), (Reason::Refused, 2)]);
    assert_eq!(left.plan.channels, 1);
    assert_eq!(repaired(&store, into_version(Some(16))).plan.channels, 2);
}

#[test]
fn an_update_may_not_allow_more_than_its_channel_has() {
    // 1,000,000 sat, which is what updates here allow, and one less.
    for (satoshis, channels) in [(1_000_000, 2), (999_999, 1)] {
        let store = channel(Store::new(12), ONE).announce(TWO, nodes(1, 3), satoshis);
        let store = store.update(TWO, Direction::One, T0).build();
        let left = repaired(&store, Options::default());
        assert_eq!(left.plan.channels, channels);
        assert_eq!(left.plan.dropped_for(Reason::Refused), if channels == 2 { 0 } else { 3 });
    }
}

/// lightningd would have answered the newer one with an error, and gone on with the older.
#[test]
fn an_update_that_they_refuse_replaces_none() {
    let update = |at: u32, sat: u64| Update::new(ONE, Direction::One, at).htlc_maximum(1_000 * sat);
    // Bit 0 of `message_flags` says that there is a maximum. Who writes versions from 11 on does not
    // ask for it.
    for (version, flags) in [(10, 0), (10, 1), (11, 0), (11, 1), (12, 0), (12, 1)] {
        for (satoshis, refuses) in [(1_000_000, false), (1_000_001, (version, flags) != (10, 0))] {
            let newer = Update { message_flags: flags, ..update(T0 + 9, satoshis) };
            let store = Store::new(version).announce(ONE, nodes(1, 2), 1_000_000);
            let store = store.update_with(update(T0, 5)).update_with(newer).build();
            let left = repaired(&store, Options::default());
            let why = if refuses { Reason::Refused } else { Reason::Superseded };
            assert_eq!(dropped(&left), [(why, 1)], "version {version}, flags {flags}");
            assert_eq!((left.plan.channels, left.plan.updates), (1, 1));
        }
    }
}

/// What a channel has may stand behind what its updates say.
#[test]
fn nor_does_it_where_the_capacity_comes_later() {
    let update = |at: u32, sat: u64| Update::new(ONE, Direction::One, at).htlc_maximum(1_000 * sat);
    let (older, newer) = (update(T0, 5), update(T0 + 9, 6));
    for (version, message_flags) in [(10, 1), (11, 0), (12, 0)] {
        let channel = |store: Store| store.announce(ONE, nodes(1, 2), 5);
        let put = |store: Store, update: Update| {
            store.raw_record(0, update.timestamp, &Update { message_flags, ..update }.encode())
        };
        let begun = || Store::new(version);
        let stores = [
            put(channel(put(begun(), newer)), older),
            put(channel(put(begun(), older)), newer),
            channel(put(put(begun(), older), newer)),
            channel(put(put(begun(), newer), older)),
        ];
        for (at, store) in stores.into_iter().enumerate() {
            let left = repaired(&store.build(), Options::default());
            assert_eq!(dropped(&left), [(Reason::Refused, 1)], "{at} of version {version}");
            assert_eq!((left.plan.channels, left.plan.updates), (1, 1));
        }
    }
}

/// They would begin with an empty store anyway; a newer release can read it.
#[test]
fn where_they_would_know_no_channel_everything_is_kept() {
    let store = Store::new(12).announce(ONE, nodes(1, 2), 5).announce(TWO, nodes(1, 3), 5);
    let left = repaired(&store.build(), Options::default());
    assert!(left.plan.unchanged);
    assert_eq!(left.plan.channels, 2);
}

/// Up to version 10 the flags are the length's upper bits to those who know fewer of them.
#[test]
fn an_unknown_flag_is_no_length() {
    for (version, flags) in [(9, 0x0001), (10, 0x1000)] {
        let store = channel(Store::new(version), ONE).flags(flags).build();
        let left = repaired(&store, Options::default());
        assert!(!left.plan.unchanged, "version {version}");
        assert_eq!(left.bytes, channel(Store::new(version), ONE).build().bytes);
    }
}
