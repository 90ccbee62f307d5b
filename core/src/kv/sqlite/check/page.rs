//! One page after the other: each against what it should be.

use super::super::bytes::u32_at;
use super::super::map::PageKind;
use super::super::node::{Cell, CellFault, Node, NodeKind};
use super::super::pager::Origin;
use super::chains::Chain;
use super::entries::Before;
use super::pages::Looks;
use super::{CheckJob, Phase};
use crate::finding::Code;
use crate::source::SourceError;

impl CheckJob<'_> {
    /// The next page of the file.
    pub(super) fn check_pages(&mut self, page: u32) -> Result<u64, SourceError> {
        let layout = self.pager.layout;
        if page > layout.readable {
            self.phase = Phase::Chains { next: 0 };
            return Ok(0);
        }
        self.phase = Phase::Pages { next: page + 1 };
        if layout.is_map(page) && page != layout.lock_page() {
            if self.pages.is_free(page) {
                self.pages.claim(page, PageKind::PointerMap, None, 0, 0);
            } else {
                self.find(Code::SqliteUsedTwice, page, None, |values| values);
            }
        }
        let mut bytes = core::mem::take(&mut self.scratch.page);
        let read = self.pager.read(page, &mut bytes)?;
        let kind = self.pages.kind(page);
        match read {
            None => {
                if !matches!(kind, PageKind::Unused | PageKind::Freelist) {
                    self.bad_page(page, "missing");
                }
            }
            Some(origin) => {
                self.pages.set_link(page, u32_at(&bytes, 0).unwrap_or(0));
                self.check_read(page, kind, origin, &bytes)?;
            }
        }
        self.scratch.page = bytes;
        Ok(u64::from(layout.page_size))
    }

    fn check_read(
        &mut self,
        page: u32,
        kind: PageKind,
        origin: Origin,
        bytes: &[u8],
    ) -> Result<(), SourceError> {
        let is_zero = || bytes.iter().all(|byte| *byte == 0);
        match kind {
            PageKind::Unused | PageKind::Freelist if page != self.pager.layout.lock_page() => {
                let node = Node::new(bytes, page, self.pager.layout.usable, origin.present);
                let node = node.filter(|node| (0..node.cells).any(|cell| node.cell(cell).is_ok()));
                let looks = match node.map(|node| node.kind) {
                    Some(NodeKind::TableLeaf) => Looks::TableLeaf,
                    Some(NodeKind::TableInterior) => Looks::TableInterior,
                    Some(_) => Looks::Index,
                    None if is_zero() => Looks::Zero,
                    None => Looks::Other,
                };
                self.pages.set_looks(page, looks);
            }
            PageKind::TableLeaf | PageKind::IndexLeaf | PageKind::Damaged => {
                let node = Node::new(bytes, page, self.pager.layout.usable, origin.present);
                let fits = node.is_some_and(|node| match kind {
                    PageKind::TableLeaf => node.kind == NodeKind::TableLeaf,
                    PageKind::IndexLeaf => node.kind == NodeKind::IndexLeaf,
                    _ => false,
                });
                if fits {
                    return self.check_node(page, origin, bytes);
                }
                self.pages.set_kind(page, PageKind::Damaged);
                if is_zero() {
                    self.find(Code::SqliteZeroPage, page, None, |values| values);
                } else if origin.present < bytes.len() {
                    self.bad_page(page, "missing");
                } else {
                    self.bad_page(page, "kind");
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn bad_page(&mut self, page: u32, fault: &'static str) {
        self.find(Code::SqlitePage, page, None, |values| values.with("sqlite_fault", fault));
    }

    /// A page of a tree: its room, its cells, their records and keys.
    pub(super) fn check_node(
        &mut self,
        page: u32,
        origin: Origin,
        bytes: &[u8],
    ) -> Result<(), SourceError> {
        let usable = self.pager.layout.usable;
        let Some(node) = Node::new(bytes, page, usable, origin.present) else { return Ok(()) };
        let mut rooms = core::mem::take(&mut self.scratch.rooms);
        if origin.present < bytes.len() {
            self.bad_page(page, "missing");
        } else if let Some(fault) = node.faults(&mut rooms) {
            self.bad_page(page, fault.name());
        }
        self.scratch.rooms = rooms;
        let mut before = self.lower(page, &node)?;
        for index in 0..node.cells {
            match node.cell(index) {
                Err(fault) => {
                    before = Before::Nothing;
                    let name = match fault {
                        CellFault::Pointer => "pointer",
                        CellFault::Extent => "extent",
                        CellFault::Missing => "missing",
                    };
                    self.bad_cell(page, index, None, name);
                }
                Ok(cell) => self.check_cell(page, &node, index, &cell, &mut before)?,
            }
        }
        if node.cells > 0 {
            self.against_upper(page, &node, &before)?;
        }
        Ok(())
    }

    pub(super) fn bad_cell(
        &mut self,
        page: u32,
        index: usize,
        cell: Option<&Cell>,
        fault: &'static str,
    ) {
        let bytes = cell.map(|cell| (cell.start, cell.end));
        self.find(Code::SqliteCell, page, bytes, |values| {
            values.with("cell", index).with("sqlite_fault", fault)
        });
    }

    pub(super) fn out_of_order(&mut self, page: u32, index: usize, cell: Option<&Cell>) {
        let bytes = cell.map(|cell| (cell.start, cell.end));
        self.find(Code::SqliteOrder, page, bytes, |values| values.with("cell", index));
    }

    fn check_cell(
        &mut self,
        page: u32,
        node: &Node<'_>,
        index: usize,
        cell: &Cell,
        before: &mut Before,
    ) -> Result<(), SourceError> {
        if node.before_content(cell) {
            self.bad_cell(page, index, Some(cell), "pointer");
        }
        if cell.overflow != 0 || cell.local_len as u64 != cell.payload {
            let usable = usize::try_from(self.pager.layout.usable).unwrap_or(0);
            self.chains.push(Chain {
                first: cell.overflow,
                pages: cell.overflow_pages(usable),
                holder: page,
                cell: u16::try_from(index).unwrap_or(u16::MAX),
            });
        }
        if !node.kind.has_records() {
            self.in_order(page, index, cell, before);
            return Ok(());
        }
        if node.kind == NodeKind::TableLeaf {
            self.rows += 1;
            self.in_order(page, index, cell, before);
            return self.check_row(page, node, index, cell);
        }
        self.check_entry(page, node, index, cell, before)
    }

    /// Rowids ascend.
    fn in_order(&mut self, page: u32, index: usize, cell: &Cell, before: &mut Before) {
        if let Before::Rowid(last) = before
            && *last >= cell.rowid
        {
            self.out_of_order(page, index, Some(cell));
        }
        *before = Before::Rowid(cell.rowid);
    }

    /// The interior page and cell between this page and its left neighbour.
    pub(super) fn lower_separator(&self, page: u32) -> Option<(u32, usize)> {
        let mut page = page;
        for _ in 0..super::super::tree::MOST_DEPTH {
            let (parent, slot) = (self.pages.parent(page), self.pages.slot(page));
            if parent == 0 {
                return None;
            }
            if let Some(cell) = slot.checked_sub(1) {
                return Some((parent, cell));
            }
            page = parent;
        }
        None
    }

    /// The interior page and cell between this page and its right neighbour.
    pub(super) fn upper_separator(
        &mut self,
        page: u32,
    ) -> Result<Option<(u32, usize)>, SourceError> {
        let mut page = page;
        for _ in 0..super::super::tree::MOST_DEPTH {
            let (parent, slot) = (self.pages.parent(page), self.pages.slot(page));
            if parent == 0 {
                return Ok(None);
            }
            let cells = self.with_node(parent, |node| node.cells)?;
            if cells.is_some_and(|cells| slot < cells) {
                return Ok(Some((parent, slot)));
            }
            page = parent;
        }
        Ok(None)
    }

    /// The rowid of a separator of a table.
    pub(super) fn separator_rowid(
        &mut self,
        at: Option<(u32, usize)>,
    ) -> Result<Option<i64>, SourceError> {
        let Some((page, cell)) = at else { return Ok(None) };
        let cell = self.with_node(page, |node| node.cell(cell).ok())?;
        Ok(cell.flatten().map(|cell| cell.rowid))
    }
}
