//! A tiny writer of bbolt files: pages as told, sound or not, for shapes that bbolt never writes.

/// A file being written.
#[derive(Clone, Debug)]
pub struct Writer {
    page_size: usize,
    pages: Vec<Vec<u8>>,
}

impl Writer {
    /// A file of that page size; its root bucket begins on page 2.
    pub fn new(page_size: usize) -> Writer {
        Writer { page_size, pages: Vec::new() }
    }

    /// The number of the page that is written next.
    pub fn next(&self) -> u64 {
        let bytes: usize = self.pages.iter().map(Vec::len).sum();
        (bytes / self.page_size) as u64 + 2
    }

    /// Adds a branch: keys and pages.
    #[must_use]
    pub fn branch(self, elements: &[(&[u8], u64)]) -> Writer {
        let elements = elements.iter().map(|(key, page)| {
            let mut element = u32::try_from(key.len()).expect("a short key").to_le_bytes().to_vec();
            element.extend(page.to_le_bytes());
            (element, key.to_vec())
        });
        self.page(1, &elements.collect::<Vec<_>>())
    }

    /// Adds a leaf: flags (1 for a bucket), keys and values.
    #[must_use]
    pub fn leaf(self, elements: &[(u32, &[u8], &[u8])]) -> Writer {
        self.page(2, &leaf(elements))
    }

    fn page(mut self, flags: u16, elements: &[(Vec<u8>, Vec<u8>)]) -> Writer {
        let id = self.next();
        let mut page = image(id, flags, elements);
        let pages = page.len().div_ceil(self.page_size);
        let overflow = u32::try_from(pages - 1).expect("a short page");
        page[12..16].copy_from_slice(&overflow.to_le_bytes());
        page.resize(pages * self.page_size, 0);
        self.pages.push(page);
        self
    }

    /// The file: both metas, no freelist.
    pub fn build(self) -> Vec<u8> {
        let hwm = self.next();
        let mut bytes = Vec::new();
        for txid in 0..2_u64 {
            let mut page = header(txid, 4, 0);
            let size = u32::try_from(self.page_size).expect("a page size");
            for number in [0xed0c_daed, 2, size, 0] {
                page.extend(number.to_le_bytes());
            }
            for number in [2, 0, u64::MAX, hwm, txid] {
                page.extend(number.to_le_bytes());
            }
            let sum = page[16..].iter().fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| {
                (sum ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
            });
            page.extend(sum.to_le_bytes());
            page.resize(self.page_size, 0);
            bytes.extend(page);
        }
        bytes.extend(self.pages.concat());
        bytes
    }
}

/// The value of a bucket whose tree begins on that page.
pub fn bucket(root: u64, sequence: u64) -> Vec<u8> {
    [root.to_le_bytes(), sequence.to_le_bytes()].concat()
}

/// The value of an inline bucket.
pub fn inline(sequence: u64, elements: &[(u32, &[u8], &[u8])]) -> Vec<u8> {
    [bucket(0, sequence), image(0, 2, &leaf(elements))].concat()
}

fn leaf(elements: &[(u32, &[u8], &[u8])]) -> Vec<(Vec<u8>, Vec<u8>)> {
    let element = |(flags, key, value): &(u32, &[u8], &[u8])| {
        let mut sizes = u32::try_from(key.len()).expect("a short key").to_le_bytes().to_vec();
        sizes.extend(u32::try_from(value.len()).expect("a short value").to_le_bytes());
        let flags = flags.to_le_bytes().to_vec();
        ([flags, sizes].concat(), [*key, *value].concat())
    };
    elements.iter().map(element).collect()
}

fn header(id: u64, flags: u16, count: usize) -> Vec<u8> {
    let count = u16::try_from(count).expect("few elements");
    let mut header = id.to_le_bytes().to_vec();
    header.extend(flags.to_le_bytes());
    header.extend(count.to_le_bytes());
    header.extend([0; 4]);
    header
}

/// A page of elements (their numbers without the position) and what belongs to them.
fn image(id: u64, flags: u16, elements: &[(Vec<u8>, Vec<u8>)]) -> Vec<u8> {
    let mut page = header(id, flags, elements.len());
    let mut data = Vec::new();
    for (index, (numbers, bytes)) in elements.iter().enumerate() {
        let pos = 16 * (elements.len() - index) + data.len();
        let pos = u32::try_from(pos).expect("a short page").to_le_bytes();
        // On a leaf the position stands behind the flags, on a branch it comes first.
        let flags = if flags == 2 { 4 } else { 0 };
        page.extend(&numbers[..flags]);
        page.extend(pos);
        page.extend(&numbers[flags..]);
        data.extend(bytes);
    }
    [page, data].concat()
}
