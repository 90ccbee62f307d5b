//! A start of LND, stage by stage, in the order of `BuildDatabase` (`config_builder.go`): the
//! configuration, opening, the channel database, then native SQL or the invoice tombstone.

mod native;

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::decision::{Caution, Decision, Loss, Mark, Outcome, Part, Stage, Store, What};
use super::evidence::{Evidence, KvSide, KvStore, SqlEngine, SqlSide, Wal};
use super::releases::{Backend, Custom, GRAPH, MissingDbp, Native, PAYMENTS, Release};
use super::schema::Course;
use super::state::half_copied;
use super::texts;
use crate::finding::Confidence;

/// What this release does with these stores in this configuration: `db.backend`,
/// `db.use-native-sql`, `db.skip-native-sql-migration`.
pub fn decide(
    evidence: &Evidence,
    release: &Release,
    backend: Backend,
    native: bool,
    skip: bool,
) -> Decision {
    let engine = match backend {
        Backend::Postgres => SqlEngine::Postgres,
        Backend::Bolt | Backend::Sqlite | Backend::Etcd => SqlEngine::Sqlite,
    };
    let mut start = Start {
        evidence,
        release,
        backend,
        native,
        skip,
        engine,
        kv: evidence.kv_of(backend),
        sql: evidence.sql_of(backend),
        loses: Vec::new(),
        marks: Vec::new(),
        warnings: Vec::new(),
        confidence: Confidence::Certain,
    };
    let (Ok(outcome) | Err(outcome)) = start.run();
    let stops = matches!(outcome, Outcome::Refuses { .. } | Outcome::Unknown { .. });
    if !stops {
        start.beside();
    }
    let Start { loses, marks, warnings, confidence, .. } = start;
    Decision { outcome, loses, marks, warnings, confidence }
}

struct Start<'a> {
    evidence: &'a Evidence,
    release: &'a Release,
    backend: Backend,
    native: bool,
    skip: bool,
    engine: SqlEngine,
    kv: Option<&'a KvSide>,
    sql: Option<&'a SqlSide>,
    loses: Vec<Loss>,
    marks: Vec<Mark>,
    warnings: Vec<Caution>,
    confidence: Confidence,
}

fn refuse(at: Stage, error: String) -> Outcome {
    Outcome::Refuses { at, error, exact: true, log: None }
}

impl Start<'_> {
    fn run(&mut self) -> Result<Outcome, Outcome> {
        self.config()?;
        self.open()?;
        self.channel_db()?;
        match (self.native, self.release.native) {
            (false, _) => self.key_value(),
            (true, Native::WhileEmpty) => self.native_while_empty(),
            (true, Native::Migrates) => self.native_sql(),
        }
    }

    fn config(&self) -> Result<(), Outcome> {
        if self.skip && !self.release.skip {
            let error = texts::UNKNOWN_FLAG.of(&["db.skip-native-sql-migration"]);
            return Err(refuse(Stage::Config, error));
        }
        match self.backend {
            Backend::Bolt if self.native => {
                Err(refuse(Stage::Config, texts::NATIVE_ON_BOLT.of(&[])))
            }
            Backend::Etcd if self.native => {
                Err(refuse(Stage::Config, texts::NATIVE_ON_ETCD.of(&[])))
            }
            Backend::Bolt | Backend::Sqlite | Backend::Postgres | Backend::Etcd => Ok(()),
        }
    }

    fn open(&mut self) -> Result<(), Outcome> {
        let nothing = self.kv.is_none() && self.sql.is_none();
        if self.backend == Backend::Etcd || nothing && !self.evidence.files.whole {
            return Err(Outcome::Unknown { unread: Store::Kv });
        }
        if let Some(bolt) = self.kv.filter(|kv| kv.store == KvStore::Bolt) {
            if let Some(why) = bolt.copy.refused {
                let error = texts::BACKENDS.of(&[&texts::BOLT_DB.of(&[why])]);
                return Err(refuse(Stage::Open, error));
            }
            // Without a freelist on disk bbolt walks through all pages while it opens, and dies of
            // the first that is not what it should be (docs/upstream.md, bbolt).
            if bolt.copy.short || bolt.copy.unreadable {
                return Err(Outcome::Unknown { unread: Store::Kv });
            }
        }
        if self.kv.is_none() {
            let whole = self.evidence.files.whole;
            self.warn(if whole { Caution::EmptyStore } else { Caution::KvUnread });
        }
        if self.native && self.release.native == Native::WhileEmpty {
            self.sql_may_be_unread()?;
            Course::of(self.sql).open(self.release).map_err(|error| {
                let error = if self.release.names_schema_step {
                    texts::OPENING_SCHEMA.of(&[&error])
                } else {
                    error
                };
                let store = match self.engine {
                    SqlEngine::Sqlite => texts::NATIVE_SQLITE,
                    SqlEngine::Postgres => texts::NATIVE_POSTGRES,
                };
                refuse(Stage::Open, texts::BACKENDS.of(&[&store.of(&[&error])]))
            })?;
        }
        Ok(())
    }

    /// Native SQL that was not given exists where the invoice tombstone stands; else it is taken
    /// not to exist.
    fn sql_may_be_unread(&mut self) -> Result<(), Outcome> {
        if self.sql.is_some() || self.evidence.files.whole {
            return Ok(());
        }
        if self.kv.is_some_and(|kv| kv.invoice_tombstone.is_some()) {
            return Err(Outcome::Unknown { unread: Store::Sql });
        }
        self.warn(Caution::SqlUnread);
        Ok(())
    }

    fn channel_db(&mut self) -> Result<(), Outcome> {
        let Some(kv) = self.kv else {
            if self.evidence.files.whole {
                self.new_dbp();
            }
            return Ok(());
        };
        let open = |error: &str| texts::CHANNEL_DB.of(&[error]);
        if let Some(reads) = &kv.data_migration_tombstone {
            let error = texts::CREATE.of(&[&texts::DATA_MIGRATION.of(&[reads])]);
            return Err(refuse(Stage::ChannelDb, open(&error)));
        }
        let own = self.release.dbp;
        match kv.dbp {
            Some(dbp) if dbp > own => {
                let log = texts::DB_REVERSION_LOG.of(&[&format!("{dbp}"), &format!("{own}")]);
                return Err(Outcome::Refuses {
                    at: Stage::ChannelDb,
                    error: open(&texts::DB_REVERSION.of(&[])),
                    exact: true,
                    log: Some(log),
                });
            }
            Some(dbp) if dbp < own => self.marks.push(Mark::Dbp { version: own }),
            Some(_) => {}
            None if !kv.metadata => self.new_dbp(),
            None => match self.release.missing_dbp {
                MissingDbp::TakenAsLatest => self.warn(Caution::DbpTakenAsLatest),
                MissingDbp::RecoveredFrom(_) => {
                    self.warn(Caution::DbpRecovered);
                    self.marks.push(Mark::Dbp { version: own });
                }
            },
        }
        let known = u64::from(self.release.optional);
        if let Some(unknown) = kv.optional.iter().find(|version| **version >= known) {
            let last = format!("{}", known.saturating_sub(1));
            let error = texts::OPTIONAL.of(&[&format!("{unknown}"), &last]);
            return Err(refuse(Stage::ChannelDb, open(&error)));
        }
        Ok(())
    }

    fn new_dbp(&mut self) {
        if !self.release.creates_without_dbp {
            self.marks.push(Mark::Dbp { version: self.release.dbp });
        }
    }

    /// The bucket `invoices` is missing, and this start does not make it.
    fn lacks_invoice_bucket(&self) -> bool {
        let made = self.release.creates_buckets;
        self.kv.is_some_and(|kv| kv.metadata && !kv.invoices_bucket && !made)
    }

    /// Native SQL is off.
    fn key_value(&mut self) -> Result<Outcome, Outcome> {
        let Some(kv) = self.kv else {
            return if self.evidence.files.whole {
                Ok(self.on_kv())
            } else {
                Err(Outcome::Unknown { unread: Store::Kv })
            };
        };
        if self.release.invoice_tombstone {
            if self.lacks_invoice_bucket() {
                return Err(refuse(Stage::Tombstone, texts::NO_INVOICE_BUCKET.of(&[])));
            }
            if kv.invoice_tombstone.is_some() {
                return Err(refuse(Stage::Tombstone, texts::INVOICE_TOMBSTONE.of(&[])));
            }
        } else if kv.invoice_tombstone.is_some() {
            self.warn(Caution::TombstoneUnknown);
        }
        Ok(self.on_kv())
    }

    fn on_kv(&mut self) -> Outcome {
        let mut ignored = Vec::new();
        if let Some(sql) = self.sql {
            let parts = [
                (What::Invoices, Some(sql.invoices)),
                (What::Graph, sql.graph_channels),
                (What::Payments, sql.payments),
            ];
            let held = parts.into_iter().filter(|(_, count)| *count > Some(0));
            ignored = held.map(|(what, count)| Part { what, count }).collect();
            let unseen = self.hashes().map_or(sql.created, |(kv, sql)| sql.missing_from(kv));
            if unseen > 0 {
                let part = Part { what: What::Invoices, count: Some(unseen) };
                self.loses.push(Loss::Unseen { part });
            }
            if sql.invoices > 0 {
                self.warn(Caution::SplitBrain);
            }
        }
        Outcome::Proceeds { on: Store::Kv, ignored }
    }

    /// What to know beside the outcome, where LND runs.
    fn beside(&mut self) {
        let evidence = self.evidence;
        if let Some(sql) = self.sql {
            let tracker = sql.tracker_max();
            if self.native {
                if sql.settle_sequence_behind() {
                    self.warn(Caution::SettleSequenceBehind);
                }
                if tracker > self.release.tracker {
                    self.warn(Caution::NewerTracker);
                }
            }
            let own = |part| self.native && self.release.has(part);
            let (graph, payments) = (own(Custom::Graph), own(Custom::Payments));
            if tracker >= Some(GRAPH) && !graph {
                self.warn(Caution::StaleGraph);
            }
            if tracker >= Some(PAYMENTS) && !payments {
                self.warn(Caution::StalePayments);
            }
        }
        if self.backend.is_sql() {
            if evidence.bolt().is_some_and(|bolt| bolt.data_migration_tombstone.is_none()) {
                self.warn(Caution::BoltBeside);
            }
            if half_copied(evidence).is_some() {
                self.warn(Caution::PartialCopy);
            }
        }
        if let Some(network) = evidence.files.network {
            let stored = self.sql.and_then(|sql| sql.network.as_deref());
            let other = stored.is_some_and(|stored| stored != network.name());
            let seen = evidence.network_seen();
            if other || seen.is_some_and(|(seen, _)| !seen.same_prefix(network)) {
                self.warn(Caution::WrongNetwork);
            }
        }
        let copies = self.kv.map(|kv| kv.copy).into_iter().chain(self.sql.map(|sql| sql.copy));
        let (mut partly, mut stale) = (false, false);
        for copy in copies {
            partly |= copy.unreadable;
            stale |= copy.rolled_back || copy.short || copy.wal == Wal::Missing;
        }
        if partly {
            self.warn(Caution::PartlyRead);
        }
        if stale {
            self.warn(Caution::MaybeStale);
        }
    }

    fn warn(&mut self, caution: Caution) {
        if !self.warnings.contains(&caution) {
            self.warnings.push(caution);
        }
    }
}
