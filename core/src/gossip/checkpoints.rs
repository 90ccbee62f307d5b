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
