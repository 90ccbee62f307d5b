//! A report as text: verdict, what releases do, next steps, findings by code, then counts.

use std::io::{self, Write};

use fulgurite_core::finding::{Code, Confidence, Finding, Severity};
use fulgurite_core::report::Report;
use fulgurite_core::words as engine_words;

use super::{counts, releases};
use crate::exit::{Trouble, shown};
use crate::input::Input;
use crate::output::{FAINT, Face, STRONG, columns, fine, paragraph, severity};
use crate::words;

/// So many places of a code are shown at first.
const FEW: usize = 3;

/// Prints a report; `index` is how many came before it.
pub(super) fn print(
    out: &mut impl Write,
    index: usize,
    input: &Input,
    report: &Report,
    all: bool,
    face: Face,
) -> Result<(), Trouble> {
    if index > 0 {
        writeln!(out)?;
    }
    writeln!(out, "{STRONG}{}{STRONG:#}", shown(input.path()))?;
    if let Some(Ok(line)) = input.unpacking(face) {
        writeln!(out, "{FAINT}{line}{FAINT:#}")?;
    }
    let page = Page { report, all, face, columns: columns() };
    page.verdict(out)?;
    releases::print(out, report, page.columns, face)?;
    page.steps(out)?;
    page.findings(out)?;
    if let Some(gossip) = &report.gossip {
        counts::print(out, report.input.size, gossip, face)?;
    }
    Ok(())
}

struct Page<'a> {
    report: &'a Report,
    all: bool,
    face: Face,
    columns: Option<usize>,
}

impl Page<'_> {
    fn verdict(&self, out: &mut impl Write) -> io::Result<()> {
        let verdict = &self.report.verdict;
        let language = self.face.language;
        let (style, sign) =
            if verdict.severity == Severity::Info { fine() } else { severity(verdict.severity) };
        let word = if verdict.severity == Severity::Info {
            words::FINE.get(language)
        } else {
            engine_words::severity(verdict.severity).get(language)
        };
        writeln!(out, "{style}{sign} {word}{style:#}")?;
        let heading = engine_words::heading(verdict.headline, &verdict.values, language);
        paragraph(out, "", &heading, self.columns)
    }

    fn steps(&self, out: &mut impl Write) -> io::Result<()> {
        self.section(out, words::NEXT)?;
        for (number, step) in (1..).zip(&self.report.verdict.next) {
            let text = engine_words::step(*step).get(self.face.language);
            paragraph(out, &format!("{number:>3}. "), text, self.columns)?;
        }
        Ok(())
    }

    /// Findings by code: the gravest first, then by place.
    fn findings(&self, out: &mut impl Write) -> io::Result<()> {
        let findings = &self.report.findings;
        if findings.is_empty() {
            return Ok(());
        }
        self.section(out, words::FINDINGS)?;
        let mut groups: Vec<(Code, Vec<&Finding>)> = Vec::new();
        for finding in findings {
            match groups.iter_mut().find(|(code, _)| *code == finding.code) {
                Some((_, group)) => group.push(finding),
                None => groups.push((finding.code, vec![finding])),
            }
        }
        groups.sort_by_key(|(_, group)| std::cmp::Reverse(group.iter().map(|f| f.severity).max()));
        for (code, group) in groups {
            self.group(out, code, &group)?;
        }
        if self.report.gossip.as_ref().is_some_and(|gossip| gossip.wounds > 0) {
            writeln!(out, " {FAINT}{}{FAINT:#}", words::SHOW.get(self.face.language))?;
        }
        Ok(())
    }

    fn group(&self, out: &mut impl Write, code: Code, group: &[&Finding]) -> io::Result<()> {
        let language = self.face.language;
        let Some(first) = group.first() else { return Ok(()) };
        let worst = group.iter().map(|finding| finding.severity).max();
        let worst = worst.unwrap_or(first.severity);
        let (style, sign) = severity(worst);
        let word = engine_words::severity(worst).get(language);
        let title = engine_words::title(first, language);
        let count = self.report.count(code);
        let times =
            if count > 1 { format!(" ×{}", self.face.count(count)) } else { String::new() };
        let name = code.name();
        writeln!(
            out,
            " {style}{sign} {word}{style:#} {STRONG}{title}{STRONG:#}{times} {FAINT}{name}{FAINT:#}"
        )?;
        paragraph(out, "     ", &engine_words::meaning(first, language), self.columns)?;
        let shown = if self.all { group.len() } else { FEW.min(group.len()) };
        for finding in group.iter().take(shown) {
            self.place(out, finding)?;
        }
        let more = count - shown as u64;
        if more > 0 {
            let kept = (group.len() - shown) as u64;
            let line = words::more(language, &self.face.count(more), kept > 0);
            writeln!(out, "     {FAINT}{line}{FAINT:#}")?;
        }
        Ok(())
    }

    /// Where one finding is, and its values.
    fn place(&self, out: &mut impl Write, finding: &Finding) -> io::Result<()> {
        let language = self.face.language;
        let place = &finding.place;
        let whole = place.span.start == 0 && place.span.end == self.report.input.size;
        let mut line = if whole {
            words::WHOLE_FILE.get(language).to_owned()
        } else {
            words::span(language, place.span, &self.face.count(place.span.len()))
        };
        for part in [place.record_type.as_deref(), place.key.as_deref()].into_iter().flatten() {
            line.push_str(" · ");
            line.push_str(part);
        }
        if finding.confidence != Confidence::Certain {
            line.push_str(" · ");
            line.push_str(engine_words::confidence(finding.confidence).get(language));
        }
        paragraph(out, "     - ", &line, self.columns)?;
        let values = finding.values.iter().map(|(name, value)| {
            let label = engine_words::label(name).map_or(name, |label| label.get(language));
            let colon = words::COLON.get(language);
            format!("{label}{colon}{}", engine_words::value(name, value, language))
        });
        let values = values.collect::<Vec<_>>().join(words::SEMICOLON.get(language));
        if !values.is_empty() {
            paragraph(out, "       ", &values, self.columns)?;
        }
        Ok(())
    }

    fn section(&self, out: &mut impl Write, title: engine_words::Text) -> io::Result<()> {
        writeln!(out, "\n{STRONG}{}{STRONG:#}", title.get(self.face.language))
    }
}
