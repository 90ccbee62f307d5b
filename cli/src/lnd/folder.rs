//! The files of a folder and of what lies in it.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::cancel;
use crate::exit::Trouble;
use crate::output::Face;
use crate::words::lnd as words;

/// Folders are gone into up to this depth: LND's own lie four deep.
const DEPTH: usize = 8;

/// So many files, and so many folders, are looked at.
const MOST: usize = 10_000;

/// All files, those of a folder before those of the folders in it, and by name. Links are followed:
/// a database may lie on another disk. Each folder is gone into once, so that links may lead in
/// circles.
///
/// # Errors
/// Where a folder cannot be read, where a link leads nowhere, and where there is more than is looked
/// at: what was passed over might be what decides.
pub(super) fn files(folder: &Path, face: Face) -> Result<Vec<PathBuf>, Trouble> {
    let too_many =
        || Trouble::with(folder, words::too_many(face.language, &face.count(MOST as u64)));
    let mut folders = vec![(folder.to_owned(), 0)];
    let mut seen = HashSet::new();
    let mut files = Vec::new();
    while let Some((folder, depth)) = folders.pop() {
        cancel::check()?;
        let place = fs::canonicalize(&folder).map_err(|error| Trouble::with(&folder, error))?;
        if !seen.insert(place) {
            continue;
        }
        if seen.len() > MOST {
            return Err(too_many());
        }
        for path in entries(&folder)? {
            let metadata = fs::metadata(&path).map_err(|error| Trouble::with(&path, error))?;
            if metadata.is_dir() && depth < DEPTH {
                folders.push((path, depth + 1));
            } else if metadata.is_file() {
                files.push(path);
            }
            if files.len() > MOST {
                return Err(too_many());
            }
        }
    }
    Ok(files)
}

/// What lies in a folder, by name.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, Trouble> {
    let fail = |error| Trouble::with(folder, error);
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(fail)?.take(2 * MOST) {
        paths.push(entry.map_err(fail)?.path());
    }
    paths.sort();
    Ok(paths)
}
