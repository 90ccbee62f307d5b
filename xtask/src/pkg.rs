//! `cargo xtask pkg`: the npm package `fulgurite` in target/pkg/npm, ready for `npm pack`, and in
//! target/pkg/page what a page needs of the engine: the same wasm and a classic worker's script.

mod node;

use crate::steps::Note;
use crate::wasm::{self, bindgen};
use crate::{native, shell};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};

const FOLDER: &str = "target/pkg";

/// The name of what wasm-bindgen writes.
const NAME: &str = "fulgurite";

/// What stands in the package as it stands in the repository.
const COPIED: &[&str] = &[
    "pkg/package.json",
    "pkg/README.md",
    "pkg/js/index.js",
    "pkg/js/index.d.ts",
    "LICENSE-APACHE",
    "LICENSE-MIT",
];

/// What engine-host.js gives to index.js.
const EXPORTS: &str =
    "\nexport { LndCase, OpenFile, Repairing, abortable, blobReader, memoryReader };\n";

/// What to do besides building.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Pack the package, install it in an empty folder and use it there.
    #[arg(long)]
    test: bool,
}

/// What a page needs.
pub(crate) struct Page {
    /// The engine.
    pub(crate) wasm: PathBuf,
    /// A classic script for a worker: glue, host, reader, verifiers and message protocol.
    pub(crate) worker: PathBuf,
}

/// Builds, and tests if asked to.
pub(crate) fn run(args: &Args) -> Result<()> {
    if args.test {
        node::need()?;
        eprintln!("{}", test()?);
        return Ok(());
    }
    let page = build()?;
    eprintln!("for pages: {} and {}", page.wasm.display(), page.worker.display());
    Ok(())
}

/// The step of `cargo xtask test`: where there is no Node and none can be installed, it says what
/// to run and passes.
pub(crate) fn step() -> Result<Note> {
    match node::need() {
        Ok(()) => test(),
        Err(missing) => {
            eprintln!("{missing:#}");
            Ok(format!("left out: {missing:#}"))
        }
    }
}

fn test() -> Result<Note> {
    build()?;
    node::test(&shell::root().join(FOLDER))
}

/// Builds both.
pub(crate) fn build() -> Result<Page> {
    let wasm = wasm::build("fulgurite-wasm", "engine", &[])?;
    let folder = shell::root().join(FOLDER);
    let (npm, page) = (folder.join("npm"), folder.join("page"));
    for made in [&npm, &page] {
        if made.is_dir() {
            fs::remove_dir_all(made)?;
        }
    }
    bindgen::run(&wasm, bindgen::Target::Web, NAME, &npm)?;
    bindgen::run(&wasm, bindgen::Target::NoModules, NAME, &page)?;
    let module = format!("{NAME}_bg.wasm");
    let engine = fs::read(npm.join(&module))?;
    if fs::read(page.join(&module))? != engine {
        bail!("the engine of the page is not the engine of the npm package");
    }
    write_npm(&npm)?;
    let worker = write_worker(&page)?;
    eprintln!("{FOLDER}: the engine has {} bytes", engine.len());
    Ok(Page { wasm: page.join(module), worker })
}

fn write_npm(npm: &Path) -> Result<()> {
    for file in COPIED {
        let from = shell::root().join(file);
        let to = npm.join(from.file_name().unwrap_or_default());
        fs::copy(&from, to).with_context(|| format!("cannot copy {file}"))?;
    }
    let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    if !fs::read_to_string(npm.join("package.json"))?.contains(&version) {
        bail!("pkg/package.json has not the version of the workspace, {version}");
    }
    fs::write(npm.join("engine-host.js"), source("engine-host.js")? + EXPORTS)?;
    let words = npm.join("words");
    fs::create_dir_all(&words)?;
    for language in ["en", "zh-CN"] {
        let mut example = native::example("words_json")?;
        example.arg(language).arg(words.join(format!("{language}.json")));
        shell::run(&mut example)?;
    }
    Ok(())
}

/// Glue, host, reader, verifiers and protocol in one script.
fn write_worker(page: &Path) -> Result<PathBuf> {
    let glue = page.join(format!("{NAME}.js"));
    let glue_text = fs::read_to_string(&glue)?;
    let [host, reader] = [source("engine-host.js")?, source("reader.js")?];
    let parts = [glue_text, host, reader, source("verifiers.js")?, source("worker.js")?];
    fs::remove_file(glue)?;
    let worker = page.join("worker.js");
    fs::write(&worker, parts.join("\n"))?;
    Ok(worker)
}

fn source(name: &str) -> Result<String> {
    let path = shell::root().join("pkg/js").join(name);
    fs::read_to_string(path).with_context(|| format!("cannot read pkg/js/{name}"))
}
