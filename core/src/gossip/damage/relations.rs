//! Findings from what records say of each other.

use alloc::string::ToString;
use alloc::vec::Vec;

use super::Look;
use crate::finding::{Code, Confidence, Finding, Findings, Place, Severity, Span, Values};
use crate::gossip::format::{RecordHeader, RecordType, ShortChannelId, be16};
use crate::gossip::network::{Contradiction, Fault};
use crate::sorting::sort;
use crate::source::SourceError;

/// Whole records that stand in the file a second time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copied {
    /// The second copy.
    pub span: Span,
    /// Where the first copy begins.
    pub copy_of: u64,
    /// How many records.
    pub records: u64,
}

/// Where faults are explained by something larger that is reported once.
#[derive(Debug, Default)]
pub struct Explained {
    /// Blocks that stand there twice.
    pub blocks: Vec<Span>,
    /// The stretch in which pages are in the wrong order, and so are records.
    pub moved: Option<Span>,
    /// From here on the file is another store, or an older chain.
    pub from: Option<u64>,
    /// Records whose wrong content orphans what follows them, by their end.
    pub malformed_ends: Vec<u64>,
}

impl Explained {
    fn covers(&self, at: u64) -> bool {
        self.from.is_some_and(|from| at >= from)
            || self.moved.is_some_and(|moved| moved.contains(at))
            || self.blocks.iter().any(|block| block.contains(at))
    }
}

/// Finds blocks of records that stand in the file twice, from records that do.
///
/// A channel that gossipd announced a second time is no such block: a block is three records or
/// more, or stands right behind its original.
///
/// # Errors
/// [`SourceError`] where the source cannot be read.
pub fn copies(
    look: &Look<'_>,
    faults: &[Fault],
    from: Option<u64>,
) -> Result<Vec<Copied>, SourceError> {
    let mut pairs: Vec<(u64, u64)> = faults
        .iter()
        .filter_map(|fault| match *fault {
            Fault::DuplicateAnnouncement { first, second, .. } => Some((second.0, first)),
            Fault::Repeat { first, second } => Some((second, first)),
            _ => None,
        })
        .filter(|(second, first)| first < second && from.is_none_or(|from| *second < from))
        .collect();
    sort(&mut pairs);
    let mut found: Vec<Copied> = Vec::new();
    for (second, first) in pairs.into_iter().take(PAIRS) {
        if found.last().is_some_and(|copied| copied.span.contains(second)) {
            continue;
        }
        let forward = equal_ahead(look, first, second)?;
        let (start, earlier) = records_back(look, first, second)?;
        let (end, later) = records_ahead(look, second, forward)?;
        let copied = Copied {
            span: Span::new(start, end),
            copy_of: first - (second - start),
            records: earlier + later,
        };
        let adjacent = copied.copy_of + copied.span.len() == start;
        if copied.records >= 3 || (copied.records > 0 && adjacent) {
            found.push(copied);
        }
    }
    Ok(found)
}

const WINDOW: u64 = 64 * 1024;

/// So many pairs are looked at: each may cost a walk over two windows.
const PAIRS: usize = 100;

/// Before the pair, so many bytes and records are looked at.
const BACK: (u64, u64) = (16 * 1024, 64);

/// How many bytes from both places on are equal, up to the end of the file.
fn equal_ahead(look: &Look<'_>, first: u64, second: u64) -> Result<u64, SourceError> {
    let mut equal = 0;
    loop {
        let here = look.bytes(second + equal, WINDOW)?;
        let there = look.bytes(first + equal, here.len() as u64)?;
        let same = here.iter().zip(&there).take_while(|(a, b)| a == b).count();
        equal += same as u64;
        if same < here.len() || here.is_empty() {
            return Ok(equal);
        }
    }
}

/// The end of the last record from `at` on that lies in the next `len` bytes, and how many.
fn records_ahead(look: &Look<'_>, at: u64, len: u64) -> Result<(u64, u64), SourceError> {
    let (mut end, mut count) = (at, 0);
    while let Some((_, _, next)) = look.header(end)? {
        if next > at + len {
            break;
        }
        end = next;
        count += 1;
    }
    Ok((end, count))
}

/// The start of the first of the records that end at `second` and read the same before `first`,
/// and how many.
fn records_back(look: &Look<'_>, first: u64, second: u64) -> Result<(u64, u64), SourceError> {
    let reach = BACK.0.min(first - 1).min(second - first);
    let here = look.bytes(second - reach, reach)?;
    let there = look.bytes(first - reach, reach)?;
    let equal = here.iter().rev().zip(there.iter().rev()).take_while(|(a, b)| a == b).count();
    let same = here.get(here.len() - equal..).unwrap_or_default();
    let header_len = look.layout.header_len();
    let (mut end, mut count) = (same.len(), 0);
    'records: while end > header_len && count < BACK.1 {
        for start in (0..end - header_len).rev() {
            let record = same.get(start..end).unwrap_or_default();
            let fits = RecordHeader::parse(look.layout, record)
                .is_some_and(|header| header_len + header.len as usize == record.len());
            let at = second - (same.len() - start) as u64;
            if fits && look.is_record(at, second - (same.len() - end) as u64)? {
                end = start;
                count += 1;
                continue 'records;
            }
        }
        break;
    }
    Ok((second - (same.len() - end) as u64, count))
}

impl Copied {
    /// The finding of it.
    pub fn finding(&self) -> Finding {
        let values = Values::new()
            .with("copy_of", self.copy_of)
            .with("copied_at", self.span.start)
            .with("copied_len", self.span.len())
            .with("records", self.records)
            .with("lost", 0u64)
            .with("alignment", super::wounds::alignment(self.span.start, self.span.end));
        let place = Place::span(self.span.start, self.span.end);
        Finding::new(Code::DuplicatedSpan, place).values(values)
    }
}

/// Turns faults into findings, except where something larger explains them. What is
/// missed may have been in a wound: `last_wound` is where the last one ends, 0 if there is none.
///
/// # Errors
/// [`SourceError`] where the source cannot be read.
pub fn report(
    look: &Look<'_>,
    faults: &[Fault],
    explained: &Explained,
    last_wound: u64,
    findings: &mut Findings,
) -> Result<(), SourceError> {
    let without_successor = faults.iter().filter(|fault| is_without_successor(fault)).count();
    for fault in faults {
        let Some(mut finding) = finding(look, fault, explained, last_wound)? else { continue };
        if without_successor > 1 && is_without_successor(fault) {
            finding.confidence = Confidence::Possible;
            finding.severity = Severity::Warning;
        }
        findings.push(finding);
    }
    Ok(())
}

fn finding(
    look: &Look<'_>,
    fault: &Fault,
    explained: &Explained,
    last_wound: u64,
) -> Result<Option<Finding>, SourceError> {
    let sure = if last_wound > 0 { Confidence::Likely } else { Confidence::Certain };
    Ok(match *fault {
        Fault::DuplicateAnnouncement { scid, first, second } if !explained.covers(second.0) => {
            let place = Place::record(second.0, second.1, Some(RecordType::CHANNEL_ANNOUNCEMENT));
            let values = Values::new().with("first", first);
            Some(Finding::new(Code::DuplicateAnnouncement, about(place, scid)).values(values))
        }
        Fault::MissingAmount { scid, announcement, at } if !missed_in_copy(explained, at) => {
            let place = Place { record: Some(announcement), ..Place::span(at, at) };
            let values = Values::new().with("what", "amount").with("lost", 1u64);
            Some(Finding::new(Code::MissingSpan, about(place, scid)).values(values))
        }
        Fault::OrphanAmount { amount: (start, end) }
            if !explained.covers(start) && !explained.malformed_ends.contains(&start) =>
        {
            let place = Place::record(start, end, Some(RecordType::CHANNEL_AMOUNT));
            Some(Finding::new(Code::OrphanAmount, place).sure(sure))
        }
        Fault::Deleted { record, scid, because }
            if !explained.covers(record) && !is_lost_successor(because, record, last_wound) =>
        {
            let mut finding = deleted(look, record, scid, because)?;
            // The tombstone and the amount's own mark may have been in the wound.
            if because == Contradiction::UpdatesLive && last_wound > record {
                finding.confidence = Confidence::Possible;
                finding.severity = Severity::Warning;
            }
            Some(finding)
        }
        Fault::UnfinishedDelete { scid, announcement, tombstone } => {
            let place = Place::record(tombstone.0, tombstone.1, Some(RecordType::DELETE_CHAN));
            let values = Values::new().with("announcement", announcement);
            Some(Finding::new(Code::UnfinishedDelete, about(place, scid)).values(values))
        }
        Fault::UpdateBeforeAnnouncement { scid, update, announcement }
            if !explained.covers(update) =>
        {
            let place = about(place_of(look, update)?, scid);
            let values = Values::new().with("announcement", announcement);
            Some(Finding::new(Code::OutOfOrder, place).values(values))
        }
        Fault::UpdateWithoutAnnouncement { scid, update } if !explained.covers(update) => {
            Some(Finding::new(Code::OrphanUpdate, about(place_of(look, update)?, scid)))
        }
        Fault::NodeWithoutChannel { node_announcement } => {
            Some(Finding::new(Code::OrphanNode, place_of(look, node_announcement)?))
        }
        _ => None,
    })
}

/// A block inserted between an announcement and its amount hides the amount.
fn missed_in_copy(explained: &Explained, at: u64) -> bool {
    explained.covers(at) || explained.blocks.iter().any(|block| block.end == at)
}

/// Whether the newer record that is missed may have been in a wound behind this one.
fn is_lost_successor(because: Contradiction, record: u64, last_wound: u64) -> bool {
    let missed = matches!(
        because,
        Contradiction::NoSuccessor | Contradiction::NodeLives | Contradiction::NoTombstone
    );
    missed && last_wound > record
}

/// One such record may be a flipped bit. Several are rather the head of a longer file, cut at a
/// record boundary: the newer records stood behind the cut.
fn is_without_successor(fault: &Fault) -> bool {
    use Contradiction::{NoSuccessor, NodeLives};
    matches!(fault, Fault::Deleted { because: NoSuccessor | NodeLives, .. })
}

fn deleted(
    look: &Look<'_>,
    record: u64,
    scid: Option<ShortChannelId>,
    because: Contradiction,
) -> Result<Finding, SourceError> {
    let mut place = place_of(look, record)?;
    if let Some(scid) = scid {
        place = about(place, scid);
    }
    let values = Values::new()
        .with("byte", record)
        .with("bit", 7u64)
        .with("because", because.name())
        .with("lost", 0u64);
    let mut finding = Finding::new(Code::DeletedFlip, place).values(values);
    match because {
        // The tombstone may be missing instead.
        Contradiction::NoTombstone => {
            finding.confidence = Confidence::Possible;
            finding.severity = Severity::Warning;
        }
        Contradiction::NoSuccessor | Contradiction::NodeLives => {
            finding.confidence = Confidence::Likely;
        }
        _ => {}
    }
    Ok(finding)
}

fn about(place: Place, scid: ShortChannelId) -> Place {
    place.about(scid.to_string())
}

fn place_of(look: &Look<'_>, record: u64) -> Result<Place, SourceError> {
    let head = look.bytes(record, look.layout.header_len() as u64 + 2)?;
    let end = RecordHeader::parse(look.layout, &head)
        .map_or(record, |header| record + look.layout.header_len() as u64 + u64::from(header.len));
    Ok(Place::record(record, end, be16(&head, look.layout.header_len()).map(RecordType)))
}
