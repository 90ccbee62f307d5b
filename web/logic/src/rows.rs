//! What the engine lists, as it arrives: rows of records, channels and nodes, and one record in
//! all its fields. The engine's side is `fulgurite_core::gossip::listing`.

use fulgurite_core::finding::Value;
use serde::Deserialize;

/// A record or a wound in one line.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct RecordRow {
    /// `record` or `wound`.
    pub kind: String,
    /// Where it begins.
    pub offset: u64,
    /// How long it is, header included.
    pub len: u64,
    /// Its type.
    #[serde(rename = "type")]
    pub number: Option<u16>,
    /// Upstream's name of the type.
    pub name: Option<String>,
    /// Nothing more is told of it.
    pub redacted: bool,
    /// Names of its flags.
    pub flag_names: Vec<String>,
    /// Seconds since 1970.
    pub timestamp: Option<u32>,
    /// The states that it is in.
    pub states: Vec<String>,
    /// The channel that it speaks of.
    pub scid: Option<String>,
    /// The node that it speaks of.
    pub node_id: Option<String>,
    /// That node's name.
    pub alias: Option<String>,
    /// The lesser node of a channel.
    pub node_id_1: Option<String>,
    /// The greater.
    pub node_id_2: Option<String>,
    /// An amount.
    pub satoshis: Option<String>,
    /// Which side of a channel speaks.
    pub direction: Option<u8>,
    /// That side forwards nothing.
    pub disabled: Option<bool>,
    /// Its fees.
    pub fee_base_msat: Option<String>,
    /// Its fees.
    pub fee_proportional_millionths: Option<u32>,
    /// The height at which a channel is forgotten.
    pub blockheight: Option<u32>,
    /// Of a store.
    pub uuid: Option<String>,
    /// In the file that replaces this one.
    pub equivalent_offset: Option<String>,
    /// Zeros in a wound.
    pub zeros: Option<Zeros>,
}

/// Zeros in a wound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Zeros {
    /// Where they begin.
    pub start: u64,
    /// How many.
    pub len: u64,
}

impl RecordRow {
    /// Whether it is one of these.
    pub fn is(&self, state: &str) -> bool {
        self.states.iter().any(|known| known == state)
    }

    /// Whether no record could be made of it.
    pub fn is_wound(&self) -> bool {
        self.kind == "wound"
    }
}

/// A live channel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct ChannelRow {
    /// Which.
    pub scid: String,
    /// Where it is announced.
    pub announcement: u64,
    /// Its capacity.
    pub satoshis: Option<String>,
    /// The lesser of its nodes.
    pub node_id_1: String,
    /// The greater.
    pub node_id_2: String,
    /// What each side asks for.
    pub updates: Vec<UpdateRow>,
}

/// What one side of a channel asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct UpdateRow {
    /// Which side.
    pub direction: u8,
    /// Where it stands.
    pub offset: u64,
    /// Seconds since 1970.
    pub timestamp: u32,
    /// It forwards nothing.
    pub disabled: bool,
    /// In msat.
    pub fee_base_msat: String,
    /// In millionths.
    pub fee_proportional_millionths: u32,
}

/// A node with live channels.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct NodeRow {
    /// Which.
    pub node_id: String,
    /// How many live channels.
    pub channels: u32,
    /// Where it is announced.
    pub announcement: Option<u64>,
    /// lightningd does not show its name.
    pub hidden: bool,
    /// Its name.
    pub alias: Option<String>,
    /// Seconds since 1970.
    pub timestamp: Option<u32>,
    /// Where it can be reached.
    pub addresses: Vec<String>,
}

/// A record or a wound, byte by byte.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Detail {
    /// `record` or `wound`.
    pub kind: String,
    /// Where it begins.
    pub offset: u64,
    /// How long it is.
    pub len: u64,
    /// Its type.
    #[serde(rename = "type")]
    pub number: Option<u16>,
    /// Upstream's name of the type.
    pub name: String,
    /// Nothing more is shown of it.
    pub redacted: bool,
    /// Stored and true checksum.
    pub checksum: Option<Checksum>,
    /// Header and body.
    pub fields: Vec<FieldRow>,
    /// Bytes at the end that are not among the fields.
    pub not_shown: u64,
}

/// A stored checksum beside the true one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Checksum {
    /// As stored.
    pub stored: String,
    /// Of the bytes as they are.
    pub computed: String,
    /// What it is seeded with.
    pub seed: u32,
    /// Whether the two are the same.
    pub holds: bool,
}

/// A field with its bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct FieldRow {
    /// Its name.
    pub name: String,
    /// Where it begins.
    pub offset: u64,
    /// Its bytes, in hexadecimal.
    pub hex: String,
    /// What they say.
    pub value: Option<Value>,
}
