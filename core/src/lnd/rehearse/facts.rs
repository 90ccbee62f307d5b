//! What is kept of each invoice while the migration is rehearsed: what must be unique, as halves of
//! hashes, and its faults. About 80 bytes for each.

use alloc::vec::Vec;

use sha2::{Digest as _, Sha256};

use super::faults::{Fault, Ways, faults, htlcs};
use super::rule::{End, GoError, Rule};
use crate::job::Progress;
use crate::kv::bucket::{At, Buckets};
use crate::lnd::compare::keys::{Keys, Stream};
use crate::lnd::invoice::{Circuit, ContractState};
use crate::lnd::invoices::InvoiceRow;
use crate::lnd::pace::Watch;
use crate::sorting::{sort, sort_by_key};
use crate::source::SourceError;

/// Half a hash: enough to tell any two apart.
pub(super) type Half = [u8; 16];

/// An invoice.
#[derive(Clone, Debug)]
pub(super) struct Fact {
    pub(super) key: u32,
    /// The add index that it has itself.
    pub(super) add_index: u64,
    /// The hash under which it is migrated; `None` if it is left out.
    pub(super) hash: Option<Half>,
    pub(super) address: Option<Half>,
    pub(super) request: Option<Half>,
    pub(super) state: u8,
    pub(super) readable: bool,
}

/// A fault of an invoice, with what LND names in its text.
#[derive(Clone, Debug)]
pub(super) struct Faulty {
    pub(super) key: u32,
    pub(super) at: At,
    pub(super) hash: [u8; 32],
    pub(super) fault: Fault,
}

/// Something that LND does without a word.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quiet {
    pub(super) key: u32,
    pub(super) at: At,
    pub(super) add_index: u64,
    pub(super) rule: Rule,
    pub(super) state: u8,
    /// It is left out; else it is brought over as another.
    pub(super) lost: bool,
}

/// All invoices of a key-value store.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    /// By number.
    pub(super) all: Vec<Fact>,
    /// By number, then in LND's order.
    pub(super) faults: Vec<Faulty>,
    pub(super) quiet: Vec<Quiet>,
    /// Of invoices that are brought over.
    pub(super) circuits: Vec<(Circuit, u32)>,
    pub(super) sets: Vec<(Half, u32)>,
    /// Numbers that lead to buckets, sorted.
    pub(super) buckets: Vec<u32>,
    /// Add indexes whose row leads nowhere because of its length, sorted.
    pub(super) overlong: Vec<u64>,
    pub(super) htlcs: u64,
    pub(super) unreadable: u64,
}

impl Facts {
    /// Reads them. `None` if it was stopped.
    pub(super) fn read(
        store: &dyn Buckets,
        keys: &Keys,
        ways: Ways,
        watch: &mut Watch<'_>,
    ) -> Result<Option<Facts>, SourceError> {
        let mut facts = Facts { overlong: keys.overlong.clone(), ..Facts::default() };
        let mut stream = Stream::new(store, keys);
        while let Some(rows) = stream.more()? {
            for row in &rows {
                facts.take(row, keys, ways);
            }
            let done = facts.all.len() as u64;
            if !watch(Progress { done, total: keys.listed().max(done) }) {
                return Ok(None);
            }
        }
        sort_by_key(&mut facts.all, |fact| fact.key);
        facts.buckets = stream.buckets;
        sort(&mut facts.buckets);
        facts.unreadable =
            stream.unreadable.saturating_add(keys.unreadable).saturating_add(keys.misshapen);
        Ok(Some(facts))
    }

    /// The place of the invoice of that number.
    pub(super) fn place(&self, key: u32) -> Option<usize> {
        self.all.binary_search_by_key(&key, |fact| fact.key).ok()
    }

    /// The faults of that invoice.
    pub(super) fn faults_of(&self, key: u32) -> &[Faulty] {
        let start = self.faults.partition_point(|fault| fault.key < key);
        let end = self.faults.partition_point(|fault| fault.key <= key);
        self.faults.get(start..end).unwrap_or_default()
    }

    fn take(&mut self, row: &InvoiceRow, keys: &Keys, ways: Ways) {
        let invoice = &row.invoice;
        let (key, at, add_index) = (row.key, row.at, invoice.add_index);
        let state = number(invoice.state);
        let mut fact = Fact {
            key,
            add_index,
            hash: None,
            address: None,
            request: None,
            state,
            readable: row.error.is_none(),
        };
        let mut quiet = |rule, lost| {
            self.quiet.push(Quiet { key, at, add_index, rule, state, lost });
        };
        if !row.listed {
            // The clean-up leaves canceled ones so; any other is lost to LND.
            if row.hash.is_some() || invoice.state != ContractState::Canceled {
                quiet(Rule::P15, true);
            }
            self.all.push(fact);
            return;
        }
        if let Some(error) = &row.error {
            let end = End::Undecodable(GoError::of(error));
            let stage = super::faults::Stage::Legacy;
            let fault = Fault { rule: Rule::P18, stage, end };
            self.faults.push(Faulty { key, at, hash: [0; 32], fault });
            self.all.push(fact);
            return;
        }
        let hash = match invoice.preimage {
            Some(preimage) => {
                let hash = Sha256::digest(preimage).into();
                let mut filed = keys.hashes_of(key).peekable();
                if filed.peek().is_some() && !filed.any(|filed| *filed == hash) {
                    quiet(Rule::P10, false);
                }
                Some(hash)
            }
            None => match looked_up(keys, add_index) {
                // The log says so, and the count of the next line does not.
                None => {
                    quiet(Rule::P12, true);
                    None
                }
                Some((of, _)) if of != key => {
                    quiet(Rule::P12, false);
                    Some(keys.hash_of(of).unwrap_or_default())
                }
                Some((_, None)) => {
                    quiet(Rule::P11, false);
                    Some([0; 32])
                }
                Some((_, hash)) => hash,
            },
        };
        if let Some(hash) = hash {
            fact.hash = half(&hash);
            fact.address = invoice.payment_addr.as_ref().and_then(half);
            let request = &invoice.payment_request;
            let digest = || -> [u8; 32] { Sha256::digest(request).into() };
            fact.request = (!request.is_empty()).then(digest).as_ref().and_then(half);
            let htlcs = htlcs(row);
            self.htlcs = self.htlcs.saturating_add(htlcs.len() as u64);
            self.circuits.extend(htlcs.iter().map(|htlc| (htlc.circuit, key)));
            let legacy = invoice.amp.as_ref().is_none_or(Vec::is_empty) && ways.legacy_amp;
            if invoice.is_amp() {
                let listed = invoice.amp.iter().flatten().map(|set| set.set_id);
                let made = htlcs.iter().filter_map(|htlc| Some(htlc.amp.as_ref()?.set_id));
                let mut sets: Vec<Half> =
                    listed.chain(made.filter(|_| legacy)).filter_map(|set| half(&set)).collect();
                sort(&mut sets);
                sets.dedup();
                self.sets.extend(sets.into_iter().map(|set| (set, key)));
            }
            for fault in faults(row, &htlcs, ways) {
                self.faults.push(Faulty { key, at, hash, fault });
            }
        }
        self.all.push(fact);
    }
}

/// The row of the scratch table with that add index: which invoice, and its hash. Where an index is
/// missing, LND makes no such table.
fn looked_up(keys: &Keys, add_index: u64) -> Option<(u32, Option<[u8; 32]>)> {
    if !keys.has_hashes || !keys.has_adds {
        return None;
    }
    let place = keys.adds.binary_search_by_key(&add_index, |(index, _)| *index).ok()?;
    let (_, key) = keys.adds.get(place)?;
    Some((*key, keys.hash_of(*key)))
}

fn half(hash: &[u8; 32]) -> Option<Half> {
    hash.first_chunk().copied()
}

fn number(state: ContractState) -> u8 {
    match state {
        ContractState::Open => 0,
        ContractState::Settled => 1,
        ContractState::Canceled => 2,
        ContractState::Accepted => 3,
        ContractState::Other(_) => 4,
    }
}
