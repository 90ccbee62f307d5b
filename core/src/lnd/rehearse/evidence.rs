//! What decides whether the migration runs at all, read without any invoice; and what native SQL
//! holds already.

use alloc::vec::Vec;

use sha2::{Digest as _, Sha256};

use super::course::Existing;
use crate::job::Progress;
use crate::kv::bucket::{Buckets, Entry, Room, Value};
use crate::kv::table::Tables;
use crate::lnd::compare::SqlSide;
use crate::lnd::compare::keys::Keys;
use crate::lnd::migration::{self, KvStore, Schema, SqlEngine, Track};
use crate::lnd::native::cells::{Cells, columns};
use crate::lnd::pace::Watch;
use crate::sorting::sort;
use crate::source::SourceError;
use crate::text::visible;

/// The marks and versions of the key-value store.
pub(super) fn kv(
    store: &dyn Buckets,
    keys: &Keys,
    of: KvStore,
) -> Result<migration::KvSide, SourceError> {
    let mut kv = migration::KvSide::new(of);
    kv.invoices_bucket = keys.bucket.is_some();
    if let Some(bucket) = keys.bucket {
        kv.invoice_tombstone = bytes(store.get(bucket, b"invoice-tombstone")?);
    }
    let metadata = store.find(&[b"metadata"])?;
    kv.metadata = metadata.is_some();
    if let Some((metadata, _)) = metadata {
        let version = bytes(store.get(metadata, b"dbp")?);
        kv.dbp = version.and_then(|version| version.try_into().ok()).map(u32::from_be_bytes);
    }
    let tombstone = b"data-migration-tombstone";
    if let Some((bucket, _)) = store.find(&[tombstone])? {
        let text = bytes(store.get(bucket, tombstone)?).filter(|text| !text.is_empty());
        kv.data_migration_tombstone = text.map(|text| visible(&text));
    }
    kv.ledger.bodies = keys.listed();
    kv.ledger.reachable = keys.listed();
    Ok(kv)
}

fn bytes(entry: Option<Entry>) -> Option<Vec<u8>> {
    match entry?.value {
        Value::Bytes { bytes, .. } => Some(bytes),
        Value::Bucket { .. } | Value::Unreadable => None,
    }
}

/// The marks and versions of native SQL.
pub(super) fn sql(
    store: &dyn Tables,
    engine: SqlEngine,
) -> Result<migration::SqlSide, SourceError> {
    let mut sql = migration::SqlSide::new(engine);
    sql.tables = Some(store.tables().iter().map(|table| visible(table.name.as_bytes())).collect());
    let number = |number: Option<i64>| number.and_then(|number| u32::try_from(number).ok());
    each(store, "schema_migrations", ["version", "dirty"], &mut |cells, [version, dirty]| {
        let version = number(cells.integer(version).ok().flatten());
        let dirty = cells.flag(dirty).ok().flatten();
        if let (Some(version), Some(dirty), None) = (version, dirty, sql.schema) {
            sql.schema = Some(Schema { version, dirty });
        }
    })?;
    let mut tracker = Vec::new();
    each(store, "migration_tracker", ["version"], &mut |cells, [version]| {
        let version = number(cells.integer(version).ok().flatten());
        tracker.extend(version.map(|version| Track { version, time: None }));
    })?;
    sql.tracker = tracker;
    each(store, "invoice_payment_hashes", ["id"], &mut |_, _| {
        sql.scratch_rows = sql.scratch_rows.saturating_add(1);
    })?;
    each(store, "chain_params", ["network"], &mut |cells, [network]| {
        let network = cells.text(network).ok().flatten().map(visible);
        if sql.network.is_none() {
            sql.network = network;
        }
    })?;
    Ok(sql)
}

fn each<const N: usize>(
    store: &dyn Tables,
    name: &str,
    names: [&str; N],
    take: &mut dyn FnMut(Cells<'_>, [Option<usize>; N]),
) -> Result<(), SourceError> {
    let Some(number) = store.table(name) else { return Ok(()) };
    let Some(table) = store.tables().get(number) else { return Ok(()) };
    // These tables have a row, or one for each migration.
    let page = store.rows(number, None, Room { value: 256, ..Room::default() })?;
    for row in &page.rows {
        take(Cells(row), columns(table, names));
    }
    Ok(())
}

/// What must be unique, of all invoices that native SQL has; whether nobody stopped it.
pub(super) fn existing(
    side: &SqlSide<'_>,
    existing: &mut Existing,
    watch: &mut Watch<'_>,
) -> Result<bool, SourceError> {
    let half = |hash: &[u8; 32]| hash.first_chunk::<16>().copied();
    let total = side.index.len() as u64;
    for place in 0..side.index.len() {
        let row = side.index.invoice_at(side.tables, place)?;
        existing.hashes.extend(row.hash.as_ref().and_then(half));
        existing.addresses.extend(row.invoice.payment_addr.as_ref().and_then(half));
        let request = &row.invoice.payment_request;
        if !request.is_empty() {
            let digest: [u8; 32] = Sha256::digest(request).into();
            existing.requests.extend(half(&digest));
        }
        existing.circuits.extend(row.invoice.htlcs.iter().map(|htlc| htlc.circuit));
        let sets = row.invoice.amp.iter().flatten();
        existing.sets.extend(sets.filter_map(|set| half(&set.set_id)));
        if place % 256 == 0 && !watch(Progress { done: place as u64, total }) {
            return Ok(false);
        }
    }
    sort(&mut existing.hashes);
    sort(&mut existing.addresses);
    sort(&mut existing.requests);
    sort(&mut existing.sets);
    sort(&mut existing.circuits);
    Ok(true)
}
