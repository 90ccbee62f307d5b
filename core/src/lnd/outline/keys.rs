//! How a key is shown: LND's own names and numbers as they are, what identifies or pays by a
//! pseudonym.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use crate::lnd::privacy::Privacy;
use crate::lnd::redactor::is_name;
use crate::text;

/// Shows keys.
pub(super) struct Keys {
    privacy: Privacy,
    /// Ordinals of keys that have no other name.
    others: BTreeMap<Vec<u8>, u32>,
}

impl Keys {
    pub(super) fn new(privacy: Privacy) -> Keys {
        Keys { privacy, others: BTreeMap::new() }
    }

    /// The key of a bucket inside the bucket at `path`.
    pub(super) fn bucket(&mut self, path: &[&[u8]], key: &[u8]) -> String {
        self.value(path, key)
    }

    /// The key of a value in the bucket at `path`.
    pub(super) fn value(&mut self, path: &[&[u8]], key: &[u8]) -> String {
        if is_name(key) {
            return text::visible(key);
        }
        match (path, key.len()) {
            ([b"invoices"], 4)
            | ([b"invoices", b"invoice-add-index" | b"invoice-settle-index"], 8) => number(key),
            ([b"invoices"], 36) => {
                let (invoice, set) = key.split_at_checked(4).unwrap_or_default();
                match set.try_into() {
                    Ok(set) => format!("{}/{}", number(invoice), self.privacy.set(set)),
                    Err(_) => self.other(key),
                }
            }
            ([b"invoices", b"paymenthashes"], _) => self.named(key, Privacy::hash),
            ([b"pay-addr-index"], _) => self.named(key, Privacy::address),
            ([b"set-id-index"], _) => self.named(key, Privacy::set),
            _ => self.other(key),
        }
    }

    fn named(&mut self, key: &[u8], name: impl Fn(&Privacy, &[u8; 32]) -> String) -> String {
        match key.try_into() {
            Ok(key) => name(&self.privacy, key),
            Err(_) => self.other(key),
        }
    }

    fn other(&mut self, key: &[u8]) -> String {
        if self.privacy.reveals() {
            return format!("0x{}", text::hex(key));
        }
        let next = u32::try_from(self.others.len()).unwrap_or(u32::MAX).saturating_add(1);
        let ordinal = *self.others.entry(key.to_vec()).or_insert(next);
        format!("key#{ordinal}")
    }
}

/// A big-endian number of up to eight bytes.
fn number(bytes: &[u8]) -> String {
    bytes.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte)).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_stand_and_the_rest_is_renamed() {
        let mut keys = Keys::new(Privacy::default());
        let invoices: &[&[u8]] = &[b"invoices"];
        assert_eq!(keys.value(&[], b"open-chan-bucket"), "open-chan-bucket");
        assert_eq!(keys.value(invoices, &[0, 0, 1, 2]), "258");
        let set = [&[0, 0, 0, 7][..], &[9; 32]].concat();
        assert_eq!(keys.value(invoices, &set), "7/set#1");
        assert_eq!(keys.value(&[b"set-id-index"], &[9; 32]), "set#1");
        assert_eq!(
            keys.value(&[b"invoices", b"invoice-add-index"], &[0, 0, 0, 0, 0, 0, 1, 0]),
            "256"
        );
        assert_eq!(keys.value(&[b"invoices", b"paymenthashes"], &[5; 32]), "hash#1");
        assert_eq!(keys.value(&[b"pay-addr-index"], &[6; 32]), "address#1");
        assert_eq!(keys.bucket(&[b"open-chan-bucket"], &[2; 33]), "key#1");
        assert_eq!(keys.bucket(&[b"graph-node"], &[3; 33]), "key#2");
        assert_eq!(keys.bucket(&[b"open-chan-bucket"], &[2; 33]), "key#1");
    }

    #[test]
    fn what_is_revealed_is_hexadecimal() {
        let mut keys = Keys::new(Privacy::revealed());
        assert_eq!(keys.value(&[b"pay-addr-index"], &[0xab; 32]), "ab".repeat(32));
        assert_eq!(keys.value(&[b"peers-bucket"], &[2, 0xff]), "0x02ff");
    }
}
