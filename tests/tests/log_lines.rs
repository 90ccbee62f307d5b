//! Known lines of logs: each in the wording of each release that has it, every one quoted in
//! upstream's threads, and every one that upstream's own tools printed for the goldens.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use fulgurite_core::log::{Event, LogReader, LogReport, Options, Order, Program, Says};

fn read(log: &str) -> LogReport {
    let mut reader = LogReader::new(Options::default());
    reader.push(log.as_bytes());
    reader.finish()
}

/// What the only known line of a log says.
fn says(log: &str) -> Option<Says> {
    let report = read(log);
    assert!(report.says.len() <= 1, "{log}: {:?}", report.says);
    report.says.first().map(|row| row.says)
}

/// Puts something into the gaps of a format.
fn filled(words: &str) -> String {
    words.replace("%u", "17733380").replace("%x", "c6a9e4c2").replace("%s", "103x1x0")
}

const NODE: &str = "02531fe6068134503d2723133227c867ac8fa6c83c537e9a44c3c5bdbdcb1fe337";

/// How a release of lightningd writes a line of a daemon's: `lightningd/log.c` at these tags.
fn framed(tag: &str, file: &str, words: &str) -> Vec<String> {
    let daemon = match file.split('/').next() {
        Some("gossipd") => "gossipd",
        Some("connectd") => "connectd",
        Some("plugins") => "plugin-bcli",
        _ => "lightningd",
    };
    let time = "2024-01-02T03:04:05.678Z";
    let old = format!("lightning_{daemon}(11243):");
    match tag {
        // No level; daemons pass theirs on in words.
        "v0.6.3" | "v0.7.0" | "v0.7.1" => vec![
            format!("{time} {old} {words}\n"),
            format!("{time} {old} TRACE: {words}\n"),
            format!("{time} {old} STATUS_FAIL_INTERNAL_ERROR: {words}\n"),
        ],
        _ => vec![
            format!("{time} DEBUG {daemon}: {words}\n"),
            format!("{time} UNUSUAL {daemon}: {words}\n"),
            format!("{time} INFO    {daemon}: {words}\n"),
            format!("{time} TRACE   {NODE}-{daemon}: {words}\n"),
            format!("{time} **BROKEN** {daemon}: STATUS_FAIL_INTERNAL_ERROR: {words}\n"),
            // log-timestamps=false, and log-prefix.
            format!("**BROKEN** {daemon}: {words}\n"),
            format!("node-1 {time} DEBUG   {daemon}: {words}\n"),
            // Both; and those who pass lines on, without the program's own clock.
            format!("node-1 **BROKEN** {daemon}: {words}\n"),
            format!("2024-01-02T03:04:05.678901234Z stderr F UNUSUAL {daemon}: {words}\n"),
            format!("Jan 02 03:04:05 host lightningd: DEBUG   {daemon}: {words}\n"),
        ],
    }
}

#[test]
fn every_line_of_every_release_is_known() {
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/log_lines.tsv");
    let mut tags = BTreeSet::new();
    let mut count = 0;
    let table = fs::read_to_string(table).unwrap();
    for row in table.lines().filter(|row| !row.starts_with('#')) {
        let [expected, file, releases, words] = *row.split('\t').collect::<Vec<_>>() else {
            panic!("{row}")
        };
        for tag in releases.split(',') {
            tags.insert(tag);
            for line in framed(tag, file, &filled(words)) {
                let report = read(&line);
                let said: Vec<_> = report.says.iter().map(|row| row.says.name()).collect();
                assert_eq!(said, [expected], "{tag} {file}: {line}");
                assert_eq!((report.known, report.unknown), (1, 0), "{line}");
                assert_eq!(report.program, Some(Program::Lightningd), "{line}");
                count += 1;
            }
        }
    }
    assert!(tags.len() >= 24 && count > 10_000, "{} {count}", tags.len());
}

/// LND's lines; `docs/upstream.md` has the tags.
const LND: &[(&str, &str, &str)] = &[
    (
        "lnd_version",
        "v0.18.5",
        "LTND: Version: 0.18.5-beta commit=v0.18.5-beta, build=production, logging=default, debuglevel=info",
    ),
    (
        "lnd_version",
        "v0.19.3",
        "LTND: Version Info version=\"0.19.3-beta commit=v0.19.3-beta\" commit=v0.19.3-beta debuglevel=production logging=info",
    ),
    (
        "lnd_version",
        "v0.21.2",
        "LTND: Version Info version=0.21.2-beta commit=v0.21.2-beta debuglevel=production logging=info",
    ),
    (
        "lnd_opening",
        "v0.18.5 v0.19.3 v0.20.3 v0.21.2",
        "LTND: Opening the main database, this might take a few minutes...",
    ),
    ("lnd_schema", "v0.18.5 v0.19.3 v0.20.3 v0.21.2", "SQLD: Applying migrations from version=3"),
    (
        "lnd_schema",
        "v0.19.3 v0.20.3 v0.21.2",
        "SQLD: No database version found, using schema version 3 (dirty=false) as base version",
    ),
    ("lnd_schema", "v0.19.3 v0.20.3 v0.21.2", "SQLD: Migrating SQL schema to version 6"),
    (
        "lnd_schema",
        "v0.21.2",
        "SQLD: Attempting to apply migration(s) (current_db_version=7, latest_migration_version=15)",
    ),
    (
        "lnd_migration_skipped",
        "v0.19.3 v0.20.3 v0.21.2",
        "SQLD: Skipping migration '000001_invoices' (version 1) as it has already been applied",
    ),
    (
        "lnd_migration_begins",
        "v0.19.3 v0.20.3 v0.21.2",
        "SQLD: Applying custom migration 'kv_invoice_migration' (version 7) to schema version 6",
    ),
    (
        "lnd_migration_applied",
        "v0.19.3 v0.20.3 v0.21.2",
        "SQLD: Migration 'kv_invoice_migration' (version 7) applied ",
    ),
    (
        "lnd_dirty_reset",
        "v0.19.3 v0.20.3 v0.21.2",
        "SQLD: Schema version 2 is dirty. This is likely a consequence of a failed migration in v0.19.0-rc1. Attempting to recover by resetting the dirty flag",
    ),
    (
        "lnd_invoices_begin",
        "v0.19.3 v0.20.3 v0.21.2",
        "INVC: Starting migration of invoices from KV to SQL",
    ),
    (
        "lnd_invoices_index",
        "v0.19.3 v0.20.3 v0.21.2",
        "INVC: Created SQL invoice hash index in 9m3.2s",
    ),
    (
        "lnd_invoices_rate",
        "v0.19.3 v0.20.3 v0.21.2",
        "INVC: Migrated 14000 invoices (28.37 invoices/sec)",
    ),
    ("lnd_invoices_total", "v0.19.3 v0.20.3 v0.21.2", "INVC: All invoices migrated. Total: 727436"),
    (
        "lnd_invoices_done",
        "v0.19.3 v0.20.3 v0.21.2",
        "INVC: Migration of 727436 invoices from KV to SQL completed",
    ),
    (
        "lnd_invoice_left_out",
        "v0.19.3 v0.20.3 v0.21.2",
        "INVC: Cannot migrate invoice, unable to fetch payment hash (add_index=12): sql: no rows in result set",
    ),
    ("lnd_tombstone", "v0.19.3 v0.20.3 v0.21.2", "LTND: Setting invoice bucket tombstone"),
    ("lnd_tombstone_state", "lnd#9660", "LTND: Invoice bucket tombstone set to: false"),
    (
        "lnd_graph_begin",
        "v0.20.3 v0.21.2",
        "GRDB: Starting migration of the graph store from KV to SQL",
    ),
    ("lnd_graph_rate", "v0.20.3 v0.21.2", "GRDB: Migrated 2000 nodes (810.11 nodes/sec)"),
    ("lnd_graph_rate", "v0.20.3 v0.21.2", "GRDB: Migrated 2000 channels (810.11 channels/sec)"),
    (
        "lnd_graph_rate",
        "v0.20.3 v0.21.2",
        "GRDB: Migrated 2000 prune log entries (810.11 entries/sec)",
    ),
    ("lnd_graph_rate", "v0.20.3 v0.21.2", "GRDB: Migrated 2000 closed scids (810.11 entries/sec)"),
    (
        "lnd_graph_rate",
        "v0.20.3 v0.21.2",
        "GRDB: Migrated 2000 zombie index entries (810.11 entries/sec)",
    ),
    (
        "lnd_graph_part",
        "v0.20.3 v0.21.2",
        "GRDB: Migrated 17000 nodes from KV to SQL in 21.3s (skipped 3 nodes due to invalid TLV streams or invalid addresses)",
    ),
    (
        "lnd_graph_part",
        "v0.20.3 v0.21.2",
        "GRDB: Migrated 40000 channels and 80000 policies from KV to SQL in 2m1s(skipped 0 channels and 0 policies due to invalid TLV streams)",
    ),
    (
        "lnd_graph_part",
        "v0.20.3 v0.21.2",
        "GRDB: Migrated 900000 prune log entries from KV to SQL in 1m. The prune tip is: height 900000, hash: 00",
    ),
    ("lnd_graph_part", "v0.20.3 v0.21.2", "GRDB: Migrated 5 closed SCIDs from KV to SQL in 1ms"),
    ("lnd_graph_part", "v0.20.3 v0.21.2", "GRDB: Migrated 5 zombie channels from KV to SQL in 1ms"),
    (
        "lnd_graph_part",
        "v0.20.3 v0.21.2",
        "GRDB: No graph found in KV store, skipping the migration",
    ),
    (
        "lnd_graph_left_out",
        "v0.20.3 v0.21.2",
        "GRDB: Skipping migration of node 02ab with invalid address ([]): none",
    ),
    (
        "lnd_graph_left_out",
        "v0.20.3 v0.21.2",
        "GRDB: Skipping channel 12345 with invalid extra opaque data: [1 2]",
    ),
    (
        "lnd_graph_done",
        "v0.20.3 v0.21.2",
        "GRDB: Finished migration of the graph store from KV to SQL in 3m21s",
    ),
    ("lnd_payments_begin", "v0.21.2", "PYDB: Starting payment migration from KV to SQL..."),
    (
        "lnd_payments_part",
        "v0.21.2",
        "PYDB: Found ~1200 index entries to migrate (includes duplicates)",
    ),
    (
        "lnd_payments_rate",
        "v0.21.2",
        "PYDB: Progress: 1000 payments (83.3%), 1500 attempts, 4000 hops | Rate: 250.5 pmt/s, 375.8 att/s | Elapsed: 4s | ETA: 1s",
    ),
    ("lnd_payments_done", "v0.21.2", "PYDB: Migration Duration:    5.2s"),
    ("lnd_payments_done", "v0.21.2", "PYDB: No payments migrated - database is empty"),
    (
        "lnd_payment_odd",
        "v0.21.2",
        "PYDB: Duplicate payment seq=3 has no attempt info and no resolution (payment=ab); marking failed",
    ),
    ("lnd_payment_odd", "v0.21.2", "PYDB: Missing bucket for payment abcdef"),
    (
        "lnd_kv_migration",
        "v0.18.5 v0.19.3 v0.20.3 v0.21.2",
        "CHDB: Checking for schema update: latest_version=33, db_version=31",
    ),
    ("lnd_kv_migration", "v0.18.5 v0.19.3 v0.20.3 v0.21.2", "CHDB: Applying migration #32"),
    ("lnd_kv_migration", "v0.21.2", "CHDB: DB version key missing, recovering from db_version=33"),
    (
        "lnd_kv_migration_failed",
        "v0.18.5 v0.19.3 v0.20.3 v0.21.2",
        "CHDB: Unable to apply migration #32",
    ),
    (
        "lnd_refuses",
        "v0.18.5 v0.19.3 v0.20.3 v0.21.2",
        "CHDB: Refusing to revert from db_version=33 to lower version=31",
    ),
    ("lnd_shutdown_asked", "v0.18.5 v0.19.3 v0.20.3 v0.21.2", "BTCN: Received shutdown request."),
    ("lnd_shutdown_asked", "v0.18.5 v0.19.3 v0.20.3 v0.21.2", "SGNL: Received interrupt"),
    ("lnd_stopped", "v0.18.5 v0.19.3 v0.20.3 v0.21.2", "LTND: Shutdown complete"),
    (
        "lnd_bolt_beside",
        "v0.18.5 v0.19.3 v0.20.3 v0.21.2",
        "LTND: Found existing bbolt database file in /data/channel.db while using database type sqlite. Existing data will NOT be migrated to sqlite automatically!",
    ),
];

/// What LND ends with: in a line of level error, and on stderr.
const LND_ERRORS: &[(&str, &str)] = &[
    (
        "lnd_migration_failed",
        "unable to open databases: faild to run migrations for the native SQL store: error applying migration 'kv_invoice_migration' (version 7) to schema version 6: failed to migrate invoices to SQL: migrated record does not match original record: invoice.",
    ),
    (
        "lnd_migration_failed",
        "error executing schema migrations to target version 6: Dirty database version 4. Fix and force version.",
    ),
    (
        "lnd_migration_failed",
        "constraint failed: UNIQUE constraint failed: payments.payment_identifier (2067)",
    ),
    (
        "lnd_migration_failed",
        "constraint failed: NOT NULL constraint failed: payment_route_hop_blinded.encrypted_data (1299)",
    ),
    ("lnd_refuses", "invoices bucket tombstoned, please switch back to native SQL"),
    (
        "lnd_refuses",
        "refusing to use db, it was marked with a tombstone after successful data migration; tombstone reads: lndinit migrate-db 2026-01-01T00:00:00Z",
    ),
    ("lnd_refuses", "SQL logic error: no such table: graph_source_nodes (1)"),
    (
        "lnd_refuses",
        "database network mismatch: the database was previously used with network 'mainnet'",
    ),
    (
        "lnd_refuses",
        "found invoices in the KV invoice DB, migration to native SQL is not yet supported",
    ),
    ("lnd_refuses", "cannot use native SQL with bolt backend"),
    (
        "lnd_serialization",
        "Unable to retrieve chan status for channel: ERROR: could not serialize access (SQLSTATE 40001)",
    ),
];

#[test]
fn every_line_of_lnd_is_known() {
    for (expected, releases, line) in LND {
        let (subsystem, words) = line.split_once(": ").unwrap();
        for level in ["INF", "WRN", "DBG", "ERR"] {
            for form in [
                format!("2025-01-02 03:04:05.678 [{level}] {line}\n"),
                // With the place in the source, and on a console with colours.
                format!(
                    "2025-01-02 03:04:05.678 [{level}] {subsystem} some_file.go:165: {words}\n"
                ),
                format!("2025-01-02 03:04:05.678 \x1b[36m[{level}]\x1b[0m {line}\n"),
                format!("lnd-1  | 2025-01-02 03:04:05.678 [{level}] {line}\n"),
            ] {
                let report = read(&form);
                assert_eq!(report.says[0].says.name(), *expected, "{releases}: {form}");
                assert_eq!(report.program, Some(Program::Lnd), "{form}");
                assert_eq!(report.first, Some(1_735_787_045), "{form}");
            }
        }
    }
    for (expected, words) in LND_ERRORS {
        for line in [
            format!("2025-01-02 03:04:05.678 [ERR] LTND: {words}\n"),
            format!(
                "2025-01-02 03:04:05.678 [ERR] LTND: Shutting down due to error in main method err=\"{words}\"\n"
            ),
            format!("{words}\n"),
        ] {
            assert_eq!(says(&line).map(Says::name), Some(*expected), "{line}");
        }
    }
    // Only where it is an error.
    let line = "2025-01-02 03:04:05.678 [INF] RPCS: no such table: x\n";
    assert_eq!(says(line), None);
}

/// Lines as operators quote them: ElementsProject/lightning, greenlight, lnd.
const QUOTED: &[(&str, &str, &str)] = &[
    ("#8224", "checksum", "STATUS_FAIL_INTERNAL_ERROR: gossip_store: bad checksum offset 14396"),
    (
        "#7249",
        "bad_record",
        "gossip_store: Unknown message (offset 44574364). Moving to gossip_store.corrupt and truncating",
    ),
    (
        "#7249",
        "stale_index",
        "lightning_gossipd: gossip_store: get delete entry offset 41434415/5949 (version v24.02)",
    ),
    ("#7309", "checksum", "lightning_gossipd: gossip_store: bad checksum offset 3044: 0100"),
    ("#3083", "version", "lightning_gossipd(1203): Gossip store version 0 not 7: removing"),
    ("#3083", "version", "Gossip store version 0 not 7"),
    ("#2969", "redundant", "gossip_store channel_announce 18750408 replaces 12547929!"),
    ("#2969", "redundant", "channel_announce 18750408 replaces 12547929!"),
    ("#2583", "cannot_read", "Failed reading 4250484004 from to gossip store @123: Success"),
    ("#2583", "cannot_read", "Failed reading 4250484004"),
    ("#5989", "cannot_read", "gossip_store: can't access offset 0"),
    ("#8194", "write_failed", "Failed writing to gossip store: Success"),
    (
        "#8035",
        "redundant",
        "cln-askrene: gossmap: redundant channel_announce for 864063x1306x1, offsets 1272259 and 1784859!",
    ),
    (
        "#8035",
        "compact_time",
        "2025-01-24T10:00:00.000Z DEBUG   gossipd: Store compact time: 1429910 msec",
    ),
    (
        "#8035",
        "plugin_timeout",
        "2025-01-24T10:00:00.000Z UNUSUAL plugin-topology: Killing plugin: timed out before replying to init",
    ),
    (
        "#7987",
        "lost_track",
        "2024-12-24T10:00:00.000Z UNUSUAL 02531fe6068134503d2723133227c867ac8fa6c83c537e9a44c3c5bdbdcb1fe337-chan#12: gossipd lost track of announced channel: re-announcing!",
    ),
    ("b15030985", "cannot_read", "gossip_store: can't read hdr offset 2362/2110: Success"),
    (
        "#1573",
        "compact_begins",
        "Compacting gossip_store with 10 entries, 18446744073709551608 of which are stale",
    ),
    ("#7249", "fatal_signal", "lightning_gossipd: FATAL SIGNAL 6 (version v24.02)"),
    (
        "#7899",
        "stale_index",
        "2024-12-02T09:31:11.000Z **BROKEN** gossipd: STATUS_FAIL_INTERNAL_ERROR: gossip_store: get delete entry offset 17733380/7989",
    ),
    (
        "#7899",
        "bad_order",
        "2024-12-02T09:31:11.000Z DEBUG   02531fe6068134503d2723133227c867ac8fa6c83c537e9a44c3c5bdbdcb1fe337-gossipd: Bad gossip order: Unknown channel 866021x2353x1",
    ),
    (
        "#5826",
        "bad_order",
        "2023-01-02T09:31:11.000Z DEBUG   02531fe6068134503d2723133227c867ac8fa6c83c537e9a44c3c5bdbdcb1fe337-gossipd: Bad gossip order: WIRE_CHANNEL_UPDATE before announcement 768012x1x1/0",
    ),
    (
        "#8317",
        "bad_order",
        "2025-05-30T10:00:00.000Z UNUSUAL lightningd: Bad gossip order: could not find channel 899494x897x1 for peer's channel update",
    ),
    (
        "greenlight#507",
        "bad_order",
        "UNUSUAL lightningd: Bad gossip order: could not find channel 812x1x1 for peer's channel update",
    ),
    (
        "cef86d1e2",
        "bad_updates",
        "2026-02-01T00:00:00.000Z UNUSUAL plugin-cln-askrene: Bad cupdate for 812x1x1/0, ignoring (delta=0, fee=0/0)",
    ),
    (
        "lnd#4477",
        "lnd_bolt_damaged",
        "panic: freepages: failed to get all reachable pages (page 2205: multiple references)",
    ),
    ("lnd#3867", "lnd_bolt_damaged", "panic: page 0: invalid type: unknown<00>"),
    ("lnd#1715", "lnd_bolt_damaged", "panic: invalid freelist page: 61397, page type is branch"),
    ("bbolt#537", "lnd_bolt_damaged", "panic: invalid page type: 26: 10"),
    (
        "bbolt#705",
        "lnd_bolt_damaged",
        "panic: assertion failed: Page expected to be: 3393, but self identifies as 6868074383292906018",
    ),
    ("lnd#2318", "lnd_bolt_damaged", "panic: page 7508 already freed"),
    (
        "fixture truncated",
        "lnd_bolt_damaged",
        "2025-01-02T03:04:05.678901234Z stderr F unexpected fault address 0x7f0c4a2fe000",
    ),
    // glibc's words for `assert` (assert.c); the line of gossmap.c is that of v23.08.1.
    (
        "gossmap",
        "wrong_record",
        "lightning_gossipd: common/gossmap.c:93: map_copy: Assertion `offset + len <= map->map_size' failed.",
    ),
    (
        "gossmap, syslog",
        "wrong_record",
        "Jan 02 03:04:05 host lightningd[123]: topology: common/gossmap.c:93: map_copy: Assertion `offset + len <= map->map_size' failed.",
    ),
    ("v0.10.2, stderr", "wrong_record", "topology: update for channel 812x1x1 not found!"),
    (
        "lnd#5490",
        "lnd_bolt_damaged",
        "2021-07-05 03:04:05.678 [ERR] LTND: unable to open channel db: file size too small",
    ),
];

#[test]
fn lines_as_operators_quote_them_are_known() {
    for (thread, expected, line) in QUOTED {
        assert_eq!(says(line).map(Says::name), Some(*expected), "{thread}: {line}");
    }
    let report = read(QUOTED.iter().find(|(thread, ..)| *thread == "#7899").unwrap().2);
    let event = &report.events[0];
    assert_eq!(event.values.number("store_offset"), Some(17_733_380));
    assert_eq!(event.values.number("store_len"), Some(7_989));
    let report =
        read("gossmap: redundant channel_announce for 864063x1306x1, offsets 1272259 and 1784859!");
    let event = &report.events[0];
    assert_eq!(event.values.text("scid"), Some("864063x1306x1"));
    assert_eq!(event.values.number("other_offset"), Some(1_272_259));
    assert_eq!(event.values.number("store_offset"), Some(1_784_859));
}

#[test]
fn messages_out_of_order_are_counted_by_kind_and_peer() {
    let other = NODE.replace("02531", "03999");
    let mut log = String::new();
    for second in 0..10 {
        for _ in 0..=second {
            writeln!(log, "2024-01-02T03:04:0{second}.678Z DEBUG   {NODE}-gossipd: Bad gossip order: Unknown channel 1x2x3").unwrap();
        }
    }
    writeln!(log, "2024-01-02T03:05:00.000Z DEBUG   {other}-gossipd: Bad gossip order: node_announcement: unknown node {NODE}").unwrap();
    writeln!(log, "2019-05-30T03:05:00.000Z lightning_gossipd(12): TRACE: Bad gossip order from {other}: WIRE_NODE_ANNOUNCEMENT before announcement {NODE}").unwrap();
    log += "2024-01-02T03:05:00.000Z UNUSUAL lightningd: Bad gossip order: could not find channel 899494x897x1 for peer's channel update\n";
    writeln!(log, "2024-01-02T03:05:00.000Z UNUSUAL lightningd: Bad gossip order: {other} sent us a channel update for a channel owned by {NODE} (1x2x3)").unwrap();
    log += "2024-01-02T03:05:00.000Z DEBUG lightningd: Bad gossip order: something new\n";
    let flood = read(&log).flood.unwrap();
    let orders: Vec<_> = flood.orders.iter().map(|row| (row.order, row.count)).collect();
    assert_eq!(orders[..2], [(Order::Update, 55), (Order::Node, 2)]);
    assert_eq!(orders[2..], [(Order::OwnUnknown, 1), (Order::Foreign, 1), (Order::Other, 1)]);
    assert_eq!((flood.count, flood.peers, flood.others), (60, 2, 2));
    assert_eq!((flood.most[0].peer.as_str(), flood.most[0].count), (NODE, 55));
    assert_eq!((flood.most[1].peer.as_str(), flood.most[1].count), (other.as_str(), 3));
    assert_eq!(flood.per_second, 10);
}

/// The lines that upstream's own gossipd printed for damaged stores: what stands behind `LOG `.
fn golden(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.lines().flat_map(|line| {
        let (case, rest) = line.split_once(" | ").unwrap_or(("", ""));
        let lines = rest.split(';').filter_map(|piece| piece.trim().strip_prefix("LOG "));
        lines.map(move |line| (case, line))
    })
}

#[test]
fn every_line_of_the_goldens_is_known() {
    let Ok(data) = std::env::var("FULGURITE_DATA") else { return };
    let mut count = 0;
    for file in ["dmg14.cln-v24.11.1.txt", "dmg15.cln-v25.12.txt"] {
        let text = fs::read_to_string(Path::new(&data).join("gossip/golden").join(file)).unwrap();
        for (case, line) in golden(&text) {
            let (level, words) = line.split_once(": ").unwrap();
            let level = if level == "BROKEN" { "**BROKEN**" } else { level };
            let full = format!("2024-01-02T03:04:05.678Z {level} gossipd: {words}");
            let said = says(&full).unwrap_or_else(|| panic!("{file} {case}: {line}"));
            count += 1;
            // The offset that upstream names is the one that is found.
            let event: Option<Event> = read(&full).events.into_iter().next();
            if let Some((_, offset)) = words.split_once("(offset ") {
                let offset: u64 = offset.split(')').next().unwrap().parse().unwrap();
                let event = event.unwrap();
                assert_eq!(event.values.number("store_offset"), Some(offset), "{case}: {line}");
                assert_eq!(event.moved, line.contains("Moving to"), "{case}: {line}");
                assert!(matches!(said, Says::Checksum | Says::BadRecord | Says::NoAmount));
            }
        }
    }
    assert!(count > 250, "{count}");
    // v26.06's, in a table: levels and words behind bars.
    let text = Path::new(&data).join("gossip/golden/mainnet-damage-cln-results.md");
    let text = fs::read_to_string(text).unwrap();
    let mut count = 0;
    for cell in text.lines().flat_map(|line| line.split(['|', ';'])) {
        // The table cuts long cells; the same lines stand whole in others.
        let line = cell.trim().strip_prefix("LOG ").filter(|line| !line.ends_with(" an"));
        let Some((level, words)) = line.and_then(|line| line.split_once(": ")) else { continue };
        let line = format!("2026-06-02T03:04:05.678Z {level} gossipd: {words}");
        assert!(says(&line).is_some(), "{line}");
        count += 1;
    }
    assert!(count > 30, "{count}");
}
