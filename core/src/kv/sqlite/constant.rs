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
