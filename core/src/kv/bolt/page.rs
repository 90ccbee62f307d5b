//! One page, its overflow included, as far as the file has it.
//!
//! Only the first page and the elements are held; keys and values that lie beyond are read where
//! they are wanted, for the overflow of a page is as long as its longest value.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use super::format::{
    ELEMENT, Element, Header, Leads, MAX_KEY, PAGE_HEADER, PageType, Pgid, element_at,
};
use super::owners::Owners;
use crate::finding::Span;
use crate::source::{Source, SourceError, read_span};

/// Where pages stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Geometry {
    /// Bytes of a page.
    pub page_size: u64,
    /// The high water mark: one more than the last page in use, as the meta says.
    pub hwm: Pgid,
    /// Bytes of the file.
    pub len: u64,
}

impl Geometry {
    /// How many pages the file has, the last of them perhaps cut short.
    pub const fn pages(&self) -> u64 {
        self.len.div_ceil(self.page_size)
    }

    /// The bytes of so many pages from that one on, as far as they are in the file.
    pub const fn span(&self, first: Pgid, pages: u64) -> Span {
        let start = first.saturating_mul(self.page_size);
        let end = start.saturating_add(pages.saturating_mul(self.page_size));
        let (len, cut) = (self.len, start > self.len);
        Span::new(if cut { len } else { start }, if end > len { len } else { end })
    }

    /// Whether the whole page is in the file.
    pub const fn has(&self, page: Pgid) -> bool {
        page < self.len / self.page_size
    }
}

/// Why a page cannot be read as a page of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PageFault {
    /// Nothing but zeros.
    Zero,
    /// Neither a branch nor a leaf.
    Type,
    /// It says that it is another page.
    Id,
}

#[derive(Debug)]
pub(super) struct Page {
    /// Its number; 0 for the page of an inline bucket.
    pub(super) pgid: Pgid,
    /// Its offset in the file.
    pub(super) at: u64,
    pub(super) header: Header,
    /// How many bytes belong to it, overflow included, and are in the file.
    pub(super) extent: u64,
    /// The first of them.
    bytes: Vec<u8>,
}

impl Page {
    /// Reads the first page of what may be several; nothing if the file ends before its header
    /// does.
    pub(super) fn open<S: Source + ?Sized>(
        source: &S,
        geometry: &Geometry,
        pgid: Pgid,
    ) -> Result<Option<Page>, SourceError> {
        let span = geometry.span(pgid, 1);
        let bytes = read_span(source, span.start, usize::try_from(span.len()).unwrap_or(0))?;
        let Some(header) = Header::read(&bytes) else { return Ok(None) };
        Ok(Some(Page { pgid, at: span.start, header, extent: span.len(), bytes }))
    }

    /// The page inside an inline bucket's value, at this offset of the file.
    pub(super) fn inline(at: u64, bytes: Vec<u8>) -> Option<Page> {
        let header = Header::read(&bytes)?;
        Some(Page { pgid: 0, at, header, extent: bytes.len() as u64, bytes })
    }

    /// Why it is no page of the tree.
    pub(super) fn fault(&self) -> Option<PageFault> {
        let is_tree = matches!(self.header.page_type(), Some(PageType::Branch | PageType::Leaf));
        if is_tree && self.header.id == self.pgid {
            None
        } else if self.bytes.iter().all(|byte| *byte == 0) {
            Some(PageFault::Zero)
        } else if is_tree {
            Some(PageFault::Id)
        } else {
            Some(PageFault::Type)
        }
    }

    /// Takes the overflow too, as far as it belongs to this page, and reads the elements there.
    pub(super) fn extend<S: Source + ?Sized>(
        &mut self,
        source: &S,
        geometry: &Geometry,
        overflow: u64,
    ) -> Result<(), SourceError> {
        self.extent = geometry.span(self.pgid, overflow.saturating_add(1)).len();
        // Pages of a few kilobytes are read whole; of longer ones, the elements.
        let whole = if overflow < 4 { self.extent } else { 0 };
        let elements = PAGE_HEADER + ELEMENT * u64::from(self.header.count);
        let wanted = whole.max(elements).min(self.extent);
        let have = self.bytes.len() as u64;
        if wanted > have {
            let more = usize::try_from(wanted - have).unwrap_or(0);
            self.bytes.append(&mut read_span(source, self.at.saturating_add(have), more)?);
        }
        Ok(())
    }

    pub(super) fn is_leaf(&self) -> bool {
        self.header.page_type() == Some(PageType::Leaf)
    }

    /// Whether there is nothing but zeros behind the header.
    pub(super) fn is_blank(&self) -> bool {
        self.bytes.iter().skip(16).all(|byte| *byte == 0)
    }

    /// How many of its elements lie inside it.
    pub(super) fn fitting(&self) -> u16 {
        let room = self.extent.saturating_sub(PAGE_HEADER) / ELEMENT;
        u16::try_from(room).unwrap_or(u16::MAX).min(self.header.count)
    }

    /// The element of that index.
    pub(super) fn element(&self, index: u16) -> Option<Element> {
        if index >= self.fitting() {
            return None;
        }
        Element::read(&self.bytes, element_at(index), self.is_leaf())
    }

    /// The page beneath that element of a branch.
    pub(super) fn child(&self, index: u16) -> Option<Pgid> {
        match self.element(index)?.leads {
            Leads::Page(pgid) => Some(pgid),
            Leads::Value { .. } => None,
        }
    }

    /// The element's key; nothing if it is not inside the page or cannot be a key.
    pub(super) fn key<S: Source + ?Sized>(
        &self,
        source: &S,
        element: &Element,
    ) -> Result<Option<Cow<'_, [u8]>>, SourceError> {
        if element.ksize == 0 || element.ksize > MAX_KEY {
            return Ok(None);
        }
        self.slice(source, element.key, element.ksize)
    }

    /// So many bytes of the page; nothing if they are not inside it.
    pub(super) fn slice<S: Source + ?Sized>(
        &self,
        source: &S,
        from: u64,
        len: u64,
    ) -> Result<Option<Cow<'_, [u8]>>, SourceError> {
        let end = from.saturating_add(len);
        if end > self.extent {
            return Ok(None);
        }
        let (Ok(start), Ok(size)) = (usize::try_from(from), usize::try_from(len)) else {
            return Ok(None);
        };
        let held = usize::try_from(end).ok().and_then(|end| self.bytes.get(start..end));
        if let Some(bytes) = held {
            return Ok(Some(Cow::Borrowed(bytes)));
        }
        let bytes = read_span(source, self.at.saturating_add(from), size)?;
        Ok((bytes.len() == size).then_some(Cow::Owned(bytes)))
    }

    /// The same range in the file.
    pub(super) fn span(&self, from: u64, to: u64) -> Span {
        Span::new(self.at.saturating_add(from), self.at.saturating_add(to))
    }
}

/// How many of the overflow pages that a page claims belong to it: up to the first that is
/// another page's overflow, or not in the file.
pub(super) fn overflow(owners: &mut Owners, geometry: &Geometry, pgid: Pgid, claims: u32) -> u64 {
    let left = geometry.pages().saturating_sub(pgid.saturating_add(1));
    let claims = u64::from(claims).min(left);
    // Those that it has already are the first ones: a page that is read again looks them up fast.
    let (mut has, mut past) = (0, claims);
    while has < past {
        let middle = has + (past - has).div_ceil(2);
        if owners.head(pgid.saturating_add(middle)) == Some(pgid) {
            has = middle;
        } else {
            past = middle - 1;
        }
    }
    while has < claims && owners.cover(pgid.saturating_add(has + 1), pgid).is_ok() {
        has += 1;
    }
    has
}
