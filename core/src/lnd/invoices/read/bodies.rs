//! The bucket `invoices`: invoices and the HTLC sets of AMP, decoded, and the index buckets inside.

use sha2::{Digest as _, Sha256};

use super::super::index::{AmpRow, Body, Bucket, CircuitRow, KvIndex, OddKind, SetBody};
use super::{KvInvoices, Reading, Task};
use crate::kv::bucket::{At, BucketId, Entry, Value};
use crate::lnd::invoice::{self, DecodeError, DecodeErrorKind, Htlc, HtlcSet, HtlcState, Invoice};

impl Reading {
    /// An entry of `invoices`.
    pub(super) fn invoices(&mut self, entry: Entry) {
        let at = entry.at;
        let (bytes, len) = match entry.value {
            Value::Bucket { id, sequence } => {
                return self.index_bucket(&entry.key, at, id, sequence);
            }
            Value::Unreadable => {
                // The invoice is there, although nothing can be said of it.
                if let Ok(key) = entry.key.as_slice().try_into().map(u32::from_be_bytes) {
                    self.out.index.bodies.push(Body::unreadable(key, at, unreadable(0)));
                }
                return self.odd(Bucket::Invoices, at, OddKind::Unreadable, 0);
            }
            Value::Bytes { bytes, len } => (bytes, len),
        };
        let cut = len > bytes.len() as u64;
        match entry.key.as_slice() {
            b"invoice-tombstone" => self.out.facts.invoice_tombstone = Some((bytes, at)),
            key if key.len() == 4 => {
                let key = key.try_into().map_or(0, u32::from_be_bytes);
                if cut {
                    let error = unreadable(bytes.len() as u64);
                    self.out.index.bodies.push(Body::unreadable(key, at, error));
                } else {
                    self.body(key, at, &bytes);
                }
            }
            key if key.len() == 36 => self.set(key, at, &bytes, cut),
            key => self.odd(Bucket::Invoices, at, OddKind::Key, key.len() as u64),
        }
    }

    fn index_bucket(&mut self, key: &[u8], at: At, id: BucketId, sequence: u64) {
        let index = &mut self.out.index;
        let bucket = match key {
            b"paymenthashes" => Bucket::Hashes,
            b"invoice-add-index" => {
                index.add_sequence = Some(sequence);
                index.bucket_at[0] = at;
                Bucket::Adds
            }
            b"invoice-settle-index" => {
                index.settle_sequence = Some(sequence);
                index.bucket_at[1] = at;
                Bucket::Settles
            }
            // Where an invoice or its HTLCs ought to be.
            key if matches!(key.len(), 4 | 36) => {
                return self.odd(Bucket::Invoices, at, OddKind::Target, 0);
            }
            key => return self.odd(Bucket::Invoices, at, OddKind::Key, key.len() as u64),
        };
        self.found(bucket);
        self.push(Task::Of(bucket), id);
    }

    fn body(&mut self, key: u32, at: At, bytes: &[u8]) {
        let (invoice, error) = match invoice::decode(bytes) {
            Ok(invoice) => (invoice, None),
            Err(failure) => (*failure.partial, Some(failure.error)),
        };
        let KvInvoices { index, facts } = &mut self.out;
        if error.is_none() {
            facts.census.add(&invoice.payment_request);
            facts.saw_created(invoice.created);
        }
        index.circuits(key, at, &invoice.htlcs);
        for set in invoice.amp.iter().flatten() {
            let settle_index = set.settle_index;
            index.amp.push(AmpRow { key, set: set.set_id, settle_index });
        }
        index.bodies.push(Body::of(key, at, &invoice, error));
    }

    fn set(&mut self, key: &[u8], at: At, bytes: &[u8], cut: bool) {
        let split = key.split_first_chunk::<4>();
        let Some((number, set)) =
            split.and_then(|(number, set)| Some((number, set.try_into().ok()?)))
        else {
            return;
        };
        let key = u32::from_be_bytes(*number);
        let (HtlcSet { htlcs, cut: missing }, mut error) = match invoice::decode_htlcs(bytes) {
            Ok(read) => (read, None),
            Err((error, read)) => (read, Some(error)),
        };
        if cut {
            error = Some(unreadable(bytes.len() as u64));
        }
        let index = &mut self.out.index;
        index.circuits(key, at, &htlcs);
        let htlcs = u32::try_from(htlcs.len()).unwrap_or(u32::MAX);
        index.sets.push(SetBody { key, set, at, htlcs, cut: missing, error });
    }
}

impl Body {
    fn of(key: u32, at: At, invoice: &Invoice, error: Option<DecodeError>) -> Body {
        let count = |state| {
            let htlcs = invoice.htlcs.iter().filter(|htlc: &&Htlc| htlc.state == state);
            u32::try_from(htlcs.count()).unwrap_or(u32::MAX)
        };
        Body {
            key,
            at,
            error,
            cut: invoice.cut,
            encoding: invoice.encoding,
            state: invoice.state,
            created: invoice.created,
            add_index: invoice.add_index,
            settle_index: invoice.settle_index,
            payment_addr: invoice.payment_addr,
            payment_request: half_hash(&invoice.payment_request),
            since_v0_11: invoice.hodl.is_some(),
            amp: invoice.is_amp(),
            amount_paid_msat: invoice.amount_paid_msat,
            htlcs: u32::try_from(invoice.htlcs.len()).unwrap_or(u32::MAX),
            accepted: count(HtlcState::Accepted),
            settled_msat: invoice.sum(HtlcState::Settled),
        }
    }

    fn unreadable(key: u32, at: At, error: DecodeError) -> Body {
        Body::of(key, at, &Invoice::default(), Some(error))
    }
}

impl KvIndex {
    fn circuits(&mut self, key: u32, at: At, htlcs: &[Htlc]) {
        let named = htlcs.iter().filter(|htlc| htlc.has_circuit());
        self.circuits.extend(named.map(|htlc| CircuitRow { circuit: htlc.circuit, key, at }));
    }
}

/// The first half of the SHA-256 of a payment request.
fn half_hash(payment_request: &[u8]) -> Option<[u8; 16]> {
    if payment_request.is_empty() {
        return None;
    }
    Sha256::digest(payment_request).first_chunk().copied()
}

fn unreadable(have: u64) -> DecodeError {
    let kind = DecodeErrorKind::Ends { need: have.saturating_add(1), have };
    DecodeError { at: have, field: "value", kind }
}
