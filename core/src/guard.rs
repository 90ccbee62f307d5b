//! A one-way door for data that move from one store into another: at any moment, through any
//! crash and any change of configuration, at most one of the two takes writes, and it has
//! everything.
//!
//! One mark is not enough for that. Written before the commit, a crash in between leaves a store
//! that is closed although nothing has moved; written after it, one that is open although
//! everything has. So there are three steps:
//!
//! 1. *intent*, durably, in the old store: it takes no more writes;
//! 2. the data and a mark with the intent's epoch, in **one** transaction, in the new store. This
//!    is the decision;
//! 3. *done*, durably, in the old store.
//!
//! [`Guard::start`] is called for every module in every configuration, also in one that knows only
//! the old store. Where it finds an intent without an end it asks the new store: an epoch that is
//! there is done; one that is void was given up; else the module is [`Entry::Interrupted`], to be
//! resumed or aborted by an explicit word. If the new store cannot be read, nobody may write, and
//! the [`Refusal`] says what to do.
//!
//! The guard has no storage, no clock and no threads of its own: it works through [`OldStore`] and
//! [`NewStore`], or, one level below, as a [`Task`] that asks and is answered. docs/guard.md says
//! how to embed it, tests/tests/guard_model.rs walks through every state it can reach.
//!
//! # What it relies on
//!
//! - A mark is durable when the call that wrote it returns; the new store's data and mark come
//!   together or not at all.
//! - One process at a time works on the stores (their own lock sees to that). A write that a dead
//!   process had sent to a server may still arrive later: old marks are replaced only where the
//!   expected one stands, and a commit asks [`NewMark::admits`].
//! - Nobody puts a store back from a copy unseen. Where the marks give that away, the guard
//!   refuses as [`State::NotAPair`].
//!
//! # Example
//!
//! ```
//! use fulgurite_core::guard::{Entry, Event, Guard, NewMark, NewStore, OldMark, OldStore, Wish};
//!
//! /// Two stores in memory. A real one makes each of these functions one transaction.
//! #[derive(Default)]
//! struct Old {
//!     mark: Option<OldMark>,
//!     rows: Vec<u32>,
//! }
//!
//! #[derive(Default)]
//! struct New {
//!     mark: Option<NewMark>,
//!     rows: Vec<u32>,
//! }
//!
//! impl OldStore for Old {
//!     type Error = &'static str;
//!
//!     fn mark(&mut self, _module: &str) -> Result<Option<OldMark>, Self::Error> {
//!         Ok(self.mark.clone())
//!     }
//!
//!     fn replace(
//!         &mut self,
//!         _module: &str,
//!         from: Option<&OldMark>,
//!         to: &OldMark,
//!     ) -> Result<(), Self::Error> {
//!         if self.mark.as_ref() != from {
//!             return Err("another mark stands there");
//!         }
//!         self.mark = Some(to.clone());
//!         Ok(())
//!     }
//! }
//!
//! impl NewStore for New {
//!     type Error = &'static str;
//!
//!     fn mark(&mut self, _module: &str) -> Result<Option<NewMark>, Self::Error> {
//!         Ok(self.mark)
//!     }
//!
//!     fn void(&mut self, _module: &str, epoch: u64) -> Result<NewMark, Self::Error> {
//!         Ok(*self.mark.insert(NewMark::voided(self.mark, epoch)))
//!     }
//! }
//!
//! let old = Old { rows: vec![1, 2, 3], ..Old::default() };
//! let mut alarms = 0;
//! let mut guard = Guard::new(old, New::default(), |_: &Event| alarms += 1);
//!
//! let Entry::Old(pass) = guard.start("invoice", Wish::New)? else { panic!("nothing moved yet") };
//! let migration = guard.begin(pass, "sqlite")?;
//! // One transaction:
//! if NewMark::admits(guard.new.mark, migration.epoch()) {
//!     guard.new.rows = guard.old.rows.clone();
//!     guard.new.mark = Some(migration.mark());
//! }
//! let Entry::New(pass) = guard.finish(migration)? else { panic!("it was committed") };
//! guard.close_new(pass);
//!
//! // Somebody turns the option off again.
//! let refusal = guard.start("invoice", Wish::Old).unwrap_err();
//! assert!(refusal.to_string().starts_with("invoice migration already completed"));
//! assert_eq!(alarms, 1);
//! # Ok::<(), fulgurite_core::guard::Refusal>(())
//! ```

mod door;
mod mark;
mod refusal;
mod store;
mod task;
#[cfg(test)]
mod tests;

pub use door::{Entry, Guard, Interrupted, Migration, NewPass, OldPass};
pub use mark::{NewMark, OldMark, Phase};
pub use refusal::{Doubt, Refusal, State, Way};
pub use store::{Event, NewStore, OldStore, Watch};
pub use task::{Answer, Ask, Outcome, Task, Turn, Wish};
