//! The check in one thread or in two stages on two: walk, checksums and counts in one, the network
//! in the other.
//!
//! What goes round between the two, through bounded channels, is the gist of each window: memory is
//! bounded, and nothing is allocated anew. Whichever of the two would wait for the other reads ahead
//! instead (`reading.rs`), so that both are done at the same time whatever the file consists of.
//! The order is that of one thread, and so is the report.
//!
//! This file and `reading.rs` know nothing of the command: what times a check
//! (`tests/examples/bench`) runs the very same.

use std::sync::mpsc::{Receiver, TryRecvError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use fulgurite_core::gossip::check::{Counted, Fold, Options};
use fulgurite_core::gossip::network::{Gist, Network};
use fulgurite_core::gossip::scan::{Batch, Scanner};
use fulgurite_core::source::Source;

use super::reading::{Reader, Reading};

/// The gists of so many windows are under way at a time.
const DEPTH: usize = 8;

/// How long a stage looks out for the other before it sleeps. A window takes a quarter of that, and
/// to be woken for each costs both of them more than the network costs the second.
pub(super) const PATIENCE: Duration = Duration::from_micros(200);

/// A file from its first byte to its last, a window at a time.
pub(crate) trait Front {
    /// Why it goes no further.
    type Trouble;

    /// Fills `chunk` with the next window; false at the end.
    fn next(&mut self, chunk: &mut Vec<u8>) -> Result<bool, Self::Trouble>;

    /// Where the next window begins.
    fn at(&self) -> u64;

    /// Passes so many bytes, which somebody else has read from there.
    fn pass(&mut self, len: u64) -> Result<(), Self::Trouble>;
}

/// The first stage: reads, walks and counts, and hands over one gist after the other.
fn walk<T>(
    options: &Options,
    mut read: impl FnMut(&mut Vec<u8>) -> Result<bool, T>,
    mut empty: impl FnMut() -> Option<Gist>,
    mut hand_over: impl FnMut(Gist),
) -> Result<Counted, T> {
    let (mut scanner, mut batch) = (Scanner::new(), Batch::new());
    let mut counted = Counted::new(options);
    let mut chunk = Vec::new();
    loop {
        let more = read(&mut chunk)?;
        if more {
            scanner.push(&chunk, &mut batch);
        } else {
            scanner.finish(&mut batch);
        }
        if let Some(version) = scanner.version() {
            counted.take(version, scanner.layout(), &chunk, &batch);
            // If the second stage has died, whoever joins it tells why.
            let Some(mut gist) = empty() else { break };
            gist.clear();
            gist.add(version, &chunk, &batch);
            hand_over(gist);
        }
        if !more {
            break;
        }
    }
    Ok(counted)
}

/// One thread does both.
pub(crate) fn one_thread<F: Front>(front: &mut F, options: Options) -> Result<Fold, F::Trouble> {
    let mut network = Network::new(options.limits, options.seed);
    let spare = std::cell::RefCell::new(Gist::new());
    let counted = walk(
        &options,
        |chunk| front.next(chunk),
        || Some(spare.take()),
        |gist| {
            network.take(&gist);
            spare.replace(gist);
        },
    )?;
    Ok(Fold::of(options, counted, network))
}

/// Each of two threads does its part; `source` is what `front` is the windows of, `window` bytes
/// each.
pub(crate) fn two_threads<F: Front>(
    front: &mut F,
    source: impl Source + Sync,
    window: u64,
    options: Options,
) -> Result<Fold, F::Trouble> {
    let (hand_over, handed_over) = sync_channel::<Gist>(DEPTH);
    let (give_back, given_back) = sync_channel::<Gist>(DEPTH);
    for _ in 0..DEPTH {
        // The channel has room for all of them.
        let _ = give_back.send(Gist::new());
    }
    let reading = &Reading::of(source, window);
    thread::scope(|scope| {
        let mut network = Network::new(options.limits, options.seed);
        let second = scope.spawn(move || {
            while let Some(gist) = next(&handed_over, || reading.ahead(Reader::Second)) {
                network.take(&gist);
                // The first stage may have ended.
                let _ = give_back.send(gist);
            }
            network
        });
        let walked = walk(
            &options,
            |chunk| reading.next(front, chunk),
            || next(&given_back, || reading.ahead(Reader::First)),
            |gist| {
                let _ = hand_over.send(gist);
            },
        );
        drop(hand_over);
        match second.join() {
            Ok(network) => Ok(Fold::of(options, walked?, network)),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// What comes next; `None` if nothing will. Until then `meanwhile` may do something useful, and
/// says whether it did.
fn next<T>(from: &Receiver<T>, mut meanwhile: impl FnMut() -> bool) -> Option<T> {
    let mut start = None;
    loop {
        match from.try_recv() {
            Ok(next) => return Some(next),
            Err(TryRecvError::Disconnected) => return None,
            Err(TryRecvError::Empty) if meanwhile() => start = None,
            Err(TryRecvError::Empty) => {
                if start.get_or_insert_with(Instant::now).elapsed() > PATIENCE {
                    return from.recv().ok();
                }
                thread::yield_now();
            }
        }
    }
}
