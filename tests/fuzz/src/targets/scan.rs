//! The scanner: it finds the same in pushes of any size, and what a naive one finds.

use std::ops::Range;

use fulgurite_core::gossip::scan::{Batch, MAX_CARRY, RecordRef, Scanner, Wound};

use fulgurite_tests::crc;

use crate::reference;

/// All that a scan hands out.
#[derive(Debug, Default, PartialEq)]
struct Scan {
    /// Start, end, whether found inside a claimed span, and a sum of the body.
    records: Vec<(u64, u64, bool, u32)>,
    wounds: Vec<Wound>,
}

impl Scan {
    fn take(&mut self, batch: &Batch, chunk: &[u8]) {
        let record = |record: &RecordRef| {
            let body = batch.body(chunk, record);
            assert_eq!(body.len(), record.header.len as usize);
            (record.offset, record.end, record.resynchronised, crc(16, 0, body))
        };
        self.records.extend(batch.records.iter().map(record));
        self.wounds.extend(batch.wounds.iter().cloned());
    }
}

/// Pushes pieces of these lengths, again and again.
fn scan(data: &[u8], lengths: &[usize]) -> Scan {
    let (mut scanner, mut batch, mut found) = (Scanner::new(), Batch::new(), Scan::default());
    let (mut rest, mut lengths) = (data, lengths.iter().cycle());
    while !rest.is_empty() {
        let len = lengths.next().map_or(rest.len(), |len| (*len).clamp(1, rest.len()));
        let (chunk, after) = rest.split_at(len);
        scanner.push(chunk, &mut batch);
        found.take(&batch, chunk);
        rest = after;
        let pushed = data.len() - rest.len();
        assert!(pushed as u64 - scanner.offset() <= MAX_CARRY as u64, "carries too much");
    }
    scanner.finish(&mut batch);
    found.take(&batch, &[]);
    found
}

pub(crate) fn scan_chunks(data: &[u8]) {
    let whole = scan(data, &[data.len()]);
    // Records and wounds are the file, in order and without a gap.
    let mut spans: Vec<Range<u64>> = Vec::new();
    spans.extend(whole.records.iter().map(|(start, end, ..)| *start..*end));
    spans.extend(whole.wounds.iter().map(|wound| wound.start..wound.end));
    spans.sort_by_key(|span| span.start);
    let mut at = data.len().min(1) as u64;
    for span in spans {
        assert!(span.start == at && span.end > at, "a gap at {at}: {span:?}");
        at = span.end;
    }
    assert_eq!(at, data.len() as u64);
    // Lengths that the input itself chooses, besides some of ours.
    let own: Vec<usize> = data.iter().rev().take(7).map(|byte| usize::from(*byte) + 1).collect();
    for lengths in [&[1, 11, 12, 13, 4_096][..], &[65_536], &[100_000, 3], &own] {
        assert_eq!(scan(data, lengths), whole, "in pieces of {lengths:?}");
    }
}

pub(crate) fn scan_reference(data: &[u8]) {
    let found = scan(data, &[data.len()]);
    let naive = reference::scan(data);
    let records: Vec<_> = found.records.iter().map(|(start, end, ..)| (*start, *end)).collect();
    assert_eq!(records, naive.records);
    let wounds = found.wounds.iter();
    let wounds: Vec<_> = wounds.map(|wound| (wound.start, wound.end, wound.framed)).collect();
    assert_eq!(wounds, naive.wounds);
}
