//! `fulgurite diff`: what only one of two stores has, or has newer.

use std::io::Write;

use fulgurite_core::gossip::compare::{Comparison, LiveRecords, OneSided, RecordCounts};
use fulgurite_core::gossip::network::{Limits, Network};
use fulgurite_core::gossip::scan::{Batch, Scanner};
use fulgurite_core::source::Source as _;
use fulgurite_core::words::Text;
use serde::Serialize;

use crate::args::Diff;
use crate::exit::{Code, Trouble, complain, shown};
use crate::input::Input;
use crate::output::{FAINT, Face, STRONG, left, right, stdout};
use crate::progress::Progress;
use crate::source::FileSource;
use crate::windows::Windows;
use crate::words;

/// So many short channel ids of each side are shown unless all are wanted.
const FEW: usize = 10;

/// What `--json` prints.
#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    records: RecordCounts,
    #[serde(flatten)]
    comparison: &'a Comparison,
}

/// Compares two files; the code is 1 where they differ.
pub(crate) fn run(arguments: &Diff, face: Face, seed: u64) -> Result<Code, Trouble> {
    let mut sides = Vec::new();
    let mut code = Code::Fine;
    for path in [&arguments.first, &arguments.second] {
        let input = Input::open(path, arguments.reading.max_unpacked, face)?;
        input.must_be_store(face)?;
        let (network, records, read) = fold(&input, seed)?;
        if network.limited().contains(&true) {
            complain(words::LIMITED.get(face.language));
            code = Code::Found;
        }
        code = code.max(input.listed(read, face));
        sides.push((network, records));
    }
    let [(a, first), (b, second)] = &sides[..] else { return Ok(Code::Usage) };
    let comparison = Comparison::of(a, b);
    let records = first.compare(second);
    let mut out = stdout();
    if arguments.reading.json {
        let document = Document { schema: "fulgurite-diff/1", records, comparison: &comparison };
        let line =
            serde_json::to_string(&document).map_err(|error| Trouble::Failed(error.to_string()))?;
        writeln!(out, "{line}")?;
    } else {
        human(&mut out, arguments, &comparison, records, face)?;
    }
    out.flush()?;
    let same = records.first == 0
        && records.second == 0
        && [&comparison.first, &comparison.second].iter().all(|side| side.is_empty());
    Ok(if same { code } else { code.max(Code::Found) })
}

/// What the records of a file add up to.
fn fold(input: &Input, seed: u64) -> Result<(Network, LiveRecords, FileSource<'_>), Trouble> {
    let source = input.source();
    let progress = Progress::of(input.path(), source.len());
    let mut windows = Windows::new(input.path(), source, progress);
    let mut network = Network::new(Limits::default(), seed);
    let mut records = LiveRecords::new(seed);
    let (mut scanner, mut batch, mut chunk) = (Scanner::new(), Batch::new(), Vec::new());
    loop {
        let more = windows.next(&mut chunk)?;
        if more {
            scanner.push(&chunk, &mut batch);
        } else {
            scanner.finish(&mut batch);
        }
        if let Some(version) = scanner.version() {
            network.fold(version, &chunk, &batch);
        }
        records.take(&chunk, &batch);
        if !more {
            return Ok((network, records, windows.source()));
        }
    }
}

fn human(
    out: &mut impl Write,
    arguments: &Diff,
    comparison: &Comparison,
    records: RecordCounts,
    face: Face,
) -> Result<(), Trouble> {
    let language = face.language;
    let sides = [
        (&arguments.first, words::ONLY_FIRST, &comparison.first, records.first),
        (&arguments.second, words::ONLY_SECOND, &comparison.second, records.second),
    ];
    let mut line = |what: Text, count: u64| -> Result<(), Trouble> {
        let count = face.count(count);
        writeln!(out, "{}  {}", right(&count, 12), left(what.get(language), 1))?;
        Ok(())
    };
    line(words::LIVE_RECORDS, records.both)?;
    line(words::CHANNELS, comparison.channels_in_both)?;
    writeln!(out, "{FAINT}{}{FAINT:#}", words::BOTH.get(language))?;
    for (path, title, side, records) in sides {
        writeln!(
            out,
            "\n{STRONG}{}{STRONG:#} {FAINT}{}{FAINT:#}",
            shown(path),
            title.get(language)
        )?;
        for (what, count) in [
            (words::LIVE_RECORDS, records),
            (words::CHANNELS, side.channels),
            (words::NODES, side.nodes),
            (words::NEWER_UPDATES, side.newer_updates),
        ] {
            let count = face.count(count);
            writeln!(out, "{}  {}", right(&count, 12), what.get(language))?;
        }
        scids(out, side, arguments.all, face)?;
    }
    Ok(())
}

fn scids(out: &mut impl Write, side: &OneSided, all: bool, face: Face) -> Result<(), Trouble> {
    let most = if all { usize::MAX } else { FEW };
    for scid in side.scids.iter().take(most) {
        writeln!(out, "    {scid}")?;
    }
    let shown = side.scids.len().min(most);
    let more = side.channels - shown as u64;
    if more > 0 {
        let kept = side.scids.len() > shown;
        let line = words::more(face.language, &face.count(more), kept);
        writeln!(out, "    {FAINT}{line}{FAINT:#}")?;
    }
    Ok(())
}
