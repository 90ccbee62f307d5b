//! Verdicts without a second reading: where the check has found nothing that a loader could mind,
//! its figures are the loader's.
//!
//! Only for versions 14 and later and the releases that read through gossmap: older releases judge
//! messages in ways that the check does not.

use alloc::vec::Vec;

use super::convert::Dropped;
use super::gossmap::Walked;
use super::loader::{self, Start};
use super::outcome::{Fate, ReleaseVerdict};
use super::rules::{Load, Rewrite};
use super::{Release, Wanted};
use crate::finding::{Code, Values};
use crate::gossip::report::GossipReport;
use crate::report::Report;

/// Findings that no loader from v24.02 on minds.
const HARMLESS: &[Code] = &[
    Code::OutOfOrder,
    Code::OrphanUpdate,
    Code::OrphanNode,
    Code::HiddenAlias,
    Code::SupersededUpdates,
    Code::OlderVersion,
    Code::Bloat,
    Code::Readvertising,
    Code::TooOld,
    Code::PushRecords,
    Code::UnknownFlags,
    Code::DyingChannels,
];

/// The verdicts, if nothing in the report could be minded by a loader. `same_node`: a channel was
/// seen whose two nodes are one, which gossmap minds and the report does not tell.
pub(crate) fn derived(
    report: &Report,
    wanted: &[Wanted],
    same_node: bool,
) -> Option<Vec<ReleaseVerdict>> {
    let gossip = report.gossip.as_ref()?;
    let harmless = report.counts.iter().all(|count| HARMLESS.contains(&count.code));
    if same_node || !harmless || !plain(gossip) {
        return None;
    }
    wanted.iter().map(|one| verdict(*one, gossip, report.input.size)).collect()
}

/// Whether the store has nothing in it but what every version from 14 on has.
fn plain(gossip: &GossipReport) -> bool {
    let byte = gossip.version.byte;
    let known = |number: Option<u16>| match number {
        Some(256..=258 | 4101 | 4103 | 4106) => true,
        Some(4107) => byte >= 16,
        _ => false,
    };
    gossip.wounds == 0
        && byte >= 14
        && byte == gossip.version.read_as
        && gossip.types.iter().all(|row| known(row.number))
}

fn verdict(wanted: Wanted, gossip: &GossipReport, size: u64) -> Option<ReleaseVerdict> {
    let release = wanted.release;
    let rules = &release.rules;
    let byte = gossip.version.byte;
    let through_gossmap = matches!(rules.load, Load::Gossmap | Load::StrictGossmap);
    if !through_gossmap || !(byte == release.writes || release.can_upgrade(byte)) {
        return None;
    }
    let as_is = byte == release.writes && rules.rewriting.when == Rewrite::ForUpgrade;
    let (start, size) = if as_is { (Start::default(), size) } else { rewritten(release, gossip) };
    let network = &gossip.network;
    let walked = Walked {
        strict: None,
        stop: None,
        capacity: None,
        processed: size,
        size,
        counts: [network.channels, network.updates, network.nodes],
        limited: false,
        passable: false,
        unsure: false,
    };
    let outcome = loader::loaded(release, &walked, start);
    Some(ReleaseVerdict::new(wanted, outcome.gossipd, outcome.readers?))
}

/// What rewriting leaves out, and how long the file is then.
fn rewritten(release: &Release, gossip: &GossipReport) -> (Start, u64) {
    let of = |number: u16| gossip.types.iter().find(|row| row.number == Some(number));
    let (tombstones, tombstone_bytes) = of(4103).map_or((0, 0), |row| (row.live, row.live_bytes));
    let uuid_bytes = of(4107).map_or(0, |row| row.live_bytes);
    let new_uuid = if release.rules.rewriting.uuid { 46 } else { 0 };
    let size = 1 + new_uuid + gossip.live_bytes - tombstone_bytes - uuid_bytes;
    let dropped = Dropped { deleted: gossip.deleted, tombstones, ..Dropped::default() };
    let fate = if gossip.version.byte != release.writes {
        Fate::Upgraded
    } else if dropped.is_nothing() {
        Fate::Accepted
    } else {
        Fate::Compacted
    };
    let values = dropped.figures(Values::new());
    (Start { fate: Some(fate), values, ..Start::default() }, size)
}
