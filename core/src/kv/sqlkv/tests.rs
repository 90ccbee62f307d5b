//! The adapter over a table in memory.

use alloc::string::ToString;
use alloc::vec;
use alloc::vec::Vec;

use super::*;
use crate::finding::Code;
use crate::job::{Job, Step, Work};
use crate::kv::bucket::At;
use crate::kv::table::{Rows, Table};

/// A database in memory: its tables' rows are given in pages of at most three.
struct Fake {
    tables: Vec<Table>,
    rows: Vec<Row>,
}

impl Fake {
    fn new() -> Fake {
        let columns = COLUMNS.map(str::to_string).to_vec();
        let table = |name: &str, columns| Table { name: name.to_string(), columns };
        let tables = vec![
            table("odd_kv", vec!["key".to_string()]),
            table("channeldb_kv", columns.clone()),
            table("macaroondb_kv", columns),
        ];
        Fake { tables, rows: Vec::new() }
    }

    fn row(
        mut self,
        id: i64,
        parent: Option<i64>,
        key: &[u8],
        value: Cell,
        sequence: Cell,
    ) -> Fake {
        let number = self.rows.len() as u64;
        let parent = parent.map_or(Cell::Null, Cell::Integer);
        let cells = vec![Cell::Blob(key.to_vec()), value, parent, Cell::Integer(id), sequence];
        self.rows.push(Row { at: At::new(100 * number, 100 * number + 90), handle: number, cells });
        self
    }

    fn bucket(self, id: i64, parent: Option<i64>, key: &[u8]) -> Fake {
        self.row(id, parent, key, Cell::Null, Cell::Null)
    }

    fn value(self, id: i64, parent: i64, key: &[u8], value: &[u8]) -> Fake {
        self.row(id, Some(parent), key, Cell::Blob(value.to_vec()), Cell::Null)
    }
}

impl Tables for Fake {
    fn tables(&self) -> &[Table] {
        &self.tables
    }

    fn rows(&self, table: usize, from: Option<&Cursor>, room: Room) -> Result<Rows, SourceError> {
        assert_eq!(table, 1);
        let from = from.map_or(0, |from| usize::try_from(from.0[0]).unwrap());
        let mut rows: Vec<Row> = self.rows[from..].iter().take(3).cloned().collect();
        for cell in rows.iter_mut().flat_map(|row| &mut row.cells) {
            if let Cell::Blob(bytes) = cell {
                bytes.truncate(room.value);
            }
        }
        let next = from + rows.len();
        let next = (next < self.rows.len()).then(|| Cursor(vec![next as u64]));
        Ok(Rows { rows, next, unreadable: 0 })
    }

    fn row(&self, _: usize, handle: u64) -> Result<Option<Row>, SourceError> {
        Ok(self.rows.get(usize::try_from(handle).unwrap()).cloned())
    }
}

fn open(fake: &Fake, wanted: Wanted) -> SqlBuckets<'_> {
    let options = Options { wanted, size: 0 };
    SqlBucketsJob::new(fake, "channeldb", options).unwrap().run().unwrap()
}

/// All entries of a bucket in pages of that many: keys, and values or `None` for buckets.
fn all(
    buckets: &SqlBuckets<'_>,
    bucket: BucketId,
    entries: usize,
) -> Vec<(Vec<u8>, Option<Vec<u8>>)> {
    let room = Room { entries, ..Room::default() };
    let (mut all, mut from) = (Vec::new(), None);
    loop {
        let page = buckets.entries(bucket, from.as_ref(), room).unwrap();
        for entry in page.entries {
            let value = match entry.value {
                Value::Bytes { bytes, len } => {
                    assert_eq!(bytes.len() as u64, len);
                    Some(bytes)
                }
                Value::Bucket { .. } => None,
                Value::Unreadable => Some(b"?".to_vec()),
            };
            all.push((entry.key, value));
        }
        match page.next {
            Some(next) => from = Some(next),
            None => return all,
        }
    }
}

/// Children before their parents, keys out of order, an empty value, a long key.
fn sound() -> Fake {
    Fake::new()
        .value(9, 4, b"z", b"last")
        .row(4, Some(1), b"paymenthashes", Cell::Null, Cell::Integer(7))
        .bucket(1, None, b"invoices")
        .value(5, 1, b"\0\0\0\x02", b"two")
        .value(6, 1, b"\0\0\0\x01", b"")
        .value(7, 1, b"zz", b"behind")
        .bucket(2, None, b"graph-node")
        .value(8, 2, b"b", b"B")
        .value(10, 2, b"a", b"A")
        .bucket(3, Some(2), b"alias")
        .value(11, 4, &[b'k'; 5_000], b"long")
}

fn faults<'a>(buckets: &'a SqlBuckets<'_>) -> Vec<(&'a str, &'a str, u64)> {
    let kept = buckets.findings().kept().iter();
    kept.map(|finding| {
        assert_eq!(finding.code, Code::KvSqlTreeBroken);
        let text = |name| finding.values.text(name).unwrap();
        (text("tree_fault"), text("row_id"), finding.place.span.start)
    })
    .collect()
}

#[test]
fn tables_with_the_columns_of_one_are_named() {
    assert_eq!(prefixes(&Fake::new()), ["channeldb", "macaroondb"]);
    assert!(SqlBucketsJob::new(&Fake::new(), "odd", Options::default()).is_none());
    assert!(SqlBucketsJob::new(&Fake::new(), "walletdb", Options::default()).is_none());
}

#[test]
fn rows_are_a_tree_in_the_order_of_their_keys() {
    let fake = sound();
    for wanted in [Wanted::Lnd, Wanted::All] {
        let buckets = open(&fake, wanted.clone());
        assert_eq!(faults(&buckets), []);
        for entries in [1, 2, 100] {
            let keys: Vec<_> =
                all(&buckets, buckets.root(), entries).into_iter().map(|(key, _)| key).collect();
            assert_eq!(keys, [&b"graph-node"[..], b"invoices"]);
            let (invoices, sequence) = buckets.find(&[b"invoices"]).unwrap().unwrap();
            assert!(buckets.is_indexed(invoices) && sequence == 0);
            assert_eq!(
                all(&buckets, invoices, entries),
                [
                    (b"\0\0\0\x01".to_vec(), Some(vec![])),
                    (b"\0\0\0\x02".to_vec(), Some(b"two".to_vec())),
                    (b"paymenthashes".to_vec(), None),
                    (b"zz".to_vec(), Some(b"behind".to_vec())),
                ]
            );
            let (hashes, sequence) =
                buckets.find(&[b"invoices", b"paymenthashes"]).unwrap().unwrap();
            assert_eq!(sequence, 7);
            assert_eq!(
                all(&buckets, hashes, entries),
                [
                    (vec![b'k'; 5_000], Some(b"long".to_vec())),
                    (b"z".to_vec(), Some(b"last".to_vec()))
                ]
            );
            // Not indexed: the bucket first, then rows as the table has them.
            let (graph, _) = buckets.find(&[b"graph-node"]).unwrap().unwrap();
            let mut found = all(&buckets, graph, entries);
            if wanted == Wanted::Lnd {
                let keys: Vec<_> = found.iter().map(|(key, _)| key.as_slice()).collect();
                assert_eq!(keys, [&b"alias"[..], b"b", b"a"]);
                found.sort();
            }
            assert_eq!(
                found,
                [
                    (b"a".to_vec(), Some(b"A".to_vec())),
                    (b"alias".to_vec(), None),
                    (b"b".to_vec(), Some(b"B".to_vec()))
                ]
            );
            let entry = buckets.get(graph, b"a").unwrap().unwrap();
            assert_eq!((entry.at.start, entry.at.end), (800, 890));
            assert!(buckets.get(graph, b"c").unwrap().is_none());
            assert!(buckets.get(hashes, b"c").unwrap().is_none());
        }
    }
}

#[test]
fn small_steps_build_the_same() {
    let fake = sound();
    let mut job = SqlBucketsJob::new(&fake, "channeldb", Options::default()).unwrap();
    let mut steps = 0;
    let buckets = loop {
        steps += 1;
        match job.step(Work { bytes: 1 }).unwrap() {
            Step::More(progress) => assert!(progress.done <= progress.total),
            Step::Done(buckets) => break buckets,
        }
    };
    assert_eq!(steps, 8, "two passes of four pages");
    assert_eq!(all(&buckets, buckets.root(), 9).len(), 2);
}

#[test]
fn a_value_is_cut_where_it_was_asked_to_be() {
    let fake = sound();
    let buckets = open(&fake, Wanted::Lnd);
    for path in [&b"invoices"[..], b"graph-node"] {
        let (bucket, _) = buckets.find(&[path]).unwrap().unwrap();
        let page = buckets.entries(bucket, None, Room { value: 1, ..Room::default() }).unwrap();
        for entry in page.entries {
            if let Value::Bytes { bytes, len } = entry.value {
                assert!(bytes.len() as u64 == len.min(1));
            }
        }
    }
}

#[test]
fn every_fault_of_the_tree_is_told_with_its_row() {
    let broken = |fake: Fake, expected: &[(&str, &str, u64)]| {
        for wanted in [Wanted::Lnd, Wanted::All] {
            let buckets = open(&fake, wanted);
            assert_eq!(faults(&buckets), expected);
            // What is sound is still there.
            assert!(buckets.find(&[b"invoices", b"paymenthashes"]).unwrap().is_some());
        }
    };
    broken(sound().bucket(20, Some(99), b"x"), &[("parent_missing", "20", 1_100)]);
    broken(sound().value(20, 99, b"x", b""), &[("parent_missing", "20", 1_100)]);
    broken(sound().bucket(20, Some(7), b"x"), &[("parent_not_bucket", "20", 1_100)]);
    broken(sound().value(20, 7, b"x", b""), &[("parent_not_bucket", "20", 1_100)]);
    broken(sound().bucket(20, Some(20), b"x"), &[("cycle", "20", 1_100)]);
    broken(
        sound().bucket(20, Some(22), b"x").bucket(21, Some(20), b"x").bucket(22, Some(21), b"x"),
        &[("cycle", "20", 1_100)],
    );
    broken(sound().bucket(20, Some(1), b"paymenthashes"), &[("duplicate_key", "20", 1_100)]);
    broken(sound().value(20, 1, b"zz", b""), &[("duplicate_key", "20", 1_100)]);
    broken(sound().value(20, 1, b"paymenthashes", b""), &[("duplicate_key", "20", 1_100)]);
    broken(sound().bucket(20, None, b"invoices"), &[("duplicate_key", "20", 1_100)]);
    broken(sound().bucket(4, Some(1), b"x"), &[("duplicate_id", "4", 1_100)]);
    broken(
        sound().row(20, None, b"x", Cell::Blob(vec![]), Cell::Null),
        &[("value_at_top", "20", 1_100)],
    );
    broken(
        sound().row(20, Some(1), b"x", Cell::Null, Cell::Unreadable),
        &[("unreadable_row", "20", 1_100)],
    );
}

#[test]
fn an_unreadable_value_is_an_entry_all_the_same() {
    let fake = sound().row(20, Some(1), b"x", Cell::Unreadable, Cell::Null);
    let buckets = open(&fake, Wanted::Lnd);
    let (invoices, _) = buckets.find(&[b"invoices"]).unwrap().unwrap();
    assert_eq!(buckets.get(invoices, b"x").unwrap().unwrap().value, Value::Unreadable);
}

#[test]
#[cfg_attr(miri, ignore = "a large input")]
fn long_chains_of_buckets_are_linear() {
    let mut fake = Fake::new();
    for id in 1..20_000 {
        fake = fake.bucket(id, (id > 1).then_some(id - 1), b"x");
    }
    let buckets = open(&fake, Wanted::All);
    assert_eq!(faults(&buckets), []);
    let path = vec![&b"x"[..]; 19_999];
    assert!(buckets.find(&path).unwrap().is_some());
}
