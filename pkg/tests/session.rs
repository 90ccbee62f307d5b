//! The engine as JavaScript drives it, driven from here: chunks pushed, missing bytes provided,
//! everything equal to what core says of the whole file.

use fulgurite_core::gossip::check::{Options, check};
use fulgurite_core::gossip::format::Version;
use fulgurite_core::gossip::listing::{Listing, Privacy, pieces};
use fulgurite_core::gossip::network::Limits;
use fulgurite_core::gossip::scan::{Batch, Scanner};
use fulgurite_core::source::SourceError;
use fulgurite_tests::fixtures::{self, HEADLINES};
use fulgurite_wasm::blocks::Answer;
use fulgurite_wasm::filter::{Filter, Wanted};
use fulgurite_wasm::finder::Finder;
use fulgurite_wasm::session::Session;
use fulgurite_wasm::tables::Row;
use serde::Serialize;

/// Reads a whole file and concludes.
fn read(bytes: &[u8], chunk: usize, options: Options) -> Session {
    let mut session = Session::new(bytes.len() as u64, options);
    for chunk in bytes.chunks(chunk) {
        if !session.push(chunk) {
            break;
        }
    }
    session.finish();
    while let Answer::Need(needs) = session.conclude() {
        for need in needs {
            provide(&session, bytes, need.at, need.len);
        }
    }
    session
}

fn provide(session: &Session, bytes: &[u8], at: u64, len: u64) {
    let span = usize::try_from(at).unwrap()..usize::try_from(at + len).unwrap();
    session.provide(at, &bytes[span]);
}

/// Asks until nothing is missing.
fn ask<T>(
    session: &Session,
    bytes: &[u8],
    mut ask: impl FnMut() -> Result<Answer<T>, SourceError>,
) -> T {
    loop {
        match ask().expect("the file is as it was") {
            Answer::Value(value) => return value,
            Answer::Need(needs) => {
                for need in needs {
                    provide(session, bytes, need.at, need.len);
                }
            }
        }
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("it is JSON")
}

/// Every row, by one walk through the whole file.
fn rows(bytes: &[u8]) -> Vec<String> {
    let (mut scanner, mut batch, mut rows) = (Scanner::new(), Batch::new(), Vec::new());
    let mut privacy = Privacy::new(false);
    for (chunk, last) in [(bytes, false), (&[][..], true)] {
        if last {
            scanner.finish(&mut batch);
        } else {
            scanner.push(chunk, &mut batch);
        }
        let version = scanner.version().unwrap_or(Version::NEWEST);
        for piece in pieces(chunk, &batch) {
            privacy.learn(version, &piece);
            rows.push(json(&Row::new(version, &piece, &privacy)));
        }
    }
    rows
}

#[test]
fn reports_and_tables_are_those_of_core() {
    for headline in HEADLINES.iter().filter(|headline| headline.name != "bloat") {
        let bytes = (headline.build)().bytes;
        let expected = check(&bytes, Options::default()).unwrap();
        let options = Options { seed: 99, ..Options::default() };
        let session = read(&bytes, 70_001, options);
        assert_eq!(session.report(), Some(&expected), "{}", headline.name);

        let all = rows(&bytes);
        assert_eq!(session.rows(), all.len() as u64);
        let mut paged = Vec::new();
        while paged.len() < all.len() {
            let page = ask(&session, &bytes, || {
                let mut page = Vec::new();
                let read = session.rows_from(paged.len() as u64, 61, |row| page.push(json(row)))?;
                Ok(match read {
                    Answer::Value(()) => Answer::Value(page),
                    Answer::Need(needs) => Answer::Need(needs),
                })
            });
            assert!(!page.is_empty());
            paged.extend(page);
        }
        assert_eq!(paged, all, "{}", headline.name);

        let mut listing = Listing::new(Limits::default(), 3);
        listing.push(&bytes);
        let listed = listing.finish();
        let channels: Result<Vec<_>, _> = listed.channels(&bytes).collect();
        let nodes: Result<Vec<_>, _> = listed.nodes(&bytes).collect();
        assert_eq!(ask(&session, &bytes, || session.channels(0, 1_000)), channels.unwrap());
        assert_eq!(ask(&session, &bytes, || session.nodes(0, 1_000)), nodes.unwrap());
    }
}

#[test]
fn small_pushes_are_gathered_until_the_file_is_known() {
    let sample = fixtures::sample().bytes;
    let whole = read(&sample, sample.len(), Options::default());
    let single = read(&sample, 1, Options::default());
    assert_eq!(single.report(), whole.report());
    assert_eq!(single.atlas().cells(), whole.atlas().cells());

    let mut other = b"SQLite format 3\0".to_vec();
    other.resize(1_000_000, 0);
    let mut session = Session::new(other.len() as u64, Options::default());
    assert!(session.push(&other[..10]), "it may yet be a store");
    assert!(!session.push(&other[10..]));
    session.finish();
    assert_eq!(session.conclude(), Answer::Value(()));
    assert_eq!(session.kind().map(fulgurite_core::detect::Kind::name), Some("sqlite"));
    assert_eq!(session.rows(), 0);
}

#[test]
fn a_file_that_ends_early_or_is_gone_is_not_still() {
    let sample = fixtures::sample().bytes;
    let mut session = Session::new(sample.len() as u64 + 5, Options::default());
    session.push(&sample);
    session.finish();
    while let Answer::Need(needs) = session.conclude() {
        for need in needs {
            provide(&session, &sample, need.at, need.len);
        }
    }
    let expected = check(&sample, Options::default()).unwrap().not_still();
    assert_eq!(session.report(), Some(&expected));
    session.not_still();
    assert_eq!(session.report(), Some(&expected), "once is enough");

    session.unreadable();
    let report = session.report().unwrap();
    assert_eq!(report.verdict.headline.name(), "not_still");
    assert_eq!((report.findings.len(), session.rows()), (1, 0));
}

#[test]
fn a_search_counts_its_rows_from_where_it_begins() {
    let sample = fixtures::sample().bytes;
    let session = read(&sample, 1 << 20, Options::default());
    let all = rows(&sample);
    let find = |wanted: Wanted, limit| {
        let filter = Filter::new(wanted).expect("a filter");
        let mut finder = Finder::new(&session, filter, limit);
        let start = usize::try_from(finder.start()).unwrap();
        let mut found = Vec::new();
        for chunk in sample[start..].chunks(9_999) {
            finder.push(chunk, |number, row| found.push((number, json(row))));
        }
        finder.finish(|number, row| found.push((number, json(row))));
        (found, finder.more())
    };
    let (late, more) = find(Wanted { from: Some(60_000), ..Wanted::default() }, 10_000);
    assert!(!more && late.len() > 100);
    for (number, row) in &late {
        assert_eq!(*row, all[usize::try_from(*number).unwrap()]);
    }
    let types = vec!["channel_update".to_owned()];
    let wanted = Wanted { types, to: Some(30_000), ..Wanted::default() };
    let (some, more) = find(wanted.clone(), 7);
    assert!(more && some.len() == 7);
    let (exactly, _) = find(wanted.clone(), 1_000_000);
    assert!(!find(wanted, exactly.len() as u64).1, "there is no more than there is");

    for (wrong, what) in [("types", "no type"), ("states", "no state"), ("scids", "no short")] {
        let text = vec!["nonsense".to_owned()];
        let wanted = match wrong {
            "types" => Wanted { types: text, ..Wanted::default() },
            "states" => Wanted { states: text, ..Wanted::default() },
            _ => Wanted { scids: text, ..Wanted::default() },
        };
        assert!(Filter::new(wanted).expect_err("nonsense").contains(what));
    }
}

#[test]
fn verified_signatures_are_told_in_a_report_drawn_up_anew() {
    use fulgurite_core::gossip::check::CheckJob;
    use fulgurite_core::gossip::signatures::K256;
    use fulgurite_core::job::Job as _;
    use fulgurite_wasm::signatures::{Collected, verify};
    for store in [fixtures::badly_signed(), fixtures::well_signed(), fixtures::sample()] {
        let bytes = store.bytes;
        let source = bytes.clone();
        let expected = CheckJob::new(&source, Options::default()).verifying(&K256).run().unwrap();
        let mut session = read(&bytes, 10_007, Options::default());
        let mut verifying = session.verifying();
        let network = session.network();
        // What the scanner held back, searching behind a wound, comes at the end.
        for window in bytes.chunks(32 * 1024).map(Some).chain([None]) {
            let collected = match window {
                Some(window) => verifying.collect(network, window),
                None => verifying.finish(network),
            };
            if let Some(Collected { window, triples }) = collected {
                verifying.answer(network, window, &verify(&triples)).unwrap();
            }
        }
        let ledger = verifying.ledger().expect("all is answered");
        session.set_signatures(ledger);
        while let Answer::Need(needs) = session.redraw() {
            for need in needs {
                provide(&session, &bytes, need.at, need.len);
            }
        }
        let report = session.report().unwrap();
        assert_eq!(report.to_json().unwrap(), expected.to_json().unwrap());
    }
}
