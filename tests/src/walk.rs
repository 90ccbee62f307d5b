//! The plainest readers of a store: [`walk`] along the chain, without an opinion, and [`intact`]
//! past what is broken.

use crate::{crc, header_len};

/// A record as read.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    /// 0 where the version has none.
    pub flags: u16,
    /// Of the header; 0 where the version has none.
    pub timestamp: u32,
    /// Whether the checksum holds.
    pub crc_ok: bool,
    /// 0 where the body is too short to have one.
    pub record_type: u16,
    /// The body, type included.
    pub body: &'a [u8],
    /// Header and body.
    pub whole: &'a [u8],
}

/// All records.
///
/// # Errors
/// Where the chain does not end with the file: the records before it breaks.
pub fn walk(store: &[u8]) -> Result<Vec<Record<'_>>, Vec<Record<'_>>> {
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

/// The types that a record found past a break must have: those that some release wrote.
const TYPES: [u16; 16] =
    [256, 257, 258, 3503, 4096, 4097, 4098, 4099, 4100, 4101, 4102, 4103, 4104, 4105, 4106, 4107];

/// Every record whose checksum holds, with its offset, as a reader would find them who knows the
/// version and tries every byte where the chain is broken. A broken record whose length leads to
/// the next one, or to the end, is stepped over, unless a whole one stands inside it. Where the chain
/// is broken, flags that no version has mean that the header is not whole: its first two bytes
/// belong to what was there before.
pub fn intact(version: u8, store: &[u8]) -> Vec<(usize, Record<'_>)> {
    let header = |pos: usize| read(version, store.get(pos..)?);
    let at = |pos: usize| header(pos).filter(|record| record.body.len() >= 2);
    // The type first: checksums at every byte would take long.
    let typed = |pos: usize| {
        let body = store.get(pos + header_len(version)..).and_then(<[u8]>::first_chunk);
        body.is_some_and(|body| TYPES.contains(&u16::from_be_bytes(*body)))
    };
    let flagged = |pos: usize| version <= 4 || store[pos + 1] | store[pos] & 7 == 0;
    let stands = |pos: usize| typed(pos) && at(pos).is_some_and(|record| record.crc_ok);
    let mut found = Vec::new();
    let (mut pos, mut chained) = (1, true);
    while pos < store.len() {
        let record = if chained || typed(pos) && flagged(pos) { at(pos) } else { None };
        match record {
            Some(record) if record.crc_ok => {
                found.push((pos, record));
                pos += record.whole.len();
                chained = true;
            }
            _ => {
                // A header that promises no body leads as well, but not one of zeros.
                let promised = header(pos).filter(|record| record.whole.iter().any(|it| *it != 0));
                let over = promised.filter(|_| chained).map(|record| pos + record.whole.len());
                let leads = over.filter(|end| *end == store.len() || stands(*end));
                let holds = |at: usize, upto: usize| {
                    stands(at)
                        && flagged(at)
                        && header(at).is_some_and(|it| at + it.whole.len() <= upto)
                };
                let leads = leads.filter(|upto| !(pos + 1..*upto).any(|at| holds(at, *upto)));
                pos = leads.unwrap_or(pos + 1);
                chained = leads.is_some();
            }
        }
    }
    found
}
