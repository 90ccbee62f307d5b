//! Repair's laws, those of e2fsprogs: a repaired store has nothing to repair, and repairing it again
//! gives the same bytes; what was sound before keeps every record that a reader would have.

/// The tests' own law, by its path: the program of tests that has it is no library.
#[path = "../../../tests/gossip/shared/accepted.rs"]
mod accepted;

use fulgurite_core::finding::{Code, Finding, Severity};
use fulgurite_core::gossip::check::{self, check};
use fulgurite_core::gossip::salvage::{Options, Plan, SalvageError, salvage};
use fulgurite_core::report::Report;
use fulgurite_core::source::Source;

use super::with_and_without_seals;
use crate::counted::Counted;

fn repair(data: &[u8], options: Options<'_>) -> Result<(Plan, Vec<u8>), SalvageError> {
    let source = Counted::new(data);
    let sources: [&dyn Source; 1] = [&source];
    let repaired = salvage(&sources, options).expect("memory is read");
    source.at_most_and(16, 120 * data.len().min(512 << 10) as u64);
    repaired
}

fn report(bytes: &[u8]) -> Report {
    check(&bytes.to_vec(), check::Options::default()).expect("memory is read")
}

/// What repair is there to mend.
fn wounds(report: &Report) -> Vec<&Finding> {
    let of_the_bytes = |finding: &&Finding| {
        finding.severity > Severity::Info
            && !matches!(
                finding.code,
                Code::OlderVersion
                    | Code::UnsupportedVersion
                    | Code::Bloat
                    | Code::Readvertising
                    | Code::TooOld
                    | Code::LimitReached
            )
    };
    report.findings.iter().filter(of_the_bytes).collect()
}

/// The store behind the uuid record that it begins with.
fn without_uuid(store: &[u8]) -> &[u8] {
    let has_one = store.get(13..15) == Some(&[0x10, 0x0b]);
    store.get(if has_one { 47 } else { 1 }..).unwrap_or_default()
}

pub(crate) fn repair_laws(data: &[u8]) {
    with_and_without_seals(data, holds);
}

fn holds(data: &[u8]) {
    let compact = data.len() % 4 == 3;
    let options = Options { compact, ..Options::default() };
    let (plan, repaired) = match repair(data, options) {
        Ok(repaired) => repaired,
        Err(SalvageError::Nothing { .. }) => return,
        Err(error) => panic!("{error}"),
    };
    assert_eq!(plan.size, repaired.len() as u64, "the plan says another size");
    // A compacted store is written anew, even to the same bytes.
    assert!(!plan.unchanged || repaired == data, "changed after all");
    if let Err(wrong) = accepted::accepted(&plan, &repaired) {
        panic!("{wrong}");
    }
    let after = report(&repaired);
    assert!(wounds(&after).is_empty(), "not clean: {:?}", wounds(&after));
    let gossip = after.gossip.as_ref().expect("a store");
    let said = [plan.channels, plan.updates, plan.nodes, plan.announced_nodes];
    let network = &gossip.network;
    let found = [network.channels, network.updates, network.nodes, network.announced_nodes];
    assert_eq!(said, found, "channels, updates, nodes, announced nodes");

    let (again, twice) = repair(&repaired, options).expect("there was a record to keep");
    let (once, twice) = if compact {
        // Whatever is written anew as version 16 begins with a uuid of its own.
        (without_uuid(&repaired), without_uuid(&twice))
    } else {
        (repaired.as_slice(), twice.as_slice())
    };
    assert!(twice == once, "the second repair differs: {:?}", again.rows);
    assert!(again.unchanged || compact, "the second repair says that it changed something");
}
