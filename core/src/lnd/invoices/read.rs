//! Reads the store, page by page: every bucket of interest once, bodies decoded and let go.

mod bodies;
mod indexes;

use alloc::collections::{BTreeSet, VecDeque};
use alloc::vec::Vec;

use super::facts::{Dbp, KvFacts, Marker, TopBucket};
use super::index::{Bucket, KvIndex};
use crate::job::{Job, Progress, Step, Work};
use crate::kv::bucket::{BucketId, Buckets, Cursor, Entries, Entry, Room, Value};
use crate::kv::tally::Tally;
use crate::lnd::bytes::Reader;
use crate::lnd::invoice::DecodeError;
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
