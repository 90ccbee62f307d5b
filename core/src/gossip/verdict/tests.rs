//! Behaviour by behaviour, on stores of a few records; and that chunks do not matter, that no bytes
//! make it panic, and that what is derived is what the loaders say.

#![allow(clippy::cast_possible_truncation)] // numbers of a few bits

use alloc::string::String;
use alloc::vec::Vec;

pub(super) mod messages;
mod old;
mod plugins;
mod senders;

use super::*;
use crate::gossip::check::{Options, check};
use crate::gossip::crc::crc32c;
use crate::gossip::network::Limits;
use crate::job::Job as _;
use messages::announcement;

/// A record of the long layout.
fn record(flags: u16, body: &[u8]) -> Vec<u8> {
    let mut out = Vec::from(flags.to_be_bytes());
    out.extend((body.len() as u16).to_be_bytes());
    out.extend(crc32c(0, body).to_be_bytes());
    out.extend([0; 4]);
    out.extend(body);
    out
}

fn update(scid: u64, direction: u8) -> Vec<u8> {
    let mut body = Vec::from([1, 2]);
    body.extend([7; 64]);
    body.extend([0; 32]);
    body.extend(scid.to_be_bytes());
    body.extend([0, 0, 0, 9, 1, direction]);
    body.extend([0; 26]);
    body
}

fn amount() -> Vec<u8> {
    Vec::from([0x10, 5, 0, 0, 0, 0, 0, 0, 0x10, 0])
}

/// One channel with both updates, in that version.
fn store(version: u8) -> Vec<u8> {
    let flags = if version >= 15 { 0x2000 } else { 0 };
    let mut out = Vec::from([version]);
    if version == 16 {
        let mut uuid = Vec::from([0x10, 0x0b]);
        uuid.extend([3; 32]);
        out.extend(record(flags, &uuid));
    }
    for body in [announcement(5, [1, 2]), amount(), update(5, 0), update(5, 1)] {
        out.extend(record(flags, &body));
    }
    out
}

fn verdict(release: &str, bytes: &[u8]) -> ReleaseVerdict {
    let release = Release::find(release).unwrap();
    let wanted = Choice::Some([release].into()).wanted(bytes.first().copied());
    let source = bytes.to_vec();
    VerdictJob::new(&source, wanted, Limits::default(), 3).run().unwrap().remove(0)
}

fn fate(release: &str, bytes: &[u8]) -> (Fate, Option<Check>) {
    let gossipd = verdict(release, bytes).gossipd;
    (gossipd.fate, gossipd.check)
}

#[test]
fn every_line_accepts_what_it_writes() {
    for release in RELEASES.iter().filter(|release| release.writes >= 7) {
        let found = verdict(release.name, &store(release.writes));
        assert_eq!(found.gossipd.fate, Fate::Accepted, "{}", release.name);
        assert!(found.accepted, "{}: {found:?}", release.name);
        assert_eq!(found.gossipd.values.number("channels"), Some(1), "{}", release.name);
        assert_eq!(found.gossipd.values.number("updates"), Some(2), "{}", release.name);
    }
}

#[test]
#[cfg_attr(miri, ignore = "a large input")]
fn upgrades_are_those_of_the_table() {
    for release in RELEASES.iter().filter(|release| release.writes >= 7) {
        for version in 7..release.writes {
            let (fate, check) = fate(release.name, &store(version));
            let expected = release.can_upgrade(version);
            assert_eq!(fate == Fate::Upgraded, expected, "{} {version}", release.name);
            assert_eq!(check == Some(Check::Version), !expected, "{} {version}", release.name);
        }
    }
}

#[test]
fn an_empty_file_is_minded_by_all_but_the_oldest() {
    for release in RELEASES {
        let expected = match release.rules.other_version {
            rules::OtherVersion::Truncated | rules::OtherVersion::TruncatedWithHole => {
                Fate::Emptied
            }
            rules::OtherVersion::ReplacedThenAborts => Fate::DiesEmptied,
            rules::OtherVersion::MovedAside => Fate::Moved,
        };
        assert_eq!(fate(release.name, &[]), (expected, Some(Check::Version)), "{}", release.name);
    }
}

#[test]
fn a_torn_tail_is_another_day_with_every_generation() {
    let torn = |version| {
        let mut bytes = store(version);
        bytes.truncate(bytes.len() - 3);
        bytes
    };
    let moved = (Fate::Moved, Some(Check::Torn));
    let kept = (Fate::Prefix, Some(Check::Torn));
    assert_eq!(fate("v26.06", &torn(16)), moved);
    assert_eq!(fate("v25.12", &torn(15)), kept);
    assert_eq!(fate("v24.02", &torn(14)), kept);
    assert_eq!(fate("v23.11", &torn(12)), moved);
    // An upgrade of a torn store throws it away, in two ways.
    assert_eq!(fate("v23.11", &torn(10)), (Fate::Emptied, Some(Check::Torn)));
    assert_eq!(fate("v26.06", &torn(15)), moved);
}

#[test]
fn a_wrong_checksum_is_moved_aside_and_once_not_truncated() {
    let broken = |version: u8| {
        let mut bytes = store(version);
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        bytes
    };
    for (release, version, expected) in [
        ("v26.06", 16, Fate::Moved),
        ("v25.02", 14, Fate::Moved),
        ("v24.11", 14, Fate::NotTruncated),
        ("v24.02", 14, Fate::NotTruncated),
        ("v23.11", 12, Fate::Moved),
        ("v0.12.0", 10, Fate::Moved),
        ("v0.7.1", 7, Fate::Moved),
    ] {
        let found = fate(release, &broken(version));
        assert_eq!(found, (expected, Some(Check::Checksum)), "{release}");
    }
    // v0.12 writes a new checksum over the wrong one when it upgrades, and never knows.
    assert_eq!(fate("v0.12.0", &broken(9)), (Fate::Upgraded, None));
}

#[test]
fn a_channel_announced_twice() {
    let twice = |version: u8| {
        let mut bytes = store(version);
        let flags = if version >= 15 { 0x2000 } else { 0 };
        bytes.extend(record(flags, &announcement(5, [1, 2])));
        bytes.extend(record(flags, &amount()));
        bytes
    };
    assert_eq!(fate("v26.06", &twice(16)), (Fate::Moved, Some(Check::Duplicate)));
    assert_eq!(fate("v24.11", &twice(14)), (Fate::Part, Some(Check::Duplicate)));
    assert_eq!(fate("v24.05", &twice(14)), (Fate::Accepted, None));
    assert_eq!(fate("v24.02", &twice(14)), (Fate::Dies, Some(Check::Duplicate)));
    assert_eq!(fate("v23.11", &twice(12)), (Fate::Moved, Some(Check::Announcement)));
}

#[test]
fn of_what_is_gone_there_are_no_figures() {
    let mut bytes = store(16);
    bytes.extend(record(0x2000, &announcement(5, [1, 2])));
    bytes.extend(record(0x2000, &amount()));
    let found = verdict("v26.06", &bytes).gossipd;
    assert_eq!((found.fate, found.values), (Fate::Moved, crate::finding::Values::new()));
    // Short of an update's maximum, at the end of the file.
    let mut bytes = store(16);
    bytes.extend(record(0x2000, &update(5, 0)[..130]));
    let found = verdict("v26.06", &bytes).gossipd;
    assert_eq!((found.fate, found.values), (Fate::Dies, crate::finding::Values::new()));
    let found = verdict("v26.06", &store(16)).gossipd;
    assert_eq!(found.values.number("size"), Some(store(16).len() as u64));
}

#[test]
fn a_channel_without_an_amount_kills_whoever_asks() {
    let mut bytes = store(16);
    bytes.extend(record(0x2000, &announcement(6, [1, 2])));
    bytes.extend(record(0x2000, &update(6, 0)));
    let found = verdict("v26.06", &bytes);
    assert_eq!(found.gossipd.fate, Fate::Accepted);
    assert_eq!(found.plugins.as_ref().unwrap().reads, Reads::DiesWhenAsked);
    assert_eq!(found.connectd.reads, Reads::All);
    assert!(!found.accepted);
}

#[test]
fn old_releases_judge_every_message() {
    let with = |version: u8, body: &[u8]| {
        let mut bytes = store(version);
        bytes.extend(record(0, body));
        bytes
    };
    for (release, version) in [("v0.7.1", 7), ("v0.9.2", 9), ("v0.12.0", 10), ("v23.11", 12)] {
        let orphan = fate(release, &with(version, &update(9, 0)));
        assert_eq!(orphan, (Fate::Moved, Some(Check::Update)), "{release}");
        let second = fate(release, &with(version, &update(5, 0)));
        assert_eq!(second, (Fate::Moved, Some(Check::Update)), "{release}");
        let dangling = fate(release, &with(version, &announcement(9, [1, 3])));
        assert_eq!(dangling, (Fate::Moved, Some(Check::Amount)), "{release}");
    }
    // v24.02 and later do not mind a second update.
    assert_eq!(fate("v24.11", &with(14, &update(5, 0))), (Fate::Accepted, None));
}

#[test]
fn the_marker_of_a_replaced_file() {
    let mut marker = Vec::from([0x10, 9]);
    let marked = |version: u8, body: &[u8]| {
        let mut bytes = store(version);
        bytes.extend(record(0x2000, body));
        bytes
    };
    // Where the marker itself stands in the store of version 15, which is not rewritten shorter.
    marker.extend((store(15).len() as u64).to_be_bytes());
    assert_eq!(fate("v25.12", &marked(15, &marker)), (Fate::Dies, Some(Check::Ended)));
    assert_eq!(fate("v25.05", &marked(14, &marker)), (Fate::Moved, Some(Check::Ended)));
    assert_eq!(fate("v24.11", &marked(14, &marker)), (Fate::NotTruncated, Some(Check::Type)));
    // Ten bytes are too few for v26.04.
    assert_eq!(fate("v26.06", &marked(16, &marker)), (Fate::Dies, Some(Check::Fields)));
    marker.extend([3; 32]);
    let found = verdict("v26.06", &marked(16, &marker));
    assert_eq!((found.gossipd.fate, found.gossipd.check), (Fate::Dies, Some(Check::Ended)));
    assert!(found.gossipd.log[0].starts_with("Reopened gossip_store, reduced to offset"));
}

#[test]
fn the_oldest_cut_the_store_to_its_version_byte() {
    let mut delete = Vec::from(4099u16.to_be_bytes());
    delete.extend(5u64.to_be_bytes());
    let mut bytes = Vec::from([3]);
    bytes.extend((delete.len() as u32).to_be_bytes());
    let crc = crate::gossip::crc::checksum(crate::gossip::format::Layout::Short, 0, &delete);
    bytes.extend(crc.to_be_bytes());
    bytes.extend(&delete);
    assert_eq!(fate("v0.6.2", &bytes), (Fate::Emptied, Some(Check::Deletion)));
    assert_eq!(fate("v0.7.0", &[3]), (Fate::Accepted, None));
    assert_eq!(fate("v0.7.0", &[3, 0, 0]), (Fate::Accepted, None));
}

#[test]
fn what_is_derived_is_what_the_loaders_say() {
    for version in [14, 15, 16] {
        let mut bytes = store(version);
        let flags = if version >= 15 { 0xa000 } else { 0x8000 };
        bytes.extend(record(flags, &update(5, 1)));
        let report = check(&bytes, Options::default()).unwrap();
        let wanted = Choice::Default.wanted(Some(version));
        let loaded = VerdictJob::new(&bytes, wanted.clone(), Limits::default(), 1).run().unwrap();
        assert_eq!(derived(&report, &wanted, false), Some(loaded.clone()), "{version}");
        assert_eq!(report.releases, loaded);
        assert!(loaded.iter().all(|release| release.accepted));
    }
}

#[test]
fn verdicts_may_be_pushed_instead_of_read() {
    use crate::gossip::check::Fold;
    use crate::gossip::scan::{Batch, Scanner};
    // A second announcement, so that nothing can be derived.
    let mut bytes = store(16);
    bytes.extend(record(0x2000, &announcement(5, [1, 2])));
    bytes.extend(record(0x2000, &amount()));
    let choice = |releases| Options { releases, ..Options::default() };
    let fold = |releases| {
        let mut fold = Fold::new(choice(releases));
        let (mut scanner, mut batch) = (Scanner::new(), Batch::new());
        scanner.push(&bytes, &mut batch);
        fold.take(&scanner, &bytes, &batch);
        scanner.finish(&mut batch);
        fold.take(&scanner, &[], &batch);
        let report = fold.conclude(&bytes).unwrap();
        (fold, report)
    };
    let (asked, report) = fold(Choice::Default);
    assert_eq!((report.releases.len(), asked.pending(&report).len()), (0, 1));
    let size = bytes.len() as u64;
    let expected = asked.verdicts(&report, &bytes).unwrap().run().unwrap();
    let version = crate::gossip::format::Version(16);
    for pushed in
        [asked.verdicts_by_pushing(&report, size), asked.verdicts_beforehand(version, size)]
    {
        let mut pushed = pushed.unwrap();
        while pushed.at().is_some() {
            pushed.push(&bytes);
        }
        assert_eq!(pushed.finish(), expected);
    }
    // Who wants none gets none.
    let (none, report) = fold(Choice::None);
    assert!(none.verdicts_by_pushing(&report, size).is_none());
    assert!(none.verdicts_beforehand(version, size).is_none());
}

#[test]
fn nothing_is_derived_for_releases_that_do_not_read_the_version() {
    let derives = |name: &str, version: u8| {
        let bytes = store(version);
        let report = check(&bytes, Options::default()).unwrap();
        let wanted = Choice::Some(Vec::from([Release::find(name).unwrap()]));
        derived(&report, &wanted.wanted(Some(version)), false).is_some()
    };
    for (name, version) in [("v24.11", 14), ("v25.12", 15), ("v26.06", 14), ("v26.06", 16)] {
        assert!(derives(name, version), "{name} {version}");
    }
    for (name, version) in [("v24.11", 15), ("v25.12", 16), ("v23.11", 14), ("v23.11", 12)] {
        assert!(!derives(name, version), "{name} {version}");
    }
}

/// A generator of numbers that are as good as random.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, below: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % below.max(1)
    }
}

fn all(bytes: &[u8]) -> Vec<ReleaseVerdict> {
    let wanted = Choice::All.wanted(bytes.first().copied());
    let source = bytes.to_vec();
    VerdictJob::new(&source, wanted, Limits::default(), 9).run().unwrap()
}

#[test]
#[cfg_attr(miri, ignore = "a large input")]
fn chunks_do_not_matter_and_nothing_panics() {
    let mut numbers = Numbers(11);
    for round in 0..120 {
        let mut bytes = store([7, 9, 10, 12, 14, 15, 16, 3][round % 8]);
        bytes.extend(store(16).split_off(1));
        for _ in 0..numbers.next(6) {
            let at = numbers.next(bytes.len());
            match numbers.next(4) {
                0 => bytes[at] = numbers.next(256) as u8,
                1 => bytes.truncate(at.max(1)),
                2 => bytes[at] ^= 1 << numbers.next(8),
                _ => bytes.insert(at, numbers.next(256) as u8),
            }
        }
        if round % 10 == 9 {
            bytes = (0..numbers.next(3_000)).map(|_| numbers.next(256) as u8).collect();
        }
        let whole = all(&bytes);
        assert_eq!(whole.len(), RELEASES.len());
        let wanted = Choice::All.wanted(bytes.first().copied());
        let mut pieces = Verdicts::new(bytes.len() as u64, wanted, Limits::default(), round as u64);
        while let Some(at) = pieces.at() {
            let rest = &bytes[at as usize..];
            let len = (1 + numbers.next(90)).min(rest.len());
            pieces.push(&rest[..len]);
        }
        assert_eq!(pieces.finish(), whole, "round {round}");
    }
}

#[test]
fn limits_hold_and_are_told() {
    let mut bytes = Vec::from([16]);
    for scid in 0..50 {
        bytes.extend(record(0x2000, &announcement(scid, [scid as u8, 200])));
        bytes.extend(record(0x2000, &amount()));
    }
    let limits = Limits { channels: 10, nodes: 100, findings: 10 };
    let wanted = Choice::Default.wanted(Some(16));
    let found = VerdictJob::new(&bytes, wanted, limits, 0).run().unwrap().remove(0);
    assert_eq!(found.gossipd.values.number("channels"), Some(10));
    assert!(found.gossipd.values.get("limited").is_some());
}

#[test]
fn a_length_that_no_record_has_is_walked_over() {
    // 0x1000 is a flag from version 12 on, and a part of the length before.
    let mut bytes = store(9);
    bytes.extend([0x10, 0, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0]);
    bytes.extend([1; 5_000]);
    assert_eq!(fate("v0.11.0", &bytes), (Fate::Moved, Some(Check::Torn)));
    let log: Vec<String> = verdict("v0.11.0", &bytes).gossipd.log;
    assert!(log[0].contains("reading msg len 268435466"), "{log:?}");
}
