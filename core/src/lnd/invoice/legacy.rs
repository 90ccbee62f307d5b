//! The encodings before TLV: dbp 11 and before (channeldb/migration_01_to_11 in every release).

use alloc::boxed::Box;

use super::body::not_zero;
use super::{
    ContractState, DecodeError, DecodeErrorKind, Encoding, Expiry, Failure, Invoice, htlc,
};
use crate::lnd::bytes::Reader;
use crate::lnd::gotime::Time;

/// LND's own bounds.
const MAX_MEMO: u64 = 1_024;
const MAX_RECEIPT: u64 = 1_024;
const MAX_PAYMENT_REQUEST: u64 = 4_096;
const MAX_TIME: u64 = 300;

pub(super) fn decode(value: &[u8]) -> Result<Invoice, Failure> {
    let mut invoice = Invoice { encoding: Encoding::Fields, ..Invoice::default() };
    match read(&mut Reader::new(value, 0), &mut invoice) {
        Ok(()) => Ok(invoice),
        Err(error) => Err(Failure { error, partial: Box::new(invoice) }),
    }
}

fn read(reader: &mut Reader<'_>, invoice: &mut Invoice) -> Result<(), DecodeError> {
    invoice.memo = bytes(reader, MAX_MEMO, "memo")?.to_vec();
    invoice.receipt = bytes(reader, MAX_RECEIPT, "receipt")?.to_vec();
    invoice.payment_request = bytes(reader, MAX_PAYMENT_REQUEST, "payment_request")?.to_vec();
    // Here stands the creation time, a length byte and a version byte before it, or, with dbp 11,
    // delta and expiry first; a delta that looks like the former would be of 250 million blocks.
    let time_follows = matches!(reader.peek(2), Some([15, 1] | [16, 2]));
    if !time_follows {
        invoice.encoding = Encoding::FieldsAndHtlcs;
        invoice.cltv_delta = Some(reader.u32("cltv_delta")?.cast_signed().into());
        invoice.expiry = Some(Expiry::Nanoseconds(reader.u64("expiry")?.cast_signed()));
    }
    invoice.created = time(reader, "creation_time")?;
    invoice.settled = time(reader, "settle_time")?;
    invoice.preimage = not_zero(reader.array("preimage")?);
    invoice.value_msat = reader.u64("value")?;
    invoice.state = ContractState::from(i64::from(reader.u8("state")?));
    invoice.add_index = reader.u64("add_index")?;
    invoice.settle_index = reader.u64("settle_index")?;
    invoice.amount_paid_msat = reader.u64("amount_paid")?;
    if time_follows {
        // LND does not look further.
        invoice.trailing = reader.len();
        return Ok(());
    }
    htlc::read(reader, &mut invoice.htlcs, &mut invoice.cut)
}

/// btcd's `ReadVarBytes`: a CompactSize, and so many bytes.
fn bytes<'a>(
    reader: &mut Reader<'a>,
    limit: u64,
    field: &'static str,
) -> Result<&'a [u8], DecodeError> {
    let at = reader.at();
    let found = reader.compact_size(field)?;
    if found > limit {
        return Err(DecodeError { at, field, kind: DecodeErrorKind::TooLong { limit, found } });
    }
    reader.take(found, field)
}

fn time(reader: &mut Reader<'_>, field: &'static str) -> Result<Time, DecodeError> {
    let bytes = bytes(reader, MAX_TIME, field)?;
    let at = reader.at().saturating_sub(bytes.len() as u64);
    Time::decode(bytes, at, field)
}
