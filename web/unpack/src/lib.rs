//! The first wasm of the inspector's page: it unpacks everything else that is in the file.
//!
//! The browser can unpack gzip by itself; LZMA, which this is for, is a seventh smaller, and one
//! stream of all parts lets page and engine share what they have in common. It is given out in
//! pieces, so that nothing blocks the page.

#![no_std]

extern crate alloc;

#[cfg(target_arch = "wasm32")]
mod exports;

use lzma_rust2::{Action, LzmaStream};

/// A dictionary is never larger: all parts together are less.
const MEMORY_KIB: u32 = 64 << 10;

/// A stream of which the first bytes are given out already.
pub struct Unpacking<'a> {
    stream: LzmaStream,
    /// What is left of it.
    packed: &'a [u8],
}

impl<'a> Unpacking<'a> {
    /// Begins with a stream of LZMA, with its header of 13 bytes.
    pub fn new(packed: &'a [u8]) -> Unpacking<'a> {
        Unpacking { stream: LzmaStream::new_mem_limit(MEMORY_KIB, None), packed }
    }

    /// Fills a piece with what comes next; `None` if it does not come.
    pub fn fill(&mut self, mut piece: &mut [u8]) -> Option<()> {
        while !piece.is_empty() {
            let done = self.stream.process(self.packed, piece, Action::Run).ok()?;
            if done.bytes_consumed == 0 && done.bytes_produced == 0 {
                return None;
            }
            self.packed = self.packed.get(done.bytes_consumed..)?;
            piece = piece.get_mut(done.bytes_produced..)?;
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;
    use lzma_rust2::{LzmaOptions, LzmaWriter};

    fn packed(bytes: &[u8]) -> Vec<u8> {
        extern crate std;
        use std::io::Write as _;
        let options = LzmaOptions::default();
        let len = Some(bytes.len() as u64);
        let mut writer = LzmaWriter::new_use_header(Vec::new(), &options, len).unwrap();
        writer.write_all(bytes).unwrap();
        writer.finish().unwrap()
    }

    #[test]
    fn pieces_make_the_whole() {
        let bytes: Vec<u8> =
            (0..200_000_u32).flat_map(|i| (i.wrapping_mul(i) / 7).to_le_bytes()).collect();
        let packed = packed(&bytes);
        for size in [1, 1000, 65_536, 800_000] {
            let mut unpacking = Unpacking::new(&packed);
            for expected in bytes.chunks(size) {
                let mut piece = alloc::vec![0; expected.len()];
                assert_eq!(unpacking.fill(&mut piece), Some(()));
                assert_eq!(piece, expected);
            }
        }
    }

    #[test]
    fn what_is_cut_or_no_stream_gives_nothing() {
        let bytes = [7; 5000];
        let packed = packed(&bytes);
        assert_eq!(Unpacking::new(&packed[..packed.len() / 2]).fill(&mut [0; 5000]), None);
        assert_eq!(Unpacking::new(&packed).fill(&mut [0; 5001]), None);
        assert_eq!(Unpacking::new(&[255; 100]).fill(&mut [0; 10]), None);
        assert_eq!(Unpacking::new(&[]).fill(&mut [0; 10]), None);
    }
}
