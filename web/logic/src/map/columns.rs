//! The atlas's cells, gathered for the columns of pixels that a window has.

use fulgurite_core::gossip::atlas::{Cell, Ink};

use super::axis::Window;

/// The share of each ink in a column of pixels, in the order of [`Ink::ALL`].
pub type Column = [f32; Ink::ALL.len()];

/// What stands where, as the engine sends it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Atlas {
    /// How many bytes a cell covers.
    pub cell_len: u64,
    /// Bytes of each ink in each cell.
    pub cells: Vec<Cell>,
}

impl Atlas {
    /// From numbers in a row, six to a cell.
    pub fn new(cell_len: u64, numbers: &[u32]) -> Atlas {
        let (cells, _) = numbers.as_chunks();
        Atlas { cell_len: cell_len.max(1), cells: cells.to_vec() }
    }

    /// All cells together.
    pub fn totals(&self) -> [u64; Ink::ALL.len()] {
        let mut totals = [0; Ink::ALL.len()];
        for (total, count) in self.cells.iter().flat_map(|cell| cell.iter().enumerate()) {
            if let Some(sum) = totals.get_mut(total) {
                *sum += u64::from(*count);
            }
        }
        totals
    }

    /// The columns of a strip that is `width` pixels wide and shows that part of the file. A
    /// column takes a share of every cell that it touches, so that no wound is stepped over.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "cells are few, and shares lie between 0 and 1"
    )]
    pub fn columns(&self, window: Window, width: usize) -> Vec<Column> {
        let cell_len = self.cell_len as f64;
        let step = window.span() / width.max(1) as f64;
        let mut columns = Vec::with_capacity(width);
        for number in 0..width {
            let start = window.start + number as f64 * step;
            let end = start + step;
            let first = ((start / cell_len) as usize).min(self.cells.len());
            let last = ((end / cell_len).ceil() as usize).max(first + 1).min(self.cells.len());
            let mut sums = [0.0_f64; Ink::ALL.len()];
            for at in first..last {
                let Some(cell) = self.cells.get(at) else { break };
                let from = start.max(at as f64 * cell_len);
                let to = end.min((at + 1) as f64 * cell_len);
                let part = ((to - from) / cell_len).clamp(0.0, 1.0);
                for (sum, count) in sums.iter_mut().zip(cell) {
                    *sum += f64::from(*count) * part;
                }
            }
            columns.push(sums.map(|sum| (sum / step) as f32));
        }
        columns
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn atlas() -> Atlas {
        let mut numbers = Vec::new();
        for number in 0..100 {
            numbers.extend(if number == 50 { [0, 0, 0, 0, 0, 64] } else { [64, 0, 0, 0, 0, 0] });
        }
        Atlas::new(64, &numbers)
    }

    #[test]
    fn every_column_is_full_and_no_wound_is_lost() {
        for width in [7, 100, 1_000] {
            let columns = atlas().columns(Window::whole(6_400), width);
            assert_eq!(columns.len(), width);
            for column in &columns {
                assert!((column.iter().sum::<f32>() - 1.0).abs() < 1e-3, "{column:?}");
            }
            assert!(columns.iter().any(|column| column[Ink::Wound as usize] > 0.0), "{width}");
        }
    }

    #[test]
    fn beyond_the_cells_there_is_nothing() {
        let columns = atlas().columns(Window::whole(12_800), 10);
        assert!(columns[9].iter().all(|share| *share == 0.0));
        assert_eq!(atlas().totals(), [99 * 64, 0, 0, 0, 0, 64]);
        assert!(Atlas::default().columns(Window::whole(0), 3).len() == 3);
    }
}
