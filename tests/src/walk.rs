//! The plainest reader of a store, for this crate's own tests: no resynchronisation, no opinion.

use crate::{crc, header_len};

/// A record as read.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_field_names, reason = "record_type is its name in Span too")]
pub(crate) struct Record<'a> {
    pub(crate) flags: u16,
    pub(crate) timestamp: u32,
    pub(crate) crc_ok: bool,
    pub(crate) record_type: u16,
    pub(crate) body: &'a [u8],
    /// Header and body.
    pub(crate) whole: &'a [u8],
}

/// All records, or, where the chain does not end with the file, those before it breaks.
pub(crate) fn walk(store: &[u8]) -> Result<Vec<Record<'_>>, Vec<Record<'_>>> {
    let mut records = Vec::new();
    let Some((&version, mut rest)) = store.split_first() else { return Ok(records) };
    while !rest.is_empty() {
        let Some(record) = read(version, rest) else { return Err(records) };
        rest = &rest[record.whole.len()..];
        records.push(record);
    }
    Ok(records)
}

fn read(version: u8, rest: &[u8]) -> Option<Record<'_>> {
    let header = rest.get(..header_len(version))?;
    let word = |at: usize| header[at..].first_chunk().map(|bytes| u32::from_be_bytes(*bytes));
    let (flags, timestamp) = if version <= 4 { (0, 0) } else { (word(0)? >> 16, word(8)?) };
    let len = usize::try_from(if version <= 4 { word(0)? } else { word(0)? & 0xffff }).ok()?;
    let whole = rest.get(..header.len() + len)?;
    let body = &whole[header.len()..];
    Some(Record {
        flags: u16::try_from(flags).ok()?,
        timestamp,
        crc_ok: word(4)? == crc(version, timestamp, body),
        record_type: body.first_chunk().map_or(0, |bytes| u16::from_be_bytes(*bytes)),
        body,
        whole,
    })
}
