//! The pages that are still to be looked at, in an order that suits the disk.

use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::vec::Vec;

use super::bucket::Bucket;
use crate::kv::bolt::format::Pgid;
use crate::kv::bolt::owners::Place;

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

/// So many tasks wait in the order of their pages; with more of them, memory would follow the
/// file. The others are done at once, those that were found last first.
const WAITING: usize = 65_536;

/// Like an elevator: on from the page that was looked at last, to the end, and from the beginning
/// again. So a file is read in a few sweeps, one for each level of its trees, and what was read
/// ahead is used.
#[derive(Debug, Default)]
pub(super) struct Tasks {
    waiting: BTreeMap<(Pgid, u64), Task>,
    at_once: Vec<Task>,
    last: Pgid,
    made: u64,
}

impl Tasks {
    pub(super) fn push(&mut self, task: Task) {
        if self.waiting.len() < WAITING {
            self.made += 1;
            self.waiting.insert((task.pgid, self.made), task);
        } else {
            self.at_once.push(task);
        }
    }

    pub(super) fn pop(&mut self) -> Option<Task> {
        if let Some(task) = self.at_once.pop() {
            return Some(task);
        }
        let next = self.waiting.range((self.last, 0)..).next().map(|(key, _)| *key);
        let key = next.or_else(|| self.waiting.keys().next().copied())?;
        self.last = key.0;
        self.waiting.remove(&key)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.at_once.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_taken_upwards_and_then_from_the_beginning() {
        let root = Rc::new(Bucket::root());
        let mut tasks = Tasks::default();
        let push = |tasks: &mut Tasks, pgid| tasks.push(Task::root(pgid, Rc::clone(&root)));
        let pop = |tasks: &mut Tasks| tasks.pop().map(|task| task.pgid);
        for page in [9, 3, 7, 7] {
            push(&mut tasks, page);
        }
        assert_eq!([pop(&mut tasks), pop(&mut tasks)], [Some(3), Some(7)]);
        for page in [5, 8] {
            push(&mut tasks, page);
        }
        let rest: Vec<_> = core::iter::from_fn(|| pop(&mut tasks)).collect();
        assert_eq!(rest, [7, 8, 9, 5]);
        assert!(tasks.is_empty());
    }
}
