//! Random access to bytes, for second looks and for b-trees.

mod cached;

use alloc::vec::Vec;
use core::fmt;

pub use cached::Cached;

/// Bytes that can be read anywhere: a slice, a file, a Blob.
///
/// `read_at` fills the whole buffer or fails; a caller never asks for bytes beyond
/// [`Source::len`] unless the source shrank meanwhile.
pub trait Source {
    /// The length in bytes when the source was opened.
    fn len(&self) -> u64;

    /// Whether there are no bytes at all.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Fills `buf` with the bytes from `at` on.
    ///
    /// # Errors
    /// [`SourceError`] where the bytes cannot be had: the medium fails, or the source is shorter
    /// than it was.
    fn read_at(&self, at: u64, buf: &mut [u8]) -> Result<(), SourceError>;
}

/// Why bytes could not be read. It carries where and how many.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SourceError {
    /// The offset of the first byte asked for.
    pub at: u64,
    /// How many bytes were asked for.
    pub len: u64,
    /// What went wrong.
    pub kind: SourceErrorKind,
}

/// The kinds of [`SourceError`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SourceErrorKind {
    /// The source ends before the bytes asked for.
    PastEnd {
        /// How long the source is.
        source_len: u64,
    },
    /// The medium refused; the text is the medium's own.
    Medium(alloc::string::String),
}

impl SourceError {
    /// An error for the `len` bytes from `at` on.
    pub fn new(at: u64, len: u64, kind: SourceErrorKind) -> SourceError {
        SourceError { at, len, kind }
    }
}

impl fmt::Display for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot read {} bytes at offset {}: ", self.len, self.at)?;
        match &self.kind {
            SourceErrorKind::PastEnd { source_len } => {
                write!(f, "the source ends at {source_len}")
            }
            SourceErrorKind::Medium(text) => f.write_str(text),
        }
    }
}

impl core::error::Error for SourceError {}

impl Source for [u8] {
    fn len(&self) -> u64 {
        <[u8]>::len(self) as u64
    }

    fn read_at(&self, at: u64, buf: &mut [u8]) -> Result<(), SourceError> {
        let bytes = usize::try_from(at)
            .ok()
            .and_then(|start| self.get(start..)?.get(..buf.len()))
            .ok_or_else(|| {
                let source_len = <[u8]>::len(self) as u64;
                SourceError::new(at, buf.len() as u64, SourceErrorKind::PastEnd { source_len })
            })?;
        buf.copy_from_slice(bytes);
        Ok(())
    }
}

impl Source for Vec<u8> {
    fn len(&self) -> u64 {
        Source::len(self.as_slice())
    }

    fn read_at(&self, at: u64, buf: &mut [u8]) -> Result<(), SourceError> {
        self.as_slice().read_at(at, buf)
    }
}

impl<S: Source + ?Sized> Source for &S {
    fn len(&self) -> u64 {
        (**self).len()
    }

    fn read_at(&self, at: u64, buf: &mut [u8]) -> Result<(), SourceError> {
        (**self).read_at(at, buf)
    }
}

/// The bytes `at .. at + len`, cut where the source ends.
///
/// # Errors
/// As [`Source::read_at`].
pub fn read_span<S: Source + ?Sized>(
    source: &S,
    at: u64,
    len: usize,
) -> Result<Vec<u8>, SourceError> {
    let left = source.len().saturating_sub(at);
    let len = usize::try_from(left).map_or(len, |left| left.min(len));
    let mut bytes = alloc::vec![0; len];
    if len == 0 {
        return Ok(bytes);
    }
    source.read_at(at, &mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slice_reads_what_it_has_and_says_what_it_lacks() {
        let bytes: &[u8] = b"fulgurite";
        let mut four = [0; 4];
        bytes.read_at(5, &mut four).unwrap();
        assert_eq!(&four, b"rite");
        let error = bytes.read_at(6, &mut four).unwrap_err();
        assert_eq!(error.kind, SourceErrorKind::PastEnd { source_len: 9 });
        assert_eq!(read_span(bytes, 6, 100).unwrap(), b"ite");
        assert_eq!(read_span(bytes, 60, 100).unwrap(), b"");
    }
}
