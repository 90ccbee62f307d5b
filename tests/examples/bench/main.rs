//! Times a full check beside its floors, in one run: `bench FOLDER [GIGABYTES]`.
//!
//! The input is made once and kept in FOLDER: the real mainnet store (or, without the data, the
//! generated network of as many channels), then update after update of the same channels, each
//! newer than the last, without a hole. What is timed, several times over, interleaved:
//! - `cat FILE >/dev/null`
//! - the same window reads, and nothing else
//! - the floor: the same window reads and the checksum of every record, nothing else
//! - `fulgurite check` on one thread and on two, as a process of its own, with its peak memory

mod mainnet;

use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use fulgurite_tests::{T0, frame};

const WINDOW: usize = 256 * 1024;
const ROUNDS: usize = 5;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().expect("a folder"));
    let gigabytes: u64 = arguments.next().map_or(5, |text| text.parse().expect("a number"));
    let program = std::env::var_os("FULGURITE").map(PathBuf::from);
    std::fs::create_dir_all(&folder).expect("the folder");
    let path = folder.join(format!("repeated-{gigabytes}g.gs"));
    if !path.exists() {
        make(&path, gigabytes * 1_000_000_000);
    }
    let size = std::fs::metadata(&path).expect("the input").len();
    println!("input: {size} bytes, {}", path.display());
    run(&path, program.as_deref());
}

/// Writes the input: under another name first, so that a half-made one is never used.
fn make(path: &Path, size: u64) {
    let base = mainnet::store();
    let (updates, mut written) = (updates_of(&base), base.len() as u64);
    assert!(!updates.is_empty(), "the base store has updates");
    let part = path.with_extension("part");
    let mut out = BufWriter::with_capacity(1 << 20, File::create(&part).expect("the input"));
    out.write_all(&base).expect("room");
    let mut timestamp = T0;
    'all: loop {
        timestamp += 1;
        for body in &updates {
            let mut body = body.clone();
            body[106..110].copy_from_slice(&timestamp.to_be_bytes());
            let record = frame(16, 0x2000, timestamp, &body);
            out.write_all(&record).expect("room");
            written += record.len() as u64;
            if written >= size {
                break 'all;
            }
        }
    }
    out.into_inner().expect("room").sync_all().expect("synced");
    std::fs::rename(part, path).expect("renamed");
}

/// The bodies of all its channel_updates.
fn updates_of(store: &[u8]) -> Vec<Vec<u8>> {
    let mut bodies = Vec::new();
    let mut at = 1;
    while let Some(header) = store.get(at..at + 12) {
        let len = usize::from(u16::from_be_bytes([header[2], header[3]]));
        let body = &store[at + 12..at + 12 + len];
        if body.starts_with(&[1, 2]) && header[0] & 0x80 == 0 {
            bodies.push(body.to_vec());
        }
        at += 12 + len;
    }
    bodies
}

fn run(path: &Path, program: Option<&Path>) {
    let mut rows: Vec<(&str, Vec<Duration>)> = Vec::new();
    let mut note = |name: &'static str, time: Duration| match rows
        .iter_mut()
        .find(|(known, _)| *known == name)
    {
        Some((_, times)) => times.push(time),
        None => rows.push((name, vec![time])),
    };
    let mut peak = [0; 2];
    for _ in 0..ROUNDS {
        note("cat", timed(|| cat(path)));
        note("read only", timed(|| read(path, |_| {})));
        note("floor: read + CRC per record", timed(|| floor(path)));
        let Some(program) = program else { continue };
        for (index, threads) in ["1", "2"].into_iter().enumerate() {
            let start = Instant::now();
            let memory = check(program, path, threads);
            note(["full, 1 thread", "full, 2 threads"][index], start.elapsed());
            peak[index] = peak[index].max(memory);
        }
    }
    let median = |times: &[Duration]| {
        let mut times = times.to_vec();
        times.sort_unstable();
        times[times.len() / 2].as_secs_f64()
    };
    let base = rows.iter().find(|(name, _)| name.starts_with("floor")).map(|(_, t)| median(t));
    let size = std::fs::metadata(path).map_or(0, |meta| meta.len());
    let megabytes = f64::from(u32::try_from(size / 1_000_000).unwrap_or(u32::MAX));
    println!("| what | median s | spread s | GB/s | x floor | peak MB |");
    println!("| --- | --- | --- | --- | --- | --- |");
    for (name, times) in &rows {
        let (least, most) = (times.iter().min(), times.iter().max());
        let memory = match *name {
            "full, 1 thread" => format!("{}", peak[0] / 1000),
            "full, 2 threads" => format!("{}", peak[1] / 1000),
            _ => String::new(),
        };
        println!(
            "| {name} | {:.3} | {:.3}-{:.3} | {:.2} | {:.2} | {memory} |",
            median(times),
            least.map_or(0.0, Duration::as_secs_f64),
            most.map_or(0.0, Duration::as_secs_f64),
            megabytes / median(times) / 1000.0,
            median(times) / base.unwrap_or(1.0),
        );
    }
}

fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    std::hint::black_box(work());
    start.elapsed()
}

fn cat(path: &Path) -> std::process::ExitStatus {
    Command::new("cat").arg(path).stdout(Stdio::null()).status().expect("cat runs")
}

/// Reads the file in windows.
fn read(path: &Path, mut each: impl FnMut(&[u8])) -> u64 {
    let mut file = File::open(path).expect("the input");
    let mut window = vec![0; WINDOW];
    let mut total = 0;
    loop {
        let len = file.read(&mut window).expect("readable");
        if len == 0 {
            return total;
        }
        total += len as u64;
        each(&window[..len]);
    }
}

/// Reads the file in windows and computes the checksum of every record.
fn floor(path: &Path) -> u64 {
    let (mut carry, mut bad, mut first) = (Vec::new(), 0u64, true);
    read(path, |window| {
        let mut rest = window;
        if first {
            rest = &rest[1..];
            first = false;
        }
        if !carry.is_empty() {
            while let Some(need) = missing(&carry) {
                if rest.is_empty() {
                    return;
                }
                let (now, later) = rest.split_at(need.min(rest.len()));
                carry.extend_from_slice(now);
                rest = later;
            }
            bad += u64::from(!holds(&carry));
            carry.clear();
        }
        while missing(rest).is_none() {
            let len = 12 + usize::from(u16::from_be_bytes([rest[2], rest[3]]));
            bad += u64::from(!holds(&rest[..len]));
            rest = &rest[len..];
        }
        carry.extend_from_slice(rest);
    });
    assert_eq!(bad, 0, "the input is whole");
    bad
}

/// How many bytes the record that these begin still lacks.
fn missing(bytes: &[u8]) -> Option<usize> {
    let Some(header) = bytes.get(..12) else { return Some(12 - bytes.len()) };
    let whole = 12 + usize::from(u16::from_be_bytes([header[2], header[3]]));
    (whole > bytes.len()).then(|| whole - bytes.len())
}

fn holds(record: &[u8]) -> bool {
    let number = |at: usize| {
        u32::from_be_bytes([record[at], record[at + 1], record[at + 2], record[at + 3]])
    };
    crc32c::crc32c_append(number(8), &record[12..]) == number(4)
}

/// Runs a full check and returns its peak memory in kB.
fn check(program: &Path, path: &Path, threads: &str) -> u64 {
    let mut child = Command::new(program)
        .args(["check", "--json", "--threads", threads])
        .arg(path)
        .stdout(Stdio::null())
        .spawn()
        .expect("fulgurite runs");
    // The high-water mark stands in /proc until the process is waited for.
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().expect("a child").is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with("VmHWM:"));
        let figure = line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok());
        peak = peak.max(figure.unwrap_or(0));
        std::thread::sleep(Duration::from_millis(2));
    }
    peak
}
