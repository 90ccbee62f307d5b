//! The walk of upstream: header by header, by the lengths that stand there, never looking for
//! another boundary.

use alloc::vec::Vec;

use crate::gossip::crc;
use crate::gossip::format::{Flags, Layout, MAX_BODY, be32};

#[cfg(test)]
mod tests;

/// A record as its header says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame<'a> {
    /// File offset of the header.
    pub(super) at: u64,
    /// Flags; none in the short layout.
    pub(super) flags: Flags,
    /// Length of the body.
    pub(super) len: u32,
    /// As stored.
    pub(super) crc: u32,
    /// As it ought to be.
    pub(super) sum: u32,
    /// As stored.
    pub(super) timestamp: u32,
    /// The body; of one longer than any release wrote only its first bytes.
    pub(super) body: &'a [u8],
}

impl Frame<'_> {
    /// The type; none of a body too short for one.
    pub(super) fn kind(&self) -> Option<u16> {
        crate::gossip::format::be16(self.body, 0)
    }
}

/// How the file ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tail {
    /// With a record, or the version byte.
    Clean,
    /// With bytes too few for a header, from this offset on.
    Stray { at: u64 },
    /// Inside the body of the record at this offset, of this length.
    Torn { at: u64, len: u32 },
}

/// Cuts pushed bytes into frames. It keeps one record at most.
#[derive(Debug)]
pub(super) struct Framer {
    layout: Layout,
    len_mask: u32,
    carry: Vec<u8>,
    /// File offset of the first byte of `carry`.
    at: u64,
    giant: Option<Giant>,
}

/// A body that is longer than any record: walked over without being kept.
#[derive(Debug)]
struct Giant {
    at: u64,
    head: Head,
    left: u64,
    sum: u32,
    first: [u8; 2],
}

#[derive(Clone, Copy, Debug)]
struct Head {
    flags: Flags,
    len: u32,
    crc: u32,
    timestamp: u32,
}

impl Framer {
    /// For a store whose records begin at offset 1.
    pub(super) fn new(layout: Layout, len_mask: u32) -> Framer {
        Framer { layout, len_mask, carry: Vec::new(), at: 1, giant: None }
    }

    /// Hands every whole frame to `take` until that says `false`.
    pub(super) fn push(&mut self, chunk: &[u8], mut take: impl FnMut(Frame<'_>) -> bool) {
        let mut rest = chunk;
        loop {
            if self.giant.is_some() {
                if !self.walk_over(&mut rest, &mut take) {
                    return;
                }
                continue;
            }
            if self.carry.is_empty() {
                let used = self.cut(rest, &mut take);
                let Some(used) = used else { return };
                rest = rest.get(used..).unwrap_or_default();
                if self.giant.is_some() {
                    continue;
                }
                self.carry.extend_from_slice(rest);
                return;
            }
            // Complete the one record that straddles the chunks.
            let more = self.missing().min(rest.len());
            let (head, tail) = rest.split_at(more);
            self.carry.extend_from_slice(head);
            rest = tail;
            let carry = core::mem::take(&mut self.carry);
            let Some(used) = self.cut(&carry, &mut take) else { return };
            self.carry = carry;
            self.carry.drain(..used);
            if rest.is_empty() && self.giant.is_none() {
                return;
            }
        }
    }

    /// How many bytes the record in the carry lacks, or its header.
    fn missing(&self) -> usize {
        let header_len = self.layout.header_len();
        match self.head(&self.carry) {
            None => header_len - self.carry.len(),
            Some(head) if head.len as usize > MAX_BODY => 0,
            Some(head) => (header_len + head.len as usize).saturating_sub(self.carry.len()),
        }
    }

    fn head(&self, bytes: &[u8]) -> Option<Head> {
        let long = self.layout.has_flags();
        let first = be32(bytes, 0)?;
        let head = Head {
            flags: Flags(if long { (first >> 16) as u16 } else { 0 }),
            len: first & if long { self.len_mask } else { u32::MAX },
            crc: be32(bytes, 4)?,
            timestamp: if long { be32(bytes, 8)? } else { 0 },
        };
        Some(head)
    }

    /// Cuts as much as is whole; `None` where `take` has enough.
    fn cut(&mut self, bytes: &[u8], take: &mut impl FnMut(Frame<'_>) -> bool) -> Option<usize> {
        let header_len = self.layout.header_len();
        let mut pos = 0;
        loop {
            let here = bytes.get(pos..).unwrap_or_default();
            let Some(head) = self.head(here) else { return Some(pos) };
            if head.len as usize > MAX_BODY {
                let left = u64::from(head.len);
                let sum = head.timestamp;
                self.giant = Some(Giant { at: self.at, head, left, sum, first: [0; 2] });
                self.at += header_len as u64;
                return Some(pos + header_len);
            }
            let end = header_len + head.len as usize;
            let Some(body) = here.get(header_len..end) else { return Some(pos) };
            let sum = crc::checksum(self.layout, head.timestamp, body);
            let at = self.at;
            self.at += end as u64;
            pos += end;
            if !take(frame(at, head, sum, body)) {
                return None;
            }
        }
    }

    /// Goes on over a giant; `false` where there are no more bytes, or `take` has enough.
    fn walk_over(&mut self, rest: &mut &[u8], take: &mut impl FnMut(Frame<'_>) -> bool) -> bool {
        // What was carried belongs to it.
        let carry = core::mem::take(&mut self.carry);
        let Some(giant) = &mut self.giant else { return true };
        let mut feed = |bytes: &[u8]| -> usize {
            let len = usize::try_from(giant.left).map_or(bytes.len(), |left| left.min(bytes.len()));
            let bytes = bytes.get(..len).unwrap_or_default();
            let seen = u64::from(giant.head.len) - giant.left;
            if let Ok(seen) = usize::try_from(seen) {
                for (place, &byte) in (seen..2).zip(bytes) {
                    giant.first[place] = byte;
                }
            }
            giant.sum = crc::checksum(self.layout, giant.sum, bytes);
            giant.left -= len as u64;
            self.at += len as u64;
            len
        };
        let used = feed(&carry);
        if used < carry.len() {
            self.carry = carry;
            self.carry.drain(..used);
        } else {
            let used = feed(rest);
            *rest = rest.get(used..).unwrap_or_default();
        }
        if giant.left > 0 {
            return false;
        }
        let (at, head, sum, first) = (giant.at, giant.head, giant.sum, giant.first);
        self.giant = None;
        take(frame(at, head, sum, &first))
    }

    /// How the file ends, once all of it was pushed.
    pub(super) fn tail(&self) -> Tail {
        if let Some(giant) = &self.giant {
            return Tail::Torn { at: giant.at, len: giant.head.len };
        }
        match self.head(&self.carry) {
            Some(head) => Tail::Torn { at: self.at, len: head.len },
            None if self.carry.is_empty() => Tail::Clean,
            None => Tail::Stray { at: self.at },
        }
    }
}

fn frame(at: u64, head: Head, sum: u32, body: &[u8]) -> Frame<'_> {
    let Head { flags, len, crc, timestamp } = head;
    Frame { at, flags, len, crc, sum, timestamp, body }
}
