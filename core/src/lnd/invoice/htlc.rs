//! The HTLCs behind an invoice's body, or in a value of their own: each a length and TLV records.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::{Circuit, DecodeError, DecodeErrorKind, Htlc, HtlcAmp, HtlcState};
use crate::lnd::bytes::{Reader, Record};
use crate::lnd::gotime::Time;

/// The first type of the records that a sender may add (BOLT 4).
const CUSTOM: u64 = 65_536;

/// The HTLCs of one payment to an AMP invoice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HtlcSet {
    /// The HTLCs.
    pub htlcs: Vec<Htlc>,
    /// Bytes that the last of them announces beyond the end ([`super::Invoice::cut`]).
    pub cut: u64,
}

/// Reads a value that holds nothing but HTLCs: one payment to an AMP invoice.
///
/// # Errors
/// [`DecodeError`], with the HTLCs before that place.
pub fn decode_htlcs(value: &[u8]) -> Result<HtlcSet, (DecodeError, HtlcSet)> {
    let mut set = HtlcSet::default();
    match read(&mut Reader::new(value, 0), &mut set.htlcs, &mut set.cut) {
        Ok(()) => Ok(set),
        Err(error) => Err((error, set)),
    }
}

/// Reads HTLCs up to the end; `cut` grows by what the last of them lacks.
pub(super) fn read(
    reader: &mut Reader<'_>,
    htlcs: &mut Vec<Htlc>,
    cut: &mut u64,
) -> Result<(), DecodeError> {
    while !reader.is_empty() {
        if reader.len() < 8 {
            let (at, kind) = (reader.at(), DecodeErrorKind::Trailing { found: reader.len() });
            return Err(DecodeError { at, field: "htlc.length", kind });
        }
        let len = reader.u64("htlc.length")?;
        let at = reader.at();
        let (htlc, missing) = reader.limited(len);
        *cut = cut.saturating_add(missing);
        htlcs.push(read_one(Reader::new(htlc, at))?);
    }
    Ok(())
}

fn read_one(mut reader: Reader<'_>) -> Result<Htlc, DecodeError> {
    let mut htlc = Htlc::default();
    let mut amp = None;
    let (mut hash, mut preimage) = (None, None);
    let mut previous = None;
    while !reader.is_empty() {
        let record = reader.record(previous, "htlc.record")?;
        previous = Some(record.kind);
        match record.kind {
            1 => htlc.circuit.channel = record.u64("htlc.channel")?,
            3 => htlc.circuit.htlc = record.u64("htlc.number")?,
            5 => htlc.amount_msat = record.u64("htlc.amount")?,
            7 => htlc.accept_height = record.u32("htlc.accept_height")?,
            9 => htlc.accept_time = Time::from_unix_nanoseconds(record.u64("htlc.accept_time")?),
            11 => htlc.resolve_time = Time::from_unix_nanoseconds(record.u64("htlc.resolve_time")?),
            13 => htlc.expiry_height = record.u32("htlc.expiry_height")?,
            15 => htlc.state = HtlcState::from(i64::from(record.u8("htlc.state")?)),
            17 => htlc.mpp_total_msat = Some(record.u64("htlc.mpp_total")?),
            19 => amp = Some(read_amp(&record)?),
            21 => hash = Some(record.fixed("htlc.amp_hash")?),
            23 => preimage = Some(record.fixed("htlc.amp_preimage")?),
            CUSTOM.. => htlc.custom_records.push((record.kind, record.value.to_vec())),
            _ => {}
        }
    }
    htlc.amp = amp.map(|amp| Box::new(HtlcAmp { hash, preimage, ..amp }));
    Ok(htlc)
}

/// Root share, set id, and the child index without its leading zeros (record/amp.go).
fn read_amp(record: &Record<'_>) -> Result<HtlcAmp, DecodeError> {
    let field = "htlc.amp";
    let mut reader = record.reader();
    let root_share = reader.array(field)?;
    let set_id = reader.array(field)?;
    let at = reader.at();
    let digits = reader.take(reader.len(), field)?;
    if digits.len() > 4 {
        let kind = DecodeErrorKind::TooLong { limit: 68, found: record.value.len() as u64 };
        return Err(DecodeError { at: record.at, field, kind });
    }
    let child_index = digits.iter().fold(0_u32, |index, byte| index << 8 | u32::from(*byte));
    if digits.first() == Some(&0) {
        let kind = DecodeErrorKind::NotMinimal { found: child_index.into() };
        return Err(DecodeError { at, field, kind });
    }
    Ok(HtlcAmp { root_share, set_id, child_index, hash: None, preimage: None })
}

impl Htlc {
    /// Whether it names a channel at all: LND reads an HTLC without records, too.
    pub fn has_circuit(&self) -> bool {
        self.circuit != Circuit::default()
    }
}
