//! A log, pushed in chunks; what it says comes out at the end.

use alloc::string::String;
use alloc::vec::Vec;

use super::course::{Course, Spot};
use super::frame::{Form, Frames, Level, Line};
use super::kind::{Order, Program, Says, Weight};
use super::known::{Known, Table};
use super::lightningd::{self, BAD_ORDER};
use super::lines::{Lines, Raw};
use super::lnd;
use super::migration::Parts;
use super::pattern::{Gaps, find, number};
use super::peers::Peers;
use super::report::{
    Compaction, Event, Flood, LevelCount, LogReport, OrderCount, PeerCount, SaysCount,
};
use super::timeline::{Counting, Counts};
use crate::finding::Values;
use crate::text::visible;

/// How a log is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Seed for hashing; nothing that comes out depends on it.
    pub seed: u64,
    /// When the log was last written, in seconds since 1970: clocks without a year need that.
    pub until: Option<u64>,
}

/// So many events of one kind are kept.
const EVENTS: u64 = 200;

/// So much of a line's words is kept.
const TEXT: usize = 300;

/// So many peers are told.
const MOST: usize = 20;

/// Counts of one kind of line.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    count: u64,
    first: Spot,
    last: Option<u64>,
}

/// Reads a log.
#[derive(Debug)]
pub struct LogReader {
    lines: Lines,
    frames: Frames,
    scan: Scan,
}

impl LogReader {
    /// A reader that has read nothing yet.
    pub fn new(options: Options) -> LogReader {
        LogReader {
            lines: Lines::default(),
            frames: Frames::new(options.until),
            scan: Scan::new(options.seed),
        }
    }

    /// Takes the next bytes.
    pub fn push(&mut self, chunk: &[u8]) {
        let LogReader { lines, frames, scan } = self;
        lines.push(chunk, |raw| scan.line(raw, frames.read(raw.bytes)));
    }

    /// The same, where somebody knows already at which places lines end: another thread can look
    /// for them ([`lines::ends`](super::lines::ends)) while this one reads what they say.
    pub fn push_with_ends(&mut self, chunk: &[u8], ends: &[usize]) {
        let LogReader { lines, frames, scan } = self;
        let ends = ends.iter().copied();
        lines.push_with_ends(chunk, ends, |raw| scan.line(raw, frames.read(raw.bytes)));
    }

    /// How many bytes were pushed.
    pub fn bytes(&self) -> u64 {
        self.lines.bytes()
    }

    /// What the log says.
    pub fn finish(self) -> LogReport {
        self.finish_with_course().0
    }

    /// What the log says, and its starts with what went before them.
    pub(super) fn finish_with_course(mut self) -> (LogReport, Course) {
        let LogReader { lines, frames, scan } = &mut self;
        lines.finish(|raw| scan.line(raw, frames.read(raw.bytes)));
        let report = scan.report(lines.count(), frames.form);
        (report, self.scan.course)
    }
}

#[derive(Debug)]
struct Scan {
    lightningd: Table,
    lnd: Table,
    of: [u64; 2],
    framing: u64,
    known: u64,
    unknown: u64,
    cut: u64,
    levels: [u64; 6],
    tallies: Vec<Tally>,
    orders: [u64; Order::ALL.len()],
    peers: Peers,
    /// The second of the last message out of order, how many it had, and the most that one had.
    busy: (u64, u64, u64),
    first: Option<u64>,
    last: Option<u64>,
    /// When the line before was written, in milliseconds.
    before: Option<u64>,
    course: Course,
    parts: Parts,
    compaction: Compaction,
    counting: Counting,
    /// What is not in the counting yet: all of one second.
    pending: (u64, Counts),
    events: Vec<Event>,
}

impl Scan {
    fn new(seed: u64) -> Scan {
        Scan {
            lightningd: Table::new(lightningd::LINES),
            lnd: Table::new(lnd::LINES),
            of: [0; 2],
            framing: 0,
            known: 0,
            unknown: 0,
            cut: 0,
            levels: [0; 6],
            tallies: alloc::vec![Tally::default(); Says::ALL.len()],
            orders: [0; Order::ALL.len()],
            peers: Peers::new(seed),
            busy: (0, 0, 0),
            first: None,
            last: None,
            before: None,
            course: Course::default(),
            parts: Parts::default(),
            compaction: Compaction::default(),
            counting: Counting::default(),
            pending: (0, Counts::default()),
            events: Vec::new(),
        }
    }

    fn line(&mut self, raw: Raw<'_>, line: Line<'_>) {
        self.cut += u64::from(raw.cut);
        if line.framing {
            self.framing += 1;
            return;
        }
        let spot =
            Spot { line: raw.number, offset: raw.offset, len: raw.bytes.len() as u64, at: line.at };
        if let Some(level) = line.level
            && let Some(count) = self.levels.get_mut(level as usize)
        {
            *count += 1;
        }
        if let Some(program) = line.program
            && let Some(count) = self.of.get_mut(program as usize)
        {
            *count += 1;
        }
        if self.course.is_unknown() && line.peer().is_some() {
            self.course.with_peer(spot);
        }
        let weight = if line.text.starts_with(BAD_ORDER) {
            self.bad_order(&line, spot);
            Some(Weight::Harmless)
        } else {
            self.recognise(&line, spot)
        };
        match weight {
            Some(_) => self.known += 1,
            None => self.unknown += 1,
        }
        self.count(line.at, weight);
        self.before = line.at.or(self.before);
    }

    /// Counts a line at its time.
    fn count(&mut self, at: Option<u64>, weight: Option<Weight>) {
        let Some(at) = at else { return };
        let second = at / 1_000;
        if second != self.pending.0 {
            self.flush();
            self.pending.0 = second;
            self.first = Some(self.first.map_or(second, |first| first.min(second)));
            self.last = Some(self.last.map_or(second, |last| last.max(second)));
        }
        let counts = &mut self.pending.1;
        counts.lines += 1;
        match weight {
            Some(Weight::Harmless) => counts.harmless += 1,
            Some(Weight::Trouble | Weight::Damage) => counts.trouble += 1,
            _ => {}
        }
    }

    fn flush(&mut self) {
        let (second, counts) = core::mem::take(&mut self.pending);
        if counts.lines > 0 {
            self.counting.add(second, counts);
        }
    }

    fn bad_order(&mut self, line: &Line<'_>, spot: Spot) {
        let Some((order, named)) = lightningd::order(line.text) else { return };
        if let Some(count) = self.orders.get_mut(order as usize) {
            *count += 1;
        }
        let named = named.and_then(|named| named.first_chunk::<66>());
        self.peers.count(named.or(line.perhaps_peer()));
        self.tally(Says::BadOrder, spot);
        let second = spot.at.unwrap_or_default() / 1_000;
        let (busy, count, most) = &mut self.busy;
        *count = if *busy == second { *count + 1 } else { 1 };
        *busy = second;
        if spot.at.is_some() {
            *most = (*most).max(*count);
        }
    }

    fn tally(&mut self, says: Says, spot: Spot) -> u64 {
        let Some(tally) = self.tallies.get_mut(says as usize) else { return 0 };
        if tally.count == 0 {
            tally.first = spot;
        }
        tally.count += 1;
        tally.last = spot.at.or(tally.last);
        tally.count
    }

    /// Looks a line up in the tables.
    fn recognise(&mut self, line: &Line<'_>, spot: Spot) -> Option<Weight> {
        let (known, gaps) = match self.find(line) {
            Some((known, gaps)) => (Some(known), gaps),
            None => (None, [&[][..]; 8]),
        };
        let says = match known {
            Some(known) => known.says,
            None => self.otherwise(line)?,
        };
        let count = self.tally(says, spot);
        let release = || Some(visible(release(known?, &gaps)?));
        let release = release();
        let starts = self.course.starts;
        self.course.take(says, spot, self.before, release.as_deref());
        if self.course.starts > starts
            && let Some(at) = spot.at
        {
            self.counting.add(at / 1_000, Counts { starts: 1, ..Counts::default() });
        }
        let number = |name| known.and_then(|known| known.number(name, &gaps));
        if let Some(took) = number("milliseconds") {
            let compaction = &mut self.compaction;
            compaction.count += 1;
            compaction.longest = compaction.longest.max(took);
            compaction.total = compaction.total.saturating_add(took);
        }
        if line.program != Some(Program::Lightningd) {
            let per_hour = number("rate").map(|rate| {
                rate.saturating_mul(3_600).saturating_add(hundredths(known, &gaps) * 36)
            });
            self.parts.take(says, spot, number("count"), per_hour, || shown(line.whole));
        }
        if keeps(says) && count <= EVENTS {
            let event = event(says, known, &gaps, line, spot);
            self.events.push(event);
        }
        Some(says.weight())
    }

    fn find<'l>(&self, line: &Line<'l>) -> Option<(&'static Known, Gaps<'l>)> {
        if line.program != Some(Program::Lnd) {
            let found = self.lightningd.find(line.text).or_else(|| {
                // Without a daemon before it, its own first word looks like one.
                if line.daemon.is_empty() { None } else { self.lightningd.find(line.whole) }
            });
            if found.is_some() {
                return found;
            }
        }
        if line.program == Some(Program::Lightningd) {
            return None;
        }
        self.lnd.find(line.text).or_else(|| {
            let whole = line.program.is_none() && !line.daemon.is_empty();
            if whole { self.lnd.find(line.whole) } else { None }
        })
    }

    /// Lines that are known by something else than how they begin.
    fn otherwise(&self, line: &Line<'_>) -> Option<Says> {
        let grave = line.level.is_none_or(|level| level == Level::Broken);
        if line.level.is_none() && lightningd::asserts(line.whole) {
            return Some(Says::WrongRecord);
        }
        match line.program {
            Some(Program::Lightningd) if grave => {
                let failed = find(line.whole.get(..120).unwrap_or(line.whole), b": STATUS_FAIL_");
                failed.map(|_| Says::DaemonFailed)
            }
            // Without any frame, only where LND's lines are about.
            Some(Program::Lnd) if grave => lnd::error(line.whole),
            None if self.of.get(Program::Lightningd as usize) == Some(&0) => lnd::error(line.whole),
            _ => None,
        }
    }

    fn report(&mut self, lines: u64, form: Form) -> LogReport {
        self.flush();
        self.course.finish(lines, self.before);
        self.parts.finish();
        let mut events = core::mem::take(&mut self.events);
        crate::sorting::sort_by_key(&mut events, |event| event.offset);
        let says = Says::ALL.iter().zip(&self.tallies).filter(|(_, tally)| tally.count > 0);
        let [of_lightningd, of_lnd] = self.of;
        let program = match (of_lightningd, of_lnd) {
            (0, 0) => self.guessed(),
            (cln, lnd) if lnd > cln => Some(Program::Lnd),
            _ => Some(Program::Lightningd),
        };
        LogReport {
            program,
            form,
            lines,
            framing: self.framing,
            framed: of_lightningd + of_lnd,
            known: self.known,
            unknown: self.unknown,
            cut: self.cut,
            first: self.first,
            last: self.last,
            local_time: of_lnd > of_lightningd,
            levels: Level::ALL
                .iter()
                .zip(self.levels)
                .filter(|(_, count)| *count > 0)
                .map(|(level, count)| LevelCount { level: *level, count })
                .collect(),
            says: says
                .map(|(says, tally)| SaysCount {
                    says: *says,
                    weight: says.weight(),
                    count: tally.count,
                    first_line: tally.first.line,
                    first: tally.first.at.map(|at| at / 1_000),
                    last: tally.last.map(|at| at / 1_000),
                })
                .collect(),
            flood: self.flood(),
            runs: core::mem::take(&mut self.course.runs),
            starts: self.course.starts,
            compaction: (self.compaction.count > 0).then_some(self.compaction),
            migrations: core::mem::take(&mut self.parts.all),
            timeline: self.counting.timeline(),
            events,
            upload: None,
        }
    }

    /// Whose lines these are, where none has a clock or a level.
    fn guessed(&self) -> Option<Program> {
        let of = |known: &dyn Fn(Says) -> bool| {
            let lines = Says::ALL.iter().zip(&self.tallies).filter(|(says, _)| known(**says));
            lines.map(|(_, tally)| tally.count).sum::<u64>()
        };
        let is_lnd = |says: Says| says.name().starts_with("lnd_");
        match (of(&|says| !is_lnd(says)), of(&is_lnd)) {
            (0, 0) => None,
            (cln, lnd) if lnd > cln => Some(Program::Lnd),
            _ => Some(Program::Lightningd),
        }
    }

    fn flood(&self) -> Option<Flood> {
        let count: u64 = self.orders.iter().sum();
        if count == 0 {
            return None;
        }
        let orders = Order::ALL.iter().zip(self.orders).filter(|(_, count)| *count > 0);
        let mut orders: Vec<OrderCount> =
            orders.map(|(order, count)| OrderCount { order: *order, count }).collect();
        crate::sorting::sort_by_key(&mut orders, |row| core::cmp::Reverse(row.count));
        let most = self.peers.most(MOST).into_iter();
        Some(Flood {
            count,
            orders,
            peers: self.peers.len(),
            others: self.peers.others,
            most: most.map(|(peer, count)| PeerCount { peer: visible(&peer), count }).collect(),
            per_second: self.busy.2,
        })
    }
}

/// Whether lines of a kind are kept one by one.
fn keeps(says: Says) -> bool {
    match says.weight() {
        Weight::Trouble | Weight::Damage => true,
        Weight::Harmless => false,
        Weight::Note => !matches!(
            says,
            Says::Backtrace
                | Says::Spent
                | Says::Pruned
                | Says::AsksNew
                | Says::AsksEverything
                | Says::StartupPeer
                | Says::FullSync
                | Says::LoopEnded
                | Says::Reopened
                | Says::LndMigrationSkipped
                | Says::LndPaymentsPart
        ),
    }
}

fn event(says: Says, known: Option<&Known>, gaps: &Gaps<'_>, line: &Line<'_>, spot: Spot) -> Event {
    let has = |words: &[u8]| find(line.text, words).is_some();
    let damage = says.weight() == Weight::Damage;
    // A start names this node and what it is called.
    let text = (says != Says::Started).then(|| shown(line.whole));
    Event {
        says,
        line: spot.line,
        offset: spot.offset,
        len: spot.len,
        at: spot.at.map(|at| at / 1_000),
        moved: damage && has(b"Moving to "),
        emptied: damage && (has(b" truncating to ") || has(b": removing")),
        values: known.map_or_else(Values::new, |known| known.values(gaps)),
        text,
        record: None,
    }
}

/// The words of a line, shortened.
fn shown(words: &[u8]) -> String {
    match words.get(..TEXT) {
        Some(head) if words.len() > TEXT => visible(head) + "…",
        _ => visible(words),
    }
}

/// The release that a line names, cleaned.
fn release<'l>(known: &Known, gaps: &Gaps<'l>) -> Option<&'l [u8]> {
    let named = *gaps.get(known.gap("release")?)?;
    let named = named.strip_prefix(b"\"").unwrap_or(named);
    let end = named.iter().take(40).take_while(|byte| byte.is_ascii_graphic() && **byte != b'"');
    named.get(..end.count())
}

/// The decimals of a rate: they stand in the gap behind it.
fn hundredths(known: Option<&Known>, gaps: &Gaps<'_>) -> u64 {
    let index = known.and_then(|known| known.gap("rate"));
    let Some(decimals) = index.and_then(|index| gaps.get(index + 1)) else { return 0 };
    match (number(decimals), decimals.len()) {
        (Some(tenths), 1) => tenths * 10,
        (Some(hundredths), 2) => hundredths,
        _ => 0,
    }
}
