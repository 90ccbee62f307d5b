//! Where each table's rows stand in a dump.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::Sequence;
use super::statement::Name;
use super::types::{self, KV_COLUMNS, Type};
use super::value::Form;
use crate::sorting::sort_by_key;

/// Rows of one table that stand together.
#[derive(Debug)]
pub(super) struct Segment {
    /// The offset of the first row: of its line, or of its parenthesis.
    pub(super) start: u64,
    /// The offset behind the last.
    pub(super) end: u64,
    pub(super) form: Form,
    /// Which of the table's layouts its rows have.
    pub(super) layout: usize,
    /// Stretches behind it that cannot be read.
    pub(super) lost: u64,
    /// So far reach this one and those before it. They overlap where damage made the reader go back.
    reach: u64,
}

/// In which order the values of a row stand.
#[derive(Debug, PartialEq)]
pub(super) struct Layout {
    /// For each value its column.
    pub(super) columns: Vec<usize>,
    /// For each value what it holds.
    pub(super) types: Vec<Type>,
}

/// A table and where its rows are.
#[derive(Debug, Default)]
pub(super) struct Indexed {
    pub(super) name: Name,
    /// Which of the dump's databases, from 0.
    pub(super) database: u32,
    pub(super) columns: Vec<(String, Type)>,
    pub(super) layouts: Vec<Layout>,
    pub(super) segments: Vec<Segment>,
    pub(super) rows: u64,
    /// Whether the columns' names are made up.
    pub(super) nameless: bool,
}

impl Indexed {
    /// Puts the segments in the order of the file.
    pub(super) fn arrange(&mut self) {
        sort_by_key(&mut self.segments, |segment| segment.start);
        let mut reach = 0;
        for segment in &mut self.segments {
            reach = segment.end.max(reach);
            segment.reach = reach;
        }
    }

    /// The segments that have this offset, the one that begins last first. Usually there is one.
    pub(super) fn segments_at(&self, offset: u64) -> impl Iterator<Item = &Segment> {
        let behind = self.segments.partition_point(|segment| segment.start <= offset);
        let before = self.segments.get(..behind).unwrap_or_default().iter().rev();
        before
            .take_while(move |segment| offset < segment.reach)
            .filter(move |segment| offset < segment.end)
    }

    /// The layout of rows whose values belong to these columns; if none are named, to all.
    ///
    /// `None` where the columns are not known either; then [`Indexed::number`] makes them up.
    pub(super) fn layout(&mut self, named: &[String]) -> Option<usize> {
        if named.is_empty() && self.columns.is_empty() {
            if !types::is_kv(&self.name.table) {
                return None;
            }
            for column in KV_COLUMNS {
                self.column(column);
            }
        }
        let columns: Vec<usize> = if named.is_empty() {
            (0..self.columns.len()).collect()
        } else {
            named.iter().map(|column| self.column(column)).collect()
        };
        Some(self.push(columns))
    }

    /// The layout of rows of `count` values of which nothing is known.
    pub(super) fn number(&mut self, count: usize) -> usize {
        self.nameless = true;
        for number in self.columns.len()..count {
            // As Postgres names what `VALUES` yields.
            self.columns.push((alloc::format!("column{}", number + 1), Type::Any));
        }
        self.push((0..count).collect())
    }

    fn push(&mut self, columns: Vec<usize>) -> usize {
        if self.layouts.last().is_none_or(|last| last.columns != columns) {
            let kind =
                |column: &usize| self.columns.get(*column).map_or(Type::Any, |known| known.1);
            let types = columns.iter().map(kind).collect();
            self.layouts.push(Layout { columns, types });
        }
        self.layouts.len() - 1
    }

    fn column(&mut self, name: &str) -> usize {
        let known = self.columns.iter().position(|(known, _)| known == name);
        known.unwrap_or_else(|| {
            self.columns.push((name.into(), types::of_lnd(&self.name.table, name)));
            self.columns.len() - 1
        })
    }
}

/// All tables, as they are found.
#[derive(Debug, Default)]
pub(super) struct Index {
    pub(super) tables: Vec<Indexed>,
    pub(super) sequences: Vec<Sequence>,
    names: BTreeMap<(u32, String, String), usize>,
    /// Whose segment was the last.
    last: Option<usize>,
    segments: usize,
    pub(super) database: u32,
    /// What was left out because there is too much of it.
    pub(super) full: Option<(&'static str, u64)>,
}

/// So many tables are indexed.
const TABLES: usize = 10_000;
/// So many stretches of rows.
const SEGMENTS: usize = 1_000_000;
/// So many sequences.
const SEQUENCES: usize = 10_000;

impl Index {
    /// The table of that name, new if need be; `None` if there are too many.
    pub(super) fn table(&mut self, name: Name) -> Option<usize> {
        let key = (self.database, name.schema.clone(), name.table.clone());
        if let Some(known) = self.names.get(&key) {
            return Some(*known);
        }
        if self.tables.len() >= TABLES {
            self.full = Some(("tables", TABLES as u64));
            return None;
        }
        let database = self.database;
        self.tables.push(Indexed { name, database, ..Indexed::default() });
        self.names.insert(key, self.tables.len() - 1);
        Some(self.tables.len() - 1)
    }

    pub(super) fn sequence(&mut self, sequence: Sequence) {
        if self.sequences.len() < SEQUENCES {
            self.sequences.push(sequence);
        } else {
            self.full = Some(("sequences", SEQUENCES as u64));
        }
    }

    /// A statement with rows of that table begins, or with rows that are not taken.
    pub(super) fn head(&mut self, table: Option<usize>) {
        if self.last != table {
            self.last = None;
        }
    }

    /// Rows of that table from `start` on: the last segment goes on if they are of the same kind.
    pub(super) fn open(&mut self, table: usize, layout: usize, form: Form, start: u64) -> bool {
        let last = self.last.replace(table);
        let Some(indexed) = self.tables.get_mut(table) else { return false };
        let fits = |segment: &Segment| {
            segment.lost == 0
                && segment.layout == layout
                && segment.form == form
                && form != Form::Copy
        };
        if last == Some(table) && indexed.segments.last().is_some_and(fits) {
            return true;
        }
        if self.segments >= SEGMENTS {
            self.full = Some(("segments", SEGMENTS as u64));
            return false;
        }
        self.segments += 1;
        indexed.segments.push(Segment { start, end: start, form, layout, lost: 0, reach: 0 });
        true
    }

    /// A row of that table's last segment ends before `end`; it can be read, or a reader counts it.
    pub(super) fn row(&mut self, table: usize, end: u64, good: bool) {
        if let Some(indexed) = self.tables.get_mut(table) {
            indexed.rows += u64::from(good);
            if let Some(segment) = indexed.segments.last_mut() {
                segment.end = end;
            }
        }
    }

    /// A stretch of that table cannot be read.
    pub(super) fn lose(&mut self, table: usize) {
        let segment = self.tables.get_mut(table).and_then(|table| table.segments.last_mut());
        if let Some(segment) = segment {
            segment.lost += 1;
        }
    }
}
