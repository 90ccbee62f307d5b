//! Stand-ins for 32 bytes: 24 zero bytes, a tag of four letters, an ordinal.

use alloc::collections::BTreeMap;

/// What the 32 bytes were.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tag {
    /// A payment hash.
    Hash,
    /// A preimage: the ordinal is that of its SHA-256 among the hashes.
    Preimage,
    /// A payment address.
    Address,
    /// The id of a set of AMP payments.
    Set,
    /// Other 32 bytes, such as a root share.
    Other,
}

impl Tag {
    const ALL: [(Tag, &'static [u8; 4]); 5] = [
        (Tag::Hash, b"hash"),
        (Tag::Preimage, b"prei"),
        (Tag::Address, b"addr"),
        (Tag::Set, b"set_"),
        (Tag::Other, b"some"),
    ];

    fn bytes(self) -> &'static [u8; 4] {
        Tag::ALL.iter().find(|(tag, _)| *tag == self).map_or(b"some", |(_, bytes)| bytes)
    }
}

/// What a pseudonym stands for; `None` for 32 bytes that are none.
///
/// ```
/// use fulgurite_core::kv::dump::{Pseudonyms, Tag, pseudonym};
///
/// let mut pseudonyms = Pseudonyms::default();
/// let first = pseudonyms.of(Tag::Hash, &[0x5a; 32]);
/// assert_eq!(pseudonyms.of(Tag::Hash, &[0x5a; 32]), first);
/// assert_eq!(pseudonym(&first), Some((Tag::Hash, 1)));
/// assert_eq!(pseudonym(&[0x5a; 32]), None);
/// ```
pub fn pseudonym(bytes: &[u8]) -> Option<(Tag, u32)> {
    let (zeros, rest) = bytes.split_first_chunk::<24>()?;
    let (tag, ordinal) = rest.split_first_chunk::<4>()?;
    let (tag, _) = Tag::ALL.iter().find(|(_, bytes)| *bytes == tag)?;
    let ordinal = u32::from_be_bytes(ordinal.try_into().ok()?);
    (*zeros == [0; 24] && ordinal > 0).then_some((*tag, ordinal))
}

/// Hands out pseudonyms: ordinals by first appearance, of each tag from 1.
#[derive(Debug, Default)]
pub struct Pseudonyms {
    known: BTreeMap<(Tag, [u8; 32]), u32>,
    counts: BTreeMap<Tag, u32>,
}

impl Pseudonyms {
    /// The pseudonym of these bytes. 32 zero bytes, which mean "none" in LND's stores, stay so.
    pub fn of(&mut self, tag: Tag, bytes: &[u8; 32]) -> [u8; 32] {
        if *bytes == [0; 32] {
            return *bytes;
        }
        let ordinal = self.ordinal(tag, bytes);
        let mut out = [0; 32];
        if let Some((_, rest)) = out.split_first_chunk_mut::<24>()
            && let Some((letters, number)) = rest.split_first_chunk_mut::<4>()
        {
            *letters = *tag.bytes();
            number.copy_from_slice(&ordinal.to_be_bytes());
        }
        out
    }

    /// The pseudonym of a preimage, whose payment hash is this.
    pub fn preimage_of(&mut self, hash: &[u8; 32]) -> [u8; 32] {
        let mut out = self.of(Tag::Hash, hash);
        if let Some(letters) = out.get_mut(24..28) {
            letters.copy_from_slice(Tag::Preimage.bytes());
        }
        out
    }

    fn ordinal(&mut self, tag: Tag, bytes: &[u8; 32]) -> u32 {
        let count = self.counts.entry(tag).or_default();
        *self.known.entry((tag, *bytes)).or_insert_with(|| {
            *count = count.saturating_add(1);
            *count
        })
    }
}
