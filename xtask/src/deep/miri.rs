//! Core's tests under Miri, where rustup has a nightly compiler with it. Core itself has no unsafe
//! code; what Miri looks at are its dependencies as core uses them, and arithmetic and indexes with
//! every check of the compiler's.

use crate::shell;
use crate::steps::Note;
use crate::test::counts;
use anyhow::Result;

const FOLDER: &str = "target/miri";

/// Runs them, but for those whose point is a large input (`cfg_attr(miri, ignore)`): minutes each
/// at a thousandth of the speed; without Miri it says so and passes.
pub(super) fn step() -> Result<Note> {
    let found = shell::quietly(shell::command("cargo").args(["+nightly", "miri", "--version"]));
    let Some(version) = found else {
        return Ok("left out: run `rustup +nightly component add miri rust-src`".to_owned());
    };
    let mut test = shell::command("cargo");
    test.args(["+nightly", "miri", "test", "-p", "fulgurite-core", "--lib"]);
    // The processor's instruction for checksums is assembly, which Miri does not know.
    test.args(["--no-default-features", "--features", "std,json,words"]);
    test.args(["--target-dir", FOLDER]);
    // Hashes are seeded by addresses, and a test asks how long it took: nothing that is written.
    test.env("MIRIFLAGS", "-Zmiri-disable-isolation");
    let counts = counts::run(&mut test)?;
    Ok(format!("{counts} ({})", version.trim()))
}
