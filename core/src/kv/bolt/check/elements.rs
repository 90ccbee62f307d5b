//! The elements of a page: whether they lie inside it, whether their keys are in order, and what
//! they lead to.

use alloc::borrow::Cow;
use alloc::rc::Rc;
use alloc::vec::Vec;

use super::State;
use super::bucket::Bucket;
use super::tasks::{Bounds, Task};
use crate::finding::{Code, Span};
use crate::kv::bolt::format::{
    BUCKET_HEADER, ELEMENT, Element, Leads, MAX_KEY, PAGE_HEADER, u64_at,
};
use crate::kv::bolt::owners::Place;
use crate::kv::bolt::page::Page;
use crate::kv::bucket::BucketId;
use crate::source::{Source, SourceError};

/// The keys of buckets are counted down to this depth.
const COUNTED: usize = 2;

/// Faults of one kind on a page: the first, and how many.
#[derive(Debug)]
pub(super) struct Many {
    pub(super) what: &'static str,
    pub(super) index: u16,
    pub(super) at: u64,
    pub(super) count: u64,
}

pub(super) fn add(all: &mut Vec<Many>, what: &'static str, index: u16, at: u64) {
    match all.iter_mut().find(|many| many.what == what) {
        Some(many) => many.count += 1,
        None => all.push(Many { what, index, at, count: 1 }),
    }
}

/// What the elements of a page came to.
#[derive(Debug, Default)]
pub(super) struct Elements {
    /// Elements that cannot be.
    pub(super) wrong: Vec<Many>,
    /// Keys that are not where they belong.
    pub(super) order: Vec<Many>,
    /// Where the last of what lies inside the page ends.
    pub(super) end: u64,
}

/// What is wrong with an element, apart from its key's place in the order.
pub(super) fn fault_of(page: &Page, element: &Element, after: u64) -> Option<&'static str> {
    if element.ksize == 0 {
        Some("empty_key")
    } else if element.ksize > MAX_KEY {
        Some("long_key")
    } else if element.end() > page.extent {
        Some("outside")
    } else if element.key < after {
        Some("overlap")
    } else if matches!(element.leads, Leads::Value { flags, .. } if flags > 1) {
        Some("flags")
    } else {
        None
    }
}

/// Looks at the elements of a page one by one; `each` gets them with their keys, as far as these
/// can be read.
pub(super) fn look<'a, S: Source>(
    source: &S,
    page: &'a Page,
    bounds: &Bounds,
    mut each: impl FnMut(u16, &Element, Option<&[u8]>) -> Result<(), SourceError>,
) -> Result<Elements, SourceError> {
    let mut found = Elements::default();
    let mut after = PAGE_HEADER + ELEMENT * u64::from(page.header.count);
    found.end = after;
    let mut previous: Option<Cow<'a, [u8]>> = None;
    let mut budget = page.extent.saturating_mul(2);
    for index in 0..page.fitting() {
        let Some(element) = page.element(index) else { break };
        let fault = fault_of(page, &element, after);
        if let Some(fault) = fault {
            add(&mut found.wrong, fault, index, element.at);
        }
        if element.end() <= page.extent {
            after = after.max(element.end());
            found.end = found.end.max(element.end());
        }
        // In a sound page keys take no more room than there is; only so much is compared.
        budget = budget.saturating_sub(element.ksize);
        let key = match element.ksize {
            // It has its place in the order, as bbolt sees it: before all others.
            0 => Some(Cow::Borrowed(&[][..])),
            _ if budget == 0 => None,
            _ => page.key(source, &element)?,
        };
        if let Some(key) = &key {
            if let Some(fault) = out_of_order(key, previous.as_deref(), bounds) {
                add(&mut found.order, fault, index, element.key);
            }
            if bounds.high.as_deref().is_some_and(|high| &**key >= high) {
                add(&mut found.order, "next", index, element.key);
            }
        }
        each(index, &element, key.as_deref())?;
        previous = key.or(previous);
    }
    Ok(found)
}

fn out_of_order(key: &[u8], previous: Option<&[u8]>, bounds: &Bounds) -> Option<&'static str> {
    match previous {
        Some(previous) if key == previous => Some("repeated"),
        Some(previous) if key < previous => Some("previous"),
        Some(_) => None,
        None => bounds.low.as_deref().is_some_and(|low| key < low).then_some("ancestor"),
    }
}

impl State {
    /// Looks at the elements of a page of the tree, and returns what they lead to.
    pub(super) fn elements<S: Source>(
        &mut self,
        source: &S,
        page: &Page,
        task: &Task,
    ) -> Result<Vec<Task>, SourceError> {
        self.count(page, task);
        let mut next: Vec<Task> = Vec::new();
        let mut buckets = Vec::new();
        let (mut keys, mut values) = (0, 0);
        let counted = task.bucket.counted.filter(|_| page.is_leaf());
        let mut tally = counted.and_then(|bucket| self.tallies.get_mut(bucket));
        let found = look(source, page, &task.bounds, |index, element, key| {
            keys += u64::from(key.is_some());
            if let (Some(tally), Some(key)) = (tally.as_mut(), key) {
                let is_bucket =
                    matches!(element.leads, Leads::Value { flags, .. } if flags & 1 != 0);
                tally.add(key.len(), is_bucket);
            }
            match element.leads {
                Leads::Page(child) => {
                    // A page is looked at even if the key that leads to it cannot be read.
                    let low: Option<Rc<[u8]>> = key.map(Rc::from);
                    if let Some((before, low)) = next.last_mut().zip(low.as_ref()) {
                        before.bounds.high = Some(Rc::clone(low));
                    }
                    let bounds = Bounds { low, high: task.bounds.high.clone() };
                    next.push(task.beneath(child, index, bounds));
                }
                Leads::Value { flags, vsize } if flags & 1 != 0 && element.end() <= page.extent => {
                    let header = page.slice(source, element.value(), vsize.min(BUCKET_HEADER))?;
                    let root = header.as_deref().and_then(|header| u64_at(header, 0));
                    let root = root.filter(|_| vsize >= BUCKET_HEADER);
                    buckets.extend(key.map(|key| (index, *element, key.to_vec(), root)));
                }
                Leads::Value { .. } => values += u64::from(key.is_some()),
            }
            Ok(())
        })?;
        self.figures.keys += if page.is_leaf() { keys } else { 0 };
        self.figures.values += values;
        self.report(page, task, &found);
        // Sound elements do not overlap. Some may in a damaged page; not all of them again and again.
        let mut room = page.extent.saturating_mul(2);
        for (index, element, key, root) in buckets {
            self.figures.buckets += 1;
            let bucket = self.bucket(task, &key, root);
            match root {
                Some(0) => {
                    let len = element.end().saturating_sub(element.value());
                    room = room.saturating_sub(len);
                    if room > 0 {
                        self.inline(source, page, &element, index, &bucket)?;
                    }
                }
                Some(root) => {
                    next.push(Task::bucket(root, Place::Element(task.pgid, index), bucket));
                }
                None => self.inline_fault("short", page, &element, index, &bucket),
            }
        }
        Ok(next)
    }

    /// The bucket of that key in the page's bucket.
    fn bucket(&mut self, task: &Task, key: &[u8], root: Option<u64>) -> Rc<Bucket> {
        let (top, hits) = match task.bucket.depth {
            0 => self.marks.top(self.kind, key),
            _ => (task.bucket.top, task.bucket.hits),
        };
        let mut bucket = Bucket::inside(&task.bucket, key, top, hits);
        if let Some(root) = root.filter(|root| *root > 0 && bucket.depth <= COUNTED) {
            bucket.counted = Some(BucketId(root));
            self.tallies.open(BucketId(root));
        }
        Rc::new(bucket)
    }

    /// Whether the page has room for as many elements as it claims to have, and whether it may be
    /// empty: only a bucket's first page may, and bbolt leaves zeros behind its header.
    fn count(&mut self, page: &Page, task: &Task) {
        let (claims, fits) = (page.header.count, page.fitting());
        let may_be_empty = page.is_leaf() && task.depth == 0 && page.is_blank();
        if fits < claims || (claims == 0 && !may_be_empty) {
            let span = page.span(10, 12);
            self.fault(Code::BoltCount, task.pgid, span, &task.bucket, |values| {
                values.with("elements", u32::from(claims)).with("fitting", u32::from(fits))
            });
        }
    }

    fn report(&mut self, page: &Page, task: &Task, found: &Elements) {
        let Task { pgid, bucket, .. } = task;
        for many in &found.wrong {
            let span = page.span(many.at, many.at + ELEMENT);
            self.fault(Code::BoltElement, *pgid, span, bucket, |values| {
                values
                    .with("element", u32::from(many.index))
                    .with("element_fault", many.what)
                    .with("count", many.count)
            });
        }
        for many in &found.order {
            let span = match page.element(many.index) {
                Some(element) if element.ksize > 0 && element.value() <= page.extent => {
                    page.span(element.key, element.value())
                }
                // A key without bytes stands nowhere, or behind the page: this says so.
                Some(element) => page.span(element.at, element.at + ELEMENT),
                None => Span::default(),
            };
            let child = page.child(many.index);
            self.fault(Code::BoltKeyOrder, *pgid, span, bucket, |values| {
                values
                    .with("element", u32::from(many.index))
                    .with("order_fault", many.what)
                    .with("count", many.count)
                    .with_some("child", child)
            });
        }
        // bbolt has rounded up by a page more where it was exact.
        let needed = found.end.div_ceil(self.geometry.page_size).saturating_sub(1);
        let has = u64::from(page.header.overflow);
        let inside = task.pgid.saturating_add(has) < self.geometry.hwm.min(self.geometry.pages());
        if has > needed.saturating_add(1) && inside {
            let span = page.span(12, 16);
            self.fault(Code::BoltOverflow, *pgid, span, bucket, |values| {
                values.with("overflow", has).with("needed", needed)
            });
        }
    }
}
