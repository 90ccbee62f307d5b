//! Packed files: checked as what they hold, and refused where they would fill the disk.

mod common;

use std::io::{Cursor, Write};

use common::{Files, check, fulgurite, on};
use fulgurite_tests::fixtures;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(bytes).expect("memory");
    packer.finish().expect("memory")
}

fn xz(bytes: &[u8]) -> Vec<u8> {
    let options = lzma_rust2::XzOptions::with_preset(1);
    let mut packer = lzma_rust2::XzWriter::new(Vec::new(), options).expect("options");
    packer.write_all(bytes).expect("memory");
    packer.finish().expect("memory")
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut packer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        let options = zip::write::SimpleFileOptions::default();
        packer.start_file(*name, options).expect("memory");
        packer.write_all(bytes).expect("memory");
    }
    packer.finish().expect("memory").into_inner()
}

#[test]
fn a_packed_store_gives_the_report_of_the_store() {
    let store = fixtures::torn_tail();
    let plain = check(&store, &["--json"]);
    let bytes = store.as_slice();
    let readme: (&str, &[u8]) = ("read\u{1b}[31mme", b"not a store");
    let packed = [
        ("gzip", gzip(bytes)),
        ("gzip", [gzip(&bytes[..900]), gzip(&bytes[900..])].concat()),
        ("xz", xz(bytes)),
        ("xz", [xz(&bytes[..900]), xz(&bytes[900..])].concat()),
        ("zstd", zstd(bytes)),
        ("zstd", [zstd(&bytes[..900]), zstd(&bytes[900..])].concat()),
        // With a frame to be skipped between.
        ("zstd", [zstd(bytes), b"\x50\x2a\x4d\x18\x03\0\0\0abc".to_vec()].concat()),
        ("zip", zip(&[("gossip_store", bytes)])),
        ("zip", zip(&[readme, ("gossip\u{1b}_store", bytes), ("empty", b"")])),
    ];
    for (kind, packed) in packed {
        let json = check(&packed, &["--json"]);
        assert_eq!(json.out, plain.out, "{kind}");
        assert_eq!((json.code, json.err.as_str()), (Some(1), ""), "{kind}");
        let human = check(&packed, &[]);
        assert!(human.out.contains(&format!("unpacked from {kind}")), "{}", human.out);
        assert!(!human.out.contains('\u{1b}'));
        let records = on(&packed, &["records", "--json"]);
        assert_eq!(records.out, on(&store, &["records", "--json"]).out);
    }
}

#[test]
fn what_unpacks_to_something_else_is_told_by_that() {
    let inner = b"SQLite format 3\0 channel_htlcs and more";
    let run = check(gzip(inner), &["--json"]);
    assert_eq!(run.code, Some(2));
    assert_eq!(run.rows()[0]["input"]["kind"], "lightningd_sqlite");
    // One layer is enough.
    let twice = check(gzip(&gzip(fixtures::healthy().as_slice())), &["--json"]);
    assert_eq!(twice.code, Some(2));
    assert_eq!(twice.rows()[0]["input"]["kind"], "gzip");
}

#[test]
fn a_damaged_pack_is_refused_with_its_reason() {
    let store = fixtures::healthy();
    for packed in [gzip(store.as_slice()), xz(store.as_slice()), zstd(store.as_slice())] {
        let half = &packed[..packed.len() / 2];
        let run = check(half, &["--json"]);
        assert_eq!(run.code, Some(2));
        assert_eq!(run.rows()[0]["findings"][0]["code"], "input.compressed");
        assert!(run.err.contains("cannot be unpacked"), "{run:?}");
        assert_eq!(on(half, &["nodes"]).code, Some(2));
    }
    let run = check(zip(&[]), &[]);
    assert!(run.code == Some(2) && run.err.contains("holds no file"), "{run:?}");
    // A directory that promises far more members than there are.
    let mut lying = zip(&[("a", b"b")]);
    let end = lying.len() - 22;
    lying[end + 8..end + 12].copy_from_slice(&[0xff; 4]);
    assert_eq!(check(lying, &[]).code, Some(2));
}

#[test]
fn a_decompression_bomb_is_refused() {
    let zeros = vec![0; 80 << 20];
    for packed in [xz(&zeros), zstd(&zeros)] {
        assert!(packed.len() < 64 << 10, "{} bytes are a bomb", packed.len());
        let run = check(&packed, &[]);
        assert_eq!(run.code, Some(2));
        assert!(run.err.contains("1,000 times its size"), "{run:?}");
    }
    // What the user allows is a limit too, for every kind.
    let some = &zeros[..3_000_000];
    for packed in [gzip(some), xz(some), zstd(some), zip(&[("a", some)])] {
        let run = check(&packed, &["--max-unpacked", "2M"]);
        assert_eq!(run.code, Some(2));
        assert!(run.err.contains("--max-unpacked does not allow"), "{run:?}");
        assert_eq!(check(&packed, &["--max-unpacked", "3M"]).code, Some(1), "all zeros");
    }
}

#[test]
fn nothing_is_left_behind() {
    let (files, temporary) = (Files::new(), Files::new());
    let path = files.file("store.gz", gzip(fixtures::healthy().as_slice()));
    let mut command = common::command();
    command.env("TMPDIR", temporary.path()).arg("check").arg(&path);
    assert!(command.status().expect("the command runs").success());
    assert_eq!(std::fs::read_dir(temporary.path()).expect("a folder").count(), 0);
    // Where there is nowhere to unpack to, that is said.
    command.env("TMPDIR", temporary.path().join("missing"));
    let output = command.output().expect("the command runs");
    assert_eq!(output.status.code(), Some(2));
    let run = fulgurite(["check".as_ref(), path.as_os_str()]);
    assert_eq!(run.code, Some(0));
}
