//! What two sides are said to have in common, asked of SQLite itself.

use fulgurite_core::text::{hex, visible};
use rusqlite::types::Value as Cell;
use rusqlite::{Connection, params};
use serde_json::Value;

/// Panics where an invoice of the key-value store, all of which are said to be in this database as they
/// were, is not there by SQLite's own reading: hash, preimage, amount, payment address, memo.
pub(super) fn agrees(rows: &[Value], database: &[u8]) {
    let Some(native) = sound(database) else { return };
    for row in rows.iter().filter(|row| row["listed"] == true) {
        let invoice = &row["invoice"];
        let may_be_deleted = ["open", "canceled"].iter().any(|state| invoice["state"] == *state);
        let Some(found) = find(&native, row) else {
            assert!(may_be_deleted, "said to be the same, and not there: {row}");
            continue;
        };
        let said = |name: &str| invoice[name].as_str();
        let amount =
            Cell::Integer(said("value_msat").and_then(|text| text.parse().ok()).unwrap_or(-1));
        assert!(found.amount == amount || amount == Cell::Integer(-1), "another amount: {row}");
        for (name, cell) in [("preimage", &found.preimage), ("payment_addr", &found.address)] {
            let Some(bytes) = said(name) else { continue };
            assert!(matches!(cell, Cell::Blob(cell) if hex(cell) == bytes), "{name}: {row}");
        }
        let memo = invoice["memo"]["text"].as_str().unwrap_or_default();
        let known = match &found.memo {
            Cell::Text(text) => visible(text.as_bytes()),
            // As LND's driver hands both over.
            Cell::Blob(text) => visible(text),
            _ => String::new(),
        };
        assert_eq!(known, memo, "another memo: {row}");
    }
}

/// The database, if SQLite finds nothing wrong with it.
fn sound(bytes: &[u8]) -> Option<Connection> {
    let mut native = Connection::open_in_memory().ok()?;
    native.deserialize_read_exact("main", bytes, bytes.len(), true).ok()?;
    let told = native.query_one("pragma integrity_check", [], |row| row.get::<_, String>(0));
    told.ok().filter(|told| told == "ok").map(|_| native)
}

struct Found {
    amount: Cell,
    preimage: Cell,
    address: Cell,
    memo: Cell,
}

/// The row with that invoice's hash, or with its preimage.
fn find(native: &Connection, row: &Value) -> Option<Found> {
    let bytes = |value: &Value| {
        let text = value.as_str()?;
        let pairs = text.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap_or(""));
        pairs.map(|pair| u8::from_str_radix(pair, 16).ok()).collect::<Option<Vec<u8>>>()
    };
    let keys = params![bytes(&row["hash"]), bytes(&row["invoice"]["preimage"])];
    let sql = "select amount_msat, preimage, payment_addr, memo from invoices
        where preimage = ?2 or hash = ?1 order by preimage is ?2 desc limit 1";
    native
        .query_one(sql, keys, |row| {
            Ok(Found {
                amount: row.get(0)?,
                preimage: row.get(1)?,
                address: row.get(2)?,
                memo: row.get(3)?,
            })
        })
        .ok()
}
