//! The step `pyln`: Core Lightning's own reader in Python counts the repaired stores.
//!
//! pyln-client comes by its exact version (tests/pyln/requirements.txt) into a virtual environment
//! in target/pyln; tests/pyln/counts.py does the rest.

use crate::steps::Note;
use crate::wasm::debian;
use crate::{native, shell};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Stdio;

const FOLDER: &str = "target/pyln";
const REQUIREMENTS: &str = "tests/pyln/requirements.txt";

/// Repairs the damaged stores and has the outcomes counted. Where there is no Python and none can
/// be installed, it says what to run and passes; in CI that is a failure.
pub(crate) fn step() -> Result<Note> {
    let folder = shell::root().join(FOLDER);
    match environment(&folder) {
        Ok(python) => count(&folder, &python),
        Err(missing) if std::env::var_os("CI").is_none() => {
            eprintln!("{missing:#}");
            Ok(format!("left out: {missing:#}"))
        }
        Err(missing) => Err(missing),
    }
}

/// The Python of the virtual environment, made anew when the requirements have changed.
fn environment(folder: &Path) -> Result<PathBuf> {
    let (venv, stamp) = (folder.join("venv"), folder.join("installed.txt"));
    let python = venv.join("bin/python");
    let wanted = std::fs::read_to_string(shell::root().join(REQUIREMENTS))?;
    if python.is_file() && std::fs::read_to_string(&stamp).is_ok_and(|there| there == wanted) {
        return Ok(python);
    }
    std::fs::create_dir_all(folder)?;
    let make = || {
        let mut make = shell::command("python3");
        make.args(["-m", "venv", "--clear"]).arg(&venv);
        shell::quietly(&mut make).is_some() && python.is_file()
    };
    if !make() {
        if !debian::possible() {
            bail!(
                "Python 3.10 or later with venv is missing; on Debian run `apt-get install python3-venv`"
            );
        }
        debian::install_packages(&["python3-venv"])?;
        if !make() {
            bail!("python3-venv is installed, but `python3 -m venv` fails");
        }
    }
    let mut install = shell::command(&python);
    install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
    shell::run(install.args(["--requirement", REQUIREMENTS]).current_dir(shell::root()))?;
    std::fs::write(stamp, wanted)?;
    Ok(python)
}

fn count(folder: &Path, python: &Path) -> Result<Note> {
    let stores = folder.join("damaged");
    shell::run(native::example("damaged")?.arg(&stores))?;
    let native = native::program()?;

    let mut counts = shell::command(python);
    counts.arg("tests/pyln/counts.py").arg(native).arg(stores).current_dir(shell::root());
    shell::echo(&counts);
    let output = counts.stderr(Stdio::inherit()).output().context("cannot run Python")?;
    let said = String::from_utf8_lossy(&output.stdout);
    print!("{said}");
    shell::check(&counts, output.status)?;
    let passed = said.lines().last().and_then(|line| line.split(' ').next()).unwrap_or("no");
    Ok(format!("{passed} repaired stores counted alike by pyln-client"))
}
