//! A file that changes while it is read: the one trait, and the window through which it is read.

use alloc::vec::Vec;

use crate::gossip::format::{Layout, MAX_BODY, RecordHeader};
use crate::source::SourceError;

/// A file that someone else is writing to. Unlike a [`Source`](crate::source::Source) it has no
/// length that could be relied upon.
pub trait Live {
    /// How long the file is now.
    ///
    /// # Errors
    /// [`SourceError`] where that cannot be had.
    fn len(&self) -> Result<u64, SourceError>;

    /// Whether it has no bytes now.
    ///
    /// # Errors
    /// As [`Live::len`].
    fn is_empty(&self) -> Result<bool, SourceError> {
        Ok(self.len()? == 0)
    }

    /// Fills as much of `buf` as there are bytes from `at` on; how much that was. Bytes that
    /// change meanwhile may come out old, new, or mixed.
    ///
    /// # Errors
    /// [`SourceError`] where the medium fails.
    fn read_at(&self, at: u64, buf: &mut [u8]) -> Result<usize, SourceError>;
}

/// Bytes read at a time.
pub(crate) const WINDOW: usize = 256 * 1024;

/// The bytes read last. What it holds grows old: [`Window::forget`] makes it read again.
#[derive(Debug, Default)]
pub(crate) struct Window {
    at: u64,
    bytes: Vec<u8>,
    /// Nothing is read ahead.
    narrow: bool,
}

impl Window {
    /// One for a single look: what it is asked for is read, and nothing ahead.
    pub(crate) fn narrow() -> Window {
        Window { narrow: true, ..Window::default() }
    }

    /// Drops what was read.
    pub(crate) fn forget(&mut self) {
        self.bytes.clear();
    }

    /// The record at `at`, as far as there are bytes of it before `until`: its header, and its
    /// body if that is whole.
    pub(crate) fn record(
        &mut self,
        live: &dyn Live,
        layout: Layout,
        at: u64,
        until: u64,
    ) -> Result<(Option<RecordHeader>, Option<&[u8]>), SourceError> {
        let head = layout.header_len();
        let bytes = self.bytes(live, at, head, until)?;
        let Some(header) = RecordHeader::parse(layout, bytes) else { return Ok((None, None)) };
        let len = header.len as usize;
        if len > MAX_BODY {
            return Ok((Some(header), None));
        }
        // Read anew, header and body may be of different moments: the header is taken again.
        let bytes = self.bytes(live, at, head + len, until)?;
        let header = RecordHeader::parse(layout, bytes);
        let body = bytes.get(head..head + len);
        Ok((header, body.filter(|_| header.is_some_and(|header| header.len as usize == len))))
    }

    /// So many bytes from `at` on, or as many as there are before `until`.
    pub(crate) fn bytes(
        &mut self,
        live: &dyn Live,
        at: u64,
        want: usize,
        until: u64,
    ) -> Result<&[u8], SourceError> {
        let left = usize::try_from(until.saturating_sub(at)).unwrap_or(usize::MAX);
        let want = want.min(left);
        let held = |window: &Window| {
            let skip = usize::try_from(at.checked_sub(window.at)?).ok()?;
            (skip.checked_add(want)? <= window.bytes.len()).then_some(skip)
        };
        let skip = if let Some(skip) = held(self) {
            skip
        } else {
            self.bytes.resize(if self.narrow { want } else { WINDOW.min(left) }, 0);
            self.at = at;
            let read = live.read_at(at, &mut self.bytes);
            let filled = *read.as_ref().unwrap_or(&0);
            self.bytes.truncate(filled);
            read?;
            0
        };
        let end = skip.saturating_add(want).min(self.bytes.len());
        Ok(self.bytes.get(skip..end).unwrap_or_default())
    }
}
