//! The first wasm of the inspector's page: it unpacks everything else that is in the file.
//!
//! The browser can unpack gzip by itself; LZMA, which this is for, is a seventh smaller, and one
//! stream of all parts lets page and engine share what they have in common. It is given out in
//! pieces, so that nothing blocks the page.

#![no_std]

extern crate alloc;

#[cfg(target_arch = "wasm32")]
mod exports;

use lzma_rust2::{LzmaReader, Read as _};

/// A dictionary is never larger: all parts together are less.
const DICTIONARY_KIB: u32 = 64 << 10;

/// A stream of which the first bytes are given out already.
pub struct Unpacking<'a>(LzmaReader<&'a [u8]>);

impl<'a> Unpacking<'a> {
    /// Begins with a stream of LZMA with its header of 13 bytes; `None` if it is none.
    pub fn new(packed: &'a [u8]) -> Option<Unpacking<'a>> {
        LzmaReader::new_mem_limit(packed, DICTIONARY_KIB, None).ok().map(Unpacking)
    }

    /// Fills a piece with what comes next; `None` if it does not come.
    pub fn fill(&mut self, piece: &mut [u8]) -> Option<()> {
        self.0.read_exact(piece).ok()
    }
}
