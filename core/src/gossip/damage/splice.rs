//! Whether a broken record goes on elsewhere: behind a copy of earlier bytes, or on another page.

use alloc::vec::Vec;

use super::Look;
use crate::gossip::crc::{Prefixes, checksum};
use crate::gossip::format::{MAX_BODY, RecordHeader};
use crate::gossip::scan::Wound;
use crate::source::SourceError;

/// How far back a copy is looked for.
const BACK: u64 = 256 * 1024;

/// The longest wound that is looked into for a copy.
const MAX_WOUND: usize = 1 << 20;

/// The page size of every machine that lightningd is built for, and of most file systems.
const PAGE: u64 = 4_096;

/// So many bytes of a record must stand on another page: the checksum fits any byte of 256 to a
/// single one, and more than a hundred pages are tried.
const LEAST: u64 = 4;

/// How many pages away a page is looked for.
const PAGES: u64 = 64;

/// Bytes that stand in the file a second time.
#[derive(Debug)]
pub(super) struct Duplicated {
    /// Where the second copy begins.
    pub(super) at: u64,
    /// How long it is.
    pub(super) len: u64,
    /// Where the first copy begins.
    pub(super) copy_of: u64,
    /// Without the copy, the broken record is whole.
    pub(super) proven: bool,
}

/// A record that goes on elsewhere.
#[derive(Debug)]
pub(super) struct Moved {
    /// Where it breaks off.
    pub(super) broken_at: u64,
    /// Where its remaining bytes are.
    pub(super) continues_at: u64,
}

/// Looks for the bytes behind the wound in what stands before it.
pub(super) fn duplicated(
    look: &Look<'_>,
    wound: &Wound,
) -> Result<Option<Duplicated>, SourceError> {
    // A copy of a page or a block of a disk is looked for, not of gigabytes.
    let Ok(in_wound @ 1..=MAX_WOUND) = usize::try_from(wound.len()) else { return Ok(None) };
    let from = wound.start.saturating_sub(BACK).max(1);
    let before = look.bytes(from, wound.end - from)?;
    let after = look.bytes(wound.end, 64)?;
    if after.len() < 22 {
        return Ok(None);
    }
    // The nearest earlier place that reads the same.
    let upto = before.len().saturating_sub(in_wound);
    let Some(found) =
        rfind(before.get(..upto + after.len().min(in_wound)).unwrap_or(&before), &after)
    else {
        return Ok(None);
    };
    let distance = (before.len() - found) as u64;
    // How far back both places read the same.
    let same = (0..found)
        .take(in_wound)
        .take_while(|back| before.get(found - 1 - back) == before.get(before.len() - 1 - back))
        .count() as u64;
    if same == 0 {
        return Ok(None);
    }
    let at = wound.end - same;
    let proven = is_whole_without(look, wound, at, distance)?;
    // Equal bytes alone could be a repeated message; a broken record made whole is proof.
    Ok(proven.then_some(Duplicated { at, len: distance, copy_of: at - distance, proven }))
}

/// Whether the record at the wound's start is whole once `len` bytes from `at` on are left out.
fn is_whole_without(
    look: &Look<'_>,
    wound: &Wound,
    at: u64,
    len: u64,
) -> Result<bool, SourceError> {
    let Some((header, total)) = wounded_record(look, wound) else { return Ok(false) };
    let Some(rest) = (wound.start + total).checked_sub(at).filter(|_| at > wound.start) else {
        return Ok(false);
    };
    holds(look, &header, wound.start..at, at + len, rest)
}

/// Looks for the rest of the broken record at the same place of another page.
pub(super) fn moved(look: &Look<'_>, wound: &Wound) -> Result<Option<Moved>, SourceError> {
    let Some((header, total)) = wounded_record(look, wound) else { return Ok(None) };
    let record_end = wound.start + total;
    let first = (wound.start + 1).next_multiple_of(PAGE);
    if first >= record_end {
        return Ok(None);
    }
    // All that may be asked about is read once: a record and 64 pages on either side of it.
    let from = wound.start.saturating_sub(PAGES * PAGE);
    let around = look.bytes(from, record_end + PAGES * PAGE - from)?;
    let place = |at: u64| usize::try_from(at - from).unwrap_or(usize::MAX);
    let body = wound.start + look.layout.header_len() as u64;
    let mut prefixes = Prefixes::default();
    let breaks = (0..16).map(|page| first + page * PAGE);
    let breaks = breaks.take_while(|at| *at + LEAST <= record_end);
    for broken_at in breaks {
        for page in 1..=PAGES {
            let there = [
                Some(broken_at + page * PAGE),
                broken_at.checked_sub(page * PAGE).filter(|at| *at >= from.max(1)),
            ];
            for continues_at in there.into_iter().flatten() {
                // The page may end inside the header already.
                let head = place(body.min(broken_at))..place(broken_at);
                let skipped = body.saturating_sub(broken_at);
                let tail = continues_at + skipped..continues_at + (record_end - broken_at);
                let tail = place(tail.start)..place(tail.end);
                let checksum = prefixes.joined(look.layout, &around, header.timestamp, head, tail);
                if checksum == Some(header.crc) {
                    return Ok(Some(Moved { broken_at, continues_at }));
                }
            }
        }
    }
    Ok(None)
}

/// The header at the wound's start and the length of its record.
fn wounded_record(look: &Look<'_>, wound: &Wound) -> Option<(RecordHeader, u64)> {
    let header = wound.header.filter(|header| !header.is_zero())?;
    let sensible = (2..=MAX_BODY).contains(&(header.len as usize));
    sensible.then(|| (header, look.layout.header_len() as u64 + u64::from(header.len)))
}

/// Whether the bytes of `head` and the `rest` bytes from `tail` on together are the record.
fn holds(
    look: &Look<'_>,
    header: &RecordHeader,
    head: core::ops::Range<u64>,
    tail: u64,
    rest: u64,
) -> Result<bool, SourceError> {
    if tail.checked_add(rest).is_none_or(|end| end > look.source.len()) {
        return Ok(false);
    }
    let mut record: Vec<u8> = look.bytes(head.start, head.end - head.start)?;
    record.extend(look.bytes(tail, rest)?);
    let body = record.get(look.layout.header_len()..).unwrap_or_default();
    Ok(body.len() == header.len as usize
        && checksum(look.layout, header.timestamp, body) == header.crc)
}

/// The last place at which `needle` stands in `hay`.
fn rfind(hay: &[u8], needle: &[u8]) -> Option<usize> {
    hay.windows(needle.len()).rposition(|window| window == needle)
}
