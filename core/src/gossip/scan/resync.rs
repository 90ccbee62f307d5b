//! Finding the next record boundary after a wound: linear in the file, and complete.
//!
//! 1. If the wounded header's own length leads to a record that proves itself, or to the end of
//!    the file, and no record of a known type proves itself before that, the wound is that one record. A wrong
//!    length may lead to any boundary, and two writers leave whole records inside of a broken one.
//! 2. Every offset is tried: known flags, a known type, a length and inner lengths right for
//!    the type, then the checksum, which costs the same whatever the length (see
//!    [`Prefixes`](crate::gossip::crc::Prefixes)).
//! 3. A record of unknown type proves itself only together with its successor.
//! 4. An all-zero header passes the checksum of an empty body, so runs of zeros are skipped. The
//!    next header may begin up to three bytes before its first non-zero byte.

use super::{Batch, EVERY_FLAG, LOOKAHEAD, Next, STRETCH, Scanner, View, Wound, ZeroRun};
use crate::gossip::format::{Layout, MAX_BODY, RecordHeader, RecordType, be16};

/// A wound whose end is not known yet.
#[derive(Debug)]
pub(super) struct Search {
    wound: Wound,
    /// Where the wounded header says that its record ends; tried once.
    claim: Option<u64>,
    /// That place, if it is what it ought to be.
    frame: Option<u64>,
    /// Where the run of zeros began that reached the end of the last buffer.
    zeros_from: Option<u64>,
}

/// Whether a header may be that of a record, but for one bit. Any other bytes claim nothing, or
/// every overwritten header would cast doubt on 64 kB of good records behind it; and what never is
/// longer than a few bytes, such as an amount, cannot hold whole records.
pub(crate) fn credible(
    layout: Layout,
    header: Option<RecordHeader>,
    record_type: Option<RecordType>,
) -> bool {
    let Some(header) = header.filter(|it| !it.is_zero() && it.flags.0 & !EVERY_FLAG == 0) else {
        return false;
    };
    let may_be = |record_type: RecordType| {
        record_type.is_known()
            && record_type.is_framed(layout)
            && header.len as usize <= record_type.len_bounds().1
    };
    let nearly = |found: RecordType| {
        may_be(found) || (0..16).any(|bit| may_be(RecordType(found.0 ^ 1 << bit)))
    };
    record_type.is_some_and(nearly)
}

impl Scanner {
    /// Opens a wound at `pos`.
    pub(super) fn lose(
        &mut self,
        view: &View<'_>,
        pos: usize,
        header: Option<RecordHeader>,
    ) -> Next {
        let start = view.at + pos as u64;
        let header_len = self.layout.header_len();
        let sensible = header.filter(|header| !header.is_zero() && header.len as usize <= MAX_BODY);
        let record_type =
            sensible.and_then(|_| be16(view.buffer, pos + header_len).map(RecordType));
        let claim = sensible.map(|header| start + header_len as u64 + u64::from(header.len));
        let credible = credible(self.layout, header, record_type);
        self.claimed_until = self.claimed_until.max(claim.filter(|_| credible).unwrap_or(0));
        let wound = Wound {
            start,
            end: start,
            header,
            record_type,
            framed: false,
            at_end: false,
            zeros: None,
        };
        self.search = Some(Search { wound, claim, frame: None, zeros_from: None });
        Next::At(pos)
    }

    /// Searches from `pos` on, up to `stop`.
    pub(super) fn seek(
        &mut self,
        view: &View<'_>,
        mut pos: usize,
        stop: usize,
        out: &mut Batch,
    ) -> Next {
        let left = |pos: usize| view.buffer.len().saturating_sub(pos);
        if !view.last && left(pos) < LOOKAHEAD + STRETCH {
            return Next::NeedMore(pos);
        }
        let Some(mut search) = self.search.take() else { return Next::At(pos) };
        if let Some(claim) = search.claim.take().filter(|claim| self.keeps_its_word(view, *claim)) {
            search.frame = Some(claim);
        }
        while pos < stop && (view.last || left(pos) >= LOOKAHEAD) {
            // In this view or in a later one.
            let frame = search.frame.and_then(|frame| usize::try_from(frame - view.at).ok());
            if let Some(end) = frame.filter(|end| *end <= pos) {
                return search.close_framed(view, end, out);
            }
            if left(pos) == 0 {
                return search.close(view, pos, out);
            }
            if let Some(after) = search.skip_zeros(view, pos) {
                pos = after;
            } else if self.record_at(view, pos).is_some_and(|end| {
                frame.is_none_or(|to| end <= to && self.is_of_known_type(view, pos))
            }) {
                return search.close(view, pos, out);
            } else {
                pos += 1;
            }
        }
        self.search = Some(search);
        Next::At(pos)
    }

    /// Whether the claimed end is that of the file, or the start of a record that proves itself.
    fn keeps_its_word(&mut self, view: &View<'_>, claim: u64) -> bool {
        let end = claim.checked_sub(view.at).and_then(|end| usize::try_from(end).ok());
        end.is_some_and(|end| {
            let ends_file = view.last && end == view.buffer.len();
            ends_file || self.stands_alone(view, end)
        })
    }

    /// Whether the record at `pos` proves itself; one of unknown type with its successor's help.
    fn stands_alone(&mut self, view: &View<'_>, pos: usize) -> bool {
        self.shaped(view, pos).is_some_and(|(record_type, end)| {
            self.holds(view, pos, end) && (record_type.is_known() || self.is_followed(view, end))
        })
    }

    /// Zeros inside of a record, but for one bit of a length, are a record of type 0.
    fn is_of_known_type(&self, view: &View<'_>, pos: usize) -> bool {
        be16(view.buffer, pos + self.layout.header_len())
            .is_some_and(|it| RecordType(it).is_known())
    }

    fn is_followed(&mut self, view: &View<'_>, pos: usize) -> bool {
        (view.last && pos == view.buffer.len())
            || self.shaped(view, pos).is_some_and(|(record_type, end)| {
                record_type.is_known() && self.holds(view, pos, end)
            })
    }

    /// The type and the end of the record at `pos`, if it has the right body for its type.
    fn shaped(&self, view: &View<'_>, pos: usize) -> Option<(RecordType, usize)> {
        let header = RecordHeader::parse(self.layout, view.buffer.get(pos..)?)?;
        let start = pos + self.layout.header_len();
        let end = start.checked_add(header.len as usize)?;
        let body = view.buffer.get(start..end).filter(|body| body.len() <= MAX_BODY)?;
        let record_type = RecordType(be16(body, 0)?);
        record_type.fits(body).then_some((record_type, end))
    }

    /// Whether the checksum of the record at `pos` holds, in constant time. Wounds may be as many as
    /// the file is long, candidates as well, and each of them may point at another 64 kB.
    fn holds(&mut self, view: &View<'_>, pos: usize, end: usize) -> bool {
        let layout = self.layout;
        let header = RecordHeader::parse(layout, view.buffer.get(pos..).unwrap_or_default());
        header.is_some_and(|RecordHeader { crc, timestamp, .. }| {
            let start = pos + layout.header_len();
            let checksum = self.prefixes.checksum(layout, view.buffer, timestamp, start, end);
            checksum == Some(crc)
        })
    }

    /// The end of the record at `pos`, if it proves itself as in [`Scanner::stands_alone`]; the cheap
    /// questions come first.
    pub(super) fn record_at(&mut self, view: &View<'_>, pos: usize) -> Option<usize> {
        let layout = self.layout;
        let here = view.buffer.get(pos..)?;
        let header = RecordHeader::parse(layout, here)?;
        if header.flags.0 & !EVERY_FLAG != 0 || header.len as usize > MAX_BODY {
            return None;
        }
        let record_type = be16(here, layout.header_len()).map(RecordType)?;
        let (shortest, longest) = record_type.len_bounds();
        if !(shortest..=longest).contains(&(header.len as usize)) {
            return None;
        }
        let end = layout.header_len() + header.len as usize;
        let body = here.get(layout.header_len()..end)?;
        if !record_type.fits(body) {
            return None;
        }
        let end = pos + end;
        let proves =
            self.holds(view, pos, end) && (record_type.is_known() || self.is_followed(view, end));
        proves.then_some(end)
    }
}

impl Search {
    /// Hands the wound out as the record that its header claims. Zeros inside of one are content.
    fn close_framed(mut self, view: &View<'_>, pos: usize, out: &mut Batch) -> Next {
        self.wound.framed = true;
        self.zeros_from = None;
        self.wound.zeros = None;
        self.close(view, pos, out)
    }

    /// Hands the wound out; it ends at `pos`.
    fn close(mut self, view: &View<'_>, pos: usize, out: &mut Batch) -> Next {
        self.wound.end = view.at + pos as u64;
        self.wound.at_end = view.last && pos == view.buffer.len();
        if let Some(from) = self.zeros_from {
            self.note_zeros(from, self.wound.end);
        }
        out.wounds.push(self.wound);
        Next::At(pos)
    }

    /// If four zero bytes stand at `pos`, the next position at which a header could begin. Asked at
    /// nearly every offset of a search.
    #[inline]
    fn skip_zeros(&mut self, view: &View<'_>, pos: usize) -> Option<usize> {
        let here = view.buffer.get(pos..)?;
        if self.zeros_from.is_none() && !here.starts_with(&[0; 4]) {
            return None;
        }
        self.zeros(view, pos, here)
    }

    fn zeros(&mut self, view: &View<'_>, pos: usize, here: &[u8]) -> Option<usize> {
        let zeros = leading_zeros(here);
        let start = self.zeros_from.take().unwrap_or(view.at + pos as u64);
        let end = view.at + (pos + zeros) as u64;
        if zeros == here.len() && view.last {
            self.note_zeros(start, end);
            return Some(pos + zeros);
        }
        if zeros == here.len() {
            self.zeros_from = Some(start);
        } else {
            self.note_zeros(start, end);
        }
        (zeros > 3).then(|| pos + zeros - 3)
    }

    fn note_zeros(&mut self, start: u64, end: u64) {
        let len = end - start;
        if len >= ZeroRun::MIN && self.wound.zeros.is_none_or(|longest| len > longest.len) {
            self.wound.zeros = Some(ZeroRun { start, len });
        }
    }
}

/// How many zero bytes `bytes` begins with, at the speed of memory.
fn leading_zeros(bytes: &[u8]) -> usize {
    let (blocks, _) = bytes.as_chunks::<64>();
    let whole = blocks.iter().take_while(|block| **block == [0; 64]).count() * 64;
    let rest = bytes.get(whole..).unwrap_or_default();
    whole + rest.iter().take_while(|&&byte| byte == 0).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gossip::format::Flags;

    #[test]
    fn what_a_header_must_be_to_claim_anything() {
        let header = |flags| RecordHeader { flags: Flags(flags), len: 138, crc: 7, timestamp: 9 };
        let update = Some(RecordType(258));
        assert!(credible(Layout::Long, Some(header(0x2000)), update));
        assert!(credible(Layout::Long, Some(header(0xf800)), update));
        assert!(!credible(Layout::Long, None, update));
        assert!(!credible(Layout::Long, Some(header(0x2000)), None));
        // Flags that no version has.
        assert!(!credible(Layout::Long, Some(header(0x2400)), update));
        assert!(!credible(Layout::Long, Some(header(0x0001)), update));
        // A header of zeros, whatever stands behind it.
        let zeros = RecordHeader { flags: Flags(0), len: 0, crc: 0, timestamp: 0 };
        assert!(!credible(Layout::Long, Some(zeros), update));
        // One bit of a type may be wrong: 262 is 258 but for one; no known type is that close to
        // 12,345.
        assert!(credible(Layout::Long, Some(header(0)), Some(RecordType(262))));
        assert!(credible(Layout::Long, Some(header(0)), Some(RecordType(0x8102))));
        assert!(!credible(Layout::Long, Some(header(0)), Some(RecordType(12_345))));
        // An amount has ten bytes; only in the oldest versions is one bit of its type away from
        // what may be long.
        let amount = Some(RecordType::CHANNEL_AMOUNT);
        let long = |len| Some(RecordHeader { len, ..header(0x2000) });
        assert!(credible(Layout::Long, long(10), amount));
        assert!(!credible(Layout::Long, long(49_162), amount));
        assert!(credible(Layout::Short, long(49_162), amount));
        assert!(credible(Layout::Long, long(49_162), update));
    }
}
