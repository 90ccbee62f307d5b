//! Whoever reads a file, it comes in its order.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use fulgurite_core::source::Source as _;

use super::reading::{Reader, Reading};
use crate::progress::Progress;
use crate::source::FileSource;
use crate::windows::{WINDOW, Windows};

/// Five windows and a bit, no two of them alike.
fn bytes() -> Vec<u8> {
    let words = (5 * WINDOW + 1_000) / 8;
    (0..words).flat_map(u64::to_le_bytes).collect()
}

fn file(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file
}

/// All windows, one behind the other, while `meanwhile` may read ahead before each.
fn all(
    source: FileSource<'_>,
    meanwhile: impl Fn(&Reading<FileSource<'_>>, usize),
) -> (Vec<u8>, u64) {
    let mut windows = Windows::new(Path::new("file"), source, Progress::off());
    let reading = Reading::of(source, WINDOW);
    let (mut all, mut chunk) = (Vec::new(), Vec::new());
    for round in 0.. {
        meanwhile(&reading, round);
        if !reading.next(&mut windows, &mut chunk).unwrap_or(false) {
            break;
        }
        all.extend_from_slice(&chunk);
    }
    (all, windows.source().len())
}

#[test]
fn a_file_comes_in_its_order_whoever_reads_it() {
    let (bytes, file) = (bytes(), file(&bytes()));
    let source = FileSource::new(&file, bytes.len() as u64);
    let expected = (bytes.clone(), bytes.len() as u64);
    assert!(all(source, |_, _| {}) == expected);
    for reader in [Reader::First, Reader::Second] {
        let once = all(source, |reading, round| {
            // Behind the last whole window there is nothing to read ahead.
            assert!(reading.ahead(reader) == (round < 5 - reader as usize), "{round}");
        });
        assert!(once == expected);
        // No more than are kept, and the same again.
        assert!(all(source, |reading, _| while reading.ahead(reader) {}) == expected);
    }
    let over = AtomicBool::new(false);
    let reading = Reading::of(source, WINDOW);
    let mut windows = Windows::new(Path::new("file"), source, Progress::off());
    let read = thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                reading.ahead(Reader::Second);
            }
        });
        let (mut read, mut chunk) = (Vec::new(), Vec::new());
        while reading.next(&mut windows, &mut chunk).unwrap_or(false) {
            read.extend_from_slice(&chunk);
        }
        over.store(true, Ordering::Relaxed);
        read
    });
    assert!(read == bytes);
}

#[test]
fn a_file_that_became_shorter_ends_where_it_now_ends() {
    let bytes = bytes();
    let kept = &bytes[..bytes.len() / 2];
    let file = file(kept);
    let source = FileSource::new(&file, bytes.len() as u64);
    for reader in [Reader::First, Reader::Second] {
        let read = all(source, |reading, _| while reading.ahead(reader) {});
        assert!(read == (kept.to_vec(), kept.len() as u64));
    }
}
