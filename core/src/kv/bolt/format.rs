//! The bytes of a bbolt file: page headers, meta pages, elements of branch and leaf pages, bucket
//! headers. Numbers stand in the byte order of the machine that wrote them, in practice
//! little-endian; a file of the other kind is recognised and not read.
//!
//! Upstream: bbolt v1.4.3, internal/common/page.go, meta.go, bucket.go.

/// A page's number; page N stands at N × page size.
pub type Pgid = u64;

/// The first four bytes of a meta, behind the page's header.
pub const MAGIC: u32 = 0xed0c_daed;

/// The only version of the format.
pub const VERSION: u32 = 2;

/// Bytes of a page's header.
pub const PAGE_HEADER: u64 = 16;

/// Bytes of an element of a branch or leaf page.
pub const ELEMENT: u64 = 16;

/// Bytes of a bucket's header, which is the beginning of its value.
pub const BUCKET_HEADER: u64 = 16;

/// Bytes of a meta, the checksum included.
pub const META: u64 = 64;

/// The longest key that bbolt takes.
pub const MAX_KEY: u64 = 32_768;

/// The freelist's page id where none is on disk, as LND has it by default.
pub const NO_FREELIST: Pgid = u64::MAX;

/// The smallest page size that bbolt finds, and the largest: 1024 << 14.
pub const PAGE_SIZES: core::ops::RangeInclusive<u64> = 1_024..=(1_024 << 14);

/// Whether this may be a page size.
pub const fn is_page_size(size: u64) -> bool {
    size.is_power_of_two() && size >= *PAGE_SIZES.start() && size <= *PAGE_SIZES.end()
}

/// What kind of page it is. The flags must equal one of these; upstream tests for equality since
/// v1.4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageType {
    /// Keys and the pages beneath them.
    Branch,
    /// Keys and values.
    Leaf,
    /// Where the tree begins.
    Meta,
    /// The numbers of free pages.
    Freelist,
}

impl PageType {
    /// The type of these flags.
    pub const fn of(flags: u16) -> Option<PageType> {
        Some(match flags {
            0x01 => PageType::Branch,
            0x02 => PageType::Leaf,
            0x04 => PageType::Meta,
            0x10 => PageType::Freelist,
            _ => return None,
        })
    }
}

/// The bytes `at .. at + N`.
pub(super) fn bytes<const N: usize>(from: &[u8], at: u64) -> Option<[u8; N]> {
    let start = usize::try_from(at).ok()?;
    from.get(start..start.checked_add(N)?)?.try_into().ok()
}

/// A number of 16 bits.
pub(super) fn u16_at(from: &[u8], at: u64) -> Option<u16> {
    bytes(from, at).map(u16::from_le_bytes)
}

/// A number of 32 bits.
pub(super) fn u32_at(from: &[u8], at: u64) -> Option<u32> {
    bytes(from, at).map(u32::from_le_bytes)
}

/// A number of 64 bits.
pub(super) fn u64_at(from: &[u8], at: u64) -> Option<u64> {
    bytes(from, at).map(u64::from_le_bytes)
}

/// A page's header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// The page's own number, as it says; 0 in an inline bucket.
    pub id: Pgid,
    /// What kind of page it is ([`PageType::of`]).
    pub flags: u16,
    /// How many elements, or ids of a freelist (65,535: the first id is their number).
    pub count: u16,
    /// How many pages follow that belong to this one and have no header.
    pub overflow: u32,
}

impl Header {
    /// Reads a header.
    pub fn read(from: &[u8]) -> Option<Header> {
        Some(Header {
            id: u64_at(from, 0)?,
            flags: u16_at(from, 8)?,
            count: u16_at(from, 10)?,
            overflow: u32_at(from, 12)?,
        })
    }

    /// What kind of page it is.
    pub const fn page_type(&self) -> Option<PageType> {
        PageType::of(self.flags)
    }
}

/// A meta: where the tree begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meta {
    /// [`MAGIC`].
    pub magic: u32,
    /// [`VERSION`].
    pub version: u32,
    /// Bytes of a page.
    pub page_size: u32,
    /// Unused.
    pub flags: u32,
    /// The page of the bucket that holds the top-level buckets.
    pub root: Pgid,
    /// That bucket's sequence, which nobody uses.
    pub sequence: u64,
    /// The page of the freelist, or [`NO_FREELIST`].
    pub freelist: Pgid,
    /// The high water mark: one more than the last page in use.
    pub hwm: Pgid,
    /// The transaction that wrote it.
    pub txid: u64,
    /// FNV-1a of the 56 bytes before it.
    pub checksum: u64,
    /// What that checksum ought to be.
    pub computed: u64,
}

impl Meta {
    /// Reads the meta behind a page's header; `from` begins with the header.
    pub fn read(from: &[u8]) -> Option<Meta> {
        let body = from.get(16..80)?;
        Some(Meta {
            magic: u32_at(body, 0)?,
            version: u32_at(body, 4)?,
            page_size: u32_at(body, 8)?,
            flags: u32_at(body, 12)?,
            root: u64_at(body, 16)?,
            sequence: u64_at(body, 24)?,
            freelist: u64_at(body, 32)?,
            hwm: u64_at(body, 40)?,
            txid: u64_at(body, 48)?,
            checksum: u64_at(body, 56)?,
            computed: fnv(body.get(..56)?),
        })
    }

    /// Whether the freelist is on disk.
    pub const fn has_freelist(&self) -> bool {
        self.freelist != NO_FREELIST
    }
}

/// FNV-1a, 64 bits.
pub fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// An element of a branch or a leaf page. Positions count from the page's first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Element {
    /// Where the element itself stands.
    pub at: u64,
    /// Where its key begins.
    pub key: u64,
    /// Bytes of the key.
    pub ksize: u64,
    /// What the key leads to.
    pub leads: Leads,
}

/// What an element's key leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leads {
    /// On a branch page: the page beneath.
    Page(Pgid),
    /// On a leaf page: bytes behind the key.
    Value {
        /// Bit 0: the value is a bucket. Nothing else is in use.
        flags: u32,
        /// Bytes of the value.
        vsize: u64,
    },
}

impl Element {
    /// Reads the element that stands at `at` of a page, which `from` begins with.
    pub fn read(from: &[u8], at: u64, leaf: bool) -> Option<Element> {
        let (pos, ksize, leads);
        if leaf {
            let flags = u32_at(from, at)?;
            pos = u32_at(from, at + 4)?;
            ksize = u32_at(from, at + 8)?;
            leads = Leads::Value { flags, vsize: u32_at(from, at + 12)?.into() };
        } else {
            pos = u32_at(from, at)?;
            ksize = u32_at(from, at + 4)?;
            leads = Leads::Page(u64_at(from, at + 8)?);
        }
        // The key's position counts from the element, not from the page.
        let key = at.checked_add(pos.into())?;
        Some(Element { at, key, ksize: ksize.into(), leads })
    }

    /// Where the value begins: right behind the key. Both are less than 2^33.
    pub const fn value(&self) -> u64 {
        self.key.saturating_add(self.ksize)
    }

    /// Where the element's key and value end.
    pub const fn end(&self) -> u64 {
        match self.leads {
            Leads::Page(_) => self.value(),
            Leads::Value { vsize, .. } => self.value().saturating_add(vsize),
        }
    }
}

/// The number of the page's element, where the element stands: its index is below 65,536.
pub const fn element_at(index: u16) -> u64 {
    PAGE_HEADER + ELEMENT * index as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_fnv_1a() {
        // Published test vectors of FNV-1a.
        assert_eq!(fnv(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv(b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fnv(b"foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn what_is_cut_short_is_not_read() {
        assert_eq!(Header::read(&[0; 15]), None);
        assert_eq!(Meta::read(&[0; 79]), None);
        assert_eq!(Element::read(&[0; 31], 16, true), None);
        assert_eq!(Element::read(&[0xff; 32], 16, true).unwrap().end(), 16 + 3 * 0xffff_ffff);
    }
}
