//! The pages that are still to be looked at, in an order that suits the disk.

use alloc::rc::Rc;
use alloc::vec::Vec;

use super::bucket::Bucket;
use crate::kv::bolt::format::Pgid;
use crate::kv::bolt::owners::Place;
use crate::sorting::sort_by_key;

/// The root bucket is led to by the meta, which is no page of the tree.
const FROM_META: Place = Place::Element(1, 0);

/// Keys between which those of a page must be: not less than the first, less than the second.
#[derive(Clone, Debug, Default)]
pub(super) struct Bounds {
    pub(super) low: Option<Rc<[u8]>>,
    pub(super) high: Option<Rc<[u8]>>,
}

/// A page to look at.
#[derive(Debug)]
pub(super) struct Task {
    pub(super) pgid: Pgid,
    /// What leads to it.
    pub(super) from: Place,
    pub(super) bucket: Rc<Bucket>,
    /// How many pages of its bucket lie above it.
    pub(super) depth: usize,
    pub(super) bounds: Bounds,
}

impl Task {
    /// The first page of a bucket.
    pub(super) fn bucket(pgid: Pgid, from: Place, bucket: Rc<Bucket>) -> Task {
        Task { pgid, from, bucket, depth: 0, bounds: Bounds::default() }
    }

    /// The first page of all.
    pub(super) fn root(pgid: Pgid, bucket: Rc<Bucket>) -> Task {
        Task::bucket(pgid, FROM_META, bucket)
    }

    /// A page beneath that one.
    pub(super) fn beneath(&self, pgid: Pgid, index: u16, bounds: Bounds) -> Task {
        let from = Place::Element(self.pgid, index);
        Task { pgid, from, bucket: Rc::clone(&self.bucket), depth: self.depth + 1, bounds }
    }

    /// The page that leads to it; 0, a meta page, for the root.
    pub(super) fn parent(&self) -> Pgid {
        parent(self.from)
    }
}

/// The page behind a place; 0, a meta page, for the root.
pub(super) fn parent(place: Place) -> Pgid {
    match place {
        Place::Element(page, _) if place != FROM_META => page,
        _ => 0,
    }
}

/// So many tasks make a sweep; with more of them, memory would follow the file. It does by a
/// little: a task takes some 200 bytes, and leads to a page.
const SWEEP: usize = 131_072;

/// A file is read in sweeps, one for each level of its trees, so that what was read ahead is used.
/// Where a level has more pages than a sweep, those that were found go first, as deep as they
/// lead, and the rest of the level later.
#[derive(Debug, Default)]
pub(super) struct Tasks {
    /// By page, from the end on.
    sweep: Vec<Task>,
    found: Vec<Task>,
    later: Vec<Vec<Task>>,
}

impl Tasks {
    pub(super) fn push(&mut self, task: Task) {
        self.found.push(task);
    }

    pub(super) fn pop(&mut self) -> Option<Task> {
        if self.found.len() >= SWEEP || self.sweep.is_empty() {
            let rest = core::mem::replace(&mut self.sweep, core::mem::take(&mut self.found));
            if !rest.is_empty() {
                self.later.push(rest);
            }
            sort_by_key(&mut self.sweep, |task| core::cmp::Reverse(task.pgid));
        }
        if self.sweep.is_empty() {
            self.sweep = self.later.pop()?;
        }
        self.sweep.pop()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.sweep.is_empty() && self.found.is_empty() && self.later.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_level_is_taken_by_page() {
        let root = Rc::new(Bucket::root());
        let mut tasks = Tasks::default();
        let push = |tasks: &mut Tasks, pgid| tasks.push(Task::root(pgid, Rc::clone(&root)));
        let pop = |tasks: &mut Tasks| tasks.pop().map(|task| task.pgid);
        for page in [9, 3, 7, 7] {
            push(&mut tasks, page);
        }
        assert_eq!([pop(&mut tasks), pop(&mut tasks)], [Some(3), Some(7)]);
        for page in [8, 5] {
            push(&mut tasks, page);
        }
        let rest: Vec<_> = core::iter::from_fn(|| pop(&mut tasks)).collect();
        assert_eq!(rest, [7, 9, 5, 8]);
        assert!(tasks.is_empty());
    }

    #[test]
    #[cfg_attr(miri, ignore = "a large input")]
    fn what_a_full_sweep_found_goes_before_the_rest_of_a_level() {
        let root = Rc::new(Bucket::root());
        let mut tasks = Tasks::default();
        for page in [1, 2] {
            tasks.push(Task::root(page, Rc::clone(&root)));
        }
        let pop = |tasks: &mut Tasks| tasks.pop().map(|task| task.pgid);
        assert_eq!(pop(&mut tasks), Some(1));
        let found = 10..10 + SWEEP as u64;
        for page in found.clone().rev() {
            tasks.push(Task::root(page, Rc::clone(&root)));
        }
        assert!(found.eq(core::iter::from_fn(|| pop(&mut tasks)).take(SWEEP)));
        assert_eq!([pop(&mut tasks), pop(&mut tasks)], [Some(2), None]);
    }
}
