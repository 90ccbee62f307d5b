//! What a store adds up to, counted by hand, and both sides of each figure from which on it is
//! worth a word.

use fulgurite_core::finding::Code;
use fulgurite_core::gossip::check::{Options, check};
use fulgurite_core::gossip::network::Limits;
use fulgurite_core::gossip::report::{CompactionRule, GossipReport};
use fulgurite_core::gossip::salvage;
use fulgurite_core::report::{Headline, Report};
use fulgurite_tests::flags::{COMPLETED, DELETED, DYING, PUSH};
use fulgurite_tests::wire::{Scid, Update};
use fulgurite_tests::{Built, Direction, NodeBuilder, Store, T0, nodes};

use crate::shared;
use crate::shared::repair::{law, repair};

/// Seconds of a day.
const DAY: u32 = 86_400;

fn told(store: &Built, options: Options) -> Report {
    check(&store.bytes, options).expect("memory can be read")
}

fn sums(store: &Built) -> GossipReport {
    shared::report(&store.bytes).gossip.expect("a store")
}

fn scid(number: u32) -> Scid {
    Scid(u64::from(number) << 40 | 1 << 16)
}

#[test]
fn the_figures_of_a_store_of_every_kind_of_record() {
    let late = T0 - 20 * DAY;
    let store = Store::new(16)
        .announce(scid(1), nodes(1, 2), 1_000)
        .update(scid(1), Direction::One, late)
        .replace_update(scid(1), Direction::One, T0)
        .update_with(Update::new(scid(1), Direction::Two, T0 - DAY).htlc_maximum(9).disabled())
        .announce(scid(2), nodes(2, 3), 30)
        .update(scid(2), Direction::One, T0 - 3 * DAY)
        .update(scid(2), Direction::Two, T0 - 14 * DAY)
        .announce(scid(3), nodes(1, 4), 500)
        .update(scid(3), Direction::One, T0 - 14 * DAY - 1)
        .update(scid(3), Direction::Two, T0)
        .mark_channel(scid(3), DYING)
        .dying(scid(3), 900_000)
        .announcement(scid(4), nodes(2, 5))
        .node(1, T0 - 5, "one")
        .replace_node(NodeBuilder::new(1, T0 - 4).alias("one again"))
        .node(4, T0 - 6, "four")
        .announce(scid(5), nodes(7, 8), 40)
        .update(scid(5), Direction::One, T0 - 9)
        .close(scid(5))
        .raw_record(COMPLETED, 0, &[0x30, 0x39, 1, 2])
        .raw_record(COMPLETED | DELETED, 0, &[9])
        .build();
    let found = sums(&store);
    let len = |number: usize| store.records[number].len as u64;
    // uuid, then: 1..=5 channel 1, 6..=9 channel 2, 10..=13 channel 3, 14 its dying, 15 channel 4,
    // 16 and 17 node 1, 18 node 4, 19..=21 channel 5, 22 its tombstone, 23 and 24 of no known type.
    assert_eq!(store.records.len(), 25);
    let dead = [3, 16, 19, 20, 21, 24];
    let deleted: u64 = dead.iter().map(|&number| len(number)).sum();
    assert_eq!((found.records, found.deleted), (25, 6));
    assert_eq!(found.deleted_bytes, deleted);
    assert_eq!(found.live_bytes + deleted + 1, store.bytes.len() as u64);
    assert_eq!((found.wounds, found.wounded_bytes, found.bad_checksums), (0, 0, 0));
    // Channel 4 has no amount; what the record of one byte was nobody can say.
    assert_eq!((found.lost, found.uncounted_wounds), (1, 1));
    // The version byte, and flags and length of each record.
    assert_eq!(found.unprotected_bytes, 1 + 4 * 25);

    let types: Vec<_> = found
        .types
        .iter()
        .map(|row| (row.number, row.live, row.deleted, row.live_bytes, row.deleted_bytes))
        .collect();
    let some = |number: u16, live: u64, dead: u64, each: u64| {
        (Some(number), live, dead, live * each, dead * each)
    };
    assert_eq!(
        types,
        [
            some(256, 4, 1, 12 + 432),
            some(257, 2, 1, 12 + 142),
            some(258, 6, 2, 12 + 138),
            some(4101, 3, 1, 12 + 10),
            some(4103, 1, 0, 12 + 10),
            some(4106, 1, 0, 12 + 14),
            some(4107, 1, 0, 12 + 34),
            some(12_345, 1, 0, 12 + 4),
            (None, 0, 1, 0, 13),
        ]
    );
    assert_eq!(found.types[0].name, "channel_announcement");
    assert_eq!((&*found.types[7].name, &*found.types[8].name), ("unknown", "untyped"));
    let flags: Vec<_> = found
        .flags
        .iter()
        .map(|row| (row.flags.as_str(), row.names.join(" "), row.records))
        .collect();
    assert_eq!(
        flags,
        [
            ("2000", "COMPLETED".into(), 16),
            ("2800", "COMPLETED DYING".into(), 3),
            ("a000", "DELETED COMPLETED".into(), 6),
        ]
    );

    // Live 256, 257 and 258 that are not dying: two channels of two updates, one of none, two nodes.
    assert_eq!((found.sync.messages, found.sync.bytes), (9, 3 * 432 + 4 * 138 + 2 * 142));
    assert_eq!(found.sync.wire_bytes, found.sync.bytes + 9 * 34);
    assert_eq!(found.compaction.rule, CompactionRule::BySize);
    assert!(!found.compaction.size_rule_met);

    let network = &found.network;
    assert_eq!((network.nodes, network.announced_nodes), (5, 2));
    assert_eq!((network.channels, network.updates, network.disabled), (4, 6, 1));
    assert_eq!((network.capacity_sat, network.dying), (1_530, 1));
    assert_eq!(network.updates_without_htlc_maximum, 0);
    assert_eq!((network.superseded, network.orphan_updates), (0, 0));
    assert_eq!(network.oldest_timestamp, Some(T0 - 14 * DAY - 1));
    assert_eq!((network.newest_timestamp, network.now), (Some(T0), T0));
    // That of channel 3 is a second too old, channel 4 has none.
    assert_eq!(network.channels_after_prune, 2);
    let mut ages = vec![0; 31];
    (ages[0], ages[1], ages[3], ages[14]) = (2, 1, 1, 2);
    assert_eq!(network.update_ages_days, ages);
    assert_eq!(network.most_announced_node, 2);
}

#[test]
fn who_has_left_is_no_node_and_who_speaks_again_is_one() {
    // Not marked yet, but ended: with channel 2 its second node is gone.
    let store = Store::new(16)
        .announce(scid(1), nodes(1, 2), 5)
        .node(1, T0, "one")
        .node(1, T0 + 1, "one again")
        .announce(scid(2), nodes(2, 3), 5)
        .node(3, T0, "three")
        .delete_chan(scid(2))
        .build();
    let network = sums(&store).network;
    assert_eq!((network.nodes, network.announced_nodes, network.channels), (2, 1, 1));
    assert_eq!(network.most_announced_node, 2);
}

#[test]
fn records_inside_what_a_broken_one_claims_are_counted() {
    let base = Store::bare(16).announce(scid(1), nodes(1, 2), 5);
    let store =
        (0..6).fold(base, |store, more| store.update(scid(1), Direction::One, T0 + more)).build();
    let told = |store: &Built| {
        let report = shared::report(&store.bytes);
        let found = report.findings.iter().find(|finding| finding.code == Code::Resynchronised);
        found.map(|finding| finding.values.number("count").expect("a count"))
    };
    assert_eq!(told(&store), None);
    // Updates of 150 bytes each; the third claims 256 more, which is up to inside the fifth.
    let third = store.records[4];
    assert_eq!(third.len, 150);
    assert_eq!(told(&store.clone().flip(third.offset + 2, 0)), Some(2));
    // Of one that claims nothing behind itself, none.
    assert_eq!(told(&store.clone().flip(third.offset + 40, 0)), None);
}

#[test]
fn what_compaction_counts() {
    use fulgurite_core::gossip::check::Fold;
    use fulgurite_core::gossip::scan::{Batch, Scanner};
    let counted = |store: Store| {
        let bytes = store.build().bytes;
        let (mut scanner, mut batch) = (Scanner::new(), Batch::new());
        let mut fold = Fold::new(Options::default());
        scanner.push(&bytes, &mut batch);
        fold.take(&scanner, &bytes, &batch);
        let summary = fold.network().finish(scanner.version().expect("a version"), None).summary;
        (summary.live_records, summary.dead_records)
    };
    // Amounts do not count. Of two announcements of one node, and of two updates of one direction,
    // the older is dead, marked or not.
    let base = || Store::bare(16).announce(scid(1), nodes(1, 2), 5);
    assert_eq!(counted(base()), (1, 0));
    let spoken = || base().node(1, T0, "one");
    assert_eq!(counted(spoken()), (2, 0));
    assert_eq!(counted(spoken().node(1, T0 + 1, "again")), (2, 1));
    assert_eq!(counted(spoken().node(1, T0 + 1, "again").node(1, T0 + 2, "and again")), (2, 2));
    let updated = || base().update(scid(1), Direction::One, T0);
    assert_eq!(counted(updated().update(scid(1), Direction::Two, T0)), (3, 0));
    assert_eq!(counted(updated().update(scid(1), Direction::One, T0 + 1)), (2, 1));
}

#[test]
fn ages_end_with_a_month_and_begin_with_now() {
    let store = [0, 1, 29 * DAY, 30 * DAY - 1, 30 * DAY, 31 * DAY, 90 * DAY].iter().zip(1..).fold(
        Store::new(10),
        |store, (age, number)| {
            store.announce(scid(number), nodes(1, 2), 5).update(
                scid(number),
                Direction::One,
                T0 - age,
            )
        },
    );
    let store = store.build();
    let of = |now| {
        let report = told(&store, Options { now: Some(now), ..Options::default() });
        report.gossip.expect("a store").network
    };
    let mut ages = vec![0; 31];
    (ages[0], ages[29], ages[30]) = (2, 2, 3);
    assert_eq!(of(T0).update_ages_days, ages);
    assert_eq!(of(T0).updates_without_htlc_maximum, 7);
    // What comes from the future is of today.
    let network = of(T0 - 90 * DAY);
    assert_eq!((network.update_ages_days[0], network.now), (7, T0 - 90 * DAY));
}

#[test]
fn updates_that_newer_ones_replace() {
    let store = Store::new(16)
        .announce(scid(1), nodes(1, 2), 5)
        .update(scid(1), Direction::One, T0)
        .update(scid(1), Direction::One, T0 + 1)
        .update(scid(1), Direction::Two, T0)
        .update(scid(1), Direction::One, T0 + 2)
        .build();
    let network = sums(&store).network;
    assert_eq!((network.superseded, network.superseded_bytes), (2, 300));
    assert_eq!((network.updates, network.orphan_updates), (2, 0));
    let report = shared::report(&store.bytes);
    let finding = report.findings.iter().find(|found| found.code == Code::SupersededUpdates);
    let values = &finding.expect("the finding").values;
    assert_eq!((values.number("count"), values.number("bytes")), (Some(2), Some(300)));
}

#[test]
fn own_gossip_is_a_handful_of_records() {
    let store = |channels: u32, pushed: u32| {
        let store = (0..channels).fold(Store::new(14), |store, number| {
            let store = store.announce(scid(number), nodes(number, 1_000), 5);
            if number < pushed { store.flags(PUSH) } else { store }
        });
        store.build()
    };
    // `flags` marks the amount as well, which is no message and counts as pushed nevertheless.
    let told = |channels, pushed: u32| {
        let report = shared::report(&store(channels, pushed).bytes);
        let found = report.findings.into_iter().find(|found| found.code == Code::Readvertising);
        found.map(|found| {
            let number = |name: &str| found.values.number(name);
            (number("push"), number("messages"))
        })
    };
    assert_eq!(told(40, 24), None);
    assert_eq!(told(40, 25), Some((Some(50), Some(40))));
    assert_eq!(told(500, 25), Some((Some(50), Some(500))));
    assert_eq!(told(501, 25), None);
    let often = |times: u32| {
        let store = Store::new(16).announce(scid(1), nodes(1, 2), 5);
        let store = (0..times).fold(store, |store, time| {
            store.replace_node(NodeBuilder::new(1, T0 + time).alias("again"))
        });
        shared::report(&store.build().bytes).count(Code::Readvertising)
    };
    assert_eq!((often(99), often(100)), (0, 1));
}

#[test]
fn a_store_of_which_less_than_a_tenth_would_survive_is_too_old() {
    let told = |channels: u32, now| {
        let store = (1..channels).fold(Store::new(16), |store, number| {
            let old = T0 - 15 * DAY;
            store
                .announce(scid(number), nodes(1, 2), 5)
                .update(scid(number), Direction::One, old)
                .update(scid(number), Direction::Two, T0)
        });
        let store = store
            .announce(scid(0), nodes(1, 2), 5)
            .update(scid(0), Direction::One, T0 - 14 * DAY)
            .update(scid(0), Direction::Two, T0)
            .build();
        let report = told(&store, Options { now, ..Options::default() });
        let found = report.findings.into_iter().find(|found| found.code == Code::TooOld);
        found.map(|found| {
            let number = |name: &str| found.values.number(name);
            (number("survive"), number("channels"), number("newest_timestamp"))
        })
    };
    let newest = Some(u64::from(T0));
    assert_eq!(told(10, Some(T0)), None);
    assert_eq!(told(11, Some(T0)), Some((Some(1), Some(11), newest)));
    assert_eq!(told(11, None), None, "nobody said what time it is");
    assert_eq!(told(10, Some(T0 + 1)), Some((Some(0), Some(10), newest)));
    let empty = Store::new(16).build();
    let report = check(&empty.bytes, Options { now: Some(T0), ..Options::default() });
    assert_eq!(report.expect("read").count(Code::TooOld), 0);
}

#[test]
fn a_limit_is_told_by_its_name() {
    let store =
        Store::new(16).announce(scid(1), nodes(1, 2), 5).announce(scid(2), nodes(3, 4), 5).build();
    let told = |channels, nodes| {
        let limits = Limits { channels, nodes, ..Limits::default() };
        let report = told(&store, Options { limits, ..Options::default() });
        let found = report.findings.iter().filter(|found| found.code == Code::LimitReached);
        found
            .map(|found| {
                let what = found.values.text("what").expect("a name").to_owned();
                (what, found.values.number("limit"))
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(told(2, 4), []);
    assert_eq!(told(1, 4), [("channels".into(), Some(1))]);
    assert_eq!(told(2, 3), [("nodes".into(), Some(3))]);
}

#[test]
fn a_limit_holds_of_orphans_and_of_ones_own_channels_too() {
    let told = |store: Store, channels| {
        let limits = Limits { channels, ..Limits::default() };
        let report = told(&store.build(), Options { limits, ..Options::default() });
        report.count(Code::LimitReached)
    };
    let orphans = |channels: &[u32]| {
        channels.iter().fold(Store::new(16), |store, number| {
            store.update(scid(*number), Direction::One, T0).update(
                scid(*number),
                Direction::Two,
                T0,
            )
        })
    };
    assert_eq!((told(orphans(&[1]), 1), told(orphans(&[1, 1]), 1)), (0, 0));
    assert_eq!((told(orphans(&[1, 2]), 1), told(orphans(&[1, 2]), 2)), (1, 0));
    let own = |count: u32| {
        (0..count).fold(Store::new(8), |store, number| store.private_channel(scid(number), 1, 2, 5))
    };
    assert_eq!((told(own(1), 1), told(own(2), 1), told(own(2), 2)), (0, 1, 0));
}

#[test]
fn updates_of_ones_own_channels_are_no_orphans() {
    for version in [3, 4, 8, 12] {
        let own = |store: Store| store.private_channel(scid(1), 1, 2, 5);
        let update = |store: Store, number| store.update(scid(number), Direction::One, T0);
        let of = |store: Store| sums(&store.build()).network.orphan_updates;
        assert_eq!(of(update(own(Store::new(version)), 1)), 0, "version {version}");
        assert_eq!(of(update(own(Store::new(version)), 2)), 1, "version {version}");
    }
}

#[test]
fn flags_that_nothing_is_known_of_are_counted() {
    let store = Store::new(16)
        .announce(scid(1), nodes(1, 2), 5)
        .update(scid(1), Direction::One, T0)
        .flags(COMPLETED | 0x0001)
        .update(scid(1), Direction::Two, T0)
        .flags(COMPLETED | 0x1010)
        .build();
    let report = shared::report(&store.bytes);
    let found = report.findings.iter().find(|found| found.code == Code::UnknownFlags);
    let values = &found.expect("the finding").values;
    assert_eq!((values.number("count"), values.text("flags")), (Some(2), Some("1011")));
}

/// The releases that write versions up to 10 take all but two or three bits of the flags for a part of
/// the length; repair clears them, also where the record itself would be left out.
#[test]
fn flags_that_old_releases_read_as_a_length_are_damage() {
    for (version, bits, read_as_length) in [
        (7, 0x0001, true),
        (9, 0x2000, true),
        (10, 0x2000, false),
        (10, 0x1000, true),
        (11, 0x1000, false),
        (16, 0x1000, false),
    ] {
        for dead in [0, DELETED] {
            let store = Store::new(version).announce(scid(1), nodes(1, 2), 5);
            let store = store.update(scid(1), Direction::One, T0);
            let flags = bits | dead | if version >= 15 { COMPLETED } else { 0 };
            let built = store.update(scid(1), Direction::Two, T0 - 60).flags(flags);
            let at = built.clone().build().records.last().expect("a record").offset as u64;
            let built = match dead {
                0 => built.build(),
                _ => built.update(scid(1), Direction::Two, T0).build(),
            };
            let report = shared::report(&built.bytes);
            let found = report.findings.iter().find(|found| found.code == Code::FlagsInLength);
            let said = format!("version {version}, flags {flags:04x}");
            assert_eq!(
                found.map(|found| found.place.span.start),
                read_as_length.then_some(at),
                "{said}"
            );
            assert_eq!(report.verdict.headline == Headline::Damaged, read_as_length, "{said}");
            if version >= 9 {
                let repaired =
                    repair(&[&built.bytes], salvage::Options::default()).expect("a channel");
                law(&repaired, salvage::Options::default()).expect(&said);
                assert_eq!(repaired.plan.unchanged, !read_as_length, "{said}");
            }
        }
    }
}

#[test]
fn each_version_has_its_own_rule_of_compaction() {
    for (version, rule) in [
        (3, CompactionRule::WhileRunning),
        (6, CompactionRule::WhileRunning),
        (7, CompactionRule::EveryStart),
        (15, CompactionRule::EveryStart),
        (16, CompactionRule::BySize),
    ] {
        let store = Store::new(version).announce(scid(1), nodes(1, 2), 5).build();
        assert_eq!(sums(&store).compaction.rule, rule, "version {version}");
    }
}

/// Ten million bytes, and four dead records for each that lives.
#[test]
fn bloat_is_a_matter_of_size_and_of_dead_records() {
    let store = |dead: u32, size: usize| {
        let mut store = Store::new(16).announce(scid(1), nodes(1, 2), 5);
        store = (0..=dead)
            .fold(store, |store, time| store.replace_update(scid(1), Direction::One, T0 + time));
        // Records of a type that nobody counts make up the rest.
        while store.len() < size {
            let rest = (size - store.len()).min(60_000);
            let rest = if size - store.len() - rest < 14 { rest.min(30_000) } else { rest };
            let mut body = vec![0xee; rest - 12];
            body[..2].copy_from_slice(&[0x30, 0x39]);
            store = store.raw_record(COMPLETED, 0, &body);
        }
        assert_eq!(store.len(), size);
        store.build()
    };
    let told = |store: &Built| {
        let report = shared::report(&store.bytes);
        let met = report.gossip.as_ref().expect("a store").compaction.size_rule_met;
        assert_eq!(report.count(Code::Bloat), u64::from(met));
        met
    };
    // Two records live: the announcement and the newest update.
    assert!(told(&store(8, 10_000_000)));
    assert!(!told(&store(8, 9_999_999)));
    assert!(!told(&store(7, 10_000_000)));
}
