//! Starts, and how what was running before them had ended.
//!
//! A start is told by the first line that only a start has: bitcoind answers, or the store is read
//! or compacted. That comes before the line that says that the start is complete, and so do the
//! lines about a damaged store.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::kind::Says;
use crate::finding::serialize_by_name;

/// So many runs are kept; further ones are counted.
pub(super) const RUNS: usize = 300;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ended {
    /// It was asked to stop.
    Stopped,
    /// It crashed, and said so.
    Crashed,
    /// The next start came without a word.
    Silent,
    /// The log ends before it.
    Open,
}

impl Ended {
    /// All of them.
    pub const ALL: &'static [Ended] = &[Ended::Stopped, Ended::Crashed, Ended::Silent, Ended::Open];

    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Ended::Stopped => "stopped",
            Ended::Crashed => "crashed",
            Ended::Silent => "silent",
            Ended::Open => "open",
        }
    }
}

serialize_by_name!(Ended);

/// Where a line stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Spot {
    /// Its number.
    pub(super) line: u64,
    /// Its offset in the log.
    pub(super) offset: u64,
    /// Its length.
    pub(super) len: u64,
    /// When, in milliseconds since 1970.
    pub(super) at: Option<u64>,
}

/// From a start to its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// The number of the line with which it begins; the log's first where it was running before.
    pub line: u64,
    /// When, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<u64>,
    /// The release, if the log says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
    /// How it ended.
    pub ended: Ended,
    /// When its last line was written, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_at: Option<u64>,
    /// How many lines it has.
    pub lines: u64,
}

/// A start that nothing announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unclean {
    /// The first line of the new start.
    pub(super) spot: Spot,
    /// When the last line before it was written, in milliseconds.
    pub(super) before: Option<u64>,
    /// Whether a crash was logged before it.
    pub(super) crashed: bool,
}

/// What is going on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Now {
    /// The log has not said.
    #[default]
    Unknown,
    Starting,
    Running,
    Down,
}

/// Follows starts and ends.
#[derive(Clone, Debug, Default)]
pub(super) struct Course {
    now: Now,
    run: Option<(Run, Spot)>,
    crashed: bool,
    pub(super) runs: Vec<Run>,
    pub(super) starts: u64,
    pub(super) unclean: Vec<Unclean>,
    pub(super) uncleans: u64,
    /// Whether a stop was ever logged: then one that is missing means something.
    pub(super) stops_are_logged: bool,
}

impl Course {
    /// A line with a peer: somebody is running. Only asked for while that is not known.
    pub(super) fn with_peer(&mut self, spot: Spot) {
        if self.now == Now::Unknown {
            self.begin(Spot { line: 1, ..spot });
            self.now = Now::Running;
        }
    }

    pub(super) fn is_unknown(&self) -> bool {
        self.now == Now::Unknown
    }

    /// A known line; `before` is the time of the line before it.
    pub(super) fn take(
        &mut self,
        says: Says,
        spot: Spot,
        before: Option<u64>,
        release: Option<&str>,
    ) {
        match says {
            Says::BackendReady
            | Says::CompactTime
            | Says::StoreRead
            | Says::Converted
            | Says::EndsEarly
            | Says::Moved
            | Says::Version
            | Says::LndOpening => self.starts_now(spot, before, release),
            // Every start of LND's has it, once.
            Says::LndVersion => {
                if self.now == Now::Starting {
                    self.now = Now::Running;
                }
                self.starts_now(spot, before, release);
            }
            Says::Started => {
                if self.now != Now::Starting {
                    self.starts_now(spot, before, release);
                }
                if let Some((run, _)) = &mut self.run {
                    run.release = release.map(String::from);
                }
                self.now = Now::Running;
            }
            Says::ShutdownAsked
            | Says::Sigterm
            | Says::LoopEnded
            | Says::LndShutdownAsked
            | Says::LndStopped => {
                // A start that fails says so with LND's last line, too.
                self.stops_are_logged = true;
                self.end(Ended::Stopped, spot.line, spot.at);
                self.now = Now::Down;
                self.crashed = false;
            }
            Says::FatalSignal | Says::DaemonExited => self.crashed = true,
            _ => {}
        }
    }

    /// A line that only a start has.
    fn starts_now(&mut self, spot: Spot, before: Option<u64>, release: Option<&str>) {
        if self.now == Now::Starting {
            if let (Some((run, _)), Some(release)) = (&mut self.run, release) {
                run.release.get_or_insert_with(|| release.into());
            }
            return;
        }
        if self.now == Now::Running {
            self.uncleans += 1;
            if self.unclean.len() < RUNS {
                self.unclean.push(Unclean { spot, before, crashed: self.crashed });
            }
            let ended = if self.crashed { Ended::Crashed } else { Ended::Silent };
            self.end(ended, spot.line - 1, before);
        }
        self.begin(spot);
        if let (Some((run, _)), Some(release)) = (&mut self.run, release) {
            run.release = Some(release.into());
        }
        self.starts += 1;
        self.crashed = false;
        self.now = Now::Starting;
    }

    fn begin(&mut self, spot: Spot) {
        let at = spot.at.map(|at| at / 1_000);
        let run =
            Run { line: spot.line, at, release: None, ended: Ended::Open, last_at: at, lines: 0 };
        self.run = Some((run, spot));
    }

    fn end(&mut self, ended: Ended, line: u64, last: Option<u64>) {
        let Some((mut run, begin)) = self.run.take() else { return };
        run.ended = ended;
        run.last_at = last.map(|at| at / 1_000);
        run.lines = line.saturating_sub(begin.line) + 1;
        if self.runs.len() < RUNS {
            self.runs.push(run);
        }
    }

    /// The log is over.
    pub(super) fn finish(&mut self, line: u64, last: Option<u64>) {
        let ended = if self.crashed { Ended::Crashed } else { Ended::Open };
        self.end(ended, line, last);
    }
}
