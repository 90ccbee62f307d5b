//! Each input through its readers: structure first, then the invoices of whichever side it holds.

use alloc::vec::Vec;

use super::given::{Given, Role};
use crate::finding::{Code, Finding, Findings, Place, Severity, Values};
use crate::kv::bolt::{self, Bolt, BoltKind, Opened};
use crate::kv::bucket::Buckets;
#[cfg(feature = "json")]
use crate::kv::dump::DumpJob;
use crate::kv::pgdump::PgDumpJob;
use crate::kv::sqlite::{self, Sqlite};
use crate::kv::sqlkv::{self, SqlBucketsJob};
use crate::kv::table::Tables;
use crate::lnd::invoices::{KvInvoices, Reading};
use crate::lnd::migration::{Copy, KvStore, SqlEngine, Wal};
use crate::lnd::native::{Native, NativeReading};
use crate::lnd::pace::Pace;
use crate::lnd::stores::{CHANNELDB, is_native};
use crate::source::{Cached, Source, SourceError};

/// How often an input is gone through at most: structure, tree of buckets (twice), invoices and
/// tables.
pub(super) const PASSES: u64 = 5;

/// So many bytes of an input are kept at hand.
const CACHE: usize = 32 << 20;

/// What one input holds of the invoices.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "there are as many as files")]
pub enum Side {
    /// Keys and values.
    Kv(KvRead),
    /// Tables of their own.
    Sql(SqlRead),
}

/// A key-value store, read.
#[derive(Clone, Debug)]
pub struct KvRead {
    /// What kind.
    pub store: KvStore,
    /// What is in it.
    pub read: KvInvoices,
    /// How good a copy it is.
    pub copy: Copy,
}

/// Native SQL, read.
#[derive(Clone, Debug)]
pub struct SqlRead {
    /// On which engine.
    pub engine: SqlEngine,
    /// What is in it.
    pub read: Native,
    /// How good a copy it is.
    pub copy: Copy,
}

/// What each page of a file is.
#[derive(Clone, Debug)]
pub enum Map {
    /// Of a bbolt file.
    Bolt(bolt::PageMap),
    /// Of an SQLite database.
    Sqlite(sqlite::PageMap),
}

/// What an input came to.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) findings: Findings,
    /// Each of them names its input, or it is the first.
    pub(super) placed: bool,
    pub(super) map: Option<Map>,
    pub(super) sides: Vec<(u32, Side)>,
    /// Nothing is in it, and what there was stood in a log that was not given.
    pub(super) emptied: bool,
}

/// Reading, with somebody who watches.
pub(super) struct Read<'r, 'g, 'w> {
    pub(super) given: &'r [Given<'g>],
    pub(super) pace: Pace<'r, 'w>,
}

impl Read<'_, '_, '_> {
    /// All that is to be read of an input. `None` if it was stopped.
    pub(super) fn input(&mut self, input: u32, role: Role) -> Result<Option<Outcome>, SourceError> {
        let Some(given) = self.given.get(input as usize) else { return Ok(None) };
        match role {
            Role::Bolt => self.bolt(input, given.source),
            Role::Sqlite { log } => self.sqlite(input, given.source, log),
            Role::PgDump => self.pgdump(input, given.source),
            #[cfg(feature = "json")]
            Role::Dump => self.dump(input, given.source),
            #[cfg(not(feature = "json"))]
            Role::Dump => Ok(Some(Outcome::default())),
            Role::PackedDump(packed) => {
                let values = Values::new().with_some("dump_format", packed.packed());
                let place = Place::span(0, given.source.len());
                let finding = Finding::new(Code::PgDumpPacked, place).values(values);
                Ok(Some(Outcome::of(finding)))
            }
            Role::LoneLog => {
                let place = Place::span(0, given.source.len());
                Ok(Some(Outcome::of(Finding::new(Code::SqliteWal, place))))
            }
            Role::Log | Role::Other(_) => Ok(Some(Outcome::default())),
        }
    }

    fn bolt(&mut self, input: u32, source: &dyn Source) -> Result<Option<Outcome>, SourceError> {
        let mut outcome = Outcome::default();
        let source = Cached::new(source, CACHE);
        let size = source.len();
        let Some(checked) = self.pace.run(size, bolt::CheckJob::new(&source))? else {
            return Ok(None);
        };
        let mut copy = Copy::default();
        if let Some(metas) = &checked.metas {
            copy.rolled_back = metas.lost_newer() == Some(true);
            let first = metas.pages.first().and_then(|page| page.fault);
            copy.refused =
                first.and_then(bolt::meta::MetaFault::upstream).filter(|_| !metas.accepted);
        }
        copy.short = checked.counts.iter().any(|(code, _)| *code == Code::BoltTruncated);
        copy.unreadable = checked.findings.iter().any(is_beyond_metas);
        // `Other` is also what damage has left without a name.
        let broken = copy.unreadable || copy.short || copy.refused.is_some();
        let named = checked.kind == Some(BoltKind::ChannelDb);
        let invoices = named || matches!(checked.kind, Some(BoltKind::Other) | None);
        outcome.findings = Findings::of(checked.findings, checked.counts);
        outcome.map = Some(Map::Bolt(checked.map));
        if invoices {
            let read = match Bolt::open(&source)? {
                Opened::Bolt(bolt) => {
                    match self.invoices(size, &bolt.with_tallies(checked.tallies))? {
                        Some(read) => read,
                        None => return Ok(None),
                    }
                }
                // It is a channel.db all the same, as far as anybody can tell.
                _ => KvInvoices::default(),
            };
            // Without a name: if nothing that is left speaks against it, and what a refused meta
            // page leads to does not.
            let unnamed = read.facts.bucket_count == 0 || copy.refused.is_some();
            if named || broken && unnamed {
                outcome.sides.push((input, Side::Kv(KvRead { store: KvStore::Bolt, read, copy })));
            }
        }
        Ok(Some(outcome))
    }

    fn sqlite(
        &mut self,
        input: u32,
        source: &dyn Source,
        log: Option<u32>,
    ) -> Result<Option<Outcome>, SourceError> {
        let mut outcome = Outcome::default();
        let source = Cached::new(source, CACHE);
        let number = log.unwrap_or(input);
        let log = log.and_then(|log| self.given.get(log as usize)).map(|log| log.source);
        let log = log.map(|log| Cached::new(log, CACHE));
        let size = source.len();
        let database = Sqlite::open(&source, log.as_ref())?;
        let inputs = sqlite::CheckOptions { main_input: input, wal_input: number };
        let Some(checked) = self.pace.run(size, sqlite::CheckJob::new(&database, inputs))? else {
            return Ok(None);
        };
        let mut copy = Copy { wal: wal_of(&database), ..Copy::default() };
        copy.short = database.layout().readable < database.layout().pages;
        copy.unreadable = is_damaged(&checked.findings);
        outcome.findings = checked.findings;
        outcome.placed = true;
        outcome.map = Some(Map::Sqlite(checked.map));
        // LND makes its tables before anything else.
        outcome.emptied = copy.wal == Wal::NotGiven && database.schema().is_empty();
        let engines = (KvStore::Sqlite, SqlEngine::Sqlite);
        let sides = self.tables(input, size, &database, engines, copy, &mut outcome.findings)?;
        let Some(sides) = sides else { return Ok(None) };
        outcome.sides = sides;
        Ok(Some(outcome))
    }

    fn pgdump(&mut self, input: u32, source: &dyn Source) -> Result<Option<Outcome>, SourceError> {
        let size = source.len();
        let source = Cached::new(source, CACHE);
        let Some(mut dump) = self.pace.run(size, PgDumpJob::new(&source))? else { return Ok(None) };
        let mut outcome = Outcome { findings: dump.take_findings(), ..Outcome::default() };
        let unreadable = is_damaged(&outcome.findings);
        let copy = Copy { unreadable, ..Copy::default() };
        let engines = (KvStore::Postgres, SqlEngine::Postgres);
        let sides = self.tables(input, size, &dump, engines, copy, &mut outcome.findings)?;
        let Some(sides) = sides else { return Ok(None) };
        outcome.sides = sides;
        Ok(Some(outcome))
    }

    #[cfg(feature = "json")]
    fn dump(&mut self, input: u32, source: &dyn Source) -> Result<Option<Outcome>, SourceError> {
        let size = source.len();
        let source = Cached::new(source, CACHE);
        let Some(mut dump) = self.pace.run(size, DumpJob::new(&source))? else { return Ok(None) };
        let mut outcome = Outcome { findings: dump.take_findings(), ..Outcome::default() };
        let unreadable = is_damaged(&outcome.findings);
        let copy = Copy { unreadable, ..Copy::default() };
        let Some(read) = self.invoices(size, &dump)? else { return Ok(None) };
        outcome.sides.push((input, Side::Kv(KvRead { store: KvStore::Dump, read, copy })));
        Ok(Some(outcome))
    }

    /// Both sides, as far as a database has them.
    fn tables(
        &mut self,
        input: u32,
        size: u64,
        tables: &dyn Tables,
        (store, engine): (KvStore, SqlEngine),
        copy: Copy,
        findings: &mut Findings,
    ) -> Result<Option<Vec<(u32, Side)>>, SourceError> {
        let mut sides = Vec::new();
        for prefix in sqlkv::prefixes(tables) {
            let options = sqlkv::Options { size, ..sqlkv::Options::default() };
            let Some(job) = SqlBucketsJob::new(tables, prefix, options) else { continue };
            let Some(mut buckets) = self.pace.run(size, job)? else { return Ok(None) };
            findings.absorb(buckets.take_findings(), input);
            if prefix == CHANNELDB {
                let Some(read) = self.invoices(size, &buckets)? else { return Ok(None) };
                sides.push((input, Side::Kv(KvRead { store, read, copy })));
            }
        }
        if is_native(tables) {
            let mut reading = NativeReading::new(true, size);
            let mut step = |work| reading.step(tables, work);
            let Some(read) = self.pace.steps(size, &mut step)? else { return Ok(None) };
            sides.push((input, Side::Sql(SqlRead { engine, read, copy })));
        }
        Ok(Some(sides))
    }

    fn invoices(
        &mut self,
        size: u64,
        store: &dyn Buckets,
    ) -> Result<Option<KvInvoices>, SourceError> {
        let mut reading = Reading::new(true, size);
        self.pace.steps(size, &mut |work| reading.step(store, work))
    }
}

/// Whether a fault of a bbolt file is one that its other meta page does not make up for.
fn is_beyond_metas(finding: &Finding) -> bool {
    let of_metas_or_all = matches!(
        finding.code,
        Code::BoltMetaDamaged
            | Code::BoltMetaPair
            | Code::BoltChannelStateHit
            | Code::BoltGraphHit
            | Code::BoltRecordsHit
    );
    finding.severity == Severity::Damage && !of_metas_or_all
}

fn is_damaged(findings: &Findings) -> bool {
    findings.kept().iter().any(|finding| finding.severity == Severity::Damage)
}

impl Outcome {
    fn of(finding: Finding) -> Outcome {
        let mut outcome = Outcome::default();
        outcome.findings.push(finding);
        outcome
    }
}

fn wal_of<S: Source, W: Source>(database: &Sqlite<S, W>) -> Wal {
    match database.wal() {
        Some(_) => Wal::Applied,
        None if database.file_header().is_wal() => Wal::NotGiven,
        None => Wal::None,
    }
}
