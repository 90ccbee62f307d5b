//! Dumps of buckets: what was read is written, and what was written is read as the same. And the
//! walk through any tree of buckets.

use fulgurite_core::job::{Job as _, Work};
use fulgurite_core::kv::bucket::{Buckets, Room, Value};
use fulgurite_core::kv::dump::{Dump, DumpJob, Header, Writer, recognise};

use super::findings;
use crate::counted::Counted;

/// Goes through all buckets. No file has more entries than bytes.
pub(super) fn walk(store: &dyn Buckets, room: Room, len: usize) -> usize {
    let (mut entries, mut pages) = (0, 0);
    let mut waiting = vec![store.root()];
    while let Some(bucket) = waiting.pop() {
        let mut from = None;
        loop {
            let page = store.entries(bucket, from.as_ref(), room).expect("memory is read");
            assert!(page.entries.len() <= room.entries);
            entries += page.entries.len();
            pages += 1;
            assert!(entries <= len && pages <= 2 * len + 2, "the walk does not end");
            for entry in page.entries {
                if let Value::Bucket { id, .. } = entry.value {
                    waiting.push(id);
                }
            }
            match page.next {
                Some(next) => from = Some(next),
                None => break,
            }
        }
    }
    entries
}

fn written(dump: &Dump<'_>) -> String {
    let header: Header = dump.header().cloned().unwrap_or_default();
    let mut writer = Writer::new(dump, header, None);
    let mut text = String::new();
    while let Some(piece) = writer.next(Work { bytes: 4_096 }).expect("memory is read") {
        text.push_str(&piece);
    }
    text
}

pub(crate) fn bucket_dump(data: &[u8]) {
    let source = Counted::new(data);
    let dump = DumpJob::new(&source).run().expect("memory is read");
    source.at_most(2);
    findings(dump.findings().kept(), data.len());
    let entries = walk(&dump, Room::default(), data.len());

    let once = written(&dump);
    let bytes = once.clone().into_bytes();
    assert!(recognise(&bytes), "not known by its first line");
    let read = DumpJob::new(&bytes).run().expect("memory is read");
    assert!(walk(&read, Room::default(), bytes.len()) <= entries);
    assert_eq!(written(&read), once, "what was written is read as something else");
}
