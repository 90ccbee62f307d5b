//! How many there are of everything.

use alloc::string::ToString as _;

use serde::Serialize;

use super::audit::Reach;
use super::index::{Bucket, KvIndex, Nik};
use crate::finding::Values;
use crate::lnd::gotime::Text;
use crate::lnd::invoice::ContractState;

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn text<S: serde::Serializer>(number: &u64, serializer: S) -> Result<S::Ok, S::Error> {
    serde::Serialize::serialize(&Text(*number), serializer)
}

/// The counts of a key-value store's invoices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Ledger {
    /// Invoices.
    pub invoices: u64,
    /// Of them, those that cannot be read.
    pub undecodable: u64,
    /// Of those that can be read, open ones.
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
    /// HTLCs stored with invoices.
    pub htlcs: u64,
    /// Payments to AMP invoices, stored apart.
    pub amp_sets: u64,
    /// HTLCs of those.
    pub amp_htlcs: u64,
    /// The greatest invoice number; `None` if there are no invoices.
    pub greatest_number: Option<u32>,
    /// The next invoice's number (`nik`).
    pub next_number: Option<u32>,
    /// Rows of `paymenthashes`.
    pub hashes: u64,
    /// Rows of `invoice-add-index`: what LND lists, and what it migrates.
    pub adds: u64,
    /// The greatest add index.
    #[serde(serialize_with = "text")]
    pub greatest_add: u64,
    /// The sequence of that bucket.
    #[serde(serialize_with = "text")]
    pub add_sequence: u64,
    /// Numbers up to the greatest that have no row: deleted invoices.
    #[serde(serialize_with = "text")]
    pub add_gaps: u64,
    /// Rows of `invoice-settle-index` that lead to an invoice.
    pub settles: u64,
    /// Rows that lead to a payment to an AMP invoice.
    pub amp_settles: u64,
    /// The greatest settle index.
    #[serde(serialize_with = "text")]
    pub greatest_settle: u64,
    /// The sequence of that bucket.
    #[serde(serialize_with = "text")]
    pub settle_sequence: u64,
    /// Numbers up to the greatest that have no row.
    #[serde(serialize_with = "text")]
    pub settle_gaps: u64,
    /// Rows of `pay-addr-index`.
    pub addresses: u64,
    /// Rows of `set-id-index`.
    pub set_ids: u64,
    /// Invoices that neither `paymenthashes` nor `invoice-add-index` leads to, canceled: LND's own
    /// clean-up leaves them.
    pub orphans_canceled: u64,
    /// The same, not canceled.
    pub orphans_lost: u64,
}

impl Ledger {
    /// Counts.
    pub fn of(index: &KvIndex) -> Ledger {
        let reach = Reach::of(index);
        Ledger::counted(index, &reach)
    }

    pub(super) fn counted(index: &KvIndex, reach: &Reach) -> Ledger {
        let mut ledger = Ledger {
            invoices: index.bodies.len() as u64,
            amp_sets: index.sets.len() as u64,
            amp_htlcs: index.sets.iter().map(|set| u64::from(set.htlcs)).sum(),
            greatest_number: index.bodies.last().map(|body| body.key),
            next_number: match index.nik {
                Nik::Number(number) => Some(number),
                Nik::Missing | Nik::Malformed(_) => None,
            },
            hashes: index.hashes.len() as u64,
            adds: index.adds.len() as u64,
            greatest_add: index.adds.last().map_or(0, |row| row.index),
            add_sequence: index.add_sequence.unwrap_or(0),
            greatest_settle: index.settles.last().map_or(0, |row| row.index),
            settle_sequence: index.settle_sequence.unwrap_or(0),
            amp_settles: index.settles.iter().filter(|row| row.set.is_some()).count() as u64,
            addresses: index.addresses.len() as u64,
            set_ids: index.set_ids.len() as u64,
            ..Ledger::default()
        };
        ledger.settles = (index.settles.len() as u64).saturating_sub(ledger.amp_settles);
        ledger.add_gaps = gaps(index.adds.iter().map(|row| row.index));
        ledger.settle_gaps = gaps(index.settles.iter().map(|row| row.index));
        for body in &index.bodies {
            ledger.htlcs += u64::from(body.htlcs);
            if body.error.is_some() {
                ledger.undecodable += 1;
                continue;
            }
            ledger.amp += u64::from(body.amp);
            let canceled = body.state == ContractState::Canceled;
            *match body.state {
                ContractState::Open => &mut ledger.open,
                ContractState::Settled => &mut ledger.settled,
                ContractState::Canceled => &mut ledger.canceled,
                ContractState::Accepted => &mut ledger.accepted,
                ContractState::Other(_) => &mut ledger.other,
            } += 1;
            if reach.is_orphan(body.key) {
                ledger.orphans_canceled += u64::from(canceled);
                ledger.orphans_lost += u64::from(!canceled);
            }
        }
        ledger
    }

    /// As a finding's values.
    pub(super) fn values(&self, index: &KvIndex) -> Values {
        let number = |number: Option<u32>| number.map(u64::from);
        Values::new()
            .with("invoices", self.invoices)
            .with("undecodable", self.undecodable)
            .with("open", self.open)
            .with("settled", self.settled)
            .with("canceled", self.canceled)
            .with("accepted", self.accepted)
            .with("amp", self.amp)
            .with("htlcs", self.htlcs)
            .with("amp_sets", self.amp_sets)
            .with("amp_htlcs", self.amp_htlcs)
            .with("hashes", self.hashes)
            .with("adds", self.adds)
            .with("add_gaps", self.add_gaps.to_string())
            .with("settles", self.settles)
            .with("amp_settles", self.amp_settles)
            .with("settle_gaps", self.settle_gaps.to_string())
            .with("addresses", self.addresses)
            .with("set_ids", self.set_ids)
            .with("orphans", self.orphans_canceled + self.orphans_lost)
            .with_some("greatest_number", number(self.greatest_number))
            .with_some("next_number", number(self.next_number))
            .with("greatest_add", self.greatest_add.to_string())
            .with("add_counter", self.add_sequence.to_string())
            .with("greatest_settle", self.greatest_settle.to_string())
            .with("settle_counter", self.settle_sequence.to_string())
            .with_some("unreadable", unreadable(index))
    }
}

fn unreadable(index: &KvIndex) -> Option<u64> {
    let stretches = Bucket::ALL.iter().filter_map(|kind| index.unreadable.get(*kind as usize));
    Some(stretches.sum()).filter(|sum| *sum > 0)
}

/// How many numbers from 1 to the greatest are missing from sorted ones.
fn gaps(sorted: impl Iterator<Item = u64>) -> u64 {
    let (mut last, mut gaps) = (0, 0_u64);
    for number in sorted {
        gaps = gaps.saturating_add(number.saturating_sub(last).saturating_sub(1));
        last = number;
    }
    gaps
}
