//! Invoices in native SQL: what a sound database says of itself, and every fault of its rows.

use super::kv::{SET, sound};
use crate::fake_kv::{but_counts, read, read_sql};

use fulgurite_core::finding::{Code, Confidence, Finding, Findings, Severity};
use fulgurite_core::lnd::gotime::Time;
use fulgurite_core::lnd::invoice::{Circuit, Expiry, HtlcState, Invoice};
use fulgurite_core::lnd::native::{self, Provenance};
use fulgurite_core::words::{self, Language};
use fulgurite_tests::lnd::body::Body;
use fulgurite_tests::lnd::kv::Kv;
use fulgurite_tests::lnd::sql::{Datum, Db, T0, T1};

/// A sound database: the first three invoices came by a migration, the others were made here.
fn sound_sql() -> Db {
    let mut db = Db::new();
    for id in 1..=5 {
        db.add(id, [u8::try_from(id).unwrap(); 32], id > 3);
    }
    db.settle(1, 1, false);
    db.settle(4, 2, true);
    db.set("invoices", 5, "state", 3);
    db.htlc(5, 0, None);
    db.table("invoice_sequences").rows[0][1] = 2.into();
    db
}

fn only_sql(db: &Db) -> Finding {
    let findings = but_counts(read_sql(db).2);
    assert_eq!(findings.len(), 1, "{findings:#?}");
    for language in Language::ALL {
        let meaning = words::meaning(&findings[0], language);
        assert!(!meaning.contains('?'), "{meaning}");
    }
    findings.into_iter().next().unwrap()
}

#[test]
fn a_sound_database_has_counts_and_nothing_else() {
    let (_, read, findings) = read_sql(&sound_sql());
    let [counts] = findings.as_slice() else { panic!("{findings:#?}") };
    for (name, number) in [
        ("invoices", 5),
        ("open", 2),
        ("settled", 2),
        ("canceled", 0),
        ("accepted", 1),
        ("from_kv", 3),
        ("made_here", 2),
        ("htlcs", 3),
        ("amp_sets", 0),
    ] {
        assert_eq!(counts.values.number(name), Some(number), "{name}");
    }
    let facts = read.facts;
    assert_eq!(facts.schema, Some(vec![(15, false)]));
    assert_eq!(facts.tracker_version(), Some(18));
    let seventh = facts.tracked(7).unwrap();
    assert_eq!(seventh.text, "2026-01-01 01:00:00.25 +0100 CET m=+0.051234567");
    // 01:00 at one hour east is midnight: 1767225600.
    let time = seventh.time.unwrap();
    assert_eq!((time.unix(), time.nanoseconds), (1_767_225_600, 250_000_000));
    assert_eq!(facts.settle_sequence(), Some(2));
    assert_eq!(facts.networks, Some(vec!["mainnet".into()]));
    assert_eq!((facts.scratch, facts.has_table("payments")), (Some(0), true));
    assert_eq!(facts.newest_native.map(Time::unix), Some(1_770_000_000));
    assert_eq!(read.index.by_hash(&[3; 32]).map(|row| row.provenance), Some(Provenance::Migrated));
    assert_eq!(read.index.by_hash(&[4; 32]).map(|row| row.provenance), Some(Provenance::Native));
}

#[test]
fn d01_the_counter_of_settle_indexes_is_behind() {
    let mut db = sound_sql();
    db.table("invoice_sequences").rows[0][1] = 0.into();
    let finding = only_sql(&db);
    assert_eq!((finding.code, finding.severity), (Code::LndSettleSequence, Severity::Damage));
    assert_eq!(finding.values.text("sequence"), Some("0"));
    assert_eq!(finding.values.text("greatest"), Some("2"));
    assert_eq!(finding.values.number("repeated"), Some(0));
    assert_eq!(finding.place.span.start, 300_000);
    // Then one was settled here: 1 is there twice, although the counter is level again.
    let mut db = sound_sql();
    db.set("invoices", 4, "settle_index", 1);
    db.table("invoice_sequences").rows[0][1] = 1.into();
    let finding = only_sql(&db);
    assert_eq!(finding.values.number("repeated"), Some(1));
    assert_eq!(finding.values.number("from_kv"), Some(1));
    assert_eq!(finding.values.number("made_here"), Some(1));
}

#[test]
fn a_counter_that_is_gone_is_told_as_gone() {
    let mut db = sound_sql();
    db.table("invoice_sequences").rows.clear();
    let finding = only_sql(&db);
    assert_eq!((finding.code, finding.severity), (Code::LndNoSettleSequence, Severity::Damage));
    // A row that cannot be read is not one that is missing.
    let mut db = sound_sql();
    db.table("invoice_sequences").rows[0][1] = Datum::from("many");
    let codes: Vec<Code> = but_counts(read_sql(&db).2).iter().map(|one| one.code).collect();
    assert!(codes.contains(&Code::LndBadRow), "{codes:?}");
    assert!(!codes.contains(&Code::LndNoSettleSequence), "{codes:?}");
}

/// Cells that nothing here is said of, and LND reads with every invoice.
#[test]
fn every_cell_that_lnd_reads_is_held_against_its_column() {
    for (table, id, column) in [
        ("invoices", 5, "preimage"),
        ("invoices", 5, "amount_msat"),
        ("invoices", 5, "is_hodl"),
        ("invoice_htlcs", 1, "chan_id"),
        ("invoice_htlcs", 1, "htlc_id"),
        ("invoice_htlcs", 1, "accept_time"),
        ("invoice_htlcs", 1, "expiry_height"),
    ] {
        let mut db = sound_sql();
        db.set(table, id, column, "neither a number nor a time");
        let finding = only_sql(&db);
        assert_eq!(finding.code, Code::LndBadRow, "{table}.{column}");
        assert_eq!(finding.values.text("field"), Some(column), "{table}");
    }
    // LND takes no negative number of an HTLC; a negative amount it reads by its bits.
    let mut db = sound_sql();
    db.set("invoice_htlcs", 1, "htlc_id", -1);
    assert_eq!(only_sql(&db).values.text("field"), Some("htlc_id"));
    let mut db = sound_sql();
    db.set("invoices", 5, "amount_msat", -1);
    assert_eq!(but_counts(read_sql(&db).2), []);
}

#[test]
fn d01_payments_to_amp_invoices_count_too() {
    let mut db = sound_sql();
    db.put("amp_sub_invoices", [SET.into(), 2.into(), T0.into(), T1.into(), 9.into(), 2.into()]);
    assert_eq!(only_sql(&db).values.text("greatest"), Some("9"));
}

#[test]
fn d13_an_invoice_without_a_hash() {
    let mut db = sound_sql();
    db.set("invoices", 2, "hash", [0; 32]);
    let finding = only_sql(&db);
    assert_eq!(finding.code, Code::LndZeroHash);
    assert_eq!(finding.values.text("row"), Some("2"));
    assert_eq!(finding.values.text("provenance"), Some("migrated"));
    assert_eq!(finding.place.span.start, 600_100);
}

#[test]
fn d21_expiries_that_were_reset() {
    let mut db = sound_sql();
    for row in &mut db.table("migration_tracker").rows {
        row[1] = "2026-03-01 00:00:00 +0000 UTC".into();
    }
    // Every invoice is older than the migration, but one made here has its own expiry: not reset.
    assert_eq!(but_counts(read_sql(&db).2), []);
    db.set("invoices", 4, "expiry", 86_400);
    db.set("invoices", 5, "expiry", 2_592_000);
    db.set("invoices", 5, "is_amp", 1);
    let finding = only_sql(&db);
    assert_eq!((finding.code, finding.severity), (Code::LndExpiryReset, Severity::Info));
    assert_eq!(finding.values.number("count"), Some(2));
    assert_eq!(finding.confidence, Confidence::Certain);
    // Migration 4 ran before there was a tracker.
    db.table("migration_tracker").rows.drain(..4);
    assert_eq!(only_sql(&db).confidence, Confidence::Possible);
}

#[test]
fn d23_the_scratch_table_is_not_empty() {
    let mut db = sound_sql();
    db.put("invoice_payment_hashes", [0.into(), 1.into(), [1; 32].into()]);
    let finding = only_sql(&db);
    assert_eq!((finding.code, finding.severity), (Code::LndHashScratch, Severity::Warning));
    assert_eq!(finding.values.number("count"), Some(1));
}

#[test]
fn d27_sums_on_the_sql_side() {
    let mut db = sound_sql();
    db.set("invoices", 1, "amount_paid_msat", 5);
    assert_eq!(only_sql(&db).values.text("sum"), Some("amount_paid"));

    let mut db = sound_sql();
    db.set("invoices", 3, "state", 3);
    assert_eq!(only_sql(&db).values.text("sum"), Some("accepted_without_htlc"));

    let mut db = sound_sql();
    db.set("invoice_htlcs", 1, "resolve_time", Datum::Null);
    let finding = only_sql(&db);
    assert_eq!(finding.values.text("sum"), Some("resolve_time"));
    assert_eq!(finding.place.path.as_deref(), Some("invoice_htlcs"));
    assert_eq!(finding.place.key.as_deref(), Some("invoice:1"));

    // A time that an old release did not mean.
    let mut db = sound_sql();
    db.set("invoice_htlcs", 3, "resolve_time", "1754-08-30 22:43:41.128654848 +0000 UTC");
    assert_eq!(but_counts(read_sql(&db).2), []);
}

#[test]
fn d28_a_number_that_was_used_before() {
    let mut db = sound_sql();
    db.event(2, 1, "2026-01-15 00:00:00 +0000 UTC");
    let finding = only_sql(&db);
    assert_eq!((finding.code, finding.severity), (Code::LndReusedId, Severity::Info));
    assert_eq!(finding.values.number("count"), Some(1));
    assert_eq!(finding.place.key.as_deref(), Some("invoice:2"));
}

#[test]
fn rows_that_cannot_be_read() {
    let mut db = sound_sql();
    db.set("invoices", 2, "created_at", "yesterday");
    let finding = only_sql(&db);
    assert_eq!(finding.code, Code::LndBadRow);
    assert_eq!(finding.values.text("field"), Some("created_at"));
    assert_eq!(finding.values.text("row"), Some("2"));
}

#[test]
fn d17_add_indexes_that_the_migration_changed() {
    let mut kv = sound();
    kv.collect(Kv::hash(&Body::new(3)), 3);
    let (_, kv, _) = read(&kv);
    let mut db = Db::new();
    for (id, seed) in [(1, 1), (2, 2), (3, 4), (4, 5)] {
        db.add(id, Kv::hash(&Body::new(seed)), false);
    }
    let (_, sql, _) = read_sql(&db);
    let mut findings = Findings::default();
    native::renumbered(&kv.index, &sql.index, &mut findings);
    let [finding] = findings.kept() else { panic!() };
    assert_eq!((finding.code, finding.severity), (Code::LndRenumbered, Severity::Warning));
    assert_eq!(finding.values.number("count"), Some(2));
    assert_eq!(finding.values.text("most"), Some("1"));
    assert_eq!(finding.values.text("first_add_index"), Some("4"));
    assert_eq!(finding.place.span.start, 600_200);
    // Without a gap nothing changes.
    let (_, kv, _) = read(&sound());
    let mut db = Db::new();
    (1..=5).for_each(|id| db.add(id, Kv::hash(&Body::new(u8::try_from(id).unwrap())), false));
    let mut findings = Findings::default();
    native::renumbered(&kv.index, &read_sql(&db).1.index, &mut findings);
    assert_eq!(findings.kept(), []);
}

/// An AMP invoice in native SQL, with all that belongs to it.
pub(super) fn amp_sql() -> Db {
    let mut db = Db::new();
    db.add(1, [1; 32], false);
    db.set("invoices", 1, "is_amp", 1);
    for bit in [8, 14, 30] {
        db.put("invoice_features", [bit.into(), 1.into()]);
    }
    let htlc = db.htlc(1, 2, Some(T1));
    db.set("invoice_htlcs", htlc, "total_mpp_msat", 2_000_000);
    db.put("amp_sub_invoices", [SET.into(), 2.into(), T0.into(), T1.into(), 1.into(), 1.into()]);
    db.table("invoice_sequences").rows[0][1] = 1.into();
    db.put(
        "amp_sub_invoice_htlcs",
        [
            1.into(),
            SET.into(),
            htlc.into(),
            [0x44; 32].into(),
            258.into(),
            [0x55; 32].into(),
            [0x66; 32].into(),
        ],
    );
    for (key, value) in [(70_000, 2), (65_536, 1)] {
        db.put("invoice_htlc_custom_records", [key.into(), Datum::Blob(vec![value]), htlc.into()]);
    }
    db
}

#[test]
fn rows_become_the_same_model() {
    let db = amp_sql();
    let (fake, read, findings) = read_sql(&db);
    assert_eq!(but_counts(findings), []);
    let page = native::page(&fake, &read.index, 0, 10).unwrap();
    let [row] = page.rows.as_slice() else { panic!() };
    assert_eq!(row.errors, []);
    assert_eq!((row.hash, row.is_amp, row.is_keysend), (Some([1; 32]), Some(true), Some(false)));
    let Invoice { expiry, features, hodl, htlcs, amp, .. } = &row.invoice;
    assert_eq!(expiry.and_then(Expiry::nanoseconds), Some(3_600_000_000_000));
    assert_eq!(features.iter().collect::<Vec<_>>(), [8, 14, 30]);
    assert_eq!((*hodl, row.invoice.is_amp()), (Some(false), true));
    assert_eq!((row.invoice.add_index, row.invoice.created.unix()), (1, 1_770_000_000));
    assert_eq!(row.invoice.preimage, Some([1; 32]));
    let circuit = Circuit { channel: 17_592_186_044_416_000_002, htlc: 7 };
    assert_eq!((htlcs.len(), htlcs[0].circuit), (1, circuit));
    assert_eq!(htlcs[0].mpp_total_msat, Some(2_000_000));
    assert_eq!(htlcs[0].resolve_time.unix(), 1_770_000_100);
    assert_eq!(htlcs[0].custom_records, [(65_536, vec![1]), (70_000, vec![2])]);
    let member = htlcs[0].amp.as_ref().unwrap();
    assert_eq!((member.child_index, member.preimage), (258, Some([0x66; 32])));
    let [set] = amp.as_ref().unwrap().as_slice() else { panic!() };
    assert_eq!((set.set_id, set.settle_index, set.state), (SET, 1, HtlcState::Settled));
    assert_eq!((set.circuits.as_slice(), set.amount_paid_msat), (&[circuit][..], None));
    assert_eq!(set.created.map(Time::unix), Some(1_770_000_000));
    assert_eq!(native::page(&fake, &read.index, 1, 10).unwrap().rows, []);
}
