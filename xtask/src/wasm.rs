//! `core` on wasm32-unknown-unknown with nothing but `core` and `alloc` under it.
//!
//! The standard library is built from its source with `-Z build-std=core,alloc`, so `std` does
//! not exist for that build: whatever passes is `no_std`, its dependencies too. A ready-made
//! target (`rustup target add`) would bring a `std` along and prove less.
//!
//! Two compilers can do it, each with its own source: rustup's with the component `rust-src`, and
//! Debian's packages ([`debian`]). `FULGURITE_WASM=debian` or `=rustup` forces one.

mod debian;
mod rustup;

use crate::shell;
use crate::steps::Note;
use anyhow::{Context, Result, bail};
use std::env::VarError;
use std::process::Command;

/// The variable that forces a way.
const VARIABLE: &str = "FULGURITE_WASM";

const TARGET: &str = "wasm32-unknown-unknown";

/// Sets of features that must build without std.
const FEATURES: &[&str] = &["", "json,words"];

/// Whose compiler builds.
#[derive(Clone, Copy)]
enum Way {
    Debian,
    Rustup,
}

impl Way {
    fn cargo(self) -> Command {
        match self {
            Self::Debian => debian::cargo(),
            Self::Rustup => rustup::cargo(),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Debian => "Debian",
            Self::Rustup => "rustup",
        }
    }
}

/// Builds core without std, with each set of features.
pub(crate) fn no_std() -> Result<Note> {
    let way = way()?;
    let version = shell::quietly(way.cargo().arg("--version")).context("cargo has no version")?;
    let version = version.split_whitespace().nth(1).unwrap_or("of no version");
    let note = format!("with {}'s cargo {version}", way.name());
    eprintln!("{note}");
    for features in FEATURES {
        let mut build = way.cargo();
        build.args(["build", "-p", "fulgurite-core", "--target", TARGET]);
        // A target folder of its own: two compilers in one would undo each other's work.
        build.args(["--target-dir", "target/wasm-no-std"]);
        build.args(["-Z", "build-std=core,alloc", "--no-default-features"]);
        if !features.is_empty() {
            build.args(["--features", features]);
        }
        shell::run(&mut build)?;
    }
    Ok(note)
}

/// The forced way; else what is there already; else what can be installed.
fn way() -> Result<Way> {
    match std::env::var(VARIABLE).as_deref() {
        Ok("debian") => return debian::install().map(|()| Way::Debian),
        Ok("rustup") => return rustup::install().map(|()| Way::Rustup),
        Ok("") | Err(VarError::NotPresent) => {}
        Ok(other) => bail!("{VARIABLE} is debian or rustup, not {other}"),
        Err(error) => bail!("{VARIABLE} is debian or rustup: {error}"),
    }
    if rustup::ready() {
        return Ok(Way::Rustup);
    }
    if debian::ready() {
        return Ok(Way::Debian);
    }
    let Err(no_rustup) = rustup::install() else {
        return Ok(Way::Rustup);
    };
    eprintln!("not by rustup: {no_rustup:#}");
    if debian::possible() {
        return debian::install().map(|()| Way::Debian);
    }
    bail!("no source of the standard library: run `rustup component add rust-src`")
}
