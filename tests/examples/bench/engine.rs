//! The full check in this process, by the command's own stages (`cli/src/stages`): window reads,
//! every checksum, decoding, network, findings, the report as JSON; in one thread or in two.

#[path = "../../../cli/src/stages/pair.rs"]
mod pair;
#[path = "../../../cli/src/stages/reading.rs"]
mod reading;

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use fulgurite_core::gossip::check::{Fold, Options};
use fulgurite_core::source::{Source, SourceError, SourceErrorKind};

use crate::floor::WINDOW;
use pair::Front;

/// The length of the report.
pub(crate) fn one_thread(path: &Path) -> usize {
    let file = Whole::open(path);
    let Ok(fold) = pair::one_thread(&mut Windows { file: &file, at: 0 }, Options::default());
    report(&fold, &file)
}

/// The same.
pub(crate) fn two_threads(path: &Path) -> usize {
    let file = Whole::open(path);
    let windows = &mut Windows { file: &file, at: 0 };
    let Ok(fold) = pair::two_threads(windows, &file, WINDOW as u64, Options::default());
    report(&fold, &file)
}

fn report(fold: &Fold, file: &Whole) -> usize {
    let file = Untouched(file.1);
    let report = fold.conclude(&file).expect("a sound store needs no second look");
    assert!(fold.verdicts(&report, &file).is_none(), "a sound store is read once");
    report.to_json().expect("JSON").len()
}

/// A file and its length.
struct Whole(File, u64);

impl Whole {
    fn open(path: &Path) -> Whole {
        let file = File::open(path).expect("the input");
        let len = file.metadata().expect("the input").len();
        Whole(file, len)
    }
}

impl Source for &Whole {
    fn len(&self) -> u64 {
        self.1
    }

    fn read_at(&self, at: u64, buf: &mut [u8]) -> Result<(), SourceError> {
        let failed = |error: std::io::Error| SourceErrorKind::Medium(error.to_string());
        let read = self.0.read_exact_at(buf, at).map_err(failed);
        read.map_err(|kind| SourceError::new(at, buf.len() as u64, kind))
    }
}

/// It, a window at a time.
struct Windows<'a> {
    file: &'a Whole,
    at: u64,
}

impl Front for Windows<'_> {
    type Trouble = std::convert::Infallible;

    fn next(&mut self, chunk: &mut Vec<u8>) -> Result<bool, Self::Trouble> {
        let len = (self.file.1 - self.at).min(WINDOW as u64);
        chunk.resize(usize::try_from(len).expect("a window"), 0);
        self.file.read_at(self.at, chunk).expect("readable");
        self.at += len;
        Ok(len > 0)
    }

    fn at(&self) -> u64 {
        self.at
    }

    fn pass(&mut self, len: u64) -> Result<(), Self::Trouble> {
        self.at += len;
        Ok(())
    }
}

/// Has a length; nobody reads it.
struct Untouched(u64);

impl Source for Untouched {
    fn len(&self) -> u64 {
        self.0
    }

    fn read_at(&self, at: u64, _: &mut [u8]) -> Result<(), SourceError> {
        panic!("read at {at}")
    }
}
