//! The signatures of all live records, verified by several threads.
//!
//! The store is read a second time: what the first pass made of it names the keys of its updates,
//! also of those that stand before their announcement. One thread walks and hands window after
//! window to whoever is free; each of the others has a ledger of its own, and the sum of them does
//! not depend on who took which window.

use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

use fulgurite_core::gossip::network::Network;
use fulgurite_core::gossip::scan::{Batch, Scanner};
use fulgurite_core::gossip::signatures::Ledger;
use fulgurite_core::source::Source as _;

use crate::exit::Trouble;
use crate::libsecp::Libsecp;
use crate::progress::Progress;
use crate::source::FileSource;
use crate::windows::Windows;

/// A window and the records in it.
#[derive(Default)]
struct Parcel {
    chunk: Vec<u8>,
    batch: Batch,
}

/// Verifies the live records of a store whose network is known, in so many threads. What was read
/// is given back: it ends earlier than it was said to if the file has become shorter. Of invalid
/// records the first `limit` are kept.
pub(crate) fn verify<'s>(
    path: &'s Path,
    source: FileSource<'s>,
    network: &Network,
    limit: u32,
    threads: usize,
) -> Result<(Ledger, FileSource<'s>), Trouble> {
    let mut windows = Windows::new(path, source, Progress::of(path, source.len())).small();
    if threads <= 1 {
        return alone(&mut windows, network, limit);
    }
    let depth = 2 * threads;
    let (hand_over, handed_over) = sync_channel::<Parcel>(depth);
    let (give_back, given_back) = sync_channel::<Parcel>(depth);
    for _ in 0..depth {
        // The channel has room for all of them.
        let _ = give_back.send(Parcel::default());
    }
    let handed_over = Mutex::new(handed_over);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                let (handed_over, give_back) = (&handed_over, give_back.clone());
                scope.spawn(move || work(handed_over, &give_back, network, limit))
            })
            .collect();
        // If all workers have died, nothing comes back, and joining tells why.
        drop(give_back);
        let read = walk(&mut windows, &given_back, &hand_over);
        drop(hand_over);
        let mut sum = Ledger::new(limit);
        for worker in workers {
            match worker.join() {
                Ok(ledger) => sum.merge(ledger),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        read.map(|()| (sum, windows.source()))
    })
}

/// Reads and walks, and hands over one parcel after the other.
fn walk(
    windows: &mut Windows<'_>,
    given_back: &Receiver<Parcel>,
    hand_over: &SyncSender<Parcel>,
) -> Result<(), Trouble> {
    let mut scanner = Scanner::new();
    while let Ok(mut parcel) = given_back.recv() {
        let more = next(windows, &mut scanner, &mut parcel)?;
        // The workers may have died.
        let _ = hand_over.send(parcel);
        if !more {
            break;
        }
    }
    Ok(())
}

/// Verifies one parcel after the other, until there are no more.
fn work(
    handed_over: &Mutex<Receiver<Parcel>>,
    give_back: &SyncSender<Parcel>,
    network: &Network,
    limit: u32,
) -> Ledger {
    let (mut ledger, verifier) = (Ledger::new(limit), Libsecp::new());
    loop {
        // Whoever waits for a parcel holds the lock; the others wait for the lock.
        let parcel = handed_over.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(parcel) = parcel else { return ledger };
        ledger.take(network, &parcel.chunk, &parcel.batch, &verifier);
        // The reader may be done.
        let _ = give_back.send(parcel);
    }
}

/// All of it in one thread.
fn alone<'s>(
    windows: &mut Windows<'s>,
    network: &Network,
    limit: u32,
) -> Result<(Ledger, FileSource<'s>), Trouble> {
    let (mut ledger, verifier) = (Ledger::new(limit), Libsecp::new());
    let (mut scanner, mut parcel) = (Scanner::new(), Parcel::default());
    loop {
        let more = next(windows, &mut scanner, &mut parcel)?;
        ledger.take(network, &parcel.chunk, &parcel.batch, &verifier);
        if !more {
            return Ok((ledger, windows.source()));
        }
    }
}

/// Fills a parcel with the next window and its records; false at the end, when only a last record
/// may be in it.
fn next(
    windows: &mut Windows<'_>,
    scanner: &mut Scanner,
    parcel: &mut Parcel,
) -> Result<bool, Trouble> {
    let more = windows.next(&mut parcel.chunk)?;
    if more {
        scanner.push(&parcel.chunk, &mut parcel.batch);
    } else {
        scanner.finish(&mut parcel.batch);
    }
    Ok(more)
}
