//! `fulgurite lnd compare`: is every invoice on the newer side what it was on the older?

use std::io::Write;

use fulgurite_core::lnd::compare::{self, Compared, Ended, Options, SideKind, is_list};

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
            Err(Trouble::with(set.first(), words::ONE_SIDED.get(face.language)))
        }
        Ended::Compared(compared) if set.is_still() => Ok(*compared),
        Ended::Compared(compared) => {
            let Compared { summary, report } = *compared;
            Ok(Compared { summary, report: report.not_still() })
        }
    }
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
    writeln!(out, "\n{STRONG}{}{STRONG:#}", words::BOTH_SIDES.get(language))?;
    let summary = &compared.summary;
    let side = |kind| match kind {
        SideKind::Kv => words::KV,
        SideKind::Sql => words::SQL,
        SideKind::List => words::LIST,
    };
    let rows = [
        (side(summary.old.kind), summary.old.invoices),
        (side(summary.new.kind), summary.new.invoices),
        (words::SAME, summary.same),
        (words::DIFFERENT, summary.differ),
        (words::ABSENT, summary.missing),
        (words::DELETED, summary.deleted),
        (words::LEFT_BEHIND, summary.left_behind),
        (words::ORPHANS, summary.orphans),
        (words::MADE_HERE, summary.made_here),
        (words::EXTRA, summary.extra),
        (words::UNEXPLAINED, summary.unexplained),
        (words::NOT_READ, summary.unread),
    ];
    for (number, (label, count)) in rows.into_iter().enumerate() {
        if count > 0 || number < 4 {
            let (label, count) = (label.get(language), face.count(count));
            writeln!(out, "   {FAINT}{}{FAINT:#}  {count}", left(label, 44))?;
        }
    }
    page.steps(out)?;
    page.findings(out)?;
    Ok(())
}
