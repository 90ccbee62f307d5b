//! The next record behind a wound, by the scanner's own rules, in steps.

use alloc::vec;

use super::live::Live;
use super::record::Format;
use crate::gossip::format::MAX_RECORD;
use crate::gossip::scan::{Batch, Scanner};
use crate::source::SourceError;

/// Bytes pushed at a time: few at first, for most wounds are one record, and twice as many each time.
const FEW: usize = 1024;
const CHUNK: usize = 64 * 1024;

/// A search for the end of the wound at `start`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seek {
    start: u64,
    /// No record that is whole by now begins before this.
    from: u64,
}

/// How far a search came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sought {
    /// A record begins here.
    At(u64),
    /// There is none before the end of the file.
    Nothing,
    /// It has used up what it was given.
    More,
}

impl Seek {
    pub(crate) fn new(start: u64) -> Seek {
        Seek { start, from: start }
    }

    /// Goes on, in a file of `until` bytes; `budget` is what may be read.
    pub(crate) fn go(
        &mut self,
        live: &dyn Live,
        format: Format,
        until: u64,
        budget: &mut u64,
    ) -> Result<Sought, SourceError> {
        let mut scanner = Scanner::resume(format.version, format.layout, self.from);
        let mut batch = Batch::new();
        let mut chunk = vec![0; FEW];
        let mut at = self.from;
        loop {
            let most = chunk.len();
            let left = usize::try_from(until.saturating_sub(at)).unwrap_or(most).min(most);
            let filled = match chunk.get_mut(..left) {
                Some(chunk) if left > 0 => live.read_at(at, chunk)?,
                _ => 0,
            };
            let last = filled == 0;
            if last {
                scanner.finish(&mut batch);
            } else {
                scanner.push(chunk.get(..filled).unwrap_or_default(), &mut batch);
            }
            if let Some(record) = batch.records.first() {
                // Where only the COMPLETED bit is missing, the record itself is found.
                let itself = record.offset == self.start;
                return Ok(Sought::At(if itself { record.end } else { record.offset }));
            }
            if last {
                // What begins close to the end may be whole later.
                self.from = self.from.max(until.saturating_sub(2 * MAX_RECORD as u64));
                return Ok(Sought::Nothing);
            }
            at += filled as u64;
            chunk.resize(CHUNK.min(2 * most), 0);
            *budget = budget.saturating_sub(filled as u64);
            if *budget == 0 && scanner.offset() > self.from {
                self.from = scanner.offset();
                return Ok(Sought::More);
            }
        }
    }
}
