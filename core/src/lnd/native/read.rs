//! Reads the tables, page by page, each once.

mod bad;
mod invoices;
mod settings;

use alloc::collections::VecDeque;
use alloc::vec::Vec;

use super::facts::{NativeFacts, TableRows};
use super::index::NativeIndex;
use crate::job::{Job, Progress, Step, Work};
use crate::kv::bucket::{Cursor, Room};
use crate::kv::table::{Cell, Rows, Table, Tables};
use crate::sorting::sort_by_key;
use crate::source::SourceError;
use crate::text::visible;

/// What one pass over native SQL gives.
#[derive(Clone, Debug, Default)]
pub struct Native {
    /// Its invoices.
    pub index: NativeIndex,
    /// What else it says.
    pub facts: NativeFacts,
}

/// So many bytes of a cell are read at most: a memo has up to 1,024, a payment request 4,096 (and
/// more in a column of text, where nothing bounds them); the rest of a longer one is not looked at.
pub(super) const CELL: usize = 1 << 20;

/// A pass over the tables, which the caller lends anew at each step.
#[derive(Debug)]
pub struct NativeReading {
    queue: VecDeque<Pending>,
    out: Native,
    counted: bool,
    begun: bool,
    read: u64,
    total: u64,
}

#[derive(Debug)]
struct Pending {
    task: Task,
    table: usize,
    from: Option<Cursor>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Task {
    Schema,
    Tracker,
    Sequences,
    Networks,
    Scratch,
    Invoices,
    Events,
    Subs,
    Htlcs,
    AmpHtlcs,
    Records,
    Features,
    Count,
}

impl Task {
    fn of(table: &str) -> Option<Task> {
        Some(match table {
            "schema_migrations" => Task::Schema,
            "migration_tracker" => Task::Tracker,
            "invoice_sequences" => Task::Sequences,
            "chain_params" => Task::Networks,
            "invoice_payment_hashes" => Task::Scratch,
            "invoices" => Task::Invoices,
            "invoice_events" => Task::Events,
            "amp_sub_invoices" => Task::Subs,
            "invoice_htlcs" => Task::Htlcs,
            "amp_sub_invoice_htlcs" => Task::AmpHtlcs,
            "invoice_htlc_custom_records" => Task::Records,
            "invoice_features" => Task::Features,
            _ => return None,
        })
    }
}

impl NativeReading {
    /// A pass that also counts the rows of all other tables if `counted`. `total` is the database's
    /// length in bytes, to show progress by; 0 if it is not known.
    pub fn new(counted: bool, total: u64) -> NativeReading {
        let (queue, out) = (VecDeque::new(), Native::default());
        NativeReading { queue, out, counted, begun: false, read: 0, total }
    }

    /// Does at most `work`, and one page more.
    ///
    /// # Errors
    /// [`SourceError`] where the database's source cannot be read.
    pub fn step(&mut self, store: &dyn Tables, work: Work) -> Result<Step<Native>, SourceError> {
        if !self.begun {
            self.begin(store.tables());
        }
        let goal = self.read.saturating_add(work.bytes.max(1));
        while self.read < goal {
            let Some(pending) = self.queue.pop_front() else {
                self.finish();
                return Ok(Step::Done(core::mem::take(&mut self.out)));
            };
            let value = if pending.task == Task::Count { 0 } else { CELL };
            let room = Room { value, ..Room::default() };
            let rows = store.rows(pending.table, pending.from.as_ref(), room)?;
            if let Some(table) = store.tables().get(pending.table) {
                self.page(pending.task, pending.table, table, rows);
            }
        }
        let total = self.total.max(self.read);
        Ok(Step::More(Progress { done: self.read, total }))
    }

    fn begin(&mut self, tables: &[Table]) {
        self.begun = true;
        let facts = &mut self.out.facts;
        for (place, table) in tables.iter().enumerate() {
            facts.tables.push(TableRows {
                name: visible(table.name.as_bytes()),
                columns: table.columns.iter().map(|name| visible(name.as_bytes())).collect(),
                rows: None,
                unreadable: 0,
            });
            let task = match Task::of(&table.name) {
                Some(task) => task,
                None if self.counted => Task::Count,
                None => continue,
            };
            match task {
                Task::Schema => facts.schema = Some(Vec::new()),
                Task::Tracker => facts.tracker = Some(Vec::new()),
                Task::Sequences => facts.sequences = Some(Vec::new()),
                Task::Networks => facts.networks = Some(Vec::new()),
                Task::Scratch => facts.scratch = Some(0),
                Task::Events => self.out.index.events_whole = true,
                _ => {}
            }
            self.queue.push_back(Pending { task, table: place, from: None });
        }
    }

    fn page(&mut self, task: Task, place: usize, table: &Table, page: Rows) {
        self.read = self.read.saturating_add(64);
        if let Some(table) = self.out.facts.tables.get_mut(place) {
            let rows = page.rows.len() as u64;
            table.rows = Some(table.rows.unwrap_or(0).saturating_add(rows));
            table.unreadable = table.unreadable.saturating_add(page.unreadable);
        }
        if task == Task::Events && page.unreadable > 0 {
            self.out.index.events_whole = false;
        }
        for row in &page.rows {
            self.read = self.read.saturating_add(row.cells.iter().map(size).sum());
        }
        let rows = page.rows.as_slice();
        match task {
            Task::Schema => self.schema(table, rows),
            Task::Tracker => self.tracker(table, rows),
            Task::Sequences => self.sequences(table, rows),
            Task::Networks => self.networks(table, rows),
            Task::Scratch => {
                let scratch = self.out.facts.scratch.unwrap_or(0);
                self.out.facts.scratch = Some(scratch.saturating_add(rows.len() as u64));
            }
            Task::Invoices => self.invoices(table, rows),
            Task::Events => self.events(table, rows),
            Task::Subs => self.subs(table, rows),
            Task::Htlcs => self.htlcs(table, rows),
            Task::AmpHtlcs => {
                self.amp_htlcs(table, rows);
                let by_htlc = self.by_htlc("amp_sub_invoice_htlcs", table, rows);
                self.out.index.amp_htlcs.extend(by_htlc);
            }
            Task::Records => {
                let by_htlc = self.by_htlc("invoice_htlc_custom_records", table, rows);
                self.out.index.records.extend(by_htlc);
            }
            Task::Features => self.features(table, rows),
            Task::Count => {}
        }
        if page.next.is_some() {
            self.queue.push_front(Pending { task, table: place, from: page.next });
        }
    }

    fn finish(&mut self) {
        let Native { index, facts } = &mut self.out;
        facts.ledger.events = index.events.len() as u64;
        index.join();
        if let Some(rows) = &mut facts.tracker {
            sort_by_key(rows, |row| row.version);
        }
        facts.ledger.htlcs = index.htlcs.len() as u64;
        facts.ledger.amp_sets = index.subs.len() as u64;
        for row in &index.invoices {
            facts.count(row);
        }
    }
}

fn size(cell: &Cell) -> u64 {
    match cell {
        Cell::Text(bytes) | Cell::Blob(bytes) => bytes.len() as u64,
        _ => 8,
    }
}

/// A pass over tables that stay lent to it.
pub struct NativeJob<'a> {
    store: &'a dyn Tables,
    reading: NativeReading,
}

impl<'a> NativeJob<'a> {
    /// As [`NativeReading::new`], over that database.
    pub fn new(store: &'a dyn Tables, counted: bool, total: u64) -> NativeJob<'a> {
        NativeJob { store, reading: NativeReading::new(counted, total) }
    }
}

impl Job for NativeJob<'_> {
    type Out = Native;

    fn step(&mut self, work: Work) -> Result<Step<Native>, SourceError> {
        self.reading.step(self.store, work)
    }
}
