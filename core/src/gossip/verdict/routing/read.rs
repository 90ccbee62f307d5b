//! How upstream takes a message apart where our own reader ([`decode`]) is laxer.
//!
//! A field that is a stream of TLVs has to be one: `node_ann_tlvs` (`wire/peer_wire.csv` from
//! v0.10.1), read by `fromwire_tlv` (`wire/tlvstream.c`).
//!
//! [`decode`]: crate::gossip::wire::decode

use super::super::rules::NodeTlvs;
use crate::gossip::wire::{NodeAnnouncement, Tlvs};

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
