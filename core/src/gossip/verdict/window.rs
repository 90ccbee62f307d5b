//! The stretch of a file that a walk can see: from where it stands to as far as fields reach.

use alloc::collections::VecDeque;
use alloc::vec::Vec;

/// Bytes that were pushed and are still needed.
#[derive(Debug)]
pub(super) struct Window {
    bytes: Vec<u8>,
    /// Offset of the first of them.
    base: u64,
    /// How many were pushed in all.
    size: u64,
    /// The first of the file: version, and the header and body of a uuid record.
    first: Vec<u8>,
    /// Where records of a rewritten file come from: offset here, offset there.
    marks: Option<VecDeque<(u64, u64)>>,
}

/// A version byte, and a uuid record.
const FIRST: usize = 47;

impl Window {
    /// Nothing yet; `rewritten` if [`Window::mark`] will say where records come from.
    pub(super) fn new(rewritten: bool) -> Window {
        Window {
            bytes: Vec::new(),
            base: 0,
            size: 0,
            first: Vec::new(),
            marks: rewritten.then(VecDeque::new),
        }
    }

    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// The version byte.
    pub(super) fn version(&self) -> Option<u8> {
        self.first.first().copied()
    }

    /// The type and the body (without it) of the first record, if that is as long as a uuid's.
    pub(super) fn uuid(&self) -> Option<(u16, &[u8])> {
        let record = self.first.get(13..FIRST)?;
        Some((crate::gossip::format::be16(record, 0)?, record.get(2..)?))
    }

    /// Says that the next byte begins a record that stood at this offset.
    pub(super) fn mark(&mut self, source: u64) {
        if let Some(marks) = &mut self.marks {
            marks.push_back((self.size, source));
        }
    }

    /// Takes as many bytes as there is room for, and returns the others.
    pub(super) fn push<'a>(&mut self, bytes: &'a [u8], room: usize) -> &'a [u8] {
        let room = room.saturating_sub(self.bytes.len()).min(bytes.len());
        let (now, later) = bytes.split_at(room);
        let begins = FIRST.saturating_sub(self.first.len()).min(now.len());
        self.first.extend_from_slice(now.get(..begins).unwrap_or_default());
        self.bytes.extend_from_slice(now);
        self.size += now.len() as u64;
        later
    }

    /// How many bytes are held.
    pub(super) fn held(&self) -> usize {
        self.bytes.len()
    }

    /// Drops what lies before this offset.
    pub(super) fn forget(&mut self, before: u64) {
        let passed = before.min(self.size).saturating_sub(self.base);
        let dropped = usize::try_from(passed).unwrap_or(usize::MAX).min(self.bytes.len());
        self.bytes.drain(..dropped);
        self.base += dropped as u64;
        if let Some(marks) = &mut self.marks {
            while marks.len() > 1 && marks.get(1).is_some_and(|(at, _)| *at <= before) {
                marks.pop_front();
            }
        }
    }

    /// Where what stands at this offset stood before it was rewritten.
    pub(super) fn source(&self, at: u64) -> u64 {
        let Some(marks) = &self.marks else { return at };
        let behind = marks.partition_point(|(here, _)| *here <= at);
        let mark = behind.checked_sub(1).and_then(|index| marks.get(index));
        mark.map_or(at, |(here, source)| source + (at - here))
    }

    /// These bytes, if they are there.
    pub(super) fn get(&self, at: u64, len: usize) -> Option<&[u8]> {
        let start = usize::try_from(at.checked_sub(self.base)?).ok()?;
        self.bytes.get(start..start.checked_add(len)?)
    }
}
