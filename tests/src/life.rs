//! A lightningd that lives: it appends, rewrites in place, compacts and renames, dies and starts
//! again, in the single steps in which others may see it.
//!
//! Written from upstream (`gossipd/gossip_store.c`, `gossipd/gossmap_manage.c`,
//! `gossipd/compactd.c` of Core Lightning at v24.11, v25.12.1 and v26.06), not from what reads it.
//! Each step is one system call, or a part of a write: what a page holds may be seen before the
//! next page is written. Only [`Life::step`] changes anything, so a test can put a look between any
//! two steps.

mod disk;
mod graph;

use std::collections::{BTreeSet, VecDeque};

pub use disk::Disk;
pub use graph::{Channel, Graph, first_bad, is_whole};

use crate::fake::{Key, Rng, key, nodes};
use crate::flags::{COMPLETED, DELETED, DYING};
use crate::node::NodeBuilder;
use crate::wire::{self, Announcement, Direction, Scid, Update};
use crate::{T0, crc, frame};

/// The names in the directory.
pub const STORE: &str = "gossip_store";
/// What was moved aside.
pub const CORRUPT: &str = "gossip_store.corrupt";
const COMPACT: &str = "gossip_store.compact";
const TEMPORARY: &str = "gossip_store.tmp";

/// One step.
#[derive(Clone, Debug)]
enum Step {
    Write {
        inode: usize,
        at: usize,
        bytes: Vec<u8>,
    },
    Create {
        name: &'static str,
        bytes: Vec<u8>,
    },
    Rename {
        from: &'static str,
        to: &'static str,
    },
    /// Reads the store anew, by its name.
    Load,
}

/// A node's store and who writes it.
#[derive(Clone, Debug)]
pub struct Life {
    /// What everybody can see.
    pub disk: Disk,
    /// The version of the store: 14, 15 or 16.
    pub version: u8,
    /// What gossipd believes to be in the store.
    pub graph: Graph,
    /// Channels that were removed, and nodes with their last channel. Upstream's compaction may
    /// bring one back: closed between the two halves of one, it lies in the new store unmarked, with
    /// a tombstone behind it that the next one leaves out.
    pub removed: (BTreeSet<u64>, BTreeSet<Key>),
    /// Whether lightningd runs.
    pub alive: bool,
    rng: Rng,
    steps: VecDeque<Step>,
    inode: usize,
    len: usize,
    next_scid: u64,
    clock: u32,
    /// A compaction under way: the copy so far, and where it goes on.
    compacting: Option<(Vec<u8>, usize, [u8; 32])>,
    uuids: u64,
}

impl Life {
    /// A node that starts with an empty store of this version.
    pub fn new(version: u8, seed: u64) -> Life {
        let mut life = Life {
            disk: Disk::default(),
            version,
            graph: Graph::default(),
            removed: Default::default(),
            alive: true,
            rng: Rng::new(seed),
            steps: VecDeque::new(),
            inode: 0,
            len: 0,
            next_scid: 600_000 << 40,
            clock: T0,
            compacting: None,
            uuids: seed << 16,
        };
        let empty = life.empty().0;
        life.disk.create(STORE, empty);
        life.load();
        life
    }

    /// Whether no write is under way.
    pub fn at_rest(&self) -> bool {
        self.steps.is_empty()
    }

    /// Does the next step, of a new operation if none is under way.
    pub fn step(&mut self) {
        if !self.alive {
            return;
        }
        if self.steps.is_empty() {
            self.operation();
        }
        match self.steps.pop_front() {
            Some(Step::Write { inode, at, bytes }) => self.disk.write(inode, at, &bytes),
            Some(Step::Create { name, bytes }) => self.disk.create(name, bytes),
            Some(Step::Rename { from, to }) => self.disk.rename(from, to),
            Some(Step::Load) => self.load(),
            None => {}
        }
    }

    /// Finishes the operation that is under way.
    pub fn finish(&mut self) {
        while self.alive && !self.steps.is_empty() {
            self.step();
        }
    }

    /// Dies where it is.
    pub fn kill(&mut self) {
        self.alive = false;
        self.steps.clear();
        self.compacting = None;
    }

    /// Starts again, as a release does that writes this version.
    pub fn start(&mut self) {
        self.alive = true;
        let Some(inode) = self.disk.inode(STORE) else { return self.start_empty() };
        let old = self.disk.bytes(inode).to_vec();
        // gossip_store_compact, up to v25.12.1: what is whole up to the first record that is cut
        // off, unless a checksum does not hold. From v26.04 on the file is read as it is.
        let rewritten = (self.version <= 15 && graph::checksums_hold(&old)).then(|| {
            let mut new = vec![self.version];
            let end = graph::copy(&old, 1, old.len(), &mut new, false);
            (new, end)
        });
        let clean = graph::is_clean(rewritten.as_ref().map_or(&old, |(new, _)| new));
        if let Some((new, end)) = rewritten {
            let len = new.len();
            self.steps.push_back(Step::Create { name: TEMPORARY, bytes: new });
            self.steps.push_back(Step::Rename { from: TEMPORARY, to: STORE });
            self.append_to(inode, end, 0, &wire::ended(len as u64, None));
        }
        if !clean {
            // gossip_store_corrupt, and from the beginning.
            self.steps.push_back(Step::Rename { from: STORE, to: CORRUPT });
            return self.start_empty();
        }
        self.steps.push_back(Step::Load);
    }

    fn start_empty(&mut self) {
        let empty = self.empty().0;
        self.steps.push_back(Step::Create { name: TEMPORARY, bytes: empty });
        self.steps.push_back(Step::Rename { from: TEMPORARY, to: STORE });
        self.steps.push_back(Step::Load);
    }

    /// Makes what is there wrong, in a way that lightningd never does: a bit of a record that its
    /// checksum covers. The offset of the record.
    pub fn flip(&mut self) -> Option<usize> {
        let store = self.disk.bytes(self.inode);
        let records = graph::offsets(store);
        let at = *records.get(self.rng.index(records.len().max(1)))?;
        let len = graph::record_len(store, at)?;
        let byte = at + 4 + self.rng.index(len - 4);
        let bit = 1 << self.rng.below(8);
        let flipped = store[byte] ^ bit;
        self.disk.write(self.inode, byte, &[flipped]);
        Some(at)
    }

    /// Zeros a span, as a file system may after a power loss. The span.
    pub fn zero(&mut self) -> Option<(usize, usize)> {
        let len = self.disk.bytes(self.inode).len();
        let start = 1 + self.rng.index(len.checked_sub(64)?);
        let end = len.min(start + 24 + self.rng.index(900));
        let zeros = vec![0; end - start];
        self.disk.write(self.inode, start, &zeros);
        Some((start, end))
    }

    fn empty(&mut self) -> (Vec<u8>, [u8; 32]) {
        self.uuids += 1;
        let uuid = crate::fake::uuid(self.uuids);
        let mut bytes = vec![self.version];
        if self.version >= 16 {
            bytes.extend(frame(self.version, COMPLETED, 0, &wire::uuid(uuid)));
        }
        (bytes, uuid)
    }

    fn load(&mut self) {
        self.inode = self.disk.inode(STORE).expect("a store");
        let store = self.disk.bytes(self.inode);
        self.len = store.len();
        self.graph = Graph::load(store);
    }

    /// Plans what gossipd does next.
    fn operation(&mut self) {
        match self.rng.below(100) {
            30..70 => self.update(),
            70..80 => self.node(),
            80..85 => self.spent(),
            85..91 => self.remove(),
            91..95 if self.version >= 16 => self.compact(),
            _ => self.announce(),
        }
    }

    /// `gossmap_manage_handle_get_txout_reply`.
    fn announce(&mut self) {
        self.next_scid += 1 << 16;
        let scid = Scid(self.next_scid);
        let a = 1 + self.rng.below(12);
        let b = 1 + (a + self.rng.below(11)) % 12;
        let pair = nodes(a, b);
        let features = self.rng.index(3);
        let message = Announcement::new(scid, pair).features(&[2, 0][..features.min(2)]).encode();
        let at = self.append(0, &message);
        self.append(0, &wire::channel_amount(1_000_000));
        self.graph.channels.insert(scid.0, Channel::new(at, pair));
        for id in pair {
            if let Some((at, _)) = self.graph.nodes.get(&id).copied()
                && self.flags(at) & DYING != 0
            {
                self.clear_flag(at, DYING);
            }
        }
    }

    fn pick(&mut self) -> Option<u64> {
        let scids: Vec<u64> = self.graph.channels.keys().copied().collect();
        (!scids.is_empty()).then(|| scids[self.rng.index(scids.len())])
    }

    /// `process_channel_update`.
    fn update(&mut self) {
        let Some(scid) = self.pick() else { return self.announce() };
        self.clock += 1;
        let (direction, timestamp) = (self.rng.index(2), self.clock);
        let channel = self.graph.channels[&scid].clone();
        if channel.updates == [None, None] {
            self.set_timestamp(channel.at, timestamp);
        }
        let update = Update::new(scid, Direction::BOTH[direction], timestamp);
        let at = self.append(timestamp, &update.htlc_maximum(1_000_000_000).encode());
        if self.flags(channel.at) & DYING != 0 {
            self.set_header(at, COMPLETED & self.completed() | DYING, timestamp, None);
        }
        if let Some((old, _)) = channel.updates[direction] {
            self.delete(old);
        }
        let channel = self.graph.channels.get_mut(&scid).expect("it was picked");
        channel.updates[direction] = Some((at, timestamp));
    }

    /// `process_node_announcement`.
    fn node(&mut self) {
        let Some(scid) = self.pick() else { return self.announce() };
        self.clock += 1;
        let side = self.rng.index(2);
        let id = self.graph.channels[&scid].nodes[side];
        let number = (1..=12).find(|number| key(*number) == id).expect("one of the twelve");
        let message = NodeBuilder::new(number, self.clock).alias(format!("node {number}"));
        let at = self.append(self.clock, &message.encode());
        if let Some((old, _)) = self.graph.nodes.insert(id, (at, self.clock)) {
            self.delete(old);
        }
    }

    /// `gossmap_manage_channel_spent`.
    fn spent(&mut self) {
        let Some(scid) = self.pick() else { return self.announce() };
        let channel = self.graph.channels[&scid].clone();
        if channel.dying.is_some() {
            return self.announce();
        }
        let at = self.append(0, &wire::chan_dying(Scid(scid), 800_000));
        self.set_flag(channel.at, DYING);
        for (update, _) in channel.updates.into_iter().flatten() {
            self.set_flag(update, DYING);
        }
        self.graph.channels.get_mut(&scid).expect("it was picked").dying = Some(at);
    }

    /// `remove_channel`, and what `gossmap_manage_new_block` does behind it.
    fn remove(&mut self) {
        let Some(scid) = self.pick() else { return self.announce() };
        let channel = self.graph.channels.remove(&scid).expect("it was picked");
        self.removed.0.insert(scid);
        self.append(0, &wire::delete_chan(Scid(scid)));
        self.delete(channel.at);
        let amount = channel.at
            + graph::record_len(self.disk.bytes(self.inode), channel.at).expect("a record");
        self.delete(amount);
        for (update, _) in channel.updates.into_iter().flatten() {
            self.delete(update);
        }
        for id in channel.nodes {
            let Some((at, timestamp)) = self.graph.nodes.get(&id).copied() else { continue };
            let others: Vec<usize> = self.graph.of_node(id).map(|other| other.at).collect();
            if others.is_empty() {
                self.delete(at);
                self.graph.nodes.remove(&id);
                self.removed.1.insert(id);
            } else if others.iter().all(|other| *other > at) {
                // The mark first, the message after it.
                let body = graph::body(self.disk.bytes(self.inode), at).expect("one").to_vec();
                self.delete(at);
                let at = self.append(timestamp, &body);
                self.graph.nodes.insert(id, (at, timestamp));
            }
        }
        if let Some(dying) = channel.dying {
            self.delete(dying);
        }
    }

    /// The first half of a compaction copies what is there; the second, some time later, the rest.
    fn compact(&mut self) {
        let store = self.disk.bytes(self.inode).to_vec();
        let Some((mut new, from, uuid)) = self.compacting.take() else {
            let (mut new, uuid) = self.empty();
            graph::copy(&store, 1, store.len(), &mut new, false);
            self.compacting = Some((new, store.len(), uuid));
            return;
        };
        graph::copy(&store, from, store.len(), &mut new, true);
        let ended = wire::ended(new.len() as u64, Some(uuid));
        self.steps.push_back(Step::Create { name: COMPACT, bytes: new });
        self.steps.push_back(Step::Rename { from: COMPACT, to: STORE });
        self.append(0, &ended);
        self.steps.push_back(Step::Load);
    }

    fn completed(&self) -> u16 {
        if self.version >= 15 { COMPLETED } else { 0 }
    }

    /// `append_msg`; the offset of the record.
    fn append(&mut self, timestamp: u32, body: &[u8]) -> usize {
        let at = self.len;
        self.len = self.append_to(self.inode, at, timestamp, body);
        at
    }

    fn append_to(&mut self, inode: usize, at: usize, timestamp: u32, body: &[u8]) -> usize {
        let record = frame(self.version, 0, timestamp, body);
        let len = record.len();
        self.write(inode, at, &record);
        if self.version >= 15 {
            let bytes = vec![COMPLETED.to_be_bytes()[0]];
            self.steps.push_back(Step::Write { inode, at, bytes });
        }
        at + len
    }

    /// A write that may be seen half done.
    fn write(&mut self, inode: usize, at: usize, bytes: &[u8]) {
        let cut = if self.rng.percent(40) { 1 + self.rng.index(bytes.len() - 1) } else { 0 };
        let (first, second) = bytes.split_at(cut);
        if cut > 0 {
            self.steps.push_back(Step::Write { inode, at, bytes: first.to_vec() });
        }
        self.steps.push_back(Step::Write { inode, at: at + cut, bytes: second.to_vec() });
    }

    /// Flags as they will be once everything that is planned is done.
    fn flags(&self, at: usize) -> u16 {
        let (flags, _) = self.header(at);
        flags
    }

    fn header(&self, at: usize) -> (u16, u32) {
        let mut header = [0; 12];
        let store = self.disk.bytes(self.inode);
        if let Some(bytes) = store.get(at..at + 12) {
            header.copy_from_slice(bytes);
        }
        for step in &self.steps {
            let Step::Write { inode, at: place, bytes } = step else { continue };
            for (index, byte) in bytes.iter().enumerate() {
                if *inode == self.inode
                    && let Some(offset) = (place + index).checked_sub(at)
                    && let Some(slot) = header.get_mut(offset)
                {
                    *slot = *byte;
                }
            }
        }
        let [f0, f1, _, _, _, _, _, _, t0, t1, t2, t3] = header;
        (u16::from_be_bytes([f0, f1]), u32::from_be_bytes([t0, t1, t2, t3]))
    }

    /// `gossip_store_del`, of one record.
    fn delete(&mut self, at: usize) {
        self.set_flag(at, DELETED);
    }

    /// `gossip_store_set_flag`: the whole header is written, and only its flags change.
    fn set_flag(&mut self, at: usize, flag: u16) {
        let (flags, timestamp) = self.header(at);
        self.set_header(at, flags | flag, timestamp, None);
    }

    fn clear_flag(&mut self, at: usize, flag: u16) {
        let (flags, timestamp) = self.header(at);
        self.set_header(at, flags & !flag, timestamp, None);
    }

    /// `gossip_store_set_timestamp`.
    fn set_timestamp(&mut self, at: usize, timestamp: u32) {
        let (flags, _) = self.header(at);
        let body = graph::body(self.disk.bytes(self.inode), at).expect("a record").to_vec();
        let crc = crc(self.version, timestamp, &body);
        self.set_header(at, flags, timestamp, Some(crc));
    }

    fn set_header(&mut self, at: usize, flags: u16, timestamp: u32, crc: Option<u32>) {
        let flags = flags.to_be_bytes();
        match crc {
            None => self.write(self.inode, at, &flags),
            Some(crc) => {
                let rest = [crc.to_be_bytes(), timestamp.to_be_bytes()].concat();
                self.write(self.inode, at + 4, &rest);
            }
        }
    }

    /// The nodes that are announced, and when.
    pub fn announced(&self) -> impl Iterator<Item = (Key, u32)> {
        self.graph.nodes.iter().map(|(id, (_, timestamp))| (*id, *timestamp))
    }
}
