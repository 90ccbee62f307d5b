//! The check in two stages on two threads: walk, checksums and counts in one, the network in the
//! other.
//!
//! Windows and batches go round between the two through bounded channels, so that memory is
//! bounded and nothing is allocated anew. The order is that of one thread, and so is the report.

use std::path::Path;
use std::sync::mpsc::sync_channel;
use std::thread;

use fulgurite_core::detect::Kind;
use fulgurite_core::finding::{Findings, Values};
use fulgurite_core::gossip::check::{Counted, Fold, Options};
use fulgurite_core::gossip::format::Version;
use fulgurite_core::gossip::network::Network;
use fulgurite_core::gossip::scan::{Batch, Scanner};
use fulgurite_core::job::{self, Job as _, Step};
use fulgurite_core::report::{Headline, Input, Report};
use fulgurite_core::source::{Source as _, SourceError, SourceErrorKind};

use crate::args::Work;
use crate::cancel;
use crate::exit::Trouble;
use crate::progress::Progress;
use crate::signatures;
use crate::source::FileSource;
use crate::windows::Windows;

/// So many windows are under way at a time.
const DEPTH: usize = 8;

/// So many come back together. The first stage mostly waits for the second, and to be woken for
/// each window costs both of them more than the walk through it.
const TOGETHER: usize = 4;

/// A window and what the scanner made of it.
#[derive(Default)]
struct Parcel {
    chunk: Vec<u8>,
    batch: Batch,
    version: Option<Version>,
}

/// Checks a file that may be a store. If it turns out shorter than it was, the report says that
/// it is not a still copy.
pub(crate) fn check(
    path: &Path,
    source: FileSource<'_>,
    options: Options,
    work: &Work,
) -> Result<Report, Trouble> {
    let windows = Windows::new(path, source, Progress::of(path, source.len()));
    let limit = options.limits.findings;
    let (mut fold, mut read) = if work.walk_in_two {
        two_threads(windows, options)?
    } else {
        one_thread(windows, options)?
    };
    if let Some(threads) = work.verifiers {
        let ledger;
        (ledger, read) = signatures::verify(path, read, fold.network(), limit, threads)?;
        fold.set_signatures(ledger);
    }
    let shrank = read.len() < source.len();
    match fold.conclude(&read).and_then(|report| releases(path, &fold, report, &read)) {
        Ok(report) if shrank => Ok(report.not_still()),
        Ok(report) => Ok(report),
        // It became shorter between the first look and the second.
        Err(error) if matches!(error.kind, SourceErrorKind::PastEnd { .. }) => {
            let input = Input { kind: Kind::GossipStore, size: source.len() };
            let (headline, none) = (Headline::NotStill, Findings::default());
            Ok(Report::new(input, headline, Values::new(), none, None).not_still())
        }
        Err(error) => Err(Trouble::source(path, &error)),
    }
}

/// Verdicts that do not follow from the report: the file is read again for them.
fn releases(
    path: &Path,
    fold: &Fold,
    mut report: Report,
    source: &FileSource<'_>,
) -> Result<Report, SourceError> {
    let Some(mut job) = fold.verdicts(&report, source) else { return Ok(report) };
    let mut progress = Progress::of(path, source.len());
    loop {
        match job.step(job::Work::default())? {
            Step::More(so_far) => progress.at(so_far.done.min(source.len())),
            Step::Done(releases) => {
                report.releases = releases;
                return Ok(report);
            }
        }
        if cancel::check().is_err() {
            // Whoever asks next is told.
            return Ok(report);
        }
    }
}

/// The first stage: reads, walks and counts, and hands over one parcel after the other.
fn walk<'a>(
    mut windows: Windows<'a>,
    options: &Options,
    mut empty: impl FnMut() -> Option<Parcel>,
    mut hand_over: impl FnMut(Parcel),
) -> Result<(Counted, FileSource<'a>), Trouble> {
    let mut scanner = Scanner::new();
    let mut counted = Counted::new(options);
    while let Some(mut parcel) = empty() {
        let more = windows.next(&mut parcel.chunk)?;
        if more {
            scanner.push(&parcel.chunk, &mut parcel.batch);
        } else {
            scanner.finish(&mut parcel.batch);
        }
        parcel.version = scanner.version();
        if let Some(version) = parcel.version {
            counted.take(version, scanner.layout(), &parcel.chunk, &parcel.batch);
        }
        hand_over(parcel);
        if !more {
            break;
        }
    }
    Ok((counted, windows.source()))
}

/// The second stage.
fn take(network: &mut Network, parcel: &Parcel) {
    if let Some(version) = parcel.version {
        network.fold(version, &parcel.chunk, &parcel.batch);
    }
}

fn one_thread(windows: Windows<'_>, options: Options) -> Result<(Fold, FileSource<'_>), Trouble> {
    let mut network = Network::new(options.limits, options.seed);
    let spare = std::cell::RefCell::new(Parcel::default());
    let (counted, read) = walk(
        windows,
        &options,
        || Some(spare.take()),
        |parcel| {
            take(&mut network, &parcel);
            spare.replace(parcel);
        },
    )?;
    Ok((Fold::of(options, counted, network), read))
}

fn two_threads(windows: Windows<'_>, options: Options) -> Result<(Fold, FileSource<'_>), Trouble> {
    let (hand_over, handed_over) = sync_channel::<Parcel>(DEPTH);
    let (give_back, given_back) = sync_channel::<Parcel>(DEPTH);
    for _ in 0..DEPTH {
        // The channel has room for all of them.
        let _ = give_back.send(Parcel::default());
    }
    thread::scope(|scope| {
        let mut network = Network::new(options.limits, options.seed);
        let second = scope.spawn(move || {
            let mut done = Vec::with_capacity(TOGETHER);
            for parcel in handed_over {
                take(&mut network, &parcel);
                done.push(parcel);
                if done.len() == TOGETHER {
                    for parcel in done.drain(..) {
                        // The first stage may have ended.
                        let _ = give_back.send(parcel);
                    }
                }
            }
            network
        });
        // If the second stage has died, `empty` fails, and joining tells why.
        let walked = walk(
            windows,
            &options,
            || given_back.recv().ok(),
            |parcel| {
                let _ = hand_over.send(parcel);
            },
        );
        drop(hand_over);
        match second.join() {
            Ok(network) => {
                let (counted, read) = walked?;
                Ok((Fold::of(options, counted, network), read))
            }
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}
