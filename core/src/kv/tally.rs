//! How many keys buckets have, counted by whoever passes them anyway, so that nobody reads a
//! bucket again only to count it.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::bucket::BucketId;

/// The keys of one bucket, by their length.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    lengths: Vec<Length>,
    keys: u64,
    /// There were more lengths than are told apart.
    many: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Length {
    len: usize,
    keys: u64,
    buckets: u64,
}

/// So many lengths of keys are told apart.
const LENGTHS: usize = 16;

impl Tally {
    /// Counts a key.
    pub fn add(&mut self, len: usize, is_bucket: bool) {
        self.keys = self.keys.saturating_add(1);
        let buckets = u64::from(is_bucket);
        let room = self.lengths.len() < LENGTHS;
        match self.lengths.iter_mut().find(|known| known.len == len) {
            Some(known) => {
                known.keys = known.keys.saturating_add(1);
                known.buckets = known.buckets.saturating_add(buckets);
            }
            None if room => {
                self.lengths.push(Length { len, keys: 1, buckets });
            }
            None => self.many = true,
        }
    }

    /// All keys.
    pub fn keys(&self) -> u64 {
        self.keys
    }

    /// Keys of that length, and how many of them lead to buckets; `None` if it cannot be told.
    pub fn of_length(&self, len: usize) -> Option<(u64, u64)> {
        match self.lengths.iter().find(|known| known.len == len) {
            Some(known) => Some((known.keys, known.buckets)),
            None => (!self.many).then_some((0, 0)),
        }
    }
}

/// The tallies of the buckets that were met first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tallies {
    of: BTreeMap<BucketId, Tally>,
}

/// So many buckets have a tally; in a store of LND those near the top are far fewer.
const BUCKETS: usize = 4_096;

impl Tallies {
    /// Gives a bucket a tally, if there is room for one.
    pub fn open(&mut self, bucket: BucketId) {
        if self.of.len() < BUCKETS {
            self.of.entry(bucket).or_default();
        }
    }

    /// The tally of a bucket that has one.
    pub fn get(&self, bucket: BucketId) -> Option<&Tally> {
        self.of.get(&bucket)
    }

    /// The same, to count with.
    pub fn get_mut(&mut self, bucket: BucketId) -> Option<&mut Tally> {
        self.of.get_mut(&bucket)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_counted_by_length_and_kind() {
        let mut tally = Tally::default();
        for (len, is_bucket) in [(33, false), (33, false), (5, false), (33, true)] {
            tally.add(len, is_bucket);
        }
        assert_eq!(tally.keys(), 4);
        assert_eq!(tally.of_length(33), Some((3, 1)));
        assert_eq!(tally.of_length(8), Some((0, 0)));
        for len in 100..116 {
            tally.add(len, false);
        }
        // Two of those found no room: what is not listed may have been among them.
        assert_eq!(tally.of_length(33), Some((3, 1)));
        assert_eq!((tally.of_length(113), tally.of_length(114)), (Some((1, 0)), None));
        assert_eq!(tally.keys(), 20);
    }

    #[test]
    fn only_so_many_buckets_have_a_tally() {
        let mut tallies = Tallies::default();
        for bucket in 0..=BUCKETS as u64 {
            tallies.open(BucketId(bucket));
        }
        assert!(tallies.get(BucketId(0)).is_some());
        assert!(tallies.get_mut(BucketId(BUCKETS as u64)).is_none());
    }
}
