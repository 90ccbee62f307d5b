//! Changes to bytes, drawn from a seed: the same seed, the same bytes, on every machine.

use crate::{documents, records, rows};
use fulgurite_tests::sqlite::Seeded;

/// Numbers at the edges of what formats count with.
const EDGES: [u64; 12] =
    [0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fff_ffff, 0xffff_ffff, u64::MAX];

/// One of these seeds, changed in one to five places; of a sound gossip_store, a database or a document,
/// every other time whole records, rows or values. Empty where there is no seed.
pub fn changed(seeds: &[Vec<u8>], seed: u64) -> Vec<u8> {
    let mut rng = rng(seed);
    let Some(mut bytes) = seeds.get(rng.index(seeds.len().max(1))).cloned() else {
        return Vec::new();
    };
    if rng.below(2) == 0
        && let Some(whole) = inside(&bytes, seeds, &mut rng)
    {
        return whole;
    }
    for _ in 0..=rng.below(5) {
        change(&mut bytes, seeds, &mut rng);
    }
    bytes
}

/// These bytes with whole records, rows or values changed, where they are a sound gossip_store, a
/// database or a document.
pub fn with_other_contents(bytes: &[u8], seeds: &[Vec<u8>], seed: u64) -> Option<Vec<u8>> {
    inside(bytes, seeds, &mut rng(seed))
}

fn inside(bytes: &[u8], seeds: &[Vec<u8>], rng: &mut Seeded) -> Option<Vec<u8>> {
    records::changed(bytes, seeds, rng)
        .or_else(|| documents::changed(bytes, seeds, rng))
        .or_else(|| half(bytes, seeds, rng))
        .or_else(|| rows::changed(bytes, rng))
}

/// Of two files, the last four bytes saying how many before them are the second, one changed.
fn half(bytes: &[u8], seeds: &[Vec<u8>], rng: &mut Seeded) -> Option<Vec<u8>> {
    let (rest, len) = bytes.split_last_chunk()?;
    let at = rest.len().checked_sub(usize::try_from(u32::from_le_bytes(*len)).ok()?)?;
    let (mut first, mut second) = (rest[..at].to_vec(), rest[at..].to_vec());
    let half = if rng.below(2) == 0 && !second.is_empty() { &mut second } else { &mut first };
    *half = records::changed(half, seeds, rng)
        .or_else(|| documents::changed(half, seeds, rng))
        .or_else(|| rows::changed(half, rng))?;
    let len = u32::try_from(second.len()).ok()?;
    Some([&first[..], &second, &len.to_le_bytes()].concat())
}

/// These bytes with the checksums that their records ought to have, where they are a gossip_store.
pub fn sealed(bytes: &[u8]) -> Vec<u8> {
    records::sealed(bytes)
}

fn rng(seed: u64) -> Seeded {
    Seeded(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
}

fn change(bytes: &mut Vec<u8>, seeds: &[Vec<u8>], rng: &mut Seeded) {
    if bytes.is_empty() {
        *bytes = rng.bytes(16);
    }
    let at = rng.index(bytes.len());
    let len = (1 + rng.index(64)).min(bytes.len() - at);
    match rng.below(9) {
        0 | 1 => bytes[at] ^= 1 << rng.below(8),
        2 => bytes[at] = rng.bytes(1)[0],
        3 => {
            // A number of 1, 2, 4 or 8 bytes, in either byte order.
            let width = 1 << rng.below(4);
            let edge = EDGES[rng.index(EDGES.len())].wrapping_sub(rng.below(2));
            let number = if rng.below(2) == 0 {
                edge.to_le_bytes()
            } else {
                edge.swap_bytes().to_le_bytes()
            };
            let number = if rng.below(2) == 0 { &number[..width] } else { &number[8 - width..] };
            let end = bytes.len().min(at + width);
            bytes[at..end].copy_from_slice(&number[..end - at]);
        }
        4 => bytes.truncate(at),
        5 => bytes[at..at + len].fill(0),
        6 => drop(bytes.drain(at..at + len)),
        7 => {
            let more = bytes[at..at + len].to_vec();
            let to = rng.index(bytes.len());
            drop(bytes.splice(to..to, more));
        }
        _ => {
            // The rest of another seed.
            let other = &seeds[rng.index(seeds.len())];
            let from = rng.index(other.len().max(1)).min(other.len());
            bytes.truncate(at);
            bytes.extend_from_slice(&other[from..]);
        }
    }
}
