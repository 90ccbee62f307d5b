//! What is wrong with the invoices of native SQL, and what a migration did to their numbers.

use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use super::facts::NativeFacts;
use super::index::{NativeIndex, NativeRow, Provenance};
use super::read::Native;
use crate::finding::{Code, Confidence, Finding, Findings, Place, Value, Values};
use crate::kv::bucket::At;
use crate::lnd::gotime::Time;
use crate::lnd::invoice::{ContractState, HtlcState};
use crate::lnd::invoices::{KvIndex, sum_values};
use crate::lnd::privacy::Privacy;
use crate::sorting::sort;

/// What the schema's migration 4 (v0.18.3) set every expiry to, in seconds: invoices.
const RESET: i64 = 86_400;
/// The same: AMP invoices.
const RESET_AMP: i64 = 2_592_000;

/// Everything that is to be said of native SQL's invoices, into `findings`.
pub fn audit(native: &Native, privacy: &Privacy, findings: &mut Findings) {
    let Native { index, facts } = native;
    let named = index.invoices.iter().filter_map(|row| row.hash);
    privacy.name(|names| names.name_hashes(named));
    if facts.has_table("invoices") {
        counts(facts, findings);
    }
    settle_sequence(index, facts, findings);
    for row in &index.invoices {
        zero_hash(row, findings);
        sums(row, privacy, findings);
    }
    resolve_times(index, privacy, findings);
    expiry_reset(index, facts, findings);
    scratch(facts, findings);
    reused_ids(index, findings);
    bad_rows(index, findings);
}

fn counts(facts: &NativeFacts, findings: &mut Findings) {
    let ledger = facts.ledger;
    let unreadable: u64 = facts.tables.iter().map(|table| table.unreadable).sum();
    let values = Values::new()
        .with("invoices", ledger.invoices)
        .with("open", ledger.open)
        .with("settled", ledger.settled)
        .with("canceled", ledger.canceled)
        .with("accepted", ledger.accepted)
        .with("amp", ledger.amp)
        .with("from_kv", ledger.migrated)
        .with("made_here", ledger.native)
        .with("htlcs", ledger.htlcs)
        .with("amp_sets", ledger.amp_sets)
        .with("events", ledger.events)
        .with_some("unreadable", Some(unreadable).filter(|count| *count > 0));
    let place = Place::default().within("invoices");
    findings.push(Finding::new(Code::LndSqlCounts, place).values(values));
}

/// The migration takes over settle indexes, but leaves their counter at 0: the next one settled
/// gets a number that an older one has.
fn settle_sequence(index: &NativeIndex, facts: &NativeFacts, findings: &mut Findings) {
    if facts.sequences.is_none() {
        return;
    }
    let of = "invoice_sequences";
    let unread = index.bad.iter().any(|bad| bad.table == of) || facts.unreadable(of) > 0;
    if facts.settle_sequence().is_none() && !unread {
        let place = Place::default().within("invoice_sequences").about("settle_index");
        return findings.push(Finding::new(Code::LndNoSettleSequence, place));
    }
    // Settled here, or brought by a migration.
    let invoices = index.invoices.iter().map(|row| (row.settle_index, row.settled_here));
    let subs = index.subs.iter().map(|row| (row.settle_index, row.settled_here));
    let settled: Vec<(i64, bool)> =
        invoices.chain(subs).filter_map(|(number, here)| Some((number?, here))).collect();
    let mut numbers: Vec<i64> = settled.iter().map(|(number, _)| *number).collect();
    sort(&mut numbers);
    let repeated = numbers.chunk_by(|a, b| a == b).filter(|group| group.len() > 1).count();
    let greatest = numbers.last().copied().unwrap_or(0);
    let sequence = facts.settle_sequence().unwrap_or(0);
    if sequence >= greatest && repeated == 0 {
        return;
    }
    let native = settled.iter().filter(|(_, here)| *here).count();
    let values = Values::new()
        .with("sequence", sequence.to_string())
        .with("greatest", greatest.to_string())
        .with("repeated", repeated)
        .with("from_kv", settled.len() - native)
        .with("made_here", native);
    let at = facts.settle_sequence_at;
    let place = place("invoice_sequences", at).about("settle_index");
    findings.push(Finding::new(Code::LndSettleSequence, place).values(values));
}

fn zero_hash(row: &NativeRow, findings: &mut Findings) {
    if row.hash == Some([0; 32]) {
        let values = Values::new()
            .with("row", row.id.to_string())
            .with("state", row.state.name())
            .with("provenance", row.provenance.name());
        findings.push(Finding::new(Code::LndZeroHash, of_invoice(row)).values(values));
    }
}

fn sums(row: &NativeRow, privacy: &Privacy, findings: &mut Findings) {
    let fault = match row.state {
        ContractState::Settled
            if !row.amp && row.htlcs > 0 && row.settled_msat != row.amount_paid_msat =>
        {
            "amount_paid"
        }
        ContractState::Accepted if !row.amp && row.accepted == 0 => "accepted_without_htlc",
        _ => return,
    };
    let htlcs = row.htlcs.into();
    let values = sum_values(fault, privacy, row.amount_paid_msat, row.settled_msat, htlcs);
    findings.push(Finding::new(Code::LndHtlcSum, of_invoice(row)).values(values));
}

/// An HTLC is resolved when its state says so, and only then.
fn resolve_times(index: &NativeIndex, privacy: &Privacy, findings: &mut Findings) {
    for htlc in &index.htlcs {
        let ends = match htlc.state {
            HtlcState::Accepted => false,
            HtlcState::Canceled | HtlcState::Settled => true,
            HtlcState::Other(_) => continue,
        };
        if ends == htlc.resolved {
            continue;
        }
        let settled = if htlc.state == HtlcState::Settled { htlc.amount_msat } else { 0 };
        let values = sum_values("resolve_time", privacy, htlc.amount_msat, settled, 1)
            .with("state", htlc.state.name());
        let place = place("invoice_htlcs", htlc.at).about(format!("invoice:{}", htlc.invoice));
        findings.push(Finding::new(Code::LndHtlcSum, place).values(values));
    }
}

fn expiry_reset(index: &NativeIndex, facts: &NativeFacts, findings: &mut Findings) {
    let Some(first) = facts.tracker.as_ref().and_then(|rows| rows.first()) else { return };
    // Without a row for it, migration 4 ran before there was a table to note it in, if it did.
    let (row, sure) = match facts.tracked(4) {
        Some(row) => (row, Confidence::Certain),
        None if first.version > 4 => (first, Confidence::Possible),
        None => return,
    };
    let Some(ran) = row.time else { return };
    let moment = |time: Time| (time.seconds, time.nanoseconds);
    let native = index.invoices.iter().filter(|row| row.provenance == Provenance::Native);
    let before = |row: &&NativeRow| row.created.is_some_and(|time| moment(time) < moment(ran));
    let (mut count, mut reset) = (0_u64, true);
    for row in native.filter(before) {
        count += 1;
        reset &= row.expiry == Some(if row.amp { RESET_AMP } else { RESET });
    }
    if count > 0 && reset {
        let values = Values::new().with("count", count);
        let place = place("migration_tracker", row.at).about(format!("version:{}", row.version));
        findings.push(Finding::new(Code::LndExpiryReset, place).values(values).sure(sure));
    }
}

fn scratch(facts: &NativeFacts, findings: &mut Findings) {
    if let Some(count) = facts.scratch.filter(|count| *count > 0) {
        let place = Place::default().within("invoice_payment_hashes");
        let values = Values::new().with("count", count);
        findings.push(Finding::new(Code::LndHashScratch, place).values(values));
    }
}

/// SQLite gives a deleted invoice's id to the next one, if it was the last.
fn reused_ids(index: &NativeIndex, findings: &mut Findings) {
    let older = |row: &&NativeRow| {
        let (Some(event), Some(created)) = (row.oldest_event, row.created) else { return false };
        // Postgres rounds to microseconds, and clocks differ; a second is more than either.
        event.seconds.saturating_add(1) < created.seconds
    };
    let rows: Vec<&NativeRow> = index.invoices.iter().filter(older).collect();
    let Some(first) = rows.first() else { return };
    let numbers = rows.iter().take(10).map(|row| Value::from(row.id.to_string())).collect();
    let values = Values::new().with("count", rows.len()).with("numbers", Value::List(numbers));
    findings.push(Finding::new(Code::LndReusedId, of_invoice(first)).values(values));
}

fn bad_rows(index: &NativeIndex, findings: &mut Findings) {
    for bad in &index.bad {
        let row = bad.row.map_or_else(|| "?".into(), |row| row.to_string());
        let values = Values::new().with("row", row).with("field", bad.field);
        let place = place(bad.table, bad.at);
        findings.push(Finding::new(Code::LndBadRow, place).values(values));
    }
    for _ in index.bad.len() as u64..index.bad_count {
        findings.count_only(Code::LndBadRow);
    }
}

/// Invoices that have another number in native SQL than their add index was: the migration counts
/// anew and closes the gaps. Both sides are joined by payment hash.
pub fn renumbered(kv: &KvIndex, native: &NativeIndex, findings: &mut Findings) {
    let mut adds: Vec<(u32, u64)> = kv.adds.iter().map(|row| (row.key, row.index)).collect();
    sort(&mut adds);
    let (mut count, mut most, mut first) = (0_u64, 0_u64, None);
    for row in &kv.hashes {
        let place = adds.partition_point(|(key, _)| *key < row.key);
        let Some((_, add)) = adds.get(place).filter(|(key, _)| *key == row.key) else { continue };
        let Some(sql) = native.by_hash(&row.hash) else { continue };
        let id = u64::try_from(sql.id).unwrap_or(0);
        if id != *add {
            count += 1;
            most = most.max(id.abs_diff(*add));
            let earlier = |(known, _): &(u64, At)| *known <= *add;
            first = first.filter(earlier).or(Some((*add, sql.at)));
        }
    }
    let Some((add, at)) = first else { return };
    let values = Values::new()
        .with("count", count)
        .with("most", most.to_string())
        .with("first_add_index", add.to_string());
    findings.push(Finding::new(Code::LndRenumbered, place("invoices", at)).values(values));
}

fn place(table: &str, at: At) -> Place {
    at.place().within(table)
}

fn of_invoice(row: &NativeRow) -> Place {
    let name: String = format!("invoice:{}", row.id);
    place("invoices", row.at).about(name)
}
