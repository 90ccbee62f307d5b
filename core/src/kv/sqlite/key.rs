//! Keys of indexes: their order, and a sum that tells whether two sets of them are the same.

use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::hash::{BuildHasher as _, Hasher as _};

use super::constant::exact_integer;
use super::ddl::{Collation, KeyColumn};
use super::header::Encoding;
use super::record::{Field, to_utf8};

/// Compares two keys, as far as they are parts of the key; nothing where their order cannot be
/// told.
pub(super) fn compare(
    a: &[Field<'_>],
    b: &[Field<'_>],
    key: &[KeyColumn],
    descending_counts: bool,
    encoding: Encoding,
) -> Option<Ordering> {
    for (index, (a, b)) in a.iter().zip(b).enumerate() {
        let column = key.get(index);
        let collation = column.map_or(Collation::Binary, |column| column.collation);
        let order = compare_fields(a, b, collation, encoding)?;
        let turned = descending_counts && column.is_some_and(|column| column.descending);
        match order {
            Ordering::Equal => {}
            order => return Some(if turned { order.reverse() } else { order }),
        }
    }
    Some(Ordering::Equal)
}

fn compare_fields(
    a: &Field<'_>,
    b: &Field<'_>,
    collation: Collation,
    encoding: Encoding,
) -> Option<Ordering> {
    match (a, b) {
        (Field::Unreadable, _) | (_, Field::Unreadable) => None,
        (Field::Integer(a), Field::Integer(b)) => Some(a.cmp(b)),
        (Field::Real(a), Field::Real(b)) => f64::from_bits(*a).partial_cmp(&f64::from_bits(*b)),
        (Field::Integer(a), Field::Real(b)) => Some(integer_real(*a, f64::from_bits(*b))),
        (Field::Real(a), Field::Integer(b)) => Some(integer_real(*b, f64::from_bits(*a)).reverse()),
        (Field::Text(a), Field::Text(b)) => compare_texts(a, b, collation, encoding),
        (Field::Blob(a), Field::Blob(b)) => Some(a.cmp(b)),
        _ => Some(class(a).cmp(&class(b))),
    }
}

fn class(field: &Field<'_>) -> u8 {
    match field {
        Field::Null | Field::Unreadable => 0,
        Field::Integer(_) | Field::Real(_) => 1,
        Field::Text(_) => 2,
        Field::Blob(_) => 3,
    }
}

fn integer_real(a: i64, b: f64) -> Ordering {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if b < -LIMIT {
        return Ordering::Greater;
    }
    if b >= LIMIT {
        return Ordering::Less;
    }
    #[allow(clippy::cast_possible_truncation)] // Within the range of i64.
    let whole = b as i64;
    #[allow(clippy::cast_precision_loss)] // A real's whole part is exact.
    let rest = || (whole as f64).partial_cmp(&b).unwrap_or(Ordering::Equal);
    a.cmp(&whole).then_with(rest)
}

fn compare_texts(a: &[u8], b: &[u8], collation: Collation, encoding: Encoding) -> Option<Ordering> {
    if collation == Collation::Binary {
        return Some(a.cmp(b));
    }
    let utf8 = |text: &[u8]| to_utf8(text.to_vec(), encoding);
    let (a, b) = (utf8(a), utf8(b));
    match collation {
        // SQLite stops at a zero byte here (sqlite3_strnicmp).
        Collation::NoCase if a.contains(&0) || b.contains(&0) => None,
        Collation::NoCase => Some(a.to_ascii_lowercase().cmp(&b.to_ascii_lowercase())),
        Collation::RTrim => {
            let trim = |text: &[u8]| {
                text.iter().rposition(|byte| *byte != b' ').map_or(0, |last| last + 1)
            };
            Some(a.get(..trim(&a)).cmp(&b.get(..trim(&b))))
        }
        _ => None,
    }
}

/// A sum over keys in any order, and how many they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sum {
    pub(super) count: u64,
    sum: u64,
}

impl Sum {
    pub(super) fn add(&mut self, hash: u64) {
        self.count += 1;
        self.sum = self.sum.wrapping_add(hash);
    }
}

/// The hash of an entry: its key and its rowid. An integer and the real of the same value count
/// as one: SQLite stores a real without a fraction as either.
pub(super) fn hash<'f, 'b: 'f>(fields: impl Iterator<Item = &'f Field<'b>>, rowid: i64) -> u64 {
    let mut hasher = foldhash::quality::FixedState::with_seed(0x5351_4c69).build_hasher();
    for field in fields {
        match field {
            Field::Null | Field::Unreadable => hasher.write_u8(0),
            Field::Integer(integer) => {
                hasher.write_u8(1);
                hasher.write_i64(*integer);
            }
            Field::Real(bits) => {
                if let Some(integer) = exact_integer(f64::from_bits(*bits)) {
                    hasher.write_u8(1);
                    hasher.write_i64(integer);
                } else {
                    hasher.write_u8(2);
                    hasher.write_u64(*bits);
                }
            }
            Field::Text(bytes) => {
                hasher.write_u8(3);
                hasher.write_usize(bytes.len());
                hasher.write(bytes);
            }
            Field::Blob(bytes) => {
                hasher.write_u8(4);
                hasher.write_usize(bytes.len());
                hasher.write(bytes);
            }
        }
    }
    hasher.write_i64(rowid);
    hasher.finish()
}

/// A constant of a statement as a field of a record.
pub(super) fn field_of(cell: &crate::kv::table::Cell, encoding: Encoding) -> Field<'static> {
    use crate::kv::table::Cell;
    use alloc::borrow::Cow;
    match cell {
        Cell::Null => Field::Null,
        Cell::Integer(integer) => Field::Integer(*integer),
        Cell::Real(bits) => Field::Real(*bits),
        Cell::Blob(bytes) => Field::Blob(Cow::Owned(bytes.clone())),
        Cell::Unreadable | Cell::Skipped => Field::Unreadable,
        Cell::Text(bytes) => Field::Text(Cow::Owned(match encoding {
            Encoding::Utf8 => bytes.clone(),
            Encoding::Utf16Le => units(bytes).flat_map(u16::to_le_bytes).collect(),
            Encoding::Utf16Be => units(bytes).flat_map(u16::to_be_bytes).collect(),
        })),
    }
}

fn units(text: &[u8]) -> impl Iterator<Item = u16> {
    let text = String::from_utf8_lossy(text).into_owned();
    text.encode_utf16().collect::<Vec<u16>>().into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_and_reals_are_one_order() {
        assert_eq!(integer_real(1, 1.5), Ordering::Less);
        assert_eq!(integer_real(-1, -1.5), Ordering::Greater);
        assert_eq!(integer_real(2, 2.0), Ordering::Equal);
        assert_eq!(integer_real(i64::MAX, 9.3e18), Ordering::Less);
        assert_eq!(integer_real(i64::MIN, f64::NEG_INFINITY), Ordering::Greater);
        let one = |field: &Field<'_>| hash([field].into_iter(), 1);
        assert_eq!(one(&Field::Integer(3)), one(&Field::Real(3.0_f64.to_bits())));
    }

    #[test]
    fn collations_are_sqlites() {
        let text = |text: &'static str| Field::Text(text.as_bytes().into());
        let by = |a, b, collation| {
            let key = [KeyColumn { column: None, collation, descending: false }];
            compare(&[text(a)], &[text(b)], &key, true, Encoding::Utf8)
        };
        assert_eq!(by("A", "a", Collation::Binary), Some(Ordering::Less));
        assert_eq!(by("A", "a", Collation::NoCase), Some(Ordering::Equal));
        assert_eq!(by("a  ", "a", Collation::RTrim), Some(Ordering::Equal));
        assert_eq!(by("a", "b", Collation::Unknown), None);
    }
}
