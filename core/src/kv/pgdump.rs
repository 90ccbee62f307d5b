//! Plain dumps of Postgres (`pg_dump` without `-F`, or `-Fp`) as tables: `COPY` and `INSERT` in
//! all the ways in which pg_dump writes them.
//!
//! One pass notes where the rows of each table stand; values are unescaped only when they are
//! read. Memory follows the number of tables and of stretches of rows, and the longest row up to
//! [`ROW_CAP`]; not the dump.
//!
//! Written from the documents of Postgres 15 (COPY, "File Formats"; "String Constants"; "Binary
//! Data Types") and from what its pg_dump writes (`tests/data/pgdump`).

use alloc::string::String;
use alloc::vec::Vec;

use self::index::{Index, Indexed, Segment};
use self::lex::Lexer;
use self::statement::{Event, Statement};
use self::value::Form;
use super::bucket::{At, Cursor, Room};
use super::feed::Feed;
use super::table::{Cell, Row, Rows, Table, Tables};
use crate::finding::Findings;
use crate::sorting::sort_by_key;
use crate::source::{Source, SourceError};

mod index;
mod lex;
mod scan;
mod statement;
mod types;
mod value;

pub use scan::PgDumpJob;

/// A longer row is reported and not read. Postgres itself allows a gigabyte; no row of LND's comes
/// near this.
pub const ROW_CAP: u64 = 64 << 20;

/// So many of a file's first bytes are enough for [`recognise`].
pub const HEAD: usize = 4_096;

/// How a dump of Postgres is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recognised {
    /// Text: what this reader reads.
    Plain,
    /// `pg_dump -Fc`, and `toc.dat` of `pg_dump -Fd`: both begin with `PGDMP`.
    Custom,
    /// `pg_dump -Ft`: a tar archive whose first file is `toc.dat`.
    Tar,
    /// Text in UTF-16, as PowerShell's `>` writes it.
    Utf16,
}

impl Recognised {
    /// The stable name of what must be converted first; none for [`Recognised::Plain`].
    pub const fn packed(self) -> Option<&'static str> {
        match self {
            Recognised::Plain => None,
            Recognised::Custom => Some("custom"),
            Recognised::Tar => Some("tar"),
            Recognised::Utf16 => Some("utf16"),
        }
    }
}

/// Whether a file that begins so is a dump of Postgres.
///
/// ```
/// use fulgurite_core::kv::pgdump::{Recognised, recognise};
///
/// let head = b"--\n-- PostgreSQL database dump\n--\n\nSET statement_timeout = 0;\n";
/// assert_eq!(recognise(head), Some(Recognised::Plain));
/// assert_eq!(recognise(b"PGDMP\x01\x0e"), Some(Recognised::Custom));
/// assert_eq!(recognise(b"SQLite format 3\0"), None);
/// ```
pub fn recognise(head: &[u8]) -> Option<Recognised> {
    let head = head.get(..HEAD).unwrap_or(head);
    if head.starts_with(b"PGDMP") {
        return Some(Recognised::Custom);
    }
    // The first header of a tar archive: the file's name, and the magic behind 257 bytes.
    if head.starts_with(b"toc.dat\0") && head.get(257..262) == Some(b"ustar") {
        return Some(Recognised::Tar);
    }
    let mut wide = [0; 40];
    for (wide, letter) in wide.chunks_exact_mut(2).zip(b"-- PostgreSQL databa") {
        wide.copy_from_slice(&[*letter, 0]);
    }
    if head.starts_with(&[0xff, 0xfe]) && contains(head, &wide) {
        return Some(Recognised::Utf16);
    }
    let starts = |text: &[u8]| {
        let lines = head.split(|byte| *byte == b'\n');
        lines.take(64).any(|line| line.starts_with(text))
    };
    let plain = starts(b"-- PostgreSQL database ")
        || (starts(b"COPY ") && contains(head, b" FROM stdin"))
        || (starts(b"INSERT INTO ") && contains(head, b"_kv"));
    plain.then_some(Recognised::Plain)
}

fn contains(hay: &[u8], needle: &[u8]) -> bool {
    hay.windows(needle.len()).any(|window| window == needle)
}

/// A sequence and its last value, from `setval`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sequence {
    /// Which of the dump's databases, counted from 0 (`pg_dumpall` dumps several).
    pub database: u32,
    /// Its schema; empty where the dump names none.
    pub schema: String,
    /// Its name, such as `invoices_id_seq`.
    pub name: String,
    /// Its value.
    pub value: i64,
    /// Whether that value was handed out already; else it is the next one.
    pub called: bool,
}

/// A dump's tables.
pub struct PgDump<'a> {
    source: &'a dyn Source,
    tables: Vec<Table>,
    indexed: Vec<Indexed>,
    sequences: Vec<Sequence>,
    findings: Findings,
}

impl<'a> PgDump<'a> {
    fn new(source: &'a dyn Source, index: Index, findings: Findings) -> PgDump<'a> {
        let Index { tables: mut indexed, sequences, .. } = index;
        // What a name without a schema means is found first.
        sort_by_key(&mut indexed, |table| !matches!(table.name.schema.as_str(), "public" | ""));
        indexed.iter_mut().for_each(Indexed::arrange);
        let table = |table: &Indexed| Table {
            name: table.name.table.clone(),
            columns: table.columns.iter().map(|(name, _)| name.clone()).collect(),
        };
        let tables = indexed.iter().map(table).collect();
        PgDump { source, tables, indexed, sequences, findings }
    }

    /// What is wrong with the dump.
    pub fn findings(&self) -> &Findings {
        &self.findings
    }

    /// The same, taken out of it.
    pub fn take_findings(&mut self) -> Findings {
        core::mem::take(&mut self.findings)
    }

    /// The sequences, in the dump's order.
    pub fn sequences(&self) -> &[Sequence] {
        &self.sequences
    }

    /// How many readable rows a table has.
    pub fn count(&self, table: usize) -> u64 {
        self.indexed.get(table).map_or(0, |table| table.rows)
    }

    /// A table's schema, as the dump names it.
    pub fn schema(&self, table: usize) -> &str {
        self.indexed.get(table).map_or("", |table| &table.name.schema)
    }

    /// Which of the dump's databases a table belongs to, counted from 0.
    pub fn database(&self, table: usize) -> u32 {
        self.indexed.get(table).map_or(0, |table| table.database)
    }
}

/// Bytes read at a time, at first.
const WINDOW: u64 = 16 * 1024;
/// And at most.
const WINDOWS: u64 = 256 * 1024;

/// A row's place: the whole of it, and its values inside.
struct Found {
    start: u64,
    end: u64,
    text: (u64, u64),
}

/// Walks the rows of one segment.
struct Walk<'a> {
    source: &'a dyn Source,
    feed: Feed,
    window: u64,
    form: Form,
    at: u64,
    lexer: Lexer,
    statement: Statement,
}

impl<'a> Walk<'a> {
    fn new(source: &'a dyn Source, segment: &Segment, at: u64) -> Walk<'a> {
        let Segment { end, form, .. } = *segment;
        let standard = !matches!(form, Form::Insert { standard: false });
        Walk {
            source,
            feed: Feed::new(at, end.min(source.len())),
            window: WINDOW,
            form,
            at,
            lexer: Lexer::new(at, standard),
            statement: Statement::in_values(),
        }
    }

    fn more(&mut self, keep: u64) -> Result<bool, SourceError> {
        if self.feed.is_through() {
            return Ok(false);
        }
        self.feed.more(self.source, keep, self.window)?;
        self.window = WINDOWS.min(self.window * 2);
        Ok(true)
    }

    fn next(&mut self) -> Result<Option<Found>, SourceError> {
        match self.form {
            Form::Copy => self.line(),
            Form::Insert { .. } => self.literal_row(),
        }
    }

    fn line(&mut self) -> Result<Option<Found>, SourceError> {
        let (start, mut scanned) = (self.at, self.at);
        loop {
            let bytes = self.feed.from(scanned);
            if let Some(len) = bytes.iter().position(|byte| *byte == b'\n') {
                let newline = scanned + len as u64;
                let text = self.feed.span(start, newline).unwrap_or_default();
                let text_end = newline - u64::from(text.last() == Some(&b'\r'));
                self.at = newline + 1;
                return Ok(Some(Found { start, end: self.at, text: (start, text_end) }));
            }
            scanned += bytes.len() as u64;
            if scanned - start > ROW_CAP || !self.more(start)? {
                return Ok(None);
            }
        }
    }

    fn literal_row(&mut self) -> Result<Option<Found>, SourceError> {
        let mut row = None;
        loop {
            let Some(token) = self.lexer.next(self.feed.from(self.lexer.at)) else {
                let keep = row.unwrap_or(self.lexer.at);
                if self.lexer.at - keep > ROW_CAP || !self.more(keep)? {
                    return Ok(None);
                }
                continue;
            };
            match self.statement.take(token, self.lexer.text()) {
                Event::RowStart => row = Some(self.lexer.start),
                Event::RowEnd => {
                    let Some(start) = row else { continue };
                    self.at = self.lexer.at;
                    let text = (start + 1, self.lexer.start);
                    return Ok(Some(Found { start, end: self.at, text }));
                }
                _ => {}
            }
        }
    }

    /// The row's cells, in the order of the table's columns; `None` if it cannot be read.
    fn row(&self, found: &Found, table: &Indexed, layout: usize, cap: usize) -> Option<Row> {
        let layout = table.layouts.get(layout)?;
        let text = self.feed.span(found.text.0, found.text.1)?;
        let values = value::cells(text, self.form, &layout.types, cap).ok()?;
        let mut cells = alloc::vec![Cell::Null; table.columns.len()];
        for (value, column) in values.into_iter().zip(&layout.columns) {
            if let Some(cell) = cells.get_mut(*column) {
                *cell = value;
            }
        }
        Some(Row { at: At::new(found.start, found.end), handle: found.start, cells })
    }
}

impl Tables for PgDump<'_> {
    fn tables(&self) -> &[Table] {
        &self.tables
    }

    fn rows(&self, table: usize, from: Option<&Cursor>, room: Room) -> Result<Rows, SourceError> {
        let mut rows = Rows::default();
        let Some(indexed) = self.indexed.get(table) else { return Ok(rows) };
        let (mut number, mut at) = match from.map(|from| from.0.as_slice()) {
            Some([number, at]) => (usize::try_from(*number).unwrap_or(usize::MAX), Some(*at)),
            _ => (0, None),
        };
        let mut bytes = 0;
        while let Some(segment) = indexed.segments.get(number) {
            let begin = at.take().unwrap_or(segment.start).max(segment.start);
            let mut walk = Walk::new(self.source, segment, begin);
            while walk.at < segment.end {
                if rows.rows.len() >= room.entries.max(1) || bytes >= room.bytes.max(1) {
                    rows.next = Some(Cursor(alloc::vec![number as u64, walk.at]));
                    return Ok(rows);
                }
                let Some(found) = walk.next()? else { break };
                match walk.row(&found, indexed, segment.layout, room.value) {
                    Some(row) => {
                        bytes += row.cells.iter().map(size).sum::<usize>();
                        rows.rows.push(row);
                    }
                    None => rows.unreadable += 1,
                }
            }
            rows.unreadable += segment.lost;
            number += 1;
        }
        Ok(rows)
    }

    fn row(&self, table: usize, handle: u64) -> Result<Option<Row>, SourceError> {
        let Some(indexed) = self.indexed.get(table) else { return Ok(None) };
        for segment in indexed.segments_at(handle) {
            let mut walk = Walk::new(self.source, segment, handle);
            walk.window = 4_096;
            let found = walk.next()?.filter(|found| found.start == handle);
            let row = found.and_then(|found| walk.row(&found, indexed, segment.layout, usize::MAX));
            if row.is_some() {
                return Ok(row);
            }
        }
        Ok(None)
    }
}

/// What a cell counts against [`Room::bytes`].
fn size(cell: &Cell) -> usize {
    match cell {
        Cell::Text(bytes) | Cell::Blob(bytes) => bytes.len() + 16,
        _ => 16,
    }
}
