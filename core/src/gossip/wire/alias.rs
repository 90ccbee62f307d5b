//! The name that a node gives itself.

use crate::text::visible;
use alloc::string::String;

/// A node's alias without the NULs that fill it up to 32 bytes. BOLT 7 asks for UTF-8; nothing
/// makes a node keep to that, nor keeps control characters out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Alias<'a> {
    /// Well-formed UTF-8, which may still hold anything.
    Utf8(&'a str),
    /// Bytes that are not UTF-8.
    Raw(&'a [u8]),
}

impl<'a> Alias<'a> {
    /// Trims the NULs at the end; those before another byte stay.
    pub fn new(stored: &'a [u8; 32]) -> Alias<'a> {
        let mut trimmed: &[u8] = stored;
        while let Some((0, before)) = trimmed.split_last() {
            trimmed = before;
        }
        core::str::from_utf8(trimmed).map_or(Alias::Raw(trimmed), Alias::Utf8)
    }

    /// The bytes, without the NULs at the end.
    pub const fn as_bytes(&self) -> &'a [u8] {
        match self {
            Alias::Utf8(text) => text.as_bytes(),
            Alias::Raw(bytes) => bytes,
        }
    }

    /// The name as it may be shown: see [`crate::text::visible`]. HTML is left as it is.
    pub fn visible(&self) -> String {
        visible(self.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(name: &[u8]) -> [u8; 32] {
        let mut stored = [0; 32];
        stored[..name.len()].copy_from_slice(name);
        stored
    }

    #[test]
    fn nuls_are_trimmed_at_the_end_only() {
        assert_eq!(Alias::new(&stored(b"")), Alias::Utf8(""));
        assert_eq!(Alias::new(&stored(b"\0a\0b\0")), Alias::Utf8("\0a\0b"));
        assert_eq!(Alias::new(&stored(b"\0a\0b\0")).visible(), r"\u{0}a\u{0}b");
        assert_eq!(Alias::new(&[b'x'; 32]).as_bytes(), [b'x'; 32]);
    }

    #[test]
    fn a_name_that_is_cut_within_a_character_is_raw() {
        assert_eq!(Alias::new(&stored("⚡".as_bytes())), Alias::Utf8("⚡"));
        let cut = stored(b"a\xe2\x9a");
        assert_eq!(Alias::new(&cut), Alias::Raw(b"a\xe2\x9a"));
        assert_eq!(Alias::new(&cut).visible(), r"a\xe2\x9a");
    }

    #[test]
    fn ansi_and_bidi_do_not_act() {
        let name = stored("\u{1b}[31m\u{202e}<b>".as_bytes());
        assert_eq!(Alias::new(&name).visible(), r"\u{1b}[31m\u{202e}<b>");
    }
}
