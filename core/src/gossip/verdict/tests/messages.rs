//! What the tests of this room are about.

use alloc::vec::Vec;

/// A `channel_announcement` of that channel between nodes of these numbers, without features.
pub(in crate::gossip::verdict) fn announcement(scid: u64, nodes: [u8; 2]) -> Vec<u8> {
    let mut body = Vec::from([1, 0]);
    body.extend([7; 256]);
    body.extend([0; 34]);
    body.extend(scid.to_be_bytes());
    for node in nodes {
        body.push(2);
        body.extend([node; 32]);
    }
    body.extend([2; 66]);
    body
}
