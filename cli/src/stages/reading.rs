//! The windows of a file, read by whichever of two threads has time.
//!
//! One thread goes through the file in its order. Where it would wait for the other, or the other
//! for it, they read ahead: that one leaves the very next window to the first, so that both read
//! at once and neither waits for the other's read.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Instant;

use fulgurite_core::source::Source as _;

use super::PATIENCE;
use crate::exit::Trouble;
use crate::source::FileSource;
use crate::windows::{WINDOW, Windows};

/// So many windows at most are kept until they are wanted.
const KEPT: usize = 3;

/// What is read ahead of the thread that goes through a file.
pub(super) struct Reading<'a> {
    source: FileSource<'a>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Where the window begins that will be asked for next.
    wanted: u64,
    /// Where a window begins that is being read, if one is.
    under_way: Option<u64>,
    /// Whole windows and where they begin.
    full: Vec<(u64, Vec<u8>)>,
    /// Their memory, to be used again.
    empty: Vec<Vec<u8>>,
    /// Something could not be read; whoever wants it is told when it is asked for.
    failed: bool,
}

/// Who reads ahead.
#[derive(Clone, Copy)]
pub(super) enum Reader {
    /// The one that goes through the file.
    First,
    /// The other one.
    Second,
}

impl<'a> Reading<'a> {
    /// Nothing of it is read yet.
    pub(super) fn of(source: FileSource<'a>) -> Reading<'a> {
        Reading { source, state: Mutex::default() }
    }

    /// Puts the next window into `chunk`, as [`Windows::next`] does.
    pub(super) fn next(
        &self,
        windows: &mut Windows<'_>,
        chunk: &mut Vec<u8>,
    ) -> Result<bool, Trouble> {
        let at = windows.at();
        let start = Instant::now();
        let mut state = self.lock();
        while state.under_way == Some(at) {
            drop(state);
            if start.elapsed() < PATIENCE {
                thread::yield_now();
            } else {
                thread::sleep(PATIENCE);
            }
            state = self.lock();
        }
        let place = state.full.iter().position(|(begin, _)| *begin == at);
        let Some(place) = place else {
            state.wanted = at + WINDOW;
            drop(state);
            return windows.next(chunk);
        };
        let (_, full) = state.full.swap_remove(place);
        state.wanted = at + full.len() as u64;
        state.empty.push(std::mem::replace(chunk, full));
        drop(state);
        windows.pass(chunk.len() as u64)?;
        Ok(true)
    }

    /// Reads a window before it is wanted, if there are not enough; says whether it did.
    pub(super) fn ahead(&self, who: Reader) -> bool {
        let Some((at, mut chunk)) = self.choose(who) else { return false };
        chunk.resize(usize::try_from(WINDOW).unwrap_or_default(), 0);
        let filled = self.source.read_up_to(at, &mut chunk);
        let whole = filled.is_ok_and(|filled| filled == chunk.len());
        let mut state = self.lock();
        state.under_way = None;
        if whole {
            state.full.push((at, chunk));
        } else {
            state.failed = true;
        }
        whole
    }

    /// The next window that nobody has, and memory for it.
    fn choose(&self, who: Reader) -> Option<(u64, Vec<u8>)> {
        let mut state = self.lock();
        if state.under_way.is_some() || state.failed || state.full.len() >= KEPT {
            return None;
        }
        let skipped = match who {
            Reader::First => 0,
            Reader::Second => 1,
        };
        let at = (skipped..skipped + 2)
            .map(|windows| state.wanted + windows * WINDOW)
            .find(|at| state.full.iter().all(|(begin, _)| begin != at))
            .filter(|at| at + WINDOW <= self.source.len())?;
        state.under_way = Some(at);
        Some((at, state.empty.pop().unwrap_or_default()))
    }

    /// Between two windows there is nothing that a panic could leave half done.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Progress;
    use std::fs::File;
    use std::io::Write as _;
    use std::path::Path;
    use std::sync::atomic::{AtomicBool, Ordering};

    /// Five windows and a bit, no two of them alike.
    fn bytes() -> Vec<u8> {
        let words = (5 * WINDOW + 1_000) / 8;
        (0..words).flat_map(u64::to_le_bytes).collect()
    }

    fn file(bytes: &[u8]) -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file
    }

    /// All windows, one behind the other, while `meanwhile` may read ahead before each.
    fn all(source: FileSource<'_>, meanwhile: impl Fn(&Reading<'_>, usize)) -> (Vec<u8>, u64) {
        let mut windows = Windows::new(Path::new("file"), source, Progress::off());
        let reading = Reading::of(source);
        let (mut all, mut chunk) = (Vec::new(), Vec::new());
        for round in 0.. {
            meanwhile(&reading, round);
            if !reading.next(&mut windows, &mut chunk).unwrap_or(false) {
                break;
            }
            all.extend_from_slice(&chunk);
        }
        (all, windows.source().len())
    }

    #[test]
    fn a_file_comes_in_its_order_whoever_reads_it() {
        let (bytes, file) = (bytes(), file(&bytes()));
        let source = FileSource::new(&file, bytes.len() as u64);
        let expected = (bytes.clone(), bytes.len() as u64);
        assert!(all(source, |_, _| {}) == expected);
        for reader in [Reader::First, Reader::Second] {
            let once = all(source, |reading, round| {
                // Behind the last whole window there is nothing to read ahead.
                assert!(reading.ahead(reader) == (round < 5 - reader as usize), "{round}");
            });
            assert!(once == expected);
            // No more than are kept, and the same again.
            assert!(all(source, |reading, _| while reading.ahead(reader) {}) == expected);
        }
        let over = AtomicBool::new(false);
        let reading = Reading::of(source);
        let mut windows = Windows::new(Path::new("file"), source, Progress::off());
        let read = thread::scope(|scope| {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    reading.ahead(Reader::Second);
                }
            });
            let (mut read, mut chunk) = (Vec::new(), Vec::new());
            while reading.next(&mut windows, &mut chunk).unwrap_or(false) {
                read.extend_from_slice(&chunk);
            }
            over.store(true, Ordering::Relaxed);
            read
        });
        assert!(read == bytes);
    }

    #[test]
    fn a_file_that_became_shorter_ends_where_it_now_ends() {
        let bytes = bytes();
        let kept = &bytes[..bytes.len() / 2];
        let file = file(kept);
        let source = FileSource::new(&file, bytes.len() as u64);
        for reader in [Reader::First, Reader::Second] {
            let read = all(source, |reading, _| while reading.ahead(reader) {});
            assert!(read == (kept.to_vec(), kept.len() as u64));
        }
    }
}
