//! Parts of tables: rows of records, channels and nodes, read again from the file; and one record
//! byte by byte.

use fulgurite_core::finding::Finding;
use fulgurite_core::gossip::checkpoints::{Checkpoint, read_from};
use fulgurite_core::gossip::format::Version;
use fulgurite_core::gossip::listing::{
    ChannelEntry, Detail, Entries, NodeEntry, Piece, Privacy, RecordRow, WoundRow,
};
use fulgurite_core::gossip::report::VersionReport;
use fulgurite_core::gossip::scan::{RecordRef, Wound};
use fulgurite_core::log::Ties;
use fulgurite_core::source::{Source, SourceError};
use serde::Serialize;

use crate::blocks::{Answer, Blocks};
use crate::session::Session;

/// A walk along the file may miss so many blocks at a time: two windows of 64 KiB.
const AHEAD: usize = 8;

/// Rows of lists are scattered, three records for each.
const SCATTERED: usize = 3_000;

/// The most rows of one answer.
pub const MOST_ROWS: u32 = 1_000;

/// A row of the table of records.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Row<'a> {
    /// A record.
    Record(RecordRow<'a>),
    /// A wound.
    Wound(WoundRow<'a>),
}

impl<'a> Row<'a> {
    /// The row of a piece.
    pub fn new(version: Version, piece: &Piece<'a>, privacy: &Privacy) -> Row<'a> {
        match piece {
            Piece::Record(record, body) => {
                Row::Record(RecordRow::new(version, record, body, privacy))
            }
            Piece::Wound(wound) => Row::Wound(WoundRow::new(wound)),
        }
    }
}

/// What stands at an offset, in all its fields.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Shown<'a> {
    /// A record or a wound.
    Piece {
        /// Its fields.
        #[serde(flatten)]
        detail: Detail,
        /// What is said of it.
        findings: Vec<&'a Finding>,
    },
    /// The first byte of the file, which is no record.
    Version {
        /// `version`.
        kind: &'static str,
        /// 0.
        offset: u64,
        /// 1.
        len: u64,
        /// What it means.
        version: Option<&'a VersionReport>,
        /// What is said of it.
        findings: Vec<&'a Finding>,
    },
}

/// What covers an offset.
enum Found {
    Record(RecordRef),
    Wound(Wound),
}

impl Found {
    /// The same, without the body.
    fn piece(&self) -> Piece<'_> {
        match self {
            Found::Record(record) => Piece::Record(record, &[]),
            Found::Wound(wound) => Piece::Wound(wound),
        }
    }
}

impl Session {
    /// How many rows the table of records has.
    pub fn rows(&self) -> u64 {
        self.checkpoints.rows()
    }

    /// Hands `count` rows from that one on to `each`. Rows of a try that misses bytes count for
    /// nothing.
    ///
    /// # Errors
    /// [`SourceError`] where the file ends earlier than it did.
    pub fn rows_from(
        &self,
        row: u64,
        count: u32,
        mut each: impl FnMut(&Row<'_>),
    ) -> Result<Answer<()>, SourceError> {
        let end = self.rows().min(row.saturating_add(count.min(MOST_ROWS).into()));
        let Some(version) = self.scanner.version().filter(|_| row < end) else {
            return Ok(Answer::Value(()));
        };
        self.ask(AHEAD, |blocks| {
            self.walk(blocks, version, self.before_row(row), &mut |number, piece| {
                if number >= row {
                    each(&Row::new(version, &piece, &self.privacy));
                }
                number + 1 < end
            })
        })
    }

    /// The number of the row that covers this offset; the version byte belongs to the first.
    ///
    /// # Errors
    /// [`SourceError`] where the file ends earlier than it did.
    pub fn row_at(&self, offset: u64) -> Result<Answer<Option<u64>>, SourceError> {
        self.find(offset).map(|answer| answer.map(|found| found.map(|(row, _)| row)))
    }

    /// What covers this offset, field by field; with `reveal` also what is private.
    ///
    /// # Errors
    /// [`SourceError`] where the file ends earlier than it did.
    pub fn detail(
        &self,
        offset: u64,
        reveal: bool,
    ) -> Result<Answer<Option<Shown<'_>>>, SourceError> {
        let gossip = self.report.as_ref().and_then(|report| report.gossip.as_ref());
        let version = gossip.map(|gossip| &gossip.version);
        let findings = |start, end| {
            self.report.iter().flat_map(move |report| report.touching(start, end)).collect()
        };
        if offset == 0 {
            let findings = findings(0, 1);
            let shown = Shown::Version { kind: "version", offset: 0, len: 1, version, findings };
            return Ok(Answer::Value(self.report.is_some().then_some(shown)));
        }
        let found = match self.find(offset)? {
            Answer::Need(needs) => return Ok(Answer::Need(needs)),
            Answer::Value(None) => return Ok(Answer::Value(None)),
            Answer::Value(Some((_, found))) => found,
        };
        let read_as = version.map(|version| Version(version.read_as));
        let read_as = read_as.or(self.scanner.version()).unwrap_or(Version::NEWEST);
        let revealing = Privacy::new(true);
        let privacy = if reveal { &revealing } else { &self.privacy };
        // The body is read again.
        let piece = found.piece();
        let detail = self.ask(AHEAD, |blocks| {
            Detail::of(&piece, read_as, self.scanner.layout(), blocks, privacy)
        })?;
        Ok(detail.map(|detail| {
            let findings = findings(detail.offset, detail.offset + detail.len);
            Some(Shown::Piece { detail, findings })
        }))
    }

    /// How many live channels there are.
    pub fn channel_count(&self) -> usize {
        self.channel_order().len()
    }

    /// `count` live channels from that one on, by the offset of their announcement.
    ///
    /// # Errors
    /// [`SourceError`] where the file ends earlier than it did.
    pub fn channels(
        &self,
        from: usize,
        count: u32,
    ) -> Result<Answer<Vec<ChannelEntry>>, SourceError> {
        let rows = part(self.channel_order(), from, count);
        self.ask(SCATTERED, |blocks| {
            let rows = rows.iter().filter_map(|index| self.fold.network().channel_at(*index));
            rows.map(|row| self.entries(blocks).channel(row)).collect()
        })
    }

    /// How many nodes with live channels there are.
    pub fn node_count(&self) -> usize {
        self.node_order().len()
    }

    /// `count` nodes from that one on, by the offset of their announcement.
    ///
    /// # Errors
    /// [`SourceError`] where the file ends earlier than it did.
    pub fn nodes(&self, from: usize, count: u32) -> Result<Answer<Vec<NodeEntry>>, SourceError> {
        let rows = part(self.node_order(), from, count);
        self.ask(SCATTERED, |blocks| {
            let rows = rows.iter().filter_map(|index| self.fold.network().node_at(*index));
            rows.map(|row| self.entries(blocks).node(row)).collect()
        })
    }

    fn channel_order(&self) -> &[u32] {
        self.channels.get_or_init(|| self.fold.network().channel_order())
    }

    fn node_order(&self) -> &[u32] {
        self.nodes.get_or_init(|| self.fold.network().node_order())
    }

    fn entries<'a>(&self, source: &'a Blocks) -> Entries<'a> {
        let version = self.scanner.version().unwrap_or(Version::NEWEST);
        Entries { source, version, layout: self.scanner.layout() }
    }

    /// Looks up the offsets that a log names, in their order. Where bytes are missing, it goes on with
    /// the same one.
    ///
    /// # Errors
    /// [`SourceError`] where the file ends earlier than it did.
    pub(crate) fn tie(&self, ties: &mut Ties) -> Result<Answer<()>, SourceError> {
        while let Some(at) = ties.wanted() {
            match self.find(at)? {
                Answer::Need(needs) => return Ok(Answer::Need(needs)),
                Answer::Value(None) => break,
                Answer::Value(Some((_, found))) => {
                    ties.take(&found.piece());
                }
            }
        }
        Ok(Answer::Value(()))
    }

    fn find(&self, offset: u64) -> Result<Answer<Option<(u64, Found)>>, SourceError> {
        let Some(version) = self.scanner.version().filter(|_| offset < self.size) else {
            return Ok(Answer::Value(None));
        };
        self.ask(AHEAD, |blocks| {
            let mut found = None;
            self.walk(blocks, version, self.before_offset(offset), &mut |row, piece| {
                if piece.span().1 <= offset {
                    return true;
                }
                let what = match piece {
                    Piece::Record(record, _) => Found::Record(*record),
                    Piece::Wound(wound) => Found::Wound(wound.clone()),
                };
                found = Some((row, what));
                false
            })?;
            Ok(found)
        })
    }

    /// The nearest place before this row from which the file can be read.
    fn before_row(&self, row: u64) -> Checkpoint {
        let next = self.long_wounds.partition_point(|long| long.row < row);
        self.nearest(next, self.checkpoints.before_row(row), |at| at.row <= row)
    }

    /// The nearest place before this offset from which the file can be read.
    pub(crate) fn before_offset(&self, offset: u64) -> Checkpoint {
        let next = self.long_wounds.partition_point(|long| long.wound.end <= offset);
        self.nearest(next, self.checkpoints.before_offset(offset), |at| at.offset <= offset)
    }

    /// The last of a checkpoint, the end of the long wound before number `next`, and the start of
    /// that one.
    fn nearest(
        &self,
        next: usize,
        checkpoint: Checkpoint,
        before: impl Fn(&Checkpoint) -> bool,
    ) -> Checkpoint {
        let start = self.long_wounds.get(next);
        let start = start.map(|long| Checkpoint { offset: long.wound.start, row: long.row });
        let end = next.checked_sub(1).and_then(|last| self.long_wounds.get(last));
        let end = end.map(|long| Checkpoint { offset: long.wound.end, row: long.row + 1 });
        let others = [start, end].into_iter().flatten().filter(before);
        others.fold(checkpoint, |last, other| if other.row > last.row { other } else { last })
    }

    /// Reads rows again from a place on, until `each` says no; long wounds are not read.
    fn walk(
        &self,
        source: &dyn Source,
        version: Version,
        from: Checkpoint,
        each: &mut dyn FnMut(u64, Piece<'_>) -> bool,
    ) -> Result<(), SourceError> {
        let mut at = from;
        let next = self.long_wounds.partition_point(|long| long.row < at.row);
        let mut ahead = self.long_wounds.get(next..).unwrap_or_default().iter();
        loop {
            let long = ahead.next();
            let until = long.map_or(u64::MAX, |long| long.row);
            if at.row < until {
                let mut more = true;
                read_from(source, version, self.scanner.layout(), at, |row, piece| {
                    more = each(row, piece);
                    more && row + 1 < until
                })?;
                if !more {
                    return Ok(());
                }
            }
            let Some(long) = long else { return Ok(()) };
            let end = long.wound.end;
            if !each(long.row, Piece::Wound(&long.wound)) || end >= self.size {
                return Ok(());
            }
            at = Checkpoint { offset: end, row: long.row + 1 };
        }
    }
}

impl<T> Answer<T> {
    fn map<U>(self, with: impl FnOnce(T) -> U) -> Answer<U> {
        match self {
            Answer::Need(needs) => Answer::Need(needs),
            Answer::Value(value) => Answer::Value(with(value)),
        }
    }
}

fn part(order: &[u32], from: usize, count: u32) -> &[u32] {
    let rest = order.get(from..).unwrap_or_default();
    rest.get(..count.min(MOST_ROWS) as usize).unwrap_or(rest)
}
