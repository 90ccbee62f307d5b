//! Native SQL without its rows: where each invoice's row stands, and those that belong to it. About
//! 130 bytes for each invoice; rows are read again when they are compared, and let go.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::cell::Cell;
use core::ops::Range;

use super::keys::GoOn;
use crate::kv::bucket::Room;
use crate::kv::table::{Row, Table, Tables};
use crate::lnd::gotime::{Time, Zone};
use crate::lnd::invoice::{AmpSet, Encoding, Features, HtlcState};
use crate::lnd::native::cells::{Cells, columns};
use crate::lnd::native::page::{read_amp, read_htlc, read_invoice, read_record};
use crate::lnd::native::{NativePageRow, Provenance};
use crate::sorting::{sort, sort_by_key};
use crate::source::SourceError;

/// So much of a cell is read while the index is made: hashes, numbers, times.
const CELL: usize = 64;

/// Takes a row of a table.
type Take = fn(&mut SqlIndex, &Table, &Row);

/// One invoice's row.
#[derive(Clone, Copy, Debug)]
struct Place {
    hash: [u8; 32],
    id: i64,
    handle: u64,
}

/// Where all invoices of native SQL stand.
#[derive(Clone, Debug, Default)]
pub(in crate::lnd) struct SqlIndex {
    /// By id.
    places: Vec<Place>,
    /// Places in that list, by hash.
    by_hash: Vec<u32>,
    /// Ids of invoices that have an event of their creation, sorted.
    native: Vec<i64>,
    /// Whether events could be read throughout.
    events_whole: bool,
    /// Place and bit.
    features: Vec<(u32, i32)>,
    /// Place and handle.
    htlcs: Vec<(u32, u64)>,
    /// Place and handle.
    subs: Vec<(u32, u64)>,
    /// Id of the HTLC, and handle.
    amp_htlcs: Vec<(i64, u64)>,
    /// Id of the HTLC, and handle.
    records: Vec<(i64, u64)>,
    /// Rows that hold no hash, no id, or belong to no invoice.
    pub(in crate::lnd) bad: u64,
    /// Stretches that cannot be read.
    pub(in crate::lnd) unreadable: u64,
    /// When the newest invoice was made.
    pub(in crate::lnd) newest: Option<Time>,
    /// The place behind the one that was found last: the migration brings invoices over in their
    /// order, so that the next one mostly stands there.
    next: Cell<usize>,
}

impl SqlIndex {
    /// Reads it. `None` if it was stopped.
    ///
    /// # Errors
    /// [`SourceError`] where the database's source cannot be read.
    pub(in crate::lnd) fn read(
        store: &dyn Tables,
        go_on: &mut GoOn<'_>,
    ) -> Result<Option<SqlIndex>, SourceError> {
        let mut index = SqlIndex { events_whole: true, ..SqlIndex::default() };
        let tables: [(&str, &[&str], Take); 7] = [
            ("invoices", &["id", "hash", "created_at"], SqlIndex::invoice),
            ("invoice_events", &["event_type", "invoice_id"], SqlIndex::event),
            ("invoice_features", &["feature", "invoice_id"], SqlIndex::feature),
            ("invoice_htlcs", &["invoice_id"], SqlIndex::htlc),
            ("amp_sub_invoices", &["invoice_id"], SqlIndex::sub),
            ("amp_sub_invoice_htlcs", &["htlc_id"], SqlIndex::amp_htlc),
            ("invoice_htlc_custom_records", &["htlc_id"], SqlIndex::record),
        ];
        for (name, wanted, take) in tables {
            let Some(number) = store.table(name) else {
                index.events_whole &= name != "invoice_events";
                continue;
            };
            let Some(table) = store.tables().get(number) else { continue };
            let room = Room { entries: 4_096, value: CELL, ..Room::default() };
            let room = room.only(wanted.iter().filter_map(|name| table.column(name)));
            let mut from = None;
            loop {
                let page = store.rows(number, from.as_ref(), room)?;
                index.unreadable = index.unreadable.saturating_add(page.unreadable);
                index.events_whole &= name != "invoice_events" || page.unreadable == 0;
                for row in &page.rows {
                    take(&mut index, table, row);
                }
                if !go_on() {
                    return Ok(None);
                }
                match page.next {
                    Some(next) => from = Some(next),
                    None => break,
                }
            }
            if name == "invoices" {
                sort_by_key(&mut index.places, |place| place.id);
            }
        }
        index.sort();
        Ok(Some(index))
    }

    /// How many invoices there are.
    pub(in crate::lnd) fn len(&self) -> usize {
        self.places.len()
    }

    /// How many of them a migration brought, if no number up to the greatest is missing.
    pub(in crate::lnd) fn migrated_without_gap(&self) -> Option<usize> {
        let greatest = self.places.last()?.id;
        let whole = self.events_whole && self.bad == 0 && self.unreadable == 0;
        if !whole || self.places.first()?.id != 1 || usize::try_from(greatest) != Ok(self.len()) {
            return None;
        }
        let native = self.native.chunk_by(|a, b| a == b).count();
        Some(self.len().saturating_sub(native))
    }

    /// The payment hashes, by id.
    pub(in crate::lnd) fn hashes(&self) -> impl Iterator<Item = [u8; 32]> {
        self.places.iter().map(|place| place.hash)
    }

    /// The place of the invoice of that hash.
    pub(in crate::lnd) fn find(&self, hash: &[u8; 32]) -> Option<usize> {
        let next = self.next.get();
        let guessed = self.places.get(next).is_some_and(|place| place.hash == *hash);
        let found = if guessed { next } else { self.search(hash)? };
        self.next.set(found.saturating_add(1));
        Some(found)
    }

    fn search(&self, hash: &[u8; 32]) -> Option<usize> {
        let of = |place: &u32| self.places.get(*place as usize).map(|place| place.hash);
        let first = self.by_hash.partition_point(|place| of(place).as_ref() < Some(hash));
        let found = *self.by_hash.get(first)?;
        (of(&found).as_ref() == Some(hash)).then_some(found as usize)
    }

    /// Where the invoice at that place comes from.
    pub(in crate::lnd) fn provenance(&self, place: usize) -> Provenance {
        let id = self.places.get(place).map(|place| place.id);
        match id {
            Some(id) if self.native.binary_search(&id).is_ok() => Provenance::Native,
            Some(_) if self.events_whole => Provenance::Migrated,
            _ => Provenance::Unknown,
        }
    }

    /// The invoice at that place, read again with all that belongs to it.
    ///
    /// # Errors
    /// [`SourceError`] where the database's source cannot be read.
    pub(in crate::lnd) fn invoice_at(
        &self,
        store: &dyn Tables,
        place: usize,
    ) -> Result<NativePageRow, SourceError> {
        let mut out = NativePageRow { provenance: self.provenance(place), ..Default::default() };
        out.invoice.encoding = Encoding::Sql;
        let Some(known) = self.places.get(place) else { return Ok(out) };
        out.id = known.id;
        out.hash = Some(known.hash);
        out.invoice.add_index = u64::try_from(known.id).unwrap_or(0);
        let Ok(number) = u32::try_from(place) else { return Ok(out) };
        if let Some((table, row)) = lookup(store, "invoices", known.handle)? {
            out.at = row.at;
            read_invoice(table, &row, &mut out);
        }
        let features = self.features.get(of(&self.features, number)).unwrap_or_default();
        out.invoice.features =
            Features::Rows(features.iter().map(|(_, bit)| (*bit).into()).collect());
        for (_, handle) in self.htlcs.get(of(&self.htlcs, number)).unwrap_or_default() {
            self.read_htlc(store, *handle, &mut out)?;
        }
        let mut sets = Vec::new();
        for (_, handle) in self.subs.get(of(&self.subs, number)).unwrap_or_default() {
            sets.extend(read_set(store, *handle, &mut out)?);
        }
        out.invoice.amp = Some(sets);
        Ok(out)
    }

    fn read_htlc(
        &self,
        store: &dyn Tables,
        handle: u64,
        out: &mut NativePageRow,
    ) -> Result<(), SourceError> {
        let Some((table, row)) = lookup(store, "invoice_htlcs", handle)? else { return Ok(()) };
        let [id] = columns(table, ["id"]);
        let mut htlc = read_htlc(table, &row, &mut out.errors);
        if let Ok(Some(id)) = Cells(&row).integer(id) {
            for (_, handle) in self.amp_htlcs.get(of(&self.amp_htlcs, id)).unwrap_or_default() {
                if let Some((table, row)) = lookup(store, "amp_sub_invoice_htlcs", *handle)? {
                    htlc.amp = Some(Box::new(read_amp(table, &row, &mut out.errors)));
                }
            }
            for (_, handle) in self.records.get(of(&self.records, id)).unwrap_or_default() {
                if let Some((table, row)) = lookup(store, "invoice_htlc_custom_records", *handle)? {
                    htlc.custom_records.push(read_record(table, &row, &mut out.errors));
                }
            }
            sort(&mut htlc.custom_records);
        }
        out.invoice.htlcs.push(htlc);
        Ok(())
    }

    fn invoice(&mut self, table: &Table, row: &Row) {
        let [id, hash, created] = columns(table, ["id", "hash", "created_at"]);
        let cells = Cells(row);
        let (Ok(Some(id)), Ok(Some(hash))) = (cells.integer(id), cells.hash(hash)) else {
            self.bad = self.bad.saturating_add(1);
            return;
        };
        self.places.push(Place { hash, id, handle: row.handle });
        if let Ok(Some(created)) = cells.time(created) {
            let created = Time { zone: Zone::None, ..created };
            self.newest = self.newest.max(Some(created));
        }
    }

    fn event(&mut self, table: &Table, row: &Row) {
        let [kind, invoice] = columns(table, ["event_type", "invoice_id"]);
        let cells = Cells(row);
        match (cells.integer(kind), cells.integer(invoice)) {
            (Ok(Some(0)), Ok(Some(invoice))) => self.native.push(invoice),
            (Ok(Some(_)), Ok(Some(_))) => {}
            _ => self.events_whole = false,
        }
    }

    fn feature(&mut self, table: &Table, row: &Row) {
        let [feature] = columns(table, ["feature"]);
        let bit = Cells(row).integer(feature).ok().flatten();
        let bit = bit.and_then(|bit| i32::try_from(bit).ok());
        match (self.owner(table, row), bit) {
            (Some(place), Some(bit)) => self.features.push((place, bit)),
            _ => self.bad = self.bad.saturating_add(1),
        }
    }

    fn htlc(&mut self, table: &Table, row: &Row) {
        match self.owner(table, row) {
            Some(place) => self.htlcs.push((place, row.handle)),
            None => self.bad = self.bad.saturating_add(1),
        }
    }

    fn sub(&mut self, table: &Table, row: &Row) {
        match self.owner(table, row) {
            Some(place) => self.subs.push((place, row.handle)),
            None => self.bad = self.bad.saturating_add(1),
        }
    }

    fn amp_htlc(&mut self, table: &Table, row: &Row) {
        match by_htlc(table, row) {
            Some(id) => self.amp_htlcs.push((id, row.handle)),
            None => self.bad = self.bad.saturating_add(1),
        }
    }

    fn record(&mut self, table: &Table, row: &Row) {
        match by_htlc(table, row) {
            Some(id) => self.records.push((id, row.handle)),
            None => self.bad = self.bad.saturating_add(1),
        }
    }

    /// The place of the invoice that a row belongs to.
    fn owner(&self, table: &Table, row: &Row) -> Option<u32> {
        let [invoice] = columns(table, ["invoice_id"]);
        let id = Cells(row).integer(invoice).ok().flatten()?;
        let place = self.places.binary_search_by_key(&id, |place| place.id).ok()?;
        u32::try_from(place).ok()
    }

    fn sort(&mut self) {
        let count = u32::try_from(self.places.len()).unwrap_or(u32::MAX);
        let mut by_hash: Vec<u32> = (0..count).collect();
        sort_by_key(&mut by_hash, |place| {
            self.places.get(*place as usize).map_or([0; 32], |place| place.hash)
        });
        self.by_hash = by_hash;
        sort(&mut self.native);
        sort(&mut self.features);
        sort(&mut self.htlcs);
        sort(&mut self.subs);
        sort(&mut self.amp_htlcs);
        sort(&mut self.records);
    }
}

fn by_htlc(table: &Table, row: &Row) -> Option<i64> {
    let [htlc] = columns(table, ["htlc_id"]);
    Cells(row).integer(htlc).ok().flatten()
}

/// The rows of a sorted list that begin with that key.
fn of<K: Ord + Copy, T>(rows: &[(K, T)], key: K) -> Range<usize> {
    let start = rows.partition_point(|(known, _)| *known < key);
    let end = rows.partition_point(|(known, _)| *known <= key);
    start..end
}

fn lookup<'s>(
    store: &'s dyn Tables,
    table: &str,
    handle: u64,
) -> Result<Option<(&'s Table, Row)>, SourceError> {
    let Some(place) = store.table(table) else { return Ok(None) };
    let row = store.row(place, handle)?;
    Ok(store.tables().get(place).zip(row))
}

fn read_set(
    store: &dyn Tables,
    handle: u64,
    out: &mut NativePageRow,
) -> Result<Option<AmpSet>, SourceError> {
    let Some((table, row)) = lookup(store, "amp_sub_invoices", handle)? else { return Ok(None) };
    let [set, state, created, settled, index] =
        columns(table, ["set_id", "state", "created_at", "settled_at", "settle_index"]);
    let cells = Cells(&row);
    let Ok(Some(set_id)) = cells.hash(set) else { return Ok(None) };
    let state = cells.integer(state).ok().flatten().unwrap_or(-1);
    let own = |htlc: &&crate::lnd::invoice::Htlc| {
        htlc.amp.as_ref().is_some_and(|amp| amp.set_id == set_id)
    };
    let circuits = out.invoice.htlcs.iter().filter(own).map(|htlc| htlc.circuit);
    Ok(Some(AmpSet {
        set_id,
        state: HtlcState::from(state),
        settle_index: cells.bits(index).ok().flatten().unwrap_or(0),
        settled: cells.time(settled).ok().flatten().unwrap_or(Time::ZERO),
        created: cells.time(created).ok().flatten(),
        circuits: circuits.collect(),
        amount_paid_msat: None,
    }))
}
