//! Repair's laws, those of e2fsprogs: a repaired store has nothing to repair, and repairing it again
//! gives the same bytes; what was sound before keeps every record that a reader would have.

/// The tests' own law, by its path: the program of tests that has it is no library.
#[path = "../../../tests/gossip/shared/accepted.rs"]
mod accepted;
/// What they hold a repair to, likewise.
#[allow(dead_code)]
#[path = "../../../tests/gossip/shared/repair.rs"]
mod observed;

use std::collections::BTreeSet;

use fulgurite_core::gossip::check::{self, check};
use fulgurite_core::gossip::format::Version;
use fulgurite_core::gossip::salvage::{Options, Plan, SalvageError, salvage};
use fulgurite_core::report::Report;
use fulgurite_core::source::Source;
use fulgurite_tests::flags::DELETED;
use fulgurite_tests::walk;
use observed::Repaired;

use super::sqlite::parts;
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
    let wounds = observed::wounds(&repaired);
    assert!(wounds.is_empty(), "not clean: {wounds:?}");
    let after = report(&repaired);
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

/// Two stores become one, of the version that the first one's last byte chooses.
pub(crate) fn repair_merge(data: &[u8]) {
    let (first, second) = parts(data);
    let second = second.unwrap_or_default();
    let chosen = first.last().map_or(0, |byte| byte % 9);
    let version = (chosen > 0).then_some(Version(8 + chosen));
    merges(first, second, version);
    let sealed = [first, second].map(crate::records::sealed);
    if sealed != [first, second] {
        merges(&sealed[0], &sealed[1], version);
    }
}

fn merges(first: &[u8], second: &[u8], version: Option<Version>) {
    let one_way = merged([first, second], version);
    let other_way = merged([second, first], version);
    // Which of two chains is the newer their newest timestamps say, and only then their order.
    let Some(plan) = one_way.as_ref().or(other_way.as_ref()).map(|one| &one.plan) else { return };
    let chains = plan.inputs.iter().flat_map(|input| &input.chains);
    let mut newest: Vec<u32> = chains.map(|chain| chain.1).collect();
    newest.sort_unstable();
    if newest.is_sorted_by(|one, next| one < next) {
        let [one_way, other_way] = [&one_way, &other_way].map(|it| it.as_ref().map(content));
        let (one_way, other_way) = (one_way.unwrap_or_default(), other_way.unwrap_or_default());
        let differ: Vec<_> = one_way.symmetric_difference(&other_way).collect();
        assert!(differ.is_empty(), "another order, another store: {differ:02x?}");
    }
}

fn merged(inputs: [&[u8]; 2], version: Option<Version>) -> Option<Repaired> {
    let options = Options { version, ..Options::default() };
    let repaired = match observed::repair(&inputs, options) {
        Ok(repaired) => repaired,
        Err(SalvageError::Nothing { .. }) => return None,
        Err(error) => panic!("{error}"),
    };
    let versions: Vec<u8> = repaired.plan.inputs.iter().map(|input| input.version).collect();
    let lawful = observed::law(&repaired, options).and_then(|()| {
        // What stands in a file is read by the version that wrote it, whatever its first byte says.
        let read = |at: usize| inputs[at].first().is_none_or(|byte| *byte == versions[at]);
        let known = [0, 1].map(|at| (versions[at], inputs[at]));
        if read(0) && read(1) { observed::accounted(&known, &repaired) } else { Ok(()) }
    });
    if let Err(wrong) = lawful {
        panic!("{wrong}");
    }
    Some(repaired)
}

/// What lives in what was written, but for its uuid.
fn content(repaired: &Repaired) -> BTreeSet<&[u8]> {
    let records = walk(&repaired.bytes).expect("a chain");
    let live = records.iter().filter(|record| record.flags & DELETED == 0);
    live.filter(|record| record.record_type != 4107).map(|record| record.body).collect()
}
