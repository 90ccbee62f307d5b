//! The checksum of a record: CRC-32C seeded with the header's timestamp.
//!
//! Upstream computes `crc32c(timestamp, body, len)`: it continues a CRC-32C whose value so far is
//! the *number* `timestamp`. Flags and length are not covered. Versions 2 to 6 used a mistaken
//! CRC-32C without the inversions before and after (ccan/crc before 2019-06-11, corrected with
//! version 7).
//!
//! Natively the crate `crc32c` does the work (feature `hw-crc`); in `no_std` and wasm, tables of
//! our own do. Both are tested to agree.

use alloc::vec::Vec;
use core::ops::Range;
use core::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use super::format::Layout;

/// CRC-32C's polynomial, reflected.
const POLYNOMIAL: u32 = 0x82f6_3b78;

/// What is looked up, made by whoever comes first: 18 KiB of noise that the page would have to carry
/// otherwise. Who comes at the same time writes the same numbers.
struct Table {
    /// The register after a byte and so many zero bytes (slicing by 16).
    registers: [[AtomicU32; 256]; 16],
    /// x⁸ⁿ for n below 256, and x²⁰⁴⁸ⁿ for n below 256.
    powers: [[AtomicU32; 256]; 2],
    made: AtomicBool,
}

static TABLE: Table = Table {
    registers: [const { [const { AtomicU32::new(0) }; 256] }; 16],
    powers: [const { [const { AtomicU32::new(0) }; 256] }; 2],
    made: AtomicBool::new(false),
};

#[expect(
    clippy::inline_always,
    reason = "where size counts, calls are left that cost more than they do"
)]
impl Table {
    /// The table, made.
    fn ready() -> &'static Table {
        if !TABLE.made.load(Ordering::Acquire) {
            TABLE.make();
        }
        &TABLE
    }

    #[cold]
    fn make(&self) {
        for (byte, place) in (0..).zip(&self.registers[0]) {
            place.store(after_byte(byte), Ordering::Relaxed);
        }
        for (before, here) in self.registers.iter().zip(self.registers.iter().skip(1)) {
            for (before, here) in before.iter().zip(here) {
                let before = before.load(Ordering::Relaxed);
                here.store(self.zero_byte(before), Ordering::Relaxed);
            }
        }
        let mut step = 0x0080_0000;
        for powers in &self.powers {
            let mut power = 0x8000_0000;
            for place in powers {
                place.store(power, Ordering::Relaxed);
                power = multiply(power, step);
            }
            // The last, multiplied once more.
            step = power;
        }
        self.made.store(true, Ordering::Release);
    }

    #[inline(always)]
    fn at(&self, zeros: usize, byte: u8) -> u32 {
        self.registers[zeros][usize::from(byte)].load(Ordering::Relaxed)
    }

    /// The register after one more zero byte.
    #[inline(always)]
    fn zero_byte(&self, register: u32) -> u32 {
        (register >> 8) ^ self.at(0, register.to_le_bytes()[0])
    }

    /// The register after four bytes, the first in the lowest eight bits, and so many zero bytes. In
    /// pairs: none waits for the one before.
    #[inline(always)]
    fn four(&self, zeros: usize, bytes: u32) -> u32 {
        let [first, second, third, last] = bytes.to_le_bytes();
        (self.at(zeros + 3, first) ^ self.at(zeros + 2, second))
            ^ (self.at(zeros + 1, third) ^ self.at(zeros, last))
    }
}

/// The register after a byte, without a table.
const fn after_byte(byte: u32) -> u32 {
    let mut register = byte;
    let mut bit = 0;
    while bit < 8 {
        register = (register >> 1) ^ (POLYNOMIAL & (register & 1).wrapping_neg());
        bit += 1;
    }
    register
}

/// The checksum of `body` in a store of this layout, seeded with the header's timestamp.
pub fn checksum(layout: Layout, timestamp: u32, body: &[u8]) -> u32 {
    #[cfg(test)]
    counted::add(body.len());
    match layout {
        Layout::Long => crc32c(timestamp, body),
        Layout::Short | Layout::LongFirstCrc => update(timestamp, body),
    }
}

/// Continues a CRC-32C whose value so far is `seed`.
#[cfg(feature = "hw-crc")]
pub fn crc32c(seed: u32, bytes: &[u8]) -> u32 {
    crc32c::crc32c_append(seed, bytes)
}

/// Continues a CRC-32C whose value so far is `seed`.
#[cfg(not(feature = "hw-crc"))]
pub fn crc32c(seed: u32, bytes: &[u8]) -> u32 {
    crc32c_by_table(seed, bytes)
}

/// The same by tables, for comparison and for machines without the instruction.
pub fn crc32c_by_table(seed: u32, bytes: &[u8]) -> u32 {
    !update(!seed, bytes)
}

/// Feeds bytes to the bare register, sixteen at a time: each of them waits for the register before
/// it, so fewer, longer steps are faster, and of each step only four bytes wait.
pub(crate) fn update(mut register: u32, bytes: &[u8]) -> u32 {
    let table = Table::ready();
    let (words, rest) = bytes.as_chunks::<4>();
    let (steps, words) = words.as_chunks::<4>();
    for &[a, b, c, d] in steps {
        let [a, b, c, d] = [a, b, c, d].map(u32::from_le_bytes);
        let rest = table.four(8, b) ^ table.four(4, c) ^ table.four(0, d);
        register = table.four(12, register ^ a) ^ rest;
    }
    for &word in words {
        register = table.four(0, register ^ u32::from_le_bytes(word));
    }
    for &byte in rest {
        register = table.zero_byte(register ^ u32::from(byte));
    }
    register
}

/// `a · b` modulo the polynomial, both reflected (bit 31 is x⁰).
const fn multiply(mut a: u32, mut b: u32) -> u32 {
    let mut product = 0;
    while b != 0 {
        // The highest bit is the constant term.
        if b & 0x8000_0000 != 0 {
            product ^= a;
        }
        b <<= 1;
        a = (a >> 1) ^ (POLYNOMIAL & (a & 1).wrapping_neg());
    }
    product
}

/// The register after `len` more zero bytes, in constant time. `len` is at most 65,535.
fn shift(register: u32, len: usize) -> u32 {
    let [low, high, ..] = len.to_le_bytes();
    let powers = &Table::ready().powers;
    let power = |place: usize, n: u8| powers[place][usize::from(n)].load(Ordering::Relaxed);
    multiply(multiply(register, power(0, low)), power(1, high))
}

/// Checksums of any range of one buffer in constant time, from registers kept every 64 bytes.
///
/// Resynchronisation asks for the checksum of a candidate at nearly every offset; computed afresh
/// each time, a hostile file would make that quadratic. Registers are made on demand, so that a
/// small wound costs little, and from a base that moves on, so that a large one needs no memory.
#[derive(Debug, Default)]
pub(crate) struct Prefixes {
    /// The position of the buffer at which the first register stands.
    base: usize,
    /// `registers[i]`: the register, begun with 0 at `base`, before byte `base + 64 · i`.
    registers: Vec<u32>,
}

impl Prefixes {
    const STRIDE: usize = 64;
    /// Once a range starts this far behind the base, the base moves.
    const REACH: usize = 1 << 20;

    /// Forgets the buffer; to be called whenever another one is looked at.
    pub(crate) fn reset(&mut self) {
        self.registers.clear();
    }

    /// Makes sure that ranges within `start..=end` can be answered.
    fn cover(&mut self, buffer: &[u8], start: usize, end: usize) {
        if self.registers.is_empty() || start < self.base || start - self.base > Self::REACH {
            self.base = start;
            self.registers.clear();
            self.registers.push(0);
        }
        let mut done = self.base + (self.registers.len() - 1) * Self::STRIDE;
        let mut register = self.registers.last().copied().unwrap_or(0);
        while done + Self::STRIDE <= end {
            let Some(block) = buffer.get(done..done + Self::STRIDE) else { break };
            #[cfg(test)]
            counted::add(block.len());
            register = update(register, block);
            self.registers.push(register);
            done += Self::STRIDE;
        }
    }

    /// The register, begun with 0 at the base, before byte `at`.
    fn before(&self, buffer: &[u8], at: usize) -> Option<u32> {
        let block = (at - self.base) / Self::STRIDE;
        let rest = buffer.get(self.base + block * Self::STRIDE..at)?;
        #[cfg(test)]
        counted::add(rest.len());
        Some(update(*self.registers.get(block)?, rest))
    }

    /// The checksum of `buffer[start..end]`; `None` where the range is not in the buffer or is
    /// longer than a body can be.
    pub(crate) fn checksum(
        &mut self,
        layout: Layout,
        buffer: &[u8],
        timestamp: u32,
        start: usize,
        end: usize,
    ) -> Option<u32> {
        let body = buffer.get(start..end).filter(|body| body.len() <= super::format::MAX_BODY)?;
        if body.len() <= 4 * Self::STRIDE {
            return Some(checksum(layout, timestamp, body));
        }
        self.cover(buffer, start, end);
        let register = self.behind(buffer, seed(layout, timestamp), start..end)?;
        Some(finished(layout, register))
    }

    /// The checksum of the two ranges one behind the other, whichever of them comes first; `None`
    /// where one is not in the buffer or longer than a body can be. All of the buffer is gone
    /// through at the first call, so it is for buffers whose length is bounded.
    pub(crate) fn joined(
        &mut self,
        layout: Layout,
        buffer: &[u8],
        timestamp: u32,
        head: Range<usize>,
        tail: Range<usize>,
    ) -> Option<u32> {
        self.cover(buffer, 0, buffer.len());
        let register = self.behind(buffer, seed(layout, timestamp), head)?;
        Some(finished(layout, self.behind(buffer, register, tail)?))
    }

    /// The register after a range that is covered.
    fn behind(&self, buffer: &[u8], register: u32, range: Range<usize>) -> Option<u32> {
        let len = range.end.checked_sub(range.start)?;
        let zeros = (len <= super::format::MAX_BODY).then_some(len)?;
        let before = self.before(buffer, range.start)?;
        Some(shift(before ^ register, zeros) ^ self.before(buffer, range.end)?)
    }
}

/// The register that a checksum begins with.
fn seed(layout: Layout, timestamp: u32) -> u32 {
    match layout {
        Layout::Long => !timestamp,
        Layout::Short | Layout::LongFirstCrc => timestamp,
    }
}

/// The checksum that a register is at the end.
fn finished(layout: Layout, register: u32) -> u32 {
    match layout {
        Layout::Long => !register,
        Layout::Short | Layout::LongFirstCrc => register,
    }
}

/// How many bytes this thread has put through a checksum: what tests on hostile input count.
#[cfg(test)]
pub(crate) mod counted {
    extern crate std;

    use core::cell::Cell;

    std::thread_local!(static BYTES: Cell<u64> = const { Cell::new(0) });

    pub(super) fn add(bytes: usize) {
        BYTES.set(BYTES.get() + bytes as u64);
    }

    /// The count so far; from here on it begins at 0.
    pub(crate) fn take() -> u64 {
        BYTES.replace(0)
    }
}

/// What flipping a bit (0 has value 1) of the body byte that `after` bytes follow does to the
/// checksum; see [`crate::gossip::damage::flips`] for its use.
pub(crate) fn syndrome_of_bit(bit: u32, after: usize) -> u32 {
    shift(after_byte(1 << (bit & 7)), after)
}

/// What flipping a bit of the seed (bit 0 has value 1) does to the checksum of a body of `len`
/// bytes.
pub(crate) fn syndrome_of_seed(bit: u32, len: usize) -> u32 {
    shift(1 << (bit & 31), len)
}

/// The syndrome of the same bit one byte earlier.
pub(crate) fn one_byte_earlier(syndrome: u32) -> u32 {
    Table::ready().zero_byte(syndrome)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(len: usize) -> Vec<u8> {
        let mut state = 0x2545_f491_4f6c_dd1du64;
        (0..len)
            .map(|_| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                state.to_be_bytes()[3]
            })
            .collect()
    }

    #[test]
    fn the_check_value_of_the_catalogue() {
        assert_eq!(crc32c_by_table(0, b"123456789"), 0xe306_9283);
        assert_eq!(crc32c(0, b"123456789"), 0xe306_9283);
    }

    /// The register after a byte, bit by bit.
    fn slowly(mut register: u32, byte: u8) -> u32 {
        register ^= u32::from(byte);
        for _ in 0..8 {
            register = if register & 1 == 1 { register >> 1 ^ POLYNOMIAL } else { register >> 1 };
        }
        register
    }

    #[test]
    fn tables_hold_what_the_bits_would_give() {
        let table = Table::ready();
        // The first entries of the well-known table of CRC-32C.
        assert_eq!(
            [0, 1, 2, 3].map(|n| table.at(0, n)),
            [0, 0xf26b_8303, 0xe13b_70f7, 0x1350_f3f4]
        );
        for byte in 0..=255 {
            let mut register = slowly(0, byte);
            for zeros in 0..table.registers.len() {
                assert_eq!(table.at(zeros, byte), register);
                register = slowly(register, 0);
            }
        }
    }

    #[test]
    fn powers_are_zero_bytes() {
        // A register times x to the eighth is that register after one byte of zero.
        let [single, steps] = &Table::ready().powers;
        let mut register = 0x1234_5678;
        for (power, n) in single.iter().chain(steps.iter().skip(1).take(2)).zip(0..) {
            let power = power.load(Ordering::Relaxed);
            let zeros = if n < 256 { n } else { (n - 255) * 256 };
            let mut slow = register;
            (0..zeros).for_each(|_| slow = slowly(slow, 0));
            assert_eq!(multiply(register, power), slow, "{zeros} zero bytes");
            register = slow;
        }
        assert_eq!(multiply(0x8000_0000, 0xdead_beef), 0xdead_beef);
    }

    #[test]
    fn the_real_uuid_record_of_zeros() {
        // The first record of the v16 mainnet store: 100b and 32 zero bytes.
        let mut body = [0u8; 34];
        body[..2].copy_from_slice(&[0x10, 0x0b]);
        assert_eq!(checksum(Layout::Long, 0, &body), 0x1bad_8d9b);
    }

    #[test]
    fn tables_and_instruction_agree_at_every_length() {
        let bytes = noise(700);
        for len in 0..bytes.len() {
            let seed = u32::try_from(len).unwrap().wrapping_mul(0x9e37_79b9);
            assert_eq!(crc32c(seed, &bytes[..len]), crc32c_by_table(seed, &bytes[..len]));
        }
    }

    #[test]
    fn a_range_equals_the_checksum_of_its_bytes() {
        let bytes = noise(70_000);
        let mut prefixes = Prefixes::default();
        let ranges = [(300, 900), (0, 0), (0, 1), (1, 364), (63, 65), (64, 1_128), (5, 65_540)];
        for (start, end) in ranges.into_iter().chain([(69_000, 70_000), (68_999, 69_999)]) {
            for layout in Layout::ALL {
                assert_eq!(
                    prefixes.checksum(layout, &bytes, 77, start, end),
                    Some(checksum(layout, 77, &bytes[start..end])),
                );
            }
        }
        assert_eq!(prefixes.checksum(Layout::Long, &bytes, 0, 0, 65_536), None);
        assert_eq!(prefixes.checksum(Layout::Long, &bytes, 0, 0, 70_001), None);
    }

    #[test]
    #[cfg_attr(miri, ignore = "a large input")]
    fn two_ranges_equal_the_checksum_of_their_bytes_joined() {
        let bytes = noise(300_000);
        let ranges = [(0..0, 0..0), (5..70, 64..128), (200_000..265_000, 1..500), (7..8, 9..300)];
        for layout in Layout::ALL {
            let mut prefixes = Prefixes::default();
            for (head, tail) in ranges.clone() {
                let joined = [&bytes[head.clone()], &bytes[tail.clone()]].concat();
                assert_eq!(
                    prefixes.joined(layout, &bytes, 77, head, tail),
                    Some(checksum(layout, 77, &joined)),
                );
            }
            assert_eq!(prefixes.joined(layout, &bytes, 77, 0..65_536, 0..1), None);
            assert_eq!(prefixes.joined(layout, &bytes, 77, 0..9, 299_999..300_001), None);
        }
    }

    #[test]
    fn a_syndrome_is_the_difference_a_flip_makes() {
        let bytes = noise(300);
        for (at, bit) in [(0, 0), (17, 3), (299, 7)] {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << bit;
            assert_eq!(
                crc32c(9, &bytes) ^ crc32c(9, &flipped),
                syndrome_of_bit(bit, bytes.len() - 1 - at)
            );
        }
        assert_eq!(one_byte_earlier(syndrome_of_bit(4, 10)), syndrome_of_bit(4, 11));
        assert_eq!(crc32c(9, &bytes) ^ crc32c(9 ^ 1 << 13, &bytes), syndrome_of_seed(13, 300));
        // Seed bit j meets body byte j / 8.
        assert_eq!(syndrome_of_seed(13, 300), syndrome_of_bit(5, 298));
    }
}
