//! Where the targets begin: the fixtures of the tests, those that are small, made or unpacked when
//! they are asked for.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use fulgurite_core::gossip::check::{CheckJob, Options};
use fulgurite_core::job::Job as _;
use fulgurite_core::lnd::check::{Given, check};
use fulgurite_tests::lnd::body::{Body, Htlc, htlcs};
use fulgurite_tests::{Direction, Store, T0, fixtures, frame, network, nodes, scid, walk, wounded};

/// Longer fixtures are left out: a fuzzer wants many runs more than many bytes.
const SMALL: usize = 70_000;

fn distinct(seeds: impl IntoIterator<Item = Vec<u8>>) -> Vec<Vec<u8>> {
    let mut met = BTreeSet::new();
    seeds.into_iter().filter(|seed| met.insert(seed.clone())).collect()
}

fn data(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../data").join(path)
}

fn unpacked(path: &str) -> Vec<u8> {
    let packed = std::fs::read(data(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    let mut bytes = Vec::new();
    lzma_rs::xz_decompress(&mut packed.as_slice(), &mut bytes).expect("the fixtures are whole");
    bytes
}

/// `gossip_store`s of every layout, sound and wounded.
pub(crate) fn gossip() -> Vec<Vec<u8>> {
    let small = |version| {
        let store = Store::new(version).announce(scid("103x1x0"), nodes(1, 2), 1_000_000);
        let store =
            store.update("103x1x0", Direction::One, T0).update("103x1x0", Direction::Two, T0);
        store.node(1, T0, "ALICE").build().bytes
    };
    let mut seeds = vec![Vec::new(), vec![16], vec![0; 5_000]];
    seeds.extend([3, 4, 5, 6, 7, 9, 10, 12, 14, 15, 16].map(small));
    let named = fixtures::HEADLINES.iter().filter(|fixture| fixture.name != "bloat");
    seeds.extend(named.map(|fixture| (fixture.build)().bytes));
    seeds.extend([network(1, 3).bytes, fixtures::overlaid().bytes, fixtures::left_behind().bytes]);
    seeds.extend((0..24).map(|seed| wounded(seed).bytes));
    // Records of the greatest length behind a header that claims as much.
    let mut long = vec![16];
    for kind in [258_u16, 5_000, 258, 5_001] {
        let mut body = kind.to_be_bytes().to_vec();
        body.resize(65_535, 1);
        long.extend(frame(16, 0x2000, T0, &body));
    }
    long[6] ^= 1;
    let mut seeds = distinct(seeds.into_iter().filter(|seed| seed.len() <= SMALL));
    seeds.push(long);
    seeds
}

/// A version and a message of each type, several of each.
pub(crate) fn messages() -> Vec<Vec<u8>> {
    let mut messages = Vec::new();
    for store in gossip() {
        let Some(version) = store.first() else { continue };
        for record in walk(&store).unwrap_or_else(|records| records) {
            if record.body.len() < 1_000 {
                messages.push([&[*version], record.body].concat());
            }
        }
    }
    let mut counts = std::collections::BTreeMap::<Vec<u8>, u32>::new();
    let few = |message: &Vec<u8>| {
        let count = counts.entry(message.iter().take(3).copied().collect()).or_default();
        *count += 1;
        *count <= 3
    };
    distinct(messages).into_iter().filter(few).collect()
}

/// bbolt files.
pub(crate) fn bolt() -> Vec<Vec<u8>> {
    let names =
        ["small", "deep", "fresh", "fresh-lnd", "macaroons", "watchtower", "wallet", "other"];
    let mut seeds: Vec<_> =
        names.iter().map(|name| unpacked(&format!("bolt/{name}.db.xz"))).collect();
    seeds.push(unpacked("lnd/v0.21/d15a-bolt/channel.db.xz"));
    seeds.push(unpacked("lnd/v0.21/s0-kv-bolt/channel.db.xz"));
    distinct(seeds)
}

/// SQLite files, with and without a log.
pub(crate) fn sqlite() -> Vec<Vec<u8>> {
    let joined = |main: &str, log: Option<&str>| {
        let (mut main, log) = (unpacked(main), log.map(unpacked).unwrap_or_default());
        let len = u32::try_from(log.len()).expect("small");
        main.extend(log);
        main.extend(len.to_le_bytes());
        main
    };
    let alone = |path| joined(path, None);
    vec![
        alone("lnd/v0.21/s7-sqlite/channel.sqlite.xz"),
        alone("lnd/v0.21/only-tracker-sqlite/lnd.sqlite.xz"),
        alone("lnd/v0.21/s0-kv-sqlite/channel.sqlite.xz"),
        alone("lnd/v0.21/d15a-sqlite/channel.sqlite.xz"),
        joined(
            "lnd/v0.21/wal-s2-sqlite/channel.sqlite.xz",
            Some("lnd/v0.21/wal-s2-sqlite/channel.sqlite-wal.xz"),
        ),
    ]
}

/// Dumps of Postgres: of each way of writing the short lines, which have all of its syntax.
pub(crate) fn pgdump() -> Vec<Vec<u8>> {
    let names = [
        "default",
        "inserts",
        "column-inserts",
        "rows-per-insert",
        "data-only",
        "quoted",
        "escape",
        "escape-inserts",
        "nonstandard-inserts",
        "nonstandard-escape",
    ];
    let short = |name: &&str| {
        let text = unpacked(&format!("pgdump/{name}.sql.xz"));
        let lines = text.split_inclusive(|byte| *byte == b'\n').filter(|line| line.len() < 200);
        lines.take(400).collect::<Vec<_>>().concat()
    };
    let mut seeds: Vec<_> = names.iter().map(short).collect();
    seeds.push(unpacked("lnd/v0.21/s3-postgres/dump.sql.xz"));
    distinct(seeds)
}

/// The examples of the format's document.
pub(crate) fn bucket_dump() -> Vec<Vec<u8>> {
    let path = data("../../docs/format/bucket-dump.md");
    let document = std::fs::read_to_string(path).expect("the document is in the repository");
    let blocks = document.split("```json\n").skip(1);
    let examples: String =
        blocks.map(|block| block.split("```").next().unwrap_or_default()).collect();
    let nested = "{\"format\":\"fulgurite-bucket-dump/1\"}\n".to_owned()
        + "{\"bucket\":1,\"in\":0,\"key\":\"61\",\"sequence\":\"7\"}\n"
        + "{\"bucket\":2,\"in\":1,\"key\":\"62\",\"sequence\":\"0\"}\n"
        + "{\"in\":2,\"key\":\"6b\",\"value\":\"76\"}\n{\"in\":1,\"key\":\"00\",\"value\":\"\"}\n";
    vec![examples.into_bytes(), nested.into_bytes()]
}

/// Invoices in each encoding.
pub(crate) fn invoices() -> Vec<Vec<u8>> {
    let with_htlcs = |seed| Body { htlcs: vec![Htlc::new(5, 1_000).bytes()], ..Body::new(seed) };
    let bodies = [Body::new(1), Body::new(2).settled(3), with_htlcs(4)];
    let mut seeds = Vec::new();
    for body in bodies {
        seeds.extend([body.tlv(), body.fields(), body.fields_and_htlcs()]);
    }
    let amp = Htlc { amp: Some(([1; 32], [2; 32], vec![0, 0, 0, 3])), ..Htlc::new(9, 500) };
    let records = Htlc { records: vec![(65_536, vec![1, 2]), (5_482_373_484, vec![9; 32])], ..amp };
    seeds.push(htlcs(&[Htlc::new(5, 1_000).bytes(), records.bytes()]));
    distinct(seeds)
}

/// Files of LND's of every kind.
pub(crate) fn lnd() -> Vec<Vec<u8>> {
    let mut seeds = vec![
        unpacked("lnd/v0.21/d15a-bolt/channel.db.xz"),
        unpacked("lnd/v0.21/s6-empty-bolt/channel.db.xz"),
        unpacked("lnd/v0.21/d18-add-behind-bolt/channel.db.xz"),
        unpacked("lnd/v0.21/s7-sqlite/channel.sqlite.xz"),
        unpacked("lnd/v0.21/d15a-sqlite/channel.sqlite.xz"),
        unpacked("lnd/v0.21/only-tracker-sqlite/lnd.sqlite.xz"),
        unpacked("lnd/v0.21/s3-postgres/dump.sql.xz"),
    ];
    seeds.extend(bucket_dump());
    seeds
}

/// What files begin with.
pub(crate) fn heads() -> Vec<Vec<u8>> {
    let mut seeds: Vec<Vec<u8>> = [
        &[0x1f, 0x8b, 8, 0][..],
        &[0xfd, b'7', b'z', b'X', b'Z', 0],
        b"PK\x03\x04",
        &[0x28, 0xb5, 0x2f, 0xfd],
        b"GOSSMAP_COMPRESSv1",
        b"PGDMP\x01\x0e",
        &[0x37, 0x7f, 6, 0x82, 0, 0x2d, 0xe2, 0x18],
        &[7; 32],
    ]
    .map(<[u8]>::to_vec)
    .to_vec();
    for long in [bolt(), sqlite(), pgdump(), bucket_dump(), gossip()].concat() {
        seeds.push(long.into_iter().take(8_192).collect());
    }
    distinct(seeds)
}

/// Reports as they are saved.
pub(crate) fn reports() -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    for store in gossip().into_iter().filter(|store| store.len() < 40_000) {
        let report = CheckJob::new(&store, Options::default()).run().expect("memory is read");
        seeds.push(report.to_json().expect("JSON").into_bytes());
    }
    for file in lnd() {
        let given = [Given { source: &file, name: None }];
        let checked = check(&given, &fulgurite_core::lnd::check::Options::default(), &mut |_| true);
        let report = checked.expect("memory is read").expect("nobody stops it").report;
        seeds.push(report.to_json().expect("JSON").into_bytes());
    }
    distinct(seeds.into_iter().filter(|seed| seed.len() < 24_000))
}
