//! What the check came to: pages that belong to nobody, what is hit, the map.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::State;
use super::map::{PageKind, PageMap};
use super::report::{Tally, steps};
use crate::finding::{Code, Finding, Findings, Place, Severity, Value, Values};
use crate::kv::bolt::kind::{BoltKind, Hits};
use crate::kv::bolt::meta::Metas;
use crate::kv::tally::Tallies;
use crate::sorting::sort_by_key;

/// How much of everything there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// Branch pages, without overflow.
    pub branches: u64,
    /// Leaf pages, without overflow.
    pub leaves: u64,
    /// Overflow pages of both.
    pub overflow: u64,
    /// Ids in the freelist, if it is on disk.
    pub free: u64,
    /// Buckets, inline ones included, without the root.
    pub buckets: u64,
    /// Of these, inline ones.
    pub inline: u64,
    /// Keys in all buckets, those of buckets included.
    pub keys: u64,
    /// Of these, keys with a value.
    pub values: u64,
    /// Pages one above the other, at most, in one bucket.
    pub depth: u64,
}

/// How many faults hit what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HitCount {
    /// What.
    pub hits: Hits,
    /// How many.
    pub faults: u64,
}

/// What the check of a file came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// The meta pages; nothing if it is no bbolt file of a little-endian machine.
    pub metas: Option<Metas>,
    /// Which of LND's stores it is; nothing if its tree cannot be found.
    pub kind: Option<BoltKind>,
    /// What was found, by offset and code; up to [`Findings::KEPT`] of each code.
    pub findings: Vec<Finding>,
    /// How many there were of each code.
    pub counts: Vec<(Code, u64)>,
    /// How many faults hit what, the worst last.
    pub hits: Vec<HitCount>,
    /// How much of everything there is.
    pub figures: Figures,
    /// The pages.
    pub map: PageMap,
    /// How many keys the buckets near the top have, inline ones left out; of a sound file.
    pub tallies: Tallies,
}

impl Checked {
    /// The worst that is hit; nothing if nothing is wrong.
    pub fn worst(&self) -> Option<Hits> {
        self.hits.last().map(|count| count.hits)
    }

    pub(super) fn without_tree(metas: Option<Metas>, findings: Findings, tally: &Tally) -> Checked {
        let (findings, counts) = findings.into_sorted();
        Checked { metas, findings, counts, hits: sorted(tally), ..Checked::default() }
    }
}

fn sorted(tally: &Tally) -> Vec<HitCount> {
    let mut hits: Vec<_> = tally
        .counts
        .iter()
        .map(|(hits, faults)| HitCount { hits: *hits, faults: *faults })
        .collect();
    sort_by_key(&mut hits, |count| count.hits);
    hits
}

/// So many buckets are named.
const NAMED: usize = 20;

impl State {
    pub(super) fn conclude(mut self) -> Checked {
        let rest = self.unreached();
        self.summary();
        let hits = sorted(&self.tally);
        if !hits.is_empty() {
            // Whoever walks may meet other pages than the check did.
            self.tallies = Tallies::default();
        }
        let pages = self.geometry.pages();
        let map = self.marks.map(self.geometry.page_size, self.geometry.hwm, pages, rest);
        let (findings, counts) = self.findings.into_sorted();
        Checked {
            metas: Some(self.metas),
            kind: Some(self.kind),
            findings,
            counts,
            hits,
            figures: self.figures,
            map,
            tallies: self.tallies,
        }
    }

    /// Pages that nothing leads to. Without a freelist on disk they are the free ones.
    fn unreached(&mut self) -> PageKind {
        if !self.meta.has_freelist() {
            return if self.cut_off { PageKind::Unreachable } else { PageKind::Free };
        }
        if !self.freelist {
            return PageKind::Unreachable;
        }
        let end = self.geometry.hwm.min(self.geometry.pages());
        let mut page = 2;
        while page < end {
            let first = page;
            while page < end && self.is_unreached(page) {
                page += 1;
            }
            if page > first {
                let span = self.geometry.span(first, page - first);
                // Where the tree breaks off, these may be what lies beneath.
                let cause = if self.cut_off { "cut_off" } else { "leak" };
                let values = Values::new()
                    .with("pgid", first)
                    .with("pages", page - first)
                    .with("leak_cause", cause)
                    .with("hits", Hits::Unused.name());
                let place = Place::span(span.start, span.end);
                let mut finding = Finding::new(Code::BoltUnreachable, place).values(values);
                if self.cut_off {
                    finding.next = Cow::Borrowed(steps(Hits::Unused));
                }
                self.findings.push(finding);
            } else {
                page += 1;
            }
        }
        PageKind::Unreachable
    }

    fn is_unreached(&self, page: u64) -> bool {
        let mark = self.marks.get(page);
        mark.kind.is_none()
            && !mark.freed
            && self.owners.place(page).is_none()
            && self.owners.head(page).is_none()
    }

    /// One finding says what all of them mean together.
    fn summary(&mut self) {
        let Some(worst) = self.tally.counts.iter().map(|(hits, _)| *hits).max() else { return };
        // In another store than channel.db there is no channel state.
        let is_channel_db = matches!(self.kind, BoltKind::ChannelDb);
        let code = match worst {
            Hits::Unused => return,
            Hits::Graph => Code::BoltGraphHit,
            Hits::ChannelState => Code::BoltChannelStateHit,
            Hits::Everything if is_channel_db => Code::BoltChannelStateHit,
            Hits::Everything | Hits::Invoices | Hits::Payments | Hits::Other => {
                Code::BoltRecordsHit
            }
        };
        let faults = self.tally.counts.iter().map(|(_, count)| count).sum::<u64>();
        let named = self.tally.tops.iter().take(NAMED);
        let buckets =
            named.filter_map(|top| Some(Value::from(self.marks.name(*top)?.name.as_str())));
        let values = Values::new()
            .with("faults", faults)
            .with("buckets", Value::List(buckets.collect()))
            .with("hits", worst.name());
        let place = Place::span(0, self.geometry.len);
        let mut finding = Finding::new(code, place).values(values);
        if finding.severity == Severity::Damage {
            finding.next = Cow::Borrowed(steps(worst));
        }
        self.findings.push(finding);
    }
}
