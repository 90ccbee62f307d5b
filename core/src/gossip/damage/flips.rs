//! Which single bits, or pairs of bits, would make a record's checksum hold.
//!
//! The difference that a flipped bit makes to the checksum (its syndrome) depends only on where
//! the bit is. Two facts follow:
//! - Bit j of the timestamp and bit j mod 8 of body byte j / 8 have the same syndrome, for the
//!   timestamp is the seed and meets the first four body bytes. Which of the two it was, the
//!   content must tell.
//! - CRC-32C has Hamming distance 6 up to 5,275 bits: within 655 body bytes and the checksum, one
//!   or two flipped bits have one explanation. A record that was destroyed altogether looks like a
//!   one-bit flip with probability 8·10⁻⁷ (430 bytes), like a two-bit flip with 1.4·10⁻³: so a
//!   two-bit explanation is possible, never proven by the checksum alone.

use alloc::vec::Vec;

use crate::finding::{Value, Values};
use crate::gossip::crc::{checksum, one_byte_earlier, syndrome_of_bit, syndrome_of_seed};
use crate::gossip::format::{Layout, RecordHeader, RecordType, Version, be16, be32};
use crate::gossip::wire::{Message, decode};
use crate::sorting::sort;

/// Which part of a record a bit belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The stored checksum.
    Checksum,
    /// The header's timestamp.
    Timestamp,
    /// The body.
    Body,
}

impl Part {
    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Part::Checksum => "checksum",
            Part::Timestamp => "timestamp",
            Part::Body => "body",
        }
    }
}

/// One bit of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bit {
    /// Which part it belongs to.
    pub part: Part,
    /// The byte, counted from the record's first.
    pub byte: usize,
    /// 0 for the bit of value 1, up to 7.
    pub bit: u8,
}

/// Bits that, flipped back, would make the checksum hold, and what the content says to that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// One bit, or two.
    pub bits: Vec<Bit>,
    /// Why the content contradicts it; `None` if it does not.
    pub against: Option<Against>,
}

/// What in the mended record could not be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Against {
    /// No release knows the type.
    UnknownType,
    /// The body is not as its type has it.
    Malformed,
    /// The header's timestamp is not the message's.
    Timestamp,
    /// More satoshi than there will ever be.
    Amount,
}

impl Against {
    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Against::UnknownType => "unknown_type",
            Against::Malformed => "malformed",
            Against::Timestamp => "timestamp_differs",
            Against::Amount => "amount_too_large",
        }
    }
}

/// The longest body for which two flipped bits have one explanation.
pub const TWO_BIT_BODY: usize = 655;

/// At most so many explanations are kept.
const KEPT: usize = 16;

/// A record whose checksum does not hold.
#[derive(Clone, Copy, Debug)]
pub struct Broken<'a> {
    layout: Layout,
    version: Version,
    header: RecordHeader,
    body: &'a [u8],
    syndrome: u32,
}

impl<'a> Broken<'a> {
    /// Takes the bytes of one record, header included; `None` if its checksum holds or the header
    /// does not say that length.
    pub fn new(layout: Layout, version: Version, record: &'a [u8]) -> Option<Broken<'a>> {
        let header = RecordHeader::parse(layout, record)?;
        let body = record.get(layout.header_len()..)?;
        let syndrome = checksum(layout, header.timestamp, body) ^ header.crc;
        let whole = body.len() == header.len as usize && syndrome != 0;
        whole.then_some(Broken { layout, version, header, body, syndrome })
    }

    /// Every single bit that explains it, in the order checksum, timestamp, body.
    pub fn one_bit(&self) -> Vec<Explanation> {
        let mut found = Vec::new();
        if self.syndrome.is_power_of_two() {
            found.extend((0..32).filter(|bit| self.syndrome == 1 << bit).map(checksum_bit));
        }
        if self.layout.has_flags() {
            let same = |bit: &u8| syndrome_of_seed((*bit).into(), self.body.len()) == self.syndrome;
            found.extend((0..32).filter(same).map(timestamp_bit));
        }
        self.each_body_bit(|at, bit, syndrome| {
            if syndrome == self.syndrome {
                found.push(self.body_bit(at, bit));
            }
        });
        sort(&mut found);
        found.truncate(KEPT);
        found.into_iter().map(|bit| self.explain(alloc::vec![bit])).collect()
    }

    /// Every pair of bits in body and checksum that explains it and that the content does not
    /// contradict. None for bodies longer than [`TWO_BIT_BODY`], where pairs prove nothing.
    pub fn two_bits(&self) -> Vec<Explanation> {
        if self.body.len() > TWO_BIT_BODY {
            return Vec::new();
        }
        let mut all: Vec<(u32, Bit)> = (0..32).map(|bit| (1 << bit, checksum_bit(bit))).collect();
        self.each_body_bit(|at, bit, syndrome| all.push((syndrome, self.body_bit(at, bit))));
        sort(&mut all);
        let mut found = Vec::new();
        for &(syndrome, first) in &all {
            let wanted = syndrome ^ self.syndrome;
            let from = all.partition_point(|(known, _)| *known < wanted);
            for &(known, second) in all.get(from..).unwrap_or_default() {
                if known != wanted {
                    break;
                }
                if first < second && found.len() < KEPT {
                    found.push(self.explain(alloc::vec![first, second]));
                }
            }
        }
        found.retain(|explanation| explanation.against.is_none());
        found
    }

    /// Calls `f` with byte, bit and syndrome of every bit of the body.
    fn each_body_bit(&self, mut f: impl FnMut(usize, u8, u32)) {
        let mut syndromes: [u32; 8] = [0, 1, 2, 3, 4, 5, 6, 7].map(|bit| syndrome_of_bit(bit, 0));
        for at in (0..self.body.len()).rev() {
            for (bit, syndrome) in (0..8).zip(&mut syndromes) {
                f(at, bit, *syndrome);
                *syndrome = one_byte_earlier(*syndrome);
            }
        }
    }

    fn body_bit(&self, at: usize, bit: u8) -> Bit {
        Bit { part: Part::Body, byte: self.layout.header_len() + at, bit }
    }

    /// What the content says to these bits.
    fn explain(&self, bits: Vec<Bit>) -> Explanation {
        let mut timestamp = self.header.timestamp.to_be_bytes();
        let mut body = Vec::from(self.body);
        for bit in &bits {
            let byte = match bit.part {
                Part::Checksum => None,
                Part::Timestamp => timestamp.get_mut(bit.byte.wrapping_sub(8)),
                Part::Body => body.get_mut(bit.byte - self.layout.header_len()),
            };
            if let Some(byte) = byte {
                *byte ^= 1 << bit.bit;
            }
        }
        let against =
            contradiction(self.layout, self.version, u32::from_be_bytes(timestamp), &body);
        Explanation { bits, against }
    }
}

/// Bit `bit` (0 has value 1) of the stored checksum, which is big-endian.
fn checksum_bit(bit: u8) -> Bit {
    Bit { part: Part::Checksum, byte: 4 + 3 - usize::from(bit / 8), bit: bit % 8 }
}

/// Bit `bit` of the header's timestamp, likewise.
fn timestamp_bit(bit: u8) -> Bit {
    Bit { part: Part::Timestamp, byte: 8 + 3 - usize::from(bit / 8), bit: bit % 8 }
}

/// The most satoshi that can exist.
pub const MAX_SATOSHI: u64 = 2_100_000_000_000_000;

/// What in a record could not be, though its checksum holds.
pub fn contradiction(
    layout: Layout,
    version: Version,
    timestamp: u32,
    body: &[u8],
) -> Option<Against> {
    let Some(record_type) = be16(body, 0).map(RecordType) else { return Some(Against::Malformed) };
    if !record_type.is_known() {
        return Some(Against::UnknownType);
    }
    if !record_type.fits(body) {
        return Some(Against::Malformed);
    }
    let satoshis = match decode(version, body) {
        Ok(Message::ChannelAmount(amount)) => amount.satoshis,
        Ok(Message::V3ChannelAnnouncement(announcement)) => announcement.satoshis,
        _ => 0,
    };
    if satoshis > MAX_SATOSHI {
        return Some(Against::Amount);
    }
    (layout.has_flags() && timestamps_differ(record_type, timestamp, body))
        .then_some(Against::Timestamp)
}

/// Whether the header's timestamp contradicts the message's own. 0 is no contradiction: it is how
/// a header says nothing.
fn timestamps_differ(record_type: RecordType, timestamp: u32, body: &[u8]) -> bool {
    timestamp != 0 && message_timestamp(record_type, body).is_some_and(|own| own != timestamp)
}

/// The timestamp inside a 257 or 258, in seconds since 1970.
pub fn message_timestamp(record_type: RecordType, body: &[u8]) -> Option<u32> {
    match record_type {
        RecordType::CHANNEL_UPDATE => be32(body, 106),
        RecordType::NODE_ANNOUNCEMENT => be32(body, 68 + usize::from(be16(body, 66)?)),
        _ => None,
    }
}

/// The explanations as a value of a finding about the record at `start`.
pub fn as_value(explanations: &[Explanation], start: u64) -> Value {
    let bit = |bit: &Bit| {
        Value::Group(
            Values::new()
                .with("part", bit.part.name())
                .with("byte", start + bit.byte as u64)
                .with("bit", u64::from(bit.bit)),
        )
    };
    let explanation = |explanation: &Explanation| {
        Value::Group(
            Values::new()
                .with("bits", Value::List(explanation.bits.iter().map(bit).collect()))
                .with("stands", explanation.against.is_none())
                .with_some("against", explanation.against.map(Against::name)),
        )
    };
    Value::List(explanations.iter().map(explanation).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A record of 10 bytes with the checksum that it ought to have.
    fn amount() -> Vec<u8> {
        let body = [0x10, 5, 0, 0, 0, 0, 0, 9, 8, 7];
        let crc = checksum(Layout::Long, 0, &body).to_be_bytes();
        [&[0x20, 0, 0, 10][..], &crc, &[0; 4], &body].concat()
    }

    fn broken(record: &[u8]) -> Option<Broken<'_>> {
        Broken::new(Layout::Long, Version(16), record)
    }

    #[test]
    fn every_bit_of_a_checksum_is_found_again() {
        let sound = amount();
        assert!(broken(&sound).is_none(), "nothing is broken");
        assert!(broken(&sound[..21]).is_none(), "not that length");
        for bit in 0..32u8 {
            // The last byte has the lowest bits.
            let (at, turned) = (7 - usize::from(bit / 8), bit % 8);
            let mut record = sound.clone();
            record[at] ^= 1 << turned;
            let found = broken(&record).unwrap().one_bit();
            let place = Bit { part: Part::Checksum, byte: at, bit: turned };
            assert!(found.iter().any(|it| it.bits == [place] && it.against.is_none()), "{bit}");
            // With a bit of the body, the two of them are a pair that explains it.
            record[20] ^= 2;
            let found = broken(&record).unwrap().two_bits();
            let other = Bit { part: Part::Body, byte: 20, bit: 1 };
            let pair = |it: &Explanation| it.bits.contains(&place) && it.bits.contains(&other);
            assert_eq!(found.iter().filter(|it| pair(it)).count(), 1, "{bit}");
            assert!(found.iter().all(|it| it.bits.len() == 2 && it.against.is_none()));
        }
    }

    #[test]
    fn every_bit_of_a_timestamp_is_found_again() {
        for bit in 0..32u8 {
            let (at, turned) = (11 - usize::from(bit / 8), bit % 8);
            let mut record = amount();
            record[at] ^= 1 << turned;
            let found = broken(&record).unwrap().one_bit();
            let place = Bit { part: Part::Timestamp, byte: at, bit: turned };
            assert!(found.iter().any(|it| it.bits == [place] && it.against.is_none()), "{bit}");
        }
    }

    #[test]
    fn pairs_of_bits_prove_nothing_in_long_bodies() {
        for (len, some) in [(TWO_BIT_BODY, true), (TWO_BIT_BODY + 1, false)] {
            let mut body = Vec::from([1, 1]);
            body.resize(len, 7);
            // Without features, as long as it likes behind its addresses.
            body[66..68].fill(0);
            body[140..142].fill(0);
            let crc = checksum(Layout::Long, 0, &body).to_be_bytes();
            let stored = u16::try_from(len).unwrap().to_be_bytes();
            let mut record = [&[0x20, 0][..], &stored, &crc, &[0; 4], &body].concat();
            record[7] ^= 3;
            assert_eq!(!broken(&record).unwrap().two_bits().is_empty(), some, "{len}");
        }
    }
}
