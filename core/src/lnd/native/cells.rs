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

    /// A number that LND writes and reads by its bits: one above 2⁶³ − 1 is stored as a negative
    /// one.
    pub(in crate::lnd) fn bits(self, column: Option<usize>) -> Held<u64> {
        Ok(self.integer(column)?.map(i64::cast_unsigned))
    }

    /// A number that a column of 32 bits holds: Go's `database/sql` takes no other.
    pub(in crate::lnd) fn small(self, column: Option<usize>) -> Held<i32> {
        self.within(column)
    }

    /// A number of which LND takes no negative one.
    pub(in crate::lnd) fn unsigned(self, column: Option<usize>) -> Held<u64> {
        self.within(column)
    }

    fn within<T: TryFrom<i64>>(self, column: Option<usize>) -> Held<T> {
        self.integer(column)?.map(T::try_from).transpose().map_err(|_| ())
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

    /// Whether there are 32 bytes, without a copy of them where the cell holds bytes.
    pub(in crate::lnd) fn is_hash(self, column: Option<usize>) -> Held<()> {
        match self.cell(column) {
            Some(Cell::Blob(bytes)) if bytes.len() == 32 => Ok(Some(())),
            Some(Cell::Blob(_)) => Err(()),
            _ => Ok(self.hash(column)?.map(|_| ())),
        }
    }

    /// AMP's child index: 32 bits without a sign in a column of 64.
    pub(in crate::lnd) fn child_index(self, column: Option<usize>) -> Held<u32> {
        self.within(column)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Span;

    fn row(cell: Cell) -> Row {
        Row { at: Span::new(0, 1).into(), handle: 1, cells: Vec::from([cell]) }
    }

    fn text(text: &str) -> Row {
        row(Cell::Text(text.as_bytes().to_vec()))
    }

    const FIRST: Option<usize> = Some(0);

    #[test]
    fn numbers_stand_as_numbers_or_as_texts() {
        let integer = |row: &Row| Cells(row).integer(FIRST);
        assert_eq!(integer(&row(Cell::Integer(-7))), Ok(Some(-7)));
        assert_eq!(integer(&text("-7")), Ok(Some(-7)));
        assert_eq!(integer(&row(Cell::Null)), Ok(None));
        assert_eq!(integer(&text("7.0")), Err(()));
        assert_eq!(integer(&text("9223372036854775808")), Err(()));
        assert_eq!(integer(&row(Cell::Blob(Vec::from([7])))), Err(()));
        let unsigned = |row: &Row| Cells(row).unsigned(FIRST);
        assert_eq!(unsigned(&text("7")), Ok(Some(7)));
        assert_eq!(unsigned(&row(Cell::Integer(-1))), Err(()));
        assert_eq!(unsigned(&row(Cell::Null)), Ok(None));
        // A short channel id goes beyond what SQLite's integers hold.
        let digits = |row: &Row| Cells(row).digits(FIRST);
        assert_eq!(digits(&text("18446744073709551615")), Ok(Some(u64::MAX)));
        assert_eq!(digits(&text("-1")), Err(()));
        assert_eq!(digits(&row(Cell::Integer(5))), Ok(Some(5)));
        assert_eq!(digits(&row(Cell::Null)), Ok(None));
    }

    #[test]
    fn flags_are_numbers_in_sqlite_and_words_in_postgres() {
        let flag = |row: &Row| Cells(row).flag(FIRST);
        for yes in ["t", "true", "1"] {
            assert_eq!(flag(&text(yes)), Ok(Some(true)), "{yes}");
        }
        for no in ["f", "false", "0"] {
            assert_eq!(flag(&text(no)), Ok(Some(false)), "{no}");
        }
        assert_eq!(flag(&text("yes")), Err(()));
        assert_eq!(flag(&row(Cell::Integer(2))), Ok(Some(true)));
        assert_eq!(flag(&row(Cell::Integer(0))), Ok(Some(false)));
        assert_eq!(flag(&row(Cell::Null)), Ok(None));
        assert_eq!(flag(&row(Cell::Real(0))), Err(()));
    }

    #[test]
    fn bytes_are_blobs_or_digits_behind_a_backslash_and_an_x() {
        let bytes = |row: &Row| Cells(row).bytes(FIRST);
        assert_eq!(bytes(&row(Cell::Blob(Vec::from([0, 255])))), Ok(Some(Vec::from([0, 255]))));
        assert_eq!(bytes(&text("\\x00fF7a")), Ok(Some(Vec::from([0, 255, 0x7a]))));
        assert_eq!(bytes(&text("\\x")), Ok(Some(Vec::new())));
        assert_eq!(bytes(&text("\\x123")), Err(()));
        assert_eq!(bytes(&text("\\xzz")), Err(()));
        assert_eq!(bytes(&text("x00")), Ok(Some(b"x00".to_vec())));
        assert_eq!(bytes(&row(Cell::Null)), Ok(None));
        assert_eq!(bytes(&row(Cell::Integer(1))), Err(()));
        let hash = |row: &Row| Cells(row).hash(FIRST);
        assert_eq!(hash(&row(Cell::Blob(Vec::from([7; 32])))), Ok(Some([7; 32])));
        assert_eq!(hash(&row(Cell::Blob(Vec::from([7; 31])))), Err(()));
        assert_eq!(hash(&row(Cell::Null)), Ok(None));
    }

    #[test]
    fn a_column_that_is_not_there_holds_nothing_that_can_be_read() {
        let row = row(Cell::Integer(1));
        for column in [None, Some(1)] {
            assert_eq!(Cells(&row).integer(column), Err(()));
            assert_eq!(Cells(&row).flag(column), Err(()));
            assert_eq!(Cells(&row).bytes(column), Err(()));
            assert_eq!(Cells(&row).text(column), Err(()));
            assert_eq!(Cells(&row).time(column), Err(()));
        }
        assert_eq!(Cells(&text("later")).time(FIRST), Err(()));
    }
}
