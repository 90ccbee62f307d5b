//! A file from its first byte to its last, a window at a time: cancellable, with progress.

use std::ops::ControlFlow;
use std::path::Path;

use fulgurite_core::gossip::format::{Layout, Version};
use fulgurite_core::gossip::listing::{Piece, pieces};
use fulgurite_core::gossip::scan::{Batch, Scanner};
use fulgurite_core::source::Source as _;

use crate::cancel;
use crate::exit::Trouble;
use crate::progress::Progress;
use crate::source::FileSource;

/// Bytes read at a time: small enough that some of them stay in the processor's cache.
pub(crate) const WINDOW: u64 = 128 * 1024;

/// Where there is much to do for every byte: a share of the work for a thread, over soon enough
/// that cancelling is not slow and no thread waits long for the last one.
const SMALL_WINDOW: u64 = 32 * 1024;

/// Where one thread reads and another one works: the two meet less often.
const LARGE_WINDOW: u64 = 512 * 1024;

/// Reads a file window by window.
pub(crate) struct Windows<'a> {
    path: &'a Path,
    source: FileSource<'a>,
    at: u64,
    window: u64,
    progress: Progress,
}

impl<'a> Windows<'a> {
    /// From the first byte on.
    pub(crate) fn new(path: &'a Path, source: FileSource<'a>, progress: Progress) -> Self {
        Windows { path, source, at: 0, window: WINDOW, progress }
    }

    /// The same in small windows.
    pub(crate) fn small(self) -> Self {
        Windows { window: SMALL_WINDOW, ..self }
    }

    /// The same in large windows: where there is little to do for a byte.
    pub(crate) fn large(self) -> Self {
        Windows { window: LARGE_WINDOW, ..self }
    }

    /// Fills `chunk` with the next window; false at the end. If the file has become shorter, it
    /// ends where it now ends.
    pub(crate) fn next(&mut self, chunk: &mut Vec<u8>) -> Result<bool, Trouble> {
        cancel::check()?;
        self.progress.at(self.at);
        let len = self.window.min(self.source.len() - self.at);
        chunk.resize(usize::try_from(len).unwrap_or_default(), 0);
        let filled = self
            .source
            .read_up_to(self.at, chunk)
            .map_err(|error| Trouble::with(self.path, error))?;
        chunk.truncate(filled);
        self.at += filled as u64;
        if (filled as u64) < len {
            self.source = self.source.cut(self.at);
        }
        Ok(filled > 0)
    }

    /// Where the next window begins.
    pub(crate) fn at(&self) -> u64 {
        self.at
    }

    /// Passes so many bytes, which somebody else has read from there.
    pub(crate) fn pass(&mut self, len: u64) -> Result<(), Trouble> {
        cancel::check()?;
        self.progress.at(self.at);
        self.at += len;
        Ok(())
    }

    /// What was read: as long as it was said to be, or as long as it turned out to be.
    pub(crate) fn source(&self) -> FileSource<'a> {
        self.source
    }
}

/// Walks through a store, record by record and wound by wound, in constant memory. What is given
/// back ends earlier than it was said to if the file has become shorter.
pub(crate) fn walk(
    mut windows: Windows<'_>,
    mut visit: impl FnMut(Version, Layout, Piece<'_>) -> Result<ControlFlow<()>, Trouble>,
) -> Result<FileSource<'_>, Trouble> {
    let mut scanner = Scanner::new();
    let mut batch = Batch::new();
    let mut chunk = Vec::new();
    loop {
        let more = windows.next(&mut chunk)?;
        if more {
            scanner.push(&chunk, &mut batch);
        } else {
            scanner.finish(&mut batch);
        }
        let read_as = scanner.version().map(|version| (version, scanner.layout()));
        for piece in pieces(&chunk, &batch) {
            // There is no record before the version is known.
            let Some((version, layout)) = read_as else { break };
            if visit(version, layout, piece)?.is_break() {
                return Ok(windows.source());
            }
        }
        if !more {
            return Ok(windows.source());
        }
    }
}
