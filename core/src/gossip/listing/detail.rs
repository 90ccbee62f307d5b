//! One record, or one wound, byte by byte: header, checksum, fields, each beside its bytes.

use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use serde::Serialize;

use super::{Piece, hex};
use crate::finding::{Span, Value};
use crate::gossip::crc::checksum;
use crate::gossip::format::{
    FlagMeaning, Flags, Layout, MAX_BODY, RecordHeader, RecordType, Version,
};
use crate::gossip::wire::{Field, FieldValue, fields};
use crate::source::{Source, SourceError, read_span};

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
    /// Without `reveal`, nothing is shown of a record of a channel that is not announced, nor of
    /// a wound that may hold one.
    ///
    /// # Errors
    /// [`SourceError`] where the source cannot be read.
    pub fn of(
        piece: &Piece<'_>,
        version: Version,
        layout: Layout,
        source: &dyn Source,
        reveal: bool,
    ) -> Result<Detail, SourceError> {
        let (start, end) = piece.span();
        // A record is never longer; of a wound the first so many bytes can be one.
        let longest = layout.header_len() + MAX_BODY;
        let len = usize::try_from(end - start).map_or(longest, |len| len.min(longest));
        let bytes = read_span(source, start, len)?;
        let header = RecordHeader::parse(layout, &bytes);
        let whole = header.and_then(|header| {
            let body = bytes.get(layout.header_len()..)?.get(..header.len as usize)?;
            Some((header, body))
        });
        let record_type = match piece {
            Piece::Record(record, _) => record.record_type,
            Piece::Wound(wound) => wound.record_type.filter(|_| wound.framed),
        };
        let mut detail = Detail {
            kind: if matches!(piece, Piece::Record(..)) { "record" } else { "wound" },
            offset: start,
            len: end - start,
            number: record_type.map(|record_type| record_type.0),
            name: record_type.map_or("untyped", RecordType::name),
            redacted: !reveal && hides(piece, version, whole.map(|(_, body)| body)),
            checksum: None,
            fields: Vec::new(),
            not_shown: 0,
        };
        if detail.redacted {
            return Ok(detail);
        }
        let mut shown = 0;
        if let Some(header) = header {
            detail.fields = header_rows(version, layout, &header, start, &bytes);
            shown = layout.header_len();
        }
        if let Some((header, body)) = whole {
            let computed = checksum(layout, header.timestamp, body);
            detail.checksum = Some(Checksum {
                stored: format!("{:08x}", header.crc),
                computed: format!("{computed:08x}"),
                seed: header.timestamp,
                holds: computed == header.crc,
            });
        }
        // The body of a wound is taken apart where its frame is known, else shown as it is.
        let framed = match piece {
            Piece::Record(..) => true,
            Piece::Wound(wound) => wound.framed,
        };
        let at = start + shown as u64;
        let rest = bytes.get(shown..).unwrap_or_default();
        match whole.filter(|_| framed) {
            Some((_, body)) => {
                let row = |field: &Field| field_row(field, at, body);
                detail.fields.extend(fields(version, body).iter().map(row));
            }
            None if !rest.is_empty() => {
                let raw = rest.get(..RAW_BYTES).unwrap_or(rest);
                detail.not_shown = (end - at) - raw.len() as u64;
                let row = FieldRow { name: "bytes", offset: at, hex: hex(raw), value: None };
                detail.fields.push(row);
            }
            None => {}
        }
        Ok(detail)
    }

    /// The bytes that it is about.
    pub fn span(&self) -> Span {
        Span::new(self.offset, self.offset + self.len)
    }
}

/// Whether the bytes may speak of a channel that is not announced.
fn hides(piece: &Piece<'_>, version: Version, body: Option<&[u8]>) -> bool {
    let wound = match piece {
        Piece::Record(record, _) => {
            return record.record_type.is_some_and(RecordType::is_private);
        }
        Piece::Wound(wound) => wound,
    };
    if wound.record_type.is_some_and(RecordType::is_private) {
        return true;
    }
    // No release writes such records from version 13 on. Before, a wound is shown only if it is
    // one record of another type.
    let another = wound.framed
        && wound.record_type.is_some_and(|record_type| {
            record_type.is_known() && body.is_some_and(|body| record_type.fits(body))
        });
    version.is_known() && version.0 < 13 && !another
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
