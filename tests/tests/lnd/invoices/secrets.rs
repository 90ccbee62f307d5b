//! No secret in any default output.

use super::kv::sound;
use super::sql::amp_sql;
use crate::fake_kv::{read, read_sql};

use fulgurite_core::lnd::invoices::{self, ShownRow};
use fulgurite_core::lnd::native::{self, ShownNativeRow};
use fulgurite_core::lnd::privacy::Privacy;
use fulgurite_core::words::{self, Language};
use fulgurite_tests::lnd::body::{Body, Htlc, htlcs};
use fulgurite_tests::lnd::kv::{ADDRESSES, HASHES, INVOICES, Kv, SETS, SETTLES};
use fulgurite_tests::lnd::sql::Datum;

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
