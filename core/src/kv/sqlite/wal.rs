//! The write-ahead log beside an SQLite file: which of its frames count.
//!
//! The layout: "WAL-mode File Format" of sqlite.org, section 2, all numbers big-endian. A header
//! of 32 bytes, then frames: 24 bytes and a page. A frame counts if its salts are the header's and
//! the checksum that runs through all frames holds, up to the last frame that ends a transaction.
//! What stands behind is a transaction that never ended, a torn write, or frames of an older
//! generation that the log has not overwritten yet.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::bytes::u32_at;
use crate::source::{Source, SourceError};

const HEADER: u64 = 32;
const FRAME: u64 = 24;

/// Why the frames end where they end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WalEnd {
    /// The log ends behind a whole frame.
    Whole,
    /// The log ends inside a frame.
    Torn,
    /// The next frame's salts are those of an older generation: normal.
    Older,
    /// The next frame has the right salts and a wrong checksum, or page number 0.
    Checksum,
}

impl WalEnd {
    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            WalEnd::Whole => "whole",
            WalEnd::Torn => "torn",
            WalEnd::Older => "older",
            WalEnd::Checksum => "checksum",
        }
    }
}

/// Why a log is not applied, or should not be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WalMisfit {
    /// It has no valid header.
    Header,
    /// Its pages have another size than the file's.
    PageSize,
    /// Its newest page 1 has an older change counter than the file: it is applied, as SQLite
    /// would, but belongs to an earlier state.
    OlderThanFile,
}

impl WalMisfit {
    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            WalMisfit::Header => "header",
            WalMisfit::PageSize => "page_size",
            WalMisfit::OlderThanFile => "older_than_file",
        }
    }
}

/// What a write-ahead log holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wal {
    /// Its length in bytes.
    pub len: u64,
    /// Bytes of a page; 0 without a valid header.
    pub page_size: u32,
    /// Whether its checksums are of big-endian words.
    pub big_endian: bool,
    /// How often the log began anew.
    pub sequence: u32,
    /// The salts of this generation.
    pub salts: [u32; 2],
    /// Frames that hold: salts and checksum.
    pub valid: u64,
    /// Of these, frames of transactions that ended: these are applied.
    pub committed: u64,
    /// Transactions that ended.
    pub commits: u64,
    /// Pages of the database after the last of them; 0 if there is none.
    pub pages: u32,
    /// Where the frames that hold end.
    pub valid_end: u64,
    /// Where the frames that are applied end.
    pub committed_end: u64,
    /// Why they end there.
    pub end: WalEnd,
    /// Frames behind that place with this generation's salts, their checksum broken or behind a
    /// broken one, which say that they end a transaction: changes that are lost.
    pub cut_off: u64,
    /// Why it is not applied, or should not be.
    pub misfit: Option<WalMisfit>,
    /// Where the newest applied image of each page stands.
    pub(super) frames: BTreeMap<u32, u64>,
}

impl Wal {
    /// Reads all frames of a log. `page_size` is the file's, if known.
    pub(super) fn read(log: &dyn Source, page_size: Option<u32>) -> Result<Wal, SourceError> {
        let mut wal = Wal {
            len: log.len(),
            page_size: 0,
            big_endian: false,
            sequence: 0,
            salts: [0; 2],
            valid: 0,
            committed: 0,
            commits: 0,
            pages: 0,
            valid_end: 0,
            committed_end: 0,
            end: WalEnd::Whole,
            cut_off: 0,
            misfit: None,
            frames: BTreeMap::new(),
        };
        if wal.len == 0 {
            return Ok(wal);
        }
        let header = crate::source::read_span(log, 0, 32)?;
        let Some(sum) = wal.read_header(&header) else {
            wal.misfit = Some(WalMisfit::Header);
            return Ok(wal);
        };
        if page_size.is_some_and(|size| size != wal.page_size) {
            wal.misfit = Some(WalMisfit::PageSize);
            return Ok(wal);
        }
        wal.read_frames(log, sum)?;
        Ok(wal)
    }

    /// Takes the header's fields; the checksum with which the frames begin, if they are sound.
    fn read_header(&mut self, header: &[u8]) -> Option<Sum> {
        let magic = u32_at(header, 0)?;
        let page_size = u32_at(header, 8)?;
        let sizes = 512..=65_536;
        if magic & !1 != 0x377f_0682 || u32_at(header, 4)? != 3_007_000 {
            return None;
        }
        if !page_size.is_power_of_two() || !sizes.contains(&page_size) {
            return None;
        }
        let big_endian = magic & 1 == 1;
        let mut sum = Sum { words: [0; 2], big_endian };
        sum.add(header.get(..24)?);
        if sum.words != [u32_at(header, 24)?, u32_at(header, 28)?] {
            return None;
        }
        self.page_size = page_size;
        self.big_endian = big_endian;
        self.sequence = u32_at(header, 12)?;
        self.salts = [u32_at(header, 16)?, u32_at(header, 20)?];
        (self.valid_end, self.committed_end) = (HEADER, HEADER);
        Some(sum)
    }

    fn read_frames(&mut self, log: &dyn Source, mut sum: Sum) -> Result<(), SourceError> {
        let size = FRAME + u64::from(self.page_size);
        let mut frame = alloc::vec![0; usize::try_from(size).unwrap_or(0)];
        let mut open: Vec<(u32, u64)> = Vec::new();
        let mut at = HEADER;
        while self.len - at >= size {
            log.read_at(at, &mut frame)?;
            let Some((page, pages)) = self.holds(&frame, &mut sum) else {
                self.end = WalEnd::Older;
                return self.look_behind(log, at, size);
            };
            open.push((page, at + FRAME));
            self.valid += 1;
            at += size;
            self.valid_end = at;
            if pages != 0 {
                self.frames.extend(open.drain(..));
                self.committed = self.valid;
                self.committed_end = at;
                self.commits += 1;
                self.pages = pages;
            }
        }
        if at < self.len {
            self.end = WalEnd::Torn;
        }
        Ok(())
    }

    /// The page number of a frame that holds, and the database's size behind a transaction's end.
    fn holds(&self, frame: &[u8], sum: &mut Sum) -> Option<(u32, u32)> {
        let page = u32_at(frame, 0)?;
        if !self.is_ours(frame) || page == 0 {
            return None;
        }
        let mut next = *sum;
        next.add(frame.get(..8)?);
        next.add(frame.get(24..)?);
        if next.words != [u32_at(frame, 16)?, u32_at(frame, 20)?] {
            return None;
        }
        *sum = next;
        Some((page, u32_at(frame, 4)?))
    }

    fn is_ours(&self, frame: &[u8]) -> bool {
        [u32_at(frame, 8), u32_at(frame, 12)] == self.salts.map(Some)
    }

    /// Counts the transactions behind the first frame that does not hold, by their headers alone.
    fn look_behind(&mut self, log: &dyn Source, from: u64, size: u64) -> Result<(), SourceError> {
        let mut header = [0; 24];
        let mut at = from;
        while self.len - at >= size {
            log.read_at(at, &mut header)?;
            if self.is_ours(&header) {
                self.end = WalEnd::Checksum;
                self.cut_off += u64::from(u32_at(&header, 4) != Some(0));
            } else if at == from {
                // Salts of another generation: nothing behind them is ours.
                return Ok(());
            }
            at += size;
        }
        Ok(())
    }
}

/// The checksum that runs through a log.
#[derive(Clone, Copy)]
struct Sum {
    words: [u32; 2],
    big_endian: bool,
}

impl Sum {
    fn add(&mut self, bytes: &[u8]) {
        let [mut a, mut b] = self.words;
        let word = if self.big_endian { u32::from_be_bytes } else { u32::from_le_bytes };
        for pair in bytes.as_chunks::<8>().0 {
            let [a0, a1, a2, a3, b0, b1, b2, b3] = *pair;
            a = a.wrapping_add(word([a0, a1, a2, a3])).wrapping_add(b);
            b = b.wrapping_add(word([b0, b1, b2, b3])).wrapping_add(a);
        }
        self.words = [a, b];
    }
}
