//! Bucket dumps: the document's examples are what is written, and a long one is read in linear
//! time.

use std::fmt::Write as _;
use std::path::Path;

use fulgurite_core::job::{Job, Work};
use fulgurite_core::kv::bucket::Buckets;
use fulgurite_core::kv::dump::{DumpJob, Header, Writer, recognise};

fn document() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/format/bucket-dump.md");
    std::fs::read_to_string(path).expect("the document is in the repository")
}

/// The lines of the document's examples, one dump but for the digest in its last line.
fn examples() -> String {
    let document = document();
    let blocks =
        document.split("```json\n").skip(1).map(|block| block.split("```").next().unwrap());
    blocks.collect()
}

#[test]
fn the_documents_examples_are_written_as_they_stand_there() {
    let examples = examples();
    let bytes = examples.clone().into_bytes();
    assert!(recognise(&bytes));
    let dump = DumpJob::new(&bytes).run().unwrap();
    // The document cannot name its own digest.
    let [finding] = dump.findings().kept() else { panic!("{:?}", dump.findings().kept()) };
    assert_eq!(finding.code.name(), "bucket_dump.changed");
    let mut writer = Writer::new(&dump, dump.header().unwrap().clone(), None);
    let mut text = String::new();
    while let Some(piece) = writer.next(Work::default()).unwrap() {
        text.push_str(&piece);
    }
    let body = |text: &str| text.split(",\"sha256\":\"").next().unwrap().to_owned();
    assert_eq!(body(&text), body(&examples));
}

#[test]
fn many_lines_out_of_order_are_read_in_linear_time() {
    let mut text = String::from("{\"format\":\"fulgurite-bucket-dump/1\"}\n");
    text.push_str("{\"bucket\":1,\"in\":0,\"key\":\"61\",\"sequence\":\"0\"}\n");
    for number in (0..300_000_u32).rev() {
        writeln!(text, "{{\"in\":{},\"key\":\"{number:08x}\",\"value\":\"\"}}", number % 2)
            .unwrap();
    }
    let bytes = text.into_bytes();
    let dump = DumpJob::new(&bytes).run().unwrap();
    let (bucket, _) = dump.find(&[b"a"]).unwrap().unwrap();
    for number in (1..300_000_u32).step_by(2) {
        assert!(dump.get(bucket, &number.to_be_bytes()).unwrap().is_some());
    }
    assert_eq!(dump.header().map(|header| &header.redaction), Some(&Header::default().redaction));
}
