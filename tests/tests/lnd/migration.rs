//! LND's migration to native SQL: every state in the configurations that tell it apart, each
//! diagnosis from exactly its evidence, and no evidence that the verdict cannot bear.
//!
//! The expected cells are worked out by hand from LND's source: the matrix of states in the
//! project's notes, checked against `config_builder.go`, `sqldb/migrations.go`,
//! `channeldb/db.go`, `channeldb/meta.go` at the tags of each row, and golang-migrate v4.17.0.

use fulgurite_core::finding::{Code, Confidence, Findings, Severity, Step, Values};
use fulgurite_core::lnd::migration::{
    Asked, Backend, Caution, Census, Decision, Evidence, Hashes, KvSide, KvStore, Loss, Mark,
    Network, Outcome, RELEASES, Release, Schema, SqlEngine, SqlSide, StateKind, Store, Track, Wal,
    board, decide, diagnose, releases, state, texts, way,
};
use fulgurite_core::lnd::report::assemble;
use fulgurite_core::report::{Headline, Report};
use fulgurite_core::words::{Language, heading, meaning, migration as words, title};

const SEPTEMBER: u64 = 1_756_700_000;

pub(crate) fn hashes(numbers: std::ops::Range<u8>) -> Hashes {
    Hashes::new(numbers.map(|number| [number; 32]).collect())
}

/// A key-value store with invoices of these numbers, the even ones settled.
pub(crate) fn kv(store: KvStore, invoices: std::ops::Range<u8>) -> KvSide {
    let mut kv = KvSide::new(store);
    let settled: Vec<[u8; 32]> =
        invoices.clone().filter(|number| number % 2 == 0).map(|number| [number; 32]).collect();
    kv.ledger.bodies = invoices.len() as u64;
    kv.ledger.reachable = invoices.len() as u64;
    kv.ledger.settled = settled.len() as u64;
    kv.hashes = Some(hashes(invoices));
    kv.settled_hashes = Some(Hashes::new(settled));
    kv.newest_creation = Some(SEPTEMBER - 1_000);
    kv.networks = Census { regtest: kv.ledger.reachable, ..Census::default() };
    kv.graph_channels = Some(2);
    kv.payments = Some(3);
    kv.dbp = Some(33);
    kv
}

pub(crate) fn tombstoned(mut kv: KvSide) -> KvSide {
    kv.invoice_tombstone = Some(b"1".to_vec());
    kv
}

pub(crate) fn dbp(mut kv: KvSide, dbp: u32) -> KvSide {
    kv.dbp = Some(dbp);
    kv
}

/// Native SQL as LND leaves it at this tracker version, `migrated` invoices brought over.
pub(crate) fn sql(engine: SqlEngine, tracker: u32, migrated: std::ops::Range<u8>) -> SqlSide {
    let mut sql = SqlSide::new(engine);
    let schema = releases::schema_at(tracker);
    let files = releases::SCHEMA.iter().filter(|file| file.version <= schema);
    let tables = files.flat_map(|file| file.makes.iter().map(ToString::to_string));
    sql.tables = Some(tables.chain(["schema_migrations".to_string()]).collect());
    sql.tracker = (1..=tracker)
        .map(|version| Track { version, time: Some(SEPTEMBER + u64::from(version)) })
        .collect();
    sql.schema = (schema > 0).then_some(Schema { version: schema, dirty: false });
    sql.settle_sequence = Some(0);
    sql.invoices = migrated.len() as u64;
    sql.migrated = migrated.len() as u64;
    sql.networks = Census { regtest: sql.invoices, ..Census::default() };
    sql.hashes = Some(hashes(migrated));
    sql.network = (tracker >= 18).then(|| "regtest".to_string());
    sql.graph_channels = (tracker >= 10).then_some(2);
    sql.payments = (tracker >= 14).then_some(3);
    sql
}

pub(crate) fn both(kv: KvSide, sql: SqlSide) -> Evidence {
    let mut evidence = Evidence { kv: vec![kv], sql: vec![sql], ..Evidence::default() };
    evidence.files.network = Some(Network::Regtest);
    evidence
}

pub(crate) fn only(kv: KvSide) -> Evidence {
    let mut evidence = Evidence { kv: vec![kv], ..Evidence::default() };
    evidence.files.whole = true;
    evidence.files.network = Some(Network::Regtest);
    evidence
}

use KvStore::{Bolt, Sqlite};

/// S2 as each line leaves it.
pub(crate) fn healthy(line: &str) -> Evidence {
    let (tracker, version) = match line {
        "v0.19" => (7, 33),
        "v0.20" => (10, 33),
        _ => (18, 35),
    };
    both(dbp(tombstoned(kv(Sqlite, 1..6)), version), sql(SqlEngine::Sqlite, tracker, 1..6))
}

pub(crate) fn row(name: &str) -> &'static Release {
    Release::named(name).unwrap_or_else(|| panic!("{name}"))
}

/// A decision in one line: outcome, then losses, marks and cautions.
pub(crate) fn shown(decision: &Decision) -> String {
    let mut out = match &decision.outcome {
        Outcome::Proceeds { on, ignored } => {
            let ignored: Vec<_> =
                ignored.iter().map(|part| words::part(part, Language::English)).collect();
            let ignored = if ignored.is_empty() {
                String::new()
            } else {
                format!(" ignoring {}", ignored.join(", "))
            };
            format!("runs on {}{ignored}", on.name())
        }
        Outcome::Migrates { parts } => {
            let parts: Vec<_> =
                parts.iter().map(|part| words::part(part, Language::English)).collect();
            format!("migrates {}", parts.join(", "))
        }
        Outcome::Refuses { at, error, exact, .. } => {
            format!("refuses at {}{}: {error}", at.name(), if *exact { "" } else { " like" })
        }
        Outcome::Breaks { table, .. } => format!("breaks at {table}"),
        Outcome::Unknown { unread } => format!("unknown without {}", unread.name()),
    };
    for loss in &decision.loses {
        let loss = match loss {
            Loss::PassedOver { part } => {
                format!("passes over {}", words::part(part, Language::English))
            }
            Loss::Unseen { part } => format!("hides {}", words::part(part, Language::English)),
        };
        out = format!("{out} | {loss}");
    }
    for mark in &decision.marks {
        let mark = match mark {
            Mark::InvoiceTombstone => "T".to_string(),
            Mark::Tracker { version } => format!("tracker={version}"),
            Mark::Dbp { version } => format!("dbp={version}"),
            Mark::Network { network } => format!("network={}", network.as_deref().unwrap_or("?")),
        };
        out = format!("{out} +{mark}");
    }
    for caution in &decision.warnings {
        out = format!("{out} !{}", caution.name());
    }
    out
}

/// One state: its evidence, what it is, and cells of its board.
struct Case {
    name: &'static str,
    evidence: Evidence,
    kind: StateKind,
    remarks: &'static [StateKind],
    /// Release, backend, native, skip, what comes of it.
    cells: &'static [(&'static str, Backend, bool, bool, &'static str)],
}

const ON: bool = true;
const OFF: bool = false;
const SQLITE: Backend = Backend::Sqlite;
const POSTGRES: Backend = Backend::Postgres;
const BOLT: Backend = Backend::Bolt;

const TOMBSTONED: &str =
    "refuses at tombstone: invoices bucket tombstoned, please switch back to native SQL";
const REVERSION: &str =
    "refuses at channel_db: unable to open graph DB: channel db cannot revert to prior version";

#[allow(clippy::too_many_lines)]
fn cases() -> Vec<Case> {
    let lite = SqlEngine::Sqlite;
    let mut all = Vec::new();
    let mut case = |name, evidence, kind, remarks, cells| {
        all.push(Case { name, evidence, kind, remarks, cells });
    };
    let mut fresh = Evidence::default();
    fresh.files.whole = true;
    fresh.files.network = Some(Network::Regtest);
    case(
        "S0",
        fresh,
        StateKind::Fresh,
        &[],
        &[
            (
                "v0.22",
                SQLITE,
                ON,
                OFF,
                "migrates 0 invoices, the graph (0 channels), 0 payments +dbp=35 +T +tracker=18 +network=regtest !empty_store",
            ),
            (
                "v0.22",
                SQLITE,
                ON,
                ON,
                "runs on sql +dbp=35 +tracker=18 +network=regtest !empty_store",
            ),
            ("v0.22", SQLITE, OFF, OFF, "runs on kv +dbp=35 !empty_store"),
            (
                "v0.21.0",
                SQLITE,
                ON,
                OFF,
                "migrates 0 invoices, the graph (0 channels), 0 payments +T +tracker=18 +network=regtest !empty_store",
            ),
            (
                "v0.20",
                SQLITE,
                ON,
                OFF,
                "migrates 0 invoices, the graph (0 channels) +T +tracker=10 !empty_store",
            ),
            ("v0.19.0", SQLITE, ON, OFF, "migrates 0 invoices +dbp=33 +T +tracker=7 !empty_store"),
            ("v0.18.0", SQLITE, ON, OFF, "runs on sql +dbp=31 !empty_store"),
            (
                "v0.18.0",
                SQLITE,
                ON,
                ON,
                "refuses at config: unknown flag `db.skip-native-sql-migration'",
            ),
            ("v0.22", BOLT, ON, OFF, "refuses at config: cannot use native SQL with bolt backend"),
            (
                "v0.22",
                Backend::Etcd,
                ON,
                OFF,
                "refuses at config: cannot use native SQL with etcd backend",
            ),
            ("v0.22", Backend::Etcd, OFF, OFF, "unknown without kv"),
        ],
    );
    case(
        "S1",
        only(kv(Sqlite, 1..6)),
        StateKind::NotMigrated,
        &[],
        &[
            (
                "v0.22",
                SQLITE,
                ON,
                OFF,
                "migrates 5 invoices, the graph (2 channels), 3 payments +dbp=35 +T +tracker=18 +network=regtest !settle_sequence_restarts",
            ),
            (
                "v0.22",
                SQLITE,
                ON,
                ON,
                "runs on sql | passes over 5 invoices | passes over the graph (2 channels) | passes over 3 payments +dbp=35 +tracker=18 +network=regtest",
            ),
            ("v0.22", SQLITE, OFF, OFF, "runs on kv +dbp=35"),
            (
                "v0.20",
                SQLITE,
                ON,
                OFF,
                "migrates 5 invoices, the graph (2 channels) +T +tracker=10 !settle_sequence_restarts",
            ),
            (
                "v0.20",
                SQLITE,
                ON,
                ON,
                "runs on sql | passes over 5 invoices | passes over the graph (2 channels) +tracker=10",
            ),
            (
                "v0.19.2",
                SQLITE,
                ON,
                OFF,
                "migrates 5 invoices +T +tracker=7 !settle_sequence_restarts",
            ),
            ("v0.19.2", SQLITE, ON, ON, "runs on sql | passes over 5 invoices +tracker=7"),
            ("v0.19.2", SQLITE, OFF, ON, "runs on kv"),
            ("v0.18", SQLITE, ON, OFF, REVERSION),
            ("v0.18", SQLITE, OFF, OFF, REVERSION),
        ],
    );
    case(
        "S1 of v0.18",
        only(dbp(kv(Sqlite, 1..6), 31)),
        StateKind::NotMigrated,
        &[],
        &[
            (
                "v0.18",
                SQLITE,
                ON,
                OFF,
                "refuses at migrations: found invoices in the KV invoice DB, migration to native SQL is not yet supported",
            ),
            ("v0.18", SQLITE, OFF, OFF, "runs on kv"),
            ("v0.19.0", SQLITE, OFF, OFF, "runs on kv +dbp=33"),
        ],
    );
    case(
        "S1 in bbolt",
        only(kv(Bolt, 1..6)),
        StateKind::NotMigrated,
        &[],
        &[
            ("v0.21", BOLT, ON, OFF, "refuses at config: cannot use native SQL with bolt backend"),
            ("v0.21", BOLT, OFF, OFF, "runs on kv +dbp=35"),
            ("v0.21", SQLITE, OFF, OFF, "runs on kv +dbp=35 !empty_store !bolt_beside"),
        ],
    );
    case(
        "S2 of v0.19",
        healthy("v0.19"),
        StateKind::Migrated,
        &[],
        &[
            ("v0.19.2", SQLITE, ON, OFF, "runs on sql"),
            ("v0.19.2", SQLITE, ON, ON, "runs on sql"),
            ("v0.19.2", SQLITE, OFF, OFF, TOMBSTONED),
            ("v0.20", SQLITE, ON, OFF, "migrates the graph (2 channels) +tracker=10"),
            (
                "v0.21",
                SQLITE,
                ON,
                OFF,
                "migrates the graph (2 channels), 3 payments +dbp=35 +tracker=18 +network=regtest",
            ),
            (
                "v0.21",
                SQLITE,
                ON,
                ON,
                "runs on sql | passes over the graph (2 channels) | passes over 3 payments +dbp=35 +tracker=18 +network=regtest",
            ),
            (
                "v0.18",
                SQLITE,
                ON,
                OFF,
                "refuses at open: unable to obtain database backends: error opening native SQLite store: error executing migrations: no migration found for version 6: read down for version 6 sqlc/migrations: file does not exist",
            ),
            (
                "v0.18.0",
                SQLITE,
                ON,
                OFF,
                "refuses at open: unable to obtain database backends: error opening native SQLite store: no migration found for version 6: read down for version 6 sqlc/migrations: file does not exist",
            ),
            ("v0.18", SQLITE, OFF, OFF, REVERSION),
        ],
    );
    case(
        "S2 of v0.20",
        healthy("v0.20"),
        StateKind::Migrated,
        &[],
        &[
            ("v0.20", SQLITE, ON, OFF, "runs on sql"),
            ("v0.20", SQLITE, OFF, OFF, TOMBSTONED),
            ("v0.21", SQLITE, ON, OFF, "migrates 3 payments +dbp=35 +tracker=18 +network=regtest"),
            ("v0.19.0", SQLITE, ON, OFF, "runs on sql !newer_tracker !stale_graph"),
        ],
    );
    case(
        "S2 of v0.21",
        healthy("v0.21"),
        StateKind::Migrated,
        &[],
        &[
            ("v0.22", SQLITE, ON, OFF, "runs on sql"),
            ("v0.22", SQLITE, ON, ON, "runs on sql"),
            ("v0.22", SQLITE, OFF, OFF, TOMBSTONED),
            ("v0.20", SQLITE, ON, OFF, REVERSION),
            ("v0.19.0", SQLITE, OFF, OFF, REVERSION),
            ("v0.22", POSTGRES, ON, OFF, "unknown without kv"),
        ],
    );
    let mut keyless = healthy("v0.21");
    keyless.kv[0].dbp = None;
    case(
        "S2 of v0.21, no version",
        keyless,
        StateKind::Migrated,
        &[],
        &[
            ("v0.21.2", SQLITE, ON, OFF, "runs on sql +dbp=35 !dbp_recovered"),
            ("v0.21.0", SQLITE, ON, OFF, "runs on sql !dbp_taken_as_latest"),
            // Nothing stops it.
            (
                "v0.20",
                SQLITE,
                ON,
                OFF,
                "runs on sql !dbp_taken_as_latest !newer_tracker !stale_payments",
            ),
            (
                "v0.19.2",
                SQLITE,
                ON,
                OFF,
                "runs on sql !dbp_taken_as_latest !newer_tracker !stale_graph !stale_payments",
            ),
            (
                "v0.18",
                SQLITE,
                OFF,
                OFF,
                "runs on kv ignoring 5 invoices, the graph (2 channels), 3 payments !dbp_taken_as_latest !tombstone_unknown !split_brain !stale_graph !stale_payments",
            ),
        ],
    );
    let crash = both(tombstoned(kv(Sqlite, 1..6)), sql(lite, 6, 0..0));
    case(
        "S3",
        crash.clone(),
        StateKind::TombstoneWithoutTracker,
        &[],
        &[
            (
                "v0.19.2",
                SQLITE,
                ON,
                OFF,
                "migrates 5 invoices +tracker=7 !settle_sequence_restarts",
            ),
            ("v0.19.2", SQLITE, ON, ON, "runs on sql | passes over 5 invoices +tracker=7"),
            ("v0.19.2", SQLITE, OFF, OFF, TOMBSTONED),
            (
                "v0.22",
                SQLITE,
                ON,
                OFF,
                "migrates 5 invoices, the graph (2 channels), 3 payments +dbp=35 +tracker=18 +network=regtest !settle_sequence_restarts",
            ),
            (
                "v0.22",
                SQLITE,
                ON,
                ON,
                "runs on sql | passes over 5 invoices | passes over the graph (2 channels) | passes over 3 payments +dbp=35 +tracker=18 +network=regtest",
            ),
        ],
    );
    let skipped = both(kv(Sqlite, 1..6), sql(lite, 7, 0..0));
    case(
        "S4a",
        skipped,
        StateKind::Skipped,
        &[],
        &[
            ("v0.19.2", SQLITE, ON, OFF, "runs on sql ignoring 5 invoices"),
            ("v0.19.2", SQLITE, ON, ON, "runs on sql ignoring 5 invoices"),
            ("v0.19.2", SQLITE, OFF, OFF, "runs on kv"),
        ],
    );
    let behind = both(tombstoned(kv(Sqlite, 1..6)), sql(lite, 7, 0..0));
    case(
        "S4b",
        behind,
        StateKind::SkippedBehindTombstone,
        &[],
        &[
            ("v0.19.2", SQLITE, ON, OFF, "runs on sql ignoring 5 invoices"),
            ("v0.19.2", SQLITE, OFF, OFF, TOMBSTONED),
        ],
    );
    let mut lost = both(kv(Sqlite, 1..6), sql(lite, 7, 1..8));
    lost.sql[0].created = 2;
    lost.sql[0].migrated = 5;
    case(
        "S4c",
        lost,
        StateKind::TombstoneLost,
        &[],
        &[
            ("v0.19.2", SQLITE, ON, OFF, "runs on sql"),
            (
                "v0.19.2",
                SQLITE,
                OFF,
                OFF,
                "runs on kv ignoring 7 invoices | hides 2 invoices !split_brain",
            ),
        ],
    );
    let mut native = both(kv(Sqlite, 0..0), sql(lite, 18, 1..8));
    native.kv[0].dbp = Some(35);
    native.sql[0].created = 7;
    native.sql[0].migrated = 0;
    case(
        "S5",
        native,
        StateKind::NativeOnly,
        &[],
        &[
            ("v0.21", SQLITE, ON, OFF, "runs on sql"),
            ("v0.21", SQLITE, ON, ON, "runs on sql"),
            (
                "v0.21",
                SQLITE,
                OFF,
                OFF,
                "runs on kv ignoring 7 invoices, the graph (2 channels), 3 payments | hides 7 invoices !split_brain !stale_graph !stale_payments",
            ),
        ],
    );
    let reads = "lndinit migrate-db 2026-07-18T19:48:00Z";
    let mut retired = Evidence { kv: vec![kv(Bolt, 1..6)], ..Evidence::default() };
    retired.kv[0].data_migration_tombstone = Some(reads.into());
    case(
        "S6",
        retired.clone(),
        StateKind::RetiredBolt,
        &[StateKind::NotMigrated],
        &[
            (
                "v0.21",
                BOLT,
                OFF,
                OFF,
                "refuses at channel_db: unable to open graph DB: unable to create new channeldb: refusing to use db, it was marked with a tombstone after successful data migration; tombstone reads: lndinit migrate-db 2026-07-18T19:48:00Z",
            ),
            (
                "v0.18",
                BOLT,
                OFF,
                OFF,
                "refuses at channel_db: unable to open graph DB: unable to create new channeldb: refusing to use db, it was marked with a tombstone after successful data migration; tombstone reads: lndinit migrate-db 2026-07-18T19:48:00Z",
            ),
            ("v0.21", BOLT, ON, OFF, "refuses at config: cannot use native SQL with bolt backend"),
            ("v0.21", SQLITE, OFF, OFF, "unknown without kv"),
        ],
    );
    let mut half = only(kv(Bolt, 1..6));
    half.kv.push(kv(Sqlite, 1..3));
    case(
        "S7",
        half,
        StateKind::HalfCopied,
        &[StateKind::NotMigrated],
        &[
            ("v0.20", SQLITE, OFF, OFF, "runs on kv !bolt_beside !partial_copy"),
            (
                "v0.20",
                SQLITE,
                ON,
                OFF,
                "migrates 2 invoices, the graph (2 channels) +T +tracker=10 !settle_sequence_restarts !bolt_beside !partial_copy",
            ),
            ("v0.20", BOLT, OFF, OFF, "runs on kv"),
        ],
    );
    let mut unmarked = retired.clone();
    unmarked.files.whole = true;
    unmarked.kv.push(kv(Sqlite, 1..6));
    case(
        "S8",
        unmarked.clone(),
        StateKind::NotMigrated,
        &[StateKind::CopyUnmarked],
        &[("v0.20", SQLITE, OFF, OFF, "runs on kv")],
    );
    unmarked.kv[1].already_migrated = Some(reads.into());
    case(
        "a finished copy",
        unmarked,
        StateKind::NotMigrated,
        &[StateKind::RetiredBolt],
        &[("v0.20", SQLITE, OFF, OFF, "runs on kv")],
    );
    let dirty = |mut evidence: Evidence, version| {
        evidence.sql[0].schema = Some(Schema { version, dirty: true });
        evidence
    };
    case(
        "S9",
        dirty(healthy("v0.20"), 8),
        StateKind::Migrated,
        &[StateKind::DirtyIgnored],
        &[
            ("v0.20", SQLITE, ON, OFF, "runs on sql !dirty_ignored"),
            (
                "v0.21",
                SQLITE,
                ON,
                OFF,
                "refuses at migrations: faild to run migrations for the native SQL store: error executing schema migrations to target version 9: Dirty database version 8. Fix and force version. +dbp=35",
            ),
            ("v0.20", SQLITE, OFF, OFF, TOMBSTONED),
        ],
    );
    let blocked = dirty(both(kv(Sqlite, 1..6), sql(lite, 4, 0..0)), 5);
    case(
        "S10",
        blocked,
        StateKind::DirtyBlocking,
        &[StateKind::NotMigrated],
        &[
            (
                "v0.19.2",
                SQLITE,
                ON,
                OFF,
                "refuses at migrations: faild to run migrations for the native SQL store: error executing schema migrations to target version 5: Dirty database version 5. Fix and force version.",
            ),
            (
                "v0.19.2",
                SQLITE,
                ON,
                ON,
                "refuses at migrations: faild to run migrations for the native SQL store: error executing schema migrations to target version 5: Dirty database version 5. Fix and force version.",
            ),
            ("v0.19.2", SQLITE, OFF, OFF, "runs on kv"),
        ],
    );
    let mut candidate = dirty(both(kv(Sqlite, 1..6), sql(lite, 4, 0..0)), 3);
    // The tables of v0.18 are there; the tracker of the candidate got as far as 2.
    candidate.sql[0].tracker.retain(|row| row.version <= 2);
    case(
        "S10, v0.19.0-rc1",
        candidate,
        StateKind::NotMigrated,
        &[StateKind::DirtyIgnored],
        &[(
            "v0.19.0",
            SQLITE,
            ON,
            OFF,
            "migrates 5 invoices +T +tracker=7 !dirty_reset !settle_sequence_restarts",
        )],
    );
    let mut reset = healthy("v0.21");
    reset.sql[0].schema = Some(Schema { version: 7, dirty: false });
    reset.sql[0].tracker.retain(|row| !(9..=10).contains(&row.version));
    let tables = reset.sql[0].tables.as_mut().unwrap();
    tables.retain(|table| !table.starts_with("graph_"));
    case(
        "S11",
        reset,
        StateKind::TrackerAhead,
        &[StateKind::Migrated],
        &[
            ("v0.21", SQLITE, ON, OFF, "breaks at graph_source_nodes"),
            ("v0.21", SQLITE, ON, ON, "breaks at graph_source_nodes"),
            ("v0.21", SQLITE, OFF, OFF, TOMBSTONED),
        ],
    );
    let mut bare = healthy("v0.21");
    bare.sql[0].tables.as_mut().unwrap().retain(|table| table != "chain_params");
    case(
        "S11, chain_params",
        bare,
        StateKind::TrackerAhead,
        &[StateKind::Migrated],
        &[(
            "v0.21",
            SQLITE,
            ON,
            OFF,
            "refuses at network: unknown sqlite error: SQL logic error: no such table: chain_params (1)",
        )],
    );
    let mut back = healthy("v0.21");
    back.sql[0].tracker.retain(|row| row.version <= 7);
    case(
        "S12",
        back.clone(),
        StateKind::SchemaAhead,
        &[StateKind::Migrated],
        &[
            (
                "v0.21",
                SQLITE,
                ON,
                OFF,
                "refuses at migrations like: faild to run migrations for the native SQL store: error executing schema migrations to target version 9: SQL logic error: duplicate column name: block_height (1) in line 0:  !runs_again",
            ),
            ("v0.21", SQLITE, OFF, OFF, TOMBSTONED),
        ],
    );
    // Down to 6, where the invoices stand; then their migration meets itself.
    back.sql[0].tracker.retain(|row| row.version <= 6);
    case(
        "S12, before the invoices",
        back,
        StateKind::SchemaAhead,
        &[StateKind::TombstoneWithoutTracker],
        &[(
            "v0.21",
            SQLITE,
            ON,
            OFF,
            "refuses at migrations like: faild to run migrations for the native SQL store: sql unique constraint violation: constraint failed: UNIQUE constraint failed: invoices.payment_request_hash (2067)",
        )],
    );
    let mut low = healthy("v0.19");
    low.sql[0].tracker.retain(|row| row.version <= 3);
    case(
        "S12, before the tracker",
        low,
        StateKind::SchemaAhead,
        &[StateKind::TombstoneWithoutTracker],
        &[(
            "v0.19.2",
            SQLITE,
            ON,
            OFF,
            "refuses at migrations like: faild to run migrations for the native SQL store: sql unique constraint violation: constraint failed: UNIQUE constraint failed: invoices.payment_request_hash (2067)",
        )],
    );
    let mut other = healthy("v0.21");
    other.files.network = Some(Network::Testnet);
    case(
        "S13",
        other,
        StateKind::NetworkMismatch,
        &[StateKind::Migrated],
        &[
            (
                "v0.21",
                SQLITE,
                ON,
                OFF,
                "refuses at network: database network mismatch: the database was previously used with network 'regtest', but lnd is now configured for network 'testnet'. To fix this, either point lnd at a different database or reconfigure lnd to use network 'regtest'",
            ),
            ("v0.21", SQLITE, OFF, OFF, TOMBSTONED),
        ],
    );
    let mut old = healthy("v0.20");
    old.files.network = Some(Network::Testnet);
    case(
        "S13 before v0.21",
        old,
        StateKind::Migrated,
        &[],
        &[
            ("v0.20", SQLITE, ON, OFF, "runs on sql !wrong_network"),
            (
                "v0.21",
                SQLITE,
                ON,
                OFF,
                "migrates 3 payments +dbp=35 +tracker=18 +network=testnet !wrong_network",
            ),
        ],
    );
    let mut unset = healthy("v0.21");
    unset.sql[0].network = None;
    case(
        "S14",
        unset,
        StateKind::Migrated,
        &[StateKind::NetworkUnset],
        &[("v0.21", SQLITE, ON, OFF, "runs on sql +network=regtest")],
    );
    let mut scratch = crash;
    scratch.sql[0].scratch_rows = 3;
    case(
        "S15",
        scratch,
        StateKind::TombstoneWithoutTracker,
        &[StateKind::ScratchRows],
        &[
            (
                "v0.19.2",
                SQLITE,
                ON,
                OFF,
                "refuses at migrations like: faild to run migrations for the native SQL store: sql unique constraint violation: constraint failed: UNIQUE constraint failed: invoice_payment_hashes.id (1555)",
            ),
            ("v0.19.2", SQLITE, ON, ON, "runs on sql | passes over 5 invoices +tracker=7"),
        ],
    );
    let mut orphans = only(kv(Sqlite, 0..0));
    orphans.kv[0].ledger.bodies = 4;
    orphans.kv[0].ledger.canceled_orphans = 4;
    case(
        "S16",
        orphans,
        StateKind::Fresh,
        &[StateKind::CanceledOrphans],
        &[("v0.20", SQLITE, ON, OFF, "migrates 0 invoices, the graph (2 channels) +T +tracker=10")],
    );
    // v0.18 used natively, then brought up: both stores have invoices.
    let mut eighteen = both(dbp(kv(Sqlite, 1..6), 31), sql(lite, 4, 10..14));
    eighteen.sql[0].tracker.clear();
    eighteen.sql[0].tables.as_mut().unwrap().retain(|table| table != "migration_tracker");
    eighteen.sql[0].created = 4;
    eighteen.sql[0].migrated = 0;
    case(
        "v0.18 on both sides",
        eighteen.clone(),
        StateKind::NotMigrated,
        &[],
        &[
            (
                "v0.18",
                SQLITE,
                OFF,
                OFF,
                "runs on kv ignoring 4 invoices | hides 4 invoices !split_brain",
            ),
            (
                "v0.18",
                SQLITE,
                ON,
                OFF,
                "refuses at migrations: found invoices in the KV invoice DB, migration to native SQL is not yet supported",
            ),
            (
                "v0.19.2",
                SQLITE,
                ON,
                OFF,
                "migrates 5 invoices +dbp=33 +T +tracker=7 !added_behind !settle_sequence_restarts",
            ),
        ],
    );
    eighteen.sql[0].hashes = Some(hashes(5..9));
    eighteen.sql[0].engine = SqlEngine::Postgres;
    eighteen.kv[0].store = KvStore::Postgres;
    case(
        "the same invoice on both sides",
        eighteen,
        StateKind::NotMigrated,
        &[],
        &[(
            "v0.19.2",
            POSTGRES,
            ON,
            OFF,
            "refuses at migrations: faild to run migrations for the native SQL store: sql unique constraint violation: ERROR: duplicate key value violates unique constraint \"invoices_hash_key\" (SQLSTATE 23505) +dbp=33",
        )],
    );
    let mut optional = healthy("v0.20");
    optional.kv[0].optional = vec![0, 1];
    case(
        "an optional migration",
        optional,
        StateKind::Migrated,
        &[],
        &[
            (
                "v0.19.0",
                SQLITE,
                ON,
                OFF,
                "refuses at channel_db: unable to open graph DB: unable to fetch optional meta: optional version read from db is 1, but only optional migrations up to 0 are known: invalid optional version",
            ),
            ("v0.19.2", SQLITE, ON, OFF, "runs on sql !newer_tracker !stale_graph"),
        ],
    );
    let mut bucketless = both(kv(Sqlite, 0..0), sql(lite, 6, 0..0));
    bucketless.kv[0].invoices_bucket = false;
    case(
        "no bucket for invoices",
        bucketless,
        StateKind::Fresh,
        &[],
        &[
            (
                "v0.19.0",
                SQLITE,
                OFF,
                OFF,
                "refuses at tombstone: unable to check invoice bucket tombstone: invoice bucket does not exist",
            ),
            (
                "v0.19.0",
                SQLITE,
                ON,
                OFF,
                "refuses at migrations: faild to run migrations for the native SQL store: error applying migration 'kv_invoice_migration' (version 7) to schema version 6: invoice bucket does not exist",
            ),
            ("v0.19.2", SQLITE, OFF, OFF, "runs on kv"),
            ("v0.19.2", SQLITE, ON, OFF, "migrates 0 invoices +T +tracker=7"),
        ],
    );
    let alone = Evidence { kv: vec![tombstoned(kv(Sqlite, 1..6))], ..Evidence::default() };
    case(
        "one side of two",
        alone,
        StateKind::Unread,
        &[],
        &[
            ("v0.20", SQLITE, ON, OFF, "unknown without sql"),
            ("v0.20", SQLITE, OFF, OFF, TOMBSTONED),
        ],
    );
    all
}

#[test]
fn every_state_ends_as_the_matrix_says() {
    let mut wrong = Vec::new();
    for case in cases() {
        let found = state(&case.evidence);
        if found.kind != case.kind || found.remarks != case.remarks {
            wrong.push(format!("{}: {:?} {:?}", case.name, found.kind, found.remarks));
        }
        for (release, backend, native, skip, expected) in case.cells {
            let end = shown(&decide(&case.evidence, row(release), *backend, *native, *skip));
            if end.split(" +dbp").next() != expected.split(" +dbp").next() || end != *expected {
                wrong.push(format!(
                    "{} {release} {} native={native} skip={skip}:\n  is  {end}\n  not {expected}",
                    case.name,
                    backend.name()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// S0 to S16 are all among the cases.
#[test]
fn no_state_is_left_out() {
    let cases = cases();
    for kind in StateKind::ALL {
        let met = cases.iter().any(|case| case.kind == *kind || case.remarks.contains(kind));
        assert!(met, "{}", kind.name());
    }
}

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
    let skip = decide(&crash, row("v0.19.2"), SQLITE, true, true);
    assert_eq!(
        words::lost(&skip.loses[0], Language::English),
        "Left behind for good: 5 invoices. The migration is recorded as done and never runs again; \
         the data stays on disk, out of LND's sight.",
    );
    assert!(
        words::lost(&skip.loses[0], Language::SimplifiedChinese).contains("永久落下：5 张发票")
    );
}

#[test]
fn the_board_has_each_decision_once_and_every_configuration() {
    for case in cases() {
        let all = board(&case.evidence, &Asked::default());
        let mut cells = 0;
        for (index, row_of) in all.rows.iter().enumerate() {
            assert!(!all.rows[..index].iter().any(|other| other.decision == row_of.decision));
            for when in &row_of.when {
                for name in &when.releases {
                    let release = RELEASES.iter().find(|row| row.name == name).unwrap();
                    for skip in
                        [false, true].iter().filter(|skip| when.skip.is_none_or(|it| it == **skip))
                    {
                        let same =
                            decide(&case.evidence, release, when.backend, when.native, *skip);
                        assert!(same == row_of.decision, "{} {name}", case.name);
                        cells += 1;
                    }
                }
            }
        }
        let backends = case.evidence.backends().count();
        assert_eq!(cells, backends * RELEASES.len() * 4, "{}", case.name);
    }
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
    let asked = Asked { backend: Some(SQLITE), ..Asked::default() };
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
fn the_report_says_it_in_one_sentence() {
    let headlines = [
        ("S0", Headline::LndNative),
        ("S1", Headline::LndNotMigrated),
        ("S2 of v0.21", Headline::LndMigrated),
        ("S3", Headline::LndCrashWindow),
        ("S4a", Headline::LndPassedOver),
        ("S4b", Headline::LndPassedOver),
        ("S6", Headline::LndRetired),
        ("S7", Headline::LndHalfCopied),
        ("S10", Headline::LndRefuses),
        ("S11", Headline::LndDoNotStart),
        ("S12", Headline::LndDoNotStart),
        ("S13", Headline::LndRefuses),
        ("one side of two", Headline::LndUnread),
    ];
    for case in cases() {
        let report = assemble(Vec::new(), &case.evidence, &Asked::default(), Findings::default());
        if let Some((_, expected)) = headlines.iter().find(|(name, _)| *name == case.name) {
            assert_eq!(report.verdict.headline, *expected, "{}", case.name);
        }
        for language in Language::ALL {
            let text = heading(report.verdict.headline, &report.verdict.values, language);
            assert!(!text.contains(['?', '{', '[']), "{}: {text}", case.name);
        }
        let lnd = report.lnd.as_ref().unwrap();
        assert_eq!(lnd.state.kind, case.kind);
        let text = report.to_json().unwrap();
        assert!(Report::from_json(&text).unwrap() == report, "{}", case.name);
    }
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
