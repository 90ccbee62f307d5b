//! The rules before the migration, and the ways in which LND ends at them.

use alloc::format;
use alloc::string::String;

use crate::lnd::invoice::{Circuit, ContractState, DecodeError, DecodeErrorKind};
use crate::lnd::migration::{SqlEngine, names, texts};
use crate::text;

names! {
    /// What of an invoice the migration stumbles over. `P…` are the numbers in docs/upstream.md.
    Rule {
        /// P1: settled, without settle index or date.
        P1 = "P1",
        /// P2: a settle index or date, though it is not settled.
        P2 = "P2",
        /// P3: AMP as v0.13 kept it.
        P3 = "P3",
        /// P4: HTLCs of an AMP payment are gone.
        P4 = "P4",
        /// P5: the HTLCs of an AMP payment are not what the invoice says of it.
        P5 = "P5",
        /// P6: a settled AMP payment without a date.
        P6 = "P6",
        /// P7: what must be unique is there twice.
        P7 = "P7",
        /// P8: an expiry that native SQL cannot hold.
        P8 = "P8",
        /// P9: AMP's data at an invoice that is not AMP.
        P9 = "P9",
        /// P10: filed under a hash that is not its preimage's.
        P10 = "P10",
        /// P11: neither preimage nor payment hash is known.
        P11 = "P11",
        /// P12: it says that it has another add index.
        P12 = "P12",
        /// P13: an add index leads to no invoice.
        P13 = "P13",
        /// P14: two add indexes lead to one invoice.
        P14 = "P14",
        /// P15: no add index leads to it.
        P15 = "P15",
        /// P16: a payment hash of another length.
        P16 = "P16",
        /// P17: text that Postgres refuses.
        P17 = "P17",
        /// P18: it cannot be read.
        P18 = "P18",
        /// An HTLC without a time of acceptance.
        AcceptTime = "accept_time",
        /// A time whose year has not four digits, on SQLite.
        Year = "year",
        /// An HTLC's number from 2⁶³ on.
        HtlcNumber = "htlc_number",
        /// No record of the payment request, not even an empty one.
        PaymentRequest = "payment_request",
        /// A key or a value in an index that is shorter than what LND reads of it.
        Misshapen = "misshapen",
    }
}

/// Which column is there twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Hash,
    Address,
    Request,
    Circuit,
    Set,
    /// Of the scratch table.
    ScratchId,
}

impl Column {
    /// What the engine says of it.
    pub(super) fn error(self, engine: SqlEngine) -> String {
        let (sqlite, primary, postgres) = match self {
            Column::Hash => ("invoices.hash", false, "invoices_hash_key"),
            Column::Address => ("invoices.payment_addr", false, "invoices_payment_addr_key"),
            Column::Request => {
                ("invoices.payment_request_hash", false, "invoices_payment_request_hash_key")
            }
            Column::Circuit => (
                "invoice_htlcs.chan_id, invoice_htlcs.htlc_id",
                false,
                "invoice_htlcs_chan_id_htlc_id_key",
            ),
            Column::Set => ("amp_sub_invoices.set_id", true, "amp_sub_invoices_pkey"),
            Column::ScratchId => ("invoice_payment_hashes.id", true, "invoice_payment_hashes_pkey"),
        };
        let of_engine = match engine {
            SqlEngine::Sqlite if primary => texts::SQLITE_PRIMARY.of(&[sqlite]),
            SqlEngine::Sqlite => texts::SQLITE_UNIQUE.of(&[sqlite]),
            SqlEngine::Postgres => texts::POSTGRES_UNIQUE.of(&[postgres]),
        };
        texts::UNIQUE.of(&[&of_engine])
    }
}

/// How LND ends at an invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// What was written is not what was read.
    Mismatch,
    /// Go's nil: the process dies.
    Crash,
    NoSettleIndex,
    NoSettleDate,
    /// An AMP payment is settled, without a date.
    SetUndated([u8; 32]),
    /// A legacy AMP invoice has an HTLC that is not AMP.
    LegacyPlain(Circuit),
    /// A legacy AMP invoice has an HTLC in no known state.
    LegacyState(Circuit, i64),
    /// A settled legacy AMP invoice has so many settled payments.
    LegacySettled(u64),
    /// A legacy AMP invoice that is not settled has so many.
    LegacyUnsettled(ContractState, u64),
    /// Postgres: these bytes (so many of them) are no UTF-8.
    Encoding([u8; 4], u8),
    /// A column is there twice.
    Twice(Column),
    /// It cannot be read.
    Undecodable(GoError),
    /// What was written of it cannot be read again.
    Fetch,
    /// It is not there.
    NotThere,
    /// A bucket is there instead.
    Bucket,
    /// A payment hash of that length.
    HashLength(u64),
    /// An index or a value of fewer bytes than LND reads.
    Short,
}

/// What Go's readers say of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GoError {
    Eof,
    UnexpectedEof,
    TimeVersion,
    TimeEmpty,
    TimeLength,
    NotMinimal,
    Order,
    /// Something else: only that it is an error is sure.
    Other,
}

impl GoError {
    pub(super) fn of(error: &DecodeError) -> GoError {
        let time = error.field.ends_with("_time");
        match error.kind {
            DecodeErrorKind::Ends { have: 0, .. } if error.at == 0 => GoError::Eof,
            DecodeErrorKind::Ends { .. } | DecodeErrorKind::Trailing { .. } => {
                GoError::UnexpectedEof
            }
            DecodeErrorKind::TimeVersion { .. } => GoError::TimeVersion,
            DecodeErrorKind::Length { found: 0, .. } | DecodeErrorKind::Missing if time => {
                GoError::TimeEmpty
            }
            DecodeErrorKind::Length { .. } if time => GoError::TimeLength,
            DecodeErrorKind::NotMinimal { .. } => GoError::NotMinimal,
            DecodeErrorKind::Order { .. } => GoError::Order,
            _ => GoError::Other,
        }
    }

    const fn text(self) -> &'static str {
        match self {
            GoError::Eof => "EOF",
            GoError::UnexpectedEof => "unexpected EOF",
            GoError::TimeVersion => "Time.UnmarshalBinary: unsupported version",
            GoError::TimeEmpty => "Time.UnmarshalBinary: no data",
            GoError::TimeLength => "Time.UnmarshalBinary: invalid length",
            GoError::NotMinimal => "decoded varint is not canonical",
            GoError::Order => "tlv stream is not canonical",
            GoError::Other => "",
        }
    }
}

const NIL: &str = "runtime error: invalid memory address or nil pointer dereference";

impl End {
    /// Whether the process dies.
    pub(super) const fn crashes(&self) -> bool {
        matches!(self, End::Crash)
    }

    /// Whether the text is the whole of LND's, up to the first line end.
    pub(super) const fn exact(&self) -> bool {
        !matches!(self, End::Undecodable(GoError::Other) | End::Fetch | End::Short)
    }

    /// LND's error, as its database builder gives it, up to the first line end. `hash` is the
    /// payment hash under which it is migrated.
    pub(super) fn error(&self, told: &Telling<'_>) -> String {
        let Telling { engine, hash, add_index, old_mismatch } = *told;
        let hash = text::hex(hash);
        let of_invoice =
            |what: String| around(&format!("unable to migrate invoice({hash}): {what}"));
        let legacy = |what: String| {
            let before = "unable to reconstruct legacy AMP state for invoice";
            of_invoice(format!("{before}(add_index={add_index}): {what}"))
        };
        let query = |what: &str| around(&format!("unable to query invoices: {what}"));
        match self {
            End::Crash => format!("panic: {NIL}"),
            End::Mismatch if old_mismatch => {
                around(&format!("migrated invoice does not match original invoice: {hash}."))
            }
            End::Mismatch => around("migrated record does not match original record: invoice."),
            End::NoSettleIndex => {
                of_invoice(format!("settled invoice {hash} missing settle index"))
            }
            End::NoSettleDate => of_invoice(format!("settled invoice {hash} missing settle date")),
            End::SetUndated(set) => of_invoice(format!(
                "settled AMP sub invoice {} missing settle date",
                text::hex(set)
            )),
            End::LegacyPlain(circuit) => legacy(format!(
                "legacy AMP invoice contains non-AMP HTLC {}",
                circuit_text(*circuit)
            )),
            End::LegacyState(circuit, state) => legacy(format!(
                "legacy AMP invoice contains HTLC {} with unknown state {state}",
                circuit_text(*circuit)
            )),
            End::LegacySettled(sets) => {
                legacy(format!("settled legacy AMP invoice has {sets} settled HTLC sets"))
            }
            End::LegacyUnsettled(state, sets) => legacy(format!(
                "legacy AMP invoice in state {} has {sets} settled HTLC sets",
                state_text(*state)
            )),
            End::Encoding(bytes, count) => {
                let bytes = bytes.iter().take((*count).into());
                let bytes: alloc::vec::Vec<String> =
                    bytes.map(|byte| format!("0x{byte:02x}")).collect();
                let of_engine = format!(
                    "ERROR: invalid byte sequence for encoding \"UTF8\": {} (SQLSTATE 22021)",
                    bytes.join(" ")
                );
                texts::MIGRATIONS.of(&[&texts::POSTGRES_ERROR.of(&[&of_engine])])
            }
            // That of the scratch table was mapped before it was wrapped, so its frame stays.
            End::Twice(Column::ScratchId) => around(&Column::ScratchId.error(engine)),
            End::Twice(column) => texts::MIGRATIONS.of(&[&column.error(engine)]),
            End::Undecodable(error) => query(error.text()),
            End::Fetch => around(&format!("unable to fetch migrated invoice({hash}): ")),
            End::NotThere => query("unable to locate invoice"),
            // kvdb's SQL backends catch the panic that bbolt would let through.
            End::Bucket => query(NIL),
            End::HashLength(len) => {
                around(&format!("invalid payment hash length: expected 32, got {len}"))
            }
            End::Short => around("runtime error: index out of range"),
        }
    }
}

/// What LND fills into its texts.
#[derive(Clone, Copy)]
pub(super) struct Telling<'a> {
    pub(super) engine: SqlEngine,
    pub(super) hash: &'a [u8; 32],
    pub(super) add_index: u64,
    /// The text of v0.19.
    pub(super) old_mismatch: bool,
}

/// What stands around an error of the invoices' migration.
fn around(error: &str) -> String {
    let migration = texts::INVOICE_MIGRATION.of(&[error]);
    let custom = texts::CUSTOM.of(&["kv_invoice_migration", "7", "6", &migration]);
    texts::MIGRATIONS.of(&[&custom])
}

fn circuit_text(Circuit { channel, htlc }: Circuit) -> String {
    let (block, tx, output) = (channel >> 40, channel >> 16 & 0xff_ffff, channel & 0xffff);
    format!("(Chan ID={block}:{tx}:{output}, HTLC ID={htlc})")
}

const fn state_text(state: ContractState) -> &'static str {
    match state {
        ContractState::Open => "Open",
        ContractState::Settled => "Settled",
        ContractState::Canceled => "Canceled",
        ContractState::Accepted => "Accepted",
        ContractState::Other(_) => "Unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(at: u64, field: &'static str, kind: DecodeErrorKind) -> &'static str {
        GoError::of(&DecodeError { at, field, kind }).text()
    }

    /// The words of Go's io and time, and of lnd's tlv.
    #[test]
    fn go_has_its_own_words_for_what_cannot_be_read() {
        use DecodeErrorKind::{
            Cell, Ends, Length, Missing, NotMinimal, Order, TimeVersion, TooLong,
        };
        let unexpected = "unexpected EOF";
        assert_eq!(said(0, "body", Ends { need: 8, have: 0 }), "EOF");
        assert_eq!(said(0, "body", Ends { need: 8, have: 7 }), unexpected);
        assert_eq!(said(8, "body", Ends { need: 8, have: 0 }), unexpected);
        assert_eq!(said(0, "value", DecodeErrorKind::Trailing { found: 1 }), unexpected);
        let time = "accept_time";
        let version = "Time.UnmarshalBinary: unsupported version";
        assert_eq!(said(9, time, TimeVersion { found: 3 }), version);
        assert_eq!(said(9, time, Missing), "Time.UnmarshalBinary: no data");
        let none = Length { expected: 15, found: 0 };
        assert_eq!(said(9, time, none), "Time.UnmarshalBinary: no data");
        let other = Length { expected: 15, found: 14 };
        assert_eq!(said(9, time, other), "Time.UnmarshalBinary: invalid length");
        assert_eq!(said(9, "type", NotMinimal { found: 1 }), "decoded varint is not canonical");
        assert_eq!(said(9, "type", Order { previous: 3, found: 3 }), "tlv stream is not canonical");
        for (field, kind) in [
            ("preimage", Length { expected: 32, found: 0 }),
            ("preimage", Missing),
            ("memo", TooLong { limit: 1_024, found: 1_025 }),
            ("state", Cell),
        ] {
            let error = GoError::of(&DecodeError { at: 9, field, kind });
            assert_eq!((error, error.text()), (GoError::Other, ""));
            assert!(!End::Undecodable(error).exact());
        }
        assert!(End::Undecodable(GoError::Eof).exact() && !End::Short.exact());
        assert!(End::Crash.crashes() && !End::Mismatch.crashes());
    }

    #[test]
    fn an_htlc_is_named_as_lnd_names_it() {
        // Block 899494, transaction 897, output 1.
        let channel = 899_494 << 40 | 897 << 16 | 1;
        let text = circuit_text(Circuit { channel, htlc: 7 });
        assert_eq!(text, "(Chan ID=899494:897:1, HTLC ID=7)");
        let told = Telling {
            engine: SqlEngine::Sqlite,
            hash: &[0xab; 32],
            add_index: 5,
            old_mismatch: false,
        };
        let error = End::LegacyState(Circuit { channel, htlc: 7 }, 9).error(&told);
        let hash = "ab".repeat(32);
        let inner = format!(
            "unable to migrate invoice({hash}): unable to reconstruct legacy AMP state for \
             invoice(add_index=5): legacy AMP invoice contains HTLC \
             (Chan ID=899494:897:1, HTLC ID=7) with unknown state 9"
        );
        assert!(error.contains(&inner), "{error}");
        let short = End::Short.error(&told);
        assert!(short.contains("runtime error: index out of range"), "{short}");
        let states = [0, 1, 2, 3, 4].map(|state| state_text(ContractState::from(state)));
        assert_eq!(states, ["Open", "Settled", "Canceled", "Accepted", "Unknown"]);
        for (state, text) in [(1, "Settled"), (2, "Canceled"), (3, "Accepted"), (9, "Unknown")] {
            let error = End::LegacyUnsettled(ContractState::from(state), 2).error(&told);
            let words = format!("legacy AMP invoice in state {text} has 2 settled HTLC sets");
            assert!(error.contains(&words), "{error}");
        }
    }
}
