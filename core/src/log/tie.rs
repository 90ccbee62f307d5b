//! From a line to the record: the offsets that lines name, looked up in a store.
//!
//! Releases mean different bytes of the same record: its header up to v23.11, what stands behind
//! the header in most lines from v24.02 on. Any byte of a record leads to it.

use alloc::string::String;
use alloc::vec::Vec;

use super::report::{LogReport, TiedRecord};
use crate::gossip::listing::Piece;

/// Offsets that wait for their records.
#[derive(Debug, Default)]
pub struct Ties {
    /// Offsets in their order, each with the record that has it.
    wanted: Vec<(u64, Option<TiedRecord>)>,
    /// Those before this one are behind.
    next: usize,
}

impl Ties {
    /// The offsets that a log names.
    pub fn new(log: &LogReport) -> Ties {
        let offsets = log.events.iter().filter_map(|event| event.values.number("store_offset"));
        let mut wanted: Vec<(u64, Option<TiedRecord>)> = offsets.map(|at| (at, None)).collect();
        crate::sorting::sort_by_key(&mut wanted, |(at, _)| *at);
        wanted.dedup_by_key(|(at, _)| *at);
        Ties { wanted, next: 0 }
    }

    /// Whether there is nothing to look up.
    pub fn is_empty(&self) -> bool {
        self.wanted.is_empty()
    }

    /// The next offset to look up; none once all are behind.
    pub fn wanted(&self) -> Option<u64> {
        self.wanted.get(self.next).map(|(at, _)| *at)
    }

    /// The next record or wound of the store, in the order of the file; true once nothing more is
    /// wanted.
    pub fn take(&mut self, piece: &Piece<'_>) -> bool {
        let (start, end) = piece.span();
        while let Some((at, record)) = self.wanted.get_mut(self.next) {
            if *at >= end {
                break;
            }
            if *at >= start {
                let (wound, record_type) = match piece {
                    Piece::Record(record, _) => (false, record.record_type),
                    Piece::Wound(_) => (true, None),
                };
                let record_type = record_type.map(|record_type| String::from(record_type.name()));
                *record = Some(TiedRecord { start, end, record_type, wound });
            }
            self.next += 1;
        }
        self.next >= self.wanted.len()
    }

    /// The record that has that byte.
    pub fn record(&self, at: u64) -> Option<&TiedRecord> {
        let index = self.wanted.binary_search_by_key(&at, |(at, _)| *at).ok()?;
        self.wanted.get(index)?.1.as_ref()
    }
}
