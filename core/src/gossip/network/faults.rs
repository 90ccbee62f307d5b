//! Where the records contradict each other or stand in the wrong order.

use alloc::vec::Vec;

use crate::gossip::format::ShortChannelId;

/// The first so many of something, and how many there were.
#[derive(Clone, Debug)]
pub struct Kept<T> {
    items: Vec<T>,
    count: u64,
    limit: u32,
}

impl<T> Kept<T> {
    /// None yet; at most `limit` will be kept.
    pub fn new(limit: u32) -> Kept<T> {
        Kept { items: Vec::new(), count: 0, limit }
    }

    /// Counts one, and keeps it if there is room.
    pub fn push(&mut self, item: T) {
        self.count += 1;
        if self.items.len() < self.limit as usize {
            self.items.push(item);
        }
    }

    /// The kept ones.
    pub fn items(&self) -> &[T] {
        &self.items
    }

    /// How many there were.
    pub fn count(&self) -> u64 {
        self.count
    }
}

/// Something that the order of records, or their flags, say wrongly. Offsets are those of record
/// headers in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// A channel that is live is announced again.
    DuplicateAnnouncement {
        /// The channel.
        scid: ShortChannelId,
        /// The announcement that counts.
        first: u64,
        /// The other one, to its end.
        second: (u64, u64),
    },
    /// A live update or node_announcement stands there twice, with the same timestamp.
    Repeat {
        /// The first.
        first: u64,
        /// The second.
        second: u64,
    },
    /// A live announcement is not followed by its amount.
    MissingAmount {
        /// The channel.
        scid: ShortChannelId,
        /// Its announcement.
        announcement: u64,
        /// Where the amount ought to be.
        at: u64,
    },
    /// An amount that does not follow an announcement.
    OrphanAmount {
        /// The amount, to its end.
        amount: (u64, u64),
    },
    /// A DELETED bit that other records contradict.
    Deleted {
        /// The record that carries the bit.
        record: u64,
        /// The channel, where it is one's record.
        scid: Option<ShortChannelId>,
        /// What contradicts it.
        because: Contradiction,
    },
    /// A tombstone for a channel whose records are live.
    UnfinishedDelete {
        /// The channel.
        scid: ShortChannelId,
        /// Its announcement.
        announcement: u64,
        /// The tombstone, to its end.
        tombstone: (u64, u64),
    },
    /// An update before the announcement that it needs.
    UpdateBeforeAnnouncement {
        /// The channel.
        scid: ShortChannelId,
        /// The update.
        update: u64,
        /// The announcement.
        announcement: u64,
    },
    /// An update of a channel that is announced nowhere.
    UpdateWithoutAnnouncement {
        /// The channel.
        scid: ShortChannelId,
        /// The update.
        update: u64,
    },
    /// A node_announcement of a node that no channel names.
    NodeWithoutChannel {
        /// The announcement.
        node_announcement: u64,
    },
}

/// What speaks against a DELETED bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Contradiction {
    /// The announcement is marked, its amount is not.
    AmountLives,
    /// The announcement is marked, its updates are not.
    UpdatesLive,
    /// The amount is marked, its announcement is not.
    AnnouncementLives,
    /// The update is marked, no newer one is there, and the channel lives.
    NoSuccessor,
    /// The node_announcement is marked, no newer one is there, and the node had channels all the
    /// time.
    NodeLives,
    /// The announcement is marked, but no tombstone came (written first from v24.02).
    NoTombstone,
}

impl Contradiction {
    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Contradiction::AmountLives => "amount_lives",
            Contradiction::UpdatesLive => "updates_live",
            Contradiction::AnnouncementLives => "announcement_lives",
            Contradiction::NoSuccessor => "no_successor",
            Contradiction::NodeLives => "node_lives",
            Contradiction::NoTombstone => "no_tombstone",
        }
    }
}
