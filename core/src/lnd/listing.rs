//! The invoices of one side, row by row: those of the store that LND itself would use, if nothing
//! else is asked for.

use alloc::vec::Vec;
use core::ops::ControlFlow;

use serde::ser::{Serialize, Serializer};

use super::check::{Given, KvRead, Side, SqlRead, evidence};
use super::invoices::{self, Reading, ShownRow};
use super::migration::{self, Backend, Copy, Evidence, Files, State, StateKind, Store};
use super::native::{self, NativeReading, ShownNativeRow};
use super::pace::Watch;
use super::privacy::{Privacy, Pseudonyms};
use super::stores::{Ask, Lent, Tree, lend};
use crate::kv::sqlkv::Wanted;
use crate::source::SourceError;

/// So many invoices are in memory at a time.
const PAGE: usize = 256;

/// What is listed.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The side; else the one in force.
    pub side: Option<Store>,
    /// The place of the first among all of that side.
    pub from: u64,
    /// How many at most; else all.
    pub count: Option<u64>,
    /// Tells hashes, addresses, amounts and texts, which are otherwise left out or renamed.
    pub reveal: bool,
    /// What is known of the files.
    pub files: Files,
}

/// Of which store the rows are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Which side.
    pub side: Store,
    /// Which of the inputs.
    pub input: u32,
    /// The kind of store or engine, by its stable name.
    pub store: &'static str,
    /// How many invoices it has in all.
    pub total: u64,
    /// Whether that is the side that LND would use; absent where it cannot be told.
    pub in_force: Option<bool>,
}

/// One invoice, to be shown or to be written as JSON.
#[derive(Clone, Copy, Debug)]
pub enum Row<'a> {
    /// Of the key-value store.
    Kv(ShownRow<'a>),
    /// Of native SQL.
    Sql(ShownNativeRow<'a>),
}

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Row::Kv(row) => row.serialize(serializer),
            Row::Sql(row) => row.serialize(serializer),
        }
    }
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It was stopped.
    Stopped,
    /// No file has that side.
    Nothing,
    /// All that was asked for was listed.
    Listed(Listed),
}

/// Takes each row; `false` ends the list.
pub type Each<'e> = dyn FnMut(&Listed, Row<'_>) -> bool + 'e;

/// Lists the invoices of one side.
///
/// Pseudonyms are those of the report on the same files.
///
/// # Errors
/// [`SourceError`] where a source cannot be read.
pub fn list(
    given: &[Given<'_>],
    options: &Options,
    watch: &mut Watch<'_>,
    each: &mut Each<'_>,
) -> Result<Ended, SourceError> {
    let Some(sides) = read(given, watch)? else { return Ok(Ended::Stopped) };
    let evidence = Evidence {
        kv: sides.iter().filter_map(evidence::kv).collect(),
        sql: sides.iter().filter_map(evidence::sql).collect(),
        files: options.files.clone(),
    };
    let force = in_force(&migration::state(&evidence));
    let Some((input, side)) = choose(&sides, &evidence, options.side.or(force)) else {
        return Ok(Ended::Nothing);
    };
    let privacy = privacy(&sides, options.reveal);
    let (name, total, store) = match side {
        Side::Kv(kv) => (kv.store.name(), kv.read.index.bodies.len() as u64, Store::Kv),
        Side::Sql(sql) => (sql.engine.name(), sql.read.index.invoices.len() as u64, Store::Sql),
    };
    let in_force = force.map(|force| force == store);
    let listed = Listed { side: store, input: *input, store: name, total, in_force };
    let mut pages = Pages { options, privacy: &privacy, listed: &listed, each };
    let ask = Ask {
        input: Some(*input),
        native: store == Store::Sql,
        buckets: if store == Store::Kv { Tree::ChannelDb } else { Tree::None },
        indexed: Wanted::Lnd,
    };
    let through = lend(given, &ask, watch, &mut |_, lent, pace| {
        pages.all(side, lent, &mut || pace.tick())?;
        Ok(ControlFlow::Break(()))
    })?;
    Ok(through.map_or(Ended::Stopped, |()| Ended::Listed(listed)))
}

/// The side that LND uses in this state, whatever else holds.
pub fn in_force(state: &State) -> Option<Store> {
    let kinds = core::iter::once(&state.kind).chain(&state.remarks);
    kinds.into_iter().find_map(|kind| match kind {
        StateKind::Migrated
        | StateKind::Skipped
        | StateKind::SkippedBehindTombstone
        | StateKind::TombstoneLost
        | StateKind::NativeOnly => Some(Store::Sql),
        StateKind::NotMigrated | StateKind::TombstoneWithoutTracker | StateKind::Fresh => {
            Some(Store::Kv)
        }
        _ => None,
    })
}

/// The pseudonyms as the report gives them: both sides share them, in the order of the inputs.
pub(super) fn privacy(sides: &[(u32, Side)], reveal: bool) -> Privacy {
    if reveal {
        return Privacy::revealed();
    }
    let privacy = Privacy::redacted(Pseudonyms::default());
    for (_, side) in sides {
        privacy.name(|names| match side {
            Side::Kv(kv) => kv.read.index.name(names),
            Side::Sql(sql) => {
                names.name_hashes(sql.read.index.invoices.iter().filter_map(|row| row.hash));
            }
        });
    }
    privacy
}

/// The invoices of every side, without their bodies.
fn read(
    given: &[Given<'_>],
    watch: &mut Watch<'_>,
) -> Result<Option<Vec<(u32, Side)>>, SourceError> {
    let mut sides = Vec::new();
    let ask = Ask { input: None, native: true, buckets: Tree::ChannelDb, indexed: Wanted::Lnd };
    let through = lend(given, &ask, watch, &mut |(input, size), lent, pace| {
        let copy = Copy::default();
        let side = match lent {
            Lent::Buckets { store, buckets, .. } => {
                let mut reading = Reading::new(false, size);
                let read = pace.steps(size, &mut |work| reading.step(buckets, work))?;
                read.filter(|read| read.facts.invoices_bucket)
                    .map(|read| Side::Kv(KvRead { store, read, copy }))
            }
            Lent::Native { engine, tables } => {
                let mut reading = NativeReading::new(false, size);
                let read = pace.steps(size, &mut |work| reading.step(tables, work))?;
                read.map(|read| Side::Sql(SqlRead { engine, read, copy }))
            }
        };
        sides.extend(side.map(|side| (input, side)));
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(through.map(|()| sides))
}

/// The side that is wanted, of the backend in force; else of any; without a wish the only one.
fn choose<'s>(
    sides: &'s [(u32, Side)],
    evidence: &Evidence,
    wanted: Option<Store>,
) -> Option<&'s (u32, Side)> {
    let is = |side: &Side, store| {
        matches!((side, store), (Side::Kv(_), Store::Kv) | (Side::Sql(_), Store::Sql))
    };
    let Some(wanted) = wanted else { return sides.first() };
    let backend = evidence.backend().unwrap_or(Backend::Sqlite);
    let input = match wanted {
        Store::Kv => evidence.kv_of(backend).map(|kv| kv.input),
        Store::Sql => evidence.sql_of(backend).map(|sql| sql.input),
    };
    let fitting = || sides.iter().filter(|(_, side)| is(side, wanted));
    fitting().find(|(number, _)| Some(*number) == input).or_else(|| fitting().next())
}

struct Pages<'p, 'e> {
    options: &'p Options,
    privacy: &'p Privacy,
    listed: &'p Listed,
    each: &'p mut Each<'e>,
}

impl Pages<'_, '_> {
    /// All rows that are asked for, a page at a time.
    fn all(
        &mut self,
        side: &Side,
        lent: Lent<'_>,
        go_on: &mut dyn FnMut() -> bool,
    ) -> Result<(), SourceError> {
        let from = self.options.from;
        let end = from.saturating_add(self.options.count.unwrap_or(u64::MAX));
        let end = end.min(self.listed.total);
        // What is renamed is counted through from the first row on.
        let mut at = if self.privacy.reveals() { from } else { 0 };
        while at < end && from < end && go_on() {
            let count = usize::try_from(end - at).unwrap_or(PAGE).min(PAGE);
            let privacy = self.privacy;
            let before = at;
            match (side, lent) {
                (Side::Kv(kv), Lent::Buckets { buckets, .. }) => {
                    for row in &invoices::page(buckets, &kv.read.index, at, count)?.rows {
                        if !self.row(at, Row::Kv(ShownRow { row, privacy })) {
                            return Ok(());
                        }
                        at = at.saturating_add(1);
                    }
                }
                (Side::Sql(sql), Lent::Native { tables, .. }) => {
                    for row in &native::page(tables, &sql.read.index, at, count)?.rows {
                        if !self.row(at, Row::Sql(ShownNativeRow { row, privacy })) {
                            return Ok(());
                        }
                        at = at.saturating_add(1);
                    }
                }
                _ => {}
            }
            if at == before {
                return Ok(());
            }
        }
        Ok(())
    }

    /// A row at that place: shown, or only named. Whether to go on.
    fn row(&mut self, at: u64, row: Row<'_>) -> bool {
        if at >= self.options.from {
            return (self.each)(self.listed, row);
        }
        // Writing a row names what is in it.
        #[cfg(feature = "json")]
        let _ = serde_json::to_string(&row);
        true
    }
}
