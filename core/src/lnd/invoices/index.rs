//! What is kept of the bucket `invoices` and of its indexes: a row for each key, without bodies.

use alloc::vec::Vec;

use crate::kv::bucket::{At, BucketId, Cursor};
use crate::lnd::gotime::Time;
use crate::lnd::invoice::{Circuit, ContractState, DecodeError, Encoding};
use crate::sorting::{sort, sort_by_key};

/// The buckets that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bucket {
    /// `invoices`.
    Invoices,
    /// `invoices/paymenthashes`.
    Hashes,
    /// `invoices/invoice-add-index`.
    Adds,
    /// `invoices/invoice-settle-index`.
    Settles,
    /// `pay-addr-index`.
    Addresses,
    /// `set-id-index`.
    Sets,
}

impl Bucket {
    /// All of them.
    pub const ALL: [Bucket; 6] = [
        Bucket::Invoices,
        Bucket::Hashes,
        Bucket::Adds,
        Bucket::Settles,
        Bucket::Addresses,
        Bucket::Sets,
    ];

    /// Its path.
    pub const fn path(self) -> &'static str {
        match self {
            Bucket::Invoices => "invoices",
            Bucket::Hashes => "invoices/paymenthashes",
            Bucket::Adds => "invoices/invoice-add-index",
            Bucket::Settles => "invoices/invoice-settle-index",
            Bucket::Addresses => "pay-addr-index",
            Bucket::Sets => "set-id-index",
        }
    }
}

/// An invoice, without its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// Its number, the key.
    pub key: u32,
    /// Where it stands.
    pub at: At,
    /// Why it cannot be read; the fields below are then what stands before that place.
    pub error: Option<DecodeError>,
    /// Bytes that it announces beyond its end.
    pub cut: u64,
    /// How it is stored.
    pub encoding: Encoding,
    /// Its state.
    pub state: ContractState,
    /// When it was made.
    pub created: Time,
    /// The add index that it has itself.
    pub add_index: u64,
    /// The settle index that it has itself.
    pub settle_index: u64,
    /// Its payment address.
    pub payment_addr: Option<[u8; 32]>,
    /// The first half of its payment request's SHA-256; `None` if it has none.
    pub payment_request: Option<[u8; 16]>,
    /// Whether its body says if it is a hold invoice: every body written since v0.11 does.
    pub since_v0_11: bool,
    /// Whether it is an AMP invoice.
    pub amp: bool,
    /// The amount paid, in millisatoshi.
    pub amount_paid_msat: u64,
    /// How many HTLCs are stored with it.
    pub htlcs: u32,
    /// How many of them are accepted and not resolved.
    pub accepted: u32,
    /// The sum of those that are settled, in millisatoshi.
    pub settled_msat: u64,
}

/// The HTLCs of one payment to an AMP invoice, without them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetBody {
    /// The invoice's number.
    pub key: u32,
    /// The set's id.
    pub set: [u8; 32],
    /// Where it stands.
    pub at: At,
    /// How many HTLCs could be read.
    pub htlcs: u32,
    /// Bytes that the last of them announces beyond the end.
    pub cut: u64,
    /// Why the others cannot be read.
    pub error: Option<DecodeError>,
}

/// A row of `paymenthashes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct HashRow {
    /// The payment hash.
    pub hash: [u8; 32],
    /// The invoice.
    pub key: u32,
    /// Where it stands.
    pub at: At,
}

/// A row of `pay-addr-index` or `set-id-index`.
pub type AddressRow = HashRow;

/// A row of `invoice-add-index`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IndexRow {
    /// The add index.
    pub index: u64,
    /// The invoice.
    pub key: u32,
    /// Where it stands.
    pub at: At,
}

/// A row of `invoice-settle-index`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SettleRow {
    /// The settle index.
    pub index: u64,
    /// The invoice.
    pub key: u32,
    /// For an AMP payment, the set's id.
    pub set: Option<[u8; 32]>,
    /// Where it stands.
    pub at: At,
}

/// An HTLC and the invoice that has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CircuitRow {
    /// The HTLC.
    pub circuit: Circuit,
    /// The invoice.
    pub key: u32,
    /// Where the value that has it stands.
    pub at: At,
}

/// A payment to an AMP invoice, as the invoice's body has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct AmpRow {
    pub(super) key: u32,
    pub(super) set: [u8; 32],
    pub(super) settle_index: u64,
}

/// A key that fits nothing that LND writes into that bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Odd {
    /// Where.
    pub bucket: Bucket,
    /// The bytes.
    pub at: At,
    /// What is odd.
    pub kind: OddKind,
    /// The length found.
    pub len: u64,
}

/// What is odd about an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OddKind {
    /// The key's length.
    Key,
    /// The value's length, or that it is a bucket.
    Target,
    /// The value cannot be read.
    Unreadable,
}

/// `nik`, the next invoice's number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Nik {
    /// It is not there: LND begins with 0.
    #[default]
    Missing,
    /// It has not four bytes, but so many.
    Malformed(u64),
    /// The number.
    Number(u32),
}

/// All keys of the invoices' buckets, and what their values lead to.
#[derive(Clone, Debug, Default)]
pub struct KvIndex {
    /// Every invoice, by number.
    pub bodies: Vec<Body>,
    /// Every set of HTLCs of AMP invoices, by number and set id.
    pub sets: Vec<SetBody>,
    /// `paymenthashes`, by hash.
    pub hashes: Vec<HashRow>,
    /// `invoice-add-index`, by add index.
    pub adds: Vec<IndexRow>,
    /// `invoice-settle-index`, by settle index.
    pub settles: Vec<SettleRow>,
    /// `pay-addr-index`, by address.
    pub addresses: Vec<AddressRow>,
    /// `set-id-index`, by set id.
    pub set_ids: Vec<AddressRow>,
    /// All HTLCs of all invoices, by channel and number.
    pub circuits: Vec<CircuitRow>,
    /// Entries that fit nothing; at most [`KvIndex::ODD_KEPT`] of them.
    pub odd: Vec<Odd>,
    /// How many such entries there are.
    pub odd_count: u64,
    /// The next invoice's number.
    pub nik: Nik,
    /// Where `nik` stands.
    pub nik_at: At,
    /// The sequence of `invoice-add-index`, if that bucket is there.
    pub add_sequence: Option<u64>,
    /// The sequence of `invoice-settle-index`, if that bucket is there: LND makes it when the first
    /// invoice is settled.
    pub settle_sequence: Option<u64>,
    /// Where those two buckets' own entries stand.
    pub bucket_at: [At; 2],
    /// Whether each bucket is there, in the order of [`Bucket::ALL`].
    pub present: [bool; 6],
    /// Stretches that could not be read, in the order of [`Bucket::ALL`].
    pub unreadable: [u64; 6],
    /// The payments that bodies of AMP invoices have, by number and set id.
    pub(super) amp: Vec<AmpRow>,
    /// Places in `invoices` from which the bodies can be read again: how many bodies stand before.
    pub(super) checkpoints: Vec<(u64, Option<Cursor>)>,
    /// The bucket `invoices` itself.
    pub(super) bucket: Option<BucketId>,
}

impl KvIndex {
    /// So many entries that fit nothing are kept.
    pub const ODD_KEPT: usize = 1_000;

    /// The invoice of that number.
    pub fn body(&self, key: u32) -> Option<&Body> {
        let place = self.bodies.binary_search_by_key(&key, |body| body.key).ok()?;
        self.bodies.get(place)
    }

    /// The invoice that `paymenthashes` has for that hash.
    pub fn by_hash(&self, hash: &[u8; 32]) -> Option<&Body> {
        self.row_of_hash(hash).and_then(|row| self.body(row.key))
    }

    /// The row of `paymenthashes` for that hash.
    pub fn row_of_hash(&self, hash: &[u8; 32]) -> Option<&HashRow> {
        let place = self.hashes.binary_search_by_key(hash, |row| row.hash).ok()?;
        self.hashes.get(place)
    }

    /// Each hash of `paymenthashes` beside its invoice's number, by number.
    pub fn hashes_by_key(&self) -> Vec<(u32, [u8; 32])> {
        let mut rows: Vec<_> = self.hashes.iter().map(|row| (row.key, row.hash)).collect();
        sort(&mut rows);
        rows
    }

    /// Whether that bucket was read without gaps.
    pub fn whole(&self, bucket: Bucket) -> bool {
        self.unreadable.get(bucket as usize) == Some(&0)
    }

    /// Sorts everything. Sound stores are in order already.
    pub(super) fn sort(&mut self) {
        sort_by_key(&mut self.bodies, |body| body.key);
        sort_by_key(&mut self.sets, |set| (set.key, set.set));
        sort(&mut self.hashes);
        sort(&mut self.adds);
        sort(&mut self.settles);
        sort(&mut self.addresses);
        sort(&mut self.set_ids);
        sort(&mut self.circuits);
        sort(&mut self.amp);
    }

    pub(super) fn push_odd(&mut self, odd: Odd) {
        self.odd_count = self.odd_count.saturating_add(1);
        if self.odd.len() < Self::ODD_KEPT {
            self.odd.push(odd);
        }
    }
}
