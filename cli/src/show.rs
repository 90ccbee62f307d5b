//! `fulgurite show`: one record or wound byte by byte, each field beside its bytes.

use std::io::Write;
use std::ops::ControlFlow;

use fulgurite_core::finding::{Finding, Value};
use fulgurite_core::gossip::check::Options;
use fulgurite_core::gossip::format::{Layout, Version};
use fulgurite_core::gossip::listing::{Detail, FieldRow, Piece, Privacy};
use fulgurite_core::gossip::report::VersionReport;
use fulgurite_core::gossip::scan::{RecordRef, Wound};
use fulgurite_core::report::Report;
use fulgurite_core::source::Source as _;
use fulgurite_core::words as engine_words;
use serde::Serialize;

use crate::args::{Show, Work};
use crate::exit::{Code, Trouble};
use crate::input::Input;
use crate::output::{DAMAGE, FAINT, Face, STRONG, left, right, severity, stdout};
use crate::progress::Progress;
use crate::records;
use crate::stages;
use crate::windows::{Windows, walk};
use crate::words;

/// Bytes of a field on one line.
const LINE: usize = 16;

/// Shows what stands at an offset.
pub(crate) fn run(arguments: &Show, face: Face, seed: u64) -> Result<Code, Trouble> {
    let input = Input::open(&arguments.file, arguments.reading.max_unpacked, face)?;
    input.must_be_store(face)?;
    let source = input.source();
    if arguments.offset >= source.len() {
        let text = words::beyond(face.language, arguments.offset, source.len());
        return Err(Trouble::Usage(text));
    }
    // What a wound is, and as which version records are read, only the whole file tells.
    let options = Options { seed, reveal: arguments.reveal, ..Options::default() };
    let report = stages::check(input.path(), source, options, &Work::READING)?;
    let mut out = stdout();
    if arguments.offset == 0 {
        version_byte(&mut out, &report, arguments, face)?;
    } else if let Some(found) = find(&input, arguments)? {
        let read_as = report.gossip.as_ref().map(|gossip| Version(gossip.version.read_as));
        let version = read_as.unwrap_or(found.version);
        let piece = found.what.piece();
        let detail = Detail::of(&piece, version, found.layout, &source, &found.privacy);
        let detail = detail.map_err(|error| Trouble::source(input.path(), &error))?;
        let findings = findings(&report, detail.offset, detail.offset + detail.len);
        if arguments.reading.json {
            records::json(&mut out, &Shown { detail: &detail, findings })?;
        } else {
            human(&mut out, &detail, &findings, face)?;
        }
    }
    out.flush()?;
    Ok(input.listed(source, face))
}

/// What covers an offset.
struct Found {
    version: Version,
    layout: Layout,
    what: What,
    privacy: Privacy,
}

enum What {
    Record(RecordRef),
    Wound(Wound),
}

impl What {
    fn piece(&self) -> Piece<'_> {
        match self {
            // The body is read again.
            What::Record(record) => Piece::Record(record, &[]),
            What::Wound(wound) => Piece::Wound(wound),
        }
    }
}

fn find(input: &Input, arguments: &Show) -> Result<Option<Found>, Trouble> {
    let source = input.source();
    let windows = Windows::new(input.path(), source, Progress::of(input.path(), source.len()));
    let mut privacy = Privacy::new(arguments.reveal);
    let mut found = None;
    walk(windows, |version, layout, piece| {
        privacy.learn(version, &piece);
        if piece.span().1 <= arguments.offset {
            return Ok(ControlFlow::Continue(()));
        }
        let what = match piece {
            Piece::Record(record, _) => What::Record(*record),
            Piece::Wound(wound) => What::Wound(wound.clone()),
        };
        found = Some((version, layout, what));
        Ok(ControlFlow::Break(()))
    })?;
    Ok(found.map(|(version, layout, what)| Found { version, layout, what, privacy }))
}

/// The findings that touch a span of less than the whole file.
fn findings(report: &Report, start: u64, end: u64) -> Vec<&Finding> {
    let whole = |finding: &Finding| {
        finding.place.record.is_none()
            && finding.place.span.start == 0
            && finding.place.span.end == report.input.size
    };
    let touches = |finding: &&Finding| {
        let span = finding.place.span;
        let inside = span.start < end && start < span.end;
        (inside || span.is_empty() && (start..end).contains(&span.start)) && !whole(finding)
    };
    report.findings.iter().filter(touches).collect()
}

/// The document of `show --json`.
#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    detail: &'a Detail,
    findings: Vec<&'a Finding>,
}

/// The document of `show --json` for the first byte.
#[derive(Serialize)]
struct ShownVersion<'a> {
    kind: &'static str,
    offset: u64,
    len: u64,
    version: Option<&'a VersionReport>,
    findings: Vec<&'a Finding>,
}

/// The first byte of the file is no record.
fn version_byte(
    out: &mut impl Write,
    report: &Report,
    arguments: &Show,
    face: Face,
) -> Result<(), Trouble> {
    let findings = findings(report, 0, 1);
    let version = report.gossip.as_ref().map(|gossip| &gossip.version);
    if arguments.reading.json {
        let document = ShownVersion { kind: "version", offset: 0, len: 1, version, findings };
        return records::json(out, &document);
    }
    if let Some(version) = version {
        let text = words::version(
            face.language,
            version.byte,
            version.read_as,
            &version.written_by,
            &version.read_by,
        );
        let label = words::VERSION.get(face.language);
        writeln!(out, "{STRONG}{label}{STRONG:#} {text}")?;
    }
    titles(out, &findings, face)
}

fn titles(out: &mut impl Write, findings: &[&Finding], face: Face) -> Result<(), Trouble> {
    for finding in findings {
        let (style, sign) = severity(finding.severity);
        let word = engine_words::severity(finding.severity).get(face.language);
        let title = engine_words::title(finding, face.language);
        writeln!(out, "{style}{sign} {word}{style:#} {title}")?;
    }
    Ok(())
}

fn human(
    out: &mut impl Write,
    detail: &Detail,
    findings: &[&Finding],
    face: Face,
) -> Result<(), Trouble> {
    let language = face.language;
    let wound = detail.kind == "wound";
    let span = words::span(language, detail.span(), &face.count(detail.len));
    let number = detail.number.map(|number| format!(" ({number})")).unwrap_or_default();
    let name = format!("{}{number}", detail.name);
    let line = words::shown_piece(language, wound, &span, &name);
    let style = if wound { DAMAGE } else { STRONG };
    writeln!(out, "{style}{line}{style:#}")?;
    titles(out, findings, face)?;
    if detail.redacted {
        let text = if wound { words::PERHAPS_REDACTED } else { words::REDACTED };
        writeln!(out, "{}", text.get(language))?;
        return Ok(());
    }
    if let Some(checksum) = &detail.checksum {
        let label = words::CHECKSUM.get(language);
        let text = words::checksum(language, &checksum.stored, &checksum.computed, checksum.seed);
        let (style, holds) =
            if checksum.holds { (FAINT, words::HOLDS) } else { (DAMAGE, words::BROKEN) };
        writeln!(
            out,
            "{label}{}{text}; {style}{}{style:#}",
            words::COLON.get(language),
            holds.get(language)
        )?;
    }
    let heads = [words::OFFSET, words::HEX, words::FIELD, words::VALUE];
    let [offset, hex, field, value] = heads.map(|head| head.get(language));
    writeln!(out)?;
    writeln!(
        out,
        "{FAINT}{}  {} {} {value}{FAINT:#}",
        right(offset, 11),
        left(hex, LINE * 3),
        left(field, 28),
    )?;
    for row in &detail.fields {
        rows(out, row)?;
    }
    if detail.not_shown > 0 {
        writeln!(out, "{} {}", right("", 11), words::not_shown(language, detail.not_shown))?;
    }
    Ok(())
}

/// A field: its bytes, a line for each sixteen, beside its name and value; bytes without a meaning
/// beside their characters. Of lines that repeat, the first and the last are shown.
fn rows(out: &mut impl Write, row: &FieldRow) -> Result<(), Trouble> {
    let digits = row.hex.as_bytes();
    let raw = matches!(row.name, "bytes" | "undecoded");
    let mut name = row.name;
    let mut value = row.value.as_ref().map(|value| text(row.name, value)).unwrap_or_default();
    let mut offset = row.offset;
    let mut rest = digits;
    let (mut before, mut skipping) = (None, false);
    loop {
        let (line, after) = rest.split_at(rest.len().min(2 * LINE));
        if raw && before == Some(line) && after.starts_with(line) {
            if !skipping {
                writeln!(out, "{}", right("*", 11))?;
            }
            skipping = true;
            offset += LINE as u64;
            rest = after;
            continue;
        }
        (before, skipping) = (Some(line), false);
        let (mut hex, mut characters) = (String::new(), String::new());
        for pair in line.chunks(2) {
            let pair = std::str::from_utf8(pair).unwrap_or_default();
            hex.push_str(pair);
            hex.push(' ');
            let byte = u8::from_str_radix(pair, 16).unwrap_or(0);
            let printable = byte.is_ascii_graphic() || byte == b' ';
            characters.push(if printable { char::from(byte) } else { '.' });
        }
        let value_here = if raw { characters } else { std::mem::take(&mut value) };
        let line = format!(
            "{}  {} {} {value_here}",
            right(&offset.to_string(), 11),
            left(&hex, LINE * 3),
            left(name, 28),
        );
        writeln!(out, "{}", line.trim_end())?;
        name = "";
        offset += LINE as u64;
        rest = after;
        if rest.is_empty() {
            return Ok(());
        }
    }
}

/// A field's value, already safe to print.
fn text(name: &str, value: &Value) -> String {
    match value {
        Value::Number(number) if name == "timestamp" && *number > 0 => {
            let date = u32::try_from(*number).map(crate::output::date).unwrap_or_default();
            format!("{number} ({date} UTC)")
        }
        Value::Number(number) => number.to_string(),
        Value::Text(text) => text.clone(),
        Value::Flag(flag) => flag.to_string(),
        Value::List(list) => list.iter().map(|value| text("", value)).collect::<Vec<_>>().join(" "),
        _ => String::new(),
    }
}
