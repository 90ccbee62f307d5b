//! `fulgurite records`: records and wounds in the order of the file, filtered, in constant memory.

use std::io::{IsTerminal as _, Write};
use std::ops::ControlFlow;

use fulgurite_core::finding::Value;
use fulgurite_core::gossip::format::Version;
use fulgurite_core::gossip::listing::{Piece, Privacy, RecordRow, State, WoundRow};
use fulgurite_core::source::Source as _;

use crate::args::Records;
use crate::exit::{Code, Trouble};
use crate::input::Input;
use crate::output::{DAMAGE, FAINT, Face, date, left, right, short, stdout};
use crate::progress::Progress;
use crate::windows::{Windows, walk};
use crate::words;

/// Lists the records of one file.
pub(crate) fn run(arguments: &Records, face: Face) -> Result<Code, Trouble> {
    let input = Input::open(&arguments.file, arguments.reading.max_unpacked, face)?;
    input.must_be_store(face)?;
    let mut out = stdout();
    if !arguments.reading.json {
        header(&mut out, face)?;
    }
    let source = input.source();
    // Rows and a bar on one terminal would be torn apart.
    let progress = if std::io::stdout().is_terminal() {
        Progress::off()
    } else {
        Progress::of(input.path(), source.len())
    };
    let windows = Windows::new(input.path(), source, progress);
    let mut privacy = Privacy::new(arguments.reveal);
    let mut left = arguments.limit.unwrap_or(u64::MAX);
    // Whether a record was seen, and a wound.
    let mut seen = (false, false);
    let read = walk(windows, |version, _, piece| {
        let (start, _) = piece.span();
        if left == 0 || arguments.to.is_some_and(|to| start >= to) {
            return Ok(ControlFlow::Break(()));
        }
        match &piece {
            Piece::Record(..) => seen.0 = true,
            Piece::Wound(_) => seen.1 = true,
        }
        privacy.learn(version, &piece);
        if start >= arguments.from && row(&mut out, arguments, version, &piece, &privacy, face)? {
            left -= 1;
        }
        Ok(ControlFlow::Continue(()))
    })?;
    out.flush()?;
    if seen == (false, true) {
        return Err(Trouble::with(input.path(), words::NO_RECORD.get(face.language)));
    }
    Ok(input.listed(read, face))
}

/// Writes the row of a piece if it passes the filters; whether it did.
fn row(
    out: &mut impl Write,
    arguments: &Records,
    version: Version,
    piece: &Piece<'_>,
    privacy: &Privacy,
    face: Face,
) -> Result<bool, Trouble> {
    match piece {
        Piece::Record(record, body) => {
            let row = RecordRow::new(version, record, body, privacy);
            if !passes(arguments, &row) {
                return Ok(false);
            }
            if arguments.reading.json {
                json(out, &row)?;
            } else {
                human(out, &row, face)?;
            }
        }
        Piece::Wound(wound) => {
            let row = WoundRow::new(wound);
            let record_type = row.record_type().map(|record_type| record_type.0);
            let passes = any(&arguments.types, |wanted| Some(*wanted) == record_type)
                && any(&arguments.states, |wanted| *wanted == State::Wounded)
                && arguments.scids.is_empty()
                && arguments.nodes.is_empty();
            if !passes {
                return Ok(false);
            }
            if arguments.reading.json {
                json(out, &row)?;
            } else {
                let (start, end) = piece.span();
                wounded(out, row, (start, end - start), face)?;
            }
        }
    }
    Ok(true)
}

fn passes(arguments: &Records, row: &RecordRow<'_>) -> bool {
    let record_type = row.record_type.map(|record_type| record_type.0);
    any(&arguments.types, |wanted| Some(*wanted) == record_type)
        && any(&arguments.states, |wanted| row.is(*wanted))
        && any(&arguments.scids, |wanted| row.scid() == Some(*wanted))
        && any(&arguments.nodes, |wanted| row.nodes().any(|id| begins(id, wanted)))
}

/// No filter, or one of them holds.
fn any<T>(filters: &[T], holds: impl FnMut(&T) -> bool) -> bool {
    filters.is_empty() || filters.iter().any(holds)
}

/// Whether the key in hexadecimal begins with these digits.
fn begins(id: &[u8; 33], digits: &str) -> bool {
    let of = |digit: u8| char::from_digit(digit.into(), 16);
    let key = id.iter().flat_map(|byte| [of(byte >> 4), of(byte & 15)]).flatten();
    key.zip(digits.chars()).all(|(digit, wanted)| digit == wanted)
}

/// One row as a line of JSON.
pub(crate) fn json(out: &mut impl Write, row: &impl serde::Serialize) -> Result<(), Trouble> {
    let line = serde_json::to_string(row).map_err(|error| Trouble::Failed(error.to_string()))?;
    writeln!(out, "{line}")?;
    Ok(())
}

fn header(out: &mut impl Write, face: Face) -> Result<(), Trouble> {
    let heads = [words::OFFSET, words::LENGTH, words::TYPE, words::TIME, words::FLAGS, words::SAYS];
    let [offset, length, name, time, flags, says] = heads.map(|head| head.get(face.language));
    writeln!(
        out,
        "{FAINT}{} {} {} {} {} {says}{FAINT:#}",
        right(offset, 11),
        right(length, 6),
        left(name, 24),
        left(time, 19),
        left(flags, 20),
    )?;
    Ok(())
}

fn human(out: &mut impl Write, row: &RecordRow<'_>, face: Face) -> Result<(), Trouble> {
    let name = match row.record_type {
        Some(record_type) if !record_type.is_known() => format!("unknown ({})", record_type.0),
        _ => row.name().to_owned(),
    };
    let flags = row.flag_names().collect::<Vec<_>>().join(" ");
    // States that the flags do not show.
    let untold = [State::Uncompleted, State::Resynchronised, State::Malformed];
    let states = row.states().filter(|state| untold.contains(state)).map(State::name);
    let facts = row.facts();
    let facts = facts.iter().filter_map(|(name, value)| fact(name, value));
    let hidden = row.redacted.then(|| words::REDACTED.get(face.language).to_owned());
    let says: Vec<String> = states.map(str::to_owned).chain(facts).chain(hidden).collect();
    write!(
        out,
        "{} {} {} {} {} ",
        right(&row.offset.to_string(), 11),
        right(&row.len.to_string(), 6),
        left(&name, 24),
        left(&row.timestamp().map(date).unwrap_or_default(), 19),
        left(&flags, 20),
    )?;
    writeln!(out, "{}", says.join(" "))?;
    Ok(())
}

/// One value in a row: ids as they are, the others behind their name.
fn fact(name: &str, value: &Value) -> Option<String> {
    Some(match (name, value) {
        ("disabled", Value::Flag(false)) => return None,
        (name, Value::Flag(_)) => name.to_owned(),
        ("scid" | "alias", Value::Text(text)) => text.clone(),
        ("node_id" | "node_id_1" | "node_id_2", Value::Text(text)) => short(text),
        (name, Value::Text(text)) => format!("{name}={text}"),
        (name, Value::Number(number)) => format!("{name}={number}"),
        _ => return None,
    })
}

fn wounded(
    out: &mut impl Write,
    row: WoundRow<'_>,
    (offset, len): (u64, u64),
    face: Face,
) -> Result<(), Trouble> {
    let language = face.language;
    let facts = row.facts();
    let mut says = Vec::new();
    if let Some(record_type) = row.record_type() {
        says.push(record_type.name().to_owned());
    }
    if facts.get("framed") == Some(&Value::Flag(true)) {
        says.push(words::ONE_RECORD.get(language).to_owned());
    }
    if let Some(Value::Group(zeros)) = facts.get("zeros") {
        let number = |name| zeros.number(name).unwrap_or(0);
        says.push(words::zeros(language, number("start"), number("len")));
    }
    if facts.get("at_end") == Some(&Value::Flag(true)) {
        says.push(words::CUT_OFF.get(language).to_owned());
    }
    writeln!(
        out,
        "{DAMAGE}{} {} {}{DAMAGE:#} {}",
        right(&offset.to_string(), 11),
        right(&len.to_string(), 6),
        left(&format!("✗ {}", words::WOUND.get(language)), 24),
        says.join(" · "),
    )?;
    Ok(())
}
