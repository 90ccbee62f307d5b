//! Builds the tree in two passes over the table, or three where rows have no bucket above them.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::super::bucket::{At, BucketId, Cursor, Room};
use super::super::table::{Cell, Row, Rows, Tables};
use super::super::tally::Tallies;
use super::tree::{Bucket, Leaf, NONE, Small, Tree};
use super::{Columns, SqlBuckets, integer};
use crate::finding::{Code, Finding, Findings, Values};
use crate::job::{Job, Progress, Step, Work};
use crate::sorting::sort_by_key;
use crate::source::SourceError;
use crate::text::visible;

/// Below which top-level buckets the keys of all rows are indexed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// What is judged of a node's stores: invoices and their indexes, versions and markers, and
    /// the names (not the values) of macaroon root keys.
    Lnd,
    /// These.
    Only(Vec<Vec<u8>>),
    /// All. Then duplicate keys are found everywhere, too.
    All,
}

/// [`Wanted::Lnd`].
const LND: [&[u8]; 8] = [
    b"invoices",
    b"pay-addr-index",
    b"set-id-index",
    b"metadata",
    b"data-migration-tombstone",
    b"data-migration-already-migrated",
    b"macrootkeys",
    b"lnwallet",
];

impl Wanted {
    /// The top-level buckets of [`Wanted::Lnd`].
    pub const OF_LND: &[&[u8]] = &LND;

    fn has(&self, key: &[u8]) -> bool {
        match self {
            Wanted::Lnd => LND.contains(&key),
            Wanted::Only(keys) => keys.iter().any(|wanted| wanted == key),
            Wanted::All => true,
        }
    }
}

/// How a tree is built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// What is indexed.
    pub wanted: Wanted,
    /// The length of the file, for [`Progress`] only.
    pub size: u64,
}

impl Default for Options {
    fn default() -> Self {
        Options { wanted: Wanted::Lnd, size: 0 }
    }
}

/// Keys are read so far at first; longer ones, which LND has none of, once more and whole.
const KEY: usize = 64;

/// So many buckets inside one at the top have their keys counted.
const FEW: usize = 64;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pass {
    Buckets,
    Leaves,
    /// Which of the missing parents are there and are values.
    Parents,
}

/// Builds [`SqlBuckets`].
pub struct SqlBucketsJob<'a> {
    tables: &'a dyn Tables,
    table: usize,
    columns: Columns,
    options: Options,
    pass: Pass,
    from: Option<Cursor>,
    tree: Tree,
    findings: Findings,
    name: alloc::string::String,
    /// Rows whose parent is no bucket: of each missing parent the first, and how many there are.
    orphans: alloc::collections::BTreeMap<i64, (i64, At, u64)>,
    values: BTreeSet<i64>,
    unreadable: u64,
    tallies: Tallies,
    done: u64,
}

impl<'a> SqlBucketsJob<'a> {
    /// Of the table `<prefix>_kv`; `None` if there is none, or not with the columns of one.
    pub fn new(
        tables: &'a dyn Tables,
        prefix: &str,
        options: Options,
    ) -> Option<SqlBucketsJob<'a>> {
        let named =
            |table: &super::super::table::Table| table.name.strip_suffix("_kv") == Some(prefix);
        let table = tables.tables().iter().position(named)?;
        Some(SqlBucketsJob {
            tables,
            table,
            columns: Columns::of(tables, table)?,
            options,
            pass: Pass::Buckets,
            from: None,
            tree: Tree::default(),
            findings: Findings::default(),
            name: visible(alloc::format!("{prefix}_kv").as_bytes()),
            orphans: alloc::collections::BTreeMap::new(),
            values: BTreeSet::new(),
            unreadable: 0,
            tallies: Tallies::default(),
            done: 0,
        })
    }
}

impl<'a> Job for SqlBucketsJob<'a> {
    type Out = SqlBuckets<'a>;

    fn step(&mut self, work: Work) -> Result<Step<SqlBuckets<'a>>, SourceError> {
        let mut left = work.bytes.max(1);
        loop {
            let bytes = usize::try_from(left.min(1 << 20)).unwrap_or(1 << 20);
            let Columns { key, value, parent, id, sequence } = self.columns;
            let room = Room { entries: 4_096, bytes, value: KEY, ..Room::default() };
            let room = match self.pass {
                Pass::Buckets => room.only([key, parent, id, sequence]),
                Pass::Leaves => room.only([key, value, parent, id]),
                Pass::Parents => room.only([id]),
            };
            let rows = self.tables.rows(self.table, self.from.as_ref(), room)?;
            let Rows { rows, next, unreadable } = rows;
            if self.pass == Pass::Buckets {
                self.unreadable += unreadable;
            }
            let mut read = 1;
            for row in &rows {
                read += row.at.span().len().max(8);
                self.row(row)?;
            }
            self.done += read;
            left = left.saturating_sub(read);
            let over = next.is_none();
            self.from = next;
            if over && self.next_pass() {
                return Ok(Step::Done(self.out()));
            }
            if left == 0 {
                let total = self.options.size.saturating_mul(2).max(self.done);
                return Ok(Step::More(Progress { done: self.done, total }));
            }
        }
    }
}

impl<'a> SqlBucketsJob<'a> {
    fn row(&mut self, row: &Row) -> Result<(), SourceError> {
        let is_bucket = row.cells.get(self.columns.value) == Some(&Cell::Null);
        match self.pass {
            Pass::Buckets if is_bucket => self.bucket(row),
            Pass::Leaves if !is_bucket => self.leaf(row),
            Pass::Parents if !is_bucket => {
                if let Ok(Some(id)) = integer(row, self.columns.id)
                    && self.orphans.contains_key(&id)
                {
                    self.values.insert(id);
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// The key of a row, whole.
    fn key(&self, row: &Row) -> Result<Option<Vec<u8>>, SourceError> {
        match row.cells.get(self.columns.key) {
            Some(Cell::Blob(key) | Cell::Text(key)) if key.len() < KEY => Ok(Some(key.clone())),
            Some(Cell::Blob(_) | Cell::Text(_)) => {
                let whole = self.tables.row(self.table, row.handle)?;
                let cell = whole.and_then(|row| row.cells.into_iter().nth(self.columns.key));
                Ok(match cell {
                    Some(Cell::Blob(key) | Cell::Text(key)) => Some(key),
                    _ => None,
                })
            }
            _ => Ok(None),
        }
    }

    fn bucket(&mut self, row: &Row) -> Result<(), SourceError> {
        let Columns { id, parent, sequence, .. } = self.columns;
        let (Some(key), Ok(Some(id)), Ok(parent_id), Ok(sequence)) =
            (self.key(row)?, integer(row, id), integer(row, parent), integer(row, sequence))
        else {
            self.broken("unreadable_row", integer(row, id).ok().flatten(), row.at, &Values::new());
            return Ok(());
        };
        if self.tree.buckets.len() >= NONE as usize - 1 {
            return Ok(());
        }
        let Some(key) = self.tree.keep(&key) else { return Ok(()) };
        self.tree.buckets.push(Bucket {
            id,
            parent_id,
            parent: NONE,
            key,
            // The column is signed, the counter is not.
            sequence: sequence.unwrap_or(0).cast_unsigned(),
            at: row.at,
            indexed: false,
            reached: false,
            rows: 0,
        });
        Ok(())
    }

    fn leaf(&mut self, row: &Row) -> Result<(), SourceError> {
        let Columns { id, parent, .. } = self.columns;
        let (Ok(id), Ok(parent_id)) = (integer(row, id), integer(row, parent)) else {
            self.broken("unreadable_row", None, row.at, &Values::new());
            return Ok(());
        };
        let Some(parent_id) = parent_id else {
            self.broken("value_at_top", id, row.at, &Values::new());
            return Ok(());
        };
        let Some(parent) = self.tree.by_row_id(parent_id) else {
            self.orphan(parent_id, id.unwrap_or_default(), row.at);
            return Ok(());
        };
        if !self.tree.get(parent).is_some_and(|bucket| bucket.indexed) {
            if let Some(bucket) = self.tree.get_mut(parent) {
                bucket.rows = bucket.rows.saturating_add(1);
            }
            // What is not indexed is not kept, but it must be there.
            if let Some(Cell::Blob(key) | Cell::Text(key)) = row.cells.get(self.columns.key) {
                if let Some(tally) = self.tallies.get_mut(BucketId(parent.into())) {
                    tally.add(key.len(), false);
                }
                return Ok(());
            }
            self.broken("unreadable_row", id, row.at, &Values::new());
            return Ok(());
        }
        match self.key(row)? {
            Some(key) => {
                let value = match row.cells.get(self.columns.value) {
                    Some(Cell::Blob(value) | Cell::Text(value)) => Small::of(value),
                    _ => Small::NONE,
                };
                if let Some(key) = self.tree.keep(&key) {
                    self.tree.leaves.push(Leaf { parent, key, handle: row.handle, value });
                }
            }
            None => self.broken("unreadable_row", id, row.at, &Values::new()),
        }
        Ok(())
    }

    fn orphan(&mut self, parent_id: i64, id: i64, at: At) {
        self.orphans.entry(parent_id).or_insert((id, at, 0)).2 += 1;
    }

    /// The end of a pass; `true` if it was the last.
    fn next_pass(&mut self) -> bool {
        match self.pass {
            Pass::Buckets => {
                self.join();
                self.count_buckets();
                self.pass = Pass::Leaves;
                false
            }
            Pass::Leaves => {
                self.tree.sort_leaves();
                self.duplicates();
                self.pass = Pass::Parents;
                self.orphans.is_empty()
            }
            Pass::Parents => true,
        }
    }

    /// Gives every bucket its parent, and says which have none.
    fn join(&mut self) {
        let count = u32::try_from(self.tree.buckets.len()).unwrap_or(NONE - 1);
        let mut by_id: Vec<u32> = (1..=count).collect();
        sort_by_key(&mut by_id, |number| self.tree.get(*number).map(|bucket| bucket.id));
        for pair in by_id.windows(2) {
            let [a, b] = pair else { continue };
            let (Some(a), Some(b)) = (self.tree.get(*a), self.tree.get(*b)) else { continue };
            if a.id == b.id {
                let (id, at) = (b.id, b.at);
                self.broken("duplicate_id", Some(id), at, &Values::new());
            }
        }
        self.tree.by_id = by_id;
        for number in 1..=count {
            let Some(Bucket { id, parent_id, at, .. }) = self.tree.get(number).cloned() else {
                continue;
            };
            let parent = match parent_id {
                None => 0,
                Some(parent_id) => self.tree.by_row_id(parent_id).unwrap_or(NONE),
            };
            if let (NONE, Some(parent_id)) = (parent, parent_id) {
                self.orphan(parent_id, id, at);
            }
            if let Some(bucket) = self.tree.get_mut(number) {
                bucket.parent = parent;
            }
        }
        self.reach(count);
        self.tree.by_key = (1..=count).collect();
        self.tree.sort_children();
    }

    /// Begins to count the keys of the buckets near the top that are not indexed.
    fn count_buckets(&mut self) {
        for top in self.tree.children(BucketId(0)) {
            let inside = self.tree.children(BucketId((*top).into()));
            // Where there are many, each is small: a payment, a channel.
            let few = if inside.len() <= FEW { inside } else { &[] };
            for number in core::iter::once(top).chain(few) {
                let bucket = BucketId((*number).into());
                if self.tree.is_indexed(bucket) {
                    continue;
                }
                self.tallies.open(bucket);
                let Some(tally) = self.tallies.get_mut(bucket) else { continue };
                for child in self.tree.children(bucket) {
                    tally.add(self.tree.key_of(*child).len(), true);
                }
            }
        }
    }

    /// Follows each bucket to the top, each step once.
    fn reach(&mut self, count: u32) {
        // 0: not seen. 1: on the way. 2: done.
        let mut seen = alloc::vec![0_u8; count as usize + 1];
        let mut way = Vec::new();
        for number in 1..=count {
            let mut here = number;
            way.clear();
            let (reached, indexed) = loop {
                match seen.get_mut(here as usize) {
                    // The root, or a parent that is not there.
                    _ if here == 0 => break (true, None),
                    None => break (false, None),
                    Some(state @ 0) => {
                        *state = 1;
                        way.push(here);
                        here = self.tree.get(here).map_or(NONE, |bucket| bucket.parent);
                    }
                    Some(1) => {
                        let bucket = self.tree.get(here).map(|bucket| (bucket.id, bucket.at));
                        if let Some((id, at)) = bucket {
                            self.broken("cycle", Some(id), at, &Values::new());
                        }
                        break (false, None);
                    }
                    Some(_) => {
                        let known = self.tree.get(here);
                        break known.map_or((false, None), |bucket| {
                            (bucket.reached, Some(bucket.indexed))
                        });
                    }
                }
            };
            let top = way.last().map(|top| self.tree.key_of(*top));
            let indexed = indexed
                .unwrap_or_else(|| reached && top.is_some_and(|key| self.options.wanted.has(key)));
            let all = self.options.wanted == Wanted::All;
            for number in &way {
                if let Some(state) = seen.get_mut(*number as usize) {
                    *state = 2;
                }
                if let Some(bucket) = self.tree.get_mut(*number) {
                    bucket.reached = reached;
                    bucket.indexed = indexed || all;
                }
            }
        }
    }

    /// Keys that stand twice in a bucket: among buckets, among indexed rows, and between both.
    fn duplicates(&mut self) {
        let mut found: Vec<(i64, At, u64)> = Vec::new();
        for pair in self.tree.by_key.windows(2) {
            let [a, b] = pair else { continue };
            let (Some(one), Some(other)) = (self.tree.get(*a), self.tree.get(*b)) else { continue };
            if one.parent == other.parent
                && one.parent != NONE
                && self.tree.key(one.key) == self.tree.key(other.key)
            {
                found.push((other.id, other.at, 0));
            }
        }
        for pair in self.tree.leaves.windows(2) {
            let [a, b] = pair else { continue };
            if a.parent == b.parent && self.tree.leaf_key(a) == self.tree.leaf_key(b) {
                found.push((0, At::default(), b.handle));
            }
        }
        // Both lists are in the order of parent and key.
        let mut buckets = self.tree.by_key.iter().peekable();
        for leaf in &self.tree.leaves {
            let place = (leaf.parent, self.tree.leaf_key(leaf));
            let of = |number: u32| {
                (
                    self.tree.get(number).map_or(NONE, |bucket| bucket.parent),
                    self.tree.key_of(number),
                )
            };
            while buckets.next_if(|number| of(**number) < place).is_some() {}
            if buckets.peek().is_some_and(|number| of(**number) == place) {
                found.push((0, At::default(), leaf.handle));
            }
        }
        for (id, at, handle) in found {
            if self.findings.is_full(Code::KvSqlTreeBroken) {
                self.findings.count_only(Code::KvSqlTreeBroken);
                continue;
            }
            let row = if at.span().is_empty() {
                self.tables.row(self.table, handle).ok().flatten()
            } else {
                None
            };
            let id =
                row.as_ref().map_or(Some(id), |row| integer(row, self.columns.id).ok().flatten());
            let at = row.map_or(at, |row| row.at);
            self.broken("duplicate_key", id, at, &Values::new());
        }
    }

    fn broken(&mut self, fault: &'static str, id: Option<i64>, at: At, more: &Values) {
        if self.findings.is_full(Code::KvSqlTreeBroken) {
            return self.findings.count_only(Code::KvSqlTreeBroken);
        }
        let id = id.map_or_else(|| "?".into(), |id| alloc::format!("{id}"));
        let mut values = Values::new().with("tree_fault", fault).with("row_id", id);
        for (name, value) in
            [("parent_row", more.get("parent_row")), ("rows_hit", more.get("rows_hit"))]
        {
            values = values.with_some(name, value.cloned());
        }
        let place = at.place().within(self.name.as_str());
        self.findings.push(Finding::new(Code::KvSqlTreeBroken, place).values(values));
    }

    fn out(&mut self) -> SqlBuckets<'a> {
        for (parent, (id, at, count)) in core::mem::take(&mut self.orphans) {
            let value = self.values.contains(&parent);
            let fault = if value { "parent_not_bucket" } else { "parent_missing" };
            let more = Values::new()
                .with("parent_row", alloc::format!("{parent}"))
                .with("rows_hit", count);
            self.broken(fault, Some(id), at, &more);
        }
        if self.unreadable > 0 {
            let more = Values::new().with("rows_hit", self.unreadable);
            self.broken("unreadable_stretch", None, At::default(), &more);
        }
        if !self.findings.kept().is_empty() {
            // Whoever walks may meet other rows than were counted.
            self.tallies = Tallies::default();
        }
        SqlBuckets {
            tables: self.tables,
            table: self.table,
            columns: self.columns,
            tree: core::mem::take(&mut self.tree),
            findings: core::mem::take(&mut self.findings),
            unreadable: self.unreadable,
            name: core::mem::take(&mut self.name),
            tallies: core::mem::take(&mut self.tallies),
        }
    }
}
