//! The lines of LND that tell of its databases and their migrations, of starts and ends.
//!
//! Tags of lightningnetwork/lnd that were looked at: v0.18.5, v0.19.3, v0.20.3, v0.21.2, and
//! 90ea05d5a, which becomes v0.22.

use super::kind::Says;
use super::known::{Known, known};
use super::pattern::find;

/// The known lines, without the subsystem before them.
pub const LINES: &[Known] = known! {
    LndVersion "Version: %s commit=" ["release"] "lnd.go" "v0.18.5";
    LndVersion "Version Info version=%s " ["release"] "lnd.go" "v0.19.3 to 90ea05d5a";
    LndVersion "Version Info" [""] "lnd.go" "v0.19.3 to 90ea05d5a";
    LndOpening "Opening the main database, this might take a few minutes..." [""] "config_builder.go" "v0.18.5 to 90ea05d5a";
    LndShutdownAsked "Received shutdown request." [""] "signal/signal.go" "v0.18.5 to 90ea05d5a";
    LndShutdownAsked "Received interrupt" [""] "signal/signal.go" "v0.18.5 to 90ea05d5a";
    LndShutdownAsked "Received terminated" [""] "signal/signal.go" "v0.18.5 to 90ea05d5a";
    LndStopped "Shutdown complete" [""] "lnd.go" "v0.18.5 to 90ea05d5a";

    // Native SQL.
    LndSchema "Migrating SQL schema to version %u" ["schema"] "sqldb/migrations.go" "v0.19.3 to 90ea05d5a";
    LndSchema "No database version found, using schema version %u (dirty=%s) as base version" ["schema"] "sqldb/migrations.go" "v0.19.3 to 90ea05d5a";
    LndSchema "Applying migrations from version=%u" ["schema"] "sqldb/migrations.go" "v0.18.5 to 90ea05d5a";
    LndSchema "Attempting to apply migration(s) (current_db_version=%u, latest_migration_version=%u)" ["schema,expected"] "sqldb/v2/sqlite.go" "v0.21.2 to 90ea05d5a";
    LndSchema "Applying migrations to database" [""] "sqldb/v2/sqlite.go" "v0.21.2 to 90ea05d5a";
    LndSchema "Database version after migration: %u" ["schema"] "sqldb/v2/sqlite.go" "v0.21.2 to 90ea05d5a";
    LndMigrationSkipped "Skipping migration '%s' (version %u) as it has already been applied" ["migration,version"] "sqldb/migrations.go" "v0.19.3 to 90ea05d5a";
    LndMigrationBegins "Applying custom migration '%s' (version %u) to schema version %u" ["migration,version,schema"] "sqldb/migrations.go" "v0.19.3 to 90ea05d5a";
    LndMigrationApplied "Migration '%s' (version %u) applied" ["migration,version"] "sqldb/migrations.go" "v0.19.3 to 90ea05d5a";
    LndDirtyReset "Schema version %u is dirty. This is likely a consequence of a failed migration in v0.19.0-rc1." ["schema"] "sqldb/migrations.go" "v0.19.3 to 90ea05d5a";
    LndInvoicesBegin "Starting migration of invoices from KV to SQL" [""] "invoices/sql_migration.go" "v0.19.3 to 90ea05d5a";
    LndInvoicesIndex "Created SQL invoice hash index in %s" ["took"] "invoices/sql_migration.go" "v0.19.3 to 90ea05d5a";
    LndInvoicesRate "Migrated %u invoices (%u.%u invoices/sec)" ["count,rate"] "invoices/sql_migration.go" "v0.19.3 to 90ea05d5a";
    LndInvoicesTotal "All invoices migrated. Total: %u" ["count"] "invoices/sql_migration.go" "v0.19.3 to 90ea05d5a";
    LndInvoicesDone "Migration of %u invoices from KV to SQL completed" ["count"] "invoices/sql_migration.go" "v0.19.3 to 90ea05d5a";
    LndInvoiceLeftOut "Cannot migrate invoice, unable to fetch payment hash (add_index=%u): %s" ["add_index,why"] "invoices/sql_migration.go" "v0.19.3 to 90ea05d5a";
    LndMigrationFailed "Unable to create invoice hash index: %s" ["why"] "invoices/sql_migration.go" "v0.19.3 to 90ea05d5a";
    LndMigrationFailed "Unable to determine current migration version: %s" ["why"] "sqldb/migrations.go" "v0.18.5 to 90ea05d5a";
    LndTombstone "Setting invoice bucket tombstone" [""] "config_builder.go" "v0.19.3 to 90ea05d5a";
    LndTombstoneState "Invoice bucket tombstone set to: " [""] "config_builder.go" "lnd#9660: release candidates of v0.19";
    LndGraphBegin "Starting migration of the graph store from KV to SQL" [""] "graph/db/sql_migration.go" "v0.20.3 to 90ea05d5a";
    LndGraphPart "No graph found in KV store, skipping the migration" [""] "graph/db/sql_migration.go" "v0.20.3 to 90ea05d5a";
    LndGraphRate "Migrated %u nodes (%u.%u nodes/sec)" ["count,rate"] "graph/db/sql_migration.go" "v0.20.3 to 90ea05d5a";
    LndGraphRate "Migrated %u channels (%u.%u channels/sec)" ["count,rate"] "graph/db/sql_migration.go" "v0.20.3 to 90ea05d5a";
    LndGraphRate "Migrated %u prune log entries (%u.%u entries/sec)" ["count,rate"] "graph/db/sql_migration.go" "v0.20.3 to 90ea05d5a";
    LndGraphRate "Migrated %u closed scids (%u.%u entries/sec)" ["count,rate"] "graph/db/sql_migration.go" "v0.20.3 to 90ea05d5a";
    LndGraphRate "Migrated %u zombie index entries (%u.%u entries/sec)" ["count,rate"] "graph/db/sql_migration.go" "v0.20.3 to 90ea05d5a";
    LndGraphPart "Migrated %u nodes from KV to SQL in %s (" ["count,took"] "graph/db/sql_migration.go" "v0.20.3 to 90ea05d5a";
    LndGraphPart "Migrated source node with pubkey " [""] "graph/db/sql_migration.go" "v0.20.3 to 90ea05d5a";
    LndGraphPart "Migrating source node from KV to SQL" [""] "graph/db/sql_migration.go" "v0.20.3 to 90ea05d5a";
    LndGraphPart "Migrated %u channels and %u policies from KV to SQL in %s(" ["count,,took"] "graph/db/sql_migration.go" "v0.20.3 to 90ea05d5a";
    LndGraphPart "Migrated %u prune log entries from KV to SQL in %s. " ["count,took"] "graph/db/sql_migration.go" "v0.20.3 to 90ea05d5a";
    LndGraphPart "No prune log entries found in KV store to migrate" [""] "graph/db/sql_migration.go" "v0.20.3 to 90ea05d5a";
    LndGraphPart "Migrated %u closed SCIDs from KV to SQL in %s" ["count,took"] "graph/db/sql_migration.go" "v0.20.3 to 90ea05d5a";
    LndGraphPart "Migrated %u zombie channels from KV to SQL in %s" ["count,took"] "graph/db/sql_migration.go" "v0.20.3 to 90ea05d5a";
    LndGraphDone "Finished migration of the graph store from KV to SQL in %s" ["took"] "graph/db/sql_migration.go" "v0.20.3 to 90ea05d5a";
    LndGraphLeftOut "Skipping migration of node " [""] "graph/db/sql_migration.go" "v0.20.3 to 90ea05d5a";
    LndGraphLeftOut "Skipping channel %u with invalid extra opaque data: " [""] "graph/db/sql_migration.go" "v0.20.3 to 90ea05d5a";
    LndPaymentsBegin "Starting payment migration from KV to SQL..." [""] "payments/db/migration1/sql_migration.go" "v0.21.2 to 90ea05d5a";
    LndPaymentsPart "Found ~%u index entries to migrate (includes duplicates)" ["count"] "payments/db/migration1/sql_migration.go" "v0.21.2 to 90ea05d5a";
    LndPaymentsRate "Progress: %u payments%s, %u attempts, %u hops | Rate: %u.%u pmt/s" ["count,,,,rate"] "payments/db/migration1/sql_migration.go" "v0.21.2 to 90ea05d5a";
    LndPaymentsDone "No payments migrated - database is empty" [""] "payments/db/migration1/sql_migration.go" "v0.21.2 to 90ea05d5a";
    LndPaymentsPart "No payments bucket found - database is empty" [""] "payments/db/migration1/sql_migration.go" "v0.21.2 to 90ea05d5a";
    LndPaymentsPart "   Payment Migration Summary" [""] "payments/db/migration1/sql_migration.go" "v0.21.2 to 90ea05d5a";
    LndPaymentsPart "Total Payments: " [""] "payments/db/migration1/sql_migration.go" "v0.21.2 to 90ea05d5a";
    LndPaymentsPart "Total HTLC Attempts: " [""] "payments/db/migration1/sql_migration.go" "v0.21.2 to 90ea05d5a";
    LndPaymentsPart "Total Route Hops: " [""] "payments/db/migration1/sql_migration.go" "v0.21.2 to 90ea05d5a";
    LndPaymentsDone "Migration Duration: " [""] "payments/db/migration1/sql_migration.go" "v0.21.2 to 90ea05d5a";
    LndPaymentOdd "SKIPPED PAYMENTS:" [""] "payments/db/migration1/sql_migration.go" "v0.21.2 to 90ea05d5a";
    LndPaymentOdd "DUPLICATE PAYMENTS DETECTED:" [""] "payments/db/migration1/sql_migration.go" "v0.21.2 to 90ea05d5a";
    LndPaymentOdd "Missing bucket for payment " [""] "payments/db/migration1/sql_migration.go" "v0.21.2 to 90ea05d5a";
    LndPaymentOdd "Terminalized %u unresolved legacy HTLC attempt(s)" ["count"] "payments/db/migration1/sql_migration.go" "v0.21.2 to 90ea05d5a";
    LndPaymentOdd "Allocated HTLC attempt index " [""] "payments/db/migration1/sql_migration.go" "v0.21.2 to 90ea05d5a";
    LndPaymentOdd "Ignoring orphaned blinded total amount: " [""] "payments/db/migration1/sql_migration.go" "v0.21.2 to 90ea05d5a";
    LndPaymentOdd "Skipping unexpected key in duplicates bucket for payment " [""] "payments/db/migration1/sql_migration.go" "v0.21.2 to 90ea05d5a";
    LndPaymentOdd "Migrating duplicate payment seq=" [""] "payments/db/migration1/sql_migration.go" "v0.21.2 to 90ea05d5a";
    LndPaymentOdd "Duplicate payment seq=" [""] "payments/db/migration1/sql_migration.go" "v0.21.2 to 90ea05d5a";

    // The key-value store.
    LndKvMigration "Checking for schema update: latest_version=%u, db_version=%u" ["expected,version"] "channeldb/db.go" "v0.18.5 to 90ea05d5a";
    LndKvMigration "Performing database schema migration" [""] "channeldb/db.go" "v0.18.5 to 90ea05d5a";
    LndKvMigration "Applying migration #%u" ["version"] "channeldb/db.go" "v0.18.5 to 90ea05d5a";
    LndKvMigration "DB version key missing, recovering from db_version=%u" ["version"] "channeldb/db.go" "v0.21.2 to 90ea05d5a";
    LndKvMigration "Performing database optional migration: " [""] "channeldb/db.go" "v0.18.5 to 90ea05d5a";
    LndKvMigration "Successfully applied optional migration: " [""] "channeldb/db.go" "v0.18.5 to 90ea05d5a";
    LndKvMigrationFailed "Unable to apply migration #%u" ["version"] "channeldb/db.go" "v0.18.5 to 90ea05d5a";
    LndKvMigrationFailed "Unable to apply optional migration: " [""] "channeldb/db.go" "v0.18.5 to 90ea05d5a";
    LndKvMigrationFailed "Unable to update optional meta: " [""] "channeldb/db.go" "v0.18.5 to 90ea05d5a";
    LndRefuses "Refusing to revert from db_version=%u to lower version=%u" ["version,expected"] "channeldb/db.go" "v0.18.5 to 90ea05d5a";
    LndBoltBeside "Found existing bbolt database file in " [""] "lncfg/db.go" "v0.18.5 to 90ea05d5a";

    // bbolt's own words, as a crash prints them.
    LndBoltDamaged "panic: freepages: " [""] "bbolt: freelist.go" "lnd#4477, #4043";
    LndBoltDamaged "freepages: failed to get all reachable pages (" [""] "bbolt: freelist.go" "lnd#4477, #4043";
    LndBoltDamaged "panic: page %u: invalid type: " [""] "bbolt: cursor.go" "lnd#3867";
    LndBoltDamaged "page %u: invalid type: " [""] "bbolt: cursor.go" "lnd#3867";
    LndBoltDamaged "panic: invalid freelist page: %u" [""] "bbolt: freelist.go" "lnd#1715";
    LndBoltDamaged "invalid freelist page: %u" [""] "bbolt: freelist.go" "lnd#1715";
    LndBoltDamaged "panic: invalid page type: %u" [""] "bbolt: node.go" "etcd-io/bbolt#537";
    LndBoltDamaged "invalid page type: %u" [""] "bbolt: node.go" "etcd-io/bbolt#537";
    LndBoltDamaged "panic: page %u already freed" [""] "bbolt: freelist.go" "lnd#2318";
    LndBoltDamaged "page %u already freed" [""] "bbolt: freelist.go" "lnd#2318";
    LndBoltDamaged "panic: assertion failed: Page expected to be: %u, but self identifies as %u" [""] "bbolt: internal/common/page.go" "bbolt v1.3.8 to v1.4";
    LndBoltDamaged "assertion failed: Page expected to be: %u, but self identifies as %u" [""] "bbolt: internal/common/page.go" "bbolt v1.3.8 to v1.4";
    // Go's words where a file that is mapped ends before it should.
    LndBoltDamaged "unexpected fault address 0x%x" [""] "go: runtime/signal_unix.go" "as fixtures show";
    LndBoltDamaged "file size too small" [""] "bbolt: db.go" "lnd#5490, #5401";
};

/// Words of errors that stand anywhere in a line: what goes up is wrapped on its way. Looked for
/// only in lines of level error or worse, and in lines without a level (stderr).
const ANYWHERE: &[(Says, &str)] = &[
    (Says::LndMigrationFailed, "migrated record does not match original record"),
    (Says::LndMigrationFailed, "faild to run migrations for the native SQL store"),
    (Says::LndMigrationFailed, "failed to migrate invoices to SQL"),
    (Says::LndMigrationFailed, "failed to migrate graph to SQL"),
    (Says::LndMigrationFailed, "failed to migrate payments to SQL"),
    (Says::LndMigrationFailed, "error applying migration '"),
    (Says::LndMigrationFailed, "error executing schema migrations to target version "),
    (Says::LndMigrationFailed, "Dirty database version "),
    (Says::LndRefuses, "invoices bucket tombstoned, please switch back to native SQL"),
    (Says::LndRefuses, "refusing to use db, it was marked with a tombstone"),
    (Says::LndRefuses, "channel db cannot revert to prior version"),
    (Says::LndRefuses, "database network mismatch"),
    (Says::LndRefuses, "found invoices in the KV invoice DB, migration to native SQL is not yet"),
    (Says::LndRefuses, "cannot use native SQL with "),
    (Says::LndRefuses, "unable to check invoice bucket tombstone"),
    (Says::LndRefuses, "no such table: "),
    (Says::LndBoltDamaged, "failed to get all reachable pages ("),
    (Says::LndBoltDamaged, "file size too small"),
    (Says::LndBoltDamaged, "error opening bolt DB: checksum error"),
    (Says::LndBoltDamaged, "error opening bolt DB: invalid database"),
    (Says::LndSerialization, "SQLSTATE 40001"),
    (Says::LndMigrationFailed, "UNIQUE constraint failed: "),
    (Says::LndMigrationFailed, "NOT NULL constraint failed: "),
    (Says::LndRefuses, "unable to open databases: "),
    (Says::LndStopsOnError, "Shutting down due to error in main method"),
];

/// What an error says, wherever in the line it says it.
pub(super) fn error(text: &[u8]) -> Option<Says> {
    let found = |(says, words): &(Says, &str)| find(text, words.as_bytes()).map(|_| *says);
    ANYWHERE.iter().find_map(found)
}
