//! One record after the other.

use super::table::{Channel, Half, NOWHERE};
use super::{Contradiction, Fault, Network, Stretch};
use crate::gossip::format::{RecordType, ShortChannelId, Version, be16, be32};
use crate::gossip::scan::{Batch, RecordRef};
use crate::gossip::wire::{ChannelAnnouncement, Message, NodeAnnouncement, decode};

/// So many records are looked up at a time, before the first of them is taken. Where a channel or
/// a node stands is hardly ever in the processor's cache, and lookups that do not wait for each
/// other are under way together.
const AHEAD: usize = 32;

/// What was read of a record ahead, and what was found: a channel's index, and those of two nodes.
/// Values never move, so whatever was found still stands there; what was not found may have come
/// since.
#[derive(Clone, Copy, Debug, Default)]
struct Found<'a> {
    glance: Glance<'a>,
    channel: Option<u32>,
    nodes: [Option<u32>; 2],
}

/// What the network wants to know of a record: most are read without decoding the rest.
#[derive(Clone, Copy, Debug, Default)]
enum Glance<'a> {
    Update(Update),
    Opening(Opening<'a>),
    /// Of a node_announcement only whose it is.
    Node(&'a [u8; 33]),
    #[default]
    Other,
}

impl<'a> Glance<'a> {
    #[inline]
    fn at(record: &RecordRef, body: &'a [u8]) -> Glance<'a> {
        match record.record_type {
            Some(RecordType::CHANNEL_UPDATE) => Update::glance(body).map(Glance::Update),
            Some(RecordType::CHANNEL_ANNOUNCEMENT) => Opening::glance(body).map(Glance::Opening),
            Some(RecordType::NODE_ANNOUNCEMENT) => be16(body, 66)
                .and_then(|flen| body.get(72 + usize::from(flen)..)?.first_chunk())
                .map(Glance::Node),
            _ => None,
        }
        .unwrap_or_default()
    }
}

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

/// What a `channel_update` says that counts for the network.
#[derive(Clone, Copy, Debug)]
struct Update {
    scid: ShortChannelId,
    timestamp: u32,
    direction: bool,
    disabled: bool,
}

impl Update {
    /// Reads these fields where BOLT 7 has them; `None` for a body that is no `channel_update`.
    #[inline]
    fn glance(body: &[u8]) -> Option<Update> {
        if !RecordType::CHANNEL_UPDATE.fits(body) {
            return None;
        }
        let scid = u64::from_be_bytes(*body.get(98..)?.first_chunk()?);
        let flags = *body.get(111)?;
        Some(Update {
            scid: ShortChannelId(scid),
            timestamp: be32(body, 106)?,
            direction: flags & 1 != 0,
            disabled: flags & 2 != 0,
        })
    }
}

/// What a `channel_announcement` says that counts for the network.
#[derive(Clone, Copy, Debug)]
struct Opening<'a> {
    scid: ShortChannelId,
    node_ids: [&'a [u8; 33]; 2],
}

impl<'a> Opening<'a> {
    /// Reads these fields where BOLT 7 has them; `None` for a body that is no
    /// `channel_announcement`.
    #[inline]
    fn glance(body: &'a [u8]) -> Option<Opening<'a>> {
        if !RecordType::CHANNEL_ANNOUNCEMENT.fits(body) {
            return None;
        }
        let behind = body.get(292 + usize::from(be16(body, 258)?)..)?;
        let (scid, keys) = behind.split_first_chunk()?;
        let (first, keys) = keys.split_first_chunk()?;
        let second = keys.first_chunk()?;
        let scid = ShortChannelId(u64::from_be_bytes(*scid));
        Some(Opening { scid, node_ids: [first, second] })
    }

    fn of(message: &ChannelAnnouncement<'a>) -> Opening<'a> {
        Opening { scid: message.scid, node_ids: [message.node_id_1, message.node_id_2] }
    }
}

impl Network {
    /// Takes the records of one push; `chunk` is what was pushed.
    pub fn fold(&mut self, version: Version, chunk: &[u8], batch: &Batch) {
        let mut wounds = batch.wounds.iter().peekable();
        for group in batch.records.chunks(AHEAD) {
            let mut found = [Found::default(); AHEAD];
            for (found, record) in found.iter_mut().zip(group) {
                *found = self.guess(Glance::at(record, batch.body(chunk, record)));
            }
            for found in &mut found {
                self.confirm(found);
            }
            for (found, record) in found.into_iter().zip(group) {
                while let Some(wound) = wounds.next_if(|wound| wound.start < record.offset) {
                    self.wound(wound.start, wound.end);
                }
                self.record(version, record, batch.body(chunk, record), found);
            }
        }
        for wound in wounds {
            self.wound(wound.start, wound.end);
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

    /// Looks into the tables only.
    #[inline]
    fn guess<'a>(&self, glance: Glance<'a>) -> Found<'a> {
        let (channel, nodes) = match glance {
            Glance::Update(update) => (self.channels.guess(update.scid.0), [None; 2]),
            Glance::Opening(opening) => {
                let nodes = opening.node_ids.map(|id| self.nodes.guess(id));
                (self.channels.guess(opening.scid.0), nodes)
            }
            Glance::Node(id) => (None, [self.nodes.guess(id), None]),
            Glance::Other => (None, [None; 2]),
        };
        Found { glance, channel, nodes }
    }

    /// Forgets guesses that were wrong.
    #[inline]
    fn confirm(&self, found: &mut Found<'_>) {
        match found.glance {
            Glance::Update(Update { scid, .. }) => {
                found.channel = found.channel.filter(|index| self.channels.is(*index, scid.0));
            }
            Glance::Opening(Opening { scid, node_ids }) => {
                found.channel = found.channel.filter(|index| self.channels.is(*index, scid.0));
                for (node, id) in found.nodes.iter_mut().zip(node_ids) {
                    *node = node.filter(|index| self.nodes.is(*index, id));
                }
            }
            Glance::Node(id) => {
                let [node, _] = &mut found.nodes;
                *node = node.filter(|index| self.nodes.is(*index, id));
            }
            Glance::Other => {}
        }
    }

    fn record(&mut self, version: Version, record: &RecordRef, body: &[u8], found: Found<'_>) {
        let live = !record.header.flags.is_deleted();
        if !live {
            self.dead_records += 1;
        }
        if let Some(stretch) = self.stretches.last_mut() {
            stretch.records += 1;
        }
        if record.record_type != Some(RecordType::CHANNEL_AMOUNT) {
            self.give_up_waiting();
        }
        let zombie = Self::is_zombie(record.header.flags, version);
        match found.glance {
            Glance::Update(_) if zombie => return,
            Glance::Update(update) => return self.update(record, update, live, found.channel),
            Glance::Opening(opening) => {
                let channel =
                    if zombie { None } else { self.announce(record, opening, live, found) };
                self.waits_for_amount = Some(Waiting {
                    scid: opening.scid.0,
                    channel,
                    announcement: record.offset,
                    end: record.end,
                    deleted: !live || zombie,
                });
                return;
            }
            Glance::Node(_) | Glance::Other => {}
        }
        let Ok(message) = decode(version, body) else { return };
        match message {
            Message::NodeAnnouncement(_) if zombie => {}
            Message::V3ChannelAnnouncement(outer) => {
                if let Ok(message) = outer.inner() {
                    let opening = Opening::of(&message);
                    let channel = self.announce(record, opening, live, Found::default());
                    self.set_amount(channel, outer.satoshis);
                }
            }
            Message::ChannelAmount(message) => self.amount(record, message.satoshis, live),
            Message::V3ChannelUpdate(outer) => {
                if let Some(update) = Update::glance(outer.update) {
                    self.update(record, update, live, None);
                }
            }
            Message::NodeAnnouncement(message) => {
                self.node(record, &message, live, found.nodes[0]);
            }
            Message::V3NodeAnnouncement(outer) => {
                if let Ok(message) = outer.inner() {
                    self.node(record, &message, live, None);
                }
            }
            Message::DeleteChan(message) if live => self.tombstone(record, message.scid),
            Message::V3ChannelDelete(message) => self.tombstone(record, message.scid),
            Message::ChanDying(_) if live => self.dying += 1,
            Message::LocalAddChannel(message) => self.know_private(message.scid),
            Message::V3LocalAddChannel(_) | Message::PrivateChannel(_) => match message.inner() {
                Some(Ok(Message::LocalAddChannel(inner))) => self.know_private(inner.scid),
                Some(Ok(Message::ChannelAnnouncement(inner))) => self.know_private(inner.scid),
                _ => {}
            },
            _ => {}
        }
    }

    fn know_private(&mut self, scid: ShortChannelId) {
        if self.private.len() < self.limits.channels as usize {
            self.private.insert(scid.0);
            self.orphans.remove(&scid.0);
        } else {
            self.limited[0] = true;
        }
    }

    /// A record that is not an amount came: the announcement before it goes without.
    fn give_up_waiting(&mut self) {
        let Some(waiting) = self.waits_for_amount.take() else { return };
        if !waiting.deleted {
            self.faults.push(Fault::MissingAmount {
                scid: ShortChannelId(waiting.scid),
                announcement: waiting.announcement,
                at: waiting.end,
            });
        }
    }

    /// The announcement that the file ends with, if its amount is missing.
    pub(super) fn still_waiting(&self) -> Option<(u64, u64)> {
        let waiting = self.waits_for_amount.filter(|waiting| !waiting.deleted)?;
        Some((waiting.announcement, waiting.end))
    }

    fn announce(
        &mut self,
        record: &RecordRef,
        opening: Opening<'_>,
        live: bool,
        found: Found<'_>,
    ) -> Option<u32> {
        let scid = opening.scid.0;
        let known = found.channel.or_else(|| self.channels.find(scid));
        if let Some(index) = known {
            let channel = self.channels.get(index)?;
            if live && channel.live {
                let first = channel.announcement;
                let second = (record.offset, record.end);
                self.announced_again(first);
                self.faults.push(Fault::DuplicateAnnouncement {
                    scid: opening.scid,
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
            let ([first, second], [one, other]) = (opening.node_ids, found.nodes);
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
        let channel = Channel {
            scid,
            announcement: record.offset,
            satoshis: u64::MAX,
            nodes,
            halves: [Half::NONE; 2],
            live,
            tombstone: false,
            amount_lives: false,
        };
        match known {
            Some(index) => {
                *self.channels.get_mut(index)? = channel;
                Some(index)
            }
            None => Some(self.channels.add(channel)),
        }
    }

    fn announced_again(&mut self, first: u64) {
        if let Some(stretch) = self.stretches.last_mut().filter(|stretch| first < stretch.start) {
            stretch.announced_again += 1;
        }
    }

    /// The index of a node, made if need be; `None` beyond the limit.
    fn node_of(&mut self, id: &[u8; 33], found: Option<u32>) -> Option<u32> {
        let known = found.or_else(|| self.nodes.find(id));
        if known.is_none() && self.nodes.len() >= self.limits.nodes {
            self.limited[1] = true;
            return None;
        }
        Some(known.unwrap_or_else(|| self.nodes.add(id)))
    }

    fn amount(&mut self, record: &RecordRef, satoshis: u64, live: bool) {
        let Some(waiting) = self.waits_for_amount.take().filter(|w| w.end == record.offset) else {
            // Right after a wound its announcement may be in the wound.
            let after_wound = self.stretches.last().is_some_and(|s| s.start == record.offset);
            if live && !after_wound {
                self.faults.push(Fault::OrphanAmount { amount: (record.offset, record.end) });
            }
            return;
        };
        self.set_amount(waiting.channel, satoshis);
        if !waiting.deleted && !live {
            self.faults.push(Fault::Deleted {
                record: record.offset,
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

    fn update(&mut self, record: &RecordRef, message: Update, live: bool, found: Option<u32>) {
        if live {
            self.see(message.timestamp);
        }
        let known = found.or_else(|| self.channels.find(message.scid.0));
        let Some(channel) = known.and_then(|index| self.channels.get_mut(index)) else {
            if live {
                self.orphan(record, &message);
            }
            return;
        };
        if !channel.live && (channel.tombstone || !live) {
            if live {
                self.orphan(record, &message);
            }
            return;
        }
        let half = &mut channel.halves[usize::from(message.direction)];
        let new = Half {
            offset: record.offset,
            timestamp: message.timestamp,
            len: u16::try_from(record.end - record.offset).unwrap_or(u16::MAX),
            live,
            disabled: message.disabled,
        };
        if !live {
            if !half.live && (half.offset == NOWHERE || half.timestamp <= new.timestamp) {
                *half = new;
            }
            return;
        }
        let old = core::mem::replace(half, new);
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

    fn orphan(&mut self, record: &RecordRef, message: &Update) {
        let scid = message.scid.0;
        if self.private.contains(&scid) {
            return;
        }
        self.orphan_updates += 1;
        if self.orphans.len() >= self.limits.channels as usize && !self.orphans.contains_key(&scid)
        {
            self.limited[0] = true;
            return;
        }
        let first =
            &mut self.orphans.entry(scid).or_insert([NOWHERE; 2])[usize::from(message.direction)];
        *first = (*first).min(record.offset);
    }

    fn node(
        &mut self,
        record: &RecordRef,
        message: &NodeAnnouncement<'_>,
        live: bool,
        found: Option<u32>,
    ) {
        let Some(index) = self.node_of(message.node_id, found) else { return };
        if live {
            self.see(message.timestamp);
            self.live_records += 1;
        }
        let Some(node) = self.nodes.get_mut(index) else { return };
        node.seen = node.seen.saturating_add(1);
        if !live {
            node.deleted = record.offset;
        } else if node.channels == 0 {
            node.waiting = record.offset;
        } else {
            let old = core::mem::replace(&mut node.announced, record.offset);
            let same =
                core::mem::replace(&mut node.timestamp, message.timestamp) == message.timestamp;
            if old != NOWHERE {
                self.live_records -= 1;
                self.dead_records += 1;
                if same {
                    self.faults.push(Fault::Repeat { first: old, second: record.offset });
                }
            }
        }
    }

    fn tombstone(&mut self, record: &RecordRef, scid: ShortChannelId) {
        let known = self.channels.find(scid.0);
        let Some(channel) = known.and_then(|index| self.channels.get_mut(index)) else { return };
        if !channel.live {
            channel.tombstone = true;
            return;
        }
        let announcement = channel.announcement;
        let nodes = channel.nodes;
        channel.live = false;
        channel.tombstone = true;
        channel.halves = [Half::NONE; 2];
        self.live_records -= 1;
        self.dead_records += 1;
        for index in nodes {
            self.leave(index);
        }
        // In versions 2 to 4 the tombstone is how a channel is deleted.
        if record.record_type == Some(RecordType::DELETE_CHAN) {
            let tombstone = (record.offset, record.end);
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
