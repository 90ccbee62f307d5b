//! Bytes in lines of sixteen, cut where one field ends and the next begins.

use crate::rows::FieldRow;

/// Lines that show the same byte over and over are drawn together beyond this many.
const REPEATED: usize = 3;

/// A line of the byte view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// File offset of its first byte.
    pub offset: u64,
    /// Its bytes, field by field.
    pub parts: Vec<Part>,
    /// So many equal lines follow that are not drawn.
    pub skipped: usize,
}

/// The bytes of one field in one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Which field.
    pub field: usize,
    /// `0a ff 00`.
    pub hex: String,
    /// The same as characters; what is none is a dot.
    pub text: String,
}

/// The bytes of the fields, which follow each other without gaps.
pub fn lines(fields: &[FieldRow], width: usize) -> Vec<Line> {
    let width = width.max(1);
    let mut lines: Vec<Line> = Vec::new();
    let mut room = 0;
    for (number, field) in fields.iter().enumerate() {
        for (place, pair) in field.hex.as_bytes().chunks_exact(2).enumerate() {
            if room == 0 {
                let offset = field.offset + place as u64;
                lines.push(Line { offset, parts: Vec::new(), skipped: 0 });
                room = width;
            }
            room -= 1;
            let Some(line) = lines.last_mut() else { continue };
            if line.parts.last().is_none_or(|part| part.field != number) {
                line.parts.push(Part { field: number, hex: String::new(), text: String::new() });
            }
            let Some(part) = line.parts.last_mut() else { continue };
            if !part.hex.is_empty() {
                part.hex.push(' ');
            }
            let digits = pair.iter().copied().map(char::from);
            part.hex.extend(digits);
            let byte =
                std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok());
            let seen = byte.filter(|byte| (0x20..0x7f).contains(byte)).map_or('·', char::from);
            part.text.push(seen);
        }
    }
    fold(lines)
}

/// Of many equal lines draws the first.
fn fold(lines: Vec<Line>) -> Vec<Line> {
    let mut out: Vec<Line> = Vec::with_capacity(lines.len());
    let mut rest = lines.into_iter().peekable();
    while let Some(mut line) = rest.next() {
        let mut equal = Vec::new();
        while let Some(next) = rest.next_if(|next| next.parts == line.parts) {
            equal.push(next);
        }
        if equal.len() > REPEATED {
            line.skipped = equal.len();
            out.push(line);
        } else {
            out.push(line);
            out.extend(equal);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(offset: u64, hex: &str) -> FieldRow {
        FieldRow { offset, hex: hex.to_owned(), ..FieldRow::default() }
    }

    #[test]
    fn lines_are_cut_at_fields() {
        let fields = [field(47, "2000"), field(49, "41"), field(50, ""), field(50, "010203")];
        let lines = lines(&fields, 4);
        assert_eq!(lines.len(), 2);
        assert_eq!((lines[0].offset, lines[1].offset), (47, 51));
        let part =
            |field, hex: &str, text: &str| Part { field, hex: hex.into(), text: text.into() };
        assert_eq!(
            lines[0].parts,
            [part(0, "20 00", " ·"), part(1, "41", "A"), part(3, "01", "·")]
        );
        assert_eq!(lines[1].parts, [part(3, "02 03", "··")]);
    }

    #[test]
    fn equal_lines_are_drawn_once() {
        let lines = lines(&[field(0, &"00".repeat(1_024))], 16);
        assert_eq!((lines.len(), lines[0].skipped), (1, 63));
        assert_eq!(super::lines(&[field(0, &"00".repeat(48))], 16).len(), 3);
    }
}
