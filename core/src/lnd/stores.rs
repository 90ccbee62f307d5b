//! What LND's files hold, opened and lent to whoever wants to look: trees of buckets, and tables.
//!
//! Lists, outlines and dumps are all drawn from here, in every face; the check goes through the
//! files by itself, because it looks at their structure first.

use alloc::string::String;
use core::ops::ControlFlow;

use super::check::{Given, Role, roles};
use super::migration::{KvStore, SqlEngine};
use super::pace::{Pace, Watch};
use crate::kv::bolt::{Bolt, Opened};
use crate::kv::bucket::Buckets;
#[cfg(feature = "json")]
use crate::kv::dump::DumpJob;
use crate::kv::pgdump::PgDumpJob;
use crate::kv::sqlite::Sqlite;
use crate::kv::sqlkv::{self, SqlBucketsJob, Wanted};
use crate::kv::table::Tables;
use crate::source::{Cached, Source, SourceError};

/// The table prefix of the store that has channels and invoices (lncfg/db.go, `NSChannelDB`).
pub const CHANNELDB: &str = "channeldb";

/// So many bytes of an input are kept at hand.
const CACHE: usize = 32 << 20;

/// An input is gone through so often at most before it is lent: the dump's lines, the tree twice.
const PASSES: u64 = 3;

/// What is to be lent.
#[derive(Clone, Debug)]
pub struct Ask {
    /// Of this input only, not of all.
    pub input: Option<u32>,
    /// The tables of native SQL.
    pub native: bool,
    /// A tree of buckets.
    pub buckets: Tree,
    /// Of a tree in SQL: what is indexed, so that it can be read without going through the table.
    pub indexed: Wanted,
}

/// Which tree of buckets. A file that holds but one has no choice to offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tree {
    /// None.
    None,
    /// In SQL that of channels and invoices.
    ChannelDb,
    /// In SQL that of channels and invoices, or else the first.
    First,
    /// In SQL the one of this prefix (`macaroondb`).
    Named(String),
}

impl Tree {
    /// Which prefix is meant.
    fn of<'t>(&self, tables: &'t dyn Tables) -> Option<&'t str> {
        let prefixes = sqlkv::prefixes(tables);
        let find = |name: &str| prefixes.iter().copied().find(|prefix| *prefix == name);
        match self {
            Tree::None => None,
            Tree::ChannelDb => find(CHANNELDB),
            Tree::First => find(CHANNELDB).or_else(|| prefixes.first().copied()),
            Tree::Named(name) => find(name),
        }
    }
}

/// What is lent.
#[derive(Clone, Copy)]
pub enum Lent<'a> {
    /// A tree of buckets.
    Buckets {
        /// What kind of store it is.
        store: KvStore,
        /// Its prefix in SQL.
        prefix: Option<&'a str>,
        /// The tree.
        buckets: &'a dyn Buckets,
    },
    /// Tables of native SQL.
    Native {
        /// On which engine.
        engine: SqlEngine,
        /// All tables of the database.
        tables: &'a dyn Tables,
    },
}

/// Looks at what is lent, and says whether there is more to be looked at. It is given the number of
/// the input and its length.
pub type Visitor<'v> =
    dyn FnMut((u32, u64), Lent<'_>, &mut Pace<'_, '_>) -> Result<ControlFlow<()>, SourceError> + 'v;

/// Lends what these files hold, one after the other. `None` if `watch` stopped it.
///
/// # Errors
/// [`SourceError`] where a source cannot be read.
pub fn lend(
    given: &[Given<'_>],
    ask: &Ask,
    watch: &mut Watch<'_>,
    visitor: &mut Visitor<'_>,
) -> Result<Option<()>, SourceError> {
    let asked = |input: &u32| ask.input.is_none_or(|only| only == *input);
    let each = || (0_u32..).zip(given).filter(|(input, _)| asked(input));
    let total = each().map(|(_, one)| one.source.len()).sum::<u64>().saturating_mul(PASSES);
    let mut lending = Lending { ask, pace: Pace::new(watch, total), visitor };
    let roles = roles(given)?;
    for (input, one) in each() {
        let Some(role) = roles.get(input as usize) else { break };
        let source = Cached::new(one.source, CACHE);
        let flow = match role {
            Role::Bolt => lending.bolt(input, &source)?,
            Role::Sqlite { log } => {
                let log = log.and_then(|log| given.get(log as usize));
                lending.sqlite(input, &source, log)?
            }
            Role::PgDump => lending.pgdump(input, &source)?,
            #[cfg(feature = "json")]
            Role::Dump => lending.dump(input, &source)?,
            _ => ControlFlow::Continue(()),
        };
        if flow.is_break() || lending.pace.is_stopped() {
            break;
        }
    }
    Ok((!lending.pace.is_stopped()).then_some(()))
}

/// Whether a database has tables of LND's native SQL.
pub(super) fn is_native(tables: &dyn Tables) -> bool {
    let telling = ["migration_tracker", "schema_migrations", "invoices"];
    telling.iter().any(|name| tables.table(name).is_some())
}

struct Lending<'r, 'w, 'v> {
    ask: &'r Ask,
    pace: Pace<'r, 'w>,
    visitor: &'r mut Visitor<'v>,
}

impl Lending<'_, '_, '_> {
    fn bolt(
        &mut self,
        input: u32,
        source: &Cached<&dyn Source>,
    ) -> Result<ControlFlow<()>, SourceError> {
        match Bolt::open(source)? {
            Opened::Bolt(bolt) => self.whole((input, source.len()), KvStore::Bolt, &bolt),
            _ => Ok(ControlFlow::Continue(())),
        }
    }

    fn sqlite(
        &mut self,
        input: u32,
        source: &Cached<&dyn Source>,
        log: Option<&Given<'_>>,
    ) -> Result<ControlFlow<()>, SourceError> {
        let log = log.map(|log| Cached::new(log.source, CACHE));
        let database = Sqlite::open(source, log.as_ref())?;
        let engines = (KvStore::Sqlite, SqlEngine::Sqlite);
        self.tables((input, source.len()), &database, engines)
    }

    fn pgdump(
        &mut self,
        input: u32,
        source: &Cached<&dyn Source>,
    ) -> Result<ControlFlow<()>, SourceError> {
        let size = source.len();
        match self.pace.run(size, PgDumpJob::new(source))? {
            Some(dump) => {
                self.tables((input, size), &dump, (KvStore::Postgres, SqlEngine::Postgres))
            }
            None => Ok(ControlFlow::Break(())),
        }
    }

    #[cfg(feature = "json")]
    fn dump(
        &mut self,
        input: u32,
        source: &Cached<&dyn Source>,
    ) -> Result<ControlFlow<()>, SourceError> {
        let size = source.len();
        match self.pace.run(size, DumpJob::new(source))? {
            Some(dump) => self.whole((input, size), KvStore::Dump, &dump),
            None => Ok(ControlFlow::Break(())),
        }
    }

    /// A file that is one tree.
    fn whole(
        &mut self,
        of: (u32, u64),
        store: KvStore,
        buckets: &dyn Buckets,
    ) -> Result<ControlFlow<()>, SourceError> {
        if self.ask.buckets == Tree::None {
            return Ok(ControlFlow::Continue(()));
        }
        (self.visitor)(of, Lent::Buckets { store, prefix: None, buckets }, &mut self.pace)
    }

    /// A database: its tree of buckets, then native SQL.
    fn tables(
        &mut self,
        (input, size): (u32, u64),
        tables: &dyn Tables,
        (store, engine): (KvStore, SqlEngine),
    ) -> Result<ControlFlow<()>, SourceError> {
        if let Some(prefix) = self.ask.buckets.of(tables) {
            let options = sqlkv::Options { wanted: self.ask.indexed.clone(), size };
            if let Some(job) = SqlBucketsJob::new(tables, prefix, options) {
                let Some(buckets) = self.pace.run(size, job)? else {
                    return Ok(ControlFlow::Break(()));
                };
                let lent = Lent::Buckets { store, prefix: Some(prefix), buckets: &buckets };
                if (self.visitor)((input, size), lent, &mut self.pace)?.is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            }
        }
        if self.ask.native && is_native(tables) {
            return (self.visitor)((input, size), Lent::Native { engine, tables }, &mut self.pace);
        }
        Ok(ControlFlow::Continue(()))
    }
}
