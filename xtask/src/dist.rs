//! `cargo xtask dist`: what a release hands out, in dist/: the command, for Linux without a libc of
//! the system's where the toolchain can, the inspector, and their SHA-256 sums.

use crate::{inspector, shell};
use anyhow::{Context, Result, bail};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// A way to a command that needs no library of the system's.
struct Way {
    target: &'static str,
    /// The C compiler, which libsecp256k1 needs, and the linker.
    compiler: &'static str,
}

/// For each processor the ways to it, the better one first: musl, which needs rustup's target and
/// a compiler of its own (Debian's musl-tools; the others are not Debian's); else glibc, linked in
/// (Debian's gcc-aarch64-linux-gnu, gcc-arm-linux-gnueabihf).
const PROCESSORS: &[(&str, [Way; 2])] = &[
    (
        "x86_64",
        [
            Way { target: "x86_64-unknown-linux-musl", compiler: "musl-gcc" },
            Way { target: "x86_64-unknown-linux-gnu", compiler: "cc" },
        ],
    ),
    (
        "aarch64",
        [
            Way { target: "aarch64-unknown-linux-musl", compiler: "aarch64-linux-musl-gcc" },
            Way { target: "aarch64-unknown-linux-gnu", compiler: "aarch64-linux-gnu-gcc" },
        ],
    ),
    (
        "armv7",
        [
            Way { target: "armv7-unknown-linux-musleabihf", compiler: "arm-linux-musleabihf-gcc" },
            Way { target: "armv7-unknown-linux-gnueabihf", compiler: "arm-linux-gnueabihf-gcc" },
        ],
    ),
];

/// What is not wanted.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only the command: the inspector's file stays as it is.
    #[arg(long)]
    no_page: bool,
}

/// Builds what can be built here, and says what could not.
pub(crate) fn run(args: &Args) -> Result<()> {
    let folder = shell::root().join(inspector::FOLDER);
    std::fs::create_dir_all(&folder)?;
    let (mut made, mut missing) = (Vec::new(), Vec::new());
    for (processor, ways) in PROCESSORS {
        if let Some(way) = ways.iter().find(|way| way.lacks().is_none()) {
            made.push(way.command(&folder)?);
            continue;
        }
        let lacking = |way: &Way| format!("{}: {}", way.target, way.lacks().unwrap_or_default());
        let what = ways.iter().map(lacking).collect::<Vec<_>>().join("; ");
        missing.push(format!("{processor} ({what})"));
    }
    if args.no_page {
        missing.push("the inspector: not asked for".to_owned());
    } else {
        made.push(inspector::build()?);
    }
    let mut sums = String::new();
    for file in &made {
        let bytes = std::fs::read(file).with_context(|| file.display().to_string())?;
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let sum = Sha256::digest(&bytes).iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        });
        let _ = writeln!(sums, "{sum}  {name}");
    }
    std::fs::write(folder.join("SHA256SUMS"), &sums)?;
    print!("{sums}");
    for what in missing {
        eprintln!("left out: {what}");
    }
    Ok(())
}

impl Way {
    /// What the machine lacks for it.
    fn lacks(&self) -> Option<String> {
        let Way { target, compiler } = self;
        let mut rustc = shell::command("rustc");
        let libraries =
            shell::quietly(rustc.args(["--print", "target-libdir", "--target", target]));
        if !libraries.is_some_and(|folder| Path::new(folder.trim()).is_dir()) {
            return Some(format!("no standard library for it (rustup target add {target})"));
        }
        let found = shell::quietly(shell::command(compiler).arg("--version")).is_some();
        (!found).then(|| format!("no C compiler {compiler}"))
    }

    /// Builds the command and puts it into the folder, named after its target.
    fn command(&self, folder: &Path) -> Result<PathBuf> {
        let Way { target, compiler } = self;
        let mut build = shell::cargo("build --quiet --release --locked -p fulgurite");
        build.args(["--target", target]);
        if target.starts_with("x86_64") {
            // With musl-gcc as linker the program asks for musl's loader at run time, which the
            // systems it is for do not have; rustup's target links by the system's compiler.
            build.env(format!("CC_{}", target.replace('-', "_")), compiler);
        } else {
            let variable = target.to_uppercase().replace('-', "_");
            build.env(format!("CARGO_TARGET_{variable}_LINKER"), compiler);
        }
        // The same bytes wherever the source lies.
        let from = shell::root();
        let remap = format!("--remap-path-prefix={}=fulgurite", from.display());
        build.env("RUSTFLAGS", format!("{remap} -C target-feature=+crt-static"));
        let built = shell::root().join("target/dist");
        shell::run(build.arg("--target-dir").arg(&built))?;
        let program = built.join(target).join("release/fulgurite");
        let start = std::fs::read(&program).with_context(|| program.display().to_string())?;
        let start = start.get(..4_096).unwrap_or(&start);
        // The name of a loader stands near the front of a program that needs one.
        if start.windows(4).any(|bytes| bytes == b"/lib") {
            bail!("{} needs a loader of the system's", program.display());
        }
        let file = folder.join(format!("fulgurite-{target}"));
        std::fs::copy(&program, &file).with_context(|| program.display().to_string())?;
        Ok(file)
    }
}
