//! Every row that SQLite's own `.recover` finds in a damaged file is found here.
//!
//! The oracle is a command `sqlite3`, which also loads its own dump. `.recover` needs a build
//! with SQLITE_ENABLE_DBPAGE_VTAB, which Debian's package (3.40.1) is not, though it lists the
//! command: `FULGURITE_SQLITE3` names another one. Where there is none that can, the test says so
//! and passes. To build one from Debian's source package: `./configure && make sqlite3.c shell.c`,
//! then `gcc -DSQLITE_ENABLE_DBPAGE_VTAB shell.c sqlite3.c -lm -o sqlite3`.

use crate::sqlite_shared;

use std::collections::HashMap;
use std::process::Command;

use fulgurite_core::job::Job;
use fulgurite_core::kv::bucket::Room;
use fulgurite_core::kv::sqlite::{CheckJob, CheckOptions, LostRow, Sqlite};
use fulgurite_core::kv::table::{Cell, Tables};
use fulgurite_tests::sqlite::{Hurt, Seeded};
use rusqlite::Connection;
use sqlite_shared::{Folder, Made, SIZES, State, cell, made_as, put, rows_of};

type Opened<'a> = Sqlite<&'a [u8], &'a [u8]>;

/// All rows of a table, by rowid: damage can make a rowid stand there twice.
fn rows(database: &Opened<'_>, table: usize) -> HashMap<i64, Vec<Vec<Cell>>> {
    let (mut rows, mut from) = (HashMap::<_, Vec<_>>::new(), None);
    loop {
        let page = database.rows(table, from.as_ref(), Room::default()).unwrap();
        for row in page.rows {
            rows.entry(row.handle.cast_signed()).or_default().push(row.cells);
        }
        match page.next {
            Some(next) => from = Some(next),
            None => return rows,
        }
    }
}

fn lost(database: &Opened<'_>) -> Vec<LostRow> {
    let checked = CheckJob::new(database, CheckOptions::default()).run().unwrap();
    let mut all = Vec::new();
    for deleted in [false, true] {
        let mut from = None;
        loop {
            let room = Room { entries: 100, ..Room::default() };
            let page = checked.lost.rows(database, deleted, from.as_ref(), room).unwrap();
            all.extend(page.rows);
            match page.next {
                Some(next) => from = Some(next),
                None => break,
            }
        }
    }
    all
}

/// Whether a cell is the one that `.recover` printed: it stores into a new table, where the
/// column's affinity turns damaged values, and prints text as text.
fn same(ours: &Cell, theirs: &Cell) -> bool {
    if let (Cell::Integer(ours), Cell::Integer(theirs)) = (ours, theirs) {
        return ours == theirs;
    }
    // Damage puts values into columns that turn them: a number into text, a text into a number.
    if let (Some(ours), Some(theirs)) = (number(ours), number(theirs)) {
        // Printed in 15 digits or so.
        return ours.to_bits() == theirs.to_bits() || (ours - theirs).abs() <= ours.abs() * 1e-13;
    }
    match (ours, theirs) {
        (Cell::Unreadable, _) => true,
        (Cell::Text(ours), Cell::Text(theirs)) => {
            // Damaged text is printed up to its first zero, or in some way or other.
            let printed = ours.split(|byte| *byte == 0).next().unwrap_or_default();
            printed == theirs.as_slice() || std::str::from_utf8(ours).is_err()
        }
        // Text that is not valid in UTF-16 is printed in some way or other.
        (Cell::Text(ours), _) if std::str::from_utf8(ours).is_err() => true,
        (ours, theirs) => ours == theirs,
    }
}

#[allow(clippy::cast_precision_loss)] // As SQLite's affinities do.
fn number(cell: &Cell) -> Option<f64> {
    match cell {
        Cell::Integer(integer) => Some(*integer as f64),
        Cell::Real(bits) => Some(f64::from_bits(*bits)),
        Cell::Text(text) => std::str::from_utf8(text).ok()?.trim().parse().ok(),
        _ => None,
    }
}

fn all_same(ours: &[Cell], theirs: &[Cell]) -> bool {
    ours.len() >= theirs.len() && ours.iter().zip(theirs).all(|(ours, theirs)| same(ours, theirs))
}

#[test]
fn every_row_that_recover_finds_is_found() {
    let folder = Folder::new("sqlite-recover");
    if !can_recover(&folder) {
        println!("no sqlite3 here whose .recover works: the comparison with it is left out");
        return;
    }
    let (mut compared, mut elsewhere, mut files) = (0, 0, 0);
    for seed in 0..70_u64 {
        let size = SIZES[usize::try_from(seed % 5).unwrap()];
        let mut made = made_as(seed % 9 + 200, size, State::Rollback, &folder);
        let mut rng = Seeded(seed + 1000);
        let hurt = Hurt::ALL[usize::try_from(seed).unwrap() % Hurt::ALL.len()];
        hurt.apply(&mut made.main, &mut rng);
        if seed % 3 == 0 {
            hurt.apply(&mut made.main, &mut rng);
        }
        made.name = format!("{seed}: {} {hurt:?}", made.name);
        let Some(recovered) = recovered(&made, &folder) else { continue };
        files += 1;
        let (in_tables, in_lost) = compare(&made, &recovered);
        compared += in_tables;
        elsewhere += in_lost;
    }
    println!("{files} files, {compared} rows of tables, {elsewhere} rows of lost_and_found");
    assert!(files >= 50 && compared > 10_000 && elsewhere > 50);
}

fn command() -> Command {
    Command::new(std::env::var_os("FULGURITE_SQLITE3").unwrap_or_else(|| "sqlite3".into()))
}

/// Whether the command is there, and `.recover` gives rows.
fn can_recover(folder: &Folder) -> bool {
    let path = folder.0.join("tiny.sqlite");
    let db = Connection::open(&path).unwrap();
    db.execute_batch("create table tiny(a); insert into tiny values ('row')").unwrap();
    db.close().unwrap();
    let out = command().arg(&path).arg(".recover").output();
    out.is_ok_and(|out| String::from_utf8_lossy(&out.stdout).contains("'row'"))
}

fn recovered(made: &Made, folder: &Folder) -> Option<Connection> {
    let path = folder.0.join("damaged.sqlite");
    put(made, &path);
    let out = command().arg(&path).arg(".recover").output().unwrap();
    let (dump, new) = (folder.0.join("dump.sql"), folder.0.join("recovered.sqlite"));
    std::fs::write(&dump, out.stdout).unwrap();
    let _ = std::fs::remove_file(&new);
    // The command loads it: the dump creates sqlite_sequence by hand, which the library refuses.
    let dump = std::fs::File::open(dump).unwrap();
    command().arg(&new).stdin(dump).output().unwrap();
    let db = Connection::open(&new).unwrap();
    let tables = db.query_row("select count(*) from sqlite_schema", [], |row| row.get::<_, u32>(0));
    (tables.unwrap() > 0).then_some(db)
}

fn compare(made: &Made, recovered: &Connection) -> (usize, usize) {
    let database = Sqlite::open(made.main.as_slice(), None::<&[u8]>).unwrap();
    let lost = lost(&database);
    let mut compared = 0;
    for (index, table) in database.tables().iter().enumerate() {
        if table.name == "keyed" || table.name.starts_with("sqlite_") {
            continue;
        }
        let Ok(theirs) = rows_of(recovered, &table.name, true) else { continue };
        let ours = rows(&database, index);
        for (rowid, cells) in theirs {
            let here =
                ours.get(&rowid).is_some_and(|rows| rows.iter().any(|row| all_same(row, &cells)));
            let there = || {
                lost.iter().any(|lost| {
                    lost.row.handle.cast_signed() == rowid && all_same(&lost.row.cells, &cells)
                })
            };
            assert!(
                here || there(),
                "{}: {} {rowid}: {:?}\nours {:?}",
                made.name,
                table.name,
                cells,
                ours.get(&rowid)
            );
            compared += 1;
        }
    }
    (compared, compare_lost(made, recovered, &lost))
}

fn compare_lost(made: &Made, recovered: &Connection, lost: &[LostRow]) -> usize {
    let mut compared = 0;
    let Ok(mut select) = recovered.prepare("select * from lost_and_found where id is not null")
    else {
        return 0;
    };
    let columns = select.column_count();
    let mut rows = select.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        let (page, fields, id): (u32, u32, i64) =
            (row.get(1).unwrap(), row.get(2).unwrap(), row.get(3).unwrap());
        let fields = usize::try_from(fields).unwrap();
        let cells: Vec<Cell> =
            (4..columns.min(4 + fields)).map(|index| cell(row.get_ref(index).unwrap())).collect();
        let found = lost.iter().any(|lost| {
            let known = lost.row.cells.iter().zip(&cells);
            lost.page.page == page
                && lost.row.handle.cast_signed() == id
                && known.clone().all(|(ours, theirs)| {
                    same(ours, theirs) || (*theirs == Cell::Null && *ours == Cell::Integer(id))
                })
        });
        assert!(found, "{}: page {page} rowid {id}: {cells:?}", made.name);
        compared += 1;
    }
    compared
}
