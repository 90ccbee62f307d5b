//! One pass over a dump: where the rows of each table stand, the sequences, and what is wrong.

use alloc::string::String;
use alloc::vec::Vec;

use super::super::feed::Feed;
use super::index::{Index, Indexed};
use super::lex::{Lexer, Token};
use super::statement::{Event, Name, Statement};
use super::value::{self, Fault, Form};
use super::{PgDump, ROW_CAP, Sequence, recognise};
use crate::finding::{Code, Finding, Findings, Place, Values};
use crate::job::{Job, Progress, Step, Work};
use crate::source::{Source, SourceError, read_span};
use crate::text::visible;

/// Bytes read at a time.
const WINDOW: u64 = 256 * 1024;

/// Indexes a dump.
pub struct PgDumpJob<'a> {
    source: &'a dyn Source,
    scan: Option<Scan>,
}

impl<'a> PgDumpJob<'a> {
    /// Of the dump in that source.
    pub fn new(source: &'a dyn Source) -> PgDumpJob<'a> {
        PgDumpJob { source, scan: None }
    }
}

impl<'a> Job for PgDumpJob<'a> {
    type Out = PgDump<'a>;

    fn step(&mut self, work: Work) -> Result<Step<PgDump<'a>>, SourceError> {
        let mut left = work.bytes.max(1);
        let total = self.source.len();
        if self.scan.is_none() {
            let mut scan = Scan::new(total);
            let head = read_span(self.source, 0, super::HEAD)?;
            if let Some(packed) = recognise(&head).and_then(super::Recognised::packed) {
                scan.findings.push(
                    Finding::new(Code::PgDumpPacked, Place::span(0, total))
                        .values(Values::new().with("dump_format", packed)),
                );
                return Ok(Step::Done(scan.done(self.source)));
            }
            self.scan = Some(scan);
        }
        let scan = self.scan.get_or_insert_with(|| Scan::new(total));
        loop {
            while scan.advance() {}
            if scan.feed.is_through() {
                if scan.end() {
                    break;
                }
                continue;
            }
            if left == 0 {
                return Ok(Step::More(Progress { done: scan.feed.reach().min(total), total }));
            }
            let keep = scan.keep();
            left -= scan.feed.more(self.source, keep, left.min(WINDOW))?;
        }
        let scan = self.scan.take().unwrap_or_else(|| Scan::new(0));
        Ok(Step::Done(scan.done(self.source)))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// Statements.
    Sql,
    /// From `COPY …;` to the end of its line.
    Head,
    /// Rows of `COPY`. `scanned`: up to there the line has no end; `long`: it has become too long.
    Rows { line: u64, scanned: u64, long: bool },
    /// Behind damage: up to a line that begins a statement.
    Seek { line: u64, scanned: u64 },
}

/// Rows being read: of which table, in which layout.
#[derive(Clone, Copy, Debug)]
struct Into {
    table: usize,
    /// None as long as the table's columns are not known.
    layout: Option<usize>,
    form: Form,
}

struct Scan {
    size: u64,
    feed: Feed,
    lexer: Lexer,
    statement: Statement,
    /// Where the statement under way begins.
    begun: u64,
    mode: Mode,
    rows_of: Option<Into>,
    /// Where the row of an `INSERT` under way begins: its parenthesis.
    row: Option<u64>,
    /// Whether the last token of that row was a value, so that none may follow.
    valued: bool,
    /// How many bytes may still be read twice.
    second_looks: u64,
    index: Index,
    findings: Findings,
    /// Where something unfinished at the end of the file begins, and what it is.
    open: Option<(u64, &'static str)>,
    heads: u64,
    ends: u64,
}

impl Scan {
    fn new(size: u64) -> Scan {
        Scan {
            size,
            feed: Feed::new(0, size),
            lexer: Lexer::new(0, true),
            statement: Statement::default(),
            begun: 0,
            mode: Mode::Sql,
            rows_of: None,
            row: None,
            valued: false,
            second_looks: size.saturating_mul(3),
            index: Index::default(),
            findings: Findings::default(),
            open: None,
            heads: 0,
            ends: 0,
        }
    }

    /// From where on the buffer must keep its bytes.
    fn keep(&self) -> u64 {
        match self.mode {
            Mode::Rows { scanned, long: true, .. } => scanned,
            Mode::Rows { line, .. } => line,
            Mode::Seek { line, scanned } => line.max(scanned.saturating_sub(MARK)),
            Mode::Sql | Mode::Head => self
                .row
                .filter(|row| self.lexer.at.saturating_sub(*row) <= ROW_CAP)
                .unwrap_or(self.lexer.at),
        }
    }

    /// Goes on with the buffered bytes; `false` if more are needed.
    fn advance(&mut self) -> bool {
        match self.mode {
            Mode::Sql => self.token(),
            Mode::Head => {
                let bytes = self.feed.from(self.lexer.at);
                let len = bytes.iter().position(|byte| *byte == b'\n');
                self.lexer.at += len.map_or(bytes.len(), |len| len + 1) as u64;
                if len.is_some() {
                    self.begin_rows();
                }
                len.is_some()
            }
            Mode::Rows { line, scanned, long } => self.line(line, scanned, long),
            Mode::Seek { line, scanned } => self.seek(line, scanned),
        }
    }

    // Statements.

    fn token(&mut self) -> bool {
        let Some(token) = self.lexer.next(self.feed.from(self.lexer.at)) else { return false };
        self.take(token);
        true
    }

    fn take(&mut self, token: Token) {
        match token {
            Token::Comment if self.statement.is_start() => match self.lexer.text() {
                b" PostgreSQL database dump" => self.heads += 1,
                b" PostgreSQL database dump complete" => self.ends += 1,
                _ => {}
            },
            Token::Command => return self.command(),
            _ => {}
        }
        if matches!(token, Token::Comment) {
            return;
        }
        if self.statement.is_start() {
            self.begun = self.lexer.start;
        }
        let was_in_row = self.statement.in_row();
        if was_in_row && self.breaks_row(token) {
            return self.broken_row();
        }
        match self.statement.take(token, self.lexer.text()) {
            Event::None | Event::End => {}
            Event::Table(name, columns) => {
                if let Some(table) = self.index.table(name) {
                    self.define(table, columns);
                }
            }
            Event::Copy(name, columns) => {
                self.rows_of = self.into(name, &columns, Form::Copy);
                self.mode = Mode::Head;
            }
            Event::Insert(name, columns) => {
                let form = Form::Insert { standard: self.lexer.standard };
                self.rows_of = self.into(name, &columns, form);
            }
            Event::RowStart => {
                self.row = Some(self.lexer.start);
                self.valued = false;
            }
            Event::RowEnd => self.inserted(),
            Event::Standard(standard) => self.lexer.standard = standard,
            Event::Sequence(name, value, called) => {
                let Name { schema, table: name } = name;
                let database = self.index.database;
                self.index.sequence(Sequence { database, schema, name, value, called });
            }
        }
    }

    /// A line for psql; and what looks like one where rows stand without their `COPY`.
    fn command(&mut self) {
        if self.lexer.text().starts_with(b"connect ") {
            self.index.database += 1;
        } else if self.lexer.text() == b"." {
            self.unread(self.begun, self.lexer.at, "stray_rows");
            self.statement = Statement::default();
            self.row = None;
            self.begun = self.lexer.at;
        }
    }

    fn unread(&mut self, start: u64, end: u64, what: &'static str) {
        let values = Values::new().with("unread", what);
        let place = Place::span(start, end);
        self.findings.push(Finding::new(Code::PgDumpUnread, place).values(values));
    }

    fn define(&mut self, table: usize, columns: Vec<(String, super::types::Type)>) {
        if let Some(indexed) = self.index.tables.get_mut(table)
            && indexed.columns.is_empty()
        {
            indexed.columns = columns;
        }
    }

    fn into(&mut self, name: Name, columns: &[String], form: Form) -> Option<Into> {
        let table = self.index.table(name);
        self.index.head(table);
        let table = table?;
        let layout = self.index.tables.get_mut(table)?.layout(columns);
        Some(Into { table, layout, form })
    }

    // Rows of INSERT.

    /// Whether a token cannot stand where it stands in a row: two values without a comma.
    fn breaks_row(&mut self, token: Token) -> bool {
        let value = matches!(token, Token::Literal | Token::Word | Token::Name);
        let breaks = value && core::mem::replace(&mut self.valued, value);
        self.valued = value;
        breaks
    }

    fn broken_row(&mut self) {
        let row = self.row.take().unwrap_or(self.begun);
        self.bad_row(row, self.lexer.at, Fault::Form);
        self.lose(row);
        self.go_back(row);
    }

    fn inserted(&mut self) {
        let (Some(start), end) = (self.row.take(), self.lexer.at) else { return };
        let Some(mut into) = self.rows_of else { return };
        let text = self.feed.span(start + 1, self.lexer.start);
        let Some(text) = text.filter(|_| end - start <= ROW_CAP) else {
            return self.too_long(start, end);
        };
        if into.layout.is_none()
            && let Some(count) = value::count(text, into.form)
        {
            into.layout = self.index.tables.get_mut(into.table).map(|table| table.number(count));
            self.rows_of = Some(into);
        }
        let fault = fault(&self.index.tables, into, text);
        self.row_done(into, start, end, fault);
    }

    fn too_long(&mut self, start: u64, end: u64) {
        let place = self.place(start, end);
        let values = Values::new().with("row_fault", "too_long");
        self.findings.push(Finding::new(Code::PgDumpBadRow, place).values(values));
        self.lose(start);
    }

    /// No reader gets past here: another segment begins behind it.
    fn lose(&mut self, start: u64) {
        if let Some(Into { table, layout: Some(layout), form }) = self.rows_of
            && self.index.open(table, layout, form, start)
        {
            self.index.lose(table);
        }
    }

    fn row_done(&mut self, into: Into, start: u64, end: u64, fault: Option<Fault>) {
        if let Some(fault) = fault {
            self.bad_row(start, end, fault);
        }
        let Into { table, layout: Some(layout), form } = into else { return };
        if form == Form::Copy || self.index.open(table, layout, form, start) {
            let good = fault.is_none_or(|fault| matches!(fault, Fault::Value(_)));
            self.index.row(table, end, good);
        }
    }

    // Rows of COPY.

    fn begin_rows(&mut self) {
        let line = self.lexer.at;
        self.mode = Mode::Rows { line, scanned: line, long: false };
        self.open_rows(line);
    }

    fn open_rows(&mut self, line: u64) {
        if let Some(Into { table, layout: Some(layout), form }) = self.rows_of
            && !self.index.open(table, layout, form, line)
        {
            self.rows_of = None;
        }
    }

    fn line(&mut self, line: u64, scanned: u64, long: bool) -> bool {
        let bytes = self.feed.from(scanned);
        let Some(len) = bytes.iter().position(|byte| *byte == b'\n') else {
            let scanned = scanned + bytes.len() as u64;
            let long = long || scanned - line > ROW_CAP;
            self.mode = Mode::Rows { line, scanned, long };
            return false;
        };
        let newline = scanned + len as u64;
        let next = newline + 1;
        self.mode = Mode::Rows { line: next, scanned: next, long: false };
        if long || newline - line > ROW_CAP {
            self.too_long(line, next);
            self.open_rows(next);
            return true;
        }
        let text = self.feed.span(line, newline).unwrap_or_default();
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        if text == b"\\." {
            self.end_rows(next);
            return true;
        }
        let Some(mut into) = self.rows_of else { return true };
        if into.layout.is_none()
            && let Some(count) = value::count(text, Form::Copy)
        {
            into.layout = self.index.tables.get_mut(into.table).map(|table| table.number(count));
            self.rows_of = Some(into);
            self.open_rows(line);
        }
        let text = self.feed.span(line, newline).unwrap_or_default();
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        let fault = fault(&self.index.tables, into, text);
        // Two columns have a tab between them: this is pg_dump's next comment, and the line that
        // ends the rows is not what it was.
        if text == b"--" && fault.is_some() {
            let values = Values::new().with("row_fault", "no_end");
            let place = self.place(line, line);
            self.findings.push(Finding::new(Code::PgDumpBadRow, place).values(values));
            self.end_rows(line);
            return true;
        }
        self.row_done(into, line, next, fault);
        true
    }

    fn end_rows(&mut self, at: u64) {
        self.rows_of = None;
        self.restart(at);
    }

    // Damage.

    /// Statements again, from there on.
    fn restart(&mut self, at: u64) {
        self.mode = Mode::Sql;
        self.lexer = Lexer::new(at, self.lexer.standard);
        self.statement = Statement::default();
        self.row = None;
        self.begun = at;
    }

    /// Behind damage that begins at `start`: looks for the next statement, from there on as long
    /// as not too much has been read twice already, else from here on.
    fn go_back(&mut self, start: u64) {
        let here = self.lexer.at;
        // Not up to where the buffer reaches: that depends on the steps.
        let cost = here.saturating_sub(start);
        let line = if cost <= self.second_looks {
            self.second_looks -= cost;
            if self.feed.from(start).is_empty() {
                self.feed = Feed::new(start, self.size);
            }
            start
        } else {
            here
        };
        self.restart(line);
        self.mode = Mode::Seek { line, scanned: line };
    }

    fn seek(&mut self, line: u64, scanned: u64) -> bool {
        let bytes = self.feed.from(scanned);
        let Some(len) = bytes.iter().position(|byte| *byte == b'\n') else {
            self.mode = Mode::Seek { line, scanned: scanned + bytes.len() as u64 };
            return false;
        };
        let next = scanned + len as u64 + 1;
        let ahead = self.feed.from(next);
        if (ahead.len() as u64) < MARK && !self.feed.is_through() {
            return false;
        }
        if MARKS.iter().any(|mark| ahead.starts_with(mark)) {
            if let Some((start, _)) = self.open.take() {
                self.unread(start, next, "open_statement");
            }
            self.restart(next);
        } else {
            self.mode = Mode::Seek { line: next, scanned: next };
        }
        true
    }

    fn bad_row(&mut self, start: u64, end: u64, fault: Fault) {
        if self.findings.is_full(Code::PgDumpBadRow) {
            return self.findings.count_only(Code::PgDumpBadRow);
        }
        let layout = self.rows_of.and_then(|into| {
            let table = self.index.tables.get(into.table)?;
            Some((table, table.layouts.get(into.layout?)?))
        });
        let values = match fault {
            Fault::Form => Values::new().with("row_fault", "form"),
            Fault::Fields(found) => Values::new()
                .with("row_fault", "fields")
                .with("fields_found", found)
                .with_some("fields_expected", layout.map(|(_, layout)| layout.types.len())),
            Fault::Value(index) => Values::new().with("row_fault", "value").with_some(
                "column",
                layout.and_then(|(table, layout)| {
                    let column = table.columns.get(*layout.columns.get(index)?)?;
                    Some(visible(column.0.as_bytes()))
                }),
            ),
        };
        let place = self.place(start, end);
        self.findings.push(Finding::new(Code::PgDumpBadRow, place).values(values));
    }

    fn place(&self, start: u64, end: u64) -> Place {
        let place = Place::span(start, end);
        match self.rows_of.and_then(|into| self.index.tables.get(into.table)) {
            Some(table) => place.within(visible(table.name.table.as_bytes())),
            None => place,
        }
    }

    // The end.

    /// The file is through: `false` if there is something left to look at again.
    fn end(&mut self) -> bool {
        match self.mode {
            Mode::Rows { line, .. } => self.open = Some((line, "rows")),
            Mode::Head => self.open = Some((self.lexer.at, "rows")),
            // Nothing that begins a statement is left behind the damage.
            Mode::Seek { .. } => {}
            Mode::Sql => {
                if let Some(token) = self.lexer.finish() {
                    self.take(token);
                    return false;
                }
                let open = self.lexer.is_open() || !self.statement.is_start();
                if open && self.open.is_none_or(|(start, _)| start < self.begun) {
                    let part = if self.row.is_some() { "rows" } else { "statement" };
                    self.open = Some((self.row.unwrap_or(self.begun), part));
                    self.go_back(self.row.unwrap_or(self.begun));
                    // What was taken for the end of the file was perhaps only a lost quote.
                    return !matches!(self.mode, Mode::Seek { .. });
                }
            }
        }
        true
    }

    fn done(mut self, source: &dyn Source) -> PgDump<'_> {
        self.cut_short();
        for indexed in &mut self.index.tables {
            if indexed.nameless {
                let name = visible(indexed.name.table.as_bytes());
                let at = indexed.segments.first().map_or(0, |segment| segment.start);
                let place = Place::span(at, at).within(name);
                self.findings.push(Finding::new(Code::PgDumpNoColumns, place));
            }
        }
        if let Some((what, limit)) = self.index.full {
            let values = Values::new().with("what", what).with("limit", limit);
            let place = Place::span(0, self.size);
            self.findings.push(Finding::new(Code::DumpLimitReached, place).values(values));
        }
        PgDump::new(source, self.index, self.findings)
    }

    fn cut_short(&mut self) {
        let (start, part) = match self.open {
            Some(open) => open,
            None if self.heads > self.ends => (self.size, "end"),
            None => return,
        };
        let mut place = Place::span(start, self.size);
        if part == "rows" {
            place = self.place(start, self.size);
        }
        let values = Values::new().with("cut_part", part);
        self.findings.push(Finding::new(Code::PgDumpCutShort, place).values(values));
    }
}

/// How a line begins with which reading may go on.
const MARKS: [&[u8]; 6] = [
    b"COPY ",
    b"INSERT INTO ",
    b"CREATE TABLE ",
    b"SELECT pg_catalog.setval(",
    b"-- Name: ",
    b"-- Data for Name: ",
];

/// The longest of them.
const MARK: u64 = 25;

/// What is wrong with a row.
fn fault(tables: &[Indexed], into: Into, text: &[u8]) -> Option<Fault> {
    let layout = tables.get(into.table)?.layouts.get(into.layout?)?;
    value::check(text, into.form, &layout.types).err()
}
