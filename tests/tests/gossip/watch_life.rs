//! A store's life, watched and copied while it is lived: no false alarm, no wound missed, every
//! copy whole. Every step of the writer may fall between, or into, any two reads.

use std::cell::RefCell;
use std::collections::BTreeMap;

use fulgurite_core::finding::Severity;
use fulgurite_core::gossip::check::{Options as CheckOptions, check};
use fulgurite_core::gossip::copy::{Copier, Refused, Step};
use fulgurite_core::gossip::follow::{Event, FileId, Follower, Live, Next, Options, Seen, What};
use fulgurite_core::gossip::verdict::{Choice, Release};
use fulgurite_core::source::SourceError;
use fulgurite_tests::fake::Rng;
use fulgurite_tests::life::{CORRUPT, Graph, Life, STORE, first_bad, is_whole};
use fulgurite_tests::walk;

const PATIENCE: u32 = 6;

/// The life, and what chance does in the middle of a read.
struct World {
    life: RefCell<Life>,
    rng: RefCell<Rng>,
}

impl World {
    /// Perhaps something happens.
    fn stir(&self, percent: u32) {
        let mut rng = self.rng.borrow_mut();
        while rng.percent(percent) {
            self.life.borrow_mut().step();
        }
    }
}

/// An open file: it stays what it is, whatever becomes of its name.
struct Open<'w> {
    world: &'w World,
    inode: usize,
}

impl Live for Open<'_> {
    fn len(&self) -> Result<u64, SourceError> {
        self.world.stir(20);
        Ok(self.world.life.borrow().disk.bytes(self.inode).len() as u64)
    }

    fn read_at(&self, at: u64, buf: &mut [u8]) -> Result<usize, SourceError> {
        self.world.stir(20);
        let at = usize::try_from(at).unwrap();
        // A read is of several moments.
        let mut done = 0;
        while done < buf.len() {
            let most = buf.len().min(5_000);
            let part = (1 + self.world.rng.borrow_mut().index(most)).min(buf.len() - done);
            let life = self.world.life.borrow();
            let from = life.disk.bytes(self.inode).get(at + done..).unwrap_or_default();
            let len = from.len().min(part);
            buf[done..done + len].copy_from_slice(&from[..len]);
            drop(life);
            done += len;
            if len < part {
                break;
            }
            self.world.stir(40);
        }
        Ok(done)
    }
}

/// A face: it holds a file open, and tells the follower what it sees.
struct Face {
    follower: Follower,
    open: Option<usize>,
    now: u64,
}

fn id(inode: usize) -> FileId {
    FileId(1, inode as u64)
}

impl Face {
    fn new() -> Face {
        // Rounds so short that they are often in the middle of something.
        let options = Options { patience: PATIENCE, recheck: 3_000, ..Options::default() };
        Face { follower: Follower::new(options), open: None, now: 0 }
    }

    fn poll(&mut self, world: &World) -> Vec<Event> {
        let mut events = Vec::new();
        loop {
            let name = |name| world.life.borrow().disk.inode(name).map(id);
            let (path, corrupt) = (name(STORE), name(CORRUPT));
            world.stir(20);
            let file = self.open.map(|inode| Open { world, inode });
            let open = self.open.map(id).zip(file.as_ref().map(|file| file as &dyn Live));
            let seen = Seen { now: self.now, path, corrupt, open };
            match self.follower.poll(&seen, &mut events).expect("memory can be read") {
                Next::Again => {}
                Next::Wait => break,
                Next::Reopen => self.open = world.life.borrow().disk.inode(STORE),
            }
        }
        self.now += 10;
        events
    }
}

/// What really happened, by which alarms are judged.
#[derive(Default)]
struct Truth {
    /// The store was damaged on purpose.
    injected: bool,
    /// lightningd was killed at some time.
    killed: bool,
    moved_aside: bool,
}

/// Whether an alarm is true, by a look at the bytes.
fn justified(event: &Event, face: &Face, world: &World, truth: &Truth) -> bool {
    let life = world.life.borrow();
    match event.what {
        What::Wound | What::Unfinished => {
            // Of a writer that is well, whatever it is at.
            if !truth.killed && !truth.injected {
                return false;
            }
            let Some(inode) = face.open.or(life.disk.inode(STORE)) else { return truth.killed };
            let bytes = life.disk.bytes(inode);
            let at = usize::try_from(event.values.number("offset").unwrap()).unwrap();
            let lonely = event.values.text("trouble") == Some("no_amount");
            truth.injected || lonely || at >= bytes.len() || !is_whole(bytes, at)
        }
        What::MovedAside | What::CorruptAppeared => truth.moved_aside,
        What::Missing => life.disk.inode(STORE).is_none(),
        What::Replaced => truth.killed,
        What::Rewritten | What::Truncated => truth.injected,
        _ => false,
    }
}

/// The graph with timestamps only.
fn stamps(graph: &Graph) -> (BTreeMap<u64, [u32; 2]>, BTreeMap<Vec<u8>, u32>) {
    let of = |update: Option<(usize, u32)>| update.map_or(0, |(_, timestamp)| timestamp);
    let channels = graph.channels.iter();
    let channels = channels.map(|(scid, channel)| (*scid, channel.updates.map(of)));
    let nodes = graph.nodes.iter().map(|(id, (_, timestamp))| (id.to_vec(), *timestamp));
    (channels.collect(), nodes.collect())
}

/// Copies the store while it lives. The copy, or why there is none.
fn copy(
    world: &World,
    face: &mut Face,
    polls: &mut Vec<Event>,
) -> Result<(usize, Vec<u8>), Refused> {
    // Being replaced, it may be without a name for a moment.
    let inode = loop {
        let inode = world.life.borrow().disk.inode(STORE);
        match inode {
            Some(inode) => break inode,
            None => world.life.borrow_mut().step(),
        }
    };
    let file = Open { world, inode };
    let mut copier = Copier::new();
    let mut bytes = Vec::new();
    loop {
        match copier.step(&file).expect("memory can be read") {
            Step::Write(more) => bytes.extend(more),
            Step::Rest => {
                for _ in 0..12 {
                    world.life.borrow_mut().step();
                }
                polls.extend(face.poll(world));
            }
            Step::Done => break,
            Step::Refused(why) => return Err(why),
        }
    }
    let mut mender = copier.mender().expect("a version");
    loop {
        let still = Still(&bytes);
        let patches = mender.step(&still).expect("memory can be read");
        if patches.is_empty() {
            return Ok((inode, bytes));
        }
        for patch in patches {
            let at = usize::try_from(patch.at).unwrap();
            bytes[at..at + 2].copy_from_slice(&patch.bytes);
        }
    }
}

struct Still<'b>(&'b [u8]);

impl Live for Still<'_> {
    fn len(&self) -> Result<u64, SourceError> {
        Ok(self.0.len() as u64)
    }

    fn read_at(&self, at: u64, buf: &mut [u8]) -> Result<usize, SourceError> {
        let from = self.0.get(usize::try_from(at).unwrap()..).unwrap_or_default();
        let len = from.len().min(buf.len());
        buf[..len].copy_from_slice(&from[..len]);
        Ok(len)
    }
}

/// Sound, accepted by the release that writes it, and with all that was there throughout.
fn verify(copy: &[u8], before: &Graph, after: &Life, context: &str) {
    let release = Release::writing(copy[0]).expect("a known version");
    let options = CheckOptions { releases: Choice::Some(vec![release]), ..CheckOptions::default() };
    let report = check(&copy, options).expect("memory can be read");
    let damage = report.findings.iter().find(|finding| finding.severity == Severity::Damage);
    assert_eq!(damage, None, "{context}");
    assert!(report.releases[0].accepted, "{context}: {:?}", report.releases[0]);
    let graph = Graph::load(copy);
    let ((old, old_nodes), (new, new_nodes)) = (stamps(before), stamps(&after.graph));
    let (have, have_nodes) = stamps(&graph);
    for (scid, stamps) in &old {
        if new.contains_key(scid) && !after.removed.0.contains(scid) {
            let kept = have.get(scid);
            let newer = kept.is_some_and(|kept| kept[0] >= stamps[0] && kept[1] >= stamps[1]);
            assert!(newer, "{context}: channel {scid:x} {stamps:?} is {kept:?}");
        }
    }
    for (node, stamp) in &old_nodes {
        let stayed = !after.removed.1.iter().any(|id| id[..] == node[..]);
        if new_nodes.contains_key(node) && stayed {
            assert!(have_nodes.get(node) >= Some(stamp), "{context}: node {node:02x?}");
        }
    }
}

/// Whatever came while the copy was made has had its effect on what stood before it: nothing that
/// it replaces or ends is live.
fn finished(copy: &[u8], from: usize, context: &str) {
    // Of each record that is about something: its place, whether it is live, and what it is about.
    let mut about: BTreeMap<Vec<u8>, Vec<(usize, bool)>> = BTreeMap::new();
    let mut ends: BTreeMap<Vec<u8>, usize> = BTreeMap::new();
    let mut channel = Vec::new();
    let mut before = 0;
    let mut all: Vec<(Vec<u8>, usize, bool)> = Vec::new();
    let mut at = 1;
    for record in walk(copy).expect("whole") {
        let live = record.flags & 0x8000 == 0;
        let body = record.body;
        match record.record_type {
            256 => channel = body[292 + usize::from(body[259])..][..8].to_vec(),
            258 => {
                let key = [&body[98..106], &[body[111] & 1]].concat();
                about.entry(key).or_default().push((at, live));
                all.push((body[98..106].to_vec(), at, live));
            }
            257 => {
                let key = body[72 + usize::from(body[67])..][..33].to_vec();
                about.entry(key).or_default().push((at, live));
            }
            4103 if live => drop(ends.insert(body[2..10].to_vec(), at)),
            _ => {}
        }
        // An amount that a dead writer left behind without its announcement is about nothing.
        if record.record_type == 256 || record.record_type == 4101 && before == 256 {
            all.push((channel.clone(), at, live));
        }
        before = record.record_type;
        at += record.whole.len();
    }
    for records in about.values() {
        let newest = records.iter().rev().find(|(_, live)| *live).map(|(at, _)| *at);
        let newest = newest.filter(|newest| *newest >= from);
        let older = records.iter().find(|(at, live)| *live && Some(*at) < newest);
        assert_eq!(older, None, "{context}: replaced by {newest:?}");
    }
    for (scid, at, live) in all {
        let ended = ends.get(&scid).filter(|end| **end >= from && **end > at);
        assert!(!live || ended.is_none(), "{context}: {at} is ended at {ended:?}");
    }
}

/// One life. How many copies were made.
fn live(version: u8, seed: u64) -> (u32, u32) {
    let context = format!("version {version}, seed {seed}");
    let mut rng = Rng::new(seed ^ 0x5eed);
    let mut life = Life::new(version, seed);
    // Some history first.
    for _ in 0..rng.below(400) {
        life.step();
    }
    let world = World { life: RefCell::new(life), rng: RefCell::new(Rng::new(seed ^ 0xface)) };
    let mut face = Face::new();
    let mut truth = Truth::default();
    let (mut copies, mut wounds) = (0, 0);
    for _ in 0..12 + rng.below(20) {
        // Between two polls a write does not rest.
        for _ in 0..=rng.below(30) {
            world.life.borrow_mut().step();
        }
        truth.moved_aside |= world.life.borrow().disk.inode(CORRUPT).is_some();
        let mut events = face.poll(&world);
        truth.moved_aside |= world.life.borrow().disk.inode(CORRUPT).is_some();
        if rng.percent(12) && world.life.borrow().disk.inode(STORE).is_some() {
            let alive = world.life.borrow().alive;
            world.life.borrow_mut().finish();
            let before = world.life.borrow().graph.clone();
            let store = world.life.borrow().disk.inode(STORE);
            let from = store.map_or(0, |store| world.life.borrow().disk.bytes(store).len());
            let made = copy(&world, &mut face, &mut events);
            if let (Ok((inode, copy)), true) = (&made, alive)
                && Some(*inode) == store
            {
                finished(copy, from, &context);
            }
            let made = made.map(|(_, copy)| copy);
            world.life.borrow_mut().finish();
            let after = world.life.borrow().clone();
            match made {
                Ok(copy) if alive => {
                    verify(&copy, &before, &after, &context);
                    copies += 1;
                }
                Ok(copy) => {
                    // What a dead writer left: whole up to the record it was at.
                    let known = Graph::load(&copy);
                    verify(&copy, &known, &after, &context);
                    copies += 1;
                }
                Err(why) => {
                    let life = world.life.borrow();
                    let bytes = life.disk.bytes(life.disk.inode(STORE).unwrap());
                    let bad = first_bad(bytes);
                    assert!(truth.killed && bad.is_some(), "{context}: {why:?}");
                }
            }
        }
        for event in events.iter().filter(|event| event.severity > Severity::Info) {
            assert!(justified(event, &face, &world, &truth), "{context}: {event:?}");
        }
        let mut life = world.life.borrow_mut();
        if life.alive && rng.percent(6) {
            // In the middle of whatever it does.
            for _ in 0..rng.below(6) {
                life.step();
            }
            life.kill();
            truth.killed = true;
        } else if !life.alive && rng.percent(25) {
            life.start();
        }
    }
    wounds += end(&world, &mut face, &mut rng, truth, &context);
    (copies, wounds)
}

/// The end of a life: everything comes to rest, and what is wrong then must have been told.
fn end(world: &World, face: &mut Face, rng: &mut Rng, mut truth: Truth, context: &str) -> u32 {
    world.life.borrow_mut().finish();
    if world.life.borrow().disk.inode(STORE).is_none() {
        world.life.borrow_mut().start();
        world.life.borrow_mut().finish();
    }
    world.life.borrow_mut().kill();
    truth.killed = true;
    let mut told = settle(world, face);
    truth.moved_aside |= world.life.borrow().disk.inode(CORRUPT).is_some();
    for event in told.iter().filter(|event| event.severity > Severity::Info) {
        assert!(justified(event, face, world, &truth), "{context}: {event:?}");
    }
    let figures = face.follower.figures();
    let first = {
        let life = world.life.borrow();
        first_bad(life.disk.bytes(life.disk.inode(STORE).unwrap()))
    };
    let seen = figures.wounds > 0 || figures.unfinished;
    assert_eq!(seen, first.is_some(), "{context}: {first:?} {figures:?}");
    if first.is_some() {
        return 0;
    }
    // Now something breaks that lightningd did not do.
    let span = if rng.percent(50) {
        world.life.borrow_mut().flip().map(|at| (at, at + 1))
    } else {
        world.life.borrow_mut().zero()
    };
    let life = world.life.borrow();
    let bad = first_bad(life.disk.bytes(life.disk.inode(STORE).unwrap()));
    drop(life);
    let (Some(span), Some(bad)) = (span, bad) else { return 0 };
    told = settle(world, face);
    let bad = u64::try_from(bad).unwrap();
    let hit = |event: &&Event| {
        let number = |name| event.values.number(name);
        match event.what {
            What::Wound => number("offset") <= Some(bad) && number("end").is_none_or(|e| e > bad),
            What::Unfinished => number("offset") == Some(bad),
            _ => false,
        }
    };
    assert!(told.iter().any(|event| hit(&event)), "{context}: {span:?} {bad} {told:?}");
    1
}

/// Polls until nothing is in doubt and several rounds are over.
fn settle(world: &World, face: &mut Face) -> Vec<Event> {
    let mut events = Vec::new();
    for _ in 0..60 {
        events.extend(face.poll(world));
    }
    let rounds = face.follower.figures().rounds;
    for _ in 0..600 {
        events.extend(face.poll(world));
        let figures = face.follower.figures();
        if face.follower.settled() && figures.rounds >= rounds + 2 {
            break;
        }
    }
    events
}

#[test]
fn a_thousand_lives_without_a_false_alarm_or_a_missed_wound() {
    let (mut copies, mut wounds) = (0, 0);
    for seed in 0..1_000 {
        let version = [14, 15, 16, 16][usize::try_from(seed % 4).unwrap()];
        let (more_copies, more_wounds) = live(version, seed);
        copies += more_copies;
        wounds += more_wounds;
    }
    println!("{copies} copies verified, {wounds} wounds injected and told");
    assert!(copies > 1_000 && wounds > 500, "{copies} copies, {wounds} wounds");
}
