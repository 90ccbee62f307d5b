//! [`Guard`]: runs the tasks over two stores, and hands out the passes without which nothing is
//! opened for writing.

use alloc::collections::BTreeSet;
use alloc::string::{String, ToString};

use super::mark::{NewMark, OldMark};
use super::refusal::{Refusal, State};
use super::store::{Event, NewStore, OldStore, Watch};
use super::task::{Answer, Ask, Outcome, Task, Turn, Wish};

/// The door between two stores, for any number of modules. One guard at a time may work on a pair
/// of stores: take the stores' own lock first.
#[derive(Debug)]
pub struct Guard<O, N, W> {
    /// The old store.
    pub old: O,
    /// The new store.
    pub new: N,
    watch: W,
    /// Modules whose pass is in somebody's hands.
    started: BTreeSet<String>,
}

/// What the check at the start came to.
#[derive(Debug)]
#[must_use]
pub enum Entry {
    /// The old store may be opened for writing.
    Old(OldPass),
    /// A migration was begun and not committed. Nothing may be written before it is resumed or
    /// aborted.
    Interrupted(Interrupted),
    /// The new store may be opened for writing.
    New(NewPass),
}

/// Leave to write to the old store. It cannot be copied, and beginning a migration takes it away;
/// let whatever writes there borrow it.
#[derive(Debug)]
#[must_use]
pub struct OldPass {
    module: String,
    mark: Option<OldMark>,
}

/// Leave to write to the new store.
#[derive(Debug)]
#[must_use]
pub struct NewPass {
    module: String,
    epoch: u64,
}

/// Leave to commit the module's data to the new store, in one transaction. The old store may only
/// be read.
#[derive(Debug)]
#[must_use]
pub struct Migration {
    module: String,
    intent: OldMark,
}

/// A migration that was begun and is not committed.
#[derive(Debug)]
#[must_use]
pub struct Interrupted {
    module: String,
    /// What the module was started with.
    wish: Wish,
    intent: OldMark,
}

impl<O: OldStore, N: NewStore, W: Watch> Guard<O, N, W> {
    /// A guard over two stores. `watch` hears the security events.
    pub fn new(old: O, new: N, watch: W) -> Self {
        Guard { old, new, watch, started: BTreeSet::new() }
    }

    /// The check at the start: call it for each module in every configuration, before a store is
    /// opened for writing. It finishes what a crash has left half done, as far as that is decided.
    ///
    /// # Errors
    /// A [`Refusal`] with the module, its state and the ways out. A rollback is refused so, and
    /// the watch hears of it.
    pub fn start(&mut self, module: &str, wish: Wish) -> Result<Entry, Refusal> {
        if self.started.contains(module) {
            let module = module.to_string();
            return Err(Refusal { module, state: State::AlreadyStarted, cause: None });
        }
        let outcome = self.run(module, Task::start(wish))?;
        self.entry(module, wish, outcome)
    }

    /// Closes the old store for writing and begins to migrate: the intent is durable when this
    /// returns. `target` is for people only.
    ///
    /// # Errors
    /// The intent could not be written, or nobody knows. The pass is gone: start again.
    pub fn begin(&mut self, pass: OldPass, target: &str) -> Result<Migration, Refusal> {
        let OldPass { module, mark } = pass;
        match self.run(&module, Task::begin(mark, target.to_string()))? {
            Outcome::Migrating(intent) => Ok(Migration { module, intent }),
            // No beginning ends otherwise.
            _ => Err(self.refuse(&module, State::NotBegun, None)),
        }
    }

    /// Asks the new store what became of the transaction, also where committing it seemed to fail,
    /// and closes the old store for good if it is there.
    ///
    /// # Errors
    /// The stores could not be asked, or told. The migration is gone: start again.
    pub fn finish(&mut self, migration: Migration) -> Result<Entry, Refusal> {
        let Migration { module, intent } = migration;
        let outcome = self.run(&module, Task::finish(intent))?;
        self.entry(&module, Wish::New, outcome)
    }

    /// Gives a migration up. The new store first makes its epoch void, so that a commit still
    /// under way cannot arrive; then the old store is opened again. If the commit is there
    /// already, it stands, and this ends with [`Entry::New`], or as a rollback refused where the
    /// module was started for the old store.
    ///
    /// # Errors
    /// That, or the stores could not be told. The migration is gone: start again.
    pub fn abort(&mut self, interrupted: Interrupted) -> Result<Entry, Refusal> {
        let Interrupted { module, wish, intent } = interrupted;
        let epoch = intent.epoch;
        let outcome = self.run(&module, Task::abort(wish, intent))?;
        if matches!(outcome, Outcome::Old(_)) {
            self.watch.event(&Event::Aborted { module: &module, epoch });
        }
        self.entry(&module, wish, outcome)
    }

    /// An operator's word after [`State::NotAPair`]: the new store, which must be committed, is
    /// the right one, whatever the old one's mark says. What only the old store has is not looked
    /// at any more.
    ///
    /// # Errors
    /// The new store has no commit, or the stores could not be asked or told.
    pub fn adopt(&mut self, module: &str) -> Result<NewPass, Refusal> {
        if self.started.contains(module) {
            let module = module.to_string();
            return Err(Refusal { module, state: State::AlreadyStarted, cause: None });
        }
        match self.run(module, Task::adopt())? {
            Outcome::New { epoch } => {
                self.watch.event(&Event::Adopted { module, epoch });
                Ok(NewPass { module: module.to_string(), epoch })
            }
            // No adoption ends otherwise.
            _ => Err(self.refuse(module, State::NotAPair { old: None, new: None }, None)),
        }
    }

    /// Takes the pass of a module back whose old store was closed.
    pub fn close_old(&mut self, pass: OldPass) {
        let OldPass { module, .. } = pass;
        self.started.remove(&module);
    }

    /// Takes the pass of a module back whose new store was closed.
    pub fn close_new(&mut self, pass: NewPass) {
        let NewPass { module, .. } = pass;
        self.started.remove(&module);
    }

    /// Takes an interrupted migration back undecided; [`Guard::start`] finds it again.
    pub fn leave(&mut self, interrupted: Interrupted) {
        let Interrupted { module, .. } = interrupted;
        self.started.remove(&module);
    }

    /// Runs a task to its end. The module counts as started unless it was refused.
    fn run(&mut self, module: &str, mut task: Task) -> Result<Outcome, Refusal> {
        let mut cause = None;
        loop {
            let answer = self.serve(module, task.ask()).unwrap_or_else(|text| {
                cause = Some(text);
                Answer::Failed
            });
            match task.answer(answer) {
                Turn::More(next) => task = next,
                Turn::End(Outcome::Refused(state)) => {
                    return Err(self.refuse(module, state, cause));
                }
                Turn::End(outcome) => {
                    self.started.insert(module.to_string());
                    return Ok(outcome);
                }
            }
        }
    }

    /// Does what a task asks for; the error is the storage's text.
    fn serve(&mut self, module: &str, ask: Ask) -> Result<Answer, String> {
        match ask {
            Ask::ReadOld => self.old.mark(module).map(Answer::Old).map_err(text),
            Ask::ReadNew => self.new.mark(module).map(Answer::New).map_err(text),
            Ask::WriteOld { from, to } => {
                let written = self.old.replace(module, from.as_ref(), &to);
                written.map(|()| Answer::Written).map_err(text)
            }
            Ask::VoidNew { epoch } => {
                let mark = self.new.void(module, epoch);
                mark.map(|mark| Answer::New(Some(mark))).map_err(text)
            }
        }
    }

    fn refuse(&mut self, module: &str, state: State, cause: Option<String>) -> Refusal {
        self.started.remove(module);
        let refusal = Refusal { module: module.to_string(), state, cause };
        match refusal.state {
            State::Completed { .. } => self.watch.event(&Event::RollbackRefused(&refusal)),
            State::NotAPair { .. } => self.watch.event(&Event::NotAPair(&refusal)),
            _ => {}
        }
        refusal
    }

    fn entry(&mut self, module: &str, wish: Wish, outcome: Outcome) -> Result<Entry, Refusal> {
        let name = module.to_string();
        Ok(match outcome {
            Outcome::Old(mark) => Entry::Old(OldPass { module: name, mark }),
            Outcome::New { epoch } => Entry::New(NewPass { module: name, epoch }),
            Outcome::Interrupted(intent) | Outcome::Migrating(intent) => {
                Entry::Interrupted(Interrupted { module: name, wish, intent })
            }
            Outcome::Refused(state) => return Err(self.refuse(module, state, None)),
        })
    }
}

fn text(error: impl core::fmt::Display) -> String {
    error.to_string()
}

impl OldPass {
    /// The module it is for.
    pub fn module(&self) -> &str {
        &self.module
    }
}

impl NewPass {
    /// The module it is for.
    pub fn module(&self) -> &str {
        &self.module
    }

    /// The epoch of the migration that brought the data.
    pub fn epoch(&self) -> u64 {
        self.epoch
    }
}

impl Migration {
    /// The module it is for.
    pub fn module(&self) -> &str {
        &self.module
    }

    /// The attempt's number, for [`NewMark::admits`].
    pub fn epoch(&self) -> u64 {
        self.intent.epoch
    }

    /// What the transaction must write together with the data.
    pub fn mark(&self) -> NewMark {
        NewMark::Committed { epoch: self.intent.epoch }
    }

    /// Puts it down without an end, after the transaction failed for good: abort it, or resume it.
    /// A commit that arrived all the same is found by either.
    pub fn interrupt(self) -> Interrupted {
        Interrupted { module: self.module, wish: Wish::New, intent: self.intent }
    }
}

impl Interrupted {
    /// The module it is for.
    pub fn module(&self) -> &str {
        &self.module
    }

    /// The attempt's number.
    pub fn epoch(&self) -> u64 {
        self.intent.epoch
    }

    /// Where the data were to go.
    pub fn target(&self) -> &str {
        &self.intent.target
    }

    /// Goes on with the same attempt: the transaction is made anew, from the old store's data. If
    /// it commits, the new store is in force, whatever the module was started with.
    pub fn resume(self) -> Migration {
        Migration { module: self.module, intent: self.intent }
    }
}
