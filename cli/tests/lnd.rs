//! LND's databases: one report for all of them, the state board, invoices, buckets, dumps; and
//! nothing secret in any of it unless it was asked for.
//!
//! The stores were written by LND v0.21 itself (tests/lnd-fixtures), which also wrote down what is
//! in them (`read` in the manifest).

mod common;

use std::io::Read as _;
use std::path::{Path, PathBuf};

use common::{Files, Run, fulgurite};
use serde_json::Value;

/// A file of a fixture, as LND wrote it.
fn fixture(name: &str) -> Vec<u8> {
    unpacked(&data().join(format!("v0.21/{name}.xz")))
}

fn unpacked(path: &Path) -> Vec<u8> {
    let file =
        std::fs::File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut bytes = Vec::new();
    lzma_rust2::XzReader::new(file, true).read_to_end(&mut bytes).expect("a whole .xz");
    bytes
}

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data/lnd")
}

/// A node's data directory after the migration.
fn s2() -> Files {
    let files = Files::new();
    put(&files, "data/graph/regtest/channel.sqlite", fixture("s2-sqlite/channel.sqlite"));
    put(&files, "data/graph/regtest/lnd.sqlite", fixture("s2-sqlite/lnd.sqlite"));
    files
}

fn put(files: &Files, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = files.path().join(name);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder is made");
    std::fs::write(&path, bytes).expect("a file is written");
    path
}

fn run<'a>(arguments: impl IntoIterator<Item = &'a str>, paths: &[&'a Path]) -> Run {
    let paths = paths.iter().map(|path| path.to_str().expect("UTF-8"));
    fulgurite(arguments.into_iter().chain(paths))
}

/// What LND read back of the key-value store of S2: and with it all that must not be told.
fn read_back() -> Value {
    let manifest = std::fs::read(data().join("manifest.json")).expect("the fixtures");
    let manifest: Value = serde_json::from_slice(&manifest).expect("JSON");
    let fixtures = manifest["fixtures"].as_array().expect("a list");
    let s2 = fixtures.iter().find(|entry| entry["id"] == "v0.21/s2-sqlite").expect("S2");
    let read = data().join(s2["read"].as_str().expect("a path"));
    serde_json::from_slice(&unpacked(&read)).expect("JSON")
}

/// Preimages, payment addresses, memos and payment requests, as hex and as text.
fn secrets() -> Vec<String> {
    let read = read_back();
    let mut secrets = Vec::new();
    for side in ["kv", "sql"] {
        for invoice in read[side]["invoices"].as_array().expect("invoices") {
            for name in ["preimage", "payment_addr", "memo_hex", "payment_request"] {
                let Some(secret) = invoice[name].as_str().filter(|secret| secret.len() >= 16)
                else {
                    continue;
                };
                if secret.bytes().all(|digit| digit == b'0') {
                    continue;
                }
                secrets.push(secret.to_owned());
                if name == "memo_hex" {
                    let memo: Vec<u8> = (0..secret.len() / 2)
                        .map(|at| u8::from_str_radix(&secret[2 * at..2 * at + 2], 16).expect("hex"))
                        .collect();
                    secrets.push(String::from_utf8_lossy(&memo).into_owned());
                }
                if name == "payment_request" {
                    secrets.push(common::hex(secret.as_bytes()));
                }
            }
        }
    }
    assert!(secrets.len() > 60, "{}", secrets.len());
    secrets
}

fn holds_no_secret(text: &str, secrets: &[String]) {
    for secret in secrets {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}

#[test]
fn all_of_lnd_is_one_report_and_stores_keep_their_own() {
    let files = s2();
    let folder = files.path().join("data/graph/regtest");
    let (kv, sql) = (folder.join("channel.sqlite"), folder.join("lnd.sqlite"));
    let gossip = put(&files, "gossip_store", fulgurite_tests::fixtures::healthy().bytes);
    let run = run(["check", "--json"], &[&kv, &gossip, &sql]);
    assert_eq!(run.err, "");
    let rows = run.rows();
    assert_eq!(rows.len(), 2, "{}", run.out);
    assert_eq!(rows[0]["input"]["kind"], "gossip_store");
    assert_eq!(rows[1]["lnd"]["state"]["kind"], "migrated");
    assert_eq!(rows[1]["inputs"].as_array().map(Vec::len), Some(2));
    assert_eq!(rows[1]["verdict"]["headline"], "lnd_migrated");
}

#[test]
fn packed_files_are_one_report_too() {
    let files =
        ["channel", "lnd"].map(|name| data().join(format!("v0.21/s2-sqlite/{name}.sqlite.xz")));
    let run = run(["check", "--json"], &[&files[0], &files[1]]);
    let rows = run.rows();
    assert_eq!(rows.len(), 1, "{run:?}");
    assert_eq!(rows[0]["lnd"]["state"]["kind"], "migrated");
}

#[test]
fn a_folder_is_the_whole_node_and_names_the_network() {
    let files = s2();
    put(&files, "data/chain/bitcoin/regtest/wallet.txt", b"not LND's".repeat(30));
    let run = run(["check", "--json"], &[files.path()]);
    let [row] = &run.rows()[..] else { panic!("{run:?}") };
    assert_eq!(row["lnd"]["state"]["kind"], "migrated");
    assert_eq!(row["lnd"]["state"]["confidence"], "certain");
    // The same files under another network's name.
    let files = Files::new();
    put(&files, "data/graph/mainnet/channel.sqlite", fixture("s2-sqlite/channel.sqlite"));
    put(&files, "data/graph/mainnet/lnd.sqlite", fixture("s2-sqlite/lnd.sqlite"));
    let run = self::run(["check", "--json"], &[files.path()]);
    assert_eq!(run.rows()[0]["lnd"]["state"]["kind"], "network_mismatch", "{}", run.out);
    assert_eq!(run.code, Some(1));
}

#[test]
fn networks_are_not_mixed() {
    let files = s2();
    put(&files, "data/graph/testnet/channel.db", fixture("s1-bolt/channel.db"));
    let run = run(["check", "--json"], &[files.path()]);
    let mut states: Vec<Value> =
        run.rows().iter().map(|row| row["lnd"]["state"]["kind"].clone()).collect();
    states.sort_by_key(|state| state.as_str().map(str::to_owned));
    assert_eq!(states, ["migrated", "not_migrated"], "{}", run.out);
}

#[test]
fn a_folder_with_nothing_of_lnd_says_so() {
    let files = Files::new();
    put(&files, "notes.txt", b"nothing here\n".repeat(10));
    for arguments in [&["check"][..], &["lnd", "state"]] {
        let run = run(arguments.iter().copied(), &[files.path()]);
        assert_eq!(run.code, Some(2));
        assert!(run.err.contains("is a directory") && run.out.is_empty(), "{run:?}");
    }
}

/// Sums as SQLite makes them over big-endian words.
fn sum(bytes: &[u8], mut sum: [u32; 2]) -> [u32; 2] {
    for pair in bytes.chunks(8) {
        let word = |at: usize| u32::from_be_bytes(pair[at..at + 4].try_into().expect("four"));
        sum[0] = sum[0].wrapping_add(word(0)).wrapping_add(sum[1]);
        sum[1] = sum[1].wrapping_add(word(4)).wrapping_add(sum[0]);
    }
    sum
}

/// A log of one transaction that holds these pages, the last of which ends it.
fn log(database: &[u8], pages: std::ops::RangeInclusive<usize>) -> Vec<u8> {
    let size = usize::from(u16::from_be_bytes([database[16], database[17]]));
    let count = u32::try_from(database.len() / size).expect("few");
    let mut log = Vec::new();
    let words = [0x377f_0683_u32, 3_007_000, u32::try_from(size).expect("small"), 0, 11, 22];
    log.extend(words.iter().flat_map(|word| word.to_be_bytes()));
    let mut sums = sum(&log, [0; 2]);
    log.extend(sums.iter().flat_map(|sum| sum.to_be_bytes()));
    for page in pages.clone() {
        let commit = if page == *pages.end() { count } else { 0 };
        let head: Vec<u8> = [u32::try_from(page).expect("few"), commit]
            .iter()
            .flat_map(|word| word.to_be_bytes())
            .collect();
        let bytes = &database[(page - 1) * size..page * size];
        sums = sum(bytes, sum(&head, sums));
        log.extend(&head);
        log.extend([11_u32, 22].iter().flat_map(|salt| salt.to_be_bytes()));
        log.extend(sums.iter().flat_map(|sum| sum.to_be_bytes()));
        log.extend(bytes);
    }
    log
}

#[test]
fn the_log_beside_a_database_is_read_with_it() {
    let files = Files::new();
    let whole = fixture("s2-sqlite/lnd.sqlite");
    let size = usize::from(u16::from_be_bytes([whole[16], whole[17]]));
    let last = whole.len() / size;
    // All but the first page is only in the log.
    let mut hollow = whole.clone();
    hollow[size..].fill(0);
    let kv = put(&files, "channel.sqlite", fixture("s2-sqlite/channel.sqlite"));
    let sql = put(&files, "lnd.sqlite", hollow);
    let without = run(["check", "--json"], &[&kv, &sql]);
    assert_ne!(without.rows()[0]["verdict"]["headline"], "lnd_migrated", "{}", without.out);
    put(&files, "lnd.sqlite-wal", log(&whole, 2..=last));
    let with = run(["check", "--json"], &[&kv, &sql]);
    let [row] = &with.rows()[..] else { panic!("{with:?}") };
    assert_eq!(row["verdict"]["headline"], "lnd_migrated", "{row}");
    assert_eq!(row["inputs"].as_array().map(Vec::len), Some(3));
    assert_eq!(row["lnd"]["sql"][0]["wal"], "applied");
    let human = run(["check"], &[&kv, &sql]);
    assert!(
        human.out.contains("lnd.sqlite-wal\nread too, because it lies beside"),
        "{}",
        human.out
    );
    // Named by hand it is the same; an empty one is none.
    let log = files.path().join("lnd.sqlite-wal");
    assert_eq!(run(["check", "--json"], &[&kv, &sql, &log]).out, with.out);
    put(&files, "lnd.sqlite-wal", b"");
    put(&files, "lnd.sqlite", &whole);
    let empty = run(["check", "--json"], &[&kv, &sql]);
    assert_eq!(empty.rows()[0]["verdict"]["headline"], "lnd_migrated", "{}", empty.out);
}

#[test]
fn the_board_says_what_each_configuration_would_do() {
    let files = s2();
    let run = run(["lnd", "state", "--release", "v0.21", "--native", "off"], &[files.path()]);
    assert!(run.out.contains("S2  Migrated"), "{}", run.out);
    let refused = "LND does not start (at the invoice tombstone): “";
    assert!(run.out.contains(refused), "{}", run.out);
    assert!(run.out.contains("v0.21.2 … v0.21.3 · sqlite · use-native-sql off"), "{}", run.out);
    assert!(run.out.contains("The way forward\n  1. "), "{}", run.out);
    let chinese = self::run(["--lang", "zh-CN", "lnd", "state"], &[files.path()]);
    assert!(chinese.out.contains("LND 会怎么做") && chinese.out.contains("use-native-sql 关"));
    let json = self::run(
        ["lnd", "state", "--json", "--release", "v0.21", "--native", "on"],
        &[files.path()],
    );
    let board = json.rows()[0]["lnd"]["board"].clone();
    let [row] = &board.as_array().expect("a board")[..] else { panic!("{board}") };
    assert_eq!(row["decision"]["outcome"], "proceeds");
    assert_eq!(row["when"][0]["releases"], serde_json::json!(["v0.21.2"]));
}

#[test]
fn a_crash_between_tombstone_and_commit_warns_of_skip() {
    let folder = Files::new();
    let kv = put(&folder, "channel.sqlite", fixture("s3-sqlite/channel.sqlite"));
    let sql = put(&folder, "lnd.sqlite", fixture("s3-sqlite/lnd.sqlite"));
    let run =
        run(["lnd", "state", "--release", "v0.21", "--native", "on", "--skip", "on"], &[&kv, &sql]);
    assert_eq!(run.code, Some(1));
    assert!(run.out.contains("S3  "), "{}", run.out);
    assert!(run.out.contains("Left behind for good: "), "{}", run.out);
}

#[test]
fn invoices_are_those_that_lnd_read_back() {
    let files = s2();
    let read = read_back();
    for (side, store) in [("kv", "kv"), ("sql", "sql")] {
        let arguments = ["lnd", "invoices", "--json", "--reveal", "--side", side];
        let rows = run(arguments, &[files.path()]).rows();
        let known = read[store]["invoices"].as_array().expect("invoices");
        for invoice in known {
            let index = invoice["add_index"].as_u64().expect("an index").to_string();
            let of_index = |row: &&Value| row["invoice"]["add_index"] == *index;
            let row = rows.iter().find(of_index).unwrap_or_else(|| panic!("{side} {index}"));
            let shown = &row["invoice"];
            assert_eq!(shown["state"], invoice["state"], "{row}");
            let asked = invoice["value_msat"].as_u64().expect("an amount").to_string();
            assert_eq!(shown["value_msat"], *asked, "{row}");
            assert_eq!(shown["payment_request"]["text"], invoice["payment_request"], "{row}");
        }
        // One that no index leads to was not read back.
        assert!(rows.len() >= known.len(), "{side}: {}", rows.len());
    }
    let default = run(["lnd", "invoices", "--json"], &[files.path()]);
    let side = run(["lnd", "invoices", "--json", "--side", "sql"], &[files.path()]);
    assert_eq!(default.out, side.out, "native SQL is in force");
    let all = default.rows();
    let some = run(["lnd", "invoices", "--json", "--from", "5", "--count", "4"], &[files.path()]);
    assert_eq!(some.rows(), all[5..9]);
    let human = run(["lnd", "invoices"], &[files.path()]);
    assert_eq!(human.out.lines().count(), all.len() + 2);
    assert!(
        human.out.contains("native SQL (sqlite), 24 invoices: the store that LND would use"),
        "{}",
        human.out
    );
}

#[test]
fn the_same_hash_has_the_same_name_on_both_sides() {
    let files = s2();
    let hashes = |side: &str, reveal: bool| {
        let mut arguments = vec!["lnd", "invoices", "--json", "--side", side];
        arguments.extend(reveal.then_some("--reveal"));
        let rows = run(arguments, &[files.path()]).rows();
        rows.iter().map(|row| row["hash"].clone()).collect::<Vec<_>>()
    };
    let pairs = |side| hashes(side, false).into_iter().zip(hashes(side, true)).collect::<Vec<_>>();
    let (kv, sql) = (pairs("kv"), pairs("sql"));
    for (name, hash) in sql.iter().filter(|(name, _)| name.is_string()) {
        assert!(name.as_str().is_some_and(|name| name.starts_with("hash#")), "{name}");
        assert!(kv.contains(&(name.clone(), hash.clone())), "{name} {hash}");
    }
}

#[test]
fn buckets_have_names_counts_and_no_values() {
    let files = s2();
    let kv = files.path().join("data/graph/regtest/channel.sqlite");
    let top = run(["lnd", "buckets", "--json"], &[&kv]).rows();
    let invoices = top.iter().find(|row| row["key"] == "invoices").expect("the bucket");
    assert_eq!((&invoices["kind"], &invoices["buckets"]), (&"bucket".into(), &3.into()));
    let path = |path: &str, more: &[&str]| {
        let file = kv.to_str().expect("UTF-8");
        fulgurite([&["lnd", "buckets", file, path, "--json"], more].concat())
    };
    let adds = path("invoices/invoice-add-index", &[]).rows();
    assert_eq!(adds.len(), read_back()["kv"]["invoices"].as_array().map_or(0, Vec::len));
    assert_eq!((&adds[0]["key"], &adds[0]["len"]), (&"1".into(), &4.into()));
    assert!(adds[0]["hex"].is_null());
    let addresses = path("pay-addr-index", &[]).rows();
    assert!(!addresses.is_empty());
    for row in &addresses {
        assert!(row["key"].as_str().is_some_and(|key| key.starts_with("address#")), "{row}");
    }
    let revealed = path("pay-addr-index", &["--reveal"]).rows();
    let address = read_back()["kv"]["invoices"][0]["payment_addr"].clone();
    assert!(revealed.iter().any(|row| row["key"] == address), "{revealed:?}");
    assert_eq!(path("no-such-bucket", &[]).code, Some(2));
    let human = run(["lnd", "buckets", "--depth", "2"], &[&kv]);
    assert!(
        human.out.contains("\n  invoices/") && human.out.contains("\n    paymenthashes/"),
        "{}",
        human.out
    );
}

#[test]
fn a_dump_is_written_once_and_judged_as_the_store_is() {
    let files = s2();
    let folder = files.path().join("data/graph/regtest");
    let (kv, sql) = (folder.join("channel.sqlite"), folder.join("lnd.sqlite"));
    let new = files.path().join("channel.dump");
    let dump = || {
        let [kv, new] = [&kv, &new].map(|path| path.to_str().expect("UTF-8"));
        fulgurite(["lnd", "dump", kv, "-o", new])
    };
    let first = dump();
    assert_eq!((first.code, first.err.as_str()), (Some(0), ""));
    assert!(first.out.contains("redacted by the rules “lnd/"), "{}", first.out);
    assert!(
        first.out.contains("left out: ") && first.out.contains("open-chan-bucket"),
        "{}",
        first.out
    );
    let written = std::fs::read_to_string(&new).expect("a dump");
    holds_no_secret(&written, &secrets());
    let second = dump();
    assert_eq!(second.code, Some(2));
    assert!(second.err.contains("nothing is overwritten"), "{}", second.err);
    assert_eq!(std::fs::read_to_string(&new).expect("a dump"), written);
    let of = |kv: &Path| run(["check", "--json"], &[kv, &sql]).rows().remove(0);
    let (store, dumped) = (of(&kv), of(&new));
    assert_eq!(dumped["lnd"]["kv"][0]["store"], "dump");
    for name in ["invoices", "reachable", "settled"] {
        assert_eq!(dumped["lnd"]["kv"][0][name], store["lnd"]["kv"][0][name], "{name}");
    }
    let left: Vec<_> = std::fs::read_dir(files.path()).expect("a folder").collect();
    assert_eq!(left.len(), 2, "nothing half written is left: {left:?}");
}

#[test]
fn nothing_secret_is_told_unless_asked_for() {
    let files = s2();
    let secrets = secrets();
    let kv = files.path().join("data/graph/regtest/channel.sqlite");
    let commands: [&[&str]; 8] = [
        &["check", "--all"],
        &["check", "--json"],
        &["lnd", "state"],
        &["lnd", "state", "--json"],
        &["lnd", "invoices", "--side", "kv"],
        &["lnd", "invoices", "--side", "kv", "--json"],
        &["lnd", "invoices", "--side", "sql"],
        &["lnd", "invoices", "--side", "sql", "--json"],
    ];
    for arguments in commands {
        let run = run(arguments.iter().copied(), &[files.path()]);
        assert!(!run.out.is_empty(), "{run:?}");
        holds_no_secret(&run.out, &secrets);
    }
    for arguments in
        [&["lnd", "buckets", "--depth", "9"][..], &["lnd", "buckets", "--depth", "9", "--json"]]
    {
        let run = run(arguments.iter().copied(), &[&kv]);
        assert!(run.out.contains("address#1"), "{run:?}");
        holds_no_secret(&run.out, &secrets);
    }
    let revealed = run(["lnd", "invoices", "--json", "--reveal"], &[files.path()]);
    assert!(secrets.iter().any(|secret| revealed.out.contains(secret)));
}

#[test]
fn what_is_not_lnds_is_2_and_a_wrong_line_64() {
    let files = Files::new();
    let gossip = put(&files, "gossip_store", fulgurite_tests::fixtures::healthy().bytes);
    let new = files.path().join("new");
    for arguments in [&["lnd", "state"][..], &["lnd", "invoices"], &["lnd", "buckets"]] {
        let run = run(arguments.iter().copied(), &[&gossip]);
        assert_eq!((run.code, run.out.as_str()), (Some(2), ""), "{run:?}");
        assert!(run.err.contains("is not one of LND's databases"), "{run:?}");
    }
    let dump = fulgurite([
        "lnd",
        "dump",
        gossip.to_str().expect("UTF-8"),
        "-o",
        new.to_str().expect("UTF-8"),
    ]);
    assert_eq!(dump.code, Some(2));
    assert!(!new.exists());
    for arguments in [
        &["lnd"][..],
        &["lnd", "state"],
        &["lnd", "state", "x", "--release", "v9"],
        &["lnd", "state", "x", "--native", "perhaps"],
        &["lnd", "invoices", "x", "--side", "both"],
        &["lnd", "invoices", "x", "--count", "few"],
        &["lnd", "buckets", "x", "0x1"],
        &["lnd", "dump", "x"],
    ] {
        let run = fulgurite(arguments);
        assert_eq!(run.code, Some(64), "{arguments:?}: {run:?}");
    }
}

/// A database may lie on another disk: what links lead to is judged, and nothing is where one leads
/// nowhere.
#[cfg(unix)]
#[test]
fn links_in_a_folder_are_followed_or_nothing_is_judged() {
    use std::os::unix::fs::symlink;
    let whole = s2();
    let state = |folder: &Path| {
        let done = run(["check", "--json"], &[folder]);
        (done.code, done.rows().last().expect("a line").clone())
    };
    let graph = whole.path().join("data/graph/regtest");
    let truth = state(&whole.path().join("data"));
    assert_eq!(truth.1["lnd"]["state"]["kind"], "migrated", "{}", truth.1);
    let linked = Files::new();
    put(&linked, "data/graph/regtest/channel.sqlite", fixture("s2-sqlite/channel.sqlite"));
    symlink(graph.join("lnd.sqlite"), linked.path().join("data/graph/regtest/lnd.sqlite")).unwrap();
    assert_eq!(state(&linked.path().join("data")).1["lnd"]["state"], truth.1["lnd"]["state"]);
    // A link to a folder, and one that leads in a circle.
    let folder = Files::new();
    std::fs::create_dir_all(folder.path().join("data/graph")).unwrap();
    symlink(&graph, folder.path().join("data/graph/regtest")).unwrap();
    symlink(folder.path(), folder.path().join("data/graph/again")).unwrap();
    assert_eq!(state(&folder.path().join("data")).1["lnd"]["state"], truth.1["lnd"]["state"]);

    let broken = Files::new();
    put(&broken, "data/channel.sqlite", fixture("s2-sqlite/channel.sqlite"));
    symlink("/nowhere/at/all", broken.path().join("data/lnd.sqlite")).unwrap();
    let done = run(["check"], &[broken.path()]);
    assert_eq!((done.code, done.out.as_str()), (Some(2), ""), "{}", done.err);
    assert!(done.err.contains("nothing of that folder was judged"), "{}", done.err);
}

#[test]
fn half_of_what_was_given_is_not_judged() {
    let files = s2();
    let graph = files.path().join("data/graph/regtest");
    let (kv, missing) = (graph.join("channel.sqlite"), graph.join("gone.sqlite"));
    let done = run(["check", "--json"], &[&kv, &missing]);
    assert_eq!((done.code, done.out.as_str()), (Some(2), "null\nnull\n"));
    assert!(done.err.contains("LND's files were not judged"), "{}", done.err);
}

#[test]
fn a_packed_dump_is_named_by_its_format() {
    let dump = [b"PGDMP".as_slice(), &[1, 15, 0, 4, 8, 1], &[0; 600]].concat();
    let done = common::check(dump, &[]);
    assert!(
        done.out.contains("(custom or directory format)") && !done.out.contains("(?)"),
        "{}",
        done.out
    );
}
