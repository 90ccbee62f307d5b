//! `cargo xtask browser`: the inspector in real browsers, by tests/browser.
//!
//! What is not there is installed first ([`needs`]): browsers by Debian's packages, npm packages by
//! exact version into target/browser. Then the page, the stores and the command that the page is
//! compared with are built, and Node's test runner does the rest.

mod needs;

use crate::steps::Note;
use crate::{demo, inspector, native, shell};
use anyhow::{Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Everything that tests need and write, besides the page itself.
const FOLDER: &str = "target/browser";

const TESTS: &str = "tests/browser";

/// Files of tests that run at a time. Each has a browser of its own.
const AT_A_TIME: &str = "2";

/// Milliseconds that a file of tests may take; each step in it has a limit of its own.
const LONGEST: &str = "900000";

/// What to do.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Measure instead of testing: time from drop to verdict, longest block, sizes.
    #[arg(long, conflicts_with = "screenshots")]
    measure: bool,
    /// Take the pictures in docs/screenshots anew instead of testing.
    #[arg(long)]
    screenshots: bool,
    /// Take this page instead of building one.
    #[arg(long, value_name = "HTML")]
    page: Option<PathBuf>,
    /// Run only the tests of these subjects: the names of the files in tests/browser.
    #[arg(value_name = "SUBJECT", conflicts_with_all = ["measure", "screenshots"])]
    only: Vec<String>,
}

/// Tests, measures or takes pictures.
pub(crate) fn run(args: &Args) -> Result<()> {
    let browsers = needs::all(&folder())?;
    let setting = build(browsers, args.page.as_deref(), args.measure)?;
    if args.measure {
        return shell::run(setting.node().arg(format!("{TESTS}/measure.mjs")));
    }
    if args.screenshots {
        return shell::run(setting.node().arg(format!("{TESTS}/screenshots.mjs")));
    }
    let note = test(&setting, &args.only)?;
    eprintln!("{note}");
    Ok(())
}

/// All tests, as a step among others. Where browsers are missing and cannot be installed, it says
/// what to run and passes; in CI that is a failure.
pub(crate) fn step() -> Result<Note> {
    match needs::all(&folder()) {
        Ok(browsers) => test(&build(browsers, None, false)?, &[]),
        Err(missing) if std::env::var_os("CI").is_none() => {
            eprintln!("{missing:#}");
            Ok(format!("left out: {missing:#}"))
        }
        Err(missing) => Err(missing),
    }
}

fn folder() -> PathBuf {
    shell::root().join(FOLDER)
}

/// What Node is told of the machine.
struct Setting {
    folder: PathBuf,
    page: PathBuf,
    native: PathBuf,
    browsers: needs::Browsers,
}

impl Setting {
    fn node(&self) -> Command {
        let mut node = shell::command("node");
        node.env("FULGURITE_BROWSER", &self.folder)
            .env("FULGURITE_HTML", &self.page)
            .env("FULGURITE_NATIVE", &self.native)
            .env("FULGURITE_CHROMIUM", &self.browsers.chromium)
            .env("FULGURITE_FIREFOX", &self.browsers.firefox);
        node
    }
}

/// Builds what is tested.
fn build(browsers: needs::Browsers, page: Option<&Path>, release: bool) -> Result<Setting> {
    let folder = folder();
    let page = match page {
        Some(page) => std::path::absolute(page)?,
        None => inspector::build()?,
    };
    shell::run(native::example("fixtures")?.arg(folder.join("fixtures")))?;
    let native = if release {
        shell::run(&mut shell::cargo("build --quiet -p fulgurite --release"))?;
        demo::program()
    } else {
        native::program()?
    };
    Ok(Setting { folder, page, native, browsers })
}

/// Runs the tests of all subjects, or of some.
fn test(setting: &Setting, only: &[String]) -> Result<Note> {
    let mut files = Vec::new();
    for entry in fs::read_dir(shell::root().join(TESTS))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let Some(subject) = name.strip_suffix(".test.mjs") else { continue };
        if only.is_empty() || only.iter().any(|wanted| wanted == subject) {
            files.push(format!("{TESTS}/{name}"));
        }
    }
    files.sort();
    if files.is_empty() {
        bail!("no such subject in {TESTS}");
    }
    let tap = setting.folder.join("result.tap");
    let mut node = setting.node();
    node.args(["--test", "--test-concurrency", AT_A_TIME, "--test-timeout", LONGEST]);
    node.args(["--test-reporter=spec", "--test-reporter-destination=stderr"]);
    node.arg("--test-reporter=tap").arg(destination(&tap));
    shell::run(node.args(files))?;
    let tap = fs::read_to_string(tap)?;
    let passed = tap.lines().rev().find_map(|line| line.strip_prefix("# pass ")).unwrap_or("no");
    Ok(format!("{passed} tests in browsers"))
}

fn destination(path: &Path) -> std::ffi::OsString {
    let mut argument = std::ffi::OsString::from("--test-reporter-destination=");
    argument.push(path);
    argument
}
