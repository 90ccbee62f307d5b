//! `fulgurite lnd compare`: is every invoice on the newer side what it was on the older?

use std::io::Write;
use std::path::Path;

use fulgurite_core::lnd::compare::{self, Compared, Ended, Options, Summary, is_list};
use fulgurite_core::words::compare as told;

use super::files::{Gathered, Set, given};
use crate::args::Compare;
use crate::check::human;
use crate::exit::{Code, Trouble};
use crate::input::Input;
use crate::output::{FAINT, Face, STRONG, left, stdout};
use crate::progress::Progress;
use crate::words::lnd as words;

/// Compares the two sides among the files; of folders of several networks, those of each.
pub(super) fn run(arguments: &Compare, face: Face) -> Result<Code, Trouble> {
    let sets = gather(arguments, face)?;
    let mut out = stdout();
    let mut highest = Code::Fine;
    for (index, set) in sets.iter().enumerate() {
        let compared = of(set, arguments, face)?;
        highest = highest.max(Code::of(&compared.report));
        if arguments.reading.json {
            let line = serde_json::to_string(&compared);
            let line = line.map_err(|error| Trouble::Failed(error.to_string()))?;
            writeln!(out, "{line}")?;
        } else {
            print(&mut out, index, set, &compared, face)?;
        }
        out.flush()?;
    }
    Ok(highest)
}

/// LND's files, and lists that `lncli listinvoices` printed.
fn gather(arguments: &Compare, face: Face) -> Result<Vec<Set>, Trouble> {
    let max = arguments.reading.max_unpacked;
    let mut gathered = Gathered::default();
    for path in &arguments.files {
        if path.is_dir() {
            if gathered.walk(path, max, face)? == 0 {
                return Err(Trouble::with(path, words::NOTHING_IN_IT.get(face.language)));
            }
            continue;
        }
        let input = Input::open(path, max, face)?;
        let list = is_list(&input.source()).map_err(|error| Trouble::source(path, &error))?;
        let input = if list { input } else { super::ours(path, &arguments.reading, face)? };
        gathered.take(input);
    }
    gathered.sets(max, face)
}

fn of(set: &Set, arguments: &Compare, face: Face) -> Result<Compared, Trouble> {
    let options = Options { reveal: arguments.reveal };
    let sources = set.sources();
    let given = given(&sources);
    let progress = Progress::of(set.first(), set.size());
    let ended = super::watched(set, progress, |watch| compare::compare(&given, &options, watch))?;
    match ended {
        Ended::Stopped => Err(Trouble::Cancelled),
        Ended::OneSided { .. } => {
            Err(Trouble::with(set.first(), told::ONE_SIDED.get(face.language)))
        }
        Ended::Compared(compared) => {
            if let Some(list) = idle_list(set, &compared.summary)? {
                return Err(Trouble::with(list, words::IDLE_LIST.get(face.language)));
            }
            let Compared { summary, report } = *compared;
            let report = if set.is_still() { report } else { report.not_still() };
            Ok(Compared { summary, report })
        }
    }
}

/// A list that stands for neither side: whoever gave it would take it for compared.
fn idle_list<'s>(set: &'s Set, summary: &Summary) -> Result<Option<&'s Path>, Trouble> {
    for (input, member) in (0_u32..).zip(&set.members) {
        let path = member.input.path();
        let list = is_list(&member.input.source());
        let list = list.map_err(|error| Trouble::source(path, &error))?;
        let used = [summary.old.input, summary.new.input].contains(&input);
        if list && !used && !member.input.is_of_lnd()? {
            return Ok(Some(path));
        }
    }
    Ok(None)
}

fn print(
    out: &mut impl Write,
    index: usize,
    set: &Set,
    compared: &Compared,
    face: Face,
) -> Result<(), Trouble> {
    let heads = set.heads(face);
    let page = human::Page::new(&compared.report, &heads, false, face);
    page.heads(out, index)?;
    page.verdict(out)?;
    let language = face.language;
    writeln!(out, "\n{STRONG}{}{STRONG:#}", told::BOTH_SIDES.get(language))?;
    for (label, count) in told::figures(&compared.summary) {
        let (label, count) = (label.get(language), face.count(count));
        writeln!(out, "   {FAINT}{}{FAINT:#}  {count}", left(label, 44))?;
    }
    page.steps(out)?;
    page.findings(out)?;
    Ok(())
}
