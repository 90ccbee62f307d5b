//! What every page is for, in runs: for faces that draw the file.

use alloc::vec::Vec;

/// What a page is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum PageKind {
    /// Nothing leads to it.
    #[default]
    Unused,
    /// Page 1: the header, and the root of sqlite_schema.
    Header,
    /// A leaf of a table.
    TableLeaf,
    /// An interior page of a table.
    TableInterior,
    /// A leaf of an index, or of a table without rowids.
    IndexLeaf,
    /// An interior page of an index, or of a table without rowids.
    IndexInterior,
    /// A record goes on here.
    Overflow,
    /// Free, to be used again; it may still hold what was deleted.
    Freelist,
    /// Says for other pages what leads to them (auto_vacuum).
    PointerMap,
    /// The page with the lock byte, at 1 GiB: never used.
    LockByte,
    /// A page in use that cannot be what it should be.
    Damaged,
    /// Nothing leads to it, but it holds rows.
    Lost,
}

impl PageKind {
    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            PageKind::Unused => "unused",
            PageKind::Header => "header",
            PageKind::TableLeaf => "table_leaf",
            PageKind::TableInterior => "table_interior",
            PageKind::IndexLeaf => "index_leaf",
            PageKind::IndexInterior => "index_interior",
            PageKind::Overflow => "overflow",
            PageKind::Freelist => "freelist",
            PageKind::PointerMap => "pointer_map",
            PageKind::LockByte => "lock_byte",
            PageKind::Damaged => "damaged",
            PageKind::Lost => "lost",
        }
    }
}

/// Pages in a row that are for the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// The first page; pages count from 1.
    pub first: u32,
    /// How many.
    pub pages: u32,
    /// What they are for.
    pub kind: PageKind,
    /// Whose they are, an index into [`PageMap::owners`].
    pub owner: Option<usize>,
}

/// What every page is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageMap {
    /// The runs, by page.
    pub runs: Vec<Run>,
    /// Tables and indexes, their names made visible; the first is sqlite_schema.
    pub owners: Vec<Owner>,
}

/// A table or an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// Its name, made visible.
    pub name: alloc::string::String,
    /// The table that it is, or is an index of; made visible.
    pub table: alloc::string::String,
}

impl PageMap {
    /// What that page is for.
    pub fn run(&self, page: u32) -> Option<&Run> {
        let behind = self.runs.partition_point(|run| run.first <= page);
        let run = self.runs.get(behind.checked_sub(1)?)?;
        (page - run.first < run.pages).then_some(run)
    }

    pub(super) fn push(&mut self, page: u32, kind: PageKind, owner: Option<usize>) {
        if let Some(last) = self.runs.last_mut()
            && last.kind == kind
            && last.owner == owner
            && last.first.saturating_add(last.pages) == page
        {
            last.pages += 1;
        } else {
            self.runs.push(Run { first: page, pages: 1, kind, owner });
        }
    }
}
