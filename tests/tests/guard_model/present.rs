//! What LND does today, and what one would try first instead: one mark, before the commit or
//! after it.
//!
//! LND v0.19 to v0.21 (`config_builder.go`, `BuildDatabase`): with native SQL on, the tombstone is
//! written to the key-value store from inside the SQL transaction, so before that commits; with it
//! off, a tombstone refuses the start. `db.skip-native-sql-migration` records the migration as
//! done without making it.

use super::checker::{Data, Protocol, Side};

/// When the one mark in the old store is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    Before,
    After,
}

/// One mark.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OneMark {
    pub(crate) order: Order,
    /// Whether an operator may set the flag that skips the migration, on a store that LND itself
    /// calls migrated (it does harm at any time; here it is only let in by the window).
    pub(crate) skip: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct State {
    data: Data,
    /// The mark in the old store: the tombstone.
    tombstone: bool,
    /// The commit in the new one: row 7 of the tracker.
    tracker: bool,
    program: Program,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Program {
    Down,
    Old,
    New,
    Migrating,
    Tombstoned,
}

impl Protocol for OneMark {
    type State = State;

    fn initial(&self) -> State {
        State { data: Data::default(), tombstone: false, tracker: false, program: Program::Down }
    }

    fn steps(&self, state: &State) -> Vec<(String, State)> {
        let mut steps = Vec::new();
        let mut step = |label: &str, state: State| steps.push((label.to_string(), state));
        let now = |program| State { program, ..state.clone() };
        match state.program {
            Program::Down => {
                let off = if state.tombstone { Program::Tombstoned } else { Program::Old };
                step("start, native SQL off", now(off));
                let on = if state.tracker { Program::New } else { Program::Migrating };
                step("start, native SQL on", now(on));
                if self.skip && state.tombstone {
                    let to = State { tracker: true, ..now(Program::New) };
                    step("start, native SQL on, migration skipped", to);
                }
            }
            Program::Old | Program::New => {
                let side = if state.program == Program::Old { Side::Old } else { Side::New };
                if let Some(data) = state.data.write(side, 2) {
                    step(
                        &format!("a write to the {side:?} store"),
                        State { data, ..state.clone() },
                    );
                }
            }
            Program::Migrating => {
                let marked = State { tombstone: true, ..state.clone() };
                let data = Data { new: state.data.old, ..state.data };
                let commit = State { data, tracker: true, ..state.clone() };
                match self.order {
                    Order::Before if !state.tombstone => step("tombstone written", marked),
                    Order::Before => {
                        step("SQL commits", State { program: Program::New, ..commit });
                    }
                    Order::After if !state.tracker => step("SQL commits", commit),
                    Order::After => {
                        step("tombstone written", State { program: Program::New, ..marked });
                    }
                }
            }
            Program::Tombstoned => {}
        }
        steps
    }

    fn crash(&self, state: &State) -> State {
        State { program: Program::Down, ..state.clone() }
    }

    fn data(&self, state: &State) -> Data {
        state.data
    }

    fn open(&self, state: &State) -> Option<Side> {
        match state.program {
            Program::Old => Some(Side::Old),
            Program::New => Some(Side::New),
            _ => None,
        }
    }

    fn accepts(&self, state: &State) -> (bool, bool) {
        (!state.tombstone, state.tracker)
    }

    fn says_completed(&self, state: &State) -> bool {
        // "invoices bucket tombstoned, please switch back to native SQL"
        state.program == Program::Tombstoned
    }

    fn shows_migrating(&self, state: &State) -> bool {
        // To be fair: whoever looks into both stores can tell. The program does not.
        state.tombstone && !state.tracker
    }
}
