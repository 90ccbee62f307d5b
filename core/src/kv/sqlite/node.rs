//! One page of a b-tree: its header, its cells, and whether they can be what they claim.
//!
//! "B-tree Pages" of sqlite.org's file format, section 1.6. Reading is tolerant: a cell is given
//! wherever it lies on the page whole. What a sound page must look like is [`Node::faults`]'s.

use crate::sorting::sort;
use alloc::vec::Vec;

use super::bytes::{u8_at, u16_at, u32_at, varint_at};

/// The four kinds of pages of b-trees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NodeKind {
    IndexInterior,
    TableInterior,
    IndexLeaf,
    TableLeaf,
}

impl NodeKind {
    fn of(byte: u8) -> Option<NodeKind> {
        match byte {
            2 => Some(NodeKind::IndexInterior),
            5 => Some(NodeKind::TableInterior),
            10 => Some(NodeKind::IndexLeaf),
            13 => Some(NodeKind::TableLeaf),
            _ => None,
        }
    }

    pub(super) fn is_leaf(self) -> bool {
        matches!(self, NodeKind::IndexLeaf | NodeKind::TableLeaf)
    }

    pub(super) fn is_table(self) -> bool {
        matches!(self, NodeKind::TableInterior | NodeKind::TableLeaf)
    }

    /// Whether its cells hold records.
    pub(super) fn has_records(self) -> bool {
        self != NodeKind::TableInterior
    }
}

/// A page read as a b-tree's.
#[derive(Clone, Copy)]
pub(super) struct Node<'a> {
    bytes: &'a [u8],
    /// Where its header begins: 100 on page 1.
    start: usize,
    usable: usize,
    /// How many bytes of it the file has.
    present: usize,
    pub(super) kind: NodeKind,
    /// As many as the header says, at most as many as fit.
    pub(super) cells: usize,
}

/// One cell of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    /// Where it begins on its page.
    pub(super) start: usize,
    /// Where it ends.
    pub(super) end: usize,
    /// The child page, on an interior page.
    pub(super) child: u32,
    /// The rowid, in a table.
    pub(super) rowid: i64,
    /// Bytes of its record, wherever they stand.
    pub(super) payload: u64,
    /// Where the record's bytes on this page begin, and how many they are.
    pub(super) local: usize,
    pub(super) local_len: usize,
    /// The page where it goes on, or 0.
    pub(super) overflow: u32,
}

impl Cell {
    /// How many pages it goes on over.
    pub(super) fn overflow_pages(&self, usable: usize) -> u64 {
        let beyond = self.payload.saturating_sub(self.local_len as u64);
        beyond.div_ceil((usable as u64).saturating_sub(4).max(1))
    }
}

/// Why a cell cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CellFault {
    /// It would begin outside of the page's room for cells.
    Pointer,
    /// It would go on beyond the page's end.
    Extent,
    /// It stands where the file has ended.
    Missing,
}

/// What is wrong with a page as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NodeFault {
    /// More cells than fit, or their pointers reach into their content.
    CellCount,
    /// The content's beginning, or the list of free blocks, cannot be.
    FreeSpace,
    /// Two cells or free blocks share bytes.
    Overlap,
    /// Bytes that belong to nothing are not as many as the header says.
    Fragments,
}

impl NodeFault {
    pub(super) const fn name(self) -> &'static str {
        match self {
            NodeFault::CellCount => "cell_count",
            NodeFault::FreeSpace => "free_space",
            NodeFault::Overlap => "overlap",
            NodeFault::Fragments => "fragments",
        }
    }
}

impl<'a> Node<'a> {
    /// These bytes as a page of a b-tree, if their kind is one.
    pub(super) fn new(bytes: &'a [u8], page: u32, usable: u32, present: usize) -> Option<Node<'a>> {
        let start = if page == 1 { super::header::LEN } else { 0 };
        let kind = NodeKind::of(u8_at(bytes, start)?)?;
        let usable = usize::try_from(usable).ok()?.min(bytes.len());
        let told = usize::from(u16_at(bytes, start + 3)?);
        let head = if kind.is_leaf() { 8 } else { 12 };
        let fit = usable.saturating_sub(start + head) / 2;
        Some(Node { bytes, start, usable, present, kind, cells: told.min(fit) })
    }

    fn head(&self) -> usize {
        self.start + if self.kind.is_leaf() { 8 } else { 12 }
    }

    /// The last child of an interior page.
    pub(super) fn right(&self) -> u32 {
        if self.kind.is_leaf() {
            return 0;
        }
        u32_at(self.bytes, self.start + 8).unwrap_or(0)
    }

    /// The `index`-th cell, in the order of keys.
    pub(super) fn cell(&self, index: usize) -> Result<Cell, CellFault> {
        if index >= self.cells {
            return Err(CellFault::Pointer);
        }
        let pointer = self.head() + 2 * index;
        let start = u16_at(self.bytes, pointer).map_or(0, usize::from);
        if start <= pointer || start > self.usable.saturating_sub(2) {
            return Err(CellFault::Pointer);
        }
        self.cell_at(start).ok_or(CellFault::Extent).and_then(|cell| {
            if cell.end > self.present { Err(CellFault::Missing) } else { Ok(cell) }
        })
    }

    fn cell_at(&self, start: usize) -> Option<Cell> {
        let bytes = self.bytes.get(..self.usable)?;
        let mut at = start;
        let mut child = 0;
        if !self.kind.is_leaf() {
            child = u32_at(bytes, at)?;
            at += 4;
        }
        let mut payload = 0;
        if self.kind.has_records() {
            let (value, len) = varint_at(bytes, at)?;
            payload = value;
            at += len;
        }
        let mut rowid = 0;
        if self.kind.is_table() {
            let (value, len) = varint_at(bytes, at)?;
            rowid = value.cast_signed();
            at += len;
        }
        let local_len = self.local_len(payload);
        let mut end = at.checked_add(local_len)?;
        let mut overflow = 0;
        if local_len as u64 != payload {
            overflow = u32_at(bytes, end)?;
            end += 4;
        }
        // SQLite never gives a cell less than 4 bytes, so that it can become a free block.
        let end = end.max(start + 4);
        (end <= self.usable).then_some(Cell {
            start,
            end,
            child,
            rowid,
            payload,
            local: at,
            local_len,
            overflow,
        })
    }

    /// How many bytes of a record of that length stand on the page itself.
    fn local_len(&self, payload: u64) -> usize {
        let usable = self.usable as u64;
        let most = match self.kind {
            NodeKind::TableLeaf => usable.saturating_sub(35),
            _ => (usable.saturating_sub(12) * 64 / 255).saturating_sub(23),
        };
        let least = (usable.saturating_sub(12) * 32 / 255).saturating_sub(23);
        let local = if payload <= most {
            payload
        } else {
            let fitted = least + (payload - least) % usable.saturating_sub(4).max(1);
            if fitted <= most { fitted } else { least }
        };
        usize::try_from(local).unwrap_or(usize::MAX)
    }

    /// The bytes of a cell's record that stand on the page.
    pub(super) fn local(&self, cell: &Cell) -> &'a [u8] {
        self.bytes.get(cell.local..cell.local + cell.local_len).unwrap_or_default()
    }

    /// The children of an interior page with the key that ends each: the last has none.
    pub(super) fn children(&self) -> impl Iterator<Item = Child> + use<'a> {
        let node = *self;
        let count = if self.kind.is_leaf() { 0 } else { self.cells + 1 };
        (0..count).map(move |slot| {
            if slot == node.cells {
                return Child { slot, page: Some(node.right()), key: None };
            }
            let cell = node.cell(slot).ok();
            Child { slot, page: cell.map(|cell| cell.child), key: cell.map(|cell| cell.rowid) }
        })
    }

    /// What is wrong with the page as a whole: the room of cells and free blocks must be divided
    /// without a rest but for the fragments that the header counts. `rooms` is scratch.
    pub(super) fn faults(&self, rooms: &mut Vec<(usize, usize)>) -> Option<NodeFault> {
        let told = u16_at(self.bytes, self.start + 3).map_or(0, usize::from);
        let content = match u16_at(self.bytes, self.start + 5) {
            Some(0) => 65_536,
            content => content.map_or(0, usize::from),
        };
        if told != self.cells || told > (self.bytes.len().saturating_sub(8)) / 6 {
            return Some(NodeFault::CellCount);
        }
        let pointers_end = self.head() + 2 * self.cells;
        if pointers_end > content || content > self.usable {
            return Some(NodeFault::FreeSpace);
        }
        rooms.clear();
        let mut outside = false;
        for index in 0..self.cells {
            match self.cell(index) {
                Ok(cell) if cell.start >= content => rooms.push((cell.start, cell.end)),
                _ => outside = true,
            }
        }
        let mut block = u16_at(self.bytes, self.start + 1).map_or(0, usize::from);
        let mut last = 0;
        while block != 0 {
            let (next, size) = (u16_at(self.bytes, block), u16_at(self.bytes, block + 2));
            let (Some(next), Some(size)) = (next.map(usize::from), size.map(usize::from)) else {
                return Some(NodeFault::FreeSpace);
            };
            // Blocks ascend, so the list ends.
            if block < content || block <= last || size < 4 || block + size > self.usable {
                return Some(NodeFault::FreeSpace);
            }
            if next != 0 && next <= block + size {
                return Some(NodeFault::FreeSpace);
            }
            rooms.push((block, block + size));
            last = block;
            block = next;
        }
        if outside {
            // The cells are reported one by one.
            return None;
        }
        sort(rooms);
        let mut free = 0;
        let mut from = content;
        for (start, end) in &*rooms {
            if *start < from {
                return Some(NodeFault::Overlap);
            }
            free += start - from;
            from = *end;
        }
        free += self.usable - from;
        let fragments = u8_at(self.bytes, self.start + 7).map_or(0, usize::from);
        (free != fragments).then_some(NodeFault::Fragments)
    }

    /// Whether a cell begins before the place where the header says that content begins.
    pub(super) fn before_content(&self, cell: &Cell) -> bool {
        let content = u16_at(self.bytes, self.start + 5).map_or(0, usize::from);
        content != 0 && cell.start < content
    }
}

/// One child of an interior page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Child {
    /// Its place among the children.
    pub(super) slot: usize,
    /// Its page; nothing where the cell cannot be read.
    pub(super) page: Option<u32>,
    /// The highest rowid in it, for tables; nothing for the last child.
    pub(super) key: Option<i64>,
}
