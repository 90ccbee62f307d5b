//! The memory of `watch` over a month of mainnet's gossip: a writer lives it as fast as it can, the
//! command follows, and its resident memory is sampled. Slow, so it runs only when asked:
//!
//! ```sh
//! cargo test -p fulgurite --release --test watch_month -- --ignored --nocapture
//! ```
#![cfg(target_os = "linux")]

mod common;

use std::fs::{self, File, OpenOptions};
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::process::Stdio;
use std::sync::mpsc::channel;

use common::{Files, command};
use fulgurite_tests::fake::Rng;
use fulgurite_tests::wire::{Announcement, Scid, Update, channel_amount, ended, uuid};
use fulgurite_tests::{Direction, NodeBuilder, T0, frame, nodes};

/// Mainnet in 2026: 50,808 channels (the store of upstream's tests).
const CHANNELS: u32 = 50_808;
/// Updates a day: about four for each direction, some ten times what keeping channels alive takes.
const UPDATES: u32 = 400_000;
/// Channels opened and closed a day.
const CHANNELS_A_DAY: u32 = 250;
/// Nodes, and how often all of them announce themselves anew in a month.
const NODES: u32 = 17_000;
const DAYS: u32 = 30;

/// A store that only grows until it is compacted.
struct Writer<'a> {
    folder: &'a Path,
    file: File,
    len: u64,
    out: Vec<u8>,
    /// Offsets: announcement, both updates.
    channels: Vec<[u64; 3]>,
    nodes: Vec<u64>,
    dead: u64,
    live: u64,
    deleted: Vec<u64>,
    clock: u32,
    compactions: u32,
}

const STORE: &str = "gossip_store";

impl<'a> Writer<'a> {
    fn new(folder: &'a Path) -> Writer<'a> {
        let file = open(&folder.join(STORE));
        let mut writer = Writer {
            folder,
            file,
            len: 0,
            out: vec![16],
            channels: Vec::new(),
            nodes: vec![0; NODES as usize],
            dead: 0,
            live: 0,
            deleted: Vec::new(),
            clock: T0,
            compactions: 0,
        };
        writer.append(0, &uuid([1; 32]));
        writer
    }

    fn append(&mut self, timestamp: u32, body: &[u8]) -> u64 {
        let at = self.len + self.out.len() as u64;
        self.out.extend(frame(16, 0x2000, timestamp, body));
        at
    }

    /// Writes what is ready: the last record in two steps, then the marks of what it replaced.
    fn flush(&mut self, last: u64) {
        let place = usize::try_from(last - self.len).unwrap();
        self.out[place] = 0;
        self.file.write_all_at(&self.out, self.len).unwrap();
        self.file.write_all_at(&[0x20], last).unwrap();
        self.len += self.out.len() as u64;
        self.out.clear();
        for at in self.deleted.drain(..) {
            self.file.write_all_at(&[0xa0], at).unwrap();
        }
    }

    fn announce(&mut self, number: u32) {
        let ends = nodes(1 + number % NODES, 1 + (number * 7 + 1) % NODES);
        let scid = Scid(u64::from(800_000 + number) << 40);
        let at = self.append(0, &Announcement::new(scid, ends).encode());
        self.append(0, &channel_amount(5_000_000));
        self.channels.push([at, 0, 0]);
        self.live += 1;
    }

    fn update(&mut self, channel: u32, direction: usize) -> u64 {
        self.clock += 1;
        let scid = Scid(u64::from(800_000 + channel) << 40);
        let update = Update::new(scid, Direction::BOTH[direction], self.clock);
        let at = self.append(self.clock, &update.htlc_maximum(1_000_000).encode());
        let slot = &mut self.channels[channel as usize][direction + 1];
        let old = std::mem::replace(slot, at);
        self.replaced(old);
        at
    }

    fn node(&mut self, number: u32) -> u64 {
        self.clock += 1;
        let message = NodeBuilder::new(1 + number, self.clock).alias("a node").encode();
        let at = self.append(self.clock, &message);
        let old = std::mem::replace(&mut self.nodes[number as usize], at);
        self.replaced(old);
        at
    }

    fn replaced(&mut self, old: u64) {
        if old > 0 {
            self.deleted.push(old);
            self.dead += 1;
        } else {
            self.live += 1;
        }
    }

    /// As `lightning_gossip_compactd` and gossipd do together.
    fn maybe_compact(&mut self) {
        if self.len < 10_000_000 || self.dead < 4 * self.live {
            return;
        }
        self.compactions += 1;
        let old = fs::read(self.folder.join(STORE)).unwrap();
        let id = [u8::try_from(self.compactions).unwrap(); 32];
        let mut new = vec![16];
        new.extend(frame(16, 0x2000, 0, &uuid(id)));
        let mut moved = std::collections::HashMap::new();
        let mut at = 1;
        while at < old.len() {
            let len = 12 + usize::from(u16::from_be_bytes([old[at + 2], old[at + 3]]));
            let record_type = u16::from_be_bytes([old[at + 12], old[at + 13]]);
            if old[at] & 0x80 == 0 && record_type != 4107 {
                moved.insert(at as u64, new.len() as u64);
                new.extend(&old[at..at + len]);
            }
            at += len;
        }
        let path = self.folder.join("gossip_store.compact");
        fs::write(&path, &new).unwrap();
        fs::rename(&path, self.folder.join(STORE)).unwrap();
        let last = self.append(0, &ended(new.len() as u64, Some(id)));
        self.flush(last);
        self.file = open(&self.folder.join(STORE));
        self.len = new.len() as u64;
        let place = |at: &mut u64| *at = moved.get(at).copied().unwrap_or(0);
        self.channels.iter_mut().flatten().for_each(place);
        self.nodes.iter_mut().for_each(place);
        self.dead = 0;
    }
}

fn open(path: &Path) -> File {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path).unwrap()
}

/// Resident memory, now and at its most, in KiB.
fn memory(pid: u32) -> (u64, u64) {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let figure = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    };
    (figure("VmRSS:"), figure("VmHWM:"))
}

#[test]
#[ignore = "writes some 2 GB and takes minutes"]
fn a_month_of_mainnet_gossip_in_flat_memory() {
    let files = Files::new();
    let mut rng = Rng::new(7);
    let mut writer = Writer::new(files.path());
    for number in 0..CHANNELS {
        writer.announce(number);
        writer.update(number, 0);
        let last = writer.update(number, 1);
        writer.flush(last);
    }
    for number in 0..NODES {
        let last = writer.node(number);
        writer.flush(last);
    }
    let mut child = command()
        .args(["watch", "--json", "--interval", "1", "--growth-limit", "1T"])
        .arg(files.path())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the command runs");
    let (send, told) = channel::<String>();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    std::thread::spawn(move || lines.map_while(Result::ok).try_for_each(|line| send.send(line)));
    let mut events = vec![told.recv().expect("it begins to follow")];
    let (begin, _) = memory(child.id());
    println!("day  0: {begin} KiB; store {} bytes", writer.len);
    let mut most = 0;
    let mut written = 0;
    for day in 1..=DAYS {
        let before = writer.len;
        for count in 0..UPDATES {
            let channel = rng.below(u32::try_from(writer.channels.len()).unwrap());
            let direction = rng.index(2);
            let mut last = writer.update(channel, direction);
            if count % (UPDATES / CHANNELS_A_DAY) == 0 {
                let number = u32::try_from(writer.channels.len()).unwrap();
                writer.announce(number);
                writer.update(number, 0);
                last = writer.update(number, 1);
            }
            if count % 20 == 0 {
                last = writer.node(rng.below(NODES));
            }
            if count % 50 == 49 {
                writer.flush(last);
                writer.maybe_compact();
            }
        }
        written += writer.len.abs_diff(before);
        let (now, peak) = memory(child.id());
        most = most.max(now);
        if day % 5 == 0 {
            let (size, compactions) = (writer.len, writer.compactions);
            println!(
                "day {day:2}: {now} KiB, at most {peak} KiB; store {size} bytes, {compactions} compactions"
            );
        }
    }
    // Time to see the end.
    std::thread::sleep(std::time::Duration::from_secs(3));
    let (end, peak) = memory(child.id());
    println!("end: {end} KiB, at most {peak} KiB; {written} bytes net");
    let pid = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    events.extend(told.iter());
    let count = |name: &str| events.iter().filter(|line| line.contains(name)).count();
    println!("{} events, {} compactions told", events.len(), count("\"compacted\""));
    for line in &events {
        assert!(line.contains("\"severity\":\"info\""), "{line}");
    }
    assert!(end < begin + 2_048 && most < begin + 4_096, "{begin} {most} {end}");
}
