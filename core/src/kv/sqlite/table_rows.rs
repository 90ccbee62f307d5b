//! The rows of a tree, page by page, from any place on.

use alloc::vec::Vec;

use super::node::Node;
use super::pager::Held;
use super::row::{Found, RowReader};
use super::tree::{Leaf, Tree};
use crate::sorting::sort_by_key;
use crate::source::SourceError;

/// A place among the rows of a tree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    /// Which of the tree's pages.
    pub(super) leaf: usize,
    /// Which cell there.
    pub(super) cell: usize,
    /// Pages of overflow chains visited so far. A sound table has no more than the file has
    /// pages, so beyond that chains share pages or run in circles.
    pub(super) spent: u64,
}

/// What to do behind a row.
pub(super) enum Then {
    /// Go on. So many pages of its chain are left of the budget.
    On(u64),
    /// Stop behind this row.
    Stop(u64),
}

/// What reading came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Passed {
    /// Cells and pages that could not be read.
    pub(super) unreadable: u64,
    /// Whether there is no row behind the place.
    pub(super) ended: bool,
}

/// Gives rows from `place` on to `each`, and moves `place` behind the last one given.
pub(super) fn each_row(
    reader: &RowReader<'_>,
    tree: &Tree,
    place: &mut Place,
    held: &mut Held,
    each: &mut dyn FnMut(Found<'_>) -> Result<Then, SourceError>,
) -> Result<Passed, SourceError> {
    let mut passed = Passed::default();
    let budget = u64::from(reader.pager.layout.readable);
    while let Some(leaf) = tree.leaves.get(place.leaf) {
        if place.leaf == 0 && place.cell == 0 {
            passed.unreadable += tree.unreadable;
        }
        let read = reader.pager.hold(leaf.page, held)?;
        let usable = reader.pager.layout.usable;
        let node = read.and_then(|(buf, origin)| {
            let node = Node::new(buf, leaf.page, usable, origin.present)?;
            node.kind.has_records().then_some((node, origin))
        });
        let Some((node, origin)) = node else {
            passed.unreadable += 1;
            (place.leaf, place.cell) = (place.leaf + 1, 0);
            continue;
        };
        while place.cell < node.cells {
            let cell = node.cell(place.cell);
            place.cell += 1;
            let Ok(cell) = cell else {
                passed.unreadable += 1;
                continue;
            };
            let left = budget.saturating_sub(place.spent);
            let found = reader.open(&node, leaf.page, place.cell - 1, origin, &cell, left)?;
            let then = each(found)?;
            let (Then::On(rest) | Then::Stop(rest)) = then;
            place.spent = budget.saturating_sub(rest.min(left)).max(place.spent);
            if let Then::Stop(_) = then {
                return Ok(passed);
            }
        }
        (place.leaf, place.cell) = (place.leaf + 1, 0);
    }
    passed.ended = true;
    Ok(passed)
}

/// Seeks a rowid: on the leaf that should hold it, and on both beside it. In a damaged tree it may
/// stand elsewhere, even where these are in order.
pub(super) fn seek(
    reader: &RowReader<'_>,
    tree: &Tree,
    rowid: i64,
    held: &mut Held,
) -> Result<Option<(usize, usize)>, SourceError> {
    let at = tree.leaves.partition_point(|leaf| leaf.upper < rowid);
    for leaf in [Some(at), at.checked_sub(1), at.checked_add(1)].into_iter().flatten() {
        let Some(Leaf { page, .. }) = tree.leaves.get(leaf).copied() else { continue };
        let usable = reader.pager.layout.usable;
        let read = reader.pager.hold(page, held)?;
        let node = read.and_then(|(buf, origin)| Node::new(buf, page, usable, origin.present));
        let Some(node) = node.filter(|node| node.kind.has_records()) else { continue };
        if let Some(cell) = halving(&node, rowid).or_else(|| walking(&node, rowid)) {
            return Ok(Some((leaf, cell)));
        }
    }
    Ok(None)
}

/// The cell of a rowid, on a page in order.
fn halving(node: &Node<'_>, rowid: i64) -> Option<usize> {
    let (mut from, mut to) = (0, node.cells);
    while from < to {
        let middle = from + (to - from) / 2;
        let here = node.cell(middle).ok()?.rowid;
        if here == rowid {
            return Some(middle);
        }
        if here < rowid {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    None
}

/// The cell of a rowid, on a page in any order.
fn walking(node: &Node<'_>, rowid: i64) -> Option<usize> {
    (0..node.cells).find(|cell| node.cell(*cell).is_ok_and(|cell| cell.rowid == rowid))
}

/// A row that stands where [`seek`] does not look.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stray {
    rowid: i64,
    leaf: u32,
    cell: u16,
}

/// So many are remembered: 24 MB of them. Rows beyond count as not there.
const MOST_STRAYS: usize = 1 << 20;

/// All strays of a tree, by rowid. Every page is read for it, so it is done once: in a damaged table
/// each of a million rows may be one.
pub(super) fn strays(reader: &RowReader<'_>, tree: &Tree) -> Result<Vec<Stray>, SourceError> {
    let (mut strays, mut buf) = (Vec::new(), Vec::new());
    for (index, leaf) in tree.leaves.iter().enumerate() {
        let Some(origin) = reader.pager.read(leaf.page, &mut buf)? else { continue };
        let node = Node::new(&buf, leaf.page, reader.pager.layout.usable, origin.present);
        let Some(node) = node.filter(|node| node.kind.has_records()) else { continue };
        for number in 0..node.cells {
            let Ok(cell) = node.cell(number) else { continue };
            let sought = tree.leaves.partition_point(|leaf| leaf.upper < cell.rowid);
            if sought.abs_diff(index) > 1 && strays.len() < MOST_STRAYS {
                let leaf = u32::try_from(index).unwrap_or(u32::MAX);
                let number = u16::try_from(number).unwrap_or(u16::MAX);
                strays.push(Stray { rowid: cell.rowid, leaf, cell: number });
            }
        }
    }
    sort_by_key(&mut strays, |stray| (stray.rowid, stray.leaf, stray.cell));
    Ok(strays)
}

/// The leaf and the cell of a rowid, of several the first.
pub(super) fn stray(strays: &[Stray], rowid: i64) -> Option<(usize, usize)> {
    let at = strays.partition_point(|stray| stray.rowid < rowid);
    let found = strays.get(at).filter(|stray| stray.rowid == rowid)?;
    Some((usize::try_from(found.leaf).ok()?, usize::from(found.cell)))
}
