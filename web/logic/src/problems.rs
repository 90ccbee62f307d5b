//! The places with a problem, in the order of the file, for walking through them.

use std::cmp::Reverse;
use std::sync::Arc;

use fulgurite_core::finding::{Severity, Span};
use fulgurite_core::report::Report;

/// A place with a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The bytes.
    pub span: Span,
    /// How bad the worst finding there is.
    pub severity: Severity,
    /// Which finding of the report that is.
    pub finding: usize,
}

/// The places of all findings that are more than a note and are not about the whole file. Several
/// findings that begin at one offset are one place.
pub fn problems(report: &Report) -> Arc<[Problem]> {
    let mut all: Vec<Problem> = Vec::new();
    for (number, finding) in report.findings.iter().enumerate() {
        let span = finding.place.span;
        let whole = span.start == 0 && span.end == report.input.size && report.gossip.is_some();
        if whole || finding.severity == Severity::Info {
            continue;
        }
        all.push(Problem { span, severity: finding.severity, finding: number });
    }
    // The worst of each place first; a report that was changed by hand need not be sorted.
    all.sort_by_key(|problem| (problem.span.start, Reverse(problem.severity), problem.finding));
    all.dedup_by_key(|problem| problem.span.start);
    all.into()
}

/// The problem that `at` is in or on, counted from 0.
pub fn current(problems: &[Problem], at: Option<u64>) -> Option<usize> {
    let at = at?;
    problems
        .iter()
        .position(|problem| problem.span.start == at)
        .or_else(|| problems.iter().rposition(|problem| problem.span.contains(at)))
}

/// The next problem behind `at`, or the one before it; the walk stops at either end.
pub fn step(problems: &[Problem], at: Option<u64>, forward: bool) -> Option<Problem> {
    match (at, forward) {
        (None, true) => problems.first().copied(),
        (None, false) => problems.last().copied(),
        (Some(at), true) => problems.iter().find(|problem| problem.span.start > at).copied(),
        (Some(at), false) => problems.iter().rfind(|problem| problem.span.start < at).copied(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(at: Option<u64>, forward: bool) -> Option<u64> {
        let problem = |start, end| Problem {
            span: Span::new(start, end),
            severity: Severity::Damage,
            finding: 0,
        };
        let problems = [problem(10, 20), problem(30, 30), problem(40, 50)];
        step(&problems, at, forward).map(|problem| problem.span.start)
    }

    #[test]
    fn a_walk_visits_each_place_once_and_stops() {
        assert_eq!(walk(None, true), Some(10));
        assert_eq!(walk(Some(10), true), Some(30));
        assert_eq!(walk(Some(30), true), Some(40));
        assert_eq!(walk(Some(40), true), None);
        assert_eq!(walk(Some(15), false), Some(10));
        assert_eq!(walk(Some(10), false), None);
        assert_eq!(walk(None, false), Some(40));
    }
}
