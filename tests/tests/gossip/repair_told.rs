//! What a plan says of records that are mended and dropped all the same, of what older stores let
//! go, and of what a wounded header claims.

use crate::shared;

use fulgurite_core::finding::Code;
use fulgurite_core::gossip::salvage::{Action, Mend, Options, Proof, Reason};
use fulgurite_tests::flags::ZOMBIE;
use fulgurite_tests::{Built, Direction, NodeBuilder, Store, T0, frame, nodes, signed, wire};
use shared::repair::{Fate, Repaired, repair};
use shared::signatures::Library;

const ONE: &str = "103x1x0";
const TWO: &str = "104x1x0";

fn repaired(inputs: &[&Built]) -> Repaired {
    let bytes: Vec<&[u8]> = inputs.iter().map(|input| input.as_slice()).collect();
    repair(&bytes, Options::default()).expect("something is left")
}

fn channel(store: Store, scid: &str, timestamp: u32) -> Store {
    store.announce(scid, nodes(1, 2), 1_000_000).update(scid, Direction::One, timestamp).update(
        scid,
        Direction::Two,
        timestamp,
    )
}

/// Why the record at that place of the only input is dropped.
fn why(repaired: &Repaired, source: u8, at: usize) -> Option<Reason> {
    let mut records = repaired.accounts.records.iter();
    let found = records.find(|(item, _)| (item.source, item.at) == (source, at as u64));
    match found.expect("a record").1 {
        Fate::Dropped(why) => Some(why),
        Fate::Kept { .. } => None,
    }
}

#[test]
fn a_record_that_is_mended_in_vain_was_none_of_the_intact_ones() {
    let store = channel(Store::new(14), ONE, T0).update(TWO, Direction::One, T0).node(1, T0, "A");
    let store = store.build();
    let orphan = store.records[4];
    // As it stands, it is dropped and counted.
    let whole = repaired(&[&store]);
    assert_eq!((whole.plan.dropped, whole.plan.dropped_for(Reason::NoAnnouncement)), (1, 1));
    // With a bit turned it is none of the intact records, so none that was dropped.
    let broken = repaired(&[&store.clone().flip(orphan.offset + 60, 3)]);
    let plan = &broken.plan;
    assert_eq!(why(&broken, 0, orphan.offset), Some(Reason::NoAnnouncement));
    assert_eq!((plan.dropped, plan.dropped_by.len(), plan.mended), (0, 0, 0));
    assert_eq!((plan.mended_by.len(), plan.lost, plan.kept, plan.records), (0, (0, 0), 5, 5));
    assert!(!plan.unchanged);
    assert!(broken.bytes == whole.bytes);
    let row = plan.rows.iter().find(|row| row.span.start == orphan.offset as u64);
    let row = row.expect("its row");
    assert_eq!(
        (row.action, row.reason, row.records),
        (Action::Drop, Some(Reason::NoAnnouncement), 1)
    );
    assert_eq!(row.span.end, orphan.end() as u64);
    assert!(row.mends.is_empty() && row.proofs.is_empty() && row.bits.is_empty());
}

#[test]
fn a_dead_record_with_a_turned_bit_is_something_to_do() {
    let store = channel(Store::new(14), ONE, T0).update(ONE, Direction::One, T0 - 9).deleted();
    let store = store.build();
    let dead = store.last();
    // Dead records alone are no reason to write a store anew.
    let whole = repaired(&[&store]);
    assert!(whole.plan.unchanged && whole.bytes == store.bytes);
    let broken = repaired(&[&store.clone().flip(dead.offset + 60, 3)]);
    assert_eq!(why(&broken, 0, dead.offset), Some(Reason::Dead));
    assert!(!broken.plan.unchanged);
    assert_eq!((broken.plan.dropped, broken.plan.mended, broken.plan.records), (0, 0, 4));
    assert!(broken.bytes[..] == store.bytes[..dead.offset]);
}

#[test]
fn an_empty_store_has_no_chain_and_adds_nothing() {
    let store = channel(Store::new(14), ONE, T0).build();
    for empty in [Store::bare(14).build(), Built::default()] {
        let both = repaired(&[&empty, &store]);
        let chains: Vec<_> = both.plan.inputs.iter().map(|input| input.chains.len()).collect();
        assert_eq!((chains, both.plan.channels), (vec![0, 1], 1));
        assert_eq!((both.plan.inputs[0].intact, both.plan.inputs[1].intact), (0, 4));
        let (span, newest) = both.plan.inputs[1].chains[0];
        assert_eq!((span.start, span.end, newest), (1, store.bytes.len() as u64, T0));
        assert!(
            repair(&[empty.as_slice()], Options::default()).is_err() || !empty.bytes.is_empty()
        );
    }
}

#[test]
fn what_is_dead_lets_nothing_go() {
    let older = channel(channel(Store::new(14), ONE, T0 - 900), TWO, T0 - 900).build();
    let newer = || channel(Store::new(14), TWO, T0);
    // A channel that is dying, or gone, in the newer store is not taken from the older one …
    for gone in [newer().dying(ONE, 9), newer().delete_chan(ONE)] {
        assert_eq!(repaired(&[&older, &gone.build()]).plan.channels, 1);
    }
    // … but a dead record says nothing.
    for dead in [newer().dying(ONE, 9).deleted(), newer().delete_chan(ONE).deleted()] {
        let both = repaired(&[&older, &dead.build()]);
        assert_eq!((both.plan.channels, both.plan.channels_from_older), (2, 1));
    }
    // The announcement of a channel that is dead itself was followed by its tombstone, once.
    let announced = newer().announce(ONE, nodes(1, 2), 5).deleted().build();
    assert_eq!(repaired(&[&older, &announced]).plan.channels, 1);
    // Dead updates and nodes are not the newest of anything.
    let store = newer()
        .update(TWO, Direction::One, T0 + 50)
        .deleted()
        .update(TWO, Direction::One, T0 - 1)
        .build();
    assert_eq!(repaired(&[&store]).plan.inputs[0].chains[0].1, T0);
}

#[test]
fn wrapped_messages_that_are_none_are_malformed() {
    let store = Store::new(3)
        .announce(ONE, nodes(1, 2), 1_000_000)
        .update(ONE, Direction::One, T0)
        .raw_record(0, 0, &wire::wrapped(4097, &[1, 2, 3]))
        .raw_record(0, 0, &wire::wrapped(4098, &[1, 1, 3]))
        .raw_record(0, 0, &wire::v3_channel_announcement(&[1, 0, 3], 5))
        .raw_record(0, 0, &wire::wrapped(4097, &[0x27, 0x0f, 3]))
        .node(1, T0, "A")
        .build();
    let told = repaired(&[&store]);
    for record in &store.records[2..6] {
        assert_eq!(why(&told, 0, record.offset), Some(Reason::Malformed), "{record:?}");
    }
    assert_eq!((told.plan.dropped, told.plan.dropped_for(Reason::Malformed)), (4, 4));
    assert_eq!((told.plan.channels, told.plan.updates, told.plan.announced_nodes), (1, 1, 1));
}

/// A header that claims more than it had, over the start of a node_announcement, and whole records
/// behind it.
#[test]
fn records_inside_a_claimed_span_are_kept_only_if_the_claim_is_disproved() {
    let store = channel(Store::new(14), ONE, T0).node(1, T0, "A");
    let store = channel(store, TWO, T0 - 5).node(2, T0, "B").build();
    let (hit, inside) = (store.records[4], &store.records[5..9]);
    let claim = |end: usize| {
        let len = u16::try_from(end - hit.offset - 12).expect("short").to_be_bytes();
        // Body bytes as well, so that no single bit explains it.
        store.clone().overwrite(hit.offset + 2, &len).overwrite(hit.offset + 40, &[0xee; 20])
    };
    let reasons = |told: &Repaired, spans: &[fulgurite_tests::Span]| -> Vec<Option<Reason>> {
        spans.iter().map(|span| why(told, 0, span.offset)).collect()
    };
    // Into the fourth record behind it, which is broken too: nothing runs over the claimed end.
    let end = inside[3].offset + 50;
    let told = repaired(&[&claim(end).overwrite(inside[3].offset + 40, &[0xee; 20])]);
    assert_eq!(reasons(&told, &inside[..3]), [Some(Reason::Unproven); 3]);
    assert_eq!((told.plan.channels, told.plan.updates), (1, 2));
    // What stands behind the claim is kept.
    assert_eq!(why(&told, 0, store.last().offset), None);
    // One that is whole runs over the end, so that was never a boundary.
    let told = repaired(&[&claim(end)]);
    assert_eq!(reasons(&told, inside), [None; 4]);
    assert_eq!((told.plan.channels, told.plan.updates), (2, 4));
    // To the end of the wound itself, nothing is claimed.
    let told = repaired(&[&claim(hit.end())]);
    assert_eq!(reasons(&told, inside), [None; 4]);
}

/// A node_announcement whose record has 256 bytes.
fn of_256(number: u32) -> NodeBuilder {
    let node = |extra: usize| NodeBuilder::new(number, T0).alias("A").extra(&vec![7; extra]);
    let short = node(0).encode().len();
    node(256 - 12 - short)
}

/// A bit of a length that leads over whole records to the boundary behind them.
#[test]
fn what_a_length_hid_that_was_too_long() {
    let begun = || channel(Store::new(14), ONE, T0 - 9).announce(TWO, nodes(1, 2), 5);
    let of = |hidden: &[u32]| {
        let store = begun().update(TWO, Direction::One, T0);
        let store = hidden.iter().fold(store, |store, &node| store.node_with(of_256(node)));
        store.update(TWO, Direction::Two, T0).build()
    };
    // 138 and 256 is one bit more, and so is 138 and 512.
    for (hidden, bit) in [(&[1][..], 0), (&[1, 2], 1)] {
        let store = of(hidden);
        let long = store.records[6];
        assert_eq!((long.record_type, long.len), (258, 150));
        let too_long = store.clone().flip(long.offset + 2, bit);
        let told = repaired(&[&too_long]);
        assert!(told.bytes == store.bytes, "{hidden:?}: {:?}", told.plan.rows);
        let mended: Vec<_> =
            told.plan.mended_by.iter().map(|row| (row.mend, row.records)).collect();
        assert_eq!(mended, [(Mend::Length, 1)]);
        let kept = store.records.len() as u64 - 1;
        assert_eq!((told.plan.kept, told.plan.lost, told.plan.dropped), (kept, (0, 0), 0));
        // A bit of what it hid is mended as well.
        for node in &store.records[7..7 + hidden.len()] {
            let told = repaired(&[&too_long.clone().flip(node.offset + 100, 3)]);
            assert!(told.bytes == store.bytes, "{hidden:?}: {:?}", told.plan.rows);
            assert_eq!((told.plan.mended, told.plan.kept), (2, kept - 1));
        }
        // What cannot be mended is lost, from there to the end of the span.
        let node = store.records[6 + hidden.len()];
        let broken = too_long.overwrite(node.offset + 30, &[0xee; 20]);
        let told = repaired(&[&broken]);
        assert_eq!((told.plan.lost, told.plan.mended), ((1, 256), 1), "{hidden:?}");
        let lost = told.plan.rows.iter().find(|row| row.action == Action::Lose).expect("its row");
        assert_eq!((lost.span.start, lost.span.end), (node.offset as u64, node.end() as u64));
    }
}

/// Header and message disagree on the timestamp, and the checksum holds.
#[test]
fn a_header_whose_timestamp_is_another_gets_that_of_the_signed_message() {
    let plain = channel(Store::new(14), ONE, T0).node(1, T0, "A").build();
    let sound = signed(&plain.bytes);
    let update = plain.records[3];
    let mut wrong = sound.clone();
    let body = sound[update.body()].to_vec();
    let other = frame(14, 0, T0 + 77, &body);
    wrong[update.range()].copy_from_slice(&other);
    let options = Options { verifier: Some(&Library), ..Options::default() };
    let told = repair(&[&wrong], options).expect("all is left");
    assert!(told.bytes == sound, "{:?}", told.plan.rows);
    let mended: Vec<_> = told.plan.mended_by.iter().map(|row| (row.mend, row.records)).collect();
    assert_eq!(mended, [(Mend::Checksum, 1)]);
    let row = told.plan.rows.iter().find(|row| row.action == Action::Mend).expect("its row");
    assert_eq!(row.span.end, update.end() as u64);
    // Nobody can say which of the two is right without a signature.
    let told = repair(&[&wrong], Options::default()).expect("much is left");
    assert_eq!(why(&told, 0, update.offset), Some(Reason::Contradiction));
}

#[test]
fn an_amount_is_made_where_another_chain_says_it() {
    // Between an announcement and its amount stands something else.
    let older = channel(Store::new(14), ONE, T0 - 900).build();
    let newer = Store::new(14)
        .announcement(ONE, nodes(1, 2))
        .node_with(NodeBuilder::new(1, T0).alias("A"))
        .amount(7)
        .update(ONE, Direction::One, T0)
        .build();
    let told = repaired(&[&newer, &older]);
    assert_eq!(why(&told, 0, newer.records[2].offset), Some(Reason::NoAnnouncement));
    assert_eq!(
        told.plan.mended_by.iter().map(|row| (row.mend, row.records)).collect::<Vec<_>>(),
        [(Mend::Amount, 1)]
    );
    let row = told.plan.rows.iter().find(|row| row.mends == [Mend::Amount]).expect("its row");
    let announcement = newer.records[0];
    assert_eq!(
        (row.span.start, row.span.end),
        (announcement.end() as u64, announcement.end() as u64)
    );
    assert_eq!((row.record_type.as_deref(), row.records), (Some("channel_amount"), 1));
    assert!(told.bytes.windows(10).any(|window| window == wire::channel_amount(1_000_000)));
    // One behind another announcement is not its own, and one that cannot be is none.
    let impossible = Store::new(14)
        .announcement(ONE, nodes(1, 2))
        .amount(2_100_000_000_000_001)
        .update(ONE, Direction::One, T0)
        .build();
    let told = repaired(&[&impossible, &older]);
    assert_eq!(why(&told, 0, impossible.records[1].offset), Some(Reason::Contradiction));
    assert_eq!(told.accounts.amounts.len(), 1);
}

#[test]
fn a_plan_keeps_so_many_rows_and_counts_the_others() {
    let mut store = Store::new(14).announce(ONE, nodes(1, 2), 1_000_000);
    for more in 0..2_500 {
        store = store.raw_record(0, 0, &[0x30, 0x39, 1]).update(ONE, Direction::One, T0 + more);
    }
    let told = repaired(&[&store.build()]);
    // The announcement and its amount are one row; then every record is one.
    assert_eq!((told.plan.rows.len(), told.plan.rows_left_off), (4_096, 5_001 - 4_096));
    assert_eq!((told.plan.kept, told.plan.dropped), (2_502, 2_500));
    assert_eq!((told.plan.rows[0].records, told.plan.rows[1].action), (2, Action::Drop));
}

/// A bit of the header's timestamp, and the bit of the body that it meets in the checksum: that
/// holds, and something else contradicts it.
#[test]
fn a_bit_of_a_timestamp_that_hid_from_the_checksum() {
    let sound = channel(Store::new(14), ONE, T0).build();
    let turn = |record: usize, bit: usize| {
        let span = sound.records[record];
        let seed = u8::try_from(bit % 8).expect("a bit");
        // Bit j of the number meets bit j mod 8 of byte j / 8.
        sound.clone().flip(span.offset + 11 - bit / 8, seed).flip(span.offset + 12 + bit / 8, seed)
    };
    let mends = |told: &Repaired| -> Vec<(Mend, u64)> {
        told.plan.mended_by.iter().map(|row| (row.mend, row.records)).collect()
    };
    // The type of an update: one of the two is known. (With bit 9 both are, and an announcement of
    // that length is malformed, which is not looked into.)
    for bit in (0..16).filter(|bit| *bit != 9) {
        let told = repaired(&[&turn(2, bit)]);
        assert!(told.bytes == sound.bytes, "{bit}: {:?}", told.plan.rows);
        assert_eq!(mends(&told), [(Mend::TimestampPair, 1)], "{bit}");
        let row = told.plan.rows.iter().find(|row| !row.mends.is_empty()).expect("its row");
        assert_eq!(
            (&row.mends[..], &row.proofs[..]),
            (&[Mend::TimestampPair][..], &[Proof::Content][..])
        );
    }
    // A bit of its signature, which without a verifier nothing tells from another.
    let at = sound.records[2].offset;
    for bit in 16..32 {
        let told = repaired(&[&turn(2, bit)]);
        assert_eq!(why(&told, 0, at), Some(Reason::Contradiction), "{bit}");
        assert!(mends(&told).is_empty(), "{bit}");
    }
    // More satoshi than there are.
    for bit in 16..24 {
        let told = repaired(&[&turn(1, bit)]);
        assert!(told.bytes == sound.bytes, "{bit}: {:?}", told.plan.rows);
        assert_eq!(mends(&told), [(Mend::TimestampPair, 1)], "{bit}");
    }
}

#[test]
fn a_dead_amount_of_a_live_announcement_lives() {
    for version in [14, 16] {
        let sound = channel(Store::new(version), ONE, T0).build();
        let amount = sound.of_type(4101).next().expect("an amount");
        let told = repaired(&[&sound.clone().flip(amount.offset, 7)]);
        let whole = told.bytes.windows(amount.len).any(|bytes| bytes == sound.record(amount));
        assert!(whole, "version {version}: {:?}", told.plan.rows);
        let mended: Vec<_> =
            told.plan.mended_by.iter().map(|row| (row.mend, row.records)).collect();
        assert_eq!((mended, told.plan.channels), (vec![(Mend::Deleted, 1)], 1));
    }
}

#[test]
fn a_record_gets_its_mark_and_its_bit() {
    let sound = channel(Store::new(16), ONE, T0).build();
    let update = sound.records[3];
    assert_eq!(update.record_type, 258);
    let broken = sound.clone().flip(update.offset, 5).flip(update.offset + 60, 3);
    let told = repaired(&[&broken]);
    let whole = told.bytes.windows(update.len).any(|bytes| bytes == sound.record(update));
    assert!(whole, "{:?}", told.plan.rows);
    let mended: Vec<_> = told.plan.mended_by.iter().map(|row| (row.mend, row.records)).collect();
    assert_eq!(mended, [(Mend::Bits, 1), (Mend::Completed, 1)]);
}

#[test]
fn more_wrong_marks_are_mended_than_a_report_shows() {
    let scids: Vec<String> = (0..1_100).map(|block| format!("{}x1x0", 103 + block)).collect();
    let whole = scids.iter().fold(Store::new(16), |store, scid| channel(store, scid, T0)).build();
    let announcements: Vec<_> = whole.of_type(256).collect();
    assert_eq!(announcements.len(), 1_100);
    let marked = announcements.iter().fold(whole.clone(), |store, record| {
        // DELETED, though the amount behind it lives on.
        store.flip(record.offset, 7)
    });
    let shown = shared::report(&marked.bytes);
    let told = shown.findings.iter().filter(|finding| finding.code == Code::DeletedFlip).count();
    assert_eq!(told, 1_000);
    let repaired = repaired(&[&marked]);
    assert_eq!(repaired.plan.mended, 1_100);
    // But for the uuid before them, which is of each store its own.
    let from = announcements[0].offset;
    assert!(repaired.bytes[from..] == whole.bytes[from..]);
}

#[test]
fn a_zombie_goes_nowhere_without_its_amount() {
    let store = channel(Store::new(12), ONE, T0).announce(TWO, nodes(1, 3), 2_000_000);
    let store = store.update(TWO, Direction::One, T0).mark_channel(TWO, ZOMBIE);
    let store = store.node(9, T0, "cut off").build();
    let [zombie, amount, update] = [store.records[4], store.records[5], store.records[6]];
    let types = (zombie.record_type, amount.record_type, update.record_type);
    assert_eq!(types, (256, 4101, 258));
    // Something is to be repaired.
    let torn = |store: Built| {
        let end = store.bytes.len();
        store.cut(end - 5)
    };
    let kept = repaired(&[&torn(store.clone())]);
    assert!(kept.bytes == store.bytes[..update.end()]);
    let without = store.clone().remove(amount.range());
    assert_eq!(shared::report(&without.bytes).count(Code::MissingSpan), 1);
    assert_eq!(shared::report(&store.bytes).count(Code::MissingSpan), 0);
    let without = repaired(&[&torn(without)]);
    assert_eq!(why(&without, 0, zombie.offset), Some(Reason::NoAmount));
    assert!(without.bytes == store.bytes[..zombie.offset]);
    // Longer than an amount is, and its checksum holds.
    let long = frame(12, 0, 0, &[&[0x10, 5][..], &[0; 244]].concat());
    let with = store.clone().remove(amount.range()).insert(amount.offset, &long);
    let with = repaired(&[&torn(with)]);
    assert_eq!(why(&with, 0, zombie.offset), Some(Reason::NoAmount));
    assert_eq!(why(&with, 0, amount.offset), Some(Reason::Malformed));
    assert!(with.bytes == store.bytes[..zombie.offset]);
}
