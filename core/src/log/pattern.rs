//! The fixed words of a line, and what stands between them.
//!
//! In a pattern `%u` stands for a number, `%x` for hexadecimal digits, `%s` for anything up to the
//! words behind it. A pattern begins with fixed words, and need not reach the end of the line.

use memchr::memchr;

/// So many gaps a pattern has at most.
pub(super) const GAPS: usize = 8;

/// What stood in the gaps, in their order.
pub(super) type Gaps<'t> = [&'t [u8]; GAPS];

/// What stands in the gaps, if the text begins as the pattern says.
pub(super) fn fits<'t>(pattern: &str, text: &'t [u8]) -> Option<Gaps<'t>> {
    let mut gaps: Gaps<'t> = [&[]; GAPS];
    let mut rest = text;
    let mut pieces = pattern.split('%');
    rest = rest.strip_prefix(pieces.next()?.as_bytes())?;
    let mut gap = gaps.iter_mut();
    for piece in pieces {
        let (kind, words) = piece.split_at_checked(1)?;
        let words = words.as_bytes();
        let len = match kind {
            "u" => rest.iter().take_while(|byte| byte.is_ascii_digit()).count(),
            "x" => rest.iter().take_while(|byte| byte.is_ascii_hexdigit()).count(),
            _ if words.is_empty() => rest.len(),
            _ => find(rest, words)?,
        };
        if len == 0 && kind != "s" {
            return None;
        }
        let (found, after) = rest.split_at_checked(len)?;
        *gap.next()? = found;
        rest = after.strip_prefix(words)?;
    }
    Some(gaps)
}

/// Where those words stand first.
pub(super) fn find(text: &[u8], words: &[u8]) -> Option<usize> {
    let first = *words.first()?;
    let mut from = 0;
    loop {
        let at = from + memchr(first, text.get(from..)?)?;
        if text.get(at..)?.starts_with(words) {
            return Some(at);
        }
        from = at + 1;
    }
}

/// Digits as a number; `u64::MAX` if there are too many.
pub(super) fn number(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u64, |sum, digit| {
        let digit = digit.is_ascii_digit().then(|| u64::from(digit - b'0'))?;
        Some(sum.saturating_mul(10).saturating_add(digit))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_what_stands_between_the_words() {
        let gaps = fits("offset %u/%u: %s", b"offset 17733380/7989: Bad file").unwrap();
        assert_eq!(gaps[..3], [&b"17733380"[..], b"7989", b"Bad file"]);
        let gaps = fits("%x should be %x (", b"");
        assert!(gaps.is_none());
        let gaps = fits("failed? %x should be %x (", b"failed? 00ab should be ff (x").unwrap();
        assert_eq!(gaps[..2], [&b"00ab"[..], b"ff"]);
        let gaps =
            fits("for %s, offsets %u and %u!", b"for 1x2x3, off, offsets 7 and 9!!").unwrap();
        assert_eq!(gaps[..3], [&b"1x2x3, off"[..], b"7", b"9"]);
    }

    #[test]
    fn other_lines_do_not_fit() {
        for text in
            [&b"offset /7"[..], b"offset 1", b"offset 1/", b"Offset 1/2", b"offset x/2", b""]
        {
            assert!(fits("offset %u/%u", text).is_none());
        }
        assert!(fits("a %s b", b"a c c").is_none());
    }

    #[test]
    fn numbers_do_not_overflow() {
        assert_eq!(number(b"18446744073709551608"), Some(18_446_744_073_709_551_608));
        assert_eq!(number(b"99999999999999999999999"), Some(u64::MAX));
        assert_eq!(number(b""), None);
        assert_eq!(number(b"12a"), None);
    }
}
