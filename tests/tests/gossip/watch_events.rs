//! What a follower says, one cause at a time.

use std::cell::{Cell, RefCell};

use fulgurite_core::finding::Severity;
use fulgurite_core::gossip::follow::{
    Event, FileId, Follower, Live, Next, Options, REMEMBERED, Seen, What,
};
use fulgurite_core::source::SourceError;
use fulgurite_tests::{Built, Direction, Store, T0, frame, network, nodes, overlay};

/// A file in memory, and how many bytes of it were read.
struct File(RefCell<Vec<u8>>, Cell<usize>);

impl Live for File {
    fn len(&self) -> Result<u64, SourceError> {
        Ok(self.0.borrow().len() as u64)
    }

    fn read_at(&self, at: u64, buf: &mut [u8]) -> Result<usize, SourceError> {
        let bytes = self.0.borrow();
        let from = bytes.get(usize::try_from(at).unwrap()..).unwrap_or_default();
        let len = from.len().min(buf.len());
        buf[..len].copy_from_slice(&from[..len]);
        self.1.set(self.1.get() + len);
        Ok(len)
    }
}

/// One file, followed for as long as a test goes on.
struct Watch {
    file: File,
    follower: Follower,
    now: u64,
    path: Option<FileId>,
    corrupt: Option<FileId>,
}

const ID: FileId = FileId(1, 1);

impl Watch {
    fn new(bytes: &[u8], options: Options) -> Watch {
        let file = File(RefCell::new(bytes.to_vec()), Cell::default());
        let follower = Follower::new(options);
        Watch { file, follower, now: 0, path: Some(ID), corrupt: None }
    }

    fn of(built: &Built) -> Watch {
        Watch::new(&built.bytes, Options { patience: 3, ..Options::default() })
    }

    /// One poll, and what comes of it.
    fn poll(&mut self) -> (Vec<Event>, Next) {
        let mut events = Vec::new();
        let open = Some((ID, &self.file as &dyn Live));
        let seen = Seen { now: self.now, path: self.path, corrupt: self.corrupt, open };
        let next = self.follower.poll(&seen, &mut events).unwrap();
        (events, next)
    }

    /// A look, and what comes of it: polls until there is no more to be read.
    fn look(&mut self) -> (Vec<Event>, Next) {
        let mut events = Vec::new();
        loop {
            let (more, next) = self.poll();
            events.extend(more);
            if next != Next::Again {
                self.now += 10;
                return (events, next);
            }
        }
    }

    /// The names of what so many looks tell.
    fn looks(&mut self, count: u32) -> Vec<&'static str> {
        let events = (0..count).flat_map(|_| self.look().0);
        events.map(|event| event.what.name()).collect()
    }

    fn append(&self, bytes: &[u8]) {
        self.file.0.borrow_mut().extend(bytes);
    }

    fn change(&self, at: usize, with: impl Fn(u8) -> u8) {
        let byte = &mut self.file.0.borrow_mut()[at];
        *byte = with(*byte);
    }
}

fn small() -> Built {
    Store::new(16)
        .announce("1x1x1", nodes(1, 2), 5)
        .update("1x1x1", Direction::One, T0)
        .update("1x1x1", Direction::Two, T0 + 1)
        .build()
}

#[test]
fn a_record_is_waited_for_and_told_once_and_taken_back() {
    let store = small();
    let mut watch = Watch::of(&store);
    assert_eq!(watch.looks(2), ["following"]);
    let last = store.records[4];
    let record = &store.bytes[last.offset..];
    watch.append(&record[..50]);
    assert_eq!(watch.looks(2), [""; 0], "it may be on its way");
    assert_eq!(watch.looks(9), ["unfinished"]);
    assert!(watch.follower.settled() && watch.follower.figures().unfinished);
    watch.append(&record[50..]);
    assert_eq!(watch.looks(2), ["healed"]);
    assert_eq!(watch.follower.figures().alarms, 1);
}

#[test]
fn an_announcement_without_its_amount_is_waited_for_too() {
    let store = small();
    let mut watch = Watch::of(&store);
    watch.looks(1);
    let other = Store::bare(16).announcement("2x2x2", nodes(1, 2)).build();
    watch.append(&other.bytes[1..]);
    assert_eq!(watch.looks(2), [""; 0]);
    assert_eq!(watch.looks(9), ["unfinished"]);
    // And something else comes behind it.
    let last = store.records[4];
    watch.append(&store.bytes[last.offset..]);
    let (events, _) = watch.look();
    assert_eq!(events[0].what, What::Wound);
    assert_eq!(events[0].values.text("trouble"), Some("no_amount"));
    assert_eq!(events[0].values.number("offset"), Some(store.bytes.len() as u64));
}

#[test]
fn a_record_that_claims_more_than_there_is_is_waited_for_before_it_is_searched() {
    let store = small();
    let mut watch = Watch::of(&store);
    watch.looks(1);
    let mut claim = frame(16, 0x2000, 0, &[7; 30]);
    claim[2..4].copy_from_slice(&60_000_u16.to_be_bytes());
    watch.append(&claim);
    watch.append(store.record(store.last()));
    assert_eq!(watch.looks(2), [""; 0], "its other bytes may be on their way");
    let (events, _) = watch.look();
    let told: Vec<_> =
        events.iter().map(|event| (event.what, event.values.number("end"))).collect();
    assert_eq!(told, [(What::Wound, Some((store.bytes.len() + claim.len()) as u64))]);
}

#[test]
fn a_long_wound_is_searched_over_several_looks() {
    const BURST: usize = 128 << 10;
    let store = small();
    let options = Options { patience: 3, burst: BURST as u64, recheck: 0, ..Options::default() };
    let mut watch = Watch::new(&store.bytes, options);
    watch.looks(1);
    watch.append(&vec![0x55; 2 << 20]);
    watch.append(store.record(store.last()));
    let mut looks = 0;
    loop {
        looks += 1;
        assert!(looks < 40, "it goes on where it was");
        watch.file.1.set(0);
        let (events, _) = watch.poll();
        // What is left of the last piece, and windows around the tail.
        assert!(watch.file.1.get() <= BURST + (1 << 20), "{looks}: {}", watch.file.1.get());
        if let [event] = events.as_slice() {
            assert_eq!(event.what, What::Wound);
            assert_eq!(event.values.number("end"), Some(store.bytes.len() as u64 + (2 << 20)));
            break;
        }
        assert_eq!(events.len(), 0);
    }
    assert!(looks > 10, "not all of it in one look: {looks}");
}

#[test]
fn rot_in_what_was_read_long_ago_is_found_and_a_rewriting_is_none() {
    let store = network(3, 80);
    let mut watch = Watch::of(&store);
    watch.looks(2);
    let record = store.records[30];
    // Half of a rewriting, and the other half at the next look.
    watch.change(record.offset + 5, |byte| byte ^ 1);
    assert_eq!(watch.looks(1), [""; 0]);
    watch.change(record.offset + 5, |byte| byte ^ 1);
    assert_eq!(watch.looks(6), [""; 0]);
    watch.change(record.offset + 20, |byte| byte ^ 4);
    // Found at once, and looked at three times more.
    assert_eq!(watch.looks(3), [""; 0]);
    assert_eq!(watch.looks(1), ["wound"]);
    assert_eq!(watch.looks(9), [""; 0]);
    assert_eq!(watch.follower.figures().wounds, 1);
    watch.change(record.offset + 20, |byte| byte ^ 4);
    assert_eq!(watch.looks(6), ["healed"]);
    assert_eq!(watch.follower.figures().wounds, 0);
}

#[test]
fn rot_in_the_last_record_is_a_wound_for_it_was_finished() {
    let store = small();
    let mut watch = Watch::of(&store);
    watch.looks(2);
    watch.change(store.last().end() - 9, |byte| byte ^ 4);
    assert_eq!(watch.looks(9), ["wound"]);
    assert!(!watch.follower.figures().unfinished);
}

#[test]
fn more_wounds_than_are_remembered_are_counted() {
    let mut store = network(3, 400);
    let hit: Vec<_> = store.records.iter().skip(3).step_by(4).take(REMEMBERED + 30).collect();
    let hit: Vec<usize> = hit.iter().map(|record| record.offset + 20).collect();
    for at in &hit {
        store.bytes[*at] ^= 1;
    }
    let mut watch = Watch::of(&store);
    let names = watch.looks(40);
    assert_eq!(names.iter().filter(|name| **name == "wound").count(), REMEMBERED);
    assert_eq!(names.iter().filter(|name| **name == "many_wounds").count(), 1);
    assert_eq!(watch.follower.figures().wounds, hit.len() as u64);
}

#[test]
fn a_file_that_becomes_shorter_or_another_is_read_anew() {
    let store = network(3, 40);
    let mut watch = Watch::of(&store);
    watch.looks(1);
    watch.file.0.borrow_mut().truncate(1);
    assert_eq!(watch.looks(1), ["truncated", "following"]);
    watch.append(&network(4, 60).bytes[1..]);
    assert_eq!(watch.looks(3), [""; 0], "it grew");
    *watch.file.0.borrow_mut() = network(5, 300).bytes;
    // Told at once, and read at once.
    assert_eq!(watch.looks(1), ["rewritten", "following"]);
    assert_eq!(watch.looks(1), [""; 0]);
    // What v24.02 to v24.11.2 do after an accident: a new store over the old one.
    let overlay = overlay(&network(6, 9), network(5, 300));
    *watch.file.0.borrow_mut() = overlay.bytes;
    assert!(watch.looks(9).contains(&"wound"));
}

#[test]
fn a_store_that_ended_and_was_not_replaced_kills_lightningd() {
    let store = Store::new(16).announce("1x1x1", nodes(1, 2), 5).ended(46).build();
    let mut watch = Watch::of(&store);
    assert_eq!(watch.looks(1), ["following"]);
    assert_eq!(watch.looks(3), ["ended_in_use"]);
    // Where another has the name, it is as it should be.
    let mut watch = Watch::of(&store);
    watch.path = Some(FileId(1, 2));
    let (events, next) = watch.look();
    assert_eq!(events.last().map(|event| event.what), Some(What::Compacted));
    assert_eq!(events.last().and_then(|event| event.values.number("new_size")), Some(46));
    assert_eq!(next, Next::Reopen);
}

#[test]
fn a_replacement_without_a_word_is_waited_for_and_a_move_is_not() {
    let mut watch = Watch::of(&small());
    watch.looks(1);
    watch.path = Some(FileId(1, 2));
    assert_eq!(watch.looks(2), [""; 0]);
    assert_eq!(watch.looks(1), ["replaced"]);
    let mut watch = Watch::of(&small());
    watch.looks(1);
    (watch.path, watch.corrupt) = (None, Some(ID));
    assert_eq!(watch.looks(1), ["corrupt_appeared", "moved_aside"]);
}

#[test]
fn compaction_that_is_due_and_does_not_come() {
    // 10,000,000 bytes, four fifths of them dead.
    let body = fulgurite_tests::wire::Update::new("1x1x1", Direction::One, T0);
    let body = body.htlc_maximum(1).encode();
    let dead = fulgurite_tests::frame(16, 0xa000, T0, &body);
    let mut bytes = small().bytes;
    while bytes.len() < 10_000_000 {
        bytes.extend(&dead);
    }
    let mut watch = Watch::new(&bytes, Options { overdue: 60, ..Options::default() });
    assert_eq!(watch.looks(1), ["following", "compaction_due"]);
    // The sixtieth second is that of the seventh look.
    assert_eq!(watch.looks(5), [""; 0]);
    assert_eq!(watch.looks(1), ["compaction_overdue"]);
    assert_eq!(watch.looks(3), [""; 0]);
    let figures = watch.follower.figures();
    assert!(figures.due && figures.counts.live == 3, "{figures:?}");
    assert_eq!(figures.counts.dead, (bytes.len() - small().bytes.len()) as u64 / 150);
    // The same in a store of a release that compacts when it starts.
    bytes.truncate(1);
    bytes[0] = 15;
    while bytes.len() < 10_000_000 {
        bytes.extend(&dead);
    }
    let mut watch = Watch::new(&bytes, Options { overdue: 60, ..Options::default() });
    assert_eq!(watch.looks(9), ["following", "bloated"]);
}

#[test]
fn what_grows_too_fast_is_told_and_when_it_no_longer_does() {
    let store = small();
    let options = Options { growth_per_hour: 1_000, ..Options::default() };
    let mut watch = Watch::new(&store.bytes, options);
    watch.looks(1);
    let record = store.bytes[store.records[4].offset..].to_vec();
    for _ in 0..7 {
        watch.append(&record);
    }
    let (events, _) = watch.look();
    assert_eq!(events[0].what, What::Growing);
    assert_eq!(events[0].values.number("bytes_per_hour"), Some(7 * 150));
    assert_eq!(watch.follower.figures().appended_records, 7);
    watch.now += 3_700;
    assert_eq!(watch.looks(2), ["growth_normal"]);
    assert_eq!(watch.follower.figures().bytes_per_day, 7 * 150);
}

#[test]
fn every_version_is_followed() {
    for version in 2..=16 {
        let store = fulgurite_tests::Store::bare(version);
        let store = store.announce("1x1x1", nodes(1, 2), 5).update("1x1x1", Direction::One, T0);
        let mut watch = Watch::of(&store.build());
        assert_eq!(watch.looks(9), ["following"], "version {version}");
        assert!(watch.follower.figures().rounds > 3);
    }
}

#[test]
fn a_replacement_without_a_word_is_an_alarm_from_version_14_on() {
    for (version, severity) in [(13, Severity::Info), (14, Severity::Warning)] {
        let store = Store::new(version).announce("1x1x1", nodes(1, 2), 5).build();
        let mut watch = Watch::of(&store);
        watch.looks(1);
        watch.path = Some(FileId(1, 2));
        watch.looks(2);
        let (events, next) = watch.look();
        let told: Vec<_> = events.iter().map(|event| (event.what, event.severity)).collect();
        assert_eq!(told, [(What::Replaced, severity)], "version {version}");
        assert_eq!(events[0].values.number("size"), Some(store.bytes.len() as u64));
        assert_eq!(next, Next::Reopen);
        let figures = watch.follower.figures();
        let alarms = u64::from(severity > Severity::Info);
        assert_eq!((figures.alarms, figures.replacements), (alarms, 1), "version {version}");
    }
}

#[test]
fn nothing_is_said_of_the_end_of_a_file_that_is_no_longer_the_store() {
    let store = small();
    for cut in [store.bytes.len() - 3, store.records[4].offset + 5] {
        let mut watch = Watch::of(&store.clone().cut(cut));
        watch.path = Some(FileId(1, 2));
        assert_eq!(watch.looks(3), ["following", "replaced"], "{cut}");
        // Of the one that is in use it is.
        let mut watch = Watch::of(&store.clone().cut(cut));
        assert_eq!(watch.looks(3), ["following", "unfinished"], "{cut}");
    }
    // Neither is it of an announcement that waits for its amount.
    let held = Store::new(16).announcement("1x1x1", nodes(1, 2)).build();
    let mut watch = Watch::of(&held);
    watch.path = Some(FileId(1, 2));
    assert_eq!(watch.looks(3), ["following", "replaced"]);
    let mut watch = Watch::of(&held);
    assert_eq!(watch.looks(5), ["following", "unfinished"]);
}

#[test]
fn the_longest_body_is_read_and_a_longer_one_is_none() {
    let mut body = vec![7; 65_535];
    body[..2].copy_from_slice(&[0x30, 0x39]);
    // Of a dead record nothing counts but its checksum.
    let store = Store::new(16).raw_record(0xa000, 0, &body).announce("1x1x1", nodes(1, 2), 5);
    let mut watch = Watch::of(&store.build());
    assert_eq!(watch.looks(5), ["following"]);
    let figures = watch.follower.figures();
    assert_eq!((figures.counts.records, figures.counts.dead), (4, 1));
    assert_eq!(figures.counts.dead_bytes, 12 + 65_535);
    // The length of version 4 has 32 bits.
    let of = |len: usize| {
        let mut body = vec![7; len];
        body[..2].copy_from_slice(&[0x30, 0x39]);
        let store = Store::new(4).raw_record(0, 0, &body).announce("1x1x1", nodes(1, 2), 5);
        let mut watch = Watch::of(&store.build());
        let events: Vec<Event> = (0..5).flat_map(|_| watch.look().0).collect();
        let wound = events.iter().find(|event| event.what == What::Wound).expect("a wound");
        (wound.values.text("trouble").map(str::to_owned), wound.values.number("end"))
    };
    assert_eq!(of(65_535), (Some("unknown_type".into()), Some(1 + 8 + 65_535)));
    assert_eq!(of(65_536), (Some("cut_off".into()), Some(1 + 8 + 65_536)));
}

#[test]
fn wounds_for_which_the_list_has_no_room_are_counted_once() {
    let count = REMEMBERED + 9;
    let mut store = small().bytes;
    let odd = frame(16, 0x2000, 0, &[0x30, 0x39, 1]);
    for _ in 0..count {
        store.extend(&odd);
    }
    let mut watch = Watch::new(&store, Options { patience: 3, ..Options::default() });
    let names = watch.looks(1);
    assert_eq!(names.iter().filter(|name| **name == "wound").count(), REMEMBERED);
    assert_eq!(names.iter().filter(|name| **name == "many_wounds").count(), 1);
    // Found again in round after round, they are as many as before, and nothing is told of them.
    for _ in 0..5 {
        assert_eq!(watch.looks(2), [""; 0]);
        assert_eq!(watch.follower.figures().wounds, count as u64);
    }
    assert!(watch.follower.figures().rounds >= 5);
    // One of those that are remembered heals: the next that is found has its place.
    let first = small().bytes.len();
    watch.change(first, |_| 0xa0);
    assert_eq!(watch.looks(2), ["healed", "wound"]);
    assert_eq!(watch.follower.figures().wounds, count as u64 - 1);
    watch.change(first, |_| 0x20);
    assert_eq!(watch.looks(3), [""; 0]);
    assert_eq!(watch.follower.figures().wounds, count as u64);
}

#[test]
fn broken_records_for_which_the_list_has_no_room_are_counted_too() {
    let mut store = network(3, 400);
    let hit: Vec<usize> =
        store.records.iter().skip(3).step_by(4).map(|it| it.offset + 20).collect();
    let (first, more) = hit.split_at(REMEMBERED);
    for at in first {
        store.bytes[*at] ^= 1;
    }
    let mut watch = Watch::of(&store);
    let names = watch.looks(20);
    assert_eq!(names.iter().filter(|name| **name == "wound").count(), REMEMBERED);
    assert!(!names.contains(&"many_wounds"));
    // Rot that comes later is found in the rounds.
    for at in &more[..7] {
        watch.change(*at, |byte| byte ^ 1);
    }
    assert_eq!(watch.looks(20), ["many_wounds"]);
    assert_eq!(watch.follower.figures().wounds, REMEMBERED as u64 + 7);
    for at in &more[..7] {
        watch.change(*at, |byte| byte ^ 1);
    }
    assert_eq!(watch.looks(20), [""; 0]);
    assert_eq!(watch.follower.figures().wounds, REMEMBERED as u64);
}

#[test]
fn a_file_without_a_byte_and_versions_that_nobody_knows() {
    let store = small();
    let mut watch = Watch::new(&[], Options { patience: 3, ..Options::default() });
    assert!(Live::is_empty(&watch.file).unwrap());
    assert_eq!(watch.looks(2), [""; 0]);
    let (events, _) = watch.look();
    let told: Vec<_> =
        events.iter().map(|event| (event.what, event.values.text("trouble"))).collect();
    assert_eq!(told, [(What::Unfinished, Some("no_version"))]);
    assert_eq!(watch.looks(5), [""; 0], "once");
    assert!(!watch.follower.figures().following);
    // One that is not known is said once, and is no store that is followed.
    watch.append(&[99]);
    assert!(!Live::is_empty(&watch.file).unwrap());
    let (events, _) = watch.look();
    assert_eq!(events[0].what, What::UnknownVersion);
    assert_eq!(events[0].values.number("version"), Some(99));
    assert_eq!((events.len(), watch.looks(4)), (1, vec![]));
    assert!(!watch.follower.figures().following);
    watch.append(&store.bytes[1..]);
    assert_eq!(watch.looks(2), [""; 0]);
    // Another one is said again, and one that is known is read.
    watch.change(0, |_| 98);
    assert_eq!(watch.looks(3), ["unknown_version"]);
    watch.change(0, |_| 16);
    assert_eq!(watch.looks(3), ["following"]);
    assert!(watch.follower.figures().following);
}

#[test]
fn when_nothing_is_in_doubt_any_more() {
    let store = small();
    let mut watch = Watch::of(&store);
    assert!(!watch.follower.settled());
    watch.looks(1);
    assert!(watch.follower.settled());
    // Another file has the name.
    watch.path = Some(FileId(1, 2));
    watch.looks(1);
    assert!(!watch.follower.settled());
    watch.path = Some(ID);
    watch.looks(1);
    assert!(watch.follower.settled());
    // A record that is on its way.
    watch.append(&[0x20]);
    watch.looks(2);
    assert!(!watch.follower.settled());
    watch.looks(1);
    assert!(watch.follower.settled() && watch.follower.figures().unfinished);
}

#[test]
fn a_record_that_is_looked_at_again_is_in_doubt() {
    let store = network(3, 80);
    let record = store.records[30];
    let mut watch = Watch::of(&store.flip(record.offset + 20, 2));
    assert_eq!(watch.looks(1), ["following"]);
    assert!(!watch.follower.settled());
    assert!(watch.looks(3).contains(&"wound"));
    assert!(watch.follower.settled());
}

#[test]
fn no_store_at_all_is_told_after_some_patience() {
    let mut follower = Follower::new(Options { patience: 3, ..Options::default() });
    let mut look = |path: Option<FileId>| {
        let mut events = Vec::new();
        let seen = Seen { now: 5, path, corrupt: None, open: None };
        let next = follower.poll(&seen, &mut events).unwrap();
        let names: Vec<_> = events.iter().map(|event| event.what.name()).collect();
        (next, names, follower.settled())
    };
    for _ in 0..3 {
        assert_eq!(look(None), (Next::Wait, vec![], false));
    }
    assert_eq!(look(None), (Next::Wait, vec!["missing"], true));
    assert_eq!(look(None), (Next::Wait, vec![], true));
    assert_eq!(look(Some(ID)), (Next::Reopen, vec![], true));
}
