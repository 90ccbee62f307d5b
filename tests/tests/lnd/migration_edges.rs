//! The edges of states, diagnoses and decisions: where one thing becomes another, both sides of it.
//! Each is what a mutant of the code once got past; the expected cells are worked out by hand from
//! the same sources as those in `migration.rs`.

use fulgurite_core::finding::{Code, Confidence, Finding, Findings, Severity, Step};
use fulgurite_core::lnd::migration::{
    Asked, Backend, Caution, Decision, Evidence, Hashes, KvSide, KvStore, Mark, Network, Outcome,
    RELEASES, Schema, SqlEngine, State, StateKind, Wal, board, decide, diagnose, state, way,
};

use crate::migration::evidence::{
    both, dbp, hashes, healthy, kv, only, row, shown, sql, tombstoned,
};

const SQLITE: Backend = Backend::Sqlite;
const LITE: SqlEngine = SqlEngine::Sqlite;

fn found(evidence: &Evidence) -> Vec<Finding> {
    let mut findings = Findings::default();
    diagnose(evidence, &Asked::default(), &mut findings);
    findings.kept().to_vec()
}

/// The findings of that code.
fn told(evidence: &Evidence, code: Code) -> Vec<Finding> {
    let mut all = found(evidence);
    all.retain(|finding| finding.code == code);
    all
}

fn end(evidence: &Evidence, release: &str, native: bool) -> Decision {
    decide(evidence, row(release), SQLITE, native, false)
}

fn warns(evidence: &Evidence, release: &str, caution: Caution) -> bool {
    end(evidence, release, true).warnings.contains(&caution)
}

/// Native SQL alone, nothing said of the other side.
fn alone(tracker: u32, invoices: u64) -> Evidence {
    let mut side = sql(LITE, tracker, 0..0);
    side.invoices = invoices;
    Evidence { sql: vec![side], ..Evidence::default() }
}

fn of_network(network: Network, requests: u64, evidence: &mut Evidence) {
    let census = match network {
        Network::Mainnet => Census { mainnet: requests, ..Census::default() },
        _ => Census { regtest: requests, ..Census::default() },
    };
    for kv in &mut evidence.kv {
        kv.networks = census;
    }
    for sql in &mut evidence.sql {
        sql.networks = census;
    }
}

use fulgurite_core::lnd::migration::Census;

#[test]
fn where_invoices_are_when_only_native_sql_is_there() {
    let kind = |evidence: &Evidence| {
        let State { kind, confidence, .. } = state(evidence);
        (kind, confidence)
    };
    // Whether they came over or were made there, the other side would tell.
    assert_eq!(kind(&alone(7, 5)), (StateKind::Migrated, Confidence::Possible));
    assert_eq!(kind(&alone(7, 0)), (StateKind::NativeOnly, Confidence::Likely));
    assert_eq!(kind(&alone(6, 5)), (StateKind::NativeOnly, Confidence::Likely));
    assert_eq!(kind(&alone(6, 0)), (StateKind::Unread, Confidence::Certain));
    let mut whole = alone(6, 0);
    whole.files.whole = true;
    assert_eq!(kind(&whole), (StateKind::Fresh, Confidence::Certain));
    let mut whole = alone(7, 0);
    whole.files.whole = true;
    assert_eq!(kind(&whole), (StateKind::NativeOnly, Confidence::Certain));
    // The tracker is not there yet, the invoices are.
    let mut early = both(kv(KvStore::Sqlite, 0..0), sql(LITE, 6, 1..4));
    early.sql[0].created = 3;
    assert_eq!(kind(&early), (StateKind::NativeOnly, Confidence::Certain));
    early.sql[0].invoices = 0;
    assert_eq!(kind(&early), (StateKind::Fresh, Confidence::Certain));
}

#[test]
fn how_sure_a_state_is() {
    let of = |evidence: &Evidence| (state(evidence).kind, state(evidence).confidence);
    let mut one = only(kv(KvStore::Sqlite, 1..6));
    assert_eq!(of(&one), (StateKind::NotMigrated, Confidence::Certain));
    // A native database may lie elsewhere; beside bbolt there is none.
    one.files.whole = false;
    assert_eq!(of(&one), (StateKind::NotMigrated, Confidence::Likely));
    one.kv[0].store = KvStore::Bolt;
    assert_eq!(of(&one), (StateKind::NotMigrated, Confidence::Certain));
    let two = both(kv(KvStore::Sqlite, 1..6), sql(LITE, 6, 0..0));
    assert_eq!(of(&two), (StateKind::NotMigrated, Confidence::Certain));
    // What is wrong with native SQL itself does not depend on that.
    let mut ahead = alone(7, 5);
    ahead.sql[0].schema = Some(Schema { version: 5, dirty: false });
    assert_eq!(of(&ahead), (StateKind::TrackerAhead, Confidence::Certain));
    // A copy that never finished is sure by its mark only.
    let mut copied = Evidence {
        kv: vec![kv(KvStore::Bolt, 1..6), kv(KvStore::Sqlite, 1..3)],
        ..Evidence::default()
    };
    assert_eq!(of(&copied), (StateKind::HalfCopied, Confidence::Likely));
    copied.files.copy_unfinished = true;
    assert_eq!(of(&copied), (StateKind::HalfCopied, Confidence::Certain));
}

#[test]
fn what_came_over_is_told_by_hashes_and_else_by_counts() {
    let kind = |hashes_of_kv: Option<Hashes>, there: std::ops::Range<u8>, migrated: u64| {
        let mut evidence = both(kv(KvStore::Sqlite, 1..6), sql(LITE, 7, there));
        evidence.kv[0].hashes = hashes_of_kv;
        evidence.sql[0].migrated = migrated;
        state(&evidence).kind
    };
    let five = || Some(hashes(1..6));
    assert_eq!(kind(five(), 1..6, 0), StateKind::TombstoneLost);
    // Others came over, from wherever.
    assert_eq!(kind(five(), 10..15, 5), StateKind::Skipped);
    // No hash could be read: the count decides.
    for none in [Some(hashes(0..0)), None] {
        assert_eq!(kind(none.clone(), 1..6, 5), StateKind::TombstoneLost);
        assert_eq!(kind(none, 1..6, 0), StateKind::Skipped);
    }
    assert!(hashes(0..0).is_empty() && !hashes(0..1).is_empty());
}

#[test]
fn schema_and_tracker_at_their_ends() {
    let with = |tracker: u32, version: u32, dirty: bool| {
        let mut evidence = both(kv(KvStore::Sqlite, 0..0), sql(LITE, tracker, 0..0));
        evidence.sql[0].schema = Some(Schema { version, dirty });
        evidence.sql[0].tables = None;
        evidence
    };
    let is = |evidence: &Evidence, kind| state(evidence).is(kind);
    // 15 is the newest there is; 16 is a newer release's, which nothing can be said of.
    assert!(is(&with(10, 15, false), StateKind::SchemaAhead));
    assert!(!is(&with(10, 16, false), StateKind::SchemaAhead));
    // One step ahead is a legal moment.
    assert!(!is(&with(10, 9, false), StateKind::SchemaAhead));
    assert!(is(&with(10, 10, false), StateKind::SchemaAhead));
    // Without a tracker LND takes the schema's number for it: harmless up to 6.
    let untracked = |version| {
        let mut evidence = with(1, version, false);
        evidence.sql[0].tracker.clear();
        evidence
    };
    assert!(!is(&untracked(6), StateKind::SchemaAhead));
    assert!(is(&untracked(7), StateKind::SchemaAhead));
    // A tracker that is newer than every release: nothing is pending, so nobody looks.
    assert!(is(&with(19, 15, true), StateKind::DirtyIgnored));
    assert!(is(&with(18, 15, true), StateKind::DirtyIgnored));
    assert!(is(&with(17, 14, true), StateKind::DirtyBlocking));
    // LND puts right what a release candidate left at tracker 2, and only that.
    let reset = |evidence: &Evidence| {
        end(evidence, "v0.19.2", true).warnings.contains(&Caution::DirtyReset)
    };
    assert!(reset(&with(2, 3, true)) && is(&with(2, 3, true), StateKind::DirtyIgnored));
    assert!(!reset(&with(2, 2, false)));
    let blocked = with(3, 3, true);
    assert!(!reset(&blocked) && is(&blocked, StateKind::DirtyBlocking));
    assert!(matches!(end(&blocked, "v0.19.2", true).outcome, Outcome::Refuses { .. }));
}

#[test]
fn each_step_of_the_way() {
    let steps = |evidence: &Evidence| way(evidence, &state(evidence));
    assert_eq!(
        steps(&only(kv(KvStore::Sqlite, 1..6))),
        [Step::LndCopyAll, Step::LndMigrateWithoutSkip, Step::LndNeverSkip]
    );
    assert_eq!(steps(&healthy("v0.21")), [Step::LndStayNative]);
    // Two stores of which one is bbolt must not both run.
    let mut beside = healthy("v0.21");
    beside.kv.insert(0, kv(KvStore::Bolt, 20..25));
    assert_eq!(steps(&beside), [Step::LndStayNative, Step::LndNeverRunBoth]);
    let bolt = only(kv(KvStore::Bolt, 1..6));
    assert!(!steps(&bolt).contains(&Step::LndNeverRunBoth));
    let mut two = only(kv(KvStore::Sqlite, 1..6));
    two.kv.push(kv(KvStore::Postgres, 1..6));
    two.kv[1].already_migrated = Some("1".into());
    two.kv[0].already_migrated = Some("1".into());
    assert!(!steps(&two).contains(&Step::LndNeverRunBoth));
    // What holds besides adds what must not be done.
    let mut unset = healthy("v0.21");
    unset.sql[0].network = None;
    assert_eq!(steps(&unset), [Step::LndStayNative, Step::LndCheckNetwork]);
    let every = StateKind::ALL.iter().map(|kind| {
        let one = State {
            kind: *kind,
            remarks: Vec::new(),
            confidence: Confidence::Certain,
            evidence: fulgurite_core::finding::Values::new(),
        };
        assert!(one.is(*kind) && !one.is(StateKind::ALL[usize::from(*kind == StateKind::ALL[0])]));
        way(&Evidence::default(), &one).first().copied()
    });
    let first: Vec<_> = every.map(|step| step.expect("a step")).collect();
    for (kind, step) in [
        (StateKind::CopyUnmarked, Step::LndUseDestination),
        (StateKind::DirtyIgnored, Step::LndCopyAll),
        (StateKind::NetworkUnset, Step::LndCheckNetwork),
        (StateKind::ScratchRows, Step::LndCopyAll),
        (StateKind::HalfCopied, Step::LndDoNotStart),
    ] {
        let at = StateKind::ALL.iter().position(|one| *one == kind).unwrap();
        assert_eq!(first[at], step, "{}", kind.name());
    }
    // As a remark, a copy that never finished is still to be finished.
    let remarked = State {
        kind: StateKind::SchemaAhead,
        remarks: vec![StateKind::HalfCopied],
        confidence: Confidence::Certain,
        evidence: fulgurite_core::finding::Values::new(),
    };
    assert!(way(&Evidence::default(), &remarked).contains(&Step::LndFinishCopy));
    assert!(remarked.is(StateKind::HalfCopied) && !remarked.is(StateKind::Fresh));
}

#[test]
fn the_board_keeps_configurations_apart() {
    let evidence = Evidence::default();
    let asked = Asked { backend: Some(SQLITE), skip: Some(false), ..Asked::default() };
    let names: Vec<&str> = RELEASES.iter().map(|release| release.name).collect();
    // Of nothing, nothing can be said, whatever is configured: one row, two configurations.
    let rows = board(&evidence, &asked).rows;
    assert_eq!(rows.len(), 1);
    let when: Vec<_> =
        rows[0].when.iter().map(|when| (when.native, when.releases.clone())).collect();
    assert_eq!(when.iter().map(|(native, _)| *native).collect::<Vec<_>>(), [true, false]);
    for (native, releases) in &when {
        assert_eq!(releases, &names, "{native}");
    }
    let asked = Asked { skip: None, native: Some(false), ..asked };
    let rows = board(&evidence, &asked).rows;
    let skips = |index: usize| -> Vec<_> {
        rows[index].when.iter().map(|when| (when.skip, when.releases.len())).collect()
    };
    // v0.18 does not know the flag.
    assert_eq!(skips(0), [(None, names.len() - 2), (Some(false), 2)]);
    assert_eq!(skips(1), [(Some(true), 2)]);
    let asked = Asked { release: Some(row("v0.20")), native: Some(true), ..asked };
    let rows = board(&evidence, &asked).rows;
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].when[0].releases, [row("v0.20").name]);
    let backends = |evidence: &Evidence| evidence.backends().collect::<Vec<_>>();
    assert_eq!(backends(&only(kv(KvStore::Sqlite, 1..3))), [SQLITE]);
    assert_eq!(backends(&alone(7, 1)), [SQLITE]);
    assert_eq!(backends(&only(kv(KvStore::Bolt, 1..3))), [Backend::Bolt]);
}

#[test]
fn a_decision_runs_or_has_an_error() {
    let runs = |decision: &Decision| (decision.runs(), decision.error().map(str::to_owned));
    assert_eq!(runs(&end(&healthy("v0.21"), "v0.22", true)), (true, None));
    assert_eq!(runs(&end(&only(kv(KvStore::Sqlite, 1..6)), "v0.22", true)), (true, None));
    let refused = "invoices bucket tombstoned, please switch back to native SQL";
    let refused = (false, Some(refused.to_owned()));
    assert_eq!(runs(&end(&healthy("v0.21"), "v0.22", false)), refused);
    // Nothing that was read says what it would do, whatever is configured.
    let nothing = end(&Evidence::default(), "v0.22", true);
    assert_eq!(shown(&nothing), "unknown without kv");
    assert_eq!(runs(&nothing), (false, None));
}

#[test]
fn a_table_breaks_only_releases_that_ask_for_it() {
    let without = |line: &str, table: &str| {
        let mut evidence = healthy(line);
        let tables = evidence.sql[0].tables.as_mut().unwrap();
        tables.retain(|known| known != table);
        evidence
    };
    for (line, release) in [("v0.19", "v0.19.2"), ("v0.20", "v0.20"), ("v0.21", "v0.22")] {
        let broken = end(&without(line, "invoices"), release, true);
        assert_eq!(shown(&broken), "breaks at invoices", "{release}");
        assert_eq!(broken.error(), Some("SQL logic error: no such table: invoices (1)"));
        assert!(!broken.runs());
        // The scratch table is made anew.
        let scratch = without(line, "invoice_payment_hashes");
        assert_eq!(shown(&end(&scratch, release, true)), "runs on sql", "{release}");
    }
    assert_eq!(
        shown(&end(&without("v0.20", "graph_nodes"), "v0.20", true)),
        "breaks at graph_nodes"
    );
    assert_eq!(shown(&end(&without("v0.21", "payments"), "v0.22", true)), "breaks at payments");
}

#[test]
fn a_migration_runs_into_what_is_there() {
    let at = |tracker: u32, graph: Option<u64>, payments: Option<u64>, release: &str| {
        let mut evidence = both(tombstoned(kv(KvStore::Sqlite, 1..6)), sql(LITE, tracker, 1..6));
        evidence.sql[0].graph_channels = graph;
        evidence.sql[0].payments = payments;
        warns(&evidence, release, Caution::RunsAgain)
    };
    assert!(at(7, Some(1), None, "v0.20"));
    assert!(!at(7, Some(0), None, "v0.20") && !at(7, None, None, "v0.20"));
    assert!(at(10, None, Some(1), "v0.21"));
    assert!(at(10, None, Some(2), "v0.21"));
    assert!(!at(10, None, Some(0), "v0.21") && !at(10, None, None, "v0.21"));
    // Rows in the scratch table stop a migration that has something to bring.
    let mut scratch = both(kv(KvStore::Sqlite, 0..0), sql(LITE, 6, 0..0));
    scratch.sql[0].scratch_rows = 3;
    assert_eq!(shown(&end(&scratch, "v0.19.2", true)), "migrates 0 invoices +T +tracker=7");
    scratch.kv = vec![kv(KvStore::Sqlite, 1..2)];
    assert!(!end(&scratch, "v0.19.2", true).runs());
    // How much an unread store has is not known.
    let Outcome::Migrates { parts } = end(&alone(7, 5), "v0.20", true).outcome else { panic!() };
    assert_eq!(parts.iter().map(|part| part.count).collect::<Vec<_>>(), [None]);
    // v0.18 takes a store without invoices.
    let empty = only(dbp(kv(KvStore::Sqlite, 0..0), 31));
    assert_eq!(shown(&end(&empty, "v0.18", true)), "runs on sql");
}

#[test]
fn a_store_without_metadata_gets_a_version() {
    let mut evidence = only(KvSide::new(KvStore::Sqlite));
    evidence.kv[0].metadata = false;
    let fresh = end(&evidence, "v0.21.2", false);
    assert_eq!(
        fresh.marks,
        if row("v0.21.2").creates_without_dbp { vec![] } else { vec![Mark::Dbp { version: 35 }] }
    );
    assert!(!fresh.warnings.contains(&Caution::DbpRecovered));
    assert!(!fresh.warnings.contains(&Caution::DbpTakenAsLatest));
    let fresh = end(&evidence, "v0.20", false);
    assert!(!fresh.warnings.contains(&Caution::DbpTakenAsLatest), "{fresh:?}");
}

#[test]
fn a_copy_that_may_be_stale_is_warned_of() {
    let stale = |change: &dyn Fn(&mut Evidence)| {
        let mut evidence = healthy("v0.21");
        change(&mut evidence);
        let warnings = end(&evidence, "v0.22", true).warnings;
        (warnings.contains(&Caution::MaybeStale), warnings.contains(&Caution::PartlyRead))
    };
    assert_eq!(stale(&|_| {}), (false, false));
    assert_eq!(stale(&|it| it.kv[0].copy.rolled_back = true), (true, false));
    assert_eq!(stale(&|it| it.kv[0].copy.short = true), (true, false));
    assert_eq!(stale(&|it| it.kv[0].copy.wal = Wal::Missing), (true, false));
    assert_eq!(stale(&|it| it.sql[0].copy.wal = Wal::Missing), (true, false));
    assert_eq!(stale(&|it| it.sql[0].copy.wal = Wal::NotGiven), (false, false));
    assert_eq!(stale(&|it| it.kv[0].copy.unreadable = true), (false, true));
    assert_eq!(stale(&|it| it.sql[0].copy.unreadable = true), (false, true));
}

#[test]
fn settlements_are_numbered_behind_the_highest() {
    let behind = |sequence: Option<i64>, highest: Option<i64>| {
        let mut evidence = healthy("v0.21");
        evidence.sql[0].settle_sequence = sequence.map(|it| it.try_into().unwrap());
        evidence.sql[0].highest_settle_index = highest.map(|it| it.try_into().unwrap());
        warns(&evidence, "v0.22", Caution::SettleSequenceBehind)
    };
    assert!(behind(Some(4), Some(5)) && behind(Some(0), Some(1)));
    assert!(!behind(Some(5), Some(5)) && !behind(None, Some(5)) && !behind(Some(0), None));
}

#[test]
fn a_diagnosis_says_where() {
    let mut crash = both(tombstoned(kv(KvStore::Sqlite, 1..6)), sql(LITE, 6, 0..0));
    (crash.kv[0].input, crash.sql[0].input) = (3, 4);
    crash.sql[0].schema = Some(Schema { version: 6, dirty: true });
    crash.sql[0].copy.short = true;
    let place = |code| {
        let [finding] = &told(&crash, code)[..] else { panic!("{code:?}") };
        (finding.place.input, finding.place.path.clone())
    };
    let path = |path: &str| Some(path.to_owned());
    let bucket = (Some(3), path("invoices/invoice-tombstone"));
    assert_eq!(place(Code::LndTombstoneWithoutTracker), bucket);
    assert_eq!(place(Code::LndDirtySchema), (Some(4), path("schema_migrations")));
    // The file as a whole has no path in it.
    assert_eq!(place(Code::LndStaleCopy), (Some(4), None));
    // Without the other side it is not said, unless there is none.
    let mut one = only(tombstoned(kv(KvStore::Sqlite, 1..6)));
    assert_eq!(told(&one, Code::LndTombstoneWithoutTracker).len(), 1);
    one.files.whole = false;
    assert_eq!(told(&one, Code::LndTombstoneWithoutTracker), []);
}

#[test]
fn two_stores_that_went_on_each_by_itself() {
    let split = |tombstone: bool, newest: u64, created: u64| {
        let mut evidence = both(kv(KvStore::Sqlite, 1..6), sql(LITE, 7, 1..6));
        if tombstone {
            evidence.kv = vec![tombstoned(evidence.kv[0].clone())];
        }
        let migrated = evidence.sql[0].past_invoices_at().unwrap();
        evidence.kv[0].newest_creation = Some(migrated + newest - 10);
        evidence.sql[0].created = created;
        !told(&evidence, Code::LndSplitBrain).is_empty()
    };
    assert!(split(false, 11, 1));
    assert!(!split(true, 11, 1), "a store with a tombstone does not go on");
    assert!(!split(false, 10, 1), "nothing newer than the migration");
    assert!(!split(false, 11, 0), "nothing made on the other side");
}

#[test]
fn networks_contradict_each_other_by_the_first_two_that_do() {
    let said = |directory, stored: Option<&str>, seen| {
        let mut evidence = healthy("v0.21");
        evidence.files.network = directory;
        evidence.sql[0].network = stored.map(str::to_owned);
        of_network(seen, 5, &mut evidence);
        told(&evidence, Code::LndWrongNetwork).first().map(|finding| {
            let names = ["named_by", "network", "other_named_by", "other_network"];
            names.map(|name| finding.values.text(name).unwrap().to_owned())
        })
    };
    let words = |words: [&str; 4]| Some(words.map(str::to_owned));
    let (regtest, mainnet) = (Network::Regtest, Network::Mainnet);
    assert_eq!(said(Some(regtest), Some("regtest"), regtest), None);
    assert_eq!(
        said(Some(regtest), Some("mainnet"), regtest),
        words(["directory", "regtest", "chain_params", "mainnet"])
    );
    assert_eq!(
        said(Some(regtest), None, mainnet),
        words(["directory", "regtest", "payment_requests", "mainnet"])
    );
    assert_eq!(
        said(None, Some("regtest"), mainnet),
        words(["chain_params", "regtest", "payment_requests", "mainnet"])
    );
    assert_eq!(said(None, None, mainnet), None);
}

#[test]
fn of_two_live_stores_the_newer_one_is_named() {
    let newer = |bolt: Option<u32>, copy: Option<u32>| {
        let mut evidence = healthy("v0.21");
        evidence.kv.insert(0, kv(KvStore::Bolt, 20..25));
        evidence.kv[0].newest_channel_block = bolt;
        evidence.kv[1].newest_channel_block = copy;
        let [finding] = &told(&evidence, Code::LndBoltBesideSql)[..] else { panic!() };
        finding.values.text("newer_channels").unwrap().to_owned()
    };
    assert_eq!(newer(Some(800_001), Some(800_000)), "bolt");
    assert_eq!(newer(Some(800_000), Some(800_001)), "sql");
    assert_eq!(newer(Some(800_000), Some(800_000)), "same");
    assert_eq!(newer(None, Some(800_000)), "unknown");
    assert_eq!(newer(Some(800_000), None), "unknown");
}

#[test]
fn no_closed_channels_are_not_worth_a_word() {
    let counted = |count| {
        let mut evidence = healthy("v0.21");
        evidence.kv[0].closed_channel_tombstones = Some(count);
        told(&evidence, Code::LndClosedChannelTombstones)
    };
    assert_eq!(counted(0), []);
    let [finding] = &counted(1)[..] else { panic!() };
    assert_eq!(finding.values.number("count"), Some(1));
    assert_eq!(finding.severity, Severity::Info);
}

/// The file with number 9 adds columns: it is applied once, and what no file makes stays missing.
#[test]
fn schema_files_are_applied_once_and_make_only_their_own_tables() {
    let at_nine = both(tombstoned(dbp(kv(KvStore::Sqlite, 1..6), 35)), sql(LITE, 11, 1..6));
    assert_eq!(at_nine.sql[0].schema, Some(Schema { version: 9, dirty: false }));
    let end_of = |evidence: &Evidence| shown(&end(evidence, "v0.22", true));
    assert_eq!(end_of(&at_nine), "migrates 3 payments +tracker=18 +network=regtest");
    let mut lacking = healthy("v0.20");
    lacking.sql[0].tables.as_mut().unwrap().retain(|known| known != "invoices");
    let text = end_of(&lacking);
    assert!(text.starts_with("breaks at invoices"), "{text}");
}
