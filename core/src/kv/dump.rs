//! Bucket dumps: a tree of buckets as JSON lines, redacted or not. What somebody sends instead of
//! a `channel.db` full of channel secrets.
//!
//! `docs/format/bucket-dump.md` describes the format byte by byte. A dump is written from any
//! [`Buckets`](super::bucket::Buckets) ([`Writer`]) and read as one ([`DumpJob`], [`Dump`]);
//! writing what was read gives the same bytes.

use alloc::string::String;
use alloc::vec::Vec;

mod line;
mod pseudonym;
mod read;
mod redact;
#[cfg(test)]
mod tests;
mod write;

pub use pseudonym::{Pseudonyms, Tag, pseudonym};
pub use read::{Dump, DumpJob};
pub use redact::Redactor;
pub use write::Writer;

/// The format's name and version, as the first line of a dump has it.
pub const FORMAT: &str = "fulgurite-bucket-dump/1";

/// Of a longer value a dump has only the first bytes, and its length.
pub const VALUE_CAP: usize = 16 << 20;

/// Buckets are written up to this depth; what lies deeper is counted as lost.
pub const DEPTH: usize = 64;

/// Whether a file that begins so is a bucket dump.
pub fn recognise(head: &[u8]) -> bool {
    head.trim_ascii_start().starts_with(br#"{"format":"fulgurite-bucket-dump/"#)
}

/// The first line of a dump.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// What wrote it, such as `fulgurite 0.1.0`.
    pub tool: String,
    /// What the store is, such as `bolt`, `sqlite`, `pgdump`.
    pub kind: String,
    /// The length of the store's file in bytes.
    pub size: u64,
    /// The SHA-256 of that file, if it was computed.
    pub sha256: Option<[u8; 32]>,
    /// By which rules it was redacted; `None` if it was not.
    pub redaction: Option<String>,
    /// Which top-level buckets were written; `None` for all.
    pub buckets: Option<Vec<Vec<u8>>>,
}
