//! What a fuzzer came upon, kept in the repository: of all inputs those that reach an edge which no
//! other reaches, in one packed file for each target. Else each machine would begin at the fixtures.

use crate::shell;
use anyhow::{Context, Result};
use lzma_rust2::{LzmaOptions, LzmaWriter};
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

/// Distils the corpus of this target into `tests/fuzz/kept/NAME.lzma`: for each input its length, four
/// bytes little-endian, and its bytes.
pub(super) fn keep(program: &Path, name: &str, longest: &str, corpus: &Path) -> Result<()> {
    let folder = corpus.with_file_name(format!("{name}-distilled"));
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    let mut command = shell::command(program);
    // Edges, not how often each is passed: that would keep four times as much.
    command.env("FULGURITE_FUZZ", name).args(["-merge=1", "-use_counters=0"]);
    command.arg(format!("-max_len={longest}")).arg(&folder).arg(corpus);
    let output = command.stderr(Stdio::piped()).output().context("the fuzzer")?;
    anyhow::ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));

    let mut files: Vec<_> =
        std::fs::read_dir(&folder)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    files.sort();
    let mut bytes = Vec::new();
    for file in &files {
        let input = std::fs::read(file)?;
        bytes.extend_from_slice(&u32::try_from(input.len())?.to_le_bytes());
        bytes.extend_from_slice(&input);
    }
    let mut packed = Vec::new();
    let options = LzmaOptions::with_preset(9);
    let mut writer = LzmaWriter::new_use_header(&mut packed, &options, Some(bytes.len() as u64))?;
    writer.write_all(&bytes)?;
    writer.finish()?;
    let kept = shell::root().join("tests/fuzz/kept");
    std::fs::create_dir_all(&kept)?;
    std::fs::write(kept.join(format!("{name}.lzma")), &packed)?;
    println!("{name}: {} inputs of {} bytes kept in {}", files.len(), bytes.len(), packed.len());
    Ok(())
}
