//! The checker: walks through every state that one, two or three modules can reach together, and
//! knows nothing of how a migration is made.
//!
//! A protocol describes one module: its steps, and what a crash leaves of it. Modules go their
//! steps one at a time, in every order; a crash takes all of them at once.

use std::collections::{HashMap, VecDeque};
use std::fmt::Debug;
use std::hash::Hash;

/// One of the two stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Old,
    New,
}

/// What a state must not be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Both stores accept writes.
    Both,
    /// A store accepts writes that lacks some that were accepted before.
    Lost,
    /// No store accepts writes, and the program neither says that a migration is under way nor
    /// that it is undecided.
    Neither,
    /// From here nothing leads to a store that accepts writes.
    NoExit,
}

/// The accepted writes, as bits, and where they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Data {
    pub(crate) old: u8,
    pub(crate) new: u8,
    pub(crate) accepted: u8,
}

impl Data {
    /// One more write is accepted, if there were fewer than `limit`.
    pub(crate) fn write(mut self, side: Side, limit: u32) -> Option<Data> {
        let count = self.accepted.count_ones();
        if count >= limit {
            return None;
        }
        let bit = 1 << count;
        self.accepted |= bit;
        match side {
            Side::Old => self.old |= bit,
            Side::New => self.new |= bit,
        }
        Some(self)
    }

    fn complete(self, side: Side) -> bool {
        let held = match side {
            Side::Old => self.old,
            Side::New => self.new,
        };
        held & self.accepted == self.accepted
    }
}

/// How one module migrates.
pub(crate) trait Protocol {
    type State: Clone + Debug + PartialEq + Eq + Hash;

    fn initial(&self) -> Self::State;
    /// Everything that can happen next, but for the crash.
    fn steps(&self, state: &Self::State) -> Vec<(String, Self::State)>;
    /// What the crash (or an orderly end) leaves.
    fn crash(&self, state: &Self::State) -> Self::State;

    fn data(&self, state: &Self::State) -> Data;
    /// The store that the running program writes to.
    fn open(&self, state: &Self::State) -> Option<Side>;
    /// Whether a start would open the old store, and the new one, in some configuration, without
    /// migrating anything.
    fn accepts(&self, state: &Self::State) -> (bool, bool);
    /// Whether the running program has refused to start, and said that the migration is completed.
    fn says_completed(&self, state: &Self::State) -> bool;
    /// Whether the stores themselves show that a migration is under way.
    fn shows_migrating(&self, state: &Self::State) -> bool;
}

/// What was walked through.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Walked {
    /// States of a single module.
    pub(crate) module: usize,
    /// States of all modules together, those that differ only in the modules' order counted once.
    pub(crate) distinct: usize,
    /// The same, each order counted.
    pub(crate) all: u64,
    /// Steps from one to another, crashes included.
    pub(crate) steps: u64,
}

/// A state that must not be, and the shortest way to it.
pub(crate) struct Found {
    pub(crate) fault: Fault,
    pub(crate) trace: Vec<String>,
}

/// One module's states by number, and what leads where.
struct Graph {
    /// To, by which step (a number in `labels`).
    steps: Vec<Vec<(u32, u32)>>,
    crash: Vec<u32>,
    fault: Vec<Option<Fault>>,
    accepts: Vec<bool>,
    labels: Vec<String>,
    /// From which state, by which step (`u32::MAX`: a crash), each was first reached.
    parent: Vec<Option<(u32, u32)>>,
    shown: Vec<String>,
}

/// Walks through all states of so many modules. The first fault, by number of steps, ends it.
pub(crate) fn walk<P: Protocol>(protocol: &P, modules: usize) -> Result<Walked, Found> {
    let graph = Graph::of(protocol);
    if let Some(state) = graph.fault.iter().position(Option::is_some) {
        let fault = graph.fault[state].expect("just found");
        return Err(Found { fault, trace: graph.trace(state) });
    }
    graph.product(modules)
}

impl Graph {
    fn of<P: Protocol>(protocol: &P) -> Graph {
        let mut graph = Graph {
            steps: Vec::new(),
            crash: Vec::new(),
            fault: Vec::new(),
            accepts: Vec::new(),
            labels: Vec::new(),
            parent: vec![None],
            shown: Vec::new(),
        };
        let mut numbers = HashMap::from([(protocol.initial(), 0_u32)]);
        let mut labels = HashMap::new();
        let mut queue = VecDeque::from([protocol.initial()]);
        while let Some(state) = queue.pop_front() {
            let from = numbers[&state];
            let mut number = |state: P::State, label: u32, graph: &mut Graph| {
                let next = u32::try_from(numbers.len()).expect("bounds keep the states few");
                *numbers.entry(state.clone()).or_insert_with(|| {
                    queue.push_back(state);
                    graph.parent.push(Some((from, label)));
                    next
                })
            };
            let mut steps = Vec::new();
            for (label, to) in protocol.steps(&state) {
                let next = u32::try_from(labels.len()).expect("few labels");
                let label = *labels.entry(label.clone()).or_insert_with(|| {
                    graph.labels.push(label);
                    next
                });
                steps.push((number(to, label, &mut graph), label));
            }
            graph.steps.push(steps);
            let crashed = number(protocol.crash(&state), u32::MAX, &mut graph);
            graph.crash.push(crashed);
            let fault = fault(protocol, &state);
            graph.fault.push(fault);
            graph.accepts.push(protocol.open(&state).is_some());
            graph.shown.push(format!("{state:?}"));
            if fault.is_some() {
                // States come in the order of their distance, so this one is as near as any.
                break;
            }
        }
        graph
    }

    fn trace(&self, state: usize) -> Vec<String> {
        let mut lines = vec![format!("   = {}", self.shown[state])];
        let mut at = state;
        while let Some((from, label)) = self.parent[at] {
            lines.push(match label {
                u32::MAX => "CRASH or stop".into(),
                label => self.labels[wide(label)].clone(),
            });
            at = wide(from);
        }
        lines.reverse();
        for (number, line) in lines.iter_mut().enumerate() {
            if !line.starts_with("   =") {
                *line = format!("{:>2}. {line}", number + 1);
            }
        }
        lines
    }

    /// The states of several modules, sorted within: modules are alike.
    fn product(&self, modules: usize) -> Result<Walked, Found> {
        let count = self.steps.len();
        let size = count.pow(u32::try_from(modules).expect("three at most"));
        let mut seen = vec![false; size];
        let mut order = vec![0_usize]; // All modules in their initial state, number 0.
        seen[0] = true;
        let mut walked = Walked { module: count, ..Walked::default() };
        let mut at = 0;
        while let Some(&number) = order.get(at) {
            at += 1;
            let tuple = unpack(number, count, modules);
            walked.all += orders(&tuple);
            for &module in &tuple {
                // Faults are faults of a module, and a module may be in other states here than
                // alone only if this checker is wrong.
                assert!(self.fault[wide(module)].is_none());
            }
            self.successors(&tuple, |next| {
                walked.steps += 1;
                let number = pack(next, count);
                if !seen[number] {
                    seen[number] = true;
                    order.push(number);
                }
            });
        }
        walked.distinct = order.len();
        self.exits(&order, modules).map(|()| walked)
    }

    /// Whether from every state some way leads to one in which every module can be written.
    fn exits(&self, order: &[usize], modules: usize) -> Result<(), Found> {
        let count = self.steps.len();
        let size = count.pow(u32::try_from(modules).expect("three at most"));
        let mut good = vec![false; size];
        let mut left: Vec<usize> = order.to_vec();
        loop {
            let before = left.len();
            // Backwards, because exits mostly lie ahead.
            left.reverse();
            left.retain(|&number| {
                let tuple = unpack(number, count, modules);
                let mut exit = tuple.iter().all(|&state| self.accepts[wide(state)]);
                self.successors(&tuple, |next| exit |= good[pack(next, count)]);
                good[number] |= exit;
                !exit
            });
            if left.is_empty() {
                return Ok(());
            }
            if left.len() == before {
                let worst = unpack(left[0], count, modules);
                let trace = worst.iter().flat_map(|&state| self.trace(wide(state))).collect();
                return Err(Found { fault: Fault::NoExit, trace });
            }
        }
    }

    fn successors(&self, tuple: &[u32], mut each: impl FnMut(&[u32])) {
        let mut next = [0; 3];
        let next = &mut next[..tuple.len()];
        for (place, &state) in tuple.iter().enumerate() {
            for &(to, _) in &self.steps[wide(state)] {
                next.copy_from_slice(tuple);
                next[place] = to;
                next.sort_unstable();
                each(next);
            }
        }
        for (slot, &state) in next.iter_mut().zip(tuple) {
            *slot = self.crash[wide(state)];
        }
        next.sort_unstable();
        each(next);
    }
}

fn fault<P: Protocol>(protocol: &P, state: &P::State) -> Option<Fault> {
    let data = protocol.data(state);
    let open = protocol.open(state);
    let (old, new) = protocol.accepts(state);
    let old = old || open == Some(Side::Old);
    let new = new || open == Some(Side::New);
    if old && new {
        return Some(Fault::Both);
    }
    if (old && !data.complete(Side::Old)) || (new && !data.complete(Side::New)) {
        return Some(Fault::Lost);
    }
    let silent = protocol.says_completed(state) || !protocol.shows_migrating(state);
    (!old && !new && silent).then_some(Fault::Neither)
}

/// A number of a state as an index.
fn wide(state: u32) -> usize {
    state as usize
}

fn pack(tuple: &[u32], count: usize) -> usize {
    tuple.iter().fold(0, |number, &state| number * count + wide(state))
}

fn unpack(mut number: usize, count: usize, modules: usize) -> Vec<u32> {
    let mut tuple = vec![0; modules];
    for slot in tuple.iter_mut().rev() {
        *slot = u32::try_from(number % count).expect("numbers of states are u32");
        number /= count;
    }
    tuple
}

/// In how many orders these (sorted) states can stand.
fn orders(tuple: &[u32]) -> u64 {
    match tuple {
        [a, b] => 1 + u64::from(a != b),
        [a, b, c] => match u8::from(a == b) + u8::from(b == c) {
            0 => 6,
            1 => 3,
            _ => 1,
        },
        _ => 1,
    }
}
