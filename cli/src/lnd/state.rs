//! `fulgurite lnd state`: where the stores are, what each configuration would do, the way forward.

use std::io::{self, Write};

use fulgurite_core::finding::{Confidence, Place, Severity, Values};
use fulgurite_core::lnd::migration::board::{Row, When};
use fulgurite_core::lnd::migration::releases::{RELEASES, Release};
use fulgurite_core::lnd::migration::{Decision, Outcome, State, Store};
use fulgurite_core::lnd::report::LndReport;
use fulgurite_core::report::Report;
use fulgurite_core::words::{self as engine_words, migration as told};
use unicode_width::UnicodeWidthStr as _;

use crate::args::StateOf;
use crate::check::human;
use crate::exit::{Code, Trouble, shown};
use crate::output::{FAINT, Face, STRONG, columns, fine, left, paragraph, severity, stdout};
use crate::words::{self as common, lnd as words};

use super::files::Set;

/// One state board for each set of files.
pub(super) fn run(arguments: &StateOf, face: Face) -> Result<Code, Trouble> {
    let sets = super::sets(&arguments.files, &arguments.reading, face)?;
    let mut out = stdout();
    let mut highest = Code::Fine;
    for (index, set) in sets.iter().enumerate() {
        let report = super::check(set, arguments.reveal, arguments.asked())?;
        highest = highest.max(Code::of(&report));
        if arguments.reading.json {
            let line = report.to_json().map_err(|error| Trouble::Failed(error.to_string()))?;
            writeln!(out, "{line}")?;
        } else {
            print(&mut out, index, set, &report, face)?;
        }
        out.flush()?;
    }
    Ok(highest)
}

fn print(
    out: &mut impl Write,
    index: usize,
    set: &Set,
    report: &Report,
    face: Face,
) -> Result<(), Trouble> {
    let heads = set.heads(face);
    let page = human::Page::new(report, &heads, false, face);
    page.heads(out, index)?;
    page.verdict(out)?;
    let Some(lnd) = &report.lnd else {
        page.steps(out)?;
        page.findings(out)?;
        return Ok(());
    };
    place(out, &lnd.state, face)?;
    evidence(out, &lnd.state, face)?;
    board(out, lnd, face)?;
    section(out, words::WAY, face)?;
    for (number, step) in (1..).zip(&lnd.way) {
        let text = engine_words::step(*step).get(face.language);
        paragraph(out, &format!("{number:>3}. "), text, columns())?;
    }
    counts(out, lnd, &heads, face)?;
    // All that bears on the migration stands in the board; damage does not.
    page.findings(out)?;
    Ok(())
}

/// Where the stores are, in a sentence, and what holds besides.
pub(crate) fn place(out: &mut impl Write, state: &State, face: Face) -> io::Result<()> {
    let language = face.language;
    section(out, words::WHERE, face)?;
    let number = state.kind.number().map_or_else(String::new, |number| format!("{number}  "));
    let text = told::state(state.kind).get(language);
    let sure = match state.confidence {
        Confidence::Certain => String::new(),
        other => words::sure(language, engine_words::confidence(other).get(language)),
    };
    paragraph(out, &format!("  {number}"), &format!("{text}{sure}"), columns())?;
    for remark in &state.remarks {
        let number = remark.number().map_or_else(String::new, |number| format!("{number}  "));
        let besides = words::BESIDES.get(language);
        let first = format!("  {besides} {number}");
        paragraph(out, &first, told::state(*remark).get(language), columns())?;
    }
    Ok(())
}

fn evidence(out: &mut impl Write, state: &State, face: Face) -> io::Result<()> {
    if state.evidence.is_empty() {
        return Ok(());
    }
    section(out, words::FOLLOWS_FROM, face)?;
    table(out, &figures(&state.evidence, face))
}

/// Each decision once, with the configurations in which it is taken.
fn board(out: &mut impl Write, lnd: &LndReport, face: Face) -> io::Result<()> {
    section(out, words::BOARD, face)?;
    for row in &lnd.board.rows {
        decision(out, row, face)?;
    }
    Ok(())
}

fn decision(out: &mut impl Write, row: &Row, face: Face) -> io::Result<()> {
    let language = face.language;
    let decision = &row.decision;
    let (style, sign, word) = sign(decision);
    for (index, when) in row.when.iter().enumerate() {
        let when = configuration(when, face);
        if index == 0 {
            let word = word.get(language);
            writeln!(out, " {style}{sign} {word}{style:#} {STRONG}{when}{STRONG:#}")?;
        } else {
            writeln!(out, "   {STRONG}{when}{STRONG:#}")?;
        }
    }
    let text = told::decision(&quoted(decision), language);
    let unsure = match decision.confidence {
        Confidence::Certain => "",
        _ => words::NOT_CERTAIN.get(language),
    };
    paragraph(out, "     ", &format!("{unsure}{text}"), columns())?;
    if let Outcome::Refuses { log: Some(log), .. } = &decision.outcome {
        let line = format!("{}“{log}”", words::LOGGED.get(language));
        paragraph(out, "     ", &line, columns())?;
    }
    let (damage, warning) = (severity(Severity::Damage), severity(Severity::Warning));
    let loses = decision.loses.iter().map(|lost| (damage, told::lost(lost, language)));
    let marks = decision.marks.iter().map(|mark| (warning, told::left(mark, language)));
    let cautions = decision.warnings.iter();
    let cautions = cautions.map(|one| (warning, told::caution(*one).get(language).to_owned()));
    for ((_, sign), text) in loses.chain(marks).chain(cautions) {
        paragraph(out, &format!("     {sign} "), &text, columns())?;
    }
    Ok(())
}

/// The sign and the word of a decision.
fn sign(decision: &Decision) -> (anstyle::Style, &'static str, engine_words::Text) {
    match &decision.outcome {
        Outcome::Proceeds { .. } | Outcome::Migrates { .. } => {
            let word = match &decision.outcome {
                Outcome::Migrates { .. } => words::MIGRATES,
                _ => words::RUNS,
            };
            let loses = !decision.loses.is_empty();
            let warns = !decision.warnings.is_empty();
            let (style, sign) = match (loses, warns) {
                (true, _) => severity(Severity::Damage),
                (false, true) => severity(Severity::Warning),
                (false, false) => fine(),
            };
            (style, sign, word)
        }
        Outcome::Refuses { .. } | Outcome::Breaks { .. } => {
            let (style, sign) = severity(Severity::Damage);
            (style, sign, words::STOPS)
        }
        Outcome::Unknown { .. } => {
            let (style, sign) = severity(Severity::Info);
            (style, sign, words::UNKNOWN)
        }
    }
}

/// The same with LND's own words in quotation marks.
fn quoted(decision: &Decision) -> Decision {
    let mut quoted = decision.clone();
    if let Outcome::Refuses { error, .. } | Outcome::Breaks { error, .. } = &mut quoted.outcome {
        *error = format!("“{error}”");
    }
    quoted
}

/// `v0.19.0 … v0.22 · sqlite · use-native-sql on · skip-native-sql-migration off`
fn configuration(when: &When, face: Face) -> String {
    let language = face.language;
    let mut parts = vec![releases(when), when.backend.name().to_owned()];
    parts.push(words::switch(language, "use-native-sql", when.native));
    if let Some(skip) = when.skip {
        parts.push(words::switch(language, "skip-native-sql-migration", skip));
    }
    parts.join(" · ")
}

/// Rows of releases, those that follow one another as a span.
fn releases(when: &When) -> String {
    let mut spans: Vec<(usize, &Release, &Release)> = Vec::new();
    for name in &when.releases {
        let found = RELEASES.iter().enumerate().find(|(_, release)| release.name == name.as_ref());
        let Some((index, release)) = found else { continue };
        match spans.last_mut() {
            Some((last, _, end)) if *last + 1 == index => (*last, *end) = (index, release),
            _ => spans.push((index, release, release)),
        }
    }
    let spans =
        spans.iter().map(|(_, first, last)| common::span_of_releases(first.name, last.last));
    spans.collect::<Vec<_>>().join(", ")
}

/// What either side holds.
pub(crate) fn counts(
    out: &mut impl Write,
    lnd: &LndReport,
    heads: &[(&std::path::Path, Vec<String>)],
    face: Face,
) -> io::Result<()> {
    section(out, words::STORES, face)?;
    for kv in &lnd.kv {
        title(out, told::side(Store::Kv), kv.store.name(), (kv.input, heads), face)?;
        table(out, &figures(&kv.figures(), face))?;
    }
    for sql in &lnd.sql {
        title(out, told::side(Store::Sql), sql.engine.name(), (sql.input, heads), face)?;
        table(out, &figures(&sql.figures(), face))?;
    }
    Ok(())
}

fn title(
    out: &mut impl Write,
    side: engine_words::Text,
    store: &str,
    (input, heads): (u32, &[(&std::path::Path, Vec<String>)]),
    face: Face,
) -> io::Result<()> {
    let of = if heads.len() > 1 { file_of(input, heads) } else { None };
    let of = of.map_or_else(String::new, |name| format!(" · {name}"));
    let side = side.get(face.language);
    writeln!(out, " {STRONG}{side}{STRONG:#} {FAINT}{store}{of}{FAINT:#}")
}

/// A file by its name, as it may be printed.
pub(crate) fn file_of(input: u32, heads: &[(&std::path::Path, Vec<String>)]) -> Option<String> {
    let (path, _) = heads.get(input as usize)?;
    Some(shown(path.file_name().map_or(*path, std::path::Path::new)))
}

/// The file of a place, where there are several.
pub(crate) fn file_of_place(
    place: &Place,
    heads: &[(&std::path::Path, Vec<String>)],
) -> Option<String> {
    if heads.len() > 1 { file_of(place.input.unwrap_or(0), heads) } else { None }
}

/// Figures with their labels.
fn figures(figures: &Values, face: Face) -> Vec<(String, String)> {
    let language = face.language;
    let rows = figures.iter().map(|(name, value)| {
        let label = engine_words::label(name).map_or(name, |label| label.get(language));
        (label.to_owned(), engine_words::value(name, value, language))
    });
    rows.collect()
}

fn table(out: &mut impl Write, rows: &[(String, String)]) -> io::Result<()> {
    let width = rows.iter().map(|(label, _)| label.width()).max().unwrap_or(0);
    for (label, value) in rows {
        writeln!(out, "   {FAINT}{}{FAINT:#}  {value}", left(label, width))?;
    }
    Ok(())
}

fn section(out: &mut impl Write, title: engine_words::Text, face: Face) -> io::Result<()> {
    writeln!(out, "\n{STRONG}{}{STRONG:#}", title.get(face.language))
}
