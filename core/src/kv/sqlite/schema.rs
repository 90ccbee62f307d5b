//! What sqlite_schema says there is: tables and indexes, and where their trees begin.

use alloc::string::String;
use alloc::vec::Vec;

use super::ddl::{self, IndexDef, KeyColumn, Partial, TableDef};
use super::pager::Held;
use super::row::RowReader;
use super::table_rows::{Place, Then, each_row};
use super::tree::Tree;
use crate::kv::table::{Cell, Table};
use crate::source::SourceError;

/// What kind of thing a row of sqlite_schema is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectKind {
    /// A table.
    Table,
    /// An index.
    Index,
    /// A view, a trigger, or what cannot be told.
    Other,
}

/// One row of sqlite_schema.
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    /// What it is.
    pub kind: ObjectKind,
    /// Its name.
    pub name: String,
    /// The table that it belongs to.
    pub table: String,
    /// The root page of its tree; 0 if it has none.
    pub root: u32,
    /// Its statement.
    pub sql: Option<String>,
}

/// A table with what reading its rows takes.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) table: Table,
    pub(super) def: TableDef,
    pub(super) root: u32,
    pub(super) tree: Tree,
    /// For each column, which value of a record it is; nothing for the rowid's other name.
    pub(super) stored: Vec<Option<usize>>,
    /// For each visible column, its index among all columns.
    pub(super) visible: Vec<usize>,
    /// How many values a record of a full row has.
    pub(super) fields: usize,
}

impl Known {
    /// Which values of a record hold these columns, each a bit.
    pub(super) fn fields_of(&self, columns: u64) -> u64 {
        if columns == u64::MAX {
            return columns;
        }
        let wanted = |column: usize| column >= 64 || columns & (1 << column) != 0;
        let stored = self.stored.iter().enumerate().filter(|(column, _)| wanted(*column));
        stored
            .filter_map(|(_, field)| *field)
            .filter(|field| *field < 64)
            .fold(0, |all, field| all | 1 << field)
    }
}

/// An index with what checking it takes.
#[derive(Clone, Debug)]
pub(super) struct KnownIndex {
    pub(super) name: String,
    pub(super) root: u32,
    /// Into the tables.
    pub(super) table: Option<usize>,
    pub(super) def: Option<IndexDef>,
}

/// Reads the rows of sqlite_schema.
pub(super) fn objects(reader: &RowReader<'_>, tree: &Tree) -> Result<Vec<Object>, SourceError> {
    let mut objects = Vec::new();
    // The columns of sqlite_schema: type, name, tbl_name, rootpage, sql.
    each_row(reader, tree, &mut Place::default(), &mut Held::default(), &mut |found| {
        let (fields, left) = found.fields(reader, usize::MAX)?;
        objects.push(object(&fields));
        Ok(Then::On(left))
    })?;
    Ok(objects)
}

fn object(fields: &[Cell]) -> Object {
    // SQLite asks for text, and gets it from bytes too.
    let text = |index: usize| match fields.get(index) {
        Some(Cell::Text(text) | Cell::Blob(text)) => {
            Some(String::from_utf8_lossy(text).into_owned())
        }
        _ => None,
    };
    let is = |kind: &str| text(0).is_some_and(|text| text.eq_ignore_ascii_case(kind));
    // In upper case too, as SQLite compares it with the statement.
    let kind = if is("table") {
        ObjectKind::Table
    } else if is("index") {
        ObjectKind::Index
    } else {
        ObjectKind::Other
    };
    let root = match fields.get(3) {
        Some(Cell::Integer(root)) => u32::try_from(*root).unwrap_or(0),
        _ => 0,
    };
    let (name, table) = (text(1).unwrap_or_default(), text(2).unwrap_or_default());
    Object { kind, name, table, root, sql: text(4) }
}

/// A table as its row of sqlite_schema describes it; nothing for virtual tables and what cannot
/// be read.
pub(super) fn known(object: &Object) -> Option<Known> {
    if object.kind != ObjectKind::Table || object.root == 0 {
        return None;
    }
    let def = ddl::table(object.sql.as_deref()?)?;
    let visible: Vec<usize> = (0..def.columns.len())
        .filter(|index| def.columns.get(*index).is_some_and(|column| !column.is_virtual))
        .collect();
    let columns = visible.iter().filter_map(|index| def.columns.get(*index));
    let columns = columns.map(|column| column.name.clone()).collect();
    let stored = stored(&def, &visible);
    let fields = visible.len();
    let table = Table { name: object.name.clone(), columns };
    Some(Known { table, def, root: object.root, tree: Tree::default(), stored, visible, fields })
}

/// Which value of a record each visible column is.
fn stored(def: &TableDef, visible: &[usize]) -> Vec<Option<usize>> {
    if !def.without_rowid {
        return visible
            .iter()
            .enumerate()
            .map(|(at, column)| (def.rowid != Some(*column)).then_some(at))
            .collect();
    }
    // The key's columns first, each once, then the others.
    let mut order: Vec<usize> = Vec::new();
    for column in def.primary.iter().filter_map(|key| key.column).chain(visible.iter().copied()) {
        if !order.contains(&column) {
            order.push(column);
        }
    }
    visible.iter().map(|column| order.iter().position(|known| known == column)).collect()
}

/// An index as its row of sqlite_schema describes it.
pub(super) fn known_index(object: &Object, tables: &[Known]) -> Option<KnownIndex> {
    if object.kind != ObjectKind::Index || object.root == 0 {
        return None;
    }
    let table = tables.iter().position(|known| known.table.name == object.table);
    let known = table.and_then(|table| tables.get(table));
    let def = known.and_then(|known| match object.sql.as_deref() {
        Some(sql) => ddl::index(sql, &known.def),
        None => automatic(object, &known.def),
    });
    Some(KnownIndex { name: object.name.clone(), root: object.root, table, def })
}

/// The index behind a UNIQUE or PRIMARY KEY; its number is the last part of its name.
fn automatic(object: &Object, def: &TableDef) -> Option<IndexDef> {
    let number: usize = object.name.rsplit_once('_')?.1.parse().ok()?;
    let key: Vec<KeyColumn> = def.automatic.get(number.checked_sub(1)?)?.clone();
    Some(IndexDef { unique: true, key, partial: Partial::All })
}
