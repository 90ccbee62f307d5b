//! The way forward: numbered steps, the safest first, for the state as a whole.

use alloc::vec::Vec;

use super::evidence::Evidence;
use super::state::{State, StateKind};
use crate::finding::Step;

/// What to do in this state.
pub fn way(evidence: &Evidence, state: &State) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut take = |more: &[Step]| {
        for step in more {
            if !steps.contains(step) {
                steps.push(*step);
            }
        }
    };
    take(of(state.kind));
    // What holds besides adds only what must not be done.
    for remark in &state.remarks {
        take(besides(*remark));
    }
    if evidence.bolt().is_some() && evidence.kv.len() > 1 {
        take(&[Step::LndNeverRunBoth]);
    }
    steps
}

const fn of(kind: StateKind) -> &'static [Step] {
    match kind {
        StateKind::Unread => &[Step::LndGiveBothSides],
        StateKind::Fresh | StateKind::NativeOnly | StateKind::CanceledOrphans => &[Step::Nothing],
        StateKind::NotMigrated => {
            &[Step::LndCopyAll, Step::LndMigrateWithoutSkip, Step::LndNeverSkip]
        }
        StateKind::Migrated => &[Step::LndStayNative],
        StateKind::TombstoneWithoutTracker => &[
            Step::LndCopyAll,
            Step::LndNeverSkip,
            Step::LndMigrateWithoutSkip,
            Step::LndNeverEditMarks,
            Step::LndStayNative,
        ],
        StateKind::Skipped => {
            &[Step::LndCopyAll, Step::LndKeepLeftBehind, Step::LndOneStore, Step::LndAskDevelopers]
        }
        StateKind::SkippedBehindTombstone => &[
            Step::LndCopyAll,
            Step::LndKeepLeftBehind,
            Step::LndNeverEditMarks,
            Step::LndAskDevelopers,
        ],
        StateKind::TombstoneLost => &[Step::LndCopyAll, Step::LndStayNative, Step::LndOneStore],
        StateKind::RetiredBolt => {
            &[Step::LndUseDestination, Step::LndNeverEditMarks, Step::LndRestoreSource]
        }
        StateKind::HalfCopied => {
            &[Step::LndDoNotStart, Step::LndCopyAll, Step::LndFinishCopy, Step::LndNeverRunBoth]
        }
        StateKind::CopyUnmarked => &[Step::LndUseDestination, Step::LndNeverRunBoth],
        StateKind::DirtyIgnored => &[Step::LndCopyAll, Step::LndRestoreNative],
        StateKind::DirtyBlocking => {
            &[Step::LndCopyAll, Step::LndRestoreNative, Step::LndAskDevelopers]
        }
        StateKind::TrackerAhead | StateKind::SchemaAhead => {
            &[Step::LndDoNotStart, Step::LndCopyAll, Step::LndRestoreNative, Step::LndAskDevelopers]
        }
        StateKind::NetworkMismatch => &[Step::LndRightNetwork],
        StateKind::NetworkUnset => &[Step::LndCheckNetwork],
        StateKind::ScratchRows => &[Step::LndCopyAll, Step::LndAskDevelopers],
    }
}

const fn besides(kind: StateKind) -> &'static [Step] {
    match kind {
        StateKind::TombstoneWithoutTracker => &[Step::LndNeverSkip],
        StateKind::Skipped | StateKind::SkippedBehindTombstone => &[Step::LndKeepLeftBehind],
        StateKind::TombstoneLost | StateKind::Migrated => &[Step::LndStayNative],
        StateKind::RetiredBolt | StateKind::CopyUnmarked => &[Step::LndNeverRunBoth],
        StateKind::HalfCopied => &[Step::LndFinishCopy],
        StateKind::NetworkMismatch => &[Step::LndRightNetwork],
        StateKind::NetworkUnset => &[Step::LndCheckNetwork],
        StateKind::Unread
        | StateKind::Fresh
        | StateKind::NotMigrated
        | StateKind::NativeOnly
        | StateKind::DirtyIgnored
        | StateKind::DirtyBlocking
        | StateKind::TrackerAhead
        | StateKind::SchemaAhead
        | StateKind::ScratchRows
        | StateKind::CanceledOrphans => &[],
    }
}
