//! The standard library for wasm, built once from Debian's source and kept.
//!
//! Debian ships the source, not the target. `-Z build-std` would build the library anew for each
//! package and profile, and only as an unstable feature; its rlibs in a sysroot of our own, beside
//! links to the rest of Debian's, make wasm a target like any other.

use super::{TARGET, debian, nameless};
use crate::shell;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};

const FOLDER: &str = "target/wasm-sysroot";

const MANIFEST: &str = "\
[package]
name = \"nothing\"
version = \"0.0.0\"
edition = \"2024\"

[lib]
path = \"nothing.rs\"

[workspace]
";

/// Where it is; it is built if need be.
pub(super) fn ready() -> Result<PathBuf> {
    let version = shell::quietly(shell::command(debian::RUSTC).arg("-vV"));
    let version = version.context("Debian's rustc has no version")?;
    let part = |name: &str| {
        let line = version.lines().find_map(|line| line.strip_prefix(name));
        line.map(|text| text.trim().chars().take(10).collect::<String>())
    };
    let name = [part("release:"), part("commit-hash:")].into_iter().flatten();
    let folder = shell::root().join(FOLDER);
    let sysroot = folder.join(name.collect::<Vec<_>>().join("-"));
    if !sysroot.is_dir() {
        eprintln!("building the standard library for {TARGET}, once");
        build(&folder, &sysroot)?;
    }
    Ok(sysroot)
}

/// Builds under another name first: what has the right name is whole.
fn build(folder: &Path, sysroot: &Path) -> Result<()> {
    let work = folder.join(format!("build-{}", std::process::id()));
    fs::create_dir_all(&work)?;
    fs::write(work.join("Cargo.toml"), MANIFEST)?;
    fs::write(work.join("nothing.rs"), "#![no_std]\n")?;
    let mut cargo = debian::cargo();
    cargo.current_dir(&work).env("RUSTC_BOOTSTRAP", "1");
    cargo.env("CARGO_ENCODED_RUSTFLAGS", nameless().join("\u{1f}"));
    cargo.args(["build", "--quiet", "--release", "--target", TARGET, "--target-dir", "target"]);
    cargo.args(["-Z", "build-std=std,panic_abort"]);
    shell::run(&mut cargo)?;

    let made = work.join("sysroot");
    let rustlib = made.join("lib/rustlib");
    let rlibs = rustlib.join(TARGET).join("lib");
    fs::create_dir_all(&rlibs)?;
    let mut count = 0;
    for entry in fs::read_dir(work.join("target").join(TARGET).join("release/deps"))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default();
        let rlib = path.extension().is_some_and(|extension| extension == "rlib");
        if rlib && !name.to_string_lossy().starts_with("libnothing-") {
            fs::copy(&path, rlibs.join(name))?;
            count += 1;
        }
    }
    if count == 0 {
        bail!("no library came out of Debian's source");
    }
    for entry in fs::read_dir("/usr/lib/rustlib")? {
        let entry = entry?;
        link(&entry.path(), &rustlib.join(entry.file_name()))?;
    }
    // Another run may have been quicker.
    let renamed = fs::rename(&made, sysroot);
    if !sysroot.is_dir() {
        renamed.with_context(|| format!("cannot make {}", sysroot.display()))?;
    }
    fs::remove_dir_all(&work)?;
    Ok(())
}

#[cfg(unix)]
fn link(from: &Path, to: &Path) -> Result<()> {
    std::os::unix::fs::symlink(from, to)?;
    Ok(())
}

#[cfg(not(unix))]
fn link(_: &Path, _: &Path) -> Result<()> {
    bail!("this is not Debian")
}
