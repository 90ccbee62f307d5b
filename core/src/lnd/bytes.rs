//! Bytes read from the front, with the offset of each: big-endian numbers, BigSize, Bitcoin's
//! CompactSize, TLV records.

use super::invoice::{DecodeError, DecodeErrorKind};

/// A reader over a part of a value; offsets are those of the whole value.
#[derive(Clone, Debug)]
pub(super) struct Reader<'a> {
    rest: &'a [u8],
    at: u64,
}

/// One TLV record, and where its value stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record<'a> {
    pub(super) kind: u64,
    pub(super) value: &'a [u8],
    /// The offset of the value.
    pub(super) at: u64,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8], at: u64) -> Reader<'a> {
        Reader { rest: bytes, at }
    }

    pub(super) fn at(&self) -> u64 {
        self.at
    }

    pub(super) fn len(&self) -> u64 {
        self.rest.len() as u64
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub(super) fn peek(&self, len: usize) -> Option<&'a [u8]> {
        self.rest.get(..len)
    }

    /// The next `len` bytes. A length from the file is held against what is there before anything
    /// is done with it.
    pub(super) fn take(&mut self, len: u64, field: &'static str) -> Result<&'a [u8], DecodeError> {
        let split = usize::try_from(len).ok().and_then(|len| self.rest.split_at_checked(len));
        let Some((head, tail)) = split else {
            let kind = DecodeErrorKind::Ends { need: len, have: self.len() };
            return Err(DecodeError { at: self.at, field, kind });
        };
        self.rest = tail;
        self.at = self.at.saturating_add(len);
        Ok(head)
    }

    /// The next `len` bytes as Go's `io.LimitReader` gives them: none where that is a negative
    /// number, and what is left where there are fewer; then also how many are missing.
    pub(super) fn limited(&mut self, len: u64) -> (&'a [u8], u64) {
        let wanted = if len.cast_signed() < 0 { 0 } else { len };
        let there = wanted.min(self.len());
        (self.take(there, "limited").unwrap_or_default(), wanted - there)
    }

    pub(super) fn array<const N: usize>(
        &mut self,
        field: &'static str,
    ) -> Result<[u8; N], DecodeError> {
        let bytes = self.take(N as u64, field)?;
        Ok(bytes.try_into().unwrap_or([0; N]))
    }

    pub(super) fn u8(&mut self, field: &'static str) -> Result<u8, DecodeError> {
        self.array(field).map(|[byte]: [u8; 1]| byte)
    }

    pub(super) fn u32(&mut self, field: &'static str) -> Result<u32, DecodeError> {
        self.array(field).map(u32::from_be_bytes)
    }

    pub(super) fn u64(&mut self, field: &'static str) -> Result<u64, DecodeError> {
        self.array(field).map(u64::from_be_bytes)
    }

    /// BOLT 1's BigSize: big-endian, and never longer than needed.
    pub(super) fn big_size(&mut self, field: &'static str) -> Result<u64, DecodeError> {
        let at = self.at;
        let (number, least) = match self.u8(field)? {
            0xfd => (self.array(field).map(u16::from_be_bytes)?.into(), 0xfd),
            0xfe => (self.u32(field)?.into(), 1 << 16),
            0xff => (self.u64(field)?, 1 << 32),
            byte => (u64::from(byte), 0),
        };
        minimal(number, least, at, field)
    }

    /// Bitcoin's CompactSize: as BigSize, but little-endian.
    pub(super) fn compact_size(&mut self, field: &'static str) -> Result<u64, DecodeError> {
        let at = self.at;
        let (number, least) = match self.u8(field)? {
            0xfd => (self.array(field).map(u16::from_le_bytes)?.into(), 0xfd),
            0xfe => (self.array(field).map(u32::from_le_bytes)?.into(), 1 << 16),
            0xff => (self.array(field).map(u64::from_le_bytes)?, 1 << 32),
            byte => (u64::from(byte), 0),
        };
        minimal(number, least, at, field)
    }

    /// The next TLV record; `previous` is the type before it, which it must exceed.
    pub(super) fn record(
        &mut self,
        previous: Option<u64>,
        field: &'static str,
    ) -> Result<Record<'a>, DecodeError> {
        let at = self.at;
        let kind = self.big_size(field)?;
        if let Some(previous) = previous.filter(|previous| kind <= *previous) {
            let kind = DecodeErrorKind::Order { previous, found: kind };
            return Err(DecodeError { at, field, kind });
        }
        let len = self.big_size(field)?;
        let at = self.at;
        Ok(Record { kind, value: self.take(len, field)?, at })
    }
}

fn minimal(number: u64, least: u64, at: u64, field: &'static str) -> Result<u64, DecodeError> {
    if number < least {
        return Err(DecodeError { at, field, kind: DecodeErrorKind::NotMinimal { found: number } });
    }
    Ok(number)
}

impl<'a> Record<'a> {
    /// The value of a record of fixed length.
    pub(super) fn fixed<const N: usize>(
        &self,
        field: &'static str,
    ) -> Result<[u8; N], DecodeError> {
        self.value.try_into().map_err(|_| DecodeError {
            at: self.at,
            field,
            kind: DecodeErrorKind::Length { expected: N as u64, found: self.value.len() as u64 },
        })
    }

    pub(super) fn u8(&self, field: &'static str) -> Result<u8, DecodeError> {
        self.fixed(field).map(|[byte]: [u8; 1]| byte)
    }

    pub(super) fn u32(&self, field: &'static str) -> Result<u32, DecodeError> {
        self.fixed(field).map(u32::from_be_bytes)
    }

    pub(super) fn u64(&self, field: &'static str) -> Result<u64, DecodeError> {
        self.fixed(field).map(u64::from_be_bytes)
    }

    pub(super) fn reader(&self) -> Reader<'a> {
        Reader::new(self.value, self.at)
    }
}
