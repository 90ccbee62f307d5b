//! One record after the other.

use super::ahead::{AHEAD, Found, Fresh, Place};
use super::gist::{Gist, Item, Matter};
use super::table::{Channel, Half, NOWHERE};
use super::{Contradiction, Fault, Network, Stretch};
use crate::gossip::format::{ShortChannelId, Version};
use crate::gossip::scan::Batch;

/// The gist of so many records is made before they are taken, where one thread does both.
const SOME: usize = 1_024;

/// An announcement whose amount ought to be the next record.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waiting {
    scid: u64,
    /// The channel, if the announcement is one that counts or would if it were not deleted.
    channel: Option<u32>,
    announcement: u64,
    end: u64,
    deleted: bool,
}

impl Network {
    /// Takes the records of one push; `chunk` is what was pushed.
    pub fn fold(&mut self, version: Version, chunk: &[u8], batch: &Batch) {
        let mut gist = core::mem::take(&mut self.gist);
        let mut wounds = batch.wounds.iter();
        // Some at a time: a push may be large.
        for records in batch.records.chunks(SOME) {
            gist.clear();
            gist.add_some(version, chunk, batch, records, &mut wounds);
            self.take(&gist);
        }
        gist.clear();
        gist.add_wounds(&mut wounds, u64::MAX);
        self.take(&gist);
        self.gist = gist;
    }

    /// Takes the gist of one push or of several in a row.
    pub fn take(&mut self, gist: &Gist) {
        let mut found = [Found::default(); AHEAD];
        for group in gist.items.chunks(AHEAD) {
            self.look_up(gist, group, &mut found);
            self.fresh = Fresh::default();
            for (found, item) in found.iter().zip(group) {
                self.item(gist, item, *found);
            }
        }
    }

    /// After a wound, nothing is known of what stood before it.
    fn wound(&mut self, start: u64, end: u64) {
        if self.waits_for_amount.is_some_and(|waiting| waiting.end == start) {
            // The amount, if there was one, is in the wound.
            self.waits_for_amount = None;
        }
        if self.stretches.len() < Self::STRETCHES {
            self.stretches.push(Stretch { start: end, ..Stretch::default() });
        }
    }

    #[inline]
    fn item(&mut self, gist: &Gist, item: &Item, found: Found) {
        if let Matter::Wound { end } = item.what {
            return self.wound(item.offset, end);
        }
        let live = item.live;
        if !live {
            self.dead_records += 1;
        }
        if let Some(stretch) = self.stretches.last_mut() {
            stretch.records += 1;
        }
        if !matches!(item.what, Matter::Amount { .. } | Matter::NoAmount) {
            self.give_up_waiting();
        }
        match item.what {
            Matter::Update { scid, timestamp, direction, disabled } => {
                let half =
                    Half { offset: item.offset, timestamp, len: item.short_len(), live, disabled };
                self.update(scid, direction, half, found.channel);
            }
            Matter::Opening { scid, nodes, zombie } => {
                let channel =
                    if zombie { None } else { self.announce(item, scid, gist.pair(nodes), found) };
                self.waits_for_amount = Some(Waiting {
                    scid,
                    channel,
                    announcement: item.offset,
                    end: item.end(),
                    // Of a zombie lightningd wants it too (v23.02 to v23.11.2).
                    deleted: !live,
                });
            }
            Matter::Whole { at } => {
                if let Some(whole) = gist.whole.get(at as usize) {
                    let nodes = gist.pair(whole.nodes);
                    let channel = self.announce(item, whole.scid, nodes, Found::default());
                    self.set_amount(channel, whole.satoshis);
                }
            }
            Matter::Node { timestamp, node } => {
                self.node(item, gist.id(node), timestamp, found.nodes[0]);
            }
            Matter::Amount { satoshis } => self.amount(item, satoshis),
            Matter::Tombstone { scid, marks } if live || !marks => {
                self.tombstone(item, scid, marks);
            }
            Matter::Dying if live => self.dying += 1,
            Matter::Private { scid } => self.know_private(scid),
            _ => {}
        }
    }

    fn know_private(&mut self, scid: u64) {
        if self.private.len() < self.limits.channels as usize {
            self.private.insert(scid);
            self.orphans.remove(&scid);
        } else {
            self.limited[0] = true;
        }
    }

    /// A record that is not an amount came: the announcement before it goes without.
    fn give_up_waiting(&mut self) {
        let Some(Waiting { scid, announcement, end, deleted, .. }) = self.waits_for_amount else {
            return;
        };
        self.waits_for_amount = None;
        if !deleted {
            let scid = ShortChannelId(scid);
            self.faults.push(Fault::MissingAmount { scid, announcement, at: end });
        }
    }

    /// The announcement that the file ends with, if its amount is missing.
    pub(super) fn still_waiting(&self) -> Option<(u64, u64)> {
        let waiting = self.waits_for_amount.filter(|waiting| !waiting.deleted)?;
        Some((waiting.announcement, waiting.end))
    }

    fn announce(
        &mut self,
        item: &Item,
        scid: u64,
        node_ids: [&[u8; 33]; 2],
        found: Found,
    ) -> Option<u32> {
        let live = item.live;
        let new = found.channel.is_absent() && !self.fresh.may_have(scid);
        let look = || if new { None } else { self.channels.find(scid) };
        let known = found.channel.index().or_else(look);
        if let Some(index) = known {
            let channel = self.channels.get(index)?;
            if live && channel.live {
                let first = channel.announcement;
                let second = (item.offset, item.end());
                self.announced_again(first);
                self.faults.push(Fault::DuplicateAnnouncement {
                    scid: ShortChannelId(scid),
                    first,
                    second,
                });
                return None;
            }
            if !live && (channel.live || channel.announcement != NOWHERE && channel.tombstone) {
                // A dead copy of a channel that lives on, or died properly: nothing to learn.
                return None;
            }
        }
        if known.is_none() && self.channels.len() >= self.limits.channels {
            self.limited[0] = true;
            return None;
        }
        let nodes = if live {
            let ([first, second], [one, other]) = (node_ids, found.nodes);
            [self.node_of(first, one)?, self.node_of(second, other)?]
        } else {
            [u32::MAX; 2]
        };
        if live {
            self.live_records += 1;
            self.same_node |= nodes[0] == nodes[1];
            for index in nodes {
                if let Some(node) = self.nodes.get_mut(index) {
                    node.channels += 1;
                }
            }
        }
        let announcement = item.offset;
        if let Some(index) = known {
            *self.channels.get_mut(index)? = Channel::new(scid, announcement, nodes, live);
            self.last = (scid, index);
            return Some(index);
        }
        let index = self.channels.add(scid, announcement, nodes, live);
        self.fresh.put(scid);
        self.last = (scid, index);
        Some(index)
    }

    fn announced_again(&mut self, first: u64) {
        if let Some(stretch) = self.stretches.last_mut().filter(|stretch| first < stretch.start) {
            stretch.announced_again += 1;
        }
    }

    /// The index of a node, made if need be; `None` beyond the limit.
    fn node_of(&mut self, id: &[u8; 33], found: Place) -> Option<u32> {
        let known = found.index().or_else(|| self.nodes.find(id));
        if known.is_none() && self.nodes.len() >= self.limits.nodes {
            self.limited[1] = true;
            return None;
        }
        Some(known.unwrap_or_else(|| self.nodes.add(id)))
    }

    fn amount(&mut self, item: &Item, satoshis: u64) {
        let live = item.live;
        // (Not by `take`, which copies it as a whole: that waits for its parts to be written.)
        let waiting = self.waits_for_amount.filter(|waiting| waiting.end == item.offset);
        self.waits_for_amount = None;
        let Some(waiting) = waiting else {
            // Right after a wound its announcement may be in the wound.
            let after_wound = self.stretches.last().is_some_and(|s| s.start == item.offset);
            if live && !after_wound {
                self.faults.push(Fault::OrphanAmount { amount: (item.offset, item.end()) });
            }
            return;
        };
        self.set_amount(waiting.channel, satoshis);
        if !waiting.deleted && !live {
            self.faults.push(Fault::Deleted {
                record: item.offset,
                scid: Some(ShortChannelId(waiting.scid)),
                because: Contradiction::AnnouncementLives,
            });
        }
        if waiting.deleted
            && live
            && let Some(channel) = waiting.channel.and_then(|index| self.channels.get_mut(index))
        {
            channel.amount_lives = true;
        }
    }

    fn set_amount(&mut self, channel: Option<u32>, satoshis: u64) {
        if let Some(channel) = channel.and_then(|index| self.channels.get_mut(index)) {
            channel.satoshis = satoshis;
        }
    }

    fn update(&mut self, scid: u64, direction: bool, new: Half, found: Place) {
        if new.live {
            self.see(new.timestamp);
        }
        let (last, index) = self.last;
        // Where nothing was found ahead, what was met last is mostly of its channel.
        let known = found
            .index()
            .or_else(|| (last == scid).then_some(index))
            .or_else(|| self.channels.find(scid));
        let Some((index, channel)) =
            known.and_then(|index| Some((index, self.channels.get_mut(index)?)))
        else {
            if new.live {
                self.orphan(scid, direction, new.offset);
            }
            return;
        };
        self.last = (scid, index);
        if !channel.live && (channel.tombstone || !new.live) {
            if new.live {
                self.orphan(scid, direction, new.offset);
            }
            return;
        }
        let old = channel.half(direction);
        if !new.live {
            if !old.live && (old.offset == NOWHERE || old.timestamp <= new.timestamp) {
                channel.set_half(direction, new);
            }
            return;
        }
        channel.set_half(direction, new);
        if !old.live {
            // (Of a channel whose announcement is marked deleted, too: see `summary`.)
            self.live_records += u64::from(channel.live);
            return;
        }
        self.dead_records += 1;
        self.superseded.0 += 1;
        self.superseded.1 += u64::from(old.len);
        if old.timestamp == new.timestamp {
            self.faults.push(Fault::Repeat { first: old.offset, second: new.offset });
        }
    }

    fn orphan(&mut self, scid: u64, direction: bool, offset: u64) {
        if self.private.contains(&scid) {
            return;
        }
        self.orphan_updates += 1;
        if self.orphans.len() >= self.limits.channels as usize && !self.orphans.contains_key(&scid)
        {
            self.limited[0] = true;
            return;
        }
        let first = &mut self.orphans.entry(scid).or_insert([NOWHERE; 2])[usize::from(direction)];
        *first = (*first).min(offset);
    }

    fn node(&mut self, item: &Item, id: &[u8; 33], timestamp: u32, found: Place) {
        let Some(index) = self.node_of(id, found) else { return };
        if item.live {
            self.see(timestamp);
            self.live_records += 1;
        }
        let Some(node) = self.nodes.get_mut(index) else { return };
        node.seen = node.seen.saturating_add(1);
        if !item.live {
            node.deleted = item.offset;
        } else if node.channels == 0 {
            node.waiting = item.offset;
        } else {
            let old = core::mem::replace(&mut node.announced, item.offset);
            let same = core::mem::replace(&mut node.timestamp, timestamp) == timestamp;
            if old != NOWHERE {
                self.live_records -= 1;
                self.dead_records += 1;
                if same {
                    self.faults.push(Fault::Repeat { first: old, second: item.offset });
                }
            }
        }
    }

    fn tombstone(&mut self, item: &Item, scid: u64, marks: bool) {
        let known = self.channels.find(scid);
        let Some(channel) = known.and_then(|index| self.channels.get_mut(index)) else { return };
        if !channel.live {
            channel.tombstone = true;
            return;
        }
        let announcement = channel.announcement;
        let nodes = channel.nodes;
        channel.live = false;
        channel.tombstone = true;
        for direction in [false, true] {
            channel.set_half(direction, Half::NONE);
        }
        self.live_records -= 1;
        self.dead_records += 1;
        for index in nodes {
            self.leave(index);
        }
        // In versions 2 to 4 the tombstone is how a channel is deleted.
        if marks {
            let scid = ShortChannelId(scid);
            let tombstone = (item.offset, item.end());
            self.faults.push(Fault::UnfinishedDelete { scid, announcement, tombstone });
        }
    }

    /// A channel of this node is gone; with its last one its announcement no longer counts.
    fn leave(&mut self, index: u32) {
        let Some(node) = self.nodes.get_mut(index) else { return };
        node.channels = node.channels.saturating_sub(1);
        if node.channels == 0 && node.announced != NOWHERE {
            node.waiting = core::mem::replace(&mut node.announced, NOWHERE);
        }
    }

    fn see(&mut self, timestamp: u32) {
        self.timestamps.oldest = self.timestamps.oldest.min(timestamp);
        self.timestamps.newest = self.timestamps.newest.max(timestamp);
        if let Some(stretch) = self.stretches.last_mut() {
            stretch.newest = stretch.newest.max(timestamp);
        }
    }
}
