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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_what_was_rewritten_stood_before() {
        let mut window = Window::new(true);
        window.mark(0);
        assert!(window.push(&[16], 90).is_empty());
        for (source, len) in [(1, 10), (40, 20), (100, 5)] {
            window.mark(source);
            assert!(window.push(&[7; 90][..len], 90).is_empty());
        }
        // The records stand at 1, 11 and 31 now.
        let from = [0, 1, 10, 11, 12, 30, 31, 35].map(|at| window.source(at));
        assert_eq!(from, [0, 1, 10, 40, 41, 59, 100, 104]);
        // What lies behind is forgotten; what stands there is not.
        for (before, first) in [(10, 1), (11, 40), (31, 100), (36, 100)] {
            window.forget(before);
            assert_eq!(window.source(before.min(31)), if before == 10 { 10 } else { first });
        }
        let marks = window.marks.as_ref().unwrap();
        assert_eq!((marks.len(), window.held(), window.base, window.size()), (1, 0, 36, 36));
        // A file that is read as it lies.
        assert_eq!(Window::new(false).source(77), 77);
    }

    #[test]
    fn what_is_held_and_how_much_there_is_room_for() {
        let mut window = Window::new(false);
        assert_eq!((window.version(), window.uuid()), (None, None));
        let bytes: Vec<u8> = (0..100).collect();
        assert_eq!(window.push(&bytes, 30), &bytes[30..]);
        assert_eq!((window.held(), window.size(), window.version()), (30, 30, Some(0)));
        assert_eq!(window.push(&bytes[30..], 30), &bytes[30..]);
        window.forget(20);
        assert_eq!((window.held(), window.size()), (10, 30));
        assert_eq!(window.push(&bytes[30..], 40), &bytes[60..]);
        assert_eq!((window.held(), window.size()), (40, 60));
        assert_eq!(window.get(20, 3), Some(&bytes[20..23]));
        assert_eq!(window.get(57, 3), Some(&bytes[57..60]));
        assert_eq!((window.get(19, 1), window.get(58, 3)), (None, None));
        // Behind the end there is nothing to forget.
        window.forget(99);
        assert_eq!((window.held(), window.size(), window.get(60, 0)), (0, 60, Some(&[][..])));
        // The first record is remembered: its type, and 32 bytes.
        assert_eq!(window.uuid(), Some((u16::from_be_bytes([13, 14]), &bytes[15..47])));
        let mut short = Window::new(false);
        short.push(&bytes[..46], 90);
        assert_eq!((short.uuid(), short.version()), (None, Some(0)));
    }
}
