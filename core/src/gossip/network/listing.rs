//! The live channels and nodes one by one, as offsets: what the records say beyond that is read
//! again when it is shown ([`crate::gossip::listing`]), so that nothing of it is kept in memory.

use alloc::vec::Vec;

use super::Network;
use super::table::{Half, NOWHERE, Node};
use crate::gossip::format::ShortChannelId;
use crate::sorting::sort;

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
        self.channel_order().into_iter().filter_map(|index| self.channel_at(index))
    }

    /// The same as indexes for [`Network::channel_at`], four bytes each: sorted once, a table can
    /// show any part of itself.
    pub fn channel_order(&self) -> Vec<u32> {
        let live = (0..).zip(self.channels.iter()).filter(|(_, channel)| channel.live);
        let mut order: Vec<(u64, u32)> =
            live.map(|(index, channel)| (channel.announcement, index)).collect();
        sort(&mut order);
        order.into_iter().map(|(_, index)| index).collect()
    }

    /// The channel of that index.
    pub fn channel_at(&self, index: u32) -> Option<ChannelRow> {
        let channel = self.channels.get(index)?;
        let id = |index: u32| self.nodes.id(index).map_or([0; 33], |id| *id);
        Some(ChannelRow {
            scid: ShortChannelId(channel.scid),
            announcement: channel.announcement,
            satoshis: (channel.satoshis != u64::MAX).then_some(channel.satoshis),
            nodes: channel.nodes.map(id),
            updates: channel.halves().map(|half| update(&half)),
        })
    }

    /// The nodes that have live channels, by the offset of their announcement; those without one
    /// come last, by id.
    pub fn nodes(&self) -> impl Iterator<Item = NodeRow> {
        self.node_order().into_iter().filter_map(|index| self.node_at(index))
    }

    /// The same as indexes for [`Network::node_at`], four bytes each.
    pub fn node_order(&self) -> Vec<u32> {
        let some = (0..).zip(self.nodes.iter()).filter(|(_, (_, node))| node.channels > 0);
        let mut order: Vec<_> =
            some.map(|(index, (id, node))| (announcement(node).0, id, index)).collect();
        sort(&mut order);
        order.into_iter().map(|(_, _, index)| index).collect()
    }

    /// The node of that index.
    pub fn node_at(&self, index: u32) -> Option<NodeRow> {
        let node = self.nodes.get(index)?;
        let (announcement, hidden) = announcement(node);
        Some(NodeRow {
            id: *self.nodes.id(index)?,
            channels: node.channels,
            announcement: (announcement != NOWHERE).then_some(announcement),
            hidden,
        })
    }

    /// The two nodes of a channel, live or not; `None` where its announcement was not seen.
    pub fn nodes_of(&self, scid: ShortChannelId) -> Option<[[u8; 33]; 2]> {
        let channel = self.channels.get(self.channels.find(scid.0)?)?;
        let id = |index: u32| self.nodes.id(index).copied();
        let [one, two] = channel.nodes;
        Some([id(one)?, id(two)?])
    }

    /// Whether the limit on channels, or on nodes, was reached, so that some are missing.
    pub fn limited(&self) -> [bool; 2] {
        self.limited
    }
}

/// The offset of the announcement to show, and whether it is one that upstream does not.
fn announcement(node: &Node) -> (u64, bool) {
    let hidden = node.announced == NOWHERE && node.waiting != NOWHERE;
    (if hidden { node.waiting } else { node.announced }, hidden)
}

fn update(half: &Half) -> Option<UpdateRow> {
    let row = UpdateRow { offset: half.offset, timestamp: half.timestamp, disabled: half.disabled };
    half.live.then_some(row)
}
