//! rustup's compiler: the target as rustup ships it, or the source of its standard library.

use super::TARGET;
use crate::shell;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long rustup may take: it loads 3 MB of source or 25 MB of target, and offline it must not
/// hang.
const LIMIT: Duration = Duration::from_mins(1);

/// The folder of the compiler that runs us.
pub(super) fn sysroot() -> Option<PathBuf> {
    let sysroot = shell::quietly(shell::command("rustc").args(["--print", "sysroot"]))?;
    Some(PathBuf::from(sysroot.trim()))
}

/// Is the compiler's source there?
pub(super) fn has_source() -> bool {
    sysroot().is_some_and(|sysroot| source(&sysroot).is_file())
}

/// Adds the source, if it is not there.
pub(super) fn install_source() -> Result<()> {
    if has_source() {
        return Ok(());
    }
    add(&["component", "add", "rust-src"])
        .context("rust-src is missing: run `rustup component add rust-src`")
}

/// Is the target there?
pub(super) fn has_target() -> bool {
    sysroot().is_some_and(|sysroot| sysroot.join("lib/rustlib").join(TARGET).join("lib").is_dir())
}

/// Adds the target, if it is not there.
pub(super) fn install_target() -> Result<()> {
    if has_target() {
        return Ok(());
    }
    add(&["target", "add", TARGET])
        .with_context(|| format!("{TARGET} is missing: run `rustup target add {TARGET}`"))
}

fn add(arguments: &[&str]) -> Result<()> {
    shell::run_within(shell::command("rustup").args(arguments), LIMIT)
}

/// The file that `-Z build-std` looks for in a sysroot.
pub(super) fn source(sysroot: &Path) -> PathBuf {
    sysroot.join("lib/rustlib/src/rust/library/Cargo.lock")
}
