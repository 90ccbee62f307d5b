//! What a redacted bucket dump of LND's store keeps: enough to judge the migration and to follow
//! the invoice indexes, nothing that pays, names or identifies.
//!
//! The rules are written down in `docs/format/bucket-dump.md`. Layouts: channeldb/invoices.go at
//! lnd v0.21.2. Whatever is not known is blanked: a new record type of LND's leaks nothing.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use sha2::{Digest as _, Sha256};

use crate::kv::dump::{Pseudonyms, Redactor, Tag};

mod record;

/// What becomes of amounts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Amounts {
    /// The power of two at or below each. `amtPaid` of an invoice that is the sum of its settled
    /// HTLCs stays their sum.
    #[default]
    Bucketed,
    /// As they are.
    Kept,
}

/// Redacts LND's channel database.
#[derive(Debug, Default)]
pub struct LndRedactor {
    amounts: Amounts,
    pseudonyms: Pseudonyms,
    /// Ordinals of everything that has no 32 bytes: by what it is, then by its bytes.
    ordinals: BTreeMap<(u8, Vec<u8>), u32>,
    counts: BTreeMap<u8, u32>,
}

/// What the ordinals count, beside keys by their length.
const REQUEST: u8 = 0;
const CHANNEL: u8 = 1;
const KEY: u8 = 2;

impl LndRedactor {
    /// That treats amounts so.
    pub fn new(amounts: Amounts) -> LndRedactor {
        LndRedactor { amounts, ..LndRedactor::default() }
    }

    fn ordinal(&mut self, kind: u8, bytes: &[u8]) -> u32 {
        let count = self.counts.entry(kind).or_default();
        *self.ordinals.entry((kind, bytes.to_vec())).or_insert_with(|| {
            *count = count.saturating_add(1);
            *count
        })
    }

    /// A stand-in of the same length, equal for equal bytes; 32 bytes become a pseudonym.
    fn stand_in(&mut self, tag: Tag, bytes: &[u8]) -> Vec<u8> {
        if let Ok(whole) = bytes.try_into() {
            return self.pseudonyms.of(tag, whole).to_vec();
        }
        let mut out = alloc::vec![0; bytes.len()];
        let ordinal = self.ordinal(KEY, bytes).to_be_bytes();
        for (out, byte) in out.iter_mut().rev().zip(ordinal.iter().rev()) {
            *out = *byte;
        }
        out
    }

    /// A preimage: joined to its payment hash.
    fn preimage(&mut self, bytes: &[u8]) -> Vec<u8> {
        match <[u8; 32]>::try_from(bytes) {
            Ok(whole) if whole == [0; 32] => bytes.to_vec(),
            Ok(whole) => self.pseudonyms.preimage_of(&Sha256::digest(whole).into()).to_vec(),
            Err(_) => blank(bytes),
        }
    }

    /// An amount in millisatoshi, u64 big-endian.
    fn amount(&self, bytes: &[u8]) -> Vec<u8> {
        match <[u8; 8]>::try_from(bytes) {
            Ok(bytes) => self.bucketed(u64::from_be_bytes(bytes)).to_be_bytes().to_vec(),
            Err(_) => blank(bytes),
        }
    }

    fn bucketed(&self, amount: u64) -> u64 {
        match (self.amounts, amount.checked_ilog2()) {
            (Amounts::Bucketed, Some(bits)) => 1 << bits,
            _ => amount,
        }
    }

    /// A key of the bucket at `path`.
    fn key(&mut self, path: &[&[u8]], key: &[u8]) -> Vec<u8> {
        match (path, key.len()) {
            ([b"invoices"], 4)
            | ([b"invoices", b"invoice-add-index" | b"invoice-settle-index"], 8) => key.to_vec(),
            ([b"invoices"], 36) => self.number_and_set(key),
            ([b"invoices", b"paymenthashes"], _) if key != b"nik" => self.stand_in(Tag::Hash, key),
            ([b"pay-addr-index"], _) => self.stand_in(Tag::Address, key),
            ([b"set-id-index"], _) => self.stand_in(Tag::Set, key),
            _ if is_name(key) => key.to_vec(),
            _ => self.stand_in(Tag::Other, key),
        }
    }

    /// `invoiceNum || setID`.
    fn number_and_set(&mut self, bytes: &[u8]) -> Vec<u8> {
        let (number, set) = bytes.split_at_checked(4).unwrap_or_default();
        [number, &self.stand_in(Tag::Set, set)].concat()
    }

    fn value(&mut self, path: &[&[u8]], key: &[u8], value: &[u8]) -> Vec<u8> {
        match (path, key.len(), value.len()) {
            ([b"invoices"], 4, _) => self.invoice(value),
            ([b"invoices"], 36, _) => self.htlcs(value).unwrap_or_else(|| unreadable(value)),
            ([b"invoices"], ..) if key == b"invoice-tombstone" && value.len() <= 8 => {
                value.to_vec()
            }
            ([b"invoices", b"invoice-settle-index"], _, 36) => self.number_and_set(value),
            ([b"invoices", ..] | [b"pay-addr-index" | b"set-id-index"], _, 0..=4) => value.to_vec(),
            ([b"metadata"], _, 0..=8) if key == b"dbp" || key == b"ovk" => value.to_vec(),
            ([b"data-migration-tombstone" | b"data-migration-already-migrated"], ..)
                if value.starts_with(b"lndinit ") && value.len() <= 64 =>
            {
                value.to_vec()
            }
            ([b"lnwallet"], ..) if key == b"ready" && value == b"ready" => value.to_vec(),
            _ => blank(value),
        }
    }
}

impl Redactor for LndRedactor {
    fn name(&self) -> &'static str {
        match self.amounts {
            Amounts::Bucketed => "lnd/1 amounts=bucketed",
            Amounts::Kept => "lnd/1 amounts=kept",
        }
    }

    fn redact(&mut self, path: &[&[u8]], key: &[u8], value: &[u8]) -> (Vec<u8>, Vec<u8>) {
        (self.key(path, key), self.value(path, key, value))
    }

    fn redact_bucket(&mut self, path: &[&[u8]], key: &[u8]) -> Vec<u8> {
        self.key(path, key)
    }
}

/// Names that LND gives: short words in lower case. (Root keys of macaroons are numbered.)
pub(super) fn is_name(key: &[u8]) -> bool {
    let letter = |byte: &u8| byte.is_ascii_lowercase() || b"-_".contains(byte);
    let number = key.len() <= 4 && key.iter().all(u8::is_ascii_digit);
    !key.is_empty() && key.len() < 33 && (key.iter().all(letter) || number)
}

/// As many zero bytes.
fn blank(bytes: &[u8]) -> Vec<u8> {
    alloc::vec![0; bytes.len()]
}

/// As many bytes that are no invoice either: a length of 2⁶⁴ − 1.
fn unreadable(bytes: &[u8]) -> Vec<u8> {
    alloc::vec![0xff; bytes.len()]
}

#[cfg(test)]
mod tests;
