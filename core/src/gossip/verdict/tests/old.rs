//! Stores of the releases from v0.6.2 to v23.11: what gossipd does with them, and what whoever
//! reads them beside it does. Offsets are counted by hand: a header has 12 bytes, an announcement
//! 432, an amount 10, an update 138; so the four records of [`store`] stand at 1, 445, 467 and 617,
//! and the next one at 767.

use super::*;

/// Behind the four records.
const NEXT: u64 = 767;

const DELETED: u16 = 0x8000;

fn with(version: u8, records: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = store(version);
    assert_eq!(bytes.len() as u64, NEXT);
    for record in records {
        bytes.extend(record);
    }
    bytes
}

/// The same record with another checksum.
fn broken(mut record: Vec<u8>) -> Vec<u8> {
    record[7] ^= 1;
    record
}

fn tombstone() -> Vec<u8> {
    Vec::from([0x10, 7, 0, 0, 0, 0, 0, 0, 0, 5])
}

/// The first bytes of an update that was being written.
fn torn() -> Vec<u8> {
    record(0, &update(5, 1))[..100].to_vec()
}

fn gossipd(release: &str, bytes: &[u8]) -> (Fate, Option<Check>, Option<u64>, Vec<String>) {
    let found = verdict(release, bytes).gossipd;
    (found.fate, found.check, found.at, found.log)
}

fn moved(check: Check, at: u64, lines: &[&str]) -> (Fate, Option<Check>, Option<u64>, Vec<String>) {
    (Fate::Moved, Some(check), Some(at), lines.iter().map(|line| String::from(*line)).collect())
}

const UNREAD: &str = "gossip_store_compact_offline: reading msg len 138 from store: <errno>";
const TRUNCATED: &str =
    "gossip_store: gossip_store: truncated file?. Moving to gossip_store.corrupt and truncating";

#[test]
fn a_rewriting_that_fails_leaves_the_file_to_be_loaded_as_it_lay() {
    let unknown = "gossip_store: Unknown message (<hex>). Moving to gossip_store.corrupt and \
                   truncating";
    let checksum = "gossip_store: Checksum verification failed (<hex>). Moving to \
                    gossip_store.corrupt and truncating";
    let dead = record(DELETED, &update(5, 0));
    // Rewritten, a store without its tombstone is what v0.9.2 reads; as it lay it is not.
    let buried = with(9, &[record(0, &tombstone())]);
    assert_eq!(gossipd("v0.9.2", &buried), (Fate::Compacted, None, None, Vec::new()));
    let found = gossipd("v0.9.2", &[buried, torn()].concat());
    assert_eq!(found, moved(Check::Type, NEXT, &[UNREAD, unknown]));
    // One that is marked is passed over, and so is one of v0.9.1, which knows them.
    let found = gossipd("v0.9.2", &with(9, &[record(DELETED, &tombstone()), torn()]));
    assert_eq!(found, moved(Check::Torn, NEXT + 22, &[UNREAD, TRUNCATED]));
    let found = gossipd("v0.9.1", &with(8, &[record(0, &tombstone()), torn()]));
    assert_eq!(found, moved(Check::Torn, NEXT + 22, &[UNREAD, TRUNCATED]));
    // A load looks at the checksums of dead records too, which a rewriting leaves out unread.
    let rotten = with(9, &[broken(dead.clone())]);
    assert_eq!(gossipd("v0.9.2", &rotten), (Fate::Compacted, None, None, Vec::new()));
    let found = gossipd("v0.9.2", &[rotten, torn()].concat());
    assert_eq!(found, moved(Check::Checksum, NEXT, &[UNREAD, checksum]));
    let found = gossipd("v0.9.2", &with(9, &[dead, torn()]));
    assert_eq!(found, moved(Check::Torn, NEXT + 150, &[UNREAD, TRUNCATED]));
}

#[test]
fn what_stands_first_is_minded_first() {
    let orphan = record(0, &update(9, 0));
    let bad_update = "gossip_store: Bad channel_update (<hex>). Moving to gossip_store.corrupt \
                      and truncating";
    let unknown = "gossip_store: Unknown message (<hex>). Moving to gossip_store.corrupt and \
                   truncating";
    let buried = record(0, &tombstone());
    let found = gossipd("v0.10.0", &with(9, &[orphan.clone(), buried.clone(), torn()]));
    assert_eq!(found, moved(Check::Update, NEXT, &[UNREAD, bad_update]));
    let found = gossipd("v0.10.0", &with(9, &[buried.clone(), orphan.clone(), torn()]));
    assert_eq!(found, moved(Check::Type, NEXT, &[UNREAD, unknown]));
    // Where the rewriting comes to its end, the tombstone is gone, and the next one is minded.
    let found = gossipd("v0.10.0", &with(9, &[buried, orphan]));
    assert_eq!(found, moved(Check::Update, NEXT + 22, &[bad_update]));
}

#[test]
fn checksums_are_minded_by_the_rewriting_from_v22_11() {
    // The stored one has one bit turned; both are told.
    let fine = record(0, &update(5, 0));
    let sum = u32::from_be_bytes(*fine[4..].first_chunk().unwrap());
    let told = alloc::format!("failed: {:08x} should be {sum:08x} (<hex>). Moving", sum ^ 1);
    let asked = alloc::format!("failed? {:08x} should be {sum:08x}", sum ^ 1);
    for (version, release) in [(11, "v22.11"), (12, "v23.11")] {
        let bytes = with(version, &[broken(fine.clone())]);
        let (fate, check, at, log) = gossipd(release, &bytes);
        assert_eq!((fate, check, at), (Fate::Moved, Some(Check::Checksum), Some(NEXT)));
        let offline = "gossip_store_compact_offline: checksum verification ";
        assert_eq!(log[0], alloc::format!("{offline}{asked}"), "{release}");
        let start = "gossip_store: Checksum verification ";
        assert!(log[1].starts_with(&alloc::format!("{start}{told}")), "{log:?}");
        assert_eq!(log.len(), 2);
    }
    // Before, one line: the rewriting carried it over.
    let (_, check, at, log) = gossipd("v0.12.0", &with(10, &[broken(fine)]));
    assert_eq!((check, at, log.len()), (Some(Check::Checksum), Some(NEXT), 1));
}

#[test]
fn an_upgrade_that_fails_empties_the_store() {
    let torn = with(7, &[torn()]);
    let removing = "Gossip store version 7 not 9: removing";
    let (fate, check, at, log) = gossipd("v0.9.2", &torn);
    assert_eq!((fate, check, at), (Fate::Emptied, Some(Check::Torn), Some(NEXT)));
    assert_eq!(log, [UNREAD, removing]);
    // A private channel that does not parse, without a line of its own.
    let short = record(0, &[&[0x0d, 0xaf][..], &[6; 40]].concat());
    let (fate, check, at, log) = gossipd("v0.9.2", &with(7, &[short]));
    assert_eq!((fate, check, at), (Fate::Emptied, Some(Check::Private), Some(NEXT)));
    assert_eq!(log, [removing]);
}

#[test]
fn sizes_are_those_of_the_rewritten_file() {
    let local = [&[0x0d, 0xaf][..], &[0, 0, 0, 0, 0, 0, 0, 8, 2], &[6; 32], &[0; 8]].concat();
    let bytes = with(7, &[record(DELETED, &update(5, 0)), record(0, &local)]);
    let figures = |release: &str| {
        let found = verdict(release, &bytes);
        assert_eq!(found.gossipd.fate, Fate::Upgraded, "{release}");
        assert!(found.accepted, "{release}");
        let values = found.gossipd.values;
        ["size", "channels", "updates", "nodes", "deleted"].map(|name| values.number(name))
    };
    // 12 and 51 bytes, and two for the features. Nodes of private channels are not counted.
    let expected = [NEXT + 12 + 51 + 2, 2, 2, 2, 1].map(Some);
    assert_eq!(figures("v0.9.0"), expected);
    // 12 and 12 bytes, and an announcement without features.
    let expected = [NEXT + 12 + 12 + 432, 2, 2, 2, 1].map(Some);
    assert_eq!(figures("v0.9.2"), expected);
}

#[test]
fn bytes_too_few_for_a_header_are_dropped() {
    for (release, version) in [("v0.7.1", 7), ("v0.11.0", 9), ("v23.11", 12)] {
        for (more, fate) in [(0, Fate::Accepted), (1, Fate::Prefix), (11, Fate::Prefix)] {
            let mut bytes = store(version);
            bytes.extend(vec_of(more));
            let found = verdict(release, &bytes);
            let stray = (more > 0).then_some((Check::Stray, NEXT));
            assert_eq!(found.gossipd.fate, fate, "{release} {more}");
            assert_eq!(found.gossipd.check.zip(found.gossipd.at), stray, "{release} {more}");
            assert_eq!(found.gossipd.values.number("size"), Some(NEXT));
            assert!(found.gossipd.log.is_empty());
            assert_eq!(found.accepted, more == 0, "{release} {more}");
        }
    }
}

fn vec_of(count: usize) -> Vec<u8> {
    core::iter::repeat_n(0, count).collect()
}

/// A record of versions 2 and 3.
fn short(body: &[u8]) -> Vec<u8> {
    let layout = crate::gossip::format::Layout::Short;
    let crc = crate::gossip::crc::checksum(layout, 0, body);
    [&(body.len() as u32).to_be_bytes(), &crc.to_be_bytes(), body].concat()
}

#[test]
fn wrapped_messages_are_read_as_they_lie() {
    let len = |message: &[u8]| (message.len() as u16).to_be_bytes();
    let (announced, updated) = (announcement(5, [1, 2]), update(5, 0));
    let satoshis = 1_000u64.to_be_bytes();
    let first = [&[0x10, 0][..], &len(&announced), &announced, &satoshis].concat();
    let second = [&[0x10, 1][..], &len(&updated), &updated].concat();
    let fine = [&[3][..], &short(&first), &short(&second)].concat();
    // 8 + 2 + 2 + 432 + 8 bytes, then 8 + 2 + 2 + 138.
    assert_eq!(fine.len(), 1 + 452 + 150);
    for release in ["v0.6.2", "v0.7.0"] {
        let found = verdict(release, &fine);
        assert_eq!((found.gossipd.fate, found.gossipd.check), (Fate::Accepted, None));
        let figures = ["channels", "updates", "nodes"].map(|it| found.gossipd.values.number(it));
        assert_eq!(figures, [Some(1), Some(1), Some(2)]);
        // Nobody else reads the file: there are no plugins that do, and peers are sent from memory.
        assert_eq!((found.plugins, found.connectd.reads), (None, Reads::Memory));
        assert!(found.accepted);
    }
    let torn = (Fate::Emptied, Some(Check::Torn), Some(453));
    for cut in [453 + 8, 602] {
        let (fate, check, at, log) = gossipd("v0.6.2", &fine[..cut]);
        assert_eq!(
            ((fate, check, at), &log[..]),
            (torn, &["gossip_store: truncated file?".into()][..])
        );
    }
    // A part of a header is left where it is.
    assert_eq!(fate("v0.6.2", &fine[..453 + 7]), (Fate::Accepted, None));
    // What is minded first condemns it: the next record is not looked at.
    let mut wrong = fine;
    (wrong[300], wrong[500]) = (9, 9);
    let (fate, check, at, log) = gossipd("v0.6.2", &wrong);
    assert_eq!((fate, check, at), (Fate::Emptied, Some(Check::Checksum), Some(1)));
    let line = "gossip_store: Checksum verification failed (<hex>) truncating to 1";
    assert_eq!(log, [line]);
}

#[test]
fn whoever_sends_to_peers_dies_of_a_checksum_from_v0_7_1_to_v24_05() {
    let bad = [broken(record(0, &update(5, 0)))];
    for (release, version, line) in [
        ("v0.7.1", 7, "gossip_store: bad checksum offset 779: <hex>"),
        ("v0.10.1", 9, "gossip_store: bad checksum offset 779: <hex>"),
        ("v0.11.0", 9, "gossip_store: bad checksum at offset 767: <hex>"),
        ("v0.12.0", 10, "gossip_store: bad checksum at offset 767: <hex>"),
        ("v0.12.1", 10, "gossip_store: bad checksum at offset 767(was at <offset>): <hex>"),
        ("v22.11", 11, "gossip_store: bad checksum at offset 767(was at <offset>): <hex>"),
    ] {
        let found = verdict(release, &with(version, &bad)).connectd;
        let dies = (Reads::Dies, Some(Check::Checksum), Some(NEXT));
        assert_eq!((found.reads, found.check, found.at), dies, "{release}");
        assert_eq!(found.log, [line], "{release}");
        assert_eq!(found.values, crate::finding::Values::new());
    }
}

#[test]
fn what_is_sent_to_peers_leaves_out_what_is_dead() {
    // Behind it something that gossipd minds: it moves the file, which others have read by then.
    let dead = |version, flags| with(version, &[broken(record(flags, &update(5, 0))), torn()]);
    let part = |at: u64| (Reads::Part, Some(Check::Torn), Some(at));
    let found = |release, bytes: &[u8]| {
        let found = verdict(release, bytes).connectd;
        (found.reads, found.check, found.at)
    };
    assert_eq!(found("v0.10.1", &dead(9, DELETED)), part(NEXT + 150));
    assert_eq!(found("v23.05", &dead(12, DELETED)), part(NEXT + 150));
    // From v23.08 on what is dying is not sent either.
    let dies = (Reads::Dies, Some(Check::Checksum), Some(NEXT));
    assert_eq!(found("v23.05", &dead(12, 0x0800)), dies);
    assert_eq!(found("v23.08", &dead(12, 0x0800)), part(NEXT + 150));
    assert_eq!(found("v23.08", &dead(12, 0x4000)), dies);
    // Of a version that gossipd does not read, they read what there is.
    assert_eq!(found("v0.7.1", &store(9)), (Reads::All, None, None));
    let stray = [store(9), vec_of(5)].concat();
    assert_eq!(found("v0.7.1", &stray), (Reads::Part, Some(Check::Stray), Some(NEXT)));
}

/// v23.02 keeps what it pruned as zombies; v23.02.1 takes their records for any others
/// (`gossip_store_load` at both).
#[test]
fn the_announcement_of_a_node_that_has_only_zombies() {
    let zombie = |body: &[u8]| record(0x1000, body);
    let node = |id: u8, flags| {
        let head = [&[1, 1][..], &[7; 64], &[0, 0], &[0, 0, 0, 9], &[2], &[id; 32]].concat();
        record(flags, &[head, vec_of(37)].concat())
    };
    let channel = [announcement(6, [3, 4]), amount(), update(6, 0)];
    let zombies = with(12, &channel.each_ref().map(|body| zombie(body)));
    let bad = "gossip_store: Bad node_announcement (<hex>). Moving to gossip_store.corrupt and \
               truncating";
    let announced = [zombies.clone(), node(3, 0)].concat();
    let at = zombies.len() as u64;
    assert_eq!(gossipd("v23.02", &announced), moved(Check::Node, at, &[bad]));
    for release in ["v23.02.1", "v23.02.2", "v23.05"] {
        assert_eq!(fate(release, &announced), (Fate::Accepted, None), "{release}");
    }
    // Its candidates wrote zombies of this kind as well. v23.02 passes them over.
    let dead = [zombies, node(3, 0x1000), node(9, 0x1000)].concat();
    let line = "gossip_store: removing zombie node_announcement from v23.02 rcs";
    let found = gossipd("v23.02", &dead);
    assert_eq!(found, (Fate::Accepted, None, None, Vec::from([line.into()])));
    let at = dead.len() as u64 - 154;
    assert_eq!(gossipd("v23.02.1", &dead), moved(Check::Node, at, &[bad]));
}

#[test]
fn plugins_read_one_version_and_then_all_of_their_kind() {
    let plugins = |release: &str, bytes: &[u8]| {
        let found = verdict(release, bytes).plugins.unwrap();
        (found.reads, found.check, found.at, found.log)
    };
    for release in ["v0.9.1", "v0.12.0"] {
        let found = plugins(release, &store(7 + 8));
        assert_eq!(found, (Reads::Refuses, Some(Check::Version), Some(0), Vec::new()), "{release}");
    }
    for (release, version) in [("v22.11", 15), ("v22.11", 8), ("v24.05", 15)] {
        let found = plugins(release, &store(version));
        assert_eq!(found.0, Reads::All, "{release} {version}");
    }
    // Version 0x2c is 12 of another major version.
    let mut bytes = store(12);
    bytes[0] = 0x2c;
    let found = plugins("v22.11", &bytes);
    assert_eq!(found, (Reads::Refuses, Some(Check::Version), Some(0), Vec::new()));
    let found = plugins("v25.05", &bytes);
    assert_eq!(
        (found.0, &found.3[..]),
        (Reads::Refuses, &["Unknown gossip_store version 44".into()][..])
    );
}
