//! A consistent copy of a store that is in use.
//!
//! Nothing is locked, so the parts of a copy are of different moments. What can go wrong by that:
//! lightningd appends a newer message and *then* marks the older one DELETED; a reader that sees
//! the mark and not the successor has lost both. And it may see of a channel's end that some of its
//! records are DELETED and others are not yet.
//!
//! So the [`Copier`] takes the finished records that are there, then what arrived meanwhile, and
//! again, until nothing has arrived for a moment: every mark that it has seen was set after a
//! successor that lies in the copy. The [`Mender`] then sets in the copy the marks that lightningd
//! was about to set: on what the late records replace or end. What comes out is a state that
//! lightningd itself would have come to.
//!
//! An `ended` record is not copied: the store before it is whole. An announcement at the end whose
//! amount has not come yet is left out.

mod later;

use alloc::vec::Vec;

use later::Later;
pub use later::{Mender, Patch};

use super::follow::Trouble;
use super::follow::live::{Live, Window};
use super::follow::record::{Format, Found, Record, judge};
use super::follow::seek::{Seek, Sought};
use super::format::{Flags, RecordType, Version};
use crate::source::SourceError;

/// Bytes handed out at a time.
const PARCEL: usize = 256 * 1024;

/// So many looks at a doubtful place, and at an end that does not rest.
const LOOKS: u32 = 20;

/// So many looks in a row must find that nothing came, where something may be half done: between the
/// end of a channel and the node_announcement that moves behind what is left lie a dozen writes.
const QUIET: u32 = 3;

/// So many passes at the end before it is given up.
const PASSES: u32 = 1_000;

/// Records so close before the end of the first pass may have successors whose marks are not set.
const RECENT: u64 = 128 * 1024;

/// Why there is no copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refused {
    /// The file is empty.
    Empty,
    /// A version that is not known.
    Version(u8),
    /// The store is damaged at this offset.
    Damaged {
        /// File offset of the record.
        offset: u64,
        /// What is the matter with it.
        trouble: Trouble,
    },
    /// It became shorter meanwhile.
    Shrank,
    /// It changes faster than it can be copied.
    Restless,
}

/// What to do next.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// Write these bytes behind those before.
    Write(Vec<u8>),
    /// Wait a little, so that what is under way comes to its end.
    Rest,
    /// The copy is complete; the [`Mender`] has the rest.
    Done,
    /// There will be no copy.
    Refused(Refused),
}

/// Copies a store. See the [module](self).
#[derive(Debug)]
pub struct Copier {
    format: Option<Format>,
    window: Window,
    /// Everything before this is in the copy, or held back.
    at: u64,
    /// How long the copy is.
    copied: u64,
    /// The end of the current pass.
    until: u64,
    passes: u32,
    looks: u32,
    /// Looks in a row at an end that had not moved.
    quiet: u32,
    /// Looks at a doubtful record.
    doubts: u32,
    /// A DELETED record was seen in the last pass, or one that may be part of something unfinished.
    uneasy: bool,
    /// An announcement that waits for its amount, and whether it is DELETED.
    held: Option<(Vec<u8>, bool)>,
    later_from: u64,
    later: Later,
    out: Vec<u8>,
    ended: bool,
}

impl Default for Copier {
    fn default() -> Self {
        Self::new()
    }
}

impl Copier {
    /// A copier that has read nothing.
    pub fn new() -> Copier {
        Copier {
            format: None,
            window: Window::default(),
            at: 0,
            copied: 0,
            until: 0,
            passes: 0,
            looks: 0,
            quiet: 0,
            doubts: 0,
            uneasy: false,
            held: None,
            later_from: 0,
            later: Later::default(),
            out: Vec::new(),
            ended: false,
        }
    }

    /// The version byte, once it was read.
    pub fn version(&self) -> Option<Version> {
        self.format.map(|format| format.version)
    }

    /// How much has been copied.
    pub fn copied(&self) -> u64 {
        self.copied
    }

    /// Whether the store was replaced by another while it was copied.
    pub fn was_replaced(&self) -> bool {
        self.ended
    }

    /// Reads on.
    ///
    /// # Errors
    /// What reading failed with.
    pub fn step(&mut self, live: &dyn Live) -> Result<Step, SourceError> {
        let Some(format) = self.format else { return self.begin(live) };
        loop {
            if self.out.len() >= PARCEL || self.ended && !self.out.is_empty() {
                return Ok(self.parcel());
            }
            if self.ended {
                return Ok(Step::Done);
            }
            if self.at < self.until {
                match self.record(live, format)? {
                    Went::On => continue,
                    Went::Rest => return Ok(self.or_parcel(Step::Rest)),
                    Went::Refused(why) => return Ok(Step::Refused(why)),
                    Went::End => {}
                }
            }
            if !self.out.is_empty() {
                return Ok(self.parcel());
            }
            if let Some(step) = self.next_pass(live)? {
                return Ok(step);
            }
        }
    }

    /// What the copy needs in the end.
    pub fn mender(self) -> Option<Mender> {
        let format = self.format?;
        Some(Mender::new(format, self.copied, self.later))
    }

    fn begin(&mut self, live: &dyn Live) -> Result<Step, SourceError> {
        self.until = live.len()?;
        let mut byte = [0];
        if self.until == 0 || live.read_at(0, &mut byte)? == 0 {
            return Ok(Step::Refused(Refused::Empty));
        }
        let [byte] = byte;
        let version = Version(byte);
        if !version.is_known() {
            return Ok(Step::Refused(Refused::Version(byte)));
        }
        self.format = Some(Format { version, layout: version.layout() });
        self.at = 1;
        self.later_from = self.until.saturating_sub(RECENT);
        self.out.push(byte);
        Ok(self.parcel())
    }

    fn parcel(&mut self) -> Step {
        self.copied += self.out.len() as u64;
        Step::Write(core::mem::take(&mut self.out))
    }

    /// What is ready goes first; the step is found again.
    fn or_parcel(&mut self, step: Step) -> Step {
        if self.out.is_empty() { step } else { self.parcel() }
    }

    /// A pass is over.
    fn next_pass(&mut self, live: &dyn Live) -> Result<Option<Step>, SourceError> {
        let len = live.len()?;
        if len < self.at {
            return Ok(Some(Step::Refused(Refused::Shrank)));
        }
        let grew = len > self.until;
        self.window.forget();
        if grew {
            self.passes += 1;
            if self.passes > PASSES || self.later.is_full() {
                return Ok(Some(Step::Refused(Refused::Restless)));
            }
            if self.looks >= LOOKS && !self.uneasy {
                return self.finish(live);
            }
            self.until = len;
            (self.uneasy, self.quiet) = (false, 0);
            return Ok(None);
        }
        let half_done = self.uneasy && self.quiet < QUIET && self.looks < LOOKS;
        if self.looks == 0 || half_done {
            // One look at an end that rests is enough where nothing in it may be half done.
            self.looks += 1;
            self.quiet += 1;
            return Ok(Some(Step::Rest));
        }
        self.finish(live)
    }

    /// Whatever is left behind the copy must be one record that is not finished.
    fn finish(&mut self, live: &dyn Live) -> Result<Option<Step>, SourceError> {
        let Some(format) = self.format else { return Ok(Some(Step::Done)) };
        let len = live.len()?;
        if let Found::Bad(bad) = judge(&mut self.window, live, format, self.at, len)? {
            let mut unlimited = u64::MAX;
            let found = Seek::new(self.at).go(live, format, len, &mut unlimited)?;
            // The record itself may be what was found: whole, but for its mark.
            let behind = matches!(found, Sought::At(next) if next < len);
            if behind || !bad.trouble.may_be_unfinished(format.version) {
                let refused = Refused::Damaged { offset: self.at, trouble: bad.trouble };
                return Ok(Some(Step::Refused(refused)));
            }
        }
        Ok(Some(Step::Done))
    }

    fn record(&mut self, live: &dyn Live, format: Format) -> Result<Went, SourceError> {
        let at = self.at;
        let mut window = core::mem::take(&mut self.window);
        let mut found = judge(&mut window, live, format, at, self.until)?;
        if matches!(found, Found::Bad(_)) {
            window.forget();
            found = judge(&mut window, live, format, at, self.until)?;
        }
        let went = match found {
            Found::Bad(bad) if bad.passed => {
                self.doubts += 1;
                if self.doubts > LOOKS {
                    Went::Refused(Refused::Damaged { offset: at, trouble: bad.trouble })
                } else {
                    Went::Rest
                }
            }
            Found::End | Found::Bad(_) => Went::End,
            Found::Record(record) => {
                self.doubts = 0;
                self.take(format, &record);
                Went::On
            }
        };
        if !matches!(went, Went::On) {
            window.forget();
        }
        self.window = window;
        Ok(went)
    }

    fn take(&mut self, format: Format, record: &Record<'_>) {
        let at = self.at;
        self.at = record.end;
        let deleted = record.header.flags.is_deleted();
        if record.kind == RecordType::ENDED && !deleted {
            self.ended = true;
            self.held = None;
            return;
        }
        let mut flags = record.header.flags;
        let announced = self.held.take();
        if let Some((bytes, dead)) = announced {
            self.out.extend_from_slice(&bytes);
            if record.kind == RecordType::CHANNEL_AMOUNT {
                // Both, or neither.
                let mark = Flags::DELETED.0;
                flags = Flags(if dead { flags.0 | mark } else { flags.0 & !mark });
            }
        }
        let place = self.copied + self.out.len() as u64;
        if at >= self.later_from {
            self.later.note(record, place);
        }
        self.uneasy |= deleted
            || matches!(record.kind, RecordType::DELETE_CHAN | RecordType::NODE_ANNOUNCEMENT);
        let mut bytes = Vec::with_capacity(format.layout.header_len() + record.body.len());
        record.header.write(format.layout, flags, &mut bytes);
        bytes.extend_from_slice(record.body);
        if record.kind == RecordType::CHANNEL_ANNOUNCEMENT && format.version.0 >= 4 {
            self.held = Some((bytes, flags.is_deleted()));
        } else {
            self.out.append(&mut bytes);
        }
    }
}

enum Went {
    On,
    End,
    Rest,
    Refused(Refused),
}
