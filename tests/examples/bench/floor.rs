//! What no check can do without: the same reads, and the checksum of every record.

use std::fs::File;
use std::io::Read;
use std::path::Path;

/// As the command reads.
pub(crate) const WINDOW: usize = 128 * 1024;

/// Reads the file in windows.
pub(crate) fn read(path: &Path, mut each: impl FnMut(&[u8])) -> u64 {
    let mut file = File::open(path).expect("the input");
    let mut window = vec![0; WINDOW];
    let mut total = 0;
    loop {
        let len = file.read(&mut window).expect("readable");
        if len == 0 {
            return total;
        }
        total += len as u64;
        each(&window[..len]);
    }
}

/// Reads the file in windows and computes the checksum of every record.
pub(crate) fn floor(path: &Path) -> u64 {
    let (mut carry, mut bad, mut first) = (Vec::new(), 0u64, true);
    read(path, |window| {
        let mut rest = window;
        if first {
            rest = &rest[1..];
            first = false;
        }
        if !carry.is_empty() {
            while let Some(need) = missing(&carry) {
                if rest.is_empty() {
                    return;
                }
                let (now, later) = rest.split_at(need.min(rest.len()));
                carry.extend_from_slice(now);
                rest = later;
            }
            bad += u64::from(!holds(&carry));
            carry.clear();
        }
        while missing(rest).is_none() {
            let len = 12 + usize::from(u16::from_be_bytes([rest[2], rest[3]]));
            bad += u64::from(!holds(&rest[..len]));
            rest = &rest[len..];
        }
        carry.extend_from_slice(rest);
    });
    assert_eq!(bad, 0, "the input is whole");
    bad
}

/// How many bytes the record that these begin still lacks.
fn missing(bytes: &[u8]) -> Option<usize> {
    let Some(header) = bytes.get(..12) else { return Some(12 - bytes.len()) };
    let whole = 12 + usize::from(u16::from_be_bytes([header[2], header[3]]));
    (whole > bytes.len()).then(|| whole - bytes.len())
}

fn holds(record: &[u8]) -> bool {
    let number = |at: usize| {
        u32::from_be_bytes([record[at], record[at + 1], record[at + 2], record[at + 3]])
    };
    crc32c::crc32c_append(number(8), &record[12..]) == number(4)
}
