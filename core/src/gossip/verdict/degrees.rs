//! How many channels each node has: a node without one is not known to lightningd.

use alloc::vec::Vec;

use hashbrown::HashMap;

type State = foldhash::fast::FixedState;

/// Nodes by id, and their channels counted.
#[derive(Debug)]
pub(super) struct Degrees {
    index: HashMap<[u8; 33], u32, State>,
    channels: Vec<u32>,
    known: u64,
    limit: u32,
}

impl Degrees {
    /// At most so many nodes are remembered.
    pub(super) fn new(state: State, limit: u32) -> Degrees {
        Degrees { index: HashMap::with_hasher(state), channels: Vec::new(), known: 0, limit }
    }

    /// Gives both nodes one more channel; `None` if there is no room for them.
    pub(super) fn join(&mut self, ids: [&[u8; 33]; 2]) -> Option<[u32; 2]> {
        let [first, second] = ids.map(|id| self.place(id));
        let nodes = [first?, second?];
        for index in nodes {
            let degree = self.channels.get_mut(index as usize)?;
            self.known += u64::from(*degree == 0);
            *degree += 1;
        }
        Some(nodes)
    }

    /// Takes a channel from both.
    pub(super) fn part(&mut self, nodes: [u32; 2]) {
        for index in nodes {
            if let Some(degree) = self.channels.get_mut(index as usize) {
                *degree -= 1;
                self.known -= u64::from(*degree == 0);
            }
        }
    }

    /// Whether the node has a channel.
    pub(super) fn knows(&self, id: &[u8; 33]) -> bool {
        let degree = self.index.get(id).and_then(|index| self.channels.get(*index as usize));
        degree.is_some_and(|degree| *degree > 0)
    }

    /// How many nodes have channels.
    pub(super) fn known(&self) -> u64 {
        self.known
    }

    fn place(&mut self, id: &[u8; 33]) -> Option<u32> {
        if let Some(index) = self.index.get(id) {
            return Some(*index);
        }
        let next = u32::try_from(self.channels.len()).ok().filter(|next| *next < self.limit)?;
        self.index.insert(*id, next);
        self.channels.push(0);
        Some(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_is_known_as_long_as_it_has_a_channel() {
        let ids = [[1; 33], [2; 33], [3; 33], [4; 33]];
        let mut degrees = Degrees::new(State::with_seed(1), 3);
        let first = degrees.join([&ids[0], &ids[1]]).unwrap();
        let second = degrees.join([&ids[1], &ids[2]]).unwrap();
        assert_eq!((first, second, degrees.known()), ([0, 1], [1, 2], 3));
        // There is no room for a fourth.
        assert_eq!(degrees.join([&ids[0], &ids[3]]), None);
        assert_eq!((degrees.known(), degrees.knows(&ids[3])), (3, false));
        degrees.part(first);
        let known: Vec<bool> = ids.iter().map(|id| degrees.knows(id)).collect();
        assert_eq!((known, degrees.known()), (Vec::from([false, true, true, false]), 2));
        degrees.part(second);
        assert_eq!((degrees.knows(&ids[1]), degrees.known()), (false, 0));
        assert_eq!(degrees.join([&ids[0], &ids[0]]), Some([0, 0]));
        assert_eq!((degrees.knows(&ids[0]), degrees.known()), (true, 1));
    }
}
