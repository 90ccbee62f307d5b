//! The store's own records: amounts, tombstones, markers and the old private channel.
//!
//! Source: `common/gossip_store_wire.csv`; for 3503 `gossipd/gossip_peerd_wire.csv` at v0.7.1 and
//! v0.9.0; for 4099 `gossipd/gossip_store.csv` at v0.6.3.

use super::error::WireError;
use super::features;
use super::reader::{Body, Reader, Sink, write_counted};
use crate::gossip::format::{RecordType, ShortChannelId};
use alloc::vec::Vec;

/// 3503: a channel of our own that is not announced (versions 4 to 8; wrapped in 2 and 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalAddChannel<'a> {
    /// Which channel.
    pub scid: ShortChannelId,
    /// The key of the node at the other end.
    pub remote_node_id: &'a [u8; 33],
    /// The capacity in satoshis.
    pub satoshis: u64,
    /// Feature bits of the channel; absent before version 8, where the body ends before them.
    pub features: Option<&'a [u8]>,
}

impl<'a> Body<'a> for LocalAddChannel<'a> {
    const TYPE: RecordType = RecordType::LOCAL_ADD_CHANNEL;

    fn read<S: Sink>(r: &mut Reader<'a, S>) -> Result<Self, WireError> {
        let scid = r.scid()?;
        let remote_node_id = r.node_id("remote_node_id")?;
        let satoshis = r.u64("satoshis")?;
        let features = if r.is_empty() {
            None
        } else {
            let flen = r.u16("flen")?;
            Some(r.bytes(flen.into(), "features", features::show)?)
        };
        r.end()?;
        Ok(LocalAddChannel { scid, remote_node_id, satoshis, features })
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.scid.0.to_be_bytes());
        out.extend_from_slice(self.remote_node_id);
        out.extend_from_slice(&self.satoshis.to_be_bytes());
        if let Some(features) = self.features {
            write_counted(out, features);
        }
    }
}

/// 4101: the capacity of the channel that the record before announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChannelAmount {
    /// In satoshis.
    pub satoshis: u64,
}

impl ChannelAmount {
    /// The whole body of the record: its type, then the satoshis, both big-endian.
    pub(in crate::gossip) fn to_body(self) -> [u8; 10] {
        let mut body = [0; 10];
        body[..2].copy_from_slice(&RecordType::CHANNEL_AMOUNT.0.to_be_bytes());
        body[2..].copy_from_slice(&self.satoshis.to_be_bytes());
        body
    }
}

impl<'a> Body<'a> for ChannelAmount {
    const TYPE: RecordType = RecordType::CHANNEL_AMOUNT;

    #[inline]
    fn read<S: Sink>(r: &mut Reader<'a, S>) -> Result<Self, WireError> {
        let satoshis = r.u64("satoshis")?;
        r.end()?;
        Ok(ChannelAmount { satoshis })
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.satoshis.to_be_bytes());
    }
}

/// 4099: a channel is gone (versions 2 to 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct V3ChannelDelete {
    /// Which channel.
    pub scid: ShortChannelId,
}

impl<'a> Body<'a> for V3ChannelDelete {
    const TYPE: RecordType = RecordType::V3_CHANNEL_DELETE;

    fn read<S: Sink>(r: &mut Reader<'a, S>) -> Result<Self, WireError> {
        let scid = r.scid()?;
        r.end()?;
        Ok(V3ChannelDelete { scid })
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.scid.0.to_be_bytes());
    }
}

/// 4103: a channel is gone; written before its records are marked DELETED.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeleteChan {
    /// Which channel.
    pub scid: ShortChannelId,
}

impl<'a> Body<'a> for DeleteChan {
    const TYPE: RecordType = RecordType::DELETE_CHAN;

    fn read<S: Sink>(r: &mut Reader<'a, S>) -> Result<Self, WireError> {
        let scid = r.scid()?;
        r.end()?;
        Ok(DeleteChan { scid })
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.scid.0.to_be_bytes());
    }
}

/// 4105: this file has been replaced; the last record of one that was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended<'a> {
    /// The offset in the new file at which a reader of this one goes on.
    pub equivalent_offset: u64,
    /// The name of the new file; absent before version 16, where the body ends before it.
    pub uuid: Option<&'a [u8; 32]>,
}

impl<'a> Body<'a> for Ended<'a> {
    const TYPE: RecordType = RecordType::ENDED;

    fn read<S: Sink>(r: &mut Reader<'a, S>) -> Result<Self, WireError> {
        let equivalent_offset = r.u64("equivalent_offset")?;
        let uuid = if r.is_empty() { None } else { Some(r.hex("uuid")?) };
        r.end()?;
        Ok(Ended { equivalent_offset, uuid })
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.equivalent_offset.to_be_bytes());
        if let Some(uuid) = self.uuid {
            out.extend_from_slice(uuid);
        }
    }
}

/// 4106: the funding output of a channel is spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChanDying {
    /// Which channel.
    pub scid: ShortChannelId,
    /// The height of the block at which the channel is to be dropped.
    pub blockheight: u32,
}

impl<'a> Body<'a> for ChanDying {
    const TYPE: RecordType = RecordType::CHAN_DYING;

    fn read<S: Sink>(r: &mut Reader<'a, S>) -> Result<Self, WireError> {
        let scid = r.scid()?;
        let blockheight = r.u32("blockheight")?;
        r.end()?;
        Ok(ChanDying { scid, blockheight })
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.scid.0.to_be_bytes());
        out.extend_from_slice(&self.blockheight.to_be_bytes());
    }
}

/// 4107: names this file; its first record from version 16.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Uuid<'a> {
    /// Random bytes.
    pub uuid: &'a [u8; 32],
}

impl<'a> Body<'a> for Uuid<'a> {
    const TYPE: RecordType = RecordType::UUID;

    fn read<S: Sink>(r: &mut Reader<'a, S>) -> Result<Self, WireError> {
        let uuid = r.hex("uuid")?;
        r.end()?;
        Ok(Uuid { uuid })
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.uuid);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gossip::wire::testing::{Bytes, V16};
    use crate::gossip::wire::{Message, decode};

    const SCID: ShortChannelId = ShortChannelId(0x0d_b9_a6_00_03_81_00_01);

    #[test]
    fn numbers_are_read() {
        let read =
            |bytes: Bytes| decode(V16, &bytes.0).map(|message| alloc::format!("{message:?}"));
        let says = |message: Message<'_>| Ok(alloc::format!("{message:?}"));
        assert_eq!(
            read(Bytes::default().u16(4101).u64(1_000_000)),
            says(Message::ChannelAmount(ChannelAmount { satoshis: 1_000_000 }))
        );
        assert_eq!(
            read(Bytes::default().u16(4099).u64(SCID.0)),
            says(Message::V3ChannelDelete(V3ChannelDelete { scid: SCID }))
        );
        assert_eq!(
            read(Bytes::default().u16(4103).u64(SCID.0)),
            says(Message::DeleteChan(DeleteChan { scid: SCID }))
        );
        assert_eq!(
            read(Bytes::default().u16(4106).u64(SCID.0).u32(900_012)),
            says(Message::ChanDying(ChanDying { scid: SCID, blockheight: 900_012 }))
        );
        assert_eq!(
            read(Bytes::default().u16(4107).repeat(7, 32)),
            says(Message::Uuid(Uuid { uuid: &[7; 32] }))
        );
    }

    #[test]
    fn ended_is_told_by_its_length() {
        let old = Bytes::default().u16(4105).u64(77);
        let ended = Ended { equivalent_offset: 77, uuid: None };
        assert_eq!(decode(V16, &old.0), Ok(Message::Ended(ended)));
        let new = old.clone().repeat(9, 32);
        let ended = Ended { equivalent_offset: 77, uuid: Some(&[9; 32]) };
        assert_eq!(decode(V16, &new.0), Ok(Message::Ended(ended)));
        let between = WireError::Short { field: "uuid", at: 10, needed: 32, found: 1 };
        assert_eq!(decode(V16, &old.u8(1).0), Err(between));
        let beyond = WireError::Excess { at: 42, found: 1 };
        assert_eq!(decode(V16, &new.u8(1).0), Err(beyond));
    }

    #[test]
    fn local_add_channel_is_told_by_its_length() {
        let v7 = Bytes::default().u16(3503).u64(SCID.0).repeat(6, 33).u64(5);
        let message =
            LocalAddChannel { scid: SCID, remote_node_id: &[6; 33], satoshis: 5, features: None };
        assert_eq!(decode(V16, &v7.0), Ok(Message::LocalAddChannel(message)));
        let v8 = v7.clone().u16(2).u8(0x20).u8(0);
        let message = LocalAddChannel { features: Some(&[0x20, 0]), ..message };
        assert_eq!(decode(V16, &v8.0), Ok(Message::LocalAddChannel(message)));
        assert_eq!(decode(V16, &v7.u8(0).0).unwrap_err().field(), "flen");
        assert_eq!(decode(V16, &v8.u8(0).0), Err(WireError::Excess { at: 55, found: 1 }));
    }
}
