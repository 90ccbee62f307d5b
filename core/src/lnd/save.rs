//! A store's bucket dump, redacted unless revealing was asked for: what is sent instead of the
//! store itself.

use alloc::string::String;
use alloc::vec::Vec;
use core::ops::ControlFlow;

use super::check::Given;
use super::migration::KvStore;
use super::pace::{Pace, Watch};
use super::redactor::{Amounts, LndRedactor};
use super::stores::{Ask, Lent, Tree, lend};
use crate::job::Work;
use crate::kv::bucket::{Buckets, Room, Value};
use crate::kv::dump::{Header, Redactor, Writer};
use crate::kv::sqlkv::Wanted;
use crate::source::SourceError;
use crate::text::visible;

/// Which top-level buckets are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Which {
    /// Those that the migration is judged by: invoices and their indexes, versions and marks.
    #[default]
    Judged,
    /// These.
    Named(Vec<Vec<u8>>),
    /// All of them.
    All,
}

/// What is written.
#[derive(Clone, Debug)]
pub struct Options {
    /// Which tree.
    pub tree: Tree,
    /// Which of its buckets.
    pub which: Which,
    /// Everything as it is; else redacted.
    pub reveal: bool,
    /// What writes it, such as `fulgurite 0.1.0`.
    pub tool: String,
    /// The SHA-256 of the store's file, if it was computed.
    pub sha256: Option<[u8; 32]>,
}

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Saved {
    /// The kind of store.
    pub kind: String,
    /// By which rules it was redacted.
    pub redaction: Option<String>,
    /// Bytes of text.
    pub bytes: u64,
    /// Values.
    pub values: u64,
    /// The top-level buckets that were written, made visible.
    pub written: Vec<String>,
    /// Those that were left out, made visible.
    pub left_out: Vec<String>,
    /// Those that were asked for and are not there, made visible.
    pub missing: Vec<String>,
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It was stopped.
    Stopped,
    /// The file holds no such tree.
    NoTree,
    /// It was written.
    Saved(Saved),
}

/// Writes the dump of the first of these files that has such a tree, piece by piece; `put` stops it
/// with `false`.
///
/// # Errors
/// [`SourceError`] where a source cannot be read.
pub fn save(
    given: &[Given<'_>],
    options: &Options,
    watch: &mut Watch<'_>,
    put: &mut dyn FnMut(&str) -> bool,
) -> Result<Ended, SourceError> {
    let indexed = match &options.which {
        Which::Judged => Wanted::Lnd,
        Which::Named(keys) => Wanted::Only(keys.clone()),
        Which::All => Wanted::All,
    };
    let ask = Ask { input: None, native: false, buckets: options.tree.clone(), indexed };
    let mut ended = Ended::NoTree;
    let through = lend(given, &ask, watch, &mut |(_, size), lent, pace| {
        if let Lent::Buckets { store, buckets, .. } = lent {
            ended = match of_tree(buckets, (store, size), options, pace, put)? {
                Some(saved) => Ended::Saved(saved),
                None => Ended::Stopped,
            };
        }
        Ok(ControlFlow::Break(()))
    })?;
    Ok(through.map_or(Ended::Stopped, |()| ended))
}

fn of_tree(
    store: &dyn Buckets,
    (kind, size): (KvStore, u64),
    options: &Options,
    pace: &mut Pace<'_, '_>,
    put: &mut dyn FnMut(&str) -> bool,
) -> Result<Option<Saved>, SourceError> {
    let mut saved = Saved { kind: kind_name(kind).into(), ..Saved::default() };
    let buckets = choose(&top_level(store)?, &options.which, &mut saved);
    let header = Header {
        tool: options.tool.clone(),
        kind: saved.kind.clone(),
        size,
        sha256: options.sha256,
        redaction: None,
        buckets,
    };
    let mut redactor = LndRedactor::new(Amounts::default());
    saved.redaction = (!options.reveal).then(|| redactor.name().into());
    let redactor: Option<&mut dyn Redactor> =
        if options.reveal { None } else { Some(&mut redactor) };
    let mut writer = Writer::new(store, header, redactor);
    while let Some(piece) = writer.next(Work::default())? {
        if !put(&piece) || !pace.tick() {
            return Ok(None);
        }
    }
    saved.bytes = writer.written();
    saved.values = writer.entries();
    Ok(Some(saved))
}

/// As `docs/format/bucket-dump.md` names it.
const fn kind_name(store: KvStore) -> &'static str {
    match store {
        KvStore::Bolt => "bolt",
        KvStore::Sqlite => "sqlite",
        KvStore::Postgres => "pgdump",
        KvStore::Dump => "dump",
    }
}

/// The keys of the top-level buckets.
fn top_level(store: &dyn Buckets) -> Result<Vec<Vec<u8>>, SourceError> {
    let mut keys = Vec::new();
    let mut from = None;
    loop {
        let room = Room { value: 0, ..Room::default() };
        let page = store.entries(store.root(), from.as_ref(), room)?;
        let bucket = |value: &Value| matches!(value, Value::Bucket { .. });
        let buckets = page.entries.into_iter().filter(|entry| bucket(&entry.value));
        keys.extend(buckets.map(|entry| entry.key));
        match page.next {
            Some(next) => from = Some(next),
            None => return Ok(keys),
        }
    }
}

/// The header's list of what is written; what that means for this store is noted.
fn choose(there: &[Vec<u8>], which: &Which, saved: &mut Saved) -> Option<Vec<Vec<u8>>> {
    let wanted: Option<Vec<Vec<u8>>> = match which {
        Which::All => None,
        Which::Named(keys) => Some(keys.clone()),
        Which::Judged => Some(Wanted::OF_LND.iter().map(|key| key.to_vec()).collect()),
    };
    let is_wanted = |key: &Vec<u8>| wanted.as_ref().is_none_or(|wanted| wanted.contains(key));
    for key in there {
        let list = if is_wanted(key) { &mut saved.written } else { &mut saved.left_out };
        list.push(visible(key));
    }
    if let Which::Named(keys) = which {
        let missing = keys.iter().filter(|key| !there.contains(key));
        saved.missing = missing.map(|key| visible(key)).collect();
    }
    wanted
}
