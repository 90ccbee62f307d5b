//! The live channels and nodes one by one, as offsets: what the records say beyond that is read
//! again when it is shown ([`crate::gossip::listing`]), so that nothing of it is kept in memory.

use alloc::vec::Vec;

use super::Network;
use super::table::{Channel, Half, NOWHERE};
use crate::gossip::format::ShortChannelId;

/// A live channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChannelRow {
    /// Which.
    pub scid: ShortChannelId,
    /// File offset of the announcement that counts.
    pub announcement: u64,
    /// Its capacity, if an amount followed the announcement.
    pub satoshis: Option<u64>,
    /// `node_id_1` and `node_id_2`.
    pub nodes: [[u8; 33]; 2],
    /// The update of each direction that counts.
    pub updates: [Option<UpdateRow>; 2],
}

/// The update of one direction that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UpdateRow {
    /// File offset of its record.
    pub offset: u64,
    /// Seconds since 1970.
    pub timestamp: u32,
    /// This direction forwards nothing for now.
    pub disabled: bool,
}

/// A node with at least one live channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NodeRow {
    /// Which.
    pub id: [u8; 33],
    /// How many live channels it has.
    pub channels: u32,
    /// File offset of its announcement, if there is a live one.
    pub announcement: Option<u64>,
    /// The announcement stands before the node's first channel, so that upstream does not show it.
    pub hidden: bool,
}

impl Network {
    /// The live channels, by the offset of their announcement.
    pub fn channels(&self) -> impl Iterator<Item = ChannelRow> {
        let ids: Vec<&[u8; 33]> = self.nodes.iter().map(|node| &node.id).collect();
        let mut live: Vec<&Channel> = self.channels.iter().filter(|channel| channel.live).collect();
        live.sort_unstable_by_key(|channel| channel.announcement);
        live.into_iter().map(move |channel| ChannelRow {
            scid: ShortChannelId(channel.scid),
            announcement: channel.announcement,
            satoshis: (channel.satoshis != u64::MAX).then_some(channel.satoshis),
            nodes: channel.nodes.map(|index| ids.get(index as usize).map_or([0; 33], |id| **id)),
            updates: channel.halves.each_ref().map(update),
        })
    }

    /// The nodes that have live channels, by the offset of their announcement; those without one
    /// come last, by id.
    pub fn nodes(&self) -> impl Iterator<Item = NodeRow> {
        let mut rows: Vec<NodeRow> = Vec::new();
        for node in self.nodes.iter().filter(|node| node.channels > 0) {
            let hidden = node.announced == NOWHERE && node.waiting != NOWHERE;
            let announcement = if hidden { node.waiting } else { node.announced };
            rows.push(NodeRow {
                id: node.id,
                channels: node.channels,
                announcement: (announcement != NOWHERE).then_some(announcement),
                hidden,
            });
        }
        rows.sort_unstable_by_key(|row| (row.announcement.unwrap_or(NOWHERE), row.id));
        rows.into_iter()
    }

    /// Whether the limit on channels, or on nodes, was reached, so that some are missing.
    pub fn limited(&self) -> [bool; 2] {
        self.limited
    }
}

fn update(half: &Half) -> Option<UpdateRow> {
    let row = UpdateRow { offset: half.offset, timestamp: half.timestamp, disabled: half.disabled };
    half.live.then_some(row)
}
