//! The buckets of a key-value table, and the keys of its indexed rows, each sorted by bucket and
//! key.

use crate::sorting::sort_by;
use alloc::vec::Vec;

use super::super::bucket::{At, BucketId, Entry, Value};

/// No bucket.
pub(super) const NONE: u32 = u32::MAX;

/// A stretch of [`Tree::keys`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    start: u32,
    len: u32,
}

/// A row that is a bucket.
#[derive(Clone, Debug)]
pub(super) struct Bucket {
    /// Its `id`.
    pub(super) id: i64,
    /// Its `parent_id`.
    pub(super) parent_id: Option<i64>,
    /// The bucket that it stands in: 0 is the root, others count from 1 in [`Tree::buckets`];
    /// [`NONE`] if there is no such bucket.
    pub(super) parent: u32,
    pub(super) key: Key,
    pub(super) sequence: u64,
    pub(super) at: At,
    /// Whether the keys of its rows are indexed.
    pub(super) indexed: bool,
    /// Whether the root is above it.
    pub(super) reached: bool,
    /// How many rows it has that are not indexed.
    pub(super) rows: u64,
}

/// A row that is a value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leaf {
    pub(super) parent: u32,
    pub(super) key: Key,
    pub(super) handle: u64,
    pub(super) value: Small,
}

/// A value of a few bytes, as those of LND's indexes are: kept, so that no row is read for it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Small {
    bytes: [u8; 7],
    /// How many; more than seven if the value is not kept.
    len: u8,
}

impl Small {
    /// Not kept.
    pub(super) const NONE: Small = Small { bytes: [0; 7], len: u8::MAX };

    /// The value, if it is short enough.
    pub(super) fn of(value: &[u8]) -> Small {
        let mut bytes = [0; 7];
        let Some(room) = bytes.get_mut(..value.len()) else { return Small::NONE };
        room.copy_from_slice(value);
        Small { bytes, len: u8::try_from(value.len()).unwrap_or(u8::MAX) }
    }

    /// The value, if it is kept.
    pub(super) fn get(&self) -> Option<&[u8]> {
        self.bytes.get(..self.len.into())
    }
}

/// Buckets and indexed rows. Bucket 0 is the root, which has no row.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pub(super) buckets: Vec<Bucket>,
    /// The buckets, numbered from 1, sorted by parent and key.
    pub(super) by_key: Vec<u32>,
    /// The same, sorted by id.
    pub(super) by_id: Vec<u32>,
    pub(super) leaves: Vec<Leaf>,
    keys: Vec<u8>,
}

impl Tree {
    /// Keeps a key; `None` if there are four gigabytes of them.
    pub(super) fn keep(&mut self, key: &[u8]) -> Option<Key> {
        let start = u32::try_from(self.keys.len()).ok()?;
        let len = u32::try_from(key.len()).ok()?;
        self.keys.extend_from_slice(key);
        Some(Key { start, len })
    }

    pub(super) fn key(&self, key: Key) -> &[u8] {
        self.keys
            .get(key.start as usize..)
            .and_then(|rest| rest.get(..key.len as usize))
            .unwrap_or_default()
    }

    pub(super) fn get(&self, number: u32) -> Option<&Bucket> {
        self.buckets.get((number as usize).checked_sub(1)?)
    }

    pub(super) fn get_mut(&mut self, number: u32) -> Option<&mut Bucket> {
        self.buckets.get_mut((number as usize).checked_sub(1)?)
    }

    /// The first bucket with that id.
    pub(super) fn by_row_id(&self, id: i64) -> Option<u32> {
        let id_of = |number: &u32| self.get(*number).map_or(i64::MAX, |bucket| bucket.id);
        let first = self.by_id.partition_point(|number| id_of(number) < id);
        self.by_id.get(first).copied().filter(|number| id_of(number) == id)
    }

    /// Sorts the leaves, once all are there.
    pub(super) fn sort_leaves(&mut self) {
        let mut leaves = core::mem::take(&mut self.leaves);
        sort_by(&mut leaves, |a, b| {
            a.parent.cmp(&b.parent).then_with(|| self.key(a.key).cmp(self.key(b.key)))
        });
        self.leaves = leaves;
    }

    pub(super) fn sort_children(&mut self) {
        let mut by_key = core::mem::take(&mut self.by_key);
        sort_by(&mut by_key, |a, b| self.place(*a).cmp(&self.place(*b)));
        self.by_key = by_key;
    }

    fn place(&self, number: u32) -> (u32, &[u8]) {
        self.get(number).map_or((NONE, &[]), |bucket| (bucket.parent, self.key(bucket.key)))
    }

    // What the adapter asks.

    pub(super) fn len(&self) -> usize {
        self.buckets.len()
    }

    pub(super) fn row_id(&self, bucket: BucketId) -> Option<i64> {
        Some(self.get(u32::try_from(bucket.0).ok()?)?.id)
    }

    pub(super) fn is_indexed(&self, bucket: BucketId) -> bool {
        // At the top stand nothing but buckets.
        let known = u32::try_from(bucket.0).ok().and_then(|number| self.get(number));
        known.is_none_or(|bucket| bucket.indexed)
    }

    /// Whether all that is in a bucket is kept.
    pub(super) fn is_kept(&self, bucket: BucketId) -> bool {
        let known = u32::try_from(bucket.0).ok().and_then(|number| self.get(number));
        known.is_none_or(|bucket| bucket.indexed || bucket.rows == 0)
    }

    /// The buckets inside a bucket, sorted by key.
    pub(super) fn children(&self, bucket: BucketId) -> &[u32] {
        let Ok(parent) = u32::try_from(bucket.0) else { return &[] };
        let parent_of = |number: &u32| self.get(*number).map_or(NONE, |bucket| bucket.parent);
        let start = self.by_key.partition_point(|number| parent_of(number) < parent);
        let end = self.by_key.partition_point(|number| parent_of(number) <= parent);
        self.by_key.get(start..end).filter(|_| parent != NONE).unwrap_or_default()
    }

    /// The indexed rows of a bucket, sorted by key.
    pub(super) fn leaves(&self, bucket: BucketId) -> &[Leaf] {
        let Ok(parent) = u32::try_from(bucket.0) else { return &[] };
        let start = self.leaves.partition_point(|leaf| leaf.parent < parent);
        let end = self.leaves.partition_point(|leaf| leaf.parent <= parent);
        self.leaves.get(start..end).unwrap_or_default()
    }

    pub(super) fn child(&self, bucket: BucketId, key: &[u8]) -> Option<u32> {
        let children = self.children(bucket);
        let found = children.get(children.partition_point(|child| self.key_of(*child) < key))?;
        (self.key_of(*found) == key).then_some(*found)
    }

    pub(super) fn leaf(&self, bucket: BucketId, key: &[u8]) -> Option<u64> {
        let leaves = self.leaves(bucket);
        let found = leaves.get(leaves.partition_point(|leaf| self.leaf_key(leaf) < key))?;
        (self.leaf_key(found) == key).then_some(found.handle)
    }

    pub(super) fn key_of(&self, number: u32) -> &[u8] {
        self.get(number).map_or(&[], |bucket| self.key(bucket.key))
    }

    pub(super) fn leaf_key(&self, leaf: &Leaf) -> &[u8] {
        self.key(leaf.key)
    }

    pub(super) fn entry(&self, number: u32) -> Entry {
        let sequence = self.get(number).map_or(0, |bucket| bucket.sequence);
        Entry {
            key: self.key_of(number).to_vec(),
            at: self.get(number).map_or_else(At::default, |bucket| bucket.at),
            value: Value::Bucket { id: BucketId(u64::from(number)), sequence },
        }
    }
}
