//! The builder: a store grows record by record, as lightningd appends them.
//!
//! Each call writes what a release with that version byte would write. What no such release
//! writes (a private channel in version 14, say) panics with the reason; tests that want it
//! anyway say so with [`Store::raw_record`] and a body from [`crate::wire`].

mod channel;
mod internal;

use crate::built::{Built, Span};
use crate::fake::{self, Key, Signature};
use crate::flags::{COMPLETED, DELETED, PUSH};
use crate::frame::{frame, header_len};
use crate::node::NodeBuilder;
use crate::wire::{self, Direction};
use std::collections::HashMap;
use std::ops::Range;

/// A store in the making.
#[derive(Clone, Debug)]
#[must_use]
pub struct Store {
    version: u8,
    chain: [u8; 32],
    signature: Signature,
    bytes: Vec<u8>,
    records: Vec<Span>,
    /// Indexes of the records that the last call wrote.
    latest: Range<usize>,
    /// Indexes of each channel's 256, 4101 and 258.
    channels: HashMap<u64, Vec<usize>>,
    /// Index of the newest 258 of each direction.
    updates: HashMap<(u64, Direction), usize>,
    /// Index of the newest 257 of each node.
    announced: HashMap<Key, usize>,
}

impl Store {
    /// A store of this version; from 16 on with the uuid record that stands first in it.
    pub fn new(version: u8) -> Store {
        let store = Store::bare(version);
        if version >= 16 { store.uuid(fake::uuid(0)) } else { store }
    }

    /// A store of nothing but the version byte. Bytes over 16 are written as 16 is.
    pub fn bare(version: u8) -> Store {
        Store {
            version,
            chain: wire::MAINNET,
            signature: Signature::Fake,
            bytes: vec![version],
            records: Vec::new(),
            latest: 0..0,
            channels: HashMap::new(),
            updates: HashMap::new(),
            announced: HashMap::new(),
        }
    }

    /// From here on messages name this chain, not Bitcoin's main one.
    pub fn chain(mut self, chain: [u8; 32]) -> Store {
        self.chain = chain;
        self
    }

    /// From here on every signature that would be fake is 64 zero bytes.
    pub fn zero_signatures(mut self) -> Store {
        self.signature = Signature::Zero;
        self
    }

    /// A node_announcement (257; 4098 in versions 2 and 3) with nothing but an alias.
    pub fn node(self, number: u32, timestamp: u32, alias: impl AsRef<[u8]>) -> Store {
        self.node_with(NodeBuilder::new(number, timestamp).alias(alias))
    }

    /// A node_announcement with what the builder holds.
    pub fn node_with(mut self, mut node: NodeBuilder) -> Store {
        node.signature = self.sign(node.signature);
        let message = node.encode();
        self.begin();
        let index = match self.version {
            0..=3 => self.write(0, &wire::wrapped(4098, &message)),
            _ => self.write(node.timestamp, &message),
        };
        self.announced.insert(node.key, index);
        self
    }

    /// A newer node_announcement: the newest one of that node so far becomes DELETED.
    pub fn replace_node(mut self, node: NodeBuilder) -> Store {
        let old = self.announced.get(&node.key).copied();
        self = self.node_with(node);
        if let Some(old) = old {
            self.set_flags(old, DELETED);
        }
        self
    }

    /// A record with this body, whatever it is, and the right CRC. The flags are exactly these:
    /// from version 15 a finished record has [`COMPLETED`] among them.
    pub fn raw_record(mut self, flags: u16, timestamp: u32, body: &[u8]) -> Store {
        self.begin();
        self.write_flagged(flags, timestamp, body);
        self
    }

    /// Bytes that are no record.
    pub fn raw_bytes(mut self, bytes: &[u8]) -> Store {
        self.begin();
        self.bytes.extend(bytes);
        self
    }

    /// Marks what the last call wrote DELETED: an announcement together with its amount.
    pub fn deleted(mut self) -> Store {
        for index in self.latest.clone() {
            self.set_flags(index, DELETED);
        }
        self
    }

    /// Marks what the last call wrote PUSH. As upstream does, this leaves out the amount (4101)
    /// behind an announcement.
    pub fn push(mut self) -> Store {
        for index in self.latest.clone() {
            if self.records[index].record_type != 4101 {
                self.set_flags(index, PUSH);
            }
        }
        self
    }

    /// Gives what the last call wrote exactly these flags.
    pub fn flags(mut self, flags: u16) -> Store {
        for index in self.latest.clone() {
            self.put_flags(index, flags);
        }
        self
    }

    /// The last record.
    ///
    /// # Panics
    /// If there is none yet.
    pub fn last(&self) -> Span {
        *self.records.last().expect("a record")
    }

    /// The version byte.
    pub fn version(&self) -> u8 {
        self.version
    }

    /// Bytes so far.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether there is no record yet.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The finished store.
    pub fn build(self) -> Built {
        Built { bytes: self.bytes, records: self.records, notes: Vec::new() }
    }

    /// The signature to use where `wanted` was asked for.
    fn sign(&self, wanted: Signature) -> Signature {
        if wanted == Signature::Fake { self.signature } else { wanted }
    }

    /// The start of a call that writes records.
    fn begin(&mut self) {
        self.latest = self.records.len()..self.records.len();
    }

    /// A record with the flags that every finished record of this version has; its index.
    fn write(&mut self, timestamp: u32, body: &[u8]) -> usize {
        let flags = if self.version >= 15 { COMPLETED } else { 0 };
        let timestamp = if self.version <= 4 { 0 } else { timestamp };
        self.write_flagged(flags, timestamp, body)
    }

    fn write_flagged(&mut self, flags: u16, timestamp: u32, body: &[u8]) -> usize {
        let record = frame(self.version, flags, timestamp, body);
        self.records.push(Span {
            offset: self.bytes.len(),
            header: header_len(self.version),
            len: record.len(),
            record_type: body.first_chunk().map_or(0, |bytes| u16::from_be_bytes(*bytes)),
        });
        self.bytes.extend(record);
        self.latest.end = self.records.len();
        self.records.len() - 1
    }

    fn set_flags(&mut self, index: usize, flags: u16) {
        let now = self.flags_of(index);
        self.put_flags(index, now | flags);
    }

    fn flags_of(&self, index: usize) -> u16 {
        let at = self.records[index].offset;
        u16::from_be_bytes([self.bytes[at], self.bytes[at + 1]])
    }

    fn put_flags(&mut self, index: usize, flags: u16) {
        assert!(self.version >= 5, "version {} has no flags", self.version);
        let at = self.records[index].offset;
        self.bytes[at..at + 2].copy_from_slice(&flags.to_be_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::T0;
    use crate::fake::nodes;

    #[test]
    fn version_sixteen_begins_with_its_uuid_and_bare_does_not() {
        assert_eq!(Store::new(16).build().types(), [4107]);
        assert!(Store::bare(16).is_empty() && Store::new(15).is_empty());
    }

    #[test]
    fn flags_apply_to_what_the_last_call_wrote() {
        let store = Store::new(14)
            .announce("1x1x1", nodes(1, 2), 5)
            .push()
            .update("1x1x1", Direction::One, T0)
            .push()
            .deleted()
            .node(1, T0, "A")
            .flags(0x0102)
            .announce("2x2x2", nodes(1, 2), 5)
            .deleted()
            .build();
        let flags: Vec<u16> = store.records.iter().map(|span| store.flags(*span)).collect();
        assert_eq!(flags, [0x4000, 0, 0xc000, 0x0102, 0x8000, 0x8000]);
    }

    #[test]
    fn finished_records_are_completed_from_version_fifteen() {
        let flags = |version| {
            let store = Store::bare(version).amount(5).build();
            store.flags(store.last())
        };
        assert_eq!((flags(14), flags(15), flags(16), flags(17)), (0, 0x2000, 0x2000, 0x2000));
    }

    #[test]
    fn a_replaced_node_announcement_is_deleted() {
        let store = Store::new(16)
            .node(1, T0 - 9, "old")
            .replace_node(NodeBuilder::new(1, T0).alias("new"))
            .build();
        let flags: Vec<u16> = store.of_type(257).map(|span| store.flags(span)).collect();
        assert_eq!(flags, [0xa000, 0x2000]);
    }

    #[test]
    fn zero_signatures_hold_from_there_on() {
        let store = Store::new(14).zero_signatures().node(1, T0, "A").build();
        assert!(store.body(store.last())[2..66].iter().all(|byte| *byte == 0));
    }

    #[test]
    #[should_panic(expected = "version 4 has no flags")]
    fn the_oldest_versions_cannot_delete() {
        let _ = Store::new(4).amount(5).deleted();
    }
}
