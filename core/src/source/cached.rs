//! Blocks of another source, kept in memory up to a limit: for b-trees in files that are too long
//! to be held whole.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::cell::RefCell;
use core::fmt;

use super::{Source, SourceError, SourceErrorKind};

/// Bytes of a block: a few pages, because pages of a tree that follow each other in its order lie
/// anywhere in the file, and what is read around them is seldom wanted.
const BLOCK: u64 = 16 * 1024;

/// So many blocks are read at once at most, where reads go on through the file: 2 MiB.
const AHEAD: u64 = 128;

/// So many blocks may be left out between two reads that are taken for one that goes on.
const GAP: u64 = 16;

/// So many ways through the file may be gone at once, each with its own reading ahead.
const WAYS: usize = 4;

/// Another source, read in blocks of 16 KiB; those that were used last are kept. Where reads go on
/// through the file, more and more blocks are read at once, up to 2 MiB; where they jump, as
/// through a tree in the order of its keys, one.
///
/// Memory stays within the limit given (but for one block, if the limit is less), and what is read
/// from the other source comes in whole blocks.
///
/// ```
/// use fulgurite_core::source::{Cached, Source};
///
/// let cached = Cached::new(&b"fulgurite"[..], 8 << 20);
/// let mut four = [0; 4];
/// cached.read_at(5, &mut four)?;
/// assert_eq!(&four, b"rite");
/// # Ok::<(), fulgurite_core::source::SourceError>(())
/// ```
pub struct Cached<S> {
    source: S,
    blocks: RefCell<Blocks>,
}

struct Blocks {
    /// So many at most.
    limit: usize,
    /// By number, with the time of the last use.
    held: BTreeMap<u64, (u64, Vec<u8>)>,
    /// By the time of the last use.
    by_use: BTreeMap<u64, u64>,
    now: u64,
    ways: [Way; WAYS],
    /// What was read last, before it was cut into blocks: kept for its room.
    scratch: Vec<u8>,
}

/// A way through the file.
#[derive(Clone, Copy, Default)]
struct Way {
    /// The block behind the last one that was read.
    end: u64,
    /// How many were read at once.
    read: u64,
    /// When.
    used: u64,
}

impl<S> fmt::Debug for Cached<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cached").finish_non_exhaustive()
    }
}

impl<S: Source> Cached<S> {
    /// Keeps at most so many bytes.
    pub fn new(source: S, bytes: usize) -> Cached<S> {
        let limit = (bytes as u64 / BLOCK).max(1);
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let (held, by_use) = (BTreeMap::new(), BTreeMap::new());
        let (ways, scratch) = ([Way::default(); WAYS], Vec::new());
        let blocks = Blocks { limit, held, by_use, now: 0, ways, scratch };
        Cached { source, blocks: RefCell::new(blocks) }
    }

    /// The source itself.
    pub fn get_ref(&self) -> &S {
        &self.source
    }

    /// Copies from a block, which is read first if it is not held.
    fn copy(&self, block: u64, from: usize, to: &mut [u8]) -> Result<(), SourceError> {
        let mut blocks = self.blocks.borrow_mut();
        if !blocks.held.contains_key(&block) {
            let count = blocks.how_many(block);
            let at = block.saturating_mul(BLOCK);
            let len = count.saturating_mul(BLOCK).min(self.source.len().saturating_sub(at));
            let mut read = core::mem::take(&mut blocks.scratch);
            read.resize(usize::try_from(len).unwrap_or(0), 0);
            let all = self.source.read_at(at, &mut read);
            if all.is_err() && count > 1 {
                // What was read ahead is nobody's loss: a disk may be bad just there.
                read.truncate(usize::try_from(BLOCK).unwrap_or(usize::MAX));
                self.source.read_at(at, &mut read)?;
            } else {
                all?;
            }
            // The one that is wanted last, so that it is held even where only one can be.
            let size = usize::try_from(BLOCK).unwrap_or(usize::MAX);
            for (number, bytes) in (block..).zip(read.chunks(size)).skip(1) {
                blocks.hold(number, bytes);
            }
            blocks.hold(block, read.chunks(size).next().unwrap_or_default());
            blocks.scratch = read;
        }
        let bytes = blocks.touch(block).and_then(|bytes| bytes.get(from..)?.get(..to.len()));
        let Some(bytes) = bytes else {
            let at = block.saturating_mul(BLOCK).saturating_add(from as u64);
            let kind = SourceErrorKind::PastEnd { source_len: self.source.len() };
            return Err(SourceError::new(at, to.len() as u64, kind));
        };
        to.copy_from_slice(bytes);
        Ok(())
    }
}

impl Blocks {
    /// How many blocks to read from that one on: twice as many as before where a way goes on.
    fn how_many(&mut self, block: u64) -> u64 {
        self.now += 1;
        let now = self.now;
        let most = AHEAD.min(self.limit as u64 / 4).max(1);
        let goes_on = |way: &&mut Way| {
            way.read > 0 && block.checked_sub(way.end).is_some_and(|gap| gap <= GAP)
        };
        if let Some(way) = self.ways.iter_mut().find(goes_on) {
            way.read = way.read.saturating_mul(2).min(most);
            (way.end, way.used) = (block.saturating_add(way.read), now);
            return way.read;
        }
        if let Some(oldest) = self.ways.iter_mut().min_by_key(|way| way.used) {
            *oldest = Way { end: block.saturating_add(1), read: 1, used: now };
        }
        1
    }

    /// Takes a block, in place of the one that has not been used for longest.
    fn hold(&mut self, block: u64, bytes: &[u8]) {
        let mut room = Vec::new();
        if let Some((used, old)) = self.held.remove(&block) {
            self.by_use.remove(&used);
            room = old;
        }
        while self.held.len() >= self.limit {
            let Some((_, oldest)) = self.by_use.pop_first() else { break };
            room = self.held.remove(&oldest).map_or(room, |(_, old)| old);
        }
        room.clear();
        room.extend_from_slice(bytes);
        self.now += 1;
        self.by_use.insert(self.now, block);
        self.held.insert(block, (self.now, room));
    }

    fn touch(&mut self, block: u64) -> Option<&[u8]> {
        let (used, bytes) = self.held.get_mut(&block)?;
        if *used != self.now {
            self.by_use.remove(used);
            self.now += 1;
            *used = self.now;
            self.by_use.insert(self.now, block);
        }
        Some(bytes)
    }
}

impl<S: Source> Source for Cached<S> {
    fn len(&self) -> u64 {
        self.source.len()
    }

    fn read_at(&self, at: u64, buf: &mut [u8]) -> Result<(), SourceError> {
        // Nothing is read of what is not there.
        let (len, wanted) = (self.source.len(), buf.len() as u64);
        if at.saturating_add(wanted) > len {
            return Err(SourceError::new(at, wanted, SourceErrorKind::PastEnd { source_len: len }));
        }
        let (mut at, mut rest) = (at, buf);
        while !rest.is_empty() {
            let from = at % BLOCK;
            let now = usize::try_from(BLOCK - from).unwrap_or(usize::MAX).min(rest.len());
            let (to, after) = rest.split_at_mut(now);
            self.copy(at / BLOCK, usize::try_from(from).unwrap_or(usize::MAX), to)?;
            at = at.saturating_add(now as u64);
            rest = after;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;
    use core::cell::Cell;

    use super::*;

    /// Bytes that count how often they were asked for.
    struct Counted(Vec<u8>, Cell<u64>, Cell<u64>);

    impl Source for Counted {
        fn len(&self) -> u64 {
            Source::len(&self.0)
        }

        fn read_at(&self, at: u64, buf: &mut [u8]) -> Result<(), SourceError> {
            self.1.set(self.1.get() + 1);
            self.2.set(self.2.get() + buf.len() as u64);
            self.0.read_at(at, buf)
        }
    }

    fn counted(len: usize) -> Counted {
        let byte = |at: u32| at.wrapping_mul(2_654_435_761).to_le_bytes()[1];
        let bytes = (0..u32::try_from(len).unwrap()).map(byte).collect();
        Counted(bytes, Cell::new(0), Cell::new(0))
    }

    #[test]
    fn it_reads_what_the_source_has() {
        let block = usize::try_from(BLOCK).unwrap();
        let source = counted(3 * block + 1_000);
        let bytes = source.0.clone();
        let cached = Cached::new(source, 2 * block);
        for (at, len) in [
            (0, 10),
            (block - 5, 10),
            (block - 1, block + 2),
            (0, bytes.len()),
            (bytes.len() - 1, 1),
            (bytes.len(), 0),
        ] {
            let mut buf = alloc::vec![0; len];
            cached.read_at(at as u64, &mut buf).unwrap();
            assert_eq!(buf, bytes[at..at + len], "{len} bytes at {at}");
        }
        let error = cached.read_at(bytes.len() as u64 - 1, &mut [0; 2]).unwrap_err();
        assert_eq!(error.kind, SourceErrorKind::PastEnd { source_len: bytes.len() as u64 });
        assert!(cached.read_at(u64::MAX, &mut [0; 2]).is_err());
    }

    #[test]
    fn blocks_that_were_used_last_are_kept() {
        let block = usize::try_from(BLOCK).unwrap();
        let cached = Cached::new(counted(80 * block), 2 * block);
        let read = |number: u64| {
            cached.read_at(number * BLOCK + 7, &mut [0; 16]).unwrap();
            cached.get_ref().1.get()
        };
        assert_eq!([read(0), read(0), read(40), read(0)], [1, 1, 2, 2]);
        // Block 40 goes, not block 0.
        assert_eq!([read(70), read(0), read(40), read(70)], [3, 3, 4, 5]);
        assert_eq!(cached.get_ref().2.get(), 5 * BLOCK);
        assert_eq!(cached.blocks.borrow().held.len(), 2);
    }

    #[test]
    #[cfg_attr(miri, ignore = "a large input")]
    fn more_is_read_at_once_where_reads_go_on() {
        let block = usize::try_from(BLOCK).unwrap();
        let cached = Cached::new(counted(400 * block), 256 * block);
        let read = |number: u64| {
            let before = cached.get_ref().2.get();
            cached.read_at(number * BLOCK + 7, &mut [0; 16]).unwrap();
            (cached.get_ref().2.get() - before) / BLOCK
        };
        // Two ways at once, one of them with gaps; then a jump.
        assert_eq!([read(0), read(200), read(1), read(211)], [1, 1, 2, 2]);
        assert_eq!([read(2), read(3), read(212), read(213), read(229)], [0, 4, 0, 4, 8]);
        assert_eq!([read(300), read(7), read(290)], [1, 8, 1]);
        // Up to a quarter of what is held, and not beyond the end of the file.
        assert_eq!([read(15), read(31), read(63), read(127)], [16, 32, 64, 64]);
        assert_eq!([read(391), read(392), read(394), read(398)], [1, 2, 4, 2]);
    }

    /// Bytes of a disk that is bad from some offset on.
    struct Bad(Counted, u64);

    impl Source for Bad {
        fn len(&self) -> u64 {
            self.0.len()
        }

        fn read_at(&self, at: u64, buf: &mut [u8]) -> Result<(), SourceError> {
            let len = buf.len() as u64;
            if at + len > self.1 {
                return Err(SourceError::new(at, len, SourceErrorKind::Medium("bad".into())));
            }
            self.0.read_at(at, buf)
        }
    }

    #[test]
    fn what_cannot_be_read_ahead_takes_nothing_else_with_it() {
        let block = usize::try_from(BLOCK).unwrap();
        let cached = Cached::new(Bad(counted(40 * block), 6 * BLOCK), 64 * block);
        let read = |number: u64| cached.read_at(number * BLOCK, &mut [0; 16]);
        // Of blocks 3 to 6, read at once, the last is bad.
        for number in 0..6 {
            assert!(read(number).is_ok(), "block {number}");
        }
        assert_eq!(read(6).unwrap_err().at, 6 * BLOCK);
        assert!(read(5).is_ok());
    }
}
