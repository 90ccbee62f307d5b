//! Cells of a row as what their columns hold, from SQLite's types and from Postgres' texts.

use alloc::vec::Vec;

use crate::kv::table::{Cell, Row, Table};
use crate::lnd::gotime::Time;

/// Where these columns stand; `None` for one that the table does not have.
pub(in crate::lnd) fn columns<const N: usize>(
    table: &Table,
    names: [&str; N],
) -> [Option<usize>; N] {
    names.map(|name| table.column(name))
}

/// A row's cells, by column.
#[derive(Clone, Copy)]
pub(in crate::lnd) struct Cells<'a>(pub(in crate::lnd) &'a Row);

/// What a cell holds: nothing (NULL), a value, or something else than its column says.
pub(in crate::lnd) type Held<T> = Result<Option<T>, ()>;

impl<'a> Cells<'a> {
    fn cell(self, column: Option<usize>) -> Option<&'a Cell> {
        self.0.cells.get(column?)
    }

    pub(in crate::lnd) fn integer(self, column: Option<usize>) -> Held<i64> {
        match self.cell(column) {
            Some(Cell::Null) => Ok(None),
            Some(Cell::Integer(number)) => Ok(Some(*number)),
            Some(Cell::Text(text)) => number(text).map(Some),
            _ => Err(()),
        }
    }

    /// A number that is never negative; in SQLite one above 2⁶³ − 1 would be.
    pub(in crate::lnd) fn unsigned(self, column: Option<usize>) -> Held<u64> {
        match self.integer(column)? {
            Some(number) => u64::try_from(number).map(Some).map_err(|_| ()),
            None => Ok(None),
        }
    }

    /// A 64-bit number in decimal digits: a short channel id.
    pub(in crate::lnd) fn digits(self, column: Option<usize>) -> Held<u64> {
        match self.cell(column) {
            Some(Cell::Text(text)) => {
                let text = core::str::from_utf8(text).map_err(|_| ())?;
                text.parse().map(Some).map_err(|_| ())
            }
            _ => self.unsigned(column),
        }
    }

    pub(in crate::lnd) fn flag(self, column: Option<usize>) -> Held<bool> {
        match self.cell(column) {
            Some(Cell::Null) => Ok(None),
            Some(Cell::Integer(number)) => Ok(Some(*number != 0)),
            Some(Cell::Text(text)) => match text.as_slice() {
                b"t" | b"true" | b"1" => Ok(Some(true)),
                b"f" | b"false" | b"0" => Ok(Some(false)),
                _ => Err(()),
            },
            _ => Err(()),
        }
    }

    /// Text, as the bytes that stand there.
    pub(in crate::lnd) fn text(self, column: Option<usize>) -> Held<&'a [u8]> {
        match self.cell(column) {
            Some(Cell::Null) => Ok(None),
            Some(Cell::Text(bytes) | Cell::Blob(bytes)) => Ok(Some(bytes)),
            _ => Err(()),
        }
    }

    pub(in crate::lnd) fn bytes(self, column: Option<usize>) -> Held<Vec<u8>> {
        match self.cell(column) {
            Some(Cell::Null) => Ok(None),
            Some(Cell::Blob(bytes)) => Ok(Some(bytes.clone())),
            // A dump of Postgres whose reader does not know the column's type.
            Some(Cell::Text(text)) => match text.strip_prefix(b"\\x") {
                Some(digits) => hex(digits).map(Some).ok_or(()),
                None => Ok(Some(text.clone())),
            },
            _ => Err(()),
        }
    }

    /// 32 bytes, no more and no less.
    pub(in crate::lnd) fn hash(self, column: Option<usize>) -> Held<[u8; 32]> {
        match self.bytes(column)? {
            Some(bytes) => bytes.try_into().map(Some).map_err(|_| ()),
            None => Ok(None),
        }
    }

    pub(in crate::lnd) fn time(self, column: Option<usize>) -> Held<Time> {
        let Some(text) = self.text(column)? else { return Ok(None) };
        let text = core::str::from_utf8(text).map_err(|_| ())?;
        Time::parse(text).map(Some).ok_or(())
    }
}

fn number(text: &[u8]) -> Result<i64, ()> {
    core::str::from_utf8(text).ok().and_then(|text| text.parse().ok()).ok_or(())
}

fn hex(digits: &[u8]) -> Option<Vec<u8>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    let pairs = digits.chunks(2).map(|pair| match pair {
        [high, low] => u8::try_from(digit(high)? << 4 | digit(low)?).ok(),
        _ => None,
    });
    pairs.collect()
}
