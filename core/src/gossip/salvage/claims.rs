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
                let header = wound.header.filter(|_| credible(wound.header, wound.record_type));
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
