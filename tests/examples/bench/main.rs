//! Times a full check beside its floor, in one run: `bench FOLDER GIGABYTES ROUNDS [CASE...]`.
//!
//! The inputs are made once and kept in FOLDER (`inputs.rs`). What is timed, several times over,
//! interleaved, each beside the floor of its own round:
//! - the floor: the same window reads and the checksum of every record, nothing else
//! - the full check in this very process, on one thread and on two
//! - `fulgurite check --json`, as a process of its own, on one thread and on two
//! - `cat FILE >/dev/null`
//!
//! Printed are rows of a table of Markdown: medians, and least and most in brackets. The case
//! `cold` is the large file with nothing of it in memory, beside `cat`; only root can have that.

mod engine;
mod floor;
mod inputs;
#[path = "../mainnet/mod.rs"]
mod mainnet;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const CASES: [&str; 5] = ["unsigned", "signed", "dead", "five", "large"];

fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().expect("a folder"));
    let mut number = || arguments.next().and_then(|text| text.parse().ok()).expect("a number");
    let (gigabytes, rounds): (u64, u64) = (number(), number());
    let chosen: Vec<String> = arguments.collect();
    let program = PathBuf::from(std::env::var_os("FULGURITE").expect("FULGURITE: the command"));
    std::fs::create_dir_all(&folder).expect("the folder");
    let chosen: Vec<&str> = if chosen.is_empty() {
        CASES.to_vec()
    } else {
        chosen.iter().map(String::as_str).collect()
    };
    for case in chosen {
        let file = if case == "cold" { "large" } else { case };
        let path = inputs::input(&folder, file, gigabytes);
        // Nothing is timed where inputs are only to be made.
        match (case, rounds) {
            (_, 0) => {}
            ("cold", _) => cold(&path, &program, rounds),
            ("large", _) => warm(case, &path, &program, rounds),
            // Small files want more rounds, and have the time for them.
            _ => warm(case, &path, &program, 3 * rounds),
        }
    }
}

/// One row: everything beside the floor of its round.
fn warm(case: &str, path: &Path, program: &Path, rounds: u64) {
    let mut floors = Vec::new();
    let mut times = [const { Vec::new() }; 5];
    for _ in 0..=rounds {
        let base = timed(|| floor::floor(path));
        floors.push(base);
        let of = [
            timed(|| engine::one_thread(path)),
            timed(|| engine::two_threads(path)),
            timed(|| check(program, path, "1")),
            timed(|| check(program, path, "2")),
            timed(|| cat(path)),
        ];
        for (all, time) in times.iter_mut().zip(of) {
            all.push(time.as_secs_f64() / base.as_secs_f64());
        }
    }
    // The first round has warmed everything up.
    let floors = floors.iter().skip(1).map(|floor| floor.as_secs_f64() * 1_000.0).collect();
    let [one, two, command, command_two, cat] = times.map(|of| spread(of[1..].to_vec(), 2));
    let memory = ["1", "2"].map(|threads| peak(program, path, threads) / 1_000);
    let megabytes = std::fs::metadata(path).map_or(0, |meta| meta.len() / 1_000_000);
    println!(
        "| {case} | {megabytes} | {} | {one} | {two} | {command} | {command_two} | {cat} | {} / {} |",
        spread(floors, 1),
        memory[0],
        memory[1]
    );
}

/// With nothing in memory: `cat`, and the command in two threads.
fn cold(path: &Path, program: &Path, rounds: u64) {
    let (mut cats, mut checks) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        for (all, run) in [
            (&mut cats, &(|| cat(path)) as &dyn Fn()),
            (&mut checks, &|| check(program, path, "2")),
        ] {
            if std::fs::write("/proc/sys/vm/drop_caches", "3").is_err() {
                println!("cold: only root may empty the page cache");
                return;
            }
            all.push(timed(run).as_secs_f64());
        }
    }
    println!("cold: cat {} s, check {} s", spread(cats, 1), spread(checks, 1));
}

/// Median, least and most.
fn spread(mut all: Vec<f64>, digits: usize) -> String {
    all.sort_unstable_by(f64::total_cmp);
    let (least, most) = (all[0], all[all.len() - 1]);
    format!("{:.digits$} ({least:.digits$}–{most:.digits$})", all[all.len() / 2])
}

fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    std::hint::black_box(work());
    start.elapsed()
}

fn cat(path: &Path) {
    let status = Command::new("cat").arg(path).stdout(Stdio::null()).status();
    assert!(status.is_ok_and(|status| status.success()), "cat");
}

fn command(program: &Path, path: &Path, threads: &str) -> Command {
    let mut command = Command::new(program);
    command.args(["check", "--json", "--threads", threads]).arg(path).stdout(Stdio::null());
    command
}

fn check(program: &Path, path: &Path, threads: &str) {
    let status = command(program, path, threads).status();
    // 1: a warning, as on a store that is mostly dead records.
    assert!(status.is_ok_and(|status| matches!(status.code(), Some(0 | 1))), "the store is sound");
}

/// The most memory that a check held, in kB.
fn peak(program: &Path, path: &Path, threads: &str) -> u64 {
    let mut child = command(program, path, threads).spawn().expect("the command runs");
    // The high-water mark stands in /proc until the process is waited for.
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().expect("a child").is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with("VmHWM:"));
        let figure = line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok());
        peak = peak.max(figure.unwrap_or(0));
    }
    peak
}
