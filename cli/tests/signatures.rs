//! `check --verify-signatures`: the same document whatever the threads, and what it says.

mod common;

use common::check;
use fulgurite_tests::{fixtures, frame, network, signed};

/// A signed network, one bit of every twentieth live message turned before its checksum was made.
fn spoilt() -> Vec<u8> {
    let plain = network(11, 400);
    let mut bytes = signed(&plain.bytes);
    let messages = plain
        .records
        .iter()
        .filter(|span| matches!(span.record_type, 256..=258) && plain.flags(**span) & 0x8000 == 0);
    for span in messages.step_by(20) {
        let mut body = bytes[span.body()].to_vec();
        // A bit of the chain's hash, of the node's colour, of the fee.
        let byte = match span.record_type {
            256 => 270,
            257 => 68 + usize::from(body[67]) + 4 + 33,
            _ => 125,
        };
        body[byte] ^= 1;
        let head = &bytes[span.offset..];
        let timestamp = u32::from_be_bytes([head[8], head[9], head[10], head[11]]);
        let record = frame(16, plain.flags(*span), timestamp, &body);
        bytes[span.range()].copy_from_slice(&record);
    }
    bytes
}

#[test]
fn the_document_does_not_depend_on_threads() {
    let bytes = spoilt();
    let one = check(&bytes, &["--json", "--verify-signatures", "--threads", "1"]);
    let report = &one.rows()[0];
    let counts = &report["gossip"]["signatures"];
    let count = |name: &str| counts[name].as_u64().unwrap_or_else(|| panic!("{name}"));
    assert!(count("invalid") > 50 && count("valid") > 15 * count("invalid"), "{counts}");
    assert_eq!((count("all_zero"), count("unverifiable")), (0, 0));
    assert_eq!(report["verdict"]["headline"], "bad_signatures");
    assert_eq!(one.code, Some(1));
    for threads in ["2", "3", "8"] {
        let other = check(&bytes, &["--json", "--verify-signatures", "--threads", threads]);
        assert_eq!(other.out, one.out, "{threads} threads");
    }
    let as_many = check(&bytes, &["--json", "--verify-signatures"]);
    assert_eq!(as_many.out, one.out);
}

#[test]
fn without_being_asked_nothing_is_said_of_signatures() {
    let run = check(spoilt(), &["--json"]);
    assert_eq!(run.rows()[0]["gossip"].get("signatures"), None);
    assert_eq!(run.rows()[0]["verdict"]["headline"], "healthy");
}

#[test]
fn every_fixture_is_the_same_for_any_number_of_threads() {
    for headline in fixtures::HEADLINES {
        let bytes = (headline.build)();
        let one = check(&bytes, &["--json", "--verify-signatures", "--threads", "1"]);
        let four = check(&bytes, &["--json", "--verify-signatures", "--threads", "4"]);
        assert_eq!((one.out, one.code), (four.out, four.code), "{}", headline.name);
    }
}

#[test]
fn both_languages_give_the_figures() {
    let sound = signed(&network(11, 40).bytes);
    let run = check(&sound, &["--verify-signatures"]);
    assert!(run.out.contains("signatures") && run.out.contains(" hold"), "{}", run.out);
    let run = check(&sound, &["--verify-signatures", "--lang", "zh-CN"]);
    assert!(run.out.contains("签名"), "{}", run.out);
    let run = check(spoilt(), &["--verify-signatures"]);
    assert!(run.out.contains("gossip.bad_signature"), "{}", run.out);
}
