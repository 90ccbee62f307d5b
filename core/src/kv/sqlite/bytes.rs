//! Numbers as SQLite writes them: big-endian, and varints. Nothing here trusts a position.

/// One byte.
pub(super) fn u8_at(bytes: &[u8], at: usize) -> Option<u8> {
    bytes.get(at).copied()
}

/// Two bytes, big-endian.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let bytes = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_be_bytes(bytes.try_into().ok()?))
}

/// Four bytes, big-endian.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_be_bytes(bytes.try_into().ok()?))
}

/// A varint and its length, 1 to 9 bytes: seven bits a byte, the highest first, all eight of the
/// ninth.
pub(super) fn varint_at(bytes: &[u8], at: usize) -> Option<(u64, usize)> {
    let mut value = 0_u64;
    for index in 0..9 {
        let byte = u64::from(*bytes.get(at.checked_add(index)?)?);
        if index == 8 {
            return Some((value << 8 | byte, 9));
        }
        value = value << 7 | byte & 0x7f;
        if byte & 0x80 == 0 {
            return Some((value, index + 1));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn varints_have_one_to_nine_bytes() {
        assert_eq!(varint_at(&[0x7f], 0), Some((127, 1)));
        assert_eq!(varint_at(&[0, 0x81, 0x00], 1), Some((128, 2)));
        assert_eq!(varint_at(&[0x80, 0x80, 0x01], 0), Some((1, 3)));
        assert_eq!(varint_at(&[0xff; 9], 0), Some((u64::MAX, 9)));
        assert_eq!(varint_at(&[0xff; 8], 0), None);
        assert_eq!(varint_at(&[], usize::MAX), None);
    }
}
