//! The checksum of a record: two algorithms, told apart by the version byte.
//!
//! From version 7 it is CRC-32C continued from the header's timestamp, over the body alone. Up to
//! version 6 upstream used the same polynomial without the inversions before and after, seeded
//! with the timestamp (5 and 6) or with zero (2 to 4, whose headers have no timestamp).

/// The checksum that a store of this version keeps for a record.
pub fn crc(version: u8, timestamp: u32, body: &[u8]) -> u32 {
    match version {
        0..=4 => uninverted(0, body),
        5..=6 => uninverted(timestamp, body),
        _ => crc32c::crc32c_append(timestamp, body),
    }
}

/// CRC-32C as upstream had it before June 2019, a bit at a time.
fn uninverted(seed: u32, body: &[u8]) -> u32 {
    const POLYNOMIAL: u32 = 0x82f6_3b78;
    body.iter().fold(seed, |register, byte| {
        (0..8).fold(register ^ u32::from(*byte), |bits, _| {
            if bits & 1 == 1 { bits >> 1 ^ POLYNOMIAL } else { bits >> 1 }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_check_value_and_its_uninverted_sibling() {
        assert_eq!(crc(7, 0, b"123456789"), 0xe306_9283);
        assert_eq!(crc(6, 0xffff_ffff, b"123456789"), !0xe306_9283);
    }

    #[test]
    fn only_five_and_six_seed_the_first_crc() {
        assert_eq!(crc(4, 99, b"gossip"), crc(2, 0, b"gossip"));
        assert_eq!(crc(4, 0, b"gossip"), crc(5, 0, b"gossip"));
        assert_ne!(crc(5, 99, b"gossip"), crc(5, 0, b"gossip"));
    }

    #[test]
    fn an_empty_body_under_a_zero_header_passes() {
        assert_eq!(crc(16, 0, b""), 0);
        assert_eq!(crc(3, 0, b""), 0);
    }
}
