//! One file: its bytes pushed once, its report, and what is needed to read parts of it again.

use std::cell::OnceCell;

use fulgurite_core::detect::{self, HEAD, Kind};
use fulgurite_core::finding::{Findings, Values};
use fulgurite_core::gossip::atlas::Atlas;
use fulgurite_core::gossip::check::{Fold, Options};
use fulgurite_core::gossip::checkpoints::Checkpoints;
use fulgurite_core::gossip::compare::Comparison;
use fulgurite_core::gossip::format::MAX_RECORD;
use fulgurite_core::gossip::format::Version;
use fulgurite_core::gossip::listing::{Piece, Privacy, pieces};
use fulgurite_core::gossip::network::Network;
use fulgurite_core::gossip::scan::{Batch, Scanner, Wound};
use fulgurite_core::gossip::signatures::Ledger;
use fulgurite_core::gossip::verdict::Verdicts;
use fulgurite_core::log::{Given, LogCheck, LogRead, Options as LogOptions};
use fulgurite_core::report::{Headline, Input, Report};
use fulgurite_core::source::{SourceError, read_span};

use crate::blocks::{Answer, Blocks};
use crate::signatures::Verifying;

/// So much is scanned at a time: what was just copied is then still in the processor's cache.
const WINDOW: usize = 256 * 1024;

/// Second looks may miss so many blocks at a time: 32 MiB.
const PATIENCE: usize = 2_048;

/// So much of the file is asked for at a time when it is read again.
const JUDGED: u64 = 16 << 20;

/// A file that is read, or has been.
#[derive(Debug)]
pub struct Session {
    pub(crate) size: u64,
    pub(crate) blocks: Blocks,
    pub(crate) scanner: Scanner,
    pub(crate) checkpoints: Checkpoints,
    pub(crate) long_wounds: Vec<LongWound>,
    pub(crate) privacy: Privacy,
    pub(crate) channels: OnceCell<Vec<u32>>,
    pub(crate) nodes: OnceCell<Vec<u32>>,
    pub(crate) report: Option<Report>,
    pub(crate) fold: Fold,
    /// So many findings of each code are kept.
    findings: u32,
    batch: Batch,
    atlas: Atlas,
    /// The first bytes, until it is clear what they begin.
    head: Vec<u8>,
    kind: Option<Kind>,
    fed: u64,
    changed: bool,
    /// The loaders of releases, which are fed along: reading takes longer than they do.
    loaders: Option<Verdicts>,
    /// The report, while the file is read again for the verdicts on releases.
    verdicts: Option<(Report, Verdicts)>,
    /// The log, if it is one.
    log: Option<LogCheck>,
    /// What the log said.
    pub(crate) read: Option<LogRead>,
    /// When the file was last written, in seconds since 1970.
    modified: Option<u64>,
    seed: u64,
}

/// A wound longer than any record: rows are read up to it and on from its end, never through it.
#[derive(Debug)]
pub(crate) struct LongWound {
    pub(crate) row: u64,
    pub(crate) wound: Wound,
}

impl LongWound {
    /// Beyond so many, wounds are read through like any other.
    const MOST: usize = 16_384;
}

impl Session {
    /// A file of that many bytes, of which none has been seen.
    pub fn new(size: u64, options: Options) -> Session {
        Session {
            size,
            blocks: Blocks::new(size),
            scanner: Scanner::new(),
            checkpoints: Checkpoints::new(),
            long_wounds: Vec::new(),
            privacy: Privacy::new(options.reveal),
            seed: options.seed,
            channels: OnceCell::new(),
            nodes: OnceCell::new(),
            report: None,
            findings: options.limits.findings,
            fold: Fold::new(options),
            batch: Batch::new(),
            atlas: Atlas::new(),
            head: Vec::new(),
            kind: None,
            fed: 0,
            changed: false,
            loaders: None,
            verdicts: None,
            log: None,
            read: None,
            modified: None,
        }
    }

    /// Says when the file was last written, in seconds since 1970, before any of it is pushed: the
    /// clocks of some logs have no year.
    pub fn set_modified(&mut self, at: u64) {
        self.modified = Some(at);
    }

    /// Takes the next bytes of the file. Whether more are wanted: a file that is neither a
    /// gossip_store nor a log is known by its first.
    pub fn push(&mut self, chunk: &[u8]) -> bool {
        self.fed += chunk.len() as u64;
        if self.kind.is_some() || self.head.is_empty() && chunk.len() >= HEAD {
            self.take(chunk);
        } else {
            self.head.extend_from_slice(chunk);
            if self.head.len() >= HEAD {
                let head = std::mem::take(&mut self.head);
                self.take(&head);
            }
        }
        self.kind.is_none_or(|kind| kind == Kind::GossipStore || kind.is_log())
    }

    /// Says that there are no more bytes. If they were fewer than they were said to be, the file
    /// ends where they end.
    pub fn finish(&mut self) {
        let head = std::mem::take(&mut self.head);
        self.take(&head);
        if self.kind == Some(Kind::GossipStore) {
            self.scanner.finish(&mut self.batch);
            self.fold(&[]);
            if self.fed < self.size {
                self.loaders = None;
                self.size = self.fed;
                self.blocks.cut(self.fed);
                self.changed = true;
            }
        }
    }

    fn take(&mut self, chunk: &[u8]) {
        let head = chunk.get(..HEAD).unwrap_or(chunk);
        let kind = *self.kind.get_or_insert_with(|| detect::detect(head));
        if kind.is_log() {
            let options = LogOptions { seed: self.seed, until: self.modified };
            self.log.get_or_insert_with(|| LogCheck::new(options)).push(chunk);
        }
        if kind != Kind::GossipStore {
            return;
        }
        if self.loaders.is_none()
            && self.fed == chunk.len() as u64
            && let Some(&version) = chunk.first()
        {
            self.loaders = self.fold.verdicts_beforehand(Version(version), self.size);
        }
        for window in chunk.chunks(WINDOW) {
            self.scanner.push(window, &mut self.batch);
            self.fold(window);
            if let Some(loaders) = &mut self.loaders {
                loaders.push(window);
            }
        }
    }

    fn fold(&mut self, chunk: &[u8]) {
        let Some(version) = self.scanner.version() else { return };
        self.fold.take(&self.scanner, chunk, &self.batch);
        self.atlas.fold(&self.batch);
        for (row, piece) in (self.checkpoints.rows()..).zip(pieces(chunk, &self.batch)) {
            self.privacy.learn(version, &piece);
            if let Piece::Wound(wound) = piece
                && wound.len() > MAX_RECORD as u64
                && self.long_wounds.len() < LongWound::MOST
            {
                self.long_wounds.push(LongWound { row, wound: wound.clone() });
            }
        }
        self.checkpoints.fold(chunk, &self.batch);
    }

    /// Draws up the report, which needs second looks at the wounds, and, where something is
    /// wrong, the whole file once more for the verdicts on releases.
    pub fn conclude(&mut self) -> Answer<()> {
        if self.verdicts.is_some() {
            return self.judge();
        }
        let kind = self.kind.unwrap_or(Kind::GossipStore);
        if let Some(report) = self.conclude_log() {
            self.report = Some(report);
            return Answer::Value(());
        }
        let Session { size, fold, blocks, .. } = self;
        let size = *size;
        let report = match detect::report(kind, size) {
            Some(report) => report,
            None => match blocks.ask(PATIENCE, |blocks| fold.conclude(blocks)) {
                Ok(Answer::Value(report)) => report,
                Ok(Answer::Need(needs)) => return Answer::Need(needs),
                // Reads beyond the end: it is not the file that was pushed.
                Err(_) => {
                    self.unreadable();
                    return Answer::Value(());
                }
            },
        };
        let loaders = self.loaders.take();
        let loaders = loaders.filter(|_| !self.fold.pending(&report).is_empty());
        let again = || self.fold.verdicts_by_pushing(&report, size);
        if let Some(verdicts) = loaders.or_else(again) {
            self.verdicts = Some((report, verdicts));
            return self.judge();
        }
        self.report = Some(if self.changed { report.not_still() } else { report });
        Answer::Value(())
    }

    /// The report on the log, if it is one, as far as it was pushed.
    fn conclude_log(&mut self) -> Option<Report> {
        let (kind, read) = (self.kind?, self.log.take()?.finish());
        self.read = Some(read.clone());
        Some(read.conclude(Input { kind, size: self.size }, &Given::default()))
    }

    /// Feeds the loaders as far as there are bytes.
    fn judge(&mut self) -> Answer<()> {
        let Some((mut report, mut verdicts)) = self.verdicts.take() else {
            return Answer::Value(());
        };
        while let Some(at) = verdicts.at() {
            let len = JUDGED.min(self.size - at);
            let len = usize::try_from(len).unwrap_or(WINDOW);
            match self.blocks.ask(PATIENCE, |blocks| read_span(blocks, at, len)) {
                Ok(Answer::Value(bytes)) => verdicts.push(&bytes),
                Ok(Answer::Need(needs)) => {
                    self.verdicts = Some((report, verdicts));
                    return Answer::Need(needs);
                }
                Err(_) => {
                    self.unreadable();
                    return Answer::Value(());
                }
            }
        }
        report.releases = verdicts.finish();
        self.report = Some(if self.changed { report.not_still() } else { report });
        Answer::Value(())
    }

    /// Begins to verify the signatures of the live records; the bytes are to be pushed once more.
    pub fn verifying(&self) -> Verifying {
        Verifying::new(self.findings)
    }

    /// Takes what verifying came to; [`Session::redraw`] tells it.
    pub fn set_signatures(&mut self, ledger: Ledger) {
        self.fold.set_signatures(ledger);
    }

    /// Draws up the report anew. The verdicts on releases stay what they were: no release looks at
    /// signatures.
    pub fn redraw(&mut self) -> Answer<()> {
        let Session { report, fold, blocks, .. } = self;
        let Some(before) = report.as_mut() else { return Answer::Value(()) };
        if before.input.kind != Kind::GossipStore {
            return Answer::Value(());
        }
        match blocks.ask(PATIENCE, |blocks| fold.conclude(blocks)) {
            Ok(Answer::Value(mut after)) => {
                if after.releases.is_empty() {
                    after.releases = std::mem::take(&mut before.releases);
                }
                self.report = Some(if self.changed { after.not_still() } else { after });
            }
            Ok(Answer::Need(needs)) => return Answer::Need(needs),
            // It is not the file any more that the report was drawn up of.
            Err(_) => self.not_still(),
        }
        Answer::Value(())
    }

    /// The file changed while it was read: what the report says is of no moment that ever was.
    pub fn not_still(&mut self) {
        // A log that is being written to only becomes longer: what was read stays true.
        if self.kind.is_some_and(Kind::is_log) {
            return;
        }
        if !std::mem::replace(&mut self.changed, true) {
            self.report = self.report.take().map(Report::not_still);
        }
    }

    /// Its bytes cannot be had any more, so that nothing is known of it but that it changed.
    pub fn unreadable(&mut self) {
        if let Some((report, _)) = self.verdicts.take() {
            // Only the verdicts on releases were still missing.
            self.changed = true;
            self.report = Some(report.not_still());
            return;
        }
        if let Some(report) = self.conclude_log() {
            // What was read of it stays true; a browser reads no further in a log that is written to.
            self.changed = true;
            self.report = Some(report.not_still());
            return;
        }
        let size = self.size;
        *self = Session::new(size, Options::default());
        self.changed = true;
        let input = Input { kind: Kind::GossipStore, size };
        let (headline, none) = (Headline::NotStill, Findings::default());
        self.report = Some(Report::new(input, headline, Values::new(), none, None).not_still());
    }

    /// Takes bytes that were asked for.
    pub fn provide(&self, at: u64, bytes: &[u8]) {
        self.blocks.provide(at, bytes);
    }

    /// What the file is, once that is known.
    pub fn kind(&self) -> Option<Kind> {
        self.report.as_ref().map(|report| report.input.kind).or(self.kind)
    }

    /// The report, once it is drawn up.
    pub fn report(&self) -> Option<&Report> {
        self.report.as_ref()
    }

    /// The offset axis in cells.
    pub fn atlas(&self) -> &Atlas {
        &self.atlas
    }

    /// What the records add up to.
    pub fn network(&self) -> &Network {
        self.fold.network()
    }

    /// What only one of two stores has.
    pub fn compare(&self, other: &Session) -> Comparison {
        Comparison::of(self.fold.network(), other.fold.network())
    }

    /// Tries a piece of work that reads the file.
    pub(crate) fn ask<T>(
        &self,
        patience: usize,
        work: impl FnOnce(&Blocks) -> Result<T, SourceError>,
    ) -> Result<Answer<T>, SourceError> {
        self.blocks.ask(patience, work)
    }
}
