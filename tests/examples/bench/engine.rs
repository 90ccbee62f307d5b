//! The full check in this process, as the command does it: window reads, every checksum, decoding,
//! network, findings, the report as JSON; in one thread, or in two stages on two (the command's
//! own are `cli/src/stages.rs`, where each stage also reads for the other).

use std::path::Path;
use std::sync::mpsc::{Receiver, TryRecvError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use fulgurite_core::gossip::check::{Counted, Fold, Options};
use fulgurite_core::gossip::network::{Gist, Network};
use fulgurite_core::gossip::scan::{Batch, Scanner};
use fulgurite_core::source::{Source, SourceError};

use crate::floor::read;

const DEPTH: usize = 8;
const TOGETHER: usize = 4;
const PATIENCE: Duration = Duration::from_micros(200);

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

/// The same.
pub(crate) fn two_threads(path: &Path) -> usize {
    let (hand_over, handed_over) = sync_channel::<Gist>(DEPTH);
    let (give_back, given_back) = sync_channel::<Gist>(DEPTH);
    for _ in 0..DEPTH {
        let _ = give_back.send(Gist::new());
    }
    let options = Options::default();
    thread::scope(|scope| {
        let mut network = Network::new(options.limits, options.seed);
        let second = scope.spawn(move || {
            let mut done = Vec::with_capacity(TOGETHER);
            while let Some(gist) = next(&handed_over) {
                network.take(&gist);
                done.push(gist);
                if done.len() == TOGETHER {
                    done.drain(..).for_each(|gist| give_back.send(gist).unwrap_or_default());
                }
            }
            network
        });
        let (mut scanner, mut batch) = (Scanner::new(), Batch::new());
        let mut counted = Counted::new(&options);
        let mut push = |scanner: &mut Scanner, window: &[u8]| {
            if window.is_empty() {
                scanner.finish(&mut batch);
            } else {
                scanner.push(window, &mut batch);
            }
            let version = scanner.version().expect("there is a first byte");
            counted.take(version, scanner.layout(), window, &batch);
            let mut gist = next(&given_back).expect("the second stage lives");
            gist.clear();
            gist.add(version, window, &batch);
            hand_over.send(gist).expect("the second stage lives");
        };
        let size = read(path, |window| push(&mut scanner, window));
        push(&mut scanner, &[]);
        drop(hand_over);
        let network = second.join().expect("no panic");
        report(&Fold::of(options, counted, network), size)
    })
}

/// Looks out for a moment before it sleeps.
fn next<T>(from: &Receiver<T>) -> Option<T> {
    let start = Instant::now();
    loop {
        match from.try_recv() {
            Ok(next) => return Some(next),
            Err(TryRecvError::Disconnected) => return None,
            Err(TryRecvError::Empty) if start.elapsed() > PATIENCE => return from.recv().ok(),
            Err(TryRecvError::Empty) => thread::yield_now(),
        }
    }
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
