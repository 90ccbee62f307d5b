//! What happens to stores: cuts, flipped bits, zeroed pages, and the like, each of which leaves
//! a new [`Built`] with a note of what was done and only the records that it left whole.

use crate::built::{Built, Span};
use std::ops::Range;

/// A kind of damage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    /// The file ends earlier.
    Cut,
    /// One bit turned; counted from the least.
    Flipped(u8),
    /// Bytes became zero.
    Zeroed,
    /// Bytes became others.
    Overwritten,
    /// Bytes came in between.
    Inserted,
    /// Bytes went away.
    Removed,
    /// Bytes came behind.
    Appended,
    /// A newer, shorter chain was written over the start.
    Overlaid,
}

/// What one step of damage did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Its kind.
    pub damage: Damage,
    /// The bytes that it changed or brought, where they now are. Empty for what is gone.
    pub range: Range<usize>,
    /// The records that it destroyed, where they were before it.
    pub lost: Vec<Span>,
}

impl Built {
    /// Ends the file at `at`.
    pub fn cut(self, at: usize) -> Built {
        let end = self.bytes.len();
        self.splice(Damage::Cut, at..end, &[])
    }

    /// Turns one bit of one byte; bit 0 is the least.
    pub fn flip(self, byte: usize, bit: u8) -> Built {
        let flipped = self.bytes[byte] ^ 1 << bit;
        self.splice(Damage::Flipped(bit), byte..byte + 1, &[flipped])
    }

    /// Makes a range zero.
    pub fn zero(self, range: Range<usize>) -> Built {
        let zeros = vec![0; range.len()];
        self.splice(Damage::Zeroed, range, &zeros)
    }

    /// Writes bytes over those from `at` on, which must be as many.
    pub fn overwrite(self, at: usize, bytes: &[u8]) -> Built {
        self.splice(Damage::Overwritten, at..at + bytes.len(), bytes)
    }

    /// Puts bytes in before `at`.
    pub fn insert(self, at: usize, bytes: &[u8]) -> Built {
        self.splice(Damage::Inserted, at..at, bytes)
    }

    /// Takes a range out.
    pub fn remove(self, range: Range<usize>) -> Built {
        self.splice(Damage::Removed, range, &[])
    }

    /// Puts bytes behind the last.
    pub fn append(self, bytes: &[u8]) -> Built {
        let end = self.bytes.len();
        self.splice(Damage::Appended, end..end, bytes)
    }

    /// Puts a whole store behind the last byte, version byte and all, and keeps its records.
    pub fn append_store(self, other: &Built) -> Built {
        let shift = self.bytes.len();
        let moved = other.records.iter().map(|span| at(*span, span.offset + shift));
        let moved: Vec<Span> = moved.collect();
        let mut built = self.append(&other.bytes);
        built.records.extend(moved);
        built
    }

    /// One replacement of bytes by others: all damage is this.
    fn splice(mut self, damage: Damage, range: Range<usize>, with: &[u8]) -> Built {
        let equal: Vec<bool> =
            self.bytes[range.clone()].iter().zip(with).map(|(a, b)| a == b).collect();
        let untouched = |span: &Span| {
            let hit = span.offset.max(range.start)..span.end().min(range.end);
            let outside = span.end() <= range.start || span.offset >= range.end;
            let same =
                with.len() == range.len() && hit.clone().all(|byte| equal[byte - range.start]);
            outside || same
        };
        let (kept, lost) = self.records.iter().partition(|span| untouched(span));
        let moved = |offset: usize| {
            if offset >= range.end { offset - range.len() + with.len() } else { offset }
        };
        let kept: Vec<Span> = kept;
        self.records = kept.iter().map(|span| at(*span, moved(span.offset))).collect();
        for note in self.notes.iter_mut().filter(|note| note.range.start >= range.end) {
            note.range = moved(note.range.start)..moved(note.range.end);
        }
        self.notes.push(Note { damage, range: range.start..range.start + with.len(), lost });
        self.bytes.splice(range, with.iter().copied());
        self
    }
}

/// What v24.02 to v24.11.2 leave when they "truncate" a store without truncating it: the old
/// file, with a new chain written over it from offset 1, ending inside an old record.
///
/// # Panics
/// If the versions differ, or the new chain does not end inside a record of the old store.
pub fn overlay(new: &Built, old: Built) -> Built {
    let end = new.bytes.len();
    assert_eq!(new.bytes.first(), old.bytes.first(), "one version byte");
    let torn = old.records.iter().any(|span| span.offset < end && end < span.end());
    assert!(torn, "the new chain must end inside an old record, not at {end}");
    let mut built = old.splice(Damage::Overlaid, 1..end, &new.bytes[1..]);
    built.records.retain(|span| span.offset > end);
    built.records.splice(0..0, new.records.iter().copied());
    built
}

fn at(span: Span, offset: usize) -> Span {
    Span { offset, ..span }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Direction, Store, T0, nodes};

    fn small() -> Built {
        Store::new(14)
            .announce("1x1x1", nodes(1, 2), 5)
            .update("1x1x1", Direction::One, T0)
            .update("1x1x1", Direction::Two, T0)
            .build()
    }

    #[test]
    fn a_cut_loses_the_record_that_it_halves() {
        let store = small();
        let last = store.last();
        let cut = store.clone().cut(last.offset + 20);
        assert_eq!(cut.records, store.records[..3]);
        assert_eq!(cut.notes[0].lost, [last]);
        assert_eq!(store.clone().cut(last.offset).records.len(), 3);
    }

    #[test]
    fn an_insertion_between_records_moves_the_later_ones_and_loses_none() {
        let store = small();
        let second = store.records[1];
        let longer = store.clone().insert(second.offset, b"xyz");
        assert_eq!(longer.types(), store.types());
        assert_eq!(longer.records[1].offset, second.offset + 3);
        assert_eq!(longer.record(longer.records[1]), store.record(second));
        assert_eq!(longer.notes[0].range, second.offset..second.offset + 3);
        let torn = store.clone().insert(second.offset + 1, b"xyz");
        assert_eq!(torn.types(), [256, 258, 258]);
    }

    #[test]
    fn a_removal_moves_records_and_earlier_notes() {
        let store = small();
        let [first, second, third, _] = store.records[..] else { panic!() };
        let damaged = store.clone().flip(third.offset + 30, 7).remove(first.offset..second.offset);
        assert_eq!(damaged.types(), [4101, 258]);
        assert_eq!(damaged.records[0].offset, 1);
        assert_eq!(damaged.notes[0].range.start, third.offset + 30 - first.len);
        assert_eq!(damaged.notes[0].damage, Damage::Flipped(7));
    }

    #[test]
    fn bytes_written_as_they_were_destroy_nothing() {
        let store = small();
        let same = store.bytes[5..300].to_vec();
        assert_eq!(store.clone().overwrite(5, &same).records, store.records);
        let zeroed = store.clone().zero(100..101);
        assert_eq!(zeroed.types(), [4101, 258, 258]);
    }

    #[test]
    fn an_overlay_keeps_the_new_chain_and_the_old_records_behind_it() {
        let old = crate::Network::new(3, 6).version(14).build();
        let new =
            Store::new(14).announce("2x2x2", nodes(7, 8), 5).raw_record(0, 0, &[0x77; 90]).build();
        let torn = overlay(&new, old.clone());
        assert_eq!(torn.bytes.len(), old.bytes.len());
        assert_eq!(torn.bytes[..new.bytes.len()], new.bytes);
        assert_eq!(torn.records[..3], new.records);
        let behind = old.records.iter().filter(|span| span.offset > new.bytes.len());
        assert!(torn.records[3..].iter().eq(behind));
    }

    #[test]
    fn an_appended_store_brings_its_records() {
        let store = small();
        let double = store.clone().append_store(&store);
        assert_eq!(double.records.len(), 8);
        assert_eq!(double.record(double.records[4]), store.record(store.records[0]));
        assert_eq!(double.bytes[store.bytes.len()], 14);
    }
}
