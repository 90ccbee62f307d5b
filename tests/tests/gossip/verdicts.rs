//! The model of each loader against what upstream's real one printed.
//!
//! Three releases, 68 damages each: 26.06 on stores of version 16, 25.12 on the same with
//! version 15, 24.11.1 on the same with version 14. Outcome, offset and log line must be equal,
//! bytes of records and times removed; so must what plugins see.

use crate::shared;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use fulgurite_core::gossip::network::Limits;
use fulgurite_core::gossip::verdict::{Choice, Fate, Reads, Release, ReleaseVerdict, VerdictJob};
use fulgurite_core::job::Job as _;

/// The verdict of one release on these bytes.
fn verdict(release: &str, bytes: &[u8]) -> ReleaseVerdict {
    let release = Release::find(release).expect("a line");
    let wanted = Choice::Some(vec![release]).wanted(bytes.first().copied());
    let source = bytes.to_vec();
    let job = VerdictJob::new(&source, wanted, Limits::default(), 7);
    job.run().expect("a slice can always be read").remove(0)
}

/// What the real loader did.
#[derive(Debug, Default)]
struct Real {
    log: Vec<String>,
    moved: bool,
    died: bool,
    figures: BTreeMap<String, u64>,
}

impl Real {
    /// Reads what the harness printed: log lines, then a result line, separated by semicolons.
    fn parse(text: &str) -> Real {
        let mut real = Real::default();
        for part in text.split(';').map(str::trim) {
            if let Some(result) = part.strip_prefix("RESULT ") {
                real.moved = result.starts_with("MOVED_TO_CORRUPT");
                for word in result.split(' ') {
                    if let Some((name, value)) = word.split_once('=')
                        && let Ok(value) = value.parse()
                    {
                        real.figures.insert(name.to_owned(), value);
                    }
                }
            } else if let Some(code) = part.strip_prefix("exit=") {
                real.died = !matches!(code, "0" | "3");
            } else if !part.is_empty() {
                real.log.push(part.to_owned());
            }
        }
        real
    }
}

/// Lines that tell nothing of the file: how long something took, how much was read.
const CHATTER: &[&str] = &[
    "Store compact time:",
    "Time to convert version",
    "gossip_store: Read ",
    "live records,",
    "bad cupdates",
    "Bad cupdate for",
];

/// The lines that count, bytes of records and programs' names removed.
fn lines(log: &[String]) -> Vec<String> {
    let of_file = |line: &&String| !CHATTER.iter().any(|chatter| line.contains(chatter));
    let mut lines: Vec<String> = log.iter().filter(of_file).map(|line| plain(line)).collect();
    // A recursion says the same until the stack is used up; once is enough.
    lines.retain(|line| !line.ends_with("(repeats until stack overflow)"));
    lines.dedup();
    lines
}

/// A line without its level, and with `<hex>` for bytes of records.
fn plain(line: &str) -> String {
    let mut line = line;
    for level in ["BROKEN: ", "UNUSUAL: ", "DEBUG: ", "INFO: "] {
        line = line.strip_prefix("LOG ").unwrap_or(line);
        line = line.strip_prefix(level).unwrap_or(line);
    }
    // A program's name, and where an assertion stands in its source.
    if line.starts_with("gossipd_start") {
        line = line.split_once(": ").map_or(line, |(_, rest)| rest);
        if line.starts_with("./") {
            line = line.split_once(": ").map_or(line, |(_, rest)| rest);
        }
    }
    let mut out = String::new();
    let mut rest = line;
    while let Some(open) = rest.find('(') {
        let (before, inside) = rest.split_at(open + 1);
        out.push_str(before);
        let hex = inside.bytes().take_while(u8::is_ascii_hexdigit).count();
        let is_hex = hex >= 20 && (inside.len() == hex || inside[hex..].starts_with([')', '.']));
        let close = inside.find(')').filter(|_| is_hex);
        rest = if is_hex { close.map_or("", |close| &inside[close..]) } else { inside };
        if is_hex || inside.starts_with("<hex>") {
            let cut = rest.find(')').unwrap_or(rest.len());
            out.push_str("<hex>");
            rest = &rest[cut..];
        }
    }
    out.push_str(rest);
    out
}

/// Every difference between the model and the real loader; empty if there is none.
fn differences(verdict: &ReleaseVerdict, real: &Real) -> String {
    let mut out = String::new();
    let gossipd = &verdict.gossipd;
    let moved = matches!(gossipd.fate, Fate::Moved | Fate::NotTruncated);
    let died = matches!(gossipd.fate, Fate::Dies | Fate::DiesEmptied);
    if (moved, died) != (real.moved, real.died) {
        let _ = writeln!(
            out,
            "  fate {:?}, really moved {} died {}",
            gossipd.fate, real.moved, real.died
        );
    }
    let (ours, theirs) = (lines(&gossipd.log), lines(&real.log));
    let same = ours.len() == theirs.len()
        && ours.iter().zip(&theirs).all(|(ours, theirs)| same_line(ours, theirs));
    if !same {
        let _ = writeln!(out, "  log {ours:#?}\n  really {theirs:#?}");
    }
    if !moved && !died {
        for (name, theirs) in [
            ("channels", "channels"),
            ("updates", "updates"),
            ("nodes", "nodes"),
            ("size", "newsize"),
        ] {
            let (ours, theirs) = (gossipd.values.number(name), real.figures.get(theirs).copied());
            if ours != theirs {
                let _ = writeln!(out, "  {name} {ours:?}, really {theirs:?}");
            }
        }
    }
    out
}

/// The goldens cut lines off where the bytes of a record begin.
fn same_line(ours: &str, theirs: &str) -> bool {
    ours == theirs || theirs.ends_with("<hex>") && ours.starts_with(theirs)
}

fn row(name: &str, verdict: &ReleaseVerdict) {
    let gossipd = &verdict.gossipd;
    let at = gossipd.at.map_or(String::new(), |at| at.to_string());
    let plugins = verdict.plugins.as_ref().map_or("-", |plugins| plugins.reads.name());
    println!(
        "| {} | {name} | {} | {} | {at} | {plugins} | {} |",
        verdict.release,
        gossipd.fate.name(),
        gossipd.check.map_or("", |check| check.name()),
        gossipd.log.join("; "),
    );
}

/// Compares a set of cases with a golden; both by name.
fn compare(
    release: &str,
    cases: &[(String, Vec<u8>)],
    golden: &BTreeMap<String, Real>,
    expected: usize,
) {
    let mut wrong = String::new();
    let mut compared = 0;
    println!("| release | case | gossipd | check | offset | plugins | log |");
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    for (name, bytes) in cases {
        let Some(real) = golden.get(name) else { continue };
        let verdict = verdict(release, bytes);
        row(name, &verdict);
        compared += 1;
        let differences = differences(&verdict, real);
        if !differences.is_empty() {
            let _ = writeln!(wrong, "{release} {name}:\n{differences}");
        }
    }
    println!("{release}: {compared} cases compared");
    assert_eq!(compared, expected, "cases");
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// `case | log;log;RESULT …;exit=0; | files` for each case.
fn golden_text(path: &Path) -> BTreeMap<String, Real> {
    let text = std::fs::read_to_string(path).expect("the golden");
    let cells = text.lines().filter_map(|line| {
        let mut cells = line.splitn(2, " | ");
        Some((cells.next()?.to_owned(), Real::parse(cells.next()?.rsplit_once(" | ")?.0)))
    });
    cells.collect()
}

#[test]
fn release_26_06_on_the_small_set() {
    let Some(data) = shared::data() else { return };
    let text = std::fs::read_to_string(data.join("golden/dmgsmall.truth.json")).expect("a golden");
    let truth: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let golden = truth.as_object().expect("an object").iter();
    let golden = golden.map(|(name, case)| {
        let log = case["cln_v26_06_gossipd_start"]["log"].as_str().unwrap_or_default();
        (name.clone(), Real::parse(log))
    });
    compare("v26.06", &shared::damaged_small(&data), &golden.collect(), 68);
}

#[test]
fn release_25_12_on_the_small_set() {
    let Some(data) = shared::data() else { return };
    let clean = shared::read(&data.join("synth/synth-small-v15.gs"));
    let golden = golden_text(&data.join("golden/dmg15.cln-v25.12.txt"));
    compare("v25.12", &shared::damage::cases(&clean), &golden, 61);
}

#[test]
fn release_24_11_1_on_the_small_set() {
    let Some(data) = shared::data() else { return };
    let clean = shared::read(&data.join("synth/synth-small-v14.gs"));
    let golden = golden_text(&data.join("golden/dmg14.cln-v24.11.1.txt"));
    compare("v24.11.1", &shared::damage::cases(&clean), &golden, 59);
}

/// One row of the table of what 26.06 does with the damages on the mainnet store.
struct Mainnet {
    gossipd: String,
    /// channels/updates/live/dead
    seen: String,
    log: String,
    plugins: String,
}

fn golden_mainnet(path: &Path) -> BTreeMap<String, Mainnet> {
    let text = std::fs::read_to_string(path).expect("the golden");
    let rows = text.lines().skip(2).map(|line| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let cell = |place: usize| cells[place].to_owned();
        let row = Mainnet { gossipd: cell(2), seen: cell(3), log: cell(4), plugins: cell(5) };
        (cell(1), row)
    });
    rows.collect()
}

impl Mainnet {
    fn differences(&self, verdict: &ReleaseVerdict) -> String {
        let mut out = String::new();
        let gossipd = &verdict.gossipd;
        let fate = match gossipd.fate {
            Fate::Accepted | Fate::Upgraded => "ACCEPT",
            Fate::Moved => "-> .corrupt",
            Fate::Dies if gossipd.log.iter().any(|line| line.contains("Assertion")) => {
                "**ABORT (SIGABRT)**"
            }
            Fate::Dies => "**CRASH (SIGSEGV)**",
            _ => "?",
        };
        if fate != self.gossipd {
            let _ = writeln!(out, "  gossipd {fate}, really {}", self.gossipd);
        }
        let theirs = lines(std::slice::from_ref(&self.log)).concat();
        if !theirs.is_empty() && !lines(&gossipd.log).iter().any(|ours| same_line(ours, &theirs)) {
            let _ = writeln!(out, "  log {:#?}\n  really {theirs}", gossipd.log);
        }
        let number = |name| gossipd.values.number(name).unwrap_or(0);
        let seen = format!("{}/{}/", number("channels"), number("updates"));
        if self.gossipd == "ACCEPT" && !self.seen.starts_with(&seen) {
            let _ = writeln!(out, "  sees {seen}, really {}", self.seen);
        }
        let plugins = verdict.plugins.as_ref().expect("plugins read it");
        let number = |name| plugins.values.number(name).unwrap_or(0);
        let figures = || {
            let (processed, channels) = (number("processed"), number("channels"));
            format!("OK proc={processed} ch={channels} upd={}", number("updates"))
        };
        let last = plugins.log.last().map_or("", String::as_str);
        let assertion = last.split_once("Assertion `").map(|(_, text)| text);
        let assertion = assertion.map(|text| text.trim_end_matches("' failed."));
        let ours = match (plugins.reads, assertion) {
            (Reads::All | Reads::Part, _) => figures(),
            (Reads::Refuses, _) => "FAIL".to_owned(),
            (_, Some(assertion)) => format!("**ABORT** {assertion}"),
            (_, None) => "**SEGV**".to_owned(),
        };
        if ours != self.plugins {
            let _ = writeln!(out, "  plugins {ours}, really {}", self.plugins);
        }
        out
    }
}

/// The damages on the mainnet store, made on the spot: 26.06's gossipd, and plugins.
#[test]
fn release_26_06_on_the_mainnet_set() {
    let Some(data) = shared::data() else { return };
    if std::env::var_os("FULGURITE_DAMAGED_MAINNET").is_none() {
        eprintln!("FULGURITE_DAMAGED_MAINNET is not set; the mainnet set is not checked");
        return;
    }
    let golden = golden_mainnet(&data.join("golden/mainnet-damage-cln-results.md"));
    let folder = std::env::var_os("FULGURITE_DAMAGED_MAINNET").expect("set");
    let mut wrong = String::new();
    println!("| release | case | gossipd | check | offset | plugins | log |");
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    for (name, real) in &golden {
        let bytes = shared::read(&Path::new(&folder).join(format!("{name}.gs")));
        let verdict = verdict("v26.06", &bytes);
        row(name, &verdict);
        let differences = real.differences(&verdict);
        if !differences.is_empty() {
            let _ = writeln!(wrong, "{name}:\n{differences}");
        }
    }
    assert_eq!(golden.len(), 68);
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// What the check derives from its own figures is what the loaders say, wherever it derives.
#[test]
fn derived_verdicts_are_the_loaders() {
    let Some(data) = shared::data() else { return };
    let mut cases = shared::damaged_small(&data);
    for version in ["synth-small-v15.gs", "synth-small-v14.gs"] {
        cases.extend(shared::damage::cases(&shared::read(&data.join("synth").join(version))));
    }
    for (name, bytes) in cases {
        let report = shared::report(&bytes);
        let wanted = Choice::Default.wanted(bytes.first().copied());
        let job = VerdictJob::new(&bytes, wanted, Limits::default(), 5);
        assert_eq!(report.releases, job.run().expect("a slice can always be read"), "{name}");
    }
}
