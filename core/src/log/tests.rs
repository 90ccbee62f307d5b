//! Forms of logs, hostile ones, and what lines mean together.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write as _;

use super::*;
use crate::detect::{Kind, detect};
use crate::finding::{Code, Confidence, Finding, Severity};
use crate::report::{Headline, Input, Report};

// 2024-01-02 03:04:05 UTC.
const THEN: u64 = 1_704_164_645;
const UNTIL: Options = Options { seed: 3, until: Some(THEN + 1_000) };

fn read(log: &[u8]) -> LogReport {
    let mut reader = LogReader::new(UNTIL);
    reader.push(log);
    let report = reader.finish();
    // However it comes.
    for chunk in [1, 7, 4_096] {
        let mut reader = LogReader::new(Options { seed: 9, ..UNTIL });
        log.chunks(chunk).for_each(|chunk| reader.push(chunk));
        assert_eq!(reader.finish(), report, "{chunk}");
    }
    assert_eq!(report.known + report.unknown + report.framing, report.lines);
    report
}

fn check(log: &str) -> Report {
    let mut check = LogCheck::new(UNTIL);
    check.push(log.as_bytes());
    let input = Input { kind: Kind::LightningdLog, size: log.len() as u64 };
    check.finish().conclude(input, &Given::default())
}

fn found(report: &Report, code: Code) -> &Finding {
    report.findings.iter().find(|finding| finding.code == code).unwrap()
}

const LINE: &str = "gossip_store: get delete entry offset 17733380/7989";
const INNER: &str = "2024-01-02T03:04:05.678Z **BROKEN** gossipd: gossip_store: get delete entry offset 17733380/7989";

#[test]
#[cfg_attr(miri, ignore = "a large input")]
fn every_form_of_passing_lines_on_is_read() {
    let with_clock = [
        String::from(INNER),
        format!("{INNER}\r"),
        format!("\u{1b}[36mclightning_bitcoin  |\u{1b}[0m {INNER}"),
        format!("lightningd-1  | {INNER}"),
        format!("2024-01-02T03:04:05.700123456Z {INNER}"),
        format!("2024-01-02T03:04:05.700Z {INNER}"),
        format!("2024-01-02T04:04:05+0100 host lightningd[123]: {INNER}"),
        format!("Tue 2024-01-02 03:04:05 UTC host lightningd[123]: {INNER}"),
        format!("Jan 02 03:04:05 host lightningd[123]: {INNER}"),
        format!("1704164645.123456 host lightningd[123]: {INNER}"),
        format!(
            "{{\"log\":\"{INNER}\\n\",\"stream\":\"stdout\",\"time\":\"2024-01-02T03:04:05.7Z\"}}"
        ),
        format!("{{\"__CURSOR\":\"s=1\",\"MESSAGE\":\"{INNER}\"}}"),
        format!("node-prefix-{INNER}"),
    ];
    for line in with_clock {
        // The second line is read with what the first taught.
        let report = read(format!("{line}\n{line}\n").as_bytes());
        assert_eq!((report.known, report.unknown), (2, 0), "{line}");
        assert_eq!((report.first, report.last), (Some(THEN), Some(THEN)), "{line}");
        assert_eq!(report.program, Some(Program::Lightningd), "{line}");
        assert_eq!(report.levels, [LevelCount { level: Level::Broken, count: 2 }], "{line}");
        assert_eq!(report.events[1].values.number("store_offset"), Some(17_733_380), "{line}");
        assert_eq!(report.events[1].values.number("store_len"), Some(7_989), "{line}");
    }
    // A clock among the words is none of the line's.
    let line = format!("lightningd-1  | {INNER} x 2031-01-02T03:04:05.678Z y");
    assert_eq!(read(line.as_bytes()).last, Some(THEN));
    // log-timestamps=false: the time is that of whoever passes the line on, to the second.
    for line in [
        format!("2024-01-02T03:04:05.700123456Z **BROKEN** gossipd: {LINE}"),
        format!("2024-01-02T04:04:05+0100 host lightningd[123]: **BROKEN** gossipd: {LINE}"),
        format!("Jan 02 03:04:05 host lightningd[123]: **BROKEN** gossipd: {LINE}"),
    ] {
        let report = read(line.as_bytes());
        assert_eq!((report.known, report.first), (1, Some(THEN)), "{line}");
    }
}

#[test]
fn an_export_of_the_journal_is_read() {
    let entry = |message: &str| {
        format!(
            "__CURSOR=s=1;i=2\n__REALTIME_TIMESTAMP=1704164645678901\n_HOSTNAME=host\n\
             MESSAGE={message}\n_PID=123\nSYSLOG_IDENTIFIER=lightningd\n\n"
        )
    };
    let log = entry(&format!("**BROKEN** gossipd: {LINE}"))
        + &entry("lightningd: SIGTERM caught, exiting.");
    let report = read(log.as_bytes());
    assert_eq!(report.form, Form::JournalExport);
    assert_eq!((report.lines, report.framing, report.known), (14, 12, 2));
    assert_eq!(report.first, Some(THEN));
    let says: Vec<Says> = report.says.iter().map(|row| row.says).collect();
    assert_eq!(says, [Says::Sigterm, Says::StaleIndex]);
}

#[test]
fn old_forms_are_read() {
    let log = "2019-05-30T00:16:05.123Z lightning_gossipd(11243): TRACE: Bad gossip order from \
         02531fe6068134503d2723133227c867ac8fa6c83c537e9a44c3c5bdbdcb1fe337: WIRE_CHANNEL_UPDATE \
         before announcement 1x2x3/0\n\
         2019-05-30T00:16:06.123Z lightning_gossipd(11243): UNUSUAL: gossip_store: Checksum \
         verification failed (0100) truncating to 1\n";
    let report = read(log.as_bytes());
    assert_eq!(
        report.levels.iter().map(|row| row.level).collect::<Vec<_>>(),
        [Level::Trace, Level::Unusual]
    );
    let flood = report.flood.unwrap();
    assert_eq!((flood.orders[0].order, flood.peers), (Order::Update, 1));
    assert!(report.events[0].emptied && !report.events[0].moved);
}

#[test]
#[cfg_attr(miri, ignore = "a large input")]
fn hostile_logs_are_counted_and_nothing_more() {
    let mut noise: Vec<u8> = Vec::new();
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    for _ in 0..20_000 {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        noise.extend(seed.to_le_bytes());
    }
    let lines = noise.split(|byte| *byte == b'\n').count() as u64 - 1;
    let report = read(&noise);
    assert!((lines..=lines + 1).contains(&report.lines) && report.known == 0);
    assert_eq!(read(b"").lines, 0);
    assert_eq!(read(&[0; 10_000]).lines, 1);
    // Half a line, colours without an end, quotes without an end, only prefixes.
    for odd in [
        &b"\x1b[\x1b[\x1b["[..],
        b"\x1b",
        b"{\"log\":\"",
        b"{\"log\":\"\\",
        b"2024-01-02T03:04:05.678Z ",
        b"2024-01-02T03:04:05.678Z UNUSUAL",
        b"2024-01-02T03:04:05.678Z UNUSUAL : : ",
        b"2025-01-02 03:04:05.678 [INF] ",
        b"2025-01-02 03:04:05.678 [INF] a b:1:2:3: :",
        b"MESSAGE=x",
        b"__CURSOR=\nMESSAGE\n\x05\0\0\0\0\0\0\0abc\n",
        b"::::::::::::::::::::::::::::::::::::::::::::",
        b"Bad gossip order",
        b"Bad gossip order from ",
        b"gossip_store: get delete entry offset 99999999999999999999999999/1",
        b"Jan 99 99:99:99 x",
        b" | | | ",
        b"]: ]: ",
    ] {
        read(odd);
        read(&[odd, b"\n", odd].concat());
    }
    // Text is data: nothing of it acts.
    let log = "2024-01-02T03:04:05.678Z **BROKEN** gossipd: Failed writing to gossip store: \
               \u{1b}]0;x\u{7}<b>\u{202e}\u{9b}";
    let report = read(log.as_bytes());
    let text = report.events[0].text.as_deref().unwrap();
    assert!(!text.chars().any(|c| c.is_control() || c == '\u{202e}'), "{text}");
    assert!(!report.events[0].values.text("why").unwrap().contains('\u{1b}'));
    let mut broken = log.as_bytes().to_vec();
    broken.extend([0xff, 0xfe, b'\n']);
    assert!(read(&broken).events[0].text.as_deref().unwrap().ends_with(r"\xff\xfe"));
    // A line of megabytes behind known words.
    let mut long =
        b"2024-01-02T03:04:05.678Z **BROKEN** gossipd: gossip_store: bad checksum offset 14396: "
            .to_vec();
    long.extend(core::iter::repeat_n(b'a', 1 << 20));
    let mut reader = LogReader::new(UNTIL);
    reader.push(&long);
    let report = reader.finish();
    assert_eq!((report.cut, report.known), (1, 1));
    assert!(report.events[0].text.as_deref().unwrap().len() < 1_000);
}

#[test]
#[cfg_attr(miri, ignore = "a large input")]
fn events_are_bounded_and_the_rest_is_counted() {
    let mut log = String::new();
    for line in 0..5_000 {
        let begin =
            "2024-01-02T03:04:05.678Z **BROKEN** gossipd: gossip_store: bad checksum offset";
        writeln!(log, "{begin} {line}: 01").unwrap();
    }
    let report = check(&log);
    assert_eq!(report.log.as_ref().unwrap().events.len(), 200);
    assert_eq!(report.count(Code::LogChecksum), 5_000);
}

fn at(second: u64, words: &str) -> String {
    let (minute, second) = (second / 60, second % 60);
    format!("2024-01-02T03:{minute:02}:{second:02}.000Z {words}\n")
}

const STARTED: &str = "INFO    lightningd: Server started with public key 02ab, alias X (color #123456) and lightningd v24.11.1";
const READY: &str = "INFO    plugin-bcli: bitcoin-cli initialized and connected to bitcoind.";
const BROKEN: &str = "**BROKEN** gossipd: gossip_store: checksum verification failed? c6a9e4c2 should be 3bf516fe (offset 147319). Moving to gossip_store.corrupt and truncating";

#[test]
fn a_restart_without_a_stop_is_named_as_the_likely_cause() {
    let log = [
        at(0, READY),
        at(1, STARTED),
        at(2, "UNUSUAL lightningd: JSON-RPC shutdown"),
        at(60, READY),
        at(61, STARTED),
        at(100, "DEBUG   hsmd: something"),
        // No stop.
        at(700, READY),
        at(701, BROKEN),
        at(702, "DEBUG   gossipd: Store compact time: 90000 msec"),
        at(703, STARTED),
    ]
    .concat();
    let report = check(&log);
    let of_log = report.log.as_ref().unwrap();
    assert_eq!((of_log.starts, of_log.runs.len()), (3, 3));
    let ended: Vec<Ended> = of_log.runs.iter().map(|run| run.ended).collect();
    assert_eq!(ended, [Ended::Stopped, Ended::Silent, Ended::Open]);
    assert_eq!(of_log.runs[1].release.as_deref(), Some("v24.11.1"));
    assert_eq!(report.verdict.headline, Headline::LogStoreLost);
    assert_eq!(report.verdict.values.number("moves"), Some(1));
    let restart = found(&report, Code::LogUncleanRestart);
    assert_eq!(restart.values.number("line"), Some(7));
    assert_eq!(restart.values.number("gap"), Some(600));
    assert_eq!(restart.confidence, Confidence::Likely);
    let cause = found(&report, Code::LogLikelyCause);
    assert_eq!(cause.values.number("line"), Some(8));
    assert_eq!(cause.values.number("cause_line"), Some(7));
    assert_eq!(cause.values.number("store_offset"), Some(147_319));
    assert_eq!(cause.confidence, Confidence::Likely);
    let lost = found(&report, Code::LogChecksum);
    assert_eq!(lost.values.number("store_offset"), Some(147_319));
    assert_eq!(lost.severity, Severity::Damage);
    let place = lost.place.span;
    let [start, end] = [place.start, place.end].map(|at| usize::try_from(at).unwrap());
    assert_eq!(&log[start..end], at(701, BROKEN).trim_end());
    assert_eq!(found(&report, Code::LogSlowStart).values.number("longest"), Some(90_000));
    // Nothing of the node's name is kept.
    let json = format!("{report:?}");
    assert!(!json.contains("02ab") && !json.contains("alias X"));
    // Where no stop is ever logged, it is one explanation among several.
    let log = [at(1, STARTED), at(700, READY), at(701, BROKEN), at(703, STARTED)].concat();
    assert_eq!(found(&check(&log), Code::LogLikelyCause).confidence, Confidence::Possible);
    // After a stop, none.
    let stop = at(2, "UNUSUAL lightningd: JSON-RPC shutdown");
    let log = [at(1, STARTED), stop, at(700, READY), at(701, BROKEN), at(703, STARTED)].concat();
    let report = check(&log);
    assert_eq!(report.count(Code::LogUncleanRestart) + report.count(Code::LogLikelyCause), 0);
}

#[test]
fn a_crash_is_told_apart_from_a_power_cut() {
    let log = [
        at(1, STARTED),
        at(5, "**BROKEN** gossipd: gossip_store: get delete entry offset 17733380/7989"),
        at(5, "**BROKEN** gossipd: FATAL SIGNAL 6 (version v24.11.1)"),
        at(9, READY),
        at(10, STARTED),
    ]
    .concat();
    let report = check(&log);
    assert_eq!(report.log.as_ref().unwrap().runs[0].ended, Ended::Crashed);
    let restart = found(&report, Code::LogUncleanRestart);
    assert_eq!(restart.confidence, Confidence::Certain);
    assert_eq!(found(&report, Code::LogCrash).values.number("signal"), Some(6));
    assert_eq!(report.verdict.headline, Headline::LogStoreDamaged);
}

#[test]
fn a_flood_is_harmless_and_said_to_be() {
    let peer = "02531fe6068134503d2723133227c867ac8fa6c83c537e9a44c3c5bdbdcb1fe337";
    let line = format!("DEBUG   {peer}-gossipd: Bad gossip order: Unknown channel 1x2x3");
    let log: String = (0..300).map(|second| at(second, &line)).collect();
    let report = check(&log);
    assert_eq!(report.verdict.headline, Headline::LogFlood);
    assert_eq!(report.verdict.severity, Severity::Info);
    let flood = found(&report, Code::LogFlood);
    assert_eq!((flood.values.number("count"), flood.values.number("peers")), (Some(300), Some(1)));
    assert_eq!(flood.values.text("talkative"), Some(peer));
    let timeline = report.log.unwrap().timeline.unwrap();
    assert_eq!((timeline.width, timeline.lines.len()), (1, 300));
    assert_eq!(timeline.harmless.iter().sum::<u64>(), 300);
}

#[test]
fn lnds_migration_is_timed_and_its_end_told() {
    let start = "2025-01-02 03:00:00.000 [INF] LTND: Version Info version=0.20.1-beta\n\
                 2025-01-02 03:00:01.000 [INF] INVC: Starting migration of invoices from KV to SQL\n\
                 2025-01-02 03:00:31.000 [DBG] INVC: Migrated 14000 invoices (450.25 invoices/sec)\n\
                 2025-01-02 03:01:01.000 [DBG] INVC: Migrated 15000 invoices (28.5 invoices/sec)\n";
    let done = "2025-01-02 03:02:01.000 [INF] INVC: Migration of 15600 invoices from KV to SQL completed\n";
    let failed = "2025-01-02 03:02:01.000 [ERR] LTND: unable to open databases: failed to migrate \
                  invoices to SQL: migrated record does not match original record: invoice.\n\
                  2025-01-02 03:02:01.100 [INF] LTND: Shutdown complete\n";
    let of = |log: &str| {
        let report = check(log);
        let part = report.log.as_ref().unwrap().migrations[0].clone();
        (report, part)
    };
    let (report, part) = of(&(String::from(start) + done));
    assert_eq!((part.what, part.outcome, part.count), (What::Invoices, Outcome::Done, 15_600));
    assert_eq!(part.slowest_per_hour, Some(28 * 3_600 + 1_800));
    assert_eq!(part.fastest_per_hour, Some(450 * 3_600 + 900));
    assert_eq!(part.at.zip(part.until).map(|(at, until)| until - at), Some(120));
    assert_eq!(report.verdict.headline, Headline::LogLndMigrated);
    let (report, part) = of(&(String::from(start) + failed));
    assert_eq!((part.outcome, part.error_line), (Outcome::Failed, Some(5)));
    assert!(part.error.unwrap().contains("does not match original record"));
    assert_eq!(report.verdict.headline, Headline::LogLndFailed);
    assert_eq!(report.count(Code::LogLndFailed), 1);
    // Killed, and begun anew.
    let (report, part) = of(&[start, start].concat());
    assert_eq!(part.outcome, Outcome::Interrupted);
    assert_eq!(report.count(Code::LogLndUnfinished), 2);
    assert_eq!(report.verdict.headline, Headline::LogLndUnfinished);
    assert!(report.log.unwrap().local_time);
}

#[test]
fn a_log_is_told_by_its_content() {
    let log = at(1, "DEBUG   hsmd: Client: Received message 1 from client");
    assert_eq!(detect(log.repeat(3).as_bytes()), Kind::LightningdLog);
    let lnd = b"2025-01-02 03:04:05.678 [INF] PEER: something\n";
    assert_eq!(detect(lnd), Kind::LndLog);
    assert_eq!(detect(format!("attached:\n{LINE}\n").as_bytes()), Kind::LightningdLog);
    for other in ["hello\n", "a: b\n", "{\"log\":1}", "2024-01-02\n", "[INF] x\n"] {
        assert_eq!(detect(other.as_bytes()), Kind::GossipStore, "{other}");
    }
    // A store whose messages hold lines of a log is a store.
    let mut store = alloc::vec![16_u8, 0x20, 0, 0, 34];
    store.extend(log.repeat(50).bytes());
    assert_eq!(detect(&store), Kind::GossipStore);
}

#[test]
fn tables_are_sound() {
    for row in lightningd::LINES.iter().chain(lnd::LINES) {
        let gaps = row.words.matches('%').count();
        assert!(gaps <= super::pattern::GAPS, "{}", row.words);
        assert!(!row.words.starts_with('%') && !row.words.is_empty());
        let named = row.gaps.split(',').filter(|name| !name.is_empty()).count();
        assert!(named <= gaps, "{}", row.words);
    }
}

#[test]
fn the_death_of_a_daemon_is_a_crash_by_the_name_that_its_release_prints() {
    for name in ["gossipd", "connectd", "hsmd", "lightning_gossipd", "lightning_hsmd"] {
        let log = format!("lightningd: {name} failed (signal 6), exiting.\n");
        assert_eq!(read(log.as_bytes()).says[0].says, Says::DaemonExited, "{name}");
        assert_eq!(found(&check(&log), Code::LogCrash).code, Code::LogCrash, "{name}");
    }
}

#[test]
fn an_lnd_that_fails_outside_a_migration_is_not_called_fine() {
    let why = [
        "faild to run migrations for the native SQL store: error executing schema migrations to \
         target version 7: Dirty database version 6. Fix and force version.",
        "unable to obtain database backends: error opening bolt DB: checksum error",
    ];
    for why in why {
        let log = format!(
            "2025-06-01 10:00:00.123 [INF] LTND: Version Info version=0.20.2-beta \
             commit=v0.20.2-beta\n2025-06-01 10:00:00.401 [ERR] LTND: Shutting down due to error \
             in main method err=\"{why}\"\n"
        );
        let report = check(&log);
        assert_eq!(report.verdict.headline, Headline::LogLndFailed, "{why}");
        found(&report, Code::LogLndRefuses);
    }
}

#[test]
fn a_migration_whose_commit_failed_is_not_called_finished() {
    let log = "2025-06-01 10:00:00.123 [INF] LTND: Version Info version=0.20.2-beta \
         commit=v0.20.2-beta\n\
         2025-06-01 10:00:00.260 [INF] INVC: Starting migration of invoices from KV to SQL\n\
         2025-06-01 10:00:00.270 [INF] INVC: Migration of 5 invoices from KV to SQL completed\n\
         2025-06-01 10:00:00.401 [ERR] LTND: Shutting down due to error in main method err=\"faild \
         to run migrations for the native SQL store: error applying migration \
         'kv_invoice_migration' (version 7) to schema version 6: commit failed: disk I/O error\"\n";
    let report = check(log);
    assert_eq!(report.verdict.headline, Headline::LogLndFailed);
    assert_eq!(found(&report, Code::LogLndFailed).values.number("error_line"), Some(4));
    assert!(report.findings.iter().all(|finding| finding.code != Code::LogLndMigrated));
}
