//! What is told of each record and wound by itself, without the network.

use super::Options;
use crate::gossip::damage::flips::message_timestamp;
use crate::gossip::damage::records::Sightings;
use crate::gossip::format::{Flags, Layout, RecordType, Version};
use crate::gossip::network::Kept;
use crate::gossip::scan::{Batch, RecordRef, Wound};
use crate::gossip::tally::{Alike, Tally};

/// Counts, single records that are not right, and wounds: the lighter half of a
/// [`Fold`](super::Fold). It needs no memory to speak of, so where walking and folding are two
/// threads it goes with the walk, which has less to do ([`Fold::of`](super::Fold::of)).
#[derive(Debug)]
pub struct Counted {
    pub(super) tally: Tally,
    pub(super) sightings: Sightings,
    pub(super) wounds: Kept<Wound>,
    pub(super) wounded_bytes: u64,
    pub(super) version: Option<Version>,
    pub(super) layout: Layout,
}

impl Counted {
    /// Nothing yet.
    pub fn new(options: &Options) -> Counted {
        Counted {
            tally: Tally::default(),
            sightings: Sightings::new(options.limits.findings),
            wounds: Kept::new(options.limits.findings),
            wounded_bytes: 0,
            version: None,
            layout: Layout::Long,
        }
    }

    /// Takes what one push of a scanner yielded, which read it as this version in this layout;
    /// `chunk` is what was pushed.
    pub fn take(&mut self, version: Version, layout: Layout, chunk: &[u8], batch: &Batch) {
        self.version = Some(version);
        self.layout = layout;
        let mut plain = Plain::default();
        // Elsewhere the bit says something else, or something is wrong.
        let completed = version.has_completed();
        for record in &batch.records {
            let body = batch.body(chunk, record);
            if !(completed && plain.takes(layout, record, body)) {
                self.tally.record(record);
                self.sightings.record(layout, version, record, body);
            }
        }
        for (record_type, sums) in Plain::TYPES.into_iter().zip(plain.sums) {
            for (deleted, sum) in [false, true].into_iter().zip(sums) {
                self.tally.alike(record_type, deleted, sum);
                self.sightings.evidence.alike(record_type, sum.records);
            }
        }
        for wound in &batch.wounds {
            self.tally.wound(wound);
            self.wounded_bytes += wound.len();
            self.wounds.push(wound.clone());
        }
    }
}

/// Records of which there is nothing to tell but their number: nearly all of a sound store, met with
/// as few steps as can be. Whatever else is told of records must be impossible for them.
#[derive(Default)]
struct Plain {
    /// Of each type live ones, and deleted ones.
    sums: [[Alike; 2]; Plain::TYPES.len()],
}

impl Plain {
    /// The types that come by the ten thousand, all of them at home in versions 4 to 16.
    const TYPES: [RecordType; 4] = [
        RecordType::CHANNEL_UPDATE,
        RecordType::CHANNEL_ANNOUNCEMENT,
        RecordType::CHANNEL_AMOUNT,
        RecordType::NODE_ANNOUNCEMENT,
    ];

    /// Counts it if it is such a one.
    #[inline]
    fn takes(&mut self, layout: Layout, record: &RecordRef, body: &[u8]) -> bool {
        let header = &record.header;
        let deleted = header.flags == Flags(Flags::DELETED.0 | Flags::COMPLETED.0);
        if !(deleted || header.flags == Flags::COMPLETED)
            || record.resynchronised
            || !layout.has_flags()
        {
            return false;
        }
        let Some(record_type) = record.record_type else { return false };
        let (slot, whole) = match record_type {
            // One of 130 bytes tells something of the version.
            RecordType::CHANNEL_UPDATE => (0, body.len() >= 138),
            RecordType::CHANNEL_ANNOUNCEMENT => (1, record_type.fits(body)),
            RecordType::CHANNEL_AMOUNT => (2, record_type.fits(body)),
            RecordType::NODE_ANNOUNCEMENT => (3, record_type.fits(body)),
            _ => return false,
        };
        let said = header.timestamp;
        let own = || message_timestamp(record_type, body);
        // A header that says 0 says nothing.
        let plain = whole && (said == 0 || own().is_none_or(|own| own == said));
        if plain {
            let sum = &mut self.sums[slot][usize::from(deleted)];
            sum.records += 1;
            sum.bytes += record.end - record.offset;
            sum.bodies += body.len() as u64;
        }
        plain
    }
}
