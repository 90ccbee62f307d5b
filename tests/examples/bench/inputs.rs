//! What is checked: stores of mainnet's size and larger ones, made once and kept in a folder.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use fulgurite_tests::{Record, T0, frame, walk};

use crate::mainnet;

/// COMPLETED, and DELETED with it.
const LIVE: u16 = 0x2000;
const DEAD: u16 = 0xa000;

/// The input of that name, made if need be; with the size that is asked for, where one is.
pub(crate) fn input(folder: &Path, case: &str, gigabytes: u64) -> PathBuf {
    let name = if case == "large" { format!("repeated-{gigabytes}g") } else { case.to_owned() };
    let path = folder.join(name).with_extension("gs");
    if !path.exists() {
        // Under another name first, so that a half-made one is never used.
        let part = path.with_extension("part");
        let mut out = BufWriter::with_capacity(1 << 20, File::create(&part).expect("the input"));
        match case {
            "unsigned" => out.write_all(&mainnet::store()).expect("room"),
            "signed" => out.write_all(&signed(folder)).expect("room"),
            "dead" => dead(&signed(folder), &mut out),
            "five" => five(&mainnet::store(), &mut out),
            "large" => large(&mainnet::store(), gigabytes * 1_000_000_000, &mut out),
            other => panic!("no such case: {other}"),
        }
        out.into_inner().expect("room").sync_all().expect("synced");
        std::fs::rename(part, &path).expect("renamed");
    }
    path
}

/// Every node announced, every signature real: the file of `bench_signatures`.
fn signed(folder: &Path) -> Vec<u8> {
    let path = folder.join("signed.gs");
    std::fs::read(path).unwrap_or_else(|_| mainnet::signed_store())
}

/// Four dead records for each live one: generations of updates, all but the last marked DELETED.
fn dead(store: &[u8], out: &mut impl Write) {
    let records = walk(store).expect("a whole chain");
    let updates = || records.iter().filter(|record| record.record_type == 258);
    let wanted = 4 * records.len();
    out.write_all(&[16]).expect("room");
    let mut write = |flags, timestamp, record: &Record<'_>| {
        let mut body = record.body.to_vec();
        if record.record_type == 258 {
            body[106..110].copy_from_slice(&u32::to_be_bytes(timestamp));
        }
        out.write_all(&frame(16, flags, timestamp, &body)).expect("room");
    };
    let others = records.iter().filter(|record| record.record_type != 258);
    for record in others {
        write(record.flags, record.timestamp, record);
    }
    let generations = wanted.div_ceil(updates().count());
    let (mut timestamp, mut written) = (T0, 0);
    for _ in 0..generations {
        timestamp += 1;
        for record in updates().take(wanted - written) {
            write(DEAD, timestamp, record);
            written += 1;
        }
    }
    for record in updates() {
        write(LIVE, timestamp + 1, record);
    }
}

/// Five networks of as many channels between the same nodes: each copy has its own block heights.
fn five(store: &[u8], out: &mut impl Write) {
    let records = walk(store).expect("a whole chain");
    out.write_all(&store[..1]).expect("room");
    for copy in 0..5u32 {
        for record in &records {
            let mut body = record.body.to_vec();
            let scid = match record.record_type {
                256 => 260 + usize::from(u16::from_be_bytes([body[258], body[259]])) + 32,
                258 => 98,
                4101 => usize::MAX,
                _ if copy == 0 => usize::MAX,
                _ => continue,
            };
            if let Some(block) = body.get_mut(scid..).and_then(|rest| rest.first_chunk_mut::<3>()) {
                let height = u32::from_be_bytes([0, block[0], block[1], block[2]]);
                let height = (height + 1_000_000 * copy) & 0xff_ffff;
                block.copy_from_slice(&height.to_be_bytes()[1..]);
            }
            out.write_all(&frame(16, record.flags, record.timestamp, &body)).expect("room");
        }
    }
}

/// The base, then update after update of the same channels, each newer than the last.
fn large(base: &[u8], size: u64, out: &mut impl Write) {
    let records = walk(base).expect("a whole chain");
    let updates: Vec<_> = records.iter().filter(|record| record.record_type == 258).collect();
    out.write_all(base).expect("room");
    let (mut timestamp, mut written) = (T0, base.len() as u64);
    loop {
        timestamp += 1;
        for record in &updates {
            let mut body = record.body.to_vec();
            body[106..110].copy_from_slice(&timestamp.to_be_bytes());
            let record = frame(16, LIVE, timestamp, &body);
            out.write_all(&record).expect("room");
            written += record.len() as u64;
            if written >= size {
                return;
            }
        }
    }
}
