//! What `check` says: the same bytes whatever the threads and seeds, in both languages, and
//! nothing of a file that changes.

mod common;

use common::{Files, check, fulgurite};
use fulgurite_tests::{T0, fixtures};

#[test]
fn the_document_depends_on_neither_threads_nor_seed() {
    for headline in fixtures::HEADLINES {
        let bytes = (headline.build)();
        let one = check(&bytes, &["--json", "--threads", "1", "--seed", "1"]);
        assert_eq!(one.out.lines().count(), 1, "{}", headline.name);
        assert_eq!(one.rows()[0]["schema"], "fulgurite-report/1");
        for arguments in [
            &["--json", "--threads", "2", "--seed", "1"][..],
            &["--json", "--threads", "1", "--seed", "18446744073709551615"],
            &["--json"],
        ] {
            let other = check(&bytes, arguments);
            assert_eq!(other.out, one.out, "{} {arguments:?}", headline.name);
            assert_eq!(other.code, one.code);
        }
    }
}

#[test]
fn the_verdict_stands_first_then_steps_then_findings_then_counts() {
    let run = check(fixtures::sample(), &[]);
    let at = |text: &str| run.out.find(text).unwrap_or_else(|| panic!("{text} in {}", run.out));
    let order = ["✗ damage", "What to do next", "  1. ", "Findings", "What the file holds"];
    assert!(order.map(at).is_sorted(), "{}", run.out);
    assert!(!run.out.contains('\u{1b}'), "colour only on a terminal");
}

#[test]
fn all_shows_what_was_left_out() {
    let few = check(fixtures::orphans(), &[]);
    assert!(few.out.contains("more: --all shows them"), "{}", few.out);
    let all = check(fixtures::orphans(), &["--all"]);
    assert!(!all.out.contains("--all"), "{}", all.out);
    assert!(all.out.lines().count() > few.out.lines().count());
}

#[test]
fn both_languages_and_the_locale() {
    let chinese = check(fixtures::torn_tail(), &["--lang", "zh-CN"]);
    assert!(chinese.out.contains("✗ 损坏") && chinese.out.contains("下一步"), "{}", chinese.out);
    let files = Files::new();
    let path = files.file("gossip_store", fixtures::torn_tail());
    let mut by_locale = common::command();
    by_locale.env("LC_ALL", "zh_CN.UTF-8").arg("check").arg(&path);
    let output = by_locale.output().expect("the command runs");
    assert!(String::from_utf8_lossy(&output.stdout).contains("✗ 损坏"));
    // As for gettext, LANGUAGE says nothing where the locale is C.
    let mut without = common::command();
    without.env("LC_ALL", "C").env("LANGUAGE", "zh_CN").arg("check").arg(&path);
    let output = without.output().expect("the command runs");
    assert!(String::from_utf8_lossy(&output.stdout).contains("✗ damage"));
    let json = check(fixtures::torn_tail(), &["--json", "--lang", "zh-CN"]);
    assert_eq!(json.out, check(fixtures::torn_tail(), &["--json"]).out);
}

#[test]
fn now_decides_what_survives_the_next_prune() {
    let survive = |arguments: &[&str]| {
        let run = check(fixtures::healthy(), &[&["--json"], arguments].concat());
        let network = run.rows()[0]["gossip"]["network"].clone();
        (network["now"].as_u64(), network["channels_after_prune"].as_u64())
    };
    let (now, some) = survive(&[]);
    assert!(now.is_some_and(|now| now <= T0.into()) && some > Some(0));
    assert_eq!(survive(&["--now", "1770000000"]).0, Some(T0.into()));
    assert_eq!(survive(&["--now", "2026-02-02T02:40:00Z"]).0, Some(T0.into()));
    assert_eq!(survive(&["--now", "2030-01-01"]).1, Some(0));
    assert!(survive(&["--now", "today"]).0 > Some(T0.into()));
}

/// Waits until it has read some of a large file; where nobody says what it has read, for a while.
#[cfg(unix)]
fn has_begun(child: &std::process::Child) {
    let figures = format!("/proc/{}/io", child.id());
    for _ in 0..2_000 {
        let Ok(text) = std::fs::read_to_string(&figures) else {
            return std::thread::sleep(std::time::Duration::from_millis(300));
        };
        let read = text.lines().find_map(|line| line.strip_prefix("rchar: ")?.parse().ok());
        if read.unwrap_or(0) > 16_u64 << 20 {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_changes_is_not_a_still_copy() {
    use std::io::Write as _;
    let files = Files::new();
    let path = files.file("gossip_store", fixtures::healthy());
    // Long enough to be changed meanwhile; sparse, so that it takes no room.
    let mut file = std::fs::OpenOptions::new().append(true).open(&path).expect("opens");
    if file.set_len(2 << 30).is_err() {
        return;
    }
    let mut command = common::command();
    command.args(["check", "--json"]).arg(&path).stdout(std::process::Stdio::piped());
    let child = command.spawn().expect("the command runs");
    has_begun(&child);
    file.write_all(b"one more").expect("is written");
    let output = child.wait_with_output().expect("the command ends");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(report["verdict"]["headline"], "not_still");
    assert_eq!(output.status.code(), Some(1));

    // And one that becomes shorter.
    file.set_len(2 << 30).expect("grows");
    let child = command.spawn().expect("the command runs");
    has_begun(&child);
    file.set_len(1000).expect("shrinks");
    let output = child.wait_with_output().expect("the command ends");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(report["verdict"]["headline"], "not_still");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn completions_and_man_pages_come_from_the_definitions() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let run = fulgurite(["completions", shell]);
        assert_eq!(run.code, Some(0));
        assert!(run.out.contains("fulgurite") && run.out.contains("channels"), "{shell}");
    }
    let files = Files::new();
    let folder = files.path().join("man");
    let man = || fulgurite(["man".as_ref(), folder.as_os_str()]);
    assert_eq!(man().code, Some(0));
    let page = std::fs::read_to_string(folder.join("fulgurite-check.1")).expect("a page");
    assert!(page.contains("fulgurite") && page.contains("unpacked"), "{page}");
    for name in ["fulgurite", "fulgurite-records", "fulgurite-show"] {
        assert!(folder.join(format!("{name}.1")).is_file(), "{name}");
    }
    std::fs::remove_file(folder.join("fulgurite.1")).expect("is removed");
    let again = man();
    assert_eq!(again.code, Some(2));
    assert!(again.err.contains("left alone"), "{again:?}");
    assert!(!folder.join("fulgurite.1").exists(), "all or none");
}

/// A page that could be written in part only, as on a full disk, does not stay in the way of the
/// next try.
#[cfg(unix)]
#[test]
fn of_man_pages_no_half_is_left() {
    let files = Files::new();
    let folder = files.path().join("man");
    // No file may be longer than 512 bytes (in some shells 1,024); the first page is.
    let limited = "trap '' XFSZ; ulimit -f 1; exec \"$0\" man \"$1\"";
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", limited, env!("CARGO_BIN_EXE_fulgurite")]).arg(&folder);
    let output = shell.output().expect("a shell");
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains("fulgurite.1"), "{told}");
    assert_eq!(std::fs::read_dir(&folder).expect("the folder").count(), 0);
    assert_eq!(fulgurite(["man".as_ref(), folder.as_os_str()]).code, Some(0));
}

#[test]
fn releases_stand_under_the_verdict() {
    let torn = fixtures::torn_tail();
    let run = check(torn.clone(), &[]);
    let at = |text: &str| run.out.find(text).unwrap_or_else(|| panic!("{text} in {}", run.out));
    let order =
        ["✗ damage", "What lightningd does with it", "lightningd v26.06", "What to do next"];
    assert!(order.map(at).is_sorted(), "{}", run.out);

    let asked = check(torn.clone(), &["--json", "--release", "25.12.1", "--release", "v26.06"]);
    let releases = &asked.rows()[0]["releases"];
    let names: Vec<_> =
        releases.as_array().expect("a list").iter().map(|it| &it["release"]).collect();
    assert_eq!(names, ["v25.12", "v26.06"]);
    let all = check(torn.clone(), &["--json", "--release", "all"]);
    assert_eq!(all.rows()[0]["releases"].as_array().map(Vec::len), Some(29));

    let unknown = check(torn, &["--release", "v26.03"]);
    assert_eq!(unknown.code, Some(64));
    assert!(unknown.err.contains("v0.6.2") && unknown.err.contains("v26.06"), "{}", unknown.err);
}
