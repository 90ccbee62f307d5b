//! What the engine lists, as it arrives: rows of records, channels and nodes, and one record in
//! all its fields. The engine's side is `fulgurite_core::gossip::listing`.

use fulgurite_core::finding::Value;
use serde::Deserialize;

/// A record or a wound in one line.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct RecordRow {
    /// `record` or `wound`.
    pub(crate) kind: String,
    /// Where it begins.
    pub(crate) offset: u64,
    /// How long it is, header included.
    pub(crate) len: u64,
    /// Its type.
    #[serde(rename = "type")]
    pub(crate) number: Option<u16>,
    /// Upstream's name of the type.
    pub(crate) name: Option<String>,
    /// Nothing more is told of it.
    pub(crate) redacted: bool,
    /// Names of its flags.
    pub(crate) flag_names: Vec<String>,
    /// Seconds since 1970.
    pub(crate) timestamp: Option<u32>,
    /// The states that it is in.
    pub(crate) states: Vec<String>,
    /// The channel that it speaks of.
    pub(crate) scid: Option<String>,
    /// The node that it speaks of.
    pub(crate) node_id: Option<String>,
    /// That node's name.
    pub(crate) alias: Option<String>,
    /// The lesser node of a channel.
    pub(crate) node_id_1: Option<String>,
    /// The greater.
    pub(crate) node_id_2: Option<String>,
    /// An amount.
    pub(crate) satoshis: Option<String>,
    /// Which side of a channel speaks.
    pub(crate) direction: Option<u8>,
    /// That side forwards nothing.
    pub(crate) disabled: Option<bool>,
    /// Its fees.
    pub(crate) fee_base_msat: Option<String>,
    /// Its fees.
    pub(crate) fee_proportional_millionths: Option<u32>,
    /// The height at which a channel is forgotten.
    pub(crate) blockheight: Option<u32>,
    /// Of a store.
    pub(crate) uuid: Option<String>,
    /// In the file that replaces this one.
    pub(crate) equivalent_offset: Option<String>,
    /// Zeros in a wound.
    pub(crate) zeros: Option<Zeros>,
}

/// Zeros in a wound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct Zeros {
    /// Where they begin.
    pub(crate) start: u64,
    /// How many.
    pub(crate) len: u64,
}

impl RecordRow {
    /// Whether it is one of these.
    pub(crate) fn is(&self, state: &str) -> bool {
        self.states.iter().any(|known| known == state)
    }

    /// Whether no record could be made of it.
    pub(crate) fn is_wound(&self) -> bool {
        self.kind == "wound"
    }
}

/// A live channel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct ChannelRow {
    /// Which.
    pub(crate) scid: String,
    /// Where it is announced.
    pub(crate) announcement: u64,
    /// Its capacity.
    pub(crate) satoshis: Option<String>,
    /// The lesser of its nodes.
    pub(crate) node_id_1: String,
    /// The greater.
    pub(crate) node_id_2: String,
    /// What each side asks for.
    pub(crate) updates: Vec<UpdateRow>,
}

/// What one side of a channel asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct UpdateRow {
    /// Which side.
    pub(crate) direction: u8,
    /// Where it stands.
    pub(crate) offset: u64,
    /// Seconds since 1970.
    pub(crate) timestamp: u32,
    /// It forwards nothing.
    pub(crate) disabled: bool,
    /// In msat.
    pub(crate) fee_base_msat: String,
    /// In millionths.
    pub(crate) fee_proportional_millionths: u32,
}

/// A node with live channels.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct NodeRow {
    /// Which.
    pub(crate) node_id: String,
    /// How many live channels.
    pub(crate) channels: u32,
    /// Where it is announced.
    pub(crate) announcement: Option<u64>,
    /// lightningd does not show its name.
    pub(crate) hidden: bool,
    /// Its name.
    pub(crate) alias: Option<String>,
    /// Seconds since 1970.
    pub(crate) timestamp: Option<u32>,
    /// Where it can be reached.
    pub(crate) addresses: Vec<String>,
}

/// A record or a wound, byte by byte.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct Detail {
    /// `record` or `wound`.
    pub(crate) kind: String,
    /// Where it begins.
    pub(crate) offset: u64,
    /// How long it is.
    pub(crate) len: u64,
    /// Its type.
    #[serde(rename = "type")]
    pub(crate) number: Option<u16>,
    /// Upstream's name of the type.
    pub(crate) name: String,
    /// Nothing more is shown of it.
    pub(crate) redacted: bool,
    /// Stored and true checksum.
    pub(crate) checksum: Option<Checksum>,
    /// Header and body.
    pub(crate) fields: Vec<FieldRow>,
    /// Bytes at the end that are not among the fields.
    pub(crate) not_shown: u64,
}

/// A stored checksum beside the true one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct Checksum {
    /// As stored.
    pub(crate) stored: String,
    /// Of the bytes as they are.
    pub(crate) computed: String,
    /// What it is seeded with.
    pub(crate) seed: u32,
    /// Whether the two are the same.
    pub(crate) holds: bool,
}

/// A field with its bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct FieldRow {
    /// Its name.
    pub(crate) name: String,
    /// Where it begins.
    pub(crate) offset: u64,
    /// Its bytes, in hexadecimal.
    pub(crate) hex: String,
    /// What they say.
    pub(crate) value: Option<Value>,
}
