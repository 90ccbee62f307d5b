//! The signatures of whole stores: what the check finds, with whatever threads and steps, and what
//! upstream's own check says of the same stores.

use crate::shared;

use std::path::{Path, PathBuf};

use fulgurite_core::finding::{Code, Severity, Value};
use fulgurite_core::gossip::check::{CheckJob, Options, check};
use fulgurite_core::gossip::format::ShortChannelId;
use fulgurite_core::gossip::scan::{Batch, Scanner};
use fulgurite_core::gossip::signatures::{
    K256, Ledger, SignatureRow, VerifyJob, VerifySignature, update_verifies,
};
use fulgurite_core::job::{Job, Step, Work};
use fulgurite_core::report::{Headline, Report};
use fulgurite_tests::fake::Signature;
use fulgurite_tests::{
    Announcement, Built, Direction, Network, Store, T0, Update, network, nodes, scid, signed,
};
use shared::signatures::{Library, fold, small, totals, verified};

#[test]
fn every_live_record_of_a_signed_network_holds() {
    let store = small();
    let live = |record_type| {
        let spans = store.of_type(record_type);
        spans.filter(|span| store.flags(*span) & 0x8000 == 0).count() as u64
    };
    let [announcements, updates, nodes] = [256, 258, 257].map(live);
    for verifier in [&Library as &dyn VerifySignature, &K256] {
        let report = verified(&store.bytes, verifier);
        let records = announcements + updates + nodes;
        let signatures = 4 * announcements + updates + nodes;
        assert_eq!(totals(&report), [records, 0, 0, 0, signatures]);
        assert_eq!(report.verdict.headline, Headline::Healthy);
    }
    // Unless asked, nothing is said of signatures.
    let report = shared::report(&store.bytes);
    assert_eq!(report.gossip.and_then(|gossip| gossip.signatures), None);
}

/// A store with one record whose bit was turned before its checksum was made.
fn with_bit(store: &Built, index: usize, byte: usize, bit: u8) -> Vec<u8> {
    let span = store.records[index];
    let mut body = store.body(span).to_vec();
    body[byte] ^= 1 << bit;
    let head = &store.bytes[span.offset..];
    let timestamp = u32::from_be_bytes(head[8..12].try_into().unwrap());
    let record = fulgurite_tests::frame(16, store.flags(span), timestamp, &body);
    [&store.bytes[..span.offset], &record, &store.bytes[span.end()..]].concat()
}

#[test]
fn a_record_that_was_changed_before_its_checksum_was_made_is_found() {
    let store = small();
    let live = |index: &usize| store.flags(store.records[*index]) & 0x8000 == 0;
    let first = |record_type| {
        let mut all = (0..store.records.len()).filter(live);
        all.find(|index| store.records[*index].record_type == record_type).expect("there is one")
    };
    let four = &["node_1", "node_2", "bitcoin_1", "bitcoin_2"][..];
    for (record_type, byte, expected) in [
        (256, 270, four),
        (256, 2, &["node_1"]),
        (256, 2 + 64 + 63, &["node_2"]),
        (256, 2 + 128, &["bitcoin_1"]),
        (256, 2 + 192 + 32, &["bitcoin_2"]),
        (258, 125, &["node_"]),
        (257, 80, &["node"]),
    ] {
        let index = first(record_type);
        let bytes = with_bit(&store, index, byte, 0);
        let report = verified(&bytes, &Library);
        assert_eq!(totals(&report)[1], 1, "{record_type} {byte}");
        assert_eq!(report.verdict.headline, Headline::BadSignatures);
        let finding = report.findings.iter().find(|found| found.code == Code::BadSignature);
        let finding = finding.expect("a finding");
        let span = store.records[index];
        assert_eq!(finding.severity, Severity::Damage);
        assert_eq!(finding.place.record, Some(span.offset as u64));
        assert_eq!(finding.place.span.end, span.end() as u64);
        assert!(finding.place.key.is_some());
        let Some(Value::List(signers)) = finding.values.get("signers") else { panic!() };
        assert_eq!(signers.len(), expected.len());
        for (signer, expected) in signers.iter().zip(expected) {
            let Value::Text(signer) = signer else { panic!() };
            assert!(signer.starts_with(expected), "{signer} {expected}");
        }
        // The check without signatures does not see it.
        assert!(check(&bytes, Options::default()).unwrap().count(Code::BadSignature) == 0);
        assert_eq!(verified(&bytes, &K256), report);
    }
}

#[test]
fn an_update_before_its_announcement_finds_its_key() {
    let plain = Store::new(16)
        .announce("103x1x0", nodes(1, 2), 1_000_000)
        .update("103x1x0", Direction::One, T0)
        .update("103x1x0", Direction::Two, T0)
        .build();
    let bytes = signed(&plain.bytes);
    let [uuid, announced, amount, one, two] = plain.records[..] else { panic!("five records") };
    let order = [uuid, one, announced, amount, two];
    let pieces = order.iter().map(|span| &bytes[span.range()]);
    let moved = [&bytes[..1], &pieces.collect::<Vec<_>>().concat()].concat();
    assert_eq!(totals(&verified(&moved, &Library)), [3, 0, 0, 0, 6]);
    // Without the announcement there is no key.
    let alone = [&bytes[..uuid.end()], &bytes[one.range()]].concat();
    assert_eq!(totals(&verified(&alone, &Library)), [0, 0, 0, 1, 0]);
}

#[test]
fn deleted_records_are_left_out() {
    let store = small();
    let dead = store
        .records
        .iter()
        .position(|span| span.record_type == 258 && store.flags(*span) & 0x8000 != 0);
    let bytes = with_bit(&store, dead.expect("there is one"), 125, 0);
    assert_eq!(totals(&verified(&bytes, &Library)), totals(&verified(&store.bytes, &Library)));
}

#[test]
fn zero_signatures_are_told_once_and_are_no_damage() {
    let unsigned = Announcement::new(scid("103x1x0"), nodes(1, 2));
    let zero = Announcement { signatures: [Signature::Zero; 4], ..unsigned };
    let update = |direction| {
        let update = Update::new(scid("103x1x0"), direction, T0);
        Update { signature: Signature::Zero, ..update }
    };
    let bytes = Store::new(16)
        .announce_with(zero, 1_000_000)
        .update_with(update(Direction::One))
        .update_with(update(Direction::Two))
        .build()
        .bytes;
    let report = verified(&bytes, &K256);
    assert_eq!(totals(&report), [0, 0, 3, 0, 0]);
    assert_eq!((report.count(Code::ZeroSignatures), report.count(Code::BadSignature)), (1, 0));
    assert_eq!(report.verdict.headline, Headline::Healthy);
}

#[test]
fn ledgers_add_up_in_any_order_and_keep_the_first_by_offset() {
    // No signature of this network is real.
    let bytes = network(5, 60).bytes;
    let limit = 10;
    let folded = fold(&bytes);
    let whole = VerifyJob::new(&bytes, folded.network(), &Library, limit).run().unwrap();
    assert_eq!(whole.bad().count(), 10);
    assert!(whole.report().invalid > 100 && whole.report().valid == 0);
    let parts = parts(&bytes, limit, 7);
    for order in [false, true] {
        let mut sum = Ledger::new(limit);
        let mut parts = parts.clone();
        if order {
            parts.reverse();
        }
        for part in parts {
            sum.merge(part);
        }
        assert_eq!(sum.report(), whole.report());
        assert!(sum.bad().eq(whole.bad()));
    }
}

/// The store in windows, dealt out to so many ledgers.
fn parts(bytes: &[u8], limit: u32, count: usize) -> Vec<Ledger> {
    let fold = fold(bytes);
    let mut parts = vec![Ledger::new(limit); count];
    let (mut scanner, mut batch) = (Scanner::new(), Batch::new());
    for (index, chunk) in bytes.chunks(1_000).enumerate() {
        scanner.push(chunk, &mut batch);
        parts[index % count].take(fold.network(), chunk, &batch, &Library);
    }
    scanner.finish(&mut batch);
    parts[0].take(fold.network(), &[], &batch, &Library);
    parts
}

#[test]
fn the_job_takes_steps_of_any_size_and_tells_how_far_it_is() {
    let bytes = small().bytes;
    let expected = verified(&bytes, &Library);
    for work in [1, 100_000, 64 * 5_000, u64::MAX] {
        let mut job = CheckJob::new(&bytes, Options::default()).verifying(&Library);
        let (mut done, mut steps) = (0, 0u32);
        let report = loop {
            match job.step(Work { bytes: work }).unwrap() {
                Step::More(progress) => {
                    assert!(progress.done >= done && progress.done <= progress.total);
                    assert_eq!(progress.total, 2 * bytes.len() as u64);
                    done = progress.done;
                    steps += 1;
                }
                Step::Done(report) => break report,
            }
        };
        assert_eq!(report, expected);
        assert!(work != 1 || steps as usize >= 2 * bytes.len() - 2);
    }
}

/// Upstream's own `gossipd/sigcheck.c` on the same stores, from the goldens.
#[test]
fn the_real_stores_hold_as_upstreams_own_check_says() {
    let Some(data) = shared::data() else { return };
    let mut checked = 0;
    for list in ["small-files.json", "big-files.json"] {
        let text = std::fs::read_to_string(data.join("golden").join(list)).expect("a golden");
        let files: Vec<serde_json::Value> = serde_json::from_str(&text).expect("JSON");
        for file in &files {
            let name = file["file"].as_str().expect("a name");
            let Some(sigcheck) = file["cln_sigcheck"].as_str() else { continue };
            let Some(path) = find(&data, name) else { continue };
            against_upstream(name, &verified(&shared::read(&path), &Library), sigcheck);
            checked += 1;
        }
    }
    assert_eq!(checked, 23, "stores that were compared");
}

/// The store of that name, packed or not.
fn find(data: &Path, name: &str) -> Option<PathBuf> {
    let name = match name {
        // The golden was made of the file under another name.
        "pyln-parts-v9-2mb.gs" => "mainnet2021-2mb-torn.v09.gs",
        name => name,
    };
    ["canned", "pyln", "synth"]
        .iter()
        .flat_map(|folder| {
            [name.to_owned(), format!("{name}.xz")].map(|n| data.join(folder).join(n))
        })
        .find(|path| path.is_file())
}

fn against_upstream(name: &str, report: &Report, sigcheck: &str) {
    let upstream: Vec<u64> =
        sigcheck.split([' ', '=']).filter_map(|word| word.parse().ok()).collect();
    let [announced, bad_announced, updates, bad_updates, unknown, nodes, bad_nodes] = upstream[..]
    else {
        panic!("{sigcheck}")
    };
    let gossip = report.gossip.as_ref().expect("a store");
    let rows = &gossip.signatures.as_ref().expect("asked for").types;
    let [announcements, ours, of_nodes] = &rows[..] else { panic!("three types") };
    let figures = |row: &SignatureRow| {
        assert_eq!((row.all_zero, row.unverifiable), (0, 0), "{name}");
        (row.valid + row.invalid, row.invalid)
    };
    assert_eq!(figures(announcements), (announced, bad_announced), "{name}");
    assert_eq!(figures(of_nodes), (nodes, bad_nodes), "{name}");
    let (count, bad) = figures(ours);
    assert_eq!(count, updates, "{name}");
    if unknown > 0 {
        // Upstream's map of the file is empty for a version that it does not read, or has no channel
        // whose announcement it passed over: then it has no key and looks at none of the updates.
        assert_eq!((unknown, bad_updates), (updates, 0), "{name}");
    } else if bad_updates > 0 {
        // Upstream's parser of today has no update without a maximum (130 bytes, versions up to 10),
        // and counts it as bad before it looks at the signature.
        assert!(name.starts_with("v09") || name.starts_with("v10"), "{name}");
        assert_eq!((bad_updates, bad), (updates, 0), "{name}");
    } else {
        assert_eq!(bad, 0, "{name}");
    }
}

/// Upstream's fixture of versions 10 and 12 has an update whose maximum was written in by hand:
/// the signature is still that of the shorter message of versions 7 to 9.
#[test]
fn upstreams_edited_update_is_found_and_holds_as_it_was() {
    let Some(data) = shared::data() else { return };
    for name in ["v10_test_gossip_store_load_6805be.gs", "v12_test_gossip_store_load_18babd.gs"] {
        let bytes = shared::read(&data.join("canned").join(name));
        for verifier in [&Library as &dyn VerifySignature, &K256] {
            let report = verified(&bytes, verifier);
            assert_eq!(totals(&report), [2, 1, 0, 0, 6], "{name}");
        }
        let scid = ShortChannelId::parse("1287740x181x1").expect("well formed");
        let [one, two] = fold(&bytes).network().nodes_of(scid).expect("it is announced");
        let body = &bytes[479..617];
        let mut before = body[..130].to_vec();
        assert!(!update_verifies(body, &one, &two, &Library).is_valid());
        before[110] = 0;
        assert!(update_verifies(&before, &one, &two, &Library).is_valid());
    }
}

#[test]
fn the_mainnet_store_of_2026_is_all_zero() {
    let Some(data) = shared::data() else { return };
    let bytes = shared::read(&data.join("mainnet/mainnet-2026-02-03.v16.gs.xz"));
    let report = verified(&bytes, &K256);
    assert_eq!(totals(&report), [0, 0, 50_808 + 101_616, 0, 0]);
    assert_eq!(report.verdict.headline, Headline::Healthy);
    assert_eq!(report.count(Code::ZeroSignatures), 1);
}

/// Every version of a generated network that has no wrapped messages.
#[test]
fn every_version_is_verified() {
    for version in 5..=16 {
        let bytes = signed(&Network::new(2, 20).version(version).build().bytes);
        let [valid, invalid, zero, unverifiable, _] = totals(&verified(&bytes, &Library));
        assert!(valid > 40, "version {version}");
        assert_eq!((invalid, zero, unverifiable), (0, 0, 0), "version {version}");
    }
}
