//! Lines out of chunks: each with its number and its offset, whatever the chunks.
//!
//! A line without an end is cut: memory stays bounded whatever the file. The limit leaves room for
//! a whole record in hexadecimal digits, which lightningd prints behind a wrong checksum.

use alloc::vec::Vec;

use memchr::memchr_iter;

/// So much of a line is kept; what comes behind it is not looked at.
pub const LONGEST: usize = 192 * 1024;

/// One line, without its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Raw<'a> {
    /// Its bytes.
    pub bytes: &'a [u8],
    /// The offset of its first byte in the log.
    pub offset: u64,
    /// Its number; the first has 1.
    pub number: u64,
    /// Whether it was longer than [`LONGEST`].
    pub cut: bool,
}

/// What is left over from the chunk before.
#[derive(Debug, Default)]
pub struct Lines {
    /// The beginning of a line whose end has not come yet.
    carry: Vec<u8>,
    /// Whether that line is already longer than is kept.
    cut: bool,
    /// The offset of its first byte.
    start: u64,
    /// The offset behind the last byte pushed.
    end: u64,
    /// Lines so far.
    count: u64,
}

impl Lines {
    /// Takes the next bytes, and gives each line that ends in them.
    pub fn push(&mut self, chunk: &[u8], take: impl FnMut(Raw<'_>)) {
        self.push_with_ends(chunk, memchr_iter(b'\n', chunk), take);
    }

    /// The same, where somebody knows already at which places of the chunk lines end; see [`ends`].
    pub fn push_with_ends(
        &mut self,
        chunk: &[u8],
        ends: impl Iterator<Item = usize>,
        mut take: impl FnMut(Raw<'_>),
    ) {
        let mut from = 0;
        for end in ends {
            let Some(line) = chunk.get(from..end) else { continue };
            from = end + 1;
            if self.start < self.end {
                self.keep(line);
                self.give(&mut take);
                self.end += 1;
            } else {
                self.count += 1;
                let cut = line.len() > LONGEST;
                let bytes = line.get(..LONGEST).unwrap_or(line);
                take(Raw { bytes, offset: self.start, number: self.count, cut });
                self.end += line.len() as u64 + 1;
            }
            self.start = self.end;
        }
        let rest = chunk.get(from..).unwrap_or_default();
        if !rest.is_empty() {
            self.keep(rest);
        }
    }

    /// The last line, if it has no end.
    pub fn finish(&mut self, mut take: impl FnMut(Raw<'_>)) {
        if self.start < self.end {
            self.give(&mut take);
            self.start = self.end;
        }
    }

    /// Bytes pushed.
    pub fn bytes(&self) -> u64 {
        self.end
    }

    /// Lines so far.
    pub fn count(&self) -> u64 {
        self.count
    }

    fn keep(&mut self, more: &[u8]) {
        self.end += more.len() as u64;
        let room = LONGEST.saturating_sub(self.carry.len());
        self.cut |= more.len() > room;
        self.carry.extend_from_slice(more.get(..room).unwrap_or(more));
    }

    fn give(&mut self, take: &mut impl FnMut(Raw<'_>)) {
        self.count += 1;
        take(Raw { bytes: &self.carry, offset: self.start, number: self.count, cut: self.cut });
        self.carry.clear();
        self.cut = false;
    }
}

/// The places in a chunk at which lines end, in their order, instead of what `into` had.
pub fn ends(chunk: &[u8], into: &mut Vec<usize>) {
    into.clear();
    into.extend(memchr_iter(b'\n', chunk));
}

#[cfg(test)]
mod tests {
    use super::*;

    type Kept = (Vec<u8>, u64, u64, bool);

    fn lines(bytes: &[u8], chunk: usize) -> Vec<Kept> {
        let mut out = Vec::new();
        let mut lines = Lines::default();
        let mut take =
            |raw: Raw<'_>| out.push((raw.bytes.to_vec(), raw.offset, raw.number, raw.cut));
        for chunk in bytes.chunks(chunk) {
            lines.push(chunk, &mut take);
        }
        lines.finish(&mut take);
        assert_eq!(lines.bytes(), bytes.len() as u64);
        assert_eq!(with_ends(bytes, chunk), out);
        out
    }

    fn with_ends(bytes: &[u8], chunk: usize) -> Vec<Kept> {
        let (mut out, mut known) = (Vec::new(), Vec::new());
        let mut lines = Lines::default();
        let mut take =
            |raw: Raw<'_>| out.push((raw.bytes.to_vec(), raw.offset, raw.number, raw.cut));
        for chunk in bytes.chunks(chunk) {
            ends(chunk, &mut known);
            lines.push_with_ends(chunk, known.iter().copied(), &mut take);
        }
        lines.finish(&mut take);
        out
    }

    #[test]
    fn chunks_do_not_matter() {
        let text = b"first\n\nthird\r\n\nlast without end";
        let expected: [(&[u8], u64); 5] =
            [(b"first", 0), (b"", 6), (b"third\r", 7), (b"", 14), (b"last without end", 15)];
        for chunk in 1..=text.len() + 1 {
            let found = lines(text, chunk);
            assert_eq!(found.len(), 5, "{chunk}");
            for ((found, number), (bytes, offset)) in found.iter().zip(1..).zip(expected) {
                assert_eq!(found, &(bytes.to_vec(), offset, number, false), "{chunk}");
            }
        }
        assert!(lines(b"", 4).is_empty());
        assert_eq!(lines(b"\n", 4).len(), 1);
    }

    #[test]
    fn a_line_without_end_is_cut_and_the_next_one_is_whole() {
        let mut text = alloc::vec![b'x'; 3 * LONGEST];
        text.extend(b"\nnext\n");
        for chunk in [7_777, LONGEST, 10 * LONGEST] {
            let found = lines(&text, chunk);
            assert_eq!(found.len(), 2, "{chunk}");
            assert!(found[0].0.len() == LONGEST && found[0].3);
            assert_eq!(found[1], (b"next".to_vec(), 3 * LONGEST as u64 + 1, 2, false));
        }
    }
}
