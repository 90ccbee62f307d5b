//! Databases that the real SQLite writes, from a seed, and what it reads back from them.
#![allow(dead_code, unreachable_pub)] // Each test file uses its part.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use fulgurite_core::kv::table::Cell;
use fulgurite_tests::sqlite::Seeded;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, params};

/// A file and its log, as bytes.
#[derive(Clone)]
pub struct Made {
    pub name: String,
    pub main: Vec<u8>,
    pub wal: Option<Vec<u8>>,
}

/// A folder that goes away.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("fulgurite-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// How the file stands on disk when it is copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Rollback,
    WalClosed,
    WalLive,
    WalUncommitted,
    WalReset,
    WalPartly,
    WalBigEndian,
}

pub const STATES: [State; 7] = [
    State::Rollback,
    State::WalClosed,
    State::WalLive,
    State::WalUncommitted,
    State::WalReset,
    State::WalPartly,
    State::WalBigEndian,
];

pub const SIZES: [u32; 8] = [512, 1024, 2048, 4096, 8192, 16384, 32768, 65536];

/// The database of that seed.
pub fn made(seed: u64, folder: &Folder) -> Made {
    let pick = usize::try_from(seed).unwrap();
    made_as(seed, SIZES[pick % 8], STATES[pick % 7], folder)
}

pub fn made_as(seed: u64, page_size: u32, state: State, folder: &Folder) -> Made {
    let mut rng = Seeded(seed);
    let path = folder.0.join(format!("{seed}.sqlite"));
    let log = folder.0.join(format!("{seed}.sqlite-wal"));
    let encoding = ["UTF-8", "UTF-16le", "UTF-16be"][usize::try_from(seed / 2 % 3).unwrap()];
    let vacuum = ["none", "full", "incremental"][usize::try_from(seed % 3).unwrap()];
    let _ = std::fs::remove_file(&path);
    let db = Connection::open(&path).unwrap();
    db.execute_batch(&format!(
        "pragma page_size={page_size}; pragma encoding='{encoding}'; pragma auto_vacuum={vacuum};
         pragma secure_delete=off; pragma synchronous=off; pragma wal_autocheckpoint=0; pragma foreign_keys=off;"
    ))
    .unwrap();
    if state != State::Rollback {
        db.execute_batch("pragma journal_mode=wal").unwrap();
    }
    tables(&db);
    fill(&db, &mut rng, 40, page_size);
    alter(&db);
    fill(&db, &mut rng, 40, page_size);
    thin(&db, &mut rng);
    match state {
        State::Rollback | State::WalClosed => {}
        State::WalLive | State::WalBigEndian => {
            checkpoint(&db, "TRUNCATE");
            for _ in 0..4 {
                fill(&db, &mut rng, 6, page_size);
            }
            thin(&db, &mut rng);
        }
        State::WalUncommitted => {
            checkpoint(&db, "TRUNCATE");
            fill(&db, &mut rng, 6, page_size);
            db.execute_batch("pragma cache_size=3; begin").unwrap();
            fill_in(&db, &mut rng, 60, page_size);
            db.execute_batch("update plain set b = 'uncommitted'").unwrap();
        }
        State::WalReset => {
            fill(&db, &mut rng, 20, page_size);
            checkpoint(&db, "RESTART");
            fill(&db, &mut rng, 1, page_size);
        }
        State::WalPartly => {
            checkpoint(&db, "TRUNCATE");
            let reader = Connection::open(&path).unwrap();
            fill(&db, &mut rng, 10, page_size);
            reader.execute_batch("begin; select count(*) from plain").unwrap();
            fill(&db, &mut rng, 10, page_size);
            checkpoint(&db, "PASSIVE");
            let main = std::fs::read(&path).unwrap();
            let wal = std::fs::read(&log).ok();
            return Made {
                name: format!("{seed} {page_size} {encoding} {vacuum} {state:?}"),
                main,
                wal,
            };
        }
    }
    let (main, wal) = if matches!(state, State::Rollback | State::WalClosed) {
        db.close().unwrap();
        (std::fs::read(&path).unwrap(), None)
    } else {
        (std::fs::read(&path).unwrap(), Some(std::fs::read(&log).unwrap()))
    };
    let wal = match state {
        State::WalBigEndian => wal.map(|wal| fulgurite_tests::sqlite::big_endian_wal(&wal)),
        _ => wal,
    };
    Made { name: format!("{seed} {page_size} {encoding} {vacuum} {state:?}"), main, wal }
}

fn checkpoint(db: &Connection, how: &str) {
    db.query_row(&format!("pragma wal_checkpoint({how})"), [], |_| Ok(())).unwrap();
}

fn tables(db: &Connection) {
    db.execute_batch(
        "create table plain(a, b, c);
         create table typed(id integer primary key, name text, val real, data blob, n numeric, i int not null default 7);
         create table \"channeldb_kv\" (key BLOB NOT NULL, value BLOB, parent_id BIGINT, id INTEGER PRIMARY KEY, sequence BIGINT,
           CONSTRAINT channeldb_kv_parent FOREIGN KEY (parent_id) REFERENCES channeldb_kv(id) ON UPDATE NO ACTION ON DELETE CASCADE);
         CREATE INDEX channeldb_kv_p ON channeldb_kv (parent_id);
         CREATE UNIQUE INDEX channeldb_kv_up ON channeldb_kv (parent_id, key) WHERE parent_id IS NOT NULL;
         CREATE UNIQUE INDEX channeldb_kv_unp ON channeldb_kv (key) WHERE parent_id IS NULL;
         create table keyed(a text, b int, c, primary key (b, a)) without rowid;
         create table uniq(a text unique collate nocase, b int, c real, unique (b desc, a), unique(c));
         create index typed_val on typed(val desc, name);
         create index typed_lower on typed(lower(name), i);
         create index typed_part on typed(n) where i > 5;
         create index plain_all on plain(c, a, b);
         create table computed(a int, twice int as (a * 2), b text, both text generated always as (a || b) stored, d default 'x');
         create table auto(id integer primary key autoincrement, \"odd \"\"name\" varchar(10) collate rtrim, [x y] 'TEXT' /* c, */ );
         create index auto_i on auto(\"odd \"\"name\" desc);
         create view seen as select * from plain;
         create trigger after_auto after insert on auto begin select 1; end;
         create table doomed(a, b);",
    )
    .unwrap();
}

/// Rows written before are short from now on.
fn alter(db: &Connection) {
    db.execute_batch(
        "alter table plain add column later text default 'it''s late';
         alter table plain add column later_still integer default -5;
         alter table typed add column more real default 3;
         alter table typed add column bytes blob default x'00ff';
         alter table auto add column none text;
         create index plain_later on plain(later_still, later);
         drop table doomed;",
    )
    .unwrap();
}

fn fill(db: &Connection, rng: &mut Seeded, rounds: usize, page_size: u32) {
    db.execute_batch("begin").unwrap();
    fill_in(db, rng, rounds, page_size);
    db.execute_batch("commit").unwrap();
}

fn fill_in(db: &Connection, rng: &mut Seeded, rounds: usize, page_size: u32) {
    for _ in 0..rounds {
        let mut value = || any_value(rng, page_size);
        let (a, b, c) = (value(), value(), value());
        db.execute("insert into plain(a, b, c) values (?, ?, ?)", params![a, b, c]).unwrap();
        let text = any_text(rng, 40);
        let id = rng.any().cast_signed() >> rng.below(64);
        let (value, other) = (any_value(rng, page_size), any_value(rng, page_size));
        db.execute(
            "insert or ignore into typed(id, name, val, data, n, i) values (?, ?, ?, ?, ?, ?)",
            params![id, text, any_number(rng), value, other, rng.below(10).cast_signed()],
        )
        .unwrap();
        let len = 1 + rng.index(60);
        let key = rng.bytes(len);
        let parent = (rng.below(4) != 0).then(|| 1 + rng.below(20).cast_signed());
        let value = any_blob(rng, page_size);
        db.execute(
            "insert or ignore into channeldb_kv(key, value, parent_id) values (?, ?, ?)",
            params![key, (rng.below(5) != 0).then_some(value), parent],
        )
        .unwrap();
        let value = any_value(rng, page_size);
        db.execute(
            "insert or ignore into keyed values (?, ?, ?)",
            params![any_text(rng, 30), rng.below(100).cast_signed(), value],
        )
        .unwrap();
        let (text, text_2) = (any_text(rng, 20), any_text(rng, 300));
        db.execute(
            "insert or ignore into uniq values (?, ?, ?)",
            params![text, rng.below(1000).cast_signed(), any_number(rng)],
        )
        .unwrap();
        db.execute(
            "insert into computed(a, b) values (?, ?)",
            params![rng.below(500).cast_signed(), text],
        )
        .unwrap();
        db.execute(
            "insert into auto(\"odd \"\"name\", [x y]) values (?, ?)",
            params![text, text_2],
        )
        .unwrap();
        let _ = db.execute("insert into doomed values (?, ?)", params![text, text_2]);
    }
}

/// Deletes and changes some rows.
fn thin(db: &Connection, rng: &mut Seeded) {
    for table in ["plain", "typed", "channeldb_kv", "uniq", "computed", "auto"] {
        let (left, of) = (rng.below(7), 5 + rng.below(3));
        db.execute_batch(&format!("delete from {table} where abs(rowid % {of}) = {left} % {of}"))
            .unwrap();
    }
    db.execute_batch("update plain set a = c where rowid % 4 = 1; update typed set name = name || 'x' where i = 3")
        .unwrap();
}

fn any_number(rng: &mut Seeded) -> rusqlite::types::Value {
    match rng.below(4) {
        0 => rusqlite::types::Value::Real(f64::from_bits(rng.any() & !(1 << 62))),
        1 => rusqlite::types::Value::Real(f64::from(u32::try_from(rng.below(1000)).unwrap())),
        _ => rusqlite::types::Value::Integer(rng.any().cast_signed() >> rng.below(64)),
    }
}

fn any_text(rng: &mut Seeded, most: usize) -> String {
    let mut text = String::new();
    for _ in 0..rng.index(most + 1) {
        match rng.below(12) {
            0 => text.push('ü'),
            1 => text.push('雷'),
            2 => text.push('⚡'),
            3 => text.push('𝄞'),
            _ => write!(text, "{:x}", rng.below(16)).unwrap(),
        }
    }
    text
}

fn any_blob(rng: &mut Seeded, page_size: u32) -> Vec<u8> {
    let page = usize::try_from(page_size).unwrap();
    let len = match rng.below(12) {
        0 => 0,
        1 => page.min(9000) - 40 + rng.index(12),
        2 => rng.index(page.min(5000) * 3),
        3 => rng.index(page.min(3000) * 9),
        _ => rng.index(90),
    };
    rng.bytes(len)
}

fn any_value(rng: &mut Seeded, page_size: u32) -> rusqlite::types::Value {
    use rusqlite::types::Value;
    match rng.below(9) {
        0 => Value::Null,
        1 | 2 => any_number(rng),
        3 => Value::Integer(rng.below(3).cast_signed()),
        4 => Value::Text(any_text(rng, 2000)),
        5 | 6 => Value::Text(any_text(rng, 30)),
        _ => Value::Blob(any_blob(rng, page_size)),
    }
}

/// Puts a copy into a folder and opens it.
pub fn open(made: &Made, folder: &Folder, name: &str) -> Connection {
    let path = folder.0.join(name);
    put(made, &path);
    Connection::open(&path).unwrap()
}

pub fn put(made: &Made, path: &Path) {
    for end in ["-wal", "-shm", "-journal", ""] {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        let _ = std::fs::remove_file(&name);
        match (end, &made.wal) {
            ("", _) => std::fs::write(&name, &made.main).unwrap(),
            ("-wal", Some(wal)) => std::fs::write(&name, wal).unwrap(),
            _ => {}
        }
    }
}

/// What SQLite has in a table: the rowid, if it has one, and the cells, ordered.
pub fn rows_of(
    db: &Connection,
    table: &str,
    rowid: bool,
) -> rusqlite::Result<Vec<(i64, Vec<Cell>)>> {
    let quoted = table.replace('"', "\"\"");
    let mut columns = Vec::new();
    let mut info = db.prepare(&format!("pragma table_xinfo(\"{quoted}\")"))?;
    let mut found = info.query([])?;
    while let Some(row) = found.next()? {
        // Hidden 2: a virtual column.
        if row.get::<_, i64>(6)? != 2 {
            columns.push(format!("\"{}\"", row.get::<_, String>(1)?.replace('"', "\"\"")));
        }
    }
    let id = if rowid { "rowid" } else { "0" };
    let mut select =
        db.prepare(&format!("select {id}, {} from \"{quoted}\"", columns.join(", ")))?;
    let mut rows = select.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let cells = (1..=columns.len()).map(|index| cell(row.get_ref(index).unwrap())).collect();
        all.push((row.get(0)?, cells));
    }
    Ok(all)
}

pub fn cell(value: ValueRef<'_>) -> Cell {
    match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(integer) => Cell::Integer(integer),
        ValueRef::Real(real) => Cell::Real(real.to_bits()),
        ValueRef::Text(text) => Cell::Text(text.to_vec()),
        ValueRef::Blob(blob) => Cell::Blob(blob.to_vec()),
    }
}
