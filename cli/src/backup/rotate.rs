//! Removing older copies: only what this command made, and what is complete.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::manifest::{Manifest, is_name, with};
use crate::exit::Trouble;

/// Keeps the copy that was just made and the newest of those before it, `keep` in all; which ones are
/// gone, and what went wrong with the next.
pub(super) fn rotate(folder: &Path, made: &Path, keep: u32) -> (Vec<PathBuf>, Option<Trouble>) {
    let mut older = match copies(folder) {
        Ok(copies) => copies,
        Err(trouble) => return (Vec::new(), Some(trouble)),
    };
    // By whatever clock: a copy made with one that was ahead is older all the same.
    older.retain(|copy| copy != made);
    older.sort();
    let keep = usize::try_from(keep).unwrap_or(usize::MAX).saturating_sub(1);
    older.truncate(older.len().saturating_sub(keep));
    let mut gone = Vec::new();
    for copy in older {
        if let Err(trouble) = remove(&copy) {
            return (gone, Some(trouble));
        }
        gone.push(copy);
    }
    (gone, None)
}

/// The copies in a folder that have a document of ours beside them.
fn copies(folder: &Path) -> Result<Vec<PathBuf>, Trouble> {
    let fail = |error: io::Error| Trouble::with(folder, error);
    let mut copies = Vec::new();
    for entry in fs::read_dir(folder).map_err(fail)? {
        let path = entry.map_err(fail)?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        // What has no document of ours beside it is somebody else's, and so is what is no file.
        let ours = is_name(name)
            && path.symlink_metadata().is_ok_and(|metadata| metadata.is_file())
            && Manifest::beside(&path)
                .is_ok_and(|manifest| manifest.is_some_and(|manifest| manifest.file == name));
        if ours {
            copies.push(path);
        }
    }
    Ok(copies)
}

fn remove(copy: &Path) -> Result<(), Trouble> {
    // The document first: what is left of a copy then counts as nobody's.
    for path in [with(copy, ".json"), with(copy, ".sha256"), copy.to_owned()] {
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(Trouble::with(&path, error));
            }
            _ => {}
        }
    }
    Ok(())
}
