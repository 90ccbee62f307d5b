//! Why a body could not be read.

use crate::gossip::format::RecordType;
use core::fmt;

/// Why a body could not be read, and where. Offsets count from the body's first byte, also for a
/// message wrapped in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WireError {
    /// The body ends within a field, or before it.
    Short {
        /// The field's name in BOLT 7 or upstream.
        field: &'static str,
        /// Where the field was expected.
        at: usize,
        /// How many bytes it takes.
        needed: usize,
        /// How many bytes there are.
        found: usize,
    },
    /// Bytes follow the last field of a message that may not grow.
    Excess {
        /// Where the last field ends.
        at: usize,
        /// How many bytes follow.
        found: usize,
    },
    /// A record wraps another message than its own type promises.
    WrongType {
        /// Where the inner type stands.
        at: usize,
        /// The type that belongs there.
        expected: RecordType,
        /// The type that stands there.
        found: RecordType,
    },
    /// A BOLT 1 BigSize is longer than its value needs.
    NotMinimal {
        /// Which number: `tlv_type` or `tlv_length`.
        field: &'static str,
        /// Where it stands.
        at: usize,
        /// How many bytes its value needs.
        needed: usize,
        /// How many bytes it has.
        found: usize,
    },
    /// The type of a TLV record is not greater than that of the one before (BOLT 1).
    NotAscending {
        /// Where the type stands.
        at: usize,
        /// The type of the record before.
        previous: u64,
        /// The type that stands there.
        found: u64,
    },
}

impl WireError {
    /// The name of the field that could not be read; `end` for bytes after the last one.
    pub const fn field(&self) -> &'static str {
        match self {
            WireError::Short { field, .. } | WireError::NotMinimal { field, .. } => field,
            WireError::Excess { .. } => "end",
            WireError::WrongType { .. } => "type",
            WireError::NotAscending { .. } => "tlv_type",
        }
    }

    /// Where in the body it was expected.
    pub const fn at(&self) -> usize {
        match self {
            WireError::Short { at, .. }
            | WireError::Excess { at, .. }
            | WireError::WrongType { at, .. }
            | WireError::NotMinimal { at, .. }
            | WireError::NotAscending { at, .. } => *at,
        }
    }
}

impl fmt::Display for WireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WireError::Short { field, at, needed, found } => {
                write!(f, "{field} at byte {at} takes {needed} bytes, there are {found}")
            }
            WireError::Excess { at, found } => {
                write!(f, "{found} bytes follow the last field, which ends at byte {at}")
            }
            WireError::WrongType { at, expected, found } => {
                write!(f, "type {} at byte {at}, where {} belongs", found.0, expected.0)
            }
            WireError::NotMinimal { field, at, needed, found } => {
                write!(f, "{field} at byte {at} has {found} bytes where {needed} would do")
            }
            WireError::NotAscending { at, previous, found } => {
                write!(f, "tlv_type {found} at byte {at} follows {previous}, and is not greater")
            }
        }
    }
}

impl core::error::Error for WireError {}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString as _;

    #[test]
    fn an_error_says_what_and_where() {
        let short = WireError::Short { field: "satoshis", at: 2, needed: 8, found: 3 };
        assert_eq!(short.to_string(), "satoshis at byte 2 takes 8 bytes, there are 3");
        assert_eq!((short.field(), short.at()), ("satoshis", 2));
        let excess = WireError::Excess { at: 10, found: 1 };
        assert_eq!(excess.to_string(), "1 bytes follow the last field, which ends at byte 10");
        assert_eq!((excess.field(), excess.at()), ("end", 10));
        let many = WireError::NotMinimal { field: "tlv_length", at: 7, needed: 1, found: 3 };
        assert_eq!(many.to_string(), "tlv_length at byte 7 has 3 bytes where 1 would do");
        assert_eq!((many.field(), many.at()), ("tlv_length", 7));
        let again = WireError::NotAscending { at: 8, previous: 5, found: 5 };
        assert_eq!(again.to_string(), "tlv_type 5 at byte 8 follows 5, and is not greater");
        assert_eq!((again.field(), again.at()), ("tlv_type", 8));
        let wrong = WireError::WrongType {
            at: 4,
            expected: RecordType::CHANNEL_UPDATE,
            found: RecordType::UUID,
        };
        assert_eq!(wrong.to_string(), "type 4107 at byte 4, where 258 belongs");
        assert_eq!(wrong.field(), "type");
    }
}
