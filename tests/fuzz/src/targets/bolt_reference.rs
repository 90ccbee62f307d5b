//! bbolt files beside the naive reader: what it takes for sound has no damage and the same entries,
//! and what has no damage it takes for sound. The metas' sums are put right first: plain changes
//! would not get past them.

use fulgurite_core::finding::{Code, Finding, Severity};
use fulgurite_core::job::Job as _;
use fulgurite_core::kv::bolt::{Bolt, CheckJob, Opened};
use fulgurite_core::kv::bucket::{BucketId, Buckets as _, Room, Value};

use crate::bolt_reference::{Entry, read, sum};

/// The same file with the sums that its metas ought to have.
fn sealed(data: &[u8]) -> Vec<u8> {
    let mut bytes = data.to_vec();
    let size = bytes.get(24..28).and_then(|size| size.first_chunk().copied());
    let size = size.map_or(0, u32::from_le_bytes) as usize;
    for at in [16, size.saturating_add(16)] {
        if let Some(meta) = bytes.get_mut(at..at.saturating_add(64)) {
            let sum = sum(meta);
            meta[56..].copy_from_slice(&sum.to_le_bytes());
        }
    }
    bytes
}

/// All entries, those of a bucket right behind it.
fn entries(bolt: &Bolt<&[u8]>, bucket: BucketId, path: &[Vec<u8>], into: &mut Vec<Entry>) {
    let mut from = None;
    loop {
        let page = bolt.entries(bucket, from.as_ref(), Room::default()).expect("memory is read");
        assert_eq!(page.unreadable, 0, "unreadable in a sound file");
        for entry in page.entries {
            match entry.value {
                Value::Bytes { bytes, len } => {
                    assert_eq!(bytes.len() as u64, len);
                    into.push((path.to_vec(), entry.key, Some(bytes)));
                }
                Value::Bucket { id, .. } => {
                    into.push((path.to_vec(), entry.key.clone(), None));
                    let path = [path, &[entry.key]].concat();
                    entries(bolt, id, &path, into);
                }
                Value::Unreadable => panic!("unreadable in a sound file"),
            }
        }
        match page.next {
            Some(next) => from = Some(next),
            None => break,
        }
    }
}

pub(crate) fn bolt_reference(data: &[u8]) {
    let bytes = sealed(data);
    let naive = read(&bytes);
    let checked = CheckJob::new(bytes.as_slice()).run().expect("memory is read");
    // A page that is neither free nor in use is told of, but nothing is lost with it.
    let graver = |finding: &&Finding| {
        finding.severity > Severity::Info || finding.code == Code::BoltUnreachable
    };
    let graver = checked.findings.iter().find(graver);
    let clean = graver.is_none() && checked.metas.is_some_and(|metas| metas.used.is_some());
    match naive {
        None => assert!(!clean, "no damage found where there is some"),
        Some(sound) => {
            assert!(clean, "damage in a sound file: {graver:?}");
            let Opened::Bolt(bolt) = Bolt::open(bytes.as_slice()).expect("memory is read") else {
                panic!("a sound file is not opened");
            };
            let mut ours = Vec::new();
            entries(&bolt, bolt.root(), &[], &mut ours);
            assert_eq!(ours, sound.entries, "other entries");
        }
    }
}
