//! The store that the benchmarks begin with.

use std::path::{Path, PathBuf};

/// The real mainnet store of February 2026, or without the data the generated network of as many
/// channels.
pub(crate) fn store() -> Vec<u8> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let data = std::env::var_os("FULGURITE_DATA").map_or_else(beside, PathBuf::from);
    let real = data.join("gossip/mainnet/mainnet-2026-02-03.v16.gs.xz");
    if let Ok(packed) = std::fs::read(&real) {
        let mut bytes = Vec::new();
        lzma_rs::xz_decompress(&mut &packed[..], &mut bytes).expect("whole");
        return bytes;
    }
    eprintln!("FULGURITE_DATA: {} is missing; a generated network instead", real.display());
    fulgurite_tests::network(1, 50_808).bytes
}
