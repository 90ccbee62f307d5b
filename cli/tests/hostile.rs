//! Text that was written to be interpreted, through every command in both output forms: it stays
//! data.

mod common;

use common::{Files, Run, fulgurite, on};
use fulgurite_tests::{Built, Store, T0, fixtures};

/// No character that acts, hides or changes the reading order.
fn is_harmless(text: &str, newlines: bool) -> bool {
    text.chars().all(|character| {
        let hidden = matches!(character,
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
        (newlines && character == '\n') || !(character.is_control() || hidden)
    })
}

fn assert_harmless(run: &Run, what: &str) {
    assert!(is_harmless(&run.out, true), "{what}: {:?}", run.out);
    assert!(is_harmless(&run.err, true), "{what}: {:?}", run.err);
}

fn assert_json(run: &Run, what: &str) {
    assert!(!run.out.is_empty(), "{what}");
    for line in run.out.lines() {
        assert!(is_harmless(line, false), "{what}: {line:?}");
        let value: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let harmless = |text: &String| is_harmless(text, false);
        assert!(texts(&value).iter().all(harmless), "{what}: {line}");
    }
}

/// Every text in a document, keys included.
fn texts(value: &serde_json::Value) -> Vec<String> {
    match value {
        serde_json::Value::String(text) => vec![text.clone()],
        serde_json::Value::Array(list) => list.iter().flat_map(texts).collect(),
        serde_json::Value::Object(map) => {
            map.iter().flat_map(|(key, value)| [vec![key.clone()], texts(value)].concat()).collect()
        }
        _ => Vec::new(),
    }
}

/// The aliases where they are hidden by their order, so that findings quote them.
fn hidden() -> Built {
    let mut store = Store::new(16);
    for (node, (_, alias)) in (2..).zip(fixtures::HOSTILE_TEXTS) {
        store = store.node(node, T0 - 100, alias);
    }
    for node in 2..30u32 {
        let scid = format!("800{node:03}x1x0");
        store = store.announce(scid.as_str(), fulgurite_tests::nodes(1, node), 1_000_000);
    }
    store.build()
}

#[test]
fn every_command_shows_hostile_text_as_text() {
    let store = fixtures::malicious_aliases();
    let damaged = store.clone().flip(store.bytes.len() - 60, 3);
    for (name, store) in [("aliases", &store), ("hidden", &hidden()), ("damaged", &damaged)] {
        for command in ["check", "records", "nodes", "channels"] {
            for language in ["en", "zh-CN"] {
                let run = on(store, &[command, "--lang", language]);
                assert_harmless(&run, &format!("{name} {command}"));
            }
            assert_json(&on(store, &[command, "--json"]), &format!("{name} {command} --json"));
        }
        assert_harmless(&on(store, &["check", "--all"]), "check --all");
        for record in store.of_type(257) {
            let offset = record.offset.to_string();
            assert_harmless(&on(store, &["show", &offset]), &format!("show {offset}"));
            assert_json(&on(store, &["show", &offset, "--json"]), &format!("show {offset} --json"));
        }
    }
}

#[test]
fn what_was_announced_can_still_be_told() {
    let run = on(fixtures::malicious_aliases(), &["nodes", "--json"]);
    let rows = run.rows();
    for (what, alias) in fixtures::HOSTILE_TEXTS {
        let end = alias.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
        let hex = common::hex(&alias[..end]);
        assert!(rows.iter().any(|row| row["alias_hex"] == hex.as_str()), "{what}");
    }
    assert!(rows.iter().any(|row| row["alias"] == r"\u{1b}[31mred alert\u{1b}[0m"));
}

#[cfg(unix)]
#[test]
fn paths_and_arguments_are_text_too() {
    let files = Files::new();
    let name = "\u{1b}[31mstore\n\u{202e}";
    let path = files.file(name, fixtures::torn_tail());
    for arguments in [
        vec!["check".as_ref(), path.as_os_str()],
        vec!["check".as_ref(), files.path().join(format!("{name} missing")).as_os_str()],
        vec!["--\u{1b}[31mcheck".as_ref()],
        vec!["check".as_ref(), "--now".as_ref(), "\u{1b}[2J".as_ref(), path.as_os_str()],
    ] {
        let run = fulgurite(&arguments);
        assert_harmless(&run, &format!("{arguments:?}"));
        assert!(run.code != Some(0));
    }
}

#[test]
fn records_of_channels_that_are_not_announced_are_hidden() {
    use fulgurite_tests::Direction;
    let scid = "640001x2x0";
    for version in [3, 7, 8, 9, 12] {
        let store = Store::new(version)
            .private_channel(scid, 1, 2, 250_000)
            .private_update(scid, Direction::One, 1_600_000_000)
            .build();
        let first = store.records[0].offset.to_string();
        let torn = store.clone().cut(store.records[0].end() - 1);
        let flipped = store.clone().flip(store.records[0].end() - 1, 0);
        for store in [&store, &torn, &flipped] {
            for arguments in [
                &["check"][..],
                &["check", "--json"],
                &["records"],
                &["records", "--json"],
                &["show", &first],
                &["show", &first, "--json"],
            ] {
                let run = on(store, arguments);
                // The channel as text, and its bytes.
                let told = run.out.contains(scid) || run.out.contains("09c4010000020000");
                assert!(!told, "version {version}, {arguments:?}: {}", run.out);
                assert!(!run.out.contains("09 c4 01 00 00 02"), "{}", run.out);
            }
        }
        let none = on(&store, &["records", "--json", "--scid", scid]);
        assert_eq!(none.out, "", "a filter must not tell either");
        let revealed = on(&store, &["records", "--reveal", "--scid", scid, "--json"]);
        assert!(!revealed.rows().is_empty(), "version {version}");
        let shown = on(&store, &["show", &first, "--reveal"]);
        assert!(shown.out.contains(scid), "{}", shown.out);
    }
}
