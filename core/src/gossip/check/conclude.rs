//! Second looks, and the findings that come of them.

use alloc::vec::Vec;

use super::{Counted, Fold, judge, redact};
use crate::detect::Kind;
use crate::finding::{Code, Confidence, Finding, Findings, Place, Severity, Span, Step, Values};
use crate::gossip::damage::records::{Sighting, Sightings};
use crate::gossip::damage::version::Misnamed;
use crate::gossip::damage::wounds::{self, Around};
use crate::gossip::damage::{Look, relations};
use crate::gossip::format::Version;
use crate::gossip::network::{HiddenAlias, Outcome};
use crate::gossip::report::{Compaction, GossipReport, Sync, VersionReport, flags_rows};
use crate::gossip::scan::Wound;
use crate::gossip::signatures::Ledger;
use crate::gossip::verdict;
use crate::gossip::wire::{Message, decode};
use crate::report::{Headline, Input, Report};
use crate::source::{Source, SourceError};

impl Fold {
    /// Looks at the wounds and draws up the report. `source` must be the file that was folded.
    ///
    /// The verdicts on releases are in it only where they follow from what was found; else
    /// [`Fold::verdicts`] finds them.
    ///
    /// Nothing is used up: where bytes can only be had asynchronously, let the source fail with
    /// what is missing, fetch it, and ask again.
    ///
    /// # Errors
    /// [`SourceError`] where the source cannot be read.
    pub fn conclude(&self, source: &dyn Source) -> Result<Report, SourceError> {
        let size = source.len();
        let Counted { tally, sightings, wounds, version, layout, wounded_bytes } = &self.counted;
        let (layout, wounded_bytes) = (*layout, *wounded_bytes);
        let byte = version.unwrap_or(Version(0));
        if let Some(report) = self.without_records(source, byte)? {
            return Ok(report);
        }
        let misnamed = sightings.evidence.against(byte, layout);
        let read_as = match &misnamed {
            Some(misnamed) => misnamed.best(),
            None if byte.is_known() => byte,
            None => Version::NEWEST,
        };
        let (options, network) = (&self.options, &self.network);
        let stretches = network.stretches();
        let outcome = network.finish(read_as, options.now);
        let mut second = SecondLook {
            look: Look { source, layout, version: read_as },
            window: wounds::Window::default(),
            findings: Findings::with_limit(options.limits.findings.into()),
            explained: relations::Explained::default(),
            size,
        };
        second.version(byte, read_as, misnamed.as_ref(), wounds.items().first().map(|w| w.start));
        let version_stands = byte.is_known() && misnamed.is_none();
        let uuids: Vec<u64> = sightings.uuids.items().iter().map(|uuid| uuid.start).collect();
        for (index, wound) in wounds.items().iter().enumerate() {
            let split = stretches.partition_point(|stretch| stretch.start < wound.end);
            let (before, after) = stretches.split_at(split);
            second.wound(
                wound,
                Around {
                    uuid_follows: uuids.contains(&wound.end),
                    version_stands,
                    before,
                    after: after.first(),
                    thorough: index < THOROUGH,
                },
            )?;
        }
        for _ in wounds.items().len() as u64..wounds.count() {
            second.findings.count_only(Code::OverwrittenSpan);
        }
        second.stores(sightings, wounds.items());
        second.records(sightings, read_as);
        second.relations(&outcome, wounds.items().last().map_or(0, |wound| wound.end))?;
        let lost = lost(second.findings.kept());
        judge::notice(&mut second.findings, size, tally, sightings, &outcome, options, read_as);
        if let Some(ledger) = &self.signatures {
            ledger.find(size, &mut second.findings);
        }
        let gossip = GossipReport {
            version: VersionReport::new(byte, read_as, layout),
            records: tally.records(),
            deleted: tally.deleted(),
            bad_checksums: tally.bad_checksums(),
            wounds: wounds.count(),
            wounded_bytes,
            lost: lost.0,
            uncounted_wounds: lost.1 + (wounds.count() - wounds.items().len() as u64),
            live_bytes: tally.bytes().0,
            deleted_bytes: tally.bytes().1,
            unprotected_bytes: 1 + 4 * (tally.records() + tally.bad_checksums()),
            types: tally.rows(),
            flags: flags_rows(tally, read_as),
            compaction: Compaction::judge(read_as, size, &outcome.summary),
            sync: Sync::count(tally),
            signatures: self.signatures.as_ref().map(Ledger::report),
            network: outcome.summary,
        };
        let mut report = judge::report(size, second.findings, gossip);
        let wanted = options.releases.wanted(Some(byte.0));
        let known = verdict::derived(&report, &wanted, outcome.same_node);
        report.releases = known.unwrap_or_default();
        if !options.reveal {
            redact::redact(&mut report.findings, &second.look, network, &options.own)?;
        }
        Ok(report)
    }

    /// The report where no record was found at all, unless there is a wound to speak of.
    fn without_records(
        &self,
        source: &dyn Source,
        byte: Version,
    ) -> Result<Option<Report>, SourceError> {
        let size = source.len();
        let input = Input { kind: Kind::GossipStore, size };
        let alone = |code, headline, values: Values| {
            let mut findings = Findings::default();
            findings.push(Finding::new(code, Place::span(0, size)).values(values.clone()));
            let values = values.with("size", size);
            Some(Report::new(input, headline, values, findings, None))
        };
        if size == 0 {
            return Ok(alone(Code::EmptyFile, Headline::Empty, Values::new()));
        }
        let Counted { tally, wounds, .. } = &self.counted;
        if tally.records() + tally.bad_checksums() > 0 || size == 1 && byte.0 != 0 {
            return Ok(None);
        }
        let zeros = wounds.items().iter().any(|wound| {
            wound.zeros.is_some_and(|zeros| zeros.start == 1 && zeros.len == size - 1)
        });
        let few = size <= 16 && crate::source::read_span(source, 0, 16)?.iter().all(|&b| b == 0);
        if byte.0 == 0 && (zeros || few) {
            let values = Values::new().with("len", size);
            return Ok(alone(Code::AllZero, Headline::AllZero, values));
        }
        if byte.is_known() && wounds.items().iter().any(|wound| self.could_be_torn(wound)) {
            return Ok(None);
        }
        Ok(Some(crate::detect::without_structure(source)?))
    }

    /// A first record that the end of the file cuts off, or a hole where the records were.
    fn could_be_torn(&self, wound: &Wound) -> bool {
        let version = self.counted.version.unwrap_or(Version::NEWEST);
        let header = wound.header.filter(|header| !header.is_zero());
        let hole = wound.zeros.is_some_and(|zeros| zeros.len + 1_024 >= wound.len());
        let torn = match (header, wound.record_type) {
            (Some(header), Some(record_type)) => {
                header.flags.unknown(version).0 == 0
                    && record_type.is_known()
                    && record_type.len_bounds().0 <= header.len as usize
            }
            (None, _) => wound.len() < self.counted.layout.header_len() as u64,
            (Some(_), None) => wound.len() < self.counted.layout.header_len() as u64 + 2,
        };
        wound.start == 1 && (torn || hole)
    }
}

/// So many wounds are looked at thoroughly; beyond, only their own bytes count.
const THOROUGH: usize = 40;

/// Records lost, and wounds whose loss cannot be counted.
fn lost(findings: &[Finding]) -> (u64, u64) {
    let damage = findings.iter().filter(|finding| {
        matches!(
            finding.code,
            Code::TornTail
                | Code::ZeroRun
                | Code::BitFlip
                | Code::TwoBitFlip
                | Code::LengthFlip
                | Code::OverwrittenSpan
                | Code::DuplicatedSpan
                | Code::MissingSpan
                | Code::MovedSpan
                | Code::Overlay
                | Code::MalformedRecord
        )
    });
    damage.fold((0, 0), |(lost, unknown), finding| match finding.values.number("lost") {
        Some(count) => (lost + count, unknown),
        None => (lost, unknown + 1),
    })
}

struct SecondLook<'a> {
    look: Look<'a>,
    window: wounds::Window,
    findings: Findings,
    explained: relations::Explained,
    size: u64,
}

impl SecondLook<'_> {
    fn version(
        &mut self,
        byte: Version,
        read_as: Version,
        misnamed: Option<&Misnamed>,
        first_wound: Option<u64>,
    ) {
        // A wound at the start has swallowed the version byte: that is the finding.
        let swallowed = first_wound == Some(1) && !(byte.is_known() && misnamed.is_none());
        if let Some(misnamed) = misnamed.filter(|_| !swallowed) {
            let values = Values::new()
                .with("version", u64::from(byte.0))
                .with("fits", misnamed.fits())
                .with("evidence", misnamed.why.join(" "))
                .with_some("byte", misnamed.bit(byte).map(|_| 0u64))
                .with_some("bit", misnamed.bit(byte).map(u64::from));
            self.findings.push(Finding::new(Code::WrongVersion, Place::span(0, 1)).values(values));
        }
        let (code, version) = match read_as.0 {
            _ if misnamed.is_some() || swallowed => return,
            _ if !byte.is_known() => (Code::UnsupportedVersion, byte),
            0..=8 => (Code::UnsupportedVersion, read_as),
            9..=15 => (Code::OlderVersion, read_as),
            _ => return,
        };
        let facts = version.facts();
        let words = |text: Option<&'static str>| match text {
            None | Some("") => "-",
            Some(text) => text,
        };
        let values = Values::new()
            .with("version", u64::from(version.0))
            .with("written_by", words(facts.map(|facts| facts.written_by)))
            .with("read_by", words(facts.map(|facts| facts.read_by)));
        let mut finding = Finding::new(code, Place::span(0, 1)).values(values);
        if self.size == 1 && byte.is_known() {
            // An empty store: there is nothing to lose.
            finding.severity = Severity::Info;
        }
        self.findings.push(finding);
    }

    fn wound(&mut self, wound: &Wound, around: Around<'_>) -> Result<(), SourceError> {
        let finding = wounds::name(&self.look, wound, around, &mut self.window)?;
        match finding.code {
            Code::SecondStore | Code::Overlay => self.explain_from(wound.end),
            Code::DuplicatedSpan => {
                let value = |name| finding.values.number(name).unwrap_or(0);
                let (at, len) = (value("copied_at"), value("copied_len"));
                self.explained.blocks.push(Span::new(at, at + len));
            }
            Code::MovedSpan => {
                let moved = self.explained.moved.get_or_insert(finding.place.span);
                moved.end = finding.place.span.end;
            }
            _ => {}
        }
        self.findings.push(finding);
        Ok(())
    }

    fn explain_from(&mut self, at: u64) {
        let from = self.explained.from.get_or_insert(at);
        *from = (*from).min(at);
    }

    /// Stores that begin at a `uuid` record without a version byte before it.
    fn stores(&mut self, sightings: &Sightings, wounds: &[Wound]) {
        for uuid in sightings.uuids.items() {
            if wounds.iter().any(|wound| wound.end == uuid.start) {
                continue;
            }
            let place = Place::record(uuid.start, uuid.end, uuid.record_type);
            let values = Values::new().with("store_start", uuid.start).with("store_end", self.size);
            self.findings.push(Finding::new(Code::SecondStore, place).values(values));
            self.explain_from(uuid.start);
        }
    }

    /// Records that are whole and not right.
    fn records(&mut self, sightings: &Sightings, version: Version) {
        let place = |seen: &Sighting| Place::record(seen.start, seen.end, seen.record_type);
        if version.has_completed() {
            for seen in sightings.uncompleted.items() {
                let values = Values::new()
                    .with("byte", seen.start)
                    .with("bit", 5u64)
                    .with("at_tail", seen.end == self.size)
                    .with("lost", 0u64);
                self.findings
                    .push(Finding::new(Code::UncompletedRecord, place(seen)).values(values));
            }
        }
        for seen in sightings.malformed.items() {
            self.explained.malformed_ends.push(seen.end);
            let values = Values::new().with("len", seen.detail);
            self.findings.push(Finding::new(Code::MalformedRecord, place(seen)).values(values));
        }
        for seen in sightings.unknown.items() {
            let values = Values::new().with("type", seen.detail);
            self.findings.push(Finding::new(Code::UnknownRecord, place(seen)).values(values));
        }
        for seen in sightings.timestamps.items() {
            let values = Values::new()
                .with("header_timestamp", seen.detail >> 32)
                .with("message_timestamp", seen.detail & 0xffff_ffff);
            let finding = Finding::new(Code::TimestampContradiction, place(seen));
            self.findings.push(finding.values(values));
        }
        for seen in sightings.ended.items() {
            // At rest it ends a file; v24.02 to v24.11.2 write it over a record inside of one.
            let behind = self.size.saturating_sub(seen.end);
            let values = Values::new()
                .with("equivalent_offset", seen.detail)
                .with_some("bytes", (behind > 0).then_some(behind));
            let mut finding = Finding::new(Code::EndedLeft, place(seen)).values(values);
            if behind > 0 {
                finding.next.to_mut().retain(|step| *step != Step::CutTail);
            }
            self.findings.push(finding);
        }
    }

    fn relations(&mut self, outcome: &Outcome, last_wound: u64) -> Result<(), SourceError> {
        let faults = outcome.faults.items();
        for copied in relations::copies(&self.look, faults, self.explained.from)? {
            if self.explained.blocks.iter().any(|block| block.contains(copied.span.start)) {
                continue;
            }
            self.explained.blocks.push(copied.span);
            self.findings.push(copied.finding());
        }
        relations::report(&self.look, faults, &self.explained, last_wound, &mut self.findings)?;
        if let Some((announcement, end)) =
            outcome.ends_without_amount.filter(|(_, end)| *end == self.size)
        {
            let values = Values::new().with("part", "amount").with("have", 0u64).with("lost", 1u64);
            let place = Place { record: Some(announcement), ..Place::span(end, end) };
            let torn = Finding::new(Code::TornTail, place).sure(Confidence::Certain);
            self.findings.push(torn.values(values));
        }
        for hidden in outcome.hidden.items() {
            let finding = self.hidden(hidden)?;
            self.findings.push(finding);
        }
        Ok(())
    }

    fn hidden(&self, hidden: &HiddenAlias) -> Result<Finding, SourceError> {
        let at = hidden.node_announcement;
        let mut alias = alloc::string::String::new();
        let mut place = Place::span(at, at);
        if let Some((header, record_type, end)) = self.look.header(at)? {
            place = Place::record(at, end, record_type);
            let header_len = self.look.layout.header_len() as u64;
            let body = self.look.bytes(at + header_len, header.len.into())?;
            let message = decode(self.look.version, &body).ok();
            let node = match message.map(|message| (message.inner(), message)) {
                Some(
                    (_, Message::NodeAnnouncement(node))
                    | (Some(Ok(Message::NodeAnnouncement(node))), _),
                ) => Some(node),
                _ => None,
            };
            alias = node.map_or(alias, |node| node.alias_text().visible());
        }
        let id = crate::text::hex(&hidden.node_id);
        let values = Values::new().with("alias", alias).with("first_channel", hidden.first_channel);
        Ok(Finding::new(Code::HiddenAlias, place.about(id)).values(values))
    }
}
