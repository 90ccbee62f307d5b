//! Binary data as characters of a document in UTF-16: 95 bits in six of them.
//!
//! The page is mostly packed data. Each of its characters takes 16 bits and may be any of 29 × 2¹¹:
//! U+0800 to U+D7FF and U+E000 to U+F7FF. That leaves out all of ASCII, so nothing in it is markup
//! or a line's end, all surrogates, which are no characters, and the end of the plane, where those
//! are that mark the order of bytes or mean nothing. The low 11 bits of a character are free, what
//! is above is a digit of base 29, and 29⁶ is a little more than 2²⁹. So it costs one percent, where
//! printable ASCII costs 23 and base64 33. `web/js/boot.js` reads it.

/// Bits that every character carries by itself.
const LOW: u32 = 11;

/// What a character may have above those.
const BASE: u32 = 29;

/// Bits that the digits of six characters carry together.
const DIGITS: u32 = 29;

/// Characters in a group.
const GROUP: usize = 6;

/// The digit of the surrogates, and of all above them that moves up by one.
const SURROGATES: u32 = 0xD800 >> LOW;

/// Writes the characters. Zeros fill the last group.
pub(super) fn encode(bytes: &[u8]) -> Vec<u16> {
    let mut bits = Bits { bytes, at: 0 };
    let mut characters = Vec::with_capacity(bytes.len() * 48 / 95 + GROUP);
    while bits.at < bytes.len() * 8 {
        let mut digits = bits.take(DIGITS);
        for _ in 0..GROUP {
            characters.push(character(digits % BASE, bits.take(LOW)));
            digits /= BASE;
        }
    }
    characters
}

fn character(digit: u32, low: u32) -> u16 {
    // The first 2¹¹ are left out.
    let above = digit + 1;
    let above = if above < SURROGATES { above } else { above + 1 };
    u16::try_from(above << LOW | low).expect("a digit of base 29 leads to 30 at most")
}

/// Bits of bytes, the least significant first, and zeros behind them.
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn take(&mut self, count: u32) -> u32 {
        let mut value = 0;
        for place in 0..count {
            let byte = self.bytes.get(self.at / 8).copied().unwrap_or(0);
            value |= u32::from(byte >> (self.at % 8) & 1) << place;
            self.at += 1;
        }
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As the boot script does it, group by group; what fills the last one stays.
    fn decode(characters: &[u16]) -> Vec<u8> {
        let (mut held, mut bits, mut out) = (0_u64, 0, Vec::new());
        let mut push = |value: u32, count| {
            held |= u64::from(value) << bits;
            bits += count;
            while bits >= 8 {
                out.push(held.to_le_bytes()[0]);
                held >>= 8;
                bits -= 8;
            }
        };
        for group in characters.chunks(GROUP) {
            let digit = |character: &u16| {
                let above = u32::from(*character) >> LOW;
                above - 1 - u32::from(above > SURROGATES)
            };
            push(group.iter().rev().fold(0, |number, one| number * BASE + digit(one)), DIGITS);
            for one in group {
                push(u32::from(*one) % (1 << LOW), LOW);
            }
        }
        out
    }

    #[test]
    fn every_value_of_two_bytes_comes_back() {
        let all: Vec<u8> = (0..=u16::MAX).flat_map(u16::to_le_bytes).collect();
        // Each at twelve places in a group.
        for before in 0..12 {
            let bytes = [vec![0xa5; before], all.clone()].concat();
            let back = decode(&encode(&bytes));
            assert_eq!(back[..bytes.len()], bytes);
            assert!(back.len() < bytes.len() + 12 && back[bytes.len()..].iter().all(|b| *b == 0));
        }
    }

    #[test]
    fn every_length_comes_back() {
        let bytes: Vec<u8> = (0..600_u32).map(|i| (i * i * 7 + i / 3).to_le_bytes()[0]).collect();
        for len in 0..bytes.len() {
            let characters = encode(&bytes[..len]);
            assert_eq!(characters.len() % GROUP, 0);
            assert_eq!(decode(&characters)[..len], bytes[..len], "{len}");
        }
        assert_eq!(decode(&encode(&[255; 95])), [255; 95]);
    }

    #[test]
    fn every_character_is_one_that_nothing_changes() {
        let mut met = std::collections::BTreeSet::new();
        for digit in 0..BASE {
            met.extend((0..1 << LOW).map(|low| character(digit, low)));
        }
        let allowed = (0x0800..=0xD7FF).chain(0xE000..=0xF7FF);
        assert!(met.iter().copied().eq(allowed));
        // By hand: 2 is the first digit's; bit 29 is the lowest of the first character's low ones.
        assert_eq!(encode(&[2, 0, 0, 0x20])[..2], [0x1801, 0x0800]);
    }
}
