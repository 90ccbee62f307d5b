//! The tree that every key-value store of LND is: buckets, keys, values, whatever lies beneath.
//!
//! Read in pages of entries, so that a walk over a large store can be stepped, shown and
//! cancelled, and so that memory follows the page and not the store.

use alloc::vec::Vec;

use super::tally::Tally;
use crate::finding::{Place, Span};
use crate::source::SourceError;

/// A bucket of one store; it means nothing to another store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BucketId(pub u64);

/// Where bytes stand in the file that they were read from.
///
/// A value in SQLite may lie on several pages: then it is where the first of them stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct At {
    /// The offset of the first byte.
    pub start: u64,
    /// The offset after the last byte.
    pub end: u64,
    /// They stand in the database's write-ahead log, and that is whose offsets these are.
    pub in_log: bool,
}

impl At {
    /// The bytes `start .. end` of the file itself.
    pub const fn new(start: u64, end: u64) -> At {
        At { start, end, in_log: false }
    }

    /// The bytes, of whichever file.
    pub const fn span(self) -> Span {
        Span::new(self.start, self.end)
    }

    /// As a finding's place.
    pub fn place(self) -> Place {
        let place = Place::span(self.start, self.end);
        if self.in_log { place.in_log() } else { place }
    }
}

impl From<Span> for At {
    fn from(Span { start, end }: Span) -> At {
        At::new(start, end)
    }
}

/// One key of a bucket and what it leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The key: never empty in a sound store.
    pub key: Vec<u8>,
    /// Where the key and what follows it stand.
    pub at: At,
    /// What it leads to.
    pub value: Value,
}

/// What a key leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Bytes.
    Bytes {
        /// The bytes, or as many of the first as were asked for ([`Room::value`]).
        bytes: Vec<u8>,
        /// How many there are.
        len: u64,
    },
    /// A bucket.
    Bucket {
        /// Which.
        id: BucketId,
        /// Its counter, from which it hands out indexes.
        sequence: u64,
    },
    /// Bytes that ought to be there and cannot be read. The store's own check says why.
    Unreadable,
}

/// How much a page of entries may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// So many entries at most; at least one is given if there is one.
    pub entries: usize,
    /// No further entry once the keys and values of this page have so many bytes.
    pub bytes: usize,
    /// So many bytes of each value at most.
    pub value: usize,
    /// Whether it matters where entries stand. If not, a store may leave [`Entry::at`] empty where
    /// it would have to read for it.
    pub places: bool,
    /// Which columns of a table are wanted: bit 0 for the first; those from the 64th on always are.
    /// Any other may be [`Skipped`](super::table::Cell::Skipped), unless it is NULL.
    pub columns: u64,
}

impl Room {
    /// These columns of a table, and no others.
    #[must_use]
    pub fn only(self, columns: impl IntoIterator<Item = usize>) -> Room {
        let bit = |column| u32::try_from(column).ok().and_then(|column| 1_u64.checked_shl(column));
        Room { columns: columns.into_iter().filter_map(bit).fold(0, |all, one| all | one), ..self }
    }
}

impl Default for Room {
    /// 1,024 entries or 1 MiB, values whole.
    fn default() -> Self {
        Room { entries: 1_024, bytes: 1 << 20, value: usize::MAX, places: true, columns: u64::MAX }
    }
}

/// A page of entries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entries {
    /// In the bytewise order of their keys, as far as the store is sound.
    pub entries: Vec<Entry>,
    /// Where to go on; `None` at the bucket's end.
    pub next: Option<Cursor>,
    /// Stretches of the bucket (pages, rows) that could not be read on the way.
    pub unreadable: u64,
}

/// A place in a bucket, of the store that gave it.
///
/// It names a place in the store's structure, not a key: so a walk through damaged buckets, where
/// keys may repeat or be out of order, meets each entry once and ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor(pub Vec<u64>);

/// A store that is a tree of buckets.
pub trait Buckets {
    /// The bucket that holds the top-level buckets.
    fn root(&self) -> BucketId;

    /// Entries of a bucket, from `from` on, or from its first.
    ///
    /// # Errors
    /// [`SourceError`] where the source cannot be read. Damage is no error: what cannot be read is
    /// counted in [`Entries::unreadable`].
    fn entries(
        &self,
        bucket: BucketId,
        from: Option<&Cursor>,
        room: Room,
    ) -> Result<Entries, SourceError>;

    /// The entry of that very key. Stores override it where they can seek.
    ///
    /// # Errors
    /// As [`Buckets::entries`].
    fn get(&self, bucket: BucketId, key: &[u8]) -> Result<Option<Entry>, SourceError> {
        let mut from = None;
        loop {
            let page = self.entries(bucket, from.as_ref(), Room::default())?;
            if let Some(entry) = page.entries.into_iter().find(|entry| entry.key == key) {
                return Ok(Some(entry));
            }
            match page.next {
                Some(next) => from = Some(next),
                None => return Ok(None),
            }
        }
    }

    /// How many keys a bucket has, where the store knows that without reading the bucket.
    fn tally(&self, _bucket: BucketId) -> Option<&Tally> {
        None
    }

    /// The bucket at this path from the root, and its sequence.
    ///
    /// # Errors
    /// As [`Buckets::entries`].
    fn find(&self, path: &[&[u8]]) -> Result<Option<(BucketId, u64)>, SourceError> {
        let mut found = (self.root(), 0);
        for key in path {
            match self.get(found.0, key)? {
                Some(Entry { value: Value::Bucket { id, sequence }, .. }) => found = (id, sequence),
                _ => return Ok(None),
            }
        }
        Ok(Some(found))
    }
}
