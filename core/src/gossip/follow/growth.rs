//! How fast a store grows: bytes appended, over the last hour and the last day, in fixed room.

/// Slots of equal length, the newest last: how many bytes came in each.
#[derive(Clone, Copy, Debug)]
struct Ring<const N: usize> {
    slots: [u64; N],
    /// Seconds in a slot.
    each: u64,
    /// Number of the newest slot since time zero.
    newest: u64,
    begun: bool,
}

impl<const N: usize> Ring<N> {
    const fn new(each: u64) -> Ring<N> {
        Ring { slots: [0; N], each, newest: 0, begun: false }
    }

    fn at(&mut self, now: u64) {
        let slot = now / self.each;
        if !self.begun {
            (self.newest, self.begun) = (slot, true);
        }
        // A clock that was set back does not empty anything.
        let passed = slot.saturating_sub(self.newest).min(N as u64);
        for _ in 0..passed {
            self.slots.rotate_left(1);
            if let Some(last) = self.slots.last_mut() {
                *last = 0;
            }
        }
        self.newest = self.newest.max(slot);
    }

    fn add(&mut self, bytes: u64) {
        if let Some(last) = self.slots.last_mut() {
            *last = last.saturating_add(bytes);
        }
    }

    fn sum(&self) -> u64 {
        self.slots.iter().fold(0, |sum, slot| sum.saturating_add(*slot))
    }
}

/// Bytes appended over time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Growth {
    hour: Ring<60>,
    day: Ring<24>,
}

impl Growth {
    pub(super) const fn new() -> Growth {
        Growth { hour: Ring::new(60), day: Ring::new(3600) }
    }

    /// It is that late now (seconds since any moment), and so many bytes have come.
    pub(super) fn add(&mut self, now: u64, bytes: u64) {
        self.hour.at(now);
        self.day.at(now);
        self.hour.add(bytes);
        self.day.add(bytes);
    }

    /// Bytes of the last hour and of the last day.
    pub(super) fn rates(&self) -> (u64, u64) {
        (self.hour.sum(), self.day.sum())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_older_than_an_hour_is_forgotten_and_than_a_day_too() {
        let mut growth = Growth::new();
        growth.add(1_000_000, 5);
        growth.add(1_001_800, 7);
        assert_eq!(growth.rates(), (12, 12));
        growth.add(1_003_720, 0);
        assert_eq!(growth.rates(), (7, 12));
        growth.add(1_000_000 + 86_400, 1);
        assert_eq!(growth.rates(), (1, 8), "the hour of the first slot is over");
        growth.add(u64::MAX, 0);
        assert_eq!(growth.rates(), (0, 0));
        growth.add(5, 3);
        assert_eq!(growth.rates(), (3, 3), "a clock set back");
    }
}
