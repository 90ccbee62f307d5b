//! What may differ between an invoice before and after, and what may not.
//!
//! After the migration LND goes on: an open invoice may become accepted, settled or canceled, an
//! accepted one settled or canceled; HTLCs arrive and are resolved. What an invoice was made with
//! never changes, and a settled or canceled one does not change at all.

use alloc::vec::Vec;

use sha2::{Digest as _, Sha256};

use super::difference::{Cost, Difference, Field, Told};
use super::one::One;
use crate::lnd::gotime::Time;
use crate::lnd::invoice::{AmpSet, Circuit, ContractState, Htlc, HtlcState};

/// All in which `new` is not what became of `old`.
pub fn differences(old: &One, new: &One) -> Vec<Difference> {
    let mut pair = Pair { old, new, found: Vec::new() };
    pair.terms();
    let course = pair.state();
    // What hangs on the state follows from it: one difference for one cause.
    if course != Course::Back {
        pair.settlement(course);
        pair.htlcs(course);
        pair.sets();
    }
    pair.found
}

/// How a state went on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Course {
    /// It is the same, and may change.
    Same,
    /// It is the same, and final.
    Final,
    /// It went on as states do.
    On,
    /// It did what no state does.
    Back,
}

struct Pair<'a> {
    old: &'a One,
    new: &'a One,
    found: Vec<Difference>,
}

impl Pair<'_> {
    fn put(&mut self, field: Field, old: Told, new: Told, cost: Cost) {
        self.put_of(field, Told::Absent, (old, new), cost);
    }

    fn put_of(&mut self, field: Field, of: Told, (old, new): (Told, Told), cost: Cost) {
        self.found.push(Difference { field, of, old, new, ahead: false, cost });
    }

    /// Two values that must be equal.
    fn same<T: PartialEq>(&mut self, field: Field, of: (T, T), told: fn(T) -> Told, cost: Cost) {
        if of.0 != of.1 {
            self.put(field, told(of.0), told(of.1), cost);
        }
    }

    /// Two times that must be equal, as far as both sides keep them.
    fn differ(&self, old: Time, new: Time) -> bool {
        let precision = self.old.knows.precision.max(self.new.knows.precision);
        precision.of(old) != precision.of(new)
    }

    /// What the invoice was made with.
    fn terms(&mut self) {
        let (old, new) = (&self.old.invoice, &self.new.invoice);
        let terms = self.old.knows.terms && self.new.knows.terms;
        if let (Some(before), Some(after)) = (self.old.hash, self.new.hash) {
            self.same(Field::Hash, (before, after), Told::Hash, Cost::Money);
        }
        self.same(Field::Value, (old.value_msat, new.value_msat), Told::Amount, Cost::Money);
        let words = |bytes: &Vec<u8>| Told::Words(bytes.clone());
        if old.memo != new.memo {
            self.put(Field::Memo, words(&old.memo), words(&new.memo), Cost::Books);
        }
        if old.payment_request != new.payment_request {
            let both = (words(&old.payment_request), words(&new.payment_request));
            self.put(Field::PaymentRequest, both.0, both.1, Cost::Books);
        }
        if self.differ(old.created, new.created) {
            let both = (Told::Moment(old.created), Told::Moment(new.created));
            self.put(Field::Created, both.0, both.1, Cost::Books);
        }
        let seconds = |one: &One| one.invoice.expiry.map(|expiry| i128::from(expiry.seconds()));
        if let (Some(before), Some(after)) = (seconds(self.old), seconds(self.new)) {
            self.same(Field::Expiry, (before, after), Told::Number, Cost::Books);
        }
        if let (Some(before), Some(after)) = (delta(self.old), delta(self.new)) {
            self.same(Field::CltvDelta, (before, after), Told::Number, Cost::Money);
        }
        if terms {
            let told = |address: Option<[u8; 32]>| address.map_or(Told::Absent, Told::Address);
            let both = (old.payment_addr, new.payment_addr);
            self.same(Field::PaymentAddr, both, told, Cost::Money);
            let bits = |one: &One| one.invoice.features.iter().collect::<Vec<i64>>();
            let both = (bits(self.old), bits(self.new));
            self.same(Field::Features, both, Told::Bits, Cost::Money);
        }
        if let (Some(before), Some(after)) = (old.hodl, new.hodl) {
            self.same(Field::IsHodl, (before, after), Told::Flag, Cost::Money);
        }
        self.columns();
        self.preimage();
    }

    /// Columns that follow from others.
    fn columns(&mut self) {
        let old = &self.old.invoice;
        if let Some(is) = self.new.is_amp.filter(|_| self.old.knows.terms) {
            self.same(Field::IsAmp, (old.is_amp(), is), Told::Flag, Cost::Money);
        }
        if let Some(is) = self.new.is_keysend.filter(|_| self.old.knows.terms) {
            self.same(Field::IsKeysend, (old.is_keysend(), is), Told::Flag, Cost::Books);
        }
        let request = &self.new.invoice.payment_request;
        // A request that is another has another hash: one difference for one cause.
        let kept = *request == old.payment_request;
        if let Some(stored) = self.new.request_hash.filter(|_| kept) {
            let is = (!request.is_empty()).then(|| Sha256::digest(request).into());
            let told = |hash: Option<[u8; 32]>| hash.map_or(Told::Absent, |_| Told::Present);
            // What the request's own text gives, and what stands beside it.
            self.same(Field::PaymentRequestHash, (is, stored), told, Cost::Books);
        }
    }

    /// A preimage may become known when a hold invoice is settled; it never changes.
    fn preimage(&mut self) {
        let (old, new) = (self.old.invoice.preimage, self.new.invoice.preimage);
        let fits = |preimage: &[u8; 32]| {
            self.new.hash.is_none_or(|hash| <[u8; 32]>::from(Sha256::digest(preimage)) == hash)
        };
        let learned = old.is_none()
            && self.new.invoice.state == ContractState::Settled
            && new.as_ref().is_some_and(fits);
        if old != new && !learned {
            let told = |preimage: Option<[u8; 32]>| {
                preimage.map_or(Told::Absent, |bytes| Told::Secret(bytes.to_vec()))
            };
            self.put(Field::Preimage, told(old), told(new), Cost::Money);
        }
    }

    fn state(&mut self) -> Course {
        use ContractState::{Accepted, Canceled, Open, Settled};
        let goes_on = |from, to| {
            matches!(
                (from, to),
                (Open, Accepted | Settled | Canceled) | (Accepted, Settled | Canceled)
            )
        };
        let (old, new) = (self.old.invoice.state, self.new.invoice.state);
        if old == new {
            let last = matches!(old, Settled | Canceled);
            return if last { Course::Final } else { Course::Same };
        }
        if goes_on(old, new) {
            return Course::On;
        }
        // Held HTLCs that one side does not know of, or money that it does not know it has.
        let cost = if new == Settled || old == Settled { Cost::Books } else { Cost::Money };
        self.found.push(Difference {
            field: Field::State,
            of: Told::Absent,
            old: Told::Word(old.name()),
            new: Told::Word(new.name()),
            ahead: goes_on(new, old),
            cost,
        });
        Course::Back
    }

    /// Settle index, date and amount.
    fn settlement(&mut self, course: Course) {
        let (old, new) = (&self.old.invoice, &self.new.invoice);
        if course == Course::On {
            return;
        }
        let both = (i128::from(old.settle_index), i128::from(new.settle_index));
        self.same(Field::SettleIndex, both, Told::Number, Cost::Books);
        if self.differ(old.settled, new.settled) {
            let both = (Told::Moment(old.settled), Told::Moment(new.settled));
            self.put(Field::SettledAt, both.0, both.1, Cost::Books);
        }
        // While HTLCs arrive, so does their sum.
        if course == Course::Final || old.htlcs == new.htlcs {
            let both = (old.amount_paid_msat, new.amount_paid_msat);
            self.same(Field::AmountPaid, both, Told::Amount, Cost::Books);
        }
    }

    /// None is lost, none changes but by being resolved; to a final invoice none is added.
    fn htlcs(&mut self, course: Course) {
        let (old, new) = (self.old, self.new);
        for before in &old.invoice.htlcs {
            let of = before.circuit;
            if let Some(after) = find(&new.invoice.htlcs, of) {
                self.htlc(before, after);
            } else {
                let both = (Told::Circuit(of), Told::Absent);
                self.put_of(Field::Htlc, Told::Circuit(of), both, cost_of(before));
            }
        }
        if course != Course::Final {
            return;
        }
        for after in &new.invoice.htlcs {
            let of = after.circuit;
            if find(&old.invoice.htlcs, of).is_none() {
                let both = (Told::Absent, Told::Circuit(of));
                self.put_of(Field::Htlc, Told::Circuit(of), both, Cost::Books);
            }
        }
    }

    fn htlc(&mut self, old: &Htlc, new: &Htlc) {
        let of = || Told::Circuit(old.circuit);
        let number = |number: u32| Told::Number(number.into());
        let (money, books) = (cost_of(old), Cost::Books);
        if old.amount_msat != new.amount_msat {
            let both = (Told::Amount(old.amount_msat), Told::Amount(new.amount_msat));
            self.put_of(Field::HtlcAmount, of(), both, money);
        }
        let totals = (old.mpp_total_msat.unwrap_or(0), new.mpp_total_msat.unwrap_or(0));
        if totals.0 != totals.1 {
            let both = (Told::Amount(totals.0), Told::Amount(totals.1));
            self.put_of(Field::HtlcTotal, of(), both, money);
        }
        if old.accept_height != new.accept_height {
            let both = (number(old.accept_height), number(new.accept_height));
            self.put_of(Field::HtlcAcceptHeight, of(), both, books);
        }
        if self.differ(old.accept_time, new.accept_time) {
            let both = (Told::Moment(old.accept_time), Told::Moment(new.accept_time));
            self.put_of(Field::HtlcAcceptTime, of(), both, books);
        }
        if old.expiry_height != new.expiry_height {
            let both = (number(old.expiry_height), number(new.expiry_height));
            self.put_of(Field::HtlcExpiryHeight, of(), both, money);
        }
        if old.custom_records != new.custom_records {
            let told = |htlc: &Htlc| {
                let flat = |(kind, value): &(u64, Vec<u8>)| {
                    kind.to_be_bytes().iter().chain(value).copied().collect::<Vec<u8>>()
                };
                Told::Secret(htlc.custom_records.iter().flat_map(flat).collect())
            };
            self.put_of(Field::CustomRecords, of(), (told(old), told(new)), books);
        }
        if old.state != new.state {
            let both = (Told::Word(old.state.name()), Told::Word(new.state.name()));
            let ahead = new.state == HtlcState::Accepted;
            if old.state != HtlcState::Accepted {
                let (old, new) = both;
                let (field, of) = (Field::HtlcState, of());
                self.found.push(Difference { field, of, old, new, ahead, cost: money });
            }
        } else if self.differ(old.resolve_time, new.resolve_time) {
            let both = (Told::Moment(old.resolve_time), Told::Moment(new.resolve_time));
            self.put_of(Field::HtlcResolveTime, of(), both, books);
        }
        self.amp_of_htlc(old, new);
    }

    fn amp_of_htlc(&mut self, old: &Htlc, new: &Htlc) {
        let of = Told::Circuit(old.circuit);
        let (before, after) = match (&old.amp, &new.amp) {
            (None, None) => return,
            (Some(before), Some(after)) => (before, after),
            // The whole payment is gone: that is said of the payment.
            (Some(before), None) if self.lost(&before.set_id) => return,
            (before, after) => {
                let told = |there: bool| if there { Told::Present } else { Told::Absent };
                let both = (told(before.is_some()), told(after.is_some()));
                return self.put_of(Field::HtlcAmp, of, both, cost_of(old));
            }
        };
        let fixed = |amp: &crate::lnd::invoice::HtlcAmp| {
            (amp.root_share, amp.set_id, amp.child_index, amp.hash)
        };
        if fixed(before) != fixed(after) {
            let both = (Told::Set(before.set_id), Told::Set(after.set_id));
            self.put_of(Field::HtlcAmp, of.clone(), both, cost_of(old));
        }
        let learned = before.preimage.is_none() && new.state == HtlcState::Settled;
        if before.preimage != after.preimage && !learned {
            let told = |preimage: Option<[u8; 32]>| {
                preimage.map_or(Told::Absent, |bytes| Told::Secret(bytes.to_vec()))
            };
            let both = (told(before.preimage), told(after.preimage));
            self.put_of(Field::HtlcPreimage, of, both, cost_of(old));
        }
    }

    /// Whether an AMP payment is on the older side, and not on the newer.
    fn lost(&self, set: &[u8; 32]) -> bool {
        let has = |one: &One| {
            let sets = one.invoice.amp.as_deref().unwrap_or_default();
            sets.binary_search_by_key(set, |known| known.set_id).is_ok()
        };
        self.new.knows.sets && has(self.old) && !has(self.new)
    }

    /// The payments to an AMP invoice. LND of v0.13 had no list of them: then the migration makes
    /// one.
    fn sets(&mut self) {
        let (old, new) = (self.old, self.new);
        if !(old.knows.sets && new.knows.sets && old.invoice.is_amp()) {
            return;
        }
        let after = new.invoice.amp.as_deref().unwrap_or_default();
        for set in old.invoice.amp.iter().flatten() {
            let place = after.binary_search_by_key(&set.set_id, |other| other.set_id).ok();
            if let Some(other) = place.and_then(|place| after.get(place)) {
                self.set(set, other);
            } else {
                let both = (Told::Set(set.set_id), Told::Absent);
                self.put_of(Field::AmpSet, Told::Set(set.set_id), both, Cost::Books);
            }
        }
    }

    fn set(&mut self, old: &AmpSet, new: &AmpSet) {
        let of = || Told::Set(old.set_id);
        if old.state != new.state {
            if old.state != HtlcState::Accepted {
                let both = (Told::Word(old.state.name()), Told::Word(new.state.name()));
                let ahead = new.state == HtlcState::Accepted;
                let (old, new) = both;
                let (field, of, cost) = (Field::AmpState, of(), Cost::Books);
                self.found.push(Difference { field, of, old, new, ahead, cost });
            }
            return;
        }
        if old.settle_index != new.settle_index {
            let number = |set: &AmpSet| Told::Number(set.settle_index.into());
            self.put_of(Field::AmpSettleIndex, of(), (number(old), number(new)), Cost::Books);
        }
        if self.differ(old.settled, new.settled) {
            let both = (Told::Moment(old.settled), Told::Moment(new.settled));
            self.put_of(Field::AmpSettledAt, of(), both, Cost::Books);
        }
        let circuits = self.old.knows.circuits && self.new.knows.circuits;
        let missing = old.circuits.iter().any(|own| new.circuits.binary_search(own).is_err());
        let grown = new.circuits.len() > old.circuits.len();
        if circuits && (missing || grown && old.state != HtlcState::Accepted) {
            let both = (Told::Circuits(old.circuits.clone()), Told::Circuits(new.circuits.clone()));
            self.put_of(Field::AmpHtlcs, of(), both, Cost::Books);
        } else if !grown {
            self.figures(old, new);
        }
    }

    /// What follows from the HTLCs of an AMP payment.
    fn figures(&mut self, old: &AmpSet, new: &AmpSet) {
        let of = || Told::Set(old.set_id);
        let paid = |one: &One, set: &AmpSet| {
            let sum = |set: &AmpSet| {
                let own = set.circuits.iter().filter_map(|own| find(&one.invoice.htlcs, *own));
                let held = own.filter(|htlc| htlc.state != HtlcState::Canceled);
                held.fold(0_u64, |sum, htlc| sum.saturating_add(htlc.amount_msat))
            };
            set.amount_paid_msat.or_else(|| one.knows.circuits.then(|| sum(set)))
        };
        if let (Some(before), Some(after)) = (paid(self.old, old), paid(self.new, new))
            && before != after
            && old.state != HtlcState::Accepted
        {
            let both = (Told::Amount(before), Told::Amount(after));
            self.put_of(Field::AmpPaid, of(), both, Cost::Books);
        }
        let own = old.circuits.iter().filter_map(|own| find(&self.old.invoice.htlcs, *own));
        let first = own.map(|htlc| htlc.accept_time).min_by_key(|at| (at.seconds, at.nanoseconds));
        if let (Some(first), Some(created)) = (first, new.created)
            && self.differ(first, created)
        {
            let both = (Told::Moment(first), Told::Moment(created));
            self.put_of(Field::AmpCreated, of(), both, Cost::Nothing);
        }
    }
}

/// The delta; NULL in native SQL stands for 0.
fn delta(one: &One) -> Option<i128> {
    use crate::lnd::invoice::Encoding;
    let of_sql = (one.invoice.encoding == Encoding::Sql).then_some(0);
    one.invoice.cltv_delta.or(of_sql).map(i128::from)
}

/// An HTLC that is still held is money; one that is resolved, bookkeeping.
fn cost_of(htlc: &Htlc) -> Cost {
    if htlc.state == HtlcState::Accepted { Cost::Money } else { Cost::Books }
}

/// The HTLC of that channel and number, in a sorted list.
fn find(htlcs: &[Htlc], circuit: Circuit) -> Option<&Htlc> {
    let place = htlcs.binary_search_by_key(&circuit, |htlc| htlc.circuit).ok()?;
    htlcs.get(place)
}
