//! What a release does with a store, as data: one field for each habit that ever changed.
//!
//! "gossip_store.c" and the other names are upstream's; which release has which habit stands in
//! [`super::releases`] and nowhere else.

/// Whether and when a store is rewritten at start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rewrite {
    /// Never: it is read as it lies (v0.6.2 to v0.7.0).
    Never,
    /// At every start, into a file of its own; what fails leaves the old file (v0.7.1 to
    /// v23.11.2, `gossip_store_compact_offline`).
    Offline,
    /// At every start, and the new file always replaces the old (v24.02 to v25.12.1,
    /// `gossip_store_compact`).
    Always,
    /// Only from an older version (from v26.04, `gossip_store_upgrade`).
    ForUpgrade,
}

/// What becomes of a store whose version the release neither writes nor upgrades.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OtherVersion {
    /// Truncated in place; a new version byte is written.
    Truncated,
    /// The same, but the new version byte goes to offset 1 (v0.8.0 to v0.9.3): the next start
    /// finds version 0 and truncates again.
    TruncatedWithHole,
    /// An empty store has replaced it when `append_msg` asserts: gossipd aborts, the content is
    /// gone (v24.02 to v25.12.1).
    ReplacedThenAborts,
    /// Moved aside (from v26.04).
    MovedAside,
}

/// What becomes of a store in which something is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Corrupt {
    /// Truncated to its version byte, nothing kept aside (v0.6.2 to v0.7.0).
    Truncated,
    /// Moved to gossip_store.corrupt, and an empty one begun.
    MovedAside,
    /// Moved to gossip_store.corrupt; the new file, which ought to be empty, keeps what was
    /// copied until then, and is written over from offset 1 (v24.02 to v24.11.2; fixed in v25.02
    /// by 4f2a7039c).
    MovedAsideNotTruncated,
}

/// What the rewriting looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rewriting {
    /// When.
    pub when: Rewrite,
    /// Checks the checksum of what is not deleted (from v22.11).
    pub checksum: bool,
    /// Drops `delete_chan` (from v0.9.2).
    pub drops_tombstones: bool,
    /// Refuses types that it does not know (v24.02 to v24.11.2).
    pub known_types_only: bool,
    /// Refuses a second announcement before the first has its amount (v24.02 to v24.11.2).
    pub wants_amounts: bool,
    /// Parses `chan_dying` (v24.02 to v25.12.1).
    pub parses_dying: bool,
    /// Sets COMPLETED when it upgrades from 14 or older (from v25.09.1).
    pub completes: bool,
    /// Begins the new file with a uuid record and drops old ones (from v26.04).
    pub uuid: bool,
}

/// Which 130-byte `channel_update`s an upgrade drops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OldUpdates {
    /// None.
    Kept,
    /// Those of version 10, and no other (v22.11 to v23.11.2).
    DroppedFromTen,
    /// Those of version 10 and older (from v24.02).
    DroppedUpToTen,
}

/// How gossipd loads what the rewriting left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Load {
    /// Wrapped messages, straight into the routing tables (v0.6.2 to v0.7.0).
    Wrapped,
    /// Into the routing tables, every message judged (v0.7.1 to v23.11.2, `gossip_store_load`).
    Routing(Routing),
    /// Through gossmap, which may stop early without anybody minding (v24.02 to v24.11.2).
    Gossmap,
    /// Through gossmap, which must come to the very end (from v25.02, `gossmap_load_initial`).
    StrictGossmap,
}

/// Habits of `gossip_store_load` and of `gossipd/routing.c`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Routing {
    /// Knows `delete_chan` (v0.9.1 only: later ones drop it before).
    pub tombstones: bool,
    /// Knows 3503 `local_add_channel` (to v0.9.1).
    pub local_channels: bool,
    /// Which ends in features (from v0.9.0).
    pub local_features: bool,
    /// Knows 4104 `private_channel` (from v0.9.2); told apart as "Bad private_channel" (v0.11.0).
    pub private_channels: bool,
    /// Says "Bad private_channel" of one that does not parse (from v0.11.0).
    pub names_private: bool,
    /// Allows one rate-limited message beside the broadcastable one (from v0.12.0).
    pub spam: bool,
    /// Knows `chan_dying`, tells both checksums, and wants htlc_maximum_msat (from v22.11).
    pub of_2022: bool,
    /// Keeps zombies apart: they count for none of their nodes, and a `node_announcement` that is
    /// one is passed over (v23.02 only).
    pub zombies: bool,
    /// What may stand behind a `node_announcement`.
    pub node_tlvs: NodeTlvs,
    /// Ignores a `node_announcement` that it would not take (from v23.08).
    pub lenient_nodes: bool,
}

/// What a `node_announcement` is read with behind its last field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeTlvs {
    /// Nothing (to v0.10.0).
    Unread,
    /// TLVs, whatever their types and in whatever order (v0.10.1 to v0.10.2).
    Parsed,
    /// TLVs in order, none of an even type that is not known (from v0.11.0).
    Checked,
}

/// What gossmap does with a channel that is announced twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duplicate {
    /// Adds it again (v0.9.1 to v0.11.2).
    AddedAgain,
    /// Replaces a private one that is announced; asserts that it is no other (v0.12.0).
    ReplacesPrivate,
    /// The second replaces the first (v0.12.1 to v23.11.2).
    Replaces,
    /// Asserts (v24.02).
    Asserts,
    /// Says so and reads on (v24.05).
    ReadsOn,
    /// Says so and stops reading (v24.08 to v24.11.2).
    Stops,
    /// Says so; the strict load fails, the lenient one reads on (from v25.02).
    FailsStrict,
}

/// What gossmap does at an `ended` record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Does not know it (v0.9.1 to v0.10.0).
    Unknown,
    /// Opens the file again and goes on behind the equivalent offset (v0.10.1 to v24.11.2).
    JumpsOn,
    /// Opens the file again and stops at the equivalent offset (v25.02 to v25.09).
    Jumps,
    /// Opens the file again and reads from the equivalent offset, which recurses where that is
    /// before the marker (v25.09.1 to v25.12.1).
    Rereads,
    /// Opens the file again and reads it from its start, where it meets the marker again, until
    /// the stack is used up (from v26.04).
    Restarts,
}

/// Which versions gossmap reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    /// Only the one that its release writes (v0.9.1 to v0.12.1).
    Same,
    /// Every one of major version 0 (from v22.11).
    MajorZero,
}

/// Habits of `common/gossmap.c`, by which plugins (and from v24.02 gossipd, from v24.08 connectd)
/// read the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gossmap {
    /// Versions.
    pub reads: Reads,
    /// Reads private channels and updates (v0.9.2 to v23.11.2).
    pub private: bool,
    /// Skips ZOMBIE records (v23.02 to v23.11.2).
    pub skips_zombies: bool,
    /// Duplicates.
    pub duplicate: Duplicate,
    /// Exits at an update of a channel that it does not know (v0.9.1 to v0.10.2).
    pub orphan_exits: bool,
    /// Reads an update's maximum only where the message says that it is there (v0.9.1 to v0.12.1).
    pub maximum_by_flag: bool,
    /// `ended`.
    pub ended: Ended,
    /// Reads every field of an update before it looks for the channel (from v24.11).
    pub whole_updates: bool,
    /// Waits for the amount of an announcement at the end of the file (from v24.08).
    pub waits_for_amount: bool,
    /// `gossmap_chan_get_capacity` asserts that an amount follows (from v24.11).
    pub capacity_asserts: bool,
    /// Checks length, checksum and type, and complains (from v25.02).
    pub checks: bool,
    /// A table of nodes that asserts that none is added twice (from v25.02).
    pub nodes_once: bool,
    /// Stops at a record without COMPLETED, and switches mmap off at a bad one (from v25.09.1).
    pub completed: bool,
    /// gossipd is told of `chan_dying`; one that does not parse crashes it (from v26.04).
    pub dying_crashes: bool,
    /// Two kinds of local changes, which only an assertion's text tells (from v24.11).
    pub two_locals: bool,
    /// Knows `uuid` (from v26.04).
    pub knows_uuid: bool,
}

/// Who sends gossip to peers, and how it reads the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sender {
    /// From memory: the store is not read again (to v0.7.0).
    Memory,
    /// channeld and its like, checking every checksum: a bad one is their death (v0.7.1 to
    /// v0.10.2).
    Channeld,
    /// connectd in the same way (v0.11.0 to v24.05).
    Connectd {
        /// Skips what is DYING (from v23.08).
        skips_dying: bool,
        /// Says also where it began (from v0.12.1).
        says_start: bool,
    },
    /// connectd through gossmap: sending goes by lengths to the end of the file, wherever the map
    /// ends, and looks at no checksum (from v24.08).
    Gossmap,
}

/// Everything that one release line does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// The bits of the first four header bytes that are the length.
    pub len_mask: u32,
    /// Rewriting.
    pub rewriting: Rewriting,
    /// Old updates.
    pub old_updates: OldUpdates,
    /// Loading.
    pub load: Load,
    /// Other versions.
    pub other_version: OtherVersion,
    /// What is wrong inside.
    pub corrupt: Corrupt,
    /// Plugins; none before v0.9.1.
    pub gossmap: Option<Gossmap>,
    /// Gossip for peers.
    pub sender: Sender,
}
