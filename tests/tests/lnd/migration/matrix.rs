//! Every state in the configurations that tell it apart.
//!
//! The expected cells are worked out by hand from LND's source: the matrix of states in the
//! project's notes, checked against `config_builder.go`, `sqldb/migrations.go`,
//! `channeldb/db.go`, `channeldb/meta.go` at the tags of each row, and golang-migrate v4.17.0.

use super::evidence::{both, dbp, hashes, healthy, kv, only, row, shown, sql, tombstoned};

use fulgurite_core::finding::Findings;
use fulgurite_core::lnd::migration::KvStore::{Bolt, Sqlite};
use fulgurite_core::lnd::migration::{
    Asked, Backend, Evidence, KvStore, Network, RELEASES, Schema, SqlEngine, StateKind, board,
    decide, state,
};
use fulgurite_core::lnd::report::assemble;
use fulgurite_core::report::{Headline, Report};
use fulgurite_core::words::{Language, heading};

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
