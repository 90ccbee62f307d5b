//! Invoices of native SQL page by page: rows are read again, with those that belong to them, and
//! put into the same model as the key-value store's.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::ops::Range;

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::cells::{Cells, Held, columns};
use super::index::{NativeIndex, NativeRow, Provenance};
use crate::kv::bucket::At;
use crate::kv::table::{Row, Table, Tables};
use crate::lnd::gotime::{Text, Time};
use crate::lnd::invoice::{
    AmpSet, Circuit, ContractState, DecodeError, DecodeErrorKind, Encoding, Expiry, Features, Htlc,
    HtlcAmp, HtlcState, Invoice, Shown,
};
use crate::lnd::invoices::error_values;
use crate::lnd::privacy::Privacy;
use crate::sorting::sort;
use crate::source::SourceError;

/// Some invoices, by id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NativePage {
    /// The place of the first among all.
    pub from: u64,
    /// How many there are in all.
    pub total: u64,
    /// The invoices.
    pub rows: Vec<NativePageRow>,
}

/// An invoice with what belongs to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NativePageRow {
    /// Its id.
    pub id: i64,
    /// Where its row stands.
    pub at: At,
    /// Its payment hash.
    pub hash: Option<[u8; 32]>,
    /// Where it comes from.
    pub provenance: Provenance,
    /// `payment_request_hash`: the SHA-256 of the payment request.
    pub payment_request_hash: Option<[u8; 32]>,
    /// Its column `is_amp`; the features are in the invoice.
    pub is_amp: Option<bool>,
    /// Its column `is_keysend`.
    pub is_keysend: Option<bool>,
    /// Whether `memo` is NULL: LND writes an empty text for none.
    pub memo_is_null: bool,
    /// The invoice, as far as it can be read.
    pub invoice: Invoice,
    /// Cells that cannot be read.
    pub errors: Vec<DecodeError>,
}

/// The invoices from place `from` on (0 is that of the lowest id), `count` of them at most.
///
/// # Errors
/// [`SourceError`] where the database's source cannot be read.
pub fn page(
    store: &dyn Tables,
    index: &NativeIndex,
    from: u64,
    count: usize,
) -> Result<NativePage, SourceError> {
    let total = index.invoices.len() as u64;
    let mut page = NativePage { from, total, rows: Vec::new() };
    let start = usize::try_from(from).unwrap_or(usize::MAX).min(index.invoices.len());
    let pager = Pager { store, index };
    for row in index.invoices.iter().skip(start).take(count) {
        page.rows.push(pager.invoice(row)?);
    }
    Ok(page)
}

struct Pager<'a> {
    store: &'a dyn Tables,
    index: &'a NativeIndex,
}

impl Pager<'_> {
    fn invoice(&self, known: &NativeRow) -> Result<NativePageRow, SourceError> {
        let mut out = NativePageRow {
            id: known.id,
            at: known.at,
            hash: known.hash,
            provenance: known.provenance,
            ..NativePageRow::default()
        };
        out.invoice.encoding = Encoding::Sql;
        out.invoice.add_index = u64::try_from(known.id).unwrap_or(0);
        if let Some((table, row)) = self.row("invoices", known.handle)? {
            read_invoice(table, &row, &mut out);
        }
        let features = range(&self.index.features, |(invoice, _)| *invoice, known.id);
        let features = self.index.features.get(features).unwrap_or_default();
        out.invoice.features = Features::Rows(features.iter().map(|(_, bit)| *bit).collect());
        let htlcs = range(&self.index.htlcs, |row| row.invoice, known.id);
        for row in self.index.htlcs.get(htlcs).unwrap_or_default() {
            if let Some(htlc) = self.htlc(row.id, row.handle, &mut out.errors)? {
                out.invoice.htlcs.push(htlc);
            }
        }
        out.invoice.amp = Some(self.sets(known.id, &out.invoice.htlcs, &mut out.errors)?);
        Ok(out)
    }

    fn htlc(
        &self,
        id: i64,
        handle: u64,
        errors: &mut Vec<DecodeError>,
    ) -> Result<Option<Htlc>, SourceError> {
        let Some((table, row)) = self.row("invoice_htlcs", handle)? else { return Ok(None) };
        let mut htlc = read_htlc(table, &row, errors);
        let amp = range(&self.index.amp_htlcs, |(htlc, _)| *htlc, id);
        for (_, handle) in self.index.amp_htlcs.get(amp).unwrap_or_default() {
            if let Some((table, row)) = self.row("amp_sub_invoice_htlcs", *handle)? {
                htlc.amp = Some(Box::new(read_amp(table, &row, errors)));
            }
        }
        let records = range(&self.index.records, |(htlc, _)| *htlc, id);
        for (_, handle) in self.index.records.get(records).unwrap_or_default() {
            if let Some((table, row)) = self.row("invoice_htlc_custom_records", *handle)? {
                htlc.custom_records.push(read_record(table, &row, errors));
            }
        }
        sort(&mut htlc.custom_records);
        Ok(Some(htlc))
    }

    fn sets(
        &self,
        invoice: i64,
        htlcs: &[Htlc],
        errors: &mut Vec<DecodeError>,
    ) -> Result<Vec<AmpSet>, SourceError> {
        // HTLCs by set, so that each is looked at once.
        let mut members: Vec<([u8; 32], Circuit)> = htlcs
            .iter()
            .filter_map(|htlc| Some((htlc.amp.as_ref()?.set_id, htlc.circuit)))
            .collect();
        sort(&mut members);
        let mut sets = Vec::new();
        let subs = range(&self.index.subs, |row| row.invoice, invoice);
        for sub in self.index.subs.get(subs).unwrap_or_default() {
            let mut set = AmpSet {
                set_id: sub.set,
                state: sub.state,
                settle_index: sub.settle_index.map_or(0, i64::cast_unsigned),
                ..AmpSet::default()
            };
            let first = members.partition_point(|(id, _)| *id < sub.set);
            let own = members.iter().skip(first).take_while(|(id, _)| *id == sub.set);
            set.circuits = own.map(|(_, circuit)| *circuit).collect();
            if let Some((table, row)) = self.row("amp_sub_invoices", sub.handle)? {
                let [created, settled] = columns(table, ["created_at", "settled_at"]);
                let mut read = Noting { at: row.at.start, errors };
                set.created = read.optional("sub.created_at", Cells(&row).time(created));
                let settled = read.optional("sub.settled_at", Cells(&row).time(settled));
                set.settled = settled.unwrap_or(Time::ZERO);
            }
            sets.push(set);
        }
        Ok(sets)
    }

    fn row(&self, table: &str, handle: u64) -> Result<Option<(&Table, Row)>, SourceError> {
        let Some(place) = self.store.table(table) else { return Ok(None) };
        let row = self.store.row(place, handle)?;
        Ok(self.store.tables().get(place).zip(row))
    }
}

/// The rows of a sorted list that have that key.
fn range<T>(rows: &[T], key: impl Fn(&T) -> i64, wanted: i64) -> Range<usize> {
    let start = rows.partition_point(|row| key(row) < wanted);
    let end = rows.partition_point(|row| key(row) <= wanted);
    start..end
}

/// Notes cells that do not hold what they ought to.
struct Noting<'a> {
    at: u64,
    errors: &'a mut Vec<DecodeError>,
}

impl Noting<'_> {
    fn optional<T>(&mut self, field: &'static str, held: Held<T>) -> Option<T> {
        held.unwrap_or_else(|()| {
            self.errors.push(DecodeError { at: self.at, field, kind: DecodeErrorKind::Cell });
            None
        })
    }

    fn needed<T: Default>(&mut self, field: &'static str, held: Held<T>) -> T {
        let nothing = matches!(held, Ok(None));
        if nothing {
            self.errors.push(DecodeError { at: self.at, field, kind: DecodeErrorKind::Missing });
        }
        self.optional(field, held).unwrap_or_default()
    }
}

/// Reads a row of `invoices` into `out`; what is not as its column says is noted there.
pub(in crate::lnd) fn read_invoice(table: &Table, row: &Row, out: &mut NativePageRow) {
    let cells = Cells(row);
    let column = |name| table.column(name);
    let mut read = Noting { at: row.at.start, errors: &mut out.errors };
    let invoice = &mut out.invoice;
    invoice.preimage = read.optional("preimage", cells.hash(column("preimage")));
    let settle_index = read.optional("settle_index", cells.bits(column("settle_index")));
    invoice.settle_index = settle_index.unwrap_or(0);
    let settled = read.optional("settled_at", cells.time(column("settled_at")));
    invoice.settled = settled.unwrap_or(Time::ZERO);
    let memo = read.optional("memo", cells.text(column("memo")));
    out.memo_is_null = memo.is_none();
    invoice.memo = memo.unwrap_or_default().to_vec();
    invoice.value_msat = read.needed("amount_msat", cells.bits(column("amount_msat")));
    invoice.cltv_delta = read.optional("cltv_delta", cells.integer(column("cltv_delta")));
    let expiry = read.needed("expiry", cells.integer(column("expiry")));
    invoice.expiry = Some(Expiry::Seconds(expiry));
    invoice.payment_addr = read.optional("payment_addr", cells.hash(column("payment_addr")));
    let request = read.optional("payment_request", cells.text(column("payment_request")));
    invoice.payment_request = request.unwrap_or_default().to_vec();
    out.payment_request_hash =
        read.optional("payment_request_hash", cells.hash(column("payment_request_hash")));
    invoice.state = ContractState::from(read.needed("state", cells.integer(column("state"))));
    invoice.amount_paid_msat =
        read.needed("amount_paid_msat", cells.bits(column("amount_paid_msat")));
    out.is_amp = read.optional("is_amp", cells.flag(column("is_amp")));
    invoice.hodl = read.optional("is_hodl", cells.flag(column("is_hodl")));
    out.is_keysend = read.optional("is_keysend", cells.flag(column("is_keysend")));
    invoice.created = read.needed("created_at", cells.time(column("created_at")));
}

/// Reads a row of `invoice_htlcs`, without what belongs to it.
pub(in crate::lnd) fn read_htlc(table: &Table, row: &Row, errors: &mut Vec<DecodeError>) -> Htlc {
    let cells = Cells(row);
    let column = |name| table.column(name);
    let mut read = Noting { at: row.at.start, errors };
    let resolved = read.optional("htlc.resolve_time", cells.time(column("resolve_time")));
    Htlc {
        circuit: Circuit {
            channel: read.needed("htlc.chan_id", cells.digits(column("chan_id"))),
            htlc: read.needed("htlc.htlc_id", cells.unsigned(column("htlc_id"))),
        },
        amount_msat: read.needed("htlc.amount_msat", cells.bits(column("amount_msat"))),
        accept_height: read
            .needed("htlc.accept_height", cells.small(column("accept_height")))
            .cast_unsigned(),
        accept_time: read.needed("htlc.accept_time", cells.time(column("accept_time"))),
        resolve_time: resolved.unwrap_or(Time::ZERO),
        expiry_height: read
            .needed("htlc.expiry_height", cells.small(column("expiry_height")))
            .cast_unsigned(),
        state: HtlcState::from(read.needed("htlc.state", cells.integer(column("state")))),
        mpp_total_msat: read.optional("htlc.total_mpp_msat", cells.bits(column("total_mpp_msat"))),
        amp: None,
        custom_records: Vec::new(),
    }
}

/// Reads a row of `amp_sub_invoice_htlcs`.
pub(in crate::lnd) fn read_amp(table: &Table, row: &Row, errors: &mut Vec<DecodeError>) -> HtlcAmp {
    let cells = Cells(row);
    let column = |name| table.column(name);
    let mut read = Noting { at: row.at.start, errors };
    HtlcAmp {
        root_share: read.needed("amp.root_share", cells.hash(column("root_share"))),
        set_id: read.needed("amp.set_id", cells.hash(column("set_id"))),
        child_index: read.needed("amp.child_index", cells.child_index(column("child_index"))),
        hash: read.optional("amp.hash", cells.hash(column("hash"))),
        preimage: read.optional("amp.preimage", cells.hash(column("preimage"))),
    }
}

/// Reads a row of `invoice_htlc_custom_records`: type and value.
pub(in crate::lnd) fn read_record(
    table: &Table,
    row: &Row,
    errors: &mut Vec<DecodeError>,
) -> (u64, Vec<u8>) {
    let cells = Cells(row);
    let mut read = Noting { at: row.at.start, errors };
    // A type above 2⁶³ − 1 is stored by its bits, as a negative number.
    let kind = read.needed("record.key", cells.integer(table.column("key")));
    (kind.cast_unsigned(), read.needed("record.value", cells.bytes(table.column("value"))))
}

/// A row, to be written as JSON.
#[derive(Clone, Copy, Debug)]
pub struct ShownNativeRow<'a> {
    /// The row.
    pub row: &'a NativePageRow,
    /// How much is told.
    pub privacy: &'a Privacy,
}

impl Serialize for ShownNativeRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let ShownNativeRow { row, privacy } = *self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &Text(row.id))?;
        map.serialize_entry("span", &row.at.span())?;
        map.serialize_entry("hash", &row.hash.map(|hash| privacy.hash(&hash)))?;
        map.serialize_entry("provenance", row.provenance.name())?;
        map.serialize_entry("is_amp", &row.is_amp)?;
        map.serialize_entry("is_keysend", &row.is_keysend)?;
        map.serialize_entry("invoice", &Shown { invoice: &row.invoice, privacy })?;
        let errors: Vec<_> = row.errors.iter().map(error_values).collect();
        map.serialize_entry("errors", &errors)?;
        map.end()
    }
}
