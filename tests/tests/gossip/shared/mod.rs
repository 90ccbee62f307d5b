//! The real stores, where they are at hand.
#![allow(dead_code)] // each test binary uses its own part

pub(crate) mod accepted;
pub(crate) mod damage;
pub(crate) mod repair;
pub(crate) mod signatures;

use std::io::Read;
use std::path::{Path, PathBuf};

use fulgurite_core::gossip::check::{Options, check};
use fulgurite_core::report::Report;

/// The folder of gossip data, or `None` with a word on standard error that names what is missing.
pub(crate) fn data() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let root = std::env::var_os("FULGURITE_DATA").map_or_else(beside, PathBuf::from);
    let folder = root.join("gossip");
    if !folder.is_dir() {
        eprintln!("FULGURITE_DATA: {} is missing; not checked against it", folder.display());
        return None;
    }
    Some(folder)
}

/// A file of the data, unpacked if its name ends in `.xz`.
pub(crate) fn read(path: &Path) -> Vec<u8> {
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    if path.extension().is_some_and(|extension| extension == "xz") { unpack(&bytes) } else { bytes }
}

/// What xz-compressed bytes hold.
pub(crate) fn unpack(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    lzma_rs::xz_decompress(&mut &bytes[..], &mut out).expect("the data's xz files are whole");
    out
}

/// The damaged copies of the small synthetic store, by name.
pub(crate) fn damaged_small(data: &Path) -> Vec<(String, Vec<u8>)> {
    let tar = read(&data.join("damaged/dmgsmall.tar.xz"));
    let mut archive = tar::Archive::new(&tar[..]);
    let mut cases = Vec::new();
    for entry in archive.entries().expect("a tar") {
        let mut entry = entry.expect("an entry");
        let path = entry.path().expect("a path").into_owned();
        if path.extension().is_some_and(|extension| extension == "gs") {
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).expect("whole");
            cases.push((name, bytes));
        }
    }
    cases.sort();
    cases
}

/// The report on these bytes.
pub(crate) fn report(bytes: &[u8]) -> Report {
    check(&bytes.to_vec(), Options::default()).expect("a slice can always be read")
}
