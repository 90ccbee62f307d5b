//! What releases of lightningd do with a store: one that was given, or one that was written.

use std::io::{self, Write};

use fulgurite_core::finding::Severity;
use fulgurite_core::gossip::verdict::{Fate, ReaderVerdict, ReleaseVerdict};
use fulgurite_core::words::releases as engine_words;

use crate::output::{FAINT, Face, STRONG, fine, paragraph, severity};
use crate::words;

/// One paragraph for each release; nothing if there are none.
pub(crate) fn print(
    out: &mut impl Write,
    verdicts: &[ReleaseVerdict],
    columns: Option<usize>,
    face: Face,
) -> io::Result<()> {
    if verdicts.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{STRONG}{}{STRONG:#}", words::RELEASES.get(face.language))?;
    for verdict in verdicts {
        release(out, verdict, columns, face)?;
    }
    Ok(())
}

fn release(
    out: &mut impl Write,
    verdict: &ReleaseVerdict,
    columns: Option<usize>,
    face: Face,
) -> io::Result<()> {
    let language = face.language;
    let (style, sign) = if verdict.accepted { fine() } else { severity(grave(verdict)) };
    let word = engine_words::accepted(verdict.accepted).get(language);
    let why = engine_words::why(verdict.why).get(language);
    let name = words::span_of_releases(&verdict.release, &verdict.last);
    writeln!(
        out,
        " {style}{sign} {word}{style:#} {STRONG}lightningd {name}{STRONG:#} {FAINT}{why}{FAINT:#}"
    )?;
    paragraph(out, "     ", &engine_words::gossipd(verdict, language), columns)?;
    log(out, &verdict.gossipd.log, columns)?;
    if verdict.accepted {
        return Ok(());
    }
    match &verdict.plugins {
        Some(plugins) if *plugins == verdict.connectd => {
            reader(out, words::PLUGINS_AND_CONNECTD.get(language), plugins, columns, face)
        }
        Some(plugins) => {
            reader(out, words::PLUGINS.get(language), plugins, columns, face)?;
            reader(out, words::CONNECTD.get(language), &verdict.connectd, columns, face)
        }
        None => reader(out, words::CONNECTD.get(language), &verdict.connectd, columns, face),
    }
}

/// Losing what comes after a torn record is not losing the store.
fn grave(verdict: &ReleaseVerdict) -> Severity {
    match verdict.gossipd.fate {
        Fate::Prefix | Fate::Accepted | Fate::Compacted | Fate::Upgraded => Severity::Warning,
        _ => Severity::Damage,
    }
}

fn reader(
    out: &mut impl Write,
    who: &str,
    verdict: &ReaderVerdict,
    columns: Option<usize>,
    face: Face,
) -> io::Result<()> {
    let colon = words::COLON.get(face.language);
    let says = engine_words::reader(verdict, face.language);
    paragraph(out, "     ", &format!("{who}{colon}{says}"), columns)
}

/// The lines of the log, one below the other.
fn log(out: &mut impl Write, lines: &[String], columns: Option<usize>) -> io::Result<()> {
    for line in lines {
        paragraph(out, "     | ", line, columns)?;
    }
    Ok(())
}
