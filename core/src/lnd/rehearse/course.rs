//! The migration's way through the invoices: pages by add index, each read before any of it is
//! written (invoices/sql_migration.go, `MigrateInvoicesToSQL`; channeldb/paginate.go).

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::facts::{Facts, Half};
use super::faults::Stage;
use super::rule::{Column, End, Rule};
use crate::lnd::compare::keys::Keys;
use crate::lnd::invoice::Circuit;
use crate::lnd::migration::SqlEngine;
use crate::sorting::{sort, sort_by_key};

/// config_builder.go, `invoiceMigrationBatchSize`.
const PAGE: usize = 1_000;

/// The way, as far as reading goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Course {
    /// Places of invoices in the order in which they are written.
    pub(super) written: Vec<u32>,
    /// What cannot be read, and stops it before its page is written.
    pub(super) stop: Option<Stop>,
    /// Numbers of invoices to which an add index leads that was never reached.
    pub(super) passed_over: Vec<u32>,
    /// The same page comes again and again, and nothing of it is written.
    pub(super) endless: bool,
}

/// An invoice that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stop {
    pub(super) rule: Rule,
    pub(super) add_index: u64,
    pub(super) key: u32,
    pub(super) end: End,
}

/// The way of LND.
pub(super) fn course(keys: &Keys, facts: &Facts) -> Course {
    let mut course = Course::default();
    let mut reached = alloc::vec![false; keys.adds.len()];
    let mut begun = BTreeSet::new();
    let mut offset = 0_u64;
    loop {
        let next = offset.wrapping_add(1);
        let start = keys.adds.partition_point(|(index, _)| *index < next);
        let again = !begun.insert(start);
        let before = course.written.len();
        let mut page = Vec::new();
        for (at, (add_index, key)) in keys.adds.iter().enumerate().skip(start).take(PAGE) {
            if let Some(reached) = reached.get_mut(at) {
                *reached = true;
            }
            match read(facts, *add_index, *key) {
                Ok(place) => page.push(place),
                Err(stop) => {
                    course.stop = Some(stop);
                    return course;
                }
            }
        }
        let fact = |place: &u32| facts.all.get(*place as usize);
        let Some(last) = page.last().and_then(fact) else { break };
        offset = last.add_index;
        let brought = page.iter().copied().filter(|at| fact(at).is_some_and(|f| f.hash.is_some()));
        course.written.extend(brought);
        if again {
            // Whatever is written a second time is refused; if nothing is, it never ends.
            course.endless = course.written.len() == before;
            break;
        }
    }
    let missed = keys.adds.iter().zip(&reached).filter(|(_, reached)| !**reached);
    course.passed_over = missed.map(|((_, key), _)| *key).collect();
    course
}

/// The place of an invoice that LND reads.
pub(super) fn read(facts: &Facts, add_index: u64, key: u32) -> Result<u32, Stop> {
    let stop = |rule, end| Stop { rule, add_index, key, end };
    if facts.overlong.binary_search(&add_index).is_ok() {
        return Err(stop(Rule::P13, End::NotThere));
    }
    let Some(place) = facts.place(key) else {
        return Err(if facts.buckets.binary_search(&key).is_ok() {
            stop(Rule::P18, End::Bucket)
        } else {
            stop(Rule::P13, End::NotThere)
        });
    };
    let readable = facts.all.get(place).is_some_and(|fact| fact.readable);
    match facts.faults_of(key).first() {
        Some(faulty) if !readable => Err(stop(faulty.fault.rule, faulty.fault.end.clone())),
        _ => u32::try_from(place).map_err(|_| stop(Rule::P18, End::NotThere)),
    }
}

/// The invoices in the order of their add indexes, as if nothing stood in the way.
pub(super) fn in_order(keys: &Keys, facts: &Facts) -> Vec<u32> {
    let places = keys.adds.iter().filter_map(|(index, key)| read(facts, *index, *key).ok());
    let fact = |place: &u32| facts.all.get(*place as usize);
    places.filter(|place| fact(place).is_some_and(|fact| fact.hash.is_some())).collect()
}

/// What native SQL has already.
#[derive(Clone, Debug, Default)]
pub(super) struct Existing {
    pub(super) hashes: Vec<Half>,
    pub(super) addresses: Vec<Half>,
    pub(super) requests: Vec<Half>,
    pub(super) circuits: Vec<Circuit>,
    pub(super) sets: Vec<Half>,
}

/// An invoice that brings what is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Twice {
    /// How many were written before it.
    pub(super) rank: u32,
    /// When in its own migration.
    pub(super) stage: Stage,
    pub(super) column: Column,
}

/// All of them, in the order in which they are written. Of one invoice the columns in the order in
/// which the engine looks at them: SQLite from the last index made to the first, Postgres from the
/// first to the last.
pub(super) fn twice(
    written: &[u32],
    facts: &Facts,
    existing: &Existing,
    engine: SqlEngine,
) -> Vec<Twice> {
    let mut found = Vec::new();
    let of = |column: fn(&super::facts::Fact) -> Option<Half>| {
        let ranked = (0_u32..).zip(written);
        let half = move |(rank, place): (u32, &u32)| {
            Some((column(facts.all.get(*place as usize)?)?, rank))
        };
        ranked.filter_map(half).collect::<Vec<(Half, u32)>>()
    };
    let mut columns = [
        (Column::Request, of(|fact| fact.request), existing.requests.as_slice()),
        (Column::Address, of(|fact| fact.address), existing.addresses.as_slice()),
        (Column::Hash, of(|fact| fact.hash), existing.hashes.as_slice()),
    ];
    if engine == SqlEngine::Postgres {
        columns.reverse();
    }
    for (column, mut values, known) in columns {
        repeated(&mut values, known, &mut |rank| {
            found.push(Twice { rank, stage: Stage::Invoice, column });
        });
    }
    // The rank of each invoice: the first time that it is written.
    let mut rank_of = alloc::vec![u32::MAX; facts.all.len()];
    for (rank, place) in (0_u32..).zip(written) {
        if let Some(first) = rank_of.get_mut(*place as usize).filter(|rank| **rank == u32::MAX) {
            *first = rank;
        }
    }
    let rank = |key: u32| {
        let rank = facts.place(key).and_then(|place| rank_of.get(place).copied());
        rank.filter(|rank| *rank != u32::MAX)
    };
    let circuits = facts.circuits.iter();
    let mut circuits: Vec<(Circuit, u32)> =
        circuits.filter_map(|(circuit, key)| Some((*circuit, rank(*key)?))).collect();
    repeated(&mut circuits, &existing.circuits, &mut |rank| {
        found.push(Twice { rank, stage: Stage::Htlcs, column: Column::Circuit });
    });
    let sets = facts.sets.iter();
    let mut sets: Vec<(Half, u32)> =
        sets.filter_map(|(set, key)| Some((*set, rank(*key)?))).collect();
    repeated(&mut sets, &existing.sets, &mut |rank| {
        found.push(Twice { rank, stage: Stage::Sets, column: Column::Set });
    });
    sort_by_key(&mut found, |twice| (twice.rank, twice.stage));
    found
}

/// Tells every rank whose value another one, or the engine, had before.
fn repeated<T: Ord + Copy>(values: &mut [(T, u32)], known: &[T], tell: &mut dyn FnMut(u32)) {
    sort(values);
    let mut before: Option<T> = None;
    for (value, rank) in values.iter() {
        if before == Some(*value) || known.binary_search(value).is_ok() {
            tell(*rank);
        }
        before = Some(*value);
    }
}
