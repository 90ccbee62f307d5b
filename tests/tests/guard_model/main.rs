//! Everything that can happen to a migration behind `core::guard`, gone through: every order of
//! steps and crashes, one to three modules, any configuration at any start. And the same for what
//! LND does today, and for one mark after the commit: each shows its window.
//!
//! What must not be is [`checker::Fault`].

mod checker;
mod ours;
mod present;

use checker::{Fault, Found, Walked, walk};
use ours::{Bounds, Broken, Ours};
use present::{OneMark, Order};

/// Walks, shows what was walked, and expects no fault.
fn holds(modules: usize, bounds: Bounds) -> Walked {
    let found = match walk(&Ours { bounds, broken: None }, modules) {
        Ok(walked) => {
            let Walked { module, distinct, all, steps } = walked;
            println!(
                "{modules} modules, {bounds:?}: {all} states ({distinct} without regard to order), \
                 {steps} steps; {module} states of one module"
            );
            return walked;
        }
        Err(found) => found,
    };
    panic!("{:?}\n{}", found.fault, found.trace.join("\n"));
}

fn window(name: &str, found: Result<Walked, Found>) -> (Fault, Vec<String>) {
    let Err(Found { fault, trace }) = found else { panic!("{name}: no window was found") };
    println!("{name}: {fault:?}\n{}\n", trace.join("\n"));
    (fault, trace)
}

#[test]
fn one_module_is_safe_in_every_state() {
    holds(1, Bounds { epochs: 3, writes: 4, late: false });
    let walked = holds(1, Bounds { epochs: 2, writes: 3, late: true });
    assert!(walked.distinct > 1_000);
}

#[test]
fn two_modules_are_safe_in_every_state() {
    holds(2, Bounds { epochs: 2, writes: 2, late: false });
}

#[test]
fn three_modules_are_safe_in_every_state() {
    holds(3, Bounds { epochs: 1, writes: 1, late: false });
}

#[test]
fn a_mark_before_the_commit_as_lnd_has_it_locks_out_of_data_that_have_not_moved() {
    for modules in 1..=3 {
        let lnd = OneMark { order: Order::Before, skip: false };
        let (fault, trace) = window("LND's order", walk(&lnd, modules));
        assert_eq!(fault, Fault::Neither);
        // On, mark, crash, off: and the state.
        assert_eq!(trace.len(), 5);
    }
}

#[test]
fn with_the_skip_flag_that_window_loses_the_data() {
    let lnd = OneMark { order: Order::Before, skip: true };
    // Without the data the refusal is found first; it is a step nearer.
    let (fault, _) = window("LND's order, with its skip flag", walk(&SkipOnly(lnd), 1));
    assert_eq!(fault, Fault::Lost);
}

#[test]
fn a_mark_after_the_commit_opens_both_stores() {
    for modules in 1..=3 {
        let after = OneMark { order: Order::After, skip: false };
        let (fault, _) = window("a mark after the commit", walk(&after, modules));
        assert_eq!(fault, Fault::Both);
    }
}

/// Nothing of what the guard relies on is there for comfort.
#[test]
fn without_any_of_its_assumptions_the_guard_fails() {
    let expected = [
        (Broken::LazyOld, Fault::Both),
        (Broken::SplitCommit, Fault::Lost),
        (Broken::BlindCommit, Fault::Both),
        (Broken::NoVoid, Fault::Both),
        (Broken::BlindOld, Fault::Both),
        (Broken::Unchecked, Fault::Both),
    ];
    for (broken, fault) in expected {
        let bounds = Bounds { epochs: 2, writes: 2, late: true };
        let found = walk(&Ours { bounds, broken: Some(broken) }, 1);
        assert_eq!(window(&format!("without {broken:?}"), found).0, fault, "{broken:?}");
    }
}

/// LND without the start that is refused, to see what lies behind.
struct SkipOnly(OneMark);

impl checker::Protocol for SkipOnly {
    type State = present::State;

    fn initial(&self) -> Self::State {
        self.0.initial()
    }
    fn steps(&self, state: &Self::State) -> Vec<(String, Self::State)> {
        self.0.steps(state)
    }
    fn crash(&self, state: &Self::State) -> Self::State {
        self.0.crash(state)
    }
    fn data(&self, state: &Self::State) -> checker::Data {
        self.0.data(state)
    }
    fn open(&self, state: &Self::State) -> Option<checker::Side> {
        self.0.open(state)
    }
    fn accepts(&self, state: &Self::State) -> (bool, bool) {
        self.0.accepts(state)
    }
    fn says_completed(&self, _: &Self::State) -> bool {
        false
    }
    fn shows_migrating(&self, state: &Self::State) -> bool {
        self.0.shows_migrating(state)
    }
}
