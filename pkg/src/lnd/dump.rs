//! A tree's bucket dump, as the command writes it.

use fulgurite_core::lnd::check::Watch;
use fulgurite_core::lnd::pace::Pace;
use fulgurite_core::lnd::save::{self, Ended, Options, Saved, Which};
use fulgurite_core::lnd::stores::Tree;
use fulgurite_core::source::{Source, SourceError, read_span};
use sha2::{Digest as _, Sha256};

use super::Case;

/// Bytes read at a time to be hashed.
const WINDOW: usize = 1 << 20;

/// What is to be written.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Of this input; else of the first that has a tree.
    pub input: Option<u32>,
    /// Which tree.
    pub tree: Tree,
    /// Which of its buckets.
    pub which: Which,
    /// Everything as it is; else redacted.
    pub reveal: bool,
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    /// It was stopped.
    Stopped,
    /// No file has such a tree.
    NoTree,
    /// It is written.
    Saved(u32, Saved),
}

impl Case {
    /// Writes the dump, piece by piece.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn dump(
        &self,
        wanted: &Wanted,
        watch: &mut Watch<'_>,
        put: &mut dyn FnMut(&str) -> bool,
    ) -> Result<Written, SourceError> {
        let Some(input) = self.tree_of(wanted.input)? else { return Ok(Written::NoTree) };
        let given = self.alone(input)?;
        let Some(store) = given.first() else { return Ok(Written::NoTree) };
        let Some(sha256) = hash(store.source, watch)? else { return Ok(Written::Stopped) };
        let options = Options {
            tree: wanted.tree.clone(),
            which: wanted.which.clone(),
            reveal: wanted.reveal,
            tool: concat!("fulgurite ", env!("CARGO_PKG_VERSION")).to_owned(),
            sha256: Some(sha256),
        };
        Ok(match save::save(&given, &options, watch, put)? {
            Ended::Stopped => Written::Stopped,
            Ended::NoTree => Written::NoTree,
            Ended::Saved(saved) => Written::Saved(input, saved),
        })
    }
}

/// Of the database, without its log. `None` if it was stopped.
fn hash(source: &dyn Source, watch: &mut Watch<'_>) -> Result<Option<[u8; 32]>, SourceError> {
    let mut hash = Sha256::new();
    let mut pace = Pace::new(watch, source.len());
    let mut at = 0;
    while at < source.len() {
        let bytes = read_span(source, at, WINDOW)?;
        at += bytes.len() as u64;
        hash.update(&bytes);
        if !pace.tick() {
            return Ok(None);
        }
    }
    Ok(Some(hash.finalize().into()))
}
