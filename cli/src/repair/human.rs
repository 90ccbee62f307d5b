//! A plan as text: what comes of it, what is not carried over and why, what was mended, then how to
//! use the new file.

use std::io::{self, Write};
use std::path::Path;

use fulgurite_core::gossip::salvage::{Action, Plan, Reason, Row};
use fulgurite_core::words::Text;
use fulgurite_core::words::plan as plan_words;

use super::write::Written;
use crate::args::Repair;
use crate::exit::{Trouble, shown};
use crate::output::{FAINT, Face, STRONG, columns, fine, left, paragraph, right};
use crate::releases;
use crate::words;

/// So many rows are shown unless all are wanted.
const FEW: usize = 20;

/// Prints a plan, and if a file was written, what to do with it.
pub(super) fn print(
    out: &mut impl Write,
    plan: &Plan,
    arguments: &Repair,
    written: Option<&Written>,
    face: Face,
) -> Result<(), Trouble> {
    let language = face.language;
    for path in &arguments.files {
        writeln!(out, "{STRONG}{}{STRONG:#}", shown(path))?;
    }
    let (style, sign) = fine();
    let done = match (written, plan.unchanged) {
        (Some(_), _) => words::WRITTEN,
        (None, true) => words::FINE,
        (None, false) => words::PLANNED,
    };
    writeln!(out, "{style}{sign} {}{style:#}", done.get(language))?;
    paragraph(out, "", &plan_words::summary(plan, language), columns())?;
    if !plan.unchanged || written.is_some() {
        for note in plan_words::notes(plan, language) {
            paragraph(out, "  · ", &note, columns())?;
        }
    }
    if !plan.unchanged {
        totals(out, plan, face)?;
        rows(out, plan, arguments.all, face)?;
    }
    if let (Some(written), Some(new)) = (written, &arguments.output) {
        install(out, new, written, face)?;
    } else if !plan.unchanged {
        section(out, words::NEXT, face)?;
        paragraph(out, "  ", words::TO_WRITE.get(language), columns())?;
    }
    Ok(())
}

/// What was mended and dropped, by reason.
fn totals(out: &mut impl Write, plan: &Plan, face: Face) -> io::Result<()> {
    let mended = plan.mended_by.iter().map(|row| (row.records, plan_words::mend(row.mend)));
    list(out, words::MENDED, mended, face)?;
    let dropped = plan.dropped_by.iter().map(|row| (row.records, plan_words::reason(row.reason)));
    list(out, words::DROPPED, dropped, face)
}

fn list(
    out: &mut impl Write,
    title: Text,
    lines: impl Iterator<Item = (u64, Text)>,
    face: Face,
) -> io::Result<()> {
    for (index, (records, text)) in lines.enumerate() {
        if index == 0 {
            section(out, title, face)?;
        }
        let count = face.count(records);
        paragraph(out, &format!("{}  ", right(&count, 12)), text.get(face.language), columns())?;
    }
    Ok(())
}

/// What is done with which bytes, but for what is kept.
fn rows(out: &mut impl Write, plan: &Plan, all: bool, face: Face) -> io::Result<()> {
    let telling =
        |row: &&Row| all || row.action != Action::Keep && row.reason != Some(Reason::Dead);
    let shown: Vec<&Row> = plan.rows.iter().filter(telling).collect();
    if shown.is_empty() {
        return Ok(());
    }
    section(out, words::PLACES, face)?;
    let most = if all { usize::MAX } else { FEW };
    let several = plan.inputs.len() > 1;
    for row in shown.iter().take(most) {
        let place = words::span(face.language, row.span, &face.count(row.span.len()));
        let source = if several { format!("#{} ", row.source + 1) } else { String::new() };
        let action = plan_words::action(row.action).get(face.language);
        let head = format!("  {source}{} {place}", left(action, 10));
        let mut parts = vec![head];
        parts.extend(row.record_type.as_deref().map(str::to_owned));
        if row.records > 1 {
            parts.push(format!("×{}", face.count(row.records)));
        }
        parts.extend(why(row, face));
        parts.extend(row.bits.iter().map(|(byte, bit)| words::bit_at(face.language, *byte, *bit)));
        paragraph(out, "", &parts.join(" · "), None)?;
    }
    let more = shown.len().saturating_sub(most) as u64 + plan.rows_left_off;
    if more > 0 {
        let line = words::more(face.language, &face.count(more), !all && shown.len() > most);
        writeln!(out, "  {FAINT}{line}{FAINT:#}")?;
    }
    Ok(())
}

/// The reason, or mends and proofs, in words.
fn why(row: &Row, face: Face) -> Option<String> {
    let language = face.language;
    if let Some(reason) = row.reason {
        return Some(plan_words::reason(reason).get(language).to_owned());
    }
    let mends = row.mends.iter().zip(&row.proofs).map(|(mend, proof)| {
        let (mend, proof) = (plan_words::mend(*mend), plan_words::proof(*proof));
        words::mended_by(language, mend.get(language), proof.get(language))
    });
    let mends: Vec<String> = mends.collect();
    (!mends.is_empty()).then(|| mends.join(words::SEMICOLON.get(language)))
}

/// How to put the new file in its place.
fn install(out: &mut impl Write, new: &Path, written: &Written, face: Face) -> Result<(), Trouble> {
    let language = face.language;
    section(out, words::NEW_FILE, face)?;
    writeln!(out, "  {}", shown(new))?;
    writeln!(out, "  sha256 {}", written.sha256)?;
    releases::print(out, &written.releases, columns(), face)?;
    section(out, words::IN_PLACE, face)?;
    // The command is copied to a shell, perhaps in another folder.
    let whole = std::path::absolute(new).unwrap_or_else(|_| new.to_owned());
    let quoted = quote(&whole);
    for (number, step) in (1..).zip(plan_words::INSTALL) {
        paragraph(out, &format!("{number:>3}. "), step.what.get(language), columns())?;
        match (step.command, &quoted) {
            (Some(command), Some(new)) => {
                let command = plan_words::command(command, new, &written.sha256);
                writeln!(out, "       {STRONG}{command}{STRONG:#}")?;
            }
            (Some(command), None) => {
                let command = plan_words::command(command, "?", &written.sha256);
                writeln!(out, "       {STRONG}{command}{STRONG:#}")?;
            }
            (None, _) => {}
        }
    }
    Ok(())
}

/// A path for a shell, in single quotes; `None` where it holds what cannot be printed as it is.
fn quote(path: &Path) -> Option<String> {
    let text = path.to_str().filter(|text| !text.chars().any(char::is_control))?;
    // What is shown must be what is typed.
    (shown(path) == text).then(|| format!("'{}'", text.replace('\'', "'\\''")))
}

fn section(out: &mut impl Write, title: Text, face: Face) -> io::Result<()> {
    writeln!(out, "\n{STRONG}{}{STRONG:#}", title.get(face.language))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_quoted_for_a_shell() {
        assert_eq!(quote(Path::new("/a b/c")).as_deref(), Some("'/a b/c'"));
        assert_eq!(quote(Path::new("/it's")).as_deref(), Some("'/it'\\''s'"));
        assert_eq!(quote(Path::new("/a\nb")), None);
    }
}
