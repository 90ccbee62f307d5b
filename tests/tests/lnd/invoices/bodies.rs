//! Every encoding of an invoice and of its HTLCs, by bytes worked out by hand.

use crate::fake_kv::hex;

use fulgurite_core::lnd::gotime::{Time, Zone};
use fulgurite_core::lnd::invoice::{
    AmpSet, Circuit, ContractState, DecodeError, DecodeErrorKind, Encoding, Expiry, HtlcState,
    Shown, decode, decode_htlcs,
};
use fulgurite_core::lnd::privacy::Privacy;
use fulgurite_tests::lnd::body::{Body, Htlc, amp_set, amp_state, htlcs, record, time, zero_time};

/// The body that v0.20 writes for a settled invoice, by hand from channeldb/invoices.go: 187 bytes
/// of records (0xbb), then one HTLC of 89 (0x59).
const V0_20: &str = "
    00000000000000bb
    00 02 6869                                  # memo: hi
    01 09 6c6e626374 3175 3170                  # payment request: lnbct1u1p (no real one)
    02 0f 01 0000000ee1120580 0000000a ffff     # made 1770000000 + 62135596800, 10 ns, UTC
    03 0f 01 0000000ee11205e4 00000000 003c     # settled 100 s later, one hour east
    04 08 0000000000000005                      # add index 5
    05 08 0000000000000003                      # settle index 3
    06 20 1111111111111111111111111111111111111111111111111111111111111111
    07 08 00000000000f4240                      # 1,000,000 msat
    08 04 00000050                              # delta 80
    09 08 00000346 30b8a000                     # 3,600 s in ns
    0a 20 2222222222222222222222222222222222222222222222222222222222222222
    0b 03 024100                                # bits 8, 14, 17
    0c 01 01                                    # settled
    0d 08 00000000000f4241                      # 1,000,001 msat paid
    0e 01 01                                    # hold
    0f 01 00                                    # no AMP sets
    0000000000000059
    01 08 0db9c60003810001                      # 899526x897x1
    03 08 0000000000000011                      # HTLC 17
    05 08 00000000000f4241
    07 04 000c3500                              # height 800,000
    09 08 18904daae8ac7400                      # 1770000050 s in ns
    0b 08 0000000000000000                      # not resolved
    0d 04 000c3590                              # expires at 800,144
    0f 01 02                                    # settled
    11 08 00000000000f4241
    fe00010001 02 beef                          # custom record 65537
    fe0001 2345 00                              # custom record 74565, empty
";

#[test]
fn a_body_of_v0_20() {
    let bytes = hex(V0_20);
    let invoice = decode(&bytes).unwrap();
    assert_eq!(invoice.encoding, Encoding::Tlv);
    assert_eq!(invoice.memo, b"hi");
    assert_eq!(invoice.payment_request, b"lnbct1u1p");
    assert_eq!(invoice.created, Time { seconds: 63_905_596_800, nanoseconds: 10, zone: Zone::Utc },);
    assert_eq!(invoice.created.unix(), 1_770_000_000);
    assert_eq!(
        (invoice.settled.unix(), invoice.settled.zone),
        (1_770_000_100, Zone::Offset(3_600))
    );
    assert_eq!((invoice.add_index, invoice.settle_index), (5, 3));
    assert_eq!(invoice.preimage, Some([0x11; 32]));
    assert_eq!((invoice.value_msat, invoice.amount_paid_msat), (1_000_000, 1_000_001));
    assert_eq!(invoice.cltv_delta, Some(80));
    assert_eq!(invoice.expiry, Some(Expiry::Nanoseconds(3_600_000_000_000)));
    assert_eq!(invoice.payment_addr, Some([0x22; 32]));
    assert_eq!(invoice.features.iter().collect::<Vec<_>>(), [8, 14, 17]);
    assert_eq!(invoice.state, ContractState::Settled);
    assert_eq!((invoice.hodl, invoice.amp.clone()), (Some(true), Some(Vec::new())));
    assert!(!invoice.is_amp() && !invoice.is_keysend());
    let [htlc] = invoice.htlcs.as_slice() else { panic!() };
    assert_eq!(htlc.circuit, Circuit { channel: 899_526 << 40 | 897 << 16 | 1, htlc: 17 });
    assert_eq!((htlc.amount_msat, htlc.mpp_total_msat), (1_000_001, Some(1_000_001)));
    assert_eq!((htlc.accept_height, htlc.expiry_height), (800_000, 800_144));
    assert_eq!(htlc.accept_time.unix(), 1_770_000_050);
    assert!(htlc.resolve_time.is_zero());
    assert_eq!((htlc.state, htlc.amp.is_none()), (HtlcState::Settled, true));
    assert_eq!(htlc.custom_records, [(65_537, vec![0xbe, 0xef]), (74_565, Vec::new())]);
}

#[test]
fn a_body_of_v0_11_does_not_speak_of_amp() {
    // As above without the last record of the body (3 bytes) and without HTLCs.
    let mut bytes = hex(V0_20);
    bytes.truncate(8 + 0xbb - 3);
    bytes[7] = 0xbb - 3;
    let invoice = decode(&bytes).unwrap();
    assert_eq!((invoice.hodl, invoice.amp), (Some(true), None));
    // v0.9 and v0.10 did not write record 14 either.
    bytes.truncate(8 + 0xbb - 6);
    bytes[7] = 0xbb - 6;
    assert_eq!(decode(&bytes).unwrap().hodl, None);
}

/// The fields of v0.8, by hand from channeldb/migration_01_to_11/invoices.go.
const V0_8: &str = "
    02 6869                                     # memo
    01 52                                       # receipt
    04 6c6e6263                                 # payment request
    00000028                                    # delta 40
    00000346 30b8a000                           # 3,600 s in ns
    0f 01 0000000ee1120580 00000000 ffff        # made
    0f 01 0000000000000000 00000000 ffff        # not settled
    0000000000000000000000000000000000000000000000000000000000000000
    00000000000003e8                            # 1,000 msat
    03                                          # accepted
    0000000000000009 0000000000000000           # add index 9, settle index 0
    00000000000003e8                            # paid
    0000000000000041                            # one HTLC, without a total
    01 08 0000000000000001
    03 08 0000000000000002
    05 08 00000000000003e8
    07 04 00000064
    09 08 18904daae8ac7400
    0b 08 a1b203eb3d1a0000                      # the zero time as UnixNano overflowed it
    0d 04 000000c8
    0f 01 00
";

#[test]
fn fields_of_v0_8() {
    let bytes = hex(V0_8);
    let invoice = decode(&bytes).unwrap();
    assert_eq!(invoice.encoding, Encoding::FieldsAndHtlcs);
    assert_eq!((invoice.memo.as_slice(), invoice.receipt.as_slice()), (&b"hi"[..], &b"R"[..]));
    assert_eq!(invoice.payment_request, b"lnbc");
    assert_eq!(invoice.cltv_delta, Some(40));
    assert_eq!(invoice.expiry.and_then(Expiry::nanoseconds), Some(3_600_000_000_000));
    assert_eq!((invoice.created.unix(), invoice.settled.is_zero()), (1_770_000_000, true));
    assert_eq!((invoice.preimage, invoice.payment_addr), (None, None));
    assert_eq!(invoice.state, ContractState::Accepted);
    assert_eq!((invoice.add_index, invoice.settle_index), (9, 0));
    assert_eq!((invoice.hodl, invoice.amp.is_none()), (None, true));
    let [htlc] = invoice.htlcs.as_slice() else { panic!() };
    assert_eq!((htlc.state, htlc.mpp_total_msat), (HtlcState::Accepted, None));
    assert!(htlc.resolve_time.is_unset() && !htlc.resolve_time.is_zero());
}

#[test]
fn fields_before_v0_8() {
    // The same without delta, expiry (12 bytes behind the texts) and HTLC.
    let mut bytes = hex(V0_8);
    bytes.truncate(bytes.len() - 8 - 0x41);
    bytes.drain(10..22);
    let invoice = decode(&bytes).unwrap();
    assert_eq!(invoice.encoding, Encoding::Fields);
    assert_eq!((invoice.cltv_delta, invoice.expiry), (None, None));
    assert_eq!((invoice.add_index, invoice.amount_paid_msat), (9, 1_000));
    assert!(invoice.htlcs.is_empty());
    // LND does not look behind the last field; this does.
    bytes.extend([1, 2, 3]);
    assert_eq!(decode(&bytes).unwrap().trailing, 3);
}

#[test]
fn texts_of_old_encodings_may_be_long_or_empty() {
    let long = Body { memo: vec![b'm'; 1_024], payment_request: vec![b'p'; 4_096], ..Body::new(1) };
    assert_eq!(decode(&long.fields()).unwrap().payment_request.len(), 4_096);
    assert_eq!(decode(&long.fields_and_htlcs()).unwrap().memo.len(), 1_024);
    let empty = Body { memo: Vec::new(), payment_request: Vec::new(), ..Body::new(1) };
    for (bytes, encoding) in [
        (empty.fields(), Encoding::Fields),
        (empty.fields_and_htlcs(), Encoding::FieldsAndHtlcs),
        (empty.tlv(), Encoding::Tlv),
    ] {
        assert_eq!(decode(&bytes).unwrap().encoding, encoding);
    }
    let too_long = Body { memo: vec![b'm'; 1_025], ..Body::new(1) };
    assert_eq!(
        said(&too_long.fields()),
        (0, "memo", DecodeErrorKind::TooLong { limit: 1_024, found: 1_025 }),
    );
}

/// One payment to an AMP invoice in the record 15 of its body, by hand.
const AMP_STATE: &str = "
    01                                          # one set
    6e                                          # of 110 bytes
    00 20 3333333333333333333333333333333333333333333333333333333333333333
    01 01 02                                    # settled
    02 08 0000000000000007                      # settle index 7
    03 10 02 0000000ee1120580 00000000 0012 20  # 18 minutes and 32 seconds east
    04 21 02                                    # two HTLCs
       0000000000000001 0000000000000002
       0000000000000001 0000000000000003
    05 08 00000000000007d0                      # 2,000 msat
";

#[test]
fn an_amp_invoice_and_its_payment() {
    let body = Body {
        payment_request: Vec::new(),
        features: vec![0x40, 0, 0, 0],
        amp: Some(hex(AMP_STATE)),
        ..Body::new(1)
    };
    let invoice = decode(&body.tlv()).unwrap();
    assert!(invoice.is_amp() && !invoice.is_keysend());
    assert_eq!(
        invoice.amp,
        Some(vec![AmpSet {
            set_id: [0x33; 32],
            state: HtlcState::Settled,
            settle_index: 7,
            settled: Time { seconds: 63_905_596_800, nanoseconds: 0, zone: Zone::Offset(1_112) },
            created: None,
            circuits: vec![Circuit { channel: 1, htlc: 2 }, Circuit { channel: 1, htlc: 3 }],
            amount_paid_msat: Some(2_000),
        }]),
    );
    // Its HTLCs stand apart: root share, set id, child index 0x0102, hash, preimage.
    let htlc = hex("
        00000000000000a6
        01 08 0000000000000001
        03 08 0000000000000002
        05 08 00000000000003e8
        13 42 4444444444444444444444444444444444444444444444444444444444444444
              3333333333333333333333333333333333333333333333333333333333333333 0102
        15 20 5555555555555555555555555555555555555555555555555555555555555555
        17 20 6666666666666666666666666666666666666666666666666666666666666666
    ");
    let [htlc] = &decode_htlcs(&htlc).unwrap().htlcs[..] else { panic!() };
    let amp = htlc.amp.as_ref().unwrap();
    assert_eq!((amp.root_share, amp.set_id, amp.child_index), ([0x44; 32], [0x33; 32], 0x0102));
    assert_eq!((amp.hash, amp.preimage), (Some([0x55; 32]), Some([0x66; 32])));
}

#[test]
fn a_legacy_amp_invoice_has_its_htlcs_inside() {
    let amp =
        Htlc { amp: Some(([1; 32], [2; 32], Vec::new())), hash: Some([3; 32]), ..Htlc::new(1, 5) };
    let body =
        Body { features: vec![0x40, 0, 0, 0], amp: None, htlcs: vec![amp.bytes()], ..Body::new(1) };
    let invoice = decode(&body.tlv()).unwrap();
    assert!(invoice.is_amp() && invoice.amp.is_none());
    let amp = invoice.htlcs[0].amp.as_ref().unwrap();
    assert_eq!((amp.child_index, amp.hash, amp.preimage), (0, Some([3; 32]), None));
}

fn error(bytes: &[u8]) -> DecodeError {
    decode(bytes).unwrap_err().error
}

fn said(bytes: &[u8]) -> (u64, &'static str, DecodeErrorKind) {
    let DecodeError { at, field, kind, .. } = error(bytes);
    (at, field, kind)
}

#[test]
fn errors_say_where_and_what() {
    let body = Body::new(1);
    let tlv = body.tlv();
    let end = tlv.len() as u64;
    // Bytes behind the body that cannot begin an HTLC.
    let trailing = [tlv.as_slice(), &[0; 5]].concat();
    assert_eq!(said(&trailing), (end, "htlc.length", DecodeErrorKind::Trailing { found: 5 }),);
    // An HTLC of 10,000 bytes where 3 are: a record of type 1 with 2 bytes, of which one is there.
    let long = [tlv.as_slice(), &10_000_u64.to_be_bytes(), &[1, 2, 3]].concat();
    assert_eq!(said(&long), (end + 10, "htlc.record", DecodeErrorKind::Ends { need: 2, have: 1 }));
    // The partial invoice has what stands before.
    assert_eq!(decode(&long).unwrap_err().partial.memo, body.memo);
    // A time of a version that Go does not know: 8 of the length, the memo and the payment request
    // with 2 each, 2 of its own record.
    let version = Body { created: vec![9; 15], ..body.clone() };
    let at = 8 + 2 + body.memo.len() as u64 + 2 + body.payment_request.len() as u64 + 2;
    assert_eq!(
        said(&version.tlv()),
        (at, "creation_time", DecodeErrorKind::TimeVersion { found: 9 }),
    );
    let short = Body { created: Vec::new(), ..body.clone() };
    assert_eq!(error(&short.tlv()).kind, DecodeErrorKind::Ends { need: 1, have: 0 });
    // Records out of order, a number in too many bytes, a state of two bytes, no time at all.
    let records = |records: &[(u64, &[u8])]| {
        let mut all = Vec::new();
        for (kind, value) in records {
            record(&mut all, *kind, value);
        }
        [&(all.len() as u64).to_be_bytes(), all.as_slice()].concat()
    };
    let order = records(&[(0, b""), (2, &zero_time()), (1, b"")]);
    assert_eq!(error(&order).kind, DecodeErrorKind::Order { previous: 2, found: 1 });
    assert_eq!(
        said(&records(&[(0, b""), (12, &[1, 1])])),
        (12, "state", DecodeErrorKind::Length { expected: 1, found: 2 }),
    );
    assert_eq!(said(&records(&[(0, b"")])), (10, "creation_time", DecodeErrorKind::Missing),);
    let wide = [&[0, 0, 0, 0, 0, 0, 0, 5], &[0, 0, 0xfd, 0, 1][..]].concat();
    assert_eq!(said(&wide), (10, "body_record", DecodeErrorKind::NotMinimal { found: 1 }),);
    // A count of AMP sets far beyond what is there.
    let many = Body { amp: Some([vec![0xff], vec![0xff; 8]].concat()), ..body };
    assert_eq!(error(&many.tlv()).field, "amp_state.length");
}

/// Go's `io.LimitReader` gives what is there, and the end between two records is an end.
#[test]
fn what_ends_early_between_two_records_is_read_as_lnd_reads_it() {
    let body = Body::new(1);
    let whole = decode(&body.tlv()).unwrap();
    assert_eq!((whole.cut, whole.no_payment_request), (0, false));
    let mut longer = body.tlv();
    let announced = u64::from_be_bytes(longer[..8].try_into().unwrap()) + 4_096;
    longer[..8].copy_from_slice(&announced.to_be_bytes());
    let read = decode(&longer).unwrap();
    assert_eq!((read.cut, &read.memo, read.state), (4_096, &whole.memo, whole.state));
    // The HTLC's number and all behind it are gone.
    let mut htlc = 100_u64.to_be_bytes().to_vec();
    record(&mut htlc, 1, &7_u64.to_be_bytes());
    let set = decode_htlcs(&htlc).unwrap();
    assert_eq!((set.cut, set.htlcs.len(), set.htlcs[0].circuit.channel), (90, 1, 7));
    // A negative length is none at all: an HTLC without records.
    htlc[..8].copy_from_slice(&(-1_i64).to_be_bytes());
    assert_eq!(decode_htlcs(&htlc[..8]).unwrap().htlcs.len(), 1);
    // Without the payment request's record, which LND writes always.
    let mut records = Vec::new();
    for (kind, value) in [(0, Vec::new()), (2, zero_time()), (3, zero_time())] {
        record(&mut records, kind, &value);
    }
    let bare = [&(records.len() as u64).to_be_bytes(), records.as_slice()].concat();
    assert!(decode(&bare).unwrap().no_payment_request);
}

#[test]
fn hostile_bytes_give_a_value_or_an_error() {
    let amp = Htlc {
        amp: Some(([1; 32], [2; 32], vec![7])),
        hash: Some([3; 32]),
        preimage: Some([4; 32]),
        records: vec![(65_536, vec![1, 2, 3])],
        ..Htlc::new(1, 5)
    };
    let set = amp_set([2; 32], 2, 1, &time(1_770_000_000, 0, 0), &[(1, 7)], 5);
    let body = Body {
        amp: Some(amp_state(&[set])),
        htlcs: vec![amp.bytes(), Htlc::new(2, 6).bytes()],
        ..Body::new(1)
    };
    let privacy = Privacy::revealed();
    let look = |bytes: &[u8]| {
        let invoice = match decode(bytes) {
            Ok(invoice) => invoice,
            Err(failure) => {
                assert!(failure.error.at <= bytes.len() as u64, "{}", failure.error);
                *failure.partial
            }
        };
        serde_json::to_string(&Shown { invoice: &invoice, privacy: &privacy }).unwrap().len()
    };
    let mut seen = 0;
    for bytes in [body.tlv(), body.fields_and_htlcs(), body.fields(), htlcs(&body.htlcs)] {
        for end in 0..=bytes.len() {
            seen += look(&bytes[..end]);
            let _ = decode_htlcs(&bytes[..end]);
        }
        for place in 0..bytes.len() {
            for byte in [0, 1, 0x7f, 0x80, 0xfd, 0xfe, 0xff] {
                let mut bytes = bytes.clone();
                bytes[place] = byte;
                seen += look(&bytes);
                let _ = decode_htlcs(&bytes);
            }
        }
    }
    assert!(seen > 0);
}

#[test]
fn redacted_by_default_revealed_on_demand() {
    let invoice = decode(&hex(V0_20)).unwrap();
    let redacted = Privacy::default();
    let json = serde_json::to_value(Shown { invoice: &invoice, privacy: &redacted }).unwrap();
    assert_eq!(json["preimage"], "redacted");
    assert_eq!(json["memo"], serde_json::json!({ "bytes": 2, "text": null }));
    assert_eq!(json["payment_addr"], "address#1");
    assert_eq!(json["value_msat"], "10^6");
    assert_eq!(json["htlcs"][0]["circuit"], "circuit#1");
    let record = serde_json::json!({ "type": "65537", "bytes": 2, "value": "redacted" });
    assert_eq!(json["htlcs"][0]["custom_records"][0], record);
    let revealed = Privacy::revealed();
    let json = serde_json::to_value(Shown { invoice: &invoice, privacy: &revealed }).unwrap();
    assert_eq!(json["preimage"], "11".repeat(32));
    assert_eq!(json["memo"]["text"], "hi");
    assert_eq!(json["value_msat"], "1000000");
    assert_eq!(json["settle_index"], "3");
    assert_eq!(json["expiry_ns"], "3600000000000");
    assert_eq!(
        json["created"],
        serde_json::json!({
            "seconds": "63905596800", "ns": 10, "zone": "UTC", "unix": "1770000000"
        }),
    );
    assert_eq!(json["htlcs"][0]["circuit"], "899526x897x1:17");
    assert_eq!(json["htlcs"][0]["custom_records"][0]["value"], "beef");
}
