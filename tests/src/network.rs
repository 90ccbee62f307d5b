//! A whole network, as a node would have gathered it: made from a seed, the same every time.
//!
//! Channels arrive one after another with their updates, node_announcements follow the first
//! channel of their node, updates are replaced by newer ones, some channels close and some are
//! about to. In the older versions it leaves out what they did not have.

use crate::T0;
use crate::built::Built;
use crate::fake::{Rng, Signature, nodes};
use crate::flags::DYING;
use crate::node::{Address, NodeBuilder};
use crate::store::Store;
use crate::wire::{Announcement, Direction, Scid, Update};
use std::collections::BTreeMap;

const DAY: u32 = 86_400;

/// What to generate.
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Network {
    seed: u64,
    channels: u32,
    version: u8,
    now: u32,
    signature: Signature,
}

/// A healthy store of version 16 with this many channels announced, some of them closed since.
pub fn network(seed: u64, channels: u32) -> Built {
    Network::new(seed, channels).build()
}

impl Network {
    /// As [`network`] makes it.
    pub fn new(seed: u64, channels: u32) -> Network {
        Network { seed, channels, version: 16, now: T0, signature: Signature::default() }
    }

    /// In a store of this version.
    pub fn version(mut self, version: u8) -> Network {
        self.version = version;
        self
    }

    /// With messages of the thirteen days before this moment, and none after it.
    pub fn now(mut self, now: u32) -> Network {
        self.now = now;
        self
    }

    /// With signatures of this kind.
    pub fn signed(mut self, signature: Signature) -> Network {
        self.signature = signature;
        self
    }

    /// The store, to go on with.
    pub fn store(self) -> Store {
        let mut growth = Growth {
            of: self,
            rng: Rng::new(self.seed),
            store: Store::new(self.version),
            open: Vec::new(),
            nodes: BTreeMap::new(),
        };
        for channel in 0..self.channels {
            growth.channel(channel);
            growth.meanwhile();
        }
        growth.store
    }

    /// The store, finished.
    pub fn build(self) -> Built {
        self.store().build()
    }
}

/// A channel that may still change.
struct Channel {
    scid: Scid,
    satoshis: u64,
    /// When each direction was last updated.
    updated: [u32; 2],
    /// Whether it is some node's first: such a channel stays, as its node_announcement needs it.
    first: bool,
}

struct Growth {
    of: Network,
    rng: Rng,
    store: Store,
    open: Vec<Channel>,
    /// When each node was last announced, or `None` where it was not.
    nodes: BTreeMap<u32, Option<u32>>,
}

impl Growth {
    /// A step in the store's life, which is handed on by value.
    fn write(&mut self, step: impl FnOnce(Store) -> Store) {
        let version = self.of.version;
        let store = std::mem::replace(&mut self.store, Store::bare(version));
        self.store = step(store);
    }

    /// Announces a channel, its updates and, mostly, its nodes.
    fn channel(&mut self, number: u32) {
        let (a, b) = self.ends(number);
        let block = u64::from(600_000 + self.rng.below(300_000));
        let scid = Scid(block << 40 | u64::from(number) << 16 | u64::from(self.rng.below(3)));
        let satoshis = 20_000 + u64::from(self.rng.below(1_000_000)) * 10;
        let first = !(self.nodes.contains_key(&a) && self.nodes.contains_key(&b));
        let announcement = Announcement::new(scid, nodes(a, b)).signed(self.of.signature);
        self.write(|store| store.announce_with(announcement, satoshis));

        let mut channel = Channel { scid, satoshis, updated: [0; 2], first };
        for direction in Direction::BOTH {
            let timestamp = self.of.now - 2 * DAY - self.rng.below(11 * DAY);
            channel.updated[usize::from(direction == Direction::Two)] = timestamp;
            let update = self.update((scid, satoshis), direction, timestamp);
            self.write(|store| store.update_with(update));
        }
        self.open.push(channel);
        for node in [a, b] {
            let announced = *self.nodes.entry(node).or_default();
            if announced.is_none() && self.rng.percent(85) {
                let timestamp = self.of.now - 2 * DAY - self.rng.below(10 * DAY);
                self.node(node, timestamp);
            }
        }
    }

    /// The nodes of a channel: first a tree that reaches every node, then at random, with more
    /// channels for the older nodes.
    fn ends(&mut self, number: u32) -> (u32, u32) {
        let total = (self.of.channels / 3).max(2);
        if number + 2 <= total {
            return (number + 2, 1 + self.rng.below(number + 1));
        }
        loop {
            let a = 1 + self.rng.below(total).min(self.rng.below(total));
            let b = 1 + self.rng.below(total);
            if a != b {
                return (a, b);
            }
        }
    }

    /// What else happens while channels arrive.
    fn meanwhile(&mut self) {
        let deletes = self.of.version >= 5;
        match self.rng.below(100) {
            0..25 => self.newer_update(deletes),
            25..29 => self.end(|scid, store, _| store.close(scid)),
            29..31 if self.of.version >= 11 => self.end(dying),
            31..36 => self.newer_node(deletes),
            _ => {}
        }
    }

    fn newer_update(&mut self, deletes: bool) {
        let index = self.rng.index(self.open.len());
        let direction = Direction::BOTH[self.rng.index(2)];
        let channel = &mut self.open[index];
        let updated = &mut channel.updated[usize::from(direction == Direction::Two)];
        if *updated >= self.of.now {
            return;
        }
        *updated += 1 + self.rng.below(self.of.now - *updated);
        let (timestamp, of) = (*updated, (channel.scid, channel.satoshis));
        let update = self.update(of, direction, timestamp);
        self.write(|store| {
            if deletes { store.replace_update_with(update) } else { store.update_with(update) }
        });
    }

    fn newer_node(&mut self, deletes: bool) {
        let known = self.nodes.iter().filter_map(|(node, at)| at.map(|at| (*node, at)));
        let known: Vec<(u32, u32)> = known.filter(|(_, at)| *at < self.of.now).collect();
        if known.is_empty() {
            return;
        }
        let (node, announced) = known[self.rng.index(known.len())];
        let timestamp = announced + 1 + self.rng.below(self.of.now - announced);
        if deletes {
            self.nodes.insert(node, Some(timestamp));
            let message = presented(node, timestamp);
            self.write(|store| store.replace_node(message));
        } else {
            self.node(node, timestamp);
        }
    }

    /// Ends a channel that no node_announcement leans on, if there is one.
    fn end(&mut self, how: fn(Scid, Store, u8) -> Store) {
        if let Some(index) = self.open.iter().position(|channel| !channel.first) {
            let scid = self.open.swap_remove(index).scid;
            let version = self.of.version;
            self.write(|store| how(scid, store, version));
        }
    }

    fn node(&mut self, node: u32, timestamp: u32) {
        self.nodes.insert(node, Some(timestamp));
        let message = presented(node, timestamp).signed(self.of.signature);
        self.write(|store| store.node_with(message));
    }

    fn update(
        &mut self,
        (scid, satoshis): (Scid, u64),
        direction: Direction,
        timestamp: u32,
    ) -> Update {
        let base = [0, 0, 1, 1000, 1000][self.rng.index(5)];
        let update = Update::new(scid, direction, timestamp).signed(self.of.signature);
        let update = update.fees(base, self.rng.below(2000));
        let update = if self.rng.percent(8) { update.disabled() } else { update };
        // Until version 10 both forms were about; version 11 kept the longer one.
        let long = match self.of.version {
            0..=6 => false,
            7..=10 => self.rng.percent(50),
            _ => true,
        };
        let maximum = 1_000_000 * u64::from(20 + self.rng.below(10_000));
        // Releases up to v23.11 throw a store away in which it is more than the channel has.
        let maximum = maximum.min(1_000 * satoshis);
        if long { update.htlc_maximum(maximum) } else { update }
    }
}

fn dying(scid: Scid, store: Store, version: u8) -> Store {
    let store = store.dying(scid, 935_000);
    if version >= 12 { store.mark_channel(scid, DYING) } else { store }
}

/// How a node presents itself: always under the same name.
fn presented(node: u32, timestamp: u32) -> NodeBuilder {
    const FIRST: [&str; 8] =
        ["quiet", "amber", "northern", "iron", "paper", "salt", "second", "blue"];
    const SECOND: [&str; 8] =
        ["harbour", "relay", "lantern", "orchard", "bridge", "⚡ node", "mill", "kettle"];
    let mut fixed = Rng::new(u64::from(node));
    let (first, second) = (FIRST[fixed.index(8)], SECOND[fixed.index(8)]);
    let mut message = NodeBuilder::new(node, timestamp)
        .alias(format!("{first} {second} {node}"))
        .features(&[0x80, 0x02, 0x02, 0xaa, 0xa2]);
    if fixed.percent(60) {
        let [b, c, d] = [fixed.draw(), fixed.draw(), fixed.draw()].map(|n| n.to_be_bytes()[0]);
        message = message.address(Address::Ipv4([203, b, c, d], 9735));
    }
    if fixed.percent(60) {
        let mut service = [0; 35];
        fixed.fill(&mut service);
        message = message.address(Address::TorV3(service, 9735));
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::walk::walk;
    use std::collections::HashSet;

    #[test]
    fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
        assert_eq!(network(7, 40), network(7, 40));
        assert_ne!(network(7, 40).bytes, network(8, 40).bytes);
    }

    #[test]
    fn every_version_is_whole_and_checked() {
        for version in 2..=17 {
            let store = Network::new(1, 60).version(version).build();
            let records = walk(&store.bytes).expect("a whole chain");
            assert!(records.iter().all(|record| record.crc_ok), "version {version}");
            assert_eq!(records.len(), store.records.len());
        }
    }

    #[test]
    fn it_has_some_of_everything() {
        let store = network(1, 300);
        let types: HashSet<u16> = store.types().into_iter().collect();
        assert_eq!(types, HashSet::from([256, 257, 258, 4101, 4103, 4106, 4107]));
        let deleted = |record_type| {
            store.of_type(record_type).filter(|span| store.flags(*span) & 0x8000 != 0).count()
        };
        assert!([256, 257, 258, 4101].into_iter().all(|record_type| deleted(record_type) > 0));
        assert!(store.of_type(258).any(|span| store.flags(span) == 0x2800));
        assert_eq!(store.of_type(256).count(), 300);
    }

    #[test]
    fn live_messages_follow_the_live_announcement_that_they_need() {
        let store = network(1, 300);
        let (mut channels, mut nodes) = (HashSet::new(), HashSet::new());
        let live = store.records.iter().filter(|span| store.flags(**span) & 0x8000 == 0);
        for span in live {
            let body = store.body(*span);
            match span.record_type {
                256 => {
                    let at = 260 + usize::from(body[259]) + 32;
                    assert!(channels.insert(body[at..at + 8].to_vec()), "announced once");
                    nodes.extend([&body[at + 8..at + 41], &body[at + 41..at + 74]]);
                }
                257 => assert!(nodes.contains(&body[77..110])),
                258 => assert!(channels.contains(&body[98..106])),
                _ => {}
            }
        }
    }

    #[test]
    fn nothing_is_newer_than_now() {
        let store = Network::new(5, 200).now(1_600_000_000).build();
        let newest = walk(&store.bytes).unwrap().iter().map(|record| record.timestamp).max();
        assert!(newest <= Some(1_600_000_000) && newest > Some(1_600_000_000 - 13 * DAY));
    }
}
