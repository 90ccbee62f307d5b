//! Each kind of trouble that operators report is the headline of at least one fixture.

use crate::shared;

use std::fmt::Write;

use fulgurite_core::report::Headline;
use fulgurite_tests::fixtures;

/// The headline of a verdict's number.
fn headline(verdict: &str) -> Headline {
    match verdict {
        "V1" => Headline::Healthy,
        "V2" => Headline::TornTail,
        "V3" => Headline::ZeroRun,
        "V4" => Headline::Damaged,
        "V5" => Headline::SecondStore,
        "V6" => Headline::Duplicates,
        "V7" => Headline::Orphans,
        "V8" => Headline::HiddenAlias,
        "V9" => Headline::Bloat,
        "V10" => Headline::Readvertising,
        "V11" => Headline::Version,
        other => panic!("{other}"),
    }
}

#[test]
fn v1_to_v11_are_headlines() {
    let mut seen = std::collections::BTreeSet::new();
    let mut wrong = String::new();
    for fixture in fixtures::HEADLINES {
        let built = (fixture.build)();
        let report = shared::report(&built.bytes);
        let verdict = fixture.verdict.to_string();
        let ours = report.verdict.headline;
        let codes: Vec<_> =
            report.counts.iter().map(|count| (count.code.name(), count.count)).collect();
        println!("{verdict} {}: {} {codes:?}", fixture.name, ours.name());
        if ours != headline(&verdict) {
            let _ = writeln!(wrong, "{verdict} {}: {}", fixture.name, ours.name());
        }
        seen.insert(verdict);
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert_eq!(seen.len(), 11, "{seen:?}");
}

/// A saved report opens as the report it was, and is written again as the same bytes.
#[test]
fn a_saved_report_reopens() {
    use fulgurite_core::report::Report;
    for fixture in fixtures::HEADLINES {
        let report = shared::report(&(fixture.build)().bytes);
        let text = report.to_json().expect("json");
        let again = Report::from_json(&text).expect("our own document");
        assert!(again == report, "{}", fixture.name);
        assert!(again.to_json().expect("json") == text, "{}", fixture.name);
        let other = text.replacen("fulgurite-report/1", "fulgurite-report/9", 1);
        let error = Report::from_json(&other).expect_err("another schema").to_string();
        assert!(error.contains("fulgurite-report/9"), "{error}");
    }
}
