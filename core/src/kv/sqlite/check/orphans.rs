//! What is left over: pointer maps against what was found, and pages that nothing leads to.

use super::super::bytes::{u8_at, u32_at};
use super::super::lost::{LostPage, whose};
use super::super::map::PageKind;
use super::super::node::Node;
use super::pages::Looks;
use super::{CheckJob, Phase};
use crate::finding::Code;
use crate::source::SourceError;

impl CheckJob<'_> {
    /// One page of the pointer map.
    pub(super) fn check_pointer_maps(&mut self, page: u32) -> Result<u64, SourceError> {
        let layout = self.pager.layout;
        if !layout.auto_vacuum || page > layout.readable {
            self.phase = Phase::Differences { next: 1 };
            return Ok(0);
        }
        // The lock byte's page may push a map page by one.
        let last = page.saturating_add(layout.usable / 5);
        let group = layout.map_page(page).max(page);
        self.phase = Phase::PointerMaps { next: last.saturating_add(1) };
        if self.pages.kind(group) != PageKind::PointerMap {
            return Ok(0);
        }
        let mut bytes = core::mem::take(&mut self.scratch.page);
        if self.pager.read(group, &mut bytes)?.is_some() {
            let mut wrong = 0_u64;
            let mut first = 0;
            for entry_page in group.saturating_add(1)..=last.min(layout.readable) {
                let Some(entry) = layout.map_entry(entry_page) else { continue };
                let told = (u8_at(&bytes, 5 * entry), u32_at(&bytes, 5 * entry + 1));
                let found = self.expected(entry_page);
                if found.is_some_and(|(kind, of)| told != (Some(kind), Some(of))) {
                    wrong += 1;
                    first = if first == 0 { entry_page } else { first };
                }
            }
            if wrong > 0 {
                self.find(Code::SqlitePointerMap, group, None, |values| {
                    values.with("map_wrong", wrong).with("leads_to", first)
                });
            }
        }
        self.scratch.page = bytes;
        Ok(u64::from(layout.page_size))
    }

    /// What the pointer map should say of a page; nothing where that is not known.
    fn expected(&self, page: u32) -> Option<(u8, u32)> {
        let parent = self.pages.parent(page);
        match self.pages.kind(page) {
            PageKind::Freelist => Some((2, 0)),
            PageKind::Overflow if self.pages.kind(parent) == PageKind::Overflow => {
                Some((4, parent))
            }
            PageKind::Overflow => Some((3, parent)),
            PageKind::TableLeaf
            | PageKind::TableInterior
            | PageKind::IndexLeaf
            | PageKind::IndexInterior
            | PageKind::Damaged => Some(if parent == 0 { (1, 0) } else { (5, parent) }),
            _ => None,
        }
    }

    /// One page that nothing leads to: first the interior ones, for what they lead to themselves.
    pub(super) fn look_at_orphans(&mut self, page: u32, second: bool) -> Result<u64, SourceError> {
        if page > self.pager.layout.readable {
            let again = Phase::Orphans { next: 1, second: true };
            self.phase = if second { Phase::Over } else { again };
            return Ok(0);
        }
        self.phase = Phase::Orphans { next: page + 1, second };
        let kind = self.pages.kind(page);
        let deleted = kind == PageKind::Freelist;
        let free = kind == PageKind::Unused && page != self.pager.layout.lock_page();
        if !free && !deleted {
            return Ok(0);
        }
        let size = u64::from(self.pager.layout.page_size);
        match (second, self.pages.looks(page)) {
            (false, Looks::TableInterior) => self.adopt(page).map(|()| size),
            (true, Looks::TableLeaf) => {
                let rows = self.lose(page, deleted)?;
                // Pages behind the database's end were given back; that is no loss.
                if free && rows > 0 && page <= self.pager.layout.pages {
                    self.pages.set_kind(page, PageKind::Lost);
                    let table = self.lost.pages.last().and_then(|page| page.table);
                    let name = table.and_then(|table| self.known.get(table));
                    let name = name.map(|known| crate::text::visible(known.table.name.as_bytes()));
                    self.find(Code::SqliteLostPage, page, None, |values| {
                        values.with("rows_lost", rows).with_some("lost_table", name)
                    });
                }
                self.unused += u64::from(free && rows == 0);
                Ok(size)
            }
            (true, _) => {
                self.unused += u64::from(free && page <= self.pager.layout.pages);
                Ok(0)
            }
            _ => Ok(0),
        }
    }

    /// Makes a page that nothing leads to the parent of those that it leads to.
    fn adopt(&mut self, page: u32) -> Result<(), SourceError> {
        let mut bytes = core::mem::take(&mut self.scratch.page);
        if let Some(origin) = self.pager.read(page, &mut bytes)? {
            let usable = self.pager.layout.usable;
            if let Some(node) = Node::new(&bytes, page, usable, origin.present) {
                for child in node.children().filter_map(|child| child.page) {
                    let alone = self.pages.is_free(child) && self.pages.parent(child) == 0;
                    if alone && child != page {
                        self.pages.set_parent(child, page);
                    }
                }
            }
        }
        self.scratch.page = bytes;
        Ok(())
    }

    /// Puts a leaf that nothing leads to on the list of lost pages; how many rows it has.
    fn lose(&mut self, page: u32, deleted: bool) -> Result<u64, SourceError> {
        let mut root = page;
        // Parents among these pages may run in a circle.
        for _ in 0..super::super::tree::MOST_DEPTH {
            match self.pages.parent(root) {
                0 => break,
                _ if deleted => break,
                parent => root = parent,
            }
        }
        let owner = self.told_owner(root)?;
        let found = whose(self.pager, self.known, page, owner)?;
        if found.rows > 0 {
            let (table, confidence) = (found.table, found.confidence);
            self.lost.pages.push(LostPage {
                page,
                root,
                rows: found.rows,
                table,
                confidence,
                deleted,
            });
        }
        Ok(found.rows)
    }

    /// The table that the pointer map says this page belongs to.
    fn told_owner(&mut self, page: u32) -> Result<Option<usize>, SourceError> {
        let layout = self.pager.layout;
        let map = layout.map_page(page);
        if !layout.auto_vacuum || self.pages.kind(map) != PageKind::PointerMap {
            return Ok(None);
        }
        let Some(entry) = layout.map_entry(page) else { return Ok(None) };
        let mut bytes = [0; 5];
        if !self.pager.read_part(map, 5 * entry, &mut bytes)? {
            return Ok(None);
        }
        let [kind, parent @ ..] = bytes;
        let owner = self.pages.owner(u32::from_be_bytes(parent)).filter(|_| kind == 5);
        Ok(owner.and_then(|owner| self.trees.get(owner)).and_then(|tree| tree.table))
    }
}
