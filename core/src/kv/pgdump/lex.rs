//! The words of a dump's SQL: names, numbers, quoted things; fed by pieces of any length.
//!
//! Only as much of a token is kept as a name may be long, so that a quote without an end costs no
//! memory.

use alloc::vec::Vec;

/// So many bytes of a token are kept; Postgres cuts names at 63.
const KEPT: usize = 256;

/// What was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A bare word in lower case, or a number: its text is in [`Lexer::text`].
    Word,
    /// A name in double quotes.
    Name,
    /// A literal in single quotes or between dollar signs.
    Literal,
    /// Any other character.
    Sign(u8),
    /// A line of a comment.
    Comment,
    /// A line with a command for `psql`, such as `\connect`.
    Command,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Between,
    Word,
    Name,
    /// Behind a quote inside a name: it ends there unless another follows.
    NameQuote,
    Literal {
        escapes: bool,
    },
    LiteralEscape,
    LiteralQuote {
        escapes: bool,
    },
    Dash,
    Line,
    Slash,
    Block {
        depth: u32,
        last: u8,
    },
    Tag,
    Dollar {
        matched: usize,
    },
    Command,
}

/// Reads tokens from bytes that come piece by piece.
#[derive(Debug)]
pub(super) struct Lexer {
    state: State,
    /// The text of the token that was read last, as much as is kept.
    text: Vec<u8>,
    /// Where that token begins in the file.
    pub(super) start: u64,
    /// Where the lexer stands in the file.
    pub(super) at: u64,
    /// `standard_conforming_strings`: a backslash in a plain literal is one.
    pub(super) standard: bool,
    line_start: bool,
}

impl Lexer {
    pub(super) fn new(at: u64, standard: bool) -> Lexer {
        Lexer { state: State::Between, text: Vec::new(), start: at, at, standard, line_start: true }
    }

    pub(super) fn text(&self) -> &[u8] {
        &self.text
    }

    /// Whether it stands inside something that must have an end.
    pub(super) fn is_open(&self) -> bool {
        matches!(
            self.state,
            State::Name
                | State::Literal { .. }
                | State::LiteralEscape
                | State::Block { .. }
                | State::Dollar { .. }
        )
    }

    /// The token that the end of the file ends, if any.
    pub(super) fn finish(&mut self) -> Option<Token> {
        let state = core::mem::replace(&mut self.state, State::Between);
        match state {
            State::Word => Some(Token::Word),
            State::NameQuote => Some(Token::Name),
            State::LiteralQuote { .. } => Some(Token::Literal),
            State::Line => Some(Token::Comment),
            State::Command => Some(Token::Command),
            _ => {
                self.state = state;
                None
            }
        }
    }

    fn keep(&mut self, byte: u8) {
        if self.text.len() < KEPT {
            self.text.push(byte);
        }
    }

    /// Reads on in `bytes`, which begin at [`Lexer::at`], up to the end of the next token; moves
    /// `at` on by what was used.
    pub(super) fn next(&mut self, bytes: &[u8]) -> Option<Token> {
        let mut used = 0;
        let mut token = None;
        while let Some(byte) = bytes.get(used) {
            let here = self.at + used as u64;
            match self.step(*byte, here) {
                Step::Go => used += 1,
                Step::Again => {}
                Step::Ends(found) => {
                    used += 1;
                    token = Some(found);
                    break;
                }
                Step::EndsBefore(found) => {
                    token = Some(found);
                    break;
                }
            }
            used += self.stride(bytes.get(used..).unwrap_or_default());
        }
        self.at += used as u64;
        token
    }

    /// How many of the next bytes change nothing: the long runs inside literals.
    fn stride(&mut self, bytes: &[u8]) -> usize {
        let State::Literal { escapes } = self.state else { return 0 };
        if self.text.len() < KEPT {
            return 0;
        }
        let special = |byte: &u8| *byte == b'\'' || (escapes && *byte == b'\\');
        bytes.iter().position(special).unwrap_or(bytes.len())
    }

    fn step(&mut self, byte: u8, here: u64) -> Step {
        match self.state {
            State::Between => return self.begin(byte, here),
            State::Word => {
                if is_word(byte) {
                    self.keep(byte.to_ascii_lowercase());
                } else if byte == b'\'' && self.text == b"e" {
                    self.text.clear();
                    self.state = State::Literal { escapes: true };
                } else {
                    self.state = State::Between;
                    return Step::EndsBefore(Token::Word);
                }
            }
            State::Name => match byte {
                b'"' => self.state = State::NameQuote,
                _ => self.keep(byte),
            },
            State::NameQuote => {
                if byte != b'"' {
                    self.state = State::Between;
                    return Step::EndsBefore(Token::Name);
                }
                self.keep(byte);
                self.state = State::Name;
            }
            State::Literal { escapes } => match byte {
                b'\'' => self.state = State::LiteralQuote { escapes },
                b'\\' if escapes => self.state = State::LiteralEscape,
                _ => self.keep(byte),
            },
            State::LiteralEscape => {
                self.keep(byte);
                self.state = State::Literal { escapes: true };
            }
            State::LiteralQuote { escapes } => {
                if byte != b'\'' {
                    self.state = State::Between;
                    return Step::EndsBefore(Token::Literal);
                }
                self.keep(byte);
                self.state = State::Literal { escapes };
            }
            State::Dash => {
                if byte != b'-' {
                    self.state = State::Between;
                    return Step::EndsBefore(Token::Sign(b'-'));
                }
                self.text.clear();
                self.state = State::Line;
            }
            State::Line | State::Command => {
                if byte == b'\n' {
                    let line = self.state == State::Line;
                    self.state = State::Between;
                    self.line_start = true;
                    return Step::Ends(if line { Token::Comment } else { Token::Command });
                }
                if byte != b'\r' {
                    self.keep(byte);
                }
            }
            State::Slash => {
                if byte != b'*' {
                    self.state = State::Between;
                    return Step::EndsBefore(Token::Sign(b'/'));
                }
                self.state = State::Block { depth: 1, last: 0 };
            }
            State::Block { depth, last } => {
                self.state = match (last, byte) {
                    (b'/', b'*') => State::Block { depth: depth.saturating_add(1), last: 0 },
                    (b'*', b'/') if depth == 1 => State::Between,
                    (b'*', b'/') => State::Block { depth: depth - 1, last: 0 },
                    _ => State::Block { depth, last: byte },
                };
            }
            State::Tag => {
                if byte == b'$' {
                    self.keep(byte);
                    self.state = State::Dollar { matched: 0 };
                } else if is_word(byte) && self.text.len() < 80 {
                    self.keep(byte);
                } else {
                    self.state = State::Between;
                    return Step::Again;
                }
            }
            State::Dollar { matched } => {
                // A tag has dollar signs only at its ends.
                let matched = match byte {
                    _ if self.text.get(matched) == Some(&byte) => matched + 1,
                    b'$' => 1,
                    _ => 0,
                };
                if matched == self.text.len() {
                    self.state = State::Between;
                    return Step::Ends(Token::Literal);
                }
                self.state = State::Dollar { matched };
            }
        }
        Step::Go
    }

    fn begin(&mut self, byte: u8, here: u64) -> Step {
        let line_start = core::mem::replace(&mut self.line_start, byte == b'\n');
        if byte.is_ascii_whitespace() {
            return Step::Go;
        }
        self.start = here;
        self.text.clear();
        self.state = match byte {
            b'\'' => State::Literal { escapes: !self.standard },
            b'"' => State::Name,
            b'-' => State::Dash,
            b'/' => State::Slash,
            b'$' => {
                self.keep(byte);
                State::Tag
            }
            b'\\' if line_start => State::Command,
            _ if is_word(byte) => {
                self.keep(byte.to_ascii_lowercase());
                State::Word
            }
            _ => return Step::Ends(Token::Sign(byte)),
        };
        Step::Go
    }
}

enum Step {
    Go,
    /// The same byte once more, in another state.
    Again,
    Ends(Token),
    /// The token ended before this byte, which is looked at again.
    EndsBefore(Token),
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.' || byte >= 0x80
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::{String, ToString};

    /// The tokens of a text that comes in pieces of that many bytes.
    fn tokens(text: &str, piece: usize, standard: bool) -> Vec<(Token, String)> {
        let mut lexer = Lexer::new(0, standard);
        let mut found = Vec::new();
        let text_of = |lexer: &Lexer| String::from_utf8_lossy(lexer.text()).to_string();
        for bytes in text.as_bytes().chunks(piece) {
            let end = lexer.at + bytes.len() as u64;
            while lexer.at < end {
                let rest = &bytes[bytes.len() - usize::try_from(end - lexer.at).unwrap()..];
                if let Some(token) = lexer.next(rest) {
                    found.push((token, text_of(&lexer)));
                }
            }
        }
        if let Some(token) = lexer.finish() {
            found.push((token, text_of(&lexer)));
        }
        found
    }

    #[test]
    fn whatever_the_pieces_the_tokens_are_the_same() {
        let text = "-- one\nCOPY public.\"a\"\"b\" (X) /* a /* b */ ; */ 'it''s;' E'\\'' $q$ ; $$ $q$ -5 $1 / ;\n\\connect x\nselect";
        let expected = [
            (Token::Comment, " one"),
            (Token::Word, "copy"),
            (Token::Word, "public."),
            (Token::Name, "a\"b"),
            (Token::Sign(b'('), ""),
            (Token::Word, "x"),
            (Token::Sign(b')'), ""),
            (Token::Literal, "it's;"),
            (Token::Literal, "'"),
            (Token::Literal, "$q$"),
            (Token::Sign(b'-'), ""),
            (Token::Word, "5"),
            (Token::Sign(b'/'), ""),
            (Token::Sign(b';'), ""),
            (Token::Command, "connect x"),
            (Token::Word, "select"),
        ];
        for piece in 1..=text.len() {
            let found = tokens(text, piece, true);
            let found: Vec<_> = found.iter().map(|(token, text)| (*token, text.as_str())).collect();
            assert_eq!(found, expected, "{piece}");
        }
    }

    #[test]
    fn backslashes_in_plain_literals_follow_the_setting() {
        assert_eq!(tokens(r"'a\' b", 1, true).len(), 2);
        assert_eq!(tokens(r"'a\' b'", 1, false), [(Token::Literal, "a' b".to_string())]);
    }
}
