//! The few statements of a dump that matter, token by token: `CREATE TABLE`, `COPY`, `INSERT`,
//! `SET standard_conforming_strings`, `SELECT setval(…)`. All others are passed over.

use alloc::string::String;
use alloc::vec::Vec;

use super::lex::Token;
use super::types::{self, Type};

/// A table's name as the dump has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Name {
    /// `public`, or nothing where the dump names none.
    pub(super) schema: String,
    pub(super) table: String,
}

impl Name {
    /// The last part is the table, the one before it the schema.
    fn of(mut parts: Vec<String>) -> Option<Name> {
        let table = parts.pop()?;
        Some(Name { schema: parts.pop().unwrap_or_default(), table })
    }

    /// The name in the text of `setval`: `public.channeldb_kv_id_seq`, `"public"."Odd ""x"""`.
    fn of_text(text: &[u8]) -> Option<Name> {
        let mut parts = Vec::new();
        let mut part = Vec::new();
        let mut quoted = false;
        let mut bytes = text.iter().copied().peekable();
        while let Some(byte) = bytes.next() {
            match byte {
                b'"' if quoted && bytes.peek() == Some(&b'"') => {
                    bytes.next();
                    part.push(b'"');
                }
                b'"' => quoted = !quoted,
                b'.' if !quoted => parts.push(string(&core::mem::take(&mut part))),
                _ => part.push(byte),
            }
        }
        parts.push(string(&part));
        Name::of(parts)
    }
}

/// What a token came to.
#[derive(Debug, PartialEq)]
pub(super) enum Event {
    /// Nothing yet.
    None,
    /// A table with its columns.
    Table(Name, Vec<(String, Type)>),
    /// From the next line on stand rows of that table, with those columns.
    Copy(Name, Vec<String>),
    /// The head of an `INSERT` is over.
    Insert(Name, Vec<String>),
    /// A row of an `INSERT` begins behind this token, a parenthesis.
    RowStart,
    /// It ends before this token.
    RowEnd,
    /// `standard_conforming_strings` is now so.
    Standard(bool),
    /// A sequence's last value, and whether it was handed out already.
    Sequence(Name, i64, bool),
    /// The statement is over.
    End,
}

#[derive(Debug, Default, PartialEq)]
enum State {
    #[default]
    Start,
    /// Words behind `CREATE` up to `TABLE`.
    Create(u8),
    /// A name: of what, its parts so far, and whether it may go on.
    Name(Of, Vec<String>, bool),
    Columns(Of, Name, Vec<String>),
    /// Behind `COPY t (…)`: options up to the end.
    CopyOptions(Name, Vec<String>, bool),
    /// Behind `INSERT INTO t (…)`.
    Values,
    /// Behind `VALUES`.
    Rows {
        depth: u32,
    },
    Table(Definition),
    Set(u8),
    Select(Vec<Argument>, bool),
    Skip,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    Table,
    Copy,
    Insert,
}

#[derive(Debug, PartialEq)]
enum Argument {
    Text(Vec<u8>),
    Word(String),
    Minus,
}

/// A `CREATE TABLE` under way.
#[derive(Debug, Default, PartialEq)]
struct Definition {
    name: Name,
    columns: Vec<(String, Type)>,
    depth: u32,
    /// 0: a column's name comes next. 1: its type. 2: the rest of it.
    part: u8,
}

/// More columns are not taken; the widest table of LND has some twenty.
const COLUMNS: usize = 400;

/// Reads statements.
#[derive(Debug, Default)]
pub(super) struct Statement {
    state: State,
}

impl Statement {
    /// Behind `VALUES` of an `INSERT`.
    pub(super) fn in_values() -> Statement {
        Statement { state: State::Rows { depth: 0 } }
    }

    /// Whether no statement is under way.
    pub(super) fn is_start(&self) -> bool {
        self.state == State::Start
    }

    /// Whether it is inside a row of an `INSERT`.
    pub(super) fn in_row(&self) -> bool {
        matches!(self.state, State::Rows { depth: 1.. })
    }

    /// Takes the next token with its text.
    pub(super) fn take(&mut self, token: Token, text: &[u8]) -> Event {
        if matches!(token, Token::Comment | Token::Command) {
            return Event::None;
        }
        if token == Token::Sign(b';') && !self.in_row() {
            return self.end();
        }
        let state = core::mem::take(&mut self.state);
        let (state, event) = step(state, token, text);
        self.state = state;
        event
    }

    fn end(&mut self) -> Event {
        match core::mem::take(&mut self.state) {
            State::CopyOptions(name, columns, true) => Event::Copy(name, columns),
            State::Select(arguments, _) => sequence(&arguments).unwrap_or(Event::End),
            _ => Event::End,
        }
    }
}

fn step(state: State, token: Token, text: &[u8]) -> (State, Event) {
    let word = if token == Token::Word { text } else { b"" };
    let state = match state {
        State::Start => match word {
            b"create" => State::Create(0),
            b"copy" => State::Name(Of::Copy, Vec::new(), true),
            b"insert" => State::Create(4),
            b"set" => State::Set(0),
            b"select" => State::Select(Vec::new(), false),
            _ => State::Skip,
        },
        // 0 to 3: words between CREATE and TABLE. 4: INTO.
        State::Create(4) if word == b"into" => State::Name(Of::Insert, Vec::new(), true),
        State::Create(seen @ 0..4) => match word {
            b"table" => State::Name(Of::Table, Vec::new(), true),
            b"unlogged" | b"foreign" | b"temporary" | b"temp" | b"global" | b"local" => {
                State::Create(seen + 1)
            }
            _ => State::Skip,
        },
        State::Name(of, parts, open) => return name(of, parts, open, token, text),
        State::Columns(of, name, mut columns) => match token {
            Token::Sign(b')') if of == Of::Copy => State::CopyOptions(name, columns, false),
            Token::Sign(b')') => return (State::Values, Event::Insert(name, columns)),
            Token::Word | Token::Name if columns.len() < COLUMNS => {
                columns.push(string(text));
                State::Columns(of, name, columns)
            }
            _ => State::Columns(of, name, columns),
        },
        State::CopyOptions(name, columns, stdin) => {
            State::CopyOptions(name, columns, stdin || word == b"stdin")
        }
        State::Values if word == b"values" => State::Rows { depth: 0 },
        State::Values => State::Values,
        State::Rows { depth } => match token {
            Token::Sign(b'(') if depth == 0 => return (State::Rows { depth: 1 }, Event::RowStart),
            Token::Sign(b'(') => State::Rows { depth: depth.saturating_add(1) },
            Token::Sign(b')') if depth == 1 => return (State::Rows { depth: 0 }, Event::RowEnd),
            Token::Sign(b')') => State::Rows { depth: depth.saturating_sub(1) },
            // ON CONFLICT DO NOTHING.
            Token::Word if depth == 0 => State::Skip,
            _ => State::Rows { depth },
        },
        State::Table(definition) => return define(definition, token, text),
        State::Set(0) if word == b"standard_conforming_strings" => State::Set(1),
        State::Set(1) if matches!(token, Token::Sign(_)) || word == b"to" => State::Set(1),
        State::Set(1) => return (State::Skip, Event::Standard(!matches!(text, b"off" | b"false"))),
        State::Select(mut arguments, called) => {
            let is_call = matches!(word, b"pg_catalog.setval" | b"setval");
            if called && arguments.len() < 8 {
                match token {
                    Token::Literal => arguments.push(Argument::Text(text.to_vec())),
                    Token::Word => arguments.push(Argument::Word(string(text))),
                    Token::Sign(b'-') => arguments.push(Argument::Minus),
                    _ => {}
                }
            }
            if called || is_call { State::Select(arguments, true) } else { State::Skip }
        }
        _ => State::Skip,
    };
    (state, Event::None)
}

/// A name goes on while dots join its parts.
fn name(
    of: Of,
    mut parts: Vec<String>,
    mut open: bool,
    token: Token,
    text: &[u8],
) -> (State, Event) {
    let skip = [&b"if"[..], b"not", b"exists", b"only"];
    match token {
        Token::Word if parts.is_empty() && skip.contains(&text) => {}
        Token::Word | Token::Name if parts.len() > 8 => return (State::Skip, Event::None),
        Token::Word if open || text.starts_with(b".") => {
            let text = text.strip_prefix(b".").unwrap_or(text);
            open = text.is_empty() || text.ends_with(b".");
            let text = text.strip_suffix(b".").unwrap_or(text);
            parts.extend(
                text.split(|byte| *byte == b'.').filter(|part| !part.is_empty()).map(string),
            );
        }
        Token::Name if open => {
            parts.push(string(text));
            open = false;
        }
        _ => {
            let Some(name) = Name::of(parts) else { return (State::Skip, Event::None) };
            return behind_name(of, name, token, text);
        }
    }
    (State::Name(of, parts, open), Event::None)
}

fn behind_name(of: Of, name: Name, token: Token, text: &[u8]) -> (State, Event) {
    let state = match (of, token) {
        (Of::Table, Token::Sign(b'(')) => {
            State::Table(Definition { name, depth: 1, ..Definition::default() })
        }
        (_, Token::Sign(b'(')) => State::Columns(of, name, Vec::new()),
        (Of::Copy, Token::Word) if text == b"from" => State::CopyOptions(name, Vec::new(), false),
        (Of::Insert, Token::Word) => {
            let next = if text == b"values" { State::Rows { depth: 0 } } else { State::Values };
            return (next, Event::Insert(name, Vec::new()));
        }
        _ => State::Skip,
    };
    (state, Event::None)
}

fn define(mut table: Definition, token: Token, text: &[u8]) -> (State, Event) {
    match token {
        Token::Sign(b'(') => table.depth = table.depth.saturating_add(1),
        Token::Sign(b')') => {
            table.depth = table.depth.saturating_sub(1);
            if table.depth == 0 {
                return (State::Skip, Event::Table(table.name, table.columns));
            }
        }
        Token::Sign(b',') if table.depth == 1 => table.part = 0,
        Token::Word | Token::Name if table.depth == 1 => {
            match table.part {
                0 if token == Token::Word && is_constraint(text) => table.part = 2,
                0 if table.columns.len() >= COLUMNS => table.part = 2,
                0 => {
                    table.columns.push((string(text), Type::Text));
                    table.part = 1;
                }
                // `pg_catalog.bytea` and `"pg_catalog"."bytea"` do not occur in what pg_dump writes.
                1 => {
                    if let Some((_, kind)) = table.columns.last_mut() {
                        *kind = types::by_name(&string(text));
                    }
                    table.part = 2;
                }
                _ => {}
            }
        }
        // An array.
        Token::Sign(b'[') if table.depth == 1 => {
            if let Some((_, kind)) = table.columns.last_mut() {
                *kind = Type::Text;
            }
        }
        _ => {}
    }
    (State::Table(table), Event::None)
}

fn is_constraint(word: &[u8]) -> bool {
    matches!(
        word,
        b"constraint" | b"primary" | b"unique" | b"check" | b"foreign" | b"exclude" | b"like"
    )
}

/// `setval('name', 12, true)`.
fn sequence(arguments: &[Argument]) -> Option<Event> {
    let (name, rest) = match arguments {
        [Argument::Text(name), rest @ ..] => (Name::of_text(name)?, rest),
        _ => return None,
    };
    let (minus, rest) = match rest {
        [Argument::Minus, rest @ ..] => (true, rest),
        rest => (false, rest),
    };
    let [Argument::Word(number), rest @ ..] = rest else { return None };
    let number: i64 =
        if minus { alloc::format!("-{number}").parse().ok()? } else { number.parse().ok()? };
    let called =
        !matches!(rest.first(), Some(Argument::Word(word)) if word == "false" || word == "f");
    Some(Event::Sequence(name, number, called))
}

fn string(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::super::lex::Lexer;
    use super::*;
    use alloc::borrow::ToOwned;
    use alloc::vec;

    fn events(text: &str) -> Vec<Event> {
        let (mut lexer, mut statement) = (Lexer::new(0, true), Statement::default());
        let mut found = Vec::new();
        let bytes = text.as_bytes();
        while let Some(token) = lexer.next(&bytes[usize::try_from(lexer.at).unwrap()..]) {
            let event = statement.take(token, lexer.text());
            if event != Event::None {
                found.push(event);
            }
        }
        found
    }

    fn name(schema: &str, table: &str) -> Name {
        Name { schema: schema.to_owned(), table: table.to_owned() }
    }

    #[test]
    fn a_table_has_its_columns_and_their_types() {
        let text = "CREATE TABLE public.\"Odd \"\"Name\"\" (x)\" (\n \"select\" \"text\", a bytea NOT NULL,\n \
            c numeric(40,5) DEFAULT 'x,(', d character varying(80), e bytea[],\n CONSTRAINT x CHECK ((a, b)),\n \
            PRIMARY KEY (a), id bigint GENERATED ALWAYS AS ((1 + 1)) STORED\n);\n";
        let columns = [
            ("select", Type::Text),
            ("a", Type::Bytes),
            ("c", Type::Real),
            ("d", Type::Text),
            ("e", Type::Text),
            ("id", Type::Integer),
        ];
        let columns = columns.map(|(name, kind)| (name.to_owned(), kind)).to_vec();
        let table = name("public", "Odd \"Name\" (x)");
        assert_eq!(events(text), [Event::Table(table, columns), Event::End]);
    }

    #[test]
    fn rows_and_their_heads() {
        let kv = || name("public", "channeldb_kv");
        let columns = || vec!["key".to_owned(), "a,b".to_owned()];
        for head in ["public.channeldb_kv", "\"public\".\"channeldb_kv\"", "public . channeldb_kv"]
        {
            let copy = alloc::format!("COPY {head} (key, \"a,b\") FROM stdin;");
            assert_eq!(events(&copy), [Event::Copy(kv(), columns())], "{head}");
            let insert =
                alloc::format!("INSERT INTO {head} (key, \"a,b\") VALUES (1, 'a);'), ((2), 3);");
            let rows = [Event::RowStart, Event::RowEnd, Event::RowStart, Event::RowEnd, Event::End];
            let mut expected = vec![Event::Insert(kv(), columns())];
            expected.extend(rows);
            assert_eq!(events(&insert), expected, "{head}");
        }
        let plain = events(
            "INSERT INTO a.b.c OVERRIDING SYSTEM VALUE VALUES (1) ON CONFLICT (x) DO NOTHING;",
        );
        let expected =
            [Event::Insert(name("b", "c"), vec![]), Event::RowStart, Event::RowEnd, Event::End];
        assert_eq!(plain, expected);
    }

    #[test]
    fn settings_and_sequences() {
        let text = "SET standard_conforming_strings = off; SET standard_conforming_strings TO 'on';\
            SELECT pg_catalog.setval('public.invoices_id_seq', 12, true);\
            SELECT pg_catalog.setval('\"a.b\".\"c\"\"d\"', -1, false); SELECT 1; SET x = y;";
        let expected = [
            Event::Standard(false),
            Event::End,
            Event::Standard(true),
            Event::End,
            Event::Sequence(name("public", "invoices_id_seq"), 12, true),
            Event::Sequence(name("a.b", "c\"d"), -1, false),
            Event::End,
            Event::End,
        ];
        assert_eq!(events(text), expected);
    }
}
