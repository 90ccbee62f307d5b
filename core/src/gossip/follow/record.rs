//! One record of a live store, judged: finished and whole, or what is the matter with it.

use super::live::{Live, Window};
use crate::gossip::crc;
use crate::gossip::damage::flips::message_timestamp;
use crate::gossip::format::{
    Flags, Layout, MAX_BODY, MAX_RECORD, RecordHeader, RecordType, Version,
};
use crate::source::SourceError;

macro_rules! troubles {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// What is the matter with a record.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Trouble { $($(#[$doc])* $variant,)* }

        impl Trouble {
            /// All of them.
            pub const ALL: &'static [Trouble] = &[$(Trouble::$variant),*];

            /// The stable name, as in events.
            pub const fn name(self) -> &'static str {
                match self { $(Trouble::$variant => $name,)* }
            }
        }

    };
}

troubles! {
    /// The file has not even its version byte.
    NoVersion = "no_version",
    /// The file ends inside it.
    CutOff = "cut_off",
    /// It has no COMPLETED bit, in a store of version 15 or later.
    NotCompleted = "not_completed",
    /// Its header is all zeros: so is what a file system leaves where data never arrived.
    Zeros = "zeros",
    /// Its checksum does not hold.
    Checksum = "checksum",
    /// Its body is too short to have a type.
    TooShort = "too_short",
    /// An announcement without the amount that belongs right behind it.
    NoAmount = "no_amount",
    /// The checksum holds, but the content is not that of its type.
    Malformed = "malformed",
    /// The checksum holds, but header and message have different timestamps.
    Timestamp = "timestamp",
    /// A type that no release knows.
    UnknownType = "unknown_type",
}

impl Trouble {
    /// Whether it is also how a record looks that is just being written.
    pub(crate) const fn may_be_unfinished(self, version: Version) -> bool {
        match self {
            Trouble::NoVersion
            | Trouble::CutOff
            | Trouble::NotCompleted
            | Trouble::Zeros
            | Trouble::NoAmount => true,
            // Before version 15 nothing but the checksum tells that a record is finished.
            Trouble::Checksum | Trouble::TooShort => !version.has_completed(),
            _ => false,
        }
    }
}

/// How the store at hand is read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Format {
    pub(crate) version: Version,
    pub(crate) layout: Layout,
}

/// What stands at an offset.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Found<'a> {
    /// Nothing: the file ends here.
    End,
    /// A finished record.
    Record(Record<'a>),
    /// Something else.
    Bad(Bad),
}

/// A finished record.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Record<'a> {
    pub(crate) header: RecordHeader,
    pub(crate) kind: RecordType,
    pub(crate) body: &'a [u8],
    pub(crate) end: u64,
    /// What is wrong with it all the same.
    pub(crate) trouble: Option<Trouble>,
}

impl Record<'_> {
    /// An announcement that must have its amount right behind it.
    pub(crate) fn wants_amount(&self) -> bool {
        self.kind == RecordType::CHANNEL_ANNOUNCEMENT && !self.header.flags.is_deleted()
    }
}

/// What is no finished record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bad {
    pub(crate) trouble: Trouble,
    /// Whether there are bytes behind what it claims to be. lightningd writes one record after
    /// the other, so that nothing follows one that is still being written.
    pub(crate) passed: bool,
}

/// Judges what stands at `at` in a file of `until` bytes.
pub(crate) fn judge<'w>(
    window: &'w mut Window,
    live: &dyn Live,
    format: Format,
    at: u64,
    until: u64,
) -> Result<Found<'w>, SourceError> {
    if at >= until {
        return Ok(Found::End);
    }
    let Format { version, layout } = format;
    let far = until.saturating_sub(at) > MAX_RECORD as u64;
    let (header, body) = window.record(live, layout, at, until)?;
    let bad = |trouble, passed| Ok(Found::Bad(Bad { trouble, passed }));
    let Some(header) = header else { return bad(Trouble::CutOff, false) };
    if header.is_zero() {
        return bad(Trouble::Zeros, far);
    }
    let end = at.saturating_add(layout.header_len() as u64 + u64::from(header.len));
    let passed = if header.len as usize > MAX_BODY { far } else { end < until };
    let Some(body) = body else { return bad(Trouble::CutOff, passed) };
    if version.has_completed() && !header.flags.contains(Flags::COMPLETED) {
        return bad(Trouble::NotCompleted, passed);
    }
    if crc::checksum(layout, header.timestamp, body) != header.crc {
        return bad(Trouble::Checksum, passed);
    }
    let Some(record_type) = crate::gossip::format::be16(body, 0).map(RecordType) else {
        return bad(Trouble::TooShort, passed);
    };
    let trouble = beside(layout, header, record_type, body);
    Ok(Found::Record(Record { header, kind: record_type, body, end, trouble }))
}

/// What can be wrong with a record whose checksum holds.
fn beside(
    layout: Layout,
    header: RecordHeader,
    record_type: RecordType,
    body: &[u8],
) -> Option<Trouble> {
    if header.flags.is_deleted() {
        return None;
    }
    if !record_type.is_known() {
        return Some(Trouble::UnknownType);
    }
    if !record_type.fits(body) {
        return Some(Trouble::Malformed);
    }
    let stamped = layout.has_flags() && header.timestamp != 0;
    let own = message_timestamp(record_type, body).filter(|_| stamped)?;
    (own != header.timestamp).then_some(Trouble::Timestamp)
}
