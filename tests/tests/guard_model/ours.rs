//! `core::guard` under the checker: the guard's own tasks, over stores that do what real ones do.
//!
//! - Each read can fail. Each write can happen or not, and each can be reported as failed either
//!   way; what was sent can also arrive later, in another life of the program, unless its
//!   condition no longer holds (one such write of each kind at a time).
//! - A crash falls anywhere between two steps, so before and after every write.
//! - Each start takes the configuration anew.
//!
//! A [`Broken`] takes one of the guard's assumptions away.

use fulgurite_core::guard::{
    Answer, Ask, NewMark, OldMark, Outcome, Phase, State, Task, Turn, Wish,
};

use super::checker::{Data, Protocol, Side};

/// How much is walked through.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// Attempts to migrate.
    pub(crate) epochs: u64,
    /// Accepted writes, in either store.
    pub(crate) writes: u32,
    /// Whether writes can arrive late.
    pub(crate) late: bool,
}

/// An assumption that does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    /// The old store's marks are reported as written before they outlast a crash.
    LazyOld,
    /// The new store's mark is written in a transaction before that of the data.
    SplitCommit,
    /// The commit does not ask `NewMark::admits`.
    BlindCommit,
    /// The new store is not told of an abort.
    NoVoid,
    /// The old store's mark is replaced whatever stands there.
    BlindOld,
    /// With the old store configured, the check is left out.
    Unchecked,
}

/// The guard, in these bounds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ours {
    pub(crate) bounds: Bounds,
    pub(crate) broken: Option<Broken>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Module {
    data: Data,
    old: Option<OldMark>,
    new: Option<NewMark>,
    /// With [`Broken::LazyOld`]: what a crash leaves of `old`.
    synced: Option<OldMark>,
    late: Late,
    program: Program,
}

/// Writes that were sent and may still arrive.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Late {
    /// From, to.
    old: Option<(Option<OldMark>, OldMark)>,
    /// The epoch, and the data as they were when it was sent.
    commit: Option<(u64, u8)>,
    /// The epoch.
    void: Option<u64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Program {
    Down,
    Runs(Task),
    Old(Option<OldMark>),
    Migrating(OldMark),
    /// With [`Broken::SplitCommit`]: the mark is there, the data are not.
    Half(OldMark),
    Interrupted(OldMark),
    New,
    Refused(State),
}

const WISHES: [Wish; 3] = [Wish::Old, Wish::New, Wish::NewAlone];

impl Ours {
    fn is(&self, broken: Broken) -> bool {
        self.broken == Some(broken)
    }

    fn replace(&self, module: &mut Module, from: Option<&OldMark>, to: &OldMark) -> bool {
        let fits = module.old.as_ref() == from || self.is(Broken::BlindOld);
        if fits {
            module.old = Some(to.clone());
            if !self.is(Broken::LazyOld) {
                module.synced.clone_from(&module.old);
            }
        }
        fits
    }

    fn commit(&self, module: &mut Module, epoch: u64, data: u8) {
        if NewMark::admits(module.new, epoch) || self.is(Broken::BlindCommit) {
            module.new = Some(NewMark::Committed { epoch });
            module.data.new = data;
        }
    }

    fn void(&self, module: &mut Module, epoch: u64) -> NewMark {
        let mark = NewMark::voided(module.new, epoch);
        if !self.is(Broken::NoVoid) {
            module.new = Some(mark);
        }
        mark
    }

    /// What can come of what a task asks.
    fn answers(&self, module: &Module, ask: &Ask) -> Vec<(String, Module, Answer)> {
        let mut all = Vec::new();
        let mut add = |label: &str, module: &Module, answer: Answer| {
            all.push((format!("{}: {label}", shown(ask)), module.clone(), answer));
        };
        let mut written = module.clone();
        match ask {
            Ask::ReadOld => add("read", module, Answer::Old(module.old.clone())),
            Ask::ReadNew => add("read", module, Answer::New(module.new)),
            Ask::WriteOld { from, to } => {
                if self.replace(&mut written, from.as_ref(), to) {
                    add("written", &written, Answer::Written);
                    add("written, and reported as failed", &written, Answer::Failed);
                }
                if self.bounds.late && module.late.old.is_none() {
                    let mut sent = module.clone();
                    sent.late.old = Some((from.clone(), to.clone()));
                    add("sent, and not heard of", &sent, Answer::Failed);
                }
            }
            Ask::VoidNew { epoch } => {
                let mark = self.void(&mut written, *epoch);
                add("written", &written, Answer::New(Some(mark)));
                add("written, and reported as failed", &written, Answer::Failed);
                if self.bounds.late && module.late.void.is_none() {
                    let mut sent = module.clone();
                    sent.late.void = Some(*epoch);
                    add("sent, and not heard of", &sent, Answer::Failed);
                }
            }
        }
        add("failed", module, Answer::Failed);
        all
    }

    /// The transaction that brings the data, and what can come of it.
    fn migrate(&self, module: &Module, intent: &OldMark) -> Vec<(String, Module)> {
        let epoch = intent.epoch;
        let finish = Program::Runs(Task::finish(intent.clone()));
        let to = |program: Program| Module { program, ..module.clone() };
        let mut committed = to(finish.clone());
        self.commit(&mut committed, epoch, module.data.old);
        if self.is(Broken::SplitCommit) {
            let data = module.data;
            let half = Module { data, program: Program::Half(intent.clone()), ..committed };
            return vec![("the mark commits, without the data".into(), half)];
        }
        let mut all = vec![
            (format!("epoch {epoch} commits, if admitted"), committed),
            (format!("committing epoch {epoch} fails"), to(finish.clone())),
            ("the migration is put down".into(), to(Program::Interrupted(intent.clone()))),
        ];
        if self.bounds.late && module.late.commit.is_none() {
            let mut sent = to(finish);
            sent.late.commit = Some((epoch, module.data.old));
            all.push((format!("epoch {epoch} is sent, and not heard of"), sent));
        }
        all
    }

    /// What arrives late.
    fn arrivals(&self, module: &Module) -> Vec<(String, Module)> {
        let mut all = Vec::new();
        if let Some((from, to)) = &module.late.old {
            let mut after = module.clone();
            after.late.old = None;
            self.replace(&mut after, from.as_ref(), to);
            all.push((format!("{:?} {} arrives late", to.phase, to.epoch), after));
        }
        if let Some((epoch, data)) = module.late.commit {
            let mut after = module.clone();
            after.late.commit = None;
            self.commit(&mut after, epoch, data);
            all.push((format!("commit {epoch} arrives late"), after));
        }
        if let Some(epoch) = module.late.void {
            let mut after = module.clone();
            after.late.void = None;
            self.void(&mut after, epoch);
            all.push((format!("void {epoch} arrives late"), after));
        }
        all
    }

    /// Everywhere that starts can end, whichever reads succeed, without anything else happening.
    fn ends(&self, module: &Module) -> Vec<Program> {
        let mut ends = Vec::new();
        for wish in WISHES {
            if wish == Wish::Old && self.is(Broken::Unchecked) {
                ends.push(Program::Old(module.old.clone()));
            }
            let mut open = vec![(module.clone(), Task::start(wish))];
            while let Some((module, task)) = open.pop() {
                for (_, after, answer) in self.answers(&module, &task.ask()) {
                    match task.clone().answer(answer) {
                        Turn::More(task) => open.push((after, task)),
                        Turn::End(outcome) => ends.push(program(outcome)),
                    }
                }
            }
        }
        ends
    }
}

impl Protocol for Ours {
    type State = Module;

    fn initial(&self) -> Module {
        Module {
            data: Data::default(),
            old: None,
            new: None,
            synced: None,
            late: Late::default(),
            program: Program::Down,
        }
    }

    fn steps(&self, module: &Module) -> Vec<(String, Module)> {
        let mut steps = self.arrivals(module);
        let to = |program: Program| Module { program, ..module.clone() };
        match &module.program {
            Program::Down => {
                for wish in WISHES {
                    let program = match wish {
                        Wish::Old if self.is(Broken::Unchecked) => Program::Old(module.old.clone()),
                        wish => Program::Runs(Task::start(wish)),
                    };
                    steps.push((format!("start, configured for {wish:?}"), to(program)));
                }
            }
            Program::Runs(task) => {
                for (label, after, answer) in self.answers(module, &task.ask()) {
                    let program = match task.clone().answer(answer) {
                        Turn::More(task) => Program::Runs(task),
                        Turn::End(outcome) => program(outcome),
                    };
                    steps.push((label, Module { program, ..after }));
                }
            }
            Program::Old(mark) => {
                if let Some(data) = module.data.write(Side::Old, self.bounds.writes) {
                    steps.push((
                        "a write to the old store".into(),
                        Module { data, ..module.clone() },
                    ));
                }
                let void = match module.new {
                    Some(NewMark::Void { epoch }) => epoch,
                    _ => 0,
                };
                if mark.as_ref().map_or(0, |mark| mark.epoch).max(void) < self.bounds.epochs {
                    let begin = Program::Runs(Task::begin(mark.clone(), String::new()));
                    steps.push(("begin".into(), to(begin)));
                }
            }
            Program::Migrating(intent) => steps.extend(self.migrate(module, intent)),
            Program::Half(intent) => {
                let data = Data { new: module.data.old, ..module.data };
                let program = Program::Runs(Task::finish(intent.clone()));
                steps.push(("the data commit".into(), Module { data, program, ..module.clone() }));
            }
            Program::Interrupted(intent) => {
                steps.push(("resume".into(), to(Program::Migrating(intent.clone()))));
                for wish in [Wish::Old, Wish::New] {
                    let abort = Program::Runs(Task::abort(wish, intent.clone()));
                    steps.push((format!("abort, configured for {wish:?}"), to(abort)));
                }
            }
            Program::New => {
                if let Some(data) = module.data.write(Side::New, self.bounds.writes) {
                    steps.push((
                        "a write to the new store".into(),
                        Module { data, ..module.clone() },
                    ));
                }
            }
            Program::Refused(_) => {}
        }
        if module.synced != module.old {
            let synced = Module { synced: module.old.clone(), ..module.clone() };
            steps.push(("the old store syncs".into(), synced));
        }
        steps
    }

    fn crash(&self, module: &Module) -> Module {
        let old = module.synced.clone();
        Module { old, program: Program::Down, ..module.clone() }
    }

    fn data(&self, module: &Module) -> Data {
        module.data
    }

    fn open(&self, module: &Module) -> Option<Side> {
        side(&module.program)
    }

    fn accepts(&self, module: &Module) -> (bool, bool) {
        let ends = self.ends(module);
        let any = |wanted| ends.iter().any(|end| side(end) == Some(wanted));
        (any(Side::Old), any(Side::New))
    }

    fn says_completed(&self, module: &Module) -> bool {
        matches!(
            module.program,
            Program::Refused(State::Completed { .. } | State::Unreachable { .. })
        )
    }

    fn shows_migrating(&self, module: &Module) -> bool {
        if let Program::Refused(state) = &module.program {
            assert!(!state.ways_out().is_empty());
            // The environment puts no copies back, so stores that are no pair would be our doing.
            assert!(!matches!(state, State::NotAPair { .. }) || self.broken.is_some());
        }
        module.old.as_ref().is_some_and(|mark| mark.phase == Phase::Intent)
    }
}

fn program(outcome: Outcome) -> Program {
    match outcome {
        Outcome::Old(mark) => Program::Old(mark),
        Outcome::Migrating(intent) => Program::Migrating(intent),
        Outcome::Interrupted(intent) => Program::Interrupted(intent),
        Outcome::New { .. } => Program::New,
        Outcome::Refused(state) => Program::Refused(state),
    }
}

fn side(program: &Program) -> Option<Side> {
    match program {
        Program::Old(_) => Some(Side::Old),
        Program::New => Some(Side::New),
        _ => None,
    }
}

fn shown(ask: &Ask) -> String {
    match ask {
        Ask::ReadOld => "the old store's mark".into(),
        Ask::ReadNew => "the new store's mark".into(),
        Ask::WriteOld { to, .. } => format!("{:?} {} into the old store", to.phase, to.epoch),
        Ask::VoidNew { epoch } => format!("void {epoch} into the new store"),
    }
}
