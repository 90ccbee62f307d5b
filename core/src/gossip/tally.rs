//! Counts and bytes by record type and by flags.

use crate::sorting::sort_by_key;
use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::format::{Flags, RecordType};
use super::scan::{RecordRef, Wound};

/// Records of one type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TypeTally {
    /// Not marked DELETED, checksum holds.
    pub live: u64,
    /// Marked DELETED, checksum holds.
    pub deleted: u64,
    /// One record, but the checksum does not hold.
    pub bad_checksum: u64,
    /// Bytes of the live ones, headers included.
    pub live_bytes: u64,
    /// Bytes of the deleted ones, headers included.
    pub deleted_bytes: u64,
}

/// Records of one type and with the same flags, counted together.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Alike {
    /// How many.
    pub(crate) records: u64,
    /// Their bytes, headers included.
    pub(crate) bytes: u64,
    /// The bytes of their bodies.
    pub(crate) bodies: u64,
}

impl TypeTally {
    fn add(&mut self, flags: Flags, bytes: u64) {
        if flags.is_deleted() {
            self.deleted += 1;
            self.deleted_bytes += bytes;
        } else {
            self.live += 1;
            self.live_bytes += bytes;
        }
    }
}

/// Whether it is a message that peers are sent.
fn is_message(record_type: RecordType) -> bool {
    (256..=258).contains(&record_type.0)
}

/// How many records have these flags, and where the first of them stands, if one of them was looked at
/// alone.
#[derive(Clone, Copy, Debug, Default)]
struct FlagsTally {
    records: u64,
    first: Option<u64>,
}

/// All records of a store, counted.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    known: [TypeTally; RecordType::ALL.len()],
    unknown: BTreeMap<u16, TypeTally>,
    /// Bodies too short to have a type.
    untyped: TypeTally,
    flags: BTreeMap<u16, FlagsTally>,
    /// Runs of equal flags are counted here first; the map is asked once a run.
    run: (u16, FlagsTally),
    /// Records found inside a span that a wounded header claims.
    pub resynchronised: u64,
    /// Messages that a peer is sent: live 256, 257 and 258 that are not DYING (connectd skips
    /// those from v23.08 on); and the bytes of their bodies.
    pub sent: (u64, u64),
}

impl Tally {
    /// Counts a record whose checksum holds.
    pub fn record(&mut self, record: &RecordRef) {
        let flags = record.header.flags;
        if flags.0 == self.run.0 {
            self.run.1.records += 1;
        } else {
            self.settle_flags();
            self.run = (flags.0, FlagsTally { records: 1, first: Some(record.offset) });
        }
        self.resynchronised += u64::from(record.resynchronised);
        let message = record.record_type.is_some_and(is_message);
        if message && !flags.is_deleted() && !flags.contains(Flags::DYING) {
            self.sent.0 += 1;
            self.sent.1 += u64::from(record.header.len);
        }
        self.slot(record.record_type).add(flags, record.end - record.offset);
    }

    /// Counts records of one type with the COMPLETED bit, and with DELETED or without, and no other.
    pub(crate) fn alike(&mut self, record_type: RecordType, deleted: bool, sum: Alike) {
        if sum.records == 0 {
            return;
        }
        let flags = Flags(Flags::COMPLETED.0 | if deleted { Flags::DELETED.0 } else { 0 });
        self.flags.entry(flags.0).or_default().records += sum.records;
        let slot = self.slot(Some(record_type));
        if deleted {
            slot.deleted += sum.records;
            slot.deleted_bytes += sum.bytes;
            return;
        }
        slot.live += sum.records;
        slot.live_bytes += sum.bytes;
        if is_message(record_type) {
            self.sent.0 += sum.records;
            self.sent.1 += sum.bodies;
        }
    }

    /// Counts a wound that is one record.
    pub fn wound(&mut self, wound: &Wound) {
        if wound.framed {
            self.slot(wound.record_type).bad_checksum += 1;
        }
    }

    fn slot(&mut self, record_type: Option<RecordType>) -> &mut TypeTally {
        let Some(record_type) = record_type else { return &mut self.untyped };
        match slot_of(record_type).and_then(|slot| self.known.get_mut(slot)) {
            Some(tally) => tally,
            None => self.unknown.entry(record_type.0).or_default(),
        }
    }

    fn settle_flags(&mut self) {
        let (flags, run) = self.run;
        if run.records > 0 {
            let all = self.flags.entry(flags).or_default();
            all.records += run.records;
            all.first = all.first.or(run.first);
            self.run.1 = FlagsTally::default();
        }
    }

    /// The count of one type.
    pub fn of(&self, record_type: RecordType) -> TypeTally {
        slot_of(record_type)
            .and_then(|slot| self.known.get(slot))
            .or_else(|| self.unknown.get(&record_type.0))
            .copied()
            .unwrap_or_default()
    }

    /// Records whose body has no type.
    pub fn untyped(&self) -> TypeTally {
        self.untyped
    }

    /// Every flags value that occurs, ascending, with how many records have it.
    pub fn flags(&self) -> BTreeMap<u16, u64> {
        let mut all = self.clone();
        all.settle_flags();
        all.flags.into_iter().map(|(flags, tally)| (flags, tally.records)).collect()
    }

    /// Where the first record stands that has any of these flags. Of those that were counted together
    /// it is not known: in versions 15 and 16, those of [`Flags::COMPLETED`] and [`Flags::DELETED`] alone.
    pub fn first_with(&self, bits: Flags) -> Option<u64> {
        let mut all = self.clone();
        all.settle_flags();
        let with = all.flags.iter().filter(|(flags, _)| **flags & bits.0 != 0);
        with.filter_map(|(_, tally)| tally.first).min()
    }

    /// A row for each type that occurs, by type; records without one come last.
    pub fn rows(&self) -> Vec<TallyRow> {
        let known = RecordType::ALL.iter().map(|&record_type| (record_type, self.of(record_type)));
        let unknown = self.unknown.iter().map(|(&number, &tally)| (RecordType(number), tally));
        let mut rows: Vec<_> = known
            .chain(unknown)
            .filter(|(_, tally)| *tally != TypeTally::default())
            .map(|(record_type, tally)| row(Some(record_type), tally))
            .collect();
        sort_by_key(&mut rows, |row| row.number);
        if self.untyped != TypeTally::default() {
            rows.push(row(None, self.untyped));
        }
        rows
    }

    /// Records whose checksum holds.
    pub fn records(&self) -> u64 {
        self.all().map(|tally| tally.live + tally.deleted).sum()
    }

    /// Those of them that are marked DELETED.
    pub fn deleted(&self) -> u64 {
        self.all().map(|tally| tally.deleted).sum()
    }

    /// Wounds that are one record.
    pub fn bad_checksums(&self) -> u64 {
        self.all().map(|tally| tally.bad_checksum).sum()
    }

    /// Bytes of live and of deleted records.
    pub fn bytes(&self) -> (u64, u64) {
        self.all().fold((0, 0), |(live, deleted), tally| {
            (live + tally.live_bytes, deleted + tally.deleted_bytes)
        })
    }

    fn all(&self) -> impl Iterator<Item = &TypeTally> {
        self.known.iter().chain(self.unknown.values()).chain([&self.untyped])
    }
}

/// Where a known type is counted: its place in [`RecordType::ALL`].
fn slot_of(record_type: RecordType) -> Option<usize> {
    match record_type.0 {
        256..=258 => Some(usize::from(record_type.0) - 256),
        3503 => Some(3),
        4096..=4107 => Some(usize::from(record_type.0) - 4096 + 4),
        _ => None,
    }
}

/// One line of the table of types.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TallyRow {
    /// The type's number; absent for bodies too short to have one.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub number: Option<u16>,
    /// Upstream's name of it.
    pub name: Cow<'static, str>,
    /// See [`TypeTally`].
    pub live: u64,
    /// See [`TypeTally`].
    pub deleted: u64,
    /// See [`TypeTally`].
    pub bad_checksum: u64,
    /// See [`TypeTally`].
    pub live_bytes: u64,
    /// See [`TypeTally`].
    pub deleted_bytes: u64,
}

fn row(record_type: Option<RecordType>, tally: TypeTally) -> TallyRow {
    TallyRow {
        number: record_type.map(|record_type| record_type.0),
        name: record_type.map_or("untyped", RecordType::name).into(),
        live: tally.live,
        deleted: tally.deleted,
        bad_checksum: tally.bad_checksum,
        live_bytes: tally.live_bytes,
        deleted_bytes: tally.deleted_bytes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_type_has_its_own_slot() {
        for (place, record_type) in RecordType::ALL.iter().enumerate() {
            assert_eq!(slot_of(*record_type), Some(place), "{record_type:?}");
        }
        assert_eq!(slot_of(RecordType(4108)), None);
        assert_eq!(slot_of(RecordType(255)), None);
    }
}
