//! LND's key-value stores in SQL as trees of buckets: a table `<prefix>_kv` in SQLite or Postgres
//! (kvdb/sqlbase at lnd v0.21.2), whatever lies beneath [`Tables`].
//!
//! A row whose `value` is NULL is a bucket, a row whose `parent_id` is NULL stands at the top,
//! `sequence` is the bucket's counter (NULL: 0), and keys are ordered by their bytes.
//!
//! All buckets are kept in memory (key, parent, counter), and of the other rows the keys of those
//! that stand below chosen top-level buckets ([`Wanted`]); values never. Any other bucket is read
//! by going through the whole table: its sub-buckets come first, in the order of their keys, then
//! its rows in the order of the table; and a page of it may be empty and yet not be the last.

use alloc::string::String;
use alloc::vec::Vec;

use self::tree::Tree;
use super::bucket::{At, BucketId, Buckets, Cursor, Entries, Entry, Room, Value};
use super::table::{Cell, Row, Tables};
use super::tally::{Tallies, Tally};
use crate::finding::Findings;
use crate::source::SourceError;

mod build;
#[cfg(test)]
mod tests;
mod tree;

pub use build::{Options, SqlBucketsJob, Wanted};

/// The columns of such a table.
const COLUMNS: [&str; 5] = ["key", "value", "parent_id", "id", "sequence"];

/// The prefixes of the key-value tables in a database, in its order: `channeldb` for a table
/// `channeldb_kv` with the columns of one.
///
/// LND's own are channeldb, macaroondb, decayedlogdb, towerclientdb, towerserverdb, walletdb and
/// neutrinodb (lncfg/db.go).
pub fn prefixes(tables: &dyn Tables) -> Vec<&str> {
    let kv = |table: &super::table::Table| COLUMNS.iter().all(|name| table.column(name).is_some());
    let tables = tables.tables().iter().filter(|table| kv(table));
    tables.filter_map(|table| table.name.strip_suffix("_kv")).collect()
}

/// Where the columns stand in a row.
#[derive(Clone, Copy, Debug)]
struct Columns {
    key: usize,
    value: usize,
    parent: usize,
    id: usize,
    sequence: usize,
}

impl Columns {
    fn of(tables: &dyn Tables, table: usize) -> Option<Columns> {
        let table = tables.tables().get(table)?;
        let [key, value, parent, id, sequence] = COLUMNS.map(|name| table.column(name));
        let (key, value, parent, id) = (key?, value?, parent?, id?);
        Some(Columns { key, value, parent, id, sequence: sequence? })
    }
}

/// A key-value table as a tree of buckets.
pub struct SqlBuckets<'a> {
    tables: &'a dyn Tables,
    table: usize,
    columns: Columns,
    tree: Tree,
    findings: Findings,
    /// Stretches of the table that cannot be read.
    unreadable: u64,
    name: String,
    /// Keys of the buckets near the top that are not indexed.
    tallies: Tallies,
}

impl SqlBuckets<'_> {
    /// What is wrong with the tree.
    pub fn findings(&self) -> &Findings {
        &self.findings
    }

    /// The same, taken out of it.
    pub fn take_findings(&mut self) -> Findings {
        core::mem::take(&mut self.findings)
    }

    /// Stretches of the table (pages, lines) that could not be read.
    pub fn unreadable(&self) -> u64 {
        self.unreadable
    }

    /// The table's name, made visible.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many buckets there are, those included that cannot be reached.
    pub fn buckets(&self) -> usize {
        self.tree.len()
    }

    /// Whether the keys of a bucket are indexed, so that reading it does not go through the table.
    pub fn is_indexed(&self, bucket: BucketId) -> bool {
        self.tree.is_indexed(bucket)
    }

    /// An entry from an indexed row.
    fn read(&self, handle: u64, key: Vec<u8>, cap: usize) -> Result<Entry, SourceError> {
        let row = self.tables.row(self.table, handle)?;
        let value = row.as_ref().and_then(|row| row.cells.get(self.columns.value));
        Ok(Entry {
            key,
            at: row.as_ref().map_or_else(Default::default, |row| row.at),
            value: value.map_or(Value::Unreadable, |cell| value_of(cell, cap)),
        })
    }

    /// A page of a bucket that is not indexed: rows from the table, as many as one page of it has.
    fn scanned(
        &self,
        bucket: BucketId,
        from: Option<&Cursor>,
        room: Room,
    ) -> Result<Entries, SourceError> {
        let mut page = Entries::default();
        let Some(id) = self.tree.row_id(bucket) else { return Ok(page) };
        // Keys must be whole.
        let rows = self.tables.rows(self.table, from, Room { value: usize::MAX, ..room })?;
        page.unreadable = 0;
        page.next = rows.next;
        for row in rows.rows {
            let cell = |column: usize| row.cells.get(column);
            if cell(self.columns.parent) != Some(&Cell::Integer(id)) {
                continue;
            }
            let (Some(Cell::Blob(key) | Cell::Text(key)), Some(value)) =
                (cell(self.columns.key), cell(self.columns.value))
            else {
                page.unreadable += 1;
                continue;
            };
            // Sub-buckets were given before.
            if *value != Cell::Null {
                let value = value_of(value, room.value);
                page.entries.push(Entry { key: key.clone(), at: row.at, value });
            }
        }
        Ok(page)
    }
}

/// The bytes of a cell, at most `cap` of them.
fn value_of(cell: &Cell, cap: usize) -> Value {
    match cell {
        Cell::Blob(bytes) | Cell::Text(bytes) => Value::Bytes {
            bytes: bytes.get(..cap).unwrap_or(bytes).to_vec(),
            len: bytes.len() as u64,
        },
        _ => Value::Unreadable,
    }
}

impl Buckets for SqlBuckets<'_> {
    fn root(&self) -> BucketId {
        BucketId(0)
    }

    fn entries(
        &self,
        bucket: BucketId,
        from: Option<&Cursor>,
        room: Room,
    ) -> Result<Entries, SourceError> {
        // A cursor: so many sub-buckets, so many indexed rows; behind them that of the table.
        let (mut child, mut leaf, table) = match from.map(|from| from.0.as_slice()) {
            Some([child, leaf, table @ ..]) => (index(*child), index(*leaf), table),
            _ => (0, 0, &[][..]),
        };
        if !table.is_empty() {
            let mut page = self.scanned(bucket, Some(&Cursor(table.to_vec())), room)?;
            page.next = page.next.map(|next| behind(child, leaf, &next));
            return Ok(page);
        }
        let mut page = Entries::default();
        let (children, leaves) = (self.tree.children(bucket), self.tree.leaves(bucket));
        let mut bytes = 0;
        let mut most = room.entries.max(1);
        loop {
            let (next_child, next_leaf) = (children.get(child), leaves.get(leaf));
            if next_child.is_none() && next_leaf.is_none() {
                break;
            }
            if most == 0 || bytes >= room.bytes.max(1) {
                page.next = Some(Cursor(alloc::vec![child as u64, leaf as u64]));
                return Ok(page);
            }
            let child_key = next_child.map(|child| self.tree.key_of(*child));
            let leaf_key = next_leaf.map(|leaf| self.tree.leaf_key(leaf));
            let entry = match (next_child, next_leaf) {
                (Some(next), None) => {
                    child += 1;
                    self.tree.entry(*next)
                }
                (Some(next), Some(_)) if child_key <= leaf_key => {
                    child += 1;
                    self.tree.entry(*next)
                }
                (_, Some(next)) => {
                    leaf += 1;
                    let key = leaf_key.unwrap_or_default().to_vec();
                    match next.value.get().filter(|_| !room.places) {
                        Some(value) => Entry {
                            key,
                            at: At::default(),
                            value: Value::Bytes {
                                bytes: value.get(..room.value).unwrap_or(value).to_vec(),
                                len: value.len() as u64,
                            },
                        },
                        None => self.read(next.handle, key, room.value)?,
                    }
                }
                (None, None) => break,
            };
            bytes += entry.key.len();
            if let Value::Bytes { bytes: value, .. } = &entry.value {
                bytes += value.len();
            }
            page.entries.push(entry);
            most -= 1;
        }
        if self.tree.is_kept(bucket) {
            return Ok(page);
        }
        let rows = self.scanned(bucket, None, room)?;
        page.next = rows.next.map(|next| behind(child, leaf, &next));
        page.unreadable += rows.unreadable;
        page.entries.extend(rows.entries);
        Ok(page)
    }

    fn tally(&self, bucket: BucketId) -> Option<&Tally> {
        self.tallies.get(bucket)
    }

    fn get(&self, bucket: BucketId, key: &[u8]) -> Result<Option<Entry>, SourceError> {
        if let Some(child) = self.tree.child(bucket, key) {
            return Ok(Some(self.tree.entry(child)));
        }
        if self.tree.is_kept(bucket) {
            let leaf = self.tree.leaf(bucket, key);
            let read = |handle| self.read(handle, key.to_vec(), usize::MAX);
            return leaf.map(read).transpose();
        }
        let mut from = None;
        loop {
            let page = self.scanned(bucket, from.as_ref(), Room::default())?;
            if let Some(entry) = page.entries.into_iter().find(|entry| entry.key == key) {
                return Ok(Some(entry));
            }
            match page.next {
                Some(next) => from = Some(next),
                None => return Ok(None),
            }
        }
    }
}

fn index(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// A cursor into the table, behind so many sub-buckets and indexed rows.
fn behind(child: usize, leaf: usize, table: &Cursor) -> Cursor {
    let mut cursor = alloc::vec![child as u64, leaf as u64];
    cursor.extend(&table.0);
    Cursor(cursor)
}

/// The row's integer in that column: `Err` if it holds something else, `None` for NULL.
fn integer(row: &Row, column: usize) -> Result<Option<i64>, ()> {
    match row.cells.get(column) {
        Some(Cell::Integer(number)) => Ok(Some(*number)),
        Some(Cell::Null) => Ok(None),
        _ => Err(()),
    }
}
