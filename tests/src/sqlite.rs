//! SQLite files to test with: a seeded choice of numbers, seeded damage, and write-ahead logs in
//! the other byte order. Written from sqlite.org's description of the format; the engine is not
//! known here.

/// Numbers that look random and are the same for the same seed (splitmix64).
#[derive(Clone, Debug)]
pub struct Seeded(pub u64);

impl Seeded {
    /// The next number.
    pub fn any(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`, which is not 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.any() % bound
    }

    /// An index into something of that length, which is not 0.
    pub fn index(&mut self, len: usize) -> usize {
        usize::try_from(self.any() % len as u64).expect("it is below a usize")
    }

    /// So many bytes.
    pub fn bytes(&mut self, len: usize) -> Vec<u8> {
        (0..len).map(|_| self.any().to_le_bytes()[0]).collect()
    }
}

/// The page size of a file that SQLite wrote.
///
/// # Panics
/// If the file is shorter than its header.
pub fn page_size(file: &[u8]) -> usize {
    match u16::from_be_bytes([file[16], file[17]]) {
        1 => 65_536,
        size => usize::from(size),
    }
}

/// One kind of damage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hurt {
    /// A page of zeros.
    ZeroPage,
    /// A page of noise.
    NoisePage,
    /// A stretch of noise anywhere.
    NoiseSpan,
    /// One bit anywhere.
    Bit,
    /// Bytes in the first 12 of a page: type, number of cells, content, right child.
    PageHead,
    /// A cell pointer.
    CellPointer,
    /// The file ends early, between two pages.
    Cut,
    /// Two pages change places.
    Swap,
    /// A page is a copy of another.
    Copy,
    /// One half of a page is that of another: a torn write.
    Torn,
}

impl Hurt {
    /// All of them.
    pub const ALL: [Hurt; 10] = [
        Hurt::ZeroPage,
        Hurt::NoisePage,
        Hurt::NoiseSpan,
        Hurt::Bit,
        Hurt::PageHead,
        Hurt::CellPointer,
        Hurt::Cut,
        Hurt::Swap,
        Hurt::Copy,
        Hurt::Torn,
    ];

    /// Does it to a file of at least three pages. Page 1 stays whole: without it SQLite's own
    /// tools know no tables.
    pub fn apply(self, file: &mut Vec<u8>, seed: &mut Seeded) {
        let size = page_size(file);
        let pages = file.len() / size;
        let page = 1 + seed.index(pages - 1);
        let other = 1 + seed.index(pages - 1);
        let at = page * size;
        match self {
            Hurt::ZeroPage => file[at..at + size].fill(0),
            Hurt::NoisePage => {
                let noise = seed.bytes(size);
                file[at..at + size].copy_from_slice(&noise);
            }
            Hurt::NoiseSpan => {
                let len = 1 + seed.index(64);
                let noise = seed.bytes(len);
                let start = size + seed.index(file.len() - size - len);
                file[start..start + len].copy_from_slice(&noise);
            }
            Hurt::Bit => {
                let start = size + seed.index(file.len() - size);
                file[start] ^= 1 << seed.below(8);
            }
            Hurt::PageHead => file[at + seed.index(12)] = seed.any().to_le_bytes()[0],
            Hurt::CellPointer => {
                let pointer = at + 8 + 2 * seed.index(8);
                let noise = seed.bytes(2);
                file[pointer..pointer + 2].copy_from_slice(&noise);
            }
            Hurt::Cut => file.truncate(page.max(2) * size),
            Hurt::Swap => {
                let copy = file[at..at + size].to_vec();
                file.copy_within(other * size..(other + 1) * size, at);
                file[other * size..(other + 1) * size].copy_from_slice(&copy);
            }
            Hurt::Copy => file.copy_within(other * size..(other + 1) * size, at),
            Hurt::Torn => {
                file.copy_within(other * size + size / 2..(other + 1) * size, at + size / 2);
            }
        }
    }
}

/// The same log with its checksums in big-endian words, as a host of the other byte order writes
/// them.
pub fn big_endian_wal(log: &[u8]) -> Vec<u8> {
    let mut out = log.to_vec();
    if out.len() < 32 {
        return out;
    }
    let size = usize::try_from(u32::from_be_bytes([log[8], log[9], log[10], log[11]]))
        .expect("a page size");
    let salts: [u8; 8] = log[16..24].try_into().expect("eight bytes");
    out[3] |= 1;
    let mut sum = [0; 2];
    add(&mut sum, &out[..24]);
    write(&mut out[24..32], sum);
    let mut at = 32;
    while at + 24 + size <= out.len() && out[at + 8..at + 16] == salts {
        add(&mut sum, &out[at..at + 8]);
        let page = out[at + 24..at + 24 + size].to_vec();
        add(&mut sum, &page);
        write(&mut out[at + 16..at + 24], sum);
        at += 24 + size;
    }
    out
}

fn add(sum: &mut [u32; 2], bytes: &[u8]) {
    for pair in bytes.chunks_exact(8) {
        let word =
            |at: usize| u32::from_be_bytes([pair[at], pair[at + 1], pair[at + 2], pair[at + 3]]);
        sum[0] = sum[0].wrapping_add(word(0)).wrapping_add(sum[1]);
        sum[1] = sum[1].wrapping_add(word(4)).wrapping_add(sum[0]);
    }
}

fn write(out: &mut [u8], sum: [u32; 2]) {
    out[..4].copy_from_slice(&sum[0].to_be_bytes());
    out[4..].copy_from_slice(&sum[1].to_be_bytes());
}
