//! Lookups ahead of the records.

use super::Network;
use super::gist::{Gist, Item, Matter};

/// So many records are looked up at a time, before the first of them is taken. Where a channel or
/// a node stands is hardly ever in the processor's cache, and lookups that do not wait for each
/// other are under way together.
pub(super) const AHEAD: usize = 32;

/// What was found of a record ahead: a channel, and two nodes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Found {
    pub(super) channel: Place,
    pub(super) nodes: [Place; 2],
}

/// Where something stood when it was looked up: its index, or one of two that none has. Values
/// never move, so whatever was found still stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place(u32);

impl Place {
    /// The table did not have it: only what came since may be it.
    const ABSENT: Place = Place(u32::MAX);
    /// It was not looked up, or another one was met that looks alike.
    const UNKNOWN: Place = Place(u32::MAX - 1);

    fn of(guess: Option<u32>) -> Place {
        guess.map_or(Place::ABSENT, Place)
    }

    /// Its index, if it was found.
    pub(super) fn index(self) -> Option<u32> {
        (self.0 < Place::UNKNOWN.0).then_some(self.0)
    }

    /// Whether it was looked up and was not there.
    pub(super) fn is_absent(self) -> bool {
        self == Place::ABSENT
    }

    /// A guess is confirmed, or worth nothing.
    #[inline]
    fn confirm(&mut self, is_it: impl FnOnce(u32) -> bool) {
        if self.index().is_some_and(|index| !is_it(index)) {
            *self = Place::UNKNOWN;
        }
    }
}

impl Default for Place {
    fn default() -> Place {
        Place::UNKNOWN
    }
}

/// Short channel ids, by one bit of 64 each: none that it does not have was put in.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Fresh(u64);

impl Fresh {
    pub(super) fn put(&mut self, scid: u64) {
        self.0 |= Fresh::bit(scid);
    }

    pub(super) fn may_have(self, scid: u64) -> bool {
        self.0 & Fresh::bit(scid) != 0
    }

    /// By the block and the place in it; who chooses them so that all bits are alike wins some
    /// lookups in vain.
    fn bit(scid: u64) -> u64 {
        1 << (scid.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58)
    }
}

impl Network {
    /// Finds all of them, first in the tables and then where those point.
    #[inline]
    pub(super) fn look_up(&self, gist: &Gist, group: &[Item], found: &mut [Found; AHEAD]) {
        // Most updates stand behind the announcement of their channel or behind its other update,
        // and find that at hand when they are taken.
        let mut before = None;
        for (found, item) in found.iter_mut().zip(group) {
            *found = match item.what {
                Matter::Update { scid, .. } if before == Some(scid) => Found::default(),
                _ => self.guess(gist, item),
            };
            if let Matter::Update { scid, .. } | Matter::Opening { scid, .. } = item.what {
                before = Some(scid);
            }
        }
        for (found, item) in found.iter_mut().zip(group) {
            self.confirm(gist, item, found);
        }
    }

    /// Looks into the tables only.
    #[inline]
    fn guess(&self, gist: &Gist, item: &Item) -> Found {
        let unknown = Found::default();
        match item.what {
            Matter::Update { scid, .. } => {
                Found { channel: Place::of(self.channels.guess(scid)), ..unknown }
            }
            Matter::Opening { scid, nodes, .. } => Found {
                channel: Place::of(self.channels.guess(scid)),
                nodes: gist.pair(nodes).map(|id| Place::of(self.nodes.guess(id))),
            },
            Matter::Node { node, .. } => {
                let node = Place::of(self.nodes.guess(gist.id(node)));
                Found { nodes: [node, Place::UNKNOWN], ..unknown }
            }
            _ => unknown,
        }
    }

    /// Forgets guesses that were wrong.
    #[inline]
    fn confirm(&self, gist: &Gist, item: &Item, found: &mut Found) {
        match item.what {
            Matter::Update { scid, .. } => {
                found.channel.confirm(|index| self.channels.is(index, scid));
            }
            Matter::Opening { scid, nodes, .. } => {
                found.channel.confirm(|index| self.channels.is(index, scid));
                for (node, id) in found.nodes.iter_mut().zip(gist.pair(nodes)) {
                    node.confirm(|index| self.nodes.is_at_hand(index, id));
                }
            }
            Matter::Node { node: id, .. } => {
                let [node, _] = &mut found.nodes;
                node.confirm(|index| self.nodes.is_at_hand(index, gist.id(id)));
            }
            _ => {}
        }
    }
}
