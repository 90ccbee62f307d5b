//! What comes of it: codes, offsets and log lines, no prose.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize, Serializer};

use crate::finding::{Values, by_name};

macro_rules! names {
    ($(#[$doc:meta])* $type:ident { $($(#[$variant_doc:meta])* $variant:ident = $name:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $type { $($(#[$variant_doc])* $variant,)* }

        impl $type {
            /// All of them.
            pub const ALL: &'static [$type] = &[$($type::$variant),*];

            /// The stable name, as in reports.
            pub const fn name(self) -> &'static str {
                match self { $($type::$variant => $name,)* }
            }
        }

        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }

        by_name!($type);
    };
}

names! {
    /// What gossipd does with the file when it starts.
    Fate {
        /// Reads it to the end and leaves it as it is.
        Accepted = "accepted",
        /// Rewrites it without what is dead, and keeps everything else.
        Compacted = "compacted",
        /// Rewrites it in its own version, and keeps everything that this version has.
        Upgraded = "upgraded",
        /// Keeps what stands before a record that the end of the file cuts off; the rest is gone.
        Prefix = "prefix",
        /// Keeps the file, but reads only the records before an offset, and writes behind the end.
        Part = "part",
        /// Moves it to gossip_store.corrupt and begins an empty one.
        Moved = "moved",
        /// Moves it to gossip_store.corrupt, says that it truncates the new file, and does not:
        /// new records will be written over what was copied.
        NotTruncated = "not_truncated",
        /// Empties it in place; nothing is kept.
        Emptied = "emptied",
        /// Dies; the file stays, and the next start dies too.
        Dies = "dies",
        /// Dies after an empty file has replaced it; nothing is kept.
        DiesEmptied = "dies_emptied",
    }
}

names! {
    /// What another reader of the store does with it.
    Reads {
        /// Reads all of it.
        All = "all",
        /// Stops at an offset; what comes after is not seen.
        Part = "part",
        /// Answers queries from what comes before an offset, but sends peers what comes after as
        /// well, unchecked (connectd from v24.08).
        SendsOn = "sends_on",
        /// Loads it, and dies when asked for the capacity of a channel.
        DiesWhenAsked = "dies_when_asked",
        /// Dies.
        Dies = "dies",
        /// Does not open it.
        Refuses = "refuses",
        /// Keeps gossip in memory and does not read the file.
        Memory = "memory",
    }
}

names! {
    /// Which check decides.
    Check {
        /// The version byte, or that there is none.
        Version = "version",
        /// A checksum.
        Checksum = "checksum",
        /// The end of the file inside a record.
        Torn = "torn",
        /// Bytes behind the last record that are too few for a header.
        Stray = "stray",
        /// The COMPLETED bit.
        Completed = "completed",
        /// A body too short to have a type.
        TooShort = "too_short",
        /// A type that the release does not know.
        Type = "type",
        /// An announcement without its amount.
        Amount = "amount",
        /// A channel that is announced twice.
        Duplicate = "duplicate",
        /// A `channel_announcement` that does not parse, or is announced already.
        Announcement = "announcement",
        /// A `channel_update` that does not parse, is of no channel, is the second of its
        /// direction, or exceeds the capacity.
        Update = "update",
        /// A `node_announcement` that does not parse, or is of no node, or is the second.
        Node = "node",
        /// An announcement that no update follows.
        Unupdated = "unupdated",
        /// A `chan_dying` that does not parse.
        Dying = "dying",
        /// A record of a private channel that does not parse.
        Private = "private",
        /// A `channel_amount` that does not parse.
        AmountFields = "amount_fields",
        /// A deletion of a channel that is not known.
        Deletion = "deletion",
        /// An `ended` record.
        Ended = "ended",
        /// A field that lies behind the end of the file.
        Fields = "fields",
        /// A channel whose two nodes are one, unknown before.
        SameNode = "same_node",
    }
}

names! {
    /// Why the verdict for a release is given.
    Why {
        /// It is the newest line that writes the file's version.
        WroteIt = "wrote_it",
        /// It is the newest line that is known.
        Newest = "newest",
        /// Both.
        WroteItNewest = "wrote_it_newest",
        /// Somebody asked.
        Asked = "asked",
    }
}

/// The verdicts for one release line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseVerdict {
    /// The first release of the line.
    pub release: Cow<'static, str>,
    /// The last one that does the same.
    pub last: Cow<'static, str>,
    /// Why it stands here.
    pub why: Why,
    /// Whether gossipd keeps everything that is alive in the file, and every other reader reads
    /// all of what gossipd leaves.
    pub accepted: bool,
    /// gossipd at start.
    pub gossipd: GossipdVerdict,
    /// Plugins: they read what gossipd leaves in place; if that is nothing, the file as it was.
    /// Absent before v0.9.1, when no plugin read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plugins: Option<ReaderVerdict>,
    /// Whoever sends gossip to peers: connectd, before v0.11.0 channeld.
    pub connectd: ReaderVerdict,
}

/// What gossipd does at start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GossipdVerdict {
    /// What becomes of the file.
    pub fate: Fate,
    /// Which check decided, if one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<Check>,
    /// At which offset of the file: that of the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<u64>,
    /// What it says in the log, as far as it tells of the file. Bytes of records are `<hex>`,
    /// reasons of the operating system `<errno>`. Offsets in it may be those of a rewritten file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub log: Vec<String>,
    /// Figures: `size` of the file it goes on with, `channels`, `updates` and `nodes` that it
    /// has then, and what rewriting dropped (`deleted`, `tombstones`, `private`, `zombies`,
    /// `old_updates`); `limited` if not everything could be remembered, so that the verdict is
    /// that of the part that was; `unsure` if an `ended` record points to a place of the file from
    /// where reading goes on, which is not followed.
    #[serde(default, skip_serializing_if = "Values::is_empty")]
    pub values: Values,
}

/// What another reader does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReaderVerdict {
    /// How it ends.
    pub reads: Reads,
    /// Which check decided, if one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<Check>,
    /// At which offset of the file: that of the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<u64>,
    /// What it says; see [`GossipdVerdict::log`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub log: Vec<String>,
    /// Figures: `processed` bytes of `size`, `channels`, `updates`, `nodes`.
    #[serde(default, skip_serializing_if = "Values::is_empty")]
    pub values: Values,
}

/// Something that a check minds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Trouble {
    pub(super) check: Check,
    /// Offset in the file that was given.
    pub(super) at: u64,
    /// In the file that was being read; the same unless that was a rewritten one.
    pub(super) log: Vec<String>,
    /// Whether the process dies of it.
    pub(super) dies: bool,
}

impl Trouble {
    pub(super) fn new(check: Check, at: u64, line: impl Into<String>) -> Trouble {
        Trouble { check, at, log: alloc::vec![line.into()], dies: false }
    }

    pub(super) fn silent(check: Check, at: u64) -> Trouble {
        Trouble { check, at, log: Vec::new(), dies: false }
    }

    /// The same, and the process dies of it.
    pub(super) fn deadly(mut self) -> Trouble {
        self.dies = true;
        self
    }
}
