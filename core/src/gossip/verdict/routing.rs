//! A model of `gossip_store_load` and of what `gossipd/routing.c` says to each message, v0.7.1 to
//! v23.11.2: every record is judged, and the first that is minded condemns the store.
//!
//! Not modelled: whether keys are points of the curve, whether a private channel is the node's
//! own, and whether a rate-limited message differs from the one before.

use alloc::format;
use alloc::vec::Vec;

use hashbrown::HashMap;

use super::outcome::{Check, Trouble};
use super::rules::Routing;
use crate::gossip::format::{Flags, Version};
use crate::gossip::network::Limits;
use crate::gossip::wire::{ChannelAnnouncement, ChannelUpdate, Message, NodeAnnouncement, decode};

pub(super) mod read;
#[cfg(test)]
mod tests;

type State = foldhash::fast::FixedState;

/// The routing tables, as far as they decide.
#[derive(Debug)]
pub(super) struct Tables {
    rules: Routing,
    limits: Limits,
    channels: HashMap<u64, Channel, State>,
    nodes: HashMap<[u8; 33], u32, State>,
    known: Vec<Node>,
    /// The last `channel_announcement`, its offset in the file that is read, and in the source.
    announced: Option<(Vec<u8>, u64, u64)>,
    pub(super) updates: u64,
    pub(super) limited: bool,
    /// What it says, though it goes on.
    pub(super) says: Option<&'static str>,
}

#[derive(Clone, Copy, Debug)]
struct Channel {
    status: Status,
    satoshis: u64,
    nodes: [u32; 2],
    halves: [Half; 2],
    /// Offsets of its announcement: in the file that is read, and in the source.
    at: (u64, u64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    /// Announced, without an update yet.
    Unupdated,
    Public,
    Private,
}

/// One direction.
#[derive(Clone, Copy, Debug, Default)]
struct Half {
    defined: bool,
    /// A rate-limited update stands beside the broadcastable one.
    spam: bool,
    timestamp: u32,
}

#[derive(Clone, Copy, Debug, Default)]
struct Node {
    /// Channels that are announced and updated, and no zombies.
    channels: u32,
    /// It has a zombie.
    zombie: bool,
    /// A `node_announcement` would wait for the first of these: the timestamp of the one that
    /// does, or 0.
    pending: Option<u32>,
    announced: bool,
    spam: bool,
    timestamp: u32,
}

impl Tables {
    pub(super) fn new(rules: Routing, limits: Limits, seed: u64) -> Tables {
        let state = State::with_seed(seed);
        Tables {
            rules,
            limits,
            channels: HashMap::with_hasher(state.clone()),
            nodes: HashMap::with_hasher(state),
            known: Vec::new(),
            announced: None,
            updates: 0,
            limited: false,
            says: None,
        }
    }

    /// How many channels and nodes there are.
    pub(super) fn counts(&self) -> [u64; 3] {
        let channels = self.channels.values();
        let channels = channels.filter(|channel| channel.status != Status::Unupdated).count();
        let nodes = self.known.iter().filter(|node| node.channels > 0 || node.zombie).count();
        [channels as u64, self.updates, nodes as u64]
    }

    /// Judges a record that is not deleted and whose checksum holds. `at` is its offset in the
    /// file that is read, `source` in the one that was given.
    pub(super) fn take(
        &mut self,
        version: Version,
        flags: Flags,
        body: &[u8],
        (at, source): (u64, u64),
    ) -> Result<(), Trouble> {
        let bad = |check, what: &str| Err(Trouble::new(check, source, format!("{what} (<hex>)")));
        let spam = self.rules.spam && flags.contains(Flags::RATELIMIT);
        let zombie = self.rules.zombies && flags.contains(Flags::ZOMBIE);
        let kind = crate::gossip::format::be16(body, 0);
        let message = decode(version, body).ok();
        match kind {
            Some(4101) => {
                // Bytes behind the amount are nobody's business.
                let satoshis = body.get(2..10).and_then(|amount| amount.first_chunk::<8>());
                let Some(satoshis) = satoshis.copied().map(u64::from_be_bytes) else {
                    return bad(Check::AmountFields, "Bad gossip_store_channel_amount");
                };
                let Some((announcement, at, source)) = self.announced.take() else {
                    return Ok(());
                };
                let parsed = match decode(version, &announcement) {
                    Ok(Message::ChannelAnnouncement(parsed)) => Some(parsed),
                    _ => None,
                };
                if !parsed.is_some_and(|parsed| self.announce(&parsed, satoshis, (at, source))) {
                    return Err(Trouble::new(
                        Check::Announcement,
                        source,
                        "Bad channel_announcement (<hex>)",
                    ));
                }
                Ok(())
            }
            Some(256) => {
                if self.announced.is_some() {
                    return bad(Check::Amount, "channel_announcement without amount");
                }
                self.announced = Some((body.to_vec(), at, source));
                Ok(())
            }
            Some(4102) => match read::private_update(body) {
                Some(inner) => match decode(version, inner) {
                    Ok(Message::ChannelUpdate(update)) if self.update(&update, spam, zombie) => {
                        Ok(())
                    }
                    _ => bad(Check::Update, "Bad channel_update"),
                },
                None => bad(Check::Private, "invalid gossip_store_private_update"),
            },
            Some(258) => match message {
                Some(Message::ChannelUpdate(update)) if self.update(&update, spam, zombie) => {
                    Ok(())
                }
                _ => bad(Check::Update, "Bad channel_update"),
            },
            Some(257) if zombie => {
                let line = "gossip_store: removing zombie node_announcement from v23.02 rcs";
                self.says = Some(line);
                Ok(())
            }
            Some(257) => match message {
                Some(Message::NodeAnnouncement(node))
                    if read::node_tlvs(self.rules.node_tlvs, &node) && self.node(&node, spam) =>
                {
                    Ok(())
                }
                _ if self.rules.lenient_nodes => Ok(()),
                _ => bad(Check::Node, "Bad node_announcement"),
            },
            Some(3503) if self.rules.local_channels => {
                let Some(local) = read::local_channel(body, self.rules.local_features) else {
                    return bad(Check::Private, "Bad local_add_channel");
                };
                let ids = [&[0; 33], local.remote];
                self.private(local.scid, local.satoshis, ids, (at, source));
                Ok(())
            }
            Some(4104) if self.rules.private_channels => {
                let Some((satoshis, inner)) = read::private_channel(body) else {
                    let named = self.rules.names_private;
                    let what =
                        if named { "Bad private_channel" } else { "Bad add_private_channel" };
                    return bad(Check::Private, what);
                };
                let Ok(Message::ChannelAnnouncement(inner)) = decode(version, inner) else {
                    return bad(Check::Private, "Bad add_private_channel");
                };
                let ids = [inner.node_id_1, inner.node_id_2];
                self.private(inner.scid.0, satoshis, ids, (at, source));
                Ok(())
            }
            Some(4106) if self.rules.of_2022 => {
                if body.len() < 14 {
                    return bad(Check::Dying, "Bad gossip_store_chan_dying");
                }
                Ok(())
            }
            Some(4103) if self.rules.tombstones => Ok(()),
            _ => bad(Check::Type, "Unknown message"),
        }
    }

    /// What is left over at the end of the file.
    pub(super) fn finish(&self) -> Result<(), Trouble> {
        if let Some((_, _, source)) = &self.announced {
            return Err(Trouble::new(Check::Amount, *source, "dangling channel_announcement"));
        }
        let unupdated = self.channels.iter().filter(|(_, it)| it.status == Status::Unupdated);
        // Upstream names the one with the smallest short channel id.
        let Some((_, channel)) = unupdated.min_by_key(|(scid, _)| **scid) else { return Ok(()) };
        let (at, source) = channel.at;
        let log = format!("Unupdated channel_announcement at {at}");
        Err(Trouble::new(Check::Unupdated, source, log))
    }

    /// Short channel ids of the channels without an update.
    pub(super) fn unupdated(&self) -> impl Iterator<Item = u64> {
        let unupdated = self.channels.iter().filter(|(_, it)| it.status == Status::Unupdated);
        unupdated.map(|(scid, _)| *scid)
    }

    fn node_index(&mut self, id: &[u8; 33]) -> Option<u32> {
        if let Some(index) = self.nodes.get(id) {
            return Some(*index);
        }
        let next = u32::try_from(self.known.len()).ok();
        let Some(index) = next.filter(|next| *next < self.limits.nodes) else {
            self.limited = true;
            return None;
        };
        self.nodes.insert(*id, index);
        self.known.push(Node::default());
        Some(index)
    }

    fn insert(&mut self, scid: u64, channel: Channel) {
        if self.channels.len() >= self.limits.channels as usize
            && !self.channels.contains_key(&scid)
        {
            self.limited = true;
            return;
        }
        self.channels.insert(scid, channel);
    }

    /// `routing_add_channel_announcement`.
    fn announce(
        &mut self,
        parsed: &ChannelAnnouncement<'_>,
        satoshis: u64,
        at: (u64, u64),
    ) -> bool {
        let scid = parsed.scid.0;
        match self.channels.get(&scid).map(|known| known.status) {
            Some(Status::Public | Status::Private) => return false,
            // The table of those without an update keeps the first.
            Some(Status::Unupdated) => return true,
            None => {}
        }
        let mut nodes = [0; 2];
        for (node, id) in nodes.iter_mut().zip([parsed.node_id_1, parsed.node_id_2]) {
            let Some(index) = self.node_index(id) else { return true };
            *node = index;
        }
        for index in nodes {
            if let Some(node) = self.known.get_mut(index as usize).filter(|it| it.channels == 0) {
                node.pending.get_or_insert(0);
            }
        }
        let halves = [Half::default(); 2];
        self.insert(scid, Channel { status: Status::Unupdated, satoshis, nodes, halves, at });
        true
    }

    fn private(&mut self, scid: u64, satoshis: u64, ids: [&[u8; 33]; 2], at: (u64, u64)) {
        if self.channels.contains_key(&scid) {
            return;
        }
        let mut nodes = [0; 2];
        for (node, id) in nodes.iter_mut().zip(ids) {
            let Some(index) = self.node_index(id) else { return };
            *node = index;
        }
        let halves = [Half::default(); 2];
        self.insert(scid, Channel { status: Status::Private, satoshis, nodes, halves, at });
    }

    /// `routing_add_channel_update`.
    fn update(&mut self, update: &ChannelUpdate<'_>, spam: bool, zombie: bool) -> bool {
        let says_maximum = update.message_flags & 1 != 0;
        let maximum = update.htlc_maximum_msat;
        if maximum.is_none() && (self.rules.of_2022 || says_maximum) {
            return false;
        }
        let Some(channel) = self.channels.get_mut(&update.scid.0) else {
            // What a limit kept out may well be announced.
            return self.limited;
        };
        let maximum = maximum.filter(|_| self.rules.of_2022 || says_maximum);
        // Without one it is the capacity, which must not overflow then.
        if maximum.is_none() && channel.satoshis.checked_mul(1_000).is_none() {
            return false;
        }
        if maximum.is_some_and(|msat| msat > channel.satoshis.saturating_mul(1_000)) {
            return false;
        }
        let half = &mut channel.halves[usize::from(update.channel_flags & 1)];
        if half.defined {
            if !spam || half.spam {
                return false;
            }
            if update.timestamp <= half.timestamp {
                return true;
            }
            half.spam = true;
        } else {
            self.updates += 1;
        }
        half.defined = true;
        half.timestamp = update.timestamp;
        if channel.status == Status::Unupdated {
            channel.status = Status::Public;
            // The first update decides for good whether it counts for its nodes.
            for index in channel.nodes {
                let Some(node) = self.known.get_mut(index as usize) else { continue };
                let pending = node.pending.take();
                if zombie {
                    node.zombie = true;
                    // Nor may the node's announcement come now; that this fails is not looked at.
                    continue;
                }
                node.channels += 1;
                if let Some(timestamp) = pending.filter(|&timestamp| timestamp > 0) {
                    node.announced = true;
                    node.timestamp = timestamp;
                }
            }
        }
        true
    }

    /// `routing_add_node_announcement`.
    fn node(&mut self, message: &NodeAnnouncement<'_>, spam: bool) -> bool {
        let index = self.nodes.get(message.node_id).copied();
        let node = index.and_then(|index| self.known.get_mut(index as usize));
        let Some(node) = node else { return self.limited };
        if node.channels == 0 {
            let Some(pending) = &mut node.pending else { return false };
            if message.timestamp <= *pending {
                return false;
            }
            *pending = message.timestamp;
            return true;
        }
        if node.announced {
            if !spam || node.spam || message.timestamp <= node.timestamp {
                return false;
            }
            node.spam = true;
        }
        node.announced = true;
        node.timestamp = message.timestamp;
        true
    }
}
