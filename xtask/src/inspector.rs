//! `cargo xtask inspector`: dist/fulgurite.html, the whole inspector in one file.
//!
//! Two wasm modules are built, the engine as for npm and the page; both, their scripts, the style and
//! a sample store are packed into the shell `index.html`, beside a third that unpacks them
//! ([`assemble`]). The file loads nothing and works from `file://`.

mod assemble;
mod characters;

use crate::wasm::{self, bindgen};
use crate::{native, pkg, shell};
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// Where it is put.
pub(crate) const FOLDER: &str = "dist";
/// What it is called.
pub(crate) const FILE: &str = "fulgurite.html";

const WORK: &str = "target/inspector";

/// Leptos then forgets the types of elements: the same page in a twentieth less.
const PAGE_FLAGS: &[&str] = &["--cfg=erase_components"];

/// The page's style, in this order.
const STYLES: &[&str] = &[
    "web/style/base.css",
    "web/style/page.css",
    "web/style/map.css",
    "web/style/bench.css",
    "web/style/bytes.css",
    "web/style/lnd.css",
    "web/style/media.css",
];

/// What to do besides building.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Open it in the default browser, on the sample.
    #[arg(long)]
    open: bool,
}

/// Builds, and opens if asked to.
pub(crate) fn run(args: &Args) -> Result<()> {
    let file = build()?;
    if args.open {
        open(&file);
    }
    Ok(())
}

/// Builds the file and says where it is.
pub(crate) fn build() -> Result<PathBuf> {
    let engine = pkg::build()?;
    let work = shell::root().join(WORK);
    let page = wasm::build("fulgurite-web", "page", PAGE_FLAGS)?;
    bindgen::run(&page, bindgen::Target::NoModules, "page", &work)?;
    let parts = assemble::Parts {
        shell: text("index.html")?,
        loading: text("web/loading.html")?,
        style: STYLES.iter().map(|style| text(style)).collect::<Result<Vec<_>>>()?.concat(),
        page: read(&work.join("page_bg.wasm"))?,
        glue: text(&format!("{WORK}/page.js"))?,
        engine: read(&engine.wasm)?,
        worker: String::from_utf8(read(&engine.worker)?).context("the worker is not UTF-8")?,
        sample: sample()?,
        unpack: read(&wasm::build("fulgurite-unpack", "unpack", &[])?)?,
        boot: text("web/js/boot.js")?,
    };
    let html = assemble::assemble(&parts)?;
    let folder = shell::root().join(FOLDER);
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let file = folder.join(FILE);
    fs::write(&file, &html).with_context(|| format!("cannot write {}", file.display()))?;
    eprintln!(
        "{FOLDER}/{FILE}: {} bytes (page {} bytes, engine {} bytes of wasm)",
        html.len(),
        parts.page.len(),
        parts.engine.len()
    );
    Ok(file)
}

/// The damaged store of the demonstration, made anew.
fn sample() -> Result<Vec<u8>> {
    let path = format!("{WORK}/sample/gossip_store");
    let file = shell::root().join(&path);
    if file.exists() {
        fs::remove_file(&file).with_context(|| format!("cannot replace {path}"))?;
    }
    shell::run(native::example("sample")?.arg(&path))?;
    read(&file)
}

/// Opens the file on the sample with whatever opens files here. That it could not is no failure of
/// the build.
fn open(file: &Path) {
    let address = format!("file://{}#sample", file.display());
    let (program, before): (&str, &[&str]) = if cfg!(target_os = "macos") {
        ("open", &[])
    } else if cfg!(windows) {
        ("cmd", &["/C", "start", ""])
    } else {
        ("xdg-open", &[])
    };
    let mut command = shell::command(program);
    command.args(before).arg(&address);
    shell::echo(&command);
    let opened = command.status().is_ok_and(|status| status.success());
    if !opened {
        eprintln!("no browser could be started; open this address in one: {address}");
    }
}

fn text(path: &str) -> Result<String> {
    fs::read_to_string(shell::root().join(path)).with_context(|| format!("cannot read {path}"))
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}
