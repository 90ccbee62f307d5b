//! Every real store against what upstream's own tools, and an independent walker, printed of it
//! (`golden/*.json`; its README says which program printed what).

use crate::shared;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use fulgurite_core::finding::{Code, Severity};
use fulgurite_core::gossip::report::GossipReport;
use serde_json::Value;

/// Each golden entry with the bytes of its file.
fn entries(data: &Path) -> Vec<(Value, Vec<u8>)> {
    let mut entries = Vec::new();
    for list in ["small-files.json", "big-files.json"] {
        let text = std::fs::read_to_string(data.join("golden").join(list)).expect("goldens");
        let Value::Array(list) = serde_json::from_str(&text).expect("json") else { panic!("list") };
        for entry in list {
            let bytes = shared::read(&file(data, entry["file"].as_str().expect("a name")));
            assert_eq!(bytes.len() as u64, entry["size"].as_u64().expect("size"), "{entry:.60}");
            entries.push((entry, bytes));
        }
    }
    entries
}

/// Where the file of a golden entry is; two have another name there.
fn file(data: &Path, name: &str) -> PathBuf {
    let renamed = match name {
        "mainnet-2026-02-03.nm.gs" => "mainnet-2026-02-03.v16.gs",
        "pyln-parts-v9-2mb.gs" => "mainnet2021-2mb-torn.v09.gs",
        name => name,
    };
    ["canned", "pyln", "mainnet", "synth"]
        .iter()
        .flat_map(|folder| {
            [data.join(folder).join(renamed), data.join(folder).join(format!("{renamed}.xz"))]
        })
        .find(|path| path.is_file())
        .unwrap_or_else(|| panic!("{name} is not among the data"))
}

/// The number behind `name=` in a line of upstream's harness.
fn figure(line: &str, name: &str) -> u64 {
    let from = line.find(&format!(" {name}=")).unwrap_or_else(|| panic!("{name} in {line}"));
    let rest = &line[from + name.len() + 2..];
    rest.split(|c: char| !c.is_ascii_digit()).next().and_then(|n| n.parse().ok()).expect("a number")
}

/// The golden walker's names, where they are older than ours.
fn walker_name(name: &str) -> &str {
    match name {
        "local_add_channel" => "local_add_channel_obs",
        name => name,
    }
}

fn counts(golden: &Value) -> BTreeMap<String, u64> {
    let object = golden.as_object().expect("an object");
    object.iter().map(|(name, count)| (name.clone(), count.as_u64().expect("a count"))).collect()
}

#[test]
fn types_flags_and_checksums_equal_the_independent_walk() {
    let Some(data) = shared::data() else { return };
    for (entry, bytes) in entries(&data) {
        let name = entry["file"].as_str().expect("a name");
        let walk = &entry["independent_walk"];
        let report = shared::report(&bytes);
        let gossip = report.gossip.as_ref().unwrap_or_else(|| panic!("{name}: no store"));
        let of = |count: fn(&fulgurite_core::gossip::tally::TallyRow) -> u64| {
            let rows = gossip.types.iter().filter(|row| count(row) > 0);
            rows.map(|row| (walker_name(&row.name).to_owned(), count(row)))
                .collect::<BTreeMap<_, _>>()
        };
        // The walker counts records with a wrong checksum by their type too.
        assert_eq!(of(|row| row.live + row.bad_checksum), counts(&walk["by_type"]), "{name}");
        assert_eq!(of(|row| row.deleted), counts(&walk["deleted_by_type"]), "{name}");
        let good = walk["crc_ok"].as_u64().unwrap() + walk["crc_old_ok"].as_u64().unwrap();
        assert_eq!(gossip.records, good, "{name}");
        assert_eq!(gossip.bad_checksums, walk["crc_bad"].as_u64().unwrap(), "{name}");
        if gossip.bad_checksums == 0 {
            let flags: BTreeMap<_, _> =
                gossip.flags.iter().map(|row| (row.flags.clone(), row.records)).collect();
            assert_eq!(flags, counts(&walk["flags"]), "{name}");
        }
        let torn = report.findings.iter().find(|finding| {
            // (What stands behind the last record of one file is 0xdeadbeef: no header's beginning.)
            matches!(finding.code, Code::TornTail | Code::TrailingGarbage)
                && !finding.place.span.is_empty()
        });
        assert_eq!(
            torn.map(|finding| finding.place.span.start),
            walk["torn_at"].as_u64(),
            "{name}"
        );
        println!("{name}: {good} records, {} wrong", gossip.bad_checksums);
    }
}

#[test]
fn v15_and_v16_equal_gossmap() {
    let Some(data) = shared::data() else { return };
    for (entry, bytes) in entries(&data) {
        let name = entry["file"].as_str().expect("a name");
        let out = entry["gossmap_load_lenient"]["out"].as_str().expect("output");
        let version = bytes[0];
        let Some(line) = out.lines().find(|line| line.starts_with("RESULT OK")) else { continue };
        if version < 15 {
            continue;
        }
        let report = shared::report(&bytes);
        let network = &report.gossip.as_ref().expect("a store").network;
        let ours = [
            ("nodes", network.nodes),
            ("announced_nodes", network.announced_nodes),
            ("channels", network.channels),
            ("updates", network.updates),
            ("disabled_halves", network.disabled),
            ("capacity_sat", network.capacity_sat),
            ("live", network.live_records),
            ("dead", network.dead_records),
        ];
        for (what, count) in ours {
            // Upstream also counts a half as disabled whose fees do not fit its own numbers.
            let same = count == figure(line, what)
                || (what == "disabled_halves" && count <= figure(line, what));
            assert!(same, "{name}: {what} {count}, gossmap {}", figure(line, what));
        }
        println!("{name}: {} nodes, {} channels", network.nodes, network.channels);
    }
}

/// What the upgrade to version 16 leaves of a store, by spec 1.7: updates without htlc_maximum go
/// (from versions up to 10), and so do deleted and private records.
fn after_upgrade(version: u8, gossip: &GossipReport) -> (u64, u64, u64, u64) {
    let network = &gossip.network;
    let dropped = if version <= 10 { network.updates_without_htlc_maximum } else { 0 };
    (network.nodes, network.announced_nodes, network.channels, network.updates - dropped)
}

#[test]
fn v9_to_v14_equal_the_store_that_gossipd_upgraded() {
    let Some(data) = shared::data() else { return };
    let mut seen = 0;
    for (entry, bytes) in entries(&data) {
        let name = entry["file"].as_str().expect("a name");
        let out = entry["gossipd_start_v26_06"]["out"].as_str().expect("output");
        let accepted = out.lines().find(|line| line.starts_with("RESULT ACCEPTED"));
        let (Some(line), 9..=14) = (accepted, bytes[0]) else { continue };
        let report = shared::report(&bytes);
        let gossip = report.gossip.as_ref().expect("a store");
        let theirs = (
            figure(line, "nodes"),
            figure(line, "announced"),
            figure(line, "channels"),
            figure(line, "updates"),
        );
        assert_eq!(after_upgrade(bytes[0], gossip), theirs, "{name}: {line}");
        println!("{name}: {theirs:?}");
        seen += 1;
    }
    assert!(seen >= 12, "only {seen} upgraded stores among the goldens");
}

/// No real store that upstream's tools found whole has damage in our eyes.
#[test]
fn whole_stores_have_no_damage() {
    let Some(data) = shared::data() else { return };
    for (entry, bytes) in entries(&data) {
        let name = entry["file"].as_str().expect("a name");
        let walk = &entry["independent_walk"];
        let lacks_amount = name.contains("amount_truncated");
        if walk["crc_bad"] != 0 || !walk["torn_at"].is_null() || lacks_amount {
            continue;
        }
        let report = shared::report(&bytes);
        let damage: Vec<_> = report
            .findings
            .iter()
            .filter(|finding| finding.severity > Severity::Info)
            .inspect(|finding| assert_eq!(finding.severity, Severity::Warning, "{name}"))
            .map(|finding| (finding.code.name(), finding.place.span.start))
            .collect();
        let version = bytes[0];
        // A version that nobody reads any more is a warning, not damage.
        let expected: Vec<_> = match name {
            // The head of a longer store: what replaced these updates stood behind the cut.
            "parts-clean.v09.gs" => {
                [6_991, 16_611, 21_571, 33_837].map(|at| ("gossip.deleted_flip", at)).into()
            }
            _ if version <= 8 => vec![("gossip.unsupported_version", 0)],
            _ => vec![],
        };
        assert_eq!(damage, expected, "{name}");
    }
}
