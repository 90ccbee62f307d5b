//! Debian's compiler: packages `rustc-web`, `cargo-web` and the source that matches them.
//!
//! They install to /usr/bin, beside rustup's in the home folder. Only this trio fits together:
//! rustup's compilers do not build Debian's source.

use super::rustup::{self, source};
use crate::shell;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

const CARGO: &str = "/usr/bin/cargo";
pub(super) const RUSTC: &str = "/usr/bin/rustc";
const PACKAGES: &[&str] = &["rustc-web", "cargo-web", "rust-web-src"];

/// Debian's cargo with Debian's rustc, and nothing of the toolchain that runs us.
pub(super) fn cargo() -> Command {
    let mut command = shell::command(CARGO);
    for (key, _) in std::env::vars_os() {
        if key.to_str().is_some_and(belongs_to_a_toolchain) {
            command.env_remove(key);
        }
    }
    command.env("RUSTC", RUSTC);
    command
}

/// Variables that rustup and cargo set for the programs they run, and that would turn another
/// cargo or rustc into a mixture of the two. Where to download from is everyone's affair, and so is
/// how much is noted down beside what is compiled.
fn belongs_to_a_toolchain(key: &str) -> bool {
    const KEPT: &[&str] = &[
        "CARGO_HOME",
        "CARGO_HTTP_",
        "CARGO_INCREMENTAL",
        "CARGO_NET_",
        "CARGO_PROFILE_DEV_",
        "CARGO_REGISTR",
        "CARGO_TERM_",
    ];
    let toolchain = key.starts_with("CARGO")
        || key.starts_with("RUST")
        // Libraries of rustup's compiler, put before Debian's.
        || key == "LD_LIBRARY_PATH";
    toolchain && !KEPT.iter().any(|kept| key.starts_with(kept))
}

/// Are the packages there?
pub(super) fn ready() -> bool {
    Path::new(CARGO).is_file() && Path::new(RUSTC).is_file() && source(Path::new("/usr")).is_file()
}

/// Is this Debian, and are we allowed to install packages?
pub(crate) fn possible() -> bool {
    let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    let debian = release.lines().any(|line| line == "ID=debian");
    let root = shell::quietly(shell::command("id").arg("-u")).is_some_and(|id| id.trim() == "0");
    debian && root
}

/// Installs the packages that are not there.
pub(super) fn install() -> Result<()> {
    if ready() {
        return Ok(());
    }
    let packages = PACKAGES.join(" ");
    if !possible() {
        bail!(
            "Debian's compiler is missing: as root on Debian run \
             `apt-get install --no-install-recommends {packages}`"
        );
    }
    install_packages(PACKAGES)?;
    if !ready() {
        bail!("{packages} are installed, but not where they are looked for");
    }
    Ok(())
}

/// What links wasm: rustup's own linker, if it is there, else LLVM's of the compiler's version.
pub(super) fn linker() -> Result<PathBuf> {
    let version = shell::quietly(shell::command(RUSTC).arg("-vV")).unwrap_or_default();
    let field = |name| version.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    let host = field("host:").unwrap_or_default();
    let rustups = rustup::sysroot()
        .map(|sysroot| sysroot.join("lib/rustlib").join(host).join("bin/rust-lld"));
    if let Some(rustups) = rustups.filter(|path| path.is_file()) {
        return Ok(rustups);
    }
    let llvm = field("LLVM version:").and_then(|llvm| llvm.split('.').next()).unwrap_or_default();
    let debians = PathBuf::from(format!("/usr/bin/wasm-ld-{llvm}"));
    if !debians.is_file() {
        let package = format!("lld-{llvm}");
        if !possible() {
            bail!("no linker for wasm: as root on Debian run `apt-get install {package}`");
        }
        install_packages(&[&package])?;
    }
    Ok(debians)
}

/// Installs packages of Debian's.
pub(crate) fn install_packages(packages: &[&str]) -> Result<()> {
    shell::run(apt_get().arg("update"))?;
    shell::run(apt_get().args(["install", "-y", "--no-install-recommends"]).args(packages))
        .with_context(|| format!("cannot install {}", packages.join(" ")))
}

fn apt_get() -> Command {
    let mut command = shell::command("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive").arg("-q");
    command
}

#[cfg(test)]
mod tests {
    use super::belongs_to_a_toolchain;

    #[test]
    fn a_toolchain_leaves_nothing_behind() {
        for key in ["RUSTUP_TOOLCHAIN", "RUSTUP_HOME", "CARGO", "RUSTC", "RUSTFLAGS"] {
            assert!(belongs_to_a_toolchain(key), "{key}");
        }
        for key in [
            "RUSTC_WRAPPER",
            "CARGO_ENCODED_RUSTFLAGS",
            "CARGO_MANIFEST_DIR",
            "CARGO_PROFILE_RELEASE_LTO",
        ] {
            assert!(belongs_to_a_toolchain(key), "{key}");
        }
        for key in [
            "PATH",
            "HOME",
            "CARGO_HOME",
            "CARGO_NET_OFFLINE",
            "CARGO_INCREMENTAL",
            "CARGO_PROFILE_DEV_DEBUG",
            "HTTPS_PROXY",
        ] {
            assert!(!belongs_to_a_toolchain(key), "{key}");
        }
    }
}
