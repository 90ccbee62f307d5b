//! Every row of databases that the real SQLite wrote equals what SQLite itself reads.

use crate::sqlite_shared;

use fulgurite_core::kv::bucket::Room;
use fulgurite_core::kv::sqlite::Sqlite;
use fulgurite_core::kv::table::{Row, Tables};
use sqlite_shared::{Folder, Made, made, open, rows_of};

type Opened<'a> = Sqlite<&'a [u8], &'a [u8]>;

fn opened(made: &Made) -> Opened<'_> {
    Sqlite::open(made.main.as_slice(), made.wal.as_deref()).unwrap()
}

fn all(database: &Opened<'_>, table: usize, room: Room) -> Vec<Row> {
    let (mut rows, mut from) = (Vec::new(), None);
    loop {
        let page = database.rows(table, from.as_ref(), room).unwrap();
        assert_eq!(page.unreadable, 0);
        rows.extend(page.rows);
        match page.next {
            Some(next) => from = Some(next),
            None => return rows,
        }
    }
}

#[test]
fn fifty_databases_read_as_sqlite_reads_them() {
    let folder = Folder::new("sqlite-rows");
    let mut cells = 0;
    for seed in 0..56 {
        let made = made(seed, &folder);
        let database = opened(&made);
        let oracle = open(&made, &folder, "oracle.sqlite");
        let mut names: Vec<String> = oracle
            .prepare("select name from sqlite_schema where type = 'table'")
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        names.sort();
        let mut ours: Vec<_> = database.tables().iter().map(|table| table.name.clone()).collect();
        ours.sort();
        assert_eq!(ours, names, "{}", made.name);
        for (index, table) in database.tables().iter().enumerate() {
            let keyed = table.name == "keyed";
            let mut expected = rows_of(&oracle, &table.name, !keyed).unwrap();
            let room = if seed % 2 == 0 {
                Room::default()
            } else {
                Room { entries: 3, ..Room::default() }
            };
            let rows = all(&database, index, room);
            for row in rows.iter().step_by(7) {
                assert_eq!(
                    database.row(index, row.handle).unwrap().as_ref(),
                    Some(row),
                    "{}",
                    made.name
                );
                // It stands where it was read, on a page that has room for it.
                let place = database.place(index, row.handle).unwrap().unwrap();
                assert_eq!((place.span, place.in_wal), (row.at.span(), row.at.in_log));
                let page = database.origin(place.page).unwrap();
                assert_eq!(page.in_wal, place.in_wal);
                let end = page.offset + u64::from(database.layout().page_size);
                assert!(page.offset < place.span.start && place.span.end <= end);
            }
            assert_eq!(database.place(index + 100, 1).unwrap(), None);
            let mut found: Vec<_> = rows
                .into_iter()
                .map(|row| (if keyed { 0 } else { row.handle.cast_signed() }, row.cells))
                .collect();
            if keyed {
                found.sort_by_key(|row| format!("{row:?}"));
                expected.sort_by_key(|row| format!("{row:?}"));
            } else {
                assert!(database.row(index, 0x7654_3210_1234).unwrap().is_none());
            }
            assert_eq!(found.len(), expected.len(), "{} {}", made.name, table.name);
            for (found, expected) in found.iter().zip(&expected) {
                assert_eq!(found, expected, "{} {}", made.name, table.name);
                cells += found.1.len();
            }
        }
    }
    assert!(cells > 50_000, "{cells}");
    println!("{cells} cells compared");
}
