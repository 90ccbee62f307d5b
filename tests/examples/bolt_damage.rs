//! Writes the damaged bbolt files of which `tests/data/bbolt_check.tsv` says what bbolt's own
//! check says:
//!
//! ```sh
//! cargo run -p fulgurite-tests --example bolt_damage DIR
//! cd tests/lnd-fixtures/bbolt && go run . check DIR/*.db
//! ```

use std::path::{Path, PathBuf};

use fulgurite_tests::bolt::damage::damaged;

fn main() {
    let folder = PathBuf::from(std::env::args().nth(1).expect("a folder to write to"));
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/bolt");
    for name in ["channel", "channel-synced", "pages-1024-synced", "deep"] {
        let packed = std::fs::read(fixtures.join(format!("{name}.db.xz"))).expect("it is there");
        let mut bytes = Vec::new();
        lzma_rs::xz_decompress(&mut packed.as_slice(), &mut bytes).expect("it is sound");
        for (name, bytes) in damaged(name, &bytes) {
            std::fs::write(folder.join(format!("{name}.db")), bytes).expect("it can be written");
        }
    }
}
