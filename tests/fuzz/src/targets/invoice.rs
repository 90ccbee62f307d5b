//! Values of LND's invoices and of their HTLCs: an error says where in the value, and what was read
//! is never more than the value can hold.

use fulgurite_core::lnd::invoice::{DecodeError, HtlcState, decode, decode_htlcs};

pub(crate) fn invoice(data: &[u8]) {
    let inside = |error: &DecodeError| assert!(error.at <= data.len() as u64, "{error:?}");
    let invoice = match decode(data) {
        Ok(invoice) => {
            assert!(invoice.trailing <= data.len() as u64);
            invoice
        }
        Err(failure) => {
            inside(&failure.error);
            *failure.partial
        }
    };
    assert!(invoice.htlcs.len() <= data.len() && invoice.unknown_records <= data.len() as u64);
    assert!(invoice.amp.iter().flatten().count() <= data.len());
    for state in [HtlcState::Accepted, HtlcState::Canceled, HtlcState::Settled] {
        let _ = invoice.sum(state);
    }
    match decode_htlcs(data) {
        Ok(read) => assert!(read.htlcs.len() <= data.len()),
        Err((error, read)) => {
            inside(&error);
            assert!(read.htlcs.len() <= data.len());
        }
    }
}
