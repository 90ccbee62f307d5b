//! Verification in Rust alone, by the crate `k256`.

use ::k256::ecdsa::signature::hazmat::PrehashVerifier as _;
use ::k256::ecdsa::{Signature, VerifyingKey};

use super::VerifySignature;

/// The crate `k256`: no C compiler, no `std`, also in wasm. It accepts what libsecp256k1 accepts,
/// high S excluded, at a fraction of its speed.
#[derive(Clone, Copy, Debug, Default)]
pub struct K256;

impl VerifySignature for K256 {
    fn verify(&self, digest: &[u8; 32], signature: &[u8; 64], key: &[u8; 33]) -> bool {
        // Behind a 5 the crate would take a lone x for a point; upstream does not.
        if !matches!(key[0], 2 | 3) {
            return false;
        }
        let (Ok(key), Ok(signature)) =
            (VerifyingKey::from_sec1_bytes(key), Signature::from_slice(signature))
        else {
            return false;
        };
        key.verify_prehash(digest, &signature).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SHA-256 of "Satoshi Nakamoto", signed by the secret 1 as RFC 6979 says; published with many
    /// implementations. `fulgurite_tests::vectors` has the edges.
    #[test]
    fn a_published_signature_holds_and_its_mirror_does_not() {
        let digest = number("a0dc65ffca799873cbea0ac274015b9526505daaaed385155425f7337704883e");
        let r = "934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8";
        let low = "2442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5";
        let high = "dbbd3162d46e9f9bef7feb87c16dc13b4f6568a87f4e83f728e2443ba586675c";
        let key = "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";
        let holds = |s: &str| K256.verify(&digest, &number(&[r, s].concat()), &number(key));
        assert!(holds(low));
        assert!(!holds(high));
    }

    fn number<const N: usize>(digits: &str) -> [u8; N] {
        let mut number = [0; N];
        for (byte, digits) in number.iter_mut().zip(digits.as_bytes().as_chunks::<2>().0) {
            let digit = |digit: u8| char::from(digit).to_digit(16).expect("a digit");
            *byte = u8::try_from(digit(digits[0]) << 4 | digit(digits[1])).expect("two digits");
        }
        number
    }
}
