//! A log and the store that it is about: from a line to its record, and what syncing peers are sent.

use fulgurite_core::detect::Kind;
use fulgurite_core::log::{Given, Ties};
use fulgurite_core::report::Input;
use fulgurite_core::source::SourceError;

use crate::blocks::Answer;
use crate::session::Session;

/// The offsets that a log names on their way to the records of a store.
#[derive(Debug, Default)]
pub struct Tying {
    ties: Ties,
}

impl Tying {
    /// Looks them up, as far as there are bytes of the store.
    ///
    /// # Errors
    /// [`SourceError`] where the store ends earlier than it did.
    pub fn step(&mut self, store: &Session) -> Result<Answer<()>, SourceError> {
        store.tie(&mut self.ties)
    }
}

impl Session {
    /// Begins to lead from the log's lines to records; none if this is no log.
    pub fn tying(&self) -> Option<Tying> {
        let read = self.read.as_ref()?;
        Some(Tying { ties: Ties::new(&read.log) })
    }

    /// Draws up the log's report anew, with the store that it is about and what led there. Without
    /// `peers`, the node has as many as the log tells apart, or ten.
    pub fn beside(&mut self, tying: Tying, store: &Session, peers: Option<u64>) {
        let (Some(read), Some(kind)) = (self.read.clone(), self.kind()) else { return };
        let gossip = store.report.as_ref().and_then(|report| report.gossip.as_ref());
        let given = Given {
            store: Some(Input { kind: Kind::GossipStore, size: store.size }),
            sync: gossip.map(|gossip| gossip.sync),
            ties: tying.ties,
            peers,
        };
        self.report = Some(read.conclude(Input { kind, size: self.size }, &given));
    }
}
