//! Where a finding is.

use alloc::borrow::Cow;
use alloc::string::String;

use serde::{Deserialize, Serialize};

use crate::gossip::format::RecordType;

/// A range of file offsets, end exclusive.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Span {
    /// The offset of the first byte.
    pub start: u64,
    /// The offset after the last byte.
    pub end: u64,
}

impl Span {
    /// The range `start .. end`.
    pub const fn new(start: u64, end: u64) -> Span {
        Span { start, end }
    }

    /// No bytes, before the byte at `at`.
    pub const fn empty(at: u64) -> Span {
        Span { start: at, end: at }
    }

    /// How many bytes.
    pub const fn len(self) -> u64 {
        self.end.saturating_sub(self.start)
    }

    /// Whether there are none.
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Whether the byte at `at` is one of them.
    pub const fn contains(self, at: u64) -> bool {
        self.start <= at && at < self.end
    }
}

/// Where a finding is: bytes, and what they belong to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The bytes.
    pub span: Span,
    /// The offset of the record's header, if it is a record's matter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<u64>,
    /// Upstream's name of that record's type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record_type: Option<Cow<'static, str>>,
    /// What it is about: a short channel id or a node id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Which of several files that were read together, in the order of the report's inputs;
    /// absent where there is but one, or where it is the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<u32>,
    /// The path of the bucket or the name of the table, its keys made visible and parted by `/`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The bytes stand in the write-ahead log of the input; [`Findings::settle`] names the log.
    ///
    /// [`Findings::settle`]: super::Findings::settle
    #[serde(skip)]
    pub(crate) logged: bool,
}

impl Place {
    /// These bytes.
    pub fn span(start: u64, end: u64) -> Place {
        Place { span: Span::new(start, end), ..Place::default() }
    }

    /// The record that fills these bytes.
    pub fn record(start: u64, end: u64, record_type: Option<RecordType>) -> Place {
        Place {
            span: Span::new(start, end),
            record: Some(start),
            record_type: record_type.map(|record_type| Cow::Borrowed(record_type.name())),
            ..Place::default()
        }
    }

    /// The same, about this channel or node.
    #[must_use]
    pub fn about(mut self, key: impl Into<String>) -> Place {
        self.key = Some(key.into());
        self
    }

    /// The same, in that one of several files; 0 is the first.
    #[must_use]
    pub fn of_input(mut self, input: u32) -> Place {
        self.input = (input > 0).then_some(input);
        self
    }

    /// The same, in the write-ahead log of its file.
    #[must_use]
    pub(crate) fn in_log(mut self) -> Place {
        self.logged = true;
        self
    }

    /// The same, in that bucket or table.
    #[must_use]
    pub fn within(mut self, path: impl Into<String>) -> Place {
        self.path = Some(path.into());
        self
    }
}
