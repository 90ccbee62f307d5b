//! Both sides of stores that LND's own code migrated (`data/lnd`): nothing differs; and with one
//! change made on purpose, exactly that does.

use crate::fixtures;

use fulgurite_core::finding::{Code, Severity};
use fulgurite_core::lnd::check::Given;
use fulgurite_core::lnd::compare::{Compared, Ended, Options, compare};
use fulgurite_core::report::Report;
use fulgurite_core::source::Source;

use fixtures::Fixture;

fn compared(fixture: &Fixture) -> Ended {
    let given: Vec<Given<'_>> = fixture
        .files
        .iter()
        .filter(|(name, _)| name != "dump.pgc")
        .map(|(name, bytes)| Given { source: bytes as &dyn Source, name: Some(name) })
        .collect();
    compare(&given, &Options { reveal: true }, &mut |_| true).expect("memory is read")
}

#[test]
fn what_lnd_migrated_does_not_differ() {
    let (mut stores, mut invoices) = (0, 0);
    for fixture in
        fixtures::fixtures(|_, state| matches!(state, "S0" | "S2" | "D01" | "D28" | "S9" | "S13"))
    {
        let Ended::Compared(compared) = compared(&fixture) else { continue };
        let Compared { summary, report } = *compared;
        println!("{}: {summary:?}", fixture.id);
        if report.verdict.severity == Severity::Info {
            let next = &report.verdict.next;
            assert_eq!(*next, [fulgurite_core::finding::Step::Nothing], "{}", fixture.id);
        }
        let told = format!("{}: {summary:?} {:#?}", fixture.id, report.findings);
        assert_eq!((summary.differ, summary.missing, summary.extra), (0, 0, 0), "{told}");
        assert_eq!((summary.left_behind, summary.unread, summary.unexplained), (0, 0, 0), "{told}");
        stores += 1;
        invoices += summary.same;
    }
    println!("{stores} stores, {invoices} invoices the same");
    assert!(stores >= 10 && invoices >= 100);
}

/// The report on both sides of these files.
fn report(files: &[(String, Vec<u8>)]) -> Report {
    let given: Vec<Given<'_>> = files
        .iter()
        .map(|(name, bytes)| Given { source: bytes as &dyn Source, name: Some(name) })
        .collect();
    let ended = compare(&given, &Options { reveal: false }, &mut |_| true);
    let Ended::Compared(compared) = ended.expect("memory is read") else {
        panic!("there are two sides");
    };
    compared.report
}

/// What is said of them, but for what is only counted.
fn told(files: &[(String, Vec<u8>)]) -> Vec<(String, String)> {
    let findings = report(files).findings.into_iter().filter(|f| f.code != Code::LndCompared);
    findings
        .map(|finding| {
            let field = finding.values.text("differing_field").unwrap_or_default();
            (finding.code.name().trim_start_matches("lnd.").to_owned(), field.to_owned())
        })
        .collect()
}

/// The same database after these statements.
fn edited(bytes: &[u8], statements: &str) -> Vec<u8> {
    let folder = tempfile(statements);
    std::fs::write(&folder, bytes).expect("a temporary file");
    let database = rusqlite::Connection::open(&folder).expect("a database");
    database.execute_batch("PRAGMA journal_mode = DELETE").expect("no log beside it");
    let before: i64 = database.query_one("SELECT total_changes()", [], |row| row.get(0)).unwrap();
    database.execute_batch(statements).unwrap_or_else(|error| panic!("{statements}: {error}"));
    let after: i64 = database.query_one("SELECT total_changes()", [], |row| row.get(0)).unwrap();
    assert!(after > before, "nothing was changed: {statements}");
    drop(database);
    let bytes = std::fs::read(&folder).expect("the database");
    std::fs::remove_file(&folder).expect("a temporary file");
    bytes
}

fn tempfile(of: &str) -> std::path::PathBuf {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    let name = format!("fulgurite-compare-{}-{:x}.sqlite", std::process::id(), hasher.finish());
    std::env::temp_dir().join(name)
}

/// Rows that statements are about. In each store there is one of each kind.
const ROWS: &[(&str, &str)] = &[
    (
        "$settled",
        "(SELECT id FROM invoices WHERE state = 1 AND is_amp = 0 AND is_hodl = 0 ORDER BY id LIMIT 1)",
    ),
    ("$open", "(SELECT id FROM invoices WHERE state = 0 AND is_amp = 0 ORDER BY id LIMIT 1)"),
    ("$canceled", "(SELECT id FROM invoices WHERE state = 2 ORDER BY id LIMIT 1)"),
    ("$accepted", "(SELECT id FROM invoices WHERE state = 3 ORDER BY id LIMIT 1)"),
    (
        "$paid",
        "(SELECT h.id FROM invoice_htlcs h JOIN invoices i ON i.id = h.invoice_id WHERE i.state = 1 AND i.is_amp = 0 AND h.state = 2 ORDER BY h.id LIMIT 1)",
    ),
    (
        "$held",
        "(SELECT h.id FROM invoice_htlcs h JOIN invoices i ON i.id = h.invoice_id WHERE i.state = 3 ORDER BY h.id LIMIT 1)",
    ),
    ("$recorded", "(SELECT htlc_id FROM invoice_htlc_custom_records ORDER BY htlc_id LIMIT 1)"),
    ("$set", "(SELECT set_id FROM amp_sub_invoices WHERE state = 2 ORDER BY settle_index LIMIT 1)"),
    (
        "$part",
        "(SELECT a.htlc_id FROM amp_sub_invoice_htlcs a JOIN amp_sub_invoices s ON s.set_id = a.set_id WHERE s.state = 2 ORDER BY a.htlc_id LIMIT 1)",
    ),
];

fn statement(text: &str) -> String {
    ROWS.iter().fold(text.to_owned(), |text, (name, row)| text.replace(name, row))
}

/// One change for each thing that may not change, and what is to be said of it.
const CHANGES: &[(&str, &[(&str, &str)])] = &[
    // What an invoice was made with.
    (
        "UPDATE invoices SET amount_msat = amount_msat + 1 WHERE id = $settled",
        &[("invoice_differs", "value")],
    ),
    (
        "UPDATE invoices SET amount_msat = amount_msat + 1 WHERE id = $open",
        &[("invoice_differs", "value")],
    ),
    (
        "UPDATE invoices SET payment_addr = randomblob(32) WHERE id = $open",
        &[("invoice_differs", "payment_addr")],
    ),
    (
        "UPDATE invoices SET payment_addr = NULL WHERE id = $open",
        &[("invoice_differs", "payment_addr")],
    ),
    (
        "UPDATE invoices SET preimage = randomblob(32) WHERE id = $settled",
        &[("invoice_differs", "preimage")],
    ),
    ("UPDATE invoices SET preimage = NULL WHERE id = $open", &[("invoice_differs", "preimage")]),
    (
        "UPDATE invoices SET preimage = randomblob(32) WHERE id = $accepted",
        &[("invoice_differs", "preimage")],
    ),
    (
        "UPDATE invoices SET created_at = '2024-02-03 04:05:06.789 +0000 UTC' WHERE id = $open",
        &[("invoice_differs", "created")],
    ),
    ("UPDATE invoices SET expiry = expiry + 1 WHERE id = $open", &[("invoice_differs", "expiry")]),
    (
        "UPDATE invoices SET cltv_delta = cltv_delta + 1 WHERE id = $open",
        &[("invoice_differs", "cltv_delta")],
    ),
    ("UPDATE invoices SET memo = memo || 'x' WHERE id = $open", &[("invoice_differs", "memo")]),
    (
        "UPDATE invoices SET payment_request = payment_request || 'x' WHERE id = $open",
        &[("invoice_differs", "payment_request")],
    ),
    (
        "UPDATE invoices SET payment_request_hash = randomblob(32) WHERE id = $open",
        &[("invoice_differs", "payment_request_hash")],
    ),
    ("UPDATE invoices SET is_amp = 1 - is_amp WHERE id = $open", &[("invoice_differs", "is_amp")]),
    (
        "UPDATE invoices SET is_hodl = 1 - is_hodl WHERE id = $open",
        &[("invoice_differs", "is_hodl")],
    ),
    (
        "UPDATE invoices SET is_keysend = 1 - is_keysend WHERE id = $open",
        &[("invoice_differs", "is_keysend")],
    ),
    (
        "DELETE FROM invoice_features WHERE invoice_id = $open AND feature = (SELECT min(feature) FROM invoice_features WHERE invoice_id = $open)",
        &[("invoice_differs", "features")],
    ),
    (
        "INSERT INTO invoice_features (feature, invoice_id) VALUES (2001, $open)",
        &[("invoice_differs", "features")],
    ),
    // States.
    ("UPDATE invoices SET state = 0 WHERE id = $settled", &[("kv_ahead", "state")]),
    ("UPDATE invoices SET state = 3 WHERE id = $settled", &[("kv_ahead", "state")]),
    ("UPDATE invoices SET state = 2 WHERE id = $settled", &[("invoice_differs", "state")]),
    ("UPDATE invoices SET state = 0 WHERE id = $canceled", &[("kv_ahead", "state")]),
    ("UPDATE invoices SET state = 1 WHERE id = $canceled", &[("invoice_differs", "state")]),
    ("UPDATE invoices SET state = 0 WHERE id = $accepted", &[("kv_ahead", "state")]),
    ("UPDATE invoices SET state = 7 WHERE id = $open", &[("invoice_differs", "state")]),
    // A hold invoice learns its preimage when it is settled, but not any.
    (
        "UPDATE invoices SET state = 1, preimage = randomblob(32) WHERE id = $accepted",
        &[("invoice_differs", "preimage")],
    ),
    // Settlement.
    (
        "UPDATE invoices SET settle_index = settle_index + 100 WHERE id = $settled",
        &[("invoice_differs", "settle_index")],
    ),
    (
        "UPDATE invoices SET settle_index = 77 WHERE id = $open",
        &[("invoice_differs", "settle_index")],
    ),
    (
        "UPDATE invoices SET settled_at = '2024-02-03 04:05:06.789 +0000 UTC' WHERE id = $settled",
        &[("invoice_differs", "settled_at")],
    ),
    (
        "UPDATE invoices SET amount_paid_msat = amount_paid_msat + 1 WHERE id = $settled",
        &[("invoice_differs", "amount_paid")],
    ),
    // HTLCs.
    (
        "DELETE FROM invoice_htlc_custom_records WHERE htlc_id = $paid; DELETE FROM invoice_htlcs WHERE id = $paid",
        &[("invoice_differs", "htlc")],
    ),
    (
        "INSERT INTO invoice_htlcs (chan_id, htlc_id, amount_msat, accept_height, accept_time, expiry_height, state, invoice_id) VALUES ('1', 2, 3, 4, '2024-02-03 04:05:06 +0000 UTC', 5, 2, $settled)",
        &[("invoice_differs", "htlc")],
    ),
    (
        "UPDATE invoice_htlcs SET amount_msat = amount_msat + 1 WHERE id = $paid",
        &[("invoice_differs", "htlc_amount")],
    ),
    (
        "UPDATE invoice_htlcs SET total_mpp_msat = coalesce(total_mpp_msat, 0) + 1 WHERE id = $paid",
        &[("invoice_differs", "htlc_total")],
    ),
    (
        "UPDATE invoice_htlcs SET accept_height = accept_height + 1 WHERE id = $paid",
        &[("invoice_differs", "htlc_accept_height")],
    ),
    (
        "UPDATE invoice_htlcs SET accept_time = '2024-02-03 04:05:06.789 +0000 UTC' WHERE id = $paid",
        &[("invoice_differs", "htlc_accept_time")],
    ),
    (
        "UPDATE invoice_htlcs SET resolve_time = '2024-02-03 04:05:06.789 +0000 UTC' WHERE id = $paid",
        &[("invoice_differs", "htlc_resolve_time")],
    ),
    (
        "UPDATE invoice_htlcs SET expiry_height = expiry_height + 1 WHERE id = $held",
        &[("invoice_differs", "htlc_expiry_height")],
    ),
    ("UPDATE invoice_htlcs SET state = 1 WHERE id = $paid", &[("invoice_differs", "htlc_state")]),
    ("UPDATE invoice_htlcs SET state = 0 WHERE id = $paid", &[("kv_ahead", "htlc_state")]),
    (
        "UPDATE invoice_htlc_custom_records SET value = value || x'00' WHERE htlc_id = $recorded",
        &[("invoice_differs", "custom_records")],
    ),
    (
        "DELETE FROM invoice_htlc_custom_records WHERE htlc_id = $recorded",
        &[("invoice_differs", "custom_records")],
    ),
    (
        "INSERT INTO invoice_htlc_custom_records (key, value, htlc_id) VALUES (99999, x'00', $paid)",
        &[("invoice_differs", "custom_records")],
    ),
    // AMP.
    (
        "UPDATE amp_sub_invoice_htlcs SET root_share = randomblob(32) WHERE htlc_id = $part",
        &[("invoice_differs", "htlc_amp")],
    ),
    (
        "UPDATE amp_sub_invoice_htlcs SET child_index = child_index + 1 WHERE htlc_id = $part",
        &[("invoice_differs", "htlc_amp")],
    ),
    (
        "UPDATE amp_sub_invoice_htlcs SET hash = randomblob(32) WHERE htlc_id = $part",
        &[("invoice_differs", "htlc_amp")],
    ),
    (
        "UPDATE amp_sub_invoice_htlcs SET preimage = randomblob(32) WHERE htlc_id = $part",
        &[("invoice_differs", "htlc_preimage")],
    ),
    (
        "UPDATE amp_sub_invoices SET state = 1 WHERE set_id = $set",
        &[("invoice_differs", "amp_state")],
    ),
    ("UPDATE amp_sub_invoices SET state = 0 WHERE set_id = $set", &[("kv_ahead", "amp_state")]),
    (
        "UPDATE amp_sub_invoices SET settle_index = settle_index + 100 WHERE set_id = $set",
        &[("invoice_differs", "amp_settle_index")],
    ),
    (
        "UPDATE amp_sub_invoices SET settled_at = '2024-02-03 04:05:06.789 +0000 UTC' WHERE set_id = $set",
        &[("invoice_differs", "amp_settled_at")],
    ),
    (
        "UPDATE amp_sub_invoices SET created_at = '2024-02-03 04:05:06.789 +0000 UTC' WHERE set_id = $set",
        &[("invoice_differs", "amp_created")],
    ),
    ("DELETE FROM amp_sub_invoices WHERE set_id = $set", &[("invoice_differs", "amp_set")]),
    // Whole invoices.
    (
        "UPDATE invoices SET hash = randomblob(32) WHERE id = $settled",
        &[("invoice_missing", ""), ("invoice_extra", "")],
    ),
    (
        "DELETE FROM invoice_features WHERE invoice_id = $open; DELETE FROM invoices WHERE id = $open",
        &[("invoice_missing", "")],
    ),
    (
        "INSERT INTO invoices (hash, amount_msat, expiry, state, amount_paid_msat, is_amp, is_hodl, is_keysend, created_at) VALUES (randomblob(32), 1, 1, 0, 0, 0, 0, 0, '2024-02-03 04:05:06 +0000 UTC')",
        &[("invoice_extra", "")],
    ),
];

/// What LND does after a migration, and what is to be said of it: nothing above a note.
const COURSE: &[(&str, &[(&str, &str)])] = &[
    ("UPDATE invoices SET state = 3 WHERE id = $open", &[]),
    (
        "UPDATE invoices SET state = 1, settle_index = 1, settled_at = '2030-01-01 00:00:00 +0000 UTC', amount_paid_msat = 5 WHERE id = $open",
        &[],
    ),
    ("UPDATE invoices SET state = 2 WHERE id = $open", &[]),
    (
        "UPDATE invoice_htlcs SET state = 2, resolve_time = '2030-01-01 00:00:00 +0000 UTC' WHERE id = $held; UPDATE invoices SET state = 1, settle_index = 1, settled_at = '2030-01-01 00:00:00 +0000 UTC' WHERE id = $accepted",
        &[],
    ),
    ("UPDATE invoices SET state = 2 WHERE id = $accepted", &[]),
    (
        "INSERT INTO invoice_htlcs (chan_id, htlc_id, amount_msat, accept_height, accept_time, expiry_height, state, invoice_id) VALUES ('1', 2, 3, 4, '2024-02-03 04:05:06 +0000 UTC', 5, 0, $open)",
        &[],
    ),
    (
        "INSERT INTO invoices (id, hash, amount_msat, expiry, state, amount_paid_msat, is_amp, is_hodl, is_keysend, created_at) VALUES (999, randomblob(32), 1, 1, 0, 0, 0, 0, 0, '2024-02-03 04:05:06 +0000 UTC'); INSERT INTO invoice_events (added_at, event_type, invoice_id) VALUES ('2024-02-03 04:05:06 +0000 UTC', 0, 999)",
        &[],
    ),
    (
        "DELETE FROM invoice_htlcs WHERE invoice_id = $canceled; DELETE FROM invoice_features WHERE invoice_id = $canceled; DELETE FROM invoices WHERE id = $canceled",
        &[("invoices_deleted", "")],
    ),
];

#[test]
fn one_change_is_one_difference() {
    let stores = ["v0.19/s2-sqlite", "v0.20/s2-sqlite", "v0.21/s2-sqlite"];
    let (mut made, mut wrong) = (0, Vec::new());
    for fixture in fixtures::fixtures(|id, _| stores.contains(&id)) {
        for (text, wanted) in CHANGES.iter().chain(COURSE) {
            let mut files = fixture.files.clone();
            let native =
                files.iter_mut().find(|(name, _)| name == "lnd.sqlite").expect("native SQL");
            native.1 = edited(&native.1, &statement(text));
            let told = told(&files);
            let wanted: Vec<(String, String)> = wanted
                .iter()
                .map(|(code, field)| ((*code).to_owned(), (*field).to_owned()))
                .collect();
            let mut sorted = (told.clone(), wanted.clone());
            sorted.0.sort();
            sorted.1.sort();
            if sorted.0 != sorted.1 {
                wrong.push(format!("{}: {text}\n   {told:?}\n   {wanted:?}", fixture.id));
            }
            made += 1;
        }
    }
    println!("{made} changes, {} of them told otherwise", wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(made, 3 * (CHANGES.len() + COURSE.len()));
}

/// An invoice whose add index is gone was not migrated.
#[test]
fn what_the_migration_did_not_see_is_left_behind() {
    for fixture in fixtures::fixtures(|id, _| id == "v0.21/s2-sqlite") {
        let mut files = fixture.files.clone();
        for (name, bytes) in &mut files {
            let text = if name == "lnd.sqlite" {
                "DELETE FROM invoice_htlcs WHERE invoice_id = 1; DELETE FROM invoice_features \
                 WHERE invoice_id = 1; DELETE FROM invoices WHERE id = 1"
            } else {
                // The first row of the add index.
                "DELETE FROM channeldb_kv WHERE id = (SELECT row.id FROM channeldb_kv row JOIN \
                 channeldb_kv bucket ON bucket.id = row.parent_id WHERE bucket.key = \
                 CAST('invoice-add-index' AS BLOB) ORDER BY row.key LIMIT 1)"
            };
            *bytes = edited(bytes, text);
        }
        assert_eq!(told(&files), [("left_behind".to_owned(), String::new())]);
    }
}

/// LND cancels and deletes; what it has deleted leaves a gap in the migration's numbers. A loss is
/// proven where there is none, and of what was paid in any case.
#[test]
fn what_may_be_deleted_is_no_proven_loss() {
    const GAP: &str = "DELETE FROM invoice_features WHERE invoice_id = $open; \
                       DELETE FROM invoices WHERE id = $open";
    const OTHER: &str = "UPDATE invoices SET hash = randomblob(32) WHERE id = $open";
    const PAID: &str = "UPDATE invoices SET hash = randomblob(32) WHERE id = $settled";
    let (may, lost) = ((true, Severity::Warning), (false, Severity::Damage));
    let cases = [
        (GAP.to_owned(), vec![may]),
        (OTHER.to_owned(), vec![lost]),
        (PAID.to_owned(), vec![lost]),
        (format!("{GAP}; {PAID}"), vec![lost, may]),
    ];
    for fixture in fixtures::fixtures(|id, _| id == "v0.21/s2-sqlite") {
        for (text, wanted) in &cases {
            let mut files = fixture.files.clone();
            let native =
                files.iter_mut().find(|(name, _)| name == "lnd.sqlite").expect("native SQL");
            native.1 = edited(&native.1, &statement(text));
            let told = report(&files).findings.into_iter();
            let mut missing: Vec<(bool, Severity)> = told
                .filter(|finding| finding.code == Code::LndInvoiceMissing)
                .map(|one| (one.values.get("may_be_deleted") == Some(&true.into()), one.severity))
                .collect();
            missing.sort_by_key(|(deletable, _)| *deletable);
            assert_eq!(missing, *wanted, "{text}");
        }
    }
}

/// A file, read where it is asked for.
struct OnDisk(std::fs::File, u64);

impl Source for OnDisk {
    fn len(&self) -> u64 {
        self.1
    }

    fn read_at(&self, at: u64, buf: &mut [u8]) -> Result<(), fulgurite_core::source::SourceError> {
        use std::os::unix::fs::FileExt as _;
        self.0.read_exact_at(buf, at).expect("the file is there");
        Ok(())
    }
}

/// Rates and memory on stores of one's own: `FULGURITE_COMPARE=channel.sqlite:lnd.sqlite`.
#[test]
#[ignore = "takes files by the environment"]
fn rate() {
    let paths = std::env::var("FULGURITE_COMPARE").expect("paths");
    let files: Vec<(String, OnDisk)> = paths
        .split(':')
        .map(|path| {
            let file = std::fs::File::open(path).expect("a file");
            let len = file.metadata().expect("a length").len();
            (path.to_owned(), OnDisk(file, len))
        })
        .collect();
    let given: Vec<Given<'_>> = files
        .iter()
        .map(|(name, file)| Given { source: file as &dyn Source, name: Some(name) })
        .collect();
    let peak = || {
        let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
        let line = status.lines().find(|line| line.starts_with("VmHWM")).expect("a peak");
        line.split_whitespace().nth(1).and_then(|kib| kib.parse::<u64>().ok()).expect("KiB") / 1024
    };
    if std::env::var_os("FULGURITE_REHEARSE").is_none() {
        let begun = std::time::Instant::now();
        let ended = compare(&given, &Options::default(), &mut |_| true).expect("files are read");
        let Ended::Compared(compared) = ended else { panic!("one side") };
        println!("compare: {:?}, peak {} MiB, {:?}", begun.elapsed(), peak(), compared.summary);
    } else {
        use fulgurite_core::lnd::rehearse::{self, Target, rehearse};
        let begun = std::time::Instant::now();
        let target = Target::newest();
        let options = rehearse::Options::default();
        let ended = rehearse(&given, &target, &options, &mut |_| true).expect("files are read");
        let rehearse::Ended::Rehearsed(rehearsed) = ended else { panic!("no store") };
        println!("rehearse: {:?}, peak {} MiB, {:?}", begun.elapsed(), peak(), rehearsed.rehearsal);
    }
}

/// What `lncli listinvoices` prints stands in for either side. The lists were made by the RPC code
/// of LND v0.21.3 from the fixture's own stores (tests/lnd-fixtures, `list`).
#[test]
fn a_list_by_lncli_is_a_side() {
    for fixture in fixtures::fixtures(|id, _| id == "v0.21/s2-sqlite") {
        let file =
            |name: &str| fixture.files.iter().find(|(file, _)| file == name).unwrap().clone();
        for of in ["kv", "sql"] {
            let path = fixtures::folder().join(format!("lists/v0.21-s2-{of}.json.xz"));
            let list = ("list.json".to_owned(), fixtures::read(&path));
            for side in ["channel.sqlite", "lnd.sqlite"] {
                let files = [file(side), list.clone()];
                // In a list, an AMP invoice that nobody asked for has no hash: with a key-value store
                // its payment address finds it, native SQL is not searched by that.
                let one = [("not_compared".to_owned(), String::new())];
                let wanted: &[_] = if side == "lnd.sqlite" { &one } else { &[] };
                assert_eq!(told(&files), wanted, "{side} with a list of {of}");
            }
            let text = String::from_utf8(list.1.clone()).unwrap();
            let changed = text.replacen("\"value_msat\": \"3000\"", "\"value_msat\": \"3001\"", 1);
            assert_ne!(changed, text);
            let files = [file("channel.sqlite"), ("list.json".to_owned(), changed.into_bytes())];
            assert_eq!(told(&files), [("invoice_differs".to_owned(), "value".to_owned())]);
        }
    }
}

/// Whoever stops it, whenever, is told so, and not that there is one side.
#[test]
fn it_can_be_stopped_at_any_time() {
    for id in ["v0.21/s2-sqlite", "v0.21/wal-s2-sqlite", "v0.21/s2-postgres"] {
        let fixture = fixtures::fixtures(|known, _| known == id).remove(0);
        let files = fixture.files.iter().filter(|(name, _)| name != "dump.pgc");
        let given: Vec<Given<'_>> = files
            .map(|(name, bytes)| Given { source: bytes as &dyn Source, name: Some(name) })
            .collect();
        let mut stops = 0;
        loop {
            let mut calls = 0;
            let ended = compare(&given, &Options::default(), &mut |progress| {
                assert!(progress.done <= progress.total, "{id}");
                calls += 1;
                calls <= stops
            });
            match ended.expect("memory is read") {
                Ended::Stopped => stops += 1,
                Ended::Compared(_) => break,
                Ended::OneSided { .. } => panic!("{id}, stopped at {stops}"),
            }
        }
        assert!(stops > 0, "{id}");
    }
}
