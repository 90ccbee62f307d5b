//! Writes the 68 damaged cases, made of a store of 300 channels, into the folder given, as
//! `NAME.gs`: for readers that are not ours. What is there already is overwritten.

use std::path::Path;
use std::process::ExitCode;

use fulgurite_tests::Network;

#[path = "../tests/gossip/shared/damage.rs"]
mod damage;

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1) else {
        eprintln!("usage: damaged FOLDER");
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
    for (name, bytes) in damage::cases(&Network::new(68, 300).build().bytes) {
        std::fs::write(folder.join(format!("{name}.gs")), bytes)?;
    }
    Ok(())
}
