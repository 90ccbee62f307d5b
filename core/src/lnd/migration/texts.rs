//! What LND says when it refuses, word for word, with where it says so.
//!
//! `{0}`, `{1}` … stand for what LND fills in. An error of the database builder is wrapped as it
//! goes up; the texts here are the pieces, and [`Text::of`] puts a piece together. `lnd.go` puts
//! `unable to open databases: ` before it when it prints the whole.

use alloc::string::String;

/// One text of upstream's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    /// The words.
    pub template: &'static str,
    /// The file that has them.
    pub file: &'static str,
    /// The tags that have them.
    pub releases: &'static str,
}

impl Text {
    const fn new(template: &'static str, file: &'static str, releases: &'static str) -> Text {
        Text { template, file, releases }
    }

    /// The words with what is filled in.
    pub fn of(&self, values: &[&str]) -> String {
        let mut out = String::with_capacity(self.template.len() + 64);
        let mut rest = self.template;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let (index, after) = after.split_once('}').unwrap_or((after, ""));
            let value = index.parse::<usize>().ok().and_then(|index| values.get(index));
            out.push_str(value.copied().unwrap_or_default());
            rest = after;
        }
        out.push_str(rest);
        out
    }
}

const BUILDER: &str = "config_builder.go";
const CONFIG: &str = "lncfg/db.go";
const CHANNELDB: &str = "channeldb/db.go";
const META: &str = "channeldb/meta.go";
const ERRORS: &str = "channeldb/error.go";
const INVOICES: &str = "channeldb/invoices.go";
const SQLDB: &str = "sqldb/migrations.go";
const SQL_ERRORS: &str = "sqldb/sqlerrors.go";
const MIGRATE: &str = "golang-migrate v4.17.0: migrate.go";
const ALL: &str = "v0.18.0 to 90ea05d5a";
const SINCE_19: &str = "v0.19.0 to 90ea05d5a";

/// What `lnd.go` puts before an error of the database builder.
pub const OPEN_DATABASES: Text = Text::new("unable to open databases: {0}", "lnd.go", ALL);

// Configuration.
/// Native SQL on bbolt.
pub const NATIVE_ON_BOLT: Text = Text::new("cannot use native SQL with bolt backend", CONFIG, ALL);
/// Native SQL on etcd.
pub const NATIVE_ON_ETCD: Text = Text::new("cannot use native SQL with etcd backend", CONFIG, ALL);
/// An option that the release does not have (the parser of options says so).
pub const UNKNOWN_FLAG: Text = Text::new("unknown flag `{0}'", "go-flags: parser.go", "v0.18");

// Opening.
/// A bbolt file that bbolt does not open.
pub const BOLT_DB: Text = Text::new("error opening bolt DB: {0}", "lncfg/db.go", ALL);
/// Around whatever goes wrong while backends are opened.
pub const BACKENDS: Text = Text::new("unable to obtain database backends: {0}", BUILDER, ALL);
/// Native SQL, on SQLite.
pub const NATIVE_SQLITE: Text = Text::new("error opening native SQLite store: {0}", CONFIG, ALL);
/// Native SQL, on Postgres.
pub const NATIVE_POSTGRES: Text =
    Text::new("error opening native postgres store: {0}", CONFIG, ALL);
/// The schema, brought up while opening.
pub const OPENING_SCHEMA: Text = Text::new(
    "error executing migrations: {0}",
    "sqldb/sqlite.go, sqldb/postgres.go",
    "v0.18.3 to v0.18.5",
);
/// A warning, when a bbolt file lies beside.
pub const BOLT_BESIDE: Text = Text::new(
    "Found existing bbolt database file in {0}/{1} while using database type {2}. Existing data will NOT be migrated to {2} automatically!",
    CONFIG,
    ALL,
);

// The key-value store.
/// Around whatever goes wrong with the channel database.
pub const CHANNEL_DB: Text = Text::new("unable to open graph DB: {0}", BUILDER, ALL);
/// Around whatever goes wrong before its version is looked at.
pub const CREATE: Text = Text::new("unable to create new channeldb: {0}", CHANNELDB, ALL);
/// The data-migration tombstone.
pub const DATA_MIGRATION: Text = Text::new(
    "refusing to use db, it was marked with a tombstone after successful data migration; tombstone reads: {0}",
    META,
    ALL,
);
/// A version above the release's.
pub const DB_REVERSION: Text = Text::new("channel db cannot revert to prior version", ERRORS, ALL);
/// The same, in the log.
pub const DB_REVERSION_LOG: Text =
    Text::new("Refusing to revert from db_version={0} to lower version={1}", CHANNELDB, ALL);
/// An optional migration that the release does not know.
pub const OPTIONAL: Text = Text::new(
    "unable to fetch optional meta: optional version read from db is {0}, but only optional migrations up to {1} are known: invalid optional version",
    "channeldb/db.go, channeldb/meta.go",
    ALL,
);
/// A version key that is not there, in the log.
pub const DBP_RECOVERED_LOG: Text = Text::new(
    "DB version key missing, recovering from db_version={0}",
    CHANNELDB,
    "v0.21.2 to 90ea05d5a",
);

// Native SQL off.
/// The invoice tombstone.
pub const INVOICE_TOMBSTONE: Text =
    Text::new("invoices bucket tombstoned, please switch back to native SQL", BUILDER, SINCE_19);
/// No bucket to look for it in.
pub const NO_INVOICE_BUCKET: Text = Text::new(
    "unable to check invoice bucket tombstone: invoice bucket does not exist",
    "config_builder.go, channeldb/invoices.go",
    SINCE_19,
);

// Native SQL on.
/// Invoices in the key-value store, before there was a migration.
pub const FOUND_INVOICES: Text = Text::new(
    "found invoices in the KV invoice DB, migration to native SQL is not yet supported",
    BUILDER,
    "v0.18.0 to v0.18.5",
);
/// Around whatever goes wrong in the migrations. The typing error is upstream's.
pub const MIGRATIONS: Text =
    Text::new("faild to run migrations for the native SQL store: {0}", BUILDER, SINCE_19);
/// Around golang-migrate.
pub const SCHEMA_TARGET: Text =
    Text::new("error executing schema migrations to target version {0}: {1}", SQLDB, SINCE_19);
/// golang-migrate, on a file that SQLite refuses; what follows is the file's own text.
pub const SQLITE_COLUMN_TWICE: Text =
    Text::new("SQL logic error: duplicate column name: {0} (1) in line 0: ", MIGRATE, SINCE_19);
/// The same on Postgres, where the error stands behind the file's text.
pub const POSTGRES_FILE_FAILED: Text = Text::new("migration failed in line 0: ", MIGRATE, SINCE_19);
/// golang-migrate, on a schema that is marked as half done.
pub const DIRTY: Text =
    Text::new("Dirty database version {0}. Fix and force version.", MIGRATE, ALL);
/// golang-migrate, on a schema that the release has no file for.
pub const NO_SCHEMA_FILE: Text = Text::new(
    "no migration found for version {0}: read down for version {0} sqlc/migrations: file does not exist",
    MIGRATE,
    ALL,
);
/// A dirty schema that is put right by itself, in the log.
pub const DIRTY_RESET_LOG: Text = Text::new(
    "Schema version {0} is dirty. This is likely a consequence of a failed migration in v0.19.0-rc1. Attempting to recover by resetting the dirty flag",
    SQLDB,
    SINCE_19,
);
/// Around the code of a migration.
pub const CUSTOM: Text = Text::new(
    "error applying migration '{0}' (version {1}) to schema version {2}: {3}",
    SQLDB,
    SINCE_19,
);
/// The invoices' migration.
pub const INVOICE_MIGRATION: Text =
    Text::new("failed to migrate invoices to SQL: {0}", BUILDER, SINCE_19);
/// No bucket to write the invoice tombstone into.
pub const NO_BUCKET_FOR_TOMBSTONE: Text =
    Text::new("invoice bucket does not exist", INVOICES, SINCE_19);
/// A value that must be there only once. Whatever stood around it is lost: `MapSQLError` takes
/// the driver's error out of all that wraps it.
pub const UNIQUE: Text = Text::new("sql unique constraint violation: {0}", SQL_ERRORS, ALL);
/// Any other error of SQLite's, unwrapped in the same way.
pub const SQLITE_ERROR: Text = Text::new("unknown sqlite error: {0}", SQL_ERRORS, ALL);
/// Any other error of Postgres's, unwrapped in the same way.
pub const POSTGRES_ERROR: Text = Text::new("unknown postgres error: {0}", SQL_ERRORS, ALL);
/// The network of another node.
pub const NETWORK: Text = Text::new(
    "database network mismatch: the database was previously used with network '{0}', but lnd is now configured for network '{1}'. To fix this, either point lnd at a different database or reconfigure lnd to use network '{0}'",
    "chainparams/store.go",
    "v0.21.0 to 90ea05d5a",
);

// Drivers.
const MODERNC: &str = "modernc.org/sqlite v1.29.10: sqlite.go, with SQLite's own words";
const PGX: &str = "pgx: pgconn/errors.go, with Postgres's own words";
/// SQLite: a value twice.
pub const SQLITE_UNIQUE: Text =
    Text::new("constraint failed: UNIQUE constraint failed: {0} (2067)", MODERNC, ALL);
/// SQLite: a primary key twice.
pub const SQLITE_PRIMARY: Text =
    Text::new("constraint failed: UNIQUE constraint failed: {0} (1555)", MODERNC, ALL);
/// SQLite: a table that is not there.
pub const SQLITE_NO_TABLE: Text =
    Text::new("SQL logic error: no such table: {0} (1)", MODERNC, ALL);
/// Postgres: a value twice.
pub const POSTGRES_UNIQUE: Text = Text::new(
    "ERROR: duplicate key value violates unique constraint \"{0}\" (SQLSTATE 23505)",
    PGX,
    ALL,
);
/// Postgres: a table that is not there.
pub const POSTGRES_NO_TABLE: Text =
    Text::new("ERROR: relation \"{0}\" does not exist (SQLSTATE 42P01)", PGX, ALL);
