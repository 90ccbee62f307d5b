//! What is told of each record and wound by itself, without the network.

use super::Options;
use crate::gossip::damage::records::Sightings;
use crate::gossip::format::{Layout, Version};
use crate::gossip::network::Kept;
use crate::gossip::scan::{Batch, Wound};
use crate::gossip::tally::Tally;

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
        for record in &batch.records {
            self.tally.record(record);
            self.sightings.record(layout, version, record, batch.body(chunk, record));
        }
        for wound in &batch.wounds {
            self.tally.wound(wound);
            self.wounded_bytes += wound.len();
            self.wounds.push(wound.clone());
        }
    }
}
