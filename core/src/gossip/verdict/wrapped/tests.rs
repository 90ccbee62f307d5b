//! Message by message, against `gossip_store_load` and `gossipd/routing.c` at v0.6.2 and v0.7.0.

use alloc::string::String;
use alloc::vec::Vec;

use super::*;
use crate::gossip::format::Flags;
use crate::gossip::verdict::tests::messages;

struct Loading(Tables);

fn load() -> Loading {
    Loading(Tables::new(Limits::default(), 3))
}

fn judged(tables: &mut Tables, frame: &Frame<'_>) -> Option<(Check, u64, String)> {
    let trouble = tables.take(frame).err()?;
    assert!(!trouble.dies);
    Some((trouble.check, trouble.at, trouble.log.concat()))
}

fn frame(body: &[u8]) -> Frame<'_> {
    let len = u32::try_from(body.len()).unwrap();
    Frame { at: 900, flags: Flags(0), len, crc: 5, sum: 5, timestamp: 0, body }
}

impl Loading {
    fn take(&mut self, body: &[u8]) -> Option<(Check, u64, String)> {
        judged(&mut self.0, &frame(body))
    }

    fn fine(&mut self, bodies: &[&[u8]]) {
        for body in bodies {
            assert_eq!(self.take(body), None);
        }
    }
}

#[allow(clippy::unnecessary_wraps)] // What `take` is compared with.
fn bad(check: Check, what: &str) -> Option<(Check, u64, String)> {
    Some((check, 900, alloc::format!("gossip_store: {what} (<hex>) truncating to 1")))
}

fn wrapped(kind: u16, message: &[u8], behind: &[u8]) -> Vec<u8> {
    let len = u16::try_from(message.len()).unwrap().to_be_bytes();
    [&kind.to_be_bytes()[..], &len, message, behind].concat()
}

/// Of 1,000 satoshi.
fn announcement(scid: u64, nodes: [u8; 2]) -> Vec<u8> {
    wrapped(4096, &messages::announcement(scid, nodes), &1_000u64.to_be_bytes())
}

/// With a maximum, if `flags` says so.
fn update(scid: u64, flags: u8, direction: u8, maximum: &[u8]) -> Vec<u8> {
    let mut body = Vec::from([1, 2]);
    body.extend([7; 64]);
    body.extend([0; 32]);
    body.extend(scid.to_be_bytes());
    body.extend([0, 0, 0, 9, flags, direction]);
    body.extend([0; 18]);
    body.extend(maximum);
    wrapped(4097, &body, &[])
}

fn node(id: u8) -> Vec<u8> {
    let mut body = Vec::from([1, 1]);
    body.extend([7; 64]);
    body.extend([0, 0, 0, 0, 0, 9, 2]);
    body.extend([id; 32]);
    body.extend([0; 37]);
    wrapped(4098, &body, &[])
}

fn delete(scid: u64) -> Vec<u8> {
    [&4099u16.to_be_bytes()[..], &scid.to_be_bytes()].concat()
}

fn local(scid: u64, remote: u8, satoshis: u64) -> Vec<u8> {
    let mut body = Vec::from(3503u16.to_be_bytes());
    body.extend(scid.to_be_bytes());
    body.push(2);
    body.extend([remote; 32]);
    body.extend(satoshis.to_be_bytes());
    wrapped(4100, &body, &[])
}

fn msat(maximum: u64) -> [u8; 8] {
    maximum.to_be_bytes()
}

#[test]
fn an_update_has_a_channel_and_no_maximum_over_the_capacity() {
    let minded = bad(Check::Update, "Bad channel_update");
    let mut load = load();
    load.fine(&[&announcement(5, [1, 2])]);
    assert_eq!(load.take(&update(6, 0, 0, &[])), minded, "of no channel");
    assert_eq!(load.take(&update(5, 1, 0, &msat(1_000_001))), minded);
    assert_eq!(load.take(&update(5, 1, 0, &[])), minded, "a maximum is promised");
    assert_eq!(load.take(&update(5, 0, 0, &[])[..120]), bad(Check::Type, "Unknown message"));
    assert_eq!(load.take(&wrapped(4097, &[1, 2, 3], &[])), minded, "it does not parse");
    assert_eq!(load.0.counts(), [1, 0, 2]);
    load.fine(&[&update(5, 1, 0, &msat(1_000_000))]);
    assert_eq!(load.0.counts(), [1, 1, 2]);
    // A maximum that no flag announces is none; other flags announce none.
    load.fine(&[&update(5, 0, 1, &msat(1_000_001)), &update(5, 2, 1, &[])]);
    assert_eq!(load.0.counts(), [1, 2, 2]);
    // One takes the place of the other of its direction, as often as it comes; of the channel's
    // flags the first bit alone is the direction.
    load.fine(&[&update(5, 0, 0, &[]), &update(5, 0, 2, &[]), &update(5, 0, 3, &[])]);
    assert_eq!(load.0.counts(), [1, 2, 2]);
    load.fine(&[&announcement(7, [1, 3]), &update(7, 0, 3, &[])]);
    assert_eq!(load.0.counts(), [2, 3, 3]);
}

#[test]
fn a_checksum_is_looked_at_before_anything_else() {
    let mut load = load();
    let body = announcement(5, [1, 2]);
    let wrong = Frame { sum: 4, ..frame(&body) };
    let minded = bad(Check::Checksum, "Checksum verification failed");
    assert_eq!(judged(&mut load.0, &wrong), minded);
    assert_eq!(load.0.counts(), [0, 0, 0]);
    // Which types there are is the version's: bare messages are none.
    let unknown = bad(Check::Type, "Unknown message");
    assert_eq!(load.take(&messages::announcement(5, [1, 2])), unknown);
    assert_eq!(load.take(&[0x10]), unknown);
}

#[test]
fn a_channel_may_be_announced_again() {
    let mut load = load();
    load.fine(&[&announcement(5, [1, 2]), &update(5, 0, 0, &[]), &announcement(5, [1, 2])]);
    assert_eq!(load.0.counts(), [1, 1, 2]);
    let short = wrapped(4096, &messages::announcement(6, [1, 2])[..400], &1_000u64.to_be_bytes());
    assert_eq!(load.take(&short), bad(Check::Announcement, "Bad channel_announcement"));
}

#[test]
fn a_node_has_a_channel() {
    let minded = bad(Check::Node, "Bad node_announcement");
    let mut load = load();
    assert_eq!(load.take(&node(1)), minded);
    load.fine(&[&announcement(5, [1, 2]), &node(1), &node(1), &node(2)]);
    assert_eq!(load.take(&node(3)), minded);
    assert_eq!(load.take(&wrapped(4098, &node(1)[4..80], &[])), minded, "it does not parse");
    // With its last channel it goes.
    load.fine(&[&announcement(6, [1, 3]), &delete(5), &node(1), &node(3)]);
    assert_eq!((load.take(&node(2)), load.0.counts()), (minded, [1, 0, 2]));
}

#[test]
fn a_channel_is_deleted_once() {
    let minded = bad(Check::Deletion, "Bad channel_delete");
    let mut load = load();
    assert_eq!(load.take(&delete(5)), minded);
    load.fine(&[&announcement(5, [1, 2]), &update(5, 0, 1, &[]), &delete(5)]);
    assert_eq!((load.take(&delete(5)), load.0.counts()), (minded, [0, 0, 0]));
}

#[test]
fn a_channel_of_ones_own_is_taken_or_not_and_nobody_looks() {
    let mut load = load();
    load.fine(&[&local(5, 9, 2_000), &update(5, 1, 0, &msat(2_000_000)), &node(9)]);
    assert_eq!(load.0.counts(), [1, 1, 2]);
    // Announced later, it keeps its capacity; announced before, it is not added.
    load.fine(&[&announcement(5, [1, 2]), &update(5, 1, 0, &msat(2_000_000))]);
    load.fine(&[&wrapped(4100, &[1, 2, 3], &[]), &announcement(6, [1, 2]), &local(6, 8, 5_000)]);
    let minded = bad(Check::Update, "Bad channel_update");
    assert_eq!(load.take(&update(6, 1, 0, &msat(1_000_001))), minded);
    assert_eq!(load.take(&node(8)), bad(Check::Node, "Bad node_announcement"));
}

#[test]
fn what_a_limit_keeps_out_is_not_held_against_the_store() {
    for (channels, nodes) in [(1, 9), (9, 2)] {
        let limits = Limits { channels, nodes, findings: 9 };
        let mut load = Loading(Tables::new(limits, 3));
        load.fine(&[&announcement(5, [1, 2])]);
        assert!(!load.0.limited && load.take(&delete(6)).is_some());
        load.fine(&[&announcement(6, [1, 3])]);
        assert!(load.0.limited, "{channels} {nodes}");
        load.fine(&[&update(6, 0, 0, &[]), &node(3), &delete(6)]);
        assert_eq!(load.0.counts(), [1, 0, 2]);
    }
}
