//! Files that were made to do harm, and files cut anywhere: no panic, no hang, no error.

use crate::sqlite_shared;

use fulgurite_core::finding::{Code, Confidence, Severity};
use fulgurite_core::job::{Job, Step, Work};
use fulgurite_core::kv::bucket::Room;
use fulgurite_core::kv::sqlite::{
    CheckJob, CheckOptions, Checked, PageKind, Sqlite, WalEnd, WalMisfit,
};
use fulgurite_core::kv::table::Tables;
use fulgurite_tests::sqlite::{Seeded, page_size};
use rusqlite::Connection;
use sqlite_shared::{Folder, State, made_as};

/// Reads all there is; how many rows that gave.
fn read(main: &[u8], wal: Option<&[u8]>) -> (usize, Checked) {
    let database = Sqlite::open(main, wal).unwrap();
    let mut rows = 0;
    for table in 0..database.tables().len() {
        let mut from = None;
        // No more pages of rows than cells can be in the file.
        for _ in 0..=(main.len() + wal.map_or(0, <[u8]>::len)) / 4 + 2 {
            let page = database.rows(table, from.as_ref(), Room { entries: 50, ..Room::default() });
            let page = page.unwrap();
            rows += page.rows.len();
            if let Some(row) = page.rows.first() {
                database.row(table, row.handle).unwrap();
            }
            from = page.next;
            if from.is_none() {
                break;
            }
        }
        assert_eq!(from, None, "the walk does not end");
    }
    let checked = CheckJob::new(&database, CheckOptions::default()).run().unwrap();
    for deleted in [false, true] {
        let room = Room { entries: usize::MAX, bytes: usize::MAX, value: 100, ..Room::default() };
        checked.lost.rows(&database, deleted, None, room).unwrap();
    }
    (rows, checked)
}

/// A file of some 10 kB with everything in it: interior pages, overflow, freelist, pointer map.
fn small(folder: &Folder) -> Vec<u8> {
    let path = folder.0.join("small.sqlite");
    let db = Connection::open(&path).unwrap();
    db.execute_batch(
        "pragma page_size=512; pragma auto_vacuum=incremental;
         create table t(id integer primary key, a text, b blob);
         create index t_a on t(a);
         create table w(k text primary key, v) without rowid;
         with recursive n(i) as (values(1) union all select i + 1 from n where i < 60)
           insert into t select i, 'text ' || i, zeroblob(i % 7 * 9) from n;
         insert into t values (1000, 'long', zeroblob(1500));
         insert into w values ('a', 1), ('b', 2);
         create table gone(x); insert into gone values (zeroblob(900)); drop table gone;",
    )
    .unwrap();
    db.close().unwrap();
    std::fs::read(path).unwrap()
}

#[test]
fn every_byte_set_to_zero_and_to_ff() {
    let folder = Folder::new("sqlite-bytes");
    let sound = small(&folder);
    assert!((6_000..=16_384).contains(&sound.len()), "{}", sound.len());
    assert_eq!(read(&sound, None).0, 63);
    let mut file = sound.clone();
    for at in 0..sound.len() {
        for value in [0, 0xff] {
            file[at] = value;
            read(&file, None);
        }
        file[at] = sound[at];
    }
}

#[test]
fn cut_at_every_512_bytes() {
    let folder = Folder::new("sqlite-cuts");
    let sound = small(&folder);
    for end in (0..sound.len()).step_by(512) {
        let (_, checked) = read(&sound[..end], None);
        if end >= 512 {
            assert_eq!(checked.findings.count(Code::SqliteTruncated), 1, "cut at {end}");
        }
        read(&sound[..end + 100], None);
    }
    let made = made_as(31, 4096, State::WalLive, &folder);
    let wal = made.wal.unwrap();
    for end in (0..=wal.len()).step_by(512 * 9) {
        read(&made.main, Some(&wal[..end]));
    }
    for end in (0..made.main.len()).step_by(512 * 21) {
        read(&made.main[..end], None);
    }
}

#[test]
fn pages_that_lead_in_circles() {
    let folder = Folder::new("sqlite-circles");
    let sound = small(&folder);
    let size = page_size(&sound);
    let pages = u32::try_from(sound.len() / size).unwrap();
    // Every interior page's right child, every overflow and trunk page's next page: to each page.
    for page in 1..pages as usize {
        for target in 0..=pages + 1 {
            for offset in [0, 8] {
                let mut file = sound.clone();
                let at = page * size + offset;
                file[at..at + 4].copy_from_slice(&target.to_be_bytes());
                read(&file, None);
            }
        }
    }
}

/// Interior pages of which every cell names the same child, some levels deep: a walk that did not
/// remember would enter 84 to the power of the depth leaves.
#[test]
fn pages_that_name_one_child_again_and_again() {
    let folder = Folder::new("sqlite-again");
    let mut file = small(&folder);
    let size = page_size(&file);
    for page in 2..10_usize {
        let bytes = &mut file[page * size..(page + 1) * size];
        bytes.fill(0);
        bytes[0] = 5;
        bytes[4] = 80;
        bytes[8..12].copy_from_slice(&(u32::try_from(page).unwrap() + 2).to_be_bytes());
        for cell in 0..80 {
            bytes[12 + 2 * cell..14 + 2 * cell].copy_from_slice(&500_u16.to_be_bytes());
        }
        bytes[500..504].copy_from_slice(&(u32::try_from(page).unwrap() + 2).to_be_bytes());
    }
    let (_, checked) = read(&file, None);
    assert!(checked.findings.count(Code::SqliteUsedTwice) > 0);
}

#[test]
fn huge_varints() {
    let folder = Folder::new("sqlite-varints");
    let sound = small(&folder);
    for at in (512..sound.len() - 9).step_by(3) {
        let mut file = sound.clone();
        file[at..at + 9].fill(0xff);
        read(&file, None);
        file[at..at + 5].copy_from_slice(&[0x87, 0xff, 0xff, 0xff, 0x7f]);
        read(&file, None);
    }
}

#[test]
fn noise_of_any_length_opens() {
    let mut rng = Seeded(9);
    for len in [0, 1, 15, 16, 99, 100, 101, 511, 512, 513, 5_000] {
        let mut noise = rng.bytes(len);
        read(&noise, None);
        read(&noise, Some(&noise));
        for (to, from) in noise.iter_mut().zip(b"SQLite format 3\0\x02\0\x02\x02\0\x40\x20\x20") {
            *to = *from;
        }
        read(&noise, None);
    }
}

#[test]
fn the_log_speaks_for_itself() {
    let folder = Folder::new("sqlite-log");
    let codes = |checked: &Checked| -> Vec<_> {
        checked.findings.kept().iter().map(|finding| (finding.code, finding.confidence)).collect()
    };

    let closed = made_as(3, 4096, State::WalClosed, &folder);
    let (_, checked) = read(&closed.main, None);
    assert_eq!(codes(&checked), [(Code::SqliteStaleCopy, Confidence::Possible)]);
    let (_, checked) = read(&closed.main, Some(&[]));
    assert_eq!(codes(&checked), []);

    let tail = made_as(4, 1024, State::WalUncommitted, &folder);
    let wal = tail.wal.clone().unwrap();
    let database = Sqlite::open(tail.main.as_slice(), Some(wal.as_slice())).unwrap();
    let log = database.wal().unwrap();
    // SQLite may have written an unfinished frame twice, its checksum left for later.
    assert!(log.commits >= 1 && log.committed_end < log.len);
    let (_, checked) = read(&tail.main, Some(&wal));
    assert_eq!(codes(&checked), [(Code::SqliteWalTail, Confidence::Certain)]);

    let reset = made_as(5, 2048, State::WalReset, &folder);
    let wal = reset.wal.clone().unwrap();
    let database = Sqlite::open(reset.main.as_slice(), Some(wal.as_slice())).unwrap();
    assert_eq!(database.wal().unwrap().end, WalEnd::Older);
    let (_, checked) = read(&reset.main, Some(&wal));
    assert_eq!(codes(&checked), []);

    // A byte of the second frame: what was committed behind it is lost.
    let live = made_as(6, 4096, State::WalLive, &folder);
    let mut wal = live.wal.clone().unwrap();
    wal[32 + 24 + 4096 + 24 + 100] ^= 1;
    let (_, checked) = read(&live.main, Some(&wal));
    let broken = checked.findings.kept().iter().find(|f| f.code == Code::SqliteWalBroken).unwrap();
    assert_eq!(broken.severity, Severity::Damage);
    assert_eq!(broken.place.span.start, 32 + 24 + 4096);
    assert!(broken.values.number("commits_lost").unwrap() >= 4);

    // A log of another page size, and one whose header is damaged.
    let other = made_as(7, 8192, State::WalLive, &folder);
    for (wal, misfit) in [
        (other.wal.clone().unwrap(), WalMisfit::PageSize),
        (vec![0x37, 0x7f, 6, 0x82, 0, 0, 0, 0], WalMisfit::Header),
    ] {
        let database = Sqlite::open(live.main.as_slice(), Some(wal.as_slice())).unwrap();
        assert_eq!(database.wal().unwrap().misfit, Some(misfit));
        let (_, checked) = read(&live.main, Some(&wal));
        assert_eq!(checked.findings.count(Code::SqliteWalForeign), 1);
    }
}

#[test]
fn a_check_in_small_steps_finds_the_same() {
    let folder = Folder::new("sqlite-steps");
    let mut made = made_as(12, 1024, State::Rollback, &folder);
    let sound = Sqlite::open(made.main.as_slice(), None::<&[u8]>).unwrap();
    let sound = CheckJob::new(&sound, CheckOptions::default()).run().unwrap();
    let leaf = sound.map.runs.iter().find(|run| run.kind == PageKind::TableLeaf).unwrap().first;
    let start = (leaf as usize - 1) * 1024;
    made.main[start..start + 1024].fill(0);
    let database = Sqlite::open(made.main.as_slice(), None::<&[u8]>).unwrap();
    let whole = CheckJob::new(&database, CheckOptions::default()).run().unwrap();
    let mut job = CheckJob::new(&database, CheckOptions::default());
    let (mut steps, mut last) = (0, 0);
    let checked = loop {
        match job.step(Work { bytes: 1 }).unwrap() {
            Step::Done(checked) => break checked,
            Step::More(progress) => {
                assert!(progress.done >= last && progress.done <= progress.total);
                last = progress.done;
                steps += 1;
            }
        }
    };
    assert!(steps > 100);
    assert_eq!(checked.findings.kept(), whole.findings.kept());
    assert_eq!(checked.map, whole.map);
    let zero = whole.findings.kept().iter().find(|f| f.code == Code::SqliteZeroPage).unwrap();
    assert_eq!((zero.place.span.start, zero.place.span.len()), (start as u64, 1024));
    assert_eq!(zero.values.number("page_no"), Some(leaf.into()));
    let run = whole.map.run(leaf).unwrap();
    assert_eq!(run.kind, PageKind::Damaged);
}
