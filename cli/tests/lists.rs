//! `records`, `nodes`, `channels` and `show`: every record and every wound is there, and filters
//! leave what they say.

mod common;

use common::{Run, on};
use fulgurite_tests::flags::DYING;
use fulgurite_tests::{Built, Direction, NodeBuilder, Store, T0, fixtures, nodes};
use serde_json::Value;

fn records(store: &Built, arguments: &[&str]) -> Vec<Value> {
    let run = on(store, &[&["records", "--json"], arguments].concat());
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    run.rows()
}

fn number(row: &Value, name: &str) -> u64 {
    row[name].as_u64().unwrap_or_else(|| panic!("{name} in {row}"))
}

#[test]
fn records_and_wounds_fill_the_file_in_order() {
    for store in [fixtures::sample(), fixtures::overlaid(), fixtures::unsupported_v3()] {
        let mut at = 1;
        for row in records(&store, &[]) {
            assert_eq!(number(&row, "offset"), at, "{row}");
            at += number(&row, "len");
        }
        assert_eq!(at, store.bytes.len() as u64);
        let whole: Vec<u64> = records(&store, &[])
            .iter()
            .filter(|row| row["kind"] == "record")
            .map(|row| number(row, "offset"))
            .collect();
        let written: Vec<u64> = store.records.iter().map(|span| span.offset as u64).collect();
        assert_eq!(whole, written);
        let human = on(&store, &["records"]);
        assert_eq!(human.out.lines().count(), records(&store, &[]).len() + 1);
    }
}

#[test]
fn filters_by_type_channel_node_and_range() {
    let store = fixtures::healthy();
    let of_type = |number| store.of_type(number).count();
    assert_eq!(records(&store, &["--type", "256"]).len(), of_type(256));
    assert_eq!(records(&store, &["--type", "channel_update"]).len(), of_type(258));
    let two = records(&store, &["--type", "257", "--type", "uuid"]);
    assert_eq!(two.len(), of_type(257) + of_type(4107));

    let announced = &records(&store, &["--type", "256"])[0];
    let scid = announced["scid"].as_str().expect("a channel");
    let of_channel = records(&store, &["--scid", scid]);
    assert!(of_channel.len() >= 3 && of_channel.iter().all(|row| row["scid"] == scid));

    let node = announced["node_id_1"].as_str().expect("a node");
    let whole = records(&store, &["--node", node]);
    let prefix = records(&store, &["--node", &node[..12].to_uppercase()]);
    assert_eq!(whole, prefix);
    let named =
        |row: &Value| ["node_id", "node_id_1", "node_id_2"].iter().any(|name| row[*name] == node);
    assert!(!whole.is_empty() && whole.iter().all(named));

    let (from, to) = (store.records[10].offset, store.records[20].offset);
    let range = records(&store, &["--from", &from.to_string(), "--to", &format!("0x{to:x}")]);
    assert_eq!(range.len(), 10);
    assert_eq!(records(&store, &["--limit", "7"]).len(), 7);
    assert_eq!(records(&store, &["--limit", "0"]).len(), 0);
}

#[test]
fn filters_by_state() {
    let scid = "800001x1x1";
    let store = Store::new(16)
        .announce(scid, nodes(1, 2), 5)
        .update(scid, Direction::One, T0 - 9)
        .push()
        .replace_update(scid, Direction::One, T0)
        .update(scid, Direction::Two, T0)
        .mark_channel(scid, DYING)
        .node(1, T0, "unfinished")
        .flags(0)
        .build();
    let count = |state: &str| records(&store, &["--state", state]).len();
    assert_eq!(count("live"), 6);
    assert_eq!(count("deleted"), 1);
    assert_eq!(count("push"), 1);
    assert_eq!(count("dying"), 4);
    assert_eq!(count("uncompleted"), 1);
    assert_eq!(count("wounded"), 0);
    let both = records(&store, &["--state", "deleted", "--state", "uncompleted"]);
    assert_eq!(both.len(), 2);

    let wounded = records(&fixtures::sample(), &["--state", "wounded"]);
    assert_eq!(wounded.len(), 2);
    assert!(wounded.iter().all(|row| row["kind"] == "wound"));
    assert_eq!(wounded[1]["at_end"], true);
    let whole = records(&fixtures::sample(), &["--state", "live", "--state", "deleted"]);
    assert!(whole.iter().all(|row| row["kind"] == "record"));
}

#[test]
fn channels_and_nodes_agree_with_the_report() {
    for store in [fixtures::healthy(), fixtures::sample(), fixtures::hidden_alias()] {
        let report = &on(&store, &["check", "--json"]).rows()[0];
        let network = &report["gossip"]["network"];
        let channels = on(&store, &["channels", "--json"]).rows();
        assert_eq!(channels.len() as u64, number(network, "channels"));
        let updates: usize =
            channels.iter().map(|row| row["updates"].as_array().map_or(0, Vec::len)).sum();
        assert_eq!(updates as u64, number(network, "updates"));
        assert!(channels.is_sorted_by_key(|row| number(row, "announcement")));
        let nodes = on(&store, &["nodes", "--json"]).rows();
        assert_eq!(nodes.len() as u64, number(network, "nodes"));
        let shown = |row: &&Value| row["announcement"].is_u64() && row["hidden"] == false;
        let announced = nodes.iter().filter(shown).count();
        assert_eq!(announced as u64, number(network, "announced_nodes"));
        for command in ["channels", "nodes"] {
            let one = on(&store, &[command, "--json", "--seed", "1"]);
            assert_eq!(one.out, on(&store, &[command, "--json", "--seed", "2"]).out);
        }
    }
}

#[test]
fn a_row_says_what_its_records_say() {
    let scid = "899494x897x1";
    for version in [3, 7, 12, 16] {
        let store = Store::new(version)
            .announce(scid, nodes(1, 2), 2_100_000_000_000_000)
            .update(scid, Direction::One, T0 - 9)
            .node_with(NodeBuilder::new(1, T0 - 5).alias("Zürich ⚡").rgb(1, 2, 3))
            .build();
        let rows = on(&store, &["channels", "--json"]).rows();
        let [channel] = &rows[..] else { panic!("version {version}: {rows:?}") };
        assert_eq!(channel["scid"], scid);
        assert_eq!(channel["scid_raw"], (899_494_u64 << 40 | 897 << 16 | 1).to_string());
        assert_eq!(channel["satoshis"], "2100000000000000");
        let update = &channel["updates"][0];
        assert_eq!(
            (&update["direction"], number(update, "timestamp")),
            (&0.into(), u64::from(T0 - 9))
        );
        assert!(update["htlc_minimum_msat"].is_string(), "{update}");
        let rows = on(&store, &["nodes", "--json"]).rows();
        let node = rows.iter().find(|row| row["alias"] == "Zürich ⚡").expect("the node");
        assert_eq!((&node["rgb"], number(node, "channels")), (&"010203".into(), 1));
        assert_eq!(number(node, "timestamp"), u64::from(T0 - 5));
        assert_eq!(rows.len(), 2);
        assert!(rows[1]["announcement"].is_null(), "those without one come last");
    }
}

fn shown(store: &Built, offset: u64) -> Value {
    let run = on(store, &["show", &offset.to_string(), "--json"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    run.rows().remove(0)
}

/// All the bytes of a shown piece, put together again.
fn bytes_of(row: &Value) -> String {
    let fields = row["fields"].as_array().expect("fields");
    fields.iter().map(|field| field["hex"].as_str().expect("hex")).collect()
}

#[test]
fn show_names_every_byte_of_a_record() {
    for store in [fixtures::healthy(), fixtures::unsupported_v3(), fixtures::malicious_aliases()] {
        for span in store.records.iter().take(40) {
            for offset in [span.offset, span.offset + 5, span.end() - 1] {
                let row = shown(&store, offset as u64);
                assert_eq!(number(&row, "offset"), span.offset as u64);
                assert_eq!(number(&row, "type"), u64::from(span.record_type));
                assert_eq!(row["checksum"]["holds"], true);
                assert_eq!(bytes_of(&row), common::hex(store.record(*span)));
            }
        }
    }
}

#[test]
fn show_knows_each_wound() {
    let stores = [
        fixtures::torn_tail(),
        fixtures::torn_header(),
        fixtures::zero_run(),
        fixtures::overwritten(),
        fixtures::overlaid(),
    ];
    for store in stores {
        let wounds = records(&store, &["--state", "wounded"]);
        assert!(!wounds.is_empty());
        for wound in wounds {
            let (start, len) = (number(&wound, "offset"), number(&wound, "len"));
            for offset in [start, start + len / 2, start + len - 1] {
                let row = shown(&store, offset);
                assert_eq!((&row["kind"], number(&row, "offset")), (&"wound".into(), start));
                assert_eq!(number(&row, "len"), len);
                let bytes = (bytes_of(&row).len() / 2) as u64;
                assert_eq!(bytes + number(&row, "not_shown"), len);
                assert_ne!(row["checksum"]["holds"], true);
                assert!(!row["findings"].as_array().expect("a list").is_empty(), "{row}");
                let human = on(&store, &["show", &offset.to_string()]);
                assert!(human.out.contains("wound: ") && human.out.contains("✗ damage"));
            }
        }
    }
}

#[test]
fn show_puts_the_true_checksum_beside_the_stored_one() {
    let store = fixtures::healthy();
    let span = store.of_type(258).nth(3).expect("an update");
    let flipped = store.clone().flip(span.end() - 10, 2);
    let row = shown(&flipped, span.offset as u64);
    assert_eq!(row["checksum"]["holds"], false);
    assert_ne!(row["checksum"]["stored"], row["checksum"]["computed"]);
    assert_eq!(row["checksum"]["stored"], shown(&store, span.offset as u64)["checksum"]["stored"]);
    assert_eq!(row["findings"][0]["code"], "gossip.bit_flip");
    let Run { out, .. } = on(&flipped, &["show", &span.offset.to_string()]);
    assert!(out.contains("it does not hold") && out.contains("fee_base_msat"), "{out}");
}

#[test]
fn the_first_byte_is_the_version() {
    let row = shown(&fixtures::healthy(), 0);
    assert_eq!((&row["kind"], number(&row["version"], "byte")), (&"version".into(), 16));
    let human = on(fixtures::healthy(), &["show", "0"]);
    assert!(human.out.starts_with("version 16"), "{}", human.out);
}

#[test]
fn neither_nodes_nor_channels_of_what_holds_no_record() {
    let bytes: Vec<u8> = (0..9_000u32).map(|at| (at * at % 251) as u8).collect();
    for command in ["nodes", "channels"] {
        let run = common::on(bytes.clone(), &[command]);
        assert_eq!(run.code, Some(2), "{}", run.out);
        assert!(run.err.contains("holds no record of a gossip_store"), "{}", run.err);
        assert_eq!(run.out, "");
    }
}

#[test]
fn what_holds_no_record_is_not_listed_as_a_store() {
    let bytes: Vec<u8> = (0..9_000u32).map(|at| (at * at % 251) as u8).collect();
    let run = common::on(bytes, &["records"]);
    assert_eq!(run.code, Some(2), "{}", run.out);
    assert!(run.err.contains("no record of a gossip_store"), "{}", run.err);
}
