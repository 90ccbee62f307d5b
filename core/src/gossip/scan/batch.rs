//! What one push yields.

use alloc::vec::Vec;

use crate::gossip::format::{RecordHeader, RecordType, be16};

/// The records and wounds of one push. Recycle it: its memory is kept.
#[derive(Debug, Default)]
pub struct Batch {
    /// Records whose checksum holds, in the order of the file.
    pub records: Vec<RecordRef>,
    /// Spans that no record could be made of, in the order of the file.
    pub wounds: Vec<Wound>,
    /// Bodies that straddled two chunks.
    side: Vec<u8>,
}

impl Batch {
    /// An empty batch.
    pub fn new() -> Batch {
        Batch::default()
    }

    /// The body of a record of this batch; `chunk` is the chunk that was pushed for it. Empty
    /// where they do not belong together.
    pub fn body<'a>(&'a self, chunk: &'a [u8], record: &RecordRef) -> &'a [u8] {
        let bytes = if record.straddles { &self.side } else { chunk };
        let end = record.start.saturating_add(record.header.len as usize);
        bytes.get(record.start..end).unwrap_or_default()
    }

    pub(super) fn clear(&mut self) {
        self.records.clear();
        self.wounds.clear();
        self.side.clear();
    }

    pub(super) fn record(
        &mut self,
        home: Home,
        header: RecordHeader,
        offset: u64,
        (header_len, pos): (usize, usize),
        body: &[u8],
        resynchronised: bool,
    ) {
        let (start, straddles) = match home {
            Home::Chunk { skipped } => (skipped + pos + header_len, false),
            Home::Side => {
                self.side.extend_from_slice(body);
                (self.side.len() - body.len(), true)
            }
        };
        let end = offset + (header_len + body.len()) as u64;
        let record_type = be16(body, 0).map(RecordType);
        let record =
            RecordRef { offset, end, header, record_type, resynchronised, start, straddles };
        self.records.push(record);
    }
}

/// Whose bytes a record's body refers to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Home {
    /// The pushed chunk, of which the first `skipped` bytes are not in the buffer at hand.
    Chunk { skipped: usize },
    /// The batch's own copy.
    Side,
}

/// A record whose checksum holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordRef {
    /// File offset of its header.
    pub offset: u64,
    /// File offset after its body.
    pub end: u64,
    /// Its header.
    pub header: RecordHeader,
    /// The first two bytes of its body, if it has two.
    pub record_type: Option<RecordType>,
    /// It lies inside a span that a wounded header claims. A checksum proves nothing against a
    /// peer who chooses bytes: such a record may be part of a larger message.
    pub resynchronised: bool,
    start: usize,
    straddles: bool,
}

/// A span of the file of which no record could be made: from the end of the last good record to
/// the start of the next one that proves itself, or to the end of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wound {
    /// File offset of its first byte.
    pub start: u64,
    /// File offset after its last byte.
    pub end: u64,
    /// The header read at its start, if the file has that many bytes.
    pub header: Option<RecordHeader>,
    /// The two bytes after that header.
    pub record_type: Option<RecordType>,
    /// The header's own length led to the next proven record or to the end of the file, so that
    /// this is one record with a wound.
    pub framed: bool,
    /// The file ends here.
    pub at_end: bool,
    /// The longest run of zero bytes inside, if one of [`ZeroRun::MIN`] bytes was seen.
    pub zeros: Option<ZeroRun>,
}

impl Wound {
    /// Its length in bytes.
    pub fn len(&self) -> u64 {
        self.end - self.start
    }

    /// Whether it has no bytes (it never does; for completeness beside [`Wound::len`]).
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A run of zero bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ZeroRun {
    /// File offset of its first byte.
    pub start: u64,
    /// Its length in bytes.
    pub len: u64,
}

impl ZeroRun {
    /// Shorter runs are nothing to speak of.
    pub const MIN: u64 = 12;
}
