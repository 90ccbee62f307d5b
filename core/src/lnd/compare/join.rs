//! The join: each invoice of the older side with the one of the same hash on the newer.

use alloc::vec::Vec;

use sha2::{Digest as _, Sha256};

use super::difference::{Cost, Difference, Field, Told};
use super::keys::{Keys, Stream};
use super::one::One;
use super::sql::SqlIndex;
use super::{FieldCount, SideKind, SideOf, Summary, rules, told};
use crate::finding::Findings;
use crate::job::Progress;
use crate::kv::table::Tables;
use crate::lnd::gotime::Time;
use crate::lnd::invoice::{ContractState, Expiry};
use crate::lnd::migration::SqlEngine;
use crate::lnd::native::Provenance;
use crate::lnd::pace::Watch;
use crate::lnd::privacy::{Privacy, Pseudonyms};
use crate::sorting::sort_by_key;
use crate::source::SourceError;

/// An invoice of the older side.
pub(super) struct OldRow {
    /// The invoice.
    pub(super) one: One,
    /// Whether LND lists it, and the migration brings it.
    pub(super) listed: bool,
    /// Whether it could be read to its end.
    pub(super) whole: bool,
    /// How many come before it in the order in which the migration brings them over, if known.
    pub(super) rank: Option<usize>,
}

/// The older side, in its own order.
pub(super) trait OldSide {
    /// Some more; `None` behind the last.
    fn more(&mut self) -> Result<Option<Vec<OldRow>>, SourceError>;

    /// How many it has, as far as that is known before.
    fn len(&self) -> u64;

    /// What of it could not be read.
    fn unread(&self) -> u64;
}

/// The newer side, by hash.
pub(super) trait NewSide {
    /// How many it has.
    fn len(&self) -> usize;

    /// The place of that hash.
    fn find(&self, hash: &[u8; 32]) -> Option<usize>;

    /// The place of the same invoice by something else than its hash, where that side may lack it.
    fn find_otherwise(&self, _: &One) -> Option<usize> {
        None
    }

    /// The invoice at that place, and whether all of it could be read.
    fn at(&self, place: usize) -> Result<(One, bool), SourceError>;

    /// Where it comes from.
    fn provenance(&self, place: usize) -> Provenance;

    /// When its newest invoice was made.
    fn newest(&self) -> Option<Time>;

    /// Whether it may have had an invoice of that rank ([`OldRow::rank`]), and have deleted it.
    fn may_have_deleted(&self, _: Option<usize>) -> bool {
        true
    }

    /// What of it could not be read.
    fn unread(&self) -> u64;
}

/// The key-value store.
pub(super) struct KvSide<'a> {
    pub(super) keys: &'a Keys,
    pub(super) stream: Stream<'a>,
}

impl OldSide for KvSide<'_> {
    fn more(&mut self) -> Result<Option<Vec<OldRow>>, SourceError> {
        let Some(rows) = self.stream.more()? else { return Ok(None) };
        let rows = rows.into_iter().map(|row| {
            let listed = row.listed;
            let whole = row.error.is_none() && row.sets.iter().all(|set| set.error.is_none());
            let rank = self.keys.rank_of(row.invoice.add_index);
            OldRow { one: One::of_kv(row), listed, whole, rank }
        });
        Ok(Some(rows.collect()))
    }

    fn len(&self) -> u64 {
        self.keys.listed()
    }

    fn unread(&self) -> u64 {
        let buckets = self.stream.buckets.len() as u64;
        let keys = self.keys.unreadable.saturating_add(self.keys.misshapen);
        keys.saturating_add(self.stream.unreadable).saturating_add(buckets)
    }
}

/// Native SQL.
pub(in crate::lnd) struct SqlSide<'a> {
    /// The database.
    pub(in crate::lnd) tables: &'a dyn Tables,
    /// On which engine.
    pub(in crate::lnd) engine: SqlEngine,
    /// Where its invoices stand.
    pub(in crate::lnd) index: SqlIndex,
}

impl NewSide for SqlSide<'_> {
    fn len(&self) -> usize {
        self.index.len()
    }

    fn find(&self, hash: &[u8; 32]) -> Option<usize> {
        self.index.find(hash)
    }

    fn at(&self, place: usize) -> Result<(One, bool), SourceError> {
        let row = self.index.invoice_at(self.tables, place)?;
        let whole = row.errors.is_empty();
        Ok((One::of_sql(row, self.engine), whole))
    }

    fn provenance(&self, place: usize) -> Provenance {
        self.index.provenance(place)
    }

    fn newest(&self) -> Option<Time> {
        self.index.newest
    }

    /// The migration numbers invoices in their order, and each that is deleted leaves a gap; but
    /// the last one's number SQLite gives to the next.
    fn may_have_deleted(&self, rank: Option<usize>) -> bool {
        if self.index.len() == 0 {
            return false;
        }
        let Some(migrated) = self.index.migrated_without_gap() else { return true };
        rank.is_none_or(|rank| rank >= migrated)
    }

    fn unread(&self) -> u64 {
        self.index.bad.saturating_add(self.index.unreadable)
    }
}

/// A comparison under way.
pub(super) struct Join {
    pub(super) privacy: Privacy,
    pub(super) findings: Findings,
    pub(super) summary: Summary,
    /// The numbers of the first invoices that were deleted since.
    pub(super) deleted: Vec<u64>,
}

impl Join {
    pub(super) fn new(reveal: bool) -> Join {
        let names = Pseudonyms::default;
        let privacy = if reveal { Privacy::revealed() } else { Privacy::redacted(names()) };
        let side = |kind| SideOf { kind, input: 0, invoices: 0 };
        Join {
            privacy,
            findings: Findings::default(),
            deleted: Vec::new(),
            summary: Summary {
                old: side(SideKind::Kv),
                new: side(SideKind::Sql),
                same: 0,
                differ: 0,
                missing: 0,
                deleted: 0,
                left_behind: 0,
                orphans: 0,
                made_here: 0,
                extra: 0,
                unexplained: 0,
                unread: 0,
                fields: Vec::new(),
            },
        }
    }

    /// Which inputs the sides are.
    pub(super) fn sides(&mut self, old: SideKind, input: u32, new: SideKind, other: u32) {
        self.summary.old = SideOf { kind: old, input, invoices: 0 };
        self.summary.new = SideOf { kind: new, input: other, invoices: 0 };
    }

    /// Compares all of them; whether nobody stopped it.
    pub(super) fn run(
        &mut self,
        old: &mut dyn OldSide,
        new: &dyn NewSide,
        watch: &mut Watch<'_>,
    ) -> Result<bool, SourceError> {
        let total = old.len();
        self.summary.new.invoices = new.len() as u64;
        let mut matched = alloc::vec![false; new.len()];
        while let Some(rows) = old.more()? {
            for row in rows {
                self.row(row, new, &mut matched)?;
            }
            let done = self.summary.old.invoices;
            if !watch(Progress { done, total: total.max(done) }) {
                return Ok(false);
            }
        }
        self.rest(new, &matched)?;
        self.summary.unread =
            self.summary.unread.saturating_add(old.unread()).saturating_add(new.unread());
        sort_by_key(&mut self.summary.fields, |count| count.field);
        Ok(true)
    }

    fn row(
        &mut self,
        row: OldRow,
        new: &dyn NewSide,
        matched: &mut [bool],
    ) -> Result<(), SourceError> {
        let OldRow { one, listed, whole, rank } = row;
        self.summary.old.invoices = self.summary.old.invoices.saturating_add(1);
        let of_preimage = one.invoice.preimage.map(|preimage| Sha256::digest(preimage).into());
        // The migration files an invoice under its preimage's hash, whatever the index says; and
        // one of which neither is known, under zeros.
        let unknown = (listed && of_preimage.is_none() && one.hash.is_none()).then_some([0; 32]);
        let found = [of_preimage, one.hash, unknown]
            .into_iter()
            .flatten()
            .find_map(|hash| new.find(&hash))
            .or_else(|| new.find_otherwise(&one));
        if !whole {
            self.summary.unread = self.summary.unread.saturating_add(1);
            if let Some(place) = found {
                mark(matched, place);
            }
            return Ok(());
        }
        let Some(place) = found else {
            // Without a hash nothing can be said of it.
            if one.hash.is_none() && self.summary.old.kind == SideKind::List {
                self.summary.unread = self.summary.unread.saturating_add(1);
                return Ok(());
            }
            self.absent(&one, listed, new.may_have_deleted(rank), new.newest());
            return Ok(());
        };
        let is_anothers = mark(matched, place);
        let (other, whole) = new.at(place)?;
        if !whole {
            self.summary.unread = self.summary.unread.saturating_add(1);
            return Ok(());
        }
        let mut differences = rules::differences(&one, &other);
        if unknown.is_some() && other.hash == Some([0; 32]) {
            differences.insert(
                0,
                Difference {
                    field: Field::Hash,
                    of: Told::Absent,
                    old: Told::Absent,
                    new: Told::Hash([0; 32]),
                    ahead: false,
                    cost: Cost::Money,
                },
            );
        }
        if differences.is_empty() {
            // What stands twice on the older side, which LND never writes, is on both sides but once.
            let count = if is_anothers { &mut self.summary.unread } else { &mut self.summary.same };
            *count = count.saturating_add(1);
            return Ok(());
        }
        self.summary.differ = self.summary.differ.saturating_add(1);
        for difference in &differences {
            self.count(difference.field);
            told::difference(self, &one, &other, difference);
        }
        Ok(())
    }

    fn count(&mut self, field: Field) {
        let fields = &mut self.summary.fields;
        match fields.iter_mut().find(|count| count.field == field) {
            Some(count) => count.count = count.count.saturating_add(1),
            None => fields.push(FieldCount { field, count: 1 }),
        }
    }

    /// An invoice that the newer side has not.
    fn absent(&mut self, one: &One, listed: bool, deletable: bool, newest: Option<Time>) {
        let canceled = one.invoice.state == ContractState::Canceled;
        let summary = &mut self.summary;
        if !listed {
            if canceled {
                summary.orphans = summary.orphans.saturating_add(1);
            } else {
                summary.left_behind = summary.left_behind.saturating_add(1);
                told::left_behind(self, one);
            }
            return;
        }
        // LND cancels what has expired, and deletes what is canceled if it is told to. Before that
        // it may be canceled by hand, or with the HTLCs that it holds; nothing tells.
        let open = one.invoice.state == ContractState::Open;
        let held = open || one.invoice.state == ContractState::Accepted;
        if canceled || open && newest.is_some_and(|now| is_expired(one, now)) {
            summary.deleted = summary.deleted.saturating_add(1);
            if self.deleted.len() < 10 {
                self.deleted.push(one.number);
            }
            return;
        }
        summary.missing = summary.missing.saturating_add(1);
        told::missing(self, one, held && deletable);
    }

    /// What only the newer side has.
    fn rest(&mut self, new: &dyn NewSide, matched: &[bool]) -> Result<(), SourceError> {
        let of_list = self.summary.old.kind == SideKind::List;
        for (place, _) in matched.iter().enumerate().filter(|(_, matched)| !**matched) {
            let summary = &mut self.summary;
            match new.provenance(place) {
                Provenance::Native => summary.made_here = summary.made_here.saturating_add(1),
                Provenance::Unknown => summary.unexplained = summary.unexplained.saturating_add(1),
                // A list has as many invoices as were asked for.
                Provenance::Migrated if of_list => {
                    summary.unexplained = summary.unexplained.saturating_add(1);
                }
                Provenance::Migrated => {
                    summary.extra = summary.extra.saturating_add(1);
                    let (one, _) = new.at(place)?;
                    told::extra(self, &one);
                }
            }
        }
        Ok(())
    }
}

/// Marks that an invoice of the older side has its counterpart there; whether one had it before.
fn mark(matched: &mut [bool], place: usize) -> bool {
    matched.get_mut(place).is_some_and(|matched| core::mem::replace(matched, true))
}

/// Whether it was no longer valid at that time.
fn is_expired(one: &One, now: Time) -> bool {
    // LND takes an hour where an invoice says nothing.
    let seconds = match one.invoice.expiry.map_or(0, Expiry::seconds) {
        0 => 3_600,
        seconds => seconds,
    };
    one.invoice.created.seconds.saturating_add(seconds) <= now.seconds
}
