//! A writer in a process of its own, killed again and again with its pen on the paper: `watch` says
//! what the file says, no more and no less, and `backup` leaves out what was not finished.
#![cfg(target_os = "linux")]

mod common;

use std::fs::{self, OpenOptions};
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use common::{Files, fulgurite};
use fulgurite_tests::fake::Rng;
use fulgurite_tests::life::first_bad;
use fulgurite_tests::wire::{Announcement, Scid, Update, channel_amount};
use fulgurite_tests::{Direction, T0, frame, network, nodes};

/// Names the file to the writer.
const FILE: &str = "FULGURITE_TEST_WRITES";

/// The writer: one system call after the other, as lightningd of v26.06, until it is killed.
#[test]
#[ignore = "the writer of the other test"]
fn writer() {
    let Some(path) = std::env::var_os(FILE) else { return };
    let file = OpenOptions::new().read(true).write(true).open(path).unwrap();
    let mut len = file.metadata().unwrap().len();
    let append = |len: &mut u64, timestamp, body: &[u8]| {
        let (at, record) = (*len, frame(16, 0, timestamp, body));
        file.write_all_at(&record, at).unwrap();
        // Now and then it hangs where it hurts.
        if at % 24 == 0 {
            std::thread::sleep(Duration::from_micros(50));
        }
        file.write_all_at(&[0x20], at).unwrap();
        *len += record.len() as u64;
        at
    };
    let number = len;
    for count in 0u32.. {
        let scid = Scid(number << 40 | u64::from(count) << 16);
        let message = Announcement::new(scid, nodes(1, 2)).encode();
        let announced = append(&mut len, 0, &message);
        append(&mut len, 0, &channel_amount(9));
        // The first update gives its timestamp to the announcement.
        let stamped = frame(16, 0x2000, T0 + count, &message);
        file.write_all_at(&stamped[..12], announced).unwrap();
        let update = Update::new(scid, Direction::One, T0 + count).htlc_maximum(1_000);
        let old = append(&mut len, T0 + count, &update.encode());
        let update = Update::new(scid, Direction::One, T0 + count + 1).htlc_maximum(1_000);
        append(&mut len, T0 + count + 1, &update.encode());
        file.write_all_at(&[0xa0], old).unwrap();
    }
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

#[test]
fn a_writer_that_is_killed_anywhere() {
    let files = Files::new();
    let path = files.file("gossip_store", network(5, 10).bytes);
    let copies = files.path().join("copies");
    fs::create_dir(&copies).unwrap();
    let mut rng = Rng::new(u64::from(std::process::id()));
    let mut unfinished = 0;
    for round in 0..12 {
        let mut writer = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "writer", "--ignored"])
            .env(FILE, &path)
            .stdout(Stdio::null())
            .spawn()
            .expect("this very program runs");
        std::thread::sleep(Duration::from_millis(20 + u64::from(rng.below(60))));
        if round % 4 == 0 {
            let run = fulgurite(["watch", "--once", text(files.path())]);
            assert_eq!(run.code, Some(0), "while it is written: {}", run.out);
        }
        writer.kill().unwrap();
        writer.wait().unwrap();
        let bytes = fs::read(&path).unwrap();
        let bad = first_bad(&bytes);
        let run = fulgurite(["watch", "--once", "--json", text(files.path())]);
        assert_eq!(
            run.code,
            Some(i32::from(bad.is_some())),
            "{bad:?} of {}: {}",
            bytes.len(),
            run.out
        );
        if let Some(bad) = bad {
            unfinished += 1;
            let told = &run.rows()[1];
            assert!(["unfinished", "wound"].contains(&told["event"].as_str().unwrap()), "{told}");
            assert_eq!(told["values"]["offset"], bad);
        }
        let name = copies.join(round.to_string());
        fs::create_dir(&name).unwrap();
        let run = fulgurite(["backup", text(&path), text(&name), "--json"]);
        assert_eq!(run.code, Some(0), "{}", run.out);
        let size = run.rows()[0]["manifest"]["size"].as_u64().unwrap();
        // An announcement whose amount is what was not finished is left out with it.
        let whole = bad.unwrap_or(bytes.len()) as u64;
        assert!(size == whole || bad.is_some() && size == whole - 444, "{size} of {whole}");
        // As if it had been repaired before the next start.
        OpenOptions::new().write(true).open(&path).unwrap().set_len(size).unwrap();
    }
    assert!(unfinished > 0);
    println!("{unfinished} of 12 kills left a record unfinished");
}
