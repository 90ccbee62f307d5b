//! What the tests of this room share: a builder of bodies, random numbers, and real stores.

#[cfg(feature = "std")]
use crate::gossip::format::RecordHeader;
use crate::gossip::format::Version;
use alloc::vec::Vec;

/// The version that most tests read with.
pub(super) const V16: Version = Version(16);

/// Bytes under construction; numbers go in big-endian.
#[derive(Clone, Default)]
pub(super) struct Bytes(pub(super) Vec<u8>);

impl Bytes {
    pub(super) fn bytes(mut self, bytes: &[u8]) -> Bytes {
        self.0.extend_from_slice(bytes);
        self
    }

    pub(super) fn repeat(mut self, byte: u8, times: usize) -> Bytes {
        self.0.resize(self.0.len() + times, byte);
        self
    }

    pub(super) fn zeros(self, times: usize) -> Bytes {
        self.repeat(0, times)
    }

    pub(super) fn u8(self, number: u8) -> Bytes {
        self.bytes(&[number])
    }

    pub(super) fn u16(self, number: u16) -> Bytes {
        self.bytes(&number.to_be_bytes())
    }

    pub(super) fn u32(self, number: u32) -> Bytes {
        self.bytes(&number.to_be_bytes())
    }

    pub(super) fn u64(self, number: u64) -> Bytes {
        self.bytes(&number.to_be_bytes())
    }

    /// A `u16` length, then the bytes.
    pub(super) fn counted(self, bytes: &[u8]) -> Bytes {
        self.u16(bytes.len().try_into().unwrap()).bytes(bytes)
    }

    /// A 256 whose fields are runs of 1 to 9.
    pub(super) fn channel_announcement(features: &[u8], scid: u64) -> Bytes {
        let head = Bytes::default().u16(256).repeat(1, 64).repeat(2, 64).repeat(3, 64);
        head.repeat(4, 64)
            .counted(features)
            .repeat(5, 32)
            .u64(scid)
            .repeat(6, 33)
            .repeat(7, 33)
            .repeat(8, 33)
            .repeat(9, 33)
    }

    /// A 257 with one byte of features.
    pub(super) fn node_announcement(alias: &[u8], addresses: &[u8]) -> Bytes {
        Bytes::default()
            .u16(257)
            .repeat(1, 64)
            .counted(&[0x80])
            .u32(1_700_000_001)
            .repeat(6, 33)
            .bytes(&[0xab, 0xcd, 0xef])
            .bytes(alias)
            .zeros(32 - alias.len())
            .counted(addresses)
    }

    /// A 258 of direction 1, disabled, with a maximum.
    pub(super) fn channel_update(scid: u64) -> Bytes {
        let head = Bytes::default().u16(258).repeat(1, 64).repeat(5, 32).u64(scid);
        head.u32(1_700_000_000).u8(1).u8(3).u16(34).u64(1_000).u32(7).u32(250).u64(990_000_000)
    }
}

/// One well-formed body of every type, and of every form that a type has.
pub(super) fn one_of_each() -> Vec<Vec<u8>> {
    let announcement = Bytes::channel_announcement(&[0x20, 0], 0x0d_b9_a6_00_03_81_00_01).0;
    let update = Bytes::channel_update(0x0d_b9_a6_00_03_81_00_01).0;
    let addresses = Bytes::default()
        .u8(1)
        .bytes(&[1, 2, 3, 4])
        .u16(9735)
        .u8(2)
        .repeat(0x20, 16)
        .u16(9735)
        .u8(3)
        .repeat(3, 10)
        .u16(9735)
        .u8(4)
        .repeat(4, 35)
        .u16(9735)
        .u8(5)
        .u8(4)
        .bytes(b"a.bc")
        .u16(9735)
        .u8(6)
        .bytes(&[1, 2]);
    let node = Bytes::node_announcement("⚡\u{202e}".as_bytes(), &addresses.0);
    let local = Bytes::default().u16(3503).u64(3).repeat(6, 33).u64(5);
    let record = |kind| Bytes::default().u16(kind);
    let all = [
        Bytes(announcement.clone()),
        Bytes(announcement.clone()).bytes(&[1, 0, 3, 2, 7, 7, 2, 0]),
        node.clone(),
        node.clone().bytes(&[1, 1, 7, 0xfd, 1, 0, 0]),
        Bytes(update.clone()),
        Bytes(update[..130].to_vec()),
        Bytes(update.clone()).bytes(&[0xfd, 0, 1, 0]),
        local.clone(),
        local.clone().counted(&[0x10, 0]),
        record(4096).counted(&announcement).u64(9),
        record(4097).counted(&update),
        record(4098).counted(&node.0),
        record(4099).u64(3),
        record(4100).counted(&local.0),
        record(4101).u64(9),
        record(4102).counted(&update),
        record(4103).u64(3),
        record(4104).u64(9).counted(&announcement),
        record(4105).u64(3),
        record(4105).u64(3).repeat(7, 32),
        record(4106).u64(3).u32(9),
        record(4107).repeat(7, 32),
        record(9999),
        record(9999).bytes(b"anything"),
    ];
    all.into_iter().map(|bytes| bytes.0).collect()
}

/// Marsaglia's xorshift: numbers that are random enough and the same on every machine.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number below `bound`.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() >> 33).unwrap() % bound
    }
}

/// The version of a store, and the body of each record up to its end or to the first header that
/// does not fit. Checksums are not looked at.
#[cfg(feature = "std")]
pub(super) fn bodies(store: &[u8]) -> (Version, Vec<&[u8]>) {
    let (&version, mut rest) = store.split_first().unwrap();
    let version = Version(version);
    let layout = version.layout();
    let mut bodies = Vec::new();
    while let Some(header) = RecordHeader::parse(layout, rest) {
        let from = layout.header_len();
        let Some(body) = rest.get(from..from + header.len as usize) else { break };
        bodies.push(body);
        rest = &rest[from + body.len()..];
    }
    (version, bodies)
}

/// A file among the gossip data (`FULGURITE_DATA`), or a word on standard error that it is
/// missing, so that nobody takes a pass without it for a pass with it.
#[cfg(feature = "std")]
pub(super) fn real(name: &str) -> Option<Vec<u8>> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data");
    let root = std::env::var("FULGURITE_DATA").unwrap_or_else(|_| default.into());
    let path = std::path::Path::new(&root).join("gossip").join(name);
    let bytes = std::fs::read(path).ok();
    if bytes.is_none() {
        let thread = std::thread::current();
        let test = thread.name().unwrap_or("a test");
        std::eprintln!("{test}: missing data gossip/{name}, passed without it");
    }
    bytes
}
