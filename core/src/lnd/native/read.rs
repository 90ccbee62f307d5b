//! Reads the tables, page by page, each once.

use alloc::collections::VecDeque;
use alloc::string::String;
use alloc::vec::Vec;

use super::cells::{Cells, Held, columns};
use super::facts::{NativeFacts, TableRows, TrackerRow};
use super::index::{BadRow, EventRow, HtlcRow, NativeIndex, NativeRow, Provenance, SubRow};
use crate::job::{Job, Progress, Step, Work};
use crate::kv::bucket::{Cursor, Room};
use crate::kv::table::{Cell, Row, Rows, Table, Tables};
use crate::lnd::gotime::Time;
use crate::lnd::invoice::{ContractState, HtlcState};
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

    fn schema(&mut self, table: &Table, rows: &[Row]) {
        let [version, dirty] = columns(table, ["version", "dirty"]);
        for row in rows {
            let cells = Cells(row);
            let mut bad = Bad::new("schema_migrations", row);
            let version = bad.needed("version", cells.integer(version));
            let dirty = bad.needed("dirty", cells.flag(dirty));
            if let (Some(version), Some(dirty), Some(rows)) =
                (version, dirty, &mut self.out.facts.schema)
            {
                rows.push((version, dirty));
            }
            self.bad(&bad);
        }
    }

    fn tracker(&mut self, table: &Table, rows: &[Row]) {
        let [version, time] = columns(table, ["version", "migration_time"]);
        for row in rows {
            let cells = Cells(row);
            let mut bad = Bad::new("migration_tracker", row);
            let version = bad.needed("version", cells.integer(version));
            let text = bad.optional("migration_time", cells.text(time)).map(visible);
            let time = bad.optional("migration_time", cells.time(time));
            if let (Some(version), Some(rows)) = (version, &mut self.out.facts.tracker) {
                let text = text.unwrap_or_default();
                rows.push(TrackerRow { version, text, time, at: row.at });
            }
            self.bad(&bad);
        }
    }

    fn sequences(&mut self, table: &Table, rows: &[Row]) {
        let [name, value] = columns(table, ["name", "current_value"]);
        for row in rows {
            let cells = Cells(row);
            let mut bad = Bad::new("invoice_sequences", row);
            let name: Option<String> = bad.needed("name", cells.text(name)).map(visible);
            let value = bad.needed("current_value", cells.integer(value));
            let facts = &mut self.out.facts;
            if let (Some(name), Some(value), Some(rows)) = (name, value, &mut facts.sequences) {
                if name == "settle_index" {
                    facts.settle_sequence_at = row.at;
                }
                rows.push((name, value));
            }
            self.bad(&bad);
        }
    }

    fn networks(&mut self, table: &Table, rows: &[Row]) {
        let [network] = columns(table, ["network"]);
        for row in rows {
            let mut bad = Bad::new("chain_params", row);
            let network = bad.needed("network", Cells(row).text(network)).map(visible);
            if let (Some(network), Some(networks)) = (network, &mut self.out.facts.networks) {
                networks.push(network);
            }
            self.bad(&bad);
        }
    }

    fn invoices(&mut self, table: &Table, rows: &[Row]) {
        let [id, hash, state, created, settle_index, expiry, amp, paid, request] = columns(
            table,
            [
                "id",
                "hash",
                "state",
                "created_at",
                "settle_index",
                "expiry",
                "is_amp",
                "amount_paid_msat",
                "payment_request",
            ],
        );
        let [preimage, settled, amount, delta, address, hodl, keysend] = columns(
            table,
            [
                "preimage",
                "settled_at",
                "amount_msat",
                "cltv_delta",
                "payment_addr",
                "is_hodl",
                "is_keysend",
            ],
        );
        for row in rows {
            let cells = Cells(row);
            let mut bad = Bad::new("invoices", row);
            let id = bad.needed("id", cells.integer(id));
            bad.row = id;
            let hash = bad.needed("hash", cells.hash(hash));
            let state = bad.needed("state", cells.integer(state));
            let created = bad.needed("created_at", cells.time(created));
            let settle_index = bad.optional("settle_index", cells.integer(settle_index));
            let expiry = bad.needed("expiry", cells.small(expiry)).map(i64::from);
            let amp = bad.needed("is_amp", cells.flag(amp)).unwrap_or(false);
            let paid = bad.needed("amount_paid_msat", cells.bits(paid)).unwrap_or(0);
            let request = bad.optional("payment_request", cells.text(request));
            // What nothing here is said of, and LND reads with every invoice.
            bad.optional("preimage", cells.is_hash(preimage));
            bad.optional("settled_at", cells.time(settled));
            bad.needed("amount_msat", cells.integer(amount));
            bad.optional("cltv_delta", cells.small(delta));
            bad.optional("payment_addr", cells.is_hash(address));
            bad.needed("is_hodl", cells.flag(hodl));
            bad.needed("is_keysend", cells.flag(keysend));
            self.bad(&bad);
            let Some(id) = id else { continue };
            self.out.facts.census.add(request.unwrap_or_default());
            self.out.index.invoices.push(NativeRow {
                id,
                at: row.at,
                hash,
                // A state that cannot be read is none that LND knows.
                state: state.map_or(ContractState::Other(-1), ContractState::from),
                created,
                settle_index,
                expiry,
                amp,
                amount_paid_msat: paid,
                provenance: Provenance::Unknown,
                settled_here: false,
                oldest_event: None,
                htlcs: 0,
                accepted: 0,
                settled_msat: 0,
                handle: row.handle,
            });
        }
    }

    fn events(&mut self, table: &Table, rows: &[Row]) {
        let [added, kind, invoice, set] =
            columns(table, ["added_at", "event_type", "invoice_id", "set_id"]);
        for row in rows {
            let cells = Cells(row);
            let mut bad = Bad::new("invoice_events", row);
            let invoice = bad.needed("invoice_id", cells.integer(invoice));
            bad.row = invoice;
            let kind = bad.needed("event_type", cells.integer(kind));
            let added = bad.needed("added_at", cells.time(added));
            let set = bad.optional("set_id", cells.hash(set));
            let index = &mut self.out.index;
            if let (Some(invoice), Some(kind)) = (invoice, kind) {
                index.events.push(EventRow { invoice, kind, added });
                index.settled_sets.extend(set.filter(|_| kind == 5));
            } else {
                index.events_whole = false;
            }
            self.bad(&bad);
        }
    }

    fn subs(&mut self, table: &Table, rows: &[Row]) {
        let [set, state, settle_index, invoice] =
            columns(table, ["set_id", "state", "settle_index", "invoice_id"]);
        let [created, settled] = columns(table, ["created_at", "settled_at"]);
        for row in rows {
            let cells = Cells(row);
            let mut bad = Bad::new("amp_sub_invoices", row);
            let invoice = bad.needed("invoice_id", cells.integer(invoice));
            bad.row = invoice;
            let set = bad.needed("set_id", cells.hash(set));
            let state = bad.needed("state", cells.integer(state));
            let settle_index = bad.optional("settle_index", cells.integer(settle_index));
            bad.needed("created_at", cells.time(created));
            bad.optional("settled_at", cells.time(settled));
            if let (Some(invoice), Some(set)) = (invoice, set) {
                self.out.index.subs.push(SubRow {
                    invoice,
                    set,
                    state: state.map_or(HtlcState::Other(-1), HtlcState::from),
                    settle_index,
                    settled_here: false,
                    at: row.at,
                    handle: row.handle,
                });
            }
            self.bad(&bad);
        }
    }

    fn htlcs(&mut self, table: &Table, rows: &[Row]) {
        let [id, invoice, amount, state, resolved] =
            columns(table, ["id", "invoice_id", "amount_msat", "state", "resolve_time"]);
        let [channel, number, total, height, accepted, expiry] = columns(
            table,
            [
                "chan_id",
                "htlc_id",
                "total_mpp_msat",
                "accept_height",
                "accept_time",
                "expiry_height",
            ],
        );
        for row in rows {
            let cells = Cells(row);
            let mut bad = Bad::new("invoice_htlcs", row);
            let invoice = bad.needed("invoice_id", cells.integer(invoice));
            bad.row = invoice;
            let id = bad.needed("id", cells.integer(id));
            let amount = bad.needed("amount_msat", cells.bits(amount));
            let state = bad.needed("state", cells.integer(state));
            let resolved = bad.optional("resolve_time", cells.time(resolved));
            bad.needed("chan_id", cells.digits(channel));
            bad.needed("htlc_id", cells.unsigned(number));
            bad.optional("total_mpp_msat", cells.integer(total));
            bad.needed("accept_height", cells.small(height));
            bad.needed("accept_time", cells.time(accepted));
            bad.needed("expiry_height", cells.small(expiry));
            let resolved = resolved.is_some_and(|time| !time.is_unset());
            if let (Some(invoice), Some(id)) = (invoice, id) {
                self.out.index.htlcs.push(HtlcRow {
                    invoice,
                    id,
                    handle: row.handle,
                    amount_msat: amount.unwrap_or(0),
                    state: state.map_or(HtlcState::Other(-1), HtlcState::from),
                    resolved,
                    at: row.at,
                });
            }
            self.bad(&bad);
        }
    }

    /// What nothing here is said of, and LND reads with every AMP invoice.
    fn amp_htlcs(&mut self, table: &Table, rows: &[Row]) {
        let [htlc, share, set, child, hash, preimage] =
            columns(table, ["htlc_id", "root_share", "set_id", "child_index", "hash", "preimage"]);
        for row in rows {
            let cells = Cells(row);
            let mut bad = Bad::new("amp_sub_invoice_htlcs", row);
            // Without it the row is told of below.
            let Ok(Some(_)) = cells.integer(htlc) else { continue };
            bad.needed("root_share", cells.is_hash(share));
            bad.needed("set_id", cells.is_hash(set));
            bad.needed("child_index", cells.child_index(child));
            bad.needed("hash", cells.is_hash(hash));
            bad.optional("preimage", cells.is_hash(preimage));
            self.bad(&bad);
        }
    }

    /// Rows that belong to an HTLC: its id, and where they stand.
    fn by_htlc(&mut self, name: &'static str, table: &Table, rows: &[Row]) -> Vec<(i64, u64)> {
        let [htlc] = columns(table, ["htlc_id"]);
        let mut found = Vec::new();
        for row in rows {
            let mut bad = Bad::new(name, row);
            let htlc = bad.needed("htlc_id", Cells(row).integer(htlc));
            found.extend(htlc.map(|htlc| (htlc, row.handle)));
            self.bad(&bad);
        }
        found
    }

    fn features(&mut self, table: &Table, rows: &[Row]) {
        let [feature, invoice] = columns(table, ["feature", "invoice_id"]);
        for row in rows {
            let cells = Cells(row);
            let mut bad = Bad::new("invoice_features", row);
            let invoice = bad.needed("invoice_id", cells.integer(invoice));
            bad.row = invoice;
            let feature = bad.needed("feature", cells.integer(feature));
            self.out.index.features.extend(invoice.zip(feature));
            self.bad(&bad);
        }
    }

    fn bad(&mut self, bad: &Bad) {
        if let Some(field) = bad.field {
            self.out.index.push_bad(BadRow { table: bad.table, at: bad.at, row: bad.row, field });
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

impl NativeFacts {
    fn count(&mut self, row: &NativeRow) {
        let ledger = &mut self.ledger;
        ledger.invoices += 1;
        ledger.amp += u64::from(row.amp);
        *match row.state {
            ContractState::Open => &mut ledger.open,
            ContractState::Settled => &mut ledger.settled,
            ContractState::Canceled => &mut ledger.canceled,
            ContractState::Accepted => &mut ledger.accepted,
            ContractState::Other(_) => &mut ledger.other,
        } += 1;
        ledger.native += u64::from(row.provenance == Provenance::Native);
        ledger.migrated += u64::from(row.provenance == Provenance::Migrated);
        let Some(created) = row.created else { return };
        let moment = |time: Time| (time.seconds, time.nanoseconds);
        let newer = |than: Option<Time>| than.is_none_or(|than| moment(created) > moment(than));
        if self.oldest.is_none_or(|oldest| moment(created) < moment(oldest)) {
            self.oldest = Some(created);
        }
        if newer(self.newest) {
            self.newest = Some(created);
        }
        if row.provenance == Provenance::Native && newer(self.newest_native) {
            self.newest_native = Some(created);
        }
    }
}

/// The first of a row's cells that does not hold what it ought to.
struct Bad {
    table: &'static str,
    at: crate::kv::bucket::At,
    row: Option<i64>,
    field: Option<&'static str>,
}

impl Bad {
    fn new(table: &'static str, row: &Row) -> Bad {
        Bad { table, at: row.at, row: None, field: None }
    }

    fn optional<T>(&mut self, field: &'static str, held: Held<T>) -> Option<T> {
        if held.is_err() && self.field.is_none() {
            self.field = Some(field);
        }
        held.ok().flatten()
    }

    fn needed<T>(&mut self, field: &'static str, held: Held<T>) -> Option<T> {
        let value = self.optional(field, held);
        if value.is_none() && self.field.is_none() {
            self.field = Some(field);
        }
        value
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
