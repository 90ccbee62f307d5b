//! Down the tree: each page that something leads to, once.
//!
//! Each brings along the keys between which its own must be, so that the order in which pages are
//! looked at is free ([`super::tasks`]).

use alloc::string::String;
use alloc::vec::Vec;

use super::State;
use super::map::PageKind;
use super::tasks::{Task, parent};
use crate::finding::Code;
use crate::kv::bolt::format::{Header, Pgid};
use crate::kv::bolt::owners::Claim;
use crate::kv::bolt::page::{Page, PageFault};
use crate::kv::bolt::walk::MAX_DEPTH;
use crate::source::{Source, SourceError, read_span};

impl State {
    /// Looks at a page, and puts what it leads to on the list. Returns how many bytes were read.
    pub(super) fn visit<S: Source>(&mut self, source: &S, task: &Task) -> Result<u64, SourceError> {
        let Some(mut page) = self.arrive(source, task)? else {
            return Ok(self.geometry.page_size);
        };
        let overflow = self.take_overflow(&page, task);
        page.extend(source, &self.geometry, overflow)?;
        let kind = if page.is_leaf() { PageKind::Leaf } else { PageKind::Branch };
        if page.is_leaf() {
            self.figures.leaves += 1;
        } else {
            self.figures.branches += 1;
        }
        self.figures.depth = self.figures.depth.max(task.depth as u64 + 1);
        let top = task.bucket.top;
        self.marks.change(task.pgid, |mark| (mark.kind, mark.top) = (Some(kind), top));
        let next = self.elements(source, &page, task)?;
        self.push(task, next);
        Ok(self.geometry.page_size.saturating_mul(overflow.saturating_add(1)))
    }

    /// Whether the page may be read as one of the tree, and its first page if so.
    fn arrive<S: Source>(&mut self, source: &S, task: &Task) -> Result<Option<Page>, SourceError> {
        let Task { pgid, bucket, .. } = task;
        let pgid = *pgid;
        let span = self.page_span(pgid);
        let hwm = self.geometry.hwm;
        if pgid >= hwm {
            let parent = task.parent();
            self.fault(Code::BoltOutOfBounds, pgid, span, bucket, |values| {
                values.with("parent", parent).with("hwm", hwm)
            });
        }
        if pgid >= self.geometry.pages() {
            if pgid < hwm {
                self.fault(Code::BoltMissingPage, pgid, span, bucket, |values| values);
            }
            return Ok(None);
        }
        if let Claim::Other(first) = self.owners.claim(pgid, task.from) {
            self.referenced_again(pgid, task, parent(first));
            if matches!(self.marks.get(pgid).kind, Some(PageKind::Meta | PageKind::Freelist)) {
                self.wrong_type(source, task)?;
            }
            return Ok(None);
        }
        if let Some(head) = self.owners.head(pgid) {
            self.referenced_again(pgid, task, head);
        }
        if self.marks.get(pgid).freed {
            self.fault(Code::BoltReachableFreed, pgid, span, bucket, |values| values);
        }
        if !self.geometry.has(pgid) {
            self.fault(Code::BoltMissingPage, pgid, span, bucket, |values| values);
        }
        let page = Page::open(source, &self.geometry, pgid)?;
        let Some(page) = page else { return Ok(None) };
        let header = page.header;
        match page.fault() {
            None => return Ok(Some(page)),
            Some(PageFault::Zero) => {
                self.fault(Code::BoltZeroPage, pgid, span, bucket, |values| values);
            }
            Some(PageFault::Type) => {
                self.fault(Code::BoltPageType, pgid, span, bucket, |values| {
                    values.with("page_flags", u32::from(header.flags))
                });
            }
            Some(PageFault::Id) => {
                self.fault(Code::BoltPageId, pgid, span, bucket, |values| {
                    values.with("says", header.id)
                });
            }
        }
        self.marks.change(pgid, |mark| mark.top = bucket.top);
        Ok(None)
    }

    /// Something leads to a meta page, or to the freelist.
    fn wrong_type<S: Source>(&mut self, source: &S, task: &Task) -> Result<(), SourceError> {
        let span = self.page_span(task.pgid);
        // Its header alone: a page may have thousands of elements that all lead here.
        let head = read_span(source, span.start, 16)?;
        let flags = Header::read(&head).map_or(0, |header| header.flags);
        self.fault(Code::BoltPageType, task.pgid, span, &task.bucket, |values| {
            values.with("page_flags", u32::from(flags))
        });
        Ok(())
    }

    /// The page has a second owner. What is hit is the worse of the two.
    fn referenced_again(&mut self, pgid: Pgid, task: &Task, first: Pgid) {
        let known = self.marks.name(self.marks.get(pgid).top);
        let (other, worse) = known.map_or((String::from("/"), task.bucket.hits), |top| {
            (top.name.clone(), top.hits.max(task.bucket.hits))
        });
        let span = self.page_span(pgid);
        let parent = task.parent();
        self.fault_hitting(
            Code::BoltMultipleReferences,
            pgid,
            span,
            &task.bucket,
            worse,
            |values| {
                values
                    .with("parent", parent)
                    .with("first_parent", first)
                    .with("first_bucket", other)
            },
        );
    }

    /// Takes the pages behind it that belong to it, and returns how many they are.
    fn take_overflow(&mut self, page: &Page, task: &Task) -> u64 {
        let claims = u64::from(page.header.overflow);
        let last = task.pgid.saturating_add(claims);
        let beyond = last >= self.geometry.hwm.min(self.geometry.pages());
        if claims > 0 && beyond {
            let span = page.span(12, 16);
            let left = self.geometry.hwm.min(self.geometry.pages()).saturating_sub(task.pgid);
            self.fault(Code::BoltOverflow, task.pgid, span, &task.bucket, |values| {
                values.with("overflow", claims).with("needed", left.saturating_sub(1))
            });
        }
        let (mut belong, mut broken) = (0, false);
        let end = last.min(self.geometry.pages().saturating_sub(1));
        for next in task.pgid.saturating_add(1)..=end {
            let head = self.owners.cover(next, task.pgid).err();
            let first = self.owners.place(next).map(parent).or(head);
            if let Some(first) = first {
                self.conflicts = self.conflicts.saturating_sub(1);
                self.referenced_again(next, task, first);
            }
            broken |= head.is_some();
            if broken && self.conflicts == 0 {
                break;
            }
            if !broken {
                belong += 1;
            }
            let mark = self.marks.get(next);
            if mark.freed {
                let span = self.page_span(next);
                self.fault(Code::BoltReachableFreed, next, span, &task.bucket, |values| values);
            }
            if mark.kind.is_none() {
                let top = task.bucket.top;
                self.marks
                    .change(next, |mark| (mark.kind, mark.top) = (Some(PageKind::Overflow), top));
                self.figures.overflow += 1;
            }
        }
        belong
    }

    /// Puts the pages beneath on the list, as far as they are not too deep.
    fn push(&mut self, task: &Task, mut next: Vec<Task>) {
        let too_deep = |one: &Task| one.depth >= MAX_DEPTH || one.bucket.depth >= MAX_DEPTH;
        if next.iter().any(too_deep) {
            next.retain(|one| !too_deep(one));
            let span = self.page_span(task.pgid);
            self.fault(Code::BoltTooDeep, task.pgid, span, &task.bucket, |values| {
                values.with("limit", MAX_DEPTH)
            });
        }
        for task in next {
            self.tasks.push(task);
        }
    }
}
