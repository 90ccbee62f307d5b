//! The name of a span that no record could be made of.

use alloc::vec::Vec;

use super::flips::{self, Broken, Explanation};
use super::{Look, splice};
use crate::finding::{Code, Confidence, Finding, Place, Value, Values};
use crate::gossip::crc::checksum;
use crate::gossip::format::{Flags, Layout, MAX_RECORD, RecordHeader, RecordType, Version};
use crate::gossip::network::Stretch;
use crate::gossip::scan::Wound;
use crate::source::SourceError;

/// Zeros shorter than this may be a record's own: 252 in an announcement without signatures.
const ZEROS: u64 = 512;

/// What is known around a wound.
#[derive(Clone, Copy, Debug)]
pub struct Around<'a> {
    /// A `uuid` record follows at once.
    pub uuid_follows: bool,
    /// The version byte may be believed.
    pub version_stands: bool,
    /// The records before it, in one stretch after the other.
    pub before: &'a [Stretch],
    /// The records after it.
    pub after: Option<&'a Stretch>,
    /// Whether there is time for a look at far bytes.
    pub thorough: bool,
}

/// The bytes that were read last. Wounds that lie close together share them, or a thousand of them
/// within a few bytes would cost 64 KiB each.
#[derive(Debug, Default)]
pub struct Window {
    at: u64,
    bytes: Vec<u8>,
}

impl Window {
    const LEN: usize = 2 * MAX_RECORD;

    /// What a record at `at` could have, or as much as the file has behind it.
    fn record(&mut self, look: &Look<'_>, at: u64) -> Result<&[u8], SourceError> {
        let left = usize::try_from(look.source.len().saturating_sub(at)).unwrap_or(usize::MAX);
        let wanted = left.min(MAX_RECORD);
        let place = |window: &Window| {
            let start = usize::try_from(at.checked_sub(window.at)?).ok()?;
            Some(start..start.checked_add(wanted)?).filter(|place| place.end <= window.bytes.len())
        };
        if place(self).is_none() {
            self.bytes = look.bytes(at, Window::LEN as u64)?;
            self.at = at;
        }
        Ok(place(self).and_then(|place| self.bytes.get(place)).unwrap_or_default())
    }
}

/// Names a wound by its evidence. The window is kept from one to the next.
///
/// # Errors
/// [`SourceError`] where the source cannot be read.
pub fn name(
    look: &Look<'_>,
    wound: &Wound,
    around: Around<'_>,
    window: &mut Window,
) -> Result<Finding, SourceError> {
    let case = Case { look, wound, around, ahead: window.record(look, wound.start)? };
    if let Some(finding) = case.second_store() {
        return Ok(finding);
    }
    if let Some(finding) = case.length_flip() {
        return Ok(finding);
    }
    if let Some(finding) = case.zeros() {
        return Ok(finding);
    }
    if let Some(finding) = case.bits() {
        return Ok(finding);
    }
    if wound.at_end && !wound.framed {
        return Ok(case.tail());
    }
    if !wound.framed && !wound.at_end && around.thorough {
        if let Some(splice) = splice::duplicated(look, wound)? {
            return Ok(case.duplicated(&splice));
        }
        if let Some(finding) = case.overlay() {
            return Ok(finding);
        }
        if let Some(splice) = splice::moved(look, wound)? {
            return Ok(case.moved(&splice));
        }
    }
    Ok(case.missing().unwrap_or_else(|| case.overwritten()))
}

struct Case<'a> {
    look: &'a Look<'a>,
    wound: &'a Wound,
    around: Around<'a>,
    /// The bytes from its start on, as many as the longest record has, beyond its end as well.
    ahead: &'a [u8],
}

impl Case<'_> {
    /// Its first bytes, as many as the longest record has.
    fn bytes(&self) -> &[u8] {
        let len = usize::try_from(self.wound.len()).unwrap_or(usize::MAX);
        self.ahead.get(..len).unwrap_or(self.ahead)
    }

    /// A wound at the start of the file takes the version byte along if that is gone too.
    fn start(&self) -> u64 {
        if self.wound.start == 1 && !self.around.version_stands { 0 } else { self.wound.start }
    }

    fn place(&self) -> Place {
        if self.wound.framed {
            Place::record(self.wound.start, self.wound.end, self.wound.record_type)
        } else {
            Place::span(self.start(), self.wound.end)
        }
    }

    /// The bytes of the wounded header that no checksum covers, if there is a header.
    fn unprotected(&self) -> Option<Value> {
        self.wound.header.filter(|header| !header.is_zero())?;
        let span = Values::new().with("start", self.wound.start).with("end", self.wound.start + 4);
        Some(Value::Group(span))
    }

    /// The header at its start, if a record of this store could begin with it.
    fn plausible_header(&self) -> Option<RecordHeader> {
        let header = self.wound.header.filter(|header| !header.is_zero())?;
        let (shortest, longest) = match self.wound.record_type {
            Some(record_type) if !record_type.is_known() => return None,
            Some(record_type) => record_type.len_bounds(),
            None => (2, crate::gossip::format::MAX_BODY),
        };
        let known = header.flags.unknown(self.look.version).0 == 0;
        (known && (shortest..=longest).contains(&(header.len as usize))).then_some(header)
    }

    /// A version byte in front of a record: a whole store follows.
    fn second_store(&self) -> Option<Finding> {
        let last = *self.bytes().last().filter(|_| self.wound.len() <= MAX_RECORD as u64)?;
        let alone = self.wound.len() == 1 && Version(last).is_known() && !self.wound.at_end;
        let named = self.around.uuid_follows && Version(last).is_known();
        if self.wound.start <= 1 || !(alone || named) {
            return None;
        }
        let confidence = if alone { Confidence::Certain } else { Confidence::Likely };
        let values = Values::new()
            .with("store_start", self.wound.end - 1)
            .with("store_end", self.look.source.len())
            .with("version", u64::from(last));
        Some(Finding::new(Code::SecondStore, self.place()).sure(confidence).values(values))
    }

    /// Whether the record is whole once one bit of its length is turned back.
    fn length_flip(&self) -> Option<Finding> {
        let header = self.wound.header.filter(|header| !header.is_zero())?;
        let header_len = self.look.layout.header_len();
        let start = self.wound.start;
        for bit in 0..16u64 {
            let len = header.len ^ (1 << bit);
            let end = header_len + len as usize;
            let Some(body) = self.ahead.get(header_len..end).filter(|body| body.len() >= 2) else {
                continue;
            };
            if checksum(self.look.layout, header.timestamp, body) != header.crc {
                continue;
            }
            let record_type = RecordType(u16::from_be_bytes([body[0], body[1]]));
            let values = Values::new()
                .with("byte", start + 3 - bit / 8)
                .with("bit", bit % 8)
                .with("stored_len", header.len)
                .with("true_len", len)
                .with("lost", 1u64)
                .with_some("unprotected", self.unprotected());
            let place = Place::record(start, start + end as u64, Some(record_type));
            return Some(Finding::new(Code::LengthFlip, place).values(values));
        }
        None
    }

    /// Whether it is a run of zeros, longer than a record has of its own. (In one record whose length
    /// still leads to the next, zeros are not looked for.)
    fn zeros(&self) -> Option<Finding> {
        let zeros = self.wound.zeros?;
        let all = zeros.len >= self.wound.len();
        if zeros.len < ZEROS && !all {
            return None;
        }
        let values = Values::new()
            .with("zeros_start", zeros.start)
            .with("zeros_len", zeros.len)
            .with("alignment", alignment(zeros.start, zeros.start + zeros.len))
            .with("on_boundary", zeros.start <= self.wound.start);
        Some(Finding::new(Code::ZeroRun, self.place()).values(values))
    }

    /// Whether one or two bits of one record explain it.
    fn bits(&self) -> Option<Finding> {
        if !self.wound.framed {
            return None;
        }
        let broken = Broken::new(self.look.layout, self.look.version, self.bytes())?;
        let one = broken.one_bit();
        let standing = one.iter().filter(|explanation| explanation.against.is_none()).count();
        if standing > 0 {
            let sure = if standing == 1 { Confidence::Certain } else { Confidence::Possible };
            return Some(self.flipped(Code::BitFlip, &one).sure(sure));
        }
        let two = broken.two_bits();
        if !two.is_empty() {
            return Some(self.flipped(Code::TwoBitFlip, &two).sure(Confidence::Possible));
        }
        None
    }

    fn flipped(&self, code: Code, explanations: &[Explanation]) -> Finding {
        let standing: Vec<_> =
            explanations.iter().filter(|explanation| explanation.against.is_none()).collect();
        let only = match standing[..] {
            [Explanation { bits, .. }] => match bits[..] {
                [bit] => Some(bit),
                _ => None,
            },
            _ => None,
        };
        let values = Values::new()
            .with_some("byte", only.map(|bit| self.wound.start + bit.byte as u64))
            .with_some("bit", only.map(|bit| u64::from(bit.bit)))
            .with("explanations", flips::as_value(explanations, self.wound.start))
            .with("lost", 1u64)
            .with("deleted", self.is_deleted())
            .with_some("unprotected", self.unprotected());
        Finding::new(code, self.place()).values(values)
    }

    fn is_deleted(&self) -> bool {
        self.wound.header.is_some_and(|header| header.flags.is_deleted())
    }

    /// The file ends here: inside a record, or behind the last one.
    fn tail(&self) -> Finding {
        let have = self.wound.len();
        let (part, plausible) = match self.plausible_header() {
            Some(header) => {
                let need = self.look.layout.header_len() as u64 + u64::from(header.len);
                ("body", need > have)
            }
            None => ("header", self.wound.header.is_none() && self.begins_like_a_header()),
        };
        if !plausible {
            let values = Values::new().with("len", have);
            return Finding::new(Code::TrailingGarbage, self.place()).values(values);
        }
        let need = self
            .plausible_header()
            .map(|header| self.look.layout.header_len() as u64 + u64::from(header.len));
        let values = Values::new()
            .with("part", part)
            .with("have", have)
            .with_some("need", need)
            .with("lost", 1u64);
        let mut place = self.place();
        if part == "body" {
            place.record = Some(self.wound.start);
            place.record_type = self.wound.record_type.map(|record_type| record_type.name().into());
        }
        Finding::new(Code::TornTail, place).values(values)
    }

    /// Whether these few bytes could be the first of a header.
    fn begins_like_a_header(&self) -> bool {
        let mut head = [0u8; 12];
        for (to, from) in head.iter_mut().zip(self.bytes()) {
            *to = *from;
        }
        let [f0, f1, l0, l1, ..] = head;
        if self.look.layout == Layout::Short {
            return [f0, f1] == [0, 0];
        }
        let flags = Flags(u16::from_be_bytes([f0, f1]));
        let len_known = self.bytes().len() >= 4;
        flags.unknown(self.look.version).0 == 0
            && (!len_known || u16::from_be_bytes([l0, l1]) >= 10)
    }

    fn duplicated(&self, splice: &splice::Duplicated) -> Finding {
        let values = Values::new()
            .with("copy_of", splice.copy_of)
            .with("copied_at", splice.at)
            .with("copied_len", splice.len)
            .with("lost", 0u64)
            .with("alignment", alignment(splice.at, splice.at + splice.len));
        let sure = if splice.proven { Confidence::Certain } else { Confidence::Likely };
        Finding::new(Code::DuplicatedSpan, self.place()).sure(sure).values(values)
    }

    fn moved(&self, splice: &splice::Moved) -> Finding {
        let values = Values::new()
            .with("broken_at", splice.broken_at)
            .with("continues_at", splice.continues_at)
            .with("lost", 1u64);
        let mut place = self.place();
        place.record = Some(self.wound.start);
        place.record_type = self.wound.record_type.map(|record_type| record_type.name().into());
        Finding::new(Code::MovedSpan, place).values(values)
    }

    /// v24.02 to v24.11.2 begin to write again at offset 1 of a store that they meant to truncate:
    /// a newer chain, the rest of an old record, and what is left of the old chain.
    fn overlay(&self) -> Option<Finding> {
        let after = self.around.after?;
        let newest_before = self.around.before.iter().map(|stretch| stretch.newest).max()?;
        let records_before: u64 = self.around.before.iter().map(|stretch| stretch.records).sum();
        if self.look.version.0 != 14 || self.wound.len() > MAX_RECORD as u64 {
            return None;
        }
        let again = after.announced_again > 0 && after.newest <= newest_before;
        // A store is written in the order of time, and what is damaged in place begins with a
        // header.
        let backwards = after.newest < newest_before
            && after.records > records_before
            && self.plausible_header().is_none();
        let sure = match (again, backwards) {
            (true, _) => Confidence::Likely,
            (false, true) => Confidence::Possible,
            (false, false) => return None,
        };
        let values = Values::new()
            .with("new_chain_end", self.wound.start)
            .with("old_chain_start", self.wound.end)
            .with("announced_twice", after.announced_again);
        Some(Finding::new(Code::Overlay, self.place()).sure(sure).values(values))
    }

    /// Whether the wound is too short for what was there.
    fn missing(&self) -> Option<Finding> {
        let header_len = self.look.layout.header_len() as u64;
        let what = if self.start() == 0 {
            (self.wound.len() < ZEROS).then_some("start")?
        } else {
            let header = self.plausible_header().filter(|_| self.wound.record_type.is_some())?;
            (self.wound.len() < header_len + u64::from(header.len)).then_some("bytes")?
        };
        let values = Values::new().with("what", what);
        let sure = Confidence::Likely;
        Some(Finding::new(Code::MissingSpan, self.place()).sure(sure).values(values))
    }

    fn overwritten(&self) -> Finding {
        // The place may have the version byte besides.
        let place = self.place();
        let values = Values::new()
            .with("len", place.span.len())
            .with("alignment", alignment(place.span.start, place.span.end))
            .with_some("lost", self.wound.framed.then_some(1u64))
            .with("deleted", self.wound.framed && self.is_deleted())
            .with_some("unprotected", self.unprotected());
        Finding::new(Code::OverwrittenSpan, place).sure(Confidence::Likely).values(values)
    }
}

/// The largest block size from 512 bytes to 1 MiB of which an aligned block lies in the span and
/// nearly fills it; 0 if there is none. Disks and file systems lose such blocks.
pub fn alignment(start: u64, end: u64) -> u64 {
    (9..=20)
        .rev()
        .map(|shift| 1u64 << shift)
        .find(|block| {
            let first = start.next_multiple_of(*block);
            let last = end / block * block;
            last > first && (first - start) + (end - last) <= 1_024.min(last - first)
        })
        .unwrap_or(0)
}
