//! What is written, byte for byte, and what is read back.

use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use sha2::{Digest as _, Sha256};

use super::*;
use crate::finding::Code;
use crate::job::{Job, Step, Work};
use crate::kv::bucket::{At, BucketId, Buckets, Cursor, Entries, Entry, Room, Value};
use crate::source::SourceError;
use crate::text::hex;

/// A tree in memory; it gives two entries at a time.
#[derive(Default)]
struct Fake(Vec<Vec<Entry>>);

impl Fake {
    /// A bucket inside that one.
    fn bucket(&mut self, parent: usize, key: &[u8], sequence: u64) -> usize {
        self.0.resize_with(self.0.len().max(1), Vec::new);
        self.0.push(Vec::new());
        let id = BucketId(self.0.len() as u64 - 1);
        self.push(parent, key, Value::Bucket { id, sequence });
        self.0.len() - 1
    }

    fn push(&mut self, parent: usize, key: &[u8], value: Value) {
        let at = At::new(10 * key.len() as u64, 10 * key.len() as u64 + 5);
        self.0[parent].push(Entry { key: key.to_vec(), at, value });
    }

    fn value(&mut self, parent: usize, key: &[u8], bytes: &[u8]) {
        let value = Value::Bytes { bytes: bytes.to_vec(), len: bytes.len() as u64 };
        self.push(parent, key, value);
    }
}

impl Buckets for Fake {
    fn root(&self) -> BucketId {
        BucketId(0)
    }

    fn entries(
        &self,
        bucket: BucketId,
        from: Option<&Cursor>,
        room: Room,
    ) -> Result<Entries, SourceError> {
        let all = &self.0[usize::try_from(bucket.0).unwrap()];
        let start = from.map_or(0, |from| usize::try_from(from.0[0]).unwrap());
        let entries: Vec<Entry> = all[start..].iter().take(room.entries.min(2)).cloned().collect();
        let next = start + entries.len();
        let next = (next < all.len()).then(|| Cursor(vec![next as u64]));
        // The bucket `torn` has lost something.
        let unreadable = u64::from(next.is_none() && all.iter().any(|entry| entry.key == b"torn"));
        Ok(Entries { entries, next, unreadable })
    }
}

fn write<'a>(
    store: &'a dyn Buckets,
    header: Header,
    redactor: Option<&'a mut dyn Redactor>,
    step: u64,
) -> String {
    let mut writer = Writer::new(store, header, redactor);
    let mut text = String::new();
    while let Some(piece) = writer.next(Work { bytes: step }).unwrap() {
        text.push_str(&piece);
    }
    assert_eq!(writer.written(), text.len() as u64);
    text
}

// A slice is no `dyn Source`.
#[allow(clippy::ptr_arg)]
fn read(bytes: &Vec<u8>) -> Dump<'_> {
    DumpJob::new(bytes).run().unwrap()
}

fn small() -> Fake {
    let mut store = Fake::default();
    let invoices = store.bucket(0, b"invoices", 0);
    store.value(invoices, b"\0\0\0\x01", b"\x01\xff");
    let index = store.bucket(invoices, b"i", u64::MAX);
    store.value(index, b"k", b"");
    store.push(index, b"torn", Value::Unreadable);
    store.value(invoices, b"z", b"z");
    let other = store.bucket(0, b"other", 1);
    store.value(other, b"a", b"b");
    store
}

fn header() -> Header {
    Header {
        tool: "fulgurite \"0\"".to_string(),
        kind: "bolt".to_string(),
        size: 4_096,
        sha256: Some([0xab; 32]),
        redaction: None,
        buckets: None,
    }
}

const SMALL: &str = concat!(
    r#"{"format":"fulgurite-bucket-dump/1","tool":"fulgurite \"0\"","source":{"kind":"bolt","size":4096,"sha256":"abababababababababababababababababababababababababababababababab"},"redaction":null,"buckets":null}"#,
    "\n",
    r#"{"bucket":1,"in":0,"key":"696e766f69636573","sequence":"0","at":[80,85]}"#,
    "\n",
    r#"{"in":1,"key":"00000001","value":"01ff","at":[40,45]}"#,
    "\n",
    r#"{"bucket":2,"in":1,"key":"69","sequence":"18446744073709551615","at":[10,15]}"#,
    "\n",
    r#"{"in":2,"key":"6b","value":"","at":[10,15]}"#,
    "\n",
    r#"{"in":2,"key":"746f726e","unreadable":true,"at":[40,45]}"#,
    "\n",
    r#"{"in":2,"lost":1}"#,
    "\n",
    r#"{"in":1,"key":"7a","value":"7a","at":[10,15]}"#,
    "\n",
    r#"{"bucket":3,"in":0,"key":"6f74686572","sequence":"1","at":[50,55]}"#,
    "\n",
    r#"{"in":3,"key":"61","value":"62","at":[10,15]}"#,
    "\n",
);

fn closed(text: &str, buckets: u64, entries: u64) -> String {
    let digest = hex(&Sha256::digest(text.as_bytes()));
    alloc::format!(
        "{text}{{\"end\":true,\"buckets\":{buckets},\"entries\":{entries},\"sha256\":\"{digest}\"}}\n"
    )
}

#[test]
fn a_small_store_is_written_byte_for_byte() {
    for step in [1, 100, 1 << 20] {
        assert_eq!(write(&small(), header(), None, step), closed(SMALL, 3, 5));
    }
    let chosen = Header { buckets: Some(vec![b"other".to_vec()]), ..Header::default() };
    let text = write(&small(), chosen, None, 1 << 20);
    assert_eq!(text.lines().count(), 4);
    assert!(text.contains(r#""buckets":["6f74686572"]}"#));
    assert!(text.contains(r#"{"bucket":1,"in":0,"key":"6f74686572""#));
}

#[test]
fn what_was_written_is_read_and_written_the_same() {
    let bytes = closed(SMALL, 3, 5).into_bytes();
    let dump = read(&bytes);
    assert_eq!(dump.findings().kept(), []);
    assert_eq!(dump.header(), Some(&header()));
    let (index, sequence) = dump.find(&[b"invoices", b"i"]).unwrap().unwrap();
    assert_eq!(sequence, u64::MAX);
    let page = dump.entries(index, None, Room::default()).unwrap();
    assert_eq!((page.entries.len(), page.unreadable), (2, 1));
    assert_eq!(page.entries[1].value, Value::Unreadable);
    assert_eq!(page.entries[1].at, At::new(40, 45));
    assert_eq!(write(&dump, header(), None, 1 << 20).into_bytes(), bytes);
}

/// A generator of our own: the crate has none.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % limit
    }

    fn bytes(&mut self, limit: u64) -> Vec<u8> {
        (0..self.below(limit)).map(|_| u8::try_from(self.below(256)).unwrap()).collect()
    }
}

#[test]
#[cfg_attr(miri, ignore = "a large input")]
fn writing_what_was_read_gives_the_same_bytes_whatever_the_tree() {
    for seed in 1..200 {
        let mut random = Random(0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(seed));
        let mut store = Fake::default();
        store.0.push(Vec::new());
        for _ in 0..random.below(60) {
            let parent = usize::try_from(random.below(store.0.len() as u64)).unwrap();
            let key = random.bytes(40);
            match random.below(4) {
                0 => {
                    let sequence = random.below(u64::MAX);
                    store.bucket(parent, &key, sequence);
                }
                1 => store.push(parent, &key, Value::Unreadable),
                _ => {
                    let value = random.bytes(300);
                    store.value(parent, &key, &value);
                }
            }
        }
        let text = write(&store, header(), None, 1 + random.below(5_000));
        let bytes = text.into_bytes();
        let mut job = DumpJob::new(&bytes);
        let dump = loop {
            let bytes = 1 + random.below(500);
            if let Step::Done(dump) = job.step(Work { bytes }).unwrap() {
                break dump;
            }
        };
        assert_eq!(dump.findings().kept(), [], "{seed}");
        assert_eq!(write(&dump, header(), None, 1 << 20).into_bytes(), bytes, "{seed}");
        // And every first key of its kind is found.
        for (number, entries) in store.0.iter().enumerate().take(1) {
            for entry in entries {
                let found = dump.get(BucketId(number as u64), &entry.key).unwrap().unwrap();
                assert_eq!(found.key, entry.key);
            }
        }
    }
}

#[test]
fn deep_buckets_end_somewhere() {
    let mut store = Fake::default();
    let mut inner = 0;
    for _ in 0..1_000 {
        inner = store.bucket(inner, b"x", 0);
    }
    let text = write(&store, header(), None, 1 << 20);
    // The header, the buckets that are entered, one that is not, its loss, the end.
    assert_eq!(text.lines().count(), 1 + DEPTH + 1 + 1 + 1);
    let bytes = text.into_bytes();
    let dump = read(&bytes);
    assert_eq!(dump.findings().kept(), []);
    assert_eq!(write(&dump, header(), None, 1 << 20).into_bytes(), bytes);
}

struct Stars;

impl Redactor for Stars {
    fn name(&self) -> &'static str {
        "stars"
    }

    fn redact(&mut self, path: &[&[u8]], key: &[u8], value: &[u8]) -> (Vec<u8>, Vec<u8>) {
        assert!(matches!(path, [b"invoices" | b"other"] | [b"invoices", b"i"]));
        (vec![b'*'; key.len()], vec![b'*'; value.len()])
    }

    fn redact_bucket(&mut self, _: &[&[u8]], key: &[u8]) -> Vec<u8> {
        key.to_vec()
    }
}

#[test]
fn a_redactor_sees_everything_and_is_named() {
    let text = write(&small(), header(), Some(&mut Stars), 1 << 20);
    assert!(text.contains(r#""redaction":"stars""#));
    assert!(text.contains(r#"{"in":1,"key":"2a2a2a2a","value":"2a2a","at":[40,45]}"#));
    assert!(text.contains(r#"{"in":2,"key":"2a2a2a2a","unreadable":true,"#));
    for secret in ["01ff", "\"7a\"", "\"6b\"", "746f726e"] {
        assert!(!text.contains(secret), "{secret}");
    }
    let bytes = text.into_bytes();
    let dump = read(&bytes);
    assert!(dump.is_redacted());
    let [finding] = dump.findings().kept() else { panic!() };
    assert_eq!(finding.code, Code::BucketDumpRedacted);
    assert_eq!(finding.values.text("redaction"), Some("stars"));
}

fn faults(dump: &Dump<'_>) -> Vec<(&'static str, u64, String)> {
    let kept = dump.findings().kept().iter();
    kept.map(|finding| {
        let text = |name| finding.values.text(name).map(str::to_string);
        let fault = text("line_fault").or_else(|| text("differs"));
        (finding.code.name(), finding.place.span.start, fault.unwrap_or_default())
    })
    .collect()
}

fn changed(from: &str, to: &str) -> Vec<u8> {
    let text = closed(SMALL, 3, 5);
    assert!(text.contains(from));
    text.replacen(from, to, 1).into_bytes()
}

#[test]
fn bad_lines_are_told_with_their_offset_and_the_others_kept() {
    let at = |text: &str| SMALL.find(text).unwrap() as u64;
    let end = SMALL.len() as u64;
    let digest = ("bucket_dump.changed", end, "digest".to_string());
    let bad = |at, fault: &str| ("bucket_dump.bad_line", at, fault.to_string());
    let value = at(r#"{"in":1,"key":"00000001""#);
    for (from, to, expected) in [
        ("01ff", "01fg", vec![bad(value, "field")]),
        ("01ff", "01f", vec![bad(value, "field")]),
        ("01ff\"", "01ff", vec![bad(value, "json")]),
        ("{\"in\":1,\"key\":\"00", "{\"in\":9,\"key\":\"00", vec![bad(value, "bucket")]),
        (
            "{\"bucket\":3",
            "{\"bucket\":2",
            vec![bad(at("{\"bucket\":3"), "number"), bad(at("{\"in\":3"), "bucket")],
        ),
        ("{\"format\"", "\"format\"", vec![bad(0, "header")]),
        ("01ff", "01fe", vec![]),
    ] {
        let bytes = changed(from, to);
        let mut expected = expected.clone();
        let mut digest = digest.clone();
        digest.1 = (bytes.len() + SMALL.len() - closed(SMALL, 3, 5).len()) as u64;
        expected.push(digest);
        let dump = read(&bytes);
        assert_eq!(faults(&dump), expected, "{to}");
        assert!(dump.find(&[b"invoices", b"i"]).unwrap().is_some());
    }
    let bytes = [&closed(SMALL, 3, 5).into_bytes()[..], b"\n\n{}\n"].concat();
    assert_eq!(faults(&read(&bytes)), [bad(bytes.len() as u64 - 3, "behind_end")]);
    let bytes = changed("bucket-dump/1", "bucket-dump/2");
    let found = faults(&read(&bytes));
    assert_eq!(found[0].0, "bucket_dump.version");
}

#[test]
fn counts_that_do_not_fit_are_told() {
    let bytes = closed(SMALL, 3, 6).into_bytes();
    let expected = ("bucket_dump.changed", SMALL.len() as u64, "counts".to_string());
    assert_eq!(faults(&read(&bytes)), [expected]);
}

/// Goes through all that can be reached; how many entries there are.
fn walk(dump: &Dump<'_>) -> u64 {
    let (mut open, mut count) = (vec![dump.root()], 0);
    while let Some(bucket) = open.pop() {
        let page = dump.entries(bucket, None, Room::default()).unwrap();
        for entry in page.entries {
            count += 1;
            assert!(dump.get(bucket, &entry.key).unwrap().is_some());
            if let Value::Bucket { id, .. } = entry.value {
                open.push(id);
            }
        }
    }
    count
}

#[test]
#[cfg_attr(miri, ignore = "a large input")]
fn truncated_at_every_byte_and_every_byte_overwritten() {
    let whole = closed(SMALL, 3, 5).into_bytes();
    for end in 0..whole.len() {
        let bytes = whole[..end].to_vec();
        let dump = read(&bytes);
        // Without its line's end the closing line is still whole.
        let short = u64::from(end < whole.len() - 1);
        assert_eq!(dump.findings().count(Code::BucketDumpCutShort), short, "{end}");
        assert!(walk(&dump) <= 8);
    }
    for at in 0..whole.len() {
        for byte in [0, 0xff, b'\n', b'{', b'"'] {
            let mut bytes = whole.clone();
            if bytes[at] == byte {
                continue;
            }
            bytes[at] = byte;
            let dump = read(&bytes);
            assert!(walk(&dump) <= 8);
            // The last byte ends the line and says nothing.
            let noticed = dump.findings().kept().len();
            assert!(noticed > 0 || at == whole.len() - 1, "{at}");
        }
    }
}

#[test]
#[cfg_attr(miri, ignore = "a large input")]
fn a_line_without_end_is_bounded() {
    let mut bytes = closed(SMALL, 3, 5).into_bytes();
    let start = bytes.len() as u64;
    bytes.resize(100 << 20, b'[');
    let dump = read(&bytes);
    assert_eq!(faults(&dump), [("bucket_dump.bad_line", start, "too_long".to_string())]);
    // Before the closing line: it is hashed all the same.
    let text = alloc::format!("{SMALL}{}\n", "[".repeat(70 << 20));
    let bytes = closed(&text, 3, 5).into_bytes();
    let dump = read(&bytes);
    assert_eq!(
        faults(&dump),
        [("bucket_dump.bad_line", start - (start - SMALL.len() as u64), "too_long".to_string())]
    );
    assert_eq!(walk(&dump), 8);
}

#[test]
fn pseudonyms_are_joinable_and_told_apart() {
    let mut pseudonyms = Pseudonyms::default();
    let preimage = [7; 32];
    let hash: [u8; 32] = Sha256::digest(preimage).into();
    assert_eq!(pseudonym(&pseudonyms.of(Tag::Hash, &[1; 32])), Some((Tag::Hash, 1)));
    assert_eq!(pseudonym(&pseudonyms.of(Tag::Hash, &hash)), Some((Tag::Hash, 2)));
    assert_eq!(pseudonym(&pseudonyms.preimage_of(&hash)), Some((Tag::Preimage, 2)));
    assert_eq!(pseudonym(&pseudonyms.of(Tag::Address, &hash)), Some((Tag::Address, 1)));
    assert_eq!(pseudonyms.of(Tag::Set, &[0; 32]), [0; 32]);
    assert_eq!(pseudonym(&[0; 32]), None);
}
