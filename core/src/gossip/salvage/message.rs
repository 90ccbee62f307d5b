//! What a record says that decides whether it is kept.

use super::item::Item;
use crate::gossip::format::{RecordType, Version, be32};
use crate::gossip::wire::{Message, decode};

/// A record's message, as far as it matters here.
#[derive(Clone, Copy, Debug)]
pub(super) enum Said<'a> {
    /// 256, or the one that a 4096 wraps, whose amount it brings.
    Announcement { scid: u64, nodes: [&'a [u8; 33]; 2], satoshis: Option<u64> },
    /// 4101.
    Amount(u64),
    /// 258, or the one that a 4097 wraps.
    Update { scid: u64, direction: usize, timestamp: u32, maximum: Maximum },
    /// 257, or the one that a 4098 wraps.
    Node { id: &'a [u8; 33], timestamp: u32 },
    /// 4103 or 4099.
    Tombstone(u64),
    /// 4106.
    Dying(u64),
    /// 4105.
    Ended,
    /// 4107.
    Uuid,
    /// 3503, 4100, 4102, 4104.
    Private,
    /// A type that no release knows.
    Unknown,
    /// Not as its type has it.
    Malformed,
}

/// The largest payment that an update allows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Maximum {
    /// In millisatoshis; None in the form of 130 bytes.
    msat: Option<u64>,
    /// Bit 0 of `message_flags`, which says that it is there.
    announced: bool,
}

impl Maximum {
    /// Whether an update that says so may stand in a store of this version, of a channel of so many
    /// satoshis; None where nobody knows how many. Versions from 11 on want a maximum. Releases that
    /// write up to 12 hold it against the capacity; those of 11 and 12 do not ask for the bit
    /// (`routing_add_channel_update`, v0.12.0 and v22.11).
    pub(super) fn fits(self, satoshis: Option<u64>, target: Version) -> bool {
        let within =
            |msat: u64| satoshis.is_none_or(|satoshis| msat <= satoshis.saturating_mul(1_000));
        match target.0 {
            ..11 if !self.announced => true,
            ..13 => self.msat.is_some_and(within),
            _ => self.msat.is_some(),
        }
    }
}

impl<'a> Said<'a> {
    /// Reads the body of a record. What versions 2 and 3 wrap is unwrapped: `item` then refers to
    /// the inner message.
    pub(super) fn read(version: Version, item: &mut Item, body: &'a [u8]) -> Said<'a> {
        let Some(record_type) = item.record_type else { return Said::Malformed };
        if !record_type.is_known() {
            return Said::Unknown;
        }
        if !record_type.fits(body) {
            return Said::Malformed;
        }
        if record_type == RecordType::CHANNEL_UPDATE {
            return update(body).unwrap_or(Said::Malformed);
        }
        let Ok(message) = decode(version, body) else { return Said::Malformed };
        match message {
            Message::ChannelAnnouncement(message) => Said::Announcement {
                scid: message.scid.0,
                nodes: [message.node_id_1, message.node_id_2],
                satoshis: None,
            },
            Message::V3ChannelAnnouncement(outer) => {
                unwrap(item, outer.announcement);
                outer.inner().map_or(Said::Malformed, |message| Said::Announcement {
                    scid: message.scid.0,
                    nodes: [message.node_id_1, message.node_id_2],
                    satoshis: Some(outer.satoshis),
                })
            }
            Message::V3ChannelUpdate(outer) => {
                unwrap(item, outer.update);
                let fits = RecordType::CHANNEL_UPDATE.fits(outer.update) && outer.inner().is_ok();
                update(outer.update).filter(|_| fits).unwrap_or(Said::Malformed)
            }
            Message::NodeAnnouncement(message) => {
                Said::Node { id: message.node_id, timestamp: message.timestamp }
            }
            Message::V3NodeAnnouncement(outer) => {
                unwrap(item, outer.announcement);
                outer.inner().map_or(Said::Malformed, |message| Said::Node {
                    id: message.node_id,
                    timestamp: message.timestamp,
                })
            }
            Message::ChannelAmount(message) => Said::Amount(message.satoshis),
            Message::DeleteChan(message) => Said::Tombstone(message.scid.0),
            Message::V3ChannelDelete(message) => Said::Tombstone(message.scid.0),
            Message::ChanDying(message) => Said::Dying(message.scid.0),
            Message::Ended(_) => Said::Ended,
            Message::Uuid(_) => Said::Uuid,
            _ if record_type.is_private() => Said::Private,
            _ => Said::Unknown,
        }
    }
}

/// Bytes before the message that versions 2 and 3 wrap: a type and a length.
const WRAPPER: u32 = 4;

/// The inner message of a record that is a type, a length and a message first.
fn unwrap(item: &mut Item, inner: &[u8]) {
    item.message_at += u64::from(WRAPPER);
    item.patch = item.patch.behind(WRAPPER);
    item.message_len = u32::try_from(inner.len()).unwrap_or(u32::MAX);
}

fn update(body: &[u8]) -> Option<Said<'_>> {
    let scid = u64::from_be_bytes(*body.get(98..)?.first_chunk()?);
    let direction = usize::from(body.get(111)? & 1);
    let timestamp = be32(body, 106)?;
    let msat = body.get(130..).and_then(<[u8]>::first_chunk).copied().map(u64::from_be_bytes);
    let maximum = Maximum { msat, announced: body.get(110)? & 1 != 0 };
    Some(Said::Update { scid, direction, timestamp, maximum })
}
