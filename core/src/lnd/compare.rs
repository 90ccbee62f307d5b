//! Is every invoice in native SQL what it was in the key-value store?
//!
//! ```text
//! keys (hash, number, add index) ─┐
//!                                 ├─ join on the payment hash ─ rules ─ differences
//! places (hash, id, handles) ─────┘
//! ```
//!
//! Only keys and places are kept, about 200 bytes for each invoice of both sides together. Bodies
//! and rows are read again in the order of the older side, compared, and let go.
//!
//! The join is on the payment hash, never on the add index: the migration renumbers that. A list
//! that `lncli listinvoices` printed takes the place of whichever side is missing.

mod difference;
mod join;
pub(in crate::lnd) mod keys;
#[cfg(feature = "json")]
mod lncli;
mod one;
pub(in crate::lnd) mod pair;
mod rules;
pub(in crate::lnd) mod sql;
mod told;

use alloc::vec::Vec;
use core::ops::ControlFlow;

use serde::{Deserialize, Serialize};

pub use difference::{Cost, Difference, Field, Told};
pub use one::{Knows, One, Precision};
pub use pair::is_list;
pub use rules::differences;

pub(in crate::lnd) use self::join::SqlSide;
use self::join::{Join, KvSide};
use self::keys::{Keys, Stream};
use self::pair::Offer;
use self::sql::SqlIndex;
use super::check::Given;
use super::pace::{Watch, remembering};
use super::stores::{Ask, Lent, Tree, lend};
use crate::kv::bucket::Buckets;
use crate::kv::sqlkv::Wanted;
use crate::report::Report;
use crate::source::SourceError;

/// What a face may choose.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Tells hashes, addresses, amounts and texts, which are otherwise left out or renamed.
    pub reveal: bool,
}

/// What a side is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SideKind {
    /// The key-value store.
    Kv,
    /// Native SQL.
    Sql,
    /// A list that `lncli listinvoices` printed.
    List,
}

/// One of the two sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SideOf {
    /// What it is.
    pub kind: SideKind,
    /// Which of the inputs.
    pub input: u32,
    /// How many invoices it has.
    pub invoices: u64,
}

/// What the comparison came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// The side that was there first.
    pub old: SideOf,
    /// The side that came after it.
    pub new: SideOf,
    /// Invoices on both sides that fit together.
    pub same: u64,
    /// Invoices on both sides that do not.
    pub differ: u64,
    /// Invoices that the newer side ought to have, and has not.
    pub missing: u64,
    /// Invoices that the newer side need not have: canceled, or expired, and deleted since.
    pub deleted: u64,
    /// Invoices that no add index led to, not canceled: the migration did not see them.
    pub left_behind: u64,
    /// Canceled invoices that LND's own clean-up left without an index.
    pub orphans: u64,
    /// Invoices only on the newer side, made there.
    pub made_here: u64,
    /// Invoices only on the newer side that a migration is said to have brought.
    pub extra: u64,
    /// Invoices only on the newer side of which it is not known how they came there.
    pub unexplained: u64,
    /// Invoices and rows that could not be read, and so were not compared; and the second of an invoice
    /// that stands twice on the older side.
    pub unread: u64,
    /// How often each field differs.
    pub fields: Vec<FieldCount>,
}

/// How often a field differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldCount {
    /// Which.
    pub field: Field,
    /// How often.
    pub count: u64,
}

/// A comparison.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compared {
    /// In figures.
    pub summary: Summary,
    /// Each difference as a finding.
    #[serde(flatten)]
    pub report: Report,
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It was stopped.
    Stopped,
    /// There are not two sides among the files.
    OneSided {
        /// Whether the key-value store is there.
        kv: bool,
        /// Whether native SQL is there.
        sql: bool,
    },
    /// Both sides were compared.
    Compared(alloc::boxed::Box<Compared>),
}

/// Compares the two sides among these files.
///
/// # Errors
/// [`SourceError`] where a source cannot be read.
pub fn compare(
    given: &[Given<'_>],
    options: &Options,
    watch: &mut Watch<'_>,
) -> Result<Ended, SourceError> {
    let mut stopped = false;
    let ended = compared(given, options, &mut remembering(watch, &mut stopped))?;
    Ok(if stopped { Ended::Stopped } else { ended })
}

fn compared(
    given: &[Given<'_>],
    options: &Options,
    watch: &mut Watch<'_>,
) -> Result<Ended, SourceError> {
    let offers = pair::offers(given)?;
    let sql = offers.iter().find(|offer| offer.sql);
    let kv = pair::kv_of(&offers, sql);
    let list = offers.iter().find(|offer| offer.list);
    let mut join = Join::new(options.reveal);
    let one_sided = Ended::OneSided { kv: kv.is_some(), sql: sql.is_some() };
    let done = match (kv, sql, list) {
        (Some(kv), Some(sql), _) => kv_and_sql(given, kv, sql, &mut join, watch)?,
        #[cfg(feature = "json")]
        (Some(kv), None, Some(list)) => kv_and_list(given, kv, list, &mut join, watch)?,
        #[cfg(feature = "json")]
        (None, Some(sql), Some(list)) => list_and_sql(given, list, sql, &mut join, watch)?,
        _ => return Ok(one_sided),
    };
    Ok(match done {
        Done::Stopped => Ended::Stopped,
        Done::Nothing => one_sided,
        Done::Whole => Ended::Compared(alloc::boxed::Box::new(told::report(given, &offers, join))),
    })
}

/// How far it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Done {
    Stopped,
    Nothing,
    Whole,
}

/// What is asked of the key-value store: the invoices, and what says whether they are migrated.
fn ask_kv(input: u32) -> Ask {
    let names: [&[u8]; 3] = [b"invoices", b"metadata", b"data-migration-tombstone"];
    let indexed = Wanted::Only(names.iter().map(|name| name.to_vec()).collect());
    Ask { input: Some(input), native: false, buckets: Tree::ChannelDb, indexed }
}

fn ask_sql(input: u32) -> Ask {
    Ask { input: Some(input), native: true, buckets: Tree::None, indexed: Wanted::Lnd }
}

/// Looks at a key-value store that is lent.
pub(in crate::lnd) type OnKv<'v, T> =
    dyn FnMut(&dyn Buckets, &Keys, &mut Watch<'_>) -> Result<T, SourceError> + 'v;

/// Lends the invoices of a key-value store. `None` if there are none, or if it was stopped.
pub(in crate::lnd) fn with_kv<T>(
    given: &[Given<'_>],
    input: u32,
    watch: &mut Watch<'_>,
    on: &mut OnKv<'_, T>,
) -> Result<Option<T>, SourceError> {
    let mut out = None;
    let through = lend(given, &ask_kv(input), watch, &mut |(_, size), lent, pace| {
        let Lent::Buckets { buckets, .. } = lent else { return Ok(ControlFlow::Continue(())) };
        if let Some(keys) = Keys::read(buckets, &mut || pace.tick())? {
            out = Some(on(buckets, &keys, &mut |progress| pace.part(size, progress))?);
        }
        Ok(ControlFlow::Break(()))
    })?;
    Ok(through.and(out))
}

/// Lends the invoices of native SQL. `None` if there are none, or if it was stopped.
pub(in crate::lnd) fn with_sql<T>(
    given: &[Given<'_>],
    input: u32,
    watch: &mut Watch<'_>,
    on: &mut dyn FnMut(&SqlSide<'_>, &mut Watch<'_>) -> Result<T, SourceError>,
) -> Result<Option<T>, SourceError> {
    let mut out = None;
    let through = lend(given, &ask_sql(input), watch, &mut |(_, size), lent, pace| {
        let Lent::Native { tables, engine } = lent else { return Ok(ControlFlow::Continue(())) };
        if let Some(index) = SqlIndex::read(tables, &mut || pace.tick())? {
            out = Some(on(&SqlSide { tables, engine, index }, &mut |progress| {
                pace.part(size, progress)
            })?);
        }
        Ok(ControlFlow::Break(()))
    })?;
    Ok(through.and(out))
}

fn kv_and_sql(
    given: &[Given<'_>],
    kv: u32,
    sql: &Offer,
    join: &mut Join,
    watch: &mut Watch<'_>,
) -> Result<Done, SourceError> {
    let mut stopped = false;
    let done = with_kv(given, kv, watch, &mut |buckets, keys, watch| {
        with_sql(given, sql.input, watch, &mut |new, watch| {
            let mut old = KvSide { keys, stream: Stream::new(buckets, keys) };
            join.sides(SideKind::Kv, kv, SideKind::Sql, sql.input);
            stopped |= !join.run(&mut old, new, watch)?;
            Ok(())
        })
    })?;
    Ok(outcome(done.flatten(), stopped))
}

#[cfg(feature = "json")]
fn kv_and_list(
    given: &[Given<'_>],
    kv: u32,
    list: &Offer,
    join: &mut Join,
    watch: &mut Watch<'_>,
) -> Result<Done, SourceError> {
    let Some(source) = given.get(list.input as usize) else { return Ok(Done::Nothing) };
    let mut stopped = false;
    let done = with_kv(given, kv, watch, &mut |buckets, keys, watch| {
        let Some(new) = lncli::List::read(source.source, watch)? else {
            stopped = true;
            return Ok(());
        };
        let mut old = KvSide { keys, stream: Stream::new(buckets, keys) };
        join.sides(SideKind::Kv, kv, SideKind::List, list.input);
        stopped |= !join.run(&mut old, &new, watch)?;
        Ok(())
    })?;
    Ok(outcome(done, stopped))
}

#[cfg(feature = "json")]
fn list_and_sql(
    given: &[Given<'_>],
    list: &Offer,
    sql: &Offer,
    join: &mut Join,
    watch: &mut Watch<'_>,
) -> Result<Done, SourceError> {
    let Some(source) = given.get(list.input as usize) else { return Ok(Done::Nothing) };
    let mut stopped = false;
    let done = with_sql(given, sql.input, watch, &mut |new, watch| {
        let Some(old) = lncli::List::read(source.source, watch)? else {
            stopped = true;
            return Ok(());
        };
        join.sides(SideKind::List, list.input, SideKind::Sql, sql.input);
        stopped |= !join.run(&mut old.stream(), new, watch)?;
        Ok(())
    })?;
    Ok(outcome(done, stopped))
}

fn outcome(done: Option<()>, stopped: bool) -> Done {
    match done {
        Some(()) if !stopped => Done::Whole,
        None if !stopped => Done::Nothing,
        _ => Done::Stopped,
    }
}
