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
        if self.known.iter().any(|known| known.start < start && start < known.end) {
            return;
        }
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

    /// Notes how long a known wound is, and that what was told inside it is a part of it: as long as
    /// a record is being written behind a broken one, that one's claim cannot be believed yet. Whether
    /// the wound is known.
    pub(super) fn measured(&mut self, start: u64, end: u64, seen: u64) -> bool {
        self.known.retain(|known| known.start <= start || end <= known.start);
        let Some(known) = self.known.iter_mut().find(|known| known.start == start) else {
            return false;
        };
        (known.end, known.seen) = (end, seen);
        true
    }

    pub(super) fn is_full(&self) -> bool {
        self.known.len() >= REMEMBERED
    }

    pub(super) fn remember(&mut self, start: u64, end: u64, seen: u64) -> Remembered {
        if !self.is_full() {
            self.known.push(Known { start, end, seen });
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
