//! A body field by field, for showing a record.

use super::message::read_message;
use super::reader::Reader;
use crate::gossip::format::{ShortChannelId, Version};
use alloc::string::String;
use alloc::vec::Vec;

/// A run of bytes of a body, with its name and its meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The field's name in BOLT 7 or upstream; `undecoded` for bytes without a meaning.
    pub name: &'static str,
    /// Where it begins, counted from the first byte of the record's body.
    pub at: usize,
    /// Its length in bytes; 0 for an empty list that the message names.
    pub len: usize,
    /// What it says.
    pub value: FieldValue,
}

/// What a field says. Where the bytes themselves are the value, they stay in the body.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FieldValue {
    /// A number; its unit follows from the field.
    Number(u64),
    /// Bytes to be shown in hex.
    Hex,
    /// A channel.
    Scid(ShortChannelId),
    /// The 33-byte key of a node.
    NodeId,
    /// A 64-byte signature.
    Signature,
    /// Text, already passed through [`crate::text::visible`].
    Text(String),
    /// The names of the flag bits that are set, lowest first; `bit_N` where BOLT 7 names none.
    Flags(Vec<&'static str>),
    /// The numbers of the feature bits that are set, ascending (BOLT 9).
    Features(Vec<u32>),
    /// Seconds since 1970.
    Timestamp(u32),
    /// A node's address, already safe to show.
    Address(String),
    /// Bytes that nothing is known about.
    Rest,
}

/// Names every byte of a body, in order and without gaps: the lengths sum to `body.len()`.
///
/// A message wrapped in a record is shown field by field in its place. Where a body is malformed,
/// the fields that fit come first, then one field `undecoded`.
pub fn fields(version: Version, body: &[u8]) -> Vec<Field> {
    let mut reader = Reader::new(body, 0, Vec::new());
    // What an error leaves unread is told as `undecoded`.
    let _ = read_message(version, &mut reader);
    reader.undecoded();
    reader.sink
}

/// The names of the bits that are set in `byte`, lowest first.
pub(super) fn flag_names(byte: u8, names: &[&'static str; 8]) -> FieldValue {
    let is_set = |bit: usize| byte >> bit & 1 == 1;
    FieldValue::Flags(
        names.iter().enumerate().filter(|&(bit, _)| is_set(bit)).map(|(_, name)| *name).collect(),
    )
}
