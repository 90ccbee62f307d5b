//! What a redactor is.

use alloc::vec::Vec;

/// Replaces what must not leave the machine, key by key.
///
/// It is asked about everything in the order of the walk and must give equal things for equal
/// ones, or indexes cannot be followed any more ([`Pseudonyms`](super::Pseudonyms)).
pub trait Redactor {
    /// The name of its rules, as the dump's first line has it.
    fn name(&self) -> &str;

    /// What is written for that key and value of the bucket at `path` (keys from the root, as
    /// they are in the store).
    fn redact(&mut self, path: &[&[u8]], key: &[u8], value: &[u8]) -> (Vec<u8>, Vec<u8>);

    /// What is written for the key of a bucket inside the bucket at `path`.
    fn redact_bucket(&mut self, path: &[&[u8]], key: &[u8]) -> Vec<u8> {
        self.redact(path, key, &[]).0
    }
}
