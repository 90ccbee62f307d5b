//! Places from which a store can be read again, so that any row of a table of millions is found
//! without keeping the rows.
//!
//! A checkpoint is a record boundary and the number of rows before it (a row is a record or a
//! wound). They stand on a grid of 64 KiB, which doubles whenever there are 2¹⁷ of them: 16 bytes
//! each, never over 2 MiB.

use alloc::vec::Vec;

use super::format::{Layout, Version};
use super::listing::{Piece, pieces};
use super::scan::{Batch, Scanner};
use crate::source::{Source, SourceError, read_span};

/// A record boundary, and the number of rows before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// File offset.
    pub offset: u64,
    /// Number of the row that begins there.
    pub row: u64,
}

/// All checkpoints of one store.
#[derive(Clone, Debug)]
pub struct Checkpoints {
    list: Vec<Checkpoint>,
    rows: u64,
    grid: u64,
    next: u64,
}

impl Default for Checkpoints {
    fn default() -> Self {
        Checkpoints { list: Vec::new(), rows: 0, grid: 64 * 1024, next: 0 }
    }
}

impl Checkpoints {
    const MOST: usize = 1 << 17;

    /// None yet.
    pub fn new() -> Checkpoints {
        Checkpoints::default()
    }

    /// Takes what one push yielded; `chunk` is what was pushed.
    pub fn fold(&mut self, chunk: &[u8], batch: &Batch) {
        for piece in pieces(chunk, batch) {
            if let Piece::Record(record, _) = piece {
                // Inside a span that a wounded header claims, a scan begun afresh would not know.
                if record.offset >= self.next && !record.resynchronised {
                    self.add(record.offset);
                }
            }
            self.rows += 1;
        }
    }

    fn add(&mut self, offset: u64) {
        if self.list.len() >= Self::MOST {
            let mut number = 0;
            self.list.retain(|_| {
                number += 1;
                number % 2 == 1
            });
            self.grid *= 2;
        }
        self.list.push(Checkpoint { offset, row: self.rows });
        self.next = (offset / self.grid + 1) * self.grid;
    }

    /// How many rows there are.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// The last checkpoint at or before this row.
    pub fn before_row(&self, row: u64) -> Checkpoint {
        let at = self.list.partition_point(|checkpoint| checkpoint.row <= row);
        self.list.get(at.wrapping_sub(1)).copied().unwrap_or(Checkpoint { offset: 1, row: 0 })
    }

    /// The last checkpoint at or before this file offset.
    pub fn before_offset(&self, offset: u64) -> Checkpoint {
        let at = self.list.partition_point(|checkpoint| checkpoint.offset <= offset);
        self.list.get(at.wrapping_sub(1)).copied().unwrap_or(Checkpoint { offset: 1, row: 0 })
    }
}

/// Reads rows again from a checkpoint on, each with its number, until `each` says no.
///
/// # Errors
/// [`SourceError`] where the source cannot be read.
pub fn read_from(
    source: &dyn Source,
    version: Version,
    layout: Layout,
    checkpoint: Checkpoint,
    mut each: impl FnMut(u64, Piece<'_>) -> bool,
) -> Result<(), SourceError> {
    const WINDOW: usize = 64 * 1024;
    let mut scanner = Scanner::resume(version, layout, checkpoint.offset);
    let mut batch = Batch::new();
    let (mut at, mut row) = (checkpoint.offset, checkpoint.row);
    loop {
        let chunk = read_span(source, at, WINDOW)?;
        at += chunk.len() as u64;
        if chunk.is_empty() {
            scanner.finish(&mut batch);
        } else {
            scanner.push(&chunk, &mut batch);
        }
        for piece in pieces(&chunk, &batch) {
            if !each(row, piece) {
                return Ok(());
            }
            row += 1;
        }
        if chunk.is_empty() {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gossip::crc;

    /// The length of each record of [`store`], header included.
    const RECORD: usize = 150;

    /// A store of version 16: updates of 138 bytes, so that record n begins at 1 + 150 · n.
    fn store(count: u32) -> Vec<u8> {
        let mut bytes = Vec::from([16]);
        for number in 0..count {
            let mut body = [7; 138];
            body[..2].copy_from_slice(&[1, 2]);
            body[2..6].copy_from_slice(&number.to_be_bytes());
            let timestamp = 1_770_000_000 + number;
            bytes.extend_from_slice(&[0x20, 0, 0, 138]);
            bytes.extend(crc::checksum(Layout::Long, timestamp, &body).to_be_bytes());
            bytes.extend(timestamp.to_be_bytes());
            bytes.extend(body);
        }
        bytes
    }

    fn folded(bytes: &[u8], chunk: usize) -> Checkpoints {
        let (mut scanner, mut batch) = (Scanner::new(), Batch::new());
        let mut checkpoints = Checkpoints::new();
        for chunk in bytes.chunks(chunk) {
            scanner.push(chunk, &mut batch);
            checkpoints.fold(chunk, &batch);
        }
        scanner.finish(&mut batch);
        checkpoints.fold(&[], &batch);
        checkpoints
    }

    const FIRST: Checkpoint = Checkpoint { offset: 1, row: 0 };

    #[test]
    #[cfg_attr(miri, ignore = "a large input")]
    fn a_checkpoint_is_the_first_record_behind_each_64_kib() {
        let bytes = store(2_000);
        for chunk in [1_000, 65_536, bytes.len()] {
            let checkpoints = folded(&bytes, chunk);
            assert_eq!(checkpoints.rows(), 2_000);
            // Record 437 is the first that begins at 65,536 or later, 874 at 131,072, and so on.
            let rows = [0, 437, 874, 1_311, 1_748];
            let list = rows.map(|row| Checkpoint { offset: 1 + 150 * row, row });
            assert_eq!(checkpoints.list, list);
            assert_eq!(checkpoints.before_row(436), FIRST);
            assert_eq!(checkpoints.before_row(437), list[1]);
            assert_eq!(checkpoints.before_row(u64::MAX), list[4]);
            assert_eq!(checkpoints.before_offset(0), FIRST);
            assert_eq!(checkpoints.before_offset(65_550), FIRST);
            assert_eq!(checkpoints.before_offset(65_551), list[1]);
        }
        assert_eq!(Checkpoints::new().before_row(5), FIRST);
    }

    #[test]
    #[cfg_attr(miri, ignore = "a large input")]
    fn rows_are_read_again_with_their_numbers() {
        let mut bytes = store(2_000);
        // Record 700 is a wound, and a row all the same.
        bytes[1 + RECORD * 700 + 100] ^= 1;
        let checkpoints = folded(&bytes, 10_000);
        assert_eq!(checkpoints.rows(), 2_000);
        let from = checkpoints.before_row(600);
        assert_eq!(from.row, 437);
        let mut next = 437;
        read_from(&bytes, Version(16), Layout::Long, from, |row, piece| {
            assert_eq!((row, piece.span()), (next, (1 + 150 * row, 151 + 150 * row)));
            match piece {
                Piece::Record(_, body) => {
                    assert_eq!(body[2..6], u32::try_from(row).unwrap().to_be_bytes());
                }
                Piece::Wound(_) => assert_eq!(row, 700),
            }
            next += 1;
            true
        })
        .unwrap();
        assert_eq!(next, 2_000);
        // Whoever has enough says so.
        let mut rows = Vec::new();
        read_from(&bytes, Version(16), Layout::Long, from, |row, _| {
            rows.push(row);
            rows.len() < 3
        })
        .unwrap();
        assert_eq!(rows, [437, 438, 439]);
    }

    #[test]
    #[cfg_attr(miri, ignore = "a large input")]
    fn a_scan_is_not_begun_inside_what_a_wounded_header_claims() {
        let mut bytes = store(2_000);
        // Record 400 at 60,001 claims 65,535 bytes, up to 125,548: what is found before that would
        // not be known to stand inside. Record 837 at 125,551 is the first behind it.
        bytes[60_003..60_005].copy_from_slice(&[0xff, 0xff]);
        let checkpoints = folded(&bytes, 4_096);
        assert_eq!(checkpoints.rows(), 2_000);
        assert_eq!(checkpoints.before_row(836), FIRST);
        assert_eq!(checkpoints.before_row(837), Checkpoint { offset: 125_551, row: 837 });
    }

    #[test]
    #[cfg_attr(miri, ignore = "a large input")]
    fn the_grid_doubles_instead_of_growing() {
        let mut checkpoints = Checkpoints::new();
        for row in 0..=Checkpoints::MOST as u64 {
            assert_eq!(checkpoints.grid, 65_536);
            checkpoints.rows = row;
            checkpoints.add(row * 65_536);
        }
        // Every other one is kept, and the one for which there was no room.
        assert_eq!((checkpoints.list.len(), checkpoints.grid), (65_537, 131_072));
        assert_eq!(checkpoints.before_row(3), Checkpoint { offset: 2 * 65_536, row: 2 });
        let last = Checkpoint { offset: 131_072 * 65_536, row: 131_072 };
        assert_eq!(checkpoints.before_row(u64::MAX), last);
        assert_eq!(checkpoints.next, last.offset + 131_072);
    }
}
