//! The body of an invoice as TLV records, and which encoding a value is.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::{
    AmpSet, Circuit, ContractState, DecodeError, DecodeErrorKind, Expiry, Failure, Features,
    HtlcState, Invoice, htlc, legacy,
};
use crate::lnd::bytes::{Reader, Record};
use crate::lnd::gotime::Time;

/// Reads the value of an invoice's key, whichever encoding it is.
///
/// A body of TLV records begins with its length, which fits into the value, and its first record
/// is the memo's, type 0: it was written always. In the older encodings the first eight bytes are
/// the lengths of memo, receipt and payment request with what stands between them.
///
/// # Errors
/// [`Failure`] for what LND's own reader refuses, with what stands before that place. A body that
/// ends early between two records LND accepts: [`Invoice::cut`].
pub fn decode(value: &[u8]) -> Result<Invoice, Failure> {
    if is_tlv(value) {
        return decode_tlv(value);
    }
    match legacy::decode(value) {
        // No memo, no receipt, no payment request: this was not in use before TLV, and four zero
        // bytes are how every length of a TLV body begins.
        Err(_) if value.starts_with(&[0; 4]) => decode_tlv(value),
        read => read,
    }
}

fn is_tlv(value: &[u8]) -> bool {
    let mut reader = Reader::new(value, 0);
    let Ok(len) = reader.u64("body_length") else { return false };
    len <= reader.len() && (len == 0 || reader.peek(1) == Some(&[0]))
}

fn decode_tlv(value: &[u8]) -> Result<Invoice, Failure> {
    let mut invoice = Invoice::default();
    match read(value, &mut invoice) {
        Ok(()) => Ok(invoice),
        Err(error) => Err(Failure { error, partial: Box::new(invoice) }),
    }
}

fn read(value: &[u8], invoice: &mut Invoice) -> Result<(), DecodeError> {
    let mut reader = Reader::new(value, 0);
    let len = reader.u64("body_length")?;
    let at = reader.at();
    let (body, missing) = reader.limited(len);
    invoice.cut = missing;
    read_body(&mut Reader::new(body, at), invoice)?;
    htlc::read(&mut reader, &mut invoice.htlcs, &mut invoice.cut)
}

fn read_body(reader: &mut Reader<'_>, invoice: &mut Invoice) -> Result<(), DecodeError> {
    let (mut created, mut settled) = (false, false);
    let mut previous = None;
    invoice.no_payment_request = true;
    while !reader.is_empty() {
        let record = reader.record(previous, "body_record")?;
        previous = Some(record.kind);
        match record.kind {
            0 => invoice.memo = record.value.to_vec(),
            1 => {
                invoice.payment_request = record.value.to_vec();
                invoice.no_payment_request = false;
            }
            2 => {
                invoice.created = Time::decode(record.value, record.at, "creation_time")?;
                created = true;
            }
            3 => {
                invoice.settled = Time::decode(record.value, record.at, "settle_time")?;
                settled = true;
            }
            4 => invoice.add_index = record.u64("add_index")?,
            5 => invoice.settle_index = record.u64("settle_index")?,
            6 => invoice.preimage = not_zero(record.fixed("preimage")?),
            7 => invoice.value_msat = record.u64("value")?,
            8 => {
                // LND keeps the bits and takes them for a signed number.
                let delta = record.u32("cltv_delta")?.cast_signed();
                invoice.cltv_delta = Some(delta.into());
            }
            9 => {
                let expiry = record.u64("expiry")?.cast_signed();
                invoice.expiry = Some(Expiry::Nanoseconds(expiry));
            }
            10 => invoice.payment_addr = not_zero(record.fixed("payment_address")?),
            11 => invoice.features = Features::Bits(record.value.to_vec()),
            12 => invoice.state = ContractState::from(i64::from(record.u8("state")?)),
            13 => invoice.amount_paid_msat = record.u64("amount_paid")?,
            14 => invoice.hodl = Some(record.u8("hodl")? != 0),
            15 => invoice.amp = Some(amp_state(&record)?),
            _ => invoice.unknown_records = invoice.unknown_records.saturating_add(1),
        }
    }
    let missing = |field| DecodeError { at: reader.at(), field, kind: DecodeErrorKind::Missing };
    if !created {
        return Err(missing("creation_time"));
    }
    if !settled {
        return Err(missing("settle_time"));
    }
    Ok(())
}

/// LND's `UnknownPreimage` and `BlankPayAddr`: zeros stand for nothing.
pub(super) fn not_zero(bytes: [u8; 32]) -> Option<[u8; 32]> {
    (bytes != [0; 32]).then_some(bytes)
}

/// How many sets, then each: its length and its TLV records.
fn amp_state(record: &Record<'_>) -> Result<Vec<AmpSet>, DecodeError> {
    let mut reader = record.reader();
    let count = reader.big_size("amp_state.count")?;
    let mut sets = Vec::new();
    // Each set takes at least its length byte, so that a false count ends with the record.
    for _ in 0..count {
        let len = reader.big_size("amp_state.length")?;
        let at = reader.at();
        let set = reader.take(len, "amp_state.set")?;
        sets.push(amp_set(Reader::new(set, at))?);
    }
    match reader.len() {
        0 => Ok(sets),
        found => {
            let kind = DecodeErrorKind::Trailing { found };
            Err(DecodeError { at: reader.at(), field: "amp_state", kind })
        }
    }
}

fn amp_set(mut reader: Reader<'_>) -> Result<AmpSet, DecodeError> {
    let mut set = AmpSet { amount_paid_msat: Some(0), ..AmpSet::default() };
    let mut settled = false;
    let mut previous = None;
    while !reader.is_empty() {
        let record = reader.record(previous, "amp_state.record")?;
        previous = Some(record.kind);
        match record.kind {
            0 => set.set_id = record.fixed("amp_state.set_id")?,
            1 => set.state = HtlcState::from(i64::from(record.u8("amp_state.state")?)),
            2 => set.settle_index = record.u64("amp_state.settle_index")?,
            3 => {
                let field = "amp_state.settle_time";
                set.settled = Time::decode(record.value, record.at, field)?;
                settled = true;
            }
            4 => set.circuits = circuits(&record)?,
            5 => set.amount_paid_msat = Some(record.u64("amp_state.amount_paid")?),
            _ => {}
        }
    }
    if !settled {
        let (at, field) = (reader.at(), "amp_state.settle_time");
        return Err(DecodeError { at, field, kind: DecodeErrorKind::Missing });
    }
    Ok(set)
}

fn circuits(record: &Record<'_>) -> Result<Vec<Circuit>, DecodeError> {
    let field = "amp_state.circuits";
    let mut reader = record.reader();
    let count = reader.big_size(field)?;
    if count.checked_mul(16) != Some(reader.len()) {
        let kind =
            DecodeErrorKind::Length { expected: count.saturating_mul(16), found: reader.len() };
        return Err(DecodeError { at: reader.at(), field, kind });
    }
    let mut circuits = Vec::new();
    while !reader.is_empty() {
        circuits.push(Circuit { channel: reader.u64(field)?, htlc: reader.u64(field)? });
    }
    Ok(circuits)
}
