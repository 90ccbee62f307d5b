//! The words of an SQL statement, as far as CREATE TABLE and CREATE INDEX need them.

use alloc::borrow::Cow;
use alloc::string::String;

/// One word.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token<'a> {
    /// A bare word: keyword or name.
    Word(&'a str),
    /// A name in `"…"`, backquotes or `[…]`.
    Name(Cow<'a, str>),
    /// Text in `'…'`.
    Text(Cow<'a, str>),
    /// A blob's hexadecimal digits.
    Blob(&'a str),
    /// A number.
    Number(&'a str),
    /// Any other character.
    Sign(char),
}

impl Token<'_> {
    /// Whether it is that keyword, bare.
    pub(super) fn is(&self, keyword: &str) -> bool {
        matches!(self, Token::Word(word) if word.eq_ignore_ascii_case(keyword))
    }

    /// It as a name; SQLite takes text in single quotes for one as well.
    pub(super) fn name(&self) -> Option<&str> {
        match self {
            Token::Word(word) => Some(word),
            Token::Name(name) | Token::Text(name) => Some(name),
            _ => None,
        }
    }
}

/// The words of a statement; comments and space are left out.
pub(super) struct Tokens<'a>(pub(super) &'a str);

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            self.0 = self.0.trim_start();
            if self.0.starts_with("--") {
                self.0 = self.0.split_once('\n').map_or("", |(_, rest)| rest);
            } else if let Some(rest) = self.0.strip_prefix("/*") {
                self.0 = rest.split_once("*/").map_or("", |(_, rest)| rest);
            } else {
                break;
            }
        }
        let first = self.0.chars().next()?;
        match first {
            '"' | '`' => Some(Token::Name(self.quoted(first))),
            '\'' => Some(Token::Text(self.quoted(first))),
            '[' => {
                let inner = self.0.get(1..).unwrap_or("");
                let (name, rest) = inner.split_once(']').unwrap_or((inner, ""));
                self.0 = rest;
                Some(Token::Name(Cow::Borrowed(name)))
            }
            'x' | 'X' if self.0.get(1..).is_some_and(|rest| rest.starts_with('\'')) => {
                let inner = self.0.get(2..).unwrap_or("");
                let (digits, rest) = inner.split_once('\'').unwrap_or((inner, ""));
                self.0 = rest;
                Some(Token::Blob(digits))
            }
            '0'..='9' => Some(Token::Number(self.number())),
            '.' if self
                .0
                .get(1..)
                .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) =>
            {
                Some(Token::Number(self.number()))
            }
            _ if is_word(first) => Some(Token::Word(self.take(is_word))),
            _ => {
                self.0 = self.0.get(first.len_utf8()..).unwrap_or("");
                Some(Token::Sign(first))
            }
        }
    }
}

impl<'a> Tokens<'a> {
    fn take(&mut self, keep: impl Fn(char) -> bool) -> &'a str {
        let end = self.0.find(|c| !keep(c)).unwrap_or(self.0.len());
        let (taken, rest) = self.0.split_at_checked(end).unwrap_or((self.0, ""));
        self.0 = rest;
        taken
    }

    fn number(&mut self) -> &'a str {
        let bytes = self.0.as_bytes();
        let mut end = 0;
        while let Some(byte) = bytes.get(end) {
            let signed = matches!(byte, b'+' | b'-')
                && end > 0
                && matches!(bytes.get(end - 1), Some(b'e' | b'E'))
                && !self.0.starts_with("0x");
            if !(byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_') || signed) {
                break;
            }
            end += 1;
        }
        let (taken, rest) = self.0.split_at_checked(end).unwrap_or((self.0, ""));
        self.0 = rest;
        taken
    }

    /// What stands between two such quotes; two in a row stand for one.
    fn quoted(&mut self, quote: char) -> Cow<'a, str> {
        let inner = self.0.get(1..).unwrap_or("");
        let mut end = 0;
        let mut doubled = false;
        loop {
            let rest = inner.get(end..).unwrap_or("");
            let Some(at) = rest.find(quote) else {
                end = inner.len();
                self.0 = "";
                break;
            };
            end += at;
            let after = inner.get(end + 1..).unwrap_or("");
            if after.starts_with(quote) {
                doubled = true;
                end += 2;
            } else {
                self.0 = after;
                break;
            }
        }
        let text = inner.get(..end).unwrap_or("");
        if doubled {
            let mut twice = String::from(quote);
            twice.push(quote);
            Cow::Owned(text.replace(twice.as_str(), twice.get(..1).unwrap_or("")))
        } else {
            Cow::Borrowed(text)
        }
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$') || !c.is_ascii()
}
