//! The tree of buckets as rows: names, counts, sequences. Values only by their length, keys that
//! identify or pay only by a pseudonym, unless revealing was asked for.

mod keys;

use alloc::string::String;
use alloc::vec::Vec;
use core::ops::ControlFlow;

use serde::ser::{Serialize, SerializeMap, Serializer};

use self::keys::Keys;
use super::check::Given;
use super::invoices::Reading;
use super::migration::KvStore;
use super::pace::{Pace, Watch};
use super::privacy::{Privacy, Pseudonyms};
use super::stores::{Ask, Lent, Tree, lend};
use crate::kv::bucket::{BucketId, Buckets, Cursor, Entry, Room, Value};
use crate::kv::sqlkv::Wanted;
use crate::source::SourceError;
use crate::text;

/// Buckets are gone into up to this depth.
pub const DEPTH: usize = 64;

/// Of a revealed value so many bytes are shown.
pub const SHOWN: usize = 4_096;

/// What is outlined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Which tree.
    pub tree: Tree,
    /// The bucket to begin with: keys from the root, as they are in the store.
    pub path: Vec<Vec<u8>>,
    /// How many levels are shown; at least one.
    pub depth: usize,
    /// Tells keys and values, which are otherwise left out or renamed.
    pub reveal: bool,
}

/// The bucket that was begun with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun {
    /// What kind of store.
    pub store: KvStore,
    /// Its prefix in SQL, made visible.
    pub prefix: Option<String>,
    /// The keys that lead to the bucket, as rows show them.
    pub path: Vec<String>,
    /// Its counts.
    pub counts: Counts,
}

/// What stands directly in a bucket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Its counter.
    pub sequence: u64,
    /// Buckets in it.
    pub buckets: u64,
    /// Keys with values.
    pub values: u64,
    /// Stretches of it that cannot be read.
    pub unreadable: u64,
}

/// One key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// How deep below the bucket that was begun with; 0 for what stands in it.
    pub depth: usize,
    /// The key, or what is shown in its place.
    pub key: String,
    /// The key as it stands in the store, for whoever goes into the bucket ([`Options::path`]); it is
    /// never written.
    pub raw: Vec<u8>,
    /// Where it stands.
    pub at: crate::kv::bucket::At,
    /// What it leads to.
    pub what: What,
}

/// What a key leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A bucket.
    Bucket(Counts),
    /// A value.
    Value {
        /// Its length in bytes.
        len: u64,
        /// Its first [`SHOWN`] bytes in hexadecimal, if revealing was asked for.
        hex: Option<String>,
    },
    /// A value that cannot be read.
    Unreadable,
}

impl Serialize for Row {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("depth", &self.depth)?;
        map.serialize_entry("key", &self.key)?;
        map.serialize_entry("span", &self.at.span())?;
        match &self.what {
            What::Bucket(counts) => {
                map.serialize_entry("kind", "bucket")?;
                map.serialize_entry("sequence", &super::gotime::Text(counts.sequence))?;
                map.serialize_entry("buckets", &counts.buckets)?;
                map.serialize_entry("values", &counts.values)?;
                map.serialize_entry("unreadable", &counts.unreadable)?;
            }
            What::Value { len, hex } => {
                map.serialize_entry("kind", "value")?;
                map.serialize_entry("len", len)?;
                map.serialize_entry("hex", hex)?;
            }
            What::Unreadable => map.serialize_entry("kind", "unreadable")?,
        }
        map.end()
    }
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It was stopped.
    Stopped,
    /// The file holds no such tree.
    NoTree,
    /// The tree has no such bucket.
    NoBucket,
    /// All was shown.
    Shown(Begun),
}

/// Takes each row, from the bucket that was begun with; `false` ends the outline.
pub type Each<'e> = dyn FnMut(&Begun, Row) -> bool + 'e;

/// Outlines the tree of the first of these files that has one.
///
/// # Errors
/// [`SourceError`] where a source cannot be read.
pub fn outline(
    given: &[Given<'_>],
    options: &Options,
    watch: &mut Watch<'_>,
    each: &mut Each<'_>,
) -> Result<Ended, SourceError> {
    let indexed = match options.path.first() {
        // Names come from all of the invoices' indexes.
        Some(top) if Wanted::OF_LND.contains(&top.as_slice()) => Wanted::Lnd,
        Some(top) => Wanted::Only(alloc::vec![top.clone()]),
        None => Wanted::All,
    };
    let ask = Ask { input: None, native: false, buckets: options.tree.clone(), indexed };
    let mut ended = Ended::NoTree;
    let through = lend(given, &ask, watch, &mut |(_, size), lent, pace| {
        if let Lent::Buckets { store, prefix, buckets } = lent {
            let prefix = prefix.map(|prefix| text::visible(prefix.as_bytes()));
            ended = of_tree(buckets, (store, prefix), size, options, pace, each)?;
        }
        Ok(ControlFlow::Break(()))
    })?;
    Ok(through.map_or(Ended::Stopped, |()| ended))
}

fn of_tree(
    buckets: &dyn Buckets,
    (store, prefix): (KvStore, Option<String>),
    size: u64,
    options: &Options,
    pace: &mut Pace<'_, '_>,
    each: &mut Each<'_>,
) -> Result<Ended, SourceError> {
    let path: Vec<&[u8]> = options.path.iter().map(Vec::as_slice).collect();
    let Some((bucket, sequence)) = buckets.find(&path)? else { return Ok(Ended::NoBucket) };
    let Some(mut keys) = keys(buckets, size, options, pace)? else { return Ok(Ended::Stopped) };
    let Some(counts) = counts(buckets, (bucket, sequence), pace)? else {
        return Ok(Ended::Stopped);
    };
    let shown = (0..path.len()).filter_map(|at| {
        let (key, above) = path.get(..=at)?.split_last()?;
        Some(keys.bucket(above, key))
    });
    let begun = Begun { store, prefix, path: shown.collect(), counts };
    let mut walk = Walk { buckets, options, path: options.path.clone(), keys };
    let through = walk.all(bucket, pace, &mut |row| each(&begun, row))?;
    Ok(if through { Ended::Shown(begun) } else { Ended::Stopped })
}

/// How keys are shown. Those of invoices have the names that they have everywhere, for which the
/// invoices are read first. `None` if it was stopped.
fn keys(
    buckets: &dyn Buckets,
    size: u64,
    options: &Options,
    pace: &mut Pace<'_, '_>,
) -> Result<Option<Keys>, SourceError> {
    if options.reveal {
        return Ok(Some(Keys::new(Privacy::revealed())));
    }
    let privacy = Privacy::redacted(Pseudonyms::default());
    let named = [&b"invoices"[..], b"pay-addr-index", b"set-id-index"];
    let concerned = match options.path.first() {
        Some(top) => named.contains(&top.as_slice()),
        None => options.depth > 1,
    };
    if concerned {
        let mut reading = Reading::new(false, size);
        let Some(read) = pace.steps(size, &mut |work| reading.step(buckets, work))? else {
            return Ok(None);
        };
        privacy.name(|names| read.index.name(names));
    }
    Ok(Some(Keys::new(privacy)))
}

/// What stands in a bucket. `None` if it was stopped.
fn counts(
    buckets: &dyn Buckets,
    (bucket, sequence): (BucketId, u64),
    pace: &mut Pace<'_, '_>,
) -> Result<Option<Counts>, SourceError> {
    let mut counts = Counts { sequence, ..Counts::default() };
    let mut from = None;
    loop {
        let page = buckets.entries(bucket, from.as_ref(), Room { value: 0, ..Room::default() })?;
        counts.unreadable = counts.unreadable.saturating_add(page.unreadable);
        for entry in &page.entries {
            match entry.value {
                Value::Bucket { .. } => counts.buckets += 1,
                Value::Bytes { .. } | Value::Unreadable => counts.values += 1,
            }
        }
        match page.next {
            Some(next) if pace.tick() => from = Some(next),
            Some(_) => return Ok(None),
            None => return Ok(Some(counts)),
        }
    }
}

/// A bucket that is being shown.
#[expect(clippy::option_option, reason = "the beginning, a place, and no more are three things")]
struct Level {
    id: BucketId,
    /// Entries that are read and not shown yet, the next one last.
    waiting: Vec<Entry>,
    /// Where to read on; outside `None` once there is nothing more.
    next: Option<Option<Cursor>>,
}

struct Walk<'a> {
    buckets: &'a dyn Buckets,
    options: &'a Options,
    /// The keys from the root to the bucket that is being shown.
    path: Vec<Vec<u8>>,
    keys: Keys,
}

impl Walk<'_> {
    /// Everything below a bucket; `false` if it was stopped by whoever watches.
    fn all(
        &mut self,
        bucket: BucketId,
        pace: &mut Pace<'_, '_>,
        each: &mut dyn FnMut(Row) -> bool,
    ) -> Result<bool, SourceError> {
        let level = |id| Level { id, waiting: Vec::new(), next: Some(None) };
        let value = if self.options.reveal { SHOWN } else { 0 };
        let room = Room { value, ..Room::default() };
        let most = self.options.depth.clamp(1, DEPTH);
        let mut levels = alloc::vec![level(bucket)];
        loop {
            let depth = levels.len().saturating_sub(1);
            let Some(current) = levels.last_mut() else { return Ok(true) };
            if let Some(entry) = current.waiting.pop() {
                let Some(row) = self.row(&entry, depth, pace)? else { return Ok(false) };
                if !each(row) {
                    return Ok(true);
                }
                if let (Value::Bucket { id, .. }, true) = (&entry.value, depth + 1 < most) {
                    self.path.push(entry.key);
                    levels.push(level(*id));
                }
                continue;
            }
            let Some(from) = current.next.take() else {
                levels.pop();
                if !levels.is_empty() {
                    self.path.pop();
                }
                continue;
            };
            if !pace.tick() {
                return Ok(false);
            }
            let page = self.buckets.entries(current.id, from.as_ref(), room)?;
            current.waiting = page.entries;
            current.waiting.reverse();
            current.next = page.next.map(Some);
        }
    }

    fn row(
        &mut self,
        entry: &Entry,
        depth: usize,
        pace: &mut Pace<'_, '_>,
    ) -> Result<Option<Row>, SourceError> {
        let path: Vec<&[u8]> = self.path.iter().map(Vec::as_slice).collect();
        let (key, what) = match &entry.value {
            Value::Bucket { id, sequence } => {
                let Some(counts) = counts(self.buckets, (*id, *sequence), pace)? else {
                    return Ok(None);
                };
                (self.keys.bucket(&path, &entry.key), What::Bucket(counts))
            }
            Value::Bytes { bytes, len } => {
                let hex = self.options.reveal.then(|| text::hex(bytes));
                (self.keys.value(&path, &entry.key), What::Value { len: *len, hex })
            }
            Value::Unreadable => (self.keys.value(&path, &entry.key), What::Unreadable),
        };
        Ok(Some(Row { depth, key, raw: entry.key.clone(), at: entry.at, what }))
    }
}
