//! What it came to, once the last record is in.

use alloc::vec::Vec;

use super::table::{Channel, Half, NOWHERE, Node, per_node};
use super::{Contradiction, Fault, Kept, Network, Timestamps};
use crate::gossip::format::{ShortChannelId, Version};
use crate::sorting::{sort, sort_by_key};

/// Upstream prunes a channel when either of its updates is older than this many seconds
/// (`GOSSIP_PRUNE_INTERVAL`, two weeks as BOLT 7 allows).
pub const PRUNE_AFTER: u32 = 1_209_600;

/// Ages are counted in so many classes.
const AGES: usize = 31;

/// The network in figures.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct NetworkSummary {
    /// Nodes with at least one live channel.
    pub nodes: u64,
    /// Those of them whose `node_announcement` counts.
    pub announced_nodes: u64,
    /// Live channels.
    pub channels: u64,
    /// Directions of live channels that have an update.
    pub updates: u64,
    /// Those of them that are disabled.
    pub disabled: u64,
    /// Those of them in the old form of 130 bytes, without htlc_maximum_msat.
    pub updates_without_htlc_maximum: u64,
    /// The capacity of all live channels together, in satoshi.
    pub capacity_sat: u64,
    /// `chan_dying` records.
    pub dying: u64,
    /// Records that upstream counts as live: announcements of channels and nodes, and updates.
    pub live_records: u64,
    /// Records that upstream counts as dead.
    pub dead_records: u64,
    /// Live updates that newer live ones replace.
    pub superseded: u64,
    /// Their bytes, headers included.
    pub superseded_bytes: u64,
    /// Live updates that came before, or without, an announcement of their channel.
    pub orphan_updates: u64,
    /// The oldest timestamp of a live 257 or 258; absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oldest_timestamp: Option<u32>,
    /// The newest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub newest_timestamp: Option<u32>,
    /// What counts as now: what the face said, else the newest timestamp.
    pub now: u32,
    /// Channels whose two updates are both younger than two weeks now: those that the next prune
    /// leaves.
    pub channels_after_prune: u64,
    /// Live updates by age now: one count for each full day, the last for 30 days and more.
    /// Updates from the future count as of today.
    pub update_ages_days: Vec<u64>,
    /// The most announcements of one node, dead ones included.
    pub most_announced_node: u64,
}

/// A node whose alias upstream does not show, because its announcement comes before its first
/// channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HiddenAlias {
    /// The node.
    pub node_id: [u8; 33],
    /// File offset of its announcement.
    pub node_announcement: u64,
    /// File offset of its first channel's announcement.
    pub first_channel: u64,
}

/// Everything the network has to say.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// In figures.
    pub summary: NetworkSummary,
    /// What is in the wrong order or contradicts itself, by offset within each kind.
    pub faults: Kept<Fault>,
    /// Nodes whose alias is hidden, by offset.
    pub hidden: Kept<HiddenAlias>,
    /// The announcement that the file ends with although its amount is missing, and its end.
    pub ends_without_amount: Option<(u64, u64)>,
    /// Whether the limit on channels, or on nodes, was reached.
    pub limited: [bool; 2],
    /// Whether a live channel was announced whose two nodes are one.
    pub same_node: bool,
}

impl Network {
    /// Balances the books; more records may follow. `now` is in seconds since 1970; without it the newest timestamp counts.
    pub fn finish(&self, version: Version, now: Option<u32>) -> Outcome {
        let now = now.unwrap_or(self.timestamps.newest);
        let mut found = Vec::new();
        let ends_without_amount = self.still_waiting();
        let summary = self.summarise(version, now, &mut found);
        self.judge_orphans(&mut found);
        let hidden = self.judge_nodes(&mut found);
        sort_by_key(&mut found, |(offset, _)| *offset);
        let mut faults = self.faults.clone();
        for (_, fault) in found {
            faults.push(fault);
        }
        Outcome {
            summary,
            faults,
            hidden,
            ends_without_amount,
            limited: self.limited,
            same_node: self.same_node,
        }
    }

    /// The figures, and on the same way through the channels those records of theirs whose DELETED
    /// bit is not to be believed.
    fn summarise(
        &self,
        version: Version,
        now: u32,
        found: &mut Vec<(u64, Fault)>,
    ) -> NetworkSummary {
        let Timestamps { oldest, newest } = self.timestamps;
        let mut summary = NetworkSummary {
            nodes: 0,
            announced_nodes: 0,
            channels: 0,
            updates: 0,
            disabled: 0,
            updates_without_htlc_maximum: 0,
            capacity_sat: 0,
            dying: self.dying,
            live_records: self.live_records,
            dead_records: self.dead_records,
            superseded: self.superseded.0,
            superseded_bytes: self.superseded.1,
            orphan_updates: self.orphan_updates,
            oldest_timestamp: (oldest <= newest).then_some(oldest),
            newest_timestamp: (oldest <= newest).then_some(newest),
            now,
            channels_after_prune: 0,
            update_ages_days: alloc::vec![0; AGES],
            most_announced_node: 0,
        };
        let fresh_from = now.saturating_sub(PRUNE_AFTER);
        let limit = self.limits.findings as usize;
        for channel in self.channels.iter() {
            let halves = channel.halves();
            if found.len() < limit
                && let Some((record, scid, because)) = suspect(channel, halves, version)
            {
                let scid = Some(ShortChannelId(scid));
                found.push((record, Fault::Deleted { record, scid, because }));
            }
            if !channel.live {
                continue;
            }
            summary.channels += 1;
            if channel.satoshis != u64::MAX {
                summary.capacity_sat = summary.capacity_sat.saturating_add(channel.satoshis);
            }
            for half in halves.iter().filter(|half| half.live) {
                summary.updates += 1;
                let days = (now.saturating_sub(half.timestamp) / 86_400) as usize;
                if let Some(count) = summary.update_ages_days.get_mut(days.min(AGES - 1)) {
                    *count += 1;
                }
                summary.disabled += u64::from(half.disabled);
                summary.updates_without_htlc_maximum += u64::from(half.len < 12 + 138);
            }
            let fresh = halves.iter().all(|half| half.live && half.timestamp >= fresh_from);
            summary.channels_after_prune += u64::from(fresh);
        }
        for (_, node) in self.nodes.iter() {
            summary.nodes += u64::from(node.channels > 0);
            summary.announced_nodes += u64::from(node.channels > 0 && node.announced != NOWHERE);
            summary.most_announced_node = summary.most_announced_node.max(node.seen.into());
        }
        summary
    }

    /// For each node, where its first live channel is announced.
    fn first_channels(&self) -> alloc::boxed::Box<[u64]> {
        let mut first = per_node(&self.nodes, NOWHERE);
        for channel in self.channels.iter().filter(|channel| channel.live) {
            for index in channel.nodes {
                if let Some(first) = first.get_mut(index as usize) {
                    *first = (*first).min(channel.announcement);
                }
            }
        }
        first
    }

    fn judge_orphans(&self, found: &mut Vec<(u64, Fault)>) {
        let mut orphans: Vec<(u64, u64)> = self
            .orphans
            .iter()
            .flat_map(|(&scid, offsets)| offsets.map(|update| (update, scid)))
            .filter(|(update, _)| *update != NOWHERE)
            .collect();
        sort(&mut orphans);
        for (update, scid) in orphans.into_iter().take(self.limits.findings as usize) {
            let channel = self.channels.find(scid).and_then(|index| self.channels.get(index));
            let scid = ShortChannelId(scid);
            let announcement = channel
                .filter(|channel| channel.live && channel.announcement > update)
                .map(|channel| channel.announcement);
            let fault = match announcement {
                Some(announcement) => {
                    Fault::UpdateBeforeAnnouncement { scid, update, announcement }
                }
                None => Fault::UpdateWithoutAnnouncement { scid, update },
            };
            found.push((update, fault));
        }
    }

    fn judge_nodes(&self, found: &mut Vec<(u64, Fault)>) -> Kept<HiddenAlias> {
        let mut kept = Kept::new(self.limits.findings);
        let nothing_to_see = |(_, node): (_, &Node)| {
            node.announced != NOWHERE || node.waiting == NOWHERE && node.deleted == NOWHERE
        };
        if self.nodes.iter().all(nothing_to_see) {
            // Then nobody asks where a node's first channel stands, which takes a while to find.
            return kept;
        }
        let mut hidden = Vec::new();
        for ((id, node), &first_channel) in self.nodes.iter().zip(&self.first_channels()) {
            let unseen = node.announced == NOWHERE && node.waiting != NOWHERE;
            let node_announcement = node.waiting;
            if unseen && node.channels > 0 {
                hidden.push(HiddenAlias { node_id: *id, node_announcement, first_channel });
            } else if unseen {
                found.push((node_announcement, Fault::NodeWithoutChannel { node_announcement }));
            } else if node.announced == NOWHERE
                && node.deleted != NOWHERE
                && first_channel < node.deleted
            {
                let because = Contradiction::NodeLives;
                let record = node.deleted;
                found.push((record, Fault::Deleted { record, scid: None, because }));
            }
        }
        sort_by_key(&mut hidden, |alias| alias.node_announcement);
        for alias in hidden {
            kept.push(alias);
        }
        kept
    }
}

/// The record of this channel whose DELETED bit is not to be believed.
fn suspect(
    channel: &Channel,
    halves: [Half; 2],
    version: Version,
) -> Option<(u64, u64, Contradiction)> {
    if channel.live {
        let half = halves.into_iter().find(|half| !half.live && half.offset != NOWHERE)?;
        return Some((half.offset, channel.scid, Contradiction::NoSuccessor));
    }
    if channel.tombstone {
        return None;
    }
    let because = if channel.amount_lives {
        Contradiction::AmountLives
    } else if channel.satoshis == u64::MAX && halves.iter().any(|half| half.live) {
        // Of an amount nothing is known. One that is marked too was marked with its announcement:
        // the channel was closed, and its updates not marked as yet.
        Contradiction::UpdatesLive
    } else if version.0 >= 14 {
        Contradiction::NoTombstone
    } else {
        return None;
    };
    Some((channel.announcement, channel.scid, because))
}
