//! The first 100 bytes of an SQLite file: what it claims of itself.
//!
//! The layout: "Database File Format" of sqlite.org, section 1.3. All numbers big-endian.

use super::bytes::{u8_at, u32_at};

/// How long the header is.
pub(super) const LEN: usize = 100;

/// The first 16 bytes of every SQLite file.
pub const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// How the file's text is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    #[default]
    Utf8,
    /// UTF-16, the low byte first.
    Utf16Le,
    /// UTF-16, the high byte first.
    Utf16Be,
}

impl Encoding {
    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf8",
            Encoding::Utf16Le => "utf16le",
            Encoding::Utf16Be => "utf16be",
        }
    }
}

/// The header's fields, as they stand there; nothing is trusted yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// Whether the first 16 bytes are [`MAGIC`].
    pub magic: bool,
    /// Bytes of a page, at offset 16; 0 where that is no power of two from 512 to 65,536.
    pub page_size: u32,
    /// 1 for rollback journals, 2 for a write-ahead log; offset 18.
    pub write_version: u8,
    /// The same for readers; offset 19.
    pub read_version: u8,
    /// Bytes at each page's end that SQLite leaves alone; offset 20.
    pub reserved: u8,
    /// The three payload fractions are 64, 32 and 32, as they must be; offset 21.
    pub fractions: bool,
    /// Counts transactions (in WAL mode: not each of them); offset 24.
    pub change_counter: u32,
    /// Pages in the file; offset 28. It holds if [`Header::version_valid_for`] is the counter.
    pub pages: u32,
    /// The first trunk page of the freelist, or 0; offset 32.
    pub freelist: u32,
    /// Pages on the freelist; offset 36.
    pub freelist_pages: u32,
    /// Changes with each change of the schema; offset 40.
    pub schema_cookie: u32,
    /// 1 to 4; offset 44.
    pub schema_format: u32,
    /// The highest root page where the file has pointer maps (auto_vacuum), else 0; offset 52.
    pub largest_root: u32,
    /// The text encoding's number as it stands there, 1 to 3; offset 56.
    pub encoding: u32,
    /// The application's own version; offset 60.
    pub user_version: u32,
    /// auto_vacuum is incremental; offset 64.
    pub incremental: bool,
    /// The application's own mark; offset 68.
    pub application_id: u32,
    /// The change counter when [`Header::sqlite_version`] was written; offset 92.
    pub version_valid_for: u32,
    /// SQLITE_VERSION_NUMBER of the last writer; offset 96.
    pub sqlite_version: u32,
}

impl Header {
    /// The fields of these bytes; what is not there counts as 0.
    pub fn read(bytes: &[u8]) -> Header {
        let number = |at| u32_at(bytes, at).unwrap_or_default();
        let byte = |at| u8_at(bytes, at).unwrap_or_default();
        Header {
            magic: bytes.starts_with(MAGIC),
            page_size: page_size(u32::from(byte(16)) << 8 | u32::from(byte(17))),
            write_version: byte(18),
            read_version: byte(19),
            reserved: byte(20),
            fractions: (byte(21), byte(22), byte(23)) == (64, 32, 32),
            change_counter: number(24),
            pages: number(28),
            freelist: number(32),
            freelist_pages: number(36),
            schema_cookie: number(40),
            schema_format: number(44),
            largest_root: number(52),
            encoding: number(56),
            user_version: number(60),
            incremental: number(64) != 0,
            application_id: number(68),
            version_valid_for: number(92),
            sqlite_version: number(96),
        }
    }

    /// Whether the file is in WAL mode: committed data may stand in its `-wal` alone.
    pub fn is_wal(&self) -> bool {
        self.write_version == 2 && self.read_version == 2
    }

    /// How many pages the header says there are, where it can be believed: SQLite before 3.7.0
    /// did not keep that number, and leaves it stale beside a newer change counter.
    pub fn claimed_pages(&self) -> Option<u32> {
        (self.pages != 0 && self.change_counter == self.version_valid_for).then_some(self.pages)
    }

    /// The encoding; UTF-8 where the number is none.
    pub fn text(&self) -> Encoding {
        match self.encoding {
            2 => Encoding::Utf16Le,
            3 => Encoding::Utf16Be,
            _ => Encoding::Utf8,
        }
    }
}

/// A page size as stored in two bytes; 0 where it is none. 1 stands for 65,536.
fn page_size(stored: u32) -> u32 {
    match stored {
        1 => 65_536,
        512..=32_768 if stored.is_power_of_two() => stored,
        _ => 0,
    }
}
