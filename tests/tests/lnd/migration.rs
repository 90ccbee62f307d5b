//! LND's migration to native SQL: each diagnosis from exactly its evidence, and no evidence that the
//! verdict cannot bear. Every state: `matrix.rs`.

pub(crate) mod evidence;
mod matrix;

use evidence::{SEPTEMBER, both, dbp, hashes, healthy, kv, row, sql, tombstoned};

use fulgurite_core::finding::{Code, Confidence, Findings, Severity, Step, Values};
use fulgurite_core::lnd::migration::KvStore::{Bolt, Sqlite};
use fulgurite_core::lnd::migration::{
    Asked, Backend, Caution, Census, Decision, Evidence, KvSide, KvStore, Mark, Network, Outcome,
    RELEASES, Release, Schema, SqlEngine, SqlSide, StateKind, Store, Track, Wal, board, decide,
    diagnose, releases, state, texts, way,
};
use fulgurite_core::lnd::report::assemble;
use fulgurite_core::report::Headline;
use fulgurite_core::words::{Language, heading, meaning, migration as words, title};

fn found(evidence: &Evidence) -> Vec<(&'static str, Severity)> {
    let mut findings = Findings::default();
    diagnose(evidence, &Asked::default(), &mut findings);
    let (kept, _) = findings.into_sorted();
    for finding in &kept {
        for name in finding.code.values() {
            assert!(finding.values.get(name).is_some(), "{} lacks {name}", finding.code.name());
        }
        for language in Language::ALL {
            let text = title(finding, language) + &meaning(finding, language);
            assert!(!text.contains(['?', '{', '[']), "{text}");
        }
    }
    kept.iter().map(|finding| (finding.code.name(), finding.severity)).collect()
}

#[test]
fn a_healthy_migration_draws_nothing() {
    for line in ["v0.19", "v0.20", "v0.21", "v0.22"] {
        assert_eq!(found(&healthy(line)), [], "{line}");
    }
}

/// Each diagnosis, and the one change to a healthy node that draws it.
#[test]
fn each_diagnosis_needs_exactly_its_evidence() {
    type Change = fn(&mut Evidence);
    let drawn: &[(&str, Severity, Change)] = &[
        ("lnd.tombstone_without_tracker", Severity::Damage, |e| {
            e.sql[0] = sql(SqlEngine::Sqlite, 6, 0..0);
        }),
        ("lnd.migration_skipped", Severity::Damage, |e| {
            e.sql[0].hashes = Some(hashes(0..0));
            e.sql[0].invoices = 0;
            e.sql[0].migrated = 0;
        }),
        // Number 4 is settled: no release deletes it.
        ("lnd.migration_skipped", Severity::Damage, |e| e.sql[0].hashes = Some(hashes(1..4))),
        ("lnd.tombstone_lost", Severity::Warning, |e| e.kv[0].invoice_tombstone = None),
        ("lnd.tracker_schema_disagree", Severity::Damage, |e| {
            e.sql[0].tracker.retain(|row| row.version < 15);
        }),
        ("lnd.tracker_schema_disagree", Severity::Damage, |e| {
            e.sql[0].tables.as_mut().unwrap().retain(|table| table != "payments");
        }),
        ("lnd.dirty_schema", Severity::Warning, |e| {
            e.sql[0].schema = Some(Schema { version: 15, dirty: true });
        }),
        ("lnd.dirty_schema", Severity::Damage, |e| {
            e.sql[0].tracker.retain(|row| row.version < 18);
            e.sql[0].schema = Some(Schema { version: 15, dirty: true });
        }),
        ("lnd.wrong_network", Severity::Damage, |e| e.files.network = Some(Network::Mainnet)),
        ("lnd.wrong_network", Severity::Damage, |e| {
            e.files.network = None;
            e.sql[0].network = Some("mainnet".into());
        }),
        ("lnd.wrong_network", Severity::Damage, |e| {
            e.kv[0].networks = Census { mainnet: 5, ..Census::default() };
            e.sql[0].networks = Census { mainnet: 5, ..Census::default() };
        }),
        ("lnd.half_copied", Severity::Damage, |e| e.kv.push(dbp(kv(Bolt, 1..3), 35))),
        ("lnd.bolt_beside_sql", Severity::Warning, |e| e.kv.push(dbp(kv(Bolt, 20..23), 35))),
        ("lnd.bolt_beside_sql", Severity::Warning, |e| {
            e.kv[0].already_migrated = Some("lndinit migrate-db".into());
            e.kv.push(dbp(kv(Bolt, 1..3), 35));
        }),
        ("lnd.data_migration_tombstone", Severity::Info, |e| {
            e.kv[0].already_migrated = Some("lndinit migrate-db".into());
            e.kv.push(dbp(kv(Bolt, 1..3), 35));
            e.kv[1].data_migration_tombstone = Some("lndinit migrate-db".into());
        }),
        ("lnd.data_migration_tombstone", Severity::Damage, |e| {
            *e = Evidence { kv: vec![kv(Bolt, 1..3)], ..Evidence::default() };
            e.kv[0].data_migration_tombstone = Some("lndinit migrate-db".into());
        }),
        ("lnd.stale_copy", Severity::Info, |e| e.sql[0].copy.wal = Wal::NotGiven),
        ("lnd.stale_copy", Severity::Damage, |e| e.kv[0].copy.wal = Wal::Missing),
        ("lnd.stale_copy", Severity::Damage, |e| e.kv[0].copy.rolled_back = true),
        ("lnd.stale_copy", Severity::Damage, |e| e.kv[0].copy.short = true),
        ("lnd.newer_than_release", Severity::Damage, |e| e.kv[0].dbp = Some(36)),
        ("lnd.newer_than_release", Severity::Damage, |e| e.kv[0].optional = vec![0, 1, 2]),
        ("lnd.newer_than_release", Severity::Damage, |e| {
            e.sql[0].tracker.push(Track { version: 19, time: None });
            e.sql[0].schema = Some(Schema { version: 16, dirty: false });
        }),
        ("lnd.missing_dbp", Severity::Info, |e| e.kv[0].dbp = None),
        ("lnd.foreign_marker", Severity::Info, |e| {
            e.kv[0].foreign_markers = vec!["migration_complete".into()];
        }),
        ("lnd.closed_channel_tombstones", Severity::Info, |e| {
            e.kv[0].closed_channel_tombstones = Some(2);
        }),
    ];
    for (code, severity, change) in drawn {
        let mut evidence = healthy("v0.21");
        change(&mut evidence);
        assert_eq!(found(&evidence), [(*code, *severity)], "{code}");
    }
    // These two cannot come alone: a store without its tombstone, a source without its copy's mark.
    let mut evidence = healthy("v0.21");
    evidence.kv[0].invoice_tombstone = None;
    evidence.kv[0].newest_creation = Some(SEPTEMBER + 1_000);
    evidence.sql[0].created = 1;
    let expected =
        [("lnd.tombstone_lost", Severity::Warning), ("lnd.split_brain", Severity::Damage)];
    assert_eq!(found(&evidence), expected);
    evidence.sql[0].created = 0;
    assert_eq!(found(&evidence), expected[..1], "only one side went on");
    let mut evidence = healthy("v0.21");
    evidence.kv.push(dbp(kv(Bolt, 1..3), 35));
    evidence.kv[1].data_migration_tombstone = Some("lndinit migrate-db".into());
    let expected = [
        ("lnd.data_migration_tombstone", Severity::Damage),
        ("lnd.copy_unmarked", Severity::Warning),
    ];
    assert_eq!(found(&evidence), expected);
    // Every code of this room was drawn.
    let names: Vec<_> = drawn.iter().map(|(code, ..)| *code).collect();
    let others = ["lnd.split_brain", "lnd.copy_unmarked"];
    // They are declared one after the other.
    let room = Code::LndTombstoneWithoutTracker..=Code::LndClosedChannelTombstones;
    let own = Code::ALL.iter().filter(|code| room.contains(code));
    for code in own {
        assert!(names.contains(&code.name()) || others.contains(&code.name()), "{}", code.name());
    }
}

/// A canceled or open invoice may have been deleted from native SQL; a settled one never is.
#[test]
fn deleted_invoices_are_not_left_behind() {
    let mut evidence = healthy("v0.21");
    evidence.sql[0].hashes = Some(hashes(2..5));
    assert_eq!(found(&evidence), [], "1, 3 and 5 are not settled");
}

/// A copy without its log looks like a migration that did not commit: both are said.
#[test]
fn a_missing_log_may_explain_the_crash_window() {
    let mut evidence = healthy("v0.19");
    evidence.sql[0] = sql(SqlEngine::Sqlite, 6, 0..0);
    evidence.sql[0].copy.wal = Wal::NotGiven;
    let mut findings = Findings::default();
    diagnose(&evidence, &Asked::default(), &mut findings);
    let stale = findings.kept().iter().find(|finding| finding.code == Code::LndStaleCopy).unwrap();
    assert_eq!((stale.severity, stale.confidence), (Severity::Damage, Confidence::Possible));
    assert_eq!(findings.count(Code::LndTombstoneWithoutTracker), 1);
}

#[test]
fn a_release_is_told_what_is_too_new_for_it() {
    let mut evidence = healthy("v0.21");
    evidence.kv[0].optional = vec![1];
    let asked = Asked { release: Some(row("v0.19.1")), ..Asked::default() };
    let mut findings = Findings::default();
    diagnose(&evidence, &asked, &mut findings);
    let said: Vec<_> = findings
        .kept()
        .iter()
        .map(|finding| {
            let values = &finding.values;
            (values.text("which").unwrap(), values.number("found"), values.number("known"))
        })
        .collect();
    let expected = [
        ("dbp", Some(35), Some(33)),
        ("optional", Some(1), Some(0)),
        ("tracker", Some(18), Some(7)),
    ];
    assert_eq!(said, expected);
}

/// The tombstone that skipping makes permanent, in words.
#[test]
fn the_traps_are_said_in_plain_words() {
    let crash = both(tombstoned(kv(Sqlite, 1..6)), sql(SqlEngine::Sqlite, 6, 0..0));
    let mut findings = Findings::default();
    diagnose(&crash, &Asked::default(), &mut findings);
    let [finding] = findings.kept() else { panic!() };
    let text = meaning(finding, Language::English);
    assert!(text.contains("intact") && text.contains("then the loss is permanent"), "{text}");
    assert!(finding.next.contains(&Step::LndNeverSkip));
    let skip = decide(&crash, row("v0.19.2"), Backend::Sqlite, true, true);
    assert_eq!(
        words::lost(&skip.loses[0], Language::English),
        "Left behind for good: 5 invoices. The migration is recorded as done and never runs again; \
         the data stays on disk, out of LND's sight.",
    );
    assert!(
        words::lost(&skip.loses[0], Language::SimplifiedChinese).contains("永久落下：5 张发票")
    );
}

/// No evidence makes it panic, and what it says hangs together.
#[test]
fn nothing_that_can_be_found_is_too_much() {
    let trackers: [&[u32]; 9] =
        [&[], &[1], &[2], &[3, 4], &[5, 6, 7], &[7], &[10], &[18], &[u32::MAX, 0]];
    let schemas = [None, Some(0), Some(3), Some(6), Some(8), Some(15), Some(16), Some(u32::MAX)];
    let mut met = 0_u64;
    for tracker in trackers {
        for version in schemas {
            for bits in 0..1_u32 << 9 {
                let bit = |at: u32| bits >> at & 1 == 1;
                let mut side =
                    SqlSide::new(if bit(0) { SqlEngine::Postgres } else { SqlEngine::Sqlite });
                side.schema = version.map(|version| Schema { version, dirty: bit(1) });
                side.tracker = tracker
                    .iter()
                    .map(|version| Track { version: *version, time: bit(2).then_some(u64::MAX) })
                    .collect();
                side.tables = bit(3).then(Vec::new);
                side.invoices = if bit(4) { u64::MAX } else { 0 };
                side.hashes = bit(2).then(|| hashes(0..3));
                side.scratch_rows = u64::from(bit(5));
                side.network = bit(6).then(|| "\u{1b}[2J".to_string());
                let store = [Bolt, Sqlite, KvStore::Postgres, KvStore::Dump][bits as usize % 4];
                let mut one = KvSide::new(store);
                one.ledger.reachable = if bit(7) { u64::MAX } else { 0 };
                one.hashes = bit(3).then(|| hashes(2..9));
                one.settled_hashes = bit(1).then(|| hashes(2..3));
                one.invoice_tombstone = bit(8).then(Vec::new);
                one.dbp = bit(4).then_some(u32::MAX);
                one.metadata = bit(5);
                one.invoices_bucket = bit(6);
                one.optional = if bit(2) { vec![u64::MAX, 0] } else { Vec::new() };
                let mut evidence =
                    Evidence { kv: vec![one], sql: vec![side], ..Evidence::default() };
                evidence.files.whole = bit(0);
                evidence.files.network = bit(3).then_some(Network::Signet);
                let now = state(&evidence);
                assert!(!way(&evidence, &now).is_empty());
                let mut findings = Findings::default();
                diagnose(&evidence, &Asked::default(), &mut findings);
                for release in RELEASES {
                    for backend in Backend::ALL {
                        for (native, skip) in
                            [(true, true), (true, false), (false, true), (false, false)]
                        {
                            let end = decide(&evidence, release, *backend, native, skip);
                            coherent(&end, native);
                            met += 1;
                        }
                    }
                }
            }
        }
    }
    assert_eq!(met, 9 * 8 * 512 * 8 * 4 * 4);
}

fn coherent(end: &Decision, native: bool) {
    match &end.outcome {
        Outcome::Proceeds { on, .. } => assert_eq!(*on == Store::Sql, native, "{end:?}"),
        Outcome::Migrates { parts } => assert!(native && !parts.is_empty(), "{end:?}"),
        Outcome::Refuses { error, .. } | Outcome::Breaks { error, .. } => {
            assert!(!error.is_empty() && !error.contains("{0}"), "{end:?}");
        }
        Outcome::Unknown { .. } => assert!(end.loses.is_empty(), "{end:?}"),
    }
    let marked = end.marks.contains(&Mark::InvoiceTombstone);
    assert!(!marked || native, "{end:?}");
    let mut seen = end.warnings.clone();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), end.warnings.len(), "{end:?}");
}

/// Evidence of nothing at all.
#[test]
fn nothing_found_is_told_as_such() {
    let nothing = Evidence::default();
    assert_eq!(state(&nothing).kind, StateKind::Unread);
    assert!(board(&nothing, &Asked::default()).rows.is_empty());
    let asked = Asked { backend: Some(Backend::Sqlite), ..Asked::default() };
    let rows = board(&nothing, &asked).rows;
    assert!(rows.iter().any(|row| matches!(row.decision.outcome, Outcome::Unknown { .. })));
}

#[test]
fn the_table_of_releases_hangs_together() {
    let versions: Vec<_> = releases::MIGRATIONS.iter().map(|migration| migration.version).collect();
    assert_eq!(versions, (1..=18).collect::<Vec<_>>());
    let files: Vec<_> = releases::SCHEMA.iter().map(|file| file.version).collect();
    assert_eq!(files, (1..=15).collect::<Vec<_>>());
    for release in RELEASES {
        assert_eq!(Release::named(release.name), Some(release));
        if let Some(tracker) = release.tracker {
            assert_eq!(release.schema, releases::schema_at(tracker), "{}", release.name);
        }
        for part in release.parts {
            assert!(release.tracker.is_none_or(|tracker| tracker >= part.version()));
        }
    }
    for (text, name) in [("v0.20.2-beta", "v0.20.0"), ("0.18.4", "v0.18.3"), ("0.22", "v0.22")] {
        assert_eq!(row(text).name, name, "{text}");
    }
    for text in ["v0.17", "v0.18.6", "", "v1", "0.21.2.1", "0.x"] {
        assert_eq!(Release::named(text), None, "{text}");
    }
}

/// `lnd.go` puts the whole together.
#[test]
fn texts_are_filled_in() {
    assert_eq!(
        texts::OPEN_DATABASES.of(&[&texts::INVOICE_TOMBSTONE.of(&[])]),
        "unable to open databases: invoices bucket tombstoned, please switch back to native SQL",
    );
    assert_eq!(texts::DIRTY.of(&[]), "Dirty database version . Fix and force version.");
}

#[test]
fn a_retired_file_and_text_from_files() {
    let report = {
        let mut evidence = Evidence { kv: vec![kv(Bolt, 1..3)], ..Evidence::default() };
        evidence.kv[0].data_migration_tombstone = Some("lndinit migrate-db X".into());
        assemble(Vec::new(), &evidence, &Asked::default(), Findings::default())
    };
    let text = heading(Headline::LndRetired, &report.verdict.values, Language::English);
    assert!(text.contains("(lndinit migrate-db X)"), "{text}");
    let values = Values::new().with("left_behind", 5_u64);
    let text = heading(Headline::LndPassedOver, &values, Language::English);
    assert!(text.starts_with("The migration was passed over: 5 invoices are in"), "{text}");
    assert!(Caution::ALL.iter().all(|one| !words::caution(*one).en.is_empty()));
}
