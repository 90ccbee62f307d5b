//! Indexes that do not have the entries of their table: how many are missing, and how many have
//! no row.
//!
//! The first pass only sums up. Where the sums differ, table and index are read once more and the
//! hashes of both are compared as sorted lists, if they are not too many to be kept.

use alloc::vec::Vec;

use super::super::map::PageKind;
use super::super::node::Node;
use super::entries::Compare;
use super::{CheckJob, Phase};
use crate::finding::Code;
use crate::sorting::sort;
use crate::source::SourceError;

/// Hashes kept of each side: 32 MiB together at most for each index.
const MOST: usize = 1 << 21;

/// The hashes of the indexes that differ.
#[derive(Debug, Default)]
pub(super) struct Differences {
    of: Vec<Difference>,
}

#[derive(Debug)]
struct Difference {
    index: usize,
    rows: Vec<u64>,
    entries: Vec<u64>,
}

impl CheckJob<'_> {
    pub(super) fn count_row(&mut self, index: usize, hash: Option<u64>) {
        let Some(hash) = hash else { return };
        match &mut self.differences {
            None => {
                if let Some(state) = self.states.get_mut(index) {
                    state.rows.add(hash);
                }
            }
            Some(differences) => {
                let of = differences.of.iter_mut().find(|of| of.index == index);
                if let Some(of) = of.filter(|of| of.rows.len() < MOST) {
                    of.rows.push(hash);
                }
            }
        }
    }

    pub(super) fn count_entry(&mut self, index: usize, hash: u64) {
        match &mut self.differences {
            None => {
                if let Some(state) = self.states.get_mut(index) {
                    state.entries.add(hash);
                }
            }
            Some(differences) => {
                let of = differences.of.iter_mut().find(|of| of.index == index);
                if let Some(of) = of.filter(|of| of.entries.len() < MOST) {
                    of.entries.push(hash);
                }
            }
        }
    }

    /// Reads the next page of a table or index that differs.
    pub(super) fn compare_again(&mut self, page: u32) -> Result<u64, SourceError> {
        if self.differences.is_none() {
            let differ = |(_, state): &(usize, &super::IndexState)| match state.compare {
                Compare::Not => false,
                Compare::Subset => state.entries.count > 0,
                Compare::Whole => state.rows != state.entries,
            };
            let of: Vec<Difference> = self
                .states
                .iter()
                .enumerate()
                .filter(differ)
                .map(|(index, _)| Difference { index, rows: Vec::new(), entries: Vec::new() })
                .collect();
            if of.is_empty() {
                self.phase = Phase::Orphans { next: 1, second: false };
                return Ok(0);
            }
            self.differences = Some(Differences { of });
        }
        if page > self.pager.layout.readable {
            self.report_differences();
            self.phase = Phase::Orphans { next: 1, second: false };
            return Ok(0);
        }
        self.phase = Phase::Differences { next: page + 1 };
        if !self.differs(page) {
            return Ok(0);
        }
        let mut bytes = core::mem::take(&mut self.scratch.page);
        if let Some(origin) = self.pager.read(page, &mut bytes)? {
            let usable = self.pager.layout.usable;
            if let Some(node) = Node::new(&bytes, page, usable, origin.present) {
                self.hash_again(page, &node)?;
            }
        }
        self.scratch.page = bytes;
        Ok(u64::from(self.pager.layout.page_size))
    }

    /// Whether a page belongs to an index that differs, or to such an index's table.
    fn differs(&self, page: u32) -> bool {
        let records = matches!(
            self.pages.kind(page),
            PageKind::TableLeaf | PageKind::IndexLeaf | PageKind::IndexInterior
        );
        let tree = self.pages.owner(page).and_then(|owner| self.trees.get(owner));
        let (Some(tree), Some(differences)) = (tree.filter(|_| records), &self.differences) else {
            return false;
        };
        differences
            .of
            .iter()
            .any(|of| tree.index == Some(of.index) || tree.compared.contains(&of.index))
    }

    /// The same checks as before, for the sake of their sums; what they find is known already.
    fn hash_again(&mut self, page: u32, node: &Node<'_>) -> Result<(), SourceError> {
        let findings =
            core::mem::replace(&mut self.findings, crate::finding::Findings::with_limit(0));
        let rows = self.rows;
        let mut before = super::entries::Before::Nothing;
        for index in 0..node.cells {
            let Ok(cell) = node.cell(index) else { continue };
            if node.kind.is_table() {
                self.check_row(page, node, index, &cell)?;
            } else {
                self.check_entry(page, node, index, &cell, &mut before)?;
            }
        }
        self.rows = rows;
        self.findings = findings;
        Ok(())
    }

    fn report_differences(&mut self) {
        let Some(differences) = self.differences.take() else { return };
        for mut of in differences.of {
            let Some(state) = self.states.get(of.index) else { continue };
            let (rows, entries) = (state.rows.count, state.entries.count);
            let full = of.rows.len() as u64 == rows && of.entries.len() as u64 == entries;
            let (missing, extra) = if full {
                missing_and_extra(&mut of.rows, &mut of.entries)
            } else {
                // At least so many.
                (rows.saturating_sub(entries), entries.saturating_sub(rows))
            };
            let (missing, full) = match state.compare {
                Compare::Whole => (missing, full),
                _ if !full || extra == 0 => continue,
                _ => (0, false),
            };
            let root = self.indexes.get(of.index).map_or(0, |index| index.root);
            self.find(Code::SqliteIndex, root, None, |values| {
                values
                    .with("index_missing", missing)
                    .with("index_extra", extra)
                    .with("index_counted", full)
            });
        }
    }
}

/// How many of the first are not among the second, and the other way round.
fn missing_and_extra(rows: &mut [u64], entries: &mut [u64]) -> (u64, u64) {
    sort(rows);
    sort(entries);
    let (mut rows, mut entries) = (rows.iter().peekable(), entries.iter().peekable());
    let (mut missing, mut extra) = (0, 0);
    loop {
        match (rows.peek(), entries.peek()) {
            (None, None) => return (missing, extra),
            (Some(row), Some(entry)) if row == entry => {
                rows.next();
                entries.next();
            }
            (Some(row), entry) if entry.is_none_or(|entry| row < entry) => {
                missing += 1;
                rows.next();
            }
            _ => {
                extra += 1;
                entries.next();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::missing_and_extra;

    #[test]
    fn two_lists_are_compared_as_bags() {
        assert_eq!(missing_and_extra(&mut [3, 1, 1, 5], &mut [1, 4, 5]), (2, 1));
        assert_eq!(missing_and_extra(&mut [], &mut [4, 4]), (0, 2));
        assert_eq!(missing_and_extra(&mut [7], &mut [7]), (0, 0));
    }
}
