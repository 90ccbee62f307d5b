//! Which records may be part of a larger message.
//!
//! A wounded header claims a span. Records found inside it have checksums that hold, but a peer who
//! chooses the bytes of one long message can put such records into it. What disproves the claim: a
//! record that runs over its end, for then the claimed end was never a boundary.

use alloc::vec::Vec;

use crate::finding::Span;
use crate::gossip::format::Layout;
use crate::gossip::scan::{Batch, credible};

/// Collects suspect spans from what a scanner yields.
#[derive(Debug, Default)]
pub(super) struct Claims {
    open: Option<Span>,
    suspects: Vec<Span>,
}

impl Claims {
    /// Takes one batch, in the order of the file.
    pub(super) fn take(&mut self, layout: Layout, batch: &Batch) {
        let mut wounds = batch.wounds.iter().peekable();
        let mut records = batch.records.iter().peekable();
        loop {
            let wound_first = match (wounds.peek(), records.peek()) {
                (Some(wound), Some(record)) => wound.start < record.offset,
                (Some(_), None) => true,
                (None, Some(_)) => false,
                (None, None) => return,
            };
            if wound_first {
                let Some(wound) = wounds.next() else { return };
                self.close();
                let credible = credible(layout, wound.header, wound.record_type);
                let header = wound.header.filter(|_| credible);
                let claimed = header
                    .map(|header| wound.start + layout.header_len() as u64 + u64::from(header.len));
                self.open = claimed
                    .filter(|claimed| *claimed > wound.end && !wound.framed)
                    .map(|claimed| Span::new(wound.end, claimed));
            } else if let Some(record) = records.next() {
                self.record(record.offset, record.end);
            }
        }
    }

    fn record(&mut self, start: u64, end: u64) {
        match self.open {
            Some(open) if start >= open.end => self.close(),
            // It runs over: the claim is not true.
            Some(open) if end > open.end => self.open = None,
            _ => {}
        }
    }

    fn close(&mut self) {
        self.suspects.extend(self.open.take());
    }

    /// The suspect spans, ascending.
    pub(super) fn finish(mut self) -> Vec<Span> {
        self.close();
        self.suspects
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gossip::format::{Flags, RecordHeader, RecordType, Version};
    use crate::gossip::scan::{Scanner, Wound};

    fn wound(start: u64, end: u64, len: u32) -> Wound {
        let header = RecordHeader { flags: Flags(0x2000), len, crc: 1, timestamp: 2 };
        let record_type = Some(RecordType(258));
        let (framed, at_end, zeros) = (false, false, None);
        Wound { start, end, header: Some(header), record_type, framed, at_end, zeros }
    }

    /// The suspect spans of a file with these wounds.
    fn suspects(layout: Layout, wounds: &[Wound]) -> Vec<Span> {
        let mut batch = Batch::new();
        batch.wounds.extend_from_slice(wounds);
        let mut claims = Claims::default();
        claims.take(layout, &batch);
        claims.take(layout, &Batch::new());
        claims.finish()
    }

    #[test]
    fn what_a_wounded_header_claims() {
        let long = |wounds: &[Wound]| suspects(Layout::Long, wounds);
        // 12 bytes of a header, and 388 that it claims; 8 of an old one.
        assert_eq!(long(&[wound(100, 150, 388)]), [Span::new(150, 500)]);
        assert_eq!(suspects(Layout::Short, &[wound(100, 150, 388)]), [Span::new(150, 496)]);
        // To the end of the wound, or less far.
        assert_eq!(long(&[wound(100, 150, 38)]), []);
        assert_eq!(long(&[wound(100, 150, 39)]), [Span::new(150, 151)]);
        assert_eq!(long(&[wound(100, 150, 37)]), []);
        // One whose length leads to the next record is no claim on others, and neither is what can
        // be no header.
        assert_eq!(long(&[Wound { framed: true, ..wound(100, 150, 388) }]), []);
        assert_eq!(long(&[Wound { header: None, ..wound(100, 150, 388) }]), []);
        assert_eq!(long(&[Wound { record_type: None, ..wound(100, 150, 388) }]), []);
        let unknown = Wound { record_type: Some(RecordType(12_345)), ..wound(100, 150, 388) };
        assert_eq!(long(&[unknown]), []);
        // The next wound ends the search for what would disprove it.
        let both = [wound(100, 150, 388), wound(600, 700, 200)];
        assert_eq!(long(&both), [Span::new(150, 500), Span::new(700, 812)]);
    }

    #[test]
    fn wounds_and_records_are_taken_in_the_order_of_the_file() {
        // An update whose checksum holds.
        let mut record = Vec::from([0x20, 0, 0, 138]);
        let mut body = Vec::from([1, 2]);
        body.resize(138, 7);
        record.extend(crate::gossip::crc::crc32c(9, &body).to_be_bytes());
        record.extend([0, 0, 0, 9]);
        record.extend(&body);
        let batch = |bytes: &[u8]| {
            let mut scanner = Scanner::resume(Version(16), Layout::Long, 1);
            let (mut first, mut last) = (Batch::new(), Batch::new());
            scanner.push(bytes, &mut first);
            scanner.finish(&mut last);
            (first, last)
        };
        // The header of an update with another checksum claims 200 bytes; behind 30 of them stands
        // a record, and one more, which runs over their end.
        let mut wounded = Vec::from([0x20, 0, 0, 200, 1, 2, 3, 4, 0, 0, 0, 9, 1, 2]);
        wounded.resize(30, 9);
        let of = |records: usize| {
            let mut bytes = wounded.clone();
            for _ in 0..records {
                bytes.extend(&record);
            }
            let (first, last) = batch(&bytes);
            let mut claims = Claims::default();
            claims.take(Layout::Long, &first);
            claims.take(Layout::Long, &last);
            claims.finish()
        };
        // From 31 to 213: the first record ends at 181, the second at 331.
        assert_eq!(of(1), [Span::new(31, 213)]);
        assert_eq!(of(2), []);
    }

    #[test]
    fn a_record_that_runs_over_the_claimed_end_disproves_the_claim() {
        let open = Span::new(100, 500);
        let mut claims = Claims { open: Some(open), suspects: Vec::new() };
        claims.record(100, 250);
        claims.record(250, 501);
        assert_eq!(claims.finish(), []);
        let mut claims = Claims { open: Some(open), suspects: Vec::new() };
        claims.record(100, 250);
        claims.record(250, 500);
        claims.record(500, 640);
        assert_eq!(claims.finish(), [open]);
    }
}
