//! The writers here against upstream's own fixtures: each record, taken apart and written again,
//! must be the bytes it was.

use crate::fake::{Key, Signature};
use crate::walk::{Record, walk};
use crate::{Announcement, NodeBuilder, Scid, Update, frame};
use std::path::{Path, PathBuf};

/// The stores of upstream, or none, said aloud, where the data is not there.
fn stores() -> Vec<(String, Vec<u8>)> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let data = std::env::var_os("FULGURITE_DATA").map_or_else(beside, PathBuf::from);
    let mut stores = Vec::new();
    for folder in ["gossip/canned", "gossip/pyln"] {
        let folder = data.join(folder);
        let Ok(entries) = folder.read_dir() else {
            eprintln!("FULGURITE_DATA: {} is missing; not checked against it", folder.display());
            continue;
        };
        let paths = entries.map(|entry| entry.expect("a folder entry").path());
        for path in paths.filter(|path| path.extension().is_some_and(|name| name == "gs")) {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            stores.push((name, std::fs::read(path).expect("a readable fixture")));
        }
    }
    stores.sort();
    stores
}

/// The records of a store, torn tail or not.
fn records(bytes: &[u8]) -> Vec<Record<'_>> {
    walk(bytes).unwrap_or_else(|before_the_tear| before_the_tear)
}

#[test]
fn framing_upstreams_records_again_gives_upstreams_bytes() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for (name, bytes) in stores() {
        for record in records(&bytes) {
            count += 1;
            let again = frame(bytes[0], record.flags, record.timestamp, record.body);
            if again != record.whole {
                let offset = record.whole.as_ptr().addr() - bytes.as_ptr().addr();
                wrong.push((name.clone(), record.record_type, offset));
            }
        }
    }
    if count > 0 {
        // Upstream's own fixture holds this one record with a wrong CRC.
        assert_eq!(wrong, [("parts-1badcrc.v15.gs".to_owned(), 4103, 42_653)]);
    }
}

#[test]
fn encoding_upstreams_messages_again_gives_upstreams_bytes() {
    for (name, bytes) in stores() {
        for record in records(&bytes) {
            let message = match record.record_type {
                4096 => &record.body[4..record.body.len() - 8],
                4097 | 4098 | 4102 => &record.body[4..],
                4104 => &record.body[12..],
                _ => record.body,
            };
            let again = match message[..2] {
                [1, 0] => announcement(message).encode(),
                [1, 1] => node(message).encode(),
                [1, 2] => update(message).encode(),
                _ => continue,
            };
            assert_eq!(again, message, "{name}, {}", record.record_type);
        }
    }
}

/// Fields from left to right.
struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn array<const N: usize>(&mut self) -> [u8; N] {
        *self.slice(N).first_chunk().expect("as many as asked for")
    }

    fn slice(&mut self, len: usize) -> &'a [u8] {
        let (field, rest) = self.0.split_at(len);
        self.0 = rest;
        field
    }

    fn u16(&mut self) -> u16 {
        u16::from_be_bytes(self.array())
    }

    fn u32(&mut self) -> u32 {
        u32::from_be_bytes(self.array())
    }

    fn u64(&mut self) -> u64 {
        u64::from_be_bytes(self.array())
    }

    fn counted(&mut self) -> Vec<u8> {
        let count = self.u16();
        self.slice(count.into()).to_vec()
    }

    fn signature(&mut self) -> Signature {
        Signature::Given(self.array())
    }

    fn keys(&mut self) -> [Key; 2] {
        [self.array(), self.array()]
    }
}

fn announcement(message: &[u8]) -> Announcement {
    let mut fields = Fields(&message[2..]);
    Announcement {
        signatures: [(); 4].map(|()| fields.signature()),
        features: fields.counted(),
        chain: fields.array(),
        scid: Scid(fields.u64()),
        nodes: fields.keys(),
        funding: fields.keys(),
    }
}

fn node(message: &[u8]) -> NodeBuilder {
    let mut fields = Fields(&message[2..]);
    NodeBuilder {
        signature: fields.signature(),
        features: fields.counted(),
        timestamp: fields.u32(),
        key: fields.array(),
        rgb: fields.array(),
        alias: fields.array(),
        addresses: fields.counted(),
        extra: fields.0.to_vec(),
    }
}

fn update(message: &[u8]) -> Update {
    let mut fields = Fields(&message[2..]);
    let update = Update {
        signature: fields.signature(),
        chain: fields.array(),
        scid: Scid(fields.u64()),
        timestamp: fields.u32(),
        message_flags: fields.array::<1>()[0],
        channel_flags: fields.array::<1>()[0],
        cltv_expiry_delta: fields.u16(),
        htlc_minimum_msat: fields.u64(),
        fee_base_msat: fields.u32(),
        fee_proportional_millionths: fields.u32(),
        htlc_maximum_msat: None,
    };
    let htlc_maximum_msat = (!fields.0.is_empty()).then(|| fields.u64());
    Update { htlc_maximum_msat, ..update }
}
