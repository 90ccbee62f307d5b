//! Signatures that hold and signatures that do not, each with the reason why: what every
//! implementation of the check must agree on.
//!
//! Those at the edges are worked out from the equation itself. With secret 1 and nonce 1 both
//! points are the generator, r is its x, and s = z + r (mod n), z being the digest. So any s can
//! be had by choosing the digest, and any digest by choosing s.

use crate::fake::Rng;
use crate::signed::Pair;

/// One question, and its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vector {
    /// What is special about it.
    pub name: String,
    /// What was signed, or was not.
    pub digest: [u8; 32],
    /// r and s, big-endian.
    pub signature: [u8; 64],
    /// The key.
    pub key: [u8; 33],
    /// Whether upstream would accept it.
    pub holds: bool,
}

/// The order of the group, n.
const ORDER: &str = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
/// The greatest s that is low: (n - 1) / 2.
const HALF: &str = "7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0";
/// The x of the generator. Its y is even.
const G: &str = "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";
/// The field's prime plus 1: another way to write the x of 1, which is a point's.
const PRIME_AND_ONE: &str = "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc30";
/// SHA-256 of "Satoshi Nakamoto", and the deterministic signature on it (RFC 6979) by the
/// secret 1, as published with many implementations.
const NAMED: [&str; 3] = [
    "a0dc65ffca799873cbea0ac274015b9526505daaaed385155425f7337704883e",
    "934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8",
    "2442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5",
];

/// All of them: the edges, then some that were made by signing and by turning a bit.
pub fn vectors() -> Vec<Vector> {
    let mut all = edges();
    for number in 0..64 {
        generated(number, &mut all);
    }
    all
}

fn edges() -> Vec<Vector> {
    let (order, half, r) = (number(ORDER), number(HALF), number(G));
    let one = number("01");
    let zero = [0; 32];
    let [digest, named_r, named_s] = NAMED.map(number);
    let key = point(2, r);
    let high = minus(order, named_s);
    let all_ones = [0xff; 32];
    let of_all_ones = modulo_plus(minus(all_ones, order), r);
    let low = |s: [u8; 32]| if s > half { minus(order, s) } else { s };
    let vector = |name: &str, holds, digest, r, s, key| {
        let signature = joined(r, s);
        Vector { name: name.into(), digest, signature, key, holds }
    };
    let named = |name: &str, r, s, key| vector(name, false, digest, r, s, key);
    vec![
        vector("a published signature", true, digest, named_r, named_s, key),
        vector("its s made high", false, digest, named_r, high, key),
        vector("the greatest low s", true, modulo_minus(half, r), r, half, key),
        vector(
            "the least high s",
            false,
            modulo_minus(plus(half, one), r),
            r,
            plus(half, one),
            key,
        ),
        vector("s = 1", true, modulo_minus(one, r), r, one, key),
        vector("s = n - 1", false, modulo_minus(minus(order, one), r), r, minus(order, one), key),
        vector("a digest of zeros", true, zero, r, r, key),
        vector("a digest above n", true, all_ones, r, low(of_all_ones), key),
        vector("a digest of n counts as 0", true, order, r, r, key),
        named("r = 0", zero, named_s, key),
        named("s = 0", named_r, zero, key),
        named("both 0", zero, zero, key),
        named("r = n", order, named_s, key),
        named("s = n", named_r, order, key),
        named("r above n", all_ones, named_s, key),
        named("s above n", named_r, all_ones, key),
        named("r and s changed places", named_s, named_r, key),
        named("the key with the other y", named_r, named_s, point(3, r)),
        named("a key of zeros", named_r, named_s, [0; 33]),
        named("a key whose x is 0", named_r, named_s, point(2, zero)),
        named("a key whose x is no point's", named_r, named_s, point(2, number("05"))),
        named("a key whose x is not below the prime", named_r, named_s, point(2, all_ones)),
        vector("the key whose x is 1 is another's", false, zero, r, r, point(2, one)),
        vector(
            "its x plus the prime is no key",
            false,
            zero,
            r,
            r,
            point(2, number(PRIME_AND_ONE)),
        ),
        // Only 2 and 3 stand before 33 bytes: 4 is of 65, 6 and 7 were of 65, 5 is nobody's here.
        named("a key behind 0", named_r, named_s, point(0, r)),
        named("a key behind 1", named_r, named_s, point(1, r)),
        named("a key behind 4", named_r, named_s, point(4, r)),
        named("a key behind 5", named_r, named_s, point(5, r)),
        named("a key behind 6", named_r, named_s, point(6, r)),
        named("a key behind 7", named_r, named_s, point(7, r)),
        named("a key behind 255", named_r, named_s, point(255, r)),
    ]
}

/// A signature, the same with s made high, and the same with one bit turned somewhere.
fn generated(number: u64, all: &mut Vec<Vector>) {
    let mut rng = Rng::new(number << 8 | 7);
    let pair = Pair::named(&number.to_be_bytes());
    let mut digest = [0; 32];
    rng.fill(&mut digest);
    let (signature, key) = (pair.sign(digest), pair.key);
    let sound = Vector { name: format!("number {number}"), digest, signature, key, holds: true };
    let s = *signature.last_chunk().expect("of 64 bytes 32");
    let high =
        joined(*signature.first_chunk().expect("of 64 bytes 32"), minus(self::number(ORDER), s));
    all.push(Vector {
        signature: high,
        holds: false,
        name: format!("number {number}, high"),
        ..sound.clone()
    });
    for place in ["digest", "signature", "key"] {
        let name = format!("number {number}, a bit of its {place}");
        let mut wrong = Vector { name, holds: false, ..sound.clone() };
        let bytes: &mut [u8] = match place {
            "digest" => &mut wrong.digest,
            "signature" => &mut wrong.signature,
            _ => &mut wrong.key,
        };
        bytes[rng.index(bytes.len())] ^= 1 << rng.below(8);
        all.push(wrong);
    }
    all.push(sound);
}

fn joined(r: [u8; 32], s: [u8; 32]) -> [u8; 64] {
    let mut signature = [0; 64];
    signature[..32].copy_from_slice(&r);
    signature[32..].copy_from_slice(&s);
    signature
}

fn point(first: u8, x: [u8; 32]) -> [u8; 33] {
    let mut key = [first; 33];
    key[1..].copy_from_slice(&x);
    key
}

/// Hexadecimal digits as a number of 32 bytes.
fn number(digits: &str) -> [u8; 32] {
    let mut number = [0; 32];
    let start = 32 - digits.len() / 2;
    for (index, byte) in number[start..].iter_mut().enumerate() {
        *byte = u8::from_str_radix(&digits[2 * index..][..2], 16).expect("digits");
    }
    number
}

/// a + b, cut to 32 bytes.
fn plus(a: [u8; 32], b: [u8; 32]) -> [u8; 32] {
    let (mut sum, mut carry) = ([0; 32], 0u16);
    for index in (0..32).rev() {
        carry += u16::from(a[index]) + u16::from(b[index]);
        sum[index] = carry.to_be_bytes()[1];
        carry >>= 8;
    }
    sum
}

/// a - b, cut to 32 bytes.
fn minus(a: [u8; 32], b: [u8; 32]) -> [u8; 32] {
    let complement = b.map(|byte| !byte);
    plus(plus(a, complement), number("01"))
}

/// a - b modulo n, both below it.
fn modulo_minus(a: [u8; 32], b: [u8; 32]) -> [u8; 32] {
    if a >= b { minus(a, b) } else { plus(minus(a, b), number(ORDER)) }
}

/// a + b modulo n, both below it.
fn modulo_plus(a: [u8; 32], b: [u8; 32]) -> [u8; 32] {
    modulo_minus(a, minus(number(ORDER), b))
}
