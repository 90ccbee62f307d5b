//! Records: a header of serial types, then the values.
//!
//! "Record Format" of sqlite.org's file format, section 2.1. Text becomes UTF-8.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use super::bytes::varint_at;
use super::header::Encoding;
use super::payload::{Payload, Read};
use crate::source::SourceError;

/// SQLite's own bound on columns is 32,767.
const MOST_FIELDS: usize = 32_767;

/// One value as it stands in a record.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Field<'a> {
    Null,
    Integer(i64),
    Real(u64),
    /// In the file's encoding.
    Text(Cow<'a, [u8]>),
    Blob(Cow<'a, [u8]>),
    Unreadable,
}

/// Where a value stands in its record, and what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) serial: u64,
    pub(super) at: u64,
}

impl Slot {
    /// Bytes of the value.
    pub(super) fn len(self) -> u64 {
        match self.serial {
            0 | 8..=11 => 0,
            1..=4 => self.serial,
            5 => 6,
            6 | 7 => 8,
            serial => (serial - 12) / 2,
        }
    }
}

/// The header of a record.
#[derive(Debug, Default)]
pub(super) struct Slots {
    pub(super) slots: Vec<Slot>,
    /// Whether header and values fill the record exactly, and every type is one in use.
    pub(super) sound: bool,
}

/// Reads the header. Values that would stand beyond the record's end are listed all the same:
/// reading them yields [`Field::Unreadable`].
pub(super) fn slots(payload: &mut Payload<'_>) -> Result<Slots, SourceError> {
    let mut out = Slots::default();
    read_slots(payload, &mut out)?;
    Ok(out)
}

/// [`slots`] into what was used before.
pub(super) fn read_slots(payload: &mut Payload<'_>, out: &mut Slots) -> Result<(), SourceError> {
    out.slots.clear();
    out.sound = false;
    let first = usize::try_from(payload.len().min(9)).unwrap_or(9);
    let Read::Whole(start) = payload.read(0, first)? else { return Ok(()) };
    let Some((header_len, mut at)) = varint_at(&start, 0) else { return Ok(()) };
    let most = (MOST_FIELDS as u64 * 9).min(payload.len());
    let Some(len) = usize::try_from(header_len).ok().filter(|_| header_len <= most) else {
        return Ok(());
    };
    let Read::Whole(header) = payload.read(0, len)? else { return Ok(()) };
    let mut value_at = header_len;
    out.sound = len >= 2;
    while at < len && out.slots.len() < MOST_FIELDS {
        let Some((serial, used)) = varint_at(&header, at) else {
            out.sound = false;
            return Ok(());
        };
        at += used;
        let slot = Slot { serial, at: value_at };
        out.sound &= !matches!(serial, 10 | 11);
        out.slots.push(slot);
        value_at = value_at.saturating_add(slot.len());
    }
    out.sound &= value_at == payload.len();
    Ok(())
}

/// Reads one value, `most` bytes of it at most.
pub(super) fn field<'a>(
    payload: &mut Payload<'a>,
    slot: Slot,
    most: usize,
) -> Result<Field<'a>, SourceError> {
    let end = slot.at.checked_add(slot.len());
    if end.is_none_or(|end| end > payload.len()) {
        return Ok(Field::Unreadable);
    }
    let len = match slot.serial {
        12.. => usize::try_from(slot.len()).unwrap_or(usize::MAX).min(most),
        _ => usize::try_from(slot.len()).unwrap_or(8),
    };
    let bytes = match slot.serial {
        0 => return Ok(Field::Null),
        8 => return Ok(Field::Integer(0)),
        9 => return Ok(Field::Integer(1)),
        10 | 11 => return Ok(Field::Unreadable),
        _ => match payload.read(slot.at, len)? {
            Read::Whole(bytes) => bytes,
            Read::Broken => return Ok(Field::Unreadable),
        },
    };
    Ok(match slot.serial {
        1..=6 => Field::Integer(integer(&bytes)),
        7 => real(integer(&bytes).cast_unsigned()),
        serial if serial % 2 == 0 => Field::Blob(bytes),
        _ => Field::Text(bytes),
    })
}

fn integer(bytes: &[u8]) -> i64 {
    let negative = bytes.first().is_some_and(|first| first & 0x80 != 0);
    bytes.iter().fold(if negative { -1 } else { 0 }, |value, byte| value << 8 | i64::from(*byte))
}

/// SQLite has no NaN: it reads one as NULL.
fn real(bits: u64) -> Field<'static> {
    if f64::from_bits(bits).is_nan() { Field::Null } else { Field::Real(bits) }
}

/// Text of a file in UTF-8, where it is valid; else the bytes that stand there.
pub(super) fn to_utf8(bytes: Vec<u8>, encoding: Encoding) -> Vec<u8> {
    let word = match encoding {
        Encoding::Utf8 => return bytes,
        Encoding::Utf16Le => u16::from_le_bytes,
        Encoding::Utf16Be => u16::from_be_bytes,
    };
    let (pairs, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return bytes;
    }
    let mut text = alloc::string::String::with_capacity(bytes.len());
    for unit in char::decode_utf16(pairs.iter().map(|pair| word(*pair))) {
        match unit {
            Ok(character) => text.push(character),
            Err(_) => return bytes,
        }
    }
    text.into_bytes()
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    #[test]
    fn integers_of_every_width_keep_their_sign() {
        assert_eq!(integer(&[0xff]), -1);
        assert_eq!(integer(&[0x7f, 0xff, 0xff]), 0x7f_ffff);
        assert_eq!(integer(&[0x80, 0, 0, 0, 0, 0]), -0x8000_0000_0000);
        assert_eq!(integer(&i64::MIN.to_be_bytes()), i64::MIN);
    }

    #[test]
    fn text_becomes_utf8_or_stays() {
        assert_eq!(to_utf8(vec![0xa1, 0x26], Encoding::Utf16Le), "⚡".as_bytes());
        assert_eq!(to_utf8(vec![0x26, 0xa1], Encoding::Utf16Be), "⚡".as_bytes());
        assert_eq!(to_utf8(vec![0xd8, 0x00], Encoding::Utf16Be), [0xd8, 0x00]);
        assert_eq!(to_utf8(vec![0x41], Encoding::Utf16Be), [0x41]);
    }
}
