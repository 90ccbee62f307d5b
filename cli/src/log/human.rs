//! A log's figures as text: what its lines say, who floods, starts and ends, how much when.

use std::io::{self, Write};

use fulgurite_core::finding::Value;
use fulgurite_core::log::{Ended, Event, LogReport, Run, Timeline, Weight};
use fulgurite_core::words as engine_words;

use crate::output::{FAINT, Face, STRONG, date, left, right, severity};
use crate::words::log as words;

/// So many rows of a list are shown at first.
const FEW: usize = 8;

/// The columns of the timeline.
const WIDTH: usize = 72;

/// What stands behind the findings.
pub(crate) fn print(
    out: &mut impl Write,
    log: &LogReport,
    all: bool,
    face: Face,
) -> io::Result<()> {
    let some = |len: usize| if all { len } else { len.min(FEW) };
    section(out, words::LINES, face)?;
    counts(out, log, face)?;
    for row in &log.says {
        let said = word("said", row.says.name(), face);
        let (style, sign) = match row.weight {
            Weight::Damage => severity(fulgurite_core::finding::Severity::Damage),
            Weight::Trouble => severity(fulgurite_core::finding::Severity::Warning),
            Weight::Harmless | Weight::Note => severity(fulgurite_core::finding::Severity::Info),
        };
        let count = face.count(row.count);
        let harmless = match row.weight {
            Weight::Harmless => words::HARMLESS.get(face.language),
            _ => "",
        };
        writeln!(out, " {style}{sign}{style:#} {} {said}{harmless}", right(&count, 11))?;
    }
    if let Some(flood) = &log.flood {
        section(out, words::FLOOD, face)?;
        for row in &flood.orders {
            let order = word("order", row.order.name(), face);
            writeln!(out, "   {} {order}", right(&face.count(row.count), 11))?;
        }
        for row in flood.most.iter().take(some(flood.most.len())) {
            writeln!(out, "   {} {}", right(&face.count(row.count), 11), row.peer)?;
        }
    }
    if !log.runs.is_empty() {
        section(out, words::RUNS, face)?;
        let hidden = log.runs.len() - some(log.runs.len());
        for run in log.runs.iter().skip(hidden) {
            self::run(out, run, face)?;
        }
    }
    if let Some(timeline) = &log.timeline {
        section(out, words::TIMELINE, face)?;
        self::timeline(out, timeline, face)?;
    }
    let events: Vec<&Event> =
        log.events.iter().filter(|event| all || event.says.weight() >= Weight::Trouble).collect();
    if !events.is_empty() {
        section(out, words::EVENTS, face)?;
        for event in events.iter().take(some(events.len())) {
            self::event(out, event, face)?;
        }
        if events.len() > some(events.len()) {
            let hint = words::ALL.get(face.language);
            writeln!(out, "   {FAINT}{hint}{FAINT:#}")?;
        }
    }
    Ok(())
}

fn section(out: &mut impl Write, title: engine_words::Text, face: Face) -> io::Result<()> {
    writeln!(out, "\n{STRONG}{}{STRONG:#}", title.get(face.language))
}

fn word(name: &'static str, word: &str, face: Face) -> String {
    engine_words::value(name, &Value::from(word), face.language)
}

fn when(at: Option<u64>) -> String {
    at.and_then(|at| u32::try_from(at).ok()).map(date).unwrap_or_default()
}

fn counts(out: &mut impl Write, log: &LogReport, face: Face) -> io::Result<()> {
    let rows = [
        (words::ALL_LINES, log.lines),
        (words::KNOWN, log.known),
        (words::UNKNOWN, log.unknown),
        (words::FRAMING, log.framing),
    ];
    for (title, count) in rows {
        if count > 0 || title == words::ALL_LINES {
            writeln!(out, "   {} {}", right(&face.count(count), 11), title.get(face.language))?;
        }
    }
    if log.first.is_some() {
        let zone = if log.local_time { words::LOCAL } else { words::UTC };
        let zone = zone.get(face.language);
        writeln!(out, "   {} – {} {zone}", when(log.first), when(log.last))?;
    }
    Ok(())
}

fn run(out: &mut impl Write, run: &Run, face: Face) -> io::Result<()> {
    let ended = match run.ended {
        Ended::Stopped => words::STOPPED,
        Ended::Crashed => words::CRASHED,
        Ended::Silent => words::SILENT,
        Ended::Open => words::OPEN,
    };
    writeln!(
        out,
        "   {} {} – {} {} {}",
        right(&face.count(run.line), 11),
        left(&when(run.at), 19),
        left(&when(run.last_at), 19),
        left(run.release.as_deref().unwrap_or_default(), 12),
        ended.get(face.language),
    )
}

fn event(out: &mut impl Write, event: &Event, face: Face) -> io::Result<()> {
    let said = word("said", event.says.name(), face);
    let line = right(&face.count(event.line), 11).to_string();
    let text = event.text.as_deref().unwrap_or(&said);
    writeln!(out, "   {line} {FAINT}{}{FAINT:#} {text}", left(&when(event.at), 19))?;
    if let Some(record) = &event.record {
        let to = words::record(face.language, record);
        writeln!(out, "   {:11} → {to}", "")?;
    }
    Ok(())
}

/// Bars for lines, harmless ones and trouble, with the time under them.
fn timeline(out: &mut impl Write, timeline: &Timeline, face: Face) -> io::Result<()> {
    let rows = [
        (words::ALL_LINES, &timeline.lines),
        (words::NOISE, &timeline.harmless),
        (words::TROUBLE, &timeline.trouble),
        (words::STARTS, &timeline.starts),
    ];
    let buckets = timeline.lines.len();
    let columns = buckets.min(WIDTH);
    for (title, row) in rows {
        let title = left(title.get(face.language), 10).to_string();
        writeln!(out, "   {title} {}", bars(row, columns))?;
    }
    let end = timeline.start + timeline.width * buckets as u64;
    let (start, end) = (when(Some(timeline.start)), when(Some(end)));
    let fill = columns.saturating_sub(38);
    writeln!(out, "   {:10} {FAINT}{start}{:fill$}{end}{FAINT:#}", "", "")
}

fn bars(row: &[u64], columns: usize) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let column = |at: usize| {
        let (from, to) = (at * row.len() / columns, (at + 1) * row.len() / columns);
        row.get(from..to).unwrap_or_default().iter().sum::<u64>()
    };
    let sums: Vec<u64> = (0..columns).map(column).collect();
    let most = sums.iter().copied().max().unwrap_or_default().max(1);
    let bar = |sum: &u64| match sum {
        0 => ' ',
        // By the power of two: a flood must not hide a single line.
        sum => {
            let of = |number: u64| u64::from(number.ilog2()) + 1;
            let step = of(*sum) * 8 / of(most);
            BARS.get(usize::try_from(step).unwrap_or_default().clamp(1, 8) - 1)
                .copied()
                .unwrap_or('█')
        }
    };
    sums.iter().map(bar).collect()
}
