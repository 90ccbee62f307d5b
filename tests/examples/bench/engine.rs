//! The full check in this process, by the command's own stages (`cli/src/stages`): window reads,
//! every checksum, decoding, network, findings, the report as JSON; in one thread or in two.

#[path = "../../../cli/src/stages/pair.rs"]
mod pair;
#[path = "../../../cli/src/stages/reading.rs"]
mod reading;
#[path = "../../../cli/src/source.rs"]
#[expect(dead_code, reason = "no file becomes shorter here")]
mod source;

use std::fs::File;
use std::path::Path;

use fulgurite_core::gossip::check::{Fold, Options};
use fulgurite_core::source::{Source, SourceError};

use crate::floor::WINDOW;
use pair::Front;
use source::FileSource;

/// The length of the report.
pub(crate) fn one_thread(path: &Path) -> usize {
    let file = File::open(path).expect("the input");
    let windows = &mut Windows::of(&file);
    let Ok(fold) = pair::one_thread(windows, Options::default());
    report(&fold, windows.at)
}

/// The same.
pub(crate) fn two_threads(path: &Path) -> usize {
    let file = File::open(path).expect("the input");
    let windows = &mut Windows::of(&file);
    let source = windows.source;
    let Ok(fold) = pair::two_threads(windows, source, WINDOW as u64, Options::default());
    report(&fold, windows.at)
}

fn report(fold: &Fold, size: u64) -> usize {
    let file = Untouched(size);
    let report = fold.conclude(&file).expect("a sound store needs no second look");
    assert!(fold.verdicts(&report, &file).is_none(), "a sound store is read once");
    report.to_json().expect("JSON").len()
}

/// A file, a window at a time.
struct Windows<'a> {
    source: FileSource<'a>,
    at: u64,
}

impl Windows<'_> {
    fn of(file: &File) -> Windows<'_> {
        let len = file.metadata().expect("the input").len();
        Windows { source: FileSource::new(file, len), at: 0 }
    }
}

impl Front for Windows<'_> {
    type Trouble = std::convert::Infallible;

    fn next(&mut self, chunk: &mut Vec<u8>) -> Result<bool, Self::Trouble> {
        let len = (self.source.len() - self.at).min(WINDOW as u64);
        chunk.resize(usize::try_from(len).expect("a window"), 0);
        self.source.read_at(self.at, chunk).expect("readable");
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
