//! What each wound is, told from its evidence.
//!
//! Three kinds of evidence meet here: the bytes of a span that no record could be made of
//! ([`wounds`]), single records that are whole but not right ([`records`]), and records that
//! contradict each other ([`relations`]). Each becomes a [`Finding`](crate::finding::Finding)
//! with its span, the records lost where they can be counted, how sure it is, and the bytes that
//! nothing protects.
//!
//! A CRC covers a record's body and (as its seed) the timestamp; nothing covers flags, length and
//! the version byte. `flips` says what follows from that.

pub mod flips;
pub mod records;
pub mod relations;
mod splice;
pub mod version;
pub mod wounds;

use alloc::vec::Vec;

use super::format::{Layout, RecordHeader, RecordType, be16};
use crate::source::{Source, SourceError, read_span};

/// Second looks at a store.
#[derive(Clone, Copy)]
pub struct Look<'a> {
    /// The file.
    pub source: &'a dyn Source,
    /// How its records are framed.
    pub layout: Layout,
    /// The version that its records are of (not always that of its first byte).
    pub version: super::format::Version,
}

impl Look<'_> {
    /// Up to `len` bytes from `at` on.
    pub(crate) fn bytes(&self, at: u64, len: u64) -> Result<Vec<u8>, SourceError> {
        read_span(self.source, at, usize::try_from(len).unwrap_or(usize::MAX))
    }

    /// The header at `at`, its type, and where its record ends.
    pub(crate) fn header(
        &self,
        at: u64,
    ) -> Result<Option<(RecordHeader, Option<RecordType>, u64)>, SourceError> {
        let header_len = self.layout.header_len();
        let head = self.bytes(at, header_len as u64 + 2)?;
        Ok(RecordHeader::parse(self.layout, &head).map(|header| {
            let end = at + header_len as u64 + u64::from(header.len);
            (header, be16(&head, header_len).map(RecordType), end)
        }))
    }

    /// Whether a record of exactly this span is there and its checksum holds.
    pub(crate) fn is_record(&self, start: u64, end: u64) -> Result<bool, SourceError> {
        let bytes = self.bytes(start, end - start)?;
        Ok(RecordHeader::parse(self.layout, &bytes).is_some_and(|header| {
            let body = bytes.get(self.layout.header_len()..).unwrap_or_default();
            body.len() == header.len as usize
                && super::crc::checksum(self.layout, header.timestamp, body) == header.crc
        }))
    }
}
