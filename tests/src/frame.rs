//! One record as bytes: the header of 8 bytes (versions 2 to 4) or 12 (from 5), then the body.

use crate::crc;

/// Bytes in the header of a record.
pub fn header_len(version: u8) -> usize {
    if version <= 4 { 8 } else { 12 }
}

/// A whole record: header with the right CRC, then `body`.
///
/// # Panics
/// On what the version cannot hold: flags or a timestamp before version 5, and from then on a
/// body over 65,535 bytes.
pub fn frame(version: u8, flags: u16, timestamp: u32, body: &[u8]) -> Vec<u8> {
    let crc = crc(version, timestamp, body).to_be_bytes();
    if version <= 4 {
        assert!(flags == 0 && timestamp == 0, "version {version} has no flags and no timestamps");
        let len = u32::try_from(body.len()).expect("a body under 4 GiB").to_be_bytes();
        return [&len[..], &crc, body].concat();
    }
    // Versions 5 to 11 called this one u32 with flags in its top bits: the bytes are the same.
    let len = u16::try_from(body.len()).expect("a body under 64 KiB").to_be_bytes();
    [&flags.to_be_bytes()[..], &len, &crc, &timestamp.to_be_bytes(), body].concat()
}

#[cfg(test)]
mod tests {
    use crate::fake::Rng;
    use crate::{Store, frame};

    fn hex(bytes: &[u8]) -> String {
        use std::fmt::Write;
        bytes.iter().fold(String::new(), |mut text, byte| {
            write!(text, "{byte:02x}").expect("a String takes all");
            text
        })
    }

    /// One record per version, worked out by hand and with a table-driven CRC elsewhere.
    #[test]
    fn one_tiny_record_in_every_version() {
        let deleted = |version| hex(&Store::bare(version).delete_chan("103x1x0").build().bytes);
        assert_eq!(deleted(2), "02 0000000a 3ce2f980 1003 0000670000010000".replace(' ', ""));
        assert_eq!(deleted(3), "03 0000000a 3ce2f980 1003 0000670000010000".replace(' ', ""));
        for (version, expected) in [
            (4, "04      0000000a 72cc739d          1005 00000000000f4240"),
            (5, "05 0000 000a     72cc739d 00000000 1005 00000000000f4240"),
            (6, "06 0000 000a     72cc739d 00000000 1005 00000000000f4240"),
            (7, "07 0000 000a     911183f6 00000000 1005 00000000000f4240"),
            (8, "08 0000 000a     911183f6 00000000 1005 00000000000f4240"),
            (9, "09 0000 000a     911183f6 00000000 1005 00000000000f4240"),
            (10, "0a 0000 000a    911183f6 00000000 1005 00000000000f4240"),
            (11, "0b 0000 000a    911183f6 00000000 1005 00000000000f4240"),
            (12, "0c 0000 000a    911183f6 00000000 1005 00000000000f4240"),
            (13, "0d 0000 000a    911183f6 00000000 1005 00000000000f4240"),
            (14, "0e 0000 000a    911183f6 00000000 1005 00000000000f4240"),
            (15, "0f 2000 000a    911183f6 00000000 1005 00000000000f4240"),
            (16, "10 2000 000a    911183f6 00000000 1005 00000000000f4240"),
        ] {
            let bytes = Store::bare(version).amount(1_000_000).build().bytes;
            assert_eq!(hex(&bytes), expected.replace(' ', ""), "version {version}");
        }
    }

    #[test]
    fn flags_and_the_timestamp_that_seeds_the_crc() {
        for (version, expected) in [
            (5, "05 8000 000a 10cec321 5b8d9b44 1005 00000000000f4240"),
            (6, "06 8000 000a 10cec321 5b8d9b44 1005 00000000000f4240"),
            (7, "07 8000 000a f313334a 5b8d9b44 1005 00000000000f4240"),
            (14, "0e 8000 000a f313334a 5b8d9b44 1005 00000000000f4240"),
        ] {
            let body = crate::wire::channel_amount(1_000_000);
            let store = Store::bare(version).raw_record(0x8000, 1_536_006_980, &body).build();
            assert_eq!(hex(&store.bytes), expected.replace(' ', ""), "version {version}");
        }
    }

    /// The uuid record at the head of the real mainnet store of version 16.
    #[test]
    fn the_worked_uuid_record() {
        let bytes = Store::bare(16).uuid([0; 32]).build().bytes;
        let expected = ["10 2000 0022 1bad8d9b 00000000 100b", &"00".repeat(32)].concat();
        assert_eq!(hex(&bytes), expected.replace(' ', ""));
    }

    #[test]
    fn long_bodies_fit_where_the_length_does() {
        let body = Rng::new(1).bytes(65_535);
        assert_eq!(frame(16, 0, 0, &body)[2..4], [0xff, 0xff]);
        assert_eq!(frame(3, 0, 0, &[&body[..], &[0]].concat())[..4], [0, 1, 0, 0]);
    }

    #[test]
    #[should_panic(expected = "version 3 has no flags")]
    fn the_short_header_holds_no_flags() {
        let _ = frame(3, 0x8000, 0, b"");
    }
}
