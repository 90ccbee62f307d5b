//! The 68 damaged cases: which intact records are in the repaired store, against the list that was
//! worked out by hand before (`tests/data/repair_by_hand.tsv`).

use crate::shared;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use fulgurite_core::gossip::salvage::{Options, SalvageError};
use shared::repair::{Fate, repair};

/// What was worked out for one case.
struct Hand {
    intact: u64,
    mend: String,
    dropped: String,
}

fn by_hand(set: &str) -> BTreeMap<String, Hand> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/repair_by_hand.tsv");
    let text = std::fs::read_to_string(path).expect("the list is in the repository");
    let rows = text.lines().filter(|line| !line.starts_with('#'));
    let rows = rows.map(|line| line.split('\t').collect::<Vec<_>>()).filter(|row| row[0] == set);
    rows.map(|row| {
        let intact = row[2].parse().expect("a number");
        (row[1].to_owned(), Hand { intact, mend: row[3].into(), dropped: row[4].into() })
    })
    .collect()
}

/// `name=number` of each, or a dash.
fn list(totals: impl Iterator<Item = (&'static str, u64)>) -> String {
    let sorted: BTreeMap<&str, u64> = totals.collect();
    let cells: Vec<String> = sorted.iter().map(|(name, n)| format!("{name}={n}")).collect();
    if cells.is_empty() { "-".into() } else { cells.join(",") }
}

/// Holds one case against its row, and prints it.
fn case(name: &str, bytes: &[u8], hand: &Hand, wrong: &mut String) {
    let repaired = match repair(&[bytes], Options::default()) {
        Ok(repaired) => repaired,
        Err(SalvageError::Nothing { .. }) if hand.intact == 0 => {
            println!("| {name} | 0 | 0 | - | - | nothing is left |");
            return;
        }
        Err(error) => {
            let _ = writeln!(wrong, "{name}: {error}");
            return;
        }
    };
    let records = &repaired.accounts.records;
    // A record of less than two bytes has no type: it is none.
    let intact: Vec<_> =
        records.iter().filter(|(item, _)| item.intact && item.stored.len >= 2).collect();
    let mut reasons: BTreeMap<&str, u64> = BTreeMap::new();
    let mut kept = 0;
    for (_, fate) in &intact {
        match fate {
            Fate::Kept { .. } => kept += 1,
            Fate::Dropped(why) => *reasons.entry(why.name()).or_default() += 1,
        }
    }
    let dropped = list(reasons.iter().map(|(name, n)| (*name, *n)));
    let plan = &repaired.plan;
    let mended = list(plan.mended_by.iter().map(|row| (row.mend.name(), row.records)));
    let total = intact.len() as u64;
    let lost = plan.lost;
    println!("| {name} | {kept} | {total} | {mended} | {dropped} | {} ({} B) |", lost.0, lost.1);
    assert_eq!(kept + reasons.values().sum::<u64>(), total, "{name}");
    let mend = if hand.mend == "-" { "-".into() } else { format!("{}=1", hand.mend) };
    if (total, &mended, &dropped) != (hand.intact, &mend, &hand.dropped) {
        let _ = writeln!(
            wrong,
            "{name}: intact {total}, mended {mended}, dropped {dropped}\n   by hand {}, {mend}, {}",
            hand.intact, hand.dropped
        );
    }
}

const HEAD: &str = "| case | kept | intact | mended | intact and dropped | lost spans |\n\
                    | --- | --- | --- | --- | --- | --- |";

#[test]
fn the_small_set() {
    let Some(data) = shared::data() else { return };
    let hand = by_hand("small");
    let cases = shared::damaged_small(&data);
    assert_eq!((hand.len(), cases.len()), (68, 68));
    let mut wrong = String::new();
    println!("{HEAD}");
    for (name, bytes) in cases {
        case(&name, &bytes, &hand[&name[..2]], &mut wrong);
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// The same damages on the mainnet store, from the folder that `gsdamage.py` filled; see
/// `CONTRIBUTING.md`.
#[test]
fn the_mainnet_set() {
    let Some(folder) = std::env::var_os("FULGURITE_DAMAGED_MAINNET") else {
        eprintln!("FULGURITE_DAMAGED_MAINNET is not set; the mainnet set is not repaired");
        return;
    };
    let hand = by_hand("mainnet");
    let entries = std::fs::read_dir(folder).expect("the folder");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "gs"));
    paths.sort();
    let mut wrong = String::new();
    println!("{HEAD}");
    for path in paths {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        case(&name, &shared::read(&path), &hand[&name[..2]], &mut wrong);
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}
