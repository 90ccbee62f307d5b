//! LND's key-value store as a tree of buckets, with invoices put into it as LND puts them.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use super::body::{Body, htlcs};

/// What a key leads to.
#[derive(Clone, Debug)]
pub enum Node {
    /// Bytes.
    Value(Vec<u8>),
    /// Bytes that cannot be read.
    Unreadable,
    /// A bucket.
    Bucket(Tree),
}

/// A bucket.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    /// Its sequence.
    pub sequence: u64,
    /// Its keys.
    pub entries: BTreeMap<Vec<u8>, Node>,
    /// Stretches that cannot be read.
    pub unreadable: u64,
}

/// LND's store of channels and invoices (channeldb).
#[derive(Clone, Debug, Default)]
pub struct Kv {
    /// The bucket of the top-level buckets.
    pub root: Tree,
}

/// The bucket of the invoices.
pub const INVOICES: &str = "invoices";
/// Hashes.
pub const HASHES: &str = "invoices/paymenthashes";
/// Add indexes.
pub const ADDS: &str = "invoices/invoice-add-index";
/// Settle indexes.
pub const SETTLES: &str = "invoices/invoice-settle-index";
/// Payment addresses.
pub const ADDRESSES: &str = "pay-addr-index";
/// Ids of AMP sets.
pub const SETS: &str = "set-id-index";

impl Kv {
    /// A store as LND v0.20 first makes it.
    pub fn new() -> Kv {
        let mut kv = Kv::default();
        for name in [
            "open-chan-bucket",
            "closed-chan-bucket",
            INVOICES,
            ADDRESSES,
            SETS,
            "metadata",
            "peers-bucket",
        ] {
            kv.bucket(name);
        }
        kv.put("metadata", b"dbp", &33_u32.to_be_bytes());
        kv
    }

    /// The bucket at that path, made if it is not there.
    pub fn bucket(&mut self, path: &str) -> &mut Tree {
        let mut tree = &mut self.root;
        for part in path.split('/') {
            let node = tree.entries.entry(part.into()).or_insert(Node::Bucket(Tree::default()));
            let Node::Bucket(next) = node else { panic!("{path}: {part} is no bucket") };
            tree = next;
        }
        tree
    }

    /// Puts a value.
    pub fn put(&mut self, path: &str, key: &[u8], value: &[u8]) {
        self.bucket(path).entries.insert(key.into(), Node::Value(value.into()));
    }

    /// Removes a key that is there.
    pub fn remove(&mut self, path: &str, key: &[u8]) {
        let removed = self.bucket(path).entries.remove(key);
        assert!(removed.is_some(), "{path}: no such key");
    }

    /// The payment hash of the invoice that [`Kv::add`] makes of that body.
    pub fn hash(body: &Body) -> [u8; 32] {
        if body.preimage == [0; 32] {
            return Sha256::digest(&body.memo).into();
        }
        Sha256::digest(body.preimage).into()
    }

    /// Adds an invoice as LND does, and gives its number. Its settle index, if it has one, gets a
    /// row.
    pub fn add(&mut self, body: Body) -> u32 {
        self.add_as(body, Body::tlv)
    }

    /// The same in another encoding.
    pub fn add_as(&mut self, mut body: Body, encode: impl Fn(&Body) -> Vec<u8>) -> u32 {
        let hashes = self.bucket(HASHES);
        let number = match hashes.entries.get(b"nik".as_slice()) {
            Some(Node::Value(nik)) => u32::from_be_bytes(nik.as_slice().try_into().unwrap()),
            _ => 0,
        };
        self.put(HASHES, b"nik", &(number + 1).to_be_bytes());
        let key = number.to_be_bytes();
        self.put(HASHES, &Kv::hash(&body), &key);
        if body.payment_addr != [0; 32] {
            self.put(ADDRESSES, &body.payment_addr.clone(), &key);
        }
        let adds = self.bucket(ADDS);
        adds.sequence += 1;
        body.add_index = adds.sequence;
        self.put(ADDS, &body.add_index.to_be_bytes(), &key);
        if body.settle_index != 0 {
            let settles = self.bucket(SETTLES);
            settles.sequence = settles.sequence.max(body.settle_index);
            self.put(SETTLES, &body.settle_index.to_be_bytes(), &key);
        }
        self.put(INVOICES, &key, &encode(&body));
        number
    }

    /// Puts the HTLCs of a payment to an AMP invoice as LND does.
    pub fn add_set(&mut self, number: u32, set: [u8; 32], settle_index: u64, all: &[Vec<u8>]) {
        let key = [number.to_be_bytes().as_slice(), &set].concat();
        self.put(INVOICES, &key, &htlcs(all));
        self.put(SETS, &set, &number.to_be_bytes());
        if settle_index != 0 {
            let settles = self.bucket(SETTLES);
            settles.sequence = settles.sequence.max(settle_index);
            self.put(SETTLES, &settle_index.to_be_bytes(), &key);
        }
    }

    /// What LND's clean-up of canceled invoices does to one: the rows go, the invoice stays.
    pub fn collect(&mut self, hash: [u8; 32], add_index: u64) {
        self.remove(HASHES, &hash);
        self.remove(ADDS, &add_index.to_be_bytes());
    }
}
