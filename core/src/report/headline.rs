//! The one sentence that stands first: what kind of day it was.

use serde::{Serialize, Serializer};

macro_rules! headlines {
    ($($(#[$doc:meta])* $variant:ident = $name:literal;)*) => {
        /// The verdict on a file. The names are stable; variants may be added. V1 to V11 are the
        /// kinds of trouble that operators report.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Headline { $($(#[$doc])* $variant,)* }

        impl Headline {
            /// Every headline.
            pub const ALL: &'static [Headline] = &[$(Headline::$variant),*];

            /// The stable name, as in reports.
            pub const fn name(self) -> &'static str {
                match self { $(Headline::$variant => $name,)* }
            }
        }
    };
}

headlines! {
    /// V1: every checksum holds, and nothing speaks against the file.
    Healthy = "healthy";
    /// V2: only the end is torn.
    TornTail = "torn_tail";
    /// V3: runs of zeros.
    ZeroRun = "zero_run";
    /// V4: damaged inside.
    Damaged = "damaged";
    /// V5: a second store begins inside the file.
    SecondStore = "second_store";
    /// V6: channels are announced twice.
    Duplicates = "duplicates";
    /// V7: records without, or before, what they belong to.
    Orphans = "orphans";
    /// V8: aliases hidden by the order of records.
    HiddenAlias = "hidden_alias";
    /// V9: mostly dead records.
    Bloat = "bloat";
    /// V10: the node tells its peers the same again and again.
    Readvertising = "readvertising";
    /// V11: a version that current releases do not read, or that is not that of the records.
    Version = "version";
    /// Readable, but too old to be worth restoring.
    TooOld = "too_old";
    /// Every checksum holds, not every signature. Only where signatures were verified.
    BadSignatures = "bad_signatures";
    /// No bytes.
    Empty = "empty";
    /// Nothing but zeros.
    AllZero = "all_zero";
    /// Another file than a gossip_store.
    WrongFile = "wrong_file";
    /// It changed while it was read.
    NotStill = "not_still";
}

crate::finding::by_name!(Headline);

impl Serialize for Headline {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
