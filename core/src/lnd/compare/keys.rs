//! The key-value side without its bodies: which hash and which add index lead to which invoice.
//! Forty bytes for each invoice; bodies are read in the order of the store, and let go
//! ([`Stream`]).

use alloc::vec::Vec;

use crate::kv::bucket::{At, BucketId, Buckets, Cursor, Entry, Room, Value};
use crate::lnd::invoices::{InvoiceRow, VALUE, row_of, set_of};
use crate::sorting::sort;
use crate::source::SourceError;

/// The keys of the invoices' indexes that the migration reads.
#[derive(Clone, Debug, Default)]
pub(in crate::lnd) struct Keys {
    /// The bucket `invoices`.
    pub(in crate::lnd) bucket: Option<BucketId>,
    /// `paymenthashes`: number and hash, sorted; several hashes may lead to one number.
    pub(in crate::lnd) hashes: Vec<(u32, [u8; 32])>,
    /// `invoice-add-index`: add index and number, by add index.
    pub(in crate::lnd) adds: Vec<(u64, u32)>,
    /// The numbers to which an add index leads, sorted.
    listed: Vec<u32>,
    /// Whether `paymenthashes` is there.
    pub(in crate::lnd) has_hashes: bool,
    /// Whether `invoice-add-index` is there.
    pub(in crate::lnd) has_adds: bool,
    /// Keys of `paymenthashes` that are no hash, in their order: length, and where. The first
    /// [`Keys::ODD_KEPT`] of them.
    pub(in crate::lnd) odd: Vec<(u64, At)>,
    /// How many there are.
    pub(in crate::lnd) odd_count: u64,
    /// Rows of either index whose key or value is shorter than what LND reads of it.
    pub(in crate::lnd) misshapen: u64,
    /// Add indexes, sorted, whose row has more bytes for a number than an invoice's key: LND takes
    /// the first four for its table of hashes, and all of them when it looks for the invoice.
    pub(in crate::lnd) overlong: Vec<u64>,
    /// Stretches of the indexes that cannot be read.
    pub(in crate::lnd) unreadable: u64,
}

/// Somebody who is asked, now and then, whether to go on.
pub(in crate::lnd) type GoOn<'g> = dyn FnMut() -> bool + 'g;

impl Keys {
    /// So many odd keys are kept.
    const ODD_KEPT: usize = 100;

    /// Reads them. `None` if it was stopped.
    ///
    /// # Errors
    /// [`SourceError`] where the store's source cannot be read.
    pub(in crate::lnd) fn read(
        store: &dyn Buckets,
        go_on: &mut GoOn<'_>,
    ) -> Result<Option<Keys>, SourceError> {
        let mut keys = Keys::default();
        let Some((bucket, _)) = store.find(&[b"invoices"])? else { return Ok(Some(keys)) };
        keys.bucket = Some(bucket);
        if let Some((hashes, _)) = store.find(&[b"invoices", b"paymenthashes"])? {
            keys.has_hashes = true;
            if !each(store, hashes, go_on, &mut keys, &mut |keys, entry| keys.hash(entry))? {
                return Ok(None);
            }
        }
        if let Some((adds, _)) = store.find(&[b"invoices", b"invoice-add-index"])? {
            keys.has_adds = true;
            if !each(store, adds, go_on, &mut keys, &mut |keys, entry| keys.add(entry))? {
                return Ok(None);
            }
        }
        sort(&mut keys.hashes);
        sort(&mut keys.adds);
        sort(&mut keys.overlong);
        let led = keys.adds.iter().filter(|(index, _)| keys.overlong.binary_search(index).is_err());
        keys.listed = led.map(|(_, key)| *key).collect();
        sort(&mut keys.listed);
        keys.listed.dedup();
        Ok(Some(keys))
    }

    /// The hashes that lead to that invoice, in their order.
    pub(in crate::lnd) fn hashes_of(&self, key: u32) -> impl Iterator<Item = &[u8; 32]> {
        let first = self.hashes.partition_point(|(known, _)| *known < key);
        let rows = self.hashes.iter().skip(first).take_while(move |(known, _)| *known == key);
        rows.map(|(_, hash)| hash)
    }

    /// The hash that LND's migration has for that invoice: of several the last, as each row
    /// overwrites the one before.
    pub(in crate::lnd) fn hash_of(&self, key: u32) -> Option<[u8; 32]> {
        self.hashes_of(key).last().copied()
    }

    /// Whether an add index leads to that invoice.
    pub(in crate::lnd) fn is_listed(&self, key: u32) -> bool {
        self.listed.binary_search(&key).is_ok()
    }

    /// How many add indexes come before that one, if it is there.
    pub(in crate::lnd) fn rank_of(&self, add_index: u64) -> Option<usize> {
        self.adds.binary_search_by_key(&add_index, |(index, _)| *index).ok()
    }

    /// How many invoices an add index leads to.
    pub(in crate::lnd) fn listed(&self) -> u64 {
        self.listed.len() as u64
    }

    fn hash(&mut self, entry: &Entry) {
        if entry.key == b"nik" {
            return;
        }
        let Ok(hash) = entry.key.as_slice().try_into() else {
            self.odd_count = self.odd_count.saturating_add(1);
            if self.odd.len() < Self::ODD_KEPT {
                self.odd.push((entry.key.len() as u64, entry.at));
            }
            return;
        };
        match number(&entry.value) {
            Some(key) => self.hashes.push((key, hash)),
            None => self.misshapen = self.misshapen.saturating_add(1),
        }
    }

    fn add(&mut self, entry: &Entry) {
        let index = entry.key.first_chunk().map(|index| u64::from_be_bytes(*index));
        let (Some(index), Some(key)) = (index, number(&entry.value)) else {
            self.misshapen = self.misshapen.saturating_add(1);
            return;
        };
        self.adds.push((index, key));
        if matches!(&entry.value, Value::Bytes { len, .. } if *len > 4) {
            self.overlong.push(index);
        }
    }
}

/// All entries of a bucket; whether nobody stopped it.
fn each(
    store: &dyn Buckets,
    bucket: BucketId,
    go_on: &mut GoOn<'_>,
    keys: &mut Keys,
    take: &mut dyn FnMut(&mut Keys, &Entry),
) -> Result<bool, SourceError> {
    let room = Room { value: 64, places: false, ..Room::default() };
    let mut from = None;
    loop {
        let page = store.entries(bucket, from.as_ref(), room)?;
        keys.unreadable = keys.unreadable.saturating_add(page.unreadable);
        for entry in &page.entries {
            take(keys, entry);
        }
        if !go_on() {
            return Ok(false);
        }
        match page.next {
            Some(next) => from = Some(next),
            None => return Ok(true),
        }
    }
}

/// The number of an invoice as LND reads it: the first four bytes.
fn number(value: &Value) -> Option<u32> {
    match value {
        Value::Bytes { bytes, .. } => bytes.first_chunk().map(|number| u32::from_be_bytes(*number)),
        Value::Bucket { .. } | Value::Unreadable => None,
    }
}

/// Invoices in the order of their numbers, each with the HTLCs of its AMP payments.
pub(in crate::lnd) struct Stream<'a> {
    store: &'a dyn Buckets,
    keys: &'a Keys,
    from: Option<Cursor>,
    held: Option<InvoiceRow>,
    ended: bool,
    /// Numbers that lead to a bucket instead of an invoice.
    pub(in crate::lnd) buckets: Vec<u32>,
    /// Stretches that cannot be read.
    pub(in crate::lnd) unreadable: u64,
}

impl<'a> Stream<'a> {
    /// From the first.
    pub(in crate::lnd) fn new(store: &'a dyn Buckets, keys: &'a Keys) -> Stream<'a> {
        Stream {
            store,
            keys,
            from: None,
            held: None,
            ended: false,
            buckets: Vec::new(),
            unreadable: 0,
        }
    }

    /// Some more of them; `None` behind the last. What is given may be empty.
    ///
    /// # Errors
    /// [`SourceError`] where the store's source cannot be read.
    pub(in crate::lnd) fn more(&mut self) -> Result<Option<Vec<InvoiceRow>>, SourceError> {
        let Some(bucket) = self.keys.bucket.filter(|_| !self.ended) else { return Ok(None) };
        let room = Room { value: VALUE, ..Room::default() };
        let page = self.store.entries(bucket, self.from.as_ref(), room)?;
        self.unreadable = self.unreadable.saturating_add(page.unreadable);
        let mut rows = Vec::new();
        for entry in &page.entries {
            match entry.key.len() {
                4 => self.invoice(entry, &mut rows),
                36 => {
                    if let Some((key, set)) = set_of(entry)
                        && let Some(held) = self.held.as_mut().filter(|held| held.key == key)
                    {
                        held.sets.push(set);
                    }
                }
                _ => {}
            }
        }
        self.from = page.next;
        if self.from.is_none() {
            self.ended = true;
            rows.extend(self.held.take());
        }
        Ok(Some(rows))
    }

    fn invoice(&mut self, entry: &Entry, rows: &mut Vec<InvoiceRow>) {
        // Sets follow their invoice, perhaps only on the next page.
        rows.extend(self.held.take());
        if let Value::Bucket { .. } = entry.value {
            let number = entry.key.as_slice().try_into().map(u32::from_be_bytes);
            self.buckets.extend(number.ok());
            return;
        }
        if let Some(mut row) = row_of(entry) {
            row.hash = self.keys.hash_of(row.key);
            row.listed = self.keys.is_listed(row.key);
            self.held = Some(row);
        }
    }
}
