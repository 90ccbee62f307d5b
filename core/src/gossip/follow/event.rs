//! What is worth a line: codes and values, no prose.

use serde::{Serialize, Serializer};

use crate::finding::{Severity, Values};

macro_rules! whats {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $severity:ident;)*) => {
        /// What happened to a store.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum What { $($(#[$doc])* $variant,)* }

        impl What {
            /// All of them.
            pub const ALL: &'static [What] = &[$(What::$variant),*];

            /// The stable name, as in JSON.
            pub const fn name(self) -> &'static str {
                match self { $(What::$variant => $name,)* }
            }

            /// How bad it usually is.
            pub const fn severity(self) -> Severity {
                match self { $(What::$variant => Severity::$severity,)* }
            }
        }
    };
}

whats! {
    /// The store was read to its end and is followed from here on: `version`, `size`, `records`,
    /// `live`, `dead`.
    Following = "following", Info;
    /// A span that is no finished record, or a record that is not right: `offset`, `end` (where
    /// known), `trouble`.
    Wound = "wound", Damage;
    /// The last record has not been finished for as long as anyone is ready to wait: `offset`,
    /// `size`, `trouble`.
    Unfinished = "unfinished", Warning;
    /// What was told of an offset is no longer so: `offset`.
    Healed = "healed", Info;
    /// There are more wounds than are remembered one by one: `limit`.
    ManyWounds = "many_wounds", Damage;
    /// A new store replaced this one, as its `ended` record says: `size`, `new_size`.
    Compacted = "compacted", Info;
    /// Another file has taken the store's place, and the old one has no `ended` record: `size`.
    Replaced = "replaced", Warning;
    /// lightningd has moved the store to gossip_store.corrupt: `size`.
    MovedAside = "moved_aside", Damage;
    /// There is a gossip_store.corrupt from before.
    CorruptThere = "corrupt_there", Info;
    /// A gossip_store.corrupt has appeared, or another one than before.
    CorruptAppeared = "corrupt_appeared", Damage;
    /// The file became shorter than what was read of it: `size`, `new_size`.
    Truncated = "truncated", Damage;
    /// What was read before is no longer there: it is read again from its start: `offset`.
    Rewritten = "rewritten", Warning;
    /// There is no store.
    Missing = "missing", Damage;
    /// There is one again.
    Back = "back", Info;
    /// The store's last record says that it has been replaced, and it has not: from v26.04 on
    /// lightningd dies of that at every start. `offset`.
    EndedInUse = "ended_in_use", Damage;
    /// A version that is not known, so that nothing can be followed: `version`.
    UnknownVersion = "unknown_version", Warning;
    /// Bytes appended in the last hour exceed the limit: `bytes_per_hour`, `limit`.
    Growing = "growing", Warning;
    /// They no longer do: `bytes_per_hour`, `limit`.
    GrowthNormal = "growth_normal", Info;
    /// The rule by which v26.04 and later compact is met: `size`, `live`, `dead`.
    CompactionDue = "compaction_due", Info;
    /// It has been met for long, and nothing came of it: `size`, `live`, `dead`, `seconds`.
    CompactionOverdue = "compaction_overdue", Warning;
    /// A release that compacts only when it starts has as many dead records as would make a later
    /// one compact: `size`, `live`, `dead`.
    Bloated = "bloated", Warning;
}

impl Serialize for What {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Event {
    /// What happened.
    #[serde(rename = "event")]
    pub what: What,
    /// How bad it is.
    pub severity: Severity,
    /// Its figures.
    pub values: Values,
}

impl Event {
    pub(super) fn new(what: What, values: Values) -> Event {
        Event { what, severity: what.severity(), values }
    }
}
