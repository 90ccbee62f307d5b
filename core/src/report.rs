//! The one document that every face shows.
//!
//! It holds no floats, no paths, no dates and nothing that depends on the machine; lists are
//! sorted by offset and code. [`Report::to_json`] is its only serialiser, so that the same input
//! gives the same bytes everywhere.

pub mod headline;

use alloc::borrow::Cow;
#[cfg(feature = "json")]
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

pub use headline::Headline;

use crate::detect::Kind;
use crate::finding::{Code, Finding, Findings, Severity, Step, Values};
use crate::gossip::report::GossipReport;
use crate::gossip::verdict::ReleaseVerdict;
use crate::lnd::report::LndReport;
use crate::log::LogReport;

/// The name and version of the document's form.
pub const SCHEMA: &str = "fulgurite-report/1";

/// Everything there is to say about one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// [`SCHEMA`].
    pub schema: Cow<'static, str>,
    /// What was read; where it was several files, the first.
    pub input: Input,
    /// All that was read together, in the order of [`Place::input`](crate::finding::Place::input);
    /// absent where it was but one file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inputs: Vec<Input>,
    /// The verdict.
    pub verdict: Verdict,
    /// How many findings of each code there are.
    pub counts: Vec<Count>,
    /// The findings, by offset and code; of each code at most the first
    /// [`Findings::KEPT`].
    pub findings: Vec<Finding>,
    /// What the store holds, if it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gossip: Option<GossipReport>,
    /// What releases of lightningd do with it, oldest first; empty where that was not asked for,
    /// or is not known yet, and in reports saved by a version without them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub releases: Vec<ReleaseVerdict>,
    /// What LND's stores hold, and what LND would do with them, if that is what was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lnd: Option<LndReport>,
    /// What a log says, if that is what was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<LogReport>,
}

/// What was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// What it is.
    pub kind: Kind,
    /// Its length in bytes.
    pub size: u64,
}

/// The verdict: one sentence, and what to do next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Which sentence.
    pub headline: Headline,
    /// The worst severity among the findings.
    pub severity: Severity,
    /// The figures for the sentence.
    pub values: Values,
    /// What to do, the safest first.
    pub next: Vec<Step>,
}

/// How many findings of one code there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// The code.
    pub code: Code,
    /// How many.
    pub count: u64,
}

impl Report {
    /// A report of what was found; the verdict's steps are those of the worst findings.
    pub fn new(
        input: Input,
        headline: Headline,
        values: Values,
        findings: Findings,
        gossip: Option<GossipReport>,
    ) -> Report {
        let (findings, counts) = findings.into_sorted();
        let severity = findings.iter().map(|finding| finding.severity).max();
        let severity = severity.unwrap_or(Severity::Info);
        let next = next_steps(&findings, severity);
        Report {
            schema: Cow::Borrowed(SCHEMA),
            input,
            inputs: Vec::new(),
            verdict: Verdict { headline, severity, values, next },
            counts: counts.into_iter().map(|(code, count)| Count { code, count }).collect(),
            findings,
            gossip,
            releases: Vec::new(),
            lnd: None,
            log: None,
        }
    }

    /// A report on a file that is not a gossip_store.
    pub fn of_other(input: Input, code: Code, values: Values) -> Report {
        let mut findings = Findings::default();
        let place = crate::finding::Place::span(0, input.size);
        findings.push(Finding::new(code, place).values(values));
        let figures = Values::new().with("size", input.size).with("kind", input.kind.name());
        Report::new(input, Headline::WrongFile, figures, findings, None)
    }

    /// The same report, of a file that changed while it was read: what it says is of no moment
    /// that ever was.
    #[must_use]
    pub fn not_still(mut self) -> Report {
        let place = crate::finding::Place::span(0, self.input.size);
        let finding = Finding::new(Code::NotStill, place);
        self.verdict.headline = Headline::NotStill;
        self.verdict.severity = self.verdict.severity.max(finding.severity);
        self.verdict.next = finding.next.to_vec();
        let at = self.counts.partition_point(|count| count.code < Code::NotStill);
        self.counts.insert(at, Count { code: Code::NotStill, count: 1 });
        self.findings.insert(0, finding);
        self
    }

    /// How many findings of this code there are.
    pub fn count(&self, code: Code) -> u64 {
        self.counts.iter().find(|count| count.code == code).map_or(0, |count| count.count)
    }

    /// The findings that touch the bytes `start .. end`, without those of the file as a whole.
    pub fn touching(&self, start: u64, end: u64) -> impl Iterator<Item = &Finding> {
        let whole = |finding: &Finding| {
            let span = finding.place.span;
            finding.place.record.is_none() && span.start == 0 && span.end == self.input.size
        };
        self.findings.iter().filter(move |finding| {
            let span = finding.place.span;
            let inside = span.start < end && start < span.end;
            (inside || span.is_empty() && (start..end).contains(&span.start)) && !whole(finding)
        })
    }

    /// The document, in one line without a line end.
    ///
    /// # Errors
    /// None in practice: the document has no map with keys that are not strings, and memory is
    /// the only thing that is written to.
    #[cfg(feature = "json")]
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// Reads a saved document.
    ///
    /// # Errors
    /// Where the text is not JSON, is not such a document, or is one of another schema or with
    /// codes that this version does not know. Line and column are in the error.
    #[cfg(feature = "json")]
    pub fn from_json(text: &str) -> Result<Report, serde_json::Error> {
        let report: Report = crate::json::from_str(text)?;
        if report.schema != SCHEMA {
            let message = alloc::format!("expected {SCHEMA}, found {:?}", report.schema);
            return Err(serde::de::Error::custom(message));
        }
        Ok(report)
    }
}

/// The steps that findings of the worst severity call for, each once, those of the first finding
/// first.
fn next_steps(findings: &[Finding], worst: Severity) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    if worst == Severity::Info {
        return alloc::vec![Step::Nothing, Step::BackUpBeforeUpgrade, Step::AlertOnLog];
    }
    for step in
        findings.iter().filter(|finding| finding.severity == worst).flat_map(|f| f.next.iter())
    {
        if !steps.contains(step) {
            steps.push(*step);
        }
    }
    steps
}
