//! Channels and nodes in arenas that grow by blocks, so that growing never needs twice the
//! memory, and tables that find them by key.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::hash::BuildHasher;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

/// No offset.
pub(super) const NOWHERE: u64 = u64::MAX;

/// Values that are never moved and never removed.
#[derive(Debug)]
struct Arena<T> {
    blocks: Vec<Vec<T>>,
    len: u32,
}

impl<T> Arena<T> {
    const BLOCK: usize = 4_096;

    fn push(&mut self, value: T) -> u32 {
        if (self.len as usize).is_multiple_of(Self::BLOCK) {
            self.blocks.push(Vec::with_capacity(Self::BLOCK));
        }
        if let Some(block) = self.blocks.last_mut() {
            block.push(value);
        }
        self.len += 1;
        self.len - 1
    }

    fn get(&self, index: u32) -> Option<&T> {
        self.blocks.get(index as usize / Self::BLOCK)?.get(index as usize % Self::BLOCK)
    }

    fn get_mut(&mut self, index: u32) -> Option<&mut T> {
        self.blocks.get_mut(index as usize / Self::BLOCK)?.get_mut(index as usize % Self::BLOCK)
    }

    fn iter(&self) -> impl Iterator<Item = &T> {
        self.blocks.iter().flatten()
    }
}

/// What is known of one direction of a channel.
#[derive(Clone, Copy, Debug)]
pub(super) struct Half {
    /// File offset of the update; [`NOWHERE`] if none was seen.
    pub(super) offset: u64,
    pub(super) timestamp: u32,
    /// Length of the record, header included, up to 65,535.
    pub(super) len: u16,
    /// Whether the update counts; else it is a deleted one.
    pub(super) live: bool,
    pub(super) disabled: bool,
}

impl Half {
    pub(super) const NONE: Half =
        Half { offset: NOWHERE, timestamp: 0, len: 0, live: false, disabled: false };
}

/// What is known of one channel.
#[derive(Clone, Debug)]
pub(super) struct Channel {
    pub(super) scid: u64,
    /// File offset of its announcement.
    pub(super) announcement: u64,
    /// `u64::MAX` if no amount was seen.
    pub(super) satoshis: u64,
    pub(super) nodes: [u32; 2],
    pub(super) halves: [Half; 2],
    /// Its announcement is live, and no tombstone came.
    pub(super) live: bool,
    /// A tombstone came for it.
    pub(super) tombstone: bool,
    /// Its announcement is marked deleted, its amount is not.
    pub(super) amount_lives: bool,
}

/// What is known of one node.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) id: [u8; 33],
    /// How many live channels it has.
    pub(super) channels: u32,
    /// File offset of the announcement that counts.
    pub(super) announced: u64,
    /// File offset of a live announcement that does not, because no channel came before it.
    pub(super) waiting: u64,
    /// File offset of its last deleted announcement.
    pub(super) deleted: u64,
    /// How many announcements of it there are, dead ones included.
    pub(super) seen: u32,
    pub(super) timestamp: u32,
}

/// Channels by short channel id.
#[derive(Debug)]
pub(super) struct Channels {
    arena: Arena<Channel>,
    table: HashTable<u32>,
    state: FixedState,
}

impl Channels {
    pub(super) fn new(state: FixedState) -> Channels {
        Channels { arena: Arena { blocks: Vec::new(), len: 0 }, table: HashTable::new(), state }
    }

    pub(super) fn len(&self) -> u32 {
        self.arena.len
    }

    pub(super) fn find(&self, scid: u64) -> Option<u32> {
        let is_it = |&index: &u32| self.arena.get(index).is_some_and(|known| known.scid == scid);
        self.table.find(self.state.hash_one(scid), is_it).copied()
    }

    pub(super) fn get(&self, index: u32) -> Option<&Channel> {
        self.arena.get(index)
    }

    pub(super) fn get_mut(&mut self, index: u32) -> Option<&mut Channel> {
        self.arena.get_mut(index)
    }

    pub(super) fn add(&mut self, channel: Channel) -> u32 {
        let hash = self.state.hash_one(channel.scid);
        let index = self.arena.push(channel);
        let rehash =
            |&index: &u32| self.arena.get(index).map_or(0, |known| self.state.hash_one(known.scid));
        self.table.insert_unique(hash, index, rehash);
        index
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Channel> {
        self.arena.iter()
    }
}

/// Nodes by id.
#[derive(Debug)]
pub(super) struct Nodes {
    arena: Arena<Node>,
    table: HashTable<u32>,
    state: FixedState,
}

impl Nodes {
    pub(super) fn new(state: FixedState) -> Nodes {
        Nodes { arena: Arena { blocks: Vec::new(), len: 0 }, table: HashTable::new(), state }
    }

    pub(super) fn len(&self) -> u32 {
        self.arena.len
    }

    pub(super) fn find(&self, id: &[u8; 33]) -> Option<u32> {
        let is_it = |&index: &u32| self.arena.get(index).is_some_and(|known| known.id == *id);
        self.table.find(self.hash(id), is_it).copied()
    }

    pub(super) fn get(&self, index: u32) -> Option<&Node> {
        self.arena.get(index)
    }

    pub(super) fn get_mut(&mut self, index: u32) -> Option<&mut Node> {
        self.arena.get_mut(index)
    }

    /// The node of that id, made if need be.
    pub(super) fn add(&mut self, id: &[u8; 33]) -> u32 {
        let hash = self.hash(id);
        let index = self.arena.push(Node {
            id: *id,
            channels: 0,
            announced: NOWHERE,
            waiting: NOWHERE,
            deleted: NOWHERE,
            seen: 0,
            timestamp: 0,
        });
        let Nodes { arena, table, state } = self;
        let rehash =
            |&index: &u32| arena.get(index).map_or(0, |known| state.hash_one(&known.id[..]));
        table.insert_unique(hash, index, rehash);
        index
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Node> {
        self.arena.iter()
    }

    fn hash(&self, id: &[u8; 33]) -> u64 {
        self.state.hash_one(&id[..])
    }
}

/// One value for each node, in the order of their indexes.
pub(super) fn per_node(nodes: &Nodes, value: u64) -> Box<[u64]> {
    alloc::vec![value; nodes.len() as usize].into_boxed_slice()
}
