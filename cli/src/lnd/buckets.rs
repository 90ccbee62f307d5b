//! `fulgurite lnd buckets`: the tree of buckets, level by level.

use std::io::{IsTerminal as _, Write};

use fulgurite_core::lnd::outline::{self, Begun, Counts, Ended, Options, Row, What};
use unicode_width::UnicodeWidthStr as _;

use super::files::{Gathered, given};
use crate::args::Buckets;
use crate::exit::{Code, Trouble};
use crate::output::{DAMAGE, FAINT, Face, STRONG, stdout};
use crate::progress::Progress;
use crate::records::json;
use crate::words::{self as common, lnd as words};

/// Values begin in this column, if there is room.
const COLUMN: usize = 40;

/// Shows the tree of one file.
pub(super) fn run(arguments: &Buckets, face: Face) -> Result<Code, Trouble> {
    let mut gathered = Gathered::default();
    gathered.take(super::ours(&arguments.file, &arguments.reading, face)?);
    let sets = gathered.sets(arguments.reading.max_unpacked, face)?;
    let Some(set) = sets.first() else { return Ok(Code::Fine) };
    let path = arguments.path.as_ref().map(|path| path.0.clone()).unwrap_or_default();
    let options = Options {
        tree: arguments.which.tree(),
        path,
        depth: arguments.depth.into(),
        reveal: arguments.reveal,
    };
    let sources = set.sources();
    let given = given(&sources);
    // Rows and a bar on one terminal would be torn apart.
    let progress = if std::io::stdout().is_terminal() {
        Progress::off()
    } else {
        Progress::of(set.first(), set.size())
    };
    let mut out = stdout();
    let mut written = Ok(());
    let mut begun = false;
    let ended = super::watched(set, progress, |watch| {
        outline::outline(&given, &options, watch, &mut |of, row| {
            written = if arguments.reading.json {
                json(&mut out, &row)
            } else {
                let headed = if begun { Ok(()) } else { header(&mut out, of, face) };
                headed.and_then(|()| human(&mut out, &row, face))
            };
            begun = true;
            written.is_ok()
        })
    })?;
    written?;
    match ended {
        Ended::Stopped => return Err(Trouble::Cancelled),
        Ended::NoTree => {
            return Err(Trouble::with(&arguments.file, words::NO_TREE.get(face.language)));
        }
        Ended::NoBucket => {
            return Err(Trouble::with(&arguments.file, words::NO_BUCKET.get(face.language)));
        }
        Ended::Shown(of) if !begun && !arguments.reading.json => header(&mut out, &of, face)?,
        Ended::Shown(_) => {}
    }
    out.flush()?;
    let member = set.members.first();
    Ok(member.map_or(Code::Fine, |member| member.input.listed(member.input.source(), face)))
}

fn header(out: &mut impl Write, begun: &Begun, face: Face) -> Result<(), Trouble> {
    let prefix = begun.prefix.iter().map(|prefix| format!("{prefix}_kv"));
    let store = std::iter::once(begun.store.name().to_owned()).chain(prefix);
    let store = store.collect::<Vec<_>>().join(" · ");
    let path = begun.path.join("/");
    let counts = counts(&begun.counts, face);
    writeln!(out, "{STRONG}/{path}{STRONG:#}  {FAINT}{store} · {counts}{FAINT:#}")?;
    Ok(())
}

fn human(out: &mut impl Write, row: &Row, face: Face) -> Result<(), Trouble> {
    let language = face.language;
    let indent = "  ".repeat(row.depth + 1);
    match &row.what {
        What::Bucket(of) => {
            let key = format!("{indent}{}/", row.key);
            let fill = COLUMN.saturating_sub(key.width()).max(1);
            let counts = counts(of, face);
            writeln!(out, "{STRONG}{key}{STRONG:#}{:fill$} {FAINT}{counts}{FAINT:#}", "")?;
        }
        What::Value { len, hex } => {
            let key = format!("{indent}{}", row.key);
            let fill = COLUMN.saturating_sub(key.width()).max(1);
            let len = common::bytes(language, &face.count(*len));
            let hex = hex.as_deref().map_or_else(String::new, |hex| format!("  {hex}"));
            writeln!(out, "{key}{:fill$} {FAINT}{len}{FAINT:#}{hex}", "")?;
        }
        What::Unreadable => {
            let key = format!("{indent}{}", row.key);
            let fill = COLUMN.saturating_sub(key.width()).max(1);
            let text = words::UNREADABLE.get(language);
            writeln!(out, "{key}{:fill$} {DAMAGE}✗ {text}{DAMAGE:#}", "")?;
        }
    }
    Ok(())
}

fn counts(counts: &Counts, face: Face) -> String {
    let language = face.language;
    let (buckets, values) = (face.count(counts.buckets), face.count(counts.values));
    let text = words::bucket(language, &buckets, &values, counts.sequence);
    if counts.unreadable == 0 {
        return text;
    }
    format!("{text} · {}", words::unreadable(language, &face.count(counts.unreadable)))
}
