//! Chains of overflow pages, followed by the pointers that were seen when the pages were read.

use super::super::map::PageKind;
use super::{CheckJob, Phase};
use crate::finding::Code;

/// The pages behind a cell.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chain {
    pub(super) first: u32,
    pub(super) pages: u64,
    pub(super) holder: u32,
    pub(super) cell: u16,
}

impl CheckJob<'_> {
    /// Some chains. Nothing is read; the work is counted by their pages.
    pub(super) fn follow_chains(&mut self, next: usize) -> u64 {
        let Some(chain) = self.chains.get(next).copied() else {
            self.phase = Phase::PointerMaps { next: 2 };
            return 0;
        };
        self.phase = Phase::Chains { next: next + 1 };
        let owner = self.pages.owner(chain.holder);
        let (mut page, mut parent, mut met) = (chain.first, chain.holder, 0_u64);
        let mut fault = None;
        while met < chain.pages {
            if page == 0 {
                fault = Some("short");
                break;
            }
            // A page whose next page cannot be is no overflow page; it may be a lost leaf.
            if page > self.pager.layout.readable || self.pager.origin(page).is_none() {
                fault = Some("range");
                break;
            }
            let link = self.pages.link(page);
            if !self.pages.is_free(page) {
                fault = Some("used");
                break;
            }
            if link > self.pager.layout.readable {
                fault = Some("link");
                break;
            }
            self.pages.claim(page, PageKind::Overflow, owner, parent, 0);
            met += 1;
            (parent, page) = (page, link);
        }
        if fault.is_none() && page != 0 {
            fault = Some("long");
        }
        if let Some(fault) = fault {
            self.find(Code::SqliteOverflow, chain.holder, None, |values| {
                values
                    .with("cell", u64::from(chain.cell))
                    .with("sqlite_fault", fault)
                    .with("leads_to", page)
                    .with("chain_pages", chain.pages)
                    .with("chain_found", met)
            });
        }
        met * 8
    }
}
