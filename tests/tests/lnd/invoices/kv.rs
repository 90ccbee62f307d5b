//! Invoices in the key-value store: what a sound one says of itself, every fault of an index.

use crate::fake_kv::{FakeKv, but_counts, read};

use fulgurite_core::finding::{Code, Confidence, Finding, Severity};
use fulgurite_core::lnd::gotime::Time;
use fulgurite_core::lnd::invoices::{self, Dbp, Marker, Network};
use fulgurite_core::words::{self, Language};
use fulgurite_tests::lnd::body::{Body, Htlc, amp_set, amp_state, htlcs, time};
use fulgurite_tests::lnd::kv::{ADDRESSES, ADDS, HASHES, INVOICES, Kv, SETS, SETTLES};

/// A sound store: five invoices, of which number 1 is settled, 2 canceled, 3 an AMP invoice with a
/// settled payment, 4 held.
pub(super) fn sound() -> Kv {
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

pub(super) const SET: [u8; 32] = [0x77; 32];

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
    let (_, read, findings) = crate::fake_kv::read(&Kv::default());
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
    let finding = only(&kv).1;
    assert_eq!(finding.values.text("field"), Some("htlc.length"));
    // Of such a payment LND only logs that it cannot be read.
    assert_eq!(finding.values.get("only_logged"), Some(&true.into()));
}

/// A body whose length runs 4,096 bytes over its end: LND reads it without a word.
#[test]
fn what_lnd_reads_although_it_is_cut_short() {
    let mut kv = sound();
    let key = kv.add(Body::new(9));
    let node = &kv.bucket(INVOICES).entries[&key.to_be_bytes()[..]];
    let fulgurite_tests::lnd::kv::Node::Value(value) = node else { panic!("a value: {node:?}") };
    let mut value = value.clone();
    let longer = u64::from_be_bytes(value[..8].try_into().unwrap()) + 4_096;
    value[..8].copy_from_slice(&longer.to_be_bytes());
    kv.put(INVOICES, &key.to_be_bytes(), &value);
    let (fake, finding) = only(&kv);
    assert_eq!((finding.code, finding.severity), (Code::LndCutShort, Severity::Warning));
    assert_eq!(finding.values.text("missing_bytes"), Some("4096"));
    assert_eq!(finding.values.get("listed"), Some(&true.into()));
    assert_eq!(finding.place.span.start, fake.at(INVOICES, &key.to_be_bytes()));
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
