//! Where the targets begin: the fixtures of the tests, those that are small, made or unpacked when
//! they are asked for.

mod lnd;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use fulgurite_core::gossip::check::{CheckJob, Options};
use fulgurite_core::job::Job as _;
use fulgurite_core::lnd::check::{Given, check};
use fulgurite_tests::bolt::{Writer, bucket, inline};
use fulgurite_tests::lnd::body::{Body, Htlc, htlcs};
use fulgurite_tests::{Direction, Store, T0, fixtures, frame, network, nodes, scid, walk, wounded};

use crate::bolt_reference;

pub(crate) use lnd::{lnd, pairs, stores};

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

/// A channel with both updates, and one of its nodes.
fn small(version: u8, now: u32) -> Store {
    let store = Store::new(version).announce(scid("103x1x0"), nodes(1, 2), 1_000_000);
    let store = store.update("103x1x0", Direction::One, now);
    store.update("103x1x0", Direction::Two, now).node(1, now, "ALICE")
}

/// `gossip_store`s of every layout, sound and wounded.
pub(crate) fn gossip() -> Vec<Vec<u8>> {
    let mut seeds = vec![Vec::new(), vec![16], vec![0; 5_000]];
    seeds.extend(
        [3, 4, 5, 6, 7, 9, 10, 12, 14, 15, 16].map(|version| small(version, T0).build().bytes),
    );
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
    // Records that only versions 2 and 3 have, in a store of today; and more satoshi than there are.
    let old = fulgurite_tests::Network::new(1, 2).version(3).store().build().bytes;
    let wrapped = walk(&old).expect("whole");
    let wrapped = wrapped.iter().flat_map(|record| frame(16, 0x2000, 0, record.body));
    seeds.push(std::iter::once(16).chain(wrapped).collect());
    let rich = Store::new(3).announce(scid("103x1x0"), nodes(1, 2), 2_100_000_000_000_001);
    seeds.push(rich.update("103x1x0", Direction::One, T0).build().bytes);
    let mut seeds = distinct(seeds.into_iter().filter(|seed| seed.len() <= SMALL));
    seeds.push(long);
    seeds
}

/// Two `gossip_store`s of one node, each pair followed by the length of the second: of one version or
/// two, one newer, one of which has let a channel go, one wounded and the backup from before.
pub(crate) fn gossip_pairs() -> Vec<Vec<u8>> {
    let other = |store: Store, now| {
        let store = store.announce("104x1x0", nodes(2, 3), 2_000_000);
        store.update("104x1x0", Direction::Two, now)
    };
    let mut pairs = Vec::new();
    for (old, new) in [(3, 16), (5, 7), (7, 9), (9, 12), (12, 13), (12, 16), (14, 15), (16, 16)] {
        let older = other(small(old, T0 - 900), T0 - 800);
        let later = small(new, T0);
        let mut newer = vec![later.clone(), other(later, T0 - 850)];
        if new >= 12 {
            newer.push(other(Store::new(new), T0).delete_chan("103x1x0"));
            newer.push(other(small(new, T0 - 500), T0).close("103x1x0"));
        }
        if new >= 14 {
            newer.push(other(small(new, T0 - 500), T0).dying("103x1x0", 935_000));
            newer.push(other(Store::new(new), T0).dying("103x1x0", 935_000));
        }
        let older = older.build().bytes;
        for newer in newer {
            let newer = newer.build().bytes;
            pairs.extend([joined(older.clone(), &newer), joined(newer, &older)]);
        }
    }
    for wounded in (0..200).map(wounded).filter(|wounded| wounded.whole.len() < 7_000) {
        pairs.push(joined(wounded.bytes, &wounded.whole));
    }
    distinct(pairs)
}

/// Two files in one, followed by the length of the second.
fn joined(mut first: Vec<u8>, second: &[u8]) -> Vec<u8> {
    let len = u32::try_from(second.len()).expect("small");
    first.extend(second);
    first.extend(len.to_le_bytes());
    first
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

/// bbolt files of a few pages of the smallest size: branches, buckets in buckets, inline ones,
/// overflow, a freelist, and pages that are reached twice.
pub(crate) fn bolt_small() -> Vec<Vec<u8>> {
    let writer = || Writer::new(1_024);
    let few = [(0, &b"a"[..], &b"1"[..]), (0, b"b", b"22"), (0, b"bb", b"")];
    let inner = inline(7, &few);
    let deep = writer()
        .leaf(&[(1, b"deep", &bucket(3, 1)), (1, b"inline", &inner), (1, b"open", &bucket(7, 0))])
        .branch(&[(b"a", 4), (b"m", 5)])
        .branch(&[(b"a", 6)])
        .leaf(&[(0, b"m", &[7; 300]), (1, b"n", &bucket(8, 0)), (0, b"o", b"")])
        .leaf(&few)
        .leaf(&[])
        .leaf(&[(1, b"x", &inner), (1, b"y", &inline(0, &[]))]);
    let twice = writer()
        .leaf(&[(1, b"invoices", &bucket(3, 0)), (1, b"metadata", &bucket(4, 0))])
        .branch(&[(b"a", 4), (b"b", 4), (b"c", 3)])
        .leaf(&few);
    let web = (3..12).fold(writer().leaf(&[(1, b"web", &bucket(3, 0))]), |writer, page| {
        writer.branch(&[(b"a", page + 1), (b"b", page + 1)])
    });
    // A leaf whose value lies on the page behind it, which has no header; and a freelist.
    let mut listed = writer().leaf(&few).leaf(&[]).leaf(&[]).leaf(&[]).build();
    let long = 0x400_u32 + 500;
    listed[2 * 1_024 + 12] = 1;
    listed[2 * 1_024 + 16 + 2 * 16 + 12..][..4].copy_from_slice(&long.to_le_bytes());
    listed[4 * 1_024 + 8..][..4].copy_from_slice(&[16, 0, 1, 0]);
    listed[4 * 1_024 + 16] = 5;
    for meta in [16, 1_024 + 16] {
        listed[meta + 32..][..8].copy_from_slice(&4_u64.to_le_bytes());
        let sum = bolt_reference::sum(&listed[meta..meta + 64]);
        listed[meta + 56..][..8].copy_from_slice(&sum.to_le_bytes());
    }
    // A branch of eleven pages whose elements all lead to the first meta page.
    let long = writer().leaf(&[(1, b"long", &bucket(3, 0))]).branch(&[(b"a", 0)]);
    let mut to_meta = (0..10).fold(long, |writer, _| writer.leaf(&[])).build();
    to_meta[3 * 1_024 + 10..][..6].copy_from_slice(&[0x80, 2, 10, 0, 0, 0]);
    to_meta[4 * 1_024..].fill(0);
    let mut seeds = vec![deep.build(), twice.build(), web.leaf(&few).build(), listed, to_meta];
    seeds.push(writer().leaf(&[]).build());
    seeds
}

/// bbolt files.
pub(crate) fn bolt() -> Vec<Vec<u8>> {
    let names =
        ["small", "deep", "fresh", "fresh-lnd", "macaroons", "watchtower", "wallet", "other"];
    let mut seeds: Vec<_> =
        names.iter().map(|name| unpacked(&format!("bolt/{name}.db.xz"))).collect();
    seeds.push(unpacked("lnd/v0.21/d15a-bolt/channel.db.xz"));
    seeds.push(unpacked("lnd/v0.21/s0-kv-bolt/channel.db.xz"));
    seeds.extend(bolt_small());
    distinct(seeds)
}

/// SQLite files of a few small pages, with all that a tree can have: interior pages, overflow,
/// indexes, no row numbers, defaults, free pages, with and without a pointer map.
pub(crate) fn sqlite_alone() -> Vec<Vec<u8>> {
    let made = |begin: &str, end: &str| {
        let mut database = rusqlite::Connection::open_in_memory().expect("memory");
        let tables = "create table t(id integer primary key, a text, b blob, r real);
            create index t_a on t(a); create unique index t_b on t(b, a) where a is not null;
            create table w(k text primary key, v, d default 'none') without rowid;";
        let sql = format!("pragma page_size = 512; {begin} {tables} {end}");
        database.execute_batch(&sql).expect("SQL that SQLite knows");
        database.serialize("main").expect("a database").to_vec()
    };
    let rows = |count: u32| {
        format!(
            "with recursive n(i) as (values(1) union all select i + 1 from n where i < {count})
             insert into t select i * i, 'text ' || (i * 7 % {count}), zeroblob(i % 5 * 9), i / 2.0
               from n;
             insert into w select a, id, r from t where id % 3 = 0;"
        )
    };
    let long = "insert into t values (-5, 'long', zeroblob(1300), 7);
        insert into w values (printf('%.400c', 'k'), 1, null);";
    let gone = "create table gone(x); insert into gone values (zeroblob(1200)); drop table gone;";
    distinct([
        made("", ""),
        made("", &rows(4)),
        made("", &format!("{} {long}", rows(30))),
        made("", &format!("{} {gone} alter table t add column late default 7;", rows(12))),
        made("pragma auto_vacuum = incremental;", &format!("{} {long} {gone}", rows(20))),
    ])
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
    let small = sqlite_alone().into_iter().map(|file| [&file[..], &[0; 4]].concat());
    let mut seeds: Vec<_> = small.collect();
    seeds.extend([
        alone("lnd/v0.21/s7-sqlite/channel.sqlite.xz"),
        alone("lnd/v0.21/only-tracker-sqlite/lnd.sqlite.xz"),
        alone("lnd/v0.21/s0-kv-sqlite/channel.sqlite.xz"),
        alone("lnd/v0.21/d15a-sqlite/channel.sqlite.xz"),
        joined(
            "lnd/v0.21/wal-s2-sqlite/channel.sqlite.xz",
            Some("lnd/v0.21/wal-s2-sqlite/channel.sqlite-wal.xz"),
        ),
    ]);
    seeds
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
    // Where tables are described, and where rows stand.
    for seed in seeds.clone() {
        let rows = seed.windows(7).position(|seven| matches!(seven, b"\nCOPY p" | b"\nINSERT"));
        for from in [0, rows.unwrap_or_default()] {
            seeds.push(seed.iter().skip(from).take(4_096).copied().collect());
        }
    }
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

/// Logs: every known line of lightningd's, in the frames of several releases; some of LND's; lines of
/// neither.
pub(crate) fn logs() -> Vec<Vec<u8>> {
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/log_lines.tsv");
    let table = std::fs::read_to_string(table).expect("the table of lines");
    let words = table.lines().filter(|row| !row.starts_with('#')).map(|row| {
        let words = row.rsplit('\t').next().unwrap_or_default();
        words.replace("%u", "4711").replace("%x", "0a1b2c").replace("%s", "No space left")
    });
    let words: Vec<String> = words.collect();
    let node = "02531fe6068134503d2723133227c867ac8fa6c83c537e9a44c3c5bdbdcb1fe337";
    let line = |at: usize, words: &String| {
        let time = format!("2024-01-{:02}T03:{:02}:05.{:03}Z", 1 + at / 60 % 28, at % 60, at % 999);
        match at % 6 {
            0 => format!("{time} DEBUG   gossipd: {words}\n"),
            1 => format!("{time} **BROKEN** {node}-connectd: {words}\r\n"),
            2 => format!("{time} lightning_gossipd(11243): TRACE: {words}\n"),
            3 => format!("UNUSUAL lightningd: {words}\n"),
            4 => {
                format!("Jan  2 03:04:05 host lightningd[77]: {time} INFO    lightningd: {words}\n")
            }
            _ => format!("{time} INFO    {node}-channeld-chan#7: {words}\n"),
        }
    };
    let mut seeds: Vec<Vec<u8>> = (0..)
        .zip(words.chunks(24))
        .map(|(part, words)| {
            let lines = (part * 31..).zip(words).map(|(at, words)| line(at, words));
            lines.collect::<String>().into_bytes()
        })
        .collect();
    let lnd = [
        "SQLD: Migration 'kv_invoice_migration' (version 6) applied",
        "INVC: Starting migration of invoices from KV to SQL",
        "INVC: Migrated 1000 invoices (12.34 invoices/sec)",
        "INVC: Cannot migrate invoice, unable to fetch payment hash (add_index=7): EOF",
        "INVC: Migration of 1000 invoices from KV to SQL completed",
        "CHDB: Setting invoice bucket tombstone",
        "GRDB: Skipping channel 7 with invalid extra opaque data: ff",
    ];
    let lnd = (0..).zip(lnd).map(|(second, words): (u32, _)| {
        format!("2026-01-02 03:04:{second:02}.678 [INF] {words}\n")
    });
    seeds.push(lnd.collect::<String>().into_bytes());
    seeds.push(b"no log\n\n\x00\xff\n2024-13-45T99:99:99.000Z DEBUG x: y".to_vec());
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
