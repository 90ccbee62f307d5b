//! A naive reader of bbolt files, from the description of the format: it follows the tree by
//! recursion, holds everything, and gives up at the first thing that bbolt's own check or
//! its assertions would not let pass. Slow and short, to hold the engine's against.

use std::collections::BTreeSet;

/// An entry: the keys of the buckets that it is in, its key, its value; none for a bucket.
pub(crate) type Entry = (Vec<Vec<u8>>, Vec<u8>, Option<Vec<u8>>);

/// A sound file.
#[derive(Debug, Default)]
pub(crate) struct Sound {
    /// In the order of the walk.
    pub(crate) entries: Vec<Entry>,
}

/// Deeper than this nobody goes; the engine stops at 64 pages or buckets.
const DEEP: usize = 60;

struct Reader<'a> {
    bytes: &'a [u8],
    page_size: usize,
    hwm: u64,
    used: BTreeSet<u64>,
    entries: Vec<Entry>,
}

fn number<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk().copied()
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    number(bytes, at).map(u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<usize> {
    number(bytes, at).map(|bytes| u32::from_le_bytes(bytes) as usize)
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    number(bytes, at).map(u64::from_le_bytes)
}

/// Where the metas stand if both are sound, and the newer one's fields.
struct Meta {
    root: u64,
    freelist: u64,
    hwm: u64,
    txid: u64,
}

/// The sum over the first 56 bytes of a meta.
pub(crate) fn sum(meta: &[u8]) -> u64 {
    meta.iter().take(56).fold(0xcbf2_9ce4_8422_2325, |sum, byte| {
        (sum ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

fn meta(bytes: &[u8], page: usize, page_size: usize) -> Option<Meta> {
    let page_bytes = bytes.get(page * page_size..)?;
    let body = page_bytes.get(16..80)?;
    let sound = u64_at(page_bytes, 0)? == page as u64
        && u16_at(page_bytes, 8)? == 4
        && u32_at(body, 0)? == 0xed0c_daed
        && u32_at(body, 4)? == 2
        && u32_at(body, 8)? == page_size
        && u64_at(body, 56)? == sum(body);
    let meta = Meta {
        root: u64_at(body, 16)?,
        freelist: u64_at(body, 32)?,
        hwm: u64_at(body, 40)?,
        txid: u64_at(body, 48)?,
    };
    let leads = |page| page >= 2 && page < meta.hwm;
    (sound && leads(meta.root) && (meta.freelist == u64::MAX || leads(meta.freelist)))
        .then_some(meta)
}

/// Reads a file; nothing if anything is wrong with it.
pub(crate) fn read(bytes: &[u8]) -> Option<Sound> {
    let page_size = u32_at(bytes, 24)?;
    if !page_size.is_power_of_two() || !(1_024..=1 << 24).contains(&page_size) {
        return None;
    }
    let (zero, one) = (meta(bytes, 0, page_size)?, meta(bytes, 1, page_size)?);
    // Each transaction writes the other meta: the even ones the first.
    if zero.txid.abs_diff(one.txid) != 1 || zero.txid % 2 != 0 {
        return None;
    }
    let newer = if one.txid > zero.txid { one } else { zero };
    let len = (bytes.len() / page_size) as u64;
    if newer.hwm > len {
        return None;
    }
    let (hwm, used) = (newer.hwm, BTreeSet::new());
    let mut reader = Reader { bytes, page_size, hwm, used, entries: Vec::new() };
    let free = reader.freelist(newer.freelist)?;
    reader.tree(newer.root, &[], 0)?;
    if free.iter().any(|page| reader.used.contains(page)) {
        return None;
    }
    // Whatever nothing leads to is free, if a list says which pages are.
    let all = newer.freelist == u64::MAX
        || (2..newer.hwm).all(|page| reader.used.contains(&page) || free.contains(&page));
    all.then_some(Sound { entries: reader.entries })
}

impl<'a> Reader<'a> {
    /// A page with its overflow, which nobody has used before.
    fn page(&mut self, page: u64) -> Option<&'a [u8]> {
        if page < 2 || page >= self.hwm {
            return None;
        }
        let start = usize::try_from(page).ok()? * self.page_size;
        if u64_at(self.bytes, start)? != page {
            return None;
        }
        let overflow = u32_at(self.bytes, start + 12)? as u64;
        if page + overflow >= self.hwm {
            return None;
        }
        for one in page..=page + overflow {
            if !self.used.insert(one) {
                return None;
            }
        }
        let end = start + (usize::try_from(overflow).ok()? + 1) * self.page_size;
        self.bytes.get(start..end)
    }

    fn freelist(&mut self, page: u64) -> Option<BTreeSet<u64>> {
        let mut free = BTreeSet::new();
        if page == u64::MAX {
            return Some(free);
        }
        let bytes = self.page(page)?;
        if u16_at(bytes, 8)? != 16 {
            return None;
        }
        let (mut count, mut at) = (u64::from(u16_at(bytes, 10)?), 16);
        if count == 0xffff {
            (count, at) = (u64_at(bytes, 16)?, 24);
        }
        for index in 0..usize::try_from(count).ok()? {
            let id = u64_at(bytes, at + index.checked_mul(8)?)?;
            if id < 2 || id >= self.hwm || !free.insert(id) {
                return None;
            }
        }
        Some(free)
    }

    /// A bucket's tree, with the keys of the buckets around it.
    fn tree(&mut self, root: u64, path: &[Vec<u8>], depth: usize) -> Option<()> {
        let none: (&[u8], Option<&[u8]>) = (&[], None);
        self.node(root, path, none, depth, path.len())
    }

    fn node(
        &mut self,
        page: u64,
        path: &[Vec<u8>],
        bounds: (&[u8], Option<&[u8]>),
        depth: usize,
        buckets: usize,
    ) -> Option<()> {
        if depth >= DEEP || buckets >= DEEP {
            return None;
        }
        let bytes = self.page(page)?;
        let leaf = match u16_at(bytes, 8)? {
            1 => false,
            2 => true,
            _ => return None,
        };
        let elements = elements(bytes, leaf, bounds)?;
        let empty = elements.is_empty();
        // Only a bucket's first page may be empty, and behind its header stand zeros.
        if empty && (!leaf || depth > 0 || bytes.get(16..)?.iter().any(|byte| *byte != 0)) {
            return None;
        }
        // No more overflow than the elements need, and one page.
        let end = elements.iter().map(|element| element.end).max().unwrap_or(16);
        if bytes.len() / self.page_size > end.div_ceil(self.page_size).max(1) + 1 {
            return None;
        }
        for (index, element) in elements.iter().enumerate() {
            let Element { key, value, flags, child, .. } = *element;
            if !leaf {
                let high = elements.get(index + 1).map(|next| next.key).or(bounds.1);
                self.node(child, path, (key, high), depth + 1, buckets)?;
                continue;
            }
            if flags == 0 {
                self.entries.push((path.to_vec(), key.to_vec(), Some(value.to_vec())));
                continue;
            }
            self.entries.push((path.to_vec(), key.to_vec(), None));
            let path = [path, &[key.to_vec()]].concat();
            match u64_at(value, 0)? {
                0 => self.inline(value.get(16..)?, &path)?,
                root => {
                    value.get(..16)?;
                    self.node(root, &path, (&[], None), 0, buckets + 1)?;
                }
            }
        }
        Some(())
    }

    /// A bucket inside its element: one leaf, without buckets.
    fn inline(&mut self, bytes: &[u8], path: &[Vec<u8>]) -> Option<()> {
        if u16_at(bytes, 8)? != 2 || bytes.len() > self.page_size {
            return None;
        }
        for element in elements(bytes, true, (&[], None))? {
            if element.flags != 0 {
                return None;
            }
            self.entries.push((path.to_vec(), element.key.to_vec(), Some(element.value.to_vec())));
        }
        Some(())
    }
}

#[derive(Clone, Copy)]
struct Element<'a> {
    flags: usize,
    key: &'a [u8],
    value: &'a [u8],
    child: u64,
    end: usize,
}

/// The elements of a page, in order, without overlap, with keys between the bounds.
fn elements<'a>(
    bytes: &'a [u8],
    leaf: bool,
    bounds: (&[u8], Option<&[u8]>),
) -> Option<Vec<Element<'a>>> {
    let count = usize::from(u16_at(bytes, 10)?);
    let mut after = 16 + 16 * count;
    if after > bytes.len() {
        return None;
    }
    let mut all: Vec<Element<'_>> = Vec::new();
    for index in 0..count {
        let at = 16 + 16 * index;
        let (flags, pos, ksize, vsize, child) = if leaf {
            let field = |field| u32_at(bytes, at + field);
            (field(0)?, field(4)?, field(8)?, field(12)?, 0)
        } else {
            (0, u32_at(bytes, at)?, u32_at(bytes, at + 4)?, 0, u64_at(bytes, at + 8)?)
        };
        let (start, middle, end) = (at + pos, at + pos + ksize, at + pos + ksize + vsize);
        let (key, value) = (bytes.get(start..middle)?, bytes.get(middle..end)?);
        let low = all.last().map_or(key >= bounds.0, |before| key > before.key);
        let high = bounds.1.is_none_or(|high| key < high);
        let sizes = ksize > 0 && ksize <= 32_768;
        if flags > 1 || start < after || !sizes || !low || !high {
            return None;
        }
        after = end;
        all.push(Element { flags, key, value, child, end });
    }
    Some(all)
}
