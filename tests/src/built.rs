//! A finished store: its bytes, and where each record lies in them.

use crate::damage::Note;
use std::ops::Range;

/// Where a record lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first byte of the header, counted from the start of the file.
    pub offset: usize,
    /// Bytes in the header: 8 or 12.
    pub header: usize,
    /// Bytes in the whole record, header included.
    pub len: usize,
    /// The type of the body; 0 where the body is too short to have one.
    pub record_type: u16,
}

impl Span {
    /// The byte after the record.
    pub fn end(&self) -> usize {
        self.offset + self.len
    }

    /// The whole record.
    pub fn range(&self) -> Range<usize> {
        self.offset..self.end()
    }

    /// The body, type included.
    pub fn body(&self) -> Range<usize> {
        self.offset + self.header..self.end()
    }
}

/// A store, whole or damaged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Built {
    /// The file.
    pub bytes: Vec<u8>,
    /// The records written as records, in file order. After damage: those of them that it left
    /// whole, where they now are.
    pub records: Vec<Span>,
    /// What was done to the bytes since; empty for a store as built.
    pub notes: Vec<Note>,
}

impl Built {
    /// The bytes of a record.
    pub fn record(&self, span: Span) -> &[u8] {
        &self.bytes[span.range()]
    }

    /// The body of a record.
    pub fn body(&self, span: Span) -> &[u8] {
        &self.bytes[span.body()]
    }

    /// The flags of a record; 0 in versions 2 to 4.
    pub fn flags(&self, span: Span) -> u16 {
        match self.bytes[span.range()] {
            [high, low, ..] if span.header == 12 => u16::from_be_bytes([high, low]),
            _ => 0,
        }
    }

    /// The types of all records, in file order.
    pub fn types(&self) -> Vec<u16> {
        self.records.iter().map(|span| span.record_type).collect()
    }

    /// The records of one type, in file order.
    pub fn of_type(&self, record_type: u16) -> impl Iterator<Item = Span> {
        self.records.iter().copied().filter(move |span| span.record_type == record_type)
    }

    /// The last record.
    ///
    /// # Panics
    /// If there is none.
    pub fn last(&self) -> Span {
        *self.records.last().expect("a record")
    }

    /// The bytes, where a slice is wanted.
    pub fn as_slice(&self) -> &[u8] {
        &self.bytes
    }
}

impl AsRef<[u8]> for Built {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}
