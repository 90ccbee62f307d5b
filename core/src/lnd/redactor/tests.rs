//! Planted secrets are gone; what judges the store is left.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use super::*;
use crate::kv::dump::pseudonym;

const PREIMAGE: [u8; 32] = [0xa1; 32];
const ADDRESS: [u8; 32] = [0xa2; 32];
const SET: [u8; 32] = [0xa3; 32];
const SHARE: [u8; 32] = [0xa4; 32];
const CUSTOM: [u8; 32] = [0xa5; 32];
const CHANNEL: [u8; 8] = [0xa6; 8];
const CREATED: [u8; 15] = [0xb1; 15];

fn hash() -> [u8; 32] {
    Sha256::digest(PREIMAGE).into()
}

fn record(kind: u64, value: &[u8]) -> Vec<u8> {
    let mut out = match u8::try_from(kind) {
        Ok(kind) => vec![kind],
        Err(_) => [&[0xfe][..], &u32::try_from(kind).unwrap().to_be_bytes()].concat(),
    };
    out.push(u8::try_from(value.len()).unwrap());
    out.extend_from_slice(value);
    out
}

fn framed(stream: &[u8]) -> Vec<u8> {
    [&(stream.len() as u64).to_be_bytes(), stream].concat()
}

fn htlc(amount: u64, state: u8) -> Vec<u8> {
    framed(
        &[
            record(1, &CHANNEL),
            record(3, &7_u64.to_be_bytes()),
            record(5, &amount.to_be_bytes()),
            record(15, &[state]),
            record(19, &[&SHARE[..], &SET, &[5]].concat()),
            record(21, &hash()),
            record(23, &PREIMAGE),
            record(65_537, &CUSTOM),
        ]
        .concat(),
    )
}

fn invoice(paid: u64, htlcs: &[Vec<u8>]) -> Vec<u8> {
    let circuits = [&[1][..], &CHANNEL, &7_u64.to_be_bytes()].concat();
    let set =
        [record(0, &SET), record(1, &[2]), record(4, &circuits), record(5, &900_u64.to_be_bytes())];
    let set = set.concat();
    let sets = [&[1, u8::try_from(set.len()).unwrap()][..], &set].concat();
    let body = [
        record(0, b"for the secret memo"),
        record(1, b"lnbcrt9secretrequest1xyz"),
        record(2, &CREATED),
        record(4, &11_u64.to_be_bytes()),
        record(5, &12_u64.to_be_bytes()),
        record(6, &PREIMAGE),
        record(7, &1_000_u64.to_be_bytes()),
        record(10, &ADDRESS),
        record(12, &[1]),
        record(13, &paid.to_be_bytes()),
        record(15, &sets),
        record(77, &CUSTOM),
    ];
    [framed(&body.concat()), htlcs.concat()].concat()
}

fn contains(hay: &[u8], needle: &[u8]) -> bool {
    hay.windows(needle.len()).any(|window| window == needle)
}

/// The value of a record of that kind, wherever it begins first.
fn find(value: &[u8], kind: u8, len: u8) -> &[u8] {
    let at = value.windows(2).position(|window| window == [kind, len]).unwrap();
    &value[at + 2..at + 2 + usize::from(len)]
}

#[test]
fn no_planted_secret_is_left_and_every_length_is() {
    let mut redactor = LndRedactor::default();
    let old = invoice(900, &[htlc(600, 2), htlc(300, 2), htlc(5, 1)]);
    let (key, new) = redactor.redact(&[b"invoices"], &[0, 0, 0, 1], &old);
    assert_eq!((key.as_slice(), new.len()), (&[0, 0, 0, 1][..], old.len()));
    let secrets: [&[u8]; 8] =
        [&PREIMAGE, &ADDRESS, &SET, &SHARE, &CUSTOM, &CHANNEL, &hash(), b"secret"];
    for secret in secrets {
        assert!(contains(&old, secret) && !contains(&new, secret), "{secret:02x?}");
    }
    // What judges the store is as it was.
    assert_eq!(find(&new, 4, 8), 11_u64.to_be_bytes());
    assert_eq!(find(&new, 5, 8), 12_u64.to_be_bytes());
    assert_eq!(find(&new, 2, 15), CREATED);
    assert_eq!(find(&new, 1, 24).strip_suffix(b"00000001").unwrap(), b"lnbcrtxxxxxxxxxx");
    assert_eq!(pseudonym(find(&new, 6, 32)).unwrap().0, Tag::Preimage);
    assert_eq!(find(&new, 7, 8), 512_u64.to_be_bytes());
    // 600 and 300 become 512 and 256, and their sum is still what was paid.
    assert_eq!(find(&new, 13, 8), 768_u64.to_be_bytes());
    assert_eq!(
        LndRedactor::new(Amounts::Kept).value(&[b"invoices"], &[0; 4], &old).len(),
        old.len()
    );
}

#[test]
fn indexes_still_lead_to_the_same_invoices() {
    let mut redactor = LndRedactor::default();
    let body = redactor.redact(&[b"invoices"], &[0, 0, 0, 1], &invoice(1, &[])).1;
    let preimage = pseudonym(find(&body, 6, 32)).unwrap();
    let row = |redactor: &mut LndRedactor, path: &[&[u8]], key: &[u8]| {
        redactor.redact(path, key, &[0, 0, 0, 1])
    };
    let (key, value) = row(&mut redactor, &[b"invoices", b"paymenthashes"], &hash());
    assert_eq!(pseudonym(&key), Some((Tag::Hash, preimage.1)));
    assert_eq!(value, [0, 0, 0, 1]);
    let (key, _) = row(&mut redactor, &[b"pay-addr-index"], &ADDRESS);
    assert_eq!(key, find(&body, 10, 32));
    let (key, _) = row(&mut redactor, &[b"set-id-index"], &SET);
    assert!(contains(&body, &key));
    let amp = [&[0, 0, 0, 1][..], &SET].concat();
    let (of_amp, htlcs) = redactor.redact(&[b"invoices"], &amp, &htlc(1, 0));
    assert_eq!(of_amp[4..], key);
    assert!(contains(&htlcs, &key));
    let (index, value) =
        redactor.redact(&[b"invoices", b"invoice-settle-index"], &[0, 0, 0, 0, 0, 0, 0, 9], &amp);
    assert_eq!((index.as_slice(), value), (&[0, 0, 0, 0, 0, 0, 0, 9][..], of_amp));
    let nik = row(&mut redactor, &[b"invoices", b"paymenthashes"], b"nik").0;
    assert_eq!(nik, b"nik");
}

#[test]
fn unknown_zeros_stay_and_different_ones_differ() {
    let mut redactor = LndRedactor::default();
    assert_eq!(redactor.preimage(&[0; 32]), [0; 32]);
    let one = redactor.request(b"lnbc1aaaaaaaaaaaa");
    let other = redactor.request(b"lnbc1bbbbbbbbbbbb");
    assert!(one != other && one == redactor.request(b"lnbc1aaaaaaaaaaaa"));
    assert_eq!(String::from_utf8(one).unwrap(), "lnbcxxxxx00000001");
}

/// One bit of a type makes a preimage anything else.
#[test]
fn a_secret_under_any_other_type_is_hidden_too() {
    let mut redactor = LndRedactor::default();
    for kind in 0..=40 {
        let secret = record(kind, &PREIMAGE);
        let set = [&[1, u8::try_from(secret.len()).unwrap()][..], &secret].concat();
        let bodies =
            [framed(&secret), [framed(&[]), framed(&secret)].concat(), framed(&record(15, &set))];
        for body in bodies {
            let new = redactor.redact(&[b"invoices"], &[0, 0, 0, 1], &body).1;
            assert!(contains(&body, &PREIMAGE[..8]) && !contains(&new, &PREIMAGE[..8]), "{kind}");
            assert_eq!(new.len(), body.len());
        }
    }
    for key in [b"dbp", b"ovk"] {
        assert_eq!(redactor.redact(&[b"metadata"], key, &PREIMAGE).1, [0; 32]);
        assert_eq!(redactor.redact(&[b"metadata"], key, &[0, 0, 0, 35]).1, [0, 0, 0, 35]);
    }
}

#[test]
fn what_cannot_be_walked_or_is_not_known_is_blanked() {
    let mut redactor = LndRedactor::default();
    let whole = invoice(1, &[htlc(1, 2)]);
    for end in 1..whole.len() {
        let cut = &whole[..end];
        let new = redactor.redact(&[b"invoices"], &[0, 0, 0, 1], cut).1;
        assert_eq!(new.len(), cut.len());
        for secret in [&PREIMAGE, &ADDRESS, &SET, &SHARE, &CUSTOM] {
            assert!(!contains(&new, &secret[..8]), "{end}");
        }
    }
    let key = [&b"macrootkeys"[..]];
    assert_eq!(redactor.redact(&key, b"0", b"root key"), (b"0".to_vec(), vec![0; 8]));
    assert_eq!(redactor.redact(&key, b"enckey", b"key"), (b"enckey".to_vec(), vec![0; 3]));
    let peer = [2; 33];
    let (key, value) = redactor.redact(&[b"peers-bucket"], &peer, b"address");
    assert!(key.len() == 33 && !contains(&key, &[2; 4]) && value == [0; 7]);
    assert_eq!(redactor.redact(&[b"peers-bucket"], &peer, b"").0, key);
    let marker = b"lndinit migrate-db 2026-01-01T00:00:00Z";
    let kept = redactor.redact(&[b"data-migration-tombstone"], b"data-migration-tombstone", marker);
    assert_eq!(kept.1, marker);
}
