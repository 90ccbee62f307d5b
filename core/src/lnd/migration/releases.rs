//! Every release line of LND from v0.18 on: what it knows of the migration, which guards it has,
//! what it does without saying so. The only table of these facts.
//!
//! Sources, at the commit of each row's tag (github.com/lightningnetwork/lnd):
//! `sqldb/migrations.go` (numbers; v0.18: the files under `sqldb/sqlc/migrations`),
//! `config_builder.go` (`BuildDatabase`: order and guards), `channeldb/db.go` (versions of the
//! key-value store, buckets made at start), `channeldb/meta.go` (a missing version key, optional
//! migrations), `lncfg/db.go` (options), `chainparams/store.go` (network).

/// One row: releases that do the same with both stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Release {
    /// The first release of the row.
    pub name: &'static str,
    /// The last one that does the same.
    pub last: &'static str,
    /// The line they belong to.
    pub line: &'static str,
    /// The commit of the first one's tag, abbreviated.
    pub commit: &'static str,
    /// The version of the key-value store that it writes (`metadata`/`dbp`), and the newest that
    /// it opens.
    pub dbp: u32,
    /// How many optional migrations of the key-value store it knows: a store that records a
    /// further one (`metadata`/`ovk`) is refused; `u32::MAX` where it does not look.
    pub optional: u32,
    /// What a version key that is not there means to it.
    pub missing_dbp: MissingDbp,
    /// Whether a store that it creates lacks the version key.
    pub creates_without_dbp: bool,
    /// Whether the top-level buckets are made at every start, or only in a fresh store.
    pub creates_buckets: bool,
    /// The last of its schema files, as golang-migrate numbers them.
    pub schema: u32,
    /// The last of [`MIGRATIONS`] that it knows; none where it has no tracker.
    pub tracker: Option<u32>,
    /// What `db.use-native-sql` does.
    pub native: Native,
    /// Whether it knows `db.skip-native-sql-migration`.
    pub skip: bool,
    /// Whether it looks for the invoice tombstone when native SQL is off.
    pub invoice_tombstone: bool,
    /// Whether it compares the network that the database was used with.
    pub chain_params: bool,
    /// Which parts it keeps in native SQL.
    pub parts: &'static [Custom],
    /// Whether its own texts name the step in which the schema could not be brought up.
    pub names_schema_step: bool,
}

/// What `db.use-native-sql` does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Native {
    /// Opens native SQL only while the key-value store has no invoice; nothing is migrated. The
    /// schema is brought up while the database is opened, before the key-value store is looked at.
    WhileEmpty,
    /// Migrates, then uses native SQL.
    Migrates,
}

/// What a version key that is not there means to a release, where the bucket `metadata` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingDbp {
    /// That the store is as new as the release: migrations are skipped without a word.
    TakenAsLatest,
    /// That the store has this version; the log says so.
    RecoveredFrom(u32),
}

/// A migration that is code, not schema: what it brings over from the key-value store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Custom {
    /// Invoices.
    Invoices,
    /// The graph.
    Graph,
    /// Payments.
    Payments,
}

impl Custom {
    /// All of them, in the order of their versions.
    pub const ALL: &'static [Custom] = &[Custom::Invoices, Custom::Graph, Custom::Payments];

    /// Its version in the tracker.
    pub const fn version(self) -> u32 {
        match self {
            Custom::Invoices => INVOICES,
            Custom::Graph => GRAPH,
            Custom::Payments => PAYMENTS,
        }
    }

    /// Its stable name, as in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Custom::Invoices => "invoices",
            Custom::Graph => "graph",
            Custom::Payments => "payments",
        }
    }
}

crate::finding::serialize_by_name!(Custom);

/// One migration as LND's tracker counts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Migration {
    /// Its number in `migration_tracker`.
    pub version: u32,
    /// Its name in LND's log.
    pub name: &'static str,
    /// The schema it needs, as golang-migrate numbers it (`schema_migrations`).
    pub schema: u32,
    /// The code that runs behind the schema.
    pub custom: Option<Custom>,
}

/// The tracker version of the invoices' migration.
pub const INVOICES: u32 = 7;
/// The tracker version of the graph's migration.
pub const GRAPH: u32 = 10;
/// The tracker version of the payments' migration.
pub const PAYMENTS: u32 = 14;

const fn plain(version: u32, name: &'static str, schema: u32) -> Migration {
    Migration { version, name, schema, custom: None }
}

const fn code(custom: Custom, name: &'static str, schema: u32) -> Migration {
    Migration { version: custom.version(), name, schema, custom: Some(custom) }
}

/// All of them. `sqldb/migrations.go`: 1 to 7 at v0.19.0, to 10 at v0.20.0, to 18 at v0.21.0 and
/// 90ea05d5a; a release knows a prefix, and no number was ever given to something else.
pub const MIGRATIONS: &[Migration] = &[
    plain(1, "000001_invoices", 1),
    plain(2, "000002_amp_invoices", 2),
    plain(3, "000003_invoice_events", 3),
    plain(4, "000004_invoice_expiry_fix", 4),
    plain(5, "000005_migration_tracker", 5),
    plain(6, "000006_invoice_migration", 6),
    code(Custom::Invoices, "kv_invoice_migration", 6),
    plain(8, "000007_invoice_add_settled_index", 7),
    plain(9, "000008_graph", 8),
    code(Custom::Graph, "kv_graph_migration", 8),
    plain(11, "000009_graph_v2", 9),
    plain(12, "000010_payments", 10),
    plain(13, "000011_payment_duplicates", 11),
    code(Custom::Payments, "kv_payments_migration", 11),
    plain(15, "000012_drop_redundant_invoice_indexes", 12),
    plain(16, "000013_payments_index_improvements", 13),
    plain(17, "000014_payments_no_fail_reason_index", 14),
    plain(18, "000015_chain_params", 15),
];

/// One schema file and the tables that it makes. LND ships no way back (`sqldb/schemas.go` embeds
/// only `*.up.sql`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SchemaFile {
    /// Its number, as golang-migrate counts.
    pub version: u32,
    /// The tables that `.up.sql` makes.
    pub makes: &'static [&'static str],
}

const fn file(version: u32, makes: &'static [&'static str]) -> SchemaFile {
    SchemaFile { version, makes }
}

const GRAPH_TABLES: &[&str] = &[
    "graph_nodes",
    "graph_node_extra_types",
    "graph_node_features",
    "graph_node_addresses",
    "graph_source_nodes",
    "graph_channels",
    "graph_channel_features",
    "graph_channel_extra_types",
    "graph_channel_policies",
    "graph_channel_policy_extra_types",
    "graph_zombie_channels",
    "graph_prune_log",
    "graph_closed_scids",
];
const PAYMENT_TABLES: &[&str] = &[
    "payments",
    "payment_intents",
    "payment_htlc_attempts",
    "payment_htlc_attempt_resolutions",
    "payment_route_hops",
    "payment_route_hop_mpp",
    "payment_route_hop_amp",
    "payment_route_hop_blinded",
    "payment_first_hop_custom_records",
    "payment_attempt_first_hop_custom_records",
    "payment_hop_custom_records",
];

/// The files under `sqldb/sqlc/migrations` at 90ea05d5a, each as it was in the release that
/// brought it.
pub const SCHEMA: &[SchemaFile] = &[
    file(
        1,
        &[
            "invoice_sequences",
            "invoices",
            "invoice_features",
            "invoice_htlcs",
            "invoice_htlc_custom_records",
        ],
    ),
    file(2, &["amp_sub_invoices", "amp_sub_invoice_htlcs"]),
    file(3, &["invoice_event_types", "invoice_events"]),
    file(4, &[]),
    file(5, &["migration_tracker"]),
    file(6, &["invoice_payment_hashes"]),
    file(7, &[]),
    file(8, GRAPH_TABLES),
    file(9, &[]),
    file(10, PAYMENT_TABLES),
    file(11, &["payment_duplicates"]),
    file(12, &[]),
    file(13, &[]),
    file(14, &[]),
    file(15, &["chain_params"]),
];

/// The schema that stands when the tracker is at `version`; 0 before the first.
pub fn schema_at(version: u32) -> u32 {
    let last = MIGRATIONS.iter().take_while(|migration| migration.version <= version).last();
    last.map_or(0, |migration| migration.schema)
}

const V0_18_0: Release = Release {
    name: "v0.18.0",
    last: "v0.18.2",
    line: "v0.18",
    commit: "fed760913",
    dbp: 31,
    // meta.go looks at no number here; seen with v0.18.4 on stores of v0.19.3 (docs/upstream.md).
    optional: u32::MAX,
    missing_dbp: MissingDbp::TakenAsLatest,
    creates_without_dbp: false,
    creates_buckets: false,
    schema: 3,
    tracker: None,
    native: Native::WhileEmpty,
    skip: false,
    invoice_tombstone: false,
    chain_params: false,
    parts: &[Custom::Invoices],
    names_schema_step: false,
};
// 000004_invoice_expiry_fix; `ExecuteMigrations` with a text of its own.
const V0_18_3: Release = Release {
    name: "v0.18.3",
    last: "v0.18.5",
    commit: "d72a3aaf2",
    schema: 4,
    names_schema_step: true,
    ..V0_18_0
};
// The migration, its tracker, the invoice tombstone.
const V0_19_0: Release = Release {
    name: "v0.19.0",
    last: "v0.19.1",
    line: "v0.19",
    commit: "c52a6ddeb",
    dbp: 33,
    optional: 1,
    schema: 6,
    tracker: Some(INVOICES),
    native: Native::Migrates,
    skip: true,
    invoice_tombstone: true,
    ..V0_18_3
};
// `initChannelDB` makes the buckets before it looks for the version: a fresh store never gets
// one. The optional migration gc_decayed_log, on by default.
const V0_19_2: Release = Release {
    name: "v0.19.2",
    last: "v0.19.3",
    commit: "a83945649",
    optional: 2,
    creates_without_dbp: true,
    creates_buckets: true,
    ..V0_19_0
};
// The graph.
const V0_20_0: Release = Release {
    name: "v0.20.0",
    last: "v0.20.4",
    line: "v0.20",
    commit: "b9ea7070c",
    schema: 8,
    tracker: Some(GRAPH),
    parts: &[Custom::Invoices, Custom::Graph],
    ..V0_19_2
};
// Payments, and the network.
const V0_21_0: Release = Release {
    name: "v0.21.0",
    last: "v0.21.1",
    line: "v0.21",
    commit: "0c4a70340",
    dbp: 35,
    schema: 15,
    tracker: Some(18),
    chain_params: true,
    parts: Custom::ALL,
    ..V0_20_0
};
// `missingDBVersionRecoveryVersion`, pull request 10985.
const V0_21_2: Release = Release {
    name: "v0.21.2",
    last: "v0.21.3",
    commit: "29257ecc8",
    missing_dbp: MissingDbp::RecoveredFrom(33),
    creates_without_dbp: false,
    ..V0_21_0
};
// Not released: the development branch on 2026-08-20.
const V0_22: Release =
    Release { name: "v0.22", last: "v0.22", line: "v0.22", commit: "90ea05d5a", ..V0_21_2 };

/// The rows, oldest first.
pub const RELEASES: &[Release] =
    &[V0_18_0, V0_18_3, V0_19_0, V0_19_2, V0_20_0, V0_21_0, V0_21_2, V0_22];

impl Release {
    /// The newest that is known.
    pub fn newest() -> &'static Release {
        const NEWEST: Release = V0_22;
        RELEASES.last().unwrap_or(&NEWEST)
    }

    /// The row of a release as a person writes it: `v0.20.1`, `0.20.1-beta`, `v0.20`. A line alone
    /// is its newest row. Nothing where the table does not know it.
    ///
    /// ```
    /// use fulgurite_core::lnd::migration::Release;
    ///
    /// assert_eq!(Release::named("0.21.1-beta").unwrap().name, "v0.21.0");
    /// assert_eq!(Release::named("v0.21").unwrap().name, "v0.21.2");
    /// assert!(Release::named("v0.17.5").is_none());
    /// ```
    pub fn named(text: &str) -> Option<&'static Release> {
        let text = text.trim().trim_start_matches(['v', 'V']);
        let text = text.split(['-', '+']).next().unwrap_or_default();
        let line = RELEASES.iter().rev().find(|row| row.line.trim_start_matches('v') == text);
        line.or_else(|| {
            let asked = numbers(text)?;
            RELEASES.iter().find(|row| {
                let first = numbers(row.name.trim_start_matches('v'));
                let last = numbers(row.last.trim_start_matches('v'));
                first <= Some(asked) && Some(asked) <= last
            })
        })
    }

    /// The migrations that it knows.
    pub fn migrations(&self) -> impl Iterator<Item = &'static Migration> + use<> {
        let last = self.tracker.unwrap_or(0);
        MIGRATIONS.iter().take_while(move |migration| migration.version <= last)
    }

    /// Whether it keeps this part in native SQL.
    pub fn has(&self, part: Custom) -> bool {
        self.parts.contains(&part)
    }
}

/// `0.21.2` as numbers.
fn numbers(text: &str) -> Option<[u32; 3]> {
    let mut parts = text.split('.').map(|part| part.parse::<u32>().ok());
    let numbers = [parts.next()??, parts.next()??, parts.next().unwrap_or(Some(0))?];
    parts.next().is_none().then_some(numbers)
}

/// Where LND keeps its databases (`db.backend`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Backend {
    /// bbolt files: `channel.db` and others.
    Bolt,
    /// SQLite: `channel.sqlite`, and `lnd.sqlite` for native SQL.
    Sqlite,
    /// One Postgres database for everything.
    Postgres,
    /// etcd: remote, and never native SQL.
    Etcd,
}

impl Backend {
    /// All of them.
    pub const ALL: &'static [Backend] =
        &[Backend::Bolt, Backend::Sqlite, Backend::Postgres, Backend::Etcd];

    /// Its name, as in LND's configuration and in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Backend::Bolt => "bolt",
            Backend::Sqlite => "sqlite",
            Backend::Postgres => "postgres",
            Backend::Etcd => "etcd",
        }
    }

    /// Whether it can have native SQL.
    pub const fn is_sql(self) -> bool {
        matches!(self, Backend::Sqlite | Backend::Postgres)
    }
}

crate::finding::serialize_by_name!(Backend);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_migration_stands_behind_the_schema_that_it_needs() {
        assert_eq!(MIGRATIONS[0], plain(1, "000001_invoices", 1));
        assert_eq!(MIGRATIONS[6], code(Custom::Invoices, "kv_invoice_migration", 6));
        assert_eq!(MIGRATIONS[9], code(Custom::Graph, "kv_graph_migration", 8));
        assert_eq!(MIGRATIONS[13], code(Custom::Payments, "kv_payments_migration", 11));
        assert_eq!(code(Custom::Graph, "", 8).version, 10);
        for (migration, number) in MIGRATIONS.iter().zip(1..) {
            assert_eq!(migration.version, number);
            // A schema file begins with its own number; code brings none.
            let file = migration.name.split_once('_').and_then(|(file, _)| file.parse().ok());
            assert_eq!(file, migration.custom.is_none().then_some(migration.schema));
        }
        for (row, number) in SCHEMA.iter().zip(1..) {
            assert_eq!(*row, file(number, row.makes));
        }
    }
}
