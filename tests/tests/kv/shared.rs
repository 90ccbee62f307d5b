//! What the tests on bbolt files share: fixtures, unpacked.
#![allow(dead_code, reason = "each test uses some of it")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use fulgurite_core::kv::bolt::{Bolt, Opened};
use fulgurite_core::source::Source;

/// Files that the real bbolt wrote.
pub(crate) const FIXTURES: &[&str] = &[
    "fresh",
    "fresh-lnd",
    "channel",
    "channel-synced",
    "pages-1024",
    "pages-1024-synced",
    "pages-16384",
    "pages-65536",
    "small",
    "deep",
    "macaroons",
    "sphinxreplay",
    "wtclient",
    "watchtower",
    "wallet",
    "neutrino",
    "other",
];

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name)
}

/// A table of this repository.
pub(crate) fn data(name: &str) -> String {
    std::fs::read_to_string(path(name)).expect("the table is in the repository")
}

/// The bytes of a fixture.
pub(crate) fn fixture(name: &str) -> Vec<u8> {
    let packed = std::fs::read(path(&format!("bolt/{name}.db.xz"))).expect("the fixture is here");
    let mut bytes = Vec::new();
    lzma_rs::xz_decompress(&mut packed.as_slice(), &mut bytes).expect("the fixture is sound");
    bytes
}

/// Opens what is a bbolt file.
pub(crate) fn open<S: Source>(source: S) -> Bolt<S> {
    match Bolt::open(source).expect("bytes in memory") {
        Opened::Bolt(bolt) => bolt,
        _ => panic!("not a bbolt file"),
    }
}

/// Bytes in hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        write!(out, "{byte:02x}").expect("memory");
        out
    })
}
