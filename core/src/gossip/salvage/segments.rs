//! The repaired store, as pieces of the inputs and bytes between them.

use alloc::vec::Vec;

/// A piece of the repaired store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// Bytes of an input.
    Copy {
        /// The input, counted from 0.
        source: u8,
        /// Offset of the first byte there.
        at: u64,
        /// How many.
        len: u64,
    },
    /// These bytes.
    Bytes(Vec<u8>),
}

impl Segment {
    /// Its length in bytes.
    pub fn len(&self) -> u64 {
        match self {
            Segment::Copy { len, .. } => *len,
            Segment::Bytes(bytes) => bytes.len() as u64,
        }
    }

    /// Whether it has no bytes.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Collects segments, merging neighbours. It may only count.
#[derive(Debug, Default)]
pub(super) struct Output {
    segments: Vec<Segment>,
    counts_only: bool,
    pub(super) len: u64,
}

/// Where so many bytes were gathered another segment begins.
const MOST_BYTES: usize = 1 << 20;

/// A piece of a record this short is repeated rather than referred to: a reference costs more.
const SHORT: usize = 1_024;

impl Output {
    /// `counts_only`: the length is all that is wanted.
    pub(super) fn new(counts_only: bool) -> Output {
        Output { counts_only, ..Output::default() }
    }

    pub(super) fn copy(&mut self, source: u8, at: u64, len: u64) {
        self.len += len;
        if self.counts_only || len == 0 {
            return;
        }
        if let Some(Segment::Copy { source: last, at: from, len: had }) = self.segments.last_mut()
            && *last == source
            && *from + *had == at
        {
            *had += len;
            return;
        }
        self.segments.push(Segment::Copy { source, at, len });
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.len += bytes.len() as u64;
        if self.counts_only || bytes.is_empty() {
            return;
        }
        if let Some(Segment::Bytes(last)) = self.segments.last_mut()
            && last.len() + bytes.len() <= MOST_BYTES
        {
            last.extend_from_slice(bytes);
            return;
        }
        self.segments.push(Segment::Bytes(Vec::from(bytes)));
    }

    /// Bytes that stand in an input, and are at hand.
    pub(super) fn either(&mut self, source: u8, at: u64, bytes: &[u8]) {
        if bytes.len() <= SHORT {
            self.bytes(bytes);
        } else {
            self.copy(source, at, bytes.len() as u64);
        }
    }

    /// What was collected since the last time.
    pub(super) fn take(&mut self) -> Vec<Segment> {
        core::mem::take(&mut self.segments)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_merged() {
        let mut out = Output::default();
        out.bytes(&[16]);
        out.bytes(&[1, 2]);
        out.copy(0, 10, 5);
        out.copy(0, 15, 5);
        out.copy(1, 20, 5);
        assert_eq!(out.len, 18);
        assert_eq!(
            out.take(),
            [
                Segment::Bytes(alloc::vec![16, 1, 2]),
                Segment::Copy { source: 0, at: 10, len: 10 },
                Segment::Copy { source: 1, at: 20, len: 5 },
            ]
        );
    }
}
