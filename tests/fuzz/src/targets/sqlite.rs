//! SQLite files and their logs: the walk ends, a row is found again by its handle, the check reads
//! every page a few times and finds the same in small steps. The last four bytes say how many bytes
//! before them are the log.

use fulgurite_core::job::{Job as _, Step, Work};
use fulgurite_core::kv::bucket::Room;
use fulgurite_core::kv::sqlite::{CheckJob, CheckOptions, Sqlite};
use fulgurite_core::kv::table::Tables;

use super::findings;
use crate::counted::Counted;

/// The file and its log.
pub(super) fn parts(data: &[u8]) -> (&[u8], Option<&[u8]>) {
    let Some((rest, len)) = data.split_last_chunk() else { return (data, None) };
    let len = usize::try_from(u32::from_le_bytes(*len)).unwrap_or(usize::MAX);
    match rest.len().checked_sub(len) {
        Some(at) if len > 0 => (&rest[..at], Some(&rest[at..])),
        _ => (rest, None),
    }
}

pub(crate) fn sqlite(data: &[u8]) {
    let (main, log) = parts(data);
    let len = main.len() + log.map_or(0, <[u8]>::len);
    let counted = (Counted::new(main), log.map(Counted::new));
    let database = Sqlite::open(&counted.0, counted.1.as_ref()).expect("memory is read");
    tables(&database, len);

    let counted = (Counted::new(main), log.map(Counted::new));
    let database = Sqlite::open(&counted.0, counted.1.as_ref()).expect("memory is read");
    let options = CheckOptions { main_input: 0, wal_input: 1 };
    let checked = CheckJob::new(&database, options).run().expect("memory is read");
    let read = counted.0.read() + counted.1.as_ref().map_or(0, Counted::read);
    assert!(read <= 24 * (len as u64 + 65_536), "{read} bytes were read of {len}");
    findings(checked.findings.kept(), len);
    let room = Room { value: 100, ..Room::default() };
    for deleted in [false, true] {
        checked.lost.rows(&database, deleted, None, room).expect("memory is read");
    }

    let mut job = CheckJob::new(&database, options);
    let stepped = loop {
        match job.step(Work { bytes: 1 }).expect("memory is read") {
            Step::More(progress) => assert!(progress.done <= progress.total),
            Step::Done(checked) => break checked,
        }
    };
    assert_eq!(stepped.findings.kept(), checked.findings.kept(), "in small steps");
    assert_eq!(stepped.map, checked.map, "in small steps");
}

/// Reads all rows of all tables.
pub(super) fn tables(database: &dyn Tables, len: usize) {
    let room = Room { entries: 50, value: 1_000, ..Room::default() };
    for table in 0..database.tables().len() {
        let (mut from, mut rows) = (None, 0);
        for pages in 0.. {
            let page = database.rows(table, from.as_ref(), room).expect("memory is read");
            rows += page.rows.len();
            assert!(rows <= len && pages <= len, "the walk does not end");
            if let Some(row) = page.rows.first() {
                let again = database.row(table, row.handle).expect("memory is read");
                let again = again.expect("a row that was there");
                // In a damaged table several rows may have the same number.
                assert_eq!(again.handle, row.handle);
            }
            match page.next {
                Some(next) => from = Some(next),
                None => break,
            }
        }
    }
}
