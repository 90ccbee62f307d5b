//! What is being looked at, as the fragment of the page's address: `#view=nodes&at=130731&lang=en`.
//!
//! So a reload, a bookmark or a colleague's link comes back to the same place. It holds nothing of
//! the file itself, and whatever stands in it is checked like any other input.

use std::fmt::Write as _;

use fulgurite_core::finding::{Code, Severity, Span};
use fulgurite_core::words::Language;

use crate::tab::Tab;

/// What is chosen in the views of LND's stores; each is a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Differences that mean this, by the code of the finding.
    Meaning,
    /// Differences in this field.
    Field,
    /// Differences that cost this.
    Cost,
    /// The release that is to migrate.
    Release,
    /// The engine that is to migrate.
    Engine,
}

impl Choice {
    /// All of them, in order.
    pub const ALL: [Choice; 5] =
        [Choice::Meaning, Choice::Field, Choice::Cost, Choice::Release, Choice::Engine];

    const fn name(self) -> &'static str {
        match self {
            Choice::Meaning => "meaning",
            Choice::Field => "field",
            Choice::Cost => "cost",
            Choice::Release => "release",
            Choice::Engine => "engine",
        }
    }
}

/// The state that an address carries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// Show the built-in sample.
    pub sample: bool,
    /// Which table.
    pub tab: Option<Tab>,
    /// The offset whose bytes are shown.
    pub at: Option<u64>,
    /// The stretch that the records are limited to.
    pub range: Option<Span>,
    /// What is searched for.
    pub search: String,
    /// Which findings.
    pub severity: Option<Severity>,
    /// Which findings.
    pub code: Option<Code>,
    /// What is chosen, in the order of [`Choice::ALL`]; empty where nothing is.
    pub choices: [String; 5],
    /// Which language, where it was chosen.
    pub language: Option<Language>,
}

impl Address {
    /// Reads a fragment, with or without its `#`. What it does not understand it leaves out.
    pub fn parse(fragment: &str) -> Address {
        let mut address = Address::default();
        for part in fragment.trim_start_matches('#').split('&') {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let value = decode(value);
            match name {
                "sample" => address.sample = true,
                "view" => address.tab = Tab::from_name(&value),
                "at" => address.at = value.parse().ok(),
                "range" => address.range = range(&value),
                "find" => address.search = value,
                "severity" => {
                    let known = |severity: &&Severity| severity.name() == value;
                    address.severity = Severity::ALL.iter().find(known).copied();
                }
                "code" => {
                    address.code = Code::ALL.iter().find(|code| code.name() == value).copied();
                }
                name if let Some(at) = Choice::ALL.iter().position(|one| one.name() == name) => {
                    if let Some(choice) = address.choices.get_mut(at) {
                        *choice = value;
                    }
                }
                "lang" if !value.is_empty() => address.language = Some(Language::from_tag(&value)),
                _ => {}
            }
        }
        address
    }

    /// The fragment, with its `#`; only `#` if there is nothing to say.
    pub fn write(&self) -> String {
        let mut parts: Vec<String> = Vec::new();
        if self.sample {
            parts.push("sample".to_owned());
        }
        if let Some(tab) = self.tab.filter(|tab| *tab != Tab::default()) {
            parts.push(format!("view={}", tab.name()));
        }
        if let Some(at) = self.at {
            parts.push(format!("at={at}"));
        }
        if let Some(range) = self.range {
            parts.push(format!("range={}-{}", range.start, range.end));
        }
        if !self.search.is_empty() {
            parts.push(format!("find={}", encode(&self.search)));
        }
        if let Some(severity) = self.severity {
            parts.push(format!("severity={}", severity.name()));
        }
        if let Some(code) = self.code {
            parts.push(format!("code={}", code.name()));
        }
        for (choice, value) in Choice::ALL.iter().zip(&self.choices) {
            if !value.is_empty() {
                parts.push(format!("{}={}", choice.name(), encode(value)));
            }
        }
        if let Some(language) = self.language {
            parts.push(format!("lang={}", language.tag()));
        }
        format!("#{}", parts.join("&"))
    }
}

fn range(value: &str) -> Option<Span> {
    let (start, end) = value.split_once('-')?;
    let span = Span::new(start.parse().ok()?, end.parse().ok()?);
    (!span.is_empty()).then_some(span)
}

/// Percent-encodes whatever is not plainly a word.
fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a String does not fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// The reverse; what is not UTF-8 is replaced.
fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let escaped = text
            .get(at + 1..at + 3)
            .filter(|_| byte == b'%')
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        out.push(escaped.unwrap_or(byte));
        at += if escaped.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_comes_back() {
        let address = Address {
            sample: true,
            tab: Some(Tab::Nodes),
            at: Some(130_731),
            range: Some(Span::new(1, 4_096)),
            search: "a&b=ü %".to_owned(),
            severity: Some(Severity::Damage),
            code: Some(Code::ZeroRun),
            choices: ["lnd.kv_ahead", "", "money", "v0.21.3", "sqlite"].map(str::to_owned),
            language: Some(Language::SimplifiedChinese),
        };
        assert_eq!(Address::parse(&address.write()), address);
        assert_eq!(Address::default().write(), "#");
    }

    #[test]
    fn nonsense_is_left_out() {
        for text in
            ["", "#", "#at=-1&range=5-1&view=x&code=y&%&=%%4&lang=", "at=99999999999999999999"]
        {
            assert_eq!(Address::parse(text), Address::default(), "{text}");
        }
        assert_eq!(Address::parse("#find=%zz%4").search, "%zz%4");
    }
}
