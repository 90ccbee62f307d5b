//! The store that the benchmarks begin with.

use std::path::{Path, PathBuf};

use fulgurite_core::gossip::check::{Fold, Options};
use fulgurite_core::gossip::scan::{Batch, Scanner};
use fulgurite_tests::{NodeBuilder, T0, frame, signed};

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

/// The same with a node_announcement for each node, all of it signed with keys of known secrets;
/// every funding key is another, as on mainnet.
pub(crate) fn signed_store() -> Vec<u8> {
    let mut store = store();
    let (mut scanner, mut batch) = (Scanner::new(), Batch::new());
    let mut fold = Fold::new(Options::default());
    scanner.push(&store, &mut batch);
    fold.take(&scanner, &store, &batch);
    for node in fold.network().nodes() {
        let body = NodeBuilder::of(node.id, T0).alias("signed").features(&[0x80, 0, 2]).encode();
        store.extend(frame(16, 0x2000, T0, &body));
    }
    signed(&store)
}
