//! Every message that a record can hold, and how one is told from another.

use super::{
    announcement::ChannelAnnouncement,
    error::WireError,
    fields::FieldValue,
    node::NodeAnnouncement,
    reader::{Body, Reader, Sink},
    store::{ChanDying, ChannelAmount, DeleteChan, Ended, LocalAddChannel, Uuid, V3ChannelDelete},
    update::ChannelUpdate,
    wrapped::{
        PrivateChannel, PrivateUpdate, V3ChannelAnnouncement, V3ChannelUpdate, V3LocalAddChannel,
        V3NodeAnnouncement,
    },
};
use crate::gossip::format::{RecordType, Version};
use alloc::vec::Vec;

macro_rules! messages {
    ($($(#[$doc:meta])* $name:ident($body:ty),)*) => {
        /// What the body of a record says. Everything longer than a number is borrowed from it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Message<'a> {
            $($(#[$doc])* $name($body),)*
            /// A type that no release knows.
            Unknown {
                /// The type.
                record_type: RecordType,
                /// Everything after the type.
                payload: &'a [u8],
            },
        }

        /// Reads a body from its type on.
        pub(super) fn read_message<'a, S: Sink>(
            _version: Version,
            reader: &mut Reader<'a, S>,
        ) -> Result<Message<'a>, WireError> {
            match reader.record_type()? {
                $(<$body as Body<'a>>::TYPE => Body::read(reader).map(Message::$name),)*
                record_type => {
                    let payload = reader.rest("payload", FieldValue::Hex);
                    Ok(Message::Unknown { record_type, payload })
                }
            }
        }

        impl<'a> Message<'a> {
            /// The type that the body begins with.
            pub const fn record_type(&self) -> RecordType {
                match self {
                    $(Message::$name(_) => <$body as Body<'a>>::TYPE,)*
                    Message::Unknown { record_type, .. } => *record_type,
                }
            }

            /// Appends the body. What [`decode`] read is written as the same bytes; a list that
            /// its `u16` length cannot count is cut at 65,535 bytes.
            pub fn write(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.record_type().0.to_be_bytes());
                match self {
                    $(Message::$name(body) => body.write(out),)*
                    Message::Unknown { payload, .. } => out.extend_from_slice(payload),
                }
            }
        }
    };
}

messages! {
    /// 256, BOLT 7.
    ChannelAnnouncement(ChannelAnnouncement<'a>),
    /// 257, BOLT 7.
    NodeAnnouncement(NodeAnnouncement<'a>),
    /// 258, BOLT 7.
    ChannelUpdate(ChannelUpdate<'a>),
    /// 3503.
    LocalAddChannel(LocalAddChannel<'a>),
    /// 4096, wraps a 256.
    V3ChannelAnnouncement(V3ChannelAnnouncement<'a>),
    /// 4097, wraps a 258.
    V3ChannelUpdate(V3ChannelUpdate<'a>),
    /// 4098, wraps a 257.
    V3NodeAnnouncement(V3NodeAnnouncement<'a>),
    /// 4099.
    V3ChannelDelete(V3ChannelDelete),
    /// 4100, wraps a 3503.
    V3LocalAddChannel(V3LocalAddChannel<'a>),
    /// 4101.
    ChannelAmount(ChannelAmount),
    /// 4102, wraps a 258.
    PrivateUpdate(PrivateUpdate<'a>),
    /// 4103.
    DeleteChan(DeleteChan),
    /// 4104, wraps a 256 without signatures.
    PrivateChannel(PrivateChannel<'a>),
    /// 4105.
    Ended(Ended<'a>),
    /// 4106.
    ChanDying(ChanDying),
    /// 4107.
    Uuid(Uuid<'a>),
}

/// Reads the body of a record, which begins with its big-endian `u16` type.
///
/// The version is that of the store. No release gave one type two meanings that the length of the
/// body does not tell apart, so that today it decides nothing: a record that a damaged version
/// byte disowns is read all the same, and whether it belongs there is for others to say
/// ([`RecordType::versions`]).
///
/// A message wrapped in another is not read here: see [`Message::inner`].
///
/// # Errors
/// [`WireError`] where the body is too short for its type, or too long: only 256, 257 and 258 may
/// grow. For the known types these are exactly the bodies that [`RecordType::fits`] refuses.
#[inline]
pub fn decode(version: Version, body: &[u8]) -> Result<Message<'_>, WireError> {
    read_message(version, &mut Reader::new(body, 0, ()))
}

impl<'a> Message<'a> {
    /// The message that this one wraps; `None` where it wraps none. What is inside never wraps
    /// another. Offsets in the error are those of the outer body.
    pub fn inner(&self) -> Option<Result<Message<'a>, WireError>> {
        Some(match self {
            Message::V3ChannelAnnouncement(outer) => {
                outer.inner().map(Message::ChannelAnnouncement)
            }
            Message::V3ChannelUpdate(outer) => outer.inner().map(Message::ChannelUpdate),
            Message::V3NodeAnnouncement(outer) => outer.inner().map(Message::NodeAnnouncement),
            Message::V3LocalAddChannel(outer) => outer.inner().map(Message::LocalAddChannel),
            Message::PrivateUpdate(outer) => outer.inner().map(Message::ChannelUpdate),
            Message::PrivateChannel(outer) => outer.inner().map(Message::ChannelAnnouncement),
            _ => return None,
        })
    }
}
