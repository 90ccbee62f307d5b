//! What LND's migration stumbles over in one invoice, in the order in which it comes to it
//! (invoices/sql_migration.go, `MigrateSingleInvoice` and what follows it).

use alloc::vec::Vec;

use super::rule::{End, Rule};
use crate::lnd::gotime::{Time, Zone};
use crate::lnd::invoice::{AmpSet, Circuit, ContractState, Expiry, Htlc, HtlcState, Invoice};
use crate::lnd::invoices::InvoiceRow;
use crate::lnd::migration::SqlEngine;
use crate::sorting::{sort, sort_by_key};

/// In which step of an invoice's migration something happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// The list of AMP payments is made where v0.13 had none.
    Legacy,
    /// Index and date of settlement are looked at.
    Settlement,
    /// The row is sent to the engine.
    Sent,
    /// The engine looks at what must be unique among invoices.
    Invoice,
    /// And among HTLCs.
    Htlcs,
    /// AMP payments follow.
    Sets,
    /// What was written is read again.
    Fetched,
    /// And compared.
    Compared,
}

/// Something that stops the migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) rule: Rule,
    pub(super) stage: Stage,
    pub(super) end: End,
}

/// What a release does differently.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ways {
    pub(super) engine: SqlEngine,
    /// It makes the list of AMP payments that v0.13 did not have (v0.20.4, v0.21.3 and later).
    pub(super) legacy_amp: bool,
}

/// Whether LND has no map of an invoice's HTLCs, not even an empty one: where one AMP payment
/// cannot be read, it takes none of them, and only logs the error.
fn without_map(row: &InvoiceRow) -> bool {
    let apart = row.invoice.is_amp() && row.invoice.htlcs.is_empty();
    apart && row.sets.iter().any(|set| set.error.is_some())
}

/// An invoice's HTLCs as LND reads them: a map, so that of two with one number the last is there.
pub(super) fn htlcs(row: &InvoiceRow) -> Vec<&Htlc> {
    let own = &row.invoice.htlcs;
    let mut all: Vec<&Htlc> = if row.invoice.is_amp() && own.is_empty() {
        if without_map(row) {
            return Vec::new();
        }
        row.sets.iter().flat_map(|set| &set.htlcs).collect()
    } else {
        own.iter().collect()
    };
    sort_by_key(&mut all, |htlc| htlc.circuit);
    let mut once: Vec<&Htlc> = Vec::with_capacity(all.len());
    for htlc in all {
        match once.last_mut().filter(|last| last.circuit == htlc.circuit) {
            Some(last) => *last = htlc,
            None => once.push(htlc),
        }
    }
    once
}

/// All of them, the first first.
pub(super) fn faults(row: &InvoiceRow, htlcs: &[&Htlc], ways: Ways) -> Vec<Fault> {
    let mut faults = Faults { invoice: &row.invoice, htlcs, ways, found: Vec::new() };
    faults.settlement();
    faults.text();
    faults.fetched();
    faults.compared();
    if without_map(row) {
        // Go's comparison tells no map from an empty one, which is what native SQL gives.
        faults.mismatch(Rule::P18);
    }
    if row.invoice.is_amp() {
        faults.amp();
    } else {
        faults.not_amp();
    }
    sort_by_key(&mut faults.found, |fault| fault.stage);
    faults.found
}

struct Faults<'a> {
    invoice: &'a Invoice,
    htlcs: &'a [&'a Htlc],
    ways: Ways,
    found: Vec<Fault>,
}

impl Faults<'_> {
    fn put(&mut self, rule: Rule, stage: Stage, end: End) {
        self.found.push(Fault { rule, stage, end });
    }

    fn mismatch(&mut self, rule: Rule) {
        self.put(rule, Stage::Compared, End::Mismatch);
    }

    fn settlement(&mut self) {
        let Invoice { state, settle_index, settled, .. } = self.invoice;
        if *state != ContractState::Settled {
            if *settle_index != 0 || !settled.is_zero() || has_zone(*settled) {
                self.mismatch(Rule::P2);
            }
        } else if *settle_index == 0 {
            self.put(Rule::P1, Stage::Settlement, End::NoSettleIndex);
        } else if settled.is_zero() {
            self.put(Rule::P1, Stage::Settlement, End::NoSettleDate);
        }
    }

    /// Postgres takes only UTF-8, and no zero byte.
    fn text(&mut self) {
        if self.ways.engine != SqlEngine::Postgres {
            return;
        }
        for text in [&self.invoice.memo, &self.invoice.payment_request] {
            if let Some((bytes, count)) = refused(text) {
                return self.put(Rule::P17, Stage::Sent, End::Encoding(bytes, count));
            }
        }
    }

    /// What an engine takes, and LND does not read again.
    fn fetched(&mut self) {
        let invoice = self.invoice;
        let settled = (invoice.state == ContractState::Settled).then_some(invoice.settled);
        let sets = invoice.amp.iter().flatten().filter(|set| set.settle_index != 0);
        let sets = sets.filter(|_| invoice.is_amp()).map(|set| set.settled);
        let mut times = core::iter::once(invoice.created).chain(settled).chain(sets);
        if self.ways.engine == SqlEngine::Sqlite && times.any(|time| !has_four_digits(time)) {
            self.put(Rule::Year, Stage::Fetched, End::Fetch);
        }
        // An AMP invoice's are read by way of its payments.
        let read = |htlc: &&&Htlc| !invoice.is_amp() || set_of(htlc).is_some();
        if self.htlcs.iter().filter(read).any(|htlc| i64::try_from(htlc.circuit.htlc).is_err()) {
            self.put(Rule::HtlcNumber, Stage::Fetched, End::Fetch);
        }
    }

    /// What native SQL cannot hold, whatever the invoice.
    fn compared(&mut self) {
        if self.invoice.no_payment_request {
            self.mismatch(Rule::PaymentRequest);
        }
        let nanoseconds = self.invoice.expiry.and_then(Expiry::nanoseconds).unwrap_or(0);
        let seconds = i32::try_from(nanoseconds / 1_000_000_000);
        if nanoseconds % 1_000_000_000 != 0 || seconds.is_err() {
            self.mismatch(Rule::P8);
        }
        if self.htlcs.iter().any(|htlc| htlc.accept_time.is_zero()) {
            self.mismatch(Rule::AcceptTime);
        }
    }

    fn not_amp(&mut self) {
        let sets = self.invoice.amp.as_ref().is_some_and(|sets| !sets.is_empty());
        if sets || self.htlcs.iter().any(|htlc| set_of(htlc).is_some()) {
            self.mismatch(Rule::P9);
        }
    }

    fn amp(&mut self) {
        let sets = self.invoice.amp.as_deref().unwrap_or_default();
        if !sets.is_empty() || self.htlcs.is_empty() {
            return self.sets(sets);
        }
        if self.ways.legacy_amp {
            self.legacy();
        } else {
            // The HTLCs are written, but nothing says to which payment they belong.
            self.mismatch(Rule::P3);
        }
    }

    /// `reconstructLegacyAMPState`. What it makes, the comparison accepts.
    fn legacy(&mut self) {
        let mut settled: Vec<[u8; 32]> = Vec::new();
        for htlc in self.htlcs {
            let Some(set) = set_of(htlc) else {
                return self.put(Rule::P3, Stage::Legacy, End::LegacyPlain(htlc.circuit));
            };
            match htlc.state {
                HtlcState::Settled => settled.push(set),
                HtlcState::Other(state) => {
                    let end = End::LegacyState(htlc.circuit, state);
                    return self.put(Rule::P3, Stage::Legacy, end);
                }
                HtlcState::Accepted | HtlcState::Canceled => {}
            }
        }
        sort(&mut settled);
        settled.dedup();
        let count = settled.len() as u64;
        let state = self.invoice.state;
        if state == ContractState::Settled && count != 1 {
            self.put(Rule::P3, Stage::Legacy, End::LegacySettled(count));
        } else if state != ContractState::Settled && count != 0 {
            self.put(Rule::P3, Stage::Legacy, End::LegacyUnsettled(state, count));
        }
    }

    fn sets(&mut self, sets: &[AmpSet]) {
        let mut named: Vec<Circuit> = Vec::new();
        for set in sets {
            let mut sum = 0_u64;
            for circuit in &set.circuits {
                let held = |htlc: &Htlc| htlc.state != HtlcState::Canceled;
                let found = self.find(*circuit);
                let found = found.map(|htlc| (set_of(htlc), htlc.amount_msat, held(htlc)));
                // Nil either way: no such HTLC, or one without AMP's data.
                let Some((Some(of), amount, held)) = found else {
                    return self.put(Rule::P4, Stage::Sets, End::Crash);
                };
                if of != set.set_id {
                    self.mismatch(Rule::P5);
                }
                if held {
                    sum = sum.saturating_add(amount);
                }
            }
            named.extend(&set.circuits);
            if set.settle_index != 0 && set.settled.is_zero() {
                self.put(Rule::P6, Stage::Sets, End::SetUndated(set.set_id));
            }
            if set.settle_index == 0 && (!set.settled.is_zero() || has_zone(set.settled)) {
                self.mismatch(Rule::P2);
            }
            if set.amount_paid_msat.unwrap_or(0) != sum {
                self.mismatch(Rule::P5);
            }
        }
        sort(&mut named);
        named.dedup();
        if named.len() != self.htlcs.len() {
            self.mismatch(Rule::P5);
        }
    }

    fn find(&self, circuit: Circuit) -> Option<&Htlc> {
        let place = self.htlcs.binary_search_by_key(&circuit, |htlc| htlc.circuit).ok()?;
        self.htlcs.get(place).copied()
    }
}

/// Whether a zero time has a zone: Go's comparison tells it from one without.
fn has_zone(time: Time) -> bool {
    time.is_zero() && matches!(time.zone, Zone::Offset(_))
}

/// Whether its year, in UTC, is one of four digits: from year 0 to 9999. SQLite keeps a time as
/// text, and LND's driver reads no other.
fn has_four_digits(time: Time) -> bool {
    const YEAR_0: i64 = -366 * 86_400;
    const YEAR_10_000: i64 = 3_652_059 * 86_400;
    (YEAR_0..YEAR_10_000).contains(&time.seconds)
}

/// The AMP payment of an HTLC. Without a hash, LND does not take it for one.
fn set_of(htlc: &Htlc) -> Option<[u8; 32]> {
    htlc.amp.as_ref().filter(|amp| amp.hash.is_some()).map(|amp| amp.set_id)
}

/// The first bytes that Postgres does not accept as text, as many as it shows: those that the
/// first of them announces.
fn refused(text: &[u8]) -> Option<([u8; 4], u8)> {
    let valid = core::str::from_utf8(text).map_or_else(|error| error.valid_up_to(), str::len);
    let zero = text.iter().position(|byte| *byte == 0);
    let at = zero.filter(|zero| *zero < valid).or((valid < text.len()).then_some(valid))?;
    let rest = text.get(at..)?;
    let announced = match rest.first()? {
        0xc0..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf7 => 4,
        _ => 1,
    };
    let mut bytes = [0; 4];
    let mut count = 0;
    for (to, byte) in bytes.iter_mut().zip(rest).take(announced) {
        *to = *byte;
        count += 1;
    }
    Some((bytes, count))
}
