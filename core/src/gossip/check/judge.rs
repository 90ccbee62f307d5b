//! What is worth knowing beyond damage, and the verdict.

use super::Options;
use crate::detect::Kind;
use crate::finding::{Code, Finding, Findings, Place, Severity, Step, Values};
use crate::gossip::damage::records::Sightings;
use crate::gossip::format::{Flags, Version};
use crate::gossip::network::Outcome;
use crate::gossip::report::{COMPACT_FROM, GossipReport, Sync};
use crate::gossip::tally::Tally;
use crate::gossip::verdict::Release;
use crate::report::{Headline, Input, Report};

/// Findings about the store as a whole.
pub(super) fn notice(
    findings: &mut Findings,
    size: u64,
    tally: &Tally,
    sightings: &Sightings,
    outcome: &Outcome,
    options: &Options,
    read_as: Version,
) {
    let network = &outcome.summary;
    let mut add = |code, values| {
        findings.push(Finding::new(code, Place::span(0, size)).values(values));
    };
    let count = |count: u64| Values::new().with("count", count);
    if network.superseded > 0 {
        add(
            Code::SupersededUpdates,
            count(network.superseded).with("bytes", network.superseded_bytes),
        );
    }
    if sightings.private > 0 {
        add(Code::PrivateRecords, count(sightings.private));
    }
    if sightings.push > 0 {
        add(Code::PushRecords, count(sightings.push));
    }
    let flags = UnknownFlags::of(tally, read_as);
    if flags.ignored.records > 0 {
        add(Code::UnknownFlags, flags.ignored.values());
    }
    if network.dying > 0 {
        add(Code::DyingChannels, count(network.dying));
    }
    if tally.resynchronised > 0 {
        add(Code::Resynchronised, count(tally.resynchronised));
    }
    let (live, dead) = (network.live_records, network.dead_records);
    if size >= COMPACT_FROM && dead >= live.saturating_mul(4) {
        let values = Values::new()
            .with("size", size)
            .with("live", live)
            .with("dead", dead)
            .with("live_bytes", tally.bytes().0);
        add(Code::Bloat, values);
    }
    let sync = Sync::count(tally);
    if readvertises(sightings.push, sync.messages, network.most_announced_node) {
        let values = Values::new()
            .with("push", sightings.push)
            .with("messages", sync.messages)
            .with("sync_bytes", sync.wire_bytes)
            .with("most_announced_node", network.most_announced_node);
        add(Code::Readvertising, values);
    }
    let survive = network.channels_after_prune;
    if options.now.is_some() && network.channels > 0 && survive * 10 < network.channels {
        let values = Values::new()
            .with("newest_timestamp", network.newest_timestamp.unwrap_or(0))
            .with("channels", network.channels)
            .with("survive", survive);
        add(Code::TooOld, values);
    }
    let limits = [("channels", options.limits.channels), ("nodes", options.limits.nodes)];
    for ((what, limit), reached) in limits.into_iter().zip(outcome.limited) {
        if reached {
            add(Code::LimitReached, Values::new().with("what", what).with("limit", limit));
        }
    }
    if let Some(finding) = flags.in_length.finding(tally, read_as) {
        findings.push(finding);
    }
}

/// Records with flag bits that no release gives a meaning in this version.
#[derive(Default)]
struct UnknownFlags {
    /// Those that everybody ignores.
    ignored: Marked,
    /// Those with bits that whoever writes this version takes for a part of the length.
    in_length: Marked,
}

/// How many records have such bits, and all bits that any of them has.
#[derive(Clone, Copy, Default)]
struct Marked {
    records: u64,
    bits: u16,
}

impl UnknownFlags {
    fn of(tally: &Tally, version: Version) -> UnknownFlags {
        let in_length = Release::flags_in_length(version).0;
        let mut found = UnknownFlags::default();
        for (flags, count) in tally.flags() {
            let unknown = Flags(flags).unknown(version).0;
            let marked = match unknown & in_length {
                0 => &mut found.ignored,
                _ => &mut found.in_length,
            };
            if unknown != 0 {
                marked.records += count;
                marked.bits |= unknown;
            }
        }
        found
    }
}

impl Marked {
    fn values(self) -> Values {
        Values::new().with("count", self.records).with("flags", alloc::format!("{:04x}", self.bits))
    }

    /// These are taken for a part of the length by whoever writes this version: reading ends at the
    /// first of them.
    fn finding(self, tally: &Tally, version: Version) -> Option<Finding> {
        let bits = Release::flags_in_length(version).0 & self.bits;
        let at = tally.first_with(Flags(bits)).filter(|_| self.records > 0)?;
        let place = Place::span(at, at.saturating_add(version.layout().header_len() as u64));
        Some(Finding::new(Code::FlagsInLength, place).values(self.values()))
    }
}

/// Own gossip is a handful of records; a tenth of all messages is not, and neither is the hundredth
/// announcement of one node in one file.
fn readvertises(push: u64, messages: u64, most_announced_node: u64) -> bool {
    (push >= 50 && push * 10 >= messages) || most_announced_node >= 100
}

/// The verdict: the gravest kind of trouble names the day.
pub(super) fn report(size: u64, findings: Findings, gossip: GossipReport) -> Report {
    let headline = headline(&findings, size);
    let main = findings
        .kept()
        .iter()
        .filter(|finding| finding.severity > Severity::Info && speaks_for(headline, finding.code))
        .min_by_key(|finding| finding.place.span);
    let values = Values::new()
        .with("size", size)
        .with("version", u64::from(gossip.version.byte))
        .with("records", gossip.records)
        .with("live", gossip.records - gossip.deleted)
        .with("channels", gossip.network.channels)
        .with("nodes", gossip.network.nodes)
        .with("wounds", gossip.wounds)
        .with("lost", gossip.lost)
        .with("uncounted", gossip.uncounted_wounds)
        .with_some("offset", main.map(|finding| finding.place.span.start))
        .with_some("bytes", main.map(|finding| finding.place.span.len()));
    let input = Input { kind: Kind::GossipStore, size };
    let nothing_left = gossip.records == 0;
    let mut report = Report::new(input, headline, values, findings, Some(gossip));
    if nothing_left {
        // There is nothing that a repair, or what stands before a place, could keep.
        report.verdict.next.retain(|step| !matches!(step, Step::Repair | Step::CutTail));
    }
    report
}

/// Which codes make which headline, the gravest first.
const GRAVITY: &[(Headline, &[Code])] = &[
    (Headline::Version, &[Code::WrongVersion]),
    (Headline::SecondStore, &[Code::SecondStore]),
    (Headline::ZeroRun, &[Code::ZeroRun]),
    (
        Headline::Damaged,
        &[
            Code::BitFlip,
            Code::TwoBitFlip,
            Code::LengthFlip,
            Code::DeletedFlip,
            Code::OverwrittenSpan,
            Code::MissingSpan,
            Code::MovedSpan,
            Code::Overlay,
            Code::TimestampContradiction,
            Code::MalformedRecord,
            Code::UnknownRecord,
            Code::FlagsInLength,
        ],
    ),
    (Headline::Duplicates, &[Code::DuplicatedSpan, Code::DuplicateAnnouncement]),
    (
        Headline::TornTail,
        &[Code::TornTail, Code::UncompletedRecord, Code::TrailingGarbage, Code::EndedLeft],
    ),
    (Headline::BadSignatures, &[Code::BadSignature]),
    (Headline::Version, &[Code::UnsupportedVersion]),
    (Headline::Bloat, &[Code::Bloat]),
    (Headline::Readvertising, &[Code::Readvertising]),
    (Headline::HiddenAlias, &[Code::HiddenAlias]),
    (
        Headline::Orphans,
        &[Code::OutOfOrder, Code::OrphanUpdate, Code::OrphanAmount, Code::UnfinishedDelete],
    ),
    (Headline::TooOld, &[Code::TooOld]),
];

fn headline(findings: &Findings, size: u64) -> Headline {
    // Cut off at the end is another day than damaged inside.
    let inside = |finding: &Finding| match finding.code {
        Code::DuplicatedSpan => finding.values.get("records").is_none(),
        Code::UncompletedRecord => {
            finding.values.get("at_tail") == Some(&crate::finding::Value::Flag(false))
        }
        Code::EndedLeft => finding.values.get("bytes").is_some(),
        // Most of a file is not its end.
        Code::TrailingGarbage => finding.place.span.len() > size / 2,
        _ => false,
    };
    let present = |code: &Code| {
        findings
            .kept()
            .iter()
            .any(|finding| finding.code == *code && finding.severity > Severity::Info)
    };
    for (headline, codes) in GRAVITY {
        let damaged_inside = *headline == Headline::Damaged && findings.kept().iter().any(inside);
        if damaged_inside || codes.iter().any(present) {
            return *headline;
        }
    }
    Headline::Healthy
}

fn speaks_for(headline: Headline, code: Code) -> bool {
    GRAVITY.iter().filter(|(known, _)| *known == headline).any(|(_, codes)| codes.contains(&code))
        || headline == Headline::Damaged
            && matches!(
                code,
                Code::DuplicatedSpan
                    | Code::UncompletedRecord
                    | Code::EndedLeft
                    | Code::TrailingGarbage
            )
}
