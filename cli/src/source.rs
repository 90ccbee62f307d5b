//! A file as the engine's [`Source`]: positioned reads, no shared cursor.

use std::fs::File;
use std::io;

use fulgurite_core::source::{Source, SourceError, SourceErrorKind};

/// The first `len` bytes of an open file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FileSource<'f> {
    file: &'f File,
    len: u64,
}

impl<'f> FileSource<'f> {
    /// The file, as long as it is now said to be.
    pub(crate) fn new(file: &'f File, len: u64) -> FileSource<'f> {
        FileSource { file, len }
    }

    /// The same file, ending earlier.
    pub(crate) fn cut(self, len: u64) -> FileSource<'f> {
        FileSource { len: self.len.min(len), ..self }
    }

    /// Fills as much of `buf` as the file has bytes from `at` on; how much that was.
    pub(crate) fn read_up_to(&self, at: u64, buf: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while filled < buf.len() {
            match read_at(self.file, at + filled as u64, &mut buf[filled..]) {
                Ok(0) => break,
                Ok(more) => filled += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(filled)
    }
}

impl Source for FileSource<'_> {
    fn len(&self) -> u64 {
        self.len
    }

    fn read_at(&self, at: u64, buf: &mut [u8]) -> Result<(), SourceError> {
        let len = buf.len() as u64;
        let fail = |kind| Err(SourceError::new(at, len, kind));
        if at.checked_add(len).is_none_or(|end| end > self.len) {
            return fail(SourceErrorKind::PastEnd { source_len: self.len });
        }
        match self.read_up_to(at, buf) {
            Ok(filled) if filled == buf.len() => Ok(()),
            Ok(filled) => fail(SourceErrorKind::PastEnd { source_len: at + filled as u64 }),
            Err(error) => fail(SourceErrorKind::Medium(error.to_string())),
        }
    }
}

#[cfg(unix)]
fn read_at(file: &File, at: u64, buf: &mut [u8]) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buf, at)
}

#[cfg(windows)]
fn read_at(file: &File, at: u64, buf: &mut [u8]) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buf, at)
}

#[cfg(not(any(unix, windows)))]
fn read_at(mut file: &File, at: u64, buf: &mut [u8]) -> io::Result<usize> {
    use std::io::{Read as _, Seek as _};
    // Only one thread reads a file at a time.
    file.seek(io::SeekFrom::Start(at))?;
    file.read(buf)
}
