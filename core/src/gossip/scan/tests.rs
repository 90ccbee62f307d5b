use super::*;
use crate::gossip::format::Flags;
use alloc::vec;

/// A record with the checksum it ought to have.
fn record(layout: Layout, flags: u16, timestamp: u32, body: &[u8]) -> Vec<u8> {
    let crc = crc::checksum(layout, timestamp, body).to_be_bytes();
    let len = u16::try_from(body.len()).unwrap();
    match layout {
        Layout::Short => [&u32::from(len).to_be_bytes()[..], &crc, body].concat(),
        _ => [&flags.to_be_bytes()[..], &len.to_be_bytes(), &crc, &timestamp.to_be_bytes(), body]
            .concat(),
    }
}

/// An amount and an update by turns, which is all that framing needs.
fn bodies(count: u32) -> impl Iterator<Item = (u32, Vec<u8>)> {
    (0..count).map(|n| {
        if n % 2 == 0 {
            (0, [&[0x10, 0x05][..], &u64::from(n + 1).to_be_bytes()].concat())
        } else {
            let mut body = vec![n.to_le_bytes()[0] | 1; 138];
            body[..2].copy_from_slice(&[1, 2]);
            (1_770_000_000 + n, body)
        }
    })
}

fn store(version: u8, count: u32) -> Vec<u8> {
    let flags = if version >= 15 { 0x2000 } else { 0 };
    let layout = Version(version).layout();
    let mut bytes = vec![version];
    for (timestamp, body) in bodies(count) {
        let timestamp = if layout.has_flags() { timestamp } else { 0 };
        bytes.extend(record(layout, flags, timestamp, &body));
    }
    bytes
}

/// Everything a scan hands out: (offset, header, type, resynchronised, body) and wounds.
type Seen = (Vec<(u64, RecordHeader, bool, Vec<u8>)>, Vec<Wound>);

fn scan(bytes: &[u8], chunk_len: usize) -> Seen {
    let mut scanner = Scanner::new();
    let mut batch = Batch::new();
    let mut seen = (Vec::new(), Vec::new());
    let mut take = |batch: &Batch, chunk: &[u8]| {
        for record in &batch.records {
            let body = batch.body(chunk, record).to_vec();
            assert_eq!(body.len(), record.header.len as usize);
            seen.0.push((record.offset, record.header, record.resynchronised, body));
        }
        seen.1.extend_from_slice(&batch.wounds);
    };
    for chunk in bytes.chunks(chunk_len) {
        scanner.push(chunk, &mut batch);
        take(&batch, chunk);
        assert!(scanner.carry.len() <= MAX_CARRY);
    }
    scanner.finish(&mut batch);
    take(&batch, &[]);
    assert_eq!(scanner.offset(), bytes.len() as u64);
    seen
}

/// Records and wounds tile the file after the version byte.
fn assert_tiles(bytes: &[u8], seen: &Seen) {
    let header_len = {
        let mut scanner = Scanner::new();
        scanner.push(bytes, &mut Batch::new());
        scanner.finish(&mut Batch::new());
        scanner.layout().header_len() as u64
    };
    let records =
        seen.0.iter().map(|(at, header, ..)| (*at, at + header_len + u64::from(header.len)));
    let mut spans: Vec<_> =
        records.chain(seen.1.iter().map(|wound| (wound.start, wound.end))).collect();
    spans.sort_unstable();
    let mut at = 1.min(bytes.len() as u64);
    for (start, end) in spans {
        assert_eq!(start, at);
        at = end;
    }
    assert_eq!(at, bytes.len() as u64);
}

#[test]
fn clean_stores_of_every_version() {
    for version in 2..=16 {
        let bytes = store(version, 40);
        let seen = scan(&bytes, bytes.len());
        assert_eq!((seen.0.len(), seen.1.len()), (40, 0), "version {version}");
        assert_tiles(&bytes, &seen);
    }
}

#[test]
#[cfg_attr(miri, ignore = "a large input")]
fn the_same_whatever_the_chunks() {
    let clean = store(16, 400);
    let mut state = 7u64;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 33) as usize % below
    };
    for round in 0..30 {
        let mut bytes = clean.clone();
        for _ in 0..round % 5 {
            let at = next(bytes.len());
            let len = next(3_000).min(bytes.len() - at);
            match next(3) {
                0 => bytes[at] ^= 1 << next(8),
                1 => bytes[at..at + len].fill(0),
                _ => drop(bytes.drain(at..at + len)),
            }
        }
        let whole = scan(&bytes, bytes.len().max(1));
        assert_tiles(&bytes, &whole);
        for chunk_len in [1, 7, 150, 4096, 65_547, 300_000] {
            let again = scan(&bytes, chunk_len);
            assert_eq!(again.1, whole.1, "round {round}, chunks of {chunk_len}");
            assert!(again.0 == whole.0, "round {round}, chunks of {chunk_len}");
        }
    }
}

#[test]
#[cfg_attr(miri, ignore = "a large input")]
fn a_large_hole_across_many_chunks() {
    let mut bytes = store(14, 1_000);
    let len = bytes.len();
    let more = store(14, 1_000);
    bytes.extend(vec![0; 3_000_000]);
    bytes.extend_from_slice(&more[1..]);
    let whole = scan(&bytes, bytes.len());
    assert_eq!(whole.0.len(), 2_000);
    let [wound] = &whole.1[..] else { panic!("one wound: {:?}", whole.1) };
    assert_eq!((wound.start, wound.end), (len as u64, len as u64 + 3_000_000));
    // The next header's own first three bytes are zero, and belong to no hole.
    let zeros = wound.zeros.unwrap();
    assert_eq!((zeros.start, zeros.len), (len as u64, 3_000_003));
    for chunk_len in [10_000, 262_144] {
        assert_eq!(scan(&bytes, chunk_len), whole);
    }
}

#[test]
fn a_wounded_record_that_keeps_its_word_is_one_wound_unless_a_record_stands_inside() {
    // A node_announcement-sized record whose body holds a whole valid record.
    let inner = record(Layout::Long, 0x2000, 0, &[0x10, 0x05, 0, 0, 0, 0, 0, 0, 0, 9]);
    let mut body = vec![1, 2];
    body.extend(vec![0x55; 80]);
    body.extend(&inner);
    body.extend(vec![0x55; 138 - body.len()]);
    let mut bytes = store(16, 3);
    let start = bytes.len();
    bytes.extend(record(Layout::Long, 0x2000, 0, &body));
    bytes[start + 20] ^= 1;
    let end = bytes.len();
    let tail = store(16, 2);
    bytes.extend(&tail[1..]);
    // The inner record is found, and marked; with or without the header's length.
    let inside = start + 12 + 82;
    let mut without = bytes.clone();
    without[start + 3] ^= 0x10;
    without[start + 2] ^= 0x40;
    for bytes in [&bytes, &without] {
        let seen = scan(bytes, bytes.len());
        assert_eq!(seen.0.len(), 6);
        assert!(seen.0[3].2);
        let wounds: Vec<_> = seen.1.iter().map(|it| (it.start, it.end, it.framed)).collect();
        let [start, inside, behind, end] =
            [start, inside, inside + inner.len(), end].map(|it| it as u64);
        assert_eq!(wounds, [(start, inside, false), (behind, end, false)]);
        assert_eq!(scan(bytes, 100), seen);
    }

    // One that does not hold is content.
    bytes[inside + 15] ^= 1;
    let seen = scan(&bytes, bytes.len());
    assert_eq!((seen.0.len(), seen.1.len()), (5, 1));
    assert!(seen.1[0].framed);
    assert_eq!((seen.1[0].start, seen.1[0].end), (start as u64, end as u64));
    assert!(seen.0.iter().all(|record| !record.2));
    assert_eq!(scan(&bytes, 100), seen);
}

#[test]
fn a_version_byte_that_names_the_wrong_layout_is_seen_through() {
    for (version, byte) in [(7, 3), (12, 4), (14, 6), (10, 2), (3, 7), (16, 0), (16, 17)] {
        let mut bytes = store(version, 10);
        bytes[0] = byte;
        let seen = scan(&bytes, bytes.len());
        assert_eq!((seen.0.len(), seen.1.len()), (10, 0), "{version} as {byte}");
    }
}

/// The first sector is what was lost, and the byte that stands there names another layout.
#[test]
fn a_lost_first_sector_does_not_hide_how_records_are_framed() {
    for (version, byte) in
        [(7, 3), (14, 6), (16, 2), (16, 5), (3, 0), (3, 16), (4, 6), (6, 0), (5, 4)]
    {
        let mut bytes = store(version, 40);
        let mut left = scan(&bytes, bytes.len()).0;
        left.retain(|record| record.0 >= 512);
        bytes[1..512].fill(0xa7);
        bytes[0] = byte;
        let seen = scan(&bytes, bytes.len());
        assert!(left.len() > 30);
        assert!(seen.0 == left && seen.1.len() == 1, "{version} as {byte}");
        assert_tiles(&bytes, &seen);
        for chunk_len in [1, 500, 4_096] {
            assert!(scan(&bytes, chunk_len) == seen, "in chunks of {chunk_len}");
        }
    }
}

/// What stands in a message may have been chosen by a peer: here records of another layout, in one
/// whose own record is broken. The store around them has more bytes.
#[test]
fn records_inside_a_message_do_not_decide_the_layout() {
    let mut body = vec![1, 2];
    for (_, inner) in bodies(20).filter(|(timestamp, _)| *timestamp > 0) {
        body.extend(record(Layout::Short, 0, 0, &inner));
    }
    let hiding = |records: u32| {
        let mut bytes = vec![16];
        bytes.extend(record(Layout::Long, 0x2000, 7, &body));
        bytes[6] ^= 1;
        bytes.extend(&store(16, records)[1..]);
        bytes
    };
    let seen = scan(&hiding(40), 1_000);
    assert_eq!((seen.0.len(), seen.1.len()), (40, 1));
    // Nor where the byte names theirs.
    let mut bytes = hiding(40);
    bytes[0] = 4;
    let seen = scan(&bytes, 1_000);
    assert_eq!((seen.0.len(), seen.1.len()), (40, 1));
}

#[test]
#[cfg_attr(miri, ignore = "a large input")]
fn a_layout_is_told_from_the_start_of_the_file_alone() {
    // The last record that the window holds begins in it and ends with it; the other ends behind.
    for (before, found) in [(MAX_CARRY - 22, 1), (MAX_CARRY - 21, 0)] {
        let mut bytes = vec![0xa7; before];
        bytes[0] = 4;
        bytes.extend(record(Layout::Long, 0x2000, 0, &[0x10, 0x05, 0, 0, 0, 0, 0, 0, 0, 9]));
        for chunk_len in [bytes.len(), 4_096] {
            assert_eq!(scan(&bytes, chunk_len).0.len(), found, "{before}");
        }
        bytes.extend([0xa7; 100]);
        for chunk_len in [bytes.len(), 4_096] {
            assert_eq!(scan(&bytes, chunk_len).0.len(), found, "{before}");
        }
    }
}

#[test]
fn an_empty_file_and_a_lone_version_byte() {
    assert_eq!(scan(&[], 1), (vec![], vec![]));
    assert_eq!(scan(&[16], 1), (vec![], vec![]));
}

#[test]
fn flags_of_a_record_are_as_stored() {
    let mut bytes = store(16, 2);
    bytes[1] |= 0x80;
    let seen = scan(&bytes, 10);
    assert_eq!(seen.0[0].1.flags, Flags(0xa000));
}

/// A search that took each candidate's checksum, or its successor's, from its first byte on would
/// need thousands of times the file.
fn assert_cheap(bytes: &[u8]) -> Seen {
    crc::counted::take();
    let seen = scan(bytes, 1 << 18);
    let counted = crc::counted::take();
    // A range in constant time is less than 64 bytes from a register at either end.
    let most = 24 * bytes.len() as u64;
    assert!(counted <= most, "{counted} bytes went through a checksum for {}", bytes.len());
    seen
}

#[test]
#[cfg_attr(miri, ignore = "a large input")]
fn a_bomb_of_records_whose_successors_prove_nothing() {
    // Every twelve bytes a header with a checksum that holds over 6,000 bytes, whose type is no
    // known one, as the next header's flags are its type; and the same for the one behind its end.
    let (headers, body) = (2_000, 6_000);
    let mut bytes = vec![0x08; 1 + 12 * headers + body];
    bytes[0] = 16;
    for at in (0..headers).rev().map(|header| 1 + 12 * header) {
        bytes[at..at + 4].copy_from_slice(&[0x08, 0, 0x17, 0x70]);
        bytes[at + 8..at + 12].fill(7);
        let crc = crc::checksum(Layout::Long, 0x0707_0707, &bytes[at + 12..at + 12 + body]);
        bytes[at + 4..at + 8].copy_from_slice(&crc.to_be_bytes());
    }
    // The last of them must not lead to the end of the file, nor the first be read as a record.
    bytes.extend([9; 13]);
    bytes[5] ^= 1;
    let seen = assert_cheap(&bytes);
    assert_tiles(&bytes, &seen);
    assert_eq!((seen.0.len(), seen.1.len()), (0, 1));
}

#[test]
#[cfg_attr(miri, ignore = "a large input")]
fn a_bomb_of_wounds_that_claim_long_records() {
    // Broken headers and amounts by turns; each header claims a record whose end is the header of
    // another one, of the right shape, and as long.
    let mut unit = vec![0x20, 0, 0, 0, 1, 2, 3, 4, 0, 0, 0, 0, 1, 2];
    unit.extend(record(Layout::Long, 0x2000, 0, &[0x10, 0x05, 0, 0, 0, 0, 0, 0, 0, 9]));
    let len = u16::try_from(65_535 / unit.len() * unit.len() - 12).unwrap();
    unit[2..4].copy_from_slice(&len.to_be_bytes());
    let mut bytes = vec![16];
    for _ in 0..18_000 {
        bytes.extend_from_slice(&unit);
    }
    // None of them may lead to the end of the file.
    bytes.extend([0xff; 5]);
    let seen = assert_cheap(&bytes);
    assert_tiles(&bytes, &seen);
    assert_eq!((seen.0.len(), seen.1.len()), (18_000, 18_001));
    assert!(seen.1[..18_000].iter().all(|wound| !wound.framed && wound.len() == 14));
}

#[test]
#[cfg_attr(miri, ignore = "a large input")]
fn a_claim_over_three_of_the_longest_records_is_seen_in_any_chunks() {
    let long = |kind: u16| {
        let mut body = vec![1; MAX_BODY];
        body[..2].copy_from_slice(&kind.to_be_bytes());
        record(Layout::Long, 0x2000, 0, &body)
    };
    let mut bytes = [vec![16], long(258), long(5_000), long(258), long(5_001)].concat();
    bytes[6] ^= 1;
    for chunk_len in [bytes.len(), 1_000, 65_536] {
        let seen = scan(&bytes, chunk_len);
        assert_eq!((seen.0.len(), seen.1.len()), (3, 1));
        assert!(seen.1[0].framed, "in chunks of {chunk_len}");
    }
}

#[test]
fn a_header_without_a_body_is_the_same_wound_whatever_the_chunks() {
    let mut bytes = store(16, 4);
    let at = bytes.len();
    bytes.extend([0x20, 0, 0, 0, 1, 2, 3, 4, 0, 0, 0, 0]);
    bytes.extend(&store(16, 4)[1..]);
    let whole = scan(&bytes, bytes.len());
    assert_eq!(whole.1[0].start, at as u64);
    for chunk_len in [1, 7, at + 12, at + 13] {
        assert_eq!(scan(&bytes, chunk_len), whole, "in chunks of {chunk_len}");
    }
}
