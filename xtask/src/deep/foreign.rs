//! Core's tests on other machines: one of 32 bits, as small boards are, and one that has the highest
//! byte first. No file format that we read has the machine's own byte order; whoever forgets that
//! sees it here.
//!
//! rustup's target, Debian's C compiler as linker, and qemu's emulation of a single process.

use crate::shell;
use crate::steps::Note;
use crate::test::counts::{self, Counts};
use crate::wasm::debian;
use anyhow::{Context, Result, bail};
use std::path::Path;

/// Everything compiled for it.
const FOLDER: &str = "target/foreign";

/// A machine that this one is not.
struct Machine {
    /// What it stands for.
    about: &'static str,
    target: &'static str,
    /// Debian's name of its C tools, and qemu's of its processor.
    tools: &'static str,
    processor: &'static str,
    /// Debian's packages: compiler and libc.
    packages: [&'static str; 2],
}

const MACHINES: &[Machine] = &[
    Machine {
        about: "32 bits",
        target: "armv7-unknown-linux-gnueabihf",
        tools: "arm-linux-gnueabihf",
        processor: "arm",
        packages: ["gcc-arm-linux-gnueabihf", "libc6-dev-armhf-cross"],
    },
    Machine {
        about: "big-endian",
        target: "s390x-unknown-linux-gnu",
        tools: "s390x-linux-gnu",
        processor: "s390x",
        packages: ["gcc-s390x-linux-gnu", "libc6-dev-s390x-cross"],
    },
];

/// Core's own tests with every feature, and the programs of `tests` that are about core alone.
const TESTS: &[&str] = &[
    "-p fulgurite-core --all-features --lib",
    "-p fulgurite-tests --test gossip --test kv --test lnd --test limits --test log_lines",
];

/// Runs them on each.
pub(super) fn step() -> Result<Note> {
    let mut notes = Vec::new();
    for machine in MACHINES {
        machine.need()?;
        let mut total = Counts::default();
        for tests in TESTS {
            let mut test = shell::cargo("test --no-fail-fast --target-dir");
            test.arg(FOLDER).args(["--target", machine.target]).args(tests.split_whitespace());
            let variable =
                format!("CARGO_TARGET_{}", machine.target.to_uppercase().replace('-', "_"));
            test.env(format!("{variable}_LINKER"), machine.compiler());
            let libraries = format!("/usr/{}", machine.tools);
            let runner = format!("qemu-{} -L {libraries}", machine.processor);
            test.env(format!("{variable}_RUNNER"), runner);
            total += counts::run(&mut test).context(machine.about)?;
        }
        notes.push(format!("{}: {total}", machine.about));
    }
    Ok(notes.join("; "))
}

impl Machine {
    fn compiler(&self) -> String {
        format!("{}-gcc", self.tools)
    }

    fn emulator(&self) -> String {
        format!("qemu-{}", self.processor)
    }

    /// Sees that all of it is there, or says what to run.
    fn need(&self) -> Result<()> {
        let Machine { target, packages: [compiler, libc], .. } = self;
        let there = |program: &str| Path::new("/usr/bin").join(program).is_file();
        let ready = || there(&self.compiler()) && there(&self.emulator());
        if !ready() && debian::possible() {
            debian::install_packages(&[compiler, libc, "qemu-user"])?;
        }
        if !ready() {
            bail!("as root on Debian run `apt-get install {compiler} {libc} qemu-user`");
        }
        let mut rustc = shell::command("rustc");
        let libraries =
            shell::quietly(rustc.args(["--print", "target-libdir", "--target", target]));
        if libraries.is_some_and(|folder| Path::new(folder.trim()).is_dir()) {
            return Ok(());
        }
        shell::run(shell::command("rustup").args(["target", "add", target]))
            .with_context(|| format!("{target} is missing: run `rustup target add {target}`"))
    }
}
