//! The pages of one b-tree, by its interior pages alone.
//!
//! Interior pages are under a hundredth of a table. Which of their children are leaves is seen
//! from one of each page's children, so leaves are not read here. No page is entered twice, depth
//! is bounded, and what a page claims is bounded by what fits on it.

use alloc::vec::Vec;

use super::node::Node;
use super::pager::{Origin, Pager};
use crate::source::SourceError;

/// SQLite's own bound on depth (BTCURSOR_MAX_DEPTH in btreeInt.h).
pub(super) const MOST_DEPTH: usize = 20;

/// A leaf of a tree, or in a tree of records any page of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Leaf {
    pub(super) page: u32,
    /// The highest rowid that it may hold.
    pub(super) upper: i64,
}

/// What a step over a tree met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Met {
    /// An interior page, read; its bytes are in the walk's buffer.
    Interior { origin: Origin },
    /// A leaf. It was not read unless its parent could not tell.
    Leaf,
    /// A page that is no part of such a tree.
    Bad(BadChild),
}

/// Why a child cannot be entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BadChild {
    /// Page 0, or one beyond the file.
    Range,
    /// Its bytes are not a page of such a tree.
    Kind,
    /// It is part of this tree already.
    Again,
    /// Deeper than any tree.
    Depth,
    /// The cell that should name it cannot be read.
    Cell,
}

impl BadChild {
    pub(super) const fn name(self) -> &'static str {
        match self {
            BadChild::Range => "range",
            BadChild::Kind => "kind",
            BadChild::Again => "again",
            BadChild::Depth => "depth",
            BadChild::Cell => "cell",
        }
    }
}

/// One page met, and how it hangs in the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Visit {
    pub(super) page: u32,
    /// The page that names it; 0 for the root.
    pub(super) parent: u32,
    /// Its place among that page's children.
    pub(super) slot: usize,
    /// The highest rowid that it may hold, in a table.
    pub(super) upper: i64,
    /// How many pages are above it.
    pub(super) depth: usize,
    pub(super) met: Met,
}

struct Frame {
    page: u32,
    children: Vec<(usize, Option<u32>, i64)>,
    next: usize,
    /// Whether its children are leaves; unknown until one could be read.
    leaves: bool,
}

/// A walk over one tree, page by page.
pub(super) struct Walk {
    root: u32,
    table: bool,
    started: bool,
    stack: Vec<Frame>,
    /// The bytes of the last interior page.
    pub(super) buf: Vec<u8>,
    probe: Vec<u8>,
    /// Bytes read so far.
    pub(super) read: u64,
}

impl Walk {
    /// A walk from that root, over a table's tree or an index's.
    pub(super) fn new(root: u32, table: bool) -> Walk {
        let (stack, buf, probe) = (Vec::new(), Vec::new(), Vec::new());
        Walk { root, table, started: false, stack, buf, probe, read: 0 }
    }

    /// The next page. `enter` says whether a page is met for the first time, and remembers it.
    pub(super) fn next(
        &mut self,
        pager: Pager<'_>,
        enter: &mut dyn FnMut(u32) -> bool,
    ) -> Result<Option<Visit>, SourceError> {
        if !self.started {
            self.started = true;
            let root = Visit {
                page: self.root,
                parent: 0,
                slot: 0,
                upper: i64::MAX,
                depth: 0,
                met: Met::Leaf,
            };
            return self.visit(pager, root, enter).map(Some);
        }
        while let Some(frame) = self.stack.last_mut() {
            let Some((slot, page, upper)) = frame.children.get(frame.next).copied() else {
                self.stack.pop();
                continue;
            };
            frame.next += 1;
            let (parent, leaves) = (frame.page, frame.leaves);
            let depth = self.stack.len();
            let mut visit =
                Visit { page: page.unwrap_or(0), parent, slot, upper, depth, met: Met::Leaf };
            if page.is_none() {
                visit.met = Met::Bad(BadChild::Cell);
                return Ok(Some(visit));
            }
            if !leaves {
                return self.visit(pager, visit, enter).map(Some);
            }
            if visit.page == 0 || visit.page > pager.layout.readable {
                visit.met = Met::Bad(BadChild::Range);
            } else if !enter(visit.page) {
                visit.met = Met::Bad(BadChild::Again);
            }
            return Ok(Some(visit));
        }
        Ok(None)
    }

    /// Enters a page that has to be read to know what it is.
    fn visit(
        &mut self,
        pager: Pager<'_>,
        mut visit: Visit,
        enter: &mut dyn FnMut(u32) -> bool,
    ) -> Result<Visit, SourceError> {
        let page = visit.page;
        if page == 0 || page > pager.layout.readable {
            visit.met = Met::Bad(BadChild::Range);
            return Ok(visit);
        }
        if !enter(page) {
            visit.met = Met::Bad(BadChild::Again);
            return Ok(visit);
        }
        if self.stack.len() >= MOST_DEPTH {
            visit.met = Met::Bad(BadChild::Depth);
            return Ok(visit);
        }
        let Some(origin) = pager.read(page, &mut self.buf)? else {
            visit.met = Met::Bad(BadChild::Range);
            return Ok(visit);
        };
        self.read += u64::from(pager.layout.page_size);
        let node = Node::new(&self.buf, page, pager.layout.usable, origin.present);
        let Some(node) = node.filter(|node| node.kind.is_table() == self.table) else {
            visit.met = Met::Bad(BadChild::Kind);
            return Ok(visit);
        };
        if node.kind.is_leaf() {
            visit.met = Met::Leaf;
            return Ok(visit);
        }
        let upper = visit.upper;
        let children: Vec<_> = node
            .children()
            .map(|child| (child.slot, child.page, child.key.map_or(upper, |key| key.min(upper))))
            .collect();
        let leaves = self.probe(pager, &children)?;
        self.stack.push(Frame { page, children, next: 0, leaves });
        visit.met = Met::Interior { origin };
        Ok(visit)
    }

    /// Whether these children are leaves: the first that can be read tells.
    fn probe(
        &mut self,
        pager: Pager<'_>,
        children: &[(usize, Option<u32>, i64)],
    ) -> Result<bool, SourceError> {
        for page in children.iter().filter_map(|(_, page, _)| *page).take(8) {
            if page == 0 || page > pager.layout.readable {
                continue;
            }
            let Some(origin) = pager.read(page, &mut self.probe)? else { continue };
            self.read += u64::from(pager.layout.page_size);
            let node = Node::new(&self.probe, page, pager.layout.usable, origin.present);
            if let Some(Node { kind, .. }) = node.filter(|node| node.kind.is_table() == self.table)
            {
                return Ok(kind.is_leaf());
            }
        }
        Ok(false)
    }
}

/// The pages of a table with rows, in the order of the tree.
#[derive(Clone, Debug, Default)]
pub(super) struct Tree {
    pub(super) leaves: Vec<Leaf>,
    /// Places where the tree leads nowhere.
    pub(super) unreadable: u64,
}

/// Which pages a tree has entered, and how many repeats all trees together may still cost.
pub(super) struct Entered {
    /// The last tree that entered each page.
    by: Vec<u32>,
    repeats: u64,
}

impl Entered {
    pub(super) fn new(readable: u32) -> Entered {
        let len = usize::try_from(readable).unwrap_or(0).saturating_add(1);
        Entered { by: alloc::vec![0; len], repeats: u64::from(readable) }
    }

    fn enter(&mut self, page: u32, tree: u32) -> bool {
        let Some(by) = usize::try_from(page).ok().and_then(|page| self.by.get_mut(page)) else {
            return false;
        };
        if *by == tree {
            return false;
        }
        if *by != 0 {
            // Another tree leads here as well: one of the two is wrong, and it is not known which.
            if self.repeats == 0 {
                return false;
            }
            self.repeats -= 1;
        }
        *by = tree;
        true
    }
}

/// Collects the pages of the tree at `root` that hold rows. `number` tells trees apart, from 1 on.
pub(super) fn collect(
    pager: Pager<'_>,
    root: u32,
    table: bool,
    number: u32,
    entered: &mut Entered,
) -> Result<Tree, SourceError> {
    let mut tree = Tree::default();
    let mut walk = Walk::new(root, table);
    while let Some(visit) = walk.next(pager, &mut |page| entered.enter(page, number))? {
        match visit.met {
            Met::Bad(_) => tree.unreadable += 1,
            Met::Interior { .. } if table => {}
            Met::Interior { .. } | Met::Leaf => {
                tree.leaves.push(Leaf { page: visit.page, upper: visit.upper });
            }
        }
    }
    Ok(tree)
}
