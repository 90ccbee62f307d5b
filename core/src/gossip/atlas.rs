//! What stands where: the file's offset axis in cells, for a map.
//!
//! Each cell counts the bytes of each [`Ink`] in it. Cells begin small and double whenever there
//! would be more than [`Atlas::CELLS`], so that memory is constant whatever the file's length.

use alloc::vec::Vec;

use super::format::RecordType;
use super::scan::Batch;

/// What a byte belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ink {
    /// A live announcement of a channel, or its amount.
    Channel,
    /// A live update.
    Update,
    /// A live announcement of a node.
    Node,
    /// Any other live record.
    Other,
    /// A record marked DELETED.
    Deleted,
    /// No record.
    Wound,
}

impl Ink {
    /// All of them, in the order in which they are counted.
    pub const ALL: [Ink; 6] =
        [Ink::Channel, Ink::Update, Ink::Node, Ink::Other, Ink::Deleted, Ink::Wound];

    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Ink::Channel => "channel",
            Ink::Update => "update",
            Ink::Node => "node",
            Ink::Other => "other",
            Ink::Deleted => "deleted",
            Ink::Wound => "wound",
        }
    }

    fn of(record_type: Option<RecordType>, deleted: bool) -> Ink {
        match record_type.map_or(0, |record_type| record_type.0) {
            _ if deleted => Ink::Deleted,
            256 | 4096 | 4101 | 3503 | 4100 | 4104 => Ink::Channel,
            258 | 4097 | 4102 => Ink::Update,
            257 | 4098 => Ink::Node,
            _ => Ink::Other,
        }
    }
}

/// Bytes of each ink, in the order of [`Ink::ALL`].
pub type Cell = [u32; Ink::ALL.len()];

/// The offset axis in cells.
#[derive(Clone, Debug)]
pub struct Atlas {
    cells: Vec<Cell>,
    /// A cell covers 2^shift bytes.
    shift: u32,
}

impl Default for Atlas {
    fn default() -> Self {
        Atlas { cells: Vec::new(), shift: 6 }
    }
}

impl Atlas {
    /// The most cells there ever are.
    pub const CELLS: usize = 8_192;

    /// Nothing yet, in cells of 64 bytes.
    pub fn new() -> Atlas {
        Atlas::default()
    }

    /// Takes what one push yielded.
    pub fn fold(&mut self, batch: &Batch) {
        for record in &batch.records {
            let ink = Ink::of(record.record_type, record.header.flags.is_deleted());
            self.paint(record.offset, record.end, ink);
        }
        for wound in &batch.wounds {
            self.paint(wound.start, wound.end, Ink::Wound);
        }
    }

    /// How many bytes a cell covers; the first begins at offset 0.
    pub fn cell_len(&self) -> u64 {
        1 << self.shift
    }

    /// The cells.
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    fn paint(&mut self, start: u64, end: u64, ink: Ink) {
        if end <= start {
            return;
        }
        while (end - 1) >> self.shift >= Self::CELLS as u64 {
            self.double();
        }
        let (first, last) = (start >> self.shift, (end - 1) >> self.shift);
        let Ok(needed) = usize::try_from(last + 1) else { return };
        if self.cells.len() < needed {
            self.cells.resize(needed, Cell::default());
        }
        for number in first..=last {
            let from = start.max(number << self.shift);
            let to = end.min((number + 1) << self.shift);
            let cell = usize::try_from(number).ok().and_then(|number| self.cells.get_mut(number));
            if let Some(count) = cell.and_then(|cell| cell.get_mut(ink as usize)) {
                let bytes = u32::try_from(to - from).unwrap_or(u32::MAX);
                *count = count.saturating_add(bytes);
            }
        }
    }

    fn double(&mut self) {
        let merged = self.cells.chunks(2).map(|pair| {
            let mut cell = Cell::default();
            for (sum, count) in pair.iter().flat_map(|cell| cell.iter().enumerate()) {
                if let Some(total) = cell.get_mut(sum) {
                    *total = total.saturating_add(*count);
                }
            }
            cell
        });
        self.cells = merged.collect();
        self.shift += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gossip::crc;
    use crate::gossip::format::Layout;
    use crate::gossip::scan::Scanner;

    #[test]
    fn a_record_has_the_ink_of_its_type_unless_it_is_deleted() {
        for (ink, types) in [
            (Ink::Channel, &[256, 4096, 4101, 3503, 4100, 4104][..]),
            (Ink::Update, &[258, 4097, 4102]),
            (Ink::Node, &[257, 4098]),
            (Ink::Other, &[0, 4099, 4103, 4105, 4106, 4107, 65_535]),
        ] {
            for number in types {
                assert_eq!(Ink::of(Some(RecordType(*number)), false), ink, "{number}");
                assert_eq!(Ink::of(Some(RecordType(*number)), true), Ink::Deleted);
            }
        }
        assert_eq!(Ink::of(None, false), Ink::Other);
        let names = ["channel", "update", "node", "other", "deleted", "wound"];
        assert_eq!(Ink::ALL.map(Ink::name), names);
    }

    #[test]
    fn records_and_wounds_are_painted_where_they_stand() {
        // An update at 1, a deleted node at 151, ten bytes of no record at 301.
        let mut bytes = Vec::from([16]);
        for (flags, kind) in [(0x20, [1, 2]), (0xa0, [1, 1])] {
            let mut body = [9; 138];
            body[..2].copy_from_slice(&kind);
            bytes.extend_from_slice(&[flags, 0, 0, 138]);
            bytes.extend(crc::checksum(Layout::Long, 5, &body).to_be_bytes());
            bytes.extend([0, 0, 0, 5]);
            bytes.extend(body);
        }
        bytes.extend([0xee; 10]);
        let (mut scanner, mut batch, mut atlas) = (Scanner::new(), Batch::new(), Atlas::new());
        scanner.push(&bytes, &mut batch);
        atlas.fold(&batch);
        scanner.finish(&mut batch);
        atlas.fold(&batch);
        assert_eq!(atlas.cell_len(), 64);
        let cells = [
            [0, 63, 0, 0, 0, 0],
            [0, 64, 0, 0, 0, 0],
            [0, 23, 0, 0, 41, 0],
            [0, 0, 0, 0, 64, 0],
            [0, 0, 0, 0, 45, 10],
        ];
        assert_eq!(atlas.cells(), cells);
        atlas.paint(5, 5, Ink::Node);
        assert_eq!(atlas.cells(), cells);
    }

    #[test]
    #[cfg_attr(miri, ignore = "a large input")]
    fn no_byte_is_lost_when_cells_double() {
        let mut atlas = Atlas::new();
        let mut at = 1;
        let mut sums = Cell::default();
        for number in 0..200_000u32 {
            let ink = Ink::ALL[number as usize % 6];
            let end = at + u64::from(number % 300);
            atlas.paint(at, end, ink);
            sums[ink as usize] += number % 300;
            at = end;
        }
        assert!(atlas.cells().len() <= Atlas::CELLS);
        assert_eq!(atlas.cell_len(), 4_096);
        let mut totals = Cell::default();
        for cell in atlas.cells() {
            assert!(u64::from(cell.iter().sum::<u32>()) <= atlas.cell_len());
            for (total, count) in totals.iter_mut().zip(cell) {
                *total += count;
            }
        }
        assert_eq!(totals, sums);
    }
}
