//! Repair's laws, those of e2fsprogs: a repaired store has nothing to repair, and repairing it again
//! gives the same bytes; what was sound before keeps every record that a reader would have.

/// The tests' own law, by its path: the program of tests that has it is no library.
#[path = "../../../tests/gossip/shared/accepted.rs"]
mod accepted;
/// What they hold a repair to, likewise.
#[allow(dead_code)]
#[path = "../../../tests/gossip/shared/repair.rs"]
mod observed;

use std::collections::{BTreeMap, BTreeSet};

use fulgurite_core::gossip::check::{self, check};
use fulgurite_core::gossip::format::{ShortChannelId, Version};
use fulgurite_core::gossip::salvage::{Options, Plan, Reason, SalvageError, salvage};
use fulgurite_core::gossip::wire::{Message, decode};
use fulgurite_core::report::Report;
use fulgurite_core::source::Source;
use fulgurite_tests::flags::DELETED;
use fulgurite_tests::walk;
use observed::{Fate, Repaired};

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
    let options = Options { version, compact: first.len() % 4 == 3, ..Options::default() };
    merges(first, second, options);
    let sealed = [first, second].map(crate::records::sealed);
    if sealed != [first, second] {
        merges(&sealed[0], &sealed[1], options);
    }
}

fn merges(first: &[u8], second: &[u8], options: Options<'_>) {
    let one_way = merged([first, second], options);
    let other_way = merged([second, first], options);
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
    let options = Options { version: Some(Version(plan.version)), compact: false, ..options };
    let both = one_way.as_ref().or(other_way.as_ref()).expect("one is there");
    for alone in [first, second] {
        if let Some(alone) = merged([alone, &[]], options) {
            nothing_is_missing(&alone, both);
        }
    }
}

/// A channel that one store alone has, or an update of it, is missing from both together only where the
/// other store lets the channel go.
fn nothing_is_missing(alone: &Repaired, both: &Repaired) {
    let let_go = [
        Reason::Dead,
        Reason::Tombstone,
        Reason::DeletedInNewer,
        Reason::DyingInNewer,
        Reason::Zombie,
        Reason::Refused,
    ];
    let gone = |fate: &Fate| let_go.iter().any(|reason| *fate == Fate::Dropped(*reason));
    if both.accounts.records.iter().any(|(_, fate)| gone(fate)) {
        return;
    }
    let (alone, both) = (newest(alone), newest(both));
    for (what, timestamp) in alone {
        let kept = both.get(&what);
        assert!(
            kept.is_some_and(|kept| *kept >= timestamp),
            "missing: {what:?} of {timestamp}, {kept:?}"
        );
    }
}

/// Channels, and the newest update of each of their directions. Not nodes: stores may contradict each
/// other on whose a channel is.
fn newest(repaired: &Repaired) -> BTreeMap<(ShortChannelId, Option<u8>), u32> {
    let mut newest = BTreeMap::new();
    let records = walk(&repaired.bytes).expect("a chain");
    for record in records.iter().filter(|record| record.flags & DELETED == 0) {
        let (what, timestamp) = match decode(Version(repaired.plan.version), record.body) {
            Ok(Message::ChannelAnnouncement(it)) => ((it.scid, None), 0),
            Ok(Message::ChannelUpdate(it)) => ((it.scid, Some(it.channel_flags & 1)), it.timestamp),
            _ => continue,
        };
        let entry = newest.entry(what).or_default();
        *entry = timestamp.max(*entry);
    }
    newest
}

fn merged(inputs: [&[u8]; 2], options: Options<'_>) -> Option<Repaired> {
    let repaired = match observed::repair(&inputs, options) {
        Ok(repaired) => repaired,
        Err(SalvageError::Nothing { .. }) => return None,
        Err(error) => panic!("{error}"),
    };
    let versions: Vec<u8> = repaired.plan.inputs.iter().map(|input| input.version).collect();
    // What is compacted is written anew each time.
    let plain = Options { compact: false, ..options };
    let lawful = observed::law(&repaired, plain).and_then(|()| {
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
