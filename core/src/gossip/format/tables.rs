//! Every row of the format's tables, written out a second time from its description
//! (`docs/format/gossip_store.md`).

use super::*;
use alloc::vec;

#[test]
fn layouts_and_headers_of_every_version() {
    for version in 0..=255 {
        let known = Version(version);
        let (layout, header) = match version {
            2..=4 => (Layout::Short, 8),
            5 | 6 => (Layout::LongFirstCrc, 12),
            _ => (Layout::Long, 12),
        };
        assert_eq!((known.layout(), layout.header_len()), (layout, header), "{version}");
        assert_eq!(layout.has_flags(), header == 12);
        assert_eq!(known.is_known(), (2..17).contains(&version), "{version}");
        assert_eq!(known.has_completed(), version > 14, "{version}");
        assert_eq!(known.facts().is_some(), (1..17).contains(&version), "{version}");
        assert_eq!((known.major(), known.minor()), (version / 32, version % 32));
        assert_eq!(alloc::format!("{known}"), alloc::format!("{version}"));
    }
    assert_eq!(MAX_RECORD, 65_547);
    assert_eq!(Version(14).facts().map(|facts| facts.written_by), Some("v24.02 to v25.09"));
}

#[test]
fn a_header_is_written_as_it_was_read() {
    let long = [0x81, 0x02, 0x03, 0x04, 5, 6, 7, 8, 9, 10, 11, 12];
    let header = RecordHeader::parse(Layout::Long, &long).unwrap();
    let read = (header.flags.0, header.len, header.crc, header.timestamp);
    assert_eq!(read, (0x8102, 0x0304, 0x0506_0708, 0x090a_0b0c));
    assert_eq!(RecordHeader::parse(Layout::LongFirstCrc, &long), Some(header));
    let mut out = vec![];
    header.write(Layout::Long, header.flags, &mut out);
    assert_eq!(out, long);
    out.clear();
    header.write(Layout::LongFirstCrc, Flags(0x2000), &mut out);
    assert_eq!((&out[..2], &out[2..]), (&[0x20, 0][..], &long[2..]));

    let short = RecordHeader::parse(Layout::Short, &long).unwrap();
    let read = (short.flags.0, short.len, short.crc, short.timestamp);
    assert_eq!(read, (0, 0x8102_0304, 0x0506_0708, 0));
    out.clear();
    short.write(Layout::Short, Flags(0xffff), &mut out);
    assert_eq!(out, long[..8]);
    assert_eq!(RecordHeader::parse(Layout::Short, &long[..7]), None);
}

#[test]
fn a_header_of_zeros_is_one_of_nothing_but_zeros() {
    let zero = RecordHeader { flags: Flags(0), len: 0, crc: 0, timestamp: 0 };
    assert!(zero.is_zero());
    assert!(!RecordHeader { flags: Flags(1), ..zero }.is_zero());
    assert!(!RecordHeader { len: 1, ..zero }.is_zero());
    assert!(!RecordHeader { crc: 1, ..zero }.is_zero());
    assert!(!RecordHeader { timestamp: 1, ..zero }.is_zero());
}

#[test]
fn flags_of_every_version() {
    let names = |version| {
        let meanings = Flags(0xffff).meanings(Version(version));
        let known = meanings.filter(|(_, meaning)| *meaning != FlagMeaning::Unknown);
        known.map(|(bit, meaning)| (bit, meaning.name())).collect::<Vec<_>>()
    };
    let deleted = (0x8000, "DELETED");
    let push = (0x4000, "PUSH");
    let limit = (0x2000, "RATELIMIT");
    let completed = (0x2000, "COMPLETED");
    let zombie = (0x1000, "ZOMBIE");
    let dying = (0x0800, "DYING");
    for version in 2..=17 {
        let expected = match version {
            2..=4 => vec![],
            5 | 6 => vec![deleted],
            7..=9 => vec![deleted, push],
            10 | 11 => vec![deleted, push, limit],
            12 | 13 => vec![deleted, push, limit, zombie, dying],
            14 => vec![deleted, push, limit, dying],
            _ => vec![deleted, push, completed, dying],
        };
        assert_eq!(names(version), expected, "version {version}");
        let bits = expected.iter().fold(0, |bits, (bit, _)| bits | bit);
        assert_eq!(Flags::known(Version(version)).0, bits, "version {version}");
        assert_eq!(Flags(0xffff).unknown(Version(version)).0, !bits, "version {version}");
        assert_eq!(Flags(0).unknown(Version(version)).0, 0);
    }
    assert!(Flags(0xc000).contains(Flags::PUSH) && !Flags(0x4000).contains(Flags(0xc000)));
    assert!(Flags(0x8001).is_deleted() && !Flags(0x7fff).is_deleted());
    assert_eq!(Flags(0x8001).meanings(Version(16)).count(), 2);
}

/// Type, whether it is private, the shortest and the longest body.
const TYPES: &[(u16, bool, usize, usize)] = &[
    (256, false, 432, MAX_BODY),
    (257, false, 142, MAX_BODY),
    (258, false, 130, MAX_BODY),
    (3503, true, 51, MAX_BODY),
    (4096, false, 12, MAX_BODY),
    (4097, false, 4, MAX_BODY),
    (4098, false, 4, MAX_BODY),
    (4099, false, 10, 10),
    (4100, true, 4, MAX_BODY),
    (4101, false, 10, 10),
    (4102, true, 4, MAX_BODY),
    (4103, false, 10, 10),
    (4104, true, 12, MAX_BODY),
    (4105, false, 10, 42),
    (4106, false, 14, 14),
    (4107, false, 34, 34),
    (9999, false, 2, MAX_BODY),
];

#[test]
fn lengths_of_every_type() {
    for &(number, private, shortest, longest) in TYPES {
        let known = RecordType(number);
        assert_eq!(known.is_private(), private, "{number}");
        assert_eq!(known.len_bounds(), (shortest, longest), "{number}");
        assert_eq!(
            (known.is_known(), known.versions().is_some()),
            (number != 9999, number != 9999)
        );
        let fits = |len| known.fits(&vec![0; len]);
        assert!(fits(shortest) && !fits(shortest - 1), "{number}");
        let longer = match number {
            256 | 257 | 9999 => true,
            // Between the old form and the new one there is none.
            258 => !fits(131) && !fits(137) && fits(138) && fits(139),
            3503 => !fits(52) && fits(53) && !fits(54),
            4105 => !fits(11) && !fits(41) && fits(42) && !fits(43),
            _ => !fits(shortest + 1),
        };
        assert!(longer, "{number}");
    }
    assert_eq!(TYPES.len(), RecordType::ALL.len() + 1);
}

#[test]
fn inner_lengths_decide() {
    let body = |len: usize, at: usize, inner: u8| {
        let mut body = vec![0; len];
        body[at + 1] = inner;
        body
    };
    for (number, at, fixed) in [
        (3503, 51, 53),
        (4096, 2, 12),
        (4097, 2, 4),
        (4098, 2, 4),
        (4100, 2, 4),
        (4102, 2, 4),
        (4104, 10, 12),
    ] {
        let fits = |len| RecordType(number).fits(&body(len, at, 9));
        assert!(fits(fixed + 9) && !fits(fixed + 8) && !fits(fixed + 10), "{number}");
    }
    // These may grow.
    let fits = |len| RecordType(256).fits(&body(len, 258, 9));
    assert!(fits(441) && !fits(440) && fits(442));
    let fits = |len| RecordType(257).fits(&body(len, 66, 9));
    assert!(fits(151) && !fits(150) && fits(152));
    let with_addresses = |len: usize| {
        let mut body = body(len, 66, 9);
        body[140 + 9 + 1] = 7;
        RecordType(257).fits(&body)
    };
    assert!(with_addresses(158) && !with_addresses(157));
}

#[test]
fn the_largest_channel_id_is_one() {
    let largest = ShortChannelId::parse("16777215x16777215x65535").unwrap();
    assert_eq!(largest.0, u64::MAX);
    assert_eq!((largest.block(), largest.tx(), largest.output()), (0xff_ffff, 0xff_ffff, 0xffff));
    assert_eq!(ShortChannelId::parse("0x16777216x0"), None);
    assert_eq!(ShortChannelId::parse("0x0x65536"), None);
    assert_eq!(ShortChannelId::parse("1x2x3").unwrap().0, 1 << 40 | 2 << 16 | 3);
}
