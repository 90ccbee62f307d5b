//! The tables of invoices: each with its events, AMP payments, HTLCs and features.

use alloc::vec::Vec;

use super::NativeReading;
use super::bad::Bad;
use crate::kv::table::{Row, Table};
use crate::lnd::invoice::{ContractState, HtlcState};
use crate::lnd::native::cells::{Cells, columns};
use crate::lnd::native::index::{EventRow, HtlcRow, NativeRow, Provenance, SubRow};

impl NativeReading {
    pub(super) fn invoices(&mut self, table: &Table, rows: &[Row]) {
        let [id, hash, state, created, settle_index, expiry, amp, paid, request] = columns(
            table,
            [
                "id",
                "hash",
                "state",
                "created_at",
                "settle_index",
                "expiry",
                "is_amp",
                "amount_paid_msat",
                "payment_request",
            ],
        );
        let [preimage, settled, amount, delta, address, hodl, keysend] = columns(
            table,
            [
                "preimage",
                "settled_at",
                "amount_msat",
                "cltv_delta",
                "payment_addr",
                "is_hodl",
                "is_keysend",
            ],
        );
        for row in rows {
            let cells = Cells(row);
            let mut bad = Bad::new("invoices", row);
            let id = bad.needed("id", cells.integer(id));
            bad.row = id;
            let hash = bad.needed("hash", cells.hash(hash));
            let state = bad.needed("state", cells.integer(state));
            let created = bad.needed("created_at", cells.time(created));
            let settle_index = bad.optional("settle_index", cells.integer(settle_index));
            let expiry = bad.needed("expiry", cells.small(expiry)).map(i64::from);
            let amp = bad.needed("is_amp", cells.flag(amp)).unwrap_or(false);
            let paid = bad.needed("amount_paid_msat", cells.bits(paid)).unwrap_or(0);
            let request = bad.optional("payment_request", cells.text(request));
            // What nothing here is said of, and LND reads with every invoice.
            bad.optional("preimage", cells.is_hash(preimage));
            bad.optional("settled_at", cells.time(settled));
            bad.needed("amount_msat", cells.integer(amount));
            bad.optional("cltv_delta", cells.small(delta));
            bad.optional("payment_addr", cells.is_hash(address));
            bad.needed("is_hodl", cells.flag(hodl));
            bad.needed("is_keysend", cells.flag(keysend));
            self.bad(&bad);
            let Some(id) = id else { continue };
            self.out.facts.census.add(request.unwrap_or_default());
            self.out.index.invoices.push(NativeRow {
                id,
                at: row.at,
                hash,
                // A state that cannot be read is none that LND knows.
                state: state.map_or(ContractState::Other(-1), ContractState::from),
                created,
                settle_index,
                expiry,
                amp,
                amount_paid_msat: paid,
                provenance: Provenance::Unknown,
                settled_here: false,
                oldest_event: None,
                htlcs: 0,
                accepted: 0,
                settled_msat: 0,
                handle: row.handle,
            });
        }
    }

    pub(super) fn events(&mut self, table: &Table, rows: &[Row]) {
        let [added, kind, invoice, set] =
            columns(table, ["added_at", "event_type", "invoice_id", "set_id"]);
        for row in rows {
            let cells = Cells(row);
            let mut bad = Bad::new("invoice_events", row);
            let invoice = bad.needed("invoice_id", cells.integer(invoice));
            bad.row = invoice;
            let kind = bad.needed("event_type", cells.integer(kind));
            let added = bad.needed("added_at", cells.time(added));
            let set = bad.optional("set_id", cells.hash(set));
            let index = &mut self.out.index;
            if let (Some(invoice), Some(kind)) = (invoice, kind) {
                index.events.push(EventRow { invoice, kind, added });
                index.settled_sets.extend(set.filter(|_| kind == 5));
            } else {
                index.events_whole = false;
            }
            self.bad(&bad);
        }
    }

    pub(super) fn subs(&mut self, table: &Table, rows: &[Row]) {
        let [set, state, settle_index, invoice] =
            columns(table, ["set_id", "state", "settle_index", "invoice_id"]);
        let [created, settled] = columns(table, ["created_at", "settled_at"]);
        for row in rows {
            let cells = Cells(row);
            let mut bad = Bad::new("amp_sub_invoices", row);
            let invoice = bad.needed("invoice_id", cells.integer(invoice));
            bad.row = invoice;
            let set = bad.needed("set_id", cells.hash(set));
            let state = bad.needed("state", cells.integer(state));
            let settle_index = bad.optional("settle_index", cells.integer(settle_index));
            bad.needed("created_at", cells.time(created));
            bad.optional("settled_at", cells.time(settled));
            if let (Some(invoice), Some(set)) = (invoice, set) {
                self.out.index.subs.push(SubRow {
                    invoice,
                    set,
                    state: state.map_or(HtlcState::Other(-1), HtlcState::from),
                    settle_index,
                    settled_here: false,
                    at: row.at,
                    handle: row.handle,
                });
            }
            self.bad(&bad);
        }
    }

    pub(super) fn htlcs(&mut self, table: &Table, rows: &[Row]) {
        let [id, invoice, amount, state, resolved] =
            columns(table, ["id", "invoice_id", "amount_msat", "state", "resolve_time"]);
        let [channel, number, total, height, accepted, expiry] = columns(
            table,
            [
                "chan_id",
                "htlc_id",
                "total_mpp_msat",
                "accept_height",
                "accept_time",
                "expiry_height",
            ],
        );
        for row in rows {
            let cells = Cells(row);
            let mut bad = Bad::new("invoice_htlcs", row);
            let invoice = bad.needed("invoice_id", cells.integer(invoice));
            bad.row = invoice;
            let id = bad.needed("id", cells.integer(id));
            let amount = bad.needed("amount_msat", cells.bits(amount));
            let state = bad.needed("state", cells.integer(state));
            let resolved = bad.optional("resolve_time", cells.time(resolved));
            bad.needed("chan_id", cells.digits(channel));
            bad.needed("htlc_id", cells.unsigned(number));
            bad.optional("total_mpp_msat", cells.integer(total));
            bad.needed("accept_height", cells.small(height));
            bad.needed("accept_time", cells.time(accepted));
            bad.needed("expiry_height", cells.small(expiry));
            let resolved = resolved.is_some_and(|time| !time.is_unset());
            if let (Some(invoice), Some(id)) = (invoice, id) {
                self.out.index.htlcs.push(HtlcRow {
                    invoice,
                    id,
                    handle: row.handle,
                    amount_msat: amount.unwrap_or(0),
                    state: state.map_or(HtlcState::Other(-1), HtlcState::from),
                    resolved,
                    at: row.at,
                });
            }
            self.bad(&bad);
        }
    }

    /// What nothing here is said of, and LND reads with every AMP invoice.
    pub(super) fn amp_htlcs(&mut self, table: &Table, rows: &[Row]) {
        let [htlc, share, set, child, hash, preimage] =
            columns(table, ["htlc_id", "root_share", "set_id", "child_index", "hash", "preimage"]);
        for row in rows {
            let cells = Cells(row);
            let mut bad = Bad::new("amp_sub_invoice_htlcs", row);
            // Without it the row is told of below.
            let Ok(Some(_)) = cells.integer(htlc) else { continue };
            bad.needed("root_share", cells.is_hash(share));
            bad.needed("set_id", cells.is_hash(set));
            bad.needed("child_index", cells.child_index(child));
            bad.needed("hash", cells.is_hash(hash));
            bad.optional("preimage", cells.is_hash(preimage));
            self.bad(&bad);
        }
    }

    /// Rows that belong to an HTLC: its id, and where they stand.
    pub(super) fn by_htlc(
        &mut self,
        name: &'static str,
        table: &Table,
        rows: &[Row],
    ) -> Vec<(i64, u64)> {
        let [htlc] = columns(table, ["htlc_id"]);
        let mut found = Vec::new();
        for row in rows {
            let mut bad = Bad::new(name, row);
            let htlc = bad.needed("htlc_id", Cells(row).integer(htlc));
            found.extend(htlc.map(|htlc| (htlc, row.handle)));
            self.bad(&bad);
        }
        found
    }

    pub(super) fn features(&mut self, table: &Table, rows: &[Row]) {
        let [feature, invoice] = columns(table, ["feature", "invoice_id"]);
        for row in rows {
            let cells = Cells(row);
            let mut bad = Bad::new("invoice_features", row);
            let invoice = bad.needed("invoice_id", cells.integer(invoice));
            bad.row = invoice;
            let feature = bad.needed("feature", cells.integer(feature));
            self.out.index.features.extend(invoice.zip(feature));
            self.bad(&bad);
        }
    }
}
