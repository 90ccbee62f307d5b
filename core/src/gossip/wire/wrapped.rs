//! Records that wrap a whole message, its type included, behind a `u16` length.
//!
//! The inner bytes are kept; `inner` reads them, one level deep. Its errors count offsets from the
//! first byte of the record's body.
//!
//! Source: `gossipd/gossip_store.csv` at v0.6.3 for 4096 to 4100; `common/gossip_store_wire.csv`
//! for 4102 and 4104.

use super::announcement::ChannelAnnouncement;
use super::error::WireError;
use super::node::NodeAnnouncement;
use super::reader::{Body, Reader, Sink, read_inner, write_counted};
use super::store::LocalAddChannel;
use super::update::ChannelUpdate;
use crate::gossip::format::RecordType;
use alloc::vec::Vec;

/// A record that is nothing but a length and a message.
macro_rules! envelope {
    ($(#[$doc:meta])* $name:ident, $type:ident, $field:ident, $inner:ty) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name<'a> {
            /// The wrapped message as stored, from its type on.
            pub $field: &'a [u8],
        }

        impl<'a> $name<'a> {
            /// Reads the wrapped message.
            ///
            /// # Errors
            /// [`WireError`] where it is not of its type, too short or too long.
            pub fn inner(&self) -> Result<$inner, WireError> {
                read_inner(self.$field, 4)
            }
        }

        impl<'a> Body<'a> for $name<'a> {
            const TYPE: RecordType = RecordType::$type;

            fn read<S: Sink>(r: &mut Reader<'a, S>) -> Result<Self, WireError> {
                let $field = r.wrapped::<$inner>(stringify!($field))?;
                r.end()?;
                Ok($name { $field })
            }

            fn write(&self, out: &mut Vec<u8>) {
                write_counted(out, self.$field);
            }
        }
    };
}

envelope! {
    /// 4097: a wrapped 258 (versions 2 and 3).
    V3ChannelUpdate, V3_CHANNEL_UPDATE, update, ChannelUpdate<'a>
}

envelope! {
    /// 4098: a wrapped 257 (versions 2 and 3).
    V3NodeAnnouncement, V3_NODE_ANNOUNCEMENT, announcement, NodeAnnouncement<'a>
}

envelope! {
    /// 4100: a wrapped 3503 (versions 2 and 3).
    V3LocalAddChannel, V3_LOCAL_ADD_CHANNEL, local_add, LocalAddChannel<'a>
}

envelope! {
    /// 4102: a wrapped 258 of a channel of our own that is not announced (versions 5 to 12).
    PrivateUpdate, PRIVATE_UPDATE, update, ChannelUpdate<'a>
}

/// 4096: a wrapped 256 with the capacity after it (versions 2 and 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct V3ChannelAnnouncement<'a> {
    /// The wrapped message as stored, from its type on.
    pub announcement: &'a [u8],
    /// The capacity in satoshis.
    pub satoshis: u64,
}

impl<'a> V3ChannelAnnouncement<'a> {
    /// Reads the wrapped message.
    ///
    /// # Errors
    /// [`WireError`] where it is not a 256, or too short.
    pub fn inner(&self) -> Result<ChannelAnnouncement<'a>, WireError> {
        read_inner(self.announcement, 4)
    }
}

impl<'a> Body<'a> for V3ChannelAnnouncement<'a> {
    const TYPE: RecordType = RecordType::V3_CHANNEL_ANNOUNCEMENT;

    fn read<S: Sink>(r: &mut Reader<'a, S>) -> Result<Self, WireError> {
        let announcement = r.wrapped::<ChannelAnnouncement<'a>>("announcement")?;
        let satoshis = r.u64("satoshis")?;
        r.end()?;
        Ok(V3ChannelAnnouncement { announcement, satoshis })
    }

    fn write(&self, out: &mut Vec<u8>) {
        write_counted(out, self.announcement);
        out.extend_from_slice(&self.satoshis.to_be_bytes());
    }
}

/// 4104: a channel of our own that is not announced (versions 9 to 12): the capacity, then a
/// wrapped 256 whose signatures are zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrivateChannel<'a> {
    /// The capacity in satoshis.
    pub satoshis: u64,
    /// The wrapped message as stored, from its type on.
    pub announcement: &'a [u8],
}

impl<'a> PrivateChannel<'a> {
    /// Reads the wrapped message.
    ///
    /// # Errors
    /// [`WireError`] where it is not a 256, or too short.
    pub fn inner(&self) -> Result<ChannelAnnouncement<'a>, WireError> {
        read_inner(self.announcement, 12)
    }
}

impl<'a> Body<'a> for PrivateChannel<'a> {
    const TYPE: RecordType = RecordType::PRIVATE_CHANNEL;

    fn read<S: Sink>(r: &mut Reader<'a, S>) -> Result<Self, WireError> {
        let satoshis = r.u64("satoshis")?;
        let announcement = r.wrapped::<ChannelAnnouncement<'a>>("announcement")?;
        r.end()?;
        Ok(PrivateChannel { satoshis, announcement })
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.satoshis.to_be_bytes());
        write_counted(out, self.announcement);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gossip::wire::testing::{Bytes, V16};
    use crate::gossip::wire::{Message, decode, fields};

    #[test]
    fn each_wrapper_opens_into_its_own_type() {
        let announcement = Bytes::channel_announcement(&[], 3).0;
        let update = Bytes::channel_update(3).0;
        let node = Bytes::node_announcement(b"", &[]).0;
        let local = Bytes::default().u16(3503).u64(3).repeat(6, 33).u64(5).0;
        let wrap = |kind, inner: &[u8]| Bytes::default().u16(kind).counted(inner);
        let cases = [
            (wrap(4096, &announcement).u64(9), &announcement),
            (wrap(4097, &update), &update),
            (wrap(4098, &node), &node),
            (wrap(4100, &local), &local),
            (wrap(4102, &update), &update),
            (Bytes::default().u16(4104).u64(9).counted(&announcement), &announcement),
        ];
        for (outer, inner) in &cases {
            let message = decode(V16, &outer.0).unwrap();
            let opened = message.inner().unwrap().unwrap();
            assert_eq!(Ok(opened), decode(V16, inner));
            assert!(opened.inner().is_none());

            // The inner type, made another one: the error names its place in the record.
            let at = fields(V16, &outer.0).iter().rfind(|field| field.name == "type").unwrap().at;
            let mut wrong = outer.0.clone();
            wrong[at] ^= 0x40;
            let error = decode(V16, &wrong).unwrap().inner().unwrap().unwrap_err();
            assert!(matches!(error, WireError::WrongType { .. }) && error.at() == at, "{error}");
        }
    }

    #[test]
    fn a_wrapper_of_another_type_is_read_and_does_not_open() {
        let inner = Bytes::node_announcement(b"", &[]).0;
        let body = Bytes::default().u16(4102).counted(&inner).0;
        let message = decode(V16, &body).unwrap();
        let error = WireError::WrongType {
            at: 4,
            expected: RecordType::CHANNEL_UPDATE,
            found: RecordType::NODE_ANNOUNCEMENT,
        };
        assert_eq!(message.inner(), Some(Err(error)));
    }

    #[test]
    fn inner_offsets_are_those_of_the_record() {
        let inner = Bytes::channel_announcement(&[], 3).0;
        let body = Bytes::default().u16(4104).u64(9).counted(&inner[..100]).0;
        let Ok(message @ Message::PrivateChannel(_)) = decode(V16, &body) else {
            panic!("the wrapper is well formed")
        };
        let short =
            WireError::Short { field: "node_signature_2", at: 12 + 66, needed: 64, found: 34 };
        assert_eq!(message.inner(), Some(Err(short)));
        let all = fields(V16, &body);
        let names: alloc::vec::Vec<_> = all.iter().map(|field| (field.name, field.at)).collect();
        let expected = [
            ("type", 0),
            ("satoshis", 2),
            ("len", 10),
            ("type", 12),
            ("node_signature_1", 14),
            ("undecoded", 78),
        ];
        assert_eq!(names, expected);
    }

    #[test]
    fn the_capacity_after_a_torn_inner_message_is_still_shown() {
        let body = Bytes::default().u16(4096).counted(&[1, 0, 7]).u64(9).0;
        let names: alloc::vec::Vec<_> =
            fields(V16, &body).iter().map(|field| (field.name, field.len)).collect();
        let expected = [("type", 2), ("len", 2), ("type", 2), ("undecoded", 1), ("satoshis", 8)];
        assert_eq!(names, expected);
    }
}
