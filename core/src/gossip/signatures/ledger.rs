//! Verdicts on the live records of a store, counted.

use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{Signed, Signers, Verdict, VerifySignature};
use crate::finding::{Code, Finding, Findings, Place, Value, Values};
use crate::gossip::format::RecordType;
use crate::gossip::network::Network;
use crate::gossip::scan::{Batch, RecordRef};

/// The verdicts so far. What was counted apart can be [merged](Ledger::merge) in any order.
///
/// Looked at are the records of 256, 257 and 258 (and 4096, 4097 and 4098, which wrap them) whose
/// checksum holds and that are not marked DELETED: also updates that newer ones supersede. Private
/// records are left out: lightningd makes up their announcements without signatures.
#[derive(Clone, Debug)]
pub struct Ledger {
    /// Of announcements, updates, node_announcements.
    counts: [Counts; 3],
    /// By offset; the lowest offsets, so that the order of counting does not matter.
    bad: BTreeMap<u64, BadSignature>,
    limit: usize,
}

#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    records: u64,
    signatures: u64,
    valid: u64,
    invalid: u64,
    all_zero: u64,
    unverifiable: u64,
}

/// A live record with a signature that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadSignature {
    /// File offset of its header.
    pub offset: u64,
    /// File offset after its body.
    pub end: u64,
    /// Its type.
    pub record_type: RecordType,
    /// Whose signatures do not hold.
    pub by: Signers,
    /// The short channel id, or the node id in hexadecimal digits.
    pub key: String,
}

/// The messages of a store by type, in the order of [`Ledger`]'s counts.
const KINDS: [RecordType; 3] =
    [RecordType::CHANNEL_ANNOUNCEMENT, RecordType::CHANNEL_UPDATE, RecordType::NODE_ANNOUNCEMENT];

fn kind(record_type: RecordType) -> Option<usize> {
    Some(match record_type {
        RecordType::CHANNEL_ANNOUNCEMENT | RecordType::V3_CHANNEL_ANNOUNCEMENT => 0,
        RecordType::CHANNEL_UPDATE | RecordType::V3_CHANNEL_UPDATE => 1,
        RecordType::NODE_ANNOUNCEMENT | RecordType::V3_NODE_ANNOUNCEMENT => 2,
        _ => return None,
    })
}

impl Ledger {
    /// Nothing yet. Of invalid records the first `limit` by offset are kept, all are counted.
    pub fn new(limit: u32) -> Ledger {
        Ledger { counts: [Counts::default(); 3], bad: BTreeMap::new(), limit: limit as usize }
    }

    /// Verifies the records of one push; `chunk` is what was pushed, `network` what the whole file
    /// adds up to, which names the keys of updates.
    pub fn take(
        &mut self,
        network: &Network,
        chunk: &[u8],
        batch: &Batch,
        verifier: &dyn VerifySignature,
    ) {
        for record in &batch.records {
            self.record(network, record, batch.body(chunk, record), verifier);
        }
    }

    fn record(
        &mut self,
        network: &Network,
        record: &RecordRef,
        body: &[u8],
        verifier: &dyn VerifySignature,
    ) {
        let Some(record_type) = record.record_type else { return };
        let Some(index) = kind(record_type) else { return };
        if record.header.flags.is_deleted() {
            return;
        }
        let signed = Signed::of(body, |scid| network.nodes_of(scid));
        let verdict = match &signed {
            Ok(signed) => signed.verdict(verifier),
            Err(reason) => Verdict::Unverifiable(*reason),
        };
        let tried = if index == 0 { 4 } else { 1 };
        self.counts[index].note(verdict, tried);
        if let (Verdict::Invalid { by }, Ok(signed)) = (verdict, &signed) {
            let (offset, end) = (record.offset, record.end);
            let key = signed.about().to_string();
            self.keep(BadSignature { offset, end, record_type, by, key });
        }
    }

    fn keep(&mut self, bad: BadSignature) {
        self.bad.insert(bad.offset, bad);
        if self.bad.len() > self.limit {
            self.bad.pop_last();
        }
    }

    /// Adds what another ledger counted of other records of the same file.
    pub fn merge(&mut self, other: Ledger) {
        for (counts, other) in self.counts.iter_mut().zip(&other.counts) {
            counts.add(other);
        }
        for bad in other.bad.into_values() {
            self.keep(bad);
        }
    }

    /// The records with a signature that does not hold, by offset; the first ones, where there are
    /// more than the limit.
    pub fn bad(&self) -> impl Iterator<Item = &BadSignature> {
        self.bad.values()
    }

    /// The figures.
    pub fn report(&self) -> SignatureReport {
        let row = |(record_type, counts): (RecordType, &Counts)| SignatureRow {
            number: record_type.0,
            name: record_type.name().into(),
            records: counts.records,
            signatures: counts.signatures,
            valid: counts.valid,
            invalid: counts.invalid,
            all_zero: counts.all_zero,
            unverifiable: counts.unverifiable,
        };
        let types: Vec<_> = KINDS.into_iter().zip(&self.counts).map(row).collect();
        let sum = |of: fn(&SignatureRow) -> u64| types.iter().map(of).sum();
        SignatureReport {
            records: sum(|row| row.records),
            signatures: sum(|row| row.signatures),
            valid: sum(|row| row.valid),
            invalid: sum(|row| row.invalid),
            all_zero: sum(|row| row.all_zero),
            unverifiable: sum(|row| row.unverifiable),
            types,
        }
    }

    /// What is worth a finding; `size` is the length of the file.
    pub(in crate::gossip) fn find(&self, size: u64, findings: &mut Findings) {
        let report = self.report();
        for bad in self.bad.values() {
            let place = Place::record(bad.offset, bad.end, Some(bad.record_type));
            let by = bad.by.iter().map(|signer| Value::from(signer.name())).collect();
            let values = Values::new().with("signers", Value::List(by));
            let finding = Finding::new(Code::BadSignature, place.about(bad.key.clone()));
            findings.push(finding.values(values));
        }
        for _ in self.bad.len() as u64..report.invalid {
            findings.count_only(Code::BadSignature);
        }
        if report.all_zero > 0 {
            let values =
                Values::new().with("count", report.all_zero).with("records", report.records);
            let finding = Finding::new(Code::ZeroSignatures, Place::span(0, size));
            findings.push(finding.values(values));
        }
    }
}

impl Counts {
    fn note(&mut self, verdict: Verdict, signatures: u64) {
        self.records += 1;
        match verdict {
            Verdict::Valid => self.valid += 1,
            Verdict::Invalid { .. } => self.invalid += 1,
            Verdict::AllZero => self.all_zero += 1,
            Verdict::Unverifiable(_) => self.unverifiable += 1,
        }
        if matches!(verdict, Verdict::Valid | Verdict::Invalid { .. }) {
            self.signatures += signatures;
        }
    }

    fn add(&mut self, other: &Counts) {
        self.records += other.records;
        self.signatures += other.signatures;
        self.valid += other.valid;
        self.invalid += other.invalid;
        self.all_zero += other.all_zero;
        self.unverifiable += other.unverifiable;
    }
}

/// What verifying the live records of a store came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignatureReport {
    /// Live records that ought to be signed.
    pub records: u64,
    /// Signatures that were verified: four of each `channel_announcement`, else one.
    pub signatures: u64,
    /// Records all of whose signatures hold.
    pub valid: u64,
    /// Records with a signature that does not hold.
    pub invalid: u64,
    /// Records whose signatures are all zero.
    pub all_zero: u64,
    /// Updates of channels whose announcement is not in the file, and records too short to be
    /// read.
    pub unverifiable: u64,
    /// The same by type.
    pub types: Vec<SignatureRow>,
}

/// What verifying the live records of one type came to. The wrapped messages of versions 2 and 3
/// count for the type inside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignatureRow {
    /// The type.
    #[serde(rename = "type")]
    pub number: u16,
    /// Upstream's name of it.
    pub name: Cow<'static, str>,
    /// Live records.
    pub records: u64,
    /// Signatures that were verified.
    pub signatures: u64,
    /// Records all of whose signatures hold.
    pub valid: u64,
    /// Records with a signature that does not hold.
    pub invalid: u64,
    /// Records whose signatures are all zero.
    pub all_zero: u64,
    /// Records with nothing to verify them by.
    pub unverifiable: u64,
}
