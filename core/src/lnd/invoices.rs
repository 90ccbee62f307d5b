//! Invoices in LND's key-value store: the bucket `invoices`, its indexes and their sequences, and
//! what else in that store bears on where the invoices are.
//!
//! | bucket | key → value |
//! | --- | --- |
//! | `invoices` | invoice number (u32) → invoice; number and set id (36 bytes) → HTLCs of one AMP payment; `invoice-tombstone` → `1` |
//! | `invoices/paymenthashes` | payment hash → number; `nik` → next number |
//! | `invoices/invoice-add-index` | add index (u64) → number |
//! | `invoices/invoice-settle-index` | settle index (u64) → number, for an AMP payment number and set id |
//! | `pay-addr-index` | payment address → number |
//! | `set-id-index` | set id → number |
//!
//! Source: channeldb/invoices.go. One pass reads it all ([`Reading`]) and keeps an index, never a
//! body ([`KvIndex`]); bodies are read again when they are shown ([`page()`]).

mod audit;
mod facts;
mod fault;
mod index;
mod ledger;
mod network;
mod page;
mod read;
mod singles;

pub use audit::audit;
pub(in crate::lnd) use audit::{error_values, sum_values};
pub use facts::{Dbp, KvFacts, Marker, TopBucket};
pub use fault::Fault;
pub use index::{
    AddressRow, Body, Bucket, CircuitRow, HashRow, IndexRow, KvIndex, Nik, Odd, OddKind, SetBody,
    SettleRow,
};
pub use ledger::Ledger;
pub use network::{Census, Network};
pub use page::{InvoicePage, InvoiceRow, SetRow, ShownRow, page};
pub(in crate::lnd) use page::{row as row_of, set as set_of};
pub(in crate::lnd) use read::VALUE;
pub use read::{KvInvoices, ReadJob, Reading};
pub use singles::{Duplicate, Duplicates};
