//! `watch`, `backup` and `restore` as a stranger would use them: on a store that lies still, on one
//! that is being written to, and on one whose writer is killed.

#![cfg(unix)]

mod common;

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use common::{Files, command, fulgurite};
use fulgurite_tests::{Direction, Store, T0, fixtures, frame, network, nodes, wire};
use serde_json::Value;

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// A folder with a store in it.
fn with_store(bytes: impl AsRef<[u8]>) -> (Files, PathBuf) {
    let files = Files::new();
    let path = files.file("gossip_store", bytes);
    (files, path)
}

/// What `watch --once` says, and its exit code.
fn once(files: &Files) -> (Vec<Value>, Option<i32>) {
    let run = fulgurite(["watch", "--once", "--json", text(files.path())]);
    (run.rows(), run.code)
}

fn names(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["event"].as_str().expect("a name")).collect()
}

#[test]
fn a_healthy_store_is_followed_and_nothing_is_wrong() {
    let (files, path) = with_store(network(5, 60).bytes);
    let before = fs::read(&path).unwrap();
    let (events, code) = once(&files);
    assert_eq!((names(&events), code), (vec!["following"], Some(0)));
    assert_eq!(events[0]["values"]["version"], 16);
    assert_eq!(events[0]["values"]["size"], before.len());
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let damaged = fixtures::torn_tail();
    let (files, _) = with_store(&damaged.bytes);
    let (events, code) = once(&files);
    assert_eq!((names(&events), code), (vec!["following", "unfinished"], Some(1)));
    assert_eq!(events[1]["values"]["trouble"], "cut_off");

    let mut store = network(5, 60);
    let record = store.records[20];
    store.bytes[record.offset + 30] ^= 1;
    let (files, _) = with_store(&store.bytes);
    files.file("gossip_store.corrupt", [16]);
    let (events, code) = once(&files);
    assert_eq!(names(&events), ["corrupt_there", "following", "wound"]);
    assert_eq!(code, Some(1));
    assert_eq!(events[2]["values"]["offset"], record.offset);
    assert_eq!(events[2]["values"]["end"], record.offset + record.len);
    assert_eq!(events[2]["values"]["trouble"], "checksum");
}

#[test]
fn no_store_no_directory_and_a_version_that_nobody_knows() {
    let files = Files::new();
    let (events, code) = once(&files);
    assert_eq!((names(&events), code), (vec!["missing"], Some(1)));
    let nowhere = files.path().join("nowhere");
    assert_eq!(fulgurite(["watch", "--once", text(&nowhere)]).code, Some(2));
    let (files, _) = with_store([77, 1, 2]);
    let (events, code) = once(&files);
    assert_eq!((names(&events), code), (vec!["unknown_version"], Some(1)));
    let run = fulgurite(["watch", "--once", text(files.path()), "--lang", "zh-CN"]);
    assert!(run.out.contains("不认识版本 77"), "{}", run.out);
}

#[test]
fn metrics_are_replaced_as_a_whole_and_nothing_else_is() {
    let (files, _) = with_store(network(5, 60).bytes);
    let other = files.file("precious", "mine");
    let run = fulgurite(["watch", "--once", text(files.path()), "--metrics", text(&other)]);
    assert_eq!(run.code, Some(2));
    assert_eq!(fs::read(&other).unwrap(), b"mine");
    let metrics = files.path().join("fulgurite.prom");
    for _ in 0..2 {
        let run = fulgurite(["watch", "--once", text(files.path()), "--metrics", text(&metrics)]);
        assert_eq!(run.code, Some(0), "{}", run.err);
        let text = fs::read_to_string(&metrics).unwrap();
        assert!(text.contains("\nfulgurite_store_following 1\n"), "{text}");
        assert!(text.contains("\nfulgurite_store_wounds 0\n"), "{text}");
    }
}

/// Whoever opens it to read would wait for somebody who writes.
#[test]
fn a_pipe_is_no_place_for_metrics() {
    let (files, _) = with_store(network(5, 60).bytes);
    let pipe = files.pipe("pipe");
    let run = fulgurite(["watch", "--once", text(files.path()), "--metrics", text(&pipe)]);
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("pipe"), "{}", run.err);
    assert!(!pipe.metadata().unwrap().is_file());
}

/// Writes a record as lightningd does: whole, then its mark.
fn append(path: &Path, timestamp: u32, body: &[u8], finished: bool) {
    let file = fs::OpenOptions::new().write(true).open(path).unwrap();
    let at = file.metadata().unwrap().len();
    file.write_all_at(&frame(16, 0, timestamp, body), at).unwrap();
    if finished {
        file.write_all_at(&[0x20], at).unwrap();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_store_that_lives_is_followed_through_compaction_and_a_kill_until_ctrl_c() {
    let store = network(5, 30);
    let (files, path) = with_store(&store.bytes);
    let mut child = command()
        .args(["watch", "--json", "--interval", "1", "--patience", "2", text(files.path())])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the command runs");
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut next = || -> Value {
        let line = lines.next().expect("a line").expect("UTF-8");
        serde_json::from_str(&line).expect("JSON")
    };
    assert_eq!(next()["event"], "following");
    // Another store takes its place, then the old one says so.
    let smaller = Store::new(16)
        .announce("1x1x1", nodes(1, 2), 5)
        .update("1x1x1", Direction::One, T0)
        .build();
    let new = files.file("gossip_store.compact", &smaller.bytes);
    let old = fs::OpenOptions::new().write(true).open(&path).unwrap();
    fs::rename(&new, &path).unwrap();
    let ended = wire::ended(smaller.bytes.len() as u64, Some([7; 32]));
    old.write_all_at(&frame(16, 0x2000, 0, &ended), store.bytes.len() as u64).unwrap();
    let compacted = next();
    assert_eq!(compacted["event"], "compacted");
    assert_eq!(compacted["values"]["new_size"], smaller.bytes.len());
    assert_eq!(next()["event"], "following");
    // Another record; and then the writer dies before it has set its mark.
    append(&path, 0, &wire::delete_chan("9x9x9".into()), true);
    let at = fs::metadata(&path).unwrap().len();
    append(&path, 0, &wire::delete_chan("8x8x8".into()), false);
    let unfinished = next();
    assert_eq!(unfinished["event"], "unfinished");
    assert_eq!(unfinished["values"]["offset"], at);
    assert_eq!(unfinished["values"]["trouble"], "not_completed");
    // At its next start it moves the store aside.
    fs::rename(&path, files.path().join("gossip_store.corrupt")).unwrap();
    files.file("gossip_store.tmp", &Store::new(16).build().bytes);
    fs::rename(files.path().join("gossip_store.tmp"), &path).unwrap();
    let mut told = vec![next()["event"].clone(), next()["event"].clone()];
    told.sort_by_key(Value::to_string);
    assert_eq!(told, ["corrupt_appeared", "moved_aside"]);
    assert_eq!(next()["event"], "following");
    let pid = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_backup_is_verified_rotated_and_restored() {
    let store = network(5, 60);
    let (files, path) = with_store(&store.bytes);
    let copies = files.path().join("copies");
    fs::create_dir(&copies).unwrap();
    let old = copies.join("gossip_store.20200101T000000Z");
    fs::write(&old, "not ours: no document beside it").unwrap();
    let run = fulgurite(["backup", text(&path), text(&copies), "--json", "--keep", "1"]);
    assert_eq!(run.code, Some(0), "{} {}", run.out, run.err);
    let document = &run.rows()[0];
    let manifest = &document["manifest"];
    let copy = copies.join(manifest["file"].as_str().unwrap());
    assert_eq!(fs::read(&copy).unwrap(), store.bytes, "a store at rest is copied as it is");
    assert_eq!(manifest["accepted_by"][0], "v26.06");
    assert!(old.exists());
    let sums = format!("{}.sha256", text(&copy));
    let sums = fs::read_to_string(sums).unwrap();
    let hash = manifest["sha256"].as_str().unwrap();
    assert_eq!(sums, format!("{hash}  {}\n", manifest["file"].as_str().unwrap()));
    let run = fulgurite(["backup", "--verify", text(&copy)]);
    assert_eq!(run.code, Some(0), "{}", run.out);

    let node = files.path().join("bitcoin");
    fs::create_dir(&node).unwrap();
    let now = (T0 + 3_600).to_string();
    let restore = |more: &[&str]| {
        let mut all = vec!["restore", text(&copy), text(&node), "--now", &now];
        all.extend(more);
        fulgurite(all)
    };
    assert_eq!(restore(&[]).code, Some(64), "the release must be named");
    let run = restore(&["--for-release", "v25.12.1"]);
    assert_eq!(run.code, Some(1), "{}", run.out);
    assert!(run.out.contains("does not read version 16"), "{}", run.out);
    let run = restore(&["--for-release", "v26.06", "--now", "2027-01-01"]);
    assert_eq!(run.code, Some(64), "--now twice");
    let run = fulgurite([
        "restore",
        text(&copy),
        text(&node),
        "--for-release",
        "v26.06",
        "--now",
        "2027-01-01",
    ]);
    assert_eq!(run.code, Some(1));
    assert!(run.out.contains("too old"), "{}", run.out);
    // A process that runs.
    let pid = files.file("lightningd-bitcoin.pid", std::process::id().to_string());
    let run = restore(&["--for-release", "v26.06"]);
    assert_eq!(run.code, Some(1));
    assert!(run.out.contains("lightningd-bitcoin.pid"), "{}", run.out);
    fs::remove_file(pid).unwrap();
    assert!(!node.join("gossip_store").exists());

    let run = restore(&["--for-release", "v26.06"]);
    assert_eq!(run.code, Some(0), "{}", run.out);
    let restored = node.join("gossip_store");
    assert_eq!(fs::read(&restored).unwrap(), store.bytes);
    // Never over one that is there.
    assert_eq!(restore(&["--for-release", "v26.06"]).code, Some(2));

    let mut bytes = store.bytes.clone();
    bytes[100] ^= 1;
    fs::write(&copy, bytes).unwrap();
    let run = fulgurite(["backup", "--verify", text(&copy)]);
    assert_eq!(run.code, Some(1));
    assert!(run.out.contains("SHA-256 is not the one"), "{}", run.out);
}

#[test]
fn a_second_backup_takes_the_place_of_the_first() {
    let (files, path) = with_store(network(5, 10).bytes);
    let copies = files.path().join("copies");
    fs::create_dir(&copies).unwrap();
    let mut made = Vec::new();
    for _ in 0..2 {
        let run = loop {
            let run = fulgurite(["backup", text(&path), text(&copies), "--json", "--keep", "1"]);
            // Names tell seconds.
            if run.code != Some(2) {
                break run;
            }
        };
        assert_eq!(run.code, Some(0), "{}", run.err);
        made.push(run.rows()[0]["manifest"]["file"].as_str().unwrap().to_owned());
    }
    assert!(!copies.join(&made[0]).exists() && copies.join(&made[1]).exists());
    assert_eq!(fs::read_dir(&copies).unwrap().count(), 3);
}

#[test]
fn a_torn_tail_is_left_out_and_a_damaged_store_is_not_copied() {
    let store = network(5, 60);
    let last = *store.records.last().unwrap();
    let (files, path) = with_store(&store.bytes[..store.bytes.len() - 3]);
    let copies = files.path().join("copies");
    fs::create_dir(&copies).unwrap();
    let run = fulgurite(["backup", text(&path), text(&copies), "--json"]);
    assert_eq!(run.code, Some(0), "{}", run.out);
    assert_eq!(run.rows()[0]["manifest"]["size"], last.offset);

    let mut bytes = store.bytes.clone();
    let place = store.records[20].offset;
    bytes[place + 30] ^= 1;
    let (files, path) = with_store(bytes);
    let run = fulgurite(["backup", text(&path), text(files.path())]);
    assert_eq!(run.code, Some(1));
    assert!(run.out.contains(&format!("damaged at offset {place}")), "{}", run.out);
    assert_eq!(fs::read_dir(files.path()).unwrap().count(), 1, "nothing is left behind");
}

#[test]
fn an_ended_record_is_not_copied_and_a_store_with_one_is_not_restored() {
    let built = Store::new(16)
        .announce("1x1x1", nodes(1, 2), 5)
        .update("1x1x1", Direction::One, T0)
        .update("1x1x1", Direction::Two, T0);
    let store = built.clone().build();
    let (files, path) = with_store(built.ended(99).build().bytes);
    let (events, code) = once(&files);
    assert_eq!((names(&events), code), (vec!["following", "ended_in_use"], Some(1)));
    let copies = files.path().join("copies");
    fs::create_dir(&copies).unwrap();
    let run = fulgurite(["backup", text(&path), text(&copies), "--json"]);
    assert_eq!(run.code, Some(0), "{}", run.out);
    assert_eq!(run.rows()[0]["manifest"]["size"], store.bytes.len());
    assert_eq!(run.rows()[0]["replaced"], true);
    let now = T0.to_string();
    let run = fulgurite([
        "restore",
        text(&path),
        text(&copies),
        "--for-release",
        "v26.06",
        "--now",
        &now,
    ]);
    assert_eq!(run.code, Some(1));
    assert!(run.out.contains("ends with an ended record"), "{}", run.out);
}

/// A thread that writes as lightningd does, and is stopped anywhere; backups meanwhile.
#[test]
fn backups_of_a_real_file_that_is_being_written_are_whole() {
    use std::sync::atomic::{AtomicBool, Ordering};
    let store = network(9, 40);
    let (files, path) = with_store(&store.bytes);
    let copies = files.path().join("copies");
    fs::create_dir(&copies).unwrap();
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let file = fs::OpenOptions::new().read(true).write(true).open(&path).unwrap();
            let mut older: Option<u64> = None;
            let scid = wire::scid("1x1x1");
            append(&path, 0, &wire::Announcement::new(scid, nodes(1, 2)).encode(), true);
            append(&path, 0, &wire::channel_amount(9), true);
            for count in 0.. {
                if stop.load(Ordering::Relaxed) {
                    break;
                }
                let update = wire::Update::new(scid, Direction::One, T0 + count);
                let at = file.metadata().unwrap().len();
                append(&path, T0 + count, &update.htlc_maximum(1_000).encode(), true);
                if let Some(older) = older.replace(at) {
                    file.write_all_at(&[0xa0], older).unwrap();
                }
                std::thread::sleep(std::time::Duration::from_millis(2));
            }
        });
        for _ in 0..3 {
            let run = loop {
                let run = fulgurite(["backup", text(&path), text(&copies), "--json"]);
                if run.code != Some(2) {
                    break run;
                }
            };
            assert_eq!(run.code, Some(0), "{} {}", run.out, run.err);
            let copy = copies.join(run.rows()[0]["manifest"]["file"].as_str().unwrap());
            assert_eq!(fulgurite(["check", text(&copy)]).code, Some(0));
            let rows = fulgurite(["records", text(&copy), "--scid", "1x1x1", "--json"]).rows();
            let live = rows.iter().filter(|row| row["type"] == 258 && row["flags"] == "2000");
            assert_eq!(live.count(), 1, "one live update, neither none nor two");
        }
        stop.store(true, Ordering::Relaxed);
    });
    std::io::stdout().flush().unwrap();
}

#[test]
fn the_copy_just_made_stays_whatever_its_clock_says() {
    let (files, path) = with_store(network(5, 10).bytes);
    let copies = files.path().join("copies");
    fs::create_dir(&copies).unwrap();
    let made = |keep: &str| {
        let run = fulgurite(["backup", text(&path), text(&copies), "--json", "--keep", keep]);
        assert_eq!(run.code, Some(0), "{}", run.err);
        run.rows().remove(0)
    };
    let file = made("9")["manifest"]["file"].as_str().unwrap().to_owned();
    // As one made by a clock that was years ahead.
    let ahead = "gossip_store.20990101T000000Z";
    for end in ["", ".sha256", ".json"] {
        fs::rename(copies.join(format!("{file}{end}")), copies.join(format!("{ahead}{end}")))
            .unwrap();
    }
    let json = copies.join(format!("{ahead}.json"));
    fs::write(&json, fs::read_to_string(&json).unwrap().replace(&file, ahead)).unwrap();
    // Its own name is free again.
    let document = made("1");
    let file = document["manifest"]["file"].as_str().unwrap();
    assert!(copies.join(file).exists() && !copies.join(ahead).exists(), "{document}");
    assert_eq!(document["removed"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_store_without_a_channel_takes_no_copys_place() {
    let (files, path) = with_store(network(5, 10).bytes);
    let copies = files.path().join("copies");
    fs::create_dir(&copies).unwrap();
    let backup = || fulgurite(["backup", text(&path), text(&copies), "--keep", "1"]);
    assert_eq!(backup().code, Some(0));
    fs::write(&path, Store::new(16).build().bytes).unwrap();
    let run = loop {
        let run = backup();
        // Names tell seconds.
        if run.code != Some(2) {
            break run;
        }
    };
    assert_eq!(run.code, Some(1), "{}", run.out);
    assert!(run.out.contains("no channel"), "{}", run.out);
    assert_eq!(fs::read_dir(&copies).unwrap().count(), 3);
}

#[test]
fn a_time_that_cannot_be_is_not_restored() {
    let (files, path) = with_store(network(5, 10).bytes);
    let copies = files.path().join("copies");
    let node = files.path().join("bitcoin");
    fs::create_dir(&copies).unwrap();
    let run = fulgurite(["backup", text(&path), text(&copies), "--json"]);
    let document = run.rows().remove(0);
    let copy = copies.join(document["manifest"]["file"].as_str().unwrap());
    let json = format!("{}.json", text(&copy));
    let taken = format!("\"taken\": {}", document["manifest"]["taken"]);
    let told = fs::read_to_string(&json).unwrap();
    assert!(told.contains(&taken), "{told}");
    for other in [u64::MAX, 9_000_000_000] {
        fs::write(&json, told.replace(&taken, &format!("\"taken\": {other}"))).unwrap();
        fs::create_dir(&node).unwrap();
        let run = fulgurite([
            "restore",
            text(&copy),
            text(&node),
            "--for-release",
            "v26.06",
            "--even-if-old",
        ]);
        assert_eq!(run.code, Some(0), "{} {}", run.out, run.err);
        let time = fs::metadata(node.join("gossip_store")).unwrap().modified().unwrap();
        assert!(time <= std::time::SystemTime::now());
        fs::remove_dir_all(&node).unwrap();
    }
}

#[test]
fn asked_to_end_it_leaves_nothing_half_written() {
    let (files, path) = with_store(network(5, 10).bytes);
    let copies = files.path().join("copies");
    fs::create_dir(&copies).unwrap();
    // A record that nobody finishes is waited for, with what was copied beside its place.
    append(&path, 0, &wire::delete_chan("8x8x8".into()), false);
    let mut child = command()
        .args(["backup", text(&path), text(&copies)])
        .stdout(Stdio::null())
        .spawn()
        .expect("the command runs");
    while fs::read_dir(&copies).unwrap().count() == 0 && child.try_wait().unwrap().is_none() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let pid = child.id().to_string();
    std::process::Command::new("kill").args(["-TERM", &pid]).status().unwrap();
    let code = child.wait().unwrap().code();
    assert!(matches!(code, Some(0 | 130)), "{code:?}");
    let left = fs::read_dir(&copies).unwrap().map(|entry| entry.unwrap().file_name());
    let parts = left.filter(|name| name.to_string_lossy().ends_with(".part"));
    assert_eq!(parts.count(), 0);
}
