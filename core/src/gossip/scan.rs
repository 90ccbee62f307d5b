//! The push scanner: bytes in, records and wounds out, in the order of the file.
//!
//! It does no input or output and needs constant memory: chunks of any size are pushed, each
//! with a recycled [`Batch`] that receives references into the chunk. A record that straddles two
//! chunks is copied into the batch. Between chunks the scanner carries at most [`MAX_CARRY`]
//! bytes.
//!
//! At a record boundary the whole state is (version, offset), so a scan can be resumed there:
//! [`Scanner::resume`].
//!
//! Where a header's checksum does not hold, the scanner looks for the next record that proves
//! itself; `scan/resync.rs` says how. What lies between is a [`Wound`]; its name is the business
//! of [`super::damage`].

mod batch;
mod begin;
mod resync;

use alloc::vec::Vec;

use batch::Home;
pub use batch::{Batch, RecordRef, Wound, ZeroRun};
pub(crate) use resync::credible;

use super::crc::{self, Prefixes};
use super::format::{Layout, MAX_BODY, MAX_RECORD, RecordHeader, RecordType, Version, be16};
use resync::Search;

/// The most bytes that are kept from one push to the next: two of the longest records, which the
/// search for a lost boundary must be able to see, and the stretch it covers at a time. Together
/// these are three of the longest records: the wounded one, the one that it leads to, and where the
/// type of that proves nothing, its successor.
pub const MAX_CARRY: usize = LOOKAHEAD + STRETCH;

/// A candidate and, where its type proves nothing, its successor.
const LOOKAHEAD: usize = 2 * MAX_RECORD;

/// While searching, small pushes are gathered until there is this much to search.
const STRETCH: usize = MAX_RECORD;

/// Splits a store into records and wounds. See the [module](self).
#[derive(Debug)]
pub struct Scanner {
    version: Option<Version>,
    layout: Layout,
    carry: Vec<u8>,
    /// File offset of the next byte to look at; `carry` begins there.
    at: u64,
    search: Option<Search>,
    /// Records before this offset lie inside a span that a wounded header claims.
    claimed_until: u64,
    /// So far reached the bodies whose checksum did not hold. They may overlap: a record that begins
    /// before this offset gets its checksum from `prefixes`, or a row of long claims would be
    /// quadratic.
    doubted_until: u64,
    prefixes: Prefixes,
}

impl Default for Scanner {
    fn default() -> Self {
        Self::new()
    }
}

impl Scanner {
    /// A scanner for a store from its first byte.
    pub fn new() -> Scanner {
        Scanner {
            version: None,
            layout: Layout::Long,
            carry: Vec::new(),
            at: 0,
            search: None,
            claimed_until: 0,
            doubted_until: 0,
            prefixes: Prefixes::default(),
        }
    }

    /// A scanner for a store from the record boundary at file offset `at` on.
    pub fn resume(version: Version, layout: Layout, at: u64) -> Scanner {
        Scanner { version: Some(version), layout, at, ..Scanner::new() }
    }

    /// The version byte, once it has been seen.
    pub fn version(&self) -> Option<Version> {
        self.version
    }

    /// How records are framed: what the version byte says, unless the first record does not hold so
    /// and another layout fits the records better.
    pub fn layout(&self) -> Layout {
        self.layout
    }

    /// The file offset up to which everything has been handed out.
    pub fn offset(&self) -> u64 {
        self.at
    }

    /// Takes the next bytes of the file. `out` is emptied first.
    pub fn push(&mut self, chunk: &[u8], out: &mut Batch) {
        out.clear();
        self.take(chunk, false, out);
    }

    /// Says that there are no more bytes. `out` is emptied first.
    pub fn finish(&mut self, out: &mut Batch) {
        out.clear();
        self.take(&[], true, out);
    }

    fn take(&mut self, chunk: &[u8], last: bool, out: &mut Batch) {
        let mut rest = chunk;
        // How much of the chunk is in the carry.
        let mut taken = 0;
        let mut carry = core::mem::take(&mut self.carry);
        while !carry.is_empty() {
            let more = self.wanted(&carry).min(chunk.len() - taken);
            carry.extend_from_slice(chunk.get(taken..taken + more).unwrap_or_default());
            taken += more;
            let carried = carry.len() - taken;
            let ends_here = last && taken == chunk.len();
            let done = self.run(&carry, Home::Side, carried, ends_here, out);
            if done >= carried {
                rest = chunk.get(done - carried..).unwrap_or_default();
                carry.clear();
            } else {
                carry.drain(..done);
                if taken == chunk.len() {
                    self.carry = carry;
                    return;
                }
            }
        }
        let home = Home::Chunk { skipped: chunk.len() - rest.len() };
        let consumed = self.run(rest, home, usize::MAX, last, out);
        carry.extend_from_slice(rest.get(consumed..).unwrap_or_default());
        self.carry = carry;
    }

    /// How many bytes to add to the carry: what completes the record that it begins, or enough to
    /// decide anything.
    fn wanted(&self, carry: &[u8]) -> usize {
        if self.version.is_none() || self.search.is_some() {
            return MAX_CARRY;
        }
        let header_len = self.layout.header_len();
        let whole = RecordHeader::parse(self.layout, carry).map_or(header_len, |header| {
            header_len.saturating_add(header.len as usize).min(MAX_CARRY)
        });
        if whole > carry.len() { whole - carry.len() } else { MAX_CARRY }
    }

    /// Works through `buffer`, whose first byte is at file offset `self.at`, until a record would
    /// begin at or after `stop`, or more bytes are needed. Returns how far it came.
    fn run(
        &mut self,
        buffer: &[u8],
        home: Home,
        stop: usize,
        last: bool,
        out: &mut Batch,
    ) -> usize {
        self.prefixes.reset();
        let view = View { buffer, at: self.at, home, last };
        let mut pos = 0;
        if self.version.is_none() {
            match self.begin(&view) {
                Some(first) => pos = first,
                None => return 0,
            }
        }
        while pos < stop && !(last && pos == buffer.len() && self.search.is_none()) {
            let next = if self.search.is_some() {
                self.seek(&view, pos, stop, out)
            } else {
                self.read(&view, pos, out)
            };
            match next {
                Next::At(next) => pos = next,
                Next::NeedMore(from) => {
                    pos = from;
                    break;
                }
            }
        }
        self.at += pos as u64;
        pos
    }

    /// Reads the record at `pos`, a boundary. A checksum that does not hold opens a search.
    fn read(&mut self, view: &View<'_>, pos: usize, out: &mut Batch) -> Next {
        let layout = self.layout;
        let here = view.buffer.get(pos..).unwrap_or_default();
        let Some(header) = RecordHeader::parse(layout, here) else {
            return if view.last { self.lose(view, pos, None) } else { Next::NeedMore(pos) };
        };
        if header.is_zero() || header.len as usize > MAX_BODY {
            return self.lose(view, pos, Some(header));
        }
        let end = layout.header_len() + header.len as usize;
        let Some(body) = here.get(layout.header_len()..end) else {
            return if view.last {
                self.lose(view, pos, Some(header))
            } else {
                Next::NeedMore(pos)
            };
        };
        let offset = view.at + pos as u64;
        let checksum = if offset < self.doubted_until {
            let start = pos + layout.header_len();
            self.prefixes.checksum(layout, view.buffer, header.timestamp, start, pos + end)
        } else {
            Some(crc::checksum(layout, header.timestamp, body))
        };
        let holds = checksum == Some(header.crc);
        // An empty body proves nothing: stored checksum and timestamp need only be equal.
        if !holds || (body.is_empty() && header.flags.0 & !EVERY_FLAG != 0) {
            self.doubted_until = self.doubted_until.max(offset + end as u64);
            // A wound has the two bytes behind its header, though the body be shorter.
            if !view.last && here.len() < layout.header_len() + 2 {
                return Next::NeedMore(pos);
            }
            return self.lose(view, pos, Some(header));
        }
        let resynchronised = offset < self.claimed_until;
        let frame = (layout.header_len(), pos);
        out.record(view.home, header, offset, frame, body, resynchronised);
        Next::At(pos + end)
    }
}

/// The flags that any release ever gave a meaning.
const EVERY_FLAG: u16 = 0xf800;

/// Whether the record at `pos` proves itself: the right body for its type, and a checksum that holds.
fn proven(buffer: &[u8], layout: Layout, pos: usize) -> bool {
    let header = buffer.get(pos..).and_then(|here| RecordHeader::parse(layout, here));
    header.is_some_and(|header| {
        let start = pos + layout.header_len();
        let end = start.saturating_add(header.len as usize);
        let body = buffer.get(start..end).filter(|body| body.len() <= MAX_BODY);
        body.is_some_and(|body| {
            be16(body, 0).is_some_and(|record_type| RecordType(record_type).fits(body))
                && crc::checksum(layout, header.timestamp, body) == header.crc
        })
    })
}

/// A stretch of the file under the scanner's eyes.
#[derive(Clone, Copy)]
struct View<'a> {
    buffer: &'a [u8],
    /// File offset of the first byte.
    at: u64,
    home: Home,
    /// Whether the file ends where the buffer ends.
    last: bool,
}

/// Where to go on.
enum Next {
    /// At this position of the buffer.
    At(usize),
    /// With more bytes, from this position on.
    NeedMore(usize),
}

#[cfg(test)]
mod tests;
