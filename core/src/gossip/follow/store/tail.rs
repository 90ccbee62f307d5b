//! The end of the file: what is appended, and what is not finished yet.

use alloc::vec::Vec;

use super::told::{unfinished, wound};
use super::{Anchor, Ended, Poll, REMEMBERED, Store, Waiting, Went};
use crate::finding::Values;
use crate::gossip::follow::event::{Event, What};
use crate::gossip::follow::live::Window;
use crate::gossip::follow::record::{Bad, Found, Record, Trouble, judge};
use crate::gossip::follow::seek::{Seek, Sought};
use crate::gossip::format::RecordType;
use crate::source::SourceError;

impl Store {
    /// Reads what was appended.
    pub(super) fn tail(
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
                    // The bytes may be older than the length; these are not. The window stays: every
                    // record of a store may be unfinished.
                    let mut fresh = Window::narrow();
                    let found = judge(&mut fresh, poll.live, poll.format, at, poll.len)?;
                    let Found::Bad(bad) = found else {
                        window.forget();
                        self.window = window;
                        continue;
                    };
                    self.window = window;
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
                self.known.retain(|known| known.start != waiting.offset);
                out.push(Event::new(What::Healed, Values::new().with("offset", waiting.offset)));
            }
        }
        if let Some(before) = self.wants_amount.take()
            && record.kind != RecordType::CHANNEL_AMOUNT
        {
            self.tell(before, at, poll.len, Trouble::NoAmount, out);
        }
        if let Some(trouble) = record.trouble {
            self.tell(at, record.end, poll.len, trouble, out);
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
                    self.tell(at, next, poll.len, bad.trouble, out);
                }
                self.at = next;
                return Ok(true);
            }
            Sought::More => {}
            _ if waiting.polls < poll.patience || !poll.current || waiting.told => {}
            _ => {
                waiting.told = true;
                if bad.trouble.may_be_unfinished(poll.format.version) && !bad.passed {
                    // Where the tail has stepped back to, it may have been told as a wound.
                    self.known.retain(|known| known.start != at);
                    out.push(unfinished(&waiting, poll.len));
                } else if !self.measured(at, poll.len, poll.len) {
                    self.remember(at, poll.len, poll.len);
                    out.push(wound(at, None, bad.trouble));
                }
                // There is nothing more to come upon, and what lies before can change all the same.
                self.catch_up(poll, out);
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
}
