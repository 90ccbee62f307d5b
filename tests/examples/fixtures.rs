//! Writes every named store into a folder, as `NAME.gs`: `fixtures FOLDER`. A file that is already
//! there and right is left alone.

use std::path::Path;
use std::process::ExitCode;

use fulgurite_tests::Built;
use fulgurite_tests::fixtures::{self, HEADLINES};

type Build = fn() -> Built;

/// Those whose headline is not fixed by what they are.
const OTHERS: &[(&str, Build)] = &[
    ("malicious_aliases", fixtures::malicious_aliases),
    ("overlaid", fixtures::overlaid),
    ("left_behind", fixtures::left_behind),
    ("uncompleted", fixtures::uncompleted),
    ("sample", fixtures::sample),
    ("well_signed", fixtures::well_signed),
    ("badly_signed", fixtures::badly_signed),
];

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1) else {
        eprintln!("usage: fixtures FOLDER");
        return ExitCode::from(64);
    };
    match write(Path::new(&folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}: {error}", Path::new(&folder).display());
            ExitCode::FAILURE
        }
    }
}

fn write(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let named = HEADLINES.iter().map(|headline| (headline.name, headline.build));
    for (name, build) in named.chain(OTHERS.iter().copied()) {
        let path = folder.join(format!("{name}.gs"));
        let bytes = build().bytes;
        if std::fs::read(&path).ok().as_ref() != Some(&bytes) {
            std::fs::write(path, bytes)?;
        }
    }
    Ok(())
}
