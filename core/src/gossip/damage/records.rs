//! Records that are whole, and yet not right; and what single records tell about the store.

use super::flips::message_timestamp;
use crate::gossip::format::{Flags, Layout, RecordType, Version};
use crate::gossip::network::Kept;
use crate::gossip::scan::RecordRef;
use crate::gossip::wire::{Message, decode};

/// A record, and one number about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// File offset of its header.
    pub start: u64,
    /// File offset after its body.
    pub end: u64,
    /// Its type, if it has one.
    pub record_type: Option<RecordType>,
    /// What the sighting is about; see [`Sightings`].
    pub detail: u64,
}

/// What was noticed record by record.
#[derive(Clone, Debug)]
pub struct Sightings {
    /// Without the COMPLETED bit; only of interest if the store is of version 15 or later.
    pub uncompleted: Kept<Sighting>,
    /// Known type, impossible content; detail: length of the body.
    pub malformed: Kept<Sighting>,
    /// Unknown type; detail: its number.
    pub unknown: Kept<Sighting>,
    /// Header timestamp and message differ; detail: both, the header's in the upper half.
    pub timestamps: Kept<Sighting>,
    /// Live `ended` records; detail: the equivalent offset.
    pub ended: Kept<Sighting>,
    /// Live `uuid` records that are not the first record.
    pub uuids: Kept<Sighting>,
    /// Live records of channels that are not announced.
    pub private: u64,
    /// Live records marked PUSH.
    pub push: u64,
    /// What speaks for one version or another.
    pub evidence: super::version::Evidence,
}

impl Sightings {
    /// None yet; at most `limit` of a kind will be kept.
    pub fn new(limit: u32) -> Sightings {
        Sightings {
            uncompleted: Kept::new(limit),
            malformed: Kept::new(limit),
            unknown: Kept::new(limit),
            timestamps: Kept::new(limit),
            ended: Kept::new(limit),
            uuids: Kept::new(limit),
            private: 0,
            push: 0,
            evidence: super::version::Evidence::default(),
        }
    }

    /// Looks at a record whose checksum holds.
    pub fn record(&mut self, layout: Layout, version: Version, record: &RecordRef, body: &[u8]) {
        let flags = record.header.flags;
        let live = !flags.is_deleted();
        let sighting = |detail| Sighting {
            start: record.offset,
            end: record.end,
            record_type: record.record_type,
            detail,
        };
        if layout.has_flags() && !flags.contains(Flags::COMPLETED) {
            self.uncompleted.push(sighting(0));
        }
        let Some(record_type) = record.record_type else {
            self.malformed.push(sighting(body.len() as u64));
            return;
        };
        self.evidence.record(record, record_type, body);
        if live {
            self.private += u64::from(record_type.is_private());
            self.push += u64::from(flags.contains(Flags::PUSH) && version.0 >= 7);
        }
        if !record_type.is_known() {
            self.unknown.push(sighting(record_type.0.into()));
        } else if !record_type.fits(body) {
            self.malformed.push(sighting(body.len() as u64));
        } else if record_type == RecordType::ENDED && live {
            if let Ok(Message::Ended(ended)) = decode(version, body) {
                self.ended.push(sighting(ended.equivalent_offset));
            }
        } else if record_type == RecordType::UUID && live && record.offset != 1 {
            self.uuids.push(sighting(0));
        } else if layout.has_flags() && record.header.timestamp != 0 {
            let own = message_timestamp(record_type, body);
            if let Some(own) = own.filter(|own| *own != record.header.timestamp) {
                let both = u64::from(record.header.timestamp) << 32 | u64::from(own);
                self.timestamps.push(sighting(both));
            }
        }
    }
}
