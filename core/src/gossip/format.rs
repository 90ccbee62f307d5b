//! The gossip_store container: version byte, record header, flags and record types.
//!
//! A store is one version byte, then records back to back: a header of 8 bytes (versions 2 to 4)
//! or 12 bytes (from 5), big-endian throughout, then `len` bytes of body that begin with a
//! big-endian `u16` type. There is no padding and no footer.
//!
//! Sources upstream (Core Lightning): `common/gossip_store.h` for the header and its flags,
//! `common/gossip_store_wire.csv` for the types, `gossipd/gossip_store.c` for what each version
//! may be upgraded from. `docs/format/gossip_store.md` has every version byte by byte.

use alloc::vec::Vec;
use core::fmt;

/// The version byte at offset 0 of a store: `major << 5 | minor` since v22.11.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(pub u8);

/// One row of the table of versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VersionFacts {
    /// The version byte.
    pub version: u8,
    /// The releases of lightningd that write this version; empty where none was released.
    pub written_by: &'static str,
    /// The releases that read it, by upgrading it or as it is; empty where none does.
    pub read_by: &'static str,
    /// What changed with it, in a few words of English (for tables, not for findings).
    pub change: &'static str,
}

/// Every version, with the releases that write and read it (`GOSSIP_STORE_VER` and
/// `can_upgrade` at each release tag).
pub const VERSIONS: &[VersionFacts] = &[
    facts(1, "before v0.6", "", "not examined"),
    facts(2, "v0.6, v0.6.1", "v0.6, v0.6.1", "wrapped messages, first CRC"),
    facts(3, "v0.6.2 to v0.7.0", "v0.6.2 to v0.7.0", "as 2"),
    facts(4, "", "", "BOLT 7 messages as they are"),
    facts(5, "", "", "12-byte header, DELETED flag, private updates"),
    facts(6, "", "", "as 5"),
    facts(7, "v0.7.1 to v0.8.2.1", "v0.7.1 to v0.12.1", "CRC corrected; PUSH flag from v0.8.0"),
    facts(8, "v0.9.0, v0.9.1", "v0.9.0 to v0.12.1", "features in local_add_channel"),
    facts(9, "v0.9.2 to v0.11.2", "v0.9.2 and later", "private_channel"),
    facts(10, "v0.12.0, v0.12.1", "v0.12.0 and later", "RATELIMIT flag"),
    facts(11, "v22.11, v22.11.1", "v22.11, and v23.08 and later", "every update has htlc_maximum"),
    facts(12, "v23.02 to v23.11.2", "v23.02 and later", "u16 flags, ZOMBIE flag"),
    facts(13, "", "v24.02 and later", "private records dropped"),
    facts(14, "v24.02 to v25.09", "v24.02 and later", "ZOMBIE and RATELIMIT dropped"),
    facts(15, "v25.09.1 to v25.12.1", "v25.09.1 and later", "COMPLETED flag"),
    facts(16, "v26.04 and later", "v26.04 and later", "uuid record first"),
];

const fn facts(
    version: u8,
    written_by: &'static str,
    read_by: &'static str,
    change: &'static str,
) -> VersionFacts {
    VersionFacts { version, written_by, read_by, change }
}

impl Version {
    /// The oldest version that this crate reads.
    pub const OLDEST: Version = Version(2);
    /// The newest version that upstream writes (v26.04 to v26.06.6).
    pub const NEWEST: Version = Version(16);

    /// The upper three bits. Upstream reads major 0 only.
    pub const fn major(self) -> u8 {
        self.0 >> 5
    }

    /// The lower five bits.
    pub const fn minor(self) -> u8 {
        self.0 & 0x1f
    }

    /// Whether this is one of the versions 2 to 16.
    pub const fn is_known(self) -> bool {
        self.0 >= Self::OLDEST.0 && self.0 <= Self::NEWEST.0
    }

    /// How records are framed and checked. An unknown version is read as the newest one.
    pub const fn layout(self) -> Layout {
        match self.0 {
            2..=4 => Layout::Short,
            5..=6 => Layout::LongFirstCrc,
            _ => Layout::Long,
        }
    }

    /// The row of [`VERSIONS`], where there is one.
    pub fn facts(self) -> Option<&'static VersionFacts> {
        VERSIONS.iter().find(|row| row.version == self.0)
    }

    /// Whether every finished record carries [`Flags::COMPLETED`] (from version 15).
    pub const fn has_completed(self) -> bool {
        self.0 >= 15
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The three ways a record was ever framed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Layout {
    /// Versions 2 to 4: `be32 len, be32 crc`, the first (mistaken) CRC, no flags, no timestamp.
    Short,
    /// Versions 5 and 6: the 12-byte header, still with the first CRC.
    LongFirstCrc,
    /// Versions 7 and later: the 12-byte header and CRC-32C.
    Long,
}

impl Layout {
    /// All of them, newest first.
    pub const ALL: [Layout; 3] = [Layout::Long, Layout::LongFirstCrc, Layout::Short];

    /// Bytes in a record header: 8 or 12.
    pub const fn header_len(self) -> usize {
        match self {
            Layout::Short => 8,
            Layout::LongFirstCrc | Layout::Long => 12,
        }
    }

    /// Whether the header has flags (and a timestamp).
    pub const fn has_flags(self) -> bool {
        !matches!(self, Layout::Short)
    }
}

/// The longest body a record can have: its length is a `u16` from version 12, and no earlier
/// release wrote more.
pub const MAX_BODY: usize = 65_535;

/// The longest record: a 12-byte header and the longest body.
pub const MAX_RECORD: usize = 12 + MAX_BODY;

/// The header of a record, as stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordHeader {
    /// The flag bits; none in versions 2 to 4.
    pub flags: Flags,
    /// The length of the body in bytes. Over 65,535 only in a damaged version 2 to 4 store.
    pub len: u32,
    /// The checksum as stored.
    pub crc: u32,
    /// Seconds since 1970: that of the message for 257 and 258, of the first `channel_update` for
    /// 256, else 0. Always 0 in versions 2 to 4, which do not store it.
    pub timestamp: u32,
}

impl RecordHeader {
    /// Reads a header from the first [`Layout::header_len`] bytes; `None` where there are fewer.
    pub fn parse(layout: Layout, bytes: &[u8]) -> Option<RecordHeader> {
        match layout {
            Layout::Short => Some(RecordHeader {
                flags: Flags(0),
                len: be32(bytes, 0)?,
                crc: be32(bytes, 4)?,
                timestamp: 0,
            }),
            Layout::LongFirstCrc | Layout::Long => {
                let head: &[u8; 12] = bytes.first_chunk()?;
                let [f0, f1, l0, l1, c0, c1, c2, c3, t0, t1, t2, t3] = *head;
                Some(RecordHeader {
                    flags: Flags(u16::from_be_bytes([f0, f1])),
                    len: u32::from(u16::from_be_bytes([l0, l1])),
                    crc: u32::from_be_bytes([c0, c1, c2, c3]),
                    timestamp: u32::from_be_bytes([t0, t1, t2, t3]),
                })
            }
        }
    }

    /// Writes it, with these flags in place of its own, as [`RecordHeader::parse`] reads it.
    pub(crate) fn write(&self, layout: Layout, flags: Flags, out: &mut Vec<u8>) {
        if layout.has_flags() {
            out.extend_from_slice(&flags.0.to_be_bytes());
            // From its low half it was read.
            let [_, _, high, low] = self.len.to_be_bytes();
            out.extend_from_slice(&[high, low]);
        } else {
            out.extend_from_slice(&self.len.to_be_bytes());
        }
        out.extend_from_slice(&self.crc.to_be_bytes());
        if layout.has_flags() {
            out.extend_from_slice(&self.timestamp.to_be_bytes());
        }
    }

    /// Whether every byte of the header is zero: such a header "passes" the CRC with an empty
    /// body, so that it proves nothing.
    pub const fn is_zero(&self) -> bool {
        self.flags.0 == 0 && self.len == 0 && self.crc == 0 && self.timestamp == 0
    }
}

/// Big-endian `u16` at `at`, if it is there.
pub(crate) fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// Big-endian `u32` at `at`, if it is there.
pub(crate) fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// The flag bits of a record header. What a bit means depends on the version byte.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Flags(pub u16);

/// What one flag bit means in a store of one version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FlagMeaning {
    /// The record is dead (0x8000, from version 5).
    Deleted,
    /// Own gossip, sent to every peer (0x4000, from version 7).
    Push,
    /// Sent too often to be relayed (0x2000, versions 10 to 13; an upgrade to 14 leaves it set).
    RateLimit,
    /// Written to its end (0x2000, from version 15).
    Completed,
    /// Of a channel that was pruned but remembered (0x1000, versions 12 and 13).
    Zombie,
    /// The funding output is spent (0x0800, from version 12).
    Dying,
    /// No release gave this bit a meaning in this version.
    Unknown,
}

impl FlagMeaning {
    /// Upstream's name of the flag.
    pub const fn name(self) -> &'static str {
        match self {
            FlagMeaning::Deleted => "DELETED",
            FlagMeaning::Push => "PUSH",
            FlagMeaning::RateLimit => "RATELIMIT",
            FlagMeaning::Completed => "COMPLETED",
            FlagMeaning::Zombie => "ZOMBIE",
            FlagMeaning::Dying => "DYING",
            FlagMeaning::Unknown => "unknown",
        }
    }
}

impl Flags {
    /// The record is dead; its CRC is not renewed when this is set.
    pub const DELETED: Flags = Flags(0x8000);
    /// Own gossip.
    pub const PUSH: Flags = Flags(0x4000);
    /// From version 15; the same bit as [`Flags::RATELIMIT`].
    pub const COMPLETED: Flags = Flags(0x2000);
    /// Versions 10 to 13, and left over in 14; the same bit as [`Flags::COMPLETED`].
    pub const RATELIMIT: Flags = Flags(0x2000);
    /// Versions 12 and 13.
    pub const ZOMBIE: Flags = Flags(0x1000);
    /// From v23.08, without a new version.
    pub const DYING: Flags = Flags(0x0800);

    /// Whether every bit of `other` is set.
    pub const fn contains(self, other: Flags) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether the record is marked dead.
    pub const fn is_deleted(self) -> bool {
        self.contains(Flags::DELETED)
    }

    /// The bits that some release writes into a store of this version.
    pub const fn known(version: Version) -> Flags {
        Flags(match version.0 {
            2..=4 => 0,
            5..=6 => 0x8000,
            7..=9 => 0xc000,
            10..=11 => 0xe000,
            12..=13 => 0xf800,
            _ => 0xe800,
        })
    }

    /// The bits that no release gives a meaning in this version.
    #[must_use]
    pub const fn unknown(self, version: Version) -> Flags {
        Flags(self.0 & !Flags::known(version).0)
    }

    /// Each set bit, highest first, with its meaning in a store of this version.
    pub fn meanings(self, version: Version) -> impl Iterator<Item = (u16, FlagMeaning)> {
        (0..16)
            .rev()
            .map(|bit| 1u16 << bit)
            .filter(move |bit| self.0 & bit != 0)
            .map(move |bit| (bit, meaning(bit, version)))
    }
}

fn meaning(bit: u16, version: Version) -> FlagMeaning {
    if Flags::known(version).0 & bit == 0 {
        return FlagMeaning::Unknown;
    }
    match bit {
        0x8000 => FlagMeaning::Deleted,
        0x4000 => FlagMeaning::Push,
        0x2000 if (10..=14).contains(&version.0) => FlagMeaning::RateLimit,
        0x2000 => FlagMeaning::Completed,
        0x1000 => FlagMeaning::Zombie,
        0x0800 => FlagMeaning::Dying,
        _ => FlagMeaning::Unknown,
    }
}

/// The type of a record: the first two bytes of its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordType(pub u16);

macro_rules! record_types {
    ($($(#[$doc:meta])* $name:ident = $number:literal, $text:literal, $first:literal ..= $last:literal;)*) => {
        impl RecordType {
            $($(#[$doc])* pub const $name: RecordType = RecordType($number);)*

            /// Every known type, in ascending order.
            pub const ALL: &'static [RecordType] = &[$(RecordType::$name),*];

            /// Upstream's name, or `unknown`.
            pub const fn name(self) -> &'static str {
                match self.0 { $($number => $text,)* _ => "unknown" }
            }

            /// Whether some release knows the type.
            pub const fn is_known(self) -> bool {
                matches!(self.0, $($number)|*)
            }

            /// The versions in which some release writes the type.
            pub const fn versions(self) -> Option<(u8, u8)> {
                match self.0 { $($number => Some(($first, $last)),)* _ => None }
            }
        }
    };
}

record_types! {
    /// BOLT 7 `channel_announcement`.
    CHANNEL_ANNOUNCEMENT = 256, "channel_announcement", 4 ..= 16;
    /// BOLT 7 `node_announcement`.
    NODE_ANNOUNCEMENT = 257, "node_announcement", 4 ..= 16;
    /// BOLT 7 `channel_update`.
    CHANNEL_UPDATE = 258, "channel_update", 4 ..= 16;
    /// A channel of our own that is not announced.
    LOCAL_ADD_CHANNEL = 3503, "local_add_channel", 4 ..= 8;
    /// A wrapped 256 with the capacity.
    V3_CHANNEL_ANNOUNCEMENT = 4096, "v3_channel_announcement", 2 ..= 3;
    /// A wrapped 258.
    V3_CHANNEL_UPDATE = 4097, "v3_channel_update", 2 ..= 3;
    /// A wrapped 257.
    V3_NODE_ANNOUNCEMENT = 4098, "v3_node_announcement", 2 ..= 3;
    /// A channel is gone.
    V3_CHANNEL_DELETE = 4099, "v3_channel_delete", 2 ..= 4;
    /// A wrapped 3503.
    V3_LOCAL_ADD_CHANNEL = 4100, "v3_local_add_channel", 2 ..= 3;
    /// The capacity of the channel announced by the record before.
    CHANNEL_AMOUNT = 4101, "channel_amount", 4 ..= 16;
    /// A wrapped 258 of a channel of our own that is not announced.
    PRIVATE_UPDATE = 4102, "private_update", 5 ..= 12;
    /// Tombstone of a channel, written before its records are marked DELETED.
    DELETE_CHAN = 4103, "delete_chan", 8 ..= 16;
    /// A channel of our own that is not announced.
    PRIVATE_CHANNEL = 4104, "private_channel", 9 ..= 12;
    /// Last record of a file that has been replaced.
    ENDED = 4105, "ended", 9 ..= 16;
    /// The funding output of a channel is spent.
    CHAN_DYING = 4106, "chan_dying", 11 ..= 16;
    /// Names this store; the first record from version 16.
    UUID = 4107, "uuid", 16 ..= 16;
}

impl RecordType {
    /// Whether the record speaks of channels that their owners did not announce.
    pub const fn is_private(self) -> bool {
        matches!(self.0, 3503 | 4100 | 4102 | 4104)
    }

    /// Whether a body of this type has the length that its own inner lengths call for.
    /// Bytes after the known fields are allowed in 256, 257 and 258, where BOLT 7 lets messages
    /// grow; for an unknown type any length of two or more will do.
    pub fn fits(self, body: &[u8]) -> bool {
        let len = body.len();
        let inner = |at: usize, fixed: usize| {
            be16(body, at).is_some_and(|inner| len == fixed + usize::from(inner))
        };
        match self.0 {
            256 => be16(body, 258).is_some_and(|flen| len >= 432 + usize::from(flen)),
            257 => be16(body, 66).is_some_and(|flen| {
                let flen = usize::from(flen);
                be16(body, 140 + flen)
                    .is_some_and(|addrlen| len >= 142 + flen + usize::from(addrlen))
            }),
            258 => len == 130 || len >= 138,
            3503 => len == 51 || inner(51, 53),
            4096 => inner(2, 12),
            4097 | 4098 | 4100 | 4102 => inner(2, 4),
            4099 | 4101 | 4103 => len == 10,
            4104 => inner(10, 12),
            4105 => len == 10 || len == 42,
            4106 => len == 14,
            4107 => len == 34,
            _ => len >= 2,
        }
    }

    /// Whether a version that has this type frames its records so.
    pub(crate) fn is_framed(self, layout: Layout) -> bool {
        self.versions()
            .is_some_and(|(first, last)| (first..=last).any(|it| Version(it).layout() == layout))
    }

    /// The shortest and longest body of this type, as far as the type alone tells.
    pub const fn len_bounds(self) -> (usize, usize) {
        match self.0 {
            256 => (432, MAX_BODY),
            257 => (142, MAX_BODY),
            258 => (130, MAX_BODY),
            3503 => (51, MAX_BODY),
            4096 | 4104 => (12, MAX_BODY),
            4097 | 4098 | 4100 | 4102 => (4, MAX_BODY),
            4099 | 4101 | 4103 => (10, 10),
            4105 => (10, 42),
            4106 => (14, 14),
            4107 => (34, 34),
            _ => (2, MAX_BODY),
        }
    }
}

/// Where and how a channel was funded: block height, transaction index, output index, packed as
/// BOLT 7 packs them into a `u64`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShortChannelId(pub u64);

impl ShortChannelId {
    /// The height of the funding block.
    pub const fn block(self) -> u32 {
        (self.0 >> 40) as u32
    }

    /// The index of the funding transaction in its block.
    pub const fn tx(self) -> u32 {
        (self.0 >> 16 & 0x00ff_ffff) as u32
    }

    /// The index of the funding output.
    pub const fn output(self) -> u16 {
        (self.0 & 0xffff) as u16
    }

    /// Reads `BLOCKxTXxOUT`; `None` where the text is not of that form or a part is too large.
    pub fn parse(text: &str) -> Option<ShortChannelId> {
        let mut parts = text.split('x');
        let block: u64 = parts.next()?.parse().ok()?;
        let tx: u64 = parts.next()?.parse().ok()?;
        let output: u64 = parts.next()?.parse().ok()?;
        let fits = block < 1 << 24 && tx < 1 << 24 && output < 1 << 16;
        let packed = block << 40 | tx << 16 | output;
        (fits && parts.next().is_none()).then_some(ShortChannelId(packed))
    }
}

impl fmt::Display for ShortChannelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}x{}", self.block(), self.tx(), self.output())
    }
}

#[cfg(test)]
mod tables;
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_bit_means_another_thing_in_another_version() {
        let name = |version| {
            Flags(0x2000).meanings(Version(version)).next().map(|(_, meaning)| meaning.name())
        };
        assert_eq!(name(9), Some("unknown"));
        assert_eq!(name(10), Some("RATELIMIT"));
        assert_eq!(name(13), Some("RATELIMIT"));
        assert_eq!(name(14), Some("RATELIMIT"));
        assert_eq!(name(15), Some("COMPLETED"));
    }

    #[test]
    fn the_worked_header_of_the_real_v15_store() {
        // ../data: pyln/simple.v15.gs, offset 1.
        let bytes = [0x20, 0, 0x01, 0xb0, 0xf1, 0x11, 0xba, 0xde, 0x68, 0xdb, 0x63, 0xae];
        let header = RecordHeader::parse(Layout::Long, &bytes).unwrap();
        assert_eq!(header.flags, Flags::COMPLETED);
        assert_eq!(header.len, 432);
        assert_eq!(header.crc, 0xf111_bade);
        assert_eq!(header.timestamp, 1_759_208_366);
        assert_eq!(RecordHeader::parse(Layout::Long, &bytes[..11]), None);
    }

    #[test]
    fn scids_print_and_parse() {
        let scid = ShortChannelId::parse("899494x897x1").unwrap();
        assert_eq!((scid.block(), scid.tx(), scid.output()), (899_494, 897, 1));
        assert_eq!(alloc::format!("{scid}"), "899494x897x1");
        assert_eq!(ShortChannelId::parse("1x2"), None);
        assert_eq!(ShortChannelId::parse("1x2x3x4"), None);
        assert_eq!(ShortChannelId::parse("16777216x0x0"), None);
    }

    #[test]
    fn version_bytes_are_major_and_minor() {
        assert_eq!((Version(48).major(), Version(48).minor()), (1, 16));
        assert!(!Version(48).is_known() && !Version(1).is_known() && Version(2).is_known());
        assert_eq!(VERSIONS.len(), 16);
    }
}
