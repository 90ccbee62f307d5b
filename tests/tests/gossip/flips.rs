//! Every single bit of a small store, flipped, in every version with a layout or flags of its own.

use crate::shared;

use std::collections::BTreeSet;
use std::path::Path;

use fulgurite_core::finding::{Code, Finding, Severity, Value};
use fulgurite_core::gossip::format::{Layout, Version};
use fulgurite_tests::wire::Direction;
use fulgurite_tests::{Built, Store, T0, fake::nodes, scid};

fn store(version: u8) -> Built {
    let store = Store::new(version).announce(scid("103x1x0"), nodes(1, 2), 1_000_000).update(
        scid("103x1x0"),
        Direction::One,
        T0,
    );
    if version == 3 { store.node(1, T0, "alias").build() } else { store.build() }
}

/// What speaks for damage. (That nobody reads version 8 any more does not.)
fn above_info(bytes: &[u8]) -> Vec<Finding> {
    let mut findings = shared::report(bytes).findings;
    findings.retain(|finding| {
        finding.severity > Severity::Info && finding.code != Code::UnsupportedVersion
    });
    findings
}

/// Which bits are where: (part, record, bit) of bit `bit` of byte `at`.
fn locate(built: &Built, version: u8, at: usize, bit: u32) -> (&'static str, Option<usize>, u32) {
    let Some(number) = built.records.iter().position(|span| span.range().contains(&at)) else {
        return ("version", None, bit);
    };
    let within = u32::try_from(at - built.records[number].offset).expect("a small record");
    let long = Version(version).layout() != Layout::Short;
    let (part, bit) = match within {
        0 | 1 if long => ("flags", bit + 8 * (1 - within)),
        0..=3 => ("len", bit + 8 * (3 - within)),
        4..=7 => ("crc", bit),
        8..=11 if long => ("timestamp", bit),
        _ => ("body", bit),
    };
    (part, Some(number), bit)
}

/// The list worked out by hand: (version, part, record, bit).
fn by_hand() -> BTreeSet<(u8, String, Option<usize>, u32)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/unfound_flips.tsv");
    let text = std::fs::read_to_string(path).expect("the list is in the repository");
    let mut all = BTreeSet::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let cells: Vec<&str> = line.split('\t').collect();
        let version: u8 = cells[0].parse().expect("a version");
        let records: Vec<Option<usize>> =
            cells[2].split(',').map(|record| record.parse().ok()).collect();
        for range in cells[3].split(',') {
            let (first, last) = range.split_once('-').unwrap_or((range, range));
            for bit in first.parse().expect("a bit")..=last.parse::<u32>().expect("a bit") {
                all.extend(records.iter().map(|&record| (version, cells[1].into(), record, bit)));
            }
        }
    }
    all
}

/// Whether a finding names this bit as one that would mend the record.
fn names(finding: &Finding, at: u64, bit: u64) -> bool {
    let Some(Value::List(explanations)) = finding.values.get("explanations") else { return false };
    explanations.iter().any(|explanation| {
        let Value::Group(explanation) = explanation else { return false };
        let Some(Value::List(bits)) = explanation.get("bits") else { return false };
        explanation.get("stands") == Some(&Value::Flag(true))
            && matches!(&bits[..], [Value::Group(only)]
                if only.number("byte") == Some(at) && only.number("bit") == Some(bit))
    })
}

#[test]
fn every_single_bit_of_a_small_store() {
    let expected = by_hand();
    let mut unfound = BTreeSet::new();
    for version in [3, 7, 8, 9, 10, 12, 14, 15, 16] {
        let built = store(version);
        assert_eq!(above_info(&built.bytes), vec![], "version {version} is clean");
        for at in 0..built.bytes.len() {
            for bit in 0..8 {
                let mut bytes = built.bytes.clone();
                bytes[at] ^= 1 << bit;
                let found = above_info(&bytes);
                let (part, record, number) = locate(&built, version, at, bit);
                if matches!(part, "crc" | "timestamp" | "body") {
                    let named =
                        found.iter().any(|finding| names(finding, at as u64, u64::from(bit)));
                    assert!(named, "version {version}, byte {at} bit {bit} ({part}): {found:?}");
                    continue;
                }
                let codes: Vec<_> = found.iter().map(|finding| finding.code.name()).collect();
                let record_name = record.map_or("-".into(), |record| record.to_string());
                println!(
                    "v{version} {part} record {record_name} bit {number}: {}",
                    match &codes[..] {
                        [] => "nothing".into(),
                        codes => codes.join(", "),
                    }
                );
                if found.is_empty() {
                    unfound.insert((version, part.to_owned(), record, number));
                }
            }
        }
    }
    let missed: Vec<_> = unfound.difference(&expected).collect();
    let surplus: Vec<_> = expected.difference(&unfound).collect();
    assert!(missed.is_empty() && surplus.is_empty(), "missed {missed:?}\nsurplus {surplus:?}");
}
