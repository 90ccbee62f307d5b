//! Verifying with libsecp256k1, and what came of it.

use std::cell::RefCell;
use std::collections::HashMap;

use fulgurite_core::gossip::check::{CheckJob, Fold, Options};
use fulgurite_core::gossip::scan::{Batch, Scanner};
use fulgurite_core::gossip::signatures::VerifySignature;
use fulgurite_core::job::Job as _;
use fulgurite_core::report::Report;
use fulgurite_tests::{Built, network, signed};
use secp256k1::{Message, PublicKey, ecdsa};

/// libsecp256k1, as the command has it, without a memory for keys.
pub(crate) struct Library;

impl VerifySignature for Library {
    fn verify(&self, digest: &[u8; 32], signature: &[u8; 64], key: &[u8; 33]) -> bool {
        let key = PublicKey::from_byte_array_compressed(*key);
        let signature = ecdsa::Signature::from_compact(signature);
        let (Ok(key), Ok(signature)) = (key, signature) else { return false };
        ecdsa::verify(&signature, Message::from_digest(*digest), &key).is_ok()
    }
}

/// The same, which remembers what it was asked: repair reads its inputs several times.
#[derive(Default)]
pub(crate) struct Memory(RefCell<HashMap<Asked, bool>>);

/// Digest, signature, key.
type Asked = ([u8; 32], [u8; 64], [u8; 33]);

impl VerifySignature for Memory {
    fn verify(&self, digest: &[u8; 32], signature: &[u8; 64], key: &[u8; 33]) -> bool {
        let mut known = self.0.borrow_mut();
        let asked = (*digest, *signature, *key);
        *known.entry(asked).or_insert_with(|| Library.verify(digest, signature, key))
    }
}

/// The report on a store, its signatures verified.
pub(crate) fn verified(bytes: &[u8], verifier: &dyn VerifySignature) -> Report {
    let bytes = bytes.to_vec();
    CheckJob::new(&bytes, Options::default()).verifying(verifier).run().expect("a slice is read")
}

/// Valid, invalid, zero and unverifiable records, and how many signatures were verified.
pub(crate) fn totals(report: &Report) -> [u64; 5] {
    let gossip = report.gossip.as_ref().expect("a store");
    let sums = gossip.signatures.as_ref().expect("asked for");
    let all = [sums.valid, sums.invalid, sums.all_zero, sums.unverifiable, sums.signatures];
    let rows = &sums.types;
    assert_eq!(sums.records, all[..4].iter().sum::<u64>());
    assert_eq!(sums.records, rows.iter().map(|row| row.records).sum::<u64>());
    all
}

/// A small network with real signatures.
pub(crate) fn small() -> Built {
    let plain = network(5, 60);
    Built { bytes: signed(&plain.bytes), ..plain }
}

/// What a store adds up to.
pub(crate) fn fold(bytes: &[u8]) -> Fold {
    let mut fold = Fold::new(Options::default());
    let (mut scanner, mut batch) = (Scanner::new(), Batch::new());
    scanner.push(bytes, &mut batch);
    fold.take(&scanner, bytes, &batch);
    fold
}
