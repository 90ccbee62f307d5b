//! The lines of a dump: how they are written, how they are read.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write as _;

use serde::Deserialize;

use super::super::bucket::At;
use super::{FORMAT, Header};

/// Writes bytes as hex.
pub(super) fn push_hex(out: &mut String, bytes: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |index: u8| char::from(DIGITS.get(usize::from(index)).copied().unwrap_or(b'0'));
    out.reserve(bytes.len().saturating_mul(2));
    for byte in bytes {
        out.push(digit(byte >> 4));
        out.push(digit(byte & 15));
    }
}

/// Reads hex; `None` for anything else.
pub(super) fn hex(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| byte(*pair.first()?, *pair.get(1)?)).collect()
}

pub(super) fn is_hex(text: &str) -> bool {
    text.len().is_multiple_of(2) && text.bytes().all(|byte| digit(byte).is_some())
}

fn byte(high: u8, low: u8) -> Option<u8> {
    Some(digit(high)? << 4 | digit(low)?)
}

const fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

/// Writing to a `String` does not fail.
fn push(out: &mut String, arguments: core::fmt::Arguments<'_>) {
    let _ = out.write_fmt(arguments);
}

fn push_text(out: &mut String, text: &str) {
    out.push_str(&serde_json::to_string(text).unwrap_or_else(|_| "\"\"".into()));
}

pub(super) fn header(out: &mut String, header: &Header) {
    push(out, format_args!("{{\"format\":\"{FORMAT}\",\"tool\":"));
    push_text(out, &header.tool);
    out.push_str(",\"source\":{\"kind\":");
    push_text(out, &header.kind);
    push(out, format_args!(",\"size\":{},\"sha256\":", header.size));
    match &header.sha256 {
        Some(digest) => {
            out.push('"');
            push_hex(out, digest);
            out.push('"');
        }
        None => out.push_str("null"),
    }
    out.push_str("},\"redaction\":");
    match &header.redaction {
        Some(rules) => push_text(out, rules),
        None => out.push_str("null"),
    }
    out.push_str(",\"buckets\":");
    match &header.buckets {
        None => out.push_str("null"),
        Some(keys) => {
            out.push('[');
            for (number, key) in keys.iter().enumerate() {
                out.push_str(if number == 0 { "\"" } else { ",\"" });
                push_hex(out, key);
                out.push('"');
            }
            out.push(']');
        }
    }
    out.push_str("}\n");
}

fn end_entry(out: &mut String, at: At) {
    push(out, format_args!(",\"at\":[{},{}]}}\n", at.start, at.end));
}

fn key(out: &mut String, parent: u32, key: &[u8]) {
    push(out, format_args!("\"in\":{parent},\"key\":\""));
    push_hex(out, key);
    out.push('"');
}

pub(super) fn bucket(
    out: &mut String,
    number: u32,
    parent: u32,
    name: &[u8],
    sequence: u64,
    at: At,
) {
    push(out, format_args!("{{\"bucket\":{number},"));
    key(out, parent, name);
    push(out, format_args!(",\"sequence\":\"{sequence}\""));
    end_entry(out, at);
}

/// `len` stands only where the value is cut.
pub(super) fn value(out: &mut String, parent: u32, name: &[u8], bytes: &[u8], len: u64, at: At) {
    out.push('{');
    key(out, parent, name);
    out.push_str(",\"value\":\"");
    push_hex(out, bytes);
    out.push('"');
    if len > bytes.len() as u64 {
        push(out, format_args!(",\"len\":{len}"));
    }
    end_entry(out, at);
}

pub(super) fn unreadable(out: &mut String, parent: u32, name: &[u8], at: At) {
    out.push('{');
    key(out, parent, name);
    out.push_str(",\"unreadable\":true");
    end_entry(out, at);
}

pub(super) fn lost(out: &mut String, parent: u32, count: u64) {
    push(out, format_args!("{{\"in\":{parent},\"lost\":{count}}}\n"));
}

pub(super) fn end(out: &mut String, buckets: u64, entries: u64, digest: &[u8]) {
    push(
        out,
        format_args!("{{\"end\":true,\"buckets\":{buckets},\"entries\":{entries},\"sha256\":\""),
    );
    push_hex(out, digest);
    out.push_str("\"}\n");
}

/// The first line, as it is read.
#[derive(Deserialize)]
pub(super) struct RawHeader<'a> {
    #[serde(borrow)]
    pub(super) format: Cow<'a, str>,
    #[serde(default, borrow)]
    pub(super) tool: Cow<'a, str>,
    #[serde(default, borrow)]
    pub(super) source: RawSource<'a>,
    #[serde(default, borrow)]
    pub(super) redaction: Option<Cow<'a, str>>,
    #[serde(default, borrow)]
    pub(super) buckets: Option<Vec<Cow<'a, str>>>,
}

#[derive(Deserialize, Default)]
pub(super) struct RawSource<'a> {
    #[serde(default, borrow)]
    pub(super) kind: Cow<'a, str>,
    #[serde(default)]
    pub(super) size: u64,
    #[serde(default, borrow)]
    pub(super) sha256: Option<Cow<'a, str>>,
}

impl RawHeader<'_> {
    pub(super) fn header(&self) -> Header {
        let digest = self.source.sha256.as_deref().and_then(hex);
        Header {
            tool: self.tool.clone().into_owned(),
            kind: self.source.kind.clone().into_owned(),
            size: self.source.size,
            sha256: digest.and_then(|digest| digest.try_into().ok()),
            redaction: self.redaction.clone().map(Cow::into_owned),
            buckets: self
                .buckets
                .as_ref()
                .map(|keys| keys.iter().filter_map(|key| hex(key)).collect()),
        }
    }
}

/// Any other line, as it is read.
#[derive(Deserialize)]
pub(super) struct RawLine<'a> {
    #[serde(default)]
    pub(super) bucket: Option<u32>,
    #[serde(default, rename = "in")]
    pub(super) parent: Option<u32>,
    #[serde(default, borrow)]
    pub(super) key: Option<Cow<'a, str>>,
    #[serde(default, borrow)]
    pub(super) sequence: Option<Cow<'a, str>>,
    #[serde(default, borrow)]
    pub(super) value: Option<Cow<'a, str>>,
    #[serde(default)]
    pub(super) len: Option<u64>,
    #[serde(default)]
    pub(super) unreadable: bool,
    #[serde(default)]
    pub(super) lost: Option<u64>,
    #[serde(default)]
    pub(super) at: Option<(u64, u64)>,
    #[serde(default)]
    pub(super) end: bool,
    #[serde(default)]
    pub(super) buckets: Option<u64>,
    #[serde(default)]
    pub(super) entries: Option<u64>,
    #[serde(default, borrow)]
    pub(super) sha256: Option<Cow<'a, str>>,
}
