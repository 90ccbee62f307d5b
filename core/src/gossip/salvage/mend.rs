//! What one damaged record ought to be, if something proves it.
//!
//! A checksum that one single bit explains, and whose content agrees, is proof: a record that was
//! destroyed altogether looks so with probability 8·10⁻⁷. Two bits are not (1.4·10⁻³), unless the
//! message's own signatures agree. Flags and the version byte are protected by nothing, so they are
//! mended only where other records prove it; that is not done here.

use alloc::vec::Vec;

use super::item::{Mend, Mends, Patch, Proof};
use crate::gossip::crc::checksum;
use crate::gossip::damage::flips::{
    Bit, Broken, Explanation, Part, contradiction, message_timestamp,
};
use crate::gossip::format::{
    Flags, Layout, MAX_BODY, RecordHeader, RecordType, ShortChannelId, Version, be16,
};
use crate::gossip::signatures::{Verdict, VerifySignature, verifies};

/// What mending needs to know of the store.
#[derive(Clone, Copy)]
pub(super) struct Bench<'a> {
    pub(super) layout: Layout,
    pub(super) version: Version,
    pub(super) verifier: Option<&'a dyn VerifySignature>,
    /// The keys of a channel's nodes.
    pub(super) keys: &'a dyn Fn(ShortChannelId) -> Option<[[u8; 33]; 2]>,
}

/// A record made right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mended {
    pub(super) header: RecordHeader,
    pub(super) patch: Patch,
    pub(super) mends: Mends,
    /// Bytes of the whole record.
    pub(super) len: usize,
}

impl Bench<'_> {
    /// Whether the message's signatures hold; `None` where there is nobody to ask, nothing to ask,
    /// or nothing was signed.
    pub(super) fn signed(&self, body: &[u8]) -> Option<bool> {
        match verifies(body, |scid| (self.keys)(scid), self.verifier?) {
            Verdict::Valid => Some(true),
            Verdict::Invalid { .. } => Some(false),
            Verdict::AllZero | Verdict::Unverifiable(_) => None,
        }
    }

    /// Mends the record that the first bytes of `bytes` begin; they are those up to the end of its
    /// wound. `framed`: the header's own length leads to its end.
    pub(super) fn mend(&self, bytes: &[u8], framed: bool) -> Option<Mended> {
        let header = RecordHeader::parse(self.layout, bytes).filter(|header| !header.is_zero())?;
        let claimed = self.layout.header_len().checked_add(header.len as usize)?;
        let whole = bytes.get(..claimed).filter(|_| header.len as usize <= MAX_BODY);
        // A wound of several records: only a plausible header is worth a try.
        let whole = whole.filter(|record| framed || self.is_plausible(&header, record));
        whole
            .and_then(|record| {
                self.one_bit(record, header)
                    .or_else(|| self.whole_body(record, header))
                    .or_else(|| self.two_bits(record, header))
            })
            .or_else(|| self.length(bytes, header))
    }

    fn is_plausible(&self, header: &RecordHeader, record: &[u8]) -> bool {
        let Some(body) = record.get(self.layout.header_len()..) else { return false };
        header.flags.unknown(self.version) == Flags(0)
            && be16(body, 0).map(RecordType).is_some_and(|record_type| {
                let (shortest, longest) = record_type.len_bounds();
                // One bit of the type may be the wound.
                !record_type.is_known() || (shortest..=longest).contains(&body.len())
            })
    }

    /// One bit: proven by the checksum if only one stands, else by the signature.
    fn one_bit(&self, record: &[u8], header: RecordHeader) -> Option<Mended> {
        let broken = Broken::new(self.layout, self.version, record)?;
        let one = broken.one_bit();
        let standing: Vec<&Explanation> =
            one.iter().filter(|explanation| explanation.against.is_none()).collect();
        if let [only] = standing[..] {
            let mended = self.turned(record, header, &only.bits, Proof::Checksum);
            // A signature that does not hold speaks louder than eight in ten million.
            return (self.verdict_on(record, &mended) != Some(false)).then_some(mended);
        }
        self.signed_one(record, header, &standing)
    }

    /// Two bits: the one pair whose signatures hold.
    fn two_bits(&self, record: &[u8], header: RecordHeader) -> Option<Mended> {
        self.verifier?;
        let two = Broken::new(self.layout, self.version, record)?.two_bits();
        self.signed_one(record, header, &two.iter().collect::<Vec<_>>())
    }

    fn signed_one(
        &self,
        record: &[u8],
        header: RecordHeader,
        explanations: &[&Explanation],
    ) -> Option<Mended> {
        let mut signed = explanations
            .iter()
            .map(|explanation| self.turned(record, header, &explanation.bits, Proof::Signature))
            .filter(|mended| self.verdict_on(record, mended) == Some(true));
        let only = signed.next()?;
        // A bit of the checksum or of an announcement's header timestamp is signed by nobody.
        signed.next().is_none().then_some(only)
    }

    fn verdict_on(&self, record: &[u8], mended: &Mended) -> Option<bool> {
        let mut body = Vec::from(record.get(self.layout.header_len()..)?);
        mended.patch.apply(&mut body);
        self.signed(&body)
    }

    fn turned(
        &self,
        record: &[u8],
        mut header: RecordHeader,
        bits: &[Bit],
        proof: Proof,
    ) -> Mended {
        let mut patch = Patch::default();
        for bit in bits {
            let mask = 1u32 << bit.bit;
            // Counted from the field's last byte, for fields are big-endian.
            let shift = |last: usize| 8 * u32::try_from(last.saturating_sub(bit.byte)).unwrap_or(0);
            match bit.part {
                Part::Checksum => header.crc ^= mask << shift(7),
                Part::Timestamp => header.timestamp ^= mask << shift(11),
                Part::Body => patch.turn(bit.byte - self.layout.header_len(), 1 << bit.bit),
            }
        }
        let mut mends = Mends::default();
        mends.bits = bits.to_vec();
        mends.add(Mend::Bits, proof);
        Mended { header, patch, mends, len: record.len() }
    }

    /// The signatures hold as the body stands: then checksum or timestamp was hit.
    fn whole_body(&self, record: &[u8], mut header: RecordHeader) -> Option<Mended> {
        let body = record.get(self.layout.header_len()..)?;
        let record_type = be16(body, 0).map(RecordType)?;
        if self.layout == Layout::Short || self.signed(body) != Some(true) {
            return None;
        }
        // Of an announcement nobody knows: it is only what queries are filtered by.
        if let Some(own) = message_timestamp(record_type, body) {
            header.timestamp = own;
        }
        header.crc = checksum(self.layout, header.timestamp, body);
        let mut mends = Mends::default();
        mends.add(Mend::Checksum, Proof::Signature);
        Some(Mended { header, patch: Patch::default(), mends, len: record.len() })
    }

    /// One bit of the length: then the checksum holds as it is, over another stretch.
    fn length(&self, bytes: &[u8], header: RecordHeader) -> Option<Mended> {
        let header_len = self.layout.header_len();
        // One bit of it is wrong, or all of it: then the next boundary tells.
        let up_to_the_end = u32::try_from(bytes.len().saturating_sub(header_len)).ok();
        let lengths = (0..16).map(|bit| header.len ^ (1 << bit)).chain(up_to_the_end);
        lengths.into_iter().find_map(|len| {
            let body = bytes.get(header_len..header_len + len as usize)?;
            let fits = be16(body, 0).map(RecordType).is_some_and(|t| t.is_known() && t.fits(body));
            if !fits || checksum(self.layout, header.timestamp, body) != header.crc {
                return None;
            }
            let mut mends = Mends::default();
            mends.add(Mend::Length, Proof::Checksum);
            Some(Mended {
                header: RecordHeader { len, ..header },
                patch: Patch::default(),
                mends,
                len: header_len + body.len(),
            })
        })
    }

    /// A record whose checksum holds but whose content contradicts it: a bit of the timestamp and
    /// the bit of the body that it meets in the checksum cancel out. `None` where nothing proves
    /// what it was.
    pub(super) fn timestamp_pair(&self, header: RecordHeader, body: &[u8]) -> Option<Mended> {
        if self.layout != Layout::Long {
            return None;
        }
        let stored = be16(body, 0).map(RecordType)?;
        let known = [257u16, 258, 4101].into_iter().map(RecordType);
        let mut found = known.filter_map(|record_type| {
            let own = match record_type {
                // Its header says nothing.
                RecordType::CHANNEL_AMOUNT => 0,
                _ => message_timestamp(record_type, body)?,
            };
            let turned = header.timestamp ^ own;
            if turned == 0 {
                return None;
            }
            let patch = met(turned);
            let mut mended = Vec::from(body);
            patch.apply(&mut mended);
            let stands = be16(&mended, 0) == Some(record_type.0)
                && contradiction(self.layout, self.version, own, &mended).is_none()
                && checksum(self.layout, own, &mended) == header.crc;
            let proof = if self.signed(&mended) == Some(true) {
                Proof::Signature
            } else if stored != record_type && self.signed(&mended).is_none() {
                // The type was wrong and is right, and the timestamps agree.
                Proof::Content
            } else if record_type == RecordType::CHANNEL_AMOUNT
                && contradiction(self.layout, self.version, header.timestamp, body).is_some()
            {
                Proof::Content
            } else {
                return None;
            };
            let mut mends = Mends::default();
            mends.add(Mend::TimestampPair, proof);
            let header = RecordHeader { timestamp: own, ..header };
            let len = self.layout.header_len() + body.len();
            stands.then_some(Mended { header, patch, mends, len })
        });
        let only = found.next()?;
        found.next().is_none().then_some(only)
    }

    /// Header and message disagree on the timestamp, and the message's signatures hold: then it is
    /// the header that is wrong.
    pub(super) fn header_timestamp(&self, header: RecordHeader, body: &[u8]) -> Option<Mended> {
        let own = message_timestamp(be16(body, 0).map(RecordType)?, body)?;
        if self.layout != Layout::Long || self.signed(body) != Some(true) {
            return None;
        }
        let crc = checksum(self.layout, own, body);
        let mut mends = Mends::default();
        mends.add(Mend::Checksum, Proof::Signature);
        let header = RecordHeader { timestamp: own, crc, ..header };
        let len = self.layout.header_len() + body.len();
        Some(Mended { header, patch: Patch::default(), mends, len })
    }
}

/// The body bits that the bits of a timestamp meet in the checksum: bit j of the number meets bit
/// j mod 8 of body byte j / 8.
fn met(timestamp: u32) -> Patch {
    let mut patch = Patch::default();
    for (at, mask) in timestamp.to_le_bytes().into_iter().enumerate() {
        patch.turn(at, mask);
    }
    patch
}
