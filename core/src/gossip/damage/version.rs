//! Which version the records are of, whatever the first byte says.
//!
//! Nothing protects the version byte. The records speak for themselves: how they are framed,
//! which types and lengths occur (the checksum covers both), whether they carry the COMPLETED
//! bit, and whether a `uuid` record stands first.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write;

use crate::gossip::format::{Flags, Layout, RecordType, Version};
use crate::gossip::scan::RecordRef;

/// Versions as bits: bit n for version n.
type Set = u32;

/// Versions that hold BOLT 7 messages as they are.
const BOLT_7: Set = range(4, 16);

/// Versions 2 to 16.
const ALL: Set = 0x1_fffc;

const fn range(first: u8, last: u8) -> Set {
    (ALL >> first << first) & ((1 << (last + 1)) - 1)
}

/// What the records say.
#[derive(Clone, Copy, Debug)]
pub struct Evidence {
    /// The versions in which every type and length that occurs is at home.
    types: Set,
    /// Records that RATELIMIT could not mark, and those of them with bit 0x2000.
    certain: [u64; 2],
    /// 257 and 258, and those of them with bit 0x2000.
    updates: [u64; 2],
    uuid_first: bool,
}

impl Default for Evidence {
    fn default() -> Self {
        Evidence { types: ALL, certain: [0; 2], updates: [0; 2], uuid_first: false }
    }
}

impl Evidence {
    /// Takes one record whose checksum holds.
    pub(super) fn record(&mut self, record: &RecordRef, record_type: RecordType, body: &[u8]) {
        if record.resynchronised {
            return;
        }
        let marked = u64::from(record.header.flags.contains(Flags::COMPLETED));
        let counts = match record_type {
            RecordType::NODE_ANNOUNCEMENT | RecordType::CHANNEL_UPDATE => &mut self.updates,
            _ => &mut self.certain,
        };
        counts[0] += 1;
        counts[1] += marked;
        if record_type == RecordType::UUID {
            // One further in begins a second store, and says nothing of this one.
            self.uuid_first |= record.offset == 1;
            return;
        }
        self.types &= match record_type.0 {
            256..=258 => BOLT_7,
            _ => record_type.versions().map_or(ALL, |(first, last)| range(first, last)),
        };
        if record_type == RecordType::CHANNEL_UPDATE && body.len() < 138 {
            self.types &= range(2, 10);
        }
    }

    /// Takes updates with an htlc_maximum and the COMPLETED bit.
    pub(crate) fn updates(&mut self, records: u64) {
        if records > 0 {
            self.updates[0] += records;
            self.updates[1] += records;
            self.types &= BOLT_7;
        }
    }

    /// The versions that all of it fits; none if it contradicts itself.
    fn fits(&self, layout: Layout) -> Set {
        let framing = match layout {
            Layout::Short => range(2, 4),
            Layout::LongFirstCrc => range(5, 6),
            Layout::Long => range(7, 16),
        };
        let [certain, certain_marked] = self.certain;
        let [updates, updates_marked] = self.updates;
        let total = certain + updates;
        let marked = certain_marked + updates_marked;
        let completed = if certain_marked * 2 > certain {
            range(15, 16)
        } else if total >= 2 && (marked == 0 || (certain > 0 && marked * 2 < total)) {
            range(2, 14)
        } else if certain == 0 && updates > 0 && updates_marked == updates {
            range(10, 13) | range(15, 16)
        } else {
            ALL
        };
        let first = if self.uuid_first { range(16, 16) } else { ALL };
        framing & self.types & completed & first
    }

    /// What the version byte ought to be, if it cannot be what it is.
    pub fn against(&self, version: Version, layout: Layout) -> Option<Misnamed> {
        if self.certain[0] + self.updates[0] == 0 {
            return None;
        }
        let fits = self.fits(layout);
        let named = if version.is_known() { 1u32 << version.0 } else { 0 };
        if fits & named != 0 || fits == 0 {
            return None;
        }
        let versions: Vec<u8> = (2..=16).filter(|version| fits & (1 << version) != 0).collect();
        let mut why = Vec::new();
        if self.uuid_first && version.0 != 16 {
            why.push("uuid_first");
        }
        if version.is_known() && version.layout() != layout {
            why.push("framing");
        }
        if version.is_known() && self.types & named == 0 {
            why.push("types");
        }
        let completed = versions.iter().all(|version| *version >= 15);
        if version.has_completed() != completed || !version.is_known() {
            why.push("flags");
        }
        Some(Misnamed { versions, why })
    }
}

/// A version byte that is not that of the records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misnamed {
    /// The versions that the records fit, ascending; at least one.
    pub versions: Vec<u8>,
    /// Which evidence says so, as stable words.
    pub why: Vec<&'static str>,
}

impl Misnamed {
    /// The newest version that fits, as which the records are read.
    pub fn best(&self) -> Version {
        Version(self.versions.last().copied().unwrap_or(Version::NEWEST.0))
    }

    /// `16`, or `7-14`, or `10-13 15-16`.
    pub fn fits(&self) -> String {
        let mut text = String::new();
        let mut rest = self.versions.as_slice();
        while let [first, ..] = *rest {
            let run = rest.iter().zip(first..).take_while(|(have, want)| **have == *want).count();
            let last = rest.get(run - 1).copied().unwrap_or(first);
            let gap = if text.is_empty() { "" } else { " " };
            let _ = if run == 1 {
                write!(text, "{gap}{first}")
            } else {
                write!(text, "{gap}{first}-{last}")
            };
            rest = rest.get(run..).unwrap_or_default();
        }
        text
    }

    /// The bit of the version byte that is wrong, if one bit is, and one version fits.
    pub fn bit(&self, version: Version) -> Option<u32> {
        let [only] = self.versions[..] else { return None };
        let difference = only ^ version.0;
        difference.is_power_of_two().then(|| difference.trailing_zeros())
    }
}
