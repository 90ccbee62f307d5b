//! Tables of a database, whatever lies beneath: an SQLite file, a plain Postgres dump.

use alloc::string::String;
use alloc::vec::Vec;

use super::bucket::{At, Cursor, Room};
use crate::source::SourceError;

/// One cell of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// No value.
    Null,
    /// A whole number.
    Integer(i64),
    /// A number with a fraction, by its bits (`f64::to_bits`).
    Real(u64),
    /// Text in UTF-8, as far as it is valid; otherwise the bytes that stand there.
    Text(Vec<u8>),
    /// Bytes.
    Blob(Vec<u8>),
    /// It ought to be there and cannot be read.
    Unreadable,
    /// It is not NULL, and was not asked for ([`Room::columns`]).
    Skipped,
}

/// A table's name and columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name, without a schema's.
    pub name: String,
    /// Its columns, in the order of the cells.
    pub columns: Vec<String>,
}

impl Table {
    /// Where that column stands in a row.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|known| known == name)
    }
}

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Where it stands in the file.
    pub at: At,
    /// A place from which [`Tables::row`] finds it again.
    pub handle: u64,
    /// Its cells, one for each column. An `INTEGER PRIMARY KEY` column has its value here.
    pub cells: Vec<Cell>,
}

/// A page of rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    /// In the order in which the file has them.
    pub rows: Vec<Row>,
    /// Where to go on; `None` at the table's end.
    pub next: Option<Cursor>,
    /// Stretches of the table (pages, lines) that could not be read on the way.
    pub unreadable: u64,
}

/// A database of tables.
pub trait Tables {
    /// All tables.
    fn tables(&self) -> &[Table];

    /// Rows of a table (an index into [`Tables::tables`]), from `from` on, or from its first.
    /// [`Room::value`] bounds each cell.
    ///
    /// # Errors
    /// [`SourceError`] where the source cannot be read. Damage is no error: what cannot be read is
    /// counted in [`Rows::unreadable`].
    fn rows(&self, table: usize, from: Option<&Cursor>, room: Room) -> Result<Rows, SourceError>;

    /// The row of that table behind a [`Row::handle`].
    ///
    /// # Errors
    /// As [`Tables::rows`].
    fn row(&self, table: usize, handle: u64) -> Result<Option<Row>, SourceError>;

    /// The index of the table of that name.
    fn table(&self, name: &str) -> Option<usize> {
        self.tables().iter().position(|table| table.name == name)
    }
}
