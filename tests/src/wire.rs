//! The messages inside records: BOLT 7's own, and those that only a gossip_store has.
//!
//! Each function and `encode` returns a whole body, the two bytes of its type included.
//! `node_announcement` is in its own file.

use crate::fake::{Key, Signature, funding_keys};
use std::fmt;

/// The hash of Bitcoin's first block, as messages name the chain.
pub const MAINNET: [u8; 32] = [
    0x6f, 0xe2, 0x8c, 0x0a, 0xb6, 0xf1, 0xb3, 0x72, 0xc1, 0xa6, 0xa2, 0x46, 0xae, 0x63, 0xf7, 0x4f,
    0x93, 0x1e, 0x83, 0x65, 0xe1, 0x5a, 0x08, 0x9c, 0x68, 0xd6, 0x19, 0x00, 0x00, 0x00, 0x00, 0x00,
];

/// Where a channel was funded: block, transaction and output, packed into a `u64`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scid(pub u64);

/// Reads `BLOCKxTXxOUT`.
///
/// # Panics
/// If the text is not of that form or a part is too large.
pub fn scid(text: &str) -> Scid {
    let parts: Vec<u64> = text.split('x').map(|part| part.parse().expect(text)).collect();
    let [block, tx, output] = parts[..] else { panic!("{text} is not BLOCKxTXxOUT") };
    assert!(block < 1 << 24 && tx < 1 << 24 && output < 1 << 16, "{text} is too large");
    Scid(block << 40 | tx << 16 | output)
}

impl From<&str> for Scid {
    fn from(text: &str) -> Scid {
        scid(text)
    }
}

impl From<u64> for Scid {
    fn from(packed: u64) -> Scid {
        Scid(packed)
    }
}

impl fmt::Display for Scid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}x{}", self.0 >> 40, self.0 >> 16 & 0xff_ffff, self.0 & 0xffff)
    }
}

/// Whose `channel_update` it is: that of `node_id_1` (bit 0 of `channel_flags` clear) or of
/// `node_id_2` (set).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// From `node_id_1`, the lesser key.
    One,
    /// From `node_id_2`.
    Two,
}

impl Direction {
    /// Both.
    pub const BOTH: [Direction; 2] = [Direction::One, Direction::Two];
}

/// A `channel_announcement` (256).
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Announcement {
    /// Of node 1, node 2, and their funding keys.
    pub signatures: [Signature; 4],
    /// Feature bits, big-endian.
    pub features: Vec<u8>,
    /// The chain.
    pub chain: [u8; 32],
    /// The channel.
    pub scid: Scid,
    /// `node_id_1` and `node_id_2`.
    pub nodes: [Key; 2],
    /// `bitcoin_key_1` and `bitcoin_key_2`.
    pub funding: [Key; 2],
}

impl Announcement {
    /// On mainnet, without features, with fake signatures.
    pub fn new(scid: impl Into<Scid>, nodes: [Key; 2]) -> Announcement {
        let scid = scid.into();
        Announcement {
            signatures: [Signature::Fake; 4],
            features: Vec::new(),
            chain: MAINNET,
            scid,
            nodes,
            funding: funding_keys(scid.0),
        }
    }

    /// Sets the feature bits.
    pub fn features(mut self, features: &[u8]) -> Announcement {
        self.features = features.to_vec();
        self
    }

    /// Sets all four signatures.
    pub fn signed(mut self, signature: Signature) -> Announcement {
        self.signatures = [signature; 4];
        self
    }

    /// The message.
    pub fn encode(&self) -> Vec<u8> {
        let [node_1, node_2] = &self.nodes;
        let [funding_1, funding_2] = &self.funding;
        let signed = [
            &counted(&self.features)[..],
            &self.chain,
            &self.scid.0.to_be_bytes(),
            node_1,
            node_2,
            funding_1,
            funding_2,
        ]
        .concat();
        let mut message = 256u16.to_be_bytes().to_vec();
        for (place, signature) in (0..).zip(self.signatures) {
            message.extend(signature.bytes(place, &signed));
        }
        message.extend(signed);
        message
    }
}

/// A `channel_update` (258).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Update {
    /// Of the node whose direction it is.
    pub signature: Signature,
    /// The chain.
    pub chain: [u8; 32],
    /// The channel.
    pub scid: Scid,
    /// Seconds since 1970.
    pub timestamp: u32,
    /// Bit 0 says that `htlc_maximum_msat` is there; [`Update::htlc_maximum`] sets both.
    pub message_flags: u8,
    /// Bit 0 is the direction, bit 1 says disabled.
    pub channel_flags: u8,
    /// Blocks of delay.
    pub cltv_expiry_delta: u16,
    /// The smallest payment, in millisatoshis.
    pub htlc_minimum_msat: u64,
    /// The flat fee, in millisatoshis.
    pub fee_base_msat: u32,
    /// The proportional fee.
    pub fee_proportional_millionths: u32,
    /// The largest payment. `None` gives the 130-byte form, which version 11 did away with.
    pub htlc_maximum_msat: Option<u64>,
}

impl Update {
    /// On mainnet, of 130 bytes, enabled, with common fees and a fake signature.
    pub fn new(scid: impl Into<Scid>, direction: Direction, timestamp: u32) -> Update {
        Update {
            signature: Signature::Fake,
            chain: MAINNET,
            scid: scid.into(),
            timestamp,
            message_flags: 0,
            channel_flags: u8::from(direction == Direction::Two),
            cltv_expiry_delta: 34,
            htlc_minimum_msat: 1,
            fee_base_msat: 1000,
            fee_proportional_millionths: 10,
            htlc_maximum_msat: None,
        }
    }

    /// Of 138 bytes: adds `htlc_maximum_msat` and the bit that announces it.
    pub fn htlc_maximum(mut self, msat: u64) -> Update {
        self.htlc_maximum_msat = Some(msat);
        self.message_flags |= 1;
        self
    }

    /// Sets both fees.
    pub fn fees(mut self, base_msat: u32, millionths: u32) -> Update {
        self.fee_base_msat = base_msat;
        self.fee_proportional_millionths = millionths;
        self
    }

    /// Says that payments may not pass in this direction.
    pub fn disabled(mut self) -> Update {
        self.channel_flags |= 2;
        self
    }

    /// Sets the signature.
    pub fn signed(mut self, signature: Signature) -> Update {
        self.signature = signature;
        self
    }

    /// Whose it is.
    pub fn direction(&self) -> Direction {
        Direction::BOTH[usize::from(self.channel_flags & 1)]
    }

    /// The message.
    pub fn encode(&self) -> Vec<u8> {
        let mut signed = [
            &self.chain[..],
            &self.scid.0.to_be_bytes(),
            &self.timestamp.to_be_bytes(),
            &[self.message_flags, self.channel_flags],
            &self.cltv_expiry_delta.to_be_bytes(),
            &self.htlc_minimum_msat.to_be_bytes(),
            &self.fee_base_msat.to_be_bytes(),
            &self.fee_proportional_millionths.to_be_bytes(),
        ]
        .concat();
        signed.extend(self.htlc_maximum_msat.iter().flat_map(|msat| msat.to_be_bytes()));
        [&258u16.to_be_bytes()[..], &self.signature.bytes(0, &signed), &signed].concat()
    }
}

/// 3503, `local_add_channel`: with a feature list in version 8, without before.
pub fn local_add_channel(scid: Scid, peer: Key, satoshis: u64, features: Option<&[u8]>) -> Vec<u8> {
    let mut message = [&3503u16.to_be_bytes()[..], &packed(scid), &peer].concat();
    message.extend(satoshis.to_be_bytes());
    message.extend(features.map(counted).unwrap_or_default());
    message
}

/// 4096, `channel_announcement` of versions 2 and 3, with the capacity behind it.
pub fn v3_channel_announcement(announcement: &[u8], satoshis: u64) -> Vec<u8> {
    [&wrapped(4096, announcement)[..], &satoshis.to_be_bytes()].concat()
}

/// A message inside another: 4097 (update), 4098 (node), 4100 (local channel), 4102 (private
/// update).
pub fn wrapped(record_type: u16, message: &[u8]) -> Vec<u8> {
    [&record_type.to_be_bytes()[..], &counted(message)].concat()
}

/// 4099, `channel_delete` of versions 2 to 4.
pub fn v3_channel_delete(scid: Scid) -> Vec<u8> {
    [&4099u16.to_be_bytes()[..], &packed(scid)].concat()
}

/// 4101, `channel_amount`.
pub fn channel_amount(satoshis: u64) -> Vec<u8> {
    [&4101u16.to_be_bytes()[..], &satoshis.to_be_bytes()].concat()
}

/// 4103, `delete_chan`.
pub fn delete_chan(scid: Scid) -> Vec<u8> {
    [&4103u16.to_be_bytes()[..], &packed(scid)].concat()
}

/// 4104, `private_channel`: the capacity, then a `channel_announcement`.
pub fn private_channel(satoshis: u64, announcement: &[u8]) -> Vec<u8> {
    [&4104u16.to_be_bytes()[..], &satoshis.to_be_bytes(), &counted(announcement)].concat()
}

/// 4105, `ended`: with the new store's uuid in version 16, without before.
pub fn ended(equivalent_offset: u64, uuid: Option<[u8; 32]>) -> Vec<u8> {
    let mut message = [&4105u16.to_be_bytes()[..], &equivalent_offset.to_be_bytes()].concat();
    message.extend(uuid.into_iter().flatten());
    message
}

/// 4106, `chan_dying`, with the height at which the channel goes.
pub fn chan_dying(scid: Scid, height: u32) -> Vec<u8> {
    [&4106u16.to_be_bytes()[..], &packed(scid), &height.to_be_bytes()].concat()
}

/// 4107, `uuid`.
pub fn uuid(uuid: [u8; 32]) -> Vec<u8> {
    [&4107u16.to_be_bytes()[..], &uuid].concat()
}

/// Bytes behind their `u16` count.
pub(crate) fn counted(bytes: &[u8]) -> Vec<u8> {
    let count = u16::try_from(bytes.len()).expect("under 64 KiB").to_be_bytes();
    [&count[..], bytes].concat()
}

fn packed(scid: Scid) -> [u8; 8] {
    scid.0.to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::{key, nodes};

    #[test]
    fn scids_pack_as_bolt_7_packs_them() {
        assert_eq!(scid("103x1x0").0, 0x0000_6700_0001_0000);
        assert_eq!(scid("899494x897x1").to_string(), "899494x897x1");
    }

    #[test]
    fn lengths_are_those_of_the_format() {
        let scid = scid("103x1x0");
        let announcement = Announcement::new(scid, nodes(1, 2));
        assert_eq!(announcement.encode().len(), 432);
        assert_eq!(announcement.clone().features(&[1, 2, 3]).encode().len(), 435);
        let update = Update::new(scid, Direction::Two, 7);
        assert_eq!((update.encode().len(), update.htlc_maximum(9).encode().len()), (130, 138));
        assert_eq!(local_add_channel(scid, key(1), 5, None).len(), 51);
        assert_eq!(local_add_channel(scid, key(1), 5, Some(&[8])).len(), 54);
        assert_eq!(v3_channel_announcement(&announcement.encode(), 5).len(), 444);
        assert_eq!(private_channel(5, &announcement.encode()).len(), 444);
        assert_eq!((ended(1, None).len(), ended(1, Some([0; 32])).len()), (10, 42));
        assert_eq!((chan_dying(scid, 1).len(), uuid([0; 32]).len()), (14, 34));
    }

    #[test]
    fn an_update_says_its_direction_and_its_maximum() {
        let update = Update::new("1x1x1", Direction::Two, 7).disabled().htlc_maximum(9).encode();
        assert_eq!(update[110..112], [1, 3]);
        assert_eq!(update[130..], 9u64.to_be_bytes());
    }

    #[test]
    fn zero_signatures_are_zero() {
        let message = Announcement::new("1x1x1", nodes(1, 2)).signed(Signature::Zero).encode();
        assert!(message[2..258].iter().all(|byte| *byte == 0));
    }
}
