//! What the network wants to know of records, read without the network: a few bytes of each.
//!
//! Whoever walks through a file makes it while the records are in the processor's cache. The
//! network, on another thread perhaps, then needs none of the file's bytes.

use alloc::vec::Vec;
use core::slice::Iter;

use super::Network;
use crate::gossip::format::{RecordType, Version, be16, be32};
use crate::gossip::scan::{Batch, RecordRef, Wound};
use crate::gossip::wire::{Message, decode};

/// The gist of one push, for [`Network::take`]. Recycle it: its memory is kept.
#[derive(Debug, Default)]
pub struct Gist {
    pub(super) items: Vec<Item>,
    /// The nodes that items name, by their place here.
    ids: Vec<[u8; 33]>,
    pub(super) whole: Vec<Whole>,
}

/// A `channel_announcement` with its amount.
#[derive(Clone, Copy, Debug)]
pub(super) struct Whole {
    pub(super) scid: u64,
    pub(super) nodes: u32,
    pub(super) satoshis: u64,
}

/// A record or a wound.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    /// File offset of its first byte.
    pub(super) offset: u64,
    /// Length of the record, header included; 0 for a wound.
    len: u32,
    pub(super) live: bool,
    pub(super) what: Matter,
}

impl Item {
    /// File offset after its last byte.
    pub(super) fn end(&self) -> u64 {
        match self.what {
            Matter::Wound { end } => end,
            _ => self.offset + u64::from(self.len),
        }
    }

    /// What a channel keeps of it.
    pub(super) fn short_len(&self) -> u16 {
        u16::try_from(self.len).unwrap_or(u16::MAX)
    }
}

/// What it says that counts for the network.
#[derive(Clone, Copy, Debug)]
pub(super) enum Matter {
    Wound {
        end: u64,
    },
    /// An update, in whatever wrapping.
    Update {
        scid: u64,
        timestamp: u32,
        direction: bool,
        disabled: bool,
    },
    /// An announcement, the amount of which ought to come next; with both nodes.
    Opening {
        scid: u64,
        nodes: u32,
        zombie: bool,
    },
    /// One with its amount (version 3), by its place in [`Gist::whole`].
    Whole {
        at: u32,
    },
    Node {
        timestamp: u32,
        node: u32,
    },
    Amount {
        satoshis: u64,
    },
    /// An amount that cannot be read.
    NoAmount,
    Tombstone {
        scid: u64,
        /// A `delete_chan`, which is to stand behind records that are marked.
        marks: bool,
    },
    Dying,
    Private {
        scid: u64,
    },
    Other,
}

impl Gist {
    /// Nothing yet.
    pub fn new() -> Gist {
        Gist::default()
    }

    /// Forgets what it holds.
    pub fn clear(&mut self) {
        self.items.clear();
        self.ids.clear();
        self.whole.clear();
    }

    /// Adds the records and wounds of one push; `chunk` is what was pushed.
    pub fn add(&mut self, version: Version, chunk: &[u8], batch: &Batch) {
        let mut wounds = batch.wounds.iter();
        self.add_some(version, chunk, batch, &batch.records, &mut wounds);
        self.add_wounds(&mut wounds, u64::MAX);
    }

    /// Adds these records of it, and the wounds between them.
    pub(super) fn add_some(
        &mut self,
        version: Version,
        chunk: &[u8],
        batch: &Batch,
        records: &[RecordRef],
        wounds: &mut Iter<'_, Wound>,
    ) {
        self.items.reserve(records.len());
        for record in records {
            self.add_wounds(wounds, record.offset);
            let what = self.read(version, record, batch.body(chunk, record));
            self.items.push(Item {
                offset: record.offset,
                // A body of 65,535 bytes at most, and its header.
                len: u32::try_from(record.end - record.offset).unwrap_or(u32::MAX),
                live: !record.header.flags.is_deleted(),
                what,
            });
        }
    }

    /// Adds the wounds before that offset.
    #[inline]
    pub(super) fn add_wounds(&mut self, wounds: &mut Iter<'_, Wound>, before: u64) {
        while let Some(wound) = wounds.as_slice().first().filter(|wound| wound.start < before) {
            wounds.next();
            let what = Matter::Wound { end: wound.end };
            self.items.push(Item { offset: wound.start, len: 0, live: false, what });
        }
    }

    /// Most records are read without decoding the rest of them.
    #[inline]
    fn read(&mut self, version: Version, record: &RecordRef, body: &[u8]) -> Matter {
        let zombie = || Network::is_zombie(record.header.flags, version);
        let read = match record.record_type {
            Some(RecordType::CHANNEL_UPDATE | RecordType::NODE_ANNOUNCEMENT) if zombie() => None,
            Some(RecordType::CHANNEL_UPDATE) => update(body),
            Some(RecordType::CHANNEL_ANNOUNCEMENT) => self.opening(body, zombie()),
            Some(RecordType::CHANNEL_AMOUNT) => Some(amount(body)),
            Some(RecordType::NODE_ANNOUNCEMENT) => self.announced_node(body),
            _ => self.decoded(version, body),
        };
        read.unwrap_or(Matter::Other)
    }

    /// Reads these fields where BOLT 7 has them; `None` for a body that is no
    /// `channel_announcement`.
    #[inline]
    fn opening(&mut self, body: &[u8], zombie: bool) -> Option<Matter> {
        if !RecordType::CHANNEL_ANNOUNCEMENT.fits(body) {
            return None;
        }
        let behind = body.get(292 + usize::from(be16(body, 258)?)..)?;
        let (scid, keys) = behind.split_first_chunk()?;
        let (first, keys) = keys.split_first_chunk()?;
        let nodes = self.name([first, keys.first_chunk()?]);
        Some(Matter::Opening { scid: u64::from_be_bytes(*scid), nodes, zombie })
    }

    /// The same for a `node_announcement`.
    #[inline]
    fn announced_node(&mut self, body: &[u8]) -> Option<Matter> {
        if !RecordType::NODE_ANNOUNCEMENT.fits(body) {
            return None;
        }
        let behind = body.get(68 + usize::from(be16(body, 66)?)..)?;
        let (timestamp, behind) = behind.split_first_chunk()?;
        let node = self.name([behind.first_chunk()?]);
        Some(Matter::Node { timestamp: u32::from_be_bytes(*timestamp), node })
    }

    fn decoded(&mut self, version: Version, body: &[u8]) -> Option<Matter> {
        let private = |scid| Some(Matter::Private { scid });
        match decode(version, body).ok()? {
            Message::V3NodeAnnouncement(outer) => {
                let message = outer.inner().ok()?;
                let node = self.name([message.node_id]);
                Some(Matter::Node { timestamp: message.timestamp, node })
            }
            Message::V3ChannelAnnouncement(outer) => {
                let message = outer.inner().ok()?;
                let nodes = self.name([message.node_id_1, message.node_id_2]);
                let at = place(self.whole.len());
                self.whole.push(Whole { scid: message.scid.0, nodes, satoshis: outer.satoshis });
                Some(Matter::Whole { at })
            }
            Message::V3ChannelUpdate(outer) => update(outer.update),
            Message::DeleteChan(message) => {
                Some(Matter::Tombstone { scid: message.scid.0, marks: true })
            }
            Message::V3ChannelDelete(message) => {
                Some(Matter::Tombstone { scid: message.scid.0, marks: false })
            }
            Message::ChanDying(_) => Some(Matter::Dying),
            Message::LocalAddChannel(message) => private(message.scid.0),
            message @ (Message::V3LocalAddChannel(_) | Message::PrivateChannel(_)) => {
                match message.inner()?.ok()? {
                    Message::LocalAddChannel(inner) => private(inner.scid.0),
                    Message::ChannelAnnouncement(inner) => private(inner.scid.0),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// Keeps these; where the first of them stands.
    fn name<const N: usize>(&mut self, ids: [&[u8; 33]; N]) -> u32 {
        let at = place(self.ids.len());
        for id in ids {
            self.ids.push(*id);
        }
        at
    }

    /// The node kept at that place.
    pub(super) fn id(&self, at: u32) -> &[u8; 33] {
        self.ids.get(at as usize).unwrap_or(&[0; 33])
    }

    pub(super) fn pair(&self, at: u32) -> [&[u8; 33]; 2] {
        [self.id(at), self.id(at.saturating_add(1))]
    }
}

/// A place in a list: a push makes far fewer.
fn place(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

/// Behind the type there is the amount and nothing else.
#[inline]
fn amount(body: &[u8]) -> Matter {
    match body.get(2..).map(<[u8; 8]>::try_from) {
        Some(Ok(satoshis)) => Matter::Amount { satoshis: u64::from_be_bytes(satoshis) },
        _ => Matter::NoAmount,
    }
}

/// Reads these fields where BOLT 7 has them; `None` for a body that is no `channel_update`.
#[inline]
fn update(body: &[u8]) -> Option<Matter> {
    if !RecordType::CHANNEL_UPDATE.fits(body) {
        return None;
    }
    let scid = u64::from_be_bytes(*body.get(98..)?.first_chunk()?);
    let flags = *body.get(111)?;
    Some(Matter::Update {
        scid,
        timestamp: be32(body, 106)?,
        direction: flags & 1 != 0,
        disabled: flags & 2 != 0,
    })
}
