//! `repair` and `diff` as a stranger would use them: nothing is overwritten, what is written is as
//! planned, and a second repair changes nothing.

mod common;

use std::fs;

use common::{Files, fulgurite};
use fulgurite_tests::{Direction, Store, T0, fixtures, nodes};
use serde_json::json;

/// A name in the folder, as an argument.
fn at(files: &Files, name: &str) -> String {
    files.path().join(name).to_str().expect("UTF-8").to_owned()
}

/// A file of that name with these bytes.
fn put(files: &Files, name: &str, bytes: impl AsRef<[u8]>) -> String {
    files.file(name, bytes);
    at(files, name)
}

/// Repairs a store into a new file; what was written.
fn repaired(files: &Files, bytes: impl AsRef<[u8]>, options: &[&str]) -> Vec<u8> {
    let old = put(files, "old", bytes.as_ref());
    let new = at(files, "new");
    let mut arguments = vec!["repair", &old, "-o", &new];
    arguments.extend(options);
    let run = fulgurite(&arguments);
    assert_eq!(run.code, Some(0), "{} {}", run.out, run.err);
    assert_eq!(fs::read(&old).unwrap(), bytes.as_ref(), "the input is as it was");
    fs::read(new).unwrap()
}

#[test]
fn what_is_written_is_clean_and_stays_as_it_is() {
    for damaged in [fixtures::torn_tail(), fixtures::zero_run(), fixtures::second_store()] {
        let files = Files::new();
        let written = repaired(&files, &damaged.bytes, &[]);
        assert_ne!(written, damaged.bytes);
        let check = fulgurite(["check", &at(&files, "new")]);
        assert_eq!(check.code, Some(0), "{}", check.out);
        let again = Files::new();
        assert_eq!(repaired(&again, &written, &[]), written);
    }
}

#[test]
fn a_healthy_store_is_handed_back_byte_for_byte() {
    let files = Files::new();
    let healthy = fixtures::healthy();
    assert_eq!(repaired(&files, &healthy.bytes, &[]), healthy.bytes);
    let plan = fulgurite(["repair", "--plan", &at(&files, "old")]);
    assert!(plan.out.contains("Nothing needs repair"), "{}", plan.out);
}

#[test]
fn nothing_is_overwritten_and_nothing_is_left_behind() {
    let files = Files::new();
    let old = put(&files, "old", fixtures::torn_tail().bytes);
    let there = put(&files, "there", b"precious");
    let run = fulgurite(["repair", &old, "-o", &there]);
    assert_eq!(run.code, Some(2), "{}", run.out);
    assert!(run.err.contains("nothing is overwritten"), "{}", run.err);
    assert_eq!(fs::read(&there).unwrap(), b"precious");
    // Not even over itself.
    assert_eq!(fulgurite(["repair", &old, "-o", &old]).code, Some(2));
    // A folder that is not there, and a store with nothing in it.
    let nowhere = at(&files, "no such folder/new");
    assert_eq!(fulgurite(["repair", &old, "-o", &nowhere]).code, Some(2));
    let empty = put(&files, "empty", [16]);
    let run = fulgurite(["repair", &empty, "-o", &at(&files, "new")]);
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("no record to keep"), "{}", run.err);
    let mut names: Vec<_> = fs::read_dir(files.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["empty", "old", "there"]);
}

#[cfg(unix)]
#[test]
fn the_new_file_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let files = Files::new();
    repaired(&files, fixtures::torn_tail().bytes, &[]);
    let mode = fs::metadata(at(&files, "new")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn the_release_decides_the_version() {
    for (release, version) in [("v25.12.1", 15), ("24.11.1", 14), ("v26.06", 16), ("v22.11", 11)] {
        let files = Files::new();
        let written = repaired(&files, fixtures::torn_tail().bytes, &["--for-release", release]);
        assert_eq!(written[0], version, "{release}");
    }
    let files = Files::new();
    let old = put(&files, "old", fixtures::torn_tail().bytes);
    for (option, value) in [
        ("--for-release", "v26.03"),
        ("--for-release", "v0.8.0"),
        ("--store-version", "8"),
        ("--store-version", "17"),
    ] {
        let run = fulgurite(["repair", "--plan", &old, option, value]);
        assert_eq!(run.code, Some(64), "{value}: {}", run.err);
    }
    assert_eq!(fulgurite(["repair", &old]).code, Some(64), "neither --plan nor -o");
}

#[test]
fn json_has_the_plan_and_the_hash() {
    let files = Files::new();
    let old = put(&files, "old", fixtures::zero_run().bytes);
    let plan = fulgurite(["repair", "--plan", "--json", &old]);
    let document: serde_json::Value = serde_json::from_str(&plan.out).unwrap();
    assert_eq!(document["schema"], "fulgurite-repair/1");
    assert_eq!(document["plan"]["schema"], "fulgurite-plan/1");
    assert!(document.get("sha256").is_none());
    let new = at(&files, "new");
    let made = fulgurite(["repair", "--json", &old, "-o", &new, "--seed", "9"]);
    let made: serde_json::Value = serde_json::from_str(&made.out).unwrap();
    assert_eq!(made["plan"], document["plan"]);
    assert_eq!(made["plan"]["size"], fs::metadata(new).unwrap().len());
    assert_eq!(made["sha256"].as_str().map(str::len), Some(64));
}

#[test]
fn the_steps_name_the_file_and_its_hash() {
    let files = Files::new();
    let old = put(&files, "old", fixtures::torn_tail().bytes);
    let new = at(&files, "it's new");
    let run = fulgurite(["repair", &old, "-o", &new]);
    let made = fulgurite(["repair", "--plan", "--json", &old]);
    assert_eq!(made.code, Some(0));
    assert!(run.out.contains("NEW='") && run.out.contains("it'\\''s new'"), "{}", run.out);
    for step in ["lightning-cli stop", "sha256sum -c", "mv -n", "cp -n", "chown --reference"] {
        assert!(run.out.contains(step), "{step}: {}", run.out);
    }
}

#[test]
fn what_lightningd_does_with_the_new_store_is_told() {
    let files = Files::new();
    let torn = put(&files, "torn", fixtures::torn_tail().bytes);
    let run = fulgurite(["repair", &torn, "-o", &at(&files, "new")]);
    assert_eq!(run.out.matches("✓ accepted").count(), 1, "{}", run.out);
    assert!(run.out.contains("✓ accepted lightningd v26.06"), "{}", run.out);
    // An update that was replaced and not marked: checks and later releases do not mind.
    let old = Store::new(12)
        .announce("1x1x1", nodes(1, 2), 5)
        .update("1x1x1", Direction::One, T0)
        .update("1x1x1", Direction::One, T0 + 9)
        .update("1x1x1", Direction::Two, T0)
        .build();
    let end = old.bytes.len();
    let old = put(&files, "old", old.cut(end - 5).bytes);
    let run = fulgurite(["repair", &old, "--json", "-o", &at(&files, "of 12")]);
    let document: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let told = document["releases"].as_array().unwrap();
    let told: Vec<_> = told.iter().map(|it| (&it["release"], &it["accepted"])).collect();
    assert_eq!(told, [(&json!("v23.11"), &json!(false)), (&json!("v26.06"), &json!(true))]);
    let plan = fulgurite(["repair", &old, "--json", "--plan"]);
    assert!(!plan.out.contains("\"releases\""), "nothing was written");
}

#[test]
fn a_store_and_its_corrupt_copy_become_one() {
    let files = Files::new();
    let healthy = put(&files, "backup", fixtures::healthy().bytes);
    let torn = put(&files, "corrupt", fixtures::torn_tail().bytes);
    let new = at(&files, "new");
    let run = fulgurite(["repair", &torn, &healthy, "-o", &new]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    let diff = fulgurite(["diff", &healthy, &new, "--json"]);
    let diff: serde_json::Value = serde_json::from_str(&diff.out).unwrap();
    assert_eq!(diff["first"]["channels"], 0, "every channel of the backup is there");
    assert_eq!(diff["first"]["newer_updates"], 0);
}

#[test]
fn a_store_differs_from_itself_in_nothing() {
    let files = Files::new();
    let one = put(&files, "one", fixtures::healthy().bytes);
    let two = put(&files, "two", fixtures::healthy().bytes);
    let run = fulgurite(["diff", &one, &two]);
    assert_eq!(run.code, Some(0), "{}", run.out);
    let torn = put(&files, "torn", fixtures::torn_tail().bytes);
    assert_eq!(fulgurite(["diff", &one, &torn]).code, Some(1));
}
