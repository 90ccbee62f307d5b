//! What LND's migration to native SQL would do with the invoices of a key-value store, before
//! anybody runs it: succeed, fail at this invoice with these words, or succeed and lose or change
//! these invoices. All of them are named, not only the first at which LND would stop.
//!
//! The rules are LND's own steps and checks (invoices/sql_migration.go), as they turned out when
//! its releases were run on stores that offend them (docs/upstream.md).
//!
//! Only the invoices are rehearsed. What the releases from v0.20 on do with the graph and with
//! payments afterwards is not.

mod course;
mod evidence;
mod facts;
mod faults;
mod rule;
mod target;
mod told;

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

pub use rule::Rule;
pub use target::Target;

use self::course::{Existing, Twice, course, in_order, twice};
use self::facts::{Facts, Faulty, Quiet};
use self::faults::Ways;
use self::rule::{Column, End};
use super::check::Given;
use super::compare::keys::Keys;
use super::compare::{pair, with_kv, with_sql};
use super::migration::{Backend, Evidence, Files, Hashes, KvStore, Network, SqlEngine, decide};
use super::pace::{Watch, remembering};
use crate::kv::bucket::At;
use crate::report::Report;
use crate::sorting::sort;
use crate::source::SourceError;

/// What a face may choose.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Tells payment hashes in LND's texts, which are otherwise left out.
    pub reveal: bool,
    /// The engine; without it Postgres for a dump of Postgres, else SQLite.
    pub engine: Option<SqlEngine>,
    /// The network that LND is configured for, as its folder is called.
    pub network: Option<Network>,
}

/// How the migration would end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Foreseen {
    /// It succeeds, and every invoice is what it was.
    Succeeds,
    /// It succeeds, and loses or changes invoices.
    Alters {
        /// So many are left out.
        lost: u64,
        /// So many become others.
        altered: u64,
    },
    /// It stops, and LND does not start.
    Fails {
        /// Where.
        #[serde(flatten)]
        stop: StopsAt,
    },
    /// LND's process dies.
    Crashes {
        /// Where.
        #[serde(flatten)]
        stop: StopsAt,
    },
    /// It reads the same invoices again and again.
    NeverEnds,
    /// LND does not start, for another reason.
    Refused {
        /// Its error.
        error: String,
    },
    /// There is nothing to migrate, or it was migrated already.
    NotRun,
}

impl Foreseen {
    /// What LND says, where it does not run on.
    pub fn error(&self) -> Option<&str> {
        match self {
            Foreseen::Fails { stop } | Foreseen::Crashes { stop } => Some(&stop.error),
            Foreseen::Refused { error } => Some(error),
            _ => None,
        }
    }

    /// Whether the migration of the invoices begins at all.
    fn begins(&self) -> bool {
        !matches!(self, Foreseen::NotRun | Foreseen::Refused { .. })
    }

    /// Where LND stops, if it does at something in the store.
    pub fn stop(&self) -> Option<&StopsAt> {
        match self {
            Foreseen::Fails { stop } | Foreseen::Crashes { stop } => Some(stop),
            _ => None,
        }
    }
}

/// Where LND stops.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StopsAt {
    /// Over what.
    pub rule: Rule,
    /// The invoice's number, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u32>,
    /// The add index that leads to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub add_index: Option<u64>,
    /// LND's error as its database builder gives it, up to the first line end; hashes in it are
    /// left out unless revealing was asked for.
    pub error: String,
    /// Whether that is its whole text; else only its beginning is certain.
    pub exact: bool,
}

/// How many invoices a rule meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleCount {
    /// Which.
    pub rule: Rule,
    /// How many.
    pub count: u64,
}

/// A rehearsal, in figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rehearsal {
    /// The release, as it was asked for.
    pub release: String,
    /// On which engine.
    pub engine: SqlEngine,
    /// How it would end.
    pub foreseen: Foreseen,
    /// Invoices in the store.
    pub invoices: u64,
    /// Those that would be brought over; none where the migration does not begin.
    pub brought: u64,
    /// Their HTLCs.
    pub htlcs: u64,
    /// How many each rule meets; none where the migration does not begin.
    pub rules: Vec<RuleCount>,
    /// How long it takes at least, in seconds, at the best rate that was reported.
    pub seconds_least: u64,
    /// How long it may take, at the worst; only for Postgres, where such rates were reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds_most: Option<u64>,
    /// Stretches and rows that could not be read: with any, nothing here is certain.
    pub unread: u64,
}

/// A rehearsal with all that it met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rehearsed {
    /// In figures.
    pub rehearsal: Rehearsal,
    /// Each offender as a finding.
    #[serde(flatten)]
    pub report: Report,
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It was stopped.
    Stopped,
    /// No key-value store is among the files.
    Nothing,
    /// It was rehearsed.
    Rehearsed(Box<Rehearsed>),
}

/// Rehearses the migration by that release.
///
/// Native SQL that is among the files is taken to be what the migration finds.
///
/// # Errors
/// [`SourceError`] where a source cannot be read.
pub fn rehearse(
    given: &[Given<'_>],
    target: &Target,
    options: &Options,
    watch: &mut Watch<'_>,
) -> Result<Ended, SourceError> {
    let mut stopped = false;
    let ended = foreseen(given, target, options, &mut remembering(watch, &mut stopped))?;
    Ok(if stopped { Ended::Stopped } else { ended })
}

fn foreseen(
    given: &[Given<'_>],
    target: &Target,
    options: &Options,
    watch: &mut Watch<'_>,
) -> Result<Ended, SourceError> {
    let offers = pair::offers(given)?;
    let sql = offers.iter().find(|offer| offer.sql);
    let Some(input) = pair::kv_of(&offers, sql) else { return Ok(Ended::Nothing) };
    let store = offers.get(input as usize).map_or(KvStore::Sqlite, |offer| store_of(offer.role));
    let of_store = match store {
        KvStore::Postgres => SqlEngine::Postgres,
        _ => SqlEngine::Sqlite,
    };
    let engine = options.engine.unwrap_or(of_store);
    let ways = Ways { engine, legacy_amp: target.rebuilds_legacy_amp() };

    let mut existing = Existing::default();
    let mut evidence = Evidence {
        files: Files { whole: true, network: options.network, ..Files::default() },
        ..Evidence::default()
    };
    if let Some(sql) = sql {
        let read = with_sql(given, sql.input, watch, &mut |side, watch| {
            let mut of_sql = evidence::sql(side.tables, side.engine)?;
            of_sql.invoices = side.index.len() as u64;
            if of_sql.invoices > 0 && !of_sql.past_invoices() {
                of_sql.hashes = Some(Hashes::new(side.index.hashes().collect()));
            }
            evidence.sql.push(of_sql);
            evidence::existing(side, &mut existing, watch)
        })?;
        // A dump of Postgres may have no such tables.
        if read == Some(false) {
            return Ok(Ended::Stopped);
        }
    }
    let read = with_kv(given, input, watch, &mut |buckets, keys, watch| {
        // A bbolt file is copied to a database first: native SQL does not go with it.
        let store = if engine == SqlEngine::Postgres { KvStore::Postgres } else { KvStore::Sqlite };
        let mut kv = evidence::kv(buckets, keys, store)?;
        if evidence.sql.iter().any(|sql| sql.hashes.is_some()) {
            kv.hashes = Some(Hashes::new(keys.hashes.iter().map(|(_, hash)| *hash).collect()));
        }
        evidence.kv.push(kv);
        let facts = Facts::read(buckets, keys, ways, watch)?;
        Ok(facts.map(|facts| Met::all(keys, &facts, &existing, engine)))
    })?;
    let met = match read {
        None => return Ok(Ended::Nothing),
        Some(None) => return Ok(Ended::Stopped),
        Some(Some(met)) => met,
    };
    let backend = match engine {
        SqlEngine::Sqlite => Backend::Sqlite,
        SqlEngine::Postgres => Backend::Postgres,
    };
    let decision = decide(&evidence, target.release(), backend, true, false);
    let rehearsed = told::rehearsed(&told::About {
        given,
        offers: &offers,
        input,
        target,
        options,
        engine,
        decision: &decision,
        met: &met,
    });
    Ok(Ended::Rehearsed(Box::new(rehearsed)))
}

fn store_of(role: super::check::Role) -> KvStore {
    use super::check::Role;
    match role {
        Role::Bolt => KvStore::Bolt,
        Role::PgDump => KvStore::Postgres,
        Role::Dump => KvStore::Dump,
        _ => KvStore::Sqlite,
    }
}

/// What stops the migration, at one invoice or before any.
#[derive(Clone, Debug)]
struct Offence {
    rule: Rule,
    end: End,
    at: At,
    key: Option<u32>,
    add_index: Option<u64>,
    hash: [u8; 32],
    /// LND stops here, not earlier.
    first: bool,
}

/// All that the rehearsal met.
struct Met {
    /// In LND's order, as far as there is one.
    offences: Vec<Offence>,
    quiet: Vec<Quiet>,
    invoices: u64,
    brought: u64,
    htlcs: u64,
    endless: bool,
    unread: u64,
}

impl Met {
    fn all(keys: &Keys, facts: &Facts, existing: &Existing, engine: SqlEngine) -> Met {
        let mut met = Met {
            offences: Vec::new(),
            quiet: facts.quiet.clone(),
            invoices: facts.all.len() as u64,
            brought: 0,
            htlcs: facts.htlcs,
            endless: false,
            unread: facts.unreadable,
        };
        if !keys.has_adds {
            return met;
        }
        met.indexes(keys);
        let before = !met.offences.is_empty();
        let nominal = in_order(keys, facts);
        met.brought = nominal.len() as u64;
        let way = course(keys, facts);
        let repeated = twice(&nominal, facts, existing, engine);
        met.unreadable(keys, facts);
        met.refused(&nominal, facts, &repeated);
        // Which of them is the first that LND comes to.
        let of_way = if way.written == nominal {
            repeated
        } else {
            twice(&way.written, facts, existing, engine)
        };
        let first = earliest(&way.written, facts, &of_way);
        if before {
            if let Some(first) = met.offences.first_mut() {
                first.first = true;
            }
        } else if let Some((place, end)) = first {
            met.stops(place, &end, facts);
        } else if let Some(stop) = &way.stop {
            let of = |offence: &&mut Offence| {
                offence.key == Some(stop.key) && offence.add_index == Some(stop.add_index)
            };
            if let Some(offence) = met.offences.iter_mut().find(of) {
                offence.first = true;
            }
        } else {
            met.endless = way.endless;
            for key in &way.passed_over {
                met.passed_over(*key, facts);
            }
        }
        met
    }

    /// What is wrong with the indexes: LND reads them before any invoice.
    fn indexes(&mut self, keys: &Keys) {
        if !keys.has_hashes {
            return;
        }
        let mut targets: Vec<(u32, u64)> =
            keys.adds.iter().map(|(index, key)| (*key, *index)).collect();
        sort(&mut targets);
        let pairs = targets.iter().zip(targets.iter().skip(1));
        let mut again: Vec<(u64, u32)> =
            pairs.filter(|(one, two)| one.0 == two.0).map(|(_, two)| (two.1, two.0)).collect();
        sort(&mut again);
        for (add_index, key) in again {
            self.offences.push(Offence {
                rule: Rule::P14,
                end: End::Twice(Column::ScratchId),
                at: At::default(),
                key: Some(key),
                add_index: Some(add_index),
                hash: [0; 32],
                first: false,
            });
        }
        for (len, at) in &keys.odd {
            self.offences.push(Offence {
                rule: Rule::P16,
                end: End::HashLength(*len),
                at: *at,
                key: None,
                add_index: None,
                hash: [0; 32],
                first: false,
            });
        }
        if keys.misshapen > 0 {
            self.offences.push(Offence {
                rule: Rule::Misshapen,
                end: End::Short,
                at: At::default(),
                key: None,
                add_index: None,
                hash: [0; 32],
                first: false,
            });
        }
    }

    /// Invoices that cannot be read.
    fn unreadable(&mut self, keys: &Keys, facts: &Facts) {
        for (add_index, key) in &keys.adds {
            let Err(stop) = course::read(facts, *add_index, *key) else { continue };
            let at = facts.faults_of(*key).first().map_or(At::default(), |faulty| faulty.at);
            self.offences.push(Offence {
                rule: stop.rule,
                end: stop.end,
                at,
                key: Some(*key),
                add_index: Some(*add_index),
                hash: [0; 32],
                first: false,
            });
        }
    }

    /// Invoices that are refused: each with what LND comes to first.
    fn refused(&mut self, written: &[u32], facts: &Facts, repeated: &[Twice]) {
        let mut twice = repeated.iter().peekable();
        for (rank, place) in (0_u32..).zip(written) {
            let mut own: Vec<Twice> = Vec::new();
            while let Some(next) = twice.next_if(|twice| twice.rank <= rank) {
                own.push(*next);
            }
            let Some(fact) = facts.all.get(*place as usize) else { continue };
            let faults = facts.faults_of(fact.key);
            let Some((rule, end)) = worst(faults, &own) else { continue };
            let known = faults.first();
            self.offences.push(Offence {
                rule,
                end,
                at: known.map_or(At::default(), |faulty| faulty.at),
                key: Some(fact.key),
                add_index: Some(fact.add_index),
                hash: known.map_or([0; 32], |faulty| faulty.hash),
                first: false,
            });
        }
    }

    /// LND stops at that invoice.
    fn stops(&mut self, place: u32, (rule, end): &(Rule, End), facts: &Facts) {
        let Some(fact) = facts.all.get(place as usize) else { return };
        let of = |offence: &&mut Offence| offence.key == Some(fact.key) && offence.end == *end;
        if let Some(offence) = self.offences.iter_mut().find(of) {
            offence.first = true;
            return;
        }
        // Only on LND's way through the pages.
        let known = facts.faults_of(fact.key).first();
        self.offences.push(Offence {
            rule: *rule,
            end: end.clone(),
            at: known.map_or(At::default(), |faulty| faulty.at),
            key: Some(fact.key),
            add_index: Some(fact.add_index),
            hash: known.map_or([0; 32], |faulty| faulty.hash),
            first: true,
        });
    }

    /// An invoice that the pages jump over.
    fn passed_over(&mut self, key: u32, facts: &Facts) {
        let Some(fact) = facts.place(key).and_then(|place| facts.all.get(place)) else { return };
        self.quiet.push(Quiet {
            key,
            at: At::default(),
            add_index: fact.add_index,
            rule: Rule::P12,
            state: fact.state,
            lost: true,
        });
        self.brought = self.brought.saturating_sub(1);
    }
}

/// What LND comes to first in one invoice.
fn worst(faults: &[Faulty], twice: &[Twice]) -> Option<(Rule, End)> {
    let fault = faults.first().map(|faulty| &faulty.fault);
    match (fault, twice.first()) {
        (Some(fault), Some(twice)) if fault.stage > twice.stage => {
            Some((Rule::P7, End::Twice(twice.column)))
        }
        (Some(fault), _) => Some((fault.rule, fault.end.clone())),
        (None, Some(twice)) => Some((Rule::P7, End::Twice(twice.column))),
        (None, None) => None,
    }
}

/// The first invoice of those that are written at which LND stops.
fn earliest(written: &[u32], facts: &Facts, repeated: &[Twice]) -> Option<(u32, (Rule, End))> {
    let key = |place: &u32| facts.all.get(*place as usize).map(|fact| fact.key);
    let faulty = |place: &u32| key(place).is_some_and(|key| !facts.faults_of(key).is_empty());
    let by_fault = written.iter().position(faulty);
    let by_twice = repeated.first().map(|twice| twice.rank as usize);
    let rank = match (by_fault, by_twice) {
        (Some(fault), Some(twice)) => fault.min(twice),
        (one, other) => one.or(other)?,
    };
    let place = *written.get(rank)?;
    let own: Vec<Twice> =
        repeated.iter().filter(|twice| twice.rank as usize == rank).copied().collect();
    Some((place, worst(facts.faults_of(key(&place)?), &own)?))
}
