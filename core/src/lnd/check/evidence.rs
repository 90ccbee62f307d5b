//! What the readers found, as the evidence that the migration is judged by.

use alloc::vec::Vec;

use super::read::{KvRead, Side, SqlRead};
use crate::lnd::gotime::Time;
use crate::lnd::invoice::ContractState;
use crate::lnd::invoices::{self, Dbp};
use crate::lnd::migration::{Census, Hashes, KvSide, Ledger, Schema, SqlSide, Track};
use crate::sorting::sort;

/// The key-value side of an input.
pub(in crate::lnd) fn kv((input, side): &(u32, Side)) -> Option<KvSide> {
    let Side::Kv(KvRead { store, read, copy }) = side else { return None };
    let (facts, index) = (&read.facts, &read.index);
    let mut kv = KvSide::new(*store);
    kv.input = *input;
    kv.invoices_bucket = facts.invoices_bucket;
    kv.invoice_tombstone = facts.invoice_tombstone.as_ref().map(|(value, _)| value.clone());
    kv.metadata = facts.dbp != Dbp::NoMetadata;
    kv.dbp = match facts.dbp {
        Dbp::Version(version) => Some(version),
        Dbp::NoMetadata | Dbp::Missing | Dbp::Malformed(_) => None,
    };
    kv.optional = facts.optional_migrations.clone().unwrap_or_default();
    kv.data_migration_tombstone = facts.data_tombstone.text().map(Into::into);
    kv.already_migrated = facts.already_migrated.text().map(Into::into);
    let foreign = facts.buckets.iter().map(|bucket| &bucket.name);
    kv.foreign_markers = foreign.filter(|name| is_foreign(name)).cloned().collect();
    kv.newest_creation = facts.newest.and_then(seconds);
    kv.networks = census(&facts.census);
    kv.open_channels = facts.open_channels;
    kv.graph_channels = facts.graph_channels;
    kv.payments = facts.payments;
    kv.copy = *copy;
    kv.copy.unreadable |= index.unreadable.iter().any(|count| *count > 0);

    let mut listed: Vec<u32> = index.adds.iter().map(|row| row.key).collect();
    sort(&mut listed);
    listed.dedup();
    let by_key = index.hashes_by_key();
    let has_hash = |key: u32| by_key.binary_search_by_key(&key, |(known, _)| *known).is_ok();
    let reached = |key: u32| listed.binary_search(&key).is_ok();
    let (mut hashes, mut settled_hashes) = (Vec::new(), Vec::new());
    for (key, hash) in &by_key {
        if let Some(body) = index.body(*key).filter(|_| reached(*key)) {
            hashes.push(*hash);
            if body.state == ContractState::Settled {
                settled_hashes.push(*hash);
            }
        }
    }
    let mut ledger = Ledger { bodies: index.bodies.len() as u64, ..Ledger::default() };
    for body in &index.bodies {
        let reachable = reached(body.key);
        ledger.reachable += u64::from(reachable);
        ledger.settled += u64::from(reachable && body.state == ContractState::Settled);
        let orphan = !reachable && !has_hash(body.key) && body.state == ContractState::Canceled;
        ledger.canceled_orphans += u64::from(orphan);
    }
    kv.ledger = ledger;
    kv.hashes = Some(Hashes::new(hashes));
    kv.settled_hashes = Some(Hashes::new(settled_hashes));
    Some(kv)
}

/// The SQL side of an input.
pub(in crate::lnd) fn sql((input, side): &(u32, Side)) -> Option<SqlSide> {
    let Side::Sql(SqlRead { engine, read, copy }) = side else { return None };
    let (facts, index) = (&read.facts, &read.index);
    let mut sql = SqlSide::new(*engine);
    sql.input = *input;
    sql.tables = Some(facts.tables.iter().map(|table| table.name.clone()).collect());
    let number = |version: i64| u32::try_from(version).ok();
    sql.schema = facts.schema.as_ref().and_then(|rows| {
        let (version, dirty) = rows.first()?;
        Some(Schema { version: number(*version)?, dirty: *dirty })
    });
    let tracker = facts.tracker.iter().flatten();
    let track = tracker.filter_map(|row| {
        Some(Track { version: number(row.version)?, time: row.time.and_then(seconds) })
    });
    sql.tracker = track.collect();
    sql.settle_sequence = facts.settle_sequence().and_then(|value| u64::try_from(value).ok());
    let settles = index.invoices.iter().filter_map(|row| row.settle_index);
    let settles = settles.chain(index.subs.iter().filter_map(|row| row.settle_index));
    sql.highest_settle_index = settles.max().and_then(|index| u64::try_from(index).ok());
    sql.network = facts.networks.as_ref().and_then(|networks| networks.first().cloned());
    sql.scratch_rows = facts.scratch.unwrap_or(0);
    sql.invoices = facts.ledger.invoices;
    sql.migrated = facts.ledger.migrated;
    sql.created = facts.ledger.native;
    sql.newest_creation = facts.newest.and_then(seconds);
    let hashes = index.invoices.iter().filter_map(|row| row.hash);
    sql.hashes = Some(Hashes::new(hashes.collect()));
    sql.networks = census(&facts.census);
    let rows = |name: &str| {
        let table = facts.tables.iter().find(|table| table.name == name);
        table.and_then(|table| table.rows)
    };
    sql.payments = rows("payments");
    sql.graph_channels = rows("graph_channels");
    sql.copy = *copy;
    Some(sql)
}

/// Names that look like a marker of the migration and are none of LND's.
fn is_foreign(name: &str) -> bool {
    ["migration_complete", "migration-complete"].contains(&name)
}

fn seconds(time: Time) -> Option<u64> {
    u64::try_from(time.unix()).ok()
}

fn census(seen: &invoices::Census) -> Census {
    let count = |network| seen.count(network);
    Census {
        mainnet: count(invoices::Network::Mainnet),
        testnet: count(invoices::Network::Testnet),
        signet: count(invoices::Network::Signet),
        simnet: count(invoices::Network::Simnet),
        regtest: count(invoices::Network::Regtest),
    }
}
