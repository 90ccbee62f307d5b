//! How plugins read a store, release by release, against `common/gossmap.c` at the tags that the
//! table of releases names. What gossipd moves aside they may have read before. Offsets as in
//! `old.rs`: the next record stands at 767.

use super::*;
use crate::finding::Values;

const NEXT: u64 = 767;

fn with(version: u8, records: &[Vec<u8>]) -> Vec<u8> {
    [store(version), records.concat()].concat()
}

/// What a plugin of that release comes to, and channels, updates and nodes.
fn plugin(release: &str, bytes: &[u8]) -> (ReaderVerdict, [Option<u64>; 3]) {
    let found = verdict(release, bytes).plugins.unwrap();
    let figures = ["channels", "updates", "nodes"].map(|name| found.values.number(name));
    (found, figures)
}

fn counts(release: &str, bytes: &[u8]) -> (Reads, [u64; 3]) {
    let (found, figures) = plugin(release, bytes);
    (found.reads, figures.map(Option::unwrap))
}

/// It dies at the record behind the four, with that line.
fn dies(release: &str, bytes: &[u8], check: Check, line: &str) {
    let (found, _) = plugin(release, bytes);
    let found = (found.reads, found.check, found.at, found.log);
    assert_eq!(
        found,
        (Reads::Dies, Some(check), Some(NEXT), Vec::from([line.into()])),
        "{release}"
    );
}

fn private_channel(scid: u64, nodes: [u8; 2]) -> Vec<u8> {
    let message = announcement(scid, nodes);
    let len = (message.len() as u16).to_be_bytes();
    record(0, &[&[0x10, 8, 0, 0, 0, 0, 0, 0, 0, 9][..], &len, &message].concat())
}

fn private_update(scid: u64, direction: u8) -> Vec<u8> {
    record(0, &[&[0x10, 6, 0, 138][..], &update(scid, direction)].concat())
}

#[test]
fn a_channel_announced_again() {
    let twice =
        |version| with(version, &[record(0, &announcement(5, [1, 2])), record(0, &amount())]);
    // To v0.11.2 nobody looked; of that name one is found.
    assert_eq!(counts("v0.9.1", &twice(8)), (Reads::All, [1, 2, 2]));
    assert_eq!(counts("v0.11.0", &twice(9)), (Reads::All, [1, 2, 2]));
    let line = "add_channel: Assertion `chan->private' failed.";
    dies("v0.12.0", &twice(10), Check::Duplicate, line);
    // Then the second took the place of the first, whose updates went with it: v0.12.1 took both
    // assertions out of `add_channel`.
    assert_eq!(counts("v0.12.1", &twice(10)), (Reads::All, [1, 0, 2]));
    assert_eq!(counts("v22.11", &twice(11)), (Reads::All, [1, 0, 2]));
    assert_eq!(counts("v23.11", &twice(12)), (Reads::All, [1, 0, 2]));
    let line = "add_channel: Assertion `!gossmap_find_chan(map, &scid)' failed.";
    dies("v24.02", &twice(14), Check::Duplicate, line);
}

#[test]
fn a_private_channel_that_is_announced() {
    let public = [record(0, &announcement(6, [1, 3])), record(0, &amount())].concat();
    let both = |version| {
        with(version, &[private_channel(6, [1, 3]), private_update(6, 0), public.clone()])
    };
    assert_eq!(counts("v0.11.0", &both(9)), (Reads::All, [2, 3, 3]));
    assert_eq!(counts("v0.12.0", &both(10)), (Reads::All, [2, 2, 3]));
    assert_eq!(counts("v22.11", &both(11)), (Reads::All, [2, 2, 3]));
    // The other way round, and twice in private.
    let line = "add_channel: Assertion `chan->private' failed.";
    dies("v0.12.0", &with(10, &[private_channel(5, [1, 2])]), Check::Duplicate, line);
    let twice = with(10, &[private_channel(6, [1, 3]), private_channel(6, [1, 3])]);
    let (found, _) = plugin("v0.12.0", &twice);
    // 12 bytes, 12 more, and an announcement of 432.
    assert_eq!((found.reads, found.at), (Reads::Dies, Some(NEXT + 456)));
    assert_eq!(found.log, ["add_channel: Assertion `!private' failed."]);
    assert_eq!(counts("v0.12.1", &twice), (Reads::All, [2, 2, 3]));
    let buried = with(10, &[private_channel(5, [1, 2])]);
    assert_eq!(counts("v0.12.1", &buried), (Reads::All, [1, 0, 2]));
    // v0.9.1 does not read them, and neither do those from v24.02 on.
    let private = [private_channel(6, [1, 3]), private_update(6, 1)];
    assert_eq!(counts("v0.9.1", &with(8, &private)), (Reads::All, [1, 2, 2]));
    for (release, version) in [("v0.9.2", 9), ("v23.11", 12)] {
        assert_eq!(counts(release, &with(version, &private)), (Reads::All, [2, 3, 3]), "{release}");
    }
    assert_eq!(counts("v24.02", &with(15, &private)), (Reads::All, [1, 2, 2]));
}

#[test]
fn an_update_of_an_unknown_channel_was_the_end_to_v0_10_2() {
    // 7 is 0x0x7.
    let orphan = |version| with(version, &[record(0, &update(7, 0))]);
    for (release, version) in [("v0.9.1", 8), ("v0.9.2", 9), ("v0.10.0", 9), ("v0.10.1", 9)] {
        dies(release, &orphan(version), Check::Update, "update for channel 0x0x7 not found!");
    }
    for (release, version) in [("v0.11.0", 9), ("v0.12.0", 10), ("v23.11", 12), ("v24.11", 14)] {
        assert_eq!(counts(release, &orphan(version)), (Reads::All, [1, 2, 2]), "{release}");
    }
}

#[test]
fn fields_that_lie_behind_the_end_of_the_file() {
    let short = |len: usize, flags: u8| {
        let mut body = update(5, 0)[..len].to_vec();
        if let Some(place) = body.get_mut(110) {
            *place = flags;
        }
        record(0, &body)
    };
    let inside = "map_copy: Assertion `offset + len <= map->map_size' failed.";
    let behind = |release| match release {
        "v0.9.2" | "v0.10.0" => "map_copy: Assertion `offset < map->map_size' failed.",
        _ => "map_copy: Assertion `localoff + len <= tal_bytelen(map->local)' failed.",
    };
    for (release, version, by_flag) in [
        ("v0.9.2", 9, true),
        ("v0.10.0", 9, true),
        ("v0.10.1", 9, true),
        ("v0.12.0", 10, true),
        ("v22.11", 11, false),
        ("v23.11", 12, false),
    ] {
        let at_end = |len, flags| with(version, &[short(len, flags)]);
        // The channel's name, and what stands where it would.
        dies(release, &at_end(98, 1), Check::Fields, behind(release));
        dies(release, &at_end(105, 1), Check::Fields, inside);
        dies(release, &at_end(130, 1), Check::Fields, behind(release));
        dies(release, &at_end(137, 1), Check::Fields, inside);
        assert_eq!(counts(release, &at_end(138, 1)).0, Reads::All, "{release}");
        // An update without a maximum is as long as that, to v0.12.1.
        let reads = if by_flag { Reads::All } else { Reads::Dies };
        assert_eq!(plugin(release, &at_end(130, 0)).0.reads, reads, "{release}");
        // The last field that each has ends with its 130th byte.
        assert_eq!(plugin(release, &at_end(129, 0)).0.reads, Reads::Dies, "{release}");
        assert_eq!(plugin(release, &at_end(121, 0)).0.reads, Reads::Dies, "{release}");
        // Where more stands behind it, the fields are those of the next record.
        let more = with(version, &[short(98, 1), record(0, &[9; 60])]);
        assert_ne!(plugin(release, &more).0.check, Some(Check::Fields), "{release}");
    }
}

#[test]
fn an_update_without_a_maximum_at_the_end_of_a_sound_store_of_version_10() {
    let mut old = update(5, 1);
    old.truncate(130);
    old[110] = 0;
    let mut bytes = store(10);
    bytes.truncate(617);
    bytes.extend(record(0, &old));
    let found = verdict("v0.12.0", &bytes);
    assert_eq!((found.gossipd.fate, found.accepted), (Fate::Accepted, true), "{found:?}");
}

#[test]
fn zombies_are_skipped_from_v23_02_to_v23_11() {
    let zombie = [store(12)[..617].to_vec(), record(0x1000, &update(5, 1))].concat();
    for (release, updates) in [("v22.11", 2), ("v23.02", 1), ("v23.11", 1), ("v24.02", 2)] {
        let mut bytes = zombie.clone();
        // So that gossipd leaves it alone.
        bytes[0] = 15;
        assert_eq!(counts(release, &bytes), (Reads::All, [1, updates, 2]), "{release}");
    }
}

#[test]
fn tombstones_take_a_channel_away() {
    let tombstone = |scid: u8| record(0, &[0x10, 7, 0, 0, 0, 0, 0, 0, 0, scid]);
    let mut bytes = with(8, &[record(0, &announcement(6, [1, 3])), record(0, &amount())]);
    bytes.extend(record(0, &update(6, 0)));
    // Of another version than the release's, so that nothing is rewritten.
    bytes[0] = 12;
    let counted = |more: &[Vec<u8>]| counts("v22.11", &[&bytes[..], &more.concat()].concat());
    assert_eq!(counted(&[]), (Reads::All, [2, 3, 3]));
    assert_eq!(counted(&[tombstone(5)]), (Reads::All, [1, 1, 2]));
    assert_eq!(counted(&[tombstone(6), tombstone(6)]), (Reads::All, [1, 2, 2]));
    assert_eq!(counted(&[tombstone(5), tombstone(6)]), (Reads::All, [0, 0, 0]));
    assert_eq!(counted(&[tombstone(9)]), (Reads::All, [2, 3, 3]));
}

#[test]
fn the_last_announcement_waits_for_its_amount_from_v24_08() {
    let announced = [record(0, &announcement(6, [1, 2]))];
    let bytes = with(14, &[announced.concat(), record(0, &amount())]);
    // To the last byte of it.
    for (release, version, cut, waits) in [
        ("v24.08", 15, 22, true),
        ("v24.08", 15, 1, true),
        ("v24.08", 15, 0, false),
        ("v24.05", 15, 22, false),
    ] {
        let mut bytes = bytes[..bytes.len() - cut].to_vec();
        bytes[0] = version;
        let (found, figures) = plugin(release, &bytes);
        let part = (Reads::Part, Some(Check::Amount), Some(NEXT));
        let seen = (found.reads, found.check, found.at);
        assert_eq!(seen == part, waits, "{release} {cut}: {found:?}");
        assert_eq!(figures[0], Some(if waits { 1 } else { 2 }), "{release} {cut}");
    }
}

#[test]
fn a_capacity_that_nobody_may_ask_for() {
    let of = |satoshis: u64, release: &str, version: u8| {
        let amount = [&[0x10, 5][..], &satoshis.to_be_bytes()].concat();
        let bytes = with(version, &[record(0, &announcement(6, [1, 2])), record(0, &amount)]);
        let (found, _) = plugin(release, &bytes);
        (found.reads, found.check, found.at, found.log)
    };
    let most = u64::MAX / 1_000;
    let fine = (Reads::All, None, None, Vec::new());
    assert_eq!(of(most, "v24.11", 14), fine);
    let line = alloc::format!("invalid capacity {}sat", most + 1);
    let asked = (Reads::DiesWhenAsked, Some(Check::Amount), Some(NEXT), Vec::from([line]));
    assert_eq!(of(most + 1, "v24.11", 14), asked);
    assert_eq!(of(most + 1, "v24.08", 14), fine);
}

#[test]
fn what_stands_at_the_end_and_is_no_record() {
    let header = [0x20, 0, 0, 138, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2];
    let torn = |version, len: usize| [&store(version)[..], &header[..len]].concat();
    // A header alone is not looked at, a byte behind it is.
    for release in ["v22.11", "v24.05"] {
        for (len, check) in [(1, Check::Stray), (12, Check::Stray), (13, Check::Torn)] {
            let (found, figures) = plugin(release, &torn(15, len));
            assert_eq!((found.reads, found.check), (Reads::Part, Some(check)), "{release} {len}");
            assert_eq!(found.at, Some(NEXT), "{release} {len}");
            let size = NEXT + len as u64;
            let values = ["processed", "size"].map(|name| found.values.number(name));
            assert_eq!((values, figures), ([Some(NEXT), Some(size)], [Some(1), Some(2), Some(2)]));
        }
    }
    // A dead record that goes beyond the end is stepped over all the same.
    let mut dead = torn(15, 14);
    dead[NEXT as usize] = 0xa0;
    let (found, _) = plugin("v22.11", &dead);
    assert_eq!((found.reads, found.check, found.at), (Reads::Part, Some(Check::Torn), None));
    assert_eq!(found.values.number("processed"), Some(NEXT + 150));
}

#[test]
fn the_marker_of_a_replaced_file_in_older_releases() {
    let marker = |to: u64| record(0, &[&[0x10, 9][..], &to.to_be_bytes()].concat());
    let marked = |version, to| with(version, &[marker(to), record(0, &update(5, 0))]);
    // v0.10.0 does not know it.
    assert_eq!(counts("v0.10.0", &marked(9, 1)), (Reads::All, [1, 2, 2]));
    // Then the file is opened anew, and read on behind that place.
    for release in ["v0.10.1", "v0.12.0"] {
        let version = Release::find(release).unwrap().writes;
        let (found, _) = plugin(release, &marked(version, 500));
        assert_eq!(
            (found.reads, found.check, found.at),
            (Reads::Part, Some(Check::Ended), Some(NEXT))
        );
        assert_eq!(found.values.number("processed"), Some(522));
        // What stands there is not followed; at the end of the file there is nothing.
        assert!(found.values.get("unsure").is_some(), "{release}");
        let (found, _) = plugin(release, &marked(version, NEXT + 150));
        assert_eq!(found.values.get("unsure"), None, "{release}");
        assert_ne!(found.values, Values::new());
    }
    let (found, _) = plugin("v25.02", &marked(15, 500));
    assert_eq!(found.values.number("processed"), Some(500));
    assert_eq!(found.values.get("unsure"), None);
}

#[test]
fn a_channel_of_one_node_with_itself() {
    let with = |nodes: [u8; 2]| {
        let bytes = with(14, &[record(0, &announcement(6, nodes)), record(0, &amount())]);
        plugin("v25.02", &bytes)
    };
    // Known before, it is not added twice.
    assert_eq!(with([1, 1]).0.reads, Reads::All);
    assert_eq!(with([7, 8]).1, [Some(2), Some(2), Some(4)]);
    let (found, _) = with([7, 7]);
    let line = "nodeidx_htable_add: Assertion `!nodeidx_htable_getmatch_(ht, k, h, v, &i)' failed.";
    assert_eq!(
        (found.reads, found.check, found.at),
        (Reads::Dies, Some(Check::SameNode), Some(NEXT))
    );
    assert_eq!(found.log, [line]);
}

#[test]
fn a_uuid_is_known_from_v26_04() {
    let uuid = [&[0x10, 0x0b][..], &[3; 32]].concat();
    let mut bytes = store(15);
    bytes.extend(record(0x2000, &uuid));
    let found = verdict("v25.12", &bytes).gossipd;
    let lines = ["Unknown record 4107@779 (size 34) in gossmap: ignoring", loader::MOVING];
    assert_eq!((found.fate, found.check, found.at), (Fate::Moved, Some(Check::Type), Some(NEXT)));
    assert_eq!(found.log, lines);
    // Lenient readers pass it over, and v26.04 leaves it out when it upgrades.
    assert_eq!(counts("v25.12", &bytes), (Reads::All, [1, 2, 2]));
    assert_eq!(verdict("v26.04", &bytes).gossipd.fate, Fate::Upgraded);
}
