//! The full check in this process, as the command does it: window reads, every checksum, decoding,
//! network, findings, the report as JSON; in one thread, or in two stages on two (the command's
//! own are `cli/src/stages.rs`).

use std::path::Path;
use std::sync::mpsc::sync_channel;
use std::thread;

use fulgurite_core::gossip::check::{Counted, Fold, Options};
use fulgurite_core::gossip::format::Version;
use fulgurite_core::gossip::network::Network;
use fulgurite_core::gossip::scan::{Batch, Scanner};
use fulgurite_core::source::{Source, SourceError};

use crate::floor::{WINDOW, read};

const DEPTH: usize = 8;
const TOGETHER: usize = 4;

/// The length of the report.
pub(crate) fn one_thread(path: &Path) -> usize {
    let (mut scanner, mut batch) = (Scanner::new(), Batch::new());
    let mut fold = Fold::new(Options::default());
    let size = read(path, |window| {
        scanner.push(window, &mut batch);
        fold.take(&scanner, window, &batch);
    });
    scanner.finish(&mut batch);
    fold.take(&scanner, &[], &batch);
    report(&fold, size)
}

#[derive(Default)]
struct Parcel {
    chunk: Vec<u8>,
    batch: Batch,
    version: Option<Version>,
}

/// The same.
pub(crate) fn two_threads(path: &Path) -> usize {
    let (hand_over, handed_over) = sync_channel::<Parcel>(DEPTH);
    let (give_back, given_back) = sync_channel::<Parcel>(DEPTH);
    for _ in 0..DEPTH {
        let _ = give_back.send(Parcel::default());
    }
    let options = Options::default();
    thread::scope(|scope| {
        let mut network = Network::new(options.limits, options.seed);
        let second = scope.spawn(move || {
            let mut done = Vec::with_capacity(TOGETHER);
            for parcel in handed_over {
                let version = parcel.version.expect("there is a first byte");
                network.fold(version, &parcel.chunk, &parcel.batch);
                done.push(parcel);
                if done.len() == TOGETHER {
                    done.drain(..).for_each(|parcel| give_back.send(parcel).unwrap_or_default());
                }
            }
            network
        });
        let mut scanner = Scanner::new();
        let mut counted = Counted::new(&options);
        let file = std::fs::File::open(path).expect("the input");
        let size = file.metadata().expect("a length").len();
        let mut at = 0;
        loop {
            let mut parcel = given_back.recv().expect("the second stage lives");
            let len = (size - at).min(WINDOW as u64);
            parcel.chunk.resize(usize::try_from(len).expect("a window"), 0);
            positioned(&file, at, &mut parcel.chunk);
            if len > 0 {
                scanner.push(&parcel.chunk, &mut parcel.batch);
            } else {
                scanner.finish(&mut parcel.batch);
            }
            at += len;
            parcel.version = scanner.version();
            let version = parcel.version.expect("there is a first byte");
            counted.take(version, scanner.layout(), &parcel.chunk, &parcel.batch);
            hand_over.send(parcel).expect("the second stage lives");
            if len == 0 {
                break;
            }
        }
        drop(hand_over);
        let network = second.join().expect("no panic");
        report(&Fold::of(options, counted, network), size)
    })
}

#[cfg(unix)]
fn positioned(file: &std::fs::File, at: u64, window: &mut [u8]) {
    std::os::unix::fs::FileExt::read_exact_at(file, window, at).expect("readable");
}

#[cfg(not(unix))]
fn positioned(mut file: &std::fs::File, at: u64, window: &mut [u8]) {
    use std::io::{Read as _, Seek as _};
    file.seek(std::io::SeekFrom::Start(at))
        .and_then(|_| file.read_exact(window))
        .expect("readable");
}

fn report(fold: &Fold, size: u64) -> usize {
    let source = Untouched(size);
    let report = fold.conclude(&source).expect("a sound store needs no second look");
    assert!(fold.verdicts(&report, &source).is_none(), "a sound store is read once");
    report.to_json().expect("JSON").len()
}

/// Has a length; nobody reads it.
struct Untouched(u64);

impl Source for Untouched {
    fn len(&self) -> u64 {
        self.0
    }

    fn read_at(&self, at: u64, _: &mut [u8]) -> Result<(), SourceError> {
        panic!("read at {at}")
    }
}
