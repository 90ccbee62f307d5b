//! Findings as the check makes them: with the bucket, with what is hit, and with the steps that
//! follow from that.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use super::State;
use super::bucket::Bucket;
use crate::finding::{Code, Finding, Findings, Place, Severity, Span, Step, Values};
use crate::kv::bolt::format::Pgid;
use crate::kv::bolt::kind::Hits;

/// How many faults hit what, and which top-level buckets.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) counts: Vec<(Hits, u64)>,
    /// Numbers of top-level buckets.
    pub(super) tops: Vec<u16>,
}

impl Tally {
    pub(super) fn add(&mut self, hits: Hits, top: u16) {
        match self.counts.iter_mut().find(|(known, _)| *known == hits) {
            Some((_, count)) => *count += 1,
            None => self.counts.push((hits, 1)),
        }
        if top != 0
            && let Err(place) = self.tops.binary_search(&top)
        {
            self.tops.insert(place, top);
        }
    }
}

/// What to do where this is hit, the safest first.
pub(super) fn steps(hits: Hits) -> &'static [Step] {
    match hits {
        Hits::Unused => &[Step::LndKeepCopy, Step::LndCopyAgain],
        Hits::Graph => {
            &[Step::LndKeepCopy, Step::LndCopyAgain, Step::LndDropGraph, Step::CheckDisk]
        }
        Hits::ChannelState | Hits::Everything => &[
            Step::LndDoNotStart,
            Step::LndKeepCopy,
            Step::LndCopyAgain,
            Step::LndNoOldCopy,
            Step::LndSalvage,
            Step::LndChannelBackup,
            Step::CheckDisk,
        ],
        Hits::Invoices | Hits::Payments | Hits::Other => &[
            Step::LndDoNotStart,
            Step::LndKeepCopy,
            Step::LndCopyAgain,
            Step::LndSalvage,
            Step::CheckDisk,
        ],
    }
}

/// Adds a finding about what is hit there.
pub(super) fn push(findings: &mut Findings, finding: Finding, hits: Hits) {
    let mut finding = finding;
    if finding.severity == Severity::Damage {
        finding.next = Cow::Borrowed(steps(hits));
    }
    findings.push(finding);
}

impl State {
    /// A fault in a bucket: a page's as a whole, or of these bytes of it.
    pub(super) fn fault(
        &mut self,
        code: Code,
        pgid: Pgid,
        span: Span,
        bucket: &Bucket,
        values: impl FnOnce(Values) -> Values,
    ) {
        self.fault_hitting(code, pgid, span, bucket, bucket.hits, values);
    }

    pub(super) fn fault_hitting(
        &mut self,
        code: Code,
        pgid: Pgid,
        span: Span,
        bucket: &Bucket,
        hits: Hits,
        values: impl FnOnce(Values) -> Values,
    ) {
        if pgid < self.geometry.pages() {
            self.marks.change(pgid, |mark| mark.damaged = true);
        }
        self.tally.add(hits, bucket.top);
        self.cut_off = true;
        if self.findings.is_full(code) {
            self.findings.count_only(code);
            return;
        }
        let path = bucket.path();
        let values = values(Values::new().with("pgid", pgid));
        let values = values.with("bucket", path.as_str()).with("hits", hits.name());
        let place = Place::span(span.start, span.end).within(path);
        push(&mut self.findings, Finding::new(code, place).values(values), hits);
    }

    /// The bytes of a page.
    pub(super) fn page_span(&self, pgid: Pgid) -> Span {
        self.geometry.span(pgid, 1)
    }
}
