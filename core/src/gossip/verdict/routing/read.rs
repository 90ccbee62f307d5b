//! How upstream takes a message apart where our own reader ([`decode`]) is stricter or laxer.
//!
//! What `tools/generate-wire.py` makes of a list of fields ends in `return cursor != NULL`: bytes
//! behind the last field are nobody's business. But a field that is a stream of TLVs has to be one,
//! and takes all that is left: `node_ann_tlvs` (`wire/peer_wire.csv` from v0.10.1), read by
//! `fromwire_tlv` (`wire/tlvstream.c`).
//!
//! [`decode`]: crate::gossip::wire::decode

use super::super::rules::NodeTlvs;
use crate::gossip::format::be16;
use crate::gossip::wire::{NodeAnnouncement, Tlvs};

/// A 4102: the update in it.
pub(super) fn private_update(body: &[u8]) -> Option<&[u8]> {
    counted(body.get(2..)?)
}

/// A 4104: the capacity and the announcement.
pub(super) fn private_channel(body: &[u8]) -> Option<(u64, &[u8])> {
    let (satoshis, rest) = body.get(2..)?.split_first_chunk()?;
    Some((u64::from_be_bytes(*satoshis), counted(rest)?))
}

/// A 3503.
pub(in super::super) struct LocalChannel<'a> {
    pub(in super::super) scid: u64,
    pub(in super::super) remote: &'a [u8; 33],
    pub(in super::super) satoshis: u64,
    pub(in super::super) features: &'a [u8],
}

/// Reads a 3503, which has to end in features from v0.9.0 on.
pub(in super::super) fn local_channel(body: &[u8], features: bool) -> Option<LocalChannel<'_>> {
    let (scid, rest) = body.get(2..)?.split_first_chunk()?;
    let (remote, rest) = rest.split_first_chunk()?;
    let (satoshis, rest) = rest.split_first_chunk()?;
    let (scid, satoshis) = (u64::from_be_bytes(*scid), u64::from_be_bytes(*satoshis));
    let features = if features { counted(rest)? } else { &[] };
    Some(LocalChannel { scid, remote, satoshis, features })
}

/// Bytes behind a length of two.
fn counted(bytes: &[u8]) -> Option<&[u8]> {
    let len = be16(bytes, 0)?;
    bytes.get(2..)?.get(..usize::from(len))
}

/// Whether what follows the last field of a `node_announcement` is read.
pub(super) fn node_tlvs(tlvs: NodeTlvs, message: &NodeAnnouncement<'_>) -> bool {
    let mut records = match tlvs {
        NodeTlvs::Unread => return true,
        NodeTlvs::Parsed => Tlvs::in_any_order(message.tlvs),
        NodeTlvs::Checked => message.tlv_records(),
    };
    records.all(|record| match record {
        Ok(tlv) if tlv.tlv_type == OPTION_WILL_FUND => is_lease_rates(tlv.value),
        Ok(tlv) => tlvs == NodeTlvs::Parsed || tlv.tlv_type % 2 == 1,
        Err(_) => false,
    })
}

/// The one type that is known.
const OPTION_WILL_FUND: u64 = 1;

/// Three numbers of 2 bytes, one of 4, and one of as few as it needs, 4 at most.
fn is_lease_rates(value: &[u8]) -> bool {
    (10..=14).contains(&value.len()) && value.get(10) != Some(&0)
}
