//! `cargo xtask publish`: both crates as they would go to crates.io, packed and built from what was
//! packed, and nothing sent. Sending is left to a person.

use crate::shell;
use anyhow::Result;

/// Packs and builds; asks for nothing.
pub(crate) fn run() -> Result<()> {
    // Together, since the command needs a core that is not there yet.
    let dry = "publish --dry-run --locked -p fulgurite-core -p fulgurite";
    shell::run(&mut shell::cargo(dry))
}
