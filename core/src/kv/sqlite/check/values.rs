//! Values that SQLite cannot have stored in their column: their bytes were changed later.

use super::super::ddl::{Affinity, Column};
use super::super::header::Encoding;
use super::super::record::{Field, Slots, to_utf8};
use super::super::schema::Known;

/// Whether a row holds what its table cannot: NULL against NOT NULL, a number in a column that
/// turns numbers into text, a text in one that turns such texts into numbers.
pub(super) fn impossible(
    known: &Known,
    slots: &Slots,
    fields: &[Option<Field<'_>>],
    encoding: Encoding,
) -> bool {
    let wrong = |at: usize, column: &Column| {
        let stored = known.stored.get(at).copied().flatten();
        let Some(slot) = stored.and_then(|stored| slots.slots.get(stored)) else { return false };
        match slot.serial {
            0 => column.not_null,
            1..=9 => column.affinity == Affinity::Text,
            serial if serial >= 13 && serial % 2 == 1 && is_numeric(column.affinity) => {
                match fields.get(at) {
                    Some(Some(Field::Text(text))) => is_number(&to_utf8(text.to_vec(), encoding)),
                    _ => false,
                }
            }
            _ => false,
        }
    };
    let columns = known.visible.iter().map(|column| known.def.columns.get(*column));
    columns.enumerate().any(|(at, column)| column.is_some_and(|column| wrong(at, column)))
}

/// Whether SQLite would take such a text for a number.
fn is_number(text: &[u8]) -> bool {
    let Ok(text) = core::str::from_utf8(text) else { return false };
    let text = text.trim_matches([' ', '\t', '\n', '\r', '\u{b}', '\u{c}']);
    let plain = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E'));
    plain && text.bytes().any(|byte| byte.is_ascii_digit()) && text.parse::<f64>().is_ok()
}

impl Known {
    /// Whether a text in some column could be one that SQLite had stored as a number.
    pub(super) fn has_numbers(&self) -> bool {
        self.def.columns.iter().any(|column| is_numeric(column.affinity))
    }
}

pub(super) fn is_numeric(affinity: Affinity) -> bool {
    matches!(affinity, Affinity::Numeric | Affinity::Integer | Affinity::Real)
}
