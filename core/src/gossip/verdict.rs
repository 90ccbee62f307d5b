//! What will lightningd do with this file?
//!
//! For each release two answers: what gossipd does with the store when it starts, and what the
//! other readers do with it (plugins through gossmap, connectd). A store that one accepts can
//! still be the other's death.
//!
//! Every line of releases from v0.6.2 on is a row of [`releases`], its habits as data
//! ([`rules`]). A [`Loader`] walks the file as that release does: header by header, never looking
//! for another boundary, and says what comes of it, with upstream's own log lines. A
//! [`VerdictJob`] runs several of them over a source, [`Verdicts`] for who pushes.
//!
//! Where the check found nothing that a loader could mind, the verdict is known without reading
//! the file again (`verdict/derive.rs`).

mod convert;
mod degrees;
mod derive;
mod frames;
mod gate;
mod gossmap;
mod job;
mod loader;
mod outcome;
mod readers;
pub mod releases;
mod rewritten;
mod routing;
pub mod rules;
#[cfg(test)]
mod tests;
mod window;
mod wrapped;

use alloc::vec::Vec;

pub(crate) use derive::derived;
pub(super) use gate::Gate;
pub use job::{VerdictJob, Verdicts};
pub use loader::{Loader, Outcome};
pub use outcome::{Check, Fate, GossipdVerdict, ReaderVerdict, Reads, ReleaseVerdict, Why};
pub use readers::{RawReaders, Readers};
pub use releases::{RELEASES, Release};

/// For which releases verdicts are given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Choice {
    /// None.
    None,
    /// The newest line that writes the file's version, and the newest that is known.
    #[default]
    Default,
    /// These.
    Some(Vec<&'static Release>),
    /// Every line.
    All,
}

/// A release whose verdict is wanted, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Which.
    pub release: &'static Release,
    /// Why.
    pub why: Why,
}

impl Choice {
    /// The releases, oldest first, for a file with this version byte (`None`: it has no byte).
    pub fn wanted(&self, version: Option<u8>) -> Vec<Wanted> {
        let wrote_it = version.and_then(Release::writing);
        let newest = Release::newest();
        let row = |release: &'static Release| {
            let why = job::why(wrote_it == Some(release), newest == release);
            Wanted { release, why }
        };
        match self {
            Choice::None => Vec::new(),
            Choice::Default => {
                let both = wrote_it.filter(|release| *release != newest).into_iter();
                both.chain([newest]).map(row).collect()
            }
            Choice::Some(releases) => {
                RELEASES.iter().filter(|known| releases.contains(known)).map(row).collect()
            }
            Choice::All => RELEASES.iter().map(row).collect(),
        }
    }
}

/// Whether a reader reads all that there is.
fn accepts(reader: &ReaderVerdict) -> bool {
    matches!(reader.reads, Reads::All | Reads::Memory)
}
