//! `cargo xtask dist`: what a release hands out, in dist/: the command, for Linux without a libc of
//! the system's where the toolchain can, the inspector, and their SHA-256 sums.

use crate::{inspector, shell};
use anyhow::{Context, Result};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Targets and the C compilers that libsecp256k1 needs for them (Debian's packages musl-tools,
/// gcc-aarch64-linux-gnu, gcc-arm-linux-gnueabihf; the latter two with musl's own start files).
const TARGETS: &[(&str, &str)] = &[
    ("x86_64-unknown-linux-musl", "musl-gcc"),
    ("aarch64-unknown-linux-musl", "aarch64-linux-musl-gcc"),
    ("armv7-unknown-linux-musleabihf", "arm-linux-musleabihf-gcc"),
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
    for (target, compiler) in TARGETS {
        match lacking(target, compiler) {
            None => made.push(command(Some(target), &folder)?),
            Some(what) => missing.push(format!("{target}: {what}")),
        }
    }
    if made.is_empty() {
        // At least one for machines like this one.
        made.push(command(None, &folder)?);
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

/// What the machine lacks for that target.
fn lacking(target: &str, compiler: &str) -> Option<String> {
    let mut rustc = shell::command("rustc");
    let libraries = shell::quietly(rustc.args(["--print", "target-libdir", "--target", target]));
    if !libraries.is_some_and(|folder| Path::new(folder.trim()).is_dir()) {
        return Some(format!("no standard library for it (rustup target add {target})"));
    }
    let found = shell::quietly(shell::command(compiler).arg("--version")).is_some();
    (!found).then(|| format!("no C compiler {compiler}"))
}

/// Builds the command and puts it into the folder, named after its target.
fn command(target: Option<&str>, folder: &Path) -> Result<PathBuf> {
    let mut build = shell::cargo("build --quiet --release --locked -p fulgurite");
    if let Some(target) = target {
        build.args(["--target", target]);
        let linker = TARGETS.iter().find(|(name, _)| *name == target).map_or("cc", |(_, own)| own);
        let variable = target.to_uppercase().replace('-', "_");
        build.env(format!("CARGO_TARGET_{variable}_LINKER"), linker);
    }
    // The same bytes wherever the source lies.
    build.env("RUSTFLAGS", format!("--remap-path-prefix={}=fulgurite", shell::root().display()));
    let built = shell::root().join("target/dist");
    shell::run(build.arg("--target-dir").arg(&built))?;
    let suffix = std::env::consts::EXE_SUFFIX;
    let program = format!("release/fulgurite{suffix}");
    let program = target.map_or(built.join(&program), |target| built.join(target).join(&program));
    let name = target.unwrap_or(std::env::consts::ARCH);
    let file = folder.join(format!("fulgurite-{name}{suffix}"));
    std::fs::copy(&program, &file).with_context(|| program.display().to_string())?;
    Ok(file)
}
