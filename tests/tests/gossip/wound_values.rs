//! What each kind of wound says of itself, value by value, where the damage was done by hand.

use fulgurite_core::finding::{Code, Confidence, Finding, Value, Values};
use fulgurite_tests::{Built, Direction, Store, T0, nodes};

use crate::shared;

fn store(version: u8) -> Built {
    Store::new(version)
        .announce("1x1x1", nodes(1, 2), 5)
        .update("1x1x1", Direction::One, T0)
        .announce("2x2x2", nodes(1, 2), 6)
        .update("2x2x2", Direction::Two, T0)
        .node(1, T0, "alias")
        .build()
}

/// The one finding of that code.
fn only(built: &Built, code: Code) -> Finding {
    let mut found = shared::report(&built.bytes).findings;
    found.retain(|finding| finding.code == code);
    assert_eq!(found.len(), 1, "{code:?}: {found:?}");
    found.remove(0)
}

fn number(values: &Values, names: &[&str]) -> Vec<Option<u64>> {
    names.iter().map(|name| values.number(name)).collect()
}

fn some(numbers: &[usize]) -> Vec<Option<u64>> {
    numbers.iter().map(|number| Some(*number as u64)).collect()
}

#[test]
fn every_bit_of_a_length() {
    for version in [4, 6, 16] {
        let store = store(version);
        let span = store.records[usize::from(version == 16) + 2];
        let len = span.len - span.header;
        // Where the length stands in the header, and its last byte.
        let last = 3;
        for bit in 0..16 {
            let at = span.offset + last - bit / 8;
            let flipped = store.clone().flip(at, u8::try_from(bit % 8).expect("a bit"));
            let finding = only(&flipped, Code::LengthFlip);
            let stored = len ^ (1 << bit);
            assert_eq!(
                number(&finding.values, &["byte", "bit", "stored_len", "true_len", "lost"]),
                some(&[at, bit % 8, stored, len, 1]),
                "version {version}, bit {bit}"
            );
            let place = finding.place.span;
            assert_eq!((place.start, place.end), (span.offset as u64, span.end() as u64));
            let Some(Value::Group(unprotected)) = finding.values.get("unprotected") else {
                panic!("{finding:?}")
            };
            assert_eq!(
                number(unprotected, &["start", "end"]),
                some(&[span.offset, span.offset + 4])
            );
        }
    }
}

#[test]
fn a_tail_that_is_torn() {
    for version in [4, 16] {
        let store = store(version);
        let last = store.last();
        let of = |at: usize| only(&store.clone().cut(at), Code::TornTail);
        for keep in [last.header + 2, last.len - 1] {
            let finding = of(last.offset + keep);
            assert_eq!(finding.values.text("part"), Some("body"));
            assert_eq!(
                number(&finding.values, &["have", "need", "lost"]),
                some(&[keep, last.len, 1])
            );
            assert_eq!(finding.place.record, Some(last.offset as u64));
            assert_eq!(finding.place.record_type.as_deref(), Some("node_announcement"));
        }
        for keep in [1, last.header - 1] {
            let finding = of(last.offset + keep);
            assert_eq!(finding.values.text("part"), Some("header"), "version {version}, {keep}");
            assert_eq!(number(&finding.values, &["have", "lost"]), some(&[keep, 1]));
            assert_eq!((finding.values.get("need"), finding.place.record), (None, None));
        }
    }
}

#[test]
fn bytes_behind_the_end_that_begin_no_record() {
    let of = |version: u8, tail: &[u8]| {
        let store = store(version);
        let built = store.clone().append(tail);
        let report = shared::report(&built.bytes);
        let found = report
            .findings
            .iter()
            .find(|finding| matches!(finding.code, Code::TornTail | Code::TrailingGarbage));
        let finding = found.unwrap_or_else(|| panic!("{:?}", report.findings));
        assert_eq!(finding.place.span.start, store.bytes.len() as u64);
        assert_eq!(finding.place.span.end, built.bytes.len() as u64);
        if finding.code == Code::TrailingGarbage {
            assert_eq!(finding.values.number("len"), Some(tail.len() as u64));
        }
        finding.code == Code::TornTail
    };
    // Flags that are known, and a length of ten or more.
    assert!(of(16, &[0x20, 0, 0, 10, 7]));
    assert!(!of(16, &[0x20, 0, 0, 9, 7]));
    assert!(of(16, &[0x20, 0, 1]));
    assert!(!of(16, &[0x20, 1, 0, 10]));
    assert!(!of(16, &[0x30, 0]));
    assert!(of(12, &[0x30, 0]));
    // Before version 5 the length has four bytes, of which the first two are 0.
    assert!(of(4, &[0, 0, 0, 10]));
    assert!(!of(4, &[0, 1, 0, 10]));
    assert!(!of(4, &[1, 0, 0, 10]));
}

#[test]
fn zeros_are_told_from_512_on() {
    let store = Store::new(16).announce("1x1x1", nodes(1, 2), 5);
    let mut body = vec![0xee; 3_000];
    body[..2].copy_from_slice(&[0x30, 0x39]);
    let store = store.raw_record(0x2000, 0, &body).raw_record(0x2000, 0, &body).amount(5).build();
    let span = store.records[3];
    // Over the end of a record: inside one whose length still leads to the next, zeros are not
    // looked for.
    let from = span.end() - 400;
    let of = |len: usize| {
        let built = store.clone().zero(from..from + len);
        let report = shared::report(&built.bytes);
        report.findings.into_iter().find(|finding| finding.code == Code::ZeroRun)
    };
    assert_eq!(of(511), None);
    let finding = of(512).expect("a run of zeros");
    assert_eq!(
        number(&finding.values, &["zeros_start", "zeros_len", "alignment"]),
        some(&[from, 512, 0])
    );
    assert_eq!(finding.values.get("on_boundary"), Some(&Value::Flag(false)));
    assert_eq!((finding.place.span.start, finding.place.record), (span.offset as u64, None));
    // A block of a disk: it lies in the zeros, and little of them lies beside it.
    let block = span.end() / 1_024 * 1_024;
    let built = store.clone().zero(block..block + 1_024);
    let finding = only(&built, Code::ZeroRun);
    assert_eq!(
        number(&finding.values, &["zeros_start", "zeros_len", "alignment"]),
        some(&[block, 1_024, 1_024])
    );
    // From the start of a record on.
    let built = store.clone().zero(span.offset..span.offset + 600);
    let finding = only(&built, Code::ZeroRun);
    assert_eq!(finding.values.get("on_boundary"), Some(&Value::Flag(true)));
}

/// A disk's first block has other bytes, and the one that stands where the version did is that of
/// stores with shorter headers, or of none: what stands behind it is a store nevertheless.
#[test]
fn a_first_block_that_holds_something_else() {
    let mut whole = Store::new(14);
    for block in 1..40 {
        let scid = format!("{block}x1x1");
        whole =
            whole.announce(scid.as_str(), nodes(1, 2), 5).update(scid.as_str(), Direction::One, T0);
    }
    let whole = whole.build();
    let behind = whole.records.iter().filter(|record| record.offset >= 4_096);
    let (first, left) = (behind.clone().next().expect("one").offset, behind.count());
    for byte in [2, 4, 5, 6, 0xa7] {
        let mut built = whole.clone();
        built.bytes[..4_096].fill(0xa7);
        built.bytes[0] = byte;
        let report = shared::report(&built.bytes);
        assert_eq!(report.gossip.expect("a store").records, left as u64, "{byte}");
        let finding = only(&built, Code::OverwrittenSpan);
        assert_eq!((finding.place.span.start, finding.place.span.end), (0, first as u64));
        assert_eq!(number(&finding.values, &["len", "alignment"]), some(&[first, 4_096]), "{byte}");
    }
}

#[test]
fn records_that_stand_there_twice() {
    let store = store(16);
    let block = |first: usize, last: usize| {
        store.bytes[store.records[first].offset..store.records[last].end()].to_vec()
    };
    let values = ["copy_of", "copied_at", "copied_len", "records", "lost"];
    // Announcement, amount and update once more at the end, with something between.
    let copy = block(1, 3);
    let end = store.bytes.len();
    let finding = only(&store.clone().append(&copy), Code::DuplicatedSpan);
    assert_eq!(
        number(&finding.values, &values),
        some(&[store.records[1].offset, end, copy.len(), 3, 0])
    );
    assert_eq!(finding.place.span.start, end as u64);
    assert_eq!(finding.place.span.end, (end + copy.len()) as u64);
    // What stands before the pair is found as well: the update of the channel before.
    let copy = block(3, 5);
    let finding = only(&store.clone().append(&copy), Code::DuplicatedSpan);
    assert_eq!(
        number(&finding.values, &values),
        some(&[store.records[3].offset, end, copy.len(), 3, 0])
    );
    // Two records are a channel announced twice, unless they stand right behind their original.
    let report = shared::report(&store.clone().append(&block(1, 2)).bytes);
    assert_eq!(report.count(Code::DuplicatedSpan), 0);
    assert_eq!(report.count(Code::DuplicateAnnouncement), 1);
    let behind = store.records[2].end();
    let copy = block(1, 2);
    let finding = only(&store.clone().insert(behind, &copy), Code::DuplicatedSpan);
    assert_eq!(
        number(&finding.values, &values),
        some(&[store.records[1].offset, behind, copy.len(), 2, 0])
    );
}

#[test]
fn another_store_begins_behind_its_version_byte() {
    let store = store(16);
    let end = store.bytes.len();
    let both = store.clone().append_store(&store);
    let finding = only(&both, Code::SecondStore);
    assert_eq!(finding.confidence, Confidence::Certain);
    assert_eq!((finding.place.span.start, finding.place.span.end), (end as u64, end as u64 + 1));
    assert_eq!(
        number(&finding.values, &["store_start", "store_end", "version"]),
        some(&[end, 2 * end, 16])
    );
    // Behind other bytes the uuid that follows speaks for it, and is no proof.
    let torn = store.clone().append(&[7; 5]).append_store(&store);
    let finding = only(&torn, Code::SecondStore);
    assert_eq!(finding.confidence, Confidence::Likely);
    assert_eq!(
        number(&finding.values, &["store_start", "store_end", "version"]),
        some(&[end + 5, 2 * end + 5, 16])
    );
    // A byte that is no version is no store.
    let mut other = store.clone();
    other.bytes[0] = 99;
    assert_eq!(shared::report(&store.append_store(&other).bytes).count(Code::SecondStore), 0);
}
