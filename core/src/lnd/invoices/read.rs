//! Reads the store, page by page: every bucket of interest once, bodies decoded and let go.

use alloc::collections::{BTreeSet, VecDeque};
use alloc::vec::Vec;

use sha2::{Digest as _, Sha256};

use super::facts::{Dbp, KvFacts, Marker, TopBucket};
use super::index::{
    AmpRow, Body, Bucket, CircuitRow, HashRow, IndexRow, KvIndex, Nik, Odd, OddKind, SetBody,
    SettleRow,
};
use crate::job::{Job, Progress, Step, Work};
use crate::kv::bucket::{At, BucketId, Buckets, Cursor, Entries, Entry, Room, Value};
use crate::kv::tally::Tally;
use crate::lnd::bytes::Reader;
use crate::lnd::invoice::{self, DecodeError, DecodeErrorKind, Htlc, HtlcState, Invoice};
use crate::source::SourceError;
use crate::text::visible;

/// What one pass over a key-value store gives.
#[derive(Clone, Debug, Default)]
pub struct KvInvoices {
    /// Its invoices' keys and indexes.
    pub index: KvIndex,
    /// What else it says.
    pub facts: KvFacts,
}

/// So many bytes of an invoice are read at most. The largest that LND writes is far below: an HTLC
/// takes about a hundred bytes, and a channel holds 483.
pub(in crate::lnd) const VALUE: usize = 4 << 20;

/// A pass over the store, which the caller lends anew at each step.
#[derive(Debug)]
pub struct Reading {
    queue: VecDeque<Pending>,
    seen: BTreeSet<BucketId>,
    out: KvInvoices,
    counted: bool,
    read: u64,
    total: u64,
}

#[derive(Debug)]
struct Pending {
    task: Task,
    bucket: BucketId,
    from: Option<Cursor>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Task {
    Root,
    Metadata,
    DataTombstone,
    AlreadyMigrated,
    Of(Bucket),
    OpenChannels { depth: u8 },
    ClosedChannels,
    GraphNodes,
    GraphEdges,
    GraphChannels,
    Payments,
}

impl Task {
    fn room(self) -> Room {
        let value = match self {
            Task::Of(Bucket::Invoices) => VALUE,
            Task::Root
            | Task::OpenChannels { .. }
            | Task::ClosedChannels
            | Task::GraphNodes
            | Task::GraphEdges
            | Task::GraphChannels
            | Task::Payments => 0,
            Task::Metadata | Task::DataTombstone | Task::AlreadyMigrated | Task::Of(_) => 4_096,
        };
        Room { value, ..Room::default() }
    }
}

impl Reading {
    /// A pass that also counts channels, nodes and payments if `counted`. `total` is the store's
    /// length in bytes, to show progress by; 0 if it is not known.
    pub fn new(counted: bool, total: u64) -> Reading {
        Reading {
            queue: VecDeque::new(),
            seen: BTreeSet::new(),
            out: KvInvoices::default(),
            counted,
            read: 0,
            total,
        }
    }

    /// Does at most `work`, and one page more.
    ///
    /// # Errors
    /// [`SourceError`] where the store's source cannot be read.
    pub fn step(
        &mut self,
        store: &dyn Buckets,
        work: Work,
    ) -> Result<Step<KvInvoices>, SourceError> {
        if self.read == 0 {
            self.push(Task::Root, store.root());
        }
        let goal = self.read.saturating_add(work.bytes.max(1));
        while self.read < goal {
            let Some(pending) = self.queue.pop_front() else {
                self.out.index.sort();
                return Ok(Step::Done(core::mem::take(&mut self.out)));
            };
            if pending.from.is_none() && self.known(&pending, store)? {
                self.read = self.read.saturating_add(64);
                continue;
            }
            let from = pending.from.as_ref();
            if pending.task == Task::Of(Bucket::Invoices) {
                let index = &mut self.out.index;
                index.checkpoints.push((index.bodies.len() as u64, from.cloned()));
            }
            let page = store.entries(pending.bucket, from, pending.task.room())?;
            self.page(pending.task, pending.bucket, page);
        }
        let total = self.total.max(self.read);
        Ok(Step::More(Progress { done: self.read, total }))
    }

    fn push(&mut self, task: Task, bucket: BucketId) {
        self.queue.push_back(Pending { task, bucket, from: None });
    }

    /// Whether a bucket need not be read, because the store can look up what is wanted of it, or
    /// has counted its keys already.
    fn known(&mut self, pending: &Pending, store: &dyn Buckets) -> Result<bool, SourceError> {
        let bucket = pending.bucket;
        let of_length = |len| store.tally(bucket).and_then(|tally| tally.of_length(len));
        let facts = &mut self.out.facts;
        let (counter, count) = match pending.task {
            Task::GraphEdges => {
                // Beside the policies of all channels, which are many.
                if let Some(Entry { value: Value::Bucket { id, .. }, .. }) =
                    store.get(bucket, b"edge-index")?
                {
                    facts.graph_channels = Some(0);
                    self.push(Task::GraphChannels, id);
                }
                return Ok(true);
            }
            Task::ClosedChannels => {
                (&mut facts.closed_channels, store.tally(bucket).map(Tally::keys))
            }
            Task::GraphNodes => (&mut facts.graph_nodes, of_length(33).map(|(keys, _)| keys)),
            Task::GraphChannels => (&mut facts.graph_channels, of_length(8).map(|(keys, _)| keys)),
            Task::Payments => (&mut facts.payments, of_length(32).map(|(_, buckets)| buckets)),
            _ => return Ok(false),
        };
        if count.is_some() {
            *counter = count;
        }
        Ok(count.is_some())
    }

    fn page(&mut self, task: Task, bucket: BucketId, page: Entries) {
        // A page costs something even if it holds nothing.
        self.read = self.read.saturating_add(64);
        if let Task::Of(kind) = task
            && let Some(unreadable) = self.out.index.unreadable.get_mut(kind as usize)
        {
            *unreadable = unreadable.saturating_add(page.unreadable);
        }
        for entry in page.entries {
            let value = if let Value::Bytes { bytes, .. } = &entry.value { bytes.len() } else { 0 };
            self.read = self.read.saturating_add((entry.key.len() + value) as u64);
            self.entry(task, entry);
        }
        if page.next.is_some() {
            // The same bucket goes on before others, so that each is read as a whole.
            self.queue.push_front(Pending { task, bucket, from: page.next });
        }
    }

    fn entry(&mut self, task: Task, entry: Entry) {
        match task {
            Task::Root => self.top(&entry),
            Task::Metadata => self.metadata(&entry),
            Task::DataTombstone => {
                marker(&mut self.out.facts.data_tombstone, b"data-migration-tombstone", &entry);
            }
            Task::AlreadyMigrated => {
                let name = b"data-migration-already-migrated";
                marker(&mut self.out.facts.already_migrated, name, &entry);
            }
            Task::Of(Bucket::Invoices) => self.invoices(entry),
            Task::Of(Bucket::Hashes) => self.hash(&entry),
            Task::Of(Bucket::Adds) => self.add(&entry),
            Task::Of(Bucket::Settles) => self.settle(&entry),
            Task::Of(kind @ (Bucket::Addresses | Bucket::Sets)) => self.keyed(kind, &entry),
            Task::OpenChannels { depth } => self.open_channel(depth, &entry),
            Task::ClosedChannels => count(&mut self.out.facts.closed_channels, true),
            Task::GraphNodes => count(&mut self.out.facts.graph_nodes, entry.key.len() == 33),
            // Looked up, not walked through.
            Task::GraphEdges => {}
            Task::GraphChannels => {
                count(&mut self.out.facts.graph_channels, entry.key.len() == 8);
            }
            Task::Payments => {
                let payment = entry.key.len() == 32 && matches!(entry.value, Value::Bucket { .. });
                count(&mut self.out.facts.payments, payment);
            }
        }
    }

    fn top(&mut self, entry: &Entry) {
        let Value::Bucket { id, .. } = entry.value else { return };
        let facts = &mut self.out.facts;
        facts.bucket_count = facts.bucket_count.saturating_add(1);
        if facts.buckets.len() < KvFacts::BUCKETS_KEPT {
            facts.buckets.push(TopBucket { name: visible(&entry.key), at: entry.at });
        }
        let task = match entry.key.as_slice() {
            b"metadata" => {
                facts.dbp = Dbp::Missing;
                Task::Metadata
            }
            b"data-migration-tombstone" => {
                facts.data_tombstone = Marker::Empty;
                Task::DataTombstone
            }
            b"data-migration-already-migrated" => {
                facts.already_migrated = Marker::Empty;
                Task::AlreadyMigrated
            }
            b"invoices" => {
                facts.invoices_bucket = true;
                self.out.index.bucket = Some(id);
                self.found(Bucket::Invoices);
                Task::Of(Bucket::Invoices)
            }
            b"pay-addr-index" => {
                self.found(Bucket::Addresses);
                Task::Of(Bucket::Addresses)
            }
            b"set-id-index" => {
                self.found(Bucket::Sets);
                Task::Of(Bucket::Sets)
            }
            b"open-chan-bucket" if self.counted => {
                facts.open_channels = Some(0);
                Task::OpenChannels { depth: 0 }
            }
            b"closed-chan-bucket" if self.counted => {
                facts.closed_channels = Some(0);
                Task::ClosedChannels
            }
            b"graph-node" if self.counted => {
                facts.graph_nodes = Some(0);
                Task::GraphNodes
            }
            b"graph-edge" if self.counted => Task::GraphEdges,
            b"payments-root-bucket" if self.counted => {
                facts.payments = Some(0);
                Task::Payments
            }
            _ => return,
        };
        self.push(task, id);
    }

    fn found(&mut self, bucket: Bucket) {
        if let Some(present) = self.out.index.present.get_mut(bucket as usize) {
            *present = true;
        }
    }

    fn metadata(&mut self, entry: &Entry) {
        let Value::Bytes { bytes, len } = &entry.value else { return };
        match entry.key.as_slice() {
            b"dbp" => {
                let version = bytes.as_slice().try_into().map(u32::from_be_bytes);
                self.out.facts.dbp = version.map_or(Dbp::Malformed(*len), Dbp::Version);
            }
            b"ovk" => self.out.facts.optional_migrations = optional_migrations(bytes).ok(),
            _ => {}
        }
    }

    /// An entry of `invoices`.
    fn invoices(&mut self, entry: Entry) {
        let at = entry.at;
        let (bytes, len) = match entry.value {
            Value::Bucket { id, sequence } => {
                return self.index_bucket(&entry.key, at, id, sequence);
            }
            Value::Unreadable => {
                // The invoice is there, although nothing can be said of it.
                if let Ok(key) = entry.key.as_slice().try_into().map(u32::from_be_bytes) {
                    self.out.index.bodies.push(Body::unreadable(key, at, unreadable(0)));
                }
                return self.odd(Bucket::Invoices, at, OddKind::Unreadable, 0);
            }
            Value::Bytes { bytes, len } => (bytes, len),
        };
        let cut = len > bytes.len() as u64;
        match entry.key.as_slice() {
            b"invoice-tombstone" => self.out.facts.invoice_tombstone = Some((bytes, at)),
            key if key.len() == 4 => {
                let key = key.try_into().map_or(0, u32::from_be_bytes);
                if cut {
                    let error = unreadable(bytes.len() as u64);
                    self.out.index.bodies.push(Body::unreadable(key, at, error));
                } else {
                    self.body(key, at, &bytes);
                }
            }
            key if key.len() == 36 => self.set(key, at, &bytes, cut),
            key => self.odd(Bucket::Invoices, at, OddKind::Key, key.len() as u64),
        }
    }

    fn index_bucket(&mut self, key: &[u8], at: At, id: BucketId, sequence: u64) {
        let index = &mut self.out.index;
        let bucket = match key {
            b"paymenthashes" => Bucket::Hashes,
            b"invoice-add-index" => {
                index.add_sequence = Some(sequence);
                index.bucket_at[0] = at;
                Bucket::Adds
            }
            b"invoice-settle-index" => {
                index.settle_sequence = Some(sequence);
                index.bucket_at[1] = at;
                Bucket::Settles
            }
            // Where an invoice or its HTLCs ought to be.
            key if matches!(key.len(), 4 | 36) => {
                return self.odd(Bucket::Invoices, at, OddKind::Target, 0);
            }
            key => return self.odd(Bucket::Invoices, at, OddKind::Key, key.len() as u64),
        };
        self.found(bucket);
        self.push(Task::Of(bucket), id);
    }

    fn body(&mut self, key: u32, at: At, bytes: &[u8]) {
        let (invoice, error) = match invoice::decode(bytes) {
            Ok(invoice) => (invoice, None),
            Err(failure) => (*failure.partial, Some(failure.error)),
        };
        let KvInvoices { index, facts } = &mut self.out;
        if error.is_none() {
            facts.census.add(&invoice.payment_request);
            facts.saw_created(invoice.created);
        }
        index.circuits(key, at, &invoice.htlcs);
        for set in invoice.amp.iter().flatten() {
            let settle_index = set.settle_index;
            index.amp.push(AmpRow { key, set: set.set_id, settle_index });
        }
        index.bodies.push(Body::of(key, at, &invoice, error));
    }

    fn set(&mut self, key: &[u8], at: At, bytes: &[u8], cut: bool) {
        let split = key.split_first_chunk::<4>();
        let Some((number, set)) =
            split.and_then(|(number, set)| Some((number, set.try_into().ok()?)))
        else {
            return;
        };
        let key = u32::from_be_bytes(*number);
        let (htlcs, mut error) = match invoice::decode_htlcs(bytes) {
            Ok(htlcs) => (htlcs, None),
            Err((error, htlcs)) => (htlcs, Some(error)),
        };
        if cut {
            error = Some(unreadable(bytes.len() as u64));
        }
        let index = &mut self.out.index;
        index.circuits(key, at, &htlcs);
        let htlcs = u32::try_from(htlcs.len()).unwrap_or(u32::MAX);
        index.sets.push(SetBody { key, set, at, htlcs, error });
    }

    fn hash(&mut self, entry: &Entry) {
        if entry.key == b"nik" {
            let index = &mut self.out.index;
            index.nik_at = entry.at;
            index.nik = match &entry.value {
                Value::Bytes { bytes, len } => match bytes.as_slice().try_into() {
                    Ok(number) => Nik::Number(u32::from_be_bytes(number)),
                    Err(_) => Nik::Malformed(*len),
                },
                _ => Nik::Malformed(0),
            };
            return;
        }
        self.keyed(Bucket::Hashes, entry);
    }

    /// An entry of an index whose keys are of 32 bytes.
    fn keyed(&mut self, bucket: Bucket, entry: &Entry) {
        let Some(key) = self.target(bucket, entry) else { return };
        let Ok(hash) = entry.key.as_slice().try_into() else {
            return self.odd(bucket, entry.at, OddKind::Key, entry.key.len() as u64);
        };
        let row = HashRow { hash, key, at: entry.at };
        match bucket {
            Bucket::Addresses => self.out.index.addresses.push(row),
            Bucket::Sets => self.out.index.set_ids.push(row),
            _ => self.out.index.hashes.push(row),
        }
    }

    fn add(&mut self, entry: &Entry) {
        let Some(key) = self.target(Bucket::Adds, entry) else { return };
        let Ok(index) = entry.key.as_slice().try_into().map(u64::from_be_bytes) else {
            return self.odd(Bucket::Adds, entry.at, OddKind::Key, entry.key.len() as u64);
        };
        self.out.index.adds.push(IndexRow { index, key, at: entry.at });
    }

    fn settle(&mut self, entry: &Entry) {
        let Ok(index) = entry.key.as_slice().try_into().map(u64::from_be_bytes) else {
            return self.odd(Bucket::Settles, entry.at, OddKind::Key, entry.key.len() as u64);
        };
        let set = match &entry.value {
            Value::Bytes { bytes, len: 36 } => match bytes.split_first_chunk::<4>() {
                Some((number, set)) => set.try_into().ok().map(|set| (*number, set)),
                None => None,
            },
            _ => None,
        };
        let (key, set) = match set {
            Some((number, set)) => (u32::from_be_bytes(number), Some(set)),
            None => match self.target(Bucket::Settles, entry) {
                Some(key) => (key, None),
                None => return,
            },
        };
        self.out.index.settles.push(SettleRow { index, key, set, at: entry.at });
    }

    /// The invoice's number that is an index's value.
    fn target(&mut self, bucket: Bucket, entry: &Entry) -> Option<u32> {
        let (kind, len) = match &entry.value {
            Value::Bytes { bytes, len } => match bytes.as_slice().try_into() {
                Ok(number) => return Some(u32::from_be_bytes(number)),
                Err(_) => (OddKind::Target, *len),
            },
            Value::Bucket { .. } => (OddKind::Target, 0),
            Value::Unreadable => (OddKind::Unreadable, 0),
        };
        self.odd(bucket, entry.at, kind, len);
        None
    }

    /// Node, then chain, then one bucket for each channel.
    fn open_channel(&mut self, depth: u8, entry: &Entry) {
        let Value::Bucket { id, .. } = entry.value else { return };
        if depth == 2 {
            count(&mut self.out.facts.open_channels, true);
        } else if self.seen.insert(id) {
            // In a damaged store buckets may lead to each other; each is read once.
            self.push(Task::OpenChannels { depth: depth + 1 }, id);
        }
    }

    fn odd(&mut self, bucket: Bucket, at: At, kind: OddKind, len: u64) {
        self.out.index.push_odd(Odd { bucket, at, kind, len });
    }
}

/// A pass over a store that stays lent to it.
pub struct ReadJob<'a> {
    store: &'a dyn Buckets,
    reading: Reading,
}

impl<'a> ReadJob<'a> {
    /// As [`Reading::new`], over that store.
    pub fn new(store: &'a dyn Buckets, counted: bool, total: u64) -> ReadJob<'a> {
        ReadJob { store, reading: Reading::new(counted, total) }
    }
}

impl Job for ReadJob<'_> {
    type Out = KvInvoices;

    fn step(&mut self, work: Work) -> Result<Step<KvInvoices>, SourceError> {
        self.reading.step(self.store, work)
    }
}

impl Body {
    fn of(key: u32, at: At, invoice: &Invoice, error: Option<DecodeError>) -> Body {
        let count = |state| {
            let htlcs = invoice.htlcs.iter().filter(|htlc: &&Htlc| htlc.state == state);
            u32::try_from(htlcs.count()).unwrap_or(u32::MAX)
        };
        Body {
            key,
            at,
            error,
            encoding: invoice.encoding,
            state: invoice.state,
            created: invoice.created,
            add_index: invoice.add_index,
            settle_index: invoice.settle_index,
            payment_addr: invoice.payment_addr,
            payment_request: half_hash(&invoice.payment_request),
            since_v0_11: invoice.hodl.is_some(),
            amp: invoice.is_amp(),
            amount_paid_msat: invoice.amount_paid_msat,
            htlcs: u32::try_from(invoice.htlcs.len()).unwrap_or(u32::MAX),
            accepted: count(HtlcState::Accepted),
            settled_msat: invoice.sum(HtlcState::Settled),
        }
    }

    fn unreadable(key: u32, at: At, error: DecodeError) -> Body {
        Body::of(key, at, &Invoice::default(), Some(error))
    }
}

impl KvIndex {
    fn circuits(&mut self, key: u32, at: At, htlcs: &[Htlc]) {
        let named = htlcs.iter().filter(|htlc| htlc.has_circuit());
        self.circuits.extend(named.map(|htlc| CircuitRow { circuit: htlc.circuit, key, at }));
    }
}

/// The first half of the SHA-256 of a payment request.
fn half_hash(payment_request: &[u8]) -> Option<[u8; 16]> {
    if payment_request.is_empty() {
        return None;
    }
    Sha256::digest(payment_request).first_chunk().copied()
}

fn unreadable(have: u64) -> DecodeError {
    let kind = DecodeErrorKind::Ends { need: have.saturating_add(1), have };
    DecodeError { at: have, field: "value", kind }
}

fn count(counter: &mut Option<u64>, counts: bool) {
    if let Some(counter) = counter {
        *counter = counter.saturating_add(u64::from(counts));
    }
}

fn marker(marker: &mut Marker, name: &[u8], entry: &Entry) {
    if let Value::Bytes { bytes, .. } = &entry.value
        && entry.key == name
        && !bytes.is_empty()
    {
        *marker = Marker::Set { text: visible(bytes), at: entry.at };
    }
}

fn optional_migrations(bytes: &[u8]) -> Result<Vec<u64>, DecodeError> {
    let mut reader = Reader::new(bytes, 0);
    let mut numbers = Vec::new();
    for _ in 0..reader.big_size("ovk.count")? {
        numbers.push(reader.big_size("ovk.number")?);
    }
    Ok(numbers)
}
