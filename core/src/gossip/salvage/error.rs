//! Why nothing can be repaired.

use core::fmt;

use super::target::OLDEST_TARGET;
use crate::gossip::format::Version;
use crate::report::Headline;

/// At most so many inputs are merged.
pub const INPUTS: usize = 16;

/// Why nothing can be repaired.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SalvageError {
    /// There is no input, or there are more than [`INPUTS`].
    Inputs {
        /// How many there are.
        found: usize,
    },
    /// A version that repair does not write.
    Target {
        /// The version asked for.
        found: u8,
    },
    /// None of the inputs has a record to keep; what the first one is.
    Nothing {
        /// What there is to say about it.
        headline: Headline,
    },
}

impl fmt::Display for SalvageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SalvageError::Inputs { found } => {
                write!(f, "expected 1 to {INPUTS} inputs, found {found}")
            }
            SalvageError::Target { found } => {
                let (oldest, newest) = (OLDEST_TARGET, Version::NEWEST);
                write!(f, "expected a version from {oldest} to {newest} to write, found {found}")
            }
            SalvageError::Nothing { headline } => {
                write!(f, "no record to keep in the input ({})", headline.name())
            }
        }
    }
}

impl core::error::Error for SalvageError {}
