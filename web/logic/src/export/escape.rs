//! Text made harmless for a medium.
//!
//! What a report carries of a file was made visible by the engine; a report that was saved, changed
//! and opened again may carry anything. So every character that acts or hides is made visible
//! here once more, then the medium's own characters are escaped.

use std::fmt::Write as _;

use fulgurite_core::text::visible;

/// For an HTML document, as text and as a quoted attribute.
pub(super) fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => push_seen(&mut out, character),
        }
    }
    out
}

/// For Markdown, inside a paragraph, a list or a table: nothing of it is markup, HTML, a link or a
/// mention, wherever it stands in a line.
///
/// Every ASCII character that has a meaning there is written as a character reference, which
/// Markdown reads as text. `@` and `#` are among them, since issue trackers turn them into mentions
/// and links, `$` for formulas, and `:` and `.` where they would make a bare address a link.
pub(super) fn markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text.chars().peekable();
    let mut before = None;
    while let Some(character) = rest.next() {
        let next = rest.peek().copied();
        let word = |beside: Option<char>| beside.is_some_and(char::is_alphanumeric);
        let special = match character {
            '&' | '<' | '>' | '\\' | '`' | '*' | '[' | ']' | '#' | '|' | '~' | '@' | '$' => true,
            // Inside a word it is no emphasis.
            '_' => !(word(before) && word(next)),
            '+' | '-' | '=' => before.is_none(),
            ':' => next == Some('/') || word(next),
            '.' => matches!(before, Some('w' | 'W')),
            _ => false,
        };
        if special {
            reference(&mut out, character);
        } else {
            for seen in visible(character.encode_utf8(&mut [0; 4]).as_bytes()).chars() {
                match seen {
                    '\\' => reference(&mut out, seen),
                    _ => out.push(seen),
                }
            }
        }
        before = Some(character);
    }
    out
}

fn reference(out: &mut String, character: char) {
    // Writing to a String does not fail.
    let _ = write!(out, "&#{};", u32::from(character));
}

/// For Markdown between single backticks: what would end the code is replaced.
pub(super) fn code(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '`' => out.push('\''),
            '|' => out.push('¦'),
            _ => push_seen(&mut out, character),
        }
    }
    out
}

fn push_seen(out: &mut String, character: char) {
    if character == '\\' {
        out.push(character);
    } else {
        out.push_str(&visible(character.encode_utf8(&mut [0; 4]).as_bytes()));
    }
}
