//! What else the key-value store says about where the invoices are: versions, markers, tombstones,
//! and how much else is in it.

use alloc::string::String;
use alloc::vec::Vec;

use super::network::Census;
use crate::kv::bucket::At;
use crate::lnd::gotime::Time;

/// The version of channeldb, `metadata`/`dbp` (u32).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dbp {
    /// There is no bucket `metadata`: no channeldb, or one that LND never finished to make.
    #[default]
    NoMetadata,
    /// The bucket is there, the key is not: normal for stores first made by v0.19.2 to v0.21.1.
    Missing,
    /// The value has not four bytes, but so many.
    Malformed(u64),
    /// The version.
    Version(u32),
}

/// A marker: a top-level bucket with a key of the same name in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Marker {
    /// The bucket is not there.
    #[default]
    Absent,
    /// The bucket is there, but not the key, or its value is empty: LND takes neither for a marker.
    Empty,
    /// Its text, made visible, and where it stands.
    Set {
        /// The text.
        text: String,
        /// The bytes.
        at: At,
    },
}

impl Marker {
    /// Its text, if it is set.
    pub fn text(&self) -> Option<&str> {
        match self {
            Marker::Set { text, .. } => Some(text),
            Marker::Absent | Marker::Empty => None,
        }
    }
}

/// A bucket at the top of the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopBucket {
    /// Its name, made visible.
    pub name: String,
    /// Where its entry stands.
    pub at: At,
}

/// What a key-value store says beside its invoices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KvFacts {
    /// The buckets at the top, at most [`KvFacts::BUCKETS_KEPT`] of them.
    pub buckets: Vec<TopBucket>,
    /// How many there are.
    pub bucket_count: u64,
    /// The version of channeldb.
    pub dbp: Dbp,
    /// Optional migrations that ran (`metadata`/`ovk`); `None` without the key or if it cannot be
    /// read.
    pub optional_migrations: Option<Vec<u64>>,
    /// `data-migration-tombstone`: the store was moved elsewhere, and LND refuses it.
    pub data_tombstone: Marker,
    /// `data-migration-already-migrated`: lndinit's sign that this store is a whole destination.
    pub already_migrated: Marker,
    /// Whether the bucket `invoices` is there.
    pub invoices_bucket: bool,
    /// The value of `invoice-tombstone` in it, and where it stands: the invoices moved to native
    /// SQL. LND writes `1` and looks only whether the key is there.
    pub invoice_tombstone: Option<(Vec<u8>, At)>,
    /// The network of each payment request.
    pub census: Census,
    /// When the oldest invoice was made.
    pub oldest: Option<Time>,
    /// When the newest invoice was made.
    pub newest: Option<Time>,
    /// Channels in `open-chan-bucket`; with a database beneath, closed ones may stay there since
    /// v0.21.
    pub open_channels: Option<u64>,
    /// Channels in `closed-chan-bucket`.
    pub closed_channels: Option<u64>,
    /// Nodes of the graph (`graph-node`).
    pub graph_nodes: Option<u64>,
    /// Channels of the graph (`graph-edge`/`edge-index`).
    pub graph_channels: Option<u64>,
    /// Payments (`payments-root-bucket`).
    pub payments: Option<u64>,
}

impl KvFacts {
    /// So many names of buckets are kept.
    pub const BUCKETS_KEPT: usize = 200;

    /// Whether there is a bucket of that name at the top.
    pub fn has_bucket(&self, name: &str) -> bool {
        self.buckets.iter().any(|bucket| bucket.name == name)
    }

    pub(super) fn saw_created(&mut self, time: Time) {
        let moment = |time: Time| (time.seconds, time.nanoseconds);
        if self.oldest.is_none_or(|oldest| moment(time) < moment(oldest)) {
            self.oldest = Some(time);
        }
        if self.newest.is_none_or(|newest| moment(time) > moment(newest)) {
            self.newest = Some(time);
        }
    }
}
