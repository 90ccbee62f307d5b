//! Writes the damaged store of the demonstration to the path given: about 100 channels, a 4 KiB
//! hole of zeros in the middle and a torn tail.
//!
//! Parent folders are made. A file that is already there is left alone: that is fine where it is
//! the sample itself, and an error where it is anything else.

use fulgurite_tests::fixtures;
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(path), None) = (arguments.next().map(PathBuf::from), arguments.next()) else {
        eprintln!("usage: sample PATH");
        return ExitCode::from(64);
    };
    match write(&path, &fixtures::sample().bytes) {
        Ok(what) => {
            println!("{}: {what}", path.display());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{}: {error}", path.display());
            ExitCode::FAILURE
        }
    }
}

fn write(path: &Path, sample: &[u8]) -> io::Result<&'static str> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    match OpenOptions::new().write(true).create_new(true).open(path) {
        Ok(mut file) => file.write_all(sample).map(|()| "written"),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            if fs::read(path)? == sample {
                Ok("already there")
            } else {
                Err(io::Error::new(ErrorKind::AlreadyExists, "another file; not overwritten"))
            }
        }
        Err(error) => Err(error),
    }
}
