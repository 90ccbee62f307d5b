//! rustup's compiler with the source of its own standard library.

use crate::shell;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// How long rustup may take: the source is about 3 MB, and offline it must not hang.
const LIMIT: Duration = Duration::from_mins(1);

/// The cargo that runs us, allowed to build the standard library although it is a stable one.
pub(super) fn cargo() -> Command {
    let mut command = shell::cargo("");
    command.env("RUSTC_BOOTSTRAP", "1");
    command
}

/// Is the compiler's source there?
pub(super) fn ready() -> bool {
    let sysroot = shell::quietly(shell::command("rustc").args(["--print", "sysroot"]));
    sysroot.is_some_and(|sysroot| source(Path::new(sysroot.trim())).is_file())
}

/// Adds the source, if it is not there.
pub(super) fn install() -> Result<()> {
    if ready() {
        return Ok(());
    }
    let mut add = shell::command("rustup");
    add.args(["component", "add", "rust-src"]);
    shell::run_within(&mut add, LIMIT)
        .context("rust-src is missing: run `rustup component add rust-src`")
}

/// The file that `-Z build-std` looks for in a sysroot.
pub(super) fn source(sysroot: &Path) -> PathBuf {
    sysroot.join("lib/rustlib/src/rust/library/Cargo.lock")
}
