//! What is found of a node, made by hand, and a decision in one line.

use fulgurite_core::lnd::migration::KvStore::Sqlite;
use fulgurite_core::lnd::migration::{
    Census, Decision, Evidence, Hashes, KvSide, KvStore, Loss, Mark, Network, Outcome, Release,
    Schema, SqlEngine, SqlSide, Track, releases,
};
use fulgurite_core::words::{Language, migration as words};

pub(super) const SEPTEMBER: u64 = 1_756_700_000;

pub(crate) fn hashes(numbers: std::ops::Range<u8>) -> Hashes {
    Hashes::new(numbers.map(|number| [number; 32]).collect())
}

/// A key-value store with invoices of these numbers, the even ones settled.
pub(crate) fn kv(store: KvStore, invoices: std::ops::Range<u8>) -> KvSide {
    let mut kv = KvSide::new(store);
    let settled: Vec<[u8; 32]> =
        invoices.clone().filter(|number| number % 2 == 0).map(|number| [number; 32]).collect();
    kv.ledger.bodies = invoices.len() as u64;
    kv.ledger.reachable = invoices.len() as u64;
    kv.ledger.settled = settled.len() as u64;
    kv.hashes = Some(hashes(invoices));
    kv.settled_hashes = Some(Hashes::new(settled));
    kv.newest_creation = Some(SEPTEMBER - 1_000);
    kv.networks = Census { regtest: kv.ledger.reachable, ..Census::default() };
    kv.graph_channels = Some(2);
    kv.payments = Some(3);
    kv.dbp = Some(33);
    kv
}

pub(crate) fn tombstoned(mut kv: KvSide) -> KvSide {
    kv.invoice_tombstone = Some(b"1".to_vec());
    kv
}

pub(crate) fn dbp(mut kv: KvSide, dbp: u32) -> KvSide {
    kv.dbp = Some(dbp);
    kv
}

/// Native SQL as LND leaves it at this tracker version, `migrated` invoices brought over.
pub(crate) fn sql(engine: SqlEngine, tracker: u32, migrated: std::ops::Range<u8>) -> SqlSide {
    let mut sql = SqlSide::new(engine);
    let schema = releases::schema_at(tracker);
    let files = releases::SCHEMA.iter().filter(|file| file.version <= schema);
    let tables = files.flat_map(|file| file.makes.iter().map(ToString::to_string));
    sql.tables = Some(tables.chain(["schema_migrations".to_string()]).collect());
    sql.tracker = (1..=tracker)
        .map(|version| Track { version, time: Some(SEPTEMBER + u64::from(version)) })
        .collect();
    sql.schema = (schema > 0).then_some(Schema { version: schema, dirty: false });
    sql.settle_sequence = Some(0);
    sql.invoices = migrated.len() as u64;
    sql.migrated = migrated.len() as u64;
    sql.networks = Census { regtest: sql.invoices, ..Census::default() };
    sql.hashes = Some(hashes(migrated));
    sql.network = (tracker >= 18).then(|| "regtest".to_string());
    sql.graph_channels = (tracker >= 10).then_some(2);
    sql.payments = (tracker >= 14).then_some(3);
    sql
}

pub(crate) fn both(kv: KvSide, sql: SqlSide) -> Evidence {
    let mut evidence = Evidence { kv: vec![kv], sql: vec![sql], ..Evidence::default() };
    evidence.files.network = Some(Network::Regtest);
    evidence
}

pub(crate) fn only(kv: KvSide) -> Evidence {
    let mut evidence = Evidence { kv: vec![kv], ..Evidence::default() };
    evidence.files.whole = true;
    evidence.files.network = Some(Network::Regtest);
    evidence
}

/// S2 as each line leaves it.
pub(crate) fn healthy(line: &str) -> Evidence {
    let (tracker, version) = match line {
        "v0.19" => (7, 33),
        "v0.20" => (10, 33),
        _ => (18, 35),
    };
    both(dbp(tombstoned(kv(Sqlite, 1..6)), version), sql(SqlEngine::Sqlite, tracker, 1..6))
}

pub(crate) fn row(name: &str) -> &'static Release {
    Release::named(name).unwrap_or_else(|| panic!("{name}"))
}

/// A decision in one line: outcome, then losses, marks and cautions.
pub(crate) fn shown(decision: &Decision) -> String {
    let mut out = match &decision.outcome {
        Outcome::Proceeds { on, ignored } => {
            let ignored: Vec<_> =
                ignored.iter().map(|part| words::part(part, Language::English)).collect();
            let ignored = if ignored.is_empty() {
                String::new()
            } else {
                format!(" ignoring {}", ignored.join(", "))
            };
            format!("runs on {}{ignored}", on.name())
        }
        Outcome::Migrates { parts } => {
            let parts: Vec<_> =
                parts.iter().map(|part| words::part(part, Language::English)).collect();
            format!("migrates {}", parts.join(", "))
        }
        Outcome::Refuses { at, error, exact, .. } => {
            format!("refuses at {}{}: {error}", at.name(), if *exact { "" } else { " like" })
        }
        Outcome::Breaks { table, .. } => format!("breaks at {table}"),
        Outcome::Unknown { unread } => format!("unknown without {}", unread.name()),
    };
    for loss in &decision.loses {
        let loss = match loss {
            Loss::PassedOver { part } => {
                format!("passes over {}", words::part(part, Language::English))
            }
            Loss::Unseen { part } => format!("hides {}", words::part(part, Language::English)),
        };
        out = format!("{out} | {loss}");
    }
    for mark in &decision.marks {
        let mark = match mark {
            Mark::InvoiceTombstone => "T".to_string(),
            Mark::Tracker { version } => format!("tracker={version}"),
            Mark::Dbp { version } => format!("dbp={version}"),
            Mark::Network { network } => format!("network={}", network.as_deref().unwrap_or("?")),
        };
        out = format!("{out} +{mark}");
    }
    for caution in &decision.warnings {
        out = format!("{out} !{}", caution.name());
    }
    out
}
