//! `fulgurite log`: what a log says of stores, restarts, floods and migrations, and to which
//! records its offsets lead.
//!
//! Reading and scanning are threads of their own: windows go round between them, so that memory is
//! bounded and the order that of the file.

pub(crate) mod human;

use std::ops::ControlFlow;
use std::sync::mpsc::sync_channel;
use std::thread;

use fulgurite_core::detect::Kind;
use fulgurite_core::finding::Code as FindingCode;
use fulgurite_core::gossip::check::Options as CheckOptions;
use fulgurite_core::gossip::report::Sync;
use fulgurite_core::log::{Given, LogCheck, LogRead, Options, Program, Ties, lines};
use fulgurite_core::report::{Input as InputReport, Report};
use fulgurite_core::source::Source as _;

use crate::args::{Log, Work};
use crate::check::Printer;
use crate::exit::{Code, Trouble, complain};
use crate::input::Input;
use crate::output::Face;
use crate::progress::Progress;
use crate::stages;
use crate::windows::{Windows, walk};
use crate::words;

/// So many windows are under way at a time.
const DEPTH: usize = 4;

/// Reads one log after the other; the code is the highest.
pub(crate) fn run(arguments: &Log, face: Face, seed: u64) -> Result<Code, Trouble> {
    let max = arguments.reading.max_unpacked;
    let store = arguments.store.as_deref().map(|path| Input::open(path, max, face)).transpose()?;
    let store = store.map(|input| Store::check(input, face, seed)).transpose()?;
    let mut printer = Printer::new(arguments.reading.json, arguments.all, face);
    for path in &arguments.files {
        let looked = Input::open(path, max, face).and_then(|input| {
            if let Some(Err(why)) = input.unpacking(face) {
                return Err(Trouble::Failed(why));
            }
            let report = look(&input, store.as_ref(), arguments.peers, seed)?;
            // A log may have lost pages to other bytes: what is known of it counts, where any is.
            if report.findings.iter().any(|finding| finding.code == FindingCode::LogNothingKnown) {
                input.must_be_text(face)?;
            }
            Ok((input, report))
        });
        match looked {
            Ok((input, report)) => {
                let notes = input.unpacking(face).and_then(Result::ok).into_iter().collect();
                let mut heads = vec![(input.path(), notes)];
                heads.extend(store.as_ref().map(|store| (store.input.path(), Vec::new())));
                printer.report(&heads, &report)?;
            }
            Err(trouble) => printer.trouble(trouble)?,
        }
    }
    Ok(printer.highest())
}

/// The report on a log.
pub(crate) fn look(
    input: &Input,
    store: Option<&Store>,
    peers: Option<u64>,
    seed: u64,
) -> Result<Report, Trouble> {
    let read = read(input, seed)?;
    let mut given = Given { peers, ..Given::default() };
    if let Some(store) = store {
        given.ties = store.tie(&read)?;
        given.store = Some(InputReport { kind: store.input.kind(), size: store.size() });
        given.sync = store.sync;
    }
    let kind = match (input.kind(), read.log.program) {
        (kind, _) if kind.is_log() => kind,
        (_, Some(Program::Lightningd)) => Kind::LightningdLog,
        (_, Some(Program::Lnd)) => Kind::LndLog,
        (_, None) => Kind::Unknown,
    };
    let report = read.conclude(InputReport { kind, size: input.source().len() }, &given);
    // A log that is being written to only becomes longer: what was read stays true.
    Ok(report)
}

/// A window of a log, and where lines end in it: the thread that reads has time to look for them.
#[derive(Default)]
struct Chunk {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

/// Pushes a log through the engine.
fn read(input: &Input, seed: u64) -> Result<LogRead, Trouble> {
    let source = input.source();
    let progress = Progress::of(input.path(), source.len());
    let mut windows = Windows::new(input.path(), source, progress).large();
    let mut check = LogCheck::new(Options { seed, until: input.modified() });
    let (hand_over, handed_over) = sync_channel::<Chunk>(DEPTH);
    let (give_back, given_back) = sync_channel::<Chunk>(DEPTH);
    for _ in 0..DEPTH {
        // The channel has room for all of them.
        let _ = give_back.send(Chunk::default());
    }
    thread::scope(|scope| {
        let reading = scope.spawn(move || {
            while let Ok(mut chunk) = given_back.recv() {
                if !windows.next(&mut chunk.bytes)? {
                    break;
                }
                lines::ends(&chunk.bytes, &mut chunk.ends);
                if hand_over.send(chunk).is_err() {
                    break;
                }
            }
            Ok(())
        });
        for chunk in handed_over {
            check.push_with_ends(&chunk.bytes, &chunk.ends);
            // The other side may be at the end.
            let _ = give_back.send(chunk);
        }
        match reading.join() {
            Ok(done) => done.map(|()| check.finish()),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// The store that a log is about.
pub(crate) struct Store {
    input: Input,
    sync: Option<Sync>,
}

impl Store {
    fn check(input: Input, face: Face, seed: u64) -> Result<Store, Trouble> {
        input.must_be_store(face)?;
        let options = CheckOptions { seed, ..CheckOptions::default() };
        let report = stages::check(input.path(), input.source(), options, &Work::READING)?;
        if Code::of(&report) == Code::Unreadable {
            return Err(Trouble::with(input.path(), words::NO_RECORD.get(face.language)));
        }
        if !input.is_still() {
            complain(&words::not_still(face.language, input.path()));
        }
        Ok(Store { input, sync: report.gossip.map(|gossip| gossip.sync) })
    }

    fn size(&self) -> u64 {
        self.input.source().len()
    }

    /// The records that the log's offsets lead to.
    fn tie(&self, read: &LogRead) -> Result<Ties, Trouble> {
        let mut ties = Ties::new(&read.log);
        if !ties.is_empty() {
            let source = self.input.source();
            let progress = Progress::of(self.input.path(), source.len());
            walk(Windows::new(self.input.path(), source, progress), |_, _, piece| {
                let done = ties.take(&piece);
                Ok(if done { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
            })?;
        }
        Ok(ties)
    }
}
