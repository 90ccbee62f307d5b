//! What a report may say of secrets: nothing, unless revealing was asked for. Hashes and other keys
//! get pseudonyms by the order of their first appearance, so that rows can still be joined.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cell::RefCell;

use super::invoice::Circuit;
use crate::sorting::{sort, sort_by_key};
use crate::text;

/// Pseudonyms of one kind of key.
#[derive(Clone, Debug, Default)]
struct Names<K: Ord> {
    /// Sorted by key.
    known: Vec<(K, u32)>,
    later: BTreeMap<K, u32>,
}

impl<K: Ord + Copy> Names<K> {
    /// Names all of these in their order, after those that have names already.
    fn extend(&mut self, keys: impl Iterator<Item = K>) {
        let mut new: Vec<(K, u32)> =
            keys.filter(|key| self.get(key).is_none()).zip(self.next()..).collect();
        // The first appearance of each counts; then the numbers are closed up.
        sort(&mut new);
        new.dedup_by(|later, first| later.0 == first.0);
        sort_by_key(&mut new, |(_, number)| *number);
        let first = self.next();
        self.known.extend(new.into_iter().zip(first..).map(|((key, _), number)| (key, number)));
        sort(&mut self.known);
    }

    fn next(&self) -> u32 {
        u32::try_from(self.known.len() + self.later.len()).unwrap_or(u32::MAX).saturating_add(1)
    }

    fn get(&self, key: &K) -> Option<u32> {
        let place = self.known.binary_search_by(|(known, _)| known.cmp(key)).ok();
        let known = place.and_then(|place| self.known.get(place)).map(|(_, number)| *number);
        known.or_else(|| self.later.get(key).copied())
    }

    fn name(&mut self, key: K) -> u32 {
        self.get(&key).unwrap_or_else(|| {
            let number = self.next();
            self.later.insert(key, number);
            number
        })
    }
}

/// Pseudonyms of everything that must not be told. One of them serves both sides of a migration,
/// so that the same hash has the same name on either.
#[derive(Clone, Debug, Default)]
pub struct Pseudonyms {
    hashes: Names<[u8; 32]>,
    addresses: Names<[u8; 32]>,
    sets: Names<[u8; 32]>,
    circuits: Names<Circuit>,
}

impl Pseudonyms {
    /// Names payment hashes in this order.
    pub fn name_hashes(&mut self, hashes: impl Iterator<Item = [u8; 32]>) {
        self.hashes.extend(hashes);
    }

    /// Names payment addresses in this order.
    pub fn name_addresses(&mut self, addresses: impl Iterator<Item = [u8; 32]>) {
        self.addresses.extend(addresses);
    }

    /// Names ids of AMP sets in this order.
    pub fn name_sets(&mut self, sets: impl Iterator<Item = [u8; 32]>) {
        self.sets.extend(sets);
    }
}

/// How much is told.
#[derive(Clone, Debug, Default)]
pub struct Privacy {
    reveal: bool,
    names: RefCell<Pseudonyms>,
}

impl Privacy {
    /// Nothing secret is told; what has a name in `names` already keeps it.
    pub fn redacted(names: Pseudonyms) -> Privacy {
        Privacy { reveal: false, names: RefCell::new(names) }
    }

    /// Everything is told, as it was asked for.
    pub fn revealed() -> Privacy {
        Privacy { reveal: true, names: RefCell::default() }
    }

    /// Whether everything is told.
    pub fn reveals(&self) -> bool {
        self.reveal
    }

    /// The pseudonyms so far.
    pub fn into_pseudonyms(self) -> Pseudonyms {
        self.names.into_inner()
    }

    /// Names more keys in an order of the caller's, before they are shown.
    pub fn name(&self, name: impl FnOnce(&mut Pseudonyms)) {
        if let Ok(mut names) = self.names.try_borrow_mut() {
            name(&mut names);
        }
    }

    /// A payment hash: `hash#1`.
    pub fn hash(&self, hash: &[u8; 32]) -> String {
        self.or_name(|| text::hex(hash), "hash", |names| names.hashes.name(*hash))
    }

    /// A payment address: `address#1`.
    pub fn address(&self, address: &[u8; 32]) -> String {
        self.or_name(|| text::hex(address), "address", |names| names.addresses.name(*address))
    }

    /// The id of an AMP set: `set#1`.
    pub fn set(&self, set: &[u8; 32]) -> String {
        self.or_name(|| text::hex(set), "set", |names| names.sets.name(*set))
    }

    /// An HTLC of a channel: `circuit#1`; revealed, `899494x897x1:17`.
    pub fn circuit(&self, circuit: Circuit) -> String {
        let shown = || {
            let Circuit { channel, htlc } = circuit;
            format!("{}x{}x{}:{htlc}", channel >> 40, channel >> 16 & 0xff_ffff, channel & 0xffff)
        };
        self.or_name(shown, "circuit", |names| names.circuits.name(circuit))
    }

    /// Bytes that have no name of their own and are never joined.
    pub fn secret(&self, bytes: &[u8]) -> String {
        if self.reveal { text::hex(bytes) } else { "redacted".into() }
    }

    /// An amount; redacted, only its magnitude: `10^6` is from a million up to ten million.
    pub fn amount(&self, amount: u64) -> String {
        if self.reveal || amount == 0 {
            return amount.to_string();
        }
        format!("10^{}", amount.ilog10())
    }

    fn or_name(
        &self,
        shown: impl FnOnce() -> String,
        kind: &str,
        name: impl FnOnce(&mut Pseudonyms) -> u32,
    ) -> String {
        if self.reveal {
            return shown();
        }
        match self.names.try_borrow_mut() {
            Ok(mut names) => format!("{kind}#{}", name(&mut names)),
            Err(_) => format!("{kind}#?"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_by_first_appearance() {
        let mut names = Pseudonyms::default();
        names.name_hashes([[9; 32], [1; 32], [9; 32], [5; 32]].into_iter());
        let privacy = Privacy::redacted(names);
        let shown = [[5; 32], [9; 32], [7; 32], [1; 32], [7; 32]].map(|hash| privacy.hash(&hash));
        assert_eq!(shown, ["hash#3", "hash#1", "hash#4", "hash#2", "hash#4"]);
        privacy.name(|names| names.name_hashes([[7; 32], [8; 32]].into_iter()));
        assert_eq!(privacy.hash(&[8; 32]), "hash#5");
    }

    #[test]
    fn what_is_told_is_asked_for() {
        let circuit = Circuit { channel: 899_494 << 40 | 897 << 16 | 1, htlc: 17 };
        assert_eq!(Privacy::revealed().circuit(circuit), "899494x897x1:17");
        let privacy = Privacy::default();
        assert_eq!(privacy.circuit(circuit), "circuit#1");
        assert_eq!(privacy.secret(&[1; 32]), "redacted");
        assert_eq!([0, 9, 10, 9_999_999].map(|a| privacy.amount(a)), ["0", "10^0", "10^1", "10^6"]);
        assert_eq!(Privacy::revealed().amount(1_234), "1234");
    }
}
