//! Every release in every configuration, those with the same end together.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::decision::Decision;
use super::evidence::Evidence;
use super::releases::{Backend, RELEASES, Release};
use super::startup::decide;

/// What was asked for; what is `None` is gone through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// A row of releases.
    pub release: Option<&'static Release>,
    /// A backend; else those of which something was read.
    pub backend: Option<Backend>,
    /// `db.use-native-sql`.
    pub native: Option<bool>,
    /// `db.skip-native-sql-migration`.
    pub skip: Option<bool>,
}

/// What every release does in every configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Board {
    /// Each decision once, those of the newest release first.
    pub rows: Vec<Row>,
}

/// One decision, and when it is taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// In which configurations.
    pub when: Vec<When>,
    /// What happens.
    pub decision: Decision,
}

/// Releases that do the same in one configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct When {
    /// `db.backend`.
    pub backend: Backend,
    /// `db.use-native-sql`.
    pub native: bool,
    /// `db.skip-native-sql-migration`; absent where it makes no difference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skip: Option<bool>,
    /// The rows of releases, by their first, oldest first.
    pub releases: Vec<Cow<'static, str>>,
}

/// The board for what was found.
pub fn board(evidence: &Evidence, asked: &Asked) -> Board {
    let mut board = Board::default();
    let read: Vec<Backend> = evidence.backends().collect();
    let backends = asked.backend.map_or(read, |backend| alloc::vec![backend]);
    let natives = asked.native.map_or(alloc::vec![true, false], |native| alloc::vec![native]);
    for release in RELEASES.iter().rev() {
        if asked.release.is_some_and(|asked| asked != release) {
            continue;
        }
        for backend in &backends {
            for native in &natives {
                board.take(evidence, release, *backend, *native, asked.skip);
            }
        }
    }
    for row in &mut board.rows {
        for when in &mut row.when {
            when.releases.reverse();
        }
    }
    board
}

impl Board {
    fn take(
        &mut self,
        evidence: &Evidence,
        release: &'static Release,
        backend: Backend,
        native: bool,
        skip: Option<bool>,
    ) {
        let decision = |skip| decide(evidence, release, backend, native, skip);
        if let Some(skip) = skip {
            self.put(release, backend, native, Some(skip), decision(skip));
            return;
        }
        let (off, on) = (decision(false), decision(true));
        if off == on {
            self.put(release, backend, native, None, off);
        } else {
            self.put(release, backend, native, Some(false), off);
            self.put(release, backend, native, Some(true), on);
        }
    }

    fn put(
        &mut self,
        release: &'static Release,
        backend: Backend,
        native: bool,
        skip: Option<bool>,
        decision: Decision,
    ) {
        let name = Cow::Borrowed(release.name);
        let fresh = |name| When { backend, native, skip, releases: alloc::vec![name] };
        let Some(row) = self.rows.iter_mut().find(|row| row.decision == decision) else {
            self.rows.push(Row { when: alloc::vec![fresh(name)], decision });
            return;
        };
        let same = |when: &&mut When| {
            when.backend == backend && when.native == native && when.skip == skip
        };
        match row.when.iter_mut().find(same) {
            Some(when) => when.releases.push(name),
            None => row.when.push(fresh(name)),
        }
    }
}
