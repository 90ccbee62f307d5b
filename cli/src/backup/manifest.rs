//! What stands beside a copy: its figures as JSON, and its SHA-256 as sha256sum wants it.

use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Judged;
use crate::exit::Trouble;
use crate::new_file::NewFile;
use crate::output::Face;

/// The schema of the document beside a copy.
pub(crate) const SCHEMA: &str = "fulgurite-backup/1";

/// Such a document is at most so long: it has half a kilobyte.
const LONGEST: u64 = 64 << 10;

/// A copy in figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    pub(crate) schema: String,
    /// The name of the copy.
    pub(crate) file: String,
    /// When it was taken: seconds since 1970.
    pub(crate) taken: u64,
    pub(crate) version: u8,
    pub(crate) size: u64,
    pub(crate) sha256: String,
    pub(crate) records: u64,
    pub(crate) deleted: u64,
    pub(crate) channels: u64,
    pub(crate) updates: u64,
    pub(crate) nodes: u64,
    pub(crate) oldest_timestamp: Option<u32>,
    pub(crate) newest_timestamp: Option<u32>,
    /// Releases of lightningd that were asked, by our model of them, and accept it.
    pub(crate) accepted_by: Vec<String>,
}

impl Manifest {
    pub(super) fn new(file: String, taken: u64, judged: &Judged) -> Manifest {
        let report = &judged.report;
        let gossip = report.gossip.as_ref();
        let network = gossip.map(|gossip| &gossip.network);
        let count = |number: Option<u64>| number.unwrap_or(0);
        let accepted = report.releases.iter().filter(|verdict| verdict.accepted);
        Manifest {
            schema: SCHEMA.to_owned(),
            file,
            taken,
            version: gossip.map_or(0, |gossip| gossip.version.byte),
            size: report.input.size,
            sha256: judged.sha256.clone(),
            records: count(gossip.map(|gossip| gossip.records)),
            deleted: count(gossip.map(|gossip| gossip.deleted)),
            channels: count(network.map(|network| network.channels)),
            updates: count(network.map(|network| network.updates)),
            nodes: count(network.map(|network| network.nodes)),
            oldest_timestamp: network.and_then(|network| network.oldest_timestamp),
            newest_timestamp: network.and_then(|network| network.newest_timestamp),
            accepted_by: accepted.map(|verdict| verdict.release.clone().into_owned()).collect(),
        }
    }

    /// The one beside a copy, if it has one.
    pub(crate) fn beside(copy: &Path) -> Result<Option<Manifest>, Trouble> {
        let path = with(copy, ".json");
        let fail = |error: io::Error| Trouble::with(&path, error);
        // Before it is opened: a pipe would block.
        match std::fs::metadata(&path) {
            Ok(there) if there.is_file() => {}
            Ok(_) => return Ok(None),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(fail(error)),
        }
        let mut text = Vec::new();
        let file = std::fs::File::open(&path).map_err(fail)?;
        file.take(LONGEST).read_to_end(&mut text).map_err(fail)?;
        let read: Result<Manifest, _> = serde_json::from_slice(&text);
        let manifest = read.map_err(|error| Trouble::with(&path, error))?;
        Ok(Some(manifest).filter(|manifest| manifest.schema == SCHEMA))
    }

    /// Writes both beside the copy; the figures last, so that a copy with them is complete. What was
    /// written is taken away again if the rest cannot be.
    pub(super) fn put(&self, folder: &Path, face: Face) -> Result<(), Trouble> {
        let copy = folder.join(&self.file);
        let hash = format!("{}  {}\n", self.sha256, self.file);
        let json = serde_json::to_string_pretty(self);
        let json = json.map_err(|error| Trouble::Failed(error.to_string()))? + "\n";
        let sum = with(&copy, ".sha256");
        put(&sum, &hash, face)?;
        put(&with(&copy, ".json"), &json, face).inspect_err(|_| {
            let _ = std::fs::remove_file(&sum);
        })
    }
}

fn put(path: &Path, text: &str, face: Face) -> Result<(), Trouble> {
    let mut file = NewFile::beside(path)?;
    file.as_mut().write_all(text.as_bytes()).map_err(|error| Trouble::with(path, error))?;
    file.sync()?;
    file.keep(face)
}

/// The path with something behind it.
pub(super) fn with(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

/// The name of a copy taken then: gossip_store.20261121T223005Z.
pub(super) fn name(taken: u64) -> String {
    let second = i64::try_from(taken).unwrap_or(0);
    let time = jiff::Timestamp::from_second(second).unwrap_or_default();
    format!("gossip_store.{}", time.strftime("%Y%m%dT%H%M%SZ"))
}

/// Whether a name is of that form.
pub(super) fn is_name(name: &str) -> bool {
    let Some(stamp) = name.strip_prefix("gossip_store.") else { return false };
    let form = |(place, byte): (usize, u8)| match place {
        8 => byte == b'T',
        15 => byte == b'Z',
        _ => byte.is_ascii_digit(),
    };
    stamp.len() == 16 && stamp.bytes().enumerate().all(form)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_the_time_and_are_known_again() {
        assert_eq!(name(1_770_000_000), "gossip_store.20260202T024000Z");
        assert!(is_name("gossip_store.20260202T024000Z"));
        for other in [
            "gossip_store",
            "gossip_store.corrupt",
            "gossip_store.20260202T024000Z.json",
            "gossip_store.20260202T02400OZ",
        ] {
            assert!(!is_name(other), "{other}");
        }
    }
}
