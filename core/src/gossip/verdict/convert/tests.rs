//! Record by record, against the rewriting of each generation at the tags that the table of
//! releases names: `upgrade_field`, and what is looked at beside it.

use alloc::string::String;

use super::*;
use crate::gossip::format::Version;
use crate::gossip::wire::{Message, decode};

const DELETED: u16 = 0x8000;
const COMPLETED: u16 = 0x2000;
const DYING: u16 = 0x0800;
const ZOMBIE: u16 = 0x1000;

/// A record at offset 500, with the checksum that it ought to have.
fn frame(flags: u16, body: &[u8]) -> Frame<'_> {
    let sum = crc::crc32c(77, body);
    let len = u32::try_from(body.len()).unwrap();
    Frame { at: 500, flags: Flags(flags), len, crc: sum, sum, timestamp: 77, body }
}

fn begin(release: &str, from: u8) -> Converter {
    Converter::new(Release::find(release).unwrap(), from)
}

/// Flags and body of what is written; `None` if nothing is.
fn written(converter: &mut Converter, flags: u16, body: &[u8]) -> Option<(u16, Vec<u8>)> {
    let copied = converter.take(&frame(flags, body)).unwrap()?;
    assert_eq!((copied.crc, copied.timestamp), (crc::crc32c(77, &copied.body), 77));
    let mut header = Vec::from(copied.flags.0.to_be_bytes());
    header.extend(u16::try_from(copied.body.len()).unwrap().to_be_bytes());
    header.extend(copied.crc.to_be_bytes());
    header.extend([0, 0, 0, 77]);
    assert_eq!(copied.header()[..], header[..]);
    Some((copied.flags.0, copied.body.to_vec()))
}

/// Check, offset and words of what ends the rewriting.
fn minded(converter: &mut Converter, flags: u16, body: &[u8]) -> (Check, u64, Vec<String>) {
    let trouble = converter.take(&frame(flags, body)).unwrap_err();
    assert!(!trouble.dies);
    (trouble.check, trouble.at, trouble.log)
}

fn said(check: Check, words: &str) -> (Check, u64, Vec<String>) {
    (check, 500, Vec::from([String::from(words)]))
}

/// A body of that type, and so many bytes of content.
fn body(kind: u16, content: usize) -> Vec<u8> {
    let mut body = Vec::from(kind.to_be_bytes());
    body.resize(2 + content, 5);
    body
}

/// A 3503 as version 7 has it.
fn local(features: &[u8]) -> Vec<u8> {
    let mut local = Vec::from(3503u16.to_be_bytes());
    local.extend(0x0102_0304u64.to_be_bytes());
    local.extend([6; 33]);
    local.extend(9_000u64.to_be_bytes());
    local.extend(features);
    local
}

/// The 4104 that v0.9.2 makes of it: the capacity, then an announcement with signatures of zeros
/// and both nodes, the first of which is not in the store.
fn private(features: &[u8]) -> Vec<u8> {
    let mut announcement = Vec::from(256u16.to_be_bytes());
    announcement.extend([0; 256]);
    announcement.extend(features);
    announcement.extend([0; 32]);
    announcement.extend(0x0102_0304u64.to_be_bytes());
    announcement.extend([0; 33]);
    announcement.extend([6; 33]);
    announcement.extend([2; 66]);
    let mut private = Vec::from(4104u16.to_be_bytes());
    private.extend(9_000u64.to_be_bytes());
    private.extend(u16::try_from(announcement.len()).unwrap().to_be_bytes());
    private.extend(announcement);
    private
}

#[test]
fn a_local_channel_gets_features_and_then_another_record() {
    // v0.9.0 appends no features, as two zero bytes.
    let found = written(&mut begin("v0.9.0", 7), 0, &local(&[]));
    assert_eq!(found, Some((0, local(&[0, 0]))));
    // So does v0.9.2, before it makes a private channel of it; in version 8 they are there.
    let found = written(&mut begin("v0.9.2", 7), 0, &local(&[]));
    assert_eq!(found, Some((0, private(&[0, 0]))));
    let found = written(&mut begin("v0.9.2", 8), 0, &local(&[0, 2, 0xaa, 0xbb]));
    assert_eq!(found, Some((0, private(&[0, 2, 0xaa, 0xbb]))));
    // Bytes behind them are left behind: its reader ends in `return cursor != NULL`.
    let found = written(&mut begin("v0.9.2", 8), 0, &local(&[0, 2, 0xaa, 0xbb, 9]));
    assert_eq!(found, Some((0, private(&[0, 2, 0xaa, 0xbb]))));
    // What is parsed there is what reads it later.
    let made = private(&[0, 2, 0xaa, 0xbb]);
    let Ok(Message::PrivateChannel(outer)) = decode(Version(9), &made) else { panic!() };
    let inner = outer.inner().unwrap();
    assert_eq!((outer.satoshis, inner.scid.0, inner.node_id_2), (9_000, 0x0102_0304, &[6; 33]));
    // Version 9 has no such record: it is copied for whoever reads it.
    let found = written(&mut begin("v0.12.0", 9), 0, &local(&[]));
    assert_eq!(found, Some((0, local(&[]))));
    // Nor is it touched where nothing is upgraded.
    let found = written(&mut begin("v0.8.0", 7), 0, &local(&[]));
    assert_eq!(found, Some((0, local(&[]))));
}

#[test]
fn a_local_channel_that_does_not_parse_ends_an_upgrade_without_a_word() {
    let short = &local(&[])[..50];
    let silent = (Check::Private, 500, Vec::new());
    // Two bytes more do not make it whole.
    assert_eq!(minded(&mut begin("v0.9.2", 7), 0, short), silent);
    assert_eq!(minded(&mut begin("v0.9.2", 8), 0, short), silent);
    // Nor may version 8 lack its features.
    assert_eq!(minded(&mut begin("v0.9.2", 8), 0, &local(&[])), silent);
    // v0.9.0 does not parse it here.
    let found = written(&mut begin("v0.9.0", 7), 0, short);
    assert_eq!(found, Some((0, [short, &[0, 0]].concat())));
}

#[test]
fn an_upgrade_writes_over_the_flags_until_v22_11() {
    let update = body(258, 136);
    for (release, from, flags, expected) in [
        ("v0.9.0", 7, 0x4000, 0),
        ("v0.12.0", 9, 0x4000, 0),
        ("v22.11", 10, 0x4000 | DYING, 0),
        ("v23.02", 10, 0x4000 | DYING, 0x4000 | DYING),
        ("v24.02", 13, DYING, DYING),
        // From v25.09.1 what was finished before the bit was known is marked so.
        ("v25.05", 13, DYING, DYING),
        ("v25.09.1", 14, DYING, DYING | COMPLETED),
        ("v26.04", 13, DYING, DYING | COMPLETED),
        ("v26.04", 15, DYING, DYING),
        ("v26.04", 15, DYING | COMPLETED, DYING | COMPLETED),
    ] {
        let found = written(&mut begin(release, from), flags, &update);
        assert_eq!(found, Some((expected, update.clone())), "{release} {from}");
    }
    // A store of its own version is copied as it is.
    for (release, from) in [("v0.12.0", 10), ("v22.11", 11), ("v25.12", 15)] {
        let found = written(&mut begin(release, from), DYING, &update);
        assert_eq!(found, Some((DYING, update.clone())), "{release}");
    }
}

#[test]
fn which_upgrades_drop_updates_without_a_maximum() {
    let (old, new) = (body(258, 128), body(258, 136));
    for (release, from, dropped) in [
        ("v0.12.0", 9, 0),
        ("v22.11", 9, 0),
        ("v22.11", 10, 1),
        ("v23.08", 10, 1),
        ("v23.08", 11, 0),
        ("v24.02", 9, 1),
        ("v24.02", 10, 1),
        ("v24.02", 11, 0),
        ("v26.04", 10, 1),
    ] {
        let mut converter = begin(release, from);
        assert_eq!(written(&mut converter, 0, &old).is_none(), dropped == 1, "{release} {from}");
        // Of 130 bytes, no more and no less, and of no other type.
        for kept in [&new, &body(258, 127), &body(258, 129), &body(257, 128)] {
            assert!(written(&mut converter, 0, kept).is_some(), "{release} {from}");
        }
        let expected = Dropped { old_updates: dropped, ..Dropped::default() };
        assert_eq!(converter.dropped, expected, "{release} {from}");
        assert_eq!(converter.dropped.is_nothing(), dropped == 0);
    }
}

#[test]
fn from_v24_02_an_upgrade_leaves_out_what_is_private_and_what_is_a_zombie() {
    let (update, private) = (body(4102, 140), private(&[0, 0]));
    let mut converter = begin("v25.02", 12);
    assert_eq!(written(&mut converter, 0, &update), None);
    assert_eq!(written(&mut converter, 0, &private), None);
    assert_eq!(written(&mut converter, ZOMBIE, &private), None);
    assert_eq!(written(&mut converter, ZOMBIE, &body(258, 136)), None);
    let expected = Dropped { private: 3, zombies: 1, ..Dropped::default() };
    assert_eq!(converter.dropped, expected);
    let figures = converter.dropped.figures(Values::new());
    assert_eq!((figures.number("private"), figures.number("zombies")), (Some(3), Some(1)));
    for absent in ["deleted", "tombstones", "old_updates"] {
        assert_eq!(figures.get(absent), None, "{absent}");
    }
    // Version 13 has no private records, and the last zombies; 14 has none.
    let mut converter = begin("v25.02", 13);
    assert!(written(&mut converter, 0, &update).is_some());
    assert_eq!(written(&mut converter, ZOMBIE, &body(258, 136)), None);
    let mut converter = begin("v25.12", 14);
    assert!(written(&mut converter, ZOMBIE, &body(258, 136)).is_some());
    // Before, both were carried over.
    let mut converter = begin("v23.08", 11);
    assert!(written(&mut converter, 0, &update).is_some());
    assert!(written(&mut converter, ZOMBIE, &body(258, 136)).is_some());
    assert!(converter.dropped.is_nothing());
}

#[test]
fn what_is_deleted_is_left_out_unread_and_tombstones_from_v0_9_2() {
    let mut converter = begin("v24.11", 14);
    let unfit = Frame { crc: 1, ..frame(DELETED, &[0x27, 0x0f]) };
    assert!(converter.take(&unfit).unwrap().is_none());
    let tombstone = body(4103, 8);
    assert_eq!(written(&mut converter, 0, &tombstone), None);
    assert_eq!(written(&mut converter, DELETED, &tombstone), None);
    let figures = converter.dropped.figures(Values::new());
    assert_eq!((figures.number("deleted"), figures.number("tombstones")), (Some(2), Some(1)));
    assert!(written(&mut begin("v0.9.1", 8), 0, &tombstone).is_some());
    assert_eq!(written(&mut begin("v0.9.2", 9), 0, &tombstone), None);
}

#[test]
fn a_uuid_is_not_copied_by_who_writes_one() {
    let uuid = body(4107, 32);
    let mut converter = begin("v26.04", 15);
    assert_eq!(written(&mut converter, COMPLETED, &uuid), None);
    // Nothing that was in the store is missing then.
    assert!(converter.dropped.is_nothing());
    assert!(written(&mut begin("v25.12", 15), COMPLETED, &uuid).is_some());
}

#[test]
fn from_v22_11_checksums_are_looked_at() {
    let update = body(258, 136);
    let wrong = Frame { crc: 0xab, sum: 0xcd, ..frame(0, &update) };
    let trouble = begin("v22.11", 11).take(&wrong).unwrap_err();
    let words = "checksum verification failed? 000000ab should be 000000cd";
    assert_eq!((trouble.check, trouble.at, trouble.log), said(Check::Checksum, words));
    // Before, an upgrade hid a wrong one, and without an upgrade it was carried over.
    let copied = begin("v0.12.0", 9).take(&wrong).unwrap().unwrap();
    assert_eq!(copied.crc, crc::crc32c(77, &update));
    let copied = begin("v0.12.0", 10).take(&wrong).unwrap().unwrap();
    assert_eq!(copied.crc, 0xab);
}

#[test]
fn v24_02_to_v24_11_know_their_types_and_want_their_amounts() {
    let (announcement, amount) = (body(256, 428), body(4101, 8));
    let without = said(Check::Amount, "channel_announcement without amount");
    let unknown = said(Check::Type, "Unknown message");
    for (release, minds) in
        [("v23.11", false), ("v24.02", true), ("v24.11", true), ("v25.02", false)]
    {
        let version = Release::find(release).unwrap().writes;
        let mut converter = begin(release, version);
        for fine in [&announcement, &amount, &body(257, 138), &body(258, 136), &body(4106, 12)] {
            assert!(written(&mut converter, 0, fine).is_some(), "{release}");
        }
        assert!(converter.finish().is_ok(), "{release}");
        for odd in [body(4102, 140), body(4105, 8), body(9_999, 3), Vec::from([1])] {
            if minds {
                assert_eq!(minded(&mut converter, 0, &odd), unknown, "{release}");
            } else {
                assert!(written(&mut converter, 0, &odd).is_some(), "{release}");
            }
        }
        assert!(written(&mut converter, 0, &announcement).is_some(), "{release}");
        assert_eq!(converter.finish().is_err(), minds, "{release}");
        // Other records between the two do not matter.
        assert!(written(&mut converter, 0, &body(258, 136)).is_some(), "{release}");
        if minds {
            assert_eq!(minded(&mut converter, 0, &announcement), without, "{release}");
            // At the end the last record is named, whatever it was.
            assert!(converter.take(&Frame { at: 900, ..frame(DELETED, &amount) }).is_ok());
            assert_eq!(converter.finish().unwrap_err().at, 900);
        } else {
            assert!(written(&mut converter, 0, &announcement).is_some(), "{release}");
        }
    }
}

#[test]
fn v24_02_to_v25_12_parse_dying_channels() {
    let bad = said(Check::Dying, "Bad gossip_store_chan_dying");
    for (release, minds) in
        [("v23.11", false), ("v24.02", true), ("v25.12", true), ("v26.04", false)]
    {
        let version = Release::find(release).unwrap().writes;
        let mut converter = begin(release, version);
        assert!(written(&mut converter, 0, &body(4106, 12)).is_some(), "{release}");
        if minds {
            assert_eq!(minded(&mut converter, 0, &body(4106, 11)), bad, "{release}");
        } else {
            assert!(written(&mut converter, 0, &body(4106, 11)).is_some(), "{release}");
        }
    }
}
