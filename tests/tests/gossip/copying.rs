//! A copy, step by step, of stores that rest or change in one place.

use std::cell::{Cell, RefCell};

use fulgurite_core::gossip::copy::{Copier, Patch, Refused, Step};
use fulgurite_core::gossip::follow::{Live, Trouble};
use fulgurite_core::source::SourceError;
use fulgurite_tests::{Built, Direction, NodeBuilder, Store, T0, frame, network, nodes, wire};

/// A file in memory, and what it becomes when its length is asked for the second time.
struct File {
    bytes: RefCell<Vec<u8>>,
    then: RefCell<Vec<Vec<u8>>>,
    asked: Cell<u32>,
}

fn file(bytes: &[u8]) -> File {
    File { bytes: RefCell::new(bytes.to_vec()), then: RefCell::default(), asked: Cell::new(0) }
}

impl File {
    /// What it becomes, one after the other, each time that the copier rests.
    fn then(self, states: &[&[u8]]) -> File {
        *self.then.borrow_mut() = states.iter().rev().map(|state| state.to_vec()).collect();
        self
    }

    fn change(&self) {
        if let Some(next) = self.then.borrow_mut().pop() {
            *self.bytes.borrow_mut() = next;
        }
    }
}

impl Live for File {
    fn len(&self) -> Result<u64, SourceError> {
        self.asked.set(self.asked.get() + 1);
        Ok(self.bytes.borrow().len() as u64)
    }

    fn read_at(&self, at: u64, buf: &mut [u8]) -> Result<usize, SourceError> {
        let bytes = self.bytes.borrow();
        let from = bytes.get(usize::try_from(at).unwrap()..).unwrap_or_default();
        let len = from.len().min(buf.len());
        buf[..len].copy_from_slice(&from[..len]);
        Ok(len)
    }
}

/// What a copier came to.
struct Copied {
    bytes: Vec<u8>,
    copier: Copier,
    refused: Option<Refused>,
    /// How often it rested.
    rests: u32,
}

fn copied(file: &File) -> Copied {
    let (mut copier, mut bytes, mut rests) = (Copier::new(), Vec::new(), 0);
    assert_eq!((copier.copied(), copier.version(), copier.was_replaced()), (0, None, false));
    let refused = loop {
        match copier.step(file).expect("memory can be read") {
            Step::Write(more) => {
                assert!(!more.is_empty());
                bytes.extend(more);
                assert_eq!(copier.copied(), bytes.len() as u64);
            }
            Step::Rest => {
                rests += 1;
                file.change();
            }
            Step::Done => break None,
            Step::Refused(why) => break Some(why),
        }
    };
    Copied { bytes, copier, refused, rests }
}

#[test]
fn marks_come_a_thousand_at_a_time() {
    let store =
        (0..=2_000).fold(store(16), |store, more| store.update("1x1x1", Direction::Two, T0 + more));
    let done = copied(&file(&store.build().bytes));
    let copy = file(&done.bytes);
    let mut mender = done.copier.mender().expect("a version");
    let mut step = || mender.step(&copy).expect("memory can be read").len();
    // All but the last are overtaken.
    assert_eq!([step(), step(), step()], [1_000, 1_000, 0]);
}

/// The marks that are set in the copy in the end.
fn marks(done: Copied) -> Vec<Patch> {
    assert_eq!(done.refused, None);
    let mut mender = done.copier.mender().expect("a version");
    let copy = file(&done.bytes);
    let mut all = Vec::new();
    loop {
        let patches = mender.step(&copy).expect("memory can be read");
        if patches.is_empty() {
            return all;
        }
        all.extend(patches);
    }
}

fn store(version: u8) -> Store {
    Store::new(version).announce("1x1x1", nodes(1, 2), 5).update("1x1x1", Direction::One, T0)
}

#[test]
fn a_store_that_rests_is_copied_as_it_is() {
    for version in 2..=16 {
        let built = store(version).node(1, T0, "A").build();
        let file = file(&built.bytes);
        let done = copied(&file);
        assert_eq!((done.refused, done.copier.was_replaced()), (None, false), "version {version}");
        assert_eq!(done.copier.version().map(|found| found.0), Some(version));
        assert!(done.bytes == built.bytes, "version {version}");
        assert_eq!(marks(done), []);
    }
    // In several pieces.
    let large = network(3, 2_000);
    assert!(large.bytes.len() > 512 * 1024);
    assert!(copied(&file(&large.bytes)).bytes == large.bytes);
}

#[test]
fn how_often_it_looks_at_an_end_that_rests() {
    // Where nothing may be half done, once.
    assert_eq!(copied(&file(&store(16).build().bytes)).rests, 1);
    // Behind a dead record, a tombstone or a node, until nothing has come for three looks.
    let ends = [
        store(16).update("1x1x1", Direction::Two, T0).deleted(),
        store(16).delete_chan("2x2x2"),
        store(16).node(1, T0, "A"),
    ];
    for end in ends {
        assert_eq!(copied(&file(&end.build().bytes)).rests, 3);
    }
}

#[test]
fn what_is_no_store_is_refused() {
    assert_eq!(copied(&file(&[])).refused, Some(Refused::Empty));
    for byte in [0, 1, 17] {
        assert_eq!(copied(&file(&[byte, 0])).refused, Some(Refused::Version(byte)));
    }
    assert_eq!(copied(&file(&[16])).bytes, [16]);
}

#[test]
fn damage_is_refused_with_its_place() {
    let built = store(16).update("1x1x1", Direction::Two, T0).build();
    let hit = built.records[3];
    let damaged = |built: &Built, trouble| {
        let done = copied(&file(&built.bytes));
        let offset = hit.offset as u64;
        assert_eq!(done.refused, Some(Refused::Damaged { offset, trouble }));
        // Twenty looks were not enough; at the first, what was ready was handed out.
        assert_eq!(done.rests, 19);
        assert_eq!(done.bytes[..], built.bytes[..hit.offset]);
    };
    damaged(&built.clone().flip(hit.offset + 30, 1), Trouble::Checksum);
    damaged(&built.clone().flip(hit.offset, 5), Trouble::NotCompleted);
    // At the end of the file it is a record that was not finished, but not one that lies.
    let last = built.last();
    let torn = built.clone().cut(last.offset + 40);
    let done = copied(&file(&torn.bytes));
    assert_eq!((done.refused, &done.bytes[..]), (None, &built.bytes[..last.offset]));
    let unmarked = built.clone().flip(last.offset, 5);
    let done = copied(&file(&unmarked.bytes));
    assert_eq!((done.refused, &done.bytes[..]), (None, &built.bytes[..last.offset]));
    let wrong = built.clone().flip(last.offset + 30, 1);
    let refused = Refused::Damaged { offset: last.offset as u64, trouble: Trouble::Checksum };
    assert_eq!(copied(&file(&wrong.bytes)).refused, Some(refused));
    // Before version 15 a wrong checksum is how an unfinished record looks.
    let old = store(14).update("1x1x1", Direction::Two, T0).build();
    let last = old.last();
    let done = copied(&file(&old.clone().flip(last.offset + 30, 1).bytes));
    assert_eq!((done.refused, &done.bytes[..]), (None, &old.bytes[..last.offset]));
}

#[test]
fn what_turns_out_well_while_it_rests_is_copied() {
    let built = store(16).update("1x1x1", Direction::Two, T0).build();
    let hit = built.records[3];
    let half = built.clone().flip(hit.offset + 5, 1);
    let done = copied(&file(&half.bytes).then(&[&half.bytes, &half.bytes, &built.bytes]));
    assert_eq!(done.refused, None);
    assert!(done.bytes == built.bytes);
}

#[test]
fn an_end_that_never_rests_is_copied_up_to_somewhere() {
    // Each time that it looks, one more update of the same direction stands there.
    let mut store = store(16);
    let mut states = Vec::new();
    for more in 1..60 {
        store = store.update("1x1x1", Direction::Two, T0 + more);
        states.push(store.clone().build().bytes);
    }
    let slices: Vec<&[u8]> = states.iter().map(Vec::as_slice).collect();
    let file = file(&states[0]).then(&slices);
    let done = copied(&file);
    assert_eq!(done.refused, None);
    let whole = states.contains(&done.bytes);
    assert!(whole, "{} bytes", done.bytes.len());
}

#[test]
fn what_is_appended_is_copied_and_a_file_that_shrinks_is_not() {
    let short = store(16).build();
    let long = store(16).update("1x1x1", Direction::Two, T0).node(2, T0, "B").build();
    let torn = long.clone().cut(long.bytes.len() - 3);
    let done = copied(&file(&short.bytes).then(&[&torn.bytes, &long.bytes]));
    assert_eq!(done.refused, None);
    assert!(done.bytes == long.bytes || done.bytes[..] == long.bytes[..long.last().offset]);
    let done = copied(&file(&long.bytes).then(&[&short.bytes]));
    assert_eq!(done.refused, Some(Refused::Shrank));
    // One that only lost what had not been copied is none.
    let done = copied(&file(&torn.bytes).then(&[&long.bytes[..long.last().offset]]));
    assert_eq!((done.refused, &done.bytes[..]), (None, &long.bytes[..long.last().offset]));
}

#[test]
fn the_end_of_a_replaced_store_is_left_out() {
    let built = store(16).node(1, T0, "A").build();
    let ended = store(16).node(1, T0, "A").ended(46).build();
    let done = copied(&file(&ended.bytes));
    assert!(done.copier.was_replaced() && done.bytes == built.bytes);
    // Nothing that stands behind it is copied; one that is dead says nothing.
    let behind = store(16).ended(46).node(1, T0, "A").build();
    let done = copied(&file(&behind.bytes));
    assert!(done.copier.was_replaced() && done.bytes == store(16).build().bytes);
    let dead = store(16).ended(46).deleted().node(1, T0, "A").build();
    let done = copied(&file(&dead.bytes));
    assert!(!done.copier.was_replaced() && done.bytes == dead.bytes);
    // Nor is an announcement right before it whose amount never came.
    let held = store(16).announcement("2x2x2", nodes(1, 2)).ended(46).build();
    let done = copied(&file(&held.bytes));
    assert!(done.copier.was_replaced() && done.bytes == store(16).build().bytes);
}

#[test]
fn an_announcement_waits_for_its_amount_and_shares_its_mark() {
    let built = store(16).announcement("2x2x2", nodes(1, 2)).build();
    assert!(copied(&file(&built.bytes)).bytes == store(16).build().bytes);
    // With another record behind it, both are copied.
    let other = store(16).announcement("2x2x2", nodes(1, 2)).node(1, T0, "A").build();
    assert!(copied(&file(&other.bytes)).bytes == other.bytes);
    let both = store(16).announce("2x2x2", nodes(1, 2), 7).build();
    let (announcement, amount) = (both.records[4].offset, both.records[5].offset);
    for (marked, with) in [(announcement, 0xa0), (amount, 0x20)] {
        // lightningd was at work between the two.
        let built = both.clone().overwrite(marked, &[0xa0]);
        let expected = both.clone().overwrite(announcement, &[with]).overwrite(amount, &[with]);
        let done = copied(&file(&built.bytes));
        assert!(done.bytes == expected.bytes);
    }
}

#[test]
fn the_marks_that_lightningd_was_about_to_set() {
    let update = |timestamp| {
        let update = wire::Update::new("1x1x1", Direction::One, timestamp).htlc_maximum(5_000);
        frame(16, 0x2000, timestamp, &update.encode())
    };
    let node = |number, timestamp| NodeBuilder::new(number, timestamp).alias("A");
    let mark = |at: usize| Patch { at: at as u64, bytes: [0xa0, 0] };
    // A newer update of that direction, and of that node: the older ones.
    let begun = store(16).update("1x1x1", Direction::Two, T0).node_with(node(1, T0)).build();
    let mut bytes = begun.bytes.clone();
    bytes.extend(update(T0 + 1));
    bytes.extend(frame(16, 0x2000, T0 + 1, &node(1, T0 + 1).encode()));
    let expected = [mark(begun.records[3].offset), mark(begun.records[5].offset)];
    assert_eq!(marks(copied(&file(&bytes))), expected);
    // A tombstone: everything of that channel before it, and no other.
    let gone = store(16)
        .update("1x1x1", Direction::Two, T0)
        .dying("1x1x1", 900)
        .announce("2x2x2", nodes(1, 2), 5)
        .update("2x2x2", Direction::One, T0)
        .delete_chan("1x1x1")
        .update("1x1x1", Direction::Two, T0 + 2)
        .build();
    let expected: Vec<Patch> = (1..=5).map(|index| mark(gone.records[index].offset)).collect();
    assert_eq!(marks(copied(&file(&gone.bytes))), expected);
    // Whether it disables the channel makes no difference: the direction is the same.
    let disabled =
        wire::Update::new("1x1x1", Direction::One, T0 + 1).htlc_maximum(5_000).disabled();
    let old = store(16).update("1x1x1", Direction::Two, T0).build();
    let mut bytes = old.bytes.clone();
    bytes.extend(frame(16, 0x2000, T0 + 1, &disabled.encode()));
    bytes.extend(update(T0 + 2));
    let expected = [mark(old.records[3].offset), mark(old.bytes.len())];
    assert_eq!(marks(copied(&file(&bytes))), expected);
    // What is dead already needs no mark, and replaces nothing.
    let dead = store(16).update("1x1x1", Direction::One, T0 + 1).deleted().build();
    assert_eq!(marks(copied(&file(&dead.bytes))), []);
    let dead = store(16).deleted().update("1x1x1", Direction::One, T0 + 1).build();
    assert_eq!(marks(copied(&file(&dead.bytes))), []);
}
