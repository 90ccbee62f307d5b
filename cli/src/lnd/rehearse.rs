//! `fulgurite lnd rehearse`: what LND's migration would do with these invoices.

use std::io::Write;

use fulgurite_core::lnd::rehearse::{self, Ended, Options, Rehearsal, Rehearsed, Target};
use fulgurite_core::words::{self as engine_words, rehearse as told};

use super::files::{Set, given};
use crate::args::Rehearse;
use crate::check::human;
use crate::exit::{Code, Trouble};
use crate::output::{FAINT, Face, STRONG, columns, left, paragraph, stdout};
use crate::progress::Progress;

/// Rehearses the migration of each set of files.
pub(super) fn run(arguments: &Rehearse, face: Face) -> Result<Code, Trouble> {
    let sets = super::sets(&arguments.files, &arguments.reading, face)?;
    let mut out = stdout();
    let mut highest = Code::Fine;
    for (index, set) in sets.iter().enumerate() {
        let rehearsed = of(set, &arguments.target(), &arguments.options())?;
        let Some(rehearsed) = rehearsed else {
            return Err(Trouble::with(set.first(), told::NO_KV.get(face.language)));
        };
        highest = highest.max(Code::of(&rehearsed.report));
        if arguments.reading.json {
            let line = serde_json::to_string(&rehearsed);
            let line = line.map_err(|error| Trouble::Failed(error.to_string()))?;
            writeln!(out, "{line}")?;
        } else {
            print(&mut out, index, set, &rehearsed, face)?;
        }
        out.flush()?;
    }
    Ok(highest)
}

/// The rehearsal of a set; none if it has no key-value store.
pub(super) fn of(
    set: &Set,
    target: &Target,
    options: &Options,
) -> Result<Option<Rehearsed>, Trouble> {
    let options = Options { network: options.network.or(set.files.network), ..options.clone() };
    let sources = set.sources();
    let given = given(&sources);
    let progress = Progress::of(set.first(), set.size());
    let ended =
        super::watched(set, progress, |watch| rehearse::rehearse(&given, target, &options, watch))?;
    Ok(match ended {
        Ended::Stopped => return Err(Trouble::Cancelled),
        Ended::Nothing => None,
        Ended::Rehearsed(rehearsed) if set.is_still() => Some(*rehearsed),
        Ended::Rehearsed(rehearsed) => {
            let Rehearsed { rehearsal, report } = *rehearsed;
            Some(Rehearsed { rehearsal, report: report.not_still() })
        }
    })
}

fn print(
    out: &mut impl Write,
    index: usize,
    set: &Set,
    rehearsed: &Rehearsed,
    face: Face,
) -> Result<(), Trouble> {
    let heads = set.heads(face);
    let page = human::Page::new(&rehearsed.report, &heads, false, face);
    page.heads(out, index)?;
    page.verdict(out)?;
    figures(out, &rehearsed.rehearsal, face)?;
    page.steps(out)?;
    page.findings(out)?;
    Ok(())
}

/// How it would end, and how many each rule meets.
pub(super) fn figures(
    out: &mut impl Write,
    rehearsal: &Rehearsal,
    face: Face,
) -> Result<(), Trouble> {
    let language = face.language;
    writeln!(out, "\n{STRONG}{}{STRONG:#}", told::REHEARSED.get(language))?;
    let release = format!("{} · {}", rehearsal.release, rehearsal.engine.name());
    writeln!(out, "   {FAINT}{}{FAINT:#}  {release}", left(told::RELEASE.get(language), 32))?;
    writeln!(
        out,
        "   {FAINT}{}{FAINT:#}  {}",
        left(told::ENDS.get(language), 32),
        told::outcome(&rehearsal.foreseen).get(language)
    )?;
    if let Some(error) = rehearsal.foreseen.error() {
        let said = fulgurite_core::text::visible(error.as_bytes());
        paragraph(out, "     ", &format!("“{said}”"), columns())?;
    }
    for rule in &rehearsal.rules {
        let value = fulgurite_core::finding::Value::from(rule.rule.name());
        let label = engine_words::value("rule", &value, language);
        writeln!(out, "   {FAINT}{}{FAINT:#}  {}", left(&label, 60), face.count(rule.count))?;
    }
    Ok(())
}
