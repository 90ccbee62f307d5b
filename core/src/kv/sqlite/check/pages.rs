//! What is known of every page while a file is checked: 15 bytes for each.

use alloc::vec::Vec;

use super::super::map::PageKind;

/// What a page that nothing leads to looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Looks {
    /// Like nothing.
    Other,
    /// All its bytes are zero.
    Zero,
    /// A leaf of a table.
    TableLeaf,
    /// An interior page of a table.
    TableInterior,
    /// A page of an index.
    Index,
}

/// One number of each kind per page; page 0 does not exist.
pub(super) struct Pages {
    kind: Vec<PageKind>,
    /// The tree, from 1 on.
    owner: Vec<u32>,
    /// The page that leads to it.
    parent: Vec<u32>,
    /// Its place among that page's children; for pages that nothing leads to, what they look like.
    slot: Vec<u16>,
    /// Its first four bytes: on an overflow page, the next one.
    link: Vec<u32>,
}

fn at<T: Copy + Default>(of: &[T], page: u32) -> T {
    usize::try_from(page).ok().and_then(|page| of.get(page)).copied().unwrap_or_default()
}

fn set<T>(of: &mut [T], page: u32, value: T) {
    if let Some(slot) = usize::try_from(page).ok().and_then(|page| of.get_mut(page)) {
        *slot = value;
    }
}

impl Pages {
    pub(super) fn new(readable: u32) -> Pages {
        let len = usize::try_from(readable).unwrap_or(0).saturating_add(1);
        Pages {
            kind: alloc::vec![PageKind::Unused; len],
            owner: alloc::vec![0; len],
            parent: alloc::vec![0; len],
            slot: alloc::vec![0; len],
            link: alloc::vec![0; len],
        }
    }

    pub(super) fn kind(&self, page: u32) -> PageKind {
        at(&self.kind, page)
    }

    pub(super) fn is_free(&self, page: u32) -> bool {
        page != 0
            && usize::try_from(page).ok().and_then(|page| self.kind.get(page))
                == Some(&PageKind::Unused)
    }

    pub(super) fn owner(&self, page: u32) -> Option<usize> {
        usize::try_from(at(&self.owner, page).checked_sub(1)?).ok()
    }

    pub(super) fn parent(&self, page: u32) -> u32 {
        at(&self.parent, page)
    }

    pub(super) fn slot(&self, page: u32) -> usize {
        at(&self.slot, page).into()
    }

    pub(super) fn link(&self, page: u32) -> u32 {
        at(&self.link, page)
    }

    pub(super) fn set_link(&mut self, page: u32, link: u32) {
        set(&mut self.link, page, link);
    }

    pub(super) fn set_kind(&mut self, page: u32, kind: PageKind) {
        set(&mut self.kind, page, kind);
    }

    pub(super) fn set_parent(&mut self, page: u32, parent: u32) {
        set(&mut self.parent, page, parent);
    }

    pub(super) fn claim(
        &mut self,
        page: u32,
        kind: PageKind,
        owner: Option<usize>,
        parent: u32,
        slot: usize,
    ) {
        self.set_kind(page, kind);
        let owner = owner.and_then(|owner| u32::try_from(owner).ok()).map_or(0, |owner| owner + 1);
        set(&mut self.owner, page, owner);
        self.set_parent(page, parent);
        set(&mut self.slot, page, u16::try_from(slot).unwrap_or(u16::MAX));
    }

    pub(super) fn looks(&self, page: u32) -> Looks {
        match at(&self.slot, page) {
            1 => Looks::Zero,
            2 => Looks::TableLeaf,
            3 => Looks::TableInterior,
            4 => Looks::Index,
            _ => Looks::Other,
        }
    }

    pub(super) fn set_looks(&mut self, page: u32, looks: Looks) {
        let number = match looks {
            Looks::Other => 0,
            Looks::Zero => 1,
            Looks::TableLeaf => 2,
            Looks::TableInterior => 3,
            Looks::Index => 4,
        };
        set(&mut self.slot, page, number);
    }
}
