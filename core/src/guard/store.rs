//! The two storage traits, and the sink for security events.

use super::mark::{NewMark, OldMark};
use super::refusal::Refusal;

/// Where the data come from. An implementation keeps one small record for each module.
///
/// **Durable**: when [`OldStore::replace`] returns `Ok`, the mark outlasts a loss of power. A
/// store that syncs later is no such store; the model check shows what then goes wrong.
pub trait OldStore {
    /// What can go wrong. Its text goes into [`Refusal::cause`].
    type Error: core::fmt::Display;

    /// The module's mark. Bytes that are no mark are an error, not `None`.
    ///
    /// # Errors
    /// The mark cannot be read.
    fn mark(&mut self, module: &str) -> Result<Option<OldMark>, Self::Error>;

    /// Puts `to` where `from` stands, in one durable transaction. If anything but `from` stands
    /// there, an error, and nothing is changed.
    ///
    /// # Errors
    /// It failed; whether it happened need not be known.
    fn replace(
        &mut self,
        module: &str,
        from: Option<&OldMark>,
        to: &OldMark,
    ) -> Result<(), Self::Error>;
}

/// Where the data go. An implementation keeps one small record for each module.
///
/// The commit itself is not here, because its transaction is the embedder's: it brings all data of
/// the module and [`NewMark::Committed`] with the migration's epoch, **in one durable
/// transaction**, and only where [`NewMark::admits`] agrees with the mark that this transaction
/// reads.
pub trait NewStore {
    /// What can go wrong. Its text goes into [`Refusal::cause`].
    type Error: core::fmt::Display;

    /// The module's mark. A store that does not exist yet has none. Bytes that are no mark are an
    /// error, not `None`.
    ///
    /// # Errors
    /// The mark cannot be read.
    fn mark(&mut self, module: &str) -> Result<Option<NewMark>, Self::Error>;

    /// Makes `epoch` void unless there is a commit: leaves [`NewMark::voided`] of what stands
    /// there, in one durable transaction, and returns it.
    ///
    /// # Errors
    /// It failed; whether it happened need not be known.
    fn void(&mut self, module: &str, epoch: u64) -> Result<NewMark, Self::Error>;
}

/// Something that somebody who watches over the node should hear of.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event<'a> {
    /// The old store was to be opened after the data had moved, and was not.
    RollbackRefused(&'a Refusal),
    /// The stores of a module are no pair: one was replaced or put back from a copy.
    NotAPair(&'a Refusal),
    /// By an operator's word, a new store became the one in force that did not fit the old one.
    Adopted {
        /// The module.
        module: &'a str,
        /// The epoch that the new store was committed with.
        epoch: u64,
    },
    /// A migration was begun and is given up. The old store is in force again.
    Aborted {
        /// The module.
        module: &'a str,
        /// The epoch that was given up.
        epoch: u64,
    },
}

/// Takes security events: writes a log line, raises an alarm. Every `FnMut(&Event)` is one.
pub trait Watch {
    /// Takes one. The guard has no clock: whoever takes it knows what time it is.
    fn event(&mut self, event: &Event<'_>);
}

impl<F: FnMut(&Event<'_>)> Watch for F {
    fn event(&mut self, event: &Event<'_>) {
        self(event);
    }
}
