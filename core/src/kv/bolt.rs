//! bbolt files, read-only and whatever their state: `channel.db` and the other stores of LND.
//!
//! [`Bolt`] is the tree of buckets in such a file ([`Buckets`]);
//! [`CheckJob`] says what is wrong with its structure, where in the tree of buckets that is, and
//! what it means for the node. Neither trusts a byte: pages may be missing, torn, zero, or lead
//! back to themselves.
//!
//! A file is an array of pages. Pages 0 and 1 say, in turn with each transaction, where the tree
//! of the root bucket begins; branch pages lead to leaf pages; the elements of those are keys with
//! values, or buckets, each a tree of its own. A small bucket stands in its element, as an image
//! of a leaf page.
//!
//! ```
//! use fulgurite_core::kv::bolt::{Bolt, Opened};
//! use fulgurite_core::kv::bucket::Buckets;
//!
//! # fn read(bytes: &[u8]) -> Result<(), fulgurite_core::source::SourceError> {
//! let Opened::Bolt(bolt) = Bolt::open(bytes)? else { return Ok(()) };
//! if let Some((invoices, _)) = bolt.find(&[b"invoices", b"paymenthashes"])? {
//!     println!("{:?}", bolt.get(invoices, b"nik")?);
//! }
//! # Ok(())
//! # }
//! # read(&[])?;
//! # Ok::<(), fulgurite_core::source::SourceError>(())
//! ```

mod check;
pub mod format;
mod kind;
pub mod meta;
mod owners;
mod page;
mod walk;

use core::cell::RefCell;

pub use check::{
    CheckJob, Checked, Figures, HitCount, PageKind, PageMap, PageRun, TopBucket, check,
};
pub use kind::{BoltKind, Hits, hits, identify};
pub use page::Geometry;

use super::bucket::{BucketId, Buckets, Cursor, Entries, Entry, Room};
use super::tally::{Tallies, Tally};
use crate::source::{Source, SourceError};
use meta::{Found, Metas, find};
use owners::{Owners, Place};
use walk::{Parked, Sought, Walk};

/// The tree of buckets in a bbolt file.
///
/// A [`BucketId`] is the number of the bucket's root page; of an inline bucket the offset of its
/// element in the file, and the highest bit.
///
/// Where several places of a damaged file lead to the same page, it belongs to the first of them
/// that was read through this value; at the others it cannot be read.
#[derive(Debug)]
pub struct Bolt<S> {
    source: S,
    geometry: Geometry,
    metas: Metas,
    root: u64,
    owners: RefCell<Owners>,
    tallies: Tallies,
    parked: RefCell<Option<Parked>>,
}

/// What a source turned out to be.
#[derive(Debug)]
pub enum Opened<S> {
    /// A bbolt file.
    Bolt(Bolt<S>),
    /// A bbolt file, but neither meta page leads to its tree.
    NoMeta(Metas),
    /// A bbolt file of a big-endian machine, which is not read here.
    BigEndian,
    /// Not a bbolt file.
    NotBolt,
}

/// Whether a source has a meta page of bbolt's, be it only the second one.
///
/// # Errors
/// [`SourceError`] where the source cannot be read.
pub fn is_bolt<S: Source>(source: S) -> Result<bool, SourceError> {
    Ok(!matches!(find(&source)?, Found::NotBolt))
}

impl<S: Source> Bolt<S> {
    /// Opens a bbolt file. Damage of the meta pages is no error: see [`Bolt::metas`].
    ///
    /// # Errors
    /// [`SourceError`] where the source cannot be read.
    pub fn open(source: S) -> Result<Opened<S>, SourceError> {
        let metas = match find(&source)? {
            Found::Metas(metas) => *metas,
            Found::BigEndian => return Ok(Opened::BigEndian),
            Found::NotBolt => return Ok(Opened::NotBolt),
        };
        let Some(meta) = metas.meta() else { return Ok(Opened::NoMeta(metas)) };
        let geometry = geometry(&source, &metas, meta.hwm);
        let mut owners = Owners::default();
        owners.claim(meta.root, Place::Meta);
        let owners = RefCell::new(owners);
        let (tallies, parked) = (Tallies::default(), RefCell::default());
        let root = meta.root;
        Ok(Opened::Bolt(Bolt { source, geometry, metas, root, owners, tallies, parked }))
    }

    /// The meta pages: which of them holds, and what is wrong with the other.
    pub fn metas(&self) -> &Metas {
        &self.metas
    }

    /// The same, with what a check of this very file has counted ([`Checked::tallies`]).
    #[must_use]
    pub fn with_tallies(self, tallies: Tallies) -> Bolt<S> {
        Bolt { tallies, ..self }
    }

    /// Page size, pages in use, length.
    pub fn geometry(&self) -> Geometry {
        self.geometry
    }
}

fn geometry<S: Source + ?Sized>(source: &S, metas: &Metas, hwm: u64) -> Geometry {
    Geometry { page_size: metas.page_size, hwm, len: source.len() }
}

impl<S: Source> Buckets for Bolt<S> {
    fn root(&self) -> BucketId {
        BucketId(self.root)
    }

    fn entries(
        &self,
        bucket: BucketId,
        from: Option<&Cursor>,
        room: Room,
    ) -> Result<Entries, SourceError> {
        Walk::new(self, bucket, from)?.entries(room)
    }

    fn tally(&self, bucket: BucketId) -> Option<&Tally> {
        self.tallies.get(bucket)
    }

    /// Goes down the tree as bbolt does; where keys on the way are out of order, or cannot be
    /// read, reads all entries.
    fn get(&self, bucket: BucketId, key: &[u8]) -> Result<Option<Entry>, SourceError> {
        match self.seek(bucket, key)? {
            Sought::Entry(entry) => return Ok(Some(entry)),
            Sought::Nothing => return Ok(None),
            Sought::OutOfOrder => {}
        }
        let mut from = None;
        loop {
            let page = self.entries(bucket, from.as_ref(), Room::default())?;
            if let Some(entry) = page.entries.into_iter().find(|entry| entry.key == key) {
                return Ok(Some(entry));
            }
            let Some(next) = page.next else { return Ok(None) };
            from = Some(next);
        }
    }
}
