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

/// The versions that frame their records so.
const fn framed(layout: Layout) -> Set {
    match layout {
        Layout::Short => range(2, 4),
        Layout::LongFirstCrc => range(5, 6),
        Layout::Long => range(7, 16),
    }
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
    /// Records that a damaged header claims as its own, and those of them with bit 0x2000: asked
    /// where there are no others.
    claimed: [u64; 2],
    uuid_first: bool,
}

impl Default for Evidence {
    fn default() -> Self {
        Evidence {
            types: ALL,
            certain: [0; 2],
            updates: [0; 2],
            claimed: [0; 2],
            uuid_first: false,
        }
    }
}

impl Evidence {
    /// Takes one record whose checksum holds.
    pub(super) fn record(&mut self, record: &RecordRef, record_type: RecordType, body: &[u8]) {
        let marked = u64::from(record.header.flags.contains(Flags::COMPLETED));
        let claimed = record.resynchronised;
        let counts = if claimed { &mut self.claimed } else { self.counts(record_type) };
        counts[0] += 1;
        counts[1] += marked;
        if claimed {
            return;
        }
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

    /// Takes records with the COMPLETED bit, of a type that is at home in versions 4 to 16; updates
    /// with an htlc_maximum.
    pub(crate) fn alike(&mut self, record_type: RecordType, records: u64) {
        if records > 0 {
            let counts = self.counts(record_type);
            counts[0] += records;
            counts[1] += records;
            self.types &= BOLT_7;
        }
    }

    fn counts(&mut self, record_type: RecordType) -> &mut [u64; 2] {
        match record_type {
            RecordType::NODE_ANNOUNCEMENT | RecordType::CHANNEL_UPDATE => &mut self.updates,
            _ => &mut self.certain,
        }
    }

    /// The versions that all of it fits; none if it contradicts itself.
    fn fits(&self, layout: Layout) -> Set {
        let first = if self.uuid_first { range(16, 16) } else { ALL };
        framed(layout) & self.types & self.flagged() & first
    }

    /// Where no version fits all: those that frame their records so, and mark them so if any does.
    fn likeliest(&self, layout: Layout) -> Set {
        match framed(layout) & self.flagged() {
            0 => framed(layout),
            both => both,
        }
    }

    /// The versions whose use of the COMPLETED bit fits.
    fn flagged(&self) -> Set {
        let [certain, certain_marked] = if self.is_sure() { self.certain } else { self.claimed };
        let [updates, updates_marked] = self.updates;
        let total = certain + updates;
        let marked = certain_marked + updates_marked;
        if certain_marked * 2 > certain {
            range(15, 16)
        } else if total >= 2 && (marked == 0 || (certain > 0 && marked * 2 < total)) {
            range(2, 14)
        } else if certain == 0 && updates > 0 && updates_marked == updates {
            range(10, 13) | range(15, 16)
        } else {
            ALL
        }
    }

    /// Whether there are records that nothing else claims.
    fn is_sure(&self) -> bool {
        self.certain[0] + self.updates[0] > 0
    }

    /// What the version byte ought to be, if it cannot be what it is.
    pub fn against(&self, version: Version, layout: Layout) -> Option<Misnamed> {
        if !self.is_sure() && version.layout() == layout {
            return None;
        }
        let named = if version.is_known() { 1u32 << version.0 } else { 0 };
        let fits = match self.fits(layout) {
            // Records that contradict each other leave the byte its word, but for how they are
            // framed: that is proven by every one of them.
            0 if version.layout() != layout => self.likeliest(layout),
            fits => fits,
        };
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
    /// The newest version that fits, as which the records are read; but 15 before 16 where either
    /// may be: all that read 16 read 15 too, and v25.09.1 to v25.12.1 lose a store of version 16.
    pub fn best(&self) -> Version {
        match self.versions.as_slice() {
            [.., 15, 16] => Version(15),
            [.., last] => Version(*last),
            [] => Version::NEWEST,
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    /// So many records that RATELIMIT could not mark and so many updates, and those with the bit.
    fn evidence(certain: [u64; 2], updates: [u64; 2]) -> Evidence {
        Evidence { certain, updates, ..Evidence::default() }
    }

    fn fits(evidence: &Evidence, layout: Layout) -> String {
        let versions = (2..=16).filter(|version| evidence.fits(layout) & 1 << version != 0);
        Misnamed { versions: versions.collect(), why: vec![] }.fits()
    }

    #[test]
    fn the_completed_bit_tells_old_from_new() {
        let long = |certain, updates| fits(&evidence(certain, updates), Layout::Long);
        // More than half of those that RATELIMIT cannot mark.
        assert_eq!(long([3, 2], [0, 0]), "15-16");
        assert_eq!(long([1, 1], [0, 0]), "15-16");
        // Half is neither many nor few; less than half of all is few.
        assert_eq!(long([4, 2], [0, 0]), "7-16");
        assert_eq!(long([4, 2], [1, 0]), "7-14");
        assert_eq!(long([4, 2], [4, 2]), "7-16");
        assert_eq!(long([4, 1], [0, 0]), "7-14");
        // None at all, in two records or more.
        assert_eq!(long([1, 0], [0, 0]), "7-16");
        assert_eq!(long([2, 0], [0, 0]), "7-14");
        assert_eq!(long([0, 0], [2, 0]), "7-14");
        assert_eq!(long([0, 0], [1, 0]), "7-16");
        // Nothing but updates, and all with the bit: all of them were limited, or completed.
        assert_eq!(long([0, 0], [1, 1]), "10-13 15-16");
        assert_eq!(long([0, 0], [3, 3]), "10-13 15-16");
        assert_eq!(long([0, 0], [3, 1]), "7-16");
        assert_eq!(long([0, 0], [0, 0]), "7-16");
    }

    #[test]
    fn records_that_are_counted_together_speak_as_each_of_them() {
        let mut some = Evidence::default();
        some.alike(RecordType::CHANNEL_UPDATE, 0);
        assert_eq!(
            (some.types, some.updates, some.against(Version(9), Layout::Long)),
            (ALL, [0, 0], None)
        );
        some.alike(RecordType::CHANNEL_UPDATE, 3);
        assert_eq!((some.types, some.updates, some.certain), (BOLT_7, [3, 3], [0, 0]));
        some.alike(RecordType::CHANNEL_UPDATE, 4);
        assert_eq!((some.types, some.updates), (BOLT_7, [7, 7]));
        assert_eq!(some.against(Version(9), Layout::Long).unwrap().fits(), "10-13 15-16");
        let mut others = Evidence::default();
        others.alike(RecordType::CHANNEL_ANNOUNCEMENT, 2);
        assert_eq!((others.types, others.updates, others.certain), (BOLT_7, [0, 0], [2, 2]));
        // What was known of the types stays known.
        let mut older = Evidence { types: range(2, 10), ..some };
        older.alike(RecordType::CHANNEL_UPDATE, 1);
        assert_eq!(older.types, range(4, 10));
    }

    #[test]
    fn framing_types_and_uuid_narrow_it_down() {
        let plain = evidence([2, 0], [0, 0]);
        assert_eq!(fits(&plain, Layout::Short), "2-4");
        assert_eq!(fits(&plain, Layout::LongFirstCrc), "5-6");
        let typed = Evidence { types: range(9, 12), ..plain };
        assert_eq!(fits(&typed, Layout::Long), "9-12");
        assert_eq!(fits(&typed, Layout::Short), "");
        let uuid = Evidence { uuid_first: true, ..evidence([1, 1], [0, 0]) };
        assert_eq!(fits(&uuid, Layout::Long), "16");
    }

    #[test]
    fn why_the_byte_cannot_be_right() {
        let against = |evidence: &Evidence, version, layout| {
            let found = evidence.against(Version(version), layout)?;
            Some((found.fits(), found.best().0, found.why))
        };
        let old = evidence([2, 0], [0, 0]);
        assert_eq!(against(&old, 14, Layout::Long), None);
        let said = Some(("7-14".into(), 14, vec!["flags"]));
        assert_eq!(against(&old, 16, Layout::Long), said);
        assert_eq!(against(&old, 99, Layout::Long), said);
        // The bit says what the version says; how records are framed does not.
        let said = Some(("7-14".into(), 14, vec!["framing"]));
        assert_eq!(against(&old, 4, Layout::Long), said);
        let new = evidence([2, 2], [0, 0]);
        let said = Some(("15-16".into(), 15, vec!["flags"]));
        assert_eq!(against(&new, 14, Layout::Long), said);
        let uuid = Evidence { uuid_first: true, ..new };
        assert_eq!(against(&uuid, 16, Layout::Long), None);
        let said = Some(("16".into(), 16, vec!["uuid_first"]));
        assert_eq!(against(&uuid, 15, Layout::Long), said);
        let typed = Evidence { types: range(9, 12), ..old };
        let said = Some(("9-12".into(), 12, vec!["types"]));
        assert_eq!(against(&typed, 14, Layout::Long), said);
        assert_eq!(against(&typed, 10, Layout::Long), None);
        // No record, and records that contradict each other, say nothing ...
        assert_eq!(against(&evidence([0, 0], [0, 0]), 4, Layout::Short), None);
        let torn = Evidence { types: range(2, 3), ..old };
        assert_eq!(against(&torn, 14, Layout::Long), None);
        assert_eq!(against(&torn, 16, Layout::Long), None);
        // ... but for how they are framed, and marked if any version is that is framed so.
        let said = Some(("7-14".into(), 14, vec!["framing"]));
        assert_eq!(against(&torn, 3, Layout::Long), said);
        let said = Some(("2-4".into(), 4, vec!["framing", "types"]));
        assert_eq!(against(&typed, 14, Layout::Short), said);
        let said = Some(("2-4".into(), 4, vec!["framing", "types", "flags"]));
        assert_eq!(against(&Evidence { types: 0, ..new }, 16, Layout::Short), said);
        // Records that a damaged header claims say how they are framed, and marked, where there are
        // no others.
        let claimed = |claimed, updates| Evidence { updates, claimed, ..Evidence::default() };
        assert_eq!(against(&claimed([2, 2], [0, 0]), 14, Layout::Long), None);
        let said = Some(("15-16".into(), 15, vec!["framing", "flags"]));
        assert_eq!(against(&claimed([2, 2], [0, 0]), 3, Layout::Long), said);
        let said = Some(("7-14".into(), 14, vec!["framing"]));
        assert_eq!(against(&claimed([2, 0], [0, 0]), 3, Layout::Long), said);
        assert_eq!(against(&claimed([2, 2], [2, 0]), 3, Layout::Long), said);
        // A single record of either kind is enough to speak.
        assert_eq!(against(&evidence([1, 0], [0, 0]), 16, Layout::Short).map(|it| it.1), Some(4));
        assert_eq!(against(&evidence([0, 0], [1, 0]), 16, Layout::Short).map(|it| it.1), Some(4));
    }

    #[test]
    fn runs_of_versions_are_written_short() {
        let fits = |versions: &[u8]| Misnamed { versions: versions.into(), why: vec![] }.fits();
        assert_eq!(fits(&[16]), "16");
        assert_eq!(fits(&[7, 8]), "7-8");
        assert_eq!(fits(&[2, 4, 5, 6, 9, 15, 16]), "2 4-6 9 15-16");
    }
}
