//! Which signatures of a message hold, whose they are and what they are on; and that both
//! implementations of the arithmetic agree.

use crate::shared;

use std::cell::RefCell;

use fulgurite_core::gossip::signatures::{
    K256, Reason, Signed, Signer, Signers, Verdict, VerifySignature, announcement_verifies,
    node_verifies, update_verifies, verifies,
};
use fulgurite_tests::fake::{Signature, key};
use fulgurite_tests::{Announcement, Direction, NodeBuilder, T0, Update, nodes, scid, vectors};
use sha2::{Digest as _, Sha256};
use shared::signatures::{Library, small};

/// Writes down what it is asked, and says yes.
#[derive(Default)]
struct Witness(RefCell<Vec<Asked>>);

/// A digest, the first byte of a signature, a key.
type Asked = ([u8; 32], u8, [u8; 33]);

impl VerifySignature for Witness {
    fn verify(&self, digest: &[u8; 32], signature: &[u8; 64], key: &[u8; 33]) -> bool {
        self.0.borrow_mut().push((*digest, signature[0], *key));
        true
    }
}

fn hash_twice(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(Sha256::digest(bytes)).into()
}

fn announcement() -> Announcement {
    let marks = [11, 12, 13, 14].map(|mark| Signature::Given([mark; 64]));
    Announcement { signatures: marks, ..Announcement::new(scid("103x1x0"), nodes(1, 2)) }
}

fn update(direction: Direction) -> Update {
    let mark = Signature::Given([21; 64]);
    Update { signature: mark, ..Update::new(scid("103x1x0"), direction, T0) }
}

#[test]
fn both_implementations_give_every_vector_its_answer() {
    for vector in vectors() {
        let [library, rust] = [&Library as &dyn VerifySignature, &K256]
            .map(|verifier| verifier.verify(&vector.digest, &vector.signature, &vector.key));
        assert_eq!((library, rust), (vector.holds, vector.holds), "{}", vector.name);
    }
}

#[test]
fn an_announcement_has_four_signatures_on_what_follows_them() {
    let mut body = announcement().encode();
    // Unknown fields behind the known ones are signed like the rest.
    body.extend([1, 1, 7]);
    let witness = Witness::default();
    assert_eq!(announcement_verifies(&body, &witness), Verdict::Valid);
    let digest = hash_twice(&body[258..]);
    let at = 260 + usize::from(body[259]) + 40;
    let asked = (0..4u8).map(|index| {
        let at = at + 33 * usize::from(index);
        (digest, 11 + index, body[at..at + 33].try_into().unwrap())
    });
    assert_eq!(*witness.0.borrow(), asked.collect::<Vec<_>>());
    let found = Signed::announcement(&body).unwrap();
    assert_eq!(found.bytes(), &body[258..]);
    let signers: Vec<_> = found.claims().map(|claim| claim.signer).collect();
    assert_eq!(signers, [Signer::Node1, Signer::Node2, Signer::Bitcoin1, Signer::Bitcoin2]);
}

#[test]
fn an_update_is_signed_by_the_node_of_its_direction() {
    let (one, two) = (key(1), key(2));
    for (direction, asked, signer) in
        [(Direction::One, one, Signer::Node1), (Direction::Two, two, Signer::Node2)]
    {
        // With and without the maximum, and with a TLV behind it.
        let long = update(direction).htlc_maximum(5).encode();
        for body in [update(direction).encode(), long.clone(), [long, vec![1, 1, 7]].concat()] {
            let witness = Witness::default();
            assert_eq!(update_verifies(&body, &one, &two, &witness), Verdict::Valid);
            assert_eq!(*witness.0.borrow(), [(hash_twice(&body[66..]), 21, asked)]);
            let found = Signed::update(&body, Some(&[one, two])).unwrap();
            assert_eq!(found.claims().next().unwrap().signer, signer);
        }
    }
}

#[test]
fn a_node_signs_for_itself() {
    let body = NodeBuilder::new(3, T0).signed(Signature::Given([31; 64])).extra(&[9, 9]).encode();
    let witness = Witness::default();
    assert_eq!(node_verifies(&body, &witness), Verdict::Valid);
    assert_eq!(*witness.0.borrow(), [(hash_twice(&body[66..]), 31, key(3))]);
}

#[test]
fn wrapped_messages_are_what_is_inside() {
    let wrap = |kind: u16, inner: &[u8], behind: &[u8]| {
        let len = u16::try_from(inner.len()).unwrap();
        [&kind.to_be_bytes()[..], &len.to_be_bytes(), inner, behind].concat()
    };
    let (bare, node) = (announcement().encode(), NodeBuilder::new(3, T0).encode());
    let update = update(Direction::Two).encode();
    let ends = |_| Some([key(1), key(2)]);
    for (inner, outer) in [
        (&bare, wrap(4096, &bare, &[0; 8])),
        (&update, wrap(4097, &update, &[])),
        (&node, wrap(4098, &node, &[])),
        (&update, wrap(4102, &update, &[])),
    ] {
        assert_eq!(Signed::of(&outer, ends), Signed::of(inner, ends));
        assert!(Signed::of(&outer, ends).is_ok());
    }
}

#[test]
fn what_cannot_be_verified_is_said_to_be_so() {
    let unverifiable = |body: &[u8]| match verifies(body, |_| None, &Witness::default()) {
        Verdict::Unverifiable(reason) => reason,
        other => panic!("{other:?}"),
    };
    assert_eq!(unverifiable(&update(Direction::One).encode()), Reason::NoAnnouncement);
    let whole = announcement().encode();
    for len in 2..whole.len() {
        assert_eq!(unverifiable(&whole[..len]), Reason::Malformed, "{len}");
    }
    assert_eq!(unverifiable(&[]), Reason::Malformed);
    assert_eq!(unverifiable(&fulgurite_tests::wire::channel_amount(5)), Reason::NotSigned);
    let verdict = node_verifies(&whole, &Witness::default());
    assert_eq!(verdict, Verdict::Unverifiable(Reason::NotSigned));
}

#[test]
fn nobody_signed_what_is_all_zero() {
    let zero = Announcement { signatures: [Signature::Zero; 4], ..announcement() };
    assert_eq!(announcement_verifies(&zero.encode(), &K256), Verdict::AllZero);
    let zero = Update { signature: Signature::Zero, ..update(Direction::One) }.encode();
    // Also where nothing is known of the channel: no key could change it.
    assert_eq!(verifies(&zero, |_| None, &K256), Verdict::AllZero);
    let three = [Signature::Zero, Signature::Zero, Signature::Zero, Signature::Given([1; 64])];
    let some = Announcement { signatures: three, ..announcement() }.encode();
    let all = Signer::ALL.into_iter().take(4).fold(Signers::NONE, Signers::with);
    assert_eq!(announcement_verifies(&some, &K256), Verdict::Invalid { by: all });
}

#[test]
fn no_bit_of_a_signed_message_can_be_turned() {
    let store = small();
    let span = store.of_type(256).next().expect("there is one");
    let body = store.body(span).to_vec();
    assert_eq!(announcement_verifies(&body, &Library), Verdict::Valid);
    let all = Signer::ALL.into_iter().take(4).fold(Signers::NONE, Signers::with);
    for bit in 0..8 * body.len() {
        let mut wrong = body.clone();
        wrong[bit / 8] ^= 1 << (bit % 8);
        let expected = match bit / 8 {
            // Another type, or another length of the features.
            0 | 1 | 258 | 259 => {
                assert!(!announcement_verifies(&wrong, &Library).is_valid(), "bit {bit}");
                continue;
            }
            byte @ 2..258 => {
                let signer = Signer::ALL[(byte - 2) / 64];
                Verdict::Invalid { by: Signers::NONE.with(signer) }
            }
            _ => Verdict::Invalid { by: all },
        };
        assert_eq!(announcement_verifies(&wrong, &Library), expected, "bit {bit}");
        if bit % 97 == 0 {
            assert_eq!(announcement_verifies(&wrong, &K256), expected, "bit {bit}");
        }
    }
}
