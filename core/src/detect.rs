//! What is this file? By content, never by name.
//!
//! Operators drop the wrong file in a hurry. Each of those that they keep beside a gossip_store is
//! named, and answered with the right advice.

use serde::{Serialize, Serializer};

use crate::finding::{Code, Values};
use crate::log::{self, Program};
use crate::report::{Input, Report};
use crate::source::{Source, SourceError, read_span};

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $name:literal;)*) => {
        /// What a file is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Kind { $($(#[$doc])* $variant,)* }

        impl Kind {
            /// All of them.
            pub const ALL: &'static [Kind] = &[$(Kind::$variant),*];

            /// Its stable name.
            pub const fn name(self) -> &'static str {
                match self { $(Kind::$variant => $name,)* }
            }
        }
    };
}

kinds! {
    /// Core Lightning's gossip_store, or what may be one.
    GossipStore = "gossip_store";
    /// Core Lightning's database.
    LightningdSqlite = "lightningd_sqlite";
    /// Another SQLite database.
    Sqlite = "sqlite";
    /// Core Lightning's key, or what may be it.
    HsmSecret = "hsm_secret";
    /// LND's wallet.
    WalletDb = "wallet_db";
    /// Another bbolt database.
    Bolt = "bolt";
    /// Bytes without structure, as LND's channel.backup has them.
    ChannelBackup = "channel_backup";
    /// A macaroon.
    Macaroon = "macaroon";
    /// gzip.
    Gzip = "gzip";
    /// xz.
    Xz = "xz";
    /// zip.
    Zip = "zip";
    /// tar.
    Tar = "tar";
    /// Zstandard.
    Zstd = "zstd";
    /// Upstream's compressed test topology.
    GossmapCompressed = "gossmap_compressed";
    /// The write-ahead log of an SQLite database.
    SqliteWal = "sqlite_wal";
    /// A dump of Postgres.
    PgDump = "pg_dump";
    /// Our own dump of buckets.
    BucketDump = "bucket_dump";
    /// A log of lightningd's.
    LightningdLog = "lightningd_log";
    /// A log of LND's.
    LndLog = "lnd_log";
    /// None of these.
    Unknown = "unknown";
}

crate::finding::by_name!(Kind);

impl Serialize for Kind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl Kind {
    /// Whether a face can unpack it.
    pub const fn is_compressed(self) -> bool {
        matches!(self, Kind::Gzip | Kind::Xz | Kind::Zip | Kind::Zstd)
    }

    /// Whether it is a log, which has reports of its own; see [`crate::log`].
    pub const fn is_log(self) -> bool {
        matches!(self, Kind::LightningdLog | Kind::LndLog)
    }

    /// The finding for a file of this kind.
    pub const fn code(self) -> Option<Code> {
        Some(match self {
            Kind::GossipStore | Kind::PgDump | Kind::BucketDump => return None,
            Kind::SqliteWal => Code::SqliteWal,
            Kind::LightningdSqlite => Code::LightningdSqlite,
            Kind::Sqlite => Code::Sqlite,
            Kind::HsmSecret => Code::HsmSecret,
            Kind::WalletDb => Code::WalletDb,
            Kind::Bolt => Code::Bolt,
            Kind::ChannelBackup => Code::ChannelBackup,
            Kind::Macaroon => Code::Macaroon,
            Kind::Gzip | Kind::Xz | Kind::Zip | Kind::Zstd | Kind::Tar => Code::Compressed,
            Kind::GossmapCompressed => Code::GossmapCompressed,
            Kind::LightningdLog | Kind::LndLog => Code::InputLog,
            Kind::Unknown => Code::NotAStore,
        })
    }
}

/// How much of a file is looked at.
pub const HEAD: usize = 64 * 1024;

/// What the first [`HEAD`] bytes say. Anything that nothing else is may be a gossip_store: even
/// one whose first bytes are gone.
pub fn detect(head: &[u8]) -> Kind {
    let starts = |magic: &[u8]| head.starts_with(magic);
    if starts(b"SQLite format 3\0") {
        return sqlite(head);
    }
    if starts(&[0x1f, 0x8b, 8]) {
        return Kind::Gzip;
    }
    if starts(&[0xfd, b'7', b'z', b'X', b'Z', 0]) {
        return Kind::Xz;
    }
    if starts(b"PK\x03\x04") || starts(b"PK\x05\x06") {
        return Kind::Zip;
    }
    if starts(&[0x28, 0xb5, 0x2f, 0xfd]) {
        return Kind::Zstd;
    }
    if head.get(257..262) == Some(b"ustar") {
        return Kind::Tar;
    }
    if starts(b"GOSSMAP_COMPRESSv1") {
        return Kind::GossmapCompressed;
    }
    // A bbolt meta page: the magic behind the 16 bytes of the page's header, little-endian.
    if head.get(16..20) == Some(&[0xed, 0xda, 0x0c, 0xed]) {
        return bolt(head);
    }
    if is_macaroon(head) {
        return Kind::Macaroon;
    }
    match log::sniff(head) {
        Some(Program::Lightningd) => Kind::LightningdLog,
        Some(Program::Lnd) => Kind::LndLog,
        None => Kind::GossipStore,
    }
}

/// A report on a file in which no record was found, nor anything that `detect` knows.
///
/// # Errors
/// [`SourceError`] where the source cannot be read.
pub fn without_structure(source: &dyn Source) -> Result<Report, SourceError> {
    let size = source.len();
    let head = read_span(source, 0, HEAD)?;
    let kind = unstructured(size, &head);
    let code = kind.code().unwrap_or(Code::NotAStore);
    Ok(Report::of_other(Input { kind, size }, code, Values::new()))
}

/// What a file of this size, which begins so, may be where nothing in it was recognised.
pub(crate) fn unstructured(size: u64, head: &[u8]) -> Kind {
    match size {
        // The key as it is, and encrypted (v0.7.1 and later: 24 + 32 + 17 bytes).
        32 | 73 if entropy_is_high(head) => Kind::HsmSecret,
        41.. if entropy_is_high(head) => Kind::ChannelBackup,
        _ => Kind::Unknown,
    }
}

/// A report on a file that `detect` named; `None` for a gossip_store.
pub fn report(kind: Kind, size: u64) -> Option<Report> {
    let code = kind.code()?;
    let values = match code {
        Code::Compressed => Values::new().with("kind", kind.name()),
        _ => Values::new(),
    };
    Some(Report::of_other(Input { kind, size }, code, values))
}

/// Core Lightning's tables have names that nobody else's have.
fn sqlite(head: &[u8]) -> Kind {
    let cln = [&b"channel_htlcs"[..], b"forwarded_payments", b"channel_configs"];
    if cln.iter().any(|name| contains(head, name)) { Kind::LightningdSqlite } else { Kind::Sqlite }
}

/// btcwallet's top-level buckets.
fn bolt(head: &[u8]) -> Kind {
    let wallet = [&b"waddrmgr"[..], b"wtxmgr"];
    if wallet.iter().any(|name| contains(head, name)) { Kind::WalletDb } else { Kind::Bolt }
}

/// LND's macaroons name "lnd" as their location: version 2, field 1, length 3; also as hex.
fn is_macaroon(head: &[u8]) -> bool {
    let binary: &[u8] = &[2, 1, 3, b'l', b'n', b'd', 2];
    head.starts_with(binary) || head.to_ascii_lowercase().starts_with(b"0201036c6e6402")
}

fn contains(hay: &[u8], needle: &[u8]) -> bool {
    hay.windows(needle.len()).any(|window| window == needle)
}

/// Whether bytes look encrypted or random: about as many distinct values, and as evenly, as chance
/// would have it. (Compressed files with a header were told apart before.)
fn entropy_is_high(bytes: &[u8]) -> bool {
    let mut counts = [0u32; 256];
    for &byte in bytes {
        if let Some(count) = counts.get_mut(usize::from(byte)) {
            *count += 1;
        }
    }
    // Chi-square against even use; 256 bins, so chance gives 255 ± 23.
    let expected = bytes.len() as u64;
    let sum: u64 = counts.iter().map(|&count| u64::from(count) * u64::from(count)).sum();
    let chi = (sum * 256 / expected.max(1)).saturating_sub(expected);
    chi < 255 + 5 * 23
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_mistaken_file_is_named_by_its_content() {
        let mut bolt = [0u8; 4096];
        bolt[16..20].copy_from_slice(&[0xed, 0xda, 0x0c, 0xed]);
        assert_eq!(detect(&bolt), Kind::Bolt);
        bolt[1000..1008].copy_from_slice(b"waddrmgr");
        assert_eq!(detect(&bolt), Kind::WalletDb);
        assert_eq!(detect(b"SQLite format 3\0....."), Kind::Sqlite);
        assert_eq!(
            detect(b"SQLite format 3\0..CREATE TABLE channel_htlcs"),
            Kind::LightningdSqlite
        );
        assert_eq!(detect(b"\x02\x01\x03lnd\x02\x90"), Kind::Macaroon);
        assert_eq!(detect(b"0201036C6E6402f8"), Kind::Macaroon);
        assert_eq!(detect(b"\x1f\x8b\x08\0"), Kind::Gzip);
        assert_eq!(detect(b"\xfd7zXZ\0"), Kind::Xz);
        assert_eq!(detect(b"PK\x03\x04"), Kind::Zip);
        assert_eq!(detect(b"\x28\xb5\x2f\xfd"), Kind::Zstd);
        assert_eq!(detect(b"GOSSMAP_COMPRESSv1\0"), Kind::GossmapCompressed);
        let mut tar = [0u8; 512];
        tar[257..262].copy_from_slice(b"ustar");
        assert_eq!(detect(&tar), Kind::Tar);
        assert_eq!(detect(&[16]), Kind::GossipStore);
        assert_eq!(detect(&[]), Kind::GossipStore);
    }
}
