//! Which wounds were told, so that none is told twice, and how.

use alloc::vec::Vec;

use super::{Known, REMEMBERED, Store, Waiting};
use crate::finding::Values;
use crate::gossip::follow::event::{Event, What};
use crate::gossip::follow::record::Trouble;

impl Store {
    /// Tells a wound that was not told before, in a file of which so much was `seen`.
    pub(super) fn tell(
        &mut self,
        start: u64,
        end: u64,
        seen: u64,
        trouble: Trouble,
        out: &mut Vec<Event>,
    ) {
        let kept = if trouble == Trouble::NoAmount { start } else { end };
        if self.measured(start, kept, seen) {
            return;
        }
        match self.remember(start, kept, seen) {
            Remembered::Yes => out.push(wound(start, Some(end), trouble)),
            Remembered::Full => out.push(many()),
            Remembered::Counted => {}
        }
    }

    /// Notes where a known wound ends. Whether the wound is known.
    pub(super) fn measured(&mut self, start: u64, end: u64, seen: u64) -> bool {
        let Some(known) = self.known.iter_mut().find(|known| known.start == start) else {
            return false;
        };
        (known.end, known.seen) = (end, seen);
        true
    }

    /// Forgets wounds and suspects before `until` that the round which ends did not come upon. As long
    /// as a record is being written behind a broken one, that one's claim cannot be believed yet, and
    /// what was told inside it may turn out to be a part of it, or of a sound record.
    pub(super) fn forget_bypassed(&mut self, until: u64, out: &mut Vec<Event>) {
        self.known.retain(|known| {
            let stays = known.on_the_way || known.start >= until;
            let waits = self.waiting.is_some_and(|waiting| waiting.offset == known.start);
            if !stays && !waits {
                out.push(Event::new(What::Healed, Values::new().with("offset", known.start)));
            }
            stays
        });
        self.known.iter_mut().for_each(|known| known.on_the_way = false);
        self.suspects.retain(|suspect| suspect.on_the_way || suspect.offset >= until);
        self.suspects.iter_mut().for_each(|suspect| suspect.on_the_way = false);
    }

    pub(super) fn is_full(&self) -> bool {
        self.known.len() >= REMEMBERED
    }

    pub(super) fn remember(&mut self, start: u64, end: u64, seen: u64) -> Remembered {
        if !self.is_full() {
            self.known.push(Known { start, end, seen, on_the_way: true });
            return Remembered::Yes;
        }
        self.more_wounds = self.more_wounds.saturating_add(1);
        if self.more_wounds == 1 { Remembered::Full } else { Remembered::Counted }
    }
}

/// Whether a wound is remembered by itself.
pub(super) enum Remembered {
    Yes,
    /// It is the first that is not.
    Full,
    Counted,
}

pub(super) fn many() -> Event {
    Event::new(What::ManyWounds, Values::new().with("limit", REMEMBERED as u64))
}

pub(super) fn wound(offset: u64, end: Option<u64>, trouble: Trouble) -> Event {
    let values =
        Values::new().with("offset", offset).with_some("end", end).with("trouble", trouble.name());
    Event::new(What::Wound, values)
}

pub(super) fn unfinished(waiting: &Waiting, size: u64) -> Event {
    let values = Values::new()
        .with("offset", waiting.offset)
        .with("size", size)
        .with("trouble", waiting.trouble.name());
    Event::new(What::Unfinished, values)
}
