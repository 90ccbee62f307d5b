//! The 68 damaged cases against the table that was worked out by hand
//! (`tests/data/damage_by_hand.md` says how).

use crate::shared;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use fulgurite_core::finding::{Code, Finding};
use fulgurite_core::report::Report;

/// One wound of the table.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Clone)]
struct Row {
    start: u64,
    end: u64,
    class: String,
    byte: Option<u64>,
    bit: Option<u64>,
}

struct Case {
    rows: Vec<Row>,
    kept: u64,
    lost: u64,
}

/// The table of one set (`small` or `mainnet`), by case.
fn by_hand(set: &str) -> BTreeMap<String, Case> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/damage_by_hand.tsv");
    let text = std::fs::read_to_string(path).expect("the table is in the repository");
    let mut cases = BTreeMap::new();
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        if cells[0] != set {
            continue;
        }
        let number = |cell: &str| cell.parse::<u64>().ok();
        let case = cases.entry(cells[1].to_owned()).or_insert(Case {
            rows: vec![],
            kept: number(cells[8]).expect("kept"),
            lost: number(cells[9]).expect("lost"),
        });
        if cells[3] != "none" {
            case.rows.push(Row {
                start: number(cells[4]).expect("start"),
                end: number(cells[5]).expect("end"),
                class: cells[3].to_owned(),
                byte: number(cells[6]),
                bit: number(cells[7]),
            });
        }
    }
    cases
}

/// The classes of damage, of which the table speaks; other findings are of no moment here.
const CLASSES: &[Code] = &[
    Code::EmptyFile,
    Code::AllZero,
    Code::TornTail,
    Code::UncompletedRecord,
    Code::ZeroRun,
    Code::BitFlip,
    Code::TwoBitFlip,
    Code::LengthFlip,
    Code::DeletedFlip,
    Code::OverwrittenSpan,
    Code::DuplicatedSpan,
    Code::MissingSpan,
    Code::MovedSpan,
    Code::Overlay,
    Code::SecondStore,
    Code::EndedLeft,
    Code::TimestampContradiction,
    Code::WrongVersion,
    Code::TrailingGarbage,
    Code::MalformedRecord,
    Code::UnknownRecord,
    Code::UnfinishedDelete,
    Code::OutOfOrder,
    Code::OrphanAmount,
    Code::DuplicateAnnouncement,
];

fn class(finding: &Finding) -> String {
    finding.code.name().trim_start_matches("gossip.").to_owned()
}

fn rows(report: &Report) -> Vec<Row> {
    let damage = report.findings.iter().filter(|finding| CLASSES.contains(&finding.code));
    let mut rows: Vec<Row> = damage
        .map(|finding| Row {
            start: finding.place.span.start,
            end: finding.place.span.end,
            class: class(finding),
            byte: finding.values.number("byte"),
            bit: finding.values.number("bit"),
        })
        .collect();
    rows.sort();
    rows
}

/// Compares a set with its table, prints ours, and says every difference.
fn compare(set: &str, cases: &[(String, Vec<u8>)]) {
    let table = by_hand(set);
    assert_eq!(table.len(), 68);
    let mut wrong = String::new();
    println!("| case | class | span | kept | lost |\n| --- | --- | --- | --- | --- |");
    for (name, bytes) in cases {
        let Some(hand) = table.get(name) else { panic!("{name} is not in the table") };
        let report = shared::report(bytes);
        let ours = rows(&report);
        let mut expected = hand.rows.clone();
        expected.sort();
        let kept = report.gossip.as_ref().map_or(0, |gossip| {
            // A body too short for a type is no record to keep.
            let untyped = gossip.types.iter().find(|row| row.number.is_none());
            gossip.records - untyped.map_or(0, |row| row.live + row.deleted)
        });
        let spans: Vec<String> = ours
            .iter()
            .map(|row| {
                let flip = row.byte.map_or(String::new(), |byte| {
                    format!(" (byte {byte} bit {})", row.bit.unwrap_or(9))
                });
                format!("{} {}..{}{flip}", row.class, row.start, row.end)
            })
            .collect();
        let counted = report.gossip.as_ref().filter(|gossip| gossip.uncounted_wounds == 0);
        let lost = counted.map(|gossip| gossip.lost);
        println!(
            "| {name} | {} | {} | {kept} | {} |",
            if ours.is_empty() { "none".into() } else { ours[0].class.clone() },
            spans.join("; "),
            lost.map_or("?".into(), |lost| lost.to_string()),
        );
        if ours != expected {
            let _ = writeln!(wrong, "{name}:\n   hand {expected:?}\n   ours {ours:?}");
        }
        if kept != hand.kept {
            let _ = writeln!(wrong, "{name}: kept {kept}, by hand {}", hand.kept);
        }
        // Where we count, we count right. Of a file that was cut off, only the record that the cut
        // hit can be counted; a record that is not there and left no trace (48, 56) cannot.
        let cut = hand.rows.iter().any(|row| row.class == "torn_tail");
        let right = |lost: u64| lost == hand.lost || (cut && lost == 1) || hand.rows.is_empty();
        if let Some(lost) = lost.filter(|lost| !right(*lost)) {
            let _ = writeln!(wrong, "{name}: lost {lost}, by hand {}", hand.lost);
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn the_small_set() {
    let Some(data) = shared::data() else { return };
    compare("small", &shared::damaged_small(&data));
}

/// The same damages on the mainnet store, from the folder that `gsdamage.py` filled; see
/// `CONTRIBUTING.md`.
#[test]
fn the_mainnet_set() {
    let Some(folder) = std::env::var_os("FULGURITE_DAMAGED_MAINNET") else {
        eprintln!("FULGURITE_DAMAGED_MAINNET is not set; the mainnet set is not checked");
        return;
    };
    let mut cases: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "gs"))
        .collect();
    cases.sort();
    for path in cases {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let one = [(name, shared::read(&path))];
        compare("mainnet", &one);
    }
}
