//! Signatures verified by libsecp256k1: the library that lightningd itself uses, so that what holds
//! here is what holds there.

use std::cell::RefCell;

use fulgurite_core::gossip::signatures::VerifySignature;
use secp256k1::{Message, PublicKey, ecdsa};

/// libsecp256k1 with a memory for keys. One for each thread.
pub(crate) struct Libsecp {
    /// Keys that were made into points, each in the one place where it may stand.
    keys: RefCell<Box<[Option<Known>]>>,
}

/// A key as it is sent, and as a point.
#[derive(Clone, Copy)]
struct Known {
    bytes: [u8; 33],
    point: PublicKey,
}

impl Libsecp {
    /// A power of two, above the number of nodes of the network of 2026. Making a point of a key
    /// costs a square root, a tenth of a verification, and a node signs with one key for all its
    /// channels. 3 MB for each thread.
    const PLACES: usize = 1 << 15;

    /// No key known yet.
    pub(crate) fn new() -> Libsecp {
        Libsecp { keys: RefCell::new(vec![None; Self::PLACES].into_boxed_slice()) }
    }

    /// The point of a key; `None` where the key is not one of the curve's.
    fn point(&self, key: &[u8; 33]) -> Option<PublicKey> {
        // A stranger may choose keys that share a place: then each is made anew, as without memory.
        let place = usize::from(u16::from_be_bytes([key[31], key[32]])) % Self::PLACES;
        let mut keys = self.keys.borrow_mut();
        let slot = keys.get_mut(place)?;
        match slot {
            Some(known) if known.bytes == *key => Some(known.point),
            _ => {
                let point = PublicKey::from_byte_array_compressed(*key).ok()?;
                *slot = Some(Known { bytes: *key, point });
                Some(point)
            }
        }
    }
}

impl VerifySignature for Libsecp {
    fn verify(&self, digest: &[u8; 32], signature: &[u8; 64], key: &[u8; 33]) -> bool {
        let Ok(signature) = ecdsa::Signature::from_compact(signature) else { return false };
        let Some(point) = self.point(key) else { return false };
        ecdsa::verify(&signature, Message::from_digest(*digest), &point).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fulgurite_core::gossip::signatures::K256;

    #[test]
    fn every_vector_has_its_answer_whatever_was_asked_before() {
        let vectors = fulgurite_tests::vectors();
        let ours = Libsecp::new();
        // The second time round keys are known.
        for vector in vectors.iter().chain(vectors.iter().rev()) {
            let (digest, signature, key) = (&vector.digest, &vector.signature, &vector.key);
            assert_eq!(ours.verify(digest, signature, key), vector.holds, "{}", vector.name);
            assert_eq!(K256.verify(digest, signature, key), vector.holds, "{}", vector.name);
        }
    }

    #[test]
    fn keys_that_share_a_place_are_told_apart() {
        let vectors = fulgurite_tests::vectors();
        let sound = vectors.iter().find(|vector| vector.holds).expect("one of them holds");
        let ours = Libsecp::new();
        let holds = |key: &[u8; 33]| ours.verify(&sound.digest, &sound.signature, key);
        assert!(holds(&sound.key));
        // The same place: the last bytes are the same.
        let mut other = sound.key;
        other[0] ^= 1;
        assert!(!holds(&other));
        assert!(holds(&sound.key));
        let mut none = sound.key;
        none[0] = 9;
        assert!(!holds(&none));
        assert!(holds(&sound.key));
    }
}
