//! What a log says, in figures.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::course::Run;
use super::frame::{Form, Level};
use super::kind::{Order, Program, Says, Weight};
use super::migration::Part;
use super::timeline::Timeline;
use super::upload::Upload;
use crate::finding::Values;

/// Everything about a log that is not a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogReport {
    /// Whose log it is, if that could be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub program: Option<Program>,
    /// How lines come.
    pub form: Form,
    /// Lines, those of whoever passes lines on included.
    pub lines: u64,
    /// Lines of whoever passes lines on.
    pub framing: u64,
    /// Lines in the form of the program.
    pub framed: u64,
    /// Lines whose words are in the tables.
    pub known: u64,
    /// Lines whose words are not.
    pub unknown: u64,
    /// Lines that were longer than is kept.
    pub cut: u64,
    /// The earliest time, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<u64>,
    /// The latest time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<u64>,
    /// Whether times are the machine's own, which the log does not name: then they may be hours off.
    pub local_time: bool,
    /// Lines by level.
    pub levels: Vec<LevelCount>,
    /// Known lines by what they say.
    pub says: Vec<SaysCount>,
    /// Messages out of order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flood: Option<Flood>,
    /// From start to end, the first of them.
    pub runs: Vec<Run>,
    /// How many starts there are.
    pub starts: u64,
    /// How long compaction and upgrades took.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compaction: Option<Compaction>,
    /// LND's migrations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub migrations: Vec<Part>,
    /// How much was said when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeline: Option<Timeline>,
    /// The lines that tell most, by offset: of what they say, the first of each kind.
    pub events: Vec<Event>,
    /// What peers are sent, if a store was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upload: Option<Upload>,
}

/// How many lines have a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelCount {
    /// The level.
    pub level: Level,
    /// How many lines.
    pub count: u64,
}

/// How many lines say the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaysCount {
    /// What they say.
    pub says: Says,
    /// What that is worth.
    pub weight: Weight,
    /// How many.
    pub count: u64,
    /// The number of the first.
    pub first_line: u64,
    /// When the first was written, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<u64>,
    /// When the last was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<u64>,
}

/// Messages out of order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flood {
    /// How many.
    pub count: u64,
    /// By kind, the most first.
    pub orders: Vec<OrderCount>,
    /// How many peers are told apart.
    pub peers: u64,
    /// Messages of peers beyond those, or of none that is named.
    pub others: u64,
    /// The most talkative, with the most first.
    pub most: Vec<PeerCount>,
    /// The most in one second.
    pub per_second: u64,
}

/// How many messages out of order are of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderCount {
    /// The kind.
    pub order: Order,
    /// How many.
    pub count: u64,
}

/// How many messages out of order are of a peer's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeerCount {
    /// The peer's key.
    pub peer: String,
    /// How many.
    pub count: u64,
}

/// How long compaction and upgrades took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compaction {
    /// How many times are known.
    pub count: u64,
    /// The longest, in milliseconds.
    pub longest: u64,
    /// All of them together.
    pub total: u64,
}

/// A line that tells something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// What it says.
    pub says: Says,
    /// Its number.
    pub line: u64,
    /// Its offset in the log.
    pub offset: u64,
    /// Its length.
    pub len: u64,
    /// When, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<u64>,
    /// Whether the store was moved aside then.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub moved: bool,
    /// Whether the store was emptied then.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub emptied: bool,
    /// What stands in its gaps.
    #[serde(default, skip_serializing_if = "Values::is_empty")]
    pub values: Values,
    /// Its words, made visible and shortened; not those that name this node.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The record that stands at that offset in the store that was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<TiedRecord>,
}

/// What a line leads to in the store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TiedRecord {
    /// The offset of its header, or of the wound.
    pub start: u64,
    /// The offset behind it.
    pub end: u64,
    /// Upstream's name of its type; absent for a wound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record_type: Option<String>,
    /// Whether it is damaged.
    pub wound: bool,
}
