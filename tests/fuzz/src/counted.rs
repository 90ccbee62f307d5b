//! Bytes that count how often they are read, so that "linear" can be asserted without a clock.

use std::cell::Cell;

use fulgurite_core::source::{Source, SourceError};

/// A source in memory that counts.
#[derive(Debug)]
pub struct Counted<'a> {
    bytes: &'a [u8],
    read: Cell<u64>,
}

impl<'a> Counted<'a> {
    /// These bytes, not read yet.
    pub fn new(bytes: &'a [u8]) -> Counted<'a> {
        Counted { bytes, read: Cell::new(0) }
    }

    /// How many bytes were read, each as often as it was.
    pub fn read(&self) -> u64 {
        self.read.get()
    }

    /// Panics if every byte was read more than `times` times, on average; 64 KiB are free, for what
    /// is read once whatever the length.
    pub fn at_most(&self, times: u64) {
        self.at_most_and(times, 0);
    }

    /// The same, with so many bytes more.
    pub fn at_most_and(&self, times: u64, more: u64) {
        let (read, len) = (self.read(), self.bytes.len() as u64);
        assert!(read <= times * (len + 65_536) + more, "{read} bytes were read of {len}");
    }
}

impl Source for Counted<'_> {
    fn len(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn read_at(&self, at: u64, buf: &mut [u8]) -> Result<(), SourceError> {
        self.read.set(self.read.get() + buf.len() as u64);
        self.bytes.read_at(at, buf)
    }
}
