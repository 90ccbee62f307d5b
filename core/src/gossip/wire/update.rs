//! 258, `channel_update` (BOLT 7).

use super::error::WireError;
use super::fields::flag_names;
use super::reader::{Body, Reader, Sink};
use super::tlv::Tlvs;
use crate::gossip::format::{RecordType, ShortChannelId};
use alloc::vec::Vec;

/// The terms on which one side of a channel forwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChannelUpdate<'a> {
    /// By the node of this direction.
    pub signature: &'a [u8; 64],
    /// The hash of the chain's first block, in the order in which Bitcoin hashes it.
    pub chain_hash: &'a [u8; 32],
    /// Which channel.
    pub scid: ShortChannelId,
    /// Seconds since 1970; the greater one wins.
    pub timestamp: u32,
    /// Bit 0: `htlc_maximum_msat` follows; bit 1: not to be relayed.
    pub message_flags: u8,
    /// Bit 0: the direction; bit 1: disabled.
    pub channel_flags: u8,
    /// In blocks.
    pub cltv_expiry_delta: u16,
    /// In thousandths of a satoshi.
    pub htlc_minimum_msat: u64,
    /// In thousandths of a satoshi.
    pub fee_base_msat: u32,
    /// In millionths of what is forwarded.
    pub fee_proportional_millionths: u32,
    /// In thousandths of a satoshi. Absent where the body ends before it, as stores before
    /// version 11 have it; the length decides, whatever `message_flags` says.
    pub htlc_maximum_msat: Option<u64>,
    /// Whatever follows; signed like the rest.
    pub tlvs: &'a [u8],
}

/// What BOLT 7 calls the bits of `message_flags`.
const MESSAGE_FLAGS: [&str; 8] =
    ["must_be_one", "dont_forward", "bit_2", "bit_3", "bit_4", "bit_5", "bit_6", "bit_7"];

/// What BOLT 7 calls the bits of `channel_flags`.
const CHANNEL_FLAGS: [&str; 8] =
    ["direction", "disable", "bit_2", "bit_3", "bit_4", "bit_5", "bit_6", "bit_7"];

impl<'a> ChannelUpdate<'a> {
    /// The signature is over the double SHA-256 of the message from this byte on (the type is
    /// byte 0).
    pub const SIGNED_FROM: usize = 66;

    /// 0 where `node_id_1` of the announcement speaks, 1 where `node_id_2` does.
    pub const fn direction(&self) -> u8 {
        self.channel_flags & 1
    }

    /// Whether this direction forwards nothing for now.
    pub const fn disabled(&self) -> bool {
        self.channel_flags & 2 != 0
    }

    /// The TLV records after the last field. Offsets in errors are those of this message.
    pub fn tlv_records(&self) -> Tlvs<'a> {
        Tlvs::new(self.tlvs, 138)
    }
}

impl<'a> Body<'a> for ChannelUpdate<'a> {
    const TYPE: RecordType = RecordType::CHANNEL_UPDATE;

    #[inline]
    fn read<S: Sink>(r: &mut Reader<'a, S>) -> Result<Self, WireError> {
        Ok(ChannelUpdate {
            signature: r.signature("signature")?,
            chain_hash: r.hex("chain_hash")?,
            scid: r.scid()?,
            timestamp: r.timestamp()?,
            message_flags: r.byte("message_flags", |byte| flag_names(byte, &MESSAGE_FLAGS))?,
            channel_flags: r.byte("channel_flags", |byte| flag_names(byte, &CHANNEL_FLAGS))?,
            cltv_expiry_delta: r.u16("cltv_expiry_delta")?,
            htlc_minimum_msat: r.u64("htlc_minimum_msat")?,
            fee_base_msat: r.u32("fee_base_msat")?,
            fee_proportional_millionths: r.u32("fee_proportional_millionths")?,
            htlc_maximum_msat: if r.is_empty() { None } else { Some(r.u64("htlc_maximum_msat")?) },
            tlvs: r.tlvs(),
        })
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.signature);
        out.extend_from_slice(self.chain_hash);
        out.extend_from_slice(&self.scid.0.to_be_bytes());
        out.extend_from_slice(&self.timestamp.to_be_bytes());
        out.extend_from_slice(&[self.message_flags, self.channel_flags]);
        out.extend_from_slice(&self.cltv_expiry_delta.to_be_bytes());
        out.extend_from_slice(&self.htlc_minimum_msat.to_be_bytes());
        out.extend_from_slice(&self.fee_base_msat.to_be_bytes());
        out.extend_from_slice(&self.fee_proportional_millionths.to_be_bytes());
        if let Some(htlc_maximum_msat) = self.htlc_maximum_msat {
            out.extend_from_slice(&htlc_maximum_msat.to_be_bytes());
        }
        out.extend_from_slice(self.tlvs);
    }
}

#[cfg(test)]
mod tests {
    use crate::gossip::format::ShortChannelId;
    use crate::gossip::wire::testing::{Bytes, V16};
    use crate::gossip::wire::{FieldValue, Message, WireError, decode, fields};
    use alloc::vec;

    #[test]
    fn every_field_is_in_its_place() {
        let body = Bytes::channel_update(0x0d_b9_a6_00_03_81_00_01).0;
        assert_eq!(body.len(), 138);
        let Ok(Message::ChannelUpdate(message)) = decode(V16, &body) else {
            panic!("it is well formed")
        };
        assert_eq!(message.signature, &[1; 64]);
        assert_eq!(message.chain_hash, &[5; 32]);
        assert_eq!(Some(message.scid), ShortChannelId::parse("899494x897x1"));
        assert_eq!(message.timestamp, 1_700_000_000);
        assert_eq!((message.message_flags, message.channel_flags), (1, 3));
        assert_eq!((message.direction(), message.disabled()), (1, true));
        assert_eq!(message.cltv_expiry_delta, 34);
        assert_eq!(message.htlc_minimum_msat, 1_000);
        assert_eq!(message.fee_base_msat, 7);
        assert_eq!(message.fee_proportional_millionths, 250);
        assert_eq!(message.htlc_maximum_msat, Some(990_000_000));
        assert!(message.tlvs.is_empty());
    }

    #[test]
    fn an_old_update_has_no_maximum_and_a_torn_one_is_an_error() {
        let body = Bytes::channel_update(1).0;
        let Ok(Message::ChannelUpdate(old)) = decode(V16, &body[..130]) else {
            panic!("it is well formed")
        };
        assert_eq!(old.htlc_maximum_msat, None);
        for len in 131..138 {
            let error = WireError::Short {
                field: "htlc_maximum_msat",
                at: 130,
                needed: 8,
                found: len - 130,
            };
            assert_eq!(decode(V16, &body[..len]), Err(error));
        }
    }

    #[test]
    fn flags_are_shown_by_name() {
        let mut body = Bytes::channel_update(1).0;
        body[110] = 0x81;
        let all = fields(V16, &body);
        let value = |name| all.iter().find(|field| field.name == name).unwrap().value.clone();
        assert_eq!(value("message_flags"), FieldValue::Flags(vec!["must_be_one", "bit_7"]));
        assert_eq!(value("channel_flags"), FieldValue::Flags(vec!["direction", "disable"]));
    }
}
