//! What is told of each record and wound by itself, without the network.

use super::Options;
use crate::gossip::damage::flips::message_timestamp;
use crate::gossip::damage::records::Sightings;
use crate::gossip::format::{Flags, Layout, RecordType, Version};
use crate::gossip::network::Kept;
use crate::gossip::scan::{Batch, RecordRef, Wound};
use crate::gossip::tally::{Tally, Updates};

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
        for record in &batch.records {
            let body = batch.body(chunk, record);
            if !plain.takes(layout, record, body) {
                self.tally.record(record);
                self.sightings.record(layout, version, record, body);
            }
        }
        for (deleted, sum) in [false, true].into_iter().zip(plain.sums) {
            self.tally.updates(deleted, sum);
            self.sightings.evidence.updates(sum.records);
        }
        for wound in &batch.wounds {
            self.tally.wound(wound);
            self.wounded_bytes += wound.len();
            self.wounds.push(wound.clone());
        }
    }
}

/// Updates of which there is nothing to tell but their number: nearly all records of a long store,
/// met with as few steps as can be. Whatever else is told of records must be impossible for them.
#[derive(Default)]
struct Plain {
    /// Live ones, and deleted ones.
    sums: [Updates; 2],
}

impl Plain {
    /// Counts it if it is such a one.
    #[inline]
    fn takes(&mut self, layout: Layout, record: &RecordRef, body: &[u8]) -> bool {
        let header = &record.header;
        let deleted = header.flags == Flags(Flags::DELETED.0 | Flags::COMPLETED.0);
        let plain = (deleted || header.flags == Flags::COMPLETED)
            && record.record_type == Some(RecordType::CHANNEL_UPDATE)
            && body.len() >= 138
            && !record.resynchronised
            && layout.has_flags()
            && message_timestamp(RecordType::CHANNEL_UPDATE, body) == Some(header.timestamp);
        if plain {
            let sum = &mut self.sums[usize::from(deleted)];
            sum.records += 1;
            sum.bytes += record.end - record.offset;
            sum.bodies += body.len() as u64;
        }
        plain
    }
}
