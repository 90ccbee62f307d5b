//! One thing in which an invoice differs: the field, both values, and what it costs.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::lnd::gotime::Time;
use crate::lnd::invoice::Circuit;
use crate::lnd::migration::names;
use crate::lnd::privacy::Privacy;
use crate::text::visible;

names! {
    /// What differs.
    Field {
        /// The payment hash under which it is filed.
        Hash = "payment_hash",
        /// The preimage.
        Preimage = "preimage",
        /// The amount asked for.
        Value = "value",
        /// The memo.
        Memo = "memo",
        /// The payment request.
        PaymentRequest = "payment_request",
        /// The hash of the payment request.
        PaymentRequestHash = "payment_request_hash",
        /// The payment address.
        PaymentAddr = "payment_addr",
        /// When it was made.
        Created = "created",
        /// How long it is valid.
        Expiry = "expiry",
        /// The expiry delta of the last hop.
        CltvDelta = "cltv_delta",
        /// The feature bits.
        Features = "features",
        /// Whether it is an AMP invoice.
        IsAmp = "is_amp",
        /// Whether it is a spontaneous payment.
        IsKeysend = "is_keysend",
        /// Whether it is a hold invoice.
        IsHodl = "is_hodl",
        /// The state.
        State = "state",
        /// The settle index.
        SettleIndex = "settle_index",
        /// When it was settled.
        SettledAt = "settled_at",
        /// The amount paid.
        AmountPaid = "amount_paid",
        /// An HTLC that one side lacks.
        Htlc = "htlc",
        /// The amount of an HTLC.
        HtlcAmount = "htlc_amount",
        /// The total of the payment that an HTLC is a part of.
        HtlcTotal = "htlc_total",
        /// The height at which an HTLC was accepted.
        HtlcAcceptHeight = "htlc_accept_height",
        /// When an HTLC was accepted.
        HtlcAcceptTime = "htlc_accept_time",
        /// When an HTLC was resolved.
        HtlcResolveTime = "htlc_resolve_time",
        /// The height at which an HTLC expires.
        HtlcExpiryHeight = "htlc_expiry_height",
        /// The state of an HTLC.
        HtlcState = "htlc_state",
        /// The records that the sender added to an HTLC.
        CustomRecords = "custom_records",
        /// What makes an HTLC a part of an AMP payment.
        HtlcAmp = "htlc_amp",
        /// The preimage of an AMP HTLC.
        HtlcPreimage = "htlc_preimage",
        /// An AMP payment that one side lacks.
        AmpSet = "amp_set",
        /// The state of an AMP payment.
        AmpState = "amp_state",
        /// The settle index of an AMP payment.
        AmpSettleIndex = "amp_settle_index",
        /// When an AMP payment was settled.
        AmpSettledAt = "amp_settled_at",
        /// When an AMP payment began.
        AmpCreated = "amp_created",
        /// The amount of an AMP payment.
        AmpPaid = "amp_paid",
        /// The HTLCs of an AMP payment.
        AmpHtlcs = "amp_htlcs",
    }
}

names! {
    /// What a difference costs.
    Cost {
        /// Nothing.
        Nothing = "nothing",
        /// No money, but books and software that read LND see something else.
        Books = "books",
        /// A payment may not be received any more, or be received for less.
        Money = "money",
    }
}

/// A value, until somebody decides how much of it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// There is none.
    Absent,
    /// It is there, and there is no more to say.
    Present,
    /// A plain number.
    Number(i128),
    /// A yes or no.
    Flag(bool),
    /// A stable word.
    Word(&'static str),
    /// An amount in millisatoshi.
    Amount(u64),
    /// A moment.
    Moment(Time),
    /// Feature bits.
    Bits(Vec<i64>),
    /// A payment hash.
    Hash([u8; 32]),
    /// A payment address.
    Address([u8; 32]),
    /// The id of an AMP payment.
    Set([u8; 32]),
    /// An HTLC.
    Circuit(Circuit),
    /// HTLCs.
    Circuits(Vec<Circuit>),
    /// Bytes that pay or identify.
    Secret(Vec<u8>),
    /// A text that somebody wrote.
    Words(Vec<u8>),
}

impl Told {
    /// As it may be shown.
    pub fn shown(&self, privacy: &Privacy) -> String {
        match self {
            Told::Absent => "-".into(),
            Told::Present => "+".into(),
            Told::Number(number) => number.to_string(),
            Told::Flag(flag) => flag.to_string(),
            Told::Word(word) => (*word).into(),
            Told::Amount(amount) => privacy.amount(*amount),
            Told::Moment(time) if time.is_zero() => "-".into(),
            Told::Moment(time) => format!("{}.{:09}", time.unix(), time.nanoseconds),
            Told::Bits(bits) => list(bits.iter().map(ToString::to_string)),
            Told::Hash(hash) => privacy.hash(hash),
            Told::Address(address) => privacy.address(address),
            Told::Set(set) => privacy.set(set),
            Told::Circuit(circuit) => privacy.circuit(*circuit),
            Told::Circuits(circuits) => {
                list(circuits.iter().map(|circuit| privacy.circuit(*circuit)))
            }
            Told::Secret(bytes) => privacy.secret(bytes),
            Told::Words(bytes) if privacy.reveals() => format!("“{}”", visible(bytes)),
            Told::Words(bytes) => format!("({})", bytes.len()),
        }
    }
}

fn list(parts: impl Iterator<Item = String>) -> String {
    let parts: Vec<String> = parts.collect();
    parts.join(" ")
}

/// One thing in which an invoice differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What.
    pub field: Field,
    /// Of which HTLC or AMP payment, if it is theirs.
    pub of: Told,
    /// The value in the older store.
    pub old: Told,
    /// The value in the newer one.
    pub new: Told,
    /// The older store is further on than the newer one: it was written after the migration, or
    /// the newer one was put back to an earlier state.
    pub ahead: bool,
    /// What it costs.
    pub cost: Cost,
}
