//! The file as blocks that JavaScript brings: whoever asks for a missing one is told to come back.
//!
//! Bytes of a Blob can only be had asynchronously, and the engine reads synchronously. So a piece
//! of work is tried: where bytes are missing it is given zeros instead, so that it goes on and
//! names more of what it needs, up to its patience; then its result is thrown away, the blocks are
//! fetched all at once, and it is tried again. Nothing is dropped while work is being tried, so
//! every try gets further than the one before.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use fulgurite_core::source::{Source, SourceError, SourceErrorKind};
use serde::Serialize;

/// The length of a block. Rows of a table are read from scattered places, so that large blocks
/// would mostly hold what nobody asked for; neighbours are fetched in one read anyway.
pub(crate) const BLOCK: u64 = 16 * 1024;

/// So many bytes are kept between two pieces of work.
const KEPT: usize = 32 << 20;

/// Missing blocks that lie so near to each other are fetched in one read.
const GAP: u64 = 4;

/// The longest single read.
const LONGEST: u64 = 4 << 20;

/// Bytes to fetch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Need {
    /// File offset of the first.
    pub at: u64,
    /// How many.
    pub len: u64,
}

/// What a piece of work came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer<T> {
    /// Nothing yet: these bytes are to be provided first.
    Need(Vec<Need>),
    /// The result.
    Value(T),
}

/// Those blocks of a file that are at hand.
#[derive(Debug)]
pub struct Blocks {
    size: u64,
    state: RefCell<State>,
}

#[derive(Debug, Default)]
struct State {
    blocks: BTreeMap<u64, Block>,
    bytes: usize,
    clock: u64,
    missing: BTreeSet<u64>,
    patience: usize,
}

#[derive(Debug)]
struct Block {
    bytes: Box<[u8]>,
    used: u64,
}

impl Blocks {
    /// A file of that many bytes, none of them at hand.
    pub fn new(size: u64) -> Blocks {
        Blocks { size, state: RefCell::default() }
    }

    /// The file has turned out to end earlier.
    pub fn cut(&mut self, size: u64) {
        *self = Blocks::new(self.size.min(size));
    }

    /// Tries a piece of work, which may miss so many blocks before it is stopped.
    ///
    /// # Errors
    /// Its own, unless bytes were missing.
    pub fn ask<T>(
        &self,
        patience: usize,
        work: impl FnOnce(&Blocks) -> Result<T, SourceError>,
    ) -> Result<Answer<T>, SourceError> {
        {
            let mut state = self.state.borrow_mut();
            state.missing.clear();
            state.patience = patience;
        }
        let result = work(self);
        let needs = self.needs();
        if !needs.is_empty() {
            return Ok(Answer::Need(needs));
        }
        self.state.borrow_mut().trim();
        result.map(Answer::Value)
    }

    /// Takes bytes that were asked for. Those of other blocks, and of blocks cut short, are left.
    pub fn provide(&self, at: u64, bytes: &[u8]) {
        let mut state = self.state.borrow_mut();
        let mut start = at;
        let mut rest = bytes;
        while !rest.is_empty() {
            let number = start / BLOCK;
            let begin = number * BLOCK;
            let whole = (self.size.min(begin + BLOCK)).saturating_sub(begin);
            let until = usize::try_from(begin + BLOCK - start).unwrap_or(usize::MAX);
            let (block, after) = rest.split_at(rest.len().min(until));
            if start == begin && block.len() as u64 == whole && state.missing.remove(&number) {
                state.insert(number, block);
            }
            start += block.len() as u64;
            rest = after;
        }
    }

    fn needs(&self) -> Vec<Need> {
        let state = self.state.borrow();
        let mut needs: Vec<Need> = Vec::new();
        for number in &state.missing {
            let at = number * BLOCK;
            let end = self.size.min(at + BLOCK);
            match needs.last_mut() {
                Some(last)
                    if at <= last.at + last.len + GAP * BLOCK && end - last.at <= LONGEST =>
                {
                    last.len = end - last.at;
                }
                _ => needs.push(Need { at, len: end - at }),
            }
        }
        needs
    }
}

impl State {
    fn insert(&mut self, number: u64, bytes: &[u8]) {
        self.clock += 1;
        self.bytes += bytes.len();
        let block = Block { bytes: bytes.into(), used: self.clock };
        if let Some(before) = self.blocks.insert(number, block) {
            self.bytes -= before.bytes.len();
        }
    }

    /// Drops the blocks that were not used for the longest time.
    fn trim(&mut self) {
        if self.bytes <= KEPT {
            return;
        }
        let mut by_use: Vec<(u64, u64)> =
            self.blocks.iter().map(|(number, block)| (block.used, *number)).collect();
        by_use.sort_unstable();
        for (_, number) in by_use {
            if self.bytes <= KEPT / 4 * 3 {
                break;
            }
            if let Some(block) = self.blocks.remove(&number) {
                self.bytes -= block.bytes.len();
            }
        }
    }
}

impl Source for Blocks {
    fn len(&self) -> u64 {
        self.size
    }

    fn read_at(&self, at: u64, buf: &mut [u8]) -> Result<(), SourceError> {
        let len = buf.len() as u64;
        if at.checked_add(len).is_none_or(|end| end > self.size) {
            let kind = SourceErrorKind::PastEnd { source_len: self.size };
            return Err(SourceError::new(at, len, kind));
        }
        let mut state = self.state.borrow_mut();
        let State { blocks, missing, clock, patience, .. } = &mut *state;
        *clock += 1;
        let mut start = at;
        let mut rest = buf;
        while !rest.is_empty() {
            let number = start / BLOCK;
            let skip = usize::try_from(start % BLOCK).unwrap_or_default();
            let until = usize::try_from(BLOCK - start % BLOCK).unwrap_or(usize::MAX);
            let (part, after) = rest.split_at_mut(until.min(rest.len()));
            let found = blocks.get_mut(&number).and_then(|block| {
                block.used = *clock;
                block.bytes.get(skip..skip + part.len())
            });
            if let Some(bytes) = found {
                part.copy_from_slice(bytes);
            } else {
                part.fill(0);
                missing.insert(number);
            }
            start += part.len() as u64;
            rest = after;
        }
        if missing.len() > *patience {
            let kind = SourceErrorKind::Medium("these bytes are still to be fetched".into());
            return Err(SourceError::new(at, len, kind));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fulgurite_core::source::read_span;

    fn file(len: usize) -> Vec<u8> {
        (0..len).map(|at| u8::try_from(at / 7 % 251).unwrap_or_default()).collect()
    }

    /// Brings what is needed until there is a result.
    fn fetched<T>(
        file: &[u8],
        blocks: &Blocks,
        patience: usize,
        work: impl Fn(&Blocks) -> Result<T, SourceError>,
    ) -> (T, Vec<Vec<Need>>) {
        let mut rounds = Vec::new();
        loop {
            match blocks.ask(patience, &work).expect("within the file") {
                Answer::Value(value) => return (value, rounds),
                Answer::Need(needs) => {
                    for need in &needs {
                        let at = usize::try_from(need.at).expect("small");
                        let len = usize::try_from(need.len).expect("small");
                        blocks.provide(need.at, &file[at..at + len]);
                    }
                    rounds.push(needs);
                }
            }
        }
    }

    #[test]
    fn what_is_missing_is_named_at_once_and_neighbours_in_one() {
        let file = file(300_000);
        let blocks = Blocks::new(300_000);
        let work = |blocks: &Blocks| {
            let near = read_span(blocks, 16_000, 1_000)?;
            let far = read_span(blocks, 299_000, 5_000)?;
            Ok((near, far))
        };
        let ((near, far), rounds) = fetched(&file, &blocks, 100, work);
        assert_eq!((&near[..], &far[..]), (&file[16_000..17_000], &file[299_000..]));
        let last = 300_000 / BLOCK * BLOCK;
        let needs = vec![Need { at: 0, len: 2 * BLOCK }, Need { at: last, len: 300_000 - last }];
        assert_eq!(rounds, [needs]);
        let (_, rounds) = fetched(&file, &blocks, 100, work);
        assert!(rounds.is_empty(), "it is all there");
        let impatient = Blocks::new(300_000);
        assert_eq!(fetched(&file, &impatient, 0, work).1.len(), 2);
    }

    #[test]
    fn blocks_between_are_read_along_and_not_kept() {
        let file = file(300_000);
        let blocks = Blocks::new(300_000);
        let work =
            |blocks: &Blocks| Ok((read_span(blocks, 0, 1)?, read_span(blocks, 4 * BLOCK, 1)?));
        let (_, rounds) = fetched(&file, &blocks, 9, work);
        assert_eq!(rounds, [[Need { at: 0, len: 5 * BLOCK }]]);
        assert_eq!(blocks.state.borrow().blocks.len(), 2);
    }

    #[test]
    fn what_was_not_used_for_long_goes() {
        let size = 80 << 20;
        let file = vec![7; size];
        let blocks = Blocks::new(size as u64);
        for at in (0..size as u64).step_by(1 << 20) {
            fetched(&file, &blocks, 1_000, |blocks| read_span(blocks, at, 1 << 20));
            assert!(blocks.state.borrow().bytes <= KEPT);
        }
        let state = blocks.state.borrow();
        assert!(state.blocks.contains_key(&((size as u64 - 1) / BLOCK)));
        assert!(!state.blocks.contains_key(&0));
    }

    #[test]
    fn short_or_foreign_bytes_are_no_block() {
        let blocks = Blocks::new(100_000);
        let work = |blocks: &Blocks| read_span(blocks, 0, 10);
        let need = Answer::Need(vec![Need { at: 0, len: BLOCK }]);
        assert_eq!(blocks.ask(0, work), Ok(need.clone()));
        blocks.provide(0, &[1; 100]);
        blocks.provide(7, &vec![1; 50_000]);
        assert_eq!(blocks.ask(0, work), Ok(need));
        blocks.provide(0, &vec![1; 50_000]);
        assert_eq!(blocks.ask(0, work), Ok(Answer::Value(vec![1; 10])));
        assert!(
            read_span(&blocks, 99_999, 1).is_err() && blocks.read_at(100_000, &mut [0]).is_err()
        );
    }
}
