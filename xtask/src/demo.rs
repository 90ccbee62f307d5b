//! `cargo xtask demo`: a damaged store, made on the spot and diagnosed in this terminal.

use crate::{native, shell};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};

const SAMPLE: &str = "target/demo/gossip_store";

/// What `fulgurite check` answers when it finds a warning or damage.
const DAMAGED: i32 = 1;

/// Builds the command, makes the sample and checks it.
pub(crate) fn run() -> Result<()> {
    shell::run(&mut shell::cargo("build --quiet --release -p fulgurite"))?;

    let folder = shell::root().join(SAMPLE).parent().map(Path::to_path_buf).unwrap_or_default();
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("cannot make {}", folder.display()))?;
    // An older sample of ours, perhaps; the example overwrites nothing.
    let _ = std::fs::remove_file(shell::root().join(SAMPLE));
    shell::run(native::example("sample")?.arg(SAMPLE))?;

    let program = program();
    let mut check = shell::command(&program);
    check.args(["check", SAMPLE]);
    let code = check.status().with_context(|| format!("cannot run {}", program.display()))?.code();

    let root = shell::root();
    let shown = program.strip_prefix(&root).unwrap_or(&program);
    eprintln!("\nThat was: {} check {SAMPLE}", shown.display());
    match code {
        Some(DAMAGED) => eprintln!("Exit code 1: damage was found, as it should be here."),
        Some(0) => bail!("the sample is damaged, but no damage was found (exit code 0)"),
        Some(code) => bail!("the check failed (exit code {code})"),
        None => bail!("the check was killed by a signal"),
    }
    Ok(())
}

/// The release binary, beside the debug folder that we ourselves run from, wherever the target
/// folder is.
pub(crate) fn program() -> PathBuf {
    let name = format!("fulgurite{}", std::env::consts::EXE_SUFFIX);
    let ours = std::env::current_exe().ok();
    let target = ours.as_deref().and_then(Path::parent).and_then(Path::parent);
    let target = target.map_or_else(|| shell::root().join("target"), Path::to_path_buf);
    target.join("release").join(name)
}
