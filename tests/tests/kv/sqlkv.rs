//! LND's key-value tables in a dump of Postgres, as buckets, and from there into a bucket dump.

use std::path::Path;

use fulgurite_core::finding::Code;
use fulgurite_core::job::{Job, Work};
use fulgurite_core::kv::bucket::{Buckets, Room, Value};
use fulgurite_core::kv::dump::{DumpJob, Header, Writer};
use fulgurite_core::kv::pgdump::PgDumpJob;
use fulgurite_core::kv::sqlkv::{Options, SqlBucketsJob, Wanted, prefixes};

fn dump(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/pgdump").join(name);
    let bytes = std::fs::read(path).expect("the file is in the repository");
    let mut plain = Vec::new();
    lzma_rs::xz_decompress(&mut bytes.as_slice(), &mut plain).expect("the file is whole");
    plain
}

fn text(store: &dyn Buckets) -> String {
    let mut writer = Writer::new(store, Header::default(), None);
    let mut text = String::new();
    while let Some(piece) = writer.next(Work::default()).expect("memory can be read") {
        text.push_str(&piece);
    }
    text
}

/// `tests/data/pgdump/tables.sql` says what was put in.
#[test]
fn a_channeldb_from_postgres_is_a_tree() {
    for name in ["default.sql.xz", "nonstandard-escape.sql.xz", "data-only-inserts.sql.xz"] {
        let bytes = dump(name);
        let tables = PgDumpJob::new(&bytes).run().unwrap();
        assert_eq!(prefixes(&tables), ["channeldb", "macaroondb"]);
        for wanted in [Wanted::Lnd, Wanted::All] {
            let options = Options { wanted, size: bytes.len() as u64 };
            let store = SqlBucketsJob::new(&tables, "channeldb", options).unwrap().run().unwrap();
            assert_eq!(store.findings().kept(), []);
            let top = store.entries(store.root(), None, Room::default()).unwrap();
            let keys: Vec<_> = top.entries.iter().map(|entry| entry.key.as_slice()).collect();
            assert_eq!(keys, [&b"\0\xff"[..], b"invoices", b"metadata"]);
            let Value::Bucket { sequence, .. } = top.entries[0].value else { panic!() };
            assert_eq!(sequence, 9_223_372_036_854_775_807);

            let (metadata, _) = store.find(&[b"metadata"]).unwrap().unwrap();
            let dbp = store.get(metadata, b"dbp").unwrap().unwrap();
            assert_eq!(dbp.value, Value::Bytes { bytes: vec![0, 0, 0, 0x23], len: 4 });
            let empty = store.get(metadata, b"empty").unwrap().unwrap();
            assert_eq!(empty.value, Value::Bytes { bytes: vec![], len: 0 });

            let (hashes, sequence) = store.find(&[b"invoices", b"paymenthashes"]).unwrap().unwrap();
            assert_eq!(sequence, 42);
            let page = store.entries(hashes, None, Room::default()).unwrap();
            assert_eq!(page.entries.len(), 256);
            for (number, entry) in (0..=255).zip(&page.entries) {
                assert_eq!(entry.key, [0, number]);
                assert_eq!(entry.value, Value::Bytes { bytes: vec![number], len: 1 });
            }

            let (odd, _) = store.find(&[b"\0\xff"]).unwrap().unwrap();
            let all = store.get(odd, b"all").unwrap().unwrap();
            assert_eq!(all.value, Value::Bytes { bytes: (0..=255).collect(), len: 256 });
            let long = store.get(odd, b"long").unwrap().unwrap();
            let Value::Bytes { bytes: long, len: 300_000 } = long.value else { panic!() };
            assert_eq!(&long[299_996..], b"\0'\\\n");
        }
    }
}

#[test]
fn the_same_store_gives_the_same_bucket_dump_whatever_it_was_read_from() {
    let texts = ["default.sql.xz", "column-inserts.sql.xz", "escape-inserts.sql.xz"].map(|name| {
        let bytes = dump(name);
        let tables = PgDumpJob::new(&bytes).run().unwrap();
        let options = Options { wanted: Wanted::All, size: 0 };
        let store = SqlBucketsJob::new(&tables, "channeldb", options).unwrap().run().unwrap();
        let text = text(&store);
        // Read back, it is the same once more.
        let bytes = text.clone().into_bytes();
        let read = DumpJob::new(&bytes).run().unwrap();
        assert_eq!(read.findings().count(Code::BucketDumpChanged), 0);
        assert_eq!(self::text(&read), text);
        // Only where things stand differs.
        let line = |line: &str| match (line.split_once(",\"at\":["), line.split_once(",\"sha256\""))
        {
            (Some((line, _)), _) | (None, Some((line, _))) => line.to_owned(),
            _ => line.to_owned(),
        };
        text.lines().map(line).collect::<Vec<_>>()
    });
    assert_eq!(texts[0].len(), 1 + 264 + 1);
    assert!(texts[0] == texts[1] && texts[0] == texts[2]);
}
