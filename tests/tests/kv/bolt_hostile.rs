//! bbolt files that are meant to do harm: whatever stands there, reading ends, and costs no more
//! than the file is long.

use crate::shared;

use std::cell::Cell;

use fulgurite_core::finding::Code;
use fulgurite_core::job::{Job, Step, Work};
use fulgurite_core::kv::bolt::{Bolt, CheckJob, Opened, check, identify};
use fulgurite_core::kv::bucket::{BucketId, Buckets, Cursor, Room, Value};
use fulgurite_core::source::{Source, SourceError};
use fulgurite_tests::bolt::damage::damaged;
use fulgurite_tests::bolt::{Writer, bucket, inline};
use shared::fixture;

/// Bytes that count what was read of them.
struct Counted<'a>(&'a [u8], Cell<u64>);

impl Source for Counted<'_> {
    fn len(&self) -> u64 {
        self.0.len() as u64
    }

    fn read_at(&self, at: u64, buf: &mut [u8]) -> Result<(), SourceError> {
        self.1.set(self.1.get() + buf.len() as u64);
        self.0.read_at(at, buf)
    }
}

/// Reads every bucket, as a caller does that trusts the ids it is given.
fn walk<S: Source>(bolt: &Bolt<S>) -> u64 {
    let mut todo = vec![bolt.root()];
    let mut entries = 0;
    while let Some(bucket) = todo.pop() {
        let mut from: Option<Cursor> = None;
        loop {
            let page = bolt.entries(bucket, from.as_ref(), Room::default()).expect("in memory");
            entries += page.entries.len() as u64;
            todo.extend(page.entries.iter().filter_map(|entry| match entry.value {
                Value::Bucket { id, .. } => Some(id),
                _ => None,
            }));
            let Some(next) = page.next else { break };
            from = Some(next);
        }
    }
    entries
}

/// Checks, identifies, walks and searches; returns the most bytes that one of them read.
fn everything(bytes: &[u8]) -> u64 {
    let counted = Counted(bytes, Cell::new(0));
    check(&counted).expect("in memory");
    let checked = counted.1.replace(0);
    let Opened::Bolt(bolt) = Bolt::open(&counted).expect("in memory") else { return checked };
    walk(&bolt);
    let walked = counted.1.get();
    identify(&bolt).expect("in memory");
    bolt.find(&[b"graph-edge", b"chan-index"]).expect("in memory");
    bolt.find(&[b"open-chan-bucket", b"x"]).expect("in memory");
    bolt.get(bolt.root(), b"invoices").expect("in memory");
    checked.max(walked)
}

#[test]
fn damaged_files_cost_what_they_are_long() {
    for name in ["channel", "channel-synced", "deep"] {
        let bytes = fixture(name);
        for (name, bytes) in damaged(name, &bytes) {
            let read = everything(&bytes);
            assert!(read <= 3 * bytes.len() as u64 + 65_536, "{name}: {read} of {}", bytes.len());
        }
    }
}

#[test]
fn files_cut_at_every_512_bytes() {
    for name in ["channel-synced", "pages-1024", "small"] {
        let bytes = fixture(name);
        for len in (0..bytes.len()).step_by(512) {
            let cut = &bytes[..len];
            everything(cut);
            let checked = check(cut).expect("in memory");
            let hwm = checked.metas.and_then(|metas| Some(metas.meta()?.hwm * metas.page_size));
            let whole = hwm.is_some_and(|hwm| hwm <= len as u64);
            assert!(whole || len < 80 || !checked.findings.is_empty(), "{name} cut at {len}");
        }
    }
}

#[test]
fn every_single_byte_of_a_small_file() {
    let sound = fixture("small");
    assert!((16_384..=32_768).contains(&sound.len()));
    for at in 0..sound.len() {
        for byte in [0, 0xff] {
            if sound[at] != byte {
                let mut bytes = sound.clone();
                bytes[at] = byte;
                let read = everything(&bytes);
                assert!(read <= 4 * bytes.len() as u64 + 65_536, "byte {at}: {read}");
            }
        }
    }
}

#[test]
fn a_web_of_branches_is_walked_once() {
    // Forty branches; both elements of each lead to the next: 2^40 ways to the leaf.
    let mut writer = Writer::new(1_024).leaf(&[(1, b"web", &bucket(3, 0))]);
    for page in 3..43 {
        writer = writer.branch(&[(b"a", page + 1), (b"b", page + 1)]);
    }
    let bytes = writer.leaf(&[(0, b"a", b"value")]).build();
    assert!(everything(&bytes) < 200_000);
    let Opened::Bolt(bolt) = Bolt::open(bytes.as_slice()).unwrap() else { panic!("a file") };
    assert_eq!(walk(&bolt), 2);
    let twice = check(bytes.as_slice()).unwrap();
    let twice = twice.findings.iter().filter(|one| one.code == Code::BoltMultipleReferences);
    assert_eq!(twice.count(), 40);
}

#[test]
fn buckets_that_hold_themselves_end() {
    let own = Writer::new(1_024).leaf(&[(1, b"self", &bucket(2, 0))]).build();
    let round = Writer::new(1_024)
        .leaf(&[(1, b"a", &bucket(3, 0)), (1, b"b", &bucket(4, 0))])
        .leaf(&[(1, b"to b", &bucket(4, 0))])
        .leaf(&[(1, b"to a", &bucket(3, 0)), (0, b"x", b"")])
        .build();
    for (bytes, entries) in [(own, 1), (round, 5)] {
        let Opened::Bolt(bolt) = Bolt::open(bytes.as_slice()).unwrap() else { panic!("a file") };
        assert_eq!(walk(&bolt), entries);
        let checked = check(bytes.as_slice()).unwrap();
        assert!(checked.findings.iter().any(|one| one.code == Code::BoltMultipleReferences));
    }
}

#[test]
fn a_branch_that_leads_to_itself_ends() {
    let bytes = Writer::new(1_024)
        .leaf(&[(1, b"loop", &bucket(3, 0))])
        .branch(&[(b"a", 4), (b"b", 3), (b"c", 5)])
        .leaf(&[(0, b"a", b"1")])
        .leaf(&[(0, b"c", b"2")])
        .build();
    let Opened::Bolt(bolt) = Bolt::open(bytes.as_slice()).unwrap() else { panic!("a file") };
    let entries = bolt.entries(BucketId(3), None, Room::default()).unwrap();
    let keys: Vec<_> = entries.entries.iter().map(|entry| entry.key.as_slice()).collect();
    assert_eq!((&keys[..], entries.unreadable), (&[&b"a"[..], b"c"][..], 1));
}

#[test]
fn trees_and_buckets_deeper_than_any_end() {
    let mut tree = Writer::new(1_024).leaf(&[(1, b"deep", &bucket(3, 0))]);
    let mut nested = Writer::new(1_024);
    for page in 3..203 {
        tree = tree.branch(&[(b"a", page + 1)]);
        nested = nested.leaf(&[(1, b"in", &bucket(page, 0))]);
    }
    for bytes in [tree.leaf(&[(0, b"a", b"")]).build(), nested.leaf(&[]).build()] {
        everything(&bytes);
        let checked = check(bytes.as_slice()).unwrap();
        assert!(checked.findings.iter().any(|one| one.code == Code::BoltTooDeep));
    }
}

#[test]
fn inline_buckets_are_read_and_do_not_nest() {
    let inner = inline(7, &[(0, b"inner", b"value")]);
    let nesting = inline(0, &[(1, b"nested", &inner)]);
    let bytes = Writer::new(1_024).leaf(&[(1, b"a", &inner), (1, b"b", &nesting)]).build();
    let Opened::Bolt(bolt) = Bolt::open(bytes.as_slice()).unwrap() else { panic!("a file") };
    let (a, sequence) = bolt.find(&[b"a"]).unwrap().unwrap();
    assert_eq!(sequence, 7);
    // Page 2, behind its header: the element itself, and the highest bit.
    assert_eq!(a, BucketId(1 << 63 | (2 * 1_024 + 16)));
    let value = bolt.get(a, b"inner").unwrap().unwrap().value;
    assert_eq!(value, Value::Bytes { bytes: b"value".to_vec(), len: 5 });
    assert_eq!(bolt.find(&[b"b", b"nested"]).unwrap(), None);
    let checked = check(bytes.as_slice()).unwrap();
    let finding = checked.findings.iter().find(|one| one.code == Code::BoltInline).unwrap();
    assert_eq!(finding.values.text("inline_fault"), Some("nested"));
    assert_eq!(finding.place.path.as_deref(), Some("b"));
}

#[test]
fn foreign_ids_and_cursors_lead_nowhere() {
    let bytes = fixture("channel");
    let Opened::Bolt(bolt) = Bolt::open(bytes.as_slice()).unwrap() else { panic!("a file") };
    for id in [0, 1, u64::MAX, 1 << 63, 1 << 40, (1 << 63) | 0x05f5_e100, 999_999] {
        let entries = bolt.entries(BucketId(id), None, Room::default()).unwrap();
        assert_eq!(entries.next, None, "{id}");
        bolt.get(BucketId(id), b"key").unwrap();
    }
    for cursor in
        [vec![], vec![1], vec![1, 2, 3], vec![u64::MAX; 9], vec![bolt.root().0, 1 << 20, 0]]
    {
        let entries = bolt.entries(bolt.root(), Some(&Cursor(cursor)), Room::default()).unwrap();
        assert_eq!((entries.entries.len(), entries.next), (0, None));
    }
}

#[test]
fn the_check_goes_in_steps() {
    let bytes = fixture("channel-synced");
    let whole = check(bytes.as_slice()).unwrap();
    let mut job = CheckJob::new(bytes.as_slice());
    let (mut steps, mut last) = (0, 0);
    let stepped = loop {
        match job.step(Work { bytes: 1 }).unwrap() {
            Step::More(progress) => {
                assert!(progress.done >= last && progress.done <= progress.total);
                last = progress.done;
                steps += 1;
            }
            Step::Done(checked) => break checked,
        }
    };
    assert!(steps > 50);
    assert_eq!(stepped, whole);
}
