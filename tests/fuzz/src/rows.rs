//! SQLite databases row by row: a change to bytes rarely makes another value of another length or
//! type, and never another row.

use rusqlite::Connection;
use rusqlite::types::Value;

use fulgurite_tests::sqlite::Seeded;

/// What a file of SQLite's begins with.
const MAGIC: &[u8] = b"SQLite format 3\0";

/// This database with one to three rows changed, left out or doubled. Nothing where SQLite does not
/// take it.
pub(crate) fn changed(bytes: &[u8], rng: &mut Seeded) -> Option<Vec<u8>> {
    if !bytes.starts_with(MAGIC) {
        return None;
    }
    let mut open = Connection::open_in_memory().ok()?;
    open.deserialize_read_exact("main", bytes, bytes.len(), false).ok()?;
    let pragmas = "pragma foreign_keys = off; pragma ignore_check_constraints = on;
        pragma trusted_schema = off";
    open.execute_batch(pragmas).ok()?;
    // Many tables are empty.
    let wanted = 1 + rng.below(3);
    let mut changed = 0;
    for _ in 0..20 {
        changed += u64::from(row(&open, rng).is_some());
        if changed == wanted {
            break;
        }
    }
    (changed > 0).then(|| open.serialize("main").ok().map(|bytes| bytes.to_vec()))?
}

/// Changes a row of some table. Nothing where that is empty, or where a constraint forbids it.
fn row(open: &Connection, rng: &mut Seeded) -> Option<()> {
    let tables = "select name from sqlite_master where type = 'table' and sql is not null";
    let tables = texts(open, tables)?;
    let table = tables.get(rng.index(tables.len().max(1)))?.replace('"', "\"\"");
    let columns = texts(open, &format!("select name from pragma_table_info(\"{table}\")"))?;
    let column = columns.get(rng.index(columns.len().max(1)))?.replace('"', "\"\"");
    let count = format!("select count(*) from \"{table}\"");
    let count = open.query_one(&count, [], |row| row.get::<_, u32>(0)).ok().filter(|n| *n > 0)?;
    let mut any =
        || format!("(select _rowid_ from \"{table}\" limit 1 offset {})", rng.below(count.into()));
    let (this, other) = (any(), any());
    let value = format!("select \"{column}\" from \"{table}\" where _rowid_ = {this}");
    let value = open.query_one(&value, [], |row| row.get::<_, Value>(0)).ok()?;
    let set = format!("update \"{table}\" set \"{column}\" =");
    let done = match rng.below(8) {
        0 => open.execute(&format!("delete from \"{table}\" where _rowid_ = {this}"), []),
        1 => {
            let own = columns
                .iter()
                .filter(|name| *name != "id")
                .map(|name| format!("\"{}\"", name.replace('"', "\"\"")));
            let own = own.collect::<Vec<_>>().join(", ");
            let copy = format!("select {own} from \"{table}\" where _rowid_ = {this}");
            open.execute(&format!("insert into \"{table}\" ({own}) {copy}"), [])
        }
        2 => {
            let of_other =
                format!("(select \"{column}\" from \"{table}\" where _rowid_ = {other})");
            open.execute(&format!("{set} {of_other} where _rowid_ = {this}"), [])
        }
        _ => open.execute(&format!("{set} ?1 where _rowid_ = {this}"), [instead(value, rng)]),
    };
    done.ok().filter(|rows| *rows > 0).map(drop)
}

fn texts(open: &Connection, sql: &str) -> Option<Vec<String>> {
    let mut statement = open.prepare(sql).ok()?;
    let rows = statement.query_map([], |row| row.get(0)).ok()?;
    rows.collect::<Result<_, _>>().ok()
}

/// Another value than that.
fn instead(value: Value, rng: &mut Seeded) -> Value {
    match (value, rng.below(6)) {
        (_, 0) => Value::Null,
        (Value::Integer(number), 1..4) => {
            Value::Integer(number.wrapping_add([1, -1, 1_000][rng.index(3)]))
        }
        (Value::Integer(_), _) => {
            Value::Integer([0, 1, -1, i64::MAX, i64::MIN, 1 << 40][rng.index(6)])
        }
        (Value::Null | Value::Real(_), _) => Value::Integer(rng.below(5).cast_signed()),
        (Value::Text(text), 1) => Value::Blob(text.into_bytes()),
        (Value::Text(text), 2) => Value::Text(text.chars().skip(1).collect()),
        (Value::Text(mut text), _) => {
            let at = rng.index(text.len().max(1));
            if text.is_char_boundary(at) {
                text.insert(at, ['0', '9', 'x', '\u{202e}'][rng.index(4)]);
            }
            Value::Text(text)
        }
        (Value::Blob(mut bytes), 1) => {
            bytes.truncate(rng.index(bytes.len().max(1)));
            Value::Blob(bytes)
        }
        (Value::Blob(mut bytes), _) => {
            let at = rng.index(bytes.len().max(1));
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << rng.below(8);
            }
            Value::Blob(bytes)
        }
    }
}
