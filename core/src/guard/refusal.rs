//! Why no store may be opened for writing, in types and in words, and the ways out of it.

use alloc::string::String;
use core::fmt;

use super::mark::{NewMark, OldMark, Phase};
use crate::text::visible;

/// A module may not go on. Neither of its stores may be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The module's name, as the embedder gave it.
    pub module: String,
    /// Where its migration stands.
    pub state: State,
    /// What the storage said, if it failed.
    pub cause: Option<String>,
}

/// Where a migration stands that does not let a module go on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum State {
    /// The configuration asks for the old store, and the data are in the new one: a rollback.
    Completed {
        /// The epoch that was committed.
        epoch: u64,
        /// Where the data went.
        target: String,
    },
    /// The migration is completed, and the new store cannot be read.
    Unreachable {
        /// The epoch that was committed.
        epoch: u64,
        /// Where the data went.
        target: String,
    },
    /// Whether the migration was committed cannot be known now.
    Undecided {
        /// What is in the way.
        doubt: Doubt,
    },
    /// A migration cannot be announced: the new store cannot be read. The old store is still in
    /// force.
    NotBegun,
    /// The new store was to be used alone, and has no commit. What there is, is in the old store.
    NotCommitted,
    /// The two marks cannot stem from one migration. One of the stores was put back from a copy,
    /// was replaced, or belongs to somebody else.
    NotAPair {
        /// The old store's mark.
        old: Option<OldMark>,
        /// The new store's.
        new: Option<NewMark>,
    },
    /// The module was started before and its pass was not given back.
    AlreadyStarted,
}

/// What keeps a migration undecided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Doubt {
    /// The old store's mark cannot be read.
    OldUnreadable,
    /// An attempt was announced, and the new store, which knows what became of it, cannot be read.
    NewUnreadable,
    /// Neither can be read.
    BothUnreadable,
    /// Writing the old store's mark failed, and may have happened all the same.
    OldNotWritten,
    /// Making an epoch void in the new store failed, and may have happened all the same.
    NewNotWritten,
}

/// A way out of a [`State`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Way {
    /// Configure the new store.
    UseNew,
    /// Make the old store readable, then start again.
    MendOld,
    /// Make the new store readable, then start again.
    MendNew,
    /// Start again: the check finds out what happened.
    StartAgain,
    /// If the old store is gone for good: [`Wish::NewAlone`](super::Wish::NewAlone).
    NewAlone,
    /// Put the old store back that belongs to this new one.
    PutOldBack,
    /// Put the new store back that belongs to this old one.
    PutNewBack,
    /// If the new store is known to be the right one: [`Guard::adopt`](super::Guard::adopt).
    Adopt,
    /// Give the pass back, or start over with a new guard.
    GiveBack,
}

impl State {
    /// The ways out, the best first. There is always one.
    pub fn ways_out(&self) -> &'static [Way] {
        match self {
            State::Completed { .. } => &[Way::UseNew],
            State::Unreachable { .. } | State::NotBegun => &[Way::MendNew],
            State::Undecided { doubt } => match doubt {
                Doubt::OldUnreadable => &[Way::MendOld, Way::NewAlone],
                Doubt::NewUnreadable => &[Way::MendNew],
                Doubt::BothUnreadable => &[Way::MendNew, Way::MendOld],
                Doubt::OldNotWritten | Doubt::NewNotWritten => &[Way::StartAgain],
            },
            State::NotCommitted => &[Way::MendOld],
            State::NotAPair { new: Some(NewMark::Committed { .. }), .. } => {
                &[Way::PutOldBack, Way::PutNewBack, Way::Adopt]
            }
            State::NotAPair { .. } => &[Way::PutNewBack],
            State::AlreadyStarted => &[Way::GiveBack],
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} migration {}", visible(self.module.as_bytes()), self.state)?;
        if let Some(cause) = &self.cause {
            write!(f, " ({})", visible(cause.as_bytes()))?;
        }
        for (number, way) in self.state.ways_out().iter().enumerate() {
            write!(f, "{} {way}", if number == 0 { "; way out:" } else { ", or" })?;
        }
        Ok(())
    }
}

impl core::error::Error for Refusal {}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            State::Completed { epoch, target } => {
                write!(f, "already completed (epoch {epoch}{}): ", Into(target))?;
                f.write_str("the old store is closed for writing")
            }
            State::Unreachable { epoch, target } => {
                write!(f, "completed (epoch {epoch}{}): ", Into(target))?;
                f.write_str("the new store cannot be read")
            }
            State::Undecided { doubt } => write!(f, "undecided: {doubt}"),
            State::NotBegun => f.write_str("not begun: the new store cannot be read"),
            State::NotCommitted => f.write_str("not completed: the new store cannot be used alone"),
            State::NotAPair { old, new } => {
                write!(f, "in doubt: the stores are no pair (old: {}, new: {})", Old(old), New(new))
            }
            State::AlreadyStarted => f.write_str("already started"),
        }
    }
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Doubt::OldUnreadable => "the old store cannot be read",
            Doubt::NewUnreadable => "it was begun, and the new store cannot be read",
            Doubt::BothUnreadable => "neither store can be read",
            Doubt::OldNotWritten => "writing the old store's mark failed",
            Doubt::NewNotWritten => "writing the new store's mark failed",
        })
    }
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Way::UseNew => "configure the new store",
            Way::MendOld => "make the old store readable and start again",
            Way::MendNew => "make the new store readable and start again",
            Way::StartAgain => "start again",
            Way::NewAlone => "if the old store is gone for good, start with the new one alone",
            Way::PutOldBack => "put back the old store that belongs to this new one",
            Way::PutNewBack => "put back the new store that belongs to this old one",
            Way::Adopt => "if the new store is the right one, adopt it",
            Way::GiveBack => "give the pass back first",
        })
    }
}

/// `, into sqlite`; nothing if the target has no name.
struct Into<'a>(&'a str);

impl fmt::Display for Into<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return Ok(());
        }
        write!(f, ", into {}", visible(self.0.as_bytes()))
    }
}

struct Old<'a>(&'a Option<OldMark>);

impl fmt::Display for Old<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(mark) = self.0 else { return f.write_str("no mark") };
        let phase = match mark.phase {
            Phase::Intent => "intent",
            Phase::Done => "done",
            Phase::Aborted => "aborted",
        };
        write!(f, "{phase} {}", mark.epoch)
    }
}

struct New<'a>(&'a Option<NewMark>);

impl fmt::Display for New<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            None => f.write_str("no mark"),
            Some(NewMark::Committed { epoch }) => write!(f, "committed {epoch}"),
            Some(NewMark::Void { epoch }) => write!(f, "void {epoch}"),
        }
    }
}
