//! A model of `gossip_store_load` of v0.6.2 to v0.7.0: wrapped messages, and a store that is cut
//! to its version byte at the first one that is minded.

use hashbrown::HashMap;

use super::degrees::Degrees;
use super::frames::Frame;
use super::outcome::{Check, Trouble};
use crate::gossip::format::Version;
use crate::gossip::network::Limits;
use crate::gossip::wire::{ChannelUpdate, Message, decode};

#[cfg(test)]
mod tests;

type State = foldhash::fast::FixedState;

/// The routing tables, as far as they decide.
#[derive(Debug)]
pub(super) struct Tables {
    limits: Limits,
    channels: HashMap<u64, Channel, State>,
    nodes: Degrees,
    pub(super) limited: bool,
}

#[derive(Clone, Copy, Debug)]
struct Channel {
    satoshis: u64,
    nodes: [u32; 2],
    halves: u8,
}

impl Tables {
    pub(super) fn new(limits: Limits, seed: u64) -> Tables {
        let state = State::with_seed(seed);
        Tables {
            limits,
            channels: HashMap::with_hasher(state.clone()),
            nodes: Degrees::new(state, limits.nodes),
            limited: false,
        }
    }

    /// Channels, updates, nodes.
    pub(super) fn counts(&self) -> [u64; 3] {
        let updates = self.channels.values().map(|it| u64::from(it.halves.count_ones())).sum();
        [self.channels.len() as u64, updates, self.nodes.known()]
    }

    /// Judges a record.
    pub(super) fn take(&mut self, frame: &Frame<'_>) -> Result<(), Trouble> {
        let bad = |check, what: &str| {
            let log = alloc::format!("gossip_store: {what} (<hex>) truncating to 1");
            Err(Trouble::new(check, frame.at, log))
        };
        if frame.crc != frame.sum {
            return bad(Check::Checksum, "Checksum verification failed");
        }
        match decode(Version(3), frame.body) {
            Ok(Message::V3ChannelAnnouncement(outer)) => match outer.inner() {
                Ok(inner) => {
                    self.add(inner.scid.0, outer.satoshis, [inner.node_id_1, inner.node_id_2]);
                    Ok(())
                }
                Err(_) => bad(Check::Announcement, "Bad channel_announcement"),
            },
            Ok(Message::V3ChannelUpdate(outer)) => {
                let taken = outer.inner().is_ok_and(|update| self.update(&update));
                if taken { Ok(()) } else { bad(Check::Update, "Bad channel_update") }
            }
            Ok(Message::V3NodeAnnouncement(outer)) => {
                let known = outer.inner().is_ok_and(|node| self.knows(node.node_id));
                if known { Ok(()) } else { bad(Check::Node, "Bad node_announcement") }
            }
            Ok(Message::V3ChannelDelete(gone)) => {
                let known = self.remove(gone.scid.0);
                if known { Ok(()) } else { bad(Check::Deletion, "Bad channel_delete") }
            }
            Ok(Message::V3LocalAddChannel(outer)) => {
                // Whether it was taken is not looked at.
                if let Ok(local) = outer.inner() {
                    self.add(local.scid.0, local.satoshis, [&[0; 33], local.remote_node_id]);
                }
                Ok(())
            }
            _ => bad(Check::Type, "Unknown message"),
        }
    }

    fn add(&mut self, scid: u64, satoshis: u64, ids: [&[u8; 33]; 2]) {
        if self.channels.contains_key(&scid) {
            return;
        }
        let room = self.channels.len() < self.limits.channels as usize;
        let nodes = if room { self.nodes.join(ids) } else { None };
        let Some(nodes) = nodes else {
            self.limited = true;
            return;
        };
        self.channels.insert(scid, Channel { satoshis, nodes, halves: 0 });
    }

    fn remove(&mut self, scid: u64) -> bool {
        let Some(channel) = self.channels.remove(&scid) else { return self.limited };
        self.nodes.part(channel.nodes);
        true
    }

    fn knows(&self, id: &[u8; 33]) -> bool {
        self.nodes.knows(id) || self.limited
    }

    fn update(&mut self, update: &ChannelUpdate<'_>) -> bool {
        let says_maximum = update.message_flags & 1 != 0;
        if says_maximum && update.htlc_maximum_msat.is_none() {
            return false;
        }
        let Some(channel) = self.channels.get_mut(&update.scid.0) else { return self.limited };
        let maximum = update.htlc_maximum_msat.filter(|_| says_maximum);
        if maximum.is_some_and(|msat| msat > channel.satoshis.saturating_mul(1_000)) {
            return false;
        }
        channel.halves |= 1 << (update.channel_flags & 1);
        true
    }
}
