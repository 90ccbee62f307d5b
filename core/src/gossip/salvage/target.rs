//! The version that is written, and what a record becomes in it.

use super::item::Item;
use super::plan::Reason;
use crate::gossip::crc::crc32c;
use crate::gossip::format::{Flags, Layout, RecordType, Version};
use crate::gossip::verdict::Release;

/// The oldest version that repair writes: the oldest that any release of today reads.
pub const OLDEST_TARGET: Version = Version(9);

/// What a record's header becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) bytes: [u8; 12],
    /// Whether the record can be copied as it stands.
    pub(super) as_stored: bool,
}

/// Whether a record of this type has a place in a store of this version.
pub(super) fn belongs(record_type: RecordType, target: Version) -> bool {
    record_type.versions().is_some_and(|(first, last)| (first..=last).contains(&target.0))
}

/// Why a record cannot be carried over from `from` to `target` though nothing is wrong with it.
pub(super) fn refused(item: &Item, len: usize, from: Version, target: Version) -> Option<Reason> {
    let record_type = item.record_type?;
    if is_zombie(item, from) && !matches!(target.0, 12 | 13) {
        return Some(Reason::Zombie);
    }
    if record_type.is_private() && !belongs(record_type, target) {
        return Some(Reason::Private);
    }
    let update = matches!(record_type, RecordType::CHANNEL_UPDATE | RecordType::V3_CHANNEL_UPDATE);
    if update && len < 138 && target.0 >= 11 {
        return Some(Reason::NoHtlcMaximum);
    }
    None
}

/// Whether versions 12 and 13 keep it as of a channel that was pruned but is remembered.
pub(super) fn is_zombie(item: &Item, version: Version) -> bool {
    // On other types the bit means nothing.
    let gossip = matches!(
        item.record_type,
        Some(
            RecordType::CHANNEL_ANNOUNCEMENT
                | RecordType::CHANNEL_UPDATE
                | RecordType::NODE_ANNOUNCEMENT
        )
    );
    let flagged = item.header.flags.contains(Flags::ZOMBIE) && !item.is_dead();
    gossip && flagged && matches!(version.0, 12 | 13)
}

/// Whether it came sooner after the one before than lightningd passes on to peers, and goes on saying
/// so in any version that can.
pub(super) fn is_rate_limited(item: &Item, version: Version) -> bool {
    // The same bit is COMPLETED from 15 on, and means nothing before 10.
    !version.has_completed()
        && Flags::known(version).contains(Flags::RATELIMIT)
        && item.header.flags.contains(Flags::RATELIMIT)
        && may_be_limited(item.record_type)
}

/// Updates and announcements of nodes, unless they are wrapped: then the bit is not carried over.
fn may_be_limited(of: Option<RecordType>) -> bool {
    matches!(of, Some(RecordType::CHANNEL_UPDATE | RecordType::NODE_ANNOUNCEMENT))
}

/// The flags of a live record of a store of version `from` in one of version `target`.
fn flags(flags: Flags, of: Option<RecordType>, from: Version, target: Version) -> u16 {
    // Below 15 that bit can only be RATELIMIT, which marks updates and announcements of nodes. On
    // most of the others it would say that the store is of another version than its first byte has.
    let stray = !from.has_completed() && !may_be_limited(of);
    let flags = if stray { Flags(flags.0 & !Flags::COMPLETED.0) } else { flags };
    if from == target {
        return flags.0;
    }
    let mut kept = flags.0 & Flags::known(from).0 & Flags::known(target).0;
    // The same bit is RATELIMIT up to 14 and COMPLETED from 15.
    if from.has_completed() != target.has_completed() {
        kept &= !Flags::COMPLETED.0;
    }
    if target.has_completed() {
        kept |= Flags::COMPLETED.0;
    }
    // Bits without a meaning stay without one; but that bit on most of the records would say that
    // the store is of another version than its first byte has.
    kept | (flags.unknown(from).0 & flags.unknown(target).0 & !Flags::COMPLETED.0)
}

/// The header that a record gets. `message`: the bytes behind it. `timestamp`: what to store where
/// the old header has none.
pub(super) fn header(
    item: &Item,
    layout: Layout,
    (from, target): (Version, Version),
    message: &[u8],
    timestamp: u32,
) -> Header {
    let todays = layout == Layout::Long;
    // What stands wrapped in a store that has no such records leaves its wrapper, and what its header
    // said of it: bits that meant nothing there must not say that its message is of a zombie.
    let whole = message.len() == item.header.len as usize;
    let own = layout.has_flags() && whole;
    let timestamp = if own { item.header.timestamp } else { timestamp };
    let crc = if todays && whole { item.header.crc } else { crc32c(timestamp, message) };
    let dropped = if whole { 0 } else { Flags::ZOMBIE.0 };
    let said = Flags(item.header.flags.0 & !dropped);
    let flags = flags(said, item.record_type, from, target) & !Release::flags_in_length(target).0;
    let len = u16::try_from(message.len()).unwrap_or(u16::MAX);
    let mut bytes = [0; 12];
    bytes[..2].copy_from_slice(&flags.to_be_bytes());
    bytes[2..4].copy_from_slice(&len.to_be_bytes());
    bytes[4..8].copy_from_slice(&crc.to_be_bytes());
    bytes[8..].copy_from_slice(&timestamp.to_be_bytes());
    let stored = &item.stored;
    let as_stored = todays
        && item.patch.is_empty()
        && stored.flags.0 == flags
        && stored.len == u32::from(len)
        && (stored.crc, stored.timestamp) == (crc, timestamp);
    Header { bytes, as_stored }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shared_bit_changes_its_meaning() {
        let update = Some(RecordType::CHANNEL_UPDATE);
        let to = |bits, from, target| flags(Flags(bits), update, Version(from), Version(target));
        // COMPLETED is set from 15 on, and RATELIMIT does not come of it below.
        assert_eq!(to(0x0000, 14, 16), 0x2000);
        assert_eq!(to(0x4000, 9, 15), 0x6000);
        assert_eq!(to(0x6000, 16, 14), 0x4000);
        assert_eq!(to(0x2000, 16, 15), 0x2000);
        // RATELIMIT is kept where it has a meaning.
        assert_eq!(to(0x2000, 12, 14), 0x2000);
        assert_eq!(to(0x2000, 12, 9), 0x0000);
        // DYING is known from 12.
        assert_eq!(to(0x2800, 16, 12), 0x0800);
        assert_eq!(to(0x2800, 16, 11), 0x0000);
        // An unknown bit does not become a meaning.
        assert_eq!(to(0x3001, 16, 12), 0x0001);
        assert_eq!(to(0x2001, 16, 16), 0x2001);
        // COMPLETED on records of an old store is not carried into another old one.
        assert_eq!(to(0x3000, 7, 9), 0x1000);
    }

    #[test]
    fn what_cannot_be_rate_limited_loses_that_bit() {
        for of in [RecordType::CHANNEL_ANNOUNCEMENT, RecordType::CHANNEL_AMOUNT] {
            let to =
                |bits, from, target| flags(Flags(bits), Some(of), Version(from), Version(target));
            assert_eq!(to(0x2000, 12, 12), 0x0000);
            assert_eq!(to(0x6800, 12, 13), 0x4800);
            assert_eq!(to(0x2001, 9, 9), 0x0001);
            // There it is COMPLETED.
            assert_eq!(to(0x2000, 15, 15), 0x2000);
            assert_eq!(to(0x2000, 12, 16), 0x2000);
        }
    }
}
