//! What stands in a write-ahead log is said to stand there: the log's number among the inputs, and
//! the log's offsets. On copies that were made while LND ran (`data/lnd`, `wal-*`).

use crate::fixtures;

use fulgurite_core::finding::{Code, Finding, Span};
use fulgurite_core::lnd::check::{self, Given};
use fulgurite_core::lnd::compare::{self, Ended};
use fulgurite_core::source::Source;

type Files = Vec<(String, Vec<u8>)>;

fn files(id: &str) -> Files {
    fixtures::fixtures(|known, _| known == id).remove(0).files
}

fn named(files: &Files, names: &[&str]) -> Files {
    let file = |name: &&str| files.iter().find(|(known, _)| known == name).expect("it is there");
    names.iter().map(|name| file(name).clone()).collect()
}

fn given(files: &Files) -> Vec<Given<'_>> {
    files
        .iter()
        .map(|(name, bytes)| Given { source: bytes as &dyn Source, name: Some(name) })
        .collect()
}

fn bytes_of<'f>(files: &'f Files, finding: &Finding) -> (&'f str, &'f [u8]) {
    let (name, bytes) = &files[finding.place.input.unwrap_or(0) as usize];
    let Span { start, end } = finding.place.span;
    let [start, end] = [start, end].map(|at| usize::try_from(at).expect("it is small"));
    (name, &bytes[start..end])
}

/// The page of a log that an offset is in: a header of 32 bytes, then frames of 24 bytes and a page
/// (sqlite.org/fileformat2.html, section 4.1).
fn within_a_page(at: u64, page_size: u64) -> bool {
    (at - 32) % (24 + page_size) >= 24
}

#[test]
fn a_row_of_native_sql_in_a_log() {
    let all = files("v0.21/wal-s2-sqlite");
    let orders: [&[&str]; 3] = [
        &["channel.sqlite", "channel.sqlite-wal", "lnd.sqlite", "lnd.sqlite-wal"],
        &["lnd.sqlite-wal", "lnd.sqlite", "channel.sqlite-wal", "channel.sqlite"],
        &["channel.sqlite-wal", "lnd.sqlite-wal", "channel.sqlite", "lnd.sqlite"],
    ];
    for order in orders {
        let files = named(&all, order);
        let options = check::Options::default();
        let checked = check::check(&given(&files), &options, &mut |_| true);
        let report = checked.expect("memory is read").expect("nobody stops it").report;
        let sequences = report.findings.iter().filter(|one| one.code == Code::LndSettleSequence);
        let [sequence] = &sequences.collect::<Vec<_>>()[..] else { panic!("there is one") };
        // The only row of invoice_sequences whose text this is, in the last frame of its page: the
        // cell's length, its row id, a header of three bytes, 12 bytes of text, no byte for a 0.
        assert_eq!(sequence.place.span, Span::new(45_335, 45_352), "{order:?}");
        let (name, bytes) = bytes_of(&files, sequence);
        assert_eq!(name, "lnd.sqlite-wal", "{order:?}");
        assert_eq!(&bytes[5..], b"settle_index");
        assert!(within_a_page(sequence.place.span.start, 4_096));
        // No finding is about bytes that its file has not.
        for finding in &report.findings {
            let (_, of_file) = &files[finding.place.input.unwrap_or(0) as usize];
            assert!(finding.place.span.end <= of_file.len() as u64, "{finding:?}");
        }
    }
}

/// The key-value store of one node, still in its log, beside native SQL of another: its
/// invoices are missing there, and each is found in the log by its preimage as LND read it.
#[test]
fn invoices_of_a_key_value_store_in_a_log() {
    let fixture = fixtures::fixtures(|known, _| known == "v0.21/wal-s1-sqlite").remove(0);
    let path = fixture.entry["read"].as_str().expect("what LND read");
    let read = fixtures::read(&fixtures::folder().join(path));
    let read: serde_json::Value = serde_json::from_slice(&read).expect("JSON");
    let other = named(&files("v0.21/s3-sqlite"), &["lnd.sqlite"]);
    let orders: [&[&str]; 2] =
        [&["channel.sqlite", "channel.sqlite-wal"], &["channel.sqlite-wal", "channel.sqlite"]];
    for order in orders {
        let files: Files = named(&fixture.files, order).into_iter().chain(other.clone()).collect();
        let options = compare::Options { reveal: true };
        let ended = compare::compare(&given(&files), &options, &mut |_| true);
        let Ended::Compared(compared) = ended.expect("memory is read") else {
            panic!("there are two sides")
        };
        let (mut missing, mut known) = (0, 0);
        for finding in &compared.report.findings {
            if finding.code != Code::LndInvoiceMissing {
                continue;
            }
            let (name, bytes) = bytes_of(&files, finding);
            assert_eq!(name, "channel.sqlite-wal", "{finding:?}");
            assert!(within_a_page(finding.place.span.start, 4_096));
            missing += 1;
            // Hold invoices and AMP invoices have no preimage of their own.
            let hash = finding.place.key.as_deref().expect("its hash");
            let invoices = read["kv"]["invoices"].as_array().expect("invoices");
            let Some(own) = invoices.iter().find(|one| one["hash_of_preimage"] == hash) else {
                continue;
            };
            let preimage = own["preimage"].as_str().expect("its preimage");
            let preimage: Vec<u8> = (0..preimage.len())
                .step_by(2)
                .map(|at| u8::from_str_radix(&preimage[at..at + 2], 16).expect("hex"))
                .collect();
            let there = bytes.windows(preimage.len()).any(|part| part == preimage);
            assert!(there, "{finding:?}");
            known += 1;
        }
        // Of the 24, three are canceled; two of the others are held and three are AMP.
        assert_eq!((missing, known), (21, 16), "{order:?}");
    }
}
