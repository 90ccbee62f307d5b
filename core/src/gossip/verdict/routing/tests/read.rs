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
