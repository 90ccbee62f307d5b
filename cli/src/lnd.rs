//! `fulgurite lnd`: LND's databases, looked at from four sides.

mod buckets;
mod compare;
mod dump;
pub(crate) mod files;
mod folder;
mod invoices;
mod preflight;
mod rehearse;
mod run;
mod state;

use std::path::PathBuf;

use crate::args::{Lnd, LndCommand, Reading};
use crate::exit::{Code, Trouble};
use crate::input::Input;
use crate::output::Face;
use crate::words::lnd as words;

pub(crate) use run::{check, watched};
pub(crate) use state::{counts, file_of_place, place};

/// Looks at one of them.
pub(crate) fn run(arguments: &Lnd, face: Face) -> Result<Code, Trouble> {
    match &arguments.command {
        LndCommand::State(state) => state::run(state, face),
        LndCommand::Invoices(invoices) => invoices::run(invoices, face),
        LndCommand::Buckets(buckets) => buckets::run(buckets, face),
        LndCommand::Dump(dump) => dump::run(dump, face),
        LndCommand::Compare(compare) => compare::run(compare, face),
        LndCommand::Rehearse(rehearse) => rehearse::run(rehearse, face),
        LndCommand::Preflight(preflight) => preflight::run(preflight, face),
    }
}

/// All of these files and folders, as sets that belong together. Each must be LND's.
fn sets(paths: &[PathBuf], reading: &Reading, face: Face) -> Result<Vec<files::Set>, Trouble> {
    let mut gathered = files::Gathered::default();
    for path in paths {
        if path.is_dir() {
            if gathered.walk(path, reading.max_unpacked, face)? == 0 {
                return Err(Trouble::with(path, words::NOTHING_IN_IT.get(face.language)));
            }
        } else {
            gathered.take(ours(path, reading, face)?);
        }
    }
    gathered.sets(reading.max_unpacked, face)
}

/// That file, which must be LND's.
fn ours(path: &std::path::Path, reading: &Reading, face: Face) -> Result<Input, Trouble> {
    let input = Input::open(path, reading.max_unpacked, face)?;
    if let Some(Err(why)) = input.unpacking(face) {
        return Err(Trouble::Failed(why));
    }
    if input.is_of_lnd()? {
        return Ok(input);
    }
    // What it is instead, if that is known.
    input.must_be_store(face)?;
    Err(Trouble::with(path, words::NOT_OF_LND.get(face.language)))
}
