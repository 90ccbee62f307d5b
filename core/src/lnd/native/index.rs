//! What is kept of native SQL's invoices: a row for each, and where the rows stand that belong to
//! it.

use alloc::vec::Vec;

use crate::kv::bucket::At;
use crate::lnd::gotime::Time;
use crate::lnd::invoice::{ContractState, HtlcState};
use crate::sorting::{sort, sort_by_key};

/// Where an invoice of native SQL comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Provenance {
    /// LND made it here: it has an event of type 0.
    Native,
    /// A migration from the key-value store brought it: it has no such event.
    Migrated,
    /// Events are missing, or were not readable throughout.
    #[default]
    Unknown,
}

impl Provenance {
    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Provenance::Native => "native",
            Provenance::Migrated => "migrated",
            Provenance::Unknown => "unknown",
        }
    }
}

/// A row of `invoices`, without its texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NativeRow {
    /// Its id, which is its add index.
    pub id: i64,
    /// Where it stands.
    pub at: At,
    /// Its payment hash; `None` if the cell does not hold one.
    pub hash: Option<[u8; 32]>,
    /// Its state.
    pub state: ContractState,
    /// When it was made.
    pub created: Option<Time>,
    /// Its settle index.
    pub settle_index: Option<i64>,
    /// How long it is valid, in seconds.
    pub expiry: Option<i64>,
    /// Its column `is_amp`.
    pub amp: bool,
    /// The amount paid, in millisatoshi.
    pub amount_paid_msat: u64,
    /// Where it comes from.
    pub provenance: Provenance,
    /// Whether it has an event of type 2: it was settled here.
    pub settled_here: bool,
    /// When its oldest event was added.
    pub oldest_event: Option<Time>,
    /// How many HTLCs it has.
    pub htlcs: u32,
    /// How many of them are accepted.
    pub accepted: u32,
    /// The sum of those that are settled, in millisatoshi.
    pub settled_msat: u64,
    pub(super) handle: u64,
}

/// A row of `amp_sub_invoices`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubRow {
    /// The invoice's id.
    pub invoice: i64,
    /// The set's id.
    pub set: [u8; 32],
    /// Its state.
    pub state: HtlcState,
    /// Its settle index.
    pub settle_index: Option<i64>,
    /// Whether it has an event of type 5: it was settled here.
    pub settled_here: bool,
    /// Where it stands.
    pub at: At,
    pub(super) handle: u64,
}

/// A row of `invoice_htlcs`, as far as sums need it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct HtlcRow {
    pub(super) invoice: i64,
    pub(super) id: i64,
    pub(super) handle: u64,
    pub(super) amount_msat: u64,
    pub(super) state: HtlcState,
    pub(super) resolved: bool,
    pub(super) at: At,
}

/// An event, until it is joined to its invoice.
#[derive(Clone, Debug)]
pub(super) struct EventRow {
    pub(super) invoice: i64,
    pub(super) kind: i64,
    pub(super) added: Option<Time>,
}

/// A row that does not hold what its table says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadRow {
    /// The table.
    pub table: &'static str,
    /// Where the row stands.
    pub at: At,
    /// The row's id, or that of the invoice that it belongs to, if that can be read.
    pub row: Option<i64>,
    /// The column.
    pub field: &'static str,
}

/// All invoices of native SQL.
#[derive(Clone, Debug, Default)]
pub struct NativeIndex {
    /// The invoices, by id.
    pub invoices: Vec<NativeRow>,
    /// The payments to AMP invoices, by invoice and set id.
    pub subs: Vec<SubRow>,
    /// Rows that cannot be read, at most [`NativeIndex::BAD_KEPT`] of them.
    pub bad: Vec<BadRow>,
    /// How many there are.
    pub bad_count: u64,
    pub(super) by_hash: Vec<([u8; 32], i64)>,
    pub(super) htlcs: Vec<HtlcRow>,
    /// HTLC and handle, by HTLC.
    pub(super) records: Vec<(i64, u64)>,
    /// HTLC and handle, by HTLC.
    pub(super) amp_htlcs: Vec<(i64, u64)>,
    /// Invoice and feature bit.
    pub(super) features: Vec<(i64, i64)>,
    pub(super) events: Vec<EventRow>,
    pub(super) settled_sets: Vec<[u8; 32]>,
    /// Whether all events could be read.
    pub(super) events_whole: bool,
}

impl NativeIndex {
    /// So many rows that cannot be read are kept.
    pub const BAD_KEPT: usize = 1_000;

    /// The invoice of that id.
    pub fn invoice(&self, id: i64) -> Option<&NativeRow> {
        let place = self.invoices.binary_search_by_key(&id, |row| row.id).ok()?;
        self.invoices.get(place)
    }

    /// The invoice of that payment hash.
    pub fn by_hash(&self, hash: &[u8; 32]) -> Option<&NativeRow> {
        let place = self.by_hash.binary_search_by_key(hash, |(hash, _)| *hash).ok()?;
        self.by_hash.get(place).and_then(|(_, id)| self.invoice(*id))
    }

    pub(super) fn push_bad(&mut self, bad: BadRow) {
        self.bad_count = self.bad_count.saturating_add(1);
        if self.bad.len() < Self::BAD_KEPT {
            self.bad.push(bad);
        }
    }

    /// Sorts everything, and joins events and HTLCs to their invoices in one pass over each.
    pub(super) fn join(&mut self) {
        sort_by_key(&mut self.invoices, |row| row.id);
        sort_by_key(&mut self.subs, |row| (row.invoice, row.set));
        sort(&mut self.htlcs);
        sort(&mut self.records);
        sort(&mut self.amp_htlcs);
        sort(&mut self.features);
        sort(&mut self.settled_sets);
        let hashes = self.invoices.iter().filter_map(|row| Some((row.hash?, row.id)));
        self.by_hash = hashes.collect();
        sort(&mut self.by_hash);
        let without_event =
            if self.events_whole { Provenance::Migrated } else { Provenance::Unknown };
        for row in &mut self.invoices {
            row.provenance = without_event;
        }
        for event in core::mem::take(&mut self.events) {
            let Some(row) = find(&mut self.invoices, event.invoice) else { continue };
            match event.kind {
                0 => row.provenance = Provenance::Native,
                2 => row.settled_here = true,
                _ => {}
            }
            let older = |added: Time| row.oldest_event.is_none_or(|oldest| added < oldest);
            if let Some(added) = event.added.map(without_zone).filter(|added| older(*added)) {
                row.oldest_event = Some(added);
            }
        }
        for sub in &mut self.subs {
            sub.settled_here = self.settled_sets.binary_search(&sub.set).is_ok();
        }
        for htlc in &self.htlcs {
            let Some(row) = find(&mut self.invoices, htlc.invoice) else { continue };
            row.htlcs = row.htlcs.saturating_add(1);
            match htlc.state {
                HtlcState::Accepted => row.accepted = row.accepted.saturating_add(1),
                HtlcState::Settled => {
                    row.settled_msat = row.settled_msat.saturating_add(htlc.amount_msat);
                }
                _ => {}
            }
        }
    }
}

fn find(rows: &mut [NativeRow], id: i64) -> Option<&mut NativeRow> {
    let place = rows.binary_search_by_key(&id, |row| row.id).ok()?;
    rows.get_mut(place)
}

/// The same moment, so that times compare by nothing else.
fn without_zone(time: Time) -> Time {
    Time { zone: crate::lnd::gotime::Zone::None, ..time }
}
