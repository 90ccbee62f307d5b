//! One invoice, whichever encoding it was stored in: what LND keeps of it, and how that is read.
//!
//! The value of an invoice in the key-value store (channeldb/invoices.go):
//!
//! | since | form |
//! | --- | --- |
//! | dbp 12, v0.9 | length of the body (u64), a body of TLV records, then HTLCs up to the end, each a length (u64) and TLV records |
//! | dbp 11, v0.8 | fields one behind the other, then HTLCs as above |
//! | before | the same fields without delta, expiry and HTLCs |
//!
//! Numbers are big-endian. Since v0.14 the HTLCs of an AMP invoice stand apart, one value for
//! each set of them, under the invoice's key and the set's id.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

use super::gotime::Time;

mod body;
mod features;
mod htlc;
mod legacy;
mod shown;

pub use body::decode;
pub use features::Features;
pub use htlc::{HtlcSet, decode_htlcs};
pub use shown::{Shown, ShownHtlcs};

/// An invoice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Invoice {
    /// How it was stored.
    pub encoding: Encoding,
    /// The memo, as bytes: it ought to be UTF-8.
    pub memo: Vec<u8>,
    /// A receipt, which dbp 12 dropped.
    pub receipt: Vec<u8>,
    /// The BOLT 11 text; empty for a spontaneous payment.
    pub payment_request: Vec<u8>,
    /// When it was made.
    pub created: Time,
    /// When it was settled; the zero time if it was not.
    pub settled: Time,
    /// Its number among all invoices that were added; on the SQL side the row's id.
    pub add_index: u64,
    /// Its number among all that were settled; 0 if it was not.
    pub settle_index: u64,
    /// The preimage, if it is known.
    pub preimage: Option<[u8; 32]>,
    /// The amount asked for, in millisatoshi; 0 for any.
    pub value_msat: u64,
    /// The expiry delta asked of the last hop, in blocks; `None` where the encoding has none.
    pub cltv_delta: Option<i64>,
    /// How long it is valid.
    pub expiry: Option<Expiry>,
    /// The payment address (payment secret); `None` where it is unset: all zeros, or SQL's NULL.
    pub payment_addr: Option<[u8; 32]>,
    /// Its feature bits.
    pub features: Features,
    /// Its state.
    pub state: ContractState,
    /// The amount paid, in millisatoshi.
    pub amount_paid_msat: u64,
    /// Whether it is a hold invoice; `None` where the encoding does not say (before v0.11).
    pub hodl: Option<bool>,
    /// Its sets of AMP HTLCs; `None` where the encoding has no such record (before v0.14).
    pub amp: Option<Vec<AmpSet>>,
    /// The HTLCs that were stored with it.
    pub htlcs: Vec<Htlc>,
    /// TLV records of types that no release has.
    pub unknown_records: u64,
    /// Bytes behind its end, which LND does not look at (only before dbp 11).
    pub trailing: u64,
    /// Bytes that a length in it announces beyond the end of its value, which ends between two
    /// records: LND reads it as if that were all of it (only since dbp 11).
    pub cut: u64,
    /// There is no record of the payment request, where LND writes an empty one (only since dbp 12).
    pub no_payment_request: bool,
}

impl Invoice {
    /// LND's `IsAMP`: feature bit 30 or 31.
    pub fn is_amp(&self) -> bool {
        self.features.has(30) || self.features.has(31)
    }

    /// LND's `IsKeysend`: no payment request, and not AMP.
    pub fn is_keysend(&self) -> bool {
        self.payment_request.is_empty() && !self.is_amp()
    }

    /// The sum of the HTLCs in that state, in millisatoshi.
    pub fn sum(&self, state: HtlcState) -> u64 {
        let htlcs = self.htlcs.iter().filter(|htlc| htlc.state == state);
        htlcs.fold(0, |sum, htlc| sum.saturating_add(htlc.amount_msat))
    }
}

/// How an invoice was stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Encoding {
    /// Fields without HTLCs: dbp 10 or less, LND before v0.8.
    Fields,
    /// Fields, delta, expiry and HTLCs: dbp 11, v0.8.
    FieldsAndHtlcs,
    /// TLV records: dbp 12 and later, since v0.9.
    #[default]
    Tlv,
    /// Rows of native SQL.
    Sql,
}

impl Encoding {
    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Encoding::Fields => "fields",
            Encoding::FieldsAndHtlcs => "fields_and_htlcs",
            Encoding::Tlv => "tlv",
            Encoding::Sql => "sql",
        }
    }
}

/// How long an invoice is valid, in the unit in which it was stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expiry {
    /// Nanoseconds: the key-value store.
    Nanoseconds(i64),
    /// Seconds: native SQL.
    Seconds(i64),
}

impl Expiry {
    /// In nanoseconds, if those fit.
    pub fn nanoseconds(self) -> Option<i64> {
        match self {
            Expiry::Nanoseconds(nanoseconds) => Some(nanoseconds),
            Expiry::Seconds(seconds) => seconds.checked_mul(1_000_000_000),
        }
    }

    /// In whole seconds.
    pub const fn seconds(self) -> i64 {
        match self {
            Expiry::Nanoseconds(nanoseconds) => nanoseconds / 1_000_000_000,
            Expiry::Seconds(seconds) => seconds,
        }
    }
}

/// The state of an invoice (invoices/invoices.go, `ContractState`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ContractState {
    /// 0: not paid. An AMP invoice stays so, whatever is paid to it.
    #[default]
    Open,
    /// 1: paid.
    Settled,
    /// 2: canceled or expired.
    Canceled,
    /// 3: HTLCs are held, and the preimage is not released.
    Accepted,
    /// No state that LND knows.
    Other(i64),
}

impl From<i64> for ContractState {
    fn from(number: i64) -> ContractState {
        match number {
            0 => ContractState::Open,
            1 => ContractState::Settled,
            2 => ContractState::Canceled,
            3 => ContractState::Accepted,
            other => ContractState::Other(other),
        }
    }
}

impl ContractState {
    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            ContractState::Open => "open",
            ContractState::Settled => "settled",
            ContractState::Canceled => "canceled",
            ContractState::Accepted => "accepted",
            ContractState::Other(_) => "other",
        }
    }
}

/// The state of an HTLC (invoices/invoices.go, `HtlcState`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HtlcState {
    /// 0: held.
    #[default]
    Accepted,
    /// 1: failed back.
    Canceled,
    /// 2: its preimage was released.
    Settled,
    /// No state that LND knows.
    Other(i64),
}

impl From<i64> for HtlcState {
    fn from(number: i64) -> HtlcState {
        match number {
            0 => HtlcState::Accepted,
            1 => HtlcState::Canceled,
            2 => HtlcState::Settled,
            other => HtlcState::Other(other),
        }
    }
}

impl HtlcState {
    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            HtlcState::Accepted => "accepted",
            HtlcState::Canceled => "canceled",
            HtlcState::Settled => "settled",
            HtlcState::Other(_) => "other",
        }
    }
}

/// One HTLC of one channel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Circuit {
    /// The channel: a short channel id as a number.
    pub channel: u64,
    /// The HTLC's number in that channel.
    pub htlc: u64,
}

/// An HTLC that paid an invoice, or tried to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Htlc {
    /// Which.
    pub circuit: Circuit,
    /// Its amount in millisatoshi.
    pub amount_msat: u64,
    /// The height at which it was accepted.
    pub accept_height: u32,
    /// When it was accepted.
    pub accept_time: Time,
    /// When it was settled or failed back; the zero time before.
    pub resolve_time: Time,
    /// The height at which it expires.
    pub expiry_height: u32,
    /// Its state.
    pub state: HtlcState,
    /// The total of the payment that it is a part of; `None` where the encoding has none
    /// (written by v0.8; SQL's NULL, which stands for 0).
    pub mpp_total_msat: Option<u64>,
    /// What makes it a part of an AMP payment.
    pub amp: Option<Box<HtlcAmp>>,
    /// Records that the sender added, by type.
    pub custom_records: Vec<(u64, Vec<u8>)>,
}

/// What an AMP payment adds to an HTLC.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HtlcAmp {
    /// Its share of the secret from which the preimages follow.
    pub root_share: [u8; 32],
    /// The set that it belongs to.
    pub set_id: [u8; 32],
    /// Its number in the set.
    pub child_index: u32,
    /// Its own payment hash.
    pub hash: Option<[u8; 32]>,
    /// Its own preimage, once that is known.
    pub preimage: Option<[u8; 32]>,
}

/// One payment to an AMP invoice: a set of HTLCs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AmpSet {
    /// Which.
    pub set_id: [u8; 32],
    /// The state of all its HTLCs.
    pub state: HtlcState,
    /// Its number among all payments that were settled; 0 if it was not.
    pub settle_index: u64,
    /// When it was settled.
    pub settled: Time,
    /// When it began (SQL only).
    pub created: Option<Time>,
    /// Its HTLCs.
    pub circuits: Vec<Circuit>,
    /// The amount paid in millisatoshi; SQL does not store it.
    pub amount_paid_msat: Option<u64>,
}

/// Why a value could not be read, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DecodeError {
    /// The offset in the value.
    pub at: u64,
    /// The field.
    pub field: &'static str,
    /// What was expected, and what stands there.
    pub kind: DecodeErrorKind,
}

/// The kinds of [`DecodeError`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecodeErrorKind {
    /// The value ends first.
    Ends {
        /// Bytes that the field needs.
        need: u64,
        /// Bytes that are left.
        have: u64,
    },
    /// A field of fixed length has another.
    Length {
        /// The length it ought to have.
        expected: u64,
        /// The length it has.
        found: u64,
    },
    /// A field is longer than LND accepts.
    TooLong {
        /// The longest that LND accepts.
        limit: u64,
        /// The length it has.
        found: u64,
    },
    /// A number is written in more bytes than it needs.
    NotMinimal {
        /// The number.
        found: u64,
    },
    /// A TLV record's type is not above the one before it.
    Order {
        /// The type before it.
        previous: u64,
        /// Its own.
        found: u64,
    },
    /// A time of a version that Go does not know: 1 and 2 are expected.
    TimeVersion {
        /// Its version byte.
        found: u8,
    },
    /// A time without which LND does not read the invoice is not there.
    Missing,
    /// Bytes are left where none ought to be.
    Trailing {
        /// How many.
        found: u64,
    },
    /// A cell of a table holds something else than its column says.
    Cell,
}

impl DecodeErrorKind {
    /// Its stable name.
    pub const fn name(&self) -> &'static str {
        match self {
            DecodeErrorKind::Ends { .. } => "ends",
            DecodeErrorKind::Length { .. } => "length",
            DecodeErrorKind::TooLong { .. } => "too_long",
            DecodeErrorKind::NotMinimal { .. } => "not_minimal",
            DecodeErrorKind::Order { .. } => "order",
            DecodeErrorKind::TimeVersion { .. } => "time_version",
            DecodeErrorKind::Missing => "missing",
            DecodeErrorKind::Trailing { .. } => "trailing",
            DecodeErrorKind::Cell => "cell",
        }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}: ", self.field, self.at)?;
        match self.kind {
            DecodeErrorKind::Ends { need, have } => {
                write!(f, "needs {need} bytes, {have} are left")
            }
            DecodeErrorKind::Length { expected, found } => {
                write!(f, "expected {expected} bytes, found {found}")
            }
            DecodeErrorKind::TooLong { limit, found } => {
                write!(f, "at most {limit} bytes, found {found}")
            }
            DecodeErrorKind::NotMinimal { found } => write!(f, "{found} in too many bytes"),
            DecodeErrorKind::Order { previous, found } => {
                write!(f, "type {found} behind type {previous}")
            }
            DecodeErrorKind::TimeVersion { found } => {
                write!(f, "a time of version 1 or 2 expected, found {found}")
            }
            DecodeErrorKind::Missing => f.write_str("missing"),
            DecodeErrorKind::Trailing { found } => write!(f, "{found} bytes are left over"),
            DecodeErrorKind::Cell => f.write_str("not what the column ought to hold"),
        }
    }
}

impl core::error::Error for DecodeError {}

/// A value that LND would refuse, and what could be read of it before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Why, and where.
    pub error: DecodeError,
    /// What stands before that place. What was not read has its default.
    pub partial: Box<Invoice>,
}
