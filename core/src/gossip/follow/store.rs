//! One file that is followed: its end, where records are appended, and the rounds over the rest,
//! where they are rewritten in place.

mod rounds;
mod tail;
mod told;

use alloc::vec::Vec;

use told::unfinished;

use super::Options;
use super::event::{Event, What};
use super::live::{Live, Window};
use super::record::{Format, Record, Trouble};
use super::seek::Seek;
use crate::finding::Values;
use crate::gossip::format::{RecordHeader, RecordType, Version, be16};
use crate::gossip::scan::MAX_CARRY;
use crate::source::SourceError;

/// So many wounds are remembered one by one, and so many suspects at a time.
pub const REMEMBERED: usize = 64;

/// Records by what counts for compaction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Finished records.
    pub records: u64,
    /// Those that lightningd's gossmap counts as live: 256, 257 and 258 that are not DELETED.
    pub live: u64,
    /// Those that it counts as dead: DELETED ones.
    pub dead: u64,
    /// Bytes of DELETED records, headers included.
    pub dead_bytes: u64,
}

impl Counts {
    fn record(&mut self, record: &Record<'_>, len: u64) {
        self.records += 1;
        let deleted = record.header.flags.is_deleted();
        self.dead += u64::from(deleted);
        self.dead_bytes += if deleted { len } else { 0 };
        self.live += u64::from((256..=258).contains(&record.kind.0) && !deleted);
    }

    fn plus(self, other: Counts) -> Counts {
        Counts {
            records: self.records + other.records,
            live: self.live + other.live,
            dead: self.dead + other.dead,
            dead_bytes: self.dead_bytes + other.dead_bytes,
        }
    }
}

/// An `ended` record at the end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ended {
    pub(super) offset: u64,
    /// The length of the new store when it took over.
    pub(super) equivalent: u64,
    /// It was there at the poll before this one.
    pub(super) before: bool,
    pub(super) told: bool,
}

/// Something that may yet turn out well.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    offset: u64,
    trouble: Trouble,
    polls: u32,
    told: bool,
    seek: Option<Seek>,
    /// As [`Known::on_the_way`].
    on_the_way: bool,
}

impl Waiting {
    fn new(offset: u64, trouble: Trouble) -> Waiting {
        Waiting { offset, trouble, polls: 0, told: false, seek: None, on_the_way: true }
    }
}

/// A wound that was told.
#[derive(Clone, Copy, Debug)]
struct Known {
    start: u64,
    end: u64,
    /// How far was seen when its end was sought.
    seen: u64,
    /// The round that goes on came upon it, or had begun before it was told.
    on_the_way: bool,
}

/// The last record that was read, by which a file is recognised.
#[derive(Clone, Copy, Debug)]
struct Anchor {
    at: u64,
    len: u32,
    record_type: RecordType,
}

/// A pass over what was read before.
#[derive(Clone, Copy, Debug)]
struct Round {
    at: u64,
    until: u64,
    counts: Counts,
    /// Wounds that are not remembered.
    more_wounds: u64,
    /// The announcement before, if its amount is to come next.
    wants_amount: Option<u64>,
    seek: Option<Seek>,
    /// What it came upon last is a broken record that has nothing behind it.
    broken_end: bool,
}

impl Round {
    /// From the first record on.
    fn new(until: u64) -> Round {
        let counts = Counts::default();
        Round {
            at: 1,
            until,
            counts,
            more_wounds: 0,
            wants_amount: None,
            seek: None,
            broken_end: false,
        }
    }
}

/// See the [module](self).
#[derive(Debug)]
pub(super) struct Store {
    pub(super) format: Option<Format>,
    /// What the tail has read.
    pub(super) at: u64,
    /// The length at the last look.
    pub(super) len: u64,
    /// The end has been reached once.
    pub(super) caught_up: bool,
    pub(super) ended: Option<Ended>,
    /// Rounds that were finished.
    pub(super) rounds: u64,
    /// Records that end at or before this were there before they were appended here.
    copied: Option<u64>,
    wants_amount: Option<u64>,
    waiting: Option<Waiting>,
    anchor: Option<Anchor>,
    round: Option<Round>,
    suspects: Vec<Waiting>,
    known: Vec<Known>,
    /// Wounds beyond those that are remembered.
    more_wounds: u64,
    base: Counts,
    /// Appended after `base` was counted, and after the round began.
    since_base: Counts,
    since_round: Counts,
    window: Window,
}

/// What a poll came to.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Went {
    /// There is more to read at once.
    pub(super) more: bool,
    pub(super) appended_records: u64,
    pub(super) appended_bytes: u64,
}

/// What everything in a poll needs.
struct Poll<'a> {
    live: &'a dyn Live,
    format: Format,
    len: u64,
    patience: u32,
    /// The file is the one that is in use.
    current: bool,
}

impl Poll<'_> {
    /// How far to see when the end of a wound is sought before `until`: the end of what was read is
    /// not that of the file, and a broken record that claims to end there has kept no word by that.
    fn seen_from(&self, until: u64) -> u64 {
        self.len.min(until.saturating_add(MAX_CARRY as u64))
    }
}

impl Store {
    /// A file of which nothing is known. `copied`: up to where it repeats another one.
    pub(super) fn new(copied: Option<u64>) -> Store {
        Store {
            format: None,
            at: 0,
            len: 0,
            caught_up: false,
            ended: None,
            rounds: 0,
            copied,
            wants_amount: None,
            waiting: None,
            anchor: None,
            round: None,
            suspects: Vec::new(),
            known: Vec::new(),
            more_wounds: 0,
            base: Counts::default(),
            since_base: Counts::default(),
            since_round: Counts::default(),
            window: Window::default(),
        }
    }

    pub(super) fn counts(&self) -> Counts {
        self.base.plus(self.since_base)
    }

    /// Wounds that are there now, as far as is known.
    pub(super) fn wounds(&self) -> u64 {
        self.known.len() as u64 + self.more_wounds
    }

    /// Whether the last record was told to be unfinished, and still is.
    pub(super) fn unfinished(&self) -> bool {
        self.waiting.is_some_and(|waiting| waiting.told)
    }

    /// Nothing is in doubt any more.
    pub(super) fn settled(&self) -> bool {
        let decided = self.waiting.is_none_or(|waiting| waiting.told);
        let stuck = self.waiting.is_some_and(|waiting| waiting.told);
        let foreign = self.format.is_some_and(|format| !format.version.is_known());
        let has_all = stuck || foreign || self.at >= self.len;
        // Whether its end is in use still, the next look at the directory tells.
        let ended = self.ended.is_none_or(|ended| ended.told);
        (self.caught_up || stuck) && has_all && self.suspects.is_empty() && decided && ended
    }

    /// Reads on, and looks again at a part of what was read.
    pub(super) fn go(
        &mut self,
        live: &dyn Live,
        current: bool,
        options: &Options,
        out: &mut Vec<Event>,
    ) -> Result<Went, SourceError> {
        self.window.forget();
        let len = live.len()?;
        self.len = len;
        if let Some(ended) = &mut self.ended {
            ended.before = true;
        }
        if len < self.at {
            let values = Values::new().with("size", self.at).with("new_size", len);
            out.push(Event::new(What::Truncated, values));
            *self = Store::new(Some(len));
            return Ok(Went { more: true, ..Went::default() });
        }
        let Some(format) = self.format(live, len, options, out)? else {
            return Ok(Went::default());
        };
        if !self.is_anchored(live, format, len)? {
            out.push(Event::new(What::Rewritten, Values::new().with("offset", self.at)));
            *self = Store::new(Some(len));
            return Ok(Went { more: true, ..Went::default() });
        }
        let poll = Poll { live, format, len, patience: options.patience, current };
        let went = self.tail(&poll, options.burst, out)?;
        if !went.more {
            self.look_again(&poll, out)?;
        }
        if self.caught_up {
            self.go_round(&poll, options.recheck, out)?;
        }
        Ok(went)
    }

    /// The version byte, once it is there.
    fn format(
        &mut self,
        live: &dyn Live,
        len: u64,
        options: &Options,
        out: &mut Vec<Event>,
    ) -> Result<Option<Format>, SourceError> {
        let byte = self.window.bytes(live, 0, 1, len)?.first().copied();
        let Some(byte) = byte else {
            let waiting = self.waiting.get_or_insert(Waiting::new(0, Trouble::NoVersion));
            waiting.polls += 1;
            if waiting.polls >= options.patience && !waiting.told {
                waiting.told = true;
                out.push(unfinished(waiting, len));
            }
            return Ok(None);
        };
        let version = Version(byte);
        match self.format {
            Some(format) if format.version.is_known() => return Ok(Some(format)),
            Some(format) if format.version == version => return Ok(None),
            Some(_) => *self = Store::new(Some(len)),
            None => {}
        }
        let format = Format { version, layout: version.layout() };
        self.format = Some(format);
        self.waiting = None;
        self.at = 1;
        self.anchor = None;
        self.copied.get_or_insert(len);
        if !version.is_known() {
            self.caught_up = true;
            out.push(Event::new(
                What::UnknownVersion,
                Values::new().with("version", u32::from(byte)),
            ));
            return Ok(None);
        }
        Ok(Some(format))
    }

    /// Whether version byte and last record are still those that were read.
    fn is_anchored(
        &mut self,
        live: &dyn Live,
        format: Format,
        len: u64,
    ) -> Result<bool, SourceError> {
        let byte = self.window.bytes(live, 0, 1, len)?.first().copied();
        if byte.is_some_and(|byte| byte != format.version.0) {
            return Ok(false);
        }
        let Some(anchor) = self.anchor else { return Ok(true) };
        let head = format.layout.header_len();
        let mut bytes = [0; 14];
        let Some(bytes) = bytes.get_mut(..head + 2) else { return Ok(true) };
        if live.read_at(anchor.at, bytes)? < bytes.len() {
            return Ok(true);
        }
        let header = RecordHeader::parse(format.layout, bytes);
        let same = header.is_some_and(|header| header.len == anchor.len)
            && be16(bytes, head) == Some(anchor.record_type.0);
        Ok(same)
    }
}
