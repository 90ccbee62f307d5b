//! wasm32-unknown-unknown: by whose compiler, and what is built with it.
//!
//! [`build`] makes a package's wasm module, [`bindgen`] the JavaScript beside it, [`no_std()`]
//! proves that core needs no standard library. Two compilers can do each: rustup's, and Debian's
//! packages ([`debian`]), for machines that cannot download from rustup. `FULGURITE_WASM=debian`
//! or `=rustup` forces one.

pub(crate) mod bindgen;
pub(crate) mod debian;
mod no_std;
mod rustup;
mod sysroot;

use crate::shell;
use anyhow::{Result, bail};
use std::env::{VarError, var_os};
use std::path::{Path, PathBuf};
use std::process::Command;

pub(crate) use no_std::no_std;

/// The variable that forces a way.
const VARIABLE: &str = "FULGURITE_WASM";

const TARGET: &str = "wasm32-unknown-unknown";

/// Whose compiler builds.
#[derive(Clone, Copy)]
enum Way {
    Debian,
    Rustup,
}

impl Way {
    fn name(self) -> &'static str {
        match self {
            Self::Debian => "Debian",
            Self::Rustup => "rustup",
        }
    }
}

/// Builds a package's wasm module in that profile, with those flags for the compiler, and says where
/// it is.
pub(crate) fn build(package: &str, profile: &str, flags: &[&str]) -> Result<PathBuf> {
    let way = way()?;
    let folder = shell::root().join("target").join(format!("wasm-{}", way.name().to_lowercase()));
    let mut build = cargo(way, flags)?;
    build.args(["build", "--package", package, "--lib", "--target", TARGET]);
    build.args(["--profile", profile]).arg("--target-dir").arg(&folder);
    shell::run(&mut build)?;
    let file = format!("{}.wasm", package.replace('-', "_"));
    let profile = if profile == "dev" { "debug" } else { profile };
    Ok(folder.join(TARGET).join(profile).join(file))
}

/// Cargo with a standard library for the target.
fn cargo(way: Way, more: &[&str]) -> Result<Command> {
    let (mut command, mut flags) = match way {
        Way::Rustup => (shell::cargo(""), Vec::new()),
        Way::Debian => {
            let sysroot = sysroot::ready()?;
            let mut command = debian::cargo();
            command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", debian::linker()?);
            (command, vec![format!("--sysroot={}", sysroot.display())])
        }
    };
    flags.extend(nameless());
    // Without a place in the source each check of a bound is smaller, and in the browser nobody
    // would be told it. The flag is not stable; what it does has not changed for years.
    flags.push("-Zlocation-detail=none".to_owned());
    command.env("RUSTC_BOOTSTRAP", "1");
    flags.extend(more.iter().map(ToString::to_string));
    command.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
    Ok(command)
}

/// Flags that keep names of folders of this machine out of what is shipped.
fn nameless() -> Vec<String> {
    let remap = |from: &Path, to: &str| format!("--remap-path-prefix={}={to}", from.display());
    let mut flags = vec![remap(&shell::root(), "fulgurite")];
    flags.extend(dependencies().iter().map(|sources| remap(sources, "crates")));
    flags.push(remap(Path::new("/usr/lib/rustlib/src/rust"), "/rustc"));
    flags
}

/// Where cargo keeps the sources of dependencies: a folder for each registry.
fn dependencies() -> Vec<PathBuf> {
    let folder = |name| var_os(name).map(PathBuf::from);
    let home = || Some(folder("HOME").or_else(|| folder("USERPROFILE"))?.join(".cargo"));
    let sources = folder("CARGO_HOME").or_else(home).map(|home| home.join("registry/src"));
    let registries = sources.and_then(|sources| std::fs::read_dir(sources).ok());
    registries.into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path())).collect()
}

/// The forced way; else what is there already; else what can be installed.
fn way() -> Result<Way> {
    match forced()? {
        Some(Way::Debian) => return debian::install().map(|()| Way::Debian),
        Some(Way::Rustup) => return rustup::install_target().map(|()| Way::Rustup),
        None => {}
    }
    if rustup::has_target() {
        return Ok(Way::Rustup);
    }
    if debian::ready() {
        return Ok(Way::Debian);
    }
    let Err(no_rustup) = rustup::install_target() else {
        return Ok(Way::Rustup);
    };
    eprintln!("not by rustup: {no_rustup:#}");
    if debian::possible() {
        return debian::install().map(|()| Way::Debian);
    }
    bail!("no standard library for wasm: run `rustup target add {TARGET}`")
}

fn forced() -> Result<Option<Way>> {
    match std::env::var(VARIABLE).as_deref() {
        Ok("debian") => Ok(Some(Way::Debian)),
        Ok("rustup") => Ok(Some(Way::Rustup)),
        Ok("") | Err(VarError::NotPresent) => Ok(None),
        Ok(other) => bail!("{VARIABLE} is debian or rustup, not {other}"),
        Err(error) => bail!("{VARIABLE} is debian or rustup: {error}"),
    }
}
