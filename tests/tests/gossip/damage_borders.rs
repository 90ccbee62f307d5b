//! Both sides of what decides how damage is told: a first record that the file cuts off, the
//! finding that the verdict names, what a copied block explains, pages that moved.

use fulgurite_core::finding::{Code, Value};
use fulgurite_core::report::{Headline, Report};
use fulgurite_tests::{Built, Direction, Store, T0, frame, nodes, wire};

use crate::shared;

/// Headline, and the place that the verdict names: offset and bytes.
fn verdict(report: &Report) -> (Headline, Option<u64>, Option<u64>) {
    let values = &report.verdict.values;
    (report.verdict.headline, values.number("offset"), values.number("bytes"))
}

/// Whether these bytes are taken for a store at all.
fn is_store(bytes: &[u8]) -> bool {
    let report = shared::report(bytes);
    let store = report.gossip.is_some();
    assert_eq!(report.verdict.headline == Headline::WrongFile, !store, "{:?}", report.verdict);
    store
}

/// A header of 12 bytes, and what stands behind it.
fn header(flags: u16, len: u16, behind: &[u8]) -> Vec<u8> {
    let mut bytes = vec![16];
    bytes.extend(flags.to_be_bytes());
    bytes.extend(len.to_be_bytes());
    bytes.extend([1, 2, 3, 4, 0, 0, 0, 9]);
    bytes.extend(behind);
    bytes
}

#[test]
fn a_store_whose_first_record_is_cut_off() {
    let store = Store::new(16).build();
    for cut in 2..store.bytes.len() {
        let report = shared::report(&store.bytes[..cut]);
        let bytes = cut as u64 - 1;
        assert_eq!(verdict(&report), (Headline::TornTail, Some(1), Some(bytes)), "{cut}");
    }
    // With a header of 8 bytes there is a type from the tenth on.
    let old = Store::new(3).announce("1x1x1", nodes(1, 2), 5).build();
    for cut in [2, 8, 9, 10, 11, 12, 100] {
        assert!(is_store(&old.bytes[..cut]), "{cut}");
    }
}

#[test]
fn a_first_header_that_no_record_can_have() {
    let update = [1, 2, 7, 7, 7, 7, 7, 7];
    assert!(is_store(&header(0x2000, 138, &update)));
    // Flags that no release knows, a type that none knows, a length that the type cannot have.
    assert!(!is_store(&header(0x2100, 138, &update)));
    assert!(!is_store(&header(0x2000, 138, &[0x30, 0x39, 7, 7, 7, 7, 7, 7])));
    assert!(!is_store(&header(0x2000, 129, &update)));
    assert!(is_store(&header(0x2000, 130, &update)));
    // As long as there is no type, there is nothing to be held against it.
    assert!(is_store(&header(0x2000, 129, &update[..1])));
    assert!(!is_store(&header(0x2000, 129, &update[..2])));
    // And a version that no release wrote is no store's.
    let mut other = header(0x2000, 138, &update);
    other[0] = 99;
    assert!(!is_store(&other));
}

#[test]
fn a_hole_where_the_records_were() {
    let bytes = |garbage: usize, zeros: usize| {
        let mut bytes = vec![16];
        bytes.resize(1 + garbage, 0xee);
        bytes.resize(1 + garbage + zeros, 0);
        bytes
    };
    // A kilobyte of anything else is allowed beside it.
    assert!(is_store(&bytes(1_024, 5_000)));
    assert!(!is_store(&bytes(1_025, 5_000)));
    assert_eq!(shared::report(&bytes(1_024, 5_000)).verdict.headline, Headline::ZeroRun);
    // All of it is another finding.
    assert_eq!(shared::report(&bytes(0, 5_000)).count(Code::ZeroRun), 1);
    let mut nothing = bytes(0, 5_000);
    nothing[0] = 0;
    assert_eq!(shared::report(&nothing).verdict.headline, Headline::AllZero);
}

#[test]
fn the_verdict_names_what_its_headline_speaks_of() {
    // An update of a channel that is not announced, long before what is broken.
    let store = Store::new(16)
        .update("9x9x9", Direction::One, T0)
        .announce("1x1x1", nodes(1, 2), 5)
        .update("1x1x1", Direction::One, T0)
        .update("1x1x1", Direction::Two, T0)
        .node(1, T0, "A")
        .build();
    let (orphan, update, last) = (store.records[1], store.records[4], store.last());
    let place = |headline, at: usize, len: usize| (headline, Some(at as u64), Some(len as u64));
    let of = |built: &Built| verdict(&shared::report(&built.bytes));
    assert_eq!(of(&store), place(Headline::Orphans, orphan.offset, orphan.len));
    let flipped = store.clone().flip(update.offset + 40, 2);
    assert_eq!(of(&flipped), place(Headline::Damaged, update.offset, update.len));
    let torn = store.clone().cut(last.end() - 5);
    assert_eq!(of(&torn), place(Headline::TornTail, last.offset, last.len - 5));
    // Of two it names the first.
    let both = flipped.flip(last.offset + 40, 2);
    assert_eq!(of(&both), place(Headline::Damaged, update.offset, update.len));
    // A record without its mark is a tail that was not finished, or damage inside.
    let unmarked = store.clone().flip(last.offset, 5);
    assert_eq!(of(&unmarked), place(Headline::TornTail, last.offset, last.len));
    let unmarked = store.clone().flip(update.offset, 5);
    assert_eq!(of(&unmarked), place(Headline::Damaged, update.offset, update.len));
    // What is damaged inside is graver than a tail.
    let both = unmarked.cut(last.end() - 5);
    assert_eq!(of(&both), place(Headline::Damaged, update.offset, update.len));
    // Copied bytes inside a record are damage too, whole records are not.
    let middle = update.offset + 100;
    let piece = store.bytes[update.offset + 20..middle].to_vec();
    let copied = store.clone().insert(middle, &piece);
    let (headline, at, _) = of(&copied);
    assert_eq!((headline, at), (Headline::Damaged, Some(update.offset as u64)));
    let block = store.bytes[store.records[2].offset..update.end()].to_vec();
    let copied = store.clone().append(&block);
    assert_eq!(of(&copied), place(Headline::Duplicates, store.bytes.len(), block.len()));
}

#[test]
fn an_amount_behind_a_copied_block_is_not_missed() {
    let store = Store::new(16)
        .announce("1x1x1", nodes(1, 2), 5)
        .update("1x1x1", Direction::One, T0)
        .announce("2x2x2", nodes(1, 3), 6)
        .update("2x2x2", Direction::One, T0)
        .build();
    let codes = |built: &Built| {
        let report = shared::report(&built.bytes);
        [Code::DuplicatedSpan, Code::MissingSpan, Code::OrphanAmount].map(|code| report.count(code))
    };
    // From an announcement to the next one, once more between that and its amount.
    let (first, announcement) = (store.records[1], store.records[4]);
    assert_eq!(announcement.record_type, 256);
    let block = store.bytes[first.offset..announcement.end()].to_vec();
    assert_eq!(codes(&store.clone().insert(announcement.end(), &block)), [1, 0, 0]);
    // The same at the end of the file, and another record behind it.
    let other = frame(16, 0x2000, 0, &wire::chan_dying(fulgurite_tests::scid("1x1x1"), 9));
    let appended = store.clone().append(&block).append(&other);
    assert_eq!(codes(&appended), [1, 0, 0]);
    // Without a copy it is missed.
    let amount = store.records[5];
    assert_eq!(codes(&store.clone().remove(amount.range())), [0, 1, 0]);
    // One behind an announcement that is no copy is missed as well.
    let elsewhere = Store::new(16).announcement("3x3x3", nodes(1, 2)).build();
    let appended = store.clone().append(&block).append(elsewhere.record(elsewhere.last()));
    assert_eq!(codes(&appended.append(&other)), [1, 1, 0]);
}

#[test]
fn a_copied_block_inside_the_last_record_is_found() {
    let store = Store::new(16)
        .announce("1x1x1", nodes(1, 2), 5)
        .update("1x1x1", Direction::One, T0)
        .update("1x1x1", Direction::Two, T0)
        .build();
    // From inside the amount into the last record, once more right there: behind it the last
    // record goes on, and ends where the file does.
    let (amount, middle) = (store.records[1], store.last().offset + 60);
    let block = store.bytes[amount.offset + 5..middle].to_vec();
    let report = shared::report(&store.clone().insert(middle, &block).bytes);
    assert_eq!(report.count(Code::DuplicatedSpan), 1);
    let found = report.findings.iter().find(|finding| finding.code == Code::DuplicatedSpan);
    let copied = ["copied_at", "copied_len"].map(|name| found.expect("told").values.number(name));
    assert_eq!(copied, [middle, block.len()].map(|number| Some(number as u64)));
}

/// A record of unknown type with 8,000 bytes that repeat nowhere, beginning on a page, and where.
fn paged() -> (Vec<u8>, usize) {
    let mut body: Vec<u8> = (0..4_000u32).flat_map(|n| (n * 40_503).to_be_bytes()).collect();
    body.truncate(8_000);
    body[..2].copy_from_slice(&[0x30, 0x39]);
    let store = Store::new(16).announce("1x1x1", nodes(1, 2), 5);
    let filler = 8_192 - store.len() - 12;
    let store = store.raw_record(0xa000, 0, &vec![9; filler]).raw_record(0x2000, 0, &body);
    let built = store.build();
    assert_eq!((built.last().offset, built.last().len), (8_192, 8_012));
    (built.bytes, 8_192)
}

/// Five pages behind the record stands `there`, then two whole records; between them nothing.
fn behind(mut bytes: Vec<u8>, at: usize, there: &[u8]) -> Report {
    bytes.resize(at + 5 * 4_096, 0xdd);
    bytes.extend(there);
    let rest = Store::new(16).announce("2x2x2", nodes(1, 2), 5).build();
    bytes.extend(&rest.bytes[rest.records[1].offset..]);
    shared::report(&bytes)
}

#[test]
fn a_page_of_a_record_that_lies_elsewhere() {
    let (mut bytes, at) = paged();
    let page = bytes[at + 4_096..].to_vec();
    // Its second page, and other bytes in its place.
    bytes[at + 4_096..].fill(0xee);
    let report = behind(bytes, at, &page);
    let moved: Vec<_> =
        report.findings.iter().filter(|finding| finding.code == Code::MovedSpan).collect();
    let [moved] = moved[..] else { panic!("{:?}", report.findings) };
    assert_eq!(moved.values.number("broken_at"), Some(at as u64 + 4_096));
    assert_eq!(moved.values.number("continues_at"), Some(at as u64 + 5 * 4_096));
    assert_eq!((moved.place.record, moved.place.span.start), (Some(at as u64), at as u64));
}

#[test]
fn a_record_that_is_whole_on_another_page_did_not_break_off_there() {
    let (mut bytes, at) = paged();
    let whole = bytes[at..].to_vec();
    // Its first page is gone, and a copy of all of it begins five pages further on.
    bytes[at + 12..at + 3_000].fill(0xee);
    bytes[at + 5_000..].fill(0xee);
    let report = behind(bytes, at, &whole);
    assert_eq!(report.count(Code::MovedSpan), 0, "{:?}", report.findings);
    let first = report.findings.iter().find(|finding| finding.place.span.start == at as u64);
    assert_eq!(first.map(|finding| finding.code), Some(Code::OverwrittenSpan));
}

#[test]
fn a_start_that_is_gone_says_nothing_of_the_version() {
    let store = Store::new(16)
        .announce("1x1x1", nodes(1, 2), 5)
        .update("1x1x1", Direction::One, T0)
        .build();
    let versions = |built: &Built| {
        let report = shared::report(&built.bytes);
        let codes = [Code::WrongVersion, Code::UnsupportedVersion, Code::OlderVersion];
        codes.map(|code| report.count(code))
    };
    assert_eq!(versions(&store), [0, 0, 0]);
    // Another byte alone is a wrong one, or one that nobody knows.
    assert_eq!(versions(&store.clone().overwrite(0, &[12])), [1, 0, 0]);
    // With the first record it is part of what was overwritten.
    assert_eq!(versions(&store.clone().overwrite(0, &[0xee; 40])), [0, 0, 0]);
    // Where the byte is there still, it is believed.
    let old = Store::new(14).announce("1x1x1", nodes(1, 2), 5).update("1x1x1", Direction::One, T0);
    let old = old.build();
    assert_eq!(versions(&old), [0, 0, 1]);
    assert_eq!(versions(&old.clone().overwrite(1, &[0xee; 40])), [0, 0, 1]);
}

#[test]
fn what_lies_in_a_copied_page_is_told_once() {
    let store = (1..40).fold(Store::new(16), |store, number| {
        let scid = format!("{number}x1x1");
        store.announce(&scid[..], nodes(number, number + 1), 5).update(
            &scid[..],
            Direction::One,
            T0,
        )
    });
    let store = store.build();
    // From the middle of one record to the middle of another, with whole channels in between.
    let (from, to) = (store.records[30].offset + 70, store.records[54].offset + 90);
    assert!((4_000..6_000).contains(&(to - from)));
    let copied = store.clone().insert(to, &store.bytes[from..to]);
    let report = shared::report(&copied.bytes);
    assert_eq!(report.count(Code::DuplicatedSpan), 1, "{:?}", report.findings);
    assert_eq!(report.count(Code::DuplicateAnnouncement), 0);
    let found = report.findings.iter().find(|finding| finding.code == Code::DuplicatedSpan);
    let values = &found.expect("the copy").values;
    let len = (to - from) as u64;
    let told = ["copied_at", "copied_len", "copy_of"].map(|name| values.number(name).unwrap());
    assert_eq!((told[1], told[0] - told[2]), (len, len));
    // So it is where the file ends with the record that goes on behind the copy.
    let last = store.last();
    let (from, to) = (store.records[30].offset + 70, last.offset + 90);
    let report = shared::report(&store.clone().insert(to, &store.bytes[from..to]).bytes);
    assert_eq!(report.count(Code::DuplicatedSpan), 1, "{:?}", report.findings);
    // A channel that is announced again behind it is one that was announced twice.
    let again = store.bytes[store.records[1].offset..store.records[2].end()].to_vec();
    let report = shared::report(&copied.append(&again).bytes);
    assert_eq!(report.count(Code::DuplicateAnnouncement), 1, "{:?}", report.findings);
}

#[test]
fn a_broken_record_says_whether_it_was_dead() {
    let store = |deleted: bool| {
        let store = Store::new(16).announce("1x1x1", nodes(1, 2), 5);
        let store = store.update("1x1x1", Direction::One, T0);
        let store = if deleted { store.deleted() } else { store };
        store.update("1x1x1", Direction::One, T0 + 1).build()
    };
    for deleted in [false, true] {
        let store = store(deleted);
        let at = store.records[3].offset + 60;
        // One bit, and so many that nothing explains them.
        let broken = [store.clone().flip(at, 2), store.clone().overwrite(at, &[0xee; 20])];
        for (built, code) in broken.iter().zip([Code::BitFlip, Code::OverwrittenSpan]) {
            let report = shared::report(&built.bytes);
            let found = report.findings.iter().find(|finding| finding.code == code);
            let found = found.unwrap_or_else(|| panic!("{:?}", report.findings));
            assert_eq!(found.values.get("deleted"), Some(&Value::Flag(deleted)), "{code:?}");
        }
    }
}

#[test]
fn with_its_last_channel_a_node_is_an_orphan() {
    let channel = |store: Store, scid: &str| {
        store.announce(scid, nodes(1, 2), 5).update(scid, Direction::One, T0)
    };
    let orphans = |store: Store| shared::report(&store.build().bytes).count(Code::OrphanNode);
    let two = || channel(channel(Store::new(14), "1x1x1"), "2x2x2").node(1, T0, "A");
    assert_eq!(orphans(two()), 0);
    assert_eq!(orphans(two().close("1x1x1")), 0);
    assert_eq!(orphans(two().close("1x1x1").close("2x2x2")), 1);
    // A channel that is announced anew after its end is one.
    let again = || channel(two().close("1x1x1").close("2x2x2"), "1x1x1");
    assert_eq!(orphans(again()), 0);
    let report = shared::report(&again().build().bytes);
    assert_eq!(report.count(Code::OrphanUpdate), 0, "{:?}", report.findings);
    let network = report.gossip.expect("a store").network;
    assert_eq!((network.channels, network.nodes), (1, 2));
}
