//! One invoice of either side in one shape: all its HTLCs together, and how exactly its side keeps
//! it.

use alloc::vec::Vec;

use crate::kv::bucket::At;
use crate::lnd::gotime::Time;
use crate::lnd::invoice::{Htlc, Invoice};
use crate::lnd::invoices::InvoiceRow;
use crate::lnd::migration::SqlEngine;
use crate::lnd::native::{NativePageRow, Provenance};
use crate::sorting::{sort, sort_by_key};

/// How exactly a side keeps times. Finer parts are dropped, not rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// Nanoseconds: the key-value store, and SQLite's texts.
    Nanoseconds,
    /// Microseconds: Postgres.
    Microseconds,
    /// Seconds: what `lncli listinvoices` tells.
    Seconds,
}

impl Precision {
    /// The moment as that side would have it.
    pub(super) fn of(self, time: Time) -> (i64, i32) {
        match self {
            Precision::Nanoseconds => (time.seconds, time.nanoseconds),
            Precision::Microseconds => (time.seconds, time.nanoseconds - time.nanoseconds % 1_000),
            Precision::Seconds => (time.seconds, 0),
        }
    }
}

/// What a side says at all. What it does not say is not compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Knows {
    /// How exactly it keeps times.
    pub precision: Precision,
    /// Payment address, features and flags: missing in lists by old releases.
    pub terms: bool,
    /// Which HTLCs belong to an AMP payment.
    pub circuits: bool,
    /// Whether AMP payments are listed.
    pub sets: bool,
}

impl Knows {
    /// All of it, that exactly.
    pub const fn all(precision: Precision) -> Knows {
        Knows { precision, terms: true, circuits: true, sets: true }
    }
}

/// An invoice, to be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct One {
    /// Its payment hash, as its side has it.
    pub hash: Option<[u8; 32]>,
    /// Its number on its side.
    pub number: u64,
    /// Where it stands.
    pub at: At,
    /// The invoice, with all its HTLCs.
    pub invoice: Invoice,
    /// The column `is_amp`, where there is one.
    pub is_amp: Option<bool>,
    /// The column `is_keysend`, where there is one.
    pub is_keysend: Option<bool>,
    /// The column `payment_request_hash`; `None` where there is none.
    pub request_hash: Option<Option<[u8; 32]>>,
    /// Where it comes from.
    pub provenance: Provenance,
    /// What its side says.
    pub knows: Knows,
}

impl One {
    /// Of the key-value store.
    pub fn of_kv(row: InvoiceRow) -> One {
        let InvoiceRow { key, at, hash, mut invoice, sets, .. } = row;
        // LND looks for HTLCs beside an AMP invoice only if it has none itself.
        if invoice.is_amp() && invoice.htlcs.is_empty() {
            invoice.htlcs = sets.into_iter().flat_map(|set| set.htlcs).collect();
        }
        for htlc in &mut invoice.htlcs {
            // Without a hash LND does not take it for an AMP HTLC.
            if htlc.amp.as_ref().is_some_and(|amp| amp.hash.is_none()) {
                htlc.amp = None;
            }
        }
        One {
            hash,
            number: key.into(),
            at,
            invoice: sorted(invoice),
            is_amp: None,
            is_keysend: None,
            request_hash: None,
            provenance: Provenance::Unknown,
            knows: Knows::all(Precision::Nanoseconds),
        }
    }

    /// Of native SQL.
    pub fn of_sql(row: NativePageRow, engine: SqlEngine) -> One {
        let precision = match engine {
            SqlEngine::Sqlite => Precision::Nanoseconds,
            SqlEngine::Postgres => Precision::Microseconds,
        };
        One {
            hash: row.hash,
            number: u64::try_from(row.id).unwrap_or(0),
            at: row.at,
            invoice: sorted(row.invoice),
            is_amp: row.is_amp,
            is_keysend: row.is_keysend,
            request_hash: Some(row.payment_request_hash),
            provenance: row.provenance,
            knows: Knows::all(precision),
        }
    }
}

/// HTLCs by channel and number, each once: LND keeps them in a map, the last one wins.
fn sorted(mut invoice: Invoice) -> Invoice {
    sort_by_key(&mut invoice.htlcs, |htlc| htlc.circuit);
    let mut once: Vec<Htlc> = Vec::with_capacity(invoice.htlcs.len());
    for mut htlc in invoice.htlcs {
        sort(&mut htlc.custom_records);
        match once.last_mut().filter(|last| last.circuit == htlc.circuit) {
            Some(last) => *last = htlc,
            None => once.push(htlc),
        }
    }
    invoice.htlcs = once;
    for set in invoice.amp.iter_mut().flatten() {
        sort(&mut set.circuits);
    }
    if let Some(sets) = &mut invoice.amp {
        sort_by_key(sets, |set| set.set_id);
    }
    invoice
}

/// The same with its HTLCs and AMP payments in order.
#[cfg(feature = "json")]
pub(super) fn tidied(mut one: One) -> One {
    one.invoice = sorted(one.invoice);
    one
}
