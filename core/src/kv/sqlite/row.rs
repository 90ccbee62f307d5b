//! One row: from a cell on a page to the cells of a table.

use alloc::vec::Vec;

use super::constant::as_real;
use super::ddl::{Affinity, Default_};
use super::node::{Cell as PageCell, Node};
use super::pager::{Origin, Pager};
use super::payload::Payload;
use super::record::{self, Field, Slots};
use super::schema::Known;
use crate::finding::Span;
use crate::kv::bucket::At;
use crate::kv::table::Cell;
use crate::source::SourceError;

/// What decoding rows needs.
#[derive(Clone, Copy)]
pub(super) struct RowReader<'a> {
    pub(super) pager: Pager<'a>,
}

/// A row found, not yet decoded.
pub(super) struct Found<'a> {
    pub(super) page: u32,
    /// Which cell of its page.
    pub(super) cell: usize,
    pub(super) rowid: i64,
    /// Where its cell stands.
    pub(super) at: At,
    pub(super) payload: Payload<'a>,
    pub(super) slots: Slots,
}

impl<'a> RowReader<'a> {
    /// The row in that cell.
    pub(super) fn open<'p>(
        &self,
        node: &Node<'p>,
        page: u32,
        index: usize,
        origin: Origin,
        cell: &PageCell,
        budget: u64,
    ) -> Result<Found<'p>, SourceError>
    where
        'a: 'p,
    {
        let mut payload = Payload::new(self.pager, node, cell, budget);
        let slots = record::slots(&mut payload)?;
        let Span { start, end } = origin.span(cell.start, cell.end);
        let at = At { start, end, in_log: origin.in_wal };
        Ok(Found { page, cell: index, rowid: cell.rowid, at, payload, slots })
    }
}

impl Found<'_> {
    /// Every value of the record, text in UTF-8, `most` bytes of each at most.
    pub(super) fn fields(
        mut self,
        reader: &RowReader<'_>,
        most: usize,
    ) -> Result<(Vec<Cell>, u64), SourceError> {
        let mut cells = Vec::new();
        for slot in core::mem::take(&mut self.slots.slots) {
            cells.push(cell_of(reader, &mut self.payload, slot, most)?);
        }
        Ok((cells, self.payload.budget()))
    }

    /// The row of that table, those fields of it ([`Known::fields_of`]), and what is left of the
    /// budget.
    pub(super) fn cells(
        mut self,
        reader: &RowReader<'_>,
        known: &Known,
        fields: u64,
        most: usize,
    ) -> Result<(Vec<Cell>, u64), SourceError> {
        let slots = core::mem::take(&mut self.slots.slots);
        // In the order of the record, so that no overflow page is gone back to.
        let wanted =
            known.stored.iter().filter_map(|field| *field).max().map_or(0, |last| last + 1);
        let mut values = Vec::with_capacity(slots.len().min(wanted));
        for (field, slot) in (0_u32..).zip(slots.iter().take(wanted)) {
            let skipped = field < 64 && fields & (1 << field) == 0 && slot.serial != 0;
            let cell = if skipped {
                Cell::Skipped
            } else {
                cell_of(reader, &mut self.payload, *slot, most)?
            };
            values.push(Some(cell));
        }
        let broken = slots.is_empty();
        let mut cells = Vec::with_capacity(known.visible.len());
        for (at, column) in known.visible.iter().enumerate() {
            let Some(column) = known.def.columns.get(*column) else { continue };
            let field = known.stored.get(at).copied().flatten();
            let cell = match field {
                None => Cell::Integer(self.rowid),
                Some(_) if broken => Cell::Unreadable,
                Some(field) => match values.get_mut(field).and_then(Option::take) {
                    Some(cell) => cell,
                    None => match &column.default {
                        Default_::Cell(cell) => cell.clone(),
                        Default_::Unknown => Cell::Unreadable,
                    },
                },
            };
            cells.push(match cell {
                Cell::Integer(integer) if column.affinity == Affinity::Real => as_real(integer),
                cell => cell,
            });
        }
        Ok((cells, self.payload.budget()))
    }
}

fn cell_of(
    reader: &RowReader<'_>,
    payload: &mut Payload<'_>,
    slot: record::Slot,
    most: usize,
) -> Result<Cell, SourceError> {
    let encoding = reader.pager.layout.encoding;
    // A bound must not part the two bytes of a unit.
    let most = if most == usize::MAX { most } else { most.saturating_add(1) & !1 };
    Ok(match record::field(payload, slot, most)? {
        Field::Null => Cell::Null,
        Field::Integer(integer) => Cell::Integer(integer),
        Field::Real(bits) => Cell::Real(bits),
        Field::Blob(bytes) => Cell::Blob(bytes.into_owned()),
        Field::Unreadable => Cell::Unreadable,
        Field::Text(bytes) => Cell::Text(record::to_utf8(bytes.into_owned(), encoding)),
    })
}
