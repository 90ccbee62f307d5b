//! Rows for tables: records, channels, nodes, and one record in all its fields.
//!
//! Every face lists the same rows and serialises them the same. A row of records is made from what
//! the scanner hands out and keeps nothing; channels and nodes are folded first, as offsets, and
//! what else their records say is read again when a row is shown.
//!
//! Records of channels that are not announced (3503, 4100, 4102, 4104) show type, offset and
//! length only, unless the face was told to reveal them: see [`Privacy`].

mod detail;
mod entry;
mod privacy;
mod row;

pub use detail::{Checksum, Detail, FieldRow, RAW_BYTES};
pub use entry::{ChannelEntry, Entries, Listed, Listing, NodeEntry, NodeSays, UpdateEntry};
pub use privacy::Privacy;
pub use row::{RecordRow, State, WoundRow};

use super::scan::{Batch, RecordRef, Wound};

/// A record or a wound: a store is one after the other.
#[derive(Clone, Copy, Debug)]
pub enum Piece<'a> {
    /// A record and its body.
    Record(&'a RecordRef, &'a [u8]),
    /// A span that no record could be made of.
    Wound(&'a Wound),
}

impl Piece<'_> {
    /// Where it begins and ends.
    pub fn span(&self) -> (u64, u64) {
        match self {
            Piece::Record(record, _) => (record.offset, record.end),
            Piece::Wound(wound) => (wound.start, wound.end),
        }
    }
}

/// The records and wounds of one push in the order of the file; `chunk` is what was pushed.
pub fn pieces<'a>(chunk: &'a [u8], batch: &'a Batch) -> impl Iterator<Item = Piece<'a>> {
    let mut records = batch.records.iter().peekable();
    let mut wounds = batch.wounds.iter().peekable();
    core::iter::from_fn(move || {
        let before = match (records.peek(), wounds.peek()) {
            (Some(record), Some(wound)) => wound.start < record.offset,
            (None, Some(_)) => true,
            _ => false,
        };
        if before {
            return wounds.next().map(Piece::Wound);
        }
        records.next().map(|record| Piece::Record(record, batch.body(chunk, record)))
    })
}
