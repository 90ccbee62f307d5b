//! Cells that do not hold what they ought to.

use super::NativeReading;
use crate::kv::bucket::At;
use crate::kv::table::Row;
use crate::lnd::native::cells::Held;
use crate::lnd::native::index::BadRow;

/// The first of a row's cells that does not hold what it ought to.
pub(super) struct Bad {
    table: &'static str,
    at: At,
    /// The id of the invoice that the row belongs to, once it is read.
    pub(super) row: Option<i64>,
    field: Option<&'static str>,
}

impl Bad {
    pub(super) fn new(table: &'static str, row: &Row) -> Bad {
        Bad { table, at: row.at, row: None, field: None }
    }

    pub(super) fn optional<T>(&mut self, field: &'static str, held: Held<T>) -> Option<T> {
        if held.is_err() && self.field.is_none() {
            self.field = Some(field);
        }
        held.ok().flatten()
    }

    pub(super) fn needed<T>(&mut self, field: &'static str, held: Held<T>) -> Option<T> {
        let value = self.optional(field, held);
        if value.is_none() && self.field.is_none() {
            self.field = Some(field);
        }
        value
    }
}

impl NativeReading {
    /// Notes a row of which a cell is bad.
    pub(super) fn bad(&mut self, bad: &Bad) {
        if let Some(field) = bad.field {
            self.out.index.push_bad(BadRow { table: bad.table, at: bad.at, row: bad.row, field });
        }
    }
}
