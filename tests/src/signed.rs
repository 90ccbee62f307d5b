//! Stores whose signatures are real: every key is replaced by one whose secret is known, and every
//! message is signed with it.
//!
//! Signing is libsecp256k1's, hashing the crate sha2's; what is signed stands here a second time,
//! from BOLT 7, so that what the engine verifies was not made by the engine.

use std::collections::HashMap;

use secp256k1::{Message, SecretKey, ecdsa};
use sha2::{Digest as _, Sha256};

use crate::fake::Key;
use crate::frame;
use crate::walk::{Record, walk};

/// A secret, and the compressed key that belongs to it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair {
    pub(crate) secret: SecretKey,
    pub(crate) key: Key,
}

impl Pair {
    /// The same name, the same secret.
    pub(crate) fn named(name: &[u8]) -> Pair {
        let hash = Sha256::new().chain_update(b"fulgurite").chain_update(name).finalize();
        let secret = SecretKey::from_secret_bytes(hash.into()).expect("hardly ever out of range");
        Pair { secret, key: secret.public_key().serialize() }
    }

    /// A signature, r and s, s being low.
    pub(crate) fn sign(&self, digest: [u8; 32]) -> [u8; 64] {
        ecdsa::sign(Message::from_digest(digest), &self.secret).serialize_compact()
    }
}

/// What BOLT 7 has signed: the message from this byte on, hashed twice.
fn digest(message: &[u8], from: usize) -> [u8; 32] {
    Sha256::digest(Sha256::digest(&message[from..])).into()
}

/// The same store with other keys and real signatures, deleted records included. Nodes stand for
/// the nodes that were there; where their new keys are in the other order, so are the two sides of
/// the channel and the directions of its updates. Every funding key is another. Wrapped messages
/// (versions 2 and 3) and updates of channels that were not announced stay as they are.
///
/// # Panics
/// On a store that does not end with its last record, has a wrong checksum, or messages that are
/// too short.
pub fn signed(store: &[u8]) -> Vec<u8> {
    let version = *store.first().expect("a version byte");
    let mut signer = Signer::default();
    let mut out = vec![version];
    for record in walk(store).expect("a whole chain") {
        let Record { flags, timestamp, record_type, body, .. } = record;
        assert!(record.crc_ok, "a new checksum would hide damage");
        let mut body = body.to_vec();
        match record_type {
            256 => signer.announcement(&mut body),
            257 => signer.node(&mut body),
            258 => signer.update(&mut body),
            _ => {}
        }
        out.extend(frame(version, flags, timestamp, &body));
    }
    out
}

/// Who is who.
#[derive(Default)]
struct Signer {
    nodes: HashMap<Key, Pair>,
    /// By short channel id: both sides, and whether they changed places.
    channels: HashMap<[u8; 8], ([Pair; 2], bool)>,
}

impl Signer {
    fn node_of(&mut self, bytes: &[u8]) -> Pair {
        let old: Key = bytes.try_into().expect("33 bytes");
        *self.nodes.entry(old).or_insert_with(|| Pair::named(&old))
    }

    fn announcement(&mut self, body: &mut [u8]) {
        let at = 260 + usize::from(u16::from_be_bytes([body[258], body[259]])) + 32;
        let scid: [u8; 8] = body[at..at + 8].try_into().expect("8 bytes");
        let keys = at + 8;
        let mut sides = [keys, keys + 33].map(|at| self.node_of(&body[at..at + 33]));
        let swapped = sides[0].key > sides[1].key;
        if swapped {
            sides.reverse();
        }
        self.channels.insert(scid, (sides, swapped));
        let funding = [1u8, 2].map(|side| Pair::named(&[&scid[..], &[side]].concat()));
        let signers = [sides[0], sides[1], funding[0], funding[1]];
        for (index, signer) in signers.iter().enumerate() {
            body[keys + 33 * index..][..33].copy_from_slice(&signer.key);
        }
        let digest = digest(body, 258);
        for (index, signer) in signers.iter().enumerate() {
            body[2 + 64 * index..][..64].copy_from_slice(&signer.sign(digest));
        }
    }

    fn update(&mut self, body: &mut [u8]) {
        let scid: [u8; 8] = body[98..106].try_into().expect("8 bytes");
        let Some((sides, swapped)) = self.channels.get(&scid) else { return };
        body[111] ^= u8::from(*swapped);
        let side = &sides[usize::from(body[111] & 1)];
        let signature = side.sign(digest(body, 66));
        body[2..66].copy_from_slice(&signature);
    }

    fn node(&mut self, body: &mut [u8]) {
        let at = 68 + usize::from(u16::from_be_bytes([body[66], body[67]])) + 4;
        let node = self.node_of(&body[at..at + 33]);
        body[at..at + 33].copy_from_slice(&node.key);
        let signature = node.sign(digest(body, 66));
        body[2..66].copy_from_slice(&signature);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network;

    #[test]
    fn only_keys_signatures_and_directions_change() {
        let plain = network(3, 40).bytes;
        let store = signed(&plain);
        assert_eq!(store, signed(&plain));
        assert_eq!(store.len(), plain.len());
        for (old, new) in walk(&plain).unwrap().iter().zip(walk(&store).unwrap()) {
            assert!(new.crc_ok);
            assert_eq!((old.flags, old.timestamp), (new.flags, new.timestamp));
            assert_eq!(old.body.len(), new.body.len());
            if old.record_type == 258 {
                assert_eq!(old.body[66..111], new.body[66..111]);
                assert_eq!(old.body[112..], new.body[112..]);
            }
            if new.record_type == 256 {
                let at = 260 + usize::from(new.body[259]) + 40;
                assert!(new.body[at..at + 33] < new.body[at + 33..at + 66], "the lesser key first");
            }
        }
    }
}
