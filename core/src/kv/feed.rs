//! The bytes of a source from some offset on, in a buffer that keeps what is still needed.

use alloc::vec::Vec;

use crate::source::{Source, SourceError};

/// A buffer over a source. Every byte is read once; nothing is moved but what is kept.
pub(in crate::kv) struct Feed {
    buf: Vec<u8>,
    /// The offset of the first byte of the buffer.
    base: u64,
    /// No byte from here on is read.
    end: u64,
}

impl Feed {
    pub(in crate::kv) fn new(at: u64, end: u64) -> Feed {
        Feed { buf: Vec::new(), base: at.min(end), end }
    }

    /// How far the buffer reaches.
    pub(in crate::kv) fn reach(&self) -> u64 {
        self.base + self.buf.len() as u64
    }

    /// Whether nothing is left to read.
    pub(in crate::kv) fn is_through(&self) -> bool {
        self.reach() >= self.end
    }

    /// The buffered bytes from `at` on.
    pub(in crate::kv) fn from(&self, at: u64) -> &[u8] {
        at.checked_sub(self.base)
            .and_then(|skip| self.buf.get(usize::try_from(skip).ok()?..))
            .unwrap_or_default()
    }

    /// The buffered bytes `start .. end`, if all of them are there.
    pub(in crate::kv) fn span(&self, start: u64, end: u64) -> Option<&[u8]> {
        self.from(start).get(..usize::try_from(end.checked_sub(start)?).ok()?)
    }

    /// Reads up to `len` bytes more and lets go of what stands before `keep`. Says how many.
    pub(in crate::kv) fn more(
        &mut self,
        source: &dyn Source,
        keep: u64,
        len: u64,
    ) -> Result<u64, SourceError> {
        let reach = self.reach();
        let keep = keep.clamp(self.base, reach);
        if keep > self.base {
            let drop = usize::try_from(keep - self.base).unwrap_or(usize::MAX);
            self.buf.drain(..drop.min(self.buf.len()));
            self.base = keep;
        }
        let len = len.min(self.end.saturating_sub(reach));
        let old = self.buf.len();
        self.buf.resize(old.saturating_add(usize::try_from(len).unwrap_or(0)), 0);
        source.read_at(reach, self.buf.get_mut(old..).unwrap_or_default())?;
        Ok(len)
    }
}
