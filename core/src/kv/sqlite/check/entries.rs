//! Records: rows of tables against what their table allows, entries of indexes against each other,
//! and both against one another by sums.

use alloc::vec::Vec;
use core::cmp::Ordering;

use super::super::ddl::{Affinity, Default_, KeyColumn, Partial};
use super::super::key::{Sum, compare, field_of, hash};
use super::super::node::{Cell, Node};
use super::super::payload::Payload;
use super::super::record::{self, Field, Slots};
use super::super::schema::{Known, KnownIndex};
use super::values::{impossible, is_numeric};
use super::{CheckJob, IndexOwner};
use crate::finding::Code;
use crate::source::SourceError;

/// What stood before a cell.
pub(super) enum Before {
    /// Nothing, or nothing that can be read.
    Nothing,
    /// A rowid.
    Rowid(i64),
    /// An entry: its values, owned, and whether it stands on another page.
    Entry(Vec<Field<'static>>),
}

/// How an index is held against its table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compare {
    /// Not at all: the table or the statement is not known, or the table has no rowids.
    Not,
    /// Every entry must be a row's. Which rows have one is not understood here.
    Subset,
    /// Entries and rows must be the same.
    Whole,
}

/// What is known of an index while its table and it are read.
#[derive(Debug)]
pub(super) struct IndexState {
    pub(super) compare: Compare,
    /// For each column of the key, whether a row tells what it must be: an expression's value is
    /// not compared.
    told: Vec<bool>,
    /// Over the rows that it should have.
    pub(super) rows: Sum,
    /// Over the entries that it has.
    pub(super) entries: Sum,
}

impl IndexState {
    pub(super) fn new(index: &KnownIndex, known: &[Known]) -> IndexState {
        let table = index.table.and_then(|table| known.get(table));
        let table = table.filter(|table| !table.def.without_rowid);
        let mut state = IndexState {
            compare: Compare::Not,
            told: Vec::new(),
            rows: Sum::default(),
            entries: Sum::default(),
        };
        let (Some(table), Some(def)) = (table, &index.def) else { return state };
        let told = |column: usize| {
            let column = table.def.columns.get(column);
            column.is_some_and(|column| !column.is_virtual && column.default != Default_::Unknown)
        };
        state.told = def.key.iter().map(|key| key.column.is_some_and(told)).collect();
        state.compare = match &def.partial {
            Partial::All => Compare::Whole,
            Partial::Nulls(columns) if columns.iter().all(|(column, _)| told(*column)) => {
                Compare::Whole
            }
            _ => Compare::Subset,
        };
        state
    }

    fn tells(&self, key: usize) -> bool {
        self.told.get(key) == Some(&true)
    }
}

/// A record's fields, owned: kept across pages.
fn owned(field: Field<'_>) -> Field<'static> {
    match field {
        Field::Null => Field::Null,
        Field::Integer(integer) => Field::Integer(integer),
        Field::Real(bits) => Field::Real(bits),
        Field::Text(bytes) => Field::Text(bytes.into_owned().into()),
        Field::Blob(bytes) => Field::Blob(bytes.into_owned().into()),
        Field::Unreadable => Field::Unreadable,
    }
}

impl CheckJob<'_> {
    /// What stands between this page and the one before it.
    pub(super) fn lower(&mut self, page: u32, node: &Node<'_>) -> Result<Before, SourceError> {
        let separator = self.lower_separator(page);
        if node.kind.is_table() {
            let rowid = self.separator_rowid(separator)?;
            return Ok(rowid.map_or(Before::Nothing, Before::Rowid));
        }
        self.separator_entry(separator)
    }

    fn separator_entry(&mut self, at: Option<(u32, usize)>) -> Result<Before, SourceError> {
        let Some((page, cell)) = at else { return Ok(Before::Nothing) };
        let pager = self.pager;
        let budget = self.budget;
        let Some((origin, bytes)) = self.cache.get(pager, page)? else {
            return Ok(Before::Nothing);
        };
        let node = Node::new(bytes, page, pager.layout.usable, origin.present);
        let Some((node, cell)) = node.and_then(|node| Some((node, node.cell(cell).ok()?))) else {
            return Ok(Before::Nothing);
        };
        let mut payload = Payload::new(pager, &node, &cell, budget);
        let slots = record::slots(&mut payload)?;
        let mut fields = Vec::new();
        for slot in slots.slots {
            fields.push(owned(record::field(&mut payload, slot, usize::MAX)?));
        }
        self.budget = payload.budget();
        Ok(Before::Entry(fields))
    }

    /// The last key of a page against what stands between it and the next one.
    pub(super) fn against_upper(
        &mut self,
        page: u32,
        node: &Node<'_>,
        before: &Before,
    ) -> Result<(), SourceError> {
        let last = node.cells.saturating_sub(1);
        let wrong = match before {
            Before::Nothing => false,
            Before::Rowid(rowid) => {
                let separator = self.upper_separator(page)?;
                let upper = self.separator_rowid(separator)?;
                upper.is_some_and(|upper| *rowid > upper)
            }
            Before::Entry(fields) => {
                let separator = self.upper_separator(page)?;
                match self.separator_entry(separator)? {
                    Before::Entry(upper) => {
                        let owner = self.index_owner(page);
                        owner.is_some_and(|owner| {
                            !matches!(
                                self.order(owner, fields, &upper),
                                None | Some(Ordering::Less)
                            )
                        })
                    }
                    _ => false,
                }
            }
        };
        if wrong {
            self.out_of_order(page, last, node.cell(last).ok().as_ref());
        }
        Ok(())
    }

    /// A row of a table: its record, what its columns allow, and its part of the sums.
    pub(super) fn check_row(
        &mut self,
        page: u32,
        node: &Node<'_>,
        index: usize,
        cell: &Cell,
    ) -> Result<(), SourceError> {
        let mut slots = core::mem::take(&mut self.scratch.slots);
        let mut payload = Payload::new(self.pager, node, cell, self.budget);
        record::read_slots(&mut payload, &mut slots)?;
        let tree = self.pages.owner(page);
        let table = tree.and_then(|tree| self.trees.get(tree)).and_then(|tree| tree.table);
        let known = self.known;
        let known = table.and_then(|table| known.get(table));
        let most = match known {
            Some(known) => known.fields,
            None if tree == Some(0) => 5,
            None => usize::MAX,
        };
        if !slots.sound || slots.slots.len() > most {
            self.bad_cell(page, index, Some(cell), "record");
        }
        if let Some(known) = known {
            let compared = tree
                .and_then(|tree| self.trees.get_mut(tree))
                .map(|tree| core::mem::take(&mut tree.compared))
                .unwrap_or_default();
            let fields = self.row_fields(known, &compared, &slots, &mut payload)?;
            self.budget = payload.budget();
            if slots.sound && impossible(known, &slots, &fields, self.pager.layout.encoding) {
                self.find(Code::SqliteValue, page, Some((cell.start, cell.end)), |values| {
                    values.with("cell", index)
                });
            }
            for number in &compared {
                let hash = self.row_hash(known, *number, &fields, cell.rowid);
                self.count_row(*number, hash);
            }
            if let Some(tree) = tree.and_then(|tree| self.trees.get_mut(tree)) {
                tree.compared = compared;
            }
        }
        self.scratch.slots = slots;
        Ok(())
    }

    /// The values of a row that its indexes and checks need, by their place in the record; those
    /// that a short row lacks are its defaults.
    fn row_fields<'p>(
        &self,
        known: &Known,
        compared: &[usize],
        slots: &Slots,
        payload: &mut Payload<'p>,
    ) -> Result<Vec<Option<Field<'p>>>, SourceError> {
        let mut fields: Vec<Option<Field<'p>>> = Vec::new();
        if compared.is_empty() && !known.has_numbers() {
            return Ok(fields);
        }
        fields.resize_with(known.visible.len(), || None);
        for (at, column) in known.visible.iter().enumerate() {
            let Some(column_def) = known.def.columns.get(*column) else { continue };
            let Some(stored) = known.stored.get(at).copied().flatten() else { continue };
            let slot = slots.slots.get(stored).copied();
            let is_text = slot.is_some_and(|slot| slot.serial >= 13 && slot.serial % 2 == 1);
            let numeric = is_numeric(column_def.affinity) && is_text;
            let wanted = compared.iter().any(|number| self.uses(*number, *column));
            if !wanted && !numeric {
                continue;
            }
            let field = match slot {
                Some(slot) => record::field(payload, slot, usize::MAX)?,
                None => match &column_def.default {
                    Default_::Cell(cell) => field_of(cell, self.pager.layout.encoding),
                    Default_::Unknown => Field::Unreadable,
                },
            };
            let field = match field {
                Field::Integer(integer) if column_def.affinity == Affinity::Real => {
                    match super::super::constant::as_real(integer) {
                        crate::kv::table::Cell::Real(bits) => Field::Real(bits),
                        _ => Field::Integer(integer),
                    }
                }
                field => field,
            };
            if let Some(place) = fields.get_mut(at) {
                *place = Some(field);
            }
        }
        Ok(fields)
    }

    fn uses(&self, index: usize, column: usize) -> bool {
        let def = self.indexes.get(index).and_then(|index| index.def.as_ref());
        def.is_some_and(|def| {
            let partial = match &def.partial {
                Partial::Nulls(columns) => columns.iter().any(|(known, _)| *known == column),
                _ => false,
            };
            partial || def.key.iter().any(|key| key.column == Some(column))
        })
    }

    /// The hash of the entry that the index should have for this row; nothing if it should have
    /// none.
    fn row_hash(
        &self,
        known: &Known,
        index: usize,
        fields: &[Option<Field<'_>>],
        rowid: i64,
    ) -> Option<u64> {
        let def = self.indexes.get(index)?.def.as_ref()?;
        let alias = Field::Integer(rowid);
        let value = |column: usize| {
            if known.def.rowid == Some(column) {
                return Some(&alias);
            }
            let at = known.visible.iter().position(|visible| *visible == column)?;
            fields.get(at)?.as_ref()
        };
        if let Partial::Nulls(columns) = &def.partial {
            let holds = |(column, null): &(usize, bool)| {
                value(*column).is_some_and(|field| matches!(field, Field::Null) == *null)
            };
            if !columns.iter().all(holds) {
                return None;
            }
        }
        let (null, state) = (&Field::Null, self.states.get(index)?);
        let key = def.key.iter().enumerate().map(|(at, key)| {
            key.column.filter(|_| state.tells(at)).and_then(value).unwrap_or(null)
        });
        Some(hash(key, rowid))
    }

    /// An entry of an index, or a row of a table without rowids.
    pub(super) fn check_entry(
        &mut self,
        page: u32,
        node: &Node<'_>,
        index: usize,
        cell: &Cell,
        before: &mut Before,
    ) -> Result<(), SourceError> {
        let mut slots = core::mem::take(&mut self.scratch.slots);
        let mut payload = Payload::new(self.pager, node, cell, self.budget);
        record::read_slots(&mut payload, &mut slots)?;
        let Some(owner) = self.index_owner(page) else {
            self.scratch.slots = slots;
            return Ok(());
        };
        let wanted = match owner {
            IndexOwner::Index(number) => {
                let def = self.indexes.get(number).and_then(|index| index.def.as_ref());
                let rowids = self.has_rowids(number);
                def.filter(|_| rowids).map(|def| def.key.len() + 1)
            }
            IndexOwner::Table(table) => {
                self.rows += 1;
                self.known.get(table).map(|known| known.fields)
            }
            IndexOwner::Unknown => None,
        };
        let counts = match (owner, wanted) {
            (IndexOwner::Table(_), Some(wanted)) => slots.slots.len() <= wanted,
            (_, Some(wanted)) => slots.slots.len() == wanted,
            _ => true,
        };
        if !slots.sound || !counts {
            self.bad_cell(page, index, Some(cell), "record");
        }
        let needed = match owner {
            IndexOwner::Table(table) => {
                self.known.get(table).map_or(usize::MAX, |known| known.def.primary.len())
            }
            _ => usize::MAX,
        };
        let mut fields = Vec::with_capacity(slots.slots.len().min(needed));
        for slot in slots.slots.iter().take(needed) {
            fields.push(record::field(&mut payload, *slot, usize::MAX)?);
        }
        self.budget = payload.budget();
        if let Before::Entry(last) = &*before {
            let order = self.order(owner, last, &fields);
            let repeats = order == Some(Ordering::Less) && self.repeats(owner, last, &fields);
            if repeats {
                let bytes = Some((cell.start, cell.end));
                self.find(Code::SqliteDuplicateKey, page, bytes, |values| {
                    values.with("cell", index)
                });
            } else if !matches!(order, None | Some(Ordering::Less)) {
                self.out_of_order(page, index, Some(cell));
            }
        }
        if let IndexOwner::Index(number) = owner {
            let rowid = match fields.last() {
                Some(Field::Integer(rowid)) => *rowid,
                _ => 0,
            };
            let key = fields.len().saturating_sub(1);
            let (null, state) = (&Field::Null, self.states.get(number));
            let told = |at: usize| state.is_some_and(|state| state.tells(at));
            let key = fields.iter().take(key).enumerate();
            let key = key.map(|(at, field)| if told(at) { field } else { null });
            self.count_entry(number, hash(key, rowid));
        }
        *before = Before::Entry(fields.into_iter().map(owned).collect());
        self.scratch.slots = slots;
        Ok(())
    }

    fn has_rowids(&self, index: usize) -> bool {
        let table = self.indexes.get(index).and_then(|index| index.table);
        let known = table.and_then(|table| self.known.get(table));
        known.is_some_and(|known| !known.def.without_rowid)
    }

    /// What the keys on this page are keys of.
    fn index_owner(&self, page: u32) -> Option<IndexOwner> {
        let tree = self.trees.get(self.pages.owner(page)?)?;
        Some(match (tree.index, tree.table) {
            (Some(index), _) => IndexOwner::Index(index),
            (None, Some(table)) => IndexOwner::Table(table),
            _ => IndexOwner::Unknown,
        })
    }

    /// The order of two entries; nothing where it cannot be told.
    fn order(&self, owner: IndexOwner, a: &[Field<'_>], b: &[Field<'_>]) -> Option<Ordering> {
        let key = self.key(owner)?;
        let legacy = self.header.schema_format < 4;
        let encoding = self.pager.layout.encoding;
        if key.iter().any(|key| key.column.is_none()) {
            // Expressions may be compared by a collation that is not known.
            return None;
        }
        let part = |fields: &'_ [Field<'_>]| fields.len().min(key.len());
        let (in_a, in_b) = (a.get(..part(a))?, b.get(..part(b))?);
        let order = compare(in_a, in_b, key, !legacy, encoding)?;
        if order != Ordering::Equal {
            return Some(order);
        }
        match owner {
            IndexOwner::Index(number) if self.has_rowids(number) => {
                match (a.get(key.len()), b.get(key.len())) {
                    (Some(Field::Integer(a)), Some(Field::Integer(b))) => Some(a.cmp(b)),
                    _ => None,
                }
            }
            // The rest is the key of a table without rowids, in collations of its own.
            IndexOwner::Index(_) => None,
            _ => Some(order),
        }
    }

    /// Whether two entries of an index that allows a key once have the same.
    fn repeats(&self, owner: IndexOwner, a: &[Field<'_>], b: &[Field<'_>]) -> bool {
        let IndexOwner::Index(number) = owner else { return false };
        let def = self.indexes.get(number).and_then(|index| index.def.as_ref());
        let Some(def) = def.filter(|def| def.unique) else { return false };
        let len = def.key.len();
        let (Some(a), Some(b)) = (a.get(..len), b.get(..len)) else { return false };
        !a.contains(&Field::Null)
            && compare(a, b, &def.key, false, self.pager.layout.encoding) == Some(Ordering::Equal)
    }

    fn key(&self, owner: IndexOwner) -> Option<&[KeyColumn]> {
        match owner {
            IndexOwner::Index(number) => Some(&self.indexes.get(number)?.def.as_ref()?.key),
            IndexOwner::Table(table) => Some(&self.known.get(table)?.def.primary),
            IndexOwner::Unknown => None,
        }
    }
}
