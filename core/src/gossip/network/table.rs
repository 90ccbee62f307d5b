//! Channels and nodes in arenas that grow by blocks, so that growing never needs twice the
//! memory, and tables that find them by key.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::hash::{BuildHasher, Hasher as _};

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

impl<T> Default for Arena<T> {
    fn default() -> Arena<T> {
        Arena { blocks: Vec::new(), len: 0 }
    }
}

impl<T> Arena<T> {
    const BLOCK: usize = 4_096;

    // Inlined, so that the value is made where it stays.
    #[inline]
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

/// What is known of one channel: as much as the processor fetches at once, which is why both
/// directions lie in pieces.
#[derive(Clone, Debug)]
#[repr(align(64))]
pub(super) struct Channel {
    pub(super) scid: u64,
    /// File offset of its announcement.
    pub(super) announcement: u64,
    /// `u64::MAX` if no amount was seen.
    pub(super) satoshis: u64,
    offsets: [u64; 2],
    pub(super) nodes: [u32; 2],
    timestamps: [u32; 2],
    lens: [u16; 2],
    /// Of each direction whether its update counts, and whether that disables it.
    marks: u8,
    /// Its announcement is live, and no tombstone came.
    pub(super) live: bool,
    /// A tombstone came for it.
    pub(super) tombstone: bool,
    /// Its announcement is marked deleted, its amount is not.
    pub(super) amount_lives: bool,
}

const _: () = assert!(size_of::<Channel>() == 64);

impl Channel {
    /// Announced, and nothing else.
    #[inline]
    pub(super) fn new(scid: u64, announcement: u64, nodes: [u32; 2], live: bool) -> Channel {
        Channel {
            scid,
            announcement,
            satoshis: u64::MAX,
            offsets: [NOWHERE; 2],
            nodes,
            timestamps: [0; 2],
            lens: [0; 2],
            marks: 0,
            live,
            tombstone: false,
            amount_lives: false,
        }
    }

    pub(super) fn half(&self, direction: bool) -> Half {
        let at = usize::from(direction);
        let marks = self.marks >> (2 * at);
        Half {
            offset: self.offsets[at],
            timestamp: self.timestamps[at],
            len: self.lens[at],
            live: marks & 1 != 0,
            disabled: marks & 2 != 0,
        }
    }

    pub(super) fn halves(&self) -> [Half; 2] {
        [false, true].map(|direction| self.half(direction))
    }

    pub(super) fn set_half(&mut self, direction: bool, half: Half) {
        let at = usize::from(direction);
        let marks = u8::from(half.live) | u8::from(half.disabled) << 1;
        self.offsets[at] = half.offset;
        self.timestamps[at] = half.timestamp;
        self.lens[at] = half.len;
        self.marks = self.marks & !(3 << (2 * at)) | marks << (2 * at);
    }
}

/// What is known of one node, but for its id.
#[derive(Clone, Debug)]
pub(super) struct Node {
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

/// What a table keeps of a value: its hash, so that growing needs to look at no value and hardly
/// any is looked at in vain, and where it stands.
#[derive(Clone, Copy, Debug)]
struct Entry {
    hash: u32,
    index: u32,
}

impl Entry {
    /// The hash as the table wants it: it uses both ends.
    fn spread(hash: u32) -> u64 {
        u64::from(hash) << 32 | u64::from(hash)
    }
}

/// Room for another entry. A table that outgrows a sixteenth of what mainnet needs is made as large
/// as mainnet needs at once: what lies between would be filled only to be copied.
fn make_room(table: &mut HashTable<Entry>, mainnet: usize) {
    let (len, full) = (table.len(), table.len() == table.capacity());
    if full && len < mainnet {
        let room = if len < mainnet / 16 { 1 } else { mainnet - len };
        table.reserve(room, |entry| Entry::spread(entry.hash));
    }
}

/// Both halves of a hash in one.
fn narrow(hash: u64) -> u32 {
    // Truncation is meant.
    #[allow(clippy::cast_possible_truncation)]
    let narrow = (hash ^ hash >> 32) as u32;
    narrow
}

/// Channels by short channel id.
#[derive(Debug)]
pub(super) struct Channels {
    arena: Arena<Channel>,
    table: HashTable<Entry>,
    state: FixedState,
}

impl Channels {
    /// What a table of 65,536 places takes; mainnet had 50,808 in February 2026.
    const MAINNET: usize = 57_344;

    pub(super) fn new(state: FixedState) -> Channels {
        Channels { arena: Arena::default(), table: HashTable::new(), state }
    }

    pub(super) fn len(&self) -> u32 {
        self.arena.len
    }

    pub(super) fn find(&self, scid: u64) -> Option<u32> {
        let hash = self.hash(scid);
        let is_it = |entry: &Entry| entry.hash == hash && self.is(entry.index, scid);
        self.table.find(Entry::spread(hash), is_it).map(|entry| entry.index)
    }

    /// Where it stands if it is there, by its hash alone: to be confirmed by [`Channels::is`].
    pub(super) fn guess(&self, scid: u64) -> Option<u32> {
        let hash = self.hash(scid);
        self.table.find(Entry::spread(hash), |entry| entry.hash == hash).map(|entry| entry.index)
    }

    /// Whether the channel of that index is this one.
    pub(super) fn is(&self, index: u32, scid: u64) -> bool {
        self.arena.get(index).is_some_and(|known| known.scid == scid)
    }

    pub(super) fn get(&self, index: u32) -> Option<&Channel> {
        self.arena.get(index)
    }

    pub(super) fn get_mut(&mut self, index: u32) -> Option<&mut Channel> {
        self.arena.get_mut(index)
    }

    /// A new channel, which the table does not have.
    pub(super) fn add(&mut self, scid: u64, announcement: u64, nodes: [u32; 2], live: bool) -> u32 {
        let hash = self.hash(scid);
        let index = self.arena.push(Channel::new(scid, announcement, nodes, live));
        make_room(&mut self.table, Channels::MAINNET);
        let entry = Entry { hash, index };
        self.table.insert_unique(Entry::spread(hash), entry, |entry| Entry::spread(entry.hash));
        index
    }

    fn hash(&self, scid: u64) -> u32 {
        narrow(self.state.hash_one(scid))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Channel> {
        self.arena.iter()
    }
}

/// Nodes by id.
#[derive(Debug)]
pub(super) struct Nodes {
    /// Apart, since they are what lookups compare: the denser, the more of them stay in the
    /// processor's cache.
    ids: Arena<[u8; 33]>,
    arena: Arena<Node>,
    table: HashTable<Entry>,
    state: FixedState,
}

impl Nodes {
    /// What a table of 32,768 places takes; mainnet had 17,324 in February 2026.
    const MAINNET: usize = 28_672;

    pub(super) fn new(state: FixedState) -> Nodes {
        let (ids, arena) = (Arena::default(), Arena::default());
        Nodes { ids, arena, table: HashTable::new(), state }
    }

    pub(super) fn len(&self) -> u32 {
        self.arena.len
    }

    pub(super) fn find(&self, id: &[u8; 33]) -> Option<u32> {
        let hash = self.hash(id);
        let is_it = |entry: &Entry| entry.hash == hash && self.is(entry.index, id);
        self.table.find(Entry::spread(hash), is_it).map(|entry| entry.index)
    }

    /// Where it stands if it is there, by its hash alone: to be confirmed by [`Nodes::is`].
    pub(super) fn guess(&self, id: &[u8; 33]) -> Option<u32> {
        let hash = self.hash(id);
        self.table.find(Entry::spread(hash), |entry| entry.hash == hash).map(|entry| entry.index)
    }

    /// Whether the node of that index is this one.
    pub(super) fn is(&self, index: u32, id: &[u8; 33]) -> bool {
        self.ids.get(index).is_some_and(|known| same(known, id))
    }

    /// The same ahead of [`Nodes::get_mut`]: it also looks at what is known of it, so that this is
    /// in the processor's cache by then. (Of a node that is seen so often it says no, which is
    /// as good as not having looked.)
    pub(super) fn is_at_hand(&self, index: u32, id: &[u8; 33]) -> bool {
        self.is(index, id) && self.arena.get(index).is_some_and(|node| node.seen != u32::MAX)
    }

    pub(super) fn id(&self, index: u32) -> Option<&[u8; 33]> {
        self.ids.get(index)
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
        self.ids.push(*id);
        let index = self.arena.push(Node {
            channels: 0,
            announced: NOWHERE,
            waiting: NOWHERE,
            deleted: NOWHERE,
            seen: 0,
            timestamp: 0,
        });
        make_room(&mut self.table, Nodes::MAINNET);
        let entry = Entry { hash, index };
        self.table.insert_unique(Entry::spread(hash), entry, |entry| Entry::spread(entry.hash));
        index
    }

    /// Each with its id, by index.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&[u8; 33], &Node)> {
        self.ids.iter().zip(self.arena.iter())
    }

    fn hash(&self, id: &[u8; 33]) -> u32 {
        let mut hasher = self.state.build_hasher();
        let (words, [last]) = split(id);
        for word in words {
            hasher.write_u64(u64::from_le_bytes(*word));
        }
        hasher.write_u8(*last);
        narrow(hasher.finish())
    }
}

/// Words, which are compared and hashed at once; a call for 33 bytes costs more than they do.
fn split(id: &[u8; 33]) -> (&[[u8; 8]; 4], &[u8; 1]) {
    let (words, last) = id.as_chunks::<8>();
    // 33 is 4 times 8 and 1.
    match (words.first_chunk(), last.first_chunk()) {
        (Some(words), Some(last)) => (words, last),
        _ => (&[[0; 8]; 4], &[0]),
    }
}

fn same(one: &[u8; 33], other: &[u8; 33]) -> bool {
    let ((words, last), (others, other_last)) = (split(one), split(other));
    words == others && last == other_last
}

/// One value for each node, in the order of their indexes.
pub(super) fn per_node(nodes: &Nodes, value: u64) -> Box<[u64]> {
    alloc::vec![value; nodes.len() as usize].into_boxed_slice()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg_attr(miri, ignore = "a large input")]
    fn a_table_grows_by_doubling_and_then_to_the_size_of_mainnet() {
        let mut channels = Channels::new(FixedState::with_seed(1));
        let mut room = Vec::new();
        for scid in 0..57_345 {
            let index = channels.add(scid, scid, [0; 2], true);
            assert_eq!(channels.find(scid), Some(index));
            if room.last() != Some(&channels.table.capacity()) {
                room.push(channels.table.capacity());
            }
        }
        // Seven of eight places are used at most (hashbrown).
        assert_eq!(room, [3, 7, 14, 28, 56, 112, 224, 448, 896, 1_792, 3_584, 57_344, 114_688]);
        assert!(
            (0..57_345)
                .all(|scid| channels.find(scid).is_some_and(|index| channels.is(index, scid)))
        );
    }
}
