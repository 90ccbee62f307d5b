//! What is wrong with the invoices of a key-value store, and what only looks so.
//!
//! LND's own clean-up of canceled invoices (v0.18 to date) removes an invoice's rows in
//! `paymenthashes` and `invoice-add-index`, and forgets the invoice: it deletes by hash where the
//! key is a number. So canceled invoices without rows are no damage. No release ever removes rows
//! of `set-id-index`, and invoices from before v0.11 were never put into `pay-addr-index`.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use super::fault::Fault;
use super::index::{Body, Bucket, HashRow, KvIndex, Nik, OddKind, SettleRow};
use super::ledger::Ledger;
use super::singles;
use crate::finding::{Code, Confidence, Finding, Findings, Place, Severity, Step, Value, Values};
use crate::kv::bucket::At;
use crate::lnd::invoice::{ContractState, DecodeError, DecodeErrorKind, Encoding};
use crate::lnd::privacy::{Privacy, Pseudonyms};
use crate::sorting::sort;

/// Which invoices the indexes lead to.
pub(super) struct Reach {
    hashes: Vec<u32>,
    adds: Vec<u32>,
}

impl Reach {
    pub(super) fn of(index: &KvIndex) -> Reach {
        let mut hashes: Vec<u32> = index.hashes.iter().map(|row| row.key).collect();
        let mut adds: Vec<u32> = index.adds.iter().map(|row| row.key).collect();
        sort(&mut hashes);
        sort(&mut adds);
        Reach { hashes, adds }
    }

    pub(super) fn has_hash(&self, key: u32) -> bool {
        self.hashes.binary_search(&key).is_ok()
    }

    pub(super) fn has_add(&self, key: u32) -> bool {
        self.adds.binary_search(&key).is_ok()
    }

    pub(super) fn is_orphan(&self, key: u32) -> bool {
        !self.has_hash(key) && !self.has_add(key)
    }
}

impl KvIndex {
    /// Names hashes and addresses in the order of their invoices' numbers, then those that lead
    /// nowhere; so that what is found here and what is listed elsewhere have the same names.
    pub fn name(&self, names: &mut Pseudonyms) {
        names.name_hashes(self.hashes_by_key().into_iter().map(|(_, hash)| hash));
        let own = self.bodies.iter().filter_map(|body| body.payment_addr);
        names.name_addresses(own.chain(self.addresses.iter().map(|row| row.hash)));
        let sets = self.amp.iter().map(|row| row.set);
        let sets = sets.chain(self.sets.iter().map(|row| row.set));
        names.name_sets(sets.chain(self.set_ids.iter().map(|row| row.hash)));
    }
}

/// Everything that is to be said of a store's invoices, into `findings`.
pub fn audit(index: &KvIndex, privacy: &Privacy, findings: &mut Findings) {
    if index.bucket.is_none() {
        return;
    }
    privacy.name(|names| index.name(names));
    let reach = Reach::of(index);
    let mut audit = Audit { index, privacy, findings, reach };
    audit.counts();
    audit.bodies();
    audit.orphans();
    audit.hashes();
    audit.adds();
    audit.settles();
    audit.addresses();
    audit.sets();
    audit.odd();
    audit.duplicates();
    audit.sequences();
}

struct Audit<'a> {
    index: &'a KvIndex,
    privacy: &'a Privacy,
    findings: &'a mut Findings,
    reach: Reach,
}

impl Audit<'_> {
    fn counts(&mut self) {
        let ledger = Ledger::counted(self.index, &self.reach);
        let place = Place::default().within(Bucket::Invoices.path());
        let values = ledger.values(self.index);
        self.findings.push(Finding::new(Code::LndKvCounts, place).values(values));
    }

    fn bodies(&mut self) {
        for body in &self.index.bodies {
            let Some(error) = &body.error else {
                self.cut_short(body.cut, body.key, body.at, || number(body.key));
                self.sums(body);
                continue;
            };
            let listed = self.reach.has_add(body.key);
            let values = error_values(error).with("listed", listed).with("fails", true);
            let key = number(body.key);
            self.push(Code::LndUndecodable, Bucket::Invoices, body.at, key, values);
        }
        for set in &self.index.sets {
            if let Some(error) = &set.error {
                let listed = self.reach.has_add(set.key);
                let values = error_values(error).with("listed", listed).with("only_logged", true);
                let key = format!("{}/{}", number(set.key), self.privacy.set(&set.set));
                self.push(Code::LndUndecodable, Bucket::Invoices, set.at, key, values);
            } else {
                let privacy = self.privacy;
                self.cut_short(set.cut, set.key, set.at, || {
                    format!("{}/{}", number(set.key), privacy.set(&set.set))
                });
            }
        }
    }

    /// A value that announces more than there is, and that LND reads all the same.
    fn cut_short(&mut self, missing: u64, of: u32, at: At, key: impl FnOnce() -> String) {
        if missing > 0 {
            let listed = self.reach.has_add(of);
            let values =
                Values::new().with("missing_bytes", missing.to_string()).with("listed", listed);
            self.push(Code::LndCutShort, Bucket::Invoices, at, key(), values);
        }
    }

    /// Amounts against HTLCs, as far as HTLCs were stored with the invoice.
    fn sums(&mut self, body: &Body) {
        let fault = match body.state {
            ContractState::Settled
                if body.htlcs > 0 && body.settled_msat != body.amount_paid_msat =>
            {
                "amount_paid"
            }
            ContractState::Accepted
                if !body.amp && body.accepted == 0 && body.encoding != Encoding::Fields =>
            {
                "accepted_without_htlc"
            }
            _ => return,
        };
        let values = sum_values(
            fault,
            self.privacy,
            body.amount_paid_msat,
            body.settled_msat,
            body.htlcs.into(),
        );
        self.push(Code::LndHtlcSum, Bucket::Invoices, body.at, number(body.key), values);
    }

    fn orphans(&mut self) {
        let mut canceled: Vec<Value> = Vec::new();
        let mut count = 0_u64;
        let mut first = At::default();
        for body in &self.index.bodies {
            if body.error.is_some() || !self.reach.is_orphan(body.key) {
                continue;
            }
            if body.state != ContractState::Canceled {
                let values = Values::new()
                    .with("state", body.state.name())
                    .with("made", unix(body))
                    .with("amount_msat", self.privacy.amount(body.amount_paid_msat));
                let sure = self.sure(&[Bucket::Hashes, Bucket::Adds]);
                let place = place(Bucket::Invoices, body.at).about(number(body.key));
                let finding = Finding::new(Code::LndOrphanLost, place).values(values).sure(sure);
                self.findings.push(finding);
                continue;
            }
            if count == 0 {
                first = body.at;
            }
            if canceled.len() < 10 {
                canceled.push(Value::from(body.key));
            }
            count += 1;
        }
        if count > 0 {
            let values = Values::new().with("count", count).with("numbers", Value::List(canceled));
            let place = place(Bucket::Invoices, first);
            self.findings.push(Finding::new(Code::LndOrphanCanceled, place).values(values));
        }
    }

    fn hashes(&mut self) {
        let mut targets = Vec::new();
        for row in &self.index.hashes {
            targets.push((row.key, row.hash, row.at));
            if self.index.body(row.key).is_none() {
                let name = self.privacy.hash(&row.hash);
                self.fault(Fault::HashWithoutInvoice, Bucket::Hashes, row.at, name, row.key);
            }
        }
        sort(&mut targets);
        for pair in targets.windows(2) {
            if let [(first, ..), (key, hash, at)] = pair
                && first == key
            {
                let name = self.privacy.hash(hash);
                self.fault(Fault::SameTarget, Bucket::Hashes, *at, name, *key);
            }
        }
        for body in &self.index.bodies {
            if !self.reach.has_hash(body.key) && self.reach.has_add(body.key) {
                self.own_fault(Fault::InvoiceWithoutHash, body, Bucket::Hashes);
            }
        }
    }

    fn adds(&mut self) {
        for row in &self.index.adds {
            let name = format!("add_index:{}", row.index);
            match self.index.body(row.key) {
                None => {
                    self.fault(Fault::AddWithoutInvoice, Bucket::Adds, row.at, name, row.key);
                }
                Some(body) if body.error.is_none() && body.add_index != row.index => {
                    // Where the invoice's own row is there as well, this one is too many.
                    let own =
                        self.index.adds.binary_search_by_key(&body.add_index, |row| row.index);
                    let own = own.ok().and_then(|place| self.index.adds.get(place));
                    if own.is_some_and(|own| own.key == row.key) {
                        self.fault(Fault::SameTarget, Bucket::Adds, row.at, name, row.key);
                    } else {
                        let own = body.add_index;
                        self.differs(Fault::AddDiffers, Bucket::Adds, row.at, name, row.key, own);
                    }
                }
                Some(_) => {}
            }
        }
        for body in &self.index.bodies {
            if self.reach.has_hash(body.key) && !self.reach.has_add(body.key) {
                self.own_fault(Fault::InvoiceWithoutAdd, body, Bucket::Adds);
            }
        }
    }

    fn settles(&mut self) {
        for row in &self.index.settles {
            self.settle(row);
        }
        for body in &self.index.bodies {
            // What no index leads to at all is one loss, told as such.
            if body.error.is_none()
                && body.state == ContractState::Settled
                && !self.reach.is_orphan(body.key)
                && !self.has_settle(body.settle_index, body.key, None)
            {
                self.own_fault(Fault::SettledWithoutRow, body, Bucket::Settles);
            }
        }
        for row in &self.index.amp {
            if row.settle_index == 0 || self.has_settle(row.settle_index, row.key, Some(row.set)) {
                continue;
            }
            let body = self.index.body(row.key).filter(|body| body.error.is_none());
            if let Some(body) = body.filter(|body| !self.reach.is_orphan(body.key)) {
                self.own_fault(Fault::SettledWithoutRow, body, Bucket::Settles);
            }
        }
    }

    fn settle(&mut self, row: &SettleRow) {
        let name = format!("settle_index:{}", row.index);
        let Some(body) = self.index.body(row.key) else {
            return self.fault(Fault::SettleWithoutInvoice, Bucket::Settles, row.at, name, row.key);
        };
        if body.error.is_some() {
            return;
        }
        let own = match row.set {
            None => body.settle_index,
            Some(set) => {
                let key = (row.key, set);
                let place = self.index.amp.binary_search_by_key(&key, |amp| (amp.key, amp.set));
                place.ok().and_then(|place| self.index.amp.get(place)).map_or(0, |a| a.settle_index)
            }
        };
        if own == row.index {
            return;
        }
        if self.has_settle(own, row.key, row.set) {
            self.fault(Fault::SameTarget, Bucket::Settles, row.at, name, row.key);
        } else {
            self.differs(Fault::SettleDiffers, Bucket::Settles, row.at, name, row.key, own);
        }
    }

    fn has_settle(&self, index: u64, key: u32, set: Option<[u8; 32]>) -> bool {
        let rows = &self.index.settles;
        let place = rows.partition_point(|row| (row.index, row.key, row.set) < (index, key, set));
        rows.get(place).is_some_and(|row| (row.index, row.key, row.set) == (index, key, set))
    }

    fn addresses(&mut self) {
        for row in &self.index.addresses {
            let fault = match self.index.body(row.key) {
                None => Fault::AddressWithoutInvoice,
                Some(body) if body.error.is_none() && body.payment_addr != Some(row.hash) => {
                    Fault::AddressOfOther
                }
                Some(_) => continue,
            };
            let name = self.privacy.address(&row.hash);
            self.fault(fault, Bucket::Addresses, row.at, name, row.key);
        }
        // LND began this index with v0.11 and left older invoices out of it. One that changed
        // later was written anew and looks young, but stands before the first that has a row.
        let first = self.index.addresses.iter().map(|row| row.key).min();
        for body in &self.index.bodies {
            let young = body.error.is_none()
                && body.since_v0_11
                && first.is_none_or(|first| first < body.key)
                && !self.reach.is_orphan(body.key);
            let Some(address) = body.payment_addr.filter(|_| young) else { continue };
            if !has_hash(&self.index.addresses, &address) {
                self.own_fault(Fault::AddressWithoutRow, body, Bucket::Addresses);
            }
        }
    }

    fn sets(&mut self) {
        for row in &self.index.set_ids {
            if self.index.body(row.key).is_none() {
                let name = self.privacy.set(&row.hash);
                self.fault(Fault::SetWithoutInvoice, Bucket::Sets, row.at, name, row.key);
            }
        }
        for set in &self.index.sets {
            if self.index.body(set.key).is_none() {
                let name = format!("{}/{}", number(set.key), self.privacy.set(&set.set));
                self.fault(Fault::HtlcsWithoutInvoice, Bucket::Invoices, set.at, name, set.key);
            }
        }
    }

    fn odd(&mut self) {
        for odd in &self.index.odd {
            let fault = match odd.kind {
                OddKind::Key => Fault::OddKey,
                OddKind::Target => Fault::OddValue,
                OddKind::Unreadable => Fault::Unreadable,
            };
            let values = Values::new().with("fault", fault.name()).with("len", odd.len);
            let name = format!("offset:{}", odd.at.start);
            self.push(Code::LndBrokenIndex, odd.bucket, odd.at, name, values);
        }
        for _ in self.index.odd.len() as u64..self.index.odd_count {
            self.findings.count_only(Code::LndBrokenIndex);
        }
    }

    fn duplicates(&mut self) {
        let Audit { index, privacy, findings, reach } = self;
        singles::find(index, reach, privacy, |duplicate| {
            let numbers = duplicate.keys.iter().map(|key| Value::from(*key)).collect();
            let values = Values::new()
                .with("twice", duplicate.what.name())
                .with("numbers", Value::List(numbers))
                .with("count", duplicate.count);
            let name = duplicate.name.unwrap_or_else(|| duplicate.what.name().into());
            let place = place(Bucket::Invoices, duplicate.at).about(name);
            findings.push(Finding::new(Code::LndDuplicate, place).values(values));
        });
    }

    fn sequences(&mut self) {
        let greatest = |last: Option<u64>| last.unwrap_or(0);
        let [add_at, settle_at] = self.index.bucket_at;
        let adds = greatest(self.index.adds.last().map(|row| row.index));
        let settles = greatest(self.index.settles.last().map(|row| row.index));
        for (what, bucket, at, sequence, greatest) in [
            ("add_index", Bucket::Adds, add_at, self.index.add_sequence, adds),
            ("settle_index", Bucket::Settles, settle_at, self.index.settle_sequence, settles),
        ] {
            if sequence.is_some_and(|sequence| sequence < greatest) {
                let sequence = sequence.unwrap_or(0);
                self.behind(what, bucket, at, sequence.to_string(), greatest.to_string());
            }
        }
        let Some(last) = self.index.bodies.last().map(|body| body.key) else { return };
        let next = match self.index.nik {
            Nik::Number(next) if next > last => return,
            Nik::Number(next) => next.to_string(),
            // LND begins anew with 0; a malformed one makes it fail.
            Nik::Missing => "0".into(),
            Nik::Malformed(_) => "?".into(),
        };
        self.behind("nik", Bucket::Hashes, self.index.nik_at, next, last.to_string());
    }

    fn behind(&mut self, what: &str, bucket: Bucket, at: At, sequence: String, greatest: String) {
        let values = Values::new()
            .with("counter", what)
            .with("sequence", sequence)
            .with("greatest", greatest);
        let sure = if what == "nik" { self.sure(&[bucket]) } else { Confidence::Certain };
        let finding = Finding::new(Code::LndSequenceBehind, place(bucket, at).about(what));
        self.findings.push(finding.values(values).sure(sure));
    }

    /// A row of an index is at fault; `key` is the invoice that it leads to.
    fn fault(&mut self, fault: Fault, bucket: Bucket, at: At, name: String, key: u32) {
        let values = Values::new().with("fault", fault.name()).with("number", key);
        self.broken(fault, bucket, at, name, values);
    }

    /// As [`Audit::fault`], where the invoice says that it has the number `own`.
    fn differs(&mut self, fault: Fault, bucket: Bucket, at: At, name: String, key: u32, own: u64) {
        let values = Values::new()
            .with("fault", fault.name())
            .with("number", key)
            .with("own", own.to_string());
        self.broken(fault, bucket, at, name, values);
    }

    /// A row is missing from `bucket` that this invoice ought to have.
    fn own_fault(&mut self, fault: Fault, body: &Body, bucket: Bucket) {
        let values = Values::new()
            .with("fault", fault.name())
            .with("number", body.key)
            .with("state", body.state.name());
        self.broken(fault, bucket, body.at, number(body.key), values);
    }

    fn broken(&mut self, fault: Fault, bucket: Bucket, at: At, name: String, values: Values) {
        let place = place(bucket, at).about(name);
        let mut finding = Finding::new(Code::LndBrokenIndex, place).values(values);
        finding.confidence = match fault {
            Fault::HashWithoutInvoice
            | Fault::AddWithoutInvoice
            | Fault::SettleWithoutInvoice
            | Fault::AddressWithoutInvoice
            | Fault::HtlcsWithoutInvoice => self.sure(&[Bucket::Invoices]),
            Fault::InvoiceWithoutHash | Fault::InvoiceWithoutAdd | Fault::SettledWithoutRow => {
                self.sure(&[bucket])
            }
            // Without a single row, all invoices may be older than the index.
            Fault::AddressWithoutRow if self.index.addresses.is_empty() => {
                self.sure(&[bucket]).min(Confidence::Likely)
            }
            Fault::AddressWithoutRow => self.sure(&[bucket]),
            _ => Confidence::Certain,
        };
        if fault == Fault::SetWithoutInvoice {
            // What LND leaves of a deleted AMP invoice.
            finding.severity = Severity::Info;
            finding.next = Cow::Borrowed(&[Step::Nothing]);
        }
        self.findings.push(finding);
    }

    fn push(&mut self, code: Code, bucket: Bucket, at: At, name: String, values: Values) {
        self.findings.push(Finding::new(code, place(bucket, at).about(name)).values(values));
    }

    /// What is missing from a bucket that could not be read whole may stand in its gaps.
    fn sure(&self, buckets: &[Bucket]) -> Confidence {
        let whole = buckets.iter().all(|bucket| self.index.whole(*bucket));
        if whole { Confidence::Certain } else { Confidence::Possible }
    }
}

fn place(bucket: Bucket, at: At) -> Place {
    at.place().within(bucket.path())
}

fn number(key: u32) -> String {
    format!("invoice:{key}")
}

fn has_hash(rows: &[HashRow], hash: &[u8; 32]) -> bool {
    rows.binary_search_by_key(hash, |row| row.hash).is_ok()
}

/// When it was made, in seconds since 1970; 0 for what is before.
fn unix(body: &Body) -> u64 {
    u64::try_from(body.created.unix()).unwrap_or(0)
}

/// The values of a finding about amounts and HTLCs, the same on both sides.
pub(in crate::lnd) fn sum_values(
    fault: &'static str,
    privacy: &Privacy,
    paid: u64,
    settled: u64,
    htlcs: u64,
) -> Values {
    Values::new()
        .with("sum", fault)
        .with("amount_msat", privacy.amount(paid))
        .with("settled_msat", privacy.amount(settled))
        .with("htlcs", htlcs)
}

/// What a finding says of a value that cannot be read.
pub(in crate::lnd) fn error_values(error: &DecodeError) -> Values {
    let values = Values::new()
        .with("field", error.field)
        .with("value_offset", error.at)
        .with("problem", error.kind.name());
    let (expected, found) = match error.kind {
        DecodeErrorKind::Ends { need, have } => (Some(need), Some(have)),
        DecodeErrorKind::Length { expected, found } => (Some(expected), Some(found)),
        DecodeErrorKind::TooLong { limit, found } => (Some(limit), Some(found)),
        DecodeErrorKind::Order { previous, found } => (Some(previous), Some(found)),
        DecodeErrorKind::NotMinimal { found } | DecodeErrorKind::Trailing { found } => {
            (None, Some(found))
        }
        DecodeErrorKind::TimeVersion { found } => (None, Some(found.into())),
        DecodeErrorKind::Missing | DecodeErrorKind::Cell => (None, None),
    };
    let text = |number: u64| number.to_string();
    values.with_some("should_be", expected.map(text)).with_some("read_instead", found.map(text))
}
