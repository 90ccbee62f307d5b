//! One record, or one wound, byte by byte: header, checksum, fields, each beside its bytes.

use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use serde::Serialize;

use super::{Piece, Privacy};
use crate::finding::{Span, Value};
use crate::gossip::crc::checksum;
use crate::gossip::format::{
    FlagMeaning, Flags, Layout, MAX_BODY, RecordHeader, RecordType, Version,
};
use crate::gossip::wire::{Field, FieldValue, decode, fields};
use crate::source::{Source, SourceError, read_span};
use crate::text::hex;

/// How many bytes without a meaning are shown of a wound.
pub const RAW_BYTES: usize = 1_024;

/// A record or a wound, byte by byte.
#[derive(Clone, Debug, Serialize)]
pub struct Detail {
    /// `record` or `wound`.
    pub kind: &'static str,
    /// File offset of the first byte.
    pub offset: u64,
    /// Length in bytes, header included.
    pub len: u64,
    /// Its type, if it has one.
    #[serde(rename = "type")]
    pub number: Option<u16>,
    /// Upstream's name of the type.
    pub name: &'static str,
    /// It speaks of a channel that is not announced: nothing more is shown.
    pub redacted: bool,
    /// The checksum; absent where the header's length leads beyond the end of the file.
    pub checksum: Option<Checksum>,
    /// Header and body, field by field.
    pub fields: Vec<FieldRow>,
    /// Bytes at the end of a long wound that are not among the fields.
    pub not_shown: u64,
}

/// A stored checksum beside the true one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Checksum {
    /// As stored, in hexadecimal.
    pub stored: String,
    /// Of the bytes as they are.
    pub computed: String,
    /// What it is seeded with: the header's timestamp.
    pub seed: u32,
    /// Whether the two are the same.
    pub holds: bool,
}

/// A field with its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldRow {
    /// Its name in BOLT 7 or upstream.
    pub name: &'static str,
    /// File offset of its first byte.
    pub offset: u64,
    /// Its bytes in hexadecimal.
    pub hex: String,
    /// What they say, where that is not the bytes themselves. Numbers of eight bytes are text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
}

impl Detail {
    /// Reads a record or a wound again from the file and takes it apart.
    ///
    /// Nothing is shown of a record of a channel that is not announced, nor of a wound that may
    /// hold one, unless they are to be revealed.
    ///
    /// # Errors
    /// [`SourceError`] where the source cannot be read.
    pub fn of(
        piece: &Piece<'_>,
        version: Version,
        layout: Layout,
        source: &dyn Source,
        privacy: &Privacy,
    ) -> Result<Detail, SourceError> {
        let (start, end) = piece.span();
        // A record is never longer; of a wound the first so many bytes can be one.
        let longest = layout.header_len() + MAX_BODY;
        let len = usize::try_from(end - start).map_or(longest, |len| len.min(longest));
        let bytes = read_span(source, start, len)?;
        let header = RecordHeader::parse(layout, &bytes);
        // What the header claims, as far as it is there.
        let rest = bytes.get(layout.header_len()..).unwrap_or_default();
        let claimed = header.filter(|header| !header.is_zero()).map_or(0, |header| header.len);
        let body = rest.get(..claimed as usize).unwrap_or(rest);
        let whole = header.filter(|header| body.len() == header.len as usize);
        let record_type = match piece {
            Piece::Record(record, _) => record.record_type,
            Piece::Wound(wound) => wound.record_type.filter(|known| known.is_known()),
        };
        let mut detail = Detail {
            kind: if matches!(piece, Piece::Record(..)) { "record" } else { "wound" },
            offset: start,
            len: end - start,
            number: record_type.map(|record_type| record_type.0),
            name: record_type.map_or("untyped", RecordType::name),
            redacted: hides(piece, version, body, whole.is_some(), privacy),
            checksum: None,
            fields: Vec::new(),
            not_shown: 0,
        };
        if detail.redacted {
            return Ok(detail);
        }
        let mut at = start;
        if let Some(header) = header {
            detail.fields = header_rows(version, layout, &header, start, &bytes);
            at += layout.header_len() as u64;
        }
        if let Some(header) = whole {
            let computed = checksum(layout, header.timestamp, body);
            detail.checksum = Some(Checksum {
                stored: format!("{:08x}", header.crc),
                computed: format!("{computed:08x}"),
                seed: header.timestamp,
                holds: computed == header.crc,
            });
        }
        // A wound is taken apart as what it claims to be; what follows is shown as it is.
        if record_type.is_some() || matches!(piece, Piece::Record(..)) {
            let row = |field: &Field| field_row(field, at, body);
            detail.fields.extend(fields(version, body).iter().map(row));
            at += body.len() as u64;
        }
        let from = usize::try_from(at - start).unwrap_or(usize::MAX);
        let rest = bytes.get(from..).unwrap_or_default();
        let raw = rest.get(..RAW_BYTES).unwrap_or(rest);
        if !raw.is_empty() {
            let row = FieldRow { name: "bytes", offset: at, hex: hex(raw), value: None };
            detail.fields.push(row);
        }
        detail.not_shown = (end - at) - raw.len() as u64;
        Ok(detail)
    }

    /// The bytes that it is about.
    pub fn span(&self) -> Span {
        Span::new(self.offset, self.offset + self.len)
    }
}

/// Whether the bytes may speak of a channel that is not announced.
fn hides(piece: &Piece<'_>, version: Version, body: &[u8], whole: bool, privacy: &Privacy) -> bool {
    let message = decode(version, body).ok();
    let message = message.and_then(|message| message.inner().map_or(Some(message), Result::ok));
    let wound = match piece {
        Piece::Record(record, _) => return privacy.hides(record.record_type, message.as_ref()),
        Piece::Wound(wound) => wound,
    };
    // No release writes such records from version 13 on. Before, a wound is shown only if it is
    // one record of another type.
    let another = wound.framed
        && whole
        && wound.record_type.is_some_and(|known| known.is_known() && known.fits(body));
    let perhaps = version.is_known() && version.0 < 13 && !another;
    !privacy.reveals() && perhaps || privacy.hides(wound.record_type, message.as_ref())
}

fn header_rows(
    version: Version,
    layout: Layout,
    header: &RecordHeader,
    start: u64,
    bytes: &[u8],
) -> Vec<FieldRow> {
    let mut rows = Vec::new();
    let mut at = 0;
    let mut row = |name, len: usize, value| {
        let hex = hex(bytes.get(at..at + len).unwrap_or_default());
        rows.push(FieldRow { name, offset: start + at as u64, hex, value });
        at += len;
    };
    if layout.has_flags() {
        row("flags", 2, Some(flag_names(header.flags, version)));
        row("len", 2, Some(header.len.into()));
        row("crc", 4, None);
        row("timestamp", 4, Some(header.timestamp.into()));
    } else {
        row("len", 4, Some(header.len.into()));
        row("crc", 4, None);
    }
    rows
}

fn flag_names(flags: Flags, version: Version) -> Value {
    let name = |(bit, meaning): (u16, FlagMeaning)| match meaning {
        FlagMeaning::Unknown => Value::Text(format!("unknown_{bit:04x}")),
        meaning => Value::from(meaning.name()),
    };
    Value::List(flags.meanings(version).map(name).collect())
}

fn field_row(field: &Field, body_at: u64, body: &[u8]) -> FieldRow {
    let end = field.at.saturating_add(field.len);
    let value = match &field.value {
        FieldValue::Number(number) if field.len == 8 => Some(number.to_string().into()),
        FieldValue::Number(number) => Some((*number).into()),
        FieldValue::Scid(scid) => Some(scid.to_string().into()),
        FieldValue::Text(text) | FieldValue::Address(text) => Some(text.as_str().into()),
        FieldValue::Flags(names) => {
            Some(Value::List(names.iter().map(|name| Value::from(*name)).collect()))
        }
        FieldValue::Features(bits) => {
            Some(Value::List(bits.iter().map(|bit| Value::from(*bit)).collect()))
        }
        FieldValue::Timestamp(seconds) => Some((*seconds).into()),
        FieldValue::Hex | FieldValue::NodeId | FieldValue::Signature | FieldValue::Rest => None,
    };
    FieldRow {
        name: field.name,
        offset: body_at + field.at as u64,
        hex: hex(body.get(field.at..end).unwrap_or_default()),
        value,
    }
}
