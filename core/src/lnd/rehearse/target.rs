//! The release that is to migrate.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::lnd::migration::{RELEASES, Release};

/// A release of LND: its row in the table of releases, and which patch of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    release: &'static Release,
    name: String,
    /// The patch, if one was named.
    patch: Option<u32>,
}

impl Target {
    /// A release as a person writes it: `v0.21.3`, `0.20.4-beta`, `v0.20`. A line alone is its
    /// newest patch. Nothing where the table does not know it, or it cannot migrate.
    ///
    /// ```
    /// use fulgurite_core::lnd::rehearse::Target;
    ///
    /// assert_eq!(Target::named("0.21.3-beta").unwrap().name(), "v0.21.3");
    /// assert!(Target::named("v0.18.5").is_none(), "it has no migration");
    /// ```
    pub fn named(text: &str) -> Option<Target> {
        let release = Release::named(text).filter(|release| release.tracker.is_some())?;
        let patch = patch_of(text);
        let name = match patch {
            Some(patch) => format!("{}.{patch}", release.line),
            None => release.last.to_owned(),
        };
        Some(Target { release, name, patch })
    }

    /// Every release that migrates, patch by patch, the oldest first.
    ///
    /// ```
    /// use fulgurite_core::lnd::rehearse::Target;
    ///
    /// let all = Target::all();
    /// assert_eq!((all[0].name(), all[3].name()), ("v0.19.0", "v0.19.3"));
    /// assert!(all.iter().any(|one| one.name() == Target::newest().name()));
    /// ```
    pub fn all() -> Vec<Target> {
        let mut all = Vec::new();
        for release in RELEASES.iter().filter(|release| release.tracker.is_some()) {
            match (patch_of(release.name), patch_of(release.last)) {
                (Some(first), Some(last)) => all.extend((first..=last).map(|patch| Target {
                    release,
                    name: format!("{}.{patch}", release.line),
                    patch: Some(patch),
                })),
                _ => all.extend(Target::named(release.name)),
            }
        }
        all
    }

    /// The newest that is released.
    pub fn newest() -> Target {
        let newest = Release::newest();
        Target::named("v0.21").unwrap_or(Target {
            release: newest,
            name: newest.name.to_owned(),
            patch: None,
        })
    }

    /// Its row.
    pub fn release(&self) -> &'static Release {
        self.release
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it makes the list of AMP payments that v0.13 did not have: pull request 11106, in
    /// v0.20.4, v0.21.3 and the development branch at 90ea05d5a.
    pub(super) fn rebuilds_legacy_amp(&self) -> bool {
        let since = match self.release.line {
            "v0.19" => return false,
            "v0.20" => 4,
            "v0.21" => 3,
            _ => return true,
        };
        self.patch.is_none_or(|patch| patch >= since)
    }

    /// Whether a comparison that fails is told in the words of v0.19.
    pub(super) fn old_mismatch(&self) -> bool {
        self.release.line == "v0.19"
    }
}

/// The third number of a release as a person writes it.
fn patch_of(text: &str) -> Option<u32> {
    let text = text.trim().trim_start_matches(['v', 'V']);
    let text = text.split(['-', '+']).next().unwrap_or_default();
    text.split('.').nth(2).and_then(|patch| patch.parse().ok())
}
