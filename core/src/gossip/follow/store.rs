//! One file that is followed: its end, where records are appended, and the rounds over the rest,
//! where they are rewritten in place.

use alloc::vec::Vec;

use super::Options;
use super::event::{Event, What};
use super::live::{Live, Window};
use super::record::{Bad, Format, Found, Record, Trouble, judge};
use super::seek::{Seek, Sought};
use crate::finding::Values;
use crate::gossip::format::{RecordHeader, RecordType, Version, be16};
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
}

impl Waiting {
    fn new(offset: u64, trouble: Trouble) -> Waiting {
        Waiting { offset, trouble, polls: 0, told: false, seek: None }
    }
}

/// A wound that was told.
#[derive(Clone, Copy, Debug)]
struct Known {
    start: u64,
    end: u64,
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
    seek: Option<Seek>,
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
        (self.caught_up || stuck) && self.suspects.is_empty() && decided
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

    /// Reads what was appended.
    fn tail(
        &mut self,
        poll: &Poll<'_>,
        burst: u64,
        out: &mut Vec<Event>,
    ) -> Result<Went, SourceError> {
        let mut went = Went::default();
        let mut budget = burst;
        let begun = self.at;
        self.window.forget();
        loop {
            if self.at.saturating_sub(begun) >= burst {
                went.more = true;
                return Ok(went);
            }
            let at = self.at;
            let mut window = core::mem::take(&mut self.window);
            let found = judge(&mut window, poll.live, poll.format, at, poll.len)?;
            match found {
                Found::End => {
                    self.window = window;
                    self.at_end(poll, out);
                    return Ok(went);
                }
                Found::Record(record) => {
                    self.take(poll, &record, &mut went, out);
                    self.window = window;
                }
                Found::Bad(_) => {
                    // The bytes may be older than the length; these are not.
                    window.forget();
                    let found = judge(&mut window, poll.live, poll.format, at, poll.len)?;
                    let bad = match found {
                        Found::Bad(bad) => Some(bad),
                        _ => None,
                    };
                    self.window = window;
                    let Some(bad) = bad else { continue };
                    if !self.wait(poll, bad, &mut budget, out)? {
                        return Ok(went);
                    }
                }
            }
        }
    }

    /// A record at the tail.
    fn take(
        &mut self,
        poll: &Poll<'_>,
        record: &Record<'_>,
        went: &mut Went,
        out: &mut Vec<Event>,
    ) {
        let at = self.at;
        if let Some(waiting) = self.waiting.take().filter(|waiting| waiting.told) {
            let right =
                waiting.trouble != Trouble::NoAmount || record.kind == RecordType::CHANNEL_AMOUNT;
            if right {
                out.push(Event::new(What::Healed, Values::new().with("offset", waiting.offset)));
            }
        }
        if let Some(before) = self.wants_amount.take()
            && record.kind != RecordType::CHANNEL_AMOUNT
        {
            self.tell(before, at, Trouble::NoAmount, out);
        }
        if let Some(trouble) = record.trouble {
            self.tell(at, record.end, trouble, out);
        }
        if record.wants_amount() && poll.format.version.0 >= 4 {
            self.wants_amount = Some(at);
        }
        let len = record.end - at;
        let is_end = record.kind == RecordType::ENDED && !record.header.flags.is_deleted();
        self.ended = is_end.then(|| {
            let equivalent = record.body.get(2..).and_then(<[u8]>::first_chunk);
            Ended {
                offset: at,
                equivalent: equivalent.map_or(0, |bytes| u64::from_be_bytes(*bytes)),
                before: false,
                told: false,
            }
        });
        self.since_base.record(record, len);
        self.since_round.record(record, len);
        self.anchor = Some(Anchor { at, len: record.header.len, record_type: record.kind });
        self.at = record.end;
        if self.copied.is_some_and(|copied| record.end > copied) && !is_end {
            went.appended_records += 1;
            went.appended_bytes += len;
        }
    }

    /// The end is reached, and all of it is finished.
    fn at_end(&mut self, poll: &Poll<'_>, out: &mut Vec<Event>) {
        match (self.wants_amount, &mut self.waiting) {
            (Some(offset), Some(waiting)) if waiting.trouble == Trouble::NoAmount => {
                waiting.polls += 1;
                if waiting.polls >= poll.patience && !waiting.told && poll.current {
                    waiting.told = true;
                    let event = unfinished(waiting, poll.len);
                    debug_assert_eq!(waiting.offset, offset);
                    out.push(event);
                }
            }
            (Some(offset), _) => self.waiting = Some(Waiting::new(offset, Trouble::NoAmount)),
            (None, _) => self.waiting = None,
        }
        self.catch_up(poll, out);
    }

    fn catch_up(&mut self, poll: &Poll<'_>, out: &mut Vec<Event>) {
        if self.caught_up {
            return;
        }
        self.caught_up = true;
        let counts = self.counts();
        let values = Values::new()
            .with("version", u32::from(poll.format.version.0))
            .with("size", self.at)
            .with("records", counts.records)
            .with("live", counts.live)
            .with("dead", counts.dead);
        out.push(Event::new(What::Following, values));
    }

    /// No finished record stands at the tail. Whether the tail may go on behind it.
    fn wait(
        &mut self,
        poll: &Poll<'_>,
        bad: Bad,
        budget: &mut u64,
        out: &mut Vec<Event>,
    ) -> Result<bool, SourceError> {
        let at = self.at;
        let same = self.waiting.filter(|waiting| waiting.offset == at);
        let mut waiting = same.unwrap_or(Waiting::new(at, bad.trouble));
        waiting.trouble = bad.trouble;
        waiting.polls += 1;
        // Checksum and timestamp of a finished record are rewritten in place; its mark never goes.
        let proven = bad.passed && bad.trouble == Trouble::NotCompleted;
        // What has others behind it is looked at again later, and need not hold them up.
        let suspect = bad.passed && !proven && self.suspects.len() < REMEMBERED;
        let patient = waiting.polls < poll.patience && !proven && !suspect;
        if patient || !poll.current && !suspect {
            self.waiting = Some(waiting);
            self.reached(poll, bad, out);
            return Ok(false);
        }
        let mut seek = waiting.seek.take().unwrap_or(Seek::new(at));
        match seek.go(poll.live, poll.format, poll.len, budget)? {
            // With nothing behind it, it may be the record itself that was found.
            Sought::At(next) if next < poll.len || bad.passed => {
                self.waiting = None;
                self.wants_amount = None;
                if suspect && !waiting.told {
                    self.suspects.push(Waiting::new(at, bad.trouble));
                } else {
                    self.tell(at, next, bad.trouble, out);
                }
                self.at = next;
                return Ok(true);
            }
            Sought::More => {}
            _ if waiting.polls < poll.patience || !poll.current || waiting.told => {}
            _ => {
                waiting.told = true;
                let event = if bad.trouble.may_be_unfinished(poll.format.version) && !bad.passed {
                    unfinished(&waiting, poll.len)
                } else {
                    self.remember(at, poll.len);
                    wound(at, None, bad.trouble)
                };
                out.push(event);
            }
        }
        waiting.seek = Some(seek);
        self.waiting = Some(waiting);
        self.reached(poll, bad, out);
        Ok(false)
    }

    /// Stuck at the very end is as good as being there.
    fn reached(&mut self, poll: &Poll<'_>, bad: Bad, out: &mut Vec<Event>) {
        if !bad.passed {
            self.catch_up(poll, out);
        }
    }

    /// Looks again at what looked wrong in earlier rounds.
    fn look_again(&mut self, poll: &Poll<'_>, out: &mut Vec<Event>) -> Result<(), SourceError> {
        let mut suspects = core::mem::take(&mut self.suspects);
        let mut left = Vec::new();
        for mut suspect in suspects.drain(..) {
            self.window.forget();
            let at = suspect.offset;
            let found = judge(&mut self.window, poll.live, poll.format, at, self.at)?;
            let Found::Bad(bad) = found else { continue };
            suspect.trouble = bad.trouble;
            suspect.polls += 1;
            if suspect.polls < poll.patience || !poll.current {
                left.push(suspect);
                continue;
            }
            let (mut seek, mut unlimited) = (Seek::new(at), u64::MAX);
            let next = match seek.go(poll.live, poll.format, self.at, &mut unlimited)? {
                Sought::At(next) => next,
                Sought::Nothing | Sought::More => self.at,
            };
            self.tell(at, next, bad.trouble, out);
        }
        self.suspects = left;
        self.window.forget();
        Ok(())
    }

    /// Goes over a part of what was read before.
    fn go_round(
        &mut self,
        poll: &Poll<'_>,
        mut budget: u64,
        out: &mut Vec<Event>,
    ) -> Result<(), SourceError> {
        if budget == 0 {
            return Ok(());
        }
        let mut round = self.round.take().unwrap_or_else(|| {
            self.since_round = Counts::default();
            Round { at: 1, until: self.at, counts: Counts::default(), more_wounds: 0, seek: None }
        });
        while budget > 0 && round.at < round.until {
            let at = round.at;
            let known = self.known.iter().position(|known| known.start == at);
            if let Some(mut seek) = round.seek.take() {
                match seek.go(poll.live, poll.format, round.until, &mut budget)? {
                    Sought::At(next) => round.at = next,
                    Sought::Nothing => round.at = round.until,
                    Sought::More => round.seek = Some(seek),
                }
                continue;
            }
            let found = judge(&mut self.window, poll.live, poll.format, at, round.until)?;
            match found {
                Found::End => break,
                Found::Record(record) => {
                    let len = record.end - at;
                    round.counts.record(&record, len);
                    round.at = record.end;
                    budget = budget.saturating_sub(len);
                    let trouble = record.trouble;
                    match (trouble, known) {
                        (Some(_), None) if self.is_full() => round.more_wounds += 1,
                        (Some(trouble), None) => self.tell(at, round.at, trouble, out),
                        (None, Some(index)) if !self.has_no_amount(index) => {
                            self.known.swap_remove(index);
                            out.push(Event::new(What::Healed, Values::new().with("offset", at)));
                        }
                        _ => {}
                    }
                }
                Found::Bad(bad) => {
                    if let Some(known) = known.and_then(|index| self.known.get(index)) {
                        round.at = known.end.max(at + 1).min(round.until);
                        budget = budget.saturating_sub(1);
                        continue;
                    }
                    if self.is_full() {
                        round.more_wounds += 1;
                    } else if !self.suspects.iter().any(|suspect| suspect.offset == at) {
                        if self.suspects.len() >= REMEMBERED {
                            break;
                        }
                        self.suspects.push(Waiting::new(at, bad.trouble));
                    }
                    round.seek = Some(Seek::new(at));
                }
            }
        }
        if round.at >= round.until {
            self.rounds += 1;
            self.base = round.counts;
            if round.more_wounds > 0 && self.more_wounds == 0 {
                out.push(many());
            }
            self.more_wounds = round.more_wounds;
            self.since_base = self.since_round;
        } else {
            self.round = Some(round);
        }
        Ok(())
    }

    /// Whether what is known of that place is that an amount is missing: the record itself is fine.
    fn has_no_amount(&self, index: usize) -> bool {
        self.known.get(index).is_some_and(|known| known.end == known.start)
    }

    /// Tells a wound that was not told before.
    fn tell(&mut self, start: u64, end: u64, trouble: Trouble, out: &mut Vec<Event>) {
        if let Some(known) = self.known.iter_mut().find(|known| known.start == start) {
            known.end = end;
            return;
        }
        let kept = if trouble == Trouble::NoAmount { start } else { end };
        match self.remember(start, kept) {
            Remembered::Yes => out.push(wound(start, Some(end), trouble)),
            Remembered::Full => out.push(many()),
            Remembered::Counted => {}
        }
    }

    fn is_full(&self) -> bool {
        self.known.len() >= REMEMBERED
    }

    fn remember(&mut self, start: u64, end: u64) -> Remembered {
        if !self.is_full() {
            self.known.push(Known { start, end });
            return Remembered::Yes;
        }
        self.more_wounds = self.more_wounds.saturating_add(1);
        if self.more_wounds == 1 { Remembered::Full } else { Remembered::Counted }
    }
}

/// Whether a wound is remembered by itself.
enum Remembered {
    Yes,
    /// It is the first that is not.
    Full,
    Counted,
}

fn many() -> Event {
    Event::new(What::ManyWounds, Values::new().with("limit", REMEMBERED as u64))
}

fn wound(offset: u64, end: Option<u64>, trouble: Trouble) -> Event {
    let values =
        Values::new().with("offset", offset).with_some("end", end).with("trouble", trouble.name());
    Event::new(What::Wound, values)
}

fn unfinished(waiting: &Waiting, size: u64) -> Event {
    let values = Values::new()
        .with("offset", waiting.offset)
        .with("size", size)
        .with("trouble", waiting.trouble.name());
    Event::new(What::Unfinished, values)
}
