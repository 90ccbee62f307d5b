//! `fulgurite log`: a log alone, with its store, packed; and what `check` does with one.

mod common;

use std::io::Write as _;

use common::{Files, fulgurite};
use fulgurite_tests::fixtures;

const PEER: &str = "02531fe6068134503d2723133227c867ac8fa6c83c537e9a44c3c5bdbdcb1fe337";

/// A power cut, and a store that was found damaged at that offset.
fn log(offset: u64) -> String {
    format!(
        "2024-02-28T10:00:00.000Z INFO    plugin-bcli: bitcoin-cli initialized and connected to bitcoind.\n\
         2024-02-28T10:00:05.000Z INFO    lightningd: Server started with public key {PEER}, alias X (color #123456) and lightningd v24.11.1\n\
         2024-02-28T10:00:06.000Z DEBUG   {PEER}-gossipd: Bad gossip order: Unknown channel 1x2x3\n\
         2024-02-28T10:15:00.000Z INFO    plugin-bcli: bitcoin-cli initialized and connected to bitcoind.\n\
         2024-02-28T10:15:01.000Z **BROKEN** gossipd: gossip_store: checksum verification failed? c6a9e4c2 should be 3bf516fe (offset {offset}). Moving to gossip_store.corrupt and truncating\n\
         2024-02-28T10:15:02.000Z **BROKEN** gossipd: STATUS_FAIL_INTERNAL_ERROR: gossip_store: get delete entry offset 99999999999/7989\n"
    )
}

#[test]
fn offsets_lead_to_records_and_upload_is_estimated() {
    let files = Files::new();
    let store = files.file("gossip_store.corrupt", fixtures::torn_tail());
    let shown = fulgurite(["check".as_ref(), "--json".as_ref(), store.as_os_str()]);
    let gossip = &shown.rows()[0]["gossip"];
    let wire = gossip["sync"]["wire_bytes"].as_u64().expect("a number");
    // Some record, by any byte of it.
    let rows = fulgurite(["records".as_ref(), "--json".as_ref(), store.as_os_str()]).rows();
    let (start, len) = (rows[7]["offset"].as_u64().expect("a number"), rows[7]["len"].as_u64());
    let path = files.file("lightningd.log", log(start + 12));
    let run = fulgurite([
        "log".as_ref(),
        "--json".as_ref(),
        "--store".as_ref(),
        store.as_os_str(),
        "--peers".as_ref(),
        "23".as_ref(),
        path.as_os_str(),
    ]);
    assert_eq!((run.code, run.err.as_str()), (Some(1), ""), "{}", run.out);
    let report = &run.rows()[0];
    assert_eq!(report["verdict"]["headline"], "log_store_lost");
    assert_eq!(report["inputs"][1]["kind"], "gossip_store");
    let log = &report["log"];
    let checksum = |event: &&serde_json::Value| event["says"] == "checksum";
    let event = log["events"].as_array().expect("events").iter().find(checksum).expect("one");
    assert_eq!(event["record"]["start"], start);
    assert_eq!(event["record"]["end"].as_u64().map(|end| end - start), len);
    assert_eq!(event["record"]["record_type"], rows[7]["name"]);
    assert_eq!(log["upload"]["peers"], 23);
    assert_eq!(log["upload"]["wire_bytes"], wire);
    assert_eq!(log["upload"]["all_sync_bytes"], 23 * wire);
    assert_eq!(log["upload"]["rebuild_sent_most"], 22 * wire);
    let codes: Vec<&str> = report["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .filter_map(|finding| finding["code"].as_str())
        .collect();
    for code in
        ["log.checksum", "log.likely_cause", "log.unclean_restart", "log.other_store", "log.upload"]
    {
        assert!(codes.contains(&code), "{code} in {codes:?}");
    }
}

#[test]
fn a_log_is_read_packed_and_by_check_too() {
    let files = Files::new();
    let text = log(147_319);
    let plain = files.file("a.log", &text);
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(text.as_bytes()).expect("memory");
    let gz = files.file("a.log.gz", packer.finish().expect("memory"));
    let fast = ruzstd::encoding::CompressionLevel::Fastest;
    let zst = files.file("a.log.zst", ruzstd::encoding::compress_to_vec(text.as_bytes(), fast));
    let expected = fulgurite(["log".as_ref(), "--json".as_ref(), plain.as_os_str()]).out;
    for path in [&plain, &gz, &zst] {
        for command in ["log", "check"] {
            let run = fulgurite([command.as_ref(), "--json".as_ref(), path.as_os_str()]);
            assert_eq!(run.out, expected, "{command} {}", path.display());
            assert_eq!(run.code, Some(1));
        }
    }
    // Commands for stores say what it is.
    let run = fulgurite(["records".as_ref(), plain.as_os_str()]);
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("This is a log") && run.err.contains("fulgurite log"), "{}", run.err);
}

#[test]
fn it_is_told_in_both_languages() {
    let files = Files::new();
    let path = files.file("a.log", log(147_319));
    let run = fulgurite(["log".as_ref(), path.as_os_str()]);
    for text in [
        "gave its store up 1 time",
        "The likely cause: a restart without a stop, at line 4",
        "“Bad gossip order” 1 time: harmless",
        "What its lines say",
        "ended without a word",
        "offset 147319",
        "log_gentle",
    ] {
        let there = run.out.contains(text);
        assert_eq!(there, text != "log_gentle", "{text} in {}", run.out);
    }
    // No placeholder of a sentence is left unfilled.
    assert!(!run.out.contains('{'), "{}", run.out);
    let run = fulgurite(["log".as_ref(), "--lang".as_ref(), "zh-CN".as_ref(), path.as_os_str()]);
    assert!(run.out.contains("可能的起因") && run.out.contains("日志内容"), "{}", run.out);
}

#[test]
fn any_text_can_be_read_as_a_log() {
    let run = common::on("nobody knows\nthese lines\n", &["log", "--json"]);
    assert_eq!(run.code, Some(0));
    assert_eq!(run.rows()[0]["verdict"]["headline"], "log_unknown");
}

#[test]
fn what_is_no_text_has_no_verdict() {
    let utf16: Vec<u8> = "\u{feff}Moving to gossip_store.corrupt\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let store = fulgurite_tests::network(5, 10).bytes;
    for (bytes, said) in [(vec![0; 5_000], "not a log"), (store, "not a log"), (utf16, "UTF-16")] {
        let run = common::on(bytes, &["log"]);
        assert_eq!((run.code, run.out.as_str()), (Some(2), ""), "{}", run.err);
        assert!(run.err.contains(said), "{}", run.err);
    }
}
