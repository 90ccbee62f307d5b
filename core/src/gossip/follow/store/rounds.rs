//! What was read before, read again: rounds over everything, and second looks at what seemed wrong.

use alloc::vec::Vec;

use super::told::many;
use super::{Counts, Poll, REMEMBERED, Round, Store, Waiting};
use crate::finding::Values;
use crate::gossip::follow::event::{Event, What};
use crate::gossip::follow::live::Window;
use crate::gossip::follow::record::{Found, Trouble, judge};
use crate::gossip::follow::seek::{Seek, Sought};
use crate::gossip::format::RecordType;
use crate::source::SourceError;

impl Store {
    /// Looks again at what looked wrong in earlier rounds.
    pub(super) fn look_again(
        &mut self,
        poll: &Poll<'_>,
        out: &mut Vec<Event>,
    ) -> Result<(), SourceError> {
        let mut suspects = core::mem::take(&mut self.suspects);
        let mut left = Vec::new();
        for mut suspect in suspects.drain(..) {
            let at = suspect.offset;
            let mut fresh = Window::narrow();
            let found = judge(&mut fresh, poll.live, poll.format, at, poll.len)?;
            let Found::Bad(bad) = found else { continue };
            suspect.trouble = bad.trouble;
            suspect.polls += 1;
            if suspect.polls < poll.patience || !poll.current {
                left.push(suspect);
                continue;
            }
            let (mut seek, mut unlimited) = (Seek::new(at), u64::MAX);
            let seen = poll.seen_from(self.at);
            let next = match seek.go(poll.live, poll.format, seen, &mut unlimited)? {
                Sought::At(next) => next,
                Sought::Nothing | Sought::More => seen,
            };
            self.tell(at, next, seen, bad.trouble, out);
        }
        self.suspects = left;
        self.window.forget();
        Ok(())
    }

    /// Goes over a part of what was read before.
    pub(super) fn go_round(
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
            Round::new(self.at)
        });
        let mut at = round.at;
        while budget > 0 && round.at < round.until {
            at = round.at;
            let known = self.known.iter().position(|known| known.start == at);
            if let Some(mut seek) = round.seek.take() {
                let seen = poll.seen_from(round.until);
                match seek.go(poll.live, poll.format, seen, &mut budget)? {
                    Sought::At(next) => round.at = next,
                    Sought::Nothing => round.at = seen,
                    Sought::More => {
                        round.seek = Some(seek);
                        continue;
                    }
                }
                self.measured(at, round.at, seen);
                continue;
            }
            if let Some(known) = known.and_then(|index| self.known.get_mut(index)) {
                known.on_the_way = true;
            }
            if let Some(suspect) = self.suspects.iter_mut().find(|suspect| suspect.offset == at) {
                suspect.on_the_way = true;
            }
            let found = judge(&mut self.window, poll.live, poll.format, at, poll.len)?;
            match found {
                Found::End => break,
                Found::Record(record) if record.end > round.until => round.at = record.end,
                Found::Record(record) => {
                    round.broken_end = false;
                    let len = record.end - at;
                    round.counts.record(&record, len);
                    round.at = record.end;
                    budget = budget.saturating_sub(len);
                    let trouble = record.trouble;
                    let is_amount = record.kind == RecordType::CHANNEL_AMOUNT;
                    let wants = record.wants_amount() && poll.format.version.0 >= 4;
                    let before = core::mem::replace(&mut round.wants_amount, wants.then_some(at));
                    if let Some(before) = before.filter(|_| !is_amount) {
                        self.tell_no_amount(&mut round, before, at, poll.len, out);
                    }
                    match (trouble, known) {
                        (Some(_), None) if self.is_full() => round.more_wounds += 1,
                        (Some(trouble), None) => self.tell(at, round.at, poll.len, trouble, out),
                        (None, Some(index)) if !self.has_no_amount(index) => {
                            self.known.swap_remove(index);
                            out.push(Event::new(What::Healed, Values::new().with("offset", at)));
                        }
                        _ => {}
                    }
                }
                Found::Bad(bad) => {
                    // If there was an amount, it is in the wound.
                    round.wants_amount = None;
                    round.broken_end = !bad.passed;
                    let known = known.and_then(|index| self.known.get(index));
                    // Where its end was sought at the end of the file, there may be more to see now.
                    if let Some(known) = known
                        && known.seen >= poll.seen_from(known.end)
                    {
                        round.at = known.end.max(at + 1);
                        budget = budget.saturating_sub(1);
                        continue;
                    }
                    if known.is_some() {
                        // Its end is sought anew.
                    } else if self.is_full() {
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
            self.finish_round(&round, at, out);
        } else {
            self.round = Some(round);
        }
        Ok(())
    }

    /// Where the tail went on inside what is a whole record now, it never saw that record: that its
    /// amount is missing, the round is the first to know.
    fn tell_no_amount(
        &mut self,
        round: &mut Round,
        announcement: u64,
        end: u64,
        seen: u64,
        out: &mut Vec<Event>,
    ) {
        let known = self.known.iter().any(|known| known.start == announcement);
        if !known && self.is_full() {
            round.more_wounds += 1;
        } else {
            self.tell(announcement, end, seen, Trouble::NoAmount, out);
        }
    }

    /// Takes over what a round has found; the last that it came upon begins at `at`.
    fn finish_round(&mut self, round: &Round, at: u64, out: &mut Vec<Event>) {
        // Where the tail itself took that record for whole, it has changed since, and is a wound.
        let unread = self.anchor.is_none_or(|anchor| anchor.at != at);
        let inside = round.at > round.until || round.broken_end && round.at >= self.len && unread;
        let astray = inside && self.at == round.until;
        self.rounds += 1;
        self.forget_bypassed(if astray { u64::MAX } else { round.until }, out);
        if astray {
            self.step_back(at, out);
        }
        self.base = round.counts;
        if round.more_wounds > 0 && self.more_wounds == 0 {
            out.push(many());
        }
        self.more_wounds = round.more_wounds;
        self.since_base = self.since_round;
    }

    /// The tail stands inside a record or a wound that begins at `at`: it came there when less of that
    /// was in the file than now. It reads on from there, and what is wrong there it comes upon itself.
    fn step_back(&mut self, at: u64, out: &mut Vec<Event>) {
        let waited = self.waiting.take().filter(|waiting| waiting.told).map(|it| it.offset);
        let behind = self.known.extract_if(.., |known| known.start > at).map(|known| known.start);
        for offset in waited.into_iter().chain(behind.filter(|start| waited != Some(*start))) {
            out.push(Event::new(What::Healed, Values::new().with("offset", offset)));
        }
        self.suspects.retain(|suspect| suspect.offset < at);
        (self.at, self.wants_amount, self.ended) = (at, None, None);
    }

    /// Whether what is known of that place is that an amount is missing: the record itself is fine.
    fn has_no_amount(&self, index: usize) -> bool {
        self.known.get(index).is_some_and(|known| known.end == known.start)
    }
}
