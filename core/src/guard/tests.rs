//! The guard over stores in memory: each operation of two lives of a program with two modules
//! fails or dies in turn, before or after it takes effect. (tests/tests/guard_model.rs explores
//! the tasks themselves, in every state; here it is about what runs them.)

use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cell::Cell;

use super::*;

const MODULES: [&str; 2] = ["invoice", "graph"];

/// What becomes of the operation with number `at`.
#[derive(Clone, Copy, Debug)]
enum Blow {
    FailsBefore,
    FailsAfter,
    DiesBefore,
    DiesAfter,
}

/// Counts operations, and lets one go wrong.
#[derive(Debug, Default)]
struct Fuse {
    count: Cell<u32>,
    blow: Cell<Option<(u32, Blow)>>,
    dead: Cell<bool>,
}

impl Fuse {
    fn set(&self, blow: Option<(u32, Blow)>) {
        self.count.set(0);
        self.dead.set(false);
        self.blow.set(blow);
    }

    /// Does an operation, or not.
    fn burn<T>(
        &self,
        operation: impl FnOnce() -> Result<T, &'static str>,
    ) -> Result<T, &'static str> {
        if self.dead.get() {
            return Err("the program is dead");
        }
        let number = self.count.get();
        self.count.set(number + 1);
        let Some((at, blow)) = self.blow.get() else { return operation() };
        if at != number {
            return operation();
        }
        self.dead.set(matches!(blow, Blow::DiesBefore | Blow::DiesAfter));
        if matches!(blow, Blow::FailsAfter | Blow::DiesAfter) {
            operation()?;
        }
        Err("it was lit")
    }
}

#[derive(Clone, Debug, Default)]
struct Old {
    fuse: Rc<Fuse>,
    marks: BTreeMap<String, OldMark>,
    rows: BTreeMap<String, Vec<u32>>,
}

#[derive(Clone, Debug, Default)]
struct New {
    fuse: Rc<Fuse>,
    marks: BTreeMap<String, NewMark>,
    rows: BTreeMap<String, Vec<u32>>,
}

impl OldStore for Old {
    type Error = &'static str;

    fn mark(&mut self, module: &str) -> Result<Option<OldMark>, Self::Error> {
        self.fuse.burn(|| Ok(self.marks.get(module).cloned()))
    }

    fn replace(
        &mut self,
        module: &str,
        from: Option<&OldMark>,
        to: &OldMark,
    ) -> Result<(), Self::Error> {
        let marks = &mut self.marks;
        self.fuse.burn(|| {
            if marks.get(module) != from {
                return Err("another mark stands there");
            }
            marks.insert(module.to_string(), to.clone());
            Ok(())
        })
    }
}

impl NewStore for New {
    type Error = &'static str;

    fn mark(&mut self, module: &str) -> Result<Option<NewMark>, Self::Error> {
        self.fuse.burn(|| Ok(self.marks.get(module).copied()))
    }

    fn void(&mut self, module: &str, epoch: u64) -> Result<NewMark, Self::Error> {
        let marks = &mut self.marks;
        self.fuse.burn(|| {
            let mark = NewMark::voided(marks.get(module).copied(), epoch);
            marks.insert(module.to_string(), mark);
            Ok(mark)
        })
    }
}

/// Both stores, and what was reported as written.
#[derive(Clone, Debug, Default)]
struct World {
    old: Old,
    new: New,
    written: BTreeMap<String, Vec<u32>>,
    alarms: u32,
}

impl World {
    fn new() -> World {
        let mut world = World::default();
        world.new.fuse = Rc::clone(&world.old.fuse);
        world
    }

    /// One life, with something going wrong at some point or not.
    fn life(&mut self, wish: Wish, resume: bool, blow: Option<(u32, Blow)>) {
        self.old.fuse.set(blow);
        let (old, new) = (core::mem::take(&mut self.old), core::mem::take(&mut self.new));
        let alarms = Cell::new(0);
        let watch = |event: &Event<'_>| match event {
            Event::RollbackRefused(_) => alarms.set(alarms.get() + 1),
            Event::NotAPair(refusal) => panic!("{refusal}"),
            _ => {}
        };
        let mut guard = Guard::new(old, new, watch);
        for module in MODULES {
            // Whatever is refused, the program goes on with the next module, and starts anew later.
            let _ = live(&mut guard, module, wish, resume, &mut self.written);
        }
        let Guard { old, new, .. } = guard;
        (self.old, self.new) = (old, new);
        self.alarms += alarms.get();
        self.old.fuse.set(None);
    }
}

fn live<W: Watch>(
    guard: &mut Guard<Old, New, W>,
    module: &str,
    wish: Wish,
    resume: bool,
    written: &mut BTreeMap<String, Vec<u32>>,
) -> Result<(), Refusal> {
    let written = written.entry(module.to_string()).or_default();
    let mut entry = guard.start(module, wish)?;
    if let Entry::Interrupted(interrupted) = entry {
        entry = if resume {
            migrate(guard, interrupted.resume())?
        } else {
            guard.abort(interrupted)?
        };
    }
    if let Entry::Old(pass) = entry {
        write(guard.old.rows.entry(module.to_string()).or_default(), &guard.old.fuse, written);
        if wish == Wish::Old {
            return Ok(());
        }
        let migration = guard.begin(pass, "elsewhere")?;
        entry = migrate(guard, migration)?;
    }
    if let Entry::New(_) = entry {
        write(guard.new.rows.entry(module.to_string()).or_default(), &guard.new.fuse, written);
    }
    Ok(())
}

fn migrate<W: Watch>(
    guard: &mut Guard<Old, New, W>,
    migration: Migration,
) -> Result<Entry, Refusal> {
    let module = migration.module().to_string();
    let (old, new) = (&guard.old, &mut guard.new);
    // Also where it fails, the guard asks the store.
    let _ = new.fuse.burn(|| {
        if !NewMark::admits(new.marks.get(&module).copied(), migration.epoch()) {
            return Err("not admitted");
        }
        new.rows.insert(module.clone(), old.rows.get(&module).cloned().unwrap_or_default());
        new.marks.insert(module.clone(), migration.mark());
        Ok(())
    });
    guard.finish(migration)
}

/// A store that is open must hold everything, and takes one row more.
fn write(rows: &mut Vec<u32>, fuse: &Fuse, written: &mut Vec<u32>) {
    assert!(written.iter().all(|row| rows.contains(row)), "{written:?} in {rows:?}");
    let row = u32::try_from(rows.len()).expect("few");
    let push = || {
        rows.push(row);
        Ok(())
    };
    if fuse.burn(push).is_ok() {
        written.push(row);
    }
}

#[test]
#[cfg_attr(miri, ignore = "a large input")]
fn whatever_goes_wrong_in_two_lives_the_third_has_everything() {
    let choices = || {
        [Wish::Old, Wish::New]
            .into_iter()
            .flat_map(|wish| [false, true].map(|resume| (wish, resume)))
    };
    let blows = || {
        let kinds = [Blow::FailsBefore, Blow::FailsAfter, Blow::DiesBefore, Blow::DiesAfter];
        (0..16).flat_map(move |at| kinds.map(|kind| (at, kind)))
    };
    let mut ends = 0;
    for (wish, resume) in choices() {
        for blow in blows() {
            let mut first = World::new();
            first.life(wish, resume, Some(blow));
            for (wish, resume) in choices() {
                for blow in blows() {
                    let mut second = first.clone_apart();
                    second.life(wish, resume, Some(blow));
                    for (wish, resume) in choices() {
                        let mut third = second.clone_apart();
                        let before = third.alarms;
                        third.life(wish, resume, None);
                        third.life(Wish::New, true, None);
                        for module in MODULES {
                            let moved = &third.new.rows[module];
                            assert!(third.written[module].iter().all(|row| moved.contains(row)));
                            let mark = &third.old.marks[module];
                            assert_eq!(mark.phase, Phase::Done);
                        }
                        assert!(third.alarms <= before + 2);
                        ends += 1;
                    }
                }
            }
        }
    }
    assert_eq!(ends, 4 * 64 * 4 * 64 * 4);
}

impl World {
    /// A copy with a fuse of its own.
    fn clone_apart(&self) -> World {
        let mut world = self.clone();
        world.old.fuse = Rc::default();
        world.new.fuse = Rc::clone(&world.old.fuse);
        world
    }
}

/// Stores with these marks.
fn world(old: Option<(u64, Phase)>, new: Option<NewMark>) -> World {
    let mut world = World::new();
    if let Some((epoch, phase)) = old {
        let mark = OldMark { epoch, phase, target: "sqlite".to_string() };
        world.old.marks.insert("invoice".to_string(), mark);
    }
    if let Some(mark) = new {
        world.new.marks.insert("invoice".to_string(), mark);
    }
    world
}

/// What a start comes to, in a word; its operation number `dead`, from 1 on, fails.
fn start(world: World, wish: Wish, dead: u32) -> (String, Vec<&'static str>) {
    world.old.fuse.set(dead.checked_sub(1).map(|at| (at, Blow::FailsBefore)));
    let mut events = Vec::new();
    let watch = |event: &Event<'_>| {
        events.push(match event {
            Event::RollbackRefused(_) => "rollback refused",
            Event::NotAPair(_) => "not a pair",
            Event::Adopted { .. } => "adopted",
            Event::Aborted { .. } => "aborted",
        });
    };
    let mut guard = Guard::new(world.old, world.new, watch);
    let end = match guard.start("invoice", wish) {
        Ok(Entry::Old(_)) => "old".to_string(),
        Ok(Entry::Interrupted(_)) => "interrupted".to_string(),
        Ok(Entry::New(_)) => "new".to_string(),
        Err(refusal) => {
            assert!(!refusal.state.ways_out().is_empty());
            refusal.to_string()
        }
    };
    (end, events)
}

#[test]
fn every_pair_of_marks_has_its_answer() {
    use Phase::{Aborted, Done, Intent};
    let committed = |epoch| Some(NewMark::Committed { epoch });
    let void = |epoch| Some(NewMark::Void { epoch });
    let pair = "invoice migration in doubt: the stores are no pair";
    let completed = "invoice migration already completed (epoch 2, into sqlite)";
    // Old mark, new mark, configured for the old store, for the new one. Worked out by hand.
    let table = [
        (None, None, "old", "old"),
        (None, void(1), "old", "old"),
        (None, committed(1), pair, pair),
        (Some((2, Aborted)), None, "old", "old"),
        (Some((2, Aborted)), void(2), "old", "old"),
        (Some((2, Aborted)), committed(2), pair, pair),
        (Some((2, Intent)), None, "interrupted", "interrupted"),
        (Some((2, Intent)), void(1), "interrupted", "interrupted"),
        (Some((2, Intent)), void(2), "old", "old"),
        (Some((2, Intent)), void(3), pair, pair),
        (Some((2, Intent)), committed(1), pair, pair),
        (Some((2, Intent)), committed(2), completed, "new"),
        (Some((2, Done)), None, completed, pair),
        (Some((2, Done)), void(2), completed, pair),
        (Some((2, Done)), committed(1), completed, pair),
        (Some((2, Done)), committed(2), completed, "new"),
    ];
    for (old, new, for_old, for_new) in table {
        for (wish, expected) in
            [(Wish::Old, for_old), (Wish::New, for_new), (Wish::NewAlone, for_new)]
        {
            let (end, events) = start(world(old, new), wish, 0);
            assert!(end.starts_with(expected), "{old:?} {new:?} {wish:?}: {end}");
            let event = match expected {
                _ if expected == pair => Some("not a pair"),
                _ if expected == completed => Some("rollback refused"),
                _ => None,
            };
            assert_eq!(events, Vec::from_iter(event), "{old:?} {new:?} {wish:?}");
        }
    }
}

#[test]
fn what_cannot_be_read_is_refused_with_a_way_out() {
    let committed = Some(NewMark::Committed { epoch: 1 });
    let end = |old, new, wish, dead| start(world(old, new), wish, dead).0;

    assert_eq!(
        end(Some((1, Phase::Intent)), committed, Wish::Old, 2),
        "invoice migration undecided: it was begun, and the new store cannot be read \
         (it was lit); way out: make the new store readable and start again"
    );
    assert_eq!(
        end(Some((1, Phase::Done)), committed, Wish::New, 2),
        "invoice migration completed (epoch 1, into sqlite): the new store cannot be read \
         (it was lit); way out: make the new store readable and start again"
    );
    assert_eq!(
        end(Some((1, Phase::Done)), committed, Wish::New, 1),
        "invoice migration undecided: the old store cannot be read (it was lit); way out: make the \
         old store readable and start again, or if the old store is gone for good, start with the \
         new one alone"
    );
    // Nothing was ever begun: the new store need not even exist.
    assert_eq!(end(None, None, Wish::Old, 2), "old");
    assert_eq!(end(Some((1, Phase::Done)), committed, Wish::NewAlone, 1), "new");
    assert_eq!(
        end(None, None, Wish::NewAlone, 1),
        "invoice migration not completed: the new store cannot be used alone (it was lit); \
         way out: make the old store readable and start again"
    );
    // The intent is settled, but the settling fails.
    assert_eq!(
        end(Some((1, Phase::Intent)), committed, Wish::New, 3),
        "invoice migration undecided: writing the old store's mark failed (it was lit); \
         way out: start again"
    );
}

#[test]
fn a_store_put_back_from_a_copy_can_be_adopted() {
    let World { old, new, .. } = world(None, Some(NewMark::Committed { epoch: 7 }));
    let mut guard = Guard::new(old, new, |_: &Event<'_>| {});
    let refusal = guard.start("invoice", Wish::New).unwrap_err();
    assert!(refusal.state.ways_out().contains(&Way::Adopt));

    let pass = guard.adopt("invoice").expect("the new store is committed");
    assert_eq!((pass.module(), pass.epoch()), ("invoice", 7));
    guard.close_new(pass);
    assert!(matches!(guard.start("invoice", Wish::New), Ok(Entry::New(_))));

    // A store without a commit cannot be adopted.
    assert!(guard.adopt("graph").is_err());
}

#[test]
fn a_second_pass_is_not_handed_out() {
    let World { old, new, .. } = World::new();
    let mut guard = Guard::new(old, new, |_: &Event<'_>| {});
    let Ok(Entry::Old(pass)) = guard.start("invoice", Wish::Old) else { panic!("nothing moved") };
    let refusal = guard.start("invoice", Wish::New).unwrap_err();
    assert_eq!(refusal.state, State::AlreadyStarted);
    // The first one still counts.
    assert_eq!(guard.start("invoice", Wish::New).unwrap_err().state, State::AlreadyStarted);
    guard.close_old(pass);
    assert!(guard.start("invoice", Wish::New).is_ok());
}

#[test]
fn a_migration_is_not_begun_towards_a_store_that_cannot_be_read() {
    let World { old, new, .. } = World::new();
    let fuse = Rc::clone(&old.fuse);
    let mut guard = Guard::new(old, new, |_: &Event<'_>| {});
    let Ok(Entry::Old(pass)) = guard.start("invoice", Wish::New) else { panic!("nothing moved") };
    fuse.set(Some((0, Blow::FailsBefore)));
    assert_eq!(guard.begin(pass, "sqlite").unwrap_err().state, State::NotBegun);
    fuse.set(None);
    assert!(guard.old.marks.is_empty());
    assert!(matches!(guard.start("invoice", Wish::New), Ok(Entry::Old(_))));
}

#[test]
fn text_in_a_refusal_cannot_act_on_a_terminal() {
    let state = State::Completed { epoch: 1, target: "\u{1b}[2J".to_string() };
    let refusal = Refusal { module: "in\nvoice".to_string(), state, cause: None };
    let text = refusal.to_string();
    assert!(
        text.starts_with(r"in\u{a}voice migration already completed (epoch 1, into \u{1b}[2J)")
    );
}
