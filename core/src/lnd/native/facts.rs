//! What native SQL says beside its invoices: which migrations ran, and on which network.

use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;

use super::index::{NativeRow, Provenance};
use crate::kv::bucket::At;
use crate::lnd::gotime::Time;
use crate::lnd::invoice::ContractState;
use crate::lnd::invoices::Census;

/// A row of `migration_tracker`: a migration that ran.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrackerRow {
    /// Its number in LND's list of migrations.
    pub version: i64,
    /// When it ran, as it stands there, made visible.
    pub text: String,
    /// The same as a point in time, if it is one.
    pub time: Option<Time>,
    /// Where it stands.
    pub at: At,
}

/// How many rows a table has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableRows {
    /// The table's name, made visible.
    pub name: String,
    /// Its columns' names, made visible.
    pub columns: Vec<String>,
    /// Its rows, if they were counted.
    pub rows: Option<u64>,
    /// Stretches of it that could not be read.
    pub unreadable: u64,
}

/// What native SQL says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NativeFacts {
    /// All tables.
    pub tables: Vec<TableRows>,
    /// Rows of `schema_migrations`: version, and whether a migration broke off. LND has one row;
    /// `None` without the table.
    pub schema: Option<Vec<(i64, bool)>>,
    /// `migration_tracker`, by version; `None` without the table.
    pub tracker: Option<Vec<TrackerRow>>,
    /// `invoice_sequences`; `None` without the table.
    pub sequences: Option<Vec<(String, i64)>>,
    /// Where the row `settle_index` of it stands.
    pub settle_sequence_at: At,
    /// Networks in `chain_params`, where LND keeps one since v0.21; `None` without the table.
    pub networks: Option<Vec<String>>,
    /// Rows of `invoice_payment_hashes`, the migration's scratch table; `None` without the table.
    pub scratch: Option<u64>,
    /// The network of each payment request.
    pub census: Census,
    /// When the oldest invoice was made.
    pub oldest: Option<Time>,
    /// When the newest invoice was made.
    pub newest: Option<Time>,
    /// When the newest invoice was made that LND made here.
    pub newest_native: Option<Time>,
    /// Counts of the invoices.
    pub ledger: NativeLedger,
}

impl NativeFacts {
    /// Whether there is a table of that name.
    pub fn has_table(&self, name: &str) -> bool {
        self.tables.iter().any(|table| table.name == name)
    }

    /// Stretches of that table that could not be read.
    pub fn unreadable(&self, name: &str) -> u64 {
        let table = self.tables.iter().find(|table| table.name == name);
        table.map_or(0, |table| table.unreadable)
    }

    /// The highest version in `migration_tracker`: the only one that LND looks at.
    pub fn tracker_version(&self) -> Option<i64> {
        self.tracker.as_ref()?.iter().map(|row| row.version).max()
    }

    /// The row of `migration_tracker` of that version.
    pub fn tracked(&self, version: i64) -> Option<&TrackerRow> {
        self.tracker.as_ref()?.iter().find(|row| row.version == version)
    }

    /// The counter of settle indexes, if it is there.
    pub fn settle_sequence(&self) -> Option<i64> {
        let mut sequences = self.sequences.as_ref()?.iter();
        sequences.find(|(name, _)| name == "settle_index").map(|(_, value)| *value)
    }

    /// Counts an invoice.
    pub(super) fn count(&mut self, row: &NativeRow) {
        let ledger = &mut self.ledger;
        ledger.invoices += 1;
        ledger.amp += u64::from(row.amp);
        *match row.state {
            ContractState::Open => &mut ledger.open,
            ContractState::Settled => &mut ledger.settled,
            ContractState::Canceled => &mut ledger.canceled,
            ContractState::Accepted => &mut ledger.accepted,
            ContractState::Other(_) => &mut ledger.other,
        } += 1;
        ledger.native += u64::from(row.provenance == Provenance::Native);
        ledger.migrated += u64::from(row.provenance == Provenance::Migrated);
        let Some(created) = row.created else { return };
        let moment = |time: Time| (time.seconds, time.nanoseconds);
        let newer = |than: Option<Time>| than.is_none_or(|than| moment(created) > moment(than));
        if self.oldest.is_none_or(|oldest| moment(created) < moment(oldest)) {
            self.oldest = Some(created);
        }
        if newer(self.newest) {
            self.newest = Some(created);
        }
        if row.provenance == Provenance::Native && newer(self.newest_native) {
            self.newest_native = Some(created);
        }
    }
}

/// The counts of native SQL's invoices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct NativeLedger {
    /// Invoices.
    pub invoices: u64,
    /// Open ones.
    pub open: u64,
    /// Settled ones.
    pub settled: u64,
    /// Canceled ones.
    pub canceled: u64,
    /// Accepted ones.
    pub accepted: u64,
    /// Those in a state that LND does not know.
    pub other: u64,
    /// AMP invoices among them.
    pub amp: u64,
    /// Invoices that a migration brought.
    pub migrated: u64,
    /// Invoices that LND made here.
    pub native: u64,
    /// HTLCs.
    pub htlcs: u64,
    /// Payments to AMP invoices.
    pub amp_sets: u64,
    /// Events.
    pub events: u64,
}
