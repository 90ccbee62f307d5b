//! The indexes: keys that lead to an invoice's number.

use super::super::index::{Bucket, HashRow, IndexRow, Nik, Odd, OddKind, SettleRow};
use super::Reading;
use crate::kv::bucket::{At, Entry, Value};

impl Reading {
    pub(super) fn hash(&mut self, entry: &Entry) {
        if entry.key == b"nik" {
            let index = &mut self.out.index;
            index.nik_at = entry.at;
            index.nik = match &entry.value {
                Value::Bytes { bytes, len } => match bytes.as_slice().try_into() {
                    Ok(number) => Nik::Number(u32::from_be_bytes(number)),
                    Err(_) => Nik::Malformed(*len),
                },
                _ => Nik::Malformed(0),
            };
            return;
        }
        self.keyed(Bucket::Hashes, entry);
    }

    /// An entry of an index whose keys are of 32 bytes.
    pub(super) fn keyed(&mut self, bucket: Bucket, entry: &Entry) {
        let Some(key) = self.target(bucket, entry) else { return };
        let Ok(hash) = entry.key.as_slice().try_into() else {
            return self.odd(bucket, entry.at, OddKind::Key, entry.key.len() as u64);
        };
        let row = HashRow { hash, key, at: entry.at };
        match bucket {
            Bucket::Addresses => self.out.index.addresses.push(row),
            Bucket::Sets => self.out.index.set_ids.push(row),
            _ => self.out.index.hashes.push(row),
        }
    }

    pub(super) fn add(&mut self, entry: &Entry) {
        let Some(key) = self.target(Bucket::Adds, entry) else { return };
        let Ok(index) = entry.key.as_slice().try_into().map(u64::from_be_bytes) else {
            return self.odd(Bucket::Adds, entry.at, OddKind::Key, entry.key.len() as u64);
        };
        self.out.index.adds.push(IndexRow { index, key, at: entry.at });
    }

    pub(super) fn settle(&mut self, entry: &Entry) {
        let Ok(index) = entry.key.as_slice().try_into().map(u64::from_be_bytes) else {
            return self.odd(Bucket::Settles, entry.at, OddKind::Key, entry.key.len() as u64);
        };
        let set = match &entry.value {
            Value::Bytes { bytes, len: 36 } => match bytes.split_first_chunk::<4>() {
                Some((number, set)) => set.try_into().ok().map(|set| (*number, set)),
                None => None,
            },
            _ => None,
        };
        let (key, set) = match set {
            Some((number, set)) => (u32::from_be_bytes(number), Some(set)),
            None => match self.target(Bucket::Settles, entry) {
                Some(key) => (key, None),
                None => return,
            },
        };
        self.out.index.settles.push(SettleRow { index, key, set, at: entry.at });
    }

    /// The invoice's number that is an index's value.
    fn target(&mut self, bucket: Bucket, entry: &Entry) -> Option<u32> {
        let (kind, len) = match &entry.value {
            Value::Bytes { bytes, len } => match bytes.as_slice().try_into() {
                Ok(number) => return Some(u32::from_be_bytes(number)),
                Err(_) => (OddKind::Target, *len),
            },
            Value::Bucket { .. } => (OddKind::Target, 0),
            Value::Unreadable => (OddKind::Unreadable, 0),
        };
        self.odd(bucket, entry.at, kind, len);
        None
    }

    pub(super) fn odd(&mut self, bucket: Bucket, at: At, kind: OddKind, len: u64) {
        self.out.index.push_odd(Odd { bucket, at, kind, len });
    }
}
