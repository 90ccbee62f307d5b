//! `core` on wasm32-unknown-unknown with nothing but `core` and `alloc` under it.
//!
//! The standard library is checked from its source with `-Z build-std=core,alloc`, so `std` does
//! not exist for that build: whatever passes is `no_std`, its dependencies too. A ready-made
//! target (`rustup target add`) would bring a `std` along and prove less.
//!
//! Two compilers can do it, each with its own source: rustup's with the component `rust-src`, and
//! Debian's packages.

use super::{TARGET, Way, debian, forced, rustup};
use crate::shell;
use crate::steps::Note;
use anyhow::{Context, Result, bail};
use std::process::Command;

/// Sets of features that must build without std.
const FEATURES: &[&str] = &["", "json,words"];

/// Checks core without std, with each set of features.
pub(crate) fn no_std() -> Result<Note> {
    let way = way()?;
    let version = shell::quietly(cargo(way).arg("--version")).context("cargo has no version")?;
    let version = version.split_whitespace().nth(1).unwrap_or("of no version");
    let note = format!("with {}'s cargo {version}", way.name());
    eprintln!("{note}");
    for features in FEATURES {
        let mut check = cargo(way);
        check.args(["check", "-p", "fulgurite-core", "--target", TARGET]);
        // Whether std is needed shows when names are resolved. Code is generated for the engine.
        // A target folder of its own: two compilers in one would undo each other's work.
        check.args(["--target-dir", "target/wasm-no-std"]);
        check.args(["-Z", "build-std=core,alloc", "--no-default-features"]);
        if !features.is_empty() {
            check.args(["--features", features]);
        }
        shell::run(&mut check)?;
    }
    Ok(note)
}

/// Cargo, allowed to build the standard library although its compiler is a stable one.
fn cargo(way: Way) -> Command {
    let mut command = match way {
        Way::Debian => debian::cargo(),
        Way::Rustup => shell::cargo(""),
    };
    command.env("RUSTC_BOOTSTRAP", "1");
    command
}

/// The forced way; else what is there already; else what can be installed.
fn way() -> Result<Way> {
    match forced()? {
        Some(Way::Debian) => return debian::install().map(|()| Way::Debian),
        Some(Way::Rustup) => return rustup::install_source().map(|()| Way::Rustup),
        None => {}
    }
    if rustup::has_source() {
        return Ok(Way::Rustup);
    }
    if debian::ready() {
        return Ok(Way::Debian);
    }
    let Err(no_rustup) = rustup::install_source() else {
        return Ok(Way::Rustup);
    };
    eprintln!("not by rustup: {no_rustup:#}");
    if debian::possible() {
        return debian::install().map(|()| Way::Debian);
    }
    bail!("no source of the standard library: run `rustup component add rust-src`")
}
