//! The JavaScript beside a wasm module, by wasm-bindgen.
//!
//! The command is a package of the workspace (`xtask/bindgen`): no tool has to be installed, and
//! Cargo.lock ties its version to that of the crate. It is not part of xtask, because compiling it
//! takes longer than everything else here together.

use crate::shell;
use anyhow::{Context, Result};
use std::ffi::OsStr;
use std::path::Path;

/// How the JavaScript is loaded.
#[derive(Clone, Copy)]
pub(crate) enum Target {
    /// As an ES module.
    Web,
    /// As a classic script that defines `wasm_bindgen`.
    NoModules,
}

/// Writes `NAME.js` and `NAME_bg.wasm` into a folder.
pub(crate) fn run(wasm: &Path, target: Target, name: &str, folder: &Path) -> Result<()> {
    let target = match target {
        Target::Web => "web",
        Target::NoModules => "no-modules",
    };
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut command = shell::cargo("run --quiet --package xtask-bindgen --features run --");
    let arguments = [wasm.as_os_str(), OsStr::new(target), OsStr::new(name), folder.as_os_str()];
    shell::run(command.args(arguments))
}
