//! The bytes of one record, on its page and on the overflow pages behind it.
//!
//! Read from front to back, as records are decoded: each overflow page is visited at most once,
//! those between two wanted stretches only for their pointer. A budget that the caller carries
//! from row to row bounds what chains that share pages, or run in circles, can cost.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use super::node::{Cell, Node};
use super::pager::Pager;
use crate::source::SourceError;

/// Bytes that were asked for, as far as they are there.
pub(super) enum Read<'a> {
    /// All of them.
    Whole(Cow<'a, [u8]>),
    /// The chain of overflow pages breaks before their end.
    Broken,
}

/// The bytes of one record.
pub(super) struct Payload<'a> {
    pager: Pager<'a>,
    local: &'a [u8],
    len: u64,
    /// The overflow page at hand, and the offset in the record of its first byte.
    page: u32,
    page_at: u64,
    /// Pages of chains that may still be visited.
    budget: u64,
}

impl<'a> Payload<'a> {
    pub(super) fn new(pager: Pager<'a>, node: &Node<'a>, cell: &Cell, budget: u64) -> Payload<'a> {
        let local = node.local(cell);
        Payload {
            pager,
            local,
            len: cell.payload,
            page: cell.overflow,
            page_at: local.len() as u64,
            budget,
        }
    }

    /// How long the record says it is.
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// What is left of the budget.
    pub(super) fn budget(&self) -> u64 {
        self.budget
    }

    /// The bytes `at .. at + len`; `at` never goes back over an overflow page left behind.
    pub(super) fn read(&mut self, at: u64, len: usize) -> Result<Read<'a>, SourceError> {
        let Some(end) = at.checked_add(len as u64).filter(|end| *end <= self.len) else {
            return Ok(Read::Broken);
        };
        if let (Ok(from), Ok(to)) = (usize::try_from(at), usize::try_from(end))
            && let Some(bytes) = self.local.get(from..to)
        {
            return Ok(Read::Whole(Cow::Borrowed(bytes)));
        }
        if !self.can_hold(end) {
            return Ok(Read::Broken);
        }
        let mut bytes = Vec::with_capacity(len);
        if let Ok(start) = usize::try_from(at)
            && start < self.local.len()
        {
            let stop = start.saturating_add(len).min(self.local.len());
            bytes.extend_from_slice(self.local.get(start..stop).unwrap_or_default());
        }
        let each = u64::from(self.pager.layout.usable).saturating_sub(4);
        while bytes.len() < len {
            let wanted = at + bytes.len() as u64;
            if wanted < self.page_at {
                return Ok(Read::Broken);
            }
            if wanted >= self.page_at + each {
                if !self.next_page()? {
                    return Ok(Read::Broken);
                }
                continue;
            }
            let within = wanted - self.page_at;
            let take = (each - within).min((len - bytes.len()) as u64);
            let from = bytes.len();
            let take = usize::try_from(take).unwrap_or(0);
            bytes.resize(from + take, 0);
            let Some(part) = bytes.get_mut(from..) else { return Ok(Read::Broken) };
            let within = usize::try_from(within).unwrap_or(0);
            if self.page == 0 || !self.pager.read_part(self.page, within + 4, part)? {
                return Ok(Read::Broken);
            }
        }
        Ok(Read::Whole(Cow::Owned(bytes)))
    }

    /// Whether the file has pages enough for that many bytes, before any are allocated.
    fn can_hold(&self, end: u64) -> bool {
        let pages = u64::from(self.pager.layout.readable);
        end <= pages.saturating_mul(u64::from(self.pager.layout.page_size))
    }

    fn next_page(&mut self) -> Result<bool, SourceError> {
        let mut next = [0; 4];
        if self.page == 0 || self.budget == 0 || !self.pager.read_part(self.page, 0, &mut next)? {
            return Ok(false);
        }
        self.budget -= 1;
        self.page = u32::from_be_bytes(next);
        let each = u64::from(self.pager.layout.usable).saturating_sub(4);
        self.page_at = self.page_at.saturating_add(each);
        Ok(self.page != 0)
    }
}
