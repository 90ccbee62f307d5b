//! Text from files, made safe to show.
//!
//! An alias or a host name is chosen by whoever announces it. Printed as it is, it could move a
//! terminal's cursor, reverse the reading order of a line, or hide behind characters without a
//! glyph. [`visible`] writes such characters as escapes. HTML and Markdown are not its subject: a
//! face escapes for its own medium, afterwards.

use alloc::string::String;
use core::fmt::Write as _;

/// `bytes` as text that holds nothing invisible and nothing that acts on a terminal.
///
/// - Control characters (C0, DEL, C1) and every character that is invisible or that changes the
///   order of its neighbours become `\u{..}`, with the code point in lower-case hex.
/// - Bytes that are not UTF-8 become `\xNN`, one by one.
/// - A backslash becomes `\\`, so that two different inputs never look the same.
///
/// Everything else stays, `<`, `&` and emoji included.
///
/// ```
/// use fulgurite_core::text::visible;
///
/// assert_eq!(visible("Zürich ⚡".as_bytes()), "Zürich ⚡");
/// assert_eq!(visible(b"\x1b[2Jgone\0"), r"\u{1b}[2Jgone\u{0}");
/// assert_eq!(visible(b"\\u{0} \xff"), r"\\u{0} \xff");
/// ```
pub fn visible(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            push_visible(&mut text, character);
        }
        for byte in chunk.invalid() {
            // Writing to a String does not fail.
            let _ = write!(text, "\\x{byte:02x}");
        }
    }
    text
}

fn push_visible(text: &mut String, character: char) {
    if character == '\\' {
        text.push_str("\\\\");
    } else if must_escape(character) {
        let _ = write!(text, "\\u{{{:x}}}", u32::from(character));
    } else {
        text.push(character);
    }
}

/// Whether a character would act or hide instead of being seen.
///
/// Beside the control characters: Unicode's format characters (category Cf), the line and
/// paragraph separators, the fillers that draw nothing, and the variation selectors beyond the
/// sixteen that emoji use.
fn must_escape(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{34f}'
                | '\u{600}'..='\u{605}'
                | '\u{61c}'
                | '\u{6dd}'
                | '\u{70f}'
                | '\u{890}'..='\u{891}'
                | '\u{8e2}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}'
                | '\u{110bd}'
                | '\u{110cd}'
                | '\u{13430}'..='\u{1343f}'
                | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    let digits = b"0123456789abcdef";
    let pairs = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    pairs.filter_map(|digit| digits.get(usize::from(digit)).copied().map(char::from)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    /// What `visible` wrote, read back: proof that no two inputs look the same.
    fn read_back(text: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let width = first.len_utf8();
            if let Some(escape) = rest.strip_prefix("\\x") {
                bytes.push(u8::from_str_radix(&escape[..2], 16).unwrap());
                rest = &escape[2..];
            } else if let Some(escape) = rest.strip_prefix("\\u{") {
                let (code, after) = escape.split_once('}').unwrap();
                let code = char::from_u32(u32::from_str_radix(code, 16).unwrap()).unwrap();
                bytes.extend_from_slice(code.encode_utf8(&mut [0; 4]).as_bytes());
                rest = after;
            } else if let Some(after) = rest.strip_prefix("\\\\") {
                bytes.push(b'\\');
                rest = after;
            } else {
                bytes.extend_from_slice(&rest.as_bytes()[..width]);
                rest = &rest[width..];
            }
        }
        bytes
    }

    #[test]
    fn terminal_sequences_are_seen_and_do_not_act() {
        assert_eq!(visible(b"\x1b[31mred\x1b[0m"), r"\u{1b}[31mred\u{1b}[0m");
        assert_eq!(visible(b"\x1b]0;title\x07"), r"\u{1b}]0;title\u{7}");
        assert_eq!(visible(b"a\r\nb\tc\x08\x7f"), r"a\u{d}\u{a}b\u{9}c\u{8}\u{7f}");
        // C1: CSI as one character, and as one byte, which is not UTF-8.
        assert_eq!(visible("\u{9b}2J".as_bytes()), r"\u{9b}2J");
        assert_eq!(visible(b"\x9b2J"), r"\x9b2J");
    }

    #[test]
    fn reading_order_and_hidden_characters_are_seen() {
        assert_eq!(visible("\u{202e}moc.live".as_bytes()), r"\u{202e}moc.live");
        let named = [0x61c, 0xfeff, 0x2028, 0x2029]
            .into_iter()
            .chain(0x202a..=0x202e)
            .chain(0x2066..=0x2069)
            .chain(0x200b..=0x200f)
            .chain([0xad, 0x2060, 0x3164, 0xe0041]);
        for code in named {
            let character = char::from_u32(code).unwrap();
            let text = visible(character.encode_utf8(&mut [0; 4]).as_bytes());
            assert_eq!(text, alloc::format!("\\u{{{code:x}}}"));
        }
    }

    #[test]
    fn nul_and_broken_utf8_are_seen() {
        assert_eq!(visible(b"a\0b"), r"a\u{0}b");
        assert_eq!(visible(b"\xf0\x9f\x98"), r"\xf0\x9f\x98");
        assert_eq!(visible(b"\xc0\x80\xed\xa0\x80"), r"\xc0\x80\xed\xa0\x80");
    }

    #[test]
    fn html_markdown_and_emoji_are_left_to_the_face() {
        for text in ["<script>alert(1)</script>", "[a](javascript:b)", "&amp;\"'`|", "⚡️ 中文"]
        {
            assert_eq!(visible(text.as_bytes()), text);
        }
    }

    #[test]
    fn a_faked_escape_is_not_an_escape() {
        assert_eq!(visible(br"\u{1b}"), r"\\u{1b}");
        assert_eq!(visible(br"\xff"), r"\\xff");
        assert_eq!(visible(br"\\"), r"\\\\");
    }

    #[test]
    #[cfg_attr(miri, ignore = "a large input")]
    fn no_two_inputs_look_the_same() {
        let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
        for _ in 0..20_000 {
            let mut bytes = Vec::new();
            for _ in 0..12 {
                seed ^= seed << 13;
                seed ^= seed >> 7;
                seed ^= seed << 17;
                match seed % 3 {
                    0 => bytes.push(seed.to_be_bytes()[0]),
                    1 => bytes.extend_from_slice(br"\u{20}"),
                    _ => bytes.extend_from_slice("\u{2066}é".as_bytes()),
                }
            }
            let text = visible(&bytes);
            assert!(!text.chars().any(must_escape));
            assert_eq!(read_back(&text), bytes);
        }
    }
}
