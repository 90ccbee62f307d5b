//! Debian's compiler: packages `rustc-web`, `cargo-web` and the source that matches them.
//!
//! They install to /usr/bin, beside rustup's in the home folder. Only this trio fits together:
//! rustup's compilers do not build Debian's source.

use super::rustup::source;
use crate::shell;
use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::Command;

const CARGO: &str = "/usr/bin/cargo";
const RUSTC: &str = "/usr/bin/rustc";
const PACKAGES: &[&str] = &["rustc-web", "cargo-web", "rust-web-src"];

/// Debian's cargo with Debian's rustc, and nothing of the toolchain that runs us.
pub(super) fn cargo() -> Command {
    let mut command = shell::command(CARGO);
    for (key, _) in std::env::vars_os() {
        if key.to_str().is_some_and(belongs_to_a_toolchain) {
            command.env_remove(key);
        }
    }
    command.env("RUSTC", RUSTC).env("RUSTC_BOOTSTRAP", "1");
    command
}

/// Variables that rustup and cargo set for the programs they run, and that would turn another
/// cargo or rustc into a mixture of the two. Where to download from is everyone's affair.
fn belongs_to_a_toolchain(key: &str) -> bool {
    const KEPT: &[&str] =
        &["CARGO_HOME", "CARGO_HTTP_", "CARGO_NET_", "CARGO_REGISTR", "CARGO_TERM_"];
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
pub(super) fn possible() -> bool {
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
    shell::run(apt_get().arg("update"))?;
    shell::run(apt_get().args(["install", "-y", "--no-install-recommends"]).args(PACKAGES))
        .with_context(|| format!("cannot install {packages}"))?;
    if !ready() {
        bail!("{packages} are installed, but not where they are looked for");
    }
    Ok(())
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
        for key in ["RUSTC_WRAPPER", "CARGO_ENCODED_RUSTFLAGS", "CARGO_MANIFEST_DIR"] {
            assert!(belongs_to_a_toolchain(key), "{key}");
        }
        for key in ["PATH", "HOME", "CARGO_HOME", "CARGO_NET_OFFLINE", "HTTPS_PROXY"] {
            assert!(!belongs_to_a_toolchain(key), "{key}");
        }
    }
}
