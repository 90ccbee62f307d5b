//! Rows on pages that no tree leads to, and on pages that were freed: what SQLite's own `.recover`
//! looks for beside the tables.
//!
//! A page is one of a table by the pointer map's word, or because the rows fit one table alone.

use alloc::vec::Vec;

use super::ddl::Affinity;
use super::node::Node;
use super::pager::Pager;
use super::payload::Payload;
use super::record::{self, Slots};
use super::row::RowReader;
use super::schema::Known;
use super::{Sqlite, weight};
use crate::finding::Confidence;
use crate::kv::bucket::{Cursor, Room};
use crate::kv::table::Row;
use crate::source::{Source, SourceError};

/// A page with rows that no tree leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LostPage {
    /// Its number.
    pub page: u32,
    /// The highest of the lost pages that lead to it; itself if none does.
    pub root: u32,
    /// Cells that can be read.
    pub rows: u64,
    /// The table that its rows are of, an index into [`Tables::tables`](crate::kv::table::Tables).
    pub table: Option<usize>,
    /// How sure that is.
    pub confidence: Confidence,
    /// The page is on the freelist: these rows were deleted, and nobody expects them here. Show
    /// them only to whoever asks.
    pub deleted: bool,
}

/// The pages with rows that no tree leads to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lost {
    /// In the order of their numbers.
    pub pages: Vec<LostPage>,
}

/// A row from such a page.
#[derive(Clone, Debug, PartialEq)]
pub struct LostRow {
    /// Its page.
    pub page: LostPage,
    /// The row; the handle is its rowid, by its bits. Its cells are those of the table, if that is
    /// known, else the record's values.
    pub row: Row,
}

/// Some of these rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LostRows {
    /// By page and cell.
    pub rows: Vec<LostRow>,
    /// Where to go on; `None` at the end.
    pub next: Option<Cursor>,
    /// Cells that could not be read.
    pub unreadable: u64,
}

impl Lost {
    /// Rows from `from` on, or from the first; of deleted ones only if `deleted`, and then only
    /// these.
    ///
    /// # Errors
    /// [`SourceError`] where the source cannot be read.
    pub fn rows<S: Source, W: Source>(
        &self,
        database: &Sqlite<S, W>,
        deleted: bool,
        from: Option<&Cursor>,
        room: Room,
    ) -> Result<LostRows, SourceError> {
        let number = |index: usize| {
            from.and_then(|Cursor(numbers)| numbers.get(index).copied()).unwrap_or(0)
        };
        let (mut at, mut cell) = (
            usize::try_from(number(0)).unwrap_or(usize::MAX),
            usize::try_from(number(1)).unwrap_or(usize::MAX),
        );
        let mut spent = number(2);
        let pager = database.pager();
        let reader = RowReader { pager };
        let budget = u64::from(pager.layout.readable);
        let mut out = LostRows::default();
        let (mut bytes, mut buf) = (0_usize, Vec::new());
        while let Some(lost) = self.pages.get(at) {
            let wanted = lost.deleted == deleted;
            let read = if wanted { pager.read(lost.page, &mut buf)? } else { None };
            let node = read.and_then(|origin| {
                let node = Node::new(&buf, lost.page, pager.layout.usable, origin.present)?;
                Some((node, origin))
            });
            let Some((node, origin)) = node else {
                (at, cell) = (at + 1, 0);
                continue;
            };
            let known = lost.table.and_then(|table| database.known.get(table));
            while cell < node.cells {
                let read = node.cell(cell);
                cell += 1;
                let Ok(found) = read else {
                    out.unreadable += 1;
                    continue;
                };
                let left = budget.saturating_sub(spent);
                let found = reader.open(&node, lost.page, cell - 1, origin, &found, left)?;
                let (at_row, handle) = (found.at, found.rowid.cast_unsigned());
                let (cells, rest) = match known {
                    Some(known) => {
                        found.cells(&reader, known, known.fields_of(room.columns), room.value)?
                    }
                    None => found.fields(&reader, room.value)?,
                };
                spent += left.saturating_sub(rest);
                bytes = cells.iter().fold(bytes, |bytes, cell| bytes.saturating_add(weight(cell)));
                let row = Row { at: at_row, handle, cells };
                out.rows.push(LostRow { page: *lost, row });
                if out.rows.len() >= room.entries || bytes >= room.bytes {
                    out.next = Some(Cursor(Vec::from([at as u64, cell as u64, spent])));
                    return Ok(out);
                }
            }
            (at, cell) = (at + 1, 0);
        }
        Ok(out)
    }
}

/// Whose rows a page holds.
pub(super) struct Whose {
    pub(super) rows: u64,
    pub(super) table: Option<usize>,
    pub(super) confidence: Confidence,
}

/// Looks at the rows of a page: how many there are, and which tables they fit. `told` is the table
/// that the pointer map names.
pub(super) fn whose(
    pager: Pager<'_>,
    known: &[Known],
    page: u32,
    told: Option<usize>,
) -> Result<Whose, SourceError> {
    let mut whose = Whose { rows: 0, table: None, confidence: Confidence::Possible };
    let mut buf = Vec::new();
    let Some(origin) = pager.read(page, &mut buf)? else { return Ok(whose) };
    let Some(node) = Node::new(&buf, page, pager.layout.usable, origin.present) else {
        return Ok(whose);
    };
    let mut fitting: Option<Vec<usize>> = None;
    let mut full = 0_usize;
    for index in 0..node.cells {
        let Ok(cell) = node.cell(index) else { continue };
        whose.rows += 1;
        // A few rows tell as much as all.
        if whose.rows > 16 {
            continue;
        }
        let mut payload = Payload::new(pager, &node, &cell, 64);
        let slots = record::slots(&mut payload)?;
        if !slots.sound {
            continue;
        }
        full = full.max(slots.slots.len());
        let tables = fitting.get_or_insert_with(|| (0..known.len()).collect());
        tables.retain(|table| known.get(*table).is_some_and(|known| fits(known, &slots)));
    }
    let mut fitting = fitting.unwrap_or_default();
    if let Some(told) = told.filter(|told| fitting.contains(told)) {
        whose.table = Some(told);
        whose.confidence = Confidence::Likely;
        return Ok(whose);
    }
    if fitting.len() > 1 {
        // Short rows are rare: tables with just so many columns go first.
        let exact = |table: &usize| known.get(*table).is_some_and(|known| known.fields == full);
        if fitting.iter().filter(|table| exact(table)).count() == 1 {
            fitting.retain(exact);
        }
    }
    if let [table] = fitting.as_slice() {
        whose.table = Some(*table);
    }
    Ok(whose)
}

/// Whether a record could be a row of that table.
fn fits(known: &Known, slots: &Slots) -> bool {
    if known.def.without_rowid || slots.slots.len() > known.fields {
        return false;
    }
    known.visible.iter().enumerate().all(|(at, column)| {
        let Some(column) = known.def.columns.get(*column) else { return false };
        // The rowid's other name stands as NULL in the record.
        let alias = known.stored.get(at).copied().flatten().is_none();
        let Some(slot) = slots.slots.get(at) else { return !column.not_null || alias };
        match slot.serial {
            0 => alias || !column.not_null,
            _ if alias => false,
            1..=9 => column.affinity != Affinity::Text,
            serial if serial >= 13 && serial % 2 == 1 => {
                !(known.def.strict && column.affinity == Affinity::Integer)
            }
            _ => true,
        }
    })
}
