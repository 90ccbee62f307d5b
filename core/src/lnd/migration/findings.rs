//! What is wrong, as findings. Each is drawn from exactly the evidence that its code names; a
//! node that LND itself migrated, and that nobody touched since, draws nothing above a note.

use alloc::string::ToString;
use alloc::vec::Vec;

use super::board::Asked;
use super::evidence::{Copy, Evidence, KvSide, SqlSide, Wal};
use super::releases::{Backend, Release, schema_at};
use super::schema::Course;
use super::state::{
    Dirty, came_over, dirty, half_copied, left_behind, missing_tables, schema_ahead, tracker_ahead,
};
use crate::finding::{Code, Confidence, Finding, Findings, Place, Severity, Value, Values};

/// Draws the findings of the migration.
pub fn diagnose(evidence: &Evidence, asked: &Asked, findings: &mut Findings) {
    let backend = asked.backend.or_else(|| evidence.backend()).unwrap_or(Backend::Sqlite);
    let (kv, sql) = (evidence.kv_of(backend), evidence.sql_of(backend));
    let release = asked.release.unwrap_or(Release::newest());
    if let Some(kv) = kv {
        tombstone_without_tracker(evidence, kv, sql, findings);
        if let Some(sql) = sql.filter(|sql| sql.past_invoices()) {
            let split = split_brain(kv, sql, findings);
            passed_over(kv, sql, split, findings);
        }
        missing_dbp(kv, findings);
        newer_store(kv, release, findings);
    }
    if let Some(sql) = sql {
        disagreement(sql, findings);
        dirty_schema(sql, findings);
        newer_tracker(sql, release, findings);
    }
    wrong_network(evidence, sql, findings);
    copies(evidence, findings);
    for kv in &evidence.kv {
        stale(kv.copy, at_kv(kv, ""), false, findings);
        words_for_other_things(kv, findings);
    }
    for input in &evidence.files.emptied {
        let place = Place::default().of_input(*input);
        let values = Values::new().with("sign", "emptied");
        let finding = Finding::new(Code::LndStaleCopy, place).sure(Confidence::Likely);
        findings.push(finding.values(values));
    }
    // A tombstone without a tracker is just what a copy without its log looks like.
    let torn = findings.count(Code::LndTombstoneWithoutTracker) > 0;
    for sql in &evidence.sql {
        stale(sql.copy, at_sql(sql, ""), torn, findings);
    }
}

fn at_kv(kv: &KvSide, path: &str) -> Place {
    within(Place::default().of_input(kv.input), path)
}

fn at_sql(sql: &SqlSide, path: &str) -> Place {
    within(Place::default().of_input(sql.input), path)
}

fn within(place: Place, path: &str) -> Place {
    if path.is_empty() { place } else { place.within(path) }
}

fn mild(mut finding: Finding, severity: Severity) -> Finding {
    finding.severity = severity;
    finding
}

fn texts<'a>(texts: impl Iterator<Item = &'a str>) -> Value {
    Value::List(texts.map(|text| Value::Text(text.to_string())).collect())
}

/// D02.
fn tombstone_without_tracker(
    evidence: &Evidence,
    kv: &KvSide,
    sql: Option<&SqlSide>,
    findings: &mut Findings,
) {
    let told = sql.is_some() || evidence.files.whole && evidence.files.emptied.is_empty();
    let past = sql.is_some_and(SqlSide::past_invoices);
    if kv.invoice_tombstone.is_none() || past || !told {
        return;
    }
    let values = Values::new()
        .with("kv_invoices", kv.ledger.reachable)
        .with("sql_invoices", sql.map_or(0, |sql| sql.invoices))
        .with_some("tracker", sql.and_then(SqlSide::tracker_max));
    let place = at_kv(kv, "invoices/invoice-tombstone");
    findings.push(Finding::new(Code::LndTombstoneWithoutTracker, place).values(values));
}

/// D03, and the tombstone that is gone.
fn passed_over(kv: &KvSide, sql: &SqlSide, split: bool, findings: &mut Findings) {
    let Some(over) = came_over(kv, sql) else { return };
    let tombstone = kv.invoice_tombstone.is_some();
    let left = left_behind(kv, sql).unwrap_or(0);
    if left > 0 && split {
        // A store that went on by itself has invoices that the other lacks, of course.
    } else if left > 0 {
        let how = match (over, tombstone) {
            (true, _) => "partial",
            (false, true) => "behind_tombstone",
            (false, false) => "skipped",
        };
        let values = Values::new()
            .with("kv_invoices", kv.ledger.reachable)
            .with("sql_invoices", sql.invoices)
            .with("left_behind", left)
            .with("how", how);
        let finding = Finding::new(Code::LndMigrationSkipped, at_kv(kv, "invoices"));
        findings.push(finding.values(values));
    } else if !tombstone {
        let values = Values::new()
            .with("kv_invoices", kv.ledger.reachable)
            .with("sql_invoices", sql.invoices);
        let finding = Finding::new(Code::LndTombstoneLost, at_kv(kv, "invoices"));
        findings.push(finding.values(values));
    }
}

/// D04.
fn split_brain(kv: &KvSide, sql: &SqlSide, findings: &mut Findings) -> bool {
    let (Some(migrated_at), Some(newest)) = (sql.past_invoices_at(), kv.newest_creation) else {
        return false;
    };
    if kv.invoice_tombstone.is_some() || newest <= migrated_at || sql.created == 0 {
        return false;
    }
    let values = Values::new()
        .with("migrated_at", migrated_at)
        .with("kv_newest", newest)
        .with("created", sql.created)
        .with_some("left_behind", left_behind(kv, sql));
    let finding = Finding::new(Code::LndSplitBrain, at_kv(kv, "invoices"));
    findings.push(finding.values(values));
    true
}

/// D08.
fn disagreement(sql: &SqlSide, findings: &mut Findings) {
    let (ahead, behind) = (schema_ahead(sql), tracker_ahead(sql));
    if !ahead && !behind {
        return;
    }
    let missing: Vec<&str> = missing_tables(sql).collect();
    let mut course = Course::of(Some(sql));
    // What counts here is whether a file is met twice, whatever else comes of it.
    let _ = course.apply(Release::newest(), sql.engine, |_| Ok(()));
    let tracker = sql.tracker_max().unwrap_or(0);
    let values = Values::new()
        .with("tracker", tracker)
        .with("schema", sql.schema.map_or(0, |schema| schema.version))
        .with("expected_schema", schema_at(tracker))
        .with("missing_tables", texts(missing.into_iter()))
        .with("clashes", course.clashed);
    let finding = Finding::new(Code::LndTrackerSchemaDisagree, at_sql(sql, "migration_tracker"));
    findings.push(finding.values(values));
}

/// D09.
fn dirty_schema(sql: &SqlSide, findings: &mut Findings) {
    let (Some(dirty), Some(schema)) = (dirty(sql), sql.schema) else { return };
    let blocks = dirty == Dirty::Blocking;
    let values = Values::new()
        .with("schema", schema.version)
        .with("blocks", blocks)
        .with_some("tracker", sql.tracker_max());
    let finding = Finding::new(Code::LndDirtySchema, at_sql(sql, "schema_migrations"));
    let severity = if blocks { Severity::Damage } else { Severity::Warning };
    findings.push(mild(finding.values(values), severity));
}

/// D10: the first two of directory, `chain_params` and payment requests that contradict each
/// other.
fn wrong_network(evidence: &Evidence, sql: Option<&SqlSide>, findings: &mut Findings) {
    use super::network::Network;
    let directory = evidence.files.network;
    let stored = sql.and_then(|sql| sql.network.as_deref());
    let seen = evidence.network_seen().map(|(network, _)| network);
    // Payment requests cannot tell the test networks apart.
    let fits = |seen: Network, name: &str| {
        Network::named(name).is_some_and(|network| network.same_prefix(seen))
    };
    let found = match (directory, stored, seen) {
        (Some(directory), Some(stored), _) if stored != directory.name() => {
            Some(("directory", directory.name(), "chain_params", stored))
        }
        (Some(directory), _, Some(seen)) if !seen.same_prefix(directory) => {
            Some(("directory", directory.name(), "payment_requests", seen.name()))
        }
        (_, Some(stored), Some(seen)) if !fits(seen, stored) => {
            Some(("chain_params", stored, "payment_requests", seen.name()))
        }
        _ => None,
    };
    if let Some((says, network, other_says, other_network)) = found {
        let values = Values::new()
            .with("named_by", says)
            .with("network", network)
            .with("other_named_by", other_says)
            .with("other_network", other_network);
        let place = sql.map_or_else(Place::default, |sql| at_sql(sql, "chain_params"));
        findings.push(Finding::new(Code::LndWrongNetwork, place).values(values));
    }
}

/// D11, D12, D25: bbolt files, and what was made of them.
fn copies(evidence: &Evidence, findings: &mut Findings) {
    let copy = [Backend::Sqlite, Backend::Postgres].into_iter();
    let copy = copy.filter_map(|backend| evidence.kv_of(backend)).find(|kv| {
        use super::evidence::KvStore;
        matches!(kv.store, KvStore::Sqlite | KvStore::Postgres)
    });
    if let (Some(confidence), Some(copy)) = (half_copied(evidence), copy) {
        let bolt = evidence.bolt().map(|bolt| bolt.ledger.reachable);
        let values = Values::new()
            .with("kv_invoices", copy.ledger.reachable)
            .with_some("bolt_invoices", bolt);
        let finding = Finding::new(Code::LndHalfCopied, at_kv(copy, "")).sure(confidence);
        findings.push(finding.values(values));
    }
    for kv in &evidence.kv {
        let Some(reads) = kv.data_migration_tombstone.as_deref() else { continue };
        let other = copy.filter(|copy| copy.store != kv.store);
        let marked = other.is_some_and(|copy| copy.already_migrated.is_some());
        let values = Values::new().with("reads", reads).with("destination", other.is_some());
        let place = at_kv(kv, "data-migration-tombstone");
        let finding = Finding::new(Code::LndDataMigrationTombstone, place).values(values);
        // With its copy beside it, it is where it should be.
        findings.push(if marked { mild(finding, Severity::Info) } else { finding });
        if let Some(copy) = other.filter(|_| !marked) {
            findings.push(Finding::new(Code::LndCopyUnmarked, at_kv(copy, "")));
        }
    }
    let live = evidence.bolt().filter(|bolt| bolt.data_migration_tombstone.is_none());
    if let (Some(bolt), Some(copy)) = (live, copy.filter(|_| half_copied(evidence).is_none())) {
        let newer = match (bolt.newest_channel_block, copy.newest_channel_block) {
            (Some(bolt), Some(copy)) if bolt > copy => "bolt",
            (Some(bolt), Some(copy)) if bolt < copy => "sql",
            (Some(_), Some(_)) => "same",
            _ => "unknown",
        };
        let values = Values::new().with("newer_channels", newer);
        findings.push(Finding::new(Code::LndBoltBesideSql, at_kv(bolt, "")).values(values));
    }
}

/// D20.
fn stale(copy: Copy, place: Place, contradicted: bool, findings: &mut Findings) {
    let (sign, severity, confidence) = match copy {
        Copy { rolled_back: true, .. } => ("rolled_back", Severity::Damage, Confidence::Certain),
        Copy { short: true, .. } => ("short", Severity::Damage, Confidence::Certain),
        Copy { wal: Wal::Missing, .. } => ("wal_missing", Severity::Damage, Confidence::Likely),
        Copy { wal: Wal::NotGiven, .. } if contradicted => {
            ("wal_not_given", Severity::Damage, Confidence::Possible)
        }
        Copy { wal: Wal::NotGiven, .. } => ("wal_not_given", Severity::Info, Confidence::Possible),
        Copy { wal: Wal::None | Wal::Applied, .. } => return,
    };
    let values = Values::new().with("sign", sign);
    let finding = Finding::new(Code::LndStaleCopy, place).sure(confidence).values(values);
    findings.push(mild(finding, severity));
}

/// D22, of the key-value store.
fn newer_store(kv: &KvSide, release: &Release, findings: &mut Findings) {
    let optional = kv.optional.iter().copied().max();
    let last = u64::from(release.optional).saturating_sub(1);
    let newer = [
        ("dbp", kv.dbp.map(u64::from), u64::from(release.dbp), "metadata/dbp"),
        ("optional", optional, last, "metadata/ovk"),
    ];
    for (which, found, known, path) in newer {
        if let Some(found) = found.filter(|found| *found > known) {
            newer_than(which, found, known, release, at_kv(kv, path), findings);
        }
    }
}

/// D22, of native SQL. v0.18 has no tracker; what stops it is the schema.
fn newer_tracker(sql: &SqlSide, release: &Release, findings: &mut Findings) {
    let tracker = sql.tracker_max().map(u64::from);
    let schema = sql.schema.map(|schema| u64::from(schema.version));
    let (which, found, known, path) = match release.tracker {
        Some(known) => ("tracker", tracker, u64::from(known), "migration_tracker"),
        None => ("schema", schema, u64::from(release.schema), "schema_migrations"),
    };
    if let Some(found) = found.filter(|found| *found > known) {
        newer_than(which, found, known, release, at_sql(sql, path), findings);
    }
}

fn newer_than(
    which: &'static str,
    found: u64,
    known: u64,
    release: &Release,
    place: Place,
    findings: &mut Findings,
) {
    let values = Values::new()
        .with("which", which)
        .with("found", found)
        .with("known", known)
        .with("release", release.last);
    findings.push(Finding::new(Code::LndNewerThanRelease, place).values(values));
}

/// D24.
fn missing_dbp(kv: &KvSide, findings: &mut Findings) {
    if kv.metadata && kv.dbp.is_none() && kv.data_migration_tombstone.is_none() {
        findings.push(Finding::new(Code::LndMissingDbp, at_kv(kv, "metadata")));
    }
}

/// Marks that are no marks of LND's, and the third thing that is called a tombstone.
fn words_for_other_things(kv: &KvSide, findings: &mut Findings) {
    for marker in &kv.foreign_markers {
        let values = Values::new().with("marker", marker.as_str());
        findings.push(Finding::new(Code::LndForeignMarker, at_kv(kv, "")).values(values));
    }
    if let Some(count) = kv.closed_channel_tombstones.filter(|count| *count > 0) {
        let place = at_kv(kv, "outpoint-bucket");
        let values = Values::new().with("count", count);
        findings.push(Finding::new(Code::LndClosedChannelTombstones, place).values(values));
    }
}
