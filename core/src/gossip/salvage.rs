//! Repair: a plan first, then a store that lightningd accepts.
//!
//! Where lightningd throws the whole store away for one bad byte, every good record is kept here,
//! and what can be proven is mended:
//! - one flipped bit of body, checksum or timestamp with a single explanation; any flip, two bits
//!   included, that the record's own BOLT 7 signatures prove; a bit of the length over which the
//!   checksum holds;
//! - lost COMPLETED bits where the checksum holds, and DELETED bits that other records contradict;
//! - a lost amount that another announcement of the channel still has;
//! - the order: updates and node_announcements go behind the announcement that they need, and of
//!   several announcements of one channel the first counts;
//! - chains that were joined, or written over each other, and several files (a store, its
//!   `gossip_store.corrupt`, a backup): the newest message wins, and *deletions win*. What a newer
//!   chain has let go is not revived from an older one.
//!
//! Nothing is guessed: what is not proven is dropped, and the [`Plan`] says so with reason and
//! offsets. Records marked DELETED are dropped as lightningd drops them; an input that needs
//! nothing is handed back byte for byte.
//!
//! A first pass looks at each input ([`check`](super::check)), a second surveys what all chains say
//! of each channel, a third decides. Writing repeats the third. Memory depends on distinct channels
//! and nodes, never on the length of an input: pieces of the inputs are referred to ([`Segment`]).
//!
//! ```
//! use fulgurite_core::gossip::salvage::{Options, salvage};
//! use fulgurite_core::source::Source;
//!
//! // A store of version 14 with a tombstone, and behind it the first bytes of another record.
//! let mut store = vec![14];
//! let body = [0x10, 0x07, 0, 0, 103, 0, 0, 1, 0, 0];
//! let crc = fulgurite_core::gossip::crc::crc32c(0, &body);
//! store.extend([0, 0, 0, 10]);
//! store.extend(crc.to_be_bytes());
//! store.extend([0; 4]);
//! store.extend(body);
//! let good = store.clone();
//! store.extend([0, 0, 0, 10, 1, 2, 3]);
//!
//! let source: &dyn Source = &store;
//! let (plan, repaired) = salvage(&[source], Options::default())??;
//! assert_eq!((plan.kept, plan.lost), (1, (1, 7)));
//! assert_eq!(repaired, good);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod chains;
mod claims;
mod error;
mod inspect;
mod item;
mod mend;
mod message;
mod passage;
mod plan;
mod planned;
mod planner;
mod reader;
mod segments;
mod survey;
mod target;
mod weave;

use core::fmt;

pub use error::{INPUTS, SalvageError};
pub use item::{Item, Mend, Mends, Patch, Proof};
pub use plan::{Action, Dropped, Ledger, Mended, Plan, PlanInput, Reason, Row, SCHEMA};
pub use planned::{PlanJob, Planned, Writer, salvage};
pub use planner::Planner;
pub use segments::Segment;
pub use target::OLDEST_TARGET;

use super::format::Version;
use super::network::Limits;
use super::signatures::VerifySignature;

/// What a face may choose.
#[derive(Clone, Copy, Default)]
pub struct Options<'a> {
    /// How much is remembered.
    pub limits: Limits,
    /// Seed for hashing; neither plan nor store depends on it.
    pub seed: u64,
    /// What counts as now, in seconds since 1970; without it the newest timestamp of the inputs.
    pub now: Option<u32>,
    /// The version to write, 9 to 16; without it that of the newest chain, within these bounds.
    ///
    /// A release opens no store that is newer than itself: v25.12.1 and older lose a store of
    /// version 16 when they start.
    pub version: Option<Version>,
    /// Drop what newer records replace, and tombstones.
    pub compact: bool,
    /// Verifies signatures of damaged records. Without it, what only a signature can prove is
    /// dropped.
    pub verifier: Option<&'a dyn VerifySignature>,
}

impl Options<'_> {
    /// How much is remembered, and the seed for that.
    fn bounds(&self) -> (Limits, u64) {
        (self.limits, self.seed)
    }
}

impl fmt::Debug for Options<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("now", &self.now)
            .field("version", &self.version)
            .field("compact", &self.compact)
            .field("verifies", &self.verifier.is_some())
            .finish_non_exhaustive()
    }
}
