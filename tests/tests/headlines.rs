//! Each kind of trouble that operators report is the headline of at least one fixture.

mod shared;

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
            wrong += &format!("{verdict} {}: {}\n", fixture.name, ours.name());
        }
        seen.insert(verdict);
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert_eq!(seen.len(), 11, "{seen:?}");
}
