//! `xtask-bindgen WASM TARGET NAME FOLDER`: the JavaScript beside a wasm module.
//!
//! TARGET is `web` (an ES module) or `no-modules` (a classic script). The library is that of the
//! wasm-bindgen command, so that no tool has to be installed; its version is tied to the crate's
//! by Cargo.lock, as cargo allows only one `wasm-bindgen-shared`.
#![forbid(unsafe_code)]

use anyhow::{Context as _, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [wasm, target, name, folder] = arguments.as_slice() else {
        bail!("usage: xtask-bindgen WASM TARGET NAME FOLDER");
    };
    let mut bindgen = Bindgen::new();
    bindgen.input_path(wasm).out_name(name).typescript(false);
    bindgen.remove_name_section(true).remove_producers_section(true);
    match target.as_str() {
        "web" => bindgen.web(true)?.omit_default_module_path(true),
        "no-modules" => bindgen.no_modules(true)?,
        other => bail!("no target {other}: web or no-modules"),
    };
    bindgen.generate(folder).with_context(|| format!("wasm-bindgen fails on {wasm}"))
}
