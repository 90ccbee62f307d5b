//! The freelist, where it is on disk: ids of pages that nothing uses.
//!
//! LND keeps none by default; bbolt then takes for free whatever the tree does not reach.

use super::State;
use super::map::PageKind;
use crate::finding::{Code, Finding, Place, Span, Values};
use crate::kv::bolt::format::{PAGE_HEADER, PageType, Pgid, u64_at};
use crate::kv::bolt::kind::Hits;
use crate::kv::bolt::owners;
use crate::kv::bolt::page::{Page, overflow};
use crate::source::{Source, SourceError, read_span};

/// Ids read at a time.
const AT_A_TIME: u64 = 8_192;

impl State {
    /// The meta pages belong to nobody else.
    pub(super) fn claim_metas(&mut self) {
        for page in 0..self.geometry.pages().min(2) {
            self.owners.claim(page, owners::Place::Meta);
            self.marks.change(page, |mark| mark.kind = Some(PageKind::Meta));
        }
    }

    pub(super) fn read_freelist<S: Source>(&mut self, source: &S) -> Result<(), SourceError> {
        if !self.meta.has_freelist() {
            return Ok(());
        }
        let pgid = self.meta.freelist;
        let span = self.page_span(pgid);
        let in_tree = pgid >= 2 && pgid < self.geometry.hwm;
        let page = if in_tree { Page::open(source, &self.geometry, pgid)? } else { None };
        let Some(page) = page else {
            self.freelist_fault("out_of_bounds", span);
            return Ok(());
        };
        self.owners.claim(pgid, owners::Place::Meta);
        self.marks.change(pgid, |mark| mark.kind = Some(PageKind::Freelist));
        if page.header.page_type() != Some(PageType::Freelist) {
            self.freelist_fault("type", span);
            return Ok(());
        }
        if page.header.id != pgid {
            self.freelist_fault("id", span);
        }
        let pages = overflow(&mut self.owners, &self.geometry, pgid, page.header.overflow);
        for page in pgid.saturating_add(1)..=pgid.saturating_add(pages) {
            self.marks.change(page, |mark| mark.kind = Some(PageKind::Freelist));
        }
        if pages < u64::from(page.header.overflow)
            || pgid.saturating_add(pages) >= self.geometry.hwm
        {
            self.freelist_fault("overflow", span);
        }
        let extent = self.geometry.span(pgid, pages.saturating_add(1));
        self.done = self.done.saturating_add(extent.len());
        self.freelist = true;
        self.read_ids(source, &page, extent)
    }

    fn read_ids<S: Source>(
        &mut self,
        source: &S,
        page: &Page,
        extent: Span,
    ) -> Result<(), SourceError> {
        let mut start = extent.start.saturating_add(PAGE_HEADER);
        let mut count = u64::from(page.header.count);
        if page.header.count == u16::MAX {
            count = u64_at(&read_span(source, start, 8)?, 0).unwrap_or(0);
            start = start.saturating_add(8);
        }
        let room = extent.end.saturating_sub(start) / 8;
        if count > room {
            self.freelist_fault("count", extent);
        }
        let mut left = count.min(room);
        while left > 0 {
            let now = left.min(AT_A_TIME);
            let bytes = read_span(source, start, usize::try_from(now * 8).unwrap_or(0))?;
            for at in (0..now).map(|index| index * 8) {
                let Some(id) = u64_at(&bytes, at) else { continue };
                self.free(id, Span::new(start.saturating_add(at), start.saturating_add(at + 8)));
            }
            start = start.saturating_add(now * 8);
            left -= now;
        }
        Ok(())
    }

    fn free(&mut self, id: Pgid, span: Span) {
        self.figures.free += 1;
        if id < 2 || id >= self.geometry.hwm {
            let values = Values::new().with("pgid", id).with("hwm", self.geometry.hwm);
            self.unused(Code::BoltBadFreePage, span, values);
        } else if id >= self.geometry.pages() {
            // The file ends before it, which is said once.
        } else if self.marks.get(id).kind == Some(PageKind::Freelist) {
            // bbolt frees these pages as soon as it writes the next list, and panics.
            self.freelist_fault("own_page", span);
        } else if self.marks.get(id).freed {
            self.unused(Code::BoltFreeTwice, span, Values::new().with("pgid", id));
        } else {
            self.marks.change(id, |mark| mark.freed = true);
        }
    }

    fn freelist_fault(&mut self, fault: &'static str, span: Span) {
        let pgid = self.meta.freelist;
        if pgid < self.geometry.pages() {
            self.marks.change(pgid, |mark| mark.damaged = true);
        }
        let values = Values::new().with("pgid", pgid).with("freelist_fault", fault);
        self.unused(Code::BoltFreelist, span, values);
    }

    /// A fault of the freelist: nothing is lost yet, but bbolt would write over pages in use.
    fn unused(&mut self, code: Code, span: Span, values: Values) {
        self.tally.add(Hits::Unused, 0);
        let values = values.with("hits", Hits::Unused.name());
        self.findings.push(Finding::new(code, Place::span(span.start, span.end)).values(values));
    }
}
