//! LND's native SQL: the tables that hold invoices since they left the key-value store, and those
//! that say which migrations ran.
//!
//! Source: sqldb/sqlc/migrations and invoices/sql_store.go, v0.17 to v0.21. In SQLite's files a
//! time is the text of Go's `time.Time.String`, a flag is 0 or 1; a plain dump of Postgres has its
//! own texts for both. Either is read.
//!
//! An invoice that LND itself made here has an event of type 0 in `invoice_events`; one that the
//! migration brought has none. That tells them apart ([`Provenance`]).

mod audit;
pub(in crate::lnd) mod cells;
mod facts;
mod index;
pub(in crate::lnd) mod page;
mod read;

pub use audit::{audit, renumbered};
pub use facts::{NativeFacts, NativeLedger, TableRows, TrackerRow};
pub use index::{BadRow, NativeIndex, NativeRow, Provenance, SubRow};
pub use page::{NativePage, NativePageRow, ShownNativeRow, page};
pub use read::{Native, NativeJob, NativeReading};
