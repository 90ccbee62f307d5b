//! The entries of a bucket, page by page, from any place on.
//!
//! Every page has one owner ([`super::owners`]), a way down has at most [`MAX_DEPTH`] pages and
//! never one of them twice, and what elements of a page claim to hold is added up: so a walk ends,
//! and its cost is that of the file, whatever stands there.

use alloc::vec;
use alloc::vec::Vec;

use super::Bolt;
use super::format::{BUCKET_HEADER, Element, Leads, PAGE_HEADER, Pgid, u64_at};
use super::owners::{Claim, Place};
use super::page::{Page, overflow};
use crate::kv::bucket::{BucketId, Cursor, Entries, Entry, Room, Value};
use crate::source::{Source, SourceError, read_span};

/// So many pages on the way from a bucket's root to a leaf; ten would hold more than any disk.
pub(super) const MAX_DEPTH: usize = 64;

/// The bucket is inline, and the other bits are the offset of its element in the file.
pub(super) const INLINE: u64 = 1 << 63;

/// A page on the way down.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) page: Page,
    /// The element to look at next.
    pub(super) index: u16,
    /// Bytes of keys and values that the elements before it claim.
    used: u64,
}

impl Frame {
    pub(super) fn new(page: Page) -> Frame {
        Frame { page, index: 0, used: 0 }
    }

    /// Which page it is, in a cursor.
    fn name(&self) -> u64 {
        if self.page.pgid == 0 { INLINE | self.page.at } else { self.page.pgid }
    }

    /// The element to look at next, and its index; the one after it is then next.
    fn advance(&mut self) -> Option<(u16, Option<Element>)> {
        let index = self.index;
        if index >= self.page.fitting() {
            return None;
        }
        self.index += 1;
        let element = self.page.element(index).filter(|element| {
            // Sound elements do not overlap. Some may in a damaged page; not all of them twice.
            let claims = element.end().saturating_sub(element.key);
            let inside = element.end() <= self.page.extent;
            self.used = self.used.saturating_add(if inside { claims } else { 0 });
            self.used <= self.page.extent.saturating_mul(2)
        });
        Some((index, element))
    }
}

/// The way down of a walk that stopped for want of room: who goes on from there need not read it
/// again. Pages of 65,535 elements are a megabyte each, and a page of entries only a part of one.
#[derive(Debug)]
pub(super) struct Parked {
    bucket: BucketId,
    cursor: Cursor,
    stack: Vec<Frame>,
}

/// A walk through one bucket.
pub(super) struct Walk<'a, S> {
    bolt: &'a Bolt<S>,
    bucket: BucketId,
    stack: Vec<Frame>,
    unreadable: u64,
}

impl<'a, S: Source> Walk<'a, S> {
    /// From the first entry on, or from a cursor's.
    pub(super) fn new(
        bolt: &'a Bolt<S>,
        bucket: BucketId,
        from: Option<&Cursor>,
    ) -> Result<Self, SourceError> {
        let mut walk = Walk { bolt, bucket, stack: Vec::new(), unreadable: 0 };
        match from {
            None => match bolt.bucket_page(bucket)? {
                Some(page) => walk.enter(page),
                None => walk.unreadable += 1,
            },
            Some(cursor) => walk.resume(cursor)?,
        }
        Ok(walk)
    }

    /// Entries until there is no more room.
    pub(super) fn entries(mut self, room: Room) -> Result<Entries, SourceError> {
        let mut entries = Vec::new();
        let mut bytes = 0usize;
        while let Some(frame) = self.stack.last() {
            let leaf = frame.page.is_leaf();
            let more = frame.index < frame.page.fitting();
            let full = entries.len() >= room.entries.max(1)
                || (bytes >= room.bytes && !entries.is_empty());
            if leaf && more && full {
                return Ok(self.end(entries, true));
            }
            let Some(frame) = self.stack.last_mut() else { break };
            let Some((index, element)) = frame.advance() else {
                self.stack.pop();
                continue;
            };
            let Some(element) = element else {
                self.unreadable += 1;
                continue;
            };
            match element.leads {
                Leads::Page(child) => self.descend(index, child)?,
                Leads::Value { .. } => match self.entry(index, &element, room.value)? {
                    Some(entry) => {
                        bytes = bytes.saturating_add(size(&entry));
                        entries.push(entry);
                    }
                    None => self.unreadable += 1,
                },
            }
        }
        Ok(self.end(entries, false))
    }

    fn end(self, entries: Vec<Entry>, more: bool) -> Entries {
        let next = more.then(|| self.cursor());
        let Walk { bolt, bucket, stack, unreadable } = self;
        if let Some(cursor) = next.clone() {
            bolt.parked.replace(Some(Parked { bucket, cursor, stack }));
        }
        Entries { entries, next, unreadable }
    }

    fn enter(&mut self, page: Page) {
        // Elements that the page has no room for.
        self.unreadable += u64::from(page.header.count - page.fitting());
        self.stack.push(Frame::new(page));
    }

    fn descend(&mut self, index: u16, child: Pgid) -> Result<(), SourceError> {
        match self.child(index, child)? {
            Some(page) => self.enter(page),
            None => self.unreadable += 1,
        }
        Ok(())
    }

    /// The page beneath an element of the last page, if it may be walked.
    fn child(&self, index: u16, child: Pgid) -> Result<Option<Page>, SourceError> {
        let Some(parent) = self.stack.last().map(|frame| frame.page.pgid) else { return Ok(None) };
        let on_the_way = self.stack.iter().any(|frame| frame.page.pgid == child);
        if on_the_way || self.stack.len() >= MAX_DEPTH {
            return Ok(None);
        }
        self.bolt.page(child, Some(Place::Element(parent, index)))
    }

    fn entry(
        &self,
        index: u16,
        element: &Element,
        limit: usize,
    ) -> Result<Option<Entry>, SourceError> {
        match self.stack.last() {
            Some(frame) => self.bolt.entry(&frame.page, index, element, limit),
            None => Ok(None),
        }
    }

    /// Three numbers a page: which, the next element, the bytes used before it.
    fn cursor(&self) -> Cursor {
        let three = |frame: &Frame| [frame.name(), frame.index.into(), frame.used];
        Cursor(self.stack.iter().flat_map(three).collect())
    }

    /// Goes back to where a cursor was taken. One that does not fit this bucket leads nowhere.
    fn resume(&mut self, cursor: &Cursor) -> Result<(), SourceError> {
        let here = |parked: &mut Parked| parked.bucket == self.bucket && parked.cursor == *cursor;
        if let Some(parked) = self.bolt.parked.borrow_mut().take_if(here) {
            self.stack = parked.stack;
            return Ok(());
        }
        for three in cursor.0.chunks_exact(3) {
            let [name, index, used] = *three else { break };
            let page = match self.stack.last() {
                None => self.bolt.bucket_page(self.bucket)?,
                Some(frame) => {
                    let Some(index) = frame.index.checked_sub(1) else { break };
                    let Some(child) = frame.page.child(index) else { break };
                    self.child(index, child)?
                }
            };
            let Some(page) = page else { break };
            let frame = Frame { page, index: u16::try_from(index).unwrap_or(u16::MAX), used };
            if frame.name() != name {
                break;
            }
            self.stack.push(frame);
        }
        Ok(())
    }
}

fn size(entry: &Entry) -> usize {
    let value = match &entry.value {
        Value::Bytes { bytes, .. } => bytes.len(),
        Value::Bucket { .. } | Value::Unreadable => 0,
    };
    entry.key.len().saturating_add(value)
}

impl<S: Source> Bolt<S> {
    /// A page of the tree with its overflow, if it is one and belongs to the place that leads to
    /// it; a bucket that a caller asks for by its id is led to by nobody.
    pub(super) fn page(
        &self,
        pgid: Pgid,
        from: Option<Place>,
    ) -> Result<Option<Page>, SourceError> {
        if pgid < 2 || pgid >= self.geometry.pages() {
            return Ok(None);
        }
        if from.is_some_and(|from| {
            matches!(self.owners.borrow_mut().claim(pgid, from), Claim::Other(_))
        }) {
            return Ok(None);
        }
        let Some(mut page) = Page::open(&self.source, &self.geometry, pgid)? else {
            return Ok(None);
        };
        if page.fault().is_some() {
            return Ok(None);
        }
        let pages =
            overflow(&mut self.owners.borrow_mut(), &self.geometry, pgid, page.header.overflow);
        page.extend(&self.source, &self.geometry, pages)?;
        Ok(Some(page))
    }

    /// The first page of a bucket.
    pub(super) fn bucket_page(&self, bucket: BucketId) -> Result<Option<Page>, SourceError> {
        if bucket.0 & INLINE == 0 {
            self.page(bucket.0, None)
        } else {
            self.inline_page(bucket.0 & !INLINE)
        }
    }

    /// The page of an inline bucket whose element stands at that offset of the file. It is at most
    /// a quarter of a page; a longer one is cut.
    fn inline_page(&self, at: u64) -> Result<Option<Page>, SourceError> {
        let head = read_span(&self.source, at, 16)?;
        let Some(Element { leads: Leads::Value { vsize, .. }, key, ksize, .. }) =
            Element::read(&head, 0, true)
        else {
            return Ok(None);
        };
        let start = at.saturating_add(key).saturating_add(ksize).saturating_add(BUCKET_HEADER);
        let len = vsize.saturating_sub(BUCKET_HEADER).min(self.geometry.page_size);
        let bytes = read_span(&self.source, start, usize::try_from(len).unwrap_or(0))?;
        Ok(Page::inline(start, bytes).filter(Page::is_leaf))
    }

    /// The entry of a leaf's element; nothing if its key cannot be read.
    pub(super) fn entry(
        &self,
        page: &Page,
        index: u16,
        element: &Element,
        limit: usize,
    ) -> Result<Option<Entry>, SourceError> {
        let Leads::Value { flags, vsize } = element.leads else { return Ok(None) };
        let Some(key) = page.key(&self.source, element)? else { return Ok(None) };
        let key = key.into_owned();
        let at = page.span(element.key, element.end().min(page.extent));
        let value = if element.end() > page.extent {
            Value::Unreadable
        } else if flags & 1 != 0 {
            self.bucket(page, index, element, vsize)?
        } else {
            let wanted = vsize.min(limit as u64);
            let bytes = page.slice(&self.source, element.value(), wanted)?;
            match bytes {
                Some(bytes) => Value::Bytes { bytes: bytes.into_owned(), len: vsize },
                None => Value::Unreadable,
            }
        };
        Ok(Some(Entry { key, at: at.into(), value }))
    }

    /// The bucket that an element leads to. One inside an inline bucket cannot be: bbolt writes
    /// none, and it would have to be looked for without an end.
    fn bucket(
        &self,
        page: &Page,
        index: u16,
        element: &Element,
        vsize: u64,
    ) -> Result<Value, SourceError> {
        let header = page.slice(&self.source, element.value(), vsize.min(BUCKET_HEADER))?;
        let root = header.as_deref().and_then(|header| u64_at(header, 0));
        let sequence = header.as_deref().and_then(|header| u64_at(header, 8));
        let (Some(root), Some(sequence)) = (root, sequence) else { return Ok(Value::Unreadable) };
        let id = match root {
            _ if page.pgid == 0 => return Ok(Value::Unreadable),
            0 if vsize < BUCKET_HEADER + PAGE_HEADER => return Ok(Value::Unreadable),
            0 => INLINE | page.at.saturating_add(element.at),
            _ if root < 2 || root >= self.geometry.pages() => return Ok(Value::Unreadable),
            _ => match self.owners.borrow_mut().claim(root, Place::Element(page.pgid, index)) {
                Claim::First | Claim::Again => root,
                Claim::Other(_) => return Ok(Value::Unreadable),
            },
        };
        Ok(Value::Bucket { id: BucketId(id), sequence })
    }

    /// Entries whose keys are out of order make a search meaningless; then everything is read.
    pub(super) fn seek(&self, bucket: BucketId, key: &[u8]) -> Result<Sought, SourceError> {
        let Some(page) = self.bucket_page(bucket)? else { return Ok(Sought::Nothing) };
        let mut stack = vec![page];
        let mut bounds: (Vec<u8>, Option<Vec<u8>>) = (Vec::new(), None);
        loop {
            let Some(page) = stack.last() else { return Ok(Sought::Nothing) };
            let Some(keys) = self.keys(page, &bounds)? else { return Ok(Sought::OutOfOrder) };
            let place = keys.partition_point(|known| known.as_slice() <= key);
            if page.is_leaf() {
                let index = place
                    .checked_sub(1)
                    .filter(|index| keys.get(*index).is_some_and(|known| known == key));
                let Some(index) = index.and_then(|index| u16::try_from(index).ok()) else {
                    return Ok(Sought::Nothing);
                };
                let Some(element) = page.element(index) else { return Ok(Sought::Nothing) };
                let entry = self.entry(page, index, &element, usize::MAX)?;
                return Ok(entry.map_or(Sought::Nothing, Sought::Entry));
            }
            // Before the first key there is nothing; bbolt looks beneath the first.
            let index = place.saturating_sub(1);
            let (Some(low), Ok(at)) = (keys.get(index), u16::try_from(index)) else {
                return Ok(Sought::Nothing);
            };
            let high = keys.get(index + 1).cloned().or(bounds.1.take());
            let next = page.child(at).filter(|child| stack.iter().all(|page| page.pgid != *child));
            let (Some(child), true) = (next, stack.len() < MAX_DEPTH) else {
                return Ok(Sought::Nothing);
            };
            let from = Place::Element(page.pgid, at);
            bounds = (low.clone(), high);
            match self.page(child, Some(from))? {
                Some(page) => stack.push(page),
                None => return Ok(Sought::Nothing),
            }
        }
    }

    /// The keys of a page, if they are in order and within the bounds.
    fn keys(
        &self,
        page: &Page,
        bounds: &(Vec<u8>, Option<Vec<u8>>),
    ) -> Result<Option<Vec<Vec<u8>>>, SourceError> {
        let (low, high) = bounds;
        let mut keys: Vec<Vec<u8>> = Vec::new();
        let mut used = 0u64;
        if page.fitting() != page.header.count {
            return Ok(None);
        }
        for index in 0..page.fitting() {
            let Some(element) = page.element(index) else { return Ok(None) };
            used = used.saturating_add(element.ksize);
            let key = if used > page.extent { None } else { page.key(&self.source, &element)? };
            let Some(key) = key else { return Ok(None) };
            let above = keys.last().map_or(&*key >= low.as_slice(), |last| &*key > last.as_slice());
            if !above || high.as_ref().is_some_and(|high| &*key >= high.as_slice()) {
                return Ok(None);
            }
            keys.push(key.into_owned());
        }
        Ok(Some(keys))
    }
}

/// What a search came to.
pub(super) enum Sought {
    Entry(Entry),
    Nothing,
    OutOfOrder,
}
