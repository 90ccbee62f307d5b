//! What stands in for keys, signatures and chance, the same on every run and every machine.
//!
//! Keys have the form of compressed points (33 bytes, 02 or 03 first) but most are on no curve,
//! and signatures are bytes drawn from what they sign: neither survives a cryptographic check.

/// A node's or funding key as BOLT 7 sends it.
pub type Key = [u8; 33];

/// The key of node `number`: the same number, the same key.
pub fn key(number: u32) -> Key {
    point(u64::from(number) << 8 | 1)
}

/// The keys of two nodes in the order that BOLT 7 demands of a channel: the lesser first, which
/// is not always that of the first number.
///
/// # Panics
/// If both are the same node.
pub fn nodes(a: u32, b: u32) -> [Key; 2] {
    assert_ne!(a, b, "a channel has two nodes");
    let mut pair = [key(a), key(b)];
    pair.sort_unstable();
    pair
}

/// The funding keys of a channel.
pub(crate) fn funding_keys(scid: u64) -> [Key; 2] {
    [point(scid << 8 | 2), point(scid << 8 | 3)]
}

/// The uuid of a store, by number.
pub fn uuid(number: u64) -> [u8; 32] {
    let mut uuid = [0; 32];
    Rng::new(number << 8 | 4).fill(&mut uuid);
    uuid
}

/// Who signed, where a message has a signature.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Signature {
    /// Bytes drawn from the message and never zero: they look like a signature and are none.
    #[default]
    Fake,
    /// The same with eight bytes drawn and each of them there eight times: packed, a store takes a
    /// third of what it takes with [`Signature::Fake`].
    Short,
    /// 64 zero bytes, as in messages of private channels and in stores whose signatures were
    /// stripped.
    Zero,
    /// These bytes, for instance of a real message.
    Given([u8; 64]),
}

impl Signature {
    /// The 64 bytes for the signer in this place (0 for the first) under `signed`.
    pub(crate) fn bytes(self, place: u64, signed: &[u8]) -> [u8; 64] {
        match self {
            Signature::Given(bytes) => bytes,
            Signature::Zero => [0; 64],
            Signature::Fake => drawn(place, signed),
            Signature::Short => {
                let eight: [u8; 8] = drawn(place, signed);
                std::array::from_fn(|at| eight[at % 8])
            }
        }
    }
}

/// Bytes drawn from what is signed and from the place, none of them zero.
fn drawn<const N: usize>(place: u64, signed: &[u8]) -> [u8; N] {
    let mut bytes = [0; N];
    Rng::new(hash(signed).wrapping_add(place)).fill(&mut bytes);
    bytes.map(|byte| byte.max(1))
}

/// A small generator of numbers (SplitMix64): enough for fixtures, no dependency, no surprise.
#[derive(Clone, Debug)]
pub struct Rng(u64);

impl Rng {
    /// One seed, one sequence.
    pub fn new(seed: u64) -> Rng {
        Rng(seed)
    }

    /// The next 64 bits.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    /// A number below `limit`, which may not be 0.
    pub fn below(&mut self, limit: u32) -> u32 {
        u32::try_from(self.draw() % u64::from(limit)).expect("less than a u32")
    }

    /// An index into something of this length, which may not be 0.
    pub fn index(&mut self, len: usize) -> usize {
        let len = u32::try_from(len).expect("fewer than 2^32 things");
        usize::try_from(self.below(len)).expect("less than a usize")
    }

    /// True this many times in a hundred.
    pub fn percent(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// Fills a buffer.
    pub fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.draw().to_be_bytes()[..chunk.len()]);
        }
    }

    /// This many bytes.
    pub fn bytes(&mut self, len: usize) -> Vec<u8> {
        let mut bytes = vec![0; len];
        self.fill(&mut bytes);
        bytes
    }
}

fn point(seed: u64) -> Key {
    let mut key = [0; 33];
    Rng::new(seed).fill(&mut key);
    key[0] = 2 + (key[0] & 1);
    key
}

/// FNV-1a.
fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_is_that_of_splitmix64() {
        // The published first outputs for the seed 1234567.
        let mut rng = Rng::new(1_234_567);
        assert_eq!(rng.draw(), 6_457_827_717_110_365_317);
        assert_eq!(rng.draw(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn keys_are_stable_distinct_and_sorted_in_a_channel() {
        assert_eq!(key(1), key(1));
        assert_ne!(key(1), key(2));
        assert!((1..200).all(|n| matches!(key(n)[0], 2 | 3)));
        assert!((2..200).all(|n| nodes(1, n).is_sorted() && nodes(1, n) == nodes(n, 1)));
    }

    #[test]
    fn fake_signatures_have_no_zero_byte_and_differ_by_place() {
        let first = Signature::Fake.bytes(0, b"message");
        assert!(first.iter().all(|byte| *byte != 0));
        assert_ne!(first, Signature::Fake.bytes(1, b"message"));
        assert_ne!(first, Signature::Fake.bytes(0, b"messagf"));
    }
}
