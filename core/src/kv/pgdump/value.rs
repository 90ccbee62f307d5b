//! Values as a dump writes them: a row of `COPY`, a row of `INSERT`; and what they stand for.

use alloc::vec::Vec;

use super::super::table::Cell;
use super::types::Type;

/// Why a row cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It has so many values, and not as many as columns.
    Fields(usize),
    /// That value (counted from 0) is not what its column holds.
    Value(usize),
    /// It is no row: quotes or commas are not where they must be.
    Form,
}

/// How a row is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A line of `COPY … FROM stdin`, without its end.
    Copy,
    /// What stands between the parentheses of `VALUES`.
    Insert {
        /// Whether a backslash in a plain literal is one (`standard_conforming_strings`).
        standard: bool,
    },
}

/// The cells of a row, of each at most `cap` bytes. A value that is not what its column holds is
/// unreadable; the others are not touched by it.
pub(super) fn cells(
    row: &[u8],
    form: Form,
    types: &[Type],
    cap: usize,
) -> Result<Vec<Cell>, Fault> {
    let mut cells = Vec::new();
    let mut count = 0;
    let whole = fields(row, form, &mut |index, raw| {
        count += 1;
        if let Some(kind) = types.get(index) {
            cells.push(decode(raw, *kind, cap).unwrap_or(Cell::Unreadable));
        }
    });
    if !whole {
        return Err(Fault::Form);
    }
    if count == types.len() { Ok(cells) } else { Err(Fault::Fields(count)) }
}

/// Whether the row is as it must be.
pub(super) fn check(row: &[u8], form: Form, types: &[Type]) -> Result<(), Fault> {
    let (mut count, mut bad) = (0, None);
    let whole = fields(row, form, &mut |index, raw| {
        count += 1;
        let known = types.get(index);
        if bad.is_none() && known.is_some_and(|kind| !holds(raw, *kind)) {
            bad = Some(index);
        }
    });
    match bad {
        _ if !whole => Err(Fault::Form),
        _ if count != types.len() => Err(Fault::Fields(count)),
        Some(index) => Err(Fault::Value(index)),
        None => Ok(()),
    }
}

/// How many values a row has, if it is one.
pub(super) fn count(row: &[u8], form: Form) -> Option<usize> {
    let mut count = 0;
    fields(row, form, &mut |_, _| count += 1).then_some(count)
}

/// One value as it stands in the file.
#[derive(Clone, Copy)]
enum Raw<'a> {
    /// `\N`, `NULL`, `DEFAULT`.
    Null,
    /// Of `COPY`: escapes by backslash.
    Copied(&'a [u8]),
    /// Between the quotes of a literal.
    Quoted { text: &'a [u8], escapes: bool },
    /// A number, `true`, `false`.
    Bare(&'a [u8]),
}

/// Calls `take` for each value; `false` if the row breaks off or is none.
fn fields<'a>(row: &'a [u8], form: Form, take: &mut dyn FnMut(usize, Raw<'a>)) -> bool {
    match form {
        Form::Copy => {
            for (index, text) in row.split(|byte| *byte == b'\t').enumerate() {
                take(index, if text == b"\\N" { Raw::Null } else { Raw::Copied(text) });
            }
            true
        }
        Form::Insert { standard } => literals(row, standard, take).is_some(),
    }
}

fn literals<'a>(row: &'a [u8], standard: bool, take: &mut dyn FnMut(usize, Raw<'a>)) -> Option<()> {
    let mut rest = row;
    for index in 0.. {
        rest = rest.trim_ascii_start();
        let raw;
        let prefixed = rest.strip_prefix(b"E").or_else(|| rest.strip_prefix(b"e"));
        let escaped = prefixed.and_then(|rest| rest.strip_prefix(b"'"));
        if let Some(inner) = escaped.or_else(|| rest.strip_prefix(b"'")) {
            let escapes = escaped.is_some() || !standard;
            let len = quoted_len(inner, escapes)?;
            raw = Raw::Quoted { text: inner.get(..len)?, escapes };
            rest = inner.get(len + 1..)?;
            // A cast behind it says nothing that the column does not.
            if let Some(cast) = rest.strip_prefix(b"::") {
                let end = cast.iter().position(|byte| *byte == b',').unwrap_or(cast.len());
                rest = cast.get(end..)?;
            }
        } else {
            let end = rest.iter().position(|byte| *byte == b',').unwrap_or(rest.len());
            let bare = rest.get(..end)?.trim_ascii_end();
            let null = bare.eq_ignore_ascii_case(b"null") || bare.eq_ignore_ascii_case(b"default");
            if bare.is_empty() || bare.contains(&b'\'') {
                return None;
            }
            raw = if null { Raw::Null } else { Raw::Bare(bare) };
            rest = rest.get(end..)?;
        }
        take(index, raw);
        rest = rest.trim_ascii_start();
        match rest.split_first() {
            None => return Some(()),
            Some((b',', after)) => rest = after,
            Some(_) => return None,
        }
    }
    None
}

/// Where the quote stands that ends a literal.
fn quoted_len(inner: &[u8], escapes: bool) -> Option<usize> {
    let mut at = 0;
    loop {
        let rest = inner.get(at..)?;
        at += rest.iter().position(|byte| *byte == b'\'' || (escapes && *byte == b'\\'))?;
        match (inner.get(at), inner.get(at + 1)) {
            (Some(b'\\'), _) | (_, Some(b'\'')) => at += 2,
            _ => return Some(at),
        }
    }
}

/// The bytes of a value, one by one, with the file's escapes taken away.
struct Plain<'a> {
    rest: &'a [u8],
    /// Of `COPY`, or of a literal with escapes.
    escapes: bool,
    /// Two quotes are one.
    quotes: bool,
}

impl<'a> Plain<'a> {
    fn of(raw: Raw<'a>) -> Option<Plain<'a>> {
        let (rest, escapes, quotes) = match raw {
            Raw::Null => return None,
            Raw::Copied(text) => (text, true, false),
            Raw::Quoted { text, escapes } => (text, escapes, true),
            Raw::Bare(text) => (text, false, false),
        };
        Some(Plain { rest, escapes, quotes })
    }
}

impl Iterator for Plain<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        if self.quotes && *first == b'\'' {
            self.rest = rest.strip_prefix(b"'").unwrap_or(rest);
            return Some(b'\'');
        }
        if !self.escapes || *first != b'\\' {
            return Some(*first);
        }
        // A backslash at the very end stands for itself.
        let Some((second, rest)) = rest.split_first() else { return Some(b'\\') };
        self.rest = rest;
        Some(match second {
            b'b' => 0x08,
            b'f' => 0x0c,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'v' if !self.quotes => 0x0b,
            b'0'..=b'7' => self.digits(second - b'0', 8, 2),
            b'x' => match self.rest.first().copied().and_then(hex) {
                Some(_) => self.digits(0, 16, 2),
                None => b'x',
            },
            other => *other,
        })
    }
}

impl Plain<'_> {
    /// Up to `more` further digits of a number that began with `value`.
    fn digits(&mut self, mut value: u8, base: u8, more: usize) -> u8 {
        for _ in 0..more {
            let Some((digit, rest)) = self.rest.split_first() else { break };
            let Some(digit) = hex(*digit).filter(|digit| *digit < base) else { break };
            // Upstream, too, keeps the low eight bits.
            value = value.wrapping_mul(base).wrapping_add(digit);
            self.rest = rest;
        }
        value
    }
}

const fn hex(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

/// The text of a value that is short, such as a number.
fn short(raw: Raw<'_>) -> Option<([u8; 64], usize)> {
    let mut text = [0; 64];
    let mut len = 0;
    for byte in Plain::of(raw)? {
        *text.get_mut(len)? = byte;
        len += 1;
    }
    Some((text, len))
}

fn parsed<T: core::str::FromStr>(raw: Raw<'_>) -> Option<T> {
    let (text, len) = short(raw)?;
    core::str::from_utf8(text.get(..len)?).ok()?.parse().ok()
}

fn bool_of(raw: Raw<'_>) -> Option<i64> {
    let (text, len) = short(raw)?;
    match text.get(..len)? {
        b"t" | b"true" | b"TRUE" | b"1" => Some(1),
        b"f" | b"false" | b"FALSE" | b"0" => Some(0),
        _ => None,
    }
}

/// The bytes of a bytea, one by one; `None` in between where it is none.
///
/// Whatever begins with `\x` is hex, everything else the older escape format, as `byteain` decides
/// (src/backend/utils/adt/varlena.c at Postgres 15).
struct Bytea<'a> {
    plain: Plain<'a>,
    hex: bool,
}

impl<'a> Bytea<'a> {
    fn of(raw: Raw<'a>) -> Option<Bytea<'a>> {
        let mut ahead = Plain::of(raw)?;
        let hex = ahead.next() == Some(b'\\') && ahead.next() == Some(b'x');
        let plain = if hex { ahead } else { Plain::of(raw)? };
        Some(Bytea { plain, hex })
    }
}

impl Iterator for Bytea<'_> {
    type Item = Option<u8>;

    fn next(&mut self) -> Option<Option<u8>> {
        let first = self.plain.next()?;
        if self.hex {
            let digits = hex(first).zip(self.plain.next().and_then(hex));
            return Some(digits.map(|(high, low)| high << 4 | low));
        }
        if first != b'\\' {
            return Some(Some(first));
        }
        let octal = |byte: u8, limit: u8| (b'0'..=limit).contains(&byte).then(|| byte - b'0');
        Some(match self.plain.next() {
            Some(b'\\') => Some(b'\\'),
            Some(first) => octal(first, b'3')
                .zip(self.plain.next().and_then(|byte| octal(byte, b'7')))
                .zip(self.plain.next().and_then(|byte| octal(byte, b'7')))
                .map(|((first, second), third)| first << 6 | second << 3 | third),
            None => None,
        })
    }
}

/// Whether a value is what its column holds.
fn holds(raw: Raw<'_>, kind: Type) -> bool {
    if matches!(raw, Raw::Null) {
        return true;
    }
    match kind {
        // The usual case by itself, for speed: nothing but digits behind the prefix.
        Type::Bytes => match raw {
            Raw::Copied(text) if text.starts_with(b"\\\\x") => all_hex(text.get(3..)),
            Raw::Quoted { text, escapes: false } if text.starts_with(b"\\x") => {
                all_hex(text.get(2..))
            }
            _ => Bytea::of(raw).is_none_or(|mut bytes| bytes.all(|byte| byte.is_some())),
        },
        Type::Integer => parsed::<i64>(raw).is_some(),
        Type::Bool => bool_of(raw).is_some(),
        Type::Real | Type::Text | Type::Any => true,
    }
}

fn all_hex(digits: Option<&[u8]>) -> bool {
    digits.is_some_and(|digits| digits.len() % 2 == 0 && digits.iter().all(u8::is_ascii_hexdigit))
}

/// The cell that a value stands for, of its bytes at most `cap`; nothing if it is not what its
/// column holds.
fn decode(raw: Raw<'_>, kind: Type, cap: usize) -> Option<Cell> {
    if matches!(raw, Raw::Null) {
        return Some(Cell::Null);
    }
    match kind {
        Type::Bytes => blob(raw, cap),
        Type::Integer => Some(Cell::Integer(parsed(raw)?)),
        Type::Bool => Some(Cell::Integer(bool_of(raw)?)),
        Type::Real => Some(real(raw).unwrap_or_else(|| text(raw, cap))),
        Type::Text => Some(text(raw, cap)),
        Type::Any => Some(guess(raw, cap)),
    }
}

fn blob(raw: Raw<'_>, cap: usize) -> Option<Cell> {
    // What is behind `cap` is not given, but it must not be wrong either.
    if !holds(raw, Type::Bytes) {
        return None;
    }
    Some(Cell::Blob(Bytea::of(raw)?.take(cap).flatten().collect()))
}

fn text(raw: Raw<'_>, cap: usize) -> Cell {
    Cell::Text(Plain::of(raw).map_or(Vec::new(), |plain| plain.take(cap).collect()))
}

/// Numbers with more digits than a double has stay text.
fn real(raw: Raw<'_>) -> Option<Cell> {
    let (_, len) = short(raw)?;
    let number: f64 = parsed(raw)?;
    (len <= 24).then(|| Cell::Real(number.to_bits()))
}

/// Where nothing is known of the column.
fn guess(raw: Raw<'_>, cap: usize) -> Cell {
    if let Raw::Bare(_) = raw {
        let number = parsed(raw).map(Cell::Integer).or_else(|| bool_of(raw).map(Cell::Integer));
        return number.or_else(|| real(raw)).unwrap_or_else(|| text(raw, cap));
    }
    let mut plain = Plain::of(raw);
    let mut next = || plain.as_mut().and_then(Iterator::next);
    if next() == Some(b'\\') && next() == Some(b'x') {
        return blob(raw, cap).unwrap_or_else(|| text(raw, cap));
    }
    // A number in quotes is a text of INSERT; COPY has no quotes.
    match raw {
        Raw::Copied(_) => parsed(raw).map_or_else(|| text(raw, cap), Cell::Integer),
        _ => text(raw, cap),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    const INSERT: Form = Form::Insert { standard: true };
    const OLD: Form = Form::Insert { standard: false };

    fn one(row: &[u8], form: Form, kind: Type) -> Cell {
        cells(row, form, &[kind], usize::MAX).unwrap().remove(0)
    }

    #[test]
    fn escapes_of_copy() {
        let cell = one(b"\\b\\f\\n\\r\\t\\v\\\\\\.\\101\\x41\\q", Form::Copy, Type::Text);
        assert_eq!(cell, Cell::Text(b"\x08\x0c\n\r\t\x0b\\.AAq".to_vec()));
        assert_eq!(one(b"\\N", Form::Copy, Type::Bytes), Cell::Null);
        assert_eq!(one(b"\\\\N", Form::Copy, Type::Text), Cell::Text(b"\\N".to_vec()));
        assert_eq!(
            one(b"\\\\x5c27ff", Form::Copy, Type::Bytes),
            Cell::Blob(vec![0x5c, 0x27, 0xff])
        );
        assert_eq!(one(b"\\\\x", Form::Copy, Type::Bytes), Cell::Blob(vec![]));
        assert_eq!(one(b"", Form::Copy, Type::Bytes), Cell::Blob(vec![]));
        // The escape format inside COPY: every backslash of the value is doubled once more.
        assert_eq!(
            one(b"a\\\\000\\\\\\\\\\\\377", Form::Copy, Type::Bytes),
            Cell::Blob(b"a\0\\\xff".to_vec())
        );
    }

    #[test]
    fn literals_of_insert() {
        let row = br"'it''s, (x)', E'\\x41', '\x4142', NULL, -7, true, DEFAULT, '\'";
        let types = [
            Type::Text,
            Type::Bytes,
            Type::Bytes,
            Type::Bytes,
            Type::Integer,
            Type::Bool,
            Type::Any,
            Type::Text,
        ];
        assert_eq!(
            cells(row, INSERT, &types, usize::MAX).unwrap(),
            [
                Cell::Text(b"it's, (x)".to_vec()),
                Cell::Blob(b"A".to_vec()),
                Cell::Blob(b"AB".to_vec()),
                Cell::Null,
                Cell::Integer(-7),
                Cell::Integer(1),
                Cell::Null,
                Cell::Text(b"\\".to_vec()),
            ]
        );
        assert_eq!(one(br"'\\x41'", OLD, Type::Bytes), Cell::Blob(b"A".to_vec()));
        assert_eq!(one(br"'\\000\'x'", OLD, Type::Bytes), Cell::Blob(b"\0'x".to_vec()));
    }

    #[test]
    fn what_is_not_a_row_is_told() {
        let two = [Type::Integer, Type::Bytes];
        assert_eq!(check(b"1\t\\\\x00", Form::Copy, &two), Ok(()));
        assert_eq!(check(b"1", Form::Copy, &two), Err(Fault::Fields(1)));
        assert_eq!(check(b"1\t\\\\x0", Form::Copy, &two), Err(Fault::Value(1)));
        assert_eq!(check(b"1\t\\\\x0g", Form::Copy, &two), Err(Fault::Value(1)));
        assert_eq!(check(b"x\t\\\\x00", Form::Copy, &two), Err(Fault::Value(0)));
        assert_eq!(check(b"1, 'a\\400'", INSERT, &two), Err(Fault::Value(1)));
        assert_eq!(check(b"1, 'a", INSERT, &two), Err(Fault::Form));
        assert_eq!(check(b"1, 'a' 'b'", INSERT, &two), Err(Fault::Form));
        assert_eq!(check(b"1, ", INSERT, &two), Err(Fault::Form));
        assert_eq!(
            cells(b"x\t\\\\x41", Form::Copy, &two, 9).unwrap(),
            [Cell::Unreadable, Cell::Blob(b"A".to_vec())]
        );
    }

    #[test]
    fn a_cap_cuts_and_the_rest_is_still_checked() {
        assert_eq!(
            cells(b"\\\\x414243", Form::Copy, &[Type::Bytes], 2).unwrap(),
            [Cell::Blob(b"AB".to_vec())]
        );
        assert_eq!(
            cells(b"\\\\x41424g", Form::Copy, &[Type::Bytes], 2).unwrap(),
            [Cell::Unreadable]
        );
    }

    #[test]
    fn without_types_the_value_decides() {
        assert_eq!(one(b"12", Form::Copy, Type::Any), Cell::Integer(12));
        assert_eq!(one(b"\\\\x12", Form::Copy, Type::Any), Cell::Blob(vec![0x12]));
        assert_eq!(one(b"'12'", INSERT, Type::Any), Cell::Text(b"12".to_vec()));
        assert_eq!(one(b"1.5", INSERT, Type::Any), Cell::Real(1.5f64.to_bits()));
    }
}
