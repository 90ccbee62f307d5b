//! bbolt files as the real bbolt writes them: everything that it reads back is read here, nothing
//! is found wrong with them, and each store is known.

use crate::shared;

use std::collections::BTreeMap;

use fulgurite_core::kv::bolt::format::Meta;
use fulgurite_core::kv::bolt::{Bolt, BoltKind, Opened, PageKind, check, identify};
use fulgurite_core::kv::bucket::{BucketId, Buckets, Room, Value};
use fulgurite_core::source::Cached;
use sha2::{Digest, Sha256};
use shared::{FIXTURES, fixture, hex, open};

/// Path and sequence, number and hash of entries of every bucket, as the Go program prints them.
fn read_back(
    bolt: &impl Buckets,
    path: &str,
    bucket: (BucketId, u64),
    room: Room,
    out: &mut BTreeMap<String, (u64, u64, String)>,
) {
    let mut hash = Sha256::new();
    let (mut count, mut inside, mut from) = (0, Vec::new(), None);
    loop {
        let page = bolt.entries(bucket.0, from.as_ref(), room).expect("bytes in memory");
        assert_eq!(page.unreadable, 0, "{path}");
        assert!(page.entries.len() <= room.entries.max(1));
        for entry in page.entries {
            count += 1;
            let mut put = |bytes: &[u8]| {
                hash.update((bytes.len() as u64).to_be_bytes());
                hash.update(bytes);
            };
            put(&entry.key);
            match entry.value {
                Value::Bucket { id, sequence } => {
                    put(b"bucket");
                    inside.push((entry.key, (id, sequence)));
                }
                Value::Bytes { bytes, len } => {
                    assert_eq!(bytes.len() as u64, len);
                    put(b"value");
                    put(&bytes);
                }
                Value::Unreadable => panic!("{path}: {:?}", entry.key),
            }
        }
        let Some(next) = page.next else { break };
        from = Some(next);
    }
    out.insert(path.to_owned(), (bucket.1, count, hex(&hash.finalize())));
    for (key, bucket) in inside {
        let path = format!("{}/{}", path.trim_end_matches('/'), hex(&key));
        read_back(bolt, &path, bucket, room, out);
    }
}

#[test]
fn everything_is_read_that_bbolt_reads() {
    let text = shared::data("bolt/read_back.tsv");
    let mut expected: BTreeMap<&str, BTreeMap<String, (u64, u64, String)>> = BTreeMap::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let cells: Vec<&str> = line.split('\t').collect();
        let row = (cells[2].parse().unwrap(), cells[3].parse().unwrap(), cells[4].to_owned());
        expected.entry(cells[0]).or_default().insert(cells[1].to_owned(), row);
    }
    assert_eq!(expected.len(), FIXTURES.len());
    let small = Room { entries: 1, bytes: 1, ..Room::default() };
    let odd = Room { entries: 7, ..Room::default() };
    for name in FIXTURES {
        let bytes = fixture(name);
        for room in [Room::default(), small, odd] {
            let bolt = open(bytes.as_slice());
            let mut found = BTreeMap::new();
            read_back(&bolt, "/", (bolt.root(), 0), room, &mut found);
            assert_eq!(found, expected[name], "{name}");
        }
        let bolt = open(Cached::new(bytes.as_slice(), 1 << 20));
        let mut found = BTreeMap::new();
        read_back(&bolt, "/", (bolt.root(), 0), Room::default(), &mut found);
        assert_eq!(found, expected[name], "{name}, through blocks");
    }
}

#[test]
fn nothing_is_wrong_with_what_bbolt_writes() {
    for name in FIXTURES {
        let checked = check(fixture(name).as_slice()).expect("bytes in memory");
        assert_eq!(checked.findings, [], "{name}");
        assert_eq!(checked.worst(), None, "{name}");
        let runs = &checked.map.runs;
        assert!(runs.iter().all(|run| !matches!(
            run.kind,
            PageKind::Damaged | PageKind::Unreachable | PageKind::Missing
        )));
        let pages: u64 = runs.iter().map(|run| run.pages).sum();
        assert_eq!(pages * checked.map.page_size, fixture(name).len() as u64, "{name}");
    }
}

#[test]
fn each_key_is_found_and_others_are_not() {
    for name in ["channel", "pages-1024", "deep", "pages-65536"] {
        let bytes = fixture(name);
        let bolt = open(bytes.as_slice());
        let mut todo = vec![bolt.root()];
        let mut keys = 0;
        while let Some(bucket) = todo.pop() {
            let room = Room { entries: usize::MAX, bytes: usize::MAX, ..Room::default() };
            let all = bolt.entries(bucket, None, room).unwrap();
            for entry in all.entries {
                let found = bolt.get(bucket, &entry.key).unwrap();
                assert_eq!(found.as_ref(), Some(&entry));
                let longer = [&entry.key[..], b"\0"].concat();
                assert_eq!(bolt.get(bucket, &longer).unwrap(), None);
                keys += 1;
                if let Value::Bucket { id, .. } = entry.value {
                    todo.push(id);
                }
            }
            assert_eq!(bolt.get(bucket, b"").unwrap(), None);
            assert_eq!(bolt.get(bucket, &[0xff; 40]).unwrap(), None);
        }
        assert!(keys > 50, "{name}: {keys}");
    }
    let bytes = fixture("channel");
    let bolt = open(bytes.as_slice());
    let (index, sequence) = bolt.find(&[b"invoices", b"invoice-add-index"]).unwrap().unwrap();
    assert_eq!(sequence, 60);
    let first = bolt.get(index, &1_u64.to_be_bytes()).unwrap().unwrap();
    assert_eq!(first.value, Value::Bytes { bytes: vec![0; 4], len: 4 });
    // Where it stands: key and value, one behind the other.
    let at = usize::try_from(first.at.start).unwrap()..usize::try_from(first.at.end).unwrap();
    assert_eq!(bytes[at], [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]);
    assert_eq!(bolt.find(&[b"metadata", b"dbp"]).unwrap(), None, "a key is no bucket");
}

#[test]
fn values_may_be_cut_short() {
    let bytes = fixture("channel");
    let bolt = open(bytes.as_slice());
    let (bucket, _) = bolt.find(&[b"close-summaries"]).unwrap().unwrap();
    let room = Room { value: 10, ..Room::default() };
    let entries = bolt.entries(bucket, None, room).unwrap();
    let Value::Bytes { bytes, len } = &entries.entries[0].value else { panic!("a value") };
    assert_eq!((&bytes[..], *len), (&b"fulgurite "[..], 3 * 4_096));
}

#[test]
fn each_store_is_known() {
    for (name, kind) in [
        ("channel", BoltKind::ChannelDb),
        ("pages-16384", BoltKind::ChannelDb),
        ("macaroons", BoltKind::Macaroons),
        ("sphinxreplay", BoltKind::SphinxReplay),
        ("wtclient", BoltKind::WtClient),
        ("watchtower", BoltKind::Watchtower),
        ("wallet", BoltKind::Wallet),
        ("neutrino", BoltKind::Neutrino),
        ("other", BoltKind::Other),
        ("fresh", BoltKind::Other),
    ] {
        let bytes = fixture(name);
        assert_eq!(identify(&open(bytes.as_slice())).unwrap(), kind, "{name}");
        assert_eq!(check(bytes.as_slice()).unwrap().kind, Some(kind), "{name}");
    }
}

#[test]
fn page_sizes_are_found_as_bbolt_finds_them() {
    for (name, page_size) in [
        ("pages-1024", 1_024),
        ("channel", 4_096),
        ("pages-16384", 16_384),
        ("pages-65536", 65_536),
    ] {
        let bytes = fixture(name);
        assert_eq!(open(bytes.as_slice()).geometry().page_size, page_size);
        // Without the first meta, the second is looked for at each size.
        let mut without = bytes.clone();
        without[..1_024].fill(0);
        let bolt = open(without.as_slice());
        assert_eq!(bolt.geometry().page_size, page_size);
        let meta: Meta = bolt.metas().meta().unwrap();
        assert_eq!(meta.txid % 2, 1);
    }
}

#[test]
fn other_files_are_not_bbolt() {
    for bytes in [&b""[..], b"x", &[0; 10_000], b"SQLite format 3\0"] {
        assert!(matches!(Bolt::open(bytes).unwrap(), Opened::NotBolt));
        assert_eq!(check(bytes).unwrap().findings, []);
    }
    // The other byte order: the magic number backwards.
    let mut bytes = vec![0; 8_192];
    bytes[16..20].copy_from_slice(&0xed0c_daed_u32.to_be_bytes());
    assert!(matches!(Bolt::open(bytes.as_slice()).unwrap(), Opened::BigEndian));
    let codes: Vec<_> = check(bytes.as_slice()).unwrap().findings;
    assert_eq!(codes[0].code.name(), "bbolt.big_endian");
}
