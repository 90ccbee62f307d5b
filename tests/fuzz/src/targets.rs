//! The targets themselves, one file for each subject.

mod bolt;
mod bolt_reference;
mod bucket_dump;
mod detect;
mod gossip;
mod invoice;
mod lnd;
mod log;
mod pgdump;
mod repair;
mod report;
mod scan;
mod sqlite;
mod sqlite_real;
mod verdicts;
mod watch;
mod wire;

pub(crate) use bolt::bolt;
pub(crate) use bolt_reference::bolt_reference;
pub(crate) use bucket_dump::bucket_dump;
pub(crate) use detect::detects;
pub(crate) use gossip::gossip_check;
pub(crate) use invoice::invoice;
pub(crate) use lnd::{lnd_check, lnd_compare, lnd_rehearse, lnd_save};
pub(crate) use log::log;
pub(crate) use pgdump::pgdump;
pub(crate) use repair::{repair_laws, repair_merge};
pub(crate) use report::saved_report;
pub(crate) use scan::{scan_chunks, scan_reference};
pub(crate) use sqlite::sqlite;
pub(crate) use sqlite_real::sqlite_real;
pub(crate) use verdicts::verdicts;
pub(crate) use watch::watch;
pub(crate) use wire::wire;

use fulgurite_core::detect::Kind;
use fulgurite_core::finding::Finding;
use fulgurite_core::report::Report;
use fulgurite_core::words::{self, Language};

/// A gossip_store as it is, and with the checksums that its records ought to have: behind a checksum
/// that does not hold, nobody reads what a record says.
fn with_and_without_seals(data: &[u8], holds: fn(&[u8])) {
    holds(data);
    let sealed = crate::records::sealed(data);
    if sealed != data {
        holds(&sealed);
    }
}

/// What holds for every finding: it lies in the file, and can be said in both languages.
fn findings<'a>(findings: impl IntoIterator<Item = &'a Finding>, len: usize) {
    for finding in findings {
        is_inside(finding, len);
        is_said(finding);
    }
}

fn is_inside(finding: &Finding, len: usize) {
    let span = finding.place.span;
    let inside = span.start <= span.end && span.end <= len as u64;
    assert!(inside, "outside: {finding:?}");
}

fn is_said(finding: &Finding) {
    for language in Language::ALL {
        let said = words::title(finding, language) + &words::meaning(finding, language);
        assert!(!said.is_empty(), "{finding:?}");
        let hidden =
            |c: char| c.is_control() && c != '\n' || ('\u{202a}'..='\u{202e}').contains(&c);
        assert!(!said.contains(hidden), "not made visible: {said:?}");
    }
}

/// What holds for every report on bytes of that length; its text.
fn told(report: &Report, len: usize) -> String {
    // A dump's entries say where they stood in the file that was dumped, a log where in the store.
    let of_another = report.input.kind == Kind::BucketDump || report.log.is_some();
    told_of(report, &[if of_another { usize::MAX } else { len }])
}

/// What holds for every report on files of those lengths; its text.
fn told_of(report: &Report, lens: &[usize]) -> String {
    for finding in &report.findings {
        let input = finding.place.input.map_or(0, |input| input as usize);
        is_inside(finding, *lens.get(input).expect("an input that was given"));
        is_said(finding);
    }
    let worst = report.findings.iter().map(|finding| finding.severity).max();
    assert!(worst.is_none_or(|worst| worst <= report.verdict.severity), "milder than its findings");
    let text = report.to_json().expect("a report is JSON");
    let read = Report::from_json(&text).expect("what was written is read");
    assert_eq!(read.to_json().expect("JSON"), text, "not what was saved");
    text
}
