//! LND's invoices: every encoding by bytes worked out by hand, every fault of an index, and no
//! secret in any default output.

use crate::fake_kv as lnd;

use fulgurite_core::finding::{Code, Confidence, Finding, Findings, Severity};
use fulgurite_core::lnd::gotime::{Time, Zone};
use fulgurite_core::lnd::invoice::{
    AmpSet, Circuit, ContractState, DecodeError, DecodeErrorKind, Encoding, Expiry, HtlcState,
    Invoice, Shown, decode, decode_htlcs,
};
use fulgurite_core::lnd::invoices::{self, Dbp, Marker, Network, ShownRow};
use fulgurite_core::lnd::native::{self, Provenance, ShownNativeRow};
use fulgurite_core::lnd::privacy::Privacy;
use fulgurite_core::words::{self, Language};
use fulgurite_tests::lnd::body::{Body, Htlc, amp_set, amp_state, htlcs, record, time, zero_time};
use fulgurite_tests::lnd::kv::{ADDRESSES, ADDS, HASHES, INVOICES, Kv, SETS, SETTLES};
use fulgurite_tests::lnd::sql::{Datum, Db, T0, T1};
use lnd::{FakeKv, but_counts, hex, read, read_sql};

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
    let [htlc] = &decode_htlcs(&htlc).unwrap()[..] else { panic!() };
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
    // An HTLC of 10,000 bytes where 3 are.
    let long = [tlv.as_slice(), &10_000_u64.to_be_bytes(), &[1, 2, 3]].concat();
    assert_eq!(said(&long), (end + 8, "htlc", DecodeErrorKind::Ends { need: 10_000, have: 3 }),);
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

// The key-value store.

/// A sound store: five invoices, of which number 1 is settled, 2 canceled, 3 an AMP invoice with a
/// settled payment, 4 held.
fn sound() -> Kv {
    let mut kv = Kv::new();
    kv.add(Body::new(1));
    kv.add(Body::new(2).settled(1));
    kv.add(Body::new(3).state(2));
    kv.add(amp_invoice());
    let htlc = Htlc {
        amp: Some(([8; 32], SET, vec![])),
        hash: Some([9; 32]),
        preimage: Some([10; 32]),
        ..Htlc::new(100, 1_000_000)
    };
    kv.add_set(3, SET, 2, &[htlc.bytes()]);
    let held = Htlc { state: 0, resolved: 0, ..Htlc::new(50, 1_000_000) };
    kv.add(Body { htlcs: vec![held.bytes()], hodl: Some(true), ..Body::new(5).state(3) });
    kv
}

const SET: [u8; 32] = [0x77; 32];

fn amp_invoice() -> Body {
    let set = amp_set(SET, 2, 2, &time(1_770_000_200, 0, -1), &[(100, 7)], 1_000_000);
    Body {
        features: vec![0x40, 0, 0, 0],
        amp: Some(amp_state(&[set])),
        payment_request: b"lnbc1pamp".into(),
        ..Body::new(4)
    }
}

/// The only finding beside the counts, and the place where it is.
fn only(kv: &Kv) -> (FakeKv, Finding) {
    let (fake, _, findings) = read(kv);
    let findings = but_counts(findings);
    assert_eq!(findings.len(), 1, "{findings:#?}");
    let finding = findings.into_iter().next().unwrap();
    for language in Language::ALL {
        for text in [words::title(&finding, language), words::meaning(&finding, language)] {
            assert!(!text.contains('?') || finding.values.text("sequence") == Some("?"), "{text}");
        }
    }
    (fake, finding)
}

/// The only finding is a broken index of that fault, at that entry.
fn broken(kv: &Kv, fault: &str, path: &str, key: &str, entry: &[u8]) -> Finding {
    let (fake, finding) = only(kv);
    assert_eq!(finding.code, Code::LndBrokenIndex);
    assert_eq!(finding.values.text("fault"), Some(fault));
    assert_eq!(finding.place.path.as_deref(), Some(path));
    assert_eq!(finding.place.key.as_deref(), Some(key));
    let place = if entry.len() == 4 || entry.len() == 36 { INVOICES } else { path };
    assert_eq!(finding.place.span.start, fake.at(place, entry));
    finding
}

#[test]
fn a_sound_store_has_counts_and_nothing_else() {
    let (_, read, findings) = read(&sound());
    let [counts] = findings.as_slice() else { panic!("{findings:#?}") };
    assert_eq!(counts.code, Code::LndKvCounts);
    for (name, number) in [
        ("invoices", 5),
        ("open", 2),
        ("settled", 1),
        ("canceled", 1),
        ("accepted", 1),
        ("amp", 1),
        ("htlcs", 2),
        ("amp_sets", 1),
        ("amp_htlcs", 1),
        ("hashes", 5),
        ("adds", 5),
        ("settles", 1),
        ("amp_settles", 1),
        ("addresses", 5),
        ("set_ids", 1),
        ("orphans", 0),
        ("undecodable", 0),
        ("greatest_number", 4),
        ("next_number", 5),
    ] {
        assert_eq!(counts.values.number(name), Some(number), "{name}");
    }
    assert_eq!(counts.values.text("add_counter"), Some("5"));
    assert_eq!(counts.values.text("settle_gaps"), Some("0"));
    let facts = read.facts;
    assert_eq!(facts.dbp, Dbp::Version(33));
    assert_eq!(facts.invoice_tombstone, None);
    assert_eq!(facts.census.majority(), Some(Network::Mainnet));
    assert_eq!(facts.census.count(Network::Mainnet), 5);
    assert_eq!(facts.newest.map(Time::unix), Some(1_770_000_000));
    assert!(facts.has_bucket("peers-bucket"));
    assert_eq!((facts.open_channels, facts.graph_nodes), (Some(0), None));
}

#[test]
fn an_empty_store_has_nothing_but_zeros() {
    let (_, read, findings) = read(&Kv::new());
    assert_eq!(but_counts(findings), []);
    assert!(read.index.bodies.is_empty() && read.facts.newest.is_none());
    let (_, read, findings) = lnd::read(&Kv::default());
    assert_eq!(findings, []);
    assert_eq!((read.facts.dbp, read.facts.invoices_bucket), (Dbp::NoMetadata, false));
}

#[test]
fn markers_and_counts_of_other_things() {
    let mut kv = sound();
    kv.put(INVOICES, b"invoice-tombstone", b"1");
    kv.put("metadata", b"ovk", &[2, 0, 1]);
    let tombstone = "data-migration-tombstone";
    kv.put(tombstone, tombstone.as_bytes(), b"lndinit migrate-db 2026-01-01T00:00:00Z\x1b");
    kv.bucket("data-migration-already-migrated");
    for channel in 0..4_u8 {
        let path = format!("open-chan-bucket/node{}/chain/{channel}", channel % 2);
        kv.bucket(&path);
    }
    kv.put("closed-chan-bucket", b"outpoint", b"");
    for node in 0..7_u8 {
        kv.put("graph-node", &[node; 33], b"");
        kv.put("graph-edge/edge-index", &[node; 8], b"");
    }
    kv.put("graph-node", b"source", b"");
    kv.put("graph-edge", &[1; 41], b"");
    kv.bucket(&format!("payments-root-bucket/{}", "p".repeat(32)));
    let (_, read, findings) = read(&kv);
    assert_eq!(but_counts(findings), []);
    let facts = read.facts;
    assert_eq!(facts.invoice_tombstone.map(|(value, _)| value), Some(b"1".to_vec()));
    assert_eq!(facts.optional_migrations, Some(vec![0, 1]));
    assert_eq!(facts.data_tombstone.text(), Some(r"lndinit migrate-db 2026-01-01T00:00:00Z\u{1b}"),);
    assert_eq!(facts.already_migrated, Marker::Empty);
    assert_eq!(
        (facts.open_channels, facts.closed_channels, facts.payments),
        (Some(4), Some(1), Some(1)),
    );
    assert_eq!((facts.graph_nodes, facts.graph_channels), (Some(7), Some(7)));
}

#[test]
fn versions_that_are_missing_or_malformed() {
    let mut kv = sound();
    kv.remove("metadata", b"dbp");
    assert_eq!(read(&kv).1.facts.dbp, Dbp::Missing);
    kv.put("metadata", b"dbp", &[0, 33]);
    assert_eq!(read(&kv).1.facts.dbp, Dbp::Malformed(2));
}

#[test]
fn d14_canceled_invoices_that_lnd_forgot() {
    let mut kv = sound();
    kv.collect(Kv::hash(&Body::new(3)), 3);
    let (fake, finding) = only(&kv);
    assert_eq!((finding.code, finding.severity), (Code::LndOrphanCanceled, Severity::Info));
    assert_eq!(finding.values.number("count"), Some(1));
    assert_eq!(finding.place.span.start, fake.at(INVOICES, &[0, 0, 0, 2]));
    let ledger = invoices::Ledger::of(&read(&kv).1.index);
    assert_eq!((ledger.orphans_canceled, ledger.add_gaps), (1, 1));
}

#[test]
fn d14_an_invoice_that_is_lost() {
    let mut kv = sound();
    kv.collect(Kv::hash(&Body::new(2)), 2);
    kv.remove(SETTLES, &1_u64.to_be_bytes());
    let (fake, finding) = only(&kv);
    assert_eq!((finding.code, finding.severity), (Code::LndOrphanLost, Severity::Damage));
    assert_eq!(finding.values.text("state"), Some("settled"));
    assert_eq!(finding.values.number("made"), Some(1_770_000_000));
    assert_eq!(finding.place.key.as_deref(), Some("invoice:1"));
    assert_eq!(finding.place.span.start, fake.at(INVOICES, &[0, 0, 0, 1]));
}

#[test]
fn d15a_a_hash_leads_nowhere() {
    let mut kv = sound();
    kv.put(HASHES, &[0xaa; 32], &[0, 0, 0, 99]);
    let finding = broken(&kv, "hash_without_invoice", HASHES, "hash#6", &[0xaa; 32]);
    assert_eq!(finding.values.number("number"), Some(99));
    assert_eq!(finding.confidence, Confidence::Certain);
    // Where invoices could not be read, one may be there.
    kv.bucket(INVOICES).unreadable = 1;
    assert_eq!(only(&kv).1.confidence, Confidence::Possible);
}

#[test]
fn d15b_an_add_index_leads_nowhere() {
    let mut kv = sound();
    kv.put(ADDS, &6_u64.to_be_bytes(), &[0, 0, 0, 99]);
    kv.bucket(ADDS).sequence = 6;
    broken(&kv, "add_without_invoice", ADDS, "add_index:6", &6_u64.to_be_bytes());
}

#[test]
fn d15c_no_hash_leads_to_an_invoice() {
    let mut kv = sound();
    kv.remove(HASHES, &Kv::hash(&Body::new(1)));
    broken(&kv, "invoice_without_hash", HASHES, "invoice:0", &[0; 4]);
}

#[test]
fn d15d_no_add_index_leads_to_an_invoice() {
    let mut kv = sound();
    kv.remove(ADDS, &1_u64.to_be_bytes());
    broken(&kv, "invoice_without_add", ADDS, "invoice:0", &[0; 4]);
}

#[test]
fn d15d_an_invoice_says_that_it_has_another_add_index() {
    let mut kv = sound();
    kv.remove(ADDS, &5_u64.to_be_bytes());
    kv.put(ADDS, &6_u64.to_be_bytes(), &[0, 0, 0, 4]);
    kv.bucket(ADDS).sequence = 6;
    let finding = broken(&kv, "add_differs", ADDS, "add_index:6", &6_u64.to_be_bytes());
    assert_eq!(finding.values.text("own"), Some("5"));
}

#[test]
fn d15e_settle_indexes() {
    let three = 3_u64.to_be_bytes();
    let mut kv = sound();
    kv.put(SETTLES, &three, &[0, 0, 0, 99]);
    kv.bucket(SETTLES).sequence = 3;
    broken(&kv, "settle_without_invoice", SETTLES, "settle_index:3", &three);

    let mut kv = sound();
    kv.put(SETTLES, &three, &[0; 4]);
    kv.bucket(SETTLES).sequence = 3;
    let finding = broken(&kv, "settle_differs", SETTLES, "settle_index:3", &three);
    assert_eq!(finding.values.text("own"), Some("0"));

    let mut kv = sound();
    kv.remove(SETTLES, &1_u64.to_be_bytes());
    broken(&kv, "settled_without_row", SETTLES, "invoice:1", &[0, 0, 0, 1]);

    let mut kv = sound();
    kv.remove(SETTLES, &2_u64.to_be_bytes());
    broken(&kv, "settled_without_row", SETTLES, "invoice:3", &[0, 0, 0, 3]);

    // The same of an AMP payment that is not the invoice's.
    let mut kv = sound();
    kv.put(SETTLES, &three, &[&[0, 0, 0, 3][..], &[0x55; 32]].concat());
    kv.bucket(SETTLES).sequence = 3;
    broken(&kv, "settle_differs", SETTLES, "settle_index:3", &three);
}

#[test]
fn d15f_payment_addresses() {
    let mut kv = sound();
    kv.put(ADDRESSES, &[0xaa; 32], &[0, 0, 0, 99]);
    broken(&kv, "address_without_invoice", ADDRESSES, "address#6", &[0xaa; 32]);

    let mut kv = sound();
    kv.put(ADDRESSES, &[0xaa; 32], &[0; 4]);
    broken(&kv, "address_of_other", ADDRESSES, "address#6", &[0xaa; 32]);

    let mut kv = sound();
    kv.remove(ADDRESSES, &[5 ^ 0x80; 32]);
    broken(&kv, "address_without_row", ADDRESSES, "invoice:4", &[0, 0, 0, 4]);
}

#[test]
fn d15f_invoices_from_before_v0_11_are_not_indexed() {
    let mut kv = sound();
    // Number 0 was never written anew, number 1 was settled by a later release.
    kv.remove(ADDRESSES, &[1 ^ 0x80; 32]);
    kv.remove(ADDRESSES, &[2 ^ 0x80; 32]);
    let old = Body { hodl: None, amp: None, add_index: 1, ..Body::new(1) };
    kv.put(INVOICES, &[0; 4], &old.tlv());
    assert_eq!(but_counts(read(&kv).2), []);
}

#[test]
fn d15g_sets_of_htlcs() {
    // LND itself leaves these behind, so they are no damage.
    let mut kv = sound();
    kv.put(SETS, &[0xaa; 32], &[0, 0, 0, 99]);
    let finding = broken(&kv, "set_without_invoice", SETS, "set#2", &[0xaa; 32]);
    assert_eq!(finding.severity, Severity::Info);

    let mut kv = sound();
    let key = [&[0, 0, 0, 99][..], &[0xaa; 32]].concat();
    kv.put(INVOICES, &key, &htlcs(&[Htlc::new(900, 1).bytes()]));
    let finding = broken(&kv, "htlcs_without_invoice", INVOICES, "invoice:99/set#2", &key);
    assert_eq!(finding.severity, Severity::Damage);
}

#[test]
fn d15h_two_rows_for_one_invoice() {
    let mut kv = sound();
    kv.put(ADDS, &6_u64.to_be_bytes(), &[0; 4]);
    kv.bucket(ADDS).sequence = 6;
    broken(&kv, "same_target", ADDS, "add_index:6", &6_u64.to_be_bytes());

    let mut kv = sound();
    kv.put(HASHES, &[0xff; 32], &[0; 4]);
    broken(&kv, "same_target", HASHES, "hash#2", &[0xff; 32]);

    let mut kv = sound();
    kv.put(SETTLES, &3_u64.to_be_bytes(), &[0, 0, 0, 1]);
    kv.bucket(SETTLES).sequence = 3;
    broken(&kv, "same_target", SETTLES, "settle_index:3", &3_u64.to_be_bytes());
}

#[test]
fn entries_that_lnd_does_not_write() {
    let mut kv = sound();
    kv.put(HASHES, b"short", &[0; 4]);
    let (fake, finding) = only(&kv);
    assert_eq!(finding.values.text("fault"), Some("odd_key"));
    assert_eq!(finding.values.number("len"), Some(5));
    assert_eq!(finding.place.span.start, fake.at(HASHES, b"short"));

    let mut kv = sound();
    kv.put(ADDS, &6_u64.to_be_bytes(), &[0; 3]);
    assert_eq!(only(&kv).1.values.text("fault"), Some("odd_value"));
}

#[test]
fn d16_what_may_be_there_once() {
    let mut kv = sound();
    kv.add(Body { payment_addr: [1 ^ 0x80; 32], ..Body::new(6) });
    kv.put(ADDRESSES, &[1 ^ 0x80; 32], &[0; 4]);
    let (fake, finding) = only(&kv);
    assert_eq!(finding.code, Code::LndDuplicate);
    assert_eq!(finding.values.text("twice"), Some("payment_addr"));
    assert_eq!(finding.place.key.as_deref(), Some("address#1"));
    // The row of the first invoice was taken over by the second; that is put right above.
    assert_eq!(finding.place.span.start, fake.at(INVOICES, &[0, 0, 0, 5]));

    let mut kv = sound();
    kv.add(Body { payment_request: Body::new(1).payment_request, ..Body::new(6) });
    assert_eq!(only(&kv).1.values.text("twice"), Some("payment_request"));

    let mut kv = sound();
    kv.add(Body { htlcs: vec![Htlc { state: 1, ..Htlc::new(50, 5) }.bytes()], ..Body::new(6) });
    let finding = only(&kv).1;
    assert_eq!(finding.values.text("twice"), Some("circuit"));
    assert_eq!(finding.place.key.as_deref(), Some("circuit#1"));
    assert_eq!(
        words::value("numbers", finding.values.get("numbers").unwrap(), Language::English),
        "4, 5"
    );

    let mut kv = sound();
    let key = [&[0, 0, 0, 0][..], &SET].concat();
    kv.put(INVOICES, &key, &htlcs(&[Htlc::new(900, 1).bytes()]));
    assert_eq!(only(&kv).1.values.text("twice"), Some("set_id"));
}

#[test]
fn d16_an_invoice_that_is_not_migrated_blocks_nothing() {
    let mut kv = sound();
    kv.add(Body { payment_request: Body::new(3).payment_request, ..Body::new(6) });
    kv.collect(Kv::hash(&Body::new(3)), 3);
    assert_eq!(only(&kv).1.code, Code::LndOrphanCanceled);
}

#[test]
fn d18_counters_that_are_behind() {
    let mut kv = sound();
    kv.bucket(ADDS).sequence = 4;
    let (fake, finding) = only(&kv);
    assert_eq!((finding.code, finding.severity), (Code::LndSequenceBehind, Severity::Damage));
    assert_eq!(finding.values.text("counter"), Some("add_index"));
    assert_eq!(finding.values.text("sequence"), Some("4"));
    assert_eq!(finding.values.text("greatest"), Some("5"));
    assert_eq!(finding.place.span.start, fake.at(INVOICES, b"invoice-add-index"));

    let mut kv = sound();
    kv.bucket(SETTLES).sequence = 0;
    assert_eq!(only(&kv).1.values.text("counter"), Some("settle_index"));

    let mut kv = sound();
    kv.put(HASHES, b"nik", &[0, 0, 0, 4]);
    let (fake, finding) = only(&kv);
    assert_eq!(finding.values.text("counter"), Some("nik"));
    assert_eq!(finding.values.text("greatest"), Some("4"));
    assert_eq!(finding.place.span.start, fake.at(HASHES, b"nik"));

    let mut kv = sound();
    kv.remove(HASHES, b"nik");
    assert_eq!(only(&kv).1.values.text("sequence"), Some("0"));
    // A counter ahead is a deleted invoice, nothing else.
    let mut kv = sound();
    kv.bucket(ADDS).sequence = 40;
    kv.put(HASHES, b"nik", &[0, 0, 0, 40]);
    assert_eq!(but_counts(read(&kv).2), []);
}

#[test]
fn d27_amounts_and_htlcs() {
    let mut kv = sound();
    let paid = Body { amount_paid: 999_999, add_index: 2, ..Body::new(2).settled(1) };
    kv.put(INVOICES, &[0, 0, 0, 1], &paid.tlv());
    let (_, finding) = only(&kv);
    assert_eq!((finding.code, finding.severity), (Code::LndHtlcSum, Severity::Warning));
    assert_eq!(finding.values.text("sum"), Some("amount_paid"));
    assert_eq!(finding.values.text("amount_msat"), Some("10^5"));
    assert_eq!(finding.values.text("settled_msat"), Some("10^6"));

    let mut kv = sound();
    kv.put(INVOICES, &[0, 0, 0, 4], &Body { add_index: 5, ..Body::new(5).state(3) }.tlv());
    assert_eq!(only(&kv).1.values.text("sum"), Some("accepted_without_htlc"));

    // Invoices settled before v0.8 have no HTLCs.
    let mut kv = sound();
    let body = Body { htlcs: Vec::new(), payment_addr: [0; 32], ..Body::new(6).settled(3) };
    kv.add_as(body, Body::fields);
    assert_eq!(but_counts(read(&kv).2), []);
}

#[test]
fn what_lnd_cannot_read() {
    let mut kv = sound();
    let broken = Body { created: vec![7; 15], add_index: 1, ..Body::new(1) };
    kv.put(INVOICES, &[0; 4], &broken.tlv());
    let (fake, finding) = only(&kv);
    assert_eq!((finding.code, finding.severity), (Code::LndUndecodable, Severity::Damage));
    assert_eq!(finding.values.text("field"), Some("creation_time"));
    assert_eq!(finding.values.text("read_instead"), Some("7"));
    assert_eq!(finding.values.get("listed"), Some(&true.into()));
    assert_eq!(finding.place.span.start, fake.at(INVOICES, &[0; 4]));

    let mut kv = sound();
    let key = [&[0, 0, 0, 3][..], &SET].concat();
    kv.put(INVOICES, &key, &[1, 2, 3]);
    assert_eq!(only(&kv).1.values.text("field"), Some("htlc.length"));
}

#[test]
fn steps_and_pages_of_any_size_give_the_same() {
    let kv = sound();
    let (_, whole, _) = read(&kv);
    for page in [1, 2, 5, 100] {
        let mut fake = FakeKv::new(&kv);
        fake.page = page;
        let mut reading = invoices::Reading::new(true, 0);
        let small = fulgurite_core::job::Work { bytes: 1 };
        let mut steps = 0;
        let stepped = loop {
            steps += 1;
            if let fulgurite_core::job::Step::Done(out) = reading.step(&fake, small).unwrap() {
                break out;
            }
        };
        assert!(steps > 5);
        assert_eq!(stepped.facts, whole.facts);
        assert_eq!(stepped.index.bodies, whole.index.bodies);
        assert_eq!(stepped.index.circuits, whole.index.circuits);
        let all = invoices::page(&fake, &stepped.index, 0, 100).unwrap();
        assert_eq!((all.rows.len(), all.total), (5, 5));
        assert_eq!(all.rows[3].sets.len(), 1);
        assert_eq!(all.rows[3].htlcs().count(), 1);
        assert_eq!(all.rows[1].hash, Some(Kv::hash(&Body::new(2))));
        for from in 0..6_usize {
            let few = invoices::page(&fake, &stepped.index, from as u64, 2).unwrap();
            let expected: Vec<_> = all.rows.iter().skip(from).take(2).collect();
            assert_eq!(few.rows.iter().collect::<Vec<_>>(), expected, "{page} {from}");
        }
    }
}

// Native SQL.

/// A sound database: the first three invoices came by a migration, the others were made here.
fn sound_sql() -> Db {
    let mut db = Db::new();
    for id in 1..=5 {
        db.add(id, [u8::try_from(id).unwrap(); 32], id > 3);
    }
    db.settle(1, 1, false);
    db.settle(4, 2, true);
    db.set("invoices", 5, "state", 3);
    db.htlc(5, 0, None);
    db.table("invoice_sequences").rows[0][1] = 2.into();
    db
}

fn only_sql(db: &Db) -> Finding {
    let findings = but_counts(read_sql(db).2);
    assert_eq!(findings.len(), 1, "{findings:#?}");
    for language in Language::ALL {
        let meaning = words::meaning(&findings[0], language);
        assert!(!meaning.contains('?'), "{meaning}");
    }
    findings.into_iter().next().unwrap()
}

#[test]
fn a_sound_database_has_counts_and_nothing_else() {
    let (_, read, findings) = read_sql(&sound_sql());
    let [counts] = findings.as_slice() else { panic!("{findings:#?}") };
    for (name, number) in [
        ("invoices", 5),
        ("open", 2),
        ("settled", 2),
        ("canceled", 0),
        ("accepted", 1),
        ("from_kv", 3),
        ("made_here", 2),
        ("htlcs", 3),
        ("amp_sets", 0),
    ] {
        assert_eq!(counts.values.number(name), Some(number), "{name}");
    }
    let facts = read.facts;
    assert_eq!(facts.schema, Some(vec![(15, false)]));
    assert_eq!(facts.tracker_version(), Some(18));
    let seventh = facts.tracked(7).unwrap();
    assert_eq!(seventh.text, "2026-01-01 01:00:00.25 +0100 CET m=+0.051234567");
    // 01:00 at one hour east is midnight: 1767225600.
    let time = seventh.time.unwrap();
    assert_eq!((time.unix(), time.nanoseconds), (1_767_225_600, 250_000_000));
    assert_eq!(facts.settle_sequence(), Some(2));
    assert_eq!(facts.networks, Some(vec!["mainnet".into()]));
    assert_eq!((facts.scratch, facts.has_table("payments")), (Some(0), true));
    assert_eq!(facts.newest_native.map(Time::unix), Some(1_770_000_000));
    assert_eq!(read.index.by_hash(&[3; 32]).map(|row| row.provenance), Some(Provenance::Migrated));
    assert_eq!(read.index.by_hash(&[4; 32]).map(|row| row.provenance), Some(Provenance::Native));
}

#[test]
fn d01_the_counter_of_settle_indexes_is_behind() {
    let mut db = sound_sql();
    db.table("invoice_sequences").rows[0][1] = 0.into();
    let finding = only_sql(&db);
    assert_eq!((finding.code, finding.severity), (Code::LndSettleSequence, Severity::Damage));
    assert_eq!(finding.values.text("sequence"), Some("0"));
    assert_eq!(finding.values.text("greatest"), Some("2"));
    assert_eq!(finding.values.number("repeated"), Some(0));
    assert_eq!(finding.place.span.start, 300_000);
    // Then one was settled here: 1 is there twice, although the counter is level again.
    let mut db = sound_sql();
    db.set("invoices", 4, "settle_index", 1);
    db.table("invoice_sequences").rows[0][1] = 1.into();
    let finding = only_sql(&db);
    assert_eq!(finding.values.number("repeated"), Some(1));
    assert_eq!(finding.values.number("from_kv"), Some(1));
    assert_eq!(finding.values.number("made_here"), Some(1));
}

#[test]
fn d01_payments_to_amp_invoices_count_too() {
    let mut db = sound_sql();
    db.put("amp_sub_invoices", [SET.into(), 2.into(), T0.into(), T1.into(), 9.into(), 2.into()]);
    assert_eq!(only_sql(&db).values.text("greatest"), Some("9"));
}

#[test]
fn d13_an_invoice_without_a_hash() {
    let mut db = sound_sql();
    db.set("invoices", 2, "hash", [0; 32]);
    let finding = only_sql(&db);
    assert_eq!(finding.code, Code::LndZeroHash);
    assert_eq!(finding.values.text("row"), Some("2"));
    assert_eq!(finding.values.text("provenance"), Some("migrated"));
    assert_eq!(finding.place.span.start, 600_100);
}

#[test]
fn d21_expiries_that_were_reset() {
    let mut db = sound_sql();
    for row in &mut db.table("migration_tracker").rows {
        row[1] = "2026-03-01 00:00:00 +0000 UTC".into();
    }
    // Every invoice is older than the migration, but one made here has its own expiry: not reset.
    assert_eq!(but_counts(read_sql(&db).2), []);
    db.set("invoices", 4, "expiry", 86_400);
    db.set("invoices", 5, "expiry", 2_592_000);
    db.set("invoices", 5, "is_amp", 1);
    let finding = only_sql(&db);
    assert_eq!((finding.code, finding.severity), (Code::LndExpiryReset, Severity::Info));
    assert_eq!(finding.values.number("count"), Some(2));
    assert_eq!(finding.confidence, Confidence::Certain);
    // Migration 4 ran before there was a tracker.
    db.table("migration_tracker").rows.drain(..4);
    assert_eq!(only_sql(&db).confidence, Confidence::Possible);
}

#[test]
fn d23_the_scratch_table_is_not_empty() {
    let mut db = sound_sql();
    db.put("invoice_payment_hashes", [0.into(), 1.into(), [1; 32].into()]);
    let finding = only_sql(&db);
    assert_eq!((finding.code, finding.severity), (Code::LndHashScratch, Severity::Warning));
    assert_eq!(finding.values.number("count"), Some(1));
}

#[test]
fn d27_sums_on_the_sql_side() {
    let mut db = sound_sql();
    db.set("invoices", 1, "amount_paid_msat", 5);
    assert_eq!(only_sql(&db).values.text("sum"), Some("amount_paid"));

    let mut db = sound_sql();
    db.set("invoices", 3, "state", 3);
    assert_eq!(only_sql(&db).values.text("sum"), Some("accepted_without_htlc"));

    let mut db = sound_sql();
    db.set("invoice_htlcs", 1, "resolve_time", Datum::Null);
    let finding = only_sql(&db);
    assert_eq!(finding.values.text("sum"), Some("resolve_time"));
    assert_eq!(finding.place.path.as_deref(), Some("invoice_htlcs"));
    assert_eq!(finding.place.key.as_deref(), Some("invoice:1"));

    // A time that an old release did not mean.
    let mut db = sound_sql();
    db.set("invoice_htlcs", 3, "resolve_time", "1754-08-30 22:43:41.128654848 +0000 UTC");
    assert_eq!(but_counts(read_sql(&db).2), []);
}

#[test]
fn d28_a_number_that_was_used_before() {
    let mut db = sound_sql();
    db.event(2, 1, "2026-01-15 00:00:00 +0000 UTC");
    let finding = only_sql(&db);
    assert_eq!((finding.code, finding.severity), (Code::LndReusedId, Severity::Info));
    assert_eq!(finding.values.number("count"), Some(1));
    assert_eq!(finding.place.key.as_deref(), Some("invoice:2"));
}

#[test]
fn rows_that_cannot_be_read() {
    let mut db = sound_sql();
    db.set("invoices", 2, "created_at", "yesterday");
    let finding = only_sql(&db);
    assert_eq!(finding.code, Code::LndBadRow);
    assert_eq!(finding.values.text("field"), Some("created_at"));
    assert_eq!(finding.values.text("row"), Some("2"));
}

#[test]
fn d17_add_indexes_that_the_migration_changed() {
    let mut kv = sound();
    kv.collect(Kv::hash(&Body::new(3)), 3);
    let (_, kv, _) = read(&kv);
    let mut db = Db::new();
    for (id, seed) in [(1, 1), (2, 2), (3, 4), (4, 5)] {
        db.add(id, Kv::hash(&Body::new(seed)), false);
    }
    let (_, sql, _) = read_sql(&db);
    let mut findings = Findings::default();
    native::renumbered(&kv.index, &sql.index, &mut findings);
    let [finding] = findings.kept() else { panic!() };
    assert_eq!((finding.code, finding.severity), (Code::LndRenumbered, Severity::Warning));
    assert_eq!(finding.values.number("count"), Some(2));
    assert_eq!(finding.values.text("most"), Some("1"));
    assert_eq!(finding.values.text("first_add_index"), Some("4"));
    assert_eq!(finding.place.span.start, 600_200);
    // Without a gap nothing changes.
    let (_, kv, _) = read(&sound());
    let mut db = Db::new();
    (1..=5).for_each(|id| db.add(id, Kv::hash(&Body::new(u8::try_from(id).unwrap())), false));
    let mut findings = Findings::default();
    native::renumbered(&kv.index, &read_sql(&db).1.index, &mut findings);
    assert_eq!(findings.kept(), []);
}

/// An AMP invoice in native SQL, with all that belongs to it.
fn amp_sql() -> Db {
    let mut db = Db::new();
    db.add(1, [1; 32], false);
    db.set("invoices", 1, "is_amp", 1);
    for bit in [8, 14, 30] {
        db.put("invoice_features", [bit.into(), 1.into()]);
    }
    let htlc = db.htlc(1, 2, Some(T1));
    db.set("invoice_htlcs", htlc, "total_mpp_msat", 2_000_000);
    db.put("amp_sub_invoices", [SET.into(), 2.into(), T0.into(), T1.into(), 1.into(), 1.into()]);
    db.table("invoice_sequences").rows[0][1] = 1.into();
    db.put(
        "amp_sub_invoice_htlcs",
        [
            1.into(),
            SET.into(),
            htlc.into(),
            [0x44; 32].into(),
            258.into(),
            [0x55; 32].into(),
            [0x66; 32].into(),
        ],
    );
    for (key, value) in [(70_000, 2), (65_536, 1)] {
        db.put("invoice_htlc_custom_records", [key.into(), Datum::Blob(vec![value]), htlc.into()]);
    }
    db
}

#[test]
fn rows_become_the_same_model() {
    let db = amp_sql();
    let (fake, read, findings) = read_sql(&db);
    assert_eq!(but_counts(findings), []);
    let page = native::page(&fake, &read.index, 0, 10).unwrap();
    let [row] = page.rows.as_slice() else { panic!() };
    assert_eq!(row.errors, []);
    assert_eq!((row.hash, row.is_amp, row.is_keysend), (Some([1; 32]), Some(true), Some(false)));
    let Invoice { expiry, features, hodl, htlcs, amp, .. } = &row.invoice;
    assert_eq!(expiry.and_then(Expiry::nanoseconds), Some(3_600_000_000_000));
    assert_eq!(features.iter().collect::<Vec<_>>(), [8, 14, 30]);
    assert_eq!((*hodl, row.invoice.is_amp()), (Some(false), true));
    assert_eq!((row.invoice.add_index, row.invoice.created.unix()), (1, 1_770_000_000));
    assert_eq!(row.invoice.preimage, Some([1; 32]));
    let circuit = Circuit { channel: 17_592_186_044_416_000_002, htlc: 7 };
    assert_eq!((htlcs.len(), htlcs[0].circuit), (1, circuit));
    assert_eq!(htlcs[0].mpp_total_msat, Some(2_000_000));
    assert_eq!(htlcs[0].resolve_time.unix(), 1_770_000_100);
    assert_eq!(htlcs[0].custom_records, [(65_536, vec![1]), (70_000, vec![2])]);
    let member = htlcs[0].amp.as_ref().unwrap();
    assert_eq!((member.child_index, member.preimage), (258, Some([0x66; 32])));
    let [set] = amp.as_ref().unwrap().as_slice() else { panic!() };
    assert_eq!((set.set_id, set.settle_index, set.state), (SET, 1, HtlcState::Settled));
    assert_eq!((set.circuits.as_slice(), set.amount_paid_msat), (&[circuit][..], None));
    assert_eq!(set.created.map(Time::unix), Some(1_770_000_000));
    assert_eq!(native::page(&fake, &read.index, 1, 10).unwrap().rows, []);
}

// Privacy.

#[test]
fn planted_secrets_are_in_no_default_output() {
    let secret = |n: u8| [n; 32];
    let memo = b"SECRET MEMO".to_vec();
    let request = b"lnbc1pSECRETREQUEST".to_vec();
    let custom = b"SECRET RECORD".to_vec();
    let htlc = Htlc {
        amp: Some((secret(0xc1), secret(0xc2), vec![1])),
        hash: Some(secret(0xc3)),
        preimage: Some(secret(0xc4)),
        records: vec![(65_536, custom.clone())],
        ..Htlc::new(123_456_789_012_345, 7_654_321)
    };
    let body = Body {
        memo: memo.clone(),
        receipt: b"SECRET RECEIPT".to_vec(),
        payment_request: request.clone(),
        preimage: secret(0xd1),
        payment_addr: secret(0xd2),
        value: 7_654_321,
        htlcs: vec![htlc.bytes()],
        ..Body::new(1)
    };
    // With every kind of fault that names something.
    let mut kv = sound();
    kv.add(body.clone());
    kv.add(Body { preimage: secret(0xd3), ..body.clone() });
    kv.collect(Kv::hash(&Body::new(2)), 2);
    kv.remove(SETTLES, &1_u64.to_be_bytes());
    kv.put(HASHES, &secret(0xd4), &[0, 0, 0, 99]);
    kv.put(ADDRESSES, &secret(0xd5), &[0, 0, 0, 99]);
    kv.put(SETS, &secret(0xd6), &[0, 0, 0, 99]);
    kv.put(INVOICES, &[&[0, 0, 0, 3][..], &secret(0xc2)].concat(), &htlcs(&[htlc.bytes()]));
    let (fake, read, findings) = read(&kv);
    let mut all = serde_json::to_string(&findings).unwrap();
    let mut names = fulgurite_core::lnd::privacy::Pseudonyms::default();
    read.index.name(&mut names);
    let privacy = Privacy::redacted(names);
    for row in &invoices::page(&fake, &read.index, 0, 100).unwrap().rows {
        all += &serde_json::to_string(&ShownRow { row, privacy: &privacy }).unwrap();
    }
    assert!(all.contains("\"hash#6\"") && all.contains("\"network\":\"mainnet\""));

    let mut db = amp_sql();
    db.set("invoices", 1, "memo", "SECRET MEMO");
    db.set("invoices", 1, "payment_request", "lnbc1pSECRETREQUEST");
    db.set("invoices", 1, "preimage", secret(0xd1));
    db.set("invoices", 1, "payment_addr", secret(0xd2));
    db.set("invoices", 1, "amount_msat", 7_654_321);
    db.table("amp_sub_invoice_htlcs").rows[0][6] = secret(0xc4).into();
    db.table("invoice_htlc_custom_records").rows[0][1] = Datum::Blob(custom.clone());
    let (fake, read, findings) = read_sql(&db);
    all += &serde_json::to_string(&findings).unwrap();
    for row in &native::page(&fake, &read.index, 0, 100).unwrap().rows {
        all += &serde_json::to_string(&ShownNativeRow { row, privacy: &privacy }).unwrap();
    }
    for language in Language::ALL {
        for finding in &findings {
            all += &words::meaning(finding, language);
        }
    }
    let hidden = [0xc1, 0xc2, 0xc3, 0xc4, 0xd1, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0x44, 0x55];
    for byte in hidden {
        assert!(!all.contains(&format!("{byte:02x}").repeat(8)), "{byte:02x}");
    }
    let digits = fulgurite_core::text::hex(&Kv::hash(&body)[..8]);
    for text in ["SECRET", "7654321", "123456789012345", "53454352", &digits] {
        assert!(!all.contains(text), "{text}");
    }
}
