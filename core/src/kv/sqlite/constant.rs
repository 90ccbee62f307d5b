//! Constants in statements: what a short row has in place of a column that was added later, as
//! the column's affinity turns it ("Datatypes In SQLite", section 3).

use alloc::string::String;
use alloc::vec::Vec;

use super::super::table::Cell;
use super::ddl::{Affinity, Default_, skip_group};
use super::token::Token;

/// What follows DEFAULT: a constant with or without sign, or something in parentheses.
pub(super) fn default<'t, 'a>(
    tokens: &'t [Token<'a>],
    affinity: Affinity,
) -> (Default_, &'t [Token<'a>]) {
    let after = |count: usize| tokens.get(count..).unwrap_or_default();
    let sign = match tokens.first() {
        Some(Token::Sign('-')) => Some("-"),
        Some(Token::Sign('+')) => Some(""),
        _ => None,
    };
    if let (Some(sign), Some(Token::Number(number))) = (sign, tokens.get(1)) {
        let mut text = String::from(sign);
        text.push_str(number);
        return (literal(&Token::Number(&text), affinity), after(2));
    }
    if tokens.first() == Some(&Token::Sign('(')) {
        let inner = match tokens {
            [_, value, Token::Sign(')'), ..] => literal(value, affinity),
            [_, Token::Sign('-'), Token::Number(number), Token::Sign(')'), ..] => {
                let mut text = String::from("-");
                text.push_str(number);
                literal(&Token::Number(&text), affinity)
            }
            _ => Default_::Unknown,
        };
        return (inner, skip_group(tokens));
    }
    match tokens.first() {
        Some(value) => (literal(value, affinity), after(1)),
        None => (Default_::Unknown, after(0)),
    }
}

fn literal(token: &Token<'_>, affinity: Affinity) -> Default_ {
    let cell = match token {
        Token::Number(text) => number(text, affinity),
        Token::Text(text) | Token::Name(text) => self::text(text, affinity),
        Token::Blob(digits) => blob(digits),
        token if token.is("NULL") => Some(Cell::Null),
        token if token.is("TRUE") => number("1", affinity),
        token if token.is("FALSE") => number("0", affinity),
        token
            if ["CURRENT_TIME", "CURRENT_DATE", "CURRENT_TIMESTAMP"]
                .iter()
                .any(|word| token.is(word)) =>
        {
            None
        }
        Token::Word(text) => self::text(text, affinity),
        Token::Sign(_) => None,
    };
    cell.map_or(Default_::Unknown, Default_::Cell)
}

fn number(text: &str, affinity: Affinity) -> Option<Cell> {
    if affinity == Affinity::Text {
        let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        return plain.then(|| Cell::Text(text.as_bytes().to_vec()));
    }
    let hex = text.strip_prefix("0x").or(text.strip_prefix("0X"));
    let integer = match hex {
        Some(digits) => u64::from_str_radix(digits, 16).ok().map(u64::cast_signed),
        None => text.parse::<i64>().ok(),
    };
    match (integer, affinity) {
        (Some(integer), Affinity::Real) => Some(as_real(integer)),
        (Some(integer), _) => Some(Cell::Integer(integer)),
        (None, _) => {
            let real = text.parse::<f64>().ok()?;
            let whole = matches!(affinity, Affinity::Integer | Affinity::Numeric);
            Some(
                exact_integer(real)
                    .filter(|_| whole)
                    .map_or(Cell::Real(real.to_bits()), Cell::Integer),
            )
        }
    }
}

fn text(text: &str, affinity: Affinity) -> Option<Cell> {
    let numeric = matches!(affinity, Affinity::Integer | Affinity::Numeric | Affinity::Real);
    let trimmed = text.trim();
    let looks = trimmed.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'));
    if numeric && looks && trimmed.parse::<f64>().is_ok() {
        return number(trimmed, affinity);
    }
    Some(Cell::Text(text.as_bytes().to_vec()))
}

fn blob(digits: &str) -> Option<Cell> {
    let pairs = digits.as_bytes().as_chunks::<2>().0.iter();
    let bytes = pairs.map(|pair| u8::from_str_radix(core::str::from_utf8(pair).ok()?, 16).ok());
    bytes.collect::<Option<Vec<u8>>>().map(Cell::Blob)
}

/// An integer in a column for reals: SQLite stores it so where it loses nothing, and gives it
/// back as a real.
pub(super) fn as_real(integer: i64) -> Cell {
    #[allow(clippy::cast_precision_loss)] // As SQLite does.
    Cell::Real((integer as f64).to_bits())
}

/// The integer that a real is exactly, up to 2^53 either way.
pub(super) fn exact_integer(real: f64) -> Option<i64> {
    const MOST: f64 = 9_007_199_254_740_992.0;
    if !(-MOST..=MOST).contains(&real) {
        return None;
    }
    #[allow(clippy::cast_possible_truncation)] // Within 2^53.
    let integer = real as i64;
    #[allow(clippy::cast_precision_loss, clippy::float_cmp)] // Exact within 2^53.
    (integer as f64 == real).then_some(integer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kv::sqlite::token::Tokens;

    /// What follows DEFAULT, and how many tokens are left.
    fn read(sql: &str, affinity: Affinity) -> (Option<Cell>, usize) {
        let tokens: Vec<Token<'_>> = Tokens(sql).collect();
        let (found, rest) = default(&tokens, affinity);
        let cell = match found {
            Default_::Cell(cell) => Some(cell),
            Default_::Unknown => None,
        };
        (cell, rest.len())
    }

    #[allow(clippy::unnecessary_wraps)] // As the others in the table.
    fn text(text: &str) -> Option<Cell> {
        Some(Cell::Text(text.as_bytes().to_vec()))
    }

    #[allow(clippy::unnecessary_wraps)]
    fn real(real: f64) -> Option<Cell> {
        Some(Cell::Real(real.to_bits()))
    }

    /// Each by "Datatypes In SQLite", section 3.
    #[test]
    fn a_constant_is_turned_as_its_column_is_declared() {
        use Affinity::{Blob, Integer, Numeric, Real, Text};
        for (sql, affinity, cell) in [
            ("7", Integer, Some(Cell::Integer(7))),
            ("+7", Integer, Some(Cell::Integer(7))),
            ("-7", Integer, Some(Cell::Integer(-7))),
            ("0x10", Integer, Some(Cell::Integer(16))),
            ("0XfF", Blob, Some(Cell::Integer(255))),
            ("7", Real, real(7.0)),
            ("7", Text, text("7")),
            ("-7", Text, text("-7")),
            // As SQLite would write it again, which is not modelled.
            ("7.5", Text, None),
            ("7.5", Integer, real(7.5)),
            ("7.0", Integer, Some(Cell::Integer(7))),
            ("7.0", Real, real(7.0)),
            ("7.0", Blob, real(7.0)),
            ("1e3", Numeric, Some(Cell::Integer(1_000))),
            ("9223372036854775808", Integer, real(9_223_372_036_854_775_808.0)),
            ("'7'", Integer, Some(Cell::Integer(7))),
            ("' 7 '", Numeric, Some(Cell::Integer(7))),
            ("'-.5'", Real, real(-0.5)),
            ("'7'", Blob, text("7")),
            ("'seven'", Integer, text("seven")),
            ("seven", Text, text("seven")),
            ("x'00fF'", Blob, Some(Cell::Blob(Vec::from([0, 255])))),
            ("NULL", Integer, Some(Cell::Null)),
            ("TRUE", Integer, Some(Cell::Integer(1))),
            ("false", Integer, Some(Cell::Integer(0))),
            // What the row was given when the column came, nobody wrote down.
            ("CURRENT_TIMESTAMP", Text, None),
            ("(7)", Integer, Some(Cell::Integer(7))),
            ("(-7)", Integer, Some(Cell::Integer(-7))),
            ("('a')", Text, text("a")),
            ("(1 + 1)", Integer, None),
            (",", Integer, None),
        ] {
            assert_eq!(read(sql, affinity).0, cell, "{sql} {affinity:?}");
        }
    }

    #[test]
    fn what_stands_behind_is_left() {
        for (sql, left) in [
            ("7 NOT NULL", 2),
            ("-7 NOT NULL", 2),
            ("(7) NOT NULL", 2),
            ("(-7) UNIQUE", 1),
            ("(1 + (2)) UNIQUE", 1),
            ("'a' UNIQUE", 1),
            ("", 0),
        ] {
            assert_eq!(read(sql, Affinity::Integer).1, left, "{sql}");
        }
    }
}
