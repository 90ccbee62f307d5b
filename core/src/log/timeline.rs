//! Counts over time, in at most so many buckets, whatever the span.

use alloc::collections::VecDeque;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

/// Buckets at most.
pub(super) const BUCKETS: u64 = 400;

/// The widths of buckets in seconds; each is a multiple of the one before.
const WIDTHS: &[u64] = &[
    1, 2, 10, 30, 60, 300, 900, 3_600, 10_800, 21_600, 43_200, 86_400, 604_800, 2_419_200,
    31_449_600,
];

/// Times before 2015 are those of machines whose clock was not set yet.
const FROM: u64 = 1_420_070_400;

/// 2106: the end of timestamps of 32 bits.
const TO: u64 = 4_294_967_296;

/// What is counted in a bucket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    /// Lines.
    pub(super) lines: u64,
    /// Lines that look bad and are not.
    pub(super) harmless: u64,
    /// Lines that mean trouble or damage.
    pub(super) trouble: u64,
    /// Starts.
    pub(super) starts: u64,
}

impl Counts {
    fn add(&mut self, other: Counts) {
        self.lines += other.lines;
        self.harmless += other.harmless;
        self.trouble += other.trouble;
        self.starts += other.starts;
    }
}

/// Counts over time.
#[derive(Debug, Default)]
pub(super) struct Counting {
    buckets: VecDeque<Counts>,
    /// The beginning of the first one, in widths.
    first: u64,
    /// The index in [`WIDTHS`].
    width: usize,
}

impl Counting {
    fn seconds(&self) -> u64 {
        WIDTHS.get(self.width).copied().unwrap_or(31_449_600)
    }

    /// Adds to the bucket of that second; a second that no log can have is left out.
    pub(super) fn add(&mut self, second: u64, counts: Counts) {
        if !(FROM..TO).contains(&second) {
            return;
        }
        loop {
            let at = second / self.seconds();
            if self.buckets.is_empty() {
                self.first = at;
            }
            let last = self.first + (self.buckets.len() as u64).max(1) - 1;
            let span = last.max(at) - self.first.min(at) + 1;
            if span > BUCKETS && self.width + 1 < WIDTHS.len() {
                self.widen();
                continue;
            }
            while self.first > at {
                self.first -= 1;
                self.buckets.push_front(Counts::default());
            }
            let index = usize::try_from(at - self.first).unwrap_or_default();
            if index >= self.buckets.len() {
                self.buckets.resize(index + 1, Counts::default());
            }
            if let Some(bucket) = self.buckets.get_mut(index) {
                bucket.add(counts);
            }
            return;
        }
    }

    fn widen(&mut self) {
        let before = self.seconds();
        self.width += 1;
        let times = self.seconds() / before;
        let old = core::mem::take(&mut self.buckets);
        let begin = self.first;
        self.first = begin / times;
        for (counts, at) in old.into_iter().zip(begin..) {
            let index = usize::try_from(at / times - self.first).unwrap_or_default();
            if index >= self.buckets.len() {
                self.buckets.resize(index + 1, Counts::default());
            }
            if let Some(bucket) = self.buckets.get_mut(index) {
                bucket.add(counts);
            }
        }
    }

    /// The timeline, if any line had a time.
    pub(super) fn timeline(&self) -> Option<Timeline> {
        if self.buckets.is_empty() {
            return None;
        }
        let of = |what: fn(&Counts) -> u64| self.buckets.iter().map(what).collect();
        Some(Timeline {
            start: self.first * self.seconds(),
            width: self.seconds(),
            lines: of(|counts| counts.lines),
            harmless: of(|counts| counts.harmless),
            trouble: of(|counts| counts.trouble),
            starts: of(|counts| counts.starts),
        })
    }
}

/// How much was said when: four rows of equal length, a number for each bucket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timeline {
    /// The beginning of the first bucket, in seconds since 1970.
    pub start: u64,
    /// How many seconds a bucket takes.
    pub width: u64,
    /// Lines.
    pub lines: Vec<u64>,
    /// Lines that look bad and are not.
    pub harmless: Vec<u64>,
    /// Lines that mean trouble or damage.
    pub trouble: Vec<u64>,
    /// Starts.
    pub starts: Vec<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: Counts = Counts { lines: 1, harmless: 0, trouble: 0, starts: 0 };

    fn timeline(seconds: &[u64]) -> Timeline {
        let mut counting = Counting::default();
        for second in seconds {
            counting.add(*second, ONE);
        }
        counting.timeline().unwrap()
    }

    #[test]
    fn buckets_widen_and_lose_nothing() {
        let begin = 1_704_164_645;
        for span in [1, 399, 400, 10_000, 1_000_000, 100_000_000, 2_500_000_000] {
            let seconds: Vec<u64> = (0..1_000).map(|at| begin + at * span / 1_000).collect();
            let line = timeline(&seconds);
            let backwards: Vec<u64> = seconds.iter().rev().copied().collect();
            assert_eq!(timeline(&backwards), line, "{span}");
            assert_eq!(line.lines.iter().sum::<u64>(), 1_000);
            assert!(line.lines.len() as u64 <= BUCKETS);
            assert!(line.start <= begin && begin < line.start + line.width);
        }
        assert_eq!(timeline(&[begin, begin + 3]).lines, [1, 0, 0, 1]);
        let line = timeline(&[begin, begin + 500]);
        assert_eq!((line.start, line.width), (begin - 1, 2));
    }

    #[test]
    fn a_clock_that_was_not_set_does_not_stretch_it() {
        assert!(Counting::default().timeline().is_none());
        let line = timeline(&[1_704_164_645, 12, u64::MAX]);
        assert_eq!(line.lines, [1]);
    }
}
