//! Frames as their headers say, whatever the pieces, and what is left at the end.

use super::*;
use crate::gossip::format::Version;

/// What is told of a frame: offset, flags, length, stored checksum, right checksum, and the first
/// bytes.
type Seen = (u64, u16, u32, u32, u32, Vec<u8>);

const MASK: u32 = 0x1fff_ffff;

/// Frames and tail of these bytes behind a version byte, pushed in pieces of that length.
fn frames(layout: Layout, bytes: &[u8], piece: usize, enough: usize) -> (Vec<Seen>, Tail) {
    let mut framer = Framer::new(layout, MASK);
    let mut seen = Vec::new();
    for chunk in bytes.chunks(piece) {
        framer.push(chunk, |frame| {
            let first = frame.body[..frame.body.len().min(2)].to_vec();
            seen.push((frame.at, frame.flags.0, frame.len, frame.crc, frame.sum, first));
            seen.len() < enough
        });
        if seen.len() >= enough {
            break;
        }
    }
    let tail = framer.tail();
    (seen, tail)
}

/// A record with this checksum; its own is counted bit by bit elsewhere.
fn record(first: [u8; 4], crc: u32, body: &[u8]) -> Vec<u8> {
    [&first[..], &crc.to_be_bytes(), &[0, 0, 0, 9], body].concat()
}

fn body(kind: u16, len: usize) -> Vec<u8> {
    let mut body = Vec::from(kind.to_be_bytes());
    body.resize(len, 6);
    body
}

#[test]
#[cfg_attr(miri, ignore = "a large input")]
fn frames_do_not_depend_on_the_pieces() {
    let (small, giant, last) = (body(258, 140), body(256, 70_000), body(257, 2));
    // 70,000 is 0x11170: the flags' lowest bits are a part of the length, and 0xa000 is not.
    let bytes = [
        record([0xa0, 0, 0, 140], 5, &small),
        record([0xa0, 1, 0x11, 0x70], 6, &giant),
        record([0x20, 0, 0, 2], 7, &last),
        record([0x20, 0, 0, 0], 8, &[]),
    ]
    .concat();
    let sum = |body: &[u8]| crc::checksum(Layout::Long, 9, body);
    let expected = Vec::from([
        (1, 0xa000, 140, 5, sum(&small), Vec::from([1, 2])),
        (153, 0xa001, 70_000, 6, sum(&giant), Vec::from([1, 0])),
        (70_165, 0x2000, 2, 7, sum(&last), Vec::from([1, 1])),
        (70_179, 0x2000, 0, 8, sum(&[]), Vec::new()),
    ]);
    for piece in [1, 2, 11, 12, 13, 151, 152, 153, 165, 1_000, 65_536, 70_164, 100_000] {
        let found = frames(Layout::Long, &bytes, piece, 9);
        assert_eq!(found, (expected.clone(), Tail::Clean), "{piece}");
        // Whoever has enough is told no more.
        for enough in 1..4 {
            let (found, _) = frames(Layout::Long, &bytes, piece, enough);
            assert_eq!(found[..], expected[..enough], "{piece}");
        }
    }
}

#[test]
#[cfg_attr(miri, ignore = "a large input")]
fn how_a_file_ends() {
    let small = record([0, 0, 0, 140], 5, &body(258, 140));
    let giant = record([0, 1, 0x11, 0x70], 6, &body(256, 70_000));
    let bytes = [&small[..], &giant].concat();
    for piece in [1, 7, 70_000, 100_000] {
        let tail = |len: usize| frames(Layout::Long, &bytes[..len], piece, 9).1;
        assert_eq!(tail(0), Tail::Clean);
        assert_eq!(tail(1), Tail::Stray { at: 1 });
        assert_eq!(tail(11), Tail::Stray { at: 1 });
        assert_eq!(tail(12), Tail::Torn { at: 1, len: 140 });
        assert_eq!(tail(151), Tail::Torn { at: 1, len: 140 });
        assert_eq!(tail(152), Tail::Clean);
        assert_eq!(tail(163), Tail::Stray { at: 153 });
        for len in [164, 165, 166, 70_163] {
            assert_eq!(tail(len), Tail::Torn { at: 153, len: 70_000 }, "{len}");
        }
        assert_eq!(tail(70_164), Tail::Clean);
    }
}

#[test]
fn the_longest_body_is_kept_and_the_next_one_is_not() {
    let longest = record([0, 0, 0xff, 0xff], 5, &body(257, 65_535));
    let longer = record([0, 1, 0, 0], 5, &body(257, 65_536));
    let bytes = [longest, longer].concat();
    for piece in [1_000, 200_000] {
        let mut lens = Vec::new();
        let mut framer = Framer::new(Layout::Long, MASK);
        for chunk in bytes.chunks(piece) {
            framer.push(chunk, |frame| {
                lens.push((frame.len, frame.body.len()));
                true
            });
        }
        assert_eq!(lens, [(65_535, 65_535), (65_536, 2)]);
    }
}

#[test]
fn short_headers_have_neither_flags_nor_timestamps() {
    let body = body(4097, 140);
    let bytes = [&[0, 0, 0, 140, 0, 0, 0, 5][..], &body, &[0xe0, 0, 0, 1, 0, 0, 0, 6, 1]].concat();
    let (found, tail) = frames(Version(3).layout(), &bytes, 50, 9);
    let sum = crc::checksum(Layout::Short, 0, &body);
    assert_eq!(found, [(1, 0, 140, 5, sum, Vec::from([0x10, 1]))]);
    // All four bytes are the length.
    assert_eq!(tail, Tail::Torn { at: 149, len: 0xe000_0001 });
}
