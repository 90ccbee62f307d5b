//! 256, `channel_announcement` (BOLT 7).

use super::error::WireError;
use super::features;
use super::reader::{Body, Reader, Sink, write_counted};
use super::tlv::Tlvs;
use crate::gossip::format::{RecordType, ShortChannelId};
use alloc::vec::Vec;

/// A channel is public: two nodes and the two keys of its funding output say so together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChannelAnnouncement<'a> {
    /// By `node_id_1`.
    pub node_signature_1: &'a [u8; 64],
    /// By `node_id_2`.
    pub node_signature_2: &'a [u8; 64],
    /// By `bitcoin_key_1`.
    pub bitcoin_signature_1: &'a [u8; 64],
    /// By `bitcoin_key_2`.
    pub bitcoin_signature_2: &'a [u8; 64],
    /// Feature bits of the channel (BOLT 9); see [`super::feature_bits`].
    pub features: &'a [u8],
    /// The hash of the chain's first block, in the order in which Bitcoin hashes it.
    pub chain_hash: &'a [u8; 32],
    /// Which output funds the channel.
    pub scid: ShortChannelId,
    /// The lesser of the two nodes' keys.
    pub node_id_1: &'a [u8; 33],
    /// The greater of the two nodes' keys.
    pub node_id_2: &'a [u8; 33],
    /// The first node's key in the funding output.
    pub bitcoin_key_1: &'a [u8; 33],
    /// The second node's key in the funding output.
    pub bitcoin_key_2: &'a [u8; 33],
    /// Whatever follows; signed like the rest.
    pub tlvs: &'a [u8],
}

impl<'a> ChannelAnnouncement<'a> {
    /// Each signature is over the double SHA-256 of the message from this byte on (the type is
    /// byte 0).
    pub const SIGNED_FROM: usize = 258;

    /// The TLV records after the last field. Offsets in errors are those of this message.
    pub fn tlv_records(&self) -> Tlvs<'a> {
        Tlvs::new(self.tlvs, 432usize.saturating_add(self.features.len()))
    }
}

impl<'a> Body<'a> for ChannelAnnouncement<'a> {
    const TYPE: RecordType = RecordType::CHANNEL_ANNOUNCEMENT;

    #[inline]
    fn read<S: Sink>(r: &mut Reader<'a, S>) -> Result<Self, WireError> {
        let node_signature_1 = r.signature("node_signature_1")?;
        let node_signature_2 = r.signature("node_signature_2")?;
        let bitcoin_signature_1 = r.signature("bitcoin_signature_1")?;
        let bitcoin_signature_2 = r.signature("bitcoin_signature_2")?;
        let len = r.u16("len")?;
        let features = r.bytes(len.into(), "features", features::show)?;
        Ok(ChannelAnnouncement {
            node_signature_1,
            node_signature_2,
            bitcoin_signature_1,
            bitcoin_signature_2,
            features,
            chain_hash: r.hex("chain_hash")?,
            scid: r.scid()?,
            node_id_1: r.node_id("node_id_1")?,
            node_id_2: r.node_id("node_id_2")?,
            bitcoin_key_1: r.hex("bitcoin_key_1")?,
            bitcoin_key_2: r.hex("bitcoin_key_2")?,
            tlvs: r.tlvs(),
        })
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.node_signature_1);
        out.extend_from_slice(self.node_signature_2);
        out.extend_from_slice(self.bitcoin_signature_1);
        out.extend_from_slice(self.bitcoin_signature_2);
        write_counted(out, self.features);
        out.extend_from_slice(self.chain_hash);
        out.extend_from_slice(&self.scid.0.to_be_bytes());
        out.extend_from_slice(self.node_id_1);
        out.extend_from_slice(self.node_id_2);
        out.extend_from_slice(self.bitcoin_key_1);
        out.extend_from_slice(self.bitcoin_key_2);
        out.extend_from_slice(self.tlvs);
    }
}

#[cfg(test)]
mod tests {
    use crate::gossip::format::ShortChannelId;
    use crate::gossip::wire::testing::{Bytes, V16};
    use crate::gossip::wire::{Message, WireError, decode};

    #[test]
    fn every_field_is_in_its_place() {
        let body = Bytes::channel_announcement(&[0x02, 0x01], 0x0d_b9_a6_00_03_81_00_01).0;
        let Ok(Message::ChannelAnnouncement(message)) = decode(V16, &body) else {
            panic!("it is well formed")
        };
        assert_eq!(message.node_signature_1, &[1; 64]);
        assert_eq!(message.node_signature_2, &[2; 64]);
        assert_eq!(message.bitcoin_signature_1, &[3; 64]);
        assert_eq!(message.bitcoin_signature_2, &[4; 64]);
        assert_eq!(message.features, [0x02, 0x01]);
        assert_eq!(message.chain_hash, &[5; 32]);
        assert_eq!(Some(message.scid), ShortChannelId::parse("899494x897x1"));
        assert_eq!(message.node_id_1, &[6; 33]);
        assert_eq!(message.node_id_2, &[7; 33]);
        assert_eq!(message.bitcoin_key_1, &[8; 33]);
        assert_eq!(message.bitcoin_key_2, &[9; 33]);
        assert!(message.tlvs.is_empty());
    }

    #[test]
    fn a_features_length_that_overshoots_names_the_features() {
        let mut body = Bytes::channel_announcement(&[], 1).0;
        body[258..260].copy_from_slice(&[0xff, 0xff]);
        let error = WireError::Short { field: "features", at: 260, needed: 65_535, found: 172 };
        assert_eq!(decode(V16, &body), Err(error));
    }

    #[test]
    fn tlvs_are_kept_and_their_offsets_count_from_the_message() {
        let body = Bytes::channel_announcement(&[1, 2, 3], 1).u8(1).u8(2).u8(9).0;
        let Ok(Message::ChannelAnnouncement(message)) = decode(V16, &body) else {
            panic!("it is well formed")
        };
        assert_eq!(message.tlvs, [1, 2, 9]);
        let error = message.tlv_records().next().unwrap().unwrap_err();
        assert_eq!(error, WireError::Short { field: "tlv_value", at: 437, needed: 2, found: 1 });
    }
}
