//! Which of the states S0 to S16 it is. The numbers are those of the table of states that the
//! project works by; several can hold at once, so there is one that matters first, and remarks.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::decision::names;
use super::evidence::{Evidence, KvSide, KvStore, Schema, SqlSide};
use super::releases::{Backend, RELEASES, Release, SCHEMA, schema_at};
use crate::finding::{Confidence, Values};

names! {
    /// A state of the migration.
    StateKind {
        /// One side was not given, and what the other says is not enough.
        Unread = "unread",
        /// S0: no invoice on either side, and nothing migrated.
        Fresh = "fresh",
        /// S1: invoices in the key-value store, nothing migrated.
        NotMigrated = "not_migrated",
        /// S2: invoice tombstone and tracker both say that the invoices were migrated.
        Migrated = "migrated",
        /// S3: the invoice tombstone stands, the tracker does not say that the migration ended.
        TombstoneWithoutTracker = "tombstone_without_tracker",
        /// S4a: the migration was passed over; the key-value store is still open.
        Skipped = "skipped",
        /// S4b: the migration was passed over behind an invoice tombstone: the invoices are in a
        /// store that LND refuses, and nowhere else.
        SkippedBehindTombstone = "skipped_behind_tombstone",
        /// S4c: migrated, but the invoice tombstone is not there (any more).
        TombstoneLost = "tombstone_lost",
        /// S5: native SQL in use, and the key-value store has no invoice.
        NativeOnly = "native_only",
        /// S6: a bbolt file that lndinit retired.
        RetiredBolt = "retired_bolt",
        /// S7: lndinit's copy to another backend never finished.
        HalfCopied = "half_copied",
        /// S8: the bbolt file is retired, but the copy lacks the mark of a finished one.
        CopyUnmarked = "copy_unmarked",
        /// S9: the schema is marked as half done, and LND does not look.
        DirtyIgnored = "dirty_ignored",
        /// S10: the schema is marked as half done, and LND stops at it.
        DirtyBlocking = "dirty_blocking",
        /// S11: the tracker says more than the schema holds.
        TrackerAhead = "tracker_ahead",
        /// S12: the schema holds more than the tracker says: LND would migrate what is migrated.
        SchemaAhead = "schema_ahead",
        /// S13: the database was used with another network.
        NetworkMismatch = "network_mismatch",
        /// S14: no network is recorded; the next start records the one it is configured for.
        NetworkUnset = "network_unset",
        /// S15: rows in a scratch table that LND always leaves empty.
        ScratchRows = "scratch_rows",
        /// S16: canceled invoices that no index leads to.
        CanceledOrphans = "canceled_orphans",
    }
}

impl StateKind {
    /// Its number in the table of states.
    pub const fn number(self) -> Option<&'static str> {
        Some(match self {
            StateKind::Unread => return None,
            StateKind::Fresh => "S0",
            StateKind::NotMigrated => "S1",
            StateKind::Migrated => "S2",
            StateKind::TombstoneWithoutTracker => "S3",
            StateKind::Skipped => "S4a",
            StateKind::SkippedBehindTombstone => "S4b",
            StateKind::TombstoneLost => "S4c",
            StateKind::NativeOnly => "S5",
            StateKind::RetiredBolt => "S6",
            StateKind::HalfCopied => "S7",
            StateKind::CopyUnmarked => "S8",
            StateKind::DirtyIgnored => "S9",
            StateKind::DirtyBlocking => "S10",
            StateKind::TrackerAhead => "S11",
            StateKind::SchemaAhead => "S12",
            StateKind::NetworkMismatch => "S13",
            StateKind::NetworkUnset => "S14",
            StateKind::ScratchRows => "S15",
            StateKind::CanceledOrphans => "S16",
        })
    }
}

/// Where these stores are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// What matters first.
    pub kind: StateKind,
    /// What holds besides, the gravest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<StateKind>,
    /// How sure.
    pub confidence: Confidence,
    /// What it follows from.
    pub evidence: Values,
}

impl State {
    /// Whether that holds, first or besides.
    pub fn is(&self, kind: StateKind) -> bool {
        self.kind == kind || self.remarks.contains(&kind)
    }
}

/// Where these stores are.
pub fn state(evidence: &Evidence) -> State {
    let backend = evidence.backend().unwrap_or(Backend::Sqlite);
    let (kv, sql) = (evidence.kv_of(backend), evidence.sql_of(backend));
    let (core, confidence) = invoices(evidence, kv, sql);
    let mut kinds = Vec::new();
    if let Some(sql) = sql {
        native(evidence, sql, &mut kinds);
    }
    let only_bolt = kv.is_some_and(|kv| kv.store == KvStore::Bolt);
    let retired = evidence.bolt().is_some_and(|bolt| bolt.data_migration_tombstone.is_some());
    if retired && only_bolt {
        kinds.push(StateKind::RetiredBolt);
    }
    let copied = half_copied(evidence);
    if copied.is_some() {
        kinds.push(StateKind::HalfCopied);
    }
    kinds.push(core);
    if retired && !only_bolt {
        let marked = kv.is_some_and(|kv| kv.already_migrated.is_some());
        kinds.push(if marked { StateKind::RetiredBolt } else { StateKind::CopyUnmarked });
    }
    if let Some(sql) = sql {
        beside(sql, &mut kinds);
    }
    if kv.is_some_and(|kv| kv.ledger.canceled_orphans > 0) {
        kinds.push(StateKind::CanceledOrphans);
    }
    let kind = kinds.first().copied().unwrap_or(core);
    let confidence = match kind {
        StateKind::HalfCopied => copied.unwrap_or(confidence),
        _ if kind == core => confidence,
        _ => Confidence::Certain,
    };
    let remarks = kinds.into_iter().skip(1).collect();
    State { kind, remarks, confidence, evidence: facts(evidence, kv, sql) }
}

/// Where the invoices are: S0 to S5.
fn invoices(
    evidence: &Evidence,
    kv: Option<&KvSide>,
    sql: Option<&SqlSide>,
) -> (StateKind, Confidence) {
    if !evidence.files.emptied.is_empty() {
        return (StateKind::Unread, Confidence::Certain);
    }
    let whole = evidence.files.whole;
    let sure = |both: bool| if both || whole { Confidence::Certain } else { Confidence::Likely };
    let past = sql.is_some_and(SqlSide::past_invoices);
    let in_sql = sql.map_or(0, |sql| sql.invoices);
    let Some(kv) = kv else {
        return match () {
            () if past && in_sql > 0 => (StateKind::Migrated, Confidence::Possible),
            () if past || in_sql > 0 => (StateKind::NativeOnly, sure(false)),
            () if whole => (StateKind::Fresh, Confidence::Certain),
            () => (StateKind::Unread, Confidence::Certain),
        };
    };
    let tombstone = kv.invoice_tombstone.is_some();
    let reachable = kv.ledger.reachable;
    // There is no native SQL beside bbolt.
    let certain = sure(sql.is_some() || kv.store == KvStore::Bolt);
    match (tombstone, past) {
        (true, true) => match sql.map(|sql| came_over(kv, sql)) {
            Some(Some(false)) => (StateKind::SkippedBehindTombstone, certain),
            _ => (StateKind::Migrated, certain),
        },
        (true, false) if sql.is_none() && !whole => (StateKind::Unread, Confidence::Certain),
        (true, false) => (StateKind::TombstoneWithoutTracker, certain),
        (false, true) if reachable == 0 => (StateKind::NativeOnly, certain),
        (false, true) => match sql.map(|sql| came_over(kv, sql)) {
            Some(Some(true)) => (StateKind::TombstoneLost, certain),
            _ => (StateKind::Skipped, certain),
        },
        (false, false) if reachable > 0 => (StateKind::NotMigrated, certain),
        (false, false) if in_sql > 0 => (StateKind::NativeOnly, certain),
        (false, false) => (StateKind::Fresh, certain),
    }
}

/// Whether any of the key-value store's invoices came over into native SQL; nothing where it has
/// none, or where that cannot be told.
pub(super) fn came_over(kv: &KvSide, sql: &SqlSide) -> Option<bool> {
    if kv.ledger.reachable == 0 {
        return None;
    }
    match (&kv.hashes, &sql.hashes) {
        (Some(kv), Some(sql)) if !kv.is_empty() => Some(kv.shared_with(sql) > 0),
        _ if sql.migrated > 0 => Some(true),
        _ => Some(false),
    }
}

/// How many of the key-value store's invoices native SQL lacks although no release would have
/// deleted them there; nothing where that cannot be told.
pub(super) fn left_behind(kv: &KvSide, sql: &SqlSide) -> Option<u64> {
    match came_over(kv, sql) {
        None => Some(0),
        Some(false) => Some(kv.ledger.reachable),
        // LND may have deleted canceled invoices since, never settled ones.
        Some(true) => {
            let settled = kv.settled_hashes.as_ref().zip(sql.hashes.as_ref());
            settled.map(|(settled, sql)| settled.missing_from(sql))
        }
    }
}

/// Whether a copy from bbolt to another backend never finished, and how sure that is.
pub(super) fn half_copied(evidence: &Evidence) -> Option<Confidence> {
    let is_copy = |kv: &&KvSide| matches!(kv.store, KvStore::Sqlite | KvStore::Postgres);
    let copy = evidence.kv.iter().find(is_copy)?;
    let retired = evidence.bolt().is_some_and(|bolt| bolt.data_migration_tombstone.is_some());
    if copy.already_migrated.is_some() || retired {
        return None;
    }
    if evidence.files.copy_unfinished {
        return Some(Confidence::Certain);
    }
    let bolt = evidence.bolt()?;
    // LND writes `metadata` before anything else; a copy has it late.
    if bolt.metadata && !copy.metadata {
        return Some(Confidence::Likely);
    }
    let (from, to) = (bolt.hashes.as_ref()?, copy.hashes.as_ref()?);
    (from.shared_with(to) > 0).then_some(Confidence::Likely)
}

/// What is wrong with native SQL itself, the gravest first.
fn native(evidence: &Evidence, sql: &SqlSide, kinds: &mut Vec<StateKind>) {
    if schema_ahead(sql) {
        kinds.push(StateKind::SchemaAhead);
    }
    if tracker_ahead(sql) {
        kinds.push(StateKind::TrackerAhead);
    }
    if dirty(sql) == Some(Dirty::Blocking) {
        kinds.push(StateKind::DirtyBlocking);
    }
    let stored = sql.network.as_deref();
    let configured = evidence.files.network.map(super::network::Network::name);
    if stored.is_some() && configured.is_some() && stored != configured {
        kinds.push(StateKind::NetworkMismatch);
    }
}

fn beside(sql: &SqlSide, kinds: &mut Vec<StateKind>) {
    if dirty(sql) == Some(Dirty::Ignored) {
        kinds.push(StateKind::DirtyIgnored);
    }
    let last = Release::newest().tracker;
    if sql.tracker_max() >= last && sql.network.is_none() && !sql.lacks("chain_params") {
        kinds.push(StateKind::NetworkUnset);
    }
    if sql.scratch_rows > 0 {
        kinds.push(StateKind::ScratchRows);
    }
}

/// Whether the schema holds more than the tracker says. One step is a legal moment: the schema is
/// committed before the tracker's row.
pub(super) fn schema_ahead(sql: &SqlSide) -> bool {
    let Some(Schema { version, dirty: false }) = sql.schema else { return false };
    if version > Release::newest().schema {
        return false;
    }
    match sql.tracker_max() {
        Some(tracker) => version > schema_at(tracker.saturating_add(1)),
        // LND then takes the schema's number for the tracker's: harmless up to 6.
        None => version > schema_at(6),
    }
}

/// Whether the tracker says more than the schema holds, by number or by tables.
pub(super) fn tracker_ahead(sql: &SqlSide) -> bool {
    let Some(tracker) = sql.tracker_max() else { return false };
    let expected = schema_at(tracker);
    let standing = sql.schema.map_or(0, |schema| schema.version);
    standing < expected || missing_tables(sql).next().is_some()
}

/// The tables that the tracker promises and that are not there.
pub(super) fn missing_tables(sql: &SqlSide) -> impl Iterator<Item = &'static str> + '_ {
    let expected = sql.tracker_max().map_or(0, schema_at);
    let files = SCHEMA.iter().filter(move |file| file.version <= expected);
    files.flat_map(|file| file.makes.iter().copied()).filter(|table| sql.lacks(table))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dirty {
    /// Nobody looks, as long as no newer release is started; or LND puts it right by itself.
    Ignored,
    /// LND stops at it.
    Blocking,
}

/// What a half-done schema means. LND looks only when migrations are pending.
pub(super) fn dirty(sql: &SqlSide) -> Option<Dirty> {
    let schema = sql.schema.filter(|schema| schema.dirty)?;
    let tracker = sql.tracker_max();
    let complete = RELEASES.iter().any(|row| row.tracker.is_some() && row.tracker == tracker);
    let newer = tracker > Release::newest().tracker;
    let heals = tracker == Some(2) && schema.version == 3;
    Some(if complete || newer || heals { Dirty::Ignored } else { Dirty::Blocking })
}

/// What the state follows from, for a reader.
fn facts(evidence: &Evidence, kv: Option<&KvSide>, sql: Option<&SqlSide>) -> Values {
    let mut values = Values::new();
    if let Some(kv) = kv {
        values = values
            .with("invoice_tombstone", kv.invoice_tombstone.is_some())
            .with("kv_invoices", kv.ledger.reachable)
            .with_some("dbp", kv.dbp)
            .with_some("already_migrated", kv.already_migrated.as_deref())
            .with_some("closed_channel_tombstones", kv.closed_channel_tombstones);
    }
    let retired = evidence.bolt().and_then(|bolt| bolt.data_migration_tombstone.as_deref());
    values = values.with_some("data_migration_tombstone", retired);
    if let Some(sql) = sql {
        values = values
            .with("sql_invoices", sql.invoices)
            .with("migrated", sql.migrated)
            .with("created", sql.created)
            .with_some("tracker", sql.tracker_max())
            .with_some("migrated_at", sql.past_invoices_at())
            .with_some("schema", sql.schema.map(|schema| schema.version))
            .with_some("dirty", sql.schema.filter(|schema| schema.dirty).map(|_| true))
            .with_some("settle_sequence", sql.settle_sequence)
            .with_some("highest_settle_index", sql.highest_settle_index)
            .with_some("network", sql.network.as_deref());
    }
    if let (Some(kv), Some(sql)) = (kv, sql) {
        values = values.with_some("left_behind", left_behind(kv, sql));
    }
    let seen = evidence.network_seen().map(|(network, _)| network.name());
    values.with_some("seen_network", seen)
}
