//! Writes the inputs whose instructions are counted to the folder given: made from seeds, so the same
//! bytes on every machine. `cargo xtask bench instructions`.

use std::path::PathBuf;

use fulgurite_tests::bolt::{Writer, inline};
use fulgurite_tests::{Network, crc, frame, network, wire};

fn main() {
    let folder = PathBuf::from(std::env::args().nth(1).expect("a folder"));
    std::fs::create_dir_all(&folder).expect("the folder");
    let write = |name: &str, bytes: &[u8]| {
        std::fs::write(folder.join(name), bytes).expect("room for the input");
    };
    let sound = network(1, 4_000);
    write("sound.gs", &sound.bytes);
    let mut wounded = sound.bytes.clone();
    let spacing = wounded.len() / 60;
    for (number, at) in (spacing..wounded.len() - 4_096).step_by(spacing).enumerate() {
        match number % 3 {
            0 => wounded[at] ^= 4,
            1 => wounded[at..at + 4_096].fill(0),
            _ => wounded[at..at + 700].fill(0x5a),
        }
    }
    write("wounded.gs", &wounded);
    write("old.gs", &Network::new(2, 1_000).version(9).build().bytes);
    write("bomb-of-claims.gs", &claims());
    write("bomb-of-chains.gs", &chains());
    write("buckets.db", &buckets());
}

/// Broken headers and amounts by turns; each header claims a record that ends at another one.
fn claims() -> Vec<u8> {
    let mut unit = vec![0x20, 0, 0, 0, 1, 2, 3, 4, 0, 0, 0, 0, 1, 2];
    unit.extend(frame(16, 0x2000, 0, &wire::channel_amount(9)));
    let len = u16::try_from(65_535 / unit.len() * unit.len() - 12).expect("a length");
    unit[2..4].copy_from_slice(&len.to_be_bytes());
    let mut bytes = vec![16];
    for _ in 0..30_000 {
        bytes.extend_from_slice(&unit);
    }
    // None of them may lead to the end of the file.
    bytes.extend([0xff; 5]);
    bytes
}

/// Every twelve bytes a header whose checksum holds over 6,000 bytes and whose type is no known one.
fn chains() -> Vec<u8> {
    let (headers, body) = (20_000, 6_000);
    let mut bytes = vec![0x08; 1 + 12 * headers + body];
    bytes[0] = 16;
    for at in (0..headers).rev().map(|header| 1 + 12 * header) {
        bytes[at..at + 4].copy_from_slice(&[0x08, 0, 0x17, 0x70]);
        bytes[at + 8..at + 12].fill(7);
        let sum = crc(16, 0x0707_0707, &bytes[at + 12..at + 12 + body]);
        bytes[at + 4..at + 8].copy_from_slice(&sum.to_be_bytes());
    }
    bytes.extend([9; 13]);
    bytes[5] ^= 1;
    bytes
}

/// A bbolt file of some thousand inline buckets.
fn buckets() -> Vec<u8> {
    let (leaves, of_leaf) = (64_u32, 40_u32);
    let key = |number: u32| number.to_be_bytes();
    let root: Vec<([u8; 4], u64)> =
        (0..leaves).map(|leaf| (key(leaf * of_leaf), 3 + u64::from(leaf))).collect();
    let root: Vec<(&[u8], u64)> = root.iter().map(|(key, page)| (&key[..], *page)).collect();
    let mut writer = Writer::new(4_096).branch(&root);
    let inside = inline(1, &[(0, b"k", b"a value of some length")]);
    for leaf in 0..leaves {
        let keys: Vec<_> = (leaf * of_leaf..(leaf + 1) * of_leaf).map(key).collect();
        let elements: Vec<(u32, &[u8], &[u8])> =
            keys.iter().map(|key| (1, &key[..], &inside[..])).collect();
        writer = writer.leaf(&elements);
    }
    writer.build()
}
