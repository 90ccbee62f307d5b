//! The bytes of a sound bbolt file, by page and element, for reading and for changing.

/// What an element leads to: a page beneath, or a bucket's first page.
#[derive(Clone, Debug)]
pub struct Edge {
    /// The page that the element is on.
    pub parent: u64,
    /// Its index.
    pub index: usize,
    /// Where the page number stands.
    pub at: usize,
    /// The page number.
    pub child: u64,
    /// The name of the top-level bucket, or nothing.
    pub top: Vec<u8>,
}

/// A bbolt file.
#[derive(Clone, Debug)]
pub struct File {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Bytes of a page.
    pub page_size: usize,
}

impl File {
    /// A file whose first meta page is sound.
    pub fn new(bytes: Vec<u8>) -> File {
        let page_size = u32::from_le_bytes(bytes[24..28].try_into().expect("four bytes"));
        File { bytes, page_size: page_size as usize }
    }

    /// A number of 16 bits.
    pub fn u16(&self, at: usize) -> u16 {
        u16::from_le_bytes(self.bytes[at..at + 2].try_into().expect("two bytes"))
    }

    /// A number of 32 bits.
    pub fn u32(&self, at: usize) -> u32 {
        u32::from_le_bytes(self.bytes[at..at + 4].try_into().expect("four bytes"))
    }

    /// A number of 64 bits.
    pub fn u64(&self, at: usize) -> u64 {
        u64::from_le_bytes(self.bytes[at..at + 8].try_into().expect("eight bytes"))
    }

    /// Writes bytes.
    pub fn put(&mut self, at: usize, bytes: &[u8]) {
        self.bytes[at..at + bytes.len()].copy_from_slice(bytes);
    }

    /// Where a page begins.
    pub fn page(&self, page: u64) -> usize {
        usize::try_from(page).expect("a page of the file") * self.page_size
    }

    /// The page of the meta with the higher transaction.
    pub fn newest(&self) -> u64 {
        u64::from(self.u64(self.page(1) + 16 + 48) > self.u64(16 + 48))
    }

    /// Where a field of a meta stands: 16 root, 32 freelist, 40 high water mark, 48 transaction.
    pub fn meta(&self, page: u64, field: usize) -> usize {
        self.page(page) + 16 + field
    }

    /// Writes a meta's checksum anew.
    pub fn seal(&mut self, page: u64) {
        let at = self.meta(page, 0);
        let sum = self.bytes[at..at + 56].iter().fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| {
            (sum ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        self.put(at + 56, &sum.to_le_bytes());
    }

    /// The page of the root bucket.
    pub fn root(&self) -> u64 {
        self.u64(self.meta(self.newest(), 16))
    }

    /// One more than the last page in use.
    pub fn hwm(&self) -> u64 {
        self.u64(self.meta(self.newest(), 40))
    }

    /// A page's flags.
    pub fn flags(&self, page: u64) -> u16 {
        self.u16(self.page(page) + 8)
    }

    /// Whether it is a leaf.
    pub fn is_leaf(&self, page: u64) -> bool {
        self.flags(page) == 2
    }

    /// How many elements a page has.
    pub fn count(&self, page: u64) -> usize {
        self.u16(self.page(page) + 10).into()
    }

    /// How many pages behind a page belong to it.
    pub fn overflow(&self, page: u64) -> u32 {
        self.u32(self.page(page) + 12)
    }

    /// Where an element stands.
    pub fn element(&self, page: u64, index: usize) -> usize {
        self.page(page) + 16 + 16 * index
    }

    /// Where an element's key stands, its length, and its value's.
    pub fn key(&self, page: u64, index: usize) -> (usize, usize, usize) {
        let at = self.element(page, index);
        let (pos, ksize, vsize) = if self.is_leaf(page) {
            (self.u32(at + 4), self.u32(at + 8), self.u32(at + 12))
        } else {
            (self.u32(at), self.u32(at + 4), 0)
        };
        (at + pos as usize, ksize as usize, vsize as usize)
    }

    /// Whether an element of a leaf is a bucket.
    pub fn is_bucket(&self, page: u64, index: usize) -> bool {
        self.is_leaf(page) && self.u32(self.element(page, index)) & 1 != 0
    }

    /// Where the value of an element of a leaf stands.
    pub fn value(&self, page: u64, index: usize) -> usize {
        let (key, ksize, _) = self.key(page, index);
        key + ksize
    }

    /// What each page of the tree leads to, from the root on.
    pub fn edges(&self) -> Vec<Edge> {
        let mut all = Vec::new();
        let mut todo = vec![(self.root(), Vec::new(), true)];
        while let Some((page, top, in_root)) = todo.pop() {
            for index in 0..self.count(page) {
                let (key, ksize, _) = self.key(page, index);
                let at = if !self.is_leaf(page) {
                    self.element(page, index) + 8
                } else if self.is_bucket(page, index) && self.u64(self.value(page, index)) != 0 {
                    self.value(page, index)
                } else {
                    continue;
                };
                let leaf = self.is_leaf(page);
                let names = in_root && leaf;
                let top = if names { self.bytes[key..key + ksize].to_vec() } else { top.clone() };
                let child = self.u64(at);
                todo.push((child, top.clone(), in_root && !leaf));
                all.push(Edge { parent: page, index, at, child, top });
            }
        }
        all
    }

    /// Pages of the tree in a top-level bucket (all of them for the empty name), leaves or
    /// branches, those with the most elements first.
    pub fn pages(&self, top: &[u8], leaf: bool) -> Vec<u64> {
        let mut pages: Vec<u64> = self
            .edges()
            .into_iter()
            .filter(|edge| (top.is_empty() || edge.top == top) && self.is_leaf(edge.child) == leaf)
            .map(|edge| edge.child)
            .collect();
        pages.sort_by_key(|page| (std::cmp::Reverse(self.count(*page)), *page));
        pages
    }
}
