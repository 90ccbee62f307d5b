//! Removing older copies: only what this command made, and what is complete.

use std::fs;
use std::path::{Path, PathBuf};

use super::manifest::{Manifest, is_name, with};
use crate::exit::Trouble;

/// Keeps the newest copies; which ones are gone.
pub(super) fn rotate(folder: &Path, keep: u32) -> Result<Vec<PathBuf>, Trouble> {
    let fail = |error: std::io::Error| Trouble::with(folder, error);
    let mut copies = Vec::new();
    for entry in fs::read_dir(folder).map_err(fail)? {
        let path = entry.map_err(fail)?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        // What has no document of ours beside it is somebody else's.
        let ours = is_name(name)
            && Manifest::beside(&path)
                .is_ok_and(|manifest| manifest.is_some_and(|manifest| manifest.file == name));
        if ours {
            copies.push(path);
        }
    }
    copies.sort();
    let keep = usize::try_from(keep).unwrap_or(usize::MAX);
    copies.truncate(copies.len().saturating_sub(keep));
    for copy in &copies {
        // The document first: what is left of a copy then counts as nobody's.
        for path in [with(copy, ".json"), with(copy, ".sha256"), copy.clone()] {
            match fs::remove_file(&path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(Trouble::with(&path, error));
                }
                _ => {}
            }
        }
    }
    Ok(copies)
}
