//! The windows of a file, read by whichever of two threads has time.
//!
//! One thread goes through the file in its order. Where it would wait for the other, or the other
//! for it, they read ahead: that one leaves the very next window to the first, so that both read
//! at once and neither waits for the other's read.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Instant;

use fulgurite_core::source::Source;

use super::pair::{Front, PATIENCE};

/// So many windows at most are kept until they are wanted.
const KEPT: usize = 3;

/// What is read ahead of the thread that goes through a file.
pub(super) struct Reading<S> {
    source: S,
    /// So many bytes each.
    window: u64,
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

impl<S: Source> Reading<S> {
    /// Nothing of it is read yet.
    pub(super) fn of(source: S, window: u64) -> Reading<S> {
        Reading { source, window, state: Mutex::default() }
    }

    /// Puts the next window into `chunk`, as [`Front::next`] does.
    pub(super) fn next<F: Front>(
        &self,
        front: &mut F,
        chunk: &mut Vec<u8>,
    ) -> Result<bool, F::Trouble> {
        let at = front.at();
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
            state.wanted = at + self.window;
            drop(state);
            return front.next(chunk);
        };
        let (_, full) = state.full.swap_remove(place);
        state.wanted = at + full.len() as u64;
        state.empty.push(std::mem::replace(chunk, full));
        drop(state);
        front.pass(chunk.len() as u64)?;
        Ok(true)
    }

    /// Reads a window before it is wanted, if there are not enough; says whether it did.
    pub(super) fn ahead(&self, who: Reader) -> bool {
        let Some((at, mut chunk)) = self.choose(who) else { return false };
        chunk.resize(usize::try_from(self.window).unwrap_or_default(), 0);
        let whole = self.source.read_at(at, &mut chunk).is_ok();
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
            .map(|windows| state.wanted + windows * self.window)
            .find(|at| state.full.iter().all(|(begin, _)| begin != at))
            .filter(|at| at + self.window <= self.source.len())?;
        state.under_way = Some(at);
        Some((at, state.empty.pop().unwrap_or_default()))
    }

    /// Between two windows there is nothing that a panic could leave half done.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
