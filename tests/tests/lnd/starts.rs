//! LND's own start-up code on the fixtures that its own code wrote (`data/lnd`, `starts.jsonl`):
//! what this predicts for each release and configuration is what LND did and said.

use crate::fixtures as lnd_fixtures;

use std::collections::BTreeMap;

use fulgurite_core::lnd::check::{Given, Options, check};
use fulgurite_core::lnd::migration::{
    Backend, Evidence, Network, Outcome, Part, Release, What, decide,
};
use fulgurite_core::source::Source;
use lnd_fixtures::{Fixture, folder};
use serde_json::Value;

/// Each fixture by its id, and what was found in its files.
fn fixtures() -> BTreeMap<String, (Value, Evidence)> {
    let judge = |fixture: Fixture| {
        let given = fixture.files.iter();
        let given: Vec<Given<'_>> = given
            .map(|(name, bytes)| Given { source: bytes as &dyn Source, name: Some(name) })
            .collect();
        let network = Network::named(&fixture.network);
        let options = Options { whole: true, network, ..Options::default() };
        let checked = check(&given, &options, &mut |_| true).expect("memory is read");
        let evidence = checked.expect("nobody stops it").evidence;
        (fixture.id, (fixture.entry, evidence))
    };
    lnd_fixtures::fixtures(|_, _| true).into_iter().map(judge).collect()
}

/// What is wrong with a prediction, in words.
fn compare(start: &Value, outcome: &Outcome) -> Option<String> {
    let result = start["result"].as_str().expect("a result");
    let error = start["error"].as_str().unwrap_or_default();
    let invoices = |parts: &[Part]| parts.iter().any(|part| part.what == What::Invoices);
    let agrees = match outcome {
        // The databases open; what follows was not run.
        Outcome::Breaks { .. } => result == "ok" || result == "migrated",
        // A damaged bbolt file: whether bbolt gets by, only bbolt knows.
        Outcome::Unknown { .. } => result == "crashed",
        Outcome::Migrates { parts } if invoices(parts) => result == "migrated",
        Outcome::Proceeds { .. } | Outcome::Migrates { .. } => result == "ok",
        Outcome::Refuses { error: said, exact: true, .. } => result == "refused" && said == error,
        Outcome::Refuses { error: said, .. } => result == "refused" && error.starts_with(said),
    };
    (!agrees).then(|| format!("LND: {result} {error:?}\n   here: {outcome:?}"))
}

#[test]
fn lnd_did_what_is_predicted() {
    let fixtures = fixtures();
    let starts = std::fs::read_to_string(folder().join("starts.jsonl")).expect("the starts");
    let (mut agreed, mut rules, mut wrong) = (0, 0, Vec::new());
    for line in starts.lines() {
        let start: Value = serde_json::from_str(line).expect("JSON");
        let id = start["fixture"].as_str().expect("an id");
        let Some((fixture, evidence)) = fixtures.get(id) else { panic!("no fixture {id}") };
        // Whether a migration passes its own checks is another matter: a rehearsal.
        let rule = fixture["state"].as_str().is_some_and(|state| state.starts_with('P'));
        let error = start["error"].as_str().unwrap_or_default();
        if rule || error.contains("failed to migrate invoices to SQL") {
            rules += 1;
            continue;
        }
        let release = Release::named(start["release"].as_str().expect("a release"));
        let release = release.expect("the table knows it");
        let backend = match fixture["backend"].as_str() {
            Some("bolt") => Backend::Bolt,
            Some("postgres") => Backend::Postgres,
            _ => Backend::Sqlite,
        };
        let flag = |name: &str| start[name].as_bool().unwrap_or(false);
        let decision = decide(evidence, release, backend, flag("native"), flag("skip"));
        match compare(&start, &decision.outcome) {
            None => agreed += 1,
            Some(why) => {
                let flags = (flag("native"), flag("skip"));
                wrong.push(format!("{id} by {} {flags:?}\n   {why}", release.name));
            }
        }
    }
    println!("{agreed} starts as predicted, {rules} left to the rehearsal");
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}
