//! A report as text: verdict, what releases do or where LND's stores are, next steps, findings by
//! code, then counts.

use std::io::{self, Write};
use std::path::Path;

use fulgurite_core::finding::{Code, Confidence, Finding, Severity};
use fulgurite_core::report::Report;
use fulgurite_core::words as engine_words;

use super::counts;
use crate::exit::{Trouble, shown};
use crate::lnd;
use crate::log;
use crate::output::{FAINT, Face, STRONG, columns, fine, paragraph, severity};
use crate::releases;
use crate::words;

/// So many places of a code are shown at first.
const FEW: usize = 3;

/// A file, and lines about how it was come by.
pub(crate) type Head<'a> = (&'a Path, Vec<String>);

/// Prints a report on these files; `index` is how many came before it.
pub(super) fn print(
    out: &mut impl Write,
    index: usize,
    heads: &[Head<'_>],
    report: &Report,
    all: bool,
    face: Face,
) -> Result<(), Trouble> {
    let page = Page::new(report, heads, all, face);
    page.heads(out, index)?;
    page.verdict(out)?;
    releases::print(out, &report.releases, page.columns, face)?;
    if let Some(of_lnd) = &report.lnd {
        lnd::place(out, &of_lnd.state, face)?;
    }
    page.steps(out)?;
    page.findings(out)?;
    if let Some(gossip) = &report.gossip {
        counts::print(out, report.input.size, gossip, face)?;
    }
    if let Some(log) = &report.log {
        log::human::print(out, log, all, face)?;
    }
    if let Some(of_lnd) = &report.lnd {
        lnd::counts(out, of_lnd, heads, face)?;
        let hint = words::lnd::STATE_HINT.get(face.language);
        writeln!(out, " {FAINT}{hint}{FAINT:#}")?;
    }
    Ok(())
}

/// A report that is being printed.
pub(crate) struct Page<'a> {
    report: &'a Report,
    heads: &'a [Head<'a>],
    all: bool,
    face: Face,
    columns: Option<usize>,
}

impl<'a> Page<'a> {
    /// Of a report on these files; with all findings that are kept, or the first of each kind.
    pub(crate) fn new(
        report: &'a Report,
        heads: &'a [Head<'a>],
        all: bool,
        face: Face,
    ) -> Page<'a> {
        Page { report, heads, all, face, columns: columns() }
    }
}

impl Page<'_> {
    /// The files.
    pub(crate) fn heads(&self, out: &mut impl Write, index: usize) -> io::Result<()> {
        if index > 0 {
            writeln!(out)?;
        }
        for (path, notes) in self.heads {
            writeln!(out, "{STRONG}{}{STRONG:#}", shown(path))?;
            for note in notes {
                writeln!(out, "{FAINT}{note}{FAINT:#}")?;
            }
        }
        Ok(())
    }

    /// The sentence that stands first.
    pub(crate) fn verdict(&self, out: &mut impl Write) -> io::Result<()> {
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

    /// What to do.
    pub(crate) fn steps(&self, out: &mut impl Write) -> io::Result<()> {
        self.section(out, words::NEXT)?;
        for (number, step) in (1..).zip(&self.report.verdict.next) {
            let text = engine_words::step(*step).get(self.face.language);
            paragraph(out, &format!("{number:>3}. "), text, self.columns)?;
        }
        Ok(())
    }

    /// Findings by code: the gravest first, then by place.
    pub(crate) fn findings(&self, out: &mut impl Write) -> io::Result<()> {
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
        let input = place.input.and_then(|input| self.report.inputs.get(input as usize));
        let size = input.map_or(self.report.input.size, |input| input.size);
        let whole = place.span.start == 0 && place.span.end == size;
        let mut line = if whole {
            words::WHOLE_FILE.get(language).to_owned()
        } else {
            words::span(language, place.span, &self.face.count(place.span.len()))
        };
        if let Some(file) = lnd::file_of_place(place, self.heads) {
            line = format!("{file}: {line}");
        }
        let parts = [place.record_type.as_deref(), place.path.as_deref(), place.key.as_deref()];
        for part in parts.into_iter().flatten() {
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
