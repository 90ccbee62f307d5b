//! What the records add up to: nodes, channels, both directions of each, amounts; and where the
//! order of records is not what gossipd keeps.
//!
//! The rules are those of upstream's `common/gossmap.c` (v26.06) and of what
//! `gossipd/gossmap_manage.c` writes: a `channel_announcement` is followed at once by its amount;
//! an update or a `node_announcement` counts only if the channel, or a channel of the node, is
//! announced *earlier* in the file; a `delete_chan` ends the channel; of two announcements of one
//! channel the first counts, of two updates of one direction the last.
//!
//! Memory: about 110 bytes for each distinct channel and 90 for each node, whatever the length of
//! the file, up to [`Limits`]; from some thousand on, tables of 0.9 MB at least.

mod ahead;
mod faults;
mod fold;
mod gist;
mod listing;
mod summary;
mod table;

use alloc::vec::Vec;

use hashbrown::{HashMap, HashSet};

pub use faults::{Contradiction, Fault, Kept};
pub use gist::Gist;
pub use listing::{ChannelRow, NodeRow, UpdateRow};
pub use summary::{HiddenAlias, NetworkSummary, Outcome, PRUNE_AFTER};

use super::format::Version;
use table::{Channels, Nodes};

/// How much is remembered. Reaching a limit is itself a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Distinct channels, and distinct channels that updates name without being announced.
    pub channels: u32,
    /// Distinct nodes.
    pub nodes: u32,
    /// Faults of one kind, and findings of one code.
    pub findings: u32,
}

impl Default for Limits {
    /// Twenty times the mainnet of 2026: 220 MB at worst.
    fn default() -> Self {
        Limits { channels: 1_000_000, nodes: 500_000, findings: 1_000 }
    }
}

/// Nodes and channels, built up record by record.
#[derive(Debug)]
pub struct Network {
    limits: Limits,
    channels: Channels,
    nodes: Nodes,
    /// Updates of channels that were not announced when they came: scid → first of each direction.
    orphans: HashMap<u64, [u64; 2], foldhash::fast::FixedState>,
    /// Channels that private records name: their updates are no orphans.
    private: HashSet<u64, foldhash::fast::FixedState>,
    faults: Kept<Fault>,
    /// The announcement that the next record ought to be the amount of.
    waits_for_amount: Option<fold::Waiting>,
    /// One for the stretch before the first wound and one after each wound.
    stretches: Vec<Stretch>,
    live_records: u64,
    dead_records: u64,
    dying: u64,
    orphan_updates: u64,
    superseded: (u64, u64),
    timestamps: Timestamps,
    limited: [bool; 2],
    same_node: bool,
    /// The channel that was met last: its short id and its index.
    last: (u64, u32),
    /// The channels that were added since the last lookup ahead.
    fresh: ahead::Fresh,
    /// Kept for its memory.
    gist: Gist,
}

/// The records between two wounds.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stretch {
    /// File offset of its first record, or where it would be.
    pub start: u64,
    /// How many records.
    pub records: u64,
    /// `channel_announcement`s of channels that an earlier stretch announced.
    pub announced_again: u64,
    /// The newest timestamp of its 257 and 258.
    pub newest: u32,
}

/// The range of the timestamps of live 257 and 258, in seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timestamps {
    /// The smallest; `u32::MAX` if there was none.
    pub oldest: u32,
    /// The largest; 0 if there was none.
    pub newest: u32,
}

impl Network {
    /// How many [`Stretch`]es are told apart; what lies beyond counts to the last.
    const STRETCHES: usize = 1_000;

    /// No node yet. Keys are chosen by strangers, so a face gives a seed for hashing that they
    /// cannot know; the outcome never depends on it.
    pub fn new(limits: Limits, seed: u64) -> Network {
        let state = foldhash::fast::FixedState::with_seed(seed);
        Network {
            limits,
            channels: Channels::new(state.clone()),
            nodes: Nodes::new(state.clone()),
            orphans: HashMap::with_hasher(state.clone()),
            private: HashSet::with_hasher(state),
            faults: Kept::new(limits.findings),
            waits_for_amount: None,
            stretches: alloc::vec![Stretch { start: 1, ..Stretch::default() }],
            live_records: 0,
            dead_records: 0,
            dying: 0,
            orphan_updates: 0,
            superseded: (0, 0),
            timestamps: Timestamps { oldest: u32::MAX, newest: 0 },
            limited: [false; 2],
            same_node: false,
            last: (0, u32::MAX),
            fresh: ahead::Fresh::default(),
            gist: Gist::new(),
        }
    }

    /// The stretches between wounds, in the order of the file.
    pub fn stretches(&self) -> &[Stretch] {
        &self.stretches
    }

    /// Whether a record is one of a channel that versions 12 and 13 keep as a zombie: it does not
    /// count for the network, and is not dead either.
    fn is_zombie(flags: super::format::Flags, version: Version) -> bool {
        use super::format::Flags;
        matches!(version.0, 12 | 13) && flags.contains(Flags::ZOMBIE) && !flags.is_deleted()
    }
}
