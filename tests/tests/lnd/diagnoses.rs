//! The diagnoses D01 to D28, as one table: a store that has it, and the findings that it draws,
//! no more and no less. D05 and D06 have tests of their own (a rehearsal, a comparison).
//!
//! The stores were written, and hurt, by LND's own code (`data/lnd`), but for one of D28: see there.

use crate::fixtures as lnd_fixtures;

use std::collections::BTreeSet;
use std::path::Path;

use fulgurite_core::finding::Severity;
use fulgurite_core::lnd::check::{Checked, Given, Options, check};
use fulgurite_core::lnd::migration::{Asked, Network, Release};
use fulgurite_core::source::Source;
use lnd_fixtures::{Fixture, fixtures};

/// A diagnosis, a fixture, and its codes.
type Case = (&'static str, &'static str, &'static [&'static str]);

const CASES: &[Case] = &[
    ("D01", "v0.19/d01-sqlite", &["lnd.settle_sequence"]),
    ("D01", "v0.20/d01-sqlite", &["lnd.settle_sequence"]),
    ("D01", "v0.21/d01-sqlite", &["lnd.settle_sequence"]),
    ("D02", "v0.19/s3-postgres", &["lnd.tombstone_without_tracker"]),
    ("D02", "v0.21/s3-postgres", &["lnd.tombstone_without_tracker"]),
    // Without a -wal, a stale copy looks just so; that is said beside it.
    ("D02", "v0.21/s3-sqlite", &["lnd.tombstone_without_tracker", "lnd.stale_copy"]),
    ("D03", "v0.21/s4a-sqlite", &["lnd.migration_skipped"]),
    ("D03", "v0.21/s3-skipped-sqlite", &["lnd.migration_skipped"]),
    ("D04", "v0.21/d04-sqlite", &["lnd.split_brain"]),
    ("D07", "v0.21/s1-bolt", &["lnd.kv_counts"]),
    ("D07", "v0.21/s2-native-sqlite", &["lnd.kv_counts", "lnd.sql_counts"]),
    ("D08", "v0.21/s11-sqlite", &["lnd.tracker_schema_disagree"]),
    ("D08", "v0.21/s12-sqlite", &["lnd.tracker_schema_disagree"]),
    ("D08", "v0.21/s12-postgres", &["lnd.tracker_schema_disagree"]),
    ("D09", "v0.21/s9-sqlite", &["lnd.dirty_schema"]),
    ("D09", "v0.21/s10-sqlite", &["lnd.dirty_schema"]),
    ("D10", "v0.21/s13-sqlite", &["lnd.wrong_network"]),
    ("D10", "v0.21/s14-poisoned-sqlite", &["lnd.wrong_network"]),
    ("D11", "v0.21/s6-bolt", &["lnd.data_migration_tombstone"]),
    ("D12", "v0.21/s7-sqlite", &["lnd.half_copied"]),
    // A retired source whose copy has no mark is the one and the other.
    ("D12", "v0.21/s8-sqlite", &["lnd.data_migration_tombstone", "lnd.copy_unmarked"]),
    // What the zero hash comes from is still in the key-value store: a body without a hash.
    ("D13", "v0.21/d13-sqlite", &["lnd.zero_hash", "lnd.broken_index"]),
    ("D14", "v0.18/s16-bolt", &["lnd.orphan_canceled"]),
    ("D14", "v0.21/s16-sqlite", &["lnd.orphan_canceled"]),
    ("D14", "v0.21/d15-all-orphan-bolt", &["lnd.orphan_lost"]),
    ("D15a", "v0.21/d15a-bolt", &["lnd.broken_index"]),
    // A row beyond the last one is also beyond its sequence.
    ("D15b", "v0.21/d15b-bolt", &["lnd.broken_index", "lnd.sequence_behind"]),
    ("D15c", "v0.21/d15c-sqlite", &["lnd.broken_index"]),
    ("D15d", "v0.21/d15d-bolt", &["lnd.broken_index"]),
    ("D15e", "v0.21/d15e1-bolt", &["lnd.broken_index", "lnd.sequence_behind"]),
    ("D15e", "v0.21/d15e2-bolt", &["lnd.broken_index"]),
    ("D15e", "v0.21/d15e3-sqlite", &["lnd.broken_index"]),
    ("D15f", "v0.21/d15f1-bolt", &["lnd.broken_index"]),
    ("D15f", "v0.21/d15f2-bolt", &["lnd.broken_index"]),
    ("D15f", "v0.21/d15f3-sqlite", &["lnd.broken_index"]),
    ("D15g", "v0.21/d15g1-bolt", &["lnd.broken_index"]),
    ("D15g", "v0.21/d15g2-sqlite", &["lnd.broken_index"]),
    ("D15h", "v0.21/d15h-bolt", &["lnd.broken_index"]),
    ("D16", "v0.19/p7-addr-sqlite", &["lnd.duplicate"]),
    ("D16", "v0.19/p7-circuit-postgres", &["lnd.duplicate"]),
    ("D17", "v0.21/s2-sqlite", &["lnd.renumbered", "lnd.settle_sequence"]),
    ("D18", "v0.21/d18-add-behind-bolt", &["lnd.sequence_behind"]),
    ("D18", "v0.21/d18-next-behind-bolt", &["lnd.sequence_behind"]),
    ("D18", "v0.21/d18-settle-behind-bolt", &["lnd.sequence_behind"]),
    ("D19", "v0.21/meta0-bad-bolt", &["bbolt.meta_damaged"]),
    // The newer transaction was in that page: what is read is the state before it.
    (
        "D19",
        "v0.21/meta1-bad-bolt",
        &["bbolt.meta_damaged", "bbolt.channel_state_hit", "lnd.stale_copy"],
    ),
    ("D19", "v0.21/meta-both-bad-bolt", &["bbolt.no_meta", "bbolt.records_hit"]),
    ("D19", "v0.21/zero-graph-bolt", &["bbolt.zero_page", "bbolt.graph_hit"]),
    ("D19", "v0.21/zero-channels-bolt", &["bbolt.zero_page", "bbolt.channel_state_hit"]),
    (
        "D19",
        "v0.21/zero-invoices-bolt",
        &["bbolt.zero_page", "bbolt.records_hit", "lnd.broken_index"],
    ),
    (
        "D19",
        "v0.21/truncated-bolt",
        &["bbolt.truncated", "bbolt.missing_page", "bbolt.records_hit", "lnd.stale_copy"],
    ),
    ("D20", "v0.21/wal-s2-lost-sqlite", &["lnd.stale_copy"]),
    ("D20", "v0.21/wal-s2-native-lost-sqlite", &["lnd.stale_copy"]),
    ("D21", "v0.19/d21-sqlite", &["lnd.expiry_reset"]),
    ("D23", "v0.21/s15-sqlite", &["lnd.hash_scratch"]),
    ("D24", "v0.21/d24-bolt", &["lnd.missing_dbp"]),
    ("D25", "v0.21/d25-sqlite", &["lnd.bolt_beside_sql"]),
    ("D26", "v0.21/d26-orphan-sqlite", &["kvsql.tree_broken"]),
    ("D26", "v0.21/d26-leaf-parent-sqlite", &["kvsql.tree_broken"]),
    ("D27", "v0.21/d27-bolt", &["lnd.htlc_sum"]),
];

/// What LND itself causes on every node: its migration forgets the settle sequence (D01) and
/// numbers anew (D17), and from v0.19.2 to v0.21.1 it wrote no version into a new store (D24).
const OF_LND: [&str; 3] = ["lnd.settle_sequence", "lnd.renumbered", "lnd.missing_dbp"];

/// Notes that every store draws, or every SQLite file without a log.
const NOTES: [&str; 4] = ["lnd.kv_counts", "lnd.sql_counts", "lnd.stale_copy", "sqlite.stale_copy"];

fn judge(fixture: &Fixture, asked: &Asked) -> Checked {
    let plain = fixture.files.iter().filter(|(name, _)| name != "dump.pgc");
    let given: Vec<Given<'_>> = plain
        .map(|(name, bytes)| Given { source: bytes as &dyn Source, name: Some(name) })
        .collect();
    let network = Network::named(&fixture.network);
    let options = Options { whole: true, network, asked: *asked, ..Options::default() };
    check(&given, &options, &mut |_| true).expect("memory is read").expect("nobody stops it")
}

/// The codes, without the notes that mean nothing here.
fn codes(checked: &Checked, notes: bool) -> BTreeSet<&'static str> {
    let note = |code: &str, severity| severity == Severity::Info && NOTES.contains(&code);
    let findings = checked.report.findings.iter();
    let kept = findings.filter(|finding| notes || !note(finding.code.name(), finding.severity));
    kept.map(|finding| finding.code.name()).collect()
}

#[test]
fn each_diagnosis_has_a_store_that_draws_just_it() {
    let stores = fixtures(|id, _| CASES.iter().any(|(_, fixture, _)| *fixture == id));
    let (mut wrong, mut seen) = (Vec::new(), BTreeSet::new());
    println!("{:<5} {:<34} findings", "", "store");
    for (diagnosis, id, expected) in CASES {
        let fixture = stores.iter().find(|fixture| fixture.id == *id).expect("it is there");
        let expected: BTreeSet<&str> = expected.iter().copied().collect();
        let notes = expected.iter().all(|code| NOTES.contains(code) && *diagnosis == "D07");
        let checked = judge(fixture, &Asked::default());
        let mut found = codes(&checked, notes);
        if notes {
            found.retain(|code| !code.ends_with("stale_copy"));
        }
        found.retain(|code| expected.contains(code) || !OF_LND.contains(code));
        println!(
            "{diagnosis:<5} {id:<34} {}",
            found.iter().copied().collect::<Vec<_>>().join(", ")
        );
        if found != expected {
            wrong.push(format!("{diagnosis} {id}: {found:?}, not {expected:?}"));
        }
        seen.insert(&diagnosis[..3]);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // D22 asks for a release, D28 for what LND cannot leave behind: below.
    let all = (1..=28).filter(|number| ![5, 6, 22, 28].contains(number));
    let all: BTreeSet<String> = all.map(|number| format!("D{number:02}")).collect();
    assert_eq!(seen, all.iter().map(String::as_str).collect());
}

#[test]
fn healthy_migrated_stores_draw_nothing_but_what_lnd_causes() {
    let healthy = fixtures(|id, state| state == "S2" && id.contains("/s2-"));
    assert_eq!(healthy.len(), 8, "S2 of three releases on two backends, and two more");
    for fixture in &healthy {
        let checked = judge(fixture, &Asked::default());
        let findings = checked.report.findings.iter();
        let above: BTreeSet<&str> = findings
            .filter(|finding| finding.severity > Severity::Info)
            .map(|finding| finding.code.name())
            .filter(|code| !["lnd.settle_sequence", "lnd.renumbered"].contains(code))
            .collect();
        assert!(above.is_empty(), "{}: {above:?}", fixture.id);
        assert_eq!(checked.report.verdict.headline.name(), "lnd_migrated", "{}", fixture.id);
    }
}

/// D22: the store is fine, and too new for whom is asked.
#[test]
fn a_store_newer_than_the_release_asked_for() {
    let stores = fixtures(|id, _| id == "v0.21/s2-sqlite" || id == "v0.21/s1-bolt");
    for fixture in &stores {
        let asked = |release| Asked { release: Release::named(release), ..Asked::default() };
        let newer = |release| codes(&judge(fixture, &asked(release)), false);
        assert!(newer("v0.18.4").contains("lnd.newer_than_release"), "{}", fixture.id);
        assert!(!newer("v0.21.3").contains("lnd.newer_than_release"), "{}", fixture.id);
    }
}

/// D28: a number that was given twice shows by events older than the invoice. LND's own deletion
/// takes the events along (`ON DELETE CASCADE`), so that its store (`d28`) shows nothing; where
/// foreign keys were not enforced they stay, which is made by hand here.
#[test]
fn events_older_than_their_invoice() {
    let stores = fixtures(|id, _| id == "v0.21/d28-sqlite");
    let [fixture] = &stores[..] else { panic!("one store") };
    assert_eq!(codes(&judge(fixture, &Asked::default()), false), BTreeSet::new());
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("lnd_diagnoses");
    std::fs::create_dir_all(&folder).expect("a folder");
    let mut changed = Vec::new();
    for (name, bytes) in &fixture.files {
        let path = folder.join(name);
        std::fs::write(&path, bytes).expect("a file is written");
        if name == "lnd.sqlite" {
            let database = rusqlite::Connection::open(&path).expect("SQLite opens it");
            let mode: String = database
                .query_row("PRAGMA journal_mode = DELETE", [], |row| row.get(0))
                .expect("no log");
            assert_eq!(mode, "delete");
            let event = "INSERT INTO invoice_events (added_at, event_type, invoice_id) \
                         VALUES ('2025-01-01 00:00:00+00:00', 0, 24)";
            assert_eq!(database.execute(event, []).expect("a row"), 1);
        }
        changed.push((name.clone(), std::fs::read(&path).expect("a file is read")));
    }
    let fixture = Fixture {
        id: fixture.id.clone(),
        state: fixture.state.clone(),
        backend: fixture.backend.clone(),
        network: fixture.network.clone(),
        entry: fixture.entry.clone(),
        files: changed,
    };
    assert_eq!(codes(&judge(&fixture, &Asked::default()), false), ["lnd.reused_id"].into());
}
