//! Invoices page by page: bodies are read again from the store, and let go.

use alloc::vec::Vec;

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::audit::error_values;
use super::index::KvIndex;
use super::read::VALUE;
use crate::kv::bucket::{At, Buckets, Entry, Room, Value};
use crate::lnd::invoice::{self, DecodeError, DecodeErrorKind, Htlc, Invoice, Shown, ShownHtlcs};
use crate::lnd::privacy::Privacy;
use crate::sorting::sort;
use crate::source::SourceError;

/// Some invoices, in the order of the store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InvoicePage {
    /// The place of the first among all.
    pub from: u64,
    /// How many there are in all.
    pub total: u64,
    /// The invoices.
    pub rows: Vec<InvoiceRow>,
}

/// An invoice with what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvoiceRow {
    /// Its number.
    pub key: u32,
    /// Where it stands.
    pub at: At,
    /// Its payment hash, if `paymenthashes` leads to it.
    pub hash: Option<[u8; 32]>,
    /// Whether `invoice-add-index` leads to it: if not, LND neither lists nor migrates it.
    pub listed: bool,
    /// The invoice, as far as it can be read.
    pub invoice: Invoice,
    /// Why no more of it can be read.
    pub error: Option<DecodeError>,
    /// The payments to it, if it is an AMP invoice.
    pub sets: Vec<SetRow>,
}

/// The HTLCs of one payment to an AMP invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetRow {
    /// The set's id.
    pub set: [u8; 32],
    /// Where it stands.
    pub at: At,
    /// Its HTLCs, as far as they can be read.
    pub htlcs: Vec<Htlc>,
    /// Why no more can be read.
    pub error: Option<DecodeError>,
}

impl InvoiceRow {
    /// All HTLCs, wherever they are stored.
    pub fn htlcs(&self) -> impl Iterator<Item = &Htlc> {
        self.invoice.htlcs.iter().chain(self.sets.iter().flat_map(|set| &set.htlcs))
    }
}

/// The invoices from place `from` on (0 is the first of the store), `count` of them at most.
///
/// # Errors
/// [`SourceError`] where the store's source cannot be read.
pub fn page(
    store: &dyn Buckets,
    index: &KvIndex,
    from: u64,
    count: usize,
) -> Result<InvoicePage, SourceError> {
    let mut page = InvoicePage { from, total: index.bodies.len() as u64, rows: Vec::new() };
    let (Some(bucket), true) = (index.bucket, count > 0) else { return Ok(page) };
    let before = index.checkpoints.partition_point(|(place, _)| *place <= from);
    let start = before.checked_sub(1).and_then(|last| index.checkpoints.get(last));
    let Some((mut place, mut cursor)) = start.cloned() else { return Ok(page) };
    let room = Room { value: VALUE, ..Room::default() };
    loop {
        let entries = store.entries(bucket, cursor.as_ref(), room)?;
        for entry in entries.entries {
            match entry.key.len() {
                4 if !matches!(entry.value, Value::Bucket { .. }) => {
                    if page.rows.len() >= count {
                        return Ok(named(page, index));
                    }
                    if place >= from {
                        page.rows.extend(row(&entry));
                    }
                    place = place.saturating_add(1);
                }
                36 => {
                    // The sets of an invoice follow it, as its number is their keys' beginning.
                    if let Some((number, set)) = set(&entry)
                        && let Some(last) = page.rows.last_mut()
                        && last.key == number
                    {
                        last.sets.push(set);
                    }
                }
                _ => {}
            }
        }
        match entries.next {
            Some(next) => cursor = Some(next),
            None => return Ok(named(page, index)),
        }
    }
}

/// The page with its invoices' hashes.
fn named(mut page: InvoicePage, index: &KvIndex) -> InvoicePage {
    let mut keys: Vec<u32> = page.rows.iter().map(|row| row.key).collect();
    sort(&mut keys);
    let wanted = |key: &u32| keys.binary_search(key).is_ok();
    let mut hashes: Vec<(u32, [u8; 32])> = Vec::new();
    for row in index.hashes.iter().filter(|row| wanted(&row.key)) {
        hashes.push((row.key, row.hash));
    }
    sort(&mut hashes);
    let mut listed: Vec<u32> =
        index.adds.iter().map(|row| row.key).filter(|key| wanted(key)).collect();
    sort(&mut listed);
    for row in &mut page.rows {
        let place = hashes.partition_point(|(key, _)| *key < row.key);
        row.hash = hashes.get(place).filter(|(key, _)| *key == row.key).map(|(_, hash)| *hash);
        row.listed = listed.binary_search(&row.key).is_ok();
    }
    page
}

/// The invoice of an entry of `invoices`, without what indexes say of it.
pub(in crate::lnd) fn row(entry: &Entry) -> Option<InvoiceRow> {
    let key = entry.key.as_slice().try_into().map(u32::from_be_bytes).ok()?;
    let (invoice, error) = match whole(&entry.value) {
        Ok(bytes) => match invoice::decode(bytes) {
            Ok(invoice) => (invoice, None),
            Err(failure) => (*failure.partial, Some(failure.error)),
        },
        Err(error) => (Invoice::default(), Some(error)),
    };
    let (hash, listed, sets) = (None, false, Vec::new());
    Some(InvoiceRow { key, at: entry.at, hash, listed, invoice, error, sets })
}

/// The HTLCs of an AMP payment, and the number of its invoice.
pub(in crate::lnd) fn set(entry: &Entry) -> Option<(u32, SetRow)> {
    let (number, set) = entry.key.split_first_chunk::<4>()?;
    let set = set.try_into().ok()?;
    let (htlcs, error) = match whole(&entry.value) {
        Ok(bytes) => match invoice::decode_htlcs(bytes) {
            Ok(read) => (read.htlcs, None),
            Err((error, read)) => (read.htlcs, Some(error)),
        },
        Err(error) => (Vec::new(), Some(error)),
    };
    Some((u32::from_be_bytes(*number), SetRow { set, at: entry.at, htlcs, error }))
}

fn whole(value: &Value) -> Result<&[u8], DecodeError> {
    let (have, need) = match value {
        Value::Bytes { bytes, len } if *len <= bytes.len() as u64 => return Ok(bytes),
        Value::Bytes { bytes, len } => (bytes.len() as u64, *len),
        _ => (0, 1),
    };
    let kind = DecodeErrorKind::Ends { need, have };
    Err(DecodeError { at: have, field: "value", kind })
}

/// A row, to be written as JSON.
#[derive(Clone, Copy, Debug)]
pub struct ShownRow<'a> {
    /// The row.
    pub row: &'a InvoiceRow,
    /// How much is told.
    pub privacy: &'a Privacy,
}

impl Serialize for ShownRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let ShownRow { row, privacy } = *self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("number", &row.key)?;
        map.serialize_entry("span", &row.at.span())?;
        map.serialize_entry("hash", &row.hash.map(|hash| privacy.hash(&hash)))?;
        map.serialize_entry("listed", &row.listed)?;
        map.serialize_entry("invoice", &Shown { invoice: &row.invoice, privacy })?;
        map.serialize_entry("error", &row.error.as_ref().map(error_values))?;
        let sets: Vec<_> = row.sets.iter().map(|set| ShownSet { set, privacy }).collect();
        map.serialize_entry("sets", &sets)?;
        map.end()
    }
}

struct ShownSet<'a> {
    set: &'a SetRow,
    privacy: &'a Privacy,
}

impl Serialize for ShownSet<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let ShownSet { set, privacy } = *self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("set_id", &privacy.set(&set.set))?;
        map.serialize_entry("span", &set.at.span())?;
        map.serialize_entry("htlcs", &ShownHtlcs { htlcs: &set.htlcs, privacy })?;
        map.serialize_entry("error", &set.error.as_ref().map(error_values))?;
        map.end()
    }
}
