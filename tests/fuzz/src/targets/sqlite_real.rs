//! SQLite files beside SQLite itself: where its `integrity_check` finds nothing, every row that it
//! gives is given here, byte for byte, and no damage is found; and where no damage is found, it does
//! not fail, as long as the schema is one of the seeds' (what any SQL in a schema makes it do is its
//! own business).

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use fulgurite_core::finding::{Code, Severity};
use fulgurite_core::job::Job as _;
use fulgurite_core::kv::bucket::Room;
use fulgurite_core::kv::sqlite::{CheckJob, CheckOptions, Sqlite};
use fulgurite_core::kv::table::{Cell, Table, Tables as _};
use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Error, ErrorCode};

use crate::corpus;

/// A table as SQLite has it: name, columns, and of each row number and cells.
struct Given {
    name: String,
    columns: Vec<String>,
    rowids: bool,
    rows: Vec<(i64, Vec<Cell>)>,
}

/// What SQLite says.
enum Said {
    /// All is well, and this is there.
    Sound(Vec<Given>),
    /// Something is wrong.
    Wrong(String),
    /// It took too long, or too much.
    Unknown,
}

impl From<Error> for Said {
    fn from(error: Error) -> Said {
        match error.sqlite_error_code() {
            Some(
                ErrorCode::OperationInterrupted
                | ErrorCode::TooBig
                | ErrorCode::OutOfMemory
                | ErrorCode::AuthorizationForStatementDenied,
            ) => Said::Unknown,
            _ => Said::Wrong(error.to_string()),
        }
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Opens the bytes in memory, read-only. A file of the WAL mode is opened as one without.
fn open(data: &[u8]) -> Result<Connection, Error> {
    let mut bytes = data.to_vec();
    if bytes.get(18..20) == Some(&[2, 2]) {
        bytes[18..20].fill(1);
    }
    let mut database = Connection::open_in_memory()?;
    database.set_limit(Limit::SQLITE_LIMIT_LENGTH, 1 << 20)?;
    database.set_limit(Limit::SQLITE_LIMIT_SQL_LENGTH, 1 << 16)?;
    let looks = AtomicU64::new(0);
    let stop = move || looks.fetch_add(1, Ordering::Relaxed) > 200;
    database.progress_handler(1_000, Some(stop))?;
    database.deserialize_read_exact("main", bytes.as_slice(), bytes.len(), true)?;
    database.execute_batch("pragma trusted_schema = off")?;
    Ok(database)
}

fn ask(data: &[u8]) -> Result<Said, Error> {
    let database = open(data)?;
    let mut check = database.prepare("pragma integrity_check(3)")?;
    let said: Vec<String> = check.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    if said != ["ok"] {
        return Ok(Said::Wrong(said.join("; ")));
    }
    let mut list = database.prepare(
        "select name, wr from pragma_table_list where schema = 'main' and type = 'table'",
    )?;
    let named = list.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, bool>(1)?)))?;
    let mut all = Vec::new();
    for named in named {
        let (name, without) = named?;
        if name != "sqlite_schema" {
            all.push(table(&database, name, !without)?);
        }
    }
    Ok(Said::Sound(all))
}

fn table(database: &Connection, name: String, rowids: bool) -> Result<Given, Error> {
    let mut info = database.prepare("select name from pragma_table_xinfo(?) where hidden <> 2")?;
    let columns: Vec<String> =
        info.query_map([&name], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let wanted: Vec<String> = columns.iter().map(|column| quoted(column)).collect();
    let id = if rowids { "rowid" } else { "0" };
    let query = format!("select {id}, {} from {} not indexed", wanted.join(", "), quoted(&name));
    let mut select = database.prepare(&query)?;
    let mut found = select.query([])?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        let cells = (1..=columns.len()).map(|index| {
            Ok(match row.get_ref(index)? {
                ValueRef::Null => Cell::Null,
                ValueRef::Integer(integer) => Cell::Integer(integer),
                ValueRef::Real(real) => Cell::Real(real.to_bits()),
                ValueRef::Text(text) => Cell::Text(text.to_vec()),
                ValueRef::Blob(blob) => Cell::Blob(blob.to_vec()),
            })
        });
        let cells = cells.collect::<Result<_, Error>>()?;
        rows.push((row.get(0)?, cells));
    }
    Ok(Given { name, columns, rowids, rows })
}

type Reader<'a> = Sqlite<&'a [u8], &'a [u8]>;

fn compare(ours: &Reader<'_>, given: &Given) {
    let named = |table: &&Table| table.name.eq_ignore_ascii_case(&given.name);
    let Some(at) = ours.tables().iter().position(|table| named(&table)) else {
        panic!("no table {:?}", given.name);
    };
    assert_eq!(ours.tables()[at].columns, given.columns, "columns of {:?}", given.name);
    let (mut from, mut number) = (None, 0);
    loop {
        let page = ours.rows(at, from.as_ref(), Room::default()).expect("memory is read");
        for row in page.rows {
            let Some((id, cells)) = given.rows.get(number) else { panic!("more rows: {row:?}") };
            assert_eq!(&row.cells, cells, "row {number} of {:?}", given.name);
            assert!(!given.rowids || row.handle == id.cast_unsigned(), "another row number");
            number += 1;
        }
        match page.next {
            Some(next) => from = Some(next),
            None => break,
        }
    }
    assert_eq!(number, given.rows.len(), "fewer rows of {:?}", given.name);
}

/// What sqlite_schema lists, but for where it begins.
fn schema(ours: &Reader<'_>) -> Vec<String> {
    let objects = ours.schema().iter();
    objects
        .map(|one| format!("{:?} {:?} {:?} {:?}", one.kind, one.name, one.table, one.sql))
        .collect()
}

/// The schemas of the seeds.
static SCHEMAS: LazyLock<Vec<Vec<String>>> = LazyLock::new(|| {
    let seeds = corpus::sqlite_alone();
    let schema = |seed: &Vec<u8>| {
        schema(&Sqlite::open(seed.as_slice(), None::<&[u8]>).expect("memory is read"))
    };
    seeds.iter().map(schema).collect()
});

pub(crate) fn sqlite_real(data: &[u8]) {
    // Text of other encodings is not given as it stands.
    if data.len() < 512 || data.get(56..60) != Some(&[0, 0, 0, 1]) {
        return;
    }
    // A page that is cut short is damage here; SQLite fills it up with zeros.
    let page_size = fulgurite_tests::sqlite::page_size(data).max(1);
    let data = &data[..data.len() / page_size * page_size];
    let ours = Sqlite::open(data, None::<&[u8]>).expect("memory is read");
    let checked = CheckJob::new(&ours, CheckOptions::default()).run().expect("memory is read");
    let mut graver = checked.findings.kept().iter();
    let graver = graver.find(|finding| finding.severity > Severity::Info);
    let of_a_seed = SCHEMAS.contains(&schema(&ours));
    match ask(data).unwrap_or_else(Said::from) {
        Said::Sound(all) => {
            // Of some numbers in the header SQLite looks at one byte, and at some not at all; nor
            // does it mind rows with more values than a damaged statement has columns.
            // Values of a type that the format reserves are NULL to it, and damage here.
            if graver.is_some_and(|one| one.values.text("sqlite_fault") == Some("record")) {
                return;
            }
            // A page that leads to page 0 it takes for one that leads nowhere, in its check; a query
            // that goes there fails, "database disk image is malformed".
            if graver.is_some_and(|one| one.values.number("leads_to") == Some(0)) {
                return;
            }
            let overlooked = |code| code == Code::SqliteHeader || !of_a_seed;
            let sound = graver.is_none_or(|finding| overlooked(finding.code));
            assert!(sound, "damage where SQLite finds none: {graver:?}");
            for given in &all {
                compare(&ours, given);
            }
        }
        Said::Wrong(what) => {
            // Pages behind the last one in use: told here too, but nothing is lost with them.
            let unused = checked.findings.count(Code::SqliteUnusedPages) > 0;
            let mild = unused && what.contains("never used");
            assert!(graver.is_some() || mild || !of_a_seed, "no damage where SQLite says: {what}");
        }
        Said::Unknown => {}
    }
}
