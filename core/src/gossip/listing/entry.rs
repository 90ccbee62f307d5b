//! Channels and nodes: folded as offsets, then read again row by row.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::{Serialize, Serializer};

use crate::gossip::format::{Layout, RecordHeader, ShortChannelId, Version};
use crate::gossip::network::{ChannelRow, Limits, Network, NodeRow, UpdateRow};
use crate::gossip::scan::{Batch, Scanner};
use crate::gossip::wire::{Message, decode, feature_bits};
use crate::source::{Source, SourceError, read_span};
use crate::text::hex;

/// A store on its way to becoming a list; fed by pushing.
#[derive(Debug)]
pub struct Listing {
    scanner: Scanner,
    batch: Batch,
    network: Network,
    seen: Seen,
}

/// What the scanner has found so far.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    record: bool,
    wound: bool,
}

impl Listing {
    /// A list of a store from its first byte. The rows do not depend on the seed for hashing.
    pub fn new(limits: Limits, seed: u64) -> Listing {
        Listing {
            scanner: Scanner::new(),
            batch: Batch::new(),
            network: Network::new(limits, seed),
            seen: Seen::default(),
        }
    }

    /// Takes the next bytes of the file.
    pub fn push(&mut self, chunk: &[u8]) {
        self.scanner.push(chunk, &mut self.batch);
        self.fold(chunk);
    }

    /// Says that there are no more bytes.
    pub fn finish(mut self) -> Listed {
        self.scanner.finish(&mut self.batch);
        self.fold(&[]);
        Listed {
            version: self.scanner.version().unwrap_or(Version::NEWEST),
            layout: self.scanner.layout(),
            network: self.network,
            seen: self.seen,
        }
    }

    fn fold(&mut self, chunk: &[u8]) {
        self.seen.record |= !self.batch.records.is_empty();
        self.seen.wound |= !self.batch.wounds.is_empty();
        if let Some(version) = self.scanner.version() {
            self.network.fold(version, chunk, &self.batch);
        }
    }
}

/// The channels and nodes of a store.
#[derive(Debug)]
pub struct Listed {
    version: Version,
    layout: Layout,
    network: Network,
    seen: Seen,
}

impl Listed {
    /// Every live channel, by the offset of its announcement. `source` must be the file that was
    /// pushed.
    pub fn channels(
        &self,
        source: &dyn Source,
    ) -> impl Iterator<Item = Result<ChannelEntry, SourceError>> {
        let entries = self.entries(source);
        self.network.channels().map(move |row| entries.channel(row))
    }

    /// Every node with a live channel, by the offset of its announcement; those without one come
    /// last. `source` must be the file that was pushed.
    pub fn nodes(
        &self,
        source: &dyn Source,
    ) -> impl Iterator<Item = Result<NodeEntry, SourceError>> {
        let entries = self.entries(source);
        self.network.nodes().map(move |row| entries.node(row))
    }

    /// Whether there are bytes, and no record among them: perhaps it is no store at all.
    pub fn without_record(&self) -> bool {
        self.seen.wound && !self.seen.record
    }

    /// Whether a limit on memory was reached, so that channels or nodes are missing.
    pub fn limited(&self) -> bool {
        self.network.limited().contains(&true)
    }

    fn entries<'a>(&self, source: &'a dyn Source) -> Entries<'a> {
        Entries { source, version: self.version, layout: self.layout }
    }
}

/// Reads again what the records of a channel or a node say.
#[derive(Clone, Copy)]
pub struct Entries<'a> {
    /// The file.
    pub source: &'a dyn Source,
    /// What its first byte says.
    pub version: Version,
    /// How its records are framed.
    pub layout: Layout,
}

impl Entries<'_> {
    /// A channel with all that is said of it.
    ///
    /// # Errors
    /// [`SourceError`] where the source cannot be read.
    pub fn channel(&self, row: ChannelRow) -> Result<ChannelEntry, SourceError> {
        let ChannelRow { scid, announcement, satoshis, nodes, updates } = row;
        let mut entries = Vec::new();
        for (direction, update) in (0..).zip(updates) {
            if let Some(update) = update {
                entries.push(self.update(direction, update)?);
            }
        }
        let [node_id_1, node_id_2] = nodes.map(|id| hex(&id));
        Ok(ChannelEntry {
            scid,
            scid_raw: scid.0,
            announcement,
            satoshis,
            node_id_1,
            node_id_2,
            updates: entries,
        })
    }

    fn update(&self, direction: u8, row: UpdateRow) -> Result<UpdateEntry, SourceError> {
        let UpdateRow { offset, timestamp, disabled } = row;
        let mut entry =
            UpdateEntry { direction, offset, timestamp, disabled, ..Default::default() };
        let body = self.body(offset)?;
        if let Some(Message::ChannelUpdate(message)) = self.message(&body) {
            entry.fee_base_msat = message.fee_base_msat;
            entry.fee_proportional_millionths = message.fee_proportional_millionths;
            entry.cltv_expiry_delta = message.cltv_expiry_delta;
            entry.htlc_minimum_msat = message.htlc_minimum_msat;
            entry.htlc_maximum_msat = message.htlc_maximum_msat;
        }
        Ok(entry)
    }

    /// A node with what it announces.
    ///
    /// # Errors
    /// [`SourceError`] where the source cannot be read.
    pub fn node(&self, row: NodeRow) -> Result<NodeEntry, SourceError> {
        let NodeRow { id, channels, announcement, hidden } = row;
        let mut entry = NodeEntry { node_id: hex(&id), channels, announcement, hidden, says: None };
        let Some(offset) = announcement else { return Ok(entry) };
        let body = self.body(offset)?;
        if let Some(Message::NodeAnnouncement(message)) = self.message(&body) {
            let alias = message.alias_text();
            entry.says = Some(NodeSays {
                timestamp: message.timestamp,
                alias: alias.visible(),
                alias_hex: hex(alias.as_bytes()),
                rgb: hex(&message.rgb),
                features: feature_bits(message.features).collect(),
                addresses: message.address_list().map(|address| address.to_string()).collect(),
            });
        }
        Ok(entry)
    }

    fn message<'a>(&self, body: &'a [u8]) -> Option<Message<'a>> {
        let message = decode(self.version, body).ok()?;
        message.inner().map_or(Some(message), Result::ok)
    }

    /// The body of the record at that offset.
    fn body(&self, offset: u64) -> Result<Vec<u8>, SourceError> {
        // Nearly every record is shorter than this.
        const FIRST: usize = 512;
        let header_len = self.layout.header_len();
        let mut bytes = read_span(self.source, offset, FIRST)?;
        let len = RecordHeader::parse(self.layout, &bytes).map_or(0, |header| header.len as usize);
        let whole = header_len + len.min(crate::gossip::format::MAX_BODY);
        if bytes.len() < whole {
            bytes = read_span(self.source, offset, whole)?;
        }
        bytes.truncate(whole);
        bytes.drain(..header_len.min(bytes.len()));
        Ok(bytes)
    }
}

/// A live channel with all that is said of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChannelEntry {
    /// Which.
    #[serde(serialize_with = "text")]
    pub scid: ShortChannelId,
    /// The same as one number.
    #[serde(serialize_with = "text")]
    pub scid_raw: u64,
    /// File offset of its announcement.
    pub announcement: u64,
    /// Its capacity, if the store has it.
    #[serde(serialize_with = "optional_text")]
    pub satoshis: Option<u64>,
    /// The lesser of the two nodes.
    pub node_id_1: String,
    /// The greater.
    pub node_id_2: String,
    /// The updates that count, that of direction 0 first.
    pub updates: Vec<UpdateEntry>,
}

/// What one side of a channel asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct UpdateEntry {
    /// 0 where `node_id_1` speaks, 1 where `node_id_2` does.
    pub direction: u8,
    /// File offset of its record.
    pub offset: u64,
    /// Seconds since 1970.
    pub timestamp: u32,
    /// This direction forwards nothing for now.
    pub disabled: bool,
    /// In thousandths of a satoshi.
    #[serde(serialize_with = "text")]
    pub fee_base_msat: u32,
    /// In millionths of what is forwarded.
    pub fee_proportional_millionths: u32,
    /// In blocks.
    pub cltv_expiry_delta: u16,
    /// In thousandths of a satoshi.
    #[serde(serialize_with = "text")]
    pub htlc_minimum_msat: u64,
    /// In thousandths of a satoshi; absent in stores before version 11.
    #[serde(serialize_with = "optional_text")]
    pub htlc_maximum_msat: Option<u64>,
}

/// A node with live channels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NodeEntry {
    /// Which.
    pub node_id: String,
    /// How many live channels it has.
    pub channels: u32,
    /// File offset of its announcement, if there is one.
    pub announcement: Option<u64>,
    /// The announcement stands before the node's first channel, so that upstream does not show it.
    pub hidden: bool,
    /// What it announces.
    #[serde(flatten)]
    pub says: Option<NodeSays>,
}

/// What a node says of itself. All text has been made visible.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NodeSays {
    /// Seconds since 1970.
    pub timestamp: u32,
    /// Its name.
    pub alias: String,
    /// The bytes of its name, without the NULs at the end.
    pub alias_hex: String,
    /// Its colour: red, green, blue.
    pub rgb: String,
    /// Its feature bits.
    pub features: Vec<u32>,
    /// Where it can be reached.
    pub addresses: Vec<String>,
}

fn text<S: Serializer>(value: &impl ToString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&value.to_string())
}

#[expect(clippy::ref_option, reason = "serde hands over a reference to the field")]
fn optional_text<S: Serializer>(value: &Option<u64>, serializer: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => text(value, serializer),
        None => serializer.serialize_none(),
    }
}
