//! Feature bits of an invoice.

use alloc::vec::Vec;

/// Feature bits, as they were stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Features {
    /// A big-endian bit field (lnwire's `EncodeBase256`): bit 0 is the lowest of the last byte.
    Bits(Vec<u8>),
    /// One row for each bit, in ascending order.
    Rows(Vec<i64>),
}

impl Default for Features {
    fn default() -> Self {
        Features::Bits(Vec::new())
    }
}

impl Features {
    /// Whether that very bit is set.
    pub fn has(&self, bit: u32) -> bool {
        match self {
            Features::Bits(bytes) => usize::try_from(bit / 8)
                .ok()
                .and_then(|place| bytes.iter().rev().nth(place))
                .is_some_and(|byte| byte >> (bit % 8) & 1 == 1),
            Features::Rows(rows) => rows.binary_search(&bit.into()).is_ok(),
        }
    }

    /// The bits that are set, the lowest first.
    pub fn iter(&self) -> impl Iterator<Item = i64> {
        let (bytes, rows): (&[u8], &[i64]) = match self {
            Features::Bits(bytes) => (bytes, &[]),
            Features::Rows(rows) => (&[], rows),
        };
        let bits = bytes.iter().rev().zip((0_i64..).step_by(8)).flat_map(|(byte, first)| {
            let set = (0..8).filter(move |bit| byte >> bit & 1 == 1);
            set.map(move |bit| first + bit)
        });
        bits.chain(rows.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_count_from_the_end() {
        let features = Features::Bits([0x40, 0, 0, 0x02].into());
        assert_eq!(features.iter().collect::<Vec<_>>(), [1, 30]);
        assert!(features.has(30) && features.has(1) && !features.has(31) && !features.has(300));
        let rows = Features::Rows([1, 30].into());
        assert!(rows.iter().eq(features.iter()));
        assert!(rows.has(30) && !rows.has(0));
    }
}
