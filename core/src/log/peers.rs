//! Who sends messages out of order: counts by peer, for so many peers at most.

use alloc::vec::Vec;
use core::hash::BuildHasher as _;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

/// So many peers are told apart.
pub(super) const PEERS: usize = 4_096;

/// A node's key, as digits.
type Key = [u8; 66];

/// Counts by peer.
#[derive(Debug)]
pub(super) struct Peers {
    hasher: FixedState,
    index: HashTable<u32>,
    rows: Vec<(Key, u64)>,
    /// The row of the line before: floods come from one peer at a time.
    last: usize,
    /// Messages of peers that are not told apart, or not named.
    pub(super) others: u64,
}

impl Peers {
    pub(super) fn new(seed: u64) -> Peers {
        Peers {
            hasher: FixedState::with_seed(seed),
            index: HashTable::new(),
            rows: Vec::new(),
            last: 0,
            others: 0,
        }
    }

    /// One more of this peer's. What is no key is nobody's.
    pub(super) fn count(&mut self, key: Option<&Key>) {
        let Some(key) = key else {
            self.others += 1;
            return;
        };
        if self.rows.get(self.last).is_none_or(|(known, _)| known != key) {
            let hash = self.hasher.hash_one(key);
            let same = |row: &u32| self.rows.get(*row as usize).is_some_and(|(k, _)| k == key);
            if let Some(row) = self.index.find(hash, same) {
                self.last = *row as usize;
            } else if self.rows.len() < PEERS && key.iter().all(u8::is_ascii_hexdigit) {
                self.last = self.rows.len();
                self.rows.push((*key, 0));
                let (rows, hasher) = (&self.rows, &self.hasher);
                let again =
                    |row: &u32| rows.get(*row as usize).map_or(0, |(k, _)| hasher.hash_one(k));
                self.index.insert_unique(hash, u32::try_from(self.last).unwrap_or_default(), again);
            } else {
                self.others += 1;
                return;
            }
        }
        if let Some((_, count)) = self.rows.get_mut(self.last) {
            *count += 1;
        }
    }

    /// How many are told apart.
    pub(super) fn len(&self) -> u64 {
        self.rows.len() as u64
    }

    /// Those with the most, at most so many; equal ones by key.
    pub(super) fn most(&self, count: usize) -> Vec<(Key, u64)> {
        let mut rows = self.rows.clone();
        crate::sorting::sort_by_key(&mut rows, |(key, count)| (core::cmp::Reverse(*count), *key));
        rows.truncate(count);
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg_attr(miri, ignore = "a large input")]
    fn the_most_talkative_stand_first_and_the_rest_is_counted() {
        let mut peers = Peers::new(7);
        let key = |number: usize| {
            let mut key = [b'0'; 66];
            for (at, digit) in alloc::format!("02{number:08}").bytes().enumerate() {
                key[at] = digit;
            }
            key
        };
        for number in 0..PEERS + 10 {
            peers.count(Some(&key(number)));
        }
        for _ in 0..5 {
            peers.count(Some(&key(3)));
            peers.count(Some(&key(1)));
        }
        peers.count(None);
        assert_eq!((peers.len(), peers.others), (PEERS as u64, 11));
        assert_eq!(peers.most(3), [(key(1), 6), (key(3), 6), (key(0), 1)]);
    }
}
