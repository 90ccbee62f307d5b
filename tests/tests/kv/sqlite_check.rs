//! What the check finds, beside `pragma integrity_check` of the real SQLite: nothing on sound
//! files, and something on each damaged one about which SQLite complains.

use crate::sqlite_shared;

use fulgurite_core::finding::{Code, Finding, Severity};
use fulgurite_core::job::Job;
use fulgurite_core::kv::sqlite::{CheckJob, CheckOptions, Checked, PageKind, Sqlite};
use fulgurite_tests::sqlite::{Hurt, Seeded, page_size};
use rusqlite::Connection;
use sqlite_shared::{Folder, Made, SIZES, State, made, made_as, open};

fn check(made: &Made) -> Checked {
    let database = Sqlite::open(made.main.as_slice(), made.wal.as_deref()).unwrap();
    CheckJob::new(&database, CheckOptions { main_input: 0, wal_input: 1 }).run().unwrap()
}

fn graver(checked: &Checked) -> Vec<&Finding> {
    checked.findings.kept().iter().filter(|finding| finding.severity > Severity::Info).collect()
}

fn integrity(db: &Connection) -> Vec<String> {
    let Ok(mut check) = db.prepare("pragma integrity_check") else {
        return vec!["not prepared".into()];
    };
    let Ok(rows) = check.query_map([], |row| row.get::<_, String>(0)) else {
        return vec!["not run".into()];
    };
    rows.map(|row| row.unwrap_or_else(|error| error.to_string())).collect()
}

#[test]
fn sound_databases_are_silent() {
    let folder = Folder::new("sqlite-sound");
    for seed in 0..56 {
        let made = made(seed, &folder);
        let oracle = open(&made, &folder, "oracle.sqlite");
        assert_eq!(integrity(&oracle), ["ok"], "{}", made.name);
        let checked = check(&made);
        let found = graver(&checked);
        assert!(found.is_empty(), "{}: {found:#?}", made.name);
        assert_eq!(checked.findings.count(Code::SqliteUnusedPages), 0, "{}", made.name);
        let pages: u32 = checked.map.runs.iter().map(|run| run.pages).sum();
        let told: u32 = oracle.query_row("pragma page_count", [], |row| row.get(0)).unwrap();
        assert!(pages >= told, "{}", made.name);
        let free: u32 = oracle.query_row("pragma freelist_count", [], |row| row.get(0)).unwrap();
        let ours = checked.map.runs.iter().filter(|run| run.kind == PageKind::Freelist);
        assert_eq!(ours.map(|run| run.pages).sum::<u32>(), free, "{}", made.name);
        pages_are_whose_sqlite_says(&made, &oracle, &checked);
    }
}

/// Against the virtual table dbstat, which walks all trees.
fn pages_are_whose_sqlite_says(made: &Made, oracle: &Connection, checked: &Checked) {
    let mut stat = oracle.prepare("select name, pageno, pagetype from dbstat").unwrap();
    let mut rows = stat.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        let (name, page, kind): (String, u32, String) =
            (row.get(0).unwrap(), row.get(1).unwrap(), row.get(2).unwrap());
        let run = checked.map.run(page).unwrap();
        let owner = &checked.map.owners[run.owner.unwrap()];
        let shown = name.replace('\\', "\\\\");
        assert_eq!(owner.name, shown, "{} page {page}", made.name);
        let expected: &[PageKind] = match kind.as_str() {
            "leaf" => &[PageKind::TableLeaf, PageKind::IndexLeaf, PageKind::Header],
            "internal" => &[PageKind::TableInterior, PageKind::IndexInterior, PageKind::Header],
            _ => &[PageKind::Overflow],
        };
        assert!(expected.contains(&run.kind), "{} page {page}: {kind} {:?}", made.name, run.kind);
    }
}

#[test]
fn where_sqlite_complains_so_does_the_check() {
    let folder = Folder::new("sqlite-damaged");
    let (mut both, mut ours, mut neither, mut beyond_us) = (0, 0, 0, 0);
    let mut missed = Vec::new();
    for seed in 0..200_u64 {
        let size = SIZES[usize::try_from(seed % 5).unwrap()];
        let sound = made_as(seed % 12 + 100, size, State::Rollback, &folder);
        let mut rng = Seeded(seed);
        let mut made = sound.clone();
        let hurt = Hurt::ALL[usize::try_from(seed).unwrap() % Hurt::ALL.len()];
        hurt.apply(&mut made.main, &mut rng);
        made.name = format!("{} {hurt:?}", made.name);
        assert_eq!(page_size(&made.main), page_size(&sound.main));
        let oracle = open(&made, &folder, "oracle.sqlite");
        let said = integrity(&oracle);
        let checked = check(&made);
        let found = graver(&checked);
        // What an expression yields, and which rows an index with an arbitrary WHERE has, is not
        // computed here: an entry of these two may be wrong without notice.
        let beyond = |line: &String| {
            line.contains("missing from index typed_lower")
                || line.contains("missing from index typed_part")
        };
        if found.is_empty() && said.iter().all(beyond) {
            beyond_us += 1;
            continue;
        }
        match (said == ["ok"], found.is_empty()) {
            (true, true) => neither += 1,
            (true, false) => {
                ours += 1;
                println!("only ours: {}: {:?}", made.name, found[0]);
            }
            (false, false) => both += 1,
            (false, true) => missed.push(format!("{}: {said:?}", made.name)),
        }
    }
    println!(
        "both {both}, only ours {ours}, neither {neither}, beyond us {beyond_us}, only SQLite {}",
        missed.len()
    );
    assert!(missed.is_empty(), "{missed:#?}");
    assert!(both >= 50);
}
