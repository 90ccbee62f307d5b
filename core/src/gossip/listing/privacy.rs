//! Which records speak of channels that their owners did not announce.

use alloc::collections::BTreeSet;

use super::Piece;
use crate::gossip::format::{RecordType, ShortChannelId, Version};
use crate::gossip::wire::{Message, decode};

/// What is held back. From version 5 on the type of a record tells; before, updates of a node's own
/// channels look like any other, so that the channels have to be remembered; behind a wound, which
/// may have swallowed one, no update is shown.
#[derive(Clone, Debug)]
pub struct Privacy {
    reveal: bool,
    own: BTreeSet<ShortChannelId>,
    /// A channel of the node's own may be missing among them.
    incomplete: bool,
}

impl Privacy {
    /// No node has more channels of its own.
    const MOST: usize = 65_536;

    /// Nothing is held back with `reveal`.
    pub fn new(reveal: bool) -> Privacy {
        Privacy { reveal, own: BTreeSet::new(), incomplete: false }
    }

    /// Looks at a record or wound before those that follow it; each must be given, in the order of
    /// the file.
    pub fn learn(&mut self, version: Version, piece: &Piece<'_>) {
        if version.is_known() && version.0 > 4 {
            return;
        }
        let Piece::Record(record, body) = piece else {
            // It may have been in the wound.
            self.incomplete = version.is_known();
            return;
        };
        let adds = [RecordType::LOCAL_ADD_CHANNEL, RecordType::V3_LOCAL_ADD_CHANNEL];
        if !record.record_type.is_some_and(|known| adds.contains(&known)) {
            return;
        }
        let message = match decode(version, body) {
            Ok(message) => message.inner().unwrap_or(Ok(message)),
            Err(error) => Err(error),
        };
        match message {
            Ok(Message::LocalAddChannel(message)) if self.own.len() < Self::MOST => {
                self.own.insert(message.scid);
            }
            _ => self.incomplete = true,
        }
    }

    /// Whether everything may be shown.
    pub(super) fn reveals(&self) -> bool {
        self.reveal
    }

    /// Whether a record is held back; `message` is what it says, of a wrapped one the inside.
    pub(super) fn hides(
        &self,
        record_type: Option<RecordType>,
        message: Option<&Message<'_>>,
    ) -> bool {
        let own = match message {
            Some(Message::ChannelUpdate(update)) => {
                self.incomplete || self.own.contains(&update.scid)
            }
            Some(Message::V3ChannelDelete(gone)) => {
                self.incomplete || self.own.contains(&gone.scid)
            }
            _ => false,
        };
        !self.reveal && (own || record_type.is_some_and(RecordType::is_private))
    }
}
