//! Feature bits (BOLT 9).

use super::fields::FieldValue;

/// The feature bits that are set, ascending. Bits count from the end: the last byte holds bits 0
/// to 7, as BOLT 9 numbers them. Bytes beyond what a message can hold (65,535) are not looked at.
///
/// ```
/// use fulgurite_core::gossip::wire::feature_bits;
///
/// assert_eq!(feature_bits(&[0x02, 0x81]).collect::<Vec<_>>(), [0, 7, 9]);
/// ```
pub fn feature_bits(features: &[u8]) -> impl Iterator<Item = u32> {
    (0..u32::from(u16::MAX)).zip(features.iter().rev()).flat_map(|(index, &byte)| {
        (0..8u32).filter(move |bit| byte >> bit & 1 == 1).map(move |bit| index * 8 + bit)
    })
}

/// Features as a field to be shown.
pub(super) fn show(features: &[u8]) -> FieldValue {
    FieldValue::Features(feature_bits(features).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use alloc::vec::Vec;

    #[test]
    fn bits_count_from_the_last_byte() {
        assert_eq!(feature_bits(&[]).count(), 0);
        assert_eq!(feature_bits(&[0, 0]).count(), 0);
        // The features of the nodes in pyln/simple.v15.gs.
        let bits: Vec<u32> = feature_bits(&[0x88, 0x98, 0x88, 0x0a, 0x8a, 0x59, 0xa1]).collect();
        assert_eq!(bits, [0, 5, 7, 8, 11, 12, 14, 17, 19, 23, 25, 27, 35, 39, 43, 44, 47, 51, 55]);
    }

    #[test]
    fn the_longest_field_has_its_last_bit() {
        let mut bytes = vec![0u8; 65_535];
        bytes[0] = 0x80;
        assert_eq!(feature_bits(&bytes).collect::<Vec<_>>(), [65_535 * 8 - 1]);
    }
}
