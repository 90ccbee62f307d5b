//! Lookups ahead of the records.

use super::Network;
use super::gist::{Gist, Item, Matter};

/// So many records are looked up at a time, before the first of them is taken. Where a channel or
/// a node stands is hardly ever in the processor's cache, and lookups that do not wait for each
/// other are under way together.
pub(super) const AHEAD: usize = 32;

/// What was found of a record ahead: a channel's index, and those of two nodes. Values never move,
/// so whatever was found still stands there; what was not found may have come since.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Found {
    pub(super) channel: Option<u32>,
    pub(super) nodes: [Option<u32>; 2],
}

impl Network {
    /// Finds all of them, first in the tables and then where those point.
    #[inline]
    pub(super) fn look_up(&self, gist: &Gist, group: &[Item]) -> [Found; AHEAD] {
        let mut found = [Found::default(); AHEAD];
        for (found, item) in found.iter_mut().zip(group) {
            *found = self.guess(gist, item);
        }
        for (found, item) in found.iter_mut().zip(group) {
            self.confirm(gist, item, found);
        }
        found
    }

    /// Looks into the tables only.
    #[inline]
    fn guess(&self, gist: &Gist, item: &Item) -> Found {
        match item.what {
            Matter::Update { scid, .. } => {
                Found { channel: self.channels.guess(scid), nodes: [None; 2] }
            }
            Matter::Opening { scid, nodes, .. } => Found {
                channel: self.channels.guess(scid),
                nodes: gist.pair(nodes).map(|id| self.nodes.guess(id)),
            },
            Matter::Node { node, .. } => {
                Found { channel: None, nodes: [self.nodes.guess(gist.id(node)), None] }
            }
            _ => Found::default(),
        }
    }

    /// Forgets guesses that were wrong.
    #[inline]
    fn confirm(&self, gist: &Gist, item: &Item, found: &mut Found) {
        match item.what {
            Matter::Update { scid, .. } => {
                found.channel = found.channel.filter(|index| self.channels.is(*index, scid));
            }
            Matter::Opening { scid, nodes, .. } => {
                found.channel = found.channel.filter(|index| self.channels.is(*index, scid));
                for (node, id) in found.nodes.iter_mut().zip(gist.pair(nodes)) {
                    *node = node.filter(|index| self.nodes.is_at_hand(*index, id));
                }
            }
            Matter::Node { node: id, .. } => {
                let [node, _] = &mut found.nodes;
                *node = node.filter(|index| self.nodes.is_at_hand(*index, gist.id(id)));
            }
            _ => {}
        }
    }
}
