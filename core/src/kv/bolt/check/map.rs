//! What each page is: marks while the check goes on, runs of alike pages at its end.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::bucket::shown;
use crate::kv::bolt::format::Pgid;
use crate::kv::bolt::kind::{BoltKind, Hits, hits, named};

named! {
    /// What a page is.
    PageKind {
        /// A meta page.
        Meta = "meta";
        /// The freelist.
        Freelist = "freelist";
        /// Keys and the pages beneath them.
        Branch = "branch";
        /// Keys and values.
        Leaf = "leaf";
        /// It goes on from the page before it.
        Overflow = "overflow";
        /// Free.
        Free = "free";
        /// In use by nothing and not free.
        Unreachable = "unreachable";
        /// Something is wrong with it, or with what leads to it.
        Damaged = "damaged";
        /// It ought to be there, but the file ends before it.
        Missing = "missing";
        /// Room behind the last page in use, by which the file has grown.
        Tail = "tail";
    }
}

/// Pages of one kind in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageRun {
    /// The first of them.
    pub first: Pgid,
    /// How many.
    pub pages: u64,
    /// What they are.
    pub kind: PageKind,
    /// To which top-level bucket they belong: an index into [`PageMap::buckets`]. Nothing for the
    /// root bucket's own pages, and for pages of no bucket.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bucket: Option<u32>,
}

/// A top-level bucket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopBucket {
    /// Its name, made visible; `…` for all those that are too many to name.
    pub name: String,
    /// What damage in it hits.
    pub hits: Hits,
    /// Pages that it has, overflow included.
    pub pages: u64,
}

/// The pages of a file, and to whom they belong.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageMap {
    /// Bytes of a page.
    pub page_size: u64,
    /// Top-level buckets in the order of their first pages.
    pub buckets: Vec<TopBucket>,
    /// All pages, from the first one on, without a gap.
    pub runs: Vec<PageRun>,
}

/// So many top-level buckets have a name in the map.
const NAMED: usize = 4_096;

const CHUNK: u64 = 1_024;

/// What is known of one page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) kind: Option<PageKind>,
    /// The top-level bucket, counted from 1; 0 for none.
    pub(super) top: u16,
    pub(super) freed: bool,
    pub(super) damaged: bool,
}

/// The marks of the pages that were reached.
#[derive(Debug, Default)]
pub(super) struct Marks {
    chunks: BTreeMap<u64, Vec<Mark>>,
    tops: Vec<TopBucket>,
}

impl Marks {
    pub(super) fn get(&self, page: Pgid) -> Mark {
        let chunk = self.chunks.get(&(page / CHUNK));
        let mark = chunk.and_then(|chunk| chunk.get(usize::try_from(page % CHUNK).ok()?));
        mark.copied().unwrap_or_default()
    }

    pub(super) fn change(&mut self, page: Pgid, change: impl FnOnce(&mut Mark)) {
        let chunk = self.chunks.entry(page / CHUNK).or_default();
        let index = usize::try_from(page % CHUNK).unwrap_or_default();
        if chunk.len() <= index {
            chunk.resize(index + 1, Mark::default());
        }
        if let Some(mark) = chunk.get_mut(index) {
            change(mark);
        }
    }

    /// A number for a top-level bucket, and what damage in it hits.
    pub(super) fn top(&mut self, kind: BoltKind, name: &[u8]) -> (u16, Hits) {
        let hits = hits(kind, name);
        if self.tops.len() < NAMED {
            let name = shown(name.get(..80).unwrap_or(name), name.len());
            self.tops.push(TopBucket { name, hits, pages: 0 });
        } else if self.tops.len() == NAMED {
            self.tops.push(TopBucket { name: String::from("…"), hits: Hits::Other, pages: 0 });
        }
        (u16::try_from(self.tops.len()).unwrap_or(u16::MAX), hits)
    }

    /// The top-level bucket of that number.
    pub(super) fn name(&self, top: u16) -> Option<&TopBucket> {
        self.tops.get(usize::from(top).checked_sub(1)?)
    }

    /// The map. What was not reached below the high water mark is of kind `rest`.
    pub(super) fn map(mut self, page_size: u64, hwm: Pgid, pages: u64, rest: PageKind) -> PageMap {
        let mut runs = Runs { done: Vec::new(), hwm, pages, rest };
        for (number, chunk) in &self.chunks {
            for (mark, page) in chunk.iter().zip(number.saturating_mul(CHUNK)..) {
                runs.push(page, *mark);
                let top = usize::from(mark.top).checked_sub(1);
                if let Some(top) = top.and_then(|top| self.tops.get_mut(top)) {
                    top.pages += 1;
                }
            }
        }
        runs.fill(hwm.max(pages));
        PageMap { page_size, buckets: self.tops, runs: runs.done }
    }
}

struct Runs {
    done: Vec<PageRun>,
    hwm: Pgid,
    pages: u64,
    rest: PageKind,
}

impl Runs {
    fn end(&self) -> Pgid {
        self.done.last().map_or(0, |run| run.first.saturating_add(run.pages))
    }

    fn push(&mut self, page: Pgid, mark: Mark) {
        self.fill(page);
        let kind = match mark.kind {
            _ if mark.damaged => PageKind::Damaged,
            Some(kind) => kind,
            None if mark.freed => PageKind::Free,
            None => return,
        };
        self.add(1, kind, u32::from(mark.top).checked_sub(1));
    }

    /// Everything up to that page was not reached.
    fn fill(&mut self, to: Pgid) {
        for (end, kind) in [
            (self.hwm.min(self.pages), self.rest),
            (if self.hwm < self.pages { self.pages } else { self.hwm }, self.beyond()),
        ] {
            let left = to.min(end).saturating_sub(self.end());
            if left > 0 {
                self.add(left, kind, None);
            }
        }
    }

    fn beyond(&self) -> PageKind {
        if self.hwm < self.pages { PageKind::Tail } else { PageKind::Missing }
    }

    fn add(&mut self, pages: u64, kind: PageKind, bucket: Option<u32>) {
        let first = self.end();
        match self.done.last_mut() {
            Some(run) if run.kind == kind && run.bucket == bucket => run.pages += pages,
            _ => self.done.push(PageRun { first, pages, kind, bucket }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_have_no_gap_and_end_with_the_file_or_the_high_water_mark() {
        let marks = || {
            let mut marks = Marks::default();
            let (top, _) = marks.top(BoltKind::ChannelDb, b"graph-node");
            for page in 0..2 {
                marks.change(page, |mark| mark.kind = Some(PageKind::Meta));
            }
            for page in [3, 4, 2_000] {
                marks.change(page, |mark| (mark.kind, mark.top) = (Some(PageKind::Leaf), top));
            }
            marks.change(5, |mark| mark.freed = true);
            marks
        };
        let run = |first, pages, kind, bucket| PageRun { first, pages, kind, bucket };
        let begin = [
            run(0, 2, PageKind::Meta, None),
            run(2, 1, PageKind::Unreachable, None),
            run(3, 2, PageKind::Leaf, Some(0)),
            run(5, 1, PageKind::Free, None),
            run(6, 1_994, PageKind::Unreachable, None),
            run(2_000, 1, PageKind::Leaf, Some(0)),
        ];
        let map = marks().map(4_096, 2_001, 2_100, PageKind::Unreachable);
        assert_eq!(map.runs[..6], begin);
        assert_eq!(map.runs[6..], [run(2_001, 99, PageKind::Tail, None)]);
        assert_eq!(map.buckets[0].pages, 3);
        let map = marks().map(4_096, 2_100, 2_050, PageKind::Unreachable);
        assert_eq!(map.runs[..6], begin);
        assert_eq!(
            map.runs[6..],
            [run(2_001, 49, PageKind::Unreachable, None), run(2_050, 50, PageKind::Missing, None)]
        );
    }
}
