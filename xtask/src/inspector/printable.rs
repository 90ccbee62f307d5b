//! Binary data as printable text: 13 bits in two of 91 characters, least significant first.
//!
//! Base64 makes a third more of the data, this 23 percent, and the page is mostly packed data. The
//! characters are those of ASCII without space, `&`, `<` and `\`, so that nothing in them can end
//! the element that they stand in. What is left at the end takes one character if it fits, so that
//! the length of the text gives the length of the data. `web/js/boot.js` reads it.

/// How many characters there are.
const BASE: u32 = 91;

/// Bits in two characters: 91² is a little more than 2¹³.
const PAIR: u32 = 13;

/// Bits in the one character at the end.
const SINGLE: u32 = 6;

/// Writes the text.
pub(super) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 16 / 13 + 2);
    let (mut held, mut bits) = (0_u32, 0);
    for byte in bytes {
        held |= u32::from(*byte) << bits;
        bits += 8;
        if bits >= PAIR {
            let value = held % (1 << PAIR);
            text.extend([character(value % BASE), character(value / BASE)]);
            held >>= PAIR;
            bits -= PAIR;
        }
    }
    if bits > 0 {
        text.push(character(held % BASE));
    }
    if bits > SINGLE {
        text.push(character(held / BASE));
    }
    text
}

fn character(value: u32) -> char {
    let all = (b'!'..=b'~').filter(|byte| !b"&<\\".contains(byte));
    all.map(char::from).nth(value as usize).expect("a value is a remainder of 91, or less than 91")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As the boot script does it.
    fn decode(text: &str) -> Vec<u8> {
        let alphabet: Vec<char> = (0..BASE).map(character).collect();
        let digits: Vec<u32> = text
            .chars()
            .map(|c| u32::try_from(alphabet.iter().position(|a| *a == c).unwrap()).unwrap())
            .collect();
        let len = (digits.len() / 2 * 13 + digits.len() % 2 * 6) / 8;
        let mut out = Vec::new();
        let (mut held, mut bits) = (0, 0);
        for pair in digits.chunks(2) {
            held |= (pair[0] + pair.get(1).unwrap_or(&0) * BASE) << bits;
            bits += PAIR;
            while bits >= 8 {
                out.push((held % 256).try_into().unwrap());
                held >>= 8;
                bits -= 8;
            }
        }
        out.truncate(len);
        out
    }

    #[test]
    fn every_length_comes_back() {
        let bytes: Vec<u8> = (0..600_u32).map(|i| (i * i * 7 + i / 3).to_le_bytes()[0]).collect();
        for len in 0..bytes.len() {
            assert_eq!(decode(&encode(&bytes[..len])), bytes[..len], "{len}");
        }
        assert_eq!(decode(&encode(&[255; 99])), [255; 99]);
    }

    #[test]
    fn nothing_in_it_is_markup() {
        let all: Vec<u8> = (0..=u8::MAX).cycle().take(70_000).collect();
        let text = encode(&all);
        assert!(text.bytes().all(|byte| byte.is_ascii_graphic()));
        assert!(!text.contains(['&', '<', '\\']));
        assert!(text.len() <= all.len() * 16 / 13 + 2);
        // By hand: 0x61 0x62 is 0x6261; its low 13 bits are 609 = 6 * 91 + 63, and 3 is left.
        assert_eq!(encode(b"ab"), "c($");
    }
}
