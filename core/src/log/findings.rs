//! What a log's lines mean together: findings, and the sentence that stands first.

use super::check::Given;
use super::course::{Course, Unclean};
use super::kind::{Program, Says, Weight};
use super::migration::{Outcome, Part};
use super::report::{Event, LogReport, SaysCount};
use crate::finding::{Code, Confidence, Finding, Findings, Place, Severity, Values};
use crate::report::{Headline, Input};

/// A compaction or an upgrade that takes longer than this is told of, in milliseconds: plugins
/// give up while it lasts.
const SLOW: u64 = 60_000;

/// Draws up what was found.
pub(super) fn draw(
    log: &LogReport,
    course: &Course,
    input: Input,
    given: &Given,
) -> (Headline, Values, Findings) {
    let mut found = Findings::default();
    for event in &log.events {
        // What ended a migration is told with that migration.
        if log.migrations.iter().any(|part| part.error_line == Some(event.line)) {
            continue;
        }
        if let Some(finding) = of_event(event) {
            found.push(finding);
        }
    }
    beyond_kept(log, &mut found);
    elsewhere(log, given, &mut found);
    for unclean in &course.unclean {
        found.push(unclean_restart(unclean, course));
    }
    likely_cause(log, course, &mut found);
    whole_log(log, input, &mut found);
    for part in &log.migrations {
        found.push(of_part(part));
    }
    let (headline, values) = headline(log, &found);
    (headline, values, found)
}

/// The code of a line that stands for itself.
fn code(says: Says) -> Option<Code> {
    Some(match says {
        Says::Checksum => Code::LogChecksum,
        Says::BadRecord | Says::NoAmount | Says::Truncated | Says::Unfinished | Says::NotAll => {
            Code::LogBadRecord
        }
        Says::Moved | Says::Version => Code::LogStoreLost,
        Says::StaleIndex => Code::LogStaleIndex,
        Says::CannotRead | Says::WrongRecord | Says::WrongLength => Code::LogCannotRead,
        Says::WriteFailed => Code::LogWriteFailed,
        Says::EndsEarly => Code::LogEndsEarly,
        Says::Redundant => Code::LogDuplicate,
        Says::CompactFailed => Code::LogCompactionFailed,
        Says::FatalSignal | Says::DaemonExited | Says::DaemonFailed => Code::LogCrash,
        Says::LndRefuses
        | Says::LndKvMigrationFailed
        | Says::LndBoltDamaged
        | Says::LndMigrationFailed => Code::LogLndRefuses,
        _ => return None,
    })
}

fn place(event: &Event) -> Place {
    Place::span(event.offset, event.offset.saturating_add(event.len))
}

fn of_event(event: &Event) -> Option<Finding> {
    let code = code(event.says)?;
    let number = |name| event.values.number(name);
    let text = |name| event.values.text(name);
    let record = event.record.as_ref();
    let values = Values::new()
        .with("said", event.says.name())
        .with("line", event.line)
        .with_some("logged_at", event.at)
        .with_some("store_offset", number("store_offset"))
        .with_some("store_len", number("store_len"))
        .with_some("record", record.map(|record| record.start))
        .with_some("record_type", record.and_then(|record| record.record_type.as_deref()))
        .with_some("wound", record.map(|record| record.wound).filter(|wound| *wound))
        .with_some("other_offset", number("other_offset"))
        .with_some("scid", text("scid"))
        .with_some("stored_crc", text("stored_crc"))
        .with_some("version", number("version"))
        .with_some("signal", number("signal"))
        .with_some("why", text("why"))
        .with_some("moved", Some(event.moved).filter(|moved| *moved))
        .with_some("emptied", Some(event.emptied).filter(|emptied| *emptied));
    let says_more = matches!(
        code,
        Code::LogCrash | Code::LogLndRefuses | Code::LogBadRecord | Code::LogCannotRead
    );
    let values = values.with_some("words", event.text.as_deref().filter(|_| says_more));
    Some(Finding::new(code, place(event)).values(values))
}

/// Lines of which no event was kept are counted all the same.
fn beyond_kept(log: &LogReport, found: &mut Findings) {
    for row in &log.says {
        let Some(code) = code(row.says) else { continue };
        let kept = log.events.iter().filter(|event| event.says == row.says).count() as u64;
        if row.count > kept {
            found.count_many(code, row.count - kept);
        }
    }
}

/// Offsets beyond the end of the store that was given.
fn elsewhere(log: &LogReport, given: &Given, found: &mut Findings) {
    let Some(store) = given.store else { return };
    let beyond = log
        .events
        .iter()
        .filter(|event| event.values.number("store_offset").is_some_and(|at| at >= store.size));
    let count = beyond.clone().count();
    if let Some(first) = beyond.clone().next() {
        let values = Values::new()
            .with("count", count)
            .with("line", first.line)
            .with_some("store_offset", first.values.number("store_offset"))
            .with("size", store.size);
        found.push(Finding::new(Code::LogOtherStore, place(first)).values(values));
    }
}

fn unclean_restart(unclean: &Unclean, course: &Course) -> Finding {
    let spot = unclean.spot;
    let seconds = |at: Option<u64>| at.map(|at| at / 1_000);
    let gap = spot.at.zip(unclean.before).map(|(at, before)| at.saturating_sub(before) / 1_000);
    let values = Values::new()
        .with("line", spot.line)
        .with_some("logged_at", seconds(spot.at))
        .with_some("before_at", seconds(unclean.before))
        .with_some("gap", gap)
        .with("crashed", unclean.crashed)
        .with("stops_logged", course.stops_are_logged);
    // A stop by the system leaves no line in a log file of lightningd's own.
    let sure = match (unclean.crashed, course.stops_are_logged) {
        (true, _) => Confidence::Certain,
        (false, true) => Confidence::Likely,
        (false, false) => Confidence::Possible,
    };
    let place = Place::span(spot.offset, spot.offset.saturating_add(spot.len));
    Finding::new(Code::LogUncleanRestart, place).values(values).sure(sure)
}

/// Whether a line tells of a store that is not as it was written.
fn is_wound(says: Says) -> bool {
    matches!(
        says,
        Says::Checksum
            | Says::BadRecord
            | Says::NoAmount
            | Says::Truncated
            | Says::NotAll
            | Says::EndsEarly
    )
}

/// The first wound, and the restart without a word that came before it.
fn likely_cause(log: &LogReport, course: &Course, found: &mut Findings) {
    let Some(wound) = log.events.iter().find(|event| is_wound(event.says)) else { return };
    let before = course.unclean.iter().rev().find(|unclean| unclean.spot.line <= wound.line);
    let Some(unclean) = before else { return };
    let values = Values::new()
        .with("said", wound.says.name())
        .with("line", wound.line)
        .with_some("logged_at", wound.at)
        .with_some("store_offset", wound.values.number("store_offset"))
        .with("cause_line", unclean.spot.line)
        .with_some("cause_at", unclean.spot.at.map(|at| at / 1_000))
        .with_some("before_at", unclean.before.map(|at| at / 1_000))
        .with("crashed", unclean.crashed);
    let sure = if course.stops_are_logged || unclean.crashed {
        Confidence::Likely
    } else {
        Confidence::Possible
    };
    found.push(Finding::new(Code::LogLikelyCause, place(wound)).values(values).sure(sure));
}

/// What is found of the log as a whole.
fn whole_log(log: &LogReport, input: Input, found: &mut Findings) {
    let whole = || Place::span(0, input.size);
    let mut push = |code, values| found.push(Finding::new(code, whole()).values(values));
    if let Some(flood) = &log.flood {
        let first = flood.most.first();
        let order = flood.orders.first().map(|row| row.order.name());
        let values = Values::new()
            .with("count", flood.count)
            .with_some("order", order)
            .with("peers", flood.peers)
            .with_some("talkative", first.map(|row| row.peer.as_str()))
            .with_some("talkative_count", first.map(|row| row.count))
            .with("per_second", flood.per_second);
        push(Code::LogFlood, values);
    }
    for SaysCount { says, weight, count, first_line, .. } in &log.says {
        let values = Values::new().with("said", says.name()).with("count", *count);
        let values = values.with("line", *first_line);
        match weight {
            Weight::Harmless if *says != Says::BadOrder => push(Code::LogHarmless, values),
            Weight::Trouble if *says == Says::LndInvoiceLeftOut => {
                push(Code::LogLndLeftOut, values);
            }
            Weight::Trouble if code(*says).is_none() => push(Code::LogTrouble, values),
            _ => {}
        }
    }
    if let Some(compaction) = log.compaction.filter(|compaction| compaction.longest >= SLOW) {
        let values = Values::new()
            .with("count", compaction.count)
            .with("longest", compaction.longest)
            .with("longest_seconds", compaction.longest / 1_000);
        push(Code::LogSlowStart, values);
    }
    if log.cut > 0 {
        push(Code::LogCutLines, Values::new().with("count", log.cut));
    }
    if log.known == 0 {
        push(Code::LogNothingKnown, Values::new().with("lines", log.lines));
    }
    if let Some(upload) = &log.upload {
        push(Code::LogUpload, upload.values());
    }
}

fn of_part(part: &Part) -> Finding {
    let code = match part.outcome {
        Outcome::Done => Code::LogLndMigrated,
        Outcome::Failed => Code::LogLndFailed,
        Outcome::Interrupted | Outcome::Open => Code::LogLndUnfinished,
    };
    let seconds = part.at.zip(part.until).map(|(at, until)| until.saturating_sub(at));
    let values = Values::new()
        .with("what_moves", part.what.name())
        .with("line", part.line)
        .with_some("logged_at", part.at)
        .with("count", part.count)
        .with_some("seconds", seconds)
        .with_some("slowest_per_hour", part.slowest_per_hour)
        .with_some("fastest_per_hour", part.fastest_per_hour)
        .with_some("error_line", part.error_line)
        .with_some("lnd_error", part.error.as_deref())
        .with("interrupted", part.outcome == Outcome::Interrupted);
    Finding::new(code, Place::span(part.offset, part.offset)).values(values)
}

/// The one sentence that stands first, and its figures.
fn headline(log: &LogReport, found: &Findings) -> (Headline, Values) {
    let count = |code| found.count(code);
    let lost = log
        .events
        .iter()
        .filter(|event| event.moved || event.emptied || matches!(event.says, Says::Version));
    let lost = lost.count() as u64;
    let wounded = count(Code::LogChecksum)
        + count(Code::LogBadRecord)
        + count(Code::LogStaleIndex)
        + count(Code::LogCannotRead)
        + count(Code::LogWriteFailed);
    let worst = found.kept().iter().map(|finding| finding.severity).max();
    let failed = log.migrations.iter().rfind(|part| part.outcome != Outcome::Done);
    let headline = if log.program == Some(Program::Lnd) {
        match (log.migrations.last().map(|part| part.outcome), count(Code::LogLndRefuses)) {
            (Some(Outcome::Failed), _) | (_, 1..) => Headline::LogLndFailed,
            (Some(Outcome::Interrupted | Outcome::Open), _) => Headline::LogLndUnfinished,
            (Some(Outcome::Done), 0) => Headline::LogLndMigrated,
            (None, 0) if log.known == 0 => Headline::LogUnknown,
            (None, 0) => Headline::LogCalm,
        }
    } else if lost > 0 {
        Headline::LogStoreLost
    } else if wounded > 0 {
        Headline::LogStoreDamaged
    } else if worst.is_some_and(|worst| worst > Severity::Info) {
        Headline::LogTrouble
    } else if log.flood.is_some() {
        Headline::LogFlood
    } else if log.known == 0 {
        Headline::LogUnknown
    } else {
        Headline::LogCalm
    };
    let flood = log.flood.as_ref();
    let values = Values::new()
        .with("lines", log.lines)
        .with("starts", log.starts)
        .with("moves", lost)
        .with("wounds", wounded)
        .with_some("floods", flood.map(|flood| flood.count))
        .with_some("peers", flood.map(|flood| flood.peers))
        .with_some("first_at", log.first)
        .with_some("last_at", log.last)
        .with_some("what_moves", failed.or(log.migrations.last()).map(|part| part.what.name()))
        .with_some("lnd_error", failed.and_then(|part| part.error.as_deref()));
    (headline, values)
}
