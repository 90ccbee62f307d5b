//! LND's own migrations on the fixtures that its own code wrote (`data/lnd`, `starts.jsonl`): the
//! rehearsal says how each ended, and in which words.

use crate::fixtures;

use std::collections::BTreeMap;

use fulgurite_core::lnd::check::Given;
use fulgurite_core::lnd::migration::Network;
use fulgurite_core::lnd::rehearse::{Ended, Foreseen, Options, Rehearsed, Target, rehearse};
use fulgurite_core::source::Source;
use serde_json::Value;

use fixtures::{Fixture, folder, manifest};

fn rehearsed(fixture: &Fixture, release: &str) -> Rehearsed {
    let given: Vec<Given<'_>> = fixture
        .files
        .iter()
        .map(|(name, bytes)| Given { source: bytes as &dyn Source, name: Some(name) })
        .collect();
    let network = Network::named(&fixture.network);
    let options = Options { reveal: true, network, ..Options::default() };
    let target = Target::named(release).unwrap_or_else(|| panic!("{release} is known"));
    match rehearse(&given, &target, &options, &mut |_| true).expect("memory is read") {
        Ended::Rehearsed(rehearsed) => *rehearsed,
        other => panic!("{}: {other:?}", fixture.id),
    }
}

/// What is wrong with a prediction.
fn wrong(start: &Value, rehearsed: &Rehearsed) -> Option<String> {
    let result = start["result"].as_str().expect("a result");
    let error = start["error"].as_str().unwrap_or_default();
    let agrees = match &rehearsed.rehearsal.foreseen {
        Foreseen::Succeeds | Foreseen::Alters { .. } => result == "migrated",
        Foreseen::Fails { stop } if stop.exact => result == "refused" && stop.error == error,
        Foreseen::Fails { stop } => result == "refused" && error.starts_with(&stop.error),
        Foreseen::Crashes { stop } => result == "crashed" && stop.error == error,
        Foreseen::Refused { error: said } => result == "refused" && error.starts_with(said),
        Foreseen::NotRun => result == "ok" || result == "migrated",
        Foreseen::NeverEnds => false,
    };
    let foreseen = &rehearsed.rehearsal.foreseen;
    (!agrees).then(|| format!("LND: {result} {error:?}\n   here: {foreseen:?}"))
}

#[test]
fn migrations_end_as_rehearsed() {
    let releases: BTreeMap<String, String> = manifest()["releases"]
        .as_array()
        .expect("releases")
        .iter()
        .map(|row| {
            let text = |name: &str| row[name].as_str().expect("a text").to_owned();
            (text("line"), text("version"))
        })
        .collect();
    let starts = std::fs::read_to_string(folder().join("starts.jsonl")).expect("the starts");
    let mut by_fixture: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for line in starts.lines() {
        let start: Value = serde_json::from_str(line).expect("JSON");
        let flag = |name: &str| start[name].as_bool().unwrap_or(false);
        let migrates = start["result"] == "migrated"
            || start["error"].as_str().is_some_and(|error| {
                error.contains("failed to migrate invoices to SQL")
                    || error.contains("sql unique constraint")
                    || error.contains("SQLSTATE 22021")
                    || error.starts_with("panic: runtime error: invalid memory")
            });
        if flag("native") && !flag("skip") && migrates && start["release"] != "v0.18" {
            let id = start["fixture"].as_str().expect("an id").to_owned();
            by_fixture.entry(id).or_default().push(start);
        }
    }
    let (mut agreed, mut rules, mut differ) = (0, 0, Vec::new());
    for fixture in fixtures::fixtures(|id, _| by_fixture.contains_key(id)) {
        for start in by_fixture.get(&fixture.id).into_iter().flatten() {
            let line = start["release"].as_str().expect("a release");
            let exact = &releases[line];
            rules += usize::from(fixture.state.starts_with('P'));
            match wrong(start, &rehearsed(&fixture, exact)) {
                None => agreed += 1,
                Some(why) => differ.push(format!("{} by {exact}\n   {why}", fixture.id)),
            }
        }
    }
    println!("{agreed} migrations as rehearsed, {rules} of them for a rule");
    assert!(differ.is_empty(), "{} differ:\n{}", differ.len(), differ.join("\n"));
    assert!(rules >= 130, "{rules}");
}

/// A store of so many settled invoices: the body of one that LND wrote, with other hashes, and with
/// another add index in the body of one of them.
fn many(count: u32, odd: Option<(u32, u64)>) -> Vec<u8> {
    use sha2::{Digest as _, Sha256};
    let fixture = fixtures::fixtures(|id, _| id == "v0.21/s1-sqlite").remove(0);
    let path = std::env::temp_dir()
        .join(format!("fulgurite-rehearse-{}-{count}-{odd:?}.sqlite", std::process::id()));
    std::fs::write(&path, &fixture.files[0].1).expect("a temporary file");
    let database = rusqlite::Connection::open(&path).expect("a database");
    database.execute_batch("PRAGMA journal_mode = DELETE; PRAGMA foreign_keys = OFF").unwrap();
    let bucket = |parent: Option<i64>, key: &str| -> i64 {
        let query = "SELECT id FROM channeldb_kv WHERE parent_id IS ?1 AND key = CAST(?2 AS BLOB)";
        database.query_one(query, rusqlite::params![parent, key], |row| row.get(0)).unwrap()
    };
    let invoices = bucket(None, "invoices");
    let hashes = bucket(Some(invoices), "paymenthashes");
    let adds = bucket(Some(invoices), "invoice-add-index");
    // One with an HTLC, so that the numbers of HTLCs are looked at, too.
    let query = "SELECT value FROM channeldb_kv WHERE parent_id = ?1 AND length(key) = 4 \
                 AND instr(value, CAST('settled' AS BLOB)) > 0 ORDER BY key LIMIT 1";
    let body: Vec<u8> = database.query_one(query, [invoices], |row| row.get(0)).unwrap();
    let len = u64::from_be_bytes(body[..8].try_into().unwrap());
    let len = usize::try_from(len).unwrap();
    let (tlv, htlcs) = (body[8..8 + len].to_vec(), body[8 + len..].to_vec());
    database
        .execute_batch(&format!(
            "DELETE FROM channeldb_kv WHERE parent_id IN ({hashes}, {adds}); \
         DELETE FROM channeldb_kv WHERE parent_id = {invoices} AND value IS NOT NULL; BEGIN"
        ))
        .unwrap();
    {
        let put = "INSERT INTO channeldb_kv (key, value, parent_id) VALUES (?1, ?2, ?3)";
        let mut put = database.prepare(put).unwrap();
        for number in 0..count {
            let seed = |of: &str| -> [u8; 32] { Sha256::digest(format!("{of} {number}")).into() };
            let index =
                odd.filter(|(odd, _)| *odd == number).map_or(u64::from(number) + 1, |o| o.1);
            let mut tlv = records(&tlv);
            let request = tlv[1].1.clone();
            let request =
                [&request[..request.len() - 8], format!("{number:08}").as_bytes()].concat();
            for (kind, value) in &mut tlv {
                match *kind {
                    1 => value.clone_from(&request),
                    4 => *value = index.to_be_bytes().to_vec(),
                    6 => *value = seed("preimage").to_vec(),
                    10 => *value = seed("address").to_vec(),
                    _ => {}
                }
            }
            let tlv = tlv.iter().flat_map(|(kind, value)| record(*kind, value));
            let tlv: Vec<u8> = tlv.collect();
            let mut htlcs = htlcs.clone();
            let at = htlcs.windows(2).position(|two| two == [3, 8]).expect("its number") + 2;
            htlcs[at..at + 8].copy_from_slice(&u64::from(number + 1_000).to_be_bytes());
            let value = [&(tlv.len() as u64).to_be_bytes()[..], &tlv, &htlcs].concat();
            let key = number.to_be_bytes();
            let hash: [u8; 32] = Sha256::digest(seed("preimage")).into();
            put.execute(rusqlite::params![&key[..], value, invoices]).unwrap();
            put.execute(rusqlite::params![&hash[..], &key[..], hashes]).unwrap();
            let index = (u64::from(number) + 1).to_be_bytes();
            put.execute(rusqlite::params![&index[..], &key[..], adds]).unwrap();
        }
    }
    database.execute_batch("COMMIT").unwrap();
    drop(database);
    let bytes = std::fs::read(&path).expect("the database");
    std::fs::remove_file(&path).expect("a temporary file");
    bytes
}

fn records(mut tlv: &[u8]) -> Vec<(u8, Vec<u8>)> {
    let mut records = Vec::new();
    while let [kind, rest @ ..] = tlv {
        let (len, rest) = match rest {
            [0xfd, high, low, rest @ ..] => (usize::from(*high) << 8 | usize::from(*low), rest),
            [len, rest @ ..] => (usize::from(*len), rest),
            [] => panic!("a record ends early"),
        };
        records.push((*kind, rest[..len].to_vec()));
        tlv = &rest[len..];
    }
    records
}

fn record(kind: u8, value: &[u8]) -> Vec<u8> {
    let len = match u8::try_from(value.len()) {
        Ok(len) if len < 0xfd => vec![len],
        _ => [&[0xfd][..], &u16::try_from(value.len()).unwrap().to_be_bytes()].concat(),
    };
    [&[kind][..], &len, value].concat()
}

/// The migration pages by the add index that the last invoice of a page has itself. LND v0.21.3, run
/// on such stores (docs/upstream.md): 2,300 invoices, and the 1,000th says that it has another index.
#[test]
fn pages_follow_the_invoices_own_words() {
    let unique = "faild to run migrations for the native SQL store: sql unique constraint \
                  violation: constraint failed: UNIQUE constraint failed: \
                  invoices.payment_request_hash (2067)";
    let cases: [(Option<u64>, Result<u64, &str>); 4] = [
        (None, Ok(2_300)),
        (Some(77), Err(unique)),
        (Some(1_200), Ok(2_100)),
        (Some(99_999), Ok(1_000)),
    ];
    for (own, ended) in cases {
        let bytes = many(2_300, own.map(|own| (999, own)));
        let given = [Given { source: &bytes, name: Some("channel.sqlite") }];
        let target = Target::named("v0.21.3").expect("it is known");
        let options = Options::default();
        let done = rehearse(&given, &target, &options, &mut |_| true).expect("memory is read");
        let Ended::Rehearsed(rehearsed) = done else { panic!("there is a store") };
        let rehearsal = &rehearsed.rehearsal;
        match (ended, &rehearsal.foreseen) {
            (Ok(2_300), Foreseen::Succeeds) => {}
            (Ok(count), Foreseen::Alters { lost, altered: 0 }) => {
                assert_eq!((rehearsal.brought, *lost), (count, 2_300 - count), "{own:?}");
            }
            (Err(error), Foreseen::Fails { stop }) => assert_eq!(stop.error, error),
            (_, foreseen) => panic!("{own:?}: {foreseen:?}"),
        }
    }
}

/// What to do next is LND's, not lightningd's, where no invoice is in the way; and a migration that
/// LND refuses is not fine.
#[test]
fn what_to_do_where_nothing_stumbles() {
    use fulgurite_core::finding::{Severity, Step};
    let cases: [(&str, Severity, &[Step]); 3] = [
        (
            "v0.21/s1-sqlite",
            Severity::Info,
            &[Step::LndCopyAll, Step::LndMigrateWithoutSkip, Step::LndNeverSkip],
        ),
        ("v0.21/s2-sqlite", Severity::Info, &[Step::Nothing]),
        (
            "v0.21/s12-sqlite",
            Severity::Damage,
            &[Step::LndCopyAll, Step::LndDoNotMigrate, Step::LndAskDevelopers],
        ),
    ];
    for (id, severity, next) in cases {
        let fixture = fixtures::fixtures(|known, _| known == id).remove(0);
        let verdict = rehearsed(&fixture, "v0.21.3").report.verdict;
        assert_eq!((verdict.severity, verdict.next.as_slice()), (severity, next), "{id}");
    }
}

/// Of invoices that nobody comes to none is brought over, and nothing takes time.
#[test]
fn nothing_comes_over_where_the_migration_does_not_begin() {
    for (id, begins) in
        [("v0.21/s1-sqlite", true), ("v0.21/s2-sqlite", false), ("v0.21/s12-sqlite", false)]
    {
        let fixture = fixtures::fixtures(|known, _| known == id).remove(0);
        let rehearsal = rehearsed(&fixture, "v0.21.3").rehearsal;
        assert!(rehearsal.invoices > 0, "{id}");
        assert_eq!(rehearsal.brought, if begins { rehearsal.invoices } else { 0 }, "{id}");
        assert_eq!(rehearsal.htlcs > 0, begins, "{id}");
        assert_eq!(rehearsal.seconds_least > 0, begins, "{id}");
        assert_eq!(rehearsal.seconds_most, None, "{id}");
    }
}

/// Whoever stops it, whenever, is told so, and not that there is nothing.
#[test]
fn it_can_be_stopped_at_any_time() {
    for id in ["v0.21/s1-bolt", "v0.21/s1-sqlite", "v0.21/s11-sqlite", "v0.21/s1-postgres"] {
        let fixture = fixtures::fixtures(|known, _| known == id).remove(0);
        let files = fixture.files.iter().filter(|(name, _)| name != "dump.pgc");
        let given: Vec<Given<'_>> = files
            .map(|(name, bytes)| Given { source: bytes as &dyn Source, name: Some(name) })
            .collect();
        let target = Target::newest();
        let mut stops = 0;
        loop {
            let mut calls = 0;
            let ended = rehearse(&given, &target, &Options::default(), &mut |_| {
                calls += 1;
                calls <= stops
            });
            match ended.expect("memory is read") {
                Ended::Stopped => stops += 1,
                Ended::Rehearsed(_) => break,
                Ended::Nothing => panic!("{id}, stopped at {stops}"),
            }
        }
        assert!(stops > 0, "{id}");
    }
}
