//! The check in two stages on two threads: walk, checksums and counts in one, the network in the
//! other.
//!
//! What goes round between the two, through bounded channels, is the gist of each window: memory is
//! bounded, and nothing is allocated anew. Whichever of the two would wait for the other reads ahead
//! instead (`stages/reading.rs`), so that both are done at the same time whatever the file consists
//! of. The order is that of one thread, and so is the report.

mod reading;

use std::path::Path;
use std::sync::mpsc::{Receiver, TryRecvError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use fulgurite_core::detect::Kind;
use fulgurite_core::finding::{Findings, Values};
use fulgurite_core::gossip::check::{Counted, Fold, Options};
use fulgurite_core::gossip::network::{Gist, Network};
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
use reading::{Reader, Reading};

/// The gists of so many windows are under way at a time.
const DEPTH: usize = 8;

/// How long a stage looks out for the other before it sleeps. A window takes a quarter of that, and
/// to be woken for each costs both of them more than the network costs the second.
const PATIENCE: Duration = Duration::from_micros(200);

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

/// The first stage: reads, walks and counts, and hands over one gist after the other.
fn walk(
    options: &Options,
    mut read: impl FnMut(&mut Vec<u8>) -> Result<bool, Trouble>,
    mut empty: impl FnMut() -> Option<Gist>,
    mut hand_over: impl FnMut(Gist),
) -> Result<Counted, Trouble> {
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

fn one_thread(
    mut windows: Windows<'_>,
    options: Options,
) -> Result<(Fold, FileSource<'_>), Trouble> {
    let mut network = Network::new(options.limits, options.seed);
    let spare = std::cell::RefCell::new(Gist::new());
    let counted = walk(
        &options,
        |chunk| windows.next(chunk),
        || Some(spare.take()),
        |gist| {
            network.take(&gist);
            spare.replace(gist);
        },
    )?;
    Ok((Fold::of(options, counted, network), windows.source()))
}

fn two_threads(
    mut windows: Windows<'_>,
    options: Options,
) -> Result<(Fold, FileSource<'_>), Trouble> {
    let (hand_over, handed_over) = sync_channel::<Gist>(DEPTH);
    let (give_back, given_back) = sync_channel::<Gist>(DEPTH);
    for _ in 0..DEPTH {
        // The channel has room for all of them.
        let _ = give_back.send(Gist::new());
    }
    let reading = Reading::of(windows.source());
    let reading = &reading;
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
            |chunk| reading.next(&mut windows, chunk),
            || next(&given_back, || reading.ahead(Reader::First)),
            |gist| {
                let _ = hand_over.send(gist);
            },
        );
        drop(hand_over);
        match second.join() {
            Ok(network) => Ok((Fold::of(options, walked?, network), windows.source())),
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
