//! What a store holds, in figures.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::format::{FlagMeaning, Flags, Layout, Version};
use super::network::NetworkSummary;
use super::signatures::SignatureReport;
use super::tally::{Tally, TallyRow};

/// Everything about a gossip_store that is not a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GossipReport {
    /// The version byte and what it means.
    pub version: VersionReport,
    /// Records whose checksum holds.
    pub records: u64,
    /// Those of them that are marked DELETED.
    pub deleted: u64,
    /// Wounds that are one record, its checksum wrong.
    pub bad_checksums: u64,
    /// Spans that no record could be made of, those included.
    pub wounds: u64,
    /// The bytes of all wounds.
    pub wounded_bytes: u64,
    /// Records known to be lost or unreadable.
    pub lost: u64,
    /// Wounds of which nobody can say how many records were in them.
    pub uncounted_wounds: u64,
    /// Bytes of records that are not marked DELETED, headers included.
    pub live_bytes: u64,
    /// Bytes of records that are.
    pub deleted_bytes: u64,
    /// Bytes that no checksum covers: the version byte, and the flags and length of each record.
    pub unprotected_bytes: u64,
    /// Records by type.
    pub types: Vec<TallyRow>,
    /// Records by flags.
    pub flags: Vec<FlagsRow>,
    /// Nodes and channels.
    pub network: NetworkSummary,
    /// Whether lightningd would compact it.
    pub compaction: Compaction,
    /// What a peer that asks for everything is sent.
    pub sync: Sync,
    /// What verifying the signatures came to, if that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signatures: Option<SignatureReport>,
}

/// The version byte and what it means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionReport {
    /// As stored.
    pub byte: u8,
    /// The version that the records are read as: the same, unless the byte is wrong or unknown.
    pub read_as: u8,
    /// Releases that write that version.
    pub written_by: Cow<'static, str>,
    /// Releases that read it.
    pub read_by: Cow<'static, str>,
    /// Bytes in a record header: 8 or 12.
    pub header_len: u64,
}

impl VersionReport {
    pub(super) fn new(byte: Version, read_as: Version, layout: Layout) -> VersionReport {
        let facts = read_as.facts();
        VersionReport {
            byte: byte.0,
            read_as: read_as.0,
            written_by: facts.map_or("", |facts| facts.written_by).into(),
            read_by: facts.map_or("", |facts| facts.read_by).into(),
            header_len: layout.header_len() as u64,
        }
    }
}

/// How many records have certain flags.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlagsRow {
    /// The flags, as four hexadecimal digits.
    pub flags: String,
    /// What each set bit means in this version, highest first.
    pub names: Vec<Cow<'static, str>>,
    /// How many records have exactly these.
    pub records: u64,
}

pub(super) fn flags_rows(tally: &Tally, version: Version) -> Vec<FlagsRow> {
    let row = |(flags, records): (u16, u64)| FlagsRow {
        flags: alloc::format!("{flags:04x}"),
        names: Flags(flags)
            .meanings(version)
            .map(|(_, meaning)| FlagMeaning::name(meaning).into())
            .collect(),
        records,
    };
    tally.flags().into_iter().map(row).collect()
}

/// When the release that writes this version compacts a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CompactionRule {
    /// Up to v0.7.0: while running, by its own count of stale records.
    WhileRunning,
    /// v0.7.1 to v25.12.1: at every start, always.
    EveryStart,
    /// From v26.04: by a helper program, once the file has 10,000,000 bytes and four times as many
    /// dead records as live ones.
    BySize,
}

/// Whether lightningd would compact it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compaction {
    /// The rule of the release that wrote the store.
    pub rule: CompactionRule,
    /// Whether the size rule of v26.04 and later is met.
    pub size_rule_met: bool,
}

/// The size from which v26.04 and later think of compacting, in bytes.
pub const COMPACT_FROM: u64 = 10_000_000;

impl Compaction {
    pub(super) fn judge(version: Version, size: u64, network: &NetworkSummary) -> Compaction {
        let rule = match version.0 {
            0..=6 => CompactionRule::WhileRunning,
            7..=15 => CompactionRule::EveryStart,
            _ => CompactionRule::BySize,
        };
        let dead = network.dead_records >= network.live_records.saturating_mul(4);
        Compaction { rule, size_rule_met: size >= COMPACT_FROM && dead }
    }
}

/// What a peer that asks for everything is sent: every live 256, 257 and 258
/// whose channel is not dying.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sync {
    /// Messages.
    pub messages: u64,
    /// Their bytes, as BOLT 7 has them.
    pub bytes: u64,
    /// Their bytes on the wire: each message has 34 bytes of length and authentication (BOLT 8).
    pub wire_bytes: u64,
}

impl Sync {
    pub(super) fn count(tally: &Tally) -> Sync {
        let (messages, bytes) = tally.sent;
        Sync { messages, bytes, wire_bytes: bytes + 34 * messages }
    }
}
