//! The plan: what is kept, mended, moved, dropped and lost, with the reason and the offsets.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::item::{Item, Mend, Proof};
use crate::finding::{Span, serialize_by_name};
use crate::gossip::damage::flips::Bit;
use crate::gossip::format::RecordType;

/// The name and version of the document's form.
pub const SCHEMA: &str = "fulgurite-plan/1";

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// Why a record is not in the repaired store.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Reason {
            $($(#[$doc])* $name,)*
        }

        impl Reason {
            /// All of them.
            pub const ALL: &'static [Reason] = &[$(Reason::$name),*];

            /// Its stable name.
            pub const fn name(self) -> &'static str {
                match self { $(Reason::$name => $text,)* }
            }
        }
    };
}

reasons! {
    /// Marked DELETED: lightningd would drop it too.
    Dead = "dead";
    /// An update or a node_announcement that an older file has in a newer form, or that stands
    /// behind a newer one.
    Superseded = "superseded";
    /// The same announcement, update or amount stands there already.
    Duplicate = "duplicate";
    /// An update, or an amount, of a channel whose announcement is nowhere.
    NoAnnouncement = "no_announcement";
    /// A node_announcement of a node that has no channel.
    NoChannel = "no_channel";
    /// An announcement whose amount is nowhere.
    NoAmount = "no_amount";
    /// Of a channel that a tombstone ends.
    Tombstone = "tombstone";
    /// Of a channel that a newer source has deleted.
    DeletedInNewer = "deleted_in_newer";
    /// Of a channel whose funding output a newer source saw spent.
    DyingInNewer = "dying_in_newer";
    /// A tombstone that has done its work.
    Applied = "applied";
    /// No release knows its type.
    UnknownType = "unknown_type";
    /// Its body is not as its type has it.
    Malformed = "malformed";
    /// Header and message contradict each other, and nothing proves which is right.
    Contradiction = "contradiction";
    /// Inside a span that a wounded header claims, without valid signatures.
    Unproven = "unproven";
    /// `ended`: it says that the file was replaced.
    Ended = "ended";
    /// A `uuid` record; the repaired store has one of its own.
    Uuid = "uuid";
    /// A record of the operator's own channels that the version written has no place for.
    Private = "private";
    /// Of a channel that was pruned, which the version written does not remember.
    Zombie = "zombie";
    /// An update of the old form, which later versions do not read.
    NoHtlcMaximum = "no_htlc_maximum";
    /// A type that the version written does not know.
    NotInVersion = "not_in_version";
    /// Of what releases that write this version throw the whole store away for.
    Refused = "refused";
    /// More channels or nodes than are remembered.
    Limit = "limit";
}

/// What is done with a run of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// They are in the repaired store as they stand (but for the flags of another version).
    Keep,
    /// They are in the repaired store, mended.
    Mend,
    /// They are in the repaired store, at another place.
    Move,
    /// They are whole, but not in the repaired store.
    Drop,
    /// Nothing could be made of these bytes.
    Lose,
}

impl Action {
    /// All of them.
    pub const ALL: [Action; 5] =
        [Action::Keep, Action::Mend, Action::Move, Action::Drop, Action::Lose];

    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Action::Keep => "keep",
            Action::Mend => "mend",
            Action::Move => "move",
            Action::Drop => "drop",
            Action::Lose => "lose",
        }
    }
}

serialize_by_name!(Reason, Action);

/// One row of the plan: neighbouring records with the same fate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The input, counted from 0.
    pub source: u64,
    /// Its bytes there.
    pub span: Span,
    /// What is done.
    pub action: Action,
    /// Why, where they are dropped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// What is mended.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mends: Vec<Mend>,
    /// What proves it, mend by mend.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proofs: Vec<Proof>,
    /// The bits that are turned back: file offset and bit (0 is the least).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bits: Vec<(u64, u8)>,
    /// How many records; 0 where nobody can say.
    pub records: u64,
    /// Upstream's name of their type, where they are all of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record_type: Option<Cow<'static, str>>,
}

/// How many records were dropped for one reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dropped {
    /// Why.
    pub reason: Reason,
    /// How many.
    pub records: u64,
}

/// How many records were mended in one way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mended {
    /// What was mended.
    pub mend: Mend,
    /// How many.
    pub records: u64,
}

/// One input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanInput {
    /// Its length in bytes.
    pub size: u64,
    /// Its SHA-256, as 64 hexadecimal digits.
    pub sha256: String,
    /// The version that its records are read as.
    pub version: u8,
    /// Its records whose checksum holds, DELETED ones included.
    pub intact: u64,
    /// Its chains of records, newest first: where they stand, and the newest timestamp of each.
    pub chains: Vec<(Span, u32)>,
}

/// What is done, and what comes of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// [`SCHEMA`].
    pub schema: Cow<'static, str>,
    /// What was read.
    pub inputs: Vec<PlanInput>,
    /// The version that is written.
    pub version: u8,
    /// Nothing needs doing: the repaired store is the input, byte for byte.
    pub unchanged: bool,
    /// Its length in bytes.
    pub size: u64,
    /// Its uuid, as 64 hexadecimal digits, where the version has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uuid: Option<String>,
    /// Records that are in the repaired store, without its uuid.
    pub records: u64,
    /// Its channels.
    pub channels: u64,
    /// Directions of channels that have an update.
    pub updates: u64,
    /// Nodes that have a channel.
    pub nodes: u64,
    /// Those of them whose node_announcement it has.
    pub announced_nodes: u64,
    /// What counts as now: what the face said, else the newest timestamp, in seconds since 1970.
    pub now: u32,
    /// Channels whose two updates are both younger than two weeks now: those that the next prune
    /// leaves.
    pub channels_after_prune: u64,
    /// Channels that only an older source has.
    pub channels_from_older: u64,
    /// Intact records that are in it as they stood.
    pub kept: u64,
    /// Records in it that were mended.
    pub mended: u64,
    /// Records in it that were moved.
    pub moved: u64,
    /// Intact records that are not in it.
    pub dropped: u64,
    /// Spans of which no record could be made, and their bytes.
    pub lost: (u64, u64),
    /// Dropped records by reason.
    pub dropped_by: Vec<Dropped>,
    /// Mended records by what was mended.
    pub mended_by: Vec<Mended>,
    /// What is done with which bytes, in the order in which it is done.
    pub rows: Vec<Row>,
    /// Rows beyond the limit.
    pub rows_left_off: u64,
}

impl Plan {
    /// At most so many rows are kept.
    pub const ROWS: usize = 4_096;

    /// How many records were dropped for this reason.
    pub fn dropped_for(&self, reason: Reason) -> u64 {
        let row = self.dropped_by.iter().find(|row| row.reason == reason);
        row.map_or(0, |row| row.records)
    }

    /// The document, in one line without a line end.
    ///
    /// # Errors
    /// None in practice, as [`Report::to_json`](crate::report::Report::to_json).
    #[cfg(feature = "json")]
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// Reads a saved document.
    ///
    /// # Errors
    /// As [`Report::from_json`](crate::report::Report::from_json).
    #[cfg(feature = "json")]
    pub fn from_json(text: &str) -> Result<Plan, serde_json::Error> {
        let plan: Plan = crate::json::from_str(text)?;
        if plan.schema != SCHEMA {
            let message = alloc::format!("expected {SCHEMA}, found {:?}", plan.schema);
            return Err(serde::de::Error::custom(message));
        }
        Ok(plan)
    }
}

/// Who is told what becomes of each record.
pub trait Ledger {
    /// It is in the repaired store; `moved`: not where it stood.
    fn kept(&mut self, item: &Item, moved: bool);

    /// It is not.
    fn dropped(&mut self, item: &Item, why: Reason);

    /// An amount is made for this announcement, which has lost its own.
    fn amount_made(&mut self, announcement: &Item);

    /// Nothing could be made of these bytes.
    fn lost(&mut self, source: u8, span: Span);
}

/// The ledger that becomes a plan.
#[derive(Debug, Default)]
pub(super) struct Book {
    pub(super) kept: u64,
    pub(super) mended: u64,
    pub(super) moved: u64,
    pub(super) dropped: u64,
    pub(super) lost: (u64, u64),
    pub(super) rows: Vec<Row>,
    pub(super) rows_left_off: u64,
    /// The first record is a uuid.
    pub(super) uuid_first: bool,
    /// Mended records that are dropped nevertheless.
    mended_in_vain: u64,
    reasons: [u64; Reason::ALL.len()],
    mends: [u64; Mend::ALL.len()],
}

impl Book {
    /// Whether anything but dead records would be different from the input.
    /// `own_uuid`: the first record is the store's uuid, which counts as dropped.
    pub(super) fn is_idle(&self, own_uuid: bool) -> bool {
        let dead = self.reasons.get(Reason::Dead as usize).copied().unwrap_or(0);
        let made = self.mended + self.moved + self.lost.0 + self.mended_in_vain;
        made == 0 && self.dropped == dead + u64::from(own_uuid)
    }

    pub(super) fn dropped_by(&self) -> Vec<Dropped> {
        let counts = Reason::ALL.iter().zip(self.reasons).filter(|(_, records)| *records > 0);
        counts.map(|(&reason, records)| Dropped { reason, records }).collect()
    }

    pub(super) fn mended_by(&self) -> Vec<Mended> {
        let counts = Mend::ALL.into_iter().zip(self.mends).filter(|(_, records)| *records > 0);
        counts.map(|(mend, records)| Mended { mend, records }).collect()
    }

    fn row(&mut self, row: Row) {
        if let Some(last) = self.rows.last_mut()
            && last.span.end == row.span.start
            && (last.source, last.action, last.reason) == (row.source, row.action, row.reason)
            && last.mends == row.mends
            && last.proofs == row.proofs
            && last.bits.is_empty()
            && row.bits.is_empty()
            && row.action != Action::Lose
        {
            last.span.end = row.span.end;
            last.records += row.records;
            if last.record_type != row.record_type {
                last.record_type = None;
            }
            return;
        }
        if self.rows.len() < Plan::ROWS {
            self.rows.push(row);
        } else {
            self.rows_left_off += 1;
        }
    }
}

fn row(item: &Item, action: Action) -> Row {
    Row {
        source: item.source.into(),
        span: Span::new(item.at, item.end),
        action,
        reason: None,
        mends: item.mends.iter().map(|(mend, _)| mend).collect(),
        proofs: item.mends.iter().map(|(_, proof)| proof).collect(),
        bits: item
            .mends
            .bits
            .iter()
            .map(|bit: &Bit| (item.at + bit.byte as u64, bit.bit))
            .collect(),
        records: 1,
        record_type: item.record_type.map(|record_type| Cow::Borrowed(record_type.name())),
    }
}

impl Ledger for Book {
    fn kept(&mut self, item: &Item, moved: bool) {
        let mended = !item.mends.is_empty();
        self.moved += u64::from(moved);
        if mended {
            self.mended += 1;
        } else {
            self.kept += 1;
        }
        for (mend, _) in item.mends.iter() {
            if let Some(count) = self.mends.get_mut(mend as usize) {
                *count += 1;
            }
        }
        let action = match (mended, moved) {
            (true, _) => Action::Mend,
            (false, true) => Action::Move,
            (false, false) => Action::Keep,
        };
        self.row(row(item, action));
    }

    fn dropped(&mut self, item: &Item, why: Reason) {
        if item.intact {
            self.dropped += 1;
        } else {
            self.mended_in_vain += 1;
        }
        if let Some(count) = self.reasons.get_mut(why as usize) {
            *count += u64::from(item.intact);
        }
        self.uuid_first |= why == Reason::Uuid && item.at == 1;
        let mut row = row(item, Action::Drop);
        row.reason = Some(why);
        row.mends.clear();
        row.proofs.clear();
        row.bits.clear();
        self.row(row);
    }

    fn amount_made(&mut self, announcement: &Item) {
        self.mended += 1;
        if let Some(count) = self.mends.get_mut(Mend::Amount as usize) {
            *count += 1;
        }
        let mut row = row(announcement, Action::Mend);
        row.span = Span::empty(announcement.end);
        row.mends = alloc::vec![Mend::Amount];
        row.proofs = alloc::vec![Proof::Records];
        row.bits.clear();
        row.record_type = Some(Cow::Borrowed(RecordType::CHANNEL_AMOUNT.name()));
        self.row(row);
    }

    fn lost(&mut self, source: u8, span: Span) {
        self.lost.0 += 1;
        self.lost.1 += span.len();
        self.row(Row {
            source: source.into(),
            span,
            action: Action::Lose,
            reason: None,
            mends: Vec::new(),
            proofs: Vec::new(),
            bits: Vec::new(),
            records: 0,
            record_type: None,
        });
    }
}
