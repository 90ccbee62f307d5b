//! All trees: their interior pages are checked here, their leaves only claimed.

use alloc::string::ToString;
use alloc::vec::Vec;

use super::super::map::PageKind;
use super::super::schema::{Known, KnownIndex, Object, ObjectKind};
use super::super::tree::{BadChild, Met, Visit, Walk};
use super::{CheckJob, Phase, TreeState, freelist, has_tree};
use crate::finding::Code;
use crate::source::SourceError;

/// sqlite_schema's own tree, then those that it lists.
pub(super) fn list(objects: &[Object], known: &[Known], indexes: &[KnownIndex]) -> Vec<TreeState> {
    let mut trees = Vec::from([TreeState {
        name: "sqlite_schema".to_string(),
        table_name: "sqlite_schema".to_string(),
        root: 1,
        rowids: true,
        table: None,
        index: None,
        compared: Vec::new(),
        leaf_depth: None,
    }]);
    for object in objects.iter().filter(|object| has_tree(object)) {
        let is_table = object.kind == ObjectKind::Table;
        let table = known.iter().position(|known| {
            is_table && known.root == object.root && known.table.name == object.name
        });
        let index = indexes
            .iter()
            .position(|index| !is_table && index.root == object.root && index.name == object.name);
        let without = table.and_then(|table| known.get(table)).is_some_and(|k| k.def.without_rowid);
        trees.push(TreeState {
            name: object.name.clone(),
            table_name: if is_table { object.name.clone() } else { object.table.clone() },
            root: object.root,
            rowids: is_table && !without,
            table,
            index,
            compared: Vec::new(),
            leaf_depth: None,
        });
    }
    trees
}

impl CheckJob<'_> {
    /// One page of one tree.
    pub(super) fn walk_trees(
        &mut self,
        next: usize,
        walk: Option<Walk>,
    ) -> Result<u64, SourceError> {
        let Some(tree) = self.trees.get(next) else {
            self.phase = Phase::Freelist(freelist::Trunks::new(self.header.freelist));
            return Ok(0);
        };
        let mut walk = match walk {
            Some(walk) => walk,
            None => Walk::new(tree.root, tree.rowids),
        };
        let before = walk.read;
        let pages = &mut self.pages;
        let visit = walk.next(self.pager, &mut |page| {
            let free = pages.is_free(page);
            if free {
                pages.claim(page, PageKind::Damaged, Some(next), 0, 0);
            }
            free
        })?;
        let read = walk.read - before;
        let Some(visit) = visit else {
            self.phase = Phase::Trees { next: next + 1, walk: None };
            return Ok(read);
        };
        self.visited(next, &visit, &mut walk)?;
        self.phase = Phase::Trees { next, walk: Some(walk) };
        Ok(read)
    }

    fn visited(
        &mut self,
        number: usize,
        visit: &Visit,
        walk: &mut Walk,
    ) -> Result<(), SourceError> {
        let rowids = self.trees.get(number).is_some_and(|tree| tree.rowids);
        let (interior, leaf) = if rowids {
            (PageKind::TableInterior, PageKind::TableLeaf)
        } else {
            (PageKind::IndexInterior, PageKind::IndexLeaf)
        };
        let (page, owner) = (visit.page, Some(number));
        let named = if visit.parent == 0 { page } else { visit.parent };
        if !matches!(visit.met, Met::Bad(_)) && page > self.pager.layout.pages {
            self.bad_child(named, visit, "beyond");
        }
        match visit.met {
            Met::Interior { origin } => {
                self.pages.claim(page, interior, owner, visit.parent, visit.slot);
                let bytes = core::mem::take(&mut walk.buf);
                self.check_node(page, origin, &bytes)?;
                walk.buf = bytes;
            }
            Met::Leaf => {
                self.pages.claim(page, leaf, owner, visit.parent, visit.slot);
                let tree = self.trees.get_mut(number);
                let level = tree.map(|tree| *tree.leaf_depth.get_or_insert(visit.depth));
                if level.is_some_and(|level| level != visit.depth) {
                    self.bad_child(named, visit, "level");
                }
            }
            Met::Bad(bad @ (BadChild::Kind | BadChild::Depth)) => {
                // It was claimed as damaged; what stands there is looked at with the other pages.
                self.pages.claim(page, PageKind::Damaged, owner, visit.parent, visit.slot);
                if bad == BadChild::Depth {
                    self.bad_child(named, visit, bad.name());
                }
            }
            Met::Bad(BadChild::Again) => {
                self.find(Code::SqliteUsedTwice, page, None, |values| values);
            }
            // The cell itself is reported with its page.
            Met::Bad(BadChild::Cell) => {}
            Met::Bad(BadChild::Range) => self.bad_child(named, visit, BadChild::Range.name()),
        }
        Ok(())
    }

    fn bad_child(&mut self, parent: u32, visit: &Visit, fault: &'static str) {
        let leads_to = visit.page;
        self.find(Code::SqliteChild, parent, None, |values| {
            values.with("leads_to", leads_to).with("sqlite_fault", fault)
        });
    }
}
