//! The state machine itself, without any storage: a task says what it wants to know or to have
//! written, is given the answer, and says what follows.
//!
//! [`Guard`](super::Guard) runs tasks over the two storage traits. Whoever cannot block (an async
//! program, another language) runs them alone. A task is a plain value, so that every state it can
//! be in can be enumerated: that is how the model check works.

use alloc::string::String;

use super::mark::{NewMark, OldMark, Phase};
use super::refusal::{Doubt, State};

/// Which store the configuration asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wish {
    /// The old one.
    Old,
    /// The new one, after a migration if there was none.
    New,
    /// The new one, though the old one is gone for good. An operator's explicit word, never a
    /// default: the migration must have been committed. Where the old one can be read after all,
    /// the same as `New`.
    NewAlone,
}

/// What a task wants.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ask {
    /// Read the module's mark in the old store; answer [`Answer::Old`].
    ReadOld,
    /// Read the module's mark in the new store; answer [`Answer::New`].
    ReadNew,
    /// Replace the mark in the old store, if it is still `from`; answer [`Answer::Written`].
    WriteOld {
        /// What must stand there.
        from: Option<OldMark>,
        /// What stands there afterwards, durably.
        to: OldMark,
    },
    /// Make this epoch void in the new store ([`NewMark::voided`]); answer [`Answer::New`] with
    /// what stands there afterwards.
    VoidNew {
        /// The epoch.
        epoch: u64,
    },
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Answer {
    /// The old store was read.
    Old(Option<OldMark>),
    /// The new store was read.
    New(Option<NewMark>),
    /// The mark is written and will outlast a crash.
    Written,
    /// It failed. Of a write nobody knows whether it happened.
    Failed,
}

/// What follows an answer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Turn {
    /// The task goes on.
    More(Task),
    /// It is at its end.
    End(Outcome),
}

/// Where a task ended: what the module may do from here on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// The old store may be opened for writing.
    Old(Option<OldMark>),
    /// No store may be written, but for the one transaction that brings the data of this attempt
    /// and [`NewMark::Committed`] with its epoch.
    Migrating(OldMark),
    /// An attempt was begun and not committed. No store may be written; resume it or abort it.
    Interrupted(OldMark),
    /// The new store may be opened for writing.
    New {
        /// The epoch that it was committed with.
        epoch: u64,
    },
    /// No store may be written.
    Refused(State),
}

/// A piece of work that asks for one thing at a time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Task(At);

/// Where it is: what was asked last, and what is known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum At {
    StartOld {
        wish: Wish,
    },
    StartNew {
        wish: Wish,
        old: Option<OldMark>,
    },
    StartAlone,
    BeginNew {
        old: Option<OldMark>,
        target: String,
    },
    BeginWrite {
        old: Option<OldMark>,
        intent: OldMark,
    },
    FinishNew {
        intent: OldMark,
    },
    AbortVoid {
        wish: Wish,
        intent: OldMark,
    },
    /// The new store has decided; the old one is told.
    Settle {
        wish: Wish,
        from: Option<OldMark>,
        to: OldMark,
    },
    AdoptOld,
    AdoptNew {
        old: Option<OldMark>,
    },
}

/// What the new store's mark says about an attempt.
enum Decision {
    Committed,
    Void,
    Open,
    Foreign,
}

impl Task {
    /// The check at the start, to be made in every configuration before any store is opened for
    /// writing.
    pub fn start(wish: Wish) -> Task {
        Task(At::StartOld { wish })
    }

    /// Announces a migration of what [`Outcome::Old`] was given for. Nothing may write to the old
    /// store any more before this is asked.
    pub fn begin(old: Option<OldMark>, target: String) -> Task {
        Task(At::BeginNew { old, target })
    }

    /// After the transaction of [`Outcome::Migrating`], whatever came of it.
    pub fn finish(intent: OldMark) -> Task {
        Task(At::FinishNew { intent })
    }

    /// Gives an attempt up that is not committed. If it is committed after all, that stands.
    pub fn abort(wish: Wish, intent: OldMark) -> Task {
        Task(At::AbortVoid { wish, intent })
    }

    /// Takes a committed new store for the one in force, though the old store's mark does not fit
    /// it. An operator's explicit word.
    pub fn adopt() -> Task {
        Task(At::AdoptOld)
    }

    /// What it wants now.
    pub fn ask(&self) -> Ask {
        match &self.0 {
            At::StartOld { .. } | At::AdoptOld => Ask::ReadOld,
            At::StartNew { .. }
            | At::StartAlone
            | At::BeginNew { .. }
            | At::FinishNew { .. }
            | At::AdoptNew { .. } => Ask::ReadNew,
            At::BeginWrite { old, intent } => {
                Ask::WriteOld { from: old.clone(), to: intent.clone() }
            }
            At::Settle { from, to, .. } => Ask::WriteOld { from: from.clone(), to: to.clone() },
            At::AbortVoid { intent, .. } => Ask::VoidNew { epoch: intent.epoch },
        }
    }

    /// Goes on with the answer. An answer to another question counts as [`Answer::Failed`].
    pub fn answer(self, answer: Answer) -> Turn {
        match (self.0, answer) {
            (At::StartOld { wish }, Answer::Old(old)) => started(wish, old),
            (At::StartNew { wish, old }, Answer::New(new)) => compared(wish, old, new),
            (At::StartAlone, Answer::New(Some(NewMark::Committed { epoch }))) => {
                end(Outcome::New { epoch })
            }
            (At::StartAlone, Answer::New(_)) => refused(State::NotCommitted),
            (At::BeginNew { old, target }, Answer::New(new)) => announced(old, new, target),
            (At::BeginWrite { intent, .. }, Answer::Written) => end(Outcome::Migrating(intent)),
            (At::FinishNew { intent }, Answer::New(new)) => decided(Wish::New, intent, new),
            (At::AbortVoid { wish, intent }, Answer::New(new)) => decided(wish, intent, new),
            (At::Settle { wish, to, .. }, Answer::Written) => settled(wish, to),
            (At::AdoptOld, Answer::Old(old)) => more(At::AdoptNew { old }),
            (At::AdoptNew { old }, Answer::New(new)) => adopted(old, new),
            (at, _) => failed(at),
        }
    }
}

/// What was asked for could not be had, or done.
fn failed(at: At) -> Turn {
    match at {
        At::StartOld { wish: Wish::NewAlone } => more(At::StartAlone),
        At::StartOld { .. } | At::AdoptOld => undecided(Doubt::OldUnreadable),
        At::StartNew { old, .. } => blind(old),
        At::StartAlone => undecided(Doubt::BothUnreadable),
        At::BeginNew { .. } => refused(State::NotBegun),
        At::FinishNew { .. } | At::AdoptNew { .. } => undecided(Doubt::NewUnreadable),
        At::BeginWrite { .. } | At::Settle { .. } => undecided(Doubt::OldNotWritten),
        At::AbortVoid { .. } => undecided(Doubt::NewNotWritten),
    }
}

/// The old store was read.
fn started(wish: Wish, old: Option<OldMark>) -> Turn {
    match (wish, old) {
        // Nothing that the new store says could open the old one again.
        (Wish::Old, Some(OldMark { epoch, phase: Phase::Done, target })) => {
            refused(State::Completed { epoch, target })
        }
        (Wish::Old, old) => more(At::StartNew { wish: Wish::Old, old }),
        (Wish::New | Wish::NewAlone, old) => more(At::StartNew { wish: Wish::New, old }),
    }
}

/// Both stores were read.
fn compared(wish: Wish, old: Option<OldMark>, new: Option<NewMark>) -> Turn {
    match old {
        Some(intent @ OldMark { phase: Phase::Intent, .. }) => decided(wish, intent, new),
        Some(done @ OldMark { phase: Phase::Done, .. }) => match decision(done.epoch, new) {
            Decision::Committed => settled(wish, done),
            _ => refused(State::NotAPair { old: Some(done), new }),
        },
        old => match new {
            // A copy of the old store from before the migration, or the new store of another.
            Some(NewMark::Committed { .. }) => refused(State::NotAPair { old, new }),
            Some(NewMark::Void { .. }) | None => end(Outcome::Old(old)),
        },
    }
}

/// The new store cannot be read.
fn blind(old: Option<OldMark>) -> Turn {
    match old {
        Some(OldMark { phase: Phase::Intent, .. }) => undecided(Doubt::NewUnreadable),
        Some(OldMark { phase: Phase::Done, epoch, target }) => {
            refused(State::Unreachable { epoch, target })
        }
        // Nothing is under way, so the new store is not needed; before the first migration there
        // may be none.
        old => end(Outcome::Old(old)),
    }
}

/// An attempt without an end, and the new store's word on it.
fn decided(wish: Wish, intent: OldMark, new: Option<NewMark>) -> Turn {
    let phase = match decision(intent.epoch, new) {
        Decision::Committed => Phase::Done,
        Decision::Void => Phase::Aborted,
        Decision::Open => return end(Outcome::Interrupted(intent)),
        Decision::Foreign => return refused(State::NotAPair { old: Some(intent), new }),
    };
    let to = intent.turned(phase);
    more(At::Settle { wish, from: Some(intent), to })
}

/// The old store knows what the new one decided.
fn settled(wish: Wish, mark: OldMark) -> Turn {
    match (mark.phase, wish) {
        (Phase::Done, Wish::Old) => {
            refused(State::Completed { epoch: mark.epoch, target: mark.target })
        }
        (Phase::Done, Wish::New | Wish::NewAlone) => end(Outcome::New { epoch: mark.epoch }),
        (Phase::Intent | Phase::Aborted, _) => end(Outcome::Old(Some(mark))),
    }
}

/// The new store was read before an attempt is announced, because one that cannot be read could
/// neither be filled nor be told that the attempt was given up.
fn announced(old: Option<OldMark>, new: Option<NewMark>, target: String) -> Turn {
    let void = match new {
        Some(NewMark::Committed { .. }) => return refused(State::NotAPair { old, new }),
        Some(NewMark::Void { epoch }) => epoch,
        None => 0,
    };
    let last = old.as_ref().map_or(0, |mark| mark.epoch).max(void);
    let Some(epoch) = last.checked_add(1) else { return refused(State::NotBegun) };
    let intent = OldMark { epoch, phase: Phase::Intent, target };
    more(At::BeginWrite { old, intent })
}

/// The new store's commit is the truth, by the operator's word.
fn adopted(old: Option<OldMark>, new: Option<NewMark>) -> Turn {
    let Some(NewMark::Committed { epoch }) = new else {
        return refused(State::NotAPair { old, new });
    };
    let target = old.as_ref().map(|mark| mark.target.clone()).unwrap_or_default();
    let to = OldMark { epoch, phase: Phase::Done, target };
    if old.as_ref() == Some(&to) {
        return settled(Wish::New, to);
    }
    more(At::Settle { wish: Wish::New, from: old, to })
}

fn decision(epoch: u64, new: Option<NewMark>) -> Decision {
    match new {
        Some(NewMark::Committed { epoch: committed }) if committed == epoch => Decision::Committed,
        Some(NewMark::Void { epoch: void }) if void == epoch => Decision::Void,
        Some(NewMark::Void { epoch: void }) if void < epoch => Decision::Open,
        None => Decision::Open,
        Some(_) => Decision::Foreign,
    }
}

fn more(at: At) -> Turn {
    Turn::More(Task(at))
}

fn end(outcome: Outcome) -> Turn {
    Turn::End(outcome)
}

fn refused(state: State) -> Turn {
    end(Outcome::Refused(state))
}

fn undecided(doubt: Doubt) -> Turn {
    refused(State::Undecided { doubt })
}
