//! A saved report, opened again: is it one, and is it as plain as one?

use fulgurite_core::report::Report;
use fulgurite_core::text::visible;

/// A saved report is never longer: all findings that are kept, of every code.
pub const LONGEST: u64 = 32_000_000;

/// Why a text is not opened as a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It is not one; what the reader says.
    NotOne(String),
    /// It holds characters that act or hide, which no report does.
    Hidden,
}

/// Whether a file may be a report, from its first characters.
pub fn looks_like(head: &str) -> bool {
    head.trim_start_matches('\u{feff}').trim_start().starts_with('{')
}

/// Reads a report, and writes it as it is written.
///
/// # Errors
///
/// [`Refused`], if it is no report, or not as plain as one.
pub fn read(text: &str) -> Result<(Report, String), Refused> {
    let text = text.trim_start_matches('\u{feff}').trim();
    let report = Report::from_json(text).map_err(|error| Refused::NotOne(error.to_string()))?;
    let json = report.to_json().map_err(|error| Refused::NotOne(error.to_string()))?;
    if is_plain(&json) { Ok((report, json)) } else { Err(Refused::Hidden) }
}

/// Whether all text in a document of ours has been made visible: nothing is escaped in it but
/// quotes and backslashes, and nothing would be.
fn is_plain(json: &str) -> bool {
    let mut rest = json.chars();
    while let Some(character) = rest.next() {
        let plain = if character == '\\' {
            matches!(rest.next(), Some('"' | '\\'))
        } else {
            let mut bytes = [0; 4];
            let bytes = character.encode_utf8(&mut bytes).as_bytes();
            visible(bytes).as_bytes() == bytes
        };
        if !plain {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use fulgurite_core::gossip::check::{Options, check};

    #[test]
    fn a_report_comes_back_as_it_was() {
        let json = check(&vec![16], Options::default()).unwrap().to_json().unwrap();
        assert!(looks_like(&json) && looks_like("\u{feff} {"));
        assert_eq!(read(&format!("\u{feff}{json}\n")).unwrap().1, json);
    }

    #[test]
    fn what_acts_or_hides_is_refused() {
        let json = check(&Vec::new(), Options::default()).unwrap().to_json().unwrap();
        let key =
            |text: &str| json.replace("\"end\":0}", &format!("\"end\":0}},\"key\":\"{text}\""));
        assert!(read(&key(r#"a \\u{202e} \" \\"#)).is_ok(), "{}", key("x"));
        for text in ["\u{202e}", r"\u202e", r"\u001b", r"\n", "\u{200b}"] {
            assert_eq!(read(&key(text)).unwrap_err(), Refused::Hidden, "{text:?}");
        }
        assert!(matches!(read("{}"), Err(Refused::NotOne(_))));
        assert!(matches!(read("nonsense"), Err(Refused::NotOne(_))));
    }
}
