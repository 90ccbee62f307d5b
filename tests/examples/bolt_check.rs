//! Checks a bbolt file from the disk, and says how long it took: to be held against `bbolt check`.
//!
//! ```sh
//! cargo run --release -p fulgurite-tests --example bolt_check FILE
//! ```

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::time::Instant;

use fulgurite_core::kv::bolt::check;
use fulgurite_core::source::{Cached, Source, SourceError, SourceErrorKind};

struct OnDisk(File, u64);

impl Source for OnDisk {
    fn len(&self) -> u64 {
        self.1
    }

    fn read_at(&self, at: u64, buf: &mut [u8]) -> Result<(), SourceError> {
        self.0.read_exact_at(buf, at).map_err(|error| {
            SourceError::new(at, buf.len() as u64, SourceErrorKind::Medium(error.to_string()))
        })
    }
}

fn main() {
    let path = std::env::args().nth(1).expect("a file to check");
    let file = File::open(path).expect("it can be opened");
    let len = file.metadata().expect("it has a length").len();
    let source = OnDisk(file, len);
    for cached in [false, true] {
        let start = Instant::now();
        let checked = if cached { check(Cached::new(&source, 16 << 20)) } else { check(&source) };
        let checked = checked.expect("it can be read");
        println!(
            "{:?}, {} runs of pages, {:?}",
            checked.figures,
            checked.map.runs.len(),
            checked.counts
        );
        println!("cached: {cached}, {:?}", start.elapsed());
    }
}
