//! LND's stores: those that its own code wrote, and the same with pages of 512 bytes, without the tables
//! that nobody asks about, so that a fuzzer can hold both sides of a migration.

use rusqlite::Connection;

use super::{bolt_small, bucket_dump, distinct, joined, unpacked};

/// States of which both sides are there and small, each another one.
const PAIRS: [&str; 12] = [
    "d01-sqlite",
    "d13-sqlite",
    "s3-sqlite",
    "s3-skipped-sqlite",
    "s4b-sqlite",
    "s5-sqlite",
    "s9-sqlite",
    "s10-sqlite",
    "s12-three-sqlite",
    "s15-sqlite",
    "upgrade-sqlite",
    "upgrade-native18-sqlite",
];

/// Key-value stores of LND's in SQLite, each with another fault or none.
const STORES: [&str; 20] = [
    "s0-kv-sqlite",
    "no-invoices-bucket-sqlite",
    "s7-sqlite",
    "s8-sqlite",
    "s9-sqlite",
    "d15a-sqlite",
    "d15b-sqlite",
    "d15c-sqlite",
    "d15d-sqlite",
    "d15e1-sqlite",
    "d15e3-sqlite",
    "d15f1-sqlite",
    "d15g1-sqlite",
    "d15h-sqlite",
    "d15-all-orphan-sqlite",
    "d24-sqlite",
    "d25-sqlite",
    "d26-orphan-sqlite",
    "d27-sqlite",
    "s1-sqlite",
];

/// Files of LND's of every kind.
pub(crate) fn lnd() -> Vec<Vec<u8>> {
    let mut seeds = vec![
        unpacked("lnd/v0.21/d15a-bolt/channel.db.xz"),
        unpacked("lnd/v0.21/s6-empty-bolt/channel.db.xz"),
        unpacked("lnd/v0.21/d18-add-behind-bolt/channel.db.xz"),
        unpacked("lnd/v0.21/s7-sqlite/channel.sqlite.xz"),
        unpacked("lnd/v0.21/d15a-sqlite/channel.sqlite.xz"),
        unpacked("lnd/v0.21/only-tracker-sqlite/lnd.sqlite.xz"),
        unpacked("lnd/v0.21/s3-postgres/dump.sql.xz"),
    ];
    seeds.extend(bolt_small());
    seeds.extend(bucket_dump());
    seeds.extend(stores());
    seeds
}

/// Key-value stores that are small.
pub(crate) fn stores() -> Vec<Vec<u8>> {
    distinct(STORES.map(|name| shrunk(&format!("lnd/v0.21/{name}/channel.sqlite.xz"))))
}

/// Both sides of migrations, each followed by the length of the second; key-value stores alone; and
/// lists that lncli printed, beside a side.
pub(crate) fn pairs() -> Vec<Vec<u8>> {
    let kv = |name: &str| shrunk(&format!("lnd/v0.21/{name}/channel.sqlite.xz"));
    let sql = |name: &str| shrunk(&format!("lnd/v0.21/{name}/lnd.sqlite.xz"));
    let mut pairs: Vec<_> = PAIRS.iter().map(|name| joined(kv(name), &sql(name))).collect();
    // What a store has that was not migrated beside what another was migrated to.
    let mixed = [("d24-sqlite", "s9-sqlite"), ("d15a-sqlite", "d01-sqlite")];
    pairs.extend(mixed.map(|(old, new)| joined(kv(old), &sql(new))));
    pairs.extend(stores().into_iter().map(|store| joined(store, &[])));
    pairs.push(joined(kv("s1-sqlite"), &list("kv")));
    pairs.push(joined(list("sql"), &sql("s9-sqlite")));
    // A dump has both sides.
    pairs.push(joined(unpacked("lnd/v0.21/s3-postgres/dump.sql.xz"), &[]));
    pairs
}

/// What lncli printed of that side, the first six invoices.
fn list(side: &str) -> Vec<u8> {
    let whole = unpacked(&format!("lnd/lists/v0.21-s2-{side}.json.xz"));
    let mut list: serde_json::Value = serde_json::from_slice(&whole).expect("JSON");
    list["invoices"].as_array_mut().expect("invoices").truncate(6);
    serde_json::to_vec(&list).expect("JSON")
}

/// A database with its rows in pages of 512 bytes, without the tables of graph and payments and
/// without indexes that only make it faster.
fn shrunk(path: &str) -> Vec<u8> {
    let mut bytes = unpacked(path);
    // No log beside it.
    bytes[18..20].fill(1);
    let mut small = Connection::open_in_memory().expect("memory");
    small
        .execute_batch(
            "pragma foreign_keys = off; pragma page_size = 512; attach ':memory:' as old",
        )
        .expect("memory");
    small.deserialize_read_exact("old", bytes.as_slice(), bytes.len(), true).expect("a database");
    let tables = "select name, sql from old.sqlite_master where type = 'table'
        and name not like 'sqlite_%' and name not like 'graph_%' and name not like 'payment%'
        order by rowid";
    let mut statement = small.prepare(tables).expect("SQL");
    let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
    let rows = statement.query_map([], row).expect("tables");
    let tables: Vec<(String, String)> = rows.map(|row| row.expect("a row")).collect();
    drop(statement);
    for (name, sql) in tables {
        let copy = format!("{sql}; insert into main.\"{name}\" select * from old.\"{name}\"");
        small.execute_batch(&copy).expect("the same tables");
    }
    small.serialize("main").expect("a database").to_vec()
}
