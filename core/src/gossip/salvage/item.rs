//! One record as salvage sees it: where it stands, and what it ought to be.

use crate::finding::serialize_by_name;
use crate::gossip::damage::flips::Bit;
use crate::gossip::format::{RecordHeader, RecordType};

/// Changes to single bytes of a body: at most four, as the widest mend needs (the four bytes that
/// the checksum's seed meets).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Patch {
    changes: [(u32, u8); 4],
    len: u8,
}

impl Patch {
    /// Turns the bits of `mask` in body byte `at`. Beyond four bytes nothing is added; no mend
    /// needs more.
    pub(super) fn turn(&mut self, at: usize, mask: u8) {
        let Ok(at) = u32::try_from(at) else { return };
        if mask == 0 {
            return;
        }
        let used = usize::from(self.len);
        let known = self.changes.iter_mut().take(used).find(|change| change.0 == at);
        if let Some(change) = known {
            change.1 ^= mask;
        } else if let Some(free) = self.changes.get_mut(used) {
            *free = (at, mask);
            self.len += 1;
        }
    }

    /// Whether it changes nothing.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The same changes, counted from `start` on; those before it are left out.
    pub(super) fn behind(&self, start: u32) -> Patch {
        let mut behind = Patch::default();
        for (at, mask) in self.changes.iter().take(self.len.into()) {
            if let Some(at) = at.checked_sub(start) {
                behind.turn(at as usize, *mask);
            }
        }
        behind
    }

    /// Makes the changes.
    pub(super) fn apply(&self, body: &mut [u8]) {
        for (at, mask) in self.changes.iter().take(self.len.into()) {
            if let Some(byte) = body.get_mut(*at as usize) {
                *byte ^= mask;
            }
        }
    }
}

/// What was done to a record so that it is right again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mend {
    /// One or two bits of body, timestamp or checksum were turned back.
    Bits,
    /// The checksum was computed anew: the signatures hold, so the body is what was signed.
    Checksum,
    /// A bit of the length was turned back.
    Length,
    /// A bit of the timestamp, and the bit of the body that hid it from the checksum.
    TimestampPair,
    /// The COMPLETED bit was set: the checksum holds, so the record was written to its end.
    Completed,
    /// The DELETED bit was cleared: other records contradict it.
    Deleted,
    /// The amount was taken from another announcement of the same channel.
    Amount,
}

impl Mend {
    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Mend::Bits => "bits",
            Mend::Checksum => "checksum",
            Mend::Length => "length",
            Mend::TimestampPair => "timestamp_pair",
            Mend::Completed => "completed",
            Mend::Deleted => "deleted",
            Mend::Amount => "amount",
        }
    }

    /// All of them.
    pub const ALL: [Mend; 7] = [
        Mend::Bits,
        Mend::Checksum,
        Mend::Length,
        Mend::TimestampPair,
        Mend::Completed,
        Mend::Deleted,
        Mend::Amount,
    ];
}

/// What a mend, or a record inside a damaged span, is proven by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Proof {
    /// The checksum: it has one explanation, and the content agrees.
    Checksum,
    /// The signatures of the message.
    Signature,
    /// Other records.
    Records,
    /// Type, timestamp or amount: only one reading makes sense.
    Content,
}

impl Proof {
    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Proof::Checksum => "checksum",
            Proof::Signature => "signature",
            Proof::Records => "records",
            Proof::Content => "content",
        }
    }

    /// All of them.
    pub const ALL: [Proof; 4] = [Proof::Checksum, Proof::Signature, Proof::Records, Proof::Content];
}

serialize_by_name!(Mend, Proof);

/// One record of an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The input, counted from 0 in the order in which they were given.
    pub source: u8,
    /// Offset of its header in that input.
    pub at: u64,
    /// Offset after its body.
    pub end: u64,
    /// Its header as stored.
    pub stored: RecordHeader,
    /// Its header with every mend made.
    pub header: RecordHeader,
    /// Its type, mended.
    pub record_type: Option<RecordType>,
    /// Offset of the first byte of the message that counts: of the body, or of the message that
    /// versions 2 and 3 wrap in it.
    pub(super) message_at: u64,
    /// Its length.
    pub(super) message_len: u32,
    /// What to change in the bytes from `message_at` on.
    pub(super) patch: Patch,
    /// The mends, and what proves each.
    pub mends: Mends,
    /// Whether its checksum held as it stood: it is intact, whatever its flags say.
    pub intact: bool,
    /// It lies inside a span that a wounded header claims, and nothing disproves the claim: it may
    /// be part of a larger message. A checksum proves nothing against a peer who chooses the bytes.
    pub suspect: bool,
}

/// The mends of one record, each with its proof.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mends {
    /// The bits that were turned back, counted from the record's first byte; none, one or two.
    pub bits: alloc::vec::Vec<Bit>,
    list: [Option<(Mend, Proof)>; 4],
}

impl Mends {
    /// Adds one.
    pub(super) fn add(&mut self, mend: Mend, proof: Proof) {
        if let Some(free) = self.list.iter_mut().find(|entry| entry.is_none()) {
            *free = Some((mend, proof));
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.iter().all(Option::is_none)
    }

    /// Each.
    pub fn iter(&self) -> impl Iterator<Item = (Mend, Proof)> {
        self.list.iter().flatten().copied()
    }
}

impl Item {
    /// Whether it is marked dead, after mending.
    pub fn is_dead(&self) -> bool {
        self.header.flags.is_deleted()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_turns_bits_of_at_most_four_bytes() {
        let mut patch = Patch::default();
        patch.turn(1, 0);
        assert!(patch.is_empty());
        for (at, mask) in [(1, 0b0110), (3, 1), (1, 0b0011), (0, 2), (9, 4), (5, 8)] {
            patch.turn(at, mask);
        }
        assert!(!patch.is_empty());
        // The fifth byte found no room, and the last one is beyond the body.
        let mut body = [0xf0; 6];
        patch.apply(&mut body);
        assert_eq!(body, [0xf2, 0xf5, 0xf0, 0xf1, 0xf0, 0xf0]);
        let mut body = [0; 10];
        patch.behind(1).apply(&mut body);
        assert_eq!(body, [5, 0, 1, 0, 0, 0, 0, 0, 4, 0]);
    }
}
