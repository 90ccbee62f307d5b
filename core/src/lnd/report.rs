//! LND's part of the report: state, board, way forward, counts of both sides.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::migration::{
    self, Asked, Board, Evidence, KvSide, KvStore, SqlEngine, SqlSide, State, StateKind, Wal, board,
};
use crate::detect::Kind;
use crate::finding::{Code, Finding, Findings, Severity, Step, Values, serialize_by_name};
use crate::report::{Headline, Input, Report};

/// What there is to say about LND's stores.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LndReport {
    /// Where they are on the way to native SQL.
    pub state: State,
    /// What each release does with them in each configuration.
    pub board: Board,
    /// What to do, in this order.
    pub way: Vec<Step>,
    /// The key-value stores.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kv: Vec<KvCounts>,
    /// Native SQL.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sql: Vec<SqlCounts>,
}

serialize_by_name!(KvStore, SqlEngine, Wal);

impl KvStore {
    /// All of them.
    pub const ALL: &'static [KvStore] =
        &[KvStore::Bolt, KvStore::Sqlite, KvStore::Postgres, KvStore::Dump];

    /// Its stable name, as in reports.
    pub const fn name(self) -> &'static str {
        match self {
            KvStore::Bolt => "bolt",
            KvStore::Sqlite => "sqlite",
            KvStore::Postgres => "postgres",
            KvStore::Dump => "dump",
        }
    }
}

impl SqlEngine {
    /// All of them.
    pub const ALL: &'static [SqlEngine] = &[SqlEngine::Sqlite, SqlEngine::Postgres];

    /// Its stable name, as in reports.
    pub const fn name(self) -> &'static str {
        match self {
            SqlEngine::Sqlite => "sqlite",
            SqlEngine::Postgres => "postgres",
        }
    }
}

impl Wal {
    /// All of them.
    pub const ALL: &'static [Wal] = &[Wal::None, Wal::Applied, Wal::NotGiven, Wal::Missing];

    /// Its stable name, as in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Wal::None => "none",
            Wal::Applied => "applied",
            Wal::NotGiven => "not_given",
            Wal::Missing => "missing",
        }
    }
}

/// The counts of a key-value store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KvCounts {
    /// What kind.
    pub store: KvStore,
    /// Which of the inputs.
    pub input: u32,
    /// Its version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dbp: Option<u32>,
    /// Invoices.
    pub invoices: u64,
    /// Those that the migration reaches.
    pub reachable: u64,
    /// Settled ones among those.
    pub settled: u64,
    /// Canceled ones that no index leads to.
    pub canceled_orphans: u64,
    /// Payments, if they were counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payments: Option<u64>,
    /// Channels of the graph, if they were counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub graph_channels: Option<u64>,
    /// Open channels, if they were counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_channels: Option<u64>,
    /// Its write-ahead log.
    pub wal: Wal,
}

impl KvCounts {
    /// The figures that a face shows, by name, in order.
    pub fn figures(&self) -> Values {
        Values::new()
            .with_some("dbp", self.dbp)
            .with("invoices", self.invoices)
            .with("reachable", self.reachable)
            .with("settled", self.settled)
            .with_some("canceled_orphans", Some(self.canceled_orphans).filter(|count| *count > 0))
            .with_some("open_channels", self.open_channels)
            .with_some("graph_channels", self.graph_channels)
            .with_some("payments", self.payments)
    }
}

/// The counts of native SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SqlCounts {
    /// Which engine.
    pub engine: SqlEngine,
    /// Which of the inputs.
    pub input: u32,
    /// The tracker's highest version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tracker: Option<u32>,
    /// The schema's version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<u32>,
    /// Invoices.
    pub invoices: u64,
    /// Those that came by the migration.
    pub migrated: u64,
    /// Those that LND created here.
    pub created: u64,
    /// The sequence of settle indexes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settle_sequence: Option<u64>,
    /// The highest settle index.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub highest_settle_index: Option<u64>,
    /// Payments, if they were counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payments: Option<u64>,
    /// Channels of the graph, if they were counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub graph_channels: Option<u64>,
    /// Its write-ahead log.
    pub wal: Wal,
}

impl SqlCounts {
    /// The figures that a face shows, by name, in order.
    pub fn figures(&self) -> Values {
        Values::new()
            .with_some("schema", self.schema)
            .with_some("tracker", self.tracker)
            .with("invoices", self.invoices)
            .with("migrated", self.migrated)
            .with("created", self.created)
            .with_some("settle_sequence", self.settle_sequence)
            .with_some("highest_settle_index", self.highest_settle_index)
            .with_some("graph_channels", self.graph_channels)
            .with_some("payments", self.payments)
    }
}

impl From<&KvSide> for KvCounts {
    fn from(kv: &KvSide) -> KvCounts {
        KvCounts {
            store: kv.store,
            input: kv.input,
            dbp: kv.dbp,
            invoices: kv.ledger.bodies,
            reachable: kv.ledger.reachable,
            settled: kv.ledger.settled,
            canceled_orphans: kv.ledger.canceled_orphans,
            payments: kv.payments,
            graph_channels: kv.graph_channels,
            open_channels: kv.open_channels,
            wal: kv.copy.wal,
        }
    }
}

impl From<&SqlSide> for SqlCounts {
    fn from(sql: &SqlSide) -> SqlCounts {
        SqlCounts {
            engine: sql.engine,
            input: sql.input,
            tracker: sql.tracker_max(),
            schema: sql.schema.map(|schema| schema.version),
            invoices: sql.invoices,
            migrated: sql.migrated,
            created: sql.created,
            settle_sequence: sql.settle_sequence,
            highest_settle_index: sql.highest_settle_index,
            payments: sql.payments,
            graph_channels: sql.graph_channels,
            wal: sql.copy.wal,
        }
    }
}

/// The report on LND's stores: `findings` are those of the readers (files, buckets, invoices);
/// the migration's are drawn here.
pub fn assemble(
    inputs: Vec<Input>,
    evidence: &Evidence,
    asked: &Asked,
    mut findings: Findings,
) -> Report {
    migration::diagnose(evidence, asked, &mut findings);
    let state = migration::state(evidence);
    let way = migration::way(evidence, &state);
    let headline = headline(evidence, &state, &findings);
    let values = figures(evidence, &state);
    let first = inputs.first().copied().unwrap_or(Input { kind: Kind::Unknown, size: 0 });
    let mut report = Report::new(first, headline, values, findings, None);
    for step in &way {
        if !report.verdict.next.contains(step) {
            report.verdict.next.push(*step);
        }
    }
    if report.verdict.severity == Severity::Info {
        report.verdict.next.clone_from(&way);
    }
    if inputs.len() > 1 {
        report.inputs = inputs;
    }
    report.lnd = Some(LndReport {
        board: board(evidence, asked),
        way,
        kv: evidence.kv.iter().map(KvCounts::from).collect(),
        sql: evidence.sql.iter().map(SqlCounts::from).collect(),
        state,
    });
    report
}

/// The one sentence that stands first.
fn headline(evidence: &Evidence, state: &State, findings: &Findings) -> Headline {
    if !evidence.files.emptied.is_empty() {
        return Headline::LndIncomplete;
    }
    match state.kind {
        StateKind::SchemaAhead | StateKind::TrackerAhead => return Headline::LndDoNotStart,
        StateKind::DirtyBlocking | StateKind::NetworkMismatch => return Headline::LndRefuses,
        StateKind::RetiredBolt => return Headline::LndRetired,
        StateKind::HalfCopied => return Headline::LndHalfCopied,
        StateKind::TombstoneWithoutTracker => return Headline::LndCrashWindow,
        StateKind::Unread => return Headline::LndUnread,
        _ => {}
    }
    if findings.count(Code::LndSplitBrain) > 0 {
        return Headline::LndSplitBrain;
    }
    if findings.count(Code::LndMigrationSkipped) > 0 {
        return Headline::LndPassedOver;
    }
    let damage = |finding: &Finding| {
        finding.severity == Severity::Damage && !about_the_migration(finding.code)
    };
    if findings.kept().iter().any(damage) {
        return Headline::LndDamaged;
    }
    match state.kind {
        StateKind::NotMigrated => Headline::LndNotMigrated,
        StateKind::Fresh | StateKind::NativeOnly => Headline::LndNative,
        _ => Headline::LndMigrated,
    }
}

/// Whether a code of severity damage leaves the stores themselves whole: how old a copy is, what
/// a release does not know, and what LND's own migration does to every node.
fn about_the_migration(code: Code) -> bool {
    matches!(
        code,
        Code::LndDataMigrationTombstone
            | Code::LndNewerThanRelease
            | Code::LndStaleCopy
            | Code::LndWrongNetwork
            | Code::LndSettleSequence
    )
}

/// The figures for the sentence.
fn figures(evidence: &Evidence, state: &State) -> Values {
    let number = |name| state.evidence.number(name);
    let retired = evidence.bolt().and_then(|bolt| bolt.data_migration_tombstone.as_deref());
    Values::new()
        .with_some("kv_invoices", number("kv_invoices"))
        .with_some("sql_invoices", number("sql_invoices"))
        .with_some("left_behind", number("left_behind"))
        .with_some("reads", retired)
}
