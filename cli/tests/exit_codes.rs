//! The exit codes, case by case.

mod common;

use common::{Files, check, fulgurite};
use fulgurite_tests::fixtures;

#[test]
fn a_healthy_store_is_0_and_a_damaged_one_1() {
    let run = check(fixtures::healthy(), &[]);
    assert_eq!(run.code, Some(0), "{}", run.out);
    assert!(run.out.contains("✓ fine"), "{}", run.out);
    for damaged in [fixtures::torn_tail(), fixtures::zero_run(), fixtures::second_store()] {
        let run = check(damaged, &[]);
        assert_eq!(run.code, Some(1), "{}", run.out);
        assert!(run.out.contains("✗ damage"), "{}", run.out);
    }
    assert_eq!(check(fixtures::hidden_alias(), &[]).code, Some(1), "a warning");
}

#[test]
fn an_empty_file_and_zeros_are_1() {
    assert_eq!(check(b"", &[]).code, Some(1));
    for len in [1, 2, 100, 4096, 1_000_000] {
        assert_eq!(check(vec![0; len], &[]).code, Some(1), "{len} zeros");
    }
}

#[test]
fn a_version_byte_alone_is_0_where_the_version_is_known() {
    for version in 2..=16u8 {
        let run = check([version], &[]);
        assert_eq!(run.code, Some(0), "version {version}: {}", run.out);
    }
}

#[test]
fn another_file_is_2() {
    let jpeg = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xdb\0C\0".repeat(300);
    let others: [&[u8]; 4] = [
        &jpeg,
        b"SQLite format 3\0 channel_htlcs",
        b"\x02\x01\x03lnd\x02 a macaroon",
        b"This is a text, and no store at all.\n",
    ];
    for other in others {
        let run = check(other, &[]);
        assert_eq!(run.code, Some(2), "{}", run.out);
        let json = check(other, &["--json"]);
        assert_eq!(json.code, Some(2));
        assert_eq!(json.rows()[0]["verdict"]["headline"], "wrong_file");
    }
}

#[test]
fn what_cannot_be_read_is_2() {
    let files = Files::new();
    let run = fulgurite(["check".as_ref(), files.path().as_os_str()]);
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("is a directory") && run.out.is_empty(), "{run:?}");
    for command in ["check", "records", "nodes", "channels"] {
        let run = fulgurite([command.as_ref(), files.path().join("missing").as_os_str()]);
        assert_eq!(run.code, Some(2));
        assert!(run.err.contains("missing") && run.out.is_empty(), "{run:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_is_refused_and_does_not_block() {
    let files = Files::new();
    let pipe = files.pipe("pipe");
    let run = fulgurite(["check".as_ref(), pipe.as_os_str()]);
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("not a regular file"), "{run:?}");
}

#[test]
fn a_wrong_command_line_is_64_and_help_0() {
    for arguments in [
        &[][..],
        &["check"],
        &["nonsense"],
        &["check", "--nonsense", "x"],
        &["check", "--now", "soon", "x"],
        &["check", "--threads", "0", "x"],
        &["records", "x", "--type", "nonsense"],
        &["records", "x", "--state", "nonsense"],
        &["records", "x", "--scid", "1x2"],
        &["records", "x", "--node", "xyz"],
        &["show", "x", "-1"],
        &["--lang", "tlh", "check", "x"],
    ] {
        let run = fulgurite(arguments);
        assert_eq!(run.code, Some(64), "{arguments:?}: {run:?}");
        assert!(run.out.is_empty() && run.err.starts_with("fulgurite: "), "{run:?}");
    }
    for arguments in [&["--help"][..], &["--version"], &["help", "check"], &["check", "--help"]] {
        let run = fulgurite(arguments);
        assert_eq!(run.code, Some(0));
        assert!(!run.out.is_empty() && run.err.is_empty());
    }
}

#[test]
fn of_several_files_the_highest_counts_and_each_has_its_line() {
    let files = Files::new();
    let healthy = files.file("healthy", fixtures::healthy());
    let torn = files.file("torn", fixtures::torn_tail());
    let missing = files.path().join("missing");
    let run = |paths: &[&std::path::PathBuf]| {
        let paths = paths.iter().map(|path| path.as_os_str());
        fulgurite(["check".as_ref(), "--json".as_ref()].into_iter().chain(paths))
    };
    assert_eq!(run(&[&healthy, &healthy]).code, Some(0));
    assert_eq!(run(&[&torn, &healthy]).code, Some(1));
    let all = run(&[&torn, &missing, &healthy]);
    assert_eq!(all.code, Some(2));
    let rows = all.rows();
    assert_eq!(rows[0]["verdict"]["headline"], "torn_tail");
    assert!(rows[1].is_null(), "a file that cannot be read keeps its place");
    assert_eq!(rows[2]["verdict"]["headline"], "healthy");
    assert_eq!(rows.len(), 3);
}

#[test]
fn lists_are_0_where_there_is_something_to_list() {
    for command in ["records", "nodes", "channels"] {
        assert_eq!(common::on(fixtures::zero_run(), &[command]).code, Some(0));
        let other = common::on(b"SQLite format 3\0", &[command]);
        assert_eq!(other.code, Some(2));
        assert!(other.out.is_empty() && !other.err.is_empty(), "{other:?}");
    }
    let beyond = common::on(fixtures::healthy(), &["show", "99999999"]);
    assert_eq!(beyond.code, Some(64));
}

/// Zeros are the fastest thing to check, so there must be very many of them.
#[cfg(unix)]
#[test]
fn ctrl_c_is_130() {
    use std::time::Duration;
    let files = Files::new();
    let path = files.path().join("huge");
    // Sparse: it takes no room.
    let made = std::fs::File::create(&path).and_then(|file| file.set_len(1 << 40));
    if made.is_err() {
        return;
    }
    for threads in ["1", "2"] {
        let mut check = common::command();
        check.args(["check", "--threads", threads]).arg(&path);
        let child = check.stdout(std::process::Stdio::piped()).spawn().expect("the command runs");
        std::thread::sleep(Duration::from_millis(400));
        let id = child.id().to_string();
        let sent = std::process::Command::new("kill").args(["-INT", &id]).status();
        assert!(sent.is_ok_and(|status| status.success()));
        let output = child.wait_with_output().expect("the command ends");
        assert_eq!(output.status.code(), Some(130));
        assert!(output.stdout.is_empty());
    }
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_ends_quietly() {
    use std::process::Stdio;
    let files = Files::new();
    let path = files.file("gossip_store", fixtures::sample());
    let mut records = common::command();
    records.arg("records").arg(&path).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = records.spawn().expect("the command runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the command ends");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
}
