//! What the tests in browsers need: Node and npm, Chromium and Firefox, three npm packages. None
//! of them is told to download a browser of its own.

use crate::shell;
use crate::wasm::debian;
use anyhow::{Result, bail};
use std::fs;
use std::path::{Path, PathBuf};

/// The least Node that the packages run on.
const NODE: u32 = 20;

/// npm packages by exact version: what drives Chromium, what drives Firefox, what checks
/// accessibility.
const PACKAGES: &[(&str, &str)] =
    &[("playwright-core", "1.65.1"), ("puppeteer-core", "24.43.1"), ("axe-core", "4.14.1")];

/// Programs.
pub(super) struct Browsers {
    pub(super) chromium: PathBuf,
    pub(super) firefox: PathBuf,
}

/// Sees that all of it is there; the npm packages go into `folder`.
pub(super) fn all(folder: &Path) -> Result<Browsers> {
    node()?;
    let browsers = browsers()?;
    packages(folder)?;
    Ok(browsers)
}

/// Sees that Node and npm are there.
fn node() -> Result<()> {
    if major("node").is_some_and(|major| major >= NODE) && major("npm").is_some() {
        return Ok(());
    }
    if major("node").is_none() && debian::possible() {
        debian::install_packages(&["nodejs", "npm"])?;
    }
    match major("node") {
        Some(major) if major >= NODE => Ok(()),
        Some(major) => bail!("Node {major} is too old for the browsers: {NODE} or later is needed"),
        None => bail!("Node {NODE} or later with npm is missing"),
    }
}

fn major(program: &str) -> Option<u32> {
    let version = shell::quietly(shell::command(program).arg("--version"))?;
    version.trim().trim_start_matches('v').split('.').next()?.parse().ok()
}

/// Sees that both browsers are there. `FULGURITE_CHROMIUM` and `FULGURITE_FIREFOX` name others than
/// Debian's.
fn browsers() -> Result<Browsers> {
    let named = |variable: &str, usual: &str| {
        std::env::var_os(variable).map_or_else(|| PathBuf::from(usual), PathBuf::from)
    };
    let browsers = Browsers {
        chromium: named("FULGURITE_CHROMIUM", "/usr/bin/chromium"),
        firefox: named("FULGURITE_FIREFOX", "/usr/bin/firefox-esr"),
    };
    let missing = || {
        let wanted = [(&browsers.chromium, "chromium"), (&browsers.firefox, "firefox-esr")];
        let missing = wanted.into_iter().filter(|(program, _)| !program.is_file());
        missing.map(|(_, package)| package).collect::<Vec<_>>()
    };
    if !missing().is_empty() && debian::possible() {
        debian::install_packages(&missing())?;
    }
    let missing = missing().join(" ");
    if !missing.is_empty() {
        bail!(
            "as root on Debian run `apt-get install --no-install-recommends {missing}`, or name \
             the programs in FULGURITE_CHROMIUM and FULGURITE_FIREFOX"
        );
    }
    Ok(browsers)
}

/// Sees that the npm packages are in `folder`.
fn packages(folder: &Path) -> Result<()> {
    let there = |(name, version): &(&str, &str)| {
        let manifest = folder.join("node_modules").join(name).join("package.json");
        let text = fs::read_to_string(manifest).unwrap_or_default();
        text.contains(&format!("\"version\": \"{version}\""))
    };
    if PACKAGES.iter().all(there) {
        return Ok(());
    }
    fs::create_dir_all(folder)?;
    let mut npm = shell::command("npm");
    npm.args(["install", "--no-save", "--no-package-lock", "--no-audit", "--no-fund"]);
    npm.args(["--ignore-scripts", "--loglevel=error", "--prefix"]).arg(folder);
    shell::run(npm.args(PACKAGES.iter().map(|(name, version)| format!("{name}@{version}"))))
}
