//! What may stand in one invoice only. Native SQL has unique columns for it, so that a migration
//! fails at the second.

use alloc::vec::Vec;

use super::audit::Reach;
use super::index::KvIndex;
use crate::kv::bucket::At;
use crate::lnd::privacy::Privacy;
use crate::sorting::sort;

/// What is there twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Duplicates {
    /// A payment address.
    Address,
    /// A payment request.
    PaymentRequest,
    /// An HTLC of a channel.
    Circuit,
    /// The id of an AMP set.
    Set,
}

impl Duplicates {
    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Duplicates::Address => "payment_addr",
            Duplicates::PaymentRequest => "payment_request",
            Duplicates::Circuit => "circuit",
            Duplicates::Set => "set_id",
        }
    }
}

/// Something that several invoices have which LND would migrate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// What.
    pub what: Duplicates,
    /// Its name in a report.
    pub name: Option<alloc::string::String>,
    /// Where the second one stands.
    pub at: At,
    /// The invoices' numbers, at most ten of them.
    pub keys: Vec<u32>,
    /// How many invoices have it.
    pub count: u64,
}

/// Every one of them, among the invoices that `invoice-add-index` leads to: LND migrates no other.
pub(super) fn find(
    index: &KvIndex,
    reach: &Reach,
    privacy: &Privacy,
    mut found: impl FnMut(Duplicate),
) {
    let listed = |key: &u32| reach.has_add(*key);
    let bodies = || index.bodies.iter().filter(|body| body.error.is_none() && listed(&body.key));

    let addresses = bodies().filter_map(|body| Some((body.payment_addr?, body.key, body.at)));
    groups(addresses.collect(), |address, keys, count, at| {
        let name = Some(privacy.address(address));
        found(Duplicate { what: Duplicates::Address, name, at, keys, count });
    });
    let requests = bodies().filter_map(|body| Some((body.payment_request?, body.key, body.at)));
    groups(requests.collect(), |_, keys, count, at| {
        found(Duplicate { what: Duplicates::PaymentRequest, name: None, at, keys, count });
    });
    let circuits = index.circuits.iter().filter(|row| listed(&row.key));
    groups(
        circuits.map(|row| (row.circuit, row.key, row.at)).collect(),
        |circuit, keys, count, at| {
            let name = Some(privacy.circuit(*circuit));
            found(Duplicate { what: Duplicates::Circuit, name, at, keys, count });
        },
    );
    let sets = index.sets.iter().filter(|row| listed(&row.key));
    groups(sets.map(|row| (row.set, row.key, row.at)).collect(), |set, keys, count, at| {
        let name = Some(privacy.set(set));
        found(Duplicate { what: Duplicates::Set, name, at, keys, count });
    });
}

/// Tells of each key that belongs to more than one invoice.
fn groups<K: Ord + Copy>(mut rows: Vec<(K, u32, At)>, mut tell: impl FnMut(&K, Vec<u32>, u64, At)) {
    sort(&mut rows);
    rows.dedup_by_key(|(key, number, _)| (*key, *number));
    for group in rows.chunk_by(|a, b| a.0 == b.0) {
        if let [(key, _, _), (_, _, at), ..] = group {
            let keys = group.iter().take(10).map(|(_, number, _)| *number).collect();
            tell(key, keys, group.len() as u64, *at);
        }
    }
}
