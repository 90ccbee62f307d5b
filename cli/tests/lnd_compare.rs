//! `lnd compare`, `lnd rehearse` and `lnd preflight`, on stores that LND v0.21 wrote and migrated
//! (tests/lnd-fixtures).

mod common;

use std::io::Read as _;
use std::path::{Path, PathBuf};

use common::{Files, Run, fulgurite};
use serde_json::Value;

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data/lnd")
}

fn unpacked(name: &str) -> Vec<u8> {
    let path = data().join(name);
    let file =
        std::fs::File::open(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut bytes = Vec::new();
    lzma_rust2::XzReader::new(file, true).read_to_end(&mut bytes).expect("a whole .xz");
    bytes
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

#[test]
fn both_sides_of_a_migrated_node_agree() {
    let files = Files::new();
    let kv = put(&files, "channel.sqlite", unpacked("v0.21/s2-sqlite/channel.sqlite.xz"));
    let sql = put(&files, "lnd.sqlite", unpacked("v0.21/s2-sqlite/lnd.sqlite.xz"));
    let list = put(&files, "list.json", unpacked("lists/v0.21-s2-kv.json.xz"));
    let done = run(["lnd", "compare", "--json"], &[&kv, &sql]);
    assert_eq!((done.code, done.err.as_str()), (Some(0), ""), "{}", done.out);
    let rows = done.rows();
    assert_eq!(rows[0]["summary"]["same"], 24);
    assert_eq!(rows[0]["verdict"]["headline"], "lnd_sides_agree");
    for language in ["en", "zh-CN"] {
        let done = run(["--lang", language, "lnd", "compare"], &[&kv, &sql]);
        assert_eq!((done.code, done.err.as_str()), (Some(0), ""));
        assert!(done.out.contains("24"), "{}", done.out);
    }
    let done = run(["lnd", "compare", "--json"], &[&kv, &list]);
    assert_eq!((done.code, done.err.as_str()), (Some(0), ""), "{}", done.out);
    assert_eq!(done.rows()[0]["summary"]["new"]["kind"], "list");
    let done = run(["lnd", "compare"], &[&kv]);
    assert_eq!(done.code, Some(2), "{}", done.err);
}

#[test]
fn a_rehearsal_names_what_stands_in_the_way() {
    let files = Files::new();
    let kv = put(&files, "channel.sqlite", unpacked("v0.19/p1-date-sqlite/channel.sqlite.xz"));
    let done = run(["lnd", "rehearse", "--release", "v0.21.3", "--json"], &[&kv]);
    assert_eq!((done.code, done.err.as_str()), (Some(1), ""), "{}", done.out);
    let row = &done.rows()[0];
    assert_eq!(row["rehearsal"]["foreseen"]["outcome"], "fails");
    assert_eq!(row["rehearsal"]["foreseen"]["rule"], "P1");
    let error = row["rehearsal"]["foreseen"]["error"].as_str().expect("LND's words");
    assert!(error.ends_with("settled invoice … missing settle date"), "{error}");
    let told = run(["lnd", "rehearse", "--release", "v0.21.3", "--reveal"], &[&kv]);
    assert!(told.out.contains("09847bbe23b0557d"), "{}", told.out);
    let plain = run(["lnd", "rehearse"], &[&kv]);
    assert!(!plain.out.contains("09847bbe23b0557d"), "{}", plain.out);
    let sound = put(&files, "s1.sqlite", unpacked("v0.21/s1-sqlite/channel.sqlite.xz"));
    let done = run(["lnd", "rehearse"], &[&sound]);
    assert_eq!((done.code, done.err.as_str()), (Some(0), ""), "{}", done.out);
    let done = run(["lnd", "rehearse", "--release", "v0.18.5"], &[&sound]);
    assert_eq!(done.code, Some(64), "v0.18 has no migration");
}

#[test]
fn a_preflight_says_what_is_missing() {
    let files = Files::new();
    let graph = "data/graph/regtest";
    let kv = unpacked("v0.21/s1-sqlite/channel.sqlite.xz");
    put(&files, &format!("{graph}/channel.sqlite"), &kv);
    let folder = files.path();
    let done = run(["lnd", "preflight", "--json"], &[folder]);
    assert_eq!((done.code, done.err.as_str()), (Some(1), ""), "{}", done.out);
    let row: Value = done.rows().remove(0);
    assert_eq!(row["missing"], serde_json::json!(["wallet", "channel.backup"]));
    assert_eq!((&row["complete"], &row["of_one_moment"]), (&false.into(), &true.into()));
    assert_eq!(row["rehearsals"][0]["rehearsal"]["foreseen"]["outcome"], "succeeds");
    assert_eq!(row["files"][0]["path"], format!("{graph}/channel.sqlite"));
    assert_eq!(row["files"][0]["sha256"].as_str().map(str::len), Some(64));
    put(&files, "data/chain/bitcoin/regtest/channel.backup", b"backup");
    put(&files, "data/chain/bitcoin/regtest/chain.sqlite", b"a wallet");
    let done = run(["lnd", "preflight"], &[folder]);
    assert_eq!((done.code, done.err.as_str()), (Some(0), ""), "{}", done.out);
    let done = run(["--lang", "zh-CN", "lnd", "preflight"], &[folder]);
    assert_eq!((done.code, done.err.as_str()), (Some(0), ""), "{}", done.out);
}

#[test]
fn a_list_that_is_cut_off_or_idle_is_no_proof() {
    let files = Files::new();
    let kv = put(&files, "channel.sqlite", unpacked("v0.21/s2-sqlite/channel.sqlite.xz"));
    let sql = put(&files, "lnd.sqlite", unpacked("v0.21/s2-sqlite/lnd.sqlite.xz"));
    let whole = unpacked("lists/v0.21-s2-kv.json.xz");
    let cut = put(&files, "cut.json", &whole[..whole.len() / 2]);
    let done = run(["lnd", "compare", "--json"], &[&cut, &sql]);
    assert_eq!(done.code, Some(1), "{}", done.out);
    let findings = done.rows()[0]["findings"].as_array().unwrap().clone();
    assert!(findings.iter().any(|finding| finding["code"] == "lnd.not_compared"), "{findings:?}");
    // Both sides are there: who gives a third would take it for compared.
    let list = put(&files, "list.json", whole);
    let done = run(["lnd", "compare"], &[&kv, &sql, &list]);
    assert_eq!((done.code, done.out.as_str()), (Some(2), ""));
    assert!(done.err.contains("list.json: was not compared"), "{}", done.err);
}

#[cfg(unix)]
#[test]
fn an_empty_wallet_is_no_wallet() {
    let files = Files::new();
    put(&files, "data/channel.sqlite", unpacked("v0.21/s2-sqlite/channel.sqlite.xz"));
    put(&files, "data/lnd.sqlite", unpacked("v0.21/s2-sqlite/lnd.sqlite.xz"));
    let missing = || {
        let done = run(["lnd", "preflight", "--json"], &[files.path()]);
        done.rows()[0]["missing"].clone()
    };
    for name in ["wallet.db", "channel.backup"] {
        put(&files, &format!("data/{name}"), "");
    }
    assert_eq!(missing(), serde_json::json!(["wallet", "channel.backup"]));
    for name in ["wallet.db", "channel.backup"] {
        put(&files, &format!("data/{name}"), "not looked into");
    }
    assert_eq!(missing(), serde_json::json!([]));
}
