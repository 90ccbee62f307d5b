//! What stands behind the last field of a message, against upstream's generated readers at the tags
//! that the table of releases names.

use super::*;

/// `node_ann_tlvs` in `wire/peer_wire.csv` from v0.10.1 on. Its reader, `fromwire_tlv` in
/// `wire/tlvstream.c`, wants types in order, and none that is even and unknown, from v0.11.0 on;
/// before, nobody asked `tlv_fields_valid`.
#[test]
fn what_follows_a_node_announcement_is_a_stream_of_tlvs_from_v0_10_1() {
    let taken = |release, tail: &[u8]| {
        let mut load = load(release);
        load.fine(&[&announcement(5, [1, 2]), &AMOUNT, &update(5, 0, 9, 1_000)]);
        let found = load.take(&[&node(1, 9), tail].concat());
        let bad = words(Check::Node, 1_400, "Bad node_announcement (<hex>)");
        assert!(found.is_none() || found == bad, "{release} {tail:?}");
        found.is_none()
    };
    let rates = |len: u8, more: &[u8]| [&[1, len][..], &[0; 10], more].concat();
    let sound = [Vec::new(), Vec::from([3, 2, 9, 9]), rates(10, &[]), rates(14, &[1, 0, 0, 0])];
    let malformed = [
        Vec::from([0xff]),
        Vec::from([3]),
        Vec::from([3, 2, 9]),
        // Numbers that would be shorter.
        Vec::from([0xfd, 0, 3, 0]),
        Vec::from([3, 0xfd, 0, 0]),
        // lease_rates, too short, too long, and a tu32 that begins with 0.
        Vec::from([1, 2, 9, 9]),
        rates(15, &[1, 0, 0, 0, 0]),
        rates(12, &[0, 1]),
    ];
    let unordered = [Vec::from([4, 2, 9, 9]), Vec::from([5, 0, 3, 0]), Vec::from([3, 0, 3, 0])];
    for (release, malformed_too, unordered_too) in [
        ("v0.7.1", true, true),
        ("v0.10.0", true, true),
        ("v0.10.1", false, true),
        ("v0.11.0", false, false),
        ("v0.12.1", false, false),
        ("v22.11", false, false),
        ("v23.02.1", false, false),
        ("v23.05", false, false),
        // From then on what is not taken is passed over.
        ("v23.08", true, true),
    ] {
        for (tails, expected) in
            [(&sound[..], true), (&malformed, malformed_too), (&unordered, unordered_too)]
        {
            for tail in tails {
                assert_eq!(taken(release, tail), expected, "{release} {tail:?}");
            }
        }
    }
}

/// The readers that upstream generates for its own records end in `return cursor != NULL`: what
/// stands behind the last field is nobody's business. 3503 got features with v0.9.0
/// (`gossipd/gossip_peerd_wire.csv`, later `gossipd_peerd_wire.csv`).
#[test]
fn bytes_behind_the_last_field_of_a_private_record() {
    let longer = |body: &[u8]| [body, &[9]].concat();
    let update = longer(&private_update(&update(5, 0, 9, 1_000)));
    let private = wrapped([0x10, 8], &1_000u64.to_be_bytes(), &announcement(5, [1, 2]));
    for release in ["v0.9.2", "v0.11.0", "v23.11"] {
        load(release).fine(&[&longer(&private), &update]);
    }
    let local =
        [&[0x0d, 0xaf][..], &5u64.to_be_bytes(), &[6; 33], &1_000u64.to_be_bytes()].concat();
    load("v0.7.1").fine(&[&longer(&local), &update]);
    load("v0.8.0").fine(&[&longer(&local), &update]);
    let features = [&local[..], &[0, 2, 8, 8]].concat();
    for release in ["v0.9.0", "v0.9.1"] {
        load(release).fine(&[&longer(&features), &update]);
        let bad = words(Check::Private, 1_100, "Bad local_add_channel (<hex>)");
        for short in [&local[..], &longer(&local), &features[..54]] {
            assert_eq!(load(release).take(short), bad, "{release}");
        }
    }
}
