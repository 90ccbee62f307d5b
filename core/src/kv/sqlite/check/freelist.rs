//! The freelist: trunk pages in a chain, each naming the next one and up to a page of others.

use alloc::vec::Vec;

use super::super::bytes::u32_at;
use super::super::map::PageKind;
use super::{CheckJob, Phase};
use crate::finding::{Code, Finding, Place, Values};
use crate::source::SourceError;

/// A walk over the trunk pages.
pub(super) struct Trunks {
    next: u32,
    /// The trunk that named it; 0 for the header.
    from: u32,
    found: u64,
    broken: bool,
}

impl Trunks {
    pub(super) fn new(first: u32) -> Trunks {
        Trunks { next: first, from: 0, found: 0, broken: false }
    }
}

impl CheckJob<'_> {
    /// One trunk page.
    pub(super) fn walk_freelist(&mut self, mut trunks: Trunks) -> Result<u64, SourceError> {
        let layout = self.pager.layout;
        if trunks.next == 0 || trunks.broken {
            let told = u64::from(self.header.freelist_pages);
            if trunks.found != told && !trunks.broken {
                let place = Place::span(32, 40).of_input(self.options.main_input);
                let values = Values::new()
                    .with("sqlite_fault", "count")
                    .with("free_found", trunks.found)
                    .with("free_told", told);
                self.findings.push(Finding::new(Code::SqliteFreelist, place).values(values));
            }
            self.phase = Phase::Pages { next: 1 };
            return Ok(0);
        }
        let page = trunks.next;
        let mut bytes = core::mem::take(&mut self.scratch.page);
        let fault = if page > layout.readable {
            Some("range")
        } else if !self.pages.is_free(page) {
            Some("used")
        } else if self.pager.read(page, &mut bytes)?.is_none() {
            Some("range")
        } else {
            None
        };
        if let Some(fault) = fault {
            trunks.broken = true;
            self.freelist_fault(trunks.from, page, fault);
        } else {
            self.pages.claim(page, PageKind::Freelist, None, 0, 0);
            trunks.found += 1;
            let (next, count) = (u32_at(&bytes, 0).unwrap_or(0), u32_at(&bytes, 4).unwrap_or(0));
            // SQLite leaves the last six entries empty, for the sake of old releases.
            let room = usize::try_from(layout.usable / 4).unwrap_or(0).saturating_sub(2);
            let count = usize::try_from(count).unwrap_or(usize::MAX);
            if count > room {
                self.freelist_fault(page, page, "leaves");
            }
            let leaves: Vec<u32> =
                (0..count.min(room)).filter_map(|leaf| u32_at(&bytes, 8 + 4 * leaf)).collect();
            for leaf in leaves {
                if leaf == 0 || leaf > layout.readable {
                    self.freelist_fault(page, leaf, "range");
                } else if self.pages.is_free(leaf) {
                    self.pages.claim(leaf, PageKind::Freelist, None, page, 0);
                    trunks.found += 1;
                } else {
                    trunks.found += 1;
                    self.freelist_fault(page, leaf, "used");
                }
            }
            (trunks.from, trunks.next) = (page, next);
        }
        self.scratch.page = bytes;
        self.phase = Phase::Freelist(trunks);
        Ok(u64::from(layout.page_size))
    }

    fn freelist_fault(&mut self, trunk: u32, leads_to: u32, fault: &'static str) {
        if trunk == 0 {
            let place = Place::span(32, 36).of_input(self.options.main_input);
            let values = Values::new().with("sqlite_fault", fault).with("leads_to", leads_to);
            self.findings.push(Finding::new(Code::SqliteFreelist, place).values(values));
            return;
        }
        self.find(Code::SqliteFreelist, trunk, None, |values| {
            values.with("leads_to", leads_to).with("sqlite_fault", fault)
        });
    }
}
