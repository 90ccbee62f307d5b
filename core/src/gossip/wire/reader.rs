//! The cursor that every message is read with.
//!
//! One description of a message serves two readers: [`super::decode`], whose sink is `()` and
//! costs nothing, and [`super::fields`], whose sink collects what was read.

use super::error::WireError;
use super::fields::{Field, FieldValue};
use crate::gossip::format::{RecordType, ShortChannelId};
use alloc::vec::Vec;

/// What becomes of each field that was read.
pub(super) trait Sink {
    /// Whether fields are kept; if not, none is ever made.
    const SHOWS: bool;

    /// Takes one field.
    fn push(&mut self, field: Field);
}

impl Sink for () {
    const SHOWS: bool = false;

    fn push(&mut self, _: Field) {}
}

impl Sink for Vec<Field> {
    const SHOWS: bool = true;

    fn push(&mut self, field: Field) {
        self.push(field);
    }
}

/// A message that begins with a type: what follows the type.
pub(super) trait Body<'a>: Sized {
    /// The type that precedes it.
    const TYPE: RecordType;

    /// Reads everything after the type, to the end.
    fn read<S: Sink>(reader: &mut Reader<'a, S>) -> Result<Self, WireError>;

    /// Appends everything after the type.
    fn write(&self, out: &mut Vec<u8>);
}

/// Reads a whole message, its type included. `at` is where it begins in the record's body.
pub(super) fn read_inner<'a, B: Body<'a>>(bytes: &'a [u8], at: usize) -> Result<B, WireError> {
    read_typed(&mut Reader::new(bytes, at, ()))
}

fn read_typed<'a, B: Body<'a>, S: Sink>(reader: &mut Reader<'a, S>) -> Result<B, WireError> {
    let at = reader.at;
    let found = reader.record_type()?;
    if found != B::TYPE {
        return Err(WireError::WrongType { at, expected: B::TYPE, found });
    }
    B::read(reader)
}

/// A cursor over a body. Whatever it reads, it tells its sink.
#[derive(Clone, Debug)]
pub(super) struct Reader<'a, S> {
    rest: &'a [u8],
    at: usize,
    pub(super) sink: S,
}

impl<'a, S: Sink> Reader<'a, S> {
    /// A cursor over `bytes`, whose first byte has the offset `at`.
    pub(super) fn new(bytes: &'a [u8], at: usize, sink: S) -> Self {
        Reader { rest: bytes, at, sink }
    }

    /// The offset of the next byte.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// Whether everything is read.
    pub(super) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// All that is left, unread.
    pub(super) fn unread(&self) -> &'a [u8] {
        self.rest
    }

    /// Leaves the rest unread.
    pub(super) fn stop(&mut self) {
        self.rest = &[];
    }

    fn short(&self, field: &'static str, needed: usize) -> WireError {
        WireError::Short { field, at: self.at, needed, found: self.rest.len() }
    }

    /// Tells the sink of `len` bytes from `at` on.
    pub(super) fn show(
        &mut self,
        name: &'static str,
        at: usize,
        len: usize,
        value: impl FnOnce() -> FieldValue,
    ) {
        if S::SHOWS {
            self.sink.push(Field { name, at, len, value: value() });
        }
    }

    /// `N` bytes, shown as `value` says.
    #[inline]
    pub(super) fn array<const N: usize>(
        &mut self,
        field: &'static str,
        value: impl FnOnce(&'a [u8; N]) -> FieldValue,
    ) -> Result<&'a [u8; N], WireError> {
        let Some((found, rest)) = self.rest.split_first_chunk::<N>() else {
            return Err(self.short(field, N));
        };
        let at = self.at;
        self.rest = rest;
        self.at = self.at.saturating_add(N);
        self.show(field, at, N, || value(found));
        Ok(found)
    }

    /// `len` bytes; showing them is left to the caller.
    #[inline]
    pub(super) fn silent(
        &mut self,
        len: usize,
        field: &'static str,
    ) -> Result<&'a [u8], WireError> {
        let Some((found, rest)) = self.rest.split_at_checked(len) else {
            return Err(self.short(field, len));
        };
        self.rest = rest;
        self.at = self.at.saturating_add(len);
        Ok(found)
    }

    /// `len` bytes, shown as `value` says.
    #[inline]
    pub(super) fn bytes(
        &mut self,
        len: usize,
        field: &'static str,
        value: impl FnOnce(&'a [u8]) -> FieldValue,
    ) -> Result<&'a [u8], WireError> {
        let at = self.at;
        let found = self.silent(len, field)?;
        self.show(field, at, len, || value(found));
        Ok(found)
    }

    /// All that is left, shown under `field` if it is anything.
    pub(super) fn rest(&mut self, field: &'static str, value: FieldValue) -> &'a [u8] {
        let found = self.rest;
        if !found.is_empty() {
            let at = self.at;
            self.rest = &[];
            self.at = self.at.saturating_add(found.len());
            self.show(field, at, found.len(), || value);
        }
        found
    }

    /// All that is left becomes one field `undecoded`.
    pub(super) fn undecoded(&mut self) {
        self.rest("undecoded", FieldValue::Rest);
    }

    /// Checks that nothing is left.
    #[inline]
    pub(super) fn end(&self) -> Result<(), WireError> {
        if self.rest.is_empty() {
            return Ok(());
        }
        Err(WireError::Excess { at: self.at, found: self.rest.len() })
    }

    /// A number of one byte, shown as `value` says.
    #[inline]
    pub(super) fn byte(
        &mut self,
        field: &'static str,
        value: impl FnOnce(u8) -> FieldValue,
    ) -> Result<u8, WireError> {
        self.array::<1>(field, |&[byte]| value(byte)).map(|&[byte]| byte)
    }

    /// A big-endian `u16`.
    #[inline]
    pub(super) fn u16(&mut self, field: &'static str) -> Result<u16, WireError> {
        let number = |bytes: &[u8; 2]| u16::from_be_bytes(*bytes);
        self.array(field, |bytes| FieldValue::Number(number(bytes).into())).map(number)
    }

    /// A big-endian `u32`.
    #[inline]
    pub(super) fn u32(&mut self, field: &'static str) -> Result<u32, WireError> {
        let number = |bytes: &[u8; 4]| u32::from_be_bytes(*bytes);
        self.array(field, |bytes| FieldValue::Number(number(bytes).into())).map(number)
    }

    /// A big-endian `u64`.
    #[inline]
    pub(super) fn u64(&mut self, field: &'static str) -> Result<u64, WireError> {
        let number = |bytes: &[u8; 8]| u64::from_be_bytes(*bytes);
        self.array(field, |bytes| FieldValue::Number(number(bytes))).map(number)
    }

    /// The type of a message.
    #[inline]
    pub(super) fn record_type(&mut self) -> Result<RecordType, WireError> {
        self.u16("type").map(RecordType)
    }

    /// Seconds since 1970 (`u32`).
    #[inline]
    pub(super) fn timestamp(&mut self) -> Result<u32, WireError> {
        let number = |bytes: &[u8; 4]| u32::from_be_bytes(*bytes);
        self.array("timestamp", |bytes| FieldValue::Timestamp(number(bytes))).map(number)
    }

    /// A short_channel_id.
    #[inline]
    pub(super) fn scid(&mut self) -> Result<ShortChannelId, WireError> {
        let scid = |bytes: &[u8; 8]| ShortChannelId(u64::from_be_bytes(*bytes));
        self.array("short_channel_id", |bytes| FieldValue::Scid(scid(bytes))).map(scid)
    }

    /// A 64-byte signature.
    #[inline]
    pub(super) fn signature(&mut self, field: &'static str) -> Result<&'a [u8; 64], WireError> {
        self.array(field, |_| FieldValue::Signature)
    }

    /// The key of a node.
    #[inline]
    pub(super) fn node_id(&mut self, field: &'static str) -> Result<&'a [u8; 33], WireError> {
        self.array(field, |_| FieldValue::NodeId)
    }

    /// Bytes that have no better form than hex.
    #[inline]
    pub(super) fn hex<const N: usize>(
        &mut self,
        field: &'static str,
    ) -> Result<&'a [u8; N], WireError> {
        self.array(field, |_| FieldValue::Hex)
    }

    /// A `u16` length, then a whole message of that length. It is shown field by field, but not
    /// read otherwise: damage inside it is not damage of the record around it.
    #[inline]
    pub(super) fn wrapped<B: Body<'a>>(
        &mut self,
        field: &'static str,
    ) -> Result<&'a [u8], WireError> {
        let len = usize::from(self.u16("len")?);
        let at = self.at;
        let found = self.silent(len, field)?;
        if S::SHOWS {
            let (after, after_at) = (self.rest, self.at);
            (self.rest, self.at) = (found, at);
            // What does not fit stays, and is shown as undecoded.
            let _ = read_typed::<B, S>(self);
            self.undecoded();
            (self.rest, self.at) = (after, after_at);
        }
        Ok(found)
    }
}

/// Appends a `u16` length and the bytes; bytes that such a length cannot count are left out.
pub(super) fn write_counted(out: &mut Vec<u8>, bytes: &[u8]) {
    let len = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
    out.extend_from_slice(&len.to_be_bytes());
    out.extend(bytes.iter().take(usize::from(len)));
}
